/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Values of a JSON document as compact text. They are put together from the
 * inside out; whoever gets a value takes ownership of it. A failed value, which
 * means out of memory, makes all that it is put into fail, so that a document
 * needs one check.
 */
#ifndef IRQM_RENDER_JSON_VALUE_H
#define IRQM_RENDER_JSON_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"

struct irqm_json_value {
	enum irqm_json_kind {
		IRQM_JSON_FAILED,
		IRQM_JSON_NULL,
		IRQM_JSON_BOOLEAN,
		IRQM_JSON_INTEGER,
		IRQM_JSON_HEX, /* a string */
		IRQM_JSON_STRING,
		IRQM_JSON_NAME, /* a string to escape for a terminal */
		IRQM_JSON_TEXT, /* JSON */
	} kind;
	union {
		int64_t num; /* also for IRQM_JSON_BOOLEAN */
		uint64_t hex;
		const char *s;
	};
	char *to_free; /* s, unless that is borrowed */
	size_t len;    /* of an IRQM_JSON_TEXT */
};

struct irqm_json_value irqm_json_null(void);
struct irqm_json_value irqm_json_boolean(bool b);
struct irqm_json_value irqm_json_integer(int64_t n);
struct irqm_json_value irqm_json_real(double n);
/* These two read the string when the value is put into another. String: valid
 * UTF-8. Name: escaped; null if NULL. */
struct irqm_json_value irqm_json_string(const char *s);
struct irqm_json_value irqm_json_name(const char *s);
/* The same two for a string that they free; failed if NULL. */
struct irqm_json_value irqm_json_own_string(char *s);
struct irqm_json_value irqm_json_own_name(char *s);
struct irqm_json_value irqm_json_num(irqm_num n);     /* null if unknown */
struct irqm_json_value irqm_json_bool(irqm_num n);    /* null if unknown */
struct irqm_json_value irqm_json_u64(uint64_t n);     /* null beyond 2^63 - 1 */
struct irqm_json_value irqm_json_hex(uint64_t n);     /* "0x..." */
struct irqm_json_value irqm_json_addr(uint64_t addr); /* the same, null if 0 */
struct irqm_json_value irqm_json_bits(const struct irqm_bits *b); /* cpulist */

/* Frees a value that is put into none. */
void irqm_json_drop(struct irqm_json_value value);

/* An object or array that grows. */
struct irqm_json {
	char *text;
	size_t len, size;
	char end; /* the bracket that closes it */
	bool failed;
};

struct irqm_json irqm_json_object(void);
struct irqm_json irqm_json_array(void);
/* The key needs no escaping, and is not in the object yet. */
void irqm_json_add(struct irqm_json *object, const char *key,
		   struct irqm_json_value value);
void irqm_json_append(struct irqm_json *array, struct irqm_json_value value);
/* Appends nr zeros. */
void irqm_json_append_zeros(struct irqm_json *array, size_t nr);
/* Returns it as a value. */
struct irqm_json_value irqm_json_done(struct irqm_json *j);

/* Returns a list of nr elements as a value. If cut is set, the list could not
 * be read to its end, and a null is added. If nothing of it could be read,
 * returns null. */
struct irqm_json_value irqm_json_cut(struct irqm_json *array, unsigned int nr,
				     bool cut);

/* Appends text, and a value: for writer.c. */
void irqm_json_append_text(struct irqm_json *j, const char *s, size_t len);
void irqm_json_append_value(struct irqm_json *j, struct irqm_json_value value);

#endif
