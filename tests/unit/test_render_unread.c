/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rendered.h"
#include "snap.h"

static int unread(FILE *out, const struct irqm_analysis *a,
		  const struct irqm_render_options *options)
{
	(void)options;
	return irqm_render_unread(out, a);
}

static int live(FILE *out, const struct irqm_analysis *a,
		const struct irqm_render_options *options)
{
	(void)options;
	return irqm_render_live(out, a);
}

static void of_a_running_system(void **state)
{
	struct irqm_snapshot *s = snap_new(1);

	(void)state;
	s->dump.live = true;
	assert_rendered(
		live, s, NULL,
		"\nNOTE: read from a running machine; figures may disagree\n");
	assert_rendered(live, snap_new(1), NULL, "");
}

static void nothing(void **state)
{
	(void)state;
	assert_rendered(unread, snap_new(1), NULL, "");
}

static void some(void **state)
{
	struct irqm_snapshot *s = snap_new(1);

	(void)state;
	snap_unread(s, "irq_desc of IRQ 31", 0xffff888100001000ULL,
		    IRQM_EXCLUDED);
	snap_unread(s, "name \x1b[31m", 0, IRQM_BAD_POINTER);
	assert_rendered(
		unread, s, NULL,
		"\n"
		"could not read: irq_desc of IRQ 31 at ffff888100001000 (excluded)\n"
		"could not read: name \\x1b[31m (bad-pointer)\n");
}

static void alike(void **state)
{
	struct irqm_snapshot *s = snap_new(1);

	(void)state;
	snap_unread(s, "irqaction of IRQ 9", 0x1000, IRQM_EXCLUDED);
	snap_unread(s, "irqaction of IRQ 31", 0x2000, IRQM_EXCLUDED);
	snap_unread(s, "irqaction of IRQ 31", 0x2000, IRQM_INVALID);
	snap_unread(s, "irqaction of IRQ", 0x2000, IRQM_INVALID);
	assert_rendered(
		unread, s, NULL,
		"\n"
		"could not read: irqaction of IRQ 9 and 1 like it (excluded)\n"
		"could not read: irqaction of IRQ 31 at 2000 (invalid)\n"
		"could not read: irqaction of IRQ at 2000 (invalid)\n"
		"irqmatrix -j lists them all\n");
}

static void many(void **state)
{
	struct irqm_snapshot *s = snap_new(1);
	const char *last;
	char *text, what[2] = "a";

	(void)state;
	for (; what[0] <= 'y'; what[0]++)
		snap_unread(s, what, 0x1000, IRQM_UNMAPPED);
	text = rendered(unread, s, NULL);
	last = strstr(text, "and ");
	assert_non_null(last);
	assert_string_equal(last, "and 5 more\n"
				  "irqmatrix -j lists them all\n");
	assert_int_equal(last - text, 1 + 20 * strlen("could not read: a at "
						      "1000 (unmapped)\n"));
	free(text);
	/* these are not in the JSON document either */
	s->unread_dropped = 3;
	text = rendered(unread, s, NULL);
	assert_contains(text, "\nand 8 more\n");
	free(text);
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_a_running_system),
		cmocka_unit_test(nothing),
		cmocka_unit_test(some),
		cmocka_unit_test(alike),
		cmocka_unit_test(many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
