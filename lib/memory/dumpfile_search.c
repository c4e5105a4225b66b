/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/dumpfile_search.h"

#include <string.h>

#include "memory/search/banner.h"

static int by_vmlinux(struct irqm_dumpfile *f, const char *vmlinux,
		      const struct irqm_files *files,
		      const struct irqm_note_options *options,
		      struct irqm_error *err)
{
	if (!vmlinux) {
		irqm_error_set(err,
			       "the dump has no VMCOREINFO, neither in its "
			       "header nor in its memory: give the kernel's "
			       "vmlinux with --vmlinux, or dump all of the "
			       "memory");
		return -1;
	}
	f->target.vmcoreinfo_from = "vmlinux";
	return irqm_banner_find(&f->pages, vmlinux, files, options,
				&f->vmcoreinfo, err);
}

int irqm_dumpfile_search(struct irqm_dumpfile *f,
			 const struct irqm_dumpfile_options *o,
			 struct irqm_error *err)
{
	const struct irqm_note_options options = { o->progress,
						   o->progress_ctx };
	struct irqm_note note;

	if (irqm_note_find(&f->pages, &options, &note, err))
		return -1;
	f->vmcoreinfo = note.text;
	f->note = note.is_note ? note.paddr : 0;
	f->target.vmcoreinfo_from = "memory";
	if (!note.text && by_vmlinux(f, o->vmlinux, o->files, &options, err))
		return -1;
	f->pages.vmcoreinfo = f->vmcoreinfo;
	return 0;
}

/* Returns true if the note has the text that was found; any copy will do. */
static bool has_text(struct irqm_dumpfile *f, uint64_t note)
{
	char text[IRQM_VMCOREINFO_MAX];
	size_t len = strnlen(f->vmcoreinfo, sizeof(text));

	return irqm_paging_read(&f->paging, note + IRQM_NOTE_TEXT, text, len) ==
		       IRQM_OK &&
	       memcmp(text, f->vmcoreinfo, len) == 0;
}

int irqm_dumpfile_check_note(struct irqm_dumpfile *f, struct irqm_error *err)
{
	struct irqm_target *t = &f->target;
	uint64_t variable, note, paddr, len;

	if (!f->note || !t->symbol(t->ctx, "vmcoreinfo_note", &variable) ||
	    t->read(t->ctx, variable, &note, sizeof(note)) != IRQM_OK ||
	    irqm_translate(&f->paging, note, &paddr, &len) != IRQM_OK ||
	    paddr == f->note || has_text(f, note))
		return 0;
	irqm_error_set(err,
		       "the dump's header has no VMCOREINFO, and the copy "
		       "in its memory at physical address %#llx is not the "
		       "kernel's, which is at %#llx",
		       (unsigned long long)f->note, (unsigned long long)paddr);
	return -1;
}
