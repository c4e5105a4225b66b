/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"
#include "fake_store.h"

#include <dirent.h>
#include <lzma.h>
#include <unistd.h>

int fake_store_setup(void **state)
{
	struct fake_store *f = calloc(1, sizeof(*f));

	/* in memory if there is one: thousands of stores are made */
	snprintf(f->folder, sizeof(f->folder), "%s/irqmatrix-store-XXXXXX",
		 access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
	if (!mkdtemp(f->folder))
		return -1;
	snprintf(f->path, sizeof(f->path), "%s/fleet.db", f->folder);
	*state = f;
	return 0;
}

int fake_store_teardown(void **state)
{
	struct fake_store *f = *state;
	DIR *dir = opendir(f->folder);
	struct dirent *entry;
	char path[512];

	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "%s/%s", f->folder, entry->d_name);
		unlink(path);
	}
	if (dir)
		closedir(dir);
	rmdir(f->folder);
	free(f);
	return 0;
}

/* Of FILE.xz, if that is what there is. */
static char *read_text(const char *file, size_t *ret_size)
{
	static unsigned char packed[1 << 17];
	size_t at = 0, size, room = 1 << 21;
	char *text = malloc(room), path[160];
	uint64_t memory = UINT64_MAX;
	FILE *f = fopen(file, "r");

	assert_non_null(text);
	*ret_size = 0;
	if (f) {
		*ret_size = fread(text, 1, room, f);
		fclose(f);
		return text;
	}
	snprintf(path, sizeof(path), "%s.xz", file);
	f = fopen(path, "r");
	if (!f)
		fail_msg("neither %s nor %s", file, path);
	size = fread(packed, 1, sizeof(packed), f);
	fclose(f);
	assert_int_equal(lzma_stream_buffer_decode(&memory, 0, NULL, packed,
						   &at, size, (uint8_t *)text,
						   ret_size, room),
			 LZMA_OK);
	return text;
}

json_t *fake_document(const char *name)
{
	char path[128], *text;
	json_error_t err;
	size_t size;
	json_t *ret;

	snprintf(path, sizeof(path), "tests/data/distilled/%s.json", name);
	text = read_text(path, &size);
	ret = json_loadb(text, size, 0, &err);
	free(text);
	if (!ret)
		fail_msg("%s: %s", path, err.text);
	return ret;
}

struct irqm_record fake_record(const char *name, unsigned int number)
{
	struct irqm_record r = {
		.id = { 1000 + number, -5, "" },
		.path = "/var/crash/some/vmcore",
		.seconds = 0.25,
		.peak_kib = 4096,
		.tool_version = "test",
		.analysed_ns = 1000000 + number,
	};
	struct irqm_error err;
	json_t *document;
	void *rows;

	snprintf(r.id.hash, sizeof(r.id.hash), "%032x", number);
	if (!name) {
		r.outcome = IRQM_OUTCOME_FAILED;
		r.reason = "not a dump";
		return r;
	}
	document = fake_document(name);
	r.outcome = IRQM_OUTCOME_FINDING;
	if (irqm_rows_make(document, &rows, &r.rows_len, &err))
		fail_msg("%s: %s", name, err.msg);
	r.rows = rows;
	json_decref(document);
	return r;
}

struct irqm_store *fake_store_open(const char *path, unsigned int flags)
{
	struct irqm_store *s;
	struct irqm_error err;

	if (irqm_store_open(path, flags, &s, &err))
		fail_msg("%s: %s", path, err.msg);
	return s;
}

void fake_store_put(struct irqm_store *s, const char *name, unsigned int number)
{
	struct irqm_record r = fake_record(name, number);
	struct irqm_error err;
	char path[64];

	/* one failure for a path is what a store keeps */
	snprintf(path, sizeof(path), "/var/crash/%u/vmcore", number);
	if (!name)
		r.path = path;
	if (irqm_store_put(s, &r, &err))
		fail_msg("%s: %s", name, err.msg);
	free((void *)r.rows);
}

static sqlite3 *open_plain(const char *path)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE,
					 NULL),
			 SQLITE_OK);
	sqlite3_busy_timeout(db, 60000);
	return db;
}

void fake_sql(const char *path, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(db));
	sqlite3_close(db);
}

int64_t fake_ask(const char *path, const char *sql)
{
	sqlite3 *db = open_plain(path);
	sqlite3_stmt *s;
	int64_t ret;

	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	ret = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(db);
	return ret;
}

/* Every column of each table, as SQL literals, with the dump's hash first. */
static void print_table(FILE *out, sqlite3 *db, const char *table)
{
	sqlite3_stmt *s;
	char sql[256];
	int i;

	if (strcmp(table, "dumps") == 0)
		strcpy(sql, "SELECT hash, 0 AS id, * FROM dumps ORDER BY hash");
	else
		snprintf(sql, sizeof(sql),
			 "SELECT hash, t.* FROM %s t "
			 "JOIN dumps ON id = dump ORDER BY 1, 3",
			 table);
	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	fprintf(out, "%s\n", table);
	while (sqlite3_step(s) == SQLITE_ROW) {
		for (i = 0; i < sqlite3_column_count(s); i++) {
			const char *name = sqlite3_column_name(s, i);
			const unsigned char *b = sqlite3_column_blob(s, i);
			int len = sqlite3_column_bytes(s, i);

			if (strcmp(name, "id") == 0 ||
			    strcmp(name, "dump") == 0)
				continue;
			fprintf(out, " %s=%d:", name,
				sqlite3_column_type(s, i));
			while (len-- > 0)
				fprintf(out, "%02x", *b++);
		}
		fputc('\n', out);
	}
	sqlite3_finalize(s);
}

char *fake_contents(const char *path)
{
	static const char *const tables[] = {
		"dumps",    "cpus",   "drivers",   "devices",
		"findings", "unread", "documents",
	};
	sqlite3 *db = open_plain(path);
	char *text;
	size_t size, i;
	FILE *out = open_memstream(&text, &size);

	for (i = 0; i < ARRAY_SIZE(tables); i++)
		print_table(out, db, tables[i]);
	fclose(out);
	sqlite3_close(db);
	return text;
}
