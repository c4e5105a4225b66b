/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exit statuses, and messages to the user. */
#ifndef IRQM_COMMAND_SAY_H
#define IRQM_COMMAND_SAY_H

/* Exit statuses, as those of diff(1). With several, the largest counts. */
enum irqm_status {
	IRQM_STATUS_NOTHING = 0, /* no warning and no critical finding */
	IRQM_STATUS_FINDING = 1, /* a warning or critical finding */
	/* not analysed, or only in part; wrong usage */
	IRQM_STATUS_TROUBLE = 2,
	IRQM_STATUS_UNKEPT = 3, /* batch: the results cannot be written */
};

/*
 * Prints "irqmatrix: ..." and a newline on standard error, escaped. A message
 * about a file begins with its name and a colon.
 */
__attribute__((format(printf, 1, 2))) void irqm_say(const char *fmt, ...);

/* Prints a line on standard output, escaped as well. */
__attribute__((format(printf, 1, 2))) void irqm_print(const char *fmt, ...);

/* Sets the command whose help irqm_bad_usage() points to, such as "irqmatrix
 * aff". The default is "irqmatrix". */
void irqm_say_command(const char *words);

/* Prints an error about wrong usage, and where the help is. Returns
 * IRQM_STATUS_TROUBLE. */
__attribute__((format(printf, 1, 2))) int irqm_bad_usage(const char *fmt, ...);
/* Prints only where the help is, after irqm_read_options() printed the
 * error. */
int irqm_try_help(void);

/* Call this if a renderer returned -1, with errno. Prints an error, unless the
 * user left the pager. Returns IRQM_STATUS_TROUBLE. */
int irqm_render_failed(const char *name);

/* Closes standard output. Returns status, or IRQM_STATUS_TROUBLE if the output
 * could not be written. */
int irqm_finish(int status);

#endif
