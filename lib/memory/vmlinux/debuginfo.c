/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where distributions install the vmlinux of a kernel, and debuginfod. */
#include "memory/vmlinux/debuginfo.h"

#include <ctype.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "memory/files.h"
#include "memory/input/input.h"
#include "memory/vmlinux/elf_file.h"

/* __NEW_UTS_LEN */
#define RELEASE_MAX 64
#define DEBUGINFOD_SO "libdebuginfod.so.1"

/* How a path is made: with the release, with the build-id, or with the build-id
 * after its first two digits were split off as a folder. */
enum by {
	RELEASE,
	ID,
	ID_PARTS
};

struct place {
	const char *path;
	enum by by;
	bool in_dir; /* below the user's directory, otherwise below the root */
};

static const struct place places[] = {
	{ "/%s", ID, true },
	{ "/%s/vmlinux", ID, true },
	{ "/.build-id/%.2s/%s.debug", ID_PARTS, true },
	{ "/vmlinux-%s", RELEASE, true },
	{ "/%s/vmlinux", RELEASE, true },
	{ "/usr/lib/debug/.build-id/%.2s/%s.debug", ID_PARTS, false },
	{ "/usr/lib/debug/.build-id/%.2s/%s", ID_PARTS, false },
	{ "/usr/lib/.build-id/%.2s/%s", ID_PARTS, false },
	/* Debian, Ubuntu */
	{ "/usr/lib/debug/boot/vmlinux-%s", RELEASE, false },
	/* Fedora, RHEL */
	{ "/usr/lib/debug/lib/modules/%s/vmlinux", RELEASE, false },
	{ "/usr/lib/debug/usr/lib/modules/%s/vmlinux", RELEASE, false },
	/* SUSE */
	{ "/usr/lib/debug/usr/lib/modules/%s/vmlinux.debug", RELEASE, false },
	{ "/usr/lib/debug/lib/modules/%s/vmlinux.debug", RELEASE, false },
	{ "/usr/lib/debug/boot/vmlinux-%s.debug", RELEASE, false },
	{ "/boot/vmlinux-%s.debug", RELEASE, false },
	{ "/boot/vmlinux-%s", RELEASE, false },
	/* built here */
	{ "/lib/modules/%s/build/vmlinux", RELEASE, false },
	{ "/lib/modules/%s/vmlinux", RELEASE, false },
	{ "/usr/lib/modules/%s/vmlinux", RELEASE, false },
	/* with symbols and BTF, without DWARF */
	{ "/boot/vmlinux-%s.gz", RELEASE, false },
	{ "/boot/vmlinux-%s.xz", RELEASE, false },
	{ "/usr/lib/modules/%s/vmlinux.gz", RELEASE, false },
	{ "/usr/lib/modules/%s/vmlinux.xz", RELEASE, false },
};

/* Which package to install, by the form of the release. */
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

/* Returns true if s can be part of a path, without leading elsewhere. */
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

/* Returns true if s is hexadecimal, and not the note's header that some stable
 * releases write instead: see is_misread_id() in build.c. */
static bool is_build_id(const char *s)
{
	static const char misread[] = "1400000003000000474e5500";
	size_t len = s ? strlen(s) : 0;

	return len >= 8 && len <= 2 * IRQM_BUILD_ID_MAX && len % 2 == 0 &&
	       strspn(s, "0123456789abcdefABCDEF") == len &&
	       strncasecmp(s, misread, sizeof(misread) - 1) != 0;
}

/* is_build_id() has checked that it fits. */
static void lower_case(char id[IRQM_BUILD_ID_HEX], const char *build_id)
{
	size_t i;

	for (i = 0; build_id[i]; i++)
		id[i] = tolower((unsigned char)build_id[i]);
	id[i] = '\0';
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
/* Makes the path below the root or the given directory. */
static int put_place(const struct irqm_vmlinux_wanted *w, const struct place *p,
		     char *ret, size_t size)
{
	char id[IRQM_BUILD_ID_HEX] = "";
	const char *base = p->in_dir ? w->dir : w->root;
	char below[sizeof("/usr/lib/debug/.build-id//.debug") +
		   IRQM_BUILD_ID_HEX + RELEASE_MAX];

	if (!base || !(p->by == RELEASE ? is_release(w->release) :
					  is_build_id(w->build_id)))
		return 0;
	if (p->by != RELEASE)
		lower_case(id, w->build_id);
	if (p->by == RELEASE)
		snprintf(below, sizeof(below), p->path, w->release);
	else if (p->by == ID)
		snprintf(below, sizeof(below), p->path, id);
	else
		snprintf(below, sizeof(below), p->path, id, id + 2);
	return snprintf(ret, size, "%s%s", base, below) < (int)size;
}

int irqm_vmlinux_place(const struct irqm_vmlinux_wanted *w, unsigned int nr,
		       char *ret, size_t size)
{
	return nr < ARRAY_SIZE(places) ? put_place(w, &places[nr], ret, size) :
					 -1;
}

static void name_package(const char *release, char *buf, size_t size)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(packages); i++) {
		if (strstr(release, packages[i].has)) {
			snprintf(buf, size, packages[i].install, release);
			return;
		}
	}
	snprintf(buf, size,
		 "linux-image-RELEASE-dbg (Debian), -dbgsym "
		 "(Ubuntu) or kernel-debuginfo (RPM)");
}
#pragma GCC diagnostic pop

/* libdebuginfod, loaded at run time if it is installed. Declared here as in
 * elfutils/debuginfod.h, so that building does not need that. */
struct debuginfod {
	void *(*begin)(void);
	void (*end)(void *client);
	int (*find)(void *client, const unsigned char *id, int id_len,
		    char **path);
	void (*set_progress)(void *client,
			     int (*fn)(void *client, long a, long b));
	void (*set_user_data)(void *client, void *data);
};

/* Never unloads the library: libcurl does not support that well. */
static bool load_debuginfod(struct debuginfod *lib)
{
	void *so = dlopen(DEBUGINFOD_SO, RTLD_NOW | RTLD_LOCAL);

	if (!so)
		return false;
	*(void **)&lib->begin = dlsym(so, "debuginfod_begin");
	*(void **)&lib->end = dlsym(so, "debuginfod_end");
	*(void **)&lib->find = dlsym(so, "debuginfod_find_debuginfo");
	*(void **)&lib->set_progress = dlsym(so, "debuginfod_set_progressfn");
	*(void **)&lib->set_user_data = dlsym(so, "debuginfod_set_user_data");
	return lib->begin && lib->end && lib->find && lib->set_progress &&
	       lib->set_user_data;
}

/* Downloaded a of b bytes; b is 0 as long as it is unknown. The callback gets
 * only the client, through which the library returns the data that was set. */
static int on_progress(void *client, long a, long b)
{
	void *so = dlopen(DEBUGINFOD_SO, RTLD_NOW | RTLD_NOLOAD);
	void *(*get_user_data)(void *) = NULL;
	const struct irqm_download_waits *d = NULL;

	if (so) {
		*(void **)&get_user_data =
			dlsym(so, "debuginfod_get_user_data");
		if (get_user_data)
			d = get_user_data(client);
		/* drops a reference only, the library stays loaded */
		dlclose(so);
	}
	if (d && d->progress && a >= 0 && b > 0 && a <= b)
		d->progress(d->progress_ctx, "debuginfod",
			    (unsigned int)((double)a / b * 100));
	return d && d->left && d->left(d->left_ctx); /* 0: continue */
}

static int download_by_id(const struct debuginfod *lib, const char *id,
			  const struct irqm_download_waits *d,
			  struct irqm_file_reply *reply)
{
	void *client = lib->begin();
	char *path = NULL;
	int fd;

	if (!client) {
		reply->error = ENOMEM;
		return -1;
	}
	lib->set_user_data(client, (void *)d);
	lib->set_progress(client, on_progress);
	/* 0: the build-id is in hexadecimal, lower case */
	fd = lib->find(client, (const unsigned char *)id, 0, &path);
	lib->end(client);
	snprintf(reply->name, sizeof(reply->name), "%s",
		 path ? irqm_input_name(path) : "");
	free(path);
	reply->error = fd < 0 ? ENOENT : 0;
	return fd < 0 ? -1 : fd;
}

static bool may_ask(const char *build_id)
{
	const char *urls = getenv("DEBUGINFOD_URLS");

	return urls && urls[0] && is_build_id(build_id);
}

int irqm_vmlinux_download(const char *build_id,
			  const struct irqm_download_waits *waits,
			  struct irqm_file_reply *reply)
{
	char id[IRQM_BUILD_ID_HEX];
	struct debuginfod lib;

	reply->error = ENOENT;
	if (!may_ask(build_id))
		return -1;
	if (!load_debuginfod(&lib)) {
		reply->flags = IRQM_FILE_NO_LIBRARY;
		return -1;
	}
	lower_case(id, build_id);
	return download_by_id(&lib, id, waits, reply);
}

struct search {
	const struct irqm_files *files;
	const char *build_id; /* NULL: unknown */
	const char *release;  /* NULL: unknown */
	bool other_build;     /* a file was found, but of another build */
};

/*
 * Returns true if the file may be the dump's: a kernel may have been rebuilt
 * with the same release. A packed file is accepted unseen, because its reader
 * unpacks and checks it anyway.
 */
static bool is_wanted(struct search *s, int fd, const char *name)
{
	const char *end = strrchr(name, '.');
	struct irqm_elf_file f;
	bool other, symbols;

	if (end && (strcmp(end, ".gz") == 0 || strcmp(end, ".xz") == 0))
		return true;
	fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (fd < 0 || irqm_elf_take(&f, fd, s->files, NULL) < 0)
		return false;
	other = s->build_id && f.build.id_size &&
		!irqm_build_has_id(&f.build, s->build_id);
	/* the installed boot image may be linked there, which is stripped */
	symbols = irqm_elf_section(&f, ".symtab") != NULL;
	irqm_elf_close(&f);
	s->other_build |= other;
	return symbols && !other;
}

static void fill_request(const struct search *s, struct irqm_file_request *r)
{
	snprintf(r->build_id, sizeof(r->build_id), "%s",
		 s->build_id ? s->build_id : "");
	snprintf(r->release, sizeof(r->release), "%s",
		 s->release ? s->release : "");
}

static int search_places(struct search *s, struct irqm_file_reply *reply)
{
	struct irqm_file_request r = { .kind = IRQM_FILE_PLACE };
	int fd;

	fill_request(s, &r);
	for (;; r.nr = reply->nr + 1) {
		fd = s->files->open(s->files->ctx, &r, reply);
		if (fd < 0)
			return -1;
		if (is_wanted(s, fd, reply->name))
			return fd;
		close(fd);
	}
}

/* *ret_asked: the result of the request, for the error message */
static int ask_debuginfod(struct search *s, struct irqm_file_reply *reply,
			  const char **ret_asked)
{
	struct irqm_file_request r = { .kind = IRQM_FILE_DOWNLOAD };
	int fd;

	*ret_asked = "";
	if (!may_ask(s->build_id))
		return -1;
	fill_request(s, &r);
	fd = s->files->open(s->files->ctx, &r, reply);
	*ret_asked =
		reply->flags & IRQM_FILE_NO_LIBRARY ?
			", and debuginfod was not asked: no " DEBUGINFOD_SO :
			", or at DEBUGINFOD_URLS";
	return fd;
}

static void say_not_found(const struct search *s, const char *asked,
			  struct irqm_error *err)
{
	char package[160];

	if (!s->release) {
		irqm_error_set(err,
			       "no vmlinux in /usr/lib/debug/.build-id%s, "
			       "and the dump does not give the kernel's "
			       "release: give the vmlinux with "
			       "--vmlinux",
			       asked);
		return;
	}
	name_package(s->release, package, sizeof(package));
	irqm_error_set(err,
		       "no vmlinux%s in /usr/lib/debug, /boot, "
		       "/lib/modules%s; give it with --vmlinux, or install %s",
		       s->other_build ? " of this build" : "", asked, package);
}

int irqm_vmlinux_search(const struct irqm_files *files, const char *build_id,
			const char *release, struct irqm_file_reply *reply,
			struct irqm_error *err)
{
	struct search s = {
		.files = files,
		.build_id = is_build_id(build_id) ? build_id : NULL,
		.release = is_release(release) ? release : NULL,
	};
	const char *asked;
	int fd = search_places(&s, reply);

	if (fd < 0)
		fd = ask_debuginfod(&s, reply, &asked);
	if (fd < 0)
		say_not_found(&s, asked, err);
	return fd;
}
