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

	assert_int_equal(irqm_report_dump(out, d, p, NULL), 0);
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
	       "<br>\nCrashed 1970-01-01 23:59:59 UTC</p>",
	       "<title>/a</title>");
	/* no date has so many seconds */
	REPORT("{\"dump\": {\"crash_time\": 9223372036854775807}}",
	       "Linux ?, CPUs ?", "<br>\nCrashed</p>");
	REPORT("{}", "Linux ?, CPUs ? online of ?", "<title>?</title>",
	       "<p>No findings.</p>", "of ?</span>", "<br>\nDumped</p>");
	REPORT("{\"dump\": {\"uptime\": 7500, \"panic\": \"<p>\", "
	       "\"memory\": 1610612736, \"hardware\": \"h&w\", "
	       "\"hostname\": \"<host>\", \"release\": \"6.1\", \"path\": "
	       "\"/a\", \"cpus_online\": \"0-3\", \"cpus_possible\": "
	       "\"0-3\"}}",
	       "<h1>Interrupt vectors of &lt;host&gt;</h1>",
	       "/a: Linux 6.1, CPUs 0-3 online, 1.5 GiB, h&amp;w<br>\n"
	       "Crashed after 2:05 h: &lt;p&gt;</p>");
	REPORT("{\"dump\": {\"live\": true, \"uptime\": 5, \"cpus_online\": "
	       "\"0\", \"cpus_possible\": \"0-1\"}}",
	       "CPUs 0 online of 0-1<br>\nRunning, up 5 s</p>");
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
	       "critical\">critical</span> <code>c</code>: &lt;b&gt;x&lt;/b&gt;"
	       "</p><details open><summary>What it means, what to do"
	       "</summary></details><div class=\"more\"><p>m&amp;m</p></div>"
	       "</div>",
	       "<div class=\"finding warning\"><p><span class=\"badge "
	       "warning\">warning</span> <code>d</code>: w</p><details>"
	       "<summary>What it means, what to do</summary></details>"
	       "<div class=\"more\"><p>a</p></div></div>",
	       "<div class=\"finding info\"><p><span class=\"badge info\">"
	       "&quot;&gt;&lt;i&gt;</span> <code>?</code>: i</p></div>");
}

/* As in text: the one that says it for others names them, and of one severity
 * what happened goes before what would happen. */
static void test_order(void **state)
{
	char *html = report_of("{\"findings\": [{\"severity\": \"critical\", "
			       "\"code\": \"full\", \"remedy\": \"rm <x>\"}, "
			       "{\"severity\": \"critical\", \"code\": "
			       "\"log-probe\"}, {\"severity\": \"warning\", "
			       "\"code\": \"idle\", \"shown_with\": \"full\"}, "
			       "{\"severity\": \"warning\", \"code\": "
			       "\"log-other\", \"shown_with\": null}]}",
			       NULL);
	const char *first = strstr(html, "<code>log-probe</code>");
	const char *second = strstr(html, "<code>full, idle</code>");
	const char *third = strstr(html, "<code>log-other</code>");

	(void)state;
	assert_true(first && second && third);
	assert_true(first < second && second < third);
	assert_null(strstr(html, "<code>idle"));
	assert_contains(html, "<p class=\"remedy\">rm &lt;x&gt;</p>");
	free(html);
}

static void test_verdict(void **state)
{
	(void)state;
	REPORT("{\"verdict\": {\"level\": \"critical\", \"text\": \"<x>\"}}",
	       "<p class=\"verdict critical\"><b>critical:</b> &lt;x&gt;</p>");
	REPORT("{\"verdict\": {\"level\": \"incomplete\", \"text\": \"x\"}}",
	       "<p class=\"verdict warning\"><b>incomplete:</b> x</p>");
	REPORT("{\"verdict\": {\"level\": \"ok\", \"text\": \"x\"}}",
	       "<p class=\"verdict ok\"><b>ok:</b> x</p>");
	/* a class is one of ours */
	REPORT("{\"verdict\": {\"level\": \"\\\"x\", \"text\": \"x\"}}",
	       "<p class=\"verdict info\"><b>&quot;x:</b> x</p>");
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
	(void)state;
	REPORT("{\"matrix\": {\"global_available\": 60}, "
	       "\"accounting\": {\"lost\": 40, \"drivers\": [{\"driver\": "
	       "\"\", \"cost\": 25, \"managed_reserved\": 20, "
	       "\"idle_reserved\": 5, \"devices\": 2}, {\"driver\": \"x\", "
	       "\"cost\": 10, \"managed_reserved\": 90, \"idle_reserved\": "
	       "95}, {\"driver\": \"y\", \"cost\": 10}, {\"cost\": -5}], "
	       "\"no_msi_device\": {\"cost\": 3}}}",
	       "<td class=\"t\">(no driver)</td><td>2</td><td>25</td>"
	       "<td class=\"t\" data-k=\"25\"><div class=\"bar\" role=\"img\" "
	       "aria-label=\"25.0 percent\"><i class=\"u\" style=\"width:5.0%\">"
	       "</i><i class=\"m\" style=\"width:15.0%\"></i><i class=\"i\" "
	       "style=\"width:5.0%\"></i></div></td><td>?</td><td>20</td>"
	       "<td>5</td><td>?</td></tr>",
	       /* of what a device has no more than all can be idle */
	       "<td>10</td><td class=\"t\" data-k=\"10\"><div class=\"bar\" "
	       "role=\"img\" aria-label=\"10.0 percent\"><i class=\"i\" "
	       "style=\"width:10.0%\"></i></div>",
	       /* what is managed is not known */
	       "<i class=\"q\" style=\"width:10.0%\"></i></div>",
	       "<td>-5</td><td class=\"t\" data-k=\"-5\"><div class=\"bar\" "
	       "role=\"img\" aria-label=\"0.0 percent\"></div></td>",
	       "<td class=\"t\">(no MSI device)</td><td></td><td>3</td>");
}

/* nr devices like this one, from number on. */
static void add_devices(char *text, int number, int nr, const char *members)
{
	while (nr--)
		sprintf(text + strlen(text),
			"%s{\"device\": \"d%d\", \"driver\": \"pci\", "
			"\"kind\": \"blk\", \"irqs\": 2, \"allocated\": 1, "
			"\"managed_reserved\": 4, \"idle_reserved\": 3, "
			"\"reserved\": 0, \"consumers\": [{\"name\": \"v%d\", "
			"\"driver\": \"blk\"}, {\"name\": \"<x%d>\", "
			"\"driver\": null}], %s}",
			strchr(text, '}') ? ", " : "", number, number, number,
			members),
			number++;
}

/* Equal neighbours share a row, with the sum; each is in the fold. */
static void test_devices(void **state)
{
	char text[16384] = "{\"devices\": [", *html;

	(void)state;
	add_devices(text, 0, 4, "\"cost\": 5, \"node\": -1");
	add_devices(text, 4, 3, "\"cost\": 5, \"node\": 1");
	strcat(text, "]}");
	html = report_of(text, NULL);
	assert_contains(html,
			"<tr><td class=\"t\">4 devices, 5 each:<br>d0 .. d3"
			"</td><td class=\"t\">pci, blk</td><td class=\"t\">"
			"&lt;x0&gt; .. &lt;x3&gt;</td><td>-</td><td>8</td>"
			"<td>20</td>");
	assert_contains(html, "<td>4</td><td>16</td><td>12</td><td>0</td>");
	/* three are not worth folding */
	assert_contains(html, "<tr><td class=\"t\">d4</td><td class=\"t\">pci, "
			      "blk</td><td class=\"t\">&lt;x4&gt;</td>"
			      "<td>1</td><td>2</td><td>5</td>");
	assert_contains(html, "<summary>Each of the 7 devices</summary>");
	assert_contains(html, "<tr><td class=\"t\">d2</td><td class=\"t\">pci, "
			      "blk</td><td class=\"t\">v2, &lt;x2&gt;</td>"
			      "<td>-</td><td>2</td><td>5</td><td>1</td>"
			      "<td>4</td><td>3</td><td>0</td></tr>");
	free(html);
}

/* Unknown values equal nothing. */
static void test_unlike_devices(void **state)
{
	static const char *const members[] = {
		"\"node\": 0, \"cost\": null",
		"\"node\": 0, \"cost\": 5, \"kind\": null",
		"\"node\": 0, \"cost\": 5, \"consumers\": []",
		"\"node\": 0, \"cost\": 5, \"consumers\": null",
		"\"node\": 0, \"cost\": 5, \"consumers\": [{\"name\": \"a\"}, null]",
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(members); i++) {
		char text[16384] = "{\"devices\": [", *html;
		json_t *document;

		add_devices(text, 0, 5, members[i]);
		strcat(text, "]}");
		/* the last of two equal keys holds */
		document = json_loads(text, 0, NULL);
		assert_non_null(document);
		html = json_dumps(document, 0);
		json_decref(document);
		snprintf(text, sizeof(text), "%s", html);
		free(html);
		html = report_of(text, NULL);
		assert_null(strstr(html, " each:"));
		assert_null(strstr(html, "<summary>Each"));
		assert_contains(html, "<td class=\"t\">d4</td>");
		free(html);
	}
}

#define DEVICE(name, consumers)                                                \
	"{\"device\": \"" name "\", \"driver\": \"p\", \"kind\": \"k\", "      \
	"\"node\": 0, \"irqs\": 2, \"cost\": 5, \"allocated\": 1, "            \
	"\"managed_reserved\": 4, \"idle_reserved\": 3, \"reserved\": 0, "     \
	"\"consumers\": [" consumers "]}"

/* Of two with as many vectors, one has another child. */
static void test_other_consumers(void **state)
{
	char text[] =
		"{\"devices\": [" DEVICE("a", "{\"name\": \"x\"}") ", " DEVICE("b", "{\"name\": \"x\"}") ", " DEVICE(
			"c",
			"{\"name\": \"x\"}, {\"name\": \"y\"}") ", " DEVICE("d",
									    "{\"name\": \"x\"}") "]}";
	char *html = report_of(text, NULL);

	(void)state;
	assert_null(strstr(html, " each:"));
	free(html);
}

/* More rows than are shown at once. */
static void test_many_devices(void **state)
{
	char text[32768] = "{\"devices\": [", *html;
	char cost[32];
	int i;

	(void)state;
	for (i = 0; i < 26; i++) {
		sprintf(cost, "\"cost\": %d", i % 2);
		add_devices(text, i, 1, cost);
	}
	strcat(text, "]}");
	html = report_of(text, NULL);
	assert_contains(html, "<td class=\"t\">and 1 more device</td>");
	assert_contains(html, "<summary>Each of the 26 devices</summary>");
	assert_int_equal(times(html, "<td class=\"t\">d24</td>"), 2);
	assert_int_equal(times(html, "<td class=\"t\">d25</td>"), 1);
	free(html);
	REPORT("{}", "<p>No device has MSI interrupts.</p>");
}

static void test_pools(void **state)
{
	(void)state;
	REPORT("{\"accounting\": {\"pools\": [{\"pool\": \"node\", \"node\": "
	       "1, \"cpus\": \"0-3\"}, {\"pool\": \"default_affinity\", "
	       "\"cpus\": \"0\"}, {\"pool\": \"housekeeping_managed\"}, "
	       "{\"pool\": \"node\", \"node\": -1}, {\"pool\": \"<x>\"}, {}]}}",
	       "<tr><td class=\"t\">node 1</td><td class=\"t w\">0-3</td>"
	       "<td>?</td>",
	       "<tr><td class=\"t\">default affinity</td><td class=\"t w\">0"
	       "</td><td>?</td>",
	       "<td class=\"t\">housekeeping CPUs of managed interrupts</td>",
	       "<td class=\"t\">no NUMA node</td>",
	       "<td class=\"t\">&lt;x&gt;</td>",
	       "<tr><td class=\"t\">?</td><td class=\"t w\">?</td>");
}

static void test_unread(void **state)
{
	char text[32768] = "{\"unread_dropped\": 7, \"unread\": [{\"what\": "
			   "\"<x>\", \"why\": \"excluded\"}",
	     *html;
	int i;

	(void)state;
	REPORT("{\"unread\": [{\"what\": \"<x>\", \"why\": \"excluded\"}]}",
	       "<p>1 part:</p>\n<ul>\n<li>&lt;x&gt;: excluded</li>");
	for (i = 1; i < 501; i++)
		sprintf(text + strlen(text), ", {\"what\": \"w%d\"}", i);
	strcat(text, "]}");
	html = report_of(text, NULL);
	assert_contains(html, "<p>508 parts:</p>");
	/* ten can be printed */
	assert_contains(html, "<li>w9: ?</li>\n</ul>\n<details>");
	assert_contains(html, "<li>w499: ?</li>\n</ul>\n<p>and 8 more</p>");
	assert_null(strstr(html, "w500"));
	free(html);
}

#define CPU_0                                                                  \
	"{\"cpu\": 0, \"online\": true, \"owners\": {\"system\": "             \
	"\"236-255\", \"legacy\": \"48\", \"unmanaged\": \"33-34\", "          \
	"\"managed_in_use\": \"35\", \"previous\": \"36\", \"nobody\": "       \
	"\"60\", \"free\": \"32,37-47,49-59,61-235\"}}"
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
	assert_contains(html, "<span class=\"f\"></span>free <b>198</b>");
	free(html);
}

#define AFTER(maps)                                                            \
	"{\"plans\": [{\"fits\": false, \"text\": \"no: <n>\", \"steps\": ["   \
	"{\"step\": \"add\", \"asked\": \"<n>:1\", \"end\": \"fits\", "        \
	"\"number\": 1, \"global_available\": 9}, "                            \
	"{\"step\": \"add\", \"asked\": \"<n>:1\", \"end\": \"fits\", "        \
	"\"number\": 2, \"global_available\": 8}, "                            \
	"{\"step\": \"add\", \"asked\": \"<n>:1\", \"end\": \"fails\", "       \
	"\"number\": 3}, {\"step\": \"remove\", \"asked\": \"vda\", "          \
	"\"end\": \"fits\", \"device\": \"d0\"}, {\"step\": \"offline\", "     \
	"\"asked\": \"1-2\", \"end\": \"fits\", \"cpu\": 1}, "                 \
	"{\"step\": \"offline\", \"asked\": \"1-2\", \"end\": \"fits\", "      \
	"\"cpu\": 2}], "                                                       \
	"\"after\": {\"global_available\": 8, \"cpus\": [{\"cpu\": 0, "        \
	"\"online\": false, " maps "}]}}, {\"fits\": true, "                   \
	"\"text\": \"all fits\"}]}"

/* The picture of what would be, on the ground of what is. */
static void test_plan(void **state)
{
	char *html = report_of("{\"cpus\": [" CPU_0 "], \"matrix\": "
			       "{\"global_available\": 10}, \"verdict\": "
			       "{\"level\": \"ok\", \"text\": \"now\"}}",
			       AFTER("\"alloc_map\": \"33,35,48,60,250\", "
				     "\"managed_map\": \"35-36\""));
	const char *map;

	(void)state;
	/* before all else */
	assert_contains(
		html, "</header>\n<main>\n<section><h2>What would happen: add "
		      "&lt;n&gt;:1, remove vda, offline 1-2</h2>\n"
		      "<p class=\"verdict critical\">no: &lt;n&gt;</p>\n"
		      "<div class=\"pair\">\n<figure>"
		      "<figcaption>Before</figcaption>");
	assert_contains(html, "<p class=\"verdict ok\">all fits</p>");
	assert_true(strstr(html, "all fits") < strstr(html, "</b> now"));
	assert_contains(html,
			"<tr><td class=\"t\">add &lt;n&gt;:1</td><td>1-2</td>"
			"<td class=\"t\">fits</td><td>8</td>");
	assert_contains(html, "<td>3</td><td class=\"t\">fails</td><td>?</td>");
	assert_contains(html, "<td class=\"t\">remove vda</td><td>d0</td>"
			      "<td class=\"t\">gone</td>");
	assert_contains(html, "<td class=\"t\">offline 1-2</td><td>CPU 1-2</td>"
			      "<td class=\"t\">offline</td>");
	assert_int_equal(times(html, "<td class=\"t\">fits</td>"), 1);
	assert_contains(html, "<td class=\"t\">available</td><td>10</td>"
			      "<td>8</td>");
	assert_contains(html, "<figcaption>After</figcaption>");
	map = strstr(html, "vectors afterwards");
	assert_non_null(map);
	assert_contains(map, "<g opacity=.35 ");
	/* a leaked vector stays one: before, after, and before again */
	assert_int_equal(times(html, "<rect class=\"n\" x=\"28\" width=\"1\" "
				     "height=\"1\"/>"),
			 3);
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
	assert_contains(html,
			"<p class=\"verdict critical\"><b>critical:</b> "
			"critical findings in 1 of 2 dumps "
			"(vectors-exhausted); 1 could not be analysed</p>");
	assert_contains(html, "<td class=\"t\" data-k=\"-\">none</td>");
	assert_contains(html, "<td class=\"t\" data-k=\"0 vectors-exhausted\">"
			      "<span class=\"badge critical\">critical</span> "
			      "vectors-exhausted</td>");
	/* what has something critical does not count among the warnings */
	assert_contains(html, "<span>Critical</span><b>1</b>");
	assert_contains(html, "<span>Warning at worst</span><b>0</b>");
	assert_contains(html, "<td class=\"t w\">6.1.0-57-cloud-amd64</td>"
			      "<td>1</td><td>1</td><td>0</td><td>0</td></tr>");
	assert_true(strstr(html, "<h2>Findings</h2>") <
		    strstr(html, "<h2>Dumps</h2>"));
	/* host, kernel and crash date */
	assert_contains(html, "<td class=\"t\">lab</td><td class=\"t w\">"
			      "6.1.0-57-cloud-amd64</td><td>2026-11-30</td>");
	assert_contains(html, "<td class=\"t w\">&lt;script&gt;alert(1)&lt;"
			      "/script&gt;</td>");
	assert_contains(html, "<td class=\"t w\">/a&lt;b&gt;</td>");
	assert_contains(html, "<code>--all</code>");
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

static void test_advice(void **state)
{
	json_t *d = parsed("{}"), *advice;
	char *text = NULL;
	size_t size;
	FILE *out;

	(void)state;
	advice = parsed(
		"{\"text\": \"It <helps>:\", \"goal\": \"a & b\", "
		"\"available\": 3, \"probe_again\": \"echo <x>\", "
		"\"next\": \"see <n>\", \"not_tried\": \"<more>.\", "
		"\"advice\": [{\"reboot\": false, \"available\": 5, "
		"\"confirmed\": true, \"parts\": [{\"what\": \"One\", "
		"\"commands\": [\"echo <y>\"], \"cost\": \"Dear.\"}, "
		"{\"what\": \"Two\", \"cost\": null, \"undo\": \"<u>\"}]}, "
		"{\"reboot\": true, \"available\": 0, "
		"\"confirmed\": true, \"parts\": [{\"undo\": "
		"null}]}, {\"reboot\": "
		"true, \"available\": null, \"confirmed\": false}]}");
	out = open_memstream(&text, &size);
	assert_int_equal(irqm_report_dump(out, d, NULL, advice), 0);
	fclose(out);
	assert_contains(text, "<p>To fit: a &amp; b.</p>\n"
			      "<p>It &lt;helps&gt;:</p>");
	assert_contains(text,
			"<p><b>One.</b></p><p><code>echo &lt;y&gt;</code></p>"
			"<p class=\"note\">Dear.</p><p><b>Two.</b></p></td>"
			"<td class=\"t\">no</td><td>3</td><td>5</td>"
			"<td class=\"t\">fits</td></tr>");
	assert_contains(text, "<td class=\"t\">yes</td><td>3</td><td>?</td>"
			      "<td class=\"t\">none</td></tr>");
	assert_contains(text,
			"<td>3</td><td>0</td><td class=\"t\">fits, but the "
			"next device fails</td>");
	assert_contains(text, "<p><code>see &lt;n&gt;</code></p>");
	assert_contains(text, "<p>&lt;more&gt;.</p>\n<p>After a change without "
			      "a reboot, for each device that failed: "
			      "<code>echo &lt;x&gt;</code></p>\n<p>To undo a "
			      "removal (the devices take their vectors again): "
			      "<code>&lt;u&gt;</code></p>");
	free(text);
	json_decref(d);
	json_decref(advice);
}

static void test_dump_fails(void **state)
{
	json_t *document = json_object();
	FILE *out = fopen("/dev/full", "w");

	(void)state;
	assert_int_equal(irqm_report_dump(out, document, NULL, NULL), -1);
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
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_verdict),
		cmocka_unit_test(test_tiles),
		cmocka_unit_test(test_costs),
		cmocka_unit_test(test_devices),
		cmocka_unit_test(test_unlike_devices),
		cmocka_unit_test(test_other_consumers),
		cmocka_unit_test(test_many_devices),
		cmocka_unit_test(test_pools),
		cmocka_unit_test(test_unread),
		cmocka_unit_test(test_map),
		cmocka_unit_test(test_plan),
		cmocka_unit_test(test_advice),
		STORE_TEST(test_fleet),
		STORE_TEST(test_fleet_fails),
		cmocka_unit_test(test_dump_fails),
	};

	return RUN(tests);
}
