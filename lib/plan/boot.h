/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The dump's machine booted with fewer CPUs (nr_cpus=), as a crash kernel is:
 * the matrix is empty again, the interrupts that are not a device's get their
 * vectors, then the devices are probed.
 */
#ifndef IRQM_PLAN_BOOT_H
#define IRQM_PLAN_BOOT_H

#include "plan/machine.h"
#include "plan/plan.h"

/* Devices of the dump of one driver, with equally many vectors of each kind. */
struct irqm_plan_group {
	struct irqm_plan_step step; /* that would add them: count of them */
	struct irqm_bits devices;   /* by index in the snapshot */
};

/*
 * Groups the devices, in the order of their first interrupts, without those for
 * which removed[] is true; removed may be NULL. *ret is in the snapshot's arena.
 * Returns 0, or -1 with err.
 */
int irqm_plan_group_devices(struct irqm_snapshot *s, const bool *removed,
			    struct irqm_plan_group **ret, unsigned int *ret_nr,
			    struct irqm_error *err);

/*
 * Adds an IRQM_PLAN_ADD step for each kind of device in the dump, driver by
 * driver in the order of their first interrupts, because a driver probes all
 * its devices when it is loaded. r->nr_cpus is set. Leaves out devices that an
 * earlier step removes. Returns 0, or -1 with err.
 */
int irqm_plan_ask_devices(struct irqm_plan_request *r, struct irqm_snapshot *s,
			  struct irqm_error *err);

/* Returns true if devices of both steps ask for the same vectors, and have the
 * same driver. */
bool irqm_plan_steps_alike(const struct irqm_plan_step *a,
			   const struct irqm_plan_step *b);

/* Changes a step to what its driver asks for with nr possible CPUs. */
void irqm_plan_fit_to_cpus(struct irqm_plan_step *step,
			   const struct irqm_snapshot *s, unsigned int nr);

/* Replaces m, whose snapshot is the dump's, by the machine with the first nr
 * CPUs of the dump, before its devices are probed. If nr is the number of all,
 * CPUs that are not present stay absent. Returns 0, or -1 with err.
 * *ret_full: an interrupt got no vector. */
int irqm_plan_boot(struct irqm_plan_machine *m, unsigned int nr, bool *ret_full,
		   struct irqm_error *err);

#endif
