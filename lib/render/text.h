/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Prints single facts, for the text views. "?" is a fact that could not be
 * read, "-" one that does not apply.
 *
 * The functions write to a stream and report nothing: the stream records that a
 * write failed, and irqm_put_end() or irqm_table_print() checks that.
 */
#ifndef IRQM_RENDER_TEXT_H
#define IRQM_RENDER_TEXT_H

#include <stdio.h>

#include "facts/facts.h"

/* Lines are not longer than this if the content allows. */
#define IRQM_LINE_WIDTH 80

void irqm_put_num(FILE *out, irqm_num n);
/* Prints a fact by its type, which must not be IRQM_TYPE_NEST. */
void irqm_put_fact(FILE *out, const struct irqm_fact *fact,
		   const struct irqm_fact_row *row);
/* Escapes a name. A very long one is cut, with "...". */
void irqm_put_name(FILE *out, const char *name);
/* Prints "14 s", "3 min", "3:05 h" or "12 days". */
void irqm_put_duration(FILE *out, irqm_num seconds);
/* Prints "0-3,5". */
void irqm_put_bits(FILE *out, const struct irqm_bits *bits);
/* Prints the numbers of snapshot->irqs[indexes[0..nr-1]], ascending:
 * "24-27,31". */
void irqm_put_irqs(FILE *out, const struct irqm_snapshot *s,
		   const unsigned int *indexes, unsigned int nr);
/* Prints "3" or "3-7". */
void irqm_put_range(FILE *out, unsigned int first, unsigned int last);
/* Prints " (41.0%)", or nothing if part or whole is unknown or whole is not
 * positive. */
void irqm_put_share(FILE *out, irqm_num part, irqm_num whole);
/* Prints the names of all actions: "a,b". */
void irqm_put_actions(FILE *out, const struct irqm_irq *irq);
/* Prints no for 0, yes for 1. */
void irqm_put_yes(FILE *out, irqm_num n);
/* Prints the names of all consumers: "virtio1,vda". */
void irqm_put_consumers(FILE *out, const struct irqm_device *d);
/* Prints the name of the MSI device. */
void irqm_put_device(FILE *out, const struct irqm_snapshot *s,
		     const struct irqm_irq *irq);

/* Returns "online", "offline", "absent" (possible, but not present) or "?". */
const char *irqm_cpu_state(const struct irqm_snapshot *s,
			   const struct irqm_cpu *cpu);

static inline bool irqm_selected(const struct irqm_bits *cpus, unsigned int cpu)
{
	return !cpus || irqm_bits_test(cpus, cpu);
}

struct irqm_render_options;
/* One line: "CRITICAL: out of vectors; 2 warnings, 1 info, see -k", without
 * "see -k" if all findings follow. 0, or -1 with errno. */
int irqm_put_verdict(FILE *out, const struct irqm_analysis *a, bool all,
		     const struct irqm_render_options *options);
/* The findings that are a warning or worse and what to do about each, and an
 * empty line below. 0, or -1 with errno. */
int irqm_put_findings(FILE *out, const struct irqm_analysis *a,
		      const struct irqm_render_options *options);

/* A command with dump in place of IRQM_COMMAND_DUMP, see render.h. */
void irqm_put_command(FILE *out, const char *command, const char *dump);

/* Flushes. Returns 0, or -1 with errno if any write to out has failed. */
int irqm_put_end(FILE *out);

#endif
