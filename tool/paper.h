/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Machines without a dump: --machine, --libvirt. */
#ifndef IRQM_TOOL_PAPER_H
#define IRQM_TOOL_PAPER_H

#include "command/options.h"
#include "machine/keys.h"
#include "tool/libvirt.h"

/* What the options say; zeroed at first. */
struct irqm_paper {
	const char *words[64]; /* KEY=VALUE,... */
	unsigned int nr_words;
	const char *file; /* a machine's text, or a domain's XML; or NULL */
	bool is_domain;   /* it is a domain's */
	char *text;       /* of the file */
	size_t len;
};

/* Takes the argument of --machine, which is a file if it has no '=', or that of
 * --libvirt. Returns 0, or the exit status for wrong usage. */
int irqm_paper_take(struct irqm_paper *p, const char *arg);
int irqm_paper_take_domain(struct irqm_paper *p, const char *arg);

/* Returns true if the options describe a machine, so that there is no dump. */
bool irqm_paper_given(const struct irqm_paper *p);

/* There is a dump or a described machine, not both. Returns 0, or the exit
 * status for wrong usage. */
int irqm_paper_check(const struct irqm_paper *p,
		     const struct irqm_dump_options *dump);

/* Reads the file, if there is one, and then enters the sandbox, with the limits
 * of o. Returns false if that fails, after printing an error. */
bool irqm_paper_open(struct irqm_paper *p, const struct irqm_dump_options *o);
void irqm_paper_close(struct irqm_paper *p);

/* A machine, and the steps that come first: the devices of a domain. */
struct irqm_paper_machine {
	struct irqm_machine m;
	struct irqm_steps steps;
	unsigned int passed_through; /* devices that are left out */
};

/* Makes the machine, in the arena, and adds the user's steps. Returns 0, or -1
 * with err. */
int irqm_paper_machine(const struct irqm_paper *p,
		       const struct irqm_steps *steps, struct irqm_arena *arena,
		       struct irqm_paper_machine *ret, struct irqm_error *err);
/* Prints what was left out. */
void irqm_paper_print_left_out(const struct irqm_paper_machine *m, FILE *out);

#endif
