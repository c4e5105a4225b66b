/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/unit.h"

#include "distill/recorder.h"
#include "snapshot/reader.h"
#include "tests/mkdump/memory_target.h"

#define BASE 0xffff888000001000ULL

/* Any order and overlap: the set is what a map of single bytes says. */
static void test_ranges_random(void **state)
{
	struct irqm_ranges s = { 0 };
	static bool in[5000];
	unsigned int i, j, n = 0;
	uint64_t at;

	(void)state;
	srand(1);
	for (i = 0; i < 600; i++) {
		unsigned int start = rand() % 4980, len = rand() % 9;

		irqm_ranges_add(&s, start, len);
		for (j = 0; j < len; j++)
			in[start + j] = true;
	}
	irqm_ranges_sort(&s);
	for (i = 0; i < s.nr; i++) {
		assert_true(s.r[i].start < s.r[i].end);
		assert_true(i == 0 || s.r[i].start > s.r[i - 1].end);
		for (at = s.r[i].start; at < s.r[i].end; at++)
			assert_true(in[at]);
	}
	for (i = 0; i < 5000; i++)
		n += in[i];
	assert_int_equal(irqm_ranges_bytes(&s), n);
	irqm_ranges_deinit(&s);
}

static void test_ranges_same_bytes_take_no_room(void **state)
{
	struct irqm_ranges s = { 0 };
	unsigned int i;

	(void)state;
	for (i = 0; i < 1000000; i++)
		irqm_ranges_add(&s, i % 7 * 100, 10);
	assert_true(s.room <= 2048);
	irqm_ranges_sort(&s);
	assert_int_equal(s.nr, 7);
	irqm_ranges_deinit(&s);
}

static void test_ranges_end_of_addresses(void **state)
{
	struct irqm_ranges s = { 0 };

	(void)state;
	irqm_ranges_add(&s, UINT64_MAX - 4, 100);
	irqm_ranges_add(&s, 5, 0);
	irqm_ranges_sort(&s);
	assert_int_equal(s.nr, 1);
	assert_true(s.r[0].end == UINT64_MAX);
	irqm_ranges_deinit(&s);
}

static void test_ranges_limit(void **state)
{
	struct irqm_ranges s = { 0 };
	uint64_t i;

	(void)state;
	for (i = 0; i <= IRQM_RANGES_MAX && !s.full; i++)
		irqm_ranges_add(&s, i * 2, 1);
	assert_true(s.full);
	assert_int_equal(s.room, IRQM_RANGES_MAX);
	irqm_ranges_deinit(&s);
}

static const struct irqm_used *line(const struct irqm_recorder *r,
				    const char *what)
{
	unsigned int i;

	for (i = 0; i < r->nr_list; i++)
		if (strcmp(r->list[i].what, what) == 0)
			return &r->list[i];
	return NULL;
}

static void test_list_is_of_kinds(void **state)
{
	struct irqm_target inner = { 0 };
	struct irqm_recorder r;
	char what[32];
	unsigned int i;

	(void)state;
	irqm_recorder_init(&r, &inner);
	r.target.used(r.target.ctx, BASE, 8, "irq_desc of IRQ 31");
	r.target.used(r.target.ctx, BASE + 8, 8, "irq_desc of IRQ 132");
	r.target.used(r.target.ctx, BASE, 8, "variable x86_vector\033domain");
	assert_int_equal(r.nr_list, 2);
	assert_non_null(line(&r, "irq_desc of IRQ N"));
	assert_int_equal(line(&r, "irq_desc of IRQ N")->reads, 2);
	assert_int_equal(line(&r, "irq_desc of IRQ N")->bytes, 16);
	assert_non_null(line(&r, "variable x86_vector?domain"));
	for (i = 0; i < 500; i++) {
		snprintf(what, sizeof(what), "%c%c", 'a' + i / 26,
			 'a' + i % 26);
		irqm_recorder_note(&r, BASE, 1, what);
	}
	assert_int_equal(r.nr_list, IRQM_MAX_USED);
	assert_int_equal(line(&r, "other")->reads, 502 - (IRQM_MAX_USED - 1));
	irqm_recorder_deinit(&r);
}

/* A read alone is not kept, only what it was used for; a failed one is. */
static void test_reads(void **state)
{
	struct irqm_memory *m = irqm_memory_new();
	struct irqm_target inner;
	struct irqm_recorder r;
	char buf[64] = "virtio0";

	(void)state;
	irqm_memory_write(m, BASE, buf, sizeof(buf));
	irqm_memory_symbol(m, "nr_irqs", 7);
	inner = irqm_memory_target(m);
	irqm_recorder_init(&r, &inner);
	assert_int_equal(r.target.read(r.target.ctx, BASE, buf, 64), IRQM_OK);
	assert_int_equal(r.used.nr, 0);
	r.target.used(r.target.ctx, BASE, 8, "name");
	assert_int_equal(irqm_ranges_bytes(&r.used), 8);
	assert_int_equal(r.target.read(r.target.ctx, BASE + 64, buf, 4),
			 IRQM_UNMAPPED);
	assert_int_equal(r.failed.nr, 1);
	assert_true(r.failed.r[0].start == BASE + 64);
	irqm_recorder_deinit(&r);
	irqm_memory_free(m);
}

/* What stands behind a string is somebody else's, also in the same piece. */
static void test_strings_end_at_their_nul(void **state)
{
	static const struct {
		unsigned int at;
		const char *s;
	} names[] = {
		{ 8, "vda" },
		{ 60, "across the piece's end" },
		{ 200, "" },
	};
	struct irqm_memory *m = irqm_memory_new();
	struct irqm_target inner;
	struct irqm_recorder rec;
	struct reader r = { .target = &rec.target };
	char page[512];
	unsigned int i;

	(void)state;
	memset(page, 'M', sizeof(page));
	for (i = 0; i < 3; i++)
		strcpy(page + names[i].at, names[i].s);
	irqm_memory_write(m, BASE, page, sizeof(page));
	inner = irqm_memory_target(m);
	irqm_recorder_init(&rec, &inner);
	r.s = irqm_snapshot_new();
	r.arena = r.s->arena;
	for (i = 0; i < 3; i++)
		assert_string_equal(irqm_reader_string(&r, BASE + names[i].at,
						       "name"),
				    names[i].s);
	irqm_ranges_sort(&rec.used);
	assert_int_equal(rec.used.nr, 3);
	for (i = 0; i < 3; i++) {
		assert_true(rec.used.r[i].start == BASE + names[i].at);
		assert_int_equal(rec.used.r[i].end - rec.used.r[i].start,
				 strlen(names[i].s) + 1);
	}
	irqm_snapshot_free(r.s);
	irqm_recorder_deinit(&rec);
	irqm_memory_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges_random),
		cmocka_unit_test(test_ranges_same_bytes_take_no_room),
		cmocka_unit_test(test_ranges_end_of_addresses),
		cmocka_unit_test(test_ranges_limit),
		cmocka_unit_test(test_list_is_of_kinds),
		cmocka_unit_test(test_reads),
		cmocka_unit_test(test_strings_end_at_their_nul),
	};

	return RUN(tests);
}
