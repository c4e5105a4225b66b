/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the document is written: indented, as a value, to a full disk, without
 * memory, of a large machine. */
#include "json_doc.h"
#include "unit.h"

#include <errno.h>
#include <time.h>

#include "render/json/json.h"
#include "render/json/parsed.h"

static void test_pretty(void **state)
{
	struct irqm_snapshot *s = json_example();
	char *text = json_rendered(s, true), *compact = json_rendered(s, false);
	json_t *a = json_parsed(text), *b = json_parsed(compact);

	(void)state;
	assert_true(json_equal(a, b));
	assert_non_null(strstr(text, "\n  \"matrix\": {\n"
				     "    \"matrix_bits\": 256,\n"));
	assert_non_null(strstr(text, "\n  \"cpus\": [\n    {\n"
				     "      \"cpu\": 0,\n"));
	assert_non_null(strstr(text, "\n    }\n  ],\n  \"devices\""));
	assert_string_equal(text + strlen(text) - 3, "\n}\n");
	/* compact: one line */
	assert_ptr_equal(strchr(compact, '\n'), compact + strlen(compact) - 1);
	json_decref(a);
	json_decref(b);
	free(text);
	free(compact);
	irqm_snapshot_free(s);
}

/* The document as a value is the one that is written. */
static void test_value(void **state)
{
	struct irqm_snapshot *s = json_example();
	struct irqm_analysis *a = irqm_analyse(s);
	json_t *value = irqm_json_document(a), *written = json_document(s);
	char *text = json_dumps(value, JSON_COMPACT);
	char *wanted = json_dumps(written, JSON_COMPACT);

	(void)state;
	assert_non_null(value);
	assert_string_equal(text, wanted); /* and in the same order */
	free(text);
	free(wanted);
	json_decref(value);
	json_decref(written);
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
}

/* A full disk at any byte is an error. */
static void test_write_error(void **state)
{
	struct irqm_snapshot *s = json_example();
	struct irqm_analysis *a = irqm_analyse(s);
	char *text = json_rendered(s, true), *buf;
	size_t len = strlen(text), size;
	FILE *out;

	(void)state;
	buf = malloc(len + 2);
	for (size = 1; size < len; size += 97) {
		out = fmemopen(buf, size, "w");
		setvbuf(out, NULL, size % 2 ? _IONBF : _IOFBF, BUFSIZ);
		assert_int_equal(irqm_render_json(out, a, true), -1);
		fclose(out);
	}
	out = fopen("/dev/full", "w");
	if (out) {
		assert_int_equal(irqm_render_json(out, a, true), -1);
		fclose(out);
	}
	free(buf);
	free(text);
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
}

/* jansson writes the same text: indented, compact, and each escape. */
static void test_text(void **state)
{
	struct irqm_snapshot *s = json_example();
	char *text = json_rendered(s, true), *compact = json_rendered(s, false);
	json_t *doc = json_parsed(compact);
	char *wanted = json_dumps(doc, JSON_INDENT(2));
	char *wanted_compact = json_dumps(doc, JSON_COMPACT);

	(void)state;
	text[strlen(text) - 1] = compact[strlen(compact) - 1] = '\0';
	assert_string_equal(text, wanted);
	assert_string_equal(compact, wanted_compact);
	free(text);
	free(compact);
	free(wanted);
	free(wanted_compact);
	json_decref(doc);
	irqm_snapshot_free(s);
}

/* Prints the value alone. */
static char *printed_as(struct irqm_json_value value, bool indent)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(irqm_json_print(out, value, indent), 0);
	fclose(out);
	text[strlen(text) - 1] = '\0'; /* the newline */
	return text;
}

static char *printed(struct irqm_json_value value)
{
	return printed_as(value, false);
}

/* The value's text is jansson's, and read again it is the same. */
static void check_value(struct irqm_json_value ours,
			struct irqm_json_value again, json_t *value)
{
	char *wanted = json_dumps(value, JSON_ENCODE_ANY);
	json_t *parsed = irqm_json_parsed(again);
	char *text = printed(ours);

	assert_string_equal(text, wanted);
	assert_true(json_equal(parsed, value));
	free(text);
	free(wanted);
	json_decref(parsed);
	json_decref(value);
}

static void check_string(const char *s)
{
	check_value(irqm_json_string(s), irqm_json_string(s), json_string(s));
}

static void test_escapes(void **state)
{
	char s[] = "a?b", *text;
	int c;

	(void)state;
	for (c = 1; c < 128; c++) {
		s[1] = c;
		check_string(s);
		check_string(s + 1);
	}
	check_string("");
	check_string("\"\\\"");
	check_string("\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xa7\"");
	/* for a terminal, and then for JSON */
	text = printed(irqm_json_name("\x1b[\"\xc3\xa9\xff"));
	assert_string_equal(text, "\"\\\\x1b[\\\"\xc3\xa9\\\\xff\"");
	free(text);
}

/* What is in a string does not begin a line. */
static void test_structure_in_strings(void **state)
{
	struct irqm_json j = irqm_json_array();
	char *text;

	(void)state;
	irqm_json_append(&j, irqm_json_string("a\",[{"));
	irqm_json_append(&j, irqm_json_string(":\\"));
	text = printed_as(irqm_json_done(&j), true);
	assert_string_equal(text, "[\n  \"a\\\",[{\",\n  \":\\\\\"\n]");
	free(text);
}

static void check_integer(int64_t n)
{
	check_value(irqm_json_integer(n), irqm_json_integer(n),
		    json_integer(n));
}

static void check_real(double n)
{
	check_value(irqm_json_real(n), irqm_json_real(n), json_real(n));
}

static void test_numbers(void **state)
{
	struct irqm_json zeros = irqm_json_array();
	char *text;

	(void)state;
	check_integer(0);
	check_integer(9);
	check_integer(10);
	check_integer(-28);
	check_integer(INT64_MAX);
	check_integer(INT64_MIN);
	check_real(0.5);
	check_real(-3);
	check_real(1e300);
	text = printed(irqm_json_hex(0xffffffff81000000ULL));
	assert_string_equal(text, "\"0xffffffff81000000\"");
	free(text);
	text = printed(irqm_json_hex(0));
	assert_string_equal(text, "\"0x0\"");
	free(text);
	irqm_json_append_zeros(&zeros, 0);
	irqm_json_append_zeros(&zeros, 3);
	irqm_json_append(&zeros, irqm_json_integer(7));
	irqm_json_append_zeros(&zeros, 1);
	text = printed(irqm_json_done(&zeros));
	assert_string_equal(text, "[0,0,0,7,0]");
	free(text);
}

/* No memory for a value within others: an error, and no leak. */
static void test_no_memory(void **state)
{
	struct irqm_json inner = irqm_json_object();
	struct irqm_json array = irqm_json_array();
	FILE *out = fopen("/dev/null", "w");

	(void)state;
	irqm_json_add(&inner, "a", irqm_json_integer(1));
	irqm_json_add(&inner, "b", irqm_json_own_string(NULL));
	irqm_json_add(&inner, "c", irqm_json_own_string(strdup("c")));
	irqm_json_append(&array, irqm_json_integer(1));
	irqm_json_append(&array, irqm_json_done(&inner));
	irqm_json_append(&array, irqm_json_own_name(strdup("d")));
	errno = 0;
	assert_int_equal(irqm_json_print(out, irqm_json_done(&array), true),
			 -1);
	assert_int_equal(errno, ENOMEM);
	fclose(out);
}

/* CPU time to render nr IRQs on 1,024 CPUs. */
static double render_time(unsigned int nr)
{
	struct irqm_snapshot *s = snap_new_sized(1024, nr, 1);
	struct irqm_analysis *a;
	struct timespec t0, t1;
	FILE *out;

	snap_device(s, "0000:00:05.0", "nvme");
	for (unsigned int i = 0; i < nr; i++) {
		snap_msi_irq(s, 24 + i, 0, NULL);
		snap_alloc(s, 24 + i, i % 1024);
	}
	a = irqm_analyse(s);
	out = fopen("/dev/null", "w");
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t0);
	assert_int_equal(irqm_render_json(out, a, true), 0);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t1);
	fclose(out);
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
	return t1.tv_sec - t0.tv_sec + (t1.tv_nsec - t0.tv_nsec) / 1e9;
}

/* Four times the IRQs, about four times the time; 16 if it were quadratic. */
static void test_large_machine(void **state)
{
	(void)state;
	assert_true(render_time(20000) < 9 * render_time(5000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pretty),
		cmocka_unit_test(test_value),
		cmocka_unit_test(test_write_error),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_structure_in_strings),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_large_machine),
	};

	return RUN(tests);
}
