/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "distill/distill.h"

#include <stdlib.h>
#include <string.h>

#include "distill/elf.h"
#include "snapshot/snapshot.h"

/* Of x86-64 without KASLR, for 4 and 5 levels of page tables. */
#define PAGE_OFFSET_4 0xffff888000000000ULL
#define PAGE_OFFSET_5 0xff11000000000000ULL

struct irqm_distill {
	const struct irqm_distill_source *source;
	struct irqm_recorder recorder;
	/* physical addresses */
	struct irqm_ranges keep; /* all bytes to include ... */
	/* ... and those of them that are page table entries */
	struct irqm_ranges entries;
	/* ... and whole pages of tables */
	struct irqm_ranges searched, parsed;
	uint64_t direct_map;
	struct irqm_left_out left_out;
};

static int no_memory(struct irqm_error *err)
{
	irqm_error_set(err, "out of memory, or the dump is damaged: its "
			    "pointers lead to too much other memory");
	return -1;
}

static int run_analysis(struct irqm_distill *d, unsigned int flags,
			struct irqm_error *err)
{
	bool with_log = flags & IRQM_DISTILL_LOG;
	struct irqm_snapshot *s;

	if (irqm_snapshot_read(&d->recorder.target, d->source->layout,
			       with_log ? IRQM_READ_COUNTS | IRQM_READ_LOG :
					  IRQM_READ_COUNTS,
			       &s, err))
		return -1;
	d->left_out.log = !s->log.known;
	irqm_snapshot_free(s);
	if (!with_log || !d->left_out.log)
		return 0;
	irqm_error_set(err, "the kernel log is not in the dump, or cannot be "
			    "read");
	return -1;
}

/* Other programs need the direct map to read the dump; this project uses only
 * p_vaddr. */
static void find_direct_map(struct irqm_distill *d)
{
	struct irqm_target *t = &d->recorder.target;
	uint64_t addr;

	d->direct_map = d->source->paging->levels == 5 ? PAGE_OFFSET_5 :
							 PAGE_OFFSET_4;
	if (!t->symbol(t->ctx, "page_offset_base", &addr) ||
	    !irqm_kernel_address(addr) ||
	    t->read(t->ctx, addr, &d->direct_map, 8) != IRQM_OK)
		return;
	irqm_recorder_note(&d->recorder, addr, 8, "variable page_offset_base");
}

/* A kallsyms table is used even if one of its pages is missing. For a missing
 * page, the recorder keeps only the page table entries. */
static void note_table(struct irqm_distill *d,
		       const struct irqm_dumpfile_table *table)
{
	struct irqm_target *t = &d->recorder.target;
	uint64_t addr = table->addr, left = table->len, step;
	char page[IRQM_PAGE_SIZE];

	irqm_recorder_list(&d->recorder, 1, table->len, table->what);
	for (; left; addr += step, left -= step) {
		step = IRQM_PAGE_SIZE - addr % IRQM_PAGE_SIZE;
		if (step > left)
			step = left;
		if (t->read(t->ctx, addr, page, step) == IRQM_OK)
			irqm_ranges_add(&d->recorder.used, addr, step);
	}
}

static void note_tables(struct irqm_distill *d)
{
	unsigned int i;

	for (i = 0; i < d->source->nr_tables; i++)
		note_table(d, &d->source->tables[i]);
}

static void keep_entry(void *ctx, uint64_t paddr)
{
	struct irqm_distill *d = ctx;

	irqm_ranges_add(&d->entries, paddr, 8);
}

/* keep: include the bytes of the range, otherwise only the page table entries.
 * An address that cannot be translated was not read either. */
static void translate_range(struct irqm_distill *d, struct irqm_paging *paging,
			    const struct irqm_range *r, bool keep)
{
	uint64_t addr = r->start, paddr, len;

	while (addr < r->end && !d->keep.full && !d->entries.full) {
		/* if nothing is mapped, continue with the next page */
		uint64_t step = IRQM_PAGE_SIZE - addr % IRQM_PAGE_SIZE;

		if (irqm_translate(paging, addr, &paddr, &len) == IRQM_OK &&
		    len > 0) {
			step = len < r->end - addr ? len : r->end - addr;
			if (keep)
				irqm_ranges_add(&d->keep, paddr, step);
		}
		if (step > r->end - addr)
			break;
		addr += step;
	}
}

/* Finds the pages that a table fills, without other data before or after it. */
static void find_full_pages(struct irqm_distill *d, struct irqm_paging *paging,
			    const struct irqm_dumpfile_table *table)
{
	struct irqm_ranges *pages = table->searched ? &d->searched : &d->parsed;
	uint64_t addr = table->addr, end = addr + table->len, paddr, len;

	addr += -addr % IRQM_PAGE_SIZE;
	for (; addr < end && end - addr >= IRQM_PAGE_SIZE;
	     addr += IRQM_PAGE_SIZE)
		if (irqm_translate(paging, addr, &paddr, &len) == IRQM_OK)
			irqm_ranges_add(pages, paddr, IRQM_PAGE_SIZE);
}

static int find_pages(struct irqm_distill *d, struct irqm_error *err)
{
	struct irqm_paging paging = *d->source->paging;
	struct irqm_recorder *r = &d->recorder;
	size_t i;

	/* cached translations would skip the entries */
	irqm_paging_forget(&paging);
	paging.visit = keep_entry;
	paging.visit_ctx = d;
	irqm_ranges_sort(&r->used);
	irqm_ranges_sort(&r->failed);
	for (i = 0; i < r->used.nr; i++)
		translate_range(d, &paging, &r->used.r[i], true);
	for (i = 0; i < r->failed.nr; i++)
		translate_range(d, &paging, &r->failed.r[i], false);
	irqm_ranges_sort(&d->entries);
	for (i = 0; i < d->entries.nr; i++)
		irqm_ranges_add(&d->keep, d->entries.r[i].start,
				d->entries.r[i].end - d->entries.r[i].start);
	irqm_ranges_sort(&d->keep);
	paging.visit = NULL;
	for (i = 0; i < d->source->nr_tables; i++)
		find_full_pages(d, &paging, &d->source->tables[i]);
	irqm_ranges_sort(&d->searched);
	irqm_ranges_sort(&d->parsed);
	if (r->used.full || r->failed.full || d->entries.full || d->keep.full ||
	    d->searched.full || d->parsed.full)
		return no_memory(err);
	return 0;
}

/* Lists what is included besides the kernel's memory. */
static void list_rest(struct irqm_distill *d)
{
	uint64_t entries = irqm_ranges_bytes(&d->entries);

	irqm_recorder_list(&d->recorder, entries / 8, entries,
			   "page table entries");
	irqm_recorder_list(&d->recorder, 1,
			   strlen(d->source->pages->vmcoreinfo),
			   "VMCOREINFO, as a note of the file");
}

static int collect_ranges(struct irqm_distill *d, unsigned int flags,
			  struct irqm_error *err)
{
	if (run_analysis(d, flags, err))
		return -1;
	find_direct_map(d);
	note_tables(d);
	if (find_pages(d, err))
		return -1;
	list_rest(d);
	return 0;
}

int irqm_distill_collect(const struct irqm_distill_source *source,
			 unsigned int flags, struct irqm_distill **ret,
			 struct irqm_error *err)
{
	struct irqm_distill *d = calloc(1, sizeof(*d));

	if (!d)
		return no_memory(err);
	d->source = source;
	irqm_recorder_init(&d->recorder, source->target);
	d->recorder.target.left_out.host |= flags & IRQM_DISTILL_NO_HOST;
	d->left_out = d->recorder.target.left_out;
	if (collect_ranges(d, flags, err)) {
		irqm_distill_free(d);
		return -1;
	}
	*ret = d;
	return 0;
}

void irqm_distill_free(struct irqm_distill *d)
{
	if (!d)
		return;
	irqm_recorder_deinit(&d->recorder);
	irqm_ranges_deinit(&d->keep);
	irqm_ranges_deinit(&d->entries);
	irqm_ranges_deinit(&d->searched);
	irqm_ranges_deinit(&d->parsed);
	free(d);
}

const struct irqm_used *irqm_distill_list(const struct irqm_distill *d,
					  unsigned int *ret_nr)
{
	*ret_nr = d->recorder.nr_list;
	return d->recorder.list;
}

int irqm_distill_write(const struct irqm_distill *d, struct irqm_output *out,
		       struct irqm_distill_size *ret, struct irqm_error *err)
{
	struct irqm_elf elf = {
		.pages = d->source->pages,
		.keep = &d->keep,
		.searched = &d->searched,
		.parsed = &d->parsed,
		.direct_map = d->direct_map,
		.vmcoreinfo = d->source->pages->vmcoreinfo,
		.left_out = d->left_out,
		.live = d->source->target->live,
		.root = d->source->paging->root,
		.root_vaddr = IRQM_START_KERNEL_MAP + d->source->paging->root -
			      d->source->paging->phys_base,
	};

	ret->kept = irqm_ranges_bytes(&d->keep);
	ret->unpacked = irqm_elf_size(&elf);
	if (irqm_elf_write(&elf, out, err)) {
		irqm_output_drop(out);
		return -1;
	}
	return irqm_output_close(out, &ret->file, err);
}
