/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Prints exactly what the kernel shows in debugfs, so that the two can be
 * compared. After an empty list of vectors the kernel prints two spaces at the
 * end of the line.
 */
#include "render/debugfs/debugfs.h"

#include <inttypes.h>

#include "render/text.h"

static void put_number(FILE *out, int width, irqm_num n)
{
	if (n == IRQM_UNKNOWN)
		fprintf(out, "%*s", width, "?");
	else
		fprintf(out, "%*" PRId64, width, n);
}

static void put_total(FILE *out, const char *name, irqm_num n)
{
	fprintf(out, "%-17s ", name);
	put_number(out, 6, n);
	fputc('\n', out);
}

static void put_system(FILE *out, const struct irqm_bits *map)
{
	fputs("System: ", out);
	put_number(out, 0,
		   irqm_bits_known(map) ? (irqm_num)irqm_bits_weight(map) :
					  IRQM_UNKNOWN);
	fputs(": ", out);
	irqm_put_debugfs_list(out, map);
	fputc('\n', out);
}

/* struct cpumap is read as a whole. So if one counter is known and this one is
 * not, the kernel (before 4.20) does not have it. */
static bool has_managed_allocated(const struct irqm_snapshot *s)
{
	unsigned int i;

	for (i = 0; i < s->nr_cpus; i++) {
		if (s->cpus[i].managed_allocated != IRQM_UNKNOWN)
			return true;
		if (s->cpus[i].managed != IRQM_UNKNOWN)
			return false;
	}
	return true;
}

static void put_cpu(FILE *out, const struct irqm_cpu *cpu, bool mac)
{
	fprintf(out, "  %4u  ", cpu->cpu);
	put_number(out, 4, cpu->available);
	fputs("  ", out);
	put_number(out, 4, cpu->managed);
	fputs("  ", out);
	if (mac) {
		put_number(out, 4, cpu->managed_allocated);
		fputc(' ', out);
	}
	put_number(out, 4, cpu->allocated);
	fputs("  ", out);
	irqm_put_debugfs_list(out, &cpu->alloc_map);
	fputc('\n', out);
}

int irqm_render_debugfs(FILE *out, const struct irqm_analysis *a,
			const struct irqm_render_options *options)
{
	const struct irqm_snapshot *s = a->snapshot;
	bool mac = has_managed_allocated(s);
	unsigned int i;

	irqm_put_debugfs_domain(out, s);
	put_total(out, "Online bitmaps:", s->matrix.online_maps);
	put_total(out, "Global available:", s->matrix.global_available);
	put_total(out, "Global reserved:", s->matrix.global_reserved);
	put_total(out, "Total allocated:", s->matrix.total_allocated);
	put_system(out, &s->matrix.system_map);
	fprintf(out, " | CPU | avl | man |%s act | vectors\n",
		mac ? " mac |" : "");
	for (i = 0; i < s->nr_cpus; i++) {
		if (s->cpus[i].online != 0 &&
		    irqm_selected(options->cpus, s->cpus[i].cpu))
			put_cpu(out, &s->cpus[i], mac);
	}
	return irqm_put_end(out);
}
