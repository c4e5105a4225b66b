/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sandbox's system calls: a filter made from sandbox_calls.def. */
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <errno.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "command/sandbox.h"

#if defined(__x86_64__)

/* Not in the headers of each system that the tool is built on. */
#ifndef __NR_landlock_create_ruleset
#define __NR_landlock_create_ruleset 444
#define __NR_landlock_add_rule 445
#define __NR_landlock_restrict_self 446
#endif
#ifndef __NR_rseq
#define __NR_rseq 334
#endif
#ifndef __NR_clone3
#define __NR_clone3 435
#endif
#ifndef __NR_faccessat2
#define __NR_faccessat2 439
#endif

enum {
	READ = 1 << 0,
	FINISH = 1 << 1,
	OPEN = 1 << 2,
	NET = 1 << 3,
	STORE = 1 << 4,
	FIND = 1 << 5,
	LEARN = 1 << 6,
	SPLIT = 1 << 7,
	ALL = READ | OPEN | STORE | FIND,
};

enum check { CHECK_ANY, CHECK_IS, CHECK_LACKS, CHECK_HAS, CHECK_NULL,
	     CHECK_SELF, CHECK_SOCKET };

#define ANY CHECK_ANY, 0, 0
#define IS(n, value) CHECK_IS, n, value
#define LACKS(n, bits) CHECK_LACKS, n, bits
#define HAS(n, bits) CHECK_HAS, n, bits
#define NOTHING(n) CHECK_NULL, n, 0
#define SELF CHECK_SELF, 0, 0
#define SOCKET CHECK_SOCKET, 0, 0

struct call {
	uint32_t nr;
	unsigned int roles;
	enum check check;
	unsigned int arg;
	uint32_t value;
};

static const struct call calls[] = {
#define CALL(name, roles, check, reason) { __NR_##name, roles, check },
#include "command/sandbox_calls.def"
#undef CALL
};

struct filter {
	struct sock_filter *code;
	unsigned int len;
};

#define NUMBER offsetof(struct seccomp_data, nr)
/* The lower half: what is checked is an int, to the kernel too, but for the
 * pointers and flags whose upper half is checked as well. */
#define ARGUMENT(n) (offsetof(struct seccomp_data, args) + 8 * (n))
#define REFUSE(error) (SECCOMP_RET_ERRNO | (error))

static void put(struct filter *f, uint16_t code, uint32_t k, uint8_t jt,
		uint8_t jf)
{
	f->code[f->len++] = (struct sock_filter){ code, jt, jf, k };
}

static void load(struct filter *f, uint32_t at)
{
	put(f, BPF_LD | BPF_W | BPF_ABS, at, 0, 0);
}

static void answer(struct filter *f, uint32_t action)
{
	put(f, BPF_RET | BPF_K, action, 0, 0);
}

/* The number is loaded. */
static void answer_call(struct filter *f, uint32_t nr, uint32_t action)
{
	put(f, BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1);
	answer(f, action);
}

/* Lets it through if argument & mask is value. */
static void allow_argument(struct filter *f, uint32_t nr, unsigned int arg,
			   uint32_t mask, uint32_t value)
{
	put(f, BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 5);
	load(f, ARGUMENT(arg));
	put(f, BPF_ALU | BPF_AND | BPF_K, mask, 0, 0);
	put(f, BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
	answer(f, SECCOMP_RET_ALLOW);
	load(f, NUMBER);
}

/* Both halves of a pointer: it is NULL. */
static void allow_null(struct filter *f, uint32_t nr, unsigned int arg)
{
	put(f, BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 6);
	load(f, ARGUMENT(arg));
	put(f, BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 3);
	load(f, ARGUMENT(arg) + 4);
	put(f, BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1);
	answer(f, SECCOMP_RET_ALLOW);
	load(f, NUMBER);
}

static void allow_sockets(struct filter *f, uint32_t nr,
			  const struct irqm_sandbox_needs *needs)
{
	unsigned int i;

	for (i = 0; i < IRQM_SANDBOX_SOCKETS; i++)
		if (needs->sockets[i] > 0)
			allow_argument(f, nr, 0, ~0U, needs->sockets[i]);
}

static void allow(struct filter *f, const struct call *c,
		  const struct irqm_sandbox_needs *needs, int pid)
{
	switch (c->check) {
	case CHECK_ANY:
		answer_call(f, c->nr, SECCOMP_RET_ALLOW);
		break;
	case CHECK_IS:
		allow_argument(f, c->nr, c->arg, ~0U, c->value);
		break;
	case CHECK_LACKS:
		allow_argument(f, c->nr, c->arg, c->value, 0);
		break;
	case CHECK_HAS:
		allow_argument(f, c->nr, c->arg, c->value, c->value);
		break;
	case CHECK_NULL:
		allow_null(f, c->nr, c->arg);
		break;
	case CHECK_SELF:
		allow_argument(f, c->nr, 0, ~0U, pid);
		break;
	case CHECK_SOCKET:
		allow_sockets(f, c->nr, needs);
		break;
	}
}

static unsigned int bits_of(enum irqm_sandbox_role role,
			    const struct irqm_sandbox_needs *needs)
{
	switch (role) {
	case IRQM_SANDBOX_LEARNING:
		return OPEN | LEARN;
	case IRQM_SANDBOX_OPENING:
		return OPEN | (needs->network ? NET : 0);
	case IRQM_SANDBOX_READING:
		return READ | (needs->finish_in ? FINISH : 0) |
		       (needs->read_in ? SPLIT : 0);
	case IRQM_SANDBOX_STORE:
		return STORE;
	case IRQM_SANDBOX_FINDING:
		return FIND;
	}
	return 0;
}

unsigned int irqm_sandbox_filter(struct sock_filter *code,
				 enum irqm_sandbox_role role,
				 const struct irqm_sandbox_needs *needs,
				 int pid)
{
	struct filter f = { .code = code };
	unsigned int bits = bits_of(role, needs);
	size_t i;

	_Static_assert(sizeof(calls) / sizeof(calls[0]) * 7 + 8 <=
		       IRQM_SANDBOX_FILTER_MAX, "the filter has room");
	load(&f, offsetof(struct seccomp_data, arch));
	put(&f, BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0);
	answer(&f, SECCOMP_RET_KILL_PROCESS);
	load(&f, NUMBER);
	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (calls[i].roles & bits)
			allow(&f, &calls[i], needs, pid);
	/* its flags are in memory; glibc then takes clone() */
	answer_call(&f, __NR_clone3, REFUSE(ENOSYS));
	answer(&f, REFUSE(EPERM));
	return f.len;
}

bool irqm_sandbox_seccomp(enum irqm_sandbox_role role,
			  const struct irqm_sandbox_needs *needs)
{
	struct sock_filter code[IRQM_SANDBOX_FILTER_MAX];
	struct sock_fprog program = {
		.len = irqm_sandbox_filter(code, role, needs, getpid()),
		.filter = code,
	};

	return syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0,
		       &program) == 0;
}

#else

bool irqm_sandbox_seccomp(enum irqm_sandbox_role role,
			  const struct irqm_sandbox_needs *needs)
{
	(void)role;
	(void)needs;
	return false;
}

#endif
