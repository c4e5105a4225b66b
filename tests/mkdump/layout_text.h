/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A type source for tests: a layout out of a text, tests/layouts/NAME.txt.
 * tests/layouts/README has the format.
 */
#ifndef LAYOUT_TEXT_H
#define LAYOUT_TEXT_H

#include "layout/layout.h"

/*
 * Fills every row of the layout, as irqm_layout_from_dwarf() does. 0, or -1
 * with err, which names the file and the line.
 */
int layout_text_load(struct irqm_layout *l, const char *path,
		     struct irqm_error *err);

#endif
