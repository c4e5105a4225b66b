/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes the cost of each driver, with bars. */
#include "report/parts.h"

irqm_num irqm_report_capacity(const json_t *document)
{
	const json_t *matrix = json_object_get(document, "matrix");
	const json_t *accounting = json_object_get(document, "accounting");

	return irqm_add(irqm_json_get_num(matrix, "global_available"),
			irqm_json_get_num(accounting, "lost"));
}

void irqm_report_bar_legend(FILE *out)
{
	fputs("<ul class=\"legend\"><li><span class=\"u\"></span>unmanaged"
	      "</li><li><span class=\"m\"></span>managed, in use</li><li>"
	      "<span class=\"i\"></span>managed, idle</li></ul>\n",
	      out);
}

void irqm_report_figures(FILE *out, const json_t *cost, irqm_num whole)
{
	irqm_num sum = irqm_json_get_num(cost, "cost");
	irqm_num managed = irqm_json_get_num(cost, "managed_reserved");
	irqm_num idle = irqm_json_get_num(cost, "idle_reserved");

	irqm_html(out, "<td>%n</td>", sum);
	irqm_report_bar(out, sum, managed, idle, whole);
	irqm_html(out, "<td>%j</td><td>%n</td><td>%n</td><td>%j</td>",
		  json_object_get(cost, "allocated"), managed, idle,
		  json_object_get(cost, "reserved"));
}

static void put_named(FILE *out, const char *name, const json_t *devices,
		      const json_t *cost, irqm_num whole)
{
	irqm_html(out, "<tr><td class=\"t\">%s</td>",
		  name && !*name ? "(no driver)" : name);
	if (devices)
		irqm_html(out, "<td>%j</td>", devices);
	else
		fputs("<td></td>", out);
	irqm_report_figures(out, cost, whole);
	fputs("</tr>\n", out);
}

void irqm_report_drivers(FILE *out, const json_t *document, size_t limit)
{
	const json_t *accounting = json_object_get(document, "accounting");
	const json_t *drivers = json_object_get(accounting, "drivers");
	irqm_num whole = irqm_report_capacity(document);
	size_t i, nr = json_array_size(drivers);

	fputs("<section><h2>Cost by driver</h2>\n<p class=\"note\">Cost: the "
	      "vectors that become available if the devices are unplugged."
	      "</p>\n",
	      out);
	irqm_report_bar_legend(out);
	fputs("<div class=\"scroll\"><table><thead><tr><th class=\"t\">driver"
	      "</th><th>devices</th>" IRQM_REPORT_FIGURES
	      "</tr></thead><tbody>\n",
	      out);
	for (i = 0; i < nr && i < limit; i++) {
		const json_t *d = json_array_get(drivers, i);

		put_named(out, irqm_json_get_string(d, "driver"),
			  json_object_get(d, "devices"), d, whole);
	}
	fputs("</tbody><tfoot>\n", out);
	if (nr > limit)
		irqm_html(out, "<tr><td class=\"t\">and %u more</td></tr>\n",
			  (unsigned int)(nr - limit));
	put_named(out, "(no MSI device)", NULL,
		  json_object_get(accounting, "no_msi_device"), whole);
	irqm_html(out,
		  "<tr><td class=\"t\">(unattributed)</td><td></td>"
		  "<td>%j</td></tr>\n</tfoot></table></div></section>\n",
		  json_object_get(accounting, "unattributed"));
}
