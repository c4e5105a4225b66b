/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes to the machine, and changes that help only together. A CPU has 201
 * vectors. */
#include "advised.h"
#include "planned.h"
#include "unit.h"

static const struct irqm_advice *must_find(const struct irqm_advices *a,
					   enum irqm_knob knob)
{
	const struct irqm_advice *found = find_advice(a, knob);

	assert_non_null(found);
	return found;
}

static const struct irqm_advice *must_find_rank(const struct irqm_advices *a,
						enum irqm_advice_rank rank)
{
	unsigned int i;

	for (i = 0; i < a->nr; i++)
		if (a->list[i].rank == rank)
			return &a->list[i];
	fail_msg("no advice of rank %d", rank);
	return NULL;
}

static void some_devices(struct irqm_snapshot *s, const char *driver,
			 unsigned int bus, unsigned int first, unsigned int nr,
			 unsigned int vectors)
{
	char name[32];
	unsigned int i;

	for (i = 0; i < nr; i++, first += vectors) {
		snprintf(name, sizeof(name), "0000:%02x:%02x.0", bus, i);
		plain_device(s, name, driver, first, vectors);
	}
}

/* One CPU with so many vectors in use besides those of 52 ahci of 1 vector, 17
 * e1000e of 3, which have 51, and an ioatdma of 41. */
static struct irqm_snapshot *three_kinds(unsigned int others)
{
	struct irqm_snapshot *s = snap_new_sized(1, 1024, 128);
	unsigned int irq = 24;

	fill_cpu(s, 0, others, &irq);
	some_devices(s, "ahci", 1, 300, 52, 1);
	some_devices(s, "e1000e", 2, 400, 17, 3);
	some_devices(s, "ioatdma", 3, 500, 1, 41);
	start_all(s);
	return s;
}

/*
 * 27 are free. 110 more take 83 from the devices: no kind has as many, any two
 * have. The ioatdma and 14 e1000e have 83.
 */
static void two_together(void **state)
{
	struct irqm_snapshot *s = three_kinds(30);
	struct irqm_advices *a = advice_for(s, "made_up:0,vectors=110+0");
	const struct irqm_advice *few;
	unsigned int i;

	(void)state;
	assert_int_equal(a->end, IRQM_ADVISE_FOUND);
	assert_false(a->limited);
	assert_true(a->nr > 2);
	for (i = 0; i < a->nr; i++) {
		assert_int_equal(a->list[i].knob, IRQM_KNOB_COMBINED);
		assert_int_equal(a->list[i].nr_parts, 2);
		assert_true(a->list[i].available >= 0);
	}
	few = must_find_rank(a, IRQM_RANK_FEWER_DEVICES);
	assert_false(few->reboot);
	assert_int_equal(few->devices, 1 + 14);
	assert_int_equal(few->available, 0);
	assert_int_equal(few->parts[0].devices + few->parts[1].devices, 1 + 14);
	/* both drivers have a parameter, and what they hold is 92 less 8: all
	 * devices are kept, so these come first */
	assert_true(a->list[0].reboot);
	assert_int_equal(a->list[0].rank, IRQM_RANK_REBOOT);
	irqm_advices_free(a);
	irqm_snapshot_free(s);
}

/*
 * 20 cards of 3 vectors and 20 controllers of 1, 21 are free. 90 more take 69:
 * the cards' 60 and 9 controllers, not 20 controllers and the 49 of 17 cards.
 */
static void smallest_parts(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(1, 1024, 64);
	const struct irqm_advice *few;
	struct irqm_advices *a;
	unsigned int irq = 24;

	(void)state;
	fill_cpu(s, 0, 100, &irq);
	some_devices(s, "e1000e", 1, 300, 20, 3);
	some_devices(s, "ahci", 2, 400, 20, 1);
	start_all(s);
	a = advice_for(s, "made_up:0,vectors=90+0");
	few = must_find_rank(a, IRQM_RANK_FEWER_DEVICES);
	assert_int_equal(few->knob, IRQM_KNOB_COMBINED);
	assert_int_equal(few->devices, 20 + 9);
	assert_int_equal(few->available, 0);
	irqm_advices_free(a);
	irqm_snapshot_free(s);
}

/* 47 are free; 180 more take 133. All kinds have 144: the fewest devices are 41
 * of ahci and all others. */
static void three_together(void **state)
{
	struct irqm_snapshot *s = three_kinds(10);
	struct irqm_advices *a = advice_for(s, "made_up:0,vectors=180+0");

	(void)state;
	assert_int_equal(a->end, IRQM_ADVISE_FOUND);
	assert_int_equal(a->list[0].nr_parts, 3);
	assert_int_equal(a->list[0].devices, 41 + 17 + 1);
	irqm_advices_free(a);
	/* 47 and 144 are 191 */
	a = advice_for(s, "made_up:0,vectors=192+0");
	assert_int_equal(a->nr, 1);
	assert_int_equal(a->list[0].knob, IRQM_KNOB_NO_MSI);
	assert_non_null(a->nearest);
	assert_int_equal(a->nearest_missing, 1);
	irqm_advices_free(a);
	irqm_snapshot_free(s);
}

/* CPU 1 is full: 5 vectors there are of a device, which may be on any CPU. CPU 2
 * has 3 of the same. */
static struct irqm_snapshot *full_by_a_device(void)
{
	struct irqm_snapshot *s = machine_with_full_cpu(3, 1, 5);
	int device = snap_device(s, "0000:01:00.0", "made_up");
	unsigned int irq;

	for (irq = 300; irq < 305; irq++) {
		snap_msi_irq(s, irq, device, "made_up");
		snap_alloc(s, irq, 1);
	}
	for (; irq < 308; irq++) {
		snap_msi_irq(s, irq, device, "made_up");
		snap_alloc(s, irq, 2);
	}
	start_all(s);
	return s;
}

/* The drive takes a vector on each CPU, and one for its admin queue. */
static void moved_interrupts(void **state)
{
	struct irqm_snapshot *s = full_by_a_device();
	static const char *pinned[] = { "IRQD_IRQ_STARTED",
					"IRQD_NO_BALANCING" };
	const struct irqm_advice *move;
	struct irqm_advices *a;
	unsigned int irq;

	(void)state;
	a = advice_for(s, "nvme:3");
	move = must_find(a, IRQM_KNOB_MOVE);
	assert_ptr_equal(move, &a->list[0]);
	assert_false(move->reboot);
	assert_int_equal(move->available, 201 + 198 - 4);
	assert_true(has_command(move, "for i in 304; do echo 0,2 > "
				      "/proc/irq/$i/smp_affinity_list; done"));
	irqm_advices_free(a);
	/* two drives: two interrupts must go */
	a = advice_for(s, "nvme:3x2");
	assert_true(has_command(must_find(a, IRQM_KNOB_MOVE),
				"for i in 304 303; do"));
	irqm_advices_free(a);

	/* one cannot go, one is going */
	snap_get(s, 304)->state_flags = pinned;
	snap_get(s, 304)->nr_state_flags = 2;
	snap_get(s, 303)->setaffinity_pending = 1;
	a = advice_for(s, "nvme:3");
	assert_true(
		has_command(must_find(a, IRQM_KNOB_MOVE), "for i in 302; do"));
	irqm_advices_free(a);
	for (irq = 300; irq < 308; irq++)
		snap_get(s, irq)->setaffinity_pending = 1;
	a = advice_for(s, "nvme:3");
	assert_null(find_advice(a, IRQM_KNOB_MOVE));
	irqm_advices_free(a);
	irqm_snapshot_free(s);
}

/* Two CPUs online are full. */
static struct irqm_snapshot *two_full_cpus(bool absent)
{
	struct irqm_snapshot *s = snap_new_sized(4, 2048, 16);
	unsigned int irq = 24;

	if (absent) {
		snap_absent(s, 2);
		snap_absent(s, 3);
		s->dump.present = snap_cpus(s, "0-1");
	} else {
		snap_offline(s, 2);
		snap_offline(s, 3);
	}
	s->dump.online = snap_cpus(s, "0-1");
	fill_cpu(s, 0, 201, &irq);
	fill_cpu(s, 1, 201, &irq);
	start_all(s);
	return s;
}

static void more_cpus(void **state)
{
	struct irqm_snapshot *s = two_full_cpus(false);
	const struct irqm_advice *online;
	struct irqm_advices *a;

	(void)state;
	a = advice_for(s, "made_up:0,vectors=10+0");
	online = must_find(a, IRQM_KNOB_ONLINE);
	assert_false(online->reboot);
	assert_int_equal(online->available, 201 - 10);
	assert_true(has_command(online, "for i in 2; do echo 1 > /sys/devices/"
					"system/cpu/cpu$i/online; done"));
	assert_false(has_command(online, "virsh"));
	irqm_advices_free(a);
	a = advice_for(s, "made_up:0,vectors=202+0");
	online = must_find(a, IRQM_KNOB_ONLINE);
	assert_int_equal(online->available, 2 * 201 - 202);
	assert_true(has_command(online, "for i in 2 3; do"));
	irqm_advices_free(a);

	/* which threads belong together is not known of CPUs that are offline */
	s->cpus[0].siblings = snap_cpus(s, "0-1");
	a = advice_for(s, "made_up:0,vectors=10+0");
	assert_null(find_advice(a, IRQM_KNOB_ONLINE));
	irqm_advices_free(a);
	irqm_snapshot_free(s);
}

static void more_virtual_cpus(void **state)
{
	struct irqm_snapshot *s = two_full_cpus(true);
	const struct irqm_advice *online;
	struct irqm_advices *a;

	(void)state;
	a = advice_for(s, "made_up:0,vectors=10+0");
	online = must_find(a, IRQM_KNOB_ONLINE);
	assert_int_equal(online->available, 201 - 10);
	assert_true(has_command(online, "virsh setvcpus DOMAIN 3 --live"));
	assert_true(has_command(online, "<vcpu current='3'>4</vcpu>"));
	irqm_advices_free(a);
	/* nobody plugs a CPU into this one */
	s->dump.hardware = "Dell Inc. PowerEdge R740";
	a = advice_for(s, "made_up:0,vectors=10+0");
	assert_null(find_advice(a, IRQM_KNOB_ONLINE));
	irqm_advices_free(a);
	irqm_snapshot_free(s);
}

/* 36 are free; 45 more take 9 of the cards' 15, and their lines take 4. */
static void driver_parameter(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(1, 1024, 16);
	const struct irqm_advice *p;
	struct irqm_advices *a;
	unsigned int irq = 24;

	(void)state;
	fill_cpu(s, 0, 150, &irq);
	some_devices(s, "e1000e", 1, 300, 5, 3);
	start_all(s);
	a = advice_for(s, "made_up:0,vectors=45+0");
	p = must_find(a, IRQM_KNOB_PARAMETER);
	assert_true(p->reboot);
	assert_int_equal(p->devices, 5);
	assert_int_equal(p->available, 36 + 15 - 4 - 45);
	assert_true(has_command(p, "line: e1000e.IntMode=0,0,0,0,0"));
	assert_true(has_command(p, "options e1000e IntMode=0,0,0,0,0"));
	/* they are no root ports */
	assert_null(find_advice(a, IRQM_KNOB_PORTS));
	irqm_advices_free(a);
	irqm_snapshot_free(s);
}

/* Also of drivers of which nothing else is known. */
static void parameter_of_another(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(1, 1024, 16);
	const struct irqm_advice *p;
	struct irqm_advices *a;
	unsigned int irq = 24;

	(void)state;
	fill_cpu(s, 0, 185, &irq);
	plain_device(s, "0000:01:00.0", "forcedeth", 300, 8);
	start_all(s);
	a = advice_for(s, "made_up:0,vectors=12+0");
	p = must_find(a, IRQM_KNOB_PARAMETER);
	assert_true(has_command(p, "forcedeth.msi=0 forcedeth.msix=0"));
	assert_int_equal(p->available, 0);
	irqm_advices_free(a);
	irqm_snapshot_free(s);
}

/* Vectors that no interrupt uses are free again after a reboot. */
static void only_a_reboot(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(1, 1024, 16);
	const struct irqm_advice *reboot;
	struct irqm_advices *a;
	unsigned int i, irq = 24;

	(void)state;
	fill_cpu(s, 0, 190, &irq);
	/* a change with a reboot would be its parameter */
	plain_device(s, "0000:01:00.0", "e1000e", 300, 3);
	a = advice_for(s, "made_up:0,vectors=20+0");
	reboot = must_find(a, IRQM_KNOB_REBOOT);
	assert_int_equal(reboot->devices, 0);
	assert_int_equal(reboot->available, 201 - 3 - 20);
	for (i = 0; i < a->nr; i++)
		assert_true(!a->list[i].reboot || &a->list[i] == reboot);
	irqm_advices_free(a);
	irqm_snapshot_free(s);
}

/* Interrupts may only go to CPU 0; 4 cards have a queue for each of 64 CPUs. */
static void fewer_cpus(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(64, 1024, 16);
	const struct irqm_advice *few;
	struct irqm_advices *a;

	(void)state;
	s->dump.default_affinity = snap_cpus(s, "0");
	start_all(s);
	a = advice_for(s, "igb:64x4");
	few = must_find(a, IRQM_KNOB_NR_CPUS);
	assert_true(few->reboot);
	/* 4 * 50 are 200 */
	assert_true(has_command(few, "nr_cpus=49"));
	assert_false(has_command(few, "possible_cpus"));
	irqm_advices_free(a);
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_together),
		cmocka_unit_test(smallest_parts),
		cmocka_unit_test(three_together),
		cmocka_unit_test(moved_interrupts),
		cmocka_unit_test(more_cpus),
		cmocka_unit_test(more_virtual_cpus),
		cmocka_unit_test(driver_parameter),
		cmocka_unit_test(parameter_of_another),
		cmocka_unit_test(only_a_reboot),
		cmocka_unit_test(fewer_cpus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
