/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IRQM_DISTILL_ELF_HEADER_H
#define IRQM_DISTILL_ELF_HEADER_H

#include <elf.h>

/* The ELF header of an x86-64 dump; e_phnum program headers follow it. */
static inline Elf64_Ehdr irqm_elf_header(Elf64_Half e_phnum)
{
	return (Elf64_Ehdr){
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
			     ELFDATA2LSB, EV_CURRENT },
		.e_type = ET_CORE,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_phoff = sizeof(Elf64_Ehdr),
		.e_ehsize = sizeof(Elf64_Ehdr),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = e_phnum,
	};
}

#endif
