/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * same-pages REFERENCE FILE...: a dump, one file or a split set, read by the
 * library and by libkdumpfile, page for page; where it has a page the
 * REFERENCE has it too, with the same bytes. REFERENCE "-": there is none.
 * Prints how many pages the dump has, of how many of the reference.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <libkdumpfile/kdumpfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory/pages/pages.h"

#define MAX_FILES 16

static void die(const char *what, const char *why)
{
	fprintf(stderr, "same-pages: %s: %s\n", what, why);
	exit(1);
}

static struct irqm_pages open_pages(const char *const paths[], unsigned int nr)
{
	struct irqm_error err = { 0 };
	struct irqm_pages pages;

	if (irqm_pages_open(paths, nr, 0, 1, &pages, &err) != 0)
		die(paths[0], err.msg);
	return pages;
}

static kdump_ctx_t *open_other(const char *const paths[], unsigned int nr)
{
	kdump_attr_t arch = { .type = KDUMP_STRING,
			      .val.string = KDUMP_ARCH_X86_64 };
	kdump_ctx_t *ctx = kdump_new();
	int fds[MAX_FILES];
	unsigned int i;

	for (i = 0; i < nr; i++)
		fds[i] = open(paths[i], O_RDONLY);
	if (!ctx || kdump_set_attr(ctx, KDUMP_ATTR_ARCH_NAME, &arch) ||
	    kdump_open_fdset(ctx, nr, fds) != KDUMP_OK)
		die(paths[0], ctx ? kdump_get_err(ctx) : "no memory");
	return ctx;
}

static bool read_other(kdump_ctx_t *ctx, uint64_t paddr, void *buf)
{
	size_t len = IRQM_PAGE_SIZE;
	kdump_status status =
		kdump_read(ctx, KDUMP_MACHPHYSADDR, paddr, buf, &len);

	if (status == KDUMP_OK)
		return true;
	if (status != KDUMP_ERR_NODATA)
		die("libkdumpfile", kdump_get_err(ctx));
	kdump_clear_err(ctx);
	return false;
}

static bool read_page(const struct irqm_pages *pages, uint64_t paddr, void *buf)
{
	enum irqm_why why = pages->read(pages->ctx, paddr, buf, IRQM_PAGE_SIZE);

	if (why != IRQM_OK && why != IRQM_EXCLUDED)
		die("the library", "a page that cannot be read");
	return why == IRQM_OK;
}

static void differ(uint64_t paddr, const char *what)
{
	printf("page at 0x%" PRIx64 ": %s\n", paddr, what);
	exit(1);
}

static uint64_t max_pfn(kdump_ctx_t *ctx)
{
	kdump_attr_t attr = { .type = KDUMP_NUMBER };

	if (kdump_get_typed_attr(ctx, "max_pfn", &attr) != KDUMP_OK)
		die("libkdumpfile", kdump_get_err(ctx));
	return attr.val.number;
}

int main(int argc, char **argv)
{
	unsigned char ours[IRQM_PAGE_SIZE], theirs[IRQM_PAGE_SIZE],
		whole[IRQM_PAGE_SIZE];
	const char *const *paths = (const char *const *)argv + 2;
	uint64_t paddr, end, nr = 0, of = 0;
	struct irqm_pages pages, reference = { 0 };
	bool has, compared;
	kdump_ctx_t *ctx;

	if (argc < 3 || argc > 2 + MAX_FILES) {
		fputs("usage: same-pages REFERENCE|- FILE...\n", stderr);
		return 2;
	}
	compared = strcmp(argv[1], "-") != 0;
	pages = open_pages(paths, argc - 2);
	ctx = open_other(paths, argc - 2);
	if (compared)
		reference = open_pages((const char *const *)argv + 1, 1);
	end = max_pfn(ctx) * IRQM_PAGE_SIZE;
	for (paddr = 0; paddr < end; paddr += IRQM_PAGE_SIZE) {
		has = read_page(&pages, paddr, ours);
		if (has != read_other(ctx, paddr, theirs))
			differ(paddr, has ? "libkdumpfile has it not" :
					    "libkdumpfile has it");
		if (has && memcmp(ours, theirs, sizeof(ours)) != 0)
			differ(paddr, "other bytes than libkdumpfile's");
		nr += has;
		if (!compared || !read_page(&reference, paddr, whole)) {
			if (has && compared)
				differ(paddr, "not in the reference");
			continue;
		}
		of++;
		if (has && memcmp(ours, whole, sizeof(ours)) != 0)
			differ(paddr, "other bytes than the reference's");
	}
	printf("%" PRIu64 " of %" PRIu64 "\n", nr, of);
	kdump_free(ctx);
	pages.close(pages.ctx);
	if (compared)
		reference.close(reference.ctx);
	return 0;
}
