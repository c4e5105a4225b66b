/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernels that the fake one can be, and how tests read it. */
#ifndef FAKE_GENERATIONS_H
#define FAKE_GENERATIONS_H

#include "tests/mkdump/fake_kernel.h"

/* A kernel: its layout and what no layout says. */
struct generation {
	const char *name, *layout;
	struct fk_generation gen;
	bool msi_data_list; /* a few weeks of 5.17's development */
};

#define FK_NR_GENERATIONS 14
extern const struct generation fk_generations[FK_NR_GENERATIONS];

/* By name; aborts if there is none. */
const struct generation *fk_generation(const char *name);

/* tests/data/layouts/NAME.txt */
struct irqm_layout fk_load(const char *name);

/* The standard machine, in *m, on a kernel of a generation. */
struct fk *fk_build(const struct generation *g, struct fk_machine *m);

/* Reads the snapshot with layout l; what irqm_snapshot_read() returned. */
int fk_read(struct fk *fk, const struct irqm_layout *l, unsigned int flags,
	    struct irqm_snapshot **s);
/* With counts; aborts if it is refused. */
struct irqm_snapshot *fk_read_all(struct fk *fk);

#endif
