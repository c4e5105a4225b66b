/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens a file whose name comes from another file or process. */
#ifndef IRQM_MEMORY_FILES_BELOW_H
#define IRQM_MEMORY_FILES_BELOW_H

#include "memory/files.h"

/*
 * Opens a regular file below the directory dir. No part of the name may be ".."
 * or a symbolic link, and an absolute name is refused, so that the file is
 * below dir whatever the name is. Returns what open() does; the reply says why.
 */
int irqm_files_open_below(int dir, const char *name,
			  struct irqm_file_reply *reply);

#endif
