/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "files.h"

#include <stdio.h>
#include <unistd.h>

#include "unit.h"

char folder[] = "/tmp/irqmatrix-test.XXXXXX";

int folder_make(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

int folder_remove(void **state)
{
	(void)state;
	return rmdir(folder);
}

char *file_bytes(const char *path, size_t *ret_size)
{
	FILE *in = fopen(path, "r"), *out;
	char *bytes = NULL, part[4096];
	size_t size, n;

	assert_non_null(in);
	out = open_memstream(&bytes, &size);
	assert_non_null(out);
	while ((n = fread(part, 1, sizeof(part), in)) > 0)
		assert_int_equal(fwrite(part, 1, n, out), n);
	assert_int_equal(fclose(out), 0);
	fclose(in);
	if (ret_size)
		*ret_size = size;
	return bytes;
}
