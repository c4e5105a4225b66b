/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kallsyms on tables made here, in each encoding and each order. */
#include "unit.h"

#include "target/kallsyms.h"
#include "target/memory.h"

#define STEXT 0xffffffff9b200000ULL
#define TABLES (STEXT + 0x150000)
#define PERCPU 0x1efa0U
#define SPACE (1U << 20)
#define NR 1000U
#define BIG "big_name_that_no_token_shortens"

enum form { ABSOLUTE, RELATIVE, PERCPU_FORM, PLACE };
enum order { OLDER, NEWER };

/* What a kernel would hold, and the memory that it is in. */
struct made {
	struct irqm_memory *m;
	struct irqm_target target;
	struct irqm_kallsyms_where where;
	unsigned char names[1 << 20];
	size_t names_len;
	uint32_t markers[256];
	char tokens[2048];
	size_t tokens_len;
	uint16_t index[256];
	uint64_t values[1 << 16];
	uint32_t nr;
	unsigned char image[SPACE]; /* from TABLES on */
	struct irqm_kallsyms *k;
};

static void make_tokens(struct made *t)
{
	unsigned int i;

	for (i = 0; i < 256; i++) {
		char text[16] = { (char)i };

		if (i == 0 || i > 250)
			text[0] = '\0'; /* an unused code */
		if (i == 200)
			strcpy(text, "irq_");
		if (i == 201)
			strcpy(text, "Tdo_");
		t->index[i] = t->tokens_len;
		strcpy(t->tokens + t->tokens_len, text);
		t->tokens_len += strlen(text) + 1;
	}
}

static void add_bytes(struct made *t, const void *tokens, size_t len, bool big)
{
	assert_true(t->names_len + len + 2 <= sizeof(t->names));
	if (t->nr % 256 == 0)
		t->markers[t->nr / 256] = t->names_len;
	if (big && len > 0x7f) {
		t->names[t->names_len++] = 0x80 | (len & 0x7f);
		t->names[t->names_len++] = len >> 7;
	} else {
		t->names[t->names_len++] = len;
	}
	memcpy(t->names + t->names_len, tokens, len);
	t->names_len += len;
}

static void add(struct made *t, uint64_t value, const char *typed, bool big)
{
	add_bytes(t, typed, strlen(typed), big);
	t->values[t->nr++] = value;
}

/* A name of n characters. */
static char *long_name(char *dst, size_t n)
{
	memset(dst, 'x', n);
	memcpy(dst, "Tlong_", 6);
	dst[n] = '\0';
	return dst;
}

static void make_symbols(struct made *t, enum form form, bool big, uint32_t nr)
{
	char name[512];
	uint64_t addr = STEXT;

	if (form == PERCPU_FORM || form == ABSOLUTE) {
		add(t, 0, "D__per_cpu_start", big);
		add(t, PERCPU, "Dvector_irq", big);
	}
	add(t, addr, "T_text", big);
	add(t, addr, "T_stext", big);
	while (t->nr < nr - 4) {
		addr += 0x40 + t->nr % 7 * 16;
		snprintf(name, sizeof(name), "tfunction_%u", t->nr);
		if (t->nr == 300) {
			/* "Tdo_" "irq_" "x" */
			add_bytes(t, "\311\310x", 3, big);
			t->values[t->nr++] = addr;
		} else if (t->nr == 600) {
			add(t, addr, long_name(name, big ? 300 : 140), big);
		} else if (t->nr == 700 || t->nr == 720) {
			add(t, addr, "ttwice", big);
		} else {
			add(t, addr, name, big);
		}
	}
	add(t, addr + 0x100, "d" BIG, big);
	add(t, addr + 0x200, "drat_table", big);
	add(t, addr + 0x200, "dtar_table", big); /* an anagram, an alias */
	add(t, addr + 0x4000, "B_end", big);
}

/* Memory anew: the image, and nothing denied. */
static void refresh(struct made *t)
{
	irqm_kallsyms_free(t->k);
	t->k = NULL;
	irqm_memory_free(t->m);
	t->m = irqm_memory_new();
	assert_non_null(t->m);
	t->target = irqm_memory_target(t->m);
	assert_int_equal(irqm_memory_write(t->m, TABLES, t->image, SPACE), 0);
}

static void put(struct made *t, uint64_t addr, const void *p, size_t len)
{
	assert_in_range(addr, TABLES, TABLES + SPACE - len);
	memcpy(t->image + (addr - TABLES), p, len);
}

static int32_t offset_of(const struct made *t, enum form form, uint32_t i)
{
	uint64_t v = t->values[i];

	if (form == RELATIVE)
		return (int32_t)(v - STEXT);
	if (form == PLACE)
		return (int32_t)(v - (t->where.offsets + 4ULL * i));
	return v < STEXT ? (int32_t)v : (int32_t)(STEXT - 1 - v);
}

#define UP(n) (((n) + 7) & ~7ULL)

/* Lays the tables out as scripts/kallsyms.c does, and seqs_of_names. */
static void place(struct made *t, enum form form, enum order order)
{
	struct irqm_kallsyms_where *w = &t->where;
	uint64_t at = TABLES, markers, blocks = (t->nr + 255) / 256;
	uint64_t seqs = order == OLDER ? UP(t->nr * 3) : 0;
	uint64_t *values = form == ABSOLUTE ? &w->addresses : &w->offsets;
	unsigned int size = form == ABSOLUTE ? 8 : 4;

	if (order == OLDER) {
		*values = at;
		at = UP(at + t->nr * size);
		if (form == RELATIVE || form == PERCPU_FORM) {
			w->relative_base = at;
			at += 8;
		}
	}
	w->num_syms = at;
	w->names = at + (form == PLACE ? 4 : 8);
	markers = UP(w->names + t->names_len);
	w->token_table = UP(markers + 4 * blocks) + seqs;
	w->token_index = UP(w->token_table + t->tokens_len);
	at = w->token_index + 512;
	if (order == NEWER) {
		*values = at;
		at = UP(at + t->nr * size);
		if (form == RELATIVE || form == PERCPU_FORM)
			w->relative_base = at;
	}
	memset(t->names + t->names_len, 0, 8);
}

static void write_tables(struct made *t, enum form form)
{
	const struct irqm_kallsyms_where *w = &t->where;
	uint64_t stext = STEXT;
	int32_t offset;
	uint32_t i;

	for (i = 0; i < t->nr; i++) {
		if (form == ABSOLUTE) {
			put(t, w->addresses + 8 * i, &t->values[i], 8);
			continue;
		}
		offset = offset_of(t, form, i);
		put(t, w->offsets + 4 * i, &offset, 4);
	}
	if (w->relative_base)
		put(t, w->relative_base, &stext, 8);
	put(t, w->num_syms, &t->nr, 4);
	put(t, w->names, t->names, t->names_len);
	put(t, UP(w->names + t->names_len), t->markers,
	    (t->nr + 255) / 256 * 4);
	put(t, w->token_table, t->tokens, t->tokens_len);
	put(t, w->token_index, t->index, sizeof(t->index));
	refresh(t);
}

static struct made *make(enum form form, enum order order, bool big,
			 uint32_t nr)
{
	struct made *t = calloc(1, sizeof(*t));

	assert_non_null(t);
	make_tokens(t);
	make_symbols(t, form, big, nr);
	place(t, form, order);
	write_tables(t, form);
	return t;
}

static int open_made(struct made *t)
{
	struct irqm_error err = { .msg = "" };
	int rc;

	irqm_kallsyms_free(t->k);
	rc = irqm_kallsyms_new(&t->target, &t->where, STEXT, &t->k, &err);
	assert_int_equal(rc != 0, t->k == NULL);
	assert_int_equal(rc != 0, err.msg[0] != '\0');
	return rc;
}

static void drop(struct made *t)
{
	irqm_kallsyms_free(t->k);
	irqm_memory_free(t->m);
	free(t);
}

static bool find(const struct made *t, const char *name, uint64_t *value)
{
	bool found = false;

	irqm_kallsyms_find(t->k, &name, 1, value, &found);
	return found;
}

static void assert_value(const struct made *t, const char *name, uint32_t i)
{
	uint64_t value = 0;

	assert_true(find(t, name, &value));
	assert_true(value == t->values[i]);
}

static void assert_at(const struct made *t, uint64_t addr, const char *name,
		      uint64_t offset)
{
	uint64_t ret = ~0ULL;
	char text[512];

	assert_true(irqm_kallsyms_at(t->k, addr, text, sizeof(text), &ret));
	assert_string_equal(text, name);
	assert_true(ret == offset);
}

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
	assert_false(irqm_kallsyms_at(t->k, STEXT - 1, name, sizeof(name),
				      &offset));
	assert_false(irqm_kallsyms_at(t->k, PERCPU, name, sizeof(name),
				      &offset));
	/* cut and terminated */
	assert_true(irqm_kallsyms_at(t->k, t->values[300], text,
				     sizeof(text), &offset));
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
				struct made *t = make(forms[i], order, big,
						      NR);
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
	irqm_kallsyms_find(t->k, names, 5, values, found);
	assert_true(found[0] && !found[1] && found[2] && found[3] && found[4]);
	assert_true(values[0] == t->values[NR - 1]);
	assert_true(values[2] == t->values[10] && values[3] == values[2]);
	irqm_kallsyms_find(t->k, names, 0, values, found);
	drop(t);
}

/* A page of names away costs its names, and no other gets a wrong value. */
static void test_excluded_names(void **state)
{
	struct made *t = make(PLACE, NEWER, true, NR);
	uint64_t page = (t->where.names + 4096) & ~4095ULL, value;
	unsigned int i, there = 0;
	char name[32];

	(void)state;
	irqm_memory_deny(t->m, page, 4096, IRQM_EXCLUDED);
	assert_int_equal(open_made(t), 0);
	for (i = 2; i < NR - 4; i++) {
		snprintf(name, sizeof(name), "function_%u", i);
		if (!find(t, name, &value))
			continue;
		assert_true(value == t->values[i]);
		there++;
	}
	assert_in_range(there, NR / 4, NR - 100);
	assert_value(t, "_end", NR - 1);
	assert_at(t, STEXT, "_text", 0);
	drop(t);
}

/* Offsets away: no name for addresses there, no value for the names. */
static void test_excluded_offsets(void **state)
{
	struct made *t = make(RELATIVE, OLDER, true, 4000);
	uint64_t page = (t->where.offsets + 8192) & ~4095ULL, offset, value;
	uint32_t i = (page - t->where.offsets) / 4 + 100;
	char name[64];

	(void)state;
	irqm_memory_deny(t->m, page, 4096, IRQM_EXCLUDED);
	if (open_made(t) == 0) {
		snprintf(name, sizeof(name), "function_%u", i);
		assert_false(find(t, name, &value));
		assert_false(irqm_kallsyms_at(t->k, t->values[i], name,
					      sizeof(name), &offset));
		assert_value(t, "function_10", 10);
	}
	drop(t);
}

/* A corrupt length must not give names the values of others. */
static void test_corrupt_block(void **state)
{
	struct made *t = make(PLACE, NEWER, true, NR);
	uint64_t value;

	(void)state;
	t->names[t->markers[1]] += 1;
	/* the last block's first name takes in the second */
	t->names[t->markers[3]] += t->names[t->markers[3]] + 1;
	write_tables(t, PLACE);
	assert_int_equal(open_made(t), 0);
	assert_false(find(t, "function_400", &value));
	assert_value(t, "function_200", 200);
	assert_value(t, "function_601", 601);
	assert_false(find(t, "function_900", &value));
	drop(t);
}

static void test_refused(void **state)
{
	struct made *t = make(RELATIVE, NEWER, true, NR);
	uint32_t counts[] = { 0, 1U << 23, UINT32_MAX };
	uint16_t indices[] = { UINT16_MAX, 1 };
	uint64_t no_base = STEXT + 0x1000;
	struct irqm_kallsyms_where where = t->where;
	unsigned int i;

	(void)state;
	assert_int_equal(open_made(t), 0);
	for (i = 0; i < 3; i++) {
		put(t, t->where.num_syms, &counts[i], 4);
		refresh(t);
		assert_int_equal(open_made(t), -1);
	}
	write_tables(t, RELATIVE);
	assert_int_equal(open_made(t), 0);

	/* an index out of range, and one within that is no start */
	for (i = 0; i < 2; i++) {
		put(t, t->where.token_index + 510, &indices[i], 2);
		refresh(t);
		assert_int_equal(open_made(t), -1);
	}
	write_tables(t, RELATIVE);

	/* another base: _stext is elsewhere */
	put(t, t->where.relative_base, &no_base, 8);
	refresh(t);
	assert_int_equal(open_made(t), -1);
	write_tables(t, RELATIVE);

	t->where.names = UINT64_MAX - 3;
	open_made(t);
	t->where = where;
	t->where.token_table = UINT64_MAX - 3;
	assert_int_equal(open_made(t), -1);
	t->where = where;
	t->where.offsets = UINT64_MAX - 3;
	assert_int_equal(open_made(t), -1);
	t->where = where;
	irqm_memory_deny(t->m, t->where.num_syms, 1, IRQM_TRUNCATED);
	assert_int_equal(open_made(t), -1);
	drop(t);
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
	drop(t);
}

/* As many symbols as the 128 KB between two looks need, and some more. */
#define MANY 36000U

static void test_scan(void **state)
{
	uint32_t more;

	(void)state;
	for (more = 0; more < 260; more += 51) {
		scan_finds(RELATIVE, OLDER, MANY + more);
		scan_finds(PERCPU_FORM, OLDER, MANY + more);
		scan_finds(RELATIVE, NEWER, MANY + more);
		scan_finds(PERCPU_FORM, NEWER, MANY + more);
		scan_finds(PLACE, NEWER, MANY + more);
	}
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
	assert_false(irqm_kallsyms_scan(&t->target, STEXT, TABLES + SPACE,
					&w));
	drop(t);
}

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

static void use(struct made *t, uint32_t *random)
{
	uint64_t offset, value;
	unsigned int i;
	char name[64];

	find(t, "no_such_name", &value);
	for (i = 0; i < 20; i++)
		irqm_kallsyms_at(t->k, STEXT + next_random(random) % 0x20000,
				 name, sizeof(name), &offset);
}

/* Bytes flipped and a page away anywhere: no crash, no endless walk. */
static void test_flipped(void **state)
{
	struct made *t = make(PLACE, NEWER, true, NR);
	uint64_t used = t->where.offsets + 4 * NR - TABLES;
	unsigned int round, i, opened = 0;
	uint32_t random = 1;

	(void)state;
	for (round = 0; round < 1000; round++) {
		if (round % 8 == 0)
			write_tables(t, PLACE);
		for (i = 0; i < 2; i++)
			t->image[next_random(&random) % used] =
				next_random(&random);
		refresh(t);
		if (round % 3 == 0)
			irqm_memory_deny(t->m, TABLES +
					 next_random(&random) % used, 1,
					 IRQM_EXCLUDED);
		if (open_made(t))
			continue;
		opened++;
		use(t, &random);
	}
	assert_in_range(opened, 100, 999);
	drop(t);
}

/* The same below the scan. */
static void test_flipped_scan(void **state)
{
	struct made *t = make(RELATIVE, NEWER, true, MANY);
	struct irqm_kallsyms_where w;
	uint64_t used = t->where.relative_base + 8 - TABLES;
	unsigned int round, i;
	uint32_t random = 7;

	(void)state;
	for (round = 0; round < 60; round++) {
		if (round % 8 == 0)
			write_tables(t, RELATIVE);
		for (i = 0; i < 4; i++)
			t->image[next_random(&random) % used] =
				next_random(&random);
		refresh(t);
		irqm_kallsyms_scan(&t->target, STEXT, TABLES + SPACE, &w);
	}
	drop(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_no_markers),
		cmocka_unit_test(test_many_at_once),
		cmocka_unit_test(test_excluded_names),
		cmocka_unit_test(test_excluded_offsets),
		cmocka_unit_test(test_corrupt_block),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_vmcoreinfo),
		cmocka_unit_test(test_scan),
		cmocka_unit_test(test_scan_in_vain),
		cmocka_unit_test(test_flipped),
		cmocka_unit_test(test_flipped_scan),
	};

	return RUN(tests);
}
