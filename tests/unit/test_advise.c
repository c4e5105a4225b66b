/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes that make everything fit. tests/vmcores/advise-check applies them to
 * guests. */
#include "advised.h"
#include "planned.h"
#include "unit.h"

static void nothing_to_do(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	struct irqm_advices *a = advice_for(s, NULL);

	(void)state;
	assert_int_equal(a->end, IRQM_ADVISE_NO_GOAL);
	assert_null(a->goal);
	irqm_advices_free(a);
	a = advice_for(s, "nvme:2");
	assert_int_equal(a->end, IRQM_ADVISE_FITS);
	assert_null(a->known);
	assert_int_equal(a->nr, 0);
	irqm_advices_free(a);
	irqm_snapshot_free(s);
}

/*
 * One CPU, 201 vectors. The card has 102, 2 besides its queues'; 6 are free.
 * The new device takes 10, so the card must give back 4 of its 100 queues.
 */
static void fewer_queues(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(1, 512, 16);
	const struct irqm_advice *best;
	struct irqm_advices *a;
	unsigned int irq = 24;
	int card;

	(void)state;
	fill_cpu(s, 0, 93, &irq);
	card = plain_device(s, "0000:5e:00.0", "ice", 200, 102);
	snap_consumer(s, card, "eth7", NULL, "net");
	start_all(s);
	a = advice_for(s, "made_up:0,vectors=10+0");
	assert_int_equal(a->end, IRQM_ADVISE_FOUND);
	best = find_advice(a, IRQM_KNOB_ETHTOOL);
	assert_non_null(best);
	assert_false(best->reboot);
	assert_true(has_command(best, "ethtool -L eth7 combined 96"));
	assert_non_null(strstr(best->parts[0].what, "96 queues"));
	assert_non_null(strstr(best->parts[0].what, "not 100"));
	assert_int_equal(best->available, 0);
	assert_null(find_advice(a, IRQM_KNOB_PORTS));
	/* without the card, 98 vectors are left */
	assert_int_equal(find_advice(a, IRQM_KNOB_UNPLUG)->available, 98);
	/* all devices are kept first */
	assert_ptr_equal(best, &a->list[0]);
	assert_int_equal(a->list[a->nr - 1].knob, IRQM_KNOB_UNPLUG);
	assert_string_equal(a->list[a->nr - 1].parts[0].undo,
			    "echo 1 > /sys/bus/pci/rescan");
	assert_null(best->parts[0].undo);
	assert_non_null(strstr(a->not_tried, "nr_cpus=2"));
	irqm_advices_free(a);
	irqm_snapshot_free(s);
}

/* Root ports hold 150 of 201; only pcie_ports=compat gets them back. */
static void root_ports(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(1, 512, 512);
	const struct irqm_advice *ports;
	struct irqm_advices *a;
	unsigned int i, irq = 24;
	char name[32];

	(void)state;
	fill_cpu(s, 0, 50, &irq);
	for (i = 0; i < 150; i++) {
		snprintf(name, sizeof(name), "0000:%02x:00.0", i);
		plain_device(s, name, "pcieport", 200 + i, 1);
	}
	start_all(s);
	a = advice_for(s, "made_up:0,vectors=10+0");
	ports = find_advice(a, IRQM_KNOB_PORTS);
	assert_non_null(ports);
	assert_true(ports->reboot);
	assert_int_equal(ports->devices, 150);
	assert_true(has_command(ports, "pcie_ports=compat"));
	assert_int_equal(ports->available, 150 + 1 - 10);
	assert_null(find_advice(a, IRQM_KNOB_UNPLUG));
	assert_null(find_advice(a, IRQM_KNOB_MSI_OFF));
	irqm_advices_free(a);
	irqm_snapshot_free(s);
}

/*
 * A crash kernel with one CPU: 120 root ports, and drives of 2 vectors. Without
 * one drive, or with three on INTx, another fits, but the drives may be what
 * the dump is written to.
 */
static struct irqm_snapshot *ports_and_drives(unsigned int cpus)
{
	struct irqm_snapshot *s = snap_new_sized(cpus, 1024, 512);
	unsigned int i, irq = 24;
	char name[32];

	for (i = 0; i < cpus; i++)
		fill_cpu(s, i, i ? 200 : 201 - 120 - 60, &irq);
	for (i = 0; i < 120; i++) {
		snprintf(name, sizeof(name), "0000:%02x:00.0", i);
		plain_device(s, name, "pcieport", 500 + i, 1);
	}
	for (i = 0; i < 30; i++) {
		snprintf(name, sizeof(name), "0001:%02x:00.0", i);
		plain_device(s, name, "nvme", 700 + 2 * i, 2);
	}
	start_all(s);
	return s;
}

static void order_of_a_crash_kernel(void **state)
{
	static const enum irqm_knob expected[] = { IRQM_KNOB_PORTS,
						   IRQM_KNOB_MSI_OFF,
						   IRQM_KNOB_UNPLUG };
	struct irqm_snapshot *s = ports_and_drives(1);
	struct irqm_advices *a = advice_for(s, "made_up:0,vectors=2+0");
	unsigned int i;

	(void)state;
	assert_int_equal(a->nr, ARRAY_SIZE(expected));
	for (i = 0; i < a->nr; i++)
		assert_int_equal(a->list[i].knob, expected[i]);
	irqm_advices_free(a);
	irqm_snapshot_free(s);

	/* with two CPUs, a reboot is not the first thing to try */
	s = ports_and_drives(2);
	a = advice_for(s, "made_up:0,vectors=2+0");
	assert_non_null(find_advice(a, IRQM_KNOB_PORTS));
	assert_false(a->list[0].reboot);
	assert_null(a->not_tried);
	irqm_advices_free(a);
	irqm_snapshot_free(s);
}

/* Only CPU 1 is in the default affinity, and it is full. */
static void narrow_affinity(void **state)
{
	struct irqm_snapshot *s = machine_with_full_cpu(2, 1, 0);
	const struct irqm_advice *wide;
	struct irqm_advices *a;

	(void)state;
	s->dump.default_affinity = snap_cpus(s, "1");
	start_all(s);
	a = advice_for(s, "made_up:0,vectors=4+0");
	wide = find_advice(a, IRQM_KNOB_AFFINITY);
	assert_non_null(wide);
	assert_false(wide->reboot);
	assert_true(
		has_command(wide, "echo 3 > /proc/irq/default_smp_affinity"));
	assert_ptr_equal(wide, &a->list[0]);
	irqm_advices_free(a);
	irqm_snapshot_free(s);

	s = machine_with_full_cpu(40, 1, 0);
	s->dump.default_affinity = snap_cpus(s, "1");
	start_all(s);
	a = advice_for(s, "made_up:0,vectors=4+0");
	assert_true(has_command(find_advice(a, IRQM_KNOB_AFFINITY),
				"echo ff,ffffffff > /proc"));
	irqm_advices_free(a);
	irqm_snapshot_free(s);
}

static unsigned int add_disks(struct irqm_snapshot *s, unsigned int nr,
			      unsigned int queues)
{
	unsigned int i, k, irq = 100;
	char name[32];

	for (i = 0; i < nr; i++) {
		int device;

		snprintf(name, sizeof(name), "0000:00:%02x.%u", 3 + i / 8,
			 i % 8);
		device = snap_device(s, name, "virtio-pci");
		snprintf(name, sizeof(name), "virtio%u", i);
		snap_consumer(s, device, name, "virtio_blk", "virtio");
		snap_msi_irq(s, irq, device, "config");
		snap_alloc(s, irq++, i % 2);
		for (k = 0; k < queues; k++) {
			snap_msi_irq(s, irq, device, "req");
			snap_managed(s, irq,
				     queues == 2 ? k ? "1" : "0" : "all");
			snap_start(s, irq++, k);
		}
	}
	return irq;
}

/*
 * Two CPUs of 201: 130 disks of two queues hold 3 vectors each, 390 of 402.
 * Five more take 15, so 3 are missing. Each disk with vectors=2 takes one less.
 */
static void two_vectors(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(2, 1024, 256);
	const struct irqm_advice *v;
	struct irqm_advices *a;

	(void)state;
	add_disks(s, 130, 2);
	start_all(s);
	forget_masks(s);
	a = advice_for(s, "virtio_blk:2x5");
	assert_int_equal(a->end, IRQM_ADVISE_FOUND);
	v = find_advice(a, IRQM_KNOB_NEW_VECTORS);
	assert_non_null(v);
	assert_false(v->reboot);
	assert_int_equal(v->devices, 3);
	assert_int_equal(v->available, 0);
	assert_true(has_command(v, "vectors=2"));
	v = find_advice(a, IRQM_KNOB_SCSI);
	assert_non_null(v);
	assert_true(v->reboot);
	v = find_advice(a, IRQM_KNOB_UNPLUG);
	assert_int_equal(v->devices, 1);
	/* no reboot first, but rather one than fewer disks */
	assert_ptr_equal(v, &a->list[a->nr - 1]);
	assert_false(a->list[0].reboot);
	assert_true(a->list[a->nr - 2].reboot);
	irqm_advices_free(a);
	irqm_snapshot_free(s);
}

/* write_queues make two sets, each over all CPUs; turned off, one is left. */
static void write_queues(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(2, 1024, 256);
	const struct irqm_advice *w;
	struct irqm_advices *a;
	unsigned int irq = 24;
	int drive;

	(void)state;
	fill_cpu(s, 0, 190, &irq);
	fill_cpu(s, 1, 190, &irq);
	drive = snap_device(s, "0000:01:00.0", "nvme");
	snap_msi_irq(s, 500, drive, "nvme0q0");
	snap_alloc(s, 500, 0);
	for (irq = 501; irq < 505; irq++) {
		snap_msi_irq(s, irq, drive, "nvme0q");
		snap_managed(s, irq, irq % 2 ? "0" : "1");
		snap_start(s, irq, irq % 2 ? 0 : 1);
	}
	start_all(s);
	/* of 22, 5 are the drive's; 19 do not fit into 17, but into 19 */
	a = advice_for(s, "made_up:0,vectors=19+0");
	w = find_advice(a, IRQM_KNOB_WRITE_QUEUES);
	assert_non_null(w);
	assert_true(has_command(w, "nvme.write_queues=0"));
	assert_int_equal(w->available, 0);
	irqm_advices_free(a);
	irqm_snapshot_free(s);
}

static void what_cannot_be_helped(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(1, 512, 16);
	struct irqm_plan_wish wish = { IRQM_PLAN_ADD, "nonsense" };
	struct irqm_error err = { .msg = "" };
	struct irqm_analysis *an;
	struct irqm_advices *a;
	unsigned int irq = 24;

	(void)state;
	fill_cpu(s, 0, 150, &irq);
	start_all(s);
	a = advice_for(s, "made_up:0,vectors=300+0");
	assert_int_equal(a->end, IRQM_ADVISE_NOTHING);
	assert_int_equal(a->nr, 0);
	irqm_advices_free(a);
	/* with a device, the last resort is left, which nothing confirms */
	plain_device(s, "0000:01:00.0", "made_up", 400, 2);
	start_all(s);
	a = advice_for(s, "other:0,vectors=300+0");
	assert_int_equal(a->nr, 1);
	assert_int_equal(a->list[0].knob, IRQM_KNOB_NO_MSI);
	assert_int_equal(a->list[0].available, IRQM_UNKNOWN);
	irqm_advices_free(a);
	an = must_analyse(s);
	assert_null(irqm_advise(an, s, &wish, 1, NULL, &err));
	assert_non_null(strstr(err.msg, "is not DRIVER:QUEUES"));
	irqm_analysis_free(an);
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_to_do),
		cmocka_unit_test(fewer_queues),
		cmocka_unit_test(root_ports),
		cmocka_unit_test(order_of_a_crash_kernel),
		cmocka_unit_test(narrow_affinity),
		cmocka_unit_test(two_vectors),
		cmocka_unit_test(write_queues),
		cmocka_unit_test(what_cannot_be_helped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
