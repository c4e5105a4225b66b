/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "memory/paging.h"

/*
 * Physical memory of a few pages, made up: a table at TABLE(n), and bytes
 * elsewhere that tell their own address.
 */
#define TABLE(n) (0x100000ULL + (n)*4096ULL)
#define TABLES 16
#define PHYS_MAX (1ULL << 50)

#define P 0x3ULL /* present, writable */
#define PS 0x80ULL
#define NX (1ULL << 63)
#define SME (1ULL << 47)

static uint64_t tables[TABLES][512];
static enum irqm_why deny[TABLES];

static enum irqm_why read_phys(void *ctx, uint64_t paddr, void *buf, size_t len)
{
	(void)ctx;
	if (paddr >= PHYS_MAX)
		return IRQM_EXCLUDED;
	for (size_t i = 0; i < len; i++, paddr++) {
		unsigned char *to = (unsigned char *)buf + i;
		uint64_t n = (paddr - TABLE(0)) / 4096;

		if (paddr >= TABLE(0) && n < TABLES) {
			if (deny[n] != IRQM_OK)
				return deny[n];
			*to = ((unsigned char *)tables[n])[paddr % 4096];
		} else {
			*to = (paddr / 8) >> (paddr % 8 * 8);
		}
	}
	return IRQM_OK;
}

static struct irqm_pages pages = { .read = read_phys };
static struct irqm_paging paging;

static void start(const char *text)
{
	struct irqm_error err = { .msg = "" };

	memset(tables, 0, sizeof(tables));
	memset(deny, 0, sizeof(deny));
	pages.vmcoreinfo = text;
	if (irqm_paging_init(&paging, &pages, &err) < 0)
		fail_msg("%s", err.msg);
}

#define FOUR                                                                   \
	"NUMBER(phys_base)=-1048576\n"                                         \
	"SYMBOL(init_top_pgt)=ffffffff80200000\n"
#define FIVE FOUR "NUMBER(pgtable_l5_enabled)=1\n"
#define ENCRYPTED FOUR "NUMBER(sme_mask)=140737488355328\n"

static void check_at(uint64_t vaddr, uint64_t paddr, uint64_t len)
{
	uint64_t got_paddr, got_len;

	/* walked, and remembered */
	for (int i = 0; i < 2; i++) {
		assert_int_equal(irqm_translate(&paging, vaddr, &got_paddr,
						&got_len),
				 IRQM_OK);
		assert_int_equal(got_paddr, paddr);
		assert_int_equal(got_len, len);
	}
}

static void check_not(uint64_t vaddr, enum irqm_why why)
{
	uint64_t paddr, len;

	assert_int_equal(irqm_translate(&paging, vaddr, &paddr, &len), why);
}

/* ffff8880........ is entry 273 of the top, 0 of the others. */
#define DIRECT 0xffff888000000000ULL

static void map_direct(uint64_t flags)
{
	tables[0][273] = TABLE(1) | P | flags;
	tables[1][0] = TABLE(2) | P | flags;
	tables[1][2] = 0x4080000000ULL | P | PS | NX | flags;
	tables[2][0] = TABLE(3) | P | flags;
	tables[2][5] = 0x3000001e00000ULL | P | PS | NX | flags;
	tables[3][0] = 0x7000 | P | NX | flags;
	tables[3][1] = 0x5000 | P | PS | flags; /* PS is PAT there */
	tables[3][511] = 0x9000 | P | flags;
}

static void check_direct(void)
{
	check_at(DIRECT, 0x7000, 4096);
	check_at(DIRECT + 0xff8, 0x7ff8, 8);
	check_at(DIRECT + 0x1010, 0x5010, 4096 - 16);
	check_at(DIRECT + 0x1ff123, 0x9123, 4096 - 0x123);
	check_at(DIRECT + 5 * 0x200000 + 0x1234, 0x3000001e01234ULL,
		 0x200000 - 0x1234);
	check_at(DIRECT + 0x80000000 + 0x12345678, 0x4080000000 + 0x12345678,
		 0x40000000 - 0x12345678);
	check_not(DIRECT + 0x2000, IRQM_UNMAPPED);
	check_not(DIRECT + 0x40000000, IRQM_UNMAPPED);
	check_not(DIRECT + 0x200000, IRQM_UNMAPPED);
	check_not(DIRECT - 1, IRQM_UNMAPPED);
	check_not(DIRECT + (1ULL << 39), IRQM_UNMAPPED);
}

static void test_init(void **state)
{
	(void)state;
	start(FOUR);
	assert_int_equal(paging.root, TABLE(0));
	assert_int_equal(paging.levels, 4);
	assert_int_equal(paging.encryption, 0);
	start("SYMBOL(swapper_pg_dir)=ffffffff80200000\n"
	      "NUMBER(phys_base)=4096\nNUMBER(pgtable_l5_enabled)=0\n");
	assert_int_equal(paging.root, 0x201000);
	assert_int_equal(paging.levels, 4);
	start(FIVE);
	assert_int_equal(paging.levels, 5);
	start(ENCRYPTED);
	assert_int_equal(paging.encryption, SME);
}

static void test_init_fails(void **state)
{
	static const char *const bad[] = {
		NULL,
		"",
		"OSRELEASE=6.1\n",
		"NUMBER(phys_base)=0\n",
		"SYMBOL(init_top_pgt)=ffffffff80200000\n",
		"NUMBER(phys_base)=0\nSYMBOL(init_top_pgt)=1000\n",
		"NUMBER(phys_base)=0\nSYMBOL(init_top_pgt)="
		"ffffffffffffffff\n",
	};
	struct irqm_error err;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		err.msg[0] = '\0';
		pages.vmcoreinfo = bad[i];
		assert_int_equal(irqm_paging_init(&paging, &pages, &err), -1);
		assert_non_null(strstr(err.msg, "VMCOREINFO"));
	}
}

static void test_four_levels(void **state)
{
	(void)state;
	start(FOUR);
	map_direct(0);
	check_direct();
	/* not canonical, though the low bits are mapped */
	check_not(DIRECT & ~(1ULL << 63), IRQM_UNMAPPED);
	check_not(DIRECT & 0xff0fffffffffffffULL, IRQM_UNMAPPED);
}

static void test_encrypted(void **state)
{
	(void)state;
	start(ENCRYPTED);
	map_direct(SME);
	check_direct();
}

static void test_five_levels(void **state)
{
	/* entries 273 of the top and of the next, then as above */
	const uint64_t direct = 0xff11000000000000ULL;

	(void)state;
	start(FIVE);
	tables[0][273] = TABLE(5) | P;
	tables[5][0] = TABLE(6) | P;
	tables[6][3] = TABLE(7) | P;
	tables[7][1] = 0x600000 | P | PS;
	tables[7][0] = TABLE(8) | P;
	tables[8][9] = 0xb000 | P;
	check_at(direct + (3ULL << 30) + 0x9000, 0xb000, 4096);
	check_at(direct + (3ULL << 30) + 0x200001, 0x600001, 0x1fffff);
	check_not(direct + (1ULL << 39), IRQM_UNMAPPED);
	check_not(direct + (1ULL << 48), IRQM_UNMAPPED);
	check_not(direct & ~(1ULL << 60), IRQM_UNMAPPED);
}

/* The low bits of a large page's address are none. */
static void test_low_bits_of_large(void **state)
{
	(void)state;
	start(FOUR);
	map_direct(0);
	tables[2][6] = 0x6001000ULL | P | PS;
	check_at(DIRECT + 6 * 0x200000, 0x6000000, 0x200000);
}

static void test_hostile(void **state)
{
	(void)state;
	start(FOUR);
	map_direct(0);
	tables[0][274] = TABLE(0) | P;       /* leads to itself */
	tables[0][275] = 0x8000000 | P | PS; /* 512 GiB at once */
	tables[0][276] = PHYS_MAX | P;       /* beyond all memory */
	tables[0][277] = 0x000ffffffffff000ULL | P;
	tables[1][3] = 0x000fffffc0000000ULL | P | PS;
	check_at(0xffff890000000000ULL | 274ULL << 30 | 274ULL << 21 |
			 274ULL << 12,
		 TABLE(0), 4096);
	check_not(0xffff890000000000ULL, IRQM_UNMAPPED);
	check_not(0xffff898000000000ULL, IRQM_INVALID);
	check_not(0xffff8a0000000000ULL, IRQM_EXCLUDED);
	check_not(0xffff8a8000000000ULL, IRQM_EXCLUDED);
	check_at(DIRECT + (3ULL << 30), 0x000fffffc0000000ULL, 1ULL << 30);
	deny[3] = IRQM_TRUNCATED;
	check_not(DIRECT, IRQM_TRUNCATED);
}

/* phys_base serves where the tables are not in the dump, and only there. */
static void test_kernel_image(void **state)
{
	uint64_t value;

	(void)state;
	start(FOUR);
	check_not(0xffffffff81000000ULL, IRQM_UNMAPPED);
	deny[0] = IRQM_EXCLUDED;
	check_at(0xffffffff81000008ULL, 0x1000008 - 0x100000, 4096 - 8);
	assert_int_equal(irqm_paging_read(&paging, 0xffffffff82345678ULL,
					  &value, 8),
			 IRQM_OK);
	assert_int_equal(value, (0x2345678 - 0x100000) / 8);
	check_not(0xffffffffc0000000ULL, IRQM_EXCLUDED); /* modules */
	check_not(DIRECT, IRQM_EXCLUDED);
}

static void test_read(void **state)
{
	uint64_t words[1024];

	(void)state;
	start(FOUR);
	map_direct(0);
	/* across two pages that are not side by side */
	assert_int_equal(irqm_paging_read(&paging, DIRECT + 0xff0, words, 32),
			 IRQM_OK);
	assert_int_equal(words[0], 0x7ff0 / 8);
	assert_int_equal(words[1], 0x7ff8 / 8);
	assert_int_equal(words[2], 0x5000 / 8);
	assert_int_equal(words[3], 0x5008 / 8);
	assert_int_equal(irqm_paging_read(&paging, DIRECT + 0x1ff8, words, 8),
			 IRQM_OK);
	assert_int_equal(irqm_paging_read(&paging, DIRECT + 0x1ff8, words, 9),
			 IRQM_UNMAPPED);
	assert_int_equal(irqm_paging_read(&paging, DIRECT, words, 0), IRQM_OK);
	assert_int_equal(irqm_paging_read(&paging, UINT64_MAX - 3, words, 8),
			 IRQM_UNMAPPED);
}

/* Slots are shared by many addresses: none may see another's page. */
static void test_recent(void **state)
{
	(void)state;
	start(FOUR);
	map_direct(0);
	for (unsigned int i = 0; i < 512; i++)
		tables[3][i] = (uint64_t)(1000 - i) << 12 | P;
	for (int round = 0; round < 3; round++)
		for (unsigned int i = 0; i < 512; i++) {
			check_at(DIRECT + i * 4096, (1000 - i) << 12, 4096);
			check_at(DIRECT + 5 * 0x200000 + i * 4096,
				 0x3000001e00000ULL + i * 4096,
				 0x200000 - i * 4096);
		}
}

/* A running kernel maps other pages at the same address. */
static void test_forget(void **state)
{
	(void)state;
	start(FOUR);
	map_direct(0);
	tables[3][7] = 1000ULL << 12 | P;
	check_at(DIRECT + 7 * 4096, 1000 << 12, 4096);
	tables[3][7] = 2000ULL << 12 | P;
	irqm_paging_forget(&paging);
	check_at(DIRECT + 7 * 4096, 2000 << 12, 4096);
}

static uint64_t visited[16];
static unsigned int nr_visited;

static void visit(void *ctx, uint64_t paddr)
{
	assert_ptr_equal(ctx, visited);
	assert_in_range(nr_visited, 0, 15);
	visited[nr_visited++] = paddr;
}

static void test_visit(void **state)
{
	(void)state;
	start(FOUR);
	map_direct(0);
	paging.visit = visit;
	paging.visit_ctx = visited;
	check_at(DIRECT + 0x1000, 0x5000, 4096);
	assert_int_equal(nr_visited, 4); /* once: the second is remembered */
	assert_int_equal(visited[0], TABLE(0) + 273 * 8);
	assert_int_equal(visited[1], TABLE(1));
	assert_int_equal(visited[2], TABLE(2));
	assert_int_equal(visited[3], TABLE(3) + 8);
}

/* Text: two large pages, two small ones, and data behind them. */
#define TEXT 0xffffffff81000000ULL

static void map_text(void)
{
	tables[0][511] = TABLE(1) | P;
	tables[1][510] = TABLE(2) | P;
	tables[2][8] = 0x1000000 | P | PS;
	tables[2][9] = 0x1200000 | P | PS;
	tables[2][10] = TABLE(3) | P;
	tables[3][0] = 0x1400000 | P;
	tables[3][1] = 0x1401000 | P;
	tables[3][2] = 0x1402000 | P | NX;
	tables[2][11] = 0x1600000 | P | PS;
}

static void test_text_end(void **state)
{
	(void)state;
	start(FOUR);
	map_text();
	assert_true(irqm_paging_text_end(&paging, TEXT) == TEXT + 0x402000);
	assert_true(irqm_paging_text_end(&paging, TEXT + 8) == TEXT + 0x402000);
	/* of a whole table, and by what is missing */
	tables[2][9] |= NX;
	assert_true(irqm_paging_text_end(&paging, TEXT) == TEXT + 0x200000);
	tables[2][9] = 0;
	assert_true(irqm_paging_text_end(&paging, TEXT) == TEXT + 0x200000);
	deny[2] = IRQM_EXCLUDED;
	assert_true(irqm_paging_text_end(&paging, TEXT) == TEXT);
	deny[2] = IRQM_OK;
	tables[1][510] |= NX;
	assert_true(irqm_paging_text_end(&paging, TEXT) == TEXT);
	/* nothing protected, up to the end; and not of the image at all */
	tables[1][510] &= ~NX;
	for (int i = 8; i < 512; i++)
		tables[2][i] = 0x1000000 | P | PS;
	tables[1][511] = TABLE(2) | P;
	assert_true(irqm_paging_text_end(&paging, TEXT) == TEXT);
	assert_true(irqm_paging_text_end(&paging, DIRECT) == DIRECT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_init),
		cmocka_unit_test(test_init_fails),
		cmocka_unit_test(test_four_levels),
		cmocka_unit_test(test_encrypted),
		cmocka_unit_test(test_five_levels),
		cmocka_unit_test(test_low_bits_of_large),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_kernel_image),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_recent),
		cmocka_unit_test(test_forget),
		cmocka_unit_test(test_visit),
		cmocka_unit_test(test_text_end),
	};

	return RUN(tests);
}
