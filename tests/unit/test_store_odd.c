/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a store makes of documents that are not as they should be. */
#include "fake_store.h"
#include "unit.h"

#include "fleet/store/rows.h"

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
	assert_refused(s, DOC "\"cpus\": [{\"cpu\": 1099511627777}]}",
		       "\"cpu\"");
	/* bytes that a terminal obeys; deeper than anything of ours */
	assert_refused(s, DOC "\"dump\": {\"release\": \"6.1\177\"}}",
		       "dump.release");
	assert_refused(s, DOC "\"dump\": {\"arch\": \"\\u001b[2J\"}}",
		       "dump.arch");
	assert_refused(s, DOC "\"devices\": [{\"consumers\": [\"\177\"]}]}",
		       "consumers");
	assert_refused(s, DOC "\"devices\": [{\"consumers\": \"all\"}]}",
		       "consumers");
	assert_refused(s,
		       DOC "\"devices\": [{\"consumers\": "
			   "[[[[[[[[[[]]]]]]]]]]}]}",
		       "consumers");
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

	assert_taken(f,
		     DOC "\"dump\": {\"cpus_possible\": \"0,4\"}, "
			 "\"cpus\": [{\"cpu\": 0}, {\"cpu\": 4}]}",
		     "SELECT cpus_possible = 2 FROM dumps");
	assert_taken(f,
		     DOC "\"dump\": {\"cpus_possible\": null}, "
			 "\"cpus\": []}",
		     "SELECT cpus_possible IS NULL FROM dumps");
	/* no kernel has so many, and sums are to fit */
	assert_taken(f,
		     DOC "\"matrix\": {\"global_available\": "
			 "1099511627777, \"global_reserved\": -1099511627777, "
			 "\"total_allocated\": 1099511627776}}",
		     "SELECT global_available IS NULL AND global_reserved IS "
		     "NULL AND total_allocated = 1 << 40 FROM dumps");
	assert_taken(f, DOC "\"unread\": [{}, {}], \"unread_dropped\": 3}",
		     "SELECT unread = 5 FROM dumps");
	assert_taken(f, DOC "\"unread\": {}}",
		     "SELECT unread IS NULL FROM dumps");
	/* written by a tool that does not know these keys */
	assert_taken(f, DOC "\"devices\": [{\"driver\": \"virtio-pci\"}]}",
		     "SELECT kind IS NULL AND managed_irqs IS NULL AND "
		     "machine IS NULL FROM devices JOIN dumps ON id = dump");
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
	assert_int_equal(irqm_store_put(s, &r, &err), IRQM_STORE_REFUSED);
	rows[12] = tag;
	r.peak_kib = 0;
	assert_int_equal(irqm_store_put(s, &r, &err), 0);
	free(rows);
	irqm_store_close(s);
	assert_int_equal(fake_ask(f->path, "SELECT peak_kib IS NULL FROM "
					   "dumps"),
			 1);
}

/* The rows of the text are those of the values. */
static void same_rows(const char *text, bool ours)
{
	json_t *document = json_loads(text, 0, NULL);
	void *made, *of_text;
	size_t len, text_len;
	struct irqm_error err;
	int rc;

	rc = irqm_rows_make_text(text, strlen(text), ours, &of_text, &text_len,
				 &err);
	/* what is no JSON is refused by both */
	assert_int_equal(rc, document ? 0 : -1);
	if (!document)
		return;
	assert_int_equal(irqm_rows_make(document, &made, &len, &err), 0);
	assert_int_equal(len, text_len);
	assert_memory_equal(made, of_text, len);
	free(made);
	free(of_text);
	json_decref(document);
}

/* Whatever the counts look like. */
static void test_rows_of_text(void **state)
{
	static const char *const counts[] = {
		"[]",
		"[1,2,null,0]",
		"null",
		"[01]",
		"[1,]",
		"[1",
		"[[1]]",
		"\"\\\"per_cpu_counts\\\":[1,2,3,4]\"",
		"[12345678901234567890]",
	};
	char text[256];
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		snprintf(text, sizeof(text),
			 "{\"schema\":\"irqmatrix/1\","
			 "\"irqs\":[{\"irq\":1,\"per_cpu_counts\":%s}]}",
			 counts[i]);
		same_rows(text, false);
	}
}

/* Whatever the interrupts look like; what else has their key is kept. */
static void test_rows_of_ours(void **state)
{
	static const char *const irqs[] = {
		"[]",
		"null",
		"[{\"irq\":1,\"actions\":[{\"name\":\"a]\"},{}]},{}]",
		"[\"\\\"]\",[[\"{\"]],{\"irqs\":[{}]}]",
	};
	char text[512];
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(irqs); i++) {
		snprintf(text, sizeof(text),
			 "{\"schema\":\"irqmatrix/1\",\"irqs\":%s,"
			 "\"machine\":\"\\\"irqs\\\":[1,2,3]\","
			 "\"findings\":[{\"code\":\"a\",\"severity\":\"b\","
			 "\"text\":\"c\",\"data\":{\"irqs\":[1,2,3,4]}}]}",
			 irqs[i]);
		same_rows(text, true);
	}
}

/* They are not even looked at. */
static void test_ours_is_trusted(void **state)
{
	static const char text[] = "{\"schema\":\"irqmatrix/1\","
				   "\"irqs\":[[01],[02]]}";
	struct irqm_error err;
	void *rows;
	size_t len;

	(void)state;
	assert_int_equal(irqm_rows_make_text(text, strlen(text), false, &rows,
					     &len, &err),
			 -1);
	assert_int_equal(irqm_rows_make_text(text, strlen(text), true, &rows,
					     &len, &err),
			 0);
	free(rows);
}

/* A real document: the same, to the byte. */
static void test_real_text(void **state)
{
	json_t *document = fake_document("bookworm-exhausted");
	char *text = json_dumps(document, JSON_COMPACT);

	(void)state;
	assert_non_null(strstr(text, "\"per_cpu_counts\":[0,"));
	assert_non_null(strstr(text, ",\"irqs\":[{"));
	same_rows(text, false);
	same_rows(text, true);
	free(text);
	json_decref(document);
}

int main(void)
{
#define STORE_TEST(f)                                                          \
	cmocka_unit_test_setup_teardown(f, fake_store_setup,                   \
					fake_store_teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_of_text),
		cmocka_unit_test(test_rows_of_ours),
		cmocka_unit_test(test_ours_is_trusted),
		cmocka_unit_test(test_real_text),
		STORE_TEST(test_refused_documents),
		STORE_TEST(test_large_documents),
		STORE_TEST(test_odd_facts),
		STORE_TEST(test_after_broken),
	};

	return RUN(tests);
}
