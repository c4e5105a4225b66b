/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of the sandbox that limits files, network and signals. */
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "command/sandbox.h"

/* Some systems that the tool is built on lack these in their headers. */
#ifndef __NR_landlock_create_ruleset
#define __NR_landlock_create_ruleset 444
#define __NR_landlock_add_rule 445
#define __NR_landlock_restrict_self 446
#endif

/* As in linux/landlock.h; Debian 12 has the version of 5.19. */
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
	FS_FIRST = (1 << 13) - 1, /* all rights of version 1 */
	REFER = 1 << 13,          /* version 2 */
	TRUNCATE = 1 << 14,       /* version 3 */
	NET_ALL = 3,              /* version 4: bind, connect */
	SCOPE_SOCKETS = 1 << 0,   /* version 6: abstract sockets ... */
	SCOPE_SIGNALS = 1 << 1,   /* ... and signals */
	RULESET_VERSION = 1 << 0,
	RULE_PATH_BENEATH = 1,
};

/* Rights to create, write and remove files. */
#define MAKING (WRITE_FILE | REMOVE_FILE | MAKE_DIR | MAKE_REG | TRUNCATE)
#define READING (READ_FILE | READ_DIR)
/* Rights that apply to a file that is not a directory. */
#define OF_A_FILE (EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE)

static int add_rule(int ruleset, const char *path, uint64_t allowed)
{
	struct beneath rule = { .allowed = allowed };
	struct stat st;
	long rc = 0;

	if (!path)
		return 0;
	rule.fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.fd < 0)
		return 0; /* no file can be opened there */
	if (fstat(rule.fd, &st) == 0 && !S_ISDIR(st.st_mode))
		rule.allowed &= OF_A_FILE;
	/* a pipe has no path, so Landlock does not restrict it */
	if (rule.allowed && !S_ISFIFO(st.st_mode) && !S_ISSOCK(st.st_mode))
		rc = syscall(__NR_landlock_add_rule, ruleset, RULE_PATH_BENEATH,
			     &rule, 0);
	close(rule.fd);
	return rc ? -1 : 0;
}

static int add_rules(int ruleset, enum irqm_sandbox_role role,
		     const struct irqm_sandbox_needs *needs, uint64_t handled)
{
	uint64_t making = role == IRQM_SANDBOX_STORE ? MAKING | READING :
						       MAKING;
	unsigned int i;

	if (role == IRQM_SANDBOX_READING)
		return add_rule(ruleset, needs->finish_in,
				(REMOVE_FILE | MAKE_REG) & handled);
	for (i = 0; i < IRQM_SANDBOX_PLACES; i++)
		if (add_rule(ruleset, needs->writable[i], making & handled))
			return -1;
	for (i = 0; i < needs->nr_readable; i++)
		if (add_rule(ruleset, needs->readable[i], READING & handled))
			return -1;
	return 0;
}

static struct ruleset ruleset_of(enum irqm_sandbox_role role, bool network,
				 long version)
{
	struct ruleset r = { .fs = FS_FIRST };

	if (version >= 2)
		r.fs |= REFER;
	if (version >= 3)
		r.fs |= TRUNCATE;
	if (role != IRQM_SANDBOX_READING && role != IRQM_SANDBOX_STORE)
		r.fs &= ~(uint64_t)READING;
	if (version >= 4 && !network)
		r.net = NET_ALL;
	if (version >= 6)
		r.scoped = SCOPE_SIGNALS | (network ? 0 : SCOPE_SOCKETS);
	return r;
}

bool irqm_sandbox_landlock(enum irqm_sandbox_role role,
			   const struct irqm_sandbox_needs *needs)
{
	bool network = role == IRQM_SANDBOX_OPENING && needs->network;
	long version =
		syscall(__NR_landlock_create_ruleset, NULL, 0, RULESET_VERSION);
	struct ruleset r;
	bool ok;
	int fd;

	if (version < 1)
		return false;
	r = ruleset_of(role, network, version);
	/* an older kernel accepts a larger structure if the rest is zero */
	fd = syscall(__NR_landlock_create_ruleset, &r, sizeof(r), 0);
	if (fd < 0)
		return false;
	ok = add_rules(fd, role, needs, r.fs) == 0 &&
	     syscall(__NR_landlock_restrict_self, fd, 0) == 0;
	close(fd);
	return ok;
}
