/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a snapshot reads of interrupts and CPUs was announced before. */
#include "tests/unit/unit.h"

#include <stdio.h>

#include "tests/unit/fake_generations.h"

#define MAX_EXTENTS 8192

static struct {
	struct irqm_target inner;
	struct irqm_extent expected[MAX_EXTENTS];
	size_t nr;
	struct fk_machine m;
	unsigned int checked;
	char missed[256]; /* the first thing that was not expected */
} w;

static unsigned int expected_nodes;

static enum irqm_why read_inner(void *ctx, uint64_t addr, void *buf, size_t len)
{
	(void)ctx;
	return w.inner.read(w.inner.ctx, addr, buf, len);
}

static bool find_symbol(void *ctx, const char *name, uint64_t *ret)
{
	(void)ctx;
	return w.inner.symbol(w.inner.ctx, name, ret);
}

static void keep_extents(void *ctx, const struct irqm_extent extents[],
			 size_t nr)
{
	(void)ctx;
	assert_true(nr <= MAX_EXTENTS - w.nr);
	memcpy(w.expected + w.nr, extents, nr * sizeof(*extents));
	w.nr += nr;
}

static bool was_expected(uint64_t addr, size_t len)
{
	const struct irqm_extent *e;

	for (e = w.expected; e < w.expected + w.nr; e++)
		if (addr >= e->addr && addr + len <= e->addr + e->len)
			return true;
	return false;
}

/* Only the mask of the first vector of a descriptor is announced. */
static bool is_second_vector(const char *what)
{
	unsigned int irq, i;

	if (sscanf(what, "msi_desc affinity of IRQ %u", &irq) != 1)
		return false;
	for (i = 0; i < w.m.nr_irqs; i++)
		if (w.m.irqs[i].irq == irq)
			return w.m.irqs[i].first_irq != irq;
	return false;
}

static void check_used(void *ctx, uint64_t addr, size_t len, const char *what)
{
	static const char *const kinds[] = {
		"irq_desc of",
		"irq_data of",
		"apic_chip_data of",
		"irqaction of",
		"affinity of",
		"effective_affinity of",
		"pending_mask of",
		"msi_desc of",
		"msi_desc affinity of",
		"device",
		"device_private of a child",
		"counts of",
		"vector_irq of",
		"cpumap of",
		"x86_cpu_to_apicid of",
	};
	size_t i, len_of_kind;

	(void)ctx;
	/* of a tree, only the top */
	if (strcmp(what, "MSI descriptors: node") == 0)
		expected_nodes += was_expected(addr, len);
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		len_of_kind = strlen(kinds[i]);
		if (strncmp(what, kinds[i], len_of_kind) != 0 ||
		    (what[len_of_kind] && what[len_of_kind] != ' '))
			continue;
		if (is_second_vector(what))
			continue;
		w.checked++;
		if (!*w.missed && !was_expected(addr, len))
			snprintf(w.missed, sizeof(w.missed), "%s", what);
	}
}

static void read_machine(const struct generation *g)
{
	struct irqm_target t = {
		.read = read_inner,
		.symbol = find_symbol,
		.expect = keep_extents,
		.used = check_used,
	};
	struct irqm_snapshot *s, *plain;
	struct irqm_error err;
	struct fk *fk;

	memset(&w, 0, sizeof(w));
	fk = fk_build(g, &w.m);
	fk_commit(fk, FK_PACKED);
	w.inner = irqm_memory_target(fk->memory);
	if (irqm_snapshot_read(&t, &fk->layout, IRQM_READ_COUNTS, &s, &err))
		fail_msg("%s: %s", g->name, err.msg);
	if (*w.missed)
		fail_msg("%s: %s: not expected", g->name, w.missed);
	assert_true(w.checked > 100);
	/* it changes nothing */
	plain = fk_read_all(fk);
	assert_int_equal(s->nr_irqs, plain->nr_irqs);
	assert_int_equal(s->nr_devices, plain->nr_devices);
	assert_int_equal(s->nr_unread, plain->nr_unread);
	irqm_snapshot_free(plain);
	irqm_snapshot_free(s);
	fk_free(fk);
}

static void test_all_is_expected(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < FK_NR_GENERATIONS; i++)
		read_machine(&fk_generations[i]);
	assert_true(expected_nodes > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_is_expected),
	};

	return RUN(tests);
}
