/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A layout as text, a row a line, for tests to compare. */
#ifndef IRQM_TESTS_PRINT_LAYOUT_H
#define IRQM_TESTS_PRINT_LAYOUT_H

#include "layout/layout.h"

#include <inttypes.h>
#include <stdio.h>

static inline void print_member(FILE *f, const char *tag, const char *path,
				const struct irqm_member *m)
{
	static const char *const kind[] = {
		"other", "int", "pointer", "array", "struct",
	};

	if (!m->exists) {
		fprintf(f, "%s.%s -\n", tag, path);
		return;
	}
	fprintf(f, "%s.%s %u %u %u %u %s %u %u %s\n", tag, path, m->offset,
		m->size, m->bit_offset, m->bit_size, kind[m->kind], m->count,
		m->elem_size, m->target[0] ? m->target : "-");
}

static inline void print_layout(FILE *f, struct irqm_layout *l)
{
	unsigned int i, j;

	for (i = 0; i < irqm_nr_struct_rows; i++) {
		const struct irqm_struct_row *r = &irqm_struct_rows[i];

		if (*irqm_row_exists(l, r))
			fprintf(f, "struct %s size %u\n", r->name,
				*irqm_row_size(l, r));
		else
			fprintf(f, "struct %s -\n", r->name);
	}
	for (i = 0; i < irqm_nr_member_rows; i++) {
		const struct irqm_member_row *r = &irqm_member_rows[i];

		print_member(f, irqm_struct_rows[r->strct].name, r->path,
			     irqm_row_member(l, r));
	}
	for (i = 0; i < irqm_nr_enum_rows; i++) {
		const struct irqm_enum_row *r = &irqm_enum_rows[i];
		const struct irqm_enum *e = irqm_row_enum(l, r);

		if (!e->nr)
			fprintf(f, "enum %s -\n", r->witness);
		for (j = 0; j < e->nr; j++)
			fprintf(f, "enum %s %s %" PRId64 "\n", r->witness,
				e->e[j].name, e->e[j].value);
	}
}

#endif
