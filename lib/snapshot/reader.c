/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/reader.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "memory/variables.h"

void *irqm_reader_alloc(struct reader *r, size_t count, size_t size)
{
	void *p = irqm_arena_alloc(r->arena, count, size);

	if (!p)
		r->no_memory = true;
	return p;
}

char *irqm_reader_strdup(struct reader *r, const char *s)
{
	char *copy = irqm_arena_strdup(r->arena, s);

	if (!copy)
		r->no_memory = true;
	return copy;
}

static void note_unread(struct reader *r, enum irqm_why why, uint64_t addr,
			const char *what, va_list ap)
{
	struct irqm_snapshot *s = r->s;
	char line[160];
	const char *copy;

	if (s->nr_unread >= IRQM_MAX_UNREAD) {
		s->unread_dropped++;
		return;
	}
	if (!s->unread)
		s->unread = irqm_reader_alloc(r, IRQM_MAX_UNREAD,
					      sizeof(*s->unread));
	vsnprintf(line, sizeof(line), what, ap);
	copy = irqm_reader_strdup(r, line);
	if (!s->unread || !copy)
		return;
	s->unread[s->nr_unread++] = (struct irqm_unread){ copy, addr, why };
}

void irqm_reader_note(struct reader *r, enum irqm_why why, uint64_t addr,
		      const char *what, ...)
{
	va_list ap;

	va_start(ap, what);
	note_unread(r, why, addr, what, ap);
	va_end(ap);
}

enum irqm_why irqm_reader_try(struct reader *r, uint64_t addr, void *buf,
			      size_t len)
{
	if (!irqm_kernel_address(addr) || len > UINT64_MAX - addr)
		return IRQM_BAD_POINTER;
	return r->target->read(r->target->ctx, addr, buf, len);
}

void irqm_reader_expect(struct reader *r, const struct irqm_extent extents[],
			size_t nr)
{
	if (r->target->expect)
		r->target->expect(r->target->ctx, extents, nr);
}

void irqm_reader_expect_percpu(struct reader *r, unsigned int i, uint64_t ptr,
			       size_t len)
{
	struct irqm_extent e[READER_CPUS];
	unsigned int end = i + READER_CPUS;
	size_t nr = 0;

	if (!r->target->expect || i % READER_CPUS)
		return;
	for (; i < end && i < r->s->nr_cpus; i++)
		if (irqm_reader_percpu(r, ptr, r->s->cpus[i].cpu, &e[nr].addr))
			e[nr++].len = len;
	irqm_reader_expect(r, e, nr);
}

void irqm_reader_used(struct reader *r, uint64_t addr, size_t len,
		      const char *what)
{
	if (r->target->used)
		r->target->used(r->target->ctx, addr, len, what);
}

/* Ends every read: records a failure, or tells the target what the bytes are
 * used for. */
static bool end_read(struct reader *r, enum irqm_why why, uint64_t addr,
		     size_t len, const char *what, va_list ap)
{
	char line[160];

	if (why != IRQM_OK) {
		note_unread(r, why, addr, what, ap);
	} else if (r->target->used) {
		vsnprintf(line, sizeof(line), what, ap);
		irqm_reader_used(r, addr, len, line);
	}
	return why == IRQM_OK;
}

bool irqm_reader_read(struct reader *r, uint64_t addr, void *buf, size_t len,
		      const char *what, ...)
{
	enum irqm_why why = irqm_reader_try(r, addr, buf, len);
	va_list ap;
	bool ok;

	va_start(ap, what);
	ok = end_read(r, why, addr, len, what, ap);
	va_end(ap);
	return ok;
}

void *irqm_reader_struct(struct reader *r, void *buf, uint64_t addr,
			 uint32_t size, const char *what, ...)
{
	enum irqm_why why = IRQM_INVALID;
	va_list ap;
	bool ok;

	if (size <= READER_STRUCT_MAX)
		why = irqm_reader_try(r, addr, buf, size);
	va_start(ap, what);
	ok = end_read(r, why, addr, size, what, ap);
	va_end(ap);
	return ok ? buf : NULL;
}

bool irqm_reader_step(struct reader *r, uint64_t addr, const char *what)
{
	if (r->steps > READER_MAX_STEPS)
		return false;
	if (r->steps++ < READER_MAX_STEPS)
		return true;
	irqm_reader_note(r, IRQM_INVALID, addr,
			 "%s: more than %u elements in all lists and trees",
			 what, READER_MAX_STEPS);
	return false;
}

/* Returns why the symbol table cannot be used at addr. */
static enum irqm_why why_unread(struct reader *r, uint64_t addr)
{
	unsigned char byte;
	enum irqm_why why = irqm_reader_try(r, addr, &byte, sizeof(byte));

	return why == IRQM_OK ? IRQM_INVALID : why;
}

enum reader_found irqm_reader_find(struct reader *r, const char *name,
				   uint64_t *ret)
{
	*ret = 0;
	if (r->target->symbol(r->target->ctx, name, ret))
		return READER_FOUND;
	return *ret ? READER_UNREAD : READER_ABSENT;
}

bool irqm_reader_symbol(struct reader *r, const char *name, uint64_t *ret)
{
	enum reader_found found = irqm_reader_find(r, name, ret);

	if (found == READER_UNREAD)
		irqm_reader_note(r, why_unread(r, *ret), *ret,
				 "symbol %s, in kallsyms", name);
	return found == READER_FOUND;
}

bool irqm_reader_required(struct reader *r, const char *name, uint64_t *ret)
{
	if (irqm_reader_symbol(r, name, ret))
		return true;
	if (!*ret)
		irqm_reader_note(r, IRQM_INVALID, 0, "no symbol %s", name);
	return false;
}

bool irqm_reader_variable(struct reader *r, const char *name, uint64_t *ret)
{
	int i = irqm_variable_find(name);
	uint64_t addr, value = 0;

	if (i < 0 || irqm_variables[i].size > sizeof(value) ||
	    !irqm_reader_symbol(r, name, &addr) ||
	    !irqm_reader_read(r, addr, &value, irqm_variables[i].size,
			      "variable %s", name))
		return false;
	*ret = value;
	return true;
}

/* With CONFIG_NUMA both structures have a node. */
bool irqm_reader_without_numa(struct reader *r)
{
	const struct irqm_layout *l = r->layout;
	uint64_t addr;

	return l->irq_common_data.exists && !l->irq_common_data.node.exists &&
	       l->device.exists && !l->device.numa_node.exists &&
	       irqm_reader_find(r, "numa_node", &addr) == READER_ABSENT;
}

/*
 * Strings are read in pieces that end at a multiple of 64. So a string at the
 * end of a page does not fail because of the next page, and little of what
 * follows a short string is read.
 */
#define PIECE 64
#define STRING_MAX 255

enum irqm_why irqm_reader_try_string(struct reader *r, uint64_t addr, char *buf,
				     size_t size, uint64_t *ret_failed)
{
	enum irqm_why why;
	size_t len = 0;

	while (len < size - 1) {
		size_t piece = PIECE - (addr + len) % PIECE;

		if (piece > size - 1 - len)
			piece = size - 1 - len;
		why = irqm_reader_try(r, addr + len, buf + len, piece);
		if (why != IRQM_OK) {
			*ret_failed = addr + len;
			return why;
		}
		if (memchr(buf + len, '\0', piece))
			return IRQM_OK;
		len += piece;
	}
	buf[len] = '\0';
	return IRQM_OK;
}

const char *irqm_reader_string(struct reader *r, uint64_t addr,
			       const char *what)
{
	char buf[STRING_MAX + 1];
	enum irqm_why why;
	uint64_t failed;
	size_t len;

	if (!addr)
		return NULL;
	why = irqm_reader_try_string(r, addr, buf, sizeof(buf), &failed);
	if (why != IRQM_OK) {
		irqm_reader_note(r, why, failed, "%s", what);
		return NULL;
	}
	/* the rest of the last piece does not belong to the string */
	len = strlen(buf) + 1;
	if (len > STRING_MAX) /* cut: its end was not read */
		len = STRING_MAX;
	irqm_reader_used(r, addr, len, what);
	return irqm_reader_strdup(r, buf);
}

const char *irqm_reader_name_of(struct reader *r, uint64_t addr, uint32_t size,
				const struct irqm_member *name,
				const char *what)
{
	char copy[READER_STRUCT_MAX];
	const char *s = NULL;
	uintptr_t known;

	if (!addr || !name->exists)
		return NULL;
	if (irqm_address_map_get(&r->names, addr, &known))
		return (const char *)known;
	if (irqm_reader_struct(r, copy, addr, size, "%s", what))
		s = irqm_reader_string(r, irqm_get(copy, name), what);
	if (!irqm_address_map_put(&r->names, addr, (uintptr_t)s))
		r->no_memory = true;
	return s;
}

/* Records a page once, even if it has many names. */
static void note_names(struct reader *r, uint64_t addr)
{
	uint64_t page = addr & ~4095ULL;
	uintptr_t known;

	if (irqm_address_map_get(&r->names_unread, page, &known))
		return;
	if (!irqm_address_map_put(&r->names_unread, page, 1))
		r->no_memory = true;
	irqm_reader_note(r, why_unread(r, addr), addr,
			 "names of functions, in kallsyms");
}

bool irqm_reader_symbol_at(struct reader *r, uint64_t addr, char *name,
			   size_t size, uint64_t *ret_offset)
{
	const struct irqm_target *t = r->target;

	*ret_offset = 0;
	if (t->symbol_at && t->symbol_at(t->ctx, addr, name, size, ret_offset))
		return true;
	if (*ret_offset)
		note_names(r, *ret_offset);
	return false;
}

struct irqm_bits irqm_reader_bits(struct reader *r, const void *bitmap,
				  unsigned int nbits)
{
	struct irqm_bits b = { .nbits = nbits };

	if (!nbits) /* nr_cpu_ids is unknown, so no set of CPUs is known */
		return b;
	b = irqm_bits_new(r->arena, nbits);
	if (!b.words) {
		r->no_memory = true;
		return b;
	}
	memcpy(b.words, bitmap, IRQM_BITS_WORDS(nbits) * sizeof(*b.words));
	if (nbits % 64)
		b.words[nbits / 64] &= (1ULL << nbits % 64) - 1;
	return b;
}

struct irqm_bits irqm_reader_bitmap(struct reader *r, uint64_t addr,
				    unsigned int nbits, const char *what)
{
	/* irqm_read_dump() limits nr_cpu_ids, irqm_read_matrix() matrix_bits */
	uint64_t words[READER_STRUCT_MAX / sizeof(uint64_t)];

	if (nbits > sizeof(words) * 8) {
		irqm_reader_note(r, IRQM_INVALID, addr, "%s", what);
		return (struct irqm_bits){ .nbits = nbits };
	}
	if (!irqm_reader_read(r, addr, words, IRQM_BITS_WORDS(nbits) * 8, "%s",
			      what))
		return (struct irqm_bits){ .nbits = nbits };
	return irqm_reader_bits(r, words, nbits);
}

struct irqm_bits irqm_reader_cpumask_var(struct reader *r, uint64_t addr,
					 const void *copy,
					 const struct irqm_member *m,
					 const char *what)
{
	unsigned int nbits = r->s->dump.nr_cpu_ids;
	uint64_t ptr;

	if (!m->exists)
		return (struct irqm_bits){ .nbits = nbits };
	if (m->kind != IRQM_KIND_POINTER) {
		if (m->size < IRQM_BITS_WORDS(nbits) * 8) {
			irqm_reader_note(r, IRQM_INVALID, addr + m->offset,
					 "%s", what);
			return (struct irqm_bits){ .nbits = nbits };
		}
		return irqm_reader_bits(r, (const char *)copy + m->offset,
					nbits);
	}
	ptr = irqm_get(copy, m);
	if (!ptr)
		return (struct irqm_bits){ .nbits = nbits };
	return irqm_reader_bitmap(r, ptr, nbits, what);
}

struct irqm_bits irqm_reader_cpumask_symbol(struct reader *r, uint64_t addr,
					    const char *what)
{
	unsigned int nbits = r->s->dump.nr_cpu_ids;

	if (!r->cpumask_known) {
		irqm_reader_note(r, IRQM_INVALID, addr,
				 "%s: cpumask_var_t unknown", what);
		addr = 0;
	}
	if (addr && r->cpumask_is_pointer &&
	    !irqm_reader_read(r, addr, &addr, sizeof(addr), "%s", what))
		addr = 0;
	if (!addr)
		return (struct irqm_bits){ .nbits = nbits };
	return irqm_reader_bitmap(r, addr, nbits, what);
}

bool irqm_reader_percpu(struct reader *r, uint64_t ptr, unsigned int cpu,
			uint64_t *ret)
{
	if (!r->percpu_offset || cpu >= r->s->dump.nr_cpu_ids)
		return false;
	*ret = ptr + r->percpu_offset[cpu];
	return true;
}
