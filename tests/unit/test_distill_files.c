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
	struct irqm_ranges keep = { 0 };
	struct irqm_elf e = { .pages = &pages,
			      .keep = &keep,
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
	struct irqm_ranges keep = { 0 };
	struct irqm_elf e = { .pages = &pages,
			      .keep = &keep,
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
	irqm_output_expect(out, irqm_elf_size(&e));
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
		cmocka_unit_test(test_output_dropped),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
