/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernel of a vmlinux, found in memory without VMCOREINFO. */
#include "vmlinux_maker.h"

#include "memory/files_local.h"
#include "memory/search/banner.h"
#include "memory/vmcoreinfo.h"

#define PAGE UINT64_C(4096)
#define PAGES 64
#define P 0x3ULL

/* The image, as write_elf() links it, and what a kernel has behind it. */
enum {
	IMAGE_TEXT,
	IMAGE_NOTES,
	IMAGE_DATA,
	IMAGE_TOP,
	UPPER,
	MIDDLE,
	LOWER,
	LEVEL_5,
	NR_PAGES
};
#define NOTE 20
#define BANNER 0x200

static unsigned char memory[PAGES * PAGE];
static uint64_t cpus[1];
static struct irqm_pages pages;

static enum irqm_why read_memory(void *ctx, uint64_t paddr, void *buf,
				 size_t len)
{
	(void)ctx;
	if (paddr >= sizeof(memory) || len > sizeof(memory) - paddr)
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

static void entry(unsigned int pfn, unsigned int table, unsigned int index,
		  unsigned int to)
{
	uint64_t value = (pfn + to) * PAGE | P;

	memcpy(memory + (pfn + table) * PAGE + index * 8, &value, 8);
}

/* At a page of memory, KASLR's offset and with levels of page tables. */
static void put_kernel(unsigned int pfn, uint64_t offset, unsigned int levels)
{
	static const uint32_t note[] = { 4,          20,         3,
					 0x00554e47, 0x33221100, 0x77665544,
					 0xbbaa9988, 0xffeeddcc, 0x67452301 };
	uint64_t addr = TEXT + offset;

	strcpy((char *)memory + (pfn + IMAGE_DATA) * PAGE + BANNER,
	       "Linux version " RELEASE " (who) #1");
	memcpy(memory + (pfn + IMAGE_NOTES) * PAGE + NOTE, note, sizeof(note));
	if (levels == 5) {
		entry(pfn, IMAGE_TOP, 511, LEVEL_5);
		entry(pfn, LEVEL_5, 511, UPPER);
	} else {
		entry(pfn, IMAGE_TOP, 511, UPPER);
	}
	entry(pfn, UPPER, addr >> 30 & 511, MIDDLE);
	entry(pfn, MIDDLE, addr >> 21 & 511, LOWER);
	for (unsigned int i = 0; i < NR_PAGES; i++)
		entry(pfn, LOWER, i, i);
}

static int begin(void **state)
{
	(void)state;
	memset(memory, 0, sizeof(memory));
	pages = (struct irqm_pages){
		.read = read_memory,
		.next = next_run,
		.cr3 = cpus,
		.end = sizeof(memory),
		.most = sizeof(memory),
	};
	write_elf(&(struct form){ 0 });
	return 0;
}

static char *find(void)
{
	static const struct irqm_note_options options;
	struct irqm_files_local l = { .vmlinux = file };
	char *text = NULL;
	int rc;

	err.msg[0] = '\0';
	rc = irqm_banner_find(&pages, file, irqm_files_local_init(&l), &options,
			      &text, &err);
	assert_int_equal(rc, text ? 0 : -1);
	return text;
}

static void refused(const char *says)
{
	assert_null(find());
	if (!strstr(err.msg, says))
		fail_msg("\"%s\" is not in: %s", says, err.msg);
}

static void found(unsigned int pfn, uint64_t offset, unsigned int levels)
{
	char want[1024], *text = find();

	if (!text)
		fail_msg("%s", err.msg);
	snprintf(want, sizeof(want),
		 "OSRELEASE=" RELEASE "\nBUILD-ID=" ID "\nPAGESIZE=4096\n"
		 "SYMBOL(_stext)=%llx\nNUMBER(phys_base)=%lld\n"
		 "SYMBOL(init_top_pgt)=%llx\nNUMBER(pgtable_l5_enabled)=%d\n"
		 "KERNELOFFSET=%llx\nNUMBER(sme_mask)=0\n",
		 (unsigned long long)(TEXT + offset),
		 (long long)(pfn * PAGE -
			     (TEXT + offset - IRQM_START_KERNEL_MAP)),
		 (unsigned long long)(TEXT + offset + IMAGE_TOP * PAGE),
		 levels == 5, (unsigned long long)offset);
	assert_string_equal(text, want);
	free(text);
}

static void test_found(void **state)
{
	(void)state;
	refused("linux_banner was not found");
	put_kernel(5, 0, 4);
	found(5, 0, 4);
	begin(NULL);
	put_kernel(9, 0x2e400000, 4);
	/* a banner in a file: the same bytes at the same place of a page */
	memcpy(memory + PAGE, memory + (9 + IMAGE_DATA) * PAGE, PAGE);
	found(9, 0x2e400000, 4);
	begin(NULL);
	put_kernel(9, 0x200000, 5);
	found(9, 0x200000, 5);
}

/* Each is what a build that is not this one, or no kernel, would lack. */
static void test_not_there(void **state)
{
	unsigned char *data = memory + (9 + IMAGE_DATA) * PAGE;
	unsigned char *notes = memory + (9 + IMAGE_NOTES) * PAGE;

	(void)state;
	put_kernel(9, 0x200000, 4);
	data[BANNER + 37] ^= 1; /* its end is compared as well */
	refused("linux_banner was not found");
	data[BANNER + 37] ^= 1;
	notes[NOTE + 30] ^= 1;
	refused("no page tables");
	notes[NOTE + 30] ^= 1;
	found(9, 0x200000, 4);
	memset(memory + (9 + LOWER) * PAGE, 0, 8); /* _stext */
	refused("no page tables");
	begin(NULL);
	put_kernel(9, 0x200000, 4);
	memset(memory + (9 + IMAGE_TOP) * PAGE, 0, PAGE);
	refused("no page tables");
}

static void test_two(void **state)
{
	(void)state;
	put_kernel(9, 0x200000, 4);
	put_kernel(40, 0x400000, 4);
	refused("contains two kernels of this build");
	pages.nr_cr3 = 1;
	cpus[0] = (40 + IMAGE_TOP) * PAGE;
	found(40, 0x400000, 4);
	cpus[0] = (9 + LOWER) * PAGE;
	refused("no page tables");
}

static void test_file(void **state)
{
	(void)state;
	put_kernel(9, 0x200000, 4);
	write_elf(&(struct form){ .nobits = true });
	refused("is a separate debug file without data");
	write_elf(&(struct form){ .release = "6.1.0-other" });
	refused("linux_banner was not found");
	write_elf(&(struct form){ .no_symbols = true });
	refused("vmlinux");
	write_elf(&(struct form){ .id_byte = 1 });
	refused("no page tables");
}

/* A dump full of the banner. */
static enum irqm_why read_banners(void *ctx, uint64_t paddr, void *buf,
				  size_t len)
{
	(void)ctx;
	(void)paddr;
	memset(buf, 0, len);
	for (size_t at = 0; at + PAGE <= len; at += PAGE)
		strcpy((char *)buf + at + BANNER,
		       "Linux version " RELEASE " (who) #1");
	return IRQM_OK;
}

static bool next_banner(void *ctx, uint64_t paddr, uint64_t *ret_start,
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
	pages.read = read_banners;
	pages.next = next_banner;
	pages.most = 1ULL << 50;
	refused("more than 256 times");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_found, begin),
		cmocka_unit_test_setup(test_not_there, begin),
		cmocka_unit_test_setup(test_two, begin),
		cmocka_unit_test_setup(test_file, begin),
		cmocka_unit_test_setup(test_bounds, begin),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
