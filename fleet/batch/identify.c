/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hashes a dump in a process of its own, because its disk may be slow or
 * hang. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fleet/batch/batch.h"

int irqm_batch_open(const char *path)
{
	return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

static bool identify_dump(const struct irqm_job *job,
			  struct irqm_dump_found *ret)
{
	int *fds = calloc(job->nr, sizeof(*fds));
	unsigned int i;

	for (i = 0; fds && i < job->nr; i++) {
		fds[i] = irqm_batch_open(job->paths[i]);
		if (fds[i] < 0)
			return false;
	}
	/* the process ends now, which closes and frees everything */
	return fds && irqm_dump_id(fds, job->nr, ret);
}

void irqm_batch_identify(const struct irqm_job *job, int fd)
{
	struct irqm_identity i = { 0 };

	if (!identify_dump(job, &i.found)) {
		snprintf(i.reason, sizeof(i.reason), "cannot be read: %s",
			 strerror(errno));
		irqm_dump_id_unread(job->paths[0], &i.found.id);
	}
	irqm_message_send(fd, IRQM_MESSAGE_IDENTITY,
			  &(struct iovec){ &i, sizeof(i) }, 1);
	_exit(0);
}
