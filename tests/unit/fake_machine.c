/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fake kernel's standard machine. */
#include "tests/mkdump/fake_kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MSI_ADDRESS 0xfee01000ULL

static struct irqm_machine_irq *add_irq(struct fk_machine *m, unsigned int irq)
{
	struct irqm_machine_irq *i = &m->irqs[m->nr_irqs++];

	*i = (struct irqm_machine_irq){
		.irq = irq,
		.flow = "handle_edge_irq",
		.name = "edge",
		.affinity = "0-5",
		.effective = "0",
		.node = (int)(irq % 3) - 1,
		.device = -1,
		.first_irq = irq,
		.nvec = 1,
		.state = { "IRQD_ACTIVATED", "IRQD_IRQ_STARTED",
			   "IRQD_SINGLE_TARGET" },
	};
	return i;
}

static void chain(struct irqm_machine_irq *i, enum irqm_machine_level a,
		  enum irqm_machine_level b, enum irqm_machine_level c)
{
	i->chain[0] = a;
	i->chain[1] = b;
	i->chain[2] = c;
}

static void action(struct irqm_machine_irq *i, const char *name,
		   const char *handler, const char *thread)
{
	int n = 0;

	while (i->actions[n].name)
		n++;
	i->actions[n] = (struct irqm_machine_action){ name, handler, thread };
}

/* The effective affinity says where the vector is. */
static void vector(struct irqm_machine_irq *i, unsigned int v, unsigned int cpu)
{
	static const char *const cpus[] = { "0", "1", "2", "3", "4", "5" };

	i->vector = v;
	i->cpu = cpu;
	i->effective = cpus[cpu];
}

static void add_state(struct irqm_machine_irq *i, const char *name)
{
	int n = 0;

	while (i->state[n])
		n++;
	i->state[n] = name;
}

static void add_legacy(struct fk_machine *m)
{
	struct irqm_machine_irq *i;

	i = add_irq(m, 0);
	chain(i, IRQM_LEVEL_IOAPIC, IRQM_LEVEL_IR, IRQM_LEVEL_VECTOR);
	action(i, "timer", "irq_default_primary_handler", NULL);
	vector(i, 0x30, 0);
	i->affinity = "0";

	i = add_irq(m, 2);
	chain(i, IRQM_LEVEL_IOAPIC, IRQM_LEVEL_IR, IRQM_LEVEL_VECTOR);
	i->no_chip_data = true;

	i = add_irq(m, 4);
	chain(i, IRQM_LEVEL_NO_DOMAIN, IRQM_LEVEL_END, IRQM_LEVEL_END);
	i->name = NULL;

	i = add_irq(m, 9);
	chain(i, IRQM_LEVEL_IOAPIC, IRQM_LEVEL_IR, IRQM_LEVEL_VECTOR);
	action(i, "acpi", "acpi_irq", NULL);
	action(i, "i801_smbus", "irq_default_primary_handler", "thread_fn_0");
	action(i, "uhci_hcd:usb1", "acpi_irq", NULL);
	vector(i, 0x21, 1);
	i->flow = "handle_fasteoi_irq";
	i->name = "fasteoi";
	i->pending = "2-3";
	i->move_in_progress = true;
	i->prev_vector = 0x22;
	i->prev_cpu = 0;
	add_state(i, "IRQD_LEVEL");

	i = add_irq(m, 16);
	chain(i, IRQM_LEVEL_DMAR, IRQM_LEVEL_VECTOR, IRQM_LEVEL_END);
	action(i, "dmar0", "dmar_fault", NULL);
	vector(i, 0x31, 0);

	i = add_irq(m, 20);
	chain(i, IRQM_LEVEL_XEN, IRQM_LEVEL_END, IRQM_LEVEL_END);
	action(i, "xen-platform", "acpi_irq", NULL);
}

static void message(struct irqm_machine_irq *i, int device, unsigned int index)
{
	i->device = device;
	i->index = index;
	i->address = MSI_ADDRESS + ((uint64_t)index << 32);
	i->data = 0x4000 + index;
}

static void add_virtio(struct fk_machine *m)
{
	struct irqm_machine_irq *i;

	i = add_irq(m, 24);
	chain(i, IRQM_LEVEL_PCI_MSI, IRQM_LEVEL_VECTOR, IRQM_LEVEL_END);
	action(i, "virtio2-config", "vp_config_changed", NULL);
	vector(i, 0x23, 2);
	message(i, 0, 0);
	i->prev_vector = 0x24;
	i->prev_cpu = 1;
	i->cleanup = true;
	i->can_reserve = true;
	add_state(i, "IRQD_HANDLE_ENFORCE_IRQCTX");

	i = add_irq(m, 25);
	chain(i, IRQM_LEVEL_PCI_MSI, IRQM_LEVEL_VECTOR, IRQM_LEVEL_END);
	action(i, "virtio2-req.0", "vring_interrupt", NULL);
	vector(i, 0x25, 2);
	message(i, 0, 1);
	i->managed = true;
	i->affinity = i->msi_affinity = "0-2";

	i = add_irq(m, 26);
	chain(i, IRQM_LEVEL_PCI_MSI, IRQM_LEVEL_VECTOR, IRQM_LEVEL_END);
	action(i, "virtio2-req.1", "vring_interrupt", NULL);
	vector(i, 0x26, 3);
	message(i, 0, 2);
	i->managed = true;
	i->affinity = i->msi_affinity = "3-5";
	add_state(i, "IRQD_AFFINITY_ON_ACTIVATE");
}

/* One msi_desc, four interrupts. */
static void add_multi_msi(struct fk_machine *m)
{
	static const char *const masks[] = { "0", "1", "2-3", "4-5" };
	struct irqm_machine_irq *i;
	unsigned int n;

	for (n = 0; n < 4; n++) {
		i = add_irq(m, 27 + n);
		chain(i, IRQM_LEVEL_IR_PCI_MSI, IRQM_LEVEL_IR,
		      IRQM_LEVEL_VECTOR);
		action(i, "ahci0", "acpi_irq", NULL);
		vector(i, 0x40 + n, n);
		message(i, 1, 0);
		i->first_irq = 27;
		i->nvec = 4;
		i->msi_affinity = masks[n];
	}
}

static void add_others(struct fk_machine *m)
{
	struct irqm_machine_irq *i;

	i = add_irq(m, 31);
	chain(i, IRQM_LEVEL_IR_PCI_MSI, IRQM_LEVEL_IR, IRQM_LEVEL_VECTOR);
	message(i, 2, 0);
	i->can_reserve = i->has_reserved = true;
	i->state[0] = "IRQD_CAN_RESERVE";
	i->state[1] = NULL;

	/* managed and shut down: all its CPUs are offline */
	i = add_irq(m, 40);
	chain(i, IRQM_LEVEL_IR_PCI_MSI, IRQM_LEVEL_IR, IRQM_LEVEL_VECTOR);
	action(i, "nvme0q1", "nvme_irq", NULL);
	message(i, 2, 1);
	i->address = 0;
	i->data = 0;
	i->managed = true;
	i->affinity = i->msi_affinity = "4-5";
	i->state[0] = "IRQD_MANAGED_SHUTDOWN";
	i->state[1] = NULL;

	i = add_irq(m, 100);
	chain(i, IRQM_LEVEL_PCI_MSI, IRQM_LEVEL_VECTOR, IRQM_LEVEL_END);
	action(i,
	       "a name that is longer than one piece of sixty-four bytes, "
	       "and so is read in two",
	       "irq_default_primary_handler", "thread_fn_0");
	vector(i, 0x50, 3);
	message(i, 3, 5);

	i = add_irq(m, 4000);
	chain(i, IRQM_LEVEL_IOAPIC, IRQM_LEVEL_IR, IRQM_LEVEL_VECTOR);
	vector(i, 0x51, 0);
}

static void add_devices(struct fk_machine *m)
{
	m->devices[m->nr_devices++] = (struct irqm_machine_device){
		.name = "0000:00:05.0", .bus = "pci", .driver = "virtio-pci",
		.node = 0, .class = 0x010000, .vendor = 0x1af4,
		.device = 0x1001, .nr_msi_descs = 3, .msix = true,
		.consumers = {
			{ "virtio2", "virtio_blk", "virtio", true },
			{ "vda", NULL, "block", false },
		},
	};
	m->devices[m->nr_devices++] = (struct irqm_machine_device){
		.name = "0000:00:1f.2",
		.bus = "pci",
		.driver = "ahci",
		.node = 1,
		.class = 0x010601,
		.vendor = 0x8086,
		.device = 0x2922,
		.nr_msi_descs = 1,
		.consumers = { { "host0", NULL, "scsi_host", false } },
	};
	m->devices[m->nr_devices++] = (struct irqm_machine_device){
		.name = "0000:03:00.0",
		.bus = "pci",
		.driver = "nvme",
		.node = -1,
		.class = 0x010802,
		.vendor = 0x144d,
		.device = 0xa808,
		.nr_msi_descs = 70,
		.msix = true,
		.consumers = { { "nvme0", NULL, "nvme", false } },
	};
	m->devices[m->nr_devices++] = (struct irqm_machine_device){
		.name = "ABCD0001:00",
		.bus = "platform",
		.node = -1,
	};
}

void fk_renumber(struct fk_machine *m)
{
	unsigned int i, n;

	for (i = 0; i < m->nr_irqs; i++) {
		n = m->irqs[i].irq - m->irqs[i].first_irq;
		m->irqs[i].irq = i;
		m->irqs[i].first_irq = i - n;
	}
}

void fk_standard(struct fk_machine *m)
{
	static const char *const cores[] = { "0-1", "2-3", "4-5" };
	unsigned int cpu;

	fk_machine_init(m);
	m->nr_cpu_ids = 6;
	m->possible = "0-5";
	m->present = "0-4";
	m->online = "0-3";
	m->default_affinity = "0-3";
	m->housekeeping = "0-1,3";
	m->release = "5.10.0-test";
	for (cpu = 0; cpu < m->nr_cpu_ids; cpu++)
		m->cpus[cpu] = (struct fk_cpu){
			.initialized = cpu < 5,
			.online = cpu < 4,
			.node = cpu / 3,
			.siblings = cores[cpu / 2],
			.cluster = cpu < 4 ? "0-3" : "4-5",
		};
	add_legacy(m);
	add_virtio(m);
	add_multi_msi(m);
	add_others(m);
	add_devices(m);
	m->entries[m->nr_entries++] =
		(struct irqm_machine_entry){ 0, 0x99, (uint64_t)-1 };
	m->entries[m->nr_entries++] =
		(struct irqm_machine_entry){ 1, 0x9a, (uint64_t)-2 };
	m->entries[m->nr_entries++] =
		(struct irqm_machine_entry){ 2, 0x9b, 0xffff888012345680ULL };
	fk_count(m);
}
