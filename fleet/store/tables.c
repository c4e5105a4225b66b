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

#define INT(name)                                                              \
	{                                                                      \
		name, IRQM_CELL_INT, false, NULL, NULL                         \
	}
#define INT_AT(name, from)                                                     \
	{                                                                      \
		name, IRQM_CELL_INT, false, from, NULL                         \
	}
#define INT_BY(name, make)                                                     \
	{                                                                      \
		name, IRQM_CELL_INT, false, NULL, make                         \
	}
#define BOOL(name)                                                             \
	{                                                                      \
		name, IRQM_CELL_BOOL, false, NULL, NULL                        \
	}
#define TEXT(name)                                                             \
	{                                                                      \
		name, IRQM_CELL_TEXT, false, NULL, NULL                        \
	}
#define TEXT_AT(name, from)                                                    \
	{                                                                      \
		name, IRQM_CELL_TEXT, false, from, NULL                        \
	}

/*
 * The columns of a row type in lib/facts: its numbers, booleans and names. Its
 * sets, addresses and nested values are only in the document.
 */
#define KEY_COLUMN(key, type) KEY_COLUMN_##type(key)
#define KEY_COLUMN_INDEX(key) { key, IRQM_CELL_INT, true, NULL, NULL },
#define KEY_COLUMN_NUM(key) INT(key),
#define KEY_COLUMN_BOOL(key) BOOL(key),
#define KEY_COLUMN_NAME(key) TEXT(key),
#define KEY_COLUMN_BITS(key)
#define KEY_COLUMN_ADDRESS(key)
#define KEY_COLUMN_NEST(key)

static const struct irqm_rows_column dumps[] = {
	TEXT_AT("release", "dump.release"),
	TEXT_AT("build_id", "dump.build_id"),
	TEXT_AT("arch", "dump.arch"),
	TEXT_AT("format", "dump.format"),
	INT_AT("crash_time", "dump.crash_time"),
	TEXT("machine"),
	INT_BY("cpus_possible", count_possible),
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
	INT_BY("unread", count_unread),
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
	{ "consumers", IRQM_CELL_JSON, false, NULL, NULL },
#define KEYED KEY_COLUMN
#include "facts/device.def"
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
	{ "packed", IRQM_CELL_PACKED, true, NULL, whole_document },
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
