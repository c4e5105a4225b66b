/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/fake_kernel.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DATA_BASE 0xffffffff82000000ULL
#define TEXT_BASE 0xffffffff81000000ULL
#define HEAP_BASE 0xffff888000100000ULL
#define PERCPU_BASE 0xffff88803fc00000ULL
#define PERCPU_AREA 0x8000      /* of one CPU */
#define PERCPU_FIRST 0x1000     /* the first per-CPU variable */
#define PERCPU_LINK 0xffffffff83000000ULL
#define GARBAGE 0xa5
#define LEGACY_VECTOR 50
#define NR_VECTORS 256

static const struct {
	const char *domain, *chip;
} levels[FK_NR_LEVELS] = {
	[FK_VECTOR] = { "VECTOR", "APIC" },
	[FK_IOAPIC] = { "IO-APIC-IR-0", "IR-IO-APIC" },
	[FK_DMAR] = { "DMAR-MSI", "DMAR-MSI" },
	[FK_PCI_MSI] = { "PCI-MSIX-0000:00:05.0-12", "PCI-MSIX-0000:00:05.0" },
	[FK_IR_PCI_MSI] = { "IR-PCI-MSIX-0000:03:00.0-12",
			    "IR-PCI-MSIX-0000:03:00.0" },
	[FK_IR] = { "INTEL-IR-0", "INTEL-IR" },
	[FK_XEN] = { "xen-evtchn", "xen-dyn" },
	[FK_NO_DOMAIN] = { NULL, "XT-PIC" },
};

static const char *const functions[] = {
	"handle_edge_irq", "handle_fasteoi_irq", "vp_config_changed",
	"vring_interrupt", "nvme_irq", "irq_default_primary_handler",
	"dmar_fault", "thread_fn_0", "acpi_irq",
};

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

struct irqm_bits fk_bits(const char *list, unsigned int nbits)
{
	struct irqm_bits b = { .nbits = nbits };
	struct irqm_error err;

	b.words = must(calloc(IRQM_BITS_WORDS(nbits) + 1, 8));
	if (list[0] && irqm_bits_parse(&b, list, &err) != 0)
		abort();
	return b;
}

/* Memory. */

static struct fk_region *region_of(struct fk *fk, uint64_t addr)
{
	int i;

	for (i = 0; i < FK_NR_REGIONS; i++)
		if (addr >= fk->regions[i].base &&
		    addr - fk->regions[i].base < fk->regions[i].size)
			return &fk->regions[i];
	abort();
}

static void region_grow(struct fk_region *r, size_t size)
{
	if (size <= r->size)
		return;
	size = (size * 3 / 2 + 4095) & ~(size_t)4095;
	r->bytes = must(realloc(r->bytes, size));
	memset(r->bytes + r->size, GARBAGE, size - r->size);
	r->size = size;
}

void *fk_at(struct fk *fk, uint64_t addr)
{
	struct fk_region *r = region_of(fk, addr);

	return r->bytes + (addr - r->base);
}

static void add_object(struct fk *fk, uint64_t addr, size_t len)
{
	if ((fk->nr_objects & (fk->nr_objects - 1)) == 0)
		fk->objects = must(realloc(
			fk->objects, (fk->nr_objects ? fk->nr_objects * 2 : 1)
					     * sizeof(*fk->objects)));
	fk->objects[fk->nr_objects++] = (struct fk_object){ addr, len };
	memset(fk_at(fk, addr), 0, len);
}

uint64_t fk_alloc(struct fk *fk, int region, size_t len, size_t align)
{
	struct fk_region *r = &fk->regions[region];
	uint64_t addr;

	/* a gap, so that neighbours do not touch */
	r->used = (r->used + 24 + align - 1) & ~(align - 1);
	addr = r->base + r->used;
	r->used += len;
	region_grow(r, r->used);
	add_object(fk, addr, len);
	return addr;
}

static uint64_t heap(struct fk *fk, size_t len)
{
	return fk_alloc(fk, FK_HEAP, len, 16);
}

void fk_put64(struct fk *fk, uint64_t addr, uint64_t value)
{
	memcpy(fk_at(fk, addr), &value, sizeof(value));
}

void fk_put(struct fk *fk, uint64_t addr, const struct irqm_member *m,
	    uint64_t value)
{
	unsigned char *at;
	uint64_t old = 0, mask;

	if (!m->exists)
		return;
	at = fk_at(fk, addr + m->offset);
	if (m->bit_size) {
		mask = ((m->bit_size < 64 ? 1ULL << m->bit_size : 0) - 1)
		       << m->bit_offset;
		memcpy(&old, at, m->size);
		value = (old & ~mask) | (value << m->bit_offset & mask);
	}
	memcpy(at, &value, m->size);
}

uint64_t fk_string(struct fk *fk, const char *s)
{
	/* strings are read in pieces of 64 */
	uint64_t addr = fk_alloc(fk, FK_HEAP,
				 (strlen(s) + 64) & ~(size_t)63, 64);

	strcpy(fk_at(fk, addr), s);
	return addr;
}

static uint64_t string_or_null(struct fk *fk, const char *s)
{
	return s ? fk_string(fk, s) : 0;
}

void fk_symbol(struct fk *fk, const char *name, uint64_t value)
{
	if (fk->nr_symbols == sizeof(fk->symbols) / sizeof(fk->symbols[0]))
		abort();
	fk->symbols[fk->nr_symbols++] = (struct fk_symbol){ name, value };
}

uint64_t fk_symbol_value(const struct fk *fk, const char *name)
{
	unsigned int i;

	for (i = 0; i < fk->nr_symbols; i++)
		if (strcmp(fk->symbols[i].name, name) == 0)
			return fk->symbols[i].value;
	return 0;
}

/* A static variable of len bytes. */
static uint64_t variable(struct fk *fk, const char *name, size_t len)
{
	uint64_t addr = fk_alloc(fk, FK_DATA, len, 16);

	fk_symbol(fk, name, addr);
	return addr;
}

static void variable_set(struct fk *fk, const char *name, size_t len,
			 uint64_t value)
{
	uint64_t addr = variable(fk, name, len);

	memcpy(fk_at(fk, addr), &value, len);
}

static void put_bits(struct fk *fk, uint64_t addr, const char *list,
		     size_t bytes)
{
	struct irqm_bits b = fk_bits(list, fk->m->nr_cpu_ids);
	size_t len = IRQM_BITS_WORDS(b.nbits) * 8;

	memcpy(fk_at(fk, addr), b.words, len < bytes ? len : bytes);
	free(b.words);
}

/* What the kernel allocates for a mask: cpumask_size(). */
static size_t mask_size(const struct fk *fk)
{
	return IRQM_BITS_WORDS(fk->m->nr_cpu_ids) * 8;
}

static uint64_t new_mask(struct fk *fk, const char *list)
{
	uint64_t addr = fk_alloc(fk, FK_HEAP, mask_size(fk), 8);

	put_bits(fk, addr, list, mask_size(fk));
	return addr;
}

/* A cpumask_var_t that is a member. */
static void put_mask(struct fk *fk, uint64_t addr,
		     const struct irqm_member *m, const char *list)
{
	if (!m->exists || !list)
		return;
	if (m->kind == IRQM_KIND_POINTER)
		fk_put64(fk, addr + m->offset, new_mask(fk, list));
	else
		put_bits(fk, addr + m->offset, list, m->size);
}

/* A cpumask_var_t that is a variable at addr. */
static void put_mask_variable(struct fk *fk, uint64_t addr, const char *list)
{
	if (fk->layout.irq_common_data.affinity.kind == IRQM_KIND_POINTER)
		fk_put64(fk, addr, new_mask(fk, list));
	else
		put_bits(fk, addr, list, fk->layout.cpumask.size);
}

static uint64_t mask_variable_size(const struct fk *fk)
{
	return fk->layout.irq_common_data.affinity.kind == IRQM_KIND_POINTER
		       ? 8 : fk->layout.cpumask.size;
}

/* Per-CPU memory. */

static uint64_t percpu_link(const struct fk *fk)
{
	return fk->gen.percpu_addresses ? PERCPU_LINK : 0;
}

static uint64_t percpu_offset(const struct fk *fk, unsigned int cpu)
{
	return PERCPU_BASE + (uint64_t)cpu * PERCPU_AREA - percpu_link(fk);
}

uint64_t fk_percpu(const struct fk *fk, uint64_t ptr, unsigned int cpu)
{
	return ptr + percpu_offset(fk, cpu);
}

static uint64_t percpu_alloc(struct fk *fk, size_t len, size_t align)
{
	uint64_t ptr;
	unsigned int cpu;

	fk->percpu_used = (fk->percpu_used + align - 1) & ~(align - 1);
	ptr = percpu_link(fk) + fk->percpu_used;
	fk->percpu_used += len;
	if (fk->percpu_used > PERCPU_AREA)
		abort();
	for (cpu = 0; cpu < fk->m->nr_cpu_ids; cpu++)
		add_object(fk, fk_percpu(fk, ptr, cpu), len);
	return ptr;
}

static uint64_t percpu_variable(struct fk *fk, const char *name, size_t len)
{
	uint64_t ptr = percpu_alloc(fk, len, 16);

	fk_symbol(fk, name, ptr);
	return ptr;
}

static bool is_possible(const struct fk *fk, unsigned int cpu)
{
	struct irqm_bits b = fk_bits(fk->m->possible, fk->m->nr_cpu_ids);
	bool yes = irqm_bits_test(&b, cpu);

	free(b.words);
	return yes;
}

static void build_percpu(struct fk *fk)
{
	unsigned int cpu;
	uint64_t addr;

	region_grow(&fk->regions[FK_PERCPU],
		    (size_t)PERCPU_AREA * fk->m->nr_cpu_ids);
	/* NR_CPUS of them */
	addr = variable(fk, "__per_cpu_offset",
			fk->layout.cpumask.size * 8 * 8);
	for (cpu = 0; cpu < fk->m->nr_cpu_ids; cpu++)
		fk_put64(fk, addr + cpu * 8, percpu_offset(fk, cpu));
}

static void build_topology(struct fk *fk)
{
	uint64_t node = percpu_variable(fk, "numa_node", 4);
	uint64_t siblings = percpu_variable(fk, "cpu_sibling_map",
					    mask_variable_size(fk));
	uint64_t cluster = percpu_variable(fk, "cpu_l2c_shared_map",
					   mask_variable_size(fk));
	unsigned int cpu;

	for (cpu = 0; cpu < fk->m->nr_cpu_ids; cpu++) {
		const struct fk_cpu *c = &fk->m->cpus[cpu];

		if (!is_possible(fk, cpu))
			continue;
		memcpy(fk_at(fk, fk_percpu(fk, node, cpu)), &c->node, 4);
		put_mask_variable(fk, fk_percpu(fk, siblings, cpu),
				  c->siblings);
		put_mask_variable(fk, fk_percpu(fk, cluster, cpu),
				  c->cluster);
	}
}

/* What the dump says of itself. */

static void build_vmcoreinfo(struct fk *fk)
{
	char text[512];
	size_t len;
	uint64_t note, addr, size;
	const uint32_t header[3] = { sizeof("VMCOREINFO"), 0, 0 };

	len = snprintf(text, sizeof(text),
		       "OSRELEASE=%s\nBUILD-ID=%s\nPAGESIZE=4096\n"
		       "SYMBOL(mem_section)=ffffffff84000000\n",
		       fk->m->release, fk->m->build_id);
	addr = heap(fk, len);
	memcpy(fk_at(fk, addr), text, len);
	variable_set(fk, "vmcoreinfo_data", 8, addr);
	size = len;
	variable_set(fk, "vmcoreinfo_size", 8, size);

	len += snprintf(text + len, sizeof(text) - len,
			"CRASHTIME=%" PRId64 "\n", fk->m->crash_time);
	note = fk->gen.no_note ? 0 : heap(fk, 24 + len);
	variable_set(fk, "vmcoreinfo_note", 8, note);
	if (!note)
		return;
	memcpy(fk_at(fk, note), header, sizeof(header));
	memcpy(fk_at(fk, note + 4), &(uint32_t){ len }, 4);
	strcpy(fk_at(fk, note + 12), "VMCOREINFO");
	memcpy(fk_at(fk, note + 24), text, len);
}

static void build_cpu_mask(struct fk *fk, const char *name, const char *list)
{
	uint64_t addr = variable(fk, name, fk->layout.cpumask.size);

	put_bits(fk, addr, list, fk->layout.cpumask.size);
}

static void build_housekeeping(struct fk *fk)
{
	const struct irqm_layout *l = &fk->layout;
	uint64_t addr;
	int64_t type;

	if (irqm_enum_value(&l->hk, "HK_TYPE_MANAGED_IRQ", &type)) {
		addr = variable(fk, "housekeeping", l->housekeeping.size);
		if (!fk->m->housekeeping)
			return;
		fk_put(fk, addr, &l->housekeeping.flags, 1ULL << type);
		fk_put64(fk, addr + l->housekeeping.cpumasks.offset + type * 8,
			 new_mask(fk, fk->m->housekeeping));
	} else if (irqm_enum_value(&l->hk_flags, "HK_FLAG_MANAGED_IRQ",
				   &type)) {
		variable_set(fk, "housekeeping_flags", 4,
			     fk->m->housekeeping ? type : 0);
		addr = variable(fk, "housekeeping_mask",
				mask_variable_size(fk));
		if (fk->m->housekeeping)
			put_mask_variable(fk, addr, fk->m->housekeeping);
	}
}

static void build_dump(struct fk *fk)
{
	if (!fk->gen.constant_cpu_ids)
		variable_set(fk, "nr_cpu_ids", 4, fk->m->nr_cpu_ids);
	build_cpu_mask(fk, "__cpu_possible_mask", fk->m->possible);
	build_cpu_mask(fk, "__cpu_present_mask", fk->m->present);
	build_cpu_mask(fk, "__cpu_online_mask", fk->m->online);
	put_mask_variable(fk,
			  variable(fk, "irq_default_affinity",
				   mask_variable_size(fk)),
			  fk->m->default_affinity);
	build_vmcoreinfo(fk);
	build_housekeeping(fk);
}

/* The matrix. */

static void put_map(struct fk *fk, uint64_t addr, const struct irqm_member *m,
		    const uint64_t *words, uint64_t behind)
{
	size_t len = IRQM_BITS_WORDS(fk->m->matrix_bits) * 8;

	if (m->kind == IRQM_KIND_POINTER) {
		fk_put64(fk, addr + m->offset, behind);
		memcpy(fk_at(fk, behind), words, len);
	} else {
		memcpy(fk_at(fk, addr + m->offset), words, len);
	}
}

static void build_cpumap(struct fk *fk, uint64_t addr, const struct fk_cpu *c)
{
	const struct irqm_layout *l = &fk->layout;
	size_t len = IRQM_BITS_WORDS(fk->m->matrix_bits) * 8;

	fk_put(fk, addr, &l->cpumap.available, c->available);
	fk_put(fk, addr, &l->cpumap.allocated, c->allocated);
	fk_put(fk, addr, &l->cpumap.managed, c->managed);
	fk_put(fk, addr, &l->cpumap.managed_allocated, c->managed_allocated);
	fk_put(fk, addr, &l->cpumap.initialized, c->initialized);
	fk_put(fk, addr, &l->cpumap.online, c->online);
	put_map(fk, addr, &l->cpumap.alloc_map, c->alloc_map, 0);
	put_map(fk, addr, &l->cpumap.managed_map, c->managed_map,
		addr + l->cpumap.alloc_map.offset + len);
}

static void build_matrix(struct fk *fk)
{
	const struct irqm_layout *l = &fk->layout;
	const struct fk_machine *m = fk->m;
	size_t words = IRQM_BITS_WORDS(m->matrix_bits) * 8;
	uint64_t addr;
	unsigned int cpu;

	/* behind it scratch_map[], and system_map behind that */
	addr = heap(fk, l->irq_matrix.size +
		    (l->irq_matrix.system_map.kind == IRQM_KIND_POINTER
			     ? 2 * words : 0));
	fk->matrix = addr;
	fk->maps = percpu_alloc(fk, l->cpumap.managed_map.kind ==
					    IRQM_KIND_POINTER
				    ? l->cpumap.alloc_map.offset + 2 * words
				    : l->cpumap.size, 8);
	variable_set(fk, "vector_matrix", 8, addr);
	fk_put(fk, addr, &l->irq_matrix.matrix_bits, m->matrix_bits);
	fk_put(fk, addr, &l->irq_matrix.alloc_start, m->alloc_start);
	fk_put(fk, addr, &l->irq_matrix.alloc_end, m->alloc_end);
	fk_put(fk, addr, &l->irq_matrix.alloc_size,
	       m->alloc_end - m->alloc_start);
	fk_put(fk, addr, &l->irq_matrix.global_available,
	       m->global_available);
	fk_put(fk, addr, &l->irq_matrix.global_reserved, m->global_reserved);
	fk_put(fk, addr, &l->irq_matrix.systembits_inalloc,
	       m->systembits_inalloc);
	fk_put(fk, addr, &l->irq_matrix.total_allocated, m->total_allocated);
	fk_put(fk, addr, &l->irq_matrix.online_maps, m->online_maps);
	fk_put(fk, addr, &l->irq_matrix.maps, fk->maps);
	put_map(fk, addr, &l->irq_matrix.system_map, m->system_map,
		addr + l->irq_matrix.size + words);
	for (cpu = 0; cpu < m->nr_cpu_ids; cpu++)
		if (is_possible(fk, cpu))
			build_cpumap(fk, fk_percpu(fk, fk->maps, cpu),
				     &m->cpus[cpu]);
}

/* Devices. */

static uint64_t named(struct fk *fk, uint32_t size,
		      const struct irqm_member *name, const char *s)
{
	uint64_t addr = heap(fk, size);

	fk_put(fk, addr, name, fk_string(fk, s));
	return addr;
}

static void init_list(struct fk *fk, uint64_t head)
{
	fk_put64(fk, head, head);
	fk_put64(fk, head + 8, head);
}

static void list_add_tail(struct fk *fk, uint64_t head, uint64_t node)
{
	uint64_t last;

	memcpy(&last, fk_at(fk, head + 8), 8);
	fk_put64(fk, node, head);
	fk_put64(fk, node + 8, last);
	fk_put64(fk, last, node);
	fk_put64(fk, head + 8, node);
}

static uint64_t klist_head(const struct fk *fk, uint64_t private)
{
	return private + fk->layout.device_private.klist_children.offset +
	       fk->layout.klist.k_list.offset;
}

/* The struct device at addr, in a structure that is there already. */
static void fill_device(struct fk *fk, uint64_t addr, const char *name,
			const char *bus, const char *driver,
			const char *class)
{
	const struct irqm_layout *l = &fk->layout;
	uint64_t private = heap(fk, l->device_private.size);

	fk_put(fk, addr + l->device.kobj.offset, &l->kobject.name,
	       fk_string(fk, name));
	if (bus)
		fk_put(fk, addr, &l->device.bus,
		       named(fk, l->bus_type.size, &l->bus_type.name, bus));
	if (driver)
		fk_put(fk, addr, &l->device.driver,
		       named(fk, l->device_driver.size,
			     &l->device_driver.name, driver));
	if (class)
		fk_put(fk, addr, &l->device.clss,
		       named(fk, l->class.size, &l->class.name, class));
	fk_put(fk, addr, &l->device.p, private);
	fk_put(fk, private, &l->device_private.device, addr);
	init_list(fk, klist_head(fk, private));
	if (l->device.msi_list.exists)
		init_list(fk, addr + l->device.msi_list.offset);
}

static void add_child(struct fk *fk, uint64_t parent, uint64_t child)
{
	const struct irqm_layout *l = &fk->layout;
	uint64_t from = irqm_get(fk_at(fk, parent), &l->device.p);
	uint64_t to = irqm_get(fk_at(fk, child), &l->device.p);

	fk_put(fk, child, &l->device.parent, parent);
	list_add_tail(fk, klist_head(fk, from),
		      to + l->device_private.knode_parent.offset +
			      l->klist_node.n_node.offset);
}

static void build_consumers(struct fk *fk, uint64_t parent,
			    const struct fk_device *d)
{
	uint64_t child = 0;
	unsigned int i;

	for (i = 0; i < 3 && d->consumers[i].name; i++) {
		const struct fk_consumer *c = &d->consumers[i];

		/* a class device hangs below the one on the bus */
		if (c->on_bus)
			child = 0;
		else if (child)
			parent = child;
		child = heap(fk, fk->layout.device.size);
		fill_device(fk, child, c->name, c->on_bus ? c->kind : NULL,
			    c->driver, c->on_bus ? NULL : c->kind);
		add_child(fk, parent, child);
	}
}

static void build_device(struct fk *fk, unsigned int i)
{
	const struct irqm_layout *l = &fk->layout;
	const struct fk_device *d = &fk->m->devices[i];
	uint64_t pci = heap(fk, l->pci_dev.size);
	uint64_t addr = pci + l->pci_dev.dev.offset;

	fk->devices[i] = addr;
	fill_device(fk, addr, d->name, d->bus, d->driver, NULL);
	fk_put(fk, addr, &l->device.numa_node, (uint32_t)d->node);
	fk_put(fk, pci, &l->pci_dev.vendor, d->vendor);
	fk_put(fk, pci, &l->pci_dev.device, d->device);
	fk_put(fk, pci, &l->pci_dev.clss, d->class);
	build_consumers(fk, addr, d);
}

/* MSI descriptors. */

static void put_message(struct fk *fk, uint64_t desc, const struct fk_irq *i)
{
	const struct irqm_layout *l = &fk->layout;
	uint64_t msg = desc + l->msi_desc.msg.offset;

	fk_put(fk, msg, &l->msi_msg.address_lo, (uint32_t)i->address);
	fk_put(fk, msg, &l->msi_msg.address_hi, i->address >> 32);
	fk_put(fk, msg, &l->msi_msg.data, i->data);
}

/* affinity[n] of a descriptor, an array of nvec of them. */
static void put_msi_affinity(struct fk *fk, uint64_t array, unsigned int n,
			     const struct fk_irq *i)
{
	const struct irqm_layout *l = &fk->layout;

	if (l->irq_affinity_desc.mask.exists) {
		array += (uint64_t)n * l->irq_affinity_desc.size;
		put_bits(fk, array + l->irq_affinity_desc.mask.offset,
			 i->msi_affinity, l->irq_affinity_desc.mask.size);
		fk_put(fk, array, &l->irq_affinity_desc.is_managed,
		       i->managed);
	} else {
		array += (uint64_t)n * l->cpumask.size;
		put_bits(fk, array, i->msi_affinity, l->cpumask.size);
	}
}

static uint64_t new_msi_desc(struct fk *fk, const struct fk_irq *i)
{
	const struct irqm_layout *l = &fk->layout;
	const struct fk_device *d = &fk->m->devices[i->device];
	uint64_t desc = heap(fk, l->msi_desc.size);
	uint32_t stride = l->irq_affinity_desc.mask.exists
				  ? l->irq_affinity_desc.size
				  : l->cpumask.size;

	fk_put(fk, desc, &l->msi_desc.irq, i->first_irq);
	fk_put(fk, desc, &l->msi_desc.nvec_used, i->nvec);
	fk_put(fk, desc, &l->msi_desc.dev, fk->devices[i->device]);
	put_message(fk, desc, i);
	fk_put(fk, desc, &l->msi_desc.msi_index, i->index);
	fk_put(fk, desc, &l->msi_desc.entry_nr, i->index);
	fk_put(fk, desc, &l->msi_desc.is_msix, d->msix);
	fk_put(fk, desc, &l->msi_desc.pci_is_msix, d->msix);
	if (i->msi_affinity)
		fk_put(fk, desc, &l->msi_desc.affinity,
		       heap(fk, (size_t)i->nvec * stride));
	return desc;
}

static uint64_t msi_desc_of(struct fk *fk, unsigned int i)
{
	const struct fk_irq *irq = &fk->m->irqs[i];
	unsigned int n = irq->irq - irq->first_irq;
	uint64_t desc, array;

	desc = n ? fk->msi_descs[i - n] : new_msi_desc(fk, irq);
	array = irqm_get(fk_at(fk, desc), &fk->layout.msi_desc.affinity);
	if (array && irq->msi_affinity)
		put_msi_affinity(fk, array, n, irq);
	return desc;
}

static uint64_t xarray_of(struct fk *fk, uint64_t at, unsigned int nr)
{
	struct fk_tree_entry *e = must(calloc(nr + 1, sizeof(*e)));
	unsigned int i;

	for (i = 0; i < nr; i++)
		e[i] = (struct fk_tree_entry){
			i, heap(fk, fk->layout.msi_desc.size) };
	fk_put(fk, at, &fk->layout.xarray.xa_head, fk_radix(fk, e, nr, 2));
	free(e);
	return at;
}

static void msi_list_of(struct fk *fk, uint64_t head, unsigned int nr)
{
	unsigned int i;

	init_list(fk, head);
	for (i = 0; i < nr; i++)
		list_add_tail(fk, head,
			      heap(fk, fk->layout.msi_desc.size) +
				      fk->layout.msi_desc.list.offset);
}

/* Wherever the generation keeps a device's descriptors. */
static void build_msi_store(struct fk *fk, unsigned int i)
{
	const struct irqm_layout *l = &fk->layout;
	uint64_t addr = fk->devices[i], data;
	unsigned int nr = fk->m->devices[i].nr_msi_descs;

	if (!l->device.msi.exists || !l->msi_device_data.exists) {
		msi_list_of(fk, addr + l->device.msi_list.offset, nr);
		return;
	}
	data = heap(fk, l->msi_device_data.size);
	fk_put(fk, addr + l->device.msi.offset, &l->dev_msi_info.data, data);
	if (l->msi_device_data.domains.exists)
		xarray_of(fk, data + l->msi_device_data.domains.offset +
			  l->msi_dev_domain.store.offset, nr);
	else if (l->msi_device_data.store.exists)
		xarray_of(fk, data + l->msi_device_data.store.offset, nr);
	else
		msi_list_of(fk, data + l->msi_device_data.list.offset, nr);
}

/* Descriptors. */

const char *fk_domain_name(enum fk_level level)
{
	return levels[level].domain;
}

const char *fk_chip_name(enum fk_level level)
{
	return levels[level].chip;
}

uint64_t fk_hwirq(const struct fk_irq *irq, unsigned int level)
{
	return ((uint64_t)irq->irq << 36) + level * 0x101 + 7;
}

uint32_t fk_kstat(const struct fk_irq *irq, unsigned int cpu)
{
	return irq->irq * 1000003u + cpu * 7919u;
}

static void build_domains(struct fk *fk)
{
	const struct irqm_layout *l = &fk->layout;
	int i;

	for (i = FK_VECTOR; i < FK_NR_LEVELS; i++) {
		if (levels[i].domain)
			fk->domains[i] = named(fk, l->irq_domain.size,
					       &l->irq_domain.name,
					       levels[i].domain);
		fk->chips[i] = named(fk, l->irq_chip.size, &l->irq_chip.name,
				     levels[i].chip);
	}
	variable_set(fk, "x86_vector_domain", 8, fk->domains[FK_VECTOR]);
}

static uint64_t new_chip_data(struct fk *fk, const struct fk_irq *i)
{
	const struct irqm_layout *l = &fk->layout;
	uint64_t addr = heap(fk, l->apic_chip_data.size);

	fk_put(fk, addr, &l->apic_chip_data.hw_vector,
	       i->vector ? i->vector : 0xef);
	fk_put(fk, addr, &l->apic_chip_data.hw_dest_apicid, i->cpu * 2);
	fk_put(fk, addr, &l->apic_chip_data.vector, i->vector);
	fk_put(fk, addr, &l->apic_chip_data.cpu, i->cpu);
	fk_put(fk, addr, &l->apic_chip_data.prev_vector, i->prev_vector);
	fk_put(fk, addr, &l->apic_chip_data.prev_cpu, i->prev_cpu);
	fk_put(fk, addr, &l->apic_chip_data.irq, i->irq);
	fk_put(fk, addr, &l->apic_chip_data.move_in_progress,
	       i->move_in_progress);
	fk_put(fk, addr, &l->apic_chip_data.is_managed, i->managed);
	fk_put(fk, addr, &l->apic_chip_data.can_reserve, i->can_reserve);
	fk_put(fk, addr, &l->apic_chip_data.has_reserved, i->has_reserved);
	if (i->cleanup) /* pprev: it is in a list */
		fk_put64(fk, addr + l->apic_chip_data.clist.offset + 8, addr);
	return addr;
}

static void fill_level(struct fk *fk, uint64_t addr, unsigned int i,
		       unsigned int level, uint64_t parent)
{
	const struct irqm_layout *l = &fk->layout;
	const struct fk_irq *irq = &fk->m->irqs[i];
	enum fk_level kind = irq->chain[level];

	fk_put(fk, addr, &l->irq_data.irq, irq->irq);
	fk_put(fk, addr, &l->irq_data.hwirq, fk_hwirq(irq, level));
	fk_put(fk, addr, &l->irq_data.domain, fk->domains[kind]);
	fk_put(fk, addr, &l->irq_data.chip, fk->chips[kind]);
	fk_put(fk, addr, &l->irq_data.parent_data, parent);
	if (kind == FK_VECTOR && !irq->no_chip_data) {
		fk->chip_data[i] = new_chip_data(fk, irq);
		fk_put(fk, addr, &l->irq_data.chip_data, fk->chip_data[i]);
	}
}

static void build_chain(struct fk *fk, unsigned int i)
{
	const struct irqm_layout *l = &fk->layout;
	const struct fk_irq *irq = &fk->m->irqs[i];
	unsigned int nr = 0, level;
	uint64_t addr, parent = 0;

	while (irq->chain[nr] != FK_END)
		nr++;
	for (level = nr - 1; level > 0; level--) {
		addr = heap(fk, l->irq_data.size);
		fill_level(fk, addr, i, level, parent);
		parent = addr;
	}
	fk->parents[i] = parent;
	fill_level(fk, fk->descs[i] + l->irq_desc.irq_data.offset, i, 0,
		   parent);
}

static void build_actions(struct fk *fk, unsigned int i)
{
	const struct irqm_layout *l = &fk->layout;
	const struct fk_irq *irq = &fk->m->irqs[i];
	uint64_t next = 0, addr;
	int a;

	for (a = 3; a >= 0; a--) {
		const struct fk_action *action = &irq->actions[a];

		if (!action->name)
			continue;
		addr = heap(fk, l->irqaction.size);
		fk_put(fk, addr, &l->irqaction.name,
		       fk_string(fk, action->name));
		fk_put(fk, addr, &l->irqaction.handler,
		       fk_symbol_value(fk, action->handler));
		if (action->thread)
			fk_put(fk, addr, &l->irqaction.thread_fn,
			       fk_symbol_value(fk, action->thread));
		fk_put(fk, addr, &l->irqaction.flags, 0x80 + a);
		fk_put(fk, addr, &l->irqaction.dev_id, irq->irq * 16 + a);
		fk_put(fk, addr, &l->irqaction.next, next);
		next = addr;
	}
	fk->actions[i] = next;
	fk_put(fk, fk->descs[i], &l->irq_desc.action, next);
}

static uint32_t state_of(const struct fk *fk, const struct fk_irq *irq)
{
	uint32_t state = 0;
	int64_t bit;
	int i;

	for (i = 0; irq->state[i]; i++)
		if (irqm_enum_value(&fk->layout.irqd, irq->state[i], &bit))
			state |= bit;
	if (irq->pending &&
	    irqm_enum_value(&fk->layout.irqd, "IRQD_SETAFFINITY_PENDING",
			    &bit))
		state |= bit;
	if (irq->managed &&
	    irqm_enum_value(&fk->layout.irqd, "IRQD_AFFINITY_MANAGED", &bit))
		state |= bit;
	return state;
}

static void build_common(struct fk *fk, unsigned int i)
{
	const struct irqm_layout *l = &fk->layout;
	const struct fk_irq *irq = &fk->m->irqs[i];
	uint64_t addr = fk->descs[i] + l->irq_desc.irq_common_data.offset;

	fk_put(fk, addr, &l->irq_common_data.state, state_of(fk, irq));
	fk_put(fk, addr, &l->irq_common_data.node, 1);
	put_mask(fk, addr, &l->irq_common_data.affinity, irq->affinity);
	put_mask(fk, addr, &l->irq_common_data.effective_affinity,
		 irq->effective);
	if (irq->device >= 0) {
		fk->msi_descs[i] = msi_desc_of(fk, i);
		fk_put(fk, addr, &l->irq_common_data.msi_desc,
		       fk->msi_descs[i]);
	}
}

static void build_kstat(struct fk *fk, unsigned int i)
{
	const struct irqm_layout *l = &fk->layout;
	bool irqstat = strcmp(l->irq_desc.kstat_irqs.target, "irqstat") == 0;
	uint32_t size = irqstat ? l->irqstat.size : 4;
	uint64_t ptr;
	unsigned int cpu;
	uint32_t n;

	/* side by side, as the per-CPU allocator leaves them */
	if (i == 0)
		fk->kstat = percpu_alloc(fk, (size_t)size * fk->m->nr_irqs, 8);
	ptr = fk->kstat + (uint64_t)i * size;

	for (cpu = 0; cpu < fk->m->nr_cpu_ids; cpu++) {
		n = fk_kstat(&fk->m->irqs[i], cpu);
		memcpy(fk_at(fk, fk_percpu(fk, ptr, cpu) +
			     (irqstat ? l->irqstat.cnt.offset : 0)), &n, 4);
	}
	fk_put(fk, fk->descs[i], &l->irq_desc.kstat_irqs, ptr);
}

static void build_desc(struct fk *fk, unsigned int i)
{
	const struct irqm_layout *l = &fk->layout;
	const struct fk_irq *irq = &fk->m->irqs[i];
	uint64_t desc = fk->descs[i];

	fk_put(fk, desc, &l->irq_desc.handle_irq,
	       fk_symbol_value(fk, irq->flow));
	fk_put(fk, desc, &l->irq_desc.name, string_or_null(fk, irq->name));
	fk_put(fk, desc, &l->irq_desc.status, 0x1400 + irq->irq);
	fk_put(fk, desc, &l->irq_desc.istate, 0x20);
	fk_put(fk, desc, &l->irq_desc.depth, irq->irq % 3);
	fk_put(fk, desc, &l->irq_desc.wake_depth, irq->irq % 2);
	fk_put(fk, desc, &l->irq_desc.irqs_unhandled, irq->irq % 5);
	put_mask(fk, desc, &l->irq_desc.pending_mask, irq->pending);
	build_actions(fk, i);
	build_chain(fk, i);
	build_common(fk, i);
	build_kstat(fk, i);
}

static uint64_t build_array(struct fk *fk)
{
	const struct fk_machine *m = fk->m;
	unsigned int nr = m->irqs[m->nr_irqs - 1].irq + 1, i;
	uint32_t size = fk->layout.irq_desc.size;
	uint64_t addr = variable(fk, "irq_desc", (size_t)nr * size);

	variable_set(fk, fk->gen.total_nr_irqs ? "total_nr_irqs" : "nr_irqs",
		     4, nr);
	for (i = 0; i < m->nr_irqs; i++)
		fk->descs[i] = addr + (uint64_t)m->irqs[i].irq * size;
	return addr;
}

static void build_container(struct fk *fk)
{
	const struct irqm_layout *l = &fk->layout;
	struct fk_tree_entry e[FK_MAX_IRQS];
	unsigned int i;
	uint64_t root;

	if (fk->gen.container == FK_ARRAY) {
		build_array(fk);
		return;
	}
	for (i = 0; i < fk->m->nr_irqs; i++) {
		fk->descs[i] = fk_alloc(fk, FK_HEAP, l->irq_desc.size, 64);
		e[i] = (struct fk_tree_entry){ fk->m->irqs[i].irq,
					       fk->descs[i] };
	}
	switch (fk->gen.container) {
	case FK_RADIX_TREE:
		root = variable(fk, "irq_desc_tree", l->radix_tree_root.size);
		fk_put(fk, root, &l->radix_tree_root.rnode,
		       fk_radix(fk, e, fk->m->nr_irqs, 1));
		break;
	case FK_XARRAY:
		root = variable(fk, "irq_desc_tree", l->xarray.size);
		fk_put(fk, root, &l->xarray.xa_head,
		       fk_radix(fk, e, fk->m->nr_irqs, 2));
		break;
	default:
		root = variable(fk, "sparse_irqs", l->maple_tree.size);
		fk_put(fk, root, &l->maple_tree.ma_root,
		       fk_maple(fk, e, fk->m->nr_irqs,
				fk->gen.maple_fanout));
	}
}

int fk_vector_owner(const struct fk_machine *m, unsigned int cpu,
		    unsigned int vector)
{
	unsigned int i;

	for (i = 0; i < m->nr_irqs; i++) {
		const struct fk_irq *irq = &m->irqs[i];

		if (irq->no_chip_data && vector == LEGACY_VECTOR)
			return irq->irq;
		if ((irq->vector == vector && vector && irq->cpu == cpu) ||
		    (irq->prev_vector == vector && vector &&
		     irq->prev_cpu == cpu))
			return irq->irq;
	}
	return -1;
}

static uint64_t desc_of(const struct fk *fk, unsigned int irq)
{
	unsigned int i;

	for (i = 0; i < fk->m->nr_irqs; i++)
		if (fk->m->irqs[i].irq == irq)
			return fk->descs[i];
	abort();
}

static void build_vector_irq(struct fk *fk)
{
	uint64_t ptr = percpu_variable(fk, "vector_irq", NR_VECTORS * 8);
	unsigned int cpu, v, i;

	for (cpu = 0; cpu < fk->m->nr_cpu_ids; cpu++) {
		uint64_t table = fk_percpu(fk, ptr, cpu);

		for (v = 0; v < NR_VECTORS; v++) {
			int irq = fk_vector_owner(fk->m, cpu, v);

			if (irq >= 0)
				fk_put64(fk, table + v * 8,
					 desc_of(fk, irq));
		}
	}
	for (i = 0; i < fk->m->nr_entries; i++) {
		const struct fk_entry *e = &fk->m->entries[i];

		fk_put64(fk, fk_percpu(fk, ptr, e->cpu) + e->vector * 8,
			 e->value);
	}
}

/* A gate to a handler with a name, one into a table, one to nothing known. */
static void build_idt(struct fk *fk)
{
	uint64_t idt = variable(fk, "idt_table", NR_VECTORS * 16);
	uint64_t handler[2] = {
		fk_symbol_value(fk, "asm_sysvec_apic_timer_interrupt"),
		fk_symbol_value(fk, "irq_entries_start") + 16,
	};
	const unsigned int vector[2] = { 0xec, 0x30 };
	unsigned int i;

	for (i = 0; i < 2; i++) {
		unsigned char *gate = fk_at(fk, idt + vector[i] * 16);
		uint16_t low = handler[i], middle = handler[i] >> 16;
		uint32_t high = handler[i] >> 32;

		memcpy(gate, &low, 2);
		memcpy(gate + 6, &middle, 2);
		memcpy(gate + 8, &high, 4);
	}
}

static void build_text(struct fk *fk)
{
	unsigned int i, nr = sizeof(functions) / sizeof(functions[0]);

	for (i = 0; i < nr; i++)
		fk_symbol(fk, functions[i], TEXT_BASE + i * 0x100);
	fk_symbol(fk, "irq_entries_start", TEXT_BASE + 0x8000);
	fk_symbol(fk, "asm_sysvec_apic_timer_interrupt", TEXT_BASE + 0x9000);
}

struct fk *fk_new(const struct irqm_layout *layout,
		  const struct fk_machine *m,
		  const struct fk_generation *gen)
{
	struct fk *fk = must(calloc(1, sizeof(*fk)));
	unsigned int i;

	fk->layout = *layout;
	fk->m = m;
	fk->gen = *gen;
	fk->percpu_used = PERCPU_FIRST;
	fk->regions[FK_DATA].base = DATA_BASE;
	fk->regions[FK_HEAP].base = HEAP_BASE;
	fk->regions[FK_PERCPU].base = PERCPU_BASE;
	build_text(fk);
	build_percpu(fk);
	build_dump(fk);
	build_topology(fk);
	build_matrix(fk);
	build_idt(fk);
	build_domains(fk);
	build_container(fk);
	for (i = 0; i < m->nr_devices; i++) {
		build_device(fk, i);
		build_msi_store(fk, i);
	}
	for (i = 0; i < m->nr_irqs; i++)
		build_desc(fk, i);
	build_vector_irq(fk);
	return fk;
}

void fk_free(struct fk *fk)
{
	int i;

	if (!fk)
		return;
	irqm_memory_free(fk->memory);
	for (i = 0; i < FK_NR_REGIONS; i++)
		free(fk->regions[i].bytes);
	free(fk->objects);
	free(fk);
}

static void write_range(struct fk *fk, uint64_t addr, size_t len)
{
	if (irqm_memory_write(fk->memory, addr, fk_at(fk, addr), len) != 0)
		abort();
}

void fk_commit(struct fk *fk, enum fk_mode mode)
{
	unsigned int i;

	irqm_memory_free(fk->memory);
	fk->memory = must(irqm_memory_new());
	for (i = 0; i < fk->nr_symbols; i++)
		if (irqm_memory_symbol(fk->memory, fk->symbols[i].name,
				       fk->symbols[i].value) != 0)
			abort();
	if (mode == FK_PACKED)
		for (i = 0; i < FK_NR_REGIONS; i++)
			write_range(fk, fk->regions[i].base,
				    fk->regions[i].size);
	else
		for (i = 0; i < fk->nr_objects; i++)
			write_range(fk, fk->objects[i].addr,
				    fk->objects[i].len);
}
