/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A target that passes calls on to another one, and records which bytes of the
 * kernel's memory were used and what for. */
#ifndef IRQM_DISTILL_RECORDER_H
#define IRQM_DISTILL_RECORDER_H

#include "distill/ranges.h"
#include "memory/target.h"

/* A row of the list of what is included. Numbers in what are replaced by "N",
 * so a row covers all objects of its kind. */
struct irqm_used {
	char what[64]; /* such as "irq_desc of IRQ N"; printable */
	uint64_t reads, bytes;
};

#define IRQM_MAX_USED 128

struct irqm_recorder {
	struct irqm_target target; /* read through this one */
	struct irqm_target *inner;

	struct irqm_ranges used; /* kernel virtual addresses */
	/* reads that failed: their page table entries are included, so that
	 * they fail in the same way */
	struct irqm_ranges failed;
	/* in order of first use; the last one counts what does not fit */
	struct irqm_used list[IRQM_MAX_USED];
	unsigned int nr_list;
};

/* inner must outlive r. r must not be moved. */
void irqm_recorder_init(struct irqm_recorder *r, struct irqm_target *inner);
void irqm_recorder_deinit(struct irqm_recorder *r);

/* Records bytes that are needed for another reason than a read through
 * r->target. */
void irqm_recorder_note(struct irqm_recorder *r, uint64_t addr, uint64_t len,
			const char *what);

/* Only adds a row to the list. */
void irqm_recorder_list(struct irqm_recorder *r, uint64_t reads, uint64_t bytes,
			const char *what);

#endif
