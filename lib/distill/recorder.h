/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A target that hands on what another one says, and notes which bytes of the
 * kernel's memory were used and what for.
 */
#ifndef IRQM_DISTILL_RECORDER_H
#define IRQM_DISTILL_RECORDER_H

#include "distill/ranges.h"
#include "memory/target.h"

/* A line of what is in: numbers in what are "N", so it stands for a kind. */
struct irqm_used {
	char what[64]; /* "irq_desc of IRQ N"; printable */
	uint64_t reads, bytes;
};

#define IRQM_MAX_USED 128

struct irqm_recorder {
	struct irqm_target target; /* to be read through */
	struct irqm_target *inner;

	struct irqm_ranges used;   /* kernel virtual addresses */
	struct irqm_ranges failed; /* reads that failed: their page tables are
				      why, and say so again */
	struct irqm_used list[IRQM_MAX_USED]; /* in order of first use; what
				      does not fit is in the last */
	unsigned int nr_list;
};

/* inner has to stay as long as r, and r where it is. */
void irqm_recorder_init(struct irqm_recorder *r, struct irqm_target *inner);
void irqm_recorder_deinit(struct irqm_recorder *r);

/* Notes bytes that something else than r->target's user needs. */
void irqm_recorder_note(struct irqm_recorder *r, uint64_t addr, uint64_t len,
			const char *what);

/* Only says in the list that they are in. */
void irqm_recorder_list(struct irqm_recorder *r, uint64_t reads, uint64_t bytes,
			const char *what);

#endif
