/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report about a store: tables of all dumps, the worst first, and a section
 * for each dump with findings. */
#include "fleet/report_page.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "render/text.h"
#include "report/parts.h"

/* How many of a machine's drivers to list: the most expensive ones. */
#define SOME_DRIVERS 8

/* A table: its columns, and the query for its rows. */
struct table {
	const char *title, *note;
	const char *sql;
	/*
	 * one letter per column: 't' text, 'n' number, 'w' text that may wrap,
	 * 'c' severity, and the finding's code in the next column, '#' the
	 * dump's section, which the next column links to, or null
	 */
	const char *kinds;
	const char *names; /* column titles, separated by '|' */
	bool searchable;
};

/* If ?1 is NULL, only dumps with a warning or worse get a section. */
#define HAS_SECTION                                                            \
	"(?1 IS NOT NULL OR EXISTS (SELECT 1 FROM findings f "                 \
	"WHERE f.dump = d.id AND f.severity IN ('critical', 'warning')))"

#define SEVERITY_RANK                                                          \
	"CASE severity WHEN 'critical' THEN 3 WHEN 'warning' THEN 2 "          \
	"WHEN 'info' THEN 1 ELSE 0 END"

/* worst: the findings of each dump in the order of its verdict, of which the
 * first names the worst: what happened goes before what would happen. */
#define WORST                                                                  \
	"worst AS (SELECT dump, code, severity, " SEVERITY_RANK " AS rank, "   \
	"row_number() OVER (PARTITION BY dump ORDER BY " SEVERITY_RANK         \
	" DESC, code NOT LIKE 'log-%', n) AS nth FROM findings)"

static const struct table machines = {
	"Dumps",
	"Worst first.",
	"WITH " WORST ", counts AS (SELECT dump, "
	"sum(severity = 'critical') AS critical, "
	"sum(severity = 'warning') AS warnings FROM findings GROUP BY dump), "
	"least AS (SELECT dump, min(available) AS available, sum(idle) AS idle "
	"FROM cpus WHERE online = 1 GROUP BY dump) "
	"SELECT CASE WHEN " HAS_SECTION " THEN d.id END, path, hostname, "
	"release, date(crash_time, 'unixepoch'), severity, code, "
	"coalesce(critical, 0), coalesce(warnings, 0), "
	"round(100.0 * global_available / "
	"nullif(global_available + lost, 0), 1) AS free, "
	"global_available, least.available, idle, "
	"online_maps, "
	"(SELECT driver FROM drivers v WHERE v.dump = d.id ORDER BY v.n "
	"LIMIT 1), coalesce(unread, 0) "
	"FROM dumps d LEFT JOIN worst ON worst.dump = d.id AND nth = 1 "
	"LEFT JOIN counts ON counts.dump = d.id "
	"LEFT JOIN least ON least.dump = d.id WHERE outcome <> 'failed' "
	"ORDER BY rank DESC, free IS NULL, free, path, d.id",
	"#ttwnc nnnnnnntn",
	"dump|host|kernel|crashed|worst finding|critical|warnings|"
	"% free|available|least on a CPU|managed, idle|CPUs|"
	"costliest driver|unread",
	true,
};

static const struct table failed = {
	"Not analysed",
	NULL,
	"SELECT path, reason FROM dumps WHERE outcome = 'failed' "
	"ORDER BY path, id",
	"ww",
	"dump|reason",
	false,
};

static const struct table drivers = {
	"Cost by driver",
	"Over all dumps.",
	"SELECT coalesce(nullif(driver, ''), '(no driver)'), count(*), "
	"sum(devices), sum(cost), sum(idle_reserved) "
	"FROM drivers GROUP BY driver ORDER BY sum(cost) DESC, driver",
	"tnnnn",
	"driver|dumps|devices|cost|managed, idle",
	false,
};

static const struct table codes = {
	"Findings",
	NULL,
	"SELECT severity, code, count(DISTINCT dump), count(DISTINCT hostname), "
	"count(DISTINCT release) FROM findings f JOIN dumps d ON d.id = f.dump "
	"GROUP BY code, severity ORDER BY " SEVERITY_RANK " DESC, "
	"count(DISTINCT dump) DESC, code",
	"c nnn",
	"finding|dumps|known hosts|kernels",
	false,
};

static const struct table kernels = {
	"Kernels",
	NULL,
	"WITH " WORST ", drift AS "
	"(SELECT DISTINCT dump FROM findings WHERE code = 'counter-drift') "
	"SELECT release, count(*), coalesce(sum(severity = 'critical'), 0), "
	"coalesce(sum(severity = 'warning'), 0), count(drift.dump) "
	"FROM dumps d LEFT JOIN worst ON worst.dump = d.id AND nth = 1 "
	"LEFT JOIN drift ON drift.dump = d.id "
	"WHERE outcome <> 'failed' GROUP BY release "
	"ORDER BY count(*) DESC, release",
	"wnnnn",
	"kernel|dumps|critical|warning at worst|with counter drift",
	false,
};

struct answer {
	FILE *out;
	const struct table *table;
};

struct ids {
	int64_t *ids;
	size_t nr, room;
};

static void put_header(FILE *out, const struct table *t)
{
	const char *name = t->names, *end, *kind = t->kinds;
	char buf[64];

	fputs("<thead><tr>", out);
	for (; *name; name = *end ? end + 1 : end, kind++) {
		end = strchrnul(name, '|');
		snprintf(buf, sizeof(buf), "%.*s", (int)(end - name), name);
		if (*kind == '#')
			kind++;
		irqm_html(out,
			  *kind == 'n' ? "<th>%s</th>" :
					 "<th class=\"t\">%s</th>",
			  buf);
		if (*kind == 'c')
			kind++;
	}
	fputs("</tr></thead>\n<tbody>\n", out);
}

static const char *text_of(const struct irqm_value *v)
{
	return v->type == IRQM_VALUE_NULL ? NULL : v->text;
}

static void put_finding(FILE *out, const char *severity, const char *code)
{
	unsigned int rank;

	if (!severity) {
		fputs("<td class=\"t\" data-k=\"-\">none</td>", out);
		return;
	}
	rank = strcmp(severity, "critical") == 0 ? 0 :
	       strcmp(severity, "warning") == 0  ? 1 :
						   2;
	irqm_html(out, "<td class=\"t\" data-k=\"%u %s\">", rank, code);
	irqm_report_badge(out, severity);
	irqm_html(out, " %s</td>", code);
}

static int put_row(void *ctx, const struct irqm_value *values, unsigned int nr)
{
	const struct answer *a = ctx;
	FILE *out = a->out;
	unsigned int i;

	fputs("<tr>", out);
	for (i = 0; i < nr; i++) {
		const char *text = text_of(&values[i]);

		switch (a->table->kinds[i]) {
		case '#':
			i++;
			irqm_html(out,
				  text ? "<td class=\"t w\"><a href=\"#d%s"
					 "\">" :
					 "<td class=\"t w\">",
				  text);
			irqm_html(out, text ? "%s</a></td>" : "%s</td>",
				  text_of(&values[i]));
			break;
		case 'c':
			i++;
			put_finding(out, text, text_of(&values[i]));
			break;
		case 't':
			irqm_html(out, "<td class=\"t\">%s</td>",
				  text && !*text ? "-" : text);
			break;
		case 'w':
			irqm_html(out, "<td class=\"t w\">%s</td>", text);
			break;
		default:
			irqm_html(out, "<td>%s</td>", text);
			break;
		}
	}
	fputs("</tr>\n", out);
	return 0;
}

static int put_table(FILE *out, struct irqm_store *s, const struct table *t,
		     bool all, struct irqm_error *err)
{
	const char *args[] = { all ? "1" : NULL };
	struct answer a = { .out = out, .table = t };
	int rc;

	irqm_html(out,
		  t->searchable ? "<section class=\"find\"><h2>%s</h2>\n" :
				  "<section><h2>%s</h2>\n",
		  t->title);
	if (t->note)
		irqm_html(out, "<p class=\"note\">%s</p>\n", t->note);
	fputs("<div class=\"scroll\"><table>", out);
	put_header(out, t);
	rc = irqm_store_ask(s,
			    &(struct irqm_store_ask){
				    .sql = t->sql,
				    .row = put_row,
				    .ctx = &a,
				    .args = args,
				    .nr_args = t->kinds[0] == '#',
			    },
			    err);
	fputs("</tbody></table></div></section>\n", out);
	return rc;
}

static int take_id(void *ctx, const struct irqm_value *values, unsigned int nr)
{
	struct ids *ids = ctx;
	int64_t *more;
	size_t room;

	(void)nr;
	if (ids->nr == ids->room) {
		room = ids->room ? 2 * ids->room : 256;
		more = reallocarray(ids->ids, room, sizeof(*more));
		if (!more)
			return -1;
		ids->ids = more;
		ids->room = room;
	}
	ids->ids[ids->nr++] = values[0].num;
	return 0;
}

static void put_section(FILE *out, struct irqm_store *s, int64_t id,
			struct irqm_error *err)
{
	json_t *document = irqm_store_document(s, id, err);
	const json_t *dump;
	const char *host;

	/* skip a broken document, and report the others */
	if (!document) {
		irqm_html(out,
			  "<article id=\"d%n\"><h2>Dump %n of the store"
			  "</h2>\n<p class=\"sub\">%s</p></article>\n",
			  (irqm_num)id, (irqm_num)id, err->msg);
		return;
	}
	dump = json_object_get(document, "dump");
	host = irqm_json_get_string(dump, "hostname");
	irqm_html(out, "<article id=\"d%n\"><h2>%s</h2>\n", (irqm_num)id,
		  host ? host : irqm_json_get_string(dump, "path"));
	irqm_report_machine(out, dump);
	irqm_report_verdict(out, document);
	irqm_report_findings(out, document);
	irqm_report_tiles(out, document);
	irqm_report_small_map(out, document);
	irqm_report_drivers(out, document, SOME_DRIVERS);
	fputs("</article>\n", out);
	json_decref(document);
}

static int put_sections(FILE *out, struct irqm_store *s, bool all,
			struct irqm_error *err)
{
	const char *args[] = { all ? "1" : NULL };
	struct ids ids = { 0 };
	size_t i;
	int rc;

	rc = irqm_store_ask(
		s,
		&(struct irqm_store_ask){
			.sql = "SELECT d.id FROM dumps d WHERE d.outcome <> 'failed' "
			       "AND " HAS_SECTION " ORDER BY d.path, d.id",
			.args = args,
			.nr_args = 1,
			.row = take_id,
			.ctx = &ids,
		},
		err);
	if (!all)
		fputs("<p class=\"note\">Below are the dumps with a warning or "
		      "critical finding; <code>--all</code> adds the "
		      "others.</p>\n",
		      out);
	for (i = 0; i < ids.nr && rc == 0; i++)
		put_section(out, s, ids.ids[i], err);
	free(ids.ids);
	return rc;
}

/* What counts_sql returns. */
enum {
	DUMPS,
	FAILED,
	PARTLY,
	CRITICAL,
	WARNING,
	KERNELS,
	CODES,
};

static const char counts_sql[] =
	"WITH " WORST " SELECT count(*), coalesce(sum(outcome = 'failed'), 0), "
	"coalesce(sum(outcome = 'partly'), 0), "
	"coalesce(sum(severity = 'critical'), 0), "
	"coalesce(sum(severity = 'warning'), 0), count(DISTINCT release), "
	"(SELECT group_concat(code, ', ') FROM (SELECT code FROM findings "
	"WHERE severity = 'critical' GROUP BY code "
	"ORDER BY count(DISTINCT dump) DESC, code LIMIT 3)) "
	"FROM dumps d LEFT JOIN worst ON worst.dump = d.id AND nth = 1";

static const char *level_of(const struct irqm_value *v)
{
	return v[CRITICAL].num                ? "critical" :
	       v[WARNING].num                 ? "warning" :
	       v[FAILED].num || v[PARTLY].num ? "incomplete" :
						"ok";
}

/* "CRITICAL: critical findings in 2 of 13 dumps (log-probe-failed,
 * vectors-exhausted); only warnings in 2; 1 could not be analysed" */
static void put_verdict(FILE *out, const struct irqm_value *v)
{
	const char *level = level_of(v);
	irqm_num read = v[DUMPS].num - v[FAILED].num;
	const char *dumps = irqm_plural(read, "dump", "dumps");

	irqm_html(out, "<p class=\"verdict %s\"><b>%s:</b> ",
		  irqm_report_severity(level), level);
	if (v[CRITICAL].num)
		irqm_html(out, "critical findings in %n of %n %s (%s)",
			  v[CRITICAL].num, read, dumps, text_of(&v[CODES]));
	if (v[CRITICAL].num && v[WARNING].num)
		irqm_html(out, "; only warnings in %n", v[WARNING].num);
	else if (v[WARNING].num)
		irqm_html(out, "warnings in %n of %n %s", v[WARNING].num, read,
			  dumps);
	else if (!v[CRITICAL].num)
		irqm_html(out, "no warnings in %n %s", read, dumps);
	if (v[PARTLY].num)
		irqm_html(out, "; %n could be read only in part",
			  v[PARTLY].num);
	if (v[FAILED].num)
		irqm_html(out, "; %n could not be analysed", v[FAILED].num);
	fputs("</p>\n", out);
}

static int put_counts_row(void *ctx, const struct irqm_value *v,
			  unsigned int nr)
{
	FILE *out = ctx;

	(void)nr;
	put_verdict(out, v);
	fputs("<ul class=\"tiles\">\n", out);
	irqm_report_tile(out, "Dumps", v[DUMPS].num, "in the store");
	irqm_report_tile(out, "Critical", v[CRITICAL].num,
			 "dumps with a critical finding");
	irqm_report_tile(out, "Warning at worst", v[WARNING].num,
			 "dumps without a critical finding");
	irqm_report_tile(out, "Read in part", v[PARTLY].num, "dumps");
	irqm_report_tile(out, "Not analysed", v[FAILED].num, "dumps");
	irqm_report_tile(out, "Kernels", v[KERNELS].num, "releases");
	fputs("</ul>\n", out);
	return 0;
}

static int put_counts(FILE *out, struct irqm_store *s, struct irqm_error *err)
{
	return irqm_store_ask(s,
			      &(struct irqm_store_ask){
				      .sql = counts_sql,
				      .row = put_counts_row,
				      .ctx = out,
			      },
			      err);
}

int irqm_report_store(FILE *out, struct irqm_store *s, bool all,
		      struct irqm_error *err)
{
	static const struct table *const tables[] = {
		&codes, &drivers, &kernels, &machines, &failed,
	};
	size_t i;

	irqm_error_memory(err);
	irqm_report_begin(out, "Interrupt vectors of a fleet", true);
	fputs("<header><h1>Interrupt vectors of a fleet</h1></header>\n<main>"
	      "\n",
	      out);
	if (put_counts(out, s, err))
		return -1;
	/* the first three are small: side by side */
	fputs("<div class=\"thirds\">\n", out);
	for (i = 0; i < ARRAY_SIZE(tables); i++) {
		if (put_table(out, s, tables[i], all, err))
			return -1;
		if (tables[i] == &kernels)
			fputs("</div>\n", out);
	}
	if (put_sections(out, s, all, err))
		return -1;
	fputs("</main>\n", out);
	irqm_report_end(out);
	if (irqm_put_end(out) == 0)
		return 0;
	irqm_error_set(err, "%s", strerror(errno));
	return -1;
}
