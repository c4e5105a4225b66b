/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes the report about one dump, beginning with the answer. */
#include "report/dump.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "render/text.h"
#include "report/parts.h"

static void format_share(char *buf, size_t size, irqm_num part, irqm_num whole)
{
	if (part == IRQM_UNKNOWN || whole == IRQM_UNKNOWN || whole <= 0)
		snprintf(buf, size, "of ?");
	else
		snprintf(buf, size, "of %" PRId64 " (%.1f%%)", whole,
			 100.0 * part / whole);
}

/* Returns the sum over the online CPUs, and the least. */
static irqm_num sum_online(const json_t *cpus, const char *key,
			   irqm_num *ret_least)
{
	irqm_num all = 0, n;
	size_t i;

	*ret_least = IRQM_UNKNOWN;
	for (i = 0; i < json_array_size(cpus); i++) {
		const json_t *cpu = json_array_get(cpus, i);

		if (irqm_json_get_bool(cpu, "online") != 1)
			continue;
		n = irqm_json_get_num(cpu, key);
		all = irqm_add(all, n);
		if (n != IRQM_UNKNOWN &&
		    (*ret_least == IRQM_UNKNOWN || n < *ret_least))
			*ret_least = n;
	}
	return all;
}

void irqm_report_tiles(FILE *out, const json_t *document)
{
	const json_t *matrix = json_object_get(document, "matrix");
	const json_t *cpus = json_object_get(document, "cpus");
	irqm_num available = irqm_json_get_num(matrix, "global_available");
	irqm_num allocated = irqm_json_get_num(matrix, "total_allocated");
	irqm_num whole = irqm_report_capacity(document), least, unused;
	char of[64];

	fputs("<ul class=\"tiles\">\n", out);
	format_share(of, sizeof(of), available, whole);
	irqm_report_tile(out, "Vectors available", available, of);
	sum_online(cpus, "available", &least);
	irqm_report_tile(out, "Least on a CPU", least, "available");
	format_share(of, sizeof(of), allocated, whole);
	irqm_report_tile(out, "Allocated", allocated, of);
	irqm_report_tile(out, "Managed, idle",
			 sum_online(cpus, "idle", &unused),
			 "reserved, but not in use");
	irqm_report_tile(out, "Reserved",
			 irqm_json_get_num(matrix, "global_reserved"),
			 "interrupts without a vector yet");
	irqm_report_tile(out, "CPUs online",
			 irqm_json_get_num(matrix, "online_maps"),
			 "cpumaps that are online");
	fputs("</ul>\n", out);
}

static const char *severity_class(const char *severity)
{
	if (severity && strcmp(severity, "critical") == 0)
		return "critical";
	if (severity && strcmp(severity, "warning") == 0)
		return "warning";
	return "info";
}

static void put_finding(FILE *out, const json_t *f)
{
	const char *class = severity_class(irqm_json_get_string(f, "severity"));
	const char *meaning = irqm_json_get_string(f, "meaning");
	const char *advice = irqm_json_get_string(f, "advice");
	const char *remedy = irqm_json_get_string(f, "remedy");

	if (json_is_string(json_object_get(f, "shown_with")))
		return; /* it says nothing new */
	irqm_html(out,
		  "<div class=\"finding %s\"><p><span class=\"badge %s\">"
		  "%j</span> %j</p>",
		  class, class, json_object_get(f, "severity"),
		  json_object_get(f, "text"));
	if (remedy)
		irqm_html(out, "<p class=\"remedy\">%s</p>", remedy);
	if (meaning || advice)
		irqm_html(out,
			  "<details><summary>%j: what it means, what to "
			  "do</summary><p>%s</p><p>%s</p></details>",
			  json_object_get(f, "code"), meaning ? meaning : "",
			  advice ? advice : "");
	fputs("</div>\n", out);
}

void irqm_report_findings(FILE *out, const json_t *document)
{
	const json_t *findings = json_object_get(document, "findings");
	size_t i;

	fputs("<section><h2>Findings</h2>\n", out);
	if (!json_array_size(findings))
		fputs("<p>No findings.</p>\n", out);
	for (i = 0; i < json_array_size(findings); i++)
		put_finding(out, json_array_get(findings, i));
	fputs("</section>\n", out);
}

/* A coloured sentence: the first thing to read. */
static void put_verdict(FILE *out, const json_t *document)
{
	const json_t *verdict = json_object_get(document, "verdict");
	const char *level = irqm_json_get_string(verdict, "level");

	if (level)
		irqm_html(out, "<p class=\"verdict %s\"><b>%s:</b> %j</p>\n",
			  level, level, json_object_get(verdict, "text"));
}

static void put_time(FILE *out, irqm_num seconds)
{
	time_t t = seconds;
	struct tm tm;
	char buf[64];

	if (seconds == IRQM_UNKNOWN || !gmtime_r(&t, &tm) ||
	    !strftime(buf, sizeof(buf), "%Y-%m-%d %H:%M:%S UTC", &tm))
		return;
	irqm_html(out, "crashed %s, ", buf);
}

/* The machine; what is unknown is left out. */
static void put_header(FILE *out, const json_t *dump)
{
	const char *host = irqm_json_get_string(dump, "hostname");
	irqm_num memory = irqm_json_get_num(dump, "memory");

	irqm_html(out,
		  "<header><h1>Interrupt vectors of %s</h1>\n"
		  "<p class=\"sub\">",
		  host ? host : irqm_json_get_string(dump, "path"));
	if (host)
		irqm_html(out, "%j, ", json_object_get(dump, "path"));
	irqm_html(out, "Linux %j, ", json_object_get(dump, "release"));
	put_time(out, irqm_json_get_num(dump, "crash_time"));
	if (irqm_json_get_string(dump, "panic"))
		irqm_html(out, "%j, ", json_object_get(dump, "panic"));
	irqm_html(out, "CPUs %j online of %j",
		  json_object_get(dump, "cpus_online"),
		  json_object_get(dump, "cpus_possible"));
	if (memory != IRQM_UNKNOWN)
		fprintf(out, ", %.1f GiB", memory / 1073741824.0);
	if (irqm_json_get_string(dump, "hardware"))
		irqm_html(out, ", %j", json_object_get(dump, "hardware"));
	fputs("</p></header>\n<main>\n", out);
}

int irqm_report_dump(FILE *out, const json_t *document, const json_t *plan)
{
	const json_t *dump = json_object_get(document, "dump");

	irqm_report_begin(out, irqm_json_get_string(dump, "path"));
	put_header(out, dump);
	put_verdict(out, document);
	irqm_report_findings(out, document);
	irqm_report_tiles(out, document);
	if (irqm_report_map(out, document))
		return -1;
	irqm_report_drivers(out, document, SIZE_MAX);
	irqm_report_devices(out, document);
	irqm_report_pools(out, document);
	if (plan)
		irqm_report_plan(out, document, plan);
	irqm_report_unread(out, document);
	fputs("</main>\n", out);
	irqm_report_end(out, false);
	return irqm_put_end(out);
}
