/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An ELF dump, as /proc/vmcore is one. Pages of zeros are holes in the file. */
#include "tests/mkdump/internal.h"
#include "tests/mkdump/mkdump.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "distill/elf_header.h"

#define PAGE 4096
#define PRSTATUS_SIZE 336 /* struct elf_prstatus of x86-64 */
#define MAX_LOADS 5

struct writer {
	struct mk *mk;
	int fd;
	int error; /* errno of the first write that failed */
	Elf64_Phdr loads[MAX_LOADS];
	unsigned int nr_loads;
	uint64_t end; /* of what is in the file so far */
};

static void write_at(struct writer *w, const void *data, size_t len,
		     uint64_t offset)
{
	if (!w->error)
		w->error = kd_pwrite(w->fd, data, len, offset);
}

static void add_load(struct writer *w, uint64_t start, uint64_t end)
{
	start &= ~(uint64_t)(PAGE - 1);
	end = (end + PAGE - 1) & ~(uint64_t)(PAGE - 1);
	w->loads[w->nr_loads++] = (Elf64_Phdr){
		.p_type = PT_LOAD,
		.p_flags = PF_R | PF_W | PF_X,
		.p_offset = w->end,
		.p_vaddr = start,
		.p_paddr = mk_phys(w->mk, start),
		.p_filesz = end - start,
		.p_memsz = end - start,
	};
	w->end += end - start;
}

void mk_note(struct mk_buf *b, const char *name, uint32_t type,
	     const void *desc, size_t len)
{
	static const char zero[4];
	Elf64_Nhdr h = { strlen(name) + 1, len, type };

	mk_put(b, &h, sizeof(h));
	mk_put(b, name, h.n_namesz);
	mk_put(b, zero, -h.n_namesz & 3);
	mk_put(b, desc, len);
	mk_put(b, zero, -len & 3);
}

static unsigned int nr_online(const struct mk *mk)
{
	unsigned int cpu, nr = 0;

	for (cpu = 0; cpu < mk->m.nr_cpu_ids; cpu++)
		nr += mk->m.cpus[cpu].online;
	return nr;
}

void mk_notes(const struct mk *mk, struct mk_buf *b)
{
	unsigned char prstatus[PRSTATUS_SIZE] = { 0 };
	uint32_t nr = mk->o.prstatus == MK_PRSTATUS_ONLINE ? nr_online(mk) :
							     mk->o.prstatus;
	uint32_t i;

	for (i = 0; i < nr; i++) {
		memcpy(prstatus + 32, &i, 4); /* pr_pid */
		mk_note(b, "CORE", NT_PRSTATUS, prstatus, sizeof(prstatus));
	}
	if (!mk->o.no_header_note)
		mk_note(b, "VMCOREINFO", 0, mk->info, mk->info_len);
}

static void write_headers(struct writer *w, const struct mk_buf *notes,
			  uint64_t offset)
{
	Elf64_Ehdr h = irqm_elf_header(w->nr_loads + 1);
	Elf64_Phdr note = { .p_type = PT_NOTE,
			    .p_offset = offset,
			    .p_filesz = notes->len,
			    .p_memsz = notes->len };

	write_at(w, &h, sizeof(h), 0);
	write_at(w, &note, sizeof(note), sizeof(h));
	write_at(w, w->loads, w->nr_loads * sizeof(note),
		 sizeof(h) + sizeof(note));
	write_at(w, notes->data, notes->len, offset);
}

static bool is_zero(const unsigned char *p, size_t len)
{
	return !p[0] && memcmp(p, p + 1, len - 1) == 0;
}

static void elf_symbol(void *ctx, const char *name, uint64_t value)
{
	(void)ctx;
	(void)name;
	(void)value; /* they are in kallsyms */
}

static void elf_write(void *ctx, uint64_t addr, const void *data, size_t len)
{
	const unsigned char *p = data;
	struct writer *w = ctx;
	uint64_t paddr = mk_phys(w->mk, addr);
	const Elf64_Phdr *l = w->loads;
	size_t n;

	while (paddr - l->p_paddr >= l->p_memsz)
		if (++l == w->loads + w->nr_loads)
			abort();
	for (; len; len -= n, p += n, paddr += n) {
		n = len < PAGE ? len : PAGE;
		if (!is_zero(p, n))
			write_at(w, p, n, l->p_offset + paddr - l->p_paddr);
	}
}

/* Pages that are not the kernel's. */
static void write_others(struct writer *w, uint64_t offset)
{
	unsigned char page[PAGE];
	uint64_t paddr;

	for (paddr = mk_others_start(w->mk); paddr < mk_ram_end(w->mk);
	     paddr += PAGE, offset += PAGE) {
		mk_noise(paddr, page);
		write_at(w, page, PAGE, offset);
	}
}

static void write_all(struct writer *w)
{
	struct fk_sink sink = { .ctx = w,
				.symbol = elf_symbol,
				.write = elf_write };
	const struct fk_region *r = w->mk->fk->regions;
	uint64_t direct = w->mk->fk->gen.page_offset;
	struct mk_buf notes = { 0 };

	mk_notes(w->mk, &notes);
	/* headers in the first page, notes from the second on */
	w->end = PAGE + ((notes.len + PAGE - 1) & ~(uint64_t)(PAGE - 1));
	add_load(w, mk_image_start(w->mk), mk_image_end(w->mk));
	add_load(w, r[FK_HEAP].base, r[FK_HEAP].base + r[FK_HEAP].size);
	add_load(w, r[FK_PERCPU].base, r[FK_PERCPU].base + r[FK_PERCPU].size);
	if (r[FK_MODULES].size)
		add_load(w, direct + w->mk->modules_phys,
			 direct + w->mk->modules_phys + r[FK_MODULES].size);
	if (w->mk->o.other_pages)
		add_load(w, direct + mk_others_start(w->mk),
			 direct + mk_ram_end(w->mk));
	write_headers(w, &notes, PAGE);
	if (ftruncate(w->fd, w->end) != 0)
		w->error = errno;
	fk_emit(w->mk->fk, FK_PACKED, &sink);
	write_others(w, w->loads[w->nr_loads - 1].p_offset);
	free(notes.data);
}

int mk_write_elf(struct mk *mk, const char *path, struct irqm_error *err)
{
	struct writer w = { .mk = mk };

	w.fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
	if (w.fd < 0)
		w.error = errno;
	else
		write_all(&w);
	if (w.fd >= 0 && close(w.fd) != 0 && !w.error)
		w.error = errno;
	if (!w.error)
		return 0;
	irqm_error_set(err, "%s: %s", path, strerror(w.error));
	return -1;
}
