/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rights that the process gives up before it looks into a dump, so that
 * one that gets hold of it can do no more than spoil what is said of itself.
 *
 * Two steps, in this order, each once: what the first leaves is what opening a
 * dump needs, what the second leaves is memory and the files that are open.
 * seccomp and Landlock do it; where the kernel has neither, or a container
 * forbids them, nothing changes. What is refused fails with EPERM or EACCES.
 *
 *	step            opening (1)                  reading (2)
 *	other programs  none is started, none is touched: no exec, fork,
 *	                ptrace, kill
 *	network         only where asked for         none
 *	files           any is read; written only    none is opened
 *	                below the places named
 *
 * Threads of this process may be started in both. One that has to start
 * processes (a batch) calls it in each child.
 */
#ifndef IRQM_TOOL_SANDBOX_H
#define IRQM_TOOL_SANDBOX_H

#include <stdbool.h>

enum irqm_sandbox_step {
	IRQM_SANDBOX_OPENING = 1, /* before a byte of a dump is looked at */
	IRQM_SANDBOX_READING,     /* when all files are open */
};

#define IRQM_SANDBOX_WRITABLE 8

struct irqm_sandbox_needs {
	/* of opening: somebody may have to be asked for debuginfo */
	bool network;
	/* of opening: directories to make files in; NULL is none */
	const char *writable[IRQM_SANDBOX_WRITABLE];
	/*
	 * Of reading: a directory where a file may still be renamed, linked or
	 * removed, as a finished output is; NULL: nowhere.
	 */
	const char *finish_in;
};

/* What of it is in force now. */
enum {
	IRQM_SANDBOX_SECCOMP = 1 << 0,
	IRQM_SANDBOX_LANDLOCK = 1 << 1,
};

/*
 * Enters a step; needs may be NULL. Returns what is in force, 0 if nothing
 * is: the kernel does not have it, the program was built with a sanitizer, or
 * IRQMATRIX_SANDBOX=off is in the environment (valgrind and LD_PRELOAD open
 * files of their own). With IRQMATRIX_SANDBOX=require it returns -1, and has
 * told the user, unless both are in force. A step that was entered already,
 * or comes before one that was, does nothing.
 */
int irqm_sandbox_enter(enum irqm_sandbox_step step,
		       const struct irqm_sandbox_needs *needs);

#endif
