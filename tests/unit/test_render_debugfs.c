/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The expected text follows the format strings of irq_matrix_debug_show()
 * in kernel/irq/matrix.c, blank for blank, with ind 0.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rendered.h"
#include "snap.h"

static struct irqm_snapshot *machine(void)
{
	struct irqm_snapshot *s = snap_new(4);

	snap_ioapic_irq(s, 9, "acpi");
	snap_alloc(s, 9, 1);
	snap_ioapic_irq(s, 10, NULL);
	snap_reserve(s, 10);
	snap_virtio_blk(s, "0000:00:05.0", 24);
	return s;
}

static void as_the_kernel(void **state)
{
	(void)state;
	assert_rendered(irqm_render_debugfs, machine(), NULL,
"Online bitmaps:        4\n"
"Global available:    798\n"
"Global reserved:       1\n"
"Total allocated:       4\n"
"System: 44: 0-19,29,32,50,128,236-255\n"
" | CPU | avl | man | mac | act | vectors\n"
"     0   199     1     1    2  33-34\n"
"     1   199     1     0    1  33\n"
"     2   200     1     1    1  33\n"
/* "%*pbl" of nothing: the blanks in front of it are the kernel's */
"     3   200     1     0    0  \n");
}

/* The same arguments through the kernel's own format strings. */
static void format_strings(void **state)
{
	struct irqm_snapshot *s = machine();
	const struct irqm_cpu *cm = &s->cpus[2];
	char *text, line[128];

	(void)state;
	cm = &s->cpus[2];
	text = rendered(irqm_render_debugfs, s, NULL);
	snprintf(line, sizeof(line), "%*s| CPU | avl | man | mac | act | "
		 "vectors\n", 0, " ");
	assert_contains(text, line);
	snprintf(line, sizeof(line), "%*s %4d  %4u  %4u  %4u %4u  %s\n", 0,
		 " ", cm->cpu, (unsigned int)cm->available,
		 (unsigned int)cm->managed,
		 (unsigned int)cm->managed_allocated,
		 (unsigned int)cm->allocated, "33");
	assert_contains(text, line);
	free(text);
	irqm_snapshot_free(s);
}

static void before_managed_allocated(void **state)
{
	struct irqm_snapshot *s = machine();

	(void)state;
	for (unsigned int i = 0; i < s->nr_cpus; i++)
		s->cpus[i].managed_allocated = IRQM_UNKNOWN;
	snap_offline(s, 3);
	assert_rendered(irqm_render_debugfs, s, NULL,
"Online bitmaps:        3\n"
"Global available:    598\n"
"Global reserved:       1\n"
"Total allocated:       4\n"
"System: 44: 0-19,29,32,50,128,236-255\n"
" | CPU | avl | man | act | vectors\n"
"     0   199     1     2  33-34\n"
"     1   199     1     1  33\n"
"     2   200     1     1  33\n");
}

static void unknown_keeps_its_place(void **state)
{
	struct irqm_snapshot *s = machine();
	struct irqm_cpu *cpu = &s->cpus[0];

	(void)state;
	cpu->available = cpu->managed = cpu->managed_allocated = IRQM_UNKNOWN;
	cpu->allocated = cpu->online = IRQM_UNKNOWN;
	cpu->alloc_map.words = NULL;
	s->matrix.global_reserved = IRQM_UNKNOWN;
	s->matrix.system_map.words = NULL;
	snap_offline(s, 3);
	snap_offline(s, 2);
	assert_rendered(irqm_render_debugfs, s, NULL,
"Online bitmaps:        2\n"
"Global available:    398\n"
"Global reserved:       ?\n"
"Total allocated:       4\n"
"System: ?: ?\n"
" | CPU | avl | man | mac | act | vectors\n"
"     0     ?     ?     ?    ?  ?\n"
"     1   199     1     0    1  33\n");
}

static void cpus_limit(void **state)
{
	struct irqm_snapshot *s = machine();
	struct irqm_bits some = snap_cpus(s, "2");
	struct irqm_render_options options = { .cpus = &some };
	char *text = rendered(irqm_render_debugfs, s, &options);

	(void)state;
	assert_contains(text, "vectors\n     2   200     1     1    1  33\n");
	assert_null(strstr(text, "\n     0"));
	assert_null(strstr(text, "\n     3"));
	free(text);
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_the_kernel),
		cmocka_unit_test(format_strings),
		cmocka_unit_test(before_managed_allocated),
		cmocka_unit_test(unknown_keeps_its_place),
		cmocka_unit_test(cpus_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
