/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Metrics in Prometheus' text format for node_exporter's textfile collector:
 * about the machine that crashed last, and about this run. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/new_file.h"
#include "command/say.h"
#include "fleet/batch/batch.h"

static void put_head(FILE *out, const char *name, const char *type,
		     const char *help)
{
	fprintf(out, "# HELP irqmatrix_%s %s\n# TYPE irqmatrix_%s %s\n", name,
		help, name, type);
}

/* Escapes \, " and newlines in a label's value; all else was escaped before. */
static void put_label(FILE *out, const char *value)
{
	for (; *value; value++) {
		if (*value == '\\' || *value == '"')
			fputc('\\', out);
		fputc(*value, out);
	}
}

static void put_name(FILE *out, const char *key, const char *name)
{
	char *words = irqm_escape_whole(name);

	fprintf(out, "%s=\"", key);
	if (words)
		put_label(out, words);
	fputc('"', out);
	free(words);
}

/* Writes no sample for an unknown number. */
static void put_gauge(FILE *out, const char *name, irqm_num n, const char *help)
{
	if (n == IRQM_UNKNOWN)
		return;
	put_head(out, name, "gauge", help);
	fprintf(out, "irqmatrix_%s %lld\n", name, (long long)n);
}

static void put_findings(FILE *out, const struct irqm_result *r)
{
	unsigned int kind, severity;

	put_head(out, "findings", "gauge",
		 "Findings of the dump, by code and severity.");
	for (kind = 0; kind < IRQM_NR_FINDING_KINDS; kind++)
		for (severity = 0; severity <= IRQM_CRITICAL; severity++)
			if (r->findings[kind][severity])
				fprintf(out,
					"irqmatrix_findings{code=\"%s\","
					"severity=\"%s\"} %u\n",
					irqm_finding_kinds[kind].code,
					irqm_severity_name(severity),
					r->findings[kind][severity]);
}

static void put_machine(FILE *out, const struct irqm_sink *s)
{
	const struct irqm_result *r = &s->latest;

	put_head(
		out, "dump_info", "gauge",
		"The dump of the last crash, which the other metrics describe.");
	fputs("irqmatrix_dump_info{", out);
	put_name(out, "path", s->latest_path);
	fputc(',', out);
	put_name(out, "release", r->release);
	fputs("} 1\n", out);
	put_gauge(out, "crash_time_seconds", r->crash_time,
		  "When the machine crashed, seconds since the epoch.");
	put_gauge(out, "vectors_available", r->available,
		  "Available interrupt vectors of all CPUs together.");
	put_gauge(out, "cpu_vectors_available_min", r->least_available,
		  "Available vectors of the online CPU with the fewest.");
	put_gauge(out, "idle_reservations", r->idle,
		  "Idle managed reservations.");
	put_findings(out, r);
}

static void put_run(FILE *out, const struct irqm_sink *s)
{
	put_head(out, "dumps_total", "counter",
		 "Dumps analysed since the program was started.");
	fprintf(out,
		"irqmatrix_dumps_total{outcome=\"nothing\"} %llu\n"
		"irqmatrix_dumps_total{outcome=\"finding\"} %llu\n"
		"irqmatrix_dumps_total{outcome=\"partly\"} %llu\n"
		"irqmatrix_dumps_total{outcome=\"failed\"} %llu\n",
		(unsigned long long)s->nothing, (unsigned long long)s->finding,
		(unsigned long long)s->partly, (unsigned long long)s->failed);
}

bool irqm_textfile_write(const char *path, const struct irqm_sink *s)
{
	struct irqm_new_file file;
	struct irqm_error err;
	int rc = irqm_new_file_open(&file, path, 0644, &err);

	if (!rc) {
		/* the collector runs as another user */
		fchmod(fileno(file.out), 0644);
		put_run(file.out, s);
		if (s->latest_path)
			put_machine(file.out, s);
		rc = irqm_new_file_finish(&file, false, &err);
	}
	if (rc)
		irqm_say("%s", err.msg);
	return rc == 0;
}
