/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A window on memory of which pages are missing. */
#include "unit.h"

#include "memory/window.h"
#include "tests/mkdump/memory_target.h"

#define PAGE 4096UL
#define BASE 0xffffffff82000000ULL
#define PAGES 600

struct memory {
	struct irqm_memory *m;
	struct irqm_target t;
	unsigned char *bytes;
};

/* Page n is full of n + 1; that at `missing` cannot be read. */
static void setup(struct memory *x, size_t missing)
{
	x->m = irqm_memory_new();
	x->bytes = malloc(PAGES * PAGE);
	assert_non_null(x->m);
	assert_non_null(x->bytes);
	for (size_t i = 0; i < PAGES; i++)
		memset(x->bytes + i * PAGE, i % 255 + 1, PAGE);
	assert_int_equal(irqm_memory_write(x->m, BASE, x->bytes, PAGES * PAGE),
			 0);
	assert_int_equal(irqm_memory_deny(x->m, BASE + missing * PAGE, PAGE,
					  IRQM_EXCLUDED),
			 0);
	x->t = irqm_memory_target(x->m);
}

static void teardown(struct memory *x)
{
	irqm_memory_free(x->m);
	free(x->bytes);
}

static void test_refused(void **state)
{
	struct irqm_target none = { 0 };
	struct irqm_window w;

	(void)state;
	assert_int_equal(irqm_window_open(&w, &none, BASE, 0), -1);
	assert_int_equal(irqm_window_open(&w, &none, BASE, SIZE_MAX / 2 + 1),
			 -1);
	assert_int_equal(irqm_window_open(&w, &none, UINT64_MAX - 10, 20), -1);
	/* nothing is in what is not open */
	assert_int_equal(irqm_window_there(&w, 0, 1), 0);
	assert_null(irqm_window_get(&w, 0, 1));
	irqm_window_load(&w, 0, 1);
	irqm_window_close(&w);
}

/* It begins and ends within pages; the third is missing. */
static void test_there(void **state)
{
	struct irqm_window w;
	struct memory x;
	uint64_t reads;

	(void)state;
	setup(&x, 2);
	assert_int_equal(irqm_window_open(&w, &x.t, BASE + 100, 4 * PAGE), 0);
	assert_int_equal(irqm_window_there(&w, 0, 1), 1);
	assert_int_equal(irqm_window_there(&w, 0, 3 * PAGE), 2 * PAGE - 100);
	assert_int_equal(irqm_window_there(&w, 2 * PAGE - 101, 2), 1);
	assert_int_equal(irqm_window_there(&w, 2 * PAGE - 100, 2), 0);
	assert_int_equal(irqm_window_there(&w, 2 * PAGE, 2), 0);
	assert_int_equal(irqm_window_there(&w, 3 * PAGE - 100, 9 * PAGE),
			 PAGE + 100);
	assert_int_equal(irqm_window_there(&w, 4 * PAGE, 1), 0);
	assert_int_equal(irqm_window_there(&w, SIZE_MAX, SIZE_MAX), 0);
	assert_int_equal(irqm_window_there(&w, 0, 0), 0);
	assert_ptr_equal(irqm_window_get(&w, 3 * PAGE - 100, 8),
			 w.data + 3 * PAGE - 100);
	assert_memory_equal(w.data + 3 * PAGE - 100, x.bytes + 3 * PAGE, PAGE);
	assert_null(irqm_window_get(&w, 4 * PAGE - 7, 8));
	assert_null(irqm_window_get(&w, PAGE, 2 * PAGE));
	/* each page is read once, there or not */
	reads = irqm_memory_reads(x.m);
	irqm_window_there(&w, 0, 4 * PAGE);
	irqm_window_there(&w, 2 * PAGE, 2 * PAGE);
	irqm_window_load(&w, 0, SIZE_MAX);
	assert_int_equal(irqm_memory_reads(x.m), reads);
	irqm_window_close(&w);
	teardown(&x);
}

/* In pieces of 256 pages; of that with a page missing all others are had. */
static void test_load(void **state)
{
	struct irqm_window w;
	struct memory x;

	(void)state;
	setup(&x, 300);
	assert_int_equal(irqm_window_open(&w, &x.t, BASE, PAGES * PAGE), 0);
	memset(w.data, 0xee, w.len); /* as a read that fails may leave it */
	irqm_window_load(&w, w.len, 1);
	irqm_window_load(&w, 0, 0);
	assert_int_equal(irqm_memory_reads(x.m), 0);
	irqm_window_load(&w, 0, 10 * PAGE);
	assert_int_equal(irqm_memory_reads(x.m), 1);
	/* pages 10-265, 266-521 and each of these, 522-599 */
	irqm_window_load(&w, 5 * PAGE, SIZE_MAX);
	assert_int_equal(irqm_memory_reads(x.m), 1 + 1 + 1 + 256 + 1);
	assert_int_equal(irqm_window_there(&w, 0, SIZE_MAX), 300 * PAGE);
	assert_int_equal(irqm_window_there(&w, 301 * PAGE, SIZE_MAX),
			 299 * PAGE);
	memset(x.bytes + 300 * PAGE, 0, PAGE);
	assert_memory_equal(w.data, x.bytes, w.len);
	assert_int_equal(irqm_memory_reads(x.m), 1 + 1 + 1 + 256 + 1);
	irqm_window_close(&w);
	teardown(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_there),
		cmocka_unit_test(test_load),
	};

	return RUN(tests);
}
