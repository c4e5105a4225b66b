/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is a file of the build that was dumped? With real VMCOREINFO before 5.9. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "memory/build.h"
#include "memory/vmcoreinfo.h"

#define BANNER_AT 0xffffffff81e00080ULL
#define NOTE_AT 0xffffffff81a00024ULL
#define ID "00112233445566778899aabbccddeeff01234567"
#define MISREAD "1400000003000000474e55000011223344556677"

static char info[8192];
static struct irqm_error err;

/* The file. */
static struct {
	struct irqm_build build;
	const char *lacks; /* a blank before and behind each name */
	const char *moved; /* this symbol is 0x40 further */
	const char *only;  /* no other symbols than these; NULL: all */
} file;

/* The dump's memory. */
static struct {
	char banner[IRQM_BANNER_MAX];
	unsigned char note[36];
	bool banner_there, note_there;
} memory;

static uint64_t offset(void)
{
	uint64_t value = 0;

	irqm_vmcoreinfo_hex(info, "KERNELOFFSET", &value);
	return value;
}

static bool listed(const char *list, const char *name)
{
	char word[160];

	snprintf(word, sizeof(word), " %s ", name);
	return list && strstr(list, word);
}

static enum irqm_build_symbol compare(void *ctx, const char *name,
				      uint64_t addr, uint64_t *ret_own)
{
	(void)ctx;
	if (listed(file.lacks, name) ||
	    (file.only && !listed(file.only, name)) ||
	    !irqm_vmcoreinfo_symbol(info, name, ret_own))
		return IRQM_BUILD_ABSENT;
	*ret_own -= offset();
	if (listed(file.moved, name))
		*ret_own += 0x40;
	return *ret_own == addr ? IRQM_BUILD_SAME : IRQM_BUILD_OTHER;
}

static enum irqm_why read_memory(void *ctx, uint64_t addr, void *buf,
				 size_t len)
{
	(void)ctx;
	if (memory.banner_there && addr == BANNER_AT + offset()) {
		assert_true(len <= sizeof(memory.banner));
		memcpy(buf, memory.banner, len);
		return IRQM_OK;
	}
	if (memory.note_there && addr == NOTE_AT + offset()) {
		assert_int_equal(len, sizeof(memory.note));
		memcpy(buf, memory.note, len);
		return IRQM_OK;
	}
	return IRQM_EXCLUDED;
}

static void load(const char *name)
{
	char path[64];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "tests/data/vmcoreinfo/%s.txt", name);
	f = fopen(path, "r");
	assert_non_null(f);
	n = fread(info, 1, sizeof(info) - 1, f);
	assert_true(n > 1000);
	info[n] = '\0';
	fclose(f);
}

/* The file and the dump of one build: all that each can have. */
static void same(const char *name)
{
	static const unsigned char note[36] = {
		4,    0,    0,    0,    20,   0,    0,    0,    3,
		0,    0,    0,    'G',  'N',  'U',  0,    0x00, 0x11,
		0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa,
		0xbb, 0xcc, 0xdd, 0xee, 0xff, 0x01, 0x23, 0x45, 0x67
	};
	char release[65];

	load(name);
	assert_true(irqm_vmcoreinfo_value(info, "OSRELEASE", release,
					  sizeof(release)));
	memset(&file, 0, sizeof(file));
	file.build = (struct irqm_build){ .id_size = 20,
					  .note_at = NOTE_AT,
					  .banner_at = BANNER_AT,
					  .symbol = compare };
	memcpy(file.build.note, note, sizeof(note));
	snprintf(file.build.banner, sizeof(file.build.banner),
		 "Linux version %s (mockbuild@builder) (gcc version 8.3.1) "
		 "#1 SMP Thu Feb 6 15:57:08 UTC 2020\n",
		 release);
	file.lacks = " node_online_map swapper_pg_dir ";
	strcpy(memory.banner, file.build.banner);
	memcpy(memory.note, note, sizeof(note));
	memory.banner_there = memory.note_there = true;
}

static void accepted(void)
{
	struct irqm_target t = { .vmcoreinfo = info, .read = read_memory };
	uint64_t moved = 1;

	err.msg[0] = '\0';
	if (irqm_build_check(&file.build, &t, &moved, &err))
		fail_msg("refused: %s", err.msg);
	assert_int_equal(moved, offset());
}

static void refused(const char *why)
{
	struct irqm_target t = { .vmcoreinfo = info, .read = read_memory };
	uint64_t moved;

	assert_int_equal(irqm_build_check(&file.build, &t, &moved, &err), -1);
	if (!strstr(err.msg, why))
		fail_msg("\"%s\" lacks \"%s\"", err.msg, why);
}

static const char *const kernels[] = { "rhel8-4.18.0-147", "mainline-4.19.0",
				       "mainline-5.4.59" };

#define FOR_EACH_KERNEL(k) for ((k) = 0; (k) < ARRAY_SIZE(kernels); (k)++)

/* The names of macros are in no symbol table. */
static void test_macros(void **state)
{
	size_t k;

	(void)state;
	FOR_EACH_KERNEL(k)
	{
		same(kernels[k]);
		assert_null(strstr(info, "BUILD-ID"));
		assert_non_null(strstr(info, "SYMBOL(node_online_map)"));
		assert_non_null(strstr(info, "SYMBOL(swapper_pg_dir)"));
		accepted();
	}
}

/* Each witness can be missing, as long as one of them is there. */
static void test_one_witness(void **state)
{
	size_t k;

	(void)state;
	FOR_EACH_KERNEL(k)
	{
		/* the pages are not in the dump: symbols */
		same(kernels[k]);
		memory.banner_there = memory.note_there = false;
		accepted();
		/* a debug file has neither banner nor release */
		file.build.banner[0] = '\0';
		accepted();
		file.build.id_size = 0;
		accepted();
		/* the banner */
		same(kernels[k]);
		file.only = " _stext ";
		file.build.id_size = 0;
		accepted();
		/* the build-id in memory */
		same(kernels[k]);
		file.only = " _stext ";
		file.build.banner[0] = '\0';
		accepted();
	}
}

static void test_too_few(void **state)
{
	(void)state;
	same(kernels[0]);
	memory.banner_there = memory.note_there = false;
	file.only = " _stext init_uts_ns log_buf log_buf_len clear_idx ";
	refused("only 4 of VMCOREINFO's symbols are");
	file.only = " _stext init_uts_ns ";
	refused("only 1 of VMCOREINFO's symbols is");
	file.only = " _stext init_uts_ns log_buf log_buf_len clear_idx "
		    "log_next_idx ";
	accepted();
	/* a banner without an end proves nothing */
	same(kernels[0]);
	file.only = " _stext ";
	file.build.id_size = 0;
	memset(file.build.banner, 'x', sizeof(file.build.banner));
	refused("only 0 of");
}

/* Another build of the same release: the message names what differs. */
static void test_other_build(void **state)
{
	size_t k;

	(void)state;
	FOR_EACH_KERNEL(k)
	{
		same(kernels[k]);
		file.moved = " log_next_idx ";
		refused("SYMBOL(log_next_idx) is 0xffff");
		memory.banner_there = memory.note_there = false;
		refused("SYMBOL(log_next_idx) is 0xffff");
		same(kernels[k]);
		strstr(memory.banner, "#1 SMP")[1] = '2';
		refused("#1 SMP Thu Feb 6 15:57:08 UTC 2020\"");
		/* the whole text, to its end */
		same(kernels[k]);
		strcat(memory.banner, "x");
		refused("linux_banner");
		same(kernels[k]);
		memory.note[16 + 19] ^= 1;
		refused("build-id in the dump's memory");
	}
}

static void test_other_release(void **state)
{
	(void)state;
	same(kernels[0]);
	strcpy(file.build.banner, "Linux version 4.18.0-147.el8.x86_64 (m)");
	refused("file 4.18.0-147.el8.x86_64, build-id 0011");
	assert_non_null(strstr(err.msg, "dump 4.18.0-147.5.1.el8_1.x86_64, "
					"build-id none"));
}

/* VMCOREINFO's own build-id, right and as some stable releases wrote it. */
static void test_build_id(void **state)
{
	char *end;

	(void)state;
	same(kernels[0]);
	end = info + strlen(info);
	strcpy(end, "BUILD-ID=" ID "\n");
	/* then nothing else is looked at */
	file.moved = " log_next_idx ";
	memory.banner[0] = 'x';
	accepted();
	strcpy(end, "BUILD-ID=" MISREAD "\n");
	refused("log_next_idx");
	file.moved = NULL;
	refused("linux_banner");
	memory.banner[0] = 'L';
	accepted();
	file.build.note[16] = 1;
	refused("another kernel");
}

static void test_stext(void **state)
{
	struct irqm_target t = { .vmcoreinfo = "OSRELEASE=4.18.0\n" };
	uint64_t moved;

	(void)state;
	same(kernels[0]);
	file.moved = " _stext ";
	refused("SYMBOL(_stext)");
	file.moved = NULL;
	file.lacks = " _stext ";
	refused("_stext");
	assert_int_equal(irqm_build_check(&file.build, &t, &moved, &err), -1);
	assert_non_null(strstr(err.msg, "no SYMBOL(_stext)"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_macros),
		cmocka_unit_test(test_one_witness),
		cmocka_unit_test(test_too_few),
		cmocka_unit_test(test_other_build),
		cmocka_unit_test(test_other_release),
		cmocka_unit_test(test_build_id),
		cmocka_unit_test(test_stext),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
