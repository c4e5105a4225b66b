/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A target over another one, whose memory is spoiled where the program looks:
 * what a healthy run reads is recorded, and instructions say what is done to
 * those places. Reads can be made to fail as well.
 *
 *	spoil_init(&s, &base);
 *	spoil_record(&s, layout);
 *	spoil_apply(&s, data, len);     // the fuzzer's bytes, 8 for each
 *	target = spoil_target(&s);
 */
#ifndef SPOIL_H
#define SPOIL_H

#include "irqmatrix.h"

#define SPOIL_MAX 64   /* instructions */
#define SPOIL_BYTES 64 /* that one of them changes at most */

struct spoil_place {
	uint64_t addr;
	uint32_t len;
};

#define SPOIL_NAMES 1024
#define SPOIL_NAME_SIZE 128
struct spoil_name {
	uint64_t addr, offset;
	size_t size; /* that was asked for; 0: none yet */
	bool found;
	char name[SPOIL_NAME_SIZE];
};

struct spoil {
	struct irqm_target base;

	/* of the healthy run: each place once, and where pointers are */
	struct spoil_place *reads, *pointers;
	size_t nr_reads, room_reads, nr_pointers, room_pointers;
	bool recording;
	/* the bytes of reads[], one after the other: a target that unpacks
	 * pages or looks through lists is slower than all that is fuzzed */
	unsigned char *bytes;
	size_t *bytes_at;
	struct spoil_name *names; /* what symbol_at() answered last */

	struct spoil_patch {
		uint64_t addr;
		uint32_t len;
		enum irqm_why why; /* else data is there */
		unsigned char data[SPOIL_BYTES];
	} patches[SPOIL_MAX];
	unsigned int nr_patches;

	/* the fail_at-th read from spoil_target() on fails with fail_why */
	uint64_t count, fail_at;
	enum irqm_why fail_why;
};

void spoil_init(struct spoil *s, const struct irqm_target *base);
void spoil_free(struct spoil *s);
/* Once; aborts if the base cannot be read. */
void spoil_record(struct spoil *s, const struct irqm_layout *layout,
		  unsigned int flags);
/* Forgets the patches of before. */
void spoil_apply(struct spoil *s, const uint8_t *data, size_t len);
/* As long as s; nothing has been read of it. */
struct irqm_target spoil_target(struct spoil *s);

/* For LLVMFuzzerCustomMutator(): changes, adds or drops an instruction in what
 * stands behind the first head bytes; the new size. */
size_t spoil_mutate(uint8_t *data, size_t size, size_t max, size_t head,
		    unsigned int seed);

#endif
