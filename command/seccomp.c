/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of the sandbox that limits system calls: a filter made from
 * sandbox_calls.def. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/base.h"
#include "command/sandbox.h"

#if defined(__x86_64__)

/* Some systems that the tool is built on lack these in their headers. */
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
	WATCH = 1 << 7,
	ALL = READ | OPEN | STORE | FIND,
};

enum check {
	CHECK_ANY,
	CHECK_IS,
	CHECK_LACKS,
	CHECK_HAS,
	CHECK_NULL,
	CHECK_SELF,
	CHECK_SOCKET
};

#define ANY CHECK_ANY, 0, 0
#define IS(n, value) CHECK_IS, n, value
#define LACKS(n, bits) CHECK_LACKS, n, bits
#define HAS(n, bits) CHECK_HAS, n, bits
#define NOTHING(n) CHECK_NULL, n, 0
#define SELF CHECK_SELF, 0, 0
#define SOCKET CHECK_SOCKET, 0, 0

struct call {
	int nr;
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

/* The kernel looks at the lower half of an int only, so compare only that. */
#define INT_BITS 0xffffffffU

static int allow_masked(scmp_filter_ctx f, int nr, unsigned int arg,
			uint64_t mask, uint64_t value)
{
	return seccomp_rule_add(f, SCMP_ACT_ALLOW, nr, 1,
				SCMP_CMP(arg, SCMP_CMP_MASKED_EQ, mask, value));
}

static int allow_sockets(scmp_filter_ctx f, int nr,
			 const struct irqm_sandbox_needs *needs)
{
	unsigned int i;
	int rc = 0;

	for (i = 0; i < IRQM_SANDBOX_SOCKETS && rc == 0; i++)
		if (needs->sockets[i] > 0)
			rc = allow_masked(f, nr, 0, INT_BITS,
					  needs->sockets[i]);
	return rc;
}

static int allow_call(scmp_filter_ctx f, const struct call *c,
		      const struct irqm_sandbox_needs *needs, int pid)
{
	switch (c->check) {
	case CHECK_ANY:
		return seccomp_rule_add(f, SCMP_ACT_ALLOW, c->nr, 0);
	case CHECK_IS:
		return allow_masked(f, c->nr, c->arg, INT_BITS, c->value);
	case CHECK_LACKS:
		return allow_masked(f, c->nr, c->arg, c->value, 0);
	case CHECK_HAS:
		return allow_masked(f, c->nr, c->arg, c->value, c->value);
	case CHECK_NULL:
		return allow_masked(f, c->nr, c->arg, ~0ULL, 0);
	case CHECK_SELF:
		return allow_masked(f, c->nr, 0, INT_BITS, pid);
	case CHECK_SOCKET:
		return allow_sockets(f, c->nr, needs);
	}
	return -EINVAL;
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
		       (needs->waits ? WATCH : 0);
	case IRQM_SANDBOX_STORE:
		return STORE;
	case IRQM_SANDBOX_FINDING:
		return FIND;
	}
	return 0;
}

static int add_rules(scmp_filter_ctx f, enum irqm_sandbox_role role,
		     const struct irqm_sandbox_needs *needs, int pid)
{
	unsigned int bits = bits_of(role, needs);
	size_t i;
	int rc;

	/* kill also in the x32 ABI; libseccomp reports an error if there is
	 * only the native one */
	rc = seccomp_attr_set(f, SCMP_FLTATR_ACT_BADARCH,
			      SCMP_ACT_KILL_PROCESS);
	/* sandbox.c has set it, and a later role may not set it */
	seccomp_attr_set(f, SCMP_FLTATR_CTL_NNP, 0);
	/* search for the call in a tree instead of comparing with each */
	seccomp_attr_set(f, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	for (i = 0; i < ARRAY_SIZE(calls) && rc == 0; i++)
		if (calls[i].roles & bits)
			rc = allow_call(f, &calls[i], needs, pid);
	/* the filter cannot see clone3's flags, which are in memory; with
	 * ENOSYS glibc uses clone() */
	if (rc == 0)
		rc = seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS), __NR_clone3,
				      0);
	return rc;
}

static scmp_filter_ctx new_filter(enum irqm_sandbox_role role,
				  const struct irqm_sandbox_needs *needs,
				  int pid)
{
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ERRNO(EPERM));

	if (f && add_rules(f, role, needs, pid)) {
		seccomp_release(f);
		return NULL;
	}
	return f;
}

int irqm_sandbox_filter(int fd, enum irqm_sandbox_role role,
			const struct irqm_sandbox_needs *needs, int pid)
{
	scmp_filter_ctx f = new_filter(role, needs, pid);
	int rc = f ? seccomp_export_bpf(f, fd) : -1;

	seccomp_release(f);
	return rc ? -1 : 0;
}

bool irqm_sandbox_seccomp(enum irqm_sandbox_role role,
			  const struct irqm_sandbox_needs *needs)
{
	scmp_filter_ctx f = new_filter(role, needs, getpid());
	bool loaded = f && seccomp_load(f) == 0;

	seccomp_release(f);
	return loaded;
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
