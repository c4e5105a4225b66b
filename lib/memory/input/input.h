/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opens a file of a dump and recognises its format. A flattened or packed file
 * is unpacked into an unnamed temporary file first, unless it is an ELF file in
 * frames (frames.h), which are unpacked as they are read. Private to lib/memory.
 */
#ifndef IRQM_MEMORY_INPUT_H
#define IRQM_MEMORY_INPUT_H

#include "base/base.h"

enum irqm_input_kind {
	IRQM_INPUT_ELF,
	IRQM_INPUT_KDUMP,
	IRQM_INPUT_OTHER, /* not recognised here, but perhaps in foreign.h */
};

/* The start of a file from makedumpfile --flatten: 16 bytes, of which the last
 * is the string's NUL (makedumpfile.h). */
#define IRQM_FLAT_SIGNATURE "makedumpfile\0\0\0"

struct irqm_frames;

struct irqm_input {
	int fd;
	uint64_t size; /* bytes; reading beyond them is "truncated" */
	struct irqm_frames *frames; /* reads from them; NULL: from fd */
	enum irqm_input_kind kind;
	bool flattened;
	const char *name; /* for messages: the path, or its end */
};

/* Messages about a file begin with its name, or with the end of a long one. */
#define IRQM_INPUT_NAME_MAX 80

/* Returns the end of a path, to leave room for the rest of a message. */
const char *irqm_input_name(const char *path);

/*
 * Returns how many bytes of a file take space on disk, holes not counted.
 * Limits on time and memory are proportional to it, so that a file made of
 * holes gets no more than one of the same size on disk.
 */
uint64_t irqm_input_held(int fd);

struct irqm_files;

struct irqm_input_opener {
	/* limit on bytes of temporary files, from which what is written is
	 * subtracted; UINT64_MAX: no limit */
	uint64_t *limit;
	const struct irqm_files *files; /* opens it; NULL: this process does */
	unsigned int nr;                /* number of the file, for files */
};

/* Opens path. Returns 0, or -1 with err. in->name points into path. */
int irqm_input_open(struct irqm_input *in, const char *path,
		    const struct irqm_input_opener *opener,
		    struct irqm_error *err);
void irqm_input_close(struct irqm_input *in);

/* Reads len bytes at offset, all or nothing. Returns IRQM_OK, IRQM_TRUNCATED, or
 * IRQM_INVALID if they do not unpack. */
enum irqm_why irqm_input_read(const struct irqm_input *in, uint64_t offset,
			      void *buf, size_t len);

/* Says that these bytes will be read, so that the kernel fetches them
 * meanwhile: from a disk or over a network, all at once and not one by one. */
void irqm_input_expect(const struct irqm_input *in, uint64_t offset,
		       uint64_t len);

/*
 * Finds the first range that is not a hole, [*offset, *ret_end), between *offset
 * and end. Returns false if there is none.
 */
bool irqm_input_data(const struct irqm_input *in, uint64_t *offset,
		     uint64_t end, uint64_t *ret_end);

#endif
