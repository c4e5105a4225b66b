/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/find/find.h"

#include "fleet/find/dump_id.h"
#include "fleet/find/seen.h"
#include "memory/recognise.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file of a split set, kept until all files of its directory are known. */
struct member {
	char *path;
	struct irqm_split split;
	struct irqm_file_state state;
	enum irqm_writing writing;
};

struct members {
	struct member *m;
	size_t nr, room;
};

struct search {
	const struct irqm_dump_finder *f;
	struct irqm_seen files, directories;
	struct irqm_error *err;
};

struct names {
	char **name;
	size_t nr, room;
};

static int no_memory(struct search *s)
{
	irqm_error_memory(s->err);
	return -1;
}

/* Makes room for one more element. */
static bool make_room(void **array, size_t nr, size_t *room, size_t size)
{
	void *more;

	if (nr < *room)
		return true;
	more = reallocarray(*array, *room ? 2 * *room : 64, size);
	if (!more)
		return false;
	*array = more;
	*room = *room ? 2 * *room : 64;
	return true;
}

static int emit_found(struct search *s, const struct irqm_found *found)
{
	if (s->f->found(s->f->ctx, found))
		return 0;
	irqm_error_set(s->err, "the search was stopped");
	return -1;
}

/* Reports a path that cannot be a dump or cannot be read. */
static int emit_reason(struct search *s, const char *path, const char *reason)
{
	return emit_found(s, &(struct irqm_found){
				     .paths = &path,
				     .nr = 1,
				     .reason = reason,
				     .named = true,
			     });
}

static int emit_errno(struct search *s, const char *path, const char *what)
{
	char reason[160];

	snprintf(reason, sizeof(reason), "%s: %s", what, strerror(errno));
	return emit_reason(s, path, reason);
}

/* Asks for a read lease, which the kernel refuses while the file is open for
 * writing. */
static enum irqm_writing is_written(int fd, const char *path)
{
	const char *name = strrchr(path, '/');

	if (strstr(name ? name : path, "incomplete"))
		return IRQM_WRITING;
	if (fcntl(fd, F_SETLEASE, F_RDLCK) < 0)
		return errno == EAGAIN ? IRQM_WRITING : IRQM_WRITING_UNKNOWN;
	fcntl(fd, F_SETLEASE, F_UNLCK);
	return IRQM_WRITTEN;
}

static int add_member(struct search *s, struct members *all,
		      const struct member *m)
{
	if (!make_room((void **)&all->m, all->nr, &all->room, sizeof(*all->m)))
		return no_memory(s);
	all->m[all->nr] = *m;
	all->m[all->nr].path = strdup(m->path);
	if (!all->m[all->nr].path)
		return no_memory(s);
	all->nr++;
	return 0;
}

static int by_set(const void *a, const void *b)
{
	const struct member *l = a, *r = b;
	int diff = memcmp(l->split.set, r->split.set, sizeof(l->split.set));

	if (diff)
		return diff;
	if (l->split.start_pfn != r->split.start_pfn)
		return l->split.start_pfn < r->split.start_pfn ? -1 : 1;
	return strcmp(l->path, r->path);
}

static int emit_set(struct search *s, const struct member *m, size_t nr)
{
	const char **paths = calloc(nr, sizeof(*paths));
	struct irqm_file_state *states = calloc(nr, sizeof(*states));
	struct irqm_found found = {
		.paths = paths, .nr = nr, .named = true, .mtime_ns = INT64_MIN
	};
	size_t i;
	int ret = -1;

	for (i = 0; paths && states && i < nr; i++) {
		paths[i] = m[i].path;
		states[i] = m[i].state;
		found.size += m[i].state.size;
		if (m[i].writing != IRQM_WRITTEN)
			found.writing = m[i].writing;
		if (m[i].state.mtime_ns > found.mtime_ns)
			found.mtime_ns = m[i].state.mtime_ns;
	}
	if (paths && states) {
		irqm_dump_files(states, nr, found.files);
		ret = emit_found(s, &found);
	} else {
		no_memory(s);
	}
	free(paths);
	free(states);
	return ret;
}

static int emit_sets(struct search *s, struct members *all)
{
	size_t i, nr;
	int ret = 0;

	if (all->nr)
		qsort(all->m, all->nr, sizeof(*all->m), by_set);
	for (i = 0; i < all->nr && ret == 0; i += nr) {
		for (nr = 1; i + nr < all->nr; nr++)
			if (memcmp(all->m[i].split.set,
				   all->m[i + nr].split.set,
				   sizeof(all->m[i].split.set)) != 0)
				break;
		ret = emit_set(s, &all->m[i], nr);
	}
	for (i = 0; i < all->nr; i++)
		free(all->m[i].path);
	free(all->m);
	memset(all, 0, sizeof(*all));
	return ret;
}

static int look_at(struct search *s, int fd, const char *path, bool named,
		   struct members *sets)
{
	struct member m = { .path = (char *)path };
	struct irqm_found found = { .paths = &path, .nr = 1, .named = named };
	struct stat st;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		/* it was replaced by something that is not a regular file */
		return 0;
	if (!irqm_may_be_dump(fd) && !named)
		return 0;
	irqm_file_state(&st, &m.state);
	if (s->f->watch)
		m.writing = is_written(fd, path);
	if (irqm_split_of(fd, &m.split))
		return add_member(s, sets, &m);
	found.size = m.state.size;
	found.mtime_ns = m.state.mtime_ns;
	found.writing = m.writing;
	irqm_dump_files(&m.state, 1, found.files);
	return emit_found(s, &found);
}

static int visit_regular(struct search *s, const char *path,
			 const struct stat *st, bool named,
			 struct members *sets)
{
	int fresh = irqm_seen_add(&s->files, st->st_dev, st->st_ino);
	int fd, ret;

	if (fresh < 0)
		return no_memory(s);
	if (!fresh || (!st->st_size && !named))
		return 0;
	/* the next search finds it when something has been written */
	if (!st->st_size)
		return s->f->watch ? 0 :
				     emit_reason(s, path,
						 "an empty file; "
						 "the dump was not "
						 "written");
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return named ? emit_errno(s, path, "cannot open it") : 0;
	ret = look_at(s, fd, path, named, sets);
	close(fd);
	return ret;
}

static int visit_special(struct search *s, const char *path, mode_t mode)
{
	return emit_reason(s, path,
			   S_ISFIFO(mode) ?
				   "a FIFO; save the dump to a file first" :
			   S_ISSOCK(mode) ? "a socket, not a file" :
					    "a device, not a file");
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void free_names(struct names *n)
{
	size_t i;

	for (i = 0; i < n->nr; i++)
		free(n->name[i]);
	free(n->name);
	memset(n, 0, sizeof(*n));
}

static bool add_name(struct names *n, const char *dir, const char *name)
{
	size_t len = strlen(dir);

	if (!make_room((void **)&n->name, n->nr, &n->room, sizeof(*n->name)) ||
	    asprintf(&n->name[n->nr], "%s%s%s", dir,
		     len && dir[len - 1] == '/' ? "" : "/", name) < 0)
		return false;
	n->nr++;
	return true;
}

/* Returns 0, 1 with errno if the directory cannot be read, or -1. */
static int list_directory(struct search *s, const char *path, struct names *ret)
{
	DIR *dir = opendir(path);
	const struct dirent *d;
	int ret_errno;

	if (!dir)
		return 1;
	while (errno = 0, (d = readdir(dir))) {
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		if (!add_name(ret, path, d->d_name)) {
			closedir(dir);
			return no_memory(s);
		}
	}
	ret_errno = errno;
	closedir(dir);
	errno = ret_errno;
	if (ret->nr)
		qsort(ret->name, ret->nr, sizeof(*ret->name), by_name);
	return ret_errno ? 1 : 0;
}

/* Handles a name in a directory. Sets *ret_dir if it is a directory, to be
 * walked later. */
static int visit_entry(struct search *s, const char *path, struct members *sets,
		       bool *ret_dir)
{
	bool named = irqm_is_dump_name(strrchr(path, '/') + 1);
	struct stat st;
	int rc = lstat(path, &st);
	bool link = rc == 0 && S_ISLNK(st.st_mode);

	*ret_dir = rc == 0 && S_ISDIR(st.st_mode);
	if (*ret_dir)
		return 0;
	if (link)
		rc = stat(path, &st);
	if (rc < 0)
		return !named || (!link && errno == ENOENT) ?
			       0 :
			       emit_errno(s, path,
					  link ? "a symbolic link" :
						 "cannot be found");
	if (S_ISREG(st.st_mode))
		return visit_regular(s, path, &st, named, sets);
	return named && !S_ISDIR(st.st_mode) ?
		       visit_special(s, path, st.st_mode) :
		       0;
}

static int walk_directory(struct search *s, const char *path);

/* Handles the files of a directory; leaves the directories in *names. */
static int files_of(struct search *s, struct names *names)
{
	struct members sets = { 0 };
	size_t i, kept = 0;
	int ret = 0, rc;
	bool dir;

	for (i = 0; i < names->nr; i++) {
		dir = false;
		if (ret == 0)
			ret = visit_entry(s, names->name[i], &sets, &dir);
		if (dir)
			names->name[kept++] = names->name[i];
		else
			free(names->name[i]);
	}
	names->nr = kept;
	rc = emit_sets(s, &sets);
	return ret ? ret : rc;
}

static int walk_names(struct search *s, const char *path)
{
	struct names names = { 0 };
	int rc = list_directory(s, path, &names), ret;
	size_t i;

	ret = rc == 1 ? emit_errno(s, path, "this directory cannot be read") :
			rc;
	if (ret == 0)
		ret = files_of(s, &names);
	for (i = 0; i < names.nr && ret == 0; i++)
		ret = walk_directory(s, names.name[i]);
	free_names(&names);
	return ret;
}

/* Visits each directory once, however it is reached, so that the walk ends. */
static int walk_directory(struct search *s, const char *path)
{
	struct stat st;
	int fresh;

	if (stat(path, &st) < 0)
		return errno == ENOENT ?
			       0 :
			       emit_errno(s, path,
					  "this directory cannot be read");
	fresh = irqm_seen_add(&s->directories, st.st_dev, st.st_ino);
	if (fresh < 0)
		return no_memory(s);
	if (!fresh)
		return 0;
	if (s->f->watch && !s->f->directory(s->f->ctx, path)) {
		irqm_error_set(s->err, "the search was stopped");
		return -1;
	}
	return walk_names(s, path);
}

static int visit_given(struct search *s, const char *path, struct members *sets)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return emit_errno(s, path, "cannot open it");
	if (S_ISDIR(st.st_mode))
		return walk_directory(s, path);
	if (S_ISREG(st.st_mode))
		return visit_regular(s, path, &st, true, sets);
	return visit_special(s, path, st.st_mode);
}

int irqm_find_dumps(const struct irqm_dump_finder *f, const char *const paths[],
		    unsigned int nr, struct irqm_error *err)
{
	struct search s = { .f = f, .err = err };
	struct members sets = { 0 };
	int ret = 0, rc;
	unsigned int i;

	for (i = 0; i < nr && ret == 0; i++)
		ret = visit_given(&s, paths[i], &sets);
	rc = emit_sets(&s, &sets);
	irqm_seen_deinit(&s.files);
	irqm_seen_deinit(&s.directories);
	return ret ? ret : rc;
}
