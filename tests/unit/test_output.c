/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that cannot be written to their end, or be told apart by their times. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "distill/output.h"
#include "fleet/find/dump_id.h"

static char dir[] = "/tmp/test_output.XXXXXX";

static int make_dir(void **state)
{
	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	return mkdtemp(dir) ? 0 : -1;
}

/* Fails if anything is left in it. */
static int remove_dir(void **state)
{
	(void)state;
	return rmdir(dir);
}

/* Files may have so many bytes. */
static void limit_files(rlim_t bytes)
{
	struct rlimit limit;

	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* Bytes that zstd makes nothing of. */
static void fill(unsigned char *data, size_t len)
{
	uint64_t x = 1;

	while (len--) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		*data++ = x;
	}
}

/* Writes so much to the file, in pieces; what came of it. */
static int written(const char *name, size_t len, struct irqm_error *err)
{
	static unsigned char data[1 << 20];
	struct irqm_output *out;
	char path[64];
	uint64_t size;

	fill(data, sizeof(data));
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	out = irqm_output_new(path, err);
	assert_non_null(out);
	assert_int_equal(irqm_output_frame(out, len, err), 0);
	for (; len; len -= len < sizeof(data) ? len : sizeof(data)) {
		if (irqm_output_write(out, data,
				      len < sizeof(data) ? len : sizeof(data),
				      err)) {
			irqm_output_drop(out);
			return -1;
		}
	}
	return irqm_output_close(out, &size, err);
}

/* Whether it shows at once or in the end: nothing is left, and why is said. */
static void test_no_room(void **state)
{
	static const struct {
		const char *name;
		size_t len;
	} files[] = {
		{ "plain", 4 << 20 },
		{ "packed.zst", 4 << 20 },
		/* what a stream keeps back until it is closed */
		{ "short", 1000 },
		{ "short.zst", 1000 },
		{ "middle.zst", 100000 },
	};
	struct irqm_error err;
	char want[128];
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		limit_files(500);
		assert_int_equal(written(files[i].name, files[i].len, &err),
				 -1);
		limit_files(RLIM_INFINITY);
		snprintf(want, sizeof(want), "%s/%s: %s", dir, files[i].name,
			 strerror(EFBIG));
		assert_string_equal(err.msg, want);
		/* or another try would say that it is there */
		assert_int_equal(rmdir(dir), 0);
		assert_int_equal(mkdir(dir, 0700), 0);
	}
}

/* What is no file has no hash. */
static void test_no_id(void **state)
{
	int fds[] = { open(dir, O_RDONLY), -1 };
	struct irqm_dump_found id;

	(void)state;
	assert_true(fds[0] >= 0);
	assert_false(irqm_dump_id(fds, 1, &id));
	close(fds[0]);
	assert_false(irqm_dump_id(fds + 1, 1, &id));
}

/* A file out of an archive has any time: here of the years 3000 and 2. */
static void test_odd_times(void **state)
{
	struct timespec times[2] = { { 0, 0 }, { 32503680000, 5 } };
	struct irqm_dump_found found;
	struct irqm_dump_id unread;
	struct stat st;
	char path[] = "/dev/shm/test_output.XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	if (fd < 0)
		skip(); /* most others know no such years */
	assert_int_equal(futimens(fd, times), 0);
	assert_true(irqm_dump_id(&fd, 1, &found));
	irqm_dump_id_unread(path, &unread);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mtim.tv_sec, times[1].tv_sec);
	assert_int_equal(found.id.mtime_ns, INT64_MAX);
	assert_int_equal(unread.mtime_ns, INT64_MAX);
	times[1].tv_sec = -62000000000;
	assert_int_equal(futimens(fd, times), 0);
	assert_true(irqm_dump_id(&fd, 1, &found));
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mtim.tv_sec, times[1].tv_sec);
	assert_int_equal(found.id.mtime_ns, INT64_MIN);
	close(fd);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_no_id),
		cmocka_unit_test(test_odd_times),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
