/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"
#include "rendered.h"
#include "snap.h"
#include "log_findings.h"
#include "render/text.h"

static void no_findings(void **state)
{
	(void)state;
	assert_rendered(irqm_render_findings, snap_new(2), NULL,
			"OK: no warnings\n");
}

/* A managed interrupt that is shut down, and one outside its affinity. */
static struct irqm_snapshot *two_findings(const char *name)
{
	static const char *flags[] = { "IRQD_MANAGED_SHUTDOWN" };
	struct irqm_snapshot *s = snap_new(4);
	struct irqm_irq *irq = snap_ioapic_irq(s, 24, "nvme0q3");

	snap_managed(s, 24, "2");
	snap_offline(s, 2);
	irq->state_flags = flags;
	irq->nr_state_flags = 1;
	irq = snap_ioapic_irq(s, 25, name);
	snap_alloc(s, 25, 0);
	irq->affinity = snap_cpus(s, "3");
	return s;
}

static void paragraphs(void **state)
{
	(void)state;
	assert_rendered(
		irqm_render_findings, two_findings("eth0"), NULL,
		"WARNING: interrupts are outside their affinity; 1 managed interrupt is shut down\n"
		"  with its CPUs, as it should be\n"
		"\n"
		"WARNING: affinity-broken\n"
		"  1 interrupt is on a CPU outside its affinity, which has free vectors now: IRQ\n"
		"  25 (eth0)\n"
		"\n"
		"    The interrupt is on a CPU outside its affinity. When it was started, no CPU\n"
		"    in the affinity had a free vector (\"Affinity broken due to vector space\n"
		"    exhaustion\"), or none was online.\n"
		"\n"
		"    What to do: Write the affinity again:\n"
		"      echo 3 > /proc/irq/25/smp_affinity_list\n"
		"    In general: Write the affinity again once a CPU in it has a free vector.\n"
		"\n"
		"INFO: managed-shutdown\n"
		"  1 managed interrupt is shut down because no CPU in its affinity is online: IRQ\n"
		"  24 (nvme0q3)\n"
		"\n"
		"    The kernel shuts a managed interrupt down while all CPUs in its affinity are\n"
		"    offline, because only those CPUs use its queue. It starts the interrupt\n"
		"    again when one of them comes back. If one is online and the interrupt is\n"
		"    still shut down, the start failed and the queue hangs.\n"
		"\n"
		"    What to do: Bring a CPU in the affinity online. If one is online already,\n"
		"    take it offline and online again, and look for \"Managed startup irq\" in the\n"
		"    log.\n");
}

/* The verdict counts findings that say the same as one, and so must a reader. */
static void counted_once(void **state)
{
	struct irqm_snapshot *s = two_findings("eth0");
	char *text;

	(void)state;
	log_say(s, 5,
		"irq 25: Affinity broken due to vector space exhaustion.");
	text = rendered(irqm_render_findings, s, NULL);
	assert_contains(text, "WARNING: interrupts are outside their affinity; "
			      "1 managed interrupt is shut down\n"
			      "  with its CPUs, as it should be\n\n"
			      "WARNING: log-affinity-broken\n");
	assert_contains(text, "\nWARNING: affinity-broken (counted with "
			      "log-affinity-broken)\n");
	free(text);
	irqm_snapshot_free(s);
}

static char *findings_of(const struct irqm_analysis *a,
			 const struct irqm_render_options *o)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(irqm_put_findings(out, a, o), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

/* A command is never broken, and is for this dump if its name is known. */
static void commands(void **state)
{
	static const char command[] =
		"irqmatrix aff VMCORE 24 | grep a-word-that-makes-it-longer-"
		"than-eighty-columns";
	struct irqm_render_options o = { .header = true };
	struct irqm_snapshot *s = two_findings("eth0");
	struct irqm_analysis *a = irqm_analyse(s);
	struct irqm_finding *f = &a->findings[0];
	char remedy[256], *text;

	(void)state;
	snprintf(remedy, sizeof(remedy),
		 "Look at it: %s; or type: run VMCORE. Done", command);
	f->remedy = remedy;
	f->commands[0] = command;
	f->commands[1] = "run VMCORE";
	text = findings_of(a, &o);
	assert_contains(text, "  -> Look at it:\n"
			      "       irqmatrix aff VMCORE 24 | grep a-word-"
			      "that-makes-it-longer-than-eighty-columns\n"
			      "     or type:\n"
			      "       run VMCORE\n"
			      "     Done\n");
	free(text);
	o.dump = "/var/crash/a";
	text = findings_of(a, &o);
	assert_contains(text, "irqmatrix aff /var/crash/a 24 | grep");
	assert_contains(text, " run /var/crash/a\n");
	free(text);
	/* the running machine needs no name */
	s->dump.live = true;
	o.dump = irqm_dump_in_commands(&s->dump, "/proc/kcore");
	text = findings_of(a, &o);
	assert_contains(text, " irqmatrix aff 24 | grep");
	assert_contains(text, " run\n");
	free(text);
	s->dump.live = false;
	assert_null(irqm_dump_in_commands(&s->dump, "a b"));
	assert_null(irqm_dump_in_commands(&s->dump, "-a"));
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
}

/* Names are the dump's: escaped, and broken where they do not fit. */
static void hostile_names(void **state)
{
	struct irqm_snapshot *s = two_findings(
		"\x1b[31m\x9b\x9b\x9b\x9b\x9b\x9b\x9b\x9b\x9b\x9b\x9b\x9b\x9b\x9b");
	char *text = rendered(irqm_render_findings, s, NULL);

	(void)state;
	assert_contains(text, "\\x1b[31m\\x9b");
	assert_null(strchr(text, '\x1b'));
	free(text);
	/* broken between characters, not within one */
	s->irqs[1].actions[0].name =
		"\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4"
		"\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4";
	text = rendered(irqm_render_findings, s, NULL);
	assert_contains(text, "\u00e4)\n");
	free(text);
	irqm_snapshot_free(s);
}

static void colors(void **state)
{
	struct irqm_render_options o = { .header = true, .color = true };
	struct irqm_snapshot *s = two_findings("eth0");
	char *text = rendered(irqm_render_findings, s, &o);

	(void)state;
	assert_contains(text, "\033[1;33mWARNING\033[m: affinity-broken\n");
	assert_contains(text, "\033[1mINFO\033[m: managed-shutdown\n");
	free(text);
	text = rendered(irqm_render_matrix, s, &o);
	assert_int_equal(strncmp(text, "\033[1;33mWARNING\033[m: int", 21), 0);
	assert_contains(text, "\033[1;33mWARNING\033[m [affinity-broken]: 1 ");
	free(text);
	irqm_snapshot_free(s);
}

/* A table that a program reads has no findings in it. */
static void not_in_csv(void **state)
{
	struct irqm_render_options o = { .header = true,
					 .csv = IRQM_CSV_DEFUSED };
	struct irqm_snapshot *s = two_findings("eth0");
	char *text = rendered(irqm_render_matrix, s, &o);

	(void)state;
	assert_int_equal(strncmp(text, "CPU,STATE,", 10), 0);
	free(text);
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_findings),   cmocka_unit_test(paragraphs),
		cmocka_unit_test(counted_once),  cmocka_unit_test(commands),
		cmocka_unit_test(hostile_names), cmocka_unit_test(colors),
		cmocka_unit_test(not_in_csv),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
