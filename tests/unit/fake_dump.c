/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake_dump.h"

#include "unit.h"

#include <elf.h>
#include <endian.h>
#include <fcntl.h>
#include <libdeflate.h>
#include <lzo/lzo1x.h>
#include <snappy-c.h>
#include <lzma.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zstd.h>

#define PAGE 4096

/* Some of each: left out, zero, incompressible, packed in one of four ways. */
enum form {
	OUT,
	ZERO,
	PLAIN,
	PACKED,
	ZSTD
};

static enum form form_of(uint64_t pfn)
{
	if (pfn >= FAKE_PAGES)
		return OUT;
	return pfn < FAKE_RUN ? pfn * 7 % 5 : ZERO + pfn * 7 % 4;
}

bool fake_page(uint64_t pfn, unsigned char *page)
{
	uint32_t noise = (uint32_t)pfn * 2654435761U + 1;

	memset(page, 0, PAGE);
	for (size_t i = 0; form_of(pfn) > ZERO && i < PAGE; i++) {
		noise = noise * 1664525 + 1013904223;
		page[i] = form_of(pfn) == PLAIN ?
				  noise >> 24 :
				  i % 64 + pfn + (i / 64 % 2 ? noise >> 30 : 0);
	}
	return form_of(pfn) != OUT;
}

static struct bytes new_bytes(size_t len)
{
	struct bytes b = { calloc(1, len + 1), len };

	assert_non_null(b.data);
	return b;
}

void fake_put(struct bytes b, size_t at, uint64_t value, size_t size)
{
	assert_true(at + size <= b.len);
	for (size_t i = 0; i < size; i++)
		b.data[at + i] = value >> (8 * i);
}

static size_t pack_lzo(const unsigned char *page, size_t size,
		       unsigned char *out)
{
	static unsigned char work[LZO1X_1_MEM_COMPRESS];
	lzo_uint len;

	assert_int_equal(lzo1x_1_compress(page, size, out, &len, work), 0);
	return len;
}

static size_t pack_snappy(const unsigned char *page, size_t size,
			  unsigned char *out, size_t room)
{
	assert_int_equal(snappy_compress((const char *)page, size, (char *)out,
					 &room),
			 SNAPPY_OK);
	return room;
}

static size_t pack_zlib(const unsigned char *page, size_t size,
			unsigned char *out, size_t room)
{
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(1);
	size_t len = libdeflate_zlib_compress(c, page, size, out, room);

	libdeflate_free_compressor(c);
	return len;
}

size_t fake_pack_page(unsigned int flag, const unsigned char *page, size_t size,
		      unsigned char *out)
{
	unsigned char packed[3 * PAGE];
	size_t room = sizeof(packed), len = size;

	switch (flag) {
	case 0x1:
		len = pack_zlib(page, size, packed, room);
		break;
	case 0x2:
		len = pack_lzo(page, size, packed);
		break;
	case 0x4:
		len = pack_snappy(page, size, packed, room);
		break;
	case 0x20:
		len = ZSTD_compress(packed, room, page, size, 3);
		break;
	default:
		memcpy(packed, page, size);
	}
	assert_in_range(len, 1, PAGE);
	memcpy(out, packed, len);
	return len;
}

/* Returns how many bytes, and the flags of the descriptor. */
static size_t pack_page(uint64_t pfn, unsigned char *out, unsigned int *flags)
{
	enum form form = form_of(pfn);
	unsigned char page[PAGE];

	fake_page(pfn, page);
	*flags = form == PLAIN ? 0 : form == ZSTD ? 0x20 : 1 << pfn % 3;
	return fake_pack_page(*flags, page, PAGE, out);
}

static void kdump_headers(struct bytes b, uint64_t first, uint64_t end,
			  bool split)
{
	memcpy(b.data, "KDUMP   ", 8);
	fake_put(b, KDUMP_VERSION, 6, 4);
	strcpy((char *)b.data + KDUMP_MACHINE, "x86_64");
	fake_put(b, KDUMP_BLOCK_SIZE, PAGE, 4);
	fake_put(b, KDUMP_SUB_BLOCKS, 1, 4);
	fake_put(b, KDUMP_BITMAP_BLOCKS, 2, 4);
	fake_put(b, 440, FAKE_PAGES, 4);
	fake_put(b, PAGE + 12, split, 4);
	fake_put(b, PAGE + 32, PAGE + 512, 8);
	fake_put(b, PAGE + 40, strlen(FAKE_VMCOREINFO), 8);
	memcpy(b.data + PAGE + 512, FAKE_VMCOREINFO, strlen(FAKE_VMCOREINFO));
	fake_put(b, PAGE + 80, first, 8);
	fake_put(b, PAGE + 88, end, 8);
	fake_put(b, KDUMP_MAX_MAPNR_64, FAKE_PAGES, 8);
}

struct bytes fake_kdump(uint64_t first, uint64_t end, bool split)
{
	struct bytes b = new_bytes(KDUMP_DESCRIPTORS + (FAKE_PAGES + 2) * PAGE);
	size_t desc = KDUMP_DESCRIPTORS, at = desc + PAGE, len;
	unsigned int flags;

	kdump_headers(b, first, end, split);
	for (uint64_t pfn = 0; pfn < FAKE_PAGES; pfn++) {
		b.data[2 * PAGE + pfn / 8] |= 1 << pfn % 8;
		if (form_of(pfn) == OUT)
			continue;
		b.data[KDUMP_BITMAP_2 + pfn / 8] |= 1 << pfn % 8;
		if (pfn < first || pfn >= end)
			continue;
		len = pack_page(pfn, b.data + at, &flags);
		fake_put(b, desc, at, 8);
		fake_put(b, desc + 8, len, 4);
		fake_put(b, desc + 12, flags, 4);
		desc += 24;
		at += len;
	}
	b.len = at;
	return b;
}

static size_t elf_note(struct bytes b, size_t at)
{
	fake_put(b, at, sizeof("VMCOREINFO"), 4);
	fake_put(b, at + 4, strlen(FAKE_VMCOREINFO), 4);
	strcpy((char *)b.data + at + 12, "VMCOREINFO");
	strcpy((char *)b.data + at + 24, FAKE_VMCOREINFO);
	return 24 + (strlen(FAKE_VMCOREINFO) + 3) / 4 * 4;
}

/* A segment for each page; the last but one reaches into the last. */
struct bytes fake_elf(void)
{
	struct bytes b = new_bytes((FAKE_PAGES + 4) * PAGE);
	Elf64_Ehdr eh = {
		.e_ident = ELFMAG "\2\1\1",
		.e_type = ET_CORE,
		.e_machine = EM_X86_64,
		.e_version = 1,
		.e_phoff = sizeof(eh),
		.e_ehsize = sizeof(eh),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = FAKE_PAGES + 1,
	};
	Elf64_Phdr ph = { .p_type = PT_NOTE, .p_offset = 3 * PAGE };
	size_t at = sizeof(eh);

	memcpy(b.data, &eh, sizeof(eh));
	ph.p_filesz = elf_note(b, ph.p_offset);
	memcpy(b.data + at, &ph, sizeof(ph));
	for (uint64_t pfn = FAKE_PAGES; pfn-- > 0;) {
		ph = (Elf64_Phdr){
			.p_type = PT_LOAD,
			.p_offset = (4 + pfn) * PAGE,
			.p_paddr = pfn * PAGE,
			.p_memsz = PAGE,
			.p_filesz = fake_page(pfn, b.data + (4 + pfn) * PAGE) ?
					    PAGE :
					    0,
		};
		if (pfn == FAKE_PAGES - 2)
			ph.p_memsz = ph.p_filesz = PAGE + PAGE / 2;
		at += sizeof(ph);
		memcpy(b.data + at, &ph, sizeof(ph));
	}
	return b;
}

static void flat_piece(struct bytes *to, int64_t offset, int64_t len,
		       const void *data)
{
	int64_t piece[2] = { htobe64(offset), htobe64(len) };

	memcpy(to->data + to->len, piece, sizeof(piece));
	to->len += sizeof(piece);
	if (len > 0)
		memcpy(to->data + to->len, data, len);
	to->len += len > 0 ? len : 0;
}

/* Odd pieces, the end first, and the header once more at the end. */
struct bytes fake_flatten(struct bytes dump)
{
	struct bytes b = new_bytes(dump.len * 2 + 8192);
	size_t step = 5000, at = dump.len;

	strcpy((char *)b.data, "makedumpfile");
	b.data[23] = b.data[31] = 1;
	b.len = 4096;
	flat_piece(&b, 0, 20, "what is overwritten");
	while (at > 0) {
		step = at < step ? at : step;
		at -= step;
		flat_piece(&b, at, step, dump.data + at);
	}
	flat_piece(&b, 0, 100, dump.data);
	flat_piece(&b, -1, -1, NULL);
	return b;
}

/* Two frames, as zstd's parallel tools write them. */
struct bytes fake_pack(struct bytes dump)
{
	struct bytes b = new_bytes(2 * ZSTD_compressBound(dump.len));
	size_t half = dump.len / 2, len;

	len = ZSTD_compress(b.data, b.len, dump.data, half, 3);
	assert_false(ZSTD_isError(len));
	b.len = len + ZSTD_compress(b.data + len, b.len - len, dump.data + half,
				    dump.len - half, 3);
	assert_true(b.len > len);
	return b;
}

struct bytes fake_gzip(struct bytes dump)
{
	struct bytes b = new_bytes(2 * dump.len + 4096);
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
	size_t half = dump.len / 2, len;

	len = libdeflate_gzip_compress(c, dump.data, half, b.data, b.len);
	b.len = len + libdeflate_gzip_compress(c, dump.data + half,
					       dump.len - half, b.data + len,
					       b.len - len);
	libdeflate_free_compressor(c);
	assert_true(len > 0 && b.len > len);
	return b;
}

struct bytes fake_xz(struct bytes dump)
{
	struct bytes b = new_bytes(2 * dump.len + 4096);
	size_t half = dump.len / 2, at = 0;

	assert_int_equal(lzma_easy_buffer_encode(0, LZMA_CHECK_CRC32, NULL,
						 dump.data, half, b.data, &at,
						 b.len),
			 LZMA_OK);
	assert_int_equal(lzma_easy_buffer_encode(
				 0, LZMA_CHECK_CRC32, NULL, dump.data + half,
				 dump.len - half, b.data, &at, b.len),
			 LZMA_OK);
	b.len = at;
	return b;
}

const char *fake_file(const void *data, size_t len)
{
	static char names[8][32];
	static int fds[8];
	static unsigned int next;
	unsigned int n = next++ % 8;

	if (fds[n])
		close(fds[n]);
	fds[n] = memfd_create("dump", 0);
	assert_true(fds[n] > 0);
	assert_int_equal(write(fds[n], data, len), len);
	snprintf(names[n], sizeof(names[n]), "/proc/self/fd/%d", fds[n]);
	return names[n];
}

int fake_open(struct bytes b, unsigned int threads, struct irqm_pages *p,
	      struct irqm_error *err)
{
	const char *path = fake_file(b.data, b.len);

	err->msg[0] = '\0';
	return irqm_pages_open(&path, 1, 0, threads, p, err);
}
