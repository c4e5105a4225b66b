/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/functions.h"

#include <inttypes.h>
#include <stdio.h>

#include "snapshot/modules.h"

/* Asks the target first: crash has already read the modules' symbols. */
static bool symbol_at(struct reader *r, uint64_t addr, char *name, size_t size,
		      uint64_t *ret_offset)
{
	return irqm_reader_symbol_at(r, addr, name, size, ret_offset) ||
	       irqm_modules_symbol_at(r, addr, name, size, ret_offset);
}

const char *irqm_reader_function(struct reader *r, uint64_t addr)
{
	char name[128], buf[160];
	const char *s = NULL;
	uint64_t offset;
	uintptr_t known;

	if (!addr)
		return NULL;
	if (irqm_address_map_get(&r->functions, addr, &known))
		return (const char *)known;
	if (symbol_at(r, addr, name, sizeof(name), &offset)) {
		snprintf(buf, sizeof(buf), "%s+0x%" PRIx64, name, offset);
		s = irqm_reader_strdup(r, offset ? buf : name);
	}
	if (!irqm_address_map_put(&r->functions, addr, (uintptr_t)s))
		r->no_memory = true;
	return s;
}
