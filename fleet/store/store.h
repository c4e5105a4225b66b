/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The store: the results of many dumps in one SQLite file, which any SQLite
 * client can query (docs/store.md describes the tables). It has one row per
 * dump, analysed or failed. For an analysed dump, tables hold its machine,
 * CPUs, drivers, devices and findings, and the document "irqmatrix/1" is stored
 * beside them.
 *
 * The worker computes the rows of a record from the document, so inserting one
 * is short, and one transaction: if the process is killed, the store has either
 * all of a dump or nothing. WAL lets readers and several writers work at the
 * same time.
 */
#ifndef IRQM_FLEET_STORE_H
#define IRQM_FLEET_STORE_H

#include <jansson.h>
#include <stdio.h>

#include "base/base.h"

/*
 * Identifies a dump: two files with equal ids are the same dump, wherever they
 * are. If a dump has several files, size is their sum, mtime the latest, and
 * hash covers all of them.
 */
#define IRQM_DUMP_HASH_LEN 32
struct irqm_dump_id {
	uint64_t size;                     /* bytes */
	int64_t mtime_ns;                  /* since the epoch */
	char hash[IRQM_DUMP_HASH_LEN + 1]; /* of the content, hexadecimal */
};

enum irqm_outcome {
	IRQM_OUTCOME_NOTHING, /* analysed, exit status 0 */
	IRQM_OUTCOME_FINDING, /* analysed, exit status 1 */
	IRQM_OUTCOME_PARTLY,  /* analysed, but unread[] is not empty */
	IRQM_OUTCOME_FAILED,  /* not analysed, see reason */
};

/* Returns the name of an outcome in the store, or NULL if outcome is
 * invalid. */
const char *irqm_outcome_name(enum irqm_outcome outcome);
/* Returns false if name is no outcome. */
bool irqm_outcome_parse(const char *name, enum irqm_outcome *ret);

/* The result of one dump. */
struct irqm_record {
	struct irqm_dump_id id;
	/* state of its files on this machine, see fleet/find/dump_id.h; NULL:
	 * unknown */
	const char *files;
	const char *path; /* as found; for several files, the first */
	enum irqm_outcome outcome;
	const char *reason; /* one line; NULL unless it failed */
	double seconds;     /* duration */
	uint64_t peak_kib;  /* of the worker's memory; 0: unknown */
	const char *tool_version;
	int64_t analysed_ns; /* since the epoch; 0: now */
	const void *rows;    /* from irqm_rows_make(); NULL if it failed */
	size_t rows_len;
};

/* Computes what the store keeps of a document: the rows of the tables, and the
 * packed document. Free *ret with free(). Returns 0, or -1 with err. */
int irqm_rows_make(const json_t *document, void **ret, size_t *ret_len,
		   struct irqm_error *err);

/* Limit on the bytes of a document. */
#define IRQM_STORE_MAX_DOCUMENT (128U << 20)

/* The same from the document's text, which is stored unchanged. ours: it is
 * from irqm_render_json(), so what no row needs is not checked. */
int irqm_rows_make_text(const char *text, size_t len, bool ours, void **ret,
			size_t *ret_len, struct irqm_error *err);

struct irqm_store;

enum {
	IRQM_STORE_CREATE = 1 << 0, /* create it if it does not exist */
	IRQM_STORE_READ = 1 << 1,   /* read only */
};

int irqm_store_open(const char *path, unsigned int flags,
		    struct irqm_store **ret, struct irqm_error *err);
void irqm_store_close(struct irqm_store *s); /* NULL is fine */

/* Returns the current time in nanoseconds since the epoch. */
int64_t irqm_now_ns(void);

/* Returns 1 if the store has the dump, 0 if not, or -1 with err. ret_outcome
 * and ret_analysed_ns may be NULL. */
int irqm_store_has(struct irqm_store *s, const struct irqm_dump_id *id,
		   enum irqm_outcome *ret_outcome, int64_t *ret_analysed_ns,
		   struct irqm_error *err);

/* The same by the state of its files. Sets *ret_id to the dump. */
int irqm_store_has_files(struct irqm_store *s, const char *files,
			 struct irqm_dump_id *ret_id,
			 enum irqm_outcome *ret_outcome,
			 struct irqm_error *err);

/*
 * Inserts a record, replacing one with the same id, and any failed record for
 * the same path (left from an earlier state of the file). A failed record does
 * not replace an analysed one of the same dump: the store keeps what it has.
 * Checks each row, because a hostile dump may have taken over the process that
 * sent them.
 *
 * Returns 0. On failure sets err, leaves the store unchanged, and returns
 * IRQM_STORE_REFUSED if the record is invalid, or -1 if the store failed:
 * locked, full, read-only, an I/O error.
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

/* Returns the document of a row of the table dumps, to be freed with
 * json_decref(), or NULL with err. A failed dump has none. */
json_t *irqm_store_document(struct irqm_store *s, int64_t dump,
			    struct irqm_error *err);

/* A value in a query's result. text is valid except for IRQM_VALUE_NULL. */
struct irqm_value {
	enum irqm_value_type {
		IRQM_VALUE_NULL,
		IRQM_VALUE_INT,
		IRQM_VALUE_REAL,
		IRQM_VALUE_TEXT,
		IRQM_VALUE_BLOB, /* text is "(blob)", num its length */
	} type;
	int64_t num;
	double real;
	const char *text;
};

/*
 * Runs a query on a store that was opened with IRQM_STORE_READ; it can change
 * neither the store nor another file. args are bound to ?1, ?2 ...: NULL as
 * NULL, numbers as numbers. Calls head with the column names, then row for each
 * row; a result other than 0 ends the query. Returns 0, that result, or -1 with
 * err.
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
 * Writes an NDJSON line, {"record": {...}, "document": {...} or null}, which
 * irqm_store_merge() reads. Returns 0, IRQM_STORE_REFUSED or -1 like
 * irqm_store_put().
 */
int irqm_ndjson_write(FILE *out, const struct irqm_record *r,
		      struct irqm_error *err);

/* Counts of irqm_store_merge(). */
struct irqm_merged {
	uint64_t added, replaced, same;
	/* the last NDJSON line is incomplete because its writer was killed; it
	 * is ignored */
	bool cut;
};

/*
 * Copies every dump of another store, or of an NDJSON file that `irqmatrix
 * batch` wrote, and adds to the counts of *ret. If both have a record of a
 * dump, the better one stays: analysed rather than failed, then the later
 * analysis. Each dump is a transaction: the dumps copied before an error stay.
 */
int irqm_store_merge(struct irqm_store *s, const char *path,
		     struct irqm_merged *ret, struct irqm_error *err);

/*
 * Call this after the last merge: removes each failed record that has the same
 * path as a later record of another dump. If each merge did that, the result
 * would depend on the order of the files. Returns 0, or -1 with err.
 */
int irqm_store_prune(struct irqm_store *s, struct irqm_error *err);

#endif
