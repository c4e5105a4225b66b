/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/search/banner.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory/input/input.h"
#include "memory/search/scan.h"
#include "memory/vmlinux/vmlinux.h"

/* Limit on places to try: each takes thousands of page table walks. */
#define PLACES_MAX 256

/* The smallest CONFIG_PHYSICAL_ALIGN: KASLR moves the image by multiples
 * of it. */
#define KERNEL_ALIGN (2ULL << 20)

#define TEXT_MAX 1024

struct search {
	const struct irqm_pages *pages;
	const struct irqm_build *build;
	size_t banner_len;             /* including the terminating NUL */
	uint64_t stext, top, sme_mask; /* linked addresses; 0: no such symbol */
	char text[TEXT_MAX];
	uint64_t found; /* physical address of its banner; 0: none */
	unsigned int nr_places;
	int rc;
	struct irqm_error *err;
};

/* An image in memory; paddr_of() maps linked addresses to physical ones. */
struct place {
	uint64_t banner; /* physical address */
	uint64_t sme_mask;
	struct irqm_paging paging;
	uint64_t offset; /* KERNELOFFSET */
};

static uint64_t paddr_of(const struct search *s, const struct place *p,
			 uint64_t linked)
{
	return p->banner + linked - s->build->banner_at;
}

static bool read_sme_mask(const struct search *s, struct place *p)
{
	p->sme_mask = 0;
	/* at most one bit may be set */
	return !s->sme_mask ||
	       (s->pages->read(s->pages->ctx, paddr_of(s, p, s->sme_mask),
			       &p->sme_mask, sizeof(p->sme_mask)) == IRQM_OK &&
		!(p->sme_mask & (p->sme_mask - 1)));
}

/* Finds the KASLR offset; false if the page tables do not map the banner. */
static bool find_offset(const struct search *s, struct place *p)
{
	uint64_t paddr, len, offset;

	for (offset = 0; offset < IRQM_KERNEL_IMAGE_SIZE;
	     offset += KERNEL_ALIGN)
		if (irqm_in_kernel_image(s->build->banner_at + offset) &&
		    irqm_paging_walk(&p->paging, s->build->banner_at + offset,
				     &paddr, &len) == IRQM_OK &&
		    paddr == p->banner) {
			p->offset = offset;
			return true;
		}
	return false;
}

/* Tables with 4 levels lead nowhere if walked with 5, and the reverse. */
static bool find_levels(const struct search *s, struct place *p)
{
	unsigned int levels;

	for (levels = 4; levels <= 5; levels++) {
		p->paging = (struct irqm_paging){
			.pages = s->pages,
			.root = paddr_of(s, p, s->top),
			.levels = levels,
			.encryption = p->sme_mask,
		};
		if (find_offset(s, p))
			return true;
	}
	return false;
}

/* "Linux version RELEASE (who@where) ..." */
static int release_len(const char *banner, const char **ret_release)
{
	static const char start[] = "Linux version ";

	*ret_release = banner + sizeof(start) - 1;
	return strncmp(banner, start, sizeof(start) - 1) == 0 ?
		       (int)strcspn(*ret_release, " ") :
		       0;
}

static bool write_text(const struct search *s, const struct place *p,
		       char text[TEXT_MAX])
{
	const struct irqm_build *b = s->build;
	char id[IRQM_BUILD_ID_HEX];
	const char *release;
	int len = release_len(b->banner, &release), n;

	irqm_hex(b->note + IRQM_BUILD_ID_HEADER, b->id_size, id);
	n = snprintf(
		text, TEXT_MAX,
		"OSRELEASE=%.*s\n%s%s%sPAGESIZE=4096\n"
		"SYMBOL(_stext)=%" PRIx64 "\n"
		"NUMBER(phys_base)=%" PRId64 "\n"
		"SYMBOL(init_top_pgt)=%" PRIx64 "\n"
		"NUMBER(pgtable_l5_enabled)=%d\n"
		"KERNELOFFSET=%" PRIx64 "\n"
		"NUMBER(sme_mask)=%" PRId64 "\n",
		len, release, b->note_at ? "BUILD-ID=" : "",
		b->note_at ? id : "", b->note_at ? "\n" : "",
		s->stext + p->offset,
		(int64_t)(paddr_of(s, p, IRQM_START_KERNEL_MAP) - p->offset),
		s->top + p->offset, p->paging.levels == 5, p->offset,
		(int64_t)p->sme_mask);
	return len > 0 && n > 0 && n < TEXT_MAX;
}

/* Compares memory, read through the page tables, with the file's data. */
static bool has_bytes(struct irqm_kernel *k, uint64_t addr, const void *data,
		      size_t len)
{
	char buf[IRQM_BANNER_MAX];

	return len <= sizeof(buf) && irqm_kernel_read(k, addr, buf, len) &&
	       memcmp(buf, data, len) == 0;
}

static bool check_place(const struct search *s, struct place *p,
			char text[TEXT_MAX], struct irqm_kernel *k)
{
	const struct irqm_build *b = s->build;

	return read_sme_mask(s, p) && find_levels(s, p) &&
	       write_text(s, p, text) && irqm_kernel_find(s->pages, text, k) &&
	       has_bytes(k, b->banner_at + p->offset, b->banner,
			 s->banner_len) &&
	       (!b->note_at || has_bytes(k, b->note_at + p->offset, b->note,
					 IRQM_BUILD_ID_HEADER + b->id_size));
}

static bool stop_search(struct search *s)
{
	s->rc = -1;
	return false;
}

static bool try_place(struct search *s, struct place *p)
{
	struct irqm_kernel k;
	char text[TEXT_MAX];

	if (s->nr_places++ == PLACES_MAX) {
		irqm_error_set(s->err,
			       "the dump contains this kernel's linux_banner "
			       "more than %d times",
			       PLACES_MAX);
		return stop_search(s);
	}
	if (!check_place(s, p, text, &k))
		return true;
	if (s->found) {
		irqm_error_set(s->err,
			       "the dump contains two kernels of this build, "
			       "with linux_banner at physical addresses "
			       "%#" PRIx64 " and %#" PRIx64,
			       s->found, p->banner);
		return stop_search(s);
	}
	s->found = p->banner;
	memcpy(s->text, text, sizeof(text));
	return !irqm_kernel_is_only_one(s->pages, &k);
}

static bool look_at_page(void *ctx, uint64_t paddr, const unsigned char *page)
{
	struct search *s = ctx;
	size_t into = s->build->banner_at % IRQM_PAGE_SIZE;
	size_t here = IRQM_PAGE_SIZE - into;
	struct place p = { .banner = paddr + into };

	/* check_place() compares the part on the next page */
	if (here > s->banner_len)
		here = s->banner_len;
	if (memcmp(page + into, s->build->banner, here) != 0)
		return true;
	return try_place(s, &p);
}

static uint64_t linked_address(struct irqm_vmlinux *v, const char *name)
{
	uint64_t value = 0;

	if (irqm_vmlinux_symbol(v, name, &value) && irqm_in_kernel_image(value))
		return value;
	return 0;
}

static int prepare_search(struct search *s, struct irqm_vmlinux *v)
{
	s->build = irqm_vmlinux_build(v);
	s->banner_len = strnlen(s->build->banner, IRQM_BANNER_MAX - 1) + 1;
	s->stext = linked_address(v, "_stext");
	s->top = linked_address(v, "init_top_pgt");
	s->sme_mask = linked_address(v, "sme_me_mask");
	if (!s->build->banner[0]) {
		irqm_error_set(s->err,
			       "is a separate debug file without data: "
			       "a dump without VMCOREINFO needs the vmlinux "
			       "that this file was made from");
		return -1;
	}
	if (s->stext && s->top && irqm_in_kernel_image(s->build->banner_at))
		return 0;
	irqm_error_set(s->err, "has no _stext or no init_top_pgt, which are "
			       "needed to find the kernel of a dump without "
			       "VMCOREINFO");
	return -1;
}

static int find_banner(struct search *s,
		       const struct irqm_note_options *options)
{
	const struct irqm_scan scan = {
		.pages = s->pages,
		.progress = options->progress,
		.progress_ctx = options->progress_ctx,
		.what = "searching the memory for linux_banner",
		.look = look_at_page,
		.ctx = s,
	};

	if (irqm_scan_pages(&scan, s->err) || s->rc)
		return -1;
	if (s->found)
		return 0;
	irqm_error_set(s->err,
		       "the dump has no VMCOREINFO, and is not of this "
		       "kernel: %s",
		       s->nr_places ? "no page tables map its linux_banner" :
				      "its linux_banner was not found");
	return -1;
}

int irqm_banner_find(const struct irqm_pages *pages, const char *vmlinux,
		     const struct irqm_files *files,
		     const struct irqm_note_options *options, char **ret_text,
		     struct irqm_error *err)
{
	struct irqm_error why;
	struct search s = { .pages = pages, .err = &why };
	struct irqm_vmlinux *v = NULL;
	int fd = irqm_vmlinux_given(files, &why);

	*ret_text = NULL;
	if (fd >= 0 && irqm_vmlinux_load(fd, files, &v, &why) == 0 &&
	    prepare_search(&s, v) == 0 && find_banner(&s, options) == 0) {
		*ret_text = strdup(s.text);
		if (!*ret_text)
			irqm_error_memory(&why);
	}
	irqm_vmlinux_close(v);
	if (*ret_text)
		return 0;
	irqm_error_set(err, "vmlinux %s: %s", irqm_input_name(vmlinux),
		       why.msg);
	return -1;
}
