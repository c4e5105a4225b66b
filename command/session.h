/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the commands share: opening, reading and analysing a dump. */
#ifndef IRQM_COMMAND_SESSION_H
#define IRQM_COMMAND_SESSION_H

#include "analysis/analysis.h"
#include "command/broker.h"
#include "command/options.h"
#include "memory/dumpfile.h"

struct irqm_session {
	const char *name; /* of the dump, for messages */
	const struct irqm_dump_options *options;
	/* running while files may have to be opened */
	struct irqm_broker broker;
	struct irqm_dumpfile *file;
	struct irqm_snapshot *snapshot;
	struct irqm_analysis *analysis;
};

/* Opens, reads and analyses a dump. flags: IRQM_READ_*. If that fails, prints
 * an error and returns false; there is nothing to close then. */
bool irqm_session_open(struct irqm_session *s,
		       const struct irqm_dump_options *o, unsigned int flags);
/*
 * The same in steps, for a command with more than one dump or with an output:
 * once a dump is open, the process can open no other file (sandbox.h). First
 * prepare each session, which starts the process that opens files for it. Then
 * confine this process, open the files, and analyse them. If a step fails, it
 * prints an error and closes the session. o must outlive the session.
 */
bool irqm_session_prepare(struct irqm_session *s,
			  const struct irqm_dump_options *o);
bool irqm_session_confine(struct irqm_session *s, struct irqm_session *other);
bool irqm_session_open_file(struct irqm_session *s);
bool irqm_session_analyse(struct irqm_session *s, unsigned int flags);
/* For a command that reads the snapshot itself, afterwards: adds the kernel to
 * the cache, if there is one, and ends the process that opens files. */
void irqm_session_keep(struct irqm_session *s);
/*
 * The same without messages, in a process that is in the sandbox already, with
 * files that another process opens. Returns 0, or -1 with err, which may begin
 * with the name of a file.
 */
int irqm_session_read(struct irqm_session *s, const char *const files[],
		      unsigned int nr_files,
		      const struct irqm_dumpfile_options *options,
		      unsigned int flags, struct irqm_error *err);
/* Returns the directory of the cache of known kernels, to be freed with free(),
 * or NULL. */
char *irqm_session_cache_dir(void);
/* Where to look for learned kernels; the caller frees own. */
struct irqm_session_places {
	char *own;
	const char *place[3];
};
void irqm_session_places(struct irqm_session_places *p);
/* Returns the message without the name of file, if it begins with that. */
const char *irqm_session_why(const char *file, const char *msg);
void irqm_session_close(struct irqm_session *s);

/* Returns the exit status for the findings and unread parts. */
int irqm_session_status(const struct irqm_session *s);

#endif
