/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "distill/output.h"

#include "base/new_file.h"
#include "memory/input/seek_table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zstd.h>

/*
 * The crash kernel has one CPU and little memory, and the dump waits. Most of
 * the data is BTF, records of 4 bytes, so matches of 3 bytes and the choice of
 * the cheapest ones save a tenth over level 15, in half its time. Small tables
 * lose 1%. docs/distill.md has the measurements.
 */
static const struct {
	ZSTD_cParameter name;
	int value;
} parameters[] = {
	{ ZSTD_c_strategy, ZSTD_btopt }, { ZSTD_c_windowLog, 21 },
	{ ZSTD_c_hashLog, 17 },          { ZSTD_c_chainLog, 17 },
	{ ZSTD_c_searchLog, 2 },         { ZSTD_c_minMatch, 3 },
	{ ZSTD_c_targetLength, 12 },     { ZSTD_c_checksumFlag, 1 },
};

#define BUFFER (128 * 1024)

struct irqm_output {
	struct irqm_new_file file;
	ZSTD_CCtx *zstd;                /* NULL: not compressed */
	struct irqm_seek_entry *frames; /* the last one is being written */
	size_t nr_frames, room;
	unsigned char buf[BUFFER];
};

static bool ends_in(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && strcmp(s + n - m, end) == 0;
}

static int set_failed(struct irqm_output *o, const char *what,
		      struct irqm_error *err)
{
	irqm_error_set(err, "%s: %s", o->file.path, what);
	return -1;
}

static bool start_zstd(struct irqm_output *o)
{
	size_t i;

	o->zstd = ZSTD_createCCtx();
	if (!o->zstd)
		return false;
	for (i = 0; i < ARRAY_SIZE(parameters); i++)
		ZSTD_CCtx_setParameter(o->zstd, parameters[i].name,
				       parameters[i].value);
	return true;
}

int irqm_output_check(const char *path, struct irqm_error *err)
{
	struct stat st;

	if (lstat(path, &st))
		return 0;
	/* do not suggest removing a device file such as /dev/null */
	irqm_error_set(err, "%s: exists already; %sname another file", path,
		       S_ISREG(st.st_mode) ? "remove it, or " : "");
	return -1;
}

struct irqm_output *irqm_output_new(const char *path, struct irqm_error *err)
{
	struct irqm_output *o;

	if (irqm_output_check(path, err))
		return NULL;
	o = calloc(1, sizeof(*o));
	if (!o) {
		irqm_error_memory(err);
		return NULL;
	}
	if (irqm_new_file_open(&o->file, path, 0600, err)) {
		irqm_output_drop(o);
		return NULL;
	}
	if (ends_in(path, ".zst") && !start_zstd(o)) {
		irqm_error_memory(err);
		irqm_output_drop(o);
		return NULL;
	}
	return o;
}

static int put_data(struct irqm_output *o, const void *data, size_t len,
		    struct irqm_error *err)
{
	if (fwrite(data, 1, len, o->file.out) == len)
		return 0;
	return set_failed(o, strerror(errno), err);
}

static int pack_data(struct irqm_output *o, ZSTD_inBuffer *in,
		     ZSTD_EndDirective end, struct irqm_error *err)
{
	size_t left;

	do {
		ZSTD_outBuffer out = { o->buf, sizeof(o->buf), 0 };

		left = ZSTD_compressStream2(o->zstd, &out, in, end);
		if (ZSTD_isError(left))
			return set_failed(o, ZSTD_getErrorName(left), err);
		o->frames[o->nr_frames - 1].packed += out.pos;
		if (put_data(o, o->buf, out.pos, err))
			return -1;
	} while (end == ZSTD_e_end ? left != 0 : in->pos < in->size);
	return 0;
}

static int end_frame(struct irqm_output *o, struct irqm_error *err)
{
	ZSTD_inBuffer in = { NULL, 0, 0 };

	return o->nr_frames ? pack_data(o, &in, ZSTD_e_end, err) : 0;
}

int irqm_output_frame(struct irqm_output *o, uint64_t size,
		      struct irqm_error *err)
{
	size_t room = o->room ? 2 * o->room : 64;
	struct irqm_seek_entry *grown;

	if (!o->zstd)
		return 0;
	if (end_frame(o, err))
		return -1;
	if (o->nr_frames == o->room) {
		grown = realloc(o->frames, room * sizeof(*grown));
		if (!grown) {
			irqm_error_memory(err);
			return -1;
		}
		o->frames = grown;
		o->room = room;
	}
	o->frames[o->nr_frames++] = (struct irqm_seek_entry){ 0, size };
	ZSTD_CCtx_setPledgedSrcSize(o->zstd, size);
	return 0;
}

int irqm_output_write(struct irqm_output *o, const void *data, size_t len,
		      struct irqm_error *err)
{
	ZSTD_inBuffer in = { data, len, 0 };

	return o->zstd ? pack_data(o, &in, ZSTD_e_continue, err) :
			 put_data(o, data, len, err);
}

static int put_table(struct irqm_output *o, struct irqm_error *err)
{
	size_t size = o->nr_frames * sizeof(*o->frames);
	const struct irqm_seek_footer footer = {
		.nr_frames = o->nr_frames,
		.magic = IRQM_SEEK_MAGIC,
	};
	const struct irqm_seek_header header = {
		.magic = IRQM_SEEK_SKIP,
		.size = size + sizeof(footer),
	};

	return put_data(o, &header, sizeof(header), err) ||
			       put_data(o, o->frames, size, err) ||
			       put_data(o, &footer, sizeof(footer), err) ?
		       -1 :
		       0;
}

static int finish_file(struct irqm_output *o, uint64_t *ret_size,
		       struct irqm_error *err)
{
	char *path = o->file.path;
	off_t size;
	int rc;

	if (o->zstd && (end_frame(o, err) || put_table(o, err)))
		return -1;
	size = ftello(o->file.out);
	if (size < 0)
		return set_failed(o, strerror(errno), err);
	path = strdup(path);
	/* does not replace a file that was created meanwhile, either */
	rc = irqm_new_file_finish(&o->file, true, err);
	if (rc && path)
		irqm_output_check(path, err); /* prints what exists there */
	free(path);
	*ret_size = size;
	return rc;
}

int irqm_output_close(struct irqm_output *o, uint64_t *ret_size,
		      struct irqm_error *err)
{
	int rc = finish_file(o, ret_size, err);

	irqm_output_drop(o);
	return rc;
}

void irqm_output_drop(struct irqm_output *o)
{
	if (!o)
		return;
	irqm_new_file_drop(&o->file);
	ZSTD_freeCCtx(o->zstd);
	free(o->frames);
	free(o);
}
