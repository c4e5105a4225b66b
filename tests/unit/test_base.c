/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"
#include "snap.h"

#include "tests/mkdump/memory_target.h"

static struct irqm_arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = irqm_arena_new(1 << 20);
	return !arena;
}

static int teardown(void **state)
{
	(void)state;
	irqm_arena_free(arena);
	return 0;
}

#define assert_list(b, wanted)                                                 \
	do {                                                                   \
		char *list_ = irqm_bits_list(b);                               \
		assert_non_null(list_);                                        \
		assert_string_equal(list_, wanted);                            \
		free(list_);                                                   \
	} while (0)

/* system_map as typed from a RHEL 8 crash session (LKML, 2022-09-24). */
static void test_bits_of_system_map(void **state)
{
	uint64_t words[] = { 1125904739729407, 0, 1, 18446726481523507200U };
	struct irqm_bits b = { words, 256 };

	(void)state;
	assert_list(&b, "0-19,29,32,50,128,236-255");
	assert_int_equal(irqm_bits_weight(&b), 44);
}

static void test_bits_list(void **state)
{
	struct irqm_bits b = irqm_bits_new(arena, 130);

	(void)state;
	assert_list(&b, "");
	irqm_bits_set(&b, 0);
	assert_list(&b, "0");
	irqm_bits_set(&b, 63);
	irqm_bits_set(&b, 64);
	irqm_bits_set(&b, 129);
	irqm_bits_set(&b, 130); /* out of range: nothing */
	assert_list(&b, "0,63-64,129");
	assert_false(irqm_bits_test(&b, 130));
	assert_false(irqm_bits_test(&b, UINT32_MAX));
	assert_int_equal(irqm_bits_next(&b, 65), 129);
	assert_int_equal(irqm_bits_next(&b, 130), 130);
	assert_int_equal(irqm_bits_next(&b, UINT32_MAX), 130);
	assert_int_equal(irqm_bits_weight(&b), 4);
}

static void test_bits_unknown(void **state)
{
	struct irqm_bits none = { NULL, 64 }, empty = { NULL, 0 };
	struct irqm_bits b = irqm_bits_new(arena, 64);

	(void)state;
	irqm_bits_set(&none, 3);
	assert_false(irqm_bits_test(&none, 3));
	assert_int_equal(irqm_bits_next(&none, 0), 64);
	assert_int_equal(irqm_bits_weight(&none), 0);
	assert_null(irqm_bits_list(&none));
	assert_false(irqm_bits_equal(&none, &b));
	assert_false(irqm_bits_equal(&b, &none));
	assert_true(irqm_bits_equal(&none, &empty));
	assert_int_equal(irqm_bits_parse(&b, "0-9", NULL), 0);
	assert_int_equal(irqm_bits_weight_and(&b, &none), 0);
	assert_int_equal(irqm_bits_weight_and(&none, &b), 0);
	/* not a bit of what stands behind it */
	irqm_bits_set(&b, 64);
	assert_int_equal(irqm_bits_weight(&b), 10);
	/* the empty set of no CPUs is known */
	b = irqm_bits_new(arena, 0);
	assert_true(irqm_bits_known(&b));
	assert_list(&b, "");
}

static void test_bits_of_other_length(void **state)
{
	struct irqm_bits a = irqm_bits_new(arena, 64);
	struct irqm_bits b = irqm_bits_new(arena, 200), c;

	(void)state;
	assert_int_equal(irqm_bits_parse(&a, "all", NULL), 0);
	assert_int_equal(irqm_bits_parse(&b, "60-199", NULL), 0);
	assert_int_equal(irqm_bits_weight_and(&a, &b), 4);
	assert_int_equal(irqm_bits_weight_and(&b, &a), 4);
	assert_false(irqm_bits_equal(&a, &b));
	c = irqm_bits_new(arena, 64);
	assert_false(irqm_bits_equal(&a, &c));
	assert_int_equal(irqm_bits_parse(&c, "a", NULL), 0);
	assert_true(irqm_bits_equal(&a, &c));
}

static void test_bits_and(void **state)
{
	struct irqm_bits a = irqm_bits_new(arena, 130), none = { NULL, 99 };
	struct irqm_bits b = irqm_bits_new(arena, 200);
	struct irqm_bits few = irqm_bits_new(arena, 67);

	(void)state;
	assert_int_equal(irqm_bits_parse(&a, "0,60-129", NULL), 0);
	assert_int_equal(irqm_bits_parse(&b, "63-199", NULL), 0);
	/* what there is no room for is left out, what was in goes */
	irqm_bits_set(&few, 1);
	irqm_bits_and(&few, &a, &b);
	assert_list(&few, "63-66");
	assert_int_equal(irqm_bits_weight(&few), 4);
	irqm_bits_copy(&few, &a);
	assert_list(&few, "0,60-66");
	irqm_bits_copy(&b, &a);
	assert_list(&b, "0,60-129");
	irqm_bits_and(&b, &b, &few);
	assert_list(&b, "0,60-66");
	irqm_bits_or(&few, &a);
	assert_list(&few, "0,60-66");
	assert_int_equal(irqm_bits_weight(&few), 8);
	irqm_bits_or(&few, &none);
	irqm_bits_set(&few, 2);
	irqm_bits_or(&b, &few);
	assert_list(&b, "0,2,60-66");
	irqm_bits_and(&b, &b, &none);
	assert_list(&b, "");
}

static void test_parse(void **state)
{
	static const char *const bad[] = {
		"",      ",",  "1,",   ",1",  "1,,2", "-",
		"1-",    "-1", "5-2",  "0x3", " 1",   "1 ",
		"1-2-3", "+1", "alle", "1;2", "\xff",
	};
	static const char *const range[] = {
		"100",
		"0-100",
		"4294967296",
		"0-4294967295",
		"18446744073709551616",
		"99999999999999999999999999",
	};
	struct irqm_error err;
	struct irqm_bits b;
	size_t i;

	(void)state;
	b = irqm_bits_new(arena, 100);
	assert_int_equal(irqm_bits_parse(&b, "5,0-3,99,2-4", &err), 0);
	assert_list(&b, "0-5,99");
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		err.msg[0] = '\0';
		assert_int_equal(irqm_bits_parse(&b, bad[i], &err), -1);
		assert_string_not_equal(err.msg, "");
	}
	for (i = 0; i < ARRAY_SIZE(range); i++)
		assert_int_equal(irqm_bits_parse(&b, range[i], &err), -1);
	assert_int_equal(irqm_bits_parse(&b, "7,100", &err), -1);
	assert_string_equal(err.msg, "100 is out of range, the highest is 99");
	/* no CPUs at all: no highest one either */
	b = irqm_bits_new(arena, 0);
	assert_int_equal(irqm_bits_parse(&b, "0", &err), -1);
	assert_null(strstr(err.msg, "4294967295"));
	assert_int_equal(irqm_bits_parse(&b, "all", &err), 0);
}

static void test_arena(void **state)
{
	struct irqm_arena *a = irqm_arena_new(200 * 1024);
	unsigned char *p, *q;

	(void)state;
	assert_non_null(a);
	for (size_t size = 0; size < 40; size++) {
		p = irqm_arena_alloc(a, size, 1);
		assert_non_null(p);
		assert_int_equal((uintptr_t)p % 16, 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xff, size);
	}
	/* a large one, then small ones beside it */
	p = irqm_arena_alloc(a, 100, 1024);
	assert_non_null(p);
	memset(p, 0xff, 100 * 1024);
	q = irqm_arena_alloc(a, 1, 16);
	assert_non_null(q);
	assert_int_equal(q[0], 0);
	assert_string_equal(irqm_arena_strdup(a, "eth0"), "eth0");
	assert_false(irqm_arena_exhausted(a));
	/* past the limit */
	assert_null(irqm_arena_alloc(a, 100, 1024));
	assert_null(irqm_arena_alloc(a, SIZE_MAX / 2, 3));
	assert_null(irqm_arena_alloc(a, SIZE_MAX, 1));
	assert_null(irqm_arena_alloc(a, 1, SIZE_MAX - 15));
	assert_true(irqm_arena_exhausted(a));
	/* what fits still does, and that something did not is not forgotten */
	assert_non_null(irqm_arena_alloc(a, 1, 1024));
	assert_true(irqm_arena_exhausted(a));
	irqm_arena_free(a);
	irqm_arena_free(NULL);

	/* the large one first: small ones must not land in it */
	a = irqm_arena_new(200 * 1024);
	p = irqm_arena_alloc(a, 100, 1024);
	memset(p, 0xff, 100 * 1024);
	q = irqm_arena_alloc(a, 1, 16);
	assert_int_equal(q[0], 0);
	irqm_arena_free(a);
}

/* Small allocations count towards the limit, too. */
static void test_arena_limit_of_small(void **state)
{
	struct irqm_arena *a = irqm_arena_new(128 * 1024);
	unsigned int n = 0;

	(void)state;
	while (n < 100000 && irqm_arena_alloc(a, 1, 16))
		n++;
	assert_int_equal(n, 128 * 1024 / 16);
	assert_null(irqm_arena_strdup(a, ""));
	irqm_arena_free(a);
}

static const char *escape(const char *src)
{
	static char buf[256];

	return irqm_escape(buf, sizeof(buf), src);
}

static void test_escape(void **state)
{
	(void)state;
	assert_string_equal(escape("nvme0q1"), "nvme0q1");
	assert_string_equal(escape(""), "");
	assert_string_equal(escape("a\tb\nc\x7f"), "a\\x09b\\x0ac\\x7f");
	assert_string_equal(escape("\x1b[31m"), "\\x1b[31m");
	/* valid UTF-8 of two, three and four bytes */
	assert_string_equal(escape("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"),
			    "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
	/* a continuation byte alone; a sequence cut off by the end */
	assert_string_equal(escape("\x80x"), "\\x80x");
	assert_string_equal(escape("\xe2\x82"), "\\xe2\\x82");
	assert_string_equal(escape("\xf0\x9f\x98"), "\\xf0\\x9f\\x98");
	/* overlong: '/' in two, U+07FF in three, U+FFFF in four bytes */
	assert_string_equal(escape("\xc0\xaf"), "\\xc0\\xaf");
	assert_string_equal(escape("\xe0\x9f\xbf"), "\\xe0\\x9f\\xbf");
	assert_string_equal(escape("\xf0\x8f\xbf\xbf"), "\\xf0\\x8f\\xbf\\xbf");
	/* a surrogate, past U+10FFFF, C1 control, never valid bytes */
	assert_string_equal(escape("\xed\xa0\x80"), "\\xed\\xa0\\x80");
	assert_string_equal(escape("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
	assert_string_equal(escape("\xc2\x9b"
				   "31m"),
			    "\\xc2\\x9b31m");
	assert_string_equal(escape("\xff\xfe\xf8"), "\\xff\\xfe\\xf8");
}

/* UTF-8 of a character past ASCII. */
static void encode(uint32_t c, char text[5])
{
	if (c < 0x800) {
		*text++ = (char)(0xc0 | c >> 6);
	} else if (c < 0x10000) {
		*text++ = (char)(0xe0 | c >> 12);
		*text++ = (char)(0x80 | (c >> 6 & 0x3f));
	} else {
		*text++ = (char)(0xf0 | c >> 18);
		*text++ = (char)(0x80 | (c >> 12 & 0x3f));
		*text++ = (char)(0x80 | (c >> 6 & 0x3f));
	}
	*text++ = (char)(0x80 | (c & 0x3f));
	*text = '\0';
}

/*
 * Characters that show nothing, turn text round or hide it, each block with its
 * neighbours, which are shown. check-hostile-text looks at all of Unicode.
 */
static void test_escape_invisible(void **state)
{
	static const struct {
		uint32_t first, last;
	} blocks[] = {
		{ 0x80, 0x9f },       { 0xad, 0xad },
		{ 0x61c, 0x61c },     { 0x180b, 0x180f },
		{ 0x200b, 0x200f },   { 0x2028, 0x202e },
		{ 0x2060, 0x206f },   { 0x3164, 0x3164 },
		{ 0xe000, 0xf8ff },   { 0xfdd0, 0xfdef },
		{ 0xfe00, 0xfe0f },   { 0xfeff, 0xfeff },
		{ 0xfff0, 0xfffb },   { 0xfffe, 0xffff },
		{ 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a },
		{ 0x1fffe, 0x1ffff }, { 0xe0000, 0x10fffe },
	};
	char text[5];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(blocks); i++) {
		for (uint32_t c = blocks[i].first - 1; c <= blocks[i].last + 1;
		     c++) {
			bool shown = c < blocks[i].first || c > blocks[i].last;

			/* DEL, a surrogate, noncharacters */
			if (c == 0x7f || c == 0xdfff || c == 0xdffff ||
			    c == 0x10ffff)
				continue;
			encode(c, text);
			assert_int_equal(escape(text)[0] != '\\', shown);
		}
	}
}

/* A short buffer never holds half of a character or of an escape. */
static void test_escape_short(void **state)
{
	static const char text[] = "a\xe2\x82\xac\x01z";
	static const char *const wanted[] = {
		"",
		"a",
		"a",
		"a",
		"a\xe2\x82\xac",
		"a\xe2\x82\xac",
		"a\xe2\x82\xac",
		"a\xe2\x82\xac",
		"a\xe2\x82\xac\\x01",
		"a\xe2\x82\xac\\x01z",
	};
	char buf[16];

	(void)state;
	for (size_t size = 1; size <= 10; size++) {
		memset(buf, 'X', sizeof(buf));
		irqm_escape(buf, size, text);
		assert_string_equal(buf, wanted[size - 1]);
		assert_int_equal(buf[size], 'X');
	}
	buf[0] = 'X';
	irqm_escape(buf, 0, text);
	assert_int_equal(buf[0], 'X');
}

static void test_escape_whole(void **state)
{
	char *whole;

	(void)state;
	whole = irqm_escape_whole("\1\2");
	assert_string_equal(whole, "\\x01\\x02");
	free(whole);
	whole = irqm_escape_whole("");
	assert_string_equal(whole, "");
	free(whole);
}

/* As JSON: the same text, and nothing in it that irqm_escape() would escape. */
static void test_escape_json(void **state)
{
	static const struct {
		const char *text, *expected;
	} texts[] = {
		{ "", "" },
		{ "{\"a\":1}", "{\"a\":1}" },
		{ "\"\xc3\xa9\x7f\"", "\"\xc3\xa9\\u007f\"" },
		{ "\xe2\x80\xae"
		  "b\xc2\x9b",
		  "\\u202eb\\u009b" },
		{ "\xf3\xa0\x81\x81", "\\udb40\\udc41" },
		{ "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80" },
		{ "a\n", NULL },
		{ "\x1b", NULL },
		{ "\xc2", NULL },
		{ "\x9b", NULL },
		{ "\xed\xa0\x80", NULL },
	};
	size_t i, len;
	char *written;
	FILE *out;
	bool ok;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		len = strlen(texts[i].text);
		assert_int_equal(irqm_escape_json(NULL, texts[i].text, len),
				 texts[i].expected != NULL);
		out = open_memstream(&written, &len);
		ok = irqm_escape_json(out, texts[i].text,
				      strlen(texts[i].text));
		fclose(out);
		assert_int_equal(ok, texts[i].expected != NULL);
		if (ok)
			assert_string_equal(written, texts[i].expected);
		free(written);
	}
	/* a character that the end cuts off, though it goes on behind it */
	assert_false(irqm_escape_json(NULL, "\xc3\xa9", 1));
}

/* Names and other libraries' words go into an error as they are. */
static void test_error_escapes(void **state)
{
	struct irqm_error err;
	char long_name[sizeof(err.msg)];

	(void)state;
	irqm_error_set(&err, "%s: line %u near '%s'", "a\x1b[2J\n", 7,
		       "\xe2\x80\xaex\xff");
	assert_string_equal(err.msg, "a\\x1b[2J\\x0a: line 7 near "
				     "'\\xe2\\x80\\xaex\\xff'");
	/* its own words again */
	irqm_error_set(&err, "%s: %s", "b", err.msg);
	assert_string_equal(err.msg, "b: a\\x1b[2J\\x0a: line 7 near "
				     "'\\xe2\\x80\\xaex\\xff'");
	memset(long_name, 7, sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	irqm_error_set(&err, "%s", long_name);
	assert_int_equal(strlen(err.msg), (sizeof(err.msg) - 1) / 4 * 4);
	assert_string_equal(err.msg + strlen(err.msg) - 4, "\\x07");
	irqm_error_set(NULL, "%s", "nobody asks");
}

static void test_why_names(void **state)
{
	(void)state;
	assert_string_equal(irqm_why_name(IRQM_EXCLUDED), "excluded");
	assert_string_equal(irqm_why_name(IRQM_TRUNCATED), "truncated");
	assert_string_equal(irqm_why_name(IRQM_UNMAPPED), "unmapped");
	assert_string_equal(irqm_why_name(IRQM_BAD_POINTER), "bad-pointer");
	assert_string_equal(irqm_why_name(IRQM_UNSTABLE), "unstable");
	assert_string_equal(irqm_why_name(IRQM_INVALID), "invalid");
	assert_string_equal(irqm_why_name(IRQM_OK), "ok");
	/* a target may give what it likes */
	assert_string_equal(irqm_why_name((enum irqm_why)77), "invalid");
}

static void test_error(void **state)
{
	struct irqm_error err = { .addr = 5 };
	char longer[sizeof(err.msg) + 100];

	(void)state;
	irqm_error_set(NULL, "nobody asks");
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	irqm_error_set(&err, "%s", longer);
	assert_int_equal(strlen(err.msg), sizeof(err.msg) - 1);
	assert_int_equal(err.addr, 0);
}

static void test_kernel_address(void **state)
{
	(void)state;
	assert_true(irqm_kernel_address(0xffff888100000000ULL));
	assert_true(irqm_kernel_address(0xff11000000000000ULL));
	assert_true(irqm_kernel_address(0xfffffffffffff000ULL));
	assert_false(irqm_kernel_address((uint64_t)-1));
	assert_false(irqm_kernel_address((uint64_t)-4095));
	assert_false(irqm_kernel_address(0));
	assert_false(irqm_kernel_address(0x7fffffffffffULL));
	assert_false(irqm_kernel_address(0xdead000000000100ULL));
}

#define BASE 0xffff888100000000ULL

static void test_memory_reads(void **state)
{
	struct irqm_memory *m = irqm_memory_new();
	struct irqm_target t = irqm_memory_target(m);
	char buf[8] = "";

	(void)state;
	assert_int_equal(irqm_memory_write(m, BASE, "abcdef", 6), 0);
	assert_int_equal(t.read(t.ctx, BASE + 2, buf, 3), IRQM_OK);
	assert_memory_equal(buf, "cde", 3);
	/* past its end, before its start, around the end of all addresses */
	assert_int_equal(t.read(t.ctx, BASE + 4, buf, 3), IRQM_UNMAPPED);
	assert_int_equal(t.read(t.ctx, BASE - 1, buf, 3), IRQM_UNMAPPED);
	assert_int_equal(t.read(t.ctx, UINT64_MAX, buf, 3), IRQM_UNMAPPED);
	/* a later range wins */
	assert_int_equal(irqm_memory_write(m, BASE + 2, "XY", 2), 0);
	assert_int_equal(t.read(t.ctx, BASE + 2, buf, 2), IRQM_OK);
	assert_memory_equal(buf, "XY", 2);
	assert_int_equal(irqm_memory_reads(m), 5);
	irqm_memory_free(m);
	irqm_memory_free(NULL);
}

static void test_memory_denies(void **state)
{
	struct irqm_memory *m = irqm_memory_new();
	struct irqm_target t = irqm_memory_target(m);
	char buf[8];

	(void)state;
	irqm_memory_write(m, BASE, "abcdef", 6);
	irqm_memory_deny(m, BASE + 4, 2, IRQM_TRUNCATED);
	assert_int_equal(t.read(t.ctx, BASE, buf, 4), IRQM_OK);
	assert_int_equal(t.read(t.ctx, BASE, buf, 5), IRQM_TRUNCATED);
	assert_int_equal(t.read(t.ctx, BASE + 5, buf, 1), IRQM_TRUNCATED);
	/* the last page there is */
	irqm_memory_write(m, -4096ULL, "last", 4);
	assert_int_equal(t.read(t.ctx, -4096ULL, buf, 4), IRQM_OK);
	irqm_memory_deny(m, -4096ULL, 4096, IRQM_EXCLUDED);
	assert_int_equal(t.read(t.ctx, -4096ULL, buf, 4), IRQM_EXCLUDED);
	/* the k-th read from now on, once */
	irqm_memory_fail_at(m, 2);
	assert_int_equal(t.read(t.ctx, BASE, buf, 1), IRQM_OK);
	assert_int_equal(t.read(t.ctx, BASE, buf, 1), IRQM_EXCLUDED);
	assert_int_equal(t.read(t.ctx, BASE, buf, 1), IRQM_OK);
	irqm_memory_fail_at(m, 1);
	irqm_memory_fail_at(m, 0);
	assert_int_equal(t.read(t.ctx, BASE, buf, 1), IRQM_OK);
	irqm_memory_free(m);
}

static void test_memory_symbols(void **state)
{
	struct irqm_memory *m = irqm_memory_new();
	struct irqm_target t = irqm_memory_target(m);
	uint64_t value;
	char name[8];

	(void)state;
	irqm_memory_symbol(m, "first", BASE);
	irqm_memory_symbol(m, "second_one", BASE + 0x100);
	assert_true(t.symbol(t.ctx, "second_one", &value));
	assert_int_equal(value, BASE + 0x100);
	assert_false(t.symbol(t.ctx, "third", &value));
	assert_true(
		t.symbol_at(t.ctx, BASE + 0xff, name, sizeof(name), &value));
	assert_string_equal(name, "first");
	assert_int_equal(value, 0xff);
	assert_true(
		t.symbol_at(t.ctx, BASE + 0x104, name, sizeof(name), &value));
	assert_string_equal(name, "second_"); /* cut, terminated */
	assert_int_equal(value, 4);
	assert_false(t.symbol_at(t.ctx, BASE - 1, name, sizeof(name), &value));
	irqm_memory_free(m);
}

static void test_find(void **state)
{
	struct irqm_snapshot *s = snap_new(5);
	static const unsigned int irqs[] = { 0, 2, 9, 24, 4000000000u };

	(void)state;
	assert_null(irqm_find_irq(s, 0));
	for (size_t i = 0; i < 5; i++)
		snap_irq(s, irqs[i], NULL);
	for (size_t i = 0; i < 5; i++)
		assert_ptr_equal(irqm_find_irq(s, irqs[i]), &s->irqs[i]);
	assert_null(irqm_find_irq(s, 1));
	assert_null(irqm_find_irq(s, UINT32_MAX));
	s->cpus[4].cpu = 7;
	assert_ptr_equal(irqm_find_cpu(s, 7), &s->cpus[4]);
	assert_null(irqm_find_cpu(s, 4));
	irqm_snapshot_free(s);
	irqm_snapshot_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bits_of_system_map),
		cmocka_unit_test(test_bits_list),
		cmocka_unit_test(test_bits_unknown),
		cmocka_unit_test(test_bits_of_other_length),
		cmocka_unit_test(test_bits_and),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_arena),
		cmocka_unit_test(test_arena_limit_of_small),
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_escape_invisible),
		cmocka_unit_test(test_escape_short),
		cmocka_unit_test(test_escape_whole),
		cmocka_unit_test(test_escape_json),
		cmocka_unit_test(test_error_escapes),
		cmocka_unit_test(test_why_names),
		cmocka_unit_test(test_error),
		cmocka_unit_test(test_kernel_address),
		cmocka_unit_test(test_memory_reads),
		cmocka_unit_test(test_memory_denies),
		cmocka_unit_test(test_memory_symbols),
		cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
