/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables as RFC 4180 has them, and fit for a spreadsheet. */
#ifndef IRQM_RENDER_CSV_H
#define IRQM_RENDER_CSV_H

#include <stdio.h>

/*
 * A blank at which no line is broken. Names from the dump cannot have it:
 * irqm_escape() leaves no control characters.
 */
#define IRQM_NBSP "\x1f"

/*
 * A spreadsheet runs a cell that begins like a formula, in quotes or not. The
 * names in a dump may be made for that, so an apostrophe goes before them.
 */
enum irqm_csv {
	IRQM_CSV_NONE,       /* a table for people */
	IRQM_CSV_DEFUSED,
	IRQM_CSV_RAW,        /* cells as they are, for programs */
};

/* A cell, quoted where that is needed; IRQM_NBSP becomes a blank. */
void irqm_csv_cell(FILE *out, const char *text, enum irqm_csv csv);

#endif
