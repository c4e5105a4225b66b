/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Type information that was made to lead out of a copy. */
#include "unit.h"
#include "box.h"

static void read_with(const struct box *b, struct irqm_layout *l)
{
	struct irqm_snapshot *s;

	irqm_layout_finish(l);
	if (fk_read(b->fk, l, IRQM_READ_COUNTS, &s) == 0)
		irqm_snapshot_free(s);
}

/* A structure of the wrong size, its members at its end. */
static void resize(struct irqm_layout *l, unsigned int strct, uint32_t size)
{
	unsigned int i;

	*irqm_row_size(l, &irqm_struct_rows[strct]) = size;
	for (i = 0; i < irqm_nr_member_rows; i++) {
		struct irqm_member *m =
			irqm_row_member(l, &irqm_member_rows[i]);

		if (irqm_member_rows[i].strct == strct && m->size <= size)
			m->offset = size - m->size;
	}
}

static void read_with_other_sizes(const struct box *b)
{
	static const uint32_t sizes[] = {
		1, 8, 300, 8192, 8193, 65536, 1 << 20,
	};
	struct irqm_layout l;
	unsigned int i, k;

	for (i = 0; i < irqm_nr_struct_rows; i++) {
		for (k = 0; k < 7; k++) {
			l = b->fk->layout;
			resize(&l, i, sizes[k]);
			read_with(b, &l);
		}
	}
}

/* Each member of other kinds and shapes. */
static void read_with_other_members(const struct box *b)
{
	struct irqm_layout l;
	struct irqm_member *m;
	unsigned int i, k;

	for (i = 0; i < irqm_nr_member_rows; i++) {
		for (k = 0; k < 5 * 4; k++) {
			l = b->fk->layout;
			m = irqm_row_member(&l, &irqm_member_rows[i]);
			if (!m->exists)
				break;
			m->kind = k / 4;
			m->elem_size = 1 << k % 4;
			m->count = m->size >> k % 4;
			if (k % 4 == 3)
				m->size = 1;
			read_with(b, &l);
		}
	}
}

static void test_forged_layout(void **state)
{
	struct box b;
	size_t g;

	(void)state;
	for (g = 0; g < FK_NR_GENERATIONS; g++) {
		box_setup(&b, fk_generations[g].name);
		fk_commit(b.fk, FK_PACKED);
		read_with_other_sizes(&b);
		read_with_other_members(&b);
		box_teardown(&b);
	}
}

/* Members that are structures must be as long as these say. */
static void test_embedded(void **state)
{
	struct irqm_layout l;

	(void)state;
	l = fk_load("debian-6.12");
	l.irq_data.size += 8;
	irqm_layout_finish(&l);
	assert_false(l.irq_desc.irq_data.exists);
	assert_true(l.irq_desc.irq_common_data.exists);
	l = fk_load("debian-6.12");
	l.irq_common_data.size -= 8;
	irqm_layout_finish(&l);
	assert_false(l.irq_desc.irq_common_data.exists);
	l = fk_load("debian-6.12");
	l.msi_msg.size = 1 << 20;
	l.dev_msi_info.exists = false;
	l.device.kobj.kind = IRQM_KIND_ARRAY;
	irqm_layout_finish(&l);
	assert_false(l.msi_desc.msg.exists);
	assert_false(l.device.msi.exists);
	assert_false(l.device.kobj.exists);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forged_layout),
		cmocka_unit_test(test_embedded),
	};

	return RUN(tests);
}
