/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/files_local.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "memory/files_below.h"
#include "memory/input/tempfile.h"
#include "memory/learned/search.h"
#include "memory/vmlinux/debuginfo.h"

/* A dump gives two entries to the cache: symbols and layout. */
#define KEPT_MAX 2
/* Limit: a kernel with all drivers has half as many .dwo files, and each may be
 * read twice. */
#define DWO_MAX (1U << 16)
#define DWZ "/usr/lib/debug/.dwz"

static int open_dump(const struct irqm_files_local *l, uint32_t nr,
		     struct irqm_file_reply *reply)
{
	if (nr < l->nr_dump)
		return irqm_files_open_path(l->dump[nr], reply);
	reply->flags = IRQM_FILE_END;
	return -1;
}

static int open_temporary(struct irqm_file_reply *reply)
{
	int fd = irqm_tempfile_new();

	reply->error = fd < 0 ? errno : 0;
	return fd;
}

static void forget_beside(struct irqm_files_local *l)
{
	if (l->beside >= 0)
		close(l->beside);
	l->beside = -1;
}

/* The .dwo files are where the kernel was built, which may be the target of a
 * link. */
static void remember_beside(struct irqm_files_local *l, const char *vmlinux)
{
	char real[PATH_MAX];

	forget_beside(l);
	if (!realpath(vmlinux, real))
		return;
	strrchr(real, '/')[1] = '\0';
	l->beside = open(real, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static int open_vmlinux(struct irqm_files_local *l, const char *path,
			struct irqm_file_reply *reply)
{
	int fd = irqm_files_open_path(path, reply);

	if (fd >= 0)
		remember_beside(l, path);
	return fd;
}

/* Finds the first existing file from place *nr on; path is its name. */
static int find_place(const struct irqm_vmlinux_wanted *wanted, uint32_t *nr,
		      char path[PATH_MAX], struct irqm_file_reply *reply)
{
	int fd = -1, rc;

	for (;; ++*nr) {
		rc = irqm_vmlinux_place(wanted, *nr, path, PATH_MAX);
		if (rc < 0)
			return -1;
		if (rc > 0)
			fd = irqm_files_open_path(path, reply);
		if (fd >= 0)
			return fd;
	}
}

static int open_place(struct irqm_files_local *l,
		      const struct irqm_file_request *r,
		      struct irqm_file_reply *reply)
{
	const struct irqm_vmlinux_wanted wanted = {
		.root = l->root ? l->root : "",
		.dir = l->vmlinux_dir,
		.build_id = r->build_id,
		.release = r->release,
	};
	char path[PATH_MAX];
	int fd;

	reply->nr = r->nr;
	fd = find_place(&wanted, &reply->nr, path, reply);
	if (fd >= 0)
		remember_beside(l, path);
	else
		reply->flags = IRQM_FILE_END;
	return fd;
}

static bool is_dwo(const char *name)
{
	size_t len = strlen(name);

	return len > 4 && strcmp(name + len - 4, ".dwo") == 0;
}

static int open_dwo(struct irqm_files_local *l, const char *name,
		    struct irqm_file_reply *reply)
{
	reply->error = EPERM;
	if (l->beside < 0 || !is_dwo(name) || l->nr_dwo >= DWO_MAX)
		return -1;
	l->nr_dwo++;
	return irqm_files_open_below(l->beside, name, reply);
}

static int open_dwz(const struct irqm_files_local *l,
		    const struct irqm_file_request *r,
		    struct irqm_file_reply *reply)
{
	const struct irqm_vmlinux_wanted wanted = {
		.root = l->root ? l->root : "",
		.build_id = r->build_id,
	};
	char path[PATH_MAX];
	uint32_t nr = 0;
	int fd = find_place(&wanted, &nr, path, reply), dir;

	if (fd >= 0)
		return fd;
	snprintf(path, sizeof(path), "%s" DWZ, wanted.root);
	dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	reply->error = errno;
	if (dir < 0)
		return -1;
	fd = irqm_files_open_below(dir, r->name, reply);
	close(dir);
	return fd;
}

static int is_visible(const struct dirent *d)
{
	return d->d_name[0] != '.' && d->d_type != DT_DIR;
}

static void forget_list(struct irqm_files_local *l)
{
	int i;

	for (i = 0; i < l->nr_list; i++)
		free(l->list[i]);
	free(l->list);
	if (l->list_dir >= 0)
		close(l->list_dir);
	l->list = NULL;
	l->nr_list = 0;
	l->list_dir = -1;
}

static const char *kernels_path(const struct irqm_files_local *l,
				uint32_t place)
{
	uint32_t i;

	if (place == 0)
		return l->kernels;
	for (i = 1; l->kernel_places && l->kernel_places[i - 1]; i++)
		if (i == place)
			return l->kernel_places[i - 1];
	return NULL;
}

/* Returns the file, or -1 if the path is a directory, which is then listed. */
static int open_kernels(struct irqm_files_local *l, uint32_t place,
			struct irqm_file_reply *reply)
{
	const char *path = kernels_path(l, place);
	struct stat st;
	int fd;

	forget_list(l);
	l->list_place = place;
	fd = path ? irqm_files_open_path(path, reply) : -1;
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISDIR(st.st_mode))
		return fd;
	l->list_dir = fd;
	l->nr_list = scandirat(fd, ".", &l->list, is_visible, alphasort);
	if (l->nr_list >= 0)
		return -1;
	reply->error = errno;
	l->nr_list = 0;
	l->list = NULL;
	return -1;
}

static int open_learned(struct irqm_files_local *l,
			const struct irqm_file_request *r,
			struct irqm_file_reply *reply)
{
	int fd;

	if (r->nr == 0 || r->place != l->list_place) {
		fd = open_kernels(l, r->place, reply);
		if (l->list_dir < 0 || reply->error)
			return fd;
	}
	if (l->list_dir >= 0)
		reply->flags = IRQM_FILE_IN_DIRECTORY;
	if (r->nr >= (uint32_t)l->nr_list || r->nr >= IRQM_LEARNED_FILES) {
		reply->flags |= IRQM_FILE_END;
		return -1;
	}
	snprintf(reply->name, sizeof(reply->name), "%s",
		 l->list[r->nr]->d_name);
	fd = openat(l->list_dir, l->list[r->nr]->d_name,
		    O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	reply->error = fd < 0 ? errno : 0;
	return fd;
}

static bool open_cache(struct irqm_files_local *l,
		       struct irqm_file_reply *reply)
{
	if (l->cache < 0 && l->cache_dir)
		l->cache = irqm_known_dir_open(l->cache_dir, &reply->why);
	if (l->cache < 0)
		reply->error = ENOENT;
	return l->cache >= 0;
}

static int open_known(struct irqm_files_local *l,
		      const struct irqm_file_request *r,
		      struct irqm_file_reply *reply)
{
	int fd;

	if (!open_cache(l, reply))
		return -1;
	if (r->kind == IRQM_FILE_KNOWN) {
		fd = irqm_known_dir_file(l->cache, r->known, &reply->why);
		reply->error = fd < 0 ? ENOENT : 0;
		return fd;
	}
	if (irqm_known_dir_secret(l->cache, reply->secret, &reply->why))
		reply->error = EACCES;
	return -1;
}

static int download_vmlinux(struct irqm_files_local *l, const char *build_id,
			    struct irqm_file_reply *reply)
{
	const struct irqm_download_waits waits = {
		l->progress,
		l->progress_ctx,
		l->left,
		l->left_ctx,
	};

	forget_beside(l);
	return irqm_vmlinux_download(build_id, &waits, reply);
}

static int open_local(void *ctx, const struct irqm_file_request *r,
		      struct irqm_file_reply *reply)
{
	struct irqm_files_local *l = ctx;

	memset(reply, 0, sizeof(*reply));
	switch (r->kind) {
	case IRQM_FILE_DUMP:
		return open_dump(l, r->nr, reply);
	case IRQM_FILE_TEMPORARY:
		return open_temporary(reply);
	case IRQM_FILE_VMLINUX:
		if (l->vmlinux)
			return open_vmlinux(l, l->vmlinux, reply);
		break;
	case IRQM_FILE_PLACE:
		return open_place(l, r, reply);
	case IRQM_FILE_DOWNLOAD:
		return download_vmlinux(l, r->build_id, reply);
	case IRQM_FILE_DWO:
		return open_dwo(l, r->name, reply);
	case IRQM_FILE_DWZ:
		return open_dwz(l, r, reply);
	case IRQM_FILE_KERNELS:
		return open_learned(l, r, reply);
	case IRQM_FILE_SECRET:
	case IRQM_FILE_KNOWN:
		return open_known(l, r, reply);
	default:
		break;
	}
	reply->error = EINVAL;
	return -1;
}

/* Writes at most as many entries as a dump needs, and does not replace good
 * ones: a hostile dump may have taken over the sender. */
static void keep_local(void *ctx, const struct irqm_file_request *r,
		       const void *data, size_t size,
		       struct irqm_file_reply *reply)
{
	struct irqm_files_local *l = ctx;

	memset(reply, 0, sizeof(*reply));
	if (size > IRQM_FILE_KEEP_MAX ||
	    (l->careful && (l->nr_kept >= KEPT_MAX || !l->knows ||
			    l->knows(&l->files, r->known)))) {
		reply->error = EPERM;
	} else if (open_cache(l, reply)) {
		l->nr_kept++;
		if (!irqm_known_dir_write(l->cache, r->known, data, size,
					  IRQM_KNOWN_ENTRIES))
			reply->error = errno ? errno : EIO;
	}
}

const struct irqm_files *irqm_files_local_init(struct irqm_files_local *l)
{
	l->files = (struct irqm_files){ open_local, keep_local, l };
	l->cache = -1;
	l->list = NULL;
	l->nr_list = 0;
	l->list_dir = -1;
	l->nr_kept = 0;
	l->beside = -1;
	l->nr_dwo = 0;
	return &l->files;
}

void irqm_files_local_deinit(struct irqm_files_local *l)
{
	forget_list(l);
	forget_beside(l);
	if (l->cache >= 0)
		close(l->cache);
	l->cache = -1;
}
