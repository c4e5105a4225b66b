/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Notes that are whole, cut and damaged. */
#include "unit.h"

#include <elf.h>

#include "memory/elf_notes.h"

/* "GNU" with 5 bytes, then "QEMU" with 4; each part padded to 4. */
static const unsigned char two[] = {
	4,   0,   0,   0,   5,   0,   0, 0, NT_GNU_BUILD_ID,
	0,   0,   0,   'G', 'N', 'U', 0, 1, 2,
	3,   4,   5,   0,   0,   0,   5, 0, 0,
	0,   4,   0,   0,   0,   7,   0, 0, 0,
	'Q', 'E', 'M', 'U', 0,   0,   0, 0, 6,
	7,   8,   9,
};

static void both_are_found(void **state)
{
	struct irqm_elf_notes notes = { .data = two, .size = sizeof(two) };
	struct irqm_elf_note n;

	(void)state;
	assert_true(irqm_elf_notes_next(&notes, &n));
	assert_int_equal(n.type, NT_GNU_BUILD_ID);
	assert_true(irqm_elf_note_is_named(&n, "GNU"));
	assert_false(irqm_elf_note_is_named(&n, "GN"));
	assert_false(irqm_elf_note_is_named(&n, "GNUS"));
	assert_int_equal(n.desc_size, 5);
	assert_ptr_equal(n.header, two);
	assert_ptr_equal(n.desc, two + 16);
	assert_false(n.cut);
	assert_true(irqm_elf_notes_next(&notes, &n));
	assert_int_equal(n.type, 7);
	assert_true(irqm_elf_note_is_named(&n, "QEMU"));
	assert_ptr_equal(n.desc, two + 44);
	assert_false(n.cut);
	assert_false(irqm_elf_notes_next(&notes, &n));
}

/* Every length, of memory that ends there. */
static void cut_anywhere(void **state)
{
	size_t size;

	(void)state;
	for (size = 0; size <= sizeof(two); size++) {
		unsigned char *copy = malloc(size + !size);
		struct irqm_elf_notes notes = { .data = copy, .size = size };
		struct irqm_elf_note n = { .cut = false };
		unsigned int whole = 0, cut = 0;

		assert_non_null(copy);
		memcpy(copy, two, size);
		while (irqm_elf_notes_next(&notes, &n)) {
			whole += !n.cut;
			cut += n.cut;
			assert_true(notes.at <= size);
		}
		/* 16 and 41: with the name; 21 and 48: with all but padding */
		assert_int_equal(whole, size < 21 ? 0 : size < 48 ? 1 : 2);
		assert_int_equal(cut, (size >= 16 && size < 21) ||
					      (size >= 41 && size < 48));
		free(copy);
	}
}

static void sizes_that_wrap(void **state)
{
	unsigned char copy[sizeof(two)];
	struct irqm_elf_notes notes = { .data = copy, .size = sizeof(copy) };
	struct irqm_elf_note n;

	(void)state;
	memcpy(copy, two, sizeof(two));
	memset(copy, 0xff, 4);
	assert_false(irqm_elf_notes_next(&notes, &n));
	memcpy(copy, two, sizeof(two));
	memset(copy + 4, 0xff, 4);
	assert_true(irqm_elf_notes_next(&notes, &n));
	assert_true(n.cut);
	assert_null(n.desc);
	assert_int_equal(n.desc_size, 0xffffffff);
	assert_false(irqm_elf_notes_next(&notes, &n));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_are_found),
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(sizes_that_wrap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
