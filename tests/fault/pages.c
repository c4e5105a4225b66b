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

#include "memory/pages/pages.h"
#include "tests/fault/answers.h"

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
		store.used =
			realloc(store.used, store.room * sizeof(*store.used));
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

int __real_irqm_pages_open_files(const char *const paths[], unsigned int nr,
				 uint64_t limit, unsigned int threads,
				 const struct irqm_files *files,
				 struct irqm_pages *ret,
				 struct irqm_error *err);

int __wrap_irqm_pages_open_files(const char *const paths[], unsigned int nr,
				 uint64_t limit, unsigned int threads,
				 const struct irqm_files *files,
				 struct irqm_pages *ret, struct irqm_error *err)
{
	int rc = __real_irqm_pages_open_files(paths, nr, limit, threads, files,
					      &store.inner, err);

	if (rc)
		return rc;
	*ret = store.inner;
	ret->ctx = NULL;
	ret->read = read_pages;
	ret->expect = NULL;
	ret->stored = NULL;
	ret->close = close_pages;
	return 0;
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

static void try(const char *path, const char *vmlinux,
		const struct answers *whole)
{
	struct irqm_error err = { .msg = "" };
	struct answers part;
	const char *wrong;
	char why[2048];

	if (!answers_of_dump(path, vmlinux, &part, &err)) {
		if (err.msg[0])
			refused++;
		else
			report(path, "refused without a word");
		return;
	}
	wrong = answers_fault(whole, &part, why, sizeof(why));
	if (wrong) {
		report(path, wrong);
	} else {
		same += json_equal(whole->document, part.document);
		passed++;
	}
	answers_free(&part);
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
	struct answers whole;
	unsigned int set, i;
	size_t k;

	store.nr_lost = store.nr_used = 0;
	if (!answers_of_dump(path, vmlinux, &whole, &err)) {
		report(path, err.msg);
		return;
	}
	sort_used();
	store.nr_lost = 1;
	for (k = turn++ % stride; k < store.nr_used; k += stride) {
		store.lost[0] = store.used[k];
		try(path, vmlinux, &whole);
	}
	for (set = 0; set < sets; set++) {
		store.nr_lost = 2 + random() % (MAX_SET - 1);
		for (i = 0; i < store.nr_lost; i++)
			store.lost[i] = store.used[random() % store.nr_used];
		try(path, vmlinux, &whole);
	}
	printf("%s: %zu pages\n", path, store.nr_used);
	answers_free(&whole);
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
