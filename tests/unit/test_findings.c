/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each kind of finding: a machine of which it is true, and one of which it is
 * almost true and must not be said.
 */
#include "unit.h"
#include "snap.h"

#include <stdio.h>

#define U IRQM_UNKNOWN

static const char *const started[] = { "IRQD_IRQ_STARTED" };
static const char *const shut_down[] = { "IRQD_MANAGED_SHUTDOWN" };

static void set_state(struct irqm_irq *irq, const char *const *flag)
{
	irq->state_flags = (const char **)flag;
	irq->nr_state_flags = 1;
}

static void start(struct irqm_snapshot *s, unsigned int irq)
{
	set_state(snap_get(s, irq), started);
}

/* An IRQ behind the IO-APIC, as most tests need. */
static struct irqm_irq *add(struct irqm_snapshot *s, unsigned int irq,
			    unsigned int cpu)
{
	struct irqm_irq *i = snap_ioapic_irq(s, irq, "test");

	snap_alloc(s, irq, cpu);
	start(s, irq);
	return i;
}

/* nr IRQs from first on, all of them on the CPU. */
static void add_many(struct irqm_snapshot *s, unsigned int first,
		     unsigned int nr, unsigned int cpu)
{
	while (nr--)
		add(s, first++, cpu);
}

static const struct irqm_finding *find(const struct irqm_analysis *a,
				       const char *code)
{
	for (unsigned int i = 0; i < a->nr_findings; i++)
		if (strcmp(a->findings[i].kind->code, code) == 0)
			return &a->findings[i];
	return NULL;
}

static const struct irqm_datum *datum(const struct irqm_finding *f,
				      const char *key)
{
	for (unsigned int i = 0; i < f->nr_data; i++)
		if (strcmp(f->data[i].key, key) == 0)
			return &f->data[i];
	fail_msg("%s has no datum %s", f->kind->code, key);
	return NULL;
}

static void check_set(const struct irqm_finding *f, const char *key,
		      const char *expected)
{
	char *list = irqm_bits_list(&datum(f, key)->set);

	assert_int_equal(datum(f, key)->type, IRQM_DATUM_SET);
	assert_string_equal(list, expected);
	free(list);
}

/* The finding, with severity and text; the analysis is the caller's. */
static const struct irqm_finding *
expect(struct irqm_analysis **a, const struct irqm_snapshot *s,
       const char *code, enum irqm_severity severity, const char *text)
{
	const struct irqm_finding *f;

	*a = irqm_analyse(s);
	assert_non_null(*a);
	f = find(*a, code);
	if (!f)
		fail_msg("no %s", code);
	assert_string_equal(f->text, text);
	assert_int_equal(f->severity, severity);
	assert_true(f->nr_data < IRQM_MAX_DATA);
	return f;
}

static void check(struct irqm_snapshot *s, const char *code,
		  enum irqm_severity severity, const char *text)
{
	struct irqm_analysis *a;

	expect(&a, s, code, severity, text);
	irqm_analysis_free(a);
}

static void check_silent(const struct irqm_snapshot *s, const char *code)
{
	struct irqm_analysis *a = irqm_analyse(s);
	const struct irqm_finding *f;

	assert_non_null(a);
	f = find(a, code);
	if (f)
		fail_msg("%s: %s", code, f->text);
	irqm_analysis_free(a);
}

/* Two CPUs, each with room for spare vectors more. */
static struct irqm_snapshot *nearly_full(unsigned int spare)
{
	struct irqm_snapshot *s = snap_new_sized(2, 1024, 4);

	add_many(s, 1000, 201 - spare, 0);
	add_many(s, 2000, 201 - spare, 1);
	return s;
}

static void test_exhausted(void **state)
{
	struct irqm_snapshot *s = nearly_full(0);
	const struct irqm_finding *f;
	struct irqm_analysis *a;

	(void)state;
	s->matrix.global_reserved = 3;
	f = expect(&a, s, "vectors-exhausted", IRQM_CRITICAL,
		   "No vector is left on any of the 2 CPUs online, and 3 more "
		   "are promised");
	check_set(f, "cpus", "0-1");
	assert_int_equal(datum(f, "available")->num, 0);
	assert_int_equal(datum(f, "capacity")->num, 402);
	assert_null(find(a, "vectors-low"));
	irqm_analysis_free(a);

	/* one CPU whose state is unknown might have room */
	s->cpus[1].online = U;
	check(s, "vectors-exhausted", IRQM_WARNING, "CPUs 0-1 have no vector "
	      "left: a device whose managed interrupts spread over all CPUs "
	      "does not get them (-28), and there is none in the default "
	      "affinity");
	s->cpus[1].alloc_map.words = NULL;
	s->cpus[0].alloc_map.words = NULL;
	check_silent(s, "vectors-exhausted");
	irqm_snapshot_free(s);

	s = nearly_full(1);
	check_silent(s, "vectors-exhausted");
	irqm_snapshot_free(s);
}

/* A slot is needed on CPUs that are not online, too. */
static void test_one_cpu_full(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(4, 1024, 4);

	(void)state;
	add_many(s, 1000, 200, 2);
	check_silent(s, "vectors-exhausted");
	add(s, 1200, 2);
	check(s, "vectors-exhausted", IRQM_WARNING, "CPU 2 has no vector "
	      "left: a device whose managed interrupts spread over all CPUs "
	      "does not get them (-28)");
	snap_offline(s, 2);
	check(s, "vectors-exhausted", IRQM_WARNING, "CPU 2 has no vector "
	      "left: a device whose managed interrupts spread over all CPUs "
	      "does not get them (-28)");
	s->dump.default_affinity = snap_cpus(s, "1-2");
	check(s, "vectors-exhausted", IRQM_WARNING, "CPU 2 has no vector "
	      "left: a device whose managed interrupts spread over all CPUs "
	      "does not get them (-28)");
	irqm_snapshot_free(s);
}

/*
 * A disk of two queues costs a vector and a slot on each of 80 CPUs (LKML,
 * 2022-09-24): 81. With 80 free on one CPU each, no other fits.
 */
static void test_low(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(4, 1024, 8);
	const struct irqm_finding *f;
	struct irqm_analysis *a;

	(void)state;
	snap_virtio_blk(s, "0000:00:05.0", 24);
	check_silent(s, "vectors-low");
	/* CPU 3 has 1 left: 200 were free beside the slot */
	add_many(s, 1000, 199, 3);
	check_silent(s, "vectors-low");
	add(s, 2000, 3);
	f = expect(&a, s, "vectors-low", IRQM_WARNING, "599 of 804 vectors "
		   "are free (74.5%): 0 more devices of virtio_blk fit, at 5 "
		   "vectors each; CPU 3 with 0 free is the first that is "
		   "full");
	assert_int_equal(datum(f, "fits")->num, 0);
	assert_int_equal(datum(f, "cost")->num, 5);
	assert_int_equal(datum(f, "limit_cpu")->num, 3);
	irqm_analysis_free(a);
	/* how much room CPU 3 has cannot be told */
	s->cpus[3].alloc_map.words = NULL;
	check_silent(s, "vectors-low");
	/* a slot would be needed there all the same, were it offline */
	snap_offline(s, 3);
	add_many(s, 3000, 180, 0);
	add_many(s, 4000, 190, 1);
	add_many(s, 5000, 190, 2);
	check(s, "vectors-low", IRQM_WARNING, "39 of 603 vectors are free "
	      "(6.5%)");
	irqm_snapshot_free(s);
}

static void test_low_share(void **state)
{
	struct irqm_snapshot *s = nearly_full(20);

	(void)state;
	/* 402 in all, and 40 is less than a tenth */
	check(s, "vectors-low", IRQM_WARNING, "40 of 402 vectors are free "
	      "(10.0%)");
	irqm_snapshot_free(s);
	s = nearly_full(21);
	check_silent(s, "vectors-low");
	irqm_snapshot_free(s);
}

/* Queues that all four CPUs share: one slot is used, three are idle. */
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
		add(s, 1000 + i, i % 4);
	return s;
}

static void test_managed_idle(void **state)
{
	struct irqm_snapshot *s = idle(26, 0);
	const struct irqm_finding *f;
	struct irqm_analysis *a;

	(void)state;
	check_silent(s, "managed-idle"); /* 78 of 804 */
	irqm_snapshot_free(s);

	s = idle(27, 0);
	f = expect(&a, s, "managed-idle", IRQM_INFO, "81 of 804 vectors "
		   "(10.1%) are kept for managed interrupts that do not use "
		   "them, all by 27 devices of nvme");
	assert_string_equal(datum(f, "driver")->string, "nvme");
	assert_int_equal(datum(f, "driver_idle")->num, 81);
	irqm_analysis_free(a);
	irqm_snapshot_free(s);

	s = idle(66, 400); /* 198 idle */
	check(s, "managed-idle", IRQM_INFO, "198 of 804 vectors (24.6%) are "
	      "kept for managed interrupts that do not use them, all by 66 "
	      "devices of nvme");
	irqm_snapshot_free(s);
	s = idle(67, 335); /* a quarter is idle, and one is free */
	check(s, "managed-idle", IRQM_INFO, "201 of 804 vectors (25.0%) are "
	      "kept for managed interrupts that do not use them, all by 67 "
	      "devices of nvme");
	irqm_snapshot_free(s);
	s = idle(67, 336);
	check(s, "managed-idle", IRQM_WARNING, "201 of 804 vectors (25.0%) "
	      "are kept for managed interrupts that do not use them, all by "
	      "67 devices of nvme");
	s->cpus[1].managed_map.words = NULL;
	check_silent(s, "managed-idle");
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
	check_silent(s, "managed-absent-cpus");
	snap_ioapic_irq(s, 25, "q");
	snap_managed(s, 25, "0-3");
	f = expect(&a, s, "managed-absent-cpus", IRQM_INFO, "1 slot of "
		   "managed interrupts is on CPU 3, which is possible and not "
		   "there");
	check_set(f, "cpus", "3");
	irqm_analysis_free(a);
	for (i = 0; i < 180; i++) { /* 201 - 181 is less than a tenth */
		snap_ioapic_irq(s, 100 + i, "q");
		snap_managed(s, 100 + i, "3");
	}
	check(s, "managed-absent-cpus", IRQM_WARNING, "181 slots of managed "
	      "interrupts are on CPU 3, which is possible and not there; CPU "
	      "3 has only 20 left, and a device needs its slot there too");
	s->dump.present.words = NULL;
	check_silent(s, "managed-absent-cpus");
	irqm_snapshot_free(s);
}

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
	f = expect(&a, s, "cpu-offline-blocked", IRQM_WARNING, "CPUs 2-3 "
		   "cannot go offline: CPU 2 has 49 vectors to move, the "
		   "others have 22 free");
	check_set(f, "cpus", "2-3");
	irqm_analysis_free(a);

	/* as many as there are free: the kernel lets it go */
	s->matrix.global_available = 60;
	check(s, "cpu-offline-blocked", IRQM_INFO, "CPUs 2-3 could not go "
	      "offline before 6.7, or another kernel with a0b0bad10587: CPU "
	      "2 has 96 vectors to move, the others have 49 free");
	s->matrix.global_available = 59;
	s->cpus[2].available = U;
	f = expect(&a, s, "cpu-offline-blocked", IRQM_WARNING, "CPU 3 cannot "
		   "go offline: CPU 3 has 49 vectors to move, the others have "
		   "48 free");
	irqm_analysis_free(a);
	s->cpus[3].allocated = U;
	check_silent(s, "cpu-offline-blocked");

	/* what an offline CPU has is no matter: it is down */
	s->cpus[1].allocated = 200;
	/* 107 less 11 is enough for all 96 */
	s->cpus[2].available = 11;
	s->cpus[3].allocated = 96;
	s->matrix.global_available = 107;
	check_silent(s, "cpu-offline-blocked");
	irqm_snapshot_free(s);
}

/* Before 4.20 nobody counts the managed ones, and all must have room. */
static void test_offline_blocked_older(void **state)
{
	struct irqm_snapshot *s = unplug();

	(void)state;
	s->matrix.global_available = 106;
	s->cpus[2].managed_allocated = U;
	check(s, "cpu-offline-blocked", IRQM_WARNING, "CPU 2 cannot go "
	      "offline: CPU 2 has 96 vectors to move, the others have 95 "
	      "free");
	irqm_snapshot_free(s);
}

static void test_suspend_blocked(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(3, 1024, 4);
	struct irqm_irq *irq;

	(void)state;
	add_many(s, 1000, 100, 0);
	add_many(s, 2000, 50, 1);
	add_many(s, 3000, 51, 2); /* CPU 0 has room for 101 */
	/* these stay where they are: managed, not started */
	irq = snap_ioapic_irq(s, 4000, "q");
	snap_managed(s, 4000, "1");
	snap_start(s, 4000, 1);
	set_state(irq, started);
	snap_ioapic_irq(s, 4001, "r");
	snap_alloc(s, 4001, 1);
	check_silent(s, "suspend-blocked");
	irq = add(s, 4002, 1);
	check(s, "suspend-blocked", IRQM_INFO, "The machine cannot be "
	      "suspended: CPU 0 has 101 vectors free, and 102 of other CPUs "
	      "would have to move there");
	add(s, 4003, 1);
	irq->managed = U;
	check_silent(s, "suspend-blocked");
	irqm_snapshot_free(s);
}

static struct irqm_irq *ask(struct irqm_snapshot *s, unsigned int irq,
			    const char *cpus)
{
	struct irqm_irq *i = add(s, irq, 0);

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
	check_silent(s, "affinity-pending");
	irq->setaffinity_pending = 1;
	check(s, "affinity-pending", IRQM_INFO, "1 interrupt waits for its "
	      "next event to move to its new affinity: IRQ 24 (test)");
	/* full, but for the one that is there already */
	add_many(s, 1000, 201, 3);
	ask(s, 2000, "0,3");
	check(s, "affinity-pending", IRQM_INFO, "2 interrupts wait for their "
	      "next event to move to their new affinity: IRQ 24 (test), 2000 "
	      "(test)");
	ask(s, 2001, "3");
	check(s, "affinity-pending", IRQM_WARNING, "The new affinity of 1 "
	      "interrupt will be lost: no CPU of it has a vector free: IRQ "
	      "2001 (test)");
	snap_offline(s, 2);
	ask(s, 2002, "2");
	f = expect(&a, s, "affinity-pending", IRQM_WARNING, "The new affinity "
		   "of 3 interrupts will be lost: no CPU of it is online, or "
		   "has a vector free: IRQ 24 (test), 2001 (test), 2002 "
		   "(test)");
	check_set(f, "waiting_irqs", "2000");
	check_set(f, "lost_irqs", "24,2001-2002");
	irqm_analysis_free(a);
	irqm_snapshot_free(s);

	s = nearly_full(1); /* and now full: it is in the mask already */
	add(s, 2900, 1);
	ask(s, 3000, "0-1");
	check(s, "affinity-pending", IRQM_INFO, "1 interrupt waits for its "
	      "next event to move to its new affinity: IRQ 3000 (test)");
	irqm_snapshot_free(s);

	s = snap_new(2);
	ask(s, 24, "1");
	s->cpus[1].online = U;
	check(s, "affinity-pending", IRQM_INFO, "1 interrupt waits for its "
	      "next event to move to its new affinity: IRQ 24 (test)");
	irqm_snapshot_free(s);
}

static void test_affinity_offline(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	struct irqm_irq *irq = add(s, 24, 2);

	(void)state;
	irq->affinity = snap_cpus(s, "1-2");
	snap_offline(s, 2);
	check_silent(s, "affinity-offline"); /* CPU 1 is left */
	irq->affinity = snap_cpus(s, "2");
	check(s, "affinity-offline", IRQM_WARNING, "No CPU is online in the "
	      "affinity of IRQ 24 (test); on a CPU that is offline, so that "
	      "none can arrive, is IRQ 24 (test)");
	irq->nr_state_flags = 0; /* it is not started */
	check(s, "affinity-offline", IRQM_INFO, "No CPU is online in the "
	      "affinity of IRQ 24 (test)");
	irq->managed = 1;
	check_silent(s, "affinity-offline");
	irq->managed = 0;
	irq->nr_actions = 0;
	check_silent(s, "affinity-offline");
	irq->nr_actions = 1;
	irq->affinity.words = NULL;
	check_silent(s, "affinity-offline");
	irqm_snapshot_free(s);
}

static void test_affinity_broken(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(4, 512, 4);
	struct irqm_irq *irq = add(s, 24, 0);

	(void)state;
	irq->affinity = snap_cpus(s, "0,3");
	check_silent(s, "affinity-broken");
	irq->affinity = snap_cpus(s, "3");
	check(s, "affinity-broken", IRQM_WARNING, "1 interrupt is on a CPU "
	      "outside of its affinity, 1 of which now has room there: IRQ "
	      "24 (test)");
	add_many(s, 1000, 201, 3);
	check(s, "affinity-broken", IRQM_WARNING, "1 interrupt is on a CPU "
	      "outside of its affinity, 0 of which now have room there: IRQ "
	      "24 (test)");
	/* reserved: its effective affinity means nothing */
	irq->apic->vector = 0;
	check_silent(s, "affinity-broken");
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
	set_state(irq, shut_down);
	check_silent(s, "managed-shutdown"); /* never there */
	irq->affinity = snap_cpus(s, "2-3");
	snap_offline(s, 2);
	f = expect(&a, s, "managed-shutdown", IRQM_INFO, "1 managed interrupt "
		   "is shut down, as no CPU of its mask is online: IRQ 24 "
		   "(nvme0q3)");
	check_set(f, "irqs", "24");
	irqm_analysis_free(a);
	irq->affinity = snap_cpus(s, "1-2");
	check(s, "managed-shutdown", IRQM_WARNING, "1 managed interrupt is "
	      "shut down, though a CPU of its mask is online: IRQ 24 "
	      "(nvme0q3)");
	irq->nr_actions = 0;
	check_silent(s, "managed-shutdown");
	irqm_snapshot_free(s);
}

/* CVE-2024-31076: the bit stays, prev_vector forgets it. */
static void test_leak(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	unsigned int leaked, cpu;
	const struct irqm_finding *f;
	struct irqm_analysis *a;

	(void)state;
	add(s, 24, 1);
	leaked = s->irqs[0].apic->vector;
	snap_move(s, 24, 0);
	check_silent(s, "vector-leak"); /* a move in progress */
	s->irqs[0].apic->prev_vector = 0;
	s->irqs[0].apic->move_in_progress = false;
	s->cpus[1].vector_irq[leaked].slot = IRQM_SLOT_UNUSED;
	f = expect(&a, s, "vector-leak", IRQM_WARNING, "1 vector is allocated "
		   "and belongs to nobody: 33 of CPU 1; CVE-2024-31076 leaves "
		   "this behind");
	check_set(f, "cpus", "1");
	check_set(f, "first_cpu_vectors", "33");
	assert_int_equal(a->nr_findings, 1); /* not unattributed as well */
	irqm_analysis_free(a);

	s->dump.live = true;
	check(s, "vector-leak", IRQM_INFO, "1 vector is allocated "
	      "and belongs to nobody: 33 of CPU 1; CVE-2024-31076 leaves "
	      "this behind");
	s->dump.live = false;
	s->irqs_known = false;
	check_silent(s, "vector-leak");
	s->irqs_known = true;

	/* an interrupt of the PIC has it, and only the table says so */
	snap_irq(s, 25, "cascade");
	s->cpus[1].vector_irq[leaked].slot = IRQM_SLOT_IRQ;
	s->cpus[1].vector_irq[leaked].irq = 25;
	check_silent(s, "vector-leak");
	irqm_snapshot_free(s);

	s = snap_new(3);
	for (cpu = 1; cpu < 3; cpu++) {
		irqm_bits_set(&s->cpus[cpu].alloc_map, 60 + cpu);
		s->cpus[cpu].allocated = 1;
		s->cpus[cpu].available--;
		s->matrix.global_available--;
	}
	check(s, "vector-leak", IRQM_WARNING, "2 vectors are allocated and "
	      "belong to nobody: 61 of CPU 1, and others of 1 more CPU; "
	      "CVE-2024-31076 leaves this behind");
	check_silent(s, "unattributed");
	irqm_snapshot_free(s);
}

static void test_unattributed(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	const struct irqm_finding *f;
	struct irqm_analysis *a;

	(void)state;
	add(s, 24, 1);
	check_silent(s, "unattributed");
	/* the CPU says that it has one less; drift, and said there */
	s->cpus[0].available--;
	s->matrix.global_available--;
	check_silent(s, "unattributed");
	/* a vector that an IRQ claims, and the bitmap does not have */
	snap_ioapic_irq(s, 25, "test")->apic->vector = 77;
	f = expect(&a, s, "unattributed", IRQM_WARNING, "1 vector that "
		   "interrupts have are not gone: of 2, all devices and "
		   "interrupts account for 2");
	assert_int_equal(datum(f, "unexplained")->num, -1);
	irqm_analysis_free(a);
	s->irqs[1].managed = U;
	check_silent(s, "unattributed");
	irqm_snapshot_free(s);
}

static void test_mismatch(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	struct irqm_vector_irq *slot;
	const struct irqm_finding *f;
	struct irqm_analysis *a;

	(void)state;
	add(s, 24, 1);
	add(s, 25, 1);
	snap_move(s, 25, 0); /* in both tables, and rightly */
	slot = &s->cpus[1].vector_irq[s->irqs[0].apic->vector];
	s->cpus[0].vector_irq[90].slot = IRQM_SLOT_SHUTDOWN;
	slot->slot = IRQM_SLOT_RETRIGGERED;
	check_silent(s, "vector-irq-mismatch");
	slot->slot = IRQM_SLOT_SHUTDOWN;
	f = expect(&a, s, "vector-irq-mismatch", IRQM_WARNING, "Its CPU's "
		   "table does not lead to IRQ 24 (test)");
	check_set(f, "missing_irqs", "24");
	check_set(f, "cpus", "1");
	irqm_analysis_free(a);
	s->irqs[0].nr_state_flags = 0;
	check(s, "vector-irq-mismatch", IRQM_INFO, "its CPU's table does not "
	      "lead to IRQ 24 (test), not started");
	s->cpus[1].online = 0;
	check_silent(s, "vector-irq-mismatch");
	irqm_snapshot_free(s);
}

/* The other way: from the table to the interrupt. */
static void test_mismatch_of_table(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	struct irqm_vector_irq *slots = s->cpus[1].vector_irq;

	(void)state;
	add(s, 24, 0);
	snap_irq(s, 25, "cascade");
	slots[50] = (struct irqm_vector_irq){ IRQM_SLOT_IRQ, 25, 1 };
	check_silent(s, "vector-irq-mismatch");
	slots[60] = (struct irqm_vector_irq){ IRQM_SLOT_IRQ, 24, 1 };
	check(s, "vector-irq-mismatch", IRQM_WARNING, "1 entry of the tables "
	      "leads to IRQ 24 (test), which is elsewhere");
	slots[61].slot = IRQM_SLOT_STRAY;
	check(s, "vector-irq-mismatch", IRQM_WARNING, "1 entry of the tables "
	      "leads to IRQ 24 (test), which is elsewhere; 1 entry of the "
	      "tables leads to no interrupt");
	slots[60].slot = IRQM_SLOT_UNUSED;
	s->irqs_known = false; /* it may be that of an IRQ that was not read */
	check_silent(s, "vector-irq-mismatch");
	irqm_snapshot_free(s);
}

static void test_drift(void **state)
{
	struct irqm_snapshot *s = snap_new(2);

	(void)state;
	/* as the kernel leaves it; 5 percent of 201 would be 11 */
	s->cpus[1].available -= 10;
	s->matrix.global_available -= 10;
	check(s, "counter-drift", IRQM_INFO, "CPU 1 available 191 instead of "
	      "201");
	s->cpus[1].available--;
	s->matrix.global_available--;
	check(s, "counter-drift", IRQM_WARNING, "CPU 1 available 190 instead "
	      "of 201");
	s->dump.live = true;
	check(s, "counter-drift", IRQM_INFO, "CPU 1 available 190 instead of "
	      "201");
	irqm_snapshot_free(s);

	s = snap_new(2);
	snap_offline(s, 1);
	s->cpus[1].available = 100; /* nobody asks before it is back */
	check(s, "counter-drift", IRQM_INFO, "CPU 1 (offline) available 100 "
	      "instead of 201");
	irqm_snapshot_free(s);

	s = snap_new(2);
	s->matrix.total_allocated = 4; /* after frees on a CPU that is off */
	check(s, "counter-drift", IRQM_INFO, "total_allocated is 4, but the "
	      "online CPUs have 0");
	irqm_snapshot_free(s);

	/* full, and the kernel believes that one is left */
	s = nearly_full(0);
	s->cpus[0].available = 1;
	s->matrix.global_available = 1;
	check(s, "counter-drift", IRQM_WARNING, "CPU 0 available 1 instead of "
	      "0");
	irqm_snapshot_free(s);
}

static void test_unread(void **state)
{
	struct irqm_snapshot *s = snap_new(2);

	(void)state;
	add(s, 24, 0);
	check_silent(s, "unread-pages");
	snap_unread(s, "irqaction of IRQ 24", 1, IRQM_EXCLUDED);
	check(s, "unread-pages", IRQM_INFO, "1 part could not be read, 1 on "
	      "pages that makedumpfile left out");
	snap_unread(s, "apic_chip_data of IRQ 24", 1, IRQM_TRUNCATED);
	s->irqs[0].apic = NULL;
	check(s, "unread-pages", IRQM_WARNING, "2 parts could not be read, 1 "
	      "on pages that makedumpfile left out, 1 behind the end of the "
	      "dump; not known: who has each vector, what each device costs");
	irqm_snapshot_free(s);
}

/* Nothing is claimed of a dump of which nothing could be read. */
static void test_all_unknown(void **state)
{
	struct irqm_snapshot *s = irqm_snapshot_new();
	struct irqm_analysis *a = irqm_analyse(s);

	(void)state;
	assert_non_null(a);
	assert_int_equal(a->nr_findings, 0);
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
}

/* Texts are made of names in the dump, and have an end. */
static void test_long_names(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(400, 512, 4);
	struct irqm_analysis *a;
	char name[2000];

	(void)state;
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	for (unsigned int i = 0; i < 400; i += 2) {
		snap_ioapic_irq(s, 24 + i, name);
		snap_managed(s, 24 + i, "0-399");
		set_state(&s->irqs[s->nr_irqs - 1], shut_down);
		s->matrix.global_available = 0;
	}
	a = irqm_analyse(s);
	assert_non_null(a);
	for (unsigned int i = 0; i < a->nr_findings; i++)
		assert_true(strlen(a->findings[i].text) < 600);
	assert_non_null(find(a, "managed-shutdown"));
	assert_non_null(strstr(find(a, "managed-shutdown")->text,
			       " and 196 more"));
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
}

static void test_kinds(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < IRQM_NR_FINDING_KINDS; i++) {
		const struct irqm_finding_kind *k = &irqm_finding_kinds[i];

		assert_true(strlen(k->meaning) > 40 && strlen(k->advice) > 20);
		assert_int_equal(k->meaning[strlen(k->meaning) - 1], '.');
		assert_int_equal(k->advice[strlen(k->advice) - 1], '.');
		for (unsigned int j = 0; j < i; j++)
			assert_string_not_equal(k->code,
						irqm_finding_kinds[j].code);
	}
}

/* The file with each run of white space as one blank. To free(). */
static char *read_words(const char *path)
{
	FILE *file = fopen(path, "r");
	size_t used = 0, room = 1 << 17;
	char *text = malloc(room);
	int c;

	if (!file)
		fail_msg("%s: not found; run from the top folder", path);
	while ((c = getc(file)) != EOF && used < room - 1) {
		if (c == '\n')
			c = ' ';
		if (c != ' ' || (used && text[used - 1] != ' '))
			text[used++] = c;
	}
	text[used] = '\0';
	fclose(file);
	return text;
}

/* docs/findings.md has the program's own words, in its order. */
static void test_docs(void **state)
{
	char *text = read_words("docs/findings.md"), wanted[2048], *next;

	(void)state;
	next = text;
	for (unsigned int i = 0; i < IRQM_NR_FINDING_KINDS; i++) {
		const struct irqm_finding_kind *k = &irqm_finding_kinds[i];

		snprintf(wanted, sizeof(wanted), "## %s %s What to do: %s "
			 "Severity: ", k->code, k->meaning, k->advice);
		next = strstr(next, wanted);
		if (!next)
			fail_msg("docs/findings.md says something else of %s",
				 k->code);
	}
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exhausted),
		cmocka_unit_test(test_one_cpu_full),
		cmocka_unit_test(test_low),
		cmocka_unit_test(test_low_share),
		cmocka_unit_test(test_managed_idle),
		cmocka_unit_test(test_managed_absent),
		cmocka_unit_test(test_offline_blocked),
		cmocka_unit_test(test_offline_blocked_older),
		cmocka_unit_test(test_suspend_blocked),
		cmocka_unit_test(test_pending),
		cmocka_unit_test(test_affinity_offline),
		cmocka_unit_test(test_affinity_broken),
		cmocka_unit_test(test_managed_shutdown),
		cmocka_unit_test(test_leak),
		cmocka_unit_test(test_unattributed),
		cmocka_unit_test(test_mismatch),
		cmocka_unit_test(test_mismatch_of_table),
		cmocka_unit_test(test_drift),
		cmocka_unit_test(test_unread),
		cmocka_unit_test(test_all_unknown),
		cmocka_unit_test(test_long_names),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_docs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
