/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file consists of blocks of a page: the header, the sub header and what it
 * points to, two bitmaps with a bit for each page frame (is RAM; is in the
 * dump), a descriptor for each bit set in the second bitmap, and the pages. To
 * find the descriptor of a page, count the bits before it. In a split set, each
 * file has the whole bitmap, but only the descriptors of its own range of
 * frames.
 */
#include "memory/pages/diskdump_file.h"

#include "memory/pages/pages.h"
#include "memory/pages/unpack.h"

#include <stdlib.h>
#include <string.h>

/* 256 TiB of RAM. Limits the counts for hostile bitmaps to 16 MB. */
#define PFN_MAX (1ULL << 36)

/* struct disk_dump_header and struct kdump_sub_header of x86-64. */
struct header {
	char signature[8];
	int32_t header_version;
	char sysname[65], nodename[65], release[65], version[65], machine[65];
	char domainname[65];
	char pad[6];
	uint64_t timestamp[2];
	uint32_t status;
	uint32_t block_size;
	uint32_t sub_hdr_size;  /* in blocks */
	uint32_t bitmap_blocks; /* of both bitmaps */
	uint32_t max_mapnr;     /* the low half, see max_mapnr_64 */
	uint32_t total_ram_blocks, device_blocks, written_blocks;
	uint32_t current_cpu, nr_cpus;
};

struct sub_header {
	uint64_t phys_base;
	int32_t dump_level;
	int32_t split; /* since header_version 2 */
	uint64_t start_pfn, end_pfn;
	uint64_t offset_vmcoreinfo, size_vmcoreinfo;     /* since 3 */
	uint64_t offset_note, size_note;                 /* since 4 */
	uint64_t offset_eraseinfo, size_eraseinfo;       /* since 5 */
	uint64_t start_pfn_64, end_pfn_64, max_mapnr_64; /* since 6 */
};

_Static_assert(offsetof(struct header, block_size) == IRQM_DISKDUMP_HEAD,
	       "as on disk");
_Static_assert(sizeof(struct sub_header) == 104, "as on disk");

static int cut_short(const struct irqm_input *in, const char *where,
		     struct irqm_error *err)
{
	irqm_error_set(err, "%s: truncated within its %s; copy the dump again",
		       in->name, where);
	return -1;
}

static int set_spoiled(const struct irqm_input *in, const char *what,
		       struct irqm_error *err)
{
	irqm_error_set(err, "%s: not a kdump that can be read: %s", in->name,
		       what);
	return -1;
}

/*
 * Returns true only for a machine that is known to be different. QEMU 10 writes
 * "Unknown", and makedumpfile before 1.6.9 on a kernel since 5.11 the end of
 * the name, "64".
 */
static bool is_other_machine(const char *machine)
{
	static const char *const others[] = {
		"aarch64",   "arm",  "i386", "i486",  "i586", "i686",  "ia64",
		"loongarch", "mips", "ppc",  "riscv", "s390", "sparc",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(others); i++)
		if (strncmp(machine, others[i], strlen(others[i])) == 0)
			return true;
	return false;
}

static int read_header(const struct irqm_input *in, struct header *h,
		       struct irqm_error *err)
{
	if (irqm_input_read(in, 0, h, sizeof(*h)))
		return cut_short(in, "header", err);
	h->machine[sizeof(h->machine) - 1] = '\0';
	if (is_other_machine(h->machine)) {
		irqm_error_set(err,
			       "%s: a kdump of %s; irqmatrix reads "
			       "dumps of x86-64 only",
			       in->name, h->machine);
		irqm_error_is(err, IRQM_ERROR_FORMAT);
		return -1;
	}
	if (h->block_size != IRQM_PAGE_SIZE)
		return set_spoiled(in, "its pages are not 4096 bytes", err);
	if (h->header_version < 1 || h->header_version > 1000)
		return set_spoiled(in, "its header version is unknown", err);
	return 0;
}

/* Reads the sub header. Members that its version does not have are 0. */
static int read_sub_header(const struct irqm_input *in, const struct header *h,
			   struct sub_header *s, struct irqm_error *err)
{
	static const size_t sizes[] = {
		0,
		offsetof(struct sub_header, split),
		offsetof(struct sub_header, offset_vmcoreinfo),
		offsetof(struct sub_header, offset_note),
		offsetof(struct sub_header, offset_eraseinfo),
		offsetof(struct sub_header, start_pfn_64),
		sizeof(struct sub_header),
	};
	int version = h->header_version < 6 ? h->header_version : 6;

	memset(s, 0, sizeof(*s));
	if (irqm_input_read(in, IRQM_PAGE_SIZE, s, sizes[version]))
		return cut_short(in, "sub header", err);
	if (version < 6) {
		s->start_pfn_64 = s->start_pfn;
		s->end_pfn_64 = s->end_pfn;
		s->max_mapnr_64 = h->max_mapnr;
	}
	return 0;
}

static int place_parts(struct irqm_diskdump_file *f, const struct header *h,
		       const struct sub_header *s, struct irqm_error *err)
{
	uint64_t bitmaps = (1 + (uint64_t)h->sub_hdr_size) * IRQM_PAGE_SIZE;
	uint64_t len = (uint64_t)h->bitmap_blocks * IRQM_PAGE_SIZE;

	f->max_mapnr = s->max_mapnr_64;
	if (f->max_mapnr > PFN_MAX)
		return set_spoiled(f->in, "it has more than 256 TiB of RAM",
				   err);
	if (f->max_mapnr > len * 8)
		return set_spoiled(f->in, "its bitmap is too small", err);
	f->bitmap = bitmaps;
	f->bitmap_len = len;
	f->descriptors = bitmaps + len;
	/* a dump of all pages may have only one bitmap */
	if (f->max_mapnr <= len * 8 / 2) {
		f->bitmap_len = h->bitmap_blocks / 2 * (uint64_t)IRQM_PAGE_SIZE;
		f->bitmap += f->bitmap_len;
	}
	if (f->max_mapnr > f->bitmap_len * 8)
		return set_spoiled(f->in, "its bitmap is too small", err);
	if (f->descriptors > f->in->size)
		return cut_short(f->in, "bitmaps", err);
	f->end_pfn = f->max_mapnr;
	if (s->split) {
		f->start_pfn = s->start_pfn_64;
		if (s->end_pfn_64 < f->end_pfn)
			f->end_pfn = s->end_pfn_64;
	}
	if (f->start_pfn > f->end_pfn)
		return set_spoiled(f->in, "its range of pages is empty", err);
	return 0;
}

uint32_t irqm_diskdump_packing(const void *head)
{
	struct header h;

	memcpy(&h, head, IRQM_DISKDUMP_HEAD);
	if (memcmp(h.signature, "KDUMP   ", sizeof(h.signature)) != 0)
		return IRQM_PACKED;
	return h.status & IRQM_PACKED; /* DUMP_DH_COMPRESSED_* */
}

int irqm_diskdump_file_open(struct irqm_diskdump_file *f,
			    const struct irqm_input *in, struct irqm_error *err)
{
	struct sub_header s;
	struct header h;

	memset(f, 0, sizeof(*f));
	f->in = in;
	if (read_header(in, &h, err) < 0 ||
	    read_sub_header(in, &h, &s, err) < 0 ||
	    place_parts(f, &h, &s, err) < 0)
		return -1;
	f->split = s.split;
	f->packing = irqm_diskdump_packing(&h);
	f->vmcoreinfo = s.offset_vmcoreinfo;
	f->vmcoreinfo_len = s.size_vmcoreinfo;
	f->notes = s.offset_note;
	f->notes_len = s.size_note;
	return 0;
}

void irqm_diskdump_file_close(struct irqm_diskdump_file *f)
{
	free(f->counts);
	f->counts = NULL;
}
