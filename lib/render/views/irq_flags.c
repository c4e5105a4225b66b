/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/views/irq_flags.h"

#include "analysis/analysis.h"
#include "render/table.h"
#include "render/text.h"

static bool is_managed(const struct irqm_irq *irq)
{
	return irq->managed == 1;
}

static bool is_pending(const struct irqm_irq *irq)
{
	return irq->setaffinity_pending == 1;
}

static bool is_shutdown(const struct irqm_irq *irq)
{
	return irqm_has_state(irq, "IRQD_MANAGED_SHUTDOWN");
}

static bool is_reserved(const struct irqm_irq *irq)
{
	return irq->apic && irq->apic->has_reserved;
}

static bool is_moving(const struct irqm_irq *irq)
{
	return irq->apic && irq->apic->move_in_progress;
}

static bool is_cleanup(const struct irqm_irq *irq)
{
	return irq->apic && irq->apic->cleanup_pending == 1;
}

static bool is_disabled(const struct irqm_irq *irq)
{
	return irq->nr_actions && irqm_has_state(irq, "IRQD_IRQ_DISABLED");
}

static const struct flag {
	char letter;
	const char *meaning;
	bool (*test)(const struct irqm_irq *irq);
} flags[] = {
	{ 'M', "managed", is_managed },
	{ 'S', "managed and shut down", is_shutdown },
	{ 'R', "reserved without a vector", is_reserved },
	{ 'P', "affinity change pending", is_pending },
	{ 'm', "move in progress", is_moving },
	{ 'c', "cleanup pending", is_cleanup },
	{ 'd', "disabled", is_disabled },
};

#define NR_FLAGS ARRAY_SIZE(flags)

unsigned int irqm_irq_flags(const struct irqm_irq *irq)
{
	unsigned int i, ret = 0;

	for (i = 0; i < NR_FLAGS; i++)
		if (flags[i].test(irq))
			ret |= 1U << i;
	return ret;
}

void irqm_put_irq_flags(FILE *out, const struct irqm_irq *irq)
{
	unsigned int i, set = irqm_irq_flags(irq);

	for (i = 0; i < NR_FLAGS; i++)
		if (set & 1U << i)
			fputc(flags[i].letter, out);
	if (irq->state == IRQM_UNKNOWN || irqm_has_apic(irq) == IRQM_UNKNOWN ||
	    (!irq->nr_actions && irq->actions_cut &&
	     irqm_has_state(irq, "IRQD_IRQ_DISABLED")))
		fputc('?', out);
	else if (!set)
		fputc('-', out);
}

int irqm_render_irq_flags(FILE *out, unsigned int set)
{
	const char *comma = "";
	const char *p;
	struct irqm_table t;
	FILE *cell = NULL;
	unsigned int i;

	if (irqm_fields_init(&t) < 0)
		return -1;
	for (i = 0; i < NR_FLAGS; i++) {
		if (!(set & 1U << i))
			continue;
		if (!cell) {
			fputc('\n', out);
			cell = irqm_field(&t, "FLAGS");
		}
		fprintf(cell, "%s%c" IRQM_NBSP, comma, flags[i].letter);
		for (p = flags[i].meaning; *p; p++)
			fputc(*p == ' ' ? *IRQM_NBSP : *p, cell);
		comma = ", ";
	}
	return irqm_table_print(&t, out, false);
}
