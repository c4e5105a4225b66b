/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Accounting by node and by affinity. */
#include "unit.h"
#include "rendered.h"
#include "snap.h"

#define U IRQM_UNKNOWN

static struct irqm_analysis *analyse(const struct irqm_snapshot *s)
{
	struct irqm_analysis *a = irqm_analyse(s);

	assert_non_null(a);
	return a;
}

static void check_cpus(const struct irqm_pool *p, const char *expected)
{
	char *list = irqm_bits_list(&p->cpus);

	assert_string_equal(list, expected);
	free(list);
}

/*
 * CPUs 0-1 on node 0, 2-3 on node 1, 3 offline. A disk whose queue may be on
 * all four and is on CPU 2, a card on CPU 1 that leaves CPU 2, an IRQ of the
 * IO-APIC on CPU 0.
 */
static struct irqm_snapshot *two_nodes(void)
{
	struct irqm_snapshot *s = snap_new(4);
	int disk = snap_device(s, "0000:00:05.0", "nvme");
	int card = snap_device(s, "0000:00:06.0", "e1000e");

	s->cpus[2].node = s->cpus[3].node = 1;
	snap_offline(s, 3);
	snap_ioapic_irq(s, 9, "acpi");
	snap_alloc(s, 9, 0);
	snap_msi_irq(s, 24, disk, "nvme0q1");
	snap_managed(s, 24, "0-3");
	snap_start(s, 24, 2);
	snap_msi_irq(s, 25, card, "eth0");
	snap_alloc(s, 25, 2);
	snap_move(s, 25, 1);
	s->dump.default_affinity = snap_cpus(s, "1-2");
	return s;
}

static void test_nodes(void **state)
{
	struct irqm_snapshot *s = two_nodes();
	struct irqm_analysis *a = analyse(s);
	const struct irqm_pool *p = a->pools;

	(void)state;
	assert_int_equal(a->nr_pools, 3);
	check_cpus(&p[0], "0-1");
	check_cpus(&p[1], "2-3");
	check_cpus(&p[2], "1-2");
	assert_int_equal(p[1].node, 1);
	assert_int_equal(p[2].kind, IRQM_POOL_DEFAULT);
	assert_int_equal(p[0].totals.capacity, 402);
	assert_int_equal(p[0].totals.managed, 2);
	assert_int_equal(p[0].totals.idle, 2);
	assert_int_equal(p[0].totals.available, 402 - 4);
	assert_int_equal(p[1].totals.cpus, 1);
	assert_int_equal(p[1].totals.available, 201 - 2);
	assert_int_equal(p[1].totals.idle, 0);
	/* the nodes' sums are the matrix's */
	assert_int_equal(p[0].totals.available + p[1].totals.available,
			 s->matrix.global_available);
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
}

static irqm_num cost_of(const struct irqm_accounting *acc, const char *driver)
{
	for (unsigned int i = 0; i < acc->nr_drivers; i++)
		if (strcmp(acc->drivers[i].driver, driver) == 0)
			return acc->drivers[i].sum.cost;
	fail_msg("no %s", driver);
	return 0;
}

static void test_costs(void **state)
{
	struct irqm_snapshot *s = two_nodes();
	struct irqm_analysis *a = analyse(s);
	struct irqm_arena *arena = irqm_arena_new(IRQM_ARENA_LIMIT);
	struct irqm_accounting acc;
	irqm_num sum = 0;

	(void)state;
	assert_true(irqm_account_cpus(a, arena, &a->pools[0].cpus, &acc));
	assert_int_equal(cost_of(&acc, "nvme"), 2);
	assert_int_equal(cost_of(&acc, "e1000e"), 1);
	assert_int_equal(acc.no_device.cost, 1);
	assert_int_equal(acc.lost, 4);
	assert_int_equal(acc.unattributed, 0);
	sum += acc.lost;
	assert_true(irqm_account_cpus(a, arena, &a->pools[1].cpus, &acc));
	assert_int_equal(cost_of(&acc, "nvme"), 1);
	assert_int_equal(cost_of(&acc, "e1000e"), 1); /* prev_vector */
	assert_int_equal(acc.no_device.cost, 0);
	assert_int_equal(acc.unattributed, 0);
	sum += acc.lost;
	assert_int_equal(sum, a->accounting.lost);
	/* one CPU has lost a vector that no IRQ has */
	s->cpus[0].available--;
	assert_true(irqm_account_cpus(a, arena, &a->pools[0].cpus, &acc));
	assert_int_equal(acc.unattributed, 1);
	irqm_arena_free(arena);
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
}

static void test_unknown(void **state)
{
	struct irqm_snapshot *s = two_nodes();
	struct irqm_analysis *a;

	(void)state;
	s->cpus[1].node = U;
	s->cpus[2].online = U;
	s->dump.default_affinity.words = NULL;
	s->dump.housekeeping_managed = snap_cpus(s, "0");
	a = analyse(s);
	assert_int_equal(a->nr_pools, 4);
	assert_int_equal(a->pools[0].node, 0);
	check_cpus(&a->pools[0], "0");
	assert_int_equal(a->pools[0].totals.available, 199);
	/* CPU 2 may be online or not */
	assert_int_equal(a->pools[1].totals.cpus, U);
	assert_int_equal(a->pools[2].node, U);
	check_cpus(&a->pools[2], "1");
	assert_int_equal(a->pools[3].kind, IRQM_POOL_MANAGED);
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
}

/* Node numbers out of a hostile dump: as many as there are CPUs. */
static void test_many_nodes(void **state)
{
	struct irqm_snapshot *s = snap_new(600);
	struct irqm_analysis *a;
	unsigned int cpus = 0;

	(void)state;
	for (unsigned int i = 0; i < 600; i++)
		s->cpus[i].node = 600 - i;
	a = analyse(s);
	assert_int_equal(a->nr_pools, IRQM_MAX_NODES + 1);
	for (unsigned int i = 0; i < IRQM_MAX_NODES; i++)
		cpus += irqm_bits_weight(&a->pools[i].cpus);
	assert_int_equal(cpus, 600);
	assert_int_equal(a->pools[IRQM_MAX_NODES - 1].node, U);
	assert_true(a->pools[0].node < a->pools[1].node);
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
}

static void test_view(void **state)
{
	(void)state;
	assert_rendered(
		irqm_render_pools, two_nodes(), NULL,
		"POOL     ONLINE TOTAL AVAIL ALLOC MANAGED MAN-ALLOC IDLE  CPUS\n"
		"node 0        2   402   398     2       2         0    2  0-1\n"
		"node 1        1   201   199     2       1         1    0  2-3\n"
		"default       2   402   398     3       2         1    1  1-2\n"
		"\n"
		"POOL     COST    % MANAGED IDLE  WHO\n"
		"node 0      2 50.0       2    2  nvme\n"
		"node 0      1 25.0       0    0  e1000e\n"
		"node 0      1 25.0       0    0  (no MSI device)\n"
		"node 1      1 50.0       0    0  e1000e\n"
		"node 1      1 50.0       1    0  nvme\n"
		"default     2 50.0       0    0  e1000e\n"
		"default     2 50.0       2    1  nvme\n");
}

/* Pools of the same CPUs once; what --top leaves out adds up. */
static void test_view_short(void **state)
{
	struct irqm_render_options o = { .header = true, .top = 1 };
	struct irqm_snapshot *s = two_nodes();
	char *text;

	(void)state;
	s->dump.default_affinity = snap_cpus(s, "2-3");
	text = rendered(irqm_render_pools, s, NULL);
	assert_contains(
		text, "default     -    -       -    -  the same as node 1\n");
	free(text);
	s->cpus[2].node = s->cpus[3].node = 0;
	assert_rendered(
		irqm_render_pools, s, &o,
		"POOL    ONLINE TOTAL AVAIL ALLOC MANAGED MAN-ALLOC IDLE  CPUS\n"
		"node 0       3   603   597     4       3         1    2  0-3\n"
		"1 of 2 pools\n"
		"\n"
		"POOL     COST    % MANAGED IDLE  WHO\n"
		"node 0      3 50.0       3    2  nvme\n"
		"node 0      2 33.3       0    0  (1 more driver)\n"
		"node 0      1 16.7       0    0  (no MSI device)\n"
		"default     1 50.0       0    0  e1000e\n"
		"default     1 50.0       1    0  (1 more driver)\n");
}

static void test_view_of_cpus(void **state)
{
	struct irqm_snapshot *s = two_nodes();
	struct irqm_bits cpus = snap_cpus(s, "0,3");
	struct irqm_render_options o = {
		.header = true,
		.all = true,
		.cpus = &cpus,
	};

	(void)state;
	assert_rendered(
		irqm_render_pools, s, &o,
		"POOL        ONLINE TOTAL AVAIL ALLOC MANAGED MAN-ALLOC IDLE  CPUS\n"
		"these CPUs       1   201   199     1       1         0    1  0,3\n"
		"\n"
		"POOL        COST    % MANAGED IDLE  WHO\n"
		"these CPUs     1 50.0       1    1  0000:00:05.0 nvme\n"
		"these CPUs     1 50.0       0    0  (no MSI device)\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nodes),
		cmocka_unit_test(test_costs),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_many_nodes),
		cmocka_unit_test(test_view),
		cmocka_unit_test(test_view_short),
		cmocka_unit_test(test_view_of_cpus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
