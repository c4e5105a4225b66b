/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/learned/search.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "memory/files.h"
#include "memory/input/input.h"
#include "memory/vmcoreinfo.h"

/* The line "note" is within this many bytes of a kernel: see print.c. */
#define NOTE_WITHIN 2048

char *irqm_learned_read(int fd, size_t *ret_len, struct irqm_error *err)
{
	size_t at = 0, size;
	struct stat st;
	ssize_t n = 1;
	char *text;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    (uint64_t)st.st_size > IRQM_LEARNED_FILE_MAX) {
		irqm_error_set(err,
			       "not a regular file, or larger than %llu "
			       "MiB",
			       IRQM_LEARNED_FILE_MAX >> 20);
		return NULL;
	}
	size = st.st_size;
	text = malloc(size + 1);
	while (text && at < size && n > 0) {
		n = pread(fd, text + at, size - at, at);
		at += n > 0 ? n : 0;
	}
	if (!text || n < 0) {
		irqm_error_set(err, "cannot be read: %s",
			       text ? strerror(errno) : "out of memory");
		free(text);
		return NULL;
	}
	*ret_len = at;
	return text;
}

static int walk_text(const struct irqm_learned_visitor *v, const char *name,
		     const char *text, size_t len, struct irqm_error *err)
{
	struct irqm_learned_text t;
	size_t at = 0;
	int more, rc;

	while ((more = irqm_learned_next(text, len, &at, &t, err)) > 0) {
		rc = v->kernel(v->ctx, name, &t);
		if (rc > 0)
			return rc;
	}
	return more;
}

static int walk_fd(const struct irqm_learned_visitor *v, const char *name,
		   int fd, struct irqm_error *err)
{
	size_t len;
	char *text = irqm_learned_read(fd, &len, err);
	int rc;

	if (!text)
		return -1;
	rc = walk_text(v, name, text, len, err);
	free(text);
	return rc;
}

static bool is_learned(int fd)
{
	static const char start[] = "irqmatrix-kernels ";
	char buf[sizeof(start) - 1];

	return pread(fd, buf, sizeof(buf), 0) == (ssize_t)sizeof(buf) &&
	       memcmp(buf, start, sizeof(buf)) == 0;
}

/* A bad file in a directory does not stop the walk. */
static int walk_entry(const struct irqm_learned_visitor *v, int fd,
		      const struct irqm_file_reply *reply)
{
	struct irqm_error why;
	int rc = 0;

	if (fd < 0) {
		irqm_error_set(&why, "%s", strerror(reply->error));
		v->bad(v->ctx, reply->name, &why);
		return 0;
	}
	if (is_learned(fd)) {
		rc = walk_fd(v, reply->name, fd, &why);
		if (rc < 0)
			v->bad(v->ctx, reply->name, &why);
	}
	return rc > 0 ? rc : 0;
}

static int walk_place_files(const struct irqm_learned_place *p,
			    const struct irqm_learned_visitor *v,
			    struct irqm_file_reply *reply,
			    struct irqm_error *err)
{
	struct irqm_file_request r = { .kind = IRQM_FILE_KERNELS,
				       .place = p->nr };
	int fd, rc;

	do {
		fd = p->files->open(p->files->ctx, &r, reply);
		if (reply->flags & IRQM_FILE_END)
			return 0;
		if (reply->flags & IRQM_FILE_IN_DIRECTORY)
			rc = walk_entry(v, fd, reply);
		else if (fd >= 0)
			rc = walk_fd(v, p->path, fd, err);
		else
			rc = -1;
		if (fd >= 0)
			close(fd);
		r.nr++;
	} while (rc == 0 && (reply->flags & IRQM_FILE_IN_DIRECTORY));
	if (rc < 0 && fd < 0)
		irqm_error_set(err, "%s", strerror(reply->error));
	return rc;
}

/* *ret_exists: whether the path exists */
static int walk_place(const struct irqm_learned_place *p,
		      const struct irqm_learned_visitor *v, bool *ret_exists,
		      struct irqm_error *err)
{
	struct irqm_file_reply reply;
	struct irqm_error why;
	int rc = walk_place_files(p, v, &reply, &why);

	*ret_exists = (reply.flags & IRQM_FILE_IN_DIRECTORY) ||
		      (reply.error != ENOENT && reply.error != ENOTDIR);
	if (rc < 0)
		irqm_error_set(err, "%.100s: %.250s", irqm_input_name(p->path),
			       why.msg);
	return rc;
}

int irqm_learned_walk(const struct irqm_learned_place *place,
		      const struct irqm_learned_visitor *v,
		      struct irqm_error *err)
{
	bool exists;

	return walk_place(place, v, &exists, err);
}

struct search {
	const struct irqm_target *dump;
	char release[IRQM_RELEASE_SIZE];
	char build_id[IRQM_BUILD_ID_HEX]; /* in lower case; "": none */
	struct irqm_learned *k;
	uint64_t *offset;
	struct irqm_learned_seen *seen;
};

/* Records the first error. */
static void note_bad(void *ctx, const char *name, const struct irqm_error *why)
{
	struct search *s = ctx;

	if (!s->seen->bad.msg[0])
		irqm_error_set(&s->seen->bad, "%.60s: %.200s",
			       irqm_input_name(name), why->msg);
}

static bool has_text(const char *text, size_t len, const char *what)
{
	return memmem(text, len, what, strlen(what)) != NULL;
}

/*
 * True for a kernel that need not be parsed, because its note does not contain
 * the dump's build-id (a misread one also consists of bytes of the note). False
 * for a kernel of the same release, so that the message can say what differs.
 */
static bool is_other(const struct search *s, const struct irqm_learned_text *t)
{
	size_t len = t->len < NOTE_WITHIN ? t->len : NOTE_WITHIN;
	char first[sizeof("kernel \n") + IRQM_RELEASE_SIZE];

	snprintf(first, sizeof(first), "kernel %s\n", s->release);
	return s->build_id[0] && has_text(t->text, len, "\nnote ") &&
	       !has_text(t->text, len, s->build_id) &&
	       !has_text(t->text, len < sizeof(first) ? len : sizeof(first),
			 first);
}

/* Returns 1 if it is the dump's kernel and was read, 0 if not or if it cannot
 * be used. */
static int try_kernel(void *ctx, const char *name,
		      const struct irqm_learned_text *t)
{
	struct search *s = ctx;
	struct irqm_error why;

	s->seen->nr++;
	if (is_other(s, t))
		return 0;
	if (irqm_learned_head(t, s->k, &why)) {
		note_bad(s, name, &why);
		return 0;
	}
	if (irqm_build_check(&s->k->build, s->dump, s->offset, &why)) {
		if (s->release[0] && strcmp(s->release, s->k->release) == 0)
			s->seen->near = why;
		return 0;
	}
	if (irqm_learned_parse(t, s->k, &why) == 0)
		return 1;
	note_bad(s, name, &why);
	return 0;
}

int irqm_learned_search(const struct irqm_learned_place *place,
			const struct irqm_target *dump,
			struct irqm_learned_seen *seen, struct irqm_learned *k,
			uint64_t *ret_offset, struct irqm_error *err)
{
	struct search s = {
		.dump = dump, .k = k, .offset = ret_offset, .seen = seen
	};
	bool exists;
	char *c;
	int rc;

	irqm_vmcoreinfo_value(dump->vmcoreinfo, "OSRELEASE", s.release,
			      sizeof(s.release));
	irqm_vmcoreinfo_value(dump->vmcoreinfo, "BUILD-ID", s.build_id,
			      sizeof(s.build_id));
	for (c = s.build_id; *c; c++)
		*c = tolower((unsigned char)*c);
	rc = walk_place(place,
			&(struct irqm_learned_visitor){ try_kernel, note_bad,
							&s },
			&exists, err);
	if (exists)
		seen->where = place->path;
	return rc;
}
