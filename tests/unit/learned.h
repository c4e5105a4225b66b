/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernel that ships with its distilled dumps, learned: for the tests of
 * what is made of it. All is the including test's.
 */
#ifndef LEARNED_H
#define LEARNED_H

#include "unit.h"

#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>
#include <zlib.h>

#include "learn/source.h"
#include "memory/learned/learned.h"

#define VMLINUX "tests/data/distilled/dwarf/vmlinux.xz"

static struct irqm_learned *kernel, *other; /* other: to parse into */
static struct irqm_error err;
static char *text; /* of kernel, terminated */
static size_t text_len;

static int learned_setup(void **state)
{
	struct irqm_learn l;
	int fd = open(VMLINUX, O_RDONLY);

	(void)state;
	kernel = calloc(1, sizeof(*kernel));
	other = calloc(1, sizeof(*other));
	if (fd < 0 || !kernel || !other || irqm_learn_open(&l, 0, &err) ||
	    irqm_learn_file(&l, fd, VMLINUX, kernel, &err)) {
		fprintf(stderr, "%s: %s\n", VMLINUX, err.msg);
		return -1;
	}
	irqm_learn_close(&l);
	close(fd);
	/* a debug file has no banner */
	strcpy(kernel->build.banner, "Linux version 6.1 (a\\b\xc3\xb6) #1\n");
	kernel->build.banner_at = kernel->text + 0x1000;
	strcpy(kernel->release, "6.1");
	kernel->time = 1700000000;
	text = irqm_learned_print(kernel, &text_len);
	return text ? 0 : -1;
}

static int learned_teardown(void **state)
{
	(void)state;
	free(text);
	free(kernel);
	free(other);
	return 0;
}

/* Puts the sum of what is before it into the last line of a kernel. */
static inline void learned_seal(char *s, size_t len)
{
	const size_t end = sizeof("end 01234567\n") - 1;
	char line[sizeof("end 01234567\n")];

	snprintf(line, sizeof(line), "end %08" PRIx32 "\n",
		 (uint32_t)crc32(0, (const Bytef *)s, len - end));
	memcpy(s + len - end, line, end);
}

#endif
