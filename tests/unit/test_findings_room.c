/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Findings about room, and about who keeps it: of each a machine of which it
 * is true, and one of which it is almost true and must not be said.
 */
#include "unit.h"
#include "findings.h"

#define U IRQM_UNKNOWN

static void test_exhausted(void **state)
{
	struct irqm_snapshot *s = machine_nearly_full(0);
	const struct irqm_finding *f;
	struct irqm_analysis *a;

	int card = snap_device(s, "0000:05:00.0", "igb");

	(void)state;
	snap_msi_irq(s, 3000, card, "eth0-0");
	snap_reserve(s, 3000);
	snap_msi_irq(s, 3001, card, "eth0-1");
	snap_reserve(s, 3001);
	snap_ioapic_irq(s, 3002, "ttyS0");
	snap_reserve(s, 3002);
	/* a legacy line that nothing requested waits for nothing */
	snap_ioapic_irq(s, 3003, "none")->nr_actions = 0;
	snap_reserve(s, 3003);
	f = expect_finding(
		&a, s, "vectors-exhausted", IRQM_CRITICAL,
		"All 2 online CPUs are out of vectors; 3 interrupts that "
		"drivers have set up cannot be started");
	check_datum_set(f, "cpus", "0-1");
	assert_int_equal(finding_datum(f, "available")->num, 0);
	assert_int_equal(finding_datum(f, "capacity")->num, 402);
	assert_null(find_finding(a, "vectors-low"));
	irqm_analysis_free(a);

	/* one CPU whose state is unknown might have room */
	s->cpus[1].online = U;
	check_finding(s, "vectors-exhausted", IRQM_WARNING,
		      "CPUs 0-1 are out of vectors: new devices whose managed "
		      "interrupts cover all CPUs get fewer vectors, or fail to "
		      "probe with -28 (ENOSPC)");
	s->cpus[1].alloc_map.words = NULL;
	s->cpus[0].alloc_map.words = NULL;
	check_no_finding(s, "vectors-exhausted");
	irqm_snapshot_free(s);

	s = machine_nearly_full(1);
	check_no_finding(s, "vectors-exhausted");
	irqm_snapshot_free(s);
}

/* A device needs managed reservations on CPUs that are not online, too. */
static void test_one_cpu_full(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(4, 1024, 4);

	(void)state;
	add_started_irqs(s, 1000, 200, 2);
	check_no_finding(s, "vectors-exhausted");
	add_started_irq(s, 1200, 2);
	check_finding(
		s, "vectors-exhausted", IRQM_WARNING,
		"CPU 2 is out of vectors: new devices whose managed interrupts "
		"cover all CPUs get fewer vectors, or fail to probe with -28 (ENOSPC)");
	snap_offline(s, 2);
	check_finding(
		s, "vectors-exhausted", IRQM_WARNING,
		"CPU 2 is out of vectors: new devices whose managed interrupts "
		"cover all CPUs get fewer vectors, or fail to probe with -28 (ENOSPC)");
	s->dump.default_affinity = snap_cpus(s, "1-2");
	check_finding(
		s, "vectors-exhausted", IRQM_WARNING,
		"CPU 2 is out of vectors: new devices whose managed interrupts "
		"cover all CPUs get fewer vectors, or fail to probe with -28 (ENOSPC)");
	irqm_snapshot_free(s);
}

/*
 * A disk of two queues costs a vector and one on each of 80 CPUs (LKML,
 * 2022-09-24): 81. With 80 free on one CPU each, no other fits.
 */
static void test_low(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(4, 1024, 8);
	const struct irqm_finding *f;
	struct irqm_analysis *a;

	(void)state;
	snap_virtio_blk(s, "0000:00:05.0", 24);
	check_no_finding(s, "vectors-low");
	/* CPU 3 has 1 free: there were 200 beside the managed reservation */
	add_started_irqs(s, 1000, 199, 3);
	check_no_finding(s, "vectors-low");
	add_started_irq(s, 2000, 3);
	f = expect_finding(
		&a, s, "vectors-low", IRQM_WARNING,
		"Not one more virtio_blk device (5 vectors each) fits: "
		"CPU 3 is full. In all, 599 of 804 vectors are free "
		"(74.5%)");
	assert_int_equal(finding_datum(f, "fits")->num, 0);
	assert_int_equal(finding_datum(f, "cost")->num, 5);
	assert_int_equal(finding_datum(f, "limit_cpu")->num, 3);
	irqm_analysis_free(a);
	/* how much room CPU 3 has cannot be told */
	s->cpus[3].alloc_map.words = NULL;
	check_no_finding(s, "vectors-low");
	/* a managed reservation is needed there even if it is offline */
	snap_offline(s, 3);
	add_started_irqs(s, 3000, 180, 0);
	add_started_irqs(s, 4000, 190, 1);
	add_started_irqs(s, 5000, 190, 2);
	check_finding(s, "vectors-low", IRQM_WARNING,
		      "39 of 603 vectors are free "
		      "(6.5%)");
	irqm_snapshot_free(s);
}

/* virtio-net with 64 pairs of queues: 129 of the 201 vectors of one CPU. */
static void test_low_large_device(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(1, 512, 4);
	int card = snap_device(s, "0000:00:03.0", "virtio-pci"), disk;
	unsigned int i;

	(void)state;
	snap_consumer(s, card, "virtio0", "virtio_net", "virtio");
	for (i = 0; i < 129; i++) {
		snap_msi_irq(s, 24 + i, card, "virtio0-input.0");
		snap_alloc(s, 24 + i, 0);
	}
	check_no_finding(s, "vectors-low");
	add_started_irqs(s, 300, 21, 0); /* 51 of 201 are a quarter */
	check_no_finding(s, "vectors-low");
	add_started_irq(s, 321, 0);
	check_finding(s, "vectors-low", IRQM_WARNING,
		      "Not one more virtio_net device (129 vectors each) fits. "
		      "In all, 50 of 201 vectors are free (24.9%)");
	irqm_snapshot_free(s);

	/* a smaller one, for which there is no room where it needs it, is
	 * not hidden behind the large one */
	s = snap_new_sized(2, 512, 4);
	card = snap_device(s, "0000:00:03.0", "mlx5_core");
	for (i = 0; i < 180; i++) {
		snap_msi_irq(s, 24 + i, card, "mlx5_comp");
		snap_alloc(s, 24 + i, 0);
	}
	add_started_irqs(s, 300, 50, 1);
	check_no_finding(s, "vectors-low"); /* 172 of 402 */
	disk = snap_device(s, "0000:00:05.0", "nvme");
	for (i = 0; i < 12; i++) {
		snap_msi_irq(s, 400 + i, disk, "nvme0q");
		snap_managed(s, 400 + i, "0");
	}
	check_finding(s, "vectors-low", IRQM_WARNING,
		      "Not one more nvme device (12 vectors each) fits: CPU 0 "
		      "has only 9 free. In all, 160 of 402 vectors are free "
		      "(39.8%)");
	irqm_snapshot_free(s);
}

static void test_low_share(void **state)
{
	struct irqm_snapshot *s = machine_nearly_full(20);

	(void)state;
	/* 402 in all, and 40 is less than a tenth */
	check_finding(s, "vectors-low", IRQM_WARNING,
		      "40 of 402 vectors are free "
		      "(10.0%)");
	irqm_snapshot_free(s);
	s = machine_nearly_full(21);
	check_no_finding(s, "vectors-low");
	irqm_snapshot_free(s);
}

/* Queues that all four CPUs share: one reservation in use, three idle. */
static struct irqm_snapshot *idle(unsigned int queues, unsigned int others)
{
	struct irqm_snapshot *s = snap_new_sized(4, 1024, 128);
	unsigned int i;

	for (i = 0; i < queues; i++) {
		snap_device(s, "0000:00:05.0", "nvme");
		snap_msi_irq(s, 24 + i, i, "q");
		snap_managed(s, 24 + i, "0-3");
		snap_start(s, 24 + i, i % 4);
	}
	for (i = 0; i < others; i++)
		add_started_irq(s, 1000 + i, i % 4);
	return s;
}

static void test_managed_idle(void **state)
{
	struct irqm_snapshot *s = idle(26, 0);
	const struct irqm_finding *f;
	struct irqm_analysis *a;

	(void)state;
	check_no_finding(s, "managed-idle"); /* 78 of 804 */
	irqm_snapshot_free(s);

	s = idle(27, 0);
	f = expect_finding(
		&a, s, "managed-idle", IRQM_INFO,
		"81 of 804 vectors (10.1%) are managed reservations that are "
		"idle, all held by 27 nvme devices");
	assert_string_equal(finding_datum(f, "driver")->string, "nvme");
	assert_int_equal(finding_datum(f, "driver_idle")->num, 81);
	irqm_analysis_free(a);
	irqm_snapshot_free(s);

	s = idle(66, 400); /* 198 idle */
	check_finding(
		s, "managed-idle", IRQM_INFO,
		"198 of 804 vectors (24.6%) are managed reservations that are "
		"idle, all held by 66 nvme devices");
	irqm_snapshot_free(s);
	s = idle(67, 335); /* a quarter is idle, and one is free */
	check_finding(
		s, "managed-idle", IRQM_INFO,
		"201 of 804 vectors (25.0%) are managed reservations that are "
		"idle, all held by 67 nvme devices");
	irqm_snapshot_free(s);
	s = idle(67, 336);
	check_finding(
		s, "managed-idle", IRQM_WARNING,
		"201 of 804 vectors (25.0%) are managed reservations that are "
		"idle, all held by 67 nvme devices");
	s->cpus[1].managed_map.words = NULL;
	check_no_finding(s, "managed-idle");
	irqm_snapshot_free(s);
}

static void test_managed_absent(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(4, 512, 8);
	const struct irqm_finding *f;
	struct irqm_analysis *a;
	unsigned int i;

	(void)state;
	snap_absent(s, 3);
	snap_offline(s, 2);
	snap_ioapic_irq(s, 24, "q");
	snap_managed(s, 24, "0-2"); /* CPU 2 is just offline */
	check_no_finding(s, "managed-absent-cpus");
	snap_ioapic_irq(s, 25, "q");
	snap_managed(s, 25, "0-3");
	f = expect_finding(
		&a, s, "managed-absent-cpus", IRQM_INFO,
		"1 managed reservation is on CPU 3, which is possible but not "
		"present");
	check_datum_set(f, "cpus", "3");
	irqm_analysis_free(a);
	for (i = 0; i < 180; i++) { /* 201 - 181 is less than a tenth */
		snap_ioapic_irq(s, 100 + i, "q");
		snap_managed(s, 100 + i, "3");
	}
	check_finding(
		s, "managed-absent-cpus", IRQM_WARNING,
		"181 managed reservations are on CPU 3, which is possible but "
		"not present. CPU 3 has only 20 vectors free, and new "
		"managed interrupts need one there too");
	s->dump.present.words = NULL;
	check_no_finding(s, "managed-absent-cpus");
	irqm_snapshot_free(s);
}

static void test_managed_shutdown(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	const struct irqm_finding *f;
	struct irqm_analysis *a;
	struct irqm_irq *irq;

	(void)state;
	snap_absent(s, 3);
	irq = snap_ioapic_irq(s, 24, "nvme0q3");
	snap_managed(s, 24, "3");
	set_state_flag(irq, flag_shut_down);
	check_no_finding(s, "managed-shutdown"); /* never there */
	irq->affinity = snap_cpus(s, "2-3");
	snap_offline(s, 2);
	f = expect_finding(
		&a, s, "managed-shutdown", IRQM_INFO,
		"1 managed interrupt is shut down because no CPU in its "
		"affinity is online: IRQ 24 (nvme0q3)");
	check_datum_set(f, "irqs", "24");
	irqm_analysis_free(a);
	irq->affinity = snap_cpus(s, "1-2");
	check_finding(s, "managed-shutdown", IRQM_WARNING,
		      "1 managed interrupt is shut down although a CPU in its "
		      "affinity is online: IRQ 24 (nvme0q3)");
	irq->istate = U;
	check_finding(s, "managed-shutdown", IRQM_WARNING,
		      "1 managed interrupt is shut down although a CPU in its "
		      "affinity is online: IRQ 24 (nvme0q3)");
	irq->istate = 0x800; /* the machine is just going to sleep */
	check_no_finding(s, "managed-shutdown");
	irq->istate = 0;
	irq->nr_actions = 0;
	check_no_finding(s, "managed-shutdown");
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exhausted),
		cmocka_unit_test(test_one_cpu_full),
		cmocka_unit_test(test_low),
		cmocka_unit_test(test_low_large_device),
		cmocka_unit_test(test_low_share),
		cmocka_unit_test(test_managed_idle),
		cmocka_unit_test(test_managed_absent),
		cmocka_unit_test(test_managed_shutdown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
