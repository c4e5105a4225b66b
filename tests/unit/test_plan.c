/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Devices that come and go, on machines written down. What real kernels did
 * with real devices is compared by tests/vmcores/plan-check; here are the
 * corners.
 */
#include "planned.h"
#include "unit.h"

#include <errno.h>

static void assert_mask(const struct irqm_plan_row *row, unsigned int vector,
			const char *list)
{
	char *mask = irqm_bits_list(&row->vectors[vector].mask);

	assert_string_equal(mask, list);
	free(mask);
}

/* LKML, 2022-09-24: 80 CPUs, 15,215 vectors available, 15,296 after one disk
 * of two queues was unplugged. */
static void a_disk_of_two_queues_costs_81(void **state)
{
	struct irqm_snapshot *s = snap_new(80);
	struct irqm_plans *p = planned(s, IRQM_PLAN_ADD, "virtio_blk:2");
	const struct irqm_plan *plan = &p->plans[0];

	(void)state;
	assert_int_equal(p->nr_plans, 1);
	assert_int_equal(plan->first, -1);
	assert_int_equal(plan->rows[0].end, IRQM_PLAN_FITS);
	assert_int_equal(plan->rows[0].global_available, 80 * 201 - 81);
	assert_int_equal(plan->rows[0].total_allocated, 3);
	assert_int_equal(plan->rows[0].nr_vectors, 3);
	assert_mask(&plan->rows[0], 0, "0-79");
	assert_mask(&plan->rows[0], 1, "0-39");
	assert_mask(&plan->rows[0], 2, "40-79");
	/* most available: the first of equals; fewest managed: the last */
	assert_int_equal(plan->rows[0].vectors[0].cpu, 0);
	assert_int_equal(plan->rows[0].vectors[1].cpu, 39);
	assert_int_equal(plan->rows[0].vectors[2].cpu, 79);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

/* Plugging a device in and out again is for nothing. */
static void removal_gives_the_cost_back(void **state)
{
	struct irqm_snapshot *s = snap_new(80);
	irqm_num before = s->matrix.global_available;
	struct irqm_plans *p;

	(void)state;
	snap_virtio_blk(s, "0000:00:05.0", 24);
	assert_int_equal(s->matrix.global_available, before - 81);
	p = planned(s, IRQM_PLAN_REMOVE, "00:05.0");
	assert_int_equal(p->plans[0].nr_rows, 1);
	assert_int_equal(p->plans[0].rows[0].global_available, before);
	assert_int_equal(p->plans[0].rows[0].total_allocated, 0);
	irqm_plans_free(p);
	refuses(s, IRQM_PLAN_REMOVE, "00:06.0", "no device");
	irqm_snapshot_free(s);
}

/* A CPU without a free vector, and none of the others' slots is kept. */
static void a_full_cpu_fails_a_managed_queue(void **state)
{
	struct irqm_snapshot *s = machine_with_full_cpu(4, 2, 0);
	struct irqm_plans *p = planned(s, IRQM_PLAN_ADD, "virtio_blk:1x2");
	const struct irqm_plan_row *row = p->plans[0].rows;

	(void)state;
	assert_int_equal(p->plans[0].first, 0);
	assert_int_equal(row->end, IRQM_PLAN_SHARED);
	assert_int_equal(row->error, -ENOSPC);
	assert_int_equal(row->failed_cpu, 2);
	assert_int_equal(row->failed_vector, 1);
	assert_int_equal(row->nr_vectors, 2);
	assert_int_equal(row->global_available, 3 * 201 - 2);
	assert_int_equal(row->global_reserved, 0);
	assert_int_equal(p->plans[0].after->cpus[0].managed, 0);
	assert_int_equal(
		irqm_bits_weight(&p->plans[0].after->cpus[0].managed_map), 0);
	irqm_plans_free(p);

	/* A driver that nothing is known of wants all or nothing. */
	p = planned(s, IRQM_PLAN_ADD, "other:2,vectors=1+2");
	row = p->plans[0].rows;
	assert_int_equal(row->end, IRQM_PLAN_FAILS);
	assert_int_equal(row->failed_cpu, 2);
	assert_int_equal(row->failed_vector, 2);
	assert_int_equal(row->nr_vectors, 0);
	assert_int_equal(row->global_available, 3 * 201);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

/*
 * nvme asks again with as many as it got. Its CPU 2 alone has no room: queues
 * for 0, 1 are had with the admin queue's vector, so 3 vectors, whose masks
 * 0-1 and 2-3 fail at the second, so 2, whose 0-3 fails, so 1.
 */
static void nvme_takes_fewer(void **state)
{
	struct irqm_snapshot *s = machine_with_full_cpu(4, 2, 0);
	struct irqm_plans *p = planned(s, IRQM_PLAN_ADD, "nvme:4");
	const struct irqm_plan_row *row = p->plans[0].rows;

	(void)state;
	assert_int_equal(row->end, IRQM_PLAN_FEWER);
	assert_int_equal(row->error, -ENOSPC);
	assert_int_equal(row->failed_cpu, 2);
	assert_int_equal(row->failed_vector, 3);
	assert_int_equal(row->nr_vectors, 1);
	assert_false(row->vectors[0].managed);
	assert_int_equal(row->global_available, 3 * 201 - 1);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

/* vp_find_vqs() is out of MSI-X: what is left is the interrupt line. */
static void nothing_left_at_all(void **state)
{
	struct irqm_snapshot *s = machine_with_full_cpu(2, 0, 1);
	unsigned int irq = 24 + 200;
	struct irqm_plans *p;

	(void)state;
	fill_cpu(s, 1, 201, &irq);
	p = planned(s, IRQM_PLAN_ADD, "virtio-blk:1");
	assert_int_equal(p->plans[0].rows[0].end, IRQM_PLAN_NO_VECTORS);
	assert_int_equal(p->plans[0].rows[0].global_available, 1);
	assert_int_equal(p->plans[0].rows[0].global_reserved, 0);
	irqm_plans_free(p);
	/* one vector is enough for nvme */
	p = planned(s, IRQM_PLAN_ADD, "nvme:2x2");
	assert_int_equal(p->plans[0].rows[0].end, IRQM_PLAN_FEWER);
	assert_int_equal(p->plans[0].rows[1].end, IRQM_PLAN_FAILS);
	assert_int_equal(p->plans[0].rows[1].failed_cpu, IRQM_NO_CPU);
	assert_int_equal(p->plans[0].first, 0);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

/*
 * What is given back is the lowest idle slot, which need not be the one that
 * was taken: slots have no owner.
 */
static void cleanup_may_swap_slots(void **state)
{
	struct irqm_snapshot *s = machine_with_full_cpu(2, 1, 0);
	int disk = snap_device(s, "0000:00:05.0", "other");
	struct irqm_plans *p;
	unsigned int v;

	(void)state;
	/* idle: 33, 34; then 33 is lost to an interrupt that goes again */
	snap_msi_irq(s, 1000, disk, "a");
	snap_managed(s, 1000, "0");
	forget_masks(s);
	v = irqm_bits_next(&s->cpus[0].managed_map, 0);
	p = planned(s, IRQM_PLAN_ADD, "smartpqi:1");
	assert_int_equal(p->plans[0].rows[0].end, IRQM_PLAN_FAILS);
	assert_int_equal(p->plans[0].after->cpus[0].managed, 1);
	assert_false(
		irqm_bits_test(&p->plans[0].after->cpus[0].managed_map, v));
	assert_true(
		irqm_bits_test(&p->plans[0].after->cpus[0].managed_map, v + 1));
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

/* Each CPU is a cluster, and nothing in the dump tells the kernels apart. */
static void both_outcomes(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	struct irqm_plans *p;
	unsigned int i;

	(void)state;
	for (i = 0; i < 4; i++) {
		s->cpus[i].cluster = snap_cpus(s, "");
		irqm_bits_set(&s->cpus[i].cluster, i);
	}
	p = planned(s, IRQM_PLAN_ADD, "nvme:4");
	assert_int_equal(p->nr_plans, 2);
	assert_true(p->plans[0].holds.spread[IRQM_SPREAD_NODES]);
	assert_true(p->plans[0].holds.spread[IRQM_SPREAD_NODES_POP2]);
	assert_true(p->plans[1].holds.spread[IRQM_SPREAD_CLUSTERS]);
	assert_mask(&p->plans[0].rows[0], 1, "0");
	assert_mask(&p->plans[1].rows[0], 1, "1");
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

static void snap_queue(struct irqm_snapshot *s, unsigned int irq, int device,
		       const char *mask)
{
	snap_msi_irq(s, irq, device, "queue")->msi->index = irq;
	snap_managed(s, irq, mask);
}

/* A device that is there already tells which kernel it is. */
static void masks_in_the_dump_decide(void **state)
{
	static const char *const by_cluster[] = { "1", "3", "2", "0" };
	struct irqm_snapshot *s = snap_new(4);
	int disk = snap_device(s, "0000:00:05.0", "nvme");
	struct irqm_plans *p;
	unsigned int i;

	(void)state;
	for (i = 0; i < 4; i++) {
		s->cpus[i].cluster = snap_cpus(s, "");
		irqm_bits_set(&s->cpus[i].cluster, i);
		snap_queue(s, 24 + i, disk, by_cluster[i]);
	}
	p = planned(s, IRQM_PLAN_ADD, "nvme:4");
	assert_int_equal(p->nr_plans, 1);
	assert_int_equal(p->evidence.like[IRQM_SPREAD_CLUSTERS], 1);
	assert_int_equal(p->evidence.like[IRQM_SPREAD_NODES], 0);
	assert_mask(&p->plans[0].rows[0], 2, "3");
	irqm_plans_free(p);

	/* a kernel without such masks cannot go by them */
	for (i = 0; i < 4; i++) {
		s->cpus[i].cluster = (struct irqm_bits){ 0 };
		s->irqs[i].msi->has_affinity = false;
	}
	p = planned(s, IRQM_PLAN_ADD, "nvme:4");
	assert_int_equal(p->nr_plans, 1);
	assert_true(p->plans[0].holds.spread[IRQM_SPREAD_NODES]);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

/* No known kernel makes such masks, so nothing is said of this one, unless
 * another device is explained and a CPU is offline now. */
static void unknown_masks_are_refused(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	int odd = snap_device(s, "0000:00:05.0", "nvme");
	int disk = snap_device(s, "0000:00:06.0", "nvme");
	struct irqm_plans *p;

	(void)state;
	snap_queue(s, 24, odd, "0-3");
	snap_queue(s, 25, odd, "2-3");
	refuses(s, IRQM_PLAN_ADD, "nvme:4",
		"cannot predict: 1 of 1 device has masks that no known kernel "
		"gives; the first is 0000:00:05.0");
	refuses(s, IRQM_PLAN_REMOVE, "00:05.0", "cannot predict");
	refuses(s, IRQM_PLAN_OFFLINE, "3", "cannot predict");
	snap_queue(s, 26, disk, "0-1");
	snap_queue(s, 27, disk, "2-3");
	refuses(s, IRQM_PLAN_ADD, "nvme:4", "1 of 2 devices has");
	snap_offline(s, 3);
	p = planned(s, IRQM_PLAN_ADD, "nvme:4");
	assert_int_equal(p->evidence.unlike, 1);
	irqm_plans_free(p);
	s->irqs[2].msi->affinity = snap_cpus(s, "1-3");
	refuses(s, IRQM_PLAN_ADD, "nvme:4", "2 of 2 devices have");
	irqm_snapshot_free(s);
}

/* nvme.write_queues: two sets, each over all CPUs. */
static void sets_of_queues(void **state)
{
	static const char *const masks[] = { "0-1", "2-3", "0", "1", "2", "3" };
	struct irqm_snapshot *s = snap_new(4);
	int disk = snap_device(s, "0000:00:05.0", "nvme");
	struct irqm_plans *p;
	unsigned int i;

	(void)state;
	for (i = 0; i < 4; i++)
		s->cpus[i].cluster = (struct irqm_bits){ 0 };
	for (i = 0; i < 6; i++)
		snap_queue(s, 24 + i, disk, masks[i]);
	p = planned(s, IRQM_PLAN_ADD, "nvme:4");
	assert_int_equal(p->evidence.unlike, 0);
	assert_int_equal(p->evidence.like[IRQM_SPREAD_NODES], 1);
	irqm_plans_free(p);
	s->irqs[5].msi->affinity = snap_cpus(s, "2-3");
	refuses(s, IRQM_PLAN_ADD, "nvme:4", "1 of 1 device has");
	irqm_snapshot_free(s);
}

/* Each device is some kernel's, and no kernel's are both. */
static void devices_contradict_each_other(void **state)
{
	static const char *const by_cluster[] = { "1", "3", "2", "0" };
	static const char *const by_node[] = { "0", "1", "2", "3" };
	struct irqm_snapshot *s = snap_new(4);
	int a = snap_device(s, "0000:00:05.0", "nvme");
	int b = snap_device(s, "0000:00:06.0", "nvme");
	struct irqm_plans *p;
	unsigned int i;

	(void)state;
	for (i = 0; i < 4; i++)
		snap_queue(s, 24 + i, a, by_cluster[i]);
	for (i = 0; i < 4; i++)
		snap_queue(s, 30 + i, b, by_node[i]);
	refuses(s, IRQM_PLAN_ADD, "nvme:4", "gives all 2 devices the masks");
	/* as if they were made with other CPUs online */
	snap_offline(s, 3);
	p = planned(s, IRQM_PLAN_ADD, "nvme:4");
	assert_true(p->evidence.contradict);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

/* isolcpus=managed_irq,2-3: activated on 3, and moved away from it. */
static void isolated_cpus_are_avoided(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	struct irqm_plans *p;

	(void)state;
	s->dump.housekeeping_managed = snap_cpus(s, "0-1");
	p = planned(s, IRQM_PLAN_ADD, "virtio_blk:1");
	assert_int_equal(p->plans[0].rows[0].vectors[1].cpu, 1);
	/* both are held until an interrupt comes */
	assert_int_equal(p->plans[0].rows[0].total_allocated, 3);
	irqm_plans_free(p);
	p = planned(s, IRQM_PLAN_ADD, "virtio_blk:4");
	assert_int_equal(p->plans[0].rows[0].vectors[4].cpu, 3);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

/* The configuration interrupt stays on the node of the first default CPU. */
static void a_node_is_preferred(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	unsigned int irq = 24;
	struct irqm_plans *p;

	(void)state;
	s->cpus[2].node = s->cpus[3].node = 1;
	fill_cpu(s, 0, 10, &irq);
	fill_cpu(s, 1, 12, &irq);
	p = planned(s, IRQM_PLAN_ADD, "virtio_blk:2");
	assert_int_equal(p->plans[0].rows[0].vectors[0].cpu, 0);
	assert_mask(&p->plans[0].rows[0], 0, "0-1");
	irqm_plans_free(p);
	/* the device's own, where no masks are made */
	p = planned(s, IRQM_PLAN_ADD, "card:0,vectors=2+0,node=1");
	assert_int_equal(p->plans[0].rows[0].vectors[0].cpu, 2);
	assert_int_equal(p->plans[0].rows[0].vectors[1].cpu, 3);
	irqm_plans_free(p);
	/* the admin queue's first vector is, but not the one that it keeps */
	p = planned(s, IRQM_PLAN_ADD, "nvme:1,node=1");
	assert_int_equal(p->plans[0].rows[0].vectors[0].cpu, 0);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

/* matrix_find_best_cpu_managed(): where fewest are in use, of several the
 * last. */
static void managed_ones_are_spread(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	int disk = snap_device(s, "0000:00:05.0", "nvme");
	unsigned int irq = 30;
	struct irqm_plans *p;
	unsigned int i;

	(void)state;
	p = planned(s, IRQM_PLAN_ADD, "smartpqi:2x2");
	assert_int_equal(p->plans[0].rows[0].vectors[0].cpu, 1);
	assert_int_equal(p->plans[0].rows[0].vectors[1].cpu, 3);
	assert_int_equal(p->plans[0].rows[1].vectors[0].cpu, 0);
	assert_int_equal(p->plans[0].rows[1].vectors[1].cpu, 2);
	irqm_plans_free(p);

	/* as 4.20 does: there is no such counter, and 1 has most available */
	s->dump.generation.affinity_desc = false;
	s->dump.generation.printk_ringbuffer = false;
	s->dump.generation.map_pointers = false;
	for (i = 0; i < 4; i++)
		s->cpus[i].managed_allocated = IRQM_UNKNOWN;
	fill_cpu(s, 0, 1, &irq);
	p = planned(s, IRQM_PLAN_ADD, "smartpqi:1");
	assert_int_equal(p->nr_plans, 1);
	assert_int_equal(p->plans[0].rows[0].vectors[0].cpu, 1);
	irqm_plans_free(p);

	/* before that it is the first CPU; the trees of IRQs differ */
	s->dump.generation.xarray = false;
	p = planned(s, IRQM_PLAN_ADD, "smartpqi:1");
	assert_int_equal(p->nr_plans, 2);
	assert_int_equal(p->plans[0].rows[0].vectors[0].cpu, 0);
	assert_true(p->plans[0].holds.managed_cpu[IRQM_MANAGED_FIRST]);
	assert_int_equal(p->plans[1].rows[0].vectors[0].cpu, 1);
	assert_true(p->plans[1].holds.managed_cpu[IRQM_MANAGED_AVAILABLE]);
	irqm_plans_free(p);

	/* a queue that is elsewhere, or there with more available elsewhere */
	snap_queue(s, 40, disk, "0-3");
	snap_start(s, 40, 0);
	s->cpus[0].managed_allocated = IRQM_UNKNOWN;
	p = planned(s, IRQM_PLAN_ADD, "smartpqi:1");
	assert_int_equal(p->nr_plans, 1);
	assert_int_equal(p->plans[0].rows[0].vectors[0].cpu, 0);
	irqm_plans_free(p);
	snap_get(s, 40)->apic->cpu = 1;
	p = planned(s, IRQM_PLAN_ADD, "smartpqi:1");
	assert_int_equal(p->nr_plans, 1);
	assert_int_equal(p->plans[0].rows[0].vectors[0].cpu, 1);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

/* 4.19: the configuration interrupt is managed, too, on all CPUs. */
static void vectors_before_the_queues_are_managed(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	struct irqm_plans *p;
	unsigned int i;

	(void)state;
	s->dump.generation = (struct irqm_generation){ 0 };
	s->dump.default_affinity = snap_cpus(s, "1-3");
	for (i = 0; i < 4; i++)
		s->cpus[i].managed_allocated = IRQM_UNKNOWN;
	p = planned(s, IRQM_PLAN_ADD, "virtio_blk:2");
	assert_true(p->plans[0].rows[0].vectors[0].managed);
	assert_mask(&p->plans[0].rows[0], 0, "1-3");
	assert_mask(&p->plans[0].rows[0], 1, "0-1");
	assert_int_equal(p->plans[0].rows[0].vectors[0].cpu, 1);
	assert_int_equal(p->plans[0].rows[0].global_available, 4 * 201 - 7);
	irqm_plans_free(p);
	/* without queues nothing is spread, and the node is the device's */
	p = planned(s, IRQM_PLAN_ADD, "card:0,vectors=2+0");
	assert_false(p->plans[0].rows[0].vectors[0].managed);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

/* RHEL 8.1 with nodes of 4 and 2 CPUs: 6 queues are one too many for its
 * spread, and alloc_descs() refuses the empty mask. */
static void an_empty_mask_fails(void **state)
{
	struct irqm_snapshot *s = snap_new(6);
	const struct irqm_plan_row *row;
	struct irqm_plans *p;
	unsigned int i;

	(void)state;
	for (i = 0; i < 6; i++)
		s->cpus[i].cluster = (struct irqm_bits){ 0 };
	s->cpus[4].node = s->cpus[5].node = 1;
	s->dump.generation.printk_ringbuffer = false;
	p = planned(s, IRQM_PLAN_ADD, "virtio_blk:6");
	assert_int_equal(p->nr_plans, 2);
	assert_true(p->plans[0].holds.spread[IRQM_SPREAD_EVEN]);
	row = p->plans[0].rows;
	assert_int_equal(row->end, IRQM_PLAN_SHARED);
	assert_int_equal(row->error, -EINVAL);
	assert_int_equal(row->failed_vector, 6);
	assert_int_equal(row->failed_cpu, IRQM_NO_CPU);
	assert_int_equal(row->global_available, 6 * 201 - 2);
	assert_int_equal(p->plans[1].rows[0].end, IRQM_PLAN_FITS);
	irqm_plans_free(p);
	p = planned(s, IRQM_PLAN_ADD, "nvme:6");
	row = p->plans[0].rows;
	assert_int_equal(row->end, IRQM_PLAN_FEWER);
	assert_int_equal(row->nr_vectors, 5);
	assert_mask(row, 1, "0-1");
	assert_mask(row, 4, "5");
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

/* Slots on a CPU that is off count nowhere, also when it comes back. */
static void offline_cpus_take_slots_too(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	const struct irqm_cpu *off;
	struct irqm_plans *p;

	(void)state;
	snap_offline(s, 3);
	p = planned(s, IRQM_PLAN_ADD, "smartpqi:4");
	off = &p->plans[0].after->cpus[3];
	assert_int_equal(p->plans[0].rows[0].global_available, 3 * 201 - 3);
	assert_int_equal(off->managed, 1);
	assert_int_equal(off->available, 201);
	/* shut down until its CPU is there */
	assert_int_equal(p->plans[0].rows[0].vectors[3].vector, 0);
	assert_int_equal(p->plans[0].rows[0].total_allocated, 3);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_disk_of_two_queues_costs_81),
		cmocka_unit_test(removal_gives_the_cost_back),
		cmocka_unit_test(a_full_cpu_fails_a_managed_queue),
		cmocka_unit_test(nvme_takes_fewer),
		cmocka_unit_test(nothing_left_at_all),
		cmocka_unit_test(cleanup_may_swap_slots),
		cmocka_unit_test(both_outcomes),
		cmocka_unit_test(masks_in_the_dump_decide),
		cmocka_unit_test(unknown_masks_are_refused),
		cmocka_unit_test(sets_of_queues),
		cmocka_unit_test(devices_contradict_each_other),
		cmocka_unit_test(isolated_cpus_are_avoided),
		cmocka_unit_test(a_node_is_preferred),
		cmocka_unit_test(managed_ones_are_spread),
		cmocka_unit_test(vectors_before_the_queues_are_managed),
		cmocka_unit_test(an_empty_mask_fails),
		cmocka_unit_test(offline_cpus_take_slots_too),
	};

	return RUN(tests);
}
