/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/fake_generations.h"
#include "tests/mkdump/layout_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct generation fk_generations[FK_NR_GENERATIONS] = {
	{ "RHEL 8", "rhel8-4.18.0-305", { .container = FK_XARRAY }, false },
	{ "4.19.24", "alibaba-4.19.24", { .container = FK_RADIX_TREE }, false },
	{ "4.19.24, constant nr_cpu_ids",
	  "alibaba-4.19.24",
	  { .container = FK_RADIX_TREE, .constant_cpu_ids = true },
	  false },
	{ "4.19.91", "alibaba-4.19.91", { .container = FK_RADIX_TREE }, false },
	{ "5.10", "debian-5.10", { .container = FK_XARRAY }, false },
	{ "5.10, not a panic",
	  "debian-5.10",
	  { .container = FK_XARRAY, .no_note = true },
	  false },
	{ "5.17-rc, msi.data->list",
	  "debian-6.1",
	  { .container = FK_XARRAY },
	  true },
	{ "6.1", "debian-6.1", { .container = FK_XARRAY }, false },
	{ "6.12",
	  "debian-6.12",
	  { .container = FK_MAPLE_TREE, .maple_fanout = 16 },
	  false },
	{ "6.12, three levels",
	  "debian-6.12",
	  { .container = FK_MAPLE_TREE, .maple_fanout = 4 },
	  false },
	{ "6.12, six levels",
	  "debian-6.12",
	  { .container = FK_MAPLE_TREE, .maple_fanout = 2 },
	  false },
	{ "7",
	  "debian-7",
	  { .container = FK_MAPLE_TREE,
	    .maple_fanout = 16,
	    .percpu_addresses = true },
	  false },
	{ "5.10, array", "debian-5.10", { .container = FK_ARRAY }, false },
	{ "7, array",
	  "debian-7",
	  { .container = FK_ARRAY,
	    .percpu_addresses = true,
	    .total_nr_irqs = true },
	  false },
};

const struct generation *fk_generation(const char *name)
{
	size_t i;

	for (i = 0; i < FK_NR_GENERATIONS; i++)
		if (strcmp(fk_generations[i].name, name) == 0)
			return &fk_generations[i];
	abort();
}

struct irqm_layout fk_load(const char *name)
{
	struct irqm_error err = { 0 };
	struct irqm_layout l;
	char path[128];

	snprintf(path, sizeof(path), "tests/data/layouts/%s.txt", name);
	if (layout_text_load(&l, path, &err) != 0) {
		fprintf(stderr, "%s\n", err.msg);
		abort();
	}
	return l;
}

/* No kernel that was released: the list moved before the XArray came. */
static void use_msi_data_list(struct irqm_layout *l)
{
	l->msi_device_data.list = l->msi_device_data.store;
	memset(&l->msi_device_data.store, 0, sizeof(l->msi_device_data.store));
	l->msi_desc.list = (struct irqm_member){
		.exists = true,
		.kind = IRQM_KIND_STRUCT,
		.offset = l->msi_desc.size - 16,
		.size = 16,
	};
}

struct fk *fk_build(const struct generation *g, struct fk_machine *m)
{
	struct irqm_layout l = fk_load(g->layout);

	if (g->msi_data_list)
		use_msi_data_list(&l);
	fk_standard(m);
	if (g->gen.container == FK_ARRAY) {
		fk_renumber(m);
		fk_count(m);
	}
	return fk_new(&l, m, &g->gen);
}

int fk_read(struct fk *fk, const struct irqm_layout *l, unsigned int flags,
	    struct irqm_snapshot **s)
{
	struct irqm_target t = irqm_memory_target(fk->memory);
	struct irqm_error err = { 0 };

	*s = NULL;
	return irqm_snapshot_read(&t, l, flags, s, &err);
}

struct irqm_snapshot *fk_read_all(struct fk *fk)
{
	struct irqm_snapshot *s;

	if (fk_read(fk, &fk->layout, IRQM_READ_COUNTS, &s) != 0)
		abort();
	return s;
}
