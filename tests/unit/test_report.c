/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of a dump's own words gets into a report. */
#include "fake_store.h"
#include "unit.h"

#include "fleet/report_page.h"
#include "report/dump.h"

static char *written(void (*write)(FILE *out, const void *arg), const void *arg)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	write(out, arg);
	fclose(out);
	assert_int_equal(strlen(text), size);
	return text;
}

static void as_text(FILE *out, const void *arg)
{
	irqm_html(out, "<p title=\"%s\">%s</p>", arg, arg);
}

static void assert_text(const char *name, const char *expected)
{
	char *text = written(as_text, name), want[512];

	snprintf(want, sizeof(want), "<p title=\"%s\">%s</p>", expected,
		 expected);
	assert_string_equal(text, want);
	free(text);
}

static void test_escaping(void **state)
{
	(void)state;
	assert_text("<script>", "&lt;script&gt;");
	assert_text("\"'&]]>", "&quot;&#39;&amp;]]&gt;");
	assert_text("a\x01\x1b[31m\n\x7f", "a\\x01\\x1b[31m\\x0a\\x7f");
	assert_text("\xff\xc3\xa9\xc3", "\\xff\xc3\xa9\\xc3");
	/* turns the text round: U+202E */
	assert_text("x\xe2\x80\xaey", "x\\xe2\\x80\\xaey");
	assert_text("%s%n", "%s%n");
	assert_text("", "");
	assert_text(NULL, "?");
}

static void values(FILE *out, const void *arg)
{
	const json_t *o = arg;

	irqm_html(out, "%j %j %j %j %j %n %n %u %f%%",
		  json_object_get(o, "text"), json_object_get(o, "number"),
		  json_object_get(o, "true"), json_object_get(o, "null"),
		  json_object_get(o, "list"), (irqm_num)-1,
		  (irqm_num)IRQM_UNKNOWN, 7U, 12.34);
}

static void test_values(void **state)
{
	json_t *o = json_loads("{\"text\": \"<a>\", \"number\": 5, \"true\": "
			       "true, \"null\": null, \"list\": [1]}",
			       0, NULL);
	char *text = written(values, o);

	(void)state;
	assert_string_equal(text, "&lt;a&gt; 5 yes ? ? -1 ? 7 12.3%");
	free(text);
	json_decref(o);
}

static void as_report(FILE *out, const void *arg)
{
	assert_int_equal(irqm_report_dump(out, arg, arg, arg), 0);
}

/* Documents may be anybody's: of any types, and of nothing. */
static void test_odd_documents(void **state)
{
	static const char *const documents[] = {
		"{}",
		"[]",
		"{\"cpus\": [1, null, {\"owners\": 3}, {\"owners\": {\"free\":"
		" \"32-9999999999\", \"system\": \"x\", \"nobody\": \"40\"}}],"
		" \"irqs\": [5, {\"irq\": \"<i>\", \"vector\": 1e300}, "
		"{\"vector\": 40, \"cpu\": -7}, {\"vector\": 999999, \"cpu\": "
		"0, \"actions\": 3}], \"devices\": [null, {\"cost\": "
		"9223372036854775807, \"idle_reserved\": 5}], \"findings\": "
		"[{}], \"accounting\": {\"lost\": 9223372036854775807, "
		"\"drivers\": {}, \"pools\": [[]]}, \"matrix\": "
		"{\"global_available\": 9223372036854775807}, \"unread\": "
		"[{}], \"unread_dropped\": 9223372036854775807, \"plans\": "
		"[{}, 4], \"dump\": {\"crash_time\": 9223372036854775807, "
		"\"path\": \"a\\u0001\\u202e<b>\"}}",
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(documents); i++) {
		json_t *o = json_loads(documents[i], 0, NULL);
		char *text;

		assert_non_null(o);
		text = written(as_report, o);
		assert_non_null(strstr(text, "</html>"));
		assert_null(strstr(text, "<b>&lt;"));
		assert_null(strchr(text, '\x01'));
		assert_null(strstr(text, "<i>"));
		assert_null(strstr(text, "\xe2\x80\xae"));
		free(text);
		json_decref(o);
	}
}

/* Two dumps; the document of the one cannot be unpacked. */
static void test_broken_document(void **state)
{
	struct fake_store *f = *state;
	struct irqm_store *s = fake_store_open(f->path, IRQM_STORE_CREATE);
	struct irqm_record r = fake_record("bookworm-plain", 2);
	struct irqm_error err;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	fake_store_put(s, "bookworm-cpus80", 1);
	/* its end is the packed document's */
	memset((char *)r.rows + r.rows_len - 8, 0xff, 8);
	assert_int_equal(irqm_store_put(s, &r, &err), 0);
	assert_int_equal(irqm_report_store(out, s, true, &err), 0);
	assert_int_equal(fclose(out), 0);
	assert_non_null(strstr(text, "the packed document is broken"));
	assert_non_null(strstr(text, "</html>"));
	assert_non_null(strstr(text, "CPUs 0-79 online"));
	free(text);
	free((void *)r.rows);
	irqm_store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_escaping),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_odd_documents),
		cmocka_unit_test_setup_teardown(test_broken_document,
						fake_store_setup,
						fake_store_teardown),
	};

	return RUN(tests);
}
