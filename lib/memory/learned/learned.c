/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/learned/learned.h"

#include <string.h>

const char *const irqm_learned_names[] = {
	/* kernel/crash_core.c, kernel/vmcore_info.c */
	"_stext",
	"init_uts_ns",
	"vmap_area_list",
	"mem_map",
	"contig_page_data",
	"mem_section",
	"kallsyms_names",
	"kallsyms_num_syms",
	"kallsyms_token_table",
	"kallsyms_token_index",
	"kallsyms_offsets",
	"kallsyms_relative_base",
	"kallsyms_addresses",
	/* macros in most kernels, see build.h */
	"node_online_map",
	"swapper_pg_dir",
	/* kernel/printk/printk.c */
	"log_buf",
	"log_buf_len",
	"log_first_idx",
	"log_next_idx",
	"clear_idx",
	"prb",
	"printk_rb_static",
	"clear_seq",
	/* arch/x86/kernel */
	"init_top_pgt",
	"node_data",
	"phys_base",
	NULL,
};

bool irqm_learned_symbol(const struct irqm_learned *k, const char *name,
			 uint64_t *ret_value)
{
	unsigned int i;

	for (i = 0; i < k->nr_symbols; i++) {
		if (strcmp(k->symbols[i].name, name) == 0) {
			*ret_value = k->symbols[i].value;
			return true;
		}
	}
	return false;
}

enum irqm_build_symbol irqm_learned_compare(void *ctx, const char *name,
					    uint64_t addr, uint64_t *ret_own)
{
	const struct irqm_learned *k = ctx;
	unsigned int i;

	if (!irqm_learned_symbol(k, name, ret_own))
		return IRQM_BUILD_ABSENT;
	for (i = 0; i < k->nr_symbols; i++)
		if (k->symbols[i].value == addr &&
		    strcmp(k->symbols[i].name, name) == 0)
			return IRQM_BUILD_SAME;
	return IRQM_BUILD_OTHER;
}

bool irqm_learned_same(const struct irqm_build *a, const struct irqm_build *b)
{
	if (a->id_size || b->id_size)
		return a->id_size == b->id_size &&
		       memcmp(a->note, b->note,
			      IRQM_BUILD_ID_HEADER + a->id_size) == 0;
	/* the banner has the date of the build */
	return a->banner[0] && a->banner_at == b->banner_at &&
	       strcmp(a->banner, b->banner) == 0;
}
