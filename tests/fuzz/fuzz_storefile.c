/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file from a stranger, given to merge, query, report and batch: a store in
 * SQLite, or NDJSON (storefile.h). Each ends with an answer or an error, within
 * bounds of memory and of time that follow from the file's size.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fleet/store/queries.h"
#include "fleet/store/store.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/heap.h"
#include "tests/fuzz/html.h"
#include "tests/fuzz/storefile.h"

/* Memory: an empty object of three bytes is 240 as a value. */
#define HEAP_LEAST (24UL << 20)
#define HEAP_PER_BYTE 96
/* Processor time of one command, with the sanitizers. */
#define SECONDS_MAX 20

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
#pragma weak LLVMFuzzerMutate

static char path[64];
/* for each byte of the file and of its documents */
static size_t heap_max;

static void die(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s\n", what, why);
	abort();
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	/* not on a disk, if there is another place */
	snprintf(path, sizeof(path), "%s/irqmatrix-fuzz-%d.db",
		 access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm", getpid());
	storefile_init(path);
	return 0;
}

static int row(void *ctx, const struct irqm_value *values, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (values[i].type != IRQM_VALUE_NULL)
			fuzz_use(strlen(values[i].text));
	++*(unsigned long *)ctx;
	return 0;
}

static int query(struct irqm_error *err)
{
	const char *args[] = { NULL, "4", "2", "1" };
	struct irqm_store *s;
	unsigned long rows = 0;
	unsigned int i;
	int rc = irqm_store_open(path, IRQM_STORE_READ, &s, err);

	if (rc)
		return rc;
	for (i = 0; i < irqm_nr_queries && !rc; i++) {
		args[0] = strncmp(irqm_queries[i].args, "PATH", 4) == 0 ?
				  "/var/crash/vmcore" :
			  irqm_queries[i].args[0] == 'D' ? "virtio_blk" :
							   "9";
		rc = irqm_store_ask(s,
				    &(struct irqm_store_ask){
					    .sql = irqm_queries[i].sql,
					    .args = args,
					    .nr_args = irqm_queries[i].max_args,
					    .row = row,
					    .ctx = &rows },
				    err);
	}
	irqm_store_close(s);
	return rc;
}

static int report(struct irqm_error *err)
{
	struct irqm_store *s;
	char *text = NULL;
	size_t len;
	FILE *out;
	int rc = irqm_store_open(path, IRQM_STORE_READ, &s, err);

	if (rc)
		return rc;
	out = open_memstream(&text, &len);
	rc = irqm_report_store(out, s, true, err);
	if (fclose(out))
		die("report", "no memory");
	if (!rc)
		check_html(text, len);
	free(text);
	irqm_store_close(s);
	return rc;
}

/* A second time adds nothing. */
static int merge(struct irqm_error *err)
{
	struct irqm_merged first = { 0 }, second = { 0 };
	struct irqm_store *into;
	int rc;

	if (irqm_store_open(":memory:", IRQM_STORE_CREATE, &into, err))
		die("a store", err->msg);
	rc = irqm_store_merge(into, path, &first, err);
	if (!rc && (irqm_store_merge(into, path, &second, err) || second.added))
		die("merged again", second.added ? "more dumps" : err->msg);
	irqm_store_close(into);
	return rc;
}

/* As the store that batch and merge write to: last, it may be migrated. */
static int write_to(struct irqm_error *err)
{
	struct irqm_store *s;

	if (irqm_store_open(path, IRQM_STORE_CREATE, &s, err))
		return -1;
	irqm_store_close(s);
	return 0;
}

static const struct {
	const char *name;
	int (*fn)(struct irqm_error *err);
} commands[] = {
	{ "query", query },
	{ "report", report },
	{ "merge", merge },
	{ "a store to write to", write_to },
};

static void run(unsigned int i)
{
	struct irqm_error err = { .msg = "" };
	double began = now(), took;
	char why[128];
	int rc;

	heap_begin();
	rc = commands[i].fn(&err);
	if (rc && !err.msg[0])
		die(commands[i].name, "fails without a word");
	took = now() - began;
	if (took > SECONDS_MAX) {
		snprintf(why, sizeof(why), "takes %.1f s", took);
		die(commands[i].name, why);
	}
	if (heap_peak() > heap_max) {
		snprintf(why, sizeof(why), "takes %zu bytes of memory, not %zu",
			 heap_peak(), heap_max);
		die(commands[i].name, why);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t len = storefile_make(data, size);
	unsigned int i;

	if (!size)
		return 0;
	heap_max = HEAP_LEAST + HEAP_PER_BYTE * (len + storefile_unpacked());
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		run(i);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
			       unsigned int seed)
{
	if (seed % 4 && (!size || data[0] % STOREFILE_KINDS == STOREFILE_SQL))
		return storefile_mutate(data, size, max, seed / 4);
	return LLVMFuzzerMutate(data, size, max);
}
