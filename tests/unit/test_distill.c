/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Made-up machines in made-up physical memory, distilled and read again. */
#include "tests/unit/fake_check.h"
#include "tests/unit/fake_generations.h"
#include "tests/unit/fake_log.h"
#include "tests/unit/files.h"
#include "tests/unit/unit.h"

#include <elf.h>
#include <sys/stat.h>
#include <unistd.h>

#include "distill/distill.h"

#define PAGE IRQM_PAGE_SIZE
#define NR_PAGES 8192
/* What nobody reads; as a page table entry it is not present. */
#define MARKER 0x5e
#define ROOT 0x1000

static const char vmcoreinfo[] =
	"OSRELEASE=6.1.0-made-up\nPAGESIZE=4096\nNUMBER(phys_base)=0\n"
	"SYMBOL(init_top_pgt)=ffffffff80001000\n";

#define LOG 0xffff8880f0000000ULL
#define TABLE 0xffff8880e0000000ULL
#define LOG_LINE "a line of the log"

struct world {
	unsigned char *memory; /* NR_PAGES physical pages */
	unsigned int next;     /* free page */
	uint64_t lost;         /* a page that cannot be read; 0: none */
	const struct irqm_dumpfile_table *table; /* or NULL */
	struct irqm_pages pages;
	struct irqm_paging paging;
	struct irqm_target target, symbols;
};

static enum irqm_why pages_read(void *ctx, uint64_t paddr, void *buf,
				size_t len)
{
	struct world *w = ctx;

	if (paddr > NR_PAGES * PAGE || len > NR_PAGES * PAGE - paddr)
		return IRQM_EXCLUDED;
	if (w->lost && paddr < w->lost + PAGE && paddr + len > w->lost)
		return IRQM_TRUNCATED;
	memcpy(buf, w->memory + paddr, len);
	return IRQM_OK;
}

static enum irqm_why target_read(void *ctx, uint64_t addr, void *buf,
				 size_t len)
{
	struct world *w = ctx;

	return irqm_paging_read(&w->paging, addr, buf, len);
}

static bool target_symbol(void *ctx, const char *name, uint64_t *ret)
{
	struct world *w = ctx;

	return w->symbols.symbol(w->symbols.ctx, name, ret);
}

static bool target_symbol_at(void *ctx, uint64_t addr, char *name, size_t size,
			     uint64_t *ret)
{
	struct world *w = ctx;

	return w->symbols.symbol_at(w->symbols.ctx, addr, name, size, ret);
}

/* Every second page: few are next to each other. */
static uint64_t new_page(struct world *w)
{
	assert_true(w->next + 2 < NR_PAGES);
	w->next += 2;
	return (uint64_t)w->next * PAGE;
}

static uint64_t page_of(struct world *w, uint64_t vaddr)
{
	uint64_t table = ROOT, entry;
	int shift;

	for (shift = 39; shift >= 12; shift -= 9) {
		unsigned char *at =
			w->memory + table + (vaddr >> shift & 511) * 8;

		memcpy(&entry, at, 8);
		if (!(entry & 1)) {
			entry = new_page(w) | 1;
			memcpy(at, &entry, 8);
		}
		table = entry & ~0xfffULL;
	}
	return table;
}

static void put(struct world *w, uint64_t vaddr, const void *data, size_t len)
{
	const unsigned char *from = data;
	size_t n;

	for (; len; vaddr += n, from += n, len -= n) {
		n = PAGE - vaddr % PAGE;
		if (n > len)
			n = len;
		memcpy(w->memory + page_of(w, vaddr) + vaddr % PAGE, from, n);
	}
}

static void put_log(void *ctx, uint64_t vaddr, const void *data, size_t len)
{
	put(ctx, vaddr, data, len);
}

/* A log of one line, in an array of four. */
static void make_log(struct world *w, struct fk *fk)
{
	static struct fake_log log;

	fake_log_init(&log, LOG, 2, 7);
	fake_log_add(&log, 1, 6, LOG_LINE);
	memset(log.descs + 24, MARKER, 2 * 24);
	memset(log.infos + 88, MARKER, 3 * 88);
	memset(log.text + 40, MARKER, 88);
	fake_log_write(&log, put_log, w);
	fake_log_layout(&fk->layout);
	assert_int_equal(irqm_memory_symbol(fk->memory, "prb", LOG), 0);
}

static void open_target(struct world *w)
{
	struct irqm_error err;

	assert_int_equal(irqm_paging_init(&w->paging, &w->pages, &err), 0);
	w->target = (struct irqm_target){
		.ctx = w,
		.read = target_read,
		.symbol = target_symbol,
		.symbol_at = target_symbol_at,
		.path = "dump",
		.format = "elf",
		.vmcoreinfo = w->pages.vmcoreinfo,
		.left_out = w->pages.left_out,
		.live = w->pages.live,
		.types = "dwarf",
	};
}

static void world_of(struct world *w, struct fk *fk)
{
	unsigned int i;

	memset(w, 0, sizeof(*w));
	w->memory = malloc(NR_PAGES * PAGE);
	assert_non_null(w->memory);
	memset(w->memory, MARKER, NR_PAGES * PAGE);
	w->next = 2;
	fk_commit(fk, FK_PACKED);
	for (i = 0; i < fk->nr_objects; i++)
		put(w, fk->objects[i].addr, fk_at(fk, fk->objects[i].addr),
		    fk->objects[i].len);
	make_log(w, fk);
	w->symbols = irqm_memory_target(fk->memory);
	w->pages = (struct irqm_pages){ .ctx = w,
					.read = pages_read,
					.vmcoreinfo = vmcoreinfo };
	open_target(w);
}

/* The log's line, or that it is left out, or neither: "". */
static const char *log_of(const struct irqm_snapshot *s)
{
	if (s->log.left_out)
		return "left out";
	return s->log.nr_lines ? s->log.lines[0].text : "";
}

static char *document(struct irqm_target *t, const struct irqm_layout *l,
		      const char *log)
{
	struct irqm_snapshot *s;
	struct irqm_analysis *a;
	struct irqm_error err;
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (irqm_snapshot_read(t, l, IRQM_READ_COUNTS | IRQM_READ_LOG, &s,
			       &err))
		fail_msg("%s", err.msg);
	assert_string_equal(log_of(s), log);
	assert_int_equal(s->nr_unread, 0);
	/* the rest of the document has to be the same in any case */
	memset(&s->log, 0, sizeof(s->log));
	a = irqm_analyse(s);
	assert_int_equal(irqm_render_json(f, a, true), 0);
	fclose(f);
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
	return text;
}

static void distil(struct world *w, const struct irqm_layout *l,
		   unsigned int flags, const char *path)
{
	struct irqm_distill_source source = {
		.target = &w->target,
		.layout = l,
		.pages = &w->pages,
		.paging = &w->paging,
		.tables = w->table,
		.nr_tables = w->table != NULL,
	};
	struct irqm_distill_size size;
	struct irqm_output *out;
	struct irqm_distill *d;
	struct irqm_error err;
	struct stat st;

	out = irqm_output_new(path, &err);
	if (!out || irqm_distill_collect(&source, flags, &d, &err) ||
	    irqm_distill_write(d, out, &size, &err))
		fail_msg("%s", err.msg);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, size.file);
	assert_int_equal(st.st_mode & 0777, 0600);
	irqm_distill_free(d);
}

/* Four in a row are no accident of a mask or an address. */
static bool has_marker(const char *p, size_t size)
{
	unsigned int run = 0;

	for (; size; size--, p++) {
		run = *p == MARKER ? run + 1 : 0;
		if (run == 4)
			return true;
	}
	return false;
}

/* Each segment's bytes are the machine's, or zero. */
static void check_segments(const struct world *w, const char *file, size_t size)
{
	const Elf64_Ehdr *eh = (const void *)file;
	const Elf64_Phdr *ph = (const void *)(file + eh->e_phoff);
	unsigned int i;
	size_t n;

	assert_int_equal(ph[0].p_type, PT_NOTE);
	assert_true(eh->e_phnum > 5);
	for (i = 1; i < eh->e_phnum; i++) {
		assert_true(ph[i].p_offset + ph[i].p_filesz <= size);
		assert_true(ph[i].p_vaddr - ph[i].p_paddr ==
			    (i + 1 < eh->e_phnum ? 0xffff888000000000ULL :
						   0xffffffff80000000ULL));
		for (n = 0; n < ph[i].p_filesz; n++) {
			unsigned char c = file[ph[i].p_offset + n];

			assert_true(!c || c == w->memory[ph[i].p_paddr + n]);
		}
	}
}

static void check_again(struct world *w, const struct irqm_layout *l,
			const char *path, const char *log)
{
	const char *paths[] = { path };
	struct world again = { .symbols = w->symbols };
	char *whole = document(&w->target, l, LOG_LINE), *distilled;
	struct irqm_error err;

	if (irqm_pages_open(paths, 1, 0, 0, &again.pages, &err))
		fail_msg("%s", err.msg);
	assert_string_equal(again.pages.vmcoreinfo, vmcoreinfo);
	open_target(&again);
	distilled = document(&again.target, l, log);
	assert_string_equal(distilled, whole);
	again.pages.close(again.pages.ctx);
	free(whole);
	free(distilled);
}

/* The same answers, and nothing of the neighbours. */
static void check_generation(const struct generation *g)
{
	struct fk_machine m;
	struct fk *fk = fk_build(g, &m);
	char *file;
	struct world w;
	char path[64];
	size_t size;

	snprintf(path, sizeof(path), "%s/out", folder);
	world_of(&w, fk);
	distil(&w, &fk->layout, 0, path);
	file = file_bytes(path, &size);
	assert_false(has_marker(file, size));
	assert_null(memmem(file, size, LOG_LINE, 8));
	check_segments(&w, file, size);
	check_again(&w, &fk->layout, path, "left out");
	free(file);
	free(w.memory);
	fk_free(fk);
	unlink(path);
}

static void test_generations(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < FK_NR_GENERATIONS; i++)
		check_generation(&fk_generations[i]);
}

static void test_packed(void **state)
{
	struct fk_machine m;
	struct fk *fk = fk_build(&fk_generations[0], &m);
	struct world w;
	char path[64];

	(void)state;
	snprintf(path, sizeof(path), "%s/out.zst", folder);
	world_of(&w, fk);
	distil(&w, &fk->layout, 0, path);
	check_again(&w, &fk->layout, path, "left out");
	free(w.memory);
	fk_free(fk);
	unlink(path);
}

/* The dump of a running machine says so. */
static void test_live(void **state)
{
	struct fk_machine m;
	struct fk *fk = fk_build(&fk_generations[0], &m);
	struct world w;
	char path[64];

	(void)state;
	snprintf(path, sizeof(path), "%s/out", folder);
	world_of(&w, fk);
	w.target.live = true;
	distil(&w, &fk->layout, 0, path);
	check_again(&w, &fk->layout, path, "left out");
	free(w.memory);
	fk_free(fk);
	unlink(path);
}

/* kallsyms is used without the pages that are missing, and so kept. */
static void test_table_with_a_lost_page(void **state)
{
	static const struct irqm_dumpfile_table table = {
		.addr = TABLE,
		.len = 3 * PAGE,
		.what = "kallsyms",
	};
	struct fk_machine m;
	struct fk *fk = fk_build(&fk_generations[0], &m);
	struct world w, again = { .next = 0 };
	char bytes[3 * PAGE], page[PAGE], path[64];
	const char *paths[] = { path };
	struct irqm_error err;

	(void)state;
	snprintf(path, sizeof(path), "%s/out", folder);
	world_of(&w, fk);
	memset(bytes, 'k', sizeof(bytes));
	put(&w, TABLE, bytes, sizeof(bytes));
	w.lost = page_of(&w, TABLE + PAGE);
	w.table = &table;
	distil(&w, &fk->layout, 0, path);
	if (irqm_pages_open(paths, 1, 0, 0, &again.pages, &err))
		fail_msg("%s", err.msg);
	open_target(&again);
	assert_int_equal(target_read(&again, TABLE, page, PAGE), IRQM_OK);
	assert_memory_equal(page, bytes, PAGE);
	assert_int_equal(target_read(&again, TABLE + PAGE, page, PAGE),
			 IRQM_EXCLUDED);
	assert_int_equal(target_read(&again, TABLE + 2 * PAGE, page, PAGE),
			 IRQM_OK);
	again.pages.close(again.pages.ctx);
	free(w.memory);
	fk_free(fk);
	unlink(path);
}

static void test_log(void **state)
{
	struct fk_machine m;
	struct fk *fk = fk_build(&fk_generations[0], &m);
	char *file;
	struct world w;
	char path[64];
	size_t size;

	(void)state;
	snprintf(path, sizeof(path), "%s/out", folder);
	world_of(&w, fk);
	distil(&w, &fk->layout, IRQM_DISTILL_LOG, path);
	file = file_bytes(path, &size);
	/* the ring's end is on another page */
	assert_non_null(memmem(file, size, LOG_LINE, 16));
	assert_false(has_marker(file, size));
	check_again(&w, &fk->layout, path, LOG_LINE);
	free(file);
	free(w.memory);
	fk_free(fk);
	unlink(path);
}

static void test_spoiled_log(void **state)
{
	struct fk_machine m;
	struct fk *fk = fk_build(&fk_generations[0], &m);
	struct irqm_distill *d;
	uint32_t count_bits = 40;
	struct irqm_error err;
	struct world w;

	(void)state;
	world_of(&w, fk);
	put(&w, LOG + 64, &count_bits, 4);
	assert_int_equal(
		irqm_distill_collect(
			&(struct irqm_distill_source){ .target = &w.target,
						       .layout = &fk->layout,
						       .pages = &w.pages,
						       .paging = &w.paging },
			IRQM_DISTILL_LOG, &d, &err),
		-1);
	assert_non_null(strstr(err.msg, "kernel log"));
	free(w.memory);
	fk_free(fk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_generations),
		cmocka_unit_test(test_packed),
		cmocka_unit_test(test_live),
		cmocka_unit_test(test_table_with_a_lost_page),
		cmocka_unit_test(test_log),
		cmocka_unit_test(test_spoiled_log),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
