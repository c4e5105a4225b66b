/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is in an RPM or a deb, by libarchive. Private to this folder. */
#ifndef IRQM_LEARN_PACKAGE_H
#define IRQM_LEARN_PACKAGE_H

#include "target/input/input.h"
#include "target/input/tempfile.h"

/* By its first bytes. */
bool package_is_one(const struct irqm_input *in);

/* Could the file of that name in a package be a kernel's vmlinux? */
bool package_is_vmlinux(const char *path);

/* libarchive, loaded when it is needed: it brings ten libraries along. NULL if
 * it is not there. */
struct package_library *package_load(void);
void package_unload(struct package_library *l); /* NULL is fine */

struct package_reader {
	const struct package_library *library; /* NULL: nothing is read */
	const struct irqm_input *in;
	struct irqm_tempfile *to;
	/*
	 * A file is in *to, path is its name: 1: it is the one; 0: go on; -1
	 * with err.
	 */
	int (*take)(void *ctx, const char *path, struct irqm_error *err);
	void *ctx;
	/* May be NULL. */
	void (*progress)(void *ctx, const char *what, unsigned int percent);
	void *progress_ctx;
};

/* What take returned last, or 0: there was no such file; -1 with err. */
int package_read(const struct package_reader *r, struct irqm_error *err);

#endif
