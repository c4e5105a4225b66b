/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages to the user on standard error. */
#include "command/say.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"

static const char *command = "irqmatrix";

void irqm_say_command(const char *words)
{
	command = words;
}

/* Longer than two paths. Longer lines are cut. */
#define MAX_LINE 9000

/* Escapes everything that the tool prints on standard error: file names,
 * arguments, and quotes from a dump. */
static void put_line(FILE *out, const char *fmt, va_list ap)
{
	char line[MAX_LINE], escaped[4 * MAX_LINE];

	vsnprintf(line, sizeof(line), fmt, ap);
	fprintf(out, "%s\n", irqm_escape(escaped, sizeof(escaped), line));
}

static void say_line(const char *fmt, va_list ap)
{
	fputs("irqmatrix: ", stderr);
	put_line(stderr, fmt, ap);
}

void irqm_print(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put_line(stdout, fmt, ap);
	va_end(ap);
}

void irqm_say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say_line(fmt, ap);
	va_end(ap);
}

int irqm_try_help(void)
{
	fprintf(stderr, "Try '%s --help' for more information.\n", command);
	return IRQM_STATUS_TROUBLE;
}

int irqm_bad_usage(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say_line(fmt, ap);
	va_end(ap);
	return irqm_try_help();
}

int irqm_render_failed(const char *name)
{
	if (!ferror(stdout))
		irqm_say("%s: %s", name, strerror(errno));
	else if (errno != EPIPE)
		irqm_say("standard output: %s", strerror(errno));
	return IRQM_STATUS_TROUBLE;
}

int irqm_finish(int status)
{
	bool failed = ferror(stdout);

	errno = 0;
	if (fclose(stdout) == 0 && !failed)
		return status;
	/* report it once: see irqm_render_failed() */
	if (errno != EPIPE && !(failed && status == IRQM_STATUS_TROUBLE))
		irqm_say("standard output: %s",
			 errno ? strerror(errno) : "write error");
	return IRQM_STATUS_TROUBLE;
}
