/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Types come from the dump, too: members that are longer than what has room
 * for them here, enumerators that are no index, and what few kernels have.
 */
#include "unit.h"
#include "box.h"

/* The machine with an APIC driver, and isolated CPUs, on a kernel. */
static void setup_as(struct box *b, const char *generation,
		     enum irqm_machine_apic apic, const char *housekeeping)
{
	const struct generation *g = fk_generation(generation);
	struct irqm_layout l = fk_load(g->layout);

	memset(b, 0, sizeof(*b));
	fk_standard(&b->m);
	b->m.apic = apic;
	b->m.housekeeping = housekeeping;
	b->fk = fk_new(&l, &b->m, &g->gen);
}

static struct irqm_member number(uint32_t offset, uint32_t size)
{
	return (struct irqm_member){ .exists = true,
				     .kind = IRQM_KIND_INT,
				     .offset = offset,
				     .size = size };
}

static void no_irqs(struct box *b)
{
	box_reread(b);
	assert_false(b->s->irqs_known);
	assert_int_equal(b->s->nr_irqs, 0);
	assert_true(box_noted(b, "sparse_irqs", IRQM_INVALID));
}

/* More slots than a copy holds, and nodes that end before their slots. */
static void test_maple(void **state)
{
	struct irqm_layout *l, was;
	struct box b;

	(void)state;
	box_setup(&b, "6.12, three levels");
	l = &b.fk->layout;
	was = *l;
	box_reread(&b);
	assert_true(b.s->irqs_known);
	l->maple_range_64.slot.count = l->maple_arange_64.slot.count = 33;
	no_irqs(&b);
	*l = was;
	l->maple_range_64.pivot.count = l->maple_arange_64.pivot.count =
		UINT32_MAX;
	no_irqs(&b);
	*l = was;
	l->maple_node.size = l->maple_arange_64.slot.offset +
			     l->maple_arange_64.slot.size - 1;
	no_irqs(&b);
	*l = was;
	l->maple_range_64.slot.elem_size = l->maple_arange_64.slot.elem_size =
		4;
	no_irqs(&b);
	*l = was;
	box_teardown(&b);
}

/* Counts of a type that no kernel had: none, and it is said. */
static void test_counts(void **state)
{
	struct box b;

	(void)state;
	box_setup(&b, "6.12");
	box_reread(&b);
	assert_non_null(box_irq(&b, 9)->cpu_counts);
	assert_false(box_noted(&b, "kstat_irqs", IRQM_INVALID));
	strcpy(b.fk->layout.irq_desc.kstat_irqs.target, "irq_counter");
	box_reread(&b);
	assert_null(box_irq(&b, 9)->cpu_counts);
	assert_true(box_noted(&b, "kstat_irqs", IRQM_INVALID));
	box_teardown(&b);
}

/* An IRQ beyond the most that a kernel has ends the list. */
static void test_irq_number(void **state)
{
	const struct generation *g = fk_generation("5.10");
	struct irqm_layout l = fk_load(g->layout);
	struct box b = { 0 };
	unsigned int nr;

	(void)state;
	fk_standard(&b.m);
	nr = b.m.nr_irqs;
	b.m.irqs[nr - 1].irq = 64 * 8192;
	b.fk = fk_new(&l, &b.m, &g->gen);
	box_reread(&b);
	assert_false(b.s->irqs_known);
	assert_int_equal(b.s->nr_irqs, nr - 1);
	assert_true(box_noted(&b, "irq_desc_tree", IRQM_INVALID));
	box_teardown(&b);
}

/* A structure that would go on behind the last address. */
static void test_last_address(void **state)
{
	struct box b;

	(void)state;
	box_setup(&b, "6.12");
	fk_put(b.fk, b.fk->parents[box_irq_index(&b, 0)],
	       &b.fk->layout.irq_data.parent_data, UINT64_MAX - 15);
	box_reread(&b);
	assert_true(box_irq(&b, 0)->chain_cut);
	assert_int_equal(box_irq(&b, 0)->nr_levels, 2);
	assert_true(box_noted(&b, "irq_data of IRQ 0", IRQM_BAD_POINTER));
	box_assert_rest_true(&b);
	/* that is an error's number; this is an address */
	fk_put(b.fk,
	       b.fk->descs[box_irq_index(&b, 0)] +
		       b.fk->layout.irq_desc.irq_data.offset,
	       &b.fk->layout.irq_data.parent_data, UINT64_MAX - 5000);
	b.fk->layout.irq_data.size = 8192;
	box_reread(&b);
	assert_true(box_noted(&b, "irq_data of IRQ 0", IRQM_BAD_POINTER));
	box_teardown(&b);
}

/* Where no member tells what a cpumask_var_t is, no such variable is read. */
static void test_no_cpumask(void **state)
{
	struct irqm_layout *l;
	struct box b;

	(void)state;
	setup_as(&b, "5.10", IRQM_MACHINE_PHYSICAL, "0-1");
	box_reread(&b);
	assert_true(irqm_bits_known(&b.s->dump.default_affinity));
	assert_int_equal(irqm_bits_weight(&b.s->dump.housekeeping_managed), 2);
	l = &b.fk->layout;
	l->irq_common_data.affinity.exists = false;
	l->irq_common_data.effective_affinity.exists = false;
	l->irq_desc.pending_mask.exists = false;
	box_reread(&b);
	assert_false(irqm_bits_known(&b.s->dump.default_affinity));
	assert_false(irqm_bits_known(&b.s->dump.housekeeping_managed));
	assert_true(box_noted(&b, "irq_default_affinity: cpumask_var_t unknown",
			      IRQM_INVALID));
	box_teardown(&b);
}

/* Which of the housekeeping masks it is: an enumerator. */
static void test_housekeeping(void **state)
{
	static const int64_t types[] = { -1, 64, 63, INT64_MAX, INT64_MIN };
	struct irqm_enum *hk;
	struct box b;
	unsigned int i, j;

	(void)state;
	setup_as(&b, "6.12", IRQM_MACHINE_PHYSICAL, "0-1");
	box_reread(&b);
	assert_int_equal(irqm_bits_weight(&b.s->dump.housekeeping_managed), 2);
	hk = &b.fk->layout.hk;
	for (i = 0; i < hk->nr; i++)
		if (strcmp(hk->e[i].name, "HK_TYPE_MANAGED_IRQ") == 0)
			break;
	assert_in_range(i, 0, hk->nr - 1);
	/* all flags are set: no mask is looked for where there is none */
	fk_put(b.fk, fk_symbol_value(b.fk, "housekeeping"),
	       &b.fk->layout.housekeeping.flags, UINT64_MAX);
	for (j = 0; j < ARRAY_SIZE(types); j++) {
		hk->e[i].value = types[j];
		box_reread(&b);
		assert_false(irqm_bits_known(&b.s->dump.housekeeping_managed));
		assert_int_equal(b.s->nr_unread, 0);
	}
	box_teardown(&b);
}

/* What its masks are they say themselves, and no cpumask_var_t elsewhere. */
static void test_housekeeping_kind(void **state)
{
	struct irqm_layout *l;
	struct box b;
	int64_t type;

	(void)state;
	setup_as(&b, "6.12", IRQM_MACHINE_PHYSICAL, "0-1");
	l = &b.fk->layout;
	/* CONFIG_CPUMASK_OFFSTACK is off: the pointers are ones even so */
	l->irq_common_data.affinity.kind = IRQM_KIND_ARRAY;
	box_reread(&b);
	assert_int_equal(irqm_bits_weight(&b.s->dump.housekeeping_managed), 2);
	assert_true(irqm_bits_test(&b.s->dump.housekeeping_managed, 1));
	l->irq_common_data.affinity.kind = IRQM_KIND_POINTER;
	/* a mask of 64 CPUs in the pointer's place */
	strcpy(l->housekeeping.cpumasks.target, "cpumask");
	assert_true(irqm_enum_value(&l->hk, "HK_TYPE_MANAGED_IRQ", &type));
	fk_put64(b.fk,
		 fk_symbol_value(b.fk, "housekeeping") +
			 l->housekeeping.cpumasks.offset + type * 8,
		 0xd);
	box_reread(&b);
	assert_int_equal(irqm_bits_weight(&b.s->dump.housekeeping_managed), 3);
	box_teardown(&b);
}

static void check_logical(struct box *b, bool known)
{
	unsigned int i;

	box_reread(b);
	assert_int_equal(b->s->dump.apic.dest, IRQM_DEST_CLUSTER);
	for (i = 0; i < b->s->nr_cpus; i++)
		assert_int_equal(b->s->cpus[i].logical_apicid,
				 known ? fk_destination(IRQM_MACHINE_X2_CLUSTER,
							b->s->cpus[i].cpu) :
					 IRQM_UNKNOWN);
}

/* Per-CPU, and as an array that may not be there. */
static void test_logical_apicids(void **state)
{
	uint64_t array;
	struct box b;

	(void)state;
	setup_as(&b, "5.10", IRQM_MACHINE_X2_CLUSTER, NULL);
	check_logical(&b, true);
	box_teardown(&b);

	setup_as(&b, "6.12", IRQM_MACHINE_X2_CLUSTER, NULL);
	check_logical(&b, true);
	array = fk_symbol_value(b.fk, "x86_cpu_to_logical_apicid");
	fk_put64(b.fk, array, 0);
	check_logical(&b, false);
	assert_int_equal(b.s->nr_unread, 0);
	fk_put64(b.fk, array, WILD);
	check_logical(&b, false);
	assert_true(box_noted(&b, "x86_cpu_to_logical_apicid of CPU 0",
			      IRQM_UNMAPPED));
	box_teardown(&b);
}

/* GENERIC_IRQ_DEBUGFS: how many IRQs the PIC has is a number of the dump. */
static void test_legacy_pic(void **state)
{
	uint64_t io_apic, legacy, pic;
	struct irqm_layout *l;
	struct box b;

	(void)state;
	box_setup(&b, "6.12");
	l = &b.fk->layout;
	/* the flow's name in the place of irq_desc.dev_name */
	l->irq_desc.dev_name = l->irq_desc.name;
	assert_true(l->irq_desc.dev_name.exists);
	l->legacy_pic.nr_legacy_irqs = number(8, 4);
	io_apic = fk_alloc(b.fk, FK_DATA, 8, 8);
	legacy = fk_alloc(b.fk, FK_DATA, 8, 8);
	pic = fk_alloc(b.fk, FK_DATA, 16, 8);
	fk_symbol(b.fk, "io_apic_irqs", io_apic);
	fk_symbol(b.fk, "legacy_pic", legacy);
	fk_put64(b.fk, io_apic, ~0xf04ULL);
	fk_put64(b.fk, legacy, pic);
	fk_put64(b.fk, pic + 8, 16);
	box_reread(&b);
	assert_int_equal(b.s->dump.pic_irqs, 0xf04);
	fk_put64(b.fk, pic + 8, 9);
	box_reread(&b);
	assert_int_equal(b.s->dump.pic_irqs, 0x104);
	fk_put64(b.fk, io_apic, 0);
	fk_put64(b.fk, pic + 8, 17);
	box_reread(&b);
	assert_int_equal(b.s->dump.pic_irqs, 0xffff);
	fk_put64(b.fk, pic + 8, UINT32_MAX);
	box_reread(&b);
	assert_int_equal(b.s->dump.pic_irqs, 0xffff);
	/* invalid number, no such structure */
	l->legacy_pic.nr_legacy_irqs = number(8, 8);
	box_reread(&b);
	assert_int_equal(b.s->dump.pic_irqs, IRQM_UNKNOWN);
	l->legacy_pic.nr_legacy_irqs = number(8, 4);
	fk_put64(b.fk, legacy, 0);
	box_reread(&b);
	assert_int_equal(b.s->dump.pic_irqs, IRQM_UNKNOWN);
	fk_put64(b.fk, legacy, WILD);
	box_reread(&b);
	assert_int_equal(b.s->dump.pic_irqs, IRQM_UNKNOWN);
	assert_true(box_noted(&b, "legacy_pic", IRQM_UNMAPPED));
	/* nor is a name there that cannot be read */
	fk_put(b.fk, b.fk->descs[box_irq_index(&b, 9)], &l->irq_desc.dev_name,
	       WILD);
	box_reread(&b);
	assert_true(box_irq(&b, 9)->dev_name_unknown);
	assert_null(box_irq(&b, 9)->dev_name);
	assert_false(box_irq(&b, 24)->dev_name_unknown);
	box_teardown(&b);
}

/* Whether MSI domains have a debug_show(), on kernels that may have one. */
static void test_msi_in_debugfs(void **state)
{
	struct irqm_enum *flags;
	struct irqm_layout *l;
	struct box b;
	uint64_t ops;

	(void)state;
	box_setup(&b, "6.12");
	l = &b.fk->layout;
	flags = &l->irqchip_flags;
	l->irq_desc.dev_name = l->irq_desc.name;
	l->irq_domain_ops.debug_show = number(8, 8);
	ops = fk_alloc(b.fk, FK_DATA, 16, 8);
	fk_symbol(b.fk, "msi_domain_ops", ops);
	fk_put64(b.fk, ops + 8, 0xffffffff81000000);
	box_reread(&b);
	assert_false(b.s->dump.shows_msi); /* before 6.15 */
	strcpy(flags->e[flags->nr].name, "IRQCHIP_MOVE_DEFERRED");
	flags->e[flags->nr++].value = 1 << 12;
	box_reread(&b);
	assert_true(b.s->dump.shows_msi);
	fk_put64(b.fk, ops + 8, 0);
	box_reread(&b);
	assert_false(b.s->dump.shows_msi);
	/* no pointer */
	fk_put64(b.fk, ops + 8, 1);
	l->irq_domain_ops.debug_show = number(8, 4);
	box_reread(&b);
	assert_false(b.s->dump.shows_msi);
	box_teardown(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_maple),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_irq_number),
		cmocka_unit_test(test_last_address),
		cmocka_unit_test(test_no_cpumask),
		cmocka_unit_test(test_housekeeping),
		cmocka_unit_test(test_housekeeping_kind),
		cmocka_unit_test(test_logical_apicids),
		cmocka_unit_test(test_legacy_pic),
		cmocka_unit_test(test_msi_in_debugfs),
	};

	return RUN(tests);
}
