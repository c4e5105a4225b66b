/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A crash extension with one command, layout_from_crash, that prints the
 * layout as crash's own type information has it; to compare with dump_layout.
 */
#include <defs.h>

#include "extension/crash_types.h"
#include "tests/layout/print_layout.h"

static void cmd_layout(void)
{
	struct irqm_layout *l = (struct irqm_layout *)GETBUF(sizeof(*l));
	struct irqm_error err = { 0 };

	if (irqm_layout_from_crash(l, &err) == 0)
		print_layout(fp, l);
	else
		fprintf(fp, "error: %s\n", err.msg);
	FREEBUF(l);
}

static char *help_layout[] = {
	"layout_from_crash", "the layout as crash has it", " ", NULL,
};

static struct command_table_entry commands[] = {
	{ "layout_from_crash", cmd_layout, help_layout, 0 },
	{ 0 },
};

static void __attribute__((constructor)) start(void)
{
	register_extension(commands);
}
