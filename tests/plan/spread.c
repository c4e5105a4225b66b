/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * spread VMCORE [VMLINUX]: does a way of spreading lead to the masks that a real kernel
 * gave its devices? Exit status 1 if none reproduces those of all devices, and
 * that is not explained: devices that are not whole in the dump, or that were
 * set up when a CPU was there that now is off and so has lost its place in the
 * topology.
 */
#include <stdio.h>

#include "irqmatrix.h"
#include "plan/spread.h"
#include "memory/dumpfile.h"

static struct irqm_snapshot *read_dump(const char *path, const char *vmlinux,
				       struct irqm_dumpfile **file)
{
	const struct irqm_dumpfile_options o = { .vmlinux = vmlinux };
	struct irqm_snapshot *s = NULL;
	struct irqm_error err;

	if (irqm_dumpfile_open(&path, 1, &o, file, &err) ||
	    irqm_snapshot_read(irqm_dumpfile_target(*file),
			       irqm_dumpfile_layout(*file), 0, &s, &err))
		fprintf(stderr, "%s: %s\n", path, err.msg);
	return s;
}

static const char *explained(const struct irqm_snapshot *s)
{
	unsigned int i;

	if (s->nr_unread)
		return "  not whole";
	for (i = 0; i < s->nr_cpus; i++) {
		if (s->cpus[i].online == 0 &&
		    irqm_bits_test(&s->dump.present, s->cpus[i].cpu))
			return "  a CPU is off";
	}
	return NULL;
}

static int check(const char *path, const char *vmlinux)
{
	struct irqm_dumpfile *file = NULL;
	struct irqm_snapshot *s = read_dump(path, vmlinux, &file);
	struct irqm_spread_evidence e;
	bool fits = false;
	unsigned int i;

	if (!s || irqm_spread_examine(s, &e))
		return 1;
	printf("%-60s %3u devices:", path, e.devices);
	for (i = 0; i < IRQM_NR_SPREADS; i++) {
		printf(" %s %u", irqm_spread_name(i), e.like[i]);
		fits |= e.like[i] == e.devices;
	}
	puts(fits ? "" : explained(s) ? explained(s) : "  FAILED");
	fits |= explained(s) != NULL;
	irqm_snapshot_free(s);
	irqm_dumpfile_close(file);
	return !fits;
}

int main(int argc, char **argv)
{
	/* argv[argc] is NULL */
	return argc == 2 || argc == 3 ? check(argv[1], argv[2]) : 2;
}
