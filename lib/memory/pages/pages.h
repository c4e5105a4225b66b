/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The physical memory of a dump file, and what the file says about itself.
 *
 * elfcore.c and diskdump.c implement the formats; paging.h translates kernel
 * addresses to physical ones.
 */
#ifndef IRQM_MEMORY_PAGES_H
#define IRQM_MEMORY_PAGES_H

#include "base/base.h"
#include "memory/pages/left_out.h"

/* For irqm_pages.expect: what calls will follow. */
enum irqm_page_use {
	IRQM_PAGE_READ,
	IRQM_PAGE_STORED,
};

/* Memory as it is in the file, not unpacked. */
struct irqm_stored {
	const void *data; /* valid until the next call */
	size_t size;
	uint32_t packing; /* of a page; 0: none */
	/* pages that are packed together (memory/input/frames.h): len bytes */
	bool is_frame;
	uint64_t len;
};

struct irqm_pages {
	void *ctx;

	/*
	 * Copies len bytes at a physical address; they may cross pages. Returns
	 * IRQM_OK, IRQM_EXCLUDED (also if there is no such memory),
	 * IRQM_TRUNCATED, or IRQM_INVALID for a page that does not unpack. If
	 * it fails, buf may have been written to.
	 */
	enum irqm_why (*read)(void *ctx, uint64_t paddr, void *buf, size_t len);
	/*
	 * Says that these pages will be read next, in any order, or only looked
	 * at as they are in the file: nr addresses of pages, ascending, each
	 * once. A format gets them with fewer reads of the file, and unpacks
	 * them with several threads. It may ignore pages, and ignores those
	 * that cannot be read. NULL if the format does not support this.
	 */
	void (*expect)(void *ctx, const uint64_t paddrs[], size_t nr,
		       enum irqm_page_use use);
	/*
	 * Gets the page at paddr as it is in the file, or the frame of pages
	 * that begins with it: memory for which everything in *ret is equal is
	 * equal. Returns IRQM_EXCLUDED if nothing of the page can be read. NULL
	 * if the format does not support this.
	 */
	enum irqm_why (*stored)(void *ctx, uint64_t paddr,
				struct irqm_stored *ret);
	/*
	 * Gets the first run of pages from paddr on that the file contains,
	 * without holes of an ELF file. paddr is the address of a page. Returns
	 * false if there is none. NULL if the format does not support this.
	 */
	bool (*next)(void *ctx, uint64_t paddr, uint64_t *ret_start,
		     uint64_t *ret_end);
	void (*close)(void *ctx);

	/* "elf", "kdump", "flattened"; for a packed or split file, the format
	 * of the content */
	const char *format;
	/* text; NULL: the dump has none. Valid as long as the pages. */
	const char *vmcoreinfo;
	struct irqm_left_out left_out;
	bool live; /* distilled from a running machine */

	/* Physical addresses of the CPUs' page tables (CR3), each once, if QEMU
	 * recorded them; for a kdump only if it has no VMCOREINFO. */
	const uint64_t *cr3;
	unsigned int nr_cr3;

	uint64_t end; /* end of the last page, as far as known */
	/* bytes of memory that a valid file of this size can have; in a hostile
	 * file, the runs from next() may add up to more */
	uint64_t most;
};

/*
 * Opens a dump: one file, or all of the files that makedumpfile --split wrote,
 * in any order. Formats that cannot be read in place (flattened, zstd-packed)
 * are unpacked to an unnamed file in $TMPDIR or /var/tmp, which disappears
 * however the program ends; at most limit bytes (0: no limit) are written
 * there. Returns 0, or -1 with err, which says what the file is instead of a
 * dump of x86-64, or that it is truncated. A dump that ends within its memory
 * is opened; the missing pages are IRQM_TRUNCATED.
 *
 * Large reads of a kdump are unpacked by up to `threads` threads, which end
 * before the read returns. 0 means one for each CPU that the process may use,
 * at most 4; 1 means only the caller, for a program with a process for each
 * dump. The functions themselves are single-threaded in any case.
 */
int irqm_pages_open(const char *const paths[], unsigned int nr, uint64_t limit,
		    unsigned int threads, struct irqm_pages *ret,
		    struct irqm_error *err);
/*
 * Loads the libraries that pages of a dump may need, as far as its first bytes
 * say; path is NULL: those that pages of any dump may need. For a program that
 * cannot load libraries when it opens the dump.
 */
void irqm_pages_preload(const char *path);

/* The same, but files (files.h) opens the paths; NULL: this process does. */
struct irqm_files;
int irqm_pages_open_files(const char *const paths[], unsigned int nr,
			  uint64_t limit, unsigned int threads,
			  const struct irqm_files *files,
			  struct irqm_pages *ret, struct irqm_error *err);

#endif
