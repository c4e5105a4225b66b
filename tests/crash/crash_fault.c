/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A second extension, which makes crash fail under the first:
 *
 *	fault N		the N-th read of the dump from now on is an
 *			error(FATAL) of crash, once; 0: none is. Prints how
 *			many reads there were since the last time.
 *	interrupt MS	SIGINT after so much CPU time of crash, which a busy
 *			machine does not change
 *	allocated	the bytes that malloc() has given out
 */
#include <defs.h>

#include <malloc.h>
#include <stdbool.h>
#include <time.h>

static int (*crash_readmem)(int, void *, int, ulong, physaddr_t);
static unsigned long reads, fail_at;

static int counted_readmem(int fd, void *buf, int len, ulong addr,
			   physaddr_t paddr)
{
	if (++reads == fail_at)
		error(FATAL, "a made-up failure\n");
	return crash_readmem(fd, buf, len, addr, paddr);
}

static void cmd_fault(void)
{
	fprintf(fp, "reads: %lu\n", reads);
	reads = 0;
	fail_at = args[1] ? strtoul(args[1], NULL, 0) : 0;
}

static timer_t timer;
static bool has_timer;

static void cmd_interrupt(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL,
				  .sigev_signo = SIGINT };
	struct itimerspec when = { 0 };
	long ms = args[1] ? atol(args[1]) : 0;

	if (!has_timer)
		has_timer = timer_create(CLOCK_PROCESS_CPUTIME_ID, &event,
					 &timer) == 0;
	when.it_value.tv_sec = ms / 1000;
	when.it_value.tv_nsec = ms % 1000 * 1000000;
	if (!has_timer || timer_settime(timer, 0, &when, NULL))
		error(FATAL, "no timer\n");
}

static void cmd_allocated(void)
{
#if __GLIBC_PREREQ(2, 33)
	fprintf(fp, "allocated: %zu\n", mallinfo2().uordblks);
#else
	fprintf(fp, "allocated: %d\n", mallinfo().uordblks);
#endif
}

static struct command_table_entry commands[] = {
	{ "fault", cmd_fault, NULL, 0 },
	{ "interrupt", cmd_interrupt, NULL, 0 },
	{ "allocated", cmd_allocated, NULL, 0 },
	{ .name = NULL },
};

static void __attribute__((constructor)) fault_load(void)
{
	crash_readmem = pc->readmem;
	pc->readmem = counted_readmem;
	register_extension(commands);
}

static void __attribute__((destructor)) fault_unload(void)
{
	pc->readmem = crash_readmem;
	if (has_timer)
		timer_delete(timer);
}
