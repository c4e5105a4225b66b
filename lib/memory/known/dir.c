/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/known/dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/siphash.h"

#define SECRET "secret"
#define TEMPORARY "tmp-"

void irqm_make_directories(const char *dir)
{
	char path[PATH_MAX], *at = path;
	int n = snprintf(path, sizeof(path), "%s", dir);

	if (n <= 0 || (size_t)n >= sizeof(path))
		return;
	while ((at = strchr(at + 1, '/'))) {
		*at = '\0';
		mkdir(path, 0700);
		*at = '/';
	}
	mkdir(path, 0700);
}

/* Returns true if the user owns it and no other user may write it or, with mask
 * 077, read it. */
static bool is_private(int fd, mode_t type, mode_t mask)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (st.st_mode & S_IFMT) == type &&
	       st.st_uid == geteuid() && (st.st_mode & mask) == 0;
}

int irqm_known_dir_open(const char *dir, struct irqm_error *err)
{
	int fd;

	if (!dir[0] || strlen(dir) >= PATH_MAX) {
		irqm_error_set(err, "the path of the cache of kernels is empty "
				    "or too long");
		return -1;
	}
	irqm_make_directories(dir);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) {
		irqm_error_set(err, "%.150s: %s", dir, strerror(errno));
		return -1;
	}
	if (!is_private(fd, S_IFDIR, 077)) {
		irqm_error_set(err,
			       "%.150s: others can use it; chmod 700 it, "
			       "or remove it",
			       dir);
		close(fd);
		return -1;
	}
	return fd;
}

/* Calls read() or write() until all is transferred. */
static bool transfer_all(int fd, void *buf, size_t size, bool out)
{
	size_t at = 0;
	ssize_t n;

	while (at < size) {
		char *p = (char *)buf + at;

		n = out ? write(fd, p, size - at) : read(fd, p, size - at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += (size_t)n;
	}
	return true;
}

/* Reads exactly size bytes; fails if the file has more. */
static bool read_all(int fd, void *buf, size_t size)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_size >= 0 &&
	       (uint64_t)st.st_size == size &&
	       transfer_all(fd, buf, size, false);
}

static int open_file(int dir, const char *name)
{
	/* O_NONBLOCK: do not block on a FIFO */
	return openat(dir, name,
		      O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

/* Returns true for the name of an entry, so that no other file can be
 * requested. */
static bool is_entry(const char *name)
{
	return strspn(name, "0123456789abcdef") == IRQM_KNOWN_NAME_SIZE - 1 &&
	       name[IRQM_KNOWN_NAME_SIZE - 1] == '\0';
}

int irqm_known_dir_file(int dir, const char *name, struct irqm_error *err)
{
	int fd = is_entry(name) ? open_file(dir, name) : -1;

	if (fd < 0) {
		if (is_entry(name) && errno != ENOENT)
			irqm_error_set(err, "cached kernel %s: %s", name,
				       strerror(errno));
		return -1;
	}
	if (is_private(fd, S_IFREG, 022))
		return fd;
	irqm_error_set(err,
		       "cached kernel %s ignored: others can write to the "
		       "file",
		       name);
	close(fd);
	return -1;
}

bool irqm_known_dir_read(int fd, void *buf, size_t size)
{
	return read_all(fd, buf, size);
}

/* Writes a new file with a random name. Returns -1 with errno. */
static int write_temporary(int dir, const void *buf, size_t size, char *name)
{
	uint8_t chance[8];
	bool ok;
	int fd;

	if (getrandom(chance, sizeof(chance), 0) != sizeof(chance))
		return -1;
	strcpy(name, TEMPORARY);
	irqm_hex(chance, sizeof(chance), name + strlen(TEMPORARY));
	fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	/* so that a power loss does not leave an empty file */
	ok = transfer_all(fd, (void *)buf, size, true) && fsync(fd) == 0;
	if (close(fd) != 0)
		ok = false;
	if (!ok)
		unlinkat(dir, name, 0);
	return ok ? 0 : -1;
}

/* Returns true if the secret is empty, because of a power loss before it was
 * synced. No entry was written with it, so it can be replaced. */
static bool is_empty(int dir)
{
	struct stat st;

	return fstatat(dir, SECRET, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISREG(st.st_mode) && st.st_uid == geteuid() && st.st_size == 0;
}

/* Another process may create the secret at the same time: the first one
 * counts. */
static bool make_secret(int dir)
{
	char name[IRQM_KNOWN_NAME_SIZE];
	uint8_t secret[IRQM_SIPHASH_KEY];
	bool ok;

	if (getrandom(secret, sizeof(secret), 0) != sizeof(secret) ||
	    write_temporary(dir, secret, sizeof(secret), name) != 0)
		return false;
	ok = linkat(dir, name, dir, SECRET, 0) == 0 || errno == EEXIST;
	unlinkat(dir, name, 0);
	fsync(dir);
	return ok;
}

int irqm_known_dir_secret(int dir, uint8_t secret[IRQM_SIPHASH_KEY],
			  struct irqm_error *err)
{
	int fd;
	bool ok;

	if (is_empty(dir))
		unlinkat(dir, SECRET, 0);
	fd = open_file(dir, SECRET);
	if (fd < 0 && errno == ENOENT && make_secret(dir))
		fd = open_file(dir, SECRET);
	if (fd < 0) {
		irqm_error_set(err, "the cache of kernels has no secret: %s",
			       strerror(errno));
		return -1;
	}
	ok = is_private(fd, S_IFREG, 077) &&
	     read_all(fd, secret, IRQM_SIPHASH_KEY);
	close(fd);
	if (ok)
		return 0;
	irqm_error_set(err, "the secret of the cache of kernels is damaged, or "
			    "others can use it: remove the cache directory");
	return -1;
}

/* Removes the oldest entry if there are too many. */
static void make_room(int at, unsigned int most)
{
	int fd = openat(at, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char oldest[IRQM_KNOWN_NAME_SIZE] = "";
	struct timespec when = { 0 };
	unsigned int nr = 0;
	struct dirent *d;
	struct stat st;
	DIR *dir;

	dir = fd >= 0 ? fdopendir(fd) : NULL;
	if (!dir) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((d = readdir(dir))) {
		/* entries, and temporary files of programs that were killed */
		if (strlen(d->d_name) >= sizeof(oldest) ||
		    d->d_name[0] == '.' || strcmp(d->d_name, SECRET) == 0 ||
		    fstatat(at, d->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		if (nr++ == 0 || st.st_mtim.tv_sec < when.tv_sec ||
		    (st.st_mtim.tv_sec == when.tv_sec &&
		     st.st_mtim.tv_nsec < when.tv_nsec)) {
			when = st.st_mtim;
			strcpy(oldest, d->d_name);
		}
	}
	closedir(dir);
	if (nr >= most)
		unlinkat(at, oldest, 0);
}

bool irqm_known_dir_write(int dir, const char *name, const void *buf,
			  size_t size, unsigned int most)
{
	char temporary[IRQM_KNOWN_NAME_SIZE];
	int saved;

	if (!is_entry(name)) {
		errno = EINVAL;
		return false;
	}
	make_room(dir, most);
	if (write_temporary(dir, buf, size, temporary) != 0)
		return false;
	if (renameat(dir, temporary, dir, name) == 0)
		return true;
	saved = errno;
	unlinkat(dir, temporary, 0);
	errno = saved;
	return false;
}
