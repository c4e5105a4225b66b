/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/vmlinux/elf_file.h"

#include "memory/elf_notes.h"
#include "memory/files.h"
#include "memory/input/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Unpacks SUSE's /boot/vmlinux-*.gz and the like into a temporary file. */
static int unpack_file(struct irqm_elf_file *f, uint64_t size,
		       const struct irqm_files *files, struct irqm_error *err)
{
	struct irqm_input in = { .fd = f->fd,
				 .size = size,
				 .name = "unpacking" };
	struct irqm_tempfile t = { .fd = -1,
				   .limit = IRQM_UNPACKED_MAX,
				   .name = in.name,
				   .files = files };
	enum irqm_packing packing = irqm_stream_packing(&in);
	struct irqm_stream *s;
	int ret = -1;

	if (packing == IRQM_PLAIN) {
		irqm_error_set(err, "not an ELF file: give the vmlinux of the "
				    "kernel's debug package, unpacked");
		return -1;
	}
	s = irqm_stream_new(&in, packing);
	if (!s)
		irqm_error_memory(err);
	else if (irqm_tempfile_open(&t, err) == 0 &&
		 irqm_stream_copy(s, &t, err) == 0)
		ret = irqm_tempfile_finish(&t, err);
	irqm_stream_free(s);
	if (t.fd >= 0) {
		close(f->fd);
		f->fd = t.fd;
	}
	return ret;
}

static int make_plain(struct irqm_elf_file *f, const struct irqm_files *files,
		      struct irqm_error *err)
{
	unsigned char magic[SELFMAG];
	struct stat st;

	if (fstat(f->fd, &st) < 0) {
		irqm_error_set(err, "cannot be opened: %s", strerror(errno));
		return -1;
	}
	if (!S_ISREG(st.st_mode)) {
		irqm_error_set(err, "not a regular file");
		return -1;
	}
	if (pread(f->fd, magic, sizeof(magic), 0) != (ssize_t)sizeof(magic)) {
		irqm_error_set(err, "cannot be read, or is empty");
		return -1;
	}
	if (memcmp(magic, ELFMAG, SELFMAG) != 0)
		return unpack_file(f, st.st_size, files, err);
	return 0;
}

static int check_header(const struct irqm_elf_file *f, struct irqm_error *err)
{
	GElf_Ehdr eh;
	size_t nr;

	if (!gelf_getehdr(f->elf, &eh) || elf_getshdrnum(f->elf, &nr) < 0)
		irqm_error_set(err, "its ELF header is damaged: is the file "
				    "complete?");
	else if (eh.e_machine != EM_X86_64 ||
		 eh.e_ident[EI_CLASS] != ELFCLASS64 ||
		 eh.e_ident[EI_DATA] != ELFDATA2LSB)
		irqm_error_set(err, "not an x86-64 kernel (ELF machine %u)",
			       eh.e_machine);
	else if (eh.e_type == ET_REL)
		irqm_error_set(err, "a kernel module or an object file: give "
				    "the kernel's vmlinux");
	else if (eh.e_type == ET_CORE)
		irqm_error_set(err, "a dump: give the kernel's vmlinux");
	else if (nr == 0)
		irqm_error_set(err, "stripped of its sections: install the "
				    "kernel's debug package");
	else
		return 0;
	return -1;
}

/* Finds the first build-id in a section of notes. */
static bool find_note(struct irqm_build *b, const unsigned char *data,
		      size_t size, uint64_t addr)
{
	struct irqm_elf_notes notes = { .data = data, .size = size };
	struct irqm_elf_note n;

	while (irqm_elf_notes_next(&notes, &n) && !n.cut) {
		if (n.type != NT_GNU_BUILD_ID ||
		    !irqm_elf_note_is_named(&n, "GNU") || n.desc_size == 0 ||
		    n.desc_size > IRQM_BUILD_ID_MAX)
			continue;
		memcpy(b->note, n.header, n.desc + n.desc_size - n.header);
		b->id_size = n.desc_size;
		b->note_at = addr ? addr + (n.header - data) : 0;
		return true;
	}
	return false;
}

/* Uses the sections: the program headers of a debug file still describe the
 * file that it was split from. Some linkers make .notes an ordinary section. */
static void read_build_id(struct irqm_elf_file *f)
{
	Elf_Scn *scn = NULL;
	const char *name;
	size_t names;
	GElf_Shdr sh;
	Elf_Data *d;

	if (elf_getshdrstrndx(f->elf, &names) < 0)
		return;
	while ((scn = elf_nextscn(f->elf, scn)) != NULL) {
		if (!gelf_getshdr(scn, &sh) || sh.sh_type == SHT_NOBITS)
			continue;
		name = elf_strptr(f->elf, names, sh.sh_name);
		if (sh.sh_type != SHT_NOTE &&
		    !(name && strncmp(name, ".note", 5) == 0))
			continue;
		d = elf_rawdata(scn, NULL);
		if (d && d->d_buf &&
		    find_note(&f->build, d->d_buf, d->d_size, sh.sh_addr))
			return;
	}
}

/* Reads the headers; f->fd must be open. */
static int read_headers(struct irqm_elf_file *f, struct irqm_error *err)
{
	elf_version(EV_CURRENT);
	f->elf = elf_begin(f->fd, ELF_C_READ_MMAP, NULL);
	if (!f->elf || elf_kind(f->elf) != ELF_K_ELF) {
		irqm_error_set(err, "not an ELF file, or truncated: %s",
			       elf_errmsg(-1));
		return -1;
	}
	if (check_header(f, err) < 0)
		return -1;
	read_build_id(f);
	return 0;
}

int irqm_elf_take(struct irqm_elf_file *f, int fd,
		  const struct irqm_files *files, struct irqm_error *err)
{
	memset(f, 0, sizeof(*f));
	f->fd = fd;
	if (make_plain(f, files, err) == 0 && read_headers(f, err) == 0)
		return 0;
	irqm_elf_close(f);
	return -1;
}

int irqm_elf_open(struct irqm_elf_file *f, const char *path,
		  struct irqm_error *err)
{
	struct irqm_file_reply reply;
	int fd = irqm_files_open(NULL, NULL, path, &reply);

	if (fd >= 0)
		return irqm_elf_take(f, fd, NULL, err);
	irqm_error_set(err, "cannot be opened: %s", strerror(reply.error));
	return -1;
}

int irqm_elf_open_fd(struct irqm_elf_file *f, int fd, struct irqm_error *err)
{
	memset(f, 0, sizeof(*f));
	f->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (f->fd < 0)
		irqm_error_set(err, "cannot be opened: %s", strerror(errno));
	else if (read_headers(f, err) == 0)
		return 0;
	irqm_elf_close(f);
	return -1;
}

void irqm_elf_close(struct irqm_elf_file *f)
{
	elf_end(f->elf);
	f->elf = NULL;
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

Elf_Scn *irqm_elf_section(const struct irqm_elf_file *f, const char *name)
{
	Elf_Scn *scn = NULL;
	const char *s;
	size_t names;
	GElf_Shdr sh;

	if (elf_getshdrstrndx(f->elf, &names) < 0)
		return NULL;
	while ((scn = elf_nextscn(f->elf, scn)) != NULL) {
		if (!gelf_getshdr(scn, &sh) || sh.sh_type == SHT_NOBITS)
			continue;
		s = elf_strptr(f->elf, names, sh.sh_name);
		if (s && strcmp(s, name) == 0)
			return scn;
	}
	return NULL;
}
