/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Packed and flattened dumps that are spoiled, or made to cost more than they
 * may: each ends with words that say which.
 */
#include "unit.h"
#include "fake_dump.h"

#include <endian.h>
#include <lzma.h>
#include <unistd.h>
#include <zlib.h>

#include "memory/input/tempfile.h"

static void refused_with(struct bytes b, uint64_t limit, const char *says)
{
	const char *path = fake_file(b.data, b.len);
	struct irqm_error err = { 0 };
	struct irqm_pages p;

	assert_int_equal(irqm_pages_open(&path, 1, limit, 1, &p, &err), -1);
	if (!strstr(err.msg, says))
		fail_msg("\"%s\" is not in: %s", says, err.msg);
}

static void refused(struct bytes b, const char *says)
{
	refused_with(b, 0, says);
}

static void opens(struct bytes b)
{
	struct irqm_error err;
	struct irqm_pages p;

	if (fake_open(b, 1, &p, &err) != 0)
		fail_msg("%s", err.msg);
	p.close(p.ctx);
}

/* Offset and length of a piece of a flattened dump, big-endian. */
static void put_piece(struct bytes b, size_t at, int64_t offset, int64_t len)
{
	fake_put(b, at, htobe64(offset), 8);
	fake_put(b, at + 8, htobe64(len), 8);
}

static void test_flattened(void **state)
{
	static const struct {
		int64_t offset, len;
		const char *says;
	} pieces[] = {
		{ -2, 20, "not what makedumpfile --flatten writes" },
		{ 0, -1, "not what makedumpfile --flatten writes" },
		{ -1, 20, "not what makedumpfile --flatten writes" },
		{ INT64_MIN, INT64_MIN, "not what makedumpfile" },
		{ INT64_MAX, 20, "an offset that is too large for a dump" },
		{ 1LL << 52, 20, "an offset that is too large for a dump" },
		{ 0, INT64_MAX, "end early" },
	};
	struct bytes kdump = fake_kdump(0, FAKE_PAGES, false);
	struct bytes flat = fake_flatten(kdump);

	(void)state;
	opens(flat);
	for (size_t i = 0; i < ARRAY_SIZE(pieces); i++) {
		/* the first, which is written over later */
		put_piece(flat, 4096, pieces[i].offset, pieces[i].len);
		refused(flat, pieces[i].says);
	}
	free(flat.data);
	free(kdump.data);
}

/* All of the dump is there, and the packing says that it is not the same. */
static void test_checksum(void **state)
{
	struct bytes kdump = fake_kdump(0, FAKE_PAGES, false);
	struct bytes flat = fake_flatten(kdump);
	struct bytes gz = fake_gzip(flat), xz = fake_xz(flat);

	(void)state;
	opens(gz);
	opens(xz);
	gz.data[gz.len - 8] ^= 1; /* CRC32, and the length, of gzip */
	refused(gz, "cannot unpack it: incorrect data check");
	gz.data[gz.len - 8] ^= 1;
	gz.data[gz.len - 1] ^= 1;
	refused(gz, "cannot unpack it: incorrect length check");
	xz.data[xz.len - 1] ^= 1; /* its magic at the end */
	refused(xz, "cannot unpack it: damaged");
	free(gz.data);
	free(xz.data);
	free(flat.data);
	free(kdump.data);
}

/* An archive is named by its beginning, however much of it is there. */
static void test_archive(void **state)
{
	static unsigned char tar[20000];
	struct bytes xz;
	size_t i;

	(void)state;
	for (i = 512; i < sizeof(tar); i++)
		tar[i] = i * i * 2654435761u >> 13; /* not to be packed */
	memcpy(tar, "vmcore", sizeof("vmcore"));
	memcpy(tar + 257, "ustar", sizeof("ustar"));
	xz = fake_xz((struct bytes){ tar, sizeof(tar) });
	refused(xz, "packed with xz, and not a dump: a tar archive");
	refused((struct bytes){ xz.data, xz.len / 2 },
		"packed with xz, and not a dump: a tar archive");
	free(xz.data);
	memcpy(tar, "sosreport-web1/", sizeof("sosreport-web1/"));
	xz = fake_xz((struct bytes){ tar, sizeof(tar) });
	refused(xz, "not a dump: a sosreport");
	/* nothing of it can be unpacked; its name has to tell */
	memset(xz.data + 7, 'U', xz.len - 7);
	refused(xz, "packed with xz, cannot unpack it: damaged; try to");
	free(xz.data);
}

/* A dictionary that takes more memory than is allowed. */
static void test_memory(void **state)
{
	/* magic, no checksum, a window of 2^31 bytes, an empty last block */
	static unsigned char zstd[] = { 0x28,    0xb5, 0x2f, 0xfd, 0x00,
					21 << 3, 0x01, 0x00, 0x00 };
	struct bytes kdump = fake_kdump(0, FAKE_PAGES, false);
	struct bytes xz = fake_xz(kdump);
	unsigned char *block = xz.data + LZMA_STREAM_HEADER_SIZE;
	size_t size = (block[0] + 1) * 4, at = 2;

	(void)state;
	opens(xz);
	/* two sizes may come first; then LZMA2, whose property it is */
	for (unsigned int flag = 0x40; flag <= 0x80; flag <<= 1)
		while (block[1] & flag && block[at++] & 0x80)
			;
	assert_int_equal(block[at], 0x21);
	assert_int_equal(block[at + 1], 1);
	block[at + 2] = 40; /* 4 GiB less one */
	fake_put(xz, LZMA_STREAM_HEADER_SIZE + size - 4,
		 lzma_crc32(block, size - 4, 0), 4);
	refused(xz, "needs too much memory");
	refused((struct bytes){ zstd, sizeof(zstd) }, "too much memory");
	free(xz.data);
	free(kdump.data);
}

/* Of a packed dump that is not flattened, too: what is unpacked counts. */
static void test_limit(void **state)
{
	struct bytes kdump = fake_kdump(0, FAKE_PAGES, false);
	struct bytes packed[] = { fake_pack(kdump), fake_gzip(kdump),
				  fake_xz(kdump) };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		opens(packed[i]);
		refused_with(packed[i], 8192,
			     "than the limit of 0 MB; raise --tmp-limit");
		free(packed[i].data);
	}
	free(kdump.data);
}

/* What a frame claims to hold is enough to refuse it. */
static void test_claim(void **state)
{
	struct bytes kdump = fake_kdump(0, FAKE_PAGES, false);
	struct bytes flat = fake_flatten(kdump), z = fake_pack(flat);
	struct irqm_tempfile t = { .fd = -1,
				   .limit = 9ULL << 20,
				   .needed = 10ULL << 20,
				   .name = "dump" };
	struct irqm_error err;

	(void)state;
	/* a single segment, its size in four bytes */
	assert_int_equal(z.data[4] >> 5, 5);
	fake_put(z, 5, 100 << 20, 4);
	refused_with(z, 1 << 20, "about 100 MB of temporary files");
	assert_int_equal(irqm_tempfile_open(&t, &err), 0);
	assert_int_equal(irqm_tempfile_write(&t, 0, "x", 1, &err), -1);
	assert_non_null(strstr(err.msg, "about 10 MB of temporary files, the "
					"limit is 9 MB"));
	assert_int_equal(t.written, 0);
	close(t.fd);
	free(flat.data);
	free(z.data);
	free(kdump.data);
}

/* A byte takes a block; one that is written to again takes no other. */
static void test_blocks(void **state)
{
	struct irqm_tempfile t = { .fd = -1,
				   .limit = UINT64_MAX,
				   .name = "dump" };
	struct irqm_error err;
	uint64_t block;
	int i;

	(void)state;
	assert_int_equal(irqm_tempfile_open(&t, &err), 0);
	block = t.block;
	t.limit = 4 * block;
	for (i = 0; i < 3; i++)
		assert_int_equal(
			irqm_tempfile_write(&t, i * block, "x", 1, &err), 0);
	assert_int_equal(t.written, 3 * block);
	/* the same block at once, then each several times */
	assert_int_equal(irqm_tempfile_write(&t, 2 * block + 1, "x", 1, &err),
			 0);
	assert_int_equal(t.written, 3 * block);
	for (i = 0; i < 20; i++)
		assert_int_equal(irqm_tempfile_write(&t, i % 3 * block, "y", 1,
						     &err),
				 0);
	assert_int_equal(irqm_tempfile_write(&t, 3 * block, "x", 1, &err), 0);
	assert_int_equal(irqm_tempfile_write(&t, 4 * block, "x", 1, &err), -1);
	assert_non_null(
		strstr(err.msg, "more temporary files than the limit of"));
	/* but that is work, of which a sound file makes so much */
	t.limit = UINT64_MAX;
	t.most = t.touched + 2 * block;
	for (i = 0; i < 2; i++)
		assert_int_equal(
			irqm_tempfile_write(&t, i * block, "z", 1, &err), 0);
	assert_int_equal(irqm_tempfile_write(&t, 2 * block, "z", 1, &err), -1);
	assert_non_null(strstr(err.msg, "too much for a dump of its size"));
	close(t.fd);
}

/* The file system has room for so much, and then no more. */
static void test_room(void **state)
{
	struct irqm_tempfile t = { .fd = -1,
				   .limit = UINT64_MAX,
				   .name = "dump" };
	static const char data[5 << 20] = { 'x', [2 << 20] = 'y',
					    [(5 << 20) - 1] = 'z' };
	char whole[1 << 16];
	struct irqm_error err;
	size_t at;

	(void)state;
	assert_int_equal(irqm_tempfile_open(&t, &err), 0);
	/* zeros cost nothing */
	t.spare = 3 * 4096;
	assert_int_equal(irqm_tempfile_write(&t, 0, data, sizeof(data), &err),
			 0);
	assert_int_equal(t.written, 3 * 4096);
	close(t.fd);

	t = (struct irqm_tempfile){ .fd = -1,
				    .limit = UINT64_MAX,
				    .name = "dump" };
	assert_int_equal(irqm_tempfile_open(&t, &err), 0);
	memset(whole, 'x', sizeof(whole));
	t.spare = 3 << 20;
	for (at = 0; at < 3 << 20; at += sizeof(whole))
		assert_int_equal(irqm_tempfile_write(&t, at, whole,
						     sizeof(whole), &err),
				 0);
	assert_int_equal(irqm_tempfile_write(&t, at, whole, 1, &err), -1);
	assert_non_null(
		strstr(err.msg, "unpacking needs more than 3 MB, but "));
	assert_non_null(strstr(err.msg, "room for 3 MB"));
	t.needed = 7 << 20;
	assert_int_equal(irqm_tempfile_write(&t, at, whole, 1, &err), -1);
	assert_non_null(strstr(err.msg, "unpacking needs about 7 MB, but "));
	close(t.fd);
}

static void test_no_directory(void **state)
{
	struct bytes kdump = fake_kdump(0, FAKE_PAGES, false);
	struct bytes z = fake_pack(kdump);

	(void)state;
	setenv("TMPDIR", "/nonexistent", 1);
	assert_true(irqm_tempfile_room() == UINT64_MAX);
	refused(z,
		"cannot create a temporary file in /nonexistent: No such file");
	unsetenv("TMPDIR");
	assert_true(irqm_tempfile_room() < UINT64_MAX);
	opens(z);
	free(z.data);
	free(kdump.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flattened),
		cmocka_unit_test(test_checksum),
		cmocka_unit_test(test_archive),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_claim),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_no_directory),
	};

	return RUN(tests);
}
