/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints a learned kernel as text, which parse.c reads. */
#include "memory/learned/learned.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory/learned/words.h"
#include "memory/variables.h"

/* Writes bytes that a line cannot contain, and backslashes, as \xHH. */
static void put_text(FILE *out, const char *s)
{
	for (; *s; s++) {
		if (*s < 0x20 || *s > 0x7e || *s == '\\')
			fprintf(out, "\\x%02x", (unsigned char)*s);
		else
			fputc(*s, out);
	}
	fputc('\n', out);
}

static void put_build(FILE *out, const struct irqm_build *b)
{
	char hex[2 * sizeof(b->note) + 1];

	if (b->id_size) {
		irqm_hex(b->note, IRQM_BUILD_ID_HEADER + b->id_size, hex);
		fprintf(out, "note %" PRIx64 " %s\n", b->note_at, hex);
	}
	if (b->banner[0]) {
		fprintf(out, "banner %" PRIx64 " ", b->banner_at);
		put_text(out, b->banner);
	}
}

/* Also writes that a variable is absent, because a later version of irqmatrix
 * may ask for other variables. */
static void put_symbols(FILE *out, const struct irqm_learned *k)
{
	uint64_t value;
	unsigned int i;

	for (i = 0; i < k->nr_symbols; i++)
		fprintf(out, "symbol %s %" PRIx64 "\n", k->symbols[i].name,
			k->symbols[i].value);
	for (i = 0; i < IRQM_NR_VARIABLES; i++)
		if (!irqm_learned_symbol(k, irqm_variables[i].name, &value))
			fprintf(out, "symbol %s -\n", irqm_variables[i].name);
}

static void put_member(FILE *out, const struct irqm_struct_row *s,
		       const struct irqm_member_row *r,
		       const struct irqm_member *m)
{
	fprintf(out, "member %s.%s", s->name, r->path);
	if (m->exists)
		fprintf(out, " %s %u %u %u %u %u %u %s\n",
			irqm_learned_kinds[m->kind], m->offset, m->size,
			m->bit_offset, m->bit_size, m->count, m->elem_size,
			m->target[0] ? m->target : "-");
	else
		fputs(" -\n", out);
}

static void put_enum(FILE *out, const struct irqm_enum_row *r,
		     const struct irqm_enum *e)
{
	unsigned int i;

	fprintf(out, "enum %s %u\n", r->witness, e->nr);
	for (i = 0; i < e->nr; i++)
		fprintf(out, "value %s %" PRId64 "\n", e->e[i].name,
			e->e[i].value);
}

static void put_layout(FILE *out, const struct irqm_layout *layout)
{
	/* the accessors only compute addresses */
	struct irqm_layout *l = (struct irqm_layout *)(uintptr_t)layout;
	unsigned int i;

	for (i = 0; i < irqm_nr_struct_rows; i++) {
		const struct irqm_struct_row *r = &irqm_struct_rows[i];

		if (*irqm_row_exists(l, r))
			fprintf(out, "struct %s %u\n", r->name,
				*irqm_row_size(l, r));
		else
			fprintf(out, "struct %s -\n", r->name);
	}
	for (i = 0; i < irqm_nr_member_rows; i++) {
		const struct irqm_member_row *r = &irqm_member_rows[i];

		put_member(out, &irqm_struct_rows[r->strct], r,
			   irqm_row_member(l, r));
	}
	for (i = 0; i < irqm_nr_enum_rows; i++)
		put_enum(out, &irqm_enum_rows[i],
			 irqm_row_enum(l, &irqm_enum_rows[i]));
}

static void put_all(FILE *out, const struct irqm_learned *k)
{
	fputs("kernel ", out);
	put_text(out, k->release[0] ? k->release : "-");
	fprintf(out, "learned %" PRId64 "\n", k->time);
	fputs("from ", out);
	put_text(out, k->from[0] ? k->from : "-");
	fprintf(out, "types %s\n", k->types);
	fprintf(out, "image %" PRIx64 " %" PRIx64 "\n", k->text, k->end);
	put_build(out, &k->build);
	put_symbols(out, k);
	put_layout(out, &k->layout);
}

char *irqm_learned_print(const struct irqm_learned *k, size_t *ret_len)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, ret_len);
	bool ok;

	if (!out)
		return NULL;
	put_all(out, k);
	ok = fflush(out) == 0;
	if (ok)
		fprintf(out, "end %08" PRIx32 "\n",
			irqm_learned_sum(text, *ret_len));
	ok = !ferror(out) && ok;
	if (fclose(out) == 0 && ok)
		return text;
	free(text);
	return NULL;
}
