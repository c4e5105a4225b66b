/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything that is said of a snapshot, and what must be true of it. */
#ifndef VIEWS_H
#define VIEWS_H

#include "irqmatrix.h"

/* Groups of views. */
enum {
	VIEW_TEXT = 1 << 0, /* all tables, findings, log, debugfs */
	VIEW_JSON = 1 << 1,
	VIEW_IRQAFF = 1 << 2,
	VIEW_PLAN = 1 << 3,
	VIEW_DIFF = 1 << 4, /* with itself: nothing differs */
	VIEW_CSV = 1 << 5,
	NR_VIEWS = 6,
	VIEW_ALL = (1 << NR_VIEWS) - 1,
};

/* What an input's byte asks for: one group, or with 0 all, which take long. */
unsigned int views_of(unsigned char byte);

/*
 * Analyses s and renders those; aborts, after saying why, where one fails, has
 * a control character or what is not UTF-8 in a text, or is not JSON that
 * follows its schema. Where memory may run out a failure is none (may_fail).
 */
void render_views(struct irqm_snapshot *s, unsigned int views, bool may_fail);

/*
 * The text has nothing in it that a terminal would do or not understand: line
 * ends alone, and before them a carriage return where crlf says so.
 */
void check_text(const char *what, const char *text, size_t len, bool crlf);

#endif
