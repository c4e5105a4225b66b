/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads RPM and deb packages with libarchive. Private to this folder. */
#ifndef IRQM_LEARN_PACKAGE_H
#define IRQM_LEARN_PACKAGE_H

#include "memory/input/input.h"
#include "memory/input/tempfile.h"

/* True if the first bytes are those of an RPM or a deb. */
bool irqm_package_is_one(const struct irqm_input *in);

/* True if a file of this name in a package may be a kernel's vmlinux. */
bool irqm_package_is_vmlinux(const char *path);

/* Loads libarchive at run time, because it depends on ten libraries. Returns
 * NULL if it is not installed. */
struct package_library *irqm_package_load(void);
void irqm_package_unload(struct package_library *l); /* NULL is fine */

struct package_reader {
	/* NULL: packages cannot be read */
	const struct package_library *library;
	const struct irqm_input *in;
	struct irqm_tempfile *to;
	/*
	 * Called for each vmlinux after it was extracted to *to; path is its
	 * name in the package. Returns 1 to accept it, 0 to continue, or -1
	 * with err.
	 */
	int (*take)(void *ctx, const char *path, struct irqm_error *err);
	void *ctx;
	/* May be NULL. */
	void (*progress)(void *ctx, const char *what, unsigned int percent);
	void *progress_ctx;
};

/* Returns the last result of take, 0 if the package has no vmlinux, or -1 with
 * err. */
int irqm_package_read(const struct package_reader *r, struct irqm_error *err);

#endif
