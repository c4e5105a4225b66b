/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "batch/dump_id.h"

#include "base/siphash.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK (64 * 1024)

int64_t irqm_mtime_ns(const struct stat *st)
{
	int64_t ns;

	if (__builtin_mul_overflow((int64_t)st->st_mtim.tv_sec, 1000000000,
				   &ns) ||
	    __builtin_add_overflow(ns, st->st_mtim.tv_nsec, &ns))
		return st->st_mtim.tv_sec < 0 ? INT64_MIN : INT64_MAX;
	return ns;
}

/* Up to len bytes; less only where the file has become shorter. */
static bool add_block(struct irqm_siphash *h, int fd, uint64_t at, size_t len)
{
	unsigned char block[BLOCK];
	size_t done = 0;
	ssize_t n;

	while (done < len) {
		n = pread(fd, block + done, len - done, (off_t)(at + done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		if (n == 0)
			break;
		done += n;
	}
	irqm_siphash_add(h, block, done);
	return true;
}

static bool add_file(struct irqm_siphash *h, int fd, struct irqm_dump_id *id)
{
	uint64_t size, last;
	struct stat st;

	if (fstat(fd, &st) < 0)
		return false;
	size = st.st_size;
	last = size > BLOCK ? size - BLOCK : 0;
	irqm_siphash_add(h, &size, sizeof(size));
	id->size += size;
	if (irqm_mtime_ns(&st) > id->mtime_ns)
		id->mtime_ns = irqm_mtime_ns(&st);
	/* what both blocks have is added once */
	return add_block(h, fd, 0, size < BLOCK ? size : BLOCK) &&
	       (size <= BLOCK ||
		add_block(h, fd, last < BLOCK ? BLOCK : last,
			  last < BLOCK ? size - BLOCK : BLOCK));
}

static void end(struct irqm_siphash *h, struct irqm_dump_id *id)
{
	uint8_t sum[IRQM_SIPHASH_SIZE];

	irqm_siphash_end(h, sum);
	irqm_hex(sum, sizeof(sum), id->hash);
}

/* Anybody may compute it: a key would have to be in the store. */
static const uint8_t key[IRQM_SIPHASH_KEY];

bool irqm_dump_id(const int fds[], unsigned int nr, struct irqm_dump_id *ret)
{
	struct irqm_siphash h;
	unsigned int i;

	memset(ret, 0, sizeof(*ret));
	ret->mtime_ns = INT64_MIN;
	irqm_siphash_begin(&h, key);
	for (i = 0; i < nr; i++)
		if (!add_file(&h, fds[i], ret))
			return false;
	end(&h, ret);
	return true;
}

void irqm_dump_id_unread(const char *path, struct irqm_dump_id *ret)
{
	struct irqm_siphash h;
	struct stat st;

	memset(ret, 0, sizeof(*ret));
	if (lstat(path, &st) == 0) {
		ret->size = st.st_size;
		ret->mtime_ns = irqm_mtime_ns(&st);
	}
	irqm_siphash_begin(&h, key);
	irqm_siphash_add(&h, "unread", sizeof("unread"));
	irqm_siphash_add(&h, path, strlen(path) + 1);
	end(&h, ret);
}

int irqm_dump_id_compare(const struct irqm_dump_id *a,
			 const struct irqm_dump_id *b)
{
	if (a->size != b->size)
		return a->size < b->size ? -1 : 1;
	if (a->mtime_ns != b->mtime_ns)
		return a->mtime_ns < b->mtime_ns ? -1 : 1;
	return strcmp(a->hash, b->hash);
}
