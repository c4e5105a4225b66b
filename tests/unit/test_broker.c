/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The process that opens files for another, and what it refuses. */
#include "unit.h"

#include "command/broker.h"
#include "memory/dumpfile_known.h"
#include "memory/known/known.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char base[] = "/tmp/irqm-broker-XXXXXX", cache[64], dump[64];
static const char *const dumps[] = { dump };
static struct irqm_broker b;
static struct irqm_file_reply reply;

static void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static bool agrees(const void *ctx, int fd)
{
	(void)ctx;
	(void)fd;
	return true;
}

static bool refuses(const void *ctx, int fd)
{
	(void)ctx;
	(void)fd;
	return false;
}

static int start_broker(irqm_broker_confine *confine)
{
	struct irqm_files_local local = {
		.dump = dumps,
		.nr_dump = 1,
		.root = base,
		.cache_dir = cache,
	};

	return irqm_broker_start(&b, &local, confine, NULL);
}

/* It must not be left, nor be a zombie. */
static void stop_broker(void)
{
	irqm_broker_stop(&b);
	assert_int_equal(waitpid(-1, NULL, 0), -1);
	assert_int_equal(errno, ECHILD);
}

static int setup(void **state)
{
	(void)state;
	if (!base[0] || access(base, F_OK))
		assert_non_null(mkdtemp(base));
	snprintf(cache, sizeof(cache), "%s/known", base);
	snprintf(dump, sizeof(dump), "%s/dump", base);
	put(dump, "a dump");
	return start_broker(agrees);
}

static int teardown(void **state)
{
	(void)state;
	stop_broker();
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static int remove_all(void **state)
{
	(void)state;
	return nftw(base, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static int ask(const struct irqm_file_request *r)
{
	memset(&reply, 0xff, sizeof(reply));
	return b.files.open(b.files.ctx, r, &reply);
}

static void reads(int fd, const char *text)
{
	char buf[64] = "";

	assert_true(fd > 2);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	assert_int_equal(read(fd, buf, sizeof(buf) - 1), strlen(text));
	assert_string_equal(buf, text);
	close(fd);
}

static void test_dump(void **state)
{
	struct irqm_file_request r = { .kind = IRQM_FILE_DUMP };

	(void)state;
	reads(ask(&r), "a dump");
	assert_string_equal(reply.name, dump);
	r.nr = 1;
	assert_int_equal(ask(&r), -1);
	assert_int_equal(reply.flags, IRQM_FILE_END);
	unlink(dump);
	r.nr = 0;
	assert_int_equal(ask(&r), -1);
	assert_int_equal(reply.error, ENOENT);
}

static void test_temporary(void **state)
{
	const struct irqm_file_request r = { .kind = IRQM_FILE_TEMPORARY };
	struct stat st;
	int fd = ask(&r);

	(void)state;
	assert_true(fd > 2);
	assert_int_equal(write(fd, "x", 1), 1);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_nlink, 0);
	close(fd);
}

/* A folder and a file of that name, below the root of all places. */
static void put_below(const char *folder, const char *file)
{
	char path[128];

	snprintf(path, sizeof(path), "%s%s", base, folder);
	irqm_make_directories(path);
	snprintf(path, sizeof(path), "%s%s", base, file);
	put(path, "vmlinux");
}

/* A release and a build-id become part of a path. */
static void test_places(void **state)
{
	struct irqm_file_request r = { .kind = IRQM_FILE_PLACE,
				       .release = "6.1" };

	(void)state;
	put_below("/boot", "/boot/vmlinux-6.1");
	reads(ask(&r), "vmlinux");
	r.nr = reply.nr + 1;
	assert_int_equal(ask(&r), -1);
	assert_int_equal(reply.flags, IRQM_FILE_END);
	r.nr = 0;
	put_below("/lib/modules", "/lib/vmlinux");
	strcpy(r.release, "..");
	assert_int_equal(ask(&r), -1);
	put_below("/usr/lib/debug/.build-id", "/usr/x.debug");
	strcpy(r.release, "");
	strcpy(r.build_id, "../../../x");
	assert_int_equal(ask(&r), -1);
	/* none was given */
	r.kind = IRQM_FILE_VMLINUX;
	assert_int_equal(ask(&r), -1);
	assert_int_equal(reply.error, EINVAL);
	r.kind = IRQM_FILE_KERNELS;
	assert_int_equal(ask(&r), -1);
}

static void refused(const char *name, int error)
{
	struct irqm_file_request r = { .kind = IRQM_FILE_DWO };

	strcpy(r.name, name);
	assert_int_equal(ask(&r), -1);
	assert_int_equal(reply.error, error);
}

static void put_link(const char *to, const char *file)
{
	char path[128];

	snprintf(path, sizeof(path), "%s%s", base, file);
	unlink(path);
	assert_int_equal(symlink(to, path), 0);
}

/* Only .dwo files, and only below the directory of a vmlinux. */
static void test_dwo(void **state)
{
	struct irqm_file_request r = { .kind = IRQM_FILE_DWO,
				       .name = "kernel/irq/x.dwo" };
	struct irqm_file_request place = { .kind = IRQM_FILE_PLACE,
					   .release = "6.2" };
	char fifo[64];

	(void)state;
	put_below("/lib/modules/6.2/kernel/irq",
		  "/lib/modules/6.2/kernel/irq/x.dwo");
	put_below("/lib/modules/6.2", "/lib/modules/6.2/vmlinux");
	put_below("/lib/modules", "/lib/modules/x.dwo");
	refused("kernel/irq/x.dwo", EPERM); /* no vmlinux was opened */
	close(ask(&place));
	reads(ask(&r), "vmlinux");
	refused("../x.dwo", EPERM);
	refused("kernel/../../x.dwo", EPERM);
	refused("/etc/x.dwo", EPERM);
	refused("kernel//irq/x.dwo", EPERM);
	refused("vmlinux", EPERM);
	refused(".dwo", EPERM);
	refused("", EPERM);
	refused("kernel/x.dwo", ENOENT);
	put_link("../x.dwo", "/lib/modules/6.2/link.dwo");
	refused("link.dwo", ELOOP);
	put_link("..", "/lib/modules/6.2/up");
	refused("up/x.dwo", ENOTDIR);
	snprintf(fifo, sizeof(fifo), "%s/lib/modules/6.2/f.dwo", base);
	assert_true(mkfifo(fifo, 0600) == 0 || errno == EEXIST);
	refused("f.dwo", EPERM);
}

static void test_dwz(void **state)
{
	struct irqm_file_request r = { .kind = IRQM_FILE_DWZ,
				       .name = "x/common.debug" };

	(void)state;
	put_below("/usr/lib/debug/.dwz/x",
		  "/usr/lib/debug/.dwz/x/common.debug");
	reads(ask(&r), "vmlinux");
	put_below("/usr/lib/debug", "/usr/lib/debug/other.debug");
	strcpy(r.name, "../other.debug");
	assert_int_equal(ask(&r), -1);
	strcpy(r.name, "");
	assert_int_equal(ask(&r), -1);
}

/* An entry, as irqm_dumpfile_open() keeps them; byte says which. */
static struct irqm_known *open_cache(void)
{
	const char *names[NR_NAMES];
	struct irqm_error err;
	struct irqm_known *k;

	irqm_dumpfile_names(names);
	assert_int_equal(
		irqm_known_open_files(&b.files, names, NR_NAMES, &k, &err), 0);
	return k;
}

static int store(struct irqm_known *k, unsigned char byte, uint64_t value)
{
	static struct irqm_known_entry e;
	struct irqm_known_key key;
	struct irqm_error err;

	irqm_layout_finish(&e.layout);
	e.symbols[0] = value;
	irqm_known_key_begin(&key, k, &byte, 1);
	return irqm_known_store(k, &key, &e, &err);
}

static uint64_t load(struct irqm_known *k, unsigned char byte)
{
	static struct irqm_known_entry e;
	struct irqm_known_key key;
	struct irqm_error err;

	irqm_known_key_begin(&key, k, &byte, 1);
	return irqm_known_load(k, &key, &e, &err) == 0 ? e.symbols[0] : 0;
}

static void spoil_all(void)
{
	char path[512];
	struct dirent *d;
	DIR *o = opendir(cache);

	assert_non_null(o);
	while ((d = readdir(o))) {
		if (d->d_name[0] == '.' || strcmp(d->d_name, "secret") == 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", cache, d->d_name);
		put(path, "spoiled");
		chmod(path, 0600);
	}
	closedir(o);
}

/* Two entries for each dump, and none in the place of a good one. */
static void test_cache(void **state)
{
	struct irqm_known *k = open_cache();

	(void)state;
	assert_int_equal(store(k, 'a', 10), 0);
	assert_int_equal(load(k, 'a'), 10);
	assert_int_equal(store(k, 'a', 11), -1);
	assert_int_equal(load(k, 'a'), 10);
	assert_int_equal(store(k, 'b', 20), 0);
	assert_int_equal(store(k, 'c', 30), -1);
	assert_int_equal(load(k, 'c'), 0);
	irqm_known_close(k);
	stop_broker();
	/* one that is not good is replaced */
	spoil_all();
	assert_int_equal(start_broker(agrees), 0);
	k = open_cache();
	assert_int_equal(load(k, 'a'), 0);
	assert_int_equal(store(k, 'a', 12), 0);
	assert_int_equal(load(k, 'a'), 12);
	irqm_known_close(k);
}

/* No other file of the cache is an entry. */
static void test_cache_names(void **state)
{
	static const char *const names[] = {
		"",
		"secret",
		"../dump",
		"../../../../../../etc/hostname",
		"0123456789abcdef0123456789abcde",
		".",
		"/etc/hostname",
		"0123456789ABCDEF0123456789ABCDEF",
	};
	struct irqm_file_request r;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		memset(&r, 0, sizeof(r));
		strcpy(r.known, names[i]);
		r.kind = IRQM_FILE_KNOWN;
		assert_int_equal(ask(&r), -1);
		r.kind = IRQM_FILE_KEEP;
		memset(&reply, 0xff, sizeof(reply));
		b.files.keep(b.files.ctx, &r, "x", 1, &reply);
		assert_true(reply.error > 0);
	}
	/* nothing is opened for it */
	assert_int_equal(ask(&r), -1);
}

/* It ends with the first request that is none. */
static void is_end(const void *data, size_t size)
{
	/* the first file of the dump is not asked for */
	const struct irqm_file_request r = { .kind = IRQM_FILE_DUMP, .nr = 1 };

	assert_int_equal(send(b.fd, data, size, MSG_NOSIGNAL), size);
	assert_int_equal(recv(b.fd, &reply, sizeof(reply), 0), 0);
	assert_int_equal(ask(&r), -1);
	assert_int_equal(reply.error, EPIPE);
	stop_broker();
	assert_int_equal(start_broker(agrees), 0);
}

static void test_no_request(void **state)
{
	static char large[sizeof(struct irqm_file_request) +
			  IRQM_FILE_KEEP_MAX + 1];
	struct irqm_file_request r = { .kind = IRQM_NR_FILE_KINDS };

	(void)state;
	is_end(&r, sizeof(r));
	is_end("x", 1);
	r.kind = IRQM_FILE_DUMP;
	is_end(&r, sizeof(r) - 1);
	memcpy(large, &r, sizeof(r));
	is_end(large, sizeof(r) + 1);
	r.kind = IRQM_FILE_KEEP;
	memcpy(large, &r, sizeof(r));
	is_end(large, sizeof(large));
	memset(r.release, 'x', sizeof(r.release));
	r.kind = IRQM_FILE_PLACE;
	is_end(&r, sizeof(r));
	memset(r.release, 0, sizeof(r.release));
	memset(r.build_id, 'x', sizeof(r.build_id));
	is_end(&r, sizeof(r));
	memset(r.build_id, 0, sizeof(r.build_id));
	memset(r.known, 'x', sizeof(r.known));
	is_end(&r, sizeof(r));
	memset(r.known, 0, sizeof(r.known));
	memset(r.name, 'x', sizeof(r.name));
	is_end(&r, sizeof(r));
}

static void test_not_confined(void **state)
{
	/* the first file of the dump is not asked for */
	const struct irqm_file_request r = { .kind = IRQM_FILE_DUMP, .nr = 1 };

	(void)state;
	stop_broker();
	assert_int_equal(start_broker(refuses), 0);
	assert_int_equal(ask(&r), -1);
	assert_true(reply.error == EPIPE || reply.error == ECONNRESET);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_dump),         TEST(test_temporary),
		TEST(test_places),       TEST(test_dwo),
		TEST(test_dwz),          TEST(test_cache),
		TEST(test_cache_names),  TEST(test_no_request),
		TEST(test_not_confined),
	};

	return cmocka_run_group_tests(tests, NULL, remove_all);
}
