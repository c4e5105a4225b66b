/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A target without a fuzzer: runs over the files and folders that are named. */
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/msan.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define FILE_MAX (64L << 20)

#pragma weak LLVMFuzzerInitialize

static unsigned int files;

static int run(const char *path, const struct stat *st, int type,
	       struct FTW *ftw)
{
	uint8_t *data;
	size_t size;
	FILE *f;

	fuzz_called(4);
	fuzz_written(st, sizeof(*st));
	fuzz_written_string(path);
	(void)ftw;
	if (type != FTW_F || st->st_size > FILE_MAX)
		return 0;
	f = fopen(path, "rb");
	data = malloc(st->st_size + 1);
	if (!f || !data)
		return -1;
	size = fread(data, 1, st->st_size, f);
	fclose(f);
	/* the last one named is the one that failed */
	fprintf(stderr, "%s\n", path);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
	files++;
	return 0;
}

int main(int argc, char **argv)
{
	int i;

	if (LLVMFuzzerInitialize)
		LLVMFuzzerInitialize(&argc, &argv);
	for (i = 1; i < argc; i++) {
		if (nftw(argv[i], run, 8, FTW_PHYS)) {
			perror(argv[i]);
			return 1;
		}
	}
	printf("%u files\n", files);
	return 0;
}
