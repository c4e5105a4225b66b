/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Metrics in Prometheus' text format for node_exporter's textfile collector:
 * about the machine that crashed last, and about this run. */
#include <sys/stat.h>

#include "base/new_file.h"
#include "command/say.h"
#include "fleet/batch/batch.h"
#include "render/metrics.h"

static void put_findings(FILE *out, const struct irqm_result *r)
{
	unsigned int kind, severity;

	irqm_metric_head(out, "crash_findings", "gauge",
			 "Findings of the dump, by code and severity.");
	for (kind = 0; kind < IRQM_NR_FINDING_KINDS; kind++)
		for (severity = 0; severity <= IRQM_CRITICAL; severity++)
			if (r->findings[kind][severity])
				fprintf(out,
					"irqmatrix_crash_findings{code=\"%s\","
					"severity=\"%s\"} %u\n",
					irqm_finding_kinds[kind].code,
					irqm_severity_name(severity),
					r->findings[kind][severity]);
}

static void put_machine(FILE *out, const struct irqm_sink *s)
{
	const struct irqm_result *r = &s->latest;

	irqm_metric_head(
		out, "dump_info", "gauge",
		"The dump of the last crash, which the other metrics describe.");
	fputs("irqmatrix_dump_info{", out);
	irqm_metric_label(out, "path", s->latest_path);
	fputc(',', out);
	irqm_metric_label(out, "release", r->release);
	fputs("} 1\n", out);
	irqm_metric_gauge(out, "crash_time_seconds", r->crash_time,
			  "When the machine crashed, seconds since the epoch");
	irqm_metric_gauge(out, "crash_vectors_available", r->available,
			  "Available interrupt vectors of all CPUs together");
	irqm_metric_gauge(
		out, "crash_cpu_vectors_available_min", r->least_available,
		"Available vectors of the online CPU with the fewest");
	irqm_metric_gauge(out, "crash_idle_reservations", r->idle,
			  "Idle managed reservations");
	put_findings(out, r);
}

static void put_run(FILE *out, const struct irqm_sink *s)
{
	irqm_metric_head(out, "dumps_total", "counter",
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
