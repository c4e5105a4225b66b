/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs a command where there is no sandbox to be had: as on old kernels, and
 * in containers that forbid it, the calls for one fail with the errno that is
 * the first argument.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FIRST_OF_LANDLOCK 444

int main(int argc, char **argv)
{
	unsigned int error = argc > 2 ? atoi(argv[1]) : 0;
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_seccomp, 3, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, FIRST_OF_LANDLOCK, 2, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, FIRST_OF_LANDLOCK + 2, 1,
			 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(*code), code };

	if (!error || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) {
		perror("sandbox_without");
		return 125;
	}
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 126;
}
