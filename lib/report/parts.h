/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of a report. Private to lib/report. */
#ifndef IRQM_REPORT_PARTS_H
#define IRQM_REPORT_PARTS_H

#include "report/html.h"

/* sortable: include the script that sorts tables */
void irqm_report_begin(FILE *out, const char *title);
void irqm_report_end(FILE *out, bool sortable);

/* A tile with a figure n and its name. */
void irqm_report_tile(FILE *out, const char *what, irqm_num n,
		      const char *more);
/* A cell with a bar of length cost/whole; the idle part is lighter. */
void irqm_report_bar(FILE *out, irqm_num cost, irqm_num idle, irqm_num whole);

/* Returns the vectors that would be available if no interrupt had one:
 * global_available plus lost. */
irqm_num irqm_report_capacity(const json_t *document);

void irqm_report_tiles(FILE *out, const json_t *document);
void irqm_report_findings(FILE *out, const json_t *document);
void irqm_report_drivers(FILE *out, const json_t *document, size_t limit);
void irqm_report_devices(FILE *out, const json_t *document);
void irqm_report_pools(FILE *out, const json_t *document);
void irqm_report_unread(FILE *out, const json_t *document);
void irqm_report_plan(FILE *out, const json_t *document, const json_t *plan);

/* The map with owners, and a table with the same content. */
int irqm_report_map(FILE *out, const json_t *document);
/* Only the picture, without owners. */
void irqm_report_small_map(FILE *out, const json_t *document);
/* The map of a plan's CPUs, for which only the bitmaps are known. */
void irqm_report_plan_map(FILE *out, const json_t *cpus,
			  const json_t *document);

#endif
