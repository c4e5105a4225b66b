/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stages in which read.c builds a snapshot. Each is in a file with its
 * name. */
#ifndef IRQM_SNAPSHOT_STAGES_H
#define IRQM_SNAPSHOT_STAGES_H

#include "snapshot/reader.h"

void irqm_read_dump(struct reader *r);
/* Host name, hardware, memory, uptime. */
void irqm_read_identity(struct reader *r);
/* dump.panic, from the log. */
void irqm_read_panic(struct reader *r);
/* Lists every possible CPU; nothing else is known about it yet. */
void irqm_list_cpus(struct reader *r);
int irqm_read_matrix(struct reader *r, struct irqm_error *err);
/* Reads only what changes: vector_matrix and the cpumaps of the listed CPUs.
 * Returns false if the kernel has no vector_matrix. */
bool irqm_read_cpumaps(struct reader *r);
/*
 * Reads the matrix and vector_irq of a running machine again. Records each CPU
 * where they are not as they were before. Returns the number of differences.
 */
unsigned int irqm_read_changes(struct reader *r);
void irqm_read_apics(struct reader *r);
void irqm_read_irqs(struct reader *r);
/* Reads the list that begins at the address first. */
void irqm_read_actions(struct reader *r, struct irqm_irq *irq, uint64_t first);
/* Reads chip_data of a level of irq; the name of its chip tells what it is. */
/* Whether chips of this name belong to an interrupt remapping domain. */
bool irqm_is_remapping_chip(const char *chip);
void irqm_read_chip_data(struct reader *r, struct irqm_irq *irq,
			 const struct irqm_level *level);
/*
 * Return the remapping table of an interrupt, which is read once and counts its
 * interrupts; NULL if it could not be read. devid is an AMD device's ID, size
 * that of an AMD entry in bytes.
 */
const struct irqm_remap_table *
irqm_read_intel_table(struct reader *r, unsigned int irq, uint64_t iommu);
const struct irqm_remap_table *
irqm_read_amd_table(struct reader *r, unsigned int irq, uint64_t iommu,
		    irqm_num devid, unsigned int size);
/* Reads a pointer that is a member of the structure at addr. Returns 0 if it
 * cannot be read. */
uint64_t irqm_read_pointer_at(struct reader *r, uint64_t addr,
			      const struct irqm_member *m, const char *what);
/* Returns irq_chip.flags of a level's chip. */
irqm_num irqm_read_chip_flags(struct reader *r, uint64_t chip);
/* Reads what only the kernel's debugfs files show. */
void irqm_read_debugfs(struct reader *r);
void irqm_read_dev_name(struct reader *r, struct irqm_irq *irq,
			const char *desc);
/* Returns false if the interrupt's device is unknown because of an error. */
bool irqm_read_msi(struct reader *r, struct irqm_irq *irq, uint64_t desc);
int irqm_read_device(struct reader *r, uint64_t addr);
/* Reads a device that is not added to devices[]. Returns false if it cannot be
 * read. */
bool irqm_read_other_device(struct reader *r, uint64_t addr,
			    struct irqm_device *ret);
void irqm_read_pci_lines(struct reader *r);
void irqm_read_vector_irqs(struct reader *r);
void irqm_read_counts(struct reader *r, const uint64_t *kstat_irqs);
void irqm_read_log(struct reader *r);

#endif
