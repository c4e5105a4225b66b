/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report about a store: one HTML file, like the report about one dump
 * (report/dump.h). */
#ifndef IRQM_FLEET_REPORT_PAGE_H
#define IRQM_FLEET_REPORT_PAGE_H

#include <stdio.h>

#include "fleet/store/store.h"

/*
 * Writes a report about all dumps of a store that is open for reading. If all
 * is set, each machine gets a section, not only those with a warning or worse.
 * Returns 0, or -1 with err.
 */
int irqm_report_store(FILE *out, struct irqm_store *s, bool all,
		      struct irqm_error *err);

#endif
