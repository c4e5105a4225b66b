/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/nh.h"

#include <endian.h>
#include <string.h>

static inline uint64_t get_u64(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return le64toh(v);
}

static inline unsigned __int128 word_product(const uint64_t *key,
					     const uint8_t *p)
{
	return (unsigned __int128)(get_u64(p) + key[0]) *
	       (get_u64(p + 8) + key[1]);
}

void irqm_nh(const uint64_t key[IRQM_NH_WORDS], const void *block, size_t size,
	     uint8_t ret[IRQM_NH_SIZE])
{
	const uint8_t *p = block;
	unsigned __int128 sum = 0;
	uint8_t last[16] = { 0 };
	uint64_t half;

	for (; size >= 16; size -= 16, p += 16, key += 2)
		sum += word_product(key, p);
	if (size) {
		memcpy(last, p, size);
		sum += word_product(key, last);
	}
	half = htole64((uint64_t)sum);
	memcpy(ret, &half, 8);
	half = htole64((uint64_t)(sum >> 64));
	memcpy(ret + 8, &half, 8);
}
