/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/batch/pool.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command/say.h"
#include "fleet/find/dump_id.h"
#include "memory/pages/pages.h"

/* How often to try a dump whose files keep changing. */
#define TRIES 3

bool irqm_workers_init(struct irqm_workers *p)
{
	p->worker = calloc(p->o->jobs, sizeof(*p->worker));
	if (!p->worker)
		irqm_say("out of memory");
	/* before there are workers, which could not load them */
	irqm_pages_preload(NULL);
	return p->worker != NULL;
}

static void end_batch(struct irqm_workers *p, int status)
{
	if (!p->failed)
		p->failed = status;
}

static void put_result(struct irqm_workers *p, const struct irqm_job *job,
		       const struct irqm_result *r, const void *rows)
{
	irqm_batch_progress_clear(p->progress);
	if (!irqm_sink_put(p->sink, job->paths[0], r, rows))
		end_batch(p, IRQM_STATUS_UNKEPT);
}

/* Stores a failure that the parent noticed, without a result from a worker. */
static void put_failed(struct irqm_workers *p, const struct irqm_job *job,
		       const struct irqm_dump_found *found, double seconds,
		       uint64_t peak_kib, const char *reason)
{
	struct irqm_result r = { .outcome = IRQM_OUTCOME_FAILED,
				 .seconds = seconds,
				 .peak_kib = peak_kib };

	if (found)
		r.found = *found;
	else
		irqm_dump_id_unread(job->paths[0], &r.found.id);
	snprintf(r.reason, sizeof(r.reason), "%s", reason);
	put_result(p, job, &r, NULL);
}

/* Returns what irqm_sink_has() returned, and ends the batch if the store
 * failed. */
static int is_done(struct irqm_workers *p, int has)
{
	if (has < 0)
		end_batch(p, IRQM_STATUS_UNKEPT);
	return has;
}

/* Stores the failure of a dump that could not be opened; needs no worker. */
static void put_unopened(struct irqm_workers *p, const struct irqm_job *job)
{
	struct irqm_dump_found found = { 0 };

	irqm_dump_id_unread(job->paths[0], &found.id);
	if (is_done(p, irqm_sink_has(p->sink, job->paths[0], &found)) == 0)
		put_failed(p, job, &found, 0, 0, job->reason);
}

static struct irqm_worker *free_worker(struct irqm_workers *p)
{
	unsigned int i;

	for (i = 0; p->worker[i].pid; i++)
		;
	return &p->worker[i];
}

/* Waits for the process. *ret_kib is its peak memory. */
static int reap_worker(struct irqm_worker *w, uint64_t *ret_kib)
{
	struct rusage usage = { 0 };
	int status = 0;

	while (wait4(w->pid, &status, 0, &usage) < 0 && errno == EINTR)
		;
	*ret_kib = usage.ru_maxrss;
	return status;
}

/* Kills and reaps the process, if there is one. */
static void end_process(struct irqm_worker *w, int *ret_status,
			uint64_t *ret_kib)
{
	if (w->pid) {
		kill(w->pid, SIGKILL);
		*ret_status = reap_worker(w, ret_kib);
		close(w->fd);
	}
	irqm_message_deinit(&w->in);
	w->pid = 0;
	w->fd = -1;
}

/* Frees the job and makes the worker available. */
static void release_worker(struct irqm_workers *p, struct irqm_worker *w)
{
	int status;
	uint64_t kib;

	end_process(w, &status, &kib);
	if (w->job && w->job->identified)
		irqm_sink_release(p->sink, &w->job->found.id);
	free(w->job);
	memset(w, 0, sizeof(*w));
	p->running--;
}

/* Keeps the job, to retry it later. */
static void defer_job(struct irqm_workers *p, struct irqm_worker *w)
{
	w->job->next = p->deferred;
	p->deferred = w->job;
	irqm_sink_release(p->sink, &w->job->found.id);
	w->job = NULL;
	release_worker(p, w);
}

/* Starts a process for the job in w: first the one that hashes, then the
 * worker. */
static void start_process(struct irqm_workers *p, struct irqm_worker *w,
			  bool identifies)
{
	w->identifies = identifies;
	w->pid = irqm_batch_fork(&w->fd);
	if (w->pid == 0 && identifies)
		irqm_batch_identify(w->job, w->fd);
	if (w->pid == 0)
		irqm_batch_work(p->o, w->job, w->fd);
	if (w->pid > 0)
		return;
	w->pid = 0;
	end_batch(p, IRQM_STATUS_TROUBLE);
}

static void decide_job(struct irqm_workers *p, struct irqm_worker *w);

void irqm_workers_start(struct irqm_workers *p, struct irqm_job *job)
{
	struct irqm_worker *w;

	if (job->reason)
		put_unopened(p, job);
	if (job->reason ||
	    is_done(p, irqm_sink_has_files(p->sink, job->paths[0],
					   job->found.files))) {
		free(job);
		return;
	}
	w = free_worker(p);
	memset(w, 0, sizeof(*w));
	w->job = job;
	w->fd = -1;
	w->began = irqm_now();
	p->running++;
	job->tries++;
	if (job->identified)
		decide_job(p, w);
	else
		start_process(p, w, true);
	if (!w->pid && w->job) /* fork failed: the batch ends */
		release_worker(p, w);
}

void irqm_workers_poll(const struct irqm_workers *p, struct pollfd *fds)
{
	unsigned int i;

	for (i = 0; i < p->o->jobs; i++)
		fds[i] = (struct pollfd){
			.fd = p->worker[i].pid ? p->worker[i].fd : -1,
			.events = POLLIN,
		};
}

static void say_why(const struct irqm_workers *p, const struct irqm_worker *w,
		    int status, char *reason, size_t size)
{
	if (w->late)
		snprintf(reason, size, "took longer than %u s (--timeout)",
			 p->o->timeout);
	else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
		snprintf(reason, size,
			 "needed more processor time than a dump of "
			 "this size should (--timeout)");
	else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS)
		snprintf(reason, size,
			 "a file became shorter while it was "
			 "read, or its disk has a read error (SIGBUS)");
	else if (WIFSIGNALED(status))
		snprintf(reason, size,
			 "its process was killed by signal %d "
			 "(%s)",
			 WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		snprintf(reason, size,
			 "its process ended early, with status "
			 "%d",
			 WEXITSTATUS(status));
}

static const struct irqm_dump_found *found_of(const struct irqm_job *job)
{
	return job->identified ? &job->found : NULL;
}

/* Handles a process that ended without a result. */
static void fail_job(struct irqm_workers *p, struct irqm_worker *w)
{
	double seconds = irqm_now() - w->began;
	uint64_t kib = 0;
	char reason[128];
	int status = 0;

	/* the socket may be closed while the process still runs; one that has
	 * ended keeps its status */
	end_process(w, &status, &kib);
	say_why(p, w, status, reason, sizeof(reason));
	put_failed(p, w->job, found_of(w->job), seconds, kib, reason);
	release_worker(p, w);
}

/* Returns true if the worker's result is plausible. */
static bool is_sound(const struct irqm_worker *w, struct irqm_result *r)
{
	uint64_t len = w->in.head[1];

	if (len < sizeof(*r))
		return false;
	memcpy(r, w->in.data, sizeof(*r));
	r->reason[sizeof(r->reason) - 1] = '\0';
	r->headline[sizeof(r->headline) - 1] = '\0';
	r->release[sizeof(r->release) - 1] = '\0';
	return r->outcome <= IRQM_OUTCOME_FAILED && r->worst <= IRQM_CRITICAL &&
	       r->rows_len == len - sizeof(*r);
}

/* Returns true if a file was changed or replaced since it was hashed: the
 * worker may have read something else than the dump with that id. */
static bool has_changed(const struct irqm_job *job)
{
	char files[sizeof(job->found.files)];

	irqm_dump_files_at(job->paths, job->nr, files);
	return strcmp(files, job->found.files) != 0;
}

static void take_result(struct irqm_workers *p, struct irqm_worker *w)
{
	struct irqm_job *job = w->job;
	struct irqm_result r;
	bool sound = is_sound(w, &r);
	double seconds = irqm_now() - w->began;
	struct irqm_message in = w->in;
	uint64_t kib = 0;
	int status;

	/* the message is complete, so the process is not needed any more */
	memset(&w->in, 0, sizeof(w->in));
	end_process(w, &status, &kib);
	r.found = job->found;
	r.seconds = seconds;
	r.peak_kib = kib;
	if (has_changed(job) && job->tries < TRIES) {
		job->identified = false;
		irqm_sink_release(p->sink, &job->found.id);
		defer_job(p, w);
	} else if (has_changed(job)) {
		put_failed(p, job, &job->found, seconds, kib,
			   "it was changed while it was read");
		release_worker(p, w);
	} else if (!sound) {
		put_failed(p, job, &job->found, seconds, kib,
			   "its process returned an invalid result");
		release_worker(p, w);
	} else {
		put_result(p, job, &r, r.rows_len ? in.data + sizeof(r) : NULL);
		release_worker(p, w);
	}
	irqm_message_deinit(&in);
}

/* Returns true if a worker already has the same dump under another name. */
static bool is_running(const struct irqm_workers *p,
		       const struct irqm_worker *w)
{
	const struct irqm_worker *other;
	unsigned int i;

	for (i = 0; i < p->o->jobs; i++) {
		other = &p->worker[i];
		if (other != w && other->pid && !other->identifies &&
		    irqm_dump_id_compare(&other->job->found.id,
					 &w->job->found.id) == 0)
			return true;
	}
	return false;
}

/* Called when the id is known: analyse the dump now, later, or not at all? */
static void decide_job(struct irqm_workers *p, struct irqm_worker *w)
{
	struct irqm_job *job = w->job;

	if (is_running(p, w)) {
		p->sink->skipped++;
		/* the other worker has the lease */
		job->identified = false;
		release_worker(p, w);
	} else if (!irqm_sink_claim(p->sink, &job->found.id)) {
		job->tries--;
		defer_job(p, w);
	} else if (is_done(p, irqm_sink_has(p->sink, job->paths[0],
					    &job->found))) {
		release_worker(p, w);
	} else {
		start_process(p, w, false);
	}
}

static void take_identity(struct irqm_workers *p, struct irqm_worker *w)
{
	struct irqm_identity identity;
	struct irqm_job *job = w->job;
	int status;
	uint64_t kib;

	if (!w->identifies || w->in.head[1] != sizeof(identity)) {
		fail_job(p, w);
		return;
	}
	memcpy(&identity, w->in.data, sizeof(identity));
	end_process(w, &status, &kib);
	job->found = identity.found;
	if (identity.reason[0]) {
		put_failed(p, job, &job->found, irqm_now() - w->began, 0,
			   identity.reason);
		release_worker(p, w);
		return;
	}
	job->identified = true;
	decide_job(p, w);
	if (!w->pid && w->job)
		release_worker(p, w);
}

static void receive_message(struct irqm_workers *p, struct irqm_worker *w)
{
	switch (irqm_message_receive(&w->in, w->fd, p->o->max_memory)) {
	case IRQM_RECEIVED:
		break;
	case IRQM_MORE_TO_COME:
		return;
	case IRQM_BAD:
	case IRQM_END:
		fail_job(p, w);
		return;
	}
	switch (w->in.head[0]) {
	case IRQM_MESSAGE_IDENTITY:
		take_identity(p, w);
		return;
	case IRQM_MESSAGE_RESULT:
		take_result(p, w);
		return;
	default:
		release_worker(p, w);
	}
}

void irqm_workers_step(struct irqm_workers *p, const struct pollfd *fds)
{
	struct irqm_worker *w;
	unsigned int i;

	for (i = 0; i < p->o->jobs; i++) {
		w = &p->worker[i];
		if (w->pid && fds[i].revents)
			receive_message(p, w);
		if (w->pid && irqm_now() - w->began > p->o->timeout) {
			w->late = true;
			fail_job(p, w);
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
			release_worker(p, &p->worker[i]);
}
