/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of probes that failed, by the kernel log. */
#include "log_findings.h"
#include "unit.h"

static struct irqm_snapshot *probes_failed(void)
{
	struct irqm_snapshot *s = snap_new(2);

	log_say(s, 1000000000, "Linux version 6.1");
	log_say(s, 2000000000,
		"virtio_blk: probe of virtio5 failed with error -28");
	log_say(s, 3000001000,
		"virtio_blk: probe of virtio6 failed with error -28");
	log_say(s, 3000002000,
		"virtio_blk: probe of virtio6 failed with error -28");
	return s;
}

static void test_probe(void **state)
{
	const struct irqm_finding *f;
	struct irqm_snapshot *s;
	int device;

	(void)state;
	/* nothing is short now */
	s = probes_failed();
	f = log_only_finding(s, "log-probe-failed");
	assert_int_equal(f->severity, IRQM_WARNING);
	assert_non_null(
		strstr(f->text, "All online CPUs have free vectors now"));
	assert_non_null(strstr(f->text, "2.000000 to 3.000002, 3 lines"));
	NUM(f, "lines", 3);
	NUM(f, "first_ns", 2000000000);
	NUM(f, "last_ns", 3000002000);
	NUM(f, "devices", 2);
	NUM(f, "devices_without", 2);
	NUM(f, "full_cpus", 0);
	STRING(f, "first_device", "virtio5");
	STRING(f, "first_line",
	       "virtio_blk: probe of virtio5 failed with error -28");
	log_done(s);

	/* one full CPU is enough for a managed queue */
	s = probes_failed();
	take_all_vectors(s, 1);
	f = log_only_finding(s, "log-probe-failed");
	assert_int_equal(f->severity, IRQM_CRITICAL);
	assert_non_null(strstr(f->text, ". 1 online CPU is full now (log"));
	NUM(f, "full_cpus", 1);
	irqm_analysis_free(log_analysis);
	take_all_vectors(s, 0);
	f = log_only_finding(s, "log-probe-failed");
	assert_non_null(strstr(f->text, ". All 2 online CPUs are full now ("));
	log_done(s);

	/* ... if it is online */
	s = probes_failed();
	take_all_vectors(s, 1);
	s->cpus[1].online = 0;
	assert_int_equal(log_only_finding(s, "log-probe-failed")->severity,
			 IRQM_WARNING);
	log_done(s);

	/* it is not known */
	s = probes_failed();
	s->cpus[1].available = IRQM_UNKNOWN;
	f = log_only_finding(s, "log-probe-failed");
	NUM(f, "full_cpus", IRQM_UNKNOWN);
	assert_null(strstr(f->text, "online CPU"));
	log_done(s);

	/* both have interrupts: a later probe went well */
	s = probes_failed();
	take_all_vectors(s, 1);
	device = snap_device(s, "0000:00:05.0", "virtio-pci");
	snap_consumer(s, device, "virtio5", "virtio_blk", "virtio");
	snap_msi_irq(s, 24, device, "virtio5-config");
	device = snap_device(s, "0000:00:06.0", "virtio-pci");
	snap_consumer(s, device, "virtio6", "virtio_blk", "virtio");
	snap_msi_irq(s, 25, device, "virtio6-config");
	f = log_only_finding(s, "log-probe-failed");
	assert_int_equal(f->severity, IRQM_INFO);
	NUM(f, "devices_without", 0);
	log_done(s);
}

/* With vectors the device need not have been short of. */
static void test_probes_of_others(void **state)
{
	static const struct {
		const char *line;
		unsigned int without;
		enum irqm_severity severity;
	} cases[] = {
		{ "some_drv: probe of some-device.0 failed with error -28", 1,
		  IRQM_INFO },
		{ "a: probe of virtio failed with error -28", 1, IRQM_INFO },
		{ "a: probe of virtio5x failed with error -28", 1, IRQM_INFO },
		{ "a: probe of 1-1.2:1.0 failed with error -28", 1, IRQM_INFO },
		{ "nvme: probe of 0000:00:04.0 failed with error -28", 1,
		  IRQM_CRITICAL },
		{ "nvme: probe of 10000:e1:00.0 failed with error -28", 1,
		  IRQM_CRITICAL },
		{ "nvme nvme3: Removing after probe failure status: -28", 1,
		  IRQM_CRITICAL },
		/* cut: it cannot be found among the devices */
		{ "a: probe of virtio12345678901234567890123456789012345678901"
		  "2345 failed with error -28",
		  0, IRQM_INFO },
	};
	const struct irqm_finding *f;
	struct irqm_snapshot *s;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		s = snap_new(2);
		take_all_vectors(s, 1);
		log_say(s, 1, cases[i].line);
		f = log_only_finding(s, "log-probe-failed");
		assert_non_null(strstr(f->text, " device failed to probe "
						"with -28 (ENOSPC): "));
		assert_null(strstr(f->text, "interrupts now"));
		assert_int_equal(f->severity, cases[i].severity);
		NUM(f, "devices_without", cases[i].without);
		log_done(s);
	}
}

/* Probes that fail for another reason. */
static void test_other_probes(void **state)
{
	struct irqm_snapshot *s = snap_new(2);

	(void)state;
	take_all_vectors(s, 0);
	log_say(s, 1,
		"i801_smbus: probe of 0000:00:1f.4 failed with error -16");
	log_say(s, 2, "virtio_blk: probe of virtio5 failed with error -12");
	log_say(s, 3, "virtio_blk: probe of virtio5 failed with error 28");
	log_only_finding(s, NULL);
	log_done(s);
}

static void test_flags(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	const struct irqm_finding *f;

	(void)state;
	log_say(s, 1,
		"genirq: Flags mismatch irq 0. 00000080 (virtio5) vs. "
		"00015a00 (timer)");
	log_say(s, 2, "virtio_blk: probe of virtio5 failed with error -16");
	log_say(s, 3,
		"genirq: Flags mismatch irq 0. 00000080 (virtio6) vs. "
		"00015a00 (timer)");
	log_say(s, 4,
		"i801_smbus: probe of 0000:00:1f.4 failed with error -16");
	log_say(s, 5, "virtio_blk: probe of virtio6 failed with error -12");
	f = log_only_finding(s, "log-flags-mismatch");
	assert_int_equal(f->severity, IRQM_WARNING);
	NUM(f, "lines", 2);
	NUM(f, "devices", 2);
	NUM(f, "probes_failed", 1);
	STRING(f, "first_device", "virtio5");
	STRING(f, "owner", "timer");
	log_done(s);

	/* IRQ 0 alone, and a probe alone, prove nothing */
	s = snap_new(2);
	log_say(s, 1,
		"genirq: Flags mismatch irq 16. 00002080 (0000:00:1f.4) vs. "
		"00000080 (i801_smbus)");
	log_say(s, 2,
		"i801_smbus: probe of 0000:00:1f.4 failed with error -16");
	log_say(s, 3,
		"genirq: Flags mismatch irq 0. 00000080 (virtio6) vs. "
		"00015a00 (timer)");
	f = log_only_finding(s, "log-flags-mismatch");
	assert_int_equal(f->severity, IRQM_INFO);
	NUM(f, "probes_failed", 1);
	log_done(s);

	/* ... unless it is the same device, whatever else it asked for */
	s = snap_new(2);
	log_say(s, 1,
		"genirq: Flags mismatch irq 9. 00000080 (virtio6) vs. "
		"00000080 (acpi)");
	log_say(s, 2,
		"genirq: Flags mismatch irq 0. 00000080 (virtio6) vs. "
		"00015a00 (timer)");
	log_say(s, 3, "virtio_blk: probe of virtio6 failed with error -16");
	assert_int_equal(log_only_finding(s, "log-flags-mismatch")->severity,
			 IRQM_WARNING);
	log_done(s);

	/* as on machines that are well */
	s = snap_new(2);
	log_say(s, 1,
		"genirq: Flags mismatch irq 16. 00002080 (uio_pci_generic) "
		"vs. 00000080 (i801_smbus)");
	assert_int_equal(log_only_finding(s, "log-flags-mismatch")->severity,
			 IRQM_INFO);
	irqm_analysis_free(log_analysis);
	take_all_vectors(s, 1);
	assert_int_equal(log_only_finding(s, "log-flags-mismatch")->severity,
			 IRQM_WARNING);
	irqm_analysis_free(log_analysis);
	s->cpus[1].online = 0;
	assert_int_equal(log_only_finding(s, "log-flags-mismatch")->severity,
			 IRQM_INFO);
	log_done(s);
}

static void test_reservation(void **state)
{
	struct irqm_snapshot *s = snap_new(2);

	(void)state;
	log_say(s, 1, "Interrupt reservation exceeds available resources");
	assert_int_equal(
		log_only_finding(s, "log-reservation-exceeded")->severity,
		IRQM_INFO);
	log_done(s);
	s = snap_new(2);
	s->matrix.global_reserved = s->matrix.global_available + 1;
	log_say(s, 1, "Interrupt reservation exceeds available resources");
	assert_int_equal(
		log_only_finding(s, "log-reservation-exceeded")->severity,
		IRQM_WARNING);
	log_done(s);
}

/* What root wrote to /dev/kmsg. */
static void test_user(void **state)
{
	struct irqm_snapshot *s = probes_failed();
	const struct irqm_finding *f;
	unsigned int i;

	(void)state;
	s->log.lines[1].facility = 1;
	f = log_only_finding(s, "log-probe-failed");
	NUM(f, "lines", 2);
	STRING(f, "first_device", "virtio6");
	irqm_analysis_free(log_analysis);
	for (i = 0; i < s->log.nr_lines; i++)
		s->log.lines[i].facility = 1;
	log_only_finding(s, NULL);
	log_done(s);
}

/* More lines than are kept, and names that are not for a terminal. */
static void test_many(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	const struct irqm_finding *f;
	char line[128];
	unsigned int i;

	(void)state;
	for (i = 0; i < 3000; i++) {
		snprintf(line, sizeof(line),
			 "a\x1b[2J: probe of \xff%u failed "
			 "with error -28",
			 i);
		log_say(s, UINT64_MAX, line);
	}
	f = log_only_finding(s, "log-probe-failed");
	NUM(f, "lines", 3000);
	NUM(f, "first_ns", IRQM_UNKNOWN);
	log_done(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_probe),
		cmocka_unit_test(test_probes_of_others),
		cmocka_unit_test(test_other_probes),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_reservation),
		cmocka_unit_test(test_user),
		cmocka_unit_test(test_many),
	};

	return RUN(tests);
}
