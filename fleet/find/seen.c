/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/find/seen.h"

#include <stdlib.h>
#include <string.h>

/* Finds the entry or a free place. At least half of the table is free, so that
 * this takes few steps. */
static struct irqm_seen_file *find_place(struct irqm_seen_file *files,
					 size_t size, dev_t dev, ino_t ino)
{
	size_t i = ((uint64_t)ino * 0x9e3779b97f4a7c15ULL ^ dev) % size;

	while (files[i].used && (files[i].dev != dev || files[i].ino != ino))
		i = (i + 1) % size;
	return &files[i];
}

static int grow_table(struct irqm_seen *s)
{
	size_t i, size = s->size ? 2 * s->size : 1024;
	struct irqm_seen_file *files = calloc(size, sizeof(*files));

	if (!files)
		return -1;
	for (i = 0; i < s->size; i++)
		if (s->files[i].used)
			*find_place(files, size, s->files[i].dev,
				    s->files[i].ino) = s->files[i];
	free(s->files);
	s->files = files;
	s->size = size;
	return 0;
}

int irqm_seen_add(struct irqm_seen *s, dev_t dev, ino_t ino)
{
	struct irqm_seen_file *f;

	if (2 * s->nr >= s->size && grow_table(s) < 0)
		return -1;
	f = find_place(s->files, s->size, dev, ino);
	if (f->used)
		return 0;
	*f = (struct irqm_seen_file){ dev, ino, true };
	s->nr++;
	return 1;
}

void irqm_seen_deinit(struct irqm_seen *s)
{
	free(s->files);
	memset(s, 0, sizeof(*s));
}
