/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A fake kernel in which a test spoils something, and what is then read of it:
 *
 *	setup(&b, "6.12");
 *	fk_put(b.fk, ..., WILD);
 *	reread(&b);
 *	assert_true(noted(&b, "msi_desc of IRQ 30", IRQM_INVALID));
 *	assert_true_else(&b);
 *	teardown(&b);
 */
#ifndef BOX_H
#define BOX_H

#include "fake_check.h"
#include "fake_generations.h"

/* A kernel's address at which there is nothing. */
#define WILD 0xffffc90012345000ULL

struct box {
	struct fk_machine m;
	struct fk *fk;
	struct irqm_snapshot *s;
};

/* The standard machine on the kernel of that name; nothing is read yet. */
void setup(struct box *b, const char *generation);
void reread(struct box *b);
void teardown(struct box *b);

/* Index of an IRQ in the machine; aborts if it has none. */
unsigned int at(const struct box *b, unsigned int irq);
/* The IRQ that was read; fails the test if there is none. */
const struct irqm_irq *irq_of(const struct box *b, unsigned int irq);
/* Is there an entry in unread[] with these words? */
bool noted(const struct box *b, const char *what, enum irqm_why why);
/* Everything that is known is true all the same. */
void assert_true_else(struct box *b);

/* The pointer at an address, as a list_head's next. */
uint64_t next_of(const struct box *b, uint64_t node);
/* Overwrites a variable. */
void put32(struct box *b, const char *symbol, uint32_t value);

#endif
