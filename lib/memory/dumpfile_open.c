/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/dumpfile.h"

#include <stdlib.h>
#include <string.h>

#include "memory/dumpfile_known.h"
#include "memory/dumpfile_learned.h"
#include "memory/dumpfile_search.h"
#include "memory/files_local.h"
#include "memory/input/input.h"
#include "memory/kernel_types.h"
#include "memory/vmlinux/debuginfo.h"

static enum irqm_why dumpfile_read(void *ctx, uint64_t addr, void *buf,
				   size_t len)
{
	struct irqm_dumpfile *f = ctx;
	enum irqm_why why = irqm_paging_read(&f->paging, addr, buf, len);

	f->truncated |= why == IRQM_TRUNCATED;
	return why;
}

static void dumpfile_expect(void *ctx, const struct irqm_extent extents[],
			    size_t nr)
{
	struct irqm_dumpfile *f = ctx;

	irqm_paging_expect(&f->paging, extents, nr, IRQM_PAGE_READ);
}

static void dumpfile_forget(void *ctx)
{
	struct irqm_dumpfile *f = ctx;

	irqm_paging_forget(&f->paging);
}

static bool kallsyms_symbol(void *ctx, const char *name, uint64_t *ret_value)
{
	struct irqm_dumpfile *f = ctx;
	int i = irqm_variable_find(name);

	if (i < 0 || !f->found[i]) {
		*ret_value = f->names_unread;
		return false;
	}
	*ret_value = f->values[i];
	return true;
}

static bool vmlinux_symbol(void *ctx, const char *name, uint64_t *ret_value)
{
	struct irqm_dumpfile *f = ctx;

	return irqm_vmlinux_symbol(f->vmlinux, name, ret_value);
}

static bool vmlinux_symbol_at(void *ctx, uint64_t addr, char *name, size_t size,
			      uint64_t *ret_offset)
{
	struct irqm_dumpfile *f = ctx;

	return irqm_vmlinux_at(f->vmlinux, addr, name, size, ret_offset);
}

static bool find_kallsyms(struct irqm_dumpfile *f, uint64_t stext,
			  struct irqm_kallsyms_where *ret)
{
	int64_t size = 0;

	if (irqm_kallsyms_from_vmcoreinfo(f->pages.vmcoreinfo, ret))
		return true;
	/* _stext begins the image, and modules begin at KERNEL_IMAGE_SIZE */
	if (!irqm_vmcoreinfo_number(f->pages.vmcoreinfo, "KERNEL_IMAGE_SIZE",
				    &size) ||
	    size <= 0 || (uint64_t)size > IRQM_KERNEL_IMAGE_SIZE)
		size = IRQM_KERNEL_IMAGE_SIZE;
	return irqm_kallsyms_scan(&f->target, stext, stext + size, ret);
}

/* Without CONFIG_KALLSYMS_ALL, kallsyms has only functions. */
static bool has_variables(const struct irqm_dumpfile *f)
{
	return f->found[irqm_variable_find("nr_irqs")] ||
	       f->found[irqm_variable_find("total_nr_irqs")];
}

/* Searches the symbols after the text first: variables are there, unless the
 * page tables are unusual. */
static void find_names(struct irqm_dumpfile *f)
{
	uint64_t text_end = irqm_paging_text_end(&f->paging, f->stext);
	const char *names[NR_NAMES];

	irqm_dumpfile_names(names);
	f->names_unread = irqm_kallsyms_find(f->kallsyms, text_end, names,
					     NR_NAMES, f->values, f->found);
	if (!has_variables(f))
		f->names_unread = irqm_kallsyms_find(
			f->kallsyms, 0, names, NR_NAMES, f->values, f->found);
}

static int open_kallsyms(struct irqm_dumpfile *f, struct irqm_error *err)
{
	if (!irqm_vmcoreinfo_symbol(f->pages.vmcoreinfo, "_stext", &f->stext) ||
	    !find_kallsyms(f, f->stext, &f->where)) {
		irqm_error_set(err, "the dump has no symbol table "
				    "(CONFIG_KALLSYMS)");
		return -1;
	}
	if (irqm_kallsyms_new(&f->target, &f->where, f->stext, &f->kallsyms,
			      err))
		return -1;
	find_names(f);
	return 0;
}

static int read_btf(struct irqm_dumpfile *f, struct irqm_error *err)
{
	uint64_t start, size;

	if (irqm_dumpfile_btf(f, &start, &size) && size)
		return irqm_kernel_types_at(&f->target, start, size, &f->layout,
					    err);
	irqm_error_set(err, "the dump has no type information "
			    "(CONFIG_DEBUG_INFO_BTF)");
	return -1;
}

static int read_self(struct irqm_dumpfile *f, struct irqm_error *err)
{
	if (open_kallsyms(f, err))
		return -1;
	if (has_variables(f))
		return read_btf(f, err);
	/* one of these says where BTF is */
	irqm_error_set(err, "the dump's symbol table has only functions "
			    "(CONFIG_KALLSYMS_ALL)");
	return -1;
}

static int read_known(struct irqm_dumpfile *f, const struct irqm_files *files,
		      struct irqm_error *err)
{
	struct irqm_lookup *l = irqm_lookup_open(files, f);
	int rc = 0;

	if (!l)
		return read_self(f, err);
	if (!irqm_lookup_load(l, f)) {
		rc = read_self(f, err);
		if (rc == 0) {
			f->lookup = l;
			return 0;
		}
	}
	irqm_lookup_close(l);
	return rc;
}

void irqm_dumpfile_keep(struct irqm_dumpfile *f)
{
	if (!f->lookup)
		return;
	irqm_lookup_store(f->lookup, f);
	irqm_lookup_close(f->lookup);
	f->lookup = NULL;
}

/* Gets symbols and types from the dump itself. cache opens the files of the
 * cache; it may be NULL. */
static int open_self(struct irqm_dumpfile *f, const struct irqm_files *cache,
		     struct irqm_error *err)
{
	if (cache ? read_known(f, cache, err) : read_self(f, err))
		return -1;
	f->target.symbol = kallsyms_symbol;
	f->target.symbol_at = irqm_dumpfile_kallsyms_at;
	f->target.types = "btf";
	return 0;
}

/* Takes ownership of fd. */
static int take_vmlinux(struct irqm_dumpfile *f, int fd, const char *path,
			const struct irqm_files *files, struct irqm_error *err)
{
	struct irqm_error why;

	if (irqm_vmlinux_take(fd, files, &f->target, &f->vmlinux, &why) ||
	    irqm_vmlinux_layout(f->vmlinux, files, &f->layout, &f->target.types,
				&why)) {
		irqm_error_set(err, "vmlinux %s: %s", irqm_input_name(path),
			       why.msg);
		return -1;
	}
	f->target.symbol = vmlinux_symbol;
	f->target.symbol_at = vmlinux_symbol_at;
	return 0;
}

static int open_vmlinux(struct irqm_dumpfile *f,
			const struct irqm_dumpfile_options *o,
			struct irqm_error *err)
{
	struct irqm_error why;
	int fd = irqm_vmlinux_given(o->files, &why);

	if (fd >= 0)
		return take_vmlinux(f, fd, o->vmlinux, o->files, err);
	irqm_error_set(err, "vmlinux %s: %s", irqm_input_name(o->vmlinux),
		       why.msg);
	return -1;
}

/* reason: why the dump itself is not enough */
static int search_vmlinux(struct irqm_dumpfile *f,
			  const struct irqm_dumpfile_options *o,
			  const char *reason, struct irqm_error *err)
{
	char release[256] = "", build_id[64] = "";
	struct irqm_file_reply found;
	struct irqm_error why;
	int fd;

	irqm_vmcoreinfo_value(f->pages.vmcoreinfo, "OSRELEASE", release,
			      sizeof(release));
	irqm_vmcoreinfo_value(f->pages.vmcoreinfo, "BUILD-ID", build_id,
			      sizeof(build_id));
	fd = irqm_vmlinux_search(o->files, build_id, release, &found, &why);
	if (fd >= 0)
		return take_vmlinux(f, fd, found.name, o->files, err);
	irqm_error_set(err, "%s; %s", reason, why.msg);
	return -1;
}

/* Returns true for a kernel before the matrix allocator: no vmlinux helps then.
 * A kernel that old has no BTF. */
static bool is_before_matrix(const struct irqm_dumpfile *f)
{
	return f->kallsyms && has_variables(f) &&
	       !f->found[irqm_variable_find("vector_matrix")];
}

static int open_types(struct irqm_dumpfile *f,
		      const struct irqm_dumpfile_options *o,
		      struct irqm_error *err)
{
	struct irqm_learned_seen seen = { 0 };
	struct irqm_error reason;
	int rc = 0;

	if (o->vmlinux)
		return open_vmlinux(f, o, err);
	if (o->kernels)
		rc = irqm_dumpfile_learned(f, o, 0, &seen, err);
	if (rc)
		return rc > 0 ? 0 : -1;
	if (open_self(f, o->cache_dir ? o->files : NULL, &reason) == 0)
		return 0;
	if (is_before_matrix(f)) {
		irqm_error_set(err,
			       "no symbol vector_matrix: the kernel is "
			       "older than 4.15, the first with the matrix "
			       "allocator");
		irqm_error_is(err, IRQM_ERROR_KERNEL);
		return -1;
	}
	if (f->truncated)
		irqm_error_set(&reason, "the dump is truncated before the "
					"kernel's symbols; copy it again");
	if (irqm_dumpfile_learned_places(f, o, &seen) ||
	    search_vmlinux(f, o, reason.msg, err) == 0)
		return 0;
	if (seen.where)
		irqm_dumpfile_not_learned(f, &seen, reason.msg, err);
	return -1;
}

static int open_all(struct irqm_dumpfile *f, const char *const paths[],
		    unsigned int nr, const struct irqm_dumpfile_options *o,
		    struct irqm_error *err)
{
	if (irqm_pages_open_files(paths, nr, o->temp_limit, o->threads,
				  o->files, &f->pages, err))
		return -1;
	f->target.vmcoreinfo_from = "header";
	if (!f->pages.vmcoreinfo && o->live) {
		irqm_error_set(err,
			       "%s: has no VMCOREINFO: the kernel is older "
			       "than 4.19",
			       paths[0]);
		irqm_error_is(err, IRQM_ERROR_KERNEL);
		return -1;
	}
	if (!f->pages.vmcoreinfo && irqm_dumpfile_search(f, o, err))
		return -1;
	if (irqm_paging_init(&f->paging, &f->pages, err))
		return -1;
	f->target = (struct irqm_target){
		.ctx = f,
		.read = dumpfile_read,
		/* a running machine is read once, as fast as possible */
		.expect = o->live || !f->pages.expect ? NULL : dumpfile_expect,
		.path = paths[0],
		.forget = dumpfile_forget,
		.format = o->live ? "live" : f->pages.format,
		.live = o->live || f->pages.live,
		.vmcoreinfo = f->pages.vmcoreinfo,
		.vmcoreinfo_from = f->target.vmcoreinfo_from,
		.left_out = f->pages.left_out,
	};
	if (open_types(f, o, err)) {
		irqm_error_is(err, IRQM_ERROR_TYPES);
		return -1;
	}
	return irqm_dumpfile_check_note(f, err);
}

void irqm_dumpfile_files(struct irqm_files_local *l, const char *const paths[],
			 unsigned int nr, const struct irqm_dumpfile_options *o)
{
	*l = (struct irqm_files_local){
		.dump = paths,
		.nr_dump = nr,
		.vmlinux = o->vmlinux,
		.vmlinux_dir = o->vmlinux_dir,
		.kernels = o->kernels,
		.kernel_places = o->kernel_places,
		.cache_dir = o->cache_dir,
		.progress = o->progress,
		.progress_ctx = o->progress_ctx,
	};
}

int irqm_dumpfile_open(const char *const paths[], unsigned int nr,
		       const struct irqm_dumpfile_options *options,
		       struct irqm_dumpfile **ret, struct irqm_error *err)
{
	struct irqm_dumpfile *f = calloc(1, sizeof(*f));
	struct irqm_dumpfile_options o = *options;
	int rc;

	if (!f) {
		irqm_error_memory(err);
		return -1;
	}
	irqm_dumpfile_files(&f->local, paths, nr, &o);
	irqm_files_local_init(&f->local);
	if (!o.files)
		o.files = &f->local.files;
	rc = open_all(f, paths, nr, &o, err);
	if (rc == 0)
		*ret = f;
	else
		irqm_dumpfile_close(f);
	return rc;
}

void irqm_dumpfile_close(struct irqm_dumpfile *f)
{
	if (!f)
		return;
	if (f->lookup)
		irqm_lookup_close(f->lookup);
	irqm_files_local_deinit(&f->local);
	irqm_kallsyms_free(f->kallsyms);
	irqm_vmlinux_close(f->vmlinux);
	free(f->learned);
	if (f->pages.close)
		f->pages.close(f->pages.ctx);
	free(f->vmcoreinfo);
	free(f);
}

struct irqm_target *irqm_dumpfile_target(struct irqm_dumpfile *f)
{
	return &f->target;
}

const struct irqm_layout *irqm_dumpfile_layout(const struct irqm_dumpfile *f)
{
	return &f->layout;
}

const struct irqm_pages *irqm_dumpfile_pages(const struct irqm_dumpfile *f)
{
	return &f->pages;
}

const struct irqm_paging *irqm_dumpfile_paging(const struct irqm_dumpfile *f)
{
	return &f->paging;
}

/* Adds the data by which the distilled dump can be matched to its vmlinux. */
static unsigned int add_witnesses(const struct irqm_dumpfile *f,
				  struct irqm_dumpfile_table ret[])
{
	uint64_t addr[IRQM_BUILD_WITNESSES], len[IRQM_BUILD_WITNESSES];
	unsigned int i, nr = 0;

	if (f->vmlinux)
		nr = irqm_vmlinux_witnesses(f->vmlinux, addr, len);
	else if (f->learned)
		nr = irqm_build_witnesses(&f->learned->build, f->learned_offset,
					  addr, len);
	for (i = 0; i < nr; i++)
		ret[i] = (struct irqm_dumpfile_table){ addr[i], len[i],
						       "the kernel's build",
						       false };
	return nr;
}

unsigned int irqm_dumpfile_tables(struct irqm_dumpfile *f,
				  struct irqm_dumpfile_table ret[])
{
	uint64_t addr[IRQM_KALLSYMS_RANGES], len[IRQM_KALLSYMS_RANGES];
	unsigned int nr = add_witnesses(f, ret), ranges, i;
	uint64_t start, size;
	struct irqm_error err;

	if (!f->kallsyms && open_kallsyms(f, &err))
		return nr;
	/* a learned kernel has types, so BTF was not located yet */
	if (f->learned)
		find_names(f);
	ranges = irqm_kallsyms_ranges(f->kallsyms, addr, len);
	for (i = 0; i < ranges; i++)
		ret[nr++] = (struct irqm_dumpfile_table){ addr[i], len[i],
							  "kallsyms", true };
	if (irqm_dumpfile_btf(f, &start, &size))
		ret[nr++] = (struct irqm_dumpfile_table){ start, size, "BTF",
							  false };
	return nr;
}
