/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * name_at VMCORE < ADDRESSES: "ADDRESS NAME OFFSET" of each address in a
 * module, a line each; see check-modules.
 */
#include <inttypes.h>
#include <stdio.h>

#include "memory/dumpfile.h"
#include "snapshot/modules.h"

int main(int argc, char **argv)
{
	struct irqm_dumpfile_options options = { 0 };
	const char *const paths[] = { argc == 2 ? argv[1] : "" };
	struct irqm_dumpfile *f;
	struct irqm_error err;
	struct reader r = { 0 };
	uint64_t addr, offset;
	char name[128];

	if (irqm_dumpfile_open(paths, 1, &options, &f, &err) != 0) {
		fprintf(stderr, "name_at: %s\n", err.msg);
		return 2;
	}
	r.s = irqm_snapshot_new();
	if (!r.s)
		return 2;
	r.arena = r.s->arena;
	r.target = irqm_dumpfile_target(f);
	r.layout = irqm_dumpfile_layout(f);
	while (scanf("%" SCNx64, &addr) == 1) {
		r.modules.looked_at = 0; /* more names than a dump has */
		if (irqm_modules_symbol_at(&r, addr, name, sizeof(name),
					   &offset))
			printf("%" PRIx64 " %s %" PRIx64 "\n", addr, name,
			       offset);
	}
	irqm_snapshot_free(r.s);
	irqm_dumpfile_close(f);
	return 0;
}
