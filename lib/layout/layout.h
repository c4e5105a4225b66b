/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Stage 2, layout: where each structure member that the program needs is.
 *
 * members.def is the one table; a type source fills it in one pass. Nothing is
 * ever derived from the kernel's version: the layout tells if a member exists,
 * if it is a pointer or an array, and how long it is. Distribution kernels with
 * the same version number have four different layouts of irq_matrix alone.
 */
#ifndef IRQM_LAYOUT_H
#define IRQM_LAYOUT_H

#include "base/base.h"

enum irqm_kind {
	/* a function, or something that the source cannot describe */
	IRQM_KIND_OTHER = 0,
	IRQM_KIND_INT, /* integer, bool, enumeration */
	IRQM_KIND_POINTER,
	IRQM_KIND_ARRAY,  /* count is 0 for a flexible array */
	IRQM_KIND_STRUCT, /* structure or union */
};

/* A member, without typedefs and qualifiers. */
struct irqm_member {
	bool exists;
	uint8_t kind;       /* enum irqm_kind */
	uint8_t bit_offset; /* of a bit field: 0..7, from bit 0 of offset */
	uint8_t bit_size;   /* 0: not a bit field */
	uint32_t offset;    /* bytes from the start of the structure */
	/* bytes; for an array, of all elements; for a bit field, the bytes that
	 * it touches */
	uint32_t size;
	uint32_t count;     /* elements of an array */
	uint32_t elem_size; /* bytes of an array's element */
	/* tag of the structure that a pointer points to, that an array
	 * contains, or that the member is; otherwise "" */
	char target[32];
};

/* The parts of a snapshot. Each needs the required members of its
 * structures. */
enum irqm_part {
	IRQM_PART_MATRIX,  /* vector_matrix and its cpumaps */
	IRQM_PART_IRQS,    /* irq_desc, irq_data, masks */
	IRQM_PART_APIC,    /* apic_chip_data: vector and CPU */
	IRQM_PART_MSI,     /* msi_desc */
	IRQM_PART_DEVICES, /* device, driver, bus, consumers */
	IRQM_PART_OTHER,   /* alternative members: none is required */
	IRQM_NR_PARTS,
};

#define IRQM_MAX_ENUMERATORS 48

/* An enumeration, found by one of its enumerators, because it may have no
 * tag. */
struct irqm_enum {
	unsigned int nr;
	struct {
		char name[40];
		int64_t value;
	} e[IRQM_MAX_ENUMERATORS];
};

struct irqm_layout {
#define STRUCT(s, part)                                                        \
	struct {                                                               \
		bool exists;                                                   \
		uint32_t size;
#define MEMBER(s, m, path, need) struct irqm_member m;
#define END(s)                                                                 \
	}                                                                      \
	s;
#define ENUM(name, witness) struct irqm_enum name;
#include "layout/members.def"
};

/* The table itself, for type sources and for the tests' second reader. */
enum irqm_need {
	IRQM_OPTIONAL,
	IRQM_REQUIRED
};

struct irqm_struct_row {
	const char *name; /* tag in the kernel */
	enum irqm_part part;
	size_t exists, size; /* offsets into struct irqm_layout */
};

struct irqm_member_row {
	unsigned int strct; /* index into irqm_struct_rows */
	const char *path;   /* "alloc_map"; "msi_attrib.entry_nr" */
	enum irqm_need need;
	size_t member; /* offset into struct irqm_layout */
};

struct irqm_enum_row {
	const char *witness; /* an enumerator that identifies it */
	size_t values;       /* offset into struct irqm_layout */
};

extern const struct irqm_struct_row irqm_struct_rows[];
extern const unsigned int irqm_nr_struct_rows;
extern const struct irqm_member_row irqm_member_rows[];
extern const unsigned int irqm_nr_member_rows;
extern const struct irqm_enum_row irqm_enum_rows[];
extern const unsigned int irqm_nr_enum_rows;

/* Return the place in l that a row describes. */
static inline bool *irqm_row_exists(struct irqm_layout *l,
				    const struct irqm_struct_row *r)
{
	return (bool *)((char *)l + r->exists);
}

static inline uint32_t *irqm_row_size(struct irqm_layout *l,
				      const struct irqm_struct_row *r)
{
	return (uint32_t *)((char *)l + r->size);
}

static inline struct irqm_member *
irqm_row_member(struct irqm_layout *l, const struct irqm_member_row *r)
{
	return (struct irqm_member *)((char *)l + r->member);
}

static inline struct irqm_enum *irqm_row_enum(struct irqm_layout *l,
					      const struct irqm_enum_row *r)
{
	return (struct irqm_enum *)((char *)l + r->values);
}

/* Opens files that libdw cannot open in a process without that right. Each
 * function returns a descriptor, or -1. Names are as in the DWARF. */
struct irqm_dwarf_files {
	int (*dwo)(void *ctx, const char *name);
	/* the file with this build-id to which dwz moved common types */
	int (*dwz)(void *ctx, const char *name, const unsigned char *id,
		   size_t id_len);
	void *ctx;
};

/*
 * Fills the layout from DWARF, in one scan of .debug_info. fd is an ELF file
 * (vmlinux or a separate debug file) open for reading; the caller closes it.
 * files: NULL if libdw opens them itself. Returns 0, or -1 with err: not ELF,
 * no DWARF, truncated ... A missing structure is not an error: see
 * irqm_layout_missing().
 */
int irqm_layout_from_dwarf(struct irqm_layout *l, int fd,
			   const struct irqm_dwarf_files *files,
			   struct irqm_error *err);

/*
 * Every type source calls this when all rows are filled. Removes members that
 * later stages could not trust: members that reach beyond their structure;
 * structures of 0 bytes or more than 1 MiB; numbers, pointers and bit fields of
 * more than 8 bytes; and members that are structures of another size than that
 * structure's row. A source may set a bit field's bit_offset to 0..63;
 * afterwards it is 0..7.
 */
void irqm_layout_finish(struct irqm_layout *l);

/* Returns true if irqm_layout_finish() would change nothing. Checks a stored
 * layout, which may be damaged. */
bool irqm_layout_is_finished(const struct irqm_layout *l);

/* Gets the first required member that a part lacks, as "struct.member" or
 * "struct" in buf. Returns false if nothing is missing. */
bool irqm_layout_missing(const struct irqm_layout *l, enum irqm_part part,
			 char *buf, size_t size);

/* Gets the value of an enumerator. Returns false if there is none with this
 * name. */
bool irqm_enum_value(const struct irqm_enum *e, const char *name,
		     int64_t *ret_value);

/* Reads member m from a copy of its structure: an unsigned number of up to 8
 * bytes, or a bit field. Returns 0 if the member does not exist. */
uint64_t irqm_get(const void *copy, const struct irqm_member *m);
/* The same for a counter of at most 4 bytes. Returns IRQM_UNKNOWN if the member
 * does not exist. */
irqm_num irqm_get_num(const void *copy, const struct irqm_member *m);

#endif
