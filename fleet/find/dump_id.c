/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/find/dump_id.h"

#include "base/siphash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/*
 * If a file changed less than this ago, it may change again without a new time,
 * because file times have the resolution of a tick.
 */
#define JUST_NOW_NS 2000000000LL

/* The key is public: a secret one would have to be in the store. */
static const uint8_t key[IRQM_SIPHASH_KEY];

static int64_t to_ns(const struct timespec *t)
{
	int64_t ns;

	if (__builtin_mul_overflow((int64_t)t->tv_sec, 1000000000, &ns) ||
	    __builtin_add_overflow(ns, t->tv_nsec, &ns))
		return t->tv_sec < 0 ? INT64_MIN : INT64_MAX;
	return ns;
}

int64_t irqm_mtime_ns(const struct stat *st)
{
	return to_ns(&st->st_mtim);
}

void irqm_file_state(const struct stat *st, struct irqm_file_state *ret)
{
	*ret = (struct irqm_file_state){
		.dev = st->st_dev,
		.ino = st->st_ino,
		.size = st->st_size,
		.mtime_ns = irqm_mtime_ns(st),
		.ctime_ns = to_ns(&st->st_ctim),
	};
}

/* Adds a block, or the bytes that are left; fewer only if the file was
 * truncated. */
static bool add_block(struct irqm_siphash *h, int fd, uint64_t at,
		      uint64_t most)
{
	unsigned char block[IRQM_DUMP_ID_BLOCK];
	size_t len = most < sizeof(block) ? most : sizeof(block), done = 0;
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

/*
 * Returns the offset of the n-th block of a large file. The first and the last
 * are at its ends, each other one is at a random place in its share. The places
 * depend on the size only, so that files of one size are read at the same ones.
 */
static uint64_t block_at(uint64_t size, unsigned int n)
{
	uint64_t share =
		(size - IRQM_DUMP_ID_BLOCK) / (IRQM_DUMP_ID_BLOCKS - 1);
	uint8_t sum[IRQM_SIPHASH_SIZE];
	struct irqm_siphash h;
	uint64_t chance;

	if (n == IRQM_DUMP_ID_BLOCKS - 1)
		return size - IRQM_DUMP_ID_BLOCK;
	irqm_siphash_begin(&h, key);
	irqm_siphash_add(&h, &size, sizeof(size));
	irqm_siphash_add(&h, &n, sizeof(n));
	irqm_siphash_end(&h, sum);
	memcpy(&chance, sum, sizeof(chance));
	return n * share + (n ? chance % (share - IRQM_DUMP_ID_BLOCK + 1) : 0);
}

static bool add_content(struct irqm_siphash *h, int fd, uint64_t size)
{
	unsigned int i;
	uint64_t at;

	if (size <= IRQM_DUMP_ID_WHOLE) {
		for (at = 0; at < size; at += IRQM_DUMP_ID_BLOCK)
			if (!add_block(h, fd, at, size - at))
				return false;
		return true;
	}
	/* prefetch: 256 reads one after the other would wait 256 times */
	for (i = 0; i < IRQM_DUMP_ID_BLOCKS; i++)
		posix_fadvise(fd, (off_t)block_at(size, i), IRQM_DUMP_ID_BLOCK,
			      POSIX_FADV_WILLNEED);
	for (i = 0; i < IRQM_DUMP_ID_BLOCKS; i++)
		if (!add_block(h, fd, block_at(size, i), IRQM_DUMP_ID_BLOCK))
			return false;
	return true;
}

static bool add_file(struct irqm_siphash *h, int fd, struct irqm_dump_id *id,
		     struct irqm_file_state *ret)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return false;
	irqm_file_state(&st, ret);
	irqm_siphash_add(h, &ret->size, sizeof(ret->size));
	id->size += ret->size;
	if (ret->mtime_ns > id->mtime_ns)
		id->mtime_ns = ret->mtime_ns;
	return add_content(h, fd, ret->size);
}

static void end_hash(struct irqm_siphash *h, struct irqm_dump_id *id)
{
	uint8_t sum[IRQM_SIPHASH_SIZE];

	irqm_siphash_end(h, sum);
	irqm_hex(sum, sizeof(sum), id->hash);
}

void irqm_dump_files(const struct irqm_file_state states[], unsigned int nr,
		     char ret[IRQM_DUMP_HASH_LEN + 1])
{
	uint8_t sum[IRQM_SIPHASH_SIZE];
	struct irqm_siphash h;

	irqm_siphash_begin(&h, key);
	irqm_siphash_add(&h, states, nr * sizeof(*states));
	irqm_siphash_end(&h, sum);
	irqm_hex(sum, sizeof(sum), ret);
}

void irqm_dump_files_at(const char *const paths[], unsigned int nr,
			char ret[IRQM_DUMP_HASH_LEN + 1])
{
	struct irqm_file_state *states = calloc(nr, sizeof(*states));
	struct stat st;
	unsigned int i;

	ret[0] = '\0';
	for (i = 0; states && i < nr && stat(paths[i], &st) == 0; i++)
		irqm_file_state(&st, &states[i]);
	if (states && i == nr)
		irqm_dump_files(states, nr, ret);
	free(states);
}

static bool is_settled(const struct irqm_file_state states[], unsigned int nr)
{
	struct timespec t;
	unsigned int i;

	clock_gettime(CLOCK_REALTIME, &t);
	for (i = 0; i < nr; i++)
		if (states[i].ctime_ns > to_ns(&t) - JUST_NOW_NS)
			return false;
	return true;
}

bool irqm_dump_id(const int fds[], unsigned int nr, struct irqm_dump_found *ret)
{
	struct irqm_file_state *states = calloc(nr, sizeof(*states));
	struct irqm_siphash h;
	unsigned int i;

	memset(ret, 0, sizeof(*ret));
	ret->id.mtime_ns = INT64_MIN;
	irqm_siphash_begin(&h, key);
	for (i = 0; states && i < nr; i++)
		if (!add_file(&h, fds[i], &ret->id, &states[i]))
			break;
	if (states && i == nr) {
		end_hash(&h, &ret->id);
		irqm_dump_files(states, nr, ret->files);
		ret->settled = is_settled(states, nr);
	}
	free(states);
	return states && i == nr;
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
	end_hash(&h, ret);
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
