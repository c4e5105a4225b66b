/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/store/tables.h"

/* Returns the number of possible CPUs, which are all in cpus[]. */
static json_t *count_possible(const json_t *document)
{
	if (!json_is_string(irqm_rows_at(document, "dump.cpus_possible")))
		return json_null();
	return json_integer(json_array_size(json_object_get(document, "cpus")));
}

static json_t *count_unread(const json_t *document)
{
	const json_t *list = json_object_get(document, "unread");
	json_int_t dropped =
		json_integer_value(json_object_get(document, "unread_dropped"));

	if (!json_is_array(list))
		return json_null();
	return json_integer(json_array_size(list) + dropped);
}

static json_t *whole_document(const json_t *document)
{
	return json_incref((json_t *)document);
}

#define COLUMN_OF(what, key, ...)                                              \
	{                                                                      \
		.name = key, .type = IRQM_CELL_##what, __VA_ARGS__             \
	}

/*
 * The columns of a row type in lib/facts: its numbers, booleans and names. Its
 * sets, addresses and nested values are only in the document.
 */
#define KEY_COLUMN(key, type) KEY_COLUMN_##type(key)
#define KEY_COLUMN_INDEX(key) COLUMN_OF(INT, key, .required = true),
#define KEY_COLUMN_NUM(key) COLUMN_OF(INT, key),
#define KEY_COLUMN_BOOL(key) COLUMN_OF(BOOL, key),
#define KEY_COLUMN_NAME(key) COLUMN_OF(TEXT, key),
#define KEY_COLUMN_BITS(key)
#define KEY_COLUMN_ADDRESS(key)
#define KEY_COLUMN_NEST(key)

static const struct irqm_rows_column dumps[] = {
	COLUMN_OF(TEXT, "release", .from = "dump.release"),
	COLUMN_OF(TEXT, "build_id", .from = "dump.build_id"),
	COLUMN_OF(TEXT, "arch", .from = "dump.arch"),
	COLUMN_OF(TEXT, "format", .from = "dump.format"),
	COLUMN_OF(INT, "crash_time", .from = "dump.crash_time"),
	COLUMN_OF(TEXT, "machine"),
	COLUMN_OF(TEXT, "hostname", .from = "dump.hostname"),
	COLUMN_OF(TEXT, "hardware", .from = "dump.hardware"),
	COLUMN_OF(INT, "memory", .from = "dump.memory"),
	COLUMN_OF(INT, "uptime", .from = "dump.uptime"),
	COLUMN_OF(TEXT, "panic", .from = "dump.panic"),
	COLUMN_OF(TEXT, "verdict", .from = "verdict.text"),
	COLUMN_OF(INT, "cpus_possible", .make = count_possible),
	COLUMN_OF(INT, "online_maps", .from = "matrix.online_maps"),
	COLUMN_OF(INT, "alloc_size", .from = "matrix.alloc_size"),
	COLUMN_OF(INT, "systembits_inalloc",
		  .from = "matrix.systembits_inalloc"),
	COLUMN_OF(INT, "global_available", .from = "matrix.global_available"),
	COLUMN_OF(INT, "global_reserved", .from = "matrix.global_reserved"),
	COLUMN_OF(INT, "total_allocated", .from = "matrix.total_allocated"),
	COLUMN_OF(INT, "lost", .from = "accounting.lost"),
	COLUMN_OF(INT, "unattributed", .from = "accounting.unattributed"),
	COLUMN_OF(INT, "no_msi_device",
		  .from = "accounting.no_msi_device.cost"),
	COLUMN_OF(BOOL, "irqs_complete"),
	COLUMN_OF(INT, "unread", .make = count_unread),
};

static const struct irqm_rows_column cpus[] = {
#define KEYED KEY_COLUMN
#include "facts/cpu.def"
};

static const struct irqm_rows_column drivers[] = {
#define KEYED KEY_COLUMN
#include "facts/driver.def"
};

static const struct irqm_rows_column devices[] = {
	COLUMN_OF(JSON, "consumers"),
#define KEYED KEY_COLUMN
#include "facts/device.def"
};

static const struct irqm_rows_column findings[] = {
	COLUMN_OF(TEXT, "code", .required = true),
	COLUMN_OF(TEXT, "severity", .required = true),
	COLUMN_OF(TEXT, "text", .required = true),
	COLUMN_OF(JSON, "data", .required = true),
};

static const struct irqm_rows_column unreads[] = {
	COLUMN_OF(TEXT, "what"),
	COLUMN_OF(TEXT, "why"),
};

static const struct irqm_rows_column documents[] = {
	COLUMN_OF(PACKED, "packed", .required = true, .make = whole_document),
};

#define TABLE(name, from, max)                                                 \
	{                                                                      \
#name, from, max, name, ARRAY_SIZE(name)                       \
	}

const struct irqm_rows_table irqm_rows_tables[IRQM_ROWS_NR_TABLES] = {
	TABLE(dumps, NULL, 1),
	TABLE(cpus, "cpus", 1 << 16),
	TABLE(drivers, "accounting.drivers", 1 << 16),
	TABLE(devices, "devices", 1 << 16),
	TABLE(findings, "findings", 1 << 12),
	{ "unread", "unread", 1 << 16, unreads, ARRAY_SIZE(unreads) },
	TABLE(documents, NULL, 1),
};
