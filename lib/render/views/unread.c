/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints below a text which parts of the dump could not be read. */
#include "render/render.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "render/text.h"

#define MAX_LINES 20

int irqm_render_live(FILE *out, const struct irqm_analysis *a)
{
	const char *from = a->snapshot->dump.vmcoreinfo_from;

	if (a->snapshot->dump.live)
		fputs("\nNOTE: read from a running machine; figures may "
		      "disagree\n",
		      out);
	if (from && strcmp(from, "memory") == 0)
		fputs("\nNOTE: the dump's header has no VMCOREINFO; the "
		      "kernel's copy in memory was used\n",
		      out);
	if (from && strcmp(from, "vmlinux") == 0)
		fputs("\nNOTE: the dump has no VMCOREINFO; the kernel was "
		      "located with the vmlinux\n",
		      out);
	return irqm_put_end(out);
}

/* Returns true if they differ only in numbers: "irqaction of IRQ 3", "irqaction
 * of IRQ 12". */
static bool are_alike(const struct irqm_unread *a, const struct irqm_unread *b)
{
	const char *p = a->what, *q = b->what;

	while (*p && *q) {
		if (isdigit((unsigned char)*p) && isdigit((unsigned char)*q)) {
			p += strspn(p, "0123456789");
			q += strspn(q, "0123456789");
		} else if (*p++ != *q++) {
			return false;
		}
	}
	return *p == *q && a->why == b->why;
}

static void put_unread(FILE *out, const struct irqm_unread *u, unsigned int nr)
{
	fputs("could not read: ", out);
	irqm_put_name(out, u->what);
	if (nr > 1)
		fprintf(out, " and %u like it", nr - 1);
	else if (u->addr)
		fprintf(out, " at %" PRIx64, u->addr);
	fprintf(out, " (%s)\n", irqm_why_name(u->why));
}

int irqm_render_unread(FILE *out, const struct irqm_analysis *a)
{
	const struct irqm_snapshot *s = a->snapshot;
	unsigned int i = 0, lines, n, more;

	if (s->nr_unread)
		fputc('\n', out);
	for (lines = 0; i < s->nr_unread && lines < MAX_LINES; lines++) {
		for (n = 1; i + n < s->nr_unread; n++)
			if (!are_alike(&s->unread[i], &s->unread[i + n]))
				break;
		put_unread(out, &s->unread[i], n);
		i += n;
	}
	more = s->nr_unread - i + s->unread_dropped;
	if (more)
		fprintf(out, "and %u more\n", more);
	if (s->nr_unread > lines && !s->unread_dropped)
		fputs("irqmatrix -j lists them all\n", out);
	return irqm_put_end(out);
}
