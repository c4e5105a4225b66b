/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"
#include "fake_store.h"

#include <time.h>
#include <unistd.h>

static int has(struct irqm_store *s, unsigned int number,
	       enum irqm_outcome *ret)
{
	struct irqm_record r = fake_record(NULL, number);
	struct irqm_error err;

	return irqm_store_has(s, &r.id, ret, NULL, &err);
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
					   "WHERE outcome = 'finding'"),
			 15909);
	assert_int_equal(fake_ask(f->path, "SELECT cost FROM drivers "
					   "WHERE driver = 'virtio_blk'"),
			 162);
	assert_int_equal(fake_ask(f->path, "SELECT count(*) FROM devices "
					   "WHERE kind = 'virtio_blk'"),
			 2);
	assert_int_equal(fake_ask(f->path, "SELECT unread = 0 FROM dumps "
					   "WHERE outcome = 'finding'"),
			 1);
	/* unknown is NULL */
	assert_int_equal(fake_ask(f->path,
				  "SELECT global_available IS NULL "
				  "AND release IS NULL AND machine IS NULL "
				  "FROM dumps WHERE outcome = 'failed'"),
			 1);
	s = fake_store_open(f->path, IRQM_STORE_CREATE);
	fake_store_put(s, "bookworm-offline", 4);
	irqm_store_close(s);
	assert_int_equal(fake_ask(f->path,
				  "SELECT count(*) FROM findings "
				  "WHERE code = 'managed-shutdown' AND "
				  "json_extract(data, '$.irqs') = '27'"),
			 1);
	assert_int_equal(fake_ask(f->path, "SELECT count(*) FROM "
					   "pragma_foreign_key_check"),
			 0);
}

static void put_document(const char *path, json_t *document)
{
	struct irqm_store *s = fake_store_open(path, IRQM_STORE_CREATE);
	struct irqm_record r = fake_record(NULL, 1);
	struct irqm_error err;
	void *rows;

	r.outcome = IRQM_OUTCOME_PARTLY;
	r.reason = NULL;
	assert_int_equal(irqm_rows_make(document, &rows, &r.rows_len, &err), 0);
	r.rows = rows;
	assert_int_equal(irqm_store_put(s, &r, &err), 0);
	free(rows);
	irqm_store_close(s);
	json_decref(document);
}

static void test_what_is_counted(void **state)
{
	struct fake_store *f = *state;
	json_t *d = fake_document("bookworm-plain");

	json_object_set_new(d, "unread",
			    json_pack("[{s:s,s:n,s:s}]", "what", "x", "address",
				      "why", "invalid"));
	json_object_set_new(d, "unread_dropped", json_integer(4));
	put_document(f->path, d);
	assert_int_equal(fake_ask(f->path, "SELECT unread FROM dumps"), 5);
	assert_int_equal(fake_ask(f->path, "SELECT cpus_possible FROM dumps"),
			 4);
	/* the network card has no managed interrupt, nvme has four */
	assert_int_equal(fake_ask(f->path, "SELECT managed_irqs FROM devices "
					   "WHERE kind = 'virtio_net'"),
			 0);
	assert_int_equal(fake_ask(f->path, "SELECT managed_irqs FROM devices "
					   "WHERE kind = 'nvme'"),
			 4);
	assert_int_equal(fake_ask(f->path, "SELECT length(machine) "
					   "FROM machines"),
			 32);
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

#define NR_FILES 3

/* Three files that share dumps: two stores and one of NDJSON. */
static void make_files(const struct fake_store *f, char names[][128])
{
	static const char *const documents[] = {
		"bookworm-cpus80",
		"bookworm-plain",
		"trixie-plain",
	};
	struct irqm_record r;
	struct irqm_error err;
	struct irqm_store *s;
	FILE *out;
	unsigned int i, j;

	for (i = 0; i < 2; i++) {
		snprintf(names[i], 128, "%s/in%u.db", f->folder, i);
		s = fake_store_open(names[i], IRQM_STORE_CREATE);
		for (j = i; j < i + 2; j++)
			fake_store_put(s, documents[j], j);
		/* failed here, analysed in the other */
		fake_store_put(s, i ? "bookworm-la57" : NULL, 77);
		irqm_store_close(s);
	}
	snprintf(names[2], 128, "%s/in2.ndjson", f->folder);
	out = fopen(names[2], "w");
	for (i = 0; i < 3; i++) {
		/* the same dump, later */
		r = fake_record(i ? documents[i] : NULL, i);
		r.analysed_ns += i == 2;
		assert_int_equal(irqm_ndjson_write(out, &r, &err), 0);
		free((void *)r.rows);
	}
	fclose(out);
}

static struct irqm_merged merge(const char *into, const char *from)
{
	struct irqm_store *s = fake_store_open(into, IRQM_STORE_CREATE);
	struct irqm_merged ret = { 0 };
	struct irqm_error err;

	if (irqm_store_merge(s, from, &ret, &err))
		fail_msg("%s: %s", from, err.msg);
	irqm_store_close(s);
	return ret;
}

static void test_merge_in_any_order(void **state)
{
	static const unsigned int orders[][NR_FILES] = {
		{ 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
		{ 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 },
	};
	struct fake_store *f = *state;
	char names[NR_FILES][128], path[128], *first = NULL, *contents;
	struct irqm_merged m;
	unsigned int i, j;

	make_files(f, names);
	for (i = 0; i < ARRAY_SIZE(orders); i++) {
		snprintf(path, sizeof(path), "%s/out%u.db", f->folder, i);
		for (j = 0; j < NR_FILES; j++)
			merge(path, names[orders[i][j]]);
		contents = fake_contents(path);
		if (!first)
			first = contents;
		assert_string_equal(contents, first);
		/* once more: nothing changes */
		m = merge(path, names[i % NR_FILES]);
		assert_int_equal(m.added + m.replaced, 0);
		assert_int_equal(m.same, 3);
		if (contents != first)
			free(contents);
	}
	assert_int_equal(fake_ask(path, "SELECT count(*) FROM dumps"), 4);
	assert_int_equal(fake_ask(path, "SELECT count(*) FROM dumps "
					"WHERE outcome = 'failed'"),
			 0);
	/* of the two of one dump the later one */
	assert_int_equal(fake_ask(path, "SELECT analysed_ns FROM dumps "
					"WHERE release LIKE '6.12%'"),
			 1000003);
	free(first);
}

static void put_at(struct irqm_store *s, const char *path, const char *name,
		   unsigned int number)
{
	struct irqm_record r = fake_record(name, number);
	struct irqm_error err;

	r.path = path;
	assert_int_equal(irqm_store_put(s, &r, &err), 0);
	free((void *)r.rows);
}

/* How often a path is there with an outcome. */
static int64_t count_of(const struct fake_store *f, const char *path,
			bool is_failed)
{
	char sql[256];

	snprintf(sql, sizeof(sql),
		 "SELECT count(*) FROM dumps WHERE path = "
		 "'%s' AND (outcome = 'failed') = %d",
		 path, is_failed);
	return fake_ask(f->path, sql);
}

static void test_file_that_changed(void **state)
{
	struct fake_store *f = *state;
	struct irqm_store *s = fake_store_open(f->path, IRQM_STORE_CREATE);
	struct irqm_record r;
	struct irqm_error err;

	/* another file's failure is its own */
	put_at(s, "/b", NULL, 1);
	put_at(s, "/a", NULL, 2);
	put_at(s, "/a", NULL, 3);
	assert_int_equal(count_of(f, "/a", true), 1);
	put_at(s, "/a", "bookworm-plain", 4);
	assert_int_equal(count_of(f, "/a", true), 0);
	assert_int_equal(count_of(f, "/a", false), 1);
	/* spoiled later: what was found stays, and that it is spoiled */
	put_at(s, "/a", NULL, 5);
	assert_int_equal(count_of(f, "/a", false), 1);
	assert_int_equal(count_of(f, "/a", true), 1);
	/* and is as it was */
	r = fake_record(NULL, 4);
	assert_int_equal(irqm_store_found(s, "/a", &r.id, NULL, &err), 0);
	assert_int_equal(count_of(f, "/a", true), 0);
	assert_int_equal(count_of(f, "/a", false), 1);
	/* the failure itself was found again */
	r = fake_record(NULL, 1);
	assert_int_equal(irqm_store_found(s, "/b", &r.id, NULL, &err), 0);
	assert_int_equal(count_of(f, "/b", true), 1);
	irqm_store_close(s);
}

/* Of four looks at a file, in any order, those that say what it is now. */
static void test_prune_in_any_order(void **state)
{
	struct fake_store *f = *state;
	unsigned int order, i, at;
	struct irqm_record r;
	struct irqm_store *s;
	struct irqm_error err;
	char path[128];
	FILE *out;

	for (order = 0; order < 8; order++) {
		snprintf(path, sizeof(path), "%s/in.ndjson", f->folder);
		unlink(f->path);
		s = fake_store_open(f->path, IRQM_STORE_CREATE);
		for (i = 0; i < 4; i++) {
			at = order & 4 ? 3 - i : i;
			at ^= order & 3;
			/* failed, failed, analysed, failed */
			r = fake_record(at == 2 ? "bookworm-plain" : NULL, at);
			r.path = "/a";
			out = fopen(path, "w");
			assert_int_equal(irqm_ndjson_write(out, &r, &err), 0);
			fclose(out);
			free((void *)r.rows);
			assert_int_equal(
				irqm_store_merge(s, path,
						 &(struct irqm_merged){ 0 },
						 &err),
				0);
		}
		/* another file's, and before all of them */
		r = fake_record(NULL, 9);
		r.path = "/b";
		r.analysed_ns = 1;
		assert_int_equal(irqm_store_put(s, &r, &err), 0);
		assert_int_equal(irqm_store_prune(s, &err), 0);
		irqm_store_close(s);
		assert_int_equal(
			fake_ask(f->path,
				 "SELECT group_concat(size) "
				 "= '1002,1003,1009' FROM (SELECT size "
				 "FROM dumps ORDER BY size)"),
			1);
	}
}

/* The writer was killed within its last line. */
static void test_ndjson_cut(void **state)
{
	struct fake_store *f = *state;
	struct irqm_record r = fake_record(NULL, 1);
	struct irqm_merged m;
	struct irqm_error err;
	char path[128];
	FILE *out;

	snprintf(path, sizeof(path), "%s/in.ndjson", f->folder);
	out = fopen(path, "w");
	assert_int_equal(irqm_ndjson_write(out, &r, &err), 0);
	fputs("{\"record\":{\"size\":1", out);
	fclose(out);
	m = merge(f->path, path);
	assert_int_equal(m.added, 1);
	assert_true(m.cut);
}

/* The document comes back as it was. */
static void test_document(void **state)
{
	struct fake_store *f = *state;
	struct irqm_store *s = fake_store_open(f->path, IRQM_STORE_CREATE);
	json_t *document, *wanted = fake_document("trixie-plain");
	struct irqm_error err;

	fake_store_put(s, "trixie-plain", 1);
	fake_store_put(s, NULL, 2);
	document = irqm_store_document(s, 1, &err);
	assert_true(json_equal(document, wanted));
	json_decref(document);
	json_decref(wanted);
	assert_null(irqm_store_document(s, 2, &err));
	assert_null(irqm_store_document(s, 3, &err));
	irqm_store_close(s);
}

static double cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void measure(struct irqm_store *s, const char *name)
{
	struct irqm_record r = fake_record(name, 1);
	struct irqm_error err;
	double began = cpu_seconds();
	unsigned int i;

	for (i = 0; i < 100; i++) {
		r.id.size = i;
		assert_int_equal(irqm_store_put(s, &r, &err), 0);
	}
	print_message("%s: %.2f ms, %zu bytes\n", name,
		      (cpu_seconds() - began) * 10, r.rows_len);
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
#define STORE_TEST(f)                                                          \
	cmocka_unit_test_setup_teardown(f, fake_store_setup,                   \
					fake_store_teardown)
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_put),
		STORE_TEST(test_what_is_counted),
		STORE_TEST(test_replaced),
		STORE_TEST(test_merge_in_any_order),
		STORE_TEST(test_file_that_changed),
		STORE_TEST(test_prune_in_any_order),
		STORE_TEST(test_ndjson_cut),
		STORE_TEST(test_document),
		STORE_TEST(test_cost),
	};

	return RUN(tests);
}
