/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A running machine whose vectors change while it is read. */
#include "unit.h"

#include "tests/unit/fake_generations.h"

/* A machine on which one thing changes each time it is read, so often. */
static struct machine {
	struct fk *fk;
	struct fk_machine m;
	struct irqm_target inner;
	uint64_t addr; /* of what changes */
	size_t len;
	unsigned int changes, reads, forgotten;
	unsigned int wrong; /* readings before the right one */
	bool steady;        /* the same each time */
} w;

static enum irqm_why read_changing(void *ctx, uint64_t addr, void *buf,
				   size_t len)
{
	enum irqm_why why = w.inner.read(w.inner.ctx, addr, buf, len);

	(void)ctx;
	if (why != IRQM_OK || w.addr < addr || w.addr >= addr + len)
		return why;
	w.reads++;
	if (w.wrong) {
		if (w.reads <= w.wrong)
			((char *)buf)[w.addr - addr] ^= w.steady ? 1 : w.reads;
		return why;
	}
	/* from the second reading on: the number of changes so far */
	if (w.changes && w.reads > 1)
		w.changes--;
	((char *)buf)[w.addr - addr] ^= w.changes + 1;
	return why;
}

static bool find_symbol(void *ctx, const char *name, uint64_t *ret)
{
	(void)ctx;
	return w.inner.symbol(w.inner.ctx, name, ret);
}

static void count_forgotten(void *ctx)
{
	assert_ptr_equal(ctx, &w);
	w.forgotten++;
}

static int setup(void **state)
{
	(void)state;
	memset(&w, 0, sizeof(w));
	w.fk = fk_build(&fk_generations[0], &w.m);
	fk_commit(w.fk, FK_PACKED);
	w.inner = irqm_memory_target(w.fk->memory);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fk_free(w.fk);
	return 0;
}

static struct irqm_snapshot *read_machine(bool live)
{
	struct irqm_target t = {
		.ctx = &w,
		.read = read_changing,
		.symbol = find_symbol,
		.forget = count_forgotten,
		.live = live,
	};
	struct irqm_snapshot *s;
	struct irqm_error err;

	if (irqm_snapshot_read(&t, &w.fk->layout, 0, &s, &err))
		fail_msg("%s", err.msg);
	return s;
}

/* What changes as often as given has the answer that is expected after so many
 * readings. */
static void check_changes(uint64_t addr, unsigned int changes,
			  unsigned int readings, const char *unread)
{
	struct irqm_snapshot *s;

	w.addr = addr;
	w.changes = changes;
	w.reads = w.forgotten = 0;
	s = read_machine(true);
	assert_int_equal(w.forgotten, readings);
	assert_int_equal(w.reads, 2 * readings);
	assert_int_equal(s->nr_unread, unread ? 1 : 0);
	if (unread) {
		assert_string_equal(s->unread[0].what, unread);
		assert_string_equal(irqm_why_name(s->unread[0].why),
				    "unstable");
	}
	irqm_snapshot_free(s);
}

static uint64_t counter_of_cpu(unsigned int cpu, uint64_t offset)
{
	return fk_percpu(w.fk, w.fk->maps, cpu) + offset;
}

static void check_all(uint64_t addr, const char *what)
{
	/* nothing, once, within four readings, always */
	check_changes(addr, 0, 1, NULL);
	check_changes(addr, 1, 2, NULL);
	check_changes(addr, 7, 5, NULL);
	check_changes(addr, 99, 5, what);
}

static void test_cpumap(void **state)
{
	const struct irqm_layout *l = &w.fk->layout;

	(void)state;
	check_all(counter_of_cpu(1, l->cpumap.available.offset),
		  "vectors of CPU 1");
	check_all(counter_of_cpu(0, l->cpumap.allocated.offset),
		  "vectors of CPU 0");
	check_all(counter_of_cpu(0, l->cpumap.managed.offset),
		  "vectors of CPU 0");
	check_all(counter_of_cpu(1, l->cpumap.alloc_map.offset + 5),
		  "vectors of CPU 1");
	check_all(counter_of_cpu(1, l->cpumap.managed_map.offset + 5),
		  "vectors of CPU 1");
}

static void test_vector_irq(void **state)
{
	uint64_t ptr = 0;

	(void)state;
	assert_true(w.inner.symbol(w.inner.ctx, "vector_irq", &ptr));
	check_all(fk_percpu(w.fk, ptr, 1) + 8 * 40, "vectors of CPU 1");
}

static void test_totals(void **state)
{
	const struct irqm_layout *l = &w.fk->layout;

	(void)state;
	check_all(w.fk->matrix + l->irq_matrix.global_available.offset,
		  "irq_matrix at vector_matrix");
	check_all(w.fk->matrix + l->irq_matrix.total_allocated.offset,
		  "irq_matrix at vector_matrix");
}

/* The first descriptor says another number. */
static struct irqm_snapshot *read_wrong(bool live, unsigned int wrong)
{
	const struct irqm_layout *l = &w.fk->layout;

	w.addr = w.fk->descs[0] + l->irq_desc.irq_data.offset +
		 l->irq_data.irq.offset;
	w.wrong = wrong;
	w.reads = w.forgotten = 0;
	return read_machine(live);
}

/* An interrupt that is made again while it is read does not change the matrix.
 * What stays as it is is read twice, and a dump once. */
static void test_unread(void **state)
{
	struct irqm_snapshot *s;
	unsigned int wrong;

	(void)state;
	for (wrong = 1; wrong <= 6; wrong++) {
		s = read_wrong(true, wrong);
		assert_int_equal(w.forgotten, wrong < 5 ? wrong + 1 : 5);
		assert_int_equal(s->nr_unread != 0, wrong >= 5);
		irqm_snapshot_free(s);
	}
	w.steady = true;
	s = read_wrong(true, 99);
	assert_int_equal(w.forgotten, 2);
	assert_int_not_equal(s->nr_unread, 0);
	irqm_snapshot_free(s);
	s = read_wrong(false, 1);
	assert_int_equal(w.forgotten, 1);
	assert_int_not_equal(s->nr_unread, 0);
	irqm_snapshot_free(s);
}

/* A dump is read once. */
static void test_dump(void **state)
{
	(void)state;
	w.addr = counter_of_cpu(1, w.fk->layout.cpumap.available.offset);
	w.changes = 99;
	irqm_snapshot_free(read_machine(false));
	assert_int_equal(w.reads, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_cpumap, setup, teardown),
		cmocka_unit_test_setup_teardown(test_vector_irq, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_totals, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unread, setup, teardown),
		cmocka_unit_test_setup_teardown(test_dump, setup, teardown),
	};

	return RUN(tests);
}
