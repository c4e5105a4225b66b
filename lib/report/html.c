/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/html.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Limit on the length of a name; the kernel's are far shorter. */
#define MAX_TEXT 4096

/* Escapes printable text. */
static void put_escaped(FILE *out, const char *s)
{
	size_t plain;

	for (;; s++) {
		plain = strcspn(s, "&<>\"'");
		fwrite(s, 1, plain, out);
		s += plain;
		switch (*s) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		case '\'':
			fputs("&#39;", out);
			break;
		default:
			return;
		}
	}
}

static void put_text(FILE *out, const char *s)
{
	char printable[MAX_TEXT];

	if (s)
		put_escaped(out, irqm_escape(printable, sizeof(printable), s));
	else
		fputc('?', out);
}

static void put_num(FILE *out, irqm_num n)
{
	if (n == IRQM_UNKNOWN)
		fputc('?', out);
	else
		fprintf(out, "%" PRId64, n);
}

static void put_json(FILE *out, const json_t *value)
{
	if (json_is_integer(value))
		put_num(out, json_integer_value(value));
	else if (json_is_boolean(value))
		fputs(json_is_true(value) ? "yes" : "no", out);
	else
		put_text(out, json_string_value(value));
}

static void put_value(FILE *out, char kind, va_list *ap)
{
	switch (kind) {
	case 's':
		put_text(out, va_arg(*ap, const char *));
		break;
	case 'j':
		put_json(out, va_arg(*ap, const json_t *));
		break;
	case 'n':
		put_num(out, va_arg(*ap, irqm_num));
		break;
	case 'u':
		fprintf(out, "%u", va_arg(*ap, unsigned int));
		break;
	case 'f':
		fprintf(out, "%.1f", va_arg(*ap, double));
		break;
	default:
		fputc(kind, out);
		break;
	}
}

void irqm_html(FILE *out, const char *markup, ...)
{
	size_t plain;
	va_list ap;

	va_start(ap, markup);
	for (;;) {
		plain = strcspn(markup, "%");
		fwrite(markup, 1, plain, out);
		markup += plain;
		if (!markup[0] || !markup[1])
			break;
		put_value(out, markup[1], &ap);
		markup += 2;
	}
	va_end(ap);
}
