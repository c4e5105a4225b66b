/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of the kernel log, beside what the machine is now. */
#include "findings.h"
#include "unit.h"

static void say(struct irqm_snapshot *s, uint64_t ns, const char *text)
{
	struct irqm_log *log = &s->log;

	log->known = true;
	if (!log->lines)
		log->lines = irqm_arena_alloc(s->arena, 4096,
					      sizeof(*log->lines));
	log->lines[log->nr_lines].ns = ns;
	log->lines[log->nr_lines].text = irqm_arena_strdup(s->arena, text);
	log->nr_lines++;
}

static struct irqm_analysis *analysis;

/* The only finding of the log, of that kind; NULL if it is to be none. */
static const struct irqm_finding *only(struct irqm_snapshot *s,
				       const char *code)
{
	const struct irqm_finding *found = NULL;
	unsigned int i;

	analysis = irqm_analyse(s);
	assert_non_null(analysis);
	for (i = 0; i < analysis->nr_findings; i++) {
		const struct irqm_finding *f = &analysis->findings[i];

		if (strncmp(f->kind->code, "log-", 4) != 0)
			continue;
		if (found || !code)
			fail_msg("unexpected: %s", f->text);
		found = f;
	}
	if (!code)
		return NULL;
	if (!found)
		fail_msg("no %s", code);
	assert_string_equal(found->kind->code, code);
	/* one too many would have replaced the last */
	assert_true(found->nr_data < IRQM_MAX_DATA);
	return found;
}

static void done(struct irqm_snapshot *s)
{
	irqm_analysis_free(analysis);
	irqm_snapshot_free(s);
}

#define NUM(f, key, value) assert_int_equal(finding_datum(f, key)->num, value)
#define STRING(f, key, value)                                                  \
	assert_string_equal(finding_datum(f, key)->string, value)

/* All its vectors are taken. */
static void fill_cpu(struct irqm_snapshot *s, unsigned int cpu)
{
	s->cpus[cpu].available = 0;
}

static struct irqm_snapshot *probes_failed(void)
{
	struct irqm_snapshot *s = snap_new(2);

	say(s, 1000000000, "Linux version 6.1");
	say(s, 2000000000, "virtio_blk: probe of virtio5 failed with error -28");
	say(s, 3000001000, "virtio_blk: probe of virtio6 failed with error -28");
	say(s, 3000002000, "virtio_blk: probe of virtio6 failed with error -28");
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
	f = only(s, "log-probe-failed");
	assert_int_equal(f->severity, IRQM_WARNING);
	assert_non_null(strstr(f->text, "every online CPU has vectors free"));
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
	done(s);

	/* one full CPU is enough for a managed queue */
	s = probes_failed();
	fill_cpu(s, 1);
	f = only(s, "log-probe-failed");
	assert_int_equal(f->severity, IRQM_CRITICAL);
	NUM(f, "full_cpus", 1);
	done(s);

	/* ... if it is online */
	s = probes_failed();
	fill_cpu(s, 1);
	s->cpus[1].online = 0;
	assert_int_equal(only(s, "log-probe-failed")->severity, IRQM_WARNING);
	done(s);

	/* it is not known */
	s = probes_failed();
	s->cpus[1].available = IRQM_UNKNOWN;
	f = only(s, "log-probe-failed");
	NUM(f, "full_cpus", IRQM_UNKNOWN);
	assert_null(strstr(f->text, "every online CPU"));
	done(s);

	/* both have interrupts: a later probe went well */
	s = probes_failed();
	fill_cpu(s, 1);
	device = snap_device(s, "0000:00:05.0", "virtio-pci");
	snap_consumer(s, device, "virtio5", "virtio_blk", "virtio");
	snap_msi_irq(s, 24, device, "virtio5-config");
	device = snap_device(s, "0000:00:06.0", "virtio-pci");
	snap_consumer(s, device, "virtio6", "virtio_blk", "virtio");
	snap_msi_irq(s, 25, device, "virtio6-config");
	f = only(s, "log-probe-failed");
	assert_int_equal(f->severity, IRQM_INFO);
	NUM(f, "devices_without", 0);
	done(s);
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
		{ "a: probe of 1-1.2:1.0 failed with error -28", 1,
		  IRQM_INFO },
		{ "nvme: probe of 0000:00:04.0 failed with error -28", 1,
		  IRQM_CRITICAL },
		{ "nvme: probe of 10000:e1:00.0 failed with error -28", 1,
		  IRQM_CRITICAL },
		{ "nvme nvme3: Removing after probe failure status: -28", 1,
		  IRQM_CRITICAL },
		/* cut: it cannot be found among the devices */
		{ "a: probe of virtio12345678901234567890123456789012345678901"
		  "2345 failed with error -28", 0, IRQM_INFO },
	};
	const struct irqm_finding *f;
	struct irqm_snapshot *s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		s = snap_new(2);
		fill_cpu(s, 1);
		say(s, 1, cases[i].line);
		f = only(s, "log-probe-failed");
		assert_non_null(strstr(f->text, "The probe failed of "));
		assert_null(strstr(f->text, "by now"));
		assert_int_equal(f->severity, cases[i].severity);
		NUM(f, "devices_without", cases[i].without);
		done(s);
	}
}

/* Probes that fail for another reason. */
static void test_other_probes(void **state)
{
	struct irqm_snapshot *s = snap_new(2);

	(void)state;
	fill_cpu(s, 0);
	say(s, 1, "i801_smbus: probe of 0000:00:1f.4 failed with error -16");
	say(s, 2, "virtio_blk: probe of virtio5 failed with error -12");
	say(s, 3, "virtio_blk: probe of virtio5 failed with error 28");
	only(s, NULL);
	done(s);
}

static void test_flags(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	const struct irqm_finding *f;

	(void)state;
	say(s, 1, "genirq: Flags mismatch irq 0. 00000080 (virtio5) vs. "
		  "00015a00 (timer)");
	say(s, 2, "virtio_blk: probe of virtio5 failed with error -16");
	say(s, 3, "genirq: Flags mismatch irq 0. 00000080 (virtio6) vs. "
		  "00015a00 (timer)");
	say(s, 4, "i801_smbus: probe of 0000:00:1f.4 failed with error -16");
	say(s, 5, "virtio_blk: probe of virtio6 failed with error -12");
	f = only(s, "log-flags-mismatch");
	assert_int_equal(f->severity, IRQM_WARNING);
	NUM(f, "lines", 2);
	NUM(f, "devices", 2);
	NUM(f, "probes_failed", 1);
	STRING(f, "first_device", "virtio5");
	STRING(f, "owner", "timer");
	done(s);

	/* IRQ 0 alone, and a probe alone, prove nothing */
	s = snap_new(2);
	say(s, 1, "genirq: Flags mismatch irq 16. 00002080 (0000:00:1f.4) vs. "
		  "00000080 (i801_smbus)");
	say(s, 2, "i801_smbus: probe of 0000:00:1f.4 failed with error -16");
	say(s, 3, "genirq: Flags mismatch irq 0. 00000080 (virtio6) vs. "
		  "00015a00 (timer)");
	f = only(s, "log-flags-mismatch");
	assert_int_equal(f->severity, IRQM_INFO);
	NUM(f, "probes_failed", 1);
	done(s);

	/* ... unless it is the same device, whatever else it asked for */
	s = snap_new(2);
	say(s, 1, "genirq: Flags mismatch irq 9. 00000080 (virtio6) vs. "
		  "00000080 (acpi)");
	say(s, 2, "genirq: Flags mismatch irq 0. 00000080 (virtio6) vs. "
		  "00015a00 (timer)");
	say(s, 3, "virtio_blk: probe of virtio6 failed with error -16");
	assert_int_equal(only(s, "log-flags-mismatch")->severity,
			 IRQM_WARNING);
	done(s);

	/* as on machines that are well */
	s = snap_new(2);
	say(s, 1, "genirq: Flags mismatch irq 16. 00002080 (uio_pci_generic) "
		  "vs. 00000080 (i801_smbus)");
	assert_int_equal(only(s, "log-flags-mismatch")->severity, IRQM_INFO);
	irqm_analysis_free(analysis);
	fill_cpu(s, 1);
	assert_int_equal(only(s, "log-flags-mismatch")->severity,
			 IRQM_WARNING);
	irqm_analysis_free(analysis);
	s->cpus[1].online = 0;
	assert_int_equal(only(s, "log-flags-mismatch")->severity, IRQM_INFO);
	done(s);
}

static void test_no_handler(void **state)
{
	const struct irqm_finding *f;
	struct irqm_snapshot *s;
	int device;

	(void)state;
	/* as the firmware's PIC makes it, on each CPU that comes up */
	s = snap_new(4);
	say(s, 8269000, "__common_interrupt: 1.55 No irq handler for vector");
	say(s, 8269000, "__common_interrupt: 2.55 No irq handler for vector");
	assert_int_equal(only(s, "log-no-irq-handler")->severity, IRQM_INFO);
	done(s);

	s = snap_new(4);
	device = snap_device(s, "0000:00:05.0", "nvme");
	snap_msi_irq(s, 24, device, "nvme0q1");
	say(s, 1, "__common_interrupt: 1.55 No irq handler for vector");
	{
		char line[80];
		unsigned int v = snap_alloc(s, 24, 2);

		snprintf(line, sizeof(line), "No irq handler for 2.%u", v);
		say(s, 2, line);
		f = only(s, "log-no-irq-handler");
		NUM(f, "vector", v);
		NUM(f, "irq_now", 24);
		assert_non_null(strstr(f->text, line));
		/* once, in an earlier kernel's message */
		assert_int_equal(f->severity, IRQM_INFO);
		irqm_analysis_free(analysis);
		say(s, 3, "No irq handler for 1.35");
		say(s, 4, "No irq handler for 2.35");
		say(s, 5, "No irq handler for 1.36");
		assert_int_equal(only(s, "log-no-irq-handler")->severity,
				 IRQM_INFO);
		irqm_analysis_free(analysis);
		say(s, 6, line);
		f = only(s, "log-no-irq-handler");
		NUM(f, "vector", v);
		assert_non_null(strstr(f->text, line));
	}
	assert_int_equal(f->severity, IRQM_WARNING);
	NUM(f, "cpu", 2);
	NUM(f, "irq_now", 24);
	done(s);

	/* noise stays noise */
	s = snap_new(2);
	say(s, 1, "__common_interrupt: 1.55 No irq handler for vector");
	say(s, 2, "__common_interrupt: 1.55 No irq handler for vector");
	assert_int_equal(only(s, "log-no-irq-handler")->severity, IRQM_INFO);
	done(s);

	/* figures that cannot be */
	s = snap_new(1);
	say(s, 1, "do_IRQ: 4294967296.256 No irq handler for vector");
	f = only(s, "log-no-irq-handler");
	NUM(f, "irq_now", IRQM_UNKNOWN);
	done(s);
}

static struct irqm_snapshot *broken(const char *mask, unsigned int cpu)
{
	struct irqm_snapshot *s = snap_new(4);
	int device = snap_device(s, "0000:00:05.0", "mlx5_core");

	snap_msi_irq(s, 24, device, "mlx5_comp0");
	snap_alloc(s, 24, cpu);
	snap_get(s, 24)->affinity = snap_cpus(s, mask);
	say(s, 5, "irq 24: Affinity broken due to vector space exhaustion.");
	say(s, 6, "irq 24: Affinity broken due to vector space exhaustion.");
	say(s, 7, "irq 99: Affinity broken due to vector space exhaustion.");
	return s;
}

static void test_broken(void **state)
{
	const struct irqm_finding *f;
	struct irqm_snapshot *s;

	(void)state;
	/* true to its word */
	s = broken("1-2", 0);
	fill_cpu(s, 1);
	fill_cpu(s, 2);
	f = only(s, "log-affinity-broken");
	assert_int_equal(f->severity, IRQM_WARNING);
	NUM(f, "irqs", 1);
	NUM(f, "exhausted", 1);
	NUM(f, "still_outside", 1);
	done(s);

	/* no CPU of the mask is online: the vectors had nothing to do with it */
	s = broken("1-2", 0);
	s->cpus[1].online = s->cpus[2].online = 0;
	f = only(s, "log-affinity-broken");
	assert_int_equal(f->severity, IRQM_INFO);
	NUM(f, "exhausted", 0);
	NUM(f, "not_online", 1);
	done(s);

	/* one of two has room: why is it still elsewhere? */
	s = broken("1-2", 0);
	fill_cpu(s, 1);
	f = only(s, "log-affinity-broken");
	assert_int_equal(f->severity, IRQM_WARNING);
	NUM(f, "room", 1);
	done(s);

	/* put right since */
	s = broken("1-2", 1);
	f = only(s, "log-affinity-broken");
	assert_int_equal(f->severity, IRQM_INFO);
	NUM(f, "still_outside", 0);
	done(s);
}

static void test_not_offlined(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	const struct irqm_finding *f;

	(void)state;
	say(s, 1, "CPU 1 has 90 vectors, 85 available. Cannot disable CPU");
	say(s, 2, "CPU 0 has 116 vectors, 85 available. Cannot disable CPU");
	f = only(s, "log-cpu-not-offlined");
	assert_int_equal(f->severity, IRQM_WARNING);
	NUM(f, "cpu", 0);
	NUM(f, "vectors", 116);
	NUM(f, "available", 85);
	assert_non_null(strstr(f->text, "\"CPU 0 has 116 vectors"));
	irqm_analysis_free(analysis);
	s->cpus[0].online = 0; /* the other one was refused as well */
	assert_int_equal(only(s, "log-cpu-not-offlined")->severity, IRQM_INFO);
	irqm_analysis_free(analysis);
	s->cpus[0].online = 1;
	s->cpus[1].online = 0;
	assert_int_equal(only(s, "log-cpu-not-offlined")->severity,
			 IRQM_WARNING);
	done(s);
}

static void test_reservation(void **state)
{
	struct irqm_snapshot *s = snap_new(2);

	(void)state;
	say(s, 1, "Interrupt reservation exceeds available resources");
	assert_int_equal(only(s, "log-reservation-exceeded")->severity,
			 IRQM_INFO);
	done(s);
	s = snap_new(2);
	s->matrix.global_reserved = s->matrix.global_available + 1;
	say(s, 1, "Interrupt reservation exceeds available resources");
	assert_int_equal(only(s, "log-reservation-exceeded")->severity,
			 IRQM_WARNING);
	done(s);
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
	say(s, 1, "Managed startup irq 23, no vector available");
	say(s, 1, "Managed startup irq 24, no vector available");
	f = only(s, "log-managed-startup");
	assert_int_equal(f->severity, IRQM_WARNING);
	NUM(f, "irq", 24);
	assert_non_null(strstr(f->text, "\"Managed startup irq 24"));
	irqm_analysis_free(analysis);
	/* the number is another's by now */
	snap_get(s, 24)->managed = 0;
	assert_int_equal(only(s, "log-managed-startup")->severity, IRQM_INFO);
	irqm_analysis_free(analysis);
	/* it rests */
	snap_get(s, 24)->managed = 1;
	s->cpus[1].online = 0;
	assert_int_equal(only(s, "log-managed-startup")->severity, IRQM_INFO);
	irqm_analysis_free(analysis);
	s->cpus[1].online = 1;
	snap_alloc(s, 24, 0);
	assert_int_equal(only(s, "log-managed-startup")->severity, IRQM_INFO);
	done(s);
}

static void test_set_affinity(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	const struct irqm_finding *f;
	int device;

	(void)state;
	say(s, 1, "IRQ23: set affinity failed(-22).");
	assert_int_equal(only(s, "log-set-affinity-failed")->severity,
			 IRQM_INFO);
	irqm_analysis_free(analysis);
	say(s, 1, "IRQ24: set affinity failed(-28).");
	f = only(s, "log-set-affinity-failed");
	assert_int_equal(f->severity, IRQM_INFO);
	NUM(f, "irq", 24);
	assert_non_null(strstr(f->text, "\"IRQ24: set"));
	irqm_analysis_free(analysis);
	device = snap_device(s, "0000:00:05.0", "nvme");
	snap_msi_irq(s, 25, device, "nvme0q1");
	snap_alloc(s, 25, 1);
	say(s, 1, "IRQ25: set affinity failed(-28).");
	/* the CPU is back */
	f = only(s, "log-set-affinity-failed");
	assert_int_equal(f->severity, IRQM_INFO);
	NUM(f, "irq", 24);
	irqm_analysis_free(analysis);
	s->cpus[1].online = 0;
	f = only(s, "log-set-affinity-failed");
	assert_int_equal(f->severity, IRQM_WARNING);
	NUM(f, "irq", 25);
	done(s);
}

/* What root wrote to /dev/kmsg. */
static void test_user(void **state)
{
	struct irqm_snapshot *s = probes_failed();
	const struct irqm_finding *f;
	unsigned int i;

	(void)state;
	s->log.lines[1].facility = 1;
	f = only(s, "log-probe-failed");
	NUM(f, "lines", 2);
	STRING(f, "first_device", "virtio6");
	irqm_analysis_free(analysis);
	for (i = 0; i < s->log.nr_lines; i++)
		s->log.lines[i].facility = 1;
	only(s, NULL);
	done(s);
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
		snprintf(line, sizeof(line), "a\x1b[2J: probe of \xff%u failed "
			 "with error -28", i);
		say(s, UINT64_MAX, line);
	}
	f = only(s, "log-probe-failed");
	NUM(f, "lines", 3000);
	NUM(f, "first_ns", IRQM_UNKNOWN);
	done(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_probe),
		cmocka_unit_test(test_probes_of_others),
		cmocka_unit_test(test_other_probes),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_no_handler),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_not_offlined),
		cmocka_unit_test(test_reservation),
		cmocka_unit_test(test_managed_startup),
		cmocka_unit_test(test_set_affinity),
		cmocka_unit_test(test_user),
		cmocka_unit_test(test_many),
	};

	return RUN(tests);
}
