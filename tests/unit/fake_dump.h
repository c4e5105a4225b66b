/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Small dumps made up in memory, and temporary files to open them from. All
 * abort the test where the machine has no memory or no space.
 */
#ifndef FAKE_DUMP_H
#define FAKE_DUMP_H

#include "memory/pages/pages.h"

struct bytes {
	unsigned char *data;
	size_t len;
};

#define FAKE_PAGES 140
/* From here on nothing was left out. */
#define FAKE_RUN 40
#define FAKE_VMCOREINFO "OSRELEASE=6.1.0-test\nPAGESIZE=4096\n"

/* What the page is filled with; false: it was left out. */
bool fake_page(uint64_t pfn, unsigned char *page);

/*
 * size bytes of a page, packed as the flag of a descriptor says, to out: no
 * more than a page, or the test fails. Returns how many.
 */
size_t fake_pack_page(unsigned int flag, const unsigned char *page, size_t size,
		      unsigned char *out);

/* A kdump of the frames first .. end-1; split as --split writes it. */
struct bytes fake_kdump(uint64_t first, uint64_t end, bool split);
struct bytes fake_elf(void);

struct bytes fake_flatten(struct bytes dump);
/* Each in two frames, members or streams. */
struct bytes fake_pack(struct bytes dump);
struct bytes fake_gzip(struct bytes dump);
struct bytes fake_xz(struct bytes dump);

/* Where fields of a kdump are, for tests that spoil them. */
#define KDUMP_VERSION 8
#define KDUMP_MACHINE 272
#define KDUMP_BLOCK_SIZE 428
#define KDUMP_SUB_BLOCKS 432
#define KDUMP_BITMAP_BLOCKS 436
#define KDUMP_MAX_MAPNR_64 (4096 + 96)
#define KDUMP_BITMAP_2 (3 * 4096)
#define KDUMP_DESCRIPTORS (4 * 4096)

/* Puts value there, little-endian. */
void fake_put(struct bytes b, size_t at, uint64_t value, size_t size);

/* A file with the bytes; the name is to be used until the next 8 calls. */
const char *fake_file(const void *data, size_t len);

/* Opens the bytes as a file; the result is irqm_pages_open()'s. */
int fake_open(struct bytes b, unsigned int threads, struct irqm_pages *p,
	      struct irqm_error *err);

#endif
