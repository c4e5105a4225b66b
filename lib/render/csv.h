/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables in the form of RFC 4180, safe for a spreadsheet. */
#ifndef IRQM_RENDER_CSV_H
#define IRQM_RENDER_CSV_H

#include <stdio.h>

/* A space at which lines are not broken. Names from the dump cannot contain it:
 * irqm_escape() removes control characters. */
#define IRQM_NBSP "\x1f"

/* A spreadsheet executes a cell that begins like a formula, quoted or not. A
 * hostile dump may have such names, so they are prefixed with an apostrophe. */
enum irqm_csv {
	IRQM_CSV_NONE, /* a table for people */
	IRQM_CSV_DEFUSED,
	IRQM_CSV_RAW, /* cells unchanged, for programs */
};

/* Writes a cell, quoted if necessary; IRQM_NBSP becomes a space. */
void irqm_csv_cell(FILE *out, const char *text, enum irqm_csv csv);

#endif
