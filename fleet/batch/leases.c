/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reserves dumps among batches that share a store: a lock on one byte of a file
 * beside the store, at an offset that comes from the dump's hash. The kernel
 * releases the lock however the process ends.
 */
#include "fleet/batch/leases.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *path_of(const char *store)
{
	char *path;

	return asprintf(&path, "%s-leases", store) < 0 ? NULL : path;
}

/* Locks or unlocks; with len 0, the whole file. */
static int lock_range(int fd, short type, off_t at, off_t len)
{
	struct flock l = { .l_type = type,
			   .l_whence = SEEK_SET,
			   .l_start = at,
			   .l_len = len };

	return fcntl(fd, F_OFD_SETLK, &l);
}

static off_t place_of(const struct irqm_dump_id *id)
{
	char digits[16] = "";

	memcpy(digits, id->hash, sizeof(digits) - 1);
	return (off_t)strtoull(digits, NULL, 16);
}

static int open_file(const char *store)
{
	char *path = path_of(store);
	int fd = -1;

	if (path)
		fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC,
			  0600);
	free(path);
	return fd;
}

/* Returns true if another batch has ended and removed the file's name. */
static bool is_removed(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_nlink == 0;
}

int irqm_leases_open(const char *store)
{
	return open_file(store);
}

bool irqm_leases_take(int *fd, const char *store, const struct irqm_dump_id *id)
{
	for (;;) {
		/* without the file, batches do not wait for each other */
		if (*fd < 0)
			return true;
		if (lock_range(*fd, F_WRLCK, place_of(id), 1) < 0)
			return errno != EAGAIN && errno != EACCES;
		if (!is_removed(*fd))
			return true;
		close(*fd);
		*fd = open_file(store);
	}
}

void irqm_leases_give(int fd, const struct irqm_dump_id *id)
{
	if (fd >= 0)
		lock_range(fd, F_UNLCK, place_of(id), 1);
}

void irqm_leases_close(int fd, const char *store)
{
	char *path;

	if (fd < 0)
		return;
	/* the last batch removes the file */
	path = lock_range(fd, F_WRLCK, 0, 0) == 0 ? path_of(store) : NULL;
	if (path && !is_removed(fd))
		unlink(path);
	free(path);
	close(fd);
}
