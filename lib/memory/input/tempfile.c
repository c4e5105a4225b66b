/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/input/tempfile.h"

#include "memory/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define BLOCK 4096
#define STAYS_FREE (1ULL << 30)

const char *irqm_tempfile_directory(void)
{
	const char *dir = getenv("TMPDIR");

	return dir && dir[0] == '/' ? dir : "/var/tmp";
}

uint64_t irqm_tempfile_spare(uint64_t total, uint64_t free)
{
	uint64_t keep = total / 10 < STAYS_FREE ? total / 10 : STAYS_FREE;

	return free > keep ? free - keep : 0;
}

uint64_t irqm_tempfile_room(void)
{
	struct statvfs fs;

	if (statvfs(irqm_tempfile_directory(), &fs) < 0 || fs.f_blocks == 0)
		return UINT64_MAX;
	return irqm_tempfile_spare(fs.f_blocks * fs.f_frsize,
				   fs.f_bavail * fs.f_frsize);
}

static void set_spare(struct irqm_tempfile *t)
{
	struct statvfs fs;

	t->spare = UINT64_MAX;
	t->block = BLOCK;
	/* a file system without blocks does not report free space */
	if (fstatvfs(t->fd, &fs) < 0 || fs.f_blocks == 0)
		return;
	t->spare = irqm_tempfile_spare(fs.f_blocks * fs.f_frsize,
				       fs.f_bavail * fs.f_frsize);
	if (fs.f_frsize > t->block)
		t->block = fs.f_frsize;
}

int irqm_tempfile_new(void)
{
	char path[4096];
	int fd = open(irqm_tempfile_directory(), O_TMPFILE | O_RDWR | O_CLOEXEC,
		      0600);

	if (fd >= 0)
		return fd;
	/* some file systems lack O_TMPFILE */
	if (snprintf(path, sizeof(path), "%s/irqmatrix-XXXXXX",
		     irqm_tempfile_directory()) < (int)sizeof(path))
		fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	return fd;
}

static int ask_for_file(const struct irqm_files *files)
{
	const struct irqm_file_request r = { .kind = IRQM_FILE_TEMPORARY };
	struct irqm_file_reply reply;
	int fd = files->open(files->ctx, &r, &reply);

	errno = reply.error;
	return fd;
}

int irqm_tempfile_open(struct irqm_tempfile *t, struct irqm_error *err)
{
	t->fd = t->files ? ask_for_file(t->files) : irqm_tempfile_new();
	if (t->fd < 0) {
		irqm_error_set(err,
			       "%s: cannot create a temporary file in "
			       "%.60s: %s; set TMPDIR to a directory with "
			       "space",
			       t->name, irqm_tempfile_directory(),
			       strerror(errno));
		irqm_error_is(err, IRQM_ERROR_FILE);
		return -1;
	}
	set_spare(t);
	return 0;
}

int irqm_tempfile_reset(struct irqm_tempfile *t, struct irqm_error *err)
{
	if (ftruncate(t->fd, 0) < 0) {
		irqm_error_set(err,
			       "%s: cannot empty a temporary file in "
			       "%.60s: %s",
			       t->name, irqm_tempfile_directory(),
			       strerror(errno));
		irqm_error_is(err, IRQM_ERROR_FILE);
		return -1;
	}
	t->size = t->written = t->touched = t->needed = t->last = 0;
	set_spare(t);
	return 0;
}

static int over_limit(const struct irqm_tempfile *t, struct irqm_error *err)
{
	unsigned long long limit = t->limit >> 20;
	unsigned long long needed = t->needed >> 20;

	if (needed > limit)
		irqm_error_set(err,
			       "%s: unpacking needs about %llu MB of "
			       "temporary files, the limit is %llu MB; raise "
			       "--tmp-limit",
			       t->name, needed, limit);
	else
		irqm_error_set(err,
			       "%s: unpacking needs more temporary files "
			       "than the limit of %llu MB; raise --tmp-limit",
			       t->name, limit);
	irqm_error_is(err, IRQM_ERROR_FILE);
	return -1;
}

static int no_room(const struct irqm_tempfile *t, struct irqm_error *err)
{
	irqm_error_set(err,
		       "%s: unpacking needs %s%llu MB, but %.60s has room "
		       "for %llu MB (1 GB, or a tenth of it, stays free); set "
		       "TMPDIR to a directory with more space",
		       t->name, t->needed > t->spare ? "about " : "more than ",
		       (unsigned long long)((t->needed > t->spare ? t->needed :
								    t->spare) >>
					    20),
		       irqm_tempfile_directory(),
		       (unsigned long long)(t->spare >> 20));
	irqm_error_is(err, IRQM_ERROR_FILE);
	return -1;
}

static int too_much(const struct irqm_tempfile *t, struct irqm_error *err)
{
	irqm_error_set(err,
		       "%s: unpacks to more than %llu MB, too much for a "
		       "dump of its size; if it is a dump, unpack it by hand",
		       t->name, (unsigned long long)(t->most >> 20));
	return -1;
}

static int write_error(const struct irqm_tempfile *t, struct irqm_error *err)
{
	irqm_error_set(err,
		       "%s: cannot write a temporary file in %.60s: %s "
		       "(about %llu MB are needed); set TMPDIR",
		       t->name, irqm_tempfile_directory(), strerror(errno),
		       (unsigned long long)((t->needed > t->written ?
						     t->needed :
						     t->written) >>
					    20));
	irqm_error_is(err, IRQM_ERROR_FILE);
	return -1;
}

/* Writing is allowed as long as neither limit is exceeded. */
static bool has_room(const struct irqm_tempfile *t)
{
	return t->written + t->block <= t->limit &&
	       t->written + t->block <= t->spare;
}

/* A block that is written to twice is counted only once. */
static void count_again(struct irqm_tempfile *t)
{
	struct stat st;

	if (fstat(t->fd, &st) == 0 && (uint64_t)st.st_blocks * 512 < t->written)
		t->written = (uint64_t)st.st_blocks * 512;
}

/* Counts the block at offset. One byte occupies a whole block on disk. */
static int count_block(struct irqm_tempfile *t, uint64_t offset,
		       struct irqm_error *err)
{
	uint64_t block = offset / t->block + 1;

	if (block == t->last)
		return 0;
	if (!has_room(t))
		count_again(t);
	if (t->needed > t->limit || t->written + t->block > t->limit)
		return over_limit(t, err);
	if (t->needed > t->spare || t->written + t->block > t->spare)
		return no_room(t, err);
	if (t->most && t->touched + t->block > t->most)
		return too_much(t, err);
	t->last = block;
	t->written += t->block;
	t->touched += t->block;
	return 0;
}

static int write_block(struct irqm_tempfile *t, uint64_t offset,
		       const char *data, size_t len, struct irqm_error *err)
{
	ssize_t n;

	if (count_block(t, offset, err) < 0)
		return -1;
	while (len > 0) {
		n = pwrite(t->fd, data, len, (off_t)offset);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return write_error(t, err);
		data += n;
		offset += n;
		len -= n;
	}
	return 0;
}

static bool all_zero(const char *data, size_t len)
{
	return len > 0 && data[0] == 0 && memcmp(data, data + 1, len - 1) == 0;
}

int irqm_tempfile_write(struct irqm_tempfile *t, uint64_t offset,
			const void *data, size_t len, struct irqm_error *err)
{
	const char *from = data;
	size_t part;
	bool fresh;

	if (offset > IRQM_TEMPFILE_MAX || len > IRQM_TEMPFILE_MAX - offset) {
		irqm_error_set(err,
			       "%s: damaged: it has an offset that is too "
			       "large for a dump; copy the dump again",
			       t->name);
		return -1;
	}
	for (fresh = offset >= t->size; len > 0; len -= part) {
		part = BLOCK - offset % BLOCK;
		if (part > len)
			part = len;
		if (!(fresh && all_zero(from, part)) &&
		    write_block(t, offset, from, part, err) < 0)
			return -1;
		from += part;
		offset += part;
	}
	if (offset > t->size)
		t->size = offset;
	return 0;
}

int irqm_tempfile_finish(struct irqm_tempfile *t, struct irqm_error *err)
{
	return ftruncate(t->fd, (off_t)t->size) < 0 ? write_error(t, err) : 0;
}
