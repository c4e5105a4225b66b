/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The walks of index trees. Which tree, where in 64 KiB of memory its root is,
 * then the memory: 8 bytes each, of which small ones are places in it.
 */
#include "snapshot/tree.h"
#include "tests/mkdump/memory_target.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/fake_generations.h"

#include <stdlib.h>

#define BASE 0xffff888000100000ULL
#define WORDS 8192

static bool count(void *ctx, uint64_t index, uint64_t entry)
{
	uint64_t *last = ctx;

	/* ascending, and none is 0 */
	if ((*last != UINT64_MAX && index <= *last) || !entry)
		abort();
	*last = index;
	return true;
}

static void walk(struct reader *r, unsigned int kind, uint64_t root)
{
	uint64_t last = UINT64_MAX;

	switch (kind % 3) {
	case 0:
		irqm_walk_radix_tree(r, root, "tree", count, &last);
		break;
	case 1:
		irqm_walk_xarray(r, root, "tree", count, &last);
		break;
	case 2:
		irqm_walk_maple_tree(r, root, "tree", count, &last);
		break;
	}
}

static void fill(struct irqm_memory *m, struct fuzz_bytes *b)
{
	static uint64_t words[WORDS];
	uint64_t word;
	size_t n;

	for (n = 0; n < WORDS && b->left; n++) {
		word = fuzz_take(b, 8);
		/* nodes are in memory more often than not */
		words[n] = word && word < WORDS * 8 ? BASE + word : word;
	}
	if (irqm_memory_write(m, BASE, words, n * 8))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "alibaba-4.19.91", "debian-5.10",
					     "debian-6.12" };
	static struct irqm_layout layouts[3];
	static bool loaded;
	struct fuzz_bytes b = { data, size };
	unsigned int kind = fuzz_take(&b, 1) % 3, i;
	uint64_t root = fuzz_take(&b, 1) * 8;
	struct reader r = { .layout = &layouts[kind] };
	struct irqm_memory *m = irqm_memory_new();
	struct irqm_target t;

	for (i = 0; i < 3 && !loaded; i++)
		layouts[i] = fk_load(names[i]);
	loaded = true;
	r.s = irqm_snapshot_new();
	if (!m || !r.s)
		abort();
	fill(m, &b);
	t = irqm_memory_target(m);
	r.target = &t;
	r.arena = r.s->arena;
	walk(&r, kind, BASE + root);
	irqm_snapshot_free(r.s);
	irqm_memory_free(m);
	return 0;
}
