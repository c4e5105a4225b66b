/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dumps that are cut, spoiled, or none. */
#include "unit.h"
#include "fake_dump.h"
#include "memory/input/foreign.h"

#include <elf.h>

/* A page is right or an error, at any length of the file. */
static void check_cut(struct bytes b, size_t len)
{
	unsigned char want[4096], got[4096];
	struct bytes cut = { b.data, len };
	struct irqm_error err;
	struct irqm_pages p;
	enum irqm_why why;

	if (fake_open(cut, 0, &p, &err) < 0) {
		assert_string_not_equal(err.msg, "");
		return;
	}
	for (uint64_t pfn = 0; pfn < FAKE_PAGES; pfn++) {
		why = p.read(p.ctx, pfn << 12, got, 4096);
		if (!fake_page(pfn, want))
			assert_int_equal(why, IRQM_EXCLUDED);
		else if (why == IRQM_OK)
			assert_memory_equal(got, want, 4096);
		else
			assert_int_equal(why, IRQM_TRUNCATED);
	}
	p.close(p.ctx);
}

static void test_truncated(void **state)
{
	struct bytes kdump = fake_kdump(0, FAKE_PAGES, false);
	struct bytes elf = fake_elf();
	struct irqm_error err;
	struct irqm_pages p;

	(void)state;
	/* finely up to the pages */
	for (size_t len = 0; len < kdump.len; len += len < 24576 ? 61 : 1021)
		check_cut(kdump, len);
	for (size_t len = 0; len < elf.len; len += 509)
		check_cut(elf, len);
	/* memory may be left where there is no note */
	elf.len = 3 * 4096 - 1;
	assert_int_equal(fake_open(elf, 0, &p, &err), 0);
	assert_null(p.vmcoreinfo);
	p.close(p.ctx);
	free(kdump.data);
	free(elf.data);
}

static void check_cut_stream(struct bytes b, size_t from, size_t step)
{
	struct irqm_error err;
	struct irqm_pages p;
	struct bytes cut;

	for (size_t len = from; len < b.len; len += len < 64 ? 1 : step) {
		cut = (struct bytes){ b.data, len };
		assert_int_equal(fake_open(cut, 0, &p, &err), -1);
		assert_non_null(strstr(err.msg, "truncated"));
	}
}

/* The end of a stream is known: less than all of it is always an error. */
static void test_truncated_stream(void **state)
{
	struct bytes kdump = fake_kdump(0, FAKE_PAGES, false);
	struct bytes flat = fake_flatten(kdump), z = fake_pack(flat);
	struct bytes gz = fake_gzip(flat), xz = fake_xz(flat);

	(void)state;
	check_cut_stream(flat, 16, 2801);
	check_cut_stream(flat, flat.len - 1, 1);
	check_cut_stream(z, 4, 1399);
	check_cut_stream(gz, 2, 1399);
	check_cut_stream(xz, 6, 1399);
	free(gz.data);
	free(xz.data);
	free(kdump.data);
	free(flat.data);
	free(z.data);
}

static void check_error(struct bytes b, const char *part)
{
	struct irqm_error err;
	struct irqm_pages p;

	assert_int_equal(fake_open(b, 0, &p, &err), -1);
	if (!strstr(err.msg, part))
		fail_msg("\"%s\" is not in: %s", part, err.msg);
}

static void check_path_error(const char *path, const char *part)
{
	struct irqm_error err;
	struct irqm_pages p;

	assert_int_equal(irqm_pages_open(&path, 1, 0, 0, &p, &err), -1);
	if (!strstr(err.msg, part))
		fail_msg("\"%s\" is not in: %s", part, err.msg);
}

#define TEXT(s) ((struct bytes){ (unsigned char *)(s), sizeof(s) - 1 })

static void test_what_is_no_dump(void **state)
{
	struct bytes elf = fake_elf();
	Elf64_Ehdr *eh = (Elf64_Ehdr *)elf.data;
	char longer[300];

	(void)state;
	check_error(TEXT(""), "empty");
	check_error(TEXT("just text, and more of it\n"), "not a kernel dump");
	check_error(TEXT("x"),
		    "not a kernel dump that irqmatrix can read; name");
	check_error(TEXT("BZh91AY and so on"), "with bunzip2");
	check_error(TEXT("\x1f\x8b\x08 and so on"), "unpack");
	check_error(TEXT("\xfd"
			 "7zXZ\0 no xz, not at all"),
		    "unpack");
	check_error(TEXT("\x28\xb5\x2f\xfd no zstd, not at all"), "unpack");
	check_path_error("/", "a directory");
	check_path_error("/dev/null", "not a regular file");
	check_path_error("/nonexistent/vmcore", "No such file");
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	check_path_error(longer, "File name too long");

	eh->e_machine = EM_AARCH64;
	check_error(elf, "arm64");
	eh->e_machine = EM_X86_64;
	eh->e_type = ET_EXEC;
	check_error(elf, "not a dump");
	eh->e_type = ET_CORE;
	fake_put(elf, 3 * 4096, 5, 4);
	fake_put(elf, 3 * 4096 + 8, NT_AUXV, 4);
	memcpy(elf.data + 3 * 4096 + 12, "CORE", 5);
	check_error(elf, "core of a process");
	/* as many as section 0 says, but that is not there */
	eh->e_phnum = PN_XNUM;
	check_error(elf, "without its program headers");
	eh->e_phnum = 0;
	check_error(elf, "without any memory");
	free(elf.data);
}

/* A signature at offset of a file that is long enough. */
static void check_foreign(size_t offset, const char *bytes, size_t len,
			  const char *part)
{
	struct bytes b = { calloc(1, 8192), 8192 };

	assert_non_null(b.data);
	memcpy(b.data + offset, bytes, len);
	check_error(b, part);
	check_error(b, "irqmatrix cannot read this file");
	/* not a byte less, nor elsewhere */
	b.data[offset + len - 1] ^= 1;
	check_error(b, "not a kernel dump");
	b.data[offset + len - 1] ^= 1;
	memmove(b.data + offset + 1, b.data + offset, len);
	b.data[offset] = 0;
	check_error(b, "not a kernel dump");
	free(b.data);
}

#define FOREIGN(offset, bytes, part)                                           \
	check_foreign(offset, bytes, sizeof(bytes) - 1, part)

/* Not a byte less, nor elsewhere. */
static void check_other(size_t offset, const char *bytes, size_t len,
			const char *part)
{
	struct bytes b = { calloc(1, 8192), 8192 };

	assert_non_null(b.data);
	memcpy(b.data + offset, bytes, len);
	check_error(b, part);
	check_error(b, "not a dump: ");
	b.data[offset + len - 1] ^= 1;
	check_error(b, "not a kernel dump that irqmatrix can read");
	free(b.data);
}

#define OTHER(offset, bytes, part)                                             \
	check_other(offset, bytes, sizeof(bytes) - 1, part)

static void test_others(void **state)
{
	(void)state;
	OTHER(0, "\x04\x22\x4d\x18", "lz4 -d");
	OTHER(0, "\x89LZO\0\r\n\x1a\n", "lzop -d");
	OTHER(257, "ustar", "tar xf");
	OTHER(0, "PK\x03\x04", "unzip");
	OTHER(0, "7z\xbc\xaf\x27\x1c", "7z x");
	OTHER(0, "Rar!\x1a\x07", "unrar x");
	OTHER(0, "QFI\xfb", "a disk image");
	OTHER(0, "EMiL", "LiME");
	OTHER(0, "PAGEDU64", "Windows");
	OTHER(0, "PAGEDUMP", "Windows");
	OTHER(0, "\xa8\x19\x01\x73\x61\x8f\x23\xfd", "s390");
	OTHER(0, "\xff\xff\xff\xff\xff\xff\xff\xffXENF", "xl dump-core");
	OTHER(0, "ProblemType:", "apport-unpack");
	OTHER(0, "[    0.000000]", "kernel log");
	OTHER(0x202, "HdrS", "bzImage");
}

static void test_foreign(void **state)
{
	(void)state;
	FOREIGN(0, "\xed\x23\x8f\x61\x73\x01\x19\xa8", "LKCD");
	FOREIGN(0, "\xcd\x23\x8f\x61\x73\x01\x19\xa8", "LKCD");
	FOREIGN(0, "DISKDUMP", "diskdump of Linux 2.4");
	FOREIGN(0, "sadump\0\0", "makedumpfile -x VMLINUX");
	FOREIGN(4096, "sadump\0\0", "makedumpfile -x VMLINUX");
	FOREIGN(0, "\xed\xeb\x0f\xf0", "Xen domain");
	FOREIGN(0, "\xee\xeb\x0f\xf0", "Xen domain");
	FOREIGN(0, "LinuxGuestRecord", "saved Xen domain");
	FOREIGN(0, "\xd2\xbe\xd2\xbe", "VMware");
	FOREIGN(0, "QEVM", "virsh dump --memory-only");
	FOREIGN(0, "\xd0\xbe\xd2\xbe", "vmss2core");
	FOREIGN(0, "Libv", "virsh dump --memory-only");
	FOREIGN(0, "\x14\x20\x28\x01", "Hyper-V");
}

static void names_of_others(void **state)
{
	(void)state;
	assert_non_null(strstr(irqm_foreign_name("/x/vm.vmem"), "crash(8)"));
	assert_non_null(strstr(irqm_foreign_name("A.VMRS"), "Hyper-V"));
	assert_null(irqm_foreign_name(".vmem"));
	assert_null(irqm_foreign_name("vmem"));
	assert_null(irqm_foreign_name("a.vmem.txt"));
	assert_null(irqm_foreign_name(""));
}

/* Memory in a section, as xl dump-core writes it; then without its name. */
static void test_xen_core(void **state)
{
	static const char names[] = "\0.shstrtab\0.xen_pages";
	struct {
		Elf64_Ehdr eh;
		Elf64_Shdr sh[3];
		char names[32];
	} core = {
		.eh = { .e_ident = ELFMAG,
			.e_type = ET_CORE,
			.e_machine = EM_X86_64,
			.e_version = EV_CURRENT,
			.e_phentsize = sizeof(Elf64_Phdr),
			.e_shentsize = sizeof(Elf64_Shdr),
			.e_shnum = 3,
			.e_shoff = sizeof(Elf64_Ehdr),
			.e_shstrndx = 1 },
		.sh = { [1] = { .sh_name = 1,
				.sh_type = SHT_STRTAB,
				.sh_offset = sizeof(Elf64_Ehdr) +
					     3 * sizeof(Elf64_Shdr),
				.sh_size = sizeof(names) },
			[2] = { .sh_name = 11, .sh_type = SHT_PROGBITS } },
	};
	struct bytes b = { (unsigned char *)&core, sizeof(core) };

	(void)state;
	core.eh.e_ident[EI_CLASS] = ELFCLASS64;
	core.eh.e_ident[EI_DATA] = ELFDATA2LSB;
	core.eh.e_ident[EI_VERSION] = EV_CURRENT;
	memcpy(core.names, names, sizeof(names));
	check_error(b, "a Xen domain's core dump");
	core.eh.e_shnum = 2;
	check_error(b, "without any memory");
	core.eh.e_shnum = 3;
	core.eh.e_shoff = UINT64_MAX - 64;
	check_error(b, "without any memory");
}

/* Every field of the headers and a descriptor, each with each bad value. */
static void test_hostile_fields(void **state)
{
	static const size_t fields[][2] = {
		{ KDUMP_VERSION, 4 },
		{ KDUMP_BLOCK_SIZE, 4 },
		{ KDUMP_SUB_BLOCKS, 4 },
		{ KDUMP_BITMAP_BLOCKS, 4 },
		{ 440, 4 },
		{ 4096 + 12, 4 },
		{ 4096 + 32, 8 },
		{ 4096 + 40, 8 },
		{ 4096 + 80, 8 },
		{ 4096 + 88, 8 },
		{ KDUMP_MAX_MAPNR_64, 8 },
		{ KDUMP_DESCRIPTORS, 8 },
		{ KDUMP_DESCRIPTORS + 8, 4 },
		{ KDUMP_DESCRIPTORS + 12, 4 },
		{ KDUMP_BITMAP_2, 8 },
	};
	static const uint64_t values[] = {
		0,          1,         2,          7,
		4095,       4096,      8192,       65536,
		1 << 24,    INT32_MAX, UINT32_MAX, 1ULL << 36,
		1ULL << 52, INT64_MAX, UINT64_MAX, UINT64_MAX - 4095,
	};
	unsigned char page[4096], run[4096 * 64];
	struct irqm_error err;
	struct irqm_pages p;
	struct bytes b;

	(void)state;
	for (size_t f = 0; f < ARRAY_SIZE(fields); f++)
		for (size_t v = 0; v < sizeof(values) / 8; v++) {
			b = fake_kdump(0, FAKE_PAGES, false);
			fake_put(b, fields[f][0], values[v], fields[f][1]);
			if (fake_open(b, 0, &p, &err) == 0) {
				for (uint64_t n = 0; n < FAKE_PAGES; n++)
					p.read(p.ctx, n << 12, page, 4096);
				p.read(p.ctx, 1ULL << 30, page, 4096);
				p.read(p.ctx, FAKE_RUN << 12, run, sizeof(run));
				p.close(p.ctx);
			} else {
				assert_string_not_equal(err.msg, "");
			}
			free(b.data);
		}
}

/* A page that does not inflate is no page. */
static void test_spoiled_page(void **state)
{
	struct bytes b = fake_kdump(0, FAKE_PAGES, false);
	unsigned char page[4096];
	struct irqm_error err;
	struct irqm_pages p;
	uint64_t offset;

	(void)state;
	/* page 1 is plain, 2 is zstd, 3 zero, 4 zlib */
	for (int n = 1; n < 4; n++) {
		memcpy(&offset, b.data + KDUMP_DESCRIPTORS + 24 * n, 8);
		memset(b.data + offset, 0x55, 8);
	}
	fake_put(b, KDUMP_DESCRIPTORS + 8, 4095, 4);
	assert_int_equal(fake_open(b, 0, &p, &err), 0);
	for (uint64_t pfn = 1; pfn < 5; pfn++)
		assert_int_equal(p.read(p.ctx, pfn << 12, page, 8),
				 IRQM_INVALID);
	assert_int_equal(p.read(p.ctx, 6 << 12, page, 8), IRQM_OK);
	p.close(p.ctx);
	free(b.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_truncated_stream),
		cmocka_unit_test(test_what_is_no_dump),
		cmocka_unit_test(test_foreign),
		cmocka_unit_test(names_of_others),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_xen_core),
		cmocka_unit_test(test_hostile_fields),
		cmocka_unit_test(test_spoiled_page),
	};

	return RUN(tests);
}
