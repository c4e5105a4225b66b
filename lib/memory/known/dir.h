/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The directory of known kernels (known.h): it and its files are the user's
 * alone, and a file is there as a whole or not at all.
 */
#ifndef IRQM_MEMORY_KNOWN_DIR_H
#define IRQM_MEMORY_KNOWN_DIR_H

#include "base/siphash.h"

/* Of a file in it: a sum in hex. */
#define IRQM_KNOWN_NAME_SIZE (2 * IRQM_SIPHASH_SIZE + 1)

/* The most entries that are kept. */
#define IRQM_KNOWN_ENTRIES 64

/* As mkdir -p; what is made is the user's alone. What is wrong shows when it
 * is opened. */
void irqm_make_directories(const char *dir);

/* Makes it if it is not there. A descriptor to close(), or -1 with err. */
int irqm_known_dir_open(const char *dir, struct irqm_error *err);

/* The directory's secret, made if there is none. 0, or -1 with err. */
int irqm_known_dir_secret(int dir, uint8_t secret[IRQM_SIPHASH_KEY],
			  struct irqm_error *err);

/* Opens an entry; -1 if there is none, or with err. */
int irqm_known_dir_file(int dir, const char *name, struct irqm_error *err);
/* Reads it; false if it does not have just that size. */
bool irqm_known_dir_read(int fd, void *buf, size_t size);

/* Writes an entry; the oldest goes where there are most. False with errno. */
bool irqm_known_dir_write(int dir, const char *name, const void *buf,
			  size_t size, unsigned int most);

#endif
