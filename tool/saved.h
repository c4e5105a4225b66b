/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document of irqmatrix -j in place of a dump. */
#ifndef IRQM_TOOL_SAVED_H
#define IRQM_TOOL_SAVED_H

#include "command/session.h"

/*
 * Reads the file of a session if it is a JSON document. Call it after
 * irqm_session_confine(), before irqm_session_open_file(). Returns 1, 0 if it
 * is no document, or -1 after printing an error and closing the session.
 */
int irqm_saved_open(struct irqm_session *s);

#endif
