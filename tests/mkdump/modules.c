/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The drivers of devices as modules: each has a page of text with the handlers
 * of its interrupts, and in the pages behind it struct module and its symbols.
 */
#include "tests/mkdump/internal.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MODULE_STRUCT 0x208 /* where in its data; as in real ones */
#define DATA_SIZE 0x2000
#define FUNCTION_SIZE 0x40

static bool are_modules(const struct fk *fk)
{
	return fk->gen.modules && fk->layout.module.list.exists;
}

static struct fk_module *module_of(const struct fk *fk, const char *driver)
{
	unsigned int i;

	for (i = 0; i < fk->nr_modules; i++)
		if (strcmp(fk->modules[i].name, driver) == 0)
			return &fk->modules[i];
	return NULL;
}

static struct fk_module *new_module(struct fk *fk, const char *driver)
{
	struct fk_module *m;

	fk->modules = must(realloc(fk->modules, (fk->nr_modules + 1) *
							sizeof(*fk->modules)));
	m = &fk->modules[fk->nr_modules++];
	*m = (struct fk_module){ .name = driver };
	m->text = fk_alloc(fk, FK_MODULES, 4096 + DATA_SIZE, 4096);
	m->data = m->text + 4096;
	m->end = m->data + DATA_SIZE;
	return m;
}

static uint64_t find(const struct fk_module *m, const char *name)
{
	unsigned int i;

	for (i = 0; i < m->nr_functions; i++)
		if (strcmp(m->functions[i], name) == 0)
			return m->text + 0x10 + i * FUNCTION_SIZE;
	return 0;
}

bool module_function(struct fk *fk, const struct irqm_machine_irq *irq,
		     const char *name)
{
	const char *driver =
		irq->device < 0 ? NULL : fk->m->devices[irq->device].driver;
	struct fk_module *m;

	if (!name || !driver || !are_modules(fk))
		return false;
	m = module_of(fk, driver);
	if (!m)
		m = new_module(fk, driver);
	if (find(m, name))
		return true;
	if (m->nr_functions == FK_MODULE_FUNCTIONS)
		return false;
	m->functions[m->nr_functions++] = name;
	return true;
}

uint64_t function_value(const struct fk *fk, const struct irqm_machine_irq *irq,
			const char *name)
{
	const char *driver =
		irq->device < 0 ? NULL : fk->m->devices[irq->device].driver;
	const struct fk_module *m = driver ? module_of(fk, driver) : NULL;
	uint64_t value = m ? find(m, name) : 0;

	return value ? value : fk_symbol_value(fk, name);
}

/* struct mod_kallsyms, symbols and their names, behind struct module. */
static uint64_t put_symbols(struct fk *fk, const struct fk_module *m,
			    uint64_t at)
{
	const struct irqm_layout *l = &fk->layout;
	uint64_t symtab = at + l->mod_kallsyms.size;
	uint64_t strtab = symtab + (m->nr_functions + 1) * sizeof(Elf64_Sym);
	unsigned int i, len = 1;

	for (i = 0; i < m->nr_functions; i++) {
		Elf64_Sym s = {
			.st_name = len,
			.st_info = ELF64_ST_INFO(STB_LOCAL, STT_FUNC),
			.st_shndx = 1,
			.st_value = find(m, m->functions[i]),
			.st_size = FUNCTION_SIZE,
		};

		memcpy(fk_at(fk, symtab + (i + 1) * sizeof(s)), &s, sizeof(s));
		strcpy(fk_at(fk, strtab + len), m->functions[i]);
		len += strlen(m->functions[i]) + 1;
	}
	if (strtab + len > m->end)
		abort();
	fk_put(fk, at, &l->mod_kallsyms.symtab, symtab);
	fk_put(fk, at, &l->mod_kallsyms.num_symtab, m->nr_functions + 1);
	fk_put(fk, at, &l->mod_kallsyms.strtab, strtab);
	return at;
}

/* One piece with all, or since 6.4 text and data apart. */
static void put_places(struct fk *fk, const struct fk_module *m,
		       uint64_t module)
{
	const struct irqm_layout *l = &fk->layout;
	uint64_t mem = module + l->module.mem.offset;

	fk_put(fk, module, &l->module.core_base, m->text);
	fk_put(fk, module, &l->module.core_size, m->end - m->text);
	if (!l->module.mem.exists)
		return;
	fk_put(fk, mem, &l->module_memory.base, m->text);
	fk_put(fk, mem, &l->module_memory.len, 4096);
	mem += l->module.mem.elem_size;
	fk_put(fk, mem, &l->module_memory.base, m->data);
	fk_put(fk, mem, &l->module_memory.len, m->end - m->data);
}

void build_modules(struct fk *fk)
{
	const struct irqm_layout *l = &fk->layout;
	unsigned int i;
	uint64_t head;

	if (!are_modules(fk))
		return;
	head = variable(fk, "modules", 16);
	init_list(fk, head);
	for (i = 0; i < fk->nr_modules; i++) {
		const struct fk_module *m = &fk->modules[i];
		uint64_t module = m->data + MODULE_STRUCT;

		snprintf(fk_at(fk, module + l->module.name.offset),
			 l->module.name.size, "%s", m->name);
		list_add_tail(fk, head, module + l->module.list.offset);
		put_places(fk, m, module);
		fk_put(fk, module, &l->module.kallsyms,
		       put_symbols(fk, m, module + l->module.size));
	}
}
