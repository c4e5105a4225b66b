/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rendered.h"
#include "snap.h"

static const char *shutdown_flags[] = {
	"IRQD_ACTIVATED",
	"IRQD_MANAGED_SHUTDOWN",
};
static const char *disabled_flags[] = { "IRQD_IRQ_DISABLED" };

static void small_machine(void **state)
{
	struct irqm_snapshot *s = snap_new(4);

	(void)state;
	snap_irq(s, 2, NULL);
	snap_ioapic_irq(s, 9, "acpi");
	snap_alloc(s, 9, 1);
	snap_ioapic_irq(s, 10, NULL);
	snap_reserve(s, 10);
	snap_virtio_blk(s, "0000:00:05.0", 24);
	assert_rendered(
		irqm_render_irqs, s, NULL,
		"IRQ  DEVICE        ACTION          CPU VECTOR  AFFINITY  EFFECTIVE  FLAGS\n"
		"  2  -             -                 -      -  0-3       0          -\n"
		"  9  -             acpi              1     33  0-3       1          -\n"
		" 10  -             -                 -      -  0-3       -          R\n"
		" 24  0000:00:05.0  virtio0-config    0     33  0-3       0          -\n"
		" 25  0000:00:05.0  virtio0-req.0     0     34  0-1       0          M\n"
		" 26  0000:00:05.0  virtio0-req.1     2     33  2-3       2          M\n"
		"\n"
		"      FLAGS: M managed, R reserved without a vector\n");
}

static void every_flag(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	struct irqm_irq *irq;

	(void)state;
	irq = snap_ioapic_irq(s, 8, "a");
	irq->state_flags = disabled_flags;
	irq->nr_state_flags = 1;
	irq = snap_ioapic_irq(s, 9, "b");
	snap_alloc(s, 9, 1);
	snap_move(s, 9, 2);
	irq->apic->cleanup_pending = 1;
	irq->setaffinity_pending = 1;
	irq = snap_ioapic_irq(s, 10, "c");
	snap_managed(s, 10, "3");
	irq->state_flags = shutdown_flags;
	irq->nr_state_flags = 2;
	snap_ioapic_irq(s, 11, NULL);
	snap_reserve(s, 11);
	assert_rendered(
		irqm_render_irqs, s, NULL,
		"IRQ  DEVICE  ACTION  CPU VECTOR PREV  AFFINITY  EFFECTIVE  FLAGS\n"
		"  8  -       a         -      -    -  0-3       -          d\n"
		"  9  -       b         2     33 33@1  0-3       2          Pmc\n"
		" 10  -       c         -      -    -  3         -          MS\n"
		" 11  -       -         -      -    -  0-3       -          R\n"
		"\n"
		"      FLAGS: M managed, S managed and shut down, R reserved without a vector,\n"
		"             P affinity change pending, m move in progress, c cleanup pending,\n"
		"             d disabled\n");
}

static void unknown_is_no_zero(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	struct irqm_irq *irq;
	char *text;

	(void)state;
	irq = snap_ioapic_irq(s, 9, "acpi");
	irq->apic = NULL; /* but its level has chip_data */
	irq->affinity.words = irq->effective_affinity.words = NULL;
	irq->device_unknown = true;
	irq = snap_ioapic_irq(s, 10, "none");
	irq->apic = NULL;
	irq->chain[1].chip_data = 0;
	irq = snap_irq(s, 11, "cut");
	irq->chain_cut = true;
	irq->state = IRQM_UNKNOWN;
	s->irqs_known = false;
	text = rendered(irqm_render_irqs, s, NULL);
	assert_contains(
		text,
		"IRQ  DEVICE  ACTION  CPU VECTOR PREV  AFFINITY  EFFECTIVE  FLAGS\n"
		"  9  ?       acpi      ?      ?    ?  ?         ?          ?\n"
		" 10  -       none      -      -    -  0-1       0          -\n"
		" 11  -       cut       ?      ?    ?  0-1       ?          ?\n"
		"incomplete: ");
	free(text);
	irqm_snapshot_free(s);
}

static void cpus_limit(void **state)
{
	struct irqm_snapshot *s = snap_new(8);
	struct irqm_bits some = snap_cpus(s, "5");
	struct irqm_render_options options = { .cpus = &some };

	(void)state;
	snap_ioapic_irq(s, 8, "by-affinity");
	snap_ioapic_irq(s, 9, "by-vector")->affinity = snap_cpus(s, "1");
	snap_alloc(s, 9, 5);
	snap_ioapic_irq(s, 10, "by-previous")->affinity = snap_cpus(s, "1");
	snap_alloc(s, 10, 5);
	snap_move(s, 10, 1);
	snap_ioapic_irq(s, 11, "not")->affinity = snap_cpus(s, "1");
	assert_rendered(irqm_render_irqs, s, &options,
			" 8  -  by-affinity  -  -    -  0-7  -  -\n"
			" 9  -  by-vector    5 33    -  1    5  -\n"
			"10  -  by-previous  1 33 34@5  1    1  m\n");
}

static void long_lists_and_names_wrap(void **state)
{
	struct irqm_snapshot *s = snap_new(64);
	struct irqm_irq *irq = snap_ioapic_irq(s, 9, "acpi");
	char *text;

	(void)state;
	snap_alloc(s, 9, 1);
	irq->affinity = snap_cpus(s, "0,2,4,6,8,10,12,14,16,18,20,22,24,26,28,"
				     "30,32,34,36,38,40,42,44,46,48,50,52");
	irq->nr_actions = 2;
	irq->actions = (struct irqm_action[]){
		{ .name = "ehci_hcd:usb1" },
		{ .name = "\x1b]0;i801 smbus" },
	};
	text = rendered(irqm_render_irqs, s, NULL);
	assert_contains(text, "ehci_hcd:usb1,");
	assert_contains(text, "\\x1b]0;i801");
	assert_null(strchr(text, '\x1b'));
	free(text);
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_machine),
		cmocka_unit_test(every_flag),
		cmocka_unit_test(unknown_is_no_zero),
		cmocka_unit_test(cpus_limit),
		cmocka_unit_test(long_lists_and_names_wrap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
