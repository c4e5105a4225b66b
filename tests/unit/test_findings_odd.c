/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Findings on machines that contradict themselves, or of which little is
 * known. */
#include "unit.h"
#include "findings.h"

#define U IRQM_UNKNOWN

/* A bitmap with more vectors than there are: it is full, not less than that. */
static void test_overfull(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(4, 1024, 8);
	const struct irqm_finding *f;
	struct irqm_analysis *a;
	unsigned int i;

	(void)state;
	snap_virtio_blk(s, "0000:00:05.0", 24);
	for (i = 0; i < 3; i++)
		add_started_irqs(s, 1000 * (i + 1), 170, i);
	s->cpus[3].alloc_map = snap_bits(s, 256, "all");
	f = expect_finding(
		&a, s, "vectors-low", IRQM_WARNING,
		"34 of 804 vectors are free (4.2%). Not one more virtio_blk "
		"device (5 vectors each) fits: CPU 3 is full");
	assert_int_equal(finding_datum(f, "fits")->num, 0);
	assert_int_equal(finding_datum(f, "limit_available")->num, 0);
	irqm_analysis_free(a);
	check_finding(s, "vectors-exhausted", IRQM_WARNING,
		      "CPU 3 is out of vectors: new devices whose managed "
		      "interrupts cover all CPUs get fewer vectors, or fail to "
		      "probe with -28 (ENOSPC)");
	irqm_snapshot_free(s);
}

/* A long list of CPUs is cut at a comma; data has them all. */
static void test_many_cpus(void **state)
{
	struct irqm_snapshot *s = snap_new(160);
	const struct irqm_finding *f;
	struct irqm_analysis *a;
	const char *end;
	unsigned int i;

	(void)state;
	for (i = 0; i < 160; i += 2)
		s->cpus[i].alloc_map = snap_bits(s, 256, "32-235");
	a = irqm_analyse(s);
	f = find_finding(a, "vectors-exhausted");
	assert_non_null(f);
	assert_int_equal(strncmp(f->text, "CPUs 0,2,4,6,8,10,", 18), 0);
	end = strstr(f->text, " ... are out of vectors");
	assert_non_null(end);
	/* a whole number, and not a comma, is in front of it */
	assert_int_equal(
		atoi(strrchr(strndupa(f->text, end - f->text), ',') + 1) % 2,
		0);
	assert_in_range(end - f->text, 115, 125);
	assert_int_equal(irqm_bits_weight(&finding_datum(f, "cpus")->set), 80);
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
}

/* However much there is to say, a text ends. */
static void test_long_text(void **state)
{
	struct irqm_snapshot *s = snap_new(160);
	struct irqm_analysis *a;
	const struct irqm_finding *f;
	unsigned int i;

	(void)state;
	for (i = 0; i < 160; i++)
		s->cpus[i].available = s->cpus[i].allocated =
			s->cpus[i].managed = s->cpus[i].managed_allocated =
				1000000000 + i;
	a = irqm_analyse(s);
	f = find_finding(a, "counter-drift");
	assert_non_null(f);
	assert_in_range(strlen(f->text), 100, 1023);
	assert_int_equal(finding_datum(f, "cpus")->num, 160);
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
}

/* Some of several could be where they want to be. */
static void test_broken_affinities(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(4, 1024, 4);

	(void)state;
	add_started_irq(s, 24, 0)->affinity = snap_cpus(s, "1");
	add_started_irq(s, 25, 0)->affinity = snap_cpus(s, "1");
	check_finding(
		s, "affinity-broken", IRQM_WARNING,
		"2 interrupts are on CPUs outside their affinity, which has "
		"free vectors now: IRQ 24 (test), 25 (test)");
	add_started_irqs(s, 1000, 201, 1);
	check_finding(
		s, "affinity-broken", IRQM_WARNING,
		"2 interrupts are on CPUs outside their affinity, which has "
		"no free vector now: IRQ 24 (test), 25 (test)");
	add_started_irq(s, 2000, 0)->affinity = snap_cpus(s, "2");
	check_finding(
		s, "affinity-broken", IRQM_WARNING,
		"3 interrupts are on CPUs outside their affinity, and 1 of "
		"these affinities has a free vector now: IRQ 24 (test), 25 "
		"(test), 2000 (test)");
	add_started_irq(s, 2001, 0)->affinity = snap_cpus(s, "1-2");
	check_finding(
		s, "affinity-broken", IRQM_WARNING,
		"4 interrupts are on CPUs outside their affinity, and 2 of "
		"these affinities have a free vector now: IRQ 24 (test), 25 "
		"(test), 2000 (test), 2001 (test)");
	/* a fifth is counted, not named */
	add_started_irq(s, 2002, 0)->affinity = snap_cpus(s, "1-2");
	check_finding(
		s, "affinity-broken", IRQM_WARNING,
		"5 interrupts are on CPUs outside their affinity, and 3 of "
		"these affinities have a free vector now: IRQ 24 (test), 25 "
		"(test), 2000 (test), 2001 (test) and 1 more");
	irqm_snapshot_free(s);
}

/* Which answers are unknown for what could not be read. */
static void test_unknown_answers(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	const struct irqm_finding *f;
	struct irqm_analysis *a;

	(void)state;
	snap_unread(s, "something", 0, IRQM_TRUNCATED);
	s->unread_dropped = 2;
	check_finding(
		s, "unread-pages", IRQM_INFO,
		"3 parts of the dump could not be read (1 beyond the end of "
		"the truncated dump)");
	s->irqs_known = false;
	s->matrix.addr = 0;
	s->matrix.global_available = U;
	f = expect_finding(
		&a, s, "unread-pages", IRQM_WARNING,
		"3 parts of the dump could not be read (1 beyond the end of "
		"the truncated dump). Unknown: the vector matrix, the number "
		"of interrupts, the owner of each vector, the cost of each "
		"device");
	assert_int_equal(finding_datum(f, "unknown_answers")->num, 4);
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
}

/* Numbers agree with their nouns and verbs. */
static void test_one_of_each(void **state)
{
	struct irqm_snapshot *s = snap_new(1);

	(void)state;
	irqm_bits_set(&s->cpus[0].managed_map, 77);
	s->cpus[0].managed = 1;
	s->cpus[0].available--;
	s->matrix.global_available--;
	check_finding(s, "unattributed", IRQM_WARNING,
		      "1 vector is unavailable but no interrupt owns it (1 "
		      "lost, 0 accounted for)");
	irqm_bits_set(&s->cpus[0].managed_map, 78);
	s->cpus[0].managed = 2;
	s->cpus[0].available--;
	s->matrix.global_available--;
	check_finding(s, "unattributed", IRQM_WARNING,
		      "2 vectors are unavailable but no interrupt owns them "
		      "(2 lost, 0 accounted for)");
	s->cpus[0].alloc_map = snap_bits(s, 256, "32-235");
	s->matrix.global_reserved = 1;
	check_finding(s, "vectors-exhausted", IRQM_CRITICAL,
		      "The only online CPU is out of vectors, and no other is "
		      "possible, as in a crash kernel (nr_cpus=1)");
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_overfull),
		cmocka_unit_test(test_many_cpus),
		cmocka_unit_test(test_long_text),
		cmocka_unit_test(test_broken_affinities),
		cmocka_unit_test(test_unknown_answers),
		cmocka_unit_test(test_one_of_each),
	};

	return RUN(tests);
}
