/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/expand.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PARENTHESES 16

struct expression {
	const char *s, *end; /* what is left of the line */
	const unsigned long *counters;
	unsigned int depth; /* parentheses */
};

static bool read_sum(struct expression *e, unsigned long *ret);

static int peek_char(const struct expression *e)
{
	return e->s < e->end ? *e->s : '\0';
}

static bool skip_char(struct expression *e, char c)
{
	if (peek_char(e) != c)
		return false;
	e->s++;
	return true;
}

static bool read_parentheses(struct expression *e, unsigned long *ret)
{
	bool ok = e->depth++ < MAX_PARENTHESES && read_sum(e, ret) &&
		  skip_char(e, ')');

	e->depth--;
	return ok;
}

/* Like all arithmetic here, wraps. */
static bool read_number(struct expression *e, unsigned long *ret)
{
	if (!isdigit((unsigned char)peek_char(e)))
		return false;
	for (*ret = 0; isdigit((unsigned char)peek_char(e)); e->s++)
		*ret = *ret * 10 + (*e->s - '0');
	return true;
}

static bool read_operand(struct expression *e, unsigned long *ret)
{
	int c = peek_char(e);

	if (skip_char(e, '('))
		return read_parentheses(e, ret);
	if (c < 'i' || c >= 'i' + IRQM_MAX_NESTED)
		return read_number(e, ret);
	e->s++;
	*ret = e->counters[c - 'i'];
	return true;
}

/* Takes one of the operators; '\0' if there is none. */
static char read_operator(struct expression *e, const char *operators)
{
	int c = peek_char(e);

	if (!c || !strchr(operators, c))
		return '\0';
	e->s++;
	return c;
}

static bool read_product(struct expression *e, unsigned long *ret)
{
	unsigned long v;
	char op;

	if (!read_operand(e, ret))
		return false;
	while ((op = read_operator(e, "*/%"))) {
		if (!read_operand(e, &v) || (op != '*' && !v))
			return false;
		*ret = op == '*' ? *ret * v : op == '/' ? *ret / v : *ret % v;
	}
	return true;
}

static bool read_sum(struct expression *e, unsigned long *ret)
{
	unsigned long v;
	char op;

	if (!read_product(e, ret))
		return false;
	while ((op = read_operator(e, "+-"))) {
		if (!read_product(e, &v))
			return false;
		*ret = op == '+' ? *ret + v : *ret - v;
	}
	return true;
}

/* 0, 25, 26, 701, 702: a, z, aa, zz, aaa, as sd_format_disk_name() counts. */
static const char *disk_letters(unsigned long v, char *end)
{
	*--end = '\0';
	do {
		*--end = 'a' + v % 26;
		v /= 26;
	} while (v-- > 0);
	return end;
}

/* ":a", ":2x" or nothing; then "}". ret has room for a value. */
static bool format_value(struct expression *e, unsigned long v, char *ret,
			 size_t ret_size)
{
	unsigned long width;
	char letters[20];

	if (!skip_char(e, ':')) {
		snprintf(ret, ret_size, "%lu", v);
	} else if (skip_char(e, 'a')) {
		snprintf(ret, ret_size, "%s",
			 disk_letters(v, letters + sizeof(letters)));
	} else {
		if (!read_number(e, &width) || width < 1 || width > 16 ||
		    !skip_char(e, 'x'))
			return false;
		snprintf(ret, ret_size, "%0*lx", (int)width, v);
	}
	return skip_char(e, '}');
}

static bool expand_one(struct expression *e, char *ret, size_t ret_size)
{
	unsigned long v = 0;

	return read_sum(e, &v) && format_value(e, v, ret, ret_size);
}

int irqm_expand(const char *line, size_t len,
		const unsigned long counters[IRQM_MAX_NESTED], char *ret,
		size_t ret_size, struct irqm_error *err)
{
	struct expression e = { .s = line,
				.end = line + len,
				.counters = counters };
	size_t used = 0, n;
	char value[24];

	while (e.s < e.end) {
		const char *from = e.s++;
		const char *text = from;

		n = 1;
		if (*from == '{') {
			if (!expand_one(&e, value, sizeof(value))) {
				irqm_error_set(
					err,
					"cannot compute \"%.*s\": write "
					"numbers, i, j, k and + - * / %% ( ) "
					"without blanks; :2x or :a may follow",
					(int)(line + len - from < 40 ?
						      line + len - from :
						      40),
					from);
				return -1;
			}
			text = value;
			n = strlen(value);
		}
		if (used + n >= ret_size) {
			irqm_error_set(err,
				       "longer than %zu characters with the "
				       "values of its {expressions}",
				       ret_size - 1);
			return -1;
		}
		memcpy(ret + used, text, n);
		used += n;
	}
	ret[used] = '\0';
	return used;
}
