/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "learn/kernels.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "memory/learned/search.h"

struct kernel {
	struct irqm_learned_text text;
	char *own; /* buffer of text; NULL if text points into old */
	struct irqm_build build;
};

struct irqm_kernels {
	/* of the new file, which is called temp until it is complete */
	char *path, *temp;
	int dir, fd; /* directory, locked; and the new file */
	char *old;   /* the old content */
	size_t old_len;
	struct kernel *kernel;
	unsigned int nr;
};

static int set_failed(const struct irqm_kernels *f, const char *what,
		      struct irqm_error *err)
{
	irqm_error_set(err, "%.150s: %.150s", f->path, what);
	return -1;
}

static struct kernel *find_or_add(struct irqm_kernels *f,
				  const struct irqm_build *b, bool *ret_found)
{
	struct kernel *more;
	unsigned int i;

	*ret_found = true;
	for (i = 0; i < f->nr; i++)
		if (irqm_learned_same(&f->kernel[i].build, b))
			return &f->kernel[i];
	*ret_found = false;
	more = reallocarray(f->kernel, f->nr + 1, sizeof(*more));
	if (!more)
		return NULL;
	f->kernel = more;
	more += f->nr++;
	*more = (struct kernel){ .build = *b };
	return more;
}

/* Keeps kernels that cannot be used, until they are learned again. */
static int take_old(struct irqm_kernels *f, struct irqm_learned *k,
		    struct irqm_error *err)
{
	struct irqm_learned_text t;
	struct irqm_error why;
	struct kernel *to;
	size_t at = 0;
	bool found;
	int more;

	while ((more = irqm_learned_next(f->old, f->old_len, &at, &t, &why)) >
	       0) {
		irqm_learned_head(&t, k, NULL);
		to = find_or_add(f, &k->build, &found);
		if (!to)
			return set_failed(f, "out of memory", err);
		to->text = t;
	}
	return more < 0 ? set_failed(f, why.msg, err) : 0;
}

static int read_old(struct irqm_kernels *f, mode_t *mode,
		    struct irqm_error *err)
{
	int fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct irqm_error why;
	struct irqm_learned *k;
	struct stat st;
	int rc;

	if (fd < 0)
		return errno == ENOENT ? 0 :
					 set_failed(f, strerror(errno), err);
	if (fstat(fd, &st) == 0)
		*mode = st.st_mode & 0777;
	f->old = irqm_learned_read(fd, &f->old_len, &why);
	close(fd);
	if (!f->old)
		return set_failed(f, why.msg, err);
	k = malloc(sizeof(*k));
	rc = k ? take_old(f, k, err) : set_failed(f, "out of memory", err);
	free(k);
	return rc;
}

/* The name is hidden, so that no command reads the unfinished file. */
static int create_temp(struct irqm_kernels *f, mode_t mode,
		       struct irqm_error *err)
{
	const char *slash = strrchr(f->path, '/');
	int dir_len = slash ? slash - f->path + 1 : 0;

	if (asprintf(&f->temp, "%.*s.%s.XXXXXX", dir_len, f->path,
		     f->path + dir_len) < 0) {
		f->temp = NULL;
		return set_failed(f, "out of memory", err);
	}
	f->fd = mkostemp(f->temp, O_CLOEXEC);
	if (f->fd >= 0 && fchmod(f->fd, mode) == 0)
		return 0;
	if (f->fd < 0)
		f->temp[0] = '\0'; /* there is no file to remove */
	return set_failed(f, strerror(errno), err);
}

static int lock_dir(struct irqm_kernels *f, struct irqm_error *err)
{
	const char *slash = strrchr(f->path, '/');
	char *dir = slash ? strndup(f->path, slash - f->path + 1) : strdup(".");

	f->dir = dir ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	free(dir);
	if (f->dir < 0)
		return set_failed(f, strerror(errno), err);
	/* NFS may not support it: then the user must run one at a time */
	flock(f->dir, LOCK_EX);
	return 0;
}

static mode_t default_mode(void)
{
	mode_t mask = umask(077);

	umask(mask);
	return 0666 & ~mask;
}

/* Resolves links, so that the target is replaced, not the link. */
static char *resolve_links(const char *path)
{
	char *real = realpath(path, NULL);

	return real ? real : strdup(path);
}

struct irqm_kernels *irqm_kernels_open(const char *path, struct irqm_error *err)
{
	struct irqm_kernels *f = calloc(1, sizeof(*f));
	mode_t mode = default_mode();

	if (!f || !(f->path = resolve_links(path))) {
		irqm_error_memory(err);
		free(f);
		return NULL;
	}
	f->dir = f->fd = -1;
	if (lock_dir(f, err) == 0 && read_old(f, &mode, err) == 0 &&
	    create_temp(f, mode, err) == 0)
		return f;
	irqm_kernels_close(f);
	return NULL;
}

int irqm_kernels_put(struct irqm_kernels *f, const struct irqm_learned *k,
		     bool *ret_replaced, size_t *ret_size,
		     struct irqm_error *err)
{
	char *text = irqm_learned_print(k, ret_size);
	struct kernel *to = text ? find_or_add(f, &k->build, ret_replaced) :
				   NULL;

	if (!to) {
		free(text);
		return set_failed(f, "out of memory", err);
	}
	free(to->own);
	to->own = text;
	to->text = (struct irqm_learned_text){ text, *ret_size };
	return 0;
}

unsigned int irqm_kernels_count(const struct irqm_kernels *f,
				uint64_t *ret_size)
{
	unsigned int i;

	*ret_size = strlen(IRQM_LEARNED_MAGIC);
	for (i = 0; i < f->nr; i++)
		*ret_size += f->kernel[i].text.len;
	return f->nr;
}

const char *irqm_kernels_temporary(const struct irqm_kernels *f)
{
	return f->temp;
}

static int put_data(struct irqm_kernels *f, const char *data, size_t len)
{
	ssize_t n;

	for (; len; data += n, len -= n) {
		n = write(f->fd, data, len);
		if (n < 0 && errno == EINTR)
			n = 0;
		if (n < 0)
			return -1;
	}
	return 0;
}

static int put_all(struct irqm_kernels *f)
{
	unsigned int i;

	if (put_data(f, IRQM_LEARNED_MAGIC, strlen(IRQM_LEARNED_MAGIC)) < 0)
		return -1;
	for (i = 0; i < f->nr; i++)
		if (put_data(f, f->kernel[i].text.text, f->kernel[i].text.len) <
		    0)
			return -1;
	return fsync(f->fd);
}

int irqm_kernels_write(struct irqm_kernels *f, struct irqm_error *err)
{
	uint64_t size;

	irqm_kernels_count(f, &size);
	if (size > IRQM_LEARNED_FILE_MAX)
		return set_failed(
			f,
			"the file would become too large; use several "
			"files in a directory",
			err);
	if (put_all(f) < 0 || rename(f->temp, f->path) < 0)
		return set_failed(f, strerror(errno), err);
	f->temp[0] = '\0';
	/* sync the directory; some file systems cannot */
	fsync(f->dir);
	return 0;
}

void irqm_kernels_close(struct irqm_kernels *f)
{
	unsigned int i;

	if (!f)
		return;
	if (f->temp && f->temp[0])
		unlink(f->temp);
	if (f->fd >= 0)
		close(f->fd);
	if (f->dir >= 0)
		close(f->dir);
	for (i = 0; i < f->nr; i++)
		free(f->kernel[i].own);
	free(f->kernel);
	free(f->old);
	free(f->path);
	free(f->temp);
	free(f);
}
