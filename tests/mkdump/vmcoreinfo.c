/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VMCOREINFO: the text, and the kernel's own copies of it. */
#include "tests/mkdump/internal.h"
#include "tests/mkdump/mkdump.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((format(printf, 2, 3)))
static void say(struct mk *mk, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(mk->info + mk->info_len,
			sizeof(mk->info) - mk->info_len, fmt, ap);
	va_end(ap);
	mk->info_len += len;
	if (mk->info_len >= sizeof(mk->info))
		abort(); /* the kernel has a page for it, too */
}

static void symbol(struct mk *mk, const char *name, uint64_t value)
{
	if (value)
		say(mk, "SYMBOL(%s)=%" PRIx64 "\n", name, value);
}

/* Since 6.0 (5fd8fea935a1). */
static void say_kallsyms(struct mk *mk)
{
	const struct mk_kallsyms *k = &mk->kallsyms;

	symbol(mk, "kallsyms_names", k->names);
	symbol(mk, "kallsyms_num_syms", k->num_syms);
	symbol(mk, "kallsyms_token_table", k->token_table);
	symbol(mk, "kallsyms_token_index", k->token_index);
	symbol(mk, "kallsyms_offsets", k->offsets);
	symbol(mk, "kallsyms_relative_base", k->relative_base);
	symbol(mk, "kallsyms_addresses", k->addresses);
}

static void compose(struct mk *mk)
{
	const struct fk_machine *m = &mk->m;
	unsigned int i;

	say(mk, "OSRELEASE=%s\nBUILD-ID=%s\nPAGESIZE=4096\n", m->release,
	    m->build_id);
	if (mk->o.vmcoreinfo_3_10) {
		symbol(mk, "swapper_pg_dir", mk->root);
		symbol(mk, "_stext", mk_image_start(mk));
		symbol(mk, "phys_base", mk_image_start(mk));
		symbol(mk, "init_level4_pgt", mk->root);
		return;
	}
	symbol(mk, "init_uts_ns", fk_symbol_value(mk->fk, "init_uts_ns"));
	symbol(mk, "swapper_pg_dir", mk->root);
	symbol(mk, "_stext", mk_image_start(mk));
	say(mk, "NUMBER(phys_base)=%" PRIu64 "\n", mk->phys_base);
	symbol(mk, "init_top_pgt", mk->root);
	say(mk, "NUMBER(pgtable_l5_enabled)=%d\n", mk->o.levels == 5);
	say(mk, "KERNELOFFSET=%" PRIx64 "\n", mk->fk->gen.kaslr);
	say(mk, "NUMBER(KERNEL_IMAGE_SIZE)=1073741824\n");
	say(mk, "NUMBER(sme_mask)=%" PRIu64 "\n", mk->o.sme_mask);
	if (!mk->o.no_kallsyms_info)
		say_kallsyms(mk);
	for (i = 0; i < mk->o.nr_vmcoreinfo; i++)
		say(mk, "%s\n", mk->o.vmcoreinfo[i]);
}

static uint64_t copy(struct mk *mk, const void *data, size_t len)
{
	uint64_t addr = fk_alloc(mk->fk, FK_HEAP, len, 4096);

	memcpy(fk_at(mk->fk, addr), data, len);
	return addr;
}

static void set(struct mk *mk, const char *name, uint64_t value)
{
	fk_put64(mk->fk, fk_symbol_value(mk->fk, name), value);
}

/* fk_new() left short ones; CRASHTIME is only in the note. */
void mk_add_vmcoreinfo(struct mk *mk)
{
	char note[24 + sizeof(mk->info)] = "";
	uint32_t header[2] = { sizeof("VMCOREINFO"), 0 };

	compose(mk);
	set(mk, "vmcoreinfo_data", copy(mk, mk->info, mk->info_len));
	set(mk, "vmcoreinfo_size", mk->info_len);
	say(mk, "CRASHTIME=%" PRId64 "\n", mk->m.crash_time);
	if (mk->fk->gen.no_note)
		return;
	header[1] = mk->info_len;
	memcpy(note, header, sizeof(header));
	strcpy(note + 12, "VMCOREINFO");
	memcpy(note + 24, mk->info, mk->info_len);
	set(mk, "vmcoreinfo_note", copy(mk, note, 24 + mk->info_len));
}
