/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "irqs" of the document. */
#include "json_doc.h"
#include "unit.h"

static void test_irqs(void **state)
{
	struct irqm_snapshot *s = json_example();
	json_t *doc = json_document(s);

	(void)state;
	/* no level in the vector domain: nothing of apic_chip_data */
	assert_at(doc, "irqs.0.irq", "2");
	assert_at(doc, "irqs.0.actions", "[]");
	assert_at(doc, "irqs.0.chain",
		  "[{\"domain\":null,\"chip\":\"XT-PIC\",\"hwirq\":2}]");
	assert_at(doc, "irqs.0.vector", "null");
	assert_at(doc, "irqs.0.cpu", "null");
	assert_at(doc, "irqs.0.prev_vector", "null");
	assert_at(doc, "irqs.0.prev_cpu", "null");
	assert_at(doc, "irqs.0.move_in_progress", "null");
	assert_at(doc, "irqs.0.can_reserve", "null");
	assert_at(doc, "irqs.0.has_reserved", "null");
	assert_at(doc, "irqs.0.device", "null");
	assert_at(doc, "irqs.0.msi", "null");
	assert_at(doc, "irqs.0.count", "null");
	assert_at(doc, "irqs.0.per_cpu_counts", "null");

	assert_at(doc, "irqs.2.actions", "[\"virtio0-req.0\"]");
	assert_at(doc, "irqs.2.affinity", "\"0-1\"");
	assert_at(doc, "irqs.2.effective_affinity", "\"0\"");
	assert_at(doc, "irqs.2.pending_affinity", "null");
	assert_at(doc, "irqs.2.managed", "true");
	assert_at(doc, "irqs.2.state", "2162688");
	assert_at(doc, "irqs.2.state_flags",
		  "[\"AFFINITY_MANAGED\",\"ACTIVATED\"]");
	assert_at(doc, "irqs.2.vector", "34");
	assert_at(doc, "irqs.2.cpu", "0");
	assert_at(doc, "irqs.2.prev_vector", "0");
	assert_at(doc, "irqs.2.prev_cpu", "null");
	assert_at(doc, "irqs.2.device", "\"0000:00:05.0\"");
	assert_at(doc, "irqs.2.driver", "\"virtio-pci\"");
	assert_at(doc, "irqs.2.count", "4294967295");
	assert_at(doc, "irqs.2.per_cpu_counts", "[0,4294967295,0,0]");
	assert_at(doc, "irqs.2.action_details.0.handler",
		  "\"vring_interrupt\"");
	assert_at(doc, "irqs.2.action_details.0.thread", "null");
	assert_at(doc, "irqs.2.address", "\"0xffff888100003200\"");

	/* reserved: vector 0, so no CPU */
	assert_at(doc, "irqs.4.irq", "30");
	assert_at(doc, "irqs.4.vector", "0");
	assert_at(doc, "irqs.4.cpu", "null");
	assert_at(doc, "irqs.4.can_reserve", "true");
	assert_at(doc, "irqs.4.has_reserved", "true");
	assert_at(doc, "irqs.4.hw_vector", "239");
	assert_at(doc, "irqs.4.msi.address", "null");
	assert_at(doc, "irqs.4.msi.vector", "null");
	json_decref(doc);
	irqm_snapshot_free(s);
}

static void test_msi(void **state)
{
	struct irqm_snapshot *s = json_example();
	struct irqm_msi *msi = snap_get(s, 24)->msi;
	json_t *doc = json_document(s);

	(void)state;
	assert_at(doc, "irqs.1.msi.index", "0");
	assert_at(doc, "irqs.1.msi.address", "\"0xfee00000\"");
	assert_at(doc, "irqs.1.msi.data", "33");
	assert_at(doc, "irqs.1.msi.affinity", "null");
	assert_at(doc, "irqs.1.msi.is_managed", "false");
	assert_at(doc, "irqs.1.msi.has_affinity", "false");
	assert_at(doc, "irqs.1.msi.msix", "true");
	assert_at(doc, "irqs.1.msi.remapped", "false");
	assert_at(doc, "irqs.1.msi.handle", "null");
	assert_at(doc, "irqs.1.msi.destination", "0");
	assert_at(doc, "irqs.1.msi.vector", "33");
	assert_at(doc, "irqs.1.msi.delivery_mode", "\"fixed\"");
	assert_at(doc, "irqs.2.msi.affinity", "\"0-1\"");
	json_decref(doc);

	/* a mask that the driver did not give is nobody's */
	msi->affinity = snap_cpus(s, "3");
	msi->address = 0xfee00010 | 0x21 << 5;
	msi->data = 0;
	doc = json_document(s);
	assert_at(doc, "irqs.1.msi.affinity", "null");
	assert_at(doc, "irqs.1.msi.remapped", "true");
	assert_at(doc, "irqs.1.msi.handle", "33");
	assert_at(doc, "irqs.1.msi.vector", "null");
	assert_at(doc, "irqs.1.msi.destination", "null");
	json_decref(doc);

	msi->address = 0;
	doc = json_document(s);
	assert_at(doc, "irqs.1.msi.empty", "true");
	assert_at(doc, "irqs.1.msi.remapped", "null");
	assert_at(doc, "irqs.1.msi.vector", "null");
	json_decref(doc);
	irqm_snapshot_free(s);
}

/* What is not known to be all must not look like all. */
static void test_cut_lists(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	int disk = snap_device(s, "0000:00:05.0", "virtio-pci");
	json_t *doc;

	(void)state;
	snap_consumer(s, disk, "virtio2", "virtio_blk", "virtio");
	snap_device(s, "0000:00:06.0", "nvme");
	s->devices[0].consumers_cut = s->devices[1].consumers_cut = true;
	snap_msi_irq(s, 24, disk, "virtio2-config")->actions_cut = true;
	snap_msi_irq(s, 25, disk, NULL)->actions_cut = true;
	doc = json_document(s);
	assert_at(doc, "irqs.0.actions", "[\"virtio2-config\",null]");
	assert_at(doc, "irqs.0.action_details.1", "null");
	assert_at(doc, "irqs.1.actions", "null");
	assert_at(doc, "devices.0.consumers.0.name", "\"virtio2\"");
	assert_at(doc, "devices.0.consumers.1", "null");
	assert_at(doc, "devices.1.consumers", "null");
	json_decref(doc);
	irqm_snapshot_free(s);
}

static void test_pending_affinity(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	struct irqm_irq *irq = snap_ioapic_irq(s, 9, "acpi");
	json_t *doc;

	(void)state;
	irq->pending_mask = snap_cpus(s, "2-3");
	irq->setaffinity_pending = IRQM_UNKNOWN;
	doc = json_document(s);
	assert_at(doc, "irqs.0.pending_affinity", "null");
	json_decref(doc);
	irq->setaffinity_pending = 1;
	doc = json_document(s);
	assert_at(doc, "irqs.0.pending_affinity", "\"2-3\"");
	json_decref(doc);
	irqm_snapshot_free(s);
}

/* Unreadable chip_data, state, masks: null, never 0. */
/* One that has moved from CPU 3 to 1, and could be reserved only. */
static void test_moving(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	json_t *doc;

	(void)state;
	snap_ioapic_irq(s, 9, "acpi")->apic->can_reserve = true;
	snap_alloc(s, 9, 3);
	snap_alloc(s, snap_ioapic_irq(s, 10, "x")->irq, 1);
	snap_move(s, 9, 1);
	doc = json_document(s);
	assert_at(doc, "irqs.0.vector", "34");
	assert_at(doc, "irqs.0.cpu", "1");
	assert_at(doc, "irqs.0.prev_vector", "33");
	assert_at(doc, "irqs.0.prev_cpu", "3");
	assert_at(doc, "irqs.0.move_in_progress", "true");
	assert_at(doc, "irqs.0.can_reserve", "true");
	assert_at(doc, "irqs.0.has_reserved", "false");
	json_decref(doc);
	irqm_snapshot_free(s);
}

static void test_unknown_irq(void **state)
{
	struct irqm_snapshot *s = snap_new(1);
	int d = snap_device(s, NULL, NULL);
	struct irqm_irq *irq = snap_msi_irq(s, 24, d, NULL);
	json_t *doc;

	(void)state;
	irq->apic = NULL;
	irq->state = irq->managed = IRQM_UNKNOWN;
	irq->affinity.words = NULL;
	irq->chain[0].hwirq = UINT64_MAX;
	irq->chain[1].hwirq = INT64_MAX;
	s->devices[d].node = -1;
	doc = json_document(s);
	assert_at(doc, "irqs.0.vector", "null");
	assert_at(doc, "irqs.0.has_reserved", "null");
	assert_at(doc, "irqs.0.state", "null");
	assert_at(doc, "irqs.0.state_flags", "null");
	assert_at(doc, "irqs.0.managed", "null");
	assert_at(doc, "irqs.0.affinity", "null");
	assert_at(doc, "irqs.0.chain.0.hwirq", "null");
	assert_at(doc, "irqs.0.chain.1.hwirq", "9223372036854775807");
	assert_at(doc, "devices.0.device", "null");
	assert_at(doc, "devices.0.cost", "null");
	assert_at(doc, "devices.0.node", "-1");
	json_decref(doc);
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_irqs),
		cmocka_unit_test(test_msi),
		cmocka_unit_test(test_cut_lists),
		cmocka_unit_test(test_pending_affinity),
		cmocka_unit_test(test_moving),
		cmocka_unit_test(test_unknown_irq),
	};

	return RUN(tests);
}
