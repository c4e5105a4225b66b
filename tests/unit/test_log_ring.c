/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernel log since 5.10: ring buffers that are made up and spoiled. */
#include "tests/unit/fake_log.h"
#include "tests/unit/unit.h"

#include "tests/mkdump/memory_target.h"

#define PRB 0xffffffff82000000ULL
#define VARIABLES 0xffffffff82200000ULL
#define PAGE 4096

static struct fake_log ring;
static struct irqm_layout layout;
static struct irqm_memory *memory;
static struct irqm_target target;

/* What was told to be used. */
static uint64_t used_bytes;
static const char *forbidden; /* must not be told to be used */

static void on_used(void *ctx, uint64_t addr, size_t len, const char *what)
{
	(void)ctx;
	(void)addr;
	assert_null(forbidden);
	assert_non_null(strstr(what, "kernel log") ? what :
			strstr(what, "variable"));
	used_bytes += len;
}

static void put(void *ctx, uint64_t addr, const void *data, size_t len)
{
	assert_int_equal(irqm_memory_write(ctx, addr, data, len), 0);
}

static void new_memory(void)
{
	memory = irqm_memory_new();
	assert_non_null(memory);
	target = irqm_memory_target(memory);
	target.used = on_used;
	used_bytes = 0;
	forbidden = NULL;
}

static void new_ring(unsigned int count_bits, unsigned int size_bits)
{
	memset(&layout, 0, sizeof(layout));
	fake_log_layout(&layout);
	fake_log_init(&ring, PRB, count_bits, size_bits);
	new_memory();
}

static struct irqm_snapshot *read_ring(void)
{
	fake_log_write(&ring, put, memory);
	assert_int_equal(irqm_memory_symbol(memory, "prb", PRB), 0);
	return fake_log_read(&target, &layout);
}

static void done(struct irqm_snapshot *s)
{
	irqm_snapshot_free(s);
	irqm_memory_free(memory);
}

/* Lines that are not in the ring any more are not in the log, all others
 * are. */
static void check_lines(const struct irqm_log *log)
{
	unsigned int i, n = 0;

	for (i = 0; i < ring.nr; i++) {
		if (!ring.record[i].there)
			continue;
		assert_true(n < log->nr_lines);
		assert_string_equal(log->lines[n].text, ring.record[i].text);
		assert_int_equal(log->lines[n].ns, ring.record[i].ns);
		assert_int_equal(log->lines[n].level, ring.record[i].level);
		assert_int_equal(log->lines[n].facility,
				 fake_log_info(&ring, i)[18]);
		n++;
	}
	assert_int_equal(log->nr_lines, n);
}

static void check_ring(bool cut)
{
	struct irqm_snapshot *s = read_ring();

	assert_true(s->log.known);
	assert_int_equal(s->log.cut, cut);
	assert_int_equal(s->nr_unread, 0);
	check_lines(&s->log);
	done(s);
}

/* Texts of all lengths up to max, none of them the same. */
static void add_many(unsigned int nr, unsigned int max)
{
	char text[256];
	unsigned int i, len;

	for (i = 0; i < nr; i++) {
		snprintf(text, sizeof(text), "%u %0*u", ring.nr,
			 (int)(ring.nr * 7 % max) + 1, ring.nr * 31);
		len = ring.nr * 7 % (max - 1) + 1;
		text[len] = '\0';
		fake_log_add(&ring, (uint64_t)ring.nr << 33, ring.nr % 8,
			     text);
	}
}

static void test_ring(void **state)
{
	(void)state;
	new_ring(4, 10);
	check_ring(false); /* nothing in it yet */
	new_ring(4, 10);
	fake_log_add(&ring, 0, 5, "Linux version");
	fake_log_add(&ring, 12345678901, 0, "x");
	fake_log_add(&ring, 12345678902, 7, "");
	fake_log_add(&ring, ~0ULL, 3, "a last line");
	fake_log_info(&ring, 1)[18] = 1; /* LOG_USER */
	check_ring(false);
}

/* At every state of a ring that goes round several times. */
static void test_wraps(void **state)
{
	unsigned int nr, exact;

	(void)state;
	for (exact = 0; exact < 2; exact++)
		for (nr = 1; nr < 300; nr++) {
			/* descriptors run out first, then text does */
			new_ring(nr % 2 ? 3 : 6, nr % 2 ? 12 : 9);
			ring.exact_end = exact;
			add_many(nr, 60);
			check_ring(!ring.record[0].there);
		}
}

/* A piece is 32 KiB; infos have more. */
static void test_pieces(void **state)
{
	(void)state;
	new_ring(8, 13);
	add_many(1000, 20);
	check_ring(true);
}

static void test_lines_of_a_record(void **state)
{
	static const char *const lines[] = { "one", "", "three", "" };
	struct irqm_snapshot *s;
	unsigned int i;

	(void)state;
	new_ring(4, 10);
	fake_log_add(&ring, 7, 4, "one\n\nthree\n");
	s = read_ring();
	assert_int_equal(s->log.nr_lines, 4);
	for (i = 0; i < 4; i++) {
		assert_string_equal(s->log.lines[i].text, lines[i]);
		assert_int_equal(s->log.lines[i].ns, 7);
	}
	assert_false(s->log.cut);
	done(s);
}

/* Only what is in the log is told to be used, and all of it. */
static void test_used(void **state)
{
	struct irqm_snapshot *s;

	(void)state;
	new_ring(4, 10);
	fake_log_add(&ring, 1, 4, "twelve bytes");
	fake_log_add(&ring, 1, 4, "");
	s = read_ring();
	/* prb, the ring, its first descriptor; two records and one text */
	assert_int_equal(used_bytes, 8 + 88 + 24 + 2 * (24 + 88) + 8 + 12);
	done(s);
}

/* A page of text is missing: so are its records, and no others. */
static void test_missing_page(void **state)
{
	struct irqm_snapshot *s;
	unsigned int i, n = 0;
	uint64_t gone;

	(void)state;
	new_ring(8, 13);
	add_many(90, 100);
	gone = ring.text_addr / PAGE * PAGE + PAGE;
	assert_int_equal(irqm_memory_deny(memory, gone, PAGE, IRQM_EXCLUDED),
			 0);
	s = read_ring();
	for (i = 0; i < ring.nr; i++) {
		uint64_t at = ring.text_addr +
			      (ring.record[i].begin & ((1 << 13) - 1));

		assert_true(ring.record[i].there);
		if (at < gone + PAGE &&
		    at + 8 + strlen(ring.record[i].text) > gone)
			continue;
		assert_string_equal(s->log.lines[n].text,
				    ring.record[i].text);
		n++;
	}
	assert_int_equal(s->log.nr_lines, n);
	assert_in_range(n, 1, ring.nr - 10);
	assert_true(s->log.cut);
	assert_int_equal(s->nr_unread, 1);
	assert_int_equal(s->unread[0].why, IRQM_EXCLUDED);
	assert_non_null(strstr(s->unread[0].what, "kernel log"));
	assert_in_range(s->unread[0].addr, gone - 108, gone);
	done(s);
}

/* Each read fails in turn: never without a word. */
static void test_each_read_fails(void **state)
{
	uint64_t k, reads;
	struct irqm_snapshot *s;

	(void)state;
	new_ring(5, 11);
	add_many(20, 60);
	s = read_ring();
	reads = irqm_memory_reads(memory);
	assert_in_range(reads, 5, 20);
	irqm_snapshot_free(s);
	for (k = 1; k <= reads; k++) {
		irqm_memory_fail_at(memory, k);
		s = fake_log_read(&target, &layout);
		/* a piece is read again page by page */
		if (s->nr_unread == 0)
			check_lines(&s->log);
		else
			assert_true(s->log.cut || !s->log.known);
		assert_true(k > 2 || s->nr_unread == 1);
		irqm_snapshot_free(s);
	}
	irqm_memory_free(memory);
}

/* Spoils record 3 of 6; nothing but that record may be lost. */
static void check_spoiled(void (*spoil)(void), unsigned int unread)
{
	struct irqm_snapshot *s;

	new_ring(4, 10);
	add_many(6, 40);
	spoil();
	ring.record[3].there = false;
	s = read_ring();
	check_lines(&s->log);
	assert_true(s->log.cut);
	assert_int_equal(s->nr_unread, unread);
	done(s);
}

static void set64(unsigned char *at, uint64_t value)
{
	memcpy(at, &value, 8);
}

static uint64_t get64(const unsigned char *at)
{
	uint64_t value;

	memcpy(&value, at, 8);
	return value;
}

static unsigned char *desc3(void)
{
	return fake_log_desc(&ring, 3);
}

static void reserved(void)
{
	set64(desc3(), get64(desc3()) & ~(3ULL << 62));
}

static void reusable(void)
{
	set64(desc3(), get64(desc3()) | 3ULL << 62);
}

static void other_id(void)
{
	set64(desc3(), get64(desc3()) - 16);
}

static void no_room_for_text(void)
{
	set64(desc3() + 8, 1);
	set64(desc3() + 16, 1);
}

static void half_without_text(void)
{
	set64(desc3() + 8, 1);
	set64(desc3() + 16, 3);
}

static void other_block(void)
{
	set64(ring.text + (ring.record[3].begin & 1023), 99);
}

static void block_too_long(void)
{
	set64(desc3() + 16, ring.record[3].begin + 1025);
}

static void block_too_short(void)
{
	set64(desc3() + 16, ring.record[3].begin + 7);
}

static void block_of_nothing(void)
{
	set64(desc3() + 16, ring.record[3].begin);
}

static void block_backwards(void)
{
	set64(desc3() + 16, ring.record[3].begin - 8);
}

static void test_spoiled_records(void **state)
{
	(void)state;
	/* these two are no damage: written at this moment, given up */
	check_spoiled(reserved, 0);
	check_spoiled(reusable, 0);
	check_spoiled(other_id, 0);
	check_spoiled(no_room_for_text, 0);
	check_spoiled(half_without_text, 0);
	check_spoiled(other_block, 1);
	check_spoiled(block_too_long, 1);
	check_spoiled(block_too_short, 1);
	check_spoiled(block_of_nothing, 1);
	check_spoiled(block_backwards, 1);
}

/* A record that may still be continued is there; dmesg would wait. */
static void test_committed(void **state)
{
	(void)state;
	new_ring(4, 10);
	add_many(2, 40);
	set64(fake_log_desc(&ring, 1),
	      (get64(fake_log_desc(&ring, 1)) & ~(3ULL << 62)) | 1ULL << 62);
	check_ring(false);
}

/* A text of more than its block has is cut as the kernel cuts it. */
static void test_long_text(void **state)
{
	struct irqm_snapshot *s;

	(void)state;
	new_ring(4, 10);
	fake_log_add(&ring, 1, 4, "twelve bytes");
	fake_log_add(&ring, 1, 4, "secret of the next block");
	memset(fake_log_info(&ring, 0) + 16, 0xff, 2);
	s = read_ring();
	assert_int_equal(s->log.nr_lines, 2);
	assert_string_equal(s->log.lines[0].text, "twelve bytes");
	done(s);
}

/* Another ring in place of the one of six records, with some bytes changed. */
struct patch {
	uint64_t offset;
	const void *value;
	size_t len;
};

static struct irqm_snapshot *read_patched(const struct patch *p, unsigned int nr)
{
	unsigned char copy[88];

	new_ring(4, 10);
	add_many(6, 40);
	fake_log_write(&ring, put, memory);
	assert_int_equal(target.read(target.ctx, PRB + 64, copy, 88), IRQM_OK);
	for (; nr; nr--, p++)
		memcpy(copy + p->offset, p->value, p->len);
	put(memory, PRB + 0x1000, copy, 88);
	put(memory, VARIABLES, &(uint64_t){ PRB + 0x1000 }, 8);
	assert_int_equal(irqm_memory_symbol(memory, "prb", VARIABLES), 0);
	return fake_log_read(&target, &layout);
}

/* The ring itself cannot be true. */
static void check_no_ring(uint64_t offset, const void *value, size_t len,
			  unsigned int max_lines)
{
	struct patch p = { offset, value, len };
	struct irqm_snapshot *s = read_patched(&p, 1);

	assert_int_equal(s->nr_unread, 1);
	assert_in_range(s->log.nr_lines, 0, max_lines);
	assert_true(!s->log.known || s->log.cut);
	/* sizes that cannot be are not even tried */
	assert_true(len == 8 || max_lines || !s->log.known);
	done(s);
}

static void test_spoiled_ring(void **state)
{
	static const uint32_t bits[] = { 27, 32, 62, 63, 64, UINT32_MAX };
	static const uint64_t bad[] = { 0, 1, 0x1000, UINT64_MAX,
					0xffffffffffffe000ULL,
					0xffff888000000000ULL };
	uint64_t far;
	unsigned int i;

	(void)state;
	for (i = 0; i < 6; i++)
		check_no_ring(0, &bits[i], 4, 0);
	for (i = 1; i < 6; i++)
		check_no_ring(48, &bits[i], 4, 0);
	for (i = 0; i < 6; i++) {
		check_no_ring(8, &bad[i], 8, 0);
		check_no_ring(16, &bad[i], 8, 0);
		check_no_ring(56, &bad[i], 8, 0);
	}
	/* a tail far away: each record says itself whether it is there */
	far = ring.head_id - (1ULL << 40);
	check_no_ring(32, &far, 8, 6);
}

/* A ring that claims to be much larger than it is. */
static void test_large(void **state)
{
	uint64_t far = (ring.head_id - (1ULL << 25)) & ~(3ULL << 62);
	uint32_t bits = 26;
	const struct patch p[] = { { 0, &bits, 4 }, { 32, &far, 8 } };

	(void)state;
	check_no_ring(0, &bits, 4, 6);
	irqm_snapshot_free(read_patched(p, 2));
	/* the newest 2^18 are looked for: 192 pieces, and their 8 pages */
	assert_in_range(irqm_memory_reads(memory), 1000, 2500);
	irqm_memory_free(memory);
}

/* Nothing of what is in the ring can be relied on. */
static void test_random(void **state)
{
	uint64_t seed = 1;
	unsigned int i, k;
	struct irqm_snapshot *s;

	(void)state;
	for (i = 0; i < 3000; i++) {
		new_ring(4, 10);
		add_many(40, 60);
		for (k = 0; k < 1 + i % 8; k++) {
			seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
			switch (seed >> 33 & 3) {
			case 0:
				ring.descs[(seed >> 35) % (16 * 24)] =
					seed >> 56;
				break;
			case 1:
				ring.infos[(seed >> 35) % (16 * 88)] =
					seed >> 56;
				break;
			case 2:
				ring.text[(seed >> 35) % 1024] = seed >> 56;
				break;
			default:
				ring.tail_id ^= 1ULL << (seed >> 58);
			}
		}
		s = read_ring();
		assert_in_range(s->log.nr_lines, 0, 16 * 60);
		done(s);
	}
}

/* A member is not among the types: said, and nothing read by it. */
static void test_no_type(void **state)
{
	struct irqm_member *const needed[] = {
		&layout.printk_ringbuffer.count_bits,
		&layout.printk_ringbuffer.descs,
		&layout.printk_ringbuffer.infos,
		&layout.printk_ringbuffer.head_id,
		&layout.printk_ringbuffer.tail_id,
		&layout.printk_ringbuffer.size_bits,
		&layout.printk_ringbuffer.data,
		&layout.prb_desc.state, &layout.prb_desc.begin,
		&layout.prb_desc.next, &layout.printk_info.seq,
		&layout.printk_info.ns, &layout.printk_info.text_len,
	};
	struct irqm_snapshot *s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(needed) / sizeof(*needed); i++) {
		new_ring(4, 10);
		add_many(6, 40);
		needed[i]->exists = false;
		s = read_ring();
		assert_false(s->log.known);
		assert_int_equal(s->log.nr_lines, 0);
		assert_int_equal(s->nr_unread, 1);
		done(s);
	}
}

/* There is none (CONFIG_PRINTK), or it was left out: nothing is wrong. */
static void test_none(void **state)
{
	struct irqm_snapshot *s;

	(void)state;
	new_ring(4, 10);
	s = fake_log_read(&target, &layout);
	assert_false(s->log.known || s->log.left_out || s->log.cut);
	assert_int_equal(s->nr_unread, 0);
	done(s);

	new_ring(4, 10);
	add_many(3, 40);
	target.log_left_out = true;
	forbidden = "all";
	s = read_ring();
	assert_true(s->log.left_out);
	assert_false(s->log.known);
	assert_int_equal(s->log.nr_lines, 0);
	assert_int_equal(s->nr_unread, 0);
	done(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ring),
		cmocka_unit_test(test_wraps),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_lines_of_a_record),
		cmocka_unit_test(test_used),
		cmocka_unit_test(test_missing_page),
		cmocka_unit_test(test_each_read_fails),
		cmocka_unit_test(test_spoiled_records),
		cmocka_unit_test(test_committed),
		cmocka_unit_test(test_long_text),
		cmocka_unit_test(test_spoiled_ring),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_no_type),
		cmocka_unit_test(test_none),
	};

	return RUN(tests);
}
