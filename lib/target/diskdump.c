/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file is, in blocks of a page: the header, the sub header with what it
 * points to, two bitmaps with a bit for each page frame (is RAM; is in the
 * dump), a descriptor for each bit of the second, and the pages. The second
 * bitmap alone tells which descriptor is whose, so bits have to be counted.
 * In a split set each file has the whole bitmap, and descriptors of its own
 * range of frames.
 */
#include "target/diskdump.h"

#include "target/pages.h"
#include "target/vmcoreinfo.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#define PAGE_SHIFT 12
#define BITS_PER_BLOCK (8UL * IRQM_PAGE_SIZE)
/* 256 TiB of RAM. It bounds the counts of hostile bitmaps to 16 MB. */
#define PFN_MAX (1ULL << 36)
#define FILES_MAX 1024
#define CACHED_PAGES 512
/* zlib's worst case is a few bytes more than a page. */
#define STORED_MAX (2 * IRQM_PAGE_SIZE)
#define WINDOW 32768
#define NO_BLOCK UINT64_MAX

enum {
	PAGE_ZLIB = 0x1,
	PAGE_LZO = 0x2,
	PAGE_SNAPPY = 0x4,
	PAGE_ZSTD = 0x20,
	PAGE_COMPRESSED = PAGE_ZLIB | PAGE_LZO | PAGE_SNAPPY | PAGE_ZSTD,
};

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
	int32_t split;                  /* header_version 2 and later */
	uint64_t start_pfn, end_pfn;
	uint64_t offset_vmcoreinfo, size_vmcoreinfo;    /* 3 */
	uint64_t offset_note, size_note;                /* 4 */
	uint64_t offset_eraseinfo, size_eraseinfo;      /* 5 */
	uint64_t start_pfn_64, end_pfn_64, max_mapnr_64; /* 6 */
};

struct descriptor {
	uint64_t offset;
	uint32_t size;
	uint32_t flags;
	uint64_t page_flags;
};

_Static_assert(offsetof(struct header, block_size) == 428, "as on disk");
_Static_assert(sizeof(struct sub_header) == 104, "as on disk");
_Static_assert(sizeof(struct descriptor) == 24, "as on disk");

/* A part of the file that was read last. */
struct window {
	uint64_t offset;
	size_t len;
	unsigned char data[WINDOW];
};

struct file {
	const struct irqm_input *in;
	uint64_t start_pfn, end_pfn; /* whose descriptors it has */
	uint64_t max_mapnr;
	uint64_t bitmap, bitmap_len; /* of the second one, bytes */
	uint64_t descriptors;        /* offset */
	/* counts[i]: bits set from start_pfn to the i-th block of bits */
	uint64_t *counts;
	size_t nr_counts;
	uint64_t block;              /* which one is in bits, or NO_BLOCK */
	unsigned char bits[IRQM_PAGE_SIZE];
	/* ranks[i]: bits set below bit i * 64 of the block */
	uint32_t ranks[BITS_PER_BLOCK / 64 + 1];
	struct window pages, descs;
};

struct cached {
	uint64_t pfn;
	bool valid;
	unsigned char data[IRQM_PAGE_SIZE];
};

struct irqm_diskdump {
	struct file *files;     /* by start_pfn */
	unsigned int nr;
	irqm_other_page *other;
	void *other_ctx;
	struct libdeflate_decompressor *inflate;
	ZSTD_DCtx *zstd;
	char *vmcoreinfo;
	struct cached *cache;
};

static int cut_short(const struct irqm_input *in, const char *where,
		     struct irqm_error *err)
{
	irqm_error_set(err, "%s: truncated within its %s; copy the dump again",
		       in->name, where);
	return -1;
}

static int spoiled(const struct irqm_input *in, const char *what,
		   struct irqm_error *err)
{
	irqm_error_set(err, "%s: not a kdump that can be read: %s", in->name,
		       what);
	return -1;
}

/*
 * What is not known as another one may be ours: QEMU 10 writes "Unknown", and
 * makedumpfile before 1.6.9 on a kernel from 5.11 on the end of the name, "64".
 */
static bool is_other_machine(const char *machine)
{
	static const char *const others[] = {
		"aarch64", "arm", "i386", "i486", "i586", "i686", "ia64",
		"loongarch", "mips", "ppc", "riscv", "s390", "sparc",
	};
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
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
		char machine[68];

		irqm_error_set(err, "%s: a kdump of %s; only dumps of x86-64 "
			       "have interrupt vectors", in->name,
			       irqm_escape(machine, sizeof(machine),
					   h->machine));
		return -1;
	}
	if (h->block_size != IRQM_PAGE_SIZE)
		return spoiled(in, "its pages are not of 4096 bytes", err);
	if (h->header_version < 1 || h->header_version > 1000)
		return spoiled(in, "its header version is unknown", err);
	return 0;
}

/* What version of the header does not have yet is 0. */
static int read_sub_header(const struct irqm_input *in,
			   const struct header *h, struct sub_header *s,
			   struct irqm_error *err)
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

static int place(struct file *f, const struct header *h,
		 const struct sub_header *s, struct irqm_error *err)
{
	uint64_t bitmaps = (1 + (uint64_t)h->sub_hdr_size) * IRQM_PAGE_SIZE;
	uint64_t len = (uint64_t)h->bitmap_blocks * IRQM_PAGE_SIZE;

	f->max_mapnr = s->max_mapnr_64;
	if (f->max_mapnr > PFN_MAX)
		return spoiled(f->in, "it has more than 256 TiB of RAM", err);
	if (f->max_mapnr > len * 8)
		return spoiled(f->in, "its bitmap is too small", err);
	f->bitmap = bitmaps;
	f->bitmap_len = len;
	f->descriptors = bitmaps + len;
	/* a dump of all pages may have the one bitmap only */
	if (f->max_mapnr <= len * 8 / 2) {
		f->bitmap_len = h->bitmap_blocks / 2 * (uint64_t)IRQM_PAGE_SIZE;
		f->bitmap += f->bitmap_len;
	}
	if (f->max_mapnr > f->bitmap_len * 8)
		return spoiled(f->in, "its bitmap is too small", err);
	if (f->descriptors > f->in->size)
		return cut_short(f->in, "bitmaps", err);
	f->end_pfn = f->max_mapnr;
	if (s->split) {
		f->start_pfn = s->start_pfn_64;
		if (s->end_pfn_64 < f->end_pfn)
			f->end_pfn = s->end_pfn_64;
	}
	if (f->start_pfn > f->end_pfn)
		return spoiled(f->in, "its range of pages is empty", err);
	return 0;
}

/* Without it memory can still be read. */
static char *read_vmcoreinfo(const struct irqm_input *in,
			     const struct sub_header *s)
{
	size_t size = s->size_vmcoreinfo < IRQM_VMCOREINFO_MAX ?
		      s->size_vmcoreinfo : IRQM_VMCOREINFO_MAX;
	char *info = size ? calloc(1, size + 1) : NULL;

	if (info && irqm_input_read(in, s->offset_vmcoreinfo, info, size)) {
		free(info);
		info = NULL;
	}
	return info;
}

static int another_dump(const struct file *f, struct irqm_error *err)
{
	irqm_error_set(err, "%s: of another dump than the other files; name "
		       "those that were written together", f->in->name);
	return -1;
}

/* Each of a split set has it, to the letter; KASLR alone makes two differ. */
static int take_vmcoreinfo(struct irqm_diskdump *d, const struct file *f,
			   const struct sub_header *s, struct irqm_error *err)
{
	char *info = read_vmcoreinfo(f->in, s);
	int ret = 0;

	if (!d->vmcoreinfo) {
		d->vmcoreinfo = info;
		return 0;
	}
	if (info && strcmp(info, d->vmcoreinfo) != 0)
		ret = another_dump(f, err);
	free(info);
	return ret;
}

static int open_file(struct irqm_diskdump *d, struct file *f,
		     const struct irqm_input *in, struct irqm_error *err)
{
	struct sub_header s;
	struct header h;

	f->in = in;
	f->block = NO_BLOCK;
	if (read_header(in, &h, err) < 0 ||
	    read_sub_header(in, &h, &s, err) < 0 || place(f, &h, &s, err) < 0)
		return -1;
	if (d->nr > 1 && !s.split) {
		irqm_error_set(err, "%s: a whole dump, not one of a split set; "
			       "name it alone", in->name);
		return -1;
	}
	return take_vmcoreinfo(d, f, &s, err);
}

static int by_start(const void *a, const void *b)
{
	const struct file *l = a, *r = b;

	return l->start_pfn < r->start_pfn ? -1 : l->start_pfn > r->start_pfn;
}

/* All of a split set, each once. */
static int check_set(struct irqm_diskdump *d, struct irqm_error *err)
{
	const struct file *f = d->files;
	uint64_t next = 0;
	unsigned int i;

	for (i = 0; i < d->nr; i++, f++) {
		if (f->max_mapnr != d->files->max_mapnr)
			return another_dump(f, err);
		if (f->start_pfn < next) {
			irqm_error_set(err, "%s: holds the same pages as "
				       "another of the files; name each of "
				       "the split set once", f->in->name);
			return -1;
		}
		if (f->start_pfn > next)
			break;
		next = f->end_pfn;
	}
	if (i == d->nr && next >= d->files->max_mapnr)
		return 0;
	irqm_error_set(err, "%s: one of a split dump, and the file with page "
		       "frame %llu is missing; name all files of the set",
		       d->files->in->name, (unsigned long long)next);
	return -1;
}

int irqm_diskdump_open(const struct irqm_input in[], unsigned int nr,
		       irqm_other_page *other, void *other_ctx,
		       struct irqm_diskdump **ret, struct irqm_error *err)
{
	struct irqm_diskdump *d;
	unsigned int i;

	if (nr > FILES_MAX) {
		irqm_error_set(err, "%u files are more than a split dump has",
			       nr);
		return -1;
	}
	d = calloc(1, sizeof(*d));
	if (!d)
		goto nomem;
	d->nr = nr;
	d->other = other;
	d->other_ctx = other_ctx;
	d->files = calloc(nr, sizeof(*d->files));
	d->cache = calloc(CACHED_PAGES, sizeof(*d->cache));
	d->inflate = libdeflate_alloc_decompressor();
	if (!d->files || !d->cache || !d->inflate)
		goto nomem;
	for (i = 0; i < nr; i++)
		if (open_file(d, &d->files[i], &in[i], err) < 0)
			goto fail;
	qsort(d->files, nr, sizeof(*d->files), by_start);
	if (check_set(d, err) < 0)
		goto fail;
	*ret = d;
	return 0;
nomem:
	irqm_error_set(err, "out of memory");
fail:
	irqm_diskdump_close(d);
	return -1;
}

void irqm_diskdump_close(struct irqm_diskdump *d)
{
	unsigned int i;

	if (!d)
		return;
	for (i = 0; d->files && i < d->nr; i++)
		free(d->files[i].counts);
	free(d->files);
	free(d->cache);
	free(d->vmcoreinfo);
	if (d->inflate)
		libdeflate_free_decompressor(d->inflate);
	ZSTD_freeDCtx(d->zstd);
	free(d);
}

const char *irqm_diskdump_vmcoreinfo(const struct irqm_diskdump *d)
{
	return d->vmcoreinfo;
}

/* len bytes at offset, of a window that is moved where needed. */
static const void *look(const struct irqm_input *in, struct window *w,
			uint64_t offset, size_t len)
{
	size_t ahead;

	if (offset < w->offset || offset - w->offset > w->len ||
	    len > w->len - (offset - w->offset)) {
		/* far ahead only where the last read was just before */
		ahead = offset - w->offset <= w->len ? WINDOW : STORED_MAX;
		w->len = 0;
		if (offset > in->size || len > in->size - offset)
			return NULL;
		w->offset = offset;
		w->len = in->size - offset < ahead ? in->size - offset : ahead;
		if (irqm_input_read(in, offset, w->data, w->len)) {
			w->len = 0;
			return NULL;
		}
	}
	return w->data + (offset - w->offset);
}

/* Bits set; the builtin is a call into libgcc on plain x86-64. */
static unsigned int count(uint64_t word)
{
	word -= word >> 1 & 0x5555555555555555;
	word = (word & 0x3333333333333333) + (word >> 2 & 0x3333333333333333);
	word = (word + (word >> 4)) & 0x0f0f0f0f0f0f0f0f;
	return word * 0x0101010101010101 >> 56;
}

/* Bits set below bit, of the block that is loaded. */
static uint64_t rank(const struct file *f, size_t bit)
{
	uint64_t word;

	if (bit % 64 == 0)
		return f->ranks[bit / 64];
	memcpy(&word, f->bits + bit / 64 * 8, 8);
	return f->ranks[bit / 64] + count(word & ((1ULL << bit % 64) - 1));
}

static enum irqm_why load_block(struct file *f, uint64_t block)
{
	uint64_t word;
	size_t i;

	if (f->block == block)
		return IRQM_OK;
	f->block = NO_BLOCK;
	if (irqm_input_read(f->in, f->bitmap + block * IRQM_PAGE_SIZE,
			    f->bits, IRQM_PAGE_SIZE))
		return IRQM_TRUNCATED;
	f->block = block;
	for (i = 0; i < BITS_PER_BLOCK / 64; i++) {
		memcpy(&word, f->bits + i * 8, 8);
		f->ranks[i + 1] = f->ranks[i] + count(word);
	}
	return IRQM_OK;
}

/* Makes counts[] reach the block; never longer than to max_mapnr. */
static enum irqm_why count_up_to(struct file *f, uint64_t block)
{
	uint64_t first = f->start_pfn / BITS_PER_BLOCK, at;
	size_t from;

	if (!f->counts) {
		f->counts = calloc(f->max_mapnr / BITS_PER_BLOCK + 2 - first,
				   sizeof(*f->counts));
		if (!f->counts)
			return IRQM_INVALID;
		f->nr_counts = 1;
	}
	while (f->nr_counts <= block - first) {
		at = first + f->nr_counts - 1;
		if (load_block(f, at))
			return IRQM_TRUNCATED;
		from = at == first ? f->start_pfn % BITS_PER_BLOCK : 0;
		f->counts[f->nr_counts] = f->counts[f->nr_counts - 1] +
			rank(f, BITS_PER_BLOCK) - rank(f, from);
		f->nr_counts++;
	}
	return IRQM_OK;
}

static enum irqm_why find_descriptor(struct file *f, uint64_t pfn,
				     struct descriptor *ret)
{
	uint64_t first = f->start_pfn / BITS_PER_BLOCK, index;
	uint64_t block = pfn / BITS_PER_BLOCK;
	size_t bit = pfn % BITS_PER_BLOCK, from;
	enum irqm_why why;
	const void *raw;

	why = count_up_to(f, block);
	if (why == IRQM_OK)
		why = load_block(f, block);
	if (why != IRQM_OK)
		return why;
	if (!(f->bits[bit / 8] >> (bit % 8) & 1))
		return IRQM_EXCLUDED;
	from = block == first ? f->start_pfn % BITS_PER_BLOCK : 0;
	index = f->counts[block - first] + rank(f, bit) - rank(f, from);
	raw = look(f->in, &f->descs, f->descriptors + index * sizeof(*ret),
		   sizeof(*ret));
	if (!raw)
		return IRQM_TRUNCATED;
	memcpy(ret, raw, sizeof(*ret));
	return IRQM_OK;
}

static struct file *find_file(struct irqm_diskdump *d, uint64_t pfn)
{
	unsigned int i;

	for (i = 0; i < d->nr; i++)
		if (pfn >= d->files[i].start_pfn && pfn < d->files[i].end_pfn)
			return &d->files[i];
	return NULL;
}

static enum irqm_why unzstd(struct irqm_diskdump *d, const void *raw,
			    size_t size, void *page)
{
	if (!d->zstd)
		d->zstd = ZSTD_createDCtx();
	if (!d->zstd)
		return IRQM_INVALID;
	return ZSTD_decompressDCtx(d->zstd, page, IRQM_PAGE_SIZE, raw, size) ==
	       IRQM_PAGE_SIZE ? IRQM_OK : IRQM_INVALID;
}

/* The page as it is in the file, in a window that the next call may move. */
static enum irqm_why find_page(struct irqm_diskdump *d, uint64_t pfn,
			       struct descriptor *desc, const void **ret_raw)
{
	struct file *f = find_file(d, pfn);
	enum irqm_why why;

	if (!f)
		return IRQM_EXCLUDED;
	why = find_descriptor(f, pfn, desc);
	if (why != IRQM_OK)
		return why;
	/* makedumpfile ran out of space before it came to the page */
	if (desc->offset == 0)
		return IRQM_TRUNCATED;
	if (desc->size == 0 || desc->size > STORED_MAX)
		return IRQM_INVALID;
	*ret_raw = look(f->in, &f->pages, desc->offset, desc->size);
	return *ret_raw ? IRQM_OK : IRQM_TRUNCATED;
}

static enum irqm_why load_page(struct irqm_diskdump *d, uint64_t pfn,
			       void *page)
{
	struct descriptor desc;
	const void *raw;
	enum irqm_why why = find_page(d, pfn, &desc, &raw);

	if (why != IRQM_OK)
		return why;
	switch (desc.flags & PAGE_COMPRESSED) {
	case 0:
		if (desc.size != IRQM_PAGE_SIZE)
			return IRQM_INVALID;
		memcpy(page, raw, IRQM_PAGE_SIZE);
		return IRQM_OK;
	case PAGE_ZLIB:
		return libdeflate_zlib_decompress(d->inflate, raw, desc.size,
						  page, IRQM_PAGE_SIZE,
						  NULL) == LIBDEFLATE_SUCCESS ?
		       IRQM_OK : IRQM_INVALID;
	case PAGE_ZSTD:
		return unzstd(d, raw, desc.size, page);
	default:
		return d->other(d->other_ctx, pfn << PAGE_SHIFT, page);
	}
}

static enum irqm_why get_page(struct irqm_diskdump *d, uint64_t pfn,
			      const unsigned char **ret)
{
	/* neighbours side by side, and not all of each 2 MiB on one slot */
	struct cached *c = &d->cache[(pfn ^ pfn >> 9) % CACHED_PAGES];
	enum irqm_why why;

	if (!c->valid || c->pfn != pfn) {
		c->valid = false;
		why = load_page(d, pfn, c->data);
		if (why != IRQM_OK)
			return why;
		c->pfn = pfn;
		c->valid = true;
	}
	*ret = c->data;
	return IRQM_OK;
}

enum irqm_why irqm_diskdump_read(struct irqm_diskdump *d, uint64_t paddr,
				 void *buf, size_t len)
{
	const unsigned char *page;
	enum irqm_why why;
	size_t into, part;

	while (len > 0) {
		into = paddr % IRQM_PAGE_SIZE;
		part = len < IRQM_PAGE_SIZE - into ? len :
						     IRQM_PAGE_SIZE - into;
		why = get_page(d, paddr >> PAGE_SHIFT, &page);
		if (why != IRQM_OK)
			return why;
		memcpy(buf, page + into, part);
		buf = (char *)buf + part;
		paddr += part;
		len -= part;
	}
	return IRQM_OK;
}

enum irqm_why irqm_diskdump_stored(struct irqm_diskdump *d, uint64_t paddr,
				   const void **ret_data, size_t *ret_size,
				   uint32_t *ret_packing)
{
	struct descriptor desc;
	enum irqm_why why = find_page(d, paddr >> PAGE_SHIFT, &desc, ret_data);

	if (why != IRQM_OK)
		return why;
	*ret_size = desc.size;
	*ret_packing = desc.flags & PAGE_COMPRESSED;
	/* what libkdumpfile unpacks may not be of these bytes alone */
	return *ret_packing & ~(uint32_t)(PAGE_ZLIB | PAGE_ZSTD) ?
	       IRQM_INVALID : IRQM_OK;
}
