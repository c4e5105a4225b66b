/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stage 3 on machines that are written down in fake_machine.c. */
#include "tests/unit/fake_check.h"
#include "tests/unit/fake_generations.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Fails unless everything is true. Returns how much is unknown. */
static unsigned int check_true(struct fk *fk, const struct irqm_snapshot *s,
			       const char *where, unsigned int k,
			       struct fk_result *res)
{
	res->with_counts = true;
	fk_check(fk, s, res);
	if (res->wrong[0])
		fail_msg("%s, %u: %s", where, k, res->wrong);
	return res->unknown;
}

/* Everything is read, nothing outside of an object is. */
static void test_generations(void **state)
{
	struct fk_result res;
	struct fk_machine m;
	size_t i;

	(void)state;
	for (i = 0; i < FK_NR_GENERATIONS; i++) {
		struct fk *fk = fk_build(&fk_generations[i], &m);
		struct irqm_snapshot *s;

		fk_commit(fk, FK_STRICT);
		s = fk_read_all(fk);
		assert_int_equal(s->dump.generation.maple_tree,
				 fk_generations[i].gen.container ==
					 FK_MAPLE_TREE);
		if (check_true(fk, s, fk_generations[i].name, 0, &res))
			fail_msg("%s: %s is unknown", fk_generations[i].name,
				 res.first_unknown);
		if (s->nr_unread)
			fail_msg("%s: %s", fk_generations[i].name,
				 s->unread[0].what);
		assert_true(s->irqs_known);
		assert_int_equal(s->nr_devices, m.nr_devices);
		irqm_snapshot_free(s);
		fk_free(fk);
	}
}

/* Counts only on demand. */
static void test_without_counts(void **state)
{
	struct irqm_snapshot *s;
	struct fk_machine m;
	struct fk *fk = fk_build(&fk_generations[0], &m);
	unsigned int i;

	(void)state;
	fk_commit(fk, FK_PACKED);
	assert_int_equal(fk_read(fk, &fk->layout, 0, &s), 0);
	for (i = 0; i < s->nr_irqs; i++) {
		assert_null(s->irqs[i].cpu_counts);
		assert_int_equal(s->irqs[i].count, IRQM_UNKNOWN);
	}
	irqm_snapshot_free(s);
	fk_free(fk);
}

/* Each read fails in turn: what is known then is still true. */
static void test_each_read_fails(void **state)
{
	struct fk_result res;
	struct fk_machine m;
	uint64_t reads, k;
	size_t i;

	(void)state;
	for (i = 0; i < FK_NR_GENERATIONS; i++) {
		struct fk *fk = fk_build(&fk_generations[i], &m);
		struct irqm_snapshot *s;

		fk_commit(fk, FK_PACKED);
		irqm_snapshot_free(fk_read_all(fk));
		reads = irqm_memory_reads(fk->memory);
		for (k = 1; k <= reads; k++) {
			irqm_memory_fail_at(fk->memory, k);
			s = fk_read_all(fk);
			if (check_true(fk, s, fk_generations[i].name, k,
				       &res) &&
			    !s->nr_unread)
				fail_msg("%s, read %u: %s is unknown and "
					 "unread[] empty",
					 fk_generations[i].name,
					 (unsigned int)k, res.first_unknown);
			irqm_snapshot_free(s);
		}
		fk_free(fk);
	}
}

static void read_without(struct fk *fk, const struct irqm_layout *l,
			 const char *gen, const char *what)
{
	struct irqm_snapshot *s;
	struct fk_result res = { .with_counts = true };

	if (fk_read(fk, l, IRQM_READ_COUNTS, &s) != 0)
		return;
	fk_check(fk, s, &res);
	if (res.wrong[0])
		fail_msg("%s without %s: %s", gen, what, res.wrong);
	irqm_snapshot_free(s);
}

/* Each row of the table is missing in turn. */
static void test_each_row_missing(void **state)
{
	struct irqm_layout l;
	struct fk_machine m;
	char what[96];
	unsigned int j;
	size_t i;

	(void)state;
	for (i = 0; i < FK_NR_GENERATIONS; i++) {
		const char *gen = fk_generations[i].name;
		struct fk *fk = fk_build(&fk_generations[i], &m);

		fk_commit(fk, FK_PACKED);
		for (j = 0; j < irqm_nr_member_rows; j++) {
			const struct irqm_member_row *r = &irqm_member_rows[j];

			l = fk->layout;
			memset(irqm_row_member(&l, r), 0,
			       sizeof(struct irqm_member));
			snprintf(what, sizeof(what), "%s.%s",
				 irqm_struct_rows[r->strct].name, r->path);
			read_without(fk, &l, gen, what);
		}
		for (j = 0; j < irqm_nr_struct_rows; j++) {
			l = fk->layout;
			*irqm_row_exists(&l, &irqm_struct_rows[j]) = false;
			irqm_layout_finish(&l);
			read_without(fk, &l, gen, irqm_struct_rows[j].name);
		}
		for (j = 0; j < irqm_nr_enum_rows; j++) {
			l = fk->layout;
			irqm_row_enum(&l, &irqm_enum_rows[j])->nr = 0;
			read_without(fk, &l, gen, irqm_enum_rows[j].witness);
		}
		fk_free(fk);
	}
}

/* Each symbol is missing in turn. */
static void test_each_symbol_missing(void **state)
{
	struct fk_result res;
	struct fk_machine m;
	unsigned int j;
	size_t i;

	(void)state;
	for (i = 0; i < FK_NR_GENERATIONS; i++) {
		struct fk *fk = fk_build(&fk_generations[i], &m);

		for (j = 0; j < fk->nr_symbols; j++) {
			const char *name = fk->symbols[j].name;
			struct irqm_snapshot *s;
			char where[128];

			/* it is a fact then that there is no such thing */
			if (strncmp(name, "housekeeping", 12) == 0 ||
			    (fk->symbols[j].value & ~0xffffULL) ==
				    0xffffffff81000000)
				continue;
			fk->symbols[j].name = "not_there";
			fk_commit(fk, FK_PACKED);
			fk->symbols[j].name = name;
			snprintf(where, sizeof(where), "%s without %s",
				 fk_generations[i].name, name);
			if (fk_read(fk, &fk->layout, IRQM_READ_COUNTS, &s) !=
			    0) {
				assert_string_equal(name, "vector_matrix");
				continue;
			}
			check_true(fk, s, where, j, &res);
			irqm_snapshot_free(s);
		}
		fk_free(fk);
	}
}

/* The machine with those parts of CONFIG_NUMA that are asked for. */
static struct irqm_snapshot *read_numa(bool symbol, bool irqs, bool devices)
{
	struct irqm_snapshot *s;
	struct irqm_layout l;
	struct fk_machine m;
	struct fk *fk = fk_build(&fk_generations[0], &m);
	unsigned int j;

	l = fk->layout;
	l.irq_common_data.node.exists = irqs;
	l.device.numa_node.exists = devices;
	for (j = 0; j < fk->nr_symbols && !symbol; j++)
		if (strcmp(fk->symbols[j].name, "numa_node") == 0)
			fk->symbols[j].name = "not_there";
	fk_commit(fk, FK_PACKED);
	assert_int_equal(fk_read(fk, &l, 0, &s), 0);
	fk_free(fk);
	return s;
}

static void check_nodes(struct irqm_snapshot *s, irqm_num cpu, irqm_num irq,
			irqm_num device)
{
	unsigned int i;

	for (i = 0; i < s->nr_cpus; i++)
		assert_int_equal(s->cpus[i].node, cpu);
	for (i = 0; i < s->nr_irqs; i++)
		assert_int_equal(s->irqs[i].node, irq);
	assert_true(s->nr_devices > 0);
	for (i = 0; i < s->nr_devices; i++)
		assert_int_equal(s->devices[i].node, device);
	irqm_snapshot_free(s);
}

/*
 * Without CONFIG_NUMA cpu_to_node() and irq_common_data_get_node() are 0,
 * dev_to_node() is NUMA_NO_NODE. If only some of it is missing, that is
 * unknown.
 */
static void test_without_numa(void **state)
{
	struct irqm_snapshot *s;

	(void)state;
	check_nodes(read_numa(false, false, false), 0, 0, -1);

	s = read_numa(true, false, false);
	assert_int_equal(s->cpus[5].node, 1);
	assert_int_equal(s->irqs[0].node, IRQM_UNKNOWN);
	assert_int_equal(s->devices[0].node, IRQM_UNKNOWN);
	irqm_snapshot_free(s);
	s = read_numa(false, true, false);
	assert_int_equal(s->cpus[5].node, IRQM_UNKNOWN);
	assert_int_equal(s->devices[0].node, IRQM_UNKNOWN);
	irqm_snapshot_free(s);
	s = read_numa(false, false, true);
	assert_int_equal(s->cpus[5].node, IRQM_UNKNOWN);
	assert_int_equal(s->irqs[0].node, IRQM_UNKNOWN);
	irqm_snapshot_free(s);
}

/* Random numbers that are the same everywhere. */
static uint64_t next_random(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x;
}

static uint64_t random_address(const struct fk *fk, uint64_t *x)
{
	return fk->objects[next_random(x) % fk->nr_objects].addr;
}

/* Spoils a few bytes or pointers of objects. */
static void spoil(struct fk *fk, uint64_t seed)
{
	uint64_t x = seed * 0x9e3779b97f4a7c15ULL + 1;
	unsigned int n = 1 + next_random(&x) % 16;

	while (n--) {
		const struct fk_object *o =
			&fk->objects[next_random(&x) % fk->nr_objects];
		uint64_t at = next_random(&x) % o->len;
		unsigned char *p = fk_at(fk, o->addr);

		switch (next_random(&x) % 4) {
		case 0:
			p[at] ^= 1 << next_random(&x) % 8;
			break;
		case 1:
			p[at] = next_random(&x) % 2 ? 0xff : 0;
			break;
		case 2: /* an address, of something else mostly */
			if (o->len >= 8)
				fk_put64(fk, o->addr + at % (o->len / 8) * 8,
					 random_address(fk, &x) |
						 next_random(&x) % 8);
			break;
		default:
			p[at] = next_random(&x);
		}
	}
}

/* What later stages rely on, whatever the dump holds. */
static void check_sane(const struct irqm_snapshot *s)
{
	unsigned int i, j;

	for (i = 1; i < s->nr_irqs; i++)
		assert_true(s->irqs[i - 1].irq < s->irqs[i].irq);
	for (i = 0; i < s->nr_irqs; i++) {
		const struct irqm_irq *irq = &s->irqs[i];

		assert_true(irq->device < (int)s->nr_devices);
		assert_true(irq->nr_actions == 0 || irq->actions);
		for (j = 0; j < irq->nr_actions; j++)
			assert_true(!irq->actions[j].name ||
				    strlen(irq->actions[j].name) < 256);
	}
	for (i = 0; i < s->nr_cpus; i++) {
		if (!s->cpus[i].vector_irq)
			continue;
		for (j = 0; j < IRQM_NR_VECTORS; j++)
			if (s->cpus[i].vector_irq[j].slot == IRQM_SLOT_IRQ)
				assert_non_null(irqm_find_irq(
					s, s->cpus[i].vector_irq[j].irq));
	}
	for (i = 0; i < s->nr_unread; i++)
		assert_non_null(s->unread[i].what);
}

#define SEEDS 400 /* for each generation */

static void test_corruption(void **state)
{
	const char *more = getenv("SNAPSHOT_SEEDS");
	uint64_t seeds = more ? strtoull(more, NULL, 10) : SEEDS, seed;
	struct fk_machine m;
	int r;
	size_t i;

	(void)state;
	for (i = 0; i < FK_NR_GENERATIONS; i++) {
		struct fk *fk = fk_build(&fk_generations[i], &m);
		unsigned char *saved[FK_NR_REGIONS];

		for (r = 0; r < FK_NR_REGIONS; r++) {
			saved[r] = malloc(fk->regions[r].size + 1);
			assert_non_null(saved[r]);
			if (!fk->regions[r].bytes)
				continue; /* an empty one */
			memcpy(saved[r], fk->regions[r].bytes,
			       fk->regions[r].size);
		}
		for (seed = 0; seed < seeds; seed++) {
			struct irqm_snapshot *s;

			spoil(fk, seed * FK_NR_GENERATIONS + i);
			fk_commit(fk, FK_PACKED);
			if (fk_read(fk, &fk->layout, IRQM_READ_COUNTS, &s) ==
			    0) {
				check_sane(s);
				irqm_snapshot_free(s);
			}
			for (r = 0; r < FK_NR_REGIONS; r++)
				if (fk->regions[r].bytes)
					memcpy(fk->regions[r].bytes, saved[r],
					       fk->regions[r].size);
		}
		for (r = 0; r < FK_NR_REGIONS; r++)
			free(saved[r]);
		fk_free(fk);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_generations),
		cmocka_unit_test(test_without_counts),
		cmocka_unit_test(test_each_read_fails),
		cmocka_unit_test(test_each_row_missing),
		cmocka_unit_test(test_each_symbol_missing),
		cmocka_unit_test(test_without_numa),
		cmocka_unit_test(test_corruption),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
