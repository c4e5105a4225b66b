/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes tiles with the totals. */
#include <inttypes.h>

#include "report/parts.h"

static void format_share(char *buf, size_t size, irqm_num part, irqm_num whole)
{
	if (part == IRQM_UNKNOWN || whole == IRQM_UNKNOWN || whole <= 0)
		snprintf(buf, size, "of ?");
	else
		snprintf(buf, size, "of %" PRId64 " (%.1f%%)", whole,
			 100.0 * part / whole);
}

/* Returns the sum over the online CPUs, and the least. */
static irqm_num sum_online(const json_t *cpus, const char *key,
			   irqm_num *ret_least)
{
	irqm_num all = 0, n;
	size_t i;

	*ret_least = IRQM_UNKNOWN;
	for (i = 0; i < json_array_size(cpus); i++) {
		const json_t *cpu = json_array_get(cpus, i);

		if (irqm_json_get_bool(cpu, "online") != 1)
			continue;
		n = irqm_json_get_num(cpu, key);
		all = irqm_add(all, n);
		if (n != IRQM_UNKNOWN &&
		    (*ret_least == IRQM_UNKNOWN || n < *ret_least))
			*ret_least = n;
	}
	return all;
}

void irqm_report_tiles(FILE *out, const json_t *document)
{
	const json_t *matrix = json_object_get(document, "matrix");
	const json_t *cpus = json_object_get(document, "cpus");
	irqm_num available = irqm_json_get_num(matrix, "global_available");
	irqm_num allocated = irqm_json_get_num(matrix, "total_allocated");
	irqm_num whole = irqm_report_capacity(document), least, unused;
	char of[64];

	fputs("<ul class=\"tiles\">\n", out);
	format_share(of, sizeof(of), available, whole);
	irqm_report_tile(out, "Vectors available", available, of);
	sum_online(cpus, "available", &least);
	irqm_report_tile(out, "Least on a CPU", least, "available");
	format_share(of, sizeof(of), allocated, whole);
	irqm_report_tile(out, "Allocated", allocated, of);
	irqm_report_tile(out, "Managed, idle",
			 sum_online(cpus, "idle", &unused),
			 "reserved, but not in use");
	irqm_report_tile(out, "Reserved",
			 irqm_json_get_num(matrix, "global_reserved"),
			 "interrupts without a vector yet");
	snprintf(of, sizeof(of), "of %zu possible", json_array_size(cpus));
	irqm_report_tile(out, "CPUs online",
			 irqm_json_get_num(matrix, "online_maps"), of);
	fputs("</ul>\n", out);
}
