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

static const char *verdict_of(const json_t *advice)
{
	if (irqm_json_get_bool(advice, "confirmed") != 1)
		return "none";
	return irqm_json_get_num(advice, "available") == 0 ?
		       "fits, but the next device fails" :
		       "fits";
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
		  json_object_get(advice, "available"), verdict_of(advice));
}

/* As in text: the probes that failed are tried again, then what undoes a removal,
 * which is not the next step. */
static void put_after(FILE *out, const json_t *document)
{
	const json_t *advice = json_object_get(document, "advice"), *parts;
	const char *again = irqm_json_get_string(document, "probe_again");
	const char *undo = NULL, *one;
	bool running = false;
	size_t i, k;

	for (i = 0; i < json_array_size(advice); i++) {
		running |= irqm_json_get_bool(json_array_get(advice, i),
					      "reboot") == 0;
		parts = json_object_get(json_array_get(advice, i), "parts");
		for (k = 0; k < json_array_size(parts); k++) {
			one = irqm_json_get_string(json_array_get(parts, k),
						   "undo");
			undo = one ? one : undo;
		}
	}
	if (again && running)
		irqm_html(out,
			  "<p>After a change without a reboot, for each device "
			  "that failed: <code>%s</code></p>\n",
			  again);
	if (undo)
		irqm_html(
			out,
			"<p>To undo a removal (the devices take their vectors "
			"again): <code>%s</code></p>\n",
			undo);
}

void irqm_report_advice(FILE *out, const json_t *document)
{
	const json_t *advice = json_object_get(document, "advice");
	const char *goal = irqm_json_get_string(document, "goal");
	const char *next = irqm_json_get_string(document, "next");
	const char *not_tried = irqm_json_get_string(document, "not_tried");
	size_t i, nr = json_array_size(advice);

	fputs("<section class=\"advice\"><h2>What would make it fit</h2>\n",
	      out);
	if (goal)
		irqm_html(out, "<p>To fit: %s.</p>\n", goal);
	irqm_html(out, "<p>%j</p>\n", json_object_get(document, "text"));
	if (next)
		irqm_html(out, "<p><code>%s</code></p>\n", next);
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
	if (not_tried)
		irqm_html(out, "<p>%s</p>\n", not_tried);
	put_after(out, document);
	fputs("</section>\n", out);
}
