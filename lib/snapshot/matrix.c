/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads vector_matrix, its cpumaps, the node of each CPU, and the system
 * vectors. */
#include "snapshot/stages.h"

#include <string.h>

/* x86 has 256; the field allows more. */
#define MAX_MATRIX_BITS 4096

/* Reads a bitmap, which is an array in the structure or, since 6.11, a pointer
 * to memory after it. copy has size bytes from addr on. */
static struct irqm_bits read_map(struct reader *r, uint64_t addr,
				 const char *copy, size_t size,
				 const struct irqm_member *m, const char *what)
{
	unsigned int nbits = r->s->matrix.matrix_bits;
	size_t bytes = IRQM_BITS_WORDS(nbits) * 8;
	uint64_t at = m->offset;

	bool fits = m->kind == IRQM_KIND_ARRAY &&
		    (m->count == 0 || m->size >= bytes);

	if (m->kind == IRQM_KIND_POINTER) {
		at = irqm_get(copy, m) - addr;
		fits = true;
	}
	if (fits && at <= size && bytes <= size - at)
		return irqm_reader_bits(r, copy + at, nbits);
	if (m->kind == IRQM_KIND_POINTER)
		return irqm_reader_bitmap(r, addr + at, nbits, what);
	irqm_reader_note(r, IRQM_INVALID, addr, "%s", what);
	return (struct irqm_bits){ .nbits = nbits };
}

/* Returns the size of a cpumap with its bitmaps. */
static size_t cpumap_size(const struct reader *r)
{
	const struct irqm_layout *l = r->layout;
	size_t size = l->cpumap.size, end = 0;

	/* flexible alloc_map (6.11): the bitmaps follow the structure */
	if (l->cpumap.alloc_map.kind == IRQM_KIND_ARRAY &&
	    l->cpumap.alloc_map.count == 0)
		end = l->cpumap.alloc_map.offset +
		      2 * IRQM_BITS_WORDS(r->s->matrix.matrix_bits) * 8;
	return size < end ? end : size;
}

static void read_cpumap(struct reader *r, struct irqm_cpu *c, uint64_t maps)
{
	const struct irqm_layout *l = r->layout;
	char copy[READER_STRUCT_MAX];
	size_t size = cpumap_size(r);
	uint64_t addr;

	if (!irqm_reader_percpu(r, maps, c->cpu, &addr) ||
	    !irqm_reader_struct(r, copy, addr, size, "cpumap of CPU %u",
				c->cpu))
		return;

	c->available = irqm_get_num(copy, &l->cpumap.available);
	c->allocated = irqm_get_num(copy, &l->cpumap.allocated);
	c->managed = irqm_get_num(copy, &l->cpumap.managed);
	c->managed_allocated = irqm_get_num(copy, &l->cpumap.managed_allocated);
	c->initialized = irqm_get_num(copy, &l->cpumap.initialized);
	c->online = irqm_get_num(copy, &l->cpumap.online) != 0;
	c->alloc_map = read_map(r, addr, copy, size, &l->cpumap.alloc_map,
				"cpumap.alloc_map");
	c->managed_map = read_map(r, addr, copy, size, &l->cpumap.managed_map,
				  "cpumap.managed_map");
}

static bool read_irq_matrix(struct reader *r, uint64_t addr, uint64_t *maps)
{
	const struct irqm_layout *l = r->layout;
	struct irqm_matrix *m = &r->s->matrix;
	char copy[READER_STRUCT_MAX];

	if (!irqm_reader_struct(r, copy, addr, l->irq_matrix.size,
				"irq_matrix at vector_matrix"))
		return false;
	m->matrix_bits = irqm_get_num(copy, &l->irq_matrix.matrix_bits);
	if (m->matrix_bits == 0 || m->matrix_bits > MAX_MATRIX_BITS) {
		m->matrix_bits = IRQM_UNKNOWN;
		irqm_reader_note(r, IRQM_INVALID, addr,
				 "irq_matrix.matrix_bits");
		return false;
	}
	m->addr = addr;
	m->alloc_start = irqm_get_num(copy, &l->irq_matrix.alloc_start);
	m->alloc_end = irqm_get_num(copy, &l->irq_matrix.alloc_end);
	m->alloc_size = irqm_get_num(copy, &l->irq_matrix.alloc_size);
	m->global_available =
		irqm_get_num(copy, &l->irq_matrix.global_available);
	m->global_reserved = irqm_get_num(copy, &l->irq_matrix.global_reserved);
	m->systembits_inalloc =
		irqm_get_num(copy, &l->irq_matrix.systembits_inalloc);
	m->total_allocated = irqm_get_num(copy, &l->irq_matrix.total_allocated);
	m->online_maps = irqm_get_num(copy, &l->irq_matrix.online_maps);
	m->system_map = read_map(r, addr, copy, l->irq_matrix.size,
				 &l->irq_matrix.system_map,
				 "irq_matrix.system_map");
	*maps = irqm_get(copy, &l->irq_matrix.maps);
	return true;
}

void irqm_list_cpus(struct reader *r)
{
	struct irqm_snapshot *s = r->s;
	unsigned int cpu, i = 0;

	s->cpus = irqm_reader_alloc(r, irqm_bits_weight(&s->dump.possible),
				    sizeof(*s->cpus));
	if (!s->cpus)
		return;
	irqm_bits_for_each(cpu, &s->dump.possible) {
		s->cpus[i++] = (struct irqm_cpu){
			.cpu = cpu,
			.online = IRQM_UNKNOWN,
			.initialized = IRQM_UNKNOWN,
			.available = IRQM_UNKNOWN,
			.allocated = IRQM_UNKNOWN,
			.managed = IRQM_UNKNOWN,
			.managed_allocated = IRQM_UNKNOWN,
			.node = IRQM_UNKNOWN,
			.apicid = IRQM_UNKNOWN,
			.logical_apicid = IRQM_UNKNOWN,
		};
	}
	s->nr_cpus = i;
}

/* Tells the target what read_topology() will read. */
static void expect_topology(struct reader *r, unsigned int i)
{
	static const char *const variables[] = {
		"numa_node",
		"cpu_sibling_map",
		"cpu_l2c_shared_map",
	};
	uint64_t ptr;
	size_t v;

	for (v = 0; v < ARRAY_SIZE(variables); v++)
		if (irqm_reader_find(r, variables[v], &ptr) == READER_FOUND)
			irqm_reader_expect_percpu(r, i, ptr, sizeof(ptr));
}

static void read_topology(struct reader *r, struct irqm_cpu *c)
{
	uint64_t ptr, addr;
	int32_t node;

	if (irqm_reader_without_numa(r))
		c->node = 0; /* cpu_to_node() */
	else if (irqm_reader_symbol(r, "numa_node", &ptr) &&
		 irqm_reader_percpu(r, ptr, c->cpu, &addr) &&
		 irqm_reader_read(r, addr, &node, sizeof(node),
				  "numa_node of CPU %u", c->cpu))
		c->node = node;
	if (irqm_reader_symbol(r, "cpu_sibling_map", &ptr) &&
	    irqm_reader_percpu(r, ptr, c->cpu, &addr))
		c->siblings =
			irqm_reader_cpumask_symbol(r, addr, "cpu_sibling_map");
	/* since 66558b730f25 ("sched: Add cluster scheduler level for x86") */
	if (irqm_reader_symbol(r, "cpu_l2c_shared_map", &ptr) &&
	    irqm_reader_percpu(r, ptr, c->cpu, &addr))
		c->cluster = irqm_reader_cpumask_symbol(r, addr,
							"cpu_l2c_shared_map");
}

/* struct gate_struct of x86-64: 16 bytes, as the processor defines it. */
struct gate {
	uint16_t offset_low, segment, bits, offset_middle;
	uint32_t offset_high, reserved;
};

/* Returns the handler's name without the part that all handlers share. */
static const char *vector_name(const char *handler)
{
	static const char *const prefixes[] = {
		"asm_sysvec_",
		"asm_exc_",
		"asm_",
	};
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE(prefixes); i++) {
		len = strlen(prefixes[i]);
		if (strncmp(handler, prefixes[i], len) == 0)
			return handler + len;
	}
	return handler;
}

/*
 * Reads the names of vectors with a gate of their own. Device interrupts and
 * spurious ones have tables of entries instead: the gate then has an offset
 * into a table, and no name.
 */
static void read_system_vectors(struct reader *r)
{
	struct gate idt[IRQM_NR_VECTORS];
	uint64_t addr, offset, handler;
	char name[128];
	unsigned int v;

	r->s->system_vectors_cut = true; /* until all were read */
	if (!r->target->symbol_at ||
	    !irqm_reader_symbol(r, "idt_table", &addr) ||
	    !irqm_reader_read(r, addr, idt, sizeof(idt), "idt_table"))
		return;
	r->s->system_vectors_cut = false;
	for (v = 0; v < IRQM_NR_VECTORS; v++) {
		handler = (uint64_t)idt[v].offset_high << 32 |
			  (uint64_t)idt[v].offset_middle << 16 |
			  idt[v].offset_low;
		if (!handler)
			continue;
		if (!irqm_reader_symbol_at(r, handler, name, sizeof(name),
					   &offset)) {
			r->s->system_vectors_cut |= offset != 0;
			continue;
		}
		if (offset != 0 || strstr(name, "entries_start"))
			continue;
		r->s->system_vector[v] =
			irqm_reader_strdup(r, vector_name(name));
	}
}

bool irqm_read_cpumaps(struct reader *r)
{
	struct irqm_snapshot *s = r->s;
	uint64_t symbol, addr, maps;
	char missing[96];
	unsigned int i;

	if (!irqm_reader_symbol(r, "vector_matrix", &symbol))
		return false;
	if (irqm_layout_missing(r->layout, IRQM_PART_MATRIX, missing,
				sizeof(missing))) {
		irqm_reader_note(r, IRQM_INVALID, symbol,
				 "vector_matrix: no %s in the type information",
				 missing);
		return true;
	}
	if (!irqm_reader_read(r, symbol, &addr, sizeof(addr),
			      "vector_matrix") ||
	    !read_irq_matrix(r, addr, &maps))
		return true;
	for (i = 0; i < s->nr_cpus; i++) {
		irqm_reader_expect_percpu(r, i, maps, cpumap_size(r));
		read_cpumap(r, &s->cpus[i], maps);
	}
	return true;
}

int irqm_read_matrix(struct reader *r, struct irqm_error *err)
{
	struct irqm_snapshot *s = r->s;
	unsigned int i;

	irqm_list_cpus(r);
	read_system_vectors(r);
	for (i = 0; i < s->nr_cpus; i++) {
		expect_topology(r, i);
		read_topology(r, &s->cpus[i]);
	}
	if (irqm_read_cpumaps(r))
		return 0;
	irqm_error_set(err,
		       "no symbol vector_matrix: the kernel is not x86, or "
		       "older than 4.15, which brought the matrix allocator");
	irqm_error_is(err, IRQM_ERROR_KERNEL);
	return -1;
}
