/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The seams to libraries that MemorySanitizer has not instrumented: what they
 * write is not known to it. Nothing in other builds.
 */
#ifndef FUZZ_MSAN_H
#define FUZZ_MSAN_H

#include <stddef.h>

#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
#define FUZZ_MSAN 1
#endif
#endif

#ifdef FUZZ_MSAN
#include <sanitizer/msan_interface.h>
/* Around calls: the library's own use of the C library is not checked. */
static inline void fuzz_library_begin(void)
{
	__msan_scoped_disable_interceptor_checks();
}
static inline void fuzz_library_end(void)
{
	__msan_scoped_enable_interceptor_checks();
}
static inline void fuzz_written(const volatile void *p, size_t size)
{
	__msan_unpoison(p, size);
}
static inline void fuzz_written_string(const volatile char *s)
{
	__msan_unpoison_string(s);
}
/* First of all in a function that a library calls. */
static inline void fuzz_called(size_t nr_args)
{
	__msan_unpoison_param(nr_args);
}
#else
static inline void fuzz_library_begin(void)
{
}
static inline void fuzz_library_end(void)
{
}
static inline void fuzz_written(const volatile void *p, size_t size)
{
	(void)p;
	(void)size;
}
static inline void fuzz_written_string(const volatile char *s)
{
	(void)s;
}
static inline void fuzz_called(size_t nr_args)
{
	(void)nr_args;
}
#endif

#endif
