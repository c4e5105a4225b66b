/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/saved.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/limits.h"
#include "command/say.h"
#include "memory/input/input.h"
#include "render/json/saved.h"

/* Limit, as for a document of a store. */
#define DOCUMENT_MAX (128ULL << 20)

static int open_again(const struct irqm_session *s)
{
	static const struct irqm_file_request dump = { .kind = IRQM_FILE_DUMP };
	const struct irqm_files *files = &s->broker.files;
	struct irqm_file_reply reply;

	return files->open(files->ctx, &dump, &reply);
}

static bool is_document(const struct irqm_input *in)
{
	char head[64];
	size_t len = in->size < sizeof(head) ? in->size : sizeof(head), at = 0;

	if (irqm_input_read(in, 0, head, len) != IRQM_OK)
		return false;
	while (at < len && strchr(" \t\r\n", head[at]))
		at++;
	return at < len && head[at] == '{';
}

static json_t *load_document(const struct irqm_input *in,
			     struct irqm_error *err)
{
	json_error_t where;
	json_t *doc = NULL;
	char *text;

	if (in->size > DOCUMENT_MAX) {
		irqm_error_set(err, "a document of more than %llu MB",
			       DOCUMENT_MAX >> 20);
		return NULL;
	}
	text = malloc(in->size + 1);
	if (!text) {
		irqm_error_memory(err);
		return NULL;
	}
	if (irqm_input_read(in, 0, text, in->size) != IRQM_OK)
		irqm_error_set(err, "cannot be read");
	else if (!(doc = json_loadb(text, in->size, JSON_REJECT_DUPLICATES,
				    &where)))
		irqm_error_set(err, "not a JSON document: %s, line %d",
			       where.text, where.line);
	free(text);
	return doc;
}

int irqm_saved_open(struct irqm_session *s)
{
	struct irqm_input in = { .fd = -1, .name = s->name };
	struct irqm_error err;
	json_t *doc;
	int rc = -1;
	off_t end;

	if (s->options->nr_files != 1 || s->options->live)
		return 0;
	in.fd = open_again(s);
	end = in.fd >= 0 ? lseek(in.fd, 0, SEEK_END) : 0;
	in.size = end > 0 ? end : 0;
	if (!is_document(&in)) {
		irqm_input_close(&in);
		return 0;
	}
	doc = load_document(&in, &err);
	irqm_input_close(&in);
	if (doc)
		rc = irqm_json_saved(doc, &s->snapshot, &s->analysis, &err);
	json_decref(doc);
	if (rc == 0)
		return 1;
	irqm_limits_explain(&err);
	irqm_say("%s: %s", s->name, err.msg);
	irqm_session_close(s);
	return -1;
}
