/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "command/say.h"
#include "fleet/batch/pool.h"

/* run.c has blocked the signals that end the batch: only the parent handles
 * them. */
pid_t irqm_batch_fork(int *ret_fd)
{
	pid_t pid, parent = getpid();
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0) {
		irqm_say("cannot create a socket: %s", strerror(errno));
		return -1;
	}
	pid = fork();
	if (pid < 0)
		irqm_say("cannot start a process for a dump: %s",
			 strerror(errno));
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(0);
	}
	close(fds[pid == 0 ? 0 : 1]);
	*ret_fd = fds[pid == 0 ? 1 : 0];
	if (pid < 0)
		close(*ret_fd);
	return pid;
}

/* Redirects the standard files to /dev/null: a hostile dump must not be able to
 * print in the batch's name. */
static void silence_streams(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), ends[2];

	/* in a chroot without /dev: a pipe without a reader */
	if (null < 0) {
		if (pipe2(ends, O_CLOEXEC) < 0)
			_exit(IRQM_STATUS_TROUBLE);
		close(ends[0]);
		null = ends[1];
	}
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
}

void irqm_batch_keep_only(int fd)
{
	silence_streams();
	if (fd > STDERR_FILENO + 1)
		close_range(STDERR_FILENO + 1, fd - 1, 0);
	close_range(fd + 1, ~0U, 0);
}
