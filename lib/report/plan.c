/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes what a plan says, and the vectors before and after it. */
#include <string.h>

#include "report/parts.h"

/* Steps that the title names. */
#define SOME_STEPS 6

static bool same_wish(const json_t *a, const json_t *b)
{
	return json_equal(json_object_get(a, "step"),
			  json_object_get(b, "step")) &&
	       json_equal(json_object_get(a, "asked"),
			  json_object_get(b, "asked"));
}

/* "What would happen: remove vda, add virtio_blk:2x3" */
static void put_title(FILE *out, const json_t *steps)
{
	const json_t *last = NULL;
	size_t i, nr = 0;

	fputs("<h2>What would happen", out);
	for (i = 0; i < json_array_size(steps) && nr <= SOME_STEPS; i++) {
		const json_t *step = json_array_get(steps, i);

		if (last && same_wish(step, last))
			continue;
		last = step;
		if (nr++ == SOME_STEPS)
			fputs(", ...", out);
		else
			irqm_html(out, nr == 1 ? ": %j %j" : ", %j %j",
				  json_object_get(step, "step"),
				  json_object_get(step, "asked"));
	}
	fputs("</h2>\n", out);
}

/* Returns what a step is about: the number of a device that is added, the name
 * of one that is removed, or a CPU. */
static const char *subject_key(const json_t *step)
{
	return json_object_get(step, "number") ? "number" :
	       json_object_get(step, "device") ? "device" :
						 "cpu";
}

static bool is_cpu(const json_t *step)
{
	return json_object_get(step, "cpu");
}

/* The words of docs/plan.md; only added devices fit. */
static const char *end_of(const json_t *step)
{
	const char *end = irqm_json_get_string(step, "end");

	if (!end || strcmp(end, "fits") != 0 || json_object_get(step, "number"))
		return end;
	return is_cpu(step)                    ? "offline" :
	       json_object_get(step, "device") ? "gone" :
						 end;
}

/* Writes steps from first to last, with one result, as a row. The total is that
 * of the last. */
static void put_step(FILE *out, const json_t *first, const json_t *last)
{
	const char *key = subject_key(first);

	irqm_html(out, "<tr><td class=\"t\">%j %j</td><td>%s%j",
		  json_object_get(last, "step"), json_object_get(last, "asked"),
		  is_cpu(last) ? "CPU " : "", json_object_get(first, key));
	if (first != last)
		irqm_html(out, "-%j", json_object_get(last, key));
	irqm_html(out,
		  "</td><td class=\"t\">%s</td>"
		  "<td>%j</td><td>%j</td><td>%j</td></tr>\n",
		  end_of(last), json_object_get(last, "global_available"),
		  json_object_get(last, "total_allocated"),
		  json_object_get(last, "global_reserved"));
}

/* Devices that are removed have no range. */
static bool same_row(const json_t *a, const json_t *b)
{
	return same_wish(a, b) && !json_object_get(a, "device") &&
	       json_equal(json_object_get(a, "end"), json_object_get(b, "end"));
}

static void put_steps(FILE *out, const json_t *steps)
{
	size_t i, nr = json_array_size(steps), first = 0;

	fputs("<div class=\"scroll\"><table><thead><tr><th class=\"t\">step</th>"
	      "<th>device or CPU</th><th class=\"t\">result</th>"
	      "<th>available</th><th>allocated</th><th>reserved</th></tr>"
	      "</thead><tbody>\n",
	      out);
	for (i = 0; i < nr; i++) {
		const json_t *step = json_array_get(steps, i);

		if (i + 1 < nr && same_row(step, json_array_get(steps, i + 1)))
			continue;
		put_step(out, json_array_get(steps, first), step);
		first = i + 1;
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

	fputs("<section>", out);
	put_title(out, json_object_get(plan, "steps"));
	irqm_html(out, "<p class=\"verdict %s\">%j</p>\n",
		  irqm_json_get_bool(plan, "fits") == 1 ? "ok" : "critical",
		  json_object_get(plan, "text"));
	irqm_report_two_maps(out, document, json_object_get(after, "cpus"));
	fputs("<div class=\"side\"><div class=\"scroll\"><table><thead><tr>"
	      "<th class=\"t\">vectors"
	      "</th><th>before</th><th>after</th></tr></thead><tbody>\n",
	      out);
	put_row(out, "available", before, after, "global_available");
	put_row(out, "allocated", before, after, "total_allocated");
	put_row(out, "reserved", before, after, "global_reserved");
	put_row(out, "CPUs online", before, after, "online_maps");
	fputs("</tbody></table></div>\n", out);
	put_steps(out, json_object_get(plan, "steps"));
	fputs("</div></section>\n", out);
}

void irqm_report_plan(FILE *out, const json_t *document, const json_t *plan)
{
	const json_t *plans = json_object_get(plan, "plans");
	size_t i;

	for (i = 0; i < json_array_size(plans); i++)
		put_plan(out, document, json_array_get(plans, i));
	fputs("<h2>As dumped</h2>\n", out);
}
