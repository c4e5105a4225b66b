/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/vmlinux/learn.h"

#include <string.h>

#include "memory/variables.h"
#include "memory/vmlinux/elf_file.h"
#include "memory/vmlinux/elf_symbols.h"
#include "memory/vmlinux/vmlinux.h"

/* Values to record for a name: static variables may share it. */
#define VALUES_MAX 8

static bool has_value(const struct irqm_learned *k, const char *name,
		      uint64_t value)
{
	unsigned int i;

	for (i = 0; i < k->nr_symbols; i++)
		if (k->symbols[i].value == value &&
		    strcmp(k->symbols[i].name, name) == 0)
			return true;
	return false;
}

static void add_value(struct irqm_learned *k, const char *name, uint64_t value)
{
	struct irqm_learned_symbol *s = &k->symbols[k->nr_symbols];

	if (k->nr_symbols == IRQM_LEARNED_SYMBOLS ||
	    strlen(name) >= sizeof(s->name) || has_value(k, name, value))
		return;
	strcpy(s->name, name);
	s->value = value;
	k->nr_symbols++;
}

/* Puts the value that a lookup returns first. */
static void add_symbol(struct irqm_learned *k, struct irqm_elf_symbols *s,
		       const char *name, unsigned int most)
{
	const Elf64_Sym *sym = irqm_elf_symbol(s, name);
	unsigned int nr;
	uint32_t i = 0;

	if (!sym)
		return;
	add_value(k, name, sym->st_value);
	for (nr = 1; nr < most && (sym = irqm_elf_symbol_next(s, name, &i));
	     nr++)
		add_value(k, name, sym->st_value);
}

static void add_symbols(struct irqm_learned *k, struct irqm_elf_symbols *s)
{
	const char *const *name;
	int i;

	for (i = 0; i < IRQM_NR_VARIABLES; i++)
		add_symbol(k, s, irqm_variables[i].name, 1);
	for (name = irqm_learned_names; *name; name++)
		add_symbol(k, s, *name, VALUES_MAX);
}

static int learn_kernel(struct irqm_elf_file *f, struct irqm_elf_symbols *s,
			struct irqm_learned *k, struct irqm_error *err)
{
	if (irqm_elf_layout(f, NULL, &k->layout, &k->types, err) < 0)
		return -1;
	k->text = s->text;
	k->end = s->end;
	irqm_elf_banner(s, f->elf, &f->build);
	k->build = f->build;
	k->build.symbol = irqm_learned_compare;
	k->build.ctx = k;
	irqm_build_release(&k->build, k->release);
	add_symbols(k, s);
	return 0;
}

int irqm_vmlinux_learn(int fd, struct irqm_learned *k, struct irqm_error *err)
{
	struct irqm_elf_symbols s = { 0 };
	struct irqm_elf_file f;
	int rc;

	memset(k, 0, sizeof(*k));
	if (irqm_elf_open_fd(&f, fd, err) < 0)
		return -1;
	rc = irqm_elf_symbols_open(&s, f.elf, err);
	if (rc == 0)
		rc = learn_kernel(&f, &s, k, err);
	irqm_elf_symbols_close(&s);
	irqm_elf_close(&f);
	return rc;
}
