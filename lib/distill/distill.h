/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A distilled dump: a small ELF vmcore of what the analysis reads of a dump,
 * and nothing else. Pages are shared with strangers' objects, so it is bytes
 * that are chosen: every other byte of the pages is zero.
 *
 * In it are the bytes that a snapshot with IRQM_READ_COUNTS is made of, the
 * page table entries that lead there, the kernel's symbol table and types,
 * and the text of VMCOREINFO.
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
	const struct irqm_pages *pages;   /* what target reads ... */
	const struct irqm_paging *paging; /* ... and by what translation */
	const struct irqm_dumpfile_table *tables; /* taken whole */
	unsigned int nr_tables;
};

enum {
	IRQM_DISTILL_LOG = 1 << 0,     /* and the kernel log, IRQM_READ_LOG */
	IRQM_DISTILL_NO_HOST = 1 << 1, /* but not the host name */
};

struct irqm_distill;

/*
 * Reads all that is to be kept; nothing is written. The source has to stay
 * as long as *ret. 0, or -1 with err.
 */
int irqm_distill_collect(const struct irqm_distill_source *source,
			 unsigned int flags, struct irqm_distill **ret,
			 struct irqm_error *err);
void irqm_distill_free(struct irqm_distill *d); /* NULL is fine */

/* What is in and what for; as long as d. */
const struct irqm_used *irqm_distill_list(const struct irqm_distill *d,
					  unsigned int *ret_nr);

struct irqm_distill_size {
	uint64_t kept;     /* bytes that are in as they were */
	uint64_t unpacked; /* of the ELF file */
	uint64_t file;     /* of what was written; less if packed */
};

/*
 * Writes it to out, which was made before the dump was read and is freed in
 * any case. 0, or -1 with err.
 */
int irqm_distill_write(const struct irqm_distill *d, struct irqm_output *out,
		       struct irqm_distill_size *ret, struct irqm_error *err);

#endif
