/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "target/pages/kdumpfile.h"

#include <dlfcn.h>
#include <libkdumpfile/kdumpfile.h>
#include <stdlib.h>
#include <string.h>

/* In pages; what reads through it has a cache of its own. */
#define CACHE 64

/* Those of its functions that are used, less "kdump_". */
#define FUNCTIONS(F)                                                          \
	F(new)                                                                \
	F(free)                                                               \
	F(get_err)                                                            \
	F(set_attr)                                                           \
	F(get_typed_attr)                                                     \
	F(open_fdset)                                                         \
	F(read)                                                               \
	F(vmcoreinfo_raw)

struct irqm_kdumpfile {
	void *library;
	kdump_ctx_t *ctx;
	char *vmcoreinfo;
	bool met;               /* it knows the format */
#define POINTER(name) __typeof__(kdump_##name) *name;
	FUNCTIONS(POINTER)
};

static int load_library(struct irqm_kdumpfile *k, struct irqm_error *err)
{
	k->library = dlopen(IRQM_LIBKDUMPFILE, RTLD_NOW | RTLD_LOCAL);
#define LOOK_UP(name)                                                         \
	if (k->library)                                                       \
		k->name = (__typeof__(k->name))dlsym(k->library,              \
						     "kdump_" #name);         \
	if (!k->name)                                                         \
		goto missing;
	FUNCTIONS(LOOK_UP)
	return 0;
missing:
	irqm_error_set(err, "this dump takes libkdumpfile, which cannot be "
		       "loaded: install %s", IRQM_LIBKDUMPFILE);
	return -1;
}

static void set_number(struct irqm_kdumpfile *k, const char *key,
		       kdump_num_t value)
{
	kdump_attr_t attr = { .type = KDUMP_NUMBER, .val.number = value };

	k->set_attr(k->ctx, key, &attr);
}

/*
 * The architecture is set first: QEMU's kdumps do not say it. Without mmap()
 * nothing of the file counts as the program's memory, and a file that shrinks
 * is no SIGBUS.
 */
static void set_up(struct irqm_kdumpfile *k)
{
	kdump_attr_t arch = { .type = KDUMP_STRING,
			      .val.string = KDUMP_ARCH_X86_64 };

	k->set_attr(k->ctx, KDUMP_ATTR_ARCH_NAME, &arch);
	set_number(k, KDUMP_ATTR_FILE_MMAP_POLICY, KDUMP_MMAP_NEVER);
	set_number(k, "cache.size", CACHE);
}

/* Its messages begin with what it was doing inside of itself. */
static const char *reason(const char *message)
{
	static const char inside[] = "Cannot set file.";
	const char *colon = strstr(message, ": ");

	return strncmp(message, inside, sizeof(inside) - 1) == 0 && colon ?
	       colon + 2 : message;
}

static int open_files(struct irqm_kdumpfile *k, const struct irqm_input in[],
		      unsigned int nr, struct irqm_error *err)
{
	int *fds = calloc(nr, sizeof(*fds));
	const char *why = "out of memory";
	kdump_status status;
	unsigned int i;

	if (fds) {
		for (i = 0; i < nr; i++)
			fds[i] = in[i].fd;
		status = k->open_fdset(k->ctx, nr, fds);
		k->met = status != KDUMP_ERR_NOTIMPL;
		free(fds);
		if (status == KDUMP_OK)
			return 0;
		if (k->get_err(k->ctx))
			why = reason(k->get_err(k->ctx));
	}
	irqm_error_set(err, "%s: no kernel dump that can be read (%.80s); name "
		       "a vmcore of x86-64", in[0].name, why);
	return -1;
}

int irqm_kdumpfile_open(const struct irqm_input in[], unsigned int nr,
			struct irqm_kdumpfile **ret, struct irqm_error *err)
{
	struct irqm_kdumpfile *k = calloc(1, sizeof(*k));

	if (!k) {
		irqm_error_set(err, "out of memory");
		return -1;
	}
	if (load_library(k, err) < 0)
		goto fail;
	k->ctx = k->new();
	if (!k->ctx) {
		irqm_error_set(err, "out of memory");
		goto fail;
	}
	set_up(k);
	if (open_files(k, in, nr, err) < 0)
		goto fail;
	*ret = k;
	return 0;
fail:
	irqm_kdumpfile_close(k);
	return -1;
}

/*
 * kdump_free() of 0.5.1 goes through what the format's close has freed, of a
 * file that could not be opened long before: memory that a hostile dump fills.
 * Such a context is left where it is.
 */
static void close_library(struct irqm_kdumpfile *k)
{
	if (k->met)
		return;
	if (k->ctx)
		k->free(k->ctx);
	if (k->library)
		dlclose(k->library);
}

void irqm_kdumpfile_close(struct irqm_kdumpfile *k)
{
	if (!k)
		return;
	close_library(k);
	free(k->vmcoreinfo);
	free(k);
}

static enum irqm_why why_of(kdump_status status)
{
	switch (status) {
	case KDUMP_OK:
		return IRQM_OK;
	case KDUMP_ERR_NODATA:
		return IRQM_EXCLUDED;
	case KDUMP_ERR_EOF:
		return IRQM_TRUNCATED;
	default:
		return IRQM_INVALID;
	}
}

enum irqm_why irqm_kdumpfile_read(void *ctx, uint64_t paddr, void *buf,
				  size_t len)
{
	struct irqm_kdumpfile *k = ctx;
	size_t got = len;
	enum irqm_why why;

	why = why_of(k->read(k->ctx, KDUMP_MACHPHYSADDR, paddr, buf, &got));
	return why == IRQM_OK && got != len ? IRQM_INVALID : why;
}

const char *irqm_kdumpfile_vmcoreinfo(struct irqm_kdumpfile *k)
{
	if (!k->vmcoreinfo &&
	    k->vmcoreinfo_raw(k->ctx, &k->vmcoreinfo) != KDUMP_OK)
		k->vmcoreinfo = NULL;
	return k->vmcoreinfo;
}

const char *irqm_kdumpfile_format(struct irqm_kdumpfile *k)
{
	kdump_attr_t attr = { .type = KDUMP_STRING };

	return k->get_typed_attr(k->ctx, KDUMP_ATTR_FILE_FORMAT, &attr) ==
	       KDUMP_OK ? attr.val.string : "unknown";
}
