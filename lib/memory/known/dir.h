/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The directory of known kernels (known.h). Only the user may read and write it
 * and its files, and a file is either complete or does not exist. */
#ifndef IRQM_MEMORY_KNOWN_DIR_H
#define IRQM_MEMORY_KNOWN_DIR_H

#include "base/siphash.h"

/* Size of the name of a file in it: a hash in hexadecimal. */
#define IRQM_KNOWN_NAME_SIZE (2 * IRQM_SIPHASH_SIZE + 1)

/* Limit on the entries in the directory. */
#define IRQM_KNOWN_ENTRIES 64

/* Creates directories like mkdir -p, accessible only by the user. Ignores
 * errors, which are reported when the directory is opened. */
void irqm_make_directories(const char *dir);

/* Opens the directory, creating it if needed. Returns a descriptor to close(),
 * or -1 with err. */
int irqm_known_dir_open(const char *dir, struct irqm_error *err);

/* Reads the directory's secret, creating it if needed. Returns 0, or -1 with
 * err. */
int irqm_known_dir_secret(int dir, uint8_t secret[IRQM_SIPHASH_KEY],
			  struct irqm_error *err);

/* Opens an entry. Returns -1 if there is none, or with err. */
int irqm_known_dir_file(int dir, const char *name, struct irqm_error *err);
/* Reads it. Returns false if it does not have exactly that size. */
bool irqm_known_dir_read(int fd, void *buf, size_t size);

/* Writes an entry, and removes the oldest one if there are too many. Returns
 * false with errno. */
bool irqm_known_dir_write(int dir, const char *name, const void *buf,
			  size_t size, unsigned int most);

#endif
