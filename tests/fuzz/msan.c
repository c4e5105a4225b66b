/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/msan.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#ifdef FUZZ_MSAN
/* Its values are read by macros of its header. */
static void *written(size_t size)
{
	void *p = malloc(size);

	if (p)
		fuzz_written(p, size);
	return p;
}

__attribute__((constructor)) static void unpoison_jansson(void)
{
	json_set_alloc_funcs(written, free);
}

/*
 * The buffer of a stream is the C library's; what it has from one that is
 * written to has been written. Linked with -Wl,--wrap=fopencookie.
 */
struct cookie {
	void *ctx;
	cookie_io_functions_t fns;
};

static ssize_t cookie_write(void *cookie, const char *data, size_t size)
{
	struct cookie *c = cookie;

	fuzz_written(data, size);
	return c->fns.write(c->ctx, data, size);
}

static int cookie_close(void *cookie)
{
	struct cookie *c = cookie;
	int ret = c->fns.close ? c->fns.close(c->ctx) : 0;

	free(c);
	return ret;
}

FILE *__real_fopencookie(void *ctx, const char *mode,
			 cookie_io_functions_t fns);
FILE *__wrap_fopencookie(void *ctx, const char *mode, cookie_io_functions_t fns)
{
	struct cookie *c = malloc(sizeof(*c));

	if (!c)
		return NULL;
	*c = (struct cookie){ ctx, fns };
	return __real_fopencookie(
		c, mode,
		(cookie_io_functions_t){ .write = cookie_write,
					 .close = cookie_close });
}
#endif
