/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the descriptors: irq_desc, its chain of irq_data, its masks. */
#include "snapshot/ahead.h"
#include "snapshot/functions.h"
#include "snapshot/stages.h"
#include "snapshot/tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Limit: CPU_VECTOR_LIMIT (asm/irq_vectors.h), 64 for each of 8192 CPUs. */
#define MAX_IRQS (64U * 8192)
/* The deepest known chain has four levels. */
#define MAX_LEVELS 16

/* What the walk over the descriptors' tree collects. */
struct desc_list {
	struct {
		uint64_t irq, addr;
	} * d;
	size_t nr, size;
	bool no_memory;
};

static bool add_desc(void *ctx, uint64_t irq, uint64_t addr)
{
	struct desc_list *list = ctx;

	/* sorted, because irqm_find_irq() requires it */
	if (list->nr >= MAX_IRQS || irq >= MAX_IRQS ||
	    (list->nr && irq <= list->d[list->nr - 1].irq))
		return false;
	if (list->nr == list->size) {
		size_t size = list->size ? list->size * 2 : 256;
		void *d = realloc(list->d, size * sizeof(*list->d));

		if (!d) {
			list->no_memory = true;
			return false;
		}
		list->d = d;
		list->size = size;
	}
	list->d[list->nr].irq = irq;
	list->d[list->nr++].addr = addr;
	return true;
}

/* An array, if CONFIG_SPARSE_IRQ is off, which x86 selects. */
static bool list_array(struct reader *r, uint64_t addr, struct desc_list *list)
{
	uint64_t nr, irq;

	/* b99dc723b12e (7.2) renamed it */
	if (!irqm_reader_variable(r, "total_nr_irqs", &nr) &&
	    !irqm_reader_variable(r, "nr_irqs", &nr)) {
		irqm_reader_note(r, IRQM_INVALID, addr,
				 "irq_desc: number of descriptors");
		return false;
	}
	if (nr > MAX_IRQS) {
		irqm_reader_note(r, IRQM_INVALID, 0, "nr_irqs");
		return false;
	}
	for (irq = 0; irq < nr; irq++)
		if (!add_desc(list, irq, addr + irq * r->layout->irq_desc.size))
			return false;
	return true;
}

/*
 * The tree of descriptors: a maple tree since 721255b9826b ("genirq: Use a
 * maple tree for interrupt descriptor management", 6.5), an XArray under the
 * old name since 4.20 (and in RHEL 8's 4.18), before that a radix tree.
 */
static bool list_descs(struct reader *r, struct desc_list *list)
{
	enum reader_found found;
	uint64_t addr;

	if (irqm_reader_find(r, "irq_desc", &addr) == READER_FOUND)
		return list_array(r, addr, list);
	if (irqm_reader_find(r, "sparse_irqs", &addr) == READER_FOUND) {
		r->s->dump.generation.maple_tree = true;
		return irqm_walk_maple_tree(r, addr, "sparse_irqs", add_desc,
					    list);
	}
	found = irqm_reader_find(r, "irq_desc_tree", &addr);
	if (found != READER_FOUND) {
		irqm_reader_note(
			r, IRQM_INVALID, found == READER_UNREAD ? addr : 0,
			"interrupt descriptors: no symbol sparse_irqs, "
			"irq_desc_tree or irq_desc");
		return false;
	}
	if (r->layout->radix_tree_root.rnode.exists)
		return irqm_walk_radix_tree(r, addr, "irq_desc_tree", add_desc,
					    list);
	return irqm_walk_xarray(r, addr, "irq_desc_tree", add_desc, list);
}

/* hlist_unhashed(): pprev, the node's second pointer, is NULL. */
static irqm_num cleanup_pending(const char *copy,
				const struct irqm_member *clist)
{
	uint64_t pprev;

	if (!clist->exists || clist->size < 2 * sizeof(pprev))
		return IRQM_UNKNOWN;
	memcpy(&pprev, copy + clist->offset + sizeof(pprev), sizeof(pprev));
	return pprev != 0;
}

static void read_apic(struct reader *r, struct irqm_irq *irq, uint64_t addr)
{
	const struct irqm_layout *l = r->layout;
	char copy[READER_STRUCT_MAX];
	struct irqm_apic *a;

	if (!addr || !r->has_part[IRQM_PART_APIC])
		return;
	if (!irqm_reader_struct(r, copy, addr, l->apic_chip_data.size,
				"apic_chip_data of IRQ %u", irq->irq))
		return;
	a = irqm_reader_alloc(r, 1, sizeof(*a));
	if (!a)
		return;
	a->vector = irqm_get(copy, &l->apic_chip_data.vector);
	a->cpu = irqm_get(copy, &l->apic_chip_data.cpu);
	a->prev_vector = irqm_get(copy, &l->apic_chip_data.prev_vector);
	a->prev_cpu = irqm_get(copy, &l->apic_chip_data.prev_cpu);
	a->move_in_progress =
		irqm_get(copy, &l->apic_chip_data.move_in_progress);
	a->is_managed = irqm_get_num(copy, &l->apic_chip_data.is_managed);
	a->can_reserve = irqm_get(copy, &l->apic_chip_data.can_reserve);
	a->has_reserved = irqm_get(copy, &l->apic_chip_data.has_reserved);
	a->hw_vector = irqm_get_num(copy, &l->apic_chip_data.hw_vector);
	a->hw_dest_apicid =
		irqm_get_num(copy, &l->apic_chip_data.hw_dest_apicid);
	a->cleanup_pending = cleanup_pending(copy, &l->apic_chip_data.clist);
	irq->apic = a;
}

/*
 * chip_data belongs to the vector domain only if the level's domain is
 * x86_vector_domain; Xen, Hyper-V, VMD and others have domains of their own at
 * the end of the chain.
 */
static void read_level(struct reader *r, struct irqm_irq *irq, uint64_t addr,
		       const char *copy, struct irqm_level *level)
{
	const struct irqm_layout *l = r->layout;

	level->addr = addr;
	level->hwirq = irqm_get(copy, &l->irq_data.hwirq);
	level->domain_addr = irqm_get(copy, &l->irq_data.domain);
	level->chip_data = irqm_get(copy, &l->irq_data.chip_data);
	level->domain = irqm_reader_name_of(r, level->domain_addr,
					    l->irq_domain.size,
					    &l->irq_domain.name, "irq_domain");
	level->chip_addr = irqm_get(copy, &l->irq_data.chip);
	level->chip = irqm_reader_name_of(r, level->chip_addr, l->irq_chip.size,
					  &l->irq_chip.name, "irq_chip");
	/* without a chip, the failed read was recorded already */
	level->chip_flags = level->chip ?
				    irqm_read_chip_flags(r, level->chip_addr) :
				    IRQM_UNKNOWN;
	level->vector_domain = r->vector_domain &&
			       level->domain_addr == r->vector_domain;
	if (level->vector_domain) {
		irq->in_vector_domain = true;
		read_apic(r, irq, level->chip_data);
	} else {
		irqm_read_chip_data(r, irq, level);
	}
}

static void read_chain(struct reader *r, struct irqm_irq *irq, uint64_t addr,
		       const char *first)
{
	const struct irqm_layout *l = r->layout;
	struct irqm_level levels[MAX_LEVELS] = { 0 };
	char copy[READER_STRUCT_MAX];
	const char *data = first;
	unsigned int nr = 0;

	for (;;) {
		read_level(r, irq, addr, data, &levels[nr++]);
		addr = irqm_get(data, &l->irq_data.parent_data);
		if (!addr)
			break;
		if (nr == MAX_LEVELS) {
			irqm_reader_note(r, IRQM_INVALID, addr,
					 "irq_data of IRQ %u: too many levels",
					 irq->irq);
			irq->chain_cut = true;
			break;
		}
		data = irqm_reader_struct(r, copy, addr, l->irq_data.size,
					  "irq_data of IRQ %u, level %u",
					  irq->irq, nr);
		if (!data) {
			irq->chain_cut = true;
			break;
		}
	}
	irq->chain = irqm_reader_alloc(r, nr, sizeof(*irq->chain));
	if (!irq->chain)
		return;
	memcpy(irq->chain, levels, nr * sizeof(*levels));
	irq->nr_levels = nr;
}

/* IRQ_TYPE_* in include/linux/irq.h: the values in IRQD_TRIGGER_MASK. */
static const char *const trigger_names[] = {
	"IRQ_TYPE_EDGE_RISING",
	"IRQ_TYPE_EDGE_FALLING",
	"IRQ_TYPE_LEVEL_HIGH",
	"IRQ_TYPE_LEVEL_LOW",
};

static void name_state_flags(struct reader *r, struct irqm_irq *irq)
{
	const struct irqm_enum *e = &r->layout->irqd;
	const char *names[IRQM_MAX_ENUMERATORS + 4];
	unsigned int nr = 0, i;
	int64_t mask;

	if (!e->nr)
		return;
	if (irqm_enum_value(e, "IRQD_TRIGGER_MASK", &mask) && mask == 0xf)
		for (i = 0; i < 4; i++)
			if (irq->state >> i & 1)
				names[nr++] = trigger_names[i];
	for (i = 0; i < e->nr; i++) {
		int64_t value = (uint32_t)e->e[i].value;

		if (value & 0xf || !value || (value & (value - 1)))
			continue;
		if (irq->state & value)
			names[nr++] = irqm_reader_strdup(r, e->e[i].name);
	}
	irq->state_flags = irqm_reader_alloc(r, nr, sizeof(*irq->state_flags));
	if (!irq->state_flags)
		return;
	memcpy(irq->state_flags, names, nr * sizeof(*names));
	irq->nr_state_flags = nr;
}

static irqm_num state_bit(struct reader *r, const struct irqm_irq *irq,
			  const char *name)
{
	int64_t value;

	if (!irqm_enum_value(&r->layout->irqd, name, &value))
		return IRQM_UNKNOWN;
	return (irq->state & (uint32_t)value) != 0;
}

static void read_common(struct reader *r, struct irqm_irq *irq, uint64_t addr,
			const char *copy)
{
	const struct irqm_layout *l = r->layout;
	uint64_t msi_desc;
	char what[48];

	irq->state = irqm_get_num(copy, &l->irq_common_data.state);
	name_state_flags(r, irq);
	irq->managed = state_bit(r, irq, "IRQD_AFFINITY_MANAGED");
	irq->setaffinity_pending =
		state_bit(r, irq, "IRQD_SETAFFINITY_PENDING");
	if (l->irq_common_data.node.exists)
		irq->node = (int32_t)irqm_get(copy, &l->irq_common_data.node);
	else if (irqm_reader_without_numa(r))
		irq->node = 0; /* irq_common_data_get_node() */
	snprintf(what, sizeof(what), "affinity of IRQ %u", irq->irq);
	irq->affinity = irqm_reader_cpumask_var(
		r, addr, copy, &l->irq_common_data.affinity, what);
	snprintf(what, sizeof(what), "effective_affinity of IRQ %u", irq->irq);
	irq->effective_affinity = irqm_reader_cpumask_var(
		r, addr, copy, &l->irq_common_data.effective_affinity, what);
	msi_desc = irqm_get(copy, &l->irq_common_data.msi_desc);
	irq->device_unknown = !l->irq_common_data.msi_desc.exists ||
			      (msi_desc && !irqm_read_msi(r, irq, msi_desc));
}

/* Reads the driver's affinity hint, and who is notified of affinity changes. */
static void read_hint(struct reader *r, struct irqm_irq *irq, const char *copy)
{
	const struct irqm_layout *l = r->layout;
	uint64_t hint = irqm_get(copy, &l->irq_desc.affinity_hint);
	uint64_t notify = irqm_get(copy, &l->irq_desc.affinity_notify);
	uint64_t function;
	char what[48];

	snprintf(what, sizeof(what), "affinity_hint of IRQ %u", irq->irq);
	if (l->irq_desc.affinity_hint.exists)
		irq->has_hint = hint != 0;
	if (hint)
		irq->affinity_hint = irqm_reader_bitmap(
			r, hint, r->s->dump.nr_cpu_ids, what);
	if (notify && l->irq_affinity_notify.notify.exists &&
	    irqm_reader_read(r, notify + l->irq_affinity_notify.notify.offset,
			     &function, sizeof(function),
			     "affinity_notify of IRQ %u", irq->irq))
		irq->notify = irqm_reader_function(r, function);
}

/* Returns the per-CPU pointer kstat_irqs. */
static uint64_t read_desc(struct reader *r, struct irqm_irq *irq)
{
	const struct irqm_layout *l = r->layout;
	char copy[READER_STRUCT_MAX], what[48];
	uint64_t kstat_irqs;
	uint32_t number;

	/* until they were read */
	irq->chain_cut = irq->device_unknown = irq->actions_cut = true;
	if (!irqm_reader_struct(r, copy, irq->desc, l->irq_desc.size,
				"irq_desc of IRQ %u", irq->irq))
		return 0;
	number = irqm_get(copy + l->irq_desc.irq_data.offset, &l->irq_data.irq);
	if (number != irq->irq) {
		irqm_reader_note(r, IRQM_INVALID, irq->desc,
				 "irq_desc of IRQ %u: its irq_data.irq is %u",
				 irq->irq, number);
		return 0;
	}
	irq->chain_cut = false;
	irq->vector_domain_unknown = !r->vector_domain;
	irq->flow = irqm_reader_function(r, irqm_get(copy,
						     &l->irq_desc.handle_irq));
	snprintf(what, sizeof(what), "name of IRQ %u", irq->irq);
	irq->name =
		irqm_reader_string(r, irqm_get(copy, &l->irq_desc.name), what);
	irq->status = irqm_get_num(copy, &l->irq_desc.status);
	irq->istate = irqm_get_num(copy, &l->irq_desc.istate);
	irq->depth = irqm_get_num(copy, &l->irq_desc.depth);
	irq->wake_depth = irqm_get_num(copy, &l->irq_desc.wake_depth);
	irq->irqs_unhandled = irqm_get_num(copy, &l->irq_desc.irqs_unhandled);
	irqm_read_dev_name(r, irq, copy);

	irqm_read_actions(r, irq, irqm_get(copy, &l->irq_desc.action));
	read_chain(r, irq, irq->desc + l->irq_desc.irq_data.offset,
		   copy + l->irq_desc.irq_data.offset);
	read_common(r, irq, irq->desc + l->irq_desc.irq_common_data.offset,
		    copy + l->irq_desc.irq_common_data.offset);
	snprintf(what, sizeof(what), "pending_mask of IRQ %u", irq->irq);
	irq->pending_mask = irqm_reader_cpumask_var(
		r, irq->desc, copy, &l->irq_desc.pending_mask, what);
	read_hint(r, irq, copy);
	kstat_irqs = irqm_get(copy, &l->irq_desc.kstat_irqs);
	if (!kstat_irqs && l->irq_desc.kstat_irqs.exists)
		irqm_reader_note(r, IRQM_INVALID, irq->desc, "counts of IRQ %u",
				 irq->irq);
	return kstat_irqs;
}

static void init_irq(struct irqm_irq *irq, unsigned int nr, uint64_t desc)
{
	*irq = (struct irqm_irq){
		.irq = nr,
		.desc = desc,
		.status = IRQM_UNKNOWN,
		.istate = IRQM_UNKNOWN,
		.depth = IRQM_UNKNOWN,
		.wake_depth = IRQM_UNKNOWN,
		.irqs_unhandled = IRQM_UNKNOWN,
		.state = IRQM_UNKNOWN,
		.managed = IRQM_UNKNOWN,
		.setaffinity_pending = IRQM_UNKNOWN,
		.has_hint = IRQM_UNKNOWN,
		.node = IRQM_UNKNOWN,
		.count = IRQM_UNKNOWN,
		.device = -1,
	};
}

static void find_vector_domain(struct reader *r)
{
	uint64_t addr;

	if (!irqm_reader_required(r, "x86_vector_domain", &addr) ||
	    !irqm_reader_variable(r, "x86_vector_domain", &r->vector_domain))
		r->vector_domain = 0;
}

/* Records missing parts once, not for each interrupt. */
static void note_missing_parts(struct reader *r)
{
	static const struct {
		enum irqm_part part;
		const char *what;
	} parts[] = {
		{ IRQM_PART_APIC, "vectors" },
		{ IRQM_PART_MSI, "MSI descriptors" },
		{ IRQM_PART_DEVICES, "devices" },
	};
	char missing[96];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(parts); i++)
		if (irqm_layout_missing(r->layout, parts[i].part, missing,
					sizeof(missing)))
			irqm_reader_note(r, IRQM_INVALID, 0,
					 "%s: no %s in the type information",
					 parts[i].what, missing);
}

/* Reads the format of the remapping table entries, which is set at boot. */
static void read_remap_modes(struct reader *r)
{
	uint64_t value;

	r->s->remap_tables_left_out = r->target->left_out.remap_tables;
	r->eim_mode = r->amd_ga = IRQM_UNKNOWN;
	if (irqm_reader_variable(r, "eim_mode", &value))
		r->eim_mode = value;
	if (irqm_reader_variable(r, "amd_iommu_guest_ir", &value))
		r->amd_ga = value != 0; /* AMD_IOMMU_GUEST_IR_GA() */
}

/* Tells the target what will be read of the next interrupts. */
static void look_ahead(struct reader *r, const struct desc_list *list,
		       size_t first)
{
	uint64_t descs[AHEAD_IRQS];
	size_t nr = 0;

	for (; nr < AHEAD_IRQS && first + nr < list->nr; nr++)
		descs[nr] = list->d[first + nr].addr;
	irqm_read_ahead(r, descs, nr);
}

/* Returns true if it is not known whether the interrupt has an entry in a
 * remapping table, or in which one. */
static bool is_table_unknown(const struct irqm_irq *irq)
{
	unsigned int i;

	if (!irq->nr_levels || irq->chain_cut)
		return true;
	for (i = 0; i < irq->nr_levels; i++) {
		const char *chip = irq->chain[i].chip;

		if (!chip && irq->chain[i].chip_addr)
			return true;
		if (chip && irqm_is_remapping_chip(chip) &&
		    (!irq->remap || !irq->remap->in))
			return true;
	}
	return false;
}

static bool are_remap_irqs_cut(const struct irqm_snapshot *s)
{
	unsigned int i;

	if (!s->irqs_known)
		return true;
	for (i = 0; i < s->nr_irqs; i++)
		if (is_table_unknown(&s->irqs[i]))
			return true;
	return false;
}

void irqm_read_irqs(struct reader *r)
{
	struct irqm_snapshot *s = r->s;
	struct desc_list list = { 0 };
	uint64_t *kstat_irqs;
	char missing[96];
	size_t i;

	if (irqm_layout_missing(r->layout, IRQM_PART_IRQS, missing,
				sizeof(missing))) {
		irqm_reader_note(r, IRQM_INVALID, 0,
				 "interrupt descriptors: no %s in the type "
				 "information",
				 missing);
		return;
	}
	note_missing_parts(r);
	find_vector_domain(r);
	read_remap_modes(r);
	irqm_read_debugfs(r);
	s->irqs_known = list_descs(r, &list);
	s->irqs = irqm_reader_alloc(r, list.nr, sizeof(*s->irqs));
	kstat_irqs = irqm_reader_alloc(r, list.nr, sizeof(*kstat_irqs));
	if (!s->irqs || !kstat_irqs || list.no_memory) {
		r->no_memory = true;
		free(list.d);
		return;
	}
	for (i = 0; i < list.nr && !r->no_memory; i++) {
		if (i % AHEAD_IRQS == 0)
			look_ahead(r, &list, i);
		init_irq(&s->irqs[i], list.d[i].irq, list.d[i].addr);
		s->nr_irqs++;
		if (!irqm_address_map_put(&r->descs, list.d[i].addr, i + 1))
			r->no_memory = true;
		kstat_irqs[i] = read_desc(r, &s->irqs[i]);
	}
	free(list.d);
	s->remap_irqs_cut = are_remap_irqs_cut(s);
	irqm_read_counts(r, kstat_irqs);
}
