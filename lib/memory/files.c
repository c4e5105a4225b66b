/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

/* O_NONBLOCK: do not wait for the other end of a FIFO */
int irqm_files_open_path(const char *path, struct irqm_file_reply *reply)
{
	size_t len = strlen(path), most = sizeof(reply->name) - 1;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	snprintf(reply->name, sizeof(reply->name), "%s",
		 len > most ? path + len - most : path);
	reply->error = fd < 0 ? errno : 0;
	return fd;
}

int irqm_files_open(const struct irqm_files *files,
		    const struct irqm_file_request *request, const char *path,
		    struct irqm_file_reply *reply)
{
	if (files)
		return files->open(files->ctx, request, reply);
	memset(reply, 0, sizeof(*reply));
	return irqm_files_open_path(path, reply);
}
