/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * VMCOREINFO: what the kernel tells programs that read its dump, as lines
 * KEY=value (Documentation/admin-guide/kdump/vmcoreinfo.rst). The text is as
 * hostile as the rest of the dump. Lines that do not parse are ignored; if a
 * key occurs twice, the first line counts.
 */
#ifndef IRQM_MEMORY_VMCOREINFO_H
#define IRQM_MEMORY_VMCOREINFO_H

#include "base/base.h"

/* Limit on a text; VMCOREINFO_BYTES is a page. */
#define IRQM_VMCOREINFO_MAX 4096

/* Limits on the bytes of a build-id (SHA-1 in practice), and of its hexadecimal
 * form with the terminator. */
#define IRQM_BUILD_ID_MAX 64
#define IRQM_BUILD_ID_HEX (2 * IRQM_BUILD_ID_MAX + 1)
/* Size of a release: __NEW_UTS_LEN plus the terminator. */
#define IRQM_RELEASE_SIZE 65

/*
 * Copies the value of KEY, with a terminator. Returns false if there is no such
 * line or the value does not fit in size bytes.
 */
bool irqm_vmcoreinfo_value(const char *text, const char *key, char *value,
			   size_t size);
/* Parses SYMBOL(name)=hex, which is relocated for KASLR. */
bool irqm_vmcoreinfo_symbol(const char *text, const char *name, uint64_t *ret);
/* Parses NUMBER(name)=decimal, which is signed. */
bool irqm_vmcoreinfo_number(const char *text, const char *name, int64_t *ret);
/* Parses KEY=hex without 0x, as in KERNELOFFSET. */
bool irqm_vmcoreinfo_hex(const char *text, const char *key, uint64_t *ret);

#endif
