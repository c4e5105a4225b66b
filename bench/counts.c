// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Counts what a program reads and inflates, for growth.py: with
 * LD_PRELOAD it appends "reads bytes pages" to the file that COUNTS names, a
 * line for each process.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <libdeflate.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static atomic_ulong reads, bytes, pages;
static int out = -1;

/* The program may not open files later. */
__attribute__((constructor)) static void begin(void)
{
	const char *path = getenv("COUNTS");

	if (path)
		out = open(path, O_WRONLY | O_APPEND | O_CREAT, 0666);
}

__attribute__((destructor)) static void end(void)
{
	char line[80];
	int len = snprintf(line, sizeof(line), "%lu %lu %lu\n", reads, bytes,
			   pages);

	if (write(out, line, len) < 0)
		abort();
}

static ssize_t count(ssize_t n)
{
	reads++;
	bytes += n > 0 ? n : 0;
	return n;
}

ssize_t pread(int fd, void *buf, size_t len, off_t offset)
{
	static ssize_t (*next)(int, void *, size_t, off_t);

	if (!next)
		next = (__typeof__(next))dlsym(RTLD_NEXT, "pread");
	return count(next(fd, buf, len, offset));
}

ssize_t pread64(int fd, void *buf, size_t len, off64_t offset)
{
	return pread(fd, buf, len, offset);
}

enum libdeflate_result
libdeflate_zlib_decompress(struct libdeflate_decompressor *d, const void *in,
			   size_t in_len, void *to, size_t size, size_t *ret)
{
	static __typeof__(libdeflate_zlib_decompress) *next;

	if (!next)
		next = (__typeof__(next))dlsym(RTLD_NEXT,
					       "libdeflate_zlib_decompress");
	pages++;
	return next(d, in, in_len, to, size, ret);
}
