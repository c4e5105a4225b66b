/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs queries on a store. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fleet/store/internal.h"

/* Limit on the columns of a query. */
#define MAX_COLUMNS 256

/* Authorises only reading from the store in the user's SQL: no attaching or
 * writing of files, no extensions. */
static int only_read(void *ctx, int action, const char *a, const char *b,
		     const char *database, const char *trigger)
{
	(void)ctx, (void)a, (void)database, (void)trigger;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_RECURSIVE:
		return SQLITE_OK;
	case SQLITE_FUNCTION:
		return strcmp(b, "load_extension") ? SQLITE_OK : SQLITE_DENY;
	default:
		return SQLITE_DENY;
	}
}

static bool is_number(const char *arg)
{
	size_t digits = strspn(arg, "0123456789");

	return digits && digits < 19 && !arg[digits];
}

static int bind_arguments(sqlite3_stmt *s, const struct irqm_store_ask *ask)
{
	unsigned int i;

	/* unset arguments are NULL */
	for (i = 0; i < ask->nr_args; i++) {
		const char *arg = ask->args[i];
		int rc = !arg ? sqlite3_bind_null(s, i + 1) :
			 is_number(arg) ?
				sqlite3_bind_int64(s, i + 1,
						   strtoll(arg, NULL, 10)) :
				sqlite3_bind_text(s, i + 1, arg, -1,
						  SQLITE_STATIC);

		if (rc != SQLITE_OK && rc != SQLITE_RANGE)
			return -1;
	}
	return 0;
}

static struct irqm_value value_at(sqlite3_stmt *s, int i)
{
	static const enum irqm_value_type types[] = {
		[SQLITE_NULL] = IRQM_VALUE_NULL,
		[SQLITE_INTEGER] = IRQM_VALUE_INT,
		[SQLITE_FLOAT] = IRQM_VALUE_REAL,
		[SQLITE_TEXT] = IRQM_VALUE_TEXT,
		[SQLITE_BLOB] = IRQM_VALUE_BLOB,
	};
	struct irqm_value v = { .type = types[sqlite3_column_type(s, i)] };

	if (v.type == IRQM_VALUE_NULL)
		return v;
	if (v.type == IRQM_VALUE_BLOB) {
		v.num = sqlite3_column_bytes(s, i);
		v.text = "(blob)";
		return v;
	}
	v.num = sqlite3_column_int64(s, i);
	v.real = sqlite3_column_double(s, i);
	v.text = (const char *)sqlite3_column_text(s, i);
	if (!v.text)
		v.type = IRQM_VALUE_NULL;
	return v;
}

static int give_head(sqlite3_stmt *s, const struct irqm_store_ask *ask,
		     unsigned int nr)
{
	const char *names[MAX_COLUMNS];
	unsigned int i;

	for (i = 0; i < nr; i++)
		names[i] = sqlite3_column_name(s, i);
	return ask->head ? ask->head(ask->ctx, names, nr) : 0;
}

static int give_rows(sqlite3_stmt *s, const struct irqm_store_ask *ask,
		     unsigned int nr, struct irqm_error *err)
{
	struct irqm_value values[MAX_COLUMNS];
	unsigned int i;
	int rc;

	while ((rc = irqm_sql_step(s, err)) == 1) {
		for (i = 0; i < nr; i++)
			values[i] = value_at(s, i);
		rc = ask->row(ask->ctx, values, nr);
		if (rc)
			break;
	}
	return rc;
}

static int ask_prepared(sqlite3_stmt *s, const struct irqm_store_ask *ask,
			struct irqm_error *err)
{
	int nr = sqlite3_column_count(s), rc;

	if (nr < 1 || nr > MAX_COLUMNS || !sqlite3_stmt_readonly(s)) {
		irqm_error_set(err, "not a query that only reads: use SELECT");
		return -1;
	}
	if (bind_arguments(s, ask))
		return irqm_sql_failed(sqlite3_db_handle(s), err);
	rc = give_head(s, ask, nr);
	return rc ? rc : give_rows(s, ask, nr, err);
}

int irqm_store_ask(struct irqm_store *s, const struct irqm_store_ask *ask,
		   struct irqm_error *err)
{
	sqlite3_stmt *question = NULL;
	const char *rest = "";
	int rc = -1;

	sqlite3_set_authorizer(s->db, only_read, NULL);
	if (sqlite3_prepare_v2(s->db, ask->sql, -1, &question, &rest) !=
	    SQLITE_OK)
		irqm_sql_failed(s->db, err);
	else if (!question || rest[strspn(rest, "; \t\n")])
		irqm_error_set(err, "%s",
			       question ? "more than one query: "
					  "give one at a time" :
					  "the query is empty");
	else
		rc = ask_prepared(question, ask, err);
	sqlite3_finalize(question);
	sqlite3_set_authorizer(s->db, NULL, NULL);
	return rc;
}
