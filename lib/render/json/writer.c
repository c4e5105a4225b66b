/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/json/writer.h"

#include <errno.h>
#include <string.h>

static void put_text(struct irqm_json_writer *w, const char *s, size_t len)
{
	if (w->out && !w->failed && fwrite(s, 1, len, w->out) != len)
		w->failed = true;
}

static void new_line(struct irqm_json_writer *w)
{
	static const char spaces[] = "\n                ";

	if (w->pretty)
		put_text(w, spaces, 1 + 2 * w->depth);
}

/* jansson indents from column 0, so this adds the indentation after each
 * newline. Newlines within strings are escaped, so each newline ends a line. */
static int put_indented(const char *s, size_t len, void *data)
{
	struct irqm_json_writer *w = data;
	const char *end;

	while (len && (end = memchr(s, '\n', len))) {
		put_text(w, s, end - s);
		new_line(w);
		len -= end + 1 - s;
		s = end + 1;
	}
	put_text(w, s, len);
	return w->failed ? -1 : 0;
}

static void begin_element(struct irqm_json_writer *w, const char *key)
{
	if (!w->first)
		put_text(w, ",", 1);
	w->first = false;
	new_line(w);
	if (key) {
		put_text(w, "\"", 1);
		put_text(w, key, strlen(key));
		put_text(w, "\":", 2);
		if (w->pretty)
			put_text(w, " ", 1);
	}
}

static void open_level(struct irqm_json_writer *w, const char *bracket)
{
	put_text(w, bracket, 1);
	w->depth++;
	w->first = true;
}

static void close_level(struct irqm_json_writer *w, const char *bracket)
{
	bool empty = w->first;

	w->depth--;
	if (!empty)
		new_line(w);
	put_text(w, bracket, 1);
	w->first = false;
}

/* Takes ownership of value. */
static void keep_value(struct irqm_json_writer *w, const char *key,
		       json_t *value)
{
	if ((key ? json_object_set_new(w->root, key, value) :
		   json_array_append_new(w->array, value)) != 0)
		w->failed = true;
}

void irqm_json_put(struct irqm_json_writer *w, const char *key, json_t *value)
{
	size_t flags = JSON_ENCODE_ANY |
		       (w->pretty ? JSON_INDENT(2) : JSON_COMPACT);

	if (!value) {
		if (!w->failed)
			errno = ENOMEM;
		w->failed = true;
	}
	if (w->failed) {
		json_decref(value);
		return;
	}
	if (!w->out) {
		keep_value(w, key, value);
		return;
	}
	begin_element(w, key);
	if (json_dump_callback(value, put_indented, w, flags) != 0) {
		if (!w->failed)
			/* out of memory is not an error of the stream */
			errno = ENOMEM;
		w->failed = true;
	}
	json_decref(value);
}

void irqm_json_open_array(struct irqm_json_writer *w, const char *key)
{
	if (!w->out) {
		w->array = json_array();
		if (!w->array || json_object_set(w->root, key, w->array) != 0)
			w->failed = true;
		json_decref(w->array); /* the root holds a reference */
		return;
	}
	begin_element(w, key);
	open_level(w, "[");
}

void irqm_json_close_array(struct irqm_json_writer *w)
{
	close_level(w, "]");
}

void irqm_json_begin(struct irqm_json_writer *w)
{
	open_level(w, "{");
}

int irqm_json_end(struct irqm_json_writer *w)
{
	close_level(w, "}");
	put_text(w, "\n", 1);
	if (w->failed || (w->out && (fflush(w->out) != 0 || ferror(w->out))))
		return -1;
	return 0;
}
