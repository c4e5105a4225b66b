/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of a report, of documents that are written down here. */
#include "fake_store.h"
#include "rendered.h"
#include "unit.h"

#include <unistd.h>

#include "fleet/report_page.h"
#include "report/dump.h"

static json_t *parsed(const char *text)
{
	json_error_t err;
	json_t *value = json_loads(text, JSON_REJECT_DUPLICATES, &err);

	if (!value)
		fail_msg("%s at %d: %s", err.text, err.position, text);
	return value;
}

/* Of texts; plan may be NULL. To be freed. */
static char *report_of(const char *document, const char *plan)
{
	json_t *d = parsed(document), *p = plan ? parsed(plan) : NULL;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(irqm_report_dump(out, d, p), 0);
	fclose(out);
	json_decref(d);
	json_decref(p);
	return text;
}

static unsigned int times(const char *text, const char *part)
{
	unsigned int n = 0;

	for (; (text = strstr(text, part)); text += strlen(part))
		n++;
	return n;
}

static void assert_report(const char *document, const char *const *parts)
{
	char *text = report_of(document, NULL);

	for (; *parts; parts++)
		assert_contains(text, *parts);
	free(text);
}

#define REPORT(document, ...)                                                  \
	assert_report(document, (const char *const[]){ __VA_ARGS__, NULL })

static void test_times(void **state)
{
	(void)state;
	REPORT("{\"dump\": {\"crash_time\": 86399, \"path\": \"/a\"}}",
	       "crashed 1970-01-01 23:59:59 UTC, ", "<title>/a</title>");
	/* no date has so many seconds */
	REPORT("{\"dump\": {\"crash_time\": 9223372036854775807}}",
	       "Linux ?, CPUs ?");
	REPORT("{}", "Linux ?, CPUs ? online of ?", "<title>?</title>",
	       "<p>No findings.</p>", "of ?</span>");
}

static void test_findings(void **state)
{
	(void)state;
	REPORT("{\"findings\": [{\"severity\": \"critical\", \"text\": "
	       "\"<b>x</b>\", \"code\": \"c\", \"meaning\": \"m&m\"}, "
	       "{\"severity\": \"warning\", \"text\": \"w\", \"advice\": "
	       "\"a\", \"code\": \"d\"}, {\"severity\": \"\\\"><i>\", "
	       "\"text\": \"i\"}]}",
	       "<div class=\"finding critical\"><p><span class=\"badge "
	       "critical\">critical</span> &lt;b&gt;x&lt;/b&gt;</p>"
	       "<details><summary>c: what it means, what to do</summary>"
	       "<p>m&amp;m</p><p></p></details></div>",
	       "<div class=\"finding warning\"><p><span class=\"badge "
	       "warning\">warning</span> w</p><details><summary>d: what it "
	       "means, what to do</summary><p></p><p>a</p></details></div>",
	       "<div class=\"finding info\"><p><span class=\"badge info\">"
	       "&quot;&gt;&lt;i&gt;</span> i</p></div>");
}

/* What CPUs have in all, and the least of one, is of those online. */
static void test_tiles(void **state)
{
	(void)state;
	REPORT("{\"matrix\": {\"global_available\": 30, \"online_maps\": 2}, "
	       "\"accounting\": {\"lost\": 10}, \"cpus\": ["
	       "{\"cpu\": 0, \"online\": true, \"available\": 20, \"idle\": 3},"
	       "{\"cpu\": 1, \"online\": false, \"available\": 1, "
	       "\"idle\": 9}, "
	       "{\"cpu\": 2, \"online\": true, \"available\": 10, "
	       "\"idle\": 4}]}",
	       "<span>Vectors available</span><b>30</b><span>of 40 (75.0%)",
	       "<span>Least on a CPU</span><b>10</b>",
	       "<span>Managed, idle</span><b>7</b>",
	       "<span>Allocated</span><b>?</b><span>of ?</span>");
}

static void test_costs(void **state)
{
	char text[8192] =
		"{\"matrix\": {\"global_available\": 60}, "
		"\"accounting\": {\"lost\": 40, \"drivers\": [{\"driver\": "
		"\"\", \"cost\": 25, \"idle_reserved\": 90, \"devices\": 2}, "
		"{\"cost\": -5}], \"no_msi_device\": {\"cost\": 3}}, "
		"\"devices\": [{\"device\": \"d0\", \"cost\": 10, "
		"\"consumers\": [{\"name\": \"a\"}, {\"name\": \"<b>\"}]}";
	char *html;
	int i;

	(void)state;
	for (i = 1; i < 26; i++)
		sprintf(text + strlen(text),
			", {\"device\": \"d%d\", "
			"\"cost\": %d}",
			i, i % 10);
	strcat(text, "]}");
	html = report_of(text, NULL);
	assert_contains(html, "<td class=\"t\">(no driver)</td><td>2</td>"
			      "<td>25</td>");
	/* of what a device has no more than all can be idle */
	assert_contains(html, "aria-label=\"25.0 percent\"><i class=\"u\" "
			      "style=\"width:0.0%\"></i><i class=\"i\" "
			      "style=\"width:25.0%\">");
	assert_contains(html, "<td>-5</td><td class=\"t\"><div class=\"bar\" "
			      "role=\"img\" aria-label=\"0.0 percent\">");
	assert_contains(html, "<td class=\"t\">a, &lt;b&gt;</td>");
	assert_contains(html, "<summary>6 more devices</summary>");
	assert_int_equal(times(html, "<td class=\"t\">d"), 26);
	free(html);
	/* 25 are not worth folding five away */
	*strstr(text, ", {\"device\": \"d25\"") = '\0';
	strcat(text, "]}");
	html = report_of(text, NULL);
	assert_null(strstr(html, "more devices"));
	assert_int_equal(times(html, "<td class=\"t\">d"), 25);
	free(html);
}

static void test_pools(void **state)
{
	(void)state;
	REPORT("{\"accounting\": {\"pools\": [{\"pool\": \"node\", \"node\": "
	       "1, \"cpus\": \"0-3\"}, {\"pool\": \"default\", \"cpus\": "
	       "\"0\"}, {}]}}",
	       "<tr><td>node</td><td>1</td><td>0-3</td><td>?</td>",
	       "<tr><td>default</td><td>-</td><td>0</td><td>?</td>",
	       "<tr><td>?</td><td>?</td><td>?</td>");
}

static void test_unread(void **state)
{
	char text[32768] = "{\"unread_dropped\": 7, \"unread\": [{\"what\": "
			   "\"<x>\", \"why\": \"excluded\"}",
	     *html;
	int i;

	(void)state;
	REPORT("{\"unread\": [{\"what\": \"<x>\", \"why\": \"excluded\"}]}",
	       "<summary>1 parts</summary>", "<li>&lt;x&gt;: excluded</li>");
	for (i = 1; i < 501; i++)
		sprintf(text + strlen(text), ", {\"what\": \"w%d\"}", i);
	strcat(text, "]}");
	html = report_of(text, NULL);
	assert_contains(html, "<summary>508 parts</summary>");
	assert_contains(html, "<li>w499: ?</li>\n<li>and more</li>");
	assert_null(strstr(html, "w500"));
	free(html);
}

#define CPU_0                                                                  \
	"{\"cpu\": 0, \"online\": true, \"owners\": {\"system\": "             \
	"\"236-255\", \"legacy\": \"48\", \"unmanaged\": \"33-34\", "          \
	"\"managed_in_use\": \"35\", \"previous\": \"36\", \"free\": "         \
	"\"32,37-47,49-235\"}}"
#define OWNERS                                                                 \
	"\"irqs\": [{\"irq\": 24, \"vector\": 33, \"cpu\": 0, "                \
	"\"actions\": [\"a\", \"b\", \"c\", \"d\", \"e\"], \"device\": "       \
	"\"<d>\", \"driver\": \"nvme\"}, {\"irq\": 25, \"vector\": 34, "       \
	"\"cpu\": 1}, {\"irq\": 26, \"vector\": 35, \"cpu\": 0, "              \
	"\"prev_vector\": 36, \"prev_cpu\": 0, \"actions\": [\"<m>\"]}]"

/* Who has a vector is said of just that vector and CPU. */
static void test_map(void **state)
{
	char *html = report_of("{\"cpus\": [" CPU_0 "], " OWNERS "}", NULL);

	(void)state;
	assert_contains(html,
			"<rect class=\"u\" x=\"1\" width=\"1\" height="
			"\"1\"><title>CPU 0, 33: unmanaged, IRQ 24 a,b,c,d, "
			"&lt;d&gt; (nvme)</title>");
	/* of another CPU */
	assert_contains(html, "<title>CPU 0, 34: unmanaged</title>");
	assert_contains(html, "<rect class=\"m\" x=\"3\" width=\"1\" height="
			      "\"1\"><title>CPU 0, 35: managed, in use, IRQ 26 "
			      "&lt;m&gt;</title>");
	assert_contains(html, "<title>CPU 0, 36: previous, IRQ 26 &lt;m&gt;"
			      "</title>");
	assert_contains(html, "<rect class=\"s\" x=\"204\" width=\"20\"");
	assert_contains(html, "<span class=\"f\"></span>free <b>199</b>");
	free(html);
}

#define AFTER(maps)                                                            \
	"{\"plans\": [{\"fits\": false, \"steps\": ["                          \
	"{\"step\": \"add\", \"asked\": \"<n>:1\", \"end\": \"fits\", "        \
	"\"global_available\": 9}, {\"step\": \"add\", \"asked\": "            \
	"\"<n>:1\", \"end\": \"fits\", \"global_available\": 8}, "             \
	"{\"step\": \"add\", \"asked\": \"<n>:1\", \"end\": \"fails\"}], "     \
	"\"after\": {\"global_available\": 8, \"cpus\": [{\"cpu\": 0, "        \
	"\"online\": false, " maps "}]}}, {\"fits\": true}]}"

/* The picture of what would be, on the ground of what is. */
static void test_plan(void **state)
{
	char *html = report_of("{\"cpus\": [" CPU_0 "], \"matrix\": "
			       "{\"global_available\": 10}}",
			       AFTER("\"alloc_map\": \"33,35,48,250\", "
				     "\"managed_map\": \"35-36\""));
	const char *map;

	(void)state;
	assert_contains(html, "<p>Not everything fits.</p>");
	assert_contains(html, "<p>Everything fits.</p>");
	assert_contains(html,
			"2 equal rows, the last:</td></tr>\n<tr><td class="
			"\"t\">add &lt;n&gt;:1</td><td class=\"t\">fits</td>"
			"<td>8</td>");
	assert_int_equal(times(html, "<td class=\"t\">fits</td>"), 1);
	assert_contains(html, "<td class=\"t\">fails</td><td>?</td>");
	assert_contains(html, "<td class=\"t\">available</td><td>10</td>"
			      "<td>8</td>");
	map = strstr(html, "vectors afterwards");
	assert_non_null(map);
	assert_contains(map, "<g opacity=.35 ");
	assert_contains(map,
			"<rect class=\"f\" x=\"0\" width=\"1\" height="
			"\"1\"/><rect class=\"u\" x=\"1\" width=\"1\" height="
			"\"1\"/><rect class=\"f\" x=\"2\" width=\"1\" height="
			"\"1\"/><rect class=\"m\" x=\"3\" width=\"1\" height="
			"\"1\"/><rect class=\"i\" x=\"4\" width=\"1\" height="
			"\"1\"/><rect class=\"f\" x=\"5\" width=\"11\" height="
			"\"1\"/><rect class=\"l\" x=\"16\" width=\"1\"");
	assert_contains(map, "<rect class=\"s\" x=\"204\" width=\"20\"");
	free(html);
	/* half of it is not enough */
	html = report_of("{\"cpus\": [" CPU_0 "]}",
			 AFTER("\"alloc_map\": \"33\""));
	map = strstr(html, "vectors afterwards");
	assert_contains(map, "<rect class=\"q\" x=\"0\" width=\"224\"");
	free(html);
}

/* A store of a dump with something critical, one with nothing and a failure. */
static void make_fleet(const struct fake_store *f)
{
	struct irqm_store *s = fake_store_open(f->path, IRQM_STORE_CREATE);
	struct irqm_record r = fake_record(NULL, 4);
	struct irqm_error err;

	fake_store_put(s, "bookworm-exhausted", 1);
	fake_store_put(s, "bookworm-plain", 2);
	r.path = "/a<b>";
	r.reason = "<script>alert(1)</script>";
	assert_int_equal(irqm_store_put(s, &r, &err), 0);
	irqm_store_close(s);
}

static char *fleet(const struct fake_store *f, bool all)
{
	struct irqm_store *s = fake_store_open(f->path, IRQM_STORE_READ);
	struct irqm_error err;
	char *html = NULL;
	size_t size;
	FILE *out = open_memstream(&html, &size);

	if (irqm_report_store(out, s, all, &err))
		fail_msg("%s", err.msg);
	fclose(out);
	irqm_store_close(s);
	return html;
}

static void test_fleet(void **state)
{
	struct fake_store *f = *state;
	char *html;

	make_fleet(f);
	/* whatever the rules say today of these two */
	fake_sql(f->path,
		 "DELETE FROM findings WHERE dump = 2; UPDATE findings "
		 "SET severity = CASE n WHEN 0 THEN 'critical' WHEN 1 THEN "
		 "'warning' ELSE '<i>' END; UPDATE dumps SET release = '' "
		 "WHERE id = 2");
	html = fleet(f, false);
	assert_contains(html, "<td class=\"t\" data-k=\"0\">none</td>");
	assert_contains(html, "<td class=\"t\" data-k=\"3\"><span class=\""
			      "badge critical\">critical</span></td>");
	assert_contains(html, "<td class=\"t\" data-k=\"2\"><span class=\""
			      "badge warning\">warning</span></td>");
	assert_contains(html, "<td class=\"t w\">&lt;script&gt;alert(1)&lt;"
			      "/script&gt;</td>");
	assert_contains(html, "<td class=\"t\">/a&lt;b&gt;</td>");
	assert_contains(html, "<code>--all</code>");
	assert_contains(html, "<td class=\"t\">-</td>");
	/* the section that is there is the one that is linked */
	assert_int_equal(times(html, "<article id=\"d1\">"), 1);
	assert_int_equal(times(html, "<a href=\"#d1\">"), 1);
	assert_null(strstr(html, "#d2"));
	assert_null(strstr(html, "id=\"d2\""));
	free(html);
	html = fleet(f, true);
	assert_null(strstr(html, "<code>--all</code>"));
	assert_int_equal(times(html, "<article id=\"d"), 2);
	assert_int_equal(times(html, "<a href=\"#d2\">"), 1);
	/* eight drivers at most */
	assert_int_equal(times(html, "(unattributed)"), 2);
	free(html);
}

/* Where the store lacks a table, or the disk room. */
static void test_fleet_fails(void **state)
{
	static const char *const spoilt[] = {
		"DROP TABLE unread; DROP TABLE findings",
		"DROP TABLE drivers",
		"DROP TABLE cpus",
	};
	struct fake_store *f = *state;
	struct irqm_store *s;
	struct irqm_error err;
	unsigned int i;
	FILE *out;

	make_fleet(f);
	s = fake_store_open(f->path, IRQM_STORE_READ);
	out = fopen("/dev/full", "w");
	assert_int_equal(irqm_report_store(out, s, true, &err), -1);
	assert_non_null(strstr(err.msg, "No space left"));
	fclose(out);
	irqm_store_close(s);
	for (i = 0; i < 3; i++) {
		unlink(f->path);
		make_fleet(f);
		fake_sql(f->path, spoilt[i]);
		s = fake_store_open(f->path, IRQM_STORE_READ);
		out = fopen("/dev/null", "w");
		assert_int_equal(irqm_report_store(out, s, true, &err), -1);
		assert_non_null(strstr(err.msg, "no such table"));
		fclose(out);
		irqm_store_close(s);
	}
}

static void test_dump_fails(void **state)
{
	json_t *document = json_object();
	FILE *out = fopen("/dev/full", "w");

	(void)state;
	assert_int_equal(irqm_report_dump(out, document, NULL), -1);
	fclose(out);
	json_decref(document);
}

int main(void)
{
#define STORE_TEST(f)                                                          \
	cmocka_unit_test_setup_teardown(f, fake_store_setup,                   \
					fake_store_teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_findings),
		cmocka_unit_test(test_tiles),
		cmocka_unit_test(test_costs),
		cmocka_unit_test(test_pools),
		cmocka_unit_test(test_unread),
		cmocka_unit_test(test_map),
		cmocka_unit_test(test_plan),
		STORE_TEST(test_fleet),
		STORE_TEST(test_fleet_fails),
		cmocka_unit_test(test_dump_fails),
	};

	return RUN(tests);
}
