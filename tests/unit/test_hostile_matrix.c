/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A matrix, CPUs or a VMCOREINFO that are not what they should be. */
#include "unit.h"
#include "box.h"

/* The possible mask says how many there are, if nr_cpu_ids cannot be. */
static void test_nr_cpu_ids(void **state)
{
	static const uint32_t bad[] = { 0, 8193, 65536, 65537, UINT32_MAX };
	struct fk_result res = { .with_counts = true };
	struct box b;
	size_t i;

	(void)state;
	box_setup(&b, "5.10");
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		box_put32(&b, "nr_cpu_ids", bad[i]);
		box_reread(&b);
		assert_int_equal(b.s->dump.nr_cpu_ids, 6);
		assert_true(box_noted(&b, "nr_cpu_ids", IRQM_INVALID));
		fk_check(b.fk, b.s, &res);
		assert_string_equal(res.wrong, "");
		assert_int_equal(res.unknown, 0);
	}
	/* nor is any CPU possible */
	memset(fk_at(b.fk, fk_symbol_value(b.fk, "__cpu_possible_mask")), 0, 8);
	box_reread(&b);
	assert_int_equal(b.s->dump.nr_cpu_ids, 0);
	assert_int_equal(b.s->nr_cpus, 0);
	assert_false(irqm_bits_known(&b.s->dump.possible));
	assert_false(irqm_bits_known(&box_irq(&b, 24)->affinity));
	box_teardown(&b);
}

static void test_matrix_bits(void **state)
{
	static const uint32_t bad[] = { 0, 4097, UINT32_MAX };
	static const char *const names[] = { "RHEL 8", "5.10", "6.12", "7" };
	struct box b;
	size_t i, j;

	(void)state;
	for (i = 0; i < 4; i++) {
		box_setup(&b, names[i]);
		for (j = 0; j < 3; j++) {
			fk_put(b.fk, b.fk->matrix,
			       &b.fk->layout.irq_matrix.matrix_bits, bad[j]);
			box_reread(&b);
			assert_int_equal(b.s->matrix.matrix_bits, IRQM_UNKNOWN);
			assert_int_equal(b.s->matrix.addr, 0);
			assert_int_equal(b.s->cpus[0].available, IRQM_UNKNOWN);
			box_assert_rest_true(&b);
		}
		/* more than the bitmaps have, or than stands behind */
		fk_put(b.fk, b.fk->matrix, &b.fk->layout.irq_matrix.matrix_bits,
		       4096);
		box_reread(&b);
		assert_false(irqm_bits_known(&b.s->matrix.system_map));
		assert_false(irqm_bits_known(&b.s->cpus[0].alloc_map));
		assert_false(irqm_bits_known(&b.s->cpus[0].managed_map));
		assert_true(b.s->nr_unread > 0);
		box_teardown(&b);
	}
}

static void test_matrix_pointers(void **state)
{
	struct box b;
	uint64_t maps;
	unsigned int cpu;

	(void)state;
	box_setup(&b, "6.12");
	maps = fk_percpu(b.fk, b.fk->maps, 0);
	fk_put(b.fk, maps, &b.fk->layout.cpumap.managed_map, 0);
	fk_put(b.fk, b.fk->matrix, &b.fk->layout.irq_matrix.system_map, WILD);
	box_reread(&b);
	assert_false(irqm_bits_known(&b.s->cpus[0].managed_map));
	assert_true(irqm_bits_known(&b.s->cpus[0].alloc_map));
	assert_true(irqm_bits_known(&b.s->cpus[1].managed_map));
	assert_false(irqm_bits_known(&b.s->matrix.system_map));
	box_assert_rest_true(&b);
	fk_put(b.fk, b.fk->matrix, &b.fk->layout.irq_matrix.maps, WILD);
	box_reread(&b);
	for (cpu = 0; cpu < 6; cpu++)
		assert_int_equal(b.s->cpus[cpu].online, IRQM_UNKNOWN);
	box_assert_rest_true(&b);
	fk_put64(b.fk, fk_symbol_value(b.fk, "vector_matrix"), 0);
	box_reread(&b);
	assert_true(box_noted(&b, "irq_matrix", IRQM_BAD_POINTER));
	box_assert_rest_true(&b);
	box_teardown(&b);
}

static void test_vmcoreinfo(void **state)
{
	static const uint32_t sizes[] = { 0, 4097, UINT32_MAX };
	uint64_t note;
	struct box b;
	char *time;
	size_t i;

	(void)state;
	box_setup(&b, "6.12");
	note = box_list_next(&b, fk_symbol_value(b.fk, "vmcoreinfo_note"));
	/* no number is no time, not the year 1970 */
	time = memmem(fk_at(b.fk, note), 4096, "CRASHTIME=", 10);
	assert_non_null(time);
	time[10] = 'x';
	box_reread(&b);
	assert_non_null(b.s->dump.release);
	assert_int_equal(b.s->dump.crash_time, IRQM_UNKNOWN);
	for (i = 0; i < 3; i++) {
		memcpy(fk_at(b.fk, note + 4), &sizes[i], 4);
		box_put32(&b, "vmcoreinfo_size", sizes[i]);
		box_reread(&b);
		assert_null(b.s->dump.release);
		assert_int_equal(b.s->dump.crash_time, IRQM_UNKNOWN);
	}
	box_teardown(&b);
}

static void test_no_matrix(void **state)
{
	struct irqm_memory *memory = irqm_memory_new();
	struct irqm_target t = irqm_memory_target(memory);
	struct irqm_layout l = fk_load("debian-6.12");
	struct irqm_snapshot *s = NULL;
	struct irqm_error err = { 0 };

	(void)state;
	assert_int_equal(irqm_snapshot_read(&t, &l, 0, &s, &err), -1);
	assert_null(s);
	assert_non_null(strstr(err.msg, "4.15"));
	irqm_memory_free(memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nr_cpu_ids),
		cmocka_unit_test(test_matrix_bits),
		cmocka_unit_test(test_matrix_pointers),
		cmocka_unit_test(test_vmcoreinfo),
		cmocka_unit_test(test_no_matrix),
	};

	return RUN(tests);
}
