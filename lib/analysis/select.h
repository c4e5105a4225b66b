/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Selects IRQs by the arguments of aff and irqaff:
 *
 *	31  24-31,40            numbers, lists, ranges
 *	0000:00:05.0  00:05.0   a device; PCI domain 0 may be left out
 *	virtio3-req.0  nvme0q*  an action, or a shell pattern
 *	vda  nvme0  eth0        a consumer of a device
 */
#ifndef IRQM_SELECT_H
#define IRQM_SELECT_H

#include "base/nearest.h"
#include "snapshot/snapshot.h"

/* Indexes in snapshot->irqs in the order of the arguments, each once. */
struct irqm_selection {
	unsigned int *indexes;
	unsigned int nr;
	bool *chosen; /* by index */
};

/* Returns 0, or -1 if out of memory. */
int irqm_selection_init(struct irqm_selection *sel,
			const struct irqm_snapshot *s);
void irqm_selection_deinit(struct irqm_selection *sel);

/* Adds the IRQs that arg selects. Returns 0, or -1 with err if one does not
 * exist; adds the others of a list nevertheless. */
int irqm_select(struct irqm_selection *sel, const struct irqm_snapshot *s,
		const char *arg, struct irqm_error *err);

/*
 * Adds all IRQs of the devices that arg selects, or whose IRQs it selects. IRQs
 * without a device are not added. Returns -1 also if there is no device.
 */
int irqm_select_devices(struct irqm_selection *sel,
			const struct irqm_snapshot *s, const char *arg,
			struct irqm_error *err);

/* Returns true if the pattern matches the name of the device or of one of its
 * consumers. */
bool irqm_device_matches(const struct irqm_device *d, const char *pattern);
/* Offers these names as what a misspelled one may mean. */
void irqm_device_offer(const struct irqm_device *d, struct irqm_nearest *n);

#endif
