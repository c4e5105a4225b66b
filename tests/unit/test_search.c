/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * VMCOREINFO in a dump's memory: kernels of some pages each, of which the
 * tests break one thing or another.
 */
#include "unit.h"

#include <elf.h>
#include <inttypes.h>

#include "memory/search/note.h"

#define PAGE UINT64_C(4096)
#define PAGES 96
#define MAP ((uint64_t)IRQM_START_KERNEL_MAP)

/* The pages of a kernel's image, from its start on. */
enum {
	STEXT,
	TOP,
	TOP_USER,
	TABLE,
	UPPER,
	MIDDLE,
	LOWER,
	UTS,
	NR_PAGES
};

#define P 0x3ULL /* present, writable */

static unsigned char memory[PAGES * PAGE];
static bool absent[PAGES];
static uint64_t cpus[4], nr_read;
static struct irqm_pages pages;

static enum irqm_why read_memory(void *ctx, uint64_t paddr, void *buf,
				 size_t len)
{
	uint64_t pfn;

	(void)ctx;
	nr_read++;
	if (paddr >= sizeof(memory) || len > sizeof(memory) - paddr)
		return IRQM_EXCLUDED;
	for (pfn = paddr / PAGE; pfn * PAGE < paddr + len; pfn++)
		if (absent[pfn])
			return IRQM_EXCLUDED;
	memcpy(buf, memory + paddr, len);
	return IRQM_OK;
}

static bool next_run(void *ctx, uint64_t paddr, uint64_t *ret_start,
		     uint64_t *ret_end)
{
	(void)ctx;
	*ret_start = paddr;
	*ret_end = sizeof(memory);
	return paddr < sizeof(memory);
}

static int setup(void **state)
{
	(void)state;
	memset(memory, 0, sizeof(memory));
	memset(absent, 0, sizeof(absent));
	nr_read = 0;
	pages = (struct irqm_pages){
		.read = read_memory,
		.next = next_run,
		.cr3 = cpus,
		.end = sizeof(memory),
		.most = sizeof(memory),
	};
	return 0;
}

/* A kernel at a page of memory and at an address, which is page by page. */
struct kernel {
	unsigned int pfn;
	uint64_t stext, offset;
	const char *release;
	unsigned int levels;
};

static uint64_t page_of(const struct kernel *k, unsigned int n)
{
	return (k->pfn + n) * PAGE;
}

static void put64(uint64_t paddr, uint64_t value)
{
	memcpy(memory + paddr, &value, sizeof(value));
}

static void map(const struct kernel *k, unsigned int table, unsigned int index,
		unsigned int to)
{
	put64(page_of(k, table) + index * 8, page_of(k, to) | P);
}

static const struct kernel first = { 8, MAP + 0x1000000, 0, "6.1.0-a", 4 };
static const struct kernel second = { 40, MAP + 0x3a00000, 0x2a00000, "6.1.0-b",
				      4 };

static void put_kernel(const struct kernel *k)
{
	uint64_t name = page_of(k, UTS) + 0x100;
	unsigned int i;

	if (k->levels == 5) {
		map(k, TOP, 511, TABLE);
		map(k, TABLE, 511, UPPER);
	} else {
		map(k, TOP, 511, UPPER);
	}
	map(k, UPPER, 510, MIDDLE);
	map(k, MIDDLE, k->stext >> 21 & 511, LOWER);
	for (i = 0; i < NR_PAGES; i++)
		map(k, LOWER, (k->stext >> 12 & 511) + i, i);
	strcpy((char *)memory + name, "Linux");
	strcpy((char *)memory + name + 2 * 65, k->release);
}

static const char *text_of(const struct kernel *k, const char *more)
{
	static char text[2048];
	int64_t phys_base = page_of(k, 0) - (k->stext - MAP);

	snprintf(text, sizeof(text),
		 "OSRELEASE=%s\nSYMBOL(init_uts_ns)=%" PRIx64 "\n"
		 "SYMBOL(_stext)=%" PRIx64 "\nNUMBER(phys_base)=%" PRId64 "\n"
		 "SYMBOL(init_top_pgt)=%" PRIx64 "\n"
		 "NUMBER(pgtable_l5_enabled)=%d\nKERNELOFFSET=%" PRIx64 "\n%s",
		 k->release, k->stext + UTS * PAGE + 0xfc, k->stext, phys_base,
		 k->stext + TOP * PAGE, k->levels == 5, k->offset, more);
	return text;
}

static void put_note(unsigned int pfn, const char *text)
{
	Elf64_Nhdr nh = { sizeof("VMCOREINFO"), strlen(text), 0 };

	memcpy(memory + pfn * PAGE, &nh, sizeof(nh));
	strcpy((char *)memory + pfn * PAGE + sizeof(nh), "VMCOREINFO");
	memcpy(memory + pfn * PAGE + 24, text, strlen(text));
}

static void put_data(unsigned int pfn, const char *text)
{
	memcpy(memory + pfn * PAGE, text, strlen(text));
}

static struct irqm_error err;

static int find(struct irqm_note *ret)
{
	static const struct irqm_note_options options;

	err.msg[0] = '\0';
	return irqm_note_find(&pages, &options, ret, &err);
}

static void found(unsigned int pfn, const char *text)
{
	struct irqm_note n;

	if (find(&n))
		fail_msg("%s", err.msg);
	assert_non_null(n.text);
	assert_int_equal(n.paddr, pfn * PAGE);
	assert_string_equal(n.text, text);
	free(n.text);
}

static void none(void)
{
	struct irqm_note n;

	if (find(&n))
		fail_msg("%s", err.msg);
	assert_null(n.text);
}

static void refused(const char *says)
{
	struct irqm_note n;

	assert_int_equal(find(&n), -1);
	if (!strstr(err.msg, says))
		fail_msg("\"%s\" is not in: %s", says, err.msg);
	assert_null(n.text);
}

static void test_note(void **state)
{
	(void)state;
	none();
	put_kernel(&first);
	none();
	put_note(3, text_of(&first, ""));
	found(3, text_of(&first, ""));
	/* the same again: kexec's copy, a file */
	put_note(50, text_of(&first, ""));
	put_data(51, text_of(&first, ""));
	found(3, text_of(&first, ""));
	/* only the note has the time */
	put_note(3, "");
	put_note(50, text_of(&first, "CRASHTIME=1\n"));
	found(50, text_of(&first, "CRASHTIME=1\n"));
	put_note(50, "");
	found(51, text_of(&first, ""));
	absent[51] = true;
	none();
	pages.next = NULL;
	refused("of this format");
}

/* 24 bytes of header before 4096 of text: the last are on another page. */
static void test_second_page(void **state)
{
	const char *text = text_of(&first, "");
	unsigned char *note = memory + 3 * PAGE;
	struct irqm_note n;
	char value[8];

	(void)state;
	put_kernel(&first);
	put_note(3, text);
	memset(note + 24 + strlen(text), 'x', 4080 - strlen(text));
	memcpy(note + 24 + 4080, "\nB=1\n", 5);
	memcpy(note + 4, &(uint32_t){ 4085 }, 4);
	assert_int_equal(find(&n), 0);
	assert_non_null(n.text);
	assert_true(irqm_vmcoreinfo_value(n.text, "B", value, 8));
	free(n.text);
	absent[4] = true;
	none();
}

/* What is written with the text and not so in memory, or the other way. */
static void test_not_borne_out(void **state)
{
	static const char *const changes[][2] = {
		{ "OSRELEASE=6.1.0-a", "OSRELEASE=6.1.0-c" },
		{ "OSRELEASE=", "OSRELEASX=" },
		{ "(_stext)=ffffffff81000000", "(_stext)=ffffffff81200000" },
		{ "(_stext)=ffffffff81000000", "(_stext)=ffff888001000000" },
		{ "(phys_base)=-", "(phys_base)=+" },
		{ "(init_top_pgt)=ffffffff81001000",
		  "(init_top_pgt)=ffffffff81003000" },
		{ "l5_enabled)=0", "l5_enabled)=1" },
		{ "KERNELOFFSET=0\n", "KERNELOFFSET=1\n" },
		{ "(init_uts_ns)=ffffffff810070fc",
		  "(init_uts_ns)=ffffffff810060fc" },
		{ "init_uts_ns", "init_uts_nt" },
	};
	static const unsigned int needed[] = { TOP, UPPER, MIDDLE, LOWER, UTS };
	char text[2048];
	size_t i;

	(void)state;
	put_kernel(&first);
	for (i = 0; i < ARRAY_SIZE(changes); i++) {
		strcpy(text, text_of(&first, ""));
		memcpy(strstr(text, changes[i][0]), changes[i][1],
		       strlen(changes[i][1]));
		put_note(3, text);
		none();
	}
	put_note(3, text_of(&first, ""));
	for (i = 0; i < ARRAY_SIZE(needed); i++) {
		absent[first.pfn + needed[i]] = true;
		none();
		absent[first.pfn + needed[i]] = false;
	}
	memcpy(memory + page_of(&first, UTS) + 0x100, "Minix", 5);
	none();
	memcpy(memory + page_of(&first, UTS) + 0x100, "Linux", 5);
	found(3, text_of(&first, ""));
}

/* Headers that are not quite a note's. */
static void test_headers(void **state)
{
	static const uint32_t fields[][2] = {
		{ 0, 10 }, { 0, 12 },          { 0, UINT32_MAX },
		{ 4, 0 },  { 4, 4097 },        { 4, UINT32_MAX },
		{ 8, 1 },  { 12, 0x4d43564e }, { 20, 0x4f4e },
	};
	size_t i;

	(void)state;
	put_kernel(&first);
	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		put_note(3, text_of(&first, ""));
		memcpy(memory + 3 * PAGE + fields[i][0], &fields[i][1], 4);
		none();
	}
	/* not at the start of a page */
	memmove(memory + 3 * PAGE + 16, memory + 3 * PAGE, 2048);
	none();
	/* as long as there is memory behind it */
	put_note(PAGES - 1, text_of(&first, ""));
	found(PAGES - 1, text_of(&first, ""));
	memcpy(memory + (PAGES - 1) * PAGE + 4, &(uint32_t){ 4096 }, 4);
	none();
}

static void test_five_levels(void **state)
{
	struct kernel k = second;

	(void)state;
	k.levels = 5;
	put_kernel(&k);
	put_note(3, text_of(&k, ""));
	found(3, text_of(&k, ""));
	cpus[0] = page_of(&k, TOP);
	pages.nr_cr3 = 1;
	found(3, text_of(&k, ""));
}

/* Two kernels, and no CPUs that tell which is the one. */
static void test_two(void **state)
{
	(void)state;
	put_kernel(&first);
	put_kernel(&second);
	put_note(3, text_of(&first, "CRASHTIME=1\n"));
	put_data(4, text_of(&first, ""));
	put_note(30, text_of(&second, ""));
	refused("0x3000 and 0x1e000");
	put_note(3, "");
	refused("0x4000 and 0x1e000");
	put_data(4, "xxxxxxxxxx");
	found(30, text_of(&second, ""));
	/* of one kernel two notes that are not the same */
	put_note(31, text_of(&second, "CRASHTIME=1\n"));
	refused("0x1e000 and 0x1f000");
	/* two data, and then a note */
	put_note(30, "");
	put_note(31, "");
	put_data(4, text_of(&second, ""));
	put_data(5, text_of(&second, "A=1\n"));
	refused("0x4000 and 0x5000");
	put_note(31, text_of(&second, "A=1\n"));
	found(31, text_of(&second, "A=1\n"));
}

static void test_cpus(void **state)
{
	(void)state;
	put_kernel(&first);
	put_kernel(&second);
	put_note(3, text_of(&first, "CRASHTIME=1\n"));
	put_note(30, text_of(&second, ""));
	pages.nr_cr3 = 2;
	/* after a reset: CR3 with a PCID, and a process's own tables */
	cpus[0] = page_of(&second, TOP) | 0x8000000000000006ULL;
	cpus[1] = 0x7fffffff000ULL;
	found(30, text_of(&second, ""));
	/* a crash kernel, and CPUs that wait for it */
	cpus[1] = page_of(&first, TOP);
	found(3, text_of(&first, "CRASHTIME=1\n"));
	/* a kexec that left some behind */
	put_note(3, text_of(&first, ""));
	memset(memory + 3 * PAGE + 24 + strlen(text_of(&first, "")), 0, 32);
	refused("0x3000 and 0x1e000");
	put_note(3, text_of(&first, "CRASHTIME=1\n"));
	put_note(30, text_of(&second, "CRASHTIME=2\n"));
	refused("0x3000 and 0x1e000");
	/* neither: firmware, or another system */
	cpus[0] = cpus[1] = page_of(&first, UTS);
	none();
}

/* What a CPU in a program has with page table isolation: 4 KiB above. */
static void test_user_tables(void **state)
{
	struct kernel k = first;

	(void)state;
	k.pfn = 9; /* TOP at an even page */
	put_kernel(&k);
	put_note(3, text_of(&k, ""));
	cpus[0] = page_of(&k, TOP_USER);
	pages.nr_cr3 = 1;
	found(3, text_of(&k, ""));
	k = first; /* TOP at an odd one */
	setup(NULL);
	put_kernel(&k);
	put_note(3, text_of(&k, ""));
	pages.nr_cr3 = 1;
	cpus[0] = page_of(&k, TOP_USER);
	none();
}

/* As all CPUs run it there is no other: the rest is not looked at. */
static void test_stops(void **state)
{
	(void)state;
	put_kernel(&first);
	put_note(3, text_of(&first, ""));
	put_note(50, text_of(&first, "CRASHTIME=1\n"));
	refused("0x3000 and 0x32000");
	pages.nr_cr3 = 1;
	cpus[0] = page_of(&first, TOP);
	found(3, text_of(&first, ""));
}

/* A dump of a million pages, each with a note that is another one. */
static uint64_t fake_read;
static bool fakes_differ;

static enum irqm_why read_fakes(void *ctx, uint64_t paddr, void *buf,
				size_t len)
{
	char text[64];
	size_t at;

	(void)ctx;
	fake_read++;
	for (at = 0; at + PAGE <= len; at += PAGE) {
		Elf64_Nhdr nh = { sizeof("VMCOREINFO"), 50, 0 };

		snprintf(text, sizeof(text), "OSRELEASE=%" PRIu64 "\n",
			 fakes_differ ? (paddr + at) / PAGE : 0);
		memset((char *)buf + at, 0, PAGE);
		memcpy((char *)buf + at, &nh, sizeof(nh));
		strcpy((char *)buf + at + sizeof(nh), "VMCOREINFO");
		strcpy((char *)buf + at + 24, text);
	}
	if (at < len)
		memset(buf, 'x', len);
	return IRQM_OK;
}

static bool next_fake(void *ctx, uint64_t paddr, uint64_t *ret_start,
		      uint64_t *ret_end)
{
	(void)ctx;
	*ret_start = paddr;
	*ret_end = paddr + (1ULL << 40);
	return true;
}

static void test_bounds(void **state)
{
	(void)state;
	pages.read = read_fakes;
	pages.next = next_fake;
	pages.end = 1ULL << 40;
	/* as much as the file is long, though there are pages without end */
	pages.most = 512 * PAGE;
	fake_read = 0;
	none();
	assert_in_range(fake_read, 1, 2000);
	pages.most = 1ULL << 50;
	for (int i = 0; i < 2; i++) {
		fakes_differ = i;
		fake_read = 0;
		refused("more than 1024 pages");
		assert_in_range(fake_read, 1024, 20000);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_note, setup),
		cmocka_unit_test_setup(test_second_page, setup),
		cmocka_unit_test_setup(test_not_borne_out, setup),
		cmocka_unit_test_setup(test_headers, setup),
		cmocka_unit_test_setup(test_five_levels, setup),
		cmocka_unit_test_setup(test_two, setup),
		cmocka_unit_test_setup(test_cpus, setup),
		cmocka_unit_test_setup(test_user_tables, setup),
		cmocka_unit_test_setup(test_stops, setup),
		cmocka_unit_test_setup(test_bounds, setup),
	};

	return RUN(tests);
}
