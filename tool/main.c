/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command irqmatrix: analyses dumps without crash. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "irqmatrix.h"

/* Exit statuses of the tool, as diff(1) has them. */
enum { NOTHING_OF_NOTE = 0, TROUBLE = 2 };

static const struct option options[] = {
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ 0 },
};

static void print_help(FILE *out)
{
	fputs("Usage: irqmatrix OPTION\n"
	      "Where every x86 interrupt vector of a crashed machine went.\n"
	      "\n"
	      "  -h, --help     show this help\n"
	      "  -V, --version  show the version\n"
	      "\n"
	      "Dumps are analysed in crash(8) so far: extend irqmatrix.so\n",
	      out);
}

static int finish(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return NOTHING_OF_NOTE;
	perror("irqmatrix: standard output");
	return TROUBLE;
}

int main(int argc, char **argv)
{
	switch (getopt_long(argc, argv, "hV", options, NULL)) {
	case 'h':
		print_help(stdout);
		return finish();
	case 'V':
		puts("irqmatrix " IRQMATRIX_VERSION);
		return finish();
	default:
		print_help(stderr);
		return TROUBLE;
	}
}
