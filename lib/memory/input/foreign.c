/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/input/foreign.h"

#include <elf.h>
#include <string.h>
#include <strings.h>

/* Limit on sections; a Xen core has about seven. */
#define SECTIONS_MAX 64

struct signature {
	size_t offset;
	const char *bytes;
	size_t len;
	const char *format;
};

#define AT(offset, bytes, format)                                              \
	{                                                                      \
		offset, bytes, sizeof(bytes) - 1, format                       \
	}

#define LKCD "an LKCD dump; crash(8) reads it"
#define SADUMP "a sadump dump; convert it with makedumpfile -x VMLINUX -d 31"
#define VMWARE                                                                 \
	"a VMware snapshot (.vmss, .vmsn); crash(8) reads it, with the "       \
	".vmem file beside it; VMware's vmss2core -N makes a core of it"
#define HYPERV                                                                 \
	"a saved Hyper-V machine; kdump in the guest writes a dump after "     \
	"Debug-VM -InjectNonMaskableInterrupt on the host"
#define XEN_CORE "a Xen domain's core dump; crash(8) reads it"
#define QEMU_STATE                                                             \
	"a saved QEMU machine, not a dump; crash(8) reads it; "                \
	"virsh dump --memory-only writes one for irqmatrix"

/*
 * The formats' signatures as in crash 8: lkcd_common.c, diskdump.c, sadump.c,
 * xendump.c, vmware_vmss.c and qemu.c; libvirt's of an unfinished file
 * ("LibvirtQemudPart") begin in the same way. Numbers are little-endian here,
 * QEMU's big-endian.
 */
static const struct signature signatures[] = {
	AT(0, "\xed\x23\x8f\x61\x73\x01\x19\xa8", LKCD),
	AT(0, "\xcd\x23\x8f\x61\x73\x01\x19\xa8", LKCD), /* of a live system */
	AT(0, "DISKDUMP", "a diskdump of Linux 2.4 or 2.6; crash(8) reads it"),
	/* header of the partition, or of the dump in its second block */
	AT(0, "sadump\0\0", SADUMP),
	AT(4096, "sadump\0\0", SADUMP),
	AT(0, "\xed\xeb\x0f\xf0", XEN_CORE),
	AT(0, "\xee\xeb\x0f\xf0", XEN_CORE), /* of an HVM domain */
	AT(0, "LinuxGuestRecord", "a saved Xen domain; crash(8) reads it"),
	AT(0, "\xd0\xbe\xd0\xbe", VMWARE),
	AT(0, "\xd0\xbe\xd2\xbe", VMWARE),
	AT(0, "\xd2\xbe\xd2\xbe", VMWARE),
	AT(0, "\xd3\xbe\xd3\xbe", VMWARE),
	AT(0, "\xd1\xba\xd1\xba", VMWARE),
	AT(0, "\xd2\xba\xd2\xba", VMWARE),
	AT(0, "QEVM", QEMU_STATE),
	AT(0, "Libv", QEMU_STATE),
	AT(0, "\x14\x20\x28\x01", HYPERV),
};

/* What else people name instead of a dump, and what they should name. */
static const struct signature others[] = {
	AT(0, "\x04\x22\x4d\x18", "packed with lz4; unpack it with lz4 -d"),
	AT(0, "\x89LZO\0\r\n\x1a\n",
	   "packed with lzop; unpack it with lzop -d"),
	/* the first name in the archive */
	AT(0, "sosreport-",
	   "a sosreport, unpacked with tar xf; it seldom has a dump, which is "
	   "in the machine's /var/crash"),
	AT(257, "ustar", "a tar archive; unpack it with tar xf"),
	AT(0, "PK\x03\x04", "a zip archive; unpack it with unzip"),
	AT(0, "7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it with 7z x"),
	AT(0, "Rar!\x1a\x07", "a RAR archive; unpack it with unrar x"),
	AT(0, "QFI\xfb",
	   "a disk image (qcow2); a dump may be in its /var/crash"),
	AT(0, "EMiL",
	   "a LiME memory image; take a dump with kdump or virsh dump "
	   "--memory-only"),
	AT(0, "PAGEDU64", "a crash dump of Windows, not of Linux"),
	AT(0, "PAGEDUMP", "a crash dump of Windows, not of Linux"),
	AT(0, "\xa8\x19\x01\x73\x61\x8f\x23\xfd",
	   "an s390 dump; irqmatrix reads x86-64 only"),
	AT(0, "\xff\xff\xff\xff\xff\xff\xff\xffXENF",
	   "a saved Xen domain; xl dump-core writes a core, which crash(8) "
	   "reads"),
	AT(0, "ProblemType:",
	   "an apport report; apport-unpack FILE DIRECTORY writes the dump to "
	   "DIRECTORY/VmCore"),
	AT(0, "[    0.000000]",
	   "the text of a kernel log; the dump may be beside it"),
	AT(0, "SQLite format 3\0",
	   "an SQLite database; if irqmatrix batch made it, use irqmatrix "
	   "query or report"),
	AT(0, "<!DOCTYPE",
	   "a web page; perhaps the server wants a login before the download"),
	AT(0, "<html",
	   "a web page; perhaps the server wants a login before the download"),
	AT(0x202, "HdrS", "a kernel (bzImage), not a dump; name the vmcore"),
};

/* Raw memory begins with anything, so only the name tells. */
static const struct {
	const char *suffix, *format;
} suffixes[] = {
	{ ".vmem", "a raw image of a machine's memory; crash(8) reads it with "
		   "the .vmss or .vmsn file beside it" },
	{ ".vmrs", HYPERV },
};

static const char *find_format(const struct signature *s, size_t nr,
			       const char *head, size_t len)
{
	for (; nr--; s++)
		if (s->offset + s->len <= len &&
		    memcmp(head + s->offset, s->bytes, s->len) == 0)
			return s->format;
	return NULL;
}

const char *irqm_foreign_format(const void *head, size_t len)
{
	return find_format(signatures, ARRAY_SIZE(signatures), head, len);
}

const char *irqm_other_file(const void *head, size_t len)
{
	return find_format(others, ARRAY_SIZE(others), head, len);
}

const char *irqm_foreign_name(const char *name)
{
	size_t len = strlen(name), suffix;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(suffixes); i++) {
		suffix = strlen(suffixes[i].suffix);
		if (len > suffix &&
		    !strcasecmp(name + len - suffix, suffixes[i].suffix))
			return suffixes[i].format;
	}
	return NULL;
}

static bool section_is(const struct irqm_input *in, const Elf64_Shdr *names,
		       uint64_t offset, const char *is)
{
	char name[16];
	size_t len = strlen(is) + 1;
	Elf64_Shdr sh;

	return irqm_input_read(in, offset, &sh, sizeof(sh)) == IRQM_OK &&
	       irqm_input_read(in, names->sh_offset + sh.sh_name, name, len) ==
		       IRQM_OK &&
	       memcmp(name, is, len) == 0;
}

/* A dump of a Xen domain has its memory in a section (dump-core-format.txt). */
const char *irqm_foreign_elf(const struct irqm_input *in)
{
	Elf64_Shdr names;
	Elf64_Ehdr eh;
	unsigned int i;

	if (irqm_input_read(in, 0, &eh, sizeof(eh)) != IRQM_OK ||
	    irqm_input_read(
		    in, eh.e_shoff + eh.e_shstrndx * (uint64_t)sizeof(names),
		    &names, sizeof(names)) != IRQM_OK)
		return NULL;
	for (i = 0; i < eh.e_shnum && i < SECTIONS_MAX; i++)
		if (section_is(in, &names,
			       eh.e_shoff + i * (uint64_t)sizeof(names),
			       ".xen_pages"))
			return XEN_CORE;
	return NULL;
}
