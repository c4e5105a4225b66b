/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command irqmatrix: analyses dumps without crash. */
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "tool/tool.h"

/* What a first argument may be instead of an option or a dump. */
static const struct command {
	const char *name, *words;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "aff", "irqmatrix aff", irqm_tool_aff },
	{ "batch", "irqmatrix batch", irqm_tool_batch },
	{ "diff", "irqmatrix diff", irqm_tool_diff },
	{ "distill", "irqmatrix distill", irqm_tool_distill },
	{ "plan", "irqmatrix plan", irqm_tool_plan },
	{ "query", "irqmatrix query", irqm_tool_query },
	{ "report", "irqmatrix report", irqm_tool_report },
	{ "merge", "irqmatrix merge", irqm_tool_merge },
};

static const struct command *find_command(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	}
	return NULL;
}

/*
 * A file that is opened must not become standard output because the caller
 * had closed that. Opened for reading, so that writing is still an error.
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
	const struct command *c = argc > 1 ? find_command(argv[1]) : NULL;

	occupy_standard_files();
	if (!c)
		return irqm_finish(irqm_tool_view(argc, argv));
	irqm_say_command(c->words);
	return irqm_finish(c->run(argc - 1, argv + 1));
}
