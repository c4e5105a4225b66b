/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rendered.h"
#include "snap.h"

static void two_disks_and_a_network_card(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	int disk, net;

	(void)state;
	snap_ioapic_irq(s, 9, "acpi");
	snap_alloc(s, 9, 1);
	disk = snap_virtio_blk(s, "0000:03:1f.6", 24);
	snap_consumer(s, disk, "vda", NULL, "block");
	disk = snap_virtio_blk(s, "0000:03:1f.7", 27);
	snap_consumer(s, disk, "vdb", NULL, "block");
	net = snap_device(s, "0000:04:00.0", "ixgbe");
	snap_consumer(s, net, "eth0", NULL, "net");
	snap_msi_irq(s, 40, net, "eth0-TxRx-0");
	snap_alloc(s, 40, 2);
	snap_msi_irq(s, 41, net, NULL);
	snap_reserve(s, 41);
	snap_device(s, "0000:05:00.0", "");
	assert_rendered(
		irqm_render_devices, s, NULL,
		"COST   % IRQS ALLOC MANAGED IDLE RESV DEVICES  DRIVER\n"
		"  10  83    6     6       8    4    0       2  virtio_blk\n"
		"   1 8.3    2     1       0    0    1       1  ixgbe\n"
		"   0 0.0    0     0       0    0    0       1  (no driver)\n"
		"   1 8.3    1     1       0    0    0       -  (no MSI device)\n"
		"   0 0.0    -     -       -    -    -       -  (unattributed)\n"
		"  12 100    -     -       -    -    -       -  (all unavailable)\n"
		"\n"
		"COST   % IRQS ALLOC MANAGED IDLE RESV  DEVICE        DRIVER      CONSUMER\n"
		"   5  42    3     3       4    2    0  0000:03:1f.6  virtio-pci  virtio_blk vda\n"
		"   5  42    3     3       4    2    0  0000:03:1f.7  virtio-pci  virtio_blk vdb\n"
		"   1 8.3    2     1       0    0    1  0000:04:00.0  ixgbe       eth0\n"
		"   0 0.0    0     0       0    0    0  0000:05:00.0  -           -\n");
}

static void equal_devices_fold(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	struct irqm_render_options all = { .all = true, .header = true };
	struct irqm_render_options top = { .top = 1, .header = true };
	char *text;

	(void)state;
	snap_five_disks(s);
	/* as many vectors, but another driver */
	snap_msi_irq(s, 39, snap_device(s, "0000:00:08.0", "nvme"), "nvme0q1");
	snap_managed(s, 39, "all");
	text = rendered(irqm_render_devices, s, NULL);
	assert_contains(
		text,
		"\n\n"
		"COST   % IRQS ALLOC MANAGED IDLE RESV  DEVICE           DRIVER      CONSUMER\n"
		"  25  86   15    15      20   10    0  5, 5 each:       virtio-pci  virtio_blk\n"
		"                                       0000:00:02.0 ..              vda .. vde\n"
		"                                       0000:00:06.0\n"
		"   4  14    1     0       4    4    0  0000:00:08.0     nvme        -\n");
	free(text);
	text = rendered(irqm_render_devices, s, &top);
	assert_contains(text,
			"  25  86   15    15      20   10    0  5, 5 each:");
	assert_contains(text, "\n5 of 6 devices\n");
	free(text);
	text = rendered(irqm_render_devices, s, &all);
	assert_contains(text, "   5  17    3     3       4    2    0  "
			      "0000:00:04.0  virtio-pci  virtio_blk vdc\n");
	free(text);
	/* a figure that differs, a name that is unknown: on their own */
	snap_get(s, 30)->managed = IRQM_UNKNOWN;
	text = rendered(irqm_render_devices, s, NULL);
	assert_contains(text,
			"  20  69   12    12      16    8    0  4, 5 each:");
	free(text);
	irqm_snapshot_free(s);
}

/* Root ports have no consumers, and may be many. */
static void folded_without_consumers(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	char name[] = "0000:10:01.0";
	char *text;

	(void)state;
	for (; name[6] < '6'; name[6]++) {
		snap_msi_irq(s, 40 + name[6] - '0',
			     snap_device(s, irqm_arena_strdup(s->arena, name),
					 "pcieport"),
			     "aerdrv");
		snap_alloc(s, 40 + name[6] - '0', 0);
	}
	text = rendered(irqm_render_devices, s, NULL);
	assert_contains(text, "  6, 1 each:");
	assert_contains(text, "0000:15:01.0\n");
	free(text);
	irqm_snapshot_free(s);
}

static void consumers_wrap_below_themselves(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	int net = snap_device(s, "0000:03:1f.7", "virtio-pci");
	char *text;

	(void)state;
	snap_consumer(s, net, "virtio12", "virtio_balloon", "virtio");
	snap_msi_irq(s, 40, net, "virtio12-config");
	snap_alloc(s, 40, 0);
	text = rendered(irqm_render_devices, s, NULL);
	assert_contains(
		text,
		"   1 100    1     1       0    0    0  0000:03:1f.7  virtio-pci  virtio_balloon\n"
		"                                                                 virtio12\n");
	free(text);
	irqm_snapshot_free(s);
}

static void consumers_are_few(void **state)
{
	static const char *const disks[] = {
		"sda", "sdb", "sdc", "sdd", "sde", "sdf", "sdg",
	};
	struct irqm_snapshot *s = snap_new(2);
	int raid = snap_device(s, "0000:01:00.0", "ahci");
	int port = snap_device(s, "0000:80:00.0", "pcieport");
	char *text;
	size_t i;

	(void)state;
	for (i = 0; i < 7; i++) {
		snap_consumer(s, raid, "0:0:0:0", "sd", "scsi");
		snap_consumer(s, raid, disks[i], NULL, "block");
	}
	/* a port's services say no more than its own name */
	snap_consumer(s, port, "0000:80:00.0:pcie001", "pcie_pme",
		      "pci_express");
	snap_consumer(s, port, "0000:80:00.0:pcie002", "aer", "pci_express");
	text = rendered(irqm_render_devices, s, NULL);
	assert_contains(text, "  ahci      sd sda sdb sdc\n");
	assert_contains(text, " sdd (+3)\n");
	assert_contains(text, "  pcieport  pcie_pme aer\n");
	free(text);
	irqm_snapshot_free(s);
}

static void unknown_is_no_zero(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	char *text;

	(void)state;
	snap_virtio_blk(s, "0000:00:05.0", 24);
	snap_get(s, 25)->affinity.words = NULL;
	text = rendered(irqm_render_devices, s, NULL);
	assert_contains(text, "\n   ?   ?    3     3       ?    ?    0  "
			      "0000:00:05.0");
	assert_contains(text, "\n   ?   ?    -     -       -    -    -       -"
			      "  (unattributed)\n");
	assert_contains(text, "\n   5 100    -     -       -    -    -       -"
			      "  (all unavailable)\n");
	free(text);
	irqm_snapshot_free(s);
}

static void no_devices(void **state)
{
	(void)state;
	assert_rendered(
		irqm_render_devices, snap_new(1), NULL,
		"COST   % IRQS ALLOC MANAGED IDLE RESV DEVICES  DRIVER\n"
		"   0   -    0     0       0    0    0       -  (no MSI device)\n"
		"   0   -    -     -       -    -    -       -  (unattributed)\n"
		"   0   -    -     -       -    -    -       -  (all unavailable)\n");
}

static void hostile_names(void **state)
{
	struct irqm_snapshot *s = snap_new(1);
	int device = snap_device(s, "\x1b[2J", "a\nb");
	char *text;

	(void)state;
	snap_consumer(s, device, "eth\r0", NULL, "net");
	snap_device(s, NULL, NULL);
	text = rendered(irqm_render_devices, s, NULL);
	assert_contains(text, "  \\x1b[2J  a\\x0ab  eth\\x0d0\n");
	assert_contains(text, "0  ?        ?       -\n");
	assert_contains(text, "       1  ?\n");
	free(text);
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_disks_and_a_network_card),
		cmocka_unit_test(equal_devices_fold),
		cmocka_unit_test(folded_without_consumers),
		cmocka_unit_test(consumers_wrap_below_themselves),
		cmocka_unit_test(consumers_are_few),
		cmocka_unit_test(unknown_is_no_zero),
		cmocka_unit_test(no_devices),
		cmocka_unit_test(hostile_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
