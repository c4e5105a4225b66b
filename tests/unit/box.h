/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A fake kernel in which a test spoils something, and what is then read of it:
 *
 *	box_setup(&b, "6.12");
 *	fk_put(b.fk, ..., WILD);
 *	box_reread(&b);
 *	assert_true(box_noted(&b, "msi_desc of IRQ 30", IRQM_INVALID));
 *	box_assert_rest_true(&b);
 *	box_teardown(&b);
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
void box_setup(struct box *b, const char *generation);
void box_reread(struct box *b);
void box_teardown(struct box *b);

/* Index of an IRQ in the machine; aborts if it has none. */
unsigned int box_irq_index(const struct box *b, unsigned int irq);
/* The IRQ that was read; fails the test if there is none. */
const struct irqm_irq *box_irq(const struct box *b, unsigned int irq);
/* Is there an entry in unread[] with these words? */
bool box_noted(const struct box *b, const char *what, enum irqm_why why);
/* Everything that is known is true all the same. */
void box_assert_rest_true(struct box *b);

/* The pointer at an address, as a list_head's next. */
uint64_t box_list_next(const struct box *b, uint64_t node);
/* Overwrites a variable. */
void box_put32(struct box *b, const char *symbol, uint32_t value);

#endif
