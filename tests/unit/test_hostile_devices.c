/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Devices, consumers or MSI descriptors that are not what they should be. */
#include "unit.h"
#include "box.h"

static uint64_t children_of(const struct box *b, uint64_t device)
{
	const struct irqm_layout *l = &b->fk->layout;

	return irqm_get(fk_at(b->fk, device), &l->device.p) +
	       l->device_private.klist_children.offset + l->klist.k_list.offset;
}

static void test_children(void **state)
{
	uint64_t head, node;
	struct box b;

	(void)state;
	box_setup(&b, "6.1");
	head = children_of(&b, b.fk->devices[0]);
	node = box_list_next(&b, head);
	fk_put64(b.fk, node, node); /* never comes back to the head */
	box_reread(&b);
	assert_true(b.s->devices[0].consumers_cut);
	assert_true(b.s->devices[0].nr_consumers <= 64);
	assert_true(
		box_noted(&b, "children of a device: too many", IRQM_INVALID));
	fk_put64(b.fk, node, WILD);
	box_reread(&b);
	assert_true(b.s->devices[0].consumers_cut);
	assert_false(b.s->devices[1].consumers_cut);
	box_assert_rest_true(&b);
	fk_put64(b.fk, head, 0);
	box_reread(&b);
	assert_true(b.s->devices[0].consumers_cut);
	box_teardown(&b);
}

/* A partition below a disk, and a PCI device below a bridge. */
static void test_no_consumers(void **state)
{
	const struct irqm_layout *l;
	uint64_t type, disk, node;
	struct box b;

	(void)state;
	box_setup(&b, "6.12");
	l = &b.fk->layout;
	/* virtio2 -> vda */
	node = box_list_next(&b, children_of(&b, b.fk->devices[0]));
	disk = box_list_next(
		&b,
		children_of(
			&b,
			irqm_get(fk_at(b.fk,
				       node - l->klist_node.n_node.offset -
					       l->device_private.knode_parent
						       .offset),
				 &l->device_private.device)));
	disk = irqm_get(fk_at(b.fk,
			      disk - l->klist_node.n_node.offset -
				      l->device_private.knode_parent.offset),
			&l->device_private.device);
	type = fk_alloc(b.fk, FK_HEAP, l->device_type.size, 16);
	fk_put(b.fk, type, &l->device_type.name, fk_string(b.fk, "partition"));
	fk_put(b.fk, disk, &l->device.type, type);
	box_reread(&b);
	assert_int_equal(b.s->devices[0].nr_consumers, 1);
	assert_false(b.s->devices[0].consumers_cut);
	/* what it is cannot be told */
	fk_put(b.fk, type, &l->device_type.name, WILD);
	box_reread(&b);
	assert_int_equal(b.s->devices[0].nr_consumers, 1);
	assert_true(b.s->devices[0].consumers_cut);
	fk_put(b.fk, disk, &l->device.type, 0);
	fk_put(b.fk, disk, &l->device.bus,
	       irqm_get(fk_at(b.fk, b.fk->devices[0]), &l->device.bus));
	box_reread(&b);
	assert_int_equal(b.s->devices[0].nr_consumers, 1);
	assert_false(b.s->devices[0].consumers_cut);
	box_teardown(&b);
}

static void test_multi_msi(void **state)
{
	static const uint32_t bad[] = { 0, 3, 33, UINT32_MAX };
	struct box b;
	uint64_t desc;
	size_t i;

	(void)state;
	box_setup(&b, "6.12");
	desc = b.fk->msi_descs[box_irq_index(&b, 27)];
	for (i = 0; i < 4; i++) {
		fk_put(b.fk, desc, &b.fk->layout.msi_desc.nvec_used, bad[i]);
		box_reread(&b);
		assert_null(box_irq(&b, 30)->msi);
		assert_true(box_irq(&b, 30)->device_unknown);
		assert_true(box_noted(&b, "msi_desc of IRQ 30", IRQM_INVALID));
	}
	fk_put(b.fk, desc, &b.fk->layout.msi_desc.nvec_used, 4);
	fk_put(b.fk, desc, &b.fk->layout.msi_desc.irq, 28);
	box_reread(&b);
	assert_null(box_irq(&b, 27)->msi);
	assert_int_equal(box_irq(&b, 28)->msi->first_irq, 28);
	box_teardown(&b);
}

static void test_msi_stores(void **state)
{
	struct box b;
	uint64_t head, node;
	unsigned int i;

	(void)state;
	box_setup(&b, "5.10");
	head = b.fk->devices[0] + b.fk->layout.device.msi_list.offset;
	node = box_list_next(&b, head);
	fk_put64(b.fk, node, node);
	fk_put64(b.fk, b.fk->devices[1] + b.fk->layout.device.msi_list.offset,
		 0);
	box_reread(&b);
	assert_int_equal(b.s->devices[0].nr_msi_descs, IRQM_UNKNOWN);
	assert_true(box_noted(&b, "msi_list: too many", IRQM_INVALID));
	/* a back-port left it alone */
	assert_int_equal(b.s->devices[1].nr_msi_descs, IRQM_UNKNOWN);
	assert_int_equal(b.s->devices[2].nr_msi_descs, 70);
	box_teardown(&b);

	box_setup(&b, "6.1");
	for (i = 0; i < b.m.nr_devices; i++)
		fk_put64(b.fk,
			 b.fk->devices[i] + b.fk->layout.device.msi.offset +
				 b.fk->layout.dev_msi_info.data.offset,
			 0);
	box_reread(&b);
	assert_int_equal(b.s->devices[0].nr_msi_descs, IRQM_UNKNOWN);
	box_teardown(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_children),
		cmocka_unit_test(test_no_consumers),
		cmocka_unit_test(test_multi_msi),
		cmocka_unit_test(test_msi_stores),
	};

	return RUN(tests);
}
