/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ring buffers of the kernel log in which something cannot be true. */
#include "tests/unit/log_ring.h"
#include "tests/unit/unit.h"

/* Spoils record 3 of 6; nothing but that record may be lost. */
static void check_spoiled(void (*spoil)(void), unsigned int unread)
{
	struct irqm_snapshot *s;

	ring_new(4, 10);
	ring_add_many(6, 40);
	spoil();
	ring.record[3].there = false;
	s = ring_read();
	ring_check_lines(&s->log);
	assert_true(s->log.cut);
	assert_int_equal(s->nr_unread, unread);
	ring_done(s);
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
	ring_new(4, 10);
	ring_add_many(2, 40);
	set64(fake_log_desc(&ring, 1),
	      (get64(fake_log_desc(&ring, 1)) & ~(3ULL << 62)) | 1ULL << 62);
	ring_check(false);
}

/* Another ring in place of the one of six records, with some bytes changed. */
struct patch {
	uint64_t offset;
	const void *value;
	size_t len;
};

static struct irqm_snapshot *read_patched(const struct patch *p,
					  unsigned int nr)
{
	unsigned char copy[88];

	ring_new(4, 10);
	ring_add_many(6, 40);
	fake_log_write(&ring, ring_put, ring_memory);
	assert_int_equal(ring_target.read(ring_target.ctx, PRB + 64, copy, 88),
			 IRQM_OK);
	for (; nr; nr--, p++)
		memcpy(copy + p->offset, p->value, p->len);
	ring_put(ring_memory, PRB + 0x1000, copy, 88);
	ring_put(ring_memory, VARIABLES, &(uint64_t){ PRB + 0x1000 }, 8);
	assert_int_equal(irqm_memory_symbol(ring_memory, "prb", VARIABLES), 0);
	return fake_log_read(&ring_target, &ring_layout);
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
	ring_done(s);
}

static void test_spoiled_ring(void **state)
{
	static const uint32_t bits[] = { 27, 32, 62, 63, 64, UINT32_MAX };
	static const uint64_t bad[] = { 0,
					1,
					0x1000,
					UINT64_MAX,
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
	assert_in_range(irqm_memory_reads(ring_memory), 1000, 2500);
	irqm_memory_free(ring_memory);
}

/* Nothing of what is in the ring can be relied on. */
static void test_random(void **state)
{
	uint64_t seed = 1;
	unsigned int i, k;
	struct irqm_snapshot *s;

	(void)state;
	for (i = 0; i < 3000; i++) {
		ring_new(4, 10);
		ring_add_many(40, 60);
		for (k = 0; k < 1 + i % 8; k++) {
			seed = seed * 6364136223846793005ULL +
			       1442695040888963407ULL;
			switch (seed >> 33 & 3) {
			case 0:
				ring.descs[(seed >> 35) % (16 * 24)] = seed >>
								       56;
				break;
			case 1:
				ring.infos[(seed >> 35) % (16 * 88)] = seed >>
								       56;
				break;
			case 2:
				ring.text[(seed >> 35) % 1024] = seed >> 56;
				break;
			default:
				ring.tail_id ^= 1ULL << (seed >> 58);
			}
		}
		s = ring_read();
		assert_in_range(s->log.nr_lines, 0, 16 * 60);
		ring_done(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spoiled_records),
		cmocka_unit_test(test_committed),
		cmocka_unit_test(test_spoiled_ring),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_random),
	};

	return RUN(tests);
}
