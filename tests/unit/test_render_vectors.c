/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rendered.h"
#include "snap.h"

static struct irqm_snapshot *machine(unsigned int nr_cpus)
{
	struct irqm_snapshot *s = snap_new(nr_cpus);
	unsigned int v;

	s->system_vector[0] = "divide_error";
	s->system_vector[32] = "irq_move_cleanup";
	s->system_vector[236] = "local_timer";
	for (v = 237; v < 256; v++)
		s->system_vector[v] = "spurious";
	return s;
}

static void one_disk(void **state)
{
	struct irqm_snapshot *s = machine(4);

	(void)state;
	snap_virtio_blk(s, "0000:00:05.0", 24);
	snap_virtio_blk(s, "0000:00:06.0", 27);
	assert_rendered(
		irqm_render_vectors, s, NULL,
		"CPU 0: online\n"
		"VECTOR    OWNER          IRQ  DEVICE        NAME\n"
		"0-31      exceptions       -  -             -\n"
		"32        system           -  -             irq_move_cleanup\n"
		"33        IRQ             24  0000:00:05.0  virtio0-config\n"
		"34        IRQ             25  0000:00:05.0  virtio0-req.0\n"
		"35        IRQ             27  0000:00:06.0  virtio1-config\n"
		"36        IRQ             28  0000:00:06.0  virtio1-req.0\n"
		"37-49     free             -  -             -\n"
		"50        system           -  -             -\n"
		"51-127    free             -  -             -\n"
		"128       system           -  -             -\n"
		"129-235   free             -  -             -\n"
		"236       system           -  -             local_timer\n"
		"237-255   system           -  -             spurious\n"
		"\n"
		"CPU 1: online\n"
		"VECTOR    OWNER          IRQ  DEVICE        NAME\n"
		"0-31      exceptions       -  -             -\n"
		"32        system           -  -             irq_move_cleanup\n"
		"33-34     idle managed     -  -             2 for IRQs 25,28\n"
		"35-49     free             -  -             -\n"
		"50        system           -  -             -\n"
		"51-127    free             -  -             -\n"
		"128       system           -  -             -\n"
		"129-235   free             -  -             -\n"
		"236-255   system           -  -             (named above)\n"
		"\n"
		"CPU 2: online\n"
		"VECTOR    OWNER          IRQ  DEVICE        NAME\n"
		"0-31      exceptions       -  -             -\n"
		"32        system           -  -             irq_move_cleanup\n"
		"33        IRQ             26  0000:00:05.0  virtio0-req.1\n"
		"34        IRQ             29  0000:00:06.0  virtio1-req.1\n"
		"35-49     free             -  -             -\n"
		"50        system           -  -             -\n"
		"51-127    free             -  -             -\n"
		"128       system           -  -             -\n"
		"129-235   free             -  -             -\n"
		"236-255   system           -  -             (named above)\n"
		"\n"
		"CPU 3: online\n"
		"VECTOR    OWNER          IRQ  DEVICE        NAME\n"
		"0-31      exceptions       -  -             -\n"
		"32        system           -  -             irq_move_cleanup\n"
		"33-34     idle managed     -  -             2 for IRQs 26,29\n"
		"35-49     free             -  -             -\n"
		"50        system           -  -             -\n"
		"51-127    free             -  -             -\n"
		"128       system           -  -             -\n"
		"129-235   free             -  -             -\n"
		"236-255   system           -  -             (named above)\n");
}

static void what_is_wrong_is_marked(void **state)
{
	struct irqm_snapshot *s = machine(2);
	struct irqm_vector_irq *slots = s->cpus[1].vector_irq;
	struct irqm_bits some = snap_cpus(s, "1");
	struct irqm_render_options options = { .cpus = &some };
	char *text;

	(void)state;
	snap_ioapic_irq(s, 8, "rtc0");
	snap_alloc(s, 8, 1);
	snap_ioapic_irq(s, 9, "acpi");
	snap_alloc(s, 9, 1);
	snap_ioapic_irq(s, 10, "eth0");
	snap_alloc(s, 10, 1);
	snap_move(s, 10, 0);
	slots[33].slot = IRQM_SLOT_UNUSED;        /* of IRQ 8 */
	irqm_bits_set(&s->cpus[1].alloc_map, 40); /* a leak */
	slots[41].slot = IRQM_SLOT_STRAY;
	slots[41].value = 0xffff888123456780;
	slots[42].slot = IRQM_SLOT_SHUTDOWN;
	slots[43].slot = IRQM_SLOT_RETRIGGERED;
	slots[44].slot = IRQM_SLOT_IRQ;
	slots[44].irq = 9;
	text = rendered(irqm_render_vectors, s, &options);
	assert_contains(
		text,
		"33        IRQ               8  -             rtc0; MISSING: vector_irq is unused\n"
		"34        IRQ               9  -             acpi\n"
		"35        IRQ, previous    10  -             eth0\n"
		"36-39     free              -  -             -\n"
		"40        NO OWNER          -  -             allocated, but no interrupt owns it\n"
		"41        free              -  -             STRAY: vector_irq holds\n"
		"                                             ffff888123456780, no descriptor\n"
		"42        free              -  -             vector_irq: shut down\n"
		"43        free              -  -             vector_irq: retriggered\n"
		"44        free              -  -             STALE: vector_irq has IRQ 9\n"
		"45-49     free              -  -             -\n");
	free(text);
	irqm_snapshot_free(s);
}

static void equal_cpus_fold(void **state)
{
	struct irqm_snapshot *s = machine(512);
	struct irqm_render_options all = { .all = true };
	char *text, *line;
	unsigned int n = 0;

	(void)state;
	for (unsigned int i = 256; i < 512; i++)
		snap_absent(s, i);
	snap_ioapic_irq(s, 9, "acpi");
	snap_alloc(s, 9, 7);
	text = rendered(irqm_render_vectors, s, NULL);
	assert_true(strncmp(text, "CPUS 0-6: online\n", 17) == 0);
	assert_contains(text, "\n\nCPU 7: online\n");
	assert_contains(text, "\n\nCPUS 8-255: online\n");
	assert_contains(text, "\n\nCPUS 256-511: absent\n");
	free(text);
	text = rendered(irqm_render_vectors, s, &all);
	for (line = text; (line = strstr(line, "CPU ")); line++)
		n++;
	assert_int_equal(n, 512);
	assert_null(strstr(text, "named above"));
	free(text);
	irqm_snapshot_free(s);
}

static void unknown(void **state)
{
	struct irqm_snapshot *s = machine(1);
	char *text;

	(void)state;
	s->cpus[0].vector_irq = NULL;
	s->cpus[0].alloc_map.words = NULL;
	s->cpus[0].managed_map.words = NULL;
	s->cpus[0].online = IRQM_UNKNOWN;
	text = rendered(irqm_render_vectors, s, NULL);
	assert_contains(text, "CPU 0: ?; its vector_irq could not be read\n");
	assert_contains(text, "\n129-235   ?                -  -             "
			      "-\n");
	free(text);
	irqm_snapshot_free(s);
}

static void kept_for_one(void **state)
{
	struct irqm_snapshot *s = machine(2);
	char *text;

	(void)state;
	snap_ioapic_irq(s, 9, "m");
	snap_managed(s, 9, "all");
	snap_start(s, 9, 0);
	text = rendered(irqm_render_vectors, s, NULL);
	assert_contains(text,
			"idle managed     -  -             1 for IRQ 9\n");
	free(text);
	irqm_snapshot_free(s);
}

static void hostile_names(void **state)
{
	struct irqm_snapshot *s = machine(1);
	char *text;

	(void)state;
	s->system_vector[236] = "\x1b]0;owned\x07";
	text = rendered(irqm_render_vectors, s, NULL);
	assert_contains(text, "  \\x1b]0;owned\\x07\n");
	free(text);
	irqm_snapshot_free(s);
}

static void nothing_selected(void **state)
{
	struct irqm_snapshot *s = machine(1);
	struct irqm_bits none = snap_cpus(s, "");
	struct irqm_render_options options = { .cpus = &none };

	(void)state;
	assert_rendered(irqm_render_vectors, s, &options, "");
}

static void long_idle_lists_are_cut_and_said_once(void **state)
{
	struct irqm_render_options all = { .header = true, .all = true };
	struct irqm_snapshot *s = machine(4);
	unsigned int i;
	char *text;

	(void)state;
	for (i = 0; i < 30; i++)
		snap_virtio_blk(s, "0000:00:05.0", 100 + 3 * i);
	text = rendered(irqm_render_vectors, s, NULL);
	assert_contains(
		text,
		"33-49     idle managed     -  -             17 for IRQs 101,104,107,110,113,116,\n"
		"                                            119,122 and 22 more, see -a\n");
	assert_contains(
		text,
		"51-63     idle managed     -  -             13 for the same\n");
	free(text);
	text = rendered(irqm_render_vectors, s, &all);
	assert_contains(text, "182,185,188\n");
	assert_null(strstr(text, "see -a"));
	assert_contains(text, "13 for the same\n");
	free(text);
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_disk),
		cmocka_unit_test(what_is_wrong_is_marked),
		cmocka_unit_test(equal_cpus_fold),
		cmocka_unit_test(unknown),
		cmocka_unit_test(kept_for_one),
		cmocka_unit_test(hostile_names),
		cmocka_unit_test(nothing_selected),
		cmocka_unit_test(long_idle_lists_are_cut_and_said_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
