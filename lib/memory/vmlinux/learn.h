/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Learns a kernel from a vmlinux or a separate debug file: see learned.h. */
#ifndef IRQM_MEMORY_LEARN_H
#define IRQM_MEMORY_LEARN_H

#include "memory/learned/learned.h"

/*
 * Fills k from an open, uncompressed ELF file, except for k->time and k->from,
 * which the caller sets. Does not close fd. Returns 0, or -1 with err.
 */
int irqm_vmlinux_learn(int fd, struct irqm_learned *k, struct irqm_error *err);

#endif
