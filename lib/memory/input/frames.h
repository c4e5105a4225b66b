/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The content of a zstd file that consists of frames and has a table of them
 * (seek_table.h): a frame is unpacked when one of its bytes is read. Private to
 * lib/memory.
 *
 * The table may come from anybody. It is used only if its frames follow one
 * another from the first byte of the file to the table, and each says that it
 * unpacks to the size in the table. So the content is what other programs
 * unpack the file to, or a frame is damaged.
 */
#ifndef IRQM_MEMORY_FRAMES_H
#define IRQM_MEMORY_FRAMES_H

#include "base/base.h"

/* Limit on the file, and on its content: both are in memory. */
#define IRQM_FRAMES_MOST (64ULL << 20)

struct irqm_frames;

/* Returns true if a file that ends in these bytes may have a table. */
#define IRQM_FRAMES_END 9
bool irqm_frames_expected(const unsigned char end[IRQM_FRAMES_END]);

/*
 * Reads the table of a file of size bytes, all of which are in data. Returns
 * NULL if it has no table that can be used, or out of memory: the file may
 * still be one that unpacks as a stream. Otherwise data belongs to the result.
 */
struct irqm_frames *irqm_frames_new(unsigned char *data, size_t size);
void irqm_frames_free(struct irqm_frames *f); /* NULL is fine */

/* Returns the size of the content. */
uint64_t irqm_frames_size(const struct irqm_frames *f);

/* Reads len bytes at offset, all or nothing. Returns IRQM_OK, IRQM_TRUNCATED at
 * the end of the content, or IRQM_INVALID for a frame that does not unpack. */
enum irqm_why irqm_frames_read(struct irqm_frames *f, uint64_t offset,
			       void *buf, size_t len);

/*
 * Gets the packed bytes of the frame whose content begins at offset, and the
 * length of its content. They alone decide about the content: whether it
 * unpacks, and what to. Returns false if no frame begins there. The bytes are
 * valid as long as f.
 */
bool irqm_frames_packed(const struct irqm_frames *f, uint64_t offset,
			const void **ret_data, size_t *ret_size,
			uint64_t *ret_len);

#endif
