/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which build of a kernel a file was made from, and whether the dump is of
 * that very build. Two builds of one release differ in their addresses, and
 * one read at the other's addresses gives garbage that looks like an answer.
 */
#ifndef IRQM_TARGET_BUILD_H
#define IRQM_TARGET_BUILD_H

#include "target/target.h"

/* Bytes of a build-id, SHA-1 in practice; the header of its ELF note. */
#define IRQM_BUILD_ID_MAX 64
#define IRQM_BUILD_ID_HEADER 16
/* What irqm_hex() makes of one. */
#define IRQM_BUILD_ID_HEX (2 * IRQM_BUILD_ID_MAX + 1)

/* Of a release: __NEW_UTS_LEN and the terminator. */
#define IRQM_RELEASE_SIZE 65

/* Bytes of linux_banner that are compared, with its end; 150 to 350 in use. */
#define IRQM_BANNER_MAX 512

/* A symbol of VMCOREINFO beside the file's symbols. */
enum irqm_build_symbol {
	IRQM_BUILD_ABSENT,      /* a macro's name, or not in this file */
	IRQM_BUILD_SAME,
	IRQM_BUILD_OTHER,
};

/* What a file knows of its build. Addresses are as linked; 0: not known. */
struct irqm_build {
	unsigned int id_size;   /* of the build-id; 0: it has none */
	/* the note, from its first byte on; the build-id is its end */
	unsigned char note[IRQM_BUILD_ID_HEADER + IRQM_BUILD_ID_MAX];
	uint64_t note_at;       /* where the kernel has that note in memory */
	char banner[IRQM_BANNER_MAX]; /* linux_banner whole; "": not known,
				   as in a debug file, which has no data */
	uint64_t banner_at;

	/* Is name at this address? If not, *ret_own is where it is. */
	enum irqm_build_symbol (*symbol)(void *ctx, const char *name,
					 uint64_t addr, uint64_t *ret_own);
	void *ctx;
};

/*
 * 0 if the dump is of this build, and *ret_offset is what KASLR added to each
 * address of the image (KERNELOFFSET). Else -1; err says what differs, or what
 * is missing for a decision.
 *
 * VMCOREINFO's BUILD-ID decides. Kernels before 5.9 (0935288c6e00
 * "kdump: append kernel build-id string to VMCOREINFO") write none, some later
 * ones a wrong one. Then all of these have to agree: OSRELEASE, each SYMBOL()
 * that the file has too, and the build-id and linux_banner in the dump's
 * memory. At least one of the last two, or five symbols besides _stext, have
 * to be there to be compared.
 */
int irqm_build_check(const struct irqm_build *b, const struct irqm_target *t,
		     uint64_t *ret_offset, struct irqm_error *err);

/*
 * The memory of the dump that shows it to be of this build: linux_banner and
 * the build-id's note, as far as the file has them. offset is
 * irqm_build_check()'s. Returns how many, at most IRQM_BUILD_WITNESSES.
 */
#define IRQM_BUILD_WITNESSES 2
unsigned int irqm_build_witnesses(const struct irqm_build *b, uint64_t offset,
				  uint64_t ret_addr[], uint64_t ret_len[]);

/*
 * A symbol's value where the kernel was loaded. What lies outside of the image
 * does not move: constants, and the per-CPU variables that are offsets before
 * 6.15. From 9d7de2aa8b41 ("x86/percpu/64: Use relative percpu offsets") on
 * these are addresses in the image like all others, and move.
 */
static inline uint64_t irqm_relocate(uint64_t value, uint64_t text,
				     uint64_t end, uint64_t offset)
{
	return value >= text && value <= end ? value + offset : value;
}

/* The release that the banner names, "" if there is none; ret has room for
 * IRQM_RELEASE_SIZE. */
void irqm_build_release(const struct irqm_build *b, char *ret);

/* Whether its build-id is this one, in hexadecimal. */
bool irqm_build_has_id(const struct irqm_build *b, const char *hex);

#endif
