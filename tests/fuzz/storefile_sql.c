/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a stranger could do to a store: the statements of the mutator. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "tests/fuzz/storefile.h"

#define PIECES_OF "replace(hex(zeroblob(%u)), '00', "
#define WRITABLE "PRAGMA writable_schema = ON; "

/* Each has one number at most. */
static const char *const statements[] = {
	"DROP VIEW machines; CREATE VIEW machines AS SELECT %u AS machine",
	"ALTER TABLE dumps RENAME TO old; CREATE VIEW dumps AS SELECT * FROM "
	"old",
	"ALTER TABLE documents RENAME TO old; CREATE VIEW documents AS WITH "
	"RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) "
	"SELECT x AS dump, zeroblob(%u) AS packed FROM c",
	"CREATE TRIGGER t AFTER INSERT ON dumps BEGIN DELETE FROM cpus; END",
	"CREATE TRIGGER t INSTEAD OF INSERT ON machines BEGIN SELECT %u; END",
	"CREATE VIRTUAL TABLE v USING fts5(x)",
	"CREATE VIRTUAL TABLE v USING rtree(id, a, b)",
	"CREATE TABLE more (x DEFAULT (%u)); INSERT INTO more VALUES (1)",
	"CREATE INDEX more ON dumps (abs(size + %u))",
	"ALTER TABLE dumps ADD COLUMN more AS (hex(zeroblob(%u)))",
	"ALTER TABLE cpus RENAME COLUMN idle TO busy",
	WRITABLE "UPDATE sqlite_master SET sql = replace(sql, 'INTEGER', "
		 "'TEXT') WHERE rowid = %u",
	WRITABLE "UPDATE sqlite_master SET rootpage = %u WHERE rowid = 1 + "
		 "abs(random() %% 9)",
	WRITABLE "UPDATE sqlite_master SET type = 'view' WHERE rowid = %u",
	WRITABLE "UPDATE sqlite_master SET name = 'sqlite_autoindex_' || name",
	WRITABLE "DELETE FROM sqlite_master WHERE rowid = %u",
	WRITABLE "INSERT INTO sqlite_master VALUES ('table', 'cpus', 'cpus', "
		 "%u, 'CREATE TABLE cpus (x)')",
	"PRAGMA user_version = %u",
	"PRAGMA application_id = %u",
	"PRAGMA journal_mode = DELETE",
	"PRAGMA encoding = 'UTF-16'",
	"PRAGMA page_size = 512; PRAGMA journal_mode = DELETE; VACUUM",
	"ANALYZE",
	"ANALYZE; UPDATE sqlite_stat1 SET stat = '1 %u'",
	"ANALYZE; INSERT INTO sqlite_stat1 SELECT * FROM sqlite_stat1, dumps",
	"UPDATE dumps SET path = hex(zeroblob(%u))",
	"UPDATE dumps SET path = zeroblob(%u)",
	"UPDATE dumps SET size = -%u",
	"UPDATE dumps SET hash = x'00'",
	"UPDATE dumps SET hash = hex(randomblob(%u))",
	"UPDATE dumps SET mtime_ns = 'text', analysed_ns = 1e300",
	"UPDATE dumps SET seconds = 9e999, peak_kib = -%u",
	"UPDATE dumps SET tool_version = char(27) || '[1m' || char(%u)",
	"PRAGMA ignore_check_constraints = 1; UPDATE dumps SET outcome = 'x'",
	"PRAGMA ignore_check_constraints = 1; UPDATE dumps SET reason = NULL",
	"INSERT INTO dumps (id, size, mtime_ns, hash, path, outcome, seconds, "
	"tool_version, analysed_ns) SELECT id + %1$u, size + id + %1$u, "
	"mtime_ns, hash, path, outcome, seconds, tool_version, "
	"analysed_ns FROM dumps WHERE outcome <> 'failed'",
	"INSERT INTO documents SELECT id, (SELECT packed FROM documents LIMIT "
	"1) FROM dumps WHERE id NOT IN (SELECT dump FROM documents)",
	"UPDATE dumps SET id = 9223372036854775807 - %u WHERE id = 2",
	"UPDATE documents SET packed = bomb(%u)",
	"UPDATE documents SET packed = zeroblob(%u)",
	"UPDATE documents SET packed = randomblob(%u)",
	"UPDATE documents SET packed = substr(packed, 1, %u)",
	"UPDATE documents SET packed = pack('[' || " PIECES_OF "'{},') || "
	"'0]')",
	"UPDATE documents SET packed = pack('{\"irqs\":[' || " PIECES_OF
	"'[],') || '0]}')",
	"UPDATE documents SET packed = pack(" PIECES_OF "'['))",
	"UPDATE documents SET packed = pack('{\"cpus\":[' || " PIECES_OF
	"'{\"cpu\":1},') || '{}]}')",
	"UPDATE documents SET packed = pack('{\"findings\":[' || " PIECES_OF
	"'{\"code\":\"<b>\",\"text\":\"\"},') || '{}]}')",
	"UPDATE documents SET packed = pack('\"' || " PIECES_OF "'<') || '\"')",
	"INSERT INTO cpus SELECT dump, n + %1$u, cpu + %1$u, online, 1, "
	"available, allocated, managed, 0, idle, node FROM cpus",
	"UPDATE cpus SET available = 'x', allocated = zeroblob(%u)",
	"UPDATE findings SET severity = '<script>', code = text, text = x'ff'",
	"UPDATE findings SET data = '[' || " PIECES_OF "'[')",
	"UPDATE devices SET driver = NULL, kind = hex(zeroblob(%u))",
	"UPDATE devices SET cost = %u, managed_irqs = -1",
	"INSERT INTO devices (dump, n, device, cost) SELECT dump, n + %u, "
	"device, -cost FROM devices",
	"DELETE FROM dumps WHERE id = %u",
	"DELETE FROM documents",
	"DROP TABLE drivers",
};
#define NR_STATEMENTS ARRAY_SIZE(statements)

static const unsigned int numbers[] = {
	0,          1,           2,       3,       5,
	17,         255,         1000,    4096,    65535,
	100000,     200000,      1000000, 8 << 20, (128 << 20) + 1,
	2147483647, 4294967295U,
};
#define NR_NUMBERS ARRAY_SIZE(numbers)

/* Inserts a new statement at this place. */
static size_t add_statement(uint8_t *data, size_t size, size_t max, size_t at,
			    unsigned int *seed)
{
	const char *form = statements[rand_r(seed) % NR_STATEMENTS];
	char text[1024];
	int len;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	len = snprintf(text, sizeof(text), form,
		       numbers[rand_r(seed) % NR_NUMBERS]);
#pragma GCC diagnostic pop
	text[len++] = '\n';
	if (size + len > max)
		return size;
	memmove(data + at + len, data + at, size - at);
	memcpy(data + at, text, len);
	return size + len;
}

/* The begin of a line, not of the first byte, which is the kind. */
static size_t line_at(const uint8_t *data, size_t size, size_t from)
{
	const uint8_t *end;

	if (from <= 1)
		return 1;
	end = memchr(data + from, '\n', size - from);
	return end ? (size_t)(end - data) + 1 : size;
}

static size_t drop_statement(uint8_t *data, size_t size, unsigned int *seed)
{
	size_t at = line_at(data, size, 1 + rand_r(seed) % size);
	size_t end = at < size ? line_at(data, size, at + 1) : size;

	memmove(data + at, data + end, size - end);
	return size - (end - at);
}

size_t storefile_mutate(uint8_t *data, size_t size, size_t max,
			unsigned int seed)
{
	size_t at;

	data[0] = STOREFILE_SQL;
	if (size < 1)
		size = 1;
	at = line_at(data, size, size > 1 ? 1 + rand_r(&seed) % (size - 1) : 1);
	if (size > 1 && rand_r(&seed) % 3 == 0)
		return drop_statement(data, size, &seed);
	return add_statement(data, size, max, at, &seed);
}
