/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/search/note.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "memory/elf_notes.h"
#include "memory/search/scan.h"

/*
 * Limit on texts to check, because each takes page table walks. A hostile dump
 * may be full of them; a normal one has a few, such as kexec's copy.
 */
#define TEXTS_MAX 1024

static const char name[] = "VMCOREINFO";
_Static_assert(IRQM_NOTE_TEXT ==
		       sizeof(Elf64_Nhdr) + (sizeof(name) + 3) / 4 * 4,
	       "padded");

/* Limit on kernels with intact page tables; after kexec or a crash there
 * are 2. */
#define KERNELS_MAX 4

struct search {
	const struct irqm_pages *pages;
	struct irqm_note kernels[KERNELS_MAX];
	unsigned int nr_kernels, nr_texts;
	int rc;
	struct irqm_error *err;
};

static bool is_note(const unsigned char *page, uint32_t *ret_size)
{
	struct irqm_elf_notes notes = { .data = page, .size = IRQM_PAGE_SIZE };
	struct irqm_elf_note n;

	/* it may continue on the next page */
	if (!irqm_elf_notes_next(&notes, &n))
		return false;
	*ret_size = n.desc_size;
	return n.type == 0 && n.desc_size > 0 &&
	       n.desc_size <= IRQM_VMCOREINFO_MAX &&
	       irqm_elf_note_is_named(&n, name);
}

static bool is_text(const unsigned char *page)
{
	static const char start[] = "OSRELEASE=";

	return memcmp(page, start, sizeof(start) - 1) == 0;
}

static bool stop_search(struct search *s)
{
	s->rc = -1;
	return false;
}

static void set_ambiguous(struct search *s, uint64_t first, uint64_t second)
{
	irqm_error_set(s->err,
		       "the dump's header has no VMCOREINFO, and its memory "
		       "has two copies, at physical addresses %#llx and "
		       "%#llx; cannot decide which is the running kernel's "
		       "(did the machine kexec or crash?)",
		       (unsigned long long)first, (unsigned long long)second);
	s->rc = -1;
}

static bool keep_note(struct search *s, struct irqm_note *slot,
		      struct irqm_note *n, const char *text)
{
	n->text = strdup(text);
	if (!n->text) {
		irqm_error_memory(s->err);
		return stop_search(s);
	}
	free(slot->text);
	*slot = *n;
	return !(n->is_note && irqm_kernel_is_only_one(s->pages, &n->kernel));
}

/* Records a text that passed the check. Returns false to end the search. */
static bool take_note(struct search *s, struct irqm_note *n, const char *text)
{
	struct irqm_note *k = s->kernels;

	while (k < s->kernels + s->nr_kernels &&
	       !irqm_kernel_same(&k->kernel, &n->kernel))
		k++;
	if (k == s->kernels + KERNELS_MAX) {
		set_ambiguous(s, s->kernels->paddr, n->paddr);
		return false;
	}
	if (k->text && k->is_note == n->is_note) {
		k->other = n->paddr;
		return true;
	}
	if (k->text && k->is_note)
		return true; /* the dump may lack the time of a panic */
	s->nr_kernels += k->text == NULL;
	return keep_note(s, k, n, text);
}

static bool is_known(const struct search *s, bool as_note, const char *text)
{
	const struct irqm_note *k;

	for (k = s->kernels; k < s->kernels + s->nr_kernels; k++)
		if (strcmp(k->text, text) == 0 && (k->is_note || !as_note))
			return true;
	return false;
}

static bool check_text(struct search *s, struct irqm_note *n, const char *text)
{
	if (is_known(s, n->is_note, text))
		return true;
	if (s->nr_texts++ == TEXTS_MAX) {
		irqm_error_set(s->err,
			       "the dump's header has no VMCOREINFO, "
			       "and more than %d pages of its memory start "
			       "with a copy",
			       TEXTS_MAX);
		return stop_search(s);
	}
	return !irqm_kernel_check(s->pages, text, &n->kernel) ||
	       take_note(s, n, text);
}

static bool look_at_page(void *ctx, uint64_t paddr, const unsigned char *page)
{
	struct search *s = ctx;
	struct irqm_note n = { .paddr = paddr };
	char text[IRQM_VMCOREINFO_MAX + 1];
	uint64_t at = paddr;
	uint32_t size;

	n.is_note = is_note(page, &size);
	if (n.is_note)
		at += IRQM_NOTE_TEXT;
	else if (is_text(page))
		size = IRQM_VMCOREINFO_MAX;
	else
		return true;
	/* a note may continue on the next page */
	if (s->pages->read(s->pages->ctx, at, text, size) != IRQM_OK)
		return true;
	text[size] = '\0';
	return check_text(s, &n, text);
}

static bool has_crashed(const struct irqm_note *n)
{
	char time[32];

	return n->is_note &&
	       irqm_vmcoreinfo_value(n->text, "CRASHTIME", time, sizeof(time));
}

/*
 * Chooses the kernel, or reports that it is ambiguous. Of several kernels, it is
 * the one that crashed, because the other one is its crash kernel. A crash only
 * counts if the dump has the CPUs' page tables: otherwise it may have happened
 * before the last boot.
 */
static void choose_kernel(struct search *s, struct irqm_note *ret)
{
	struct irqm_note *k, *one = NULL;
	unsigned int nr = 0;

	for (k = s->kernels; k < s->kernels + s->nr_kernels; k++)
		if (s->nr_kernels == 1 ||
		    (s->pages->nr_cr3 && has_crashed(k))) {
			one = k;
			nr++;
		}
	if (nr == 1 && one->other) {
		set_ambiguous(s, one->paddr, one->other);
	} else if (nr == 1) {
		*ret = *one;
		one->text = NULL;
	} else if (s->nr_kernels) {
		set_ambiguous(s, s->kernels[0].paddr, s->kernels[1].paddr);
	}
}

int irqm_note_find(const struct irqm_pages *pages,
		   const struct irqm_note_options *options,
		   struct irqm_note *ret, struct irqm_error *err)
{
	struct search s = { .pages = pages, .err = err };
	unsigned int i;
	const struct irqm_scan scan = {
		.pages = pages,
		.progress = options->progress,
		.progress_ctx = options->progress_ctx,
		.what = "searching the memory for VMCOREINFO",
		.look = look_at_page,
		.ctx = &s,
	};

	memset(ret, 0, sizeof(*ret));
	if (irqm_scan_pages(&scan, err))
		return -1;
	if (!s.rc)
		choose_kernel(&s, ret);
	for (i = 0; i < s.nr_kernels; i++)
		free(s.kernels[i].text);
	return s.rc;
}
