/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "extension/elf_segments.h"

#include <elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct irqm_elf_segments {
	uint64_t file_size;
	uint64_t end;           /* of the highest segment */
	size_t nr;
	Elf64_Phdr phdr[];      /* PT_LOAD only, by physical address */
};

/* A dump of a large machine may have more segments than e_phnum can say. */
#define MAX_SEGMENTS (1U << 20)

static bool read_at(int fd, void *buf, size_t len, uint64_t offset)
{
	return pread(fd, buf, len, (off_t)offset) == (ssize_t)len;
}

static size_t count_phdrs(int fd, const Elf64_Ehdr *ehdr)
{
	Elf64_Shdr first;

	if (ehdr->e_phnum != PN_XNUM)
		return ehdr->e_phnum;
	if (!read_at(fd, &first, sizeof(first), ehdr->e_shoff) ||
	    first.sh_info > MAX_SEGMENTS)
		return 0;
	return first.sh_info;
}

static bool is_elf64(const Elf64_Ehdr *ehdr)
{
	return memcmp(ehdr->e_ident, ELFMAG, SELFMAG) == 0 &&
	       ehdr->e_ident[EI_CLASS] == ELFCLASS64 &&
	       ehdr->e_ident[EI_DATA] == ELFDATA2LSB &&
	       ehdr->e_phentsize == sizeof(Elf64_Phdr);
}

static int by_address(const void *a, const void *b)
{
	const Elf64_Phdr *x = a, *y = b;

	return (x->p_paddr > y->p_paddr) - (x->p_paddr < y->p_paddr);
}

/* Only memory; sizes are made such that no later sum overflows. */
static void keep_loads(struct irqm_elf_segments *s, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		Elf64_Phdr p = s->phdr[i];

		if (p.p_type != PT_LOAD ||
		    p.p_memsz > UINT64_MAX - p.p_paddr ||
		    p.p_filesz > UINT64_MAX - p.p_offset)
			continue;
		if (p.p_memsz < p.p_filesz)
			p.p_memsz = p.p_filesz;
		s->phdr[s->nr++] = p;
		if (p.p_paddr + p.p_memsz > s->end)
			s->end = p.p_paddr + p.p_memsz;
	}
	qsort(s->phdr, s->nr, sizeof(s->phdr[0]), by_address);
}

static struct irqm_elf_segments *read_segments(int fd)
{
	struct irqm_elf_segments *s;
	Elf64_Ehdr ehdr;
	struct stat st;
	size_t nr;

	if (fstat(fd, &st) < 0 || !read_at(fd, &ehdr, sizeof(ehdr), 0) ||
	    !is_elf64(&ehdr))
		return NULL;
	nr = count_phdrs(fd, &ehdr);
	s = calloc(1, sizeof(*s) + nr * sizeof(s->phdr[0]));
	if (!s)
		return NULL;
	s->file_size = st.st_size;
	if (!read_at(fd, s->phdr, nr * sizeof(s->phdr[0]), ehdr.e_phoff)) {
		free(s);
		return NULL;
	}
	keep_loads(s, nr);
	return s;
}

struct irqm_elf_segments *irqm_elf_segments_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct irqm_elf_segments *s;

	if (fd < 0)
		return NULL;
	s = read_segments(fd);
	close(fd);
	return s;
}

void irqm_elf_segments_close(struct irqm_elf_segments *s)
{
	free(s);
}

/* The last segment that begins at or before paddr. */
static const Elf64_Phdr *find_segment(const struct irqm_elf_segments *s,
				      uint64_t paddr)
{
	size_t low = 0, high = s->nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (s->phdr[mid].p_paddr <= paddr)
			low = mid + 1;
		else
			high = mid;
	}
	return low ? &s->phdr[low - 1] : NULL;
}

enum irqm_why irqm_elf_segments_why(const struct irqm_elf_segments *s,
				    uint64_t paddr, size_t len)
{
	const Elf64_Phdr *p = find_segment(s, paddr);
	uint64_t into = p ? paddr - p->p_paddr : 0;

	if (!p || into >= p->p_memsz)
		return paddr < s->end ? IRQM_EXCLUDED : IRQM_UNMAPPED;
	if (into >= p->p_filesz || len > p->p_filesz - into)
		return IRQM_EXCLUDED;
	if (p->p_offset + into + len > s->file_size)
		return IRQM_TRUNCATED;
	return IRQM_OK;
}
