/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of functions in the kernel and in modules. */
#ifndef IRQM_SNAPSHOT_FUNCTIONS_H
#define IRQM_SNAPSHOT_FUNCTIONS_H

#include "snapshot/reader.h"

/*
 * Returns the name of a function, with "+0x.." if addr is inside it; NULL if it
 * is unknown, which is not recorded in unread[]. Each address is looked up
 * once.
 */
const char *irqm_reader_function(struct reader *r, uint64_t addr);

#endif
