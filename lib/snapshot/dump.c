/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads what the dump says about itself: VMCOREINFO, CPU masks, per-CPU
 * areas. */
#include "snapshot/stages.h"

#include <stdio.h>
#include <string.h>

#include "memory/vmcoreinfo.h"

/* NR_CPUS is at most 8192 on x86; irqm_reader_bitmap() can hold 65536. */
#define MAX_CPUS 65536

/*
 * Reads the ELF note, if the kernel panicked: crash_save_vmcoreinfo() adds
 * CRASHTIME to it. vmcoreinfo_data then points into the memory of the crash
 * kernel, which is not in the dump.
 */
static bool read_vmcoreinfo_note(struct reader *r, char *text)
{
	struct {
		uint32_t namesz, descsz, type;
	} header;
	uint64_t ptr, addr, desc;

	if (!irqm_reader_symbol(r, "vmcoreinfo_note", &ptr) ||
	    !irqm_reader_read(r, ptr, &addr, sizeof(addr), "vmcoreinfo_note") ||
	    !addr ||
	    !irqm_reader_read(r, addr, &header, sizeof(header),
			      "VMCOREINFO note"))
		return false;
	if (header.namesz != sizeof("VMCOREINFO") || header.descsz == 0 ||
	    header.descsz > IRQM_VMCOREINFO_MAX)
		return false;
	/* the name is padded to a multiple of 4 */
	desc = addr + sizeof(header) + 12;
	if (!irqm_reader_read(r, desc, text, header.descsz, "VMCOREINFO note"))
		return false;
	text[header.descsz] = '\0';
	return true;
}

static bool read_vmcoreinfo_data(struct reader *r, char *text)
{
	uint64_t addr, size;

	if (!irqm_reader_variable(r, "vmcoreinfo_data", &addr) ||
	    !irqm_reader_variable(r, "vmcoreinfo_size", &size) || size == 0 ||
	    size > IRQM_VMCOREINFO_MAX)
		return false;
	if (!irqm_reader_read(r, addr, text, size, "VMCOREINFO"))
		return false;
	text[size] = '\0';
	return true;
}

static const char *vmcoreinfo_value(struct reader *r, const char *text,
				    const char *key)
{
	char value[256];

	if (!irqm_vmcoreinfo_value(text, key, value, sizeof(value)))
		return NULL;
	return irqm_reader_strdup(r, value);
}

static void read_vmcoreinfo(struct reader *r)
{
	struct irqm_dump *d = &r->s->dump;
	const char *text = r->target->vmcoreinfo;
	char copy[IRQM_VMCOREINFO_MAX + 1], value[32], end;
	long long seconds;

	if (!text &&
	    (read_vmcoreinfo_note(r, copy) || read_vmcoreinfo_data(r, copy)))
		text = copy;
	if (!text)
		return;
	d->release = vmcoreinfo_value(r, text, "OSRELEASE");
	d->build_id = vmcoreinfo_value(r, text, "BUILD-ID");
	if (irqm_vmcoreinfo_value(text, "CRASHTIME", value, sizeof(value)) &&
	    sscanf(value, "%18lld%c", &seconds, &end) == 1)
		d->crash_time = seconds;
}

/* Returns NR_CPUS from the mask's type, or 0 if unknown. */
static unsigned int nr_cpus(const struct irqm_layout *l)
{
	if (l->cpumask.exists && l->cpumask.size * 8ULL <= MAX_CPUS)
		return l->cpumask.size * 8;
	return 0;
}

/* Returns the highest possible CPU below nbits, plus one, as setup_nr_cpu_ids()
 * does. Returns 0 if the mask cannot be read. */
static unsigned int derive_nr_cpu_ids(struct reader *r, unsigned int nbits)
{
	unsigned int cpu, nr = 0;
	struct irqm_bits possible;
	uint64_t addr;

	if (!nbits ||
	    irqm_reader_find(r, "__cpu_possible_mask", &addr) != READER_FOUND)
		return 0;
	possible = irqm_reader_bitmap(r, addr, nbits, "__cpu_possible_mask");
	irqm_bits_for_each(cpu, &possible)
		nr = cpu + 1;
	return nr;
}

/*
 * nr_cpu_ids is a variable or, with CONFIG_FORCE_NR_CPUS (6.1), the constant
 * NR_CPUS. Masks are allocated with nr_cpu_ids bits, and reading more would
 * take the memory after them for CPUs. So no bit above the highest possible CPU
 * is read, whatever nr_cpu_ids says.
 */
static unsigned int read_nr_cpu_ids(struct reader *r)
{
	unsigned int max = nr_cpus(r->layout), derived;
	uint64_t nr, addr;

	if (!irqm_reader_symbol(r, "nr_cpu_ids", &addr) ||
	    !irqm_reader_variable(r, "nr_cpu_ids", &nr))
		return derive_nr_cpu_ids(r, max);
	if (!nr || nr > (max ? max : MAX_CPUS)) {
		irqm_reader_note(r, IRQM_INVALID, addr, "nr_cpu_ids");
		return derive_nr_cpu_ids(r, max);
	}
	derived = derive_nr_cpu_ids(r, nr);
	return derived ? derived : nr;
}

static struct irqm_bits read_cpu_mask(struct reader *r, const char *symbol)
{
	unsigned int nbits = r->s->dump.nr_cpu_ids;
	uint64_t addr;

	if (!nbits || !irqm_reader_required(r, symbol, &addr))
		return (struct irqm_bits){ .nbits = nbits };
	return irqm_reader_bitmap(r, addr, nbits, symbol);
}

static void read_percpu_offsets(struct reader *r)
{
	unsigned int nr = r->s->dump.nr_cpu_ids;
	uint64_t addr;

	if (!nr || !irqm_reader_required(r, "__per_cpu_offset", &addr))
		return;
	r->percpu_offset = irqm_reader_alloc(r, nr, sizeof(uint64_t));
	if (r->percpu_offset &&
	    !irqm_reader_read(r, addr, r->percpu_offset, nr * sizeof(uint64_t),
			      "__per_cpu_offset"))
		r->percpu_offset = NULL;
}

/*
 * Returns the address of a mask in struct housekeeping, since 5.18
 * (04d4e665a609). Its masks are cpumask_var_t or, in 7.x ("sched/isolation:
 * Convert housekeeping cpumasks to rcu pointers"), always pointers.
 */
static uint64_t housekeeping_mask_struct(struct reader *r, uint64_t addr,
					 bool *ret_unread)
{
	const struct irqm_layout *l = r->layout;
	const struct irqm_member *masks = &l->housekeeping.cpumasks;
	bool inline_masks = strcmp(masks->target, "cpumask") == 0;
	char copy[READER_STRUCT_MAX];
	int64_t type;
	uint64_t ptr;

	if (!masks->exists || !l->housekeeping.flags.exists ||
	    (!inline_masks && masks->elem_size != sizeof(ptr)) ||
	    !irqm_enum_value(&l->hk, "HK_TYPE_MANAGED_IRQ", &type) ||
	    type < 0 || type >= 64 || type >= masks->count)
		return 0;
	if (!irqm_reader_struct(r, copy, addr, l->housekeeping.size,
				"housekeeping")) {
		*ret_unread = true;
		return 0;
	}
	if (!(irqm_get(copy, &l->housekeeping.flags) >> type & 1))
		return 0;
	if (inline_masks)
		return addr + masks->offset + type * masks->elem_size;
	memcpy(&ptr, copy + masks->offset + type * sizeof(ptr), sizeof(ptr));
	return ptr;
}

static uint64_t housekeeping_mask_variable(struct reader *r, bool *ret_unread)
{
	uint64_t flags, addr;
	int64_t managed;

	if (!irqm_enum_value(&r->layout->hk_flags, "HK_FLAG_MANAGED_IRQ",
			     &managed))
		return 0;
	if (!irqm_reader_symbol(r, "housekeeping_mask", &addr)) {
		*ret_unread = addr != 0;
		return 0;
	}
	*ret_unread = true;
	if (!irqm_reader_variable(r, "housekeeping_flags", &flags))
		return 0;
	*ret_unread = flags & managed;
	if (!*ret_unread || !r->cpumask_known ||
	    (r->cpumask_is_pointer &&
	     !irqm_reader_read(r, addr, &addr, sizeof(addr),
			       "housekeeping_mask")))
		return 0;
	return addr;
}

/* With isolcpus=managed_irq: reads the CPUs that managed interrupts may use. */
static void read_housekeeping(struct reader *r)
{
	struct irqm_dump *d = &r->s->dump;
	bool unread = false;
	uint64_t addr, mask = 0;

	if (irqm_reader_symbol(r, "housekeeping", &addr))
		mask = housekeeping_mask_struct(r, addr, &unread);
	else if (addr)
		unread = true;
	else
		mask = housekeeping_mask_variable(r, &unread);
	if (mask) {
		d->housekeeping_managed = irqm_reader_bitmap(
			r, mask, d->nr_cpu_ids, "housekeeping mask");
		unread = !irqm_bits_known(&d->housekeeping_managed);
	}
	d->housekeeping_unread = unread;
}

static struct irqm_generation generation_of(const struct irqm_layout *l)
{
	return (struct irqm_generation){
		.affinity_desc = strcmp(l->msi_desc.affinity.target,
					"irq_affinity_desc") == 0,
		.xarray = l->xarray.exists,
		.printk_ringbuffer = l->printk_ringbuffer.exists,
		.map_pointers = l->irq_matrix.system_map.kind ==
				IRQM_KIND_POINTER,
	};
}

void irqm_read_dump(struct reader *r)
{
	struct irqm_dump *d = &r->s->dump;
	uint64_t addr;

	d->path = r->target->path;
	d->format = r->target->format;
	d->types = r->target->types;
	d->vmcoreinfo_from = r->target->vmcoreinfo_from;
	d->live = r->target->live;
	d->arch = "x86_64";
	read_vmcoreinfo(r);
	d->generation = generation_of(r->layout);

	d->nr_cpu_ids = read_nr_cpu_ids(r);
	d->possible = read_cpu_mask(r, "__cpu_possible_mask");
	d->present = read_cpu_mask(r, "__cpu_present_mask");
	d->online = read_cpu_mask(r, "__cpu_online_mask");
	read_percpu_offsets(r);
	if (irqm_reader_symbol(r, "irq_default_affinity", &addr))
		d->default_affinity = irqm_reader_cpumask_symbol(
			r, addr, "irq_default_affinity");
	read_housekeeping(r);
}
