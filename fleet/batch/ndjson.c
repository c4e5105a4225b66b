/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Appends a line with the document for each dump. Keeps the lines of an earlier
 * run, so that an interrupted run continues; removes an incomplete last line.
 */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/say.h"
#include "fleet/batch/batch.h"
#include "fleet/find/dump_id.h"

struct done {
	struct irqm_dump_id id;
	enum irqm_outcome outcome;
};

struct irqm_ndjson {
	FILE *out;
	const char *path;
	struct done *done; /* the dumps of earlier runs, sorted by by_id() */
	size_t nr;
};

static int by_id(const void *a, const void *b)
{
	const struct done *l = a, *r = b;

	return irqm_dump_id_compare(&l->id, &r->id);
}

/* Returns true if the line has the form that irqm_ndjson_write() gives it. */
static bool parse_line(const json_t *line, struct done *ret)
{
	const json_t *id = json_object_get(line, "record");
	const char *hash = json_string_value(json_object_get(id, "hash"));

	memset(ret, 0, sizeof(*ret));
	if (!hash || strlen(hash) != IRQM_DUMP_HASH_LEN ||
	    !irqm_outcome_parse(
		    json_string_value(json_object_get(id, "outcome")),
		    &ret->outcome))
		return false;
	memcpy(ret->id.hash, hash, IRQM_DUMP_HASH_LEN);
	ret->id.size = json_integer_value(json_object_get(id, "size"));
	ret->id.mtime_ns = json_integer_value(json_object_get(id, "mtime_ns"));
	return true;
}

static bool add_done(struct irqm_ndjson *n, const char *text, size_t len)
{
	json_t *line = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
	struct done done, *more;
	bool ok = parse_line(line, &done);

	json_decref(line);
	if (!ok)
		return false;
	more = reallocarray(n->done, n->nr + 1, sizeof(done));
	if (!more)
		return false;
	n->done = more;
	n->done[n->nr++] = done;
	return true;
}

/* Returns true if an incomplete last line is ours and can be removed. */
static bool is_torn(const char *line, size_t len)
{
	static const char begin[] = "{\"record\":{";
	size_t most = sizeof(begin) - 1;

	return memcmp(line, begin, len < most ? len : most) == 0;
}

/* Returns the end of the last complete line, or -1 if the file is not ours. */
static off_t read_done(struct irqm_ndjson *n)
{
	off_t end = 0;
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	while (end >= 0 && (len = getline(&line, &size, n->out)) > 0) {
		if (line[len - 1] != '\n')
			end = is_torn(line, len) ? end : -1;
		else
			end = add_done(n, line, len) ? end + len : -1;
	}
	free(line);
	if (n->nr)
		qsort(n->done, n->nr, sizeof(*n->done), by_id);
	return end;
}

static bool open_file(struct irqm_ndjson *n)
{
	/* readable only by the user, because dumps are */
	int fd = open(n->path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	struct stat st;
	off_t end;

	n->out = fd < 0 ? NULL : fdopen(fd, "a+");
	if (fd >= 0 && !n->out)
		close(fd);
	if (!n->out || fstat(fileno(n->out), &st) < 0) {
		irqm_say("%s: %s", n->path, strerror(errno));
		return false;
	}
	if (!S_ISREG(st.st_mode))
		return true;
	if (flock(fileno(n->out), LOCK_EX | LOCK_NB) < 0) {
		irqm_say("%s: another batch writes to it; give each batch its "
			 "own file",
			 n->path);
		return false;
	}
	rewind(n->out);
	end = read_done(n);
	if (end < 0) {
		irqm_say("%s: not written by irqmatrix batch; name another "
			 "file",
			 n->path);
		return false;
	}
	if (end < st.st_size && ftruncate(fileno(n->out), end) < 0) {
		irqm_say("%s: %s", n->path, strerror(errno));
		return false;
	}
	fseeko(n->out, 0, SEEK_END);
	return true;
}

struct irqm_ndjson *irqm_ndjson_open(const char *path)
{
	struct irqm_ndjson *n = calloc(1, sizeof(*n));

	if (!n) {
		irqm_say("out of memory");
		return NULL;
	}
	n->path = path;
	if (strcmp(path, "-") == 0)
		n->out = stdout;
	else if (!open_file(n)) {
		irqm_ndjson_close(n);
		return NULL;
	}
	return n;
}

void irqm_ndjson_close(struct irqm_ndjson *n)
{
	if (!n)
		return;
	if (n->out && n->out != stdout) {
		fsync(fileno(n->out));
		fclose(n->out);
	}
	free(n->done);
	free(n);
}

bool irqm_ndjson_has(const struct irqm_ndjson *n, const struct irqm_dump_id *id,
		     enum irqm_outcome *ret)
{
	const struct done key = { .id = *id };
	const struct done *found =
		n->nr ? bsearch(&key, n->done, n->nr, sizeof(key), by_id) :
			NULL;

	if (found)
		*ret = found->outcome;
	return found != NULL;
}

int irqm_ndjson_put(struct irqm_ndjson *n, const struct irqm_record *r,
		    enum irqm_redo redo, struct irqm_error *err)
{
	enum irqm_outcome was;

	if (redo == IRQM_REDO_NONE && irqm_ndjson_has(n, &r->id, &was))
		return 0;
	return irqm_ndjson_write(n->out, r, err);
}
