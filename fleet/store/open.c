/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fleet/store/internal.h"
#include "fleet/store/schema.h"

static const char find_sql[] = "SELECT outcome, analysed_ns FROM dumps "
			       "WHERE size = ? AND mtime_ns = ? AND hash = ?";

/*
 * If two processes create a store at the same time, the second one gets
 * SQLITE_BUSY at once, without calling the busy handler: see
 * sqlite3_busy_handler(). So wait here.
 */
static int use_wal(sqlite3 *db, struct irqm_error *err)
{
	unsigned int tries = IRQM_STORE_WAIT_MS / 10;
	int rc;

	while ((rc = sqlite3_exec(db, "PRAGMA journal_mode = WAL", NULL, NULL,
				  NULL)) == SQLITE_BUSY &&
	       tries--)
		sqlite3_sleep(10);
	return rc == SQLITE_OK ? 0 : irqm_sql_failed(db, err);
}

/* Creates the tables if the file is empty, within a transaction. */
static int create_tables(struct irqm_store *s, struct irqm_error *err)
{
	int version = irqm_schema_version(s->db, err);
	char pragmas[96];

	if (version != 0)
		return version < 0 ? -1 : 0;
	snprintf(pragmas, sizeof(pragmas),
		 "PRAGMA application_id = %d; "
		 "PRAGMA user_version = %d",
		 IRQM_STORE_APPLICATION, IRQM_STORE_VERSION);
	if (irqm_sql_run(s->db, pragmas, err))
		return -1;
	return irqm_schema_create(s->db, err);
}

static int open_to_write(struct irqm_store *s, struct irqm_error *err)
{
	/* check the file before writing anything to it */
	if (irqm_schema_version(s->db, err) < 0 || use_wal(s->db, err) ||
	    irqm_sql_run(s->db, "PRAGMA synchronous = NORMAL", err) ||
	    irqm_sql_run(s->db, "PRAGMA foreign_keys = ON", err) ||
	    irqm_sql_begin(s->db, err))
		return -1;
	if (irqm_sql_end(s->db, create_tables(s, err), err))
		return -1;
	return irqm_put_prepare(s, err);
}

static int open_to_read(struct irqm_store *s, struct irqm_error *err)
{
	int version = irqm_schema_version(s->db, err);

	if (version == 0)
		irqm_error_set(err, "an empty file, not a store");
	return version > 0 ? 0 : -1;
}

/* Creates the file readable only by the user, because dumps are. SQLite would
 * create it readable for all. Does not change the mode of an existing store. */
static void create_file(const char *path)
{
	int fd =
		strcmp(path, ":memory:") == 0 ?
			-1 :
			open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
}

static bool is_dir_writable(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir = !slash ? strdup(".") : strndup(path, slash - path + 1);
	bool ret = dir && eaccess(dir, W_OK) == 0;

	free(dir);
	return ret;
}

/* Returns true if the store has no write-ahead log beside it. */
static bool has_no_log(const char *path)
{
	struct stat st;
	char *log;
	bool none;

	if (asprintf(&log, "%s-wal", path) < 0)
		return false;
	none = stat(log, &st) != 0 || st.st_size == 0;
	free(log);
	return none;
}

/* Returns a URI that tells SQLite that the file does not change. To be
 * freed. */
static char *immutable_uri(const char *path)
{
	char *uri = malloc(3 * strlen(path) + sizeof("file:?immutable=1")), *at;

	if (!uri)
		return NULL;
	at = stpcpy(uri, "file:");
	for (; *path; path++)
		at += sprintf(at, strchr("%?#", *path) ? "%%%02x" : "%c",
			      (unsigned char)*path);
	strcpy(at, "?immutable=1");
	return uri;
}

static int open_file(struct irqm_store *s, const char *path, int how,
		     unsigned int flags, struct irqm_error *err)
{
	if (sqlite3_open_v2(path, &s->db, how | SQLITE_OPEN_NOMUTEX, NULL) !=
	    SQLITE_OK)
		return irqm_sql_failed(s->db, err);
	sqlite3_busy_timeout(s->db, IRQM_STORE_WAIT_MS);
	/* the file may be hostile: no functions in its schema, check cell
	 * sizes, and no values larger than ours */
	sqlite3_limit(s->db, SQLITE_LIMIT_LENGTH, IRQM_ROWS_MAX_CELL);
	sqlite3_limit(s->db, SQLITE_LIMIT_SQL_LENGTH, 1 << 20);
	sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_exec(s->db, "PRAGMA cell_size_check = ON", NULL, NULL, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	if (flags & IRQM_STORE_READ)
		irqm_store_bound(s);
	return flags & IRQM_STORE_READ ? open_to_read(s, err) :
					 open_to_write(s, err);
}

/*
 * Even to read a store, SQLite creates files beside it, which is not allowed in
 * another user's directory. Without a log there is no writer, so the store can
 * be opened as immutable.
 */
static int open_foreign(struct irqm_store *s, const char *path,
			unsigned int flags, struct irqm_error *err)
{
	char *uri;
	int rc;

	if (eaccess(path, R_OK) || is_dir_writable(path))
		return -1;
	if (!has_no_log(path)) {
		irqm_error_set(err,
			       "another user is writing to the store, or "
			       "was interrupted while doing so: copy it, with "
			       "its -wal file, to a directory of your own");
		return -1;
	}
	uri = immutable_uri(path);
	if (!uri)
		return -1;
	sqlite3_close(s->db);
	s->db = NULL;
	rc = open_file(s, uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, flags,
		       err);
	free(uri);
	return rc;
}

static int open_db(struct irqm_store *s, const char *path, unsigned int flags,
		   struct irqm_error *err)
{
	int how = flags & IRQM_STORE_CREATE ?
			  SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE :
		  flags & IRQM_STORE_READ ? SQLITE_OPEN_READONLY :
					    SQLITE_OPEN_READWRITE;

	if (flags & IRQM_STORE_CREATE)
		create_file(path);
	if (open_file(s, path, how, flags, err) &&
	    (!(flags & IRQM_STORE_READ) || open_foreign(s, path, flags, err)))
		return -1;
	s->find = irqm_sql_prepare(s->db, find_sql, err);
	return s->find ? 0 : -1;
}

int irqm_store_open(const char *path, unsigned int flags,
		    struct irqm_store **ret, struct irqm_error *err)
{
	struct irqm_store *s = calloc(1, sizeof(*s));

	if (!s) {
		irqm_error_memory(err);
		return -1;
	}
	if (open_db(s, path, flags, err)) {
		irqm_store_close(s);
		return -1;
	}
	*ret = s;
	return 0;
}

void irqm_store_close(struct irqm_store *s)
{
	unsigned int i;

	if (!s)
		return;
	sqlite3_finalize(s->find);
	sqlite3_finalize(s->find_files);
	sqlite3_finalize(s->note);
	sqlite3_finalize(s->remove);
	sqlite3_finalize(s->outdated);
	sqlite3_finalize(s->forget);
	for (i = 0; i < IRQM_ROWS_NR_TABLES; i++)
		sqlite3_finalize(s->insert[i]);
	sqlite3_close(s->db);
	free(s);
}
