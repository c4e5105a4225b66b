/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes what would make everything fit, from a document "irqmatrix-advice/1". */
#include "report/parts.h"

/* What one part of a change is: its commands, and what it costs. */
static void put_part(FILE *out, const json_t *part)
{
	const json_t *commands = json_object_get(part, "commands");
	const char *cost = irqm_json_get_string(part, "cost");
	size_t i;

	irqm_html(out, "<p><b>%j.</b></p>", json_object_get(part, "what"));
	for (i = 0; i < json_array_size(commands); i++)
		irqm_html(out, "<p><code>%j</code></p>",
			  json_array_get(commands, i));
	if (cost)
		irqm_html(out, "<p class=\"note\">%s</p>", cost);
}

static void put_row(FILE *out, const json_t *advice, const json_t *now)
{
	const json_t *parts = json_object_get(advice, "parts");
	size_t i;

	fputs("<tr><td class=\"t w\">", out);
	for (i = 0; i < json_array_size(parts); i++)
		put_part(out, json_array_get(parts, i));
	irqm_html(out,
		  "</td><td class=\"t\">%j</td><td>%j</td><td>%j</td>"
		  "<td class=\"t\">%s</td></tr>\n",
		  json_object_get(advice, "reboot"), now,
		  json_object_get(advice, "available"),
		  irqm_json_get_bool(advice, "confirmed") == 1 ? "fits" :
								 "none");
}

void irqm_report_advice(FILE *out, const json_t *document)
{
	const json_t *advice = json_object_get(document, "advice");
	const char *goal = irqm_json_get_string(document, "goal");
	const char *again = irqm_json_get_string(document, "probe_again");
	size_t i, nr = json_array_size(advice);

	fputs("<section class=\"advice\"><h2>What would make it fit</h2>\n",
	      out);
	if (goal)
		irqm_html(out, "<p>To fit: %s.</p>\n", goal);
	irqm_html(out, "<p>%j</p>\n", json_object_get(document, "text"));
	if (nr)
		fputs("<p class=\"note\">now, then: vectors available before "
		      "and after the change. plan: everything fits, or no plan "
		      "can tell.</p>\n<div class=\"scroll\"><table><thead><tr>"
		      "<th class=\"t\">change</th><th class=\"t\">reboot</th>"
		      "<th>now</th><th>then</th><th class=\"t\">plan</th></tr>"
		      "</thead><tbody>\n",
		      out);
	for (i = 0; i < nr; i++)
		put_row(out, json_array_get(advice, i),
			json_object_get(document, "available"));
	if (nr)
		fputs("</tbody></table></div>\n", out);
	if (again &&
	    irqm_json_get_bool(json_array_get(advice, 0), "reboot") == 0)
		irqm_html(out,
			  "<p>After a change without a reboot: <code>%s</code>"
			  "</p>\n",
			  again);
	fputs("</section>\n", out);
}
