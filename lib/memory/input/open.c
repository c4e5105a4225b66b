/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/input/input.h"

#include "memory/files.h"
#include "memory/input/foreign.h"
#include "memory/input/frames.h"
#include "memory/input/stream.h"
#include "memory/input/tempfile.h"

#include <elf.h>
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Limit on pieces. makedumpfile writes pieces of some KB. Each needs a system
 * call, but a hostile file can pack a piece of one byte into less than that. */
#define PIECES_LEAST (1U << 18)
#define BYTES_PER_PIECE 16

/* The signature fills a block of its own. */
#define FLAT_HEADER 4096
#define FLAT_END (-1)

/* What people name as if it were a file. */
static const char *advice_on(const char *path)
{
	if (strcmp(path, "-") == 0)
		return "; a dump is read from a file, not from standard input: "
		       "save it first, and name the file";
	if (strstr(path, "://"))
		return "; download it first";
	if (strstr(path, ":/"))
		return "; copy it from there first, with scp for example";
	return "";
}

/* Opens the file, and sets its size. */
static int open_plain(struct irqm_input *in, const char *path,
		      const struct irqm_input_opener *opener,
		      struct irqm_error *err)
{
	struct irqm_file_request r = { .kind = IRQM_FILE_DUMP,
				       .nr = opener->nr };
	struct irqm_file_reply reply;
	struct stat st;
	off_t end;

	in->name = irqm_input_name(path);
	in->fd = irqm_files_open(opener->files, &r, path, &reply);
	if (in->fd >= 0 && fstat(in->fd, &st) < 0)
		reply.error = errno;
	if (reply.error) {
		irqm_error_set(err, "%s: cannot open it: %s%s", in->name,
			       strerror(reply.error),
			       reply.error == ENOENT ? advice_on(path) : "");
		return -1;
	}
	if (S_ISDIR(st.st_mode)) {
		irqm_error_set(err,
			       "%s: a directory; name the dump file in "
			       "it, or use irqmatrix batch",
			       in->name);
		return -1;
	}
	if (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode)) {
		irqm_error_set(err,
			       "%s: not a regular file; save the dump to "
			       "one first",
			       in->name);
		return -1;
	}
	end = lseek(in->fd, 0, SEEK_END);
	if (end <= 0) {
		irqm_error_set(err,
			       "%s: an empty file; the dump was not "
			       "written",
			       in->name);
		return -1;
	}
	in->size = end;
	return 0;
}

static bool begins_with(const struct irqm_input *in, const char *what,
			size_t len)
{
	char magic[16];

	return irqm_input_read(in, 0, magic, len) == IRQM_OK &&
	       memcmp(magic, what, len) == 0;
}

/* Recognises the kind of file by its first bytes. */
static int recognise_kind(struct irqm_input *in, struct irqm_error *err)
{
	in->kind = IRQM_INPUT_OTHER;
	if (begins_with(in, ELFMAG, SELFMAG))
		in->kind = IRQM_INPUT_ELF;
	else if (begins_with(in, "KDUMP   ", 8))
		in->kind = IRQM_INPUT_KDUMP;
	else if (begins_with(in, "BZh", 3)) {
		irqm_error_set(err,
			       "%s: packed with bzip2; unpack it with bunzip2",
			       in->name);
		return -1;
	} else if (irqm_stream_packing(in) != IRQM_PLAIN) {
		irqm_error_set(err, "%s: packed twice; unpack it first",
			       in->name);
		return -1;
	}
	return 0;
}

static int ends_early(const struct irqm_tempfile *t, struct irqm_error *err)
{
	irqm_error_set(err,
		       "%s: truncated: its flattened data end early; copy "
		       "the dump again",
		       t->name);
	return -1;
}

/* Copies a piece of len bytes to offset in the dump. */
static int put_piece(struct irqm_stream *s, struct irqm_tempfile *t,
		     uint64_t offset, uint64_t len, struct irqm_error *err)
{
	const void *data;
	long got;

	while (len > 0) {
		got = irqm_stream_next(s, len, &data, err);
		if (got < 0)
			return -1;
		if (got == 0)
			return ends_early(t, err);
		if (irqm_tempfile_write(t, offset, data, got, err) < 0)
			return -1;
		offset += got;
		len -= got;
	}
	return 0;
}

static int set_spoiled(const struct irqm_tempfile *t, struct irqm_error *err)
{
	irqm_error_set(err,
		       "%s: damaged: not what makedumpfile --flatten "
		       "writes; copy the dump again",
		       t->name);
	return -1;
}

static int rearrange_pieces(struct irqm_stream *s, struct irqm_tempfile *t,
			    struct irqm_error *err)
{
	uint64_t pieces = PIECES_LEAST + irqm_stream_held(s) / BYTES_PER_PIECE;
	unsigned char header[FLAT_HEADER], after;
	int64_t piece[2]; /* offset and length, big-endian */
	int more = irqm_stream_read(s, header, sizeof(header), err);

	for (;;) {
		if (more > 0)
			more = irqm_stream_read(s, piece, sizeof(piece), err);
		if (more < 0)
			return -1;
		if (more == 0)
			return ends_early(t, err);
		piece[0] = (int64_t)be64toh(piece[0]);
		piece[1] = (int64_t)be64toh(piece[1]);
		/* in a compressed file, an end mark and a checksum follow */
		if (piece[0] == FLAT_END && piece[1] == FLAT_END)
			return irqm_stream_read(s, &after, 1, err) < 0 ? -1 : 0;
		if (piece[0] < 0 || piece[1] < 0 || pieces-- == 0)
			return set_spoiled(t, err);
		if (put_piece(s, t, piece[0], piece[1], err) < 0)
			return -1;
	}
}

/* Reads the file into memory if it may consist of frames. Returns NULL if not,
 * or out of memory. */
static unsigned char *read_file(const struct irqm_input *in)
{
	unsigned char end[IRQM_FRAMES_END], *data;

	if (in->size < sizeof(end) || in->size > IRQM_FRAMES_MOST ||
	    irqm_input_read(in, in->size - sizeof(end), end, sizeof(end)) ||
	    !irqm_frames_expected(end))
		return NULL;
	data = malloc(in->size);
	if (data && irqm_input_read(in, 0, data, in->size) == IRQM_OK)
		return data;
	free(data);
	return NULL;
}

/* Opens an ELF file in frames. Returns false if it has to be unpacked as any
 * other file. */
static bool open_frames(struct irqm_input *in)
{
	unsigned char *data = read_file(in);
	struct irqm_frames *frames;
	char magic[SELFMAG];

	if (!data)
		return false;
	frames = irqm_frames_new(data, in->size);
	if (!frames)
		free(data);
	if (!frames || irqm_frames_read(frames, 0, magic, SELFMAG) != IRQM_OK ||
	    memcmp(magic, ELFMAG, SELFMAG) != 0) {
		irqm_frames_free(frames);
		return false;
	}
	in->frames = frames;
	in->size = irqm_frames_size(frames);
	return true;
}

/* Replaces the file with its unpacked content. */
static int convert_input(struct irqm_input *in, struct irqm_stream *s,
			 const struct irqm_input_opener *opener,
			 struct irqm_error *err)
{
	struct irqm_tempfile t = {
		.fd = -1,
		.limit = *opener->limit,
		.name = in->name,
		.files = opener->files,
	};
	int ret;

	in->flattened = irqm_stream_begins_with(s, IRQM_FLAT_SIGNATURE,
						sizeof(IRQM_FLAT_SIGNATURE));
	/* zeros of other dumps become holes, so their size is not needed */
	if (in->flattened)
		t.needed = irqm_stream_size(s);
	t.most = irqm_stream_most(s);
	if (irqm_tempfile_open(&t, err) < 0)
		return -1;
	ret = in->flattened ? rearrange_pieces(s, &t, err) :
			      irqm_stream_copy(s, &t, err);
	if (ret == 0)
		ret = irqm_tempfile_finish(&t, err);
	irqm_input_close(in);
	in->fd = t.fd;
	in->size = t.size;
	*opener->limit -= t.written;
	return ret;
}

/*
 * Refuses an archive without unpacking it. Its beginning is enough, so that one
 * that was cut off is named, too.
 */
static int refuse_archive(const struct irqm_input *in,
			  enum irqm_packing packing, struct irqm_error *err)
{
	struct irqm_stream *s = irqm_stream_new(in, packing);
	char head[IRQM_FOREIGN_HEAD];
	const char *other;
	const void *piece;
	size_t len = 0;
	long got;

	if (!s) {
		irqm_error_memory(err);
		return -1;
	}
	while (len < sizeof(head) &&
	       (got = irqm_stream_next(s, sizeof(head) - len, &piece, err)) >
		       0) {
		memcpy(head + len, piece, got);
		len += got;
	}
	irqm_stream_free(s);
	other = irqm_other_file(head, len);
	if (!other)
		return 0;
	irqm_error_set(err, "%s: packed with %s, and not a dump: %s", in->name,
		       irqm_packing_name(packing), other);
	irqm_error_is(err, IRQM_ERROR_FORMAT);
	return -1;
}

int irqm_input_open(struct irqm_input *in, const char *path,
		    const struct irqm_input_opener *opener,
		    struct irqm_error *err)
{
	enum irqm_packing packing;
	struct irqm_stream *s;
	int ret = 0;

	memset(in, 0, sizeof(*in));
	if (open_plain(in, path, opener, err) < 0) {
		irqm_error_is(err, IRQM_ERROR_FILE);
		goto fail;
	}
	packing = irqm_stream_packing(in);
	if (packing == IRQM_ZSTD && open_frames(in)) {
		in->kind = IRQM_INPUT_ELF;
		return 0;
	}
	if (packing != IRQM_PLAIN || begins_with(in, IRQM_FLAT_SIGNATURE, 16)) {
		if (packing != IRQM_PLAIN &&
		    refuse_archive(in, packing, err) < 0)
			goto fail;
		s = irqm_stream_new(in, packing);
		if (!s) {
			irqm_error_memory(err);
			goto fail;
		}
		ret = convert_input(in, s, opener, err);
		irqm_stream_free(s);
	}
	if (ret == 0 && recognise_kind(in, err) == 0)
		return 0;
fail:
	irqm_input_close(in);
	return -1;
}
