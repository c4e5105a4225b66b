/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line of the dump's format. */
#include "tests/mkdump/words.h"

#include <string.h>

const char *const kd_packings[] = { "raw",  "zlib",  "lzo", "snappy",
				    "zstd", "mixed", NULL };

/* "kdump PACKING [level N] [version N] [files N] [flattened]" */
void line_kdump(struct words *w)
{
	struct kd_options *o = &w->mk->o.kdump;

	w->mk->o.as_kdump = true;
	o->packing = word_choice(w, "raw, zlib, lzo, snappy, zstd or mixed",
				 kd_packings);
	while (!w->bad && w->at < w->nr) {
		const char *key = word_next(w, "");

		if (strcmp(key, "level") == 0)
			o->level = word_below(w, "a dump level", 32);
		else if (strcmp(key, "version") == 0)
			o->version = word_below(w, "1 to 6", 7);
		else if (strcmp(key, "files") == 0)
			o->files = word_below(w, "files", KD_FILES_MAX + 1);
		else if (strcmp(key, "flattened") == 0)
			o->flattened = true;
		else
			word_bad(w, "level, version, files or flattened", key);
	}
}
