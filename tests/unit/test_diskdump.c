/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Kdumps of machines with much memory and few pages in the dump: which
 * descriptor is whose follows from counting the bits of many blocks.
 */
#include "unit.h"
#include "fake_dump.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096UL
#define BITS (8 * PAGE) /* frames of a block of the bitmap */
#define BLOCKS 40
#define FRAMES (BLOCKS * BITS)
/* Pages differ by their first word; descriptors share them. */
#define PAGES 16
#define SUB_BLOCKS (1 + PAGES)
#define BITMAP_2 ((1 + SUB_BLOCKS + BLOCKS) * PAGE)
#define DESCRIPTORS (BITMAP_2 + BLOCKS * PAGE)

/* About one of 97, in no order; 5 and what is beside borders in any case; all of
 * a run, and none of another; blocks that are empty, and blocks that are full. */
static bool is_there(uint64_t pfn)
{
	if (pfn / BITS >= 12 && pfn / BITS <= 14)
		return false;
	if (pfn / BITS == 16 || pfn / BITS == 17)
		return true;
	if (pfn / 1024 == 7 * BITS / 1024 + 3)
		return true;
	if (pfn / 1024 == 9 * BITS / 1024 + 3)
		return false;
	return pfn == 5 || (pfn + 1) % BITS < 2 ||
	       (uint32_t)pfn * 2654435761U % 97 == 0;
}

struct sparse {
	struct bytes b;
	uint64_t first, end, nr; /* nr: descriptors */
};

/* Frames first .. end-1 are this file's; the bitmap has all. */
static struct sparse make(uint64_t first, uint64_t end)
{
	struct sparse s = { .first = first, .end = end };
	uint64_t pfn, at = DESCRIPTORS;

	s.b = (struct bytes){ calloc(1, DESCRIPTORS + FRAMES * 24 / 8),
			      DESCRIPTORS + FRAMES * 24 / 8 };
	assert_non_null(s.b.data);
	memcpy(s.b.data, "KDUMP   ", 8);
	fake_put(s.b, KDUMP_VERSION, 6, 4);
	strcpy((char *)s.b.data + KDUMP_MACHINE, "x86_64");
	fake_put(s.b, KDUMP_BLOCK_SIZE, PAGE, 4);
	fake_put(s.b, KDUMP_SUB_BLOCKS, SUB_BLOCKS, 4);
	fake_put(s.b, KDUMP_BITMAP_BLOCKS, 2 * BLOCKS, 4);
	fake_put(s.b, PAGE + 12, first || end < FRAMES, 4);
	fake_put(s.b, PAGE + 80, first, 8);
	fake_put(s.b, PAGE + 88, end, 8);
	fake_put(s.b, KDUMP_MAX_MAPNR_64, FRAMES, 8);
	for (unsigned int i = 0; i < PAGES; i++)
		fake_put(s.b, (2 + i) * PAGE, i + 1, 8);
	for (pfn = 0; pfn < FRAMES; pfn++) {
		if (!is_there(pfn))
			continue;
		s.b.data[BITMAP_2 + pfn / 8] |= 1 << pfn % 8;
		if (pfn < first || pfn >= end)
			continue;
		fake_put(s.b, at, (2 + s.nr % PAGES) * PAGE, 8);
		fake_put(s.b, at + 8, PAGE, 4);
		at += 24;
		s.nr++;
	}
	s.b.len = at;
	return s;
}

/* The first word of each frame that is in the file, 0 of one that is not. */
static void add_words(const struct sparse *s, uint64_t *words)
{
	uint64_t nr = 0, pfn;

	for (pfn = s->first; pfn < s->end; pfn++)
		if (is_there(pfn))
			words[pfn] = nr++ % PAGES + 1;
	assert_int_equal(nr, s->nr);
}

static void check_frame(struct irqm_pages *p, const uint64_t *words,
			uint64_t pfn)
{
	uint64_t got = 0;
	enum irqm_why why = p->read(p->ctx, pfn * PAGE, &got, sizeof(got));

	if (why != (words[pfn] ? IRQM_OK : IRQM_EXCLUDED) || got != words[pfn])
		fail_msg("frame %llu: %s, %llu", (unsigned long long)pfn,
			 irqm_why_name(why), (unsigned long long)got);
}

/* The ranges from one to the next are those of the frames that are there. */
static void check_ranges(struct irqm_pages *p)
{
	uint64_t start, end, pfn = 0, n;

	while (p->next(p->ctx, pfn * PAGE, &start, &end)) {
		for (n = pfn; n < start / PAGE; n++)
			assert_false(is_there(n));
		for (; n < end / PAGE; n++)
			assert_true(is_there(n));
		assert_true(n > pfn);
		pfn = n;
	}
	for (; pfn < FRAMES; pfn++)
		assert_false(is_there(pfn));
}

/* The files of a set: each ends where the next begins. */
static void check_set(const uint64_t *begins, unsigned int nr)
{
	uint64_t *words = calloc(FRAMES, sizeof(*words)), pfn, n;
	const char *paths[8];
	struct irqm_error err;
	struct irqm_pages p;
	unsigned int i;

	assert_non_null(words);
	for (i = 0; i < nr; i++) {
		struct sparse s =
			make(begins[i], i + 1 < nr ? begins[i + 1] : FRAMES);

		add_words(&s, words);
		paths[i] = fake_file(s.b.data, s.b.len);
		free(s.b.data);
	}
	assert_int_equal(irqm_pages_open(paths, nr, 0, 1, &p, &err), 0);
	check_ranges(&p);
	p.close(p.ctx);
	assert_int_equal(irqm_pages_open(paths, nr, 0, 1, &p, &err), 0);
	/* backwards, all over the place, and on */
	for (pfn = FRAMES; pfn > 0; pfn -= BITS / 2)
		check_frame(&p, words, pfn - 1);
	for (n = 0; n < 30000; n++)
		check_frame(&p, words, n * 7919 % FRAMES);
	for (pfn = 0; pfn < FRAMES; pfn++)
		if (is_there(pfn))
			check_frame(&p, words, pfn);
	p.close(p.ctx);
	free(words);
}

static void test_many_blocks(void **state)
{
	const uint64_t all = 0;

	(void)state;
	check_set(&all, 1);
}

/* A split set, whose ranges begin and end within blocks and at their ends. */
static void test_ranges(void **state)
{
	const uint64_t begins[] = {
		0, 3 * BITS + 12345, 20 * BITS, 21 * BITS, FRAMES - 100,
	};

	(void)state;
	check_set(begins, ARRAY_SIZE(begins));
}

/* A copy that ends within the descriptors: what they would tell is gone. */
static void test_cut_descriptors(void **state)
{
	struct sparse s = make(0, FRAMES);
	uint64_t kept = s.nr / 2, pfn, nr = 0, got;
	struct irqm_error err;
	struct irqm_pages p;

	(void)state;
	/* so many that groups of descriptors have to make room for others */
	assert_true(s.nr > 64 * 170);
	/* one and a half descriptors short of a group of 170 */
	kept -= kept % 170 + 1;
	s.b.len = DESCRIPTORS + kept * 24 - 12;
	assert_int_equal(fake_open(s.b, 1, &p, &err), 0);
	for (pfn = 0; pfn < FRAMES; pfn++) {
		if (!is_there(pfn))
			continue;
		assert_int_equal(p.read(p.ctx, pfn * PAGE, &got, 8),
				 nr < kept - 1 ? IRQM_OK : IRQM_TRUNCATED);
		nr++;
	}
	p.close(p.ctx);
	free(s.b.data);
}

static int memory_file(struct bytes b, char *name, size_t size)
{
	int fd = memfd_create("dump", 0);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, b.data, b.len), b.len);
	snprintf(name, size, "/proc/self/fd/%d", fd);
	return fd;
}

/* A file that somebody truncates while it is read. */
static void test_shrinks(void **state)
{
	/* within the second bitmap, the descriptors, the pages */
	static const size_t ends[] = {
		BITMAP_2 + PAGE,
		DESCRIPTORS + 24,
		4 * PAGE,
		0,
	};
	struct sparse s = make(0, FRAMES);
	const char *path;
	char name[40];
	struct irqm_error err;
	struct irqm_pages p;
	uint64_t got;
	struct irqm_stored stored;
	size_t i, n;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		int fd = memory_file(s.b, name, sizeof(name));

		path = name;
		assert_int_equal(irqm_pages_open(&path, 1, 0, 1, &p, &err), 0);
		assert_int_equal(ftruncate(fd, ends[i]), 0);
		/* twice: what could not be read is not remembered as read */
		for (n = 0; n < 2; n++)
			assert_int_equal(p.read(p.ctx, (2 * BITS - 1) * PAGE,
						&got, 8),
					 IRQM_TRUNCATED);
		assert_int_equal(p.stored(p.ctx, (2 * BITS - 1) * PAGE,
					  &stored),
				 IRQM_TRUNCATED);
		p.close(p.ctx);
		close(fd);
	}
	free(s.b.data);
}

/* A page that is where the file has none, or of a size that no page has. */
static void test_descriptors(void **state)
{
	static const struct {
		uint64_t offset;
		uint32_t size, flags;
		enum irqm_why why, stored;
	} cases[] = {
		{ 2 * PAGE, PAGE, 0, IRQM_OK, IRQM_OK },
		{ 0, PAGE, 0, IRQM_TRUNCATED, IRQM_TRUNCATED },
		{ UINT64_MAX, PAGE, 0, IRQM_TRUNCATED, IRQM_TRUNCATED },
		{ UINT64_MAX - 100, 200, 1, IRQM_TRUNCATED, IRQM_TRUNCATED },
		{ 2 * PAGE, 0, 0, IRQM_INVALID, IRQM_INVALID },
		{ 2 * PAGE, PAGE - 1, 0, IRQM_INVALID, IRQM_OK },
		{ 2 * PAGE, UINT32_MAX, 1, IRQM_INVALID, IRQM_INVALID },
		/* LZO, snappy: more than a page has */
		{ 2 * PAGE, PAGE + 1, 2, IRQM_INVALID, IRQM_OK },
		{ 2 * PAGE, PAGE + 1, 4, IRQM_INVALID, IRQM_OK },
		/* two packings at once */
		{ 2 * PAGE, PAGE, 0x21, IRQM_INVALID, IRQM_OK },
	};
	struct sparse s = make(0, FRAMES);
	struct irqm_error err;
	struct irqm_pages p;
	struct irqm_stored stored;
	uint64_t got;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		enum irqm_why why;

		fake_put(s.b, DESCRIPTORS, cases[i].offset, 8);
		fake_put(s.b, DESCRIPTORS + 8, cases[i].size, 4);
		fake_put(s.b, DESCRIPTORS + 12, cases[i].flags, 4);
		assert_int_equal(fake_open(s.b, 1, &p, &err), 0);
		/* frame 0 is the first that is there */
		assert_true(is_there(0));
		why = p.read(p.ctx, 0, &got, 8);
		if (why != cases[i].why)
			fail_msg("case %zu: %s", i, irqm_why_name(why));
		why = p.stored(p.ctx, 0, &stored);
		if (why != cases[i].stored)
			fail_msg("case %zu, stored: %s", i, irqm_why_name(why));
		/* the one behind it is what it is */
		assert_int_equal(p.read(p.ctx, 5 * PAGE, &got, 8), IRQM_OK);
		assert_int_equal(got, 2);
		p.close(p.ctx);
	}
	free(s.b.data);
}

/* A page that unpacks to less than one, to more, or not at all. */
static void test_packed_pages(void **state)
{
	static const unsigned int flags[] = { 0x1, 0x2, 0x4, 0x20 };
	static const struct {
		size_t size, cut;
		enum irqm_why why;
	} cases[] = {
		{ PAGE, 0, IRQM_OK },
		{ PAGE, 1, IRQM_INVALID },
		{ PAGE - 1, 0, IRQM_INVALID },
		{ PAGE + 1, 0, IRQM_INVALID },
	};
	struct sparse s = make(0, FRAMES);
	unsigned char page[PAGE + 1], got[PAGE];
	struct irqm_error err;
	struct irqm_pages p;
	size_t i, n, len;

	(void)state;
	for (n = 0; n < sizeof(page); n++)
		page[n] = n % 200;
	for (i = 0; i < 4 * 4; i++) {
		enum irqm_why why;

		len = fake_pack_page(flags[i / 4], page, cases[i % 4].size,
				     s.b.data + 2 * PAGE);
		fake_put(s.b, DESCRIPTORS + 8, len - cases[i % 4].cut, 4);
		fake_put(s.b, DESCRIPTORS + 12, flags[i / 4], 4);
		assert_int_equal(fake_open(s.b, 1, &p, &err), 0);
		why = p.read(p.ctx, 0, got, PAGE);
		if (why != cases[i % 4].why)
			fail_msg("packing 0x%x, case %zu: %s", flags[i / 4],
				 i % 4, irqm_why_name(why));
		if (why == IRQM_OK)
			assert_memory_equal(got, page, PAGE);
		p.close(p.ctx);
	}
	free(s.b.data);
}

/* What cannot be is refused before a page is read. */
static void test_refused(void **state)
{
	static const struct {
		size_t at, size;
		uint64_t value;
		const char *says;
	} cases[] = {
		{ KDUMP_MAX_MAPNR_64, 8, (1ULL << 36) + 1, "256 TiB" },
		{ KDUMP_MAX_MAPNR_64, 8, 2 * FRAMES + 1,
		  "bitmap is too small" },
		{ KDUMP_BITMAP_BLOCKS, 4, UINT32_MAX, "within its bitmaps" },
		{ KDUMP_SUB_BLOCKS, 4, UINT32_MAX, "within its bitmaps" },
		{ KDUMP_VERSION, 4, 0, "header version" },
		{ KDUMP_VERSION, 4, 1001, "header version" },
		{ KDUMP_BLOCK_SIZE, 4, 65536, "not 4096 bytes" },
		/* the range begins behind its end */
		{ PAGE + 80, 8, 8 * BITS, "range of pages is empty" },
	};
	struct sparse s = make(BITS, 7 * BITS);
	unsigned char before[8];
	struct irqm_error err;
	struct irqm_pages p;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		memcpy(before, s.b.data + cases[i].at, 8);
		fake_put(s.b, cases[i].at, cases[i].value, cases[i].size);
		assert_int_equal(fake_open(s.b, 1, &p, &err), -1);
		if (!strstr(err.msg, cases[i].says))
			fail_msg("case %zu: %s", i, err.msg);
		memcpy(s.b.data + cases[i].at, before, 8);
	}
	free(s.b.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_many_blocks),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_cut_descriptors),
		cmocka_unit_test(test_shrinks),
		cmocka_unit_test(test_descriptors),
		cmocka_unit_test(test_packed_pages),
		cmocka_unit_test(test_refused),
	};

	return RUN(tests);
}
