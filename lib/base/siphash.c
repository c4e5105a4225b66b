/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/siphash.h"

#include <endian.h>
#include <string.h>

static inline uint64_t get_u64(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return le64toh(v);
}

static void put_u64(uint8_t *p, uint64_t v)
{
	v = htole64(v);
	memcpy(p, &v, sizeof(v));
}

static inline uint64_t rotate_left(uint64_t v, int by)
{
	return v << by | v >> (64 - by);
}

/* Inline, so that v stays in registers: four times as fast. */
static inline void one_round(uint64_t *v)
{
	v[0] += v[1];
	v[2] += v[3];
	v[1] = rotate_left(v[1], 13) ^ v[0];
	v[3] = rotate_left(v[3], 16) ^ v[2];
	v[0] = rotate_left(v[0], 32);
	v[2] += v[1];
	v[0] += v[3];
	v[1] = rotate_left(v[1], 17) ^ v[2];
	v[3] = rotate_left(v[3], 21) ^ v[0];
	v[2] = rotate_left(v[2], 32);
}

static void four_rounds(uint64_t *v)
{
	one_round(v);
	one_round(v);
	one_round(v);
	one_round(v);
}

static inline void add_word(uint64_t *v, uint64_t w)
{
	v[3] ^= w;
	one_round(v);
	one_round(v);
	v[0] ^= w;
}

void irqm_siphash_begin(struct irqm_siphash *h, const uint8_t *key)
{
	uint64_t k0 = get_u64(key), k1 = get_u64(key + 8);

	memset(h, 0, sizeof(*h));
	h->v[0] = k0 ^ 0x736f6d6570736575ULL;
	h->v[1] = k1 ^ 0x646f72616e646f6dULL ^ 0xee;
	h->v[2] = k0 ^ 0x6c7967656e657261ULL;
	h->v[3] = k1 ^ 0x7465646279746573ULL;
}

void irqm_siphash_add(struct irqm_siphash *h, const void *data, size_t size)
{
	const uint8_t *p = data;
	uint64_t v[4];

	for (; size && h->len % 8; size--) {
		h->word[h->len++ % 8] = *p++;
		if (h->len % 8 == 0)
			add_word(h->v, get_u64(h->word));
	}
	memcpy(v, h->v, sizeof(v));
	for (; size >= 8; size -= 8, p += 8, h->len += 8)
		add_word(v, get_u64(p));
	memcpy(h->v, v, sizeof(v));
	for (; size; size--)
		h->word[h->len++ % 8] = *p++;
}

void irqm_siphash_end(struct irqm_siphash *h, uint8_t *ret)
{
	memset(h->word + h->len % 8, 0, 8 - h->len % 8);
	h->word[7] = (uint8_t)h->len;
	add_word(h->v, get_u64(h->word));
	h->v[2] ^= 0xee;
	four_rounds(h->v);
	put_u64(ret, h->v[0] ^ h->v[1] ^ h->v[2] ^ h->v[3]);
	h->v[1] ^= 0xdd;
	four_rounds(h->v);
	put_u64(ret + 8, h->v[0] ^ h->v[1] ^ h->v[2] ^ h->v[3]);
}
