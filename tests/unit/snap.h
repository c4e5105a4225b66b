/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Snapshots written down in a test.
 *
 *	struct irqm_snapshot *s = snap_new(4);		// all four online
 *	int disk = snap_device(s, "0000:00:05.0", "virtio-pci");
 *	snap_consumer(s, disk, "virtio2", "virtio_blk", "virtio");
 *	snap_msi_irq(s, 24, disk, "virtio2-config");
 *	snap_alloc(s, 24, 0);				// a vector on CPU 0
 *	snap_msi_irq(s, 25, disk, "virtio2-req.0");
 *	snap_managed(s, 25, "0-3");			// a slot on each CPU
 *	snap_start(s, 25, 1);				// vector from CPU 1's
 *	...
 *	irqm_snapshot_free(s);
 *
 * The calls keep bitmaps and counters in step as kernel/irq/matrix.c does,
 * so a test that wants drift sets the counter afterwards. IRQs are added in
 * ascending order and then named by their number. Everything else is plain
 * data: change it. A call that cannot do what it says aborts.
 */
#ifndef SNAP_H
#define SNAP_H

#include "irqmatrix.h"

/* Room for IRQs and devices of snap_new(); pointers into them stay valid. */
#define SNAP_MAX_IRQS 256
#define SNAP_MAX_DEVICES 256

/* Addresses that snap gives: recognizable, and a kernel's. */
#define SNAP_DESC(irq) (0xffff888100000000ULL + (uint64_t)(irq)*0x200)
#define SNAP_CHIP_DATA(irq) (0xffff888110000000ULL + (uint64_t)(irq)*0x40)
#define SNAP_MSI_DESC(irq) (0xffff888120000000ULL + (uint64_t)(irq)*0x80)
#define SNAP_DEVICE(i) (0xffff888130000000ULL + (uint64_t)(i)*0x1000)
#define SNAP_VECTOR_DOMAIN 0xffff888100042000ULL

/*
 * CPUs 0 .. nr_cpus-1, possible, present and online, on node 0, no vector
 * used. The matrix is that of a PC up to Linux 5.7 with a PIC: 256 bits,
 * vectors 32 .. 235 to allocate, system vectors 0-19,29,32,50,128,236-255.
 */
struct irqm_snapshot *snap_new(unsigned int nr_cpus);
struct irqm_snapshot *snap_new_sized(unsigned int nr_cpus,
				     unsigned int max_irqs,
				     unsigned int max_devices);

/* The set of nbits that a cpulist names. */
struct irqm_bits snap_bits(struct irqm_snapshot *s, unsigned int nbits,
			   const char *list);
/* A set of CPUs: nbits is nr_cpu_ids. */
struct irqm_bits snap_cpus(struct irqm_snapshot *s, const char *list);

/* cpumap.online becomes 0, its available leaves global_available. */
void snap_offline(struct irqm_snapshot *s, unsigned int cpu);
/* Possible, but never was online: not initialized, available 0. Before
 * anything is reserved on it. */
void snap_absent(struct irqm_snapshot *s, unsigned int cpu);

/* An IRQ outside of the vector domain, without device: no level of its
 * chain has the vector domain. name may be NULL: no action. */
struct irqm_irq *snap_irq(struct irqm_snapshot *s, unsigned int irq,
			  const char *name);
/* An IRQ of the vector domain behind an IO-APIC: apic_chip_data, affinity
 * to all CPUs, no vector yet. */
struct irqm_irq *snap_ioapic_irq(struct irqm_snapshot *s, unsigned int irq,
				 const char *name);
/* The same with an MSI descriptor of devices[device]. */
struct irqm_irq *snap_msi_irq(struct irqm_snapshot *s, unsigned int irq,
			      int device, const char *name);
struct irqm_irq *snap_get(struct irqm_snapshot *s, unsigned int irq);

/* Index of a new device. driver "" if none is bound. */
int snap_device(struct irqm_snapshot *s, const char *name, const char *driver);
void snap_consumer(struct irqm_snapshot *s, int device, const char *name,
		   const char *driver, const char *kind);

/* irq_matrix_alloc(): the lowest free vector of cpu. Returns it. */
unsigned int snap_alloc(struct irqm_snapshot *s, unsigned int irq,
			unsigned int cpu);
/* A vector on another CPU while the old one is still held. */
unsigned int snap_move(struct irqm_snapshot *s, unsigned int irq,
		       unsigned int cpu);
/* irq_matrix_reserve_managed(): a slot on each CPU of the mask. */
void snap_managed(struct irqm_snapshot *s, unsigned int irq, const char *mask);
/* irq_matrix_alloc_managed(): the lowest idle slot of cpu. Returns it. */
unsigned int snap_start(struct irqm_snapshot *s, unsigned int irq,
			unsigned int cpu);
/* irq_matrix_reserve(): counted in global_reserved only. */
void snap_reserve(struct irqm_snapshot *s, unsigned int irq);

void snap_unread(struct irqm_snapshot *s, const char *what, uint64_t addr,
		 enum irqm_why why);

/* irqm_vector_owners() of the snapshot as it is now. */
void snap_owners(const struct irqm_snapshot *s, unsigned int cpu_index,
		 struct irqm_vector_owner *owners);

/* A two-queue virtio-blk as on LKML (2022-09-24, 80 CPUs): configuration
 * interrupt and two managed queues that share all CPUs. It takes IRQs irq ..
 * irq+2 and costs a vector and one slot per CPU. Returns the device. */
int snap_virtio_blk(struct irqm_snapshot *s, const char *name,
		    unsigned int irq);
/* Five of them, devices 0 .. 4: vda .. vde at 0000:00:02.0 .. 0000:00:06.0,
 * IRQs 24 .. 38. */
void snap_five_disks(struct irqm_snapshot *s);

#endif
