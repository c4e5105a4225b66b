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
	 * one letter per column: 't' text, 'n' number, 'w' words that may wrap,
	 * 's' severity, '#' the dump's section, which the next column links to,
	 * or null
	 */
	const char *kinds;
	const char *names; /* column titles, separated by '|' */
	bool sortable;
};

#define SEVERITY_RANK                                                          \
	"CASE f.severity WHEN 'critical' THEN 3 "                              \
	"WHEN 'warning' THEN 2 WHEN 'info' THEN 1 ELSE 0 END"
#define CAPACITY "(d.global_available + d.lost)"

/* If ?1 is NULL, only dumps with a warning or worse get a section. */
#define HAS_SECTION                                                            \
	"(?1 IS NOT NULL OR EXISTS (SELECT 1 FROM findings f "                 \
	"WHERE f.dump = d.id AND f.severity IN ('critical', 'warning')))"

static const struct table machines = {
	"Dumps",
	"Worst first; click a column name to sort.",
	"SELECT CASE WHEN " HAS_SECTION " THEN d.id END, d.path, d.hostname, "
	"coalesce((SELECT code FROM findings f WHERE f.dump = d.id "
	"ORDER BY f.n LIMIT 1), ''), "
	"(SELECT severity FROM findings f WHERE f.dump = d.id ORDER BY f.n "
	"LIMIT 1), "
	"round(100.0 * d.global_available / nullif(" CAPACITY ", 0), 1) AS p, "
	"d.global_available, " CAPACITY ", "
	"(SELECT min(available) FROM cpus c WHERE c.dump = d.id AND "
	"c.online = 1), "
	"(SELECT sum(idle) FROM cpus c WHERE c.dump = d.id AND c.online = 1), "
	"d.online_maps, "
	"(SELECT driver FROM drivers v WHERE v.dump = d.id ORDER BY v.n "
	"LIMIT 1), d.release, "
	"(SELECT count(*) FROM findings f WHERE f.dump = d.id), "
	"coalesce(d.unread, 0) "
	"FROM dumps d WHERE d.outcome <> 'failed' ORDER BY "
	"(SELECT max(" SEVERITY_RANK ") FROM findings f WHERE f.dump = d.id) "
	"DESC, p IS NULL, p, d.path, d.id",
	"#tttsnnnnnnttnn",
	"dump|host|worst finding|severity|% free|available|vectors|least on a CPU|idle|"
	"CPUs|most by driver|release|findings|unread",
	true,
};

static const struct table failed = {
	"Not analysed",
	"Dumps that could not be read, and why.",
	"SELECT path, reason FROM dumps WHERE outcome = 'failed' "
	"ORDER BY path, id",
	"tw",
	"dump|reason",
	false,
};

static const struct table drivers = {
	"Cost by driver",
	"Over all dumps.",
	"SELECT coalesce(nullif(driver, ''), '(no driver)'), count(*), "
	"sum(devices), sum(cost), sum(allocated), sum(idle_reserved) "
	"FROM drivers GROUP BY driver ORDER BY sum(cost) DESC, driver",
	"tnnnnn",
	"driver|dumps|devices|cost|allocated|managed, idle",
	true,
};

static const struct table codes = {
	"Findings",
	NULL,
	"SELECT code, severity, count(DISTINCT dump), count(*) FROM findings f "
	"GROUP BY code, severity ORDER BY " SEVERITY_RANK " DESC, "
	"count(DISTINCT dump) DESC, code",
	"tsnn",
	"finding|severity|dumps|times",
	true,
};

static const struct table kernels = {
	"Kernels",
	NULL,
	"SELECT d.release, count(*), "
	"sum(EXISTS (SELECT 1 FROM findings f WHERE f.dump = d.id AND "
	"f.severity = 'critical')), "
	"sum(EXISTS (SELECT 1 FROM findings f WHERE f.dump = d.id AND "
	"f.severity = 'warning')), "
	"sum(EXISTS (SELECT 1 FROM findings f WHERE f.dump = d.id AND "
	"f.code = 'counter-drift')) "
	"FROM dumps d WHERE d.outcome <> 'failed' GROUP BY d.release "
	"ORDER BY count(*) DESC, d.release",
	"tnnnn",
	"release|dumps|with critical findings|with warnings|"
	"with counter drift",
	true,
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
	}
	fputs("</tr></thead>\n<tbody>\n", out);
}

static const char *text_of(const struct irqm_value *v)
{
	return v->type == IRQM_VALUE_NULL ? NULL : v->text;
}

static void put_severity(FILE *out, const char *severity)
{
	const char *class = "info", *rank = "1";

	if (!severity) {
		fputs("<td class=\"t\" data-k=\"0\">none</td>", out);
		return;
	}
	if (strcmp(severity, "critical") == 0)
		class = "critical", rank = "3";
	else if (strcmp(severity, "warning") == 0)
		class = "warning", rank = "2";
	irqm_html(out,
		  "<td class=\"t\" data-k=\"%s\"><span class=\"badge %s\""
		  ">%s</span></td>",
		  rank, class, severity);
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
				  text ? "<td class=\"t\"><a href=\"#d%s"
					 "\">" :
					 "<td class=\"t\">",
				  text);
			irqm_html(out, text ? "%s</a></td>" : "%s</td>",
				  text_of(&values[i]));
			break;
		case 's':
			put_severity(out, text);
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

	irqm_html(out, "<section><h2>%s</h2>\n", t->title);
	if (t->note)
		irqm_html(out, "<p class=\"note\">%s</p>\n", t->note);
	fputs(t->sortable ? "<div class=\"scroll\"><table class=\"sort\">" :
			    "<div class=\"scroll\"><table>",
	      out);
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

	/* skip a broken document, and report the others */
	if (!document) {
		irqm_html(out,
			  "<article id=\"d%n\"><h2>Dump %n of the store"
			  "</h2>\n<p class=\"sub\">%s</p></article>\n",
			  (irqm_num)id, (irqm_num)id, err->msg);
		return;
	}
	dump = json_object_get(document, "dump");
	irqm_html(out,
		  "<article id=\"d%n\"><h2>%j</h2>\n<p class=\"sub\">"
		  "Linux %j, CPUs %j online</p>\n",
		  (irqm_num)id, json_object_get(dump, "path"),
		  json_object_get(dump, "release"),
		  json_object_get(dump, "cpus_online"));
	irqm_report_tiles(out, document);
	irqm_report_findings(out, document);
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

static int put_counts_row(void *ctx, const struct irqm_value *v,
			  unsigned int nr)
{
	FILE *out = ctx;

	(void)nr;
	fputs("<ul class=\"tiles\">\n", out);
	irqm_report_tile(out, "Dumps", v[0].num, "in the store");
	irqm_report_tile(out, "Not analysed", v[1].num, "failed");
	irqm_report_tile(out, "With critical findings", v[2].num, "dumps");
	irqm_report_tile(out, "With warnings", v[3].num, "dumps");
	irqm_report_tile(out, "Kernels", v[4].num, "releases");
	fputs("</ul>\n", out);
	return 0;
}

static int put_counts(FILE *out, struct irqm_store *s, struct irqm_error *err)
{
	return irqm_store_ask(
		s,
		&(struct irqm_store_ask){
			.sql = "SELECT count(*), "
			       "(SELECT count(*) FROM dumps WHERE outcome = 'failed'), "
			       "(SELECT count(DISTINCT dump) FROM findings WHERE severity = "
			       "'critical'), "
			       "(SELECT count(DISTINCT dump) FROM findings WHERE severity = "
			       "'warning'), "
			       "count(DISTINCT release) FROM dumps",
			.row = put_counts_row,
			.ctx = out,
		},
		err);
}

int irqm_report_store(FILE *out, struct irqm_store *s, bool all,
		      struct irqm_error *err)
{
	static const struct table *const tables[] = {
		&machines, &codes, &drivers, &kernels, &failed,
	};
	size_t i;

	irqm_error_memory(err);
	irqm_report_begin(out, "Interrupt vectors of a fleet");
	fputs("<header><h1>Interrupt vectors of a fleet</h1></header>\n<main>"
	      "\n",
	      out);
	if (put_counts(out, s, err))
		return -1;
	for (i = 0; i < ARRAY_SIZE(tables); i++)
		if (put_table(out, s, tables[i], all, err))
			return -1;
	if (put_sections(out, s, all, err))
		return -1;
	fputs("</main>\n", out);
	irqm_report_end(out, true);
	if (irqm_put_end(out) == 0)
		return 0;
	irqm_error_set(err, "%s", strerror(errno));
	return -1;
}
