/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A report: one self-contained HTML file, made from documents "irqmatrix/1",
 * whether they come from a dump or a store. Equal documents give equal reports.
 *
 * Write errors are noticed at the end, from the stream's error flag. Documents
 * may come from others, so a missing member or one of the wrong type is shown
 * as "?".
 */
#ifndef IRQM_REPORT_DUMP_H
#define IRQM_REPORT_DUMP_H

#include <stdio.h>

#include "report/html.h"

/* Reports one dump. plan is a document "irqmatrix-plan/1" or NULL, advice is a
 * document "irqmatrix-advice/1" or NULL. Returns 0, or -1 with errno. */
int irqm_report_dump(FILE *out, const json_t *document, const json_t *plan,
		     const json_t *advice);

#endif
