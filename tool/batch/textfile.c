/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Metrics in the text format of Prometheus, for the textfile collector of
 * node_exporter: of the machine that crashed last, and of this run.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool/batch/batch.h"
#include "tool/tool.h"

static void head(FILE *out, const char *name, const char *type,
		 const char *help)
{
	fprintf(out, "# HELP irqmatrix_%s %s\n# TYPE irqmatrix_%s %s\n", name,
		help, name, type);
}

/* A label's value: \, " and newlines are escaped; the rest was, before. */
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

/* What is not known has no sample. */
static void gauge(FILE *out, const char *name, irqm_num n, const char *help)
{
	if (n == IRQM_UNKNOWN)
		return;
	head(out, name, "gauge", help);
	fprintf(out, "irqmatrix_%s %lld\n", name, (long long)n);
}

static void put_findings(FILE *out, const struct irqm_result *r)
{
	unsigned int kind, severity;

	head(out, "findings", "gauge",
	     "Findings of the dump, by code and severity.");
	for (kind = 0; kind < IRQM_NR_FINDING_KINDS; kind++)
		for (severity = 0; severity <= IRQM_CRITICAL; severity++)
			if (r->findings[kind][severity])
				fprintf(out, "irqmatrix_findings{code=\"%s\","
					"severity=\"%s\"} %u\n",
					irqm_finding_kinds[kind].code,
					irqm_severity_name(severity),
					r->findings[kind][severity]);
}

static void put_machine(FILE *out, const struct irqm_sink *s)
{
	const struct irqm_result *r = &s->latest;

	head(out, "dump_info", "gauge",
	     "The dump of the last crash; the other metrics are its.");
	fputs("irqmatrix_dump_info{", out);
	put_name(out, "path", s->latest_path);
	fputc(',', out);
	put_name(out, "release", r->release);
	fputs("} 1\n", out);
	gauge(out, "crash_time_seconds", r->crash_time,
	      "When the machine crashed, seconds since the epoch.");
	gauge(out, "vectors_available", r->available,
	      "Interrupt vectors that were free on all CPUs together.");
	gauge(out, "cpu_vectors_available_min", r->least_available,
	      "Free vectors of the online CPU that had the fewest.");
	gauge(out, "idle_reservations", r->idle,
	      "Vectors kept for managed interrupts that did not use them.");
	put_findings(out, r);
}

static void put_run(FILE *out, const struct irqm_sink *s)
{
	head(out, "dumps_total", "counter",
	     "Dumps that were looked at since the program was started.");
	fprintf(out, "irqmatrix_dumps_total{outcome=\"nothing\"} %llu\n"
		"irqmatrix_dumps_total{outcome=\"finding\"} %llu\n"
		"irqmatrix_dumps_total{outcome=\"partly\"} %llu\n"
		"irqmatrix_dumps_total{outcome=\"failed\"} %llu\n",
		(unsigned long long)s->nothing, (unsigned long long)s->finding,
		(unsigned long long)s->partly, (unsigned long long)s->failed);
}

/* Readable by the collector, which is another user. */
static FILE *open_temporary(const char *path, char **ret_name)
{
	FILE *out = NULL;
	int fd;

	/* the collector takes *.prom only */
	if (asprintf(ret_name, "%s.XXXXXX", path) < 0) {
		*ret_name = NULL;
		return NULL;
	}
	fd = mkostemp(*ret_name, O_CLOEXEC);
	if (fd >= 0 && fchmod(fd, 0644) == 0)
		out = fdopen(fd, "w");
	if (fd >= 0 && !out) {
		close(fd);
		unlink(*ret_name);
	}
	return out;
}

bool irqm_textfile_write(const char *path, const struct irqm_sink *s)
{
	char *name = NULL;
	FILE *out = open_temporary(path, &name);
	bool ok = out != NULL;

	if (out) {
		put_run(out, s);
		if (s->latest_path)
			put_machine(out, s);
		ok = !ferror(out);
		ok = fclose(out) == 0 && ok && rename(name, path) == 0;
		if (!ok)
			unlink(name);
	}
	if (!ok)
		irqm_say("%s: %s", path, strerror(errno));
	free(name);
	return ok;
}
