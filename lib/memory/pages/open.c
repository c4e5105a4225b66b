/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/pages/pages.h"

#include "memory/input/foreign.h"
#include "memory/pages/diskdump.h"
#include "memory/pages/diskdump_file.h"
#include "memory/pages/elfcore.h"
#include "memory/pages/unpack.h"

#include <elf.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILES_MAX 1024

struct dump {
	struct irqm_input *inputs;
	unsigned int nr;
	struct irqm_elfcore *elf;
	struct irqm_diskdump *diskdump;
	/* the reader of that format */
	void *reader;
	enum irqm_why (*read)(void *reader, uint64_t paddr, void *buf,
			      size_t len);
	void (*expect)(void *reader, const uint64_t paddrs[], size_t nr,
		       enum irqm_page_use use);
	enum irqm_why (*stored)(void *reader, uint64_t paddr,
				struct irqm_stored *ret);
	bool (*next)(void *reader, uint64_t paddr, uint64_t *ret_start,
		     uint64_t *ret_end);
};

static enum irqm_why read_reader(void *ctx, uint64_t paddr, void *buf,
				 size_t len)
{
	struct dump *d = ctx;

	return d->read(d->reader, paddr, buf, len);
}

static void expect_reader(void *ctx, const uint64_t paddrs[], size_t nr,
			  enum irqm_page_use use)
{
	struct dump *d = ctx;

	d->expect(d->reader, paddrs, nr, use);
}

static enum irqm_why stored_reader(void *ctx, uint64_t paddr,
				   struct irqm_stored *ret)
{
	struct dump *d = ctx;

	return d->stored(d->reader, paddr, ret);
}

static bool next_reader(void *ctx, uint64_t paddr, uint64_t *ret_start,
			uint64_t *ret_end)
{
	struct dump *d = ctx;

	return d->next(d->reader, paddr, ret_start, ret_end);
}

static void take_notes(struct irqm_pages *p, const struct irqm_notes *n)
{
	/* Before IRQM_NOTE_IDENTITY, one with its log had no note but
	 * VMCOREINFO's. */
	bool is_distilled = n->vmcoreinfo &&
			    (n->is_distilled || !n->has_prstatus);

	p->left_out = n->left_out;
	p->left_out.identity = is_distilled && !n->has_identity;
	p->left_out.remap_tables = is_distilled && !n->has_remap_tables;
	p->live = n->is_live;
	p->cr3 = n->cr3;
	p->nr_cr3 = n->nr_cr3;
}

static void close_dump(void *ctx)
{
	struct dump *d = ctx;
	unsigned int i;

	irqm_elfcore_close(d->elf);
	irqm_diskdump_close(d->diskdump);
	for (i = 0; i < d->nr; i++)
		irqm_input_close(&d->inputs[i]);
	free(d->inputs);
	free(d);
}

static int open_inputs(struct dump *d, const char *const paths[],
		       unsigned int nr, uint64_t limit,
		       const struct irqm_files *files, struct irqm_error *err)
{
	uint64_t left = limit ? limit : UINT64_MAX;
	struct irqm_input_opener opener = { .limit = &left, .files = files };

	if (nr == 0 || nr > FILES_MAX) {
		irqm_error_set(err,
			       "%u files cannot be one dump; name one "
			       "file, or all files of a split set",
			       nr);
		irqm_error_is(err, IRQM_ERROR_USAGE);
		return -1;
	}
	d->inputs = calloc(nr, sizeof(*d->inputs));
	if (!d->inputs) {
		irqm_error_memory(err);
		return -1;
	}
	for (; d->nr < nr; d->nr++) {
		opener.nr = d->nr;
		if (irqm_input_open(&d->inputs[d->nr], paths[d->nr], &opener,
				    err) < 0)
			return -1;
	}
	return 0;
}

static bool is_program(const struct irqm_input *in)
{
	Elf64_Ehdr eh;

	return in->kind == IRQM_INPUT_ELF &&
	       irqm_input_read(in, 0, &eh, sizeof(eh)) == IRQM_OK &&
	       eh.e_type != ET_CORE;
}

/* Only a kdump may consist of several files. */
static int check_set(const struct dump *d, struct irqm_error *err)
{
	unsigned int i;

	for (i = 0; d->nr > 1 && i < d->nr; i++)
		if (is_program(&d->inputs[i])) {
			irqm_error_set(err,
				       "%s: not a dump; give the kernel's "
				       "vmlinux with --vmlinux",
				       d->inputs[i].name);
			irqm_error_is(err, IRQM_ERROR_USAGE);
			return -1;
		}
	for (i = 0; d->nr > 1 && i < d->nr; i++)
		if (d->inputs[i].kind != IRQM_INPUT_KDUMP) {
			irqm_error_set(err,
				       "%s: not part of a split kdump; "
				       "name one dump at a time, or compare "
				       "two with irqmatrix diff",
				       d->inputs[i].name);
			irqm_error_is(err, IRQM_ERROR_USAGE);
			return -1;
		}
	return 0;
}

static bool is_zero(const unsigned char *p, size_t len)
{
	return len && p[0] == 0 && memcmp(p, p + 1, len - 1) == 0;
}

/* Sets err to what the file is, if it is not a dump that can be read. */
static int refuse_other(const struct irqm_input *in, struct irqm_error *err)
{
	unsigned char head[IRQM_FOREIGN_HEAD];
	size_t len = in->size < sizeof(head) ? in->size : sizeof(head);
	const char *format, *other;

	if (irqm_input_read(in, 0, head, len) != IRQM_OK)
		len = 0;
	format = irqm_foreign_format(head, len);
	other = irqm_other_file(head, len);
	if (!format)
		format = irqm_foreign_name(in->name);
	if (other)
		irqm_error_set(err, "%s: not a dump: %s", in->name, other);
	else if (format)
		irqm_error_set(err, "%s: irqmatrix cannot read this file, %s",
			       in->name, format);
	else if (is_zero(head, len))
		irqm_error_set(err,
			       "%s: begins with zeros; the dump was not "
			       "written, perhaps because the disk was full",
			       in->name);
	else
		irqm_error_set(err,
			       "%s: not a kernel dump that irqmatrix can "
			       "read; name an ELF or kdump vmcore of x86-64",
			       in->name);
	irqm_error_is(err, IRQM_ERROR_FORMAT);
	return -1;
}

static int open_diskdump(struct dump *d, unsigned int threads,
			 struct irqm_pages *ret, struct irqm_error *err)
{
	if (irqm_diskdump_open(d->inputs, d->nr, threads, &d->diskdump, err) <
	    0)
		return -1;
	d->reader = d->diskdump;
	d->read = irqm_diskdump_read;
	d->expect = irqm_diskdump_expect;
	d->stored = irqm_diskdump_stored;
	d->next = irqm_diskdump_next;
	ret->vmcoreinfo = irqm_diskdump_vmcoreinfo(d->diskdump);
	take_notes(ret, irqm_diskdump_notes(d->diskdump));
	ret->end = irqm_diskdump_end(d->diskdump);
	ret->most = irqm_diskdump_most(d->diskdump);
	ret->format = "kdump";
	return 0;
}

static int open_elf(struct dump *d, struct irqm_pages *ret,
		    struct irqm_error *err)
{
	if (irqm_elfcore_open(d->inputs, &d->elf, err) < 0)
		return -1;
	d->reader = d->elf;
	d->read = irqm_elfcore_read;
	d->expect = irqm_elfcore_expect;
	/* frames are in memory, as a whole */
	if (d->inputs->frames)
		ret->expect = NULL;
	d->stored = irqm_elfcore_stored;
	d->next = irqm_elfcore_next;
	ret->vmcoreinfo = irqm_elfcore_notes(d->elf)->vmcoreinfo;
	take_notes(ret, irqm_elfcore_notes(d->elf));
	ret->end = irqm_elfcore_end(d->elf);
	ret->most = d->inputs->size;
	ret->format = "elf";
	return 0;
}

static int open_format(struct dump *d, unsigned int threads,
		       struct irqm_pages *ret, struct irqm_error *err)
{
	ret->read = read_reader;
	ret->expect = expect_reader;
	ret->stored = stored_reader;
	ret->next = next_reader;
	switch (d->inputs[0].kind) {
	case IRQM_INPUT_KDUMP:
		return open_diskdump(d, threads, ret, err);
	case IRQM_INPUT_ELF:
		return open_elf(d, ret, err);
	case IRQM_INPUT_OTHER:
		break;
	}
	return refuse_other(d->inputs, err);
}

/* Counts the CPUs that the process may use. */
static unsigned int count_cpus(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) :
							      1;
}

/* A flattened or packed file may have such a dump in it. */
void irqm_pages_preload(const char *path)
{
	char head[IRQM_DISKDUMP_HEAD] = "";
	int fd;

	if (!path) {
		irqm_unpack_preload();
		return;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return;
	if (pread(fd, head, sizeof(head), 0) >= SELFMAG &&
	    memcmp(head, ELFMAG, SELFMAG) != 0 &&
	    irqm_diskdump_packing(head) & IRQM_PACKED_SNAPPY)
		irqm_unpack_preload();
	close(fd);
}

int irqm_pages_open(const char *const paths[], unsigned int nr, uint64_t limit,
		    unsigned int threads, struct irqm_pages *ret,
		    struct irqm_error *err)
{
	return irqm_pages_open_files(paths, nr, limit, threads, NULL, ret, err);
}

int irqm_pages_open_files(const char *const paths[], unsigned int nr,
			  uint64_t limit, unsigned int threads,
			  const struct irqm_files *files,
			  struct irqm_pages *ret, struct irqm_error *err)
{
	struct dump *d = calloc(1, sizeof(*d));

	if (!d) {
		irqm_error_memory(err);
		return -1;
	}
	memset(ret, 0, sizeof(*ret));
	if (open_inputs(d, paths, nr, limit, files, err) < 0 ||
	    check_set(d, err) < 0 ||
	    open_format(d, threads ? threads : count_cpus(), ret, err) < 0) {
		close_dump(d);
		return -1;
	}
	if (d->inputs[0].flattened)
		ret->format = "flattened";
	ret->ctx = d;
	ret->close = close_dump;
	return 0;
}
