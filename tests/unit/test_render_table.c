/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "render/table.h"
#include "render/text.h"

/* A row is an array of strings, one for each column. */
static void fill_0(FILE *out, const void *row)
{
	fputs(((const char *const *)row)[0], out);
}

static void fill_1(FILE *out, const void *row)
{
	fputs(((const char *const *)row)[1], out);
}

static void fill_2(FILE *out, const void *row)
{
	fputs(((const char *const *)row)[2], out);
}

static const struct irqm_column columns[] = {
	{ "NR", "", IRQM_COL_RIGHT, 0, fill_0 },
	{ "OPT", "", IRQM_COL_RIGHT | IRQM_COL_OPTIONAL, 0, fill_1 },
	{ "LIST", "", IRQM_COL_WRAP, 0, fill_2 },
};

static char *print(const char *rows[][3], unsigned int nr, bool header)
{
	struct irqm_table t;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	unsigned int i;

	assert_int_equal(irqm_table_init(&t, columns, 3), 0);
	for (i = 0; i < nr; i++)
		irqm_table_row(&t, rows[i]);
	assert_int_equal(irqm_table_print(&t, out, header), 0);
	fclose(out);
	return text;
}

static void assert_prints(const char *rows[][3], unsigned int nr, bool header,
			  const char *expected)
{
	char *text = print(rows, nr, header);

	assert_string_equal(text, expected);
	free(text);
}

static void aligned(void **state)
{
	const char *rows[][3] = {
		{ "1", "7", "a" },
		{ "1000", "12345", "" },
	};

	(void)state;
	assert_prints(rows, 2, true,
		      "  NR   OPT  LIST\n"
		      "   1     7  a\n"
		      "1000 12345\n");
	assert_prints(rows, 2, false,
		      "   1     7  a\n"
		      "1000 12345\n");
}

static void optional_column_without_content_is_left_out(void **state)
{
	const char *rows[][3] = { { "1", "-", "a" }, { "2", "-", "b" } };

	(void)state;
	assert_prints(rows, 2, true,
		      "NR  LIST\n"
		      " 1  a\n"
		      " 2  b\n");
	rows[1][1] = "9";
	assert_prints(rows, 2, true,
		      "NR OPT  LIST\n"
		      " 1   -  a\n"
		      " 2   9  b\n");
}

#define TEN(text) text text text text text text text text text text

static void wrapped_below_itself(void **state)
{
	const char *rows[][3] = {
		{ "1", "-", TEN("10,") TEN("20,") TEN("30,") "40" },
		{ "2", "-", "b" },
	};

	(void)state;
	/* a line has room for 76: 25 items of three characters */
	assert_prints(rows, 2, true,
		      "NR  LIST\n"
		      " 1  " TEN("10,") TEN("20,") "30,30,30,30,30,\n"
						   "    30,30,30,30,30,40\n"
						   " 2  b\n");
}

static void wrapped_at_blanks(void **state)
{
	const char *rows[][3] = {
		{ "1", "-", TEN("1234567 ") "x" },
		/* no blank to break at between these two */
		{ "2", "-", TEN("123456 ") "ab" IRQM_NBSP "cdefgh" },
	};

	(void)state;
	assert_prints(rows, 2, false,
		      "1  1234567 1234567 1234567 1234567 1234567 1234567 "
		      "1234567 1234567 1234567\n"
		      "   1234567 x\n"
		      "2  123456 123456 123456 123456 123456 123456 123456 "
		      "123456 123456 123456\n"
		      "   ab cdefgh\n");
}

static void word_without_end_is_broken_not_cut(void **state)
{
	const char *rows[][3] = { { "1", "-", TEN("123456789") } };

	(void)state;
	assert_prints(rows, 1, false,
		      "1  12345678912345678912345678912345678912345678912345678"
		      "912345678912345678912345\n"
		      "   6789123456789\n");
}

static void characters_are_counted_not_bytes(void **state)
{
	const char *rows[][3] = {
		{ "\xc3\xa4", "1", "x" },
		{ "ab", "1",
		  TEN("\xe2\x82\xac"
		      "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"
		      "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac") },
	};
	char *text = print(rows, 2, false), *line, *end;
	unsigned int lines = 0, n;

	(void)state;
	assert_memory_equal(text, " \xc3\xa4 1  x\n", 8);
	for (line = text; *line; line = end + 1, lines++) {
		end = strchr(line, '\n');
		for (n = 0; line < end; line++)
			n += (*line & 0xc0) != 0x80;
		assert_true(n <= 80);
		/* no character is torn: the next line begins with one */
		assert_true((end[1] & 0xc0) != 0x80);
	}
	assert_int_equal(lines, 3);
	free(text);
}

static void table_without_rows(void **state)
{
	(void)state;
	assert_prints(NULL, 0, true, "NR  LIST\n");
	assert_prints(NULL, 0, false, "");
}

static void fields(void **state)
{
	struct irqm_table t;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_int_equal(irqm_fields_init(&t), 0);
	fputs("1", irqm_field(&t, "A"));
	fputs(TEN("12345678 "), irqm_field(&t, "LONGER"));
	assert_int_equal(irqm_table_print(&t, out, false), 0);
	fclose(out);
	assert_string_equal(text,
			    "          A: 1\n"
			    "     LONGER: 12345678 12345678 12345678 12345678 "
			    "12345678 12345678 12345678\n"
			    "             12345678 12345678 12345678\n");
	free(text);
}

static void full_disk_is_an_error(void **state)
{
	const char *row[] = { "1", "2", "3" };
	FILE *full = fopen("/dev/full", "w");
	struct irqm_table t;

	(void)state;
	if (!full)
		skip();
	assert_int_equal(irqm_table_init(&t, columns, 3), 0);
	irqm_table_row(&t, row);
	errno = 0;
	assert_int_equal(irqm_table_print(&t, full, true), -1);
	assert_int_equal(errno, ENOSPC);
	fclose(full);
}

static void names(void **state)
{
	static const char *const given[] = {
		NULL, "", "eth0", "\x1b[31mred", "a\nb",
	};
	static const char *const shown[] = {
		"?", "-", "eth0", "\\x1b[31mred", "a\\x0ab",
	};
	char *text, *name;
	size_t size;
	FILE *out;

	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(given); i++) {
		out = open_memstream(&text, &size);
		irqm_put_name(out, given[i]);
		fclose(out);
		assert_string_equal(text, shown[i]);
		free(text);
	}
	/* a name that would fill a screen says that it is cut */
	name = malloc(5000);
	memset(name, 'x', 4999);
	name[4999] = '\0';
	out = open_memstream(&text, &size);
	irqm_put_name(out, name);
	fclose(out);
	assert_true(size < 1100);
	assert_string_equal(text + size - 4, "x...");
	free(text);
	free(name);
}

static void line_is_as_long_as_the_terminal(void **state)
{
	static const char list[] =
		"0000000001,0000000002,0000000003,0000000004";
	const char *row[3] = { "1", "-", list };
	unsigned int line;
	char *text;
	size_t size;

	(void)state;
	for (line = 30; line <= 60; line += 30) {
		struct irqm_table t;
		FILE *out = open_memstream(&text, &size);

		assert_int_equal(irqm_table_init(&t, columns, 3), 0);
		t.line = line;
		irqm_table_row(&t, row);
		assert_int_equal(irqm_table_print(&t, out, false), 0);
		fclose(out);
		assert_string_equal(
			text,
			line == 60 ?
				"1  0000000001,0000000002,0000000003,0000000004\n" :
				"1  0000000001,0000000002,\n"
				"   0000000003,0000000004\n");
		free(text);
	}
}

static void what_was_left_out_is_counted(void **state)
{
	const char *row[3] = { "1", "2", "3" };
	struct irqm_table t;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int i;

	(void)state;
	assert_int_equal(irqm_table_init(&t, columns, 3), 0);
	t.max_rows = 1;
	t.what = "things";
	for (i = 0; i < 3; i++)
		assert_int_equal(irqm_table_row(&t, row), i == 0);
	assert_int_equal(irqm_table_print(&t, out, false), 0);
	fclose(out);
	assert_string_equal(text, "1 2  3\n1 of 3 things\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(aligned),
		cmocka_unit_test(optional_column_without_content_is_left_out),
		cmocka_unit_test(wrapped_below_itself),
		cmocka_unit_test(wrapped_at_blanks),
		cmocka_unit_test(word_without_end_is_broken_not_cut),
		cmocka_unit_test(characters_are_counted_not_bytes),
		cmocka_unit_test(table_without_rows),
		cmocka_unit_test(fields),
		cmocka_unit_test(full_disk_is_an_error),
		cmocka_unit_test(names),
		cmocka_unit_test(line_is_as_long_as_the_terminal),
		cmocka_unit_test(what_was_left_out_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
