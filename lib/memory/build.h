/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which build of a kernel a file was made from, and whether the dump is of
 * exactly that build. Two builds of one release have different addresses, and
 * reading a dump with the other build's addresses gives plausible garbage.
 */
#ifndef IRQM_MEMORY_BUILD_H
#define IRQM_MEMORY_BUILD_H

#include "memory/target.h"
#include "memory/vmcoreinfo.h"

/* Bytes of the header of a build-id's ELF note. */
#define IRQM_BUILD_ID_HEADER 16

/* Bytes of linux_banner that are compared, with the terminator; real banners
 * have 150 to 350. */
#define IRQM_BANNER_MAX 512

/* Result of comparing a symbol of VMCOREINFO with the file. */
enum irqm_build_symbol {
	IRQM_BUILD_ABSENT, /* a macro's name, or not in this file */
	IRQM_BUILD_SAME,
	IRQM_BUILD_OTHER,
};

/* What a file tells about its build. Addresses are as linked; 0: unknown. */
struct irqm_build {
	unsigned int id_size; /* of the build-id; 0: it has none */
	/* the whole ELF note, which ends with the build-id */
	unsigned char note[IRQM_BUILD_ID_HEADER + IRQM_BUILD_ID_MAX];
	uint64_t note_at; /* address of that note in the kernel */
	/* all of linux_banner; "": unknown, as in a debug file, which has no
	 * data */
	char banner[IRQM_BANNER_MAX];
	uint64_t banner_at;

	/* Compares addr with name's address in the file, *ret_own. */
	enum irqm_build_symbol (*symbol)(void *ctx, const char *name,
					 uint64_t addr, uint64_t *ret_own);
	void *ctx;
};

/*
 * Returns 0 if the dump is of this build, and sets *ret_offset to what KASLR
 * added to each address of the image (KERNELOFFSET). Otherwise returns -1, and
 * err says what differs or what could not be compared.
 *
 * VMCOREINFO's BUILD-ID decides. Kernels before 5.9 (0935288c6e00 "kdump:
 * append kernel build-id string to VMCOREINFO") write no build-id, and some
 * later ones write a wrong one. Then OSRELEASE, each SYMBOL() that the file
 * also has, and the build-id and linux_banner in the dump's memory must all
 * match. At least one of the last two must be readable, or five symbols besides
 * _stext must be in the file.
 */
int irqm_build_check(const struct irqm_build *b, const struct irqm_target *t,
		     uint64_t *ret_offset, struct irqm_error *err);

/*
 * Lists the memory that identifies the build in the dump: linux_banner and the
 * build-id's note, if the file has them. offset comes from irqm_build_check().
 * Returns the number of ranges, at most IRQM_BUILD_WITNESSES.
 */
#define IRQM_BUILD_WITNESSES 2
unsigned int irqm_build_witnesses(const struct irqm_build *b, uint64_t offset,
				  uint64_t ret_addr[], uint64_t ret_len[]);

/*
 * Returns a symbol's value in the loaded kernel. Values outside of the image do
 * not move: constants, and per-CPU variables, which are offsets before 6.15.
 * Since 9d7de2aa8b41 ("x86/percpu/64: Use relative percpu offsets") per-CPU
 * variables are addresses in the image and move like all others.
 */
static inline uint64_t irqm_relocate(uint64_t value, uint64_t text,
				     uint64_t end, uint64_t offset)
{
	return value >= text && value <= end ? value + offset : value;
}

/* Copies the release in the banner to ret, which has IRQM_RELEASE_SIZE bytes;
 * "" if there is no banner. */
void irqm_build_release(const struct irqm_build *b, char *ret);

/* Compares the build-id with one in hexadecimal. */
bool irqm_build_has_id(const struct irqm_build *b, const char *hex);

#endif
