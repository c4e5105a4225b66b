/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernel's symbol table: 56 bytes of where the tables are, then memory,
 * in which they are also looked for.
 */
#include "memory/kallsyms/kallsyms.h"
#include "tests/mkdump/memory_target.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

#define STEXT 0xffffffff81000000ULL

static void use(const struct irqm_target *t,
		const struct irqm_kallsyms_where *where)
{
	static const char *const names[] = { "_stext", "nr_irqs", "prb" };
	uint64_t values[3], addr[IRQM_KALLSYMS_RANGES];
	uint64_t len[IRQM_KALLSYMS_RANGES], offset;
	struct irqm_kallsyms *k;
	struct irqm_error err;
	char name[64];
	bool found[3], moves;
	unsigned int i;

	if (irqm_kallsyms_new(t, where, STEXT, &k, &err))
		return;
	irqm_kallsyms_find(k, STEXT + 0x1000, names, 3, values, found);
	irqm_kallsyms_find(k, 0, names, 3, values, found);
	for (i = 0; i < 16; i++)
		irqm_kallsyms_at(k, STEXT + i * 0x333, name, sizeof(name),
				 &offset);
	irqm_kallsyms_at(k, UINT64_MAX, name, 1, &offset);
	irqm_kallsyms_moves(k, values[0], &moves);
	fuzz_use(irqm_kallsyms_ranges(k, addr, len));
	irqm_kallsyms_free(k);
}

/* An offset into the memory, but for odd ones, which are anywhere. */
static uint64_t take_address(struct fuzz_bytes *b)
{
	uint64_t value = fuzz_take(b, 8);

	return value && value < 1 << 20 ? STEXT + value : value;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_bytes b = { data, size };
	struct irqm_kallsyms_where where = {
		.names = take_address(&b),
		.num_syms = take_address(&b),
		.token_table = take_address(&b),
		.token_index = take_address(&b),
		.offsets = take_address(&b),
		.relative_base = take_address(&b),
		.addresses = take_address(&b),
	};
	struct irqm_memory *m = irqm_memory_new();
	struct irqm_target t;

	if (!m || irqm_memory_write(m, STEXT, b.data, b.left))
		abort();
	t = irqm_memory_target(m);
	use(&t, &where);
	if (irqm_kallsyms_scan(&t, STEXT, STEXT + b.left, &where))
		use(&t, &where);
	irqm_memory_free(m);
	return 0;
}
