/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is distilled, as an ELF file; and files that are not written whole. */
#include <elf.h>
#include <sys/stat.h>
#include <unistd.h>

#include "distill/elf.h"
#include "distill/output.h"
#include "files.h"
#include "unit.h"

#define PAGE IRQM_PAGE_SIZE

static enum irqm_why pattern_read(void *ctx, uint64_t paddr, void *buf,
				  size_t len)
{
	(void)ctx;
	(void)paddr;
	memset(buf, 0x77, len);
	return IRQM_OK;
}

/* Ranges that share pages, cross them, or are much too long. */
static void test_elf_runs(void **state)
{
	struct irqm_pages pages = { .read = pattern_read };
	struct irqm_ranges keep = { 0 }, none = { 0 };
	struct irqm_elf e = { .pages = &pages,
			      .keep = &keep,
			      .searched = &none,
			      .parsed = &none,
			      .vmcoreinfo = "A=1\n" };
	const Elf64_Phdr *ph;
	struct irqm_output *out;
	struct irqm_error err;
	char *file;
	uint64_t written;
	char path[64];
	size_t size, i, n = 0;

	(void)state;
	irqm_ranges_add(&keep, 0x1ffc, 8);
	irqm_ranges_add(&keep, 0x2100, 4);
	irqm_ranges_add(&keep, 0x2200, 0x2000);
	irqm_ranges_add(&keep, 0x9000, 1);
	irqm_ranges_sort(&keep);
	snprintf(path, sizeof(path), "%s/out", folder);
	out = irqm_output_new(path, &err);
	assert_int_equal(irqm_elf_write(&e, out, &err), 0);
	assert_int_equal(irqm_output_close(out, &written, &err), 0);
	file = file_bytes(path, &size);
	assert_int_equal(size, irqm_elf_size(&e));
	assert_int_equal(size, 6 * PAGE);
	ph = (const void *)(file + sizeof(Elf64_Ehdr));
	assert_int_equal(((const Elf64_Ehdr *)file)->e_phnum, 3);
	assert_int_equal(ph[1].p_paddr, 0x1000);
	assert_int_equal(ph[1].p_filesz, 0x4000);
	assert_int_equal(ph[2].p_paddr, 0x9000);
	for (i = PAGE; i < size; i++)
		n += file[i] == 0x77;
	assert_int_equal(n, irqm_ranges_bytes(&keep));
	free(file);
	unlink(path);

	irqm_ranges_add(&keep, 0, 1ULL << 40);
	irqm_ranges_sort(&keep);
	assert_int_equal(irqm_elf_size(&e), 0);
	assert_int_equal(irqm_elf_write(&e, NULL, &err), -1);
	irqm_ranges_deinit(&keep);
}

/* More segments than an ELF header can count, read again. */
static void test_elf_many_segments(void **state)
{
	struct irqm_pages pages = { .read = pattern_read }, again;
	struct irqm_ranges keep = { 0 }, none = { 0 };
	struct irqm_elf e = { .pages = &pages,
			      .keep = &keep,
			      .searched = &none,
			      .parsed = &none,
			      .vmcoreinfo = "PAGESIZE=4096\n" };
	const char *paths[1];
	struct irqm_output *out;
	struct irqm_error err;
	uint64_t written, i;
	char path[64];
	unsigned char c;

	(void)state;
	for (i = 0; i < 70000; i++)
		irqm_ranges_add(&keep, i * 2 * PAGE, 1);
	snprintf(path, sizeof(path), "%s/out.zst", folder);
	paths[0] = path;
	out = irqm_output_new(path, &err);
	assert_int_equal(irqm_elf_write(&e, out, &err), 0);
	assert_int_equal(irqm_output_close(out, &written, &err), 0);
	if (irqm_pages_open(paths, 1, 0, 0, &again, &err))
		fail_msg("%s", err.msg);
	assert_int_equal(again.read(again.ctx, 69999ULL * 2 * PAGE, &c, 1),
			 IRQM_OK);
	assert_int_equal(c, 0x77);
	assert_int_equal(again.read(again.ctx, 69999ULL * 2 * PAGE - 1, &c, 1),
			 IRQM_EXCLUDED);
	again.close(again.ctx);
	unlink(path);
	irqm_ranges_deinit(&keep);
}

/* Pages that tell which they are. */
static enum irqm_why number_read(void *ctx, uint64_t paddr, void *buf,
				 size_t len)
{
	unsigned char *p = buf;

	(void)ctx;
	for (; len--; paddr++)
		*p++ = (paddr / PAGE * 2654435761u) >> (paddr % 24);
	return IRQM_OK;
}

static void assert_pages(struct irqm_pages *p, const struct irqm_ranges *keep)
{
	unsigned char want[PAGE], got[PAGE];
	uint64_t at;
	size_t i;

	for (i = 0; i < keep->nr; i++)
		for (at = keep->r[i].start; at < keep->r[i].end; at += PAGE) {
			number_read(NULL, at, want, PAGE);
			assert_int_equal(p->read(p->ctx, at, got, PAGE),
					 IRQM_OK);
			assert_memory_equal(want, got, PAGE);
		}
}

/*
 * Tables get frames of their own, which unpack only what is read, into memory.
 * If the table of frames is spoiled, the file opens as any packed one.
 */
static void test_frames(void **state)
{
	/* pages that begin a frame, and how many it has */
	static const struct {
		uint64_t page, nr;
	} frames[] = {
		{ 100, 32 },   { 132, 32 },   { 164, 32 },
		{ 196, 32 },   { 228, 12 },   { 1000, 256 },
		{ 1256, 256 }, { 1512, 188 }, { 1700, 1 },
	};
	static const uint64_t others[] = { 10, 99, 101, 240, 300, 1001 };
	struct irqm_pages pages = { .read = number_read }, p;
	struct irqm_ranges keep = { 0 }, searched = { 0 }, parsed = { 0 };
	struct irqm_elf e = { .pages = &pages,
			      .keep = &keep,
			      .searched = &searched,
			      .parsed = &parsed,
			      .vmcoreinfo = "PAGESIZE=4096\n" };
	struct irqm_stored stored;
	const char *paths[1];
	struct irqm_output *out;
	struct irqm_error err;
	unsigned char page[PAGE];
	uint64_t written;
	char path[64], *file;
	size_t size, i;

	(void)state;
	irqm_ranges_add(&keep, 10 * PAGE, PAGE);
	irqm_ranges_add(&keep, 99 * PAGE, 150 * PAGE);
	irqm_ranges_add(&keep, 300 * PAGE, 15 * PAGE);
	irqm_ranges_add(&keep, 1000 * PAGE, 701 * PAGE);
	irqm_ranges_add(&searched, 100 * PAGE, 140 * PAGE);
	/* too few for a frame of their own */
	irqm_ranges_add(&searched, 300 * PAGE, 15 * PAGE);
	irqm_ranges_add(&parsed, 1000 * PAGE, 700 * PAGE);
	snprintf(path, sizeof(path), "%s/out.zst", folder);
	paths[0] = path;
	out = irqm_output_new(path, &err);
	assert_int_equal(irqm_elf_write(&e, out, &err), 0);
	assert_int_equal(irqm_output_close(out, &written, &err), 0);
	file = file_bytes(path, &size);
	assert_int_equal(size, written);
	/* no byte may be written to a temporary file */
	if (irqm_pages_open(paths, 1, 1, 1, &p, &err))
		fail_msg("%s", err.msg);
	for (i = 0; i < ARRAY_SIZE(frames); i++) {
		assert_int_equal(p.stored(p.ctx, frames[i].page * PAGE,
					  &stored),
				 IRQM_OK);
		assert_true(stored.is_frame);
		assert_int_equal(stored.len, frames[i].nr * PAGE);
		assert_true(stored.size > 0 && stored.size < stored.len);
	}
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		assert_int_equal(p.stored(p.ctx, others[i] * PAGE, &stored),
				 IRQM_OK);
		assert_false(stored.is_frame);
		assert_int_equal(stored.size, PAGE);
		number_read(NULL, others[i] * PAGE, page, PAGE);
		assert_memory_equal(stored.data, page, PAGE);
	}
	assert_pages(&p, &keep);
	p.close(p.ctx);
	/* without the table, and with one that is damaged */
	for (i = 0; i < 2; i++) {
		file_write(path, file, size - (i ? 0 : 9 + 8 * 11 + 8));
		file[size - 9] ^= 1;
		assert_int_equal(irqm_pages_open(paths, 1, 1, 1, &p, &err), -1);
		assert_non_null(strstr(err.msg, "--tmp-limit"));
		if (irqm_pages_open(paths, 1, 0, 1, &p, &err))
			fail_msg("%s", err.msg);
		assert_int_equal(p.stored(p.ctx, 100 * PAGE, &stored), IRQM_OK);
		assert_false(stored.is_frame);
		assert_pages(&p, &keep);
		p.close(p.ctx);
	}
	free(file);
	unlink(path);
	irqm_ranges_deinit(&keep);
	irqm_ranges_deinit(&searched);
	irqm_ranges_deinit(&parsed);
}

static struct irqm_output *new_output(const char *path)
{
	struct irqm_error err;
	struct irqm_output *out = irqm_output_new(path, &err);

	if (!out)
		fail_msg("%s", err.msg);
	assert_int_equal(irqm_output_write(out, "newer", 5, &err), 0);
	return out;
}

/* Nothing is left if it is not written whole, and what is there stays: also
 * what came meanwhile, and a link that leads nowhere. */
static void test_output_dropped(void **state)
{
	struct irqm_output *out;
	struct irqm_error err;
	uint64_t written;
	char path[64];
	size_t size;
	FILE *f;

	(void)state;
	snprintf(path, sizeof(path), "%s/out", folder);
	irqm_output_drop(new_output(path));
	out = new_output(path);
	f = fopen(path, "w");
	fputs("old", f);
	fclose(f);
	assert_int_equal(irqm_output_close(out, &written, &err), -1);
	assert_non_null(strstr(err.msg, "/out: exists already; remove it, or "
					"name another file"));
	assert_null(irqm_output_new(path, &err));
	assert_non_null(strstr(err.msg, "/out: exists already; remove it"));
	free(file_bytes(path, &size));
	assert_int_equal(size, 3);
	unlink(path);
	assert_int_equal(symlink("/nowhere/else", path), 0);
	assert_null(irqm_output_new(path, &err));
	unlink(path);
	/* there is no other file: cmocka does not mind a failed teardown */
	assert_int_equal(rmdir(folder), 0);
	assert_int_equal(mkdir(folder, 0700), 0);
	assert_null(irqm_output_new("/dev/null", &err));
	assert_string_equal(err.msg, "/dev/null: exists already; name another "
				     "file");
	assert_null(irqm_output_new("/nowhere/out", &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_elf_runs),
		cmocka_unit_test(test_elf_many_segments),
		cmocka_unit_test(test_frames),
		cmocka_unit_test(test_output_dropped),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
