/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counters against bitmaps, sums, and the findings that come of them. */
#include "analysed.h"

#include <time.h>

#define U IRQM_UNKNOWN

static void test_cpu_check(void **state)
{
	struct irqm_snapshot *s = snap_new(3);
	struct irqm_analysis *a;

	(void)state;
	snap_absent(s, 2);
	snap_ioapic_irq(s, 9, "acpi");
	snap_alloc(s, 9, 1);
	snap_ioapic_irq(s, 24, "q");
	snap_managed(s, 24, "1-2");
	snap_start(s, 24, 1);
	snap_ioapic_irq(s, 25, "q");
	snap_managed(s, 25, "1-2");
	a = analyse(s);
	assert_int_equal(a->cpus[0].available, 201);
	assert_int_equal(a->cpus[0].idle, 0);
	assert_int_equal(a->cpus[1].allocated, 2);
	assert_int_equal(a->cpus[1].managed, 2);
	assert_int_equal(a->cpus[1].managed_allocated, 1);
	assert_int_equal(a->cpus[1].available, 201 - 3);
	assert_int_equal(a->cpus[1].idle, 1);
	assert_int_equal(a->cpus[2].idle, 2);
	/* never online: its available is 0 and means nothing */
	assert_int_equal(s->cpus[2].available, 0);
	assert_false(a->cpus[2].drift);
	assert_int_equal(a->nr_findings, 1);
	assert_string_equal(a->findings[0].kind->code, "managed-absent-cpus");
	finish(a, s);
}

static irqm_num datum(const struct irqm_finding *f, const char *key)
{
	for (unsigned int i = 0; i < f->nr_data; i++)
		if (strcmp(f->data[i].key, key) == 0)
			return f->data[i].num;
	fail_msg("no datum %s", key);
	return 0;
}

static void test_drift_of_a_cpu(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	const struct irqm_finding *f;
	struct irqm_analysis *a;

	(void)state;
	s->cpus[1].available += 2;
	s->matrix.global_available += 2;
	s->cpus[3].allocated = 7;
	s->cpus[3].managed_allocated = 1;
	a = analyse(s);
	assert_false(a->cpus[0].drift);
	assert_true(a->cpus[1].drift);
	assert_true(a->cpus[3].drift);
	assert_int_equal(a->nr_findings, 1);
	f = &a->findings[0];
	assert_string_equal(f->kind->code, "counter-drift");
	assert_int_equal(f->severity, IRQM_WARNING);
	assert_string_equal(f->text,
			    "Allocator counters are wrong: CPU 1 available is "
			    "203, should be 201; CPU 3 allocated is 7, should "
			    "be 0, managed_allocated is 1, should be 0");
	assert_int_equal(datum(f, "cpus"), 2);
	assert_int_equal(datum(f, "first_cpu"), 1);
	assert_int_equal(datum(f, "available_drift"), 2);
	assert_int_equal(datum(f, "allocated_drift"), 7);
	assert_int_equal(datum(f, "managed_drift"), 0);
	assert_int_equal(datum(f, "managed_allocated_drift"), 1);
	assert_int_equal(datum(f, "sum_available"), 4 * 201 + 2);
	assert_int_equal(datum(f, "global_available"), 4 * 201 + 2);
	finish(a, s);
}

/* The drift that the kernel makes: a slot reserved while the CPU is away. */
static void test_drift_by_hotplug(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	struct irqm_analysis *a;

	(void)state;
	snap_offline(s, 1);
	snap_ioapic_irq(s, 24, "q");
	snap_managed(s, 24, "0-1");
	a = analyse(s);
	assert_int_equal(a->nr_findings, 1);
	assert_string_equal(a->findings[0].text,
			    "Allocator counters are wrong: CPU 1 (offline) "
			    "available is 201, should be 200");
	assert_int_equal(a->findings[0].severity, IRQM_INFO);
	finish(a, s);
}

static void test_drift_of_the_sum(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	struct irqm_analysis *a;

	(void)state;
	s->matrix.global_available = 401;
	a = analyse(s);
	assert_int_equal(a->nr_findings, 1);
	assert_string_equal(a->findings[0].text,
			    "Allocator counters are wrong: global_available "
			    "is 401, should be 402 (sum of available over "
			    "online CPUs)");
	assert_int_equal(datum(a->findings, "cpus"), 0);
	assert_int_equal(datum(a->findings, "first_cpu"), U);
	finish(a, s);
}

/*
 * After such a drift available goes below 0 (irq_matrix_reserve_managed() does
 * not ask), and global_available with it: their sum is right.
 */
static void test_drift_below_zero(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	struct irqm_analysis *a;

	(void)state;
	s->cpus[1].available = UINT32_MAX;
	s->matrix.global_available = 200;
	a = analyse(s);
	assert_int_equal(a->nr_findings, 1);
	assert_string_equal(a->findings[0].text,
			    "Allocator counters are wrong: CPU 1 available is "
			    "-1, should be 201");
	assert_int_equal(datum(a->findings, "available_drift"), -202);
	assert_int_equal(datum(a->findings, "sum_available"), 200);
	finish(a, s);
}

static void test_drift_of_many_cpus(void **state)
{
	struct irqm_snapshot *s = snap_new(300);
	struct irqm_analysis *a;

	(void)state;
	for (unsigned int i = 0; i < 300; i++)
		s->cpus[i].managed = 4294967295;
	a = analyse(s);
	assert_int_equal(a->nr_findings, 1);
	assert_int_equal(datum(a->findings, "cpus"), 300);
	assert_int_equal(datum(a->findings, "managed_drift"),
			 300 * 4294967295LL);
	assert_non_null(strstr(a->findings[0].text, "CPU 3 managed"));
	assert_null(strstr(a->findings[0].text, "CPU 4 "));
	assert_non_null(strstr(a->findings[0].text, "; and 296 more CPUs"));
	finish(a, s);
}

static void test_unknown_is_no_drift(void **state)
{
	struct irqm_snapshot *s = snap_new(5);
	struct irqm_analysis *a;

	(void)state;
	s->cpus[0].managed_allocated = U; /* before Linux 4.20 */
	s->cpus[1].alloc_map.words = NULL;
	s->cpus[1].allocated = 9;
	s->cpus[2].available = U;
	s->cpus[3].managed_map.words = NULL;
	s->cpus[4].initialized = U;
	s->cpus[4].online = 0;
	s->cpus[4].available = 0;
	a = analyse(s);
	for (unsigned int i = 0; i < 5; i++)
		assert_false(a->cpus[i].drift);
	assert_int_equal(a->cpus[1].allocated, U);
	assert_int_equal(a->cpus[1].available, U);
	assert_int_equal(a->cpus[1].managed, 0);
	assert_int_equal(a->cpus[1].idle, U);
	assert_int_equal(a->cpus[3].idle, U);
	assert_int_equal(a->nr_findings, 0);
	finish(a, s);
}

/* Before Linux 4.20 the kernel does not count them: the bitmaps do. */
static void test_sum_without_managed_allocated(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	int d = snap_device(s, "a", "nvme");
	struct irqm_analysis *a;

	(void)state;
	snap_msi_irq(s, 24, d, "q");
	snap_managed(s, 24, "0-1");
	snap_start(s, 24, 1);
	s->cpus[0].managed_allocated = s->cpus[1].managed_allocated = U;
	a = analyse(s);
	assert_int_equal(a->totals.managed, 2);
	assert_int_equal(a->totals.managed_allocated, 1);
	finish(a, s);
}

static void test_sum_over_unknown_cpus(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	struct irqm_analysis *a;

	(void)state;
	/* right if CPU 1 is offline, wrong if it is online */
	s->cpus[1].online = U;
	s->matrix.global_available = 201;
	a = analyse(s);
	assert_int_equal(a->nr_findings, 0);
	assert_int_equal(a->totals.each, 201);
	assert_int_equal(a->totals.cpus, U);
	assert_int_equal(a->totals.capacity, U);
	assert_int_equal(a->totals.bitmaps_available, U);
	finish(a, s);
}

static void test_hostile_numbers(void **state)
{
	struct irqm_snapshot *s = snap_new(3);
	struct irqm_vector_owner owners[IRQM_NR_VECTORS];
	int d = snap_device(s, NULL, NULL);
	struct irqm_analysis *a;
	struct irqm_irq *irq;

	(void)state;
	irq = snap_msi_irq(s, 24, d, "x");
	*irq->apic = (struct irqm_apic){
		.vector = UINT32_MAX,
		.cpu = UINT32_MAX,
		.prev_vector = 256,
		.prev_cpu = 0,
		.cleanup_pending = U,
	};
	irq->affinity.nbits = 1; /* shorter than the CPUs are many */
	irq->msi->first_irq = UINT32_MAX;
	s->devices[d].nr_msi_descs = INT64_MAX;
	s->irqs_known = false;
	s->matrix.alloc_size = INT64_MAX;
	s->matrix.systembits_inalloc = -1;
	s->matrix.alloc_start = INT64_MAX;
	s->matrix.alloc_end = -5;
	s->matrix.global_available = INT64_MIN + 1;
	s->cpus[0].available = INT64_MAX;
	s->cpus[1].available = INT64_MAX;
	s->cpus[2].cpu = UINT32_MAX;
	a = analyse(s);
	assert_int_equal(a->accounting.lost, U);
	assert_int_equal(a->nr_findings, 2);
	assert_int_equal(datum(a->findings, "sum_available"), U);
	snap_owners(s, 0, owners);
	assert_int_equal(owners[100].owner, IRQM_OWNER_OUTSIDE);
	snap_owners(s, 2, owners);
	finish(a, s);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* The time is linear; a quadratic pass would take minutes. */
static void test_large_machine(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(1024, 20000, 5000);
	struct irqm_analysis *a;
	double start;

	(void)state;
	for (unsigned int i = 0; i < 5000; i++) {
		char name[16];

		snprintf(name, sizeof(name), "%04x:00:00.0", i);
		snap_device(s, name, i % 2 ? "nvme" : "mlx5_core");
	}
	for (unsigned int i = 0; i < 20000; i++) {
		snap_msi_irq(s, 24 + i, i / 4, NULL);
		if (i % 4 == 0 && i < 400)
			snap_managed(s, 24 + i, "all");
		else
			snap_alloc(s, 24 + i, i % 1024);
	}
	start = now();
	a = analyse(s);
	assert_true(now() - start < 2.0);
	assert_int_equal(a->accounting.lost, 100 * 1024 + 19900);
	assert_int_equal(a->accounting.unattributed, 0);
	assert_int_equal(a->nr_findings, 1);
	assert_string_equal(a->findings[0].kind->code, "managed-idle");
	finish(a, s);
}

static void test_severity_names(void **state)
{
	(void)state;
	assert_string_equal(irqm_severity_name(IRQM_INFO), "info");
	assert_string_equal(irqm_severity_name(IRQM_WARNING), "warning");
	assert_string_equal(irqm_severity_name(IRQM_CRITICAL), "critical");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cpu_check),
		cmocka_unit_test(test_drift_of_a_cpu),
		cmocka_unit_test(test_drift_by_hotplug),
		cmocka_unit_test(test_drift_of_the_sum),
		cmocka_unit_test(test_drift_below_zero),
		cmocka_unit_test(test_drift_of_many_cpus),
		cmocka_unit_test(test_unknown_is_no_drift),
		cmocka_unit_test(test_sum_without_managed_allocated),
		cmocka_unit_test(test_sum_over_unknown_cpus),
		cmocka_unit_test(test_hostile_numbers),
		cmocka_unit_test(test_large_machine),
		cmocka_unit_test(test_severity_names),
	};

	return RUN(tests);
}
