/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernel computes each level from another one: hw_irq_cfg from
 * apic_chip_data's vector and CPU; from that the remapping entry, or the MSI
 * message or the IO-APIC's entry. With remapping, the latter two have the index
 * of the remapping entry instead. So each level is compared with the one that
 * it was computed from, and a mistake is reported once, at the level where it
 * is.
 */
#include "analysis/wiring.h"
#include "analysis/internal.h"

#include <string.h>

struct check {
	const struct irqm_snapshot *s;
	const struct irqm_irq *irq;
	struct irqm_wiring *w;
	const char *normal; /* applies to everything that is found */
	/* which level says what vector and destination should be */
	enum irqm_wire by;
	irqm_num vector, destination;
};

const char *irqm_wire_fact_name(enum irqm_wire_fact fact)
{
	static const char *const names[] = {
		[IRQM_FACT_VECTOR] = "vector",
		[IRQM_FACT_CPU] = "cpu",
		[IRQM_FACT_DESTINATION] = "destination",
		[IRQM_FACT_HANDLE] = "handle",
		[IRQM_FACT_PRESENT] = "present",
		[IRQM_FACT_IRQ] = "irq",
	};

	return names[fact];
}

const char *irqm_wire_name(enum irqm_wire wire)
{
	static const char *const names[IRQM_NR_WIRES] = {
		[IRQM_WIRE_APIC] = "apic_chip_data",
		[IRQM_WIRE_HW_CFG] = "hw_irq_cfg",
		[IRQM_WIRE_EFFECTIVE] = "effective_affinity",
		[IRQM_WIRE_VECTOR_IRQ] = "vector_irq",
		[IRQM_WIRE_REMAP] = "irte_entry",
		[IRQM_WIRE_TABLE] = "ir_table",
		[IRQM_WIRE_IOAPIC] = "ioapic_entry",
		[IRQM_WIRE_MESSAGE] = "msi_msg",
	};

	return names[wire];
}

irqm_num irqm_cpu_destination(const struct irqm_snapshot *s, unsigned int cpu)
{
	const struct irqm_cpu *c = irqm_find_cpu(s, cpu);

	if (!c)
		return IRQM_UNKNOWN;
	switch (s->dump.apic.dest) {
	case IRQM_DEST_PHYSICAL:
		return c->apicid;
	case IRQM_DEST_FLAT:
		return cpu < 8 ? 1 << cpu : IRQM_UNKNOWN;
	case IRQM_DEST_CLUSTER:
		return c->logical_apicid;
	case IRQM_DEST_UNKNOWN:
		break;
	}
	return IRQM_UNKNOWN;
}

/* Returns the number to which a CPU responds in this mode. */
static irqm_num answers_to(const struct irqm_snapshot *s,
			   const struct irqm_cpu *c, bool logical)
{
	if (!logical)
		return c->apicid;
	if (s->dump.apic.dest == IRQM_DEST_PHYSICAL)
		return IRQM_UNKNOWN;
	return irqm_cpu_destination(s, c->cpu);
}

irqm_num irqm_destination_cpu(const struct irqm_snapshot *s, irqm_num dest,
			      bool logical)
{
	irqm_num cpu = IRQM_UNKNOWN;
	unsigned int i;

	if (dest == IRQM_UNKNOWN)
		return IRQM_UNKNOWN;
	for (i = 0; i < s->nr_cpus; i++) {
		if (answers_to(s, &s->cpus[i], logical) != dest)
			continue;
		if (cpu != IRQM_UNKNOWN)
			return IRQM_UNKNOWN;
		cpu = s->cpus[i].cpu;
	}
	return cpu;
}

static unsigned int get_bits(uint64_t value, unsigned int low,
			     unsigned int width)
{
	return value >> low & ((1ULL << width) - 1);
}

enum iommu {
	NONE,
	INTEL,
	AMD,
	UNKNOWN,
};

static bool has_chip(const struct irqm_irq *irq, const char *begin)
{
	unsigned int i;

	for (i = 0; i < irq->nr_levels; i++) {
		if (irq->chain[i].chip &&
		    strncmp(irq->chain[i].chip, begin, strlen(begin)) == 0)
			return true;
	}
	return false;
}

static bool lacks_chip(const struct irqm_irq *irq)
{
	unsigned int i;

	for (i = 0; i < irq->nr_levels; i++) {
		if (!irq->chain[i].chip)
			return true;
	}
	return irq->chain_cut;
}

/* Returns whose format the IO-APIC's entry has. Intel's has a bit for it. AMD's
 * looks like a plain entry, so the chips of the chain decide. */
static enum iommu ioapic_iommu(const struct irqm_irq *irq)
{
	if (has_chip(irq, "AMD-IR") || (irq->remap && irq->remap->amd))
		return AMD;
	if (get_bits(irq->ioapic->entry, 48, 1))
		return INTEL;
	/* Hyper-V's entries are plain, but below HYPERV-IR */
	return has_chip(irq, "IR-IO-APIC") && lacks_chip(irq) ? UNKNOWN : NONE;
}

/* By the IO-APIC's specification, with VT-d's format if bit 48 is set.
 * Destination bits 14..8 are used only by some hypervisors, otherwise 0. */
void irqm_ioapic_decode(const struct irqm_irq *irq,
			struct irqm_ioapic_fields *f)
{
	uint64_t e = irq->ioapic->entry;

	*f = (struct irqm_ioapic_fields){
		.vector = get_bits(e, 0, 8),
		.delivery_mode = get_bits(e, 8, 3),
		.active_low = get_bits(e, 13, 1),
		.level = get_bits(e, 15, 1),
		.masked = get_bits(e, 16, 1),
	};
	switch (ioapic_iommu(irq)) {
	case AMD:
		f->remapped = true;
		f->handle = get_bits(e, 0, 11);
		break;
	case INTEL:
		f->remapped = true;
		f->handle = get_bits(e, 49, 15) | get_bits(e, 11, 1) << 15;
		break;
	case NONE:
		f->logical = get_bits(e, 11, 1);
		f->destination = get_bits(e, 56, 8) | get_bits(e, 49, 7) << 8;
		break;
	case UNKNOWN:
		f->unknown = true;
		break;
	}
}

/* Returns true between irq_set_affinity() and the write to the hardware. */
static bool is_previous(const struct check *c, enum irqm_wire_fact fact,
			irqm_num found)
{
	const struct irqm_apic *apic = c->irq->apic;

	if (!apic->move_in_progress || !apic->prev_vector)
		return false;
	if (fact == IRQM_FACT_VECTOR)
		return found == apic->prev_vector;
	return fact == IRQM_FACT_DESTINATION &&
	       found == irqm_cpu_destination(c->s, apic->prev_cpu);
}

static void add_disagreement(struct check *c, enum irqm_wire by,
			     enum irqm_wire level, enum irqm_wire_fact fact,
			     irqm_num expected, irqm_num found)
{
	struct irqm_wiring *w = c->w;
	const char *normal = c->normal;

	if (w->nr == IRQM_MAX_DISAGREEMENTS)
		return;
	if (!normal && is_previous(c, fact, found))
		normal = "being moved";
	if (!normal)
		w->faults++;
	w->d[w->nr++] = (struct irqm_disagreement){
		.by = by,
		.level = level,
		.fact = fact,
		.expected = expected,
		.found = found,
		.normal = normal,
	};
}

static void compare_fact(struct check *c, enum irqm_wire level,
			 enum irqm_wire_fact fact, irqm_num expected,
			 irqm_num found)
{
	if (irqm_differ(expected, found))
		add_disagreement(c, c->by, level, fact, expected, found);
}

static void compare_both(struct check *c, enum irqm_wire level, irqm_num vector,
			 irqm_num destination)
{
	compare_fact(c, level, IRQM_FACT_VECTOR, c->vector, vector);
	compare_fact(c, level, IRQM_FACT_DESTINATION, c->destination,
		     destination);
}

static void compare_handle(struct check *c, enum irqm_wire level,
			   unsigned int handle)
{
	const struct irqm_remap *remap = c->irq->remap;

	if (handle != remap->index)
		add_disagreement(c, IRQM_WIRE_REMAP, level, IRQM_FACT_HANDLE,
				 remap->index, handle);
}

/* Compares the levels after this one with what was programmed here. */
static void go_on_from(struct check *c, enum irqm_wire by, irqm_num vector,
		       irqm_num destination)
{
	if (vector == IRQM_UNKNOWN)
		return;
	c->by = by;
	c->vector = vector;
	c->destination = destination;
}

/* apic_update_irq_cfg() computes hw_irq_cfg and the mask from vector and
 * CPU. */
static void check_allocator(struct check *c)
{
	const struct irqm_apic *apic = c->irq->apic;
	const struct irqm_bits *effective = &c->irq->effective_affinity;
	unsigned int first;

	compare_both(c, IRQM_WIRE_HW_CFG, apic->hw_vector,
		     apic->hw_dest_apicid);
	/* an empty mask means that the kernel does not record it */
	first = irqm_bits_next(effective, 0);
	if (irqm_bits_known(effective) && first < effective->nbits &&
	    (!irqm_bits_test(effective, apic->cpu) ||
	     irqm_bits_weight(effective) != 1))
		compare_fact(c, IRQM_WIRE_EFFECTIVE, IRQM_FACT_CPU, apic->cpu,
			     first == apic->cpu ?
				     irqm_bits_next(effective, first + 1) :
				     first);
}

static void check_vector_irq(struct check *c)
{
	const struct irqm_apic *apic = c->irq->apic;
	const struct irqm_cpu *cpu = irqm_find_cpu(c->s, apic->cpu);
	const struct irqm_vector_irq *v;

	if (!cpu || !cpu->vector_irq || apic->vector >= IRQM_NR_VECTORS)
		return;
	v = &cpu->vector_irq[apic->vector];
	if (v->slot == IRQM_SLOT_UNKNOWN ||
	    (v->slot == IRQM_SLOT_IRQ && v->irq == c->irq->irq))
		return;
	add_disagreement(c, IRQM_WIRE_APIC, IRQM_WIRE_VECTOR_IRQ, IRQM_FACT_IRQ,
			 c->irq->irq,
			 v->slot == IRQM_SLOT_IRQ ? v->irq : IRQM_UNKNOWN);
}

static void check_irte(struct check *c, enum irqm_wire level,
		       const struct irqm_irte *e)
{
	if (!e->known)
		return;
	compare_fact(c, level, IRQM_FACT_PRESENT, 1, e->present);
	if (!e->present || e->posted)
		return;
	compare_both(c, level, e->vector, e->destination);
	go_on_from(c, level, e->vector, e->destination);
}

static void check_ioapic(struct check *c)
{
	const struct irqm_remap *remap = c->irq->remap;
	struct irqm_ioapic_fields f;

	irqm_ioapic_decode(c->irq, &f);
	if (f.unknown)
		return;
	if (f.remapped && remap)
		compare_handle(c, IRQM_WIRE_IOAPIC, f.handle);
	else if (!f.remapped && !remap)
		compare_both(c, IRQM_WIRE_IOAPIC, f.vector, f.destination);
}

/* Only for PCI does the code that writes the message keep it in msi_desc. */
static bool is_pci_message(const struct irqm_irq *irq)
{
	return irq->msi && irq->msi->has_msg && irq->nr_levels &&
	       irq->chain[0].chip && strstr(irq->chain[0].chip, "PCI-MSI");
}

static void check_message(struct check *c)
{
	const struct irqm_remap *remap = c->irq->remap;
	struct irqm_msi_fields f;
	bool direct = c->irq->nr_levels > 1 && c->irq->chain[1].vector_domain;

	irqm_msi_decode(c->irq, &f);
	if (f.empty && direct)
		compare_fact(c, IRQM_WIRE_MESSAGE, IRQM_FACT_VECTOR, c->vector,
			     0);
	else if (f.empty && remap)
		compare_fact(c, IRQM_WIRE_MESSAGE, IRQM_FACT_PRESENT, 1, 0);
	else if (!f.local_apic || f.foreign || f.unknown || f.vmd)
		return;
	else if (f.remapped && remap)
		compare_handle(c, IRQM_WIRE_MESSAGE, f.handle);
	else if (!f.remapped && direct)
		compare_both(c, IRQM_WIRE_MESSAGE, f.vector, f.destination);
}

/*
 * Before an interrupt is activated, the hardware need not agree: messages
 * contain 0 or MANAGED_IRQ_SHUTDOWN_VECTOR, and remapping entries are cleared
 * while their copies are not.
 */
static const char *why_normal(const struct irqm_irq *irq)
{
	if (irqm_has_state(irq, "IRQD_MANAGED_SHUTDOWN"))
		return "shut down";
	if (irq->state == IRQM_UNKNOWN || irq->nr_state_flags == 0)
		return "state unknown";
	if (!irqm_has_state(irq, "IRQD_ACTIVATED"))
		return "not activated";
	return NULL;
}

void irqm_check_wiring(const struct irqm_snapshot *s,
		       const struct irqm_irq *irq, struct irqm_wiring *w)
{
	struct check c = {
		.s = s,
		.irq = irq,
		.w = w,
		.by = IRQM_WIRE_APIC,
		.normal = why_normal(irq),
	};

	w->nr = w->faults = 0;
	if (!irq->apic || !irq->apic->vector)
		return;
	c.vector = irq->apic->vector;
	c.destination = irqm_cpu_destination(s, irq->apic->cpu);
	check_allocator(&c);
	check_vector_irq(&c);
	go_on_from(&c, IRQM_WIRE_HW_CFG, irq->apic->hw_vector,
		   irq->apic->hw_dest_apicid);
	if (irq->remap) {
		check_irte(&c, IRQM_WIRE_REMAP, &irq->remap->entry);
		check_irte(&c, IRQM_WIRE_TABLE, &irq->remap->table);
	}
	if (irq->ioapic)
		check_ioapic(&c);
	if (is_pci_message(irq))
		check_message(&c);
}

/* Returns whether a CPU of the mask is online. */
static irqm_num any_online(const struct irqm_snapshot *s,
			   const struct irqm_bits *mask)
{
	irqm_num any = 0;
	unsigned int i;

	if (!irqm_bits_known(mask) || !s->nr_cpus)
		return IRQM_UNKNOWN;
	for (i = 0; i < s->nr_cpus; i++) {
		if (!irqm_bits_test(mask, s->cpus[i].cpu))
			continue;
		if (s->cpus[i].online == 1)
			return 1;
		if (s->cpus[i].online == IRQM_UNKNOWN)
			any = IRQM_UNKNOWN;
	}
	return any;
}

enum irqm_pending irqm_pending_when(const struct irqm_snapshot *s,
				    const struct irqm_irq *irq)
{
	const struct irqm_apic *apic = irq->apic;
	irqm_num any = any_online(s, &irq->pending_mask);

	if (any == 0)
		return IRQM_PENDING_DROPPED;
	if (any == IRQM_UNKNOWN || irqm_has_apic(irq) == IRQM_UNKNOWN)
		return IRQM_PENDING_UNKNOWN;
	if (irq->nr_state_flags && !irqm_has_state(irq, "IRQD_IRQ_STARTED"))
		return IRQM_PENDING_START;
	if (irqm_has_state(irq, "IRQD_IRQ_DISABLED"))
		return IRQM_PENDING_ENABLED;
	/* assign_vector_locked() returns -EBUSY, unless the vector may stay */
	if (apic && (apic->move_in_progress || apic->cleanup_pending == 1) &&
	    !irqm_bits_test(&irq->pending_mask, apic->cpu))
		return IRQM_PENDING_MOVE;
	return IRQM_PENDING_NEXT;
}
