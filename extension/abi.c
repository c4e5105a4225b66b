/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "extension/abi.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>

#include <defs.h>

#include "base/base.h"

/*
 * What is compared: crash exports the variables themselves, and the symbol
 * table has the size of each. Members change between releases and packages of
 * crash, and rarely without changing a size. A version number would tell less:
 * distributions patch defs.h without changing it.
 */
static const struct {
	const char *name;
	size_t size;
} tables[] = {
	{ "program_context", sizeof(struct program_context) },
	{ "machdep_table", sizeof(struct machdep_table) },
	{ "kernel_table", sizeof(struct kernel_table) },
	{ "vm_table", sizeof(struct vm_table) },
	{ "symbol_table_data", sizeof(struct symbol_table_data) },
	{ "x86_64_machine_specific", sizeof(struct machine_specific) },
};

/* Returns 0 if the size is not known. */
static size_t size_of_symbol(const char *name)
{
	void *addr = dlsym(RTLD_DEFAULT, name);
	ElfW(Sym) *sym = NULL;
	Dl_info info;

	if (!addr || !dladdr1(addr, &info, (void **)&sym, RTLD_DL_SYMENT) ||
	    !sym || info.dli_saddr != addr)
		return 0;
	return sym->st_size;
}

bool irqm_abi_matches(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tables); i++) {
		size_t here = size_of_symbol(tables[i].name);

		if (here == 0 || here == tables[i].size)
			continue;
		error(INFO,
		      "irqmatrix was compiled for another crash than this %s "
		      "(struct %s has %zu bytes here, %zu there): compile it "
		      "with this one's defs.h\n",
		      build_version, tables[i].name, here, tables[i].size);
		return false;
	}
	return true;
}
