/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A snapshot of a machine that is only described, for plans without a dump. */
#ifndef IRQM_PLAN_DESCRIBED_H
#define IRQM_PLAN_DESCRIBED_H

#include "machine/machine.h"
#include "plan/profile.h"

/*
 * Makes the snapshot: CPUs and their places, interrupts, devices, and the
 * matrix as it follows from them. A machine without a line "irq" gets the
 * interrupts of a PC: timer, keyboard, serial line, clock, ACPI and mouse are
 * requested, the other legacy lines reserved. Facts that no plan uses stay
 * unknown.
 *
 * m and the profile must outlive the result. Free it with irqm_snapshot_free().
 * Returns NULL with err: two interrupts have the same vector, a CPU has no
 * vector left, out of memory.
 */
struct irqm_snapshot *irqm_describe(const struct irqm_machine *m,
				    const struct irqm_profile *profile,
				    struct irqm_error *err);

/* Makes the snapshot by the release of the machine's kernel. If there are two
 * profiles, the result is the machine with the older kernel, and its member
 * other that with the newer one. Returns NULL with err, also if there is no
 * profile. */
struct irqm_snapshot *irqm_describe_machine(const struct irqm_machine *m,
					    struct irqm_error *err);

#endif
