/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "extension/types.h"

#include <fcntl.h>

#include <defs.h>

#include "extension/crash_types.h"
#include "extension/guard.h"

static struct irqm_layout *layout;

/* crash unlinks an unpacked vmlinux.gz after its banner and keeps it open. */
static int open_unlinked(const char *path)
{
	char link[PATH_MAX], target[PATH_MAX], want[PATH_MAX];
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *d;
	int fd = -1;

	if (!dir)
		return -1;
	snprintf(want, sizeof(want), "%s (deleted)", path);
	while (fd < 0 && (d = readdir(dir))) {
		ssize_t n;

		snprintf(link, sizeof(link), "/proc/self/fd/%s", d->d_name);
		n = readlink(link, target, sizeof(target) - 1);
		if (n <= 0)
			continue;
		target[n] = '\0';
		if (strcmp(target, want) == 0)
			fd = open(link, O_RDONLY | O_CLOEXEC);
	}
	closedir(dir);
	return fd;
}

static bool from_file(const char *path, struct irqm_error *err)
{
	int fd, rc;

	if (!path)
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fd = open_unlinked(path);
	if (fd < 0) {
		irqm_error_set(err, "%s: %s", path, strerror(errno));
		return false;
	}
	memset(layout, 0, sizeof(*layout));
	rc = irqm_layout_from_dwarf(layout, fd, err);
	close(fd);
	return rc == 0;
}

/* The files in the order in which crash gives them to gdb. */
static bool from_files(struct irqm_error *err)
{
	return from_file(pc->namelist_debug, err) ||
	       from_file(pc->debuginfo_file, err) ||
	       from_file(pc->namelist, err);
}

struct question {
	struct irqm_error *err;
	int rc;
};

static void ask(void *arg)
{
	struct question *q = arg;

	memset(layout, 0, sizeof(*layout));
	q->rc = irqm_layout_from_crash(layout, q->err);
}

/* gdb sets a handler of its own for SIGINT: this is where ^C jumps out. */
static bool from_crash(struct irqm_error *err)
{
	struct question q = { .err = err };

	if (irqm_guard(ask, &q, NULL, 0))
		return q.rc == 0;
	irqm_error_set(err, "interrupted");
	return false;
}

const struct irqm_layout *irqm_types_get(struct irqm_error *err)
{
	if (layout)
		return layout;
	layout = malloc(sizeof(*layout));
	if (!layout) {
		irqm_error_set(err, "not enough memory");
		return NULL;
	}
	if (from_files(err) || from_crash(err))
		return layout;
	irqm_types_drop();
	return NULL;
}

void irqm_types_drop(void)
{
	free(layout);
	layout = NULL;
}
