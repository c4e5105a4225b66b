/* SPDX-License-Identifier: GPL-3.0-or-later */
/* symbols DUMP: "NAME ADDRESS" of each variable that the dump's kernel has. */
#include <inttypes.h>
#include <stdio.h>

#include "memory/dumpfile.h"
#include "memory/variables.h"

int main(int argc, char **argv)
{
	struct irqm_dumpfile_options options = { .threads = 1 };
	const char *const paths[] = { argc == 2 ? argv[1] : "" };
	const struct irqm_target *t;
	struct irqm_dumpfile *f;
	struct irqm_error err;
	uint64_t value;
	int i;

	if (irqm_dumpfile_open(paths, 1, &options, &f, &err) != 0) {
		fprintf(stderr, "symbols: %s\n", err.msg);
		return 2;
	}
	t = irqm_dumpfile_target(f);
	for (i = 0; i < IRQM_NR_VARIABLES; i++)
		if (t->symbol(t->ctx, irqm_variables[i].name, &value))
			printf("%s %" PRIx64 "\n", irqm_variables[i].name,
			       value);
	irqm_dumpfile_close(f);
	return 0;
}
