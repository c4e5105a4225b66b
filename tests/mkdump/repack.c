/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * repack OUT PACKING OPTIONS... -- FILE...: the pages of a real dump once
 * more, as mkdump's line "kdump" writes them: for packings that no
 * makedumpfile at hand knows.
 */
#include "tests/mkdump/internal.h"
#include "tests/mkdump/mkdump.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory/pages/pages.h"

static void die(const char *why)
{
	fprintf(stderr, "repack: %s\n", why);
	exit(1);
}

/* What is left out may be RAM; here nobody asks. */
static enum kd_page page(void *ctx, uint64_t pfn, void *buf)
{
	unsigned char unused[KD_PAGE];
	struct irqm_pages *pages = ctx;

	if (pages->read(pages->ctx, pfn * KD_PAGE, buf ? buf : unused,
			KD_PAGE) == IRQM_OK)
		return KD_STORED;
	return KD_EXCLUDED;
}

/* A number of VMCOREINFO, which is enough to find all else. */
static uint64_t number_of(const char *info, const char *key)
{
	const char *at = strstr(info, key);

	return at ? strtoull(at + strlen(key), NULL, 0) : 0;
}

/* RAM is within the first 8 GiB of all of the lab's machines. */
static uint64_t max_pfn(struct irqm_pages *pages)
{
	uint64_t pfn = 2 << 20;

	while (pfn && page(pages, pfn - 1, NULL) != KD_STORED)
		pfn--;
	return pfn;
}

static void options_of(struct mk *mk, char **words, int nr)
{
	struct irqm_error err = { 0 };
	char line[512] = "kdump";
	int i;

	for (i = 0; i < nr; i++)
		snprintf(line + strlen(line), sizeof(line) - strlen(line),
			 " %s", words[i]);
	if (mk_line(mk, line, &err) != 0)
		die(err.msg);
}

int main(int argc, char **argv)
{
	struct mk_buf notes = { 0 };
	struct irqm_error err = { 0 };
	struct irqm_pages pages;
	struct kd_source s = {
		.ctx = &pages, .page = page, .release = "repacked", .nr_cpus = 1
	};
	struct mk mk = { 0 };
	int files = 2;

	while (files < argc && strcmp(argv[files], "--") != 0)
		files++;
	if (files + 1 >= argc || files == 2) {
		fputs("usage: repack OUT PACKING OPTIONS... -- FILE...\n",
		      stderr);
		return 2;
	}
	mk.arena = must(irqm_arena_new(IRQM_ARENA_LIMIT));
	irqm_machine_init(&mk.text, mk.arena);
	options_of(&mk, argv + 2, files - 2);
	if (irqm_pages_open((const char *const *)argv + files + 1,
			    argc - files - 1, 0, 1, &pages, &err) != 0)
		die(err.msg);
	if (!pages.vmcoreinfo)
		die("the dump has no VMCOREINFO");
	s.max_pfn = max_pfn(&pages);
	s.vmcoreinfo_len = strlen(pages.vmcoreinfo);
	s.phys_base = number_of(pages.vmcoreinfo, "NUMBER(phys_base)=");
	mk_note(&notes, "VMCOREINFO", 0, pages.vmcoreinfo, s.vmcoreinfo_len);
	s.notes = notes.data;
	s.notes_len = notes.len;
	s.vmcoreinfo_at = notes.len - ((s.vmcoreinfo_len + 3) & ~(size_t)3);
	if (kd_write(&s, &mk.o.kdump, argv[1], &err) != 0)
		die(err.msg);
	free(notes.data);
	irqm_arena_free(mk.arena);
	pages.close(pages.ctx);
	return 0;
}
