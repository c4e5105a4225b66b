/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every allocation of the library, and of jansson for it, fails in turn.
 *
 * usage: allocations STRIDE DUMP
 *
 * For each operation and each k the k-th allocation from its start on fails,
 * once, and in another run all from there on; every STRIDE-th k is tried. It
 * has to end with an error and nothing left (with LeakSanitizer), or to say
 * the same as without. Linked with --wrap. Ends with "N passed, N failed".
 */
#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "distill/distill.h"
#include "memory/dumpfile.h"
#include "render/diff/rates.h"
#include "tests/fuzz/views.h"

#define FLAGS (IRQM_READ_COUNTS | IRQM_READ_LOG)
#define SHOWN 20

static bool armed, all_from;
static unsigned long count, fail_at;
static unsigned long passed, failed, runs;

/* Whether the allocation that is asked for is to fail. */
static bool fails(void)
{
	if (!armed)
		return false;
	count++;
	if (!fail_at || (all_from ? count < fail_at : count != fail_at))
		return false;
	errno = ENOMEM;
	return true;
}

#define WRAP(type, name, parameters, ...)                                      \
	type __real_##name parameters;                                         \
	type __wrap_##name parameters;                                         \
	type __wrap_##name parameters                                          \
	{                                                                      \
		return fails() ? NULL : __real_##name(__VA_ARGS__);            \
	}
WRAP(void *, malloc, (size_t n), n)
WRAP(void *, calloc, (size_t n, size_t m), n, m)
WRAP(void *, realloc, (void *p, size_t n), p, n)
WRAP(void *, reallocarray, (void *p, size_t n, size_t m), p, n, m)
WRAP(char *, strdup, (const char *s), s)
WRAP(char *, strndup, (const char *s, size_t n), s, n)
WRAP(FILE *, open_memstream, (char **p, size_t *n), p, n)
WRAP(FILE *, fdopen, (int fd, const char *mode), fd, mode)

int __wrap_vasprintf(char **p, const char *fmt, va_list ap);
int __real_vasprintf(char **p, const char *fmt, va_list ap);
int __wrap_vasprintf(char **p, const char *fmt, va_list ap)
{
	return fails() ? -1 : __real_vasprintf(p, fmt, ap);
}

int __wrap_asprintf(char **p, const char *fmt, ...);
int __wrap_asprintf(char **p, const char *fmt, ...)
{
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = __wrap_vasprintf(p, fmt, ap);
	va_end(ap);
	return rc;
}

static const char *path;
static struct irqm_dumpfile *file;
static struct irqm_snapshot *snapshot;
static struct irqm_analysis *analysis;
static char output[64];

/* Each says in text what came of it, and returns 0, or -1 with an error. */
typedef int operation(FILE *text);

static int open_dump(FILE *text)
{
	struct irqm_dumpfile_options o = { .threads = 1 };
	struct irqm_dumpfile *f;
	struct irqm_error err = { .msg = "" };
	uint64_t value = 0;

	if (irqm_dumpfile_open(&path, 1, &o, &f, &err)) {
		armed = false;
		if (!err.msg[0])
			abort();
		return -1;
	}
	irqm_dumpfile_target(f)->symbol(irqm_dumpfile_target(f)->ctx,
					"irq_default_affinity", &value);
	armed = false;
	fprintf(text, "%llx ", (unsigned long long)value);
	fwrite(irqm_dumpfile_layout(f), sizeof(struct irqm_layout), 1, text);
	irqm_dumpfile_close(f);
	return 0;
}

static int json_of(FILE *text, struct irqm_snapshot *s)
{
	struct irqm_analysis *a = irqm_analyse(s);
	int rc = a ? irqm_render_json(text, a, false) : -1;

	irqm_analysis_free(a);
	return rc;
}

static int read_snapshot(FILE *text)
{
	struct irqm_error err = { .msg = "" };
	struct irqm_snapshot *s;
	int rc;

	rc = irqm_snapshot_read(irqm_dumpfile_target(file),
				irqm_dumpfile_layout(file), FLAGS, &s, &err);
	armed = false;
	if (rc) {
		if (!err.msg[0])
			abort();
		return -1;
	}
	rc = json_of(text, s);
	irqm_snapshot_free(s);
	return rc;
}

static int analyse(FILE *text)
{
	struct irqm_analysis *a = irqm_analyse(snapshot);
	int rc;

	armed = false;
	rc = a ? irqm_render_json(text, a, false) : -1;
	irqm_analysis_free(a);
	return rc;
}

static const struct irqm_render_options defaults = { .header = true };

#define VIEW(name, call)                                                       \
	static int name(FILE *text)                                            \
	{                                                                      \
		return call;                                                   \
	}
VIEW(matrix, irqm_render_matrix(text, analysis, &defaults))
VIEW(findings, irqm_render_findings(text, analysis, &defaults))
VIEW(debugfs, irqm_render_debugfs(text, analysis, &defaults))
VIEW(devices, irqm_render_devices(text, analysis, &defaults))
VIEW(pools, irqm_render_pools(text, analysis, &defaults))
VIEW(irqs, irqm_render_irqs(text, analysis, &defaults))
VIEW(vectors, irqm_render_vectors(text, analysis, &defaults))
VIEW(irqaff, irqm_render_irqaff(text, analysis, snapshot->nr_irqs - 1))
VIEW(json, irqm_render_json(text, analysis, true))
VIEW(metrics, irqm_render_metrics(text, analysis, &defaults))

static int plan(FILE *text)
{
	struct irqm_plan_request r = { 0 };
	struct irqm_error err = { .msg = "" };
	struct irqm_plans *p = NULL;
	int rc = -1;

	if (irqm_plan_ask(&r, snapshot, IRQM_PLAN_ADD, "nvme:4", &err) == 0)
		p = irqm_plan(snapshot, &r, &err);
	if (p)
		rc = irqm_render_plan(text, p, &defaults) ||
				     irqm_render_plan_json(text, p, false) ?
			     -1 :
			     0;
	else if (!err.msg[0])
		abort();
	irqm_plans_free(p);
	return rc;
}

static int diff(FILE *text)
{
	struct irqm_diff *d = irqm_diff(analysis, analysis);
	int rc = -1;

	if (d)
		rc = irqm_render_diff(text, d, &defaults) ||
				     irqm_render_diff_json(text, d, false) ?
			     -1 :
			     0;
	irqm_diff_free(d);
	return rc;
}

static int rates(FILE *text)
{
	const struct irqm_rates_time when = { .seconds = 1 };
	struct irqm_rates *r = irqm_rates(snapshot, snapshot);
	int rc = -1;

	if (r)
		rc = irqm_render_rates(text, r, &when, 0, &defaults) ||
				     irqm_render_rates_json(text, r, &when) ?
			     -1 :
			     0;
	irqm_rates_free(r);
	return rc;
}

/* Not zstd's own allocations: it is told of none. */
static int distil(FILE *text)
{
	struct irqm_dumpfile_table tables[IRQM_DUMPFILE_TABLES];
	struct irqm_distill_source source = {
		.target = irqm_dumpfile_target(file),
		.layout = irqm_dumpfile_layout(file),
		.pages = irqm_dumpfile_pages(file),
		.paging = irqm_dumpfile_paging(file),
		.tables = tables,
		.nr_tables = irqm_dumpfile_tables(file, tables),
	};
	struct irqm_error err = { .msg = "" };
	struct irqm_distill_size size;
	struct irqm_output *out = irqm_output_new(output, &err);
	struct irqm_distill *d = NULL;
	int rc = -1;

	if (out && irqm_distill_collect(&source, 0, &d, &err) == 0)
		rc = irqm_distill_write(d, out, &size, &err);
	else
		irqm_output_drop(out);
	irqm_distill_free(d);
	armed = false;
	if (rc && !err.msg[0])
		abort();
	if (rc == 0)
		fprintf(text, "%llu", (unsigned long long)size.unpacked);
	/* nothing with that name unless it is whole */
	if ((access(output, F_OK) == 0) != (rc == 0))
		abort();
	unlink(output);
	return rc;
}

static const struct {
	const char *name;
	operation *run;
	unsigned int stride; /* what is slow is tried less often */
} operations[] = {
	{ "opening", open_dump, 1 }, { "reading", read_snapshot, 1 },
	{ "analysis", analyse, 1 },  { "matrix", matrix, 1 },
	{ "findings", findings, 1 }, { "debugfs", debugfs, 1 },
	{ "devices", devices, 1 },   { "pools", pools, 1 },
	{ "irqs", irqs, 1 },         { "vectors", vectors, 1 },
	{ "irqaff", irqaff, 1 },     { "JSON", json, 40 },
	{ "plan", plan, 10 },        { "diff", diff, 40 },
	{ "distilling", distil, 4 }, { "metrics", metrics, 1 },
	{ "rates", rates, 1 },
};

struct result {
	char *text;
	size_t len;
	int rc;
};

static struct result run(operation *op)
{
	struct result r = { 0 };
	FILE *text = __real_open_memstream(&r.text, &r.len);

	if (!text)
		abort();
	count = 0;
	armed = true;
	r.rc = op(text);
	armed = false;
	if (fclose(text))
		abort();
	runs++;
	return r;
}

/* An error, or the same. */
static void try(const char *name, operation *op, const struct result *whole)
{
	struct result r = run(op);

	if (r.rc ||
	    (r.len == whole->len && memcmp(r.text, whole->text, r.len) == 0))
		passed++;
	else if (failed++ < SHOWN)
		printf("FAILED: %s, %s allocation %lu: said to be whole, and "
		       "is not\n",
		       name, all_from ? "from" : "only", fail_at);
	free(r.text);
}

static void try_all(unsigned int i, unsigned int stride)
{
	operation *op = operations[i].run;
	struct result whole;
	unsigned long nr, k;

	stride = stride > 1 ? stride * operations[i].stride : 1;
	fail_at = 0;
	whole = run(op);
	nr = count;
	if (whole.rc) {
		printf("FAILED: %s: does not work at all\n",
		       operations[i].name);
		failed++;
	}
	for (k = 1 + i % stride; k <= nr; k += stride) {
		fail_at = k;
		for (all_from = false;; all_from = true) {
			try(operations[i].name, op, &whole);
			if (all_from)
				break;
		}
	}
	printf("%s: %lu allocations\n", operations[i].name, nr);
	free(whole.text);
}

static void begin(void)
{
	struct irqm_dumpfile_options o = { .threads = 1 };
	struct irqm_error err;

	json_set_alloc_funcs(__wrap_malloc, free);
	snprintf(output, sizeof(output), "/tmp/irqmatrix-fault-%d",
		 (int)getpid());
	if (irqm_dumpfile_open(&path, 1, &o, &file, &err) ||
	    irqm_snapshot_read(irqm_dumpfile_target(file),
			       irqm_dumpfile_layout(file), FLAGS, &snapshot,
			       &err)) {
		fprintf(stderr, "%s\n", err.msg);
		exit(2);
	}
	analysis = irqm_analyse(snapshot);
	if (!analysis)
		exit(2);
}

int main(int argc, char **argv)
{
	unsigned int stride = argc == 3 ? strtoul(argv[1], NULL, 10) : 0, i;

	if (!stride) {
		fprintf(stderr, "usage: allocations STRIDE DUMP\n");
		return 2;
	}
	path = argv[2];
	begin();
	for (i = 0; i < ARRAY_SIZE(operations); i++)
		try_all(i, stride);
	irqm_analysis_free(analysis);
	irqm_snapshot_free(snapshot);
	irqm_dumpfile_close(file);
	printf("%lu runs\n%lu passed, %lu failed\n", runs, passed, failed);
	return failed != 0;
}
