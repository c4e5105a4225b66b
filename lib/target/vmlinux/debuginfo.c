/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where distributions put the vmlinux of a kernel, and debuginfod. */
#include "target/vmlinux/debuginfo.h"

#include <ctype.h>
#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "target/vmlinux/elf_file.h"

/* __NEW_UTS_LEN */
#define RELEASE_MAX 64
#define DEBUGINFOD_SO "libdebuginfod.so.1"

struct search {
	const char *root;
	const char *build_id; /* NULL: not known */
	const char *release;  /* the same */
	bool other_build;     /* a file was there, of another build */
};

/* By release; %s is it. */
static const char *const places[] = {
	"/usr/lib/debug/boot/vmlinux-%s",               /* Debian, Ubuntu */
	"/usr/lib/debug/lib/modules/%s/vmlinux",        /* Fedora, RHEL */
	"/usr/lib/debug/usr/lib/modules/%s/vmlinux",
	"/usr/lib/debug/usr/lib/modules/%s/vmlinux.debug", /* SUSE */
	"/usr/lib/debug/lib/modules/%s/vmlinux.debug",
	"/usr/lib/debug/boot/vmlinux-%s.debug",
	"/boot/vmlinux-%s.debug",
	"/boot/vmlinux-%s",
	"/lib/modules/%s/build/vmlinux",                /* built here */
	"/lib/modules/%s/vmlinux",
	"/usr/lib/modules/%s/vmlinux",
	/* with symbols and BTF, without DWARF */
	"/boot/vmlinux-%s.gz",
	"/boot/vmlinux-%s.xz",
	"/usr/lib/modules/%s/vmlinux.gz",
	"/usr/lib/modules/%s/vmlinux.xz",
};

/* The package to install, told by what a release looks like. */
static const struct {
	const char *has;
	const char *install; /* %s is the release */
} packages[] = {
	{ "uek.", "kernel-uek-debuginfo-%s (Oracle)" },
	{ ".el", "kernel-debuginfo-%s (RHEL: debuginfo-install kernel)" },
	{ ".fc", "kernel-debuginfo-%s (Fedora: debuginfo-install kernel)" },
	{ ".amzn", "kernel-debuginfo-%s" },
	{ "-default", "kernel-default-debuginfo (SUSE)" },
	{ "-generic", "linux-image-unsigned-%s-dbgsym (Ubuntu)" },
	{ "-amd64", "linux-image-%s-dbg (Debian)" },
};

/* A release becomes part of a path: nothing that leads elsewhere. */
static bool is_release(const char *s)
{
	size_t i;

	if (!s || !s[0] || s[0] == '.' || strstr(s, ".."))
		return false;
	for (i = 0; s[i]; i++) {
		if (i >= RELEASE_MAX ||
		    !(isascii((unsigned char)s[i]) &&
		      (isalnum((unsigned char)s[i]) || strchr("-_.+~", s[i]))))
			return false;
	}
	return true;
}

/*
 * Hexadecimal, and not the sizes of the note that some stable releases give
 * for it: see is_misread_id() in build.c.
 */
static bool is_build_id(const char *s)
{
	static const char misread[] = "1400000003000000474e5500";
	size_t len = s ? strlen(s) : 0;

	return len >= 8 && len <= 2 * IRQM_BUILD_ID_MAX && len % 2 == 0 &&
	       strspn(s, "0123456789abcdefABCDEF") == len &&
	       strncasecmp(s, misread, sizeof(misread) - 1) != 0;
}

/*
 * A kernel may have been built again under its old release. What is packed
 * has to be unpacked to see: whoever opens it does, once.
 */
static bool is_wanted(struct search *s, const char *path)
{
	const char *end = strrchr(path, '.');
	struct irqm_elf_file f;
	bool other, symbols;

	if (access(path, R_OK) < 0)
		return false;
	if (end && (strcmp(end, ".gz") == 0 || strcmp(end, ".xz") == 0))
		return true;
	if (irqm_elf_open(&f, path, NULL) < 0)
		return false;
	other = s->build_id && f.build.id_size &&
		!irqm_build_has_id(&f.build, s->build_id);
	/* what is installed to boot may be linked there, stripped */
	symbols = irqm_elf_section(&f, ".symtab") != NULL;
	irqm_elf_close(&f);
	s->other_build |= other;
	return symbols && !other;
}

__attribute__((format(printf, 2, 3)))
static char *try_path(struct search *s, const char *fmt, ...)
{
	char *below, *path;
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = vasprintf(&below, fmt, ap);
	va_end(ap);
	if (rc < 0)
		return NULL;
	rc = asprintf(&path, "%s%s", s->root, below);
	free(below);
	if (rc < 0)
		return NULL;
	if (is_wanted(s, path))
		return path;
	free(path);
	return NULL;
}

/* Fits: is_build_id() has seen it. */
static void lower(char id[IRQM_BUILD_ID_HEX], const char *build_id)
{
	size_t i;

	for (i = 0; build_id[i]; i++)
		id[i] = tolower((unsigned char)build_id[i]);
	id[i] = '\0';
}

static char *by_build_id(struct search *s)
{
	char id[IRQM_BUILD_ID_HEX];
	char *path;

	lower(id, s->build_id);
	path = try_path(s, "/usr/lib/debug/.build-id/%.2s/%s.debug", id,
			id + 2);
	if (!path)
		path = try_path(s, "/usr/lib/debug/.build-id/%.2s/%s", id,
				id + 2);
	if (!path)
		path = try_path(s, "/usr/lib/.build-id/%.2s/%s", id, id + 2);
	return path;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static char *by_release(struct search *s)
{
	char below[sizeof("/usr/lib/debug/usr/lib/modules//vmlinux.debug") +
		   RELEASE_MAX];
	char *path = NULL;
	size_t i;

	for (i = 0; !path && i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(below, sizeof(below), places[i], s->release);
		path = try_path(s, "%s", below);
	}
	return path;
}

static void name_package(const char *release, char *buf, size_t size)
{
	size_t i;

	for (i = 0; i < sizeof(packages) / sizeof(packages[0]); i++) {
		if (strstr(release, packages[i].has)) {
			snprintf(buf, size, packages[i].install, release);
			return;
		}
	}
	snprintf(buf, size, "linux-image-RELEASE-dbg (Debian), -dbgsym "
		 "(Ubuntu) or kernel-debuginfo (RPM)");
}
#pragma GCC diagnostic pop

/*
 * libdebuginfod, if it is there when the program runs: as declared in
 * elfutils/debuginfod.h, which is not needed to build.
 */
struct debuginfod {
	void *(*begin)(void);
	void (*end)(void *client);
	int (*find)(void *client, const unsigned char *id, int id_len,
		    char **path);
	void (*set_progress)(void *client,
			     int (*fn)(void *client, long a, long b));
	void (*set_user_data)(void *client, void *data);
};

struct download {
	void (*progress)(void *ctx, const char *what, unsigned int percent);
	void *ctx;
};

/* It stays loaded: libcurl does not like to leave. */
static bool load_debuginfod(struct debuginfod *lib)
{
	void *so = dlopen(DEBUGINFOD_SO, RTLD_NOW | RTLD_LOCAL);

	if (!so)
		return false;
	*(void **)&lib->begin = dlsym(so, "debuginfod_begin");
	*(void **)&lib->end = dlsym(so, "debuginfod_end");
	*(void **)&lib->find = dlsym(so, "debuginfod_find_debuginfo");
	*(void **)&lib->set_progress = dlsym(so, "debuginfod_set_progressfn");
	*(void **)&lib->set_user_data =
		dlsym(so, "debuginfod_set_user_data");
	return lib->begin && lib->end && lib->find && lib->set_progress &&
	       lib->set_user_data;
}

/*
 * a of b bytes; b is 0 as long as it is not known. The client is all that
 * there is to go by, and its library the way to what it was given.
 */
static int on_progress(void *client, long a, long b)
{
	void *so = dlopen(DEBUGINFOD_SO, RTLD_NOW | RTLD_NOLOAD);
	void *(*get_user_data)(void *) = NULL;
	const struct download *d = NULL;

	if (so) {
		*(void **)&get_user_data =
			dlsym(so, "debuginfod_get_user_data");
		if (get_user_data)
			d = get_user_data(client);
		dlclose(so); /* once less, not unloaded */
	}
	if (d && d->progress && a >= 0 && b > 0 && a <= b)
		d->progress(d->ctx, "debuginfod",
			    (unsigned int)((double)a / b * 100));
	return 0; /* go on */
}

static char *download(const struct debuginfod *lib, const char *build_id,
		      struct download *d)
{
	void *client = lib->begin();
	char *path = NULL;
	int fd;

	if (!client)
		return NULL;
	lib->set_user_data(client, d);
	lib->set_progress(client, on_progress);
	/* 0: the build-id is in hexadecimal, lower case */
	fd = lib->find(client, (const unsigned char *)build_id, 0, &path);
	lib->end(client);
	if (fd < 0)
		return NULL;
	close(fd);
	return path;
}

/* What became of asking, for the error; *ret_path if it was found. */
static const char *ask_debuginfod(struct search *s, struct download *d,
				  char **ret_path)
{
	const char *urls = getenv("DEBUGINFOD_URLS");
	struct debuginfod lib;
	char id[IRQM_BUILD_ID_HEX];

	if (!urls || !urls[0] || !s->build_id)
		return "";
	if (!load_debuginfod(&lib))
		return ", not asked of debuginfod: no " DEBUGINFOD_SO;
	lower(id, s->build_id);
	*ret_path = download(&lib, id, d);
	return ", nor at DEBUGINFOD_URLS";
}

static void say_not_found(const struct search *s, const char *asked,
			  struct irqm_error *err)
{
	char package[160];

	if (!s->release) {
		irqm_error_set(err, "no vmlinux below %s/usr/lib/debug/"
			       ".build-id%s, and the dump does not say the "
			       "kernel's release: give the vmlinux", s->root,
			       asked);
		return;
	}
	name_package(s->release, package, sizeof(package));
	irqm_error_set(err, "no vmlinux%s in /usr/lib/debug, /boot, "
		       "/lib/modules%s; give it with --vmlinux, or install %s",
		       s->other_build ? " of this build" : "", asked, package);
}

char *irqm_vmlinux_search(const char *root, const char *build_id,
			  const char *release,
			  void (*progress)(void *ctx, const char *what,
					   unsigned int percent),
			  void *progress_ctx, struct irqm_error *err)
{
	struct download d = { progress, progress_ctx };
	struct search s = {
		.root = root,
		.build_id = is_build_id(build_id) ? build_id : NULL,
		.release = is_release(release) ? release : NULL,
	};
	const char *asked;
	char *path = NULL;

	if (s.build_id)
		path = by_build_id(&s);
	if (!path && s.release)
		path = by_release(&s);
	if (path)
		return path;
	asked = ask_debuginfod(&s, &d, &path);
	if (!path)
		say_not_found(&s, asked, err);
	return path;
}

static char *in_dir(struct search *s)
{
	char id[IRQM_BUILD_ID_HEX];
	char *path = NULL;

	if (s->build_id) {
		lower(id, s->build_id);
		path = try_path(s, "/%s", id);
		if (!path)
			path = try_path(s, "/%s/vmlinux", id);
		if (!path)
			path = try_path(s, "/.build-id/%.2s/%s.debug", id,
					id + 2);
	}
	if (!path && s->release)
		path = try_path(s, "/vmlinux-%s", s->release);
	if (!path && s->release)
		path = try_path(s, "/%s/vmlinux", s->release);
	return path;
}

char *irqm_vmlinux_search_dir(const char *dir, const char *build_id,
			      const char *release)
{
	struct search s = {
		.root = dir,
		.build_id = is_build_id(build_id) ? build_id : NULL,
		.release = is_release(release) ? release : NULL,
	};

	return in_dir(&s);
}
