/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A vmlinux and what it is checked for. */
#include "vmlinux_maker.h"

#include <sys/stat.h>

#include "memory/vmlinux/vmlinux.h"

/* As kernels before 5.9 write it; "twice" is the name of two variables. */
#define NO_ID                                                                  \
	"OSRELEASE=" RELEASE "\nSYMBOL(_stext)=ffffffff91000000\n"             \
	"SYMBOL(swapper_pg_dir)=ffffffff91002000\n"                            \
	"SYMBOL(prb)=ffffffff91002100\nSYMBOL(alias)=ffffffff91000020\n"       \
	"SYMBOL(handler)=ffffffff91000040\n"                                   \
	"SYMBOL(second)=ffffffff91000020\n"                                    \
	"SYMBOL(twice)=ffffffff91002010\nKERNELOFFSET=10000000\n"

static int open_file(const char *path, const char *text,
		     struct irqm_vmlinux **ret)
{
	struct irqm_target dump = { .vmcoreinfo = text };

	return irqm_vmlinux_open(path, &dump, ret, &err);
}

static struct irqm_vmlinux *open_form(const struct form *f, const char *text)
{
	struct irqm_vmlinux *v;

	write_elf(f);
	err.msg[0] = '\0';
	if (open_file(file, text, &v) == 0) {
		assert_non_null(v);
		return v;
	}
	assert_null(v);
	return NULL;
}

static void accepted(const struct form *f, const char *text)
{
	struct irqm_vmlinux *v = open_form(f, text);

	assert_string_equal(err.msg, "");
	assert_non_null(v);
	irqm_vmlinux_close(v);
}

static void refused(const struct form *f, const char *text, const char *why)
{
	assert_null(open_form(f, text));
	if (!strstr(err.msg, why))
		fail_msg("\"%s\" lacks \"%s\"", err.msg, why);
}

static uint64_t value(struct irqm_vmlinux *v, const char *n)
{
	uint64_t x = 1;

	assert_true(irqm_vmlinux_symbol(v, n, &x));
	return x;
}

static void test_symbols(void **state)
{
	struct irqm_vmlinux *v = open_form(&(struct form){ 0 }, info);
	uint64_t x;

	(void)state;
	assert_non_null(v);
	assert_int_equal(value(v, "_stext"), TEXT + OFFSET);
	assert_int_equal(value(v, "_end"), DATA + 0x1000 + OFFSET);
	assert_int_equal(value(v, "vector_irq"), 0x40);
	assert_int_equal(value(v, "minus"), -16ULL);
	assert_int_equal(value(v, "twice"), DATA + 0x20 + OFFSET);
	assert_int_equal(value(v, "moved"), DATA + 0x30 + OFFSET);
	assert_false(irqm_vmlinux_symbol(v, "not_moved", &x));
	assert_false(irqm_vmlinux_symbol(v, "file.c", &x));
	assert_false(irqm_vmlinux_symbol(v, "", &x));
	assert_false(irqm_vmlinux_symbol(v, "nothing", &x));
	irqm_vmlinux_close(v);
	v = open_form(&(struct form){ .per_cpu_in_image = true }, info);
	assert_non_null(v);
	assert_int_equal(value(v, "vector_irq"), DATA + 0x840 + OFFSET);
	irqm_vmlinux_close(v);
}

static void test_symbol_at(void **state)
{
	struct irqm_vmlinux *v = open_form(&(struct form){ 0 }, info);
	uint64_t offset;
	char n[16];

	(void)state;
	assert_non_null(v);
	assert_true(irqm_vmlinux_at(v, TEXT + OFFSET + 0x23, n, sizeof(n),
				    &offset));
	assert_string_equal(n, "alias");
	assert_int_equal(offset, 3);
	assert_true(irqm_vmlinux_at(v, TEXT + OFFSET + 0x40, n, 4, &offset));
	assert_string_equal(n, "han");
	assert_int_equal(offset, 0);
	assert_false(
		irqm_vmlinux_at(v, TEXT + OFFSET - 1, n, sizeof(n), &offset));
	assert_false(irqm_vmlinux_at(v, DATA + OFFSET + 0x1000, n, sizeof(n),
				     &offset));
	assert_false(irqm_vmlinux_at(v, 0x40, n, sizeof(n), &offset));
	irqm_vmlinux_close(v);
}

static void test_identity(void **state)
{
	(void)state;
	refused(&(struct form){ .id_byte = 1 }, info, "another kernel");
	assert_non_null(strstr(err.msg, "build-id 0011"));
	assert_non_null(strstr(err.msg, "build-id 0111"));
	assert_non_null(strstr(err.msg, "dump " RELEASE));
	assert_non_null(strstr(err.msg, "file " RELEASE));
	refused(&(struct form){ .stext = TEXT + 0x10 }, info, "_stext");
	/* the build-id alone, as in a debug file */
	accepted(&(struct form){ .nobits = true }, info);
	refused(&(struct form){ .id_byte = 1, .nobits = true }, info,
		"another kernel");
	refused(&(struct form){ .short_id = true, .release = "6.1.1" }, info,
		"build-id none");
	/* no build-id on one side: the symbols */
	refused(&(struct form){ .no_id = true }, info, "only 1 of");
	accepted(&(struct form){ .no_id = true }, NO_ID);
	accepted(&(struct form){ 0 }, NO_ID);
	refused(&(struct form){ .release = "6.1.0-test-amd6" }, NO_ID,
		"another kernel");
	/* a debug file has no release */
	accepted(&(struct form){ .nobits = true }, NO_ID);
	refused(&(struct form){ 0 },
		"OSRELEASE=" RELEASE "\nKERNELOFFSET=10000000\n"
		"SYMBOL(_stext)=ffffffff91000000\n"
		"SYMBOL(prb)=ffffffff91002108\n",
		"SYMBOL(prb) is 0xffffffff91002108");
	refused(&(struct form){ 0 }, "OSRELEASE=" RELEASE "\n", "_stext");
	refused(&(struct form){ 0 }, "", "_stext");
	/* KASLR that is not said */
	refused(&(struct form){ 0 },
		"BUILD-ID=" ID "\n"
		"SYMBOL(_stext)=ffffffff91000000\n",
		"KERNELOFFSET");
}

/* 6.11.3 and others: what stands 12 bytes before the build-id. */
static void test_misread_id(void **state)
{
	static const char misread[] =
		"BUILD-ID=1400000003000000474e55000011223344556677\n" NO_ID;

	(void)state;
	accepted(&(struct form){ 0 }, misread);
	accepted(&(struct form){ .nobits = true }, misread);
	refused(&(struct form){ .id_byte = 1 }, misread, "another kernel");
	refused(&(struct form){ .release = "6.1.1" }, misread,
		"another kernel");
}

static void test_not_a_vmlinux(void **state)
{
	struct irqm_vmlinux *v;
	FILE *f;

	(void)state;
	refused(&(struct form){ .machine = EM_AARCH64 }, info, "not an x86");
	refused(&(struct form){ .type = ET_REL }, info, "module");
	refused(&(struct form){ .type = ET_CORE }, info, "a dump");
	refused(&(struct form){ .no_symbols = true }, info, "no symbols");
	assert_int_equal(open_file(dir, info, &v), -1);
	assert_non_null(strstr(err.msg, "not a regular file"));
	assert_int_equal(open_file("/nowhere", info, &v), -1);
	assert_non_null(strstr(err.msg, "cannot be opened"));
	f = fopen(file, "w");
	fputs("this is no kernel", f);
	fclose(f);
	assert_int_equal(open_file(file, info, &v), -1);
	assert_non_null(strstr(err.msg, "not an ELF file"));
	f = fopen(file, "w");
	fclose(f);
	assert_int_equal(open_file(file, info, &v), -1);
	assert_non_null(strstr(err.msg, "empty"));
}

static void open_any(void)
{
	struct irqm_vmlinux *v;
	uint64_t x;
	char n[32];

	if (open_file(file, info, &v) < 0) {
		assert_true(err.msg[0] != '\0');
		return;
	}
	irqm_vmlinux_symbol(v, "vector_irq", &x);
	irqm_vmlinux_at(v, TEXT + OFFSET + 0x50, n, sizeof(n), &x);
	irqm_vmlinux_close(v);
}

/* No byte of the headers, notes and symbols can do harm; nor can the end. */
static void test_hostile(void **state)
{
	static const unsigned char bytes[] = { 0x00, 0x7f, 0xff };
	unsigned char was;
	struct stat st;
	size_t i;
	off_t at;
	int fd;

	(void)state;
	write_elf(&(struct form){ 0 });
	assert_int_equal(stat(file, &st), 0);
	for (at = 0; at < st.st_size; at++) {
		if (at == 64)
			at = 0x1000; /* .text is not looked at */
		fd = open(file, O_RDWR);
		assert_int_equal(pread(fd, &was, 1, at), 1);
		for (i = 0; i < sizeof(bytes); i++) {
			assert_int_equal(pwrite(fd, &bytes[i], 1, at), 1);
			open_any();
		}
		assert_int_equal(pwrite(fd, &was, 1, at), 1);
		close(fd);
	}
	for (at = st.st_size - 1; at >= 0; at -= at > 4096 ? 61 : 1) {
		assert_int_equal(truncate(file, at), 0);
		open_any();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_symbols),
		cmocka_unit_test(test_symbol_at),
		cmocka_unit_test(test_identity),
		cmocka_unit_test(test_misread_id),
		cmocka_unit_test(test_not_a_vmlinux),
		cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
