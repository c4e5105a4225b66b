/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are there whole or not at all. */
#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/new_file.h"

static char dir[64], path[96];
static struct irqm_error err;

static int setup(void **state)
{
	(void)state;
	umask(022);
	strcpy(dir, "/tmp/test_new_file-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/out", dir);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir); /* nothing else is in it */
}

static unsigned int names(void)
{
	DIR *d = opendir(dir);
	unsigned int nr = 0;

	while (readdir(d))
		nr++;
	closedir(d);
	return nr - 2;
}

static void put(const char *text, int mode, bool keep, int want)
{
	struct irqm_new_file f;

	assert_int_equal(irqm_new_file_open(&f, path, mode, &err), 0);
	fputs(text, f.out);
	assert_int_equal(irqm_new_file_finish(&f, keep, &err), want);
}

static void assert_content(const char *want)
{
	char got[64] = "";
	FILE *in = fopen(path, "r");

	assert_non_null(in);
	assert_non_null(fgets(got, sizeof(got), in));
	fclose(in);
	assert_string_equal(got, want);
}

static void test_finish(void **state)
{
	struct stat st;

	(void)state;
	put("one", 0640, true, 0);
	assert_content("one");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	put("two", 0600, true, -1);
	assert_non_null(strstr(err.msg, "File exists"));
	assert_content("one");
	put("three", 0600, false, 0);
	assert_content("three");
	assert_int_equal(names(), 1);
}

/* Until it is finished there is no name, so none is left of a kill. */
static void test_no_name(void **state)
{
	struct irqm_new_file f;

	(void)state;
	assert_int_equal(irqm_new_file_open(&f, path, 0600, &err), 0);
	fputs("half", f.out);
	fflush(f.out);
	if (!f.temp[0]) /* a file system that knows O_TMPFILE */
		assert_int_equal(names(), 0);
	irqm_new_file_drop(&f);
	assert_int_equal(names(), 0);
}

/* A link at the name is replaced, or stays; what it leads to is not touched. */
static void test_symlink(void **state)
{
	char victim[96];
	struct stat st;

	(void)state;
	put("victim", 0600, true, 0);
	snprintf(victim, sizeof(victim), "%s/victim", dir);
	assert_int_equal(rename(path, victim), 0);
	assert_int_equal(symlink(victim, path), 0);
	put("new", 0600, true, -1);
	assert_content("victim");
	put("new", 0600, false, 0);
	assert_content("new");
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISREG(st.st_mode));
	assert_int_equal(rename(victim, path), 0);
	assert_content("victim");
}

static void test_errors(void **state)
{
	struct irqm_new_file f;

	(void)state;
	assert_int_equal(irqm_new_file_open(&f, "/nowhere/at/all", 0600, &err),
			 -1);
	assert_string_equal(err.msg,
			    "/nowhere/at/all: No such file or directory");
	irqm_new_file_drop(&f);
}

static void test_mode_from(void **state)
{
	const char *const files[] = { path, "/nowhere" };

	(void)state;
	put("x", 0644, true, 0);
	assert_int_equal(irqm_mode_from(files, 2), 0644);
	assert_int_equal(chmod(path, 0400), 0);
	assert_int_equal(irqm_mode_from(files, 2), 0600);
	assert_int_equal(irqm_mode_from(NULL, 0), 0666);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_finish), TEST(test_no_name),   TEST(test_symlink),
		TEST(test_errors), TEST(test_mode_from),
	};

	return RUN(tests);
}
