/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cleanup-stuck: which of the states of a move is none. */
#include "tests/unit/findings.h"
#include "tests/unit/unit.h"

static struct irqm_snapshot *s;
static struct irqm_analysis *a;

/* IRQ 24 was moved from CPU 1 to CPU 2 and has not fired since. */
static struct irqm_apic *moved(void)
{
	s = snap_new(4);
	snap_ioapic_irq(s, 8, "rtc0");
	snap_msi_irq(s, 24, snap_device(s, "0000:00:05.0", "nvme"), "nvme0q1");
	snap_alloc(s, 8, 1);
	snap_alloc(s, 24, 1);
	snap_move(s, 24, 2);
	assert_true(snap_get(s, 24)->apic->move_in_progress);
	return snap_get(s, 24)->apic;
}

static const struct irqm_finding *found(void)
{
	a = irqm_analyse(s);
	assert_non_null(a);
	return find_finding(a, "cleanup-stuck");
}

static void check_found(const char *severity, int64_t forgotten,
			int64_t offline)
{
	const struct irqm_finding *f = found();

	if (!severity) {
		assert_null(f);
	} else {
		assert_non_null(f);
		assert_string_equal(irqm_severity_name(f->severity), severity);
		assert_non_null(strstr(f->text, "IRQ 24 "));
		assert_int_equal(f->data[1].num, forgotten);
		assert_int_equal(f->data[2].num, offline);
		assert_int_equal(irqm_bits_test(&f->data[0].set, 24),
				 forgotten + offline);
	}
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
}

static void test_states(void **state)
{
	struct irqm_apic *apic;

	(void)state;
	/* waits for its next interrupt */
	apic = moved();
	apic->cleanup_pending = 0;
	check_found(NULL, 0, 0);
	/* it is not known whether it is on a list */
	apic = moved();
	apic->move_in_progress = false;
	apic->cleanup_pending = IRQM_UNKNOWN;
	check_found(NULL, 0, 0);
	/* it fired: on the list for a moment */
	apic = moved();
	apic->move_in_progress = false;
	apic->cleanup_pending = 1;
	check_found("info", 0, 0);
	/* and on none */
	apic = moved();
	apic->move_in_progress = false;
	apic->cleanup_pending = 0;
	check_found("warning", 1, 0);
	/* all is done */
	apic = moved();
	apic->move_in_progress = false;
	apic->cleanup_pending = 0;
	apic->prev_vector = 0;
	check_found(NULL, 0, 0);
}

static void test_offline(void **state)
{
	struct irqm_apic *apic;

	(void)state;
	apic = moved();
	apic->cleanup_pending = 0;
	s->cpus[1].online = 0;
	check_found("warning", 0, 1);
	apic = moved();
	apic->move_in_progress = false;
	apic->cleanup_pending = 1;
	s->cpus[1].online = 0;
	check_found("warning", 0, 1);
	/* that of another CPU */
	moved();
	s->cpus[3].online = 0;
	check_found(NULL, 0, 0);
	/* it cannot be told */
	moved();
	s->cpus[1].online = IRQM_UNKNOWN;
	check_found(NULL, 0, 0);
}

/* What was read while the machine ran was read at different moments. */
static void test_live(void **state)
{
	struct irqm_apic *apic;

	(void)state;
	apic = moved();
	apic->move_in_progress = false;
	apic->cleanup_pending = 0;
	s->dump.live = true;
	check_found("info", 1, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_offline),
		cmocka_unit_test(test_live),
	};

	return RUN(tests);
}
