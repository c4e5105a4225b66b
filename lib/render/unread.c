/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands below a text: how far it can be relied on. */
#include "render/render.h"

#include <inttypes.h>

#include "render/text.h"

#define MAX_LINES 20

int irqm_render_live(FILE *out, const struct irqm_analysis *a)
{
	if (a->snapshot->dump.live)
		fputs("\nNOTE: read while the machine ran; figures may disagree\n",
		      out);
	return irqm_put_end(out);
}

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
