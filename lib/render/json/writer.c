/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/json/writer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "render/json/parsed.h"
#include "render/text.h"

/* Text is written in pieces of at least this size. */
#define PIECE (64 * 1024)

static void no_memory(struct irqm_json_writer *w)
{
	if (!w->failed)
		errno = ENOMEM;
	w->failed = true;
}

static void write_text(struct irqm_json_writer *w)
{
	if (w->text.failed)
		no_memory(w);
	else if (!w->failed && w->text.len && w->out &&
		 fwrite(w->text.text, 1, w->text.len, w->out) != w->text.len)
		w->failed = true;
	w->text.len = 0;
}

static void put_text(struct irqm_json_writer *w, const char *s, size_t len)
{
	if (!w->out || w->failed)
		return;
	irqm_json_append_text(&w->text, s, len);
	if (w->text.len >= PIECE || w->text.failed)
		write_text(w);
}

static void new_line(struct irqm_json_writer *w)
{
	static const char spaces[] = "\n                                ";
	unsigned int left = 2 * w->depth, nr;

	if (!w->pretty)
		return;
	nr = left < sizeof(spaces) - 2 ? left : sizeof(spaces) - 2;
	put_text(w, spaces, 1 + nr);
	for (; left > nr; left--)
		put_text(w, spaces + 1, 1);
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

/* Returns the length of the text up to the next character of the structure;
 * those in strings are no structure. */
static size_t plain_length(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		switch (s[i]) {
		case '"':
			for (i++; i < len && s[i] != '"'; i++)
				i += s[i] == '\\';
			break;
		case '{':
		case '[':
		case '}':
		case ']':
		case ',':
		case ':':
			return i;
		}
	}
	return len;
}

/* Puts compact JSON on lines. */
static void put_indented(struct irqm_json_writer *w, const char *s, size_t len)
{
	const char *end = s + len;
	size_t plain;

	while (s < end) {
		plain = plain_length(s, end - s);
		if (w->first && *s != '}' && *s != ']') {
			new_line(w);
			w->first = false;
		}
		put_text(w, s, plain);
		s += plain;
		if (s == end)
			break;
		switch (*s) {
		case '{':
		case '[':
			open_level(w, s);
			break;
		case '}':
		case ']':
			close_level(w, s);
			break;
		case ',':
			put_text(w, s, 1);
			new_line(w);
			break;
		default:
			put_text(w, ": ", 2);
		}
		s++;
	}
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

/* Takes ownership of value. */
static void keep_value(struct irqm_json_writer *w, const char *key,
		       struct irqm_json_value value)
{
	json_t *parsed = irqm_json_parsed(value);

	if ((key ? json_object_set_new(w->root, key, parsed) :
		   json_array_append_new(w->array, parsed)) != 0)
		no_memory(w);
}

/* Takes ownership of value. */
static void put_value(struct irqm_json_writer *w, struct irqm_json_value value)
{
	struct irqm_json text = { 0 };

	if (!w->pretty) {
		irqm_json_append_value(&w->text, value);
		put_text(w, "", 0);
		return;
	}
	irqm_json_append_value(&text, value);
	if (text.failed)
		no_memory(w);
	else
		put_indented(w, text.text, text.len);
	free(text.text);
}

void irqm_json_put(struct irqm_json_writer *w, const char *key,
		   struct irqm_json_value value)
{
	if (w->failed) {
		irqm_json_drop(value);
	} else if (!w->out) {
		keep_value(w, key, value);
	} else {
		begin_element(w, key);
		put_value(w, value);
	}
}

void irqm_json_open_array(struct irqm_json_writer *w, const char *key)
{
	if (!w->out) {
		w->array = json_array();
		if (!w->array || json_object_set(w->root, key, w->array) != 0)
			no_memory(w);
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

/* Returns 0, or -1 with errno. */
static int finish_text(struct irqm_json_writer *w)
{
	put_text(w, "\n", 1);
	write_text(w);
	free(w->text.text);
	w->text = (struct irqm_json){ 0 };
	if (w->failed)
		return -1;
	return w->out ? irqm_put_end(w->out) : 0;
}

int irqm_json_end(struct irqm_json_writer *w)
{
	close_level(w, "}");
	return finish_text(w);
}

int irqm_json_write(struct irqm_json_writer *w, struct irqm_json_value value)
{
	put_value(w, value);
	return finish_text(w);
}
