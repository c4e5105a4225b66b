/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * HTML from a hostile document, and what diff makes of it. The input is a document, or, as text in its
 * place would seldom be JSON, lines "path value": members of the healthy one
 * that are replaced ("cpus.0.owners.system 1-9", a value that is no JSON is a
 * string).
 */
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/html.h"

#include "diff/diff.h"
#include "render/diff/diff.h"
#include "render/json/saved.h"

#include <stdlib.h>
#include <string.h>

static json_t *healthy;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	healthy = fuzz_document();
	return 0;
}

/* The last of the path's names is left in *path. */
static json_t *parent_of(json_t *value, char **path)
{
	char *dot;

	while ((dot = strchr(*path, '.'))) {
		*dot = '\0';
		value = json_is_array(value) ?
				json_array_get(value,
					       strtoul(*path, NULL, 10)) :
				json_object_get(value, *path);
		*path = dot + 1;
	}
	return value;
}

static void replace(json_t *document, char *line)
{
	char *path = strsep(&line, " "), *text = line ? line : path;
	json_t *parent = parent_of(document, &path);
	json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);

	if (!value)
		value = json_string_nocheck(text);
	if (json_is_array(parent))
		json_array_set_new(parent, strtoul(path, NULL, 10), value);
	else if (json_is_object(parent))
		json_object_set_new_nocheck(parent, path, value);
	else
		json_decref(value);
}

static json_t *document_of(const uint8_t *data, size_t size)
{
	json_t *document = json_loadb((const char *)data, size,
				      JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	char *text, *at, *line;

	if (document)
		return document;
	document = json_deep_copy(healthy);
	at = text = strndup((const char *)data, size);
	while ((line = strsep(&at, "\n")))
		replace(document, line);
	free(text);
	return document;
}

/* A document that stands for a dump does not differ from itself. */
static void compare_with_itself(const json_t *document)
{
	struct irqm_render_options options = { .header = true, .all = true };
	struct irqm_snapshot *s;
	struct irqm_analysis *a;
	struct irqm_error err;
	struct irqm_diff *d;
	char *text = NULL;
	size_t len;
	FILE *out;

	if (irqm_json_saved(document, &s, &a, &err))
		return;
	d = irqm_diff(a, a);
	out = open_memstream(&text, &len);
	if (!d || d->differs || irqm_render_diff(out, d, &options) ||
	    irqm_render_diff_json(out, d, false) || fclose(out))
		abort();
	free(text);
	irqm_diff_free(d);
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *document = document_of(data, size);
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (irqm_report_dump(out, document, size % 2 ? document : NULL,
			     size % 3 ? document : NULL) ||
	    fclose(out))
		abort();
	check_html(text, len);
	free(text);
	compare_with_itself(document);
	json_decref(document);
	return 0;
}
