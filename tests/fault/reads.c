/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every read of the pipeline fails in turn, for every reason.
 *
 * usage: reads STRIDE [DUMP...]
 *
 * The made-up machine on all generations, and the dumps: for each read k the
 * k-th fails. Every STRIDE-th is tried, the reasons in turn; with 0 each one
 * for each reason. The end has to be a clear error, or a document that is the
 * unbroken one less what is unknown. Ends with "N passed, N failed".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory/dumpfile.h"
#include "tests/fault/answers.h"
#include "tests/fuzz/spoil.h"
#include "tests/unit/fake_generations.h"

#define SHOWN 60

static unsigned long passed, failed, refused;

static void report(const char *name, const struct spoil *s, const char *why)
{
	if (failed++ < SHOWN)
		printf("FAILED: %s, read %llu %s: %s\n", name,
		       (unsigned long long)s->fail_at,
		       irqm_why_name(s->fail_why), why);
}

static void try(const char *name, struct spoil *s, const struct irqm_layout *l,
		const struct answers *whole)
{
	struct irqm_target t = spoil_target(s);
	struct irqm_error err = { .msg = "" };
	struct irqm_snapshot *snapshot;
	struct answers part;
	const char *wrong;
	char why[2048];

	if (irqm_snapshot_read(&t, l, ANSWERS_FLAGS, &snapshot, &err)) {
		if (err.msg[0])
			refused++;
		else
			report(name, s, "refused without a word");
		return;
	}
	answers_of(&part, snapshot);
	wrong = answers_fault(whole, &part, why, sizeof(why));
	if (wrong)
		report(name, s, wrong);
	else
		passed++;
	answers_free(&part);
}

/* A machine's number of reads, with none of them failing. */
static uint64_t run(const char *name, const struct irqm_target *base,
		    const struct irqm_layout *l, unsigned int stride)
{
	static unsigned int turn;
	struct irqm_snapshot *snapshot;
	struct irqm_error err;
	struct irqm_target t;
	uint64_t reads, k;
	struct spoil s;
	struct answers whole;

	spoil_init(&s, base);
	t = spoil_target(&s);
	if (irqm_snapshot_read(&t, l, ANSWERS_FLAGS, &snapshot, &err)) {
		report(name, &s, err.msg);
		return 0;
	}
	reads = s.count;
	answers_of(&whole, snapshot);
	for (k = 1 + (stride ? turn++ % stride : 0); k <= reads;
	     k += stride ? stride : 1) {
		s.fail_at = k;
		s.fail_why = IRQM_EXCLUDED + (stride ? k / stride % 5 : 0);
		do
			try(name, &s, l, &whole);
		while (!stride && s.fail_why++ < IRQM_INVALID);
	}
	answers_free(&whole);
	spoil_free(&s);
	return reads;
}

static uint64_t run_made_up(const struct generation *g, unsigned int stride)
{
	struct irqm_target t;
	struct fk_machine m;
	struct fk *fk = fk_build(g, &m);
	uint64_t reads;

	fk_commit(fk, FK_PACKED);
	t = irqm_memory_target(fk->memory);
	reads = run(g->name, &t, &fk->layout, stride);
	fk_free(fk);
	return reads;
}

static uint64_t run_dump(const char *path, unsigned int stride)
{
	struct irqm_dumpfile_options o = { .threads = 1 };
	struct irqm_dumpfile *f;
	struct irqm_error err;
	uint64_t reads;

	if (irqm_dumpfile_open(&path, 1, &o, &f, &err)) {
		printf("FAILED: %s\n", err.msg);
		failed++;
		return 0;
	}
	reads = run(path, irqm_dumpfile_target(f), irqm_dumpfile_layout(f),
		    stride);
	irqm_dumpfile_close(f);
	return reads;
}

int main(int argc, char **argv)
{
	unsigned int stride = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
	uint64_t reads = 0;
	int i;

	if (argc < 2) {
		fprintf(stderr, "usage: reads STRIDE [DUMP...]\n");
		return 2;
	}
	for (i = 0; i < FK_NR_GENERATIONS; i++)
		reads += run_made_up(&fk_generations[i], stride);
	for (i = 2; i < argc; i++)
		reads += run_dump(argv[i], stride);
	printf("%llu reads, %lu runs ended with an error\n",
	       (unsigned long long)reads, refused);
	printf("%lu passed, %lu failed\n", passed + refused, failed);
	return failed != 0;
}
