/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/recognise.h"

#include "base/siphash.h"
#include "memory/elf_notes.h"
#include "memory/input/foreign.h"
#include "memory/input/stream.h"
#include "memory/pages/diskdump_file.h"
#include "memory/pages/pages.h"
#include "memory/vmcoreinfo.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* Bytes of a packed file to examine, and to check for being all zero. */
#define BEGINNING (64 * 1024)
#define NOTES_MAX (1024 * 1024)
#define HEADERS_MAX 64

/* The file, or its unpacked beginning. */
struct bytes {
	const struct irqm_input *in; /* NULL: use data */
	const unsigned char *data;
	size_t len;
};

static bool input_of(struct irqm_input *in, int fd)
{
	off_t end = lseek(fd, 0, SEEK_END);

	*in = (struct irqm_input){ .fd = fd, .size = end, .name = "" };
	return end > 0;
}

static bool get_bytes(const struct bytes *b, uint64_t at, void *buf, size_t len)
{
	if (b->in)
		return irqm_input_read(b->in, at, buf, len) == IRQM_OK;
	if (at > b->len || len > b->len - at)
		return false;
	memcpy(buf, b->data + at, len);
	return true;
}

/* Reads up to len bytes. Returns how many there are. */
static size_t get_some(const struct bytes *b, uint64_t at, void *buf,
		       size_t len)
{
	uint64_t size = b->in ? b->in->size : b->len;

	if (at >= size)
		return 0;
	if (len > size - at)
		len = size - at;
	return get_bytes(b, at, buf, len) ? len : 0;
}

static bool begins_with(const struct bytes *b, const char *what, size_t len)
{
	char head[sizeof(IRQM_FLAT_SIGNATURE)];

	return get_bytes(b, 0, head, len) && memcmp(head, what, len) == 0;
}

static bool is_core(const struct bytes *b)
{
	Elf64_Ehdr eh;

	/* e_type has the same offset in the 32-bit header, which is shorter */
	return get_bytes(b, 0, &eh, sizeof(Elf32_Ehdr)) &&
	       memcmp(eh.e_ident, ELFMAG, SELFMAG) == 0 &&
	       (eh.e_ident[EI_DATA] == ELFDATA2LSB ? eh.e_type == ET_CORE :
						     eh.e_type == ET_CORE << 8);
}

/* What kind of ELF core its notes belong to. */
enum owner {
	NOBODY,
	PROCESS,
	KERNEL
};

/* A process's core has such a note in its first ones, so a kernel's notes may
 * be cut anywhere after that. */
static enum owner owner_of(const struct irqm_elf_note *note)
{
	if (irqm_elf_note_is_named(note, "VMCOREINFO") ||
	    irqm_elf_note_is_named(note, "QEMU"))
		return KERNEL;
	return note->type == NT_PRPSINFO || note->type == NT_AUXV ? PROCESS :
								    NOBODY;
}

static enum owner notes_owner(const char *data, size_t size)
{
	struct irqm_elf_notes notes = { .data = data, .size = size };
	enum owner owner = NOBODY, each;
	struct irqm_elf_note note;

	while (irqm_elf_notes_next(&notes, &note)) {
		each = owner_of(&note);
		if (each == KERNEL)
			return KERNEL;
		if (each == PROCESS)
			owner = PROCESS;
	}
	return size >= sizeof(Elf64_Nhdr) && owner == NOBODY ? KERNEL : owner;
}

static enum owner segment_owner(const struct bytes *b, const Elf64_Phdr *ph)
{
	size_t len = ph->p_filesz < NOTES_MAX ? ph->p_filesz : NOTES_MAX;
	char *notes = malloc(len + 1);
	enum owner owner = NOBODY;

	if (notes)
		owner = notes_owner(notes,
				    get_some(b, ph->p_offset, notes, len));
	free(notes);
	return owner;
}

/* The kernel, makedumpfile and QEMU write the notes first. */
static bool is_kernels_core(const struct bytes *b)
{
	enum owner owner = NOBODY;
	unsigned int i;
	Elf64_Ehdr eh;
	Elf64_Phdr ph;

	if (!get_bytes(b, 0, &eh, sizeof(eh)) ||
	    eh.e_ident[EI_CLASS] != ELFCLASS64 ||
	    eh.e_ident[EI_DATA] != ELFDATA2LSB)
		return false;
	/* a Xen domain has only sections, a process's core never */
	if (eh.e_phnum == 0 && eh.e_shnum)
		return true;
	for (i = 0; i < eh.e_phnum && i < HEADERS_MAX && !owner; i++)
		if (get_bytes(b, eh.e_phoff + i * sizeof(ph), &ph,
			      sizeof(ph)) &&
		    ph.p_type == PT_NOTE)
			owner = segment_owner(b, &ph);
	return owner == KERNEL;
}

static bool is_kdump(const struct bytes *b)
{
	return begins_with(b, "KDUMP   ", 8) ||
	       begins_with(b, IRQM_FLAT_SIGNATURE, 16);
}

/* Returns true for a dump in a format that can be named but not read. */
static bool is_foreign(const struct bytes *b)
{
	char head[IRQM_FOREIGN_HEAD];

	return irqm_foreign_format(head, get_some(b, 0, head, sizeof(head)));
}

static bool all_zero(const unsigned char *p, size_t len)
{
	return len && p[0] == 0 && memcmp(p, p + 1, len - 1) == 0;
}

static enum irqm_content recognise_bytes(const struct bytes *b)
{
	unsigned char *head = malloc(BEGINNING);
	enum irqm_content content = IRQM_CONTENT_OTHER;

	if (is_kdump(b) || (is_core(b) && is_kernels_core(b)) || is_foreign(b))
		content = IRQM_CONTENT_DUMP;
	else if (head && all_zero(head, get_some(b, 0, head, BEGINNING)))
		content = IRQM_CONTENT_ZEROS;
	free(head);
	return content;
}

/* Offsets in a kdump's header that tell if it is one of a set. The whole header
 * is not available here, so irqm_diskdump_file_open() cannot be used. */
#define KDUMP_VERSION 8
#define KDUMP_BLOCK_SIZE 428
#define KDUMP_SUB_SPLIT 12

static bool is_part(const struct bytes *b)
{
	uint32_t version, block_size, split;

	return begins_with(b, "KDUMP   ", 8) &&
	       get_bytes(b, KDUMP_VERSION, &version, sizeof(version)) &&
	       version >= 2 &&
	       get_bytes(b, KDUMP_BLOCK_SIZE, &block_size,
			 sizeof(block_size)) &&
	       block_size == IRQM_PAGE_SIZE &&
	       get_bytes(b, IRQM_PAGE_SIZE + KDUMP_SUB_SPLIT, &split,
			 sizeof(split)) &&
	       split;
}

/* Unpacks up to size bytes; stops at an error. */
static size_t unpack_beginning(const struct irqm_input *in,
			       enum irqm_packing packing, unsigned char *data,
			       size_t size)
{
	struct irqm_stream *s = irqm_stream_new(in, packing);
	struct irqm_error err;
	const void *piece;
	size_t len = 0;
	long got;

	while (s && len < size &&
	       (got = irqm_stream_next(s, size - len, &piece, &err)) > 0) {
		memcpy(data + len, piece, got);
		len += got;
	}
	irqm_stream_free(s);
	return len;
}

bool irqm_may_be_dump(int fd)
{
	struct irqm_input in;
	struct bytes b = { .in = &in };

	if (!input_of(&in, fd))
		return false;
	return is_kdump(&b) || is_core(&b) || is_foreign(&b) ||
	       irqm_stream_packing(&in) != IRQM_PLAIN;
}

enum irqm_content irqm_recognise(int fd)
{
	struct irqm_input in;
	struct bytes b = { .in = &in };
	enum irqm_content content;
	enum irqm_packing packing;
	unsigned char *data;

	if (!input_of(&in, fd))
		return IRQM_CONTENT_OTHER;
	packing = irqm_stream_packing(&in);
	if (packing == IRQM_PLAIN)
		return recognise_bytes(&b);
	data = malloc(BEGINNING);
	if (!data)
		return IRQM_CONTENT_OTHER;
	b = (struct bytes){
		.data = data,
		.len = unpack_beginning(&in, packing, data, BEGINNING),
	};
	content = recognise_bytes(&b);
	if (content == IRQM_CONTENT_DUMP && is_part(&b))
		content = IRQM_CONTENT_PACKED_PART;
	free(data);
	return content;
}

bool irqm_split_of(int fd, struct irqm_split *ret)
{
	static const uint8_t key[IRQM_SIPHASH_KEY];
	char info[IRQM_VMCOREINFO_MAX];
	struct irqm_diskdump_file f;
	struct irqm_siphash h;
	struct irqm_input in;
	struct irqm_error err;
	bool split;
	size_t len;

	if (!input_of(&in, fd) ||
	    !begins_with(&(struct bytes){ .in = &in }, "KDUMP   ", 8) ||
	    irqm_diskdump_file_open(&f, &in, &err) < 0)
		return false;
	len = f.vmcoreinfo_len < sizeof(info) ? f.vmcoreinfo_len : sizeof(info);
	split = f.split &&
		irqm_input_read(&in, f.vmcoreinfo, info, len) == IRQM_OK;
	if (split) {
		irqm_siphash_begin(&h, key);
		irqm_siphash_add(&h, &f.max_mapnr, sizeof(f.max_mapnr));
		irqm_siphash_add(&h, info, len);
		irqm_siphash_end(&h, ret->set);
		ret->start_pfn = f.start_pfn;
	}
	irqm_diskdump_file_close(&f);
	return split;
}

static bool ends_with(const char *name, const char *end)
{
	size_t len = strlen(name), end_len = strlen(end);

	return len > end_len && strcasecmp(name + len - end_len, end) == 0;
}

bool irqm_is_dump_name(const char *name)
{
	static const char *const ends[] = { ".dump", ".kdump", ".elf",
					    ".flat" };
	static const char *const beside[] = {
		".txt",    ".log", ".json", ".html", ".md", ".sh",  ".py",
		".conf",   ".c",   ".h",    ".o",    ".so", ".sum", ".sha256",
		".sha1",   ".md5", ".sig",  ".asc",  ".db", ".sql", ".csv",
		".ndjson", ".xml", ".yml",  ".yaml",
	};
	size_t i;

	if (strcasestr(name, "dmesg"))
		return false;
	for (i = 0; i < ARRAY_SIZE(beside); i++)
		if (ends_with(name, beside[i]))
			return false;
	for (i = 0; i < ARRAY_SIZE(ends); i++)
		if (ends_with(name, ends[i]))
			return true;
	return strcasestr(name, "vmcore") || strncasecmp(name, "dump", 4) == 0;
}
