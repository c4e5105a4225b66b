/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/limits.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "command/sandbox.h"
#include "command/say.h"
#include "memory/input/input.h"

/*
 * Limits for files of up to 1 MiB, and for each MiB beyond. Distilled dumps of
 * 0.5 MB take 0.1 s and 20 MB. The largest synthetic machine, with 20,000
 * interrupts on 1,024 CPUs in 2.7 MB, takes 5 s as JSON and 270 MB as a report.
 */
#define SMALL (1ULL << 20)
#define SECONDS_LEAST 5
#define SECONDS_PER_MIB 10
#define MEMORY_LEAST (256ULL << 20)
#define MEMORY_PER_BYTE 256

/* For the running machine, whose memory is not that of a file. */
#define LIVE_SECONDS 60
#define LIVE_MEMORY (2ULL << 30)

static struct irqm_limits limits; /* the limits in force; 0: none */

static uint64_t bytes_held(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	uint64_t n = 0;

	if (fd >= 0) {
		n = irqm_input_held(fd);
		close(fd);
	}
	return n;
}

struct irqm_limits irqm_limits_of(const char *const files[], unsigned int nr)
{
	struct irqm_limits l = { SECONDS_LEAST, MEMORY_LEAST };
	uint64_t bytes = 0, more;
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (__builtin_add_overflow(bytes, bytes_held(files[i]), &bytes))
			bytes = UINT64_MAX;
	if (bytes <= SMALL)
		return l;
	l.seconds +=
		(bytes - SMALL) / SMALL * SECONDS_PER_MIB + SECONDS_PER_MIB;
	if (__builtin_mul_overflow(bytes - SMALL, MEMORY_PER_BYTE, &more) ||
	    __builtin_add_overflow(l.memory, more, &l.memory))
		l.memory = UINT64_MAX;
	return l;
}

static bool is_off(void)
{
	const char *sandbox = getenv("IRQMATRIX_SANDBOX");

	return IRQM_SANITIZED || (sandbox && strcmp(sandbox, "off") == 0);
}

/* Lowers only the soft limit: the process can report when it reaches that. */
static void lower_limit(int resource, uint64_t to)
{
	struct rlimit now;

	if (getrlimit(resource, &now) == 0 && to < now.rlim_cur)
		setrlimit(resource, &(struct rlimit){ to, now.rlim_max });
}

static void (*clean_up)(void);

/* Formatted in advance, because a signal handler may only write it. */
static char late[160];

static const char shrunk[] =
	"irqmatrix: stopped (SIGBUS): a file became shorter while it was read, "
	"or its disk has a read error; copy the file when no program writes to "
	"it, and read the copy\n";

static _Noreturn void end_process(const char *why, size_t len)
{
	ssize_t n = write(STDERR_FILENO, why, len);

	(void)n;
	if (clean_up)
		clean_up();
	_exit(IRQM_STATUS_TROUBLE);
}

static void out_of_time(int sig)
{
	(void)sig;
	end_process(late, strlen(late));
}

/* A vmlinux is mapped, not read. */
static void out_of_file(int sig)
{
	(void)sig;
	end_process(shrunk, sizeof(shrunk) - 1);
}

static void set_limits(struct irqm_limits l, const struct irqm_dump_options *o)
{
	if (!IRQM_SANITIZED)
		signal(SIGBUS, out_of_file);
	if (limits.seconds || is_off())
		return;
	limits.seconds = o->timeout ? o->timeout : l.seconds;
	limits.memory = o->max_memory ? o->max_memory : l.memory;
	snprintf(late, sizeof(late),
		 "irqmatrix: stopped after %llu s of processor time, more than "
		 "a file of this size should need; raise --timeout\n",
		 (unsigned long long)limits.seconds);
	signal(SIGXCPU, out_of_time);
	lower_limit(RLIMIT_CPU, limits.seconds);
	lower_limit(RLIMIT_DATA, limits.memory);
}

static struct irqm_limits limits_for(const struct irqm_dump_options *o)
{
	if (o->live)
		return (struct irqm_limits){ o->lasts ? RLIM_INFINITY :
							LIVE_SECONDS,
					     LIVE_MEMORY };
	return irqm_limits_of(o->files, o->nr_files);
}

void irqm_limits_set(const struct irqm_dump_options *o)
{
	struct irqm_limits l = limits_for(o);

	if (o->vmlinux)
		l.seconds += irqm_limits_of(&o->vmlinux, 1).seconds;
	set_limits(l, o);
}

void irqm_limits_at_end(void (*function)(void))
{
	clean_up = function;
}

void irqm_limits_set_two(const struct irqm_dump_options *a,
			 const struct irqm_dump_options *b)
{
	struct irqm_limits l = limits_for(a), m = limits_for(b);

	l.seconds += m.seconds;
	if (__builtin_add_overflow(l.memory, m.memory, &l.memory))
		l.memory = UINT64_MAX;
	if (a->vmlinux)
		l.seconds += irqm_limits_of(&a->vmlinux, 1).seconds;
	if (b->vmlinux)
		l.seconds += irqm_limits_of(&b->vmlinux, 1).seconds;
	set_limits(l, a);
}

/* Recognises the library's messages; nothing else marks this error. */
bool irqm_limits_is_memory(const char *msg)
{
	return strstr(msg, "enough memory") || strstr(msg, "out of memory") ||
	       strstr(msg, "no memory");
}

void irqm_limits_explain(struct irqm_error *err)
{
	size_t len = strlen(err->msg);

	if (limits.memory && irqm_limits_is_memory(err->msg))
		snprintf(err->msg + len, sizeof(err->msg) - len,
			 "; the limit is %llu MB; raise --max-memory",
			 (unsigned long long)(limits.memory >> 20));
}
