/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which dumps of a tree that is watched are ready. inotify only says when to
 * look again; what is seen then decides, so that an event that was lost, or a
 * file system without events, costs time and nothing else.
 */
#ifndef IRQM_FLEET_BATCH_WATCH_H
#define IRQM_FLEET_BATCH_WATCH_H

#include "fleet/batch/batch.h"

struct irqm_watch;

/* NULL without memory. */
struct irqm_watch *irqm_watch_new(void);
void irqm_watch_free(struct irqm_watch *w); /* NULL is fine */

/* For poll(); -1: there is no inotify. */
int irqm_watch_fd(const struct irqm_watch *w);
/* Something happened in a directory that is watched, and is taken note of. */
void irqm_watch_read(struct irqm_watch *w);
/* To be watched, too. */
void irqm_watch_directory(struct irqm_watch *w, const char *path);

/*
 * A look at the tree begins; each dump that it finds is shown, and is ready if
 * it was neither taken before, as it is now, nor is still being written.
 */
void irqm_watch_begin_look(struct irqm_watch *w);
bool irqm_watch_is_ready(struct irqm_watch *w, const struct irqm_job *job);
void irqm_watch_end_look(struct irqm_watch *w);

/* Seconds until the next look is due; interval is the longest. */
double irqm_watch_patience(const struct irqm_watch *w, double interval);

#endif
