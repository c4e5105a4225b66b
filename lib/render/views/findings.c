/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints the findings: one line each above the totals, or in full with -k. */
#include "render/render.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "render/prose.h"
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

static const struct {
	const char *word, *color;
} verdicts[] = {
	[IRQM_VERDICT_OK] = { "OK", "\033[1;32m" },
	[IRQM_VERDICT_INCOMPLETE] = { "INCOMPLETE", "\033[1;33m" },
	[IRQM_VERDICT_WARNING] = { "WARNING", "\033[1;33m" },
	[IRQM_VERDICT_CRITICAL] = { "CRITICAL", "\033[1;31m" },
};

static void put_colored(FILE *out, const char *word, const char *color,
			const struct irqm_render_options *options)
{
	fprintf(out, "%s%s%s", options->color ? color : "", word,
		options->color ? PLAIN : "");
}

static void put_severity(FILE *out, const struct irqm_finding *f,
			 const struct irqm_render_options *options)
{
	/* a manual page, as systemctl links to them */
	if (options->links)
		fputs("\033]8;;man:irqmatrix-findings(7)\033\\", out);
	put_colored(out, words[f->severity], colors[f->severity], options);
	if (options->links)
		fputs("\033]8;;\033\\", out);
}

static int no_memory(void)
{
	errno = ENOMEM;
	return -1;
}

/* The last of the findings are the least severe. */
static bool has_info(const struct irqm_analysis *a)
{
	return a->nr_findings &&
	       a->findings[a->nr_findings - 1].severity == IRQM_INFO;
}

int irqm_put_verdict(FILE *out, const struct irqm_analysis *a, bool all,
		     const struct irqm_render_options *options)
{
	const char *word = verdicts[a->verdict].word;
	unsigned int column = strlen(word) + 2;
	/* it names devices and interrupts, by the dump's words */
	char *verdict = irqm_escape_whole(a->verdict_text), *text;
	int rc = -1;

	if (verdict)
		rc = asprintf(&text, "%s%s", verdict,
			      has_info(a) && !all && !options->no_hints ?
				      ", see -k" :
				      "");
	free(verdict);
	if (rc < 0)
		return no_memory();
	put_colored(out, word, verdicts[a->verdict].color, options);
	fputs(": ", out);
	irqm_put_wrapped(out, text, irqm_prose_width(options), column, 2);
	free(text);
	return irqm_put_end(out);
}

/*
 * Returns "[log-affinity-broken, affinity-broken]: " and the text up to the
 * quotation of the log, escaped, to free(); NULL if out of memory.
 */
static char *compose_text(const struct irqm_analysis *a, unsigned int index)
{
	const struct irqm_finding *f = &a->findings[index];
	char *text = NULL, *escaped;
	unsigned int i;
	size_t size;
	FILE *line = open_memstream(&text, &size);

	if (!line)
		return NULL;
	fprintf(line, "[%s", f->kind->code);
	for (i = 0; i < a->nr_findings; i++)
		if (a->findings[i].shown_with == (irqm_num)index)
			fprintf(line, ", %s", a->findings[i].kind->code);
	fprintf(line, "]: %.*s", (int)f->evidence, f->text);
	if (fclose(line))
		return NULL;
	escaped = irqm_escape_whole(text);
	free(text);
	return escaped;
}

/* Indents of the further lines of a finding, and of its remedy's. */
#define FINDING_INDENT 2
#define REMEDY_INDENT 5
/* Of a command, from the prose around it. */
#define COMMAND_INDENT 2

/* A command on a line of its own, however long: it can be copied. */
static void put_command(FILE *out, const char *command, unsigned int indent,
			const struct irqm_render_options *options)
{
	fprintf(out, "%*s", (int)indent + COMMAND_INDENT, "");
	irqm_put_command(out, command, options->dump);
	fputc('\n', out);
}

/* Prose of a remedy between its commands, from column on. */
static int put_prose(FILE *out, const char *from, size_t len,
		     unsigned int width, unsigned int column,
		     unsigned int indent)
{
	char *prose = strndup(from, len), *escaped;

	escaped = prose ? irqm_escape_whole(prose) : NULL;
	free(prose);
	if (!escaped)
		return no_memory();
	irqm_put_wrapped(out, escaped, width, column, indent);
	free(escaped);
	return 0;
}

/* What to do, from column on: prose, and each command on its own line. */
static int put_remedy(FILE *out, const struct irqm_finding *f,
		      unsigned int column, unsigned int indent,
		      const struct irqm_render_options *options)
{
	unsigned int width = irqm_prose_width(options), i;
	const char *rest = f->remedy, *command;
	size_t len;

	for (i = 0; f->commands[i]; i++) {
		command = strstr(rest, f->commands[i]);
		if (!command)
			break;
		len = command - rest;
		while (len && rest[len - 1] == ' ')
			len--;
		if (i) /* the first one follows its heading */
			fprintf(out, "%*s", (int)indent, "");
		if (put_prose(out, rest, len, width, column, indent))
			return -1;
		put_command(out, f->commands[i], indent, options);
		column = indent;
		rest = command + strlen(f->commands[i]);
		rest += strspn(rest, " ,;.");
	}
	if (!*rest)
		return 0;
	if (i)
		fprintf(out, "%*s", (int)indent, "");
	return put_prose(out, rest, strlen(rest), width, column, indent);
}

static int put_shown(FILE *out, const struct irqm_analysis *a,
		     unsigned int index,
		     const struct irqm_render_options *options)
{
	const struct irqm_finding *f = &a->findings[index];
	unsigned int width = irqm_prose_width(options);
	unsigned int column = strlen(words[f->severity]) + 1;
	char *text = compose_text(a, index);

	if (!text)
		return no_memory();
	put_severity(out, f, options);
	fputc(' ', out);
	irqm_put_wrapped(out, text, width, column, FINDING_INDENT);
	free(text);
	fputs("  -> ", out);
	return put_remedy(out, f, REMEDY_INDENT, REMEDY_INDENT, options);
}

int irqm_put_findings(FILE *out, const struct irqm_analysis *a,
		      const struct irqm_render_options *options)
{
	unsigned int i;

	for (i = 0; i < a->nr_shown; i++) {
		if (a->findings[a->shown[i]].severity < IRQM_WARNING)
			/* findings are sorted, the most severe ones first */
			break;
		if (put_shown(out, a, a->shown[i], options))
			return -1;
	}
	if (i)
		fputc('\n', out);
	return irqm_put_end(out);
}

static bool has_remedy(const struct irqm_finding *f)
{
	return f->remedy && *f->remedy;
}

/*
 * What helps here, if anything is known and the finding that it is counted with
 * does not say it, and what helps in general.
 */
static int put_what_to_do(FILE *out, const struct irqm_finding *f,
			  const struct irqm_finding *with,
			  const struct irqm_render_options *options)
{
	const char *general = "    What to do: ";

	if (has_remedy(f) && with && has_remedy(with) &&
	    strcmp(f->remedy, with->remedy) == 0) {
		general = "    In general: ";
	} else if (has_remedy(f)) {
		fputs(general, out);
		if (put_remedy(out, f, 16, 4, options))
			return -1;
		general = "    In general: ";
	}
	fputs(general, out);
	irqm_put_wrapped(out, f->kind->advice, irqm_prose_width(options), 16,
			 4);
	return 0;
}

/* with is the finding that is shown instead and says the same, or NULL. */
static int put_finding(FILE *out, const struct irqm_finding *f,
		       const struct irqm_finding *with,
		       const struct irqm_render_options *options)
{
	unsigned int width = irqm_prose_width(options);
	char *text = irqm_escape_whole(f->text);

	if (!text)
		return no_memory();
	put_severity(out, f, options);
	fprintf(out, ": %s", f->kind->code);
	if (with)
		fprintf(out, " (counted with %s)", with->kind->code);
	fputc('\n', out);
	irqm_put_paragraph(out, text, width, 2);
	free(text);
	fputc('\n', out);
	irqm_put_paragraph(out, f->kind->meaning, width, 4);
	fputc('\n', out);
	return put_what_to_do(out, f, with, options);
}

/* A finding, then those that say the same: the verdict counts them as one. */
static int put_with_same(FILE *out, const struct irqm_analysis *a,
			 unsigned int index,
			 const struct irqm_render_options *options)
{
	const struct irqm_finding *f = &a->findings[index];
	unsigned int i;

	fputc('\n', out);
	if (put_finding(out, f, NULL, options))
		return -1;
	for (i = 0; i < a->nr_findings; i++) {
		if (a->findings[i].shown_with != (irqm_num)index)
			continue;
		fputc('\n', out);
		if (put_finding(out, &a->findings[i], f, options))
			return -1;
	}
	return 0;
}

int irqm_render_findings(FILE *out, const struct irqm_analysis *a,
			 const struct irqm_render_options *options)
{
	unsigned int i;

	if (irqm_put_verdict(out, a, true, options))
		return -1;
	for (i = 0; i < a->nr_shown; i++)
		if (put_with_same(out, a, a->shown[i], options))
			return -1;
	return irqm_put_end(out);
}
