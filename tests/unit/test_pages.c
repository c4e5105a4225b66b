/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"
#include "fake_dump.h"

#include <elf.h>
#include <libdeflate.h>
#include <lzo/lzo1x.h>
#include <snappy-c.h>
#include <zstd.h>

/* All pages are what they should be. */
static void check_pages(struct irqm_pages *p)
{
	unsigned char want[4096], got[4096];

	for (int round = 0; round < 2; round++)
		for (uint64_t pfn = FAKE_PAGES + 2; pfn-- > 0;) {
			bool there = fake_page(pfn, want);

			assert_int_equal(p->read(p->ctx, pfn << 12, got, 4096),
					 there ? IRQM_OK : IRQM_EXCLUDED);
			if (there)
				assert_memory_equal(got, want, 4096);
		}
	assert_int_equal(p->read(p->ctx, UINT64_MAX - 7, got, 8),
			 IRQM_EXCLUDED);
	assert_int_equal(p->read(p->ctx, 1ULL << 52, got, 8), IRQM_EXCLUDED);
}

/* Pages 1 and 2 are there, 4 is, 5 is not. */
static void check_across(struct irqm_pages *p)
{
	unsigned char want[8192], got[8192];

	fake_page(1, want);
	fake_page(2, want + 4096);
	assert_int_equal(p->read(p->ctx, 4096 + 100, got, 6000), IRQM_OK);
	assert_memory_equal(got, want + 100, 6000);
	assert_int_equal(p->read(p->ctx, 5 * 4096 - 4, got, 4), IRQM_OK);
	assert_int_equal(p->read(p->ctx, 5 * 4096 - 4, got, 5), IRQM_EXCLUDED);
}

static void check_dump(struct bytes b, const char *format)
{
	struct irqm_error err;
	struct irqm_pages p;

	assert_int_equal(fake_open(b, 0, &p, &err), 0);
	assert_string_equal(p.format, format);
	assert_string_equal(p.vmcoreinfo, FAKE_VMCOREINFO);
	check_pages(&p);
	check_across(&p);
	p.close(p.ctx);
}

static void test_formats(void **state)
{
	struct bytes kdump = fake_kdump(0, FAKE_PAGES, false);
	struct bytes elf = fake_elf();
	struct bytes flat = fake_flatten(kdump), flat_elf = fake_flatten(elf);
	struct bytes z = fake_pack(kdump), flat_z = fake_pack(flat);
	struct bytes gz = fake_gzip(elf), flat_gz = fake_gzip(flat);
	struct bytes xz = fake_xz(kdump), flat_xz = fake_xz(flat_elf);

	(void)state;
	check_dump(kdump, "kdump");
	check_dump(elf, "elf");
	check_dump(flat, "flattened");
	check_dump(flat_elf, "flattened");
	check_dump(z, "kdump");
	check_dump(flat_z, "flattened");
	check_dump(gz, "elf");
	check_dump(flat_gz, "flattened");
	check_dump(xz, "kdump");
	check_dump(flat_xz, "flattened");
	free(kdump.data);
	free(elf.data);
	free(flat.data);
	free(flat_elf.data);
	free(z.data);
	free(flat_z.data);
	free(gz.data);
	free(flat_gz.data);
	free(xz.data);
	free(flat_xz.data);
}

static void test_machine(void **state)
{
	struct bytes kdump = fake_kdump(0, FAKE_PAGES, false);
	struct irqm_error err;
	struct irqm_pages p;

	(void)state;
	/* QEMU 10, of any machine; an old makedumpfile, the name's end */
	strcpy((char *)kdump.data + KDUMP_MACHINE, "Unknown");
	check_dump(kdump, "kdump");
	strcpy((char *)kdump.data + KDUMP_MACHINE, "64");
	check_dump(kdump, "kdump");
	strcpy((char *)kdump.data + KDUMP_MACHINE, "ppc64le");
	assert_int_equal(fake_open(kdump, 0, &p, &err), -1);
	assert_non_null(strstr(err.msg, "kdump of ppc64le"));
	strcpy((char *)kdump.data + KDUMP_MACHINE, "aarch64");
	assert_int_equal(fake_open(kdump, 0, &p, &err), -1);
	assert_non_null(strstr(err.msg, "kdump of aarch64"));
	free(kdump.data);
}

/* What the file holds of a page, unpacked: false if it is not that page. */
static bool is_page(const void *data, size_t size, uint32_t packing,
		    const unsigned char *want)
{
	struct libdeflate_decompressor *inflate;
	unsigned char page[4096];
	bool done = size == sizeof(page);
	size_t len = sizeof(page);

	switch (packing) {
	case 0:
		return done && memcmp(data, want, size) == 0;
	case 1:
		inflate = libdeflate_alloc_decompressor();
		done = libdeflate_zlib_decompress(inflate, data, size, page,
						  sizeof(page), NULL) == 0;
		libdeflate_free_decompressor(inflate);
		break;
	case 2:
		done = lzo1x_decompress_safe(data, size, page, &len, NULL) ==
			       LZO_E_OK &&
		       len == sizeof(page);
		break;
	case 4:
		done = snappy_uncompress(data, size, (char *)page, &len) ==
			       SNAPPY_OK &&
		       len == sizeof(page);
		break;
	case 0x20:
		done = ZSTD_decompress(page, sizeof(page), data, size) ==
		       sizeof(page);
		break;
	default:
		return false;
	}
	return done && memcmp(page, want, sizeof(page)) == 0;
}

static void check_stored(struct bytes b)
{
	unsigned char want[4096];
	struct irqm_error err;
	struct irqm_pages p;
	struct irqm_stored stored;
	enum irqm_why why;

	assert_int_equal(fake_open(b, 0, &p, &err), 0);
	for (uint64_t pfn = 0; pfn < FAKE_PAGES; pfn++) {
		why = p.stored(p.ctx, (pfn << 12) + 8 * pfn, &stored);
		if (fake_page(pfn, want)) {
			assert_int_equal(why, IRQM_OK);
			assert_true(is_page(stored.data, stored.size,
					    stored.packing, want));
			assert_false(stored.is_frame);
			assert_int_equal(stored.len, 4096);
		} else {
			assert_int_equal(why, IRQM_EXCLUDED);
		}
	}
	p.close(p.ctx);
}

/* Only a page of which nothing can be read is one that is not there. */
static void check_part(struct bytes elf, uint64_t pfn)
{
	Elf64_Phdr *ph = (Elf64_Phdr *)(elf.data + sizeof(Elf64_Ehdr)) + 1 +
			 (FAKE_PAGES - 1 - pfn);
	unsigned char want[4096];
	struct irqm_error err;
	struct irqm_pages p;
	struct irqm_stored stored;

	assert_true(fake_page(pfn, want));
	assert_int_equal(ph->p_paddr, pfn << 12);
	ph->p_filesz = 1;
	assert_int_equal(fake_open(elf, 0, &p, &err), 0);
	assert_int_equal(p.stored(p.ctx, pfn << 12, &stored), IRQM_INVALID);
	p.close(p.ctx);
	ph->p_paddr += 4095;
	assert_int_equal(fake_open(elf, 0, &p, &err), 0);
	assert_int_equal(p.stored(p.ctx, pfn << 12, &stored), IRQM_INVALID);
	p.close(p.ctx);
	ph->p_filesz = 0;
	assert_int_equal(fake_open(elf, 0, &p, &err), 0);
	assert_int_equal(p.stored(p.ctx, pfn << 12, &stored), IRQM_EXCLUDED);
	p.close(p.ctx);
	/* the page before it reaches into it; they are in falling order */
	ph[1].p_filesz = ph[1].p_memsz = 4096 + 1;
	assert_int_equal(fake_open(elf, 0, &p, &err), 0);
	assert_int_equal(p.stored(p.ctx, pfn << 12, &stored), IRQM_INVALID);
	p.close(p.ctx);
}

/* What a cache goes by: other bytes must not pass for a page's. */
static void test_stored(void **state)
{
	struct bytes kdump = fake_kdump(0, FAKE_PAGES, false);
	struct bytes elf = fake_elf();

	(void)state;
	check_stored(kdump);
	check_stored(elf);
	check_part(elf, 6);
	free(kdump.data);
	free(elf.data);
}

static int open_parts(const char *const paths[], unsigned int nr, char *msg)
{
	struct irqm_error err = { .msg = "" };
	struct irqm_pages p;
	int ret = irqm_pages_open(paths, nr, 0, 0, &p, &err);

	if (ret == 0) {
		check_pages(&p);
		p.close(p.ctx);
	}
	strcpy(msg, err.msg);
	return ret;
}

static void test_split(void **state)
{
	struct bytes a = fake_kdump(0, 13, true), b = fake_kdump(13, 21, true);
	struct bytes c = fake_kdump(21, FAKE_PAGES, true);
	struct bytes whole = fake_kdump(0, FAKE_PAGES, false), elf = fake_elf();
	const char *fa = fake_file(a.data, a.len);
	const char *fb = fake_file(b.data, b.len);
	const char *fc = fake_file(c.data, c.len);
	const char *fw = fake_file(whole.data, whole.len);
	const char *fe = fake_file(elf.data, elf.len);
	char msg[256];

	(void)state;
	assert_int_equal(open_parts((const char *[]){ fc, fa, fb }, 3, msg), 0);
	assert_int_equal(open_parts((const char *[]){ fa, fc }, 2, msg), -1);
	assert_non_null(strstr(msg, "frame 13 is missing"));
	assert_int_equal(open_parts((const char *[]){ fa, fb }, 2, msg), -1);
	assert_non_null(strstr(msg, "frame 21 is missing"));
	assert_int_equal(open_parts((const char *[]){ fc, fb }, 2, msg), -1);
	assert_non_null(strstr(msg, "frame 0 is missing"));
	assert_int_equal(open_parts((const char *[]){ fa }, 1, msg), -1);
	assert_non_null(strstr(msg, "name all files"));
	assert_int_equal(open_parts((const char *[]){ fa, fb, fb, fc }, 4, msg),
			 -1);
	assert_non_null(strstr(msg, "same pages"));
	assert_int_equal(open_parts((const char *[]){ fw, fa }, 2, msg), -1);
	assert_non_null(strstr(msg, "not part of a split"));
	assert_int_equal(open_parts((const char *[]){ fe, fa }, 2, msg), -1);
	assert_non_null(strstr(msg, "not part of a split"));
	assert_int_equal(open_parts(NULL, 0, msg), -1);
	b.data[4096 + 512 + 15] ^= 1; /* a digit of the release */
	fb = fake_file(b.data, b.len);
	assert_int_equal(open_parts((const char *[]){ fa, fb, fc }, 3, msg),
			 -1);
	assert_non_null(strstr(msg, "another dump"));
	b.data[4096 + 512 + 15] ^= 1;
	fb = fake_file(b.data, b.len);
	assert_int_equal(open_parts((const char *[]){ fa, fb, fc }, 3, msg), 0);
	fake_put(b, KDUMP_MAX_MAPNR_64, FAKE_PAGES + 8, 8);
	fb = fake_file(b.data, b.len);
	assert_int_equal(open_parts((const char *[]){ fa, fb, fc }, 3, msg),
			 -1);
	assert_non_null(strstr(msg, "another dump"));
	free(a.data);
	free(b.data);
	free(c.data);
	free(whole.data);
	free(elf.data);
}

static void test_limit(void **state)
{
	struct bytes kdump = fake_kdump(0, FAKE_PAGES, false);
	struct bytes flat = fake_flatten(kdump);
	const char *path = fake_file(flat.data, flat.len);
	struct irqm_error err;
	struct irqm_pages p;

	(void)state;
	assert_int_equal(irqm_pages_open(&path, 1, 20000, 0, &p, &err), -1);
	assert_non_null(strstr(err.msg, "the limit"));
	/* blocks are counted, not bytes */
	assert_int_equal(
		irqm_pages_open(&path, 1, flat.len + 4095, 0, &p, &err), 0);
	p.close(p.ctx);
	path = fake_file(kdump.data, kdump.len); /* as it is: no file */
	assert_int_equal(irqm_pages_open(&path, 1, 1, 0, &p, &err), 0);
	p.close(p.ctx);
	free(kdump.data);
	free(flat.data);
}

#define RUN_BYTES ((FAKE_PAGES - FAKE_RUN) * 4096)

/* One read of all of the run, but for a few bytes at either end. */
static void check_run(struct bytes b, unsigned int threads)
{
	unsigned char *want = malloc(RUN_BYTES), *got = malloc(RUN_BYTES);
	struct irqm_error err;
	struct irqm_pages p;

	for (uint64_t n = 0; n < FAKE_PAGES - FAKE_RUN; n++)
		assert_true(fake_page(FAKE_RUN + n, want + n * 4096));
	assert_int_equal(fake_open(b, threads, &p, &err), 0);
	assert_int_equal(p.read(p.ctx, FAKE_RUN << 12, got, RUN_BYTES),
			 IRQM_OK);
	assert_memory_equal(got, want, RUN_BYTES);
	memset(got, 0, RUN_BYTES);
	assert_int_equal(p.read(p.ctx, (FAKE_RUN << 12) + 7, got,
				RUN_BYTES - 12),
			 IRQM_OK);
	assert_memory_equal(got, want + 7, RUN_BYTES - 12);
	/* the page before the run is there, the one before that is not */
	assert_int_equal(p.read(p.ctx, (FAKE_RUN - 1) << 12, got, RUN_BYTES),
			 IRQM_OK);
	assert_int_equal(p.read(p.ctx, (FAKE_RUN << 12) + 4096, got, RUN_BYTES),
			 IRQM_EXCLUDED);
	p.close(p.ctx);
	free(want);
	free(got);
}

/* The first bad page of a run is what is said, whoever came upon it. */
static void check_bad_run(struct bytes whole, unsigned int threads)
{
	unsigned char *buf = malloc(RUN_BYTES);
	struct bytes b = { malloc(whole.len), whole.len };
	size_t at = KDUMP_DESCRIPTORS;
	struct irqm_error err;
	struct irqm_pages p;

	memcpy(b.data, whole.data, b.len);
	/* before the run one page in five was left out */
	at += 24 * (FAKE_RUN * 4 / 5);
	fake_put(b, at + 24 * 90, 1ULL << 40, 8);
	assert_int_equal(fake_open(b, threads, &p, &err), 0);
	assert_int_equal(p.read(p.ctx, FAKE_RUN << 12, buf, RUN_BYTES),
			 IRQM_TRUNCATED);
	p.close(p.ctx);
	fake_put(b, at + 24 * 50 + 8, 3, 4);
	assert_int_equal(fake_open(b, threads, &p, &err), 0);
	assert_int_equal(p.read(p.ctx, FAKE_RUN << 12, buf, RUN_BYTES),
			 IRQM_INVALID);
	assert_int_equal(p.read(p.ctx, FAKE_RUN << 12, buf, 50 * 4096),
			 IRQM_OK);
	p.close(p.ctx);
	free(b.data);
	free(buf);
}

static void test_run(void **state)
{
	struct bytes kdump = fake_kdump(0, FAKE_PAGES, false);
	struct bytes elf = fake_elf();

	(void)state;
	for (unsigned int threads = 0; threads < 6; threads++) {
		check_run(kdump, threads);
		check_bad_run(kdump, threads);
	}
	check_run(elf, 0);
	free(kdump.data);
	free(elf.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_formats), cmocka_unit_test(test_machine),
		cmocka_unit_test(test_stored),  cmocka_unit_test(test_split),
		cmocka_unit_test(test_limit),   cmocka_unit_test(test_run),
	};

	return RUN(tests);
}
