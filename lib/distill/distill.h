/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes a distilled dump: a small ELF vmcore that holds only what the analysis
 * reads. Kernel objects share pages with unrelated ones, so it chooses bytes:
 * every other byte of the pages is zero.
 *
 * It holds the bytes that a snapshot with IRQM_READ_COUNTS reads, the page
 * table entries that lead to them, the kernel's symbol table and types, and the
 * text of VMCOREINFO.
 */
#ifndef IRQM_DISTILL_H
#define IRQM_DISTILL_H

#include "distill/output.h"
#include "distill/recorder.h"
#include "memory/dumpfile.h"
#include "memory/paging.h"

struct irqm_distill_source {
	struct irqm_target *target;
	const struct irqm_layout *layout;
	const struct irqm_pages *pages;   /* what target reads from */
	const struct irqm_paging *paging; /* how target translates addresses */
	const struct irqm_dumpfile_table *tables; /* included in full */
	unsigned int nr_tables;
};

enum {
	IRQM_DISTILL_LOG = 1 << 0,     /* and the kernel log, IRQM_READ_LOG */
	IRQM_DISTILL_NO_HOST = 1 << 1, /* but not the host name */
};

struct irqm_distill;

/* Reads everything that will be included; writes nothing. The source must
 * outlive *ret. Returns 0, or -1 with err. */
int irqm_distill_collect(const struct irqm_distill_source *source,
			 unsigned int flags, struct irqm_distill **ret,
			 struct irqm_error *err);
void irqm_distill_free(struct irqm_distill *d); /* NULL is fine */

/* What is included, and what for. Valid as long as d. */
const struct irqm_used *irqm_distill_list(const struct irqm_distill *d,
					  unsigned int *ret_nr);

struct irqm_distill_size {
	uint64_t kept;     /* bytes included unchanged */
	uint64_t unpacked; /* size of the ELF file */
	uint64_t file;     /* size of the written file; smaller if compressed */
};

/* Writes the dump to out, which the caller opened before reading the dump.
 * Frees out, also on failure. Returns 0, or -1 with err. */
int irqm_distill_write(const struct irqm_distill *d, struct irqm_output *out,
		       struct irqm_distill_size *ret, struct irqm_error *err);

#endif
