/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "extension/elf_segments.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "memory/pages/elfcore.h"

struct irqm_elf_segments {
	struct irqm_input in; /* already closed; only its size is needed */
	struct irqm_elfcore *core;
};

static int read_segments(struct irqm_elf_segments *s, const char *path)
{
	struct irqm_error err;
	struct stat st;
	int rc = -1;

	s->in.fd = open(path, O_RDONLY | O_CLOEXEC);
	if (s->in.fd < 0)
		return -1;
	if (fstat(s->in.fd, &st) == 0) {
		s->in.size = st.st_size;
		s->in.name = path;
		rc = irqm_elfcore_open(&s->in, &s->core, &err);
	}
	irqm_input_close(&s->in);
	return rc;
}

struct irqm_elf_segments *irqm_elf_segments_open(const char *path)
{
	struct irqm_elf_segments *s = calloc(1, sizeof(*s));

	if (s && read_segments(s, path)) {
		free(s);
		return NULL;
	}
	return s;
}

void irqm_elf_segments_close(struct irqm_elf_segments *s)
{
	if (!s)
		return;
	irqm_elfcore_close(s->core);
	free(s);
}

enum irqm_why irqm_elf_segments_why(const struct irqm_elf_segments *s,
				    uint64_t paddr, size_t len)
{
	return irqm_elfcore_why(s->core, paddr, len);
}
