/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "learn/package.h"

#include <archive.h>
#include <archive_entry.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#define BUFFER (256 * 1024)
/* Limits on what a package may claim to contain. A kernel's debug package of
 * 700 MB contains 5 GB. */
#define ENTRIES_MAX (1U << 20)
#define BYTES_LEAST (4ULL << 30)
#define BYTES_PER_BYTE 1024

/* The functions used from libarchive, without "archive_". */
#define FUNCTIONS(F)                                                           \
	F(read_new)                                                            \
	F(read_free)                                                           \
	F(read_open)                                                           \
	F(read_support_filter_none)                                            \
	F(read_support_filter_rpm)                                             \
	F(read_support_filter_gzip)                                            \
	F(read_support_filter_bzip2)                                           \
	F(read_support_filter_xz)                                              \
	F(read_support_filter_lzma)                                            \
	F(read_support_filter_zstd)                                            \
	F(read_support_format_ar)                                              \
	F(read_support_format_cpio)                                            \
	F(read_support_format_tar)                                             \
	F(read_next_header)                                                    \
	F(read_data)                                                           \
	F(read_data_block)                                                     \
	F(error_string)                                                        \
	F(set_error)                                                           \
	F(entry_size_is_set)                                                   \
	F(entry_size)                                                          \
	F(entry_filetype)                                                      \
	F(entry_pathname)                                                      \
	F(entry_hardlink)

struct package_library {
	void *library;
#define POINTER(name) __typeof__(archive_##name) *name;
	FUNCTIONS(POINTER)
};

struct package_library *irqm_package_load(void)
{
	struct package_library *l = calloc(1, sizeof(*l));

	if (l)
		l->library = dlopen(IRQM_LIBARCHIVE, RTLD_NOW | RTLD_LOCAL);
#define LOOK_UP(name)                                                          \
	if (l && l->library)                                                   \
		l->name = (__typeof__(l->name))dlsym(l->library,               \
						     "archive_" #name);        \
	if (!l || !l->name)                                                    \
		goto missing;
	FUNCTIONS(LOOK_UP)
	return l;
missing:
	irqm_package_unload(l);
	return NULL;
}

void irqm_package_unload(struct package_library *l)
{
	if (l && l->library)
		dlclose(l->library);
	free(l);
}

static const char deb[] = "!<arch>\n", rpm[] = "\xed\xab\xee\xdb";

/* A libarchive reader, and what it reads from. */
struct source {
	const struct package_reader *r;
	const struct package_library *lib;
	struct archive *archive, *outer; /* a deb is a tar in an ar */
	uint64_t offset, bytes, bytes_max;
	unsigned int entries;
	char *buf;
};

static bool begins_with(const struct irqm_input *in, const char *what,
			size_t len)
{
	char magic[8];

	return irqm_input_read(in, 0, magic, len) == IRQM_OK &&
	       memcmp(magic, what, len) == 0;
}

static bool is_deb(const struct irqm_input *in)
{
	return begins_with(in, deb, sizeof(deb) - 1);
}

bool irqm_package_is_one(const struct irqm_input *in)
{
	return is_deb(in) || begins_with(in, rpm, sizeof(rpm) - 1);
}

static bool ends_in(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && strcmp(s + n - m, end) == 0;
}

bool irqm_package_is_vmlinux(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	/* such as ab/cdef...debug, which may be of a module */
	if (strstr(path, ".build-id/"))
		return ends_in(name, ".debug") && !strstr(name, ".ko");
	return strncmp(name, "vmlinux", 7) == 0 &&
	       (!name[7] || name[7] == '-' || name[7] == '.') &&
	       !ends_in(name, ".py");
}

static void tell_progress(const struct source *s)
{
	const struct package_reader *r = s->r;

	if (r->progress && r->in->size)
		r->progress(
			r->progress_ctx, r->in->name,
			(unsigned int)((double)s->offset / r->in->size * 100));
}

static la_ssize_t read_file(struct archive *a, void *ctx, const void **ret)
{
	struct source *s = ctx;
	uint64_t left = s->r->in->size - s->offset;
	size_t len = left < BUFFER ? left : BUFFER;

	if (irqm_input_read(s->r->in, s->offset, s->buf, len) != IRQM_OK) {
		s->lib->set_error(a, 5 /* EIO */, "read error, or truncated");
		return -1;
	}
	s->offset += len;
	tell_progress(s);
	*ret = s->buf;
	return (la_ssize_t)len;
}

/* Reads the data of an entry of the outer archive. */
static la_ssize_t read_outer(struct archive *a, void *ctx, const void **ret)
{
	struct source *s = ctx;
	la_ssize_t n = s->lib->read_data(s->outer, s->buf, BUFFER);

	if (n < 0)
		s->lib->set_error(a, 5, "%s", s->lib->error_string(s->outer));
	*ret = s->buf;
	return n < 0 ? -1 : n;
}

static int set_failed(const struct source *s, const char *what,
		      struct irqm_error *err)
{
	const char *why = s->lib->error_string(s->archive);

	/* recognise libarchive's message; nothing else marks this error */
	if (why && strcasestr(why, "allocat"))
		irqm_error_memory(err);
	else
		irqm_error_set(err, "%s: %.100s; is the package complete?",
			       what, why ? why : "damaged");
	return -1;
}

/* Enables the formats that distributions use, but no filter that runs a
 * program. */
static void enable_formats(const struct package_library *l, struct archive *a)
{
	l->read_support_filter_none(a);
	l->read_support_filter_rpm(a);
	l->read_support_filter_gzip(a);
	l->read_support_filter_bzip2(a);
	l->read_support_filter_xz(a);
	l->read_support_filter_lzma(a);
	l->read_support_filter_zstd(a);
	l->read_support_format_ar(a);
	l->read_support_format_cpio(a);
	l->read_support_format_tar(a);
}

static uint64_t bytes_max(const struct irqm_input *in)
{
	uint64_t n;

	if (__builtin_mul_overflow(irqm_input_held(in->fd), BYTES_PER_BYTE,
				   &n) ||
	    __builtin_add_overflow(n, BYTES_LEAST, &n))
		return UINT64_MAX;
	return n;
}

static int start_archive(struct source *s, struct irqm_error *err)
{
	s->bytes_max = bytes_max(s->r->in);
	s->buf = malloc(BUFFER);
	s->archive = s->lib->read_new();
	if (!s->buf || !s->archive) {
		irqm_error_memory(err);
		return -1;
	}
	enable_formats(s->lib, s->archive);
	if (s->lib->read_open(s->archive, s, NULL,
			      s->outer ? read_outer : read_file,
			      NULL) != ARCHIVE_OK)
		return set_failed(s, "cannot be unpacked", err);
	return 0;
}

static void stop_archive(struct source *s)
{
	if (s->archive)
		s->lib->read_free(s->archive);
	free(s->buf);
}

/* Finds the next regular file. Returns 1, 0 at the end, or -1 with err. */
static int next_file(struct source *s, struct archive_entry **ret,
		     struct irqm_error *err)
{
	int rc;

	for (;;) {
		rc = s->lib->read_next_header(s->archive, ret);
		if (rc == ARCHIVE_EOF)
			return 0;
		if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN)
			return set_failed(s, "cannot be unpacked", err);
		if (s->lib->entry_size_is_set(*ret) &&
		    s->lib->entry_size(*ret) > 0 &&
		    __builtin_add_overflow(s->bytes,
					   (uint64_t)s->lib->entry_size(*ret),
					   &s->bytes))
			s->bytes = UINT64_MAX;
		if (++s->entries > ENTRIES_MAX || s->bytes > s->bytes_max) {
			irqm_error_set(err, "claims to hold more than any "
					    "kernel package; not read");
			return -1;
		}
		if (s->lib->entry_filetype(*ret) == AE_IFREG &&
		    s->lib->entry_pathname(*ret) &&
		    !s->lib->entry_hardlink(*ret))
			return 1;
	}
}

static int extract_entry(struct source *s, struct irqm_error *err)
{
	const struct package_reader *r = s->r;
	const void *data;
	la_int64_t offset;
	size_t len;
	int rc;

	if (irqm_tempfile_reset(r->to, err) < 0)
		return -1;
	while ((rc = s->lib->read_data_block(s->archive, &data, &len,
					     &offset)) == ARCHIVE_OK)
		if (offset < 0 ||
		    irqm_tempfile_write(r->to, offset, data, len, err) < 0)
			return -1;
	if (rc != ARCHIVE_EOF)
		return set_failed(s, "cannot be unpacked", err);
	return irqm_tempfile_finish(r->to, err);
}

static int read_entries(struct source *s, struct irqm_error *err)
{
	const struct package_reader *r = s->r;
	struct archive_entry *entry;
	char *path;
	int rc;

	while ((rc = next_file(s, &entry, err)) > 0) {
		if (!irqm_package_is_vmlinux(s->lib->entry_pathname(entry)))
			continue;
		path = strdup(s->lib->entry_pathname(entry));
		if (!path)
			irqm_error_memory(err);
		rc = path && extract_entry(s, err) == 0 ?
			     r->take(r->ctx, path, err) :
			     -1;
		free(path);
		if (rc)
			return rc;
	}
	return rc;
}

/* Reads the tar archive inside an ar archive. */
static int read_inner(struct source *outer, struct irqm_error *err)
{
	struct source s = { .r = outer->r,
			    .lib = outer->lib,
			    .outer = outer->archive };
	int rc = start_archive(&s, err);

	if (rc == 0)
		rc = read_entries(&s, err);
	stop_archive(&s);
	return rc;
}

static int read_deb(struct source *s, struct irqm_error *err)
{
	struct archive_entry *entry;
	int rc;

	while ((rc = next_file(s, &entry, err)) > 0)
		if (strncmp(s->lib->entry_pathname(entry), "data.tar", 8) == 0)
			return read_inner(s, err);
	return rc;
}

int irqm_package_read(const struct package_reader *r, struct irqm_error *err)
{
	struct source s = { .r = r, .lib = r->library };
	int rc;

	if (!s.lib) {
		irqm_error_set(err,
			       "reading packages needs libarchive, which "
			       "cannot be loaded: install %s",
			       IRQM_LIBARCHIVE);
		return -1;
	}
	rc = start_archive(&s, err);
	if (rc == 0)
		rc = is_deb(r->in) ? read_deb(&s, err) : read_entries(&s, err);
	stop_archive(&s);
	return rc;
}
