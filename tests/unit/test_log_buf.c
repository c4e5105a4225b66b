/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernel log before 5.10: log_bufs of 4.18, made up and spoiled. */
#include "tests/unit/fake_log.h"
#include "tests/unit/unit.h"

#include "tests/mkdump/memory_target.h"

#define LOG_BUF 0xffffffff82100ff0ULL
#define VARIABLES 0xffffffff82200000ULL

static struct irqm_layout layout;
static struct irqm_memory *memory;
static struct irqm_target target;

static void put(uint64_t addr, const void *data, size_t len)
{
	assert_int_equal(irqm_memory_write(memory, addr, data, len), 0);
}

static void done(struct irqm_snapshot *s)
{
	irqm_snapshot_free(s);
	irqm_memory_free(memory);
}

static struct {
	unsigned char bytes[512];
	uint32_t len, first, next, at;
	uint64_t first_seq;
} old;

static struct irqm_member member(uint32_t offset, uint32_t size)
{
	return (struct irqm_member){ .exists = true,
				     .kind = IRQM_KIND_INT,
				     .offset = offset,
				     .size = size };
}

static void new_log_buf(void)
{
	memset(&layout, 0, sizeof(layout));
	layout.printk_log.exists = true;
	layout.printk_log.size = 16;
	layout.printk_log.ns = member(0, 8);
	layout.printk_log.len = member(8, 2);
	layout.printk_log.text_len = member(10, 2);
	layout.printk_log.facility = member(14, 1);
	layout.printk_log.level = member(15, 1);
	layout.printk_log.level.bit_offset = 5;
	layout.printk_log.level.bit_size = 3;
	memset(&old, 0, sizeof(old));
	old.len = sizeof(old.bytes);
	memory = irqm_memory_new();
	assert_non_null(memory);
	target = irqm_memory_target(memory);
}

static void add_old(uint64_t ns, unsigned int level, const char *text)
{
	uint16_t text_len = strlen(text), len = (16 + text_len + 3) / 4 * 4;

	memcpy(old.bytes + old.at, &ns, 8);
	memcpy(old.bytes + old.at + 8, &len, 2);
	memcpy(old.bytes + old.at + 10, &text_len, 2);
	old.bytes[old.at + 15] = level << 5;
	memcpy(old.bytes + old.at + 16, text, text_len);
	old.at += len;
	old.next = old.at;
}

static struct irqm_snapshot *read_old(void)
{
	const struct {
		const char *name;
		const void *value;
		size_t size;
	} v[] = {
		{ "log_buf", &(uint64_t){ LOG_BUF }, 8 },
		{ "log_buf_len", &old.len, 4 },
		{ "log_first_idx", &old.first, 4 },
		{ "log_next_idx", &old.next, 4 },
		{ "log_first_seq", &old.first_seq, 8 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(v); i++) {
		put(VARIABLES + i * 8, v[i].value, v[i].size);
		assert_int_equal(irqm_memory_symbol(memory, v[i].name,
						    VARIABLES + i * 8),
				 0);
	}
	put(LOG_BUF, old.bytes, sizeof(old.bytes));
	return fake_log_read(&target, &layout);
}

static void check_old(const char *const lines[], unsigned int nr, bool cut,
		      unsigned int unread)
{
	struct irqm_snapshot *s = read_old();
	unsigned int i;

	assert_true(s->log.known);
	assert_int_equal(s->log.nr_lines, nr);
	for (i = 0; i < nr; i++)
		assert_string_equal(s->log.lines[i].text, lines[i]);
	assert_int_equal(s->log.cut, cut);
	assert_int_equal(s->nr_unread, unread);
	done(s);
}

static void test_log_buf(void **state)
{
	static const char *const lines[] = { "first", "", "third", "more" };
	struct irqm_snapshot *s;

	(void)state;
	new_log_buf();
	check_old(NULL, 0, false, 0);

	new_log_buf();
	add_old(5000000000, 6, "first");
	add_old(5000000001, 7, "");
	old.bytes[old.at + 14] = 23; /* through /dev/kmsg */
	add_old(5000000002, 3, "third\nmore");
	s = read_old();
	assert_int_equal(s->log.lines[1].facility, 0);
	assert_int_equal(s->log.lines[2].facility, 23);
	assert_int_equal(s->log.lines[3].facility, 23);
	assert_int_equal(s->log.lines[0].ns, 5000000000);
	assert_int_equal(s->log.lines[1].level, 7);
	assert_int_equal(s->log.lines[3].level, 3);
	irqm_snapshot_free(s);
	check_old(lines, 4, false, 0);
}

/* A head of length 0 says that the next record is at the start. */
static void test_log_buf_wraps(void **state)
{
	static const char *const lines[] = { "old", "older than the start",
					     "new" };

	(void)state;
	new_log_buf();
	old.first = old.at = 400;
	add_old(1, 6, "old");
	add_old(2, 6, "older than the start");
	old.at = 0;
	add_old(3, 6, "new");
	old.first_seq = 77;
	check_old(lines, 3, true, 0);
}

static void test_spoiled_log_buf(void **state)
{
	static const char *const lines[] = { "first", "second" };
	uint16_t value;

	(void)state;
	/* next is where no record begins: round and round */
	new_log_buf();
	add_old(1, 6, "first");
	add_old(2, 6, "second");
	old.next = old.at - 2;
	{
		struct irqm_snapshot *s = read_old();

		assert_int_equal(s->nr_unread, 1);
		assert_true(s->log.cut);
		assert_in_range(s->log.nr_lines, 2, 512 / 16 * 2);
		done(s);
	}
	/* a text that is longer than its record */
	new_log_buf();
	add_old(1, 6, "first");
	add_old(2, 6, "second");
	add_old(3, 6, "third");
	value = 200;
	memcpy(old.bytes + 24 + 24 + 10, &value, 2);
	check_old(lines, 2, true, 1);
	/* a record that is shorter than its head */
	new_log_buf();
	add_old(1, 6, "first");
	add_old(2, 6, "second");
	add_old(3, 6, "third");
	value = 15;
	memcpy(old.bytes + 24 + 24 + 8, &value, 2);
	check_old(lines, 2, true, 1);
	/* beyond the buffer */
	new_log_buf();
	add_old(1, 6, "first");
	old.first = 4000000000;
	check_old(NULL, 0, true, 1);
	new_log_buf();
	old.first = 508;
	check_old(NULL, 0, true, 1);
}

/* Types without which no record can be told, or with a head of any size. */
static void test_log_buf_types(void **state)
{
	struct irqm_snapshot *s;
	unsigned int i;

	(void)state;
	for (i = 0; i < 4; i++) {
		new_log_buf();
		add_old(1, 6, "first");
		if (i == 0)
			layout.printk_log.ns.exists = false;
		if (i == 1)
			layout.printk_log.len.exists = false;
		if (i == 2)
			layout.printk_log.text_len.exists = false;
		if (i == 3)
			layout.printk_log.size = 4096;
		s = read_old();
		assert_false(s->log.known);
		assert_int_equal(s->log.nr_lines, 0);
		assert_int_equal(s->nr_unread, 1);
		assert_string_equal(s->unread[0].what,
				    "kernel log: no type printk_log");
		done(s);
	}
}

/* log_buf_len=, and a text, of whatever the dump says. */
static void test_log_buf_sizes(void **state)
{
	static const char *const lines[] = { "first" };
	struct irqm_snapshot *s;

	(void)state;
	new_log_buf();
	add_old(1, 6, "first");
	old.len = UINT32_MAX;
	s = read_old();
	assert_false(s->log.known);
	assert_string_equal(s->unread[0].what, "kernel log: log_buf");
	done(s);
	/* records that were overwritten, all before the first one */
	new_log_buf();
	add_old(1, 6, "first");
	old.first_seq = 1;
	check_old(lines, 1, true, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_log_buf),
		cmocka_unit_test(test_log_buf_wraps),
		cmocka_unit_test(test_spoiled_log_buf),
		cmocka_unit_test(test_log_buf_types),
		cmocka_unit_test(test_log_buf_sizes),
	};

	return RUN(tests);
}
