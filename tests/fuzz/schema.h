/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Checks documents against docs/schema. It knows the keywords that these
 * schemas use, and aborts at any other: an ignored keyword would check nothing.
 * tests/docs/schema compares its verdicts with those of python3-jsonschema.
 */
#ifndef FUZZ_SCHEMA_H
#define FUZZ_SCHEMA_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * True if the document follows the schema that it names, which is read from
 * docs/schema in the working directory. Otherwise why says where it does not.
 */
bool schema_accepts(const json_t *document, char *why, size_t size);

#endif
