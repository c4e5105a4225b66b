/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CPUs that go offline, and suspend: the corners. */
#include "planned.h"
#include "unit.h"

/* LKML, 2022-07: "CPU 31 has 116 vectors, 85 available. Cannot disable CPU" */
static void the_kernels_rule_for_offline(void **state)
{
	struct irqm_snapshot *s = machine_with_full_cpu(2, 0, 85);
	unsigned int irq = 24 + 201 - 85;
	const struct irqm_plan_row *row;
	struct irqm_plans *p;

	(void)state;
	fill_cpu(s, 1, 116, &irq);
	start_all(s);
	p = planned(s, IRQM_PLAN_OFFLINE, "1");
	row = &p->plans[0].rows[0];
	assert_int_equal(row->end, IRQM_PLAN_BLOCKED);
	assert_int_equal(row->to_move, 116);
	assert_int_equal(row->elsewhere, 85);
	assert_int_equal(p->plans[0].after->cpus[1].online, 1);
	irqm_plans_free(p);
	irqm_snapshot_free(s);

	s = machine_with_full_cpu(2, 0, 116);
	irq = 24 + 201 - 116;
	fill_cpu(s, 1, 116, &irq);
	start_all(s);
	p = planned(s, IRQM_PLAN_SUSPEND, NULL);
	row = &p->plans[0].rows[0];
	assert_int_equal(row->end, IRQM_PLAN_FITS);
	assert_int_equal(row->moved, 116);
	assert_int_equal(row->global_available, 0);
	assert_int_equal(row->total_allocated, 201);
	assert_int_equal(p->plans[0].after->cpus[1].allocated, 0);
	assert_int_equal(p->plans[0].after->cpus[1].available, 201);
	irqm_plans_free(p);
	/* cpu0_hotplug, while there was such a thing */
	refuses(s, IRQM_PLAN_OFFLINE, "0", "CPU 0 cannot go offline");
	s->dump.generation.map_pointers = false;
	refuses(s, IRQM_PLAN_OFFLINE, "0", "CPU 0 cannot go offline");
	s->dump.generation.maple_tree = false;
	p = planned(s, IRQM_PLAN_OFFLINE, "0");
	assert_int_equal(p->plans[0].rows[0].number, 0);
	assert_int_equal(p->plans[0].rows[0].moved, 85);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

static void what_becomes_of_interrupts(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	int disk = snap_device(s, "0000:00:05.0", "nvme");
	const struct irqm_plan_row *row;
	struct irqm_plans *p;

	(void)state;
	snap_ioapic_irq(s, 9, "bound")->affinity = snap_cpus(s, "3");
	snap_alloc(s, 9, 3);
	snap_ioapic_irq(s, 10, "free")->affinity = snap_cpus(s, "0,3");
	snap_alloc(s, 10, 3);
	snap_msi_irq(s, 24, disk, "alone");
	snap_managed(s, 24, "3");
	snap_start(s, 24, 3);
	snap_msi_irq(s, 25, disk, "shared");
	snap_managed(s, 25, "2-3");
	snap_start(s, 25, 3);
	forget_masks(s);
	start_all(s);
	p = planned(s, IRQM_PLAN_OFFLINE, "3");
	row = &p->plans[0].rows[0];
	assert_int_equal(row->end, IRQM_PLAN_FITS);
	assert_int_equal(row->to_move, 2);
	assert_int_equal(row->moved, 2);
	assert_int_equal(row->broken, 1);
	assert_int_equal(row->shut_down, 1);
	assert_int_equal(row->total_allocated, 3);
	assert_int_equal(row->global_reserved, 0);
	/* the two slots of CPU 3 stay, and count nowhere */
	assert_int_equal(row->global_available, 3 * 201 - 1 - 2);
	assert_int_equal(p->plans[0].after->cpus[3].managed, 2);
	assert_int_equal(p->plans[0].after->cpus[3].online, 0);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

/* irq_force_complete_move(): only where the CPU that goes has part in it. */
static void old_vectors_of_others_stay(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	struct irqm_plans *p;

	(void)state;
	snap_ioapic_irq(s, 9, "moved");
	snap_alloc(s, 9, 1);
	snap_move(s, 9, 0);
	start_all(s);
	p = planned(s, IRQM_PLAN_OFFLINE, "2");
	assert_int_equal(p->plans[0].rows[0].total_allocated, 2);
	irqm_plans_free(p);
	p = planned(s, IRQM_PLAN_OFFLINE, "1");
	assert_int_equal(p->plans[0].rows[0].total_allocated, 1);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

/* irq_needs_fixup(): one that is bound to its CPU is not moved. */
static void per_cpu_interrupts_stay(void **state)
{
	static const char *const flags[] = { "IRQD_IRQ_STARTED",
					     "IRQD_PER_CPU" };
	struct irqm_snapshot *s = snap_new(2);
	struct irqm_irq *irq = snap_ioapic_irq(s, 9, "timer");
	struct irqm_plans *p;

	(void)state;
	snap_alloc(s, 9, 1);
	start_all(s);
	irq->state_flags = (const char **)flags;
	irq->nr_state_flags = 2;
	p = planned(s, IRQM_PLAN_OFFLINE, "1");
	assert_int_equal(p->plans[0].rows[0].moved, 0);
	assert_int_equal(p->plans[0].after->cpus[0].allocated, 0);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

/* The affinity's CPUs are full: another one (6.10), not the dead one. */
static void a_crowded_affinity_is_left(void **state)
{
	struct irqm_snapshot *s = machine_with_full_cpu(3, 0, 0);
	struct irqm_plans *p;

	(void)state;
	snap_ioapic_irq(s, 1000, "wish")->affinity = snap_cpus(s, "0,2");
	snap_alloc(s, 1000, 2);
	start_all(s);
	p = planned(s, IRQM_PLAN_OFFLINE, "2");
	assert_int_equal(p->nr_plans, 1);
	assert_int_equal(p->plans[0].rows[0].crowded, 1);
	assert_int_equal(p->plans[0].rows[0].end, IRQM_PLAN_FITS);
	assert_int_equal(p->plans[0].after->cpus[1].allocated, 1);
	irqm_plans_free(p);
	/* before that it stayed, which no structure tells */
	s->dump.generation.map_pointers = false;
	p = planned(s, IRQM_PLAN_OFFLINE, "2");
	assert_int_equal(p->nr_plans, 2);
	assert_int_equal(p->plans[0].rows[0].end, IRQM_PLAN_FITS);
	assert_int_equal(p->plans[1].rows[0].end, IRQM_PLAN_STRANDED);
	assert_int_equal(p->plans[1].rows[0].lost, 1);
	assert_int_equal(p->plans[1].after->cpus[2].allocated, 1);
	assert_true(p->plans[1].holds.rule[IRQM_COUNTS_MANAGED][0]);
	assert_true(p->plans[1].holds.rule[IRQM_COUNTS_MANAGED][1]);
	irqm_plans_free(p);
	s->dump.generation.affinity_desc = false;
	p = planned(s, IRQM_PLAN_OFFLINE, "2");
	assert_int_equal(p->nr_plans, 1);
	assert_int_equal(p->plans[0].rows[0].end, IRQM_PLAN_STRANDED);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

/* 40 queues on CPU 1 alone: they are shut down as it goes, which kernels before
 * 6.7 do not count on. */
static void managed_vectors_may_count(void **state)
{
	struct irqm_snapshot *s = machine_with_full_cpu(2, 0, 30);
	int disk = snap_device(s, "0000:00:05.0", "nvme");
	struct irqm_plans *p;
	unsigned int i;

	(void)state;
	for (i = 1000; i < 1040; i++) {
		snap_msi_irq(s, i, disk, "queue");
		snap_managed(s, i, "1");
		snap_start(s, i, 1);
	}
	forget_masks(s);
	start_all(s);
	p = planned(s, IRQM_PLAN_OFFLINE, "1");
	assert_int_equal(p->nr_plans, 1);
	assert_int_equal(p->plans[0].rows[0].end, IRQM_PLAN_FITS);
	irqm_plans_free(p);

	s->dump.generation.map_pointers = false;
	p = planned(s, IRQM_PLAN_OFFLINE, "1");
	assert_int_equal(p->nr_plans, 2);
	assert_true(p->plans[0].holds.rule[IRQM_COUNTS_MANAGED][0]);
	assert_false(p->plans[0].holds.rule[IRQM_COUNTS_MANAGED][1]);
	assert_true(p->plans[0].holds.rule[IRQM_LEAVES_CROWDED][1]);
	assert_int_equal(p->plans[0].rows[0].end, IRQM_PLAN_FITS);
	assert_int_equal(p->plans[0].rows[0].shut_down, 40);
	assert_false(p->plans[1].holds.rule[IRQM_COUNTS_MANAGED][0]);
	assert_true(p->plans[1].holds.rule[IRQM_COUNTS_MANAGED][1]);
	assert_int_equal(p->plans[1].rows[0].end, IRQM_PLAN_BLOCKED);
	assert_int_equal(p->plans[1].rows[0].to_move, 40);
	irqm_plans_free(p);

	/* before 5.0 they always count */
	for (i = 0; i < 2; i++)
		s->cpus[i].managed_allocated = IRQM_UNKNOWN;
	p = planned(s, IRQM_PLAN_OFFLINE, "1");
	assert_int_equal(p->nr_plans, 1);
	assert_false(p->plans[0].holds.rule[IRQM_COUNTS_MANAGED][0]);
	assert_int_equal(p->plans[0].rows[0].end, IRQM_PLAN_BLOCKED);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

static void assert_order(const struct irqm_plan *plan, unsigned int first)
{
	assert_int_equal(plan->nr_rows, 3);
	assert_int_equal(plan->rows[0].number, first);
	assert_int_equal(plan->rows[1].number, 2);
	assert_int_equal(plan->rows[2].number, 4 - first);
}

/* fde78e4673af: bitmaps behind pointers are as new, a cpumask in msi_desc is
 * older. In between either order is possible, and here both fit. */
static void the_order_of_suspend(void **state)
{
	struct irqm_snapshot *s = machine_with_full_cpu(4, 1, 200);
	struct irqm_plans *p;

	(void)state;
	s->dump.release = "5.10.0-46-cloud-amd64"; /* not looked at */
	start_all(s);
	p = planned(s, IRQM_PLAN_SUSPEND, NULL);
	assert_int_equal(p->nr_plans, 1);
	assert_order(&p->plans[0], 3);
	assert_false(p->plans[0].holds.rule[IRQM_LAST_CPU_FIRST][0]);
	irqm_plans_free(p);
	/* whoever names CPUs has them in order */
	p = planned(s, IRQM_PLAN_OFFLINE, "1-3");
	assert_order(&p->plans[0], 1);
	irqm_plans_free(p);

	s->dump.release = "6.12.48+deb13-cloud-amd64";
	s->dump.generation.map_pointers = false;
	p = planned(s, IRQM_PLAN_SUSPEND, NULL);
	assert_int_equal(p->nr_plans, 1);
	assert_order(&p->plans[0], 1);
	assert_true(p->plans[0].holds.rule[IRQM_LAST_CPU_FIRST][0]);
	assert_true(p->plans[0].holds.rule[IRQM_LAST_CPU_FIRST][1]);
	irqm_plans_free(p);

	s->dump.generation.affinity_desc = false;
	p = planned(s, IRQM_PLAN_SUSPEND, NULL);
	assert_int_equal(p->nr_plans, 1);
	assert_order(&p->plans[0], 1);
	assert_false(p->plans[0].holds.rule[IRQM_LAST_CPU_FIRST][1]);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

/* The last of two CPUs to go finds no room, whichever it is. */
static void another_order_of_suspend(void **state)
{
	struct irqm_snapshot *s = machine_with_full_cpu(3, 1, 101);
	unsigned int irq = 24 + 100;
	struct irqm_plans *p;

	(void)state;
	fill_cpu(s, 2, 110, &irq);
	start_all(s);
	s->dump.generation.map_pointers = false;
	p = planned(s, IRQM_PLAN_SUSPEND, NULL);
	assert_int_equal(p->nr_plans, 2);
	assert_true(p->plans[0].holds.rule[IRQM_LAST_CPU_FIRST][0]);
	assert_false(p->plans[0].holds.rule[IRQM_LAST_CPU_FIRST][1]);
	assert_int_equal(p->plans[0].rows[p->plans[0].first].number, 2);
	assert_int_equal(p->plans[1].rows[p->plans[1].first].number, 1);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kernels_rule_for_offline),
		cmocka_unit_test(what_becomes_of_interrupts),
		cmocka_unit_test(old_vectors_of_others_stay),
		cmocka_unit_test(per_cpu_interrupts_stay),
		cmocka_unit_test(a_crowded_affinity_is_left),
		cmocka_unit_test(managed_vectors_may_count),
		cmocka_unit_test(the_order_of_suspend),
		cmocka_unit_test(another_order_of_suspend),
	};

	return RUN(tests);
}
