/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the extension says about memory that an ELF dump may not hold. */
#include "unit.h"
#include "fake_dump.h"

#include <elf.h>
#include <string.h>

#include "extension/elf_segments.h"

#define NR 4
#define DATA 0x1000 /* where the file has the segments' bytes */

struct core {
	Elf64_Ehdr eh;
	Elf64_Phdr ph[NR];
	unsigned char
		rest[0x3000 - sizeof(Elf64_Ehdr) - NR * sizeof(Elf64_Phdr)];
};

static Elf64_Phdr load(uint64_t paddr, uint64_t memsz, uint64_t offset,
		       uint64_t filesz)
{
	return (Elf64_Phdr){ .p_type = PT_LOAD,
			     .p_paddr = paddr,
			     .p_memsz = memsz,
			     .p_offset = offset,
			     .p_filesz = filesz };
}

/* 0x3000 bytes: two pages of memory, and a segment behind the file's end. */
static struct core *make_core(void)
{
	static struct core c;

	memset(&c, 0, sizeof(c));
	memcpy(c.eh.e_ident, ELFMAG, SELFMAG);
	c.eh.e_ident[EI_CLASS] = ELFCLASS64;
	c.eh.e_ident[EI_DATA] = ELFDATA2LSB;
	c.eh.e_type = ET_CORE;
	c.eh.e_machine = EM_X86_64;
	c.eh.e_phoff = sizeof(c.eh);
	c.eh.e_phentsize = sizeof(c.ph[0]);
	c.eh.e_phnum = NR;
	c.ph[0] = load(0x8000, 0x2000, DATA + 0x1000, 0x1000);
	c.ph[1] = load(0x4000, 0x1000, DATA, 0x1000);
	c.ph[2] = load(0xc000, 0x1000, DATA + 0x2000, 0x1000);
	c.ph[3] = load(0x20000, 0x1000, DATA, 0);
	return &c;
}

static void test_why(void **state)
{
	static const struct {
		uint64_t paddr, len;
		enum irqm_why why;
	} cases[] = {
		{ 0, 8, IRQM_EXCLUDED },
		{ 0x3ff8, 8, IRQM_EXCLUDED },
		{ 0x4000, 0x1000, IRQM_OK },
		{ 0x4ff8, 8, IRQM_OK },
		{ 0x4ff8, 9, IRQM_EXCLUDED },
		{ 0x5000, 8, IRQM_EXCLUDED },
		{ 0x8000, 0x1000, IRQM_OK },
		{ 0x9000, 8, IRQM_EXCLUDED }, /* in memory, not in the file */
		{ 0xc000, 8, IRQM_TRUNCATED },
		{ 0x20ff8, 8, IRQM_EXCLUDED },
		{ 0x21000, 8, IRQM_UNMAPPED },
		{ UINT64_MAX - 7, 8, IRQM_UNMAPPED },
	};
	const char *file = fake_file(make_core(), sizeof(struct core));
	struct irqm_elf_segments *s = irqm_elf_segments_open(file);
	size_t i;

	(void)state;
	assert_non_null(s);
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(irqm_elf_segments_why(s, cases[i].paddr,
						       cases[i].len),
				 cases[i].why);
	irqm_elf_segments_close(s);
}

static void test_none(void **state)
{
	struct core *c = make_core();

	(void)state;
	assert_null(irqm_elf_segments_open("/nowhere"));
	c->eh.e_ident[EI_DATA] = ELFDATA2MSB;
	assert_null(irqm_elf_segments_open(fake_file(c, sizeof(*c))));
	irqm_elf_segments_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_why),
		cmocka_unit_test(test_none),
	};

	return RUN(tests);
}
