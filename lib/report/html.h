/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes HTML. Everything that comes from a dump goes through irqm_html(), the
 * only place where text is escaped. */
#ifndef IRQM_REPORT_HTML_H
#define IRQM_REPORT_HTML_H

#include <stdio.h>

#include "base/base.h"
#include "render/json/json.h"

/*
 * Writes markup, with these conversions:
 *
 *	%s  const char *, escaped for text and for attributes in quotes: also
 *	    control characters and invalid UTF-8, as irqm_escape() does;
 *	    NULL is "?"
 *	%j  const json_t *: a string like %s, a number, yes or no; null, NULL
 *	    and anything else are "?"
 *	%n  irqm_num; unknown is "?"
 *	%u  unsigned int
 *	%f  double, with one digit
 *	%%  a percent sign
 */
void irqm_html(FILE *out, const char *markup, ...);

#endif
