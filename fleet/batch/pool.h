/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The running workers. */
#ifndef IRQM_FLEET_BATCH_POOL_H
#define IRQM_FLEET_BATCH_POOL_H

#include <poll.h>
#include <sys/types.h>

#include "fleet/batch/batch.h"

struct irqm_worker {
	pid_t pid; /* 0: none */
	int fd;
	struct irqm_job *job;
	double began;
	bool identifies; /* still hashing; the worker starts afterwards */
	bool late;
	struct irqm_message in;
};

struct irqm_workers {
	const struct irqm_batch_options *o;
	struct irqm_sink *sink;
	struct irqm_batch_progress *progress;
	struct irqm_worker *worker; /* array of o->jobs */
	unsigned int running;
	/* jobs to retry: another batch has the dump, or its files changed */
	struct irqm_job *deferred;
	/* exit status of an error that ends the batch (already printed), or
	 * 0 */
	int failed;
};

/* Forks a child with a socket to it. Returns -1 after printing an error. In the
 * child, returns 0 and sets *ret_fd to its end. */
pid_t irqm_batch_fork(int *ret_fd);

bool irqm_workers_init(struct irqm_workers *p);
/* Starts a worker for a job, and takes ownership of the job. */
void irqm_workers_start(struct irqm_workers *p, struct irqm_job *job);
/* Fills fds, an array of o->jobs, for poll(). */
void irqm_workers_poll(const struct irqm_workers *p, struct pollfd *fds);
/* Handles what poll() reported, and kills workers that exceeded their time. */
void irqm_workers_step(struct irqm_workers *p, const struct pollfd *fds);
/* Seconds until the next worker exceeds its time. */
double irqm_workers_patience(const struct irqm_workers *p);
/* Kills all workers and drops their jobs. */
void irqm_workers_kill(struct irqm_workers *p);

#endif
