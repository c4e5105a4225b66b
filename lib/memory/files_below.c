/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/files_below.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIRECTORY (O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#define REGULAR (O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)

/* Opens the first len bytes of a name. Returns -1 with errno. */
static int open_part(int dir, const char *name, size_t len, int flags)
{
	char part[IRQM_FILE_NAME_SIZE];

	errno = EPERM;
	if (len == 0 || len >= sizeof(part))
		return -1;
	memcpy(part, name, len);
	part[len] = '\0';
	return strcmp(part, "..") == 0 ? -1 : openat(dir, part, flags);
}

/* Returns -1 with errno. Does not use openat2(), which Linux 5.4 lacks. */
static int walk_path(int dir, const char *name)
{
	int at = dir, next;
	size_t len;

	for (;;) {
		len = strcspn(name, "/");
		next = open_part(at, name, len,
				 name[len] ? DIRECTORY : REGULAR);
		if (at != dir)
			close(at);
		if (next < 0 || !name[len])
			return next;
		at = next;
		name += len + 1;
	}
}

int irqm_files_open_below(int dir, const char *name,
			  struct irqm_file_reply *reply)
{
	int fd = walk_path(dir, name);
	struct stat st;

	reply->error = fd < 0 ? errno : 0;
	snprintf(reply->name, sizeof(reply->name), "%s", name);
	if (fd < 0 || (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)))
		return fd;
	close(fd);
	reply->error = EPERM;
	return -1;
}
