/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A machine's text: lines, and "repeat". README.md has the format. */
#include "tests/mkdump/internal.h"
#include "tests/mkdump/mkdump.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_LINE 512
#define MAX_NESTED 3 /* {i}, {j}, {k} */

struct lines {
	const char *path;
	char (*line)[MAX_LINE];
	unsigned int nr;
	unsigned long counter[MAX_NESTED];
};

/*
 * {i*2+1}, {i%4:2x}: counters and numbers, * / % before + -, and how to print
 * it: in hex, that many digits; {i:a}: the letters of a disk.
 */
static bool expression(const struct lines *l, const char **s,
		       unsigned long *ret);

static bool operand(const struct lines *l, const char **s, unsigned long *v)
{
	char *end;

	if (**s == '(') {
		(*s)++;
		return expression(l, s, v) && *(*s)++ == ')';
	}
	if (**s >= 'i' && **s < 'i' + MAX_NESTED) {
		*v = l->counter[*(*s)++ - 'i'];
		return true;
	}
	*v = strtoul(*s, &end, 0);
	if (end == *s || !isdigit((unsigned char)**s))
		return false;
	*s = end;
	return true;
}

static bool term(const struct lines *l, const char **s, unsigned long *ret)
{
	unsigned long v;
	char op;

	if (!operand(l, s, ret))
		return false;
	while (**s && strchr("*/%", **s)) {
		op = *(*s)++;
		if (!operand(l, s, &v) || (op != '*' && !v))
			return false;
		*ret = op == '*' ? *ret * v : op == '/' ? *ret / v : *ret % v;
	}
	return true;
}

static bool expression(const struct lines *l, const char **s,
		       unsigned long *ret)
{
	unsigned long v;
	char op;

	if (!term(l, s, ret))
		return false;
	while (**s && strchr("+-", **s)) {
		op = *(*s)++;
		if (!term(l, s, &v))
			return false;
		*ret = op == '+' ? *ret + v : *ret - v;
	}
	return true;
}

/* 0, 25, 26, 701, 702: a, z, aa, zz, aaa, as sd_format_disk_name() counts. */
static const char *letters(unsigned long v, char *end)
{
	*--end = '\0';
	do {
		*--end = 'a' + v % 26;
		v /= 26;
	} while (v-- > 0);
	return end;
}

static bool put_value(const char **s, unsigned long v, char *out, size_t size)
{
	char fmt[16] = "%lu", disk[20];
	int width = 0, used = 0;

	if (strncmp(*s, ":a}", 3) == 0) {
		*s += 3;
		return snprintf(out, size, "%s",
				letters(v, disk + sizeof(disk))) < (int)size;
	}
	if (**s == ':') {
		if (sscanf(*s, ":%dx%n", &width, &used) != 1 || !used)
			return false;
		snprintf(fmt, sizeof(fmt), "%%0%dlx", width % 17);
		*s += used;
	}
	if (*(*s)++ != '}')
		return false;
	return snprintf(out, size, fmt, v) < (int)size;
}

static bool expand(const struct lines *l, const char *s, char *out, size_t size)
{
	unsigned long v;
	size_t len = 0;

	while (*s) {
		if (len + 1 >= size)
			return false;
		if (*s != '{') {
			out[len++] = *s++;
			continue;
		}
		s++;
		if (!expression(l, &s, &v) ||
		    !put_value(&s, v, out + len, size - len))
			return false;
		len += strlen(out + len);
	}
	out[len] = '\0';
	return true;
}

static int bad_line(const struct lines *l, unsigned int nr,
		    struct irqm_error *err, const char *why)
{
	irqm_error_set(err, "%s:%u: %s", l->path, nr + 1, why);
	return -1;
}

static int run_line(struct mk *mk, const struct lines *l, unsigned int nr,
		    struct irqm_error *err)
{
	struct irqm_error why = { 0 };
	char line[MAX_LINE];

	if (!expand(l, l->line[nr], line, sizeof(line)))
		return bad_line(l, nr, err, "{...} is not understood");
	if (mk_line(mk, line, &why) != 0)
		return bad_line(l, nr, err, why.msg);
	return 0;
}

static bool word_is(const char *line, const char *word)
{
	size_t len;

	line += strspn(line, " \t");
	len = strcspn(line, " \t#");
	return len == strlen(word) && strncmp(line, word, len) == 0;
}

/* The "end" of a block that begins at from; nr if there is none. */
static unsigned int end_of_block(const struct lines *l, unsigned int from,
				 unsigned int nr)
{
	unsigned int depth = 0;

	for (; from < nr; from++) {
		if (word_is(l->line[from], "repeat"))
			depth++;
		else if (word_is(l->line[from], "end") && depth-- == 0)
			break;
	}
	return from;
}

/* Lines [from, to), inside of depth repeats. */
static int run(struct mk *mk, struct lines *l, unsigned int from,
	       unsigned int to, unsigned int depth, struct irqm_error *err)
{
	unsigned long times;
	unsigned int i, end;

	for (i = from; i < to; i++) {
		if (!word_is(l->line[i], "repeat")) {
			if (run_line(mk, l, i, err) != 0)
				return -1;
			continue;
		}
		end = end_of_block(l, i + 1, to);
		if (end == to || depth == MAX_NESTED ||
		    sscanf(l->line[i], " repeat %lu", &times) != 1)
			return bad_line(l, i, err,
					"repeat has no number, no "
					"end, or is too deep");
		for (l->counter[depth] = 0; l->counter[depth] < times;
		     l->counter[depth]++)
			if (run(mk, l, i + 1, end, depth + 1, err) != 0)
				return -1;
		i = end;
	}
	return 0;
}

static int read_lines(struct lines *l, FILE *f)
{
	char line[MAX_LINE];

	while (fgets(line, sizeof(line), f)) {
		if (!strchr(line, '\n') && !feof(f))
			return -1;
		line[strcspn(line, "\n")] = '\0';
		if ((l->nr & (l->nr - 1)) == 0)
			l->line = must(realloc(
				l->line, (l->nr ? l->nr * 2 : 1) * MAX_LINE));
		strcpy(l->line[l->nr++], line);
	}
	return 0;
}

int mk_read_machine(struct mk *mk, const char *path, struct irqm_error *err)
{
	struct lines l = { .path = path };
	FILE *f = fopen(path, "r");
	int ret;

	if (!f) {
		irqm_error_set(err, "%s: cannot be opened", path);
		return -1;
	}
	if (read_lines(&l, f) != 0)
		ret = bad_line(&l, l.nr, err, "too long");
	else
		ret = run(mk, &l, 0, l.nr, 0, err);
	fclose(f);
	free(l.line);
	return ret;
}
