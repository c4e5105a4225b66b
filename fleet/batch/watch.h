/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides which dumps of a watched tree are ready. inotify only says when to
 * search again; the search decides. So a lost event, or a file system without
 * inotify, costs time and nothing else.
 */
#ifndef IRQM_FLEET_BATCH_WATCH_H
#define IRQM_FLEET_BATCH_WATCH_H

#include "fleet/batch/batch.h"

struct irqm_watch;

/* Returns NULL if out of memory. */
struct irqm_watch *irqm_watch_new(void);
void irqm_watch_free(struct irqm_watch *w); /* NULL is fine */

/* The descriptor to poll(), or -1 without inotify. */
int irqm_watch_fd(const struct irqm_watch *w);
/* Reads the pending inotify events. */
void irqm_watch_read(struct irqm_watch *w);
/* Watches another directory. */
void irqm_watch_directory(struct irqm_watch *w, const char *path);

/*
 * Call begin, then is_ready for each dump that the search finds, then end. A
 * dump is ready if nothing is writing it and it was not taken in this state
 * before.
 */
void irqm_watch_begin_look(struct irqm_watch *w);
bool irqm_watch_is_ready(struct irqm_watch *w, const struct irqm_job *job);
void irqm_watch_end_look(struct irqm_watch *w);

/* Seconds until the next search, at most interval. */
double irqm_watch_patience(const struct irqm_watch *w, double interval);

#endif
