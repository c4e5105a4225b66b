/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is it a dump? Each beginning, whole and cut at every length. */
#include "unit.h"
#include "fake_dump.h"

#include <elf.h>
#include <fcntl.h>
#include <unistd.h>

#include "memory/recognise.h"

static enum irqm_content content_of(const void *data, size_t len, bool *may)
{
	int fd = open(fake_file(data, len), O_RDONLY);
	enum irqm_content content;

	assert_true(fd >= 0);
	*may = irqm_may_be_dump(fd);
	content = irqm_recognise(fd);
	close(fd);
	return content;
}

static void is(const void *data, size_t len, enum irqm_content want)
{
	bool may;

	assert_int_equal(content_of(data, len, &may), want);
	/* what need not be unpacked, nor its notes be read */
	assert_true(may || want != IRQM_CONTENT_DUMP);
}

static void test_whole(void **state)
{
	struct bytes plain[] = { fake_kdump(0, FAKE_PAGES, false),
				 fake_elf(),
				 { 0 } };
	struct bytes packed;
	unsigned int i, j;
	struct bytes (*const pack[])(struct bytes) = { fake_pack, fake_gzip,
						       fake_xz };

	(void)state;
	plain[2] = fake_flatten(plain[0]);
	for (i = 0; i < 3; i++) {
		is(plain[i].data, plain[i].len, IRQM_CONTENT_DUMP);
		for (j = 0; j < 3; j++) {
			packed = pack[j](plain[i]);
			is(packed.data, packed.len, IRQM_CONTENT_DUMP);
			free(packed.data);
		}
		free(plain[i].data);
	}
}

/* The sooner it is cut the less is known, but nothing else becomes of it. */
static void cut(struct bytes b, size_t most)
{
	enum irqm_content content, was = IRQM_CONTENT_OTHER;
	size_t len;
	bool may;

	for (len = 0; len <= most && len <= b.len; len++) {
		content = content_of(b.data, len, &may);
		assert_int_not_equal(content, IRQM_CONTENT_ZEROS);
		assert_true(was == IRQM_CONTENT_OTHER || content == was);
		was = content;
	}
	free(b.data);
}

static void test_cut(void **state)
{
	struct bytes kdump = fake_kdump(0, FAKE_PAGES, false);

	(void)state;
	/* 8 bytes are enough, of a flattened one 16 */
	is(kdump.data, 7, IRQM_CONTENT_OTHER);
	is(kdump.data, 8, IRQM_CONTENT_DUMP);
	cut(fake_flatten(kdump), 64);
	cut(fake_pack(kdump), 200);
	cut(fake_gzip(kdump), 200);
	cut(fake_xz(kdump), 200);
	cut(kdump, 64);
	cut(fake_elf(), 1024);
}

static void test_none(void **state)
{
	static char sadump[4104];
	static const char zeros[70000], text[] = "DISKDUMb is not a dump";
	static const char *const packings[] = { "\x28\xb5\x2f\xfd", "\x1f\x8b",
						("\xfd"
						 "7zXZ") };
	char data[100] = "";
	size_t i;

	(void)state;
	is(zeros, 1, IRQM_CONTENT_ZEROS);
	is(zeros, sizeof(zeros), IRQM_CONTENT_ZEROS);
	is(text, sizeof(text), IRQM_CONTENT_OTHER);
	is("", 0, IRQM_CONTENT_OTHER);
	is("DISKDUMP", 8, IRQM_CONTENT_DUMP);
	is("\xed\x23\x8f\x61\x73\x01\x19\xa8", 8, IRQM_CONTENT_DUMP);
	memset(sadump, 1, 4096);
	memcpy(sadump + 4096, "sadump\0\0", 8);
	is(sadump, sizeof(sadump), IRQM_CONTENT_DUMP);
	is(sadump, sizeof(sadump) - 1, IRQM_CONTENT_OTHER);
	for (i = 0; i < 3; i++) {
		memset(data, 0xa5, sizeof(data));
		memcpy(data, packings[i], strlen(packings[i]));
		is(data, sizeof(data), IRQM_CONTENT_OTHER);
	}
}

/* An ELF core with one note. */
struct core {
	Elf64_Ehdr eh;
	Elf64_Phdr ph;
	Elf64_Nhdr nh;
	char name[12];
	char desc[16];
};

static struct core core_of(const char *name, uint32_t type)
{
	struct core c = {
		.eh = { .e_ident = ELFMAG,
			.e_type = ET_CORE,
			.e_machine = EM_X86_64,
			.e_phnum = 1,
			.e_phoff = offsetof(struct core, ph),
			.e_phentsize = sizeof(Elf64_Phdr) },
		.ph = { .p_type = PT_NOTE,
			.p_offset = offsetof(struct core, nh),
			.p_filesz = sizeof(struct core) -
				    offsetof(struct core, nh) },
		.nh = { strlen(name) + 1, 16, type },
	};

	c.eh.e_ident[EI_CLASS] = ELFCLASS64;
	c.eh.e_ident[EI_DATA] = ELFDATA2LSB;
	strcpy(c.name, name);
	return c;
}

static void test_cores(void **state)
{
	struct core c = core_of("VMCOREINFO", 0);

	(void)state;
	is(&c, sizeof(c), IRQM_CONTENT_DUMP);
	c = core_of("CORE", NT_PRPSINFO);
	is(&c, sizeof(c), IRQM_CONTENT_OTHER);
	c = core_of("CORE", NT_AUXV);
	is(&c, sizeof(c), IRQM_CONTENT_OTHER);
	/* /proc/vmcore has a NT_PRSTATUS for each CPU */
	c = core_of("CORE", NT_PRSTATUS);
	is(&c, sizeof(c), IRQM_CONTENT_DUMP);
	c.ph.p_type = PT_LOAD;
	is(&c, sizeof(c), IRQM_CONTENT_OTHER);
	/* an executable, and lengths that lead out of the file */
	c = core_of("VMCOREINFO", 0);
	c.eh.e_type = ET_EXEC;
	is(&c, sizeof(c), IRQM_CONTENT_OTHER);
	c = core_of("VMCOREINFO", 0);
	c.nh.n_namesz = 0xffffffff;
	c.nh.n_descsz = 0xffffffff;
	is(&c, sizeof(c), IRQM_CONTENT_DUMP);
	c = core_of("VMCOREINFO", 0);
	c.ph.p_offset = UINT64_MAX - 3;
	is(&c, sizeof(c), IRQM_CONTENT_OTHER);
	c.eh.e_phoff = UINT64_MAX - 3;
	is(&c, sizeof(c), IRQM_CONTENT_OTHER);
	c = core_of("VMCOREINFO", 0);
	c.eh.e_phnum = 0;
	is(&c, sizeof(c), IRQM_CONTENT_OTHER);
}

static bool split_of(struct bytes b, struct irqm_split *ret)
{
	int fd = open(fake_file(b.data, b.len), O_RDONLY);
	bool is_one = irqm_split_of(fd, ret);

	close(fd);
	free(b.data);
	return is_one;
}

static void test_packed_part(void **state)
{
	struct bytes (*const pack[])(struct bytes) = { fake_pack, fake_gzip,
						       fake_xz };
	struct bytes part = fake_kdump(0, 70, true), packed;
	unsigned int i;

	(void)state;
	is(part.data, part.len, IRQM_CONTENT_DUMP);
	for (i = 0; i < 3; i++) {
		packed = pack[i](part);
		is(packed.data, packed.len, IRQM_CONTENT_PACKED_PART);
		free(packed.data);
	}
	/* its second header does not lie there, or has no such field */
	fake_put(part, KDUMP_BLOCK_SIZE, 8192, 4);
	packed = fake_pack(part);
	is(packed.data, packed.len, IRQM_CONTENT_DUMP);
	free(packed.data);
	fake_put(part, KDUMP_BLOCK_SIZE, 4096, 4);
	fake_put(part, KDUMP_VERSION, 1, 4);
	packed = fake_pack(part);
	is(packed.data, packed.len, IRQM_CONTENT_DUMP);
	free(packed.data);
	free(part.data);
}

static void test_split(void **state)
{
	struct irqm_split a, b;
	struct bytes cut_off = fake_kdump(0, 70, true);

	(void)state;
	assert_true(split_of(fake_kdump(0, 70, true), &a));
	assert_true(split_of(fake_kdump(70, FAKE_PAGES, true), &b));
	assert_int_equal(a.start_pfn, 0);
	assert_int_equal(b.start_pfn, 70);
	assert_memory_equal(a.set, b.set, sizeof(a.set));
	assert_false(split_of(fake_kdump(0, FAKE_PAGES, false), &a));
	assert_false(split_of(fake_elf(), &a));
	cut_off.len = 4096;
	assert_false(split_of(cut_off, &a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_cores),
		cmocka_unit_test(test_packed_part),
		cmocka_unit_test(test_split),
	};

	return RUN(tests);
}
