/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes the cost of each device. Equal neighbours share a row, as in text;
 * below, in a fold, each has its own. */
#include <string.h>

#include "report/parts.h"

/* Fewer devices than this are not folded: that would not save lines. */
#define MIN_FOLD 4

/* Rows to show at once. */
#define SOME_ROWS 25

/* Limits on the names in a cell. */
#define SOME_NAMES 4
#define MAX_NAMES 8

/* What devices in one row have in common; that is also what is added up. */
static const char *const counts[] = {
	"cost",          "irqs",     "allocated", "managed_reserved",
	"idle_reserved", "reserved",
};

static const json_t *consumer_at(const json_t *device, size_t i)
{
	return json_array_get(json_object_get(device, "consumers"), i);
}

static size_t nr_consumers(const json_t *device)
{
	return json_array_size(json_object_get(device, "consumers"));
}

/* A null in place of the last one: there are more, which are not known. */
static bool has_all_consumers(const json_t *device)
{
	size_t nr = nr_consumers(device);

	return nr && !json_is_null(consumer_at(device, nr - 1));
}

/* Unknown values equal nothing. */
static bool same_value(const json_t *a, const json_t *b, const char *key)
{
	const json_t *value = json_object_get(a, key);

	return value && !json_is_null(value) &&
	       json_equal(value, json_object_get(b, key));
}

static bool are_alike(const json_t *a, const json_t *b)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(counts); i++)
		if (!same_value(a, b, counts[i]))
			return false;
	return has_all_consumers(a) && has_all_consumers(b) &&
	       same_value(a, b, "driver") && same_value(a, b, "kind") &&
	       json_equal(json_object_get(a, "node"),
			  json_object_get(b, "node")) &&
	       nr_consumers(a) == nr_consumers(b);
}

static size_t count_alike(const json_t *devices, size_t first)
{
	const json_t *one = json_array_get(devices, first);
	size_t nr = json_array_size(devices), end = first + 1;

	while (end < nr && are_alike(one, json_array_get(devices, end)))
		end++;
	return end - first < MIN_FOLD ? 1 : end - first;
}

static void put_none(FILE *out, const json_t *device)
{
	const json_t *consumers = json_object_get(device, "consumers");

	if (!json_array_size(consumers))
		fputc(json_is_array(consumers) ? '-' : '?', out);
}

/* Writes what people call the device: the consumers without a driver (vda,
 * eth0) or, if there are none, all of them (virtio1). */
static void put_names(FILE *out, const json_t *device)
{
	bool leaf = false;
	size_t i, nr = 0;

	for (i = 0; i < nr_consumers(device); i++)
		leaf |= !irqm_json_get_string(consumer_at(device, i), "driver");
	for (i = 0; i < nr_consumers(device) && nr < SOME_NAMES; i++) {
		const json_t *c = consumer_at(device, i);

		if (leaf && irqm_json_get_string(c, "driver"))
			continue;
		irqm_html(out, nr++ ? " %j" : "%j", json_object_get(c, "name"));
	}
	put_none(out, device);
}

static void put_all_names(FILE *out, const json_t *device)
{
	size_t i;

	for (i = 0; i < nr_consumers(device) && i < MAX_NAMES; i++)
		irqm_html(out, i ? ", %j" : "%j",
			  json_object_get(consumer_at(device, i), "name"));
	if (i < nr_consumers(device))
		fputs(", ...", out);
	put_none(out, device);
}

static void put_driver(FILE *out, const json_t *device)
{
	const char *driver = irqm_json_get_string(device, "driver");
	const char *kind = irqm_json_get_string(device, "kind");

	irqm_html(out, "<td class=\"t\">%s", driver);
	if (kind && *kind && (!driver || strcmp(kind, driver) != 0))
		irqm_html(out, ", %s", kind);
	fputs("</td>", out);
}

static void put_node(FILE *out, const json_t *device)
{
	irqm_num node = irqm_json_get_num(device, "node");

	irqm_html(out, node == -1 ? "<td>-</td>" : "<td>%n</td>", node);
}

/* Returns the counts of n devices that are like this one. */
static json_t *sum_of(const json_t *device, size_t n)
{
	json_t *sum = json_object();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		irqm_num one = irqm_json_get_num(device, counts[i]), all = 0;
		size_t k;

		for (k = 0; k < n; k++)
			all = irqm_add(all, one);
		json_object_set_new(sum, counts[i],
				    all == IRQM_UNKNOWN ? json_null() :
							  json_integer(all));
	}
	return sum;
}

static void put_row(FILE *out, const json_t *devices, size_t first, size_t n,
		    irqm_num whole)
{
	const json_t *d = json_array_get(devices, first);
	const json_t *last = json_array_get(devices, first + n - 1);
	json_t *sum = sum_of(d, n);

	fputs("<tr><td class=\"t\">", out);
	if (n > 1)
		irqm_html(out, "%u devices, %j each:<br>%j .. ",
			  (unsigned int)n, json_object_get(d, "cost"),
			  json_object_get(d, "device"));
	irqm_html(out, "%j</td>", json_object_get(last, "device"));
	put_driver(out, d);
	fputs("<td class=\"t\">", out);
	put_names(out, d);
	if (n > 1) {
		fputs(" .. ", out);
		put_names(out, last);
	}
	fputs("</td>", out);
	put_node(out, d);
	irqm_html(out, "<td>%j</td>", json_object_get(sum, "irqs"));
	irqm_report_figures(out, sum, whole);
	fputs("</tr>\n", out);
	json_decref(sum);
}

#define TITLES                                                                 \
	"<div class=\"scroll\"><table><thead><tr><th class=\"t\">device</th>"  \
	"<th class=\"t\">driver</th><th class=\"t\">used as</th>"              \
	"<th>node</th><th>IRQs</th>"

/* Returns how many devices have a row of their own. */
static size_t put_rows(FILE *out, const json_t *devices, irqm_num whole)
{
	size_t i, n, rows, nr = json_array_size(devices), single = 0;

	fputs(TITLES IRQM_REPORT_FIGURES "</tr></thead><tbody>\n", out);
	for (i = rows = 0; i < nr && rows < SOME_ROWS; i += n, rows++) {
		n = count_alike(devices, i);
		put_row(out, devices, i, n, whole);
		single += n == 1;
	}
	fputs("</tbody>", out);
	if (i < nr)
		irqm_html(out,
			  "<tfoot><tr><td class=\"t\">and %u more %s</td></tr>"
			  "</tfoot>",
			  (unsigned int)(nr - i),
			  irqm_plural(nr - i, "device", "devices"));
	fputs("</table></div>\n", out);
	return single;
}

static void put_each(FILE *out, const json_t *devices)
{
	size_t i, nr = json_array_size(devices);

	irqm_html(out,
		  "<details><summary>Each of the %u devices</summary>\n" TITLES
		  "<th>cost</th><th>allocated</th><th>managed</th>"
		  "<th>managed, idle</th><th>reserved</th></tr></thead>"
		  "<tbody>\n",
		  (unsigned int)nr);
	for (i = 0; i < nr; i++) {
		const json_t *d = json_array_get(devices, i);

		irqm_html(out, "<tr><td class=\"t\">%j</td>",
			  json_object_get(d, "device"));
		put_driver(out, d);
		fputs("<td class=\"t\">", out);
		put_all_names(out, d);
		fputs("</td>", out);
		put_node(out, d);
		irqm_html(out,
			  "<td>%j</td><td>%j</td><td>%j</td><td>%j</td>"
			  "<td>%j</td><td>%j</td></tr>\n",
			  json_object_get(d, "irqs"),
			  json_object_get(d, "cost"),
			  json_object_get(d, "allocated"),
			  json_object_get(d, "managed_reserved"),
			  json_object_get(d, "idle_reserved"),
			  json_object_get(d, "reserved"));
	}
	fputs("</tbody></table></div></details>\n", out);
}

void irqm_report_devices(FILE *out, const json_t *document)
{
	const json_t *devices = json_object_get(document, "devices");
	irqm_num whole = irqm_report_capacity(document);
	size_t nr = json_array_size(devices);

	fputs("<section class=\"find\"><h2>Cost by device</h2>\n", out);
	if (!nr)
		fputs("<p>No device has MSI interrupts.</p>\n", out);
	else if (put_rows(out, devices, whole) < nr)
		put_each(out, devices);
	fputs("</section>\n", out);
}
