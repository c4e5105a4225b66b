/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stream into memory. Ends the program where memory is short. */
#ifndef TESTS_FAULT_MEMORY_H
#define TESTS_FAULT_MEMORY_H

#include <stdio.h>
#include <stdlib.h>

/* Stays where it is while the stream is open. text is to be freed. */
struct memory {
	FILE *out;
	char *text;
	size_t len;
};

static inline void memory_open(struct memory *m)
{
	m->text = NULL;
	m->len = 0;
	m->out = open_memstream(&m->text, &m->len);
	if (!m->out)
		abort();
}

#endif
