/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tool/tool.h"

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

/* linux/landlock.h, which Debian 12 has as of 5.19. */
struct ruleset {
	uint64_t fs, net, scoped;
};

struct beneath {
	uint64_t allowed;
	int32_t fd;
} __attribute__((packed));

enum {
	EXECUTE = 1 << 0,
	WRITE_FILE = 1 << 1,
	READ_FILE = 1 << 2,
	READ_DIR = 1 << 3,
	REMOVE_FILE = 1 << 5,
	MAKE_DIR = 1 << 7,
	MAKE_REG = 1 << 8,
	FS_FIRST = (1 << 13) - 1,   /* all of the first version */
	REFER = 1 << 13,            /* version 2 */
	TRUNCATE = 1 << 14,         /* version 3 */
	NET_ALL = 3,                /* version 4: bind, connect */
	SCOPE_ALL = 3,              /* version 6: abstract sockets, signals */
	RULESET_VERSION = 1 << 0,
	RULE_PATH_BENEATH = 1,
};

/* What files are made, written and removed with. */
#define MAKING (WRITE_FILE | REMOVE_FILE | MAKE_DIR | MAKE_REG | TRUNCATE)

static int add_rule(int ruleset, const char *path, uint64_t allowed)
{
	struct beneath rule = { .allowed = allowed };
	long rc;

	if (!path)
		return 0;
	rule.fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (rule.fd < 0)
		return 0; /* nothing can be made there */
	rc = syscall(__NR_landlock_add_rule, ruleset, RULE_PATH_BENEATH,
		     &rule, 0);
	close(rule.fd);
	return rc ? -1 : 0;
}

static int add_rules(int ruleset, enum irqm_sandbox_step step,
		     const struct irqm_sandbox_needs *needs, uint64_t handled)
{
	int i;

	if (step == IRQM_SANDBOX_READING)
		return add_rule(ruleset, needs->finish_in,
				(REMOVE_FILE | MAKE_REG) & handled);
	for (i = 0; i < IRQM_SANDBOX_WRITABLE; i++)
		if (add_rule(ruleset, needs->writable[i], MAKING & handled))
			return -1;
	return 0;
}

static struct ruleset ruleset_of(enum irqm_sandbox_step step, bool network,
				 long version)
{
	struct ruleset r = { .fs = FS_FIRST };

	if (version >= 2)
		r.fs |= REFER;
	if (version >= 3)
		r.fs |= TRUNCATE;
	if (step == IRQM_SANDBOX_OPENING)
		r.fs &= ~(uint64_t)(READ_FILE | READ_DIR);
	if (version >= 4 && !network)
		r.net = NET_ALL;
	if (version >= 6 && !network)
		r.scoped = SCOPE_ALL;
	return r;
}

static bool enter_landlock(enum irqm_sandbox_step step,
			   const struct irqm_sandbox_needs *needs)
{
	bool network = step == IRQM_SANDBOX_OPENING && needs->network;
	long version = syscall(__NR_landlock_create_ruleset, NULL, 0,
			       RULESET_VERSION);
	struct ruleset r;
	bool ok;
	int fd;

	if (version < 1)
		return false;
	r = ruleset_of(step, network, version);
	/* the kernel takes more than it knows as long as that is zero */
	fd = syscall(__NR_landlock_create_ruleset, &r, sizeof(r), 0);
	if (fd < 0)
		return false;
	ok = add_rules(fd, step, needs, r.fs) == 0 &&
	     syscall(__NR_landlock_restrict_self, fd, 0) == 0;
	close(fd);
	return ok;
}

#if defined(__x86_64__)

/* When a system call is let through. */
enum when { ALWAYS, OPENING, NETWORK, FINISHING };

static const struct {
	uint32_t nr;
	enum when when;
} calls[] = {
#define CALL(name, when) { __NR_##name, when },
#include "tool/sandbox_calls.def"
#undef CALL
};

#define FILTER_MAX (2 * sizeof(calls) / sizeof(*calls) + 64)

struct filter {
	struct sock_filter code[FILTER_MAX];
	unsigned short len;
};

#define NUMBER offsetof(struct seccomp_data, nr)
/* The lower half: what is asked of it is an int, to the kernel too. */
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

/* Let through if bits of the argument are all set, or (equal) it is value. */
static void allow_argument(struct filter *f, uint32_t nr, unsigned int arg,
			   bool equal, uint32_t value)
{
	put(f, BPF_JMP | BPF_JEQ | BPF_K, nr, 0, equal ? 4 : 5);
	load(f, ARGUMENT(arg));
	if (!equal)
		put(f, BPF_ALU | BPF_AND | BPF_K, value, 0, 0);
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

static bool is_allowed(enum when when, enum irqm_sandbox_step step,
		       const struct irqm_sandbox_needs *needs)
{
	bool opening = step == IRQM_SANDBOX_OPENING;

	switch (when) {
	case OPENING:
		return opening;
	case NETWORK:
		return opening && needs->network;
	case FINISHING:
		return opening || needs->finish_in;
	default:
		return true;
	}
}

static void build(struct filter *f, enum irqm_sandbox_step step,
		  const struct irqm_sandbox_needs *needs)
{
	size_t i;

	load(f, offsetof(struct seccomp_data, arch));
	put(f, BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0);
	answer(f, SECCOMP_RET_KILL_PROCESS);
	load(f, NUMBER);
	for (i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (is_allowed(calls[i].when, step, needs))
			answer_call(f, calls[i].nr, SECCOMP_RET_ALLOW);
	/* its flags are in memory; glibc then takes clone() */
	answer_call(f, __NR_clone3, REFUSE(ENOSYS));
	allow_argument(f, __NR_clone, 0, false, CLONE_THREAD);
	/* abort() */
	allow_argument(f, __NR_tgkill, 0, true, getpid());
	/* fstat(), but no name of a file */
	allow_argument(f, __NR_newfstatat, 3, true, AT_EMPTY_PATH);
	/* isatty(); not TIOCSTI, which types for the user */
	allow_argument(f, __NR_ioctl, 1, true, TCGETS);
	allow_argument(f, __NR_ioctl, 1, true, TIOCGWINSZ);
	allow_argument(f, __NR_ioctl, 1, true, FIONBIO);
	/* getrlimit(), for the stack of a thread */
	allow_null(f, __NR_prlimit64, 2);
	answer(f, REFUSE(EPERM));
}

static bool enter_seccomp(enum irqm_sandbox_step step,
			  const struct irqm_sandbox_needs *needs)
{
	struct filter f = { .len = 0 };
	struct sock_fprog program;

	build(&f, step, needs);
	program = (struct sock_fprog){ .len = f.len, .filter = f.code };
	return syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0,
		       &program) == 0;
}

#else

static bool enter_seccomp(enum irqm_sandbox_step step,
			  const struct irqm_sandbox_needs *needs)
{
	(void)step;
	(void)needs;
	return false;
}

#endif

/* A sanitizer looks into /proc, and LeakSanitizer traces the process. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
	__has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

static int enter(enum irqm_sandbox_step step,
		 const struct irqm_sandbox_needs *needs)
{
	int in_force = 0;

	/* both want it; the first step refuses it to the second, which has it */
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	/* Landlock first: the filter does not let it through any more */
	if (enter_landlock(step, needs))
		in_force |= IRQM_SANDBOX_LANDLOCK;
	if (enter_seccomp(step, needs))
		in_force |= IRQM_SANDBOX_SECCOMP;
	return in_force;
}

static bool mode_is(const char *word)
{
	const char *mode = getenv("IRQMATRIX_SANDBOX");

	return mode && strcmp(mode, word) == 0;
}

int irqm_sandbox_enter(enum irqm_sandbox_step step,
		       const struct irqm_sandbox_needs *needs)
{
	static const struct irqm_sandbox_needs nothing;
	static enum irqm_sandbox_step entered;
	static int in_force;

	if (step <= entered)
		return in_force;
	entered = step;
	if (!SANITIZED && !mode_is("off"))
		in_force = enter(step, needs ? needs : &nothing);
	if (mode_is("require") &&
	    in_force != (IRQM_SANDBOX_SECCOMP | IRQM_SANDBOX_LANDLOCK)) {
		irqm_say("IRQMATRIX_SANDBOX=require: the kernel, or how the "
			 "program was built, does not allow it");
		return -1;
	}
	return in_force;
}
