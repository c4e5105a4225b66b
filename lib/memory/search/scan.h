/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Visits each page of a dump once, in the order of addresses. Memory is
 * limited, and time is linear in the size of the file, whatever the dump
 * contains.
 */
#ifndef IRQM_MEMORY_SCAN_H
#define IRQM_MEMORY_SCAN_H

#include "memory/pages/pages.h"

struct irqm_scan {
	const struct irqm_pages *pages;

	/* Reports progress; may be NULL. */
	void (*progress)(void *ctx, const char *what, unsigned int percent);
	void *progress_ctx;
	const char *what;

	/* Called for each page that can be read; false ends the scan. */
	bool (*look)(void *ctx, uint64_t paddr, const unsigned char *page);
	void *ctx;
};

/* Returns 0, or -1 with err: no memory, or a format without a list of pages. */
int irqm_scan_pages(const struct irqm_scan *s, struct irqm_error *err);

#endif
