/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which interrupts a word, or a list of numbers, means. */
#include "unit.h"
#include "snap.h"

#include "analysis/select.h"

/* IRQs 24-26 of a virtio disk vda, 30 and 31 of a card, 9 of none, 40. */
static struct irqm_snapshot *machine(void)
{
	struct irqm_snapshot *s = snap_new(2);
	int card;

	snap_ioapic_irq(s, 9, "acpi");
	snap_virtio_blk(s, "0000:00:05.0", 24);
	snap_consumer(s, 0, "vda", NULL, "block");
	card = snap_device(s, "0000:01:00.0", "ixgbe");
	snap_msi_irq(s, 30, card, "eth0-TxRx-0");
	snap_msi_irq(s, 31, card, "eth[0]");
	snap_ioapic_irq(s, 40, NULL);
	return s;
}

typedef int (*select_fn)(struct irqm_selection *sel,
			 const struct irqm_snapshot *s, const char *arg,
			 struct irqm_error *err);

/* The numbers that args choose, one after the other; NULL: an error of this
 * text. */
static void chooses(const struct irqm_snapshot *s, select_fn select,
		    const char *arg, const char *numbers, const char *error)
{
	struct irqm_error err = { .msg = "" };
	struct irqm_selection sel;
	char got[128] = "";
	unsigned int i;
	int rc;

	assert_int_equal(irqm_selection_init(&sel, s), 0);
	rc = select(&sel, s, arg, &err);
	for (i = 0; i < sel.nr; i++)
		sprintf(got + strlen(got), "%s%u", i ? " " : "",
			s->irqs[sel.indexes[i]].irq);
	irqm_selection_deinit(&sel);
	assert_int_equal(rc, error ? -1 : 0);
	if (error)
		assert_string_equal(err.msg, error);
	assert_string_equal(got, numbers);
}

static void irqs(const char *arg, const char *numbers, const char *error)
{
	struct irqm_snapshot *s = machine();

	chooses(s, irqm_select, arg, numbers, error);
	irqm_snapshot_free(s);
}

static void devices(const char *arg, const char *numbers, const char *error)
{
	struct irqm_snapshot *s = machine();

	chooses(s, irqm_select_devices, arg, numbers, error);
	irqm_snapshot_free(s);
}

#define THERE "; the dump has 9,24-26,30-31,40"

static void test_lists(void **state)
{
	(void)state;
	irqs("9", "9", NULL);
	irqs("31,9", "31 9", NULL);
	irqs("24-26,25,9", "24 25 26 9", NULL);
	irqs("0-4294967295", "9 24 25 26 30 31 40", NULL);
	/* the others are taken all the same */
	irqs("9,10,41-50,30", "9 30", "no such IRQ: 10,41-50" THERE);
	irqs("10", "", "no such IRQ: 10" THERE);
	irqs("26-24", "", "not a list of IRQs: 26-24");
	irqs("9,,24", "9", "not a list of IRQs: 9,,24");
	irqs("9,", "9", "not a list of IRQs: 9,");
	irqs("9-", "", "not a list of IRQs: 9-");
	irqs("9--24", "", "not a list of IRQs: 9--24");
	irqs("4294967296", "", "not a list of IRQs: 4294967296");
	irqs("99999999999999999999", "",
	     "not a list of IRQs: 99999999999999999999");
}

static void test_lists_of_few(void **state)
{
	struct irqm_snapshot *s = machine();
	unsigned int i;

	(void)state;
	s->irqs_known = false;
	chooses(s, irqm_select, "10", "",
		"no such IRQ: 10 (not all "
		"descriptors could be read)");
	irqm_snapshot_free(s);
	s = snap_new(1);
	chooses(s, irqm_select, "10", "", "no such IRQ: 10; the dump has none");
	/* so many ranges that nobody reads them */
	for (i = 0; i < 100; i++)
		snap_irq(s, 2 * i + 1000, NULL);
	chooses(s, irqm_select, "10", "",
		"no such IRQ: 10; the dump has "
		"1000,1002,1004,1006,1008,1010,1012,1014,1016,1018,1020,1022,"
		"1024,1026,...");
	irqm_snapshot_free(s);
}

static void test_names(void **state)
{
	(void)state;
	irqs("acpi", "9", NULL);
	irqs("vda", "24 25 26", NULL);
	irqs("virtio0-req.*", "25 26", NULL);
	irqs("0000:01:00.0", "30 31", NULL);
	/* domain 0 need not be said */
	irqs("01:00.?", "30 31", NULL);
	/* a name is a name before it is a pattern */
	irqs("eth[0]", "31", NULL);
	irqs("eth[01]*", "30", NULL);
	irqs("ixgbe", "",
	     "no IRQ has an action, device or consumer \"ixgbe\"; "
	     "irqmatrix -i lists them");
	irqs("", "",
	     "no IRQ has an action, device or consumer \"\"; "
	     "irqmatrix -i lists them");
}

static void test_devices(void **state)
{
	(void)state;
	devices("25", "24 25 26", NULL);
	devices("31,9,24-26", "30 31 24 25 26", NULL);
	devices("eth0*", "30 31", NULL);
	devices("9", "", "9 has no MSI device");
	/* and the others all the same */
	devices("30,50", "30 31", "no such IRQ: 50" THERE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_lists_of_few),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_devices),
	};

	return RUN(tests);
}
