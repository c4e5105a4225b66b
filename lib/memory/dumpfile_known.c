/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/dumpfile_known.h"

#include <stdlib.h>
#include <string.h>

#include "memory/known/dump_key.h"
#include "memory/known/known.h"

/*
 * The two lookups of the cache. The key of a kernel's symbols comes from the
 * tables of kallsyms. The symbols tell where BTF is; with BTF added to the key,
 * the layout is looked up.
 */
struct irqm_lookup {
	struct irqm_known *known;
	bool has_symbols_key, has_layout_key;
	bool has_symbols; /* the cache has their entry, not the layout's */
	struct irqm_known_key symbols_key, layout_key;
	struct irqm_known_entry entry;
};

/* Only for dumps whose VMCOREINFO names the tables (since 6.0): otherwise a
 * scan finds them, which depends on more than the tables. */
static bool make_symbols_key(struct irqm_dumpfile *f, struct irqm_lookup *l)
{
	char build_id[64] = "";
	uint64_t text;

	irqm_vmcoreinfo_value(f->pages.vmcoreinfo, "BUILD-ID", build_id,
			      sizeof(build_id));
	irqm_known_key_begin(&l->symbols_key, l->known, build_id,
			     strlen(build_id));
	if (!irqm_vmcoreinfo_symbol(f->pages.vmcoreinfo, "_stext", &f->stext))
		return false;
	/* decides which symbols are compared, see find_names() */
	text = irqm_paging_text_end(&f->paging, f->stext) - f->stext;
	irqm_known_key_add(&l->symbols_key, &text, sizeof(text));
	return irqm_kallsyms_from_vmcoreinfo(f->pages.vmcoreinfo, &f->where) &&
	       irqm_dump_key_kallsyms(&l->symbols_key, &f->paging, &f->where,
				      f->stext);
}

static bool make_layout_key(struct irqm_dumpfile *f, struct irqm_lookup *l)
{
	uint64_t start, size;

	l->layout_key = l->symbols_key;
	return irqm_dumpfile_btf(f, &start, &size) &&
	       irqm_dump_key_memory(&l->layout_key, &f->paging, start, size);
}

/* A symbol in a cache entry either moves with _stext or does not. */
enum {
	MOVES = 1,
	STAYS = 2
};

static void take_symbols(struct irqm_dumpfile *f,
			 const struct irqm_known_entry *e)
{
	int i;

	for (i = 0; i < NR_NAMES; i++) {
		f->found[i] = e->has_symbol[i] != 0;
		f->values[i] = e->symbols[i] +
			       (e->has_symbol[i] == MOVES ? f->stext : 0);
	}
}

static bool give_symbols(const struct irqm_dumpfile *f,
			 struct irqm_known_entry *e)
{
	bool moves;
	int i;

	memset(e, 0, sizeof(*e));
	for (i = 0; i < NR_NAMES; i++) {
		if (!f->found[i])
			continue;
		if (!irqm_kallsyms_moves(f->kallsyms, f->values[i], &moves))
			return false;
		e->has_symbol[i] = moves ? MOVES : STAYS;
		e->symbols[i] = f->values[i] - (moves ? f->stext : 0);
	}
	return true;
}

struct irqm_lookup *irqm_lookup_open(const struct irqm_files *files,
				     const struct irqm_dumpfile *f)
{
	struct irqm_lookup *l = calloc(1, sizeof(*l));
	const char *names[NR_NAMES];
	struct irqm_error why;

	irqm_dumpfile_names(names);
	if (l && f->pages.stored &&
	    irqm_known_open_files(files, names, NR_NAMES, &l->known, &why) == 0)
		return l;
	free(l);
	return NULL;
}

bool irqm_dumpfile_knows(const struct irqm_files *files, const char *name)
{
	const char *names[NR_NAMES];
	struct irqm_known *known;
	struct irqm_error why;
	bool ret;

	irqm_dumpfile_names(names);
	if (irqm_known_open_files(files, names, NR_NAMES, &known, &why))
		return false;
	ret = irqm_known_has(known, name);
	irqm_known_close(known);
	return ret;
}

void irqm_lookup_close(struct irqm_lookup *l)
{
	irqm_known_close(l->known);
	free(l);
}

bool irqm_lookup_load(struct irqm_lookup *l, struct irqm_dumpfile *f)
{
	struct irqm_error err;

	l->has_symbols_key = make_symbols_key(f, l);
	if (!l->has_symbols_key ||
	    irqm_known_load(l->known, &l->symbols_key, &l->entry, &err))
		return false;
	l->has_symbols = true;
	take_symbols(f, &l->entry);
	l->has_layout_key = make_layout_key(f, l);
	if (!l->has_layout_key ||
	    irqm_known_load(l->known, &l->layout_key, &l->entry, &err))
		return false;
	f->layout = l->entry.layout;
	memcpy(f->names, l->entry.names, sizeof(f->names));
	f->last_symbol = l->entry.last_symbol;
	return true;
}

/* Ignores errors: the cache is optional. */
void irqm_lookup_store(struct irqm_lookup *l, struct irqm_dumpfile *f)
{
	struct irqm_error err;
	uint64_t last;

	/* do not cache a result that lacks symbols because a page is missing */
	if (!f->kallsyms || f->names_unread || !l->has_symbols_key)
		return;
	if (!l->has_layout_key)
		l->has_layout_key = make_layout_key(f, l);
	if (!l->has_layout_key || !give_symbols(f, &l->entry))
		return;
	/* an entry that is intact is not written again: another dump may have
	 * had the same symbols with other types, or types packed otherwise */
	if (!l->has_symbols &&
	    irqm_known_store(l->known, &l->symbols_key, &l->entry, &err))
		return;
	l->entry.layout = f->layout;
	memcpy(l->entry.names, f->names, sizeof(f->names));
	if (irqm_kallsyms_last(f->kallsyms, &last) && last > f->stext)
		l->entry.last_symbol = last - f->stext;
	irqm_known_store(l->known, &l->layout_key, &l->entry, &err);
}
