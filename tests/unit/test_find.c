/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trees of files: what is found in them, and what is not opened. */
#include "fake_dump.h"
#include "unit.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fleet/find/dump_id.h"
#include "fleet/find/find.h"
#include "memory/recognise.h"
#include "fleet/find/seen.h"

/* All that was found: a line for each, "paths[|reason]", without the top. */
struct tree {
	char top[64];
	char text[4096];
	size_t len;
	unsigned int left; /* until the search is ended; 0: never */
	bool watch;
	enum irqm_writing writing; /* of the last one */
};

static int setup(void **state)
{
	struct tree *t = calloc(1, sizeof(*t));

	strcpy(t->top, "/tmp/test_find-XXXXXX");
	*state = t;
	return mkdtemp(t->top) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *st, int flag,
		      struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static int teardown(void **state)
{
	struct tree *t = *state;

	nftw(t->top, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(t);
	return 0;
}

static const char *at(const struct tree *t, const char *name)
{
	static char paths[4][128];
	static unsigned int next;
	char *path = paths[next++ % 4];

	snprintf(path, 128, "%s/%s", t->top, name);
	return path;
}

static void put(const struct tree *t, const char *name, const void *data,
		size_t len)
{
	FILE *out = fopen(at(t, name), "w");

	assert_non_null(out);
	assert_int_equal(fwrite(data, 1, len, out), len);
	fclose(out);
}

/* And lets go of them. */
static void put_bytes(const struct tree *t, const char *name, struct bytes b)
{
	put(t, name, b.data, b.len);
	free(b.data);
}

static void directory(const struct tree *t, const char *name)
{
	assert_int_equal(mkdir(at(t, name), 0700), 0);
}

static bool found(void *ctx, const struct irqm_found *f)
{
	struct tree *t = ctx;
	unsigned int i;

	for (i = 0; i < f->nr; i++)
		t->len += snprintf(t->text + t->len, sizeof(t->text) - t->len,
				   "%s%s", i ? " " : "",
				   f->paths[i] + strlen(t->top));
	t->len += snprintf(t->text + t->len, sizeof(t->text) - t->len, "%s%s\n",
			   f->reason ? "|" : "", f->reason ? f->reason : "");
	t->writing = f->writing;
	return !t->left || --t->left;
}

static bool seen_directory(void *ctx, const char *path)
{
	(void)ctx;
	(void)path;
	return true;
}

static int search(struct tree *t, const char *const paths[], unsigned int nr)
{
	struct irqm_error err;

	t->len = 0;
	t->text[0] = '\0';
	return irqm_find_dumps(
		&(struct irqm_dump_finder){ .found = found,
					    .directory = seen_directory,
					    .ctx = t,
					    .watch = t->watch },
		paths, nr, &err);
}

static void finds(struct tree *t, const char *want)
{
	const char *top = t->top;

	assert_int_equal(search(t, &top, 1), 0);
	assert_string_equal(t->text, want);
}

static void test_links_and_loops(void **state)
{
	struct tree *t = *state;
	const char *given;

	put_bytes(t, "a", fake_elf());
	directory(t, "d");
	put_bytes(t, "d/b", fake_kdump(0, FAKE_PAGES, false));
	assert_int_equal(symlink(t->top, at(t, "d/up")), 0);
	assert_int_equal(symlink("loop", at(t, "loop")), 0);
	assert_int_equal(symlink("vmcore", at(t, "vmcore")), 0);
	assert_int_equal(symlink("nowhere", at(t, "vmcore.old")), 0);
	assert_int_equal(symlink("../a", at(t, "d/again")), 0);
	assert_int_equal(
		linkat(AT_FDCWD, at(t, "a"), AT_FDCWD, at(t, "d/hard"), 0), 0);
	finds(t, "/a\n"
		 "/vmcore|a symbolic link: Too many levels of symbolic links\n"
		 "/vmcore.old|a symbolic link: No such file or directory\n"
		 "/d/b\n");
	/* a link that the user gave is followed */
	given = at(t, "d/up");
	assert_int_equal(search(t, &given, 1), 0);
	assert_non_null(strstr(t->text, "/d/up/a\n"));
}

/* A FIFO would be waited for, for ever. */
static void test_not_opened(void **state)
{
	struct tree *t = *state;
	const char *named;

	assert_int_equal(mkfifo(at(t, "dump.fifo"), 0600), 0);
	assert_int_equal(mkfifo(at(t, "other"), 0600), 0);
	put(t, "vmcore", "", 0);
	put(t, "empty", "", 0);
	put(t, "text", "no dump", 7);
	put(t, "vmcore-dmesg.txt", "no dump", 7);
	put(t, "dump.sha256", "no dump", 7);
	put(t, "x.dump", "no dump", 7);
	finds(t, "/dump.fifo|a FIFO; save the dump to a file first\n"
		 "/vmcore|an empty file; the dump was not written\n"
		 "/x.dump\n");
	named = at(t, "text");
	assert_int_equal(search(t, &named, 1), 0);
	assert_string_equal(t->text, "/text\n");
	named = at(t, "other");
	assert_int_equal(search(t, &named, 1), 0);
	assert_non_null(strstr(t->text, "a FIFO"));
	named = at(t, "missing");
	assert_int_equal(search(t, &named, 1), 0);
	assert_non_null(strstr(t->text, "No such file"));
}

/* In their order of pages, whatever they are called; another set is another. */
static void test_sets(void **state)
{
	struct tree *t = *state;
	const char *paths[2];

	put_bytes(t, "b", fake_kdump(0, 70, true));
	put_bytes(t, "a", fake_kdump(70, FAKE_PAGES, true));
	put_bytes(t, "z", fake_kdump(0, FAKE_PAGES, false));
	directory(t, "d");
	put_bytes(t, "d/a", fake_kdump(0, 70, true));
	finds(t, "/z\n/b /a\n/d/a\n");
	paths[0] = at(t, "a");
	paths[1] = at(t, "d/a");
	assert_int_equal(search(t, paths, 2), 0);
	assert_string_equal(t->text, "/d/a /a\n");
}

static void test_ended(void **state)
{
	struct tree *t = *state;
	const char *top = t->top;

	put_bytes(t, "a", fake_elf());
	put_bytes(t, "b", fake_kdump(0, FAKE_PAGES, false));
	t->left = 1;
	assert_int_equal(search(t, &top, 1), -1);
	assert_string_equal(t->text, "/a\n");
}

static void test_written(void **state)
{
	struct tree *t = *state;
	int fd;

	t->watch = true;
	put_bytes(t, "vmcore", fake_elf());
	finds(t, "/vmcore\n");
	assert_int_equal(t->writing, IRQM_WRITTEN);
	fd = open(at(t, "vmcore"), O_WRONLY);
	finds(t, "/vmcore\n");
	assert_int_equal(t->writing, IRQM_WRITING);
	close(fd);
	assert_int_equal(rename(at(t, "vmcore"), at(t, "dump-incomplete.zst")),
			 0);
	finds(t, "/dump-incomplete.zst\n");
	assert_int_equal(t->writing, IRQM_WRITING);
}

static void test_names(void **state)
{
	(void)state;
	assert_true(irqm_is_dump_name("vmcore"));
	assert_true(irqm_is_dump_name("web1-VMCORE.3.zst"));
	assert_true(irqm_is_dump_name("dump.202611211200"));
	assert_true(irqm_is_dump_name("x.kdump"));
	assert_true(irqm_is_dump_name("x.FLAT"));
	assert_false(irqm_is_dump_name(".flat"));
	assert_false(irqm_is_dump_name("vmcore-dmesg.txt"));
	assert_false(irqm_is_dump_name("dmesg.202611211200"));
	assert_false(irqm_is_dump_name("vmcore.sha256"));
	assert_false(irqm_is_dump_name("mydump"));
	assert_false(irqm_is_dump_name(""));
}

static struct irqm_dump_found found_of(const struct tree *t, const char *name)
{
	int fd = open(at(t, name), O_RDONLY);
	struct irqm_dump_found found;

	assert_true(fd >= 0);
	assert_true(irqm_dump_id(&fd, 1, &found));
	close(fd);
	return found;
}

static struct irqm_dump_id id_of(const struct tree *t, const char *name)
{
	return found_of(t, name).id;
}

/* Every byte of a file up to 16 MiB. */
static void test_dump_id(void **state)
{
	static const size_t sizes[] = { 1,      65535,
					65536,  65537,
					131071, 131072,
					200000, IRQM_DUMP_ID_WHOLE };
	static char data[IRQM_DUMP_ID_WHOLE];
	struct tree *t = *state;
	struct irqm_dump_id first, id;
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		const size_t places[] = { 0, sizes[i] / 2, sizes[i] - 1 };

		put(t, "f", data, sizes[i]);
		first = id_of(t, "f");
		assert_int_equal(first.size, sizes[i]);
		assert_int_equal(strlen(first.hash), IRQM_DUMP_HASH_LEN);
		for (k = 0; k < 3; k++) {
			data[places[k]] = 1;
			put(t, "f", data, sizes[i]);
			data[places[k]] = 0;
			id = id_of(t, "f");
			assert_string_not_equal(id.hash, first.hash);
		}
	}
	irqm_dump_id_unread(at(t, "f"), &first);
	irqm_dump_id_unread(at(t, "g"), &id);
	assert_int_equal(first.size, sizes[i - 1]);
	assert_int_equal(id.size, 0);
	assert_string_not_equal(id.hash, first.hash);
}

/*
 * Of a larger file blocks everywhere: no 1/100 of it can be missing unseen, and
 * both ends count.
 */
static void test_dump_id_large(void **state)
{
	static const off_t size = 1LL << 30;
	static char junk[1 << 20];
	struct tree *t = *state;
	struct irqm_dump_id first;
	int fd = open(at(t, "f"), O_RDWR | O_CREAT, 0600);
	off_t i, part = size / 100, n;

	memset(junk, 1, sizeof(junk));
	assert_int_equal(ftruncate(fd, size), 0);
	first = id_of(t, "f");
	for (i = 0; i < 100; i += 33) {
		for (n = 0; n < part; n += sizeof(junk))
			assert_int_equal(pwrite(fd, junk, sizeof(junk),
						i * part + n),
					 sizeof(junk));
		assert_string_not_equal(id_of(t, "f").hash, first.hash);
		assert_int_equal(ftruncate(fd, 0), 0);
		assert_int_equal(ftruncate(fd, size), 0);
	}
	assert_int_equal(pwrite(fd, junk, 1, size - 1), 1);
	assert_string_not_equal(id_of(t, "f").hash, first.hash);
	close(fd);
}

/* A copy completed in place with its old time: rsync -t --inplace. */
static void test_files(void **state)
{
	struct timespec times[2] = { { 1, 0 }, { 1700000000, 5 } };
	struct tree *t = *state;
	const char *const paths[] = { at(t, "f") }, *const gone[] = { "/f/g" };
	struct irqm_dump_found first, again;
	char files[IRQM_DUMP_HASH_LEN + 1];

	put(t, "f", "one", 3);
	assert_int_equal(utimensat(AT_FDCWD, paths[0], times, 0), 0);
	first = found_of(t, "f");
	/* a moment ago: another change could have the same time */
	assert_false(first.settled);
	irqm_dump_files_at(paths, 1, files);
	assert_string_equal(files, first.files);
	usleep(20000); /* more than a tick */
	put(t, "f", "two", 3);
	assert_int_equal(utimensat(AT_FDCWD, paths[0], times, 0), 0);
	again = found_of(t, "f");
	assert_int_equal(again.id.mtime_ns, first.id.mtime_ns);
	assert_string_not_equal(again.files, first.files);
	irqm_dump_files_at(gone, 1, files);
	assert_string_equal(files, "");
}

static void test_dump_id_compare(void **state)
{
	static const struct irqm_dump_id a = { .size = 2,
					       .mtime_ns = 5,
					       .hash = "b" };
	struct irqm_dump_id b = a;

	(void)state;
	assert_int_equal(irqm_dump_id_compare(&a, &b), 0);
	strcpy(b.hash, "c");
	assert_true(irqm_dump_id_compare(&a, &b) < 0);
	assert_true(irqm_dump_id_compare(&b, &a) > 0);
	b.mtime_ns = 4;
	assert_true(irqm_dump_id_compare(&b, &a) < 0);
	b.size = 3;
	assert_true(irqm_dump_id_compare(&b, &a) > 0);
}

static void test_seen(void **state)
{
	struct irqm_seen s = { 0 };
	unsigned int i;

	(void)state;
	/* the same numbers on two devices, beyond what it began with */
	for (i = 0; i < 5000; i++)
		assert_int_equal(irqm_seen_add(&s, i % 2, i / 2), 1);
	for (i = 0; i < 5000; i++)
		assert_int_equal(irqm_seen_add(&s, i % 2, i / 2), 0);
	assert_int_equal(s.nr, 5000);
	irqm_seen_deinit(&s);
	assert_null(s.files);
}

int main(void)
{
#define TREE_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TREE_TEST(test_links_and_loops),
		TREE_TEST(test_not_opened),
		TREE_TEST(test_sets),
		TREE_TEST(test_ended),
		TREE_TEST(test_written),
		cmocka_unit_test(test_names),
		TREE_TEST(test_dump_id),
		TREE_TEST(test_dump_id_large),
		TREE_TEST(test_files),
		cmocka_unit_test(test_dump_id_compare),
		cmocka_unit_test(test_seen),
	};

	return RUN(tests);
}
