/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The made-up machine's RAM, page by page: what the kernel has, zeros between
 * its sections, and behind all that pages of others, with noise in them, for
 * dump levels to leave out.
 */
#include "tests/mkdump/internal.h"
#include "tests/mkdump/kdump.h"
#include "tests/mkdump/mkdump.h"

#include <stdlib.h>
#include <string.h>

/* Bits of the dump level, and the owners of the pages that they stand for. */
static const unsigned int owners[] = { 2 /* page cache */, 8 /* users */,
				       16 /* nobody */ };
#define NR_OWNERS ARRAY_SIZE(owners)

static uint64_t image_end_phys(const struct mk *mk)
{
	return mk_phys(mk, mk_image_start(mk)) + mk_image_end(mk) -
	       mk_image_start(mk);
}

uint64_t mk_others_start(const struct mk *mk)
{
	return image_end_phys(mk);
}

uint64_t mk_ram_end(const struct mk *mk)
{
	return mk_others_start(mk) +
	       (uint64_t)NR_OWNERS * mk->o.other_pages * KD_PAGE;
}

/* xorshift: no packing gets it smaller. */
void mk_noise(uint64_t paddr, void *buf)
{
	uint64_t state = paddr | 1, word;
	size_t i;

	for (i = 0; i < KD_PAGE; i += sizeof(word)) {
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		word = state;
		memcpy((char *)buf + i, &word, sizeof(word));
	}
}

static enum kd_page other_page(const struct mk *mk, uint64_t paddr, void *buf)
{
	size_t nr = (paddr - mk_others_start(mk)) / KD_PAGE;

	if (owners[nr / mk->o.other_pages] & mk->o.kdump.level)
		return KD_EXCLUDED;
	if (buf)
		mk_noise(paddr, buf);
	return KD_STORED;
}

static const unsigned char *region_page(const struct mk *mk, uint64_t paddr)
{
	const struct fk_region *r = mk->fk->regions;
	unsigned int i;

	for (i = 0; i < FK_NR_REGIONS; i++) {
		uint64_t at = paddr - mk_phys(mk, r[i].base);

		if (at < r[i].size)
			return r[i].bytes + at;
	}
	return NULL;
}

static enum kd_page ram_page(void *ctx, uint64_t pfn, void *buf)
{
	uint64_t paddr = pfn * KD_PAGE;
	const struct mk *mk = ctx;
	const unsigned char *bytes;

	if (paddr >= mk_others_start(mk))
		return other_page(mk, paddr, buf);
	bytes = region_page(mk, paddr);
	if (!bytes && paddr < mk_phys(mk, mk_image_start(mk)))
		return KD_NONE;
	if (buf && bytes)
		memcpy(buf, bytes, KD_PAGE);
	else if (buf)
		memset(buf, 0, KD_PAGE);
	return KD_STORED;
}

int mk_write_kdump(struct mk *mk, const char *path, struct irqm_error *err)
{
	struct mk_buf notes = { 0 };
	struct kd_source source = {
		.ctx = mk,
		.max_pfn = mk_ram_end(mk) / KD_PAGE,
		.gap_start = mk->gap_start / KD_PAGE,
		.gap_end = mk->o.ram_gap ?
				   (mk->gap_start + mk->o.ram_gap) / KD_PAGE :
				   mk->gap_start / KD_PAGE,
		.page = ram_page,
		.vmcoreinfo_len = mk->o.no_header_note ? 0 : mk->info_len,
		.phys_base = mk->phys_base,
		.time = mk->m.crash_time,
		.release = mk->m.release,
		.nr_cpus = mk->m.nr_cpu_ids,
	};
	int ret;

	mk_notes(mk, &notes);
	source.notes = notes.data;
	source.notes_len = notes.len;
	/* the last note's text, padded to four bytes */
	if (source.vmcoreinfo_len)
		source.vmcoreinfo_at =
			notes.len - ((mk->info_len + 3) & ~(size_t)3);
	ret = kd_write(&source, &mk->o.kdump, path, err);
	free(notes.data);
	return ret;
}
