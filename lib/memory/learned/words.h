/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What print.c and parse.c share. Private to this folder. */
#ifndef IRQM_MEMORY_LEARNED_WORDS_H
#define IRQM_MEMORY_LEARNED_WORDS_H

#include <stddef.h>
#include <stdint.h>

/* The names of enum irqm_kind. */
#define IRQM_LEARNED_KINDS 5
extern const char *const irqm_learned_kinds[IRQM_LEARNED_KINDS];

/* Returns the CRC-32 of a kernel's text up to its line "end". */
uint32_t irqm_learned_sum(const char *text, size_t len);

#endif
