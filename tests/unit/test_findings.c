/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Findings about records that do not agree and about what could not be read:
 * of each a machine of which it is true, and one of which it is almost true
 * and must not be said. And the words of all kinds.
 */
#include "unit.h"
#include "findings.h"

#include <stdio.h>

#define U IRQM_UNKNOWN

/* CVE-2024-31076: the bit stays, prev_vector forgets it. */
static void test_leak(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	unsigned int leaked, cpu;
	const struct irqm_finding *f;
	struct irqm_analysis *a;

	(void)state;
	add_started_irq(s, 24, 1);
	leaked = s->irqs[0].apic->vector;
	snap_move(s, 24, 0);
	check_no_finding(s, "vector-leak"); /* a move in progress */
	s->irqs[0].apic->prev_vector = 0;
	s->irqs[0].apic->move_in_progress = false;
	s->cpus[1].vector_irq[leaked].slot = IRQM_SLOT_UNUSED;
	f = expect_finding(
		&a, s, "vector-leak", IRQM_WARNING,
		"1 vector is allocated but not owned by any interrupt: 33 on "
		"CPU 1. CVE-2024-31076 is a known cause");
	check_datum_set(f, "cpus", "1");
	check_datum_set(f, "first_cpu_vectors", "33");
	assert_int_equal(a->nr_findings, 1); /* not unattributed as well */
	irqm_analysis_free(a);

	s->dump.live = true;
	check_finding(
		s, "vector-leak", IRQM_INFO,
		"1 vector is allocated but not owned by any interrupt: 33 on "
		"CPU 1. CVE-2024-31076 is a known cause");
	s->dump.live = false;
	s->irqs_known = false;
	check_no_finding(s, "vector-leak");
	s->irqs_known = true;

	/* an interrupt of the PIC has it, and only the table says so */
	snap_irq(s, 25, "cascade");
	s->cpus[1].vector_irq[leaked].slot = IRQM_SLOT_IRQ;
	s->cpus[1].vector_irq[leaked].irq = 25;
	check_no_finding(s, "vector-leak");
	check_no_finding(s, "unattributed"); /* one more: from the bitmaps on */
	s->cpus[1].available--;
	s->matrix.global_available--;
	check_no_finding(s, "unattributed");
	irqm_snapshot_free(s);

	s = snap_new(3);
	for (cpu = 1; cpu < 3; cpu++) {
		irqm_bits_set(&s->cpus[cpu].alloc_map, 60 + cpu);
		s->cpus[cpu].allocated = 1;
		s->cpus[cpu].available--;
		s->matrix.global_available--;
	}
	check_finding(
		s, "vector-leak", IRQM_WARNING,
		"2 vectors are allocated but not owned by any interrupt: 61 "
		"on CPU 1, and more on 1 other CPU. CVE-2024-31076 is a known "
		"cause");
	check_no_finding(s, "unattributed");
	irqm_snapshot_free(s);
}

static void test_unattributed(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	const struct irqm_finding *f;
	struct irqm_analysis *a;

	(void)state;
	add_started_irq(s, 24, 1);
	check_no_finding(s, "unattributed");
	/* the CPU says that it has one less; drift, and said there */
	s->cpus[0].available--;
	s->matrix.global_available--;
	check_no_finding(s, "unattributed");
	/* a vector that an IRQ claims, and the bitmap does not have */
	snap_ioapic_irq(s, 25, "test")->apic->vector = 77;
	f = expect_finding(
		&a, s, "unattributed", IRQM_WARNING,
		"1 vector is owned by an interrupt but still available (2 "
		"lost, 2 accounted for)");
	assert_int_equal(finding_datum(f, "unexplained")->num, -1);
	irqm_analysis_free(a);
	s->irqs[1].managed = U;
	check_no_finding(s, "unattributed");
	irqm_snapshot_free(s);
}

static void test_mismatch(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	struct irqm_vector_irq *slot;
	const struct irqm_finding *f;
	struct irqm_analysis *a;

	(void)state;
	add_started_irq(s, 24, 1);
	add_started_irq(s, 25, 1);
	snap_move(s, 25, 0); /* in both tables, and rightly */
	slot = &s->cpus[1].vector_irq[s->irqs[0].apic->vector];
	s->cpus[0].vector_irq[90].slot = IRQM_SLOT_SHUTDOWN;
	slot->slot = IRQM_SLOT_RETRIGGERED;
	check_no_finding(s, "vector-irq-mismatch");
	slot->slot = IRQM_SLOT_SHUTDOWN;
	f = expect_finding(&a, s, "vector-irq-mismatch", IRQM_WARNING,
			   "vector_irq lacks the entry for IRQ 24 (test)");
	check_datum_set(f, "missing_irqs", "24");
	check_datum_set(f, "cpus", "1");
	irqm_analysis_free(a);
	s->irqs[0].nr_state_flags = 0;
	check_finding(s, "vector-irq-mismatch", IRQM_INFO,
		      "vector_irq lacks the entry for IRQ 24 (test), which is "
		      "not started");
	s->cpus[1].online = 0;
	check_no_finding(s, "vector-irq-mismatch");
	irqm_snapshot_free(s);
}

/* The other way: from the table to the interrupt. */
static void test_mismatch_of_table(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	struct irqm_vector_irq *slots = s->cpus[1].vector_irq;

	(void)state;
	add_started_irq(s, 24, 0);
	snap_irq(s, 25, "cascade");
	slots[50] = (struct irqm_vector_irq){ IRQM_SLOT_IRQ, 25, 1 };
	check_no_finding(s, "vector-irq-mismatch");
	slots[60] = (struct irqm_vector_irq){ IRQM_SLOT_IRQ, 24, 1 };
	check_finding(s, "vector-irq-mismatch", IRQM_WARNING,
		      "1 vector_irq entry points to IRQ 24 (test), which is "
		      "elsewhere");
	slots[61].slot = IRQM_SLOT_STRAY;
	check_finding(s, "vector-irq-mismatch", IRQM_WARNING,
		      "1 vector_irq entry points to IRQ 24 (test), which is "
		      "elsewhere; 1 vector_irq entry points to no interrupt");
	slots[60].slot = IRQM_SLOT_UNUSED;
	s->irqs_known = false; /* it may be that of an IRQ that was not read */
	check_no_finding(s, "vector-irq-mismatch");
	irqm_snapshot_free(s);
}

static void test_drift(void **state)
{
	struct irqm_snapshot *s = machine_nearly_full(50);

	(void)state;
	/* as the kernel leaves it; 5 percent of 201 would be 11 */
	s->cpus[1].available -= 10;
	s->matrix.global_available -= 10;
	check_finding(s, "counter-drift", IRQM_INFO,
		      "Allocator counters are wrong: CPU 1 available is 40, "
		      "should be 50");
	s->cpus[1].available--;
	s->matrix.global_available--;
	check_finding(s, "counter-drift", IRQM_WARNING,
		      "Allocator counters are wrong: CPU 1 available is 39, "
		      "should be 50");
	s->dump.live = true;
	check_finding(s, "counter-drift", IRQM_INFO,
		      "Allocator counters are wrong: CPU 1 available is 39, "
		      "should be 50");
	irqm_snapshot_free(s);

	/* SMT off and on again; with a quarter free, 51, all is well */
	s = snap_new_sized(2, 512, 4);
	add_started_irqs(s, 1000, 120, 1);
	s->cpus[1].available = 51;
	s->matrix.global_available = 252;
	check_finding(s, "counter-drift", IRQM_INFO,
		      "Allocator counters are wrong: CPU 1 available is 51, "
		      "should be 81");
	s->cpus[1].available = 50;
	s->matrix.global_available = 251;
	check_finding(s, "counter-drift", IRQM_WARNING,
		      "Allocator counters are wrong: CPU 1 available is 50, "
		      "should be 81");
	irqm_snapshot_free(s);

	s = snap_new(2);
	snap_offline(s, 1);
	s->cpus[1].available = 100; /* not used while offline */
	check_finding(s, "counter-drift", IRQM_INFO,
		      "Allocator counters are wrong: CPU 1 (offline) "
		      "available is 100, should be 201");
	s->cpus[1].available = 0; /* nor if it seems full */
	check_finding(s, "counter-drift", IRQM_INFO,
		      "Allocator counters are wrong: CPU 1 (offline) "
		      "available is 0, should be 201");
	irqm_snapshot_free(s);

	s = snap_new(2);
	s->matrix.total_allocated = 4; /* after frees on a CPU that is off */
	check_finding(s, "counter-drift", IRQM_INFO,
		      "Allocator counters are wrong: total_allocated is 4, "
		      "should be 0 (allocated on online CPUs)");
	irqm_snapshot_free(s);

	/* full, but by its counter one is free */
	s = machine_nearly_full(0);
	s->cpus[0].available = 1;
	s->matrix.global_available = 1;
	check_finding(s, "counter-drift", IRQM_WARNING,
		      "Allocator counters are wrong: CPU 0 available is 1, "
		      "should be 0");
	irqm_snapshot_free(s);
}

static void test_unread(void **state)
{
	struct irqm_snapshot *s = snap_new(2);

	(void)state;
	add_started_irq(s, 24, 0);
	check_no_finding(s, "unread-pages");
	snap_unread(s, "irqaction of IRQ 24", 1, IRQM_EXCLUDED);
	check_finding(s, "unread-pages", IRQM_INFO,
		      "1 part of the dump could not be read (1 on pages that "
		      "makedumpfile excluded)");
	snap_unread(s, "apic_chip_data of IRQ 24", 1, IRQM_TRUNCATED);
	s->irqs[0].apic = NULL;
	check_finding(
		s, "unread-pages", IRQM_WARNING,
		"2 parts of the dump could not be read (1 on pages that "
		"makedumpfile excluded, 1 beyond the end of the truncated "
		"dump). Unknown: the owner of each vector, the cost of each "
		"device");
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
		set_state_flag(&s->irqs[s->nr_irqs - 1], flag_shut_down);
		s->matrix.global_available = 0;
	}
	a = irqm_analyse(s);
	assert_non_null(a);
	for (unsigned int i = 0; i < a->nr_findings; i++)
		assert_true(strlen(a->findings[i].text) < 600);
	assert_non_null(find_finding(a, "managed-shutdown"));
	assert_non_null(strstr(find_finding(a, "managed-shutdown")->text,
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

		snprintf(wanted, sizeof(wanted),
			 "## %s %s What to do: %s "
			 "Severity: ",
			 k->code, k->meaning, k->advice);
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
