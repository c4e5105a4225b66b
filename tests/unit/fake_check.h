/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compares a snapshot with the description of the machine it came from. */
#ifndef FAKE_CHECK_H
#define FAKE_CHECK_H

#include "tests/mkdump/fake_kernel.h"

struct fk_result {
	char wrong[256];      /* the first fact that is not true, or "" */
	unsigned int unknown; /* facts that could not be had */
	char first_unknown[96];
	bool with_counts; /* IRQM_READ_COUNTS was asked for */
};

/* Every fact of s is true or unknown; what is not goes to res. */
void fk_check(const struct fk *fk, const struct irqm_snapshot *s,
	      struct fk_result *res);

#endif
