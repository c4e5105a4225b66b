/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What may be asked of a plan, and what is refused. */
#include "planned.h"
#include "unit.h"

static void what_is_asked(void **state)
{
	static const char *const bad[] = {
		"",
		"virtio_blk",
		":2",
		"virtio_blk:",
		"virtio_blk:2x",
		"virtio_blk:-1",
		"virtio_blk:2,vectors=3",
		"virtio_blk:2,vectors=1+",
		"virtio_blk:2,nodes=1",
		"virtio_blk:2x3y",
		"virtio_blk:2,node=",
		"virtio_blk:2,line=",
		"virtio_blk:2x-1",
	};
	static const char *const too_much[][2] = {
		{ "smartpqi:0", "needs no vectors" },
		{ "virtio_blk:2,vectors=0+0", "needs no vectors" },
		{ "virtio_blk:2x0", "adds no devices" },
		{ "virtio_blk:2x10001", "at most 10000 can be added" },
		{ "virtio_blk:2x99999999", "at most 10000 can be added" },
		{ "virtio_blk:2x4294967297", "at most 10000 can be added" },
		{ "virtio_blk:2049", "at most 2048 vectors" },
		{ "virtio_blk:99999999999999999999", "at most 2048 " },
		{ "virtio_blk:2,vectors=2049+0", "at most 2048 vectors" },
		{ "virtio_blk:2,vectors=0+4294967296", "at most 2048 " },
		{ "virtio_blk:2,node=1024", "the highest node is 1023" },
		{ "virtio_blk:2,node=42949672960", "the highest node is 1023" },
		{ "virtio_blk:2,line=42949672960", "is not an INTx" },
	};
	struct irqm_snapshot *s = snap_new(4);
	struct irqm_plan_request r = { 0 };
	struct irqm_error err;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		refuses(s, IRQM_PLAN_ADD, bad[i], "is not DRIVER:QUEUES");
	for (i = 0; i < ARRAY_SIZE(too_much); i++)
		refuses(s, IRQM_PLAN_ADD, too_much[i][0], too_much[i][1]);
	assert_int_equal(irqm_plan_ask(&r, s, IRQM_PLAN_ADD,
				       "mpt3sas:9,vectors=1+3,node=1x20", &err),
			 0);
	assert_string_equal(r.steps[0].driver, "mpt3sas");
	assert_int_equal(r.steps[0].pre, 1);
	assert_int_equal(r.steps[0].managed, 3);
	assert_int_equal(r.steps[0].node, 1);
	assert_int_equal(r.steps[0].count, 20);
	assert_int_equal(
		irqm_plan_ask(&r, s, IRQM_PLAN_ADD, "virtio-scsi:4", &err), 0);
	assert_int_equal(r.steps[1].pre, 3);
	assert_int_equal(r.steps[1].managed, 4);
	/* no set has more managed vectors than there are CPUs */
	refuses(s, IRQM_PLAN_ADD, "nvme:5", "each of the 4 possible CPUs");
	refuses(s, IRQM_PLAN_ADD, "nvme:4,vectors=1+5", "in nvme:4+4");
	refuses(s, IRQM_PLAN_ADD, "nvme:4+5", "each of the 4 possible CPUs");
	refuses(s, IRQM_PLAN_ADD, "nvme:5+4", "each of the 4 possible CPUs");
	refuses(s, IRQM_PLAN_OFFLINE, "1-9", "");
	irqm_snapshot_free(s);
}

static void refuses_two(struct irqm_snapshot *s, enum irqm_plan_kind kind,
			const char *first, const char *second, const char *why)
{
	struct irqm_plan_request r = { 0 };
	struct irqm_error err = { .msg = "" };

	assert_int_equal(irqm_plan_ask(&r, s, kind, first, &err), 0);
	assert_int_equal(irqm_plan_ask(&r, s, kind, second, &err), 0);
	assert_null(irqm_plan(s, &r, &err));
	assert_string_equal(err.msg, why);
}

static void what_is_done_already(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	struct irqm_plans *p;

	(void)state;
	snap_virtio_blk(s, "0000:00:05.0", 24);
	refuses_two(s, IRQM_PLAN_REMOVE, "*:05.0", "00:05.0",
		    "00:05.0: an earlier step removed it already");
	refuses_two(s, IRQM_PLAN_OFFLINE, "1-2", "2",
		    "CPU 2 is offline already");
	snap_offline(s, 3);
	refuses(s, IRQM_PLAN_OFFLINE, "3", "CPU 3 is offline already");
	refuses_two(s, IRQM_PLAN_OFFLINE, "2", "2-3",
		    "CPUs 2-3 are offline already");
	/* of several, those that are left */
	p = planned(s, IRQM_PLAN_OFFLINE, "2-3");
	assert_int_equal(p->plans[0].nr_rows, 1);
	assert_int_equal(p->plans[0].rows[0].number, 2);
	irqm_plans_free(p);
	snap_offline(s, 2);
	snap_offline(s, 1);
	p = planned(s, IRQM_PLAN_SUSPEND, NULL);
	assert_int_equal(p->plans[0].nr_rows, 0);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

/* A pattern means those devices that are still there. */
static void a_device_goes_once(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	struct irqm_plan_request r = { 0 };
	struct irqm_error err = { .msg = "" };
	struct irqm_plans *p;

	(void)state;
	snap_virtio_blk(s, "0000:00:05.0", 24);
	snap_virtio_blk(s, "0000:00:06.0", 34);
	assert_int_equal(
		irqm_plan_ask(&r, s, IRQM_PLAN_REMOVE, "00:05.0", &err), 0);
	assert_int_equal(irqm_plan_ask(&r, s, IRQM_PLAN_REMOVE, "*", &err), 0);
	p = irqm_plan(s, &r, &err);
	assert_non_null(p);
	assert_int_equal(p->plans[0].nr_rows, 2);
	assert_int_equal(p->plans[0].rows[0].number, 0);
	assert_int_equal(p->plans[0].rows[1].number, 1);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

/* What is not known is not made up. */
static void unknown_is_said(void **state)
{
	struct irqm_snapshot *s = snap_new(4);

	(void)state;
	snap_ioapic_irq(s, 9, "x");
	snap_alloc(s, 9, 1);
	start_all(s);
	s->irqs[0].affinity = (struct irqm_bits){ 0 };
	refuses(s, IRQM_PLAN_OFFLINE, "3", "IRQ 9");
	s->irqs_known = false;
	refuses(s, IRQM_PLAN_SUSPEND, NULL, "not all interrupts");
	s->cpus[2].siblings = (struct irqm_bits){ 0 };
	refuses(s, IRQM_PLAN_ADD, "virtio_blk:2", "siblings of CPU 2");
	s->cpus[1].node = IRQM_UNKNOWN;
	refuses(s, IRQM_PLAN_ADD, "virtio_blk:2", "NUMA node of CPU 1");
	s->dump.default_affinity = (struct irqm_bits){ 0 };
	refuses(s, IRQM_PLAN_ADD, "virtio_blk:2", "irq_default_affinity");
	s->cpus[3].managed_map = (struct irqm_bits){ 0 };
	refuses(s, IRQM_PLAN_ADD, "virtio_blk:2", "cpumap of CPU 3");
	s->matrix.alloc_end = 4000000000;
	refuses(s, IRQM_PLAN_ADD, "virtio_blk:2", "range");
	s->matrix.global_available = IRQM_UNKNOWN;
	refuses(s, IRQM_PLAN_ADD, "virtio_blk:2", "vector matrix");
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_asked),
		cmocka_unit_test(what_is_done_already),
		cmocka_unit_test(a_device_goes_once),
		cmocka_unit_test(unknown_is_said),
	};

	return RUN(tests);
}
