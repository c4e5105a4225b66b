/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the targets share. Each fuzz_NAME.c has LLVMFuzzerTestOneInput(): with
 * libFuzzer's main it fuzzes, with AFL++'s as well, with main.c it runs over
 * files that are there.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
			       unsigned int seed);

/* Takes n bytes off the front of what is left; 0s where there are no more. */
struct fuzz_bytes {
	const uint8_t *data;
	size_t left;
};
uint64_t fuzz_take(struct fuzz_bytes *b, size_t n);

/*
 * A file in memory with these bytes, for what wants a path; to close(). The
 * path is in a buffer of the caller's.
 */
#define FUZZ_PATH 32
int fuzz_file(const void *data, size_t size, char path[FUZZ_PATH]);

/* What must not be optimised away: is looked at, does nothing. */
void fuzz_use(uint64_t value);

#endif
