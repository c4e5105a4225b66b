/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A dump, or its vmlinux, that ends too early.
 *
 * usage: cut COUNT DUMP [VMLINUX]
 *
 * COUNT lengths, at random and every other one near the end, of a copy of the
 * dump; with a vmlinux of a copy of that. The end has to be a clear error, or answers that are those of the whole
 * one less what is unknown. Ends with "N passed, N failed".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/fault/answers.h"

static unsigned long passed, failed, refused;

static void report(const char *path, off_t size, const char *why)
{
	printf("FAILED: %s, %lld bytes: %s\n", path, (long long)size, why);
	failed++;
}

static void try(const char *path, off_t size, const char *dump,
		const char *vmlinux, const struct answers *whole)
{
	struct irqm_error err = { .msg = "" };
	struct answers part;
	const char *wrong;
	char why[2048];

	if (!answers_of_dump(dump, vmlinux, &part, &err)) {
		if (err.msg[0])
			refused++;
		else
			report(path, size, "refused without a word");
		return;
	}
	wrong = answers_fault(whole, &part, why, sizeof(why));
	if (wrong)
		report(path, size, wrong);
	else
		passed++;
	answers_free(&part);
}

static int descending(const void *a, const void *b)
{
	off_t x = *(const off_t *)a, y = *(const off_t *)b;

	return (x < y) - (x > y);
}

static off_t *sizes_of(const char *path, unsigned int count)
{
	off_t *sizes = calloc(count, sizeof(*sizes));
	struct stat st;
	unsigned int i;

	if (!sizes || stat(path, &st))
		abort();
	for (i = 0; i < count; i++) {
		sizes[i] = ((off_t)random() << 20 ^ random()) % st.st_size;
		if (i % 2)
			sizes[i] = st.st_size - 1 - sizes[i] / 16;
	}
	qsort(sizes, count, sizeof(*sizes), descending);
	return sizes;
}

/* cut is a copy, which gets shorter and shorter. */
static void run(const char *cut, unsigned int count, const char *dump,
		const char *vmlinux)
{
	off_t *sizes = sizes_of(cut, count);
	struct irqm_error err;
	struct answers whole;
	unsigned int i;

	if (!answers_of_dump(dump, vmlinux, &whole, &err)) {
		report(dump, 0, err.msg);
		free(sizes);
		return;
	}
	for (i = 0; i < count; i++) {
		if (truncate(cut, sizes[i]))
			abort();
		try(cut, sizes[i], dump, vmlinux, &whole);
	}
	answers_free(&whole);
	free(sizes);
}

int main(int argc, char **argv)
{
	const char *vmlinux = argc > 3 ? argv[3] : NULL;

	if (argc < 3) {
		fprintf(stderr, "usage: cut COUNT DUMP [VMLINUX]\n");
		return 2;
	}
	run(vmlinux ? vmlinux : argv[2], strtoul(argv[1], NULL, 10), argv[2],
	    vmlinux);
	printf("%lu documents, %lu refused\n", passed, refused);
	printf("%lu passed, %lu failed\n", passed + refused, failed);
	return failed != 0;
}
