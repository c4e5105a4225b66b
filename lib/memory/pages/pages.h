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

struct irqm_pages {
	void *ctx;

	/*
	 * Copies len bytes at a physical address; they may cross pages.
	 * IRQM_OK, IRQM_EXCLUDED (or there is no such memory),
	 * IRQM_TRUNCATED, or IRQM_INVALID, a page that does not unpack: all
	 * or nothing, but buf may be written to in any case.
	 */
	enum irqm_why (*read)(void *ctx, uint64_t paddr, void *buf, size_t len);
	/*
	 * Gets the bytes of the page at paddr as they are in the file, not
	 * unpacked: pages with the same bytes and packing are equal. *ret_data
	 * is valid until the next call. Returns IRQM_EXCLUDED if nothing of the
	 * page can be read. NULL if the format does not support this.
	 */
	enum irqm_why (*stored)(void *ctx, uint64_t paddr,
				const void **ret_data, size_t *ret_size,
				uint32_t *ret_packing);
	/*
	 * Gets the first run of pages from paddr on that the file contains,
	 * holes in an ELF file not counted. paddr is the address of a page.
	 * Returns false if there is none. NULL if the format does not support
	 * this.
	 */
	bool (*next)(void *ctx, uint64_t paddr, uint64_t *ret_start,
		     uint64_t *ret_end);
	void (*close)(void *ctx);

	const char *format;     /* "elf", "kdump", "flattened"; of a file that
				   was packed or split what is inside */
	const char *vmcoreinfo; /* text, '\0' at its end; NULL: the dump has
				   none. As long as the pages. */
	struct irqm_left_out left_out;

	/* Physical addresses of the CPUs' page tables, CR3, each once, where
	 * QEMU noted them; of a kdump only where it has no VMCOREINFO. */
	const uint64_t *cr3;
	unsigned int nr_cr3;

	uint64_t end;  /* of the last page; as far as is known */
	uint64_t most; /* bytes of memory that a sound file of this
				   size can hold: all runs that next() gives
				   may, in a hostile one, be more */
};

/*
 * Opens a dump: one file, or all of the files that makedumpfile --split wrote
 * in any order. Formats that the library cannot read as they are (flattened,
 * zstd-packed) are rearranged into a file without a name in $TMPDIR or
 * /var/tmp, so that nothing is left behind however the program ends; at most
 * limit bytes (0: no limit) are written there. 0, or -1 with err, which says
 * what the file is instead of a dump of x86-64, or that it is cut short. A
 * dump that ends within its memory is opened; pages that it lacks are
 * IRQM_TRUNCATED.
 *
 * Large reads of a kdump are unpacked by up to `threads` threads, which are
 * gone when the read returns: 0 is one for each CPU that the process may use,
 * at most 4; 1, for who has a process for each dump, is the caller's alone.
 * From the outside the pages are single-threaded in any case.
 */
int irqm_pages_open(const char *const paths[], unsigned int nr, uint64_t limit,
		    unsigned int threads, struct irqm_pages *ret,
		    struct irqm_error *err);
/*
 * Loads the libraries that pages of a dump may take, unless its first bytes say
 * that it is ELF: for a program that cannot load any when it opens the dump.
 */
void irqm_pages_preload(const char *path);

/* The same where files (files.h) are to open the paths; NULL: this process. */
struct irqm_files;
int irqm_pages_open_files(const char *const paths[], unsigned int nr,
			  uint64_t limit, unsigned int threads,
			  const struct irqm_files *files,
			  struct irqm_pages *ret, struct irqm_error *err);

#endif
