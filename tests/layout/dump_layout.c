/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Prints the layout that the program reads from a vmlinux's DWARF, or with
 * --btf from its section .BTF, a row a line:
 *
 *	struct TAG size N
 *	TAG.PATH OFFSET SIZE BIT_OFFSET BIT_SIZE KIND COUNT ELEM_SIZE TARGET
 *	enum WITNESS NAME VALUE
 *
 * What does not exist is "-". libdwarf_check and libbpf_check print the same
 * from their own reading.
 */
#include "layout/btf.h"
#include "tests/layout/print_layout.h"

#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static Elf_Data *section(Elf *elf, const char *name)
{
	Elf_Scn *scn = NULL;
	size_t names;
	GElf_Shdr sh;
	const char *n;

	if (elf_getshdrstrndx(elf, &names) != 0)
		return NULL;
	while ((scn = elf_nextscn(elf, scn))) {
		n = gelf_getshdr(scn, &sh) ?
			    elf_strptr(elf, names, sh.sh_name) :
			    NULL;
		if (n && strcmp(n, name) == 0)
			return elf_rawdata(scn, NULL);
	}
	return NULL;
}

static int from_btf(struct irqm_layout *l, int fd, struct irqm_error *err)
{
	Elf_Data *d;
	int rc = -1;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	d = elf ? section(elf, ".BTF") : NULL;
	if (d)
		rc = irqm_layout_from_btf(l, d->d_buf, d->d_size, err);
	else
		irqm_error_set(err, "no section .BTF");
	elf_end(elf);
	return rc;
}

int main(int argc, char **argv)
{
	bool btf = argc > 1 && strcmp(argv[1], "--btf") == 0;
	const char *path = argv[argc - 1];
	static struct irqm_layout l;
	struct irqm_error err = { 0 };
	int fd, rc;

	if (argc != 2 + btf) {
		fprintf(stderr, "usage: dump_layout [--btf] VMLINUX\n");
		return 2;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		perror(path);
		return 2;
	}
	rc = btf ? from_btf(&l, fd, &err) :
		   irqm_layout_from_dwarf(&l, fd, NULL, &err);
	if (rc != 0) {
		fprintf(stderr, "%s: %s\n", path, err.msg);
		return 1;
	}
	close(fd);
	print_layout(stdout, &l);
	return 0;
}
