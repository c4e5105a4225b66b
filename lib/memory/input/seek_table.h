/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table at the end of a file of several zstd frames, from which a reader
 * finds the frame that it needs: zstd's "seekable format" 0.1.0
 * (contrib/seekable_format in zstd's sources). To others it is a frame to skip.
 * Private to lib/memory and lib/distill.
 */
#ifndef IRQM_MEMORY_SEEK_TABLE_H
#define IRQM_MEMORY_SEEK_TABLE_H

#include <stdint.h>

#define IRQM_SEEK_SKIP 0x184d2a5eU
#define IRQM_SEEK_MAGIC 0x8f92eab1U
/* Flag of the descriptor: each entry is followed by a checksum of 4 bytes. */
#define IRQM_SEEK_CHECKSUMS 0x80U

/* The table begins with this, as every frame to skip does. */
struct irqm_seek_header {
	uint32_t magic; /* IRQM_SEEK_SKIP */
	uint32_t size;  /* bytes after this header */
};

/* An entry for each frame follows, in the order of the file. */
struct irqm_seek_entry {
	uint32_t packed, unpacked; /* bytes */
};

struct irqm_seek_footer {
	uint32_t nr_frames;
	uint8_t descriptor;
	uint32_t magic; /* IRQM_SEEK_MAGIC */
} __attribute__((packed));

#endif
