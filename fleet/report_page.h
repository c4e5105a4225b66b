/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report of a store: one HTML file, as that of a dump (report/dump.h). */
#ifndef IRQM_FLEET_REPORT_PAGE_H
#define IRQM_FLEET_REPORT_PAGE_H

#include <stdio.h>

#include "fleet/store/store.h"

/*
 * All dumps of a store, which is open for reading. all: a section for each
 * machine, not only for those with a finding that is a warning or worse. 0, or
 * -1 with err.
 */
int irqm_report_store(FILE *out, struct irqm_store *s, bool all,
		      struct irqm_error *err);

#endif
