/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/batch/pool.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "batch/dump_id.h"
#include "tool/tool.h"

/* Signals that end the batch are blocked already: they are for the parent. */
pid_t irqm_batch_fork(int *ret_fd)
{
	pid_t pid, parent = getpid();
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0) {
		irqm_say("no socket for a process: %s", strerror(errno));
		return -1;
	}
	pid = fork();
	if (pid < 0)
		irqm_say("no process for a dump: %s", strerror(errno));
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(0);
	}
	close(fds[pid == 0 ? 0 : 1]);
	*ret_fd = fds[pid == 0 ? 1 : 0];
	if (pid < 0)
		close(*ret_fd);
	return pid;
}

bool irqm_workers_init(struct irqm_workers *p)
{
	p->worker = calloc(p->o->jobs, sizeof(*p->worker));
	if (!p->worker)
		irqm_say("not enough memory");
	return p->worker != NULL;
}

static bool put(struct irqm_workers *p, const struct irqm_job *job,
		const struct irqm_result *r, const void *rows)
{
	irqm_batch_progress_clear(p->progress);
	if (!irqm_sink_put(p->sink, job->paths[0], r, rows))
		p->failed = true;
	return !p->failed;
}

/* A failure that the parent knows of. */
static void put_failed(struct irqm_workers *p,
		       const struct irqm_job *job,
		       const struct irqm_dump_id *id, double seconds,
		       uint64_t peak_kib, const char *reason)
{
	struct irqm_result r = { .outcome = IRQM_OUTCOME_FAILED,
				 .seconds = seconds, .peak_kib = peak_kib };

	if (id)
		r.id = *id;
	else
		irqm_dump_id_unread(job->paths[0], &r.id);
	snprintf(r.reason, sizeof(r.reason), "%s", reason);
	put(p, job, &r, NULL);
}

/* What was not opened needs no worker. */
static bool put_unopened(struct irqm_workers *p,
			 const struct irqm_job *job)
{
	struct irqm_dump_id id;
	int has;

	irqm_dump_id_unread(job->paths[0], &id);
	has = irqm_sink_has(p->sink, job->paths[0], &id);
	if (has == 0)
		put_failed(p, job, &id, 0, 0, job->reason);
	p->failed |= has < 0;
	return !p->failed;
}

static struct irqm_worker *free_worker(struct irqm_workers *p)
{
	unsigned int i;

	for (i = 0; p->worker[i].pid; i++)
		;
	return &p->worker[i];
}

bool irqm_workers_start(struct irqm_workers *p, struct irqm_job *job)
{
	struct irqm_worker *w = free_worker(p);
	bool ok;

	if (job->reason) {
		ok = put_unopened(p, job);
		free(job);
		return ok;
	}
	memset(w, 0, sizeof(*w));
	w->pid = irqm_batch_fork(&w->fd);
	if (w->pid == 0)
		irqm_batch_work(p->o, job, w->fd);
	if (w->pid < 0) {
		w->pid = 0;
		p->failed = true;
		free(job);
		return false;
	}
	w->job = job;
	w->began = irqm_now();
	p->running++;
	return true;
}

void irqm_workers_poll(const struct irqm_workers *p,
		       struct pollfd *fds)
{
	unsigned int i;

	for (i = 0; i < p->o->jobs; i++)
		fds[i] = (struct pollfd){
			.fd = p->worker[i].pid ? p->worker[i].fd : -1,
			.events = POLLIN,
		};
}

/* Its end, whatever it does; *ret_kib is the memory that it took. */
static int reap(struct irqm_worker *w, uint64_t *ret_kib)
{
	struct rusage usage = { 0 };
	int status = 0;

	while (wait4(w->pid, &status, 0, &usage) < 0 && errno == EINTR)
		;
	*ret_kib = usage.ru_maxrss;
	return status;
}

static void release(struct irqm_workers *p, struct irqm_worker *w)
{
	close(w->fd);
	irqm_message_free(&w->in);
	free(w->job);
	memset(w, 0, sizeof(*w));
	p->running--;
}

static void say_why(const struct irqm_workers *p,
		    const struct irqm_worker *w, int status, char *reason,
		    size_t size)
{
	if (w->late || (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU))
		snprintf(reason, size, "took longer than %u s (--timeout)",
			 p->o->timeout);
	else if (WIFSIGNALED(status))
		snprintf(reason, size, "its process was killed by signal %d "
			 "(%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		snprintf(reason, size, "its process ended early, with status "
			 "%d", WEXITSTATUS(status));
}

/* It ended without a result. */
static void fail(struct irqm_workers *p, struct irqm_worker *w)
{
	double seconds = irqm_now() - w->began;
	uint64_t kib;
	char reason[128];
	int status;

	/* one that only closed its end; how another one ended stays so */
	kill(w->pid, SIGKILL);
	status = reap(w, &kib);
	say_why(p, w, status, reason, sizeof(reason));
	put_failed(p, w->job, w->has_id ? &w->id : NULL, seconds, kib, reason);
	release(p, w);
}

/* Does the worker say of the dump what can be? */
static bool is_sound(const struct irqm_worker *w, struct irqm_result *r)
{
	uint64_t len = w->in.head[1];

	if (len < sizeof(*r))
		return false;
	memcpy(r, w->in.data, sizeof(*r));
	r->reason[sizeof(r->reason) - 1] = '\0';
	r->headline[sizeof(r->headline) - 1] = '\0';
	r->release[sizeof(r->release) - 1] = '\0';
	r->id.hash[IRQM_DUMP_HASH_LEN] = '\0';
	return r->outcome <= IRQM_OUTCOME_FAILED && r->worst <= IRQM_CRITICAL &&
	       r->rows_len == len - sizeof(*r) &&
	       strspn(r->id.hash, "0123456789abcdef") == IRQM_DUMP_HASH_LEN;
}

static void result(struct irqm_workers *p, struct irqm_worker *w)
{
	struct irqm_result r;
	bool sound = is_sound(w, &r);
	double seconds = irqm_now() - w->began;
	uint64_t kib;

	/* it has said all: how it ends is of no interest */
	kill(w->pid, SIGKILL);
	reap(w, &kib);
	if (!sound) {
		put_failed(p, w->job, w->has_id ? &w->id : NULL, seconds, kib,
			   "its process was not in its right mind");
		release(p, w);
		return;
	}
	r.seconds = seconds;
	r.peak_kib = kib;
	/* the one that was asked for, and by which it is looked up */
	if (w->has_id)
		r.id = w->id;
	put(p, w->job, &r, r.rows_len ? w->in.data + sizeof(r) : NULL);
	release(p, w);
}

/* The same dump under another name, which a worker has right now. */
static bool is_running(const struct irqm_workers *p,
		       const struct irqm_worker *w)
{
	const struct irqm_worker *other;
	unsigned int i;

	for (i = 0; i < p->o->jobs; i++) {
		other = &p->worker[i];
		if (other != w && other->pid && other->has_id &&
		    irqm_dump_id_compare(&other->id, &w->id) == 0)
			return true;
	}
	return false;
}

static void drop(struct irqm_workers *p, struct irqm_worker *w)
{
	uint64_t kib;

	kill(w->pid, SIGKILL);
	reap(w, &kib);
	release(p, w);
}

/* Who it is was told; it goes on if it is told to. */
static void answer(struct irqm_workers *p, struct irqm_worker *w)
{
	int has;

	if (w->has_id || w->in.head[1] != sizeof(w->id)) {
		drop(p, w);
		return;
	}
	memcpy(&w->id, w->in.data, sizeof(w->id));
	w->id.hash[IRQM_DUMP_HASH_LEN] = '\0';
	w->has_id = true;
	irqm_message_free(&w->in);
	has = irqm_sink_has(p->sink, w->job->paths[0], &w->id);
	if (has == 0 && is_running(p, w)) {
		p->sink->skipped++;
		has = 1;
	}
	p->failed |= has < 0;
	if (has)
		drop(p, w);
	else
		send(w->fd, "y", 1, MSG_NOSIGNAL);
}

static void receive(struct irqm_workers *p, struct irqm_worker *w)
{
	switch (irqm_message_receive(&w->in, w->fd, p->o->max_memory)) {
	case IRQM_RECEIVED:
		break;
	case IRQM_MORE_TO_COME:
		return;
	case IRQM_BAD:
	case IRQM_END:
		fail(p, w);
		return;
	}
	switch (w->in.head[0]) {
	case IRQM_MESSAGE_ID:
		answer(p, w);
		return;
	case IRQM_MESSAGE_RESULT:
		result(p, w);
		return;
	default:
		drop(p, w);
	}
}

void irqm_workers_step(struct irqm_workers *p,
		       const struct pollfd *fds)
{
	struct irqm_worker *w;
	unsigned int i;

	for (i = 0; i < p->o->jobs; i++) {
		w = &p->worker[i];
		if (w->pid && fds[i].revents)
			receive(p, w);
		if (w->pid && irqm_now() - w->began > p->o->timeout) {
			w->late = true;
			fail(p, w);
		}
	}
}

double irqm_workers_patience(const struct irqm_workers *p)
{
	double least = p->o->timeout, left;
	unsigned int i;

	for (i = 0; i < p->o->jobs; i++) {
		left = p->worker[i].began + p->o->timeout - irqm_now();
		if (p->worker[i].pid && left < least)
			least = left;
	}
	return least > 0 ? least : 0;
}

void irqm_workers_kill(struct irqm_workers *p)
{
	unsigned int i;

	for (i = 0; i < p->o->jobs; i++)
		if (p->worker[i].pid)
			drop(p, &p->worker[i]);
}
