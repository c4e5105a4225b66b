/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Findings about interrupts that cannot move, and some that should have: of
 * each a machine of which it is true, and one of which it is almost true and
 * must not be said.
 */
#include "unit.h"
#include "findings.h"

#define U IRQM_UNKNOWN

/*
 * Figures of a real 6.1 kernel (case offline-blocked), which said: "CPU 2 has
 * 49 vectors, 22 available. Cannot disable CPU".
 */
static struct irqm_snapshot *unplug(void)
{
	struct irqm_snapshot *s = snap_new(4);

	snap_offline(s, 1);
	s->matrix.global_available = 33;
	for (unsigned int i = 0; i < 4; i++) {
		s->cpus[i].available = i == 1 ? 60 : 11;
		s->cpus[i].allocated = i == 1 ? 0 : 96;
		s->cpus[i].managed_allocated = i == 1 ? 0 : 47;
	}
	return s;
}

static void test_offline_blocked(void **state)
{
	struct irqm_snapshot *s = unplug();
	const struct irqm_finding *f;
	struct irqm_analysis *a;

	(void)state;
	f = expect_finding(
		&a, s, "cpu-offline-blocked", IRQM_WARNING,
		"CPUs 2-3 cannot go offline: CPU 2 has 49 vectors to move, "
		"the other CPUs have 22 free");
	check_datum_set(f, "cpus", "2-3");
	irqm_analysis_free(a);

	/* as many as there are free: the kernel lets it go */
	s->matrix.global_available = 60;
	check_finding(
		s, "cpu-offline-blocked", IRQM_INFO,
		"CPUs 2-3 cannot go offline if the kernel lacks the fix "
		"a0b0bad10587 (6.7): CPU 2 has 96 vectors to move, the other CPUs have 49 "
		"free");
	s->matrix.global_available = 59;
	s->cpus[2].available = U;
	f = expect_finding(
		&a, s, "cpu-offline-blocked", IRQM_WARNING,
		"CPU 3 cannot go offline: CPU 3 has 49 vectors to move, the "
		"other CPUs have 48 free");
	irqm_analysis_free(a);
	s->cpus[3].allocated = U;
	check_no_finding(s, "cpu-offline-blocked");

	/* what an offline CPU has is no matter: it is down */
	s->cpus[1].allocated = 200;
	/* 107 less 11 is enough for all 96 */
	s->cpus[2].available = 11;
	s->cpus[3].allocated = 96;
	s->matrix.global_available = 107;
	check_no_finding(s, "cpu-offline-blocked");
	irqm_snapshot_free(s);
}

/* Before 4.20 there is no counter of managed ones: all count as moving. */
static void test_offline_blocked_older(void **state)
{
	struct irqm_snapshot *s = unplug();

	(void)state;
	s->matrix.global_available = 106;
	s->cpus[2].managed_allocated = U;
	check_finding(
		s, "cpu-offline-blocked", IRQM_WARNING,
		"CPU 2 cannot go offline: CPU 2 has 96 vectors to move, the "
		"other CPUs have 95 free");
	irqm_snapshot_free(s);
}

static void test_suspend_blocked(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(3, 1024, 4);
	struct irqm_irq *irq;
	int disk;

	(void)state;
	add_started_irqs(s, 1000, 100, 0);
	add_started_irqs(s, 2000, 50, 1);
	add_started_irqs(s, 3000, 51, 2); /* CPU 0 has room for 101 */
	/* these stay where they are: managed, not started */
	irq = snap_ioapic_irq(s, 4000, "q");
	snap_managed(s, 4000, "1");
	snap_start(s, 4000, 1);
	set_state_flag(irq, flag_started);
	snap_ioapic_irq(s, 4001, "r");
	snap_alloc(s, 4001, 1);
	check_no_finding(s, "suspend-blocked");
	/* and these are gone by then */
	disk = snap_device(s, "0000:00:05.0", "virtio-pci");
	snap_consumer(s, disk, "virtio2", "virtio_blk", "virtio");
	add_started_irq(s, 4002, 1)->device = disk;
	add_started_irq(s, 4003, 1)->device =
		snap_device(s, "0000:00:06.0", "nvme");
	check_no_finding(s, "suspend-blocked");
	irq = add_started_irq(s, 4004, 1);
	irq->device = snap_device(s, "0000:00:07.0", "mlx5_core");
	check_finding(s, "suspend-blocked", IRQM_INFO,
		      "Suspend to RAM and hibernation will fail unless "
		      "drivers free vectors first: 102 vectors have to move "
		      "to CPU 0, which has 101 free");
	add_started_irq(s, 4005, 1);
	irq->managed = U;
	check_no_finding(s, "suspend-blocked");
	irqm_snapshot_free(s);
}

static struct irqm_irq *ask(struct irqm_snapshot *s, unsigned int irq,
			    const char *cpus)
{
	struct irqm_irq *i = add_started_irq(s, irq, 0);

	i->setaffinity_pending = 1;
	i->pending_mask = snap_cpus(s, cpus);
	return i;
}

static void test_pending(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(4, 512, 4);
	const struct irqm_finding *f;
	struct irqm_analysis *a;
	struct irqm_irq *irq;

	(void)state;
	irq = ask(s, 24, "2-3");
	irq->setaffinity_pending = U;
	check_no_finding(s, "affinity-pending");
	irq->setaffinity_pending = 1;
	irq->pending_mask = snap_cpus(s, "");
	check_no_finding(s, "affinity-pending");
	irq->pending_mask = snap_cpus(s, "2-3");
	check_finding(
		s, "affinity-pending", IRQM_INFO,
		"1 interrupt has a pending affinity and will move when it "
		"next fires: IRQ 24 (test) to CPUs 2-3");
	/* full, but for the one that is there already */
	add_started_irqs(s, 1000, 201, 3);
	ask(s, 2000, "1-3");
	check_finding(s, "affinity-pending", IRQM_INFO,
		      "2 interrupts have a pending affinity and will move "
		      "when they next fire: IRQ 24 (test) to CPUs 2-3, 2000 "
		      "(test) to CPUs 1-3");
	a = irqm_analyse(s);
	assert_non_null(a);
	assert_string_equal(a->verdict_text,
			    "CPU 3 is out of vectors; IRQ 24 (test) and 1 more "
			    "move when they next fire; 1 info "
			    "(suspend-blocked)");
	irqm_analysis_free(a);
	ask(s, 2001, "3");
	check_finding(
		s, "affinity-pending", IRQM_WARNING,
		"The pending affinity of 1 interrupt will be lost because no "
		"CPU in it has a free vector: IRQ 2001 (test) to CPU 3");
	snap_offline(s, 2);
	ask(s, 2002, "2");
	f = expect_finding(
		&a, s, "affinity-pending", IRQM_WARNING,
		"The pending affinity of 3 interrupts will be lost because no "
		"CPU in it is online with a free vector: IRQ 24 (test) to "
		"CPUs 2-3, 2001 (test) to CPU 3, 2002 (test) to CPU 2");
	check_datum_set(f, "waiting_irqs", "2000");
	check_datum_set(f, "lost_irqs", "24,2001-2002");
	irqm_analysis_free(a);
	irqm_snapshot_free(s);

	s = machine_nearly_full(
		1); /* and now full: it is in the mask already */
	add_started_irq(s, 2900, 1);
	irq = ask(s, 3000, "0-1");
	check_no_finding(s, "affinity-pending");
	/* where it is could not be read: it may be there already */
	irq->pending_mask = snap_cpus(s, "0");
	irq->apic = NULL;
	irq->chain_cut = true;
	check_no_finding(s, "affinity-pending");
	irqm_snapshot_free(s);

	s = machine_nearly_full(1);
	add_started_irq(s, 2900, 1); /* CPU 1 is full, and so is CPU 0 */
	irq = ask(s, 3000, "1");
	check_finding(
		s, "affinity-pending", IRQM_WARNING,
		"The pending affinity of 1 interrupt will be lost because no "
		"CPU in it has a free vector: IRQ 3000 (test) to CPU 1");
	/* ... by what it is about to give back itself */
	snap_get(s, 2900)->apic->vector = 0;
	irq->apic->prev_vector = 234;
	irq->apic->prev_cpu = 0;
	check_finding(
		s, "affinity-pending", IRQM_WARNING,
		"The pending affinity of 1 interrupt will be lost because no "
		"CPU in it has a free vector: IRQ 3000 (test) to CPU 1");
	irq->apic->prev_cpu = 1;
	check_finding(
		s, "affinity-pending", IRQM_INFO,
		"1 interrupt has a pending affinity and will move when it "
		"next fires: IRQ 3000 (test) to CPU 1");
	irqm_snapshot_free(s);

	s = snap_new(2);
	ask(s, 24, "1");
	s->cpus[1].online = U;
	check_finding(
		s, "affinity-pending", IRQM_INFO,
		"1 interrupt has a pending affinity and will move when it "
		"next fires: IRQ 24 (test) to CPU 1");
	irqm_snapshot_free(s);
}

static void test_affinity_offline(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	struct irqm_irq *irq = add_started_irq(s, 24, 2);

	(void)state;
	irq->affinity = snap_cpus(s, "1-2");
	snap_offline(s, 2);
	check_no_finding(s, "affinity-offline"); /* CPU 1 is online */
	irq->affinity = snap_cpus(s, "2");
	check_finding(
		s, "affinity-offline", IRQM_WARNING,
		"No CPU is online in the affinity of IRQ 24 (test). The vector "
		"of IRQ 24 (test) is on an offline CPU, so it cannot fire");
	irq->nr_state_flags = 0; /* it is not started */
	check_finding(s, "affinity-offline", IRQM_INFO,
		      "No CPU is online in the "
		      "affinity of IRQ 24 (test)");
	irq->managed = 1;
	check_no_finding(s, "affinity-offline");
	irq->managed = 0;
	irq->nr_actions = 0;
	check_no_finding(s, "affinity-offline");
	irq->nr_actions = 1;
	irq->affinity.words = NULL;
	check_no_finding(s, "affinity-offline");
	irqm_snapshot_free(s);
}

static void test_affinity_broken(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(4, 512, 4);
	struct irqm_irq *irq = add_started_irq(s, 24, 0);

	(void)state;
	irq->affinity = snap_cpus(s, "0,3");
	check_no_finding(s, "affinity-broken");
	irq->affinity = snap_cpus(s, "3");
	check_finding(s, "affinity-broken", IRQM_WARNING,
		      "1 interrupt is on a CPU outside its affinity, which "
		      "has free vectors now: IRQ 24 (test)");
	add_started_irqs(s, 1000, 201, 3);
	check_finding(
		s, "affinity-broken", IRQM_WARNING,
		"1 interrupt is on a CPU outside its affinity, which has no "
		"free vector now: IRQ 24 (test)");
	/* reserved: its effective affinity means nothing */
	irq->apic->vector = 0;
	check_no_finding(s, "affinity-broken");
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_offline_blocked),
		cmocka_unit_test(test_offline_blocked_older),
		cmocka_unit_test(test_suspend_blocked),
		cmocka_unit_test(test_pending),
		cmocka_unit_test(test_affinity_offline),
		cmocka_unit_test(test_affinity_broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
