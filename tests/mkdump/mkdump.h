/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A dump of a made-up kernel: its memory as fake_kernel.h makes it, and what
 * a dump needs besides: page tables, VMCOREINFO, kallsyms, BTF, ELF.
 */
#ifndef MKDUMP_H
#define MKDUMP_H

#include "machine/words.h"
#include "tests/mkdump/fake_kernel.h"
#include "tests/mkdump/kdump.h"
#include "tests/mkdump/layout_text.h"

/* How kallsyms says where a symbol is; scripts/kallsyms.c through the years. */
enum mk_encoding {
	MK_ENCODING_DEFAULT, /* what goes with the per-CPU symbols */
	MK_ABSOLUTE,         /* kallsyms_addresses */
	MK_ABSOLUTE_PERCPU,  /* offsets >= 0 are values, others - 1 - it */
	MK_RELATIVE,         /* kallsyms_relative_base + offset */
	MK_PLACE_RELATIVE,   /* 7.0: from where the offset stands */
};

/* The order of the tables, and how wide some of them are. */
enum mk_tables {
	MK_TABLES_DEFAULT,
	MK_TABLES_4_15, /* 8 bytes: num_syms, markers */
	MK_TABLES_4_20, /* 4 bytes */
	MK_TABLES_6_4,  /* offsets behind the names; seqs_of_names */
};

struct mk_options {
	struct fk_generation gen;
	bool container_given;
	enum mk_encoding encoding;
	enum mk_tables tables;
	unsigned int symbols; /* that many more in kallsyms */
	unsigned int levels;  /* of page tables, 4 or 5 */
	bool small_pages;     /* 4 KiB throughout */
	bool huge_pages;      /* 1 GiB where the direct map has one */
	uint64_t sme_mask;    /* in each page table entry; 0: none */
	bool no_btf;
	bool vmcoreinfo_3_10;  /* phys_base is a symbol, not a number */
	bool no_kallsyms_info; /* VMCOREINFO does not name the tables */
	bool no_header_note;   /* VMCOREINFO is in memory only */
	bool generation_given;
	unsigned int generation; /* of VMCOREINFO, in mk_generations */
#define MK_PRSTATUS_ONLINE (~0U)
	unsigned int prstatus;      /* notes of CPUs' registers */
	const char *vmcoreinfo[16]; /* more lines of it */
	unsigned int nr_vmcoreinfo;
	bool as_kdump; /* not ELF, but as kdump says */
	struct kd_options kdump;
	unsigned int other_pages; /* of each: page cache, users, free */
	uint64_t ram_gap;         /* bytes without RAM before the image */
};

struct mk {
	struct irqm_arena *arena; /* of text */
	struct irqm_machine text;
	struct fk_machine m; /* of the text, once that is finished */
	struct irqm_machine_log banner;
	struct mk_options o;

	struct fk *fk;
	uint64_t phys_base, root; /* virtual address of the top table */
	uint64_t modules_phys, vmalloc_used;
	uint64_t gap_start; /* where o.ram_gap is */
	/* where the tables are; those that this encoding has not are 0 */
	struct mk_kallsyms {
		uint64_t num_syms, names, markers, token_table, token_index;
		uint64_t offsets, relative_base, addresses;
	} kallsyms;
	char info[4096]; /* VMCOREINFO */
	size_t info_len;
};

/* Bytes in a row; out of memory is the end. */
struct mk_buf {
	unsigned char *data;
	size_t len, size;
};
void mk_put(struct mk_buf *b, const void *data, size_t len);
void mk_put32(struct mk_buf *b, uint32_t value);

/* The machine's text, or one line of it. 0, or -1 with err. See
 * irqmatrix-machine(5), and README.md for the lines that mkdump adds. */
int mk_read_machine(struct mk *mk, const char *path, struct irqm_error *err);
int mk_line(struct mk *mk, const char *line, struct irqm_error *err);
/* The line "kdump"; of the machine's own words. */
void mk_line_kdump(struct mk *mk, struct irqm_words *w);
/* What the text left open: CPUs, vectors, counters. 0, or -1 with err. */
int mk_finish_machine(struct mk *mk, struct irqm_error *err);
void mk_free(struct mk *mk);

/* Text of BTF types, as bytes. */
void mk_btf(const struct text *types, struct mk_buf *out);

/* Columns of vmcoreinfo.def, by name; NULL ends them. */
extern const char *const mk_generations[];

/* To be called one after the other, with mk->fk there. */
void mk_add_btf(struct mk *mk, const struct text *types);
void mk_add_root(struct mk *mk); /* the top page table */
void mk_banner(const struct mk *mk, char *buf, size_t size);
void mk_add_identity(struct mk *mk); /* build-id, banner */
int mk_add_vmcoreinfo_symbols(struct mk *mk, struct irqm_error *err);
int mk_add_kallsyms(struct mk *mk, struct irqm_error *err);
void mk_add_vmcoreinfo(struct mk *mk);
void mk_map(struct mk *mk);
#define MK_VMALLOC_START 0xffffc90000000000ULL /* where nothing is random */
uint64_t mk_map_elsewhere(struct mk *mk, uint64_t paddr); /* its address */
void mk_note(struct mk_buf *b, const char *name, uint32_t type,
	     const void *desc, size_t len);
void mk_notes(const struct mk *mk, struct mk_buf *b);
/* The file that the kernel was booted from. 0, or -1 with err. */
int mk_write_vmlinux(struct mk *mk, const struct text *types, const char *path,
		     struct irqm_error *err);
int mk_write_elf(struct mk *mk, const char *path, struct irqm_error *err);
int mk_write_kdump(struct mk *mk, const char *path, struct irqm_error *err);

uint64_t mk_image_start(const struct mk *mk);
uint64_t mk_image_end(const struct mk *mk);
uint64_t mk_phys(const struct mk *mk, uint64_t vaddr);
/* Of physical memory: pages that are not the kernel's, up to its end. */
uint64_t mk_others_start(const struct mk *mk);
uint64_t mk_ram_end(const struct mk *mk);
void mk_noise(uint64_t paddr, void *buf); /* what such a page holds */

#endif
