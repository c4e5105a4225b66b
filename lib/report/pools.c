/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes the vectors of each set of CPUs: nodes, the default affinity, the
 * housekeeping CPUs. */
#include <string.h>

#include "report/parts.h"

static const struct {
	const char *key, *words;
} columns[] = {
	{ "cpus", "CPUs" },
	{ "online", "online" },
	{ "capacity", "vectors" },
	{ "available", "available" },
	{ "allocated", "allocated" },
	{ "managed", "managed" },
	{ "managed_allocated", "managed, in use" },
	{ "idle", "managed, idle" },
};

static void put_name(FILE *out, const json_t *pool)
{
	const char *kind = irqm_json_get_string(pool, "pool");
	irqm_num node = irqm_json_get_num(pool, "node");

	if (!kind)
		irqm_html(out, "?");
	else if (strcmp(kind, "node") == 0)
		irqm_html(out, node == -1 ? "no NUMA node" : "node %n", node);
	else if (strcmp(kind, "default_affinity") == 0)
		irqm_html(out, "default affinity");
	else if (strcmp(kind, "housekeeping_managed") == 0)
		irqm_html(out, "housekeeping CPUs of managed interrupts");
	else
		irqm_html(out, "%s", kind);
}

void irqm_report_pools(FILE *out, const json_t *document)
{
	const json_t *pools = json_object_get(
		json_object_get(document, "accounting"), "pools");
	size_t i, k;

	if (!json_array_size(pools))
		return;
	fputs("<section><h2>Nodes and other sets of CPUs</h2>\n"
	      "<div class=\"scroll\"><table><thead><tr>"
	      "<th class=\"t\">set</th>",
	      out);
	for (k = 0; k < ARRAY_SIZE(columns); k++)
		irqm_html(out, k ? "<th>%s</th>" : "<th class=\"t\">%s</th>",
			  columns[k].words);
	fputs("</tr></thead><tbody>\n", out);
	for (i = 0; i < json_array_size(pools); i++) {
		const json_t *pool = json_array_get(pools, i);

		fputs("<tr><td class=\"t\">", out);
		put_name(out, pool);
		fputs("</td>", out);
		for (k = 0; k < ARRAY_SIZE(columns); k++)
			irqm_html(out,
				  k ? "<td>%j</td>" :
				      "<td class=\"t w\">%j</td>",
				  json_object_get(pool, columns[k].key));
		fputs("</tr>\n", out);
	}
	fputs("</tbody></table></div></section>\n", out);
}
