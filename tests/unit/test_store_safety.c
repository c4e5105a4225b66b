/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must not hurt a store: broken rows, kill -9, others at work on it, and
 * files that are no store or an older one. */
#include "unit.h"
#include "fake_store.h"
#include "files.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const names[] = {
	"bookworm-plain",
	"bookworm-cpus80",
	"trixie-plain",
	NULL,
};
#define NR_NAMES ARRAY_SIZE(names)

/* Says which check an accepted row would have had to fail. */
static const char types_sql[] =
	"SELECT (SELECT count(*) FROM cpus WHERE typeof(cpu) <> 'integer' OR "
	"  typeof(available) NOT IN ('integer', 'null') OR "
	"  online NOT IN (0, 1) OR abs(available) > 1 << 40) + "
	"(SELECT count(*) FROM devices WHERE "
	"  typeof(device) NOT IN ('text', 'null') OR NOT json_valid(consumers)"
	"  OR abs(cost) > 1 << 40) + "
	"(SELECT count(*) FROM findings WHERE NOT json_valid(data) OR "
	"  typeof(text) <> 'text') + "
	"(SELECT count(*) FROM dumps WHERE abs(unread) > 1 << 40 OR "
	"  typeof(release) NOT IN ('text', 'null'))";

/* Puts the record; if it was taken, the right one in its place. */
static bool put_broken(struct irqm_store *s, const struct irqm_record *broken,
		       const struct irqm_record *right, const char *path)
{
	struct irqm_error err = { .msg = "" };

	if (irqm_store_put(s, broken, &err)) {
		assert_string_not_equal(err.msg, "");
		return false;
	}
	assert_int_equal(fake_ask(path, types_sql), 0);
	assert_int_equal(irqm_store_put(s, right, &err), 0);
	return true;
}

static void test_truncated(void **state)
{
	struct fake_store *f = *state;
	struct irqm_store *s = fake_store_open(f->path, IRQM_STORE_CREATE);
	struct irqm_record r = fake_record("bookworm-la57", 1), cut = r;
	char *before, *after, *copy;

	fake_store_put(s, "bookworm-la57", 1);
	before = fake_contents(f->path);
	for (cut.rows_len = 0; cut.rows_len < r.rows_len; cut.rows_len++) {
		/* so that the sanitizer sees a byte too far */
		copy = malloc(cut.rows_len + !cut.rows_len);
		memcpy(copy, r.rows, cut.rows_len);
		cut.rows = copy;
		assert_false(put_broken(s, &cut, &r, f->path));
		free(copy);
	}
	/* and longer */
	copy = calloc(1, r.rows_len + 1);
	memcpy(copy, r.rows, r.rows_len);
	cut.rows = copy;
	cut.rows_len = r.rows_len + 1;
	assert_false(put_broken(s, &cut, &r, f->path));
	free(copy);
	after = fake_contents(f->path);
	assert_string_equal(before, after);
	free(before);
	free(after);
	free((void *)r.rows);
	irqm_store_close(s);
}

static void flip_all(struct irqm_store *s, const struct irqm_record *r,
		     const char *path, uint8_t mask, size_t *taken)
{
	uint8_t *copy = malloc(r->rows_len);
	struct irqm_record flipped = *r;
	size_t i;

	memcpy(copy, r->rows, r->rows_len);
	flipped.rows = copy;
	for (i = 0; i < r->rows_len; i++) {
		copy[i] ^= mask;
		*taken += put_broken(s, &flipped, r, path);
		copy[i] ^= mask;
	}
	free(copy);
}

static void test_flipped(void **state)
{
	struct fake_store *f = *state;
	struct irqm_store *s = fake_store_open(f->path, IRQM_STORE_CREATE);
	struct irqm_record r = fake_record("bookworm-la57", 1);
	char *before, *after;
	size_t taken = 0;

	fake_store_put(s, "bookworm-la57", 1);
	before = fake_contents(f->path);
	flip_all(s, &r, f->path, 0xff, &taken);
	flip_all(s, &r, f->path, 0x01, &taken);
	after = fake_contents(f->path);
	assert_string_equal(before, after);
	/* another number or letter is one that could have been */
	assert_true(taken > 0 && taken < 2 * r.rows_len);
	free(before);
	free(after);
	free((void *)r.rows);
	irqm_store_close(s);
}

static void test_broken_records(void **state)
{
	struct fake_store *f = *state;
	struct irqm_store *s = fake_store_open(f->path, IRQM_STORE_CREATE);
	struct irqm_record good = fake_record("bookworm-la57", 1), r;
	struct irqm_error err;
	unsigned int i;

	for (i = 0; i < 8; i++) {
		r = good;
		switch (i) {
		case 0:
			r.rows = NULL;
			break;
		case 1:
			r.outcome = IRQM_OUTCOME_FAILED;
			break;
		case 2:
			r.reason = "analysed, and yet a reason";
			break;
		case 3:
			r.id.hash[3] = '\'';
			break;
		case 4:
			r.id.hash[31] = '\0';
			break;
		case 5:
			r.seconds = 0.0 / 0.0;
			break;
		case 6:
			r.outcome = 17;
			break;
		case 7:
			r.path = NULL;
			break;
		}
		assert_int_equal(irqm_store_put(s, &r, &err),
				 IRQM_STORE_REFUSED);
	}
	free((void *)good.rows);
	irqm_store_close(s);
	assert_int_equal(fake_ask(f->path, "SELECT count(*) FROM dumps"), 0);
}

/* Every dump is there with all of its rows, or not at all. */
static void assert_whole(const char *path)
{
	assert_int_equal(
		fake_ask(
			path,
			"SELECT count(*) FROM "
			"pragma_integrity_check WHERE integrity_check <> 'ok'"),
		0);
	assert_int_equal(fake_ask(path, "SELECT count(*) FROM "
					"pragma_foreign_key_check"),
			 0);
	assert_int_equal(
		fake_ask(path,
			 "SELECT count(*) FROM dumps WHERE "
			 "outcome <> 'failed' AND (cpus_possible <> (SELECT "
			 "count(*) FROM cpus WHERE dump = id) OR NOT EXISTS "
			 "(SELECT * FROM documents WHERE dump = id) OR NOT "
			 "EXISTS (SELECT * FROM drivers WHERE dump = id))"),
		0);
}

/* In a child. */
static void put_many(const char *path, unsigned int from, unsigned int to,
		     struct irqm_record *records)
{
	struct irqm_error err;
	struct irqm_store *s;
	char file[64];
	unsigned int i;

	if (irqm_store_open(path, IRQM_STORE_CREATE, &s, &err)) {
		fprintf(stderr, "%s\n", err.msg);
		_exit(1);
	}
	for (i = from; i < to; i++) {
		struct irqm_record *r = &records[i % NR_NAMES];

		snprintf(file, sizeof(file), "/var/crash/%u/vmcore", i);
		r->path = file;
		r->id.size = i;
		if (irqm_store_put(s, r, &err)) {
			fprintf(stderr, "%s\n", err.msg);
			_exit(1);
		}
	}
	irqm_store_close(s);
	_exit(0);
}

static int64_t nr_dumps(const char *path)
{
	return fake_ask(path, "SELECT count(*) FROM dumps");
}

static void test_killed(void **state)
{
	struct fake_store *f = *state;
	struct irqm_record records[NR_NAMES];
	unsigned int round, i;
	pid_t child;
	int status;

	irqm_store_close(fake_store_open(f->path, IRQM_STORE_CREATE));
	for (i = 0; i < NR_NAMES; i++)
		records[i] = fake_record(names[i], i);
	srand(1);
	/* longer and longer, until one had the time to write */
	for (round = 0; round < 20 || nr_dumps(f->path) == 0; round++) {
		child = fork();
		if (child == 0)
			put_many(f->path, 0, 1U << 30, records);
		usleep(1000 + rand() % (40000 * (1 + round / 20)));
		kill(child, SIGKILL);
		waitpid(child, &status, 0);
		assert_true(WIFSIGNALED(status));
		assert_whole(f->path);
	}
	for (i = 0; i < NR_NAMES; i++)
		free((void *)records[i].rows);
}

/* Both make the store, and share half of the dumps. */
static void test_two_writers(void **state)
{
	struct fake_store *f = *state;
	struct irqm_record records[NR_NAMES];
	unsigned int i;
	int status;

	for (i = 0; i < NR_NAMES; i++)
		records[i] = fake_record(names[i], i);
	for (i = 0; i < 2; i++)
		if (fork() == 0)
			put_many(f->path, 20 * i, 20 * i + 40, records);
	for (i = 0; i < 2; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	assert_whole(f->path);
	assert_int_equal(fake_ask(f->path, "SELECT count(*) FROM dumps"), 60);
	for (i = 0; i < NR_NAMES; i++)
		free((void *)records[i].rows);
}

/* Two at once take the same store over into one. */
static void test_two_merges(void **state)
{
	struct fake_store *f = *state;
	char from[128];
	struct irqm_merged m = { 0 };
	struct irqm_error err;
	struct irqm_store *s;
	unsigned int i;
	int status;
	char *wanted, *got;

	snprintf(from, sizeof(from), "%s/from.db", f->folder);
	s = fake_store_open(from, IRQM_STORE_CREATE);
	for (i = 0; i < 40; i++)
		fake_store_put(s, names[i % NR_NAMES], i);
	irqm_store_close(s);
	for (i = 0; i < 2; i++) {
		if (fork() == 0) {
			if (irqm_store_open(f->path, IRQM_STORE_CREATE, &s,
					    &err) ||
			    irqm_store_merge(s, from, &m, &err)) {
				fprintf(stderr, "%s\n", err.msg);
				_exit(1);
			}
			irqm_store_close(s);
			_exit(m.added + m.same == 40 ? 0 : 2);
		}
	}
	for (i = 0; i < 2; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	wanted = fake_contents(from);
	got = fake_contents(f->path);
	assert_string_equal(got, wanted);
	free(wanted);
	free(got);
}

/* Refused to read, to write and to merge, and not changed. */
static void test_other_version(void **state)
{
	static const unsigned int flags[] = { 0, IRQM_STORE_READ,
					      IRQM_STORE_CREATE };
	struct fake_store *f = *state;
	struct irqm_merged m = { 0 };
	struct irqm_error err;
	struct irqm_store *s;
	char path[128];
	unsigned int i;

	snprintf(path, sizeof(path), "%s/other.db", f->folder);
	irqm_store_close(fake_store_open(path, IRQM_STORE_CREATE));
	assert_int_equal(fake_ask(path, "PRAGMA user_version"), 1);
	fake_sql(path, "PRAGMA user_version = 2");
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		assert_int_equal(irqm_store_open(path, flags[i], &s, &err), -1);
		assert_non_null(strstr(err.msg,
				       "the store has schema version "
				       "2, but this irqmatrix needs version "
				       "1"));
	}
	s = fake_store_open(f->path, IRQM_STORE_CREATE);
	assert_int_equal(irqm_store_merge(s, path, &m, &err), -1);
	assert_non_null(strstr(err.msg, "version 2"));
	irqm_store_close(s);
	assert_int_equal(fake_ask(path, "PRAGMA user_version"), 2);
}

static void test_not_a_store(void **state)
{
	struct fake_store *f = *state;
	struct irqm_error err;
	struct irqm_store *s;
	FILE *out;

	fake_sql(f->path, "CREATE TABLE a (b)");
	assert_int_equal(irqm_store_open(f->path, IRQM_STORE_CREATE, &s, &err),
			 -1);
	assert_non_null(strstr(err.msg, "not a store"));
	fake_sql(f->path, "PRAGMA application_id = 1769107821;"
			  "PRAGMA user_version = 99");
	assert_int_equal(irqm_store_open(f->path, IRQM_STORE_CREATE, &s, &err),
			 -1);
	assert_non_null(strstr(err.msg, "version 99"));
	assert_int_equal(fake_ask(f->path, "SELECT count(*) FROM "
					   "sqlite_master"),
			 1);
	out = fopen(f->path, "w");
	fputs("not a database at all, but long enough to be looked at", out);
	fclose(out);
	assert_int_equal(irqm_store_open(f->path, IRQM_STORE_CREATE, &s, &err),
			 -1);
	unlink(f->path);
	assert_int_equal(irqm_store_open(f->path, IRQM_STORE_READ, &s, &err),
			 -1);
}

int main(void)
{
#define STORE_TEST(f)                                                          \
	cmocka_unit_test_setup_teardown(f, fake_store_setup,                   \
					fake_store_teardown)
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_truncated),      STORE_TEST(test_flipped),
		STORE_TEST(test_broken_records), STORE_TEST(test_killed),
		STORE_TEST(test_two_writers),    STORE_TEST(test_two_merges),
		STORE_TEST(test_other_version),  STORE_TEST(test_not_a_store),
	};

	return RUN(tests);
}
