/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/confine.h"
#include "command/limits.h"
#include "command/progress.h"
#include "command/say.h"
#include "memory/input/input.h"

/* Returns the path of irqmatrix/NAME in a directory of the XDG
 * specification. */
static char *xdg_path(const char *variable, const char *otherwise,
		      const char *name)
{
	const char *base = getenv(variable), *home = getenv("HOME");
	char *path = NULL;
	int n = -1;

	/* the specification says to ignore a relative path */
	if (base && base[0] == '/')
		n = asprintf(&path, "%s/irqmatrix/%s", base, name);
	else if (home && home[0] == '/')
		n = asprintf(&path, "%s/%s/irqmatrix/%s", home, otherwise,
			     name);
	return n < 0 ? NULL : path;
}

char *irqm_session_cache_dir(void)
{
	return xdg_path("XDG_CACHE_HOME", ".cache", "known");
}

void irqm_session_places(struct irqm_session_places *p)
{
	unsigned int nr = 0;

	p->own = xdg_path("XDG_CONFIG_HOME", ".config", "kernels");
	if (p->own)
		p->place[nr++] = p->own;
	p->place[nr++] = "/etc/irqmatrix/kernels";
	p->place[nr] = NULL;
}

static struct irqm_dumpfile_options
file_options(const struct irqm_dump_options *o, const char *cache,
	     const struct irqm_session_places *places,
	     struct irqm_progress *progress)
{
	return (struct irqm_dumpfile_options){
		.vmlinux = o->vmlinux,
		.kernels = o->kernels,
		.kernel_places = places->place,
		.cache_dir = cache,
		.live = o->live,
		.temp_limit = o->tmp_limit,
		.progress = irqm_progress_show,
		.progress_ctx = progress,
	};
}

bool irqm_session_prepare(struct irqm_session *s,
			  const struct irqm_dump_options *o)
{
	char *cache = o->no_cache ? NULL : irqm_session_cache_dir();
	struct irqm_session_places places;
	struct irqm_files_local local;
	struct irqm_dumpfile_options options;
	struct irqm_progress progress;
	int rc;

	memset(s, 0, sizeof(*s));
	s->name = o->files[0];
	s->options = o;
	irqm_limits_set(o);
	irqm_session_places(&places);
	irqm_progress_start(&progress);
	options = file_options(o, cache, &places, &progress);
	irqm_dumpfile_files(&local, o->files, o->nr_files, &options);
	rc = irqm_confine_broker(&s->broker, &local);
	/* load them now: the sandbox forbids loading libraries later */
	irqm_pages_preload(o->files[0]);
	free(places.own);
	free(cache);
	return rc == 0;
}

bool irqm_session_confine(struct irqm_session *s, struct irqm_session *other)
{
	if (s->options->lasts ?
		    irqm_confine_watching(s->broker.fd) :
		    irqm_confine_reading(s->options->output_dir, s->broker.fd,
					 other ? other->broker.fd : 0))
		return true;
	irqm_session_close(s);
	if (other)
		irqm_session_close(other);
	return false;
}

static int open_file(struct irqm_session *s, struct irqm_error *err)
{
	const struct irqm_dump_options *o = s->options;
	char *cache = o->no_cache ? NULL : irqm_session_cache_dir();
	struct irqm_session_places places;
	struct irqm_dumpfile_options options;
	struct irqm_progress progress;
	int rc;

	irqm_session_places(&places);
	irqm_progress_start(&progress);
	options = file_options(o, cache, &places, &progress);
	options.files = &s->broker.files;
	rc = irqm_dumpfile_open(o->files, o->nr_files, &options, &s->file, err);
	irqm_progress_end(&progress);
	free(places.own);
	free(cache);
	return rc;
}

static int read_all(struct irqm_session *s, unsigned int flags,
		    struct irqm_error *err)
{
	if (irqm_snapshot_read(irqm_dumpfile_target(s->file),
			       irqm_dumpfile_layout(s->file),
			       flags | IRQM_READ_LOG, &s->snapshot, err))
		return -1;
	s->analysis = irqm_analyse(s->snapshot);
	if (!s->analysis) {
		irqm_error_memory(err);
		return -1;
	}
	return 0;
}

/* The library shortens and escapes long file names in its messages. */
const char *irqm_session_why(const char *file, const char *msg)
{
	size_t len = strlen(file);
	const char *end =
		file +
		(len > IRQM_INPUT_NAME_MAX ? len - IRQM_INPUT_NAME_MAX : 0);
	char name[4 * IRQM_INPUT_NAME_MAX + 1];

	irqm_escape(name, sizeof(name), end);
	len = strlen(name);
	if (strncmp(msg, name, len) == 0 && strncmp(msg + len, ": ", 2) == 0)
		return msg + len + 2;
	return msg;
}

/* If there are several files, the library's message already names one. */
static void say_why(const struct irqm_dump_options *o,
		    const struct irqm_error *err)
{
	const char *why;
	unsigned int i;

	for (i = 0; i < o->nr_files; i++) {
		why = irqm_session_why(o->files[i], err->msg);
		if (why != err->msg) {
			irqm_say("%s: %s", o->files[i], why);
			return;
		}
	}
	irqm_say("%s: %s", o->files[0], err->msg);
}

bool irqm_session_open_file(struct irqm_session *s)
{
	struct irqm_error err = { .msg = "cannot be opened" };

	if (open_file(s, &err) == 0)
		return true;
	irqm_limits_explain(&err);
	say_why(s->options, &err);
	irqm_session_close(s);
	return false;
}

void irqm_session_keep(struct irqm_session *s)
{
	irqm_dumpfile_keep(s->file);
	irqm_broker_stop(&s->broker);
}

bool irqm_session_analyse(struct irqm_session *s, unsigned int flags)
{
	struct irqm_error err = { .msg = "cannot be read" };

	if (read_all(s, flags, &err) == 0) {
		irqm_session_keep(s);
		return true;
	}
	irqm_limits_explain(&err);
	irqm_say("%s: %s", s->name, err.msg);
	irqm_session_close(s);
	return false;
}

int irqm_session_read(struct irqm_session *s, const char *const files[],
		      unsigned int nr_files,
		      const struct irqm_dumpfile_options *options,
		      unsigned int flags, struct irqm_error *err)
{
	memset(s, 0, sizeof(*s));
	s->name = files[0];
	s->broker.fd = s->broker.dump = -1;
	if (irqm_dumpfile_open(files, nr_files, options, &s->file, err) == 0 &&
	    read_all(s, flags, err) == 0) {
		irqm_session_keep(s);
		return 0;
	}
	irqm_session_close(s);
	return -1;
}

bool irqm_session_open(struct irqm_session *s,
		       const struct irqm_dump_options *o, unsigned int flags)
{
	return irqm_session_prepare(s, o) && irqm_session_confine(s, NULL) &&
	       irqm_session_open_file(s) && irqm_session_analyse(s, flags);
}

void irqm_session_close(struct irqm_session *s)
{
	irqm_analysis_free(s->analysis);
	irqm_snapshot_free(s->snapshot);
	irqm_dumpfile_close(s->file);
	irqm_broker_stop(&s->broker);
	memset(s, 0, sizeof(*s));
	s->broker.fd = s->broker.dump = -1;
}

int irqm_session_status(const struct irqm_session *s)
{
	const struct irqm_analysis *a = s->analysis;

	if (s->snapshot->nr_unread || s->snapshot->unread_dropped)
		return IRQM_STATUS_TROUBLE;
	/* findings are sorted, the most severe one first */
	if (a->nr_findings && a->findings[0].severity >= IRQM_WARNING)
		return IRQM_STATUS_FINDING;
	return IRQM_STATUS_NOTHING;
}
