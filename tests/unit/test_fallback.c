/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * legacy-fallback, on what the lab's exhausted machine has: disks with a
 * vector for each queue, one that shares, one on its line.
 */
#include "tests/unit/findings.h"
#include "tests/unit/unit.h"

static struct irqm_snapshot *s;
static struct irqm_analysis *a;
static struct irqm_action line_actions[2] = { { .name = "uhci_hcd:usb1" },
					      { .name = "virtio160" } };
static struct irqm_consumer line_consumer = { "virtio160", "virtio_blk",
					      "virtio" };
static struct irqm_pci_line line;

static void new_machine(void)
{
	int disk;

	s = snap_new(4);
	line_actions[1].name = "virtio160";
	line_consumer.name = "virtio160";
	line = (struct irqm_pci_line){
		.device = { .name = "0000:00:16.7",
			    .bus = "pci",
			    .driver = "virtio-pci",
			    .consumers = &line_consumer,
			    .nr_consumers = 1 },
		.irq = 10,
		.msix = true,
	};
	s->pci_lines = &line;
	s->nr_pci_lines = 1;
	snap_ioapic_irq(s, 10, "uhci_hcd:usb1");
	snap_get(s, 10)->actions = line_actions;
	snap_get(s, 10)->nr_actions = 2;

	disk = snap_device(s, "0000:00:05.0", "virtio-pci");
	snap_consumer(s, disk, "virtio15", "virtio_blk", "virtio");
	snap_msi_irq(s, 24, disk, "virtio15-config");
	snap_msi_irq(s, 25, disk, "virtio15-req.0");
	disk = snap_device(s, "0000:00:16.6", "virtio-pci");
	snap_consumer(s, disk, "virtio159", "virtio_blk", "virtio");
	snap_msi_irq(s, 26, disk, "virtio159-config");
	snap_msi_irq(s, 27, disk, "virtio159-virtqueues");
	s->cpus[1].available = 0;
}

static const struct irqm_finding *found(void)
{
	a = irqm_analyse(s);
	assert_non_null(a);
	return find_finding(a, "legacy-fallback");
}

static void check_found(const char *severity, int64_t shared, int64_t lines)
{
	const struct irqm_finding *f = found();

	if (!severity) {
		assert_null(f);
	} else {
		assert_non_null(f);
		assert_string_equal(irqm_severity_name(f->severity), severity);
		assert_int_equal(f->data[0].num, shared);
		assert_int_equal(f->data[2].num, lines);
		if (shared)
			assert_string_equal(f->data[1].string, "0000:00:16.6");
		assert_int_equal(irqm_bits_test(&f->data[4].set, 10), lines);
	}
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
}

static void test_both(void **state)
{
	(void)state;
	new_machine();
	check_found("warning", 1, 1);
	/* no CPU is full and the log says nothing: why it did is not known */
	new_machine();
	s->cpus[1].available = 100;
	check_found("info", 1, 1);
}

/* What the log says of others shows why, if it is about vectors. */
static void test_reasons(void **state)
{
	static struct irqm_log_line lines[] = {
		{ .text = "nouveau: probe of 0000:01:00.0 failed with error "
			  "-28" },
		{ .text = "i40e 0000:18:00.0: MSI-X vector reservation failed: "
			  "-28" },
		{ .text = "nvme: probe of 0000:18:00.0 failed with error -28" },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		new_machine();
		s->cpus[1].available = 100;
		s->log.lines = &lines[i];
		s->log.nr_lines = 1;
		check_found(i ? "warning" : "info", 1, 1);
	}
}

/* vectors=2 of a disk makes one like this, and nothing is wrong. */
static void test_shared(void **state)
{
	static struct irqm_log_line lines[] = {
		{ .text = "virtio_blk: probe of virtio160 failed with error -28" },
		{ .text = "virtio_blk: probe of virtio159 failed with error -28" },
	};

	(void)state;
	new_machine();
	s->nr_pci_lines = 0;
	assert_string_equal(found()->text,
			    "1 device got fewer vectors than it asked for "
			    "(0000:00:16.6 (virtio159): one for all queues), "
			    "because CPU 1 is out of vectors, or because this "
			    "was configured (QEMU: vectors=2)");
	assert_string_equal(a->findings[a->nr_findings - 1].brief,
			    "0000:00:16.6 (virtio159) has one vector for all "
			    "queues");
	irqm_analysis_free(a);
	check_found("info", 1, 0);
	/* another was refused */
	new_machine();
	s->nr_pci_lines = 0;
	s->log.lines = lines;
	s->log.nr_lines = 1;
	check_found("info", 1, 0);
	/* it was itself */
	new_machine();
	s->nr_pci_lines = 0;
	s->log.lines = lines;
	s->log.nr_lines = 2;
	check_found("warning", 1, 0);
	/* ... by what a program says */
	new_machine();
	s->nr_pci_lines = 0;
	s->log.lines = lines;
	s->log.nr_lines = 2;
	lines[1].facility = 1;
	check_found("info", 1, 0);
}

/* Those that share because they have no more: virtio-serial of QEMU. */
static void test_small_table(void **state)
{
	(void)state;
	new_machine();
	s->nr_pci_lines = 0;
	s->devices[1].consumers[0].driver = "virtio_console";
	check_found(NULL, 0, 0);
}

/* Almost a fallback to the line. */
static void test_lines(void **state)
{
	(void)state;
	/* a balloon has no MSI-X to begin with */
	new_machine();
	s->devices[1].consumers[0].driver = "virtio_console";
	line.msix = false;
	check_found(NULL, 0, 0);
	/* its probe failed: nobody uses the line for it */
	new_machine();
	s->devices[1].consumers[0].driver = "virtio_console";
	line_actions[1].name = "virtio16";
	check_found(NULL, 0, 0);
	/* what another driver asks for is not known */
	new_machine();
	s->devices[1].consumers[0].driver = "virtio_console";
	line_consumer.kind = "net";
	check_found(NULL, 0, 0);
	line_consumer.kind = "virtio";
	/* no such interrupt */
	new_machine();
	s->devices[1].consumers[0].driver = "virtio_console";
	line.irq = 4000000000;
	check_found(NULL, 0, 0);
}

/* pci=nomsi */
static void test_no_msi(void **state)
{
	(void)state;
	new_machine();
	s->nr_irqs = 1;
	s->nr_devices = 0;
	check_found(NULL, 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_shared),
		cmocka_unit_test(test_small_table),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_no_msi),
	};

	return RUN(tests);
}
