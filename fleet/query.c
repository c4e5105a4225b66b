/* SPDX-License-Identifier: GPL-3.0-or-later */
/* irqmatrix query: queries a store. */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "base/nearest.h"
#include "command/confine.h"
#include "command/help.h"
#include "command/options.h"
#include "command/pager.h"
#include "command/say.h"
#include "fleet/fleet.h"
#include "fleet/store/queries.h"
#include "fleet/store/store.h"
#include "render/json/json.h"
#include "render/json/parsed.h"
#include "render/table.h"
#include "render/text.h"

struct query_options {
	bool json, no_header;
	enum irqm_csv csv;
	const char *sql; /* NULL: a predefined query */
	const char *store;
	/* the query's name, unless sql is set, and its arguments */
	const char *const *words;
	unsigned int nr_words;
};

enum {
	OPT_SQL = IRQM_OPT_OWN
};

static const struct option long_options[] = {
	{ "json", no_argument, NULL, 'j' },
	IRQM_OPTIONS_CSV,
	IRQM_OPTION_NO_HEADER,
	{ "sql", required_argument, NULL, OPT_SQL },
	IRQM_OPTIONS_END,
};

static int take_option(void *options, int c)
{
	struct query_options *o = options;

	switch (c) {
	case 'j':
		o->json = true;
		return 0;
	case IRQM_OPT_CSV:
	case IRQM_OPT_CSV_RAW:
		return irqm_take_csv_option(&o->csv, c);
	case IRQM_OPT_NO_HEADER:
		o->no_header = true;
		return 0;
	case OPT_SQL:
		o->sql = optarg;
		return 0;
	default:
		return irqm_try_help();
	}
}

/* Returns true if there is something to do. */
static bool parse_options(struct query_options *o, int argc, char **argv,
			  int *ret_status)
{
	static const struct irqm_syntax syntax = {
		"jhV",
		long_options,
		irqm_help_query,
		take_option,
	};
	struct irqm_arguments rest;

	memset(o, 0, sizeof(*o));
	if (!irqm_read_options(&syntax, o, argc, argv, &rest, ret_status))
		return false;
	if (o->json && (o->csv || o->no_header)) {
		*ret_status = irqm_exclusive("--json",
					     o->csv ? irqm_csv_option(o->csv) :
						      "--no-header");
		return false;
	}
	if (!rest.nr) {
		*ret_status = irqm_bad_usage("no store: name the file that "
					     "irqmatrix batch --db wrote");
		return false;
	}
	o->store = rest.arg[0];
	o->words = (const char *const *)rest.arg + 1;
	o->nr_words = rest.nr - 1;
	return true;
}

/* The state while the answer is printed. */
struct answer {
	const struct query_options *o;
	struct irqm_table table;
	struct irqm_column *columns;
	char **names; /* column names as in SQL */
	unsigned int nr;
	json_t *rows; /* for --json */
};

/* Converts to upper case and escapes: names come from the store, and a foreign
 * store may have any. */
static char *upper_name(const char *name)
{
	char *copy = strdup(name), *c, *ret;

	for (c = copy; c && *c; c++)
		*c = toupper((unsigned char)*c);
	ret = copy ? irqm_escape_whole(copy) : NULL;
	free(copy);
	return ret;
}

static int begin_answer(void *ctx, const char *const *names, unsigned int nr)
{
	struct answer *a = ctx;
	unsigned int i;

	a->nr = nr;
	a->columns = calloc(nr, sizeof(*a->columns));
	a->names = calloc(nr, sizeof(*a->names));
	if (!a->columns || !a->names)
		return -1;
	for (i = 0; i < nr; i++) {
		a->names[i] = irqm_escape_whole(names[i]);
		a->columns[i].name = upper_name(names[i]);
		if (!a->names[i] || !a->columns[i].name)
			return -1;
	}
	if (a->o->json) {
		a->rows = json_array();
		return a->rows ? 0 : -1;
	}
	if (irqm_table_init(&a->table, a->columns, nr))
		return -1;
	a->table.csv = a->o->csv;
	return 0;
}

static void put_escaped(FILE *out, const char *text)
{
	char *escaped = irqm_escape_whole(text);

	if (escaped)
		fputs(escaped, out);
	free(escaped);
}

/* Returns the time units in a second, if the column is a time since 1970. */
static long time_unit(const char *name)
{
	static const char *const seconds[] = { "crash_time", "first_crash",
					       "last_crash" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(seconds); i++)
		if (strcasecmp(name, seconds[i]) == 0)
			return 1;
	return strcasecmp(name, "analysed_ns") == 0 ||
			       strcasecmp(name, "mtime_ns") == 0 ?
		       1000000000 :
		       0;
}

/* Writes a time as people read it. Returns false if it has no such form. */
static bool put_time(FILE *out, int64_t time, long unit)
{
	time_t seconds = time / unit;
	char text[32];
	struct tm tm;

	if (time < 0 || !gmtime_r(&seconds, &tm) || tm.tm_year > 9999 - 1900)
		return false;
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	fputs(text, out);
	return true;
}

/* CSV has the numbers as they are in the store; people read dates, and at most
 * one digit after the point. */
static void put_number(FILE *out, const struct answer *a, unsigned int i,
		       const struct irqm_value *v)
{
	long unit = a->o->csv ? 0 : time_unit(a->names[i]);

	if (v->type == IRQM_VALUE_INT && unit && put_time(out, v->num, unit))
		return;
	if (v->type == IRQM_VALUE_REAL && !a->o->csv && fabs(v->real) < 1e15)
		fprintf(out, "%.1f", v->real);
	else
		fputs(v->text, out);
}

static void put_cell(struct answer *a, unsigned int i,
		     const struct irqm_value *v)
{
	FILE *out = irqm_table_cell(&a->table);

	switch (v->type) {
	case IRQM_VALUE_NULL:
		fputs(a->o->csv ? "" : "?", out);
		break;
	case IRQM_VALUE_INT:
	case IRQM_VALUE_REAL:
		a->columns[i].flags |= IRQM_COL_RIGHT;
		put_number(out, a, i, v);
		break;
	default:
		if (strchr(v->text, ' '))
			a->columns[i].flags |= IRQM_COL_WRAP;
		put_escaped(out, v->text);
	}
}

static json_t *value_json(const struct irqm_value *v)
{
	switch (v->type) {
	case IRQM_VALUE_NULL:
		return json_null();
	case IRQM_VALUE_INT:
		return json_integer(v->num);
	case IRQM_VALUE_REAL:
		/* JSON has no infinity */
		return isfinite(v->real) ? json_real(v->real) : json_null();
	default:
		return irqm_json_parsed(irqm_json_name(v->text));
	}
}

static int add_object(struct answer *a, const struct irqm_value *values)
{
	json_t *row = json_object();
	unsigned int i;

	for (i = 0; i < a->nr; i++) {
		if (json_object_set_new(row, a->names[i],
					value_json(&values[i]))) {
			json_decref(row);
			return -1;
		}
	}
	return json_array_append_new(a->rows, row);
}

static int put_row(void *ctx, const struct irqm_value *values, unsigned int nr)
{
	struct answer *a = ctx;
	unsigned int i;

	if (a->o->json)
		return add_object(a, values);
	for (i = 0; i < nr; i++)
		put_cell(a, i, &values[i]);
	return 0;
}

static int print_json(const json_t *rows)
{
	size_t flags =
		JSON_REAL_PRECISION(12) |
		(irqm_output_is_terminal() ? JSON_INDENT(2) : JSON_COMPACT);

	if (json_dumpf(rows, stdout, flags))
		return -1;
	putchar('\n');
	return irqm_put_end(stdout);
}

static int print_answer(struct answer *a)
{
	if (a->o->json)
		return print_json(a->rows);
	return irqm_table_print(&a->table, stdout, !a->o->no_header);
}

static void free_answer(struct answer *a)
{
	unsigned int i;

	for (i = 0; i < a->nr && a->columns && a->names; i++) {
		free((char *)a->columns[i].name);
		free(a->names[i]);
	}
	free(a->columns);
	free(a->names);
	json_decref(a->rows);
}

static int ask_store(struct irqm_store *s, const struct query_options *o,
		     struct irqm_store_ask *question)
{
	struct answer a = { .o = o };
	struct irqm_error err = { .msg = "out of memory" };
	int status = IRQM_STATUS_NOTHING;

	question->head = begin_answer;
	question->row = put_row;
	question->ctx = &a;
	if (irqm_store_ask(s, question, &err)) {
		irqm_say("%s: %s", o->store, err.msg);
		status = IRQM_STATUS_TROUBLE;
		if (a.table.stream)
			irqm_table_deinit(&a.table);
	} else if (print_answer(&a)) {
		status = irqm_render_failed(o->store);
	}
	free_answer(&a);
	return status;
}

static const struct irqm_query *find_query(const char *name)
{
	unsigned int i;

	for (i = 0; i < irqm_nr_queries; i++)
		if (strcmp(irqm_queries[i].name, name) == 0)
			return &irqm_queries[i];
	return NULL;
}

static void fill_name(FILE *cell, const void *row_)
{
	const struct irqm_query *q = row_;

	fprintf(cell, "%s%s%s", q->name, *q->args ? " " : "", q->args);
}

static void fill_help(FILE *cell, const void *row_)
{
	fputs(((const struct irqm_query *)row_)->help, cell);
}

/* Lists the predefined queries. */
static int list_queries(enum irqm_csv csv, bool header)
{
	static const struct irqm_column columns[] = {
		{ "NAME", "name of the question", 0, 0, fill_name },
		{ "ANSWERS", "what it answers", IRQM_COL_WRAP, 0, fill_help },
	};
	struct irqm_table t;
	unsigned int i;

	if (irqm_table_init(&t, columns, 2))
		return irqm_render_failed("query");
	t.csv = csv;
	for (i = 0; i < irqm_nr_queries; i++)
		irqm_table_row(&t, &irqm_queries[i]);
	if (irqm_table_print(&t, stdout, header))
		return irqm_render_failed("query");
	return IRQM_STATUS_NOTHING;
}

static void refuse_question(const struct query_options *o)
{
	struct irqm_nearest n;
	unsigned int i;

	irqm_nearest_begin(&n, o->words[0], strlen(o->words[0]));
	for (i = 0; i < irqm_nr_queries; i++)
		irqm_nearest_offer(&n, irqm_queries[i].name);
	if (n.found[0])
		irqm_bad_usage("no question is called \"%s\"; do you mean %s?",
			       o->words[0], n.found);
	else
		irqm_bad_usage("no question is called \"%s\"; irqmatrix query "
			       "%s lists them",
			       o->words[0], o->store);
}

/* Finds the query. Returns false after printing an error. */
static bool choose_question(const struct query_options *o,
			    struct irqm_store_ask *ret)
{
	const struct irqm_query *q;
	unsigned int nr;

	*ret = (struct irqm_store_ask){ .sql = o->sql };
	if (o->sql) {
		ret->args = o->words;
		ret->nr_args = o->nr_words;
		return true;
	}
	q = find_query(o->words[0]);
	if (!q) {
		refuse_question(o);
		return false;
	}
	nr = o->nr_words - 1;
	if (nr < q->min_args || nr > q->max_args) {
		irqm_bad_usage("wrong number of arguments for %s; usage: "
			       "\"%s%s%s\"",
			       q->name, q->name, *q->args ? " " : "", q->args);
		return false;
	}
	ret->sql = q->sql;
	ret->args = o->words + 1;
	ret->nr_args = nr;
	return true;
}

static int take_no_head(void *ctx, const char *const *names, unsigned int nr)
{
	(void)ctx;
	(void)names;
	(void)nr;
	return 0;
}

static int offer_kind(void *ctx, const struct irqm_value *values,
		      unsigned int nr)
{
	if (nr && values[0].type == IRQM_VALUE_TEXT)
		irqm_nearest_offer(ctx, values[0].text);
	return 0;
}

/* Without QUEUES, `room` says nothing about a kind of device that no dump has:
 * its answer would look like "fits everywhere". Returns false after printing
 * an error. */
static bool check_driver(struct irqm_store *s, const struct query_options *o)
{
	struct irqm_nearest n;
	struct irqm_store_ask kinds = {
		.sql = "SELECT DISTINCT kind FROM devices WHERE kind NOT NULL",
		.head = take_no_head,
		.row = offer_kind,
		.ctx = &n,
	};
	struct irqm_error err;

	if (o->sql || strcmp(o->words[0], "room") != 0 || o->nr_words > 3)
		return true;
	irqm_nearest_begin(&n, o->words[1], strlen(o->words[1]));
	if (irqm_store_ask(s, &kinds, &err)) {
		irqm_say("%s: %s", o->store, err.msg);
		return false;
	}
	if (strcmp(n.found, o->words[1]) == 0)
		return true;
	if (n.found[0])
		irqm_bad_usage(
			"%s: no dump has a device of \"%s\"; do you mean "
			"%s?",
			o->store, o->words[1], n.found);
	else
		irqm_bad_usage(
			"%s: no dump has a device of \"%s\"; say how many "
			"queues one would have: room %s %s QUEUES",
			o->store, o->words[1], o->words[1], o->words[2]);
	return false;
}

static struct irqm_store *open_store(const char *path)
{
	struct irqm_store *s;
	struct irqm_error err;

	if (irqm_store_open(path, IRQM_STORE_READ, &s, &err) == 0)
		return s;
	if (access(path, F_OK) && errno == ENOENT)
		irqm_say("%s: no such file; irqmatrix batch --db makes a store "
			 "of dumps",
			 path);
	else
		irqm_say("%s: %s", path, err.msg);
	return NULL;
}

int irqm_fleet_query(int argc, char **argv)
{
	struct query_options o;
	struct irqm_store_ask question;
	struct irqm_store *s;
	bool asks;
	int status;

	if (!parse_options(&o, argc, argv, &status))
		return status;
	asks = o.sql || o.nr_words;
	if (asks && !choose_question(&o, &question))
		return IRQM_STATUS_TROUBLE;
	irqm_limit_memory(&o.store, 1);
	if (!irqm_confine_store(&o.store, 1, o.store))
		return IRQM_STATUS_TROUBLE;
	s = open_store(o.store);
	if (!s)
		return IRQM_STATUS_TROUBLE;
	if (!asks)
		status = list_queries(o.csv, !o.no_header);
	else if (!check_driver(s, &o))
		status = IRQM_STATUS_TROUBLE;
	else
		status = ask_store(s, &o, &question);
	irqm_store_close(s);
	return status;
}
