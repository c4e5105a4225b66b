/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files that fuzz_storefile gives to merge, query and report. */
#ifndef FUZZ_STOREFILE_H
#define FUZZ_STOREFILE_H

#include <stddef.h>
#include <stdint.h>

/* An input's first byte, modulo their number. */
enum storefile_kind {
	STOREFILE_SQL,     /* lines of SQL, run on a healthy store */
	STOREFILE_PATCHED, /* page, place, value: a healthy store, changed */
	STOREFILE_NDJSON,  /* a record, and pieces of a document repeated */
	STOREFILE_BYTES,   /* the file as it is */
	STOREFILE_KINDS,
};

/* Makes the healthy store; path is where all files go. */
void storefile_init(const char *path);
/* Writes the file; its size. */
size_t storefile_make(const uint8_t *data, size_t size);
/* Bytes of the documents in it, as far as each may be unpacked at all. */
size_t storefile_unpacked(void);
/* Changes an input of SQL by whole statements; the new size. */
size_t storefile_mutate(uint8_t *data, size_t size, size_t max,
			unsigned int seed);

#endif
