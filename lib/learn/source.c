/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "learn/source.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "learn/package.h"
#include "memory/input/stream.h"
#include "memory/vmlinux/elf_file.h"
#include "memory/vmlinux/learn.h"

/* The state while files of a package are tried. */
struct candidate {
	struct irqm_learn *l;
	struct irqm_learned *k;
	struct irqm_error why; /* why the last one was not usable */
};

static int learn_packed(struct irqm_learn *l, const struct irqm_input *in,
			enum irqm_packing packing, struct irqm_learned *k,
			struct irqm_error *err);

int irqm_learn_open(struct irqm_learn *l, uint64_t limit,
		    struct irqm_error *err)
{
	l->limit = limit && limit < IRQM_UNPACKED_MAX ? limit :
							IRQM_UNPACKED_MAX;
	l->extracted = (struct irqm_tempfile){
		.fd = -1,
		.limit = l->limit,
		.name = "unpacking",
	};
	l->unpacked = l->extracted;
	l->library = irqm_package_load();
	return irqm_tempfile_open(&l->unpacked, err) < 0 ?
		       -1 :
		       irqm_tempfile_open(&l->extracted, err);
}

void irqm_learn_close(struct irqm_learn *l)
{
	if (l->unpacked.fd >= 0)
		close(l->unpacked.fd);
	if (l->extracted.fd >= 0)
		close(l->extracted.fd);
	irqm_package_unload(l->library);
}

/* Learns from ELF or compressed ELF. */
static int learn_plain(struct irqm_learn *l, const struct irqm_input *in,
		       struct irqm_learned *k, struct irqm_error *err)
{
	enum irqm_packing packing = irqm_stream_packing(in);
	char magic[SELFMAG];

	if (packing != IRQM_PLAIN)
		return learn_packed(l, in, packing, k, err);
	if (irqm_input_read(in, 0, magic, SELFMAG) == IRQM_OK &&
	    memcmp(magic, ELFMAG, SELFMAG) == 0)
		return irqm_vmlinux_learn(in->fd, k, err);
	irqm_error_set(err, "neither a vmlinux nor an RPM or deb package");
	return -1;
}

static int learn_packed(struct irqm_learn *l, const struct irqm_input *in,
			enum irqm_packing packing, struct irqm_learned *k,
			struct irqm_error *err)
{
	struct irqm_tempfile *t = &l->unpacked;
	struct irqm_input plain = { .fd = t->fd, .name = "unpacking" };
	struct irqm_stream *s;
	int rc = -1;

	if (in->fd == t->fd) {
		irqm_error_set(err, "compressed twice; unpack it first");
		return -1;
	}
	/* the limit is for both files together */
	t->limit = l->limit -
		   (in->fd == l->extracted.fd ? l->extracted.written : 0);
	s = irqm_stream_new(in, packing);
	if (!s)
		irqm_error_memory(err);
	else if (irqm_tempfile_reset(t, err) == 0 &&
		 irqm_stream_copy(s, t, err) == 0)
		rc = irqm_tempfile_finish(t, err);
	irqm_stream_free(s);
	plain.size = t->size;
	return rc == 0 ? learn_plain(l, &plain, k, err) : -1;
}

static void set_from(struct irqm_learned *k, const char *path)
{
	size_t len = strlen(path), most = sizeof(k->from) - 1;

	snprintf(k->from, sizeof(k->from), "%s",
		 len > most ? path + len - most : path);
}

/* Skips files that are not a kernel. */
static int take_candidate(void *ctx, const char *path, struct irqm_error *err)
{
	struct candidate *c = ctx;
	const struct irqm_tempfile *t = &c->l->extracted;
	struct irqm_input in = { .fd = t->fd,
				 .size = t->size,
				 .name = "unpacking" };

	(void)err;
	if (learn_plain(c->l, &in, c->k, &c->why) < 0)
		return 0;
	set_from(c->k, path);
	return 1;
}

static int learn_package(struct irqm_learn *l, const struct irqm_input *in,
			 struct irqm_learned *k, struct irqm_error *err)
{
	struct candidate c = { .l = l, .k = k };
	struct package_reader r = {
		.library = l->library,
		.in = in,
		.to = &l->extracted,
		.take = take_candidate,
		.ctx = &c,
		.progress = l->progress,
		.progress_ctx = l->progress_ctx,
	};
	int rc = irqm_package_read(&r, err);

	if (rc == 0 && c.why.msg[0])
		irqm_error_set(err, "contains no usable vmlinux: %.150s",
			       c.why.msg);
	else if (rc == 0)
		irqm_error_set(err,
			       "contains no vmlinux: is it the kernel's "
			       "debug package (-dbg, -dbgsym, debuginfo)?");
	return rc > 0 ? 0 : -1;
}

int irqm_learn_file(struct irqm_learn *l, int fd, const char *name,
		    struct irqm_learned *k, struct irqm_error *err)
{
	struct irqm_input in = { .fd = fd, .name = irqm_input_name(name) };
	struct stat st;
	int rc;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		irqm_error_set(err, "not a regular file");
		return -1;
	}
	in.size = st.st_size;
	if (irqm_package_is_one(&in))
		return learn_package(l, &in, k, err);
	rc = learn_plain(l, &in, k, err);
	if (rc == 0)
		set_from(k, name);
	return rc;
}
