/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/batch/watch.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

/*
 * Seconds for which a dump must be unchanged before it is taken. One that still
 * has a writer or an incomplete name is taken, too, because its writer may have
 * died.
 */
static const double settled[] = {
	[IRQM_WRITTEN] = 2,
	[IRQM_WRITING_UNKNOWN] = 20,
	[IRQM_WRITING] = 600,
};

/* Seconds from an event to the search, because more events will follow. */
#define SOON 0.2

#define EVENTS                                                                 \
	(IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_ATTRIB | IN_ONLYDIR)

struct file {
	char *path;
	uint64_t size;
	int64_t mtime_ns;
	double since; /* time since which it is unchanged */
	bool taken, seen;
};

struct irqm_watch {
	int fd;
	struct file **files;
	size_t nr, room;
	void *by_path; /* the same files, sorted for tfind(3) */
	/* when the last search began; when the next is due at the latest */
	double last, due;
};

struct irqm_watch *irqm_watch_new(void)
{
	struct irqm_watch *w = calloc(1, sizeof(*w));

	if (w)
		w->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	return w;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct file *)a)->path,
		      ((const struct file *)b)->path);
}

static void forget_file(struct irqm_watch *w, struct file *f)
{
	tdelete(f, &w->by_path, by_path);
	free(f->path);
	free(f);
}

void irqm_watch_free(struct irqm_watch *w)
{
	size_t i;

	if (!w)
		return;
	if (w->fd >= 0)
		close(w->fd);
	for (i = 0; i < w->nr; i++)
		forget_file(w, w->files[i]);
	free(w->files);
	free(w);
}

int irqm_watch_fd(const struct irqm_watch *w)
{
	return w->fd;
}

static void look_by(struct irqm_watch *w, double when)
{
	if (when < w->due)
		w->due = when;
}

void irqm_watch_read(struct irqm_watch *w)
{
	char events[16 * 1024];

	/* any event, also IN_Q_OVERFLOW, leads to a search */
	while (read(w->fd, events, sizeof(events)) > 0)
		look_by(w, irqm_now() + SOON);
}

/* inotify returns the existing watch for a directory that is already
 * watched. */
void irqm_watch_directory(struct irqm_watch *w, const char *path)
{
	if (w->fd >= 0)
		inotify_add_watch(w->fd, path, EVENTS);
}

static struct file *find_file(struct irqm_watch *w, const char *path)
{
	const struct file key = { .path = (char *)path };
	struct file *const *found = tfind(&key, &w->by_path, by_path);

	return found ? *found : NULL;
}

static bool make_room(struct irqm_watch *w)
{
	size_t room = w->room ? 2 * w->room : 64;
	struct file **more;

	if (w->nr < w->room)
		return true;
	more = reallocarray(w->files, room, sizeof(*more));
	if (!more)
		return false;
	w->files = more;
	w->room = room;
	return true;
}

static struct file *add_file(struct irqm_watch *w, const char *path)
{
	struct file *f = make_room(w) ? calloc(1, sizeof(*f)) : NULL;

	if (!f)
		return NULL;
	f->path = strdup(path);
	if (!f->path || !tsearch(f, &w->by_path, by_path)) {
		free(f->path);
		free(f);
		return NULL;
	}
	w->files[w->nr++] = f;
	return f;
}

void irqm_watch_begin_look(struct irqm_watch *w)
{
	size_t i;

	w->last = irqm_now();
	w->due = 1e300;
	for (i = 0; i < w->nr; i++)
		w->files[i]->seen = false;
}

bool irqm_watch_is_ready(struct irqm_watch *w, const struct irqm_job *job)
{
	struct file *f = find_file(w, job->paths[0]);
	bool fresh = !f;
	double wait;

	if (!f)
		f = add_file(w, job->paths[0]);
	if (!f)
		return false; /* the next search may have memory */
	f->seen = true;
	if (fresh || f->size != job->size || f->mtime_ns != job->mtime_ns) {
		f->size = job->size;
		f->mtime_ns = job->mtime_ns;
		f->since = w->last;
		f->taken = false;
	}
	if (f->taken)
		return false;
	wait = f->since + settled[job->writing] - w->last;
	if (wait > 0) {
		look_by(w, w->last + wait);
		return false;
	}
	f->taken = true;
	return true;
}

/* Forgets dumps that were not found: a new file may get the same name. */
void irqm_watch_end_look(struct irqm_watch *w)
{
	size_t i, kept = 0;

	for (i = 0; i < w->nr; i++) {
		if (w->files[i]->seen)
			w->files[kept++] = w->files[i];
		else
			forget_file(w, w->files[i]);
	}
	w->nr = kept;
}

double irqm_watch_patience(const struct irqm_watch *w, double interval)
{
	double due = w->last + interval < w->due ? w->last + interval : w->due;
	double left = due - irqm_now();

	return left > 0 ? left : 0;
}
