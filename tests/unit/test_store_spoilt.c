/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stores, lines of NDJSON and questions that are not as they should be. */
#include "fake_store.h"
#include "unit.h"

#include <zstd.h>

#include "fleet/store/rows.h"

/* Rows of nothing but a document, which is this text. */
static struct irqm_record of_text(const char *text)
{
	struct irqm_record r = fake_record(NULL, 7);
	size_t room = ZSTD_compressBound(strlen(text)), len;
	void *packed = malloc(room);
	unsigned int t, c;
	char *rows = NULL;
	FILE *out = open_memstream(&rows, &r.rows_len);
	uint32_t n;

	len = n = ZSTD_compress(packed, room, text, strlen(text), 3);
	fputs(IRQM_ROWS_MAGIC, out);
	for (t = 0; t < IRQM_ROWS_NR_TABLES; t++) {
		const struct irqm_rows_table *table = &irqm_rows_tables[t];
		uint32_t nr = !table->from;

		fwrite(&nr, sizeof(nr), 1, out);
		for (c = 0;
		     t < IRQM_ROWS_NR_TABLES - 1 && nr && c < table->nr_columns;
		     c++)
			fputc(IRQM_ROWS_NULL, out);
	}
	fputc(IRQM_ROWS_BYTES, out);
	fwrite(&n, sizeof(n), 1, out);
	fwrite(packed, 1, len, out);
	fclose(out);
	free(packed);
	r.outcome = IRQM_OUTCOME_FINDING;
	r.reason = NULL;
	r.rows = rows;
	return r;
}

/* A line of NDJSON is one line, whoever packed the document. */
static void test_ndjson_lines(void **state)
{
	struct irqm_record r = of_text("{\"schema\": \"irqmatrix/1\", "
				       "\"a\": \"\xc3\xa9\x7f\xe2\x80\xae\"}");
	struct irqm_record odd = of_text("{\"schema\":\n\"irqmatrix/1\"}");
	struct irqm_error err;
	char *line = NULL;
	size_t len;
	FILE *out = open_memstream(&line, &len);
	json_t *value;

	(void)state;
	assert_int_equal(irqm_ndjson_write(out, &odd, &err),
			 IRQM_STORE_REFUSED);
	assert_non_null(strstr(err.msg, "one line"));
	free((void *)odd.rows);
	odd = of_text("{\"schema\":\"irqmatrix/1\",\"a\":\"\x9b\"}");
	assert_int_equal(irqm_ndjson_write(out, &odd, &err),
			 IRQM_STORE_REFUSED);
	assert_non_null(strstr(err.msg, "one line"));
	((char *)odd.rows)[odd.rows_len - 1] ^= 0xff;
	odd.rows_len--;
	assert_int_equal(irqm_ndjson_write(out, &odd, &err),
			 IRQM_STORE_REFUSED);
	assert_non_null(strstr(err.msg, "broken"));
	fflush(out);
	assert_int_equal(len, 0);

	r.path = "/a\x1b[31m\"\xff";
	r.analysed_ns = r.peak_kib = 0;
	assert_int_equal(irqm_ndjson_write(out, &r, &err), 0);
	fclose(out);
	assert_ptr_equal(strchr(line, '\n'), line + len - 1);
	assert_non_null(strstr(line, "\"\xc3\xa9\\u007f\\u202e\""));
	value = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(value);
	assert_string_equal(json_string_value(json_object_get(
				    json_object_get(value, "record"), "path")),
			    "/a\\x1b[31m\"\\xff");
	assert_true(json_is_null(
		json_object_get(json_object_get(value, "record"), "peak_kib")));
	assert_true(json_integer_value(json_object_get(
			    json_object_get(value, "record"), "analysed_ns")) >
		    0);
	json_decref(value);
	free(line);
	free((void *)r.rows);
	free((void *)odd.rows);
}

static const char good_line[] =
	"{\"record\": {\"size\": 1, \"mtime_ns\": 2, \"hash\": "
	"\"00000000000000000000000000000001\", \"path\": \"/a\", \"outcome\": "
	"\"nothing\", \"seconds\": 1, \"tool_version\": \"t\", "
	"\"analysed_ns\": 5}, \"document\": {\"schema\": \"irqmatrix/1\"}}\n";

/* Merges the line with one of its words exchanged. */
static int merge_line(const struct fake_store *f, const char *word,
		      const char *other, struct irqm_error *err)
{
	struct irqm_store *s = fake_store_open(f->path, IRQM_STORE_CREATE);
	struct irqm_merged m = { 0 };
	const char *at = strstr(good_line, word);
	char path[128];
	FILE *out;
	int rc;

	assert_non_null(at);
	snprintf(path, sizeof(path), "%s/in.ndjson", f->folder);
	out = fopen(path, "w");
	fprintf(out, "%.*s%s%s", (int)(at - good_line), good_line, other,
		at + strlen(word));
	fclose(out);
	rc = irqm_store_merge(s, path, &m, err);
	irqm_store_close(s);
	if (!rc)
		assert_int_equal(m.added + m.replaced + m.same, 1);
	return rc;
}

static void test_broken_lines(void **state)
{
	static const struct {
		const char *word, *other, *why;
	} cases[] = {
		{ "{\"record\"", "{\"record", "line 1: " },
		{ "{\"record\"", "[{\"record\"", "line 1: " },
		{ "\"record\": {", "\"a\": {", "not a record" },
		{ "\"size\": 1", "\"size\": -1", "not a record" },
		{ "\"size\": 1", "\"size\": \"1\"", "not a record" },
		{ "0001\"", "01\"", "not a record" },
		{ "0001\"", "000001\"", "not a record" },
		{ "nothing", "something", "not a record" },
		{ "\"path\": \"/a\", ", "", "not a record" },
		{ "\"path\": ", "\"path\": \"/b\", \"path\": ", "line 1: " },
		{ "\"t\"", "3", "not a record" },
		/* what the store itself refuses */
		{ "0001\"", "000'\"", "invalid size or hash" },
		{ "\"analysed_ns\": 5", "\"analysed_ns\": -5", "or duration" },
		{ "\"nothing\"", "\"failed\"", "invalid outcome" },
		{ "\"nothing\"", "\"nothing\", \"reason\": \"x\"",
		  "invalid outcome" },
	};
	struct fake_store *f = *state;
	struct irqm_error err;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(
			merge_line(f, cases[i].word, cases[i].other, &err), -1);
		if (!strstr(err.msg, cases[i].why))
			fail_msg("%s: %s", cases[i].other, err.msg);
	}
	assert_int_equal(fake_ask(f->path, "SELECT count(*) FROM dumps"), 0);
	assert_int_equal(merge_line(f, "nothing", "nothing", &err), 0);
	assert_int_equal(
		fake_ask(f->path,
			 "SELECT outcome = 'nothing' AND "
			 "path = '/a' AND peak_kib IS NULL FROM dumps"),
		1);
}

/* Said to be analysed, but there is nothing, or nonsense, to show for it. */
static void test_no_document(void **state)
{
	static const struct {
		const char *word, *other;
	} cases[] = {
		{ "\"document\": {\"schema\": \"irqmatrix/1\"}",
		  "\"document\": null" },
		{ ", \"document\": {\"schema\": \"irqmatrix/1\"}", "" },
		{ "irqmatrix/1\"", "irqmatrix/1\", \"cpus\": [{}]" },
	};
	struct fake_store *f = *state;
	struct irqm_error err;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		remove(f->path);
		assert_int_equal(
			merge_line(f, cases[i].word, cases[i].other, &err), 0);
		assert_int_equal(
			fake_ask(f->path,
				 "SELECT outcome = 'failed' "
				 "AND reason LIKE 'its document%broken: _%' "
				 "FROM dumps"),
			1);
	}
}

static void test_no_file(void **state)
{
	struct fake_store *f = *state;
	struct irqm_store *s = fake_store_open(f->path, IRQM_STORE_CREATE);
	struct irqm_merged m = { 0 };
	struct irqm_error err;

	assert_int_equal(irqm_store_merge(s, "/no/such/file", &m, &err), -1);
	assert_non_null(strstr(err.msg, "No such file"));
	/* a folder opens, and cannot be read */
	assert_int_equal(irqm_store_merge(s, f->folder, &m, &err), -1);
	assert_non_null(strstr(err.msg, "directory"));
	irqm_store_close(s);
}

/* What was asked comes to this text: a cell's type and value each. */
struct answer {
	char text[256];
	size_t used;
	int stop_at_head, stop_at_row;
};

static int take_head(void *ctx, const char *const *names, unsigned int nr)
{
	struct answer *a = ctx;
	unsigned int i;

	for (i = 0; i < nr; i++)
		a->used += sprintf(a->text + a->used, "%s ", names[i]);
	return a->stop_at_head;
}

static int take_row(void *ctx, const struct irqm_value *v, unsigned int nr)
{
	struct answer *a = ctx;
	unsigned int i;

	for (i = 0; i < nr; i++)
		a->used +=
			sprintf(a->text + a->used, "%c%s ", "nirtb"[v[i].type],
				v[i].type == IRQM_VALUE_NULL ? "" : v[i].text);
	return a->stop_at_row;
}

static int ask(const struct fake_store *f, const char *sql, const char *arg,
	       struct answer *a, struct irqm_error *err)
{
	struct irqm_store *s = fake_store_open(f->path, IRQM_STORE_READ);
	const char *args[] = { arg, NULL };
	int rc = irqm_store_ask(s,
				&(struct irqm_store_ask){ .sql = sql,
							  .args = args,
							  .nr_args = 2,
							  .head = take_head,
							  .row = take_row,
							  .ctx = a },
				err);

	irqm_store_close(s);
	return rc;
}

static void test_answers(void **state)
{
	struct fake_store *f = *state;
	struct irqm_error err;
	struct answer a = { .used = 0 };
	char wide[2048] = "SELECT 1";
	unsigned int i;

	irqm_store_close(fake_store_open(f->path, IRQM_STORE_CREATE));
	assert_int_equal(ask(f,
			     "SELECT NULL AS a, 1, 2.5, 'x', x'0102', ?1, "
			     "?2",
			     "12", &a, &err),
			 0);
	assert_string_equal(a.text, "a 1 2.5 'x' x'0102' ?1 ?2 "
				    "n i1 r2.5 tx b(blob) i12 n ");
	/* numbers are numbers, what is too large for one is text */
	a = (struct answer){ .used = 0 };
	assert_int_equal(ask(f, "SELECT ?1", "-12", &a, &err), 0);
	assert_string_equal(a.text, "?1 t-12 ");
	a = (struct answer){ .used = 0 };
	assert_int_equal(ask(f, "SELECT ?1", "9999999999999999999", &a, &err),
			 0);
	assert_string_equal(a.text, "?1 t9999999999999999999 ");
	/* whoever asks can end it */
	a = (struct answer){ .stop_at_head = 3 };
	assert_int_equal(ask(f, "SELECT 1", NULL, &a, &err), 3);
	assert_string_equal(a.text, "1 ");
	a = (struct answer){ .stop_at_row = 4 };
	assert_int_equal(ask(f, "SELECT 1 UNION SELECT 2", NULL, &a, &err), 4);
	assert_string_equal(a.text, "1 i1 ");

	for (i = 1; i < 257; i++)
		strcat(wide, ",1");
	assert_int_equal(ask(f, wide, NULL, &a, &err), -1);
	assert_non_null(strstr(err.msg, "use SELECT"));
	/* ends with an error, after the first row */
	a = (struct answer){ .used = 0 };
	assert_int_equal(ask(f,
			     "SELECT abs(column1) FROM (VALUES (1), "
			     "(-9223372036854775807 - 1))",
			     NULL, &a, &err),
			 -1);
	assert_non_null(strstr(err.msg, "overflow"));
}

/* Merges the store at from into another; the error is said to have why. */
static void merge_fails(const struct fake_store *f, const char *from,
			const char *why)
{
	struct irqm_store *s = fake_store_open(f->path, IRQM_STORE_CREATE);
	struct irqm_merged m = { 0 };
	struct irqm_error err = { .msg = "" };

	assert_int_equal(irqm_store_merge(s, from, &m, &err), -1);
	if (!strstr(err.msg, why))
		fail_msg("%s", err.msg);
	irqm_store_close(s);
	assert_int_equal(fake_ask(f->path, "SELECT count(*) FROM dumps"), 0);
}

/* Somebody changed it by hand, past what the tables check. */
static void test_spoilt_store(void **state)
{
	static const struct {
		const char *sql, *why;
	} cases[] = {
		{ "PRAGMA ignore_check_constraints = 1; "
		  "UPDATE dumps SET outcome = 'other'",
		  "dump 1 of the store cannot be read" },
		{ "UPDATE dumps SET hash = 'x'", "invalid size or hash" },
		{ "UPDATE dumps SET size = -1", "invalid size or hash" },
		{ "UPDATE dumps SET seconds = 9e999", "or duration" },
		{ "DROP TABLE documents", "no such table" },
		{ "ALTER TABLE dumps RENAME COLUMN path TO where_it_is",
		  "has an unexpected table" },
		{ "PRAGMA user_version = 99", "version 99" },
		{ "PRAGMA application_id = 7", "not a store" },
	};
	struct fake_store *f = *state;
	struct irqm_record r = fake_record(NULL, 1);
	enum irqm_outcome outcome;
	struct irqm_error err;
	struct irqm_store *s;
	char from[128];
	unsigned int i;

	snprintf(from, sizeof(from), "%s/from.db", f->folder);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		remove(from);
		s = fake_store_open(from, IRQM_STORE_CREATE);
		fake_store_put(s, NULL, 1);
		irqm_store_close(s);
		fake_sql(from, cases[i].sql);
		merge_fails(f, from, cases[i].why);
		if (i)
			continue;
		s = fake_store_open(from, IRQM_STORE_CREATE);
		assert_int_equal(irqm_store_has(s, &r.id, &outcome, NULL, &err),
				 -1);
		assert_non_null(strstr(err.msg, "invalid outcome"));
		irqm_store_close(s);
	}
}

/* A record that cannot be put in whole is not there at all. */
static void test_half_a_store(void **state)
{
	static const char *const tables[] = { "cpus", "documents" };
	struct fake_store *f = *state;
	struct irqm_record r = fake_record("bookworm-la57", 1);
	struct irqm_error err;
	struct irqm_store *s;
	char sql[64];
	unsigned int i;

	for (i = 0; i < 2; i++) {
		remove(f->path);
		s = fake_store_open(f->path, IRQM_STORE_CREATE);
		/* while it is open */
		snprintf(sql, sizeof(sql), "DROP TABLE %s", tables[i]);
		fake_sql(f->path, sql);
		assert_int_equal(irqm_store_put(s, &r, &err), -1);
		assert_non_null(strstr(err.msg, "no such table"));
		irqm_store_close(s);
		assert_int_equal(fake_ask(f->path, "SELECT count(*) FROM "
						   "dumps"),
				 0);
		/* nor can it be opened to be written to */
		assert_int_equal(irqm_store_open(f->path, IRQM_STORE_CREATE, &s,
						 &err),
				 -1);
	}
	free((void *)r.rows);
}

/* What SQLite says of a file quotes the file, which may be anybody's. */
static void test_hostile_schema(void **state)
{
	static const char *const names[] = { "x' || char(27) || '[31m",
					     "y' || CAST(x'ff' AS TEXT) || '" };
	struct fake_store *f = *state;
	struct irqm_error err = { .msg = "" };
	struct irqm_store *s;
	char sql[256];
	unsigned int i;

	for (i = 0; i < 2; i++) {
		remove(f->path);
		irqm_store_close(fake_store_open(f->path, IRQM_STORE_CREATE));
		snprintf(sql, sizeof(sql),
			 "PRAGMA writable_schema = 1; INSERT "
			 "INTO sqlite_master VALUES ('table', '%s', '%s', 9, "
			 "'no SQL')",
			 names[i], names[i]);
		fake_sql(f->path, sql);
		assert_int_equal(irqm_store_open(f->path, IRQM_STORE_READ, &s,
						 &err),
				 -1);
		if (!strstr(err.msg, i ? "y\\xff" : "x\\x1b[31m"))
			fail_msg("%s", err.msg);
		assert_null(strpbrk(err.msg, "\x1b\xff"));
	}
}

/* There is no store of nothing. */
static void test_empty_store(void **state)
{
	struct fake_store *f = *state;
	struct irqm_error err;
	struct irqm_store *s;

	fclose(fopen(f->path, "w"));
	assert_int_equal(irqm_store_open(f->path, IRQM_STORE_READ, &s, &err),
			 -1);
	assert_non_null(strstr(err.msg, "an empty file, not a store"));
	irqm_store_close(fake_store_open(f->path, IRQM_STORE_CREATE));
	irqm_store_close(fake_store_open(f->path, IRQM_STORE_READ));
	irqm_store_close(NULL);
	/* who only writes makes none */
	remove(f->path);
	assert_int_equal(irqm_store_open(f->path, 0, &s, &err), -1);
}

/* The document is asked for, and is not there or not a document. */
static void test_no_such_document(void **state)
{
	struct fake_store *f = *state;
	struct irqm_store *s = fake_store_open(f->path, IRQM_STORE_CREATE);
	struct irqm_record r = of_text("{\"schema\": ");
	struct irqm_error err;

	assert_int_equal(irqm_store_put(s, &r, &err), 0);
	assert_null(irqm_store_document(s, 1, &err));
	assert_string_not_equal(err.msg, "");
	/* nor is it the next one */
	assert_null(irqm_store_document(s, 0, &err));
	assert_string_equal(err.msg, "no such dump");
	assert_null(irqm_store_document(s, 7, &err));
	assert_string_equal(err.msg, "no such dump");
	irqm_store_close(s);
	fake_sql(f->path, "DELETE FROM documents");
	s = fake_store_open(f->path, IRQM_STORE_READ);
	assert_null(irqm_store_document(s, 1, &err));
	assert_string_equal(err.msg, "it has no document");
	irqm_store_close(s);
	fake_sql(f->path, "DROP TABLE documents");
	s = fake_store_open(f->path, IRQM_STORE_READ);
	assert_null(irqm_store_document(s, 1, &err));
	assert_non_null(strstr(err.msg, "no such table"));
	irqm_store_close(s);
	free((void *)r.rows);
}

static void test_ndjson_full(void **state)
{
	struct irqm_record r = fake_record(NULL, 1);
	struct irqm_error err;
	FILE *out = fopen("/dev/full", "w");

	(void)state;
	assert_int_equal(irqm_ndjson_write(out, &r, &err), -1);
	assert_non_null(strstr(err.msg, "No space left"));
	fclose(out);
	r.seconds = -1.0 / 0.0;
	assert_int_equal(irqm_ndjson_write(stdout, &r, &err),
			 IRQM_STORE_REFUSED);
	assert_non_null(strstr(err.msg, "the record is broken"));
}

int main(void)
{
#define STORE_TEST(f)                                                          \
	cmocka_unit_test_setup_teardown(f, fake_store_setup,                   \
					fake_store_teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ndjson_lines),
		STORE_TEST(test_broken_lines),
		STORE_TEST(test_no_document),
		STORE_TEST(test_no_file),
		cmocka_unit_test(test_ndjson_full),
		STORE_TEST(test_answers),
		STORE_TEST(test_spoilt_store),
		STORE_TEST(test_half_a_store),
		STORE_TEST(test_hostile_schema),
		STORE_TEST(test_empty_store),
		STORE_TEST(test_no_such_document),
	};

	return RUN(tests);
}
