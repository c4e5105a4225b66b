/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a search of all pages goes by; and more segments than fit a header. */
#include "unit.h"
#include "fake_dump.h"

#include <elf.h>
#include <fcntl.h>
#include <unistd.h>

/* Runs of pages from the first on: each page of the file once, no other. */
static void check_next(struct irqm_pages *p)
{
	uint64_t start, end = 0, pfn = 0;
	unsigned char page[4096];

	while (p->next(p->ctx, end, &start, &end)) {
		assert_int_equal(start % 4096, 0);
		assert_int_equal(end % 4096, 0);
		assert_true(start < end);
		for (; pfn < start / 4096; pfn++)
			assert_false(fake_page(pfn, page));
		for (; pfn < end / 4096; pfn++)
			assert_true(fake_page(pfn, page));
	}
	assert_in_range(pfn, 1, FAKE_PAGES);
	for (; pfn < FAKE_PAGES; pfn++)
		assert_false(fake_page(pfn, page));
	assert_true(p->end >= FAKE_PAGES * 4096 - 4096);
	assert_true(p->end <= FAKE_PAGES * 4096);
	assert_true(p->most >= FAKE_PAGES * 4096);
	assert_false(p->next(p->ctx, p->end, &start, &end));
	assert_false(p->next(p->ctx, 1ULL << 52, &start, &end));
}

static void check_dump(struct bytes b)
{
	struct irqm_error err;
	struct irqm_pages p;

	assert_int_equal(fake_open(b, 1, &p, &err), 0);
	check_next(&p);
	p.close(p.ctx);
	free(b.data);
}

static void test_next(void **state)
{
	struct bytes parts[] = { fake_kdump(0, 13, true),
				 fake_kdump(13, 21, true),
				 fake_kdump(21, FAKE_PAGES, true) };
	const char *paths[3];
	struct irqm_error err;
	struct irqm_pages p;

	(void)state;
	check_dump(fake_kdump(0, FAKE_PAGES, false));
	check_dump(fake_elf());
	for (int i = 0; i < 3; i++)
		paths[i] = fake_file(parts[i].data, parts[i].len);
	assert_int_equal(irqm_pages_open(paths, 3, 0, 1, &p, &err), 0);
	check_next(&p);
	p.close(p.ctx);
	for (int i = 0; i < 3; i++)
		free(parts[i].data);
}

/* An ELF dump of one segment in a file with holes. */
#define SEGMENT (64UL << 20)

static int sparse(const size_t data[], size_t nr, char *path)
{
	Elf64_Ehdr eh = {
		.e_ident = ELFMAG "\2\1\1",
		.e_type = ET_CORE,
		.e_machine = EM_X86_64,
		.e_phoff = sizeof(eh),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = 1,
	};
	Elf64_Phdr ph = { .p_type = PT_LOAD,
			  .p_offset = 4096,
			  .p_paddr = 0x100000,
			  .p_filesz = SEGMENT,
			  .p_memsz = SEGMENT };
	int fd;

	strcpy(path, "/dev/shm/test_pages-XXXXXX");
	fd = mkstemp(path);
	if (fd < 0) {
		strcpy(path, "/tmp/test_pages-XXXXXX");
		fd = mkstemp(path);
	}
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, &eh, sizeof(eh), 0), sizeof(eh));
	assert_int_equal(pwrite(fd, &ph, sizeof(ph), sizeof(eh)), sizeof(ph));
	assert_int_equal(ftruncate(fd, 4096 + SEGMENT), 0);
	for (size_t i = 0; i < nr; i++)
		assert_int_equal(pwrite(fd, "data", 4, 4096 + data[i]), 4);
	return fd;
}

static void check_holes(const size_t data[3])
{
	char path[64];
	int fd = sparse(data, 3, path);
	const char *name = path;
	uint64_t start, end = 0, bytes = 0;
	struct irqm_error err;
	struct irqm_pages p;
	bool seen[3] = { false };

	assert_int_equal(irqm_pages_open(&name, 1, 0, 1, &p, &err), 0);
	while (p.next(p.ctx, end, &start, &end)) {
		bytes += end - start;
		for (int i = 0; i < 3; i++)
			seen[i] |= start <= 0x100000 + data[i] &&
				   end > 0x100000 + data[i];
	}
	assert_true(seen[0] && seen[1] && seen[2]);
	/* a file system without holes gives all of it */
	assert_true(bytes <= SEGMENT);
	if (lseek(fd, 4096, SEEK_HOLE) < (off_t)SEGMENT)
		assert_true(bytes <= SEGMENT / 4);
	p.close(p.ctx);
	unlink(path);
	close(fd);
}

/* The segment ends with data, or with a hole. */
static void test_holes(void **state)
{
	(void)state;
	check_holes((const size_t[]){ 0x5000, 0x300123, SEGMENT - 4 });
	check_holes((const size_t[]){ 0x5000, 0x300123, 0x800000 });
}

/* A note of one CPU as QEMU writes it, with one thing changed. */
static size_t qemu_note(unsigned char *at, uint64_t cr3, uint32_t version,
			uint32_t size)
{
	Elf64_Nhdr nh = { sizeof("QEMU"), size, 0 };
	size_t desc = sizeof(nh) + 8;

	memcpy(at, &nh, sizeof(nh));
	strcpy((char *)at + sizeof(nh), "QEMU");
	memcpy(at + desc, &version, sizeof(version));
	if (size >= 424)
		memcpy(at + desc + 416, &cr3, sizeof(cr3));
	return desc + size;
}

static size_t qemu_notes(unsigned char *at)
{
	size_t len = qemu_note(at, 0x1234000, 1, 440);

	len += qemu_note(at + len, 0x1234000, 1, 440);
	len += qemu_note(at + len, 0, 1, 440);
	len += qemu_note(at + len, 0x5000, 2, 440);
	len += qemu_note(at + len, 0x6000, 1, 420);
	len += qemu_note(at + len, 0x7000, 1, 424);
	return len;
}

static void check_cr3(struct bytes b)
{
	struct irqm_error err;
	struct irqm_pages p;

	assert_int_equal(fake_open(b, 1, &p, &err), 0);
	assert_null(p.vmcoreinfo);
	assert_int_equal(p.nr_cr3, 2);
	assert_int_equal(p.cr3[0], 0x1234000);
	assert_int_equal(p.cr3[1], 0x7000);
	p.close(p.ctx);
}

static void test_cr3(void **state)
{
	struct bytes elf = fake_elf();
	struct bytes kdump = fake_kdump(0, FAKE_PAGES, false);
	Elf64_Phdr *note = (Elf64_Phdr *)(elf.data + sizeof(Elf64_Ehdr));
	size_t len;

	(void)state;
	/* 2,800 bytes: in place of VMCOREINFO, and before the first page */
	assert_int_equal(note->p_type, PT_NOTE);
	note->p_filesz = qemu_notes(elf.data + note->p_offset);
	check_cr3(elf);
	len = qemu_notes(kdump.data + 4096 + 512);
	fake_put(kdump, 4096 + 32, 0, 8);
	fake_put(kdump, 4096 + 40, 0, 8);
	fake_put(kdump, 4096 + 48, 4096 + 512, 8);
	fake_put(kdump, 4096 + 56, len, 8);
	check_cr3(kdump);
	free(elf.data);
	free(kdump.data);
}

/* More CPUs than are kept. */
static void test_many_cr3(void **state)
{
	struct bytes elf = fake_elf(), b;
	Elf64_Phdr *note;
	struct irqm_error err;
	struct irqm_pages p;
	size_t len = 0;

	(void)state;
	b = (struct bytes){ calloc(1, elf.len + 400 * 460), elf.len };
	memcpy(b.data, elf.data, elf.len);
	for (unsigned int i = 1; i <= 400; i++)
		len += qemu_note(b.data + b.len + len, i * 4096, 1, 440);
	note = (Elf64_Phdr *)(b.data + sizeof(Elf64_Ehdr));
	note->p_offset = b.len;
	note->p_filesz = len;
	b.len += len;
	assert_int_equal(fake_open(b, 1, &p, &err), 0);
	assert_int_equal(p.nr_cr3, 256);
	assert_int_equal(p.cr3[255], 256 * 4096);
	p.close(p.ctx);
	free(b.data);
	free(elf.data);
}

/* Each segment has 8 bytes, its number. */
#define MANY 70000U

static struct bytes many_segments(void)
{
	const size_t headers = sizeof(Elf64_Ehdr) + MANY * sizeof(Elf64_Phdr);
	const size_t data = headers + sizeof(Elf64_Shdr);
	struct bytes b = { calloc(1, data + MANY * 8), data + MANY * 8 };
	Elf64_Ehdr eh = {
		.e_ident = ELFMAG "\2\1\1",
		.e_type = ET_CORE,
		.e_machine = EM_X86_64,
		.e_phoff = sizeof(eh),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = PN_XNUM,
		.e_shoff = headers,
		.e_shentsize = sizeof(Elf64_Shdr),
		.e_shnum = 1,
	};
	Elf64_Shdr sh = { .sh_info = MANY };

	assert_non_null(b.data);
	memcpy(b.data, &eh, sizeof(eh));
	memcpy(b.data + headers, &sh, sizeof(sh));
	for (uint64_t i = 0; i < MANY; i++) {
		Elf64_Phdr ph = { .p_type = PT_LOAD,
				  .p_offset = data + i * 8,
				  .p_paddr = i * 4096,
				  .p_filesz = 8,
				  .p_memsz = 4096 };

		memcpy(b.data + sizeof(eh) + i * sizeof(ph), &ph, sizeof(ph));
		memcpy(b.data + data + i * 8, &i, 8);
	}
	return b;
}

static void refused(struct bytes b, const char *says)
{
	struct irqm_error err;
	struct irqm_pages p;

	assert_int_equal(fake_open(b, 1, &p, &err), -1);
	if (!strstr(err.msg, says))
		fail_msg("\"%s\" is not in: %s", says, err.msg);
}

static void test_many_segments(void **state)
{
	struct bytes b = many_segments();
	Elf64_Ehdr *eh = (Elf64_Ehdr *)b.data;
	Elf64_Shdr *sh = (Elf64_Shdr *)(b.data + eh->e_shoff);
	uint64_t value, shoff = eh->e_shoff;
	struct irqm_error err;
	struct irqm_pages p;

	(void)state;
	assert_int_equal(fake_open(b, 1, &p, &err), 0);
	for (uint64_t i = 0; i < MANY; i++) {
		assert_int_equal(p.read(p.ctx, i * 4096, &value, 8), IRQM_OK);
		assert_int_equal(value, i);
	}
	assert_int_equal(p.read(p.ctx, MANY * 4096, &value, 8), IRQM_EXCLUDED);
	p.close(p.ctx);
	sh->sh_info = 100000;
	refused(b, "truncated within its program headers");
	sh->sh_info = UINT32_MAX;
	refused(b, "too many for a dump");
	sh->sh_info = 3; /* would have fitted */
	refused(b, "without its program headers");
	sh->sh_info = MANY;
	eh->e_shoff = b.len - 8;
	refused(b, "without its program headers");
	eh->e_shoff = UINT64_MAX;
	refused(b, "without its program headers");
	eh->e_shoff = shoff;
	free(b.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_holes),
		cmocka_unit_test(test_cr3),
		cmocka_unit_test(test_many_cr3),
		cmocka_unit_test(test_many_segments),
	};

	return RUN(tests);
}
