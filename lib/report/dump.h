/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A report: one HTML file that needs nothing besides. It is made from
 * documents "irqmatrix/1", whether of a dump or out of a store, and is the
 * same for the same documents.
 *
 * The functions write to a stream, which remembers that a write failed.
 * Documents are taken for what they are, from others: what is not there or of
 * another type is "?".
 */
#ifndef IRQM_REPORT_DUMP_H
#define IRQM_REPORT_DUMP_H

#include <stdio.h>

#include "report/html.h"

/* One dump; plan is a document "irqmatrix-plan/1" or NULL. 0, or -1 with
 * errno. */
int irqm_report_dump(FILE *out, const json_t *document, const json_t *plan);

#endif
