/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file that is there whole or not at all. Until it is finished it has no name
 * (O_TMPFILE), so nothing is left of a program that was killed; where the file
 * system knows no such files it has one that nobody can foresee, and that no
 * symbolic link can be waiting under.
 */
#ifndef IRQM_NEW_FILE_H
#define IRQM_NEW_FILE_H

#include <stdio.h>
#include <sys/types.h>

#include "base/base.h"

struct irqm_new_file {
	FILE *out;
	char *path, *name;       /* as it was given, and in its directory */
	char temp[24];           /* the name so far; "": none */
	int dir;
};

/* mode is reduced by the umask. 0, or -1 with err, "PATH: why". */
int irqm_new_file_open(struct irqm_new_file *f, const char *path, mode_t mode,
		       struct irqm_error *err);

/*
 * Gives it its name when all is on the disk. What is there already is replaced,
 * or with keep stays, which is an error. 0, or -1 with err, and path is as it
 * was. f is done with in any case.
 */
int irqm_new_file_finish(struct irqm_new_file *f, bool keep,
			 struct irqm_error *err);
/* Gives it up; also after an open that failed, or zeroed. */
void irqm_new_file_drop(struct irqm_new_file *f);

/* The mode of what is made of these files: nobody may read it who may not read
 * each of them. Those that are not there do not count. */
mode_t irqm_mode_from(const char *const paths[], unsigned int nr);

#endif
