/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The made-up kernel as a whole. */
#include "tests/mkdump/internal.h"

#include <stdlib.h>

static const char *const functions[] = {
	"handle_edge_irq",
	"handle_fasteoi_irq",
	"vp_config_changed",
	"vring_interrupt",
	"nvme_irq",
	"irq_default_primary_handler",
	"dmar_fault",
	"thread_fn_0",
	"acpi_irq",
	"apic_default_calc_apicid",
	"apic_flat_calc_apicid",
	"x2apic_calc_apicid",
};

#define HEAP_BASE 0x100000     /* in the direct map */
#define RODATA_OFFSET 0x800000 /* in the image */
#define DATA_OFFSET 0x1000000
#define GARBAGE 0xa5
#define FUNCTION_SIZE 0x100

static void function(struct fk *fk, const char *name)
{
	if (!name || fk_symbol_value(fk, name))
		return;
	if (fk->text_used == 0x8000) /* irq_entries_start and what follows */
		fk->text_used = 0xa000;
	fk_symbol(fk, name, FK_TEXT_BASE + fk->gen.kaslr + fk->text_used);
	fk->text_used += FUNCTION_SIZE;
}

static void build_text(struct fk *fk)
{
	uint64_t text = FK_TEXT_BASE + fk->gen.kaslr;
	unsigned int i, a, nr = ARRAY_SIZE(functions);

	for (i = 0; i < nr; i++)
		function(fk, functions[i]);
	for (i = 0; i < fk->m->nr_irqs; i++) {
		const struct irqm_machine_irq *irq = &fk->m->irqs[i];

		function(fk, irq->flow);
		function(fk, irq->notify);
		for (a = 0; a < 4 && irq->actions[a].name; a++) {
			if (!module_function(fk, irq, irq->actions[a].handler))
				function(fk, irq->actions[a].handler);
			if (!module_function(fk, irq, irq->actions[a].thread))
				function(fk, irq->actions[a].thread);
		}
	}
	fk_symbol(fk, "irq_entries_start", text + 0x8000);
	fk_symbol(fk, "asm_sysvec_apic_timer_interrupt", text + 0x9000);
}

static void set_regions(struct fk *fk)
{
	int i;

	for (i = 0; i < FK_NR_REGIONS; i++)
		fk->regions[i].fill = fk->gen.clean ? 0 : GARBAGE;
	fk->regions[FK_RODATA].base =
		FK_TEXT_BASE + fk->gen.kaslr + RODATA_OFFSET;
	fk->regions[FK_DATA].base = FK_TEXT_BASE + fk->gen.kaslr + DATA_OFFSET;
	fk->regions[FK_HEAP].base = fk->gen.page_offset + HEAP_BASE;
	/* a page that nobody uses, so that no region is without bytes */
	region_grow(&fk->regions[FK_RODATA], 1);
	fk->regions[FK_MODULES].base = FK_MODULES_BASE;
	/* build_percpu() says where in the direct map */
	fk->regions[FK_PERCPU].base = fk->gen.page_offset;
}

struct fk *fk_new(const struct irqm_layout *layout, const struct fk_machine *m,
		  const struct fk_generation *gen)
{
	struct fk *fk = must(calloc(1, sizeof(*fk)));
	unsigned int i;

	fk->layout = *layout;
	fk->m = m;
	fk->gen = *gen;
	if (!fk->gen.page_offset)
		fk->gen.page_offset = FK_PAGE_OFFSET;
	set_regions(fk);
	fk->descs = must(calloc(m->nr_irqs + 1, 8));
	fk->actions = must(calloc(m->nr_irqs + 1, 8));
	fk->chip_data = must(calloc(m->nr_irqs + 1, 8));
	fk->parents = must(calloc(m->nr_irqs + 1, 8));
	fk->remaps = must(calloc(m->nr_irqs + 1, 8));
	fk->ioapics = must(calloc(m->nr_irqs + 1, 8));
	fk->msi_descs = must(calloc(m->nr_irqs + 1, 8));
	fk->devices = must(calloc(m->nr_devices + 1, 8));
	fk->text_used = FUNCTION_SIZE; /* _stext has a name already */
	build_text(fk);
	build_percpu(fk);
	build_dump(fk);
	build_topology(fk);
	build_apic(fk);
	build_matrix(fk);
	build_idt(fk);
	build_domains(fk);
	build_container(fk);
	for (i = 0; i < m->nr_devices; i++) {
		build_device(fk, i);
		build_msi_store(fk, i);
	}
	for (i = 0; i < m->nr_irqs; i++)
		build_desc(fk, i);
	build_vector_irq(fk);
	build_log(fk);
	build_modules(fk);
	return fk;
}

void fk_free(struct fk *fk)
{
	int i;

	if (!fk)
		return;
	irqm_memory_free(fk->memory);
	for (i = 0; i < FK_NR_REGIONS; i++)
		free(fk->regions[i].bytes);
	free(fk->objects);
	free(fk->symbols);
	free(fk->modules);
	free(fk->descs);
	free(fk->actions);
	free(fk->chip_data);
	free(fk->parents);
	free(fk->remaps);
	free(fk->ioapics);
	free(fk->msi_descs);
	free(fk->devices);
	free(fk);
}

void fk_emit(struct fk *fk, enum fk_mode mode, const struct fk_sink *sink)
{
	unsigned int i;

	for (i = 0; i < fk->nr_symbols; i++)
		sink->symbol(sink->ctx, fk->symbols[i].name,
			     fk->symbols[i].value);
	for (i = 0; mode == FK_PACKED && i < FK_NR_REGIONS; i++)
		if (fk->regions[i].size)
			sink->write(sink->ctx, fk->regions[i].base,
				    fk->regions[i].bytes, fk->regions[i].size);
	for (i = 0; mode == FK_STRICT && i < fk->nr_objects; i++)
		sink->write(sink->ctx, fk->objects[i].addr,
			    fk_at(fk, fk->objects[i].addr), fk->objects[i].len);
}

static void memory_symbol(void *ctx, const char *name, uint64_t value)
{
	if (irqm_memory_symbol(ctx, name, value) != 0)
		abort();
}

static void memory_write(void *ctx, uint64_t addr, const void *data, size_t len)
{
	if (irqm_memory_write(ctx, addr, data, len) != 0)
		abort();
}

void fk_commit(struct fk *fk, enum fk_mode mode)
{
	struct fk_sink sink = { .symbol = memory_symbol,
				.write = memory_write };

	irqm_memory_free(fk->memory);
	fk->memory = must(irqm_memory_new());
	sink.ctx = fk->memory;
	fk_emit(fk, mode, &sink);
}
