/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An ELF dump: /proc/vmcore copied, makedumpfile -E, QEMU's
 * dump-guest-memory. Private to lib/target.
 *
 * Not by libkdumpfile, which reads zeros where such a file is cut short, and
 * where makedumpfile left pages out (p_filesz < p_memsz).
 */
#ifndef IRQM_TARGET_ELFCORE_H
#define IRQM_TARGET_ELFCORE_H

#include "target/input/input.h"

/*
 * Notes of this name are a distilled dump's own; they have a type and nothing
 * else.
 */
#define IRQM_NOTE_NAME "irqmatrix"
enum { IRQM_NOTE_LOG_LEFT_OUT = 1 };

struct irqm_elfcore;

/*
 * 0, or -1 with err. The input is to outlive the core. *ret is NULL, and 0
 * returned, if there are no segments of memory in it, as with Xen's.
 */
int irqm_elfcore_open(const struct irqm_input *in, struct irqm_elfcore **ret,
		      struct irqm_error *err);
void irqm_elfcore_close(struct irqm_elfcore *e); /* NULL is fine */

/* For irqm_pages.read and .stored; ctx is the core. */
enum irqm_why irqm_elfcore_read(void *ctx, uint64_t paddr, void *buf,
				size_t len);
enum irqm_why irqm_elfcore_stored(void *ctx, uint64_t paddr,
				  const void **ret_data, size_t *ret_size,
				  uint32_t *ret_packing);

/* Is there a note IRQM_NOTE_LOG_LEFT_OUT? */
bool irqm_elfcore_log_left_out(const struct irqm_elfcore *e);
/* Owned by the core; NULL if there is none. */
const char *irqm_elfcore_vmcoreinfo(const struct irqm_elfcore *e);

#endif
