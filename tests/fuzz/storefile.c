/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/storefile.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "fleet/store/rows.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/html.h"

/* What SQL may do to the store: steps, bytes of a value, of the file. */
#define SQL_STEPS 2000000
#define SQL_VALUE (1 << 20)
#define SQL_PAGES 2000
/* Bytes of a document that bomb() and pack() make. */
#define DOCUMENT_MAX (IRQM_ROWS_MAX_DOCUMENT + 1)
/* Pieces of all documents of NDJSON. */
#define PIECES_MAX 100000

static char *where;
static unsigned char *image;
static size_t image_len;

static void die(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s\n", what, why);
	abort();
}

static void remove_all(void)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
	char name[256];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		snprintf(name, sizeof(name), "%s%s", where, ends[i]);
		unlink(name);
	}
}

static void write_file(const void *data, size_t len)
{
	FILE *f;

	remove_all();
	f = fopen(where, "wb");
	if (!f || fwrite(data, 1, len, f) != len || fclose(f))
		die(where, "cannot be written");
}

static void put(struct irqm_store *s, unsigned int nr, const void *rows,
		size_t len)
{
	struct irqm_record r = {
		.id = { 1000 + nr, nr, "0123456789abcdef0123456789abcdef" },
		.path = nr ? "/var/crash/vmcore" : "/var/crash/failed",
		.outcome = nr ? IRQM_OUTCOME_FINDING : IRQM_OUTCOME_FAILED,
		.reason = nr ? NULL : "not a dump",
		.seconds = 1,
		.tool_version = "1",
		.analysed_ns = 1 + nr,
		.rows = nr ? rows : NULL,
		.rows_len = nr ? len : 0,
	};
	struct irqm_error err;

	if (irqm_store_put(s, &r, &err))
		die("the healthy store", err.msg);
}

static void read_image(void)
{
	FILE *f = fopen(where, "rb");

	image = malloc(1 << 20);
	image_len = f && image ? fread(image, 1, 1 << 20, f) : 0;
	if (!image_len || image_len == 1 << 20)
		die(where, "cannot be read");
	fclose(f);
}

void storefile_init(const char *path)
{
	json_t *document = fuzz_document();
	struct irqm_store *s;
	struct irqm_error err;
	void *rows;
	size_t len;
	unsigned int i;

	where = strdup(path);
	remove_all();
	if (irqm_rows_make(document, &rows, &len, &err) ||
	    irqm_store_open(where, IRQM_STORE_CREATE, &s, &err))
		die("the healthy document", err.msg);
	for (i = 0; i < 3; i++)
		put(s, i, rows, len);
	irqm_store_close(s);
	free(rows);
	json_decref(document);
	read_image();
	remove_all();
}

static void give_packed(sqlite3_context *c, const void *text, size_t len)
{
	size_t room = ZSTD_compressBound(len), size;
	void *packed = malloc(room);

	size = packed ? ZSTD_compress(packed, room, text, len, 1) : 0;
	if (!packed || ZSTD_isError(size))
		sqlite3_result_error_nomem(c);
	else
		sqlite3_result_blob(c, packed, size, SQLITE_TRANSIENT);
	free(packed);
}

/* pack(TEXT): as a document is stored. */
static void sql_pack(sqlite3_context *c, int nr, sqlite3_value **value)
{
	(void)nr;
	if (sqlite3_value_text(value[0]))
		give_packed(c, sqlite3_value_text(value[0]),
			    sqlite3_value_bytes(value[0]));
}

/* bomb(N): N bytes of nothing, packed. */
static void sql_bomb(sqlite3_context *c, int nr, sqlite3_value **value)
{
	uint64_t len = sqlite3_value_int64(value[0]);
	void *text = len <= DOCUMENT_MAX ? calloc(1, len + 1) : NULL;

	(void)nr;
	if (text)
		give_packed(c, text, len);
	free(text);
}

static int too_long(void *ctx)
{
	(void)ctx;
	return 1;
}

/* Each line; one that fails changes nothing. */
static void run_sql(sqlite3 *db, char *text)
{
	char *line;

	while ((line = strsep(&text, "\n"))) {
		sqlite3_progress_handler(db, SQL_STEPS, too_long, NULL);
		sqlite3_exec(db, line, NULL, NULL, NULL);
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	}
}

/* No other file is written. */
static int only_this(void *ctx, int action, const char *a, const char *b,
		     const char *database, const char *trigger)
{
	(void)ctx, (void)a, (void)b, (void)database, (void)trigger;
	return action == SQLITE_ATTACH ? SQLITE_DENY : SQLITE_OK;
}

static void make_sql(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size), pages[64];
	sqlite3 *db;

	write_file(image, image_len);
	if (sqlite3_open(where, &db) != SQLITE_OK)
		die(where, "the healthy store cannot be opened");
	sqlite3_limit(db, SQLITE_LIMIT_LENGTH, SQL_VALUE);
	sqlite3_set_authorizer(db, only_this, NULL);
	snprintf(pages, sizeof(pages), "PRAGMA max_page_count = %d", SQL_PAGES);
	sqlite3_exec(db, pages, NULL, NULL, NULL);
	sqlite3_exec(db, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
	sqlite3_create_function(db, "pack", 1, SQLITE_UTF8, NULL, sql_pack,
				NULL, NULL);
	sqlite3_create_function(db, "bomb", 1, SQLITE_UTF8, NULL, sql_bomb,
				NULL, NULL);
	run_sql(db, text);
	sqlite3_close(db);
	free(text);
}

static void make_patched(const uint8_t *data, size_t size)
{
	unsigned char *copy = malloc(image_len);
	size_t i, at;

	memcpy(copy, image, image_len);
	for (i = 0; i + 4 <= size; i += 4) {
		at = (data[i] << 12 | data[i + 1] << 4 | data[i + 2] >> 4) %
		     image_len;
		/* heads of pages say the most */
		if (data[i + 2] & 1)
			at = at / 4096 * 4096 + at % 64;
		copy[at] = data[i + 2] & 2 ? copy[at] + data[i + 3] :
					     data[i + 3];
	}
	write_file(copy, image_len);
	free(copy);
}

static void put_pieces(FILE *f, struct fuzz_bytes b, unsigned int left)
{
	static const char *const pieces[] = {
		"{},",
		"[],",
		"0,",
		"\"\",",
		"[",
		"{\"a\":",
		"\"a\\u0000\",",
		"-1e9,",
		"null,",
		" ",
		"{\"irq\":1,\"cpu\":2},",
		"]",
		"}",
	};
	unsigned int i, nr;
	const char *piece;

	while (b.left && left) {
		piece = pieces[fuzz_take(&b, 1) % (ARRAY_SIZE(pieces))];
		nr = fuzz_take(&b, 2);
		for (i = 0; i < nr && left; i++, left--)
			fputs(piece, f);
	}
}

static void make_ndjson(const uint8_t *data, size_t size)
{
	static const char record[] =
		"{\"record\":{\"size\":1,\"mtime_ns\":2,\"hash\":"
		"\"0123456789abcdef0123456789abcdef\",\"path\":\"/v\","
		"\"outcome\":\"finding\",\"reason\":null,\"seconds\":1.0,"
		"\"peak_kib\":null,\"tool_version\":\"1\",\"analysed_ns\":1}";
	struct fuzz_bytes b = { data, size };
	unsigned int nr = 1 + fuzz_take(&b, 1) % 4, how = fuzz_take(&b, 1), i;
	FILE *f;

	remove_all();
	f = fopen(where, "wb");
	for (i = 0; f && i < nr; i++) {
		fprintf(f, "%s%s\"document\":{\"irqs\":[0", record,
			how & 1 ? " , " : ",");
		put_pieces(f, b, PIECES_MAX / nr);
		fputs(how & 2 ? "0]}}\n" : "0]}\n", f);
	}
	if (!f || fclose(f))
		die(where, "cannot be written");
}

size_t storefile_make(const uint8_t *data, size_t size)
{
	long len = -1;
	FILE *f;

	if (!size)
		return 0;
	switch (data[0] % STOREFILE_KINDS) {
	case STOREFILE_SQL:
		make_sql(data + 1, size - 1);
		break;
	case STOREFILE_PATCHED:
		make_patched(data + 1, size - 1);
		break;
	case STOREFILE_NDJSON:
		make_ndjson(data + 1, size - 1);
		break;
	default:
		write_file(data + 1, size - 1);
	}
	f = fopen(where, "rb");
	if (f && fseek(f, 0, SEEK_END) == 0)
		len = ftell(f);
	if (len < 0)
		die(where, "has no size");
	fclose(f);
	return len;
}

size_t storefile_unpacked(void)
{
	unsigned long long size, sum = 0, read = 0;
	sqlite3_stmt *s = NULL;
	sqlite3 *db;

	sqlite3_open_v2(where, &db, SQLITE_OPEN_READONLY, NULL);
	sqlite3_progress_handler(db, SQL_STEPS, too_long, NULL);
	sqlite3_prepare_v2(db, "SELECT packed FROM documents", -1, &s, NULL);
	/* a view may return more than a file of that many pages has */
	while (s && read < SQL_PAGES * 4096 && sqlite3_step(s) == SQLITE_ROW) {
		read += sqlite3_column_bytes(s, 0);
		size = ZSTD_getFrameContentSize(sqlite3_column_blob(s, 0),
						sqlite3_column_bytes(s, 0));
		if (size <= IRQM_ROWS_MAX_DOCUMENT)
			sum += size;
	}
	sqlite3_finalize(s);
	sqlite3_close(db);
	return sum;
}
