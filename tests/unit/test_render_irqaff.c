/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rendered.h"
#include "snap.h"

static const char *flags[] = {
	"IRQ_TYPE_EDGE_RISING", "IRQD_ACTIVATED",    "IRQD_IRQ_STARTED",
	"IRQD_SINGLE_TARGET",   "IRQD_AFFINITY_SET", "IRQD_AFFINITY_MANAGED",
};
static const char *shutdown_flags[] = { "IRQD_MANAGED_SHUTDOWN" };

/* The text for IRQ irq, which is to have this part. */
static void assert_irqaff(struct irqm_snapshot *s, unsigned int irq,
			  const char *part)
{
	char *text = rendered_irqaff(s, irq);

	assert_contains(text, part);
	free(text);
}

static void managed_queue(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	struct irqm_cpu_count counts[] = { { 0, 7 }, { 3, 1200 } };
	struct irqm_irq *irq;
	char *text;
	int disk;

	(void)state;
	disk = snap_virtio_blk(s, "0000:00:05.0", 24);
	snap_consumer(s, disk, "vda", NULL, "block");
	irq = snap_get(s, 26);
	irq->state = 0x1401200;
	irq->state_flags = flags;
	irq->nr_state_flags = 6;
	irq->cpu_counts = counts;
	irq->nr_cpu_counts = 2;
	irq->count = 1207;
	text = rendered_irqaff(s, 26);
	assert_string_equal(
		text,
		"        IRQ: 26, node 0\n"
		"     ACTION: virtio0-req.1, vring_interrupt\n"
		"     DEVICE: 0000:00:05.0, driver virtio-pci, node 0\n"
		"   CONSUMER: virtio0 (virtio_blk), vda\n"
		"  REQUESTED: 2-3 by the driver, managed\n"
		"   AFFINITY: 2-3, managed: only the kernel may change it\n"
		"     VECTOR: 33 on CPU 2\n"
		"  EFFECTIVE: 2\n"
		"     DOMAIN: PCI-MSI-2, chip PCI-MSI, hwirq 0x1a\n"
		"     parent: VECTOR, chip APIC, hwirq 0x1a\n"
		"        MSI: MSI-X index 2, address 0xfee02000 data 0x21\n"
		"    message: to APIC 2, vector 33, fixed, edge\n"
		"      STATE: 0x01401200 EDGE_RISING ACTIVATED IRQ_STARTED SINGLE_TARGET\n"
		"             AFFINITY_SET AFFINITY_MANAGED\n"
		"      DEPTH: 0 (enabled)\n"
		"       FLOW: handle_edge_irq (edge)\n"
		"      COUNT: 1207: CPU 0 7, CPU 3 1200\n");
	free(text);
	irqm_snapshot_free(s);
}

static void being_moved(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	struct irqm_irq *irq = snap_ioapic_irq(s, 9, "acpi");

	(void)state;
	snap_alloc(s, 9, 1);
	snap_move(s, 9, 2);
	irq->setaffinity_pending = 1;
	irq->pending_mask = snap_cpus(s, "3");
	irq->apic->hw_vector = 48;
	assert_irqaff(
		s, 9,
		"     VECTOR: 33 on CPU 2, but vector 48 was programmed (state unknown)\n"
		"  EFFECTIVE: 2\n"
		"   PREVIOUS: 33 on CPU 1, freed after the next interrupt on the new vector\n"
		"    PENDING: 3, applied by an interrupt after the previous vector is freed\n"
		"     DOMAIN: IO-APIC-0, chip IO-APIC, hwirq 0x9\n");
	irq->apic->move_in_progress = false;
	irq->apic->cleanup_pending = 1;
	assert_irqaff(s, 9,
		      "PREVIOUS: 33 on CPU 1, will be freed by its CPU\n");
	irq->setaffinity_pending = IRQM_UNKNOWN;
	assert_irqaff(s, 9, "    PENDING: ?\n");
	irqm_snapshot_free(s);
}

static void cut_lists_say_so(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	int disk = snap_device(s, "0000:00:05.0", "virtio-pci");

	(void)state;
	snap_msi_irq(s, 24, disk, "virtio2-config")->actions_cut = true;
	snap_msi_irq(s, 25, disk, NULL)->actions_cut = true;
	s->devices[disk].consumers_cut = true;
	assert_irqaff(s, 24, "     ACTION: ? (could not be read)\n");
	assert_irqaff(s, 25,
		      "        IRQ: 25, node 0\n"
		      "     ACTION: ? (could not be read)\n");
	assert_irqaff(s, 24, "   CONSUMER: ?\n");
	snap_consumer(s, disk, "virtio2", "virtio_blk", "virtio");
	assert_irqaff(s, 24, "   CONSUMER: virtio2 (virtio_blk), ?\n");
	irqm_snapshot_free(s);
}

static void why_there_is_no_vector(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	struct irqm_irq *irq;

	(void)state;
	snap_irq(s, 2, "cascade");
	assert_irqaff(s, 2, "VECTOR: none: not in the vector domain\n");
	snap_ioapic_irq(s, 10, NULL);
	snap_reserve(s, 10);
	assert_irqaff(s, 10, "IRQ: 10, node 0, no driver requested it\n");
	assert_irqaff(s, 10, "VECTOR: none yet: reserved, ");
	assert_irqaff(s, 10,
		      "EFFECTIVE: none (0 is stale: it has no vector)\n");
	irq = snap_ioapic_irq(s, 11, "m");
	snap_managed(s, 11, "3");
	assert_irqaff(s, 11, "VECTOR: none: managed, uses one of its ");
	irq->state_flags = shutdown_flags;
	irq->nr_state_flags = 1;
	assert_irqaff(s, 11, "VECTOR: none: shut down until a CPU in its ");
	irq->apic = NULL;
	assert_irqaff(s, 11, "VECTOR: ? (apic_chip_data could not be read)\n");
	irq->chain[1].chip_data = 0;
	assert_irqaff(s, 11, "VECTOR: none: no apic_chip_data\n");
	irqm_snapshot_free(s);
}

/* Xen's chip is on top of an I/O APIC's interrupt. */
static void events(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	struct irqm_irq *irq = snap_ioapic_irq(s, 9, "acpi");

	(void)state;
	snap_alloc(s, 9, 1);
	assert_irqaff(s, 9, "VECTOR: 33 on CPU 1\n");
	irq->chain[0].chip = "xen-pirq";
	assert_irqaff(
		s, 9,
		"VECTOR: 33 on CPU 1, unused: Xen delivers it as an event\n");
	irqm_snapshot_free(s);
}

static void messages(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	int disk = snap_device(s, "0000:00:05.0", "");
	struct irqm_irq *irq = snap_msi_irq(s, 24, disk, "a");
	struct irqm_msi *msi = irq->msi;

	(void)state;
	assert_irqaff(s, 24, ", no driver, node 0\n");
	assert_irqaff(s, 24, "MSI-X index 0, message ?\n");
	msi->has_msg = true;
	assert_irqaff(s, 24, "    message: not programmed\n");
	msi->address = 0xfee00318; /* remappable, handle 24, subhandle valid */
	msi->data = 1;
	assert_irqaff(s, 24, "message: remapped by the IOMMU, handle 25\n");
	msi->address = 0xfee0100c; /* hint and logical */
	msi->data = 0x4121;
	assert_irqaff(s, 24,
		      "message: to logical destination 0x1 (redirection "
		      "hint), vector 33,");
	irq->chain[0].chip = "Hyper-V PCIe MSI";
	assert_irqaff(s, 24, "message: in a format specific to PCI-MSI-2\n");
	irq->chain[1].vector_domain = false;
	irq->chain[1].domain = "AMD-IR-0";
	assert_irqaff(s, 24, "message: remapped by the IOMMU, handle 16673\n");
	msi->address = 0x12345678;
	assert_irqaff(s, 24, "message: not to a local APIC\n");
	msi->msix = IRQM_UNKNOWN;
	assert_irqaff(s, 24, "MSI: ? index 0, address");
	msi->msix = 0;
	msi->first_irq = 22;
	msi->nvec_used = 4;
	assert_irqaff(s, 24, "MSI: MSI index 0, 3 of 4 of one descriptor, ");
	irqm_snapshot_free(s);
}

static void unknown_is_no_zero(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	struct irqm_irq *irq = snap_ioapic_irq(s, 9, NULL);
	char *text;

	(void)state;
	irq->node = -1;
	irq->affinity.words = irq->effective_affinity.words = NULL;
	irq->managed = irq->state = irq->depth = IRQM_UNKNOWN;
	irq->flow = irq->name = NULL;
	irq->device_unknown = irq->chain_cut = true;
	irq->nr_levels = 1;
	irq->chain[0].domain = irq->chain[0].chip = NULL;
	irq->apic = NULL;
	text = rendered_irqaff(s, 9);
	assert_string_equal(
		text, "        IRQ: 9, no node, no driver requested it\n"
		      "     DEVICE: ?\n"
		      "   AFFINITY: ?, unknown whether managed\n"
		      "     VECTOR: ? (apic_chip_data could not be read)\n"
		      "  EFFECTIVE: ?\n"
		      "     DOMAIN: ?, chip ?, hwirq 0x9\n"
		      "     parent: ? (could not be read)\n"
		      "      STATE: ?\n"
		      "      DEPTH: ?\n"
		      "       FLOW: ?\n");
	free(text);
	irqm_snapshot_free(s);
}

static void hostile_names(void **state)
{
	struct irqm_snapshot *s = snap_new(1);
	struct irqm_irq *irq = snap_ioapic_irq(s, 9, "\x1b[2Jx\n");
	char *text;

	(void)state;
	irq->actions[0].handler = "\x1b"
				  "h";
	irq->actions[0].thread = "\x1b"
				 "t";
	irq->flow = "\x1b"
		    "f";
	irq->name = "\x1b"
		    "n";
	irq->chain[0].domain = "\x1b"
			       "d";
	irq->chain[0].chip = "\x1b"
			     "c";
	text = rendered_irqaff(s, 9);
	assert_null(strchr(text, '\x1b'));
	assert_contains(text, "     ACTION: \\x1b[2Jx\\x0a, \\x1bh, thread "
			      "\\x1bt\n");
	free(text);
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(managed_queue),
		cmocka_unit_test(being_moved),
		cmocka_unit_test(cut_lists_say_so),
		cmocka_unit_test(why_there_is_no_vector),
		cmocka_unit_test(events),
		cmocka_unit_test(messages),
		cmocka_unit_test(unknown_is_no_zero),
		cmocka_unit_test(hostile_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
