/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/store/schema.h"

#include <stdio.h>
#include <stdlib.h>

#include "fleet/store/sql.h"
#include "fleet/store/tables.h"

/* Unknown numbers are NULL. docs/store.md describes the columns. */

/* The table dumps, before and after what irqm_rows_tables[] has of it. */
static const char dumps_begin[] =
	"	id INTEGER PRIMARY KEY,\n"
	"	size INTEGER NOT NULL,\n"
	"	mtime_ns INTEGER NOT NULL,\n"
	"	hash TEXT NOT NULL,\n"
	"	path TEXT NOT NULL,\n"
	"	outcome TEXT NOT NULL CHECK (outcome IN\n"
	"		('nothing', 'finding', 'partly', 'failed')),\n"
	"	reason TEXT,\n"
	"	seconds REAL NOT NULL,\n"
	"	peak_kib INTEGER,\n"
	"	tool_version TEXT NOT NULL,\n"
	"	analysed_ns INTEGER NOT NULL,\n"
	"	files TEXT";
static const char dumps_end[] =
	",\n"
	"	UNIQUE (size, mtime_ns, hash),\n"
	"	CHECK ((outcome = 'failed') = (reason IS NOT NULL))\n"
	");\n";

/* A table with a row for each element of an array of the document. */
static const char list_begin[] =
	"	dump INTEGER NOT NULL REFERENCES dumps ON DELETE CASCADE,\n"
	"	n INTEGER NOT NULL";
static const char list_end[] = ",\n"
			       "	PRIMARY KEY (dump, n)\n"
			       ") WITHOUT ROWID;\n";

/* A table with one row for each dump. */
static const char single_begin[] =
	"	dump INTEGER PRIMARY KEY REFERENCES dumps ON DELETE CASCADE";
static const char single_end[] = "\n);\n";

static const char indexes_and_views[] =
	"CREATE INDEX dumps_machine ON dumps (machine);\n"
	"CREATE INDEX dumps_path ON dumps (path);\n"
	"CREATE INDEX dumps_files ON dumps (files);\n"
	"CREATE INDEX findings_code ON findings (code);\n"
	"CREATE VIEW machines AS\n"
	"	SELECT machine, min(cpus_possible) AS cpus_possible,\n"
	"		count(*) AS dumps, max(crash_time) AS last_crash\n"
	"	FROM dumps WHERE machine IS NOT NULL GROUP BY machine;\n";

static void put_table(FILE *out, const struct irqm_rows_table *t)
{
	static const char *const types[] = {
		[IRQM_CELL_INT] = "INTEGER", [IRQM_CELL_BOOL] = "INTEGER",
		[IRQM_CELL_TEXT] = "TEXT",   [IRQM_CELL_JSON] = "TEXT",
		[IRQM_CELL_PACKED] = "BLOB",
	};
	bool dumps = t == irqm_rows_tables;
	unsigned int i;

	fprintf(out, "CREATE TABLE %s (\n%s", t->name,
		dumps   ? dumps_begin :
		t->from ? list_begin :
			  single_begin);
	for (i = 0; i < t->nr_columns; i++)
		fprintf(out, ",\n\t%s %s%s", t->columns[i].name,
			types[t->columns[i].type],
			t->columns[i].required ? " NOT NULL" : "");
	fputs(dumps ? dumps_end : t->from ? list_end : single_end, out);
}

int irqm_schema_create(sqlite3 *db, struct irqm_error *err)
{
	char *sql = NULL;
	unsigned int i;
	size_t size;
	FILE *out = open_memstream(&sql, &size);
	int rc = -1;

	irqm_error_memory(err);
	if (!out)
		return -1;
	for (i = 0; i < IRQM_ROWS_NR_TABLES; i++)
		put_table(out, &irqm_rows_tables[i]);
	fputs(indexes_and_views, out);
	if (fclose(out) == 0)
		rc = irqm_sql_run(db, sql, err);
	free(sql);
	return rc;
}
