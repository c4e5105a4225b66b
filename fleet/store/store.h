/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The store of a fleet: what was said of many dumps, in one SQLite file that
 * anybody can query (docs/store.md has the tables). One row per dump, analysed
 * or failed; of an analysed one its machine, CPUs, drivers, devices and
 * findings in tables, and the document "irqmatrix/1" beside them.
 *
 * A document is made into a record where it was made, that is in the worker;
 * putting one in is then short, and one transaction: killed at any moment, a
 * store has all of a dump or nothing. WAL, so readers and several writers do
 * not hurt each other.
 */
#ifndef IRQM_FLEET_STORE_H
#define IRQM_FLEET_STORE_H

#include <jansson.h>
#include <stdio.h>

#include "base/base.h"

/*
 * Which dump it is: the same if all of these are, wherever it lies. A dump in
 * several files has the sum of their sizes, the latest mtime, and the hash over
 * all of them.
 */
#define IRQM_DUMP_HASH_LEN 32
struct irqm_dump_id {
	uint64_t size;                     /* bytes */
	int64_t mtime_ns;                  /* since the epoch */
	char hash[IRQM_DUMP_HASH_LEN + 1]; /* of its content, hex */
};

enum irqm_outcome {
	IRQM_OUTCOME_NOTHING, /* analysed: exit status 0 */
	IRQM_OUTCOME_FINDING, /* analysed: exit status 1 */
	IRQM_OUTCOME_PARTLY,  /* analysed, unread[] is not empty */
	IRQM_OUTCOME_FAILED,  /* not analysed, reason says why */
};

/* The words of enum irqm_outcome in the store; NULL for what is none. */
const char *irqm_outcome_name(enum irqm_outcome outcome);
/* False if it is none of them. */
bool irqm_outcome_parse(const char *name, enum irqm_outcome *ret);

/* What one worker made of one dump. */
struct irqm_record {
	struct irqm_dump_id id;
	const char *files; /* what its files are on this machine, see
				    batch/dump_id.h; NULL: not known */
	const char *path;  /* as found; of several files the first */
	enum irqm_outcome outcome;
	const char *reason; /* one line; NULL unless failed */
	double seconds;     /* that it took */
	uint64_t peak_kib;  /* of the worker's memory; 0: not known */
	const char *tool_version;
	int64_t analysed_ns; /* when, since the epoch; 0: now */
	const void *rows;    /* of irqm_rows_make(); NULL if failed */
	size_t rows_len;
};

/*
 * What the store keeps of a document: the tables' rows and the document, packed.
 * *ret is to be freed with free(). 0, or -1 with err.
 */
int irqm_rows_make(const json_t *document, void **ret, size_t *ret_len,
		   struct irqm_error *err);

/* Bytes of a document. */
#define IRQM_STORE_MAX_DOCUMENT (128U << 20)

/* The same for its text, which is not changed. */
int irqm_rows_make_text(const char *text, size_t len, void **ret,
			size_t *ret_len, struct irqm_error *err);

struct irqm_store;

enum {
	IRQM_STORE_CREATE = 1 << 0, /* create it if it does not exist */
	IRQM_STORE_READ = 1 << 1,   /* read only */
};

int irqm_store_open(const char *path, unsigned int flags,
		    struct irqm_store **ret, struct irqm_error *err);
void irqm_store_close(struct irqm_store *s); /* NULL is fine */

/* Nanoseconds since the epoch, as in irqm_record. */
int64_t irqm_now_ns(void);

/* 1 if the store has the dump, 0 if not, -1 with err. ret_outcome and
 * ret_analysed_ns may be NULL. */
int irqm_store_has(struct irqm_store *s, const struct irqm_dump_id *id,
		   enum irqm_outcome *ret_outcome, int64_t *ret_analysed_ns,
		   struct irqm_error *err);

/* The same by the state of its files; *ret_id is the dump. */
int irqm_store_has_files(struct irqm_store *s, const char *files,
			 struct irqm_dump_id *ret_id,
			 enum irqm_outcome *ret_outcome,
			 struct irqm_error *err);

/*
 * Inserts a record, replacing one with the same id, and any failed record for
 * the same path (left from an earlier state of the file). A failed record does
 * not replace an analysed one of the same dump: the store keeps what it has.
 * rows come from a process that a dump may have taken over: each is checked.
 *
 * 0; or, with err and the store as it was, IRQM_STORE_REFUSED if the record is
 * at fault, -1 if the store is: locked, full, read-only, an I/O error.
 */
#define IRQM_STORE_REFUSED 1
int irqm_store_put(struct irqm_store *s, const struct irqm_record *r,
		   struct irqm_error *err);

/*
 * Call this if a dump that the store has is found at path. Removes a failed
 * record for this path (left from an earlier state of the file), and records
 * files if it is not NULL and the dump's record has this path. Returns 0, or -1
 * with err.
 */
int irqm_store_found(struct irqm_store *s, const char *path,
		     const struct irqm_dump_id *id, const char *files,
		     struct irqm_error *err);

/*
 * The document of a row of the table dumps, to be json_decref()ed; NULL with
 * err, also if it has none.
 */
json_t *irqm_store_document(struct irqm_store *s, int64_t dump,
			    struct irqm_error *err);

/* What a query gave: text is valid for all but IRQM_VALUE_NULL. */
struct irqm_value {
	enum irqm_value_type {
		IRQM_VALUE_NULL,
		IRQM_VALUE_INT,
		IRQM_VALUE_REAL,
		IRQM_VALUE_TEXT,
		IRQM_VALUE_BLOB, /* text says only how long it is */
	} type;
	int64_t num;
	double real;
	const char *text;
};

/*
 * Asks a store that is open with IRQM_STORE_READ; only questions, nothing that
 * changes it or another file. args are bound to ?1, ?2 ..., NULL as NULL; a
 * number as a number. row is called for each, after head with the columns'
 * names; not 0 of one of them ends it. 0, what they returned, or -1 with err.
 */
struct irqm_store_ask {
	const char *sql;
	const char *const *args;
	unsigned int nr_args;
	int (*head)(void *ctx, const char *const *names, unsigned int nr);
	int (*row)(void *ctx, const struct irqm_value *values, unsigned int nr);
	void *ctx;
};

int irqm_store_ask(struct irqm_store *s, const struct irqm_store_ask *ask,
		   struct irqm_error *err);

/*
 * Writes a line of NDJSON, {"record": {...}, "document": {...} or null}, which
 * irqm_store_merge() reads. As irqm_store_put(): 0, IRQM_STORE_REFUSED or -1.
 */
int irqm_ndjson_write(FILE *out, const struct irqm_record *r,
		      struct irqm_error *err);

/* Counts of irqm_store_merge(). */
struct irqm_merged {
	uint64_t added, replaced, same;
	bool cut; /* the last line of NDJSON is not complete:
				    its writer was killed, it is left out */
};

/*
 * Takes over every dump of another store, or of a file of NDJSON that
 * `irqmatrix batch` wrote, and adds to the counts of *ret. Of two records of
 * the same dump the better one stays: analysed before failed, then the later
 * analysis. Each dump is a transaction: what was taken over before an error
 * stays.
 */
int irqm_store_merge(struct irqm_store *s, const char *path,
		     struct irqm_merged *ret, struct irqm_error *err);

/*
 * After all that is to be merged: a failed record goes if one of another dump
 * with the same path is later. Only then, as which records there are does not
 * depend on the order of the files. 0, or -1 with err.
 */
int irqm_store_prune(struct irqm_store *s, struct irqm_error *err);

#endif
