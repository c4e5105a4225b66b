/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * NH with words of 64 bits (Black, Halevi, Krawczyk, Krovetz and Rogaway,
 * UMAC, 1999): with a secret key, two different blocks of one length have the
 * same sum with a probability of at most 2^-64. It is not a MAC by itself,
 * because a sum reveals part of the key: put the sum into a MAC. Ten times as
 * fast as SipHash.
 */
#ifndef IRQM_NH_H
#define IRQM_NH_H

#include "base/base.h"

#define IRQM_NH_BLOCK 1024 /* bytes at most; the key is as long */
#define IRQM_NH_WORDS (IRQM_NH_BLOCK / 8)
#define IRQM_NH_SIZE 16

/* A short block has the sum of the same block filled up with zeroes: hash the
 * length, too. */
void irqm_nh(const uint64_t key[IRQM_NH_WORDS], const void *block, size_t size,
	     uint8_t ret[IRQM_NH_SIZE]);

#endif
