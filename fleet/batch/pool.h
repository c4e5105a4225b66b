/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The workers that run now. */
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
	bool identifies; /* it hashes; the worker is yet to come */
	bool late;
	struct irqm_message in;
};

struct irqm_workers {
	const struct irqm_batch_options *o;
	struct irqm_sink *sink;
	struct irqm_batch_progress *progress;
	struct irqm_worker *worker; /* o->jobs of them */
	unsigned int running;
	/* what another batch has now, or what changed meanwhile: to be tried
	   again */
	struct irqm_job *deferred;
	/* the exit status of what ends the batch, which was said; 0: none */
	int failed;
};

/* A child with a socket to it; -1, told. In the child 0, *ret_fd is its end. */
pid_t irqm_batch_fork(int *ret_fd);

bool irqm_workers_init(struct irqm_workers *p);
/* Starts one; the job is the pool's. */
void irqm_workers_start(struct irqm_workers *p, struct irqm_job *job);
/* The files that poll() is to wait for, o->jobs of them. */
void irqm_workers_poll(const struct irqm_workers *p, struct pollfd *fds);
/* Takes what came, and ends those that took too long. */
void irqm_workers_step(struct irqm_workers *p, const struct pollfd *fds);
/* Seconds until one has taken too long. */
double irqm_workers_patience(const struct irqm_workers *p);
/* Kills all of them; what they were at is lost. */
void irqm_workers_kill(struct irqm_workers *p);

#endif
