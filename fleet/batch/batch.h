/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * irqmatrix batch: many dumps, a process for each.
 *
 *	finder ─► queue ─► workers ─► results ─► store, NDJSON, lines
 *
 * The finder and each worker are children of a small parent, which parses
 * nothing of a dump: what one of them does wrong, or a dump makes it do, is
 * the end of that one alone. They speak in messages (message.h).
 */
#ifndef IRQM_FLEET_BATCH_BATCH_H
#define IRQM_FLEET_BATCH_BATCH_H

#include <stdio.h>

#include "analysis/analysis.h"
#include "fleet/batch/message.h"
#include "fleet/find/dump_id.h"
#include "fleet/find/find.h"
#include "fleet/store/store.h"

enum irqm_redo {
	IRQM_REDO_NONE,
	IRQM_REDO_FAILED,
	IRQM_REDO_ALL
};

struct irqm_batch_options {
	unsigned int jobs; /* workers at a time, from 1 on */
	/* or NULL */
	const char *db, *ndjson, *vmlinux_dir, *kernels, *textfile;
	unsigned int timeout;         /* seconds for a dump */
	uint64_t max_memory;          /* bytes, of a worker */
	bool own_timeout, own_memory; /* the user's: not by the file's size */
	uint64_t tmp_limit;           /* bytes, of all workers; 0: as room is */
	enum irqm_redo redo;
	bool no_cache, quiet;
	bool watch;
	unsigned int interval; /* seconds from one look to the next */
	const char **paths;
	unsigned int nr_paths;
};

#define IRQM_BATCH_JOBS_MAX 256

/* As irqm_read_options(). paths[] is to be freed. */
bool irqm_batch_options_parse(struct irqm_batch_options *o, int argc,
			      char **argv, int *ret_status);

/* A dump to be analysed. Its strings follow it in one piece of memory. */
struct irqm_job {
	struct irqm_job *next;
	unsigned int nr;
	bool named;
	enum irqm_writing writing;
	uint64_t size;
	int64_t mtime_ns;
	/* of the finder the files, the rest of irqm_batch_identify() */
	struct irqm_dump_found found;
	bool identified;
	unsigned int tries; /* that it was started */
	const char *reason; /* why it cannot be, or NULL */
	const char *paths[];
};

/* What is known about a dump before anything in it is interpreted. */
struct irqm_identity {
	struct irqm_dump_found found;
	char reason[128]; /* it cannot be read, why; or "" */
};

/* What a worker sends of a dump, before its rows. */
struct irqm_result {
	enum irqm_outcome outcome;
	char reason[384];   /* of a failed one */
	char headline[256]; /* of the worst finding, or "" */
	char release[64];
	enum irqm_severity worst; /* of findings, where there are any */
	uint32_t findings[IRQM_NR_FINDING_KINDS][IRQM_CRITICAL + 1];
	/* of the machine, IRQM_UNKNOWN where they are not known */
	irqm_num crash_time, available, least_available, idle;
	uint64_t rows_len;
	/* set by the parent, which believes no worker of which dump it speaks */
	struct irqm_dump_found found;
	double seconds;
	uint64_t peak_kib;
};

/*
 * The first process of a dump: hashes its files and sends struct irqm_identity
 * on fd, a socket to the parent. It interprets no byte of them, so a dump has
 * no hold on it. Does not return.
 */
_Noreturn void irqm_batch_identify(const struct irqm_job *job, int fd);
/* Opens a file of a job for reading, and does not wait for a FIFO. */
int irqm_batch_open(const char *path);

/*
 * The second, the worker: analyses the dump and sends struct irqm_result and
 * its rows. Does not return.
 */
_Noreturn void irqm_batch_work(const struct irqm_batch_options *o,
			       const struct irqm_job *job, int fd);

/* In a child: closes all files but fd. The standard files become /dev/null. */
void irqm_batch_keep_only(int fd);

/* The finder, likewise: a message for each dump, and with watch each
 * directory. */
_Noreturn void irqm_batch_search(const struct irqm_batch_options *o, int fd);
/* A job out of a message of the finder; NULL without memory, or if it is not
 * one. */
struct irqm_job *irqm_batch_job(const void *data, size_t len);

/* Where results go, and what is counted of them. */
struct irqm_sink {
	const struct irqm_batch_options *o;
	struct irqm_store *store;   /* or NULL */
	struct irqm_ndjson *ndjson; /* or NULL */
	int leases;                 /* the file of claims, or -1 */
	int64_t started_ns;         /* since the epoch */
	FILE *lines;                /* a line for each dump; NULL: none */
	FILE *summary;
	uint64_t nothing, finding, partly, failed, skipped;
	int status; /* that all of them deserve, also those that
				    were done before */
	uint64_t by_severity[IRQM_CRITICAL + 1]; /* dumps, by their worst */
	struct irqm_result latest; /* of the machine that crashed last */
	char *latest_path;
};

/* False: the user has been told. */
bool irqm_sink_open(struct irqm_sink *s, const struct irqm_batch_options *o);
void irqm_sink_close(struct irqm_sink *s);
/*
 * Returns 1 if the dump at path was analysed before and need not be analysed
 * again, 0 if it must be analysed, or -1 after printing an error.
 */
int irqm_sink_has(struct irqm_sink *s, const char *path,
		  const struct irqm_dump_found *dump);
/* The same by the states of its files alone, without reading them. Returns 0 if
 * they do not tell. */
int irqm_sink_has_files(struct irqm_sink *s, const char *path,
			const char *files);
/*
 * Reserves a dump for this batch, among those that share the store, until it
 * is released or this process ends. False: another batch has it now.
 */
bool irqm_sink_claim(struct irqm_sink *s, const struct irqm_dump_id *id);
void irqm_sink_release(struct irqm_sink *s, const struct irqm_dump_id *id);
/* False if it could not be written: the user has been told. */
bool irqm_sink_put(struct irqm_sink *s, const char *path,
		   const struct irqm_result *r, const void *rows);
/* Dumps that were analysed, or failed, in this run. */
uint64_t irqm_sink_done(const struct irqm_sink *s);
void irqm_sink_summary(const struct irqm_sink *s, double seconds);

/* NDJSON: "-" is standard output. NULL: the user has been told. */
struct irqm_ndjson *irqm_ndjson_open(const char *path);
void irqm_ndjson_close(struct irqm_ndjson *n); /* NULL is fine */
bool irqm_ndjson_has(const struct irqm_ndjson *n, const struct irqm_dump_id *id,
		     enum irqm_outcome *ret);
/* Appends a line, unless the file had one of this dump and it is not done
 * again. As irqm_ndjson_write(). */
int irqm_ndjson_put(struct irqm_ndjson *n, const struct irqm_record *r,
		    enum irqm_redo redo, struct irqm_error *err);

/* The file for node_exporter's textfile collector; false: told. */
bool irqm_textfile_write(const char *path, const struct irqm_sink *s);

/* Seconds of a clock that is not set. */
double irqm_now(void);

/* How far it is, on standard error. */
struct irqm_batch_progress {
	bool terminal, shown;
	double began, next;
};

void irqm_batch_progress_start(struct irqm_batch_progress *p);
/* waiting: dumps that are known and not done; more: more may be found. */
void irqm_batch_progress_show(struct irqm_batch_progress *p,
			      const struct irqm_sink *s, uint64_t waiting,
			      bool more);
/* Wipes the line away, before something else is written. */
void irqm_batch_progress_clear(struct irqm_batch_progress *p);

/* Does all of it; the exit status. */
int irqm_batch_run(const struct irqm_batch_options *o, struct irqm_sink *s);

#endif
