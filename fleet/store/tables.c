/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/store/tables.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The members of a cpulist; null if it is none. */
static json_t *count_list(const json_t *list)
{
	const char *s = json_string_value(list);
	json_int_t count = 0;
	unsigned long a, b;
	char *end;

	if (!s)
		return json_null();
	for (; *s; s = end + (*end == ',')) {
		a = b = strtoul(s, &end, 10);
		if (*end == '-')
			b = strtoul(end + 1, &end, 10);
		if (end == s || b < a || b > UINT32_MAX || (*end && *end != ','))
			return json_null();
		count += b - a + 1;
	}
	return json_integer(count);
}

static json_t *possible(const struct irqm_rows_source *src, const json_t *row)
{
	(void)src;
	return count_list(irqm_rows_at(row, "dump.cpus_possible"));
}

static json_t *unread(const struct irqm_rows_source *src, const json_t *row)
{
	const json_t *list = json_object_get(row, "unread");
	json_int_t dropped =
		json_integer_value(json_object_get(row, "unread_dropped"));

	(void)src;
	if (!json_is_array(list))
		return json_null();
	return json_integer(json_array_size(list) + dropped);
}

/* Is the list null, or ends in null: there may be more? */
static bool is_cut(const json_t *list)
{
	size_t nr = json_array_size(list);

	return json_is_null(list) ||
	       (nr && json_is_null(json_array_get(list, nr - 1)));
}

/* As irqm_device_driver(): virtio-pci says little. */
static json_t *kind(const struct irqm_rows_source *src, const json_t *row)
{
	const json_t *list = json_object_get(row, "consumers"), *c;
	json_t *driver = json_object_get(row, "driver");
	const char *what;
	size_t i;

	(void)src;
	json_array_foreach(list, i, c) {
		what = json_string_value(json_object_get(c, "kind"));
		if (what && strcmp(what, "virtio") == 0 &&
		    json_is_string(json_object_get(c, "driver")))
			return json_incref(json_object_get(c, "driver"));
	}
	what = json_string_value(driver);
	if (is_cut(list) && what && strcmp(what, "virtio-pci") == 0)
		return json_null();
	return driver ? json_incref(driver) : json_null();
}

static json_t *managed(const struct irqm_rows_source *src, const json_t *row)
{
	const char *name = json_string_value(json_object_get(row, "device"));
	json_t *count;

	if (!name || !json_is_true(json_object_get(src->document,
						   "irqs_complete")))
		return json_null();
	count = json_object_get(src->managed, name);
	return count ? json_incref(count) : json_integer(0);
}

static json_t *whole(const struct irqm_rows_source *src, const json_t *row)
{
	(void)src;
	return json_incref((json_t *)row);
}

#define INT(name) { name, IRQM_CELL_INT, false, NULL, NULL }
#define INT_AT(name, from) { name, IRQM_CELL_INT, false, from, NULL }
#define INT_BY(name, make) { name, IRQM_CELL_INT, false, NULL, make }
#define BOOL(name) { name, IRQM_CELL_BOOL, false, NULL, NULL }
#define TEXT(name) { name, IRQM_CELL_TEXT, false, NULL, NULL }
#define TEXT_AT(name, from) { name, IRQM_CELL_TEXT, false, from, NULL }

/* What a device, a driver or a rest costs. */
#define COST INT("irqs"), INT("allocated"), INT("managed_reserved"),          \
	INT("managed_reserved_offline"), INT("idle_reserved"),                \
	INT("reserved"), INT("cost")

static const struct irqm_rows_column dumps[] = {
	TEXT_AT("release", "dump.release"),
	TEXT_AT("build_id", "dump.build_id"),
	TEXT_AT("arch", "dump.arch"),
	TEXT_AT("format", "dump.format"),
	INT_AT("crash_time", "dump.crash_time"),
	{ "machine", IRQM_CELL_TEXT, false, NULL, irqm_rows_machine },
	INT_BY("cpus_possible", possible),
	INT_AT("online_maps", "matrix.online_maps"),
	INT_AT("alloc_size", "matrix.alloc_size"),
	INT_AT("systembits_inalloc", "matrix.systembits_inalloc"),
	INT_AT("global_available", "matrix.global_available"),
	INT_AT("global_reserved", "matrix.global_reserved"),
	INT_AT("total_allocated", "matrix.total_allocated"),
	INT_AT("lost", "accounting.lost"),
	INT_AT("unattributed", "accounting.unattributed"),
	INT_AT("no_msi_device", "accounting.no_msi_device.cost"),
	BOOL("irqs_complete"),
	INT_BY("unread", unread),
};

static const struct irqm_rows_column cpus[] = {
	{ "cpu", IRQM_CELL_INT, true, NULL, NULL },
	BOOL("online"),
	BOOL("initialized"),
	INT("available"),
	INT("allocated"),
	INT("managed"),
	INT("managed_allocated"),
	INT("idle"),
	INT("node"),
};

static const struct irqm_rows_column drivers[] = {
	TEXT("driver"),
	INT("devices"),
	COST,
};

static const struct irqm_rows_column devices[] = {
	TEXT("device"),
	TEXT("bus"),
	TEXT("driver"),
	{ "kind", IRQM_CELL_TEXT, false, NULL, kind },
	{ "consumers", IRQM_CELL_JSON, false, NULL, NULL },
	INT("node"),
	COST,
	INT_BY("managed_irqs", managed),
	INT("msi_descs"),
	INT("pci_class"),
	INT("pci_vendor"),
	INT("pci_device"),
};

static const struct irqm_rows_column findings[] = {
	{ "code", IRQM_CELL_TEXT, true, NULL, NULL },
	{ "severity", IRQM_CELL_TEXT, true, NULL, NULL },
	{ "text", IRQM_CELL_TEXT, true, NULL, NULL },
	{ "data", IRQM_CELL_JSON, true, NULL, NULL },
};

static const struct irqm_rows_column unreads[] = {
	TEXT("what"),
	TEXT("why"),
};

static const struct irqm_rows_column documents[] = {
	{ "packed", IRQM_CELL_PACKED, true, NULL, whole },
};

#define TABLE(name, from, max) { #name, from, max, name, COUNT(name) }

const struct irqm_rows_table irqm_rows_tables[IRQM_ROWS_NR_TABLES] = {
	TABLE(dumps, NULL, 1),
	TABLE(cpus, "cpus", 1 << 16),
	TABLE(drivers, "accounting.drivers", 1 << 16),
	TABLE(devices, "devices", 1 << 16),
	TABLE(findings, "findings", 1 << 12),
	{ "unread", "unread", 1 << 16, unreads, COUNT(unreads) },
	TABLE(documents, NULL, 1),
};
