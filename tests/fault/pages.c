/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every page that a healthy run reads is lost in turn: page tables, kallsyms
 * and types included, which are read when a dump is opened.
 *
 * usage: pages STRIDE SETS DUMP... [-- VMLINUX]
 *
 * Every STRIDE-th page of each dump, then SETS random sets of 2 to 6 of them.
 * The end has to be a clear error, or a document that is the unbroken one less
 * what is unknown, with the reason in unread[], and without findings that the
 * unbroken one does not have. Ends with "N passed, N failed".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/analysis.h"
#include "findings/finding.h"
#include "plan/plan.h"
#include "render/render.h"
#include "target/dumpfile.h"
#include "target/pages/pages.h"
#include "tests/fault/compare.h"

#define FLAGS (IRQM_READ_COUNTS | IRQM_READ_LOG)
#define MAX_SET 6
#define SHOWN 40

/* The pages of a dump, of which some are lost. */
static struct {
	struct irqm_pages inner;
	uint64_t lost[MAX_SET];
	unsigned int nr_lost;
	/* what was read, while none is lost */
	uint64_t *used;
	size_t nr_used, room;
} store;

static unsigned long passed, failed, refused, same;

static void note_used(uint64_t page)
{
	if (store.nr_used == store.room) {
		store.room = store.room ? 2 * store.room : 1024;
		store.used = realloc(store.used,
				     store.room * sizeof(*store.used));
		if (!store.used)
			abort();
	}
	store.used[store.nr_used++] = page;
}

static bool is_lost(uint64_t page)
{
	unsigned int i;

	for (i = 0; i < store.nr_lost; i++)
		if (store.lost[i] == page)
			return true;
	return false;
}

static enum irqm_why read_pages(void *ctx, uint64_t paddr, void *buf,
				size_t len)
{
	uint64_t page = paddr & ~(IRQM_PAGE_SIZE - 1ULL);

	(void)ctx;
	for (; page < paddr + len; page += IRQM_PAGE_SIZE) {
		if (is_lost(page))
			return IRQM_EXCLUDED;
		if (!store.nr_lost)
			note_used(page);
	}
	return store.inner.read(store.inner.ctx, paddr, buf, len);
}

static void close_pages(void *ctx)
{
	(void)ctx;
	store.inner.close(store.inner.ctx);
}

int __real_irqm_pages_open(const char *const paths[], unsigned int nr,
			   uint64_t limit, unsigned int threads,
			   struct irqm_pages *ret, struct irqm_error *err);

int __wrap_irqm_pages_open(const char *const paths[], unsigned int nr,
			   uint64_t limit, unsigned int threads,
			   struct irqm_pages *ret, struct irqm_error *err)
{
	int rc = __real_irqm_pages_open(paths, nr, limit, threads,
					&store.inner, err);

	if (rc)
		return rc;
	*ret = store.inner;
	ret->ctx = NULL;
	ret->read = read_pages;
	ret->stored = NULL;
	ret->close = close_pages;
	return 0;
}

/* Null where nothing can be planned. */
static json_t *plan(struct irqm_snapshot *s)
{
	struct irqm_plan_request r = { .nr = 0 };
	struct irqm_plans *p = NULL;
	struct irqm_error err;
	json_t *json = NULL;
	char *text = NULL;
	size_t len = 0;
	FILE *out;

	if (irqm_plan_ask(&r, s, IRQM_PLAN_ADD, "virtio_blk:2x2", &err) == 0 &&
	    irqm_plan_ask(&r, s, IRQM_PLAN_OFFLINE, "1", &err) == 0)
		p = irqm_plan(s, &r, &err);
	out = p ? open_memstream(&text, &len) : NULL;
	if (out) {
		if (irqm_render_plan_json(out, p, false) == 0 &&
		    fflush(out) == 0)
			json = json_loadb(text, len, 0, NULL);
		fclose(out);
	}
	free(text);
	irqm_plans_free(p);
	return json ? json : json_null();
}

/* NULL with err if it was refused. */
static json_t *document(const char *path, const char *vmlinux,
			json_t **ret_plan, struct irqm_error *err)
{
	struct irqm_dumpfile_options o = { .threads = 1, .vmlinux = vmlinux };
	struct irqm_snapshot *s = NULL;
	struct irqm_analysis *a;
	struct irqm_dumpfile *f;
	char *text = NULL;
	json_t *json = NULL;
	size_t len = 0;
	FILE *out;

	if (irqm_dumpfile_open(&path, 1, &o, &f, err))
		return NULL;
	if (irqm_snapshot_read(irqm_dumpfile_target(f),
			       irqm_dumpfile_layout(f), FLAGS, &s, err)) {
		irqm_dumpfile_close(f);
		return NULL;
	}
	a = irqm_analyse(s);
	out = open_memstream(&text, &len);
	if (a && out && irqm_render_json(out, a, false) == 0 &&
	    fflush(out) == 0)
		json = json_loadb(text, len, 0, NULL);
	if (out)
		fclose(out);
	free(text);
	irqm_analysis_free(a);
	*ret_plan = plan(s);
	irqm_snapshot_free(s);
	irqm_dumpfile_close(f);
	return json;
}

static bool has_code(const json_t *findings, const json_t *code)
{
	size_t i;

	for (i = 0; i < json_array_size(findings); i++)
		if (json_equal(json_object_get(json_array_get(findings, i),
					       "code"), code))
			return true;
	return false;
}

/* A finding that a lost page made accuses the kernel of what it did not do. */
static const char *false_finding(const json_t *whole, const json_t *part)
{
	const json_t *was = json_object_get(whole, "findings");
	const json_t *is = json_object_get(part, "findings"), *code;
	size_t i;

	for (i = 0; i < json_array_size(is); i++) {
		code = json_object_get(json_array_get(is, i), "code");
		if (!has_code(was, code) &&
		    strcmp(json_string_value(code), "unread-pages") != 0)
			return json_string_value(code);
	}
	return NULL;
}

static bool lost_finding(const json_t *whole, const json_t *part)
{
	const json_t *was = json_object_get(whole, "findings");
	const json_t *is = json_object_get(part, "findings");
	size_t i;

	for (i = 0; i < json_array_size(was); i++)
		if (!has_code(is, json_object_get(json_array_get(was, i),
						  "code")))
			return true;
	return false;
}

static bool is_whole(const json_t *document)
{
	return !json_array_size(json_object_get(document, "unread"));
}

static void report(const char *path, const char *why)
{
	unsigned int i;

	if (failed++ >= SHOWN)
		return;
	printf("FAILED: %s without", path);
	for (i = 0; i < store.nr_lost; i++)
		printf(" %#llx", (unsigned long long)store.lost[i]);
	printf(": %s\n", why);
}

static void try(const char *path, const char *vmlinux, const json_t *whole,
		const json_t *plan)
{
	struct irqm_error err = { .msg = "" };
	json_t *now = NULL, *part = document(path, vmlinux, &now, &err);
	const char *code;
	char why[512];

	if (!part) {
		if (err.msg[0])
			refused++;
		else
			report(path, "refused without a word");
		return;
	}
	code = false_finding(whole, part);
	if (!compare_documents(whole, part, why, sizeof(why))) {
		report(path, why);
	} else if (code) {
		snprintf(why, sizeof(why), "a finding that is not true: %s",
			 code);
		report(path, why);
	} else if (lost_finding(whole, part) && is_whole(part)) {
		report(path, "a finding is lost, and unread[] is empty");
	} else if (is_whole(part) && !json_equal(plan, now)) {
		report(path, "another plan, and unread[] is empty");
	} else {
		same += json_equal(whole, part);
		passed++;
	}
	json_decref(part);
	json_decref(now);
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void sort_used(void)
{
	size_t i, n = 0;

	qsort(store.used, store.nr_used, sizeof(*store.used), by_value);
	for (i = 0; i < store.nr_used; i++)
		if (!n || store.used[n - 1] != store.used[i])
			store.used[n++] = store.used[i];
	store.nr_used = n;
}

static void run(const char *path, const char *vmlinux, unsigned int stride,
		unsigned int sets)
{
	static unsigned int turn;
	struct irqm_error err;
	unsigned int set, i;
	json_t *whole, *plan = NULL;
	size_t k;

	store.nr_lost = store.nr_used = 0;
	whole = document(path, vmlinux, &plan, &err);
	if (!whole) {
		report(path, err.msg);
		return;
	}
	sort_used();
	store.nr_lost = 1;
	for (k = turn++ % stride; k < store.nr_used; k += stride) {
		store.lost[0] = store.used[k];
		try(path, vmlinux, whole, plan);
	}
	for (set = 0; set < sets; set++) {
		store.nr_lost = 2 + random() % (MAX_SET - 1);
		for (i = 0; i < store.nr_lost; i++)
			store.lost[i] = store.used[random() % store.nr_used];
		try(path, vmlinux, whole, plan);
	}
	printf("%s: %zu pages\n", path, store.nr_used);
	json_decref(whole);
	json_decref(plan);
}

int main(int argc, char **argv)
{
	unsigned int stride = argc > 3 ? strtoul(argv[1], NULL, 10) : 0;
	unsigned int sets = argc > 3 ? strtoul(argv[2], NULL, 10) : 0;
	const char *vmlinux = NULL;
	int i;

	if (!stride) {
		fprintf(stderr,
			"usage: pages STRIDE SETS DUMP... [-- VMLINUX]\n");
		return 2;
	}
	if (argc > 5 && strcmp(argv[argc - 2], "--") == 0) {
		vmlinux = argv[argc - 1];
		argc -= 2;
	}
	for (i = 3; i < argc; i++)
		run(argv[i], vmlinux, stride, sets);
	free(store.used);
	printf("%lu documents, of which %lu are the same; %lu refused\n",
	       passed, same, refused);
	printf("%lu passed, %lu failed\n", passed + refused, failed);
	return failed != 0;
}
