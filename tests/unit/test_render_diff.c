/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words that two dumps are compared in. */
#include "analysed.h"
#include "rendered.h"

#include "render/diff/diff.h"

#define U IRQM_UNKNOWN

struct two {
	struct irqm_snapshot *s[2];
	struct irqm_render_options o;
};

/* A virtio disk and an interrupt behind the IO-APIC, on both sides. */
static void setup(struct two *t, unsigned int cpus)
{
	for (int i = 0; i < 2; i++) {
		t->s[i] = snap_new(cpus);
		snap_ioapic_irq(t->s[i], 9, "acpi")->chain[0].hwirq = 9;
		snap_alloc(t->s[i], 9, 1);
		snap_virtio_blk(t->s[i], "0000:00:05.0", 24);
	}
	t->o = defaults;
}

/* All of it, in lines that fit; the machines go. */
static char *text_of(struct two *t)
{
	struct irqm_analysis *a = analyse(t->s[0]), *b = analyse(t->s[1]);
	struct irqm_diff *d = irqm_diff(a, b);
	char *text = NULL;
	const char *line;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(d);
	assert_int_equal(irqm_render_diff(out, d, &t->o), 0);
	fclose(out);
	for (line = text; *line; line += strcspn(line, "\n") + 1)
		if (strcspn(line, "\n") > 80)
			fail_msg("too long: %s", line);
	irqm_diff_free(d);
	finish(a, t->s[0]);
	finish(b, t->s[1]);
	return text;
}

static void assert_said(struct two *t, const char *const *parts)
{
	char *text = text_of(t);

	for (; *parts; parts++)
		assert_contains(text, *parts);
	free(text);
}

#define SAID(t, ...) assert_said(t, (const char *const[]){ __VA_ARGS__, NULL })

static void test_notes(void **state)
{
	struct two t;

	(void)state;
	setup(&t, 2);
	t.s[0]->dump.build_id = "00ff";
	t.s[1]->dump.build_id = "00fe";
	t.s[1]->dump.release = "6.1\x1b[31m";
	t.s[0]->dump.crash_time = 2000;
	t.s[1]->dump.crash_time = 1999;
	t.s[1]->dump.present = snap_cpus(t.s[1], "0");
	snap_unread(t.s[0], "irq_desc of IRQ 3", 0, IRQM_EXCLUDED);
	SAID(&t,
	     "NOTE: different kernels: 4.18.0-305.30.1.el8_4.x86_64 before, "
	     "6.1\\x1b[31m\n",
	     "NOTE: build ID 00ff before, 00fe after\n",
	     "NOTE: CPUs possible: 0-1 before, 0-1 after\n",
	     "NOTE: CPUs present: 0-1 before, 0 after\n",
	     "NOTE: the second dump is older than the first: are they in the",
	     "NOTE: the first dump could be read only in part: ");

	setup(&t, 2);
	t.s[1]->unread_dropped = 1;
	SAID(&t, "NOTE: the second dump could be read only in part: ",
	     "\nglobal_available is 398, as before\n");

	/* of one build ID only one is known; both moments are */
	setup(&t, 2);
	t.s[0]->dump.build_id = "00ff";
	t.s[0]->dump.release = "6.1";
	t.s[0]->dump.crash_time = t.s[1]->dump.crash_time = 2000;
	t.s[0]->unread_dropped = t.s[1]->unread_dropped = 1;
	SAID(&t, "NOTE: different kernels: 6.1 before, 4.18.0-305.30.1",
	     "NOTE: both dumps could be read only in part: ");
}

static void test_two_machines(void **state)
{
	struct two t;
	int i;

	(void)state;
	setup(&t, 2);
	for (i = 0; i < 3; i++) {
		snap_device(t.s[0], (char[]){ 'a' + i, 0 }, "nvme");
		snap_device(t.s[1], (char[]){ 'x' + i, 0 }, "nvme");
	}
	SAID(&t,
	     "NOTE: these look like two machines: only 1 of 4 devices are "
	     "at the same\n",
	     "went ", "came ");
}

static void test_went(void **state)
{
	struct irqm_snapshot *s;
	struct two t;

	(void)state;
	setup(&t, 2);
	s = t.s[0];
	t.s[0] = t.s[1];
	t.s[1] = s;
	/* a device with one vector, then another with two, were before only */
	snap_msi_irq(t.s[0], 30, snap_device(t.s[0], "0000:00:06.0", "e1000e"),
		     "eth0");
	snap_alloc(t.s[0], 30, 0);
	SAID(&t,
	     "     BEFORE: test.vmcore: Linux 4.18.0-305.30.1.el8_4.x86_64, 2 "
	     "CPUs; host name,\n",
	     "\n      AFTER: test.vmcore: Linux 4.18.0-305.30.1.el8_4.x86_64, "
	     "2 CPUs; ",
	     "1 removed device gives back 1 vector; global_available rose "
	     "from 397 to 398\n",
	     "went ");

	setup(&t, 2);
	snap_virtio_blk(t.s[0], "0000:00:06.0", 30);
	snap_virtio_blk(t.s[0], "0000:00:07.0", 33);
	SAID(&t,
	     "2 removed devices give back 6 vectors; global_available rose");
}

/* Without a device: an interrupt that has a vector now, and more that none
 * explains. */
static void test_the_rest(void **state)
{
	struct two t;

	(void)state;
	setup(&t, 2);
	snap_ioapic_irq(t.s[1], 30, "new")->chain[0].hwirq = 30;
	snap_alloc(t.s[1], 30, 0);
	t.s[1]->matrix.global_available -= 2;
	SAID(&t,
	     "interrupts without an MSI device hold 1 more vector; 2 more "
	     "vectors cannot be\n",
	     "global_available fell from ");

	setup(&t, 2);
	snap_ioapic_irq(t.s[1], 30, "new")->chain[0].hwirq = 30;
	t.s[1]->matrix.global_available = U;
	SAID(&t, "? more vectors cannot be attributed; ",
	     "global_available went from 398 to ?\n");
	/* what is unknown on one side does not differ */
	setup(&t, 2);
	t.s[1]->matrix.global_available = U;
	SAID(&t, "no differences: 1 device, 4 interrupts; global_available "
		 "went from 398 to ?\n");
}

static void test_cpus(void **state)
{
	struct two t;

	(void)state;
	setup(&t, 4);
	snap_offline(t.s[1], 2);
	snap_offline(t.s[1], 3);
	SAID(&t,
	     "; CPU 2,3 are offline now;\nthe online CPUs have 402 "
	     "fewer vectors; ",
	     "\n2    online -> offline");
	setup(&t, 4);
	snap_offline(t.s[0], 3);
	SAID(&t,
	     "; CPU 3 is online now; the\nonline CPUs have 201 "
	     "more vectors; ",
	     "\n3    offline -> online");
}

/* A row is a run of CPUs that are there, and in one state. */
static void test_runs_of_cpus(void **state)
{
	struct two t;
	int i;

	(void)state;
	setup(&t, 8);
	for (i = 5; i < 8; i++)
		t.s[1]->cpus[i].available--;
	SAID(&t, "\n5-7  online  200 -> 199");
	setup(&t, 8);
	t.o.all = true;
	for (i = 5; i < 8; i++)
		t.s[1]->cpus[i].available--;
	SAID(&t, "\n5    online  200 -> 199", "\n6    online  200 -> 199",
	     "\n7    online  200 -> 199");
	/* possible are 0-6 and 11 */
	setup(&t, 8);
	t.s[0]->cpus[7].cpu = t.s[1]->cpus[7].cpu = 11;
	for (i = 5; i < 8; i++)
		t.s[1]->cpus[i].available--;
	SAID(&t, "\n5-6  ", "\n11   ");
	/* what is offline is not absent */
	setup(&t, 8);
	for (i = 5; i < 8; i++) {
		snap_offline(t.s[0], i);
		snap_offline(t.s[1], i);
		t.s[1]->cpus[i].available--;
	}
	t.s[0]->dump.present = snap_cpus(t.s[0], "0-5");
	t.s[1]->dump.present = snap_cpus(t.s[1], "0-6");
	SAID(&t, "\n5    offline  ", "\n6    absent -> offline  ",
	     "\n7    absent  ");
}

static void test_drivers(void **state)
{
	struct two t;

	(void)state;
	/* the driver that there was is as before, the other is none */
	setup(&t, 2);
	snap_msi_irq(t.s[1], 30, snap_device(t.s[1], "0000:00:06.0", ""),
		     "eth0");
	snap_alloc(t.s[1], 30, 0);
	SAID(&t, "     0     1  +1  0 -> 1  (no driver)\n",
	     "     3     3   0       -  (drivers that did not change)\n");
}

static void test_renamed(void **state)
{
	struct two t;

	(void)state;
	setup(&t, 2);
	snap_consumer(t.s[0], 0, "vda", NULL, "block");
	snap_consumer(t.s[1], 0, "vdb", NULL, "block");
	SAID(&t, "changed ", "virtio0,vda -> virtio0,vdb");
	setup(&t, 2);
	snap_consumer(t.s[1], 0, "vdb", NULL, "block");
	SAID(&t, "virtio0 -> virtio0,vdb");
	/* what could not be read may have been the same */
	setup(&t, 2);
	snap_consumer(t.s[1], 0, "vdb", NULL, "block");
	t.s[0]->devices[0].consumers_cut = true;
	SAID(&t, "no differences: ");
}

/* Costs that are huge, or unknown, of several alike. */
static void test_alike(void **state)
{
	struct two t;
	int i;

	(void)state;
	setup(&t, 2);
	for (i = 0; i < 4; i++) {
		int d = snap_device(t.s[1], (char[]){ 'a' + i, 0 }, "nvme");

		snap_msi_irq(t.s[1], 30 + i, d, "q");
		snap_alloc(t.s[1], 30 + i, 0);
		snap_consumer(t.s[1], d, (char[]){ 'A' + i, 0 }, NULL, "nvme");
	}
	SAID(&t, "4 added devices cost 4 vectors; ", "4, 1 each:", "a ..\n",
	     "A .. D\n");
}

static void test_interrupts(void **state)
{
	struct irqm_irq *irq;
	struct two t;

	(void)state;
	/* to another CPU: shown, and counted; another vector and another name
	 * are not worth a row */
	setup(&t, 4);
	snap_get(t.s[1], 9)->apic->cpu = 2;
	snap_get(t.s[1], 25)->apic->vector++;
	snap_get(t.s[1], 26)->actions[0].name = "other";
	SAID(&t,
	     "3 interrupts only moved: 1 to another CPU, 1 to another "
	     "vector, 1 to another\nnumber or name\n",
	     "2 interrupts not listed; -a lists all\n", "1:33 -> 2:33");
	setup(&t, 4);
	snap_get(t.s[1], 25)->apic->vector++;
	SAID(&t, "1 interrupt only moved: 1 to another vector\n",
	     "1 interrupt not listed; -a lists all\n");
	setup(&t, 4);
	t.o.all = true;
	snap_get(t.s[1], 25)->apic->vector++;
	SAID(&t, "1 interrupt only moved: 1 to another vector\n",
	     "0:34 -> 0:35");

	/* no vector now; it matters */
	setup(&t, 4);
	irq = snap_get(t.s[1], 9);
	irq->apic->vector = 0;
	SAID(&t, "1:33 -> - ");
	/* what it has cannot be told: it does not differ */
	setup(&t, 4);
	snap_get(t.s[1], 9)->apic = NULL;
	SAID(&t, "no differences: ");
	setup(&t, 4);
	irq = snap_get(t.s[1], 9);
	irq->apic = NULL;
	irq->affinity = snap_cpus(t.s[1], "2");
	SAID(&t, "changed       9  ?       0-3 -> 2 ");

	setup(&t, 4);
	irq = snap_get(t.s[1], 9);
	irq->setaffinity_pending = 1;
	irq->pending_mask = snap_cpus(t.s[1], "3");
	SAID(&t, "0-3 -> 0-3 (pending 3)");
	/* another one is pending; what is the same is not said twice */
	setup(&t, 4);
	for (int i = 0; i < 2; i++) {
		irq = snap_get(t.s[i], 9);
		irq->setaffinity_pending = 1;
		irq->pending_mask = snap_cpus(t.s[i], i ? "3" : "2");
	}
	SAID(&t, "0-3 (pending 2) -> 0-3", "(pending 3)");
	setup(&t, 4);
	snap_get(t.s[1], 9)->managed = 1;
	SAID(&t, "no -> yes");
}

/* No more than 20 rows. */
static void test_many_interrupts(void **state)
{
	struct two t;
	unsigned int i;

	(void)state;
	setup(&t, 4);
	for (i = 100; i < 125; i++) {
		snap_ioapic_irq(t.s[1], i, "new")->chain[0].hwirq = i;
		snap_alloc(t.s[1], i, 0);
	}
	SAID(&t, "\n5 interrupts not listed; -a lists all\n", "\ncame ");
}

static void test_findings(void **state)
{
	struct two t;

	(void)state;
	/* a drift that misleads is a warning, a small one is not */
	setup(&t, 2);
	t.s[0]->matrix.total_allocated++;
	t.s[1]->cpus[1].available -= 20;
	SAID(&t, "changed ", "info -> warning", "counter-drift");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_notes),
		cmocka_unit_test(test_two_machines),
		cmocka_unit_test(test_went),
		cmocka_unit_test(test_the_rest),
		cmocka_unit_test(test_cpus),
		cmocka_unit_test(test_runs_of_cpus),
		cmocka_unit_test(test_drivers),
		cmocka_unit_test(test_renamed),
		cmocka_unit_test(test_alike),
		cmocka_unit_test(test_interrupts),
		cmocka_unit_test(test_many_interrupts),
		cmocka_unit_test(test_findings),
	};

	return RUN(tests);
}
