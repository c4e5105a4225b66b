/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the document is written: indented, as a value, to a full disk, without
 * memory, of a large machine. */
#include "json_doc.h"
#include "unit.h"

#include <errno.h>
#include <time.h>

#include "render/json/json.h"

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

static long left;

static void *failing_malloc(size_t size)
{
	return left-- == 0 ? NULL : malloc(size); /* that one only */
}

/* No memory at the k-th allocation of a value: an error, and no leak. */
static void test_no_memory(void **state)
{
	struct irqm_snapshot *s = json_example();
	struct irqm_analysis *a = irqm_analyse(s);
	char *wanted = json_rendered(s, false);
	int status = -1;
	long k;

	(void)state;
	json_set_alloc_funcs(failing_malloc, free);
	/* jansson can do without some; then the document is right */
	for (k = 0, left = -1; left < 0 && k < 100000; k++) {
		char *text = NULL;
		size_t size;
		FILE *out = open_memstream(&text, &size);

		left = k;
		errno = 0;
		status = irqm_render_json(out, a, false);
		if (status == 0)
			assert_string_equal(text, wanted);
		else
			assert_int_equal(errno, ENOMEM);
		fclose(out);
		free(text);
	}
	json_set_alloc_funcs(malloc, free);
	assert_int_equal(status, 0);
	assert_true(k > 500);
	free(wanted);
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
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
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_large_machine),
	};

	return RUN(tests);
}
