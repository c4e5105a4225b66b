/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of functions, whether of the kernel or of a module. */
#ifndef IRQM_SNAPSHOT_FUNCTIONS_H
#define IRQM_SNAPSHOT_FUNCTIONS_H

#include "snapshot/reader.h"

/*
 * Name of a function of the kernel or of a module, with "+0x.." if addr is
 * inside; NULL, without a note, if unknown. Each is looked up once.
 */
const char *irqm_reader_function(struct reader *r, uint64_t addr);

#endif
