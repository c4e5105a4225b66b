/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The search for a vmlinux: in its places, and at a debuginfod. */
#include "vmlinux_maker.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "memory/files_local.h"
#include "memory/vmlinux/debuginfo.h"
#include "memory/vmlinux/vmlinux.h"

static struct irqm_file_reply reply;

/* A file in the made-up root, with what is in the vmlinux. */
static void install(const char *below)
{
	char path[256];
	size_t i;

	snprintf(path, sizeof(path), "%s%s", dir, below);
	for (i = strlen(dir) + 1; path[i]; i++) {
		if (path[i] != '/')
			continue;
		path[i] = '\0';
		mkdir(path, 0700);
		path[i] = '/';
	}
	unlink(path);
	assert_int_equal(link(file, path), 0);
}

/* Returns the file, whose path is in reply then, or -1. */
static int search(const char *root, const char *user_dir, const char *id,
		  const char *release)
{
	struct irqm_files_local l = { .root = root, .vmlinux_dir = user_dir };
	int fd = irqm_vmlinux_search(irqm_files_local_init(&l), id, release,
				     &reply, &err);

	irqm_files_local_deinit(&l);
	return fd;
}

static void found(const char *id, const char *release, const char *below)
{
	int fd = search(dir, NULL, id, release);

	assert_true(fd >= 0);
	assert_string_equal(reply.name + strlen(dir), below);
	close(fd);
}

static void not_found(const char *id, const char *release, const char *why)
{
	assert_int_equal(search(dir, NULL, id, release), -1);
	if (!strstr(err.msg, why))
		fail_msg("\"%s\" lacks \"%s\"", err.msg, why);
}

static void in_dir(const char *id, const char *release, const char *below)
{
	int fd = search("/nowhere", dir, id, release);

	assert_int_equal(fd >= 0, below != NULL);
	if (below)
		assert_string_equal(reply.name + strlen(dir), below);
	if (fd >= 0)
		close(fd);
}

/* Each form of a name, the last ones first: an earlier one comes before. */
static void test_search_dir(void **state)
{
	static const char *const places[] = {
		"/" RELEASE "/vmlinux", "/vmlinux-" RELEASE,
		"/.build-id/00/112233445566778899aabbccddeeff01234567.debug",
		"/" ID "/vmlinux",
		/* where this is a directory it is not the file itself */
	};
	char path[256];
	size_t i;

	(void)state;
	write_elf(&(struct form){ 0 });
	in_dir(ID, RELEASE, NULL);
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		install(places[i]);
		in_dir(ID, RELEASE, places[i]);
	}
	/* what is not known, or leads elsewhere, is not looked for */
	in_dir(NULL, RELEASE, places[1]);
	in_dir(ID, NULL, places[3]);
	in_dir(NULL, NULL, NULL);
	in_dir("../x", "../" RELEASE, NULL);
	in_dir("00112233445566778899AABBCCDDEEFF01234567", NULL, places[3]);
	/* a kernel that was built again under its release */
	in_dir("ff112233445566778899aabbccddeeff01234567", RELEASE, NULL);
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		snprintf(path, sizeof(path), "%s%s", dir, places[i]);
		assert_int_equal(unlink(path), 0);
	}
	snprintf(path, sizeof(path), "%s/" ID, dir);
	assert_int_equal(rmdir(path), 0);
	install("/" ID);
	in_dir(ID, RELEASE, "/" ID);
	assert_int_equal(unlink(path), 0);
}

static void write_stripped(const char *path)
{
	unlink(file); /* the places are links to it */
	write_elf(&(struct form){ .no_symbols = true });
	assert_int_equal(rename(file, path), 0);
}

static void test_search(void **state)
{
	static const char by_id[] = "/usr/lib/debug/.build-id/00/"
				    "112233445566778899aabbccddeeff01234567"
				    ".debug";
	static const char *const places[] = {
		"/usr/lib/modules/" RELEASE "/vmlinux",
		"/lib/modules/" RELEASE "/build/vmlinux",
		"/boot/vmlinux-" RELEASE,
		"/usr/lib/debug/usr/lib/modules/" RELEASE "/vmlinux.debug",
		"/usr/lib/debug/lib/modules/" RELEASE "/vmlinux",
		"/usr/lib/debug/boot/vmlinux-" RELEASE,
	};
	char stripped[256];
	size_t i;

	(void)state;
	unsetenv("DEBUGINFOD_URLS");
	write_elf(&(struct form){ 0 });
	not_found(ID, RELEASE, "linux-image-" RELEASE "-dbg");
	not_found(ID, "5.14.0-427.el9.x86_64", "kernel-debuginfo-5.14");
	not_found(ID, "6.12.0-1.23.3.2.el9uek.x86_64",
		  "install kernel-uek-debuginfo-6.12");
	not_found(ID, "6.12.0-mine",
		  "give it with --vmlinux, or install "
		  "linux-image-RELEASE-dbg (Debian)");
	not_found(ID, "6.4.0-150600.21-default", "kernel-default-debuginfo");
	not_found(ID, "6.8.0-31-generic", "-dbgsym");
	not_found(NULL, "6.8.0", "RELEASE-dbg (Debian)");
	not_found(NULL, NULL, "give the vmlinux");
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		install(places[i]);
		found(ID, RELEASE, places[i]);
		found(NULL, RELEASE, places[i]);
	}
	install(by_id);
	found(ID, RELEASE, by_id);
	found(ID, NULL, by_id);
	found(NULL, RELEASE, places[5]);
	/* of a release that was built again */
	not_found("ff112233445566778899aabbccddeeff01234567", RELEASE,
		  "of this build");
	/* misread by the kernel: as good as none */
	found("1400000003000000474e55000011223344556677", RELEASE, places[5]);
	/* stripped: the next place */
	snprintf(stripped, sizeof(stripped), "%s%s", dir, by_id);
	assert_int_equal(unlink(stripped), 0);
	write_stripped(stripped);
	found(ID, RELEASE, places[5]);
	write_elf(&(struct form){ 0 });
	/* what the dump says is not to be trusted */
	install("/boot/vmlinux-..");
	not_found(NULL, "..", "release");
	not_found(NULL, "../boot/vmlinux", "release");
	not_found(NULL, "x/../../boot", "release");
	not_found(NULL, "%s%n\033", "release");
	not_found("../../../../boot", NULL, "release");
}

/* A debuginfod that has one file: HTTP on one connection at a time. */
static void answer(int c)
{
	static const char wanted[] = "GET /buildid/" ID "/debuginfo ";
	static char body[1 << 16];
	char request[4096];
	ssize_t n = read(c, request, sizeof(request) - 1);
	size_t size = 0;
	FILE *f;

	request[n > 0 ? n : 0] = '\0';
	if (strncmp(request, wanted, sizeof(wanted) - 1) == 0) {
		f = fopen(file, "r");
		size = f ? fread(body, 1, sizeof(body), f) : 0;
	}
	dprintf(c,
		"HTTP/1.1 %s\r\nContent-Length: %zu\r\n"
		"Connection: close\r\n\r\n",
		size ? "200 OK" : "404 Not Found", size);
	while (size) {
		n = write(c, body, size);
		if (n <= 0)
			break;
		memmove(body, body + n, size - n);
		size -= n;
	}
	close(c);
}

static pid_t serve(unsigned int *ret_port)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t len = sizeof(a);
	int s = socket(AF_INET, SOCK_STREAM, 0);
	pid_t pid;

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(s, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(listen(s, 4), 0);
	assert_int_equal(getsockname(s, (struct sockaddr *)&a, &len), 0);
	*ret_port = ntohs(a.sin_port);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		alarm(30);
		for (;;)
			answer(accept(s, NULL, NULL));
	}
	close(s);
	return pid;
}

static void on_progress(void *ctx, const char *what, unsigned int percent)
{
	assert_string_equal(what, "debuginfod");
	assert_in_range(percent, 0, 100);
	++*(unsigned int *)ctx;
}

static void test_debuginfod(void **state)
{
	char url[64], cache[96];
	struct irqm_target dump = { .vmcoreinfo = info };
	unsigned int port, calls = 0;
	struct irqm_files_local l = { .root = "/nowhere",
				      .progress = on_progress,
				      .progress_ctx = &calls };
	const struct irqm_files *files = irqm_files_local_init(&l);
	struct irqm_file_reply none;
	int fd;
	struct irqm_vmlinux *v;
	pid_t pid;

	(void)state;
	if (!dlopen("libdebuginfod.so.1", RTLD_NOW))
		skip();
	write_elf(&(struct form){ 0 });
	pid = serve(&port);
	snprintf(url, sizeof(url), "http://127.0.0.1:%u", port);
	snprintf(cache, sizeof(cache), "%s/cache", dir);
	setenv("DEBUGINFOD_URLS", url, 1);
	setenv("DEBUGINFOD_CACHE_PATH", cache, 1);
	setenv("no_proxy", "127.0.0.1", 1);
	fd = irqm_vmlinux_search(files, ID, RELEASE, &reply, &err);
	assert_int_equal(
		irqm_vmlinux_search(files,
				    "ff112233445566778899aabbccddeeff01234567",
				    RELEASE, &none, &err),
		-1);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	unsetenv("DEBUGINFOD_URLS");
	assert_non_null(strstr(err.msg, "or at DEBUGINFOD_URLS"));
	assert_true(fd >= 0);
	assert_non_null(strstr(reply.name, "/debuginfo"));
	assert_true(calls > 0);
	assert_int_equal(irqm_vmlinux_take(fd, files, &dump, &v, &err), 0);
	irqm_vmlinux_close(v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_search),
		cmocka_unit_test(test_search_dir),
		cmocka_unit_test(test_debuginfod),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
