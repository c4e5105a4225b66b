/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A store on a disk that fails: each call that changes a file or takes a lock
 * fails in turn, in each of the ways that SQLite knows, once or from then on.
 * No dump is blamed, nothing that was in is lost, and when the disk is well
 * again the same is put in as if nothing had been.
 */
#include "unit.h"
#include "fake_store.h"
#include "fault_vfs.h"

#include <stdlib.h>
#include <unistd.h>

static const int codes[] = {
	SQLITE_FULL,        SQLITE_BUSY,        SQLITE_READONLY,
	SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC, SQLITE_CANTOPEN,
	SQLITE_IOERR_LOCK,
};

static struct irqm_record old, redone, fresh;

static int make_records(void **state)
{
	(void)state;
	fault_vfs_install();
	old = fake_record("bookworm-la57", 1);
	redone = old;
	redone.analysed_ns = old.analysed_ns + 1;
	fresh = fake_record("bookworm-plain", 2);
	return 0;
}

static int free_records(void **state)
{
	(void)state;
	free((void *)old.rows);
	free((void *)fresh.rows);
	return 0;
}

/* The work of a batch with --redo: one again, one for the first time. */
static int work(const char *path)
{
	struct irqm_error err = { .msg = "" };
	struct irqm_store *s;
	int rc = irqm_store_open(path, IRQM_STORE_CREATE, &s, &err);

	if (!rc) {
		rc = irqm_store_put(s, &redone, &err);
		if (!rc)
			rc = irqm_store_put(s, &fresh, &err);
		irqm_store_close(s);
	}
	if (rc) {
		/* never the record's fault */
		assert_int_equal(rc, -1);
		assert_string_not_equal(err.msg, "");
	}
	return rc;
}

static void begin(const char *path)
{
	struct irqm_store *s;
	struct irqm_error err;
	char name[128];

	snprintf(name, sizeof(name), "%s-wal", path);
	unlink(name);
	snprintf(name, sizeof(name), "%s-shm", path);
	unlink(name);
	unlink(path);
	s = fake_store_open(path, IRQM_STORE_CREATE);
	assert_int_equal(irqm_store_put(s, &old, &err), 0);
	irqm_store_close(s);
}

static bool assert_nothing_lost(const char *path)
{
	assert_int_equal(fake_ask(path, "SELECT integrity_check = 'ok' FROM "
					"pragma_integrity_check"),
			 1);
	assert_int_equal(fake_ask(path, "SELECT count(*) FROM dumps WHERE "
					"outcome = 'failed'"),
			 0);
	assert_in_range(fake_ask(path, "SELECT count(*) FROM dumps JOIN "
				       "documents ON dump = id"),
			1, 2);
	return fake_ask(path, "SELECT count(*) FROM dumps") == 2;
}

static unsigned int stride(void)
{
	const char *s = getenv("STRIDE");

	return s && atoi(s) > 0 ? atoi(s) : 7;
}

static unsigned int try(const char *path, const char *want, unsigned int n,
			int code, int all)
{
	unsigned int calls;
	char *got;
	int rc;

	begin(path);
	fault_vfs_arm(n, code, all);
	rc = work(path);
	calls = fault_vfs_calls();
	fault_vfs_arm(0, 0, 0);
	/* who was told that it is in finds it there */
	if (assert_nothing_lost(path) < (rc == 0))
		fail_msg("call %u of %u failing with %d (%d): said to be in, "
			 "and is not",
			 n, calls, code, all);
	assert_int_equal(work(path), 0);
	assert_true(assert_nothing_lost(path));
	got = fake_contents(path);
	assert_string_equal(got, want);
	free(got);
	return calls;
}

static void test_every_call(void **state)
{
	struct fake_store *f = *state;
	unsigned int i, n, tried = 0;
	int all;
	char *want;

	begin(f->path);
	assert_int_equal(work(f->path), 0);
	want = fake_contents(f->path);
	for (i = 0; i < ARRAY_SIZE(codes); i++)
		for (all = 0; all < 2; all++)
			/* until it does not come so far */
			for (n = 1; try(f->path, want, n, codes[i], all) >= n;
			     n += stride())
				tried++;
	print_message("%u faults\n", tried);
	assert_true(tried > 300 / stride());
	free(want);
}

/* A failure of the dump does not take away what was said of it before. */
static void test_redo_that_fails(void **state)
{
	struct fake_store *f = *state;
	struct irqm_record failed = fake_record(NULL, 1);
	struct irqm_error err;
	struct irqm_store *s;

	begin(f->path);
	s = fake_store_open(f->path, IRQM_STORE_CREATE);
	failed.id = old.id;
	assert_int_equal(irqm_store_put(s, &failed, &err), 0);
	irqm_store_close(s);
	assert_int_equal(fake_ask(f->path, "SELECT count(*) FROM dumps WHERE "
					   "outcome <> 'failed'"),
			 1);
	assert_int_equal(fake_ask(f->path, "SELECT count(*) FROM dumps"), 1);
}

int main(void)
{
#define STORE_TEST(f)                                                          \
	cmocka_unit_test_setup_teardown(f, fake_store_setup,                   \
					fake_store_teardown)
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_every_call),
		STORE_TEST(test_redo_that_fails),
	};

	return cmocka_run_group_tests(tests, make_records, free_records);
}
