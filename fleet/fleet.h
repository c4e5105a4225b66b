/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands for many dumps, for tool/main.c. */
#ifndef IRQM_FLEET_H
#define IRQM_FLEET_H

#include <stdbool.h>
#include <stdio.h>

/* argv[0] is the command's name. They return the exit status. */
int irqm_fleet_batch(int argc, char **argv);
int irqm_fleet_query(int argc, char **argv);
int irqm_fleet_merge(int argc, char **argv);

/* True if the file at path is a store. */
bool irqm_fleet_is_store(const char *path);
/*
 * Writes the report of the store at path to out, after confining the process.
 * all: as irqm_report_store(). output: the file that out is, or NULL. Returns
 * 0, or -1 after printing an error.
 */
int irqm_fleet_report(FILE *out, const char *path, bool all,
		      const char *output);

#endif
