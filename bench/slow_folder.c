/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file system in front of one folder, read-only, where each read takes some
 * milliseconds longer: a stand-in for a network file system or object storage.
 *
 *	slow FOLDER MILLISECONDS MOUNTPOINT
 *
 * At its end it prints how many reads there were, and their bytes.
 */
#define FUSE_USE_VERSION 31
#include <fuse3/fuse.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int folder;
static long delay_ms;
static atomic_ulong reads, bytes;

static const char *below(const char *path)
{
	return path[1] ? path + 1 : ".";
}

static int slow_getattr(const char *path, struct stat *st,
			struct fuse_file_info *fi)
{
	(void)fi;
	return fstatat(folder, below(path), st, 0) ? -errno : 0;
}

static int slow_open(const char *path, struct fuse_file_info *fi)
{
	int fd = openat(folder, below(path), O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	fi->fh = fd;
	return 0;
}

static int slow_read(const char *path, char *buf, size_t len, off_t offset,
		     struct fuse_file_info *fi)
{
	struct timespec wait = { delay_ms / 1000, delay_ms % 1000 * 1000000 };
	ssize_t got;

	(void)path;
	nanosleep(&wait, NULL);
	got = pread(fi->fh, buf, len, offset);
	if (got < 0)
		return -errno;
	reads++;
	bytes += got;
	return (int)got;
}

static int slow_release(const char *path, struct fuse_file_info *fi)
{
	(void)path;
	close(fi->fh);
	return 0;
}

static const struct fuse_operations operations = {
	.getattr = slow_getattr,
	.open = slow_open,
	.read = slow_read,
	.release = slow_release,
};

int main(int argc, char **argv)
{
	char *args[] = { argv[0], argc == 4 ? argv[3] : NULL, "-f", "-oro",
			 NULL };
	int rc;

	if (argc != 4) {
		fprintf(stderr, "usage: slow FOLDER MILLISECONDS MOUNTPOINT\n");
		return 2;
	}
	folder = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0) {
		perror(argv[1]);
		return 2;
	}
	delay_ms = strtol(argv[2], NULL, 10);
	rc = fuse_main(4, args, &operations, NULL);
	printf("%lu reads, %lu bytes\n", reads, bytes);
	return rc;
}
