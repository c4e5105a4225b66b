/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"
#include "findings.h"

const char *const flag_started[] = { "IRQD_IRQ_STARTED" };
const char *const flag_shut_down[] = { "IRQD_MANAGED_SHUTDOWN" };

void set_state_flag(struct irqm_irq *irq, const char *const *flag)
{
	irq->state_flags = (const char **)flag;
	irq->nr_state_flags = 1;
}

void mark_started(struct irqm_snapshot *s, unsigned int irq)
{
	set_state_flag(snap_get(s, irq), flag_started);
}

struct irqm_irq *add_started_irq(struct irqm_snapshot *s, unsigned int irq,
				 unsigned int cpu)
{
	struct irqm_irq *i = snap_ioapic_irq(s, irq, "test");

	snap_alloc(s, irq, cpu);
	mark_started(s, irq);
	return i;
}

void add_started_irqs(struct irqm_snapshot *s, unsigned int first,
		      unsigned int nr, unsigned int cpu)
{
	while (nr--)
		add_started_irq(s, first++, cpu);
}

const struct irqm_finding *find_finding(const struct irqm_analysis *a,
					const char *code)
{
	for (unsigned int i = 0; i < a->nr_findings; i++)
		if (strcmp(a->findings[i].kind->code, code) == 0)
			return &a->findings[i];
	return NULL;
}

const struct irqm_datum *finding_datum(const struct irqm_finding *f,
				       const char *key)
{
	for (unsigned int i = 0; i < f->nr_data; i++)
		if (strcmp(f->data[i].key, key) == 0)
			return &f->data[i];
	fail_msg("%s has no datum %s", f->kind->code, key);
	return NULL;
}

void check_datum_set(const struct irqm_finding *f, const char *key,
		     const char *expected)
{
	char *list = irqm_bits_list(&finding_datum(f, key)->set);

	assert_int_equal(finding_datum(f, key)->type, IRQM_DATUM_SET);
	assert_string_equal(list, expected);
	free(list);
}

const struct irqm_finding *
expect_finding(struct irqm_analysis **a, const struct irqm_snapshot *s,
	       const char *code, enum irqm_severity severity, const char *text)
{
	const struct irqm_finding *f;

	*a = irqm_analyse(s);
	assert_non_null(*a);
	f = find_finding(*a, code);
	if (!f)
		fail_msg("no %s", code);
	assert_string_equal(f->text, text);
	assert_int_equal(f->severity, severity);
	assert_true(f->nr_data < IRQM_MAX_DATA);
	return f;
}

void check_finding(struct irqm_snapshot *s, const char *code,
		   enum irqm_severity severity, const char *text)
{
	struct irqm_analysis *a;

	expect_finding(&a, s, code, severity, text);
	irqm_analysis_free(a);
}

void check_no_finding(const struct irqm_snapshot *s, const char *code)
{
	struct irqm_analysis *a = irqm_analyse(s);
	const struct irqm_finding *f;

	assert_non_null(a);
	f = find_finding(a, code);
	if (f)
		fail_msg("%s: %s", code, f->text);
	irqm_analysis_free(a);
}

struct irqm_snapshot *machine_nearly_full(unsigned int spare)
{
	struct irqm_snapshot *s = snap_new_sized(2, 1024, 4);

	add_started_irqs(s, 1000, 201 - spare, 0);
	add_started_irqs(s, 2000, 201 - spare, 1);
	return s;
}
