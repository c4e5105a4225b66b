/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parent process: starts the finder and the workers, keeps the queue, and
 * decides when the batch ends. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command/say.h"
#include "fleet/batch/batch.h"
#include "fleet/batch/pool.h"
#include "fleet/batch/watch.h"

/* Longer than any path, and than a set of a thousand paths. */
#define FOUND_MAX (16U << 20)
/* If the queue is this long, the finder has to wait. */
#define QUEUE_MAX 1000000
/* Seconds until a deferred dump is retried. */
#define RETRY 0.5

struct finder {
	pid_t pid; /* 0: not running */
	int fd;
	struct irqm_message in;
	bool failed; /* its error was printed */
};

struct run {
	const struct irqm_batch_options *o;
	struct irqm_sink *sink;
	struct irqm_batch_progress progress;
	struct irqm_workers pool;
	struct finder finder;
	struct irqm_job *first, **end;
	uint64_t waiting;
	int signals;              /* signalfd */
	int signal;               /* signal that ends the batch, or 0 */
	struct irqm_watch *watch; /* may be NULL */
	struct pollfd *fds;       /* signals, finder, watch, workers */
	uint64_t written;         /* number of results in the text file */
	bool unwritten;           /* the text file could not be written */
	double next_try;          /* of the deferred dumps */
};

enum {
	SIGNALS,
	FINDER,
	WATCH,
	WORKERS
};

static bool start_search(struct run *r)
{
	struct finder *f = &r->finder;

	memset(&f->in, 0, sizeof(f->in));
	f->pid = irqm_batch_fork(&f->fd);
	if (f->pid == 0)
		irqm_batch_search(r->o, f->fd);
	if (f->pid < 0) {
		f->pid = 0;
		f->failed = true;
		return false;
	}
	if (r->watch)
		irqm_watch_begin_look(r->watch);
	return true;
}

static void say_search(struct run *r, const char *why)
{
	irqm_batch_progress_clear(&r->progress);
	irqm_say("looking for dumps: %s", why);
	r->finder.failed = true;
}

static void end_search(struct run *r)
{
	struct finder *f = &r->finder;
	int status = 0;

	close(f->fd);
	irqm_message_deinit(&f->in);
	kill(f->pid, SIGKILL);
	while (waitpid(f->pid, &status, 0) < 0 && errno == EINTR)
		;
	f->pid = 0;
	if (WIFSIGNALED(status) && !r->signal && !f->failed)
		say_search(r, strsignal(WTERMSIG(status)));
	if (r->watch)
		irqm_watch_end_look(r->watch);
}

static void enqueue_job(struct run *r, struct irqm_job *job)
{
	if (r->watch && !irqm_watch_is_ready(r->watch, job)) {
		free(job);
		return;
	}
	*r->end = job;
	r->end = &job->next;
	r->waiting++;
}

static void take_found(struct run *r)
{
	struct irqm_message *m = &r->finder.in;
	struct irqm_job *job;

	switch (m->head[0]) {
	case IRQM_MESSAGE_FOUND:
		job = irqm_batch_job(m->data, m->head[1]);
		if (job)
			enqueue_job(r, job);
		else
			say_search(r, "out of memory");
		break;
	case IRQM_MESSAGE_DIRECTORY:
		if (r->watch)
			irqm_watch_directory(r->watch, m->data);
		break;
	default:
		say_search(r, m->data);
	}
	irqm_message_deinit(m);
}

static void read_finder(struct run *r)
{
	enum irqm_receive rc;

	while ((rc = irqm_message_receive(&r->finder.in, r->finder.fd,
					  FOUND_MAX)) == IRQM_RECEIVED)
		take_found(r);
	if (rc == IRQM_BAD)
		say_search(r, "out of memory");
	if (rc != IRQM_MORE_TO_COME)
		end_search(r);
}

static bool is_over(const struct run *r)
{
	return r->signal || r->pool.failed;
}

/* Retries deferred dumps: the other batch may have finished or ended. */
static void retry_deferred(struct run *r)
{
	struct irqm_job *job;

	if (!r->pool.deferred || irqm_now() < r->next_try)
		return;
	r->next_try = irqm_now() + RETRY;
	while ((job = r->pool.deferred)) {
		r->pool.deferred = job->next;
		job->next = NULL;
		*r->end = job;
		r->end = &job->next;
		r->waiting++;
	}
}

static void start_workers(struct run *r)
{
	struct irqm_job *job;

	retry_deferred(r);
	while (r->first && r->pool.running < r->o->jobs && !is_over(r)) {
		job = r->first;
		r->first = job->next;
		if (!r->first)
			r->end = &r->first;
		r->waiting--;
		irqm_workers_start(&r->pool, job);
	}
}

static void set_poll(struct run *r)
{
	r->fds[SIGNALS] = (struct pollfd){ .fd = r->signals, .events = POLLIN };
	r->fds[FINDER] = (struct pollfd){
		.fd = r->finder.pid && r->waiting < QUEUE_MAX ? r->finder.fd :
								-1,
		.events = POLLIN,
	};
	r->fds[WATCH] = (struct pollfd){
		.fd = r->watch ? irqm_watch_fd(r->watch) : -1,
		.events = POLLIN,
	};
	irqm_workers_poll(&r->pool, &r->fds[WORKERS]);
}

/* Milliseconds that poll() may wait. */
static int poll_timeout(const struct run *r)
{
	double least = 1, next;

	if (r->pool.running) {
		next = irqm_workers_patience(&r->pool);
		if (next < least)
			least = next;
		if (r->progress.terminal && least > 0.2)
			least = 0.2;
	}
	if (r->pool.deferred && r->pool.running < r->o->jobs) {
		next = r->next_try - irqm_now();
		if (next < least)
			least = next > 0 ? next : 0;
	}
	if (r->watch && !r->finder.pid) {
		next = irqm_watch_patience(r->watch, r->o->interval);
		if (next < least)
			least = next;
	}
	return (int)(least * 1000) + 1;
}

static void read_signal(struct run *r)
{
	struct signalfd_siginfo info;

	if (read(r->signals, &info, sizeof(info)) == sizeof(info))
		r->signal = info.ssi_signo;
}

static void write_textfile(struct run *r)
{
	uint64_t done = irqm_sink_done(r->sink);

	if (!r->o->textfile || done == r->written)
		return;
	r->written = done;
	irqm_batch_progress_clear(&r->progress);
	r->unwritten = !irqm_textfile_write(r->o->textfile, r->sink);
}

static void take_events(struct run *r)
{
	if (r->fds[SIGNALS].revents)
		read_signal(r);
	if (r->fds[FINDER].revents)
		read_finder(r);
	if (r->fds[WATCH].revents)
		irqm_watch_read(r->watch);
	irqm_workers_step(&r->pool, &r->fds[WORKERS]);
}

static bool has_work(const struct run *r)
{
	return r->first || r->pool.running || r->pool.deferred || r->finder.pid;
}

static void run_loop(struct run *r)
{
	while (!is_over(r) && (r->watch || has_work(r))) {
		start_workers(r);
		set_poll(r);
		if (poll(r->fds, WORKERS + r->o->jobs, poll_timeout(r)) < 0)
			continue;
		take_events(r);
		if (has_work(r))
			irqm_batch_progress_show(&r->progress, r->sink,
						 r->waiting + r->pool.running,
						 r->finder.pid != 0);
		else
			irqm_batch_progress_clear(&r->progress);
		/* a watch writes it after each dump, a batch at the end */
		if (r->watch && !has_work(r))
			write_textfile(r);
		if (r->watch && !r->finder.pid && !is_over(r) &&
		    irqm_watch_patience(r->watch, r->o->interval) <= 0)
			start_search(r);
	}
}

static bool block_signals(struct run *r)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	/* sent when a writer breaks a lease, see is_written() in find.c */
	sigaddset(&set, SIGIO);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigdelset(&set, SIGIO);
	r->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (r->signals < 0)
		irqm_say("no signalfd: %s", strerror(errno));
	return r->signals >= 0;
}

static bool begin_run(struct run *r)
{
	r->end = &r->first;
	r->fds = calloc(WORKERS + r->o->jobs, sizeof(*r->fds));
	if (r->o->watch)
		r->watch = irqm_watch_new();
	if (!r->fds || (r->o->watch && !r->watch)) {
		irqm_say("out of memory");
		return false;
	}
	irqm_batch_progress_start(&r->progress);
	return block_signals(r) && irqm_workers_init(&r->pool) &&
	       start_search(r);
}

static void free_jobs(struct irqm_job *job)
{
	struct irqm_job *next;

	for (; job; job = next) {
		next = job->next;
		free(job);
	}
}

static void end_run(struct run *r)
{
	if (r->pool.worker)
		irqm_workers_kill(&r->pool);
	if (r->finder.pid)
		end_search(r);
	free_jobs(r->first);
	free_jobs(r->pool.deferred);
	irqm_batch_progress_clear(&r->progress);
	irqm_watch_free(r->watch);
	free(r->pool.worker);
	free(r->fds);
	if (r->signals >= 0)
		close(r->signals);
}

/* A watch ends by a signal. A batch that a signal ends has more to do, so the
 * exit status says that. */
static int status_of(const struct run *r)
{
	if (r->pool.failed)
		return r->pool.failed;
	if (r->finder.failed)
		return IRQM_STATUS_TROUBLE;
	if (r->signal)
		return r->o->watch ? IRQM_STATUS_NOTHING : 128 + r->signal;
	return r->sink->status;
}

int irqm_batch_run(const struct irqm_batch_options *o, struct irqm_sink *s)
{
	struct run r = { .o = o, .sink = s, .signals = -1 };
	int status = IRQM_STATUS_TROUBLE;

	r.pool = (struct irqm_workers){
		.o = o,
		.sink = s,
		.progress = &r.progress,
	};
	if (begin_run(&r)) {
		run_loop(&r);
		status = status_of(&r);
		irqm_batch_progress_clear(&r.progress);
		irqm_sink_summary(s, irqm_now() - r.progress.began);
		write_textfile(&r);
		if (r.unwritten && !o->watch && status < IRQM_STATUS_UNKEPT)
			status = IRQM_STATUS_UNKEPT;
	}
	end_run(&r);
	return status;
}
