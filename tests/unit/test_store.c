/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"
#include "fake_store.h"

#include <time.h>

static int has(struct irqm_store *s, unsigned int number,
	       enum irqm_outcome *ret)
{
	struct irqm_record r = fake_record(NULL, number);
	struct irqm_error err;

	return irqm_store_has(s, &r.id, ret, &err);
}

/* The figures are those of the documents, counted by jq. */
static void test_put(void **state)
{
	struct fake_store *f = *state;
	struct irqm_store *s = fake_store_open(f->path, IRQM_STORE_CREATE);
	enum irqm_outcome outcome;

	assert_int_equal(has(s, 1, NULL), 0);
	fake_store_put(s, "bookworm-cpus80", 1);
	fake_store_put(s, NULL, 2);
	assert_int_equal(has(s, 1, &outcome), 1);
	assert_int_equal(outcome, IRQM_OUTCOME_FINDING);
	assert_int_equal(has(s, 2, &outcome), 1);
	assert_int_equal(outcome, IRQM_OUTCOME_FAILED);
	assert_int_equal(has(s, 3, NULL), 0);
	irqm_store_close(s);

	assert_int_equal(fake_ask(f->path, "SELECT count(*) FROM dumps"), 2);
	assert_int_equal(fake_ask(f->path, "SELECT count(*) FROM cpus"), 80);
	assert_int_equal(fake_ask(f->path, "SELECT sum(available) FROM cpus"),
			 15909);
	assert_int_equal(fake_ask(f->path, "SELECT global_available FROM dumps "
				  "WHERE outcome = 'finding'"), 15909);
	assert_int_equal(fake_ask(f->path, "SELECT cost FROM drivers "
				  "WHERE driver = 'virtio_blk'"), 162);
	assert_int_equal(fake_ask(f->path, "SELECT count(*) FROM devices "
				  "WHERE kind = 'virtio_blk'"), 2);
	assert_int_equal(fake_ask(f->path, "SELECT count(*) FROM findings "
				  "WHERE code = 'affinity-pending' AND "
				  "json_extract(data, '$.waiting_irqs') = "
				  "'30-31'"), 1);
	/* unknown is NULL */
	assert_int_equal(fake_ask(f->path, "SELECT global_available IS NULL "
				  "AND release IS NULL AND machine IS NULL "
				  "FROM dumps WHERE outcome = 'failed'"), 1);
	assert_int_equal(fake_ask(f->path, "SELECT count(*) FROM "
				  "pragma_foreign_key_check"), 0);
}

static void test_replaced(void **state)
{
	struct fake_store *f = *state;
	struct irqm_store *s = fake_store_open(f->path, IRQM_STORE_CREATE);

	fake_store_put(s, "bookworm-cpus80", 1);
	fake_store_put(s, "bookworm-plain", 1);
	irqm_store_close(s);
	assert_int_equal(fake_ask(f->path, "SELECT count(*) FROM dumps"), 1);
	assert_int_equal(fake_ask(f->path, "SELECT count(*) FROM cpus"), 4);
	assert_int_equal(fake_ask(f->path, "SELECT count(*) FROM documents"),
			 1);
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void measure(struct irqm_store *s, const char *name)
{
	struct irqm_record r = fake_record(name, 1);
	struct irqm_error err;
	double began = seconds();
	unsigned int i;

	for (i = 0; i < 100; i++) {
		r.id.size = i;
		assert_int_equal(irqm_store_put(s, &r, &err), 0);
	}
	print_message("%s: %.2f ms, %zu bytes\n", name,
		      (seconds() - began) * 10, r.rows_len);
	free((void *)r.rows);
}

/* Not a test of time, which a busy machine has not: the figures are shown. */
static void test_cost(void **state)
{
	struct fake_store *f = *state;
	struct irqm_store *s = fake_store_open(f->path, IRQM_STORE_CREATE);

	measure(s, "bookworm-cpus80");
	measure(s, "bookworm-exhausted");
	irqm_store_close(s);
}

int main(void)
{
#define STORE_TEST(f) cmocka_unit_test_setup_teardown(                       \
		f, fake_store_setup, fake_store_teardown)
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_put),
		STORE_TEST(test_replaced),
		STORE_TEST(test_cost),
	};

	return RUN(tests);
}
