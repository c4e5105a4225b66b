/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file of zstd frames with a table of them. The first byte is the number of
 * entries, which follow with the packed bytes; the table is made of them. With
 * 255 as the first byte, all that follows is the file.
 */
#include "memory/input/frames.h"
#include "memory/input/seek_table.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#define AS_IT_IS 255
/* Content that is compared; the rest takes too long. */
#define COMPARED (1 << 20)

static size_t make_file(const uint8_t *data, size_t size, unsigned char *file)
{
	size_t entries = *data * sizeof(struct irqm_seek_entry), packed;
	struct irqm_seek_footer footer = { .nr_frames = *data,
					   .magic = IRQM_SEEK_MAGIC };
	struct irqm_seek_header header = { IRQM_SEEK_SKIP,
					   entries + sizeof(footer) };

	if (*data++ == AS_IT_IS || entries > size - 1) {
		memcpy(file, data, size - 1);
		return size - 1;
	}
	packed = size - 1 - entries;
	memcpy(file, data + entries, packed);
	memcpy(file + packed, &header, sizeof(header));
	memcpy(file + packed + sizeof(header), data, entries);
	memcpy(file + packed + sizeof(header) + entries, &footer,
	       sizeof(footer));
	return packed + sizeof(header) + entries + sizeof(footer);
}

/* What can be read is what zstd unpacks. */
static void compare(struct irqm_frames *f, const unsigned char *file,
		    size_t len)
{
	size_t size = irqm_frames_size(f);
	unsigned char *got = malloc(size), *want = malloc(size);

	if (got && want && irqm_frames_read(f, 0, got, size) == IRQM_OK &&
	    (ZSTD_decompress(want, size, file, len) != size ||
	     memcmp(got, want, size) != 0))
		abort();
	free(got);
	free(want);
}

static void read_frames(struct irqm_frames *f, const unsigned char *file,
			size_t len)
{
	uint64_t size = irqm_frames_size(f), at, content;
	const void *data;
	size_t packed, i;
	char buf[100];

	for (i = 0; i < 64; i++) {
		at = i < 32 ? i * size / 32 : size - (1ULL << (i - 32));
		if (irqm_frames_read(f, at, buf, sizeof(buf)) == IRQM_OK &&
		    at > size - sizeof(buf))
			abort();
		if (irqm_frames_packed(f, at, &data, &packed, &content) &&
		    (packed > len || content > size - at))
			abort();
	}
	if (size <= COMPARED)
		compare(f, file, len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char *file, *own;
	struct irqm_frames *f;
	size_t len;

	if (!size)
		return 0;
	file = malloc(size + sizeof(struct irqm_seek_header) +
		      sizeof(struct irqm_seek_footer));
	if (!file)
		return 0;
	len = make_file(data, size, file);
	/* of this size, so that a sanitizer sees what is beyond it */
	own = malloc(len ? len : 1);
	if (own) {
		memcpy(own, file, len);
		f = irqm_frames_new(own, len);
		if (f)
			read_frames(f, file, len);
		else
			free(own);
		irqm_frames_free(f);
	}
	free(file);
	return 0;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}
