/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * irqmatrix batch: many dumps, a process for each.
 *
 *	finder ─► queue ─► workers ─► results ─► store, NDJSON, lines
 *
 * The finder and each worker are children of a small parent, which never
 * parses a dump. If a child crashes, or a hostile dump takes it over, the other
 * dumps are not affected. Children and parent exchange messages (message.h).
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
	unsigned int jobs; /* workers at a time, at least 1 */
	/* may be NULL */
	const char *db, *ndjson, *vmlinux_dir, *kernels, *textfile;
	unsigned int timeout; /* seconds per dump */
	uint64_t max_memory;  /* bytes per worker */
	/* set by the user, so do not scale it with the size of the file */
	bool own_timeout, own_memory;
	/* bytes of temporary files of all workers; 0: the free space */
	uint64_t tmp_limit;
	enum irqm_redo redo;
	bool no_cache, quiet;
	bool watch;
	unsigned int interval; /* seconds between two searches */
	const char **paths;
	unsigned int nr_paths;
};

#define IRQM_BATCH_JOBS_MAX 256

/* Parses the arguments, like irqm_read_options(). Free paths[] afterwards. */
bool irqm_batch_options_parse(struct irqm_batch_options *o, int argc,
			      char **argv, int *ret_status);

/* A dump to analyse. Its strings are in the same allocation. */
struct irqm_job {
	struct irqm_job *next;
	unsigned int nr;
	bool named;
	enum irqm_writing writing;
	uint64_t size;
	int64_t mtime_ns;
	/* files comes from the finder, the rest from irqm_batch_identify() */
	struct irqm_dump_found found;
	bool identified;
	unsigned int tries; /* number of times it was started */
	const char *reason; /* why it cannot be read, or NULL */
	const char *paths[];
};

/* How a dump is recognised later. Nothing in the dump was interpreted for
 * it. */
struct irqm_identity {
	struct irqm_dump_found found;
	char reason[128]; /* why the dump cannot be read, or "" */
};

/* What a worker sends about a dump, before the rows. */
struct irqm_result {
	enum irqm_outcome outcome;
	char reason[384];   /* why it failed */
	char headline[256]; /* of the worst finding, or "" */
	char release[64];
	enum irqm_severity worst; /* highest severity, if there are findings */
	uint32_t findings[IRQM_NR_FINDING_KINDS][IRQM_CRITICAL + 1];
	/* of the machine; IRQM_UNKNOWN if not known */
	irqm_num crash_time, available, least_available, idle;
	uint64_t rows_len;
	/* set by the parent: a worker might lie about which dump it read */
	struct irqm_dump_found found;
	double seconds;
	uint64_t peak_kib;
};

/*
 * The first process for a dump: hashes its files and sends struct irqm_identity
 * on fd, a socket to the parent. It interprets no byte of the dump, so a
 * hostile dump cannot take it over. Does not return.
 */
_Noreturn void irqm_batch_identify(const struct irqm_job *job, int fd);
/* Opens a file of a job for reading. Does not block on a FIFO. */
int irqm_batch_open(const char *path);

/* The second process for a dump, the worker: analyses the dump and sends struct
 * irqm_result and the rows. Does not return. */
_Noreturn void irqm_batch_work(const struct irqm_batch_options *o,
			       const struct irqm_job *job, int fd);

/* In a child: closes all files except fd, and opens /dev/null as the standard
 * files. */
void irqm_batch_keep_only(int fd);

/* The finder: sends a message for each dump and, with watch, for each
 * directory. Does not return. */
_Noreturn void irqm_batch_search(const struct irqm_batch_options *o, int fd);
/* Makes a job from a message of the finder. Returns NULL if out of memory or if
 * the message is invalid. */
struct irqm_job *irqm_batch_job(const void *data, size_t len);

/* Where results go, and counts of them. */
struct irqm_sink {
	const struct irqm_batch_options *o;
	struct irqm_store *store;   /* may be NULL */
	struct irqm_ndjson *ndjson; /* may be NULL */
	int leases;                 /* the lock file of leases.h, or -1 */
	int64_t started_ns;         /* since the epoch */
	FILE *lines;                /* one line per dump; NULL: no lines */
	FILE *summary;
	uint64_t nothing, finding, partly, failed, skipped;
	/* exit status for all dumps, including those analysed in earlier
	 * runs */
	int status;
	/* number of dumps by their highest severity */
	uint64_t by_severity[IRQM_CRITICAL + 1];
	struct irqm_result latest; /* of the dump with the latest crash time */
	char *latest_path;
};

/* Returns false after printing an error. */
bool irqm_sink_open(struct irqm_sink *s, const struct irqm_batch_options *o);
void irqm_sink_close(struct irqm_sink *s);
/*
 * Returns 1 if the dump at path was analysed before and need not be analysed
 * again, 0 if it must be analysed, or -1 after printing an error.
 */
int irqm_sink_has(struct irqm_sink *s, const char *path,
		  const struct irqm_dump_found *dump);
/* The same, but looks up the states of the files, without reading them. Returns
 * 0 if the store does not have them. */
int irqm_sink_has_files(struct irqm_sink *s, const char *path,
			const char *files);
/*
 * Reserves a dump for this batch, among all batches that share the store, until
 * it is released or this process ends. Returns false if another batch has it.
 */
bool irqm_sink_claim(struct irqm_sink *s, const struct irqm_dump_id *id);
void irqm_sink_release(struct irqm_sink *s, const struct irqm_dump_id *id);
/* Returns false after printing an error, if writing failed. */
bool irqm_sink_put(struct irqm_sink *s, const char *path,
		   const struct irqm_result *r, const void *rows);
/* Returns the number of dumps analysed or failed in this run. */
uint64_t irqm_sink_done(const struct irqm_sink *s);
void irqm_sink_summary(const struct irqm_sink *s, double seconds);

/* Opens an NDJSON file; "-" is standard output. Returns NULL after printing an
 * error. */
struct irqm_ndjson *irqm_ndjson_open(const char *path);
void irqm_ndjson_close(struct irqm_ndjson *n); /* NULL is fine */
bool irqm_ndjson_has(const struct irqm_ndjson *n, const struct irqm_dump_id *id,
		     enum irqm_outcome *ret);
/* Appends a line, unless the file has one for this dump and redo does not
 * replace it. Returns what irqm_ndjson_write() returns. */
int irqm_ndjson_put(struct irqm_ndjson *n, const struct irqm_record *r,
		    enum irqm_redo redo, struct irqm_error *err);

/* Writes the file for node_exporter's textfile collector. Returns false after
 * printing an error. */
bool irqm_textfile_write(const char *path, const struct irqm_sink *s);

/* Seconds of the monotonic clock. */
double irqm_now(void);

/* The progress line on standard error. */
struct irqm_batch_progress {
	bool terminal, shown;
	double began, next;
};

void irqm_batch_progress_start(struct irqm_batch_progress *p);
/* waiting: dumps found but not done; more: the finder is still searching. */
void irqm_batch_progress_show(struct irqm_batch_progress *p,
			      const struct irqm_sink *s, uint64_t waiting,
			      bool more);
/* Erases the line, so that something else can be written. */
void irqm_batch_progress_clear(struct irqm_batch_progress *p);

/* Runs the batch. Returns the exit status. */
int irqm_batch_run(const struct irqm_batch_options *o, struct irqm_sink *s);

#endif
