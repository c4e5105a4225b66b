/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is a document the truth, but for what could not be read? */
#ifndef COMPARE_H
#define COMPARE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Every value of part is that of whole, or null; its arrays may lack entries
 * but have no others. unread and findings are left out: they follow. Where
 * part lacks something its unread[] must not be empty. False: *why says what
 * differs.
 */
bool compare_documents(const json_t *whole, const json_t *part, char *why,
		       size_t size);

#endif
