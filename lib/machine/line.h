/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of a machine's text. irqmatrix-machine(5) describes them all. */
#ifndef IRQM_MACHINE_LINE_H
#define IRQM_MACHINE_LINE_H

#include "machine/words.h"

/*
 * Keys of lines about the file of a dump and what a kernel keeps in it, not
 * about the machine: tests/mkdump takes them, everything else ignores them.
 * NULL ends them.
 */
extern const char *const irqm_machine_dump_keys[];

/* Who takes the lines with these keys. Each takes all words of its line. */
struct irqm_machine_other {
	void (*line)(void *ctx, struct irqm_words *w, const char *key);
	void *ctx;
};

/* Takes all words of a line that has some. other may be NULL. */
void irqm_machine_line(struct irqm_words *w,
		       const struct irqm_machine_other *other);

#endif
