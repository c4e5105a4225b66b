/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Preloaded: a worker that opens a file of a certain name crashes, loops or
 * eats memory. A worker is known by its call of close_range().
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static int is_worker;

int close_range(unsigned int first, unsigned int last, int flags)
{
	int (*real)(unsigned int, unsigned int, int) =
		(int (*)(unsigned int, unsigned int, int))
			dlsym(RTLD_NEXT, "close_range");

	is_worker = 1;
	return real(first, last, flags);
}

/* All that there is; then the program goes on without. */
static void eat(void)
{
	size_t size;

	for (size = 1 << 20; size >= 16; size /= 2)
		while (malloc(size))
			;
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
	return real(path, flags, mode);
}
