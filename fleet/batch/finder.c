/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The search for dumps, in a process of its own, so that the parent does not
 * wait. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/confine.h"
#include "fleet/batch/batch.h"

/* A job as a message. The strings follow: the reason, if any, and the paths. */
struct found {
	uint32_t nr;
	uint8_t named, writing, has_reason;
	uint64_t size;
	int64_t mtime_ns;
	char files[IRQM_DUMP_HASH_LEN + 1];
};

static bool send_found(void *ctx, const struct irqm_found *f)
{
	const int *fd = ctx;
	struct iovec *parts = calloc(f->nr + 2, sizeof(*parts));
	struct found head = {
		.nr = f->nr,
		.named = f->named,
		.writing = f->writing,
		.has_reason = f->reason != NULL,
		.size = f->size,
		.mtime_ns = f->mtime_ns,
	};
	unsigned int i, nr = 0;
	bool sent;

	if (!parts)
		return false;
	memcpy(head.files, f->files, sizeof(head.files));
	parts[nr++] = (struct iovec){ &head, sizeof(head) };
	if (f->reason)
		parts[nr++] = (struct iovec){ (char *)f->reason,
					      strlen(f->reason) + 1 };
	for (i = 0; i < f->nr; i++)
		parts[nr++] = (struct iovec){ (char *)f->paths[i],
					      strlen(f->paths[i]) + 1 };
	sent = irqm_message_send(*fd, IRQM_MESSAGE_FOUND, parts, nr);
	free(parts);
	return sent;
}

static bool send_text(int fd, enum irqm_message_kind kind, const char *text)
{
	return irqm_message_send(
		fd, kind, &(struct iovec){ (char *)text, strlen(text) }, 1);
}

static bool send_directory(void *ctx, const char *path)
{
	const int *fd = ctx;

	return send_text(*fd, IRQM_MESSAGE_DIRECTORY, path);
}

void irqm_batch_search(const struct irqm_batch_options *o, int fd)
{
	struct irqm_error err;

	irqm_batch_keep_only(fd);
	if (!irqm_confine_finding()) {
		send_text(fd, IRQM_MESSAGE_TROUBLE,
			  "no sandbox, but "
			  "IRQMATRIX_SANDBOX=require");
		_exit(0);
	}
	if (irqm_find_dumps(
		    &(struct irqm_dump_finder){
			    .found = send_found,
			    .directory = send_directory,
			    .ctx = &fd,
			    .watch = o->watch,
		    },
		    o->paths, o->nr_paths, &err) < 0)
		send_text(fd, IRQM_MESSAGE_TROUBLE, err.msg);
	_exit(0);
}

struct irqm_job *irqm_batch_job(const void *data, size_t len)
{
	const char *at = data, *end = at + len;
	struct irqm_job *job;
	struct found head;
	char *strings;
	unsigned int i;

	if (len < sizeof(head))
		return NULL;
	memcpy(&head, at, sizeof(head));
	at += sizeof(head);
	/* a path has at least its terminating NUL */
	if (!head.nr || head.nr > len || at == end || end[-1] != '\0')
		return NULL;
	job = calloc(1,
		     sizeof(*job) + head.nr * sizeof(*job->paths) + (end - at));
	if (!job)
		return NULL;
	strings = (char *)&job->paths[head.nr];
	memcpy(strings, at, end - at);
	end = strings + (end - at);
	job->nr = head.nr;
	job->named = head.named;
	job->writing = head.writing;
	job->size = head.size;
	job->mtime_ns = head.mtime_ns;
	memcpy(job->found.files, head.files, sizeof(head.files));
	if (head.has_reason) {
		job->reason = strings;
		strings += strlen(strings) + 1;
	}
	for (i = 0; i < head.nr && strings < end; i++) {
		job->paths[i] = strings;
		strings += strlen(strings) + 1;
	}
	if (i == head.nr)
		return job;
	free(job);
	return NULL;
}
