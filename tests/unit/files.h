/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder for the files of a test, and what is in a file. */
#ifndef FILES_H
#define FILES_H

#include <stddef.h>

/* For cmocka: makes it, and removes it, which has to be empty. */
extern char folder[];
int folder_make(void **state);
int folder_remove(void **state);

/* All that is in it, a 0 after it, to free(). ret_size may be NULL. */
char *file_bytes(const char *path, size_t *ret_size);

/* Makes it anew, for its owner only. */
void file_write(const char *path, const void *data, size_t size);

/* Files whose names do not begin with a dot. */
unsigned int files_in(const char *path);

#endif
