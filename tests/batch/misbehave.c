/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Preloaded: a worker that opens a file of a certain name crashes, loops, eats
 * memory, or lies: it says on standard output what only the parent may say, and
 * tells the parent that it has another dump. Only a worker limits itself; its
 * second call of close_range() begins after its socket.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../../fleet/batch/message.h"

static int is_worker, parent;

int close_range(unsigned int first, unsigned int last, int flags)
{
	int (*real)(unsigned int, unsigned int, int) =
		(int (*)(unsigned int, unsigned int, int))dlsym(RTLD_NEXT,
								"close_range");

	parent = first - 1;
	return real(first, last, flags);
}

int setrlimit(__rlimit_resource_t resource, const struct rlimit *limit)
{
	is_worker = 1;
	return prlimit(0, resource, limit, NULL);
}

/* All that there is; then the program goes on without. */
static void eat(void)
{
	size_t size;

	for (size = 1 << 20; size >= 16; size /= 2)
		while (malloc(size))
			;
}

static void lie(void)
{
	static const char words[] = "{\"record\":{}}\n";
	char other[512] = "";
	uint32_t head[] = { IRQM_MESSAGE_IDENTITY, sizeof(other) };

	if (write(1, words, strlen(words)) < 0 ||
	    write(parent, head, sizeof(head)) < 0 ||
	    write(parent, other, sizeof(other)) < 0)
		abort();
	for (;;)
		pause();
}

int open(const char *path, int flags, ...)
{
	int (*real)(const char *, int, ...) =
		(int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open");
	volatile int forever = 1;
	va_list ap;
	int mode;

	va_start(ap, flags);
	mode = va_arg(ap, int);
	va_end(ap);
	if (is_worker && strstr(path, "that-crashes"))
		raise(SIGSEGV);
	if (is_worker && strstr(path, "that-loops"))
		while (forever)
			;
	if (is_worker && strstr(path, "that-eats"))
		eat();
	if (is_worker && strstr(path, "that-lies"))
		lie();
	return real(path, flags, mode);
}
