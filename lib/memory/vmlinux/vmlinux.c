/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/vmlinux/vmlinux.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "layout/btf.h"
#include "memory/files_local.h"
#include "memory/vmlinux/elf_file.h"
#include "memory/vmlinux/elf_symbols.h"

struct irqm_vmlinux {
	struct irqm_elf_file file;
	struct irqm_elf_symbols symbols;
	uint64_t offset; /* KERNELOFFSET */
};

bool irqm_vmlinux_symbol(struct irqm_vmlinux *v, const char *name,
			 uint64_t *ret_value)
{
	const Elf64_Sym *sym = irqm_elf_symbol(&v->symbols, name);

	if (sym)
		*ret_value = irqm_relocate(sym->st_value, v->symbols.text,
					   v->symbols.end, v->offset);
	return sym != NULL;
}

bool irqm_vmlinux_at(struct irqm_vmlinux *v, uint64_t addr, char *name,
		     size_t size, uint64_t *ret_offset)
{
	return irqm_elf_symbol_at(&v->symbols, addr - v->offset, name, size,
				  ret_offset);
}

/* Static variables may share a name, so it is enough if one of them has that
 * address. */
static enum irqm_build_symbol compare_symbol(void *ctx, const char *name,
					     uint64_t addr, uint64_t *ret_own)
{
	struct irqm_vmlinux *v = ctx;
	const Elf64_Sym *sym = irqm_elf_symbol(&v->symbols, name);

	if (!sym)
		return IRQM_BUILD_ABSENT;
	*ret_own = sym->st_value;
	return irqm_elf_is_symbol(&v->symbols, name, addr) ? IRQM_BUILD_SAME :
							     IRQM_BUILD_OTHER;
}

int irqm_vmlinux_load(int fd, const struct irqm_files *files,
		      struct irqm_vmlinux **ret, struct irqm_error *err)
{
	struct irqm_vmlinux *v = calloc(1, sizeof(*v));

	*ret = NULL;
	if (!v) {
		irqm_error_memory(err);
		close(fd);
		return -1;
	}
	if (irqm_elf_take(&v->file, fd, files, err) < 0 ||
	    irqm_elf_symbols_open(&v->symbols, v->file.elf, err) < 0) {
		irqm_vmlinux_close(v);
		return -1;
	}
	irqm_elf_banner(&v->symbols, v->file.elf, &v->file.build);
	v->file.build.symbol = compare_symbol;
	v->file.build.ctx = v;
	*ret = v;
	return 0;
}

const struct irqm_build *irqm_vmlinux_build(const struct irqm_vmlinux *v)
{
	return &v->file.build;
}

int irqm_vmlinux_given(const struct irqm_files *files, struct irqm_error *err)
{
	const struct irqm_file_request r = { .kind = IRQM_FILE_VMLINUX };
	struct irqm_file_reply reply;
	int fd = files->open(files->ctx, &r, &reply);

	if (fd < 0)
		irqm_error_set(err, "cannot be opened: %s",
			       strerror(reply.error));
	return fd;
}

int irqm_vmlinux_open(const char *path, const struct irqm_target *dump,
		      struct irqm_vmlinux **ret, struct irqm_error *err)
{
	struct irqm_files_local l = { .vmlinux = path };
	const struct irqm_files *files = irqm_files_local_init(&l);
	int fd = irqm_vmlinux_given(files, err);

	return fd < 0 ? -1 : irqm_vmlinux_take(fd, files, dump, ret, err);
}

int irqm_vmlinux_take(int fd, const struct irqm_files *files,
		      const struct irqm_target *dump, struct irqm_vmlinux **ret,
		      struct irqm_error *err)
{
	struct irqm_vmlinux *v;

	if (irqm_vmlinux_load(fd, files, ret, err) < 0)
		return -1;
	v = *ret;
	if (irqm_build_check(&v->file.build, dump, &v->offset, err) == 0)
		return 0;
	irqm_vmlinux_close(v);
	*ret = NULL;
	return -1;
}

unsigned int irqm_vmlinux_witnesses(const struct irqm_vmlinux *v,
				    uint64_t ret_addr[], uint64_t ret_len[])
{
	return irqm_build_witnesses(&v->file.build, v->offset, ret_addr,
				    ret_len);
}

void irqm_vmlinux_close(struct irqm_vmlinux *v)
{
	if (!v)
		return;
	irqm_elf_symbols_close(&v->symbols);
	irqm_elf_close(&v->file);
	free(v);
}

static int ask_dwo(void *ctx, const char *name)
{
	const struct irqm_files *files = ctx;
	struct irqm_file_request r = { .kind = IRQM_FILE_DWO };
	struct irqm_file_reply reply;

	if (snprintf(r.name, sizeof(r.name), "%s", name) >= (int)sizeof(r.name))
		return -1;
	return files->open(files->ctx, &r, &reply);
}

/* Asks for the file from dwz. Its name has the path below /.dwz/. */
static int ask_dwz(void *ctx, const char *name, const unsigned char *id,
		   size_t id_len)
{
	const char *at = strstr(name, "/.dwz/");
	const struct irqm_files *files = ctx;
	struct irqm_file_request r = { .kind = IRQM_FILE_DWZ };
	struct irqm_file_reply reply;
	size_t i;

	for (i = 0; i < id_len && 2 * i + 3 <= sizeof(r.build_id); i++)
		sprintf(r.build_id + 2 * i, "%02x", id[i]);
	snprintf(r.name, sizeof(r.name), "%s", at ? at + strlen("/.dwz/") : "");
	return files->open(files->ctx, &r, &reply);
}

int irqm_elf_layout(const struct irqm_elf_file *f,
		    const struct irqm_files *files, struct irqm_layout *l,
		    const char **ret_types, struct irqm_error *err)
{
	const struct irqm_dwarf_files others = {
		ask_dwo,
		ask_dwz,
		(void *)files,
	};
	Elf_Scn *scn = irqm_elf_section(f, ".BTF");
	Elf_Data *d;

	if (!scn || irqm_elf_section(f, ".debug_info")) {
		*ret_types = "dwarf";
		if (irqm_layout_from_dwarf(l, f->fd, files ? &others : NULL,
					   err) == 0)
			return 0;
	}
	d = scn ? elf_rawdata(scn, NULL) : NULL;
	if (!d || !d->d_buf)
		return -1; /* err already has the error of DWARF */
	*ret_types = "btf";
	return irqm_layout_from_btf(l, d->d_buf, d->d_size, err);
}

int irqm_vmlinux_layout(struct irqm_vmlinux *v, const struct irqm_files *files,
			struct irqm_layout *l, const char **ret_types,
			struct irqm_error *err)
{
	return irqm_elf_layout(&v->file, files, l, ret_types, err);
}
