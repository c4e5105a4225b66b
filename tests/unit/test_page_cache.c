/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cache of pages, and that expected pages are read and unpacked at once. */
#include "tests/unit/unit.h"

#include <elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "memory/pages/cache.h"
#include "tests/unit/fake_dump.h"

/* More than there are places. */
#define MANY 10000

static void test_room(void **state)
{
	struct irqm_page_cache *c = irqm_page_cache_new();
	unsigned int refused = 0, kept = 0;
	const unsigned char *page;
	unsigned char *room;
	uint64_t pfn;

	(void)state;
	assert_non_null(c);
	irqm_page_cache_begin(c);
	for (pfn = 0; pfn < MANY; pfn++) {
		assert_null(irqm_page_cache_find(c, pfn));
		room = irqm_page_cache_room(c, pfn);
		if (!room) {
			refused++;
			continue;
		}
		memset(room, (int)pfn, IRQM_PAGE_SIZE);
		assert_null(irqm_page_cache_find(c, pfn));
		irqm_page_cache_keep(c, pfn, room);
	}
	/* of one group, none takes the place of another */
	for (pfn = 0; pfn < MANY; pfn++) {
		page = irqm_page_cache_find(c, pfn);
		if (!page)
			continue;
		kept++;
		assert_int_equal(page[0], (unsigned char)pfn);
		assert_int_equal(page[IRQM_PAGE_SIZE - 1], (unsigned char)pfn);
	}
	assert_int_equal(kept + refused, MANY);
	assert_int_equal(kept, 2048);
	irqm_page_cache_free(c);
}

/* The page that was there longest makes room for the next one. */
static void test_oldest_goes(void **state)
{
	struct irqm_page_cache *c = irqm_page_cache_new();
	uint64_t same[8], pfn;
	unsigned int nr = 0, i;
	unsigned char *room;

	(void)state;
	/* frames of one set: no room for them after four of it */
	for (pfn = 0; nr < 8; pfn++) {
		irqm_page_cache_begin(c);
		for (i = 0; i < 4; i++)
			assert_non_null(irqm_page_cache_room(c, 7));
		if (!irqm_page_cache_room(c, pfn))
			same[nr++] = pfn;
	}
	for (i = 0; i < 8; i++) {
		irqm_page_cache_begin(c);
		room = irqm_page_cache_room(c, same[i]);
		assert_non_null(room);
		/* also if this page then cannot be read */
		assert_true(i < 4 || !irqm_page_cache_find(c, same[i - 4]));
		irqm_page_cache_keep(c, same[i], room);
	}
	for (i = 0; i < 8; i++)
		assert_true(!irqm_page_cache_find(c, same[i]) == (i < 4));
	irqm_page_cache_free(c);
}

static void read_page(const struct irqm_pages *p, uint64_t pfn)
{
	unsigned char want[IRQM_PAGE_SIZE], page[IRQM_PAGE_SIZE - 1];
	enum irqm_why why = p->read(p->ctx, pfn << 12, page, sizeof(page));

	if (!fake_page(pfn, want)) {
		assert_int_equal(why, IRQM_EXCLUDED);
		return;
	}
	assert_int_equal(why, IRQM_OK);
	assert_memory_equal(page, want, sizeof(page));
}

/* Expects all pages, then takes the file away: what was expected is still
 * there. */
static void read_without_file(struct bytes b, unsigned int threads)
{
	const char *path = fake_file(b.data, b.len);
	uint64_t paddrs[FAKE_PAGES], pfn;
	struct irqm_error err;
	struct irqm_pages p;

	assert_int_equal(irqm_pages_open(&path, 1, 0, threads, &p, &err), 0);
	for (pfn = 0; pfn < FAKE_PAGES; pfn++)
		paddrs[pfn] = pfn << 12;
	p.expect(p.ctx, paddrs, FAKE_PAGES, IRQM_PAGE_READ);
	assert_int_equal(truncate(path, 0), 0);
	for (pfn = 0; pfn < FAKE_PAGES; pfn++)
		read_page(&p, pfn);
	p.close(p.ctx);
}

static void test_expected_kdump(void **state)
{
	struct bytes kdump = fake_kdump(0, FAKE_PAGES, false);

	(void)state;
	read_without_file(kdump, 1);
	read_without_file(kdump, 4);
	free(kdump.data);
}

/* The header of a page in fake_elf(). */
static Elf64_Phdr *header_of(struct bytes elf, uint64_t pfn)
{
	return (Elf64_Phdr *)(elf.data + sizeof(Elf64_Ehdr)) + 1 +
	       (FAKE_PAGES - 1 - pfn);
}

/* Of an ELF dump, only whole pages: here 50 and 51, and 100 bytes of 52. */
static void test_expected_elf(void **state)
{
	static const uint64_t paddrs[] = { 50 << 12, 51 << 12, 52 << 12 };
	struct bytes elf = fake_elf();
	unsigned char want[IRQM_PAGE_SIZE], word[8];
	struct irqm_error err;
	struct irqm_pages p;
	const char *path;

	(void)state;
	header_of(elf, 50)->p_filesz = 2 * IRQM_PAGE_SIZE + 100;
	header_of(elf, 50)->p_memsz = 2 * IRQM_PAGE_SIZE + 100;
	header_of(elf, 51)->p_type = PT_NULL;
	header_of(elf, 52)->p_type = PT_NULL;
	path = fake_file(elf.data, elf.len);
	assert_int_equal(irqm_pages_open(&path, 1, 0, 1, &p, &err), 0);
	p.expect(p.ctx, paddrs, 3, IRQM_PAGE_READ);
	assert_int_equal(p.read(p.ctx, paddrs[2] + 200, word, 8),
			 IRQM_EXCLUDED);
	assert_int_equal(truncate(path, 0), 0);
	assert_true(fake_page(51, want));
	assert_int_equal(p.read(p.ctx, paddrs[1] + 8, word, 8), IRQM_OK);
	assert_memory_equal(word, want + 8, 8);
	assert_int_equal(p.read(p.ctx, paddrs[2] + 8, word, 8), IRQM_TRUNCATED);
	p.close(p.ctx);
	free(elf.data);
}

/* What changes while it is read is never expected to be read, and not kept, also
 * where its build is looked at to find out if the kernel is a known one. */
static void test_unexpected_elf(void **state)
{
	static const uint64_t paddr = 50 << 12;
	struct bytes elf = fake_elf();
	const char *path = fake_file(elf.data, elf.len);
	struct irqm_error err;
	struct irqm_pages p;
	char word[8];

	(void)state;
	assert_int_equal(irqm_pages_open(&path, 1, 0, 1, &p, &err), 0);
	p.expect(p.ctx, &paddr, 1, IRQM_PAGE_STORED);
	assert_int_equal(p.read(p.ctx, paddr, word, 8), IRQM_OK);
	assert_int_equal(truncate(path, 0), 0);
	assert_int_equal(p.read(p.ctx, 50 << 12, word, 8), IRQM_TRUNCATED);
	p.close(p.ctx);
	free(elf.data);
}

/* A page that does not unpack is said to be so, and spoils no other. */
static void test_bad_page(void **state)
{
	struct bytes kdump = fake_kdump(0, FAKE_PAGES, false);
	uint64_t paddrs[FAKE_PAGES], pfn, bad = 60;
	size_t at = KDUMP_DESCRIPTORS;
	struct irqm_error err;
	struct irqm_pages p;
	char page[16];

	(void)state;
	for (pfn = 0; pfn < bad; pfn++) {
		unsigned char unused[IRQM_PAGE_SIZE];

		at += fake_page(pfn, unused) ? 24 : 0;
	}
	fake_put(kdump, at + 8, 5, 4); /* its size */
	assert_int_equal(fake_open(kdump, 4, &p, &err), 0);
	for (pfn = 0; pfn < FAKE_PAGES; pfn++)
		paddrs[pfn] = pfn << 12;
	p.expect(p.ctx, paddrs, FAKE_PAGES, IRQM_PAGE_READ);
	for (pfn = 0; pfn < FAKE_PAGES; pfn++)
		if (pfn != bad)
			read_page(&p, pfn);
	assert_int_equal(p.read(p.ctx, bad << 12, page, sizeof(page)),
			 IRQM_INVALID);
	p.close(p.ctx);
	free(kdump.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_oldest_goes),
		cmocka_unit_test(test_expected_kdump),
		cmocka_unit_test(test_expected_elf),
		cmocka_unit_test(test_unexpected_elf),
		cmocka_unit_test(test_bad_page),
	};

	return RUN(tests);
}
