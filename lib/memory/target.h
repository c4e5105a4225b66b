/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Stage 1, target: the one seam between the program and a dump.
 *
 * Three implementations: crash's API (extension/crash_target.c), a dump file
 * on its own, and memory written down in a test
 * (tests/mkdump/memory_target.h). Nothing behind the seam knows which one it
 * has.
 */
#ifndef IRQM_TARGET_H
#define IRQM_TARGET_H

#include "base/base.h"

struct irqm_target {
	void *ctx;

	/*
	 * Read exactly len bytes of kernel virtual memory, all or nothing.
	 * Returns IRQM_OK or why not.
	 */
	enum irqm_why (*read)(void *ctx, uint64_t addr, void *buf, size_t len);

	/*
	 * Told which bytes of a read were used and what for ("irq_desc of IRQ
	 * 31"): all of it, but of a string only up to its end. May be NULL;
	 * distill/recorder.h needs it.
	 */
	void (*used)(void *ctx, uint64_t addr, size_t len, const char *what);

	/*
	 * Value of a kernel symbol, relocated for KASLR. For a per-CPU
	 * variable what is to be added to __per_cpu_offset[cpu]: a small
	 * offset before Linux 6.15, an address from commit 9d7de2aa8b41
	 * ("x86/percpu/64: Use relative percpu offsets") on.
	 *
	 * False if the kernel has none of that name, with 0 in *ret_value; or
	 * if that is not known, because the symbol table cannot be read at the
	 * address that is then in *ret_value. A target without such a table
	 * need not touch *ret_value, which is 0 at first.
	 */
	bool (*symbol)(void *ctx, const char *name, uint64_t *ret_value);

	/*
	 * Name of the symbol that covers addr, and how far into it addr is.
	 * False, and *ret_offset, as above. May be NULL: names are then
	 * unknown. It need not know those of modules (snapshot/modules.h).
	 */
	bool (*symbol_at)(void *ctx, uint64_t addr, char *name, size_t size,
			  uint64_t *ret_offset);

	/* What is known of the dump without reading it. Strings may be NULL. */
	const char *path;
	const char *format; /* "elf", "kdump", "flattened", "live" ... */
	const char *vmcoreinfo; /* text; NULL: read it from memory */
	const char *vmcoreinfo_from; /* "header", "memory" where the file's has
				none, "vmlinux"; NULL: not known */
	const char *types;  /* where the layout came from: "dwarf" or "btf" */
	bool log_left_out;  /* a distilled dump, made without the kernel log */
	bool live;          /* read or copied as it ran: figures may differ */
};

/*
 * Is this an address that x86-64 kernel code could use? Canonical, in the
 * upper half, and not one of the -1 .. -4095 that encode an error.
 */
bool irqm_kernel_address(uint64_t addr);

#endif
