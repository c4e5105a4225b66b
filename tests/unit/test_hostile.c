/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Interrupts of a dump that are not what they should be. */
#include "unit.h"
#include "box.h"

static void test_actions_cycle(void **state)
{
	struct box b;
	uint64_t first;

	(void)state;
	box_setup(&b, "5.10");
	first = b.fk->actions[box_irq_index(&b, 24)];
	fk_put(b.fk, first, &b.fk->layout.irqaction.next, first);
	box_reread(&b);
	assert_true(box_irq(&b, 24)->actions_cut);
	assert_int_equal(box_irq(&b, 24)->nr_actions, 1024);
	assert_true(box_noted(&b, "actions of IRQ 24: too many", IRQM_INVALID));
	box_teardown(&b);
}

static void test_actions_cut(void **state)
{
	struct box b;

	(void)state;
	box_setup(&b, "5.10");
	fk_put(b.fk, b.fk->actions[box_irq_index(&b, 9)],
	       &b.fk->layout.irqaction.next, WILD);
	fk_put(b.fk, b.fk->descs[box_irq_index(&b, 24)],
	       &b.fk->layout.irq_desc.action, 8);
	box_reread(&b);
	assert_true(box_irq(&b, 9)->actions_cut);
	assert_int_equal(box_irq(&b, 9)->nr_actions, 1);
	assert_true(box_noted(&b, "irqaction of IRQ 9", IRQM_UNMAPPED));
	assert_true(box_irq(&b, 24)->actions_cut);
	assert_int_equal(box_irq(&b, 24)->nr_actions, 0);
	assert_true(box_noted(&b, "irqaction of IRQ 24", IRQM_BAD_POINTER));
	box_assert_rest_true(&b);
	box_teardown(&b);
}

/* More of them than fit where the first ones are collected. */
static void test_many_actions(void **state)
{
	const unsigned int nr = 40;
	struct box b;
	unsigned int i;
	uint64_t next = 0, addr;

	(void)state;
	box_setup(&b, "6.12");
	for (i = 0; i < nr; i++) {
		addr = fk_alloc(b.fk, FK_HEAP, b.fk->layout.irqaction.size, 16);
		fk_put(b.fk, addr, &b.fk->layout.irqaction.next, next);
		fk_put(b.fk, addr, &b.fk->layout.irqaction.dev_id,
		       0x1000 + nr - i);
		next = addr;
	}
	fk_put(b.fk, b.fk->descs[box_irq_index(&b, 9)],
	       &b.fk->layout.irq_desc.action, next);
	box_reread(&b);
	assert_int_equal(box_irq(&b, 9)->nr_actions, nr);
	assert_false(box_irq(&b, 9)->actions_cut);
	for (i = 0; i < nr; i++)
		assert_int_equal(box_irq(&b, 9)->actions[i].dev_id, 0x1001 + i);
	box_teardown(&b);
}

static void test_chain_cycle(void **state)
{
	struct box b;
	uint64_t parent;

	(void)state;
	box_setup(&b, "6.12");
	/* below the IO-APIC: the remapping's level is its own parent */
	parent = b.fk->parents[box_irq_index(&b, 0)];
	fk_put(b.fk, parent, &b.fk->layout.irq_data.parent_data, parent);
	box_reread(&b);
	assert_true(box_irq(&b, 0)->chain_cut);
	assert_false(box_irq(&b, 0)->in_vector_domain);
	assert_int_equal(box_irq(&b, 0)->nr_levels, 16);
	assert_true(box_noted(&b, "too many levels", IRQM_INVALID));
	box_teardown(&b);
}

static void test_chain_cut(void **state)
{
	struct box b;

	(void)state;
	box_setup(&b, "6.12");
	fk_put(b.fk, b.fk->parents[box_irq_index(&b, 0)],
	       &b.fk->layout.irq_data.parent_data, WILD);
	box_reread(&b);
	assert_true(box_irq(&b, 0)->chain_cut);
	assert_int_equal(box_irq(&b, 0)->nr_levels, 2);
	box_assert_rest_true(&b);
	box_teardown(&b);
}

/* Another domain's chip_data is not taken for apic_chip_data. */
static void test_no_vector_domain(void **state)
{
	struct box b;
	unsigned int i;

	(void)state;
	box_setup(&b, "6.12");
	fk_put64(b.fk, fk_symbol_value(b.fk, "x86_vector_domain"), 0);
	box_reread(&b);
	for (i = 0; i < b.s->nr_irqs; i++) {
		assert_null(b.s->irqs[i].apic);
		assert_false(b.s->irqs[i].chain_cut);
		assert_true(b.s->irqs[i].vector_domain_unknown);
	}
	box_teardown(&b);
}

static void test_strings(void **state)
{
	uint64_t page = 0xffffc90000001000ULL, name;
	char bytes[4096];
	struct box b;

	(void)state;
	box_setup(&b, "5.10");
	box_reread(&b);
	name = b.fk->descs[box_irq_index(&b, 9)];
	/* one without end: cut; one that ends with its page; one that does
	 * not, with nothing behind it */
	memset(bytes, 'x', sizeof(bytes));
	bytes[4095] = '\0';
	fk_put(b.fk, name, &b.fk->layout.irq_desc.name, page + 100);
	fk_put(b.fk, b.fk->descs[box_irq_index(&b, 24)],
	       &b.fk->layout.irq_desc.name, page + 4090);
	fk_put(b.fk, b.fk->descs[box_irq_index(&b, 25)],
	       &b.fk->layout.irq_desc.name, page + 4096 + 4090);
	fk_commit(b.fk, FK_PACKED);
	assert_int_equal(
		irqm_memory_write(b.fk->memory, page, bytes, sizeof(bytes)), 0);
	bytes[4095] = 'x';
	assert_int_equal(irqm_memory_write(b.fk->memory, page + 4096, bytes,
					   sizeof(bytes)),
			 0);
	irqm_snapshot_free(b.s);
	b.s = fk_read_all(b.fk);
	assert_int_equal(strlen(box_irq(&b, 9)->name), 255);
	assert_string_equal(box_irq(&b, 24)->name, "xxxxx");
	assert_null(box_irq(&b, 25)->name);
	assert_true(box_noted(&b, "name of IRQ 25", IRQM_UNMAPPED));
	box_teardown(&b);
}

static void test_other_number(void **state)
{
	struct box b;

	(void)state;
	box_setup(&b, "6.12");
	fk_put(b.fk,
	       b.fk->descs[box_irq_index(&b, 24)] +
		       b.fk->layout.irq_desc.irq_data.offset,
	       &b.fk->layout.irq_data.irq, 25);
	box_reread(&b);
	assert_true(box_noted(&b, "its irq_data.irq is", IRQM_INVALID));
	assert_true(box_irq(&b, 24)->device_unknown);
	assert_true(box_irq(&b, 24)->actions_cut);
	assert_int_equal(box_irq(&b, 24)->state, IRQM_UNKNOWN);
	box_assert_rest_true(&b);
	box_teardown(&b);
}

static void test_array(void **state)
{
	struct box b;

	(void)state;
	box_setup(&b, "7, array");
	box_put32(&b, "total_nr_irqs", UINT32_MAX);
	box_reread(&b);
	assert_false(b.s->irqs_known);
	assert_int_equal(b.s->nr_irqs, 0);
	/* nothing can be called stray without a list */
	assert_int_equal(b.s->cpus[2].vector_irq[0x9b].slot, IRQM_SLOT_UNKNOWN);
	box_assert_rest_true(&b);
	box_teardown(&b);
}

static void test_wild_counts(void **state)
{
	struct box b;

	(void)state;
	box_setup(&b, "6.12");
	fk_put(b.fk, b.fk->descs[box_irq_index(&b, 24)],
	       &b.fk->layout.irq_desc.kstat_irqs, 0x7fff0000);
	fk_put(b.fk, b.fk->descs[box_irq_index(&b, 25)],
	       &b.fk->layout.irq_desc.kstat_irqs, 0);
	box_reread(&b);
	assert_int_equal(box_irq(&b, 24)->count, IRQM_UNKNOWN);
	assert_int_equal(box_irq(&b, 25)->count, IRQM_UNKNOWN);
	assert_int_not_equal(box_irq(&b, 26)->count, IRQM_UNKNOWN);
	box_assert_rest_true(&b);
	box_teardown(&b);
}

/* unread[] has an end. */
static void test_unread_limit(void **state)
{
	struct fk_tree_entry *e = calloc(6000, sizeof(*e));
	struct box b;
	unsigned int i;

	(void)state;
	assert_non_null(e);
	box_setup(&b, "5.10");
	for (i = 0; i < 6000; i++)
		e[i] = (struct fk_tree_entry){ i, WILD + i * 64 };
	fk_put(b.fk, fk_symbol_value(b.fk, "irq_desc_tree"),
	       &b.fk->layout.xarray.xa_head, fk_radix(b.fk, e, 6000, 2));
	free(e);
	box_reread(&b);
	assert_int_equal(b.s->nr_irqs, 6000);
	assert_int_equal(b.s->nr_unread, IRQM_MAX_UNREAD);
	assert_true(b.s->unread_dropped >= 6000 - IRQM_MAX_UNREAD);
	box_teardown(&b);
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
	box_setup(&b, "6.12");
	box_reread(&b);
	assert_int_equal(box_irq(&b, 4000)->irq, 4000);
	assert_null(irqm_find_irq(b.s, 3));
	assert_int_equal(irqm_find_cpu(b.s, 5)->cpu, 5);
	assert_null(irqm_find_cpu(b.s, 6));
	box_teardown(&b);
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
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_other_number),
		cmocka_unit_test(test_array),
		cmocka_unit_test(test_wild_counts),
		cmocka_unit_test(test_unread_limit),
		cmocka_unit_test(test_find),
	};

	return RUN(tests);
}
