/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "layout/layout.h"
#include "tests/layout/print_layout.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* irqm_get() */

static void get_reads_numbers(void **state)
{
	unsigned char copy[8] = { 1, 2, 3, 4, 5, 6, 7, 0x88 };
	struct irqm_member m = { .exists = true, .kind = IRQM_KIND_INT };

	(void)state;
	m.size = 8;
	assert_true(irqm_get(copy, &m) == 0x8807060504030201ULL);
	m.size = 2;
	m.offset = 6;
	assert_true(irqm_get(copy, &m) == 0x8807);
	m.exists = false;
	assert_true(irqm_get(copy, &m) == 0);
}

static void get_reads_bit_fields(void **state)
{
	unsigned char copy[8] = { 0, 0, 0, 0, 0, 0, 0xf0, 0x9f };
	struct irqm_member m = { .exists = true,
				 .kind = IRQM_KIND_INT,
				 .offset = 6,
				 .size = 2,
				 .bit_offset = 4,
				 .bit_size = 9 };

	(void)state;
	assert_true(irqm_get(copy, &m) == 0x1ff);
	m.offset = 7;
	m.size = 1;
	m.bit_offset = 5;
	m.bit_size = 3;
	assert_true(irqm_get(copy, &m) == 4);
	m = (struct irqm_member){
		.exists = true, .kind = IRQM_KIND_INT, .size = 8, .bit_size = 64
	};
	assert_true(irqm_get(copy, &m) == 0x9ff0000000000000ULL);
}

/* The bytes of a bit field are all that may be touched: ASan checks. */
static void get_stays_inside(void **state)
{
	struct irqm_member m = { .exists = true,
				 .kind = IRQM_KIND_INT,
				 .offset = 2,
				 .size = 1,
				 .bit_offset = 7,
				 .bit_size = 1 };
	unsigned char *copy = test_malloc(3);

	(void)state;
	copy[2] = 0x80;
	assert_true(irqm_get(copy, &m) == 1);
	test_free(copy);
}

/* irqm_layout_finish() and irqm_layout_missing() */

static void take_member(struct irqm_member *m, uint32_t offset, uint32_t size)
{
	*m = (struct irqm_member){ .exists = true,
				   .kind = IRQM_KIND_INT,
				   .offset = offset,
				   .size = size };
}

static struct irqm_layout *blank(uint32_t size)
{
	struct irqm_layout *l = test_calloc(1, sizeof(*l));

	l->apic_chip_data.exists = true;
	l->apic_chip_data.size = size;
	return l;
}

static void finish_strikes_out_what_reaches_beyond(void **state)
{
	struct irqm_layout *l = blank(16);

	(void)state;
	take_member(&l->apic_chip_data.vector, 12, 4);
	take_member(&l->apic_chip_data.cpu, 13, 4);
	take_member(&l->apic_chip_data.prev_cpu, 17, 0);
	take_member(&l->apic_chip_data.irq, 0xfffffffe, 4);
	irqm_layout_finish(l);
	assert_true(l->apic_chip_data.vector.exists);
	assert_false(l->apic_chip_data.cpu.exists);
	assert_false(l->apic_chip_data.prev_cpu.exists);
	assert_false(l->apic_chip_data.irq.exists);
	test_free(l);
}

static void finish_strikes_out_odd_sizes(void **state)
{
	struct irqm_layout *l = blank(64);
	struct irqm_member *array = &l->apic_chip_data.clist;

	(void)state;
	take_member(&l->apic_chip_data.vector, 0, 0);
	take_member(&l->apic_chip_data.cpu, 0, 9);
	take_member(array, 0, 16);
	array->kind = IRQM_KIND_ARRAY;
	array->count = 3;
	array->elem_size = 8;
	take_member(&l->cpumap.managed, 0, 4); /* of no structure */
	irqm_layout_finish(l);
	assert_false(l->apic_chip_data.vector.exists);
	assert_false(l->apic_chip_data.cpu.exists);
	assert_false(array->exists);
	assert_false(l->cpumap.managed.exists);

	l->cpumap.exists = true;
	l->apic_chip_data.size = (1U << 20) + 1;
	irqm_layout_finish(l);
	assert_false(l->cpumap.exists);
	assert_false(l->apic_chip_data.exists);
	test_free(l);
}

static void finish_normalises_bit_fields(void **state)
{
	struct irqm_layout *l = blank(8);
	struct irqm_member *m = &l->apic_chip_data.can_reserve;
	struct irqm_member *beyond = &l->apic_chip_data.has_reserved;
	struct irqm_member *wide = &l->apic_chip_data.is_managed;

	(void)state;
	take_member(m, 0, 8);
	m->bit_offset = 61;
	m->bit_size = 3;
	take_member(beyond, 0, 8);
	beyond->bit_offset = 63;
	beyond->bit_size = 2;
	take_member(wide, 0, 8);
	wide->bit_offset = 1;
	wide->bit_size = 64;
	irqm_layout_finish(l);
	assert_true(m->exists);
	assert_int_equal(m->offset, 7);
	assert_int_equal(m->bit_offset, 5);
	assert_int_equal(m->size, 1);
	assert_false(beyond->exists);
	assert_false(wide->exists);
	test_free(l);
}

static void missing_names_the_first(void **state)
{
	struct irqm_layout *l = test_calloc(1, sizeof(*l));
	char buf[64] = "";

	(void)state;
	assert_true(irqm_layout_missing(l, IRQM_PART_APIC, buf, sizeof(buf)));
	assert_string_equal(buf, "apic_chip_data");
	l->apic_chip_data.exists = true;
	l->apic_chip_data.vector.exists = true;
	l->apic_chip_data.cpu.exists = true;
	l->apic_chip_data.prev_cpu.exists = true;
	assert_true(irqm_layout_missing(l, IRQM_PART_APIC, buf, sizeof(buf)));
	assert_string_equal(buf, "apic_chip_data.prev_vector");
	l->apic_chip_data.prev_vector.exists = true;
	l->apic_chip_data.move_in_progress.exists = true;
	l->apic_chip_data.can_reserve.exists = true;
	l->apic_chip_data.has_reserved.exists = true;
	assert_false(irqm_layout_missing(l, IRQM_PART_APIC, buf, sizeof(buf)));
	assert_false(irqm_layout_missing(l, IRQM_PART_OTHER, buf, sizeof(buf)));
	test_free(l);
}

static void enum_value_finds_names(void **state)
{
	struct irqm_enum e = { .nr = 2, .e = { { "A", 1 }, { "B", -2 } } };
	int64_t v = 0;

	(void)state;
	assert_true(irqm_enum_value(&e, "B", &v));
	assert_true(v == -2);
	assert_false(irqm_enum_value(&e, "C", &v));
}

/* irqm_layout_from_dwarf() on the samples */

static const char *const samples[] = { LAYOUT_SAMPLES };

static char *run(const char *program)
{
	size_t size = 1 << 16, len;
	char *text = test_calloc(1, size);
	FILE *f = popen(program, "r");

	assert_non_null(f);
	len = fread(text, 1, size - 1, f);
	assert_int_equal(pclose(f), 0);
	assert_true(len > 0 && len < size - 1);
	return text;
}

static char *read_layout(const char *path)
{
	struct irqm_layout *l = test_calloc(1, sizeof(*l));
	struct irqm_error err = { 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text = NULL;
	size_t size;
	FILE *f;

	assert_true(fd >= 0);
	if (irqm_layout_from_dwarf(l, fd, NULL, &err) != 0)
		fail_msg("%s: %s", path, err.msg);
	close(fd);
	f = open_memstream(&text, &size);
	print_layout(f, l);
	fclose(f);
	test_free(l);
	return text;
}

/* "cpumap.managed -", "struct class -": absent rows have no figure. */
static bool is_absent(const char *line)
{
	size_t len = strlen(line);

	return len > 2 && strcmp(line + len - 2, " -") == 0 &&
	       !strstr(line, " 0 ") && !strstr(line, " size ");
}

/* Every line of a, but for absent rows, is in b. */
static void assert_lines_in(const char *what, const char *a, const char *b)
{
	const char *line, *end;
	char one[256];

	for (line = a; (end = strchr(line, '\n')); line = end + 1) {
		snprintf(one, sizeof(one), "%.*s", (int)(end - line), line);
		if (is_absent(one))
			continue;
		strcat(one, "\n");
		if (!strstr(b, one))
			fail_msg("%s: %s", what, one);
	}
}

static void dwarf_agrees_with_the_compiler(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		char *truth = run(samples[i]);
		char *ours = read_layout(samples[i]);

		assert_lines_in(samples[i], truth, ours);
		assert_lines_in(samples[i], ours, truth);
		free(ours);
		test_free(truth);
	}
}

/* A sample in memory that tests may cut and spoil. */
struct spoilt {
	int fd;
	size_t size;
	unsigned char *bytes;
};

static void load(struct spoilt *s, const char *path)
{
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	fseek(f, 0, SEEK_END);
	s->size = ftell(f);
	rewind(f);
	s->bytes = test_malloc(s->size);
	assert_int_equal(fread(s->bytes, 1, s->size, f), s->size);
	fclose(f);
	s->fd = memfd_create("sample", MFD_CLOEXEC);
	assert_true(s->fd >= 0);
	assert_int_equal(write(s->fd, s->bytes, s->size), s->size);
}

static void unload(struct spoilt *s)
{
	close(s->fd);
	test_free(s->bytes);
}

/* What later stages rest on, whatever the file was. */
static void assert_trustworthy(struct irqm_layout *l)
{
	unsigned int i;

	for (i = 0; i < irqm_nr_member_rows; i++) {
		const struct irqm_member_row *r = &irqm_member_rows[i];
		const struct irqm_struct_row *s = &irqm_struct_rows[r->strct];
		struct irqm_member *m = irqm_row_member(l, r);
		uint32_t size = *irqm_row_size(l, s);

		if (!m->exists)
			continue;
		assert_true(*irqm_row_exists(l, s));
		assert_true((uint64_t)m->offset + m->size <= size);
		assert_true(m->bit_offset < 8);
		assert_true(m->bit_offset + m->bit_size <= 64 &&
			    (!m->bit_size ||
			     m->bit_offset + m->bit_size <= m->size * 8));
		assert_true(memchr(m->target, 0, sizeof(m->target)) != NULL);
	}
}

/* Reads a spoilt file; false if it was refused, with a reason. */
static bool survives(int fd)
{
	static struct irqm_layout l;
	struct irqm_error err = { 0 };

	if (irqm_layout_from_dwarf(&l, fd, NULL, &err) != 0) {
		assert_true(err.msg[0] != '\0');
		assert_false(l.irq_matrix.exists);
		return false;
	}
	assert_trustworthy(&l);
	return true;
}

static void dwarf_survives_cut_files(void **state)
{
	struct spoilt s;
	unsigned int i;
	size_t len;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		load(&s, samples[i]);
		assert_true(survives(s.fd));
		/* the section headers are at the end of the file */
		for (len = s.size - 1; len > 64; len -= 61) {
			assert_int_equal(ftruncate(s.fd, len), 0);
			assert_false(survives(s.fd));
		}
		assert_int_equal(ftruncate(s.fd, 0), 0);
		assert_false(survives(s.fd));
		unload(&s);
	}
}

/* One byte after the other is turned over, all through the file. */
static void dwarf_survives_spoilt_bytes(void **state)
{
	unsigned int i, refused = 0;
	struct spoilt s;
	size_t at;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		load(&s, samples[i]);
		for (at = 0; at < s.size; at += 3) {
			unsigned char c = s.bytes[at] ^ (at & 1 ? 0xff : 0x11);

			assert_int_equal(pwrite(s.fd, &c, 1, at), 1);
			refused += !survives(s.fd);
			c = s.bytes[at];
			assert_int_equal(pwrite(s.fd, &c, 1, at), 1);
		}
		unload(&s);
	}
	assert_true(refused > 0);
}

static void refuses(const char *content, size_t size, const char *text)
{
	static struct irqm_layout l;
	struct irqm_error err = { 0 };
	int fd = memfd_create("file", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, content, size), size);
	assert_int_equal(irqm_layout_from_dwarf(&l, fd, NULL, &err), -1);
	if (!strstr(err.msg, text))
		fail_msg("\"%s\" instead of \"%s\"", err.msg, text);
	close(fd);
}

/* The vmlinux of a split kernel that was taken out of its build folder. */
static void dwarf_names_a_missing_dwo(void **state)
{
	unsigned int i, nr = 0;
	char *at;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		struct spoilt s;

		if (!strstr(samples[i], "-split-"))
			continue;
		load(&s, samples[i]);
		/* every ".dwo" of its strings: a name that is not there */
		for (at = (char *)s.bytes;
		     (at = memmem(at, (char *)s.bytes + s.size - at, ".dwo",
				  5)) != NULL;
		     at += 4)
			memcpy(at, ".non", 4);
		refuses((char *)s.bytes, s.size,
			".non cannot be opened: "
			"keep vmlinux and the .dwo files");
		unload(&s);
		nr++;
	}
	assert_true(nr > 0);
}

static void dwarf_says_what_is_wrong(void **state)
{
	char elf[64] = "\177ELF\2\1\1";

	(void)state;
	refuses("", 0, "empty");
	refuses("MZ, a compressed kernel", 23, "not an ELF file");
	refuses(elf, sizeof(elf), "no DWARF");
	elf[4] = 1;
	refuses(elf, sizeof(elf), "64-bit");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(get_reads_numbers),
		cmocka_unit_test(get_reads_bit_fields),
		cmocka_unit_test(get_stays_inside),
		cmocka_unit_test(finish_strikes_out_what_reaches_beyond),
		cmocka_unit_test(finish_strikes_out_odd_sizes),
		cmocka_unit_test(finish_normalises_bit_fields),
		cmocka_unit_test(missing_names_the_first),
		cmocka_unit_test(enum_value_finds_names),
		cmocka_unit_test(dwarf_agrees_with_the_compiler),
		cmocka_unit_test(dwarf_survives_cut_files),
		cmocka_unit_test(dwarf_survives_spoilt_bytes),
		cmocka_unit_test(dwarf_names_a_missing_dwo),
		cmocka_unit_test(dwarf_says_what_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
