/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/new_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define PROC_FD_SIZE 32

static int set_failed(const struct irqm_new_file *f, int error,
		      struct irqm_error *err)
{
	irqm_error_set(err, "%s: %s", f->path, strerror(error));
	return -1;
}

/* Makes the path by which linkat() names a file without a name. */
static void proc_fd(char *ret, int fd)
{
	snprintf(ret, PROC_FD_SIZE, "/proc/self/fd/%d", fd);
}

static int choose_name(char *ret, size_t size)
{
	uint8_t chance[8];
	char hex[2 * sizeof(chance) + 1];

	if (getrandom(chance, sizeof(chance), 0) != sizeof(chance))
		return -1;
	irqm_hex(chance, sizeof(chance), hex);
	snprintf(ret, size, ".irqm-%s", hex);
	return 0;
}

static int open_directory(struct irqm_new_file *f)
{
	const char *slash = strrchr(f->path, '/');
	char *dir = !slash ? strdup(".") :
			     strndup(f->path,
				     slash == f->path ? 1 : slash - f->path);

	f->name = strdup(slash ? slash + 1 : f->path);
	if (dir && f->name)
		f->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(dir);
	return f->dir;
}

/* Uses a random name, so that no link can have been placed there. */
static int open_named(struct irqm_new_file *f, mode_t mode)
{
	int fd;

	if (choose_name(f->temp, sizeof(f->temp)))
		return -1;
	fd = openat(f->dir, f->temp,
		    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	if (fd < 0)
		f->temp[0] = '\0';
	return fd;
}

static int open_file(struct irqm_new_file *f, mode_t mode)
{
	int fd = openat(f->dir, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, mode);
	char proc[PROC_FD_SIZE];

	if (fd >= 0) {
		proc_fd(proc, fd);
		if (access(proc, F_OK) == 0)
			return fd;
		/* without /proc the file could not be linked to a name */
		close(fd);
	}
	return open_named(f, mode);
}

int irqm_new_file_open(struct irqm_new_file *f, const char *path, mode_t mode,
		       struct irqm_error *err)
{
	int fd;

	*f = (struct irqm_new_file){ .path = strdup(path), .dir = -1 };
	if (!f->path) {
		irqm_error_memory(err);
		return -1;
	}
	fd = open_directory(f) < 0 ? -1 : open_file(f, mode);
	f->out = fd < 0 ? NULL : fdopen(fd, "w");
	if (f->out)
		return 0;
	set_failed(f, errno, err);
	if (fd >= 0)
		close(fd);
	irqm_new_file_drop(f);
	return -1;
}

/* Links the file to a temporary name. */
static int link_named(struct irqm_new_file *f, int fd)
{
	char proc[PROC_FD_SIZE];

	if (f->temp[0])
		return 0;
	proc_fd(proc, fd);
	if (choose_name(f->temp, sizeof(f->temp)) == 0 &&
	    linkat(AT_FDCWD, proc, f->dir, f->temp, AT_SYMLINK_FOLLOW) == 0)
		return 0;
	f->temp[0] = '\0';
	return -1;
}

static int take_new_name(struct irqm_new_file *f, int fd)
{
	char proc[PROC_FD_SIZE];

	if (!f->temp[0]) {
		proc_fd(proc, fd);
		return linkat(AT_FDCWD, proc, f->dir, f->name,
			      AT_SYMLINK_FOLLOW);
	}
	if (linkat(f->dir, f->temp, f->dir, f->name, 0) == 0) {
		unlinkat(f->dir, f->temp, 0);
		f->temp[0] = '\0';
		return 0;
	}
	if (errno != EPERM && errno != EOPNOTSUPP)
		return -1;
	/* the file system has no hard links (FAT) */
	if (renameat2(f->dir, f->temp, f->dir, f->name, RENAME_NOREPLACE))
		return -1;
	f->temp[0] = '\0';
	return 0;
}

static int replace_name(struct irqm_new_file *f, int fd)
{
	if (link_named(f, fd) || renameat(f->dir, f->temp, f->dir, f->name))
		return -1;
	f->temp[0] = '\0';
	return 0;
}

/* Some file systems do not support fsync(): that is no error. */
static int sync_fd(int fd)
{
	return fsync(fd) == 0 || errno == EINVAL || errno == EROFS ? 0 : -1;
}

int irqm_new_file_finish(struct irqm_new_file *f, bool keep,
			 struct irqm_error *err)
{
	int fd = fileno(f->out), rc = 0;

	errno = 0;
	if (fflush(f->out) || ferror(f->out) || sync_fd(fd) ||
	    (keep ? take_new_name(f, fd) : replace_name(f, fd)) ||
	    sync_fd(f->dir))
		rc = set_failed(f, errno ? errno : EIO, err);
	irqm_new_file_drop(f);
	return rc;
}

void irqm_new_file_drop(struct irqm_new_file *f)
{
	if (f->out)
		fclose(f->out);
	if (f->temp[0])
		unlinkat(f->dir, f->temp, 0);
	if (f->path && f->dir >= 0)
		close(f->dir);
	free(f->path);
	free(f->name);
	*f = (struct irqm_new_file){ .dir = -1 };
}

mode_t irqm_mode_from(const char *const paths[], unsigned int nr)
{
	mode_t mode = 0666;
	struct stat st;
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (stat(paths[i], &st) == 0)
			mode &= st.st_mode | 0600;
	return mode;
}
