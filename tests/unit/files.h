/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder for the files of a test, and what is in a file. */
#ifndef FILES_H
#define FILES_H

#include <stddef.h>

/* For cmocka's group: makes it, and removes it, which has to be empty. */
extern char folder[];
int folder_make(void **state);
int folder_remove(void **state);

/* All that is in it, a 0 after it, to free(). ret_size may be NULL. */
char *file_bytes(const char *path, size_t *ret_size);

#endif
