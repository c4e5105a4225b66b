/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/prose.h"

#include <string.h>

#include "render/render.h"
#include "render/text.h"

/* A narrower terminal has no room for a keyword and a few words. */
#define MIN_WIDTH 40

/* Returns how many bytes of s fit on a line of width columns. */
static size_t fit_text(const char *s, unsigned int width)
{
	size_t i, blank = 0, end = 0;
	unsigned int used = 0;

	for (i = 0; s[i]; i++) {
		bool starts_char = (s[i] & 0xc0) != 0x80;

		if (s[i] == ' ')
			blank = i;
		if (starts_char && used++ == width)
			return blank ? blank : end;
		if ((s[i + 1] & 0xc0) != 0x80)
			end = i + 1;
	}
	return i;
}

unsigned int irqm_prose_width(const struct irqm_render_options *options)
{
	unsigned int width = options->width;

	if (!width || width > IRQM_LINE_WIDTH)
		return IRQM_LINE_WIDTH;
	return width < MIN_WIDTH ? MIN_WIDTH : width;
}

void irqm_put_wrapped(FILE *out, const char *s, unsigned int width,
		      unsigned int column, unsigned int indent)
{
	size_t len;

	for (;; column = indent) {
		len = fit_text(s, width - column);
		fprintf(out, "%.*s\n", (int)len, s);
		s += len + strspn(s + len, " ");
		if (!*s)
			return;
		fprintf(out, "%*s", (int)indent, "");
	}
}

void irqm_put_paragraph(FILE *out, const char *s, unsigned int width,
			unsigned int indent)
{
	fprintf(out, "%*s", (int)indent, "");
	irqm_put_wrapped(out, s, width, indent, indent);
}
