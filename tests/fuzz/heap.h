/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How much memory the process has allocated, libraries included, by the hooks
 * of a sanitizer; without one nothing is measured, and the peak is 0.
 */
#ifndef FUZZ_HEAP_H
#define FUZZ_HEAP_H

#include <stddef.h>

/* Starts anew: what is allocated now does not count. */
void heap_begin(void);
/* The most bytes that were allocated at one time since then. */
size_t heap_peak(void);

#endif
