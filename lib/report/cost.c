/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes tables of the costs, with bars. */
#include <string.h>

#include "report/parts.h"

irqm_num irqm_report_capacity(const json_t *document)
{
	const json_t *matrix = json_object_get(document, "matrix");
	const json_t *accounting = json_object_get(document, "accounting");

	return irqm_add(irqm_json_get_num(matrix, "global_available"),
			irqm_json_get_num(accounting, "lost"));
}

/* Devices to show at once; the others are in a fold. */
#define SOME_DEVICES 20
#define MAX_UNREAD 500

static void put_figures(FILE *out, const json_t *o, irqm_num whole)
{
	irqm_num cost = irqm_json_get_num(o, "cost");
	irqm_num idle = irqm_json_get_num(o, "idle_reserved");

	irqm_html(out, "<td>%n</td>", cost);
	irqm_report_bar(out, cost, idle, whole);
	irqm_html(out, "<td>%j</td><td>%j</td><td>%n</td><td>%j</td>",
		  json_object_get(o, "allocated"),
		  json_object_get(o, "managed_reserved"), idle,
		  json_object_get(o, "reserved"));
}

#define FIGURES(of)                                                            \
	"<th>cost</th><th class=\"t\">" of "</th>"                             \
	"<th>allocated</th><th>managed</th><th>idle</th>"                      \
	"<th>reserved</th>"

static void put_named(FILE *out, const char *name, const json_t *devices,
		      const json_t *o, irqm_num whole)
{
	irqm_html(out, "<tr><td class=\"t\">%s</td>",
		  name && !*name ? "(no driver)" : name);
	if (devices)
		irqm_html(out, "<td>%j</td>", devices);
	else
		fputs("<td></td>", out);
	put_figures(out, o, whole);
	fputs("</tr>\n", out);
}

void irqm_report_drivers(FILE *out, const json_t *document, size_t limit)
{
	const json_t *accounting = json_object_get(document, "accounting");
	const json_t *drivers = json_object_get(accounting, "drivers");
	irqm_num whole = irqm_report_capacity(document);
	size_t i, nr = json_array_size(drivers);

	fputs("<section><h2>Cost by driver</h2>\n<p class=\"note\">Cost: the "
	      "vectors that become available if the devices are unplugged. The "
	      "amber part of a bar is idle managed reservations.</p>\n"
	      "<div class=\"scroll\"><table><thead><tr><th class=\"t\">driver"
	      "</th><th>devices</th>" FIGURES(
		      "share of all vectors") "</tr></thead><tbody>\n",
	      out);
	for (i = 0; i < nr && i < limit; i++) {
		const json_t *d = json_array_get(drivers, i);

		put_named(out, irqm_json_get_string(d, "driver"),
			  json_object_get(d, "devices"), d, whole);
	}
	if (nr > limit)
		irqm_html(out, "<tr><td class=\"t\">and %u more</td></tr>",
			  (unsigned int)(nr - limit));
	put_named(out, "(no MSI device)", NULL,
		  json_object_get(accounting, "no_msi_device"), whole);
	irqm_html(out,
		  "<tr><td class=\"t\">(unattributed)</td><td></td>"
		  "<td>%j</td></tr>\n</tbody></table></div></section>\n",
		  json_object_get(accounting, "unattributed"));
}

static void put_device_rows(FILE *out, const json_t *devices, size_t from,
			    size_t to, irqm_num whole)
{
	size_t i, k;

	fputs("<div class=\"scroll\"><table><thead><tr><th class=\"t\">device"
	      "</th><th class=\"t\">driver</th><th class=\"t\">consumers</th>"
	      "<th>node</th><th>IRQs</th>" FIGURES(
		      "beside the first") "</tr></thead><tbody>\n",
	      out);
	for (i = from; i < to; i++) {
		const json_t *d = json_array_get(devices, i);
		const json_t *consumers = json_object_get(d, "consumers");

		irqm_html(out,
			  "<tr><td class=\"t\">%j</td><td class=\"t\">%j"
			  "</td><td class=\"t\">",
			  json_object_get(d, "device"),
			  json_object_get(d, "driver"));
		for (k = 0; k < json_array_size(consumers) && k < 8; k++)
			irqm_html(out, k ? ", %j" : "%j",
				  json_object_get(json_array_get(consumers, k),
						  "name"));
		irqm_html(out, "</td><td>%j</td><td>%j</td>",
			  json_object_get(d, "node"),
			  json_object_get(d, "irqs"));
		put_figures(out, d, whole);
		fputs("</tr>\n", out);
	}
	fputs("</tbody></table></div>\n", out);
}

void irqm_report_devices(FILE *out, const json_t *document)
{
	const json_t *devices = json_object_get(document, "devices");
	/* bars are relative to the most expensive device, because each device
	 * has only a small part of all vectors */
	irqm_num whole = irqm_json_get_num(json_array_get(devices, 0), "cost");
	size_t nr = json_array_size(devices);
	size_t some = nr > SOME_DEVICES + 5 ? SOME_DEVICES : nr;

	fputs("<section><h2>Cost by device</h2>\n", out);
	put_device_rows(out, devices, 0, some, whole);
	if (some < nr) {
		irqm_html(out, "<details><summary>%u more devices</summary>",
			  (unsigned int)(nr - some));
		put_device_rows(out, devices, some, nr, whole);
		fputs("</details>", out);
	}
	fputs("</section>\n", out);
}

/* Only the pool of a node has a node number. */
static void put_pool_cell(FILE *out, const json_t *pool, const char *key)
{
	const char *kind = irqm_json_get_string(pool, "pool");

	if (strcmp(key, "node") == 0 && kind && strcmp(kind, "node") != 0)
		fputs("<td>-</td>", out);
	else
		irqm_html(out, "<td>%j</td>", json_object_get(pool, key));
}

void irqm_report_pools(FILE *out, const json_t *document)
{
	static const char *const keys[] = {
		"pool",      "node",     "cpus",
		"online",    "capacity", "available",
		"allocated", "managed",  "managed_allocated",
		"idle",
	};
	const json_t *pools = json_object_get(
		json_object_get(document, "accounting"), "pools");
	size_t i, k;

	if (!json_array_size(pools))
		return;
	fputs("<section><h2>Nodes and other sets of CPUs</h2>\n"
	      "<div class=\"scroll\"><table><thead><tr>",
	      out);
	for (k = 0; k < ARRAY_SIZE(keys); k++)
		irqm_html(out, "<th>%s</th>", keys[k]);
	fputs("</tr></thead><tbody>\n", out);
	for (i = 0; i < json_array_size(pools); i++) {
		fputs("<tr>", out);
		for (k = 0; k < ARRAY_SIZE(keys); k++)
			put_pool_cell(out, json_array_get(pools, i), keys[k]);
		fputs("</tr>\n", out);
	}
	fputs("</tbody></table></div></section>\n", out);
}

void irqm_report_unread(FILE *out, const json_t *document)
{
	const json_t *unread = json_object_get(document, "unread");
	irqm_num dropped = irqm_json_get_num(document, "unread_dropped");
	size_t i, nr = json_array_size(unread);

	if (!nr)
		return;
	irqm_html(out,
		  "<section><h2>What could not be read</h2>\n<details>"
		  "<summary>%n parts</summary><ul>\n",
		  irqm_add(nr, dropped == IRQM_UNKNOWN ? 0 : dropped));
	for (i = 0; i < nr && i < MAX_UNREAD; i++) {
		const json_t *u = json_array_get(unread, i);

		irqm_html(out, "<li>%j: %j</li>\n", json_object_get(u, "what"),
			  json_object_get(u, "why"));
	}
	if (nr > MAX_UNREAD)
		fputs("<li>and more</li>\n", out);
	fputs("</ul></details></section>\n", out);
}
