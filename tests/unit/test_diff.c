/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two written-down machines, and what is said to differ. */
#include "two.h"
#include "unit.h"

/* After less before is all accounted for. */
static void assert_adds_up(const struct irqm_diff *d)
{
	const struct irqm_diff_sums *s = &d->sums;

	assert_int_equal(s->available, s->capacity - s->came - s->went -
					       s->changed - s->no_device -
					       s->unattributed);
}

static unsigned int count(const struct irqm_diff *d, enum irqm_change change)
{
	unsigned int i, n = 0;

	for (i = 0; i < d->nr_devices; i++)
		n += d->devices[i].change == change;
	return n;
}

static const struct irqm_irq_diff *find_irq(const struct irqm_diff *d,
					    unsigned int before)
{
	unsigned int i;

	for (i = 0; i < d->nr_irqs; i++)
		if (d->irqs[i].before && d->irqs[i].before->irq == before)
			return &d->irqs[i];
	fail_msg("no IRQ %u before", before);
	return NULL;
}

/* NULL: not among what differs. Other rules may find something, too. */
static const struct irqm_finding_diff *drift(const struct irqm_diff *d)
{
	const struct irqm_finding *f;
	unsigned int i;

	for (i = 0; i < d->nr_findings; i++) {
		f = d->findings[i].after ? d->findings[i].after :
					   d->findings[i].before;
		if (strcmp(f->kind->code, "counter-drift") == 0)
			return &d->findings[i];
	}
	return NULL;
}

static void the_same_twice(void **state)
{
	const struct irqm_diff *d;
	struct two t;

	(void)state;
	two_machines(&t, 4);
	d = two_compared(&t);
	assert_false(d->differs);
	assert_int_equal(count(d, IRQM_SAME), 5);
	assert_int_equal(d->nr_irqs, 16);
	assert_int_equal(d->nr_findings, 0);
	assert_adds_up(d);
	assert_int_equal(d->sums.available, 0);
	two_free(&t);
}

static void a_disk_that_came(void **state)
{
	const struct irqm_diff *d;
	struct two t;

	(void)state;
	two_machines(&t, 4);
	snap_consumer(t.s[1], snap_virtio_blk(t.s[1], "0000:00:07.0", 50),
		      "vdf", NULL, "block");
	d = two_compared(&t);
	assert_true(d->differs);
	assert_int_equal(d->devices[0].change, IRQM_CAME);
	assert_null(d->devices[0].before);
	assert_int_equal(d->devices[0].cost, 5);
	assert_int_equal(count(d, IRQM_SAME), 5);
	assert_int_equal(d->places, 5);
	assert_int_equal(d->same_places, 5);
	assert_false(d->other_machine);
	assert_int_equal(d->sums.came, 5);
	assert_int_equal(d->sums.available, -5);
	assert_adds_up(d);
	assert_int_equal(d->drivers[0].change, IRQM_CHANGED);
	assert_int_equal(d->drivers[0].cost, 5);
	two_free(&t);
}

/* It may be one of those that could not be read. */
static void a_disk_that_may_have_come(void **state)
{
	const struct irqm_diff *d;
	struct two t;

	(void)state;
	two_machines(&t, 4);
	snap_consumer(t.s[1], snap_virtio_blk(t.s[1], "0000:00:07.0", 50),
		      "vdf", NULL, "block");
	snap_irq(t.s[0], 60, NULL)->device_unknown = true;
	d = two_compared(&t);
	assert_int_equal(count(d, IRQM_CAME), 0);
	assert_int_equal(count(d, IRQM_CHANGE_UNKNOWN), 1);
	assert_int_equal(d->devices[0].change, IRQM_CHANGE_UNKNOWN);
	assert_int_equal(d->devices[0].cost, IRQM_UNKNOWN);
	assert_int_equal(d->sums.changed, IRQM_UNKNOWN);
	assert_int_equal(d->drivers[0].change, IRQM_SAME);
	two_free(&t);
}

/* The interrupts of a device whose name could not be read. */
static void a_device_without_its_name(void **state)
{
	const struct irqm_diff *d;
	struct two t;
	unsigned int i;

	(void)state;
	two_machines(&t, 4);
	t.s[1]->devices[2].name = NULL;
	d = two_compared(&t);
	assert_int_equal(count(d, IRQM_CAME) + count(d, IRQM_WENT), 0);
	assert_int_equal(count(d, IRQM_CHANGE_UNKNOWN), 2);
	assert_false(d->other_machine);
	for (i = 0; i < d->nr_irqs; i++)
		assert_true(d->irqs[i].change == IRQM_SAME ||
			    d->irqs[i].change == IRQM_CHANGE_UNKNOWN);
	two_free(&t);
}

/* At the same address, with the same driver, other hardware. */
static void another_device_at_an_address(void **state)
{
	const struct irqm_diff *d;
	struct two t;

	(void)state;
	two_machines(&t, 4);
	for (int i = 0; i < 2; i++) {
		t.s[i]->devices[2].pci_vendor = 0x1af4;
		t.s[i]->devices[2].pci_device = 0x1001;
	}
	t.s[1]->devices[2].pci_device = 0x1042;
	d = two_compared(&t);
	assert_int_equal(count(d, IRQM_CAME), 1);
	assert_int_equal(count(d, IRQM_WENT), 1);
	assert_int_equal(count(d, IRQM_SAME), 4);
	assert_int_equal(d->sums.came, 5);
	assert_int_equal(d->sums.went, -5);
	assert_int_equal(d->same_places, 4);
	assert_adds_up(d);
	/* nor are its interrupts the same */
	assert_int_equal(find_irq(d, 31)->change, IRQM_WENT);
	two_free(&t);
}

static void another_driver_at_an_address(void **state)
{
	const struct irqm_diff *d;
	struct two t;

	(void)state;
	two_machines(&t, 4);
	t.s[1]->devices[2].consumers[0].driver = "virtio_scsi";
	d = two_compared(&t);
	assert_int_equal(count(d, IRQM_CAME), 1);
	assert_int_equal(count(d, IRQM_WENT), 1);
	/* the place is the same: no other machine for that */
	assert_int_equal(d->same_places, 5);
	two_free(&t);
}

/* Numbers move up by one, nothing else: the device and the index tell. */
static void numbers_change_over_a_reboot(void **state)
{
	const struct irqm_diff *d;
	struct two t;

	(void)state;
	two_machines(&t, 4);
	for (unsigned int i = 0; i < t.s[1]->nr_irqs; i++) {
		struct irqm_irq *irq = &t.s[1]->irqs[i];

		if (irq->msi) {
			irq->irq++;
			irq->msi->first_irq++;
		}
	}
	d = two_compared(&t);
	assert_int_equal(d->nr_irqs, 16);
	assert_int_equal(find_irq(d, 24)->change, IRQM_CHANGED);
	assert_int_equal(find_irq(d, 24)->after->irq, 25);
	assert_int_equal(find_irq(d, 24)->what, IRQM_DIFF_IRQ);
	assert_int_equal(find_irq(d, 9)->change, IRQM_SAME);
	assert_int_equal(count(d, IRQM_SAME), 5);
	two_free(&t);
}

/* Without a device: by domain and hwirq, not by the number. */
static void pins_are_known_by_hwirq(void **state)
{
	const struct irqm_diff *d;
	struct two t;

	(void)state;
	two_machines(&t, 4);
	snap_get(t.s[1], 9)->irq = 10;
	d = two_compared(&t);
	assert_int_equal(find_irq(d, 9)->what, IRQM_DIFF_IRQ);
	two_free(&t);

	two_machines(&t, 4);
	snap_get(t.s[1], 9)->chain[0].hwirq = 11;
	d = two_compared(&t);
	assert_int_equal(find_irq(d, 9)->change, IRQM_WENT);
	assert_int_equal(d->sums.no_device, 0);
	two_free(&t);

	/* another device on the line */
	two_machines(&t, 4);
	snap_get(t.s[1], 9)->actions[0].name = "i801_smbus";
	d = two_compared(&t);
	assert_int_equal(find_irq(d, 9)->change, IRQM_WENT);
	two_free(&t);

	/* nobody on the line */
	two_machines(&t, 4);
	snap_get(t.s[1], 9)->nr_actions = 0;
	d = two_compared(&t);
	assert_int_equal(find_irq(d, 9)->what, IRQM_DIFF_ACTIONS);
	two_free(&t);

	/* on both sides */
	two_machines(&t, 4);
	for (int i = 0; i < 2; i++)
		snap_get(t.s[i], 9)->nr_actions = 0;
	snap_get(t.s[1], 9)->irq = 10;
	d = two_compared(&t);
	assert_int_equal(find_irq(d, 9)->what, IRQM_DIFF_IRQ);
	two_free(&t);
}

static void what_an_interrupt_changed(void **state)
{
	const struct irqm_diff *d;
	struct two t;

	(void)state;
	two_machines(&t, 4);
	snap_get(t.s[1], 24)->affinity = snap_cpus(t.s[1], "1-2");
	snap_get(t.s[1], 27)->apic->vector++;
	snap_get(t.s[1], 30)->apic->cpu ^= 1;
	snap_get(t.s[1], 33)->apic->vector = 0;
	snap_get(t.s[1], 36)->managed = 1;
	snap_get(t.s[1], 37)->managed = IRQM_UNKNOWN;
	snap_get(t.s[0], 28)->setaffinity_pending = 0;
	snap_get(t.s[1], 28)->setaffinity_pending = 1;
	snap_get(t.s[1], 28)->pending_mask = snap_cpus(t.s[1], "1");
	snap_get(t.s[1], 38)->affinity.words = NULL;
	d = two_compared(&t);
	assert_int_equal(find_irq(d, 24)->what, IRQM_DIFF_AFFINITY);
	assert_int_equal(find_irq(d, 27)->what, IRQM_DIFF_VECTOR);
	assert_int_equal(find_irq(d, 30)->what, IRQM_DIFF_CPU);
	assert_int_equal(find_irq(d, 33)->what, IRQM_DIFF_VECTOR);
	assert_int_equal(find_irq(d, 36)->what, IRQM_DIFF_MANAGED);
	assert_int_equal(find_irq(d, 28)->what, IRQM_DIFF_PENDING);
	/* unknown is no difference */
	assert_int_equal(find_irq(d, 37)->change, IRQM_SAME);
	assert_int_equal(find_irq(d, 38)->change, IRQM_SAME);
	two_free(&t);
}

/* 201 vectors less a CPU, and the slots that were kept on it. */
static void a_cpu_goes_offline(void **state)
{
	const struct irqm_diff *d;
	struct two t;

	(void)state;
	two_machines(&t, 4);
	snap_offline(t.s[1], 3);
	d = two_compared(&t);
	assert_int_equal(d->sums.capacity, -201);
	/* each disk keeps a slot there */
	assert_int_equal(d->sums.changed, -5);
	assert_int_equal(d->sums.available, -201 + 5);
	assert_adds_up(d);
	assert_int_equal(d->cpus[3].change, IRQM_CHANGED);
	assert_int_equal(d->cpus[2].change, IRQM_SAME);
	two_free(&t);
}

static void more_cpus_are_possible(void **state)
{
	const struct irqm_diff *d;
	struct two t;

	(void)state;
	for (int i = 0; i < 2; i++) {
		t.s[i] = snap_new(i ? 6 : 4);
		snap_ioapic_irq(t.s[i], 9, "acpi");
		snap_ioapic_irq(t.s[i], 10, "eth0")->affinity =
			snap_cpus(t.s[i], i ? "0-5" : "0-2");
	}
	d = two_compared(&t);
	assert_true(d->other_cpus);
	assert_int_equal(d->nr_cpus, 6);
	assert_int_equal(d->cpus[3].change, IRQM_SAME);
	assert_int_equal(d->cpus[4].change, IRQM_CAME);
	assert_int_equal(d->sums.capacity, 2 * 201);
	/* all is all */
	assert_int_equal(find_irq(d, 9)->change, IRQM_SAME);
	assert_int_equal(find_irq(d, 10)->what, IRQM_DIFF_AFFINITY);
	assert_adds_up(d);
	two_free(&t);
}

static void the_rest_is_said(void **state)
{
	const struct irqm_diff *d;
	struct two t;

	(void)state;
	two_machines(&t, 4);
	t.s[1]->matrix.global_available -= 7;
	d = two_compared(&t);
	assert_int_equal(d->sums.unattributed, 7);
	assert_adds_up(d);
	/* and is a drift, which was not there before */
	assert_non_null(drift(d));
	assert_int_equal(drift(d)->change, IRQM_CAME);
	assert_null(drift(d)->before);
	two_free(&t);
}

static void findings_by_code(void **state)
{
	const struct irqm_diff *d;
	struct two t;

	(void)state;
	two_machines(&t, 4);
	t.s[0]->matrix.global_available -= 7;
	d = two_compared(&t);
	assert_non_null(drift(d));
	assert_int_equal(drift(d)->change, IRQM_WENT);
	assert_null(drift(d)->after);
	two_free(&t);

	/* of an offline CPU a drift is nothing to worry about */
	two_machines(&t, 4);
	for (int i = 0; i < 2; i++) {
		snap_offline(t.s[i], 3);
		t.s[i]->cpus[3].available++;
	}
	d = two_compared(&t);
	assert_true(t.a[1]->nr_findings > 0);
	assert_null(drift(d));
	two_free(&t);

	two_machines(&t, 4);
	for (int i = 0; i < 2; i++) {
		snap_offline(t.s[i], 3);
		t.s[i]->cpus[3].available++;
	}
	t.s[1]->matrix.global_available -= 7;
	d = two_compared(&t);
	assert_non_null(drift(d));
	assert_int_equal(drift(d)->change, IRQM_CHANGED);
	assert_int_equal(drift(d)->before->severity, IRQM_INFO);
	two_free(&t);
}

static void what_is_unknown_is_unknown(void **state)
{
	const struct irqm_diff *d;
	struct two t;

	(void)state;
	two_machines(&t, 4);
	snap_get(t.s[1], 24)->apic = NULL;
	snap_get(t.s[1], 25)->managed = IRQM_UNKNOWN;
	t.s[1]->dump.release = NULL;
	t.s[1]->dump.possible.words = NULL;
	t.s[1]->devices[4].consumers[1].name = NULL;
	d = two_compared(&t);
	assert_int_equal(d->sums.changed, IRQM_UNKNOWN);
	assert_int_equal(d->sums.unattributed, IRQM_UNKNOWN);
	assert_int_equal(d->sums.available, 0);
	assert_false(d->differs);
	two_free(&t);
}

static void two_kernels_and_two_machines(void **state)
{
	const struct irqm_diff *d;
	struct two t;

	(void)state;
	two_machines(&t, 4);
	t.s[1]->dump.release = "5.14.0-70.el9.x86_64";
	t.s[0]->dump.crash_time = 1000;
	t.s[1]->dump.crash_time = 999;
	for (int i = 0; i < 3; i++)
		t.s[1]->devices[i].bus = "usb";
	d = two_compared(&t);
	assert_true(d->other_kernel);
	assert_true(d->after_is_older);
	assert_int_equal(d->same_places, 2);
	assert_int_equal(d->places, 5);
	assert_true(d->other_machine);
	two_free(&t);
}

/* Names that are unknown, or there twice: each is one device. */
static void names_that_say_nothing(void **state)
{
	const struct irqm_diff *d;
	struct two t;

	(void)state;
	two_machines(&t, 4);
	for (int i = 0; i < 2; i++) {
		t.s[i]->devices[0].name = t.s[i]->devices[1].name = NULL;
		t.s[i]->devices[3].name = t.s[i]->devices[4].name;
	}
	d = two_compared(&t);
	assert_false(d->differs);
	assert_int_equal(d->nr_devices, 5);
	two_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_twice),
		cmocka_unit_test(a_disk_that_came),
		cmocka_unit_test(a_disk_that_may_have_come),
		cmocka_unit_test(a_device_without_its_name),
		cmocka_unit_test(another_device_at_an_address),
		cmocka_unit_test(another_driver_at_an_address),
		cmocka_unit_test(numbers_change_over_a_reboot),
		cmocka_unit_test(pins_are_known_by_hwirq),
		cmocka_unit_test(what_an_interrupt_changed),
		cmocka_unit_test(a_cpu_goes_offline),
		cmocka_unit_test(more_cpus_are_possible),
		cmocka_unit_test(the_rest_is_said),
		cmocka_unit_test(findings_by_code),
		cmocka_unit_test(what_is_unknown_is_unknown),
		cmocka_unit_test(two_kernels_and_two_machines),
		cmocka_unit_test(names_that_say_nothing),
	};

	return RUN(tests);
}
