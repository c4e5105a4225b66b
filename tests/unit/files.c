/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "files.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

char folder[] = "/tmp/irqmatrix-test.XXXXXX";

int folder_make(void **state)
{
	(void)state;
	strcpy(strrchr(folder, '.'), ".XXXXXX");
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

void file_write(const char *path, const void *data, size_t size)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, size, f), size);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, 0600), 0);
}

unsigned int files_in(const char *path)
{
	unsigned int nr = 0;
	struct dirent *d;
	DIR *o = opendir(path);

	assert_non_null(o);
	while ((d = readdir(o)))
		nr += d->d_name[0] != '.';
	closedir(o);
	return nr;
}
