/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A process gives up rights before it parses files from elsewhere. A dump that
 * takes it over can then only spoil the output about that dump.
 *
 * The role of a process says what it may still do. Two processes read a dump:
 * OPENING opens the files and parses nothing of the dump, READING parses it and
 * opens nothing (command/broker.h).
 *
 *	role     opens files             writes                   network
 *	LEARNING any, to read            below the given places   none
 *	OPENING  any, to read            below the given places   where asked for
 *	READING  none                    what is open             none
 *	STORE    the given ones          below the given places   none
 *	FINDING  any, to read            what is open             none
 *
 * No role starts a program or a process, traces or signals another one, or
 * changes a mode to set-user-ID. READING starts threads. The filter is made
 * from command/sandbox_calls.def, which lists the system calls of each role
 * with the reason. seccomp and Landlock enforce it; if the kernel has neither, or a
 * container forbids them, there is no sandbox. Other calls fail with EPERM or
 * EACCES.
 */
#ifndef IRQM_COMMAND_SANDBOX_H
#define IRQM_COMMAND_SANDBOX_H

#include <stdbool.h>

/* Whether this is a build with a sanitizer: it reads /proc, needs many times the
 * memory, and LeakSanitizer traces the process. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IRQM_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||     \
	__has_feature(memory_sanitizer)
#define IRQM_SANITIZED 1
#endif
#endif
#ifndef IRQM_SANITIZED
#define IRQM_SANITIZED 0
#endif

enum irqm_sandbox_role {
	/* opens the files to learn from; READING, which parses them, is entered
	 * next */
	IRQM_SANDBOX_LEARNING = 1,
	IRQM_SANDBOX_OPENING, /* opens files for another process */
	IRQM_SANDBOX_READING, /* parses a dump, a vmlinux, a package */
	IRQM_SANDBOX_STORE,   /* reads stores, writes one or a report */
	IRQM_SANDBOX_FINDING, /* looks for dumps in a tree */
};

#define IRQM_SANDBOX_PLACES 8
#define IRQM_SANDBOX_SOCKETS 2

struct irqm_sandbox_needs {
	/* for OPENING: debuginfod may be needed */
	bool network;
	/* for LEARNING, OPENING and STORE: directories to create files in; NULL
	 * is none */
	const char *writable[IRQM_SANDBOX_PLACES];
	/* for STORE: nr_readable files and directories to read */
	const char *const *readable;
	unsigned int nr_readable;
	/* For READING: a directory in which a finished output may be renamed,
	 * linked or removed; NULL: none. */
	const char *finish_in;
	/* for READING: it waits for keys and the time, and sets the terminal's
	 * mode at the end */
	bool waits;
	/* for OPENING and READING: sockets for messages; 0: none */
	int sockets[IRQM_SANDBOX_SOCKETS];
};

/* The parts of the sandbox that are in force. */
enum {
	IRQM_SANDBOX_SECCOMP = 1 << 0,
	IRQM_SANDBOX_LANDLOCK = 1 << 1,
};

/*
 * Enters a role; needs may be NULL. Returns the parts in force. It is 0 if the
 * kernel has none, in a build with a sanitizer, or with IRQMATRIX_SANDBOX=off
 * in the environment (valgrind and LD_PRELOAD open their own files). With
 * IRQMATRIX_SANDBOX=require it prints an error and returns -1 unless both are
 * in force. Does nothing if this role, or one after it, was entered before.
 */
int irqm_sandbox_enter(enum irqm_sandbox_role role,
		       const struct irqm_sandbox_needs *needs);

/* The two parts, each true if it is in force: landlock.c, seccomp.c. */
bool irqm_sandbox_landlock(enum irqm_sandbox_role role,
			   const struct irqm_sandbox_needs *needs);
bool irqm_sandbox_seccomp(enum irqm_sandbox_role role,
			  const struct irqm_sandbox_needs *needs);

/* Writes the filter to fd, as an array of struct sock_filter; for tests. pid is
 * the process's. Returns 0 or -1. */
int irqm_sandbox_filter(int fd, enum irqm_sandbox_role role,
			const struct irqm_sandbox_needs *needs, int pid);

#endif
