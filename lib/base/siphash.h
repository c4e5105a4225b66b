/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SipHash-2-4 with 128 bits of result (Aumasson and Bernstein). Without the
 * key, the result cannot be predicted or chosen. */
#ifndef IRQM_SIPHASH_H
#define IRQM_SIPHASH_H

#include "base/base.h"

#define IRQM_SIPHASH_KEY 16
#define IRQM_SIPHASH_SIZE 16

struct irqm_siphash {
	uint64_t v[4];
	uint8_t word[8]; /* bytes that do not fill a word yet */
	uint64_t len;
};

void irqm_siphash_begin(struct irqm_siphash *h, const uint8_t *key);
void irqm_siphash_add(struct irqm_siphash *h, const void *data, size_t size);
/* Writes the result to ret. Do not add to h afterwards. */
void irqm_siphash_end(struct irqm_siphash *h, uint8_t *ret);

#endif
