/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of interrupts and CPUs in the kernel log, beside what they are
 * now. */
#include "log_findings.h"
#include "unit.h"

static void test_no_handler(void **state)
{
	const struct irqm_finding *f;
	struct irqm_snapshot *s;
	int device;

	(void)state;
	/* as the firmware's PIC makes it, on each CPU that comes up */
	s = snap_new(4);
	log_say(s, 8269000,
		"__common_interrupt: 1.55 No irq handler for vector");
	log_say(s, 8269000,
		"__common_interrupt: 2.55 No irq handler for vector");
	assert_int_equal(log_only_finding(s, "log-no-irq-handler")->severity,
			 IRQM_INFO);
	log_done(s);

	s = snap_new(4);
	device = snap_device(s, "0000:00:05.0", "nvme");
	snap_msi_irq(s, 24, device, "nvme0q1");
	log_say(s, 1, "__common_interrupt: 1.55 No irq handler for vector");
	{
		char line[80];
		unsigned int v = snap_alloc(s, 24, 2);

		snprintf(line, sizeof(line), "No irq handler for 2.%u", v);
		log_say(s, 2, line);
		f = log_only_finding(s, "log-no-irq-handler");
		NUM(f, "vector", v);
		NUM(f, "irq_now", 24);
		assert_non_null(strstr(f->text, line));
		/* once, in an earlier kernel's message */
		assert_int_equal(f->severity, IRQM_INFO);
		irqm_analysis_free(log_analysis);
		log_say(s, 3, "No irq handler for 1.35");
		log_say(s, 4, "No irq handler for 2.35");
		log_say(s, 5, "No irq handler for 1.36");
		assert_int_equal(
			log_only_finding(s, "log-no-irq-handler")->severity,
			IRQM_INFO);
		irqm_analysis_free(log_analysis);
		log_say(s, 6, line);
		f = log_only_finding(s, "log-no-irq-handler");
		NUM(f, "vector", v);
		assert_non_null(strstr(f->text, line));
	}
	assert_int_equal(f->severity, IRQM_WARNING);
	NUM(f, "cpu", 2);
	NUM(f, "irq_now", 24);
	log_done(s);

	/* noise stays noise */
	s = snap_new(2);
	log_say(s, 1, "__common_interrupt: 1.55 No irq handler for vector");
	log_say(s, 2, "__common_interrupt: 1.55 No irq handler for vector");
	assert_int_equal(log_only_finding(s, "log-no-irq-handler")->severity,
			 IRQM_INFO);
	log_done(s);

	/* figures that cannot be */
	s = snap_new(1);
	log_say(s, 1, "do_IRQ: 4294967296.256 No irq handler for vector");
	f = log_only_finding(s, "log-no-irq-handler");
	NUM(f, "irq_now", IRQM_UNKNOWN);
	log_done(s);
}

static struct irqm_snapshot *broken(const char *mask, unsigned int cpu)
{
	struct irqm_snapshot *s = snap_new(4);
	int device = snap_device(s, "0000:00:05.0", "mlx5_core");

	snap_msi_irq(s, 24, device, "mlx5_comp0");
	snap_alloc(s, 24, cpu);
	snap_get(s, 24)->affinity = snap_cpus(s, mask);
	log_say(s, 5,
		"irq 24: Affinity broken due to vector space exhaustion.");
	log_say(s, 6,
		"irq 24: Affinity broken due to vector space exhaustion.");
	log_say(s, 7,
		"irq 99: Affinity broken due to vector space exhaustion.");
	return s;
}

static void test_broken(void **state)
{
	const struct irqm_finding *f;
	struct irqm_snapshot *s;

	(void)state;
	/* true to its word */
	s = broken("1-2", 0);
	take_all_vectors(s, 1);
	take_all_vectors(s, 2);
	f = log_only_finding(s, "log-affinity-broken");
	assert_int_equal(f->severity, IRQM_WARNING);
	NUM(f, "irqs", 1);
	NUM(f, "exhausted", 1);
	NUM(f, "still_outside", 1);
	log_done(s);

	/* no CPU of the mask is online: the vectors had nothing to do with it
	 */
	s = broken("1-2", 0);
	s->cpus[1].online = s->cpus[2].online = 0;
	f = log_only_finding(s, "log-affinity-broken");
	assert_int_equal(f->severity, IRQM_INFO);
	NUM(f, "exhausted", 0);
	NUM(f, "not_online", 1);
	log_done(s);

	/* one of two has room: why is it still elsewhere? */
	s = broken("1-2", 0);
	take_all_vectors(s, 1);
	f = log_only_finding(s, "log-affinity-broken");
	assert_int_equal(f->severity, IRQM_WARNING);
	NUM(f, "room", 1);
	assert_non_null(strstr(f->text, ". 1 still fires on CPU 0, but its "
					"affinity has free vectors now: IRQ 24 "
					"(mlx5_comp0)"));
	log_done(s);

	/* put right since */
	s = broken("1-2", 1);
	f = log_only_finding(s, "log-affinity-broken");
	assert_int_equal(f->severity, IRQM_INFO);
	NUM(f, "still_outside", 0);
	assert_non_null(strstr(f->text, ". 1 is not outside any more"));
	log_done(s);

	/* ... although its CPUs are full */
	s = broken("1-2", 1);
	take_all_vectors(s, 1);
	take_all_vectors(s, 2);
	f = log_only_finding(s, "log-affinity-broken");
	assert_int_equal(f->severity, IRQM_INFO);
	NUM(f, "exhausted", 0);
	log_done(s);
}

static void test_not_offlined(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	const struct irqm_finding *f;

	(void)state;
	log_say(s, 1, "CPU 1 has 90 vectors, 85 available. Cannot disable CPU");
	log_say(s, 2,
		"CPU 0 has 116 vectors, 85 available. Cannot disable CPU");
	f = log_only_finding(s, "log-cpu-not-offlined");
	assert_int_equal(f->severity, IRQM_WARNING);
	NUM(f, "cpu", 0);
	NUM(f, "vectors", 116);
	NUM(f, "available", 85);
	assert_non_null(strstr(f->text, "\"CPU 0 has 116 vectors"));
	assert_non_null(strstr(f->text, "refused to take CPUs 0-1 offline: for "
					"CPU 0, 116 vectors"));
	irqm_analysis_free(log_analysis);
	s->cpus[0].online = 0; /* the other one was refused as well */
	assert_int_equal(log_only_finding(s, "log-cpu-not-offlined")->severity,
			 IRQM_INFO);
	irqm_analysis_free(log_analysis);
	s->cpus[0].online = 1;
	s->cpus[1].online = 0;
	assert_int_equal(log_only_finding(s, "log-cpu-not-offlined")->severity,
			 IRQM_WARNING);
	log_done(s);
}

static void test_managed_startup(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	const struct irqm_finding *f;
	int device;

	(void)state;
	device = snap_device(s, "0000:00:05.0", "nvme");
	snap_msi_irq(s, 24, device, "nvme0q1");
	snap_get(s, 24)->managed = 1;
	snap_get(s, 24)->affinity = snap_cpus(s, "1");
	log_say(s, 1, "Managed startup irq 23, no vector available");
	log_say(s, 1, "Managed startup irq 24, no vector available");
	f = log_only_finding(s, "log-managed-startup");
	assert_int_equal(f->severity, IRQM_WARNING);
	NUM(f, "irq", 24);
	assert_non_null(strstr(f->text, "\"Managed startup irq 24"));
	irqm_analysis_free(log_analysis);
	/* the number is another's by now */
	snap_get(s, 24)->managed = 0;
	assert_int_equal(log_only_finding(s, "log-managed-startup")->severity,
			 IRQM_INFO);
	irqm_analysis_free(log_analysis);
	/* it rests */
	snap_get(s, 24)->managed = 1;
	s->cpus[1].online = 0;
	assert_int_equal(log_only_finding(s, "log-managed-startup")->severity,
			 IRQM_INFO);
	irqm_analysis_free(log_analysis);
	s->cpus[1].online = 1;
	snap_alloc(s, 24, 0);
	assert_int_equal(log_only_finding(s, "log-managed-startup")->severity,
			 IRQM_INFO);
	log_done(s);
}

static void test_set_affinity(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	const struct irqm_finding *f;
	int device;

	(void)state;
	log_say(s, 1, "IRQ23: set affinity failed(-22).");
	assert_int_equal(
		log_only_finding(s, "log-set-affinity-failed")->severity,
		IRQM_INFO);
	irqm_analysis_free(log_analysis);
	log_say(s, 1, "IRQ24: set affinity failed(-28).");
	f = log_only_finding(s, "log-set-affinity-failed");
	assert_int_equal(f->severity, IRQM_INFO);
	NUM(f, "irq", 24);
	assert_non_null(strstr(f->text, "\"IRQ24: set"));
	irqm_analysis_free(log_analysis);
	device = snap_device(s, "0000:00:05.0", "nvme");
	snap_msi_irq(s, 25, device, "nvme0q1");
	snap_alloc(s, 25, 1);
	log_say(s, 1, "IRQ25: set affinity failed(-28).");
	/* the CPU is back */
	f = log_only_finding(s, "log-set-affinity-failed");
	assert_int_equal(f->severity, IRQM_INFO);
	NUM(f, "irq", 24);
	irqm_analysis_free(log_analysis);
	s->cpus[1].online = 0;
	f = log_only_finding(s, "log-set-affinity-failed");
	assert_int_equal(f->severity, IRQM_WARNING);
	NUM(f, "irq", 25);
	log_done(s);
}

/* The messages that follow "Cannot disable CPU" count where it is missing. */
static void test_cpu_down(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	const struct irqm_finding *f;

	(void)state;
	log_say(s, 1, "Error taking CPU1 down: -28");
	log_say(s, 1, "Non-boot CPUs are not disabled");
	f = log_only_finding(s, "log-cpu-not-offlined");
	assert_int_equal(f->severity, IRQM_WARNING);
	NUM(f, "cpu", 1);
	NUM(f, "vectors", IRQM_UNKNOWN);
	assert_string_equal(f->remedy, "Free vectors on CPU 0");
	irqm_analysis_free(log_analysis);
	s->cpus[1].online = 0;
	assert_int_equal(log_only_finding(s, "log-cpu-not-offlined")->severity,
			 IRQM_INFO);
	irqm_analysis_free(log_analysis);
	s->cpus[1].online = 1;
	log_say(s, 2, "CPU 1 has 90 vectors, 85 available. Cannot disable CPU");
	f = log_only_finding(s, "log-cpu-not-offlined");
	NUM(f, "vectors", 90);
	NUM(f, "lines", 1);
	log_done(s);

	/* suspend can fail for other reasons */
	s = snap_new(2);
	log_say(s, 1, "Error taking CPU1 down: -16");
	log_say(s, 1, "Non-boot CPUs are not disabled");
	f = log_only_finding(s, "log-cpu-not-offlined");
	assert_int_equal(f->severity, IRQM_INFO);
	NUM(f, "cpu", IRQM_UNKNOWN);
	irqm_analysis_free(log_analysis);
	take_all_vectors(s, 0);
	assert_int_equal(log_only_finding(s, "log-cpu-not-offlined")->severity,
			 IRQM_WARNING);
	log_done(s);
}

static void test_only_offline(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	const struct irqm_finding *f;

	(void)state;
	snap_msi_irq(s, 45, snap_device(s, "0000:00:05.0", "nvme"), "nvme0q1");
	snap_alloc(s, 45, 1);
	log_say(s, 1,
		"Eff. affinity 1 of IRQ 45 contains only offline CPUs after "
		"offlining CPU 3");
	f = log_only_finding(s, "log-set-affinity-failed");
	assert_int_equal(f->severity, IRQM_INFO);
	NUM(f, "irq", 45);
	NUM(f, "error", 0);
	irqm_analysis_free(log_analysis);
	s->cpus[1].online = 0;
	f = log_only_finding(s, "log-set-affinity-failed");
	assert_int_equal(f->severity, IRQM_WARNING);
	assert_non_null(strstr(f->text, "IRQ 45 was left on an offline CPU"));
	log_done(s);
}

static void test_missed(void **state)
{
	static const char polled[] =
		"nvme nvme0: I/O 12 QID 4 timeout, completion polled";
	struct irqm_snapshot *s = snap_new(2);
	const struct irqm_finding *f;

	(void)state;
	snap_msi_irq(s, 24, snap_device(s, "0000:00:05.0", "nvme"), "nvme0q1");
	snap_get(s, 24)->affinity = snap_cpus(s, "1");
	log_say(s, 1, "IRQ fixup: irq 24 move in progress, old vector 48");
	f = log_only_finding(s, "log-interrupt-missed");
	assert_int_equal(f->severity, IRQM_INFO);
	NUM(f, "irq", 24);
	irqm_analysis_free(log_analysis);
	log_say(s, 1, "nvme nvme0: pci function 0000:00:05.0");
	log_say(s, 31, polled);
	f = log_only_finding(s, "log-interrupt-missed");
	assert_int_equal(f->severity, IRQM_WARNING);
	NUM(f, "irq", 24);
	STRING(f, "first_device", "0000:00:05.0");
	assert_string_equal(f->remedy,
			    "Write the affinity of the interrupt again: echo 1 "
			    "> /proc/irq/24/smp_affinity_list");
	log_done(s);

	/* the drive was slow */
	s = snap_new(2);
	log_say(s, 31, polled);
	f = log_only_finding(s, "log-interrupt-missed");
	assert_int_equal(f->severity, IRQM_INFO);
	NUM(f, "irq", IRQM_UNKNOWN);
	STRING(f, "first_device", "nvme0");
	log_done(s);
}

static void test_disabled(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	const struct irqm_finding *f;

	(void)state;
	snap_ioapic_irq(s, 16, "ehci_hcd:usb1");
	snap_ioapic_irq(s, 17, "ehci_hcd:usb2");
	log_say(s, 1,
		"irq 16: nobody cared (try booting with the \"irqpoll\" "
		"option)");
	log_say(s, 1, "Disabling IRQ #16");
	log_say(s, 2, "Disabling IRQ #17");
	f = log_only_finding(s, "log-irq-disabled");
	assert_int_equal(f->severity, IRQM_INFO);
	NUM(f, "irq", 16);
	irqm_analysis_free(log_analysis);
	snap_get(s, 17)->istate = 0x2; /* IRQS_SPURIOUS_DISABLED */
	f = log_only_finding(s, "log-irq-disabled");
	assert_int_equal(f->severity, IRQM_WARNING);
	NUM(f, "irq", 17);
	assert_non_null(strstr(f->text, "It is still disabled"));
	irqm_analysis_free(log_analysis);
	snap_get(s, 17)->istate = IRQM_UNKNOWN;
	assert_int_equal(log_only_finding(s, "log-irq-disabled")->severity,
			 IRQM_INFO);
	log_done(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_handler),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_not_offlined),
		cmocka_unit_test(test_managed_startup),
		cmocka_unit_test(test_set_affinity),
		cmocka_unit_test(test_cpu_down),
		cmocka_unit_test(test_only_offline),
		cmocka_unit_test(test_missed),
		cmocka_unit_test(test_disabled),
	};

	return RUN(tests);
}
