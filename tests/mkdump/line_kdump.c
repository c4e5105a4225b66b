/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line of the dump's format. */
#include "tests/mkdump/mkdump.h"

#include <string.h>

const char *const kd_packings[] = { "raw",  "zlib",  "lzo", "snappy",
				    "zstd", "mixed", NULL };

/* "kdump PACKING [level N] [version N] [files N] [flattened]" */
void mk_line_kdump(struct mk *mk, struct irqm_words *w)
{
	struct kd_options *o = &mk->o.kdump;

	mk->o.as_kdump = true;
	o->packing = irqm_words_choice(
		w, "raw, zlib, lzo, snappy, zstd or mixed", kd_packings);
	while (irqm_words_left(w)) {
		const char *key = irqm_words_key(w, "");

		if (strcmp(key, "level") == 0)
			o->level = irqm_words_below(w, "a dump level", 32);
		else if (strcmp(key, "version") == 0)
			o->version = irqm_words_below(w, "a version", 7);
		else if (strcmp(key, "files") == 0)
			o->files =
				irqm_words_below(w, "files", KD_FILES_MAX + 1);
		else if (strcmp(key, "flattened") == 0)
			o->flattened = true;
		else
			irqm_words_bad(w, "level, version, files or flattened",
				       key);
	}
}
