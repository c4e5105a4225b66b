/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "two.h"

#include "analysed.h"
#include "unit.h"

void two_machines(struct two *t, unsigned int cpus)
{
	for (int i = 0; i < 2; i++) {
		t->s[i] = snap_new(cpus);
		snap_ioapic_irq(t->s[i], 9, "acpi")->chain[0].hwirq = 9;
		snap_alloc(t->s[i], 9, 1);
		snap_five_disks(t->s[i]);
	}
}

const struct irqm_diff *two_compared(struct two *t)
{
	for (int i = 0; i < 2; i++)
		t->a[i] = analyse(t->s[i]);
	t->d = irqm_diff(t->a[0], t->a[1]);
	assert_non_null(t->d);
	return t->d;
}

void two_free(struct two *t)
{
	irqm_diff_free(t->d);
	for (int i = 0; i < 2; i++)
		finish(t->a[i], t->s[i]);
}
