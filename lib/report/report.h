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
#ifndef IRQM_REPORT_H
#define IRQM_REPORT_H

#include <stdio.h>

#include "report/html.h"
#include "store/store.h"

/* One dump; plan is a document "irqmatrix-plan/1" or NULL. 0, or -1 with
 * errno. */
int irqm_report_dump(FILE *out, const json_t *document, const json_t *plan);

/*
 * All dumps of a store, which is open for reading. all: a section for each
 * machine, not only for those with a finding that is a warning or worse. 0, or
 * -1 with err.
 */
int irqm_report_store(FILE *out, struct irqm_store *s, bool all,
		      struct irqm_error *err);

#endif
