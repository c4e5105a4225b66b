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
	struct irqm_arena *arena; /* of the machine */
};

/* clang-format off */
#define IRQM_OPTIONS_PAPER                                                    \
	{ "machine", required_argument, NULL, IRQM_OPT_MACHINE },             \
	{ "libvirt", required_argument, NULL, IRQM_OPT_LIBVIRT }
/* clang-format on */
enum {
	IRQM_OPT_MACHINE = 400,
	IRQM_OPT_LIBVIRT,
};

/* Takes one of IRQM_OPTIONS_PAPER, and optarg; or passes the option on to
 * irqm_take_plan_option(). Returns 0, or the exit status for wrong usage. */
int irqm_paper_take_option(struct irqm_paper *p, struct irqm_steps *steps,
			   struct irqm_dump_options *dump, int c);

/* Returns true if the options describe a machine, so that there is no dump. */
bool irqm_paper_given(const struct irqm_paper *p);

/* There is a dump or a described machine, not both. Returns 0, or the exit
 * status for wrong usage. */
int irqm_paper_check(const struct irqm_paper *p,
		     struct irqm_dump_options *dump);

/* A machine, and the steps that come first: the devices of a domain. */
struct irqm_paper_machine {
	struct irqm_machine m;
	struct irqm_steps steps;
	unsigned int passed_through; /* devices that are left out */
};

/* Reads the file, if there is one, enters the sandbox with the limits of o,
 * makes the machine, and adds the user's steps. Returns false if that fails,
 * after printing an error. */
bool irqm_paper_open(struct irqm_paper *p, const struct irqm_dump_options *o,
		     const struct irqm_steps *steps,
		     struct irqm_paper_machine *ret);
void irqm_paper_close(struct irqm_paper *p);
/* Prints what was left out. */
void irqm_paper_print_left_out(const struct irqm_paper_machine *m, FILE *out);

#endif
