/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A dump on its own, opened: what its VMCOREINFO, symbols and types may lack,
 * and a file that ends anywhere.
 */
#include "unit.h"
#include "fake_dump.h"
#include "fake_generations.h"
#include "files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "memory/dumpfile_known.h"
#include "memory/files_local.h"
#include "tests/mkdump/mkdump.h"

#define LAYOUT "tests/data/layouts/debian-6.1.txt"

struct made {
	struct mk mk;
	struct text types;
	bool other_note;  /* vmcoreinfo_note is what vmcoreinfo_data is */
	bool copied_note; /* it is a second one with the same text */
};

/* The standard machine's memory; then symbols may be changed. */
static void begin(struct made *d)
{
	struct irqm_error err = { 0 };
	struct irqm_layout l;

	memset(d, 0, sizeof(*d));
	fk_standard(&d->mk.m);
	d->mk.o.levels = 4;
	d->mk.o.gen.clean = true;
	d->mk.o.gen.container = FK_XARRAY;
	assert_int_equal(layout_text_load(&l, LAYOUT, &err), 0);
	assert_int_equal(text_read(&d->types, LAYOUT, &err), 0);
	d->mk.fk = fk_new(&l, &d->mk.m, &d->mk.o.gen);
	mk_add_btf(&d->mk, &d->types);
	text_free(&d->types);
}

static struct fk_symbol *symbol(struct made *d, const char *name)
{
	for (unsigned int i = 0; i < d->mk.fk->nr_symbols; i++)
		if (strcmp(d->mk.fk->symbols[i].name, name) == 0)
			return &d->mk.fk->symbols[i];
	fail_msg("no symbol %s", name);
	return NULL;
}

static uint64_t *pointer(struct made *d, const char *name)
{
	return fk_at(d->mk.fk, symbol(d, name)->value);
}

static void move_note(struct made *d)
{
	size_t len = 24 + d->mk.info_len;
	uint64_t copy;

	if (d->other_note)
		*pointer(d, "vmcoreinfo_note") = *pointer(d, "vmcoreinfo_data");
	if (!d->copied_note)
		return;
	copy = fk_alloc(d->mk.fk, FK_HEAP, len, 4096);
	memcpy(fk_at(d->mk.fk, copy),
	       fk_at(d->mk.fk, *pointer(d, "vmcoreinfo_note")), len);
	*pointer(d, "vmcoreinfo_note") = copy;
}

/* The file's bytes; free data. */
static struct bytes finish(struct made *d)
{
	char path[] = "/tmp/test_dumpfile-XXXXXX";
	struct irqm_error err = { 0 };
	struct bytes b;
	struct stat st;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	mk_add_root(&d->mk);
	assert_int_equal(mk_add_vmcoreinfo_symbols(&d->mk, &err), 0);
	assert_int_equal(mk_add_kallsyms(&d->mk, &err), 0);
	mk_add_vmcoreinfo(&d->mk);
	move_note(d);
	mk_map(&d->mk);
	assert_int_equal(mk_write_elf(&d->mk, path, &err), 0);
	unlink(path);
	fk_free(d->mk.fk);
	assert_int_equal(fstat(fd, &st), 0);
	b = (struct bytes){ malloc(st.st_size), st.st_size };
	assert_non_null(b.data);
	assert_int_equal(pread(fd, b.data, b.len, 0), b.len);
	close(fd);
	return b;
}

/* Text of the same length, in the file's note. */
static void replace(struct bytes b, const char *old, const char *new)
{
	char *at = memmem(b.data, b.len, old, strlen(old));

	assert_non_null(at);
	assert_int_equal(strlen(old), strlen(new));
	memcpy(at, new, strlen(new));
}

/* NULL, with err, if it is refused. */
static struct irqm_dumpfile *open_it(struct bytes b, const char *cache,
				     struct irqm_error *err)
{
	/* no vmlinux of this machine */
	struct irqm_dumpfile_options o = { .vmlinux_dir = "/nonexistent",
					   .cache_dir = cache,
					   .threads = 1 };
	const char *path = fake_file(b.data, b.len);
	struct irqm_dumpfile *f;

	memset(err, 0, sizeof(*err));
	return irqm_dumpfile_open(&path, 1, &o, &f, err) ? NULL : f;
}

static void opens(struct bytes b)
{
	struct irqm_error err;
	struct irqm_dumpfile *f = open_it(b, NULL, &err);
	struct irqm_dumpfile_table tables[IRQM_DUMPFILE_TABLES];
	struct irqm_snapshot *s;
	unsigned int nr;

	if (!f)
		fail_msg("%s", err.msg);
	assert_int_equal(irqm_snapshot_read(irqm_dumpfile_target(f),
					    irqm_dumpfile_layout(f), 0, &s,
					    &err),
			 0);
	/* as many as fk_standard() has; nothing is missing */
	assert_true(s->nr_irqs > 10);
	assert_int_equal(s->nr_unread, 0);
	irqm_snapshot_free(s);
	nr = irqm_dumpfile_tables(f, tables);
	assert_true(nr > 4);
	assert_string_equal(tables[nr - 1].what, "BTF");
	irqm_dumpfile_close(f);
}

static void refused(struct bytes b, const char *says)
{
	struct irqm_error err;

	assert_null(open_it(b, NULL, &err));
	if (!strstr(err.msg, says))
		fail_msg("\"%s\" is not in: %s", says, err.msg);
}

static void test_vmcoreinfo(void **state)
{
	static const char *const lacks[][3] = {
		{ "SYMBOL(_stext)=", "SYMBOL(_stexx)=", "no symbol table" },
		{ "SYMBOL(_stext)=f", "SYMBOL(_stext)=g", "no symbol table" },
		{ "SYMBOL(kallsyms_num_syms)=ffffffff8",
		  "SYMBOL(kallsyms_num_syms)=ffffffff7",
		  "kallsyms_num_syms cannot be read" },
	};
	struct made d;
	struct bytes b;

	(void)state;
	unsetenv("DEBUGINFOD_URLS");
	begin(&d);
	b = finish(&d);
	opens(b);
	for (size_t i = 0; i < ARRAY_SIZE(lacks); i++) {
		replace(b, lacks[i][0], lacks[i][1]);
		refused(b, lacks[i][2]);
		replace(b, lacks[i][1], lacks[i][0]);
	}
	free(b.data);
}

static const char *from_of(struct bytes b)
{
	struct irqm_error err;
	struct irqm_dumpfile *f = open_it(b, NULL, &err);
	const char *from;

	if (!f)
		fail_msg("%s", err.msg);
	from = irqm_dumpfile_target(f)->vmcoreinfo_from;
	irqm_dumpfile_close(f);
	return from;
}

/* The header's first, then the kernel's note in memory, and its text. */
static void test_no_header(void **state)
{
	struct made d;
	struct bytes b;
	char *at;

	(void)state;
	begin(&d);
	b = finish(&d);
	assert_string_equal(from_of(b), "header");
	replace(b, "VMCOREINFO", "VMCOREINFX");
	opens(b);
	assert_string_equal(from_of(b), "memory");
	replace(b, "VMCOREINFO", "VMCOREINFX");
	assert_string_equal(from_of(b), "memory");
	while ((at = memmem(b.data, b.len, "OSRELEASE=", 10)))
		memcpy(at, "OSRELEASX=", 10);
	refused(b, "no VMCOREINFO, neither in its header nor");
	free(b.data);

	begin(&d);
	d.mk.o.no_header_note = true;
	b = finish(&d);
	opens(b);
	free(b.data);

	/* the kernel's own variable leads elsewhere than to this note */
	begin(&d);
	d.mk.o.no_header_note = true;
	d.other_note = true;
	b = finish(&d);
	refused(b, "is not the kernel's, which is at");
	free(b.data);

	begin(&d);
	d.mk.o.no_header_note = true;
	d.copied_note = true;
	b = finish(&d);
	opens(b);
	free(b.data);
}

/* The tables are looked for within the image, of whatever size it says. */
static void test_image_size(void **state)
{
	static const char *const sizes[] = {
		"0000000000",
		"-000000001",
		"9999999999",
		"107374182x",
	};
	struct made d;
	struct bytes b;
	char line[64];

	(void)state;
	begin(&d);
	d.mk.o.no_kallsyms_info = true;
	d.mk.o.symbols = 80000;
	b = finish(&d);
	opens(b);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		memcpy(line, "SIZE)=", 7);
		strcat(line, sizes[i]);
		replace(b, "SIZE)=1073741824", line);
		opens(b);
		replace(b, line, "SIZE)=1073741824");
	}
	/* in a megabyte there is none */
	replace(b, "SIZE)=1073741824", "SIZE)=0001048576");
	refused(b, "no symbol table");
	free(b.data);
}

static void refused_with(struct made *d, const char *says)
{
	struct bytes b = finish(d);

	refused(b, says);
	free(b.data);
}

/* Symbols that a kernel may be without. */
static void test_no_symbols(void **state)
{
	static const char *const cases[][2] = {
		{ "__start_BTF", "no type information" },
		{ "__stop_BTF", "no type information" },
		{ "nr_irqs", "only functions (CONFIG_KALLSYMS_ALL)" },
	};
	struct made d;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		begin(&d);
		symbol(&d, cases[i][0])->name = "not_there";
		refused_with(&d, cases[i][1]);
	}
	/* where BTF is, is a variable too */
	begin(&d);
	symbol(&d, "__start_BTF")->name = "not_there";
	symbol(&d, "nr_irqs")->name = "nor_this";
	refused_with(&d, "only functions (CONFIG_KALLSYMS_ALL)");
	/* for such a kernel no vmlinux is of use */
	begin(&d);
	symbol(&d, "__start_BTF")->name = "not_there";
	symbol(&d, "vector_matrix")->name = "nor_this";
	refused_with(&d, "older than 4.15");
}

/* Where BTF is, by symbols that a dump may have at will. */
static void test_where_btf_is(void **state)
{
	static const struct {
		int64_t start, size; /* start: from where it is */
		const char *says;
	} cases[] = {
		{ 0, 0, "no type information" },
		{ 0, -8, "no type information" },
		{ 0, (64 << 20) + 1, "no type information" },
		{ 0, 8, "BTF" },
		{ 8, 4096, "BTF" },
		{ 512 << 20, 4096, "(BTF) cannot be read: unmapped" },
	};
	struct made d;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		begin(&d);
		symbol(&d, "__start_BTF")->value += cases[i].start;
		symbol(&d, "__stop_BTF")->value =
			symbol(&d, "__start_BTF")->value + cases[i].size;
		refused_with(&d, cases[i].says);
	}
}

/* Nothing is there by halves: it opens, or says that it is truncated. */
static void test_truncated(void **state)
{
	struct irqm_dumpfile *f;
	struct irqm_error err;
	unsigned int opened = 0, nr = 64, i;
	struct made d;
	struct bytes b, cut;

	(void)state;
	begin(&d);
	b = finish(&d);
	for (i = 0; i <= nr; i++) {
		cut = (struct bytes){ b.data, b.len * i / nr };
		if (!cut.len)
			continue;
		f = open_it(cut, NULL, &err);
		if (!f && !strstr(err.msg, "truncated"))
			fail_msg("%zu of %zu: %s", cut.len, b.len, err.msg);
		opened += f != NULL;
		irqm_dumpfile_close(f);
	}
	assert_in_range(opened, 1, nr - 1);
	free(b.data);
}

/* What the first dump of a kernel looks up in kallsyms: with KEPT_STEP between
 * two addresses. */
#define KEPT_STEP 24
#define KEPT_END (0x10000 + 40 * 0x20)

/* Whether the names at addresses behind _stext are those without a cache. */
static void same_names(struct irqm_dumpfile *f, struct irqm_dumpfile *plain,
		       unsigned int step)
{
	struct irqm_target *t = irqm_dumpfile_target(f),
			   *p = irqm_dumpfile_target(plain);
	uint64_t stext = f->stext, at, offset, want_offset;
	char name[128], want[128];
	bool found;

	for (at = stext; at < stext + KEPT_END; at += step) {
		found = p->symbol_at(p->ctx, at, want, sizeof(want),
				     &want_offset);
		assert_int_equal(t->symbol_at(t->ctx, at, name, sizeof(name),
					      &offset),
				 found);
		assert_int_equal(offset, want_offset);
		if (found)
			assert_string_equal(name, want);
	}
	/* behind the kernel */
	assert_false(t->symbol_at(t->ctx, stext + (1 << 30), name, sizeof(name),
				  &offset));
	assert_int_equal(offset, 0);
}

/* By a process that keeps what the cache has. The cache in folder has a secret
 * and the entries of symbols and layout then. */
static void fills_cache(struct bytes b)
{
	const char *path = fake_file(b.data, b.len);
	struct irqm_files_local local = { .dump = &path,
					  .nr_dump = 1,
					  .cache_dir = folder,
					  .careful = true,
					  .knows = irqm_dumpfile_knows };
	struct irqm_dumpfile_options o = { .files = irqm_files_local_init(
						   &local),
					   .cache_dir = folder,
					   .threads = 1 };
	struct irqm_dumpfile *f,
		*plain = open_it(b, NULL, &(struct irqm_error){});
	struct irqm_error err;

	if (irqm_dumpfile_open(&path, 1, &o, &f, &err))
		fail_msg("%s", err.msg);
	same_names(f, plain, KEPT_STEP);
	irqm_dumpfile_keep(f);
	irqm_dumpfile_close(plain);
	irqm_dumpfile_close(f);
	irqm_files_local_deinit(&local);
	assert_int_equal(files_in(folder), 3);
}

/* Those of the cache in folder. */
static unsigned int list_files(char path[3][512])
{
	unsigned int nr = 0;
	struct dirent *d;
	DIR *o = opendir(folder);

	assert_non_null(o);
	while ((d = readdir(o))) {
		if (d->d_name[0] == '.')
			continue;
		assert_true(nr < 3);
		snprintf(path[nr++], sizeof(*path), "%s/%s", folder, d->d_name);
	}
	closedir(o);
	return nr;
}

static void remove_files(void)
{
	char path[3][512];
	unsigned int nr = list_files(path);

	while (nr)
		unlink(path[--nr]);
}

/* Either of a kernel's two entries may be missing. */
static void test_one_entry(void **state)
{
	char path[3][512];
	unsigned int nr;
	struct made m;
	struct bytes b;

	assert_int_equal(folder_make(state), 0);
	begin(&m);
	b = finish(&m);
	fills_cache(b);
	nr = list_files(path);
	for (unsigned int i = 0; i < nr; i++) {
		if (strcmp(strrchr(path[i], '/'), "/secret") == 0)
			continue;
		assert_int_equal(unlink(path[i]), 0);
		fills_cache(b);
	}
	remove_files();
	assert_int_equal(folder_remove(state), 0);
	free(b.data);
}

/* Names are the same with the cache, which has those that were looked up. */
static void test_kept_names(void **state)
{
	char name[128];
	struct irqm_dumpfile *f, *plain;
	struct irqm_error err;
	struct irqm_target *t;
	uint64_t offset;
	struct bytes b;
	struct made m;

	assert_int_equal(folder_make(state), 0);
	begin(&m);
	m.mk.o.symbols = 300;
	b = finish(&m);
	fills_cache(b);
	plain = open_it(b, NULL, &err);
	f = open_it(b, folder, &err);
	assert_non_null(f);
	assert_null(f->kallsyms);
	t = irqm_dumpfile_target(f);
	assert_true(t->symbol_at(t->ctx, f->stext + 40 * KEPT_STEP, name,
				 sizeof(name), &offset));
	same_names(f, plain, KEPT_STEP);
	assert_null(f->kallsyms);
	/* and between these */
	same_names(f, plain, 1);
	assert_non_null(f->kallsyms);
	irqm_dumpfile_close(f);
	irqm_dumpfile_close(plain);
	remove_files();
	assert_int_equal(folder_remove(state), 0);
	free(b.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vmcoreinfo),
		cmocka_unit_test(test_no_header),
		cmocka_unit_test(test_image_size),
		cmocka_unit_test(test_no_symbols),
		cmocka_unit_test(test_where_btf_is),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_one_entry),
		cmocka_unit_test(test_kept_names),
	};

	return RUN(tests);
}
