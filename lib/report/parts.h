/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts that a report is made of; for lib/report alone. */
#ifndef IRQM_REPORT_PARTS_H
#define IRQM_REPORT_PARTS_H

#include "report/html.h"

/* sortable: with the script that sorts tables */
void irqm_report_begin(FILE *out, const char *title);
void irqm_report_end(FILE *out, bool sortable);

/* A figure and what it is, in a row of them. */
void irqm_report_tile(FILE *out, const char *what, irqm_num n,
		      const char *more);
/* A cell with a bar: of whole, cost, of which idle is drawn lighter. */
void irqm_report_bar(FILE *out, irqm_num cost, irqm_num idle, irqm_num whole);

/* What global_available would be if nothing had a vector: it and lost. */
irqm_num irqm_report_capacity(const json_t *document);

void irqm_report_tiles(FILE *out, const json_t *document);
void irqm_report_findings(FILE *out, const json_t *document);
void irqm_report_drivers(FILE *out, const json_t *document, size_t limit);
void irqm_report_devices(FILE *out, const json_t *document);
void irqm_report_pools(FILE *out, const json_t *document);
void irqm_report_unread(FILE *out, const json_t *document);
void irqm_report_plan(FILE *out, const json_t *document, const json_t *plan);

/* The map with the names of owners, and a table that says the same. */
int irqm_report_map(FILE *out, const json_t *document);
/* Only the picture, without names. */
void irqm_report_small_map(FILE *out, const json_t *document);
/* That of cpus of a plan, of whom only the bitmaps are known. */
void irqm_report_plan_map(FILE *out, const json_t *cpus,
			  const json_t *document);

#endif
