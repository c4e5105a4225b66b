/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A guest as libvirt describes it (`virsh dumpxml`): its CPUs, and its devices
 * as steps of a plan. Devices that the XML does not list, and what an override
 * of QEMU's options changes, are not known.
 */
#ifndef IRQM_TOOL_LIBVIRT_H
#define IRQM_TOOL_LIBVIRT_H

#include "machine/keys.h"
#include "plan/plan.h"

/* Bytes of a domain's XML. */
#define IRQM_LIBVIRT_MAX (10U << 20)
/* Kinds of devices. */
#define IRQM_LIBVIRT_KINDS 48

struct irqm_libvirt {
	struct irqm_plan_wish wishes[IRQM_LIBVIRT_KINDS];
	unsigned int nr;
	/* devices that are passed through: nothing says what they take */
	unsigned int passed_through;
	/* the node of each possible CPU, -1: not said; NULL without cells */
	int *nodes;
};

/* Loads libxml2 at run time: with ICU it is four times the size of the rest,
 * which a crash kernel has no room for. Call it before the sandbox, which allows
 * no loading. Returns 0, or -1 with err. */
int irqm_libvirt_load(struct irqm_error *err);

/*
 * Reads the XML, after irqm_libvirt_load(): no entity, no other file and no
 * network. Sets k's CPUs, their topology and the IOMMU. Strings are in k's
 * arena. Returns 0, or -1 with err.
 */
int irqm_libvirt_read(const char *name, const char *text, size_t len,
		      struct irqm_machine_keys *k, struct irqm_libvirt *ret,
		      struct irqm_error *err);

/* Puts the CPUs of the machine on the domain's nodes. */
void irqm_libvirt_place(const struct irqm_libvirt *l, struct irqm_machine *m);

#endif
