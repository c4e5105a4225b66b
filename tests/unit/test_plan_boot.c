/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dump's machine booted with fewer CPUs. tests/vmcores/boot-check compares
 * it with guests. */
#include "planned.h"
#include "unit.h"

/* A device with vectors that are not managed, then managed ones. */
static int device_with(struct irqm_snapshot *s, const char *name,
		       const char *driver, unsigned int first, unsigned int pre,
		       unsigned int managed)
{
	int device = snap_device(s, name, driver);
	unsigned int irq = first;

	for (; pre--; irq++) {
		snap_msi_irq(s, irq, device, driver);
		snap_alloc(s, irq, 0);
	}
	for (; managed--; irq++) {
		snap_msi_irq(s, irq, device, driver);
		snap_managed(s, irq, "0-3");
	}
	return device;
}

static struct irqm_snapshot *machine(void)
{
	struct irqm_snapshot *s = snap_new(4);

	snap_ioapic_irq(s, 1, "i8042");
	snap_alloc(s, 1, 3);
	snap_ioapic_irq(s, 4, "ttyS0");
	snap_reserve(s, 4);
	device_with(s, "0000:00:01.0", "nvme", 24, 1, 4);
	device_with(s, "0000:00:02.0", "igb", 32, 5, 0);
	device_with(s, "0000:00:03.0", "nvme", 40, 1, 4);
	device_with(s, "0000:00:04.0", "made_up", 48, 6, 0);
	/* did not get its queues' vectors */
	device_with(s, "0000:00:05.0", "nvme", 56, 1, 0);
	start_all(s);
	snap_get(s, 4)->state_flags = NULL;
	snap_get(s, 4)->nr_state_flags = 0;
	forget_masks(s);
	return s;
}

static void assert_step(const struct irqm_plan_row *row, const char *driver,
			unsigned int number, unsigned int pre,
			unsigned int managed)
{
	unsigned int i, n = 0;

	assert_int_equal(row->end, IRQM_PLAN_FITS);
	assert_string_equal(row->step->driver, driver);
	assert_int_equal(row->number, number);
	for (i = 0; i < row->nr_vectors; i++)
		n += row->vectors[i].managed;
	assert_int_equal(row->nr_vectors, pre + managed);
	assert_int_equal(n, managed);
}

/* Managed queues and igb's are one for each CPU, made_up's are what they were.
 * The keyboard is requested, the serial line is not. */
static void one_cpu(void **state)
{
	struct irqm_snapshot *s = machine();
	struct irqm_plans *p = planned(s, IRQM_PLAN_BOOT, "1");
	const struct irqm_plan *plan = &p->plans[0];

	(void)state;
	assert_int_equal(plan->nr_rows, 6);
	assert_int_equal(plan->rows[0].number, 1);
	assert_int_equal(plan->rows[0].total_allocated, 1);
	assert_int_equal(plan->rows[0].global_reserved, 1);
	assert_int_equal(plan->rows[0].global_available, 200);
	assert_step(&plan->rows[1], "nvme", 1, 1, 1);
	assert_step(&plan->rows[2], "nvme", 2, 1, 1);
	assert_step(&plan->rows[3], "nvme", 3, 1, 1);
	assert_step(&plan->rows[4], "igb", 1, 2, 0);
	assert_step(&plan->rows[5], "made_up", 1, 6, 0);
	assert_int_equal(plan->rows[5].total_allocated, 1 + 3 * 2 + 2 + 6);
	assert_int_equal(plan->after->nr_cpus, 1);
	assert_int_equal(plan->after->matrix.online_maps, 1);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

/* With more CPUs nothing says why the third nvme had one vector. */
static void two_cpus(void **state)
{
	struct irqm_snapshot *s = machine();
	struct irqm_plans *p = planned(s, IRQM_PLAN_BOOT, "2");
	const struct irqm_plan *plan = &p->plans[0];

	(void)state;
	assert_step(&plan->rows[2], "nvme", 2, 1, 2);
	assert_step(&plan->rows[3], "igb", 1, 3, 0);
	assert_step(&plan->rows[5], "nvme", 1, 1, 0);
	assert_int_equal(plan->after->nr_cpus, 2);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

/* The legacy vectors are assigned at boot, on CPU 0, and stay. */
static void legacy_vectors(void **state)
{
	struct irqm_snapshot *s = machine();
	struct irqm_apic *a = snap_get(s, 1)->apic;
	struct irqm_plans *p;

	(void)state;
	a->vector = 0x31;
	p = planned(s, IRQM_PLAN_BOOT, "1");
	assert_true(
		irqm_bits_test(&p->plans[0].after->cpus[0].alloc_map, 0x31));
	irqm_plans_free(p);
	a->vector = 0x41;
	p = planned(s, IRQM_PLAN_BOOT, "1");
	assert_true(irqm_bits_test(&p->plans[0].after->cpus[0].alloc_map, 33));
	assert_false(
		irqm_bits_test(&p->plans[0].after->cpus[0].alloc_map, 0x41));
	irqm_plans_free(p);
	/* beyond the 16 legacy interrupts it is a number like any other */
	snap_ioapic_irq(s, 60, "acpi");
	snap_alloc(s, 60, 1);
	start_all(s);
	snap_get(s, 60)->apic->vector = 0x30 + 60;
	p = planned(s, IRQM_PLAN_BOOT, "1");
	assert_false(irqm_bits_test(&p->plans[0].after->cpus[0].alloc_map,
				    0x30 + 60));
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

/* irqaffinity= and isolcpus= name CPUs that are not there. */
static void masks_without_a_cpu(void **state)
{
	struct irqm_snapshot *s = machine();
	struct irqm_plans *p;

	(void)state;
	s->dump.default_affinity = snap_cpus(s, "2-3");
	s->dump.housekeeping_managed = snap_cpus(s, "3");
	p = planned(s, IRQM_PLAN_BOOT, "2");
	assert_int_equal(
		irqm_bits_weight(&p->plans[0].after->dump.default_affinity), 2);
	assert_int_equal(
		irqm_bits_weight(&p->plans[0].after->dump.housekeeping_managed),
		2);
	assert_true(p->plans[0].first < 0);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

static void ask(struct irqm_plan_request *r, struct irqm_snapshot *s,
		enum irqm_plan_kind kind, const char *arg)
{
	struct irqm_error err = { .msg = "" };

	irqm_plan_ask(r, s, kind, arg, &err);
	assert_string_equal(err.msg, "");
}

static void steps_around_it(void **state)
{
	struct irqm_snapshot *s = machine();
	struct irqm_plan_request r = { 0 };
	struct irqm_error err = { .msg = "" };
	struct irqm_plans *p;

	(void)state;
	ask(&r, s, IRQM_PLAN_REMOVE, "nvme");
	ask(&r, s, IRQM_PLAN_REMOVE, "0000:00:04.0");
	ask(&r, s, IRQM_PLAN_BOOT, "1");
	ask(&r, s, IRQM_PLAN_ADD, "virtio_blk:1");
	p = irqm_plan(s, &r, &err);
	assert_non_null(p);
	/* three, one, the boot, igb, the disk */
	assert_int_equal(p->plans[0].nr_rows, 7);
	assert_int_equal(p->plans[0].rows[4].step->kind, IRQM_PLAN_BOOT);
	assert_step(&p->plans[0].rows[5], "igb", 1, 2, 0);
	assert_step(&p->plans[0].rows[6], "virtio_blk", 1, 1, 1);
	irqm_plans_free(p);
	/* the possible CPUs are those of the boot */
	assert_int_equal(irqm_plan_ask(&r, s, IRQM_PLAN_ADD, "nvme:2", &err),
			 -1);
	assert_non_null(strstr(err.msg, "each of the 1 possible"));
	assert_int_equal(irqm_plan_ask(&r, s, IRQM_PLAN_REMOVE, "igb", &err),
			 -1);
	assert_non_null(strstr(err.msg, "must come before --nr-cpus"));
	assert_int_equal(irqm_plan_ask(&r, s, IRQM_PLAN_BOOT, "1", &err), -1);
	assert_non_null(strstr(err.msg, "--nr-cpus must come first"));
	refuses(s, IRQM_PLAN_BOOT, "0", "give a number of CPUs");
	refuses(s, IRQM_PLAN_BOOT, "5", "only 4 CPUs are possible here");
	refuses(s, IRQM_PLAN_BOOT, "1x", "give a number of CPUs");
	snap_get(s, 24)->managed = IRQM_UNKNOWN;
	refuses(s, IRQM_PLAN_BOOT, "1", "IRQ 24 could not be read");
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_cpu),
		cmocka_unit_test(two_cpus),
		cmocka_unit_test(legacy_vectors),
		cmocka_unit_test(masks_without_a_cpu),
		cmocka_unit_test(steps_around_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
