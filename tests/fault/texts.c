/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fault/texts.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/columns.h"
#include "render/render.h"
#include "tests/fault/memory.h"

/* A view's columns that tell rows apart, which come first. */
struct table {
	enum irqm_view view;
	const char *keys;
	unsigned int nr_keys;
	const struct irqm_column *columns;
	const unsigned int *nr;
};

static const struct table tables[] = {
	{ IRQM_VIEW_CPUS, "CPU", 1, irqm_cpu_columns, &irqm_nr_cpu_columns },
	{ IRQM_VIEW_DEVICES, "DEVICE", 1, irqm_device_columns,
	  &irqm_nr_device_columns },
	{ IRQM_VIEW_IRQS, "IRQ", 1, irqm_irq_columns, &irqm_nr_irq_columns },
	{ IRQM_VIEW_VECTORS, "CPU,VECTOR", 2, irqm_vector_columns,
	  &irqm_nr_vector_columns },
	{ IRQM_VIEW_POOLS, "POOL", 1, irqm_pool_columns,
	  &irqm_nr_pool_columns },
};

#define SEPARATORS " ,;()+\t\n"
#define NR_TABLES ARRAY_SIZE(tables)

/* The cells of a CSV line, separated by tabs; keys in one. */
static void put_row(FILE *out, const struct table *t, const char *line)
{
	unsigned int cell = 0;
	bool quoted = false;

	fprintf(out, "%s\t", irqm_views[t->view].name);
	for (; *line; line++) {
		if (*line == '"')
			quoted = !quoted;
		else if (*line == ',' && !quoted)
			fputc(++cell < t->nr_keys ? ' ' : '\t', out);
		else if (*line != '\r')
			fputc(*line, out);
	}
	fputc('\n', out);
}

static void put_table(FILE *out, const struct irqm_analysis *a,
		      const struct table *t)
{
	struct irqm_render_options o = { .csv = true };
	struct memory columns, rows;
	char *line, *rest;
	unsigned int i;

	memory_open(&columns);
	fputs(t->keys, columns.out);
	for (i = 0; i < *t->nr; i++)
		if (!strstr(t->keys, t->columns[i].name))
			fprintf(columns.out, ",%s", t->columns[i].name);
	fclose(columns.out);
	o.columns = columns.text;
	memory_open(&rows);
	if (irqm_views[t->view].render(rows.out, a, &o))
		abort();
	fclose(rows.out);
	for (rest = rows.text; (line = strsep(&rest, "\n")) != NULL;)
		if (*line)
			put_row(out, t, line);
	free(rows.text);
	free(columns.text);
}

/* "irqaff	24 VECTOR	34 on CPU 2", whether on one line or on several. */
static void put_irq(FILE *out, const struct irqm_analysis *a,
		    unsigned int index)
{
	const char *end = "";
	char *line, *rest, *colon;
	size_t indent = 0;
	struct memory m;

	memory_open(&m);
	if (irqm_render_irqaff(m.out, a, index))
		abort();
	fclose(m.out);
	for (rest = m.text; (line = strsep(&rest, "\n")) != NULL;) {
		if (indent && strspn(line, " ") >= indent) {
			fprintf(out, " %s", line + indent);
			continue;
		}
		colon = strstr(line, ": ");
		if (!colon)
			continue;
		indent = colon + 2 - line;
		line += strspn(line, " ");
		fprintf(out, "%sirqaff\t%u %.*s\t%s", end,
			a->snapshot->irqs[index].irq, (int)(colon - line), line,
			colon + 2);
		end = "\n";
	}
	fputs(end, out);
	free(m.text);
}

char *texts_of(const struct irqm_analysis *a)
{
	struct memory m;
	unsigned int i;

	memory_open(&m);
	for (i = 0; i < NR_TABLES; i++)
		put_table(m.out, a, &tables[i]);
	for (i = 0; i < a->snapshot->nr_irqs; i++)
		put_irq(m.out, a, i);
	fclose(m.out);
	return m.text;
}

/* Up to and with the tab behind what tells a row apart. */
static size_t key_size(const char *line)
{
	size_t view = strcspn(line, "\t\n") + 1;

	return view + strcspn(line + view, "\t\n") + 1;
}

/* Is the word of len bytes one of cell's, perhaps in the plural? */
static bool has_word(const char *cell, size_t cell_len, const char *word,
		     size_t len)
{
	const char *end = cell + cell_len;
	size_t n;

	while (cell < end) {
		n = strcspn(cell, SEPARATORS);
		if (n >= len && strncmp(cell, word, len) == 0 &&
		    (n == len || (n == len + 1 && cell[len] == 's')))
			return true;
		cell += n + 1;
	}
	return false;
}

/* "read", not "STALE", "0x24" or "virtio0": says nothing by itself. */
static bool is_plain(const char *word, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (!islower((unsigned char)word[i]) &&
		    !strchr("_-;:.", word[i]))
			return false;
	return true;
}

/* Is each word of part one of whole, or "?", or without a fact? */
static bool same_words(const char *whole, size_t whole_len, const char *part,
		       size_t len)
{
	const char *end = part + len;
	size_t n;

	for (; part < end; part += n + 1) {
		n = strcspn(part, SEPARATORS);
		if (n && !memchr(part, '?', n) && !is_plain(part, n) &&
		    !has_word(whole, whole_len, part, n))
			return false;
	}
	return true;
}

/*
 * Cell by cell. In the place of what is unknown there may be another fact of the
 * row: the interrupt in vector_irq for the owner of a vector, which is the first
 * cell, or the name of the virtio device for its disk's.
 */
static bool same_row(const char *whole, const char *part)
{
	size_t row = strcspn(whole, "\n"), of_whole, of_part;
	bool unknown = *part == '?';
	const char *all = whole;

	for (;;) {
		of_whole = strcspn(whole, "\t\n");
		of_part = strcspn(part, "\t\n");
		if (!same_words(whole, of_whole, part, of_part) &&
		    !((unknown || memchr(part, '?', of_part)) &&
		      same_words(all, row, part, of_part)))
			return false;
		whole += of_whole;
		part += of_part;
		if (*part != '\t' || *whole != '\t')
			return true;
		whole++;
		part++;
	}
}

static const char *next_row(const char *row)
{
	row = strchr(row, '\n');
	return row && row[1] ? row + 1 : NULL;
}

/* The first row from text on, before end, that has line's key; else NULL. */
static const char *find(const char *text, const char *end, const char *line)
{
	size_t size = key_size(line);

	for (; text && text != end; text = next_row(text))
		if (strncmp(text, line, size) == 0)
			return text;
	return NULL;
}

/* The row of whole that has the key and the cells of part's; rows are most
 * often in the same order, so from first on first. */
static const char *find_same(const char *whole, const char *first,
			     const char *part)
{
	size_t size = key_size(part);
	const char *row;

	for (row = find(first, NULL, part); row;
	     row = find(next_row(row), NULL, part))
		if (same_row(row + size, part + size))
			return row;
	for (row = find(whole, first, part); row;
	     row = find(next_row(row), first, part))
		if (same_row(row + size, part + size))
			return row;
	return NULL;
}

/*
 * A row that a whole dump does not have: a field that is "?", what the driver
 * composed where the table has the same, a node whose number is unknown.
 */
static bool is_new(const char *whole, const char *part)
{
	const char *key = part + strcspn(part, "\t") + 1;
	size_t len = strcspn(key, "\t");

	if (find(whole, NULL, part))
		return false;
	return key[len + 1] == '?' || memchr(key, '?', len) ||
	       (len > 8 && strncmp(key + len - 8, "composed", 8) == 0);
}

/* Nodes have fewer CPUs where some are of an unknown one. */
static bool is_less(const char *part, const char *row)
{
	static const char node[] = "--pools\tnode ";

	return strncmp(row, node, sizeof(node) - 1) == 0 &&
	       strstr(part, "--pools\tnode ?");
}

bool compare_texts(const char *whole, const char *part, char *why, size_t size)
{
	const char *next = whole, *all = part, *row;

	for (; *part; part += strcspn(part, "\n") + 1) {
		row = find_same(whole, next, part);
		if (row) {
			next = next_row(row) ? next_row(row) : whole;
			continue;
		}
		if (is_new(whole, part) || is_less(all, part))
			continue;
		row = find(whole, NULL, part);
		snprintf(why, size, "text: %.*s, not %.*s",
			 (int)strcspn(part, "\n"), part,
			 row ? (int)strcspn(row, "\n") : 1, row ? row : "-");
		return false;
	}
	return true;
}
