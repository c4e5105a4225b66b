/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is a document the truth, but for what could not be read? */
#ifndef COMPARE_H
#define COMPARE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Every value of part is that of whole, or null; its arrays may lack entries
 * but have no others. unread, findings and the verdict follow from it; where
 * part lacks something, unread[] must not be empty, and then the verdict not OK. False: *why says what
 * differs.
 */
bool compare_documents(const json_t *whole, const json_t *part, char *why,
		       size_t size);

#endif
