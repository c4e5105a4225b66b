/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recognises the kernel's messages by the patterns of log_forms.def. */
#include "analysis/findings/log.h"

#include <stdlib.h>
#include <string.h>

enum proof {
	SURE,
	CONTEXT,
};

static const struct form {
	enum log_kind kind;
	enum proof proof;
	const char *pattern;
} forms[] = {
#define FORM(kind, proof, pattern, file, versions) { kind, proof, pattern },
#include "analysis/findings/log_forms.def"
#undef FORM
};

#define MAX_DIGITS 10
#define MAX_HEX 16
#define MAX_LITERAL 80
/* Text between two literals: longer is no name, and would cost time. */
#define MAX_TEXT 256

/* Returns the number of characters up to the next % or the end. */
static size_t literal_length(const char *pattern)
{
	return strcspn(pattern, "%");
}

static void add_pairs(struct log_pairs *p, const char *s, size_t len)
{
	unsigned int pair;
	size_t i;

	for (i = 1; i < len; i++) {
		pair = (unsigned char)s[i - 1] * 29 + (unsigned char)s[i];
		p->bits[pair / 64 % ARRAY_SIZE(p->bits)] |= 1ULL << pair % 64;
	}
}

static bool has_pairs(const struct log_pairs *text, const struct log_pairs *of)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(of->bits); i++)
		if (of->bits[i] & ~text->bits[i])
			return false;
	return true;
}

/* The pairs within the pattern's literals, which a line has as they are. */
static void add_literals(struct log_pairs *p, const char *pattern)
{
	size_t len;

	pattern += *pattern == '*';
	while (*pattern) {
		len = literal_length(pattern);
		add_pairs(p, pattern, len);
		pattern += len;
		if (*pattern)
			pattern += 2;
	}
}

void irqm_log_forms_init(struct log_forms *ret)
{
	size_t i;

	*ret = (struct log_forms){ 0 };
	for (i = 0; i < ARRAY_SIZE(forms); i++)
		add_literals(&ret->pairs[i], forms[i].pattern);
}

/* Returns the end of the number at text, or NULL if there is none. */
static const char *take_number(const char *text, int64_t *ret)
{
	const char *digits = text + (*text == '-');
	size_t nr = strspn(digits, "0123456789");

	if (nr == 0 || nr > MAX_DIGITS)
		return NULL;
	*ret = strtoll(text, NULL, 10);
	return digits + nr;
}

static const char *take_hex(const char *text, int64_t *ret)
{
	size_t nr = strspn(text, "0123456789abcdef");

	if (nr == 0 || nr > MAX_HEX)
		return NULL;
	*ret = (int64_t)strtoull(text, NULL, 16);
	return text + nr;
}

/* Copies the pattern's next literal; returns its length, 0 without one. */
static size_t copy_literal(const char *pattern, char ret[MAX_LITERAL])
{
	size_t len = literal_length(pattern);

	if (len >= MAX_LITERAL)
		len = MAX_LITERAL - 1;
	memcpy(ret, pattern, len);
	ret[len] = '\0';
	return len;
}

/*
 * Copies what precedes the next literal, if there are least characters, or all
 * of the rest without a literal.
 */
static const char *take_string(const char *text, const char *pattern,
			       size_t least, char *ret, size_t size)
{
	char literal[MAX_LITERAL];
	size_t nr = copy_literal(pattern, literal);
	size_t window = strnlen(text, MAX_TEXT + nr), len;
	const char *end = nr ? memmem(text, window, literal, nr) :
			       text + window;

	if (!end || end < text + least)
		return NULL;
	len = end - text;
	if (len >= size)
		len = size - 1;
	memcpy(ret, text, len);
	ret[len] = '\0';
	return end;
}

/* Takes what one conversion of the pattern, such as 'd', says. rest is the
 * pattern after it. */
static const char *take_part(const char *text, char conversion,
			     const char *rest, struct log_match *ret,
			     unsigned int *nr)
{
	char anything[sizeof(ret->device)];
	int64_t number;

	switch (conversion) {
	case 'd':
	case 'x':
		if (*nr >= LOG_MAX_NUMBERS)
			return NULL;
		return conversion == 'd' ?
			       take_number(text, &ret->num[(*nr)++]) :
			       take_hex(text, &ret->num[(*nr)++]);
	case 'X':
		return take_hex(text, &number);
	case '0':
	case '1':
	case '2':
	case '3':
		return take_number(text, &ret->num[conversion - '0']);
	case 'D':
		return take_string(text, rest, 1, ret->device,
				   sizeof(ret->device));
	case 'R':
		return take_string(text, rest, 1, ret->driver,
				   sizeof(ret->driver));
	default:
		return take_string(text, rest, conversion == 's', anything,
				   sizeof(anything));
	}
}

static bool match_at(const char *text, const char *pattern,
		     struct log_match *ret)
{
	unsigned int nr = 0;
	size_t len;

	while (text && *pattern) {
		len = literal_length(pattern);
		if (strncmp(text, pattern, len) != 0)
			return false;
		text += len;
		pattern += len;
		if (!*pattern)
			break;
		pattern += 2;
		text = take_part(text, pattern[-1], pattern, ret, &nr);
	}
	return text != NULL;
}

static bool match_form(const char *text, const struct form *f,
		       struct log_match *ret)
{
	char literal[MAX_LITERAL];

	*ret = (struct log_match){ .kind = f->kind,
				   .context = f->proof == CONTEXT };
	if (*f->pattern != '*')
		return match_at(text, f->pattern, ret);
	copy_literal(f->pattern + 1, literal);
	/* "irq " may occur before the place that matches */
	for (; (text = strstr(text, literal)); text++)
		if (match_at(text, f->pattern + 1, ret))
			return true;
	return false;
}

/* The hypervisor's messages are from "xen:events" or "(XEN) CPU2" too. */
static void add_sender(const char *text, struct log_match *m)
{
	struct log_match sender = *m;
	enum log_sender from = LOG_FROM_NONE;

	if (m->kind == LOG_REFUSED || m->kind == LOG_FEWER ||
	    m->kind == LOG_HYPERVISOR || m->kind == LOG_FAULT_AMD)
		from = irqm_log_sender(text, &sender);
	if (from == LOG_FROM_PCI || *m->device || m->kind == LOG_REFUSED ||
	    m->kind == LOG_FEWER)
		*m = sender;
}

bool irqm_log_match(const struct log_forms *f, const char *text,
		    struct log_match *ret)
{
	struct log_pairs pairs = { 0 };
	size_t i;

	add_pairs(&pairs, text, strlen(text));
	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		if (!has_pairs(&pairs, &f->pairs[i]) ||
		    !match_form(text, &forms[i], ret))
			continue;
		add_sender(text, ret);
		return true;
	}
	return irqm_log_match_general(text, ret);
}
