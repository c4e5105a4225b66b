/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names and addresses, in each encoding and each order; finding the tables. */
#include "kallsyms_maker.h"

static void check_all(struct made *t, bool percpu, size_t long_len)
{
	char name[512], text[8];
	uint64_t value, offset;

	assert_int_equal(open_made(t), 0);
	assert_value(t, "_stext", percpu ? 3 : 1);
	assert_value(t, "function_299", 299);
	assert_value(t, "do_irq_x", 300);
	assert_value(t, "function_301", 301);
	assert_value(t, long_name(name, long_len) + 1, 600);
	assert_value(t, "twice", 700);
	assert_value(t, "moved", 730);
	assert_false(find(t, "not_moved", &value));
	assert_false(find(t, "moved.llvm", &value));
	assert_value(t, BIG, t->nr - 4);
	assert_value(t, "rat_table", t->nr - 3);
	assert_value(t, "tar_table", t->nr - 2);
	assert_value(t, "_end", t->nr - 1);
	assert_int_equal(find(t, "vector_irq", &value), percpu);
	if (percpu)
		assert_true(value == PERCPU);
	assert_false(find(t, "function_300", &value));
	assert_false(find(t, "", &value));

	assert_at(t, STEXT, "_text", 0);
	assert_at(t, t->values[300] + 3, "do_irq_x", 3);
	assert_at(t, t->values[600], long_name(name, long_len) + 1, 0);
	assert_at(t, t->values[t->nr - 2] + 1, "rat_table", 1);
	assert_at(t, t->values[t->nr - 1], "_end", 0);
	assert_false(irqm_kallsyms_at(t->k, t->values[t->nr - 1] + 1, name,
				      sizeof(name), &offset));
	assert_false(
		irqm_kallsyms_at(t->k, STEXT - 1, name, sizeof(name), &offset));
	assert_false(
		irqm_kallsyms_at(t->k, PERCPU, name, sizeof(name), &offset));
	/* cut and terminated */
	assert_true(irqm_kallsyms_at(t->k, t->values[300], text, sizeof(text),
				     &offset));
	assert_string_equal(text, "do_irq_");
}

static void test_forms(void **state)
{
	static const enum form forms[] = { ABSOLUTE, RELATIVE, PERCPU_FORM,
					   PLACE };
	unsigned int i, order, big;

	(void)state;
	for (i = 0; i < 4; i++) {
		for (order = OLDER; order <= NEWER; order++) {
			for (big = 0; big < 2; big++) {
				struct made *t = make(forms[i], order, big, NR);
				bool percpu = forms[i] == ABSOLUTE ||
					      forms[i] == PERCPU_FORM;

				check_all(t, percpu, big ? 300 : 140);
				drop(t);
			}
		}
	}
}

/* Without markers a walk has to find its way. */
static void test_no_markers(void **state)
{
	struct made *t = make(PLACE, NEWER, true, NR);

	(void)state;
	t->markers[2] = 1;
	write_tables(t, PLACE);
	check_all(t, false, 300);
	drop(t);
}

static void test_many_at_once(void **state)
{
	struct made *t = make(RELATIVE, NEWER, true, NR);
	const char *names[] = { "_end", "no_such_name", "function_10",
				"function_10", "do_irq_x" };
	uint64_t values[5];
	bool found[5];

	(void)state;
	assert_int_equal(open_made(t), 0);
	irqm_kallsyms_find(t->k, 0, names, 5, values, found);
	assert_true(found[0] && !found[1] && found[2] && found[3] && found[4]);
	assert_true(values[0] == t->values[NR - 1]);
	assert_true(values[2] == t->values[10] && values[3] == values[2]);
	irqm_kallsyms_find(t->k, 0, names, 0, values, found);
	drop(t);
}

/*
 * Blocks of names that are all text are not looked at: there, and only there,
 * no name is found, and what is behind has its own value.
 */
static void check_without_text(enum form form, enum order order)
{
	struct made *t = make(form, order, true, NR);
	const char *names[] = { "_stext",       "function_10",  "function_400",
				"function_767", "function_768", BIG,
				"_end",         "vector_irq" };
	bool percpu = form == ABSOLUTE || form == PERCPU_FORM, found[8];
	uint64_t values[8];

	assert_int_equal(open_made(t), 0);
	irqm_kallsyms_find(t->k, t->values[NR - 4], names, 8, values, found);
	assert_true(found[0] && values[0] == STEXT);
	assert_true(found[1] && !found[2] && !found[3]);
	assert_true(found[4] && values[4] == t->values[768]);
	assert_true(found[5] && values[5] == t->values[NR - 4]);
	assert_true(found[6] && values[6] == t->values[NR - 1]);
	assert_true(found[7] == percpu && (!percpu || values[7] == PERCPU));
	/* an end within the first block, before the text, behind it all */
	irqm_kallsyms_find(t->k, t->values[200], names, 8, values, found);
	assert_true(found[2] && found[3] && found[6]);
	irqm_kallsyms_find(t->k, STEXT, names, 8, values, found);
	assert_true(found[2] && found[3] && found[6]);
	irqm_kallsyms_find(t->k, UINT64_MAX, names, 8, values, found);
	assert_true(found[1] && !found[2] && !found[3] && found[6]);
	/* without markers nobody knows where to go on */
	t->markers[2] = 1;
	write_tables(t, form);
	assert_int_equal(open_made(t), 0);
	irqm_kallsyms_find(t->k, t->values[NR - 4], names, 8, values, found);
	assert_true(found[2] && values[2] == t->values[400]);
	drop(t);
}

static void test_without_text(void **state)
{
	(void)state;
	check_without_text(ABSOLUTE, OLDER);
	check_without_text(PERCPU_FORM, OLDER);
	check_without_text(RELATIVE, NEWER);
	check_without_text(PLACE, NEWER);
}

static void test_ranges(void **state)
{
	struct made *t = make(PERCPU_FORM, NEWER, true, NR);
	uint64_t addr[IRQM_KALLSYMS_RANGES], len[IRQM_KALLSYMS_RANGES];
	struct made *copy = calloc(1, sizeof(*copy));
	unsigned int i, nr;

	(void)state;
	assert_non_null(copy);
	assert_int_equal(open_made(t), 0);
	nr = irqm_kallsyms_ranges(t->k, addr, len);
	assert_int_equal(nr, 7);
	/* what they cover is enough, with zeroes around */
	memcpy(copy, t, sizeof(*t));
	memset(copy->image, 0, SPACE);
	for (i = 0; i < nr; i++)
		put(copy, addr[i], t->image + (addr[i] - TABLES), len[i]);
	copy->k = NULL;
	copy->m = NULL;
	refresh(copy);
	assert_int_equal(open_made(copy), 0);
	assert_value(copy, "function_10", 10);
	assert_value(copy, "_end", NR - 1);
	drop(copy);
	drop(t);
}

static void test_vmcoreinfo(void **state)
{
	static const char text[] =
		"SYMBOL(kallsyms_names)=ffffffff82151668\n"
		"SYMBOL(kallsyms_num_syms)=ffffffff82151660\n"
		"SYMBOL(kallsyms_token_table)=ffffffff82366dd0\n"
		"SYMBOL(kallsyms_token_index)=ffffffff823671d0\n"
		"SYMBOL(kallsyms_offsets)=ffffffff823673d0\n"
		"SYMBOL(kallsyms_relative_base)=ffffffff824016b8\n";
	struct irqm_kallsyms_where w;

	(void)state;
	assert_true(irqm_kallsyms_from_vmcoreinfo(text, &w));
	assert_true(w.names == 0xffffffff82151668);
	assert_true(w.num_syms == 0xffffffff82151660);
	assert_true(w.token_table == 0xffffffff82366dd0);
	assert_true(w.token_index == 0xffffffff823671d0);
	assert_true(w.offsets == 0xffffffff823673d0);
	assert_true(w.relative_base == 0xffffffff824016b8);
	assert_true(w.addresses == 0);
	assert_false(irqm_kallsyms_from_vmcoreinfo(text + 1, &w));
	assert_false(irqm_kallsyms_from_vmcoreinfo("", &w));
}

static void scan_finds(enum form form, enum order order, uint32_t nr)
{
	struct made *t = make(form, order, true, nr);
	struct irqm_kallsyms_where w;

	assert_true(irqm_kallsyms_scan(&t->target, STEXT, TABLES + SPACE, &w));
	assert_memory_equal(&w, &t->where, sizeof(w));
	assert_int_equal(open_made(t), 0);
	assert_value(t, "_end", nr - 1);
	drop(t);
}

static void test_scan(void **state)
{
	uint32_t more;

	(void)state;
	for (more = 0; more < 260; more += 51) {
		scan_finds(PERCPU_FORM, OLDEST, MANY + more);
		scan_finds(RELATIVE, OLDER, MANY + more);
		scan_finds(PERCPU_FORM, OLDER, MANY + more);
		scan_finds(RELATIVE, NEWER, MANY + more);
		scan_finds(PERCPU_FORM, NEWER, MANY + more);
		scan_finds(PLACE, NEWER, MANY + more);
	}
	/* a trimmed kernel, with functions only: between two looks */
	scan_finds(RELATIVE, OLDER, 16000);
	scan_finds(RELATIVE, NEWER, 16000);
}

static void test_scan_in_vain(void **state)
{
	struct made *t = make(RELATIVE, NEWER, true, MANY);
	struct irqm_kallsyms_where w;

	(void)state;
	assert_false(irqm_kallsyms_scan(&t->target, STEXT + 4096,
					TABLES + SPACE, &w));
	assert_false(irqm_kallsyms_scan(&t->target, STEXT, STEXT, &w));
	assert_false(irqm_kallsyms_scan(&t->target, STEXT, 0, &w));
	irqm_memory_deny(t->m, t->where.token_index, 512, IRQM_EXCLUDED);
	assert_false(irqm_kallsyms_scan(&t->target, STEXT, TABLES + SPACE, &w));
	drop(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_no_markers),
		cmocka_unit_test(test_many_at_once),
		cmocka_unit_test(test_without_text),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_vmcoreinfo),
		cmocka_unit_test(test_scan),
		cmocka_unit_test(test_scan_in_vain),
	};

	return RUN(tests);
}
