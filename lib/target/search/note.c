/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "target/search/note.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "target/search/scan.h"

/*
 * Texts that are checked, which takes page tables' walks: a dump may be full
 * of them, a sound one has some, of which kexec's copy is one.
 */
#define TEXTS_MAX 1024

static const char name[] = "VMCOREINFO";
#define NOTE_TEXT (sizeof(Elf64_Nhdr) + (sizeof(name) + 3) / 4 * 4)

struct search {
	const struct irqm_pages *pages;
	struct irqm_note *found;
	unsigned int nr_texts;
	int rc;
	struct irqm_error *err;
};

static bool is_note(const unsigned char *page, uint32_t *ret_size)
{
	Elf64_Nhdr nh;

	memcpy(&nh, page, sizeof(nh));
	*ret_size = nh.n_descsz;
	return nh.n_namesz == sizeof(name) && nh.n_type == 0 &&
	       nh.n_descsz > 0 && nh.n_descsz <= IRQM_VMCOREINFO_MAX &&
	       memcmp(page + sizeof(nh), name, sizeof(name)) == 0;
}

static bool is_text(const unsigned char *page)
{
	static const char start[] = "OSRELEASE=";

	return memcmp(page, start, sizeof(start) - 1) == 0;
}

static bool stop(struct search *s)
{
	s->rc = -1;
	return false;
}

static bool ambiguous(struct search *s, uint64_t paddr)
{
	irqm_error_set(s->err, "the dump's header has no VMCOREINFO, and in its "
		       "memory there are two that may be the kernel's, at "
		       "physical addresses %#llx and %#llx: of a machine after "
		       "kexec or a crash, dump it with kdump",
		       (unsigned long long)s->found->paddr,
		       (unsigned long long)paddr);
	return stop(s);
}

/* No other kernel can be in the dump. */
static bool is_only_one(const struct search *s, const struct irqm_note *n)
{
	return n->is_note && s->pages->nr_cr3 &&
	       n->kernel.nr_cpus == s->pages->nr_cr3;
}

/* A text that has been checked. False ends the search. */
static bool take(struct search *s, const struct irqm_note *n, const char *text)
{
	struct irqm_note *f = s->found;

	if (f->text && (!irqm_kernel_same(&f->kernel, &n->kernel) ||
			f->is_note == n->is_note))
		return ambiguous(s, n->paddr);
	if (f->text && f->is_note)
		return true; /* the data lack the time of the crash */
	free(f->text);
	*f = *n;
	f->text = strdup(text);
	if (!f->text) {
		irqm_error_set(s->err, "out of memory");
		return stop(s);
	}
	return !is_only_one(s, f);
}

static bool check(struct search *s, struct irqm_note *n, const char *text)
{
	if (s->found->text && strcmp(s->found->text, text) == 0 &&
	    (s->found->is_note || !n->is_note))
		return true;
	if (s->nr_texts++ == TEXTS_MAX) {
		irqm_error_set(s->err, "the dump's header has no VMCOREINFO, "
			       "and in its memory more than %d pages begin "
			       "with one", TEXTS_MAX);
		return stop(s);
	}
	return !irqm_kernel_check(s->pages, text, &n->kernel) ||
	       take(s, n, text);
}

static bool look(void *ctx, uint64_t paddr, const unsigned char *page)
{
	struct search *s = ctx;
	struct irqm_note n = { .paddr = paddr };
	char text[IRQM_VMCOREINFO_MAX + 1];
	uint64_t at = paddr;
	uint32_t size;

	n.is_note = is_note(page, &size);
	if (n.is_note)
		at += NOTE_TEXT;
	else if (is_text(page))
		size = IRQM_VMCOREINFO_MAX;
	else
		return true;
	/* a note may go on in the next page */
	if (s->pages->read(s->pages->ctx, at, text, size) != IRQM_OK)
		return true;
	text[size] = '\0';
	return check(s, &n, text);
}

int irqm_note_find(const struct irqm_pages *pages,
		   const struct irqm_note_options *options,
		   struct irqm_note *ret, struct irqm_error *err)
{
	struct search s = { .pages = pages, .found = ret, .err = err };
	const struct irqm_scan scan = {
		.pages = pages,
		.progress = options->progress,
		.progress_ctx = options->progress_ctx,
		.what = "searching the memory for VMCOREINFO",
		.look = look,
		.ctx = &s,
	};

	memset(ret, 0, sizeof(*ret));
	if (irqm_scan_pages(&scan, err))
		return -1;
	if (s.rc) {
		free(ret->text);
		ret->text = NULL;
	}
	return s.rc;
}
