/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/learned/words.h"

#include <zlib.h>

#include "layout/layout.h"

const char *const irqm_learned_kinds[IRQM_LEARNED_KINDS] = {
	[IRQM_KIND_OTHER] = "other",     [IRQM_KIND_INT] = "int",
	[IRQM_KIND_POINTER] = "pointer", [IRQM_KIND_ARRAY] = "array",
	[IRQM_KIND_STRUCT] = "struct",
};

uint32_t irqm_learned_sum(const char *text, size_t len)
{
	return (uint32_t)crc32(crc32(0, NULL, 0), (const Bytef *)text, len);
}
