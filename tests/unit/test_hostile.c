/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Single objects of a dump that are not what they should be. */
#include "tests/unit/fake_check.h"
#include "tests/unit/fake_generations.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define WILD 0xffffc90012345000ULL

struct box {
	struct fk_machine m;
	struct fk *fk;
	struct irqm_snapshot *s;
};

static void setup(struct box *b, const char *generation)
{
	memset(b, 0, sizeof(*b));
	b->fk = fk_build(fk_generation(generation), &b->m);
}

static void reread(struct box *b)
{
	irqm_snapshot_free(b->s);
	fk_commit(b->fk, FK_STRICT);
	b->s = fk_read_all(b->fk);
}

static void teardown(struct box *b)
{
	irqm_snapshot_free(b->s);
	fk_free(b->fk);
}

/* Index of an IRQ in the machine. */
static unsigned int at(const struct box *b, unsigned int irq)
{
	unsigned int i;

	for (i = 0; i < b->m.nr_irqs; i++)
		if (b->m.irqs[i].irq == irq)
			return i;
	abort();
}

static const struct irqm_irq *irq_of(const struct box *b, unsigned int irq)
{
	const struct irqm_irq *i = irqm_find_irq(b->s, irq);

	assert_non_null(i);
	return i;
}

static bool noted(const struct box *b, const char *what, enum irqm_why why)
{
	unsigned int i;

	for (i = 0; i < b->s->nr_unread; i++)
		if (strstr(b->s->unread[i].what, what) &&
		    b->s->unread[i].why == why)
			return true;
	return false;
}

/* Everything that is known is true all the same. */
static void assert_true_else(struct box *b)
{
	struct fk_result res = { .with_counts = true };

	fk_check(b->fk, b->s, &res);
	if (res.wrong[0])
		fail_msg("%s", res.wrong);
	assert_true(res.unknown > 0);
	assert_true(b->s->nr_unread > 0);
}

static void test_actions_cycle(void **state)
{
	struct box b;
	uint64_t first;

	(void)state;
	setup(&b, "5.10");
	first = b.fk->actions[at(&b, 24)];
	fk_put(b.fk, first, &b.fk->layout.irqaction.next, first);
	reread(&b);
	assert_true(irq_of(&b, 24)->actions_cut);
	assert_int_equal(irq_of(&b, 24)->nr_actions, 1024);
	assert_true(noted(&b, "actions of IRQ 24: too many", IRQM_INVALID));
	teardown(&b);
}

static void test_actions_cut(void **state)
{
	struct box b;

	(void)state;
	setup(&b, "5.10");
	fk_put(b.fk, b.fk->actions[at(&b, 9)], &b.fk->layout.irqaction.next,
	       WILD);
	fk_put(b.fk, b.fk->descs[at(&b, 24)], &b.fk->layout.irq_desc.action,
	       8);
	reread(&b);
	assert_true(irq_of(&b, 9)->actions_cut);
	assert_int_equal(irq_of(&b, 9)->nr_actions, 1);
	assert_true(noted(&b, "irqaction of IRQ 9", IRQM_UNMAPPED));
	assert_true(irq_of(&b, 24)->actions_cut);
	assert_int_equal(irq_of(&b, 24)->nr_actions, 0);
	assert_true(noted(&b, "irqaction of IRQ 24", IRQM_BAD_POINTER));
	assert_true_else(&b);
	teardown(&b);
}

/* More of them than fit where the first ones are collected. */
static void test_many_actions(void **state)
{
	const unsigned int nr = 40;
	struct box b;
	unsigned int i;
	uint64_t next = 0, addr;

	(void)state;
	setup(&b, "6.12");
	for (i = 0; i < nr; i++) {
		addr = fk_alloc(b.fk, FK_HEAP, b.fk->layout.irqaction.size,
				16);
		fk_put(b.fk, addr, &b.fk->layout.irqaction.next, next);
		fk_put(b.fk, addr, &b.fk->layout.irqaction.dev_id,
		       0x1000 + nr - i);
		next = addr;
	}
	fk_put(b.fk, b.fk->descs[at(&b, 9)], &b.fk->layout.irq_desc.action,
	       next);
	reread(&b);
	assert_int_equal(irq_of(&b, 9)->nr_actions, nr);
	assert_false(irq_of(&b, 9)->actions_cut);
	for (i = 0; i < nr; i++)
		assert_int_equal(irq_of(&b, 9)->actions[i].dev_id,
				 0x1001 + i);
	teardown(&b);
}

static void test_chain_cycle(void **state)
{
	struct box b;
	uint64_t parent;

	(void)state;
	setup(&b, "6.12");
	/* below the IO-APIC: the remapping's level is its own parent */
	parent = b.fk->parents[at(&b, 0)];
	fk_put(b.fk, parent, &b.fk->layout.irq_data.parent_data, parent);
	reread(&b);
	assert_true(irq_of(&b, 0)->chain_cut);
	assert_false(irq_of(&b, 0)->in_vector_domain);
	assert_int_equal(irq_of(&b, 0)->nr_levels, 16);
	assert_true(noted(&b, "too many levels", IRQM_INVALID));
	teardown(&b);
}

static void test_chain_cut(void **state)
{
	struct box b;

	(void)state;
	setup(&b, "6.12");
	fk_put(b.fk, b.fk->parents[at(&b, 0)],
	       &b.fk->layout.irq_data.parent_data, WILD);
	reread(&b);
	assert_true(irq_of(&b, 0)->chain_cut);
	assert_int_equal(irq_of(&b, 0)->nr_levels, 2);
	assert_true_else(&b);
	teardown(&b);
}

/* Another domain's chip_data is not taken for apic_chip_data. */
static void test_no_vector_domain(void **state)
{
	struct box b;
	unsigned int i;

	(void)state;
	setup(&b, "6.12");
	fk_put64(b.fk, fk_symbol_value(b.fk, "x86_vector_domain"), 0);
	reread(&b);
	for (i = 0; i < b.s->nr_irqs; i++) {
		assert_null(b.s->irqs[i].apic);
		assert_true(b.s->irqs[i].chain_cut);
	}
	teardown(&b);
}

static uint64_t children_of(const struct box *b, uint64_t device)
{
	const struct irqm_layout *l = &b->fk->layout;

	return irqm_get(fk_at(b->fk, device), &l->device.p) +
	       l->device_private.klist_children.offset +
	       l->klist.k_list.offset;
}

static uint64_t next_of(const struct box *b, uint64_t node)
{
	uint64_t next;

	memcpy(&next, fk_at(b->fk, node), 8);
	return next;
}

static void test_children(void **state)
{
	uint64_t head, node;
	struct box b;

	(void)state;
	setup(&b, "6.1");
	head = children_of(&b, b.fk->devices[0]);
	node = next_of(&b, head);
	fk_put64(b.fk, node, node); /* never comes back to the head */
	reread(&b);
	assert_true(b.s->devices[0].consumers_cut);
	assert_true(b.s->devices[0].nr_consumers <= 64);
	assert_true(noted(&b, "children of a device: too many",
			  IRQM_INVALID));
	fk_put64(b.fk, node, WILD);
	reread(&b);
	assert_true(b.s->devices[0].consumers_cut);
	assert_false(b.s->devices[1].consumers_cut);
	assert_true_else(&b);
	fk_put64(b.fk, head, 0);
	reread(&b);
	assert_true(b.s->devices[0].consumers_cut);
	teardown(&b);
}

/* A partition below a disk, and a PCI device below a bridge. */
static void test_no_consumers(void **state)
{
	const struct irqm_layout *l;
	uint64_t type, disk, node;
	struct box b;

	(void)state;
	setup(&b, "6.12");
	l = &b.fk->layout;
	/* virtio2 -> vda */
	node = next_of(&b, children_of(&b, b.fk->devices[0]));
	disk = next_of(&b, children_of(&b, irqm_get(
		fk_at(b.fk, node - l->klist_node.n_node.offset -
		      l->device_private.knode_parent.offset),
		&l->device_private.device)));
	disk = irqm_get(fk_at(b.fk, disk - l->klist_node.n_node.offset -
			      l->device_private.knode_parent.offset),
			&l->device_private.device);
	type = fk_alloc(b.fk, FK_HEAP, l->device_type.size, 16);
	fk_put(b.fk, type, &l->device_type.name,
	       fk_string(b.fk, "partition"));
	fk_put(b.fk, disk, &l->device.type, type);
	reread(&b);
	assert_int_equal(b.s->devices[0].nr_consumers, 1);
	assert_false(b.s->devices[0].consumers_cut);
	/* what it is cannot be told */
	fk_put(b.fk, type, &l->device_type.name, WILD);
	reread(&b);
	assert_int_equal(b.s->devices[0].nr_consumers, 1);
	assert_true(b.s->devices[0].consumers_cut);
	fk_put(b.fk, disk, &l->device.type, 0);
	fk_put(b.fk, disk, &l->device.bus,
	       irqm_get(fk_at(b.fk, b.fk->devices[0]), &l->device.bus));
	reread(&b);
	assert_int_equal(b.s->devices[0].nr_consumers, 1);
	assert_false(b.s->devices[0].consumers_cut);
	teardown(&b);
}

static void test_strings(void **state)
{
	uint64_t page = 0xffffc90000001000ULL, name;
	char bytes[4096];
	struct box b;

	(void)state;
	setup(&b, "5.10");
	reread(&b);
	name = b.fk->descs[at(&b, 9)];
	/* one without end: cut; one that ends with its page; one that does
	 * not, with nothing behind it */
	memset(bytes, 'x', sizeof(bytes));
	bytes[4095] = '\0';
	fk_put(b.fk, name, &b.fk->layout.irq_desc.name, page + 100);
	fk_put(b.fk, b.fk->descs[at(&b, 24)], &b.fk->layout.irq_desc.name,
	       page + 4090);
	fk_put(b.fk, b.fk->descs[at(&b, 25)], &b.fk->layout.irq_desc.name,
	       page + 4096 + 4090);
	fk_commit(b.fk, FK_PACKED);
	assert_int_equal(irqm_memory_write(b.fk->memory, page, bytes,
					   sizeof(bytes)), 0);
	bytes[4095] = 'x';
	assert_int_equal(irqm_memory_write(b.fk->memory, page + 4096, bytes,
					   sizeof(bytes)), 0);
	irqm_snapshot_free(b.s);
	b.s = fk_read_all(b.fk);
	assert_int_equal(strlen(irq_of(&b, 9)->name), 255);
	assert_string_equal(irq_of(&b, 24)->name, "xxxxx");
	assert_null(irq_of(&b, 25)->name);
	assert_true(noted(&b, "name of IRQ 25", IRQM_UNMAPPED));
	teardown(&b);
}

static void put32(struct box *b, const char *symbol, uint32_t value)
{
	memcpy(fk_at(b->fk, fk_symbol_value(b->fk, symbol)), &value, 4);
}

/* The possible mask says how many there are, if nr_cpu_ids cannot be. */
static void test_nr_cpu_ids(void **state)
{
	static const uint32_t bad[] = { 0, 8193, 65536, 65537, UINT32_MAX };
	struct fk_result res = { .with_counts = true };
	struct box b;
	size_t i;

	(void)state;
	setup(&b, "5.10");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		put32(&b, "nr_cpu_ids", bad[i]);
		reread(&b);
		assert_int_equal(b.s->dump.nr_cpu_ids, 6);
		assert_true(noted(&b, "nr_cpu_ids", IRQM_INVALID));
		fk_check(b.fk, b.s, &res);
		assert_string_equal(res.wrong, "");
		assert_int_equal(res.unknown, 0);
	}
	/* nor is any CPU possible */
	memset(fk_at(b.fk, fk_symbol_value(b.fk, "__cpu_possible_mask")), 0,
	       8);
	reread(&b);
	assert_int_equal(b.s->dump.nr_cpu_ids, 0);
	assert_int_equal(b.s->nr_cpus, 0);
	assert_false(irqm_bits_known(&b.s->dump.possible));
	assert_false(irqm_bits_known(&irq_of(&b, 24)->affinity));
	teardown(&b);
}

static void test_matrix_bits(void **state)
{
	static const uint32_t bad[] = { 0, 4097, UINT32_MAX };
	static const char *const names[] = { "RHEL 8", "5.10", "6.12", "7" };
	struct box b;
	size_t i, j;

	(void)state;
	for (i = 0; i < 4; i++) {
		setup(&b, names[i]);
		for (j = 0; j < 3; j++) {
			fk_put(b.fk, b.fk->matrix,
			       &b.fk->layout.irq_matrix.matrix_bits, bad[j]);
			reread(&b);
			assert_int_equal(b.s->matrix.matrix_bits,
					 IRQM_UNKNOWN);
			assert_int_equal(b.s->matrix.addr, 0);
			assert_int_equal(b.s->cpus[0].available,
					 IRQM_UNKNOWN);
			assert_true_else(&b);
		}
		/* more than the bitmaps have, or than stands behind */
		fk_put(b.fk, b.fk->matrix,
		       &b.fk->layout.irq_matrix.matrix_bits, 4096);
		reread(&b);
		assert_false(irqm_bits_known(&b.s->matrix.system_map));
		assert_false(irqm_bits_known(&b.s->cpus[0].alloc_map));
		assert_false(irqm_bits_known(&b.s->cpus[0].managed_map));
		assert_true(b.s->nr_unread > 0);
		teardown(&b);
	}
}

static void test_matrix_pointers(void **state)
{
	struct box b;
	uint64_t maps;
	unsigned int cpu;

	(void)state;
	setup(&b, "6.12");
	maps = fk_percpu(b.fk, b.fk->maps, 0);
	fk_put(b.fk, maps, &b.fk->layout.cpumap.managed_map, 0);
	fk_put(b.fk, b.fk->matrix, &b.fk->layout.irq_matrix.system_map, WILD);
	reread(&b);
	assert_false(irqm_bits_known(&b.s->cpus[0].managed_map));
	assert_true(irqm_bits_known(&b.s->cpus[0].alloc_map));
	assert_true(irqm_bits_known(&b.s->cpus[1].managed_map));
	assert_false(irqm_bits_known(&b.s->matrix.system_map));
	assert_true_else(&b);
	fk_put(b.fk, b.fk->matrix, &b.fk->layout.irq_matrix.maps, WILD);
	reread(&b);
	for (cpu = 0; cpu < 6; cpu++)
		assert_int_equal(b.s->cpus[cpu].online, IRQM_UNKNOWN);
	assert_true_else(&b);
	fk_put64(b.fk, fk_symbol_value(b.fk, "vector_matrix"), 0);
	reread(&b);
	assert_true(noted(&b, "irq_matrix", IRQM_BAD_POINTER));
	assert_true_else(&b);
	teardown(&b);
}

static void test_multi_msi(void **state)
{
	static const uint32_t bad[] = { 0, 3, 33, UINT32_MAX };
	struct box b;
	uint64_t desc;
	size_t i;

	(void)state;
	setup(&b, "6.12");
	desc = b.fk->msi_descs[at(&b, 27)];
	for (i = 0; i < 4; i++) {
		fk_put(b.fk, desc, &b.fk->layout.msi_desc.nvec_used, bad[i]);
		reread(&b);
		assert_null(irq_of(&b, 30)->msi);
		assert_true(irq_of(&b, 30)->device_unknown);
		assert_true(noted(&b, "msi_desc of IRQ 30", IRQM_INVALID));
	}
	fk_put(b.fk, desc, &b.fk->layout.msi_desc.nvec_used, 4);
	fk_put(b.fk, desc, &b.fk->layout.msi_desc.irq, 28);
	reread(&b);
	assert_null(irq_of(&b, 27)->msi);
	assert_int_equal(irq_of(&b, 28)->msi->first_irq, 28);
	teardown(&b);
}

static void test_msi_stores(void **state)
{
	struct box b;
	uint64_t head, node;
	unsigned int i;

	(void)state;
	setup(&b, "5.10");
	head = b.fk->devices[0] + b.fk->layout.device.msi_list.offset;
	node = next_of(&b, head);
	fk_put64(b.fk, node, node);
	fk_put64(b.fk, b.fk->devices[1] +
			       b.fk->layout.device.msi_list.offset, 0);
	reread(&b);
	assert_int_equal(b.s->devices[0].nr_msi_descs, IRQM_UNKNOWN);
	assert_true(noted(&b, "msi_list: too many", IRQM_INVALID));
	/* a back-port left it alone */
	assert_int_equal(b.s->devices[1].nr_msi_descs, IRQM_UNKNOWN);
	assert_int_equal(b.s->devices[2].nr_msi_descs, 70);
	teardown(&b);

	setup(&b, "6.1");
	for (i = 0; i < b.m.nr_devices; i++)
		fk_put64(b.fk, b.fk->devices[i] +
				       b.fk->layout.device.msi.offset +
				       b.fk->layout.dev_msi_info.data.offset,
			 0);
	reread(&b);
	assert_int_equal(b.s->devices[0].nr_msi_descs, IRQM_UNKNOWN);
	teardown(&b);
}

static void test_other_number(void **state)
{
	struct box b;

	(void)state;
	setup(&b, "6.12");
	fk_put(b.fk, b.fk->descs[at(&b, 24)] +
			     b.fk->layout.irq_desc.irq_data.offset,
	       &b.fk->layout.irq_data.irq, 25);
	reread(&b);
	assert_true(noted(&b, "another number", IRQM_INVALID));
	assert_true(irq_of(&b, 24)->device_unknown);
	assert_true(irq_of(&b, 24)->actions_cut);
	assert_int_equal(irq_of(&b, 24)->state, IRQM_UNKNOWN);
	assert_true_else(&b);
	teardown(&b);
}

static void test_array(void **state)
{
	struct box b;

	(void)state;
	setup(&b, "7, array");
	put32(&b, "total_nr_irqs", UINT32_MAX);
	reread(&b);
	assert_false(b.s->irqs_known);
	assert_int_equal(b.s->nr_irqs, 0);
	/* nothing can be called stray without a list */
	assert_int_equal(b.s->cpus[2].vector_irq[0x9b].slot,
			 IRQM_SLOT_UNKNOWN);
	assert_true_else(&b);
	teardown(&b);
}

static void test_wild_counts(void **state)
{
	struct box b;

	(void)state;
	setup(&b, "6.12");
	fk_put(b.fk, b.fk->descs[at(&b, 24)],
	       &b.fk->layout.irq_desc.kstat_irqs, 0x7fff0000);
	fk_put(b.fk, b.fk->descs[at(&b, 25)],
	       &b.fk->layout.irq_desc.kstat_irqs, 0);
	reread(&b);
	assert_int_equal(irq_of(&b, 24)->count, IRQM_UNKNOWN);
	assert_int_equal(irq_of(&b, 25)->count, IRQM_UNKNOWN);
	assert_int_not_equal(irq_of(&b, 26)->count, IRQM_UNKNOWN);
	assert_true_else(&b);
	teardown(&b);
}

static void test_vmcoreinfo(void **state)
{
	static const uint32_t sizes[] = { 0, 4097, UINT32_MAX };
	uint64_t note;
	struct box b;
	char *time;
	size_t i;

	(void)state;
	setup(&b, "6.12");
	note = next_of(&b, fk_symbol_value(b.fk, "vmcoreinfo_note"));
	/* no number is no time, not the year 1970 */
	time = memmem(fk_at(b.fk, note), 4096, "CRASHTIME=", 10);
	assert_non_null(time);
	time[10] = 'x';
	reread(&b);
	assert_non_null(b.s->dump.release);
	assert_int_equal(b.s->dump.crash_time, IRQM_UNKNOWN);
	for (i = 0; i < 3; i++) {
		memcpy(fk_at(b.fk, note + 4), &sizes[i], 4);
		put32(&b, "vmcoreinfo_size", sizes[i]);
		reread(&b);
		assert_null(b.s->dump.release);
		assert_int_equal(b.s->dump.crash_time, IRQM_UNKNOWN);
	}
	teardown(&b);
}

/* unread[] has an end. */
static void test_unread_limit(void **state)
{
	struct fk_tree_entry *e = calloc(6000, sizeof(*e));
	struct box b;
	unsigned int i;

	(void)state;
	assert_non_null(e);
	setup(&b, "5.10");
	for (i = 0; i < 6000; i++)
		e[i] = (struct fk_tree_entry){ i, WILD + i * 64 };
	fk_put(b.fk, fk_symbol_value(b.fk, "irq_desc_tree"),
	       &b.fk->layout.xarray.xa_head, fk_radix(b.fk, e, 6000, 2));
	free(e);
	reread(&b);
	assert_int_equal(b.s->nr_irqs, 6000);
	assert_int_equal(b.s->nr_unread, IRQM_MAX_UNREAD);
	assert_true(b.s->unread_dropped >= 6000 - IRQM_MAX_UNREAD);
	teardown(&b);
}

/* Rows of type information that was made to lead out of a copy. */
static void test_forged_layout(void **state)
{
	struct irqm_layout l;
	struct irqm_snapshot *s;
	unsigned int i, k;
	struct box b;
	size_t g;

	(void)state;
	for (g = 0; g < FK_NR_GENERATIONS; g++) {
		setup(&b, fk_generations[g].name);
		fk_commit(b.fk, FK_PACKED);
		/* each structure with other sizes, its members at its end */
		for (i = 0; i < irqm_nr_struct_rows; i++) {
			static const uint32_t sizes[] = {
				1, 8, 300, 8192, 8193, 65536, 1 << 20,
			};
			const struct irqm_struct_row *row =
				&irqm_struct_rows[i];

			for (k = 0; k < 7; k++) {
				unsigned int j;

				l = b.fk->layout;
				*irqm_row_size(&l, row) = sizes[k];
				for (j = 0; j < irqm_nr_member_rows; j++) {
					struct irqm_member *m =
						irqm_row_member(
						&l, &irqm_member_rows[j]);

					if (irqm_member_rows[j].strct == i &&
					    m->size <= sizes[k])
						m->offset = sizes[k] -
							    m->size;
				}
				irqm_layout_finish(&l);
				if (fk_read(b.fk, &l, IRQM_READ_COUNTS,
					    &s) == 0)
					irqm_snapshot_free(s);
			}
		}
		/* each member of other kinds and shapes */
		for (i = 0; i < irqm_nr_member_rows; i++) {
			for (k = 0; k < 5 * 4; k++) {
				struct irqm_member *m;

				l = b.fk->layout;
				m = irqm_row_member(&l,
						    &irqm_member_rows[i]);
				if (!m->exists)
					break;
				m->kind = k / 4;
				m->elem_size = 1 << k % 4;
				m->count = m->size >> k % 4;
				if (k % 4 == 3)
					m->size = 1;
				irqm_layout_finish(&l);
				if (fk_read(b.fk, &l, IRQM_READ_COUNTS,
					    &s) == 0)
					irqm_snapshot_free(s);
			}
		}
		teardown(&b);
	}
}

/* Members that are structures must be as long as these say. */
static void test_embedded(void **state)
{
	struct irqm_layout l;

	(void)state;
	l = fk_load("debian-6.12");
	l.irq_data.size += 8;
	irqm_layout_finish(&l);
	assert_false(l.irq_desc.irq_data.exists);
	assert_true(l.irq_desc.irq_common_data.exists);
	l = fk_load("debian-6.12");
	l.irq_common_data.size -= 8;
	irqm_layout_finish(&l);
	assert_false(l.irq_desc.irq_common_data.exists);
	l = fk_load("debian-6.12");
	l.msi_msg.size = 1 << 20;
	l.dev_msi_info.exists = false;
	l.device.kobj.kind = IRQM_KIND_ARRAY;
	irqm_layout_finish(&l);
	assert_false(l.msi_desc.msg.exists);
	assert_false(l.device.msi.exists);
	assert_false(l.device.kobj.exists);
}

static void test_no_matrix(void **state)
{
	struct irqm_memory *memory = irqm_memory_new();
	struct irqm_target t = irqm_memory_target(memory);
	struct irqm_layout l = fk_load("debian-6.12");
	struct irqm_snapshot *s = NULL;
	struct irqm_error err = { 0 };

	(void)state;
	assert_int_equal(irqm_snapshot_read(&t, &l, 0, &s, &err), -1);
	assert_null(s);
	assert_non_null(strstr(err.msg, "4.15"));
	irqm_memory_free(memory);
}

static void test_find(void **state)
{
	struct irqm_snapshot *empty = irqm_snapshot_new();
	struct box b;

	(void)state;
	assert_null(irqm_find_irq(empty, 0));
	assert_null(irqm_find_cpu(empty, 0));
	irqm_snapshot_free(empty);
	irqm_snapshot_free(NULL);
	setup(&b, "6.12");
	reread(&b);
	assert_int_equal(irq_of(&b, 4000)->irq, 4000);
	assert_null(irqm_find_irq(b.s, 3));
	assert_int_equal(irqm_find_cpu(b.s, 5)->cpu, 5);
	assert_null(irqm_find_cpu(b.s, 6));
	teardown(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_actions_cycle),
		cmocka_unit_test(test_actions_cut),
		cmocka_unit_test(test_many_actions),
		cmocka_unit_test(test_chain_cycle),
		cmocka_unit_test(test_chain_cut),
		cmocka_unit_test(test_no_vector_domain),
		cmocka_unit_test(test_children),
		cmocka_unit_test(test_no_consumers),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_nr_cpu_ids),
		cmocka_unit_test(test_matrix_bits),
		cmocka_unit_test(test_matrix_pointers),
		cmocka_unit_test(test_multi_msi),
		cmocka_unit_test(test_msi_stores),
		cmocka_unit_test(test_other_number),
		cmocka_unit_test(test_array),
		cmocka_unit_test(test_wild_counts),
		cmocka_unit_test(test_vmcoreinfo),
		cmocka_unit_test(test_unread_limit),
		cmocka_unit_test(test_forged_layout),
		cmocka_unit_test(test_embedded),
		cmocka_unit_test(test_no_matrix),
		cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
