/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Findings are the last of the analyses. Helpers with which a rule adds a
 * finding and builds its text. Private to lib/analysis/findings; struct irqm_finding
 * itself is in analysis/analysis.h.
 *
 * A text is one line of one or more sentences, without a full stop at the
 * end: first the fact, then the numbers, then the evidence in brackets.
 */
#ifndef IRQM_FINDINGS_FINDING_H
#define IRQM_FINDINGS_FINDING_H

#include "analysis/internal.h"

#include <string.h>

/* The text of a finding while it is built. It is cut if it does not fit. */
struct irqm_text {
	char s[1024];
	size_t used;
	struct {
		size_t begin, end; /* in s */
	} commands[IRQM_MAX_COMMANDS];
	unsigned int nr_commands;
};

/* A text names at most this many CPUs, IRQs or devices; data has them all. */
#define IRQM_MAX_NAMED 4

/* Binds a PCI device to its driver again. tee writes to the files one after the
 * other. For the device's name and the driver's. */
#define IRQM_BIND_AGAIN "echo %s | tee /sys/bus/pci/drivers/%s/{unbind,bind}"

__attribute__((format(printf, 2, 3))) void irqm_text_add(struct irqm_text *t,
							 const char *fmt, ...);
/* Adds a command to be typed, which the renderers put on a line of its own. */
__attribute__((format(printf, 2, 3))) void
irqm_text_command(struct irqm_text *t, const char *fmt, ...);
/* Adds "CPU 3" or "CPUs 0-3,5"; the start of a long list, then "...". */
void irqm_text_cpus(struct irqm_text *t, const struct irqm_bits *cpus);
/* Adds "IRQ 24 (eth0-rx-0), 25 (eth0-rx-1) and 3 more". */
void irqm_text_irqs(struct irqm_text *t, const struct irqm_snapshot *s,
		    const struct irqm_bits *irqs);
/* Adds the same with pending affinities: "IRQ 24 (eth0-rx-0) to CPUs 0-1". */
void irqm_text_moves(struct irqm_text *t, const struct irqm_snapshot *s,
		     const struct irqm_bits *irqs);
/* Adds " (12.5%)", or nothing if part or whole is unknown. */
void irqm_text_share(struct irqm_text *t, irqm_num part, irqm_num whole);

/* Adds "All 4 online CPUs are" or "The only online CPU is". */
void irqm_text_all_online(struct irqm_text *t, unsigned int nr);
/* What people call the device, "vda" or "eno1": the last consumer that is a disk
 * or a network interface, else the first; NULL if it has none. */
const char *irqm_device_consumer(const struct irqm_device *d);
/* Adds "0000:04:00.0 (nvme1)". */
void irqm_text_device(struct irqm_text *t, const struct irqm_device *d);
/* Adds "160 virtio_blk devices" or "1 i40e device (eno1)". Driver and number
 * must be known. */
void irqm_text_devices(const struct irqm_analysis *a,
		       const struct irqm_driver_cost *d, struct irqm_text *t);

/* Adds "160 virtio_blk devices hold 597 of 603 (99.0%)": who holds most of the
 * vectors of these CPUs. Returns false, and adds nothing, if that is unknown. */
bool irqm_text_holder(const struct irqm_analysis *a,
		      const struct irqm_bits *cpus, struct irqm_text *t);

/* Whether it is like "0000:00:04.0"; the domain may have more digits. */
bool irqm_is_pci_address(const char *name);

/* Returns true if part is at least percent of whole. Both must be known. */
static inline bool irqm_at_least(irqm_num part, unsigned int percent,
				 irqm_num whole)
{
	return 100.0L * part >= (long double)percent * whole;
}

/*
 * Whether an unsigned int counter of the kernel was decremented below 0, as in
 * 5.11 and its stable kernels when the firmware routes a pin to IRQ 2
 * (a501b048a95b, "x86/ioapic: Ignore IRQ2 again", 5.12).
 */
static inline bool irqm_underflowed(irqm_num counter)
{
	return counter > INT32_MAX && counter <= UINT32_MAX;
}
#define IRQM_UNDERFLOW_FIX "fixed by a501b048a95b in 5.12 and stable kernels"

/* Whether an online CPU is out of vectors, or was, by the findings of the log,
 * which come first. */
bool irqm_was_short(const struct irqm_analysis *a);

/* Adds a finding after those of the same or a higher severity. Returns it,
 * valid until the next one is added, or NULL if out of memory. */
struct irqm_finding *irqm_finding_add(struct irqm_analysis *a,
				      enum irqm_finding_name name,
				      enum irqm_severity severity,
				      const struct irqm_text *t);

/* Add to the data of the finding. key, string and set must live as long as the
 * analysis, for example in its arena. */
void irqm_finding_num(struct irqm_finding *f, const char *key, irqm_num num);
void irqm_finding_string(struct irqm_finding *f, const char *key,
			 const char *string);
void irqm_finding_set(struct irqm_finding *f, const char *key,
		      struct irqm_bits set);

/* Return an empty set for CPUs or IRQs; unknown if out of memory. */
struct irqm_bits irqm_cpu_set(const struct irqm_analysis *a);
struct irqm_bits irqm_irq_set(const struct irqm_analysis *a);

/*
 * Returns the severity of a finding that compares two records: on a live
 * system it is only info, because they were not read at the same moment.
 */
static inline enum irqm_severity irqm_if_still(const struct irqm_analysis *a,
					       enum irqm_severity severity)
{
	return a->snapshot->dump.live ? IRQM_INFO : severity;
}

/* The finding of that kind, or NULL. */
static inline const struct irqm_finding *
irqm_find_kind(const struct irqm_analysis *a, enum irqm_finding_name name)
{
	unsigned int i;

	for (i = 0; i < a->nr_findings; i++)
		if (a->findings[i].kind == &irqm_finding_kinds[name])
			return &a->findings[i];
	return NULL;
}

/* That number, name or set of the finding, or NULL. */
static inline const struct irqm_datum *
irqm_find_datum(const struct irqm_finding *f, const char *key)
{
	unsigned int i;

	for (i = 0; i < f->nr_data; i++)
		if (strcmp(f->data[i].key, key) == 0)
			return &f->data[i];
	return NULL;
}

/* The online CPUs without a free vector, by the counter as the kernel decides;
 * unknown if out of memory. */
static inline struct irqm_bits irqm_full_cpus(const struct irqm_analysis *a)
{
	const struct irqm_snapshot *s = a->snapshot;
	struct irqm_bits full = irqm_cpu_set(a);
	unsigned int i;

	for (i = 0; i < s->nr_cpus; i++)
		if (s->cpus[i].online == 1 && s->cpus[i].available == 0)
			irqm_bits_set(&full, s->cpus[i].cpu);
	return full;
}

/* A rule adds its findings, if any. Returns false if out of memory. */
typedef bool irqm_rule(struct irqm_analysis *a);
irqm_rule irqm_find_msi_message_stale;
irqm_rule irqm_find_remapping_bypassed, irqm_find_remap_table_full,
	irqm_find_fewer_queues;
irqm_rule irqm_find_log, irqm_find_cleanup_stuck, irqm_find_legacy_fallback;
irqm_rule irqm_find_vectors_exhausted, irqm_find_vectors_low,
	irqm_find_managed_idle, irqm_find_managed_absent,
	irqm_find_managed_shutdown, irqm_find_cpu_offline_blocked,
	irqm_find_suspend_blocked, irqm_find_affinity_pending,
	irqm_find_affinity_offline, irqm_find_affinity_broken,
	irqm_find_vector_leak, irqm_find_vector_irq_mismatch,
	irqm_find_counter_drift, irqm_find_unread_pages;

#endif
