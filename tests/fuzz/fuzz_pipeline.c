/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From the reads to the views, on a made-up machine: the first byte is the
 * kernel's generation, the second which views, then spoil.h's instructions.
 */
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/spoil.h"
#include "tests/fuzz/views.h"
#include "tests/unit/fake_generations.h"

#define HEAD 2
#define FLAGS (IRQM_READ_COUNTS | IRQM_READ_LOG)

static struct base {
	struct fk_machine m;
	struct fk *fk;
	struct spoil spoil;
} bases[FK_NR_GENERATIONS];

static struct base *get_base(unsigned int nr)
{
	struct base *b = &bases[nr % FK_NR_GENERATIONS];
	struct irqm_target t;

	if (!b->fk) {
		b->fk = fk_build(&fk_generations[nr % FK_NR_GENERATIONS],
				 &b->m);
		fk_commit(b->fk, FK_PACKED);
		t = irqm_memory_target(b->fk->memory);
		spoil_init(&b->spoil, &t);
		spoil_record(&b->spoil, &b->fk->layout, FLAGS);
	}
	return b;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct irqm_snapshot *s;
	struct irqm_target t;
	struct irqm_error err;
	struct base *b;

	if (size < HEAD)
		return 0;
	b = get_base(data[0]);
	spoil_apply(&b->spoil, data + HEAD, size - HEAD);
	t = spoil_target(&b->spoil);
	if (irqm_snapshot_read(&t, &b->fk->layout, FLAGS, &s, &err))
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
