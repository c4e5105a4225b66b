/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/ahead.h"

#include <string.h>

/* Limits, which nothing depends on: a device's children take three steps for
 * each level below it. */
#define STEPS_MAX 24
#define OBJECTS_MAX 2048
#define MAP_BYTES (1UL << 20)
/* Names are short; devices' have 12 bytes or fewer. */
#define NAME_BYTES 16
/* All chip_data are smaller. */
#define CHIP_DATA_BYTES 64

/* The kinds of objects that pointers lead to. */
enum kind {
	DESC,
	DATA,
	CHIP_DATA,
	ACTION,
	MASK,
	NAME,
	MSI_DESC,
	MSI_AFFINITY,
	DEVICE,
	CHILDREN, /* klist_children of a device_private: list_head */
	CHILD,    /* device_private of a child */
	MSI_DATA,
	XA_NODE,
	NR_KINDS
};

/* An object of kind `from` has a pointer at offset, to an object of kind `to`
 * that begins `back` bytes earlier. */
struct link {
	enum kind from, to;
	uint32_t offset;
	int32_t back;
};

struct object {
	uint64_t addr;
	enum kind kind;
};

struct ahead {
	struct reader *r;
	size_t sizes[NR_KINDS];
	struct link links[32];
	unsigned int nr_links;
	struct address_map seen;
	/* the objects of this step and of the next one */
	struct object now[OBJECTS_MAX], next[OBJECTS_MAX];
	size_t nr_now, nr_next;
};

static void add_link(struct ahead *a, enum kind from, uint32_t base,
		     const struct irqm_member *m, enum kind to, int32_t back)
{
	if (m->exists && a->sizes[to])
		a->links[a->nr_links++] =
			(struct link){ from, to, base + m->offset, back };
}

/* The same for a member that is a pointer in some kernels only. */
static void add_pointer(struct ahead *a, enum kind from, uint32_t base,
			const struct irqm_member *m, enum kind to)
{
	if (m->kind == IRQM_KIND_POINTER)
		add_link(a, from, base, m, to, 0);
}

static void find_sizes(struct ahead *a, const struct irqm_layout *l)
{
	size_t *sizes = a->sizes;

	sizes[DESC] = l->irq_desc.size;
	sizes[DATA] = l->irq_data.size;
	sizes[CHIP_DATA] = CHIP_DATA_BYTES;
	sizes[ACTION] = l->irqaction.size;
	sizes[MASK] = IRQM_BITS_WORDS(a->r->s->dump.nr_cpu_ids) * 8;
	sizes[NAME] = NAME_BYTES;
	sizes[MSI_DESC] = l->msi_desc.size;
	/* of the first vector: see read_affinity() in msi.c */
	sizes[MSI_AFFINITY] = l->irq_affinity_desc.exists ?
				      l->irq_affinity_desc.size :
				      l->cpumask.size;
	sizes[DEVICE] = l->device.size;
	sizes[CHILDREN] = sizeof(uint64_t);
	sizes[CHILD] = l->device_private.size;
	sizes[MSI_DATA] = l->msi_device_data.size;
	sizes[XA_NODE] = l->xa_node.size;
}

static void link_irqs(struct ahead *a, const struct irqm_layout *l)
{
	uint32_t common = l->irq_desc.irq_common_data.offset;
	uint32_t data = l->irq_desc.irq_data.offset;

	add_link(a, DESC, 0, &l->irq_desc.action, ACTION, 0);
	add_link(a, DESC, data, &l->irq_data.parent_data, DATA, 0);
	add_link(a, DESC, data, &l->irq_data.chip_data, CHIP_DATA, 0);
	add_link(a, DESC, common, &l->irq_common_data.msi_desc, MSI_DESC, 0);
	add_pointer(a, DESC, common, &l->irq_common_data.affinity, MASK);
	add_pointer(a, DESC, common, &l->irq_common_data.effective_affinity,
		    MASK);
	add_pointer(a, DESC, 0, &l->irq_desc.pending_mask, MASK);
	add_link(a, DESC, 0, &l->irq_desc.affinity_hint, MASK, 0);
	add_link(a, DATA, 0, &l->irq_data.parent_data, DATA, 0);
	add_link(a, DATA, 0, &l->irq_data.chip_data, CHIP_DATA, 0);
	add_link(a, ACTION, 0, &l->irqaction.next, ACTION, 0);
	add_link(a, ACTION, 0, &l->irqaction.name, NAME, 0);
	add_link(a, MSI_DESC, 0, &l->msi_desc.affinity, MSI_AFFINITY, 0);
	add_link(a, MSI_DESC, 0, &l->msi_desc.dev, DEVICE, 0);
}

static void link_devices(struct ahead *a, const struct irqm_layout *l)
{
	int32_t children = l->device_private.klist_children.offset +
			   l->klist.k_list.offset;
	int32_t node = l->device_private.knode_parent.offset +
		       l->klist_node.n_node.offset;
	const struct irqm_member next = { .exists = true };

	add_link(a, DEVICE, 0, &l->device.init_name, NAME, 0);
	add_link(a, DEVICE, l->device.kobj.offset, &l->kobject.name, NAME, 0);
	if (l->device.msi.exists)
		add_link(a, DEVICE, l->device.msi.offset, &l->dev_msi_info.data,
			 MSI_DATA, 0);
	if (l->msi_dev_domain.store.exists)
		add_link(a, MSI_DATA,
			 l->msi_device_data.domains.offset +
				 l->msi_dev_domain.store.offset,
			 &l->xarray.xa_head, XA_NODE, 0);
	else if (l->msi_device_data.store.exists)
		add_link(a, MSI_DATA, l->msi_device_data.store.offset,
			 &l->xarray.xa_head, XA_NODE, 0);
	if (!l->device_private.device.exists)
		return;
	/* list_head.next is its first member */
	add_link(a, DEVICE, 0, &l->device.p, CHILDREN, -children);
	add_link(a, CHILDREN, 0, &next, CHILD, node);
	add_link(a, CHILD, node, &next, CHILD, node);
	add_link(a, CHILD, 0, &l->device_private.device, DEVICE, 0);
}

/* Returns false if it was seen before, or if too much was seen. */
static bool see_address(struct ahead *a, uint64_t addr)
{
	uintptr_t known;

	return !irqm_address_map_get(&a->seen, addr, &known) &&
	       irqm_address_map_put(&a->seen, addr, 1);
}

static void add_object(struct ahead *a, enum kind kind, uint64_t addr)
{
	if (a->nr_next < OBJECTS_MAX && irqm_kernel_address(addr) &&
	    see_address(a, addr))
		a->next[a->nr_next++] = (struct object){ addr, kind };
}

/* Makes the next step's objects this one's, and tells the target. */
static void begin_step(struct ahead *a)
{
	struct irqm_extent extents[OBJECTS_MAX];
	size_t i;

	memcpy(a->now, a->next, a->nr_next * sizeof(a->now[0]));
	a->nr_now = a->nr_next;
	a->nr_next = 0;
	for (i = 0; i < a->nr_now; i++)
		extents[i] = (struct irqm_extent){ a->now[i].addr,
						   a->sizes[a->now[i].kind] };
	irqm_reader_expect(a->r, extents, a->nr_now);
}

static void follow_object(struct ahead *a, const struct object *o)
{
	char copy[READER_STRUCT_MAX];
	size_t size = a->sizes[o->kind];
	const struct link *k;
	uint64_t addr;

	if (size > sizeof(copy) ||
	    irqm_reader_try(a->r, o->addr, copy, size) != IRQM_OK)
		return;
	for (k = a->links; k < a->links + a->nr_links; k++) {
		if (k->from != o->kind || k->offset + sizeof(addr) > size)
			continue;
		memcpy(&addr, copy + k->offset, sizeof(addr));
		if (k->to == XA_NODE)
			addr &= ~3ULL;   /* xa_is_node() */
		if (k->from == CHILDREN) /* the list ends here */
			see_address(a, o->addr - k->back);
		add_object(a, k->to, addr - k->back);
	}
}

static bool has_links(const struct ahead *a, enum kind kind)
{
	unsigned int i;

	for (i = 0; i < a->nr_links; i++)
		if (a->links[i].from == kind)
			return true;
	return false;
}

static void take_step(struct ahead *a)
{
	size_t i;

	begin_step(a);
	for (i = 0; i < a->nr_now; i++)
		if (has_links(a, a->now[i].kind))
			follow_object(a, &a->now[i]);
}

void irqm_read_ahead(struct reader *r, const uint64_t descs[], size_t nr)
{
	struct ahead a;
	unsigned int step;
	size_t i;

	if (!r->target->expect)
		return;
	a.r = r;
	a.nr_links = 0;
	a.nr_next = 0;
	a.seen = (struct address_map){ .arena = irqm_arena_new(MAP_BYTES) };
	if (!a.seen.arena)
		return;
	find_sizes(&a, r->layout);
	link_irqs(&a, r->layout);
	link_devices(&a, r->layout);
	for (i = 0; i < nr; i++)
		add_object(&a, DESC, descs[i]);
	for (step = 0; a.nr_next && step < STEPS_MAX; step++)
		take_step(&a);
	irqm_arena_free(a.seen.arena);
}
