/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Findings: one line each above the totals, or in full with -k. */
#include "render/render.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "render/text.h"

/* ECMA-48, select graphic rendition: bold, of a colour */
#define PLAIN "\033[m"
static const char *const colors[] = {
	[IRQM_INFO] = "\033[1m",
	[IRQM_WARNING] = "\033[1;33m",
	[IRQM_CRITICAL] = "\033[1;31m",
};

static const char *const words[] = {
	[IRQM_INFO] = "INFO",
	[IRQM_WARNING] = "WARNING",
	[IRQM_CRITICAL] = "CRITICAL",
};

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

/* Longer lines of prose are hard to read, however wide the terminal is. */
static unsigned int line_width(const struct irqm_render_options *options)
{
	unsigned int width = options->width;

	if (!width || width > IRQM_LINE_WIDTH)
		return IRQM_LINE_WIDTH;
	return width < MIN_WIDTH ? MIN_WIDTH : width;
}

/* Continues at column of the current line; the next lines begin at indent. */
static void put_wrapped(FILE *out, const char *s, unsigned int width,
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

static void put_paragraph(FILE *out, const char *s, unsigned int width,
			  unsigned int indent)
{
	fprintf(out, "%*s", (int)indent, "");
	put_wrapped(out, s, width, indent, indent);
}

static void put_severity(FILE *out, const struct irqm_finding *f,
			 unsigned int width, bool color)
{
	const char *word = words[f->severity];

	fprintf(out, "%*s%s%s%s", width ? (int)(width - strlen(word)) : 0, "",
		color ? colors[f->severity] : "", word, color ? PLAIN : "");
}

static int no_memory(void)
{
	errno = ENOMEM;
	return -1;
}

/* As wide as the keys of the totals that follow. */
#define KEY_WIDTH 11

int irqm_put_findings(FILE *out, const struct irqm_analysis *a,
		      const struct irqm_render_options *options)
{
	unsigned int i;

	for (i = 0; i < a->nr_findings; i++) {
		const struct irqm_finding *f = &a->findings[i];
		char *text;

		if (f->severity < IRQM_WARNING)
			break; /* the most severe come first */
		text = irqm_escape_whole(f->text);
		if (!text)
			return no_memory();
		put_severity(out, f, KEY_WIDTH, options->color);
		fputs(": ", out);
		put_wrapped(out, text, line_width(options), KEY_WIDTH + 2,
			    KEY_WIDTH + 2);
		free(text);
	}
	if (i)
		fputc('\n', out);
	return irqm_put_end(out);
}

static int put_finding(FILE *out, const struct irqm_finding *f,
		       const struct irqm_render_options *options)
{
	unsigned int width = line_width(options);
	char *text = irqm_escape_whole(f->text);

	if (!text)
		return no_memory();
	put_severity(out, f, 0, options->color);
	fprintf(out, ": %s\n", f->kind->code);
	put_paragraph(out, text, width, 2);
	free(text);
	fputc('\n', out);
	put_paragraph(out, f->kind->meaning, width, 4);
	fputc('\n', out);
	fputs("    What to do: ", out);
	put_wrapped(out, f->kind->advice, width, 16, 4);
	return 0;
}

int irqm_render_findings(FILE *out, const struct irqm_analysis *a,
			 const struct irqm_render_options *options)
{
	unsigned int i;

	if (!a->nr_findings)
		fputs("no findings\n", out);
	for (i = 0; i < a->nr_findings; i++) {
		if (i)
			fputc('\n', out);
		if (put_finding(out, &a->findings[i], options))
			return -1;
	}
	return irqm_put_end(out);
}
