/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the remedies of findings share. Private to remedy.c and remedy_log.c. */
#ifndef IRQM_FINDINGS_REMEDY_H
#define IRQM_FINDINGS_REMEDY_H

#include "analysis/findings/finding.h"

#include <string.h>

static inline irqm_num num_of(const struct irqm_finding *f, const char *key)
{
	const struct irqm_datum *d = irqm_find_datum(f, key);

	return d ? d->num : IRQM_UNKNOWN;
}

static inline const struct irqm_irq *irq_of(const struct irqm_analysis *a,
					    irqm_num irq)
{
	return irq < 0 || irq > UINT32_MAX ? NULL :
					     irqm_find_irq(a->snapshot, irq);
}

/* Adds " (in crash: irqaff 24): irqmatrix aff VMCORE 24", to what it shows. */
void irqm_remedy_show_irq(struct irqm_text *t, irqm_num irq);

/* A name that is safe in a command; others are not put into one. */
static inline bool is_plain(const char *name)
{
	return name && *name &&
	       !name[strspn(name, "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "0123456789_.:-")];
}

/* Adds what to do, if anything is known. */
typedef void irqm_remedy(const struct irqm_analysis *a,
			 const struct irqm_finding *f, struct irqm_text *t);

/* Adds "Free 5 vectors, one of them on every CPU": what one more device of the
 * driver needs, each of several. */
void irqm_remedy_say_room(const struct irqm_analysis *a, const char *driver,
			  bool several, struct irqm_text *t);

/* Of findings about devices. */
irqm_remedy irqm_remedy_bind_again;
/* Of findings of the log about devices. */
irqm_remedy irqm_remedy_probe_again, irqm_remedy_request_again,
	irqm_remedy_fewer_entries, irqm_remedy_send_again,
	irqm_remedy_ask_hypervisor, irqm_remedy_examine_disabled,
	irqm_remedy_read_trace, irqm_remedy_who_owns_irq,
	irqm_remedy_remap_again, irqm_remedy_fewer_interrupts,
	irqm_remedy_more_queues;

#endif
