/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes kdump-compressed files as makedumpfile does, of any source of pages:
 * a made-up machine (ram.c) or another dump (repack.c).
 */
#ifndef MKDUMP_KDUMP_H
#define MKDUMP_KDUMP_H

#include "base/base.h"

#define KD_PAGE 4096
#define KD_FILES_MAX 16

enum kd_packing {
	KD_RAW,
	KD_ZLIB,
	KD_LZO,
	KD_SNAPPY,
	KD_ZSTD,
	KD_MIXED, /* one after the other; nobody writes it */
};

enum kd_page {
	KD_NONE,     /* no RAM */
	KD_EXCLUDED, /* RAM that is left out */
	KD_STORED,
};

struct kd_source {
	void *ctx;
	uint64_t max_pfn;
	/* no RAM in [gap_start, gap_end), which is not asked for */
	uint64_t gap_start, gap_end;
	/* What is at pfn, and if buf is not NULL and it is stored, its bytes. */
	enum kd_page (*page)(void *ctx, uint64_t pfn, void *buf);
	/* ELF notes, and where in them the text of VMCOREINFO is */
	const void *notes;
	size_t notes_len, vmcoreinfo_at, vmcoreinfo_len;
	uint64_t phys_base;
	int64_t time;
	const char *release;
	unsigned int nr_cpus;
};

struct kd_options {
	enum kd_packing packing;
	unsigned int level;   /* as in the header; 1: pages of zeros are one */
	unsigned int version; /* of the header, 1..6; 0: 6 */
	unsigned int files;   /* of a split set, each with its number behind
				   the path ("OUT.1"); 0, 1: not split */
	bool flattened;
};

/* 0, or -1 with err. */
int kd_write(const struct kd_source *source, const struct kd_options *options,
	     const char *path, struct irqm_error *err);

/* All of it, at that place of the file; 0, or errno. */
int kd_pwrite(int fd, const void *data, size_t len, uint64_t offset);

/* pack.c: bytes in out, which has room for KD_PAGE; 0: does not get smaller.
 * *ret_flags is the page descriptor's. */
size_t kd_pack(enum kd_packing packing, uint64_t pfn, const void *page,
	       void *out, uint32_t *ret_flags);
uint32_t kd_status(enum kd_packing packing); /* of the header */
/* line_kdump.c: "raw", "zlib" ...; NULL ends them. Index is the packing. */
extern const char *const kd_packings[];

#endif
