/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stores that a stranger made: what is refused, and what they may cost. */
#include "fake_store.h"
#include "unit.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "fleet/store/rows.h"

static void make_store(const char *path)
{
	struct irqm_store *s = fake_store_open(path, IRQM_STORE_CREATE);

	fake_store_put(s, "bookworm-la57", 1);
	irqm_store_close(s);
}

/* In all ways to open it, and to merge it. */
static void assert_refused(const struct fake_store *f, const char *path,
			   const char *why)
{
	static const unsigned int flags[] = { IRQM_STORE_READ,
					      IRQM_STORE_CREATE };
	struct irqm_merged m = { 0 };
	struct irqm_error err;
	struct irqm_store *s;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		assert_int_equal(irqm_store_open(path, flags[i], &s, &err), -1);
		if (!strstr(err.msg, why))
			fail_msg("%s", err.msg);
	}
	s = fake_store_open(f->path, IRQM_STORE_CREATE);
	assert_int_equal(irqm_store_merge(s, path, &m, &err), -1);
	assert_non_null(strstr(err.msg, why));
	irqm_store_close(s);
}

static void test_other_objects(void **state)
{
	static const char *const cases[] = {
		"CREATE VIEW more AS SELECT 1",
		"CREATE TRIGGER t AFTER INSERT ON dumps BEGIN SELECT 1; END",
		"CREATE VIRTUAL TABLE v USING fts5(x)",
		"CREATE TABLE more (x)",
		"CREATE INDEX more ON dumps (abs(size))",
		"DROP TABLE documents; CREATE VIEW documents AS WITH RECURSIVE "
		"c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) "
		"SELECT x AS dump, x AS packed FROM c",
		/* altered */
		"DROP VIEW machines; CREATE VIEW machines AS SELECT 1 AS x",
		"ALTER TABLE dumps ADD COLUMN more TEXT DEFAULT 'x'",
		"ALTER TABLE cpus RENAME COLUMN idle TO busy",
	};
	const unsigned int altered = ARRAY_SIZE(cases) - 3;
	struct fake_store *f = *state;
	char path[128];
	unsigned int i;

	snprintf(path, sizeof(path), "%s/from.db", f->folder);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		unlink(path);
		make_store(path);
		fake_sql(path, cases[i]);
		assert_refused(f, path,
			       i < altered ?
				       "which irqmatrix did not create" :
				       "it was altered, or another version");
	}
}

/* What SQLite makes by itself does not count, nor white space. */
static void test_own_objects(void **state)
{
	struct fake_store *f = *state;

	make_store(f->path);
	fake_sql(f->path, "ANALYZE");
	irqm_store_close(fake_store_open(f->path, IRQM_STORE_READ));
	irqm_store_close(fake_store_open(f->path, IRQM_STORE_CREATE));
}

/* Puts nr dumps in whose documents are len bytes of nothing, packed. */
static void put_bombs(const char *path, unsigned int nr, size_t len)
{
	char *text = calloc(1, len), *packed = malloc(ZSTD_compressBound(len));
	size_t size =
		ZSTD_compress(packed, ZSTD_compressBound(len), text, len, 1);
	unsigned int i;
	sqlite3_stmt *s;
	sqlite3 *db;
	char sql[256];

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	for (i = 0; i < nr; i++) {
		snprintf(sql, sizeof(sql),
			 "INSERT INTO dumps (id, size, "
			 "mtime_ns, hash, path, outcome, seconds, tool_version,"
			 " analysed_ns) VALUES (%u, 1, %u, '%032x', '/%u', "
			 "'finding', 1, '1', 1)",
			 i + 10, i, i, i);
		assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), 0);
		sqlite3_prepare_v2(db, "INSERT INTO documents VALUES (?, ?)",
				   -1, &s, NULL);
		sqlite3_bind_int(s, 1, i + 10);
		sqlite3_bind_blob(s, 2, packed, size, SQLITE_STATIC);
		assert_int_equal(sqlite3_step(s), SQLITE_DONE);
		sqlite3_finalize(s);
	}
	sqlite3_close(db);
	free(text);
	free(packed);
}

static void test_bombs(void **state)
{
	struct fake_store *f = *state;
	struct irqm_merged m = { 0 };
	struct irqm_error err;
	struct irqm_store *s;
	char path[128];

	/* a document is 64 MiB at most ... */
	snprintf(path, sizeof(path), "%s/from.db", f->folder);
	make_store(path);
	put_bombs(path, 1, IRQM_ROWS_MAX_DOCUMENT + 1);
	s = fake_store_open(f->path, IRQM_STORE_CREATE);
	assert_int_equal(irqm_store_merge(s, path, &m, &err), 0);
	assert_int_equal(fake_ask(f->path, "SELECT count(*) FROM dumps WHERE "
					   "reason LIKE '%document%broken%'"),
			 1);
	/* ... and all of them not 200 times the file */
	unlink(path);
	make_store(path);
	put_bombs(path, 100, 16 << 20);
	m.added = 0;
	assert_int_equal(irqm_store_merge(s, path, &m, &err), -1);
	assert_non_null(strstr(err.msg, "more dumps or documents"));
	assert_in_range(m.added, 4, 30);
	irqm_store_close(s);
}

/* A question without an end, by what its size allows. */
static void test_endless(void **state)
{
	struct fake_store *f = *state;
	struct irqm_error err;
	struct irqm_store *s;

	make_store(f->path);
	s = fake_store_open(f->path, IRQM_STORE_READ);
	assert_int_equal(
		irqm_store_ask(
			s,
			&(struct irqm_store_ask){
				.sql = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 "
				       "FROM c) SELECT count(*) FROM c" },
			&err),
		-1);
	assert_non_null(strstr(err.msg, "takes too long"));
	irqm_store_close(s);
}

/* Its owner's alone, as its dumps may be. */
static void test_mode(void **state)
{
	struct fake_store *f = *state;
	struct stat st;

	umask(022);
	make_store(f->path);
	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	/* who wants others to read it says so */
	assert_int_equal(chmod(f->path, 0644), 0);
	make_store(f->path);
	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);
}

/* A store in a directory where only its owner may write, as another user. */
static void test_of_another_user(void **state)
{
	struct fake_store *f = *state;
	struct irqm_error err;
	struct irqm_store *s;
	char log[300];
	int fd;

	make_store(f->path);
	if (geteuid() != 0)
		skip();
	assert_int_equal(chmod(f->path, 0644), 0);
	assert_int_equal(chmod(f->folder, 0755), 0);
	assert_int_equal(seteuid(65534), 0);
	/* a chroot's own root directory may be closed to others */
	if (faccessat(AT_FDCWD, f->path, R_OK, AT_EACCESS)) {
		assert_int_equal(seteuid(0), 0);
		skip();
	}
	s = fake_store_open(f->path, IRQM_STORE_READ);
	irqm_store_close(s);
	assert_int_equal(seteuid(0), 0);

	/* part of it is in the writers' log */
	snprintf(log, sizeof(log), "%s-wal", f->path);
	fd = open(log, O_WRONLY | O_CREAT, 0600);
	assert_int_equal(write(fd, "log", 3), 3);
	close(fd);
	assert_int_equal(seteuid(65534), 0);
	assert_int_equal(irqm_store_open(f->path, IRQM_STORE_READ, &s, &err),
			 -1);
	assert_int_equal(seteuid(0), 0);
	assert_non_null(strstr(err.msg, "another user"));
	unlink(log);
}

int main(void)
{
#define STORE_TEST(f)                                                          \
	cmocka_unit_test_setup_teardown(f, fake_store_setup,                   \
					fake_store_teardown)
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_other_objects),
		STORE_TEST(test_own_objects),
		STORE_TEST(test_bombs),
		STORE_TEST(test_endless),
		STORE_TEST(test_mode),
		STORE_TEST(test_of_another_user),
	};

	return RUN(tests);
}
