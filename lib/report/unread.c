/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes what could not be read, and why. */
#include "report/parts.h"

/* Parts to show at once, and at most. */
#define SOME_PARTS 10
#define MAX_PARTS 500

static void put_parts(FILE *out, const json_t *unread, size_t from, size_t to)
{
	size_t i;

	fputs("<ul>\n", out);
	for (i = from; i < to; i++) {
		const json_t *u = json_array_get(unread, i);

		irqm_html(out, "<li>%j: %j</li>\n", json_object_get(u, "what"),
			  json_object_get(u, "why"));
	}
	fputs("</ul>\n", out);
}

void irqm_report_unread(FILE *out, const json_t *document)
{
	const json_t *unread = json_object_get(document, "unread");
	irqm_num dropped = irqm_json_get_num(document, "unread_dropped");
	size_t nr = json_array_size(unread);
	size_t most = nr < MAX_PARTS ? nr : MAX_PARTS;
	irqm_num all = irqm_add(nr, dropped == IRQM_UNKNOWN ? 0 : dropped);

	if (!nr)
		return;
	irqm_html(out,
		  "<section><h2>What could not be read</h2>\n<p>%n %s:</p>\n",
		  all, irqm_plural(all, "part", "parts"));
	put_parts(out, unread, 0, nr < SOME_PARTS ? nr : SOME_PARTS);
	if (nr > SOME_PARTS) {
		fputs("<details><summary>More</summary>\n", out);
		put_parts(out, unread, SOME_PARTS, most);
		if (all > (irqm_num)most)
			irqm_html(out, "<p>and %n more</p>\n", all - most);
		fputs("</details>\n", out);
	}
	fputs("</section>\n", out);
}
