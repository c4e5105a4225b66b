/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command irqmatrix: analyses dumps without crash. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"
#include "base/nearest.h"
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
	{ "advise", "irqmatrix advise", irqm_tool_advise, true },
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

/* Returns the command that a misspelled word probably means, or NULL. */
static const struct command *meant_command(const char *word)
{
	struct irqm_nearest n;
	size_t i;

	irqm_nearest_begin(&n, word, strlen(word));
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		irqm_nearest_offer(&n, commands[i].name);
	return find_command(n.found);
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
	const struct command *meant;

	if (argc > 2 && !c) {
		meant = meant_command(argv[2]);
		if (meant)
			return irqm_bad_usage("no command is called \"%s\"; do "
					      "you mean irqmatrix help %s?",
					      argv[2], meant->name);
		return irqm_bad_usage("no command is called \"%s\"; irqmatrix "
				      "--help lists them",
				      argv[2]);
	}
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

/* Returns true if --interval, perhaps abbreviated, is among the options: it
 * draws a screen itself, or prints for a program that reads while it runs. */
static bool draws_itself(int argc, char **argv)
{
	static const char option[] = "--interval";
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		size_t len = strcspn(argv[i], "=");

		if (len >= strlen("--in") && len < sizeof(option) &&
		    strncmp(argv[i], option, len) == 0)
			return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	const struct command *c;
	bool no_pager;

	occupy_standard_files();
	no_pager = irqm_pager_unwanted(&argc, argv);
	c = argc > 1 ? find_command(argv[1]) : NULL;
	if (!no_pager && (c ? c->paged : !draws_itself(argc, argv)))
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
