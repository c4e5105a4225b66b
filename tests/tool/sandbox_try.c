/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Preloaded into the tool: plays something that has taken a process over. With
 * each read of a file, and each message, it tries what that process should not
 * be able to do, and appends to the file TRY_LOG (shared memory, so that it
 * needs no right for it) how that ended where it ended otherwise than before:
 *
 *	tried HOOK PID SECCOMP name=errno ...
 *
 * HOOK is "read", or "serve" in the process that opens files for another.
 * TRY_FILE is a file, TRY_TEMP.HOOK one below $TMPDIR, TRY_PID a process, all of
 * the user's. What succeeds is undone, but for the mode of TRY_FILE. The file
 * below $TMPDIR is the hook's own: one process must not find it missing because
 * another has just unlinked it.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#ifndef __NR_pidfd_open
#define __NR_pidfd_open 434
#endif
#define LOG_SIZE (1 << 20)
#define LOG_END (LOG_SIZE - 8) /* here it says how long it is */

static char *log_text;
static const char *file, *temp, *other;
static char temp_of_hook[512];
static pid_t pid;

__attribute__((constructor)) static void begin(void)
{
	const char *path = getenv("TRY_LOG");
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;

	file = getenv("TRY_FILE");
	temp = getenv("TRY_TEMP");
	other = getenv("TRY_PID");
	if (fd < 0 || !file || !temp || !other)
		return;
	pid = atoi(other);
	log_text =
		mmap(NULL, LOG_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (log_text == MAP_FAILED)
		log_text = NULL;
	close(fd);
}

/* errno of it, or 0. */
static int result(long rc)
{
	return rc < 0 ? errno : 0;
}

/* An error that comes when all checks were passed is none. */
static int but(int error, int passed)
{
	return error == passed ? 0 : error;
}

static int opened(long fd)
{
	int error = result(fd);

	if (fd >= 0)
		close(fd);
	return error;
}

static int forked(long child)
{
	if (child == 0)
		_exit(0);
	return result(child);
}

static int mapped(void *at, size_t size)
{
	if (at == MAP_FAILED)
		return errno;
	munmap(at, size);
	return 0;
}

static int run_nothing(void)
{
	char *args[] = { NULL };

	execve("/nowhere", args, args);
	return errno == ENOENT ? 0 : errno;
}

/* A file that is open for reading. */
static int some_file(void)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC), i;

	for (i = 3; fd < 0 && i < 64; i++)
		if (syscall(SYS_lseek, i, 0, SEEK_CUR) >= 0)
			fd = syscall(SYS_fcntl, i, F_DUPFD_CLOEXEC, 3);
	return fd;
}

/* With O_ASYNC on a socket, F_SETOWN and F_SETSIG kill another process. */
static int try_fcntl(int fd, int command, long value)
{
	return result(syscall(SYS_fcntl, fd, command, value));
}

static int connect_unix(void)
{
	struct sockaddr_un a = { AF_UNIX, "/dev/null" };
	int fd = syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0), error;

	if (fd < 0)
		return errno;
	error = result(syscall(SYS_connect, fd, &a, sizeof(a)));
	close(fd);
	return error == ECONNREFUSED ? 0 : error;
}

static int prot_exec(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int error =
		result(syscall(SYS_mprotect, p, 4096, PROT_READ | PROT_EXEC));

	munmap(p, 4096);
	return error;
}

static int other_file(const char *name, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%s/%s", other, name);
	return opened(open(path, flags));
}

static int peek(void)
{
	char byte;
	struct iovec here = { &byte, 1 }, there = { log_text, 1 };
	long n = syscall(SYS_process_vm_readv, pid, &here, 1, &there, 1, 0);

	return n < 0 && errno != EFAULT ? errno : 0;
}

static int limit_of_other(void)
{
	struct rlimit r = { 1, 1 };

	return result(syscall(SYS_prlimit64, pid, RLIMIT_CPU, &r, NULL));
}

static int truncate_temp(void)
{
	return opened(open(temp_of_hook, O_WRONLY | O_TRUNC));
}

static int unlink_file(const char *path)
{
	int error = result(unlink(path));

	if (!error)
		opened(open(path, O_CREAT | O_WRONLY, 0600));
	return error;
}

static int rename_file(void)
{
	char to[512];
	int error;

	snprintf(to, sizeof(to), "%s.2", file);
	error = result(rename(file, to));
	if (!error)
		rename(to, file);
	return error;
}

static int ioctl_of(int fd, unsigned long request)
{
	char c = 'x';

	return result(syscall(SYS_ioctl, fd, request, &c));
}

/* 0: what it writes to a standard file gets to the user. */
static int said(void)
{
	struct stat out, err;

	if (fstat(STDOUT_FILENO, &out) || fstat(STDERR_FILENO, &err))
		return EPERM;
	return S_ISCHR(out.st_mode) && S_ISCHR(err.st_mode) ? EPERM : 0;
}

#define TRY(name, how)                                                         \
	n += snprintf(now + n, sizeof(now) - n, " " name "=%d", how)

static int try_all(char *now_, size_t size)
{
	char now[2048];
	int n = 0, fd = some_file(), memory;

	TRY("open", opened(open(file, O_RDONLY)));
	TRY("write", opened(open(file, O_WRONLY)));
	TRY("create",
	    opened(open("/tmp/irqmatrix-try", O_WRONLY | O_CREAT, 0600)));
	TRY("truncate", truncate_temp());
	TRY("unlink_temp", unlink_file(temp_of_hook));
	TRY("unlink", unlink_file(file));
	TRY("rename", rename_file());
	TRY("symlink", result(symlink("x", "/tmp/irqmatrix-link")));
	TRY("mknod", result(mknod("/tmp/irqmatrix-fifo", S_IFIFO, 0)));
	/* B1 */
	TRY("fchmod", result(fchmod(fd, 06777)));
	TRY("chmod", result(syscall(SYS_chmod, file, 06777)));
	TRY("fchmodat", result(syscall(SYS_fchmodat, AT_FDCWD, file, 06777)));
	TRY("fchown", result(fchown(fd, -1, -1)));
	TRY("utimensat",
	    result(syscall(SYS_utimensat, AT_FDCWD, file, NULL, 0)));
	TRY("flock", result(flock(fd, LOCK_EX | LOCK_NB)));
	TRY("fallocate",
	    but(result(syscall(SYS_fallocate, fd, 0, 0, 1)), EBADF));
	TRY("setxattr",
	    result(syscall(SYS_fsetxattr, fd, "user.x", "x", 1, 0)));
	/* B2 */
	TRY("setown", try_fcntl(fd, F_SETOWN, pid));
	TRY("setsig", try_fcntl(fd, F_SETSIG, SIGKILL));
	TRY("async", try_fcntl(0, F_SETFL, O_NONBLOCK));
	TRY("lease", try_fcntl(fd, F_SETLEASE, F_RDLCK));
	TRY("notify", try_fcntl(fd, F_NOTIFY, 0));
	TRY("fioasync", ioctl_of(fd, FIOASYNC));
	TRY("tiocsti", ioctl_of(0, TIOCSTI));
	TRY("kill", result(syscall(SYS_kill, pid, 0)));
	TRY("tkill", result(syscall(SYS_tkill, pid, 0)));
	TRY("tgkill", result(syscall(SYS_tgkill, pid, pid, 0)));
	TRY("sigqueue", result(syscall(SYS_rt_sigqueueinfo, pid, 0, log_text)));
	TRY("pidfd", opened(syscall(__NR_pidfd_open, pid, 0)));
	TRY("ptrace", result(syscall(SYS_ptrace, PTRACE_SEIZE, pid, 0, 0)));
	TRY("peek", peek());
	TRY("environ", other_file("environ", O_RDONLY));
	TRY("mem", other_file("mem", O_RDWR));
	TRY("limit", limit_of_other());
	TRY("priority", result(syscall(SYS_setpriority, PRIO_PROCESS, pid, 0)));
	/* programs and code */
	TRY("exec", run_nothing());
	TRY("fork", forked(syscall(SYS_fork)));
	TRY("clone", forked(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)));
	TRY("clone3", but(result(syscall(SYS_clone3, NULL, 0)), EINVAL));
	TRY("mmap_exec", mapped(mmap(NULL, 4096, PROT_READ | PROT_EXEC,
				     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
				4096));
	TRY("prot_exec", prot_exec());
	memory = syscall(SYS_memfd_create, "x", 0);
	TRY("memfd", opened(memory));
	/* the network, and what is new in the kernel */
	TRY("socket", opened(syscall(SYS_socket, AF_INET, SOCK_STREAM, 0)));
	TRY("connect", connect_unix());
	TRY("packet", opened(syscall(SYS_socket, AF_NETLINK, SOCK_RAW, 0)));
	TRY("io_uring", but(opened(syscall(425, 1, log_text)), EFAULT));
	TRY("bpf", but(opened(syscall(SYS_bpf, 0, log_text, 0)), EINVAL));
	TRY("perf",
	    but(opened(syscall(SYS_perf_event_open, log_text, 0, -1, -1, 0)),
		E2BIG));
	TRY("userfault", opened(syscall(SYS_userfaultfd, 0)));
	TRY("unshare", result(syscall(SYS_unshare, CLONE_NEWUSER)));
	TRY("setns", but(result(syscall(SYS_setns, -1, 0)), EBADF));
	TRY("mount",
	    but(result(syscall(SYS_mount, "x", "/nowhere", "tmpfs", 0, NULL)),
		ENOENT));
	TRY("keyctl", result(syscall(SYS_keyctl, 0, -3, 0)));
	TRY("prctl", result(prctl(PR_SET_DUMPABLE, 1)));
	TRY("said", said());
	if (fd >= 0)
		close(fd);
	snprintf(now_, size, "%s", now);
	return n;
}

/* 0 where there is none yet: prctl is let through in no role. */
static bool is_confined(void)
{
	return prctl(PR_GET_SECCOMP) < 0;
}

static void note(const char *hook)
{
	static char last[2048];
	char now[2048], line[2200];
	static bool within;
	size_t at, len;

	if (!log_text || within || !is_confined())
		return;
	within = true;
	snprintf(temp_of_hook, sizeof(temp_of_hook), "%s.%s", temp, hook);
	try_all(now, sizeof(now));
	if (strcmp(now, last) != 0) {
		strcpy(last, now);
		snprintf(line, sizeof(line), "tried %s %ld%s\n", hook,
			 syscall(SYS_getpid), now);
		len = strlen(line);
		/* several processes write at a time: each has its place */
		at = __atomic_fetch_add((uint64_t *)(log_text + LOG_END), len,
					__ATOMIC_SEQ_CST);
		if (at + len < LOG_END)
			memcpy(log_text + at, line, len);
	}
	within = false;
}

ssize_t pread(int fd, void *buf, size_t len, off_t offset)
{
	note("read");
	return syscall(SYS_pread64, fd, buf, len, offset);
}

ssize_t pread64(int fd, void *buf, size_t len, off_t offset)
{
	return pread(fd, buf, len, offset);
}

ssize_t recvmsg(int fd, struct msghdr *m, int flags)
{
	/* the one that asks takes a file */
	if (!m->msg_control && log_text && getenv("TRY_SERVE"))
		note("serve");
	return syscall(SYS_recvmsg, fd, m, flags);
}
