/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

uint64_t fuzz_take(struct fuzz_bytes *b, size_t n)
{
	uint64_t value = 0;
	size_t have = n < b->left ? n : b->left;

	memcpy(&value, b->data, have);
	b->data += have;
	b->left -= have;
	return value;
}

int fuzz_file(const void *data, size_t size, char path[FUZZ_PATH])
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, FUZZ_PATH, "/proc/self/fd/%d", fd);
	return fd;
}

void fuzz_use(uint64_t value)
{
	__asm__ volatile("" : : "r"(value));
}
