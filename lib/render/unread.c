/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What could not be read. */
#include "render/render.h"

#include <inttypes.h>

#include "render/text.h"

#define MAX_LINES 20

int irqm_render_unread(FILE *out, const struct irqm_analysis *a)
{
	const struct irqm_snapshot *s = a->snapshot;
	unsigned int i, more;

	for (i = 0; i < s->nr_unread && i < MAX_LINES; i++) {
		const struct irqm_unread *u = &s->unread[i];

		fputs("could not read: ", out);
		irqm_put_name(out, u->what);
		if (u->addr)
			fprintf(out, " at %" PRIx64, u->addr);
		fprintf(out, " (%s)\n", irqm_why_name(u->why));
	}
	more = s->nr_unread - i + s->unread_dropped;
	if (more)
		fprintf(out, "and %u more%s\n", more,
			s->unread_dropped ? "" : " (-j lists all)");
	return irqm_put_end(out);
}
