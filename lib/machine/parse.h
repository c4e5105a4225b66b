/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The text of a machine, as irqmatrix-machine(5) describes it. It may come from
 * anybody: time and memory are limited, see machine.h.
 *
 *	irqm_machine_init(&m, arena);
 *	ret = irqm_machine_parse(&m, path, text, len, NULL, &err);
 */
#ifndef IRQM_MACHINE_PARSE_H
#define IRQM_MACHINE_PARSE_H

#include "machine/line.h"

/*
 * Adds a text to a machine, fills in what it leaves out (default_affinity and
 * the interrupts' affinities), and checks the machine as a whole. name is that
 * of the file, for errors: "NAME:LINE: ...". other may be NULL. A machine whose
 * text is wrong must not be used.
 */
int irqm_machine_parse(struct irqm_machine *m, const char *name,
		       const char *text, size_t len,
		       const struct irqm_machine_other *other,
		       struct irqm_error *err);

/* Adds one line, before the rest of the text. "repeat" and {expressions} are
 * not possible. */
int irqm_machine_parse_line(struct irqm_machine *m, const char *line,
			    const struct irqm_machine_other *other,
			    struct irqm_error *err);

#endif
