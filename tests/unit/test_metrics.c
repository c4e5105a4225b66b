/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rendered.h"
#include "snap.h"

/* Lines are longer than those of other views. */
static char *metrics(struct irqm_snapshot *s, irqm_num now)
{
	struct irqm_render_options o = { .now = now };
	struct irqm_analysis *a = irqm_analyse(s);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(a);
	assert_non_null(out);
	assert_int_equal(irqm_render_metrics(out, a, &o), 0);
	assert_int_equal(fclose(out), 0);
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
	return text;
}

static void assert_line(const char *text, const char *line)
{
	char whole[256];

	snprintf(whole, sizeof(whole), "\n%s\n", line);
	assert_contains(text, whole);
}

static void assert_without(const char *text, const char *name)
{
	char whole[256];

	snprintf(whole, sizeof(whole), "irqmatrix_%s", name);
	if (strstr(text, whole))
		fail_msg("%s in\n%s", whole, text);
}

static unsigned int count(const char *text, const char *part)
{
	unsigned int n = 0;

	for (; (text = strstr(text, part)); text += strlen(part))
		n++;
	return n;
}

/* CPU 2 is the fullest. A disk costs a vector and one on each CPU, see
 * snap_virtio_blk(). */
static void small_machine(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	char *text;

	(void)state;
	snap_ioapic_irq(s, 9, "acpi");
	snap_alloc(s, 9, 2);
	snap_ioapic_irq(s, 10, NULL);
	snap_reserve(s, 10);
	snap_virtio_blk(s, "0000:00:05.0", 24);
	snap_alloc(s, 10, 2);
	text = metrics(s, 1700000000);
	assert_line(text, "irqmatrix_vectors_capacity 804");
	assert_line(text, "irqmatrix_vectors_available 797");
	assert_line(text, "irqmatrix_vectors_allocated 5");
	assert_line(text, "irqmatrix_managed_in_use 2");
	assert_line(text, "irqmatrix_managed_idle 2");
	assert_line(text, "irqmatrix_cpus_online 4");
	assert_line(text, "irqmatrix_cpus_full 0");
	assert_line(text, "irqmatrix_cpu_vectors_available_min 198");
	assert_line(text, "irqmatrix_cpu_with_fewest_vectors 2");
	assert_line(text, "irqmatrix_other_vectors 2");
	assert_line(text, "irqmatrix_driver_devices{driver=\"virtio_blk\"} 1");
	assert_line(text, "irqmatrix_driver_vectors{driver=\"virtio_blk\"} 5");
	/* the sum is the limit: 797 / 5; CPU 2 has room for 198 */
	assert_line(text,
		    "irqmatrix_driver_room_devices{driver=\"virtio_blk\"} 159");
	assert_line(text,
		    "irqmatrix_findings_by_severity{severity=\"critical\"} 0");
	assert_line(text, "irqmatrix_unread_parts 0");
	assert_line(text, "irqmatrix_last_run_timestamp_seconds 1700000000");
	free(text);
}

static void offline_cpus_do_not_count(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	unsigned int irq;
	char *text;

	(void)state;
	/* CPU 3 is full: 201 vectors; then CPU 0 goes offline with few */
	for (irq = 20; irq < 221; irq++) {
		snap_ioapic_irq(s, irq, NULL);
		snap_alloc(s, irq, 3);
	}
	snap_ioapic_irq(s, 230, NULL);
	snap_offline(s, 0);
	text = metrics(s, 0);
	assert_line(text, "irqmatrix_vectors_capacity 603");
	assert_line(text, "irqmatrix_cpus_online 3");
	assert_line(text, "irqmatrix_cpus_full 1");
	assert_line(text, "irqmatrix_cpu_vectors_available_min 0");
	assert_line(text, "irqmatrix_cpu_with_fewest_vectors 3");
	assert_without(text, "last_run_timestamp_seconds");
	free(text);

	/* the full one is offline: the others are not */
	s = snap_new(4);
	for (irq = 20; irq < 221; irq++) {
		snap_ioapic_irq(s, irq, NULL);
		snap_alloc(s, irq, 3);
	}
	snap_offline(s, 3);
	text = metrics(s, 0);
	assert_line(text, "irqmatrix_cpus_full 0");
	assert_line(text, "irqmatrix_cpu_vectors_available_min 201");
	free(text);
}

/* A CPU whose bitmap is unknown may be the fullest one. */
static void unknown_is_left_out(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	char *text;

	(void)state;
	snap_virtio_blk(s, "0000:00:05.0", 24);
	s->cpus[1].alloc_map.words = NULL;
	s->matrix.global_reserved = IRQM_UNKNOWN;
	s->log.known = false;
	snap_unread(s, "alloc_map of CPU 1", 0xffff888000001000, IRQM_EXCLUDED);
	s->unread_dropped = 2;
	text = metrics(s, 1700000000);
	assert_without(text, "vectors_available");
	assert_without(text, "vectors_allocated");
	assert_without(text, "vectors_reserved");
	assert_without(text, "managed_in_use");
	assert_without(text, "managed_idle");
	assert_without(text, "cpus_full");
	assert_without(text, "cpu_vectors_available_min");
	assert_without(text, "cpu_with_fewest_vectors");
	assert_without(text, "driver_room_devices");
	assert_without(text, "failed_devices");
	assert_line(text, "irqmatrix_vectors_capacity 804");
	assert_line(text, "irqmatrix_driver_devices{driver=\"virtio_blk\"} 1");
	assert_line(text, "irqmatrix_unread_parts 3");
	free(text);

	s = snap_new(2);
	s->log.known = true;
	s->cpus[1].online = IRQM_UNKNOWN;
	text = metrics(s, 0);
	assert_without(text, "cpus_full");
	assert_without(text, "cpu_vectors_available_min");
	assert_line(text, "irqmatrix_failed_devices 0");
	free(text);
}

static void add_device(struct irqm_snapshot *s, unsigned int i,
		       const char *driver)
{
	char name[32];
	int device;

	snprintf(name, sizeof(name), "0000:%02x:00.0", i);
	device = snap_device(s, irqm_arena_strdup(s->arena, name), driver);
	snap_msi_irq(s, 24 + i, device, "x");
	snap_alloc(s, 24 + i, 0);
}

/* The collector refuses a file with two equal series or a broken label. */
static void labels(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	char *text;

	(void)state;
	s->dump.release = "6.1\"\n";
	add_device(s, 0, "a\"b\\c\nd\xff");
	/* the same after escaping, and a device without a driver */
	add_device(s, 1, "a\"b\\c\\x0ad\xff");
	add_device(s, 2, "");
	add_device(s, 3, NULL);
	text = metrics(s, 0);
	assert_line(text, "irqmatrix_kernel_info{release=\"6.1\\\"\\\\x0a\","
			  "live=\"false\"} 1");
	assert_line(
		text,
		"irqmatrix_driver_vectors{driver=\"a\\\"b\\\\c\\\\x0ad\\\\xff\"} 1");
	assert_int_equal(count(text, "irqmatrix_driver_vectors{"), 1);
	free(text);
}

static void drivers_are_limited(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	unsigned int i;
	char *text;

	(void)state;
	for (i = 0; i < 70; i++) {
		char *name = irqm_arena_alloc(s->arena, 1, 16);

		snprintf(name, 16, "driver%02u", i);
		add_device(s, i, name);
	}
	text = metrics(s, 0);
	assert_int_equal(count(text, "irqmatrix_driver_devices{"), 64);
	assert_int_equal(count(text, "irqmatrix_driver_room_devices{"), 64);
	free(text);
}

static void findings_by_code_and_severity(void **state)
{
	struct irqm_snapshot *s = snap_new(1);
	unsigned int irq;
	char *text;

	(void)state;
	for (irq = 20; irq < 221; irq++) {
		snap_ioapic_irq(s, irq, NULL);
		snap_alloc(s, irq, 0);
	}
	text = metrics(s, 0);
	assert_line(text, "irqmatrix_findings{code=\"vectors-exhausted\","
			  "severity=\"critical\"} 1");
	assert_line(text,
		    "irqmatrix_findings_by_severity{severity=\"critical\"} 1");
	assert_int_equal(count(text, "code=\"vectors-exhausted\""), 1);
	assert_int_equal(count(text, "code=\"counter-drift\""), 0);
	free(text);
	/* none: three rows, and no head of what has no samples */
	text = metrics(snap_new(2), 0);
	assert_line(text, "irqmatrix_cpu_with_fewest_vectors 0");
	assert_int_equal(count(text, "irqmatrix_findings_by_severity{"), 3);
	assert_without(text, "findings ");
	assert_without(text, "driver_");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_machine),
		cmocka_unit_test(offline_cpus_do_not_count),
		cmocka_unit_test(unknown_is_left_out),
		cmocka_unit_test(labels),
		cmocka_unit_test(drivers_are_limited),
		cmocka_unit_test(findings_by_code_and_severity),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
