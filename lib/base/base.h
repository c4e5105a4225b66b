/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What every stage uses: numbers that may be unknown, errors, bit sets, an
 * arena that owns a snapshot's memory.
 *
 * Nothing in the library prints, exits or keeps global state.
 */
#ifndef IRQM_BASE_H
#define IRQM_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The page size of x86, and of every dump that can be read. */
#define IRQM_PAGE_SHIFT 12
#define IRQM_PAGE_SIZE (1U << IRQM_PAGE_SHIFT)

/* The number of elements of an array. */
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/*
 * A number that was read from the dump, or IRQM_UNKNOWN if it could not be
 * read. Every counter of the allocator is an unsigned int in the kernel, so
 * no value collides.
 */
typedef int64_t irqm_num;
#define IRQM_UNKNOWN INT64_MIN

/* Returns the sum; unknown if an operand is, or if it does not fit. */
static inline irqm_num irqm_add(irqm_num a, irqm_num b)
{
	irqm_num sum;

	if (a == IRQM_UNKNOWN || b == IRQM_UNKNOWN ||
	    __builtin_add_overflow(a, b, &sum))
		return IRQM_UNKNOWN;
	return sum;
}

static inline irqm_num irqm_sub(irqm_num a, irqm_num b)
{
	irqm_num difference;

	if (a == IRQM_UNKNOWN || b == IRQM_UNKNOWN ||
	    __builtin_sub_overflow(a, b, &difference))
		return IRQM_UNKNOWN;
	return difference;
}

/* Returns true if both are known and differ. */
static inline bool irqm_differ(irqm_num a, irqm_num b)
{
	return a != IRQM_UNKNOWN && b != IRQM_UNKNOWN && a != b;
}

/* Returns the word that agrees with n: irqm_plural(n, "entry", "entries"). */
static inline const char *irqm_plural(irqm_num n, const char *one,
				      const char *many)
{
	return n == 1 ? one : many;
}

static inline unsigned int irqm_lesser_of(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/* Why a part of the dump could not be used, by the words in the JSON. */
enum irqm_why {
	IRQM_OK = 0,
	IRQM_EXCLUDED,    /* makedumpfile left the page out */
	IRQM_TRUNCATED,   /* the dump file ends before it */
	IRQM_UNMAPPED,    /* no page table entry leads to it */
	IRQM_BAD_POINTER, /* an address that the kernel cannot use */
	IRQM_INVALID,     /* was read, but is not valid */
	IRQM_UNSTABLE,    /* changed while it was read, on a running machine */
};

/* Returns "excluded", "truncated", "unmapped", "bad-pointer", "invalid" or
 * "unstable". */
const char *irqm_why_name(enum irqm_why why);

/* The kind of an error. libirqmatrix.h has the same values and describes
 * them. */
enum irqm_error_code {
	IRQM_ERROR_NONE,
	IRQM_ERROR_DUMP,
	IRQM_ERROR_MEMORY,
	IRQM_ERROR_USAGE,
	IRQM_ERROR_FILE,
	IRQM_ERROR_FORMAT,
	IRQM_ERROR_KERNEL,
	IRQM_ERROR_TYPES,
};

/*
 * An error for the caller to show: one line, no newline. It says what failed,
 * why, and what to do. irqm_error_set() escapes the line, so do not escape
 * names and messages of other libraries before. The caller owns the struct;
 * there is nothing to free.
 */
struct irqm_error {
	enum irqm_error_code code;
	uint64_t addr;  /* of the wrong data in the dump, or 0 */
	char msg[1024]; /* has room for a name with all bytes escaped */
};

__attribute__((format(printf, 2, 3))) void
irqm_error_set(struct irqm_error *err, const char *fmt, ...);
__attribute__((format(printf, 2, 0))) void
irqm_error_vset(struct irqm_error *err, const char *fmt, va_list ap);
/* Sets "out of memory". */
void irqm_error_memory(struct irqm_error *err);
/* Sets the kind of the error in err, unless a deeper function has set it. The
 * default is IRQM_ERROR_DUMP. err may be NULL. */
void irqm_error_is(struct irqm_error *err, enum irqm_error_code code);

/*
 * Arena: everything that a snapshot holds is allocated here and freed at
 * once. Sizes come from a hostile dump, so the sum is limited: past the
 * limit, and when malloc() fails, allocations return NULL.
 */
struct irqm_arena;

#define IRQM_ARENA_LIMIT (1ULL << 30)

/* limit: bytes of all blocks together. Returns NULL if out of memory. */
struct irqm_arena *irqm_arena_new(size_t limit);
void irqm_arena_free(struct irqm_arena *a); /* NULL is fine */

/* Returns zeroed memory, aligned to 16. Checks count * size for overflow. */
void *irqm_arena_alloc(struct irqm_arena *a, size_t count, size_t size);
char *irqm_arena_strdup(struct irqm_arena *a, const char *s);
/* Returns true if an allocation from a has failed. */
bool irqm_arena_exhausted(const struct irqm_arena *a);

/*
 * A set of CPUs or of vectors. words == NULL means that the set is unknown,
 * which is not the same as empty. Bit n is bit n%64 of words[n/64], as in
 * the kernel's bitmaps on x86-64; bits from nbits on are 0.
 */
struct irqm_bits {
	uint64_t *words;
	unsigned int nbits;
};

#define IRQM_BITS_WORDS(nbits) (((size_t)(nbits) + 63) / 64)

/* Returns an empty set of nbits; words is NULL if the arena is exhausted. */
struct irqm_bits irqm_bits_new(struct irqm_arena *a, unsigned int nbits);

static inline bool irqm_bits_known(const struct irqm_bits *b)
{
	return b->words != NULL;
}

/* Returns false for bits out of range and for an unknown set. */
static inline bool irqm_bits_test(const struct irqm_bits *b, unsigned int n)
{
	return b->words && n < b->nbits && b->words[n / 64] >> (n % 64) & 1;
}

static inline void irqm_bits_set(struct irqm_bits *b, unsigned int n)
{
	if (b->words && n < b->nbits)
		b->words[n / 64] |= 1ULL << (n % 64);
}

static inline void irqm_bits_clear(struct irqm_bits *b, unsigned int n)
{
	if (b->words && n < b->nbits)
		b->words[n / 64] &= ~(1ULL << (n % 64));
}

/* Returns the smallest member >= from, or nbits if there is none. */
unsigned int irqm_bits_next(const struct irqm_bits *b, unsigned int from);

#define irqm_bits_for_each(n, b)                                               \
	for ((n) = irqm_bits_next((b), 0); (n) < (b)->nbits;                   \
	     (n) = irqm_bits_next((b), (n) + 1))

/* Returns the number of members; 0 for an unknown set. */
unsigned int irqm_bits_weight(const struct irqm_bits *b);
/* Returns the number of common members. The sets may differ in length. */
unsigned int irqm_bits_weight_and(const struct irqm_bits *a,
				  const struct irqm_bits *b);
/* Sets to to the intersection of a and b; it may be one of them. Its size does
 * not change. */
void irqm_bits_and(struct irqm_bits *to, const struct irqm_bits *a,
		   const struct irqm_bits *b);
/* Adds the members of more to to, whose size does not change. */
void irqm_bits_or(struct irqm_bits *to, const struct irqm_bits *more);
static inline void irqm_bits_copy(struct irqm_bits *to,
				  const struct irqm_bits *from)
{
	irqm_bits_and(to, from, from);
}
bool irqm_bits_equal(const struct irqm_bits *a, const struct irqm_bits *b);
/* Returns the last member of the run that begins at first, which is a member. */
unsigned int irqm_bits_run_end(const struct irqm_bits *b, unsigned int first);

/* An element of a list of CPUs, vectors or interrupts: "5", or "0-3". */
#define IRQM_RANGE_SIZE sizeof("4294967295-4294967295")
/* Writes the element to ret, which has IRQM_RANGE_SIZE bytes. Returns ret. */
char *irqm_range_text(char *ret, unsigned int first, unsigned int last);
/* Parses the element at *s, and advances *s to the ',' or the end of the list.
 * Returns false if it is invalid. The numbers may exceed an unsigned int. */
bool irqm_range_parse(const char **s, unsigned long *ret_first,
		      unsigned long *ret_last);

/* Returns the cpulist form, "0-3,5", to be freed with free(): "" for an empty
 * set, NULL for an unknown one or if out of memory. */
char *irqm_bits_list(const struct irqm_bits *b);

/*
 * Parses a cpulist ("0-3,5", "all", "a") into bits below b->nbits. Members
 * beyond that are an error, and so is anything that is not a list; err says
 * which.
 */
int irqm_bits_parse(struct irqm_bits *b, const char *list,
		    struct irqm_error *err);

/*
 * Makes an untrusted text safe for a terminal and for JSON. Keeps printable
 * ASCII and visible characters in valid UTF-8. Writes each byte of anything
 * else as "\xHH": controls, bidi controls and other invisible characters,
 * invalid bytes. Keeps backslashes, so escaping twice has the same result as
 * once. Always terminates dst; returns dst.
 */
char *irqm_escape(char *dst, size_t size, const char *src);
/* The same for a text of any length. Returns a string to free(), or NULL if out
 * of memory. */
char *irqm_escape_whole(const char *src);
/* Whether a shell takes the name as it is, also as the first argument. */
bool irqm_is_shell_word(const char *name);
/*
 * Writes JSON that is on one line. Characters that irqm_escape() would escape
 * become "\uHHHH", so the document stays the same. Returns false if the text
 * is not UTF-8 or has C0 controls; part of it may have been written then. If
 * out is NULL, only checks the text. Does not report write errors: see
 * ferror(out).
 */
bool irqm_escape_json(FILE *out, const char *text, size_t len);

/* Writes size bytes in lower-case hexadecimal to ret, which has room for
 * 2 * size + 1 characters. */
void irqm_hex(const uint8_t *p, size_t size, char *ret);

#endif
