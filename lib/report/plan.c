/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes the matrix before and after a plan. */
#include "report/parts.h"

static void put_step(FILE *out, const json_t *step)
{
	irqm_html(out,
		  "<tr><td class=\"t\">%j %j</td><td class=\"t\">%j</td>"
		  "<td>%j</td><td>%j</td><td>%j</td></tr>\n",
		  json_object_get(step, "step"), json_object_get(step, "asked"),
		  json_object_get(step, "end"),
		  json_object_get(step, "global_available"),
		  json_object_get(step, "total_allocated"),
		  json_object_get(step, "global_reserved"));
}

static bool same_step(const json_t *a, const json_t *b)
{
	return json_equal(json_object_get(a, "asked"),
			  json_object_get(b, "asked")) &&
	       json_equal(json_object_get(a, "end"), json_object_get(b, "end"));
}

/* Of several steps with the same result, writes only the last one, whose
 * figures are the total. */
static void put_steps(FILE *out, const json_t *steps)
{
	size_t i, nr = json_array_size(steps), alike = 0;

	fputs("<div class=\"scroll\"><table><thead><tr><th class=\"t\">step</th>"
	      "<th class=\"t\">result</th><th>available</th>"
	      "<th>allocated</th><th>reserved</th></tr></thead><tbody>\n",
	      out);
	for (i = 0; i < nr; i++) {
		const json_t *step = json_array_get(steps, i);

		alike++;
		if (i + 1 < nr && same_step(step, json_array_get(steps, i + 1)))
			continue;
		if (alike > 1)
			irqm_html(out,
				  "<tr><td class=\"t\">%u equal rows, the "
				  "last:</td></tr>\n",
				  (unsigned int)alike);
		put_step(out, step);
		alike = 0;
	}
	fputs("</tbody></table></div>\n", out);
}

static void put_row(FILE *out, const char *what, const json_t *before,
		    const json_t *after, const char *key)
{
	irqm_html(out,
		  "<tr><td class=\"t\">%s</td><td>%j</td><td>%j</td></tr>"
		  "\n",
		  what, json_object_get(before, key),
		  json_object_get(after, key));
}

static void put_plan(FILE *out, const json_t *document, const json_t *plan)
{
	const json_t *before = json_object_get(document, "matrix");
	const json_t *after = json_object_get(plan, "after");

	irqm_html(out, "<p>%s</p>\n",
		  irqm_json_get_bool(plan, "fits") == 1 ?
			  "Everything fits." :
			  "Not everything fits.");
	put_steps(out, json_object_get(plan, "steps"));
	fputs("<div class=\"scroll\"><table><thead><tr><th class=\"t\">vectors"
	      "</th><th>before</th><th>after</th></tr></thead><tbody>\n",
	      out);
	put_row(out, "available", before, after, "global_available");
	put_row(out, "allocated", before, after, "total_allocated");
	put_row(out, "reserved", before, after, "global_reserved");
	put_row(out, "CPUs online", before, after, "online_maps");
	fputs("</tbody></table></div>\n<h3>Afterwards</h3>\n", out);
	irqm_report_plan_map(out, json_object_get(after, "cpus"), document);
}

void irqm_report_plan(FILE *out, const json_t *document, const json_t *plan)
{
	const json_t *plans = json_object_get(plan, "plans");
	size_t i;

	fputs("<section><h2>What would happen if</h2>\n", out);
	for (i = 0; i < json_array_size(plans); i++)
		put_plan(out, document, json_array_get(plans, i));
	fputs("</section>\n", out);
}
