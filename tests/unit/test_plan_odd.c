/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plans on machines that contradict themselves, and what is said of them. */
#include "planned.h"

#include "plan/kernel.h"
#include "plan/run.h"
#include "unit.h"
#include "rendered.h"
#include "json_doc.h"

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
	assert_contains(
		text,
		"CPU 1 goes offline, but 10 of its interrupts lose their vector: none is free\n"
		"elsewhere (-28, ENOSPC).");
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
	refuses(s, IRQM_PLAN_REMOVE, "nvme0",
		"--remove \\x1b[31m0000:00:05.0"
		": its IRQ 24 could not be read");
	s->devices[disk].name = NULL;
	refuses(s, IRQM_PLAN_REMOVE, "nvme0",
		"--remove ?: its IRQ 24 could "
		"not be read");
	irqm_snapshot_free(s);
}

/* Two CPUs with left vectors in all; IRQ 9 has a vector and is used, 10 has
 * none. */
static struct irqm_snapshot *machine_with_lines(unsigned int left)
{
	struct irqm_snapshot *s = snap_new_sized(2, 1024, 4);
	unsigned int irq = 24;

	snap_ioapic_irq(s, 9, "acpi");
	snap_alloc(s, 9, 0);
	start_all(s);
	snap_ioapic_irq(s, 10, NULL);
	fill_cpu(s, 0, 200 - left, &irq);
	fill_cpu(s, 1, 201, &irq);
	return s;
}

static enum irqm_plan_end end_of(struct irqm_snapshot *s,
				 enum irqm_plan_kind kind, const char *arg)
{
	struct irqm_plans *p = planned(s, kind, arg);
	enum irqm_plan_end end = p->plans[0].rows[0].end;

	irqm_plans_free(p);
	return end;
}

/* The last that virtio tries. */
static void lines(void **state)
{
	struct irqm_snapshot *s = machine_with_lines(0);
	char *text;

	(void)state;
	assert_int_equal(end_of(s, IRQM_PLAN_ADD, "virtio_blk:2,line=9"),
			 IRQM_PLAN_LINE);
	assert_int_equal(end_of(s, IRQM_PLAN_ADD, "virtio_blk:2,line=10"),
			 IRQM_PLAN_FAILS);
	assert_int_equal(end_of(s, IRQM_PLAN_ADD, "virtio_blk:2"),
			 IRQM_PLAN_NO_VECTORS);
	text = text_of(s, IRQM_PLAN_ADD, "virtio_blk:2,line=10");
	assert_contains(text, "Its probe fails with that error.");
	free(text);
	text = text_of(s, IRQM_PLAN_ADD, "virtio_blk:2,line=9");
	assert_contains(text, "works with INTx, without MSI.");
	free(text);
	text = text_of(s, IRQM_PLAN_ADD, "pcieport:0");
	assert_contains(text, "those of its services");
	free(text);
	text = text_of(s, IRQM_PLAN_ADD, "ixgbe:1");
	assert_contains(text, "`ip link set up` fails with that error.");
	free(text);
	irqm_snapshot_free(s);

	/* one is left: not enough for MSI-X, but for the line */
	s = machine_with_lines(1);
	assert_int_equal(end_of(s, IRQM_PLAN_ADD, "virtio_blk:2,line=10"),
			 IRQM_PLAN_LINE);
	/* also if its own CPUs are offline, as any other has to do then */
	snap_get(s, 10)->affinity = snap_cpus(s, "1");
	snap_offline(s, 1);
	assert_int_equal(end_of(s, IRQM_PLAN_ADD, "virtio_blk:2,line=10"),
			 IRQM_PLAN_LINE);
	irqm_snapshot_free(s);
}

/* What was asked for and waits counts as the CPU goes: it is not broken. */
static void pending_affinity(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	struct irqm_irq *irq = snap_ioapic_irq(s, 9, "acpi");
	const struct irqm_plan_row *row;
	struct irqm_plans *p;

	(void)state;
	snap_alloc(s, 9, 3);
	start_all(s);
	irq->affinity = snap_cpus(s, "3");
	assert_int_equal(end_of(s, IRQM_PLAN_OFFLINE, "3"), IRQM_PLAN_FITS);
	p = planned(s, IRQM_PLAN_OFFLINE, "3");
	assert_int_equal(p->plans[0].rows[0].broken, 1);
	irqm_plans_free(p);
	irq->setaffinity_pending = 1;
	irq->pending_mask = snap_cpus(s, "1");
	p = planned(s, IRQM_PLAN_OFFLINE, "3");
	row = &p->plans[0].rows[0];
	assert_int_equal(row->broken, 0);
	assert_int_equal(row->moved, 1);
	assert_int_equal(p->plans[0].after->cpus[1].allocated, 1);
	irqm_plans_free(p);
	/* but not one that is itself offline */
	snap_offline(s, 1);
	p = planned(s, IRQM_PLAN_OFFLINE, "3");
	assert_int_equal(p->plans[0].rows[0].broken, 1);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

/* IRQ 9 came from CPU 1 to 2, and holds a vector on both. */
static struct irqm_snapshot *moving(void)
{
	struct irqm_snapshot *s = snap_new(4);

	snap_msi_irq(s, 9, snap_device(s, "0000:00:05.0", "e1000e"), "eth0");
	snap_alloc(s, 9, 1);
	snap_move(s, 9, 2);
	start_all(s);
	return s;
}

/* irq_force_complete_move(), clear_irq_vector() */
static void previous_vectors(void **state)
{
	struct irqm_snapshot *s = moving();
	const struct irqm_snapshot *after;
	struct irqm_plans *p;

	(void)state;
	/* whichever of the two goes: the old vector is given back */
	p = planned(s, IRQM_PLAN_OFFLINE, "1");
	after = p->plans[0].after;
	assert_int_equal(p->plans[0].rows[0].moved, 0);
	assert_int_equal(after->cpus[1].allocated, 0);
	assert_int_equal(after->cpus[2].allocated, 1);
	assert_int_equal(after->matrix.total_allocated, 1);
	irqm_plans_free(p);
	p = planned(s, IRQM_PLAN_OFFLINE, "2");
	after = p->plans[0].after;
	assert_int_equal(p->plans[0].rows[0].moved, 1);
	assert_int_equal(after->cpus[2].allocated, 0);
	assert_int_equal(after->cpus[0].allocated + after->cpus[1].allocated +
				 after->cpus[3].allocated,
			 1);
	irqm_plans_free(p);
	/* a third is none of its business */
	p = planned(s, IRQM_PLAN_OFFLINE, "3");
	assert_int_equal(p->plans[0].after->matrix.total_allocated, 2);
	irqm_plans_free(p);
	p = planned(s, IRQM_PLAN_REMOVE, "00:05.0");
	after = p->plans[0].after;
	assert_int_equal(after->matrix.total_allocated, 0);
	assert_int_equal(after->cpus[1].allocated, 0);
	assert_int_equal(after->cpus[2].allocated, 0);
	assert_int_equal(after->matrix.global_available, 4 * 201);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

/* What masks rest on has to be known, and must not contradict itself. */
static void topology(void **state)
{
	struct irqm_snapshot *s = snap_new(4);

	(void)state;
	s->cpus[2].siblings.words = NULL;
	refuses(s, IRQM_PLAN_ADD, "nvme:2", "the thread siblings of CPU ");
	irqm_snapshot_free(s);
	/* CPU 1 is in two clusters; CPU 2 not in its own */
	s = snap_new(4);
	s->cpus[0].cluster = snap_cpus(s, "0-1");
	s->cpus[2].cluster = snap_cpus(s, "1,3");
	refuses(s, IRQM_PLAN_ADD, "nvme:4",
		"clusters of CPU 2 and others "
		"contradict");
	irqm_snapshot_free(s);
	/* more CPUs in clusters than there are */
	s = snap_new(4);
	s->cpus[0].cluster = snap_cpus(s, "0-1");
	s->cpus[2].cluster = snap_cpus(s, "1-3");
	refuses(s, IRQM_PLAN_ADD, "nvme:4",
		"clusters of CPU 2 and others "
		"contradict");
	irqm_snapshot_free(s);
	s = snap_new(2);
	s->cpus[1].node = IRQM_UNKNOWN;
	refuses(s, IRQM_PLAN_ADD, "nvme:2", "node of CPU 1");
	irqm_snapshot_free(s);
}

/* What there is nothing to be done with. */
static void no_machine(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	struct irqm_plan_request r = { 0 };
	struct irqm_error err;
	unsigned int i;

	(void)state;
	s->nr_cpus = 0;
	refuses(s, IRQM_PLAN_SUSPEND, NULL,
		"the list of CPUs could not be "
		"read");
	s->nr_cpus = 2;
	s->matrix.alloc_end = 257;
	refuses(s, IRQM_PLAN_SUSPEND, NULL, "the range of the vector matrix");
	s->matrix.alloc_end = 31;
	refuses(s, IRQM_PLAN_SUSPEND, NULL, "the range of the vector matrix");
	s->matrix.alloc_end = 236;
	s->cpus[1].available = 1LL << 32;
	refuses(s, IRQM_PLAN_SUSPEND, NULL, "the cpumap of CPU 1");
	s->cpus[1].available = 201;
	for (i = 0; i < IRQM_PLAN_MAX_STEPS; i++)
		assert_int_equal(
			irqm_plan_ask(&r, s, IRQM_PLAN_SUSPEND, NULL, &err), 0);
	assert_int_equal(irqm_plan_ask(&r, s, IRQM_PLAN_SUSPEND, NULL, &err),
			 -1);
	assert_non_null(strstr(err.msg, "too many steps: at most 64"));
	irqm_snapshot_free(s);
}

/*
 * An arena that is full at any allocation: the plan is the one with enough
 * memory, or there is none. CPU 3 is offline, so each interrupt that is
 * requested gets a narrower copy of its affinity.
 */
static void memory_runs_out(void **state)
{
	const struct irqm_plan_kernel kernel = { .spread = IRQM_SPREAD_NODES };
	struct irqm_snapshot *s = snap_new(4);
	struct irqm_plan_request r = { 0 };
	unsigned int used, i, whole = 0, none = 0;
	struct irqm_error err;

	(void)state;
	snap_offline(s, 3);
	assert_int_equal(irqm_plan_ask(&r, s, IRQM_PLAN_ADD, "nvme:2x20", &err),
			 0);
	for (used = 16; used < 1 << 16; used += 16) {
		/* room for one block, of which some is used */
		struct irqm_arena *a = irqm_arena_new((1 << 17) - 1);
		struct irqm_plan plan;

		assert_non_null(a);
		for (i = 0; i < used; i += 16)
			assert_non_null(irqm_arena_alloc(a, 1, 16));
		if (irqm_plan_run(&plan, a, s, &r, &kernel, &err)) {
			assert_string_equal(err.msg, "out of memory");
			none++;
		} else {
			for (i = 0; i < plan.nr_rows; i++)
				assert_int_equal(plan.rows[i].end,
						 IRQM_PLAN_FITS);
			whole++;
		}
		irqm_arena_free(a);
	}
	assert_true(whole && none);
	irqm_snapshot_free(s);
}

/* The document of a step of each kind. */
static void documents(void **state)
{
	struct irqm_snapshot *s = drifted();
	struct irqm_plan_request r = { 0 };
	struct irqm_error err;
	struct irqm_plans *p;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	json_t *doc;

	(void)state;
	snap_device(s, "0000:00:05.0", "nvme");
	assert_int_equal(
		irqm_plan_ask(&r, s, IRQM_PLAN_REMOVE, "00:05.0", &err), 0);
	assert_int_equal(irqm_plan_ask(&r, s, IRQM_PLAN_OFFLINE, "1", &err), 0);
	p = irqm_plan(s, &r, &err);
	assert_non_null(p);
	assert_int_equal(irqm_render_plan_json(out, p, false), 0);
	fclose(out);
	doc = json_parsed(text);
	assert_at(doc, "plans.0.fits", "false");
	/* one line, however long */
	assert_at(doc, "plans.0.text",
		  "\"CPU 1 goes offline, but 10 of its interrupts lose their "
		  "vector: none is free elsewhere (-28, ENOSPC).\"");
	assert_at(doc, "plans.0.steps.0.device", "\"0000:00:05.0\"");
	assert_at(doc, "plans.0.steps.0.end", "\"fits\"");
	assert_at(doc, "plans.0.steps.1.end", "\"stranded\"");
	assert_at(doc, "plans.0.steps.1.cpu", "1");
	assert_at(doc, "plans.0.steps.1.to_move", "10");
	assert_at(doc, "plans.0.steps.1.elsewhere", "50");
	assert_at(doc, "plans.0.steps.1.left_behind", "10");
	assert_at(doc, "plans.0.steps.1.moved", "0");
	assert_at(doc, "plans.0.steps.1.affinity_broken", "0");
	json_decref(doc);
	free(text);
	out = fopen("/dev/full", "w");
	assert_int_equal(irqm_render_plan_json(out, p, false), -1);
	fclose(out);
	out = fopen("/dev/full", "w");
	assert_int_equal(irqm_render_plan(out, p, &defaults), -1);
	fclose(out);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stranded),
		cmocka_unit_test(names_in_errors),
		cmocka_unit_test(lines),
		cmocka_unit_test(pending_affinity),
		cmocka_unit_test(previous_vectors),
		cmocka_unit_test(topology),
		cmocka_unit_test(no_machine),
		cmocka_unit_test(memory_runs_out),
		cmocka_unit_test(documents),
	};

	return RUN(tests);
}
