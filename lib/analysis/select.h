/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which IRQs does the user mean? What irqaff takes as arguments:
 *
 *	31  24-31,40            numbers, lists, ranges
 *	0000:00:05.0  00:05.0   a device; PCI domain 0 may be left out
 *	virtio3-req.0  nvme0q*  an action, or a pattern as in a shell
 *	vda  nvme0  eth0        a consumer of a device
 */
#ifndef IRQM_SELECT_H
#define IRQM_SELECT_H

#include "snapshot/snapshot.h"

/* Indexes in snapshot->irqs in the order asked for, none of them twice. */
struct irqm_selection {
	unsigned int *indexes;
	unsigned int nr;
	bool *chosen;            /* by index */
};

/* 0, or -1 without memory. */
int irqm_selection_init(struct irqm_selection *sel,
			const struct irqm_snapshot *s);
void irqm_selection_free(struct irqm_selection *sel);

/*
 * Adds what arg means. 0, or -1 with err if there is no such IRQ; of a list
 * the others are added all the same.
 */
int irqm_select(struct irqm_selection *sel, const struct irqm_snapshot *s,
		const char *arg, struct irqm_error *err);

/*
 * The same, and all other IRQs of the devices of those that it chooses; of
 * those that have none, nothing. An error also if no device is found.
 */
int irqm_select_devices(struct irqm_selection *sel,
			const struct irqm_snapshot *s, const char *arg,
			struct irqm_error *err);

/* Is it the device's name, or a consumer's, or a pattern of one? */
bool irqm_device_matches(const struct irqm_device *d, const char *pattern);

#endif
