/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What comes to a store from elsewhere, into one in memory. The first byte
 * says what the rest is: the rows of a worker, patches of 4 bytes (where, of
 * two bytes; how; what) to healthy rows, lines of NDJSON, or a document. What
 * was taken is told in a report.
 */
#include "fleet/store/store.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/html.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void *rows;
static size_t rows_len;
static struct irqm_store *store;

static void die(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s\n", what, why);
	abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	json_t *document = fuzz_document();
	struct irqm_error err;

	(void)argc;
	(void)argv;
	if (irqm_rows_make(document, &rows, &rows_len, &err) ||
	    irqm_store_open(":memory:", IRQM_STORE_CREATE, &store, &err))
		die("the healthy document", err.msg);
	json_decref(document);
	return 0;
}

static void report(void)
{
	struct irqm_error err;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (irqm_report_store(out, store, true, &err) || fclose(out))
		die("a report of what was taken", err.msg);
	check_html(text, len);
	free(text);
}

/* The same dump each time, so that the store stays as small. */
static int put(const void *data, size_t size, struct irqm_error *err)
{
	struct irqm_record r = {
		.id = { 1, 1, "0123456789abcdef0123456789abcdef" },
		.path = "vmcore",
		.outcome = IRQM_OUTCOME_FINDING,
		.tool_version = "1",
		.analysed_ns = 1,
		.rows = data,
		.rows_len = size,
	};
	json_t *document;

	if (irqm_store_put(store, &r, err)) {
		if (!err->msg[0])
			die("refused", "without a word");
		return -1;
	}
	report();
	document = irqm_store_document(store, 1, err);
	json_decref(document);
	return 0;
}

static void put_patched(const uint8_t *data, size_t size)
{
	struct irqm_error err = { .msg = "" };
	unsigned char *copy = malloc(rows_len);
	size_t i, at;

	memcpy(copy, rows, rows_len);
	for (i = 0; i + 4 <= size; i += 4) {
		at = (data[i] | data[i + 1] << 8) % rows_len;
		if (data[i + 2] % 4 == 3 && at + 4 <= rows_len)
			memset(copy + at, data[i + 3], 4);
		else if (data[i + 2] % 4 == 2)
			copy[at] += data[i + 3];
		else
			copy[at] = data[i + 3];
	}
	put(copy, rows_len, &err);
	free(copy);
}

static void merge(const uint8_t *data, size_t size)
{
	struct irqm_merged counts = { 0 };
	struct irqm_store *into;
	struct irqm_error err = { .msg = "" };
	char path[FUZZ_PATH];
	int fd = fuzz_file(data, size, path);

	if (irqm_store_open(":memory:", IRQM_STORE_CREATE, &into, &err))
		die("a store", err.msg);
	if (irqm_store_merge(into, path, &counts, &err) && !err.msg[0])
		die("not merged", "without a word");
	irqm_store_close(into);
	close(fd);
}

/* The rows that are made of a document are taken. */
static void make(const uint8_t *data, size_t size)
{
	json_t *document = json_loadb((const char *)data, size, 0, NULL);
	struct irqm_error err = { .msg = "" };
	size_t len;
	void *made;

	if (document && irqm_rows_make(document, &made, &len, &err) == 0) {
		if (put(made, len, &err))
			die("rows that were made", err.msg);
		free(made);
	}
	json_decref(document);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct irqm_error err = { .msg = "" };

	if (size < 1)
		return 0;
	switch (data[0] % 4) {
	case 0:
		put(data + 1, size - 1, &err);
		break;
	case 1:
		put_patched(data + 1, size - 1);
		break;
	case 2:
		merge(data + 1, size - 1);
		break;
	case 3:
		make(data + 1, size - 1);
		break;
	}
	return 0;
}
