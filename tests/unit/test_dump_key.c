/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "memory/known/dump_key.h"

#include <unistd.h>

#define MAP 0xffffffff80000000ULL
#define PAGES 20
/* so many that relative_base begins a page */
#define SYMBOLS 4032

static unsigned char memory[PAGES * IRQM_PAGE_SIZE];
static uint64_t stext;   /* the memory begins there */
static uint64_t missing; /* a page that is not in the dump; 0: none */
static uint32_t packing;
static unsigned int reads;
static struct irqm_kallsyms_where where;
static char dir[] = "/tmp/test_dump_key-XXXXXX";
static struct irqm_known *known;

/* The page tables, if there are any: a page each for the levels above the last,
 * in which all entries are the same. */
#define TABLES (1ULL << 40)
#define LEVELS 4
static bool has_tables;
static uint64_t mapped[PAGES]; /* page of memory, by page of the image */

static uint64_t fake_entry(uint64_t at)
{
	uint64_t level = at / IRQM_PAGE_SIZE, page = at % IRQM_PAGE_SIZE / 8;

	if (level < LEVELS - 1)
		return (TABLES + (level + 1) * IRQM_PAGE_SIZE) | 1;
	return page < PAGES ?
		       (stext - MAP + mapped[page] * IRQM_PAGE_SIZE) | 1 :
		       0;
}

static enum irqm_why fake_read(void *ctx, uint64_t paddr, void *buf, size_t len)
{
	uint64_t at = paddr - (stext - MAP), entry;

	(void)ctx;
	reads++;
	if (has_tables && paddr - TABLES < LEVELS * IRQM_PAGE_SIZE) {
		entry = fake_entry(paddr - TABLES);
		memcpy(buf, &entry, len);
		return IRQM_OK;
	}
	/* without page tables the image is found by phys_base */
	if (at >= sizeof(memory) || len > sizeof(memory) - at ||
	    (missing && at / IRQM_PAGE_SIZE == missing))
		return IRQM_EXCLUDED;
	memcpy(buf, memory + at, len);
	return IRQM_OK;
}

/* Frames of pages that are packed together, as in a distilled dump: the first
 * page, and the packed bytes. */
static struct frame {
	uint64_t page, nr;
	const char *bytes;
} frame, second;

static bool begins_frame(const struct frame *f, uint64_t paddr)
{
	return f->nr && paddr - (stext - MAP) == f->page * IRQM_PAGE_SIZE;
}

static enum irqm_why fake_stored(void *ctx, uint64_t paddr,
				 struct irqm_stored *ret)
{
	static unsigned char page[IRQM_PAGE_SIZE];
	const struct frame *f = begins_frame(&second, paddr) ? &second : &frame;

	if (begins_frame(f, paddr)) {
		*ret = (struct irqm_stored){
			.data = f->bytes,
			.size = strlen(f->bytes),
			.is_frame = true,
			.len = f->nr * IRQM_PAGE_SIZE,
		};
		return IRQM_OK;
	}
	*ret = (struct irqm_stored){ .data = page,
				     .size = sizeof(page),
				     .packing = packing,
				     .len = sizeof(page) };
	return fake_read(ctx, paddr, page, sizeof(page));
}

static void put(uint64_t addr, uint64_t value, size_t size)
{
	memcpy(memory + (addr - stext), &value, size);
}

/* offsets, relative_base, num_syms, names, tokens: as in 6.1. */
static void boot(uint64_t at)
{
	unsigned int i;

	stext = at;
	missing = 0;
	packing = 1;
	frame.nr = second.nr = 0;
	has_tables = false;
	for (i = 0; i < sizeof(memory); i++)
		memory[i] = i * 7 + i / 251;
	memset(&where, 0, sizeof(where));
	where.offsets = stext + 0x1100;
	where.relative_base = where.offsets + 4 * SYMBOLS;
	where.num_syms = where.relative_base + 8;
	where.names = where.num_syms + 8;
	where.token_table = stext + 0xc100;
	where.token_index = stext + 0xd200;
	put(where.relative_base, stext, 8);
	put(where.num_syms, SYMBOLS, 4);
	put(where.token_index + 510, 0x1000, 2);
	/* what else is there on the first page and on the last */
	put(stext + 0x1080, stext + 1, 8);
	put(stext + 0xd800, stext + 2, 8);
}

/* False: there is no key. */
static bool key(uint8_t *ret)
{
	struct irqm_pages pages = { .read = fake_read, .stored = fake_stored };
	struct irqm_paging p = { .pages = &pages,
				 .root = TABLES,
				 .levels = LEVELS };
	struct irqm_known_key k;

	irqm_known_key_begin(&k, known, "id", 2);
	if (!irqm_dump_key_kallsyms(&k, &p, &where, stext))
		return false;
	irqm_siphash_end(&k.hash, ret);
	return true;
}

static uint8_t first[16], other[16];

#define assert_same()                                                          \
	do {                                                                   \
		assert_true(key(other));                                       \
		assert_memory_equal(first, other, 16);                         \
	} while (0)
#define assert_other()                                                         \
	do {                                                                   \
		assert_true(key(other));                                       \
		assert_memory_not_equal(first, other, 16);                     \
	} while (0)

static void each_boot_has_one_key(void **state)
{
	(void)state;
	boot(MAP + 0x1000000);
	assert_true(key(first));
	boot(MAP + 0x31000000);
	assert_same();
	/* beside the tables */
	memory[0x10ff] ^= 1;
	memory[0xd400] ^= 1;
	assert_same();
}

static void every_byte_counts(void **state)
{
	size_t i;

	(void)state;
	boot(MAP + 0x1000000);
	assert_true(key(first));
	for (i = 0x1100; i < 0xd400; i += i % 64 ? 1 : 13) {
		uint64_t at = stext + i;

		/* these say how much there is */
		if (at - where.num_syms < 4 ||
		    at - (where.token_index + 510) < 2)
			continue;
		memory[i] ^= 0x40;
		if (key(other))
			assert_memory_not_equal(first, other, 16);
		else /* relative_base may be made one that cannot be */
			assert_true(at - where.relative_base < 8);
		memory[i] ^= 0x40;
	}
	assert_same();
	put(where.num_syms, SYMBOLS - 1, 4);
	assert_other();
	put(where.num_syms, SYMBOLS, 4);
	packing = 2;
	assert_other();
	packing = 1;
	where.names += 8;
	assert_other();
	where.names -= 8;
	put(where.relative_base, stext + 16, 8);
	assert_other();
}

/* As since 6.4, and place-relative. */
static void offsets_may_be_last(void **state)
{
	size_t end = 0xf000 + 4 * SYMBOLS;

	(void)state;
	boot(MAP + 0x1000000);
	where.offsets = stext + 0xf000;
	where.relative_base = 0;
	assert_true(key(first));
	memory[end - 1] ^= 1;
	assert_other();
	memory[end - 1] ^= 1;
	memory[end] ^= 1;
	assert_same();
}

static void a_page_may_be_missing(void **state)
{
	(void)state;
	boot(MAP + 0x1000000);
	assert_true(key(first));
	missing = 7;
	assert_other();
	assert_true(key(first));
	memory[7 * IRQM_PAGE_SIZE + 9] ^= 1;
	assert_same();
	missing = 8;
	assert_other();
}

static void what_has_no_key(void **state)
{
	/* the first page and the last are shared, and there num_syms is */
	static const uint64_t needed[] = { 1, 5, 0xd };
	unsigned int i;

	(void)state;
	boot(MAP + 0x1000000);
	for (i = 0; i < ARRAY_SIZE(needed); i++) {
		missing = needed[i];
		assert_false(key(other));
	}
	missing = 0;
	assert_true(key(other));
	put(where.num_syms, UINT32_MAX, 4);
	assert_false(key(other));
	boot(MAP + 0x1000000);
	put(where.relative_base, 4096, 8);
	assert_false(key(other));
	boot(MAP + 0x1000000);
	where.token_table = where.names - 8;
	assert_false(key(other));
	boot(MAP + 0x1000000);
	where.addresses = where.offsets;
	assert_false(key(other));
	boot(MAP + 0x1000000);
	where.offsets = 0x1000;
	assert_false(key(other));
}

/* What a page has counts, however it is packed. */
static void assert_counts(uint64_t page)
{
	uint8_t before[16];

	assert_true(key(before));
	memory[page * IRQM_PAGE_SIZE + 77] ^= 1;
	assert_true(key(other));
	assert_memory_not_equal(before, other, 16);
	memory[page * IRQM_PAGE_SIZE + 77] ^= 1;
}

/*
 * A frame that is as a whole in the tables counts by its packed bytes. Any other
 * counts page by page. Pages 2 to 4 are full of offsets, page 5 has
 * relative_base, pages 6 to 12 are names.
 */
static void frames_count_packed(void **state)
{
	(void)state;
	boot(MAP + 0x1000000);
	assert_true(key(first));
	frame.page = 2;
	frame.nr = 3;
	frame.bytes = "packed";
	assert_other();
	assert_true(key(first));
	/* no page of it is unpacked */
	memory[2 * IRQM_PAGE_SIZE] ^= 1;
	memory[3 * IRQM_PAGE_SIZE] ^= 1;
	memory[5 * IRQM_PAGE_SIZE - 1] ^= 1;
	assert_same();
	assert_counts(6);
	frame.bytes = "packee";
	assert_other();
	frame.bytes = "packed";
	assert_same();
	frame.nr = 2;
	assert_other();
	assert_counts(4);
	/* a place of its own: what follows is another page */
	frame.page = 3;
	assert_other();
	/* the same bytes, said to be other pages */
	frame = (struct frame){ 6, 2, "packed" };
	second = (struct frame){ 8, 3, "more" };
	assert_true(key(first));
	frame.nr = 3;
	second = (struct frame){ 9, 2, "more" };
	assert_other();
	/* as the kernel boots elsewhere */
	frame = (struct frame){ 2, 3, "packed" };
	second.nr = 0;
	memory[2 * IRQM_PAGE_SIZE] ^= 1;
	assert_true(key(first));
	boot(MAP + 0x31000000);
	frame.page = 2;
	frame.nr = 3;
	memory[2 * IRQM_PAGE_SIZE] ^= 1;
	assert_same();
}

static void other_frames_do_not(void **state)
{
	uint64_t i;

	(void)state;
	boot(MAP + 0x1000000);
	frame.bytes = "packed";
	/* with relative_base's page, and with more than the tables */
	frame.page = 2;
	frame.nr = 4;
	for (i = 2; i < 5; i++)
		assert_counts(i);
	frame.page = 11;
	for (i = 11; i < 13; i++)
		assert_counts(i);
	/* as many as one can say */
	frame.nr = UINT64_MAX / IRQM_PAGE_SIZE;
	assert_counts(11);
	frame.nr = 2;
	has_tables = true;
	for (i = 0; i < PAGES; i++)
		mapped[i] = i;
	memory[11 * IRQM_PAGE_SIZE] ^= 1;
	assert_true(key(first));
	memory[11 * IRQM_PAGE_SIZE] ^= 1;
	assert_same();
	/* its pages are mapped in another order, and with another between */
	mapped[11] = 12;
	mapped[12] = 11;
	assert_counts(11);
	assert_counts(12);
	mapped[10] = 11;
	mapped[11] = 10;
	mapped[12] = 12;
	assert_counts(10);
	assert_counts(11);
	assert_counts(12);
	/* twice its beginning */
	mapped[10] = mapped[11] = mapped[12] = 11;
	assert_counts(11);
}

static bool memory_key(uint64_t addr, uint64_t len, bool tells, uint8_t *ret)
{
	struct irqm_pages pages = { .read = fake_read,
				    .stored = tells ? fake_stored : NULL };
	struct irqm_paging p = { .pages = &pages,
				 .root = TABLES,
				 .levels = LEVELS };
	struct irqm_known_key k;

	irqm_known_key_begin(&k, known, "id", 2);
	if (!irqm_dump_key_memory(&k, &p, addr, len))
		return false;
	irqm_siphash_end(&k.hash, ret);
	return true;
}

/* BTF of one build-id, and other bytes in it: from the first to the last. */
static void memory_counts(void **state)
{
	static const size_t at[] = { 0x2345, 0x3000, 0x4567, 0x5fff, 0x6122 };
	size_t i;

	(void)state;
	boot(MAP + 0x1000000);
	assert_true(memory_key(stext + 0x2345, 0x3dde, true, first));
	for (i = 0; i < ARRAY_SIZE(at); i++) {
		memory[at[i]] ^= 1;
		assert_true(memory_key(stext + 0x2345, 0x3dde, true, other));
		assert_memory_not_equal(first, other, 16);
		memory[at[i]] ^= 1;
	}
	memory[0x2344] ^= 1;
	memory[0x6123] ^= 1;
	assert_true(memory_key(stext + 0x2345, 0x3dde, true, other));
	assert_memory_equal(first, other, 16);
	assert_false(memory_key(stext + 0x2345, 0x3dde, false, other));
	assert_false(memory_key(stext, 0, true, other));
	assert_false(memory_key(stext, UINT64_MAX, true, other));
	/* page tables may map one page as often as they like */
	reads = 0;
	assert_false(memory_key(MAP, 1ULL << 30, true, other));
	assert_int_equal(reads, 0);
	assert_false(memory_key(UINT64_MAX - 4095, 4095, true, other));
}

static int setup(void **state)
{
	struct irqm_error err;

	(void)state;
	return mkdtemp(dir) ? irqm_known_open(dir, NULL, 0, &known, &err) : -1;
}

static int teardown(void **state)
{
	char secret[64];

	(void)state;
	irqm_known_close(known);
	snprintf(secret, sizeof(secret), "%s/secret", dir);
	unlink(secret);
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_boot_has_one_key),
		cmocka_unit_test(every_byte_counts),
		cmocka_unit_test(offsets_may_be_last),
		cmocka_unit_test(a_page_may_be_missing),
		cmocka_unit_test(frames_count_packed),
		cmocka_unit_test(other_frames_do_not),
		cmocka_unit_test(what_has_no_key),
		cmocka_unit_test(memory_counts),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
