/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a vmlinux, or a separate debug file, teaches: see learned.h. */
#ifndef IRQM_TARGET_LEARN_H
#define IRQM_TARGET_LEARN_H

#include "target/learned/learned.h"

/*
 * Fills k from an ELF file that is open and not packed; fd stays the caller's.
 * k->time and k->from are left to the caller. 0, or -1 with err.
 */
int irqm_vmlinux_learn(int fd, struct irqm_learned *k, struct irqm_error *err);

#endif
