/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "command/say.h"
#include "fleet/batch/pool.h"

/* Signals that end the batch are blocked already: they are for the parent. */
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
