/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which machines are the same, and what makes one unknown. */
#include "analysed.h"

#include <string.h>

/* Two CPUs, and PCI devices 1:2 of class 3 with these names. */
static struct irqm_snapshot *two_cpus(const char *first, const char *second)
{
	struct irqm_snapshot *s = snap_new(2);
	const char *const names[] = { first, second };
	unsigned int i;

	for (i = 0; i < 2; i++) {
		int d = snap_device(s, names[i], "nvme");

		s->devices[d].pci_class = 3;
		s->devices[d].pci_vendor = 1;
		s->devices[d].pci_device = 2;
	}
	return s;
}

/* Frees s. */
static void assert_machine(struct irqm_snapshot *s, const char *expected)
{
	struct irqm_analysis *a = analyse(s);

	if (expected)
		assert_string_equal(a->machine, expected);
	else
		assert_null(a->machine);
	finish(a, s);
}

/* Frees s. */
static void assert_other(struct irqm_snapshot *s, const char *than)
{
	struct irqm_analysis *a = analyse(s);

	assert_non_null(a->machine);
	assert_string_not_equal(a->machine, than);
	finish(a, s);
}

/* SipHash-2-4 of "possible 0-1\ncpu 0 0\n...", by another program. */
#define MACHINE "8ef44e701c2599ac0f9ec517672fa6a0"

static void test_same(void **state)
{
	struct irqm_snapshot *s;

	(void)state;
	assert_machine(two_cpus("a", "b"), MACHINE);
	/* in another order, which is that of the devices' addresses */
	assert_machine(two_cpus("b", "a"), MACHINE);
	/* the kernel may use the MSIs of a HPET or not */
	s = two_cpus("a", "b");
	s->devices[snap_device(s, "hpet", "")].bus = "platform";
	assert_machine(s, MACHINE);
	/* what a device costs does not matter */
	s = two_cpus("a", "b");
	snap_msi_irq(s, 24, 1, "nvme0q0");
	snap_alloc(s, 24, 0);
	assert_machine(s, MACHINE);
}

static void test_other(void **state)
{
	struct irqm_snapshot *s = two_cpus("a", "b");

	(void)state;
	s->devices[1].pci_class = 4;
	assert_other(s, MACHINE);
	s = two_cpus("a", "b");
	s->devices[1].pci_vendor = 4;
	assert_other(s, MACHINE);
	s = two_cpus("a", "b");
	s->devices[1].pci_device = 4;
	assert_other(s, MACHINE);
	assert_other(two_cpus("a", "c"), MACHINE);
	s = two_cpus("a", "b");
	s->devices[1].bus = "platform";
	assert_other(s, MACHINE);
	s = two_cpus("a", "b");
	s->cpus[1].node = 1;
	assert_other(s, MACHINE);
	/* more CPUs could be plugged in */
	s = two_cpus("a", "b");
	s->dump.possible = snap_bits(s, 3, "0-2");
	assert_other(s, MACHINE);
}

static void test_unknown(void **state)
{
	struct irqm_snapshot *s = two_cpus("a", "b");

	(void)state;
	s->irqs_known = false;
	assert_machine(s, NULL);
	s = two_cpus("a", "b");
	snap_ioapic_irq(s, 9, "acpi")->device_unknown = true;
	assert_machine(s, NULL);
	s = two_cpus("a", "b");
	s->devices[1].pci_class = IRQM_UNKNOWN;
	assert_machine(s, NULL);
	s = two_cpus("a", "b");
	s->devices[0].name = NULL;
	assert_machine(s, NULL);
	s = two_cpus("a", "b");
	s->devices[0].bus = NULL;
	assert_machine(s, NULL);
	s = two_cpus("a", "b");
	s->cpus[1].node = IRQM_UNKNOWN;
	assert_machine(s, NULL);
	s = two_cpus("a", "b");
	s->nr_cpus = 0;
	assert_machine(s, NULL);
	s = two_cpus("a", "b");
	s->dump.possible.words = NULL;
	assert_machine(s, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_other),
		cmocka_unit_test(test_unknown),
	};

	return RUN(tests);
}
