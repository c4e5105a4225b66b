/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the commands do around their own work: a dump, read and analysed. */
#ifndef IRQM_COMMAND_SESSION_H
#define IRQM_COMMAND_SESSION_H

#include "analysis/analysis.h"
#include "command/broker.h"
#include "command/options.h"
#include "memory/dumpfile.h"

struct irqm_session {
	const char *name; /* of the dump, for messages */
	const struct irqm_dump_options *options;
	struct irqm_broker broker; /* while files may have to be opened */
	struct irqm_dumpfile *file;
	struct irqm_snapshot *snapshot;
	struct irqm_analysis *analysis;
};

/*
 * Opens a dump, reads and analyses it. flags:
 * IRQM_READ_*. False if that cannot be: the user has been told, and there is
 * nothing to close.
 */
bool irqm_session_open(struct irqm_session *s,
		       const struct irqm_dump_options *o, unsigned int flags);
/*
 * The steps of it, for a command with more than one dump or with an output: once
 * a dump is opened, the process can open no other file (sandbox.h). Prepares
 * each session, which starts the process that opens files for it; then confines
 * this process; then opens the dumps, which leaves no snapshot and no analysis;
 * then analyses them. Where one fails the session is closed, and the user has
 * been told. o is to outlive the session.
 */
bool irqm_session_prepare(struct irqm_session *s,
			  const struct irqm_dump_options *o);
bool irqm_session_confine(struct irqm_session *s, struct irqm_session *other);
bool irqm_session_open_file(struct irqm_session *s);
bool irqm_session_analyse(struct irqm_session *s, unsigned int flags);
/*
 * The same without a word to anybody, in a process that is confined already,
 * with files that another opens: 0, or -1 with err, which may begin with the
 * name of a file.
 */
int irqm_session_read(struct irqm_session *s, const char *const files[],
		      unsigned int nr_files,
		      const struct irqm_dumpfile_options *options,
		      unsigned int flags, struct irqm_error *err);
/* Where what is known of kernels is kept, to free(); NULL if nowhere. */
char *irqm_session_cache_dir(void);
/* Where to look for learned kernels; the caller frees own. */
struct irqm_session_places {
	char *own;
	const char *place[3];
};
void irqm_session_places(struct irqm_session_places *p);
/* A message about one of the files without that file's name, if it has it. */
const char *irqm_session_why(const char *file, const char *msg);
void irqm_session_close(struct irqm_session *s);

/* The exit status that the analysis deserves. */
int irqm_session_status(const struct irqm_session *s);

#endif
