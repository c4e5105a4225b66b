/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One page, packed. */
#include "tests/mkdump/kdump.h"

#include <lzo/lzo1x.h>
#include <snappy-c.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "memory/pages/unpack.h"

static size_t pack_zlib(const void *page, void *out, size_t room)
{
	uLongf len = room;

	return compress2(out, &len, page, KD_PAGE, 1) == Z_OK ? len : 0;
}

static size_t pack_lzo(const void *page, void *out, size_t room)
{
	static unsigned char work[LZO1X_1_MEM_COMPRESS];
	lzo_uint len = room;

	return lzo1x_1_compress(page, KD_PAGE, out, &len, work) == LZO_E_OK ?
		       len :
		       0;
}

static size_t pack_snappy(const void *page, void *out, size_t room)
{
	size_t len = room;

	return snappy_compress(page, KD_PAGE, out, &len) == SNAPPY_OK ? len : 0;
}

static size_t pack_zstd(const void *page, void *out, size_t room)
{
	size_t len = ZSTD_compress(out, room, page, KD_PAGE, 1);

	return ZSTD_isError(len) ? 0 : len;
}

static const struct {
	uint32_t flag;
	size_t (*pack)(const void *page, void *out, size_t room);
} packings[] = {
	[KD_RAW] = { 0, NULL },
	[KD_ZLIB] = { IRQM_PACKED_ZLIB, pack_zlib },
	[KD_LZO] = { IRQM_PACKED_LZO, pack_lzo },
	[KD_SNAPPY] = { IRQM_PACKED_SNAPPY, pack_snappy },
	[KD_ZSTD] = { IRQM_PACKED_ZSTD, pack_zstd },
};

size_t kd_pack(enum kd_packing packing, uint64_t pfn, const void *page,
	       void *out, uint32_t *ret_flags)
{
	unsigned char more[KD_PAGE * 2]; /* enough for any of them */
	size_t len;

	if (packing == KD_MIXED)
		packing = pfn % KD_MIXED;
	*ret_flags = 0;
	len = packings[packing].pack ?
		      packings[packing].pack(page, more, sizeof(more)) :
		      0;
	if (!len || len >= KD_PAGE)
		return 0;
	memcpy(out, more, len);
	*ret_flags = packings[packing].flag;
	return len;
}

uint32_t kd_status(enum kd_packing packing)
{
	/* all that its pages use: irqmatrix loads libsnappy by it */
	return packing == KD_MIXED ? IRQM_PACKED : packings[packing].flag;
}
