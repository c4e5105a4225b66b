/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stages in which read.c builds a snapshot, each in the file of its name. */
#ifndef IRQM_SNAPSHOT_STAGES_H
#define IRQM_SNAPSHOT_STAGES_H

#include "snapshot/reader.h"

void read_dump(struct reader *r);
bool read_matrix(struct reader *r, struct irqm_error *err);
void read_apics(struct reader *r);
void read_irqs(struct reader *r);
/* The list that begins at the address first. */
void read_actions(struct reader *r, struct irqm_irq *irq, uint64_t first);
/* What chip_data of a level of irq is, told by the name of its chip. */
void read_chip_data(struct reader *r, struct irqm_irq *irq,
		    const struct irqm_level *level);
/* irq_chip.flags of a level's chip. */
irqm_num read_chip_flags(struct reader *r, uint64_t chip);
/* What the kernel's debugfs files show, and nothing else needs. */
void read_debugfs(struct reader *r);
void read_dev_name(struct reader *r, struct irqm_irq *irq, const char *desc);
/* False if the interrupt's device is not known for that reason. */
bool read_msi(struct reader *r, struct irqm_irq *irq, uint64_t desc);
int read_device(struct reader *r, uint64_t addr);
/* One that does not go into devices[]. False if it cannot be read. */
bool read_other_device(struct reader *r, uint64_t addr,
		       struct irqm_device *ret);
void read_pci_lines(struct reader *r);
void read_vector_irqs(struct reader *r);
void read_counts(struct reader *r, const uint64_t *kstat_irqs);
void read_log(struct reader *r);

#endif
