/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "memory/input/tempfile.h"

#include <errno.h>
#include <unistd.h>

#define BLOCK 4096

static char dir[] = "/tmp/test_tempfile-XXXXXX";

static struct irqm_tempfile new_file(uint64_t limit)
{
	struct irqm_tempfile t = { .fd = -1, .limit = limit, .name = "dump" };
	struct irqm_error err;

	if (irqm_tempfile_open(&t, &err))
		fail_msg("%s", err.msg);
	return t;
}

/* The file is those bytes, and no more. */
static void assert_bytes(struct irqm_tempfile *t, const void *want, size_t len)
{
	unsigned char *got = malloc(len + 1);
	struct irqm_error err;

	assert_int_equal(irqm_tempfile_finish(t, &err), 0);
	assert_int_equal(t->size, len);
	assert_int_equal(pread(t->fd, got, len + 1, 0), len);
	assert_memory_equal(got, want, len);
	free(got);
	close(t->fd);
}

static void put(struct irqm_tempfile *t, unsigned char *image, uint64_t at,
		const void *data, size_t len)
{
	struct irqm_error err;

	assert_int_equal(irqm_tempfile_write(t, at, data, len, &err), 0);
	memcpy(image + at, data, len);
}

/* Blocks of zeros cost nothing, wherever in a piece, and at the end too. */
static void test_holes(void **state)
{
	struct irqm_tempfile t = new_file(1 << 20);
	unsigned char image[12 * BLOCK] = { 0 }, data[5 * BLOCK];

	(void)state;
	memset(data, 'x', sizeof(data));
	memset(data + BLOCK, 0, BLOCK);
	data[3 * BLOCK - 1] = '\0';
	put(&t, image, 0, data, sizeof(data));
	assert_int_equal(t.written, 4 * BLOCK);
	/* 100 bytes of zeros end one block, 3996 begin another */
	memset(data, 0, BLOCK + 4096);
	put(&t, image, 6 * BLOCK - 100, data, BLOCK + 4096);
	assert_int_equal(t.written, 4 * BLOCK);
	data[99] = 'y';
	put(&t, image, 9 * BLOCK - 100, data, BLOCK + 4096);
	/* all of the block */
	assert_int_equal(t.written, 5 * BLOCK);
	assert_bytes(&t, image, 11 * BLOCK - 100);
}

/* Zeros replace what was there. */
static void test_zeros_over(void **state)
{
	struct irqm_tempfile t = new_file(1 << 20);
	unsigned char image[3 * BLOCK] = { 0 }, data[2 * BLOCK];

	(void)state;
	memset(data, 'x', sizeof(data));
	put(&t, image, BLOCK, data, sizeof(data));
	memset(data, 0, sizeof(data));
	put(&t, image, 0, data, sizeof(data));
	assert_bytes(&t, image, sizeof(image));
}

static void test_limit(void **state)
{
	struct irqm_tempfile t = new_file(10 << 20);
	struct irqm_error err;
	char *data = malloc(10 << 20);

	(void)state;
	memset(data, 'x', 10 << 20);
	assert_int_equal(irqm_tempfile_write(&t, 0, data, 10 << 20, &err), 0);
	assert_int_equal(irqm_tempfile_write(&t, 0, data, 1, &err), -1);
	assert_non_null(strstr(err.msg, "limit of 10 MB"));
	close(t.fd);
	t = new_file(10 << 20);
	t.needed = 30 << 20;
	/* at once, not when the limit is reached */
	assert_int_equal(irqm_tempfile_write(&t, 0, data, 1, &err), -1);
	assert_non_null(strstr(err.msg, "about 30 MB"));
	assert_non_null(strstr(err.msg, "limit is 10 MB"));
	close(t.fd);
	free(data);
}

static void test_offsets(void **state)
{
	struct irqm_tempfile t = new_file(1 << 20);
	struct irqm_error err;

	(void)state;
	assert_int_equal(irqm_tempfile_write(&t, IRQM_TEMPFILE_MAX - 1, "x", 2,
					     &err),
			 -1);
	assert_non_null(strstr(err.msg, "offset"));
	assert_int_equal(irqm_tempfile_write(&t, UINT64_MAX, "x", 1, &err), -1);
	assert_int_equal(t.written, 0);
	close(t.fd);
	/* a full disk, as if */
	t.fd = -1;
	t.needed = 3 << 20;
	t.limit = 4 << 20;
	assert_int_equal(irqm_tempfile_write(&t, 0, "x", 1, &err), -1);
	assert_non_null(strstr(err.msg, "about 3 MB"));
	assert_non_null(strstr(err.msg, strerror(EBADF)));
	assert_int_equal(irqm_tempfile_finish(&t, &err), -1);
}

/* $TMPDIR, if it is absolute; nothing is left there even while it is open. */
static void test_directory(void **state)
{
	struct irqm_tempfile t = { .fd = -1, .name = "dump" };
	struct irqm_error err;

	(void)state;
	setenv("TMPDIR", dir, 1);
	t = new_file(1 << 20);
	assert_int_equal(rmdir(dir), 0);
	close(t.fd);
	assert_int_equal(irqm_tempfile_open(&t, &err), -1);
	assert_non_null(strstr(err.msg, dir));
	assert_non_null(strstr(err.msg, strerror(ENOENT)));
	setenv("TMPDIR", "nowhere", 1);
	t = new_file(1 << 20);
	close(t.fd);
	unsetenv("TMPDIR");
	t = new_file(1 << 20);
	close(t.fd);
}

/* What is kept free of the file system. */
static void test_spare(void **state)
{
	(void)state;
	assert_int_equal(irqm_tempfile_spare(1ULL << 40, 1ULL << 36),
			 (1ULL << 36) - (1ULL << 30));
	assert_int_equal(irqm_tempfile_spare(1000, 300), 200);
	assert_int_equal(irqm_tempfile_spare(1000, 100), 0);
	assert_int_equal(irqm_tempfile_spare(1ULL << 40, 1ULL << 29), 0);
	assert_int_equal(irqm_tempfile_spare(0, 0), 0);
}

static int make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_holes),
		cmocka_unit_test(test_zeros_over),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_offsets),
		cmocka_unit_test(test_directory),
		cmocka_unit_test(test_spare),
	};

	return cmocka_run_group_tests(tests, make_dir, NULL);
}
