/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The same on real kernels' distilled dumps, those of $FUZZ_DUMPS (separated by
 * colons) or a few that ship with the project.
 */
#include "memory/dumpfile.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/spoil.h"
#include "tests/fuzz/views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD 2
#define FLAGS (IRQM_READ_COUNTS | IRQM_READ_LOG)
#define DUMPS 16
#define SHIPPED "tests/data/distilled/"

static struct base {
	struct irqm_dumpfile *f;
	struct spoil spoil;
} bases[DUMPS];
static unsigned int nr_bases;

static void open_base(const char *path)
{
	struct irqm_dumpfile_options o = { .threads = 1 };
	struct base *b = &bases[nr_bases];
	struct irqm_error err;

	if (nr_bases == DUMPS)
		return;
	if (irqm_dumpfile_open(&path, 1, &o, &b->f, &err)) {
		fprintf(stderr, "%s\n", err.msg);
		exit(1);
	}
	spoil_init(&b->spoil, irqm_dumpfile_target(b->f));
	spoil_record(&b->spoil, irqm_dumpfile_layout(b->f), FLAGS);
	nr_bases++;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	char *dumps = getenv("FUZZ_DUMPS"), *path;

	(void)argc;
	(void)argv;
	/* stays: the targets have their paths in it */
	dumps = strdup(dumps ? dumps :
			       SHIPPED "bookworm-plain.zst:" SHIPPED
				       "bullseye-exhausted.zst:" SHIPPED
				       "trixie-plain.zst:" SHIPPED
				       "forky-exhausted.zst:" SHIPPED
				       "bookworm-remapping.zst");
	for (path = strtok(dumps, ":"); path; path = strtok(NULL, ":"))
		open_base(path);
	return 0;
}

/* Nothing is gained, but lib/snapshot/ahead.c is fuzzed too. */
static void ignore_extents(void *ctx, const struct irqm_extent extents[],
			   size_t nr)
{
	(void)ctx;
	(void)extents;
	(void)nr;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct irqm_snapshot *s;
	struct irqm_target t;
	struct irqm_error err;
	struct base *b;

	if (size < HEAD)
		return 0;
	b = &bases[data[0] % nr_bases];
	spoil_apply(&b->spoil, data + HEAD, size - HEAD);
	t = spoil_target(&b->spoil);
	t.expect = ignore_extents;
	if (irqm_snapshot_read(&t, irqm_dumpfile_layout(b->f), FLAGS, &s, &err))
		return 0;
	render_views(s, views_of(data[1]), false);
	irqm_snapshot_free(s);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
			       unsigned int seed)
{
	return spoil_mutate(data, size, max, HEAD, seed);
}
