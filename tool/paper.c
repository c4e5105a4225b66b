/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/paper.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/confine.h"
#include "command/limits.h"
#include "command/say.h"
#include "machine/parse.h"

/* Bytes of a file. */
#define MAX_FILE (16U << 20)

int irqm_paper_take(struct irqm_paper *p, const char *arg)
{
	if (!strchr(arg, '=')) {
		if (p->file)
			return irqm_bad_usage("--machine %s: %s describes the "
					      "machine already",
					      arg, p->file);
		p->file = arg;
		return 0;
	}
	if (p->nr_words == ARRAY_SIZE(p->words))
		return irqm_bad_usage("too many --machine");
	p->words[p->nr_words++] = arg;
	return 0;
}

bool irqm_paper_given(const struct irqm_paper *p)
{
	return p->nr_words || p->file;
}

int irqm_paper_check(const struct irqm_paper *p,
		     const struct irqm_dump_options *dump)
{
	if (!irqm_paper_given(p))
		return irqm_need_dump(dump);
	if (dump->nr_files)
		return irqm_bad_usage("--machine describes a machine without a "
				      "dump: leave out %s or --machine",
				      dump->files[0]);
	if (dump->latest)
		return irqm_exclusive("--machine", "--latest");
	return 0;
}

static bool read_file(struct irqm_paper *p)
{
	FILE *f = fopen(p->file, "r");
	bool good;

	if (!f) {
		irqm_say("%s: %s", p->file, strerror(errno));
		return false;
	}
	p->text = malloc(MAX_FILE + 1);
	if (!p->text) {
		fclose(f);
		irqm_say("out of memory");
		return false;
	}
	errno = 0;
	p->len = fread(p->text, 1, MAX_FILE + 1, f);
	good = !ferror(f) && p->len <= MAX_FILE;
	if (ferror(f))
		irqm_say("%s: %s", p->file, strerror(errno));
	else if (!good)
		irqm_say("%s: a machine's text has at most %u MB", p->file,
			 MAX_FILE >> 20);
	fclose(f);
	return good;
}

bool irqm_paper_open(struct irqm_paper *p)
{
	struct irqm_dump_options none = { .files = &p->file,
					  .nr_files = p->file != NULL };

	irqm_limits_set(&none);
	if (p->file && !read_file(p))
		return false;
	return irqm_confine_reading(NULL, 0, 0);
}

void irqm_paper_close(struct irqm_paper *p)
{
	free(p->text);
}

int irqm_paper_machine(const struct irqm_paper *p, struct irqm_arena *arena,
		       struct irqm_machine *ret, struct irqm_error *err)
{
	struct irqm_machine_keys keys = { .arena = arena };
	unsigned int i;

	for (i = 0; i < p->nr_words; i++)
		if (irqm_machine_take_keys(&keys, p->words[i], err))
			return -1;
	if (!p->file)
		return irqm_machine_of_keys(&keys, ret, err);
	irqm_machine_init(ret, arena);
	if (irqm_machine_parse(ret, p->file, p->text, p->len, NULL, err))
		return -1;
	return irqm_machine_change(&keys, ret, err);
}
