/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/heap.h"

#include <stdbool.h>

/* Of sanitizer/allocator_interface.h; NULL in a build without. */
#pragma weak __sanitizer_install_malloc_and_free_hooks
#pragma weak __sanitizer_get_allocated_size
int __sanitizer_install_malloc_and_free_hooks(
	void (*on_malloc)(const volatile void *, size_t),
	void (*on_free)(const volatile void *));
size_t __sanitizer_get_allocated_size(const volatile void *p);

static long live, peak;

static void on_malloc(const volatile void *p, size_t size)
{
	(void)p;
	live += size;
	if (live > peak)
		peak = live;
}

static void on_free(const volatile void *p)
{
	if (p)
		live -= __sanitizer_get_allocated_size(p);
}

void heap_begin(void)
{
	static bool installed;

	if (!installed && __sanitizer_install_malloc_and_free_hooks)
		__sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);
	installed = true;
	live = peak = 0;
}

size_t heap_peak(void)
{
	return peak;
}
