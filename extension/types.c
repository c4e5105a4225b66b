/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "extension/types.h"

#include <fcntl.h>

#include <defs.h>

#include "memory/kernel_types.h"

static struct irqm_layout *layout;
static const char *layout_from; /* "dwarf" or "btf" */

/* Opens an unpacked vmlinux.gz, which crash unlinks after printing its banner,
 * but keeps open. */
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

static int from_file(const char *path, struct irqm_error *err)
{
	int fd, rc;

	if (!path)
		return -1;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fd = open_unlinked(path);
	if (fd < 0) {
		irqm_error_set(err, "%s: %s", path, strerror(errno));
		return -1;
	}
	memset(layout, 0, sizeof(*layout));
	rc = irqm_layout_from_dwarf(layout, fd, NULL, err);
	close(fd);
	return rc;
}

/* Tries the files in the order in which crash gives them to gdb. */
static int from_files(struct irqm_error *err)
{
	if (from_file(pc->namelist_debug, err) == 0 ||
	    from_file(pc->debuginfo_file, err) == 0)
		return 0;
	return from_file(pc->namelist, err);
}

static int from_memory(const struct irqm_target *t, struct irqm_error *err)
{
	memset(layout, 0, sizeof(*layout));
	return irqm_kernel_types(t, layout, err);
}

static const char *read_types(const struct irqm_target *t,
			      struct irqm_error *err)
{
	struct irqm_error from_btf;

	if (from_files(err) == 0)
		return "dwarf";
	if (from_memory(t, &from_btf) == 0)
		return "btf";
	/* err says why the file was unusable: that is what the user can
	 * change */
	return NULL;
}

const struct irqm_layout *irqm_types_get(struct irqm_target *t,
					 struct irqm_error *err)
{
	if (!layout) {
		layout = malloc(sizeof(*layout));
		if (!layout) {
			irqm_error_memory(err);
			return NULL;
		}
		layout_from = read_types(t, err);
		if (!layout_from) {
			irqm_types_drop();
			return NULL;
		}
	}
	t->types = layout_from;
	return layout;
}

void irqm_types_drop(void)
{
	free(layout);
	layout = NULL;
}
