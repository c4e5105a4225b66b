/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A learned kernel as text and back, and texts that are not one. */
#include "learned.h"

#include "memory/variables.h"

static int parse(const char *s, size_t len)
{
	err.msg[0] = '\0';
	return irqm_learned_parse(&(struct irqm_learned_text){ s, len }, other,
				  &err);
}

static void test_round_trip(void **state)
{
	unsigned int i;
	size_t len;
	char *again;
	uint64_t a, b;

	(void)state;
	assert_int_equal(parse(text, text_len), 0);
	assert_string_equal(other->release, "6.1");
	assert_string_equal(other->from, kernel->from);
	assert_string_equal(other->types, "dwarf");
	assert_int_equal(other->time, 1700000000);
	assert_int_equal(other->text, kernel->text);
	assert_int_equal(other->end, kernel->end);
	assert_int_equal(other->build.id_size, 20);
	assert_memory_equal(other->build.note, kernel->build.note,
			    sizeof(kernel->build.note));
	assert_int_equal(other->build.note_at, kernel->build.note_at);
	assert_string_equal(other->build.banner, kernel->build.banner);
	assert_int_equal(other->build.banner_at, kernel->build.banner_at);
	assert_int_equal(other->nr_symbols, kernel->nr_symbols);
	/* not by bytes: there may be anything behind the end of a name */
	again = irqm_learned_print(other, &len);
	assert_string_equal(again, text);
	free(again);
	assert_memory_equal(&other->layout.irq_desc, &kernel->layout.irq_desc,
			    sizeof(kernel->layout.irq_desc));
	assert_memory_equal(&other->layout.cpumap, &kernel->layout.cpumap,
			    sizeof(kernel->layout.cpumap));
	for (i = 0; i < IRQM_NR_VARIABLES; i++) {
		bool has =
			irqm_learned_symbol(kernel, irqm_variables[i].name, &a);

		assert_int_equal(
			irqm_learned_symbol(other, irqm_variables[i].name, &b),
			has);
		assert_true(!has || a == b);
	}
	assert_true(irqm_learned_symbol(other, "vector_matrix", &a));
	assert_false(irqm_learned_symbol(other, "irq_desc", &a));
}

static void test_head(void **state)
{
	uint64_t a;

	(void)state;
	assert_int_equal(
		irqm_learned_head(&(struct irqm_learned_text){ text, text_len },
				  other, &err),
		0);
	assert_string_equal(other->release, "6.1");
	assert_true(irqm_learned_symbol(other, "_stext", &a));
	assert_false(other->layout.irq_desc.exists);
}

static void test_compare(void **state)
{
	struct irqm_learned k = {
		.nr_symbols = 3,
		.symbols = { { "clear_seq", 10 },
			     { "prb", 20 },
			     { "clear_seq", 30 } },
	};
	uint64_t own;

	(void)state;
	assert_int_equal(irqm_learned_compare(&k, "clear_seq", 30, &own),
			 IRQM_BUILD_SAME);
	assert_int_equal(irqm_learned_compare(&k, "clear_seq", 20, &own),
			 IRQM_BUILD_OTHER);
	assert_int_equal(own, 10);
	assert_int_equal(irqm_learned_compare(&k, "log_buf", 20, &own),
			 IRQM_BUILD_ABSENT);
}

static void test_same(void **state)
{
	struct irqm_build a = kernel->build, b = a;

	(void)state;
	b.banner[0] = '\0';
	assert_true(irqm_learned_same(&a, &b));
	b.note[IRQM_BUILD_ID_HEADER + 19] ^= 1;
	assert_false(irqm_learned_same(&a, &b));
	a.id_size = 0;
	assert_false(irqm_learned_same(&a, &b));
	b = a;
	assert_true(irqm_learned_same(&a, &b));
	b.banner_at++;
	assert_false(irqm_learned_same(&a, &b));
	a.banner[0] = b.banner[0] = '\0';
	a.banner_at = b.banner_at;
	assert_false(irqm_learned_same(&a, &b));
}

/* A copy of the text without its line i, or with it changed by edit. */
static char *edited(unsigned int i, const char *line, size_t *ret_len)
{
	char *copy = malloc(text_len + 4096), *p = copy;
	const char *from = text, *end;
	unsigned int n;

	assert_non_null(copy);
	for (n = 0; *from; n++, from = end) {
		end = strchr(from, '\n') + 1;
		if (n != i) {
			memcpy(p, from, end - from);
			p += end - from;
		} else if (line) {
			p += sprintf(p, "%s\n", line);
		}
	}
	*ret_len = p - copy;
	learned_seal(copy, *ret_len);
	return copy;
}

static unsigned int line_of(const char *start)
{
	const char *at = text;
	unsigned int n = 0;

	while (strncmp(at, start, strlen(start)) != 0) {
		at = strchr(at, '\n') + 1;
		assert_int_not_equal(*at, '\0');
		n++;
	}
	return n;
}

/* With that line in place of the one that begins with start. */
static void edit(const char *start, const char *line, const char *why)
{
	size_t len;
	char *copy = edited(line_of(start), line, &len);
	int rc = parse(copy, len);

	if (!why)
		assert_string_equal(err.msg, "");
	else if (rc != -1 || !strstr(err.msg, why))
		fail_msg("%s: \"%s\" lacks \"%s\"", line ? line : start,
			 err.msg, why);
	free(copy);
}

static void test_lines(void **state)
{
	static const char *const bad[][2] = {
		{ "kernel ", "kernel 6.1\\x" },
		{ "kernel ", "kernel" },
		{ "kernel ", "kernel 6.1\\x00" },
		{ "learned ", "learned 99999999999999999999" },
		{ "types ", "types stabs" },
		{ "image ", "image ffffffff82000000 ffffffff81000000" },
		{ "image ", "image ffffffff8200000000 ffffffff81000000" },
		{ "note ", "note 0 04000000" },
		{ "note ", "note 0 xyz" },
		{ "banner ", "banner x Linux" },
		{ "symbol vector_matrix", "symbol vector_matrix" },
		{ "symbol vector_matrix", "symbol vector_matrix 0x12" },
		{ "symbol vector_matrix",
		  "symbol vector_matrix 12345678901234567" },
		{ "struct irq_desc ", "struct irq_desc 99999999999" },
		{ "member irq_desc.action ", "member irq_desc.action pointer" },
		{ "member irq_desc.action ",
		  "member irq_desc.action pointer 1 8 0 0 0 0 a b" },
		{ "member irq_desc.action ",
		  "member irq_desc.action pointer 1 8 256 0 0 0 irqaction" },
		{ "member irq_desc.action ",
		  "member irq_desc.action reference 1 8 0 0 0 0 irqaction" },
		{ "enum ", "enum IRQD_TRIGGER_MASK 49" },
		{ "value ", "value IRQD_TRIGGER_MASK -" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		edit(bad[i][0], bad[i][1], "damaged at the line");
	/* they are no layout that irqm_layout_finish() leaves */
	edit("member irq_desc.action ",
	     "member irq_desc.action pointer 100000 8 0 0 0 0 irqaction",
	     "no kernel has this layout");
	edit("member irq_desc.action ",
	     "member irq_desc.action int 8 16 0 0 0 0 -",
	     "no kernel has this layout");
	edit("struct irq_desc ", "struct irq_desc 2000000",
	     "no kernel has this layout");
	edit("types ", NULL, "_stext missing");
	edit("image ", NULL, "_stext missing");
	edit("symbol _stext ", NULL, "_stext missing");
	edit("banner ", "banner 0 \x7f", "not text");
}

/* What an earlier version did not learn is not taken for what is not there. */
static void test_versions(void **state)
{
	(void)state;
	edit("symbol irq_desc -", NULL, "did not learn the symbol irq_desc");
	edit("struct irq_desc ", NULL, "did not learn struct irq_desc");
	edit("member irq_desc.action ", NULL,
	     "did not learn the member action");
	edit("member irq_desc.action ", "member irq_desc.later -",
	     "did not learn the member action");
	/* of a later one: these and lines of other words */
	edit("learned ", "colour blue", NULL);
	edit("learned ", "struct later 8", NULL);
	edit("learned ", "member later.a int 0 4 0 0 0 0 -", NULL);
	edit("learned ", "symbol later 12", NULL);
	edit("learned ", "enum LATER 1\nvalue LATER 7", NULL);
}

static void test_sum(void **state)
{
	char *copy = strdup(text);
	size_t i;

	(void)state;
	for (i = 0; i < text_len; i += 97) {
		copy[i] ^= 1;
		assert_int_equal(parse(copy, text_len), -1);
		copy[i] ^= 1;
	}
	assert_int_equal(parse(copy, text_len), 0);
	assert_int_equal(parse(copy, 5), -1);
	free(copy);
}

/* Each line gone, or said twice: read or refused, and trusted later. */
static void test_each_line(void **state)
{
	unsigned int i, last = line_of("end ");
	const char *at = text;
	char line[4096], *copy;
	size_t len;

	(void)state;
	for (i = 0; i < last; i++, at = strchr(at, '\n') + 1) {
		copy = edited(i, NULL, &len);
		if (parse(copy, len) == 0)
			assert_true(irqm_layout_is_finished(&other->layout));
		free(copy);
		snprintf(line, sizeof(line), "%.*s\n%.*s",
			 (int)strcspn(at, "\n"), at, (int)strcspn(at, "\n"),
			 at);
		copy = edited(i, line, &len);
		if (parse(copy, len) == 0)
			assert_true(irqm_layout_is_finished(&other->layout));
		free(copy);
	}
}

static void test_many_symbols(void **state)
{
	char *lines = calloc(400, 40), *p = lines, *copy;
	size_t len;
	int i;

	(void)state;
	for (i = 0; i < 100; i++)
		p += sprintf(p, "symbol s%d 1%s", i, i < 99 ? "\n" : "");
	copy = edited(line_of("learned "), lines, &len);
	assert_int_equal(parse(copy, len), 0);
	free(copy);
	/* text has room for 4096 more */
	for (p = lines, i = 0; i < 300; i++)
		p += sprintf(p, "symbol s%d 1%s", i % 9, i < 299 ? "\n" : "");
	copy = edited(line_of("learned "), lines, &len);
	assert_int_equal(parse(copy, len), -1);
	assert_non_null(strstr(err.msg, "damaged at the line"));
	free(copy);
	free(lines);
}

/* Whole files. */

static char *join(const char *const parts[], size_t *ret_len)
{
	char *s = calloc(1, 4 * text_len + 200);
	int i;

	for (i = 0; parts[i]; i++)
		strcat(s, parts[i]);
	*ret_len = strlen(s);
	return s;
}

static int count(const char *s, size_t len, int *ret_nr)
{
	struct irqm_learned_text t;
	size_t at = 0;
	int more;

	*ret_nr = 0;
	err.msg[0] = '\0';
	while ((more = irqm_learned_next(s, len, &at, &t, &err)) > 0) {
		assert_int_equal(t.len, text_len);
		assert_memory_equal(t.text, text, text_len);
		(*ret_nr)++;
	}
	return more;
}

static void test_files(void **state)
{
	const char *const two[] = { IRQM_LEARNED_MAGIC, text, text, NULL };
	const char *const joined[] = { IRQM_LEARNED_MAGIC, text,
				       IRQM_LEARNED_MAGIC, text,
				       IRQM_LEARNED_MAGIC, NULL };
	size_t len, i;
	char *s = join(two, &len);
	int nr;

	(void)state;
	assert_int_equal(count(s, len, &nr), 0);
	assert_int_equal(nr, 2);
	for (i = 0; i < len; i += 1 + i / 50) {
		assert_true(count(s, i, &nr) <= 0);
		assert_true(nr <= 1 || i >= len);
	}
	assert_int_equal(count(s, len - 1, &nr), -1);
	assert_int_equal(nr, 1);
	assert_non_null(strstr(err.msg, "truncated"));
	assert_int_equal(count(s, 0, &nr), -1);
	assert_non_null(strstr(err.msg, "not a file of learned kernels"));
	s[strlen("irqmatrix-kernels ")]++;
	assert_int_equal(count(s, len, &nr), -1);
	assert_non_null(strstr(err.msg, "later version"));
	free(s);
	s = join(joined, &len);
	assert_int_equal(count(s, len, &nr), 0);
	assert_int_equal(nr, 2);
	free(s);
}

static void test_too_long(void **state)
{
	size_t head = strlen(IRQM_LEARNED_MAGIC), len = IRQM_LEARNED_MAX + 100;
	char *s = malloc(head + len);
	int nr;

	(void)state;
	memcpy(s, IRQM_LEARNED_MAGIC, head);
	memset(s + head, '\n', len);
	memcpy(s + head, "kernel ", 7);
	memcpy(s + head + len - 14, "\nend 00000000\n", 14);
	assert_int_equal(count(s, head + len, &nr), -1);
	free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_head),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_sum),
		cmocka_unit_test(test_each_line),
		cmocka_unit_test(test_many_symbols),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_too_long),
	};

	return cmocka_run_group_tests(tests, learned_setup, learned_teardown);
}
