/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Stage 1, target: the only interface between the program and a dump.
 *
 * Four implementations: crash's API (extension/crash_target.c), a dump file or
 * the running kernel (dumpfile_open.c), another program's callbacks
 * (lib/api/read.c), and memory described in a test
 * (tests/mkdump/memory_target.h). Later stages do not know which one they use.
 */
#ifndef IRQM_TARGET_H
#define IRQM_TARGET_H

#include "base/base.h"
#include "memory/pages/left_out.h"

struct irqm_extent {
	uint64_t addr;
	size_t len;
};

struct irqm_target {
	void *ctx;

	/* Reads exactly len bytes of kernel virtual memory. Returns IRQM_OK, or
	 * why they cannot be read. */
	enum irqm_why (*read)(void *ctx, uint64_t addr, void *buf, size_t len);

	/*
	 * Says what will be read next, in any order, so that a target can get
	 * all of it together. Addresses may be wrong, and need not be read
	 * later. May be NULL.
	 */
	void (*expect)(void *ctx, const struct irqm_extent extents[],
		       size_t nr);

	/*
	 * Called with the bytes of a read that were used, and what they are
	 * ("irq_desc of IRQ 31"): for a string only up to its end, otherwise
	 * all. May be NULL; distill/recorder.h needs it.
	 */
	void (*used)(void *ctx, uint64_t addr, size_t len, const char *what);

	/*
	 * Gets the value of a kernel symbol, relocated for KASLR. For a per-CPU
	 * variable, that is what to add to __per_cpu_offset[cpu]: a small
	 * offset before Linux 6.15, an address since commit 9d7de2aa8b41
	 * ("x86/percpu/64: Use relative percpu offsets").
	 *
	 * Returns false with 0 in *ret_value if the kernel has no such symbol.
	 * Returns false with an address in *ret_value if that is unknown,
	 * because the symbol table cannot be read at this address. The caller
	 * sets *ret_value to 0 first.
	 */
	bool (*symbol)(void *ctx, const char *name, uint64_t *ret_value);

	/*
	 * Gets the name of the symbol that covers addr, and the offset of addr
	 * in it. Fails as above, with *ret_offset in place of *ret_value. May
	 * be NULL: names are unknown then. Symbols of modules are not needed
	 * (snapshot/modules.h reads them).
	 */
	bool (*symbol_at)(void *ctx, uint64_t addr, char *name, size_t size,
			  uint64_t *ret_offset);

	/* Drops copies of the page tables of a running machine, before its
	 * memory is read again. May be NULL. */
	void (*forget)(void *ctx);

	/* What is known about the dump without reading it. Strings may be
	 * NULL. */
	const char *path;
	const char *format;     /* "elf", "kdump", "flattened", "live" ... */
	const char *vmcoreinfo; /* text; NULL: read it from memory */
	/* "header" or, if the header has none, "memory" or "vmlinux"; NULL:
	 * unknown */
	const char *vmcoreinfo_from;
	const char *types; /* where the layout came from: "dwarf" or "btf" */
	struct irqm_left_out left_out; /* of a distilled dump */
	/* the machine was running, so figures may disagree */
	bool live;
};

/* Returns true for an address that x86-64 kernel code could use: canonical, in
 * the upper half, and not one of -1 .. -4095, which encode errors. */
bool irqm_kernel_address(uint64_t addr);

#endif
