/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables as RFC 4180 has them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "render/table.h"
#include "rendered.h"
#include "snap.h"

static void put(FILE *out, const void *row)
{
	fputs(row, out);
}

static const struct irqm_column columns[] = {
	{ "A,B", "a name with a comma", IRQM_COL_RIGHT, 9, put },
	{ "C", "", IRQM_COL_WRAP, 0, put },
};

static void assert_cell_as(enum irqm_csv csv, const char *cell,
			   const char *expected)
{
	char *text, line[256];
	struct irqm_table t;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(irqm_table_init(&t, columns, 2), 0);
	t.csv = csv;
	irqm_table_row(&t, cell);
	assert_int_equal(irqm_table_print(&t, out, true), 0);
	fclose(out);
	snprintf(line, sizeof(line), "\"A,B\",C\r\n%s,%s\r\n", expected,
		 expected);
	assert_string_equal(text, line);
	free(text);
}

static void assert_cell(const char *cell, const char *expected)
{
	assert_cell_as(IRQM_CSV_DEFUSED, cell, expected);
	assert_cell_as(IRQM_CSV_RAW, cell, expected);
}

static void cells(void **state)
{
	(void)state;
	assert_cell("x", "x");
	assert_cell("", "");
	assert_cell("-", "");  /* none */
	assert_cell("?", "?"); /* unknown */
	assert_cell("-1", "-1");
	assert_cell("-12.5", "-12.5");
	assert_cell("-1.5e-07", "-1.5e-07");
	assert_cell("a b", "a b");
	assert_cell("a" IRQM_NBSP "b", "a b");
	assert_cell("0-3,5", "\"0-3,5\"");
	assert_cell("say \"x\"", "\"say \"\"x\"\"\"");
	assert_cell("two\nlines", "\"two\nlines\"");
	assert_cell("a\rb", "\"a\rb\"");
	assert_cell("\xc3\xa4", "\xc3\xa4");
}

static void assert_defused(const char *cell, const char *defused,
			   const char *raw)
{
	assert_cell_as(IRQM_CSV_DEFUSED, cell, defused);
	assert_cell_as(IRQM_CSV_RAW, cell, raw);
}

/* What a spreadsheet would run. */
static void formulas(void **state)
{
	(void)state;
	assert_defused("=1+1", "'=1+1", "=1+1");
	assert_defused("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0",
		       "+cmd|' /C calc'!A0");
	assert_defused("@SUM(1)", "'@SUM(1)", "@SUM(1)");
	assert_defused("=A(\"x\",1)", "\"'=A(\"\"x\"\",1)\"",
		       "\"=A(\"\"x\"\",1)\"");
	assert_defused("-2+3", "'-2+3", "-2+3");
	assert_defused("--", "'--", "--");
	assert_defused("-1e5x", "'-1e5x", "-1e5x");
	assert_defused("-.5", "'-.5", "-.5");
	assert_defused("-1-1", "'-1-1", "-1-1");
	assert_defused("+5", "'+5", "+5");
	assert_defused("-inf", "'-inf", "-inf");
	assert_defused("\t=1", "'\t=1", "\t=1");
	assert_defused("\r=1", "\"'\r=1\"", "\"\r=1\"");
	assert_defused("\n=1", "\"'\n=1\"", "\"\n=1\"");
	assert_defused("\xef\xbc\x9d"
		       "1",
		       "'\xef\xbc\x9d"
		       "1",
		       "\xef\xbc\x9d"
		       "1");
	assert_defused("\xef\xbc\x8b", "'\xef\xbc\x8b", "\xef\xbc\x8b");
	assert_defused("\xef\xbc\x8d", "'\xef\xbc\x8d", "\xef\xbc\x8d");
	assert_defused("\xef\xbc\xa0", "'\xef\xbc\xa0", "\xef\xbc\xa0");
	/* where a semicolon separates cells */
	assert_defused("a;=1;-2", "a;'=1;'-2", "a;=1;-2");
	assert_cell("a=b-c@d+e; -f", "a=b-c@d+e; -f");
	assert_cell("\xef\xbc\x9e", "\xef\xbc\x9e");
}

static void no_rows_no_header(void **state)
{
	char *text;
	struct irqm_table t;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_int_equal(irqm_table_init(&t, columns, 2), 0);
	t.csv = IRQM_CSV_DEFUSED;
	assert_int_equal(irqm_table_print(&t, out, true), 0);
	assert_int_equal(irqm_table_init(&t, columns, 2), 0);
	t.csv = IRQM_CSV_DEFUSED;
	assert_int_equal(irqm_table_print(&t, out, false), 0);
	fclose(out);
	assert_string_equal(text, "\"A,B\",C\r\n");
	free(text);
}

static void full_disk_is_an_error(void **state)
{
	FILE *full = fopen("/dev/full", "w");
	struct irqm_table t;

	(void)state;
	if (!full)
		skip();
	assert_int_equal(irqm_table_init(&t, columns, 2), 0);
	t.csv = IRQM_CSV_DEFUSED;
	irqm_table_row(&t, "x");
	errno = 0;
	assert_int_equal(irqm_table_print(&t, full, true), -1);
	assert_int_equal(errno, ENOSPC);
	fclose(full);
}

/* Five alike are five rows, long cells one line, colour is none. */
static void devices(void **state)
{
	struct irqm_render_options o = {
		.header = true,
		.csv = IRQM_CSV_DEFUSED,
		.color = true,
	};
	struct irqm_snapshot *s = snap_new(4);
	char *text;

	(void)state;
	snap_five_disks(s);
	snap_consumer(s, 4, "a\"name,with\x1b", NULL, "block");
	text = rendered(irqm_render_devices, s, &o);
	assert_string_equal(
		text,
		"COST,%,IRQS,ALLOC,MANAGED,IDLE,RESV,DEVICE,DRIVER,CONSUMER\r\n"
		"5,20,3,3,4,2,0,0000:00:02.0,virtio-pci,virtio_blk vda\r\n"
		"5,20,3,3,4,2,0,0000:00:03.0,virtio-pci,virtio_blk vdb\r\n"
		"5,20,3,3,4,2,0,0000:00:04.0,virtio-pci,virtio_blk vdc\r\n"
		"5,20,3,3,4,2,0,0000:00:05.0,virtio-pci,virtio_blk vdd\r\n"
		"5,20,3,3,4,2,0,0000:00:06.0,virtio-pci,"
		"\"virtio_blk vde a\"\"name,with\\x1b\"\r\n");
	free(text);
	irqm_snapshot_free(s);
}

static void unknown_is_no_zero(void **state)
{
	struct irqm_render_options o = {
		.csv = IRQM_CSV_DEFUSED,
		.columns = "CPU,AVAIL,VECTORS,MAN-VECTORS",
	};
	struct irqm_snapshot *s = snap_new(2);

	(void)state;
	s->cpus[0].available = IRQM_UNKNOWN;
	s->cpus[0].alloc_map.words = NULL;
	assert_rendered(irqm_render_matrix, s, &o,
			"0,?,?,\r\n"
			"1,201,,\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells),
		cmocka_unit_test(formulas),
		cmocka_unit_test(no_rows_no_header),
		cmocka_unit_test(full_disk_is_an_error),
		cmocka_unit_test(devices),
		cmocka_unit_test(unknown_is_no_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
