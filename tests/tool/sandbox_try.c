/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Preloaded into the tool: plays a dump that has got hold of it. With each
 * read of a file it tries what it should not be able to, and says on standard
 * error how that ended wherever it ended otherwise than before.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static int status_fd = -1;

__attribute__((constructor))
static void begin(void)
{
	status_fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
}

/* errno of it, or 0; what was opened is closed. */
static int opened(int fd)
{
	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

static int try_exec(void)
{
	char *args[] = { NULL };

	execve("/nowhere", args, args);
	return errno;
}

static int try_fork(long pid)
{
	if (pid == 0)
		_exit(0);
	return pid < 0 ? errno : 0;
}

static int try_map_exec(void)
{
	return opened(memfd_create("x", 0));
}

/* The mode, as /proc/PID/status has it. */
static int seccomp_mode(void)
{
	static char buf[8192];
	long n = syscall(SYS_pread64, status_fd, buf, sizeof(buf) - 1, 0);
	const char *at;

	if (n <= 0)
		return -1;
	buf[n] = '\0';
	at = strstr(buf, "\nSeccomp:");
	return at ? at[sizeof("\nSeccomp:")] - '0' : -1;
}

static void try_all(void)
{
	static char last[512];
	char now[512];
	int n;

	n = snprintf(now, sizeof(now), "tried: read=%d write=%d exec=%d "
		     "fork=%d vfork=%d socket=%d ptrace=%d kill=%d memfd=%d "
		     "unlink=%d seccomp=%d\n",
		     opened(open("/etc/passwd", O_RDONLY)),
		     opened(open("/etc/irqmatrix-test", O_WRONLY | O_CREAT,
				 0600)),
		     try_exec(), try_fork(syscall(SYS_fork)),
		     try_fork(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)),
		     opened(socket(AF_INET, SOCK_STREAM, 0)),
		     ptrace(PTRACE_ATTACH, getppid(), 0, 0) ? errno : 0,
		     kill(getppid(), 0) ? errno : 0, try_map_exec(),
		     unlink("/etc/irqmatrix-none") ? errno : 0,
		     seccomp_mode());
	if (strcmp(now, last) == 0)
		return;
	strcpy(last, now);
	if (write(STDERR_FILENO, now, n) < 0)
		_exit(3);
}

ssize_t pread(int fd, void *buf, size_t len, off_t offset)
{
	try_all();
	return syscall(SYS_pread64, fd, buf, len, offset);
}

ssize_t pread64(int fd, void *buf, size_t len, off_t offset)
{
	return pread(fd, buf, len, offset);
}
