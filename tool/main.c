/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command irqmatrix: analyses dumps without crash. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"
#include "command/pager.h"
#include "command/say.h"
#include "fleet/fleet.h"
#include "tool/tool.h"

/* The commands, given as the first argument. */
static const struct command {
	const char *name, *words;
	int (*run)(int argc, char **argv);
	bool paged; /* it prints what people read, and ends */
} commands[] = {
	{ "aff", "irqmatrix aff", irqm_tool_aff, true },
	{ "batch", "irqmatrix batch", irqm_fleet_batch, false },
	{ "diff", "irqmatrix diff", irqm_tool_diff, true },
	{ "distill", "irqmatrix distill", irqm_tool_distill, false },
	{ "learn", "irqmatrix learn", irqm_tool_learn, false },
	{ "plan", "irqmatrix plan", irqm_tool_plan, true },
	{ "query", "irqmatrix query", irqm_fleet_query, true },
	{ "report", "irqmatrix report", irqm_tool_report, false },
	{ "merge", "irqmatrix merge", irqm_fleet_merge, false },
};

static const struct command *find_command(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	}
	return NULL;
}

/* Returns the letters to insert, remove, change or swap to turn a into b, which
 * are both short. */
static unsigned int word_distance(const char *a, const char *b)
{
	unsigned int skip_a, skip_b, change;

	if (!*a || !*b)
		return strlen(a) + strlen(b);
	if (*a == *b)
		return word_distance(a + 1, b + 1);
	if (a[1] == b[0] && a[0] == b[1])
		return 1 + word_distance(a + 2, b + 2);
	skip_a = word_distance(a + 1, b);
	skip_b = word_distance(a, b + 1);
	change = word_distance(a + 1, b + 1);
	if (skip_b < skip_a)
		skip_a = skip_b;
	return 1 + (change < skip_a ? change : skip_a);
}

/* Returns the command that a misspelled word probably means: most letters
 * match. */
static const struct command *meant_command(const char *word)
{
	unsigned int least = 3, d;
	const struct command *c = NULL;
	size_t i;

	if (strlen(word) > 9)
		return NULL;
	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		d = word_distance(word, commands[i].name);
		if (d < least && 2 * d < strlen(commands[i].name)) {
			least = d;
			c = &commands[i];
		}
	}
	return c;
}

static bool no_such_file(const char *name)
{
	return access(name, F_OK) && errno == ENOENT;
}

/* Reports a first word that is neither a file nor a command, and suggests
 * one. */
static int bad_word(const char *word)
{
	const struct command *c = meant_command(word);

	if (irqm_is_view(word))
		return irqm_bad_usage("%s: no such file; do you mean "
				      "--%s?",
				      word, word);
	if (c)
		return irqm_bad_usage("%s: no such file; do you mean the "
				      "command \"%s\"?",
				      word, c->name);
	return 0;
}

/* Handles "help" and "help plan", which means "plan --help". */
static int show_help(int argc, char **argv)
{
	char option[] = "--help", *args[] = { argv[1], option, NULL };
	const struct command *c = argc > 2 ? find_command(argv[2]) : NULL;

	if (argc > 2 && !c)
		return irqm_bad_usage("no command is called \"%s\"; irqmatrix "
				      "--help lists them",
				      argv[2]);
	return c ? c->run(2, args) : irqm_tool_view(2, args);
}

/*
 * Opens /dev/null for each closed standard descriptor. Otherwise the next file
 * that is opened would become standard output, for example. Opens it for
 * reading, so that writing still fails.
 */
static void occupy_standard_files(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDONLY);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	const struct command *c;
	bool no_pager;

	occupy_standard_files();
	no_pager = irqm_pager_unwanted(&argc, argv);
	c = argc > 1 ? find_command(argv[1]) : NULL;
	if (!no_pager && (!c || c->paged))
		irqm_pager_start();
	if (!c && argc > 1 && no_such_file(argv[1])) {
		if (strcmp(argv[1], "help") == 0)
			return irqm_finish(show_help(argc, argv));
		if (bad_word(argv[1]))
			return IRQM_STATUS_TROUBLE;
	}
	if (!c)
		return irqm_finish(irqm_tool_view(argc, argv));
	irqm_say_command(c->words);
	return irqm_finish(c->run(argc - 1, argv + 1));
}
