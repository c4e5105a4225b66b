/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A dump read by libkdumpfile, for what the library does not read itself.
 * Private to lib/target.
 *
 * It is loaded when one is opened: it brings libstdc++, and all that together
 * takes longer to link than a known kernel's dump to read.
 */
#ifndef IRQM_TARGET_KDUMPFILE_H
#define IRQM_TARGET_KDUMPFILE_H

#include "target/input/input.h"

struct irqm_kdumpfile;

/* 0, or -1 with err (may be NULL). The inputs are to outlive it. */
int irqm_kdumpfile_open(const struct irqm_input in[], unsigned int nr,
			struct irqm_kdumpfile **ret, struct irqm_error *err);
void irqm_kdumpfile_close(struct irqm_kdumpfile *k); /* NULL is fine */

/* For irqm_pages.read; ctx is the dump. */
enum irqm_why irqm_kdumpfile_read(void *ctx, uint64_t paddr, void *buf,
				  size_t len);

/* Owned by the dump; NULL if there is none. */
const char *irqm_kdumpfile_vmcoreinfo(struct irqm_kdumpfile *k);
const char *irqm_kdumpfile_format(struct irqm_kdumpfile *k); /* or "unknown" */

#endif
