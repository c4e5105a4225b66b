/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A vmlinux: ELF, its symbols, DWARF (libdw's work, mostly) or BTF. */
#include "memory/vmlinux/vmlinux.h"
#include "tests/fuzz/fuzz.h"

#include <unistd.h>

static const char info[] = "OSRELEASE=6.1.0-test-amd64\n"
			   "PAGESIZE=4096\n"
			   "SYMBOL(_stext)=ffffffff91000000\n"
			   "KERNELOFFSET=10000000\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct irqm_target dump = { .vmcoreinfo = info };
	struct irqm_vmlinux *v;
	struct irqm_layout l;
	struct irqm_error err;
	const char *types;
	char path[FUZZ_PATH], name[64];
	uint64_t value;
	int fd = fuzz_file(data, size, path);

	if (irqm_vmlinux_open(path, &dump, &v, &err) == 0) {
		irqm_vmlinux_symbol(v, "_stext", &value);
		irqm_vmlinux_at(v, 0xffffffff91000010, name, sizeof(name),
				&value);
		irqm_vmlinux_layout(v, NULL, &l, &types, &err);
		irqm_vmlinux_close(v);
	}
	/* refused as of another kernel, it can still have types */
	irqm_layout_from_dwarf(&l, fd, NULL, &err);
	close(fd);
	return 0;
}
