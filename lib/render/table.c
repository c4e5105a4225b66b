/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "render/text.h"

/* Longer words may be broken anywhere. */
#define MAX_WORD 24

/* ECMA-48, select graphic rendition */
#define BOLD "\033[1m"
#define PLAIN "\033[m"

/* The cells of a table while it is printed. */
struct layout {
	const struct irqm_table *t;
	char **cells; /* nr_rows * nr_columns */
	size_t nr_rows;
	unsigned int *width; /* of each column */
	bool *hidden;
	const char **rest; /* rest of each cell of the row being printed */
};

/* The write function of the table's stream. Unlike open_memstream(), which
 * silently loses text if memory runs out, this records the failure. */
static ssize_t append_text(void *cookie, const char *buf, size_t len)
{
	struct irqm_table *t = cookie;
	size_t room = t->room;
	char *text;

	if (t->failed)
		return 0;
	while (room - t->size <= len) /* plus a byte for the final NUL */
		room = room ? 2 * room : 4096;
	if (room != t->room) {
		text = realloc(t->text, room);
		if (!text) {
			t->failed = true;
			return 0;
		}
		t->text = text;
		t->room = room;
	}
	memcpy(t->text + t->size, buf, len);
	t->size += len;
	t->text[t->size] = '\0';
	return len;
}

int irqm_table_init(struct irqm_table *t, const struct irqm_column *columns,
		    unsigned int nr_columns)
{
	memset(t, 0, sizeof(*t));
	t->columns = columns;
	t->nr_columns = nr_columns;
	t->stream = fopencookie(t, "w",
				(cookie_io_functions_t){
					.write = append_text,
				});
	return t->stream ? 0 : -1;
}

FILE *irqm_table_cell(struct irqm_table *t)
{
	if (t->nr_cells++)
		fputc('\0', t->stream);
	return t->stream;
}

bool irqm_table_row(struct irqm_table *t, const void *row)
{
	unsigned int c;

	if (t->max_rows && t->nr_cells / t->nr_columns >= t->max_rows) {
		t->dropped++;
		return false;
	}
	for (c = 0; c < t->nr_columns; c++)
		t->columns[c].fill(irqm_table_cell(t), row);
	return true;
}

/* Returns true for the first byte of a UTF-8 character. */
static bool starts_char(char c)
{
	return (c & 0xc0) != 0x80;
}

static unsigned int text_width(const char *s, size_t len)
{
	unsigned int width = 0;

	while (len--)
		width += starts_char(*s++);
	return width;
}

/* Measures the longest line and the longest word of a cell. */
static void measure_cell(const char *s, unsigned int *line, unsigned int *word)
{
	unsigned int n;
	const char *p;

	for (p = s; *p; p += *p != '\0') {
		size_t len = strcspn(p, "\n");

		n = text_width(p, len);
		*line = n > *line ? n : *line;
		p += len;
	}
	for (p = s; *p; p += *p != '\0') {
		size_t len = strcspn(p, ", \n");

		n = text_width(p, len + (p[len] == ','));
		*word = n > *word ? n : *word;
		p += len;
	}
}

/* Returns the length of the first line of s if lines have this width, and where
 * the next one begins. */
static size_t first_line(const char *s, unsigned int width, const char **next)
{
	size_t i, end = 0, fits = 0;
	unsigned int used = 0;

	for (i = 0; s[i] && s[i] != '\n'; i++) {
		if (starts_char(s[i])) {
			if (s[i] == ' ')
				end = i;
			if (used++ == width)
				break;
		}
		if (s[i] == ',')
			end = i + 1;
		fits = i + 1;
	}
	if (s[i] == '\0' || s[i] == '\n') {
		end = i;
		*next = s + i + (s[i] == '\n');
	} else {
		if (end == 0) {
			end = fits;
			/* do not split a character */
			while (end > 1 && !starts_char(s[end]))
				end--;
		}
		*next = s + end + strspn(s + end, " ");
	}
	while (end && s[end - 1] == ' ')
		end--;
	return end;
}

/* Returns the spaces before a column. Numbers are padded on the left
 * already. */
static unsigned int column_gap(const struct irqm_column *before,
			       const struct irqm_column *column)
{
	if (!before)
		return 0;
	if (column->flags & IRQM_COL_CLOSE ||
	    before->flags & column->flags & IRQM_COL_RIGHT)
		return 1;
	return 2;
}

static unsigned int line_width(const struct layout *l)
{
	const struct irqm_column *before = NULL;
	unsigned int c, width = 0;

	for (c = 0; c < l->t->nr_columns; c++) {
		if (l->hidden[c])
			continue;
		width += column_gap(before, &l->t->columns[c]) + l->width[c];
		before = &l->t->columns[c];
	}
	return width;
}

/* Takes width from the widest columns that may wrap until the lines fit. */
static void shrink_columns(struct layout *l, const unsigned int *least)
{
	unsigned int c, widest, excess, line = line_width(l);
	unsigned int room = l->t->line ? l->t->line : IRQM_LINE_WIDTH;

	excess = line > room ? line - room : 0;
	for (; excess; excess--) {
		widest = l->t->nr_columns;
		for (c = 0; c < l->t->nr_columns; c++) {
			if (l->hidden[c] || l->width[c] <= least[c])
				continue;
			if (widest == l->t->nr_columns ||
			    l->width[c] > l->width[widest])
				widest = c;
		}
		if (widest == l->t->nr_columns)
			return;
		l->width[widest]--;
	}
}

static bool all_empty(const struct layout *l, unsigned int column)
{
	size_t r;

	for (r = 0; r < l->nr_rows; r++) {
		if (strcmp(l->cells[r * l->t->nr_columns + column], "-") != 0)
			return false;
	}
	return true;
}

static int set_widths(struct layout *l, bool header)
{
	unsigned int c, nr = l->t->nr_columns, word, *least;
	size_t r;

	least = calloc(nr, sizeof(*least));
	if (!least)
		return -1;
	for (c = 0; c < nr; c++) {
		const struct irqm_column *column = &l->t->columns[c];

		l->hidden[c] = column->flags & IRQM_COL_OPTIONAL &&
			       all_empty(l, c);
		l->width[c] = header ? strlen(column->name) : 0;
		if (l->width[c] < column->width)
			l->width[c] = column->width;
		least[c] = l->width[c];
		word = 0;
		for (r = 0; r < l->nr_rows; r++)
			measure_cell(l->cells[r * nr + c], &l->width[c], &word);
		if (!(column->flags & IRQM_COL_WRAP))
			least[c] = l->width[c];
		else if (least[c] < word)
			least[c] = word < MAX_WORD ? word : MAX_WORD;
	}
	shrink_columns(l, least);
	free(least);
	return 0;
}

static void put_text(FILE *out, const char *text, size_t len)
{
	for (; len; len--, text++)
		fputc(*text == *IRQM_NBSP ? ' ' : *text, out);
}

/* Prints a line of l->rest without spaces at its end. */
static void print_line(struct layout *l, FILE *out)
{
	const struct irqm_column *before = NULL;
	unsigned int c, blanks = 0;

	for (c = 0; c < l->t->nr_columns; c++) {
		const struct irqm_column *column = &l->t->columns[c];
		const char *text = l->rest[c];
		unsigned int used, pad;
		size_t len;

		if (l->hidden[c])
			continue;
		len = first_line(text, l->width[c], &l->rest[c]);
		used = text_width(text, len);
		pad = l->width[c] > used ? l->width[c] - used : 0;
		blanks += column_gap(before, column);
		before = column;
		if (len == 0) {
			blanks += pad;
			continue;
		}
		if (column->flags & IRQM_COL_RIGHT)
			blanks += pad;
		fprintf(out, "%*s", (int)blanks, "");
		put_text(out, text, len);
		blanks = column->flags & IRQM_COL_RIGHT ? 0 : pad;
	}
}

static void print_row(struct layout *l, FILE *out, bool bold)
{
	bool more;

	do {
		unsigned int c;

		if (bold)
			fputs(BOLD, out);
		print_line(l, out);
		fputs(bold ? PLAIN "\n" : "\n", out);
		more = false;
		for (c = 0; c < l->t->nr_columns; c++)
			more |= !l->hidden[c] && *l->rest[c];
	} while (more);
}

static void print_rows(struct layout *l, FILE *out, bool header)
{
	unsigned int c, nr = l->t->nr_columns;
	size_t r;

	if (header) {
		for (c = 0; c < nr; c++)
			l->rest[c] = l->t->columns[c].name;
		print_row(l, out, l->t->bold);
	}
	for (r = 0; r < l->nr_rows; r++) {
		for (c = 0; c < nr; c++)
			l->rest[c] = l->cells[r * nr + c];
		print_row(l, out, false);
	}
}

/* Lines end in CRLF, as RFC 4180 says. */
static int print_csv(struct irqm_table *t, FILE *out, bool header)
{
	const char *text = t->text;
	size_t i;

	for (i = 0; header && i < t->nr_columns; i++) {
		irqm_csv_cell(out, t->columns[i].name, t->csv);
		fputs(i + 1 < t->nr_columns ? "," : "\r\n", out);
	}
	for (i = 0; text && i < t->nr_cells; i++) {
		/* a dash is only for people */
		irqm_csv_cell(out, strcmp(text, "-") == 0 ? "" : text, t->csv);
		fputs((i + 1) % t->nr_columns ? "," : "\r\n", out);
		text += strlen(text) + 1;
	}
	return irqm_put_end(out);
}

static int print_layout(struct irqm_table *t, FILE *out, bool header)
{
	struct layout l = { .t = t };
	/* t->text is NULL if the only cell is empty */
	char *text = t->text ? t->text : (char[]){ "" };
	int ret = -1;
	size_t i;

	l.nr_rows = t->nr_cells / t->nr_columns;
	l.cells = calloc(t->nr_cells + 1, sizeof(*l.cells));
	l.width = calloc(t->nr_columns, sizeof(*l.width));
	l.hidden = calloc(t->nr_columns, sizeof(*l.hidden));
	l.rest = calloc(t->nr_columns, sizeof(*l.rest));
	if (!l.cells || !l.width || !l.hidden || !l.rest)
		goto out;
	for (i = 0; i < t->nr_cells; i++) {
		l.cells[i] = text;
		text += strlen(text) + 1;
	}
	if (set_widths(&l, header) < 0)
		goto out;
	print_rows(&l, out, header);
	if (t->what && t->dropped)
		fprintf(out, "%zu of %zu %s\n", l.nr_rows,
			l.nr_rows + t->dropped, t->what);
	ret = irqm_put_end(out);
out:
	free(l.cells);
	free(l.width);
	free(l.hidden);
	free(l.rest);
	return ret;
}

static void free_cells(struct irqm_table *t)
{
	free(t->text);
	free(t->chosen);
	t->text = NULL;
	t->chosen = NULL;
}

int irqm_table_print(struct irqm_table *t, FILE *out, bool header)
{
	int ret = 0, err;

	while (t->nr_cells % t->nr_columns)
		irqm_table_cell(t);
	t->failed |= ferror(t->stream);
	if (fclose(t->stream) != 0 || t->failed) {
		errno = ENOMEM;
		ret = -1;
	} else {
		ret = t->csv ? print_csv(t, out, header) :
			       print_layout(t, out, header);
	}
	err = errno;
	free_cells(t);
	errno = err;
	return ret;
}

void irqm_table_deinit(struct irqm_table *t)
{
	fclose(t->stream);
	free_cells(t);
}

/* Keys take twelve columns including the colon, as in crash's sys. */
static const struct irqm_column field_columns[] = {
	{ "KEY", "name of the fact", IRQM_COL_RIGHT, 12, NULL },
	{ "VALUE", "the fact", IRQM_COL_WRAP | IRQM_COL_CLOSE, 0, NULL },
};

int irqm_fields_init(struct irqm_table *t)
{
	return irqm_table_init(t, field_columns, 2);
}

FILE *irqm_field(struct irqm_table *t, const char *key)
{
	fprintf(irqm_table_cell(t), "%s:", key);
	return irqm_table_cell(t);
}
