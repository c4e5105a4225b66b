/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files of zstd frames with a table of them, which may come from anybody: the
 * content is what zstd unpacks, only of the frames that are read; a table that
 * does not fit the file is none.
 */
#include "unit.h"

#include "memory/input/frames.h"
#include "memory/input/seek_table.h"

#include <zstd.h>

#define NR 5
#define LARGEST 40000

static const size_t sizes[NR] = { 4096, 1, LARGEST, 100, 8192 };
static unsigned char content[NR * LARGEST];
static size_t content_size;

/* A file in the making. */
static struct {
	unsigned char data[2 * NR * LARGEST];
	size_t len;
	struct irqm_seek_entry entries[2 * NR];
	unsigned int nr;
} file;

static void append(const void *data, size_t len)
{
	assert_true(len <= sizeof(file.data) - file.len);
	memcpy(file.data + file.len, data, len);
	file.len += len;
}

static void add_entry(size_t packed, size_t unpacked)
{
	file.entries[file.nr++] = (struct irqm_seek_entry){ packed, unpacked };
}

static void add_frame(const void *data, size_t size)
{
	char packed[LARGEST + 1000];
	size_t n = ZSTD_compress(packed, sizeof(packed), data, size, 3);

	assert_false(ZSTD_isError(n));
	append(packed, n);
	add_entry(n, size);
}

static void add_frames(void)
{
	size_t i, at = 0;

	file.len = file.nr = 0;
	for (i = 0; i < NR; at += sizes[i++])
		add_frame(content + at, sizes[i]);
}

static void add_table(uint8_t descriptor)
{
	size_t each = descriptor & IRQM_SEEK_CHECKSUMS ? 12 : 8, i;
	struct irqm_seek_header header = { IRQM_SEEK_SKIP, each * file.nr + 9 };
	struct irqm_seek_footer footer = { file.nr, descriptor,
					   IRQM_SEEK_MAGIC };

	append(&header, sizeof(header));
	for (i = 0; i < file.nr; i++) {
		append(&file.entries[i], 8);
		append("\xff\xff\xff\xff", each - 8);
	}
	append(&footer, sizeof(footer));
}

/* Opens an exact copy, so that a sanitizer sees each read beyond it. */
static struct irqm_frames *open_copy(const void *data, size_t len)
{
	unsigned char *copy = malloc(len ? len : 1);
	struct irqm_frames *f;

	memcpy(copy, data, len);
	f = irqm_frames_new(copy, len);
	if (!f)
		free(copy);
	return f;
}

static struct irqm_frames *open_file(void)
{
	return open_copy(file.data, file.len);
}

static void opens(void)
{
	static unsigned char got[sizeof(content)];
	struct irqm_frames *f = open_file();

	assert_non_null(f);
	assert_int_equal(irqm_frames_size(f), content_size);
	assert_int_equal(irqm_frames_read(f, 0, got, content_size), IRQM_OK);
	assert_memory_equal(got, content, content_size);
	irqm_frames_free(f);
}

static void refused(void)
{
	struct irqm_frames *f = open_file();

	assert_null(f);
}

static void what_zstd_unpacks(void **state)
{
	static unsigned char got[sizeof(content)];
	size_t n;

	(void)state;
	add_frames();
	add_table(0);
	/* the table is nothing to zstd */
	n = ZSTD_decompress(got, sizeof(got), file.data, file.len);
	assert_int_equal(n, content_size);
	assert_memory_equal(got, content, n);
	assert_true(irqm_frames_expected(file.data + file.len - 9));
	assert_false(irqm_frames_expected(file.data + file.len - 10));
	opens();
	add_frames();
	add_table(IRQM_SEEK_CHECKSUMS);
	opens();
	/* a frame to skip, as the table's own */
	add_frames();
	append("\x50\x2a\x4d\x18\x03\0\0\0abc", 11);
	add_entry(11, 0);
	add_table(0);
	opens();
}

/* Each piece of the content, over the ends of frames and up to its own. */
static void pieces(void **state)
{
	unsigned char got[LARGEST];
	struct irqm_frames *f;
	size_t at, len;

	(void)state;
	add_frames();
	add_table(0);
	f = open_file();
	assert_non_null(f);
	for (at = 0; at <= content_size; at += 61)
		for (len = 0; len < sizeof(got); len = len * 2 + 1) {
			enum irqm_why why = irqm_frames_read(f, at, got, len);

			if (len > content_size - at) {
				assert_int_equal(why, IRQM_TRUNCATED);
				continue;
			}
			assert_int_equal(why, IRQM_OK);
			assert_memory_equal(got, content + at, len);
		}
	assert_int_equal(irqm_frames_read(f, UINT64_MAX, got, 1),
			 IRQM_TRUNCATED);
	assert_int_equal(irqm_frames_read(f, 1, got, SIZE_MAX), IRQM_TRUNCATED);
	irqm_frames_free(f);
}

/* A damaged frame is found when it is read, and spoils no other. */
static void only_what_is_read(void **state)
{
	static unsigned char got[LARGEST];
	struct irqm_frames *f;
	size_t damaged;

	(void)state;
	add_frames();
	/* its last block: the content of the third frame cannot be packed */
	damaged = file.entries[0].packed + file.entries[1].packed +
		  file.entries[2].packed - 100;
	add_table(0);
	memset(file.data + damaged, 0xff, 50);
	f = open_file();
	if (!f)
		return; /* refused at once is right, too */
	assert_int_equal(irqm_frames_read(f, 0, got, 4097), IRQM_OK);
	assert_int_equal(irqm_frames_read(f, 4097 + LARGEST, got, 8292),
			 IRQM_OK);
	irqm_frames_free(f);
}

static void the_packed_bytes(void **state)
{
	struct irqm_frames *f;
	const void *data;
	uint64_t len;
	size_t size;

	(void)state;
	add_frames();
	add_table(0);
	f = open_file();
	assert_non_null(f);
	assert_true(irqm_frames_packed(f, 4097, &data, &size, &len));
	assert_int_equal(len, LARGEST);
	assert_int_equal(size, file.entries[2].packed);
	assert_memory_equal(data,
			    file.data + file.entries[0].packed +
				    file.entries[1].packed,
			    size);
	assert_false(irqm_frames_packed(f, 4096 + 2, &data, &size, &len));
	assert_false(irqm_frames_packed(f, 4095, &data, &size, &len));
	assert_false(irqm_frames_packed(f, content_size, &data, &size, &len));
	assert_false(irqm_frames_packed(f, UINT64_MAX, &data, &size, &len));
	irqm_frames_free(f);
}

static void sizes_that_lie(void **state)
{
	static const int by[] = { 1, -1, 4096, -4096, INT32_MAX, INT32_MIN };
	unsigned int i, entry;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(by); i++)
		for (entry = 0; entry < NR; entry++) {
			add_frames();
			file.entries[entry].packed += by[i];
			add_table(0);
			refused();
			add_frames();
			file.entries[entry].unpacked += by[i];
			add_table(0);
			refused();
		}
	/* what one has more, the next has less */
	for (entry = 0; entry + 1 < NR; entry++) {
		add_frames();
		file.entries[entry].packed++;
		file.entries[entry + 1].packed--;
		add_table(0);
		refused();
		add_frames();
		file.entries[entry].unpacked++;
		file.entries[entry + 1].unpacked--;
		add_table(0);
		refused();
	}
	/* two frames as one, which unpack to the size of the first */
	add_frames();
	file.entries[0].packed += file.entries[1].packed;
	file.entries[1] = file.entries[2];
	file.entries[2] = file.entries[3];
	file.entries[3] = file.entries[4];
	file.nr--;
	add_table(0);
	refused();
	/* not the last one */
	add_frames();
	file.nr--;
	add_table(0);
	refused();
	/* the table itself, and what is after the file */
	add_frames();
	add_entry(8 + 8 * (NR + 1) + 9, 0);
	add_table(0);
	refused();
	add_frames();
	add_entry(8 + 8 * (NR + 2) + 9, 0);
	add_entry(100, 4096);
	add_table(0);
	refused();
	/* all of it skipped */
	add_frames();
	for (entry = 0; entry < NR; entry++)
		file.entries[entry].unpacked = 0;
	add_table(0);
	refused();
}

static void tables_that_lie(void **state)
{
	size_t end, i;

	(void)state;
	add_frames();
	add_table(0);
	end = file.len;
	/* another number of frames, a flag that is not known, other magics */
	for (i = 1; i <= 9; i++) {
		file.data[end - i] ^= 0x40;
		refused();
		file.data[end - i] ^= 0x40;
	}
	for (i = 0; i < 8; i++) {
		file.data[end - 9 - 8 * NR - 8 + i] ^= 1;
		refused();
		file.data[end - 9 - 8 * NR - 8 + i] ^= 1;
	}
	memset(file.data + end - 9, 0xff, 4);
	refused();
	memset(file.data + end - 9, 0, 4);
	refused();
	/* a file that is cut off, or goes on */
	add_frames();
	add_table(0);
	for (i = 0; i < file.len; i++)
		assert_null(open_copy(file.data, i));
	append("\0", 1);
	refused();
}

/* One frame of zeros that says its size, so often that it is too much. */
static void too_much(void **state)
{
	unsigned int nr = IRQM_FRAMES_MOST / (1 << 20), i;
	size_t size = (1 << 20) + 1000;
	unsigned char *zeros = calloc(1, 1 << 20), *packed = malloc(size);
	struct irqm_seek_entry e = { .unpacked = 1 << 20 };
	struct irqm_seek_header header = { IRQM_SEEK_SKIP, 0 };
	struct irqm_seek_footer footer = { 0, 0, IRQM_SEEK_MAGIC };
	size_t each = ZSTD_compress(packed, size, zeros, 1 << 20, 1);

	(void)state;
	e.packed = each;
	for (; nr <= IRQM_FRAMES_MOST / (1 << 20) + 1; nr++) {
		unsigned char *data = malloc(nr * (each + 8) + 17), *p = data;
		struct irqm_frames *f;

		for (i = 0; i < nr; i++, p += each)
			memcpy(p, packed, each);
		header.size = 8 * nr + 9;
		p = (unsigned char *)mempcpy(p, &header, 8);
		for (i = 0; i < nr; i++)
			p = (unsigned char *)mempcpy(p, &e, 8);
		footer.nr_frames = nr;
		memcpy(p, &footer, 9);
		f = irqm_frames_new(data, nr * (each + 8) + 17);
		if (nr <= IRQM_FRAMES_MOST / (1 << 20)) {
			assert_non_null(f);
		} else {
			assert_null(f);
			free(data);
		}
		irqm_frames_free(f);
	}
	free(zeros);
	free(packed);
}

/* A frame with much that unpacks to nothing: blocks without content. */
static void padded_frames(void **state)
{
	unsigned char packed[2000];
	size_t n;

	(void)state;
	file.len = file.nr = 0;
	n = ZSTD_compress(packed, sizeof(packed), content, 4, 3);
	/* magic, descriptor, size; then the block, raw and the last one */
	assert_int_equal(n, 4 + 1 + 1 + 3 + 4);
	append(packed, 6);
	while (file.len < 1000)
		append("\0\0\0", 3);
	append(packed + 6, 7);
	add_entry(file.len, 4);
	assert_int_equal(ZSTD_decompress(packed, sizeof(packed), file.data,
					 file.len),
			 4);
	add_table(0);
	refused();
}

static int setup(void **state)
{
	size_t i;
	uint64_t x = 1;

	(void)state;
	for (i = 0; i < NR; i++)
		content_size += sizes[i];
	for (i = 0; i < content_size; i++) {
		x = x * 6364136223846793005ULL + 1442695040888963407ULL;
		/* the third frame cannot be packed */
		content[i] = i < 4097 || i > 4097 + LARGEST ? i % 251 : x >> 56;
	}
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_zstd_unpacks),
		cmocka_unit_test(pieces),
		cmocka_unit_test(only_what_is_read),
		cmocka_unit_test(the_packed_bytes),
		cmocka_unit_test(sizes_that_lie),
		cmocka_unit_test(tables_that_lie),
		cmocka_unit_test(too_much),
		cmocka_unit_test(padded_frames),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
