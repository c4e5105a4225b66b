/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/target.h"

#define MAX_ERRNO 4095

bool irqm_kernel_address(uint64_t addr)
{
	/* With 5 page-table levels the upper half begins at 0xff00.... */
	return addr >= 0xff00000000000000ULL && addr < (uint64_t)-MAX_ERRNO;
}
