/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rendered.h"
#include "snap.h"

static unsigned int lines(const char *text)
{
	unsigned int n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static void small_machine(void **state)
{
	struct irqm_snapshot *s = snap_new(4);

	(void)state;
	snap_ioapic_irq(s, 9, "acpi");
	snap_alloc(s, 9, 1);
	snap_ioapic_irq(s, 10, NULL);
	snap_reserve(s, 10);
	snap_virtio_blk(s, "0000:00:05.0", 24);
	assert_rendered(
		irqm_render_matrix, s, NULL,
		"OK: no warnings\n"
		"\n"
		"  AVAILABLE: 798 of 804 vectors (99.3%), 4 CPUs online, 201 each\n"
		"  ALLOCATED: 4 (0.5%), 2 of them managed\n"
		"    MANAGED: 4 reserved for managed interrupts (0.5%): 2 in use, 2 idle\n"
		"   RESERVED: 1 interrupt is not in use yet: it needs a vector when it is\n"
		"\n"
		"CPU  STATE   AVAIL ALLOC MANAGED MAN-ALLOC IDLE\n"
		"0    online    199     2       1         1    0\n"
		"1    online    199     1       1         0    1\n"
		"2    online    200     1       1         1    0\n"
		"3    online    200     0       1         0    1\n");
}

static void equal_neighbours_fold(void **state)
{
	struct irqm_snapshot *s = snap_new(80);

	(void)state;
	snap_ioapic_irq(s, 9, "acpi");
	snap_alloc(s, 9, 40);
	assert_rendered(
		irqm_render_matrix, s, NULL,
		"OK: no warnings\n"
		"\n"
		"  AVAILABLE: 16079 of 16080 vectors (100.0%), 80 CPUs online, 201 each\n"
		"  ALLOCATED: 1 (0.0%)\n"
		"    MANAGED: 0\n"
		"   RESERVED: 0\n"
		"\n"
		"CPU    STATE   AVAIL ALLOC MANAGED MAN-ALLOC IDLE\n"
		"0-39   online    201     0       0         0    0\n"
		"40     online    200     1       0         0    0\n"
		"41-79  online    201     0       0         0    0\n");
}

static void all_unfolds_and_cpus_limit(void **state)
{
	struct irqm_snapshot *s = snap_new(80);
	struct irqm_bits some = snap_cpus(s, "3-5,9");
	struct irqm_render_options options = { .cpus = &some, .header = true };
	char *text;

	(void)state;
	text = rendered(irqm_render_matrix, s, &options);
	assert_contains(text, "\n3-5  online    201");
	assert_contains(text, "\n9    online    201");
	assert_int_equal(lines(text), 2 + 4 + 1 + 1 + 2);
	free(text);
	options.all = true;
	options.header = false;
	text = rendered(irqm_render_matrix, s, &options);
	assert_null(strstr(text, "STATE"));
	assert_contains(text, "\n3  online  201 0 0 0 0  -\n4  online");
	assert_int_equal(lines(text), 2 + 5 + 1 + 4);
	free(text);
	irqm_snapshot_free(s);
}

static void folded_lists_that_differ(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	char *text;

	(void)state;
	snap_ioapic_irq(s, 8, "rtc0");
	snap_ioapic_irq(s, 9, "acpi");
	snap_alloc(s, 8, 0);
	snap_alloc(s, 9, 0);
	s->cpus[1].allocated = 2;
	s->cpus[1].available -= 2;
	irqm_bits_set(&s->cpus[1].alloc_map, 40);
	irqm_bits_set(&s->cpus[1].alloc_map, 41);
	text = rendered(irqm_render_matrix, s, NULL);
	assert_contains(text, "\n0-1  online    199     2       0         0    "
			      "0\n");
	free(text);
	irqm_snapshot_free(s);
}

static void offline_and_absent(void **state)
{
	struct irqm_snapshot *s = snap_new(6);
	char *text;

	(void)state;
	snap_absent(s, 5);
	snap_absent(s, 4);
	snap_offline(s, 1);
	text = rendered(irqm_render_matrix, s, NULL);
	assert_contains(text, "603 of 603 vectors (100.0%), 3 CPUs online, "
			      "201 each\n");
	assert_contains(text,
			"CPU  STATE    AVAIL ALLOC MANAGED MAN-ALLOC IDLE\n"
			"0    online     201     0       0         0    0\n"
			"1    offline    201     0       0         0    0\n"
			"2-3  online     201     0       0         0    0\n"
			"4-5  absent       0     0       0         0    0\n");
	assert_null(strstr(text, "NOTE: online"));
	free(text);
	irqm_snapshot_free(s);
}

static void drift_is_said(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	char *text;

	(void)state;
	snap_ioapic_irq(s, 9, "acpi");
	snap_alloc(s, 9, 2);
	s->cpus[2].available += 2;
	/* freed once too often: an unsigned counter below zero */
	s->cpus[3].allocated = 4294967295;
	s->matrix.total_allocated = 3;
	s->matrix.global_available += 5;
	s->matrix.online_maps = 5;
	text = rendered(irqm_render_matrix, s, NULL);
	assert_contains(text, "201 each; the bitmaps\n"
			      "             say 803\n");
	assert_contains(text, "ALLOCATED: 3 (0.4%); the bitmaps say 1\n");
	assert_contains(text,
			"NOTE: online_maps is 5, but 4 cpumaps are online\n");
	assert_contains(text, "\n2    online! ");
	assert_contains(text, "NOTE: ! marks CPUs whose counters differ from "
			      "their bitmaps\n");
	assert_contains(
		text,
		"WARNING: allocator counters are wrong\n"
		"WARNING [counter-drift]: Allocator counters are wrong: CPU 2 available is 202,\n"
		"  should be 200; CPU 3 allocated is -1, should be 0; global_available is 808,\n");
	assert_contains(
		text, "\n  -> Install a kernel with the fix, or reboot before");
	free(text);
	irqm_snapshot_free(s);
}

static void exhausted_says_what_to_do(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(2, 2048, 4);
	unsigned int i;
	char *text;

	(void)state;
	for (i = 0; i < 402; i++) {
		snap_ioapic_irq(s, 1000 + i, "full");
		snap_alloc(s, 1000 + i, i % 2);
	}
	text = rendered(irqm_render_matrix, s, NULL);
	assert_contains(text, "CRITICAL: out of vectors\n"
			      "CRITICAL [vectors-exhausted, "
			      "cpu-offline-blocked]: All 2 online");
	assert_contains(text,
			"\n  -> Make room: -d shows what each device costs\n");
	free(text);
	irqm_snapshot_free(s);
}

/* 64 rows of two kinds are two; one that is alone is as it was. */
static void many_rows_are_merged(void **state)
{
	struct irqm_render_options all = { .all = true, .header = true };
	struct irqm_snapshot *s = snap_new(64);
	unsigned int i;
	char *text;

	(void)state;
	for (i = 0; i < 32; i++) {
		snap_ioapic_irq(s, 1000 + i, "odd");
		snap_alloc(s, 1000 + i, 2 * i + 1);
	}
	snap_ioapic_irq(s, 2000, "more");
	snap_alloc(s, 2000, 9);
	text = rendered(irqm_render_matrix, s, NULL);
	assert_contains(
		text,
		"CPU         STATE   AVAIL ALLOC MANAGED MAN-ALLOC IDLE\n"
		"32 of 0-62  online    201     0       0         0    0\n"
		"31 of 1-63  online    200     1       0         0    0\n"
		"9           online    199     2       0         0    0\n"
		"\"10 of 0-63\" means 10 of the CPUs in that range; -a lists each CPU\n");
	free(text);
	text = rendered(irqm_render_matrix, s, &all);
	assert_contains(text, "\n63   online    200 ");
	assert_null(strstr(text, " of 0-6"));
	free(text);
	irqm_snapshot_free(s);
}

/* A few CPUs with others between them are listed. */
static void few_cpus_are_listed(void **state)
{
	struct irqm_render_options some = { .header = true };
	struct irqm_snapshot *s = snap_new(8);
	struct irqm_bits cpus = snap_cpus(s, "0-4,6-7");
	static const char allocated[] = "01021011";
	unsigned int i, k, irq = 1000;
	char *text;

	(void)state;
	for (i = 0; i < 8; i++)
		for (k = '0'; k < (unsigned char)allocated[i]; k++, irq++) {
			snap_ioapic_irq(s, irq, "some");
			snap_alloc(s, irq, i);
		}
	text = rendered(irqm_render_matrix, s, NULL);
	assert_contains(text, "\n0,2,5    online    201 ");
	assert_contains(text, "\n1,4,6-7  online    200 ");
	assert_contains(text, "\n3        online    199 ");
	assert_null(strstr(text, "10 of 0-63"));
	free(text);
	/* 5 is not to be shown */
	some.cpus = &cpus;
	text = rendered(irqm_render_matrix, s, &some);
	assert_contains(text, "\n2 of 0-2  online    201 ");
	free(text);
	irqm_snapshot_free(s);
}

/* A row more takes no more room than to say so. */
static void one_row_more(void **state)
{
	struct irqm_snapshot *s = snap_new(5);
	unsigned int i, k, irq = 1000;
	char *text;

	(void)state;
	for (i = 0; i < 5; i++)
		for (k = 0; k < i; k++, irq++) {
			snap_ioapic_irq(s, irq, "some");
			snap_alloc(s, irq, i);
		}
	text = rendered(irqm_render_matrix, s, NULL);
	assert_contains(text, "\n0    online    201 ");
	assert_null(strstr(text, " more row"));
	free(text);
	irqm_snapshot_free(s);
}

/* Eight rows are too many: the four fullest, and how many more there are. */
static void the_fullest_rows(void **state)
{
	struct irqm_render_options some = { .header = true };
	struct irqm_snapshot *s = snap_new(8);
	struct irqm_bits cpus = snap_cpus(s, "0-7");
	unsigned int i, k, irq = 1000;
	char *text;

	(void)state;
	for (i = 0; i < 8; i++)
		for (k = 0; k < i; k++, irq++) {
			snap_ioapic_irq(s, irq, "some");
			snap_alloc(s, irq, i);
		}
	text = rendered(irqm_render_matrix, s, NULL);
	assert_contains(text, "IDLE\n7    online    194 ");
	assert_contains(text,
			"\n4    online    197     4       0         0    0\n"
			"... and 4 more rows of CPUs with more "
			"available; -a lists each CPU\n");
	free(text);
	some.cpus = &cpus;
	text = rendered(irqm_render_matrix, s, &some);
	assert_contains(text, "IDLE\n0    online    201 ");
	assert_contains(text, "\n7    online    194 ");
	free(text);
	irqm_snapshot_free(s);
}

/* What is no concern does not lead. */
static void notes_are_counted(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	char *text;

	(void)state;
	snap_offline(s, 3);
	s->cpus[3].available--;
	text = rendered(irqm_render_matrix, s, NULL);
	assert_contains(text, "OK: no warnings; 1 info finding "
			      "(counter-drift), see -k\n\n  AVAILABLE: ");
	free(text);
	irqm_snapshot_free(s);
}

static void unknown_is_no_zero(void **state)
{
	struct irqm_snapshot *s = snap_new(3);
	struct irqm_cpu *cpu = &s->cpus[1];

	(void)state;
	cpu->available = cpu->allocated = cpu->managed = IRQM_UNKNOWN;
	cpu->managed_allocated = cpu->online = IRQM_UNKNOWN;
	cpu->alloc_map.words = cpu->managed_map.words = NULL;
	s->matrix.global_reserved = IRQM_UNKNOWN;
	s->matrix.system_map.words = NULL;
	assert_rendered(
		irqm_render_matrix, s, NULL,
		"OK: no warnings\n"
		"\n"
		"  AVAILABLE: 603 of ? vectors, ? CPUs online, 201 each\n"
		"  ALLOCATED: 0\n"
		"    MANAGED: ? reserved for managed interrupts: ? in use, ? idle\n"
		"   RESERVED: ?\n"
		"\n"
		"CPU  STATE   AVAIL ALLOC MANAGED MAN-ALLOC IDLE\n"
		"0    online    201     0       0         0    0\n"
		"1    ?           ?     ?       ?         ?    ?\n"
		"2    online    201     0       0         0    0\n");
}

static void no_matrix_at_all(void **state)
{
	struct irqm_snapshot *s = irqm_snapshot_new();

	(void)state;
	assert_rendered(irqm_render_matrix, s, NULL,
			"INCOMPLETE: no warnings in what could be read\n"
			"\n"
			"     MATRIX: ? (vector_matrix could not be read)\n"
			"\n"
			"CPU  STATE  AVAIL ALLOC MANAGED MAN-ALLOC IDLE\n");
}

/* Before 4.20 there is no counter, but the bitmaps have the figure. */
static void kernel_without_managed_allocated(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	char *text;

	(void)state;
	snap_virtio_blk(s, "0000:00:05.0", 24);
	s->cpus[0].managed_allocated = IRQM_UNKNOWN;
	s->cpus[1].managed_allocated = IRQM_UNKNOWN;
	text = rendered(irqm_render_matrix, s, NULL);
	assert_contains(text, ": 2 in use, 0 idle\n");
	assert_contains(text, "\n0    online    199     2       1         1");
	free(text);
	irqm_snapshot_free(s);
}

static void another_mask(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	char *text;

	(void)state;
	s->dump.online = snap_cpus(s, "1");
	text = rendered(irqm_render_matrix, s, NULL);
	assert_contains(
		text,
		"       NOTE: online is cpumap.online; cpu_online_mask is 1\n");
	free(text);
	irqm_snapshot_free(s);
}

static void long_lists_wrap(void **state)
{
	struct irqm_render_options all = { .all = true, .header = true };
	struct irqm_snapshot *s = snap_new(1);
	unsigned int v;
	char *text;

	(void)state;
	for (v = 33; v < 99; v += 2)
		irqm_bits_set(&s->cpus[0].alloc_map, v);
	text = rendered(irqm_render_matrix, s, &all);
	assert_contains(
		text,
		"\n0    online!    201     0       0         0    0  33,35,37,39,41,43,45,47,49,51,\n"
		"                                                  53,55,57,59,61,63,65,67,69,71,\n"
		"                                                  73,75,77,79,81,83,85,87,89,91,\n"
		"                                                  93,95,97\n");
	free(text);
	irqm_snapshot_free(s);
}

static void many_cpus_stay_short(void **state)
{
	struct irqm_snapshot *s = snap_new(512);
	char *text;

	(void)state;
	for (unsigned int i = 256; i < 512; i++)
		snap_absent(s, i);
	text = rendered(irqm_render_matrix, s, NULL);
	assert_contains(text, "\n0-255    online ");
	assert_contains(text, "\n256-511  absent ");
	assert_true(lines(text) < 13);
	free(text);
	irqm_snapshot_free(s);
}

static void full_disk_is_an_error(void **state)
{
	struct irqm_snapshot *s = snap_new(1);
	struct irqm_analysis *a = irqm_analyse(s);
	FILE *full = fopen("/dev/full", "w");

	(void)state;
	if (!full)
		skip();
	assert_int_equal(irqm_render_matrix(full, a, &defaults), -1);
	assert_int_equal(errno, ENOSPC);
	fclose(full);
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_machine),
		cmocka_unit_test(equal_neighbours_fold),
		cmocka_unit_test(all_unfolds_and_cpus_limit),
		cmocka_unit_test(folded_lists_that_differ),
		cmocka_unit_test(offline_and_absent),
		cmocka_unit_test(drift_is_said),
		cmocka_unit_test(exhausted_says_what_to_do),
		cmocka_unit_test(many_rows_are_merged),
		cmocka_unit_test(the_fullest_rows),
		cmocka_unit_test(one_row_more),
		cmocka_unit_test(few_cpus_are_listed),
		cmocka_unit_test(notes_are_counted),
		cmocka_unit_test(unknown_is_no_zero),
		cmocka_unit_test(no_matrix_at_all),
		cmocka_unit_test(kernel_without_managed_allocated),
		cmocka_unit_test(another_mask),
		cmocka_unit_test(long_lists_wrap),
		cmocka_unit_test(many_cpus_stay_short),
		cmocka_unit_test(full_disk_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
