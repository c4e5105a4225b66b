/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a store makes of documents, lines and questions that are not as they
 * should be. */
#include "unit.h"
#include "fake_store.h"

#include <zstd.h>

#include "store/rows.h"

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
		for (c = 0; t < IRQM_ROWS_NR_TABLES - 1 && nr &&
			    c < table->nr_columns; c++)
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

/* Rows of the document, put in as dump 1; -1 with err if there are none. */
static int put_document(struct irqm_store *s, const char *text,
			struct irqm_error *err)
{
	struct irqm_record r = fake_record(NULL, 1);
	json_t *document = json_loads(text, 0, NULL);
	void *rows;
	int rc;

	assert_non_null(document);
	rc = irqm_rows_make(document, &rows, &r.rows_len, err);
	json_decref(document);
	if (rc)
		return rc;
	r.outcome = IRQM_OUTCOME_FINDING;
	r.reason = NULL;
	r.rows = rows;
	rc = irqm_store_put(s, &r, err);
	free(rows);
	return rc;
}

/* "": what the document says was taken, and this is true of it. */
static void assert_taken(const struct fake_store *f, const char *text,
			 const char *sql)
{
	struct irqm_store *s = fake_store_open(f->path, IRQM_STORE_CREATE);
	struct irqm_error err;

	if (put_document(s, text, &err))
		fail_msg("%s: %s", text, err.msg);
	irqm_store_close(s);
	if (fake_ask(f->path, sql) != 1)
		fail_msg("%s: not so: %s", text, sql);
}

static void assert_refused(struct irqm_store *s, const char *text,
			   const char *why)
{
	struct irqm_error err;

	if (put_document(s, text, &err) == 0)
		fail_msg("taken: %s", text);
	if (!strstr(err.msg, why))
		fail_msg("%s: %s", text, err.msg);
}

#define DOC "{\"schema\": \"irqmatrix/1\", "

static void test_refused_documents(void **state)
{
	struct fake_store *f = *state;
	struct irqm_store *s = fake_store_open(f->path, IRQM_STORE_CREATE);

	assert_refused(s, "[]", "schema");
	assert_refused(s, "{\"schema\": \"irqmatrix/2\"}", "schema");
	assert_refused(s, DOC "\"dump\": {\"release\": 6}}", "dump.release");
	assert_refused(s, DOC "\"matrix\": {\"alloc_size\": \"many\"}}",
		       "matrix.alloc_size");
	assert_refused(s, DOC "\"irqs_complete\": 1}", "irqs_complete");
	/* a table that has a CPU has its number */
	assert_refused(s, DOC "\"cpus\": [{\"online\": true}]}", "\"cpu\"");
	assert_refused(s, DOC "\"cpus\": [5]}", "\"cpu\"");
	assert_refused(s, DOC "\"findings\": [{\"code\": null}]}", "\"code\"");
	irqm_store_close(s);
	assert_int_equal(fake_ask(f->path, "SELECT count(*) FROM dumps"), 0);
}

/* More than anybody has, and more than a parent would take. */
static void test_large_documents(void **state)
{
	struct fake_store *f = *state;
	struct irqm_store *s = fake_store_open(f->path, IRQM_STORE_CREATE);
	size_t len = IRQM_ROWS_MAX_TEXT;
	char *text = malloc(len + 100);
	unsigned int i;
	char *at = text;

	/* to the byte */
	at += sprintf(at, DOC "\"dump\": {\"release\": \"");
	memset(at, 'a', len + 1);
	strcpy(at + len + 1, "\"}}");
	assert_refused(s, text, "1048577 bytes");
	strcpy(at + len, "\"}}");
	assert_int_equal(put_document(s, text, &(struct irqm_error){ 0 }), 0);

	at = text + sprintf(text, DOC "\"findings\": [{}");
	for (i = 0; i < 4096; i++)
		at += sprintf(at, ", {}");
	strcpy(at, "]}");
	assert_refused(s, text, "4097 findings");
	free(text);
	irqm_store_close(s);
}

static void test_odd_facts(void **state)
{
	struct fake_store *f = *state;

	assert_taken(f, DOC "\"dump\": {\"cpus_possible\": \"0-3,8,10-11\"}}",
		     "SELECT cpus_possible = 7 FROM dumps");
	assert_taken(f, DOC "\"dump\": {\"cpus_possible\": \"\"}}",
		     "SELECT cpus_possible = 0 FROM dumps");
	assert_taken(f, DOC "\"dump\": {\"cpus_possible\": \"3-0\"}}",
		     "SELECT cpus_possible IS NULL FROM dumps");
	assert_taken(f, DOC "\"dump\": {\"cpus_possible\": \"0-4294967296\"}}",
		     "SELECT cpus_possible IS NULL FROM dumps");
	assert_taken(f, DOC "\"dump\": {\"cpus_possible\": \"all\"}}",
		     "SELECT cpus_possible IS NULL FROM dumps");
	assert_taken(f, DOC "\"dump\": {\"cpus_possible\": \"0-3;\"}}",
		     "SELECT cpus_possible IS NULL FROM dumps");
	assert_taken(f, DOC "\"dump\": {\"cpus_possible\": 4}}",
		     "SELECT cpus_possible IS NULL FROM dumps");
	/* no kernel has so many, and sums are to fit */
	assert_taken(f, DOC "\"matrix\": {\"global_available\": "
		     "1099511627777, \"global_reserved\": -1099511627777, "
		     "\"total_allocated\": 1099511627776}}",
		     "SELECT global_available IS NULL AND global_reserved IS "
		     "NULL AND total_allocated = 1 << 40 FROM dumps");
	assert_taken(f, DOC "\"unread\": [{}, {}], \"unread_dropped\": 3}",
		     "SELECT unread = 5 FROM dumps");
	assert_taken(f, DOC "\"unread\": {}}",
		     "SELECT unread IS NULL FROM dumps");
	/* virtio-pci says little, and a consumer without driver nothing */
	assert_taken(f, DOC "\"devices\": [{\"driver\": \"virtio-pci\", "
		     "\"consumers\": [{\"kind\": \"block\", \"driver\": \"sd\"}, "
		     "{\"kind\": \"virtio\", \"driver\": \"virtio_blk\"}]}, "
		     "{\"driver\": \"virtio-pci\", \"consumers\": [{\"kind\": "
		     "\"virtio\", \"driver\": null}, null]}]}",
		     "SELECT group_concat(kind) = 'virtio_blk,virtio-pci' "
		     "FROM (SELECT kind FROM devices ORDER BY n)");
}

#define IRQS "\"devices\": [{\"device\": \"a\"}, {\"device\": \"b\"}, "       \
	"{\"device\": \"c\"}, {\"device\": null}], \"irqs\": ["               \
	"{\"device\": \"a\", \"managed\": true}, "                            \
	"{\"device\": \"a\", \"managed\": true}, "                            \
	"{\"device\": \"a\", \"managed\": false}, "                           \
	"{\"device\": \"b\", \"managed\": true}, "                            \
	"{\"device\": \"b\", \"managed\": null}, "                            \
	"{\"device\": \"b\", \"managed\": true}, "                            \
	"{\"device\": null, \"managed\": true}]}"

/* Unknown for good if it is of one interrupt, or if there may be more. */
static void test_managed_irqs(void **state)
{
	struct fake_store *f = *state;

	assert_taken(f, DOC "\"irqs_complete\": true, " IRQS,
		     "SELECT group_concat(ifnull(managed_irqs, '?')) = "
		     "'2,?,0,?' FROM (SELECT managed_irqs FROM devices "
		     "ORDER BY n)");
	assert_taken(f, DOC "\"irqs_complete\": false, " IRQS,
		     "SELECT count(managed_irqs) = 0 FROM devices");
}

/* The machine of a document whose devices and rest are these. */
static char *machine_of(const struct fake_store *f, const char *devices,
			const char *rest)
{
	struct irqm_store *s = fake_store_open(f->path, IRQM_STORE_CREATE);
	struct irqm_error err;
	char text[1024], *ret;
	sqlite3_stmt *ask;
	sqlite3 *db;

	snprintf(text, sizeof(text), DOC "\"dump\": {\"cpus_possible\": "
		 "\"0-1\"}, \"devices\": [%s], %s}", devices, rest);
	if (put_document(s, text, &err))
		fail_msg("%s: %s", text, err.msg);
	irqm_store_close(s);
	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	sqlite3_prepare_v2(db, "SELECT ifnull(machine, '?') FROM dumps", -1,
			   &ask, NULL);
	assert_int_equal(sqlite3_step(ask), SQLITE_ROW);
	ret = strdup((const char *)sqlite3_column_text(ask, 0));
	sqlite3_finalize(ask);
	sqlite3_close(db);
	return ret;
}

#define PCI(name, class) "{\"bus\": \"pci\", \"device\": \"" name "\", "      \
	"\"pci_class\": " class ", \"pci_vendor\": 1, \"pci_device\": 2}"
#define KNOWN "\"irqs_complete\": true, \"cpus\": [{\"cpu\": 0, "             \
	"\"node\": 0}, {\"cpu\": 1, \"node\": 0}]"

static void test_machine(void **state)
{
	struct fake_store *f = *state;
	/* a machine: as it is told apart; "" is one of which it is unknown */
	static const struct {
		const char *machine, *devices, *rest;
	} cases[] = {
		{ "A", PCI("a", "3") ", " PCI("b", "4"), KNOWN },
		{ "A", PCI("b", "4") ", " PCI("a", "3"), KNOWN },
		/* a HPET is there or not */
		{ "A", PCI("a", "3") ", {\"bus\": \"platform\"}, "
		  PCI("b", "4"), KNOWN },
		{ "B", PCI("a", "3") ", " PCI("b", "5"), KNOWN },
		{ "C", PCI("a", "3"), KNOWN },
		{ "D", "", KNOWN },
		{ "E", "", "\"irqs_complete\": true, \"cpus\": [{\"cpu\": 0, "
		  "\"node\": 0}, {\"cpu\": 1, \"node\": 1}]" },
		{ "", PCI("a", "3"), "\"irqs_complete\": false, \"cpus\": "
		  "[{\"cpu\": 0, \"node\": 0}]" },
		{ "", PCI("a", "null"), KNOWN },
		{ "", "{\"bus\": \"pci\"}", KNOWN },
		{ "", "", "\"irqs_complete\": true" },
		{ "", "", "\"irqs_complete\": true, \"cpus\": [{\"cpu\": 0, "
		  "\"node\": null}]" },
	};
	char *got[sizeof(cases) / sizeof(*cases)];
	unsigned int i, k;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		got[i] = machine_of(f, cases[i].devices, cases[i].rest);
		if (!*cases[i].machine)
			assert_string_equal(got[i], "?");
		for (k = 0; *cases[i].machine && k < i; k++)
			if (!strcmp(got[i], got[k]) !=
			    !strcmp(cases[i].machine, cases[k].machine))
				fail_msg("%u and %u: %s", k, i, got[i]);
	}
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		free(got[i]);
}

/* Of a record that was refused nothing is left in the next one. */
static void test_after_broken(void **state)
{
	struct fake_store *f = *state;
	struct irqm_store *s = fake_store_open(f->path, IRQM_STORE_CREATE);
	struct irqm_record r = fake_record("bookworm-la57", 1);
	uint8_t *rows = (uint8_t *)r.rows;
	struct irqm_error err;
	uint8_t tag;

	/* of the first cell, behind magic and count */
	tag = rows[12];
	rows[12] = 17;
	assert_int_equal(irqm_store_put(s, &r, &err), -1);
	rows[12] = tag;
	r.peak_kib = 0;
	assert_int_equal(irqm_store_put(s, &r, &err), 0);
	free(rows);
	irqm_store_close(s);
	assert_int_equal(fake_ask(f->path, "SELECT peak_kib IS NULL FROM "
				  "dumps"), 1);
}

/* A line of NDJSON is one line, whoever packed the document. */
static void test_ndjson_lines(void **state)
{
	struct irqm_record r = of_text("{\"schema\": \"irqmatrix/1\"}");
	struct irqm_record odd = of_text("{\"schema\":\n\"irqmatrix/1\"}");
	struct irqm_error err;
	char *line = NULL;
	size_t len;
	FILE *out = open_memstream(&line, &len);
	json_t *value;

	(void)state;
	assert_int_equal(irqm_ndjson_write(out, &odd, &err), -1);
	assert_non_null(strstr(err.msg, "one line"));
	((char *)odd.rows)[odd.rows_len - 1] ^= 0xff;
	odd.rows_len--;
	assert_int_equal(irqm_ndjson_write(out, &odd, &err), -1);
	assert_non_null(strstr(err.msg, "broken"));
	fflush(out);
	assert_int_equal(len, 0);

	r.path = "/a\x1b[31m\"\xff";
	r.analysed_ns = r.peak_kib = 0;
	assert_int_equal(irqm_ndjson_write(out, &r, &err), 0);
	fclose(out);
	assert_ptr_equal(strchr(line, '\n'), line + len - 1);
	value = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(value);
	assert_string_equal(json_string_value(json_object_get(json_object_get(
			value, "record"), "path")), "/a\\x1b[31m\"\\xff");
	assert_true(json_is_null(json_object_get(json_object_get(value,
			"record"), "peak_kib")));
	assert_true(json_integer_value(json_object_get(json_object_get(value,
			"record"), "analysed_ns")) > 0);
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
		{ "0001\"", "000'\"", "which dump" },
		{ "\"analysed_ns\": 5", "\"analysed_ns\": -5", "of the run" },
		{ "\"nothing\"", "\"failed\"", "its outcome" },
		{ "\"nothing\"", "\"nothing\", \"reason\": \"x\"",
		  "its outcome" },
	};
	struct fake_store *f = *state;
	struct irqm_error err;
	unsigned int i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(merge_line(f, cases[i].word, cases[i].other,
					    &err), -1);
		if (!strstr(err.msg, cases[i].why))
			fail_msg("%s: %s", cases[i].other, err.msg);
	}
	assert_int_equal(fake_ask(f->path, "SELECT count(*) FROM dumps"), 0);
	assert_int_equal(merge_line(f, "nothing", "nothing", &err), 0);
	assert_int_equal(fake_ask(f->path, "SELECT outcome = 'nothing' AND "
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

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		remove(f->path);
		assert_int_equal(merge_line(f, cases[i].word, cases[i].other,
					    &err), 0);
		assert_int_equal(fake_ask(f->path, "SELECT outcome = 'failed' "
				"AND reason LIKE 'its document%broken: _%' "
				"FROM dumps"), 1);
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
		a->used += sprintf(a->text + a->used, "%c%s ", "nirtb"[v[i].type],
				   v[i].type == IRQM_VALUE_NULL ? "" :
				   v[i].text);
	return a->stop_at_row;
}

static int ask(const struct fake_store *f, const char *sql, const char *arg,
	       struct answer *a, struct irqm_error *err)
{
	struct irqm_store *s = fake_store_open(f->path, IRQM_STORE_READ);
	const char *args[] = { arg, NULL };
	int rc = irqm_store_ask(s, &(struct irqm_store_ask){
		.sql = sql, .args = args, .nr_args = 2, .head = take_head,
		.row = take_row, .ctx = a }, err);

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
	assert_int_equal(ask(f, "SELECT NULL AS a, 1, 2.5, 'x', x'0102', ?1, "
			     "?2", "12", &a, &err), 0);
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
	assert_non_null(strstr(err.msg, "only SELECT"));
	/* ends with an error, after the first row */
	a = (struct answer){ .used = 0 };
	assert_int_equal(ask(f, "SELECT abs(column1) FROM (VALUES (1), "
			     "(-9223372036854775807 - 1))", NULL, &a, &err),
			 -1);
	assert_non_null(strstr(err.msg, "overflow"));
}

int main(void)
{
#define STORE_TEST(f) cmocka_unit_test_setup_teardown(                       \
		f, fake_store_setup, fake_store_teardown)
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_refused_documents),
		STORE_TEST(test_large_documents),
		STORE_TEST(test_odd_facts),
		STORE_TEST(test_managed_irqs),
		STORE_TEST(test_machine),
		STORE_TEST(test_after_broken),
		cmocka_unit_test(test_ndjson_lines),
		STORE_TEST(test_broken_lines),
		STORE_TEST(test_no_document),
		STORE_TEST(test_no_file),
		STORE_TEST(test_answers),
	};

	return RUN(tests);
}
