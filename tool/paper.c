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
#include "tool/libvirt.h"

/* Unless the user says otherwise. */
#define SECONDS 60
#define MEMORY (2ULL << 30)

static int take_file(struct irqm_paper *p, const char *arg, bool is_domain)
{
	if (p->file)
		return irqm_bad_usage("%s: %s describes the machine already",
				      arg, p->file);
	p->file = arg;
	p->is_domain = is_domain;
	return 0;
}

static int take_machine(struct irqm_paper *p, const char *arg)
{
	if (!strchr(arg, '='))
		return take_file(p, arg, false);
	if (p->nr_words == ARRAY_SIZE(p->words))
		return irqm_bad_usage("too many --machine");
	p->words[p->nr_words++] = arg;
	return 0;
}

int irqm_paper_take_option(struct irqm_paper *p, struct irqm_steps *steps,
			   struct irqm_dump_options *dump, int c)
{
	switch (c) {
	case IRQM_OPT_MACHINE:
		return take_machine(p, optarg);
	case IRQM_OPT_LIBVIRT:
		return take_file(p, optarg, true);
	default:
		return irqm_take_plan_option(steps, dump, c);
	}
}

bool irqm_paper_given(const struct irqm_paper *p)
{
	return p->nr_words || p->file;
}

int irqm_paper_check(const struct irqm_paper *p, struct irqm_dump_options *dump)
{
	if (!irqm_paper_given(p))
		return irqm_choose_dump(dump);
	if (dump->nr_files)
		return irqm_bad_usage("--machine and --libvirt describe a "
				      "machine without a dump: leave out %s "
				      "or them",
				      dump->files[0]);
	if (dump->latest || dump->live)
		return irqm_exclusive("--machine",
				      dump->latest ? "--latest" : "--live");
	return 0;
}

static bool read_file(struct irqm_paper *p)
{
	size_t most = p->is_domain ? IRQM_LIBVIRT_MAX : IRQM_MACHINE_MAX_TEXT;
	FILE *f = fopen(p->file, "r");
	bool good;

	if (!f) {
		irqm_say("%s: %s", p->file, strerror(errno));
		return false;
	}
	p->text = malloc(most + 1);
	if (!p->text) {
		fclose(f);
		irqm_say("out of memory");
		return false;
	}
	errno = 0;
	p->len = fread(p->text, 1, most + 1, f);
	good = !ferror(f) && p->len <= most;
	if (ferror(f))
		irqm_say("%s: %s", p->file, strerror(errno));
	else if (!good)
		irqm_say("%s: is too large; at most %zu MB are read", p->file,
			 most >> 20);
	fclose(f);
	return good;
}

static int add_steps(struct irqm_steps *to, const struct irqm_plan_wish *from,
		     unsigned int nr, struct irqm_error *err)
{
	if (nr > IRQM_PLAN_MAX_STEPS - to->nr) {
		irqm_error_set(err,
			       "too many steps: at most %u, of which the "
			       "domain's devices are %u",
			       IRQM_PLAN_MAX_STEPS, to->nr);
		return -1;
	}
	memcpy(to->wishes + to->nr, from, nr * sizeof(*from));
	to->nr += nr;
	return 0;
}

static int read_domain(const struct irqm_paper *p,
		       struct irqm_machine_keys *keys, struct irqm_libvirt *l,
		       struct irqm_paper_machine *ret, struct irqm_error *err)
{
	if (irqm_libvirt_read(p->file, p->text, p->len, keys, l, err))
		return -1;
	ret->passed_through = l->passed_through;
	return add_steps(&ret->steps, l->wishes, l->nr, err);
}

static int make_machine(const struct irqm_paper *p,
			const struct irqm_steps *steps,
			struct irqm_paper_machine *ret, struct irqm_error *err)
{
	struct irqm_machine_keys keys = { .arena = p->arena };
	struct irqm_libvirt domain = { .nr = 0 };
	unsigned int i;

	memset(ret, 0, sizeof(*ret));
	if (p->is_domain && read_domain(p, &keys, &domain, ret, err))
		return -1;
	for (i = 0; i < p->nr_words; i++)
		if (irqm_machine_take_keys(&keys, p->words[i], err))
			return -1;
	if (add_steps(&ret->steps, steps->wishes, steps->nr, err))
		return -1;
	if (!p->file || p->is_domain) {
		if (irqm_machine_of_keys(&keys, &ret->m, err))
			return -1;
		irqm_libvirt_place(&domain, &ret->m);
		return 0;
	}
	irqm_machine_init(&ret->m, p->arena);
	if (irqm_machine_parse(&ret->m, p->file, p->text, p->len, NULL, err))
		return -1;
	return irqm_machine_change(&keys, &ret->m, err);
}

/* A large machine is a short text. */
static void set_limits(const struct irqm_paper *p,
		       const struct irqm_dump_options *o)
{
	struct irqm_dump_options limits = *o;

	limits.files = &p->file;
	limits.nr_files = p->file != NULL;
	if (!limits.timeout)
		limits.timeout = SECONDS;
	if (!limits.max_memory)
		limits.max_memory = MEMORY;
	irqm_limits_set(&limits);
}

bool irqm_paper_open(struct irqm_paper *p, const struct irqm_dump_options *o,
		     const struct irqm_steps *steps,
		     struct irqm_paper_machine *ret)
{
	struct irqm_error err;

	set_limits(p, o);
	p->arena = irqm_arena_new(IRQM_ARENA_LIMIT);
	if (!p->arena) {
		irqm_say("out of memory");
		return false;
	}
	if (p->file && !read_file(p))
		return false;
	if (p->is_domain && irqm_libvirt_load(&err))
		goto failed;
	if (!irqm_confine_reading(NULL, 0, 0))
		return false;
	if (!make_machine(p, steps, ret, &err))
		return true;
failed:
	irqm_say("%s", err.msg);
	return false;
}

void irqm_paper_close(struct irqm_paper *p)
{
	free(p->text);
	irqm_arena_free(p->arena);
}

void irqm_paper_print_left_out(const struct irqm_paper_machine *m, FILE *out)
{
	if (m->passed_through)
		fprintf(out,
			"left out: %u passed-through %s; state %s vectors "
			"with --add\n",
			m->passed_through,
			irqm_plural(m->passed_through, "device", "devices"),
			irqm_plural(m->passed_through, "its", "their"));
}
