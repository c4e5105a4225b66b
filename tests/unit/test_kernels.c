/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of learned kernels that are added to; names in packages. */
#include "learned.h"

#include <sys/stat.h>

#include "files.h"
#include "learn/kernels.h"
#include "learn/package.h"
#include "libirqmatrix.h"
#include "memory/learned/search.h"

static char path[128];
static unsigned char id; /* the last byte of the build-id */

static int setup(void **state)
{
	if (folder_make(state) || learned_setup(state))
		return -1;
	snprintf(path, sizeof(path), "%s/k", folder);
	id = kernel->build.note[IRQM_BUILD_ID_HEADER + 19];
	return 0;
}

static int teardown(void **state)
{
	learned_teardown(state);
	return folder_remove(state);
}

/* Puts the kernel in; the build-id ends in last. */
static void put(struct irqm_kernels *f, unsigned char last, bool replaces)
{
	bool replaced;
	size_t size;

	kernel->build.note[IRQM_BUILD_ID_HEADER + 19] = last;
	assert_int_equal(irqm_kernels_put(f, kernel, &replaced, &size, &err),
			 0);
	assert_int_equal(replaced, replaces);
	assert_true(size > 5000 && size < 50000);
}

static struct irqm_kernels *reopen(unsigned int nr)
{
	struct irqm_kernels *f = irqm_kernels_open(path, &err);
	uint64_t size;

	assert_non_null(f);
	assert_int_equal(irqm_kernels_count(f, &size), nr);
	return f;
}

static void test_put(void **state)
{
	struct irqm_kernels *f = reopen(0);
	uint64_t size;
	struct stat st;

	(void)state;
	put(f, 1, false);
	put(f, 2, false);
	put(f, 1, true);
	assert_int_equal(irqm_kernels_count(f, &size), 2);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(irqm_kernels_write(f, &err), 0);
	irqm_kernels_close(f);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, size);
	f = reopen(2);
	put(f, 2, true);
	put(f, 3, false);
	assert_int_equal(irqm_kernels_write(f, &err), 0);
	irqm_kernels_close(f);
	f = reopen(3);
	put(f, 4, false);
	irqm_kernels_close(f); /* and nothing is left of it */
	irqm_kernels_close(reopen(3));
	assert_int_equal(unlink(path), 0);
}

/* What was there is not lost, whatever it is. */
static void test_old(void **state)
{
	struct irqm_kernels *f = reopen(0);
	size_t len, len2;
	char *old;
	int fd;

	(void)state;
	put(f, 1, false);
	assert_int_equal(irqm_kernels_write(f, &err), 0);
	irqm_kernels_close(f);
	/* one that cannot be used: its sum is wrong, a variable is missing */
	old = file_bytes(path, &len);
	memcpy(strstr(old, "symbol vector_matrix"), "symbol later_version", 20);
	fd = open(path, O_WRONLY | O_TRUNC);
	assert_int_equal(write(fd, old, len), len);
	close(fd);
	f = reopen(1);
	put(f, 2, false);
	assert_int_equal(irqm_kernels_write(f, &err), 0);
	irqm_kernels_close(f);
	free(old);
	old = file_bytes(path, &len2);
	assert_true(len2 > len);
	assert_non_null(strstr(old, "symbol later_version"));
	free(old);
	/* learned again, it is replaced */
	f = reopen(2);
	put(f, 1, true);
	assert_int_equal(irqm_kernels_write(f, &err), 0);
	irqm_kernels_close(f);
	old = file_bytes(path, NULL);
	assert_null(strstr(old, "later_version"));
	free(old);
	/* cut: refused, and it stays */
	assert_int_equal(truncate(path, len - 1), 0);
	assert_null(irqm_kernels_open(path, &err));
	assert_non_null(strstr(err.msg, "truncated"));
	assert_int_equal(unlink(path), 0);
	assert_null(irqm_kernels_open(folder, &err));
	assert_null(irqm_kernels_open("/nonexistent/k", &err));
}

/* The whole document, to free(). */
static char *document(struct irqmatrix *m)
{
	const char *dump = "tests/data/distilled/dwarf/"
			   "bookworm.small-small.zst";
	char *s;

	assert_int_equal(irqmatrix_read_dump(m, &dump, 1), 0);
	s = irqmatrix_json(m, true);
	assert_non_null(s);
	return s;
}

/* Through the public library: as with the vmlinux. */
static void test_api(void **state)
{
	struct irqmatrix *m = irqmatrix_new();
	struct irqm_kernels *f = reopen(0);
	const char *dump = VMLINUX;
	char *with, *learned;

	(void)state;
	put(f, id, false);
	assert_int_equal(irqm_kernels_write(f, &err), 0);
	irqm_kernels_close(f);
	assert_int_equal(irqmatrix_set_kernels(m, "/nonexistent"), 0);
	assert_int_equal(irqmatrix_read_dump(m, &dump, 1), -1);
	assert_int_equal(irqmatrix_set_kernels(m, path), 0);
	learned = document(m);
	assert_int_equal(irqmatrix_set_kernels(m, NULL), 0);
	assert_int_equal(irqmatrix_set_vmlinux(m, VMLINUX), 0);
	with = document(m);
	assert_string_equal(learned, with);
	free(with);
	free(learned);
	irqmatrix_free(m);
	assert_int_equal(unlink(path), 0);
}

static void test_names(void **state)
{
	static const char *const yes[] = {
		"./usr/lib/debug/boot/vmlinux-6.1.0-57-amd64",
		"./usr/lib/debug/lib/modules/4.18.0-147.el8.x86_64/vmlinux",
		"/usr/lib/debug/boot/vmlinux-5.3.18-57-default.debug",
		"/usr/lib/debug/usr/lib/modules/5.14/vmlinux.debug",
		"boot/vmlinux-5.3.18-57-default.gz",
		"vmlinux",
		"usr/lib/debug/.build-id/a2/bd6265.debug",
	};
	static const char *const no[] = {
		"boot/vmlinuz-6.1",
		"usr/lib/debug/lib/modules/6.1/ext4.ko",
		"lib/modules/6.1/vmlinux-gdb.py",
		"usr/share/vmlinux/x",
		"boot/vmlinuxes",
		"usr/lib/debug/.build-id/a2/bd6265",
		"usr/lib/debug/.build-id/a2/ext4.ko.debug",
		"",
		"/",
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(yes); i++)
		if (!irqm_package_is_vmlinux(yes[i]))
			fail_msg("%s is none", yes[i]);
	for (i = 0; i < ARRAY_SIZE(no); i++)
		if (irqm_package_is_vmlinux(no[i]))
			fail_msg("%s is one", no[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_put),
		cmocka_unit_test(test_old),
		cmocka_unit_test(test_api),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
