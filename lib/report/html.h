/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing HTML. Everything that comes from a dump goes through irqm_html(),
 * which is the one place where it is escaped.
 */
#ifndef IRQM_REPORT_HTML_H
#define IRQM_REPORT_HTML_H

#include <jansson.h>
#include <stdio.h>

#include "base/base.h"

/*
 * Markup, with values in it:
 *
 *	%s  const char *, escaped for text and for attributes in quotes: also
 *	    control characters and what is not UTF-8, as irqm_escape() has it;
 *	    NULL is "?"
 *	%j  const json_t *: a string like %s, a number, yes or no; null, NULL
 *	    and anything else are "?"
 *	%n  irqm_num; unknown is "?"
 *	%u  unsigned int
 *	%f  double, with one digit
 *	%%  a percent sign
 */
void irqm_html(FILE *out, const char *markup, ...);

/* A member of an object: its number, or unknown. */
irqm_num irqm_json_get_num(const json_t *object, const char *key);
/* Its string, or NULL. */
const char *irqm_json_get_string(const json_t *object, const char *key);
/* 0, 1 or unknown. */
irqm_num irqm_json_get_bool(const json_t *object, const char *key);

#endif
