/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What drivers other than virtio's and nvme do without their vectors, and
 * drivers of which nothing is known.
 */
#include "analysis/drivers.h"
#include "planned.h"
#include "unit.h"

#include <errno.h>

static const struct irqm_plan_row *row_of(const struct irqm_plans *p,
					  unsigned int row)
{
	assert_int_equal(p->nr_plans, 1);
	assert_true(row < p->plans[0].nr_rows);
	return &p->plans[0].rows[row];
}

static void assert_row(const struct irqm_plan_row *row, enum irqm_plan_end end,
		       unsigned int nr_vectors, unsigned int available,
		       unsigned int reserved)
{
	assert_string_equal(irqm_plan_end_name(row->end),
			    irqm_plan_end_name(end));
	assert_int_equal(row->nr_vectors, nr_vectors);
	assert_int_equal(row->global_available, available);
	assert_int_equal(row->global_reserved, reserved);
}

static void forget_clusters(struct irqm_snapshot *s)
{
	unsigned int i;

	for (i = 0; i < s->nr_cpus; i++)
		s->cpus[i].cluster = (struct irqm_bits){ 0 };
}

/* Two CPUs with that many vectors left. */
static struct irqm_snapshot *two_cpus(unsigned int first, unsigned int second)
{
	struct irqm_snapshot *s = snap_new_sized(2, 2048, 16);
	unsigned int irq = 24;

	forget_clusters(s);
	fill_cpu(s, 0, 201 - first, &irq);
	fill_cpu(s, 1, 201 - second, &irq);
	start_all(s);
	return s;
}

/* The probe takes no vector; the interface cannot be brought up, but stays
 * reserved. */
static void network_cards(void **state)
{
	struct irqm_snapshot *s = two_cpus(1, 2);
	struct irqm_plans *p = planned(s, IRQM_PLAN_ADD, "ixgbe:2x2");
	const struct irqm_plan_row *row = row_of(p, 0);

	(void)state;
	/* a queue without managed vectors */
	assert_row(row, IRQM_PLAN_FITS, 3, 0, 0);
	assert_false(row->vectors[2].managed);
	row = row_of(p, 1);
	assert_row(row, IRQM_PLAN_FAILS_AT_OPEN, 3, 0, 3);
	assert_int_equal(row->error, -ENOSPC);
	assert_int_equal(row->failed_vector, 0);
	assert_int_equal(row->failed_cpu, IRQM_NO_CPU);
	assert_int_equal(row->vectors[0].vector, 0);
	assert_int_equal(p->plans[0].first, 1);
	irqm_plans_free(p);

	/* what was requested is given back */
	p = planned(s, IRQM_PLAN_ADD, "ixgbe:3");
	assert_row(row_of(p, 0), IRQM_PLAN_FAILS_AT_OPEN, 4, 3, 4);
	assert_int_equal(row_of(p, 0)->failed_vector, 3);
	irqm_plans_free(p);

	/* this one keeps it */
	p = planned(s, IRQM_PLAN_ADD, "vmxnet3:3");
	assert_row(row_of(p, 0), IRQM_PLAN_FAILS_AT_OPEN, 4, 0, 1);
	irqm_plans_free(p);

	/* the first vector at probe */
	p = planned(s, IRQM_PLAN_ADD, "ena:2x2");
	assert_row(row_of(p, 0), IRQM_PLAN_FITS, 3, 0, 0);
	assert_row(row_of(p, 1), IRQM_PLAN_FAILS, 0, 0, 0);
	irqm_plans_free(p);
	p = planned(s, IRQM_PLAN_ADD, "ena:3");
	assert_row(row_of(p, 0), IRQM_PLAN_FAILS_AT_OPEN, 4, 3, 4);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

/* e1000e, igb and igc ask again when the interface is brought up, with MSI and
 * with INTx: igb_request_irq(). */
static void cards_with_msi(void **state)
{
	struct irqm_snapshot *s = two_cpus(1, 1);
	struct irqm_plans *p = planned(s, IRQM_PLAN_ADD, "igb:2x3");

	(void)state;
	assert_row(row_of(p, 0), IRQM_PLAN_SHARED, 1, 1, 0);
	assert_int_equal(row_of(p, 0)->error, -ENOSPC);
	assert_int_equal(row_of(p, 0)->failed_vector, 2);
	assert_row(row_of(p, 1), IRQM_PLAN_SHARED, 1, 0, 0);
	assert_row(row_of(p, 2), IRQM_PLAN_NO_VECTORS, 0, 0, 0);
	irqm_plans_free(p);
	irqm_snapshot_free(s);

	/* INTx that no device uses yet, and no vector for it */
	s = two_cpus(0, 0);
	snap_ioapic_irq(s, 900, NULL);
	p = planned(s, IRQM_PLAN_ADD, "igc:2,line=900");
	assert_row(row_of(p, 0), IRQM_PLAN_FAILS_AT_OPEN, 0, 0, 0);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
	/* this one only has MSI-X */
	s = two_cpus(1, 0);
	p = planned(s, IRQM_PLAN_ADD, "ixgbe:1");
	assert_row(row_of(p, 0), IRQM_PLAN_FAILS_AT_OPEN, 2, 1, 2);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

/* A root port is bound and keeps its reservation: pcie_pme_probe(),
 * aer_probe(). */
static void root_ports(void **state)
{
	struct irqm_snapshot *s = two_cpus(1, 0);
	struct irqm_plans *p = planned(s, IRQM_PLAN_ADD, "pcieport:0x2");

	(void)state;
	assert_row(row_of(p, 0), IRQM_PLAN_FITS, 1, 0, 0);
	assert_row(row_of(p, 1), IRQM_PLAN_FAILS_AT_OPEN, 1, 0, 1);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

static void with_fewer(void **state)
{
	/* CPU 0 is full, so no queue of one of two sets of CPUs fits there */
	struct irqm_snapshot *s = two_cpus(0, 9);
	struct irqm_plans *p;

	(void)state;
	/* two before the queues, and no fewer */
	p = planned(s, IRQM_PLAN_ADD, "qla2xxx:2");
	assert_row(row_of(p, 0), IRQM_PLAN_FEWER, 2, 7, 0);
	assert_int_equal(row_of(p, 0)->failed_cpu, 0);
	assert_int_equal(row_of(p, 0)->failed_vector, 2);
	irqm_plans_free(p);
	p = planned(s, IRQM_PLAN_ADD, "megaraid_sas:2");
	assert_row(row_of(p, 0), IRQM_PLAN_FEWER, 1, 8, 0);
	irqm_plans_free(p);
	/* nothing comes before the queues, so nothing is got */
	p = planned(s, IRQM_PLAN_ADD, "smartpqi:2");
	assert_row(row_of(p, 0), IRQM_PLAN_FAILS, 0, 9, 0);
	irqm_plans_free(p);
	p = planned(s, IRQM_PLAN_ADD, "mpt3sas:2");
	assert_row(row_of(p, 0), IRQM_PLAN_NO_VECTORS, 0, 9, 0);
	irqm_plans_free(p);
	/* one with MSI, which is not managed */
	p = planned(s, IRQM_PLAN_ADD, "hpsa:2");
	assert_row(row_of(p, 0), IRQM_PLAN_SHARED, 1, 8, 0);
	assert_false(row_of(p, 0)->vectors[0].managed);
	irqm_plans_free(p);
	irqm_snapshot_free(s);

	/* least is 2: one is not enough */
	s = two_cpus(0, 1);
	p = planned(s, IRQM_PLAN_ADD, "qla2xxx:1");
	assert_row(row_of(p, 0), IRQM_PLAN_SHARED, 1, 0, 0);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

/* irqaffinity=0 with a CPU 0 that has two vectors: the third goes to CPU 1. */
static void outside_the_affinity(void **state)
{
	struct irqm_snapshot *s = two_cpus(2, 9);
	struct irqm_plans *p;

	(void)state;
	s->dump.default_affinity = snap_cpus(s, "0");
	p = planned(s, IRQM_PLAN_ADD, "igc:2");
	assert_row(row_of(p, 0), IRQM_PLAN_OUTSIDE, 3, 8, 0);
	assert_int_equal(row_of(p, 0)->outside, 1);
	assert_int_equal(p->plans[0].first, 0);
	irqm_plans_free(p);
	p = planned(s, IRQM_PLAN_ADD, "igc:1");
	assert_row(row_of(p, 0), IRQM_PLAN_FITS, 2, 9, 0);
	assert_int_equal(row_of(p, 0)->outside, 0);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

/* nvme.write_queues: each set covers all CPUs. */
static void two_sets(void **state)
{
	struct irqm_snapshot *s = two_cpus(5, 9);
	struct irqm_plans *p = planned(s, IRQM_PLAN_ADD, "nvme:2+1x2");
	const struct irqm_plan_row *row = row_of(p, 0);
	char *mask;

	(void)state;
	assert_row(row, IRQM_PLAN_FITS, 4, 14 - 5, 0);
	mask = irqm_bits_list(&row->vectors[3].mask);
	assert_string_equal(mask, "0-1");
	free(mask);
	mask = irqm_bits_list(&row->vectors[2].mask);
	assert_string_equal(mask, "1");
	free(mask);
	irqm_plans_free(p);

	/* CPU 0 has room for one queue: not for one of each set, which 2+2 and
	 * 1+1 need */
	irqm_snapshot_free(s);
	s = two_cpus(1, 9);
	p = planned(s, IRQM_PLAN_ADD, "nvme:2+2");
	row = row_of(p, 0);
	assert_row(row, IRQM_PLAN_FEWER, 2, 10 - 3, 0);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

/* Before 5.0 those before the queues' are managed, and can fail, too. */
static void fewer_than_before_the_queues(void **state)
{
	struct irqm_snapshot *s = two_cpus(1, 9);
	const struct irqm_plan_row *row;
	struct irqm_plans *p;

	(void)state;
	s->dump.generation = (struct irqm_generation){ .xarray = true };
	s->dump.default_affinity = snap_cpus(s, "0");
	s->cpus[0].managed_allocated = IRQM_UNKNOWN;
	s->cpus[1].managed_allocated = IRQM_UNKNOWN;
	p = planned(s, IRQM_PLAN_ADD, "nvme:0,vectors=3+1");
	row = &p->plans[0].rows[0];
	assert_row(row, IRQM_PLAN_FEWER, 1, 9, 0);
	assert_int_equal(row->failed_vector, 1);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

static struct irqm_snapshot *with_a_card(void)
{
	struct irqm_snapshot *s = two_cpus(100, 100);
	int card = snap_device(s, "0000:00:07.0", "newcard"), i;

	snap_consumer(s, card, "eth7", NULL, "net");
	for (i = 0; i < 3; i++) {
		snap_msi_irq(s, 900 + i, card, "eth7");
		snap_alloc(s, 900 + i, 1);
	}
	s->devices[card].node = 0;
	return s;
}

/* The dump has one. */
static void like_a_device(void **state)
{
	struct irqm_snapshot *s = with_a_card();
	struct irqm_plans *p = planned(s, IRQM_PLAN_LIKE, "eth7,x2");
	const struct irqm_plan_step *step = row_of(p, 0)->step;

	(void)state;
	assert_row(row_of(p, 1), IRQM_PLAN_FITS, 3, 197 - 6, 0);
	assert_int_equal(step->kind, IRQM_PLAN_ADD);
	assert_string_equal(step->driver, "newcard");
	assert_int_equal(step->pre, 3);
	assert_int_equal(step->managed, 0);
	assert_int_equal(step->node, 0);
	assert_null(step->known);
	irqm_plans_free(p);
	/* by its driver, which no table has */
	p = planned(s, IRQM_PLAN_ADD, "newcard:5");
	assert_row(row_of(p, 0), IRQM_PLAN_FITS, 5, 197 - 5, 0);
	irqm_plans_free(p);
	p = planned(s, IRQM_PLAN_LIKE, "newcard,node=3,x1");
	assert_int_equal(row_of(p, 0)->step->node, 3);
	irqm_plans_free(p);

	snap_virtio_blk(s, "0000:00:08.0", 950);
	p = planned(s, IRQM_PLAN_LIKE, "00:08.0");
	step = row_of(p, 0)->step;
	assert_int_equal(step->pre, 1);
	assert_int_equal(step->managed, 2);
	assert_ptr_equal(step->known, irqm_driver_find("virtio-blk"));
	irqm_plans_free(p);

	refuses(s, IRQM_PLAN_LIKE, "eth8", "is called \"eth8\"");
	refuses(s, IRQM_PLAN_LIKE, "", "is not DEVICE");
	refuses(s, IRQM_PLAN_LIKE, "eth7,4", "is not DEVICE");
	refuses(s, IRQM_PLAN_LIKE, "eth7,x", "is not DEVICE");
	refuses(s, IRQM_PLAN_LIKE, "eth7,vectors=1+1", "is not DEVICE");
	refuses(s, IRQM_PLAN_LIKE, "eth7,x0", "adds no devices");
	snap_get(s, 901)->managed = IRQM_UNKNOWN;
	refuses(s, IRQM_PLAN_LIKE, "eth7", "IRQ 901 of the device could not");
	irqm_snapshot_free(s);
}

/* usb/host/xhci-pci.c requests one since 6.8, before that all. */
static void first_or_all(void **state)
{
	struct irqm_snapshot *s = two_cpus(9, 9);
	struct irqm_plans *p;
	int hub;

	(void)state;
	/* without one in the dump: as in 6.11, and before it */
	p = planned(s, IRQM_PLAN_ADD, "xhci_hcd:5");
	assert_row(row_of(p, 0), IRQM_PLAN_FITS, 5, 17, 4);
	irqm_plans_free(p);
	s->dump.generation.map_pointers = false;
	p = planned(s, IRQM_PLAN_ADD, "xhci_hcd:5");
	assert_row(row_of(p, 0), IRQM_PLAN_FITS, 5, 13, 0);
	irqm_plans_free(p);
	/* the second interrupt of another driver says nothing */
	hub = snap_device(s, "0000:00:06.0", "newcard");
	snap_msi_irq(s, 900, hub, "eth7");
	snap_alloc(s, 900, 0);
	snap_msi_irq(s, 901, hub, NULL);
	snap_reserve(s, 901);
	p = planned(s, IRQM_PLAN_ADD, "xhci_hcd:5");
	assert_row(row_of(p, 0), IRQM_PLAN_FITS, 5, 12, 1);
	irqm_plans_free(p);
	/* 6.8 to 6.10 */
	hub = snap_device(s, "0000:00:07.0", "xhci_hcd");
	snap_msi_irq(s, 910, hub, "xhci_hcd");
	snap_alloc(s, 910, 0);
	snap_msi_irq(s, 911, hub, NULL);
	snap_reserve(s, 911);
	p = planned(s, IRQM_PLAN_ADD, "xhci_hcd:5");
	assert_row(row_of(p, 0), IRQM_PLAN_FITS, 5, 15, 6);
	irqm_plans_free(p);
	irqm_snapshot_free(s);

	/* idxd: only the first, and no INTx */
	s = two_cpus(1, 0);
	p = planned(s, IRQM_PLAN_ADD, "idxd:8x2");
	assert_row(row_of(p, 0), IRQM_PLAN_FITS, 9, 0, 8);
	assert_row(row_of(p, 1), IRQM_PLAN_FAILS, 0, 0, 8);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

/* mlx5/core/eq.c requests queues when the interface is brought up since 6.6;
 * 6.5 brought the maple tree of descriptors. */
static void mlx5(void **state)
{
	struct irqm_snapshot *s = two_cpus(1, 1);
	struct irqm_plans *p;

	(void)state;
	s->dump.generation.map_pointers = false;
	p = planned(s, IRQM_PLAN_ADD, "mlx5_core:3");
	assert_row(row_of(p, 0), IRQM_PLAN_FAILS_AT_OPEN, 4, 2, 4);
	irqm_plans_free(p);
	s->dump.generation.maple_tree = false;
	p = planned(s, IRQM_PLAN_ADD, "mlx5_core:3x2");
	assert_row(row_of(p, 0), IRQM_PLAN_FEWER, 2, 0, 2);
	assert_int_equal(row_of(p, 0)->failed_vector, 2);
	assert_row(row_of(p, 1), IRQM_PLAN_FAILS, 0, 0, 2);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
	s = two_cpus(2, 0);
	s->dump.generation.maple_tree = false;
	p = planned(s, IRQM_PLAN_ADD, "mlx5_core:1x2");
	assert_row(row_of(p, 0), IRQM_PLAN_FITS, 2, 0, 0);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
	/* its own, but no queue's */
	s = two_cpus(1, 0);
	s->dump.generation.maple_tree = false;
	p = planned(s, IRQM_PLAN_ADD, "mlx5_core:1");
	assert_row(row_of(p, 0), IRQM_PLAN_FAILS, 0, 1, 0);
	irqm_plans_free(p);
	refuses(s, IRQM_PLAN_ADD, "hv_pci:2", "only the devices behind it");
	irqm_snapshot_free(s);
}

/* Two sets of the device's queues, each over both CPUs. */
static void like_a_device_with_sets(void **state)
{
	struct irqm_snapshot *s = two_cpus(100, 100);
	int disk = snap_device(s, "0000:00:07.0", "nvme"), i;
	struct irqm_plans *p;

	(void)state;
	for (i = 0; i < 4; i++) {
		snap_msi_irq(s, 900 + i, disk, "queue")->msi->index = i;
		snap_managed(s, 900 + i, i % 2 ? "1" : "0");
		snap_start(s, 900 + i, i % 2);
	}
	p = planned(s, IRQM_PLAN_LIKE, "nvme");
	assert_int_equal(row_of(p, 0)->step->managed, 4);
	assert_int_equal(row_of(p, 0)->step->first_set, 2);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

/* A name that nobody knows is an error, never a plan. */
static void unknown_drivers(void **state)
{
	struct irqm_snapshot *s = two_cpus(0, 5);
	struct irqm_plans *p;

	(void)state;
	refuses(s, IRQM_PLAN_ADD, "nosuch:2", "no driver of that name");
	refuses(s, IRQM_PLAN_ADD, "virtio_blkk:2", "vectors=PRE+QUEUES");
	p = planned(s, IRQM_PLAN_ADD, "nosuch:0,vectors=5+0");
	assert_row(row_of(p, 0), IRQM_PLAN_FITS, 5, 0, 0);
	irqm_plans_free(p);
	p = planned(s, IRQM_PLAN_ADD, "nosuch:0,vectors=6+0");
	assert_row(row_of(p, 0), IRQM_PLAN_FAILS, 0, 5, 0);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

static void drivers_are_removed(void **state)
{
	struct irqm_snapshot *s = with_a_card();
	struct irqm_plans *p;

	(void)state;
	snap_virtio_blk(s, "0000:00:08.0", 950);
	snap_virtio_blk(s, "0000:00:09.0", 960);
	p = planned(s, IRQM_PLAN_REMOVE, "virtio-blk");
	assert_int_equal(p->plans[0].nr_rows, 2);
	irqm_plans_free(p);
	p = planned(s, IRQM_PLAN_REMOVE, "newcard");
	assert_int_equal(p->plans[0].nr_rows, 1);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

/* No driver twice, and each with a source. */
static void the_table(void **state)
{
	unsigned int i, k;

	(void)state;
	for (i = 0; i < irqm_nr_drivers; i++) {
		const struct irqm_driver *d = &irqm_drivers[i];

		assert_non_null(strstr(d->source, ".c, "));
		assert_true(d->pre + d->per_queue > 0 ||
			    strcmp(d->name, "hv_pci") == 0);
		for (k = 0; k < i; k++)
			assert_false(
				irqm_driver_is(d->name, irqm_drivers[k].name));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(network_cards),
		cmocka_unit_test(cards_with_msi),
		cmocka_unit_test(root_ports),
		cmocka_unit_test(first_or_all),
		cmocka_unit_test(mlx5),
		cmocka_unit_test(with_fewer),
		cmocka_unit_test(outside_the_affinity),
		cmocka_unit_test(two_sets),
		cmocka_unit_test(fewer_than_before_the_queues),
		cmocka_unit_test(like_a_device),
		cmocka_unit_test(like_a_device_with_sets),
		cmocka_unit_test(unknown_drivers),
		cmocka_unit_test(drivers_are_removed),
		cmocka_unit_test(the_table),
	};

	return RUN(tests);
}
