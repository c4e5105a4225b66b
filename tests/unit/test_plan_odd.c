/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plans on machines that contradict themselves, and what is said of them. */
#include "planned.h"
#include "unit.h"
#include "rendered.h"

/* What is printed of a plan of one step; to be freed. */
static char *text_of(struct irqm_snapshot *s, enum irqm_plan_kind kind,
		     const char *arg)
{
	struct irqm_plans *p = planned(s, kind, arg);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(irqm_render_plan(out, p, &defaults), 0);
	fclose(out);
	irqm_plans_free(p);
	return text;
}

/* The counter of CPU 0 says 50, its bitmap that there is none. */
static struct irqm_snapshot *drifted(void)
{
	struct irqm_snapshot *s = machine_with_full_cpu(2, 0, 0);
	unsigned int irq = 24 + 201;

	fill_cpu(s, 1, 10, &irq);
	start_all(s);
	s->cpus[0].available = 50;
	s->matrix.global_available += 50;
	return s;
}

static void stranded(void **state)
{
	struct irqm_snapshot *s = drifted();
	const struct irqm_plan_row *row;
	struct irqm_plans *p;
	char *text;

	(void)state;
	p = planned(s, IRQM_PLAN_OFFLINE, "1");
	row = &p->plans[0].rows[0];
	assert_int_equal(row->end, IRQM_PLAN_STRANDED);
	assert_int_equal(row->lost, 10);
	assert_int_equal(row->moved, 0);
	assert_int_equal(p->plans[0].after->cpus[1].online, 0);
	irqm_plans_free(p);
	text = text_of(s, IRQM_PLAN_OFFLINE, "1");
	assert_contains(text, "CPU 1 goes offline, but 10 of its interrupts "
			"find no vector elsewhere");
	assert_contains(text, "10 left behind");
	free(text);
	/* which ends no suspend: fixup_irqs() goes on */
	text = text_of(s, IRQM_PLAN_SUSPEND, NULL);
	assert_int_equal(strncmp(text, "CPU 1 goes offline, but 10", 26), 0);
	free(text);
	irqm_snapshot_free(s);
}

/* A name of the dump's is escaped in what is refused, too. */
static void names_in_errors(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	int disk = snap_device(s, "\x1b[31m0000:00:05.0", "nvme");

	(void)state;
	snap_consumer(s, disk, "nvme0", NULL, "nvme");
	snap_msi_irq(s, 24, disk, "nvme0q0")->managed = IRQM_UNKNOWN;
	refuses(s, IRQM_PLAN_REMOVE, "nvme0", "IRQ 24 of \\x1b[31m0000:00:05.0 "
		"could not be read");
	s->devices[disk].name = NULL;
	refuses(s, IRQM_PLAN_REMOVE, "nvme0", "IRQ 24 of ? could not be read");
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stranded),
		cmocka_unit_test(names_in_errors),
	};

	return RUN(tests);
}
