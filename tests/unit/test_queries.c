/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shipped questions: docs/store.md has them, and a store answers them. */
#include "fake_store.h"
#include "files.h"
#include "unit.h"

#include "fleet/store/queries.h"

static void test_documented(void **state)
{
	char *text = file_bytes("docs/store.md", NULL), *wanted;
	const char *section;
	unsigned int i;

	(void)state;
	for (i = 0; i < irqm_nr_queries; i++) {
		const struct irqm_query *q = &irqm_queries[i];

		assert_true(asprintf(&wanted, "\n### %s%s%s\n", q->name,
				     *q->args ? " " : "", q->args) > 0);
		section = strstr(text, wanted);
		if (!section)
			fail_msg("docs/store.md has no %s", wanted);
		free(wanted);
		assert_true(asprintf(&wanted, "\n```sql\n%s```\n", q->sql) > 0);
		section = strstr(section, "\n```sql\n");
		if (!section || strncmp(section, wanted, strlen(wanted)) != 0)
			fail_msg("docs/store.md has another %s", q->name);
		free(wanted);
	}
	free(text);
}

/* Every column that is not in the document's tables. */
static void test_columns_documented(void **state)
{
	struct fake_store *f = *state;
	char *text = file_bytes("docs/store.md", NULL), row[64];
	const char *line;
	sqlite3_stmt *s;
	sqlite3 *db;

	irqm_store_close(fake_store_open(f->path, IRQM_STORE_CREATE));
	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	assert_int_equal(
		sqlite3_prepare_v2(
			db,
			"SELECT m.name, c.name FROM "
			"sqlite_master m JOIN pragma_table_info(m.name) c "
			"WHERE m.type IN ('table', 'view')",
			-1, &s, NULL),
		SQLITE_OK);
	while (sqlite3_step(s) == SQLITE_ROW) {
		const char *column = (const char *)sqlite3_column_text(s, 1);

		snprintf(row, sizeof(row), "\n| %s |",
			 sqlite3_column_text(s, 0));
		line = strstr(text, row);
		if (!line || strstr(line, column) > strchr(line + 1, '\n') ||
		    !strstr(line, column))
			fail_msg("%s%s is not in docs/store.md", row, column);
	}
	sqlite3_finalize(s);
	sqlite3_close(db);
	free(text);
}

struct got {
	unsigned int rows;
	char first[256]; /* of the first row, all but NULL */
};

static int take_row(void *ctx, const struct irqm_value *values, unsigned int nr)
{
	struct got *g = ctx;
	unsigned int i;

	for (i = 0; i < nr && !g->rows; i++) {
		strcat(g->first, values[i].text ? values[i].text : "?");
		strcat(g->first, " ");
	}
	g->rows++;
	return 0;
}

static int ask(struct irqm_store *s, const char *sql, const char *arg1,
	       const char *arg2, struct got *g)
{
	const char *args[] = { arg1, arg2 };
	struct irqm_store_ask a = {
		.sql = sql,
		.args = args,
		.nr_args = 2,
		.row = take_row,
		.ctx = g,
	};
	struct irqm_error err;

	memset(g, 0, sizeof(*g));
	return irqm_store_ask(s, &a, &err);
}

static const char *sql_of(const char *name)
{
	unsigned int i;

	for (i = 0; i < irqm_nr_queries; i++)
		if (strcmp(irqm_queries[i].name, name) == 0)
			return irqm_queries[i].sql;
	fail_msg("no %s", name);
	return NULL;
}

/* The figures are the documents', see tests/data/distilled/NAME.txt. */
static void test_answers(void **state)
{
	static const struct {
		const char *name, *arg1, *arg2;
		unsigned int rows;
		const char *first;
	} wanted[] = {
		{ "vectors", NULL, NULL, 4,
		  "/var/crash/some/vmcore "
		  "6.1.0-57-cloud-amd64 4 0 0.0 0 8 477 " },
		{ "vectors", "1", NULL, 1,
		  "/var/crash/some/vmcore "
		  "6.1.0-57-cloud-amd64 4 0 0.0 0 8 477 " },
		{ "failed", NULL, NULL, 1,
		  "/var/crash/4/vmcore 1004 "
		  "not a dump 0.25 " },
		{ "room", "virtio_blk", "1", 1,
		  "/var/crash/some/vmcore "
		  "6.1.0-57-cloud-amd64 1 1 5 0 0 0 " },
		{ "room", "virtio_blk", "1000", 4, NULL },
		{ "room", "ixgbe", "1000", 0, NULL },
		{ "drift", NULL, NULL, 1,
		  "6.1.0-56-cloud-amd64 "
		  "3b43fad5034874490492495d552c0af6a5fab235 2 1 " },
		{ "kernels", NULL, NULL, 3,
		  "6.1.0-56-cloud-amd64 "
		  "3b43fad5034874490492495d552c0af6a5fab235 2 2 2 0 "
		  "1795257639 1795259410 " },
	};
	struct fake_store *f = *state;
	struct irqm_store *s = fake_store_open(f->path, IRQM_STORE_CREATE);
	struct got g;
	size_t i;

	fake_store_put(s, "bookworm-exhausted", 0);
	fake_store_put(s, "bookworm-offline", 1);
	fake_store_put(s, "bookworm-cpus80", 2);
	fake_store_put(s, "trixie-plain", 3);
	fake_store_put(s, NULL, 4);
	irqm_store_close(s);
	s = fake_store_open(f->path, IRQM_STORE_READ);
	for (i = 0; i < ARRAY_SIZE(wanted); i++) {
		assert_int_equal(ask(s, sql_of(wanted[i].name), wanted[i].arg1,
				     wanted[i].arg2, &g),
				 0);
		if (wanted[i].first)
			assert_string_equal(g.first, wanted[i].first);
		if (g.rows != wanted[i].rows)
			fail_msg("%s: %u rows", wanted[i].name, g.rows);
	}
	irqm_store_close(s);
}

/* SQL of the user's reads the store, and does nothing else. */
static void test_only_questions(void **state)
{
	static const char *const refused[] = {
		"DELETE FROM dumps",
		"CREATE TABLE a (b)",
		"ATTACH '/tmp/irqmatrix-other.db' AS other",
		"SELECT load_extension('x')",
		"PRAGMA user_version = 7",
		"SELECT 1; SELECT 2",
		"",
		"SELEC 1",
		"VACUUM INTO '/tmp/x'",
		"UPDATE dumps SET path = '' RETURNING 1",
		"PRAGMA user_version",
	};
	struct fake_store *f = *state;
	struct irqm_store *s;
	struct got g;
	size_t i;

	irqm_store_close(fake_store_open(f->path, IRQM_STORE_CREATE));
	/* also where the file could be written */
	for (i = 0; i < 2 * ARRAY_SIZE(refused); i++) {
		s = fake_store_open(f->path, i % 2 ? IRQM_STORE_READ :
						     IRQM_STORE_CREATE);
		assert_int_equal(ask(s, refused[i / 2], NULL, NULL, &g), -1);
		assert_int_equal(ask(s, "SELECT count(*) FROM dumps", NULL,
				     NULL, &g),
				 0);
		assert_string_equal(g.first, "0 ");
		irqm_store_close(s);
	}
}

int main(void)
{
#define STORE_TEST(f)                                                          \
	cmocka_unit_test_setup_teardown(f, fake_store_setup,                   \
					fake_store_teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_documented),
		STORE_TEST(test_columns_documented),
		STORE_TEST(test_answers),
		STORE_TEST(test_only_questions),
	};

	return RUN(tests);
}
