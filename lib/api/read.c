/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads a dump file, or the caller's own target. */
#include <stdlib.h>
#include <string.h>

#include "api/handle.h"
#include "layout/btf.h"
#include "memory/dumpfile.h"
#include "memory/kernel_types.h"
#include "memory/vmlinux/elf_file.h"
#include "memory/vmlinux/vmlinux.h"

/* Copies *string into the snapshot's arena. Returns 0 or -1. */
static int own_string(struct irqm_snapshot *s, const char **string)
{
	if (!*string)
		return 0;
	*string = irqm_arena_strdup(s->arena, *string);
	return *string ? 0 : -1;
}

static int analyse_snapshot(struct irqmatrix *m)
{
	struct irqm_dump *d = &m->snapshot->dump;

	/* the target, which owned these strings, is closed afterwards */
	if (own_string(m->snapshot, &d->path) == 0 &&
	    own_string(m->snapshot, &d->format) == 0 &&
	    own_string(m->snapshot, &d->types) == 0)
		m->analysis = irqm_analyse(m->snapshot);
	if (m->analysis)
		return 0;
	irqm_api_forget(m);
	return irqm_api_no_memory(m);
}

static int read_all(struct irqmatrix *m, struct irqm_target *t,
		    const struct irqm_layout *layout)
{
	irqm_api_forget(m);
	if (irqm_snapshot_read(t, layout, IRQM_READ_COUNTS | IRQM_READ_LOG,
			       &m->snapshot, &m->err))
		return -1;
	return analyse_snapshot(m);
}

int irqmatrix_read_dump(struct irqmatrix *m, const char *const paths[],
			unsigned int nr)
{
	struct irqm_dumpfile_options o = {
		.vmlinux = m->vmlinux,
		.kernels = m->kernels,
		.cache_dir = m->cache,
		.temp_limit = m->temp_limit,
		.threads = m->threads,
		.progress = m->progress,
		.progress_ctx = m->progress_ctx,
	};
	struct irqm_dumpfile *f;
	int rc;

	irqm_api_forget(m);
	if (!nr)
		return irqm_api_fail(m, IRQM_ERROR_USAGE, "no file was given");
	if (irqm_dumpfile_open(paths, nr, &o, &f, &m->err))
		return -1;
	rc = read_all(m, irqm_dumpfile_target(f), irqm_dumpfile_layout(f));
	irqm_dumpfile_keep(f);
	irqm_dumpfile_close(f);
	return rc;
}

/* Calls the caller's functions for the stages. */
static enum irqm_why target_read(void *ctx, uint64_t addr, void *buf,
				 size_t len)
{
	const struct irqmatrix_target *t = ctx;
	int why = (int)t->read(t->ctx, addr, buf, len);

	/* the two enumerations have the same values */
	return why >= IRQM_OK && why <= IRQM_UNSTABLE ? (enum irqm_why)why :
							IRQM_INVALID;
}

static bool target_symbol(void *ctx, const char *name, uint64_t *ret_value)
{
	const struct irqmatrix_target *t = ctx;

	return t->symbol(t->ctx, name, ret_value);
}

static bool target_symbol_at(void *ctx, uint64_t addr, char *name, size_t size,
			     uint64_t *ret_offset)
{
	const struct irqmatrix_target *t = ctx;

	return t->symbol_at(t->ctx, addr, name, size, ret_offset);
}

static int types_from_file(const char *path, struct irqm_layout *l,
			   const char **ret_types, struct irqm_error *err)
{
	struct irqm_elf_file file;
	int rc;

	if (irqm_elf_open(&file, path, err))
		return -1;
	rc = irqm_elf_layout(&file, NULL, l, ret_types, err);
	irqm_elf_close(&file);
	return rc;
}

static int types_of(const struct irqmatrix_target *from, struct irqm_target *t,
		    struct irqm_layout *l, struct irqm_error *err)
{
	struct irqm_error why;

	t->types = "btf";
	if (from->vmlinux)
		return types_from_file(from->vmlinux, l, &t->types, err);
	if (from->btf)
		return irqm_layout_from_btf(l, from->btf, from->btf_size, err);
	if (irqm_kernel_types(t, l, &why) == 0)
		return 0;
	irqm_error_set(err, "%s; name a vmlinux, or give its BTF", why.msg);
	return -1;
}

int irqmatrix_read_target(struct irqmatrix *m,
			  const struct irqmatrix_target *target, size_t size)
{
	struct irqmatrix_target copy = { 0 };
	struct irqm_target t = {
		.ctx = &copy,
		.read = target_read,
		.symbol = target_symbol,
	};
	struct irqm_layout *layout;
	int rc;

	irqm_api_forget(m);
	if (size > sizeof(copy))
		return irqm_api_fail(m, IRQM_ERROR_USAGE,
				     "the program needs a later "
				     "libirqmatrix than " IRQMATRIX_VERSION);
	memcpy(&copy, target, size);
	if (!copy.read || !copy.symbol)
		return irqm_api_fail(m, IRQM_ERROR_USAGE,
				     "the target lacks the function read or "
				     "symbol");
	t.symbol_at = copy.symbol_at ? target_symbol_at : NULL;
	t.path = copy.path;
	t.format = copy.format;
	t.live = copy.live;
	layout = calloc(1, sizeof(*layout));
	if (!layout)
		return irqm_api_no_memory(m);
	rc = types_of(&copy, &t, layout, &m->err);
	if (rc)
		irqm_error_is(&m->err, IRQM_ERROR_TYPES);
	else
		rc = read_all(m, &t, layout);
	free(layout);
	return rc;
}
