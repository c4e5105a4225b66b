/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads struct device of an MSI descriptor: name, bus, driver, and
 * consumers. */
#include "snapshot/stages.h"
#include "snapshot/tree.h"

#include <string.h>

/* Limits for a corrupted list of children. */
#define MAX_CHILDREN 1024
#define MAX_CONSUMERS 64
#define MAX_DEPTH 6
#define MAX_MSI_DESCS 65536

/* A copy of a struct device. */
struct device_copy {
	uint64_t addr;
	char bytes[READER_STRUCT_MAX];
};

static bool copy_device(struct reader *r, uint64_t addr, struct device_copy *d)
{
	d->addr = addr;
	return irqm_reader_struct(r, d->bytes, addr, r->layout->device.size,
				  "device");
}

/* dev_name(): the init_name is used until the kobject has its own. */
static const char *device_name(struct reader *r, const struct device_copy *d)
{
	const struct irqm_layout *l = r->layout;
	uint64_t name = irqm_get(d->bytes, &l->device.init_name);

	if (!name)
		name = irqm_get(d->bytes + l->device.kobj.offset,
				&l->kobject.name);
	return irqm_reader_string(r, name, "device's name");
}

static const char *bus_name(struct reader *r, const struct device_copy *d)
{
	const struct irqm_layout *l = r->layout;

	return irqm_reader_name_of(r, irqm_get(d->bytes, &l->device.bus),
				   l->bus_type.size, &l->bus_type.name,
				   "bus_type");
}

static const char *driver_name(struct reader *r, const struct device_copy *d)
{
	const struct irqm_layout *l = r->layout;

	return irqm_reader_name_of(r, irqm_get(d->bytes, &l->device.driver),
				   l->device_driver.size,
				   &l->device_driver.name, "device_driver");
}

static const char *class_name(struct reader *r, const struct device_copy *d)
{
	const struct irqm_layout *l = r->layout;

	return irqm_reader_name_of(r, irqm_get(d->bytes, &l->device.clss),
				   l->class.size, &l->class.name, "class");
}

static const char *type_name(struct reader *r, const struct device_copy *d)
{
	const struct irqm_layout *l = r->layout;

	return irqm_reader_name_of(r, irqm_get(d->bytes, &l->device.type),
				   l->device_type.size, &l->device_type.name,
				   "device_type");
}

static bool is_one_of(const char *s, const char *const *names)
{
	for (; s && *names; names++)
		if (strcmp(s, *names) == 0)
			return true;
	return false;
}

/*
 * Returns true for names that people use: children on a bus (virtio3), and the
 * class devices that one types (vda, eth0, nvme0). Returns false for the many
 * others that the driver core creates below a device.
 */
static bool is_consumer(const char *bus, const char *driver, const char *class,
			const char *type)
{
	static const char *const classes[] = {
		"block", "net",   "nvme", "scsi_host", "infiniband",
		"drm",   "sound", "tty",  "accel",     NULL,
	};

	if (bus)
		return driver || strcmp(bus, "virtio") == 0;
	if (!is_one_of(class, classes))
		return false;
	return !type || strcmp(type, "partition") != 0;
}

struct consumer_list {
	struct irqm_consumer c[MAX_CONSUMERS];
	unsigned int nr;
	unsigned int children; /* examined so far, over all levels */
	bool cut;              /* something was omitted */
};

static bool walk_children(struct reader *r, const struct device_copy *parent,
			  unsigned int depth, struct consumer_list *list);

/* Returns true if the object that has the name exists, but could not be
 * read. */
static bool is_unread(const struct device_copy *d,
		      const struct irqm_member *object, const char *name)
{
	return irqm_get(d->bytes, object) && !name;
}

static void visit_child(struct reader *r, uint64_t addr, unsigned int depth,
			struct consumer_list *list)
{
	const struct irqm_layout *l = r->layout;
	const char *bus, *driver, *class, *type;
	struct device_copy d;

	if (!copy_device(r, addr, &d)) {
		list->cut = true;
		return;
	}
	bus = bus_name(r, &d);
	/* behind a bridge: a device with vectors of its own */
	if (bus && strcmp(bus, "pci") == 0)
		return;
	driver = driver_name(r, &d);
	class = class_name(r, &d);
	type = type_name(r, &d);
	/* its kind is unknown, so what is below it is unknown too */
	if (is_unread(&d, &l->device.bus, bus) ||
	    is_unread(&d, &l->device.driver, driver) ||
	    is_unread(&d, &l->device.clss, class) ||
	    /* types of other classes may have no name */
	    (class && strcmp(class, "block") == 0 &&
	     is_unread(&d, &l->device.type, type))) {
		list->cut = true;
		return;
	}
	if (is_consumer(bus, driver, class, type)) {
		if (list->nr == MAX_CONSUMERS) {
			list->cut = true;
			return;
		}
		list->c[list->nr++] = (struct irqm_consumer){
			.name = device_name(r, &d),
			.driver = driver,
			.kind = bus ? bus : class,
		};
	}
	if (!walk_children(r, &d, depth + 1, list))
		list->cut = true;
}

/* Walks device.p->klist_children, which links the children's knode_parent.
 * Returns false if not all of them could be visited. */
static bool walk_children(struct reader *r, const struct device_copy *parent,
			  unsigned int depth, struct consumer_list *list)
{
	const struct irqm_layout *l = r->layout;
	uint64_t p = irqm_get(parent->bytes, &l->device.p);
	uint64_t head, node, private, device;

	if (!p || depth >= MAX_DEPTH)
		return true;
	head = p + l->device_private.klist_children.offset +
	       l->klist.k_list.offset;
	if (!irqm_reader_read(r, head, &node, sizeof(node),
			      "children of a device"))
		return false;
	while (node != head) {
		if (list->children++ >= MAX_CHILDREN) {
			irqm_reader_note(r, IRQM_INVALID, head,
					 "children of a device: too many");
			return false;
		}
		if (!irqm_reader_step(r, head, "children of a device"))
			return false;
		private = node - l->klist_node.n_node.offset -
			  l->device_private.knode_parent.offset;
		if (!irqm_reader_read(r,
				      private + l->device_private.device.offset,
				      &device, sizeof(device),
				      "device_private of a child"))
			return false;
		visit_child(r, device, depth, list);
		/* next is the first member of list_head */
		if (!irqm_reader_read(r, node, &node, sizeof(node),
				      "children of a device"))
			return false;
	}
	return true;
}

/* Returns true if the layout has all members that are needed to find the
 * children and what they are. */
static bool knows_children(const struct irqm_layout *l)
{
	return l->device.p.exists && l->device_private.device.exists &&
	       l->device_private.knode_parent.exists &&
	       l->device_private.klist_children.exists &&
	       l->klist.k_list.exists && l->klist_node.n_node.exists &&
	       l->device.clss.exists && l->class.name.exists &&
	       l->device.type.exists && l->device_type.name.exists;
}

static void read_consumers(struct reader *r, const struct device_copy *copy,
			   struct irqm_device *d)
{
	struct consumer_list list = { .nr = 0 };

	d->consumers_cut = !knows_children(r->layout) ||
			   !walk_children(r, copy, 0, &list) || list.cut;
	d->consumers = irqm_reader_alloc(r, list.nr, sizeof(*d->consumers));
	if (!d->consumers)
		return;
	memcpy(d->consumers, list.c, list.nr * sizeof(list.c[0]));
	d->nr_consumers = list.nr;
}

static bool count_msi_desc(void *ctx, uint64_t index, uint64_t entry)
{
	irqm_num *nr = ctx;

	(void)index;
	(void)entry;
	return ++*nr <= MAX_MSI_DESCS;
}

static irqm_num count_msi_list(struct reader *r, uint64_t head)
{
	irqm_num nr = 0;
	uint64_t node;

	for (node = head; nr < MAX_MSI_DESCS; nr++) {
		if (!irqm_reader_step(r, head, "msi_list") ||
		    !irqm_reader_read(r, node, &node, sizeof(node), "msi_list"))
			return IRQM_UNKNOWN;
		if (node == head)
			return nr;
		/* a kernel with a backport may not use this one */
		if (!node)
			return IRQM_UNKNOWN;
	}
	irqm_reader_note(r, IRQM_INVALID, head, "msi_list: too many");
	return IRQM_UNKNOWN;
}

static irqm_num count_msi_xarray(struct reader *r, uint64_t root)
{
	irqm_num nr = 0;

	if (!irqm_walk_xarray(r, root, "MSI descriptors", count_msi_desc, &nr))
		return IRQM_UNKNOWN;
	return nr;
}

/* Returns the number of the device's MSI descriptors. Tries the newest place
 * first, because a backport may leave an older one empty. */
static irqm_num count_msi_descs(struct reader *r, const struct device_copy *d)
{
	const struct irqm_layout *l = r->layout;
	uint64_t data;

	if (l->device.msi.exists && l->dev_msi_info.data.exists) {
		data = irqm_get(d->bytes + l->device.msi.offset,
				&l->dev_msi_info.data);
		if (data && l->msi_device_data.domains.exists &&
		    l->msi_dev_domain.store.exists)
			/* MSI_DEFAULT_DOMAIN is the first one */
			return count_msi_xarray(
				r, data + l->msi_device_data.domains.offset +
					   l->msi_dev_domain.store.offset);
		if (data && l->msi_device_data.store.exists)
			return count_msi_xarray(
				r, data + l->msi_device_data.store.offset);
		if (data && l->msi_device_data.list.exists)
			return count_msi_list(
				r, data + l->msi_device_data.list.offset);
	}
	if (l->device.msi_list.exists)
		return count_msi_list(r, d->addr + l->device.msi_list.offset);
	return IRQM_UNKNOWN;
}

/* Reads the struct pci_dev around a device on the bus "pci". */
static void read_pci(struct reader *r, uint64_t addr, struct irqm_device *d)
{
	const struct irqm_layout *l = r->layout;
	char copy[READER_STRUCT_MAX];
	const struct irqm_member *m[] = {
		&l->pci_dev.vendor,
		&l->pci_dev.device,
		&l->pci_dev.clss,
	};
	uint32_t first = sizeof(copy), end = 0;
	unsigned int i;

	if (!l->pci_dev.dev.exists)
		return;
	for (i = 0; i < 3; i++) {
		if (!m[i]->exists || m[i]->size > sizeof(copy) ||
		    m[i]->offset > sizeof(copy) - m[i]->size)
			return;
		if (m[i]->offset < first)
			first = m[i]->offset;
		if (m[i]->offset + m[i]->size > end)
			end = m[i]->offset + m[i]->size;
	}
	addr -= l->pci_dev.dev.offset;
	if (!irqm_reader_read(r, addr + first, copy + first, end - first,
			      "pci_dev"))
		return;
	d->pci_vendor = irqm_get(copy, &l->pci_dev.vendor);
	d->pci_device = irqm_get(copy, &l->pci_dev.device);
	d->pci_class = irqm_get(copy, &l->pci_dev.clss);
}

static bool grow_devices(struct reader *r)
{
	struct irqm_snapshot *s = r->s;
	struct irqm_device *more;

	/* the array doubles at 16, 32, 64 ..., so its size need not be
	 * stored */
	if (s->nr_devices &&
	    (s->nr_devices < 16 || (s->nr_devices & (s->nr_devices - 1))))
		return true;
	more = irqm_reader_alloc(r, s->nr_devices ? s->nr_devices * 2 : 16,
				 sizeof(*more));
	if (!more)
		return false;
	if (s->nr_devices)
		memcpy(more, s->devices, s->nr_devices * sizeof(*more));
	s->devices = more;
	return true;
}

bool irqm_read_other_device(struct reader *r, uint64_t addr,
			    struct irqm_device *d)
{
	struct device_copy copy;

	if (!r->has_part[IRQM_PART_DEVICES] || !copy_device(r, addr, &copy))
		return false;
	*d = (struct irqm_device){
		.addr = addr,
		.node = IRQM_UNKNOWN,
		.pci_class = IRQM_UNKNOWN,
		.pci_vendor = IRQM_UNKNOWN,
		.pci_device = IRQM_UNKNOWN,
	};
	d->name = device_name(r, &copy);
	d->bus = bus_name(r, &copy);
	d->driver = irqm_get(copy.bytes, &r->layout->device.driver) ?
			    driver_name(r, &copy) :
			    "";
	if (r->layout->device.numa_node.exists)
		d->node = (int32_t)irqm_get(copy.bytes,
					    &r->layout->device.numa_node);
	else if (irqm_reader_without_numa(r))
		d->node = -1; /* dev_to_node(): NUMA_NO_NODE */
	if (d->bus && strcmp(d->bus, "pci") == 0)
		read_pci(r, addr, d);
	d->nr_msi_descs = count_msi_descs(r, &copy);
	read_consumers(r, &copy, d);
	return true;
}

/* Returns the index in devices[] of the device at addr; reads it the first
 * time. Returns -1 if addr is 0 or cannot be read. */
int irqm_read_device(struct reader *r, uint64_t addr)
{
	struct irqm_snapshot *s = r->s;
	struct irqm_device d;
	uintptr_t known;

	if (!addr)
		return -1;
	if (irqm_address_map_get(&r->devices, addr, &known))
		return (int)known - 1;
	if (!irqm_read_other_device(r, addr, &d) || !grow_devices(r))
		return -1;
	s->devices[s->nr_devices++] = d;
	if (!irqm_address_map_put(&r->devices, addr, s->nr_devices))
		r->no_memory = true;
	return (int)s->nr_devices - 1;
}
