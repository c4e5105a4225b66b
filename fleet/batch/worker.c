/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The worker: analyses one dump in a process of its own, with limits. Whatever
 * the dump does to it, the batch continues. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/confine.h"
#include "command/limits.h"
#include "command/say.h"
#include "command/session.h"
#include "fleet/batch/batch.h"
#include "memory/input/tempfile.h"
#include "memory/recognise.h"
#include "render/render.h"

#define MAX_COUNTS (1U << 25) /* counts of all IRQs on all CPUs in a document */

static void set_limit(int resource, uint64_t soft, uint64_t hard)
{
	struct rlimit now;

	/* keep a stricter limit that is set already */
	if (getrlimit(resource, &now) < 0)
		return;
	if (hard > now.rlim_max)
		hard = now.rlim_max;
	setrlimit(resource,
		  &(struct rlimit){ soft < hard ? soft : hard, hard });
}

static struct irqm_limits limits; /* of this process */

/* Scales the limits with the size of the dump's files, unless the user set
 * them. */
static struct irqm_limits limits_of(const struct irqm_batch_options *o,
				    const struct irqm_job *job)
{
	struct irqm_limits l = irqm_limits_of(job->paths, job->nr);

	if (o->own_memory || o->max_memory < l.memory)
		l.memory = o->max_memory;
	if (o->own_timeout || o->timeout + 5ULL < l.seconds)
		l.seconds = o->timeout + 5ULL;
	return l;
}

/* RLIMIT_DATA limits allocations; RLIMIT_AS would also count a mapped vmlinux.
 * The parent limits the elapsed time. */
static void set_limits(const struct irqm_batch_options *o,
		       const struct irqm_job *job)
{
	set_limit(RLIMIT_CORE, 0, 0);
	/* also applies while the dump's files are opened to get their size */
	set_limit(RLIMIT_DATA, o->max_memory, o->max_memory);
	limits = limits_of(o, job);
	set_limit(RLIMIT_DATA, limits.memory, limits.memory);
	set_limit(RLIMIT_CPU, limits.seconds, limits.seconds + 5);
}

/* Takes away the rights that reading a dump does not need. */
static bool confine_worker(const struct irqm_batch_options *o,
			   const struct irqm_job *job,
			   const struct irqm_dumpfile_options *options,
			   struct irqm_broker *broker, int fd)
{
	struct irqm_files_local local;

	irqm_batch_keep_only(fd);
	set_limits(o, job);
	irqm_dumpfile_files(&local, job->paths, job->nr, options);
	if (irqm_confine_broker(broker, &local) < 0)
		return false;
	return irqm_confine_reading(NULL, broker->fd, 0);
}

static _Noreturn void send_result(int fd, struct irqm_result *r,
				  const void *rows)
{
	const struct iovec parts[] = {
		{ r, sizeof(*r) },
		{ (void *)rows, r->rows_len },
	};

	irqm_message_send(fd, IRQM_MESSAGE_RESULT, parts, 2);
	_exit(0);
}

static void copy_text(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from ? from : "");
}

static _Noreturn void send_failed(int fd, struct irqm_result *r,
				  const char *reason)
{
	r->outcome = IRQM_OUTCOME_FAILED;
	copy_text(r->reason, sizeof(r->reason), reason);
	send_result(fd, r, NULL);
}

/* Recognises the format of the dump by its first file. */
static enum irqm_content recognise_files(const struct irqm_broker *b, int fd,
					 struct irqm_result *r)
{
	const struct irqm_file_request request = { .kind = IRQM_FILE_DUMP };
	struct irqm_file_reply reply;
	int file = b->files.open(b->files.ctx, &request, &reply);
	enum irqm_content content;
	char reason[128];

	if (file < 0) {
		snprintf(reason, sizeof(reason), "cannot be read: %s",
			 strerror(reply.error));
		send_failed(fd, r, reason);
	}
	content = irqm_recognise(file);
	close(file);
	return content;
}

/* Returns true if the file is not a dump and not named like one. */
static bool is_nothing(const struct irqm_job *job, enum irqm_content content)
{
	return !job->named &&
	       (content == IRQM_CONTENT_OTHER || content == IRQM_CONTENT_ZEROS);
}

static _Noreturn void send_failure(const struct irqm_job *job, int fd,
				   struct irqm_result *r, const char *msg)
{
	char reason[sizeof(r->reason)];

	if (irqm_limits_is_memory(msg)) {
		snprintf(reason, sizeof(reason),
			 "needed more than %llu MB of "
			 "memory (--max-memory)",
			 (unsigned long long)(limits.memory >> 20));
		msg = reason;
	}
	/* in a set, the message must say which file it is */
	if (job->nr == 1)
		msg = irqm_session_why(job->paths[0], msg);
	send_failed(fd, r, msg);
}

static void count_findings(struct irqm_result *r, const struct irqm_analysis *a)
{
	const struct irqm_finding *f;
	unsigned int i;

	for (i = 0; i < a->nr_findings; i++) {
		f = &a->findings[i];
		r->findings[f->kind - irqm_finding_kinds][f->severity]++;
	}
	if (a->nr_findings) {
		r->worst = a->findings[0].severity;
		copy_text(r->headline, sizeof(r->headline),
			  a->findings[0].text);
	}
}

static irqm_num least_available(const struct irqm_snapshot *s)
{
	irqm_num least = IRQM_UNKNOWN;
	unsigned int i;

	for (i = 0; i < s->nr_cpus; i++) {
		if (s->cpus[i].online != 1)
			continue;
		if (s->cpus[i].available == IRQM_UNKNOWN)
			return IRQM_UNKNOWN;
		if (least == IRQM_UNKNOWN || s->cpus[i].available < least)
			least = s->cpus[i].available;
	}
	return least;
}

static void summarise_findings(struct irqm_result *r,
			       const struct irqm_session *s)
{
	static const enum irqm_outcome outcomes[] = {
		[IRQM_STATUS_NOTHING] = IRQM_OUTCOME_NOTHING,
		[IRQM_STATUS_FINDING] = IRQM_OUTCOME_FINDING,
		[IRQM_STATUS_TROUBLE] = IRQM_OUTCOME_PARTLY,
	};

	r->outcome = outcomes[irqm_session_status(s)];
	count_findings(r, s->analysis);
	copy_text(r->release, sizeof(r->release), s->snapshot->dump.release);
	r->crash_time = s->snapshot->dump.crash_time;
	r->available = s->snapshot->matrix.global_available;
	r->least_available = least_available(s->snapshot);
	r->idle = s->analysis->totals.idle;
}

/*
 * Drops the counts per CPU if there are too many. A document has a number for
 * each interrupt on each CPU: 330 MB for 20,000 interrupts on 8,192 CPUs. The
 * sums stay.
 */
static void leave_out_counts(struct irqm_snapshot *s)
{
	unsigned int i;

	for (i = 0; i < s->nr_irqs; i++)
		s->irqs[i].cpu_counts = NULL;
}

/* Returns the text that --json prints, or NULL if out of memory. */
static char *document_text(const struct irqm_session *s, size_t *ret_len)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, ret_len);
	int rc;

	if (!out)
		return NULL;
	rc = irqm_render_json(out, s->analysis, false);
	if (fclose(out) == 0 && rc == 0)
		return text;
	free(text);
	return NULL;
}

/* Returns 0, or -1 with err. */
static int make_rows(const struct irqm_session *s, void **ret, size_t *ret_len,
		     struct irqm_error *err)
{
	size_t len;
	char *text;

	if ((uint64_t)s->snapshot->nr_irqs * s->snapshot->nr_cpus > MAX_COUNTS)
		leave_out_counts(s->snapshot);
	text = document_text(s, &len);
	if (text && len > IRQM_STORE_MAX_DOCUMENT) {
		free(text);
		leave_out_counts(s->snapshot);
		text = document_text(s, &len);
	}
	if (!text) {
		irqm_error_memory(err);
		return -1;
	}
	return irqm_rows_make_text(text, len, true, ret, ret_len, err);
}

static _Noreturn void deliver_result(const struct irqm_batch_options *o,
				     const struct irqm_job *job, int fd,
				     struct irqm_result *r,
				     const struct irqm_session *s)
{
	struct irqm_error err;
	void *rows = NULL;
	size_t rows_len = 0;

	/* the printed lines do not need them */
	if ((o->db || o->ndjson) && make_rows(s, &rows, &rows_len, &err))
		send_failure(job, fd, r, err.msg);
	r->rows_len = rows_len;
	summarise_findings(r, s);
	send_result(fd, r, rows);
}

void irqm_batch_work(const struct irqm_batch_options *o,
		     const struct irqm_job *job, int fd)
{
	char *cache = o->no_cache ? NULL : irqm_session_cache_dir();
	struct irqm_error err = { .msg = "cannot be read" };
	uint64_t room = o->tmp_limit ? o->tmp_limit : irqm_tempfile_room();
	struct irqm_session_places places;
	struct irqm_dumpfile_options options = {
		.vmlinux_dir = o->vmlinux_dir,
		.kernels = o->kernels,
		.kernel_places = places.place,
		.cache_dir = cache,
		/* the workers share the space; a limit of 0 would mean no
		 * limit */
		.temp_limit = room / o->jobs + 1,
		.threads = o->jobs > 1 ? 1 : 0,
	};
	struct irqm_result r = { 0 };
	struct irqm_broker broker;
	enum irqm_content content;
	struct irqm_session s;

	irqm_session_places(&places);
	if (!confine_worker(o, job, &options, &broker, fd))
		send_failed(fd, &r,
			    "no sandbox, but "
			    "IRQMATRIX_SANDBOX=require");
	options.files = &broker.files;
	content = recognise_files(&broker, fd, &r);
	if (is_nothing(job, content)) {
		irqm_message_send(fd, IRQM_MESSAGE_OTHER, NULL, 0);
		_exit(0);
	}
	if (content == IRQM_CONTENT_ZEROS)
		send_failed(fd, &r,
			    "it begins with zeroes, so it has no dump; "
			    "copy it again");
	if (content == IRQM_CONTENT_PACKED_PART)
		send_failed(fd, &r,
			    "a packed part of a split dump; unpack all "
			    "files of the set, then name them "
			    "together");
	if (irqm_session_read(&s, job->paths, job->nr, &options,
			      IRQM_READ_COUNTS, &err) < 0)
		send_failure(job, fd, &r, err.msg);
	deliver_result(o, job, fd, &r, &s);
}
