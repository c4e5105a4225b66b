/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the sandbox lets through: the filter's answers, and the kernel's. */
#include "unit.h"

#include "base/base.h"
#include "command/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)

#define PID 4711
#define SOCKET 7
#define ALLOWED SECCOMP_RET_ALLOW
#define REFUSED (SECCOMP_RET_ERRNO | EPERM)

static const struct irqm_sandbox_needs plain = { .sockets = { SOCKET } };
static const struct irqm_sandbox_needs network = {
	.network = true,
	.sockets = { SOCKET },
};
static const struct irqm_sandbox_needs finishing = { .finish_in = "." };
static const struct irqm_sandbox_needs waiting = {
	.waits = true,
	.sockets = { SOCKET },
};

/* The roles, with what makes a difference. */
enum {
	LEARN,
	OPEN,
	NET,
	READ,
	FINISH,
	WATCH,
	STORE,
	FIND,
	NR_ROLES
};

static const struct {
	enum irqm_sandbox_role role;
	const struct irqm_sandbox_needs *needs;
} roles[NR_ROLES] = {
	[LEARN] = { IRQM_SANDBOX_LEARNING, &plain },
	[OPEN] = { IRQM_SANDBOX_OPENING, &plain },
	[NET] = { IRQM_SANDBOX_OPENING, &network },
	[READ] = { IRQM_SANDBOX_READING, &plain },
	[FINISH] = { IRQM_SANDBOX_READING, &finishing },
	[WATCH] = { IRQM_SANDBOX_READING, &waiting },
	[STORE] = { IRQM_SANDBOX_STORE, &plain },
	[FIND] = { IRQM_SANDBOX_FINDING, &plain },
};

#define BIT(role) (1U << (role))
#define NONE 0U
#define ALL (BIT(NR_ROLES) - 1)
/* Those that open files. */
#define READERS (BIT(READ) | BIT(FINISH) | BIT(WATCH))
#define OPENERS (ALL & ~READERS)

/* As the kernel does it; only the instructions that the filter has. */
static uint32_t run(const struct sock_filter *code, unsigned int len,
		    const struct seccomp_data *data)
{
	const uint32_t *words = (const uint32_t *)data;
	uint32_t a = 0;
	unsigned int i;

	for (i = 0; i < len; i++) {
		const struct sock_filter *c = &code[i];

		switch (c->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			assert_true(c->k % 4 == 0 && c->k < sizeof(*data));
			a = words[c->k / 4];
			break;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= c->k;
			break;
		case BPF_JMP | BPF_JEQ | BPF_K:
			i += a == c->k ? c->jt : c->jf;
			break;
		case BPF_JMP | BPF_JGE | BPF_K:
			i += a >= c->k ? c->jt : c->jf;
			break;
		case BPF_JMP | BPF_JGT | BPF_K:
			i += a > c->k ? c->jt : c->jf;
			break;
		case BPF_JMP | BPF_JA:
			i += c->k;
			break;
		case BPF_RET | BPF_K:
			return c->k;
		default:
			fail_msg("instruction %x", c->code);
		}
	}
	fail_msg("no answer");
	return 0;
}

static uint32_t answer(unsigned int role, const struct seccomp_data *data)
{
	static struct sock_filter code[NR_ROLES][1024];
	static unsigned int len[NR_ROLES];

	if (!len[role]) {
		int fd = memfd_create("filter", MFD_CLOEXEC);

		assert_int_equal(irqm_sandbox_filter(fd, roles[role].role,
						     roles[role].needs, PID),
				 0);
		len[role] = pread(fd, code[role], sizeof(code[role]), 0) /
			    sizeof(code[role][0]);
		close(fd);
	}
	assert_in_range(len[role], 10, 1023);
	return run(code[role], len[role], data);
}

/* Lets it through in these roles, and refuses it in the others. */
static void in(unsigned int wanted, long nr, uint64_t a0, uint64_t a1,
	       uint64_t a2, uint64_t a3)
{
	struct seccomp_data data = {
		.nr = nr,
		.arch = AUDIT_ARCH_X86_64,
		.args = { a0, a1, a2, a3 },
	};
	unsigned int role;

	for (role = 0; role < NR_ROLES; role++) {
		uint32_t got = answer(role, &data);

		if (got != (wanted & BIT(role) ? ALLOWED : REFUSED))
			fail_msg("call %ld (%#lx, %#lx, %#lx, %#lx), role %u: "
				 "%#x",
				 nr, (long)a0, (long)a1, (long)a2, (long)a3,
				 role, got);
	}
}

static void test_files(void **state)
{
	(void)state;
	in(ALL, SYS_read, 0, 0, 0, 0);
	in(ALL, SYS_pread64, 0, 0, 0, 0);
	in(OPENERS, SYS_openat, 0, 0, O_RDONLY | O_CLOEXEC, 0);
	in(OPENERS, SYS_openat, 0, 0, O_WRONLY, 0);
	in(OPENERS, SYS_openat, 0, 0, O_RDWR, 0);
	in(OPENERS, SYS_openat, 0, 0, O_CREAT, 0);
	in(OPENERS, SYS_openat, 0, 0, O_TRUNC, 0);
	in(OPENERS, SYS_open, 0, 0, 0, 0);
	in(OPENERS, SYS_newfstatat, 0, 0, 0, 0);
	in(ALL, SYS_newfstatat, 0, 0, 0, AT_EMPTY_PATH);
	in(OPENERS, SYS_getdents64, 0, 0, 0, 0);
	in(ALL & ~(BIT(READ) | BIT(WATCH) | BIT(FIND)), SYS_unlinkat, 0, 0, 0,
	   0);
	in(ALL & ~(BIT(READ) | BIT(WATCH) | BIT(FIND)), SYS_renameat, 0, 0, 0,
	   0);
	in(NONE, SYS_symlinkat, 0, 0, 0, 0);
	in(NONE, SYS_mknodat, 0, 0, 0, 0);
	in(NONE, SYS_memfd_create, 0, 0, 0, 0);
	in(NONE, SYS_fallocate, 0, 0, 0, 0);
}

/* Set-user-ID is for none, and other modes only for those that need them. */
static void test_modes(void **state)
{
	(void)state;
	in(BIT(STORE) | BIT(NET) | BIT(LEARN), SYS_fchmod, 3, 0644, 0, 0);
	in(NONE, SYS_fchmod, 3, 06777, 0, 0);
	in(NONE, SYS_fchmod, 3, 04000, 0, 0);
	in(NONE, SYS_fchmod, 3, 02755, 0, 0);
	in(NONE, SYS_fchmod, 3, 01777, 0, 0);
	in(NONE, SYS_chmod, 0, 0644, 0, 0);
	in(NONE, SYS_fchmodat, 0, 0, 0644, 0);
	in(BIT(STORE), SYS_fchown, 3, 0, 0, 0);
	in(NONE, SYS_chown, 0, 0, 0, 0);
	in(NONE, SYS_fsetxattr, 0, 0, 0, 0);
	in(BIT(NET), SYS_utimensat, 0, 0, 0, 0);
	in(BIT(LEARN), SYS_flock, 3, 2, 0, 0);
	in(BIT(LEARN), SYS_umask, 0, 0, 0, 0);
}

static void test_fcntl(void **state)
{
	(void)state;
	in(ALL, SYS_fcntl, 3, F_GETFD, 0, 0);
	in(ALL, SYS_fcntl, 3, F_GETFL, 0, 0);
	in(ALL, SYS_fcntl, 3, F_DUPFD_CLOEXEC, 0, 0);
	in(BIT(STORE), SYS_fcntl, 3, F_SETLK, 0, 0);
	in(BIT(NET), SYS_fcntl, 0, F_SETFL, O_NONBLOCK, 0);
	in(NONE, SYS_fcntl, 3, F_SETOWN, PID, 0);
	in(NONE, SYS_fcntl, 3, 15 /* F_SETOWN_EX */, 0, 0);
	in(NONE, SYS_fcntl, 3, 10 /* F_SETSIG */, SIGKILL, 0);
	in(NONE, SYS_fcntl, 3, F_SETLEASE, 0, 0);
	in(NONE, SYS_fcntl, 3, 1026 /* F_NOTIFY */, 0, 0);
	in(NONE, SYS_fcntl, 3, F_DUPFD, 0, 0);
	in(NONE, SYS_fcntl, 3, F_ADD_SEALS, 0, 0);
	in(ALL, SYS_ioctl, 0, TCGETS, 0, 0);
	in(ALL, SYS_ioctl, 0, TIOCGWINSZ, 0, 0);
	in(NONE, SYS_ioctl, 0, TIOCSTI, 0, 0);
	in(NONE, SYS_ioctl, 0, FIOASYNC, 0, 0);
	in(NONE, SYS_ioctl, 0, 0x8901 /* FIOSETOWN */, 0, 0);
}

static void test_processes(void **state)
{
	struct seccomp_data data = { .nr = SYS_clone3,
				     .arch = AUDIT_ARCH_X86_64 };

	(void)state;
	in(NONE, SYS_fork, 0, 0, 0, 0);
	in(NONE, SYS_clone, SIGCHLD, 0, 0, 0);
	in(READERS | BIT(NET), SYS_clone, CLONE_THREAD | CLONE_VM, 0, 0, 0);
	in(NONE, SYS_execve, 0, 0, 0, 0);
	in(NONE, SYS_kill, PID, SIGKILL, 0, 0);
	in(ALL, SYS_tgkill, PID, PID, SIGABRT, 0);
	in(NONE, SYS_tgkill, PID + 1, PID + 1, SIGKILL, 0);
	in(NONE, SYS_ptrace, 0, 0, 0, 0);
	in(NONE, SYS_prctl, 0, 0, 0, 0);
	in(NONE, SYS_setpriority, 0, 0, 0, 0);
	in(ALL, SYS_prlimit64, 0, 3, 0, 0);
	in(NONE, SYS_prlimit64, 0, 3, 1, 0);
	in(NONE, SYS_prlimit64, 0, 3, 1ULL << 32, 0);
	/* glibc takes clone then, whose flags can be seen */
	assert_int_equal(answer(READ, &data), SECCOMP_RET_ERRNO | ENOSYS);
}

static void test_memory(void **state)
{
	(void)state;
	in(ALL, SYS_mmap, 0, 4096, PROT_READ | PROT_WRITE, 0);
	in(BIT(NET) | BIT(LEARN), SYS_mmap, 0, 4096, PROT_READ | PROT_EXEC, 0);
	in(ALL, SYS_mprotect, 0, 4096, PROT_READ, 0);
	in(BIT(NET) | BIT(LEARN), SYS_mprotect, 0, 4096, PROT_EXEC, 0);
	in(NONE, SYS_process_vm_readv, 0, 0, 0, 0);
	in(NONE, SYS_userfaultfd, 0, 0, 0, 0);
}

static void test_waiting(void **state)
{
	(void)state;
	in(BIT(NET) | BIT(WATCH), SYS_poll, 0, 1, 1000, 0);
	in(BIT(NET) | BIT(WATCH), SYS_ppoll, 0, 1, 0, 0);
	in(BIT(WATCH), SYS_ioctl, 0, TCSETS, 0, 0);
	in(NONE, SYS_ioctl, 0, TIOCSTI, 0, 0);
}

static void test_network(void **state)
{
	(void)state;
	in(BIT(NET), SYS_socket, 2, 1, 0, 0);
	in(BIT(NET), SYS_connect, 3, 0, 0, 0);
	/* all that have a socket to ask, or to answer, on */
	in(ALL & ~(BIT(FINISH) | BIT(STORE) | BIT(FIND)), SYS_sendmsg, SOCKET,
	   0, 0, 0);
	in(ALL & ~(BIT(FINISH) | BIT(STORE) | BIT(FIND)), SYS_recvmsg, SOCKET,
	   0, 0, 0);
	in(BIT(NET), SYS_sendmsg, SOCKET + 1, 0, 0, 0);
	in(BIT(NET), SYS_recvmsg, 0, 0, 0, 0);
}

static void test_other_abis(void **state)
{
	struct seccomp_data data = { .nr = SYS_read, .arch = AUDIT_ARCH_I386 };

	(void)state;
	assert_int_equal(answer(READ, &data), SECCOMP_RET_KILL_PROCESS);
	/* x32 */
	data = (struct seccomp_data){ .nr = 0x40000000 | SYS_read,
				      .arch = AUDIT_ARCH_X86_64 };
	assert_int_equal(answer(READ, &data), SECCOMP_RET_KILL_PROCESS);
}

struct attempt {
	int (*fn)(void);
	int result;
};

static void *run_confined(void *arg)
{
	struct attempt *a = arg;

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	a->result = a->fn();
	return NULL;
}

/* Returns what fn returns. It gives up its rights, but a thread does so for
 * itself only. */
static int apart(int (*fn)(void))
{
	struct attempt a = { fn, -1 };
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, run_confined, &a), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	return a.result;
}

#define TRY(ok)                                                                \
	do {                                                                   \
		if (!(ok))                                                     \
			return __LINE__ % 255 + 1;                             \
	} while (0)

static int in_seccomp(void)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (!irqm_sandbox_seccomp(IRQM_SANDBOX_READING, &plain))
		return 0; /* a container without */
	TRY(write(fd, "x", 1) == 1);
	TRY(fcntl(fd, F_GETFD) == FD_CLOEXEC);
	TRY(fcntl(fd, F_SETOWN, 1) < 0 && errno == EPERM);
	TRY(fchmod(fd, 06777) < 0 && errno == EPERM);
	TRY(open("/dev/null", O_RDONLY) < 0 && errno == EPERM);
	TRY(syscall(SYS_socket, 2, 1, 0) < 0 && errno == EPERM);
	return 0;
}

static void test_kernel(void **state)
{
	(void)state;
#ifdef __SANITIZE_ADDRESS__
	skip(); /* the end of its threads takes other calls */
#endif
	assert_int_equal(apart(in_seccomp), 0);
}

static char dir[] = "/tmp/irqm-sandbox-XXXXXX", inside[64], outside[64];

static int may_write(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static int may_read(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static int in_reading(void)
{
	TRY(irqm_sandbox_landlock(IRQM_SANDBOX_READING, &plain));
	TRY(!may_read(inside) && !may_write(inside) && unlink(inside) < 0);
	return 0;
}

static int in_finishing(void)
{
	const struct irqm_sandbox_needs needs = { .finish_in = dir };

	TRY(irqm_sandbox_landlock(IRQM_SANDBOX_READING, &needs));
	TRY(!may_read(inside) && !may_write(inside));
	TRY(unlink(outside) < 0 && errno == EACCES);
	TRY(unlink(inside) == 0);
	return 0;
}

static int in_opening(void)
{
	const struct irqm_sandbox_needs needs = { .writable = { NULL, dir } };

	TRY(irqm_sandbox_landlock(IRQM_SANDBOX_OPENING, &needs));
	TRY(may_read(outside) && !may_write(outside) && may_write(inside));
	TRY(unlink(outside) < 0 && unlink(inside) == 0);
	return 0;
}

static int in_store(void)
{
	/* one of the two is no directory, and one is not there */
	const char *readable[] = { "/dev/urandom", outside, "/nowhere/x" };
	const struct irqm_sandbox_needs needs = {
		.writable = { dir },
		.readable = readable,
		.nr_readable = 3,
	};

	TRY(irqm_sandbox_landlock(IRQM_SANDBOX_STORE, &needs));
	TRY(may_read(outside) && !may_write(outside));
	TRY(may_read("/dev/urandom") && !may_read("/etc/passwd"));
	TRY(may_write(inside) && may_read(inside) && unlink(inside) == 0);
	return 0;
}

static int in_finding(void)
{
	TRY(irqm_sandbox_landlock(IRQM_SANDBOX_FINDING, &plain));
	TRY(may_read(outside) && !may_write(outside) && unlink(outside) < 0);
	return 0;
}

static void test_landlock(void **state)
{
	int (*const tests[])(void) = { in_reading, in_finishing, in_opening,
				       in_store, in_finding };
	size_t i;

	(void)state;
	/* its version: not in all kernels, nor in all containers */
	if (syscall(444, NULL, 0, 1) < 1)
		skip();
	assert_non_null(mkdtemp(dir));
	snprintf(inside, sizeof(inside), "%s/x", dir);
	snprintf(outside, sizeof(outside), "%s.outside", dir);
	for (i = 0; i < ARRAY_SIZE(tests); i++) {
		assert_true(may_write(inside) && may_write(outside));
		assert_int_equal(apart(tests[i]), 0);
	}
	unlink(inside);
	unlink(outside);
	rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_modes),
		cmocka_unit_test(test_fcntl),
		cmocka_unit_test(test_processes),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_network),
		cmocka_unit_test(test_waiting),
		cmocka_unit_test(test_other_abis),
		cmocka_unit_test(test_kernel),
		cmocka_unit_test(test_landlock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

int main(void)
{
	return 0;
}

#endif
