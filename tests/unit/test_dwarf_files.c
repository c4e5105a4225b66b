/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DWARF in several files, which another process may have to open. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../layout/print_layout.h"
#include "memory/files_local.h"
#include "memory/known/dir.h"
#include "memory/vmlinux/elf_file.h"
#include "memory/vmlinux/vmlinux.h"

static char root[] = "/tmp/irqm-dwarf-XXXXXX";
static struct irqm_files_local local;
static struct irqm_file_request asked; /* the last one */
static unsigned int nr_asked;
static struct irqm_error err;

static int watch(void *ctx, const struct irqm_file_request *r,
		 struct irqm_file_reply *reply)
{
	(void)ctx;
	asked = *r;
	nr_asked++;
	return local.files.open(local.files.ctx, r, reply);
}

static const struct irqm_files files = { .open = watch };

/* A file in memory: libdw cannot see which directory it is from. */
static int in_memory(const char *path)
{
	int to = memfd_create("vmlinux", MFD_CLOEXEC);
	struct stat st;
	int fd;

	local = (struct irqm_files_local){ .root = root, .vmlinux = path };
	irqm_files_local_init(&local);
	fd = irqm_vmlinux_given(&files, &err);
	assert_true(fd >= 0 && to >= 0 && fstat(fd, &st) == 0);
	assert_int_equal(sendfile(to, fd, NULL, st.st_size), st.st_size);
	close(fd);
	return to;
}

static char *text_of(struct irqm_layout *l)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	print_layout(f, l);
	fclose(f);
	return text;
}

/* To free(); NULL with err. */
static char *layout_of(const char *path)
{
	static struct irqm_layout l;
	struct irqm_elf_file f;
	const char *types;
	int rc;

	assert_int_equal(irqm_elf_take(&f, in_memory(path), &files, &err), 0);
	nr_asked = 0;
	rc = irqm_elf_layout(&f, &files, &l, &types, &err);
	irqm_elf_close(&f);
	irqm_files_local_deinit(&local);
	return rc ? NULL : text_of(&l);
}

static void is_layout(const char *path, const char *reference)
{
	char *wanted = layout_of(reference), *got = layout_of(path);

	assert_non_null(wanted);
	if (!got)
		fail_msg("%s: %s", path, err.msg);
	assert_string_equal(got, wanted);
	free(got);
	free(wanted);
}

static void fails(const char *path, const char *why)
{
	assert_null(layout_of(path));
	if (!strstr(err.msg, why))
		fail_msg("\"%s\" lacks \"%s\"", err.msg, why);
}

static void put(const char *from, const char *to)
{
	char path[512];
	struct stat st;
	int in = open(from, O_RDONLY | O_CLOEXEC), out;

	snprintf(path, sizeof(path), "%s/%s", root, to);
	*strrchr(path, '/') = '\0';
	irqm_make_directories(path);
	snprintf(path, sizeof(path), "%s/%s", root, to);
	unlink(path);
	out = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(in >= 0 && out >= 0 && fstat(in, &st) == 0);
	assert_int_equal(sendfile(out, in, NULL, st.st_size), st.st_size);
	close(in);
	close(out);
}

/* The vmlinux and its .dwo files are not where they were made. */
static void test_dwo(void **state)
{
	char away[64];

	(void)state;
	is_layout(SAMPLES "/moved-4/sample", SAMPLES "/sample-gcc-4");
	assert_int_equal(asked.kind, IRQM_FILE_DWO);
	is_layout(SAMPLES "/moved-5/sample", SAMPLES "/sample-gcc-5");
	assert_int_equal(asked.kind, IRQM_FILE_DWO);
	/* a link to the vmlinux leads to them, a copy does not */
	snprintf(away, sizeof(away), "%s/vmlinux", root);
	assert_int_equal(symlink(SAMPLES "/moved-5/sample", away), 0);
	is_layout(away, SAMPLES "/sample-gcc-5");
	assert_int_equal(unlink(away), 0);
	put(SAMPLES "/moved-5/sample", "vmlinux");
	fails(away, "its types are in .dwo files");
}

static void test_dwz(void **state)
{
	const char *sample = SAMPLES "/dwz/sample";
	const char *common = SAMPLES "/dwz/common.debug";
	const char *by_name = "usr/lib/debug/.dwz/x/common.debug";
	char by_id[64 + 2 * IRQM_BUILD_ID_HEX];

	(void)state;
	if (access(sample, F_OK))
		skip(); /* no dwz */
	fails(sample, "its types are in another file");
	assert_int_equal(asked.kind, IRQM_FILE_DWZ);
	assert_string_equal(asked.name, "x/common.debug");
	snprintf(by_id, sizeof(by_id),
		 "usr/lib/debug/.build-id/%.2s/%.*s.debug", asked.build_id,
		 IRQM_BUILD_ID_HEX, asked.build_id + 2);
	put(common, by_name);
	is_layout(sample, SAMPLES "/sample-gcc-4");
	/* of another build */
	put(sample, by_name);
	fails(sample, "its types are in another file");
	put(common, by_id);
	is_layout(sample, SAMPLES "/sample-gcc-4");
}

/* Whoever asks may have been taken over, and ask for ever. */
static void test_bound(void **state)
{
	struct irqm_file_request r = { .kind = IRQM_FILE_DWO,
				       .name = "absent.dwo" };
	struct irqm_file_reply reply;
	unsigned int i;

	(void)state;
	close(in_memory(SAMPLES "/moved-5/sample"));
	for (i = 0; i < 1 << 16; i++) {
		assert_int_equal(watch(NULL, &r, &reply), -1);
		assert_int_equal(reply.error, ENOENT);
	}
	assert_int_equal(watch(NULL, &r, &reply), -1);
	assert_int_equal(reply.error, EPERM);
	irqm_files_local_deinit(&local);
}

static int make_root(void **state)
{
	(void)state;
	return mkdtemp(root) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static int remove_root(void **state)
{
	(void)state;
	return nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dwo),
		cmocka_unit_test(test_dwz),
		cmocka_unit_test(test_bound),
	};

	return cmocka_run_group_tests(tests, make_root, remove_root);
}
