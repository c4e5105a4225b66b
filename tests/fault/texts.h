/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the text views say of a whole dump and of one with lost pages. */
#ifndef TESTS_FAULT_TEXTS_H
#define TESTS_FAULT_TEXTS_H

#include "analysis/analysis.h"

/*
 * All tables with all columns, and irqaff of all interrupts. A row is a line:
 * the view, what tells the row apart, and the cells, separated by tabs. To be
 * freed. Ends the program where memory is short.
 */
char *texts_of(const struct irqm_analysis *a);

/*
 * Is each row of part a row of whole, less what is "?" in it? False with why,
 * whose size is size, if not.
 */
bool compare_texts(const char *whole, const char *part, char *why, size_t size);

#endif
