/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which dump --latest takes, in a tree of our own. */
#include "unit.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/latest.h"

static char root[64], path[256];
static struct irqm_latest found;
static struct irqm_error err;

static int setup(void **state)
{
	(void)state;
	strcpy(root, "/tmp/test_latest-XXXXXX");
	return mkdtemp(root) ? 0 : -1;
}

static int remove_one(const char *name, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(name);
}

static int teardown(void **state)
{
	(void)state;
	return nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* Makes the directories of a path below root, and sets path. */
static void make_way(const char *name)
{
	char *slash;

	snprintf(path, sizeof(path), "%s%s", root, name);
	for (slash = path + strlen(root) + 1; (slash = strchr(slash, '/'));
	     slash++) {
		*slash = '\0';
		mkdir(path, 0755);
		*slash = '/';
	}
}

static void put(const char *name, const char *text, time_t modified)
{
	struct timespec times[2] = { { 1, 0 }, { modified, 5 } };
	FILE *out;

	make_way(name);
	out = fopen(path, "we");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void assert_found(const char *name, time_t modified)
{
	assert_int_equal(irqm_latest_find(root, &found, &err), 0);
	assert_string_equal(found.path + strlen(root), name);
	assert_int_equal(found.modified, modified);
}

static void assert_not_found(const char *says)
{
	assert_int_equal(irqm_latest_find(root, &found, &err), -1);
	if (!strstr(err.msg, says))
		fail_msg("\"%s\" is not in: %s", says, err.msg);
}

static void test_names(void **state)
{
	(void)state;
	assert_not_found("no dump below /var/crash;");
	put("/var/crash/10.0.0.1-2026-01-01-10:00:00/vmcore", "", 100);
	assert_found("/var/crash/10.0.0.1-2026-01-01-10:00:00/vmcore", 100);
	put("/var/crash/2/vmcore.flat", "", 200);
	assert_found("/var/crash/2/vmcore.flat", 200);
	put("/var/crash/202601/dump.202601", "", 300);
	assert_found("/var/crash/202601/dump.202601", 300);
	put("/var/crash/4/vmcore-incomplete", "", 400);
	assert_found("/var/crash/4/vmcore-incomplete", 400);
	/* what is beside a dump is newer than it */
	put("/var/crash/4/vmcore-dmesg.txt", "", 500);
	put("/var/crash/4/kexec-dmesg.log", "", 500);
	put("/var/crash/202601/dmesg.202601", "", 500);
	put("/var/crash/linux-image-6.1.crash", "", 500);
	assert_found("/var/crash/4/vmcore-incomplete", 400);
	/* as deep as the dumps of a server, and deeper */
	put("/var/crash/a/host/date/vmcore", "", 600);
	put("/var/crash/a/b/host/date/vmcore", "", 700);
	assert_found("/var/crash/a/host/date/vmcore", 600);
}

static void test_not_files(void **state)
{
	(void)state;
	put("/var/crash/1/vmcore", "", 100);
	put("/elsewhere/vmcore", "", 900);
	make_way("/var/crash/2/vmcore");
	assert_int_equal(symlink("/elsewhere/vmcore", path), 0);
	make_way("/var/crash/link");
	assert_int_equal(symlink("../../elsewhere", path), 0);
	make_way("/var/crash/3/vmcore");
	assert_int_equal(mkfifo(path, 0644), 0);
	make_way("/var/crash/4/vmcore/");
	assert_found("/var/crash/1/vmcore", 100);
}

static void test_configured(void **state)
{
	(void)state;
	put("/var/crash/1/vmcore", "", 100);
	put("/data/1/vmcore", "", 200);
	put("/etc/kdump.conf", "#path /data\npathx/data\n", 1);
	assert_found("/var/crash/1/vmcore", 100);
	put("/etc/kdump.conf", "path /nix\n\tpath  /data  # here\n", 1);
	assert_found("/data/1/vmcore", 200);
	put("/debian/1/dump.1", "", 300);
	put("/etc/default/kdump-tools",
	    "KDUMP_COREDIR='/nix'\nKDUMP_COREDIR=\"/debian\"\n", 1);
	assert_found("/debian/1/dump.1", 300);
	put("/suse is/1/vmcore", "", 400);
	put("/etc/sysconfig/kdump", "KDUMP_SAVEDIR=\"file:///suse is\"\n", 1);
	assert_found("/suse is/1/vmcore", 400);
	put("/var/crash/2/vmcore", "", 500);
	assert_found("/var/crash/2/vmcore", 500);
}

static void test_nothing(void **state)
{
	char line[4000];

	(void)state;
	put("/etc/kdump.conf", "path /data\n", 1);
	assert_not_found("below /var/crash and /data (/etc/kdump.conf);");
	put("/etc/sysconfig/kdump", "KDUMP_SAVEDIR=/suse\n", 1);
	assert_not_found("and /data (/etc/kdump.conf) and /suse "
			 "(/etc/sysconfig/kdump); name the file");
	put("/etc/kdump.conf", "nfs server:/export\npath /data\n", 1);
	assert_not_found("kdump is set to write to server:/export");
	put("/etc/kdump.conf", "path relative\npath\n", 1);
	put("/etc/sysconfig/kdump", "KDUMP_SAVEDIR=nfs://host/x\n", 1);
	assert_not_found("below /var/crash; kdump is set to write to "
			 "nfs://host/x: name a file from there");
	/* a value that is too long is none */
	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	memcpy(line, "path /", 6);
	put("/etc/kdump.conf", line, 1);
	put("/etc/sysconfig/kdump", "", 1);
	assert_not_found("below /var/crash; name the file");
}

static void test_denied(void **state)
{
	uid_t me = geteuid();

	(void)state;
	put("/var/crash/1/vmcore", "", 100);
	snprintf(path, sizeof(path), "%s/var/crash", root);
	chmod(path, 0);
	chmod(root, 0755);
	if (me == 0)
		assert_int_equal(seteuid(65534), 0);
	assert_not_found("/var/crash: Permission denied; try it as root");
	assert_int_equal(seteuid(me), 0);
	chmod(path, 0755);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_names, setup, teardown),
		cmocka_unit_test_setup_teardown(test_not_files, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_configured, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(test_denied, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
