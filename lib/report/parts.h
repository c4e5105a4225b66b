/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of a report. Private to lib/report and to the fleet's report. */
#ifndef IRQM_REPORT_PARTS_H
#define IRQM_REPORT_PARTS_H

#include "report/html.h"

extern const char irqm_report_style[], irqm_report_script[];

/* wide: for tables with many columns */
void irqm_report_begin(FILE *out, const char *title, bool wide);
void irqm_report_end(FILE *out);

/* Returns the class in the style sheet of a severity or of a verdict's level:
 * "critical", "warning", "ok" or "info". */
const char *irqm_report_severity(const char *severity);
/* The name of a severity, in its colour. */
void irqm_report_badge(FILE *out, const char *severity);
/* A tile with a figure n and its name. */
void irqm_report_tile(FILE *out, const char *what, irqm_num n,
		      const char *more);
/* A cell with a bar of length cost/whole, in the colours of the map. */
void irqm_report_bar(FILE *out, irqm_num cost, irqm_num managed, irqm_num idle,
		     irqm_num whole);
/* What the colours of the bars mean. */
void irqm_report_bar_legend(FILE *out);
/* The cells of a cost, and their titles. */
void irqm_report_figures(FILE *out, const json_t *cost, irqm_num whole);
#define IRQM_REPORT_FIGURES                                                    \
	"<th>cost</th><th class=\"t\">share of all vectors</th>"               \
	"<th>allocated</th><th>managed</th><th>managed, idle</th>"             \
	"<th>reserved</th>"

/* Returns the vectors that would be available if no interrupt had one:
 * global_available plus lost. */
irqm_num irqm_report_capacity(const json_t *document);

/* dump is that of the document. */
void irqm_report_machine(FILE *out, const json_t *dump);
/* A coloured sentence: the first thing to read. */
void irqm_report_verdict(FILE *out, const json_t *document);
void irqm_report_tiles(FILE *out, const json_t *document);
void irqm_report_findings(FILE *out, const json_t *document);
void irqm_report_drivers(FILE *out, const json_t *document, size_t limit);
void irqm_report_devices(FILE *out, const json_t *document);
void irqm_report_pools(FILE *out, const json_t *document);
/* advice is a document "irqmatrix-advice/1". */
void irqm_report_advice(FILE *out, const json_t *advice);
void irqm_report_unread(FILE *out, const json_t *document);
void irqm_report_plan(FILE *out, const json_t *document, const json_t *plan);

/* The map with owners, and a table with the same content. */
int irqm_report_map(FILE *out, const json_t *document);
/* Only the picture, without owners. */
void irqm_report_small_map(FILE *out, const json_t *document);
/* Two such pictures side by side: now, and with the CPUs of a plan, for which
 * only the bitmaps are known. */
void irqm_report_two_maps(FILE *out, const json_t *document,
			  const json_t *after);

#endif
