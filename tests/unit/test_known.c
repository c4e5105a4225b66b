/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/nh.h"
#include "memory/known/dir.h"
#include "memory/known/known.h"
#include "files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const symbols[] = { "vector_matrix", "irq_desc_tree" };

static char base[64]; /* a directory of the test's own */
static char dir[128]; /* the cache in it */
static struct irqm_error err;
static struct irqm_known_entry e, got;

static void remove_all(const char *path)
{
	char below[512];
	struct dirent *d;
	DIR *o = opendir(path);

	while (o && (d = readdir(o))) {
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		snprintf(below, sizeof(below), "%s/%s", path, d->d_name);
		if (unlink(below) != 0)
			remove_all(below);
	}
	if (o)
		closedir(o);
	rmdir(path);
}

static int setup(void **state)
{
	(void)state;
	strcpy(base, "/tmp/test_known-XXXXXX");
	if (!mkdtemp(base))
		return -1;
	snprintf(dir, sizeof(dir), "%s/a/known", base);
	memset(&e, 0, sizeof(e));
	e.layout.apic_chip_data.exists = true;
	e.layout.apic_chip_data.size = 64;
	e.layout.apic_chip_data.vector = (struct irqm_member){
		.exists = true,
		.kind = IRQM_KIND_INT,
		.offset = 8,
		.size = 4,
	};
	e.symbols[1] = 0x1234;
	e.has_symbol[1] = 1;
	e.where.names = 77;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	remove_all(base);
	return 0;
}

static struct irqm_known *opened_at(const char *path)
{
	struct irqm_known *k;

	assert_int_equal(irqm_known_open(path, symbols, 2, &k, &err), 0);
	return k;
}

static struct irqm_known_key key_for(const struct irqm_known *k,
				     const char *data)
{
	struct irqm_known_key key;

	irqm_known_key_begin(&key, k, "\x12\x34", 2);
	irqm_known_key_add(&key, data, strlen(data));
	return key;
}

/* The one entry there is. */
static void entry_path(char *path, size_t size)
{
	struct dirent *d;
	DIR *o = opendir(dir);

	path[0] = '\0';
	assert_non_null(o);
	while ((d = readdir(o))) {
		if (strlen(d->d_name) == 32)
			snprintf(path, size, "%s/%s", dir, d->d_name);
	}
	closedir(o);
	assert_string_not_equal(path, "");
}

static size_t slurp(const char *path, uint8_t *buf, size_t size)
{
	FILE *f = fopen(path, "r");
	size_t n;

	assert_non_null(f);
	n = fread(buf, 1, size, f);
	fclose(f);
	return n;
}

/* From the paper's reference vectors: key 00..0f, input 00, 01, ... */
static void siphash_vectors(void **state)
{
	static const uint8_t wanted[3][16] = {
		{ 0xa3, 0x81, 0x7f, 0x04, 0xba, 0x25, 0xa8, 0xe6, 0x6d, 0xf6,
		  0x72, 0x14, 0xc7, 0x55, 0x02, 0x93 },
		{ 0xda, 0x87, 0xc1, 0xd8, 0x6b, 0x99, 0xaf, 0x44, 0x34, 0x76,
		  0x59, 0x11, 0x9b, 0x22, 0xfc, 0x45 },
		{ 0x81, 0x77, 0x22, 0x8d, 0xa4, 0xa4, 0x5d, 0xc7, 0xfc, 0xa3,
		  0x8b, 0xde, 0xf6, 0x0a, 0xff, 0xe4 },
	};
	uint8_t in[64], one[16], parts[16];
	struct irqm_siphash h;
	size_t i, n;

	(void)state;
	for (i = 0; i < sizeof(in); i++)
		in[i] = i;
	for (i = 0; i < 3; i++) {
		irqm_siphash_begin(&h, in);
		irqm_siphash_add(&h, in, i);
		irqm_siphash_end(&h, one);
		assert_memory_equal(one, wanted[i], 16);
	}
	/* however it is cut up */
	irqm_siphash_begin(&h, in);
	irqm_siphash_add(&h, in, 61);
	irqm_siphash_end(&h, one);
	for (n = 1; n < 61; n++) {
		irqm_siphash_begin(&h, in);
		for (i = 0; i < 61; i += n)
			irqm_siphash_add(&h, in + i, 61 - i < n ? 61 - i : n);
		irqm_siphash_end(&h, parts);
		assert_memory_equal(parts, one, 16);
	}
}

static void what_was_stored_is_found(void **state)
{
	struct irqm_known *k = opened_at(dir), *again;
	struct irqm_known_key key = key_for(k, "btf"), same, other;
	struct stat st;
	char path[256];

	(void)state;
	assert_int_equal(irqm_known_load(k, &key, &got, &err), -1);
	assert_string_equal(err.msg, "");
	assert_int_equal(irqm_known_store(k, &key, &e, &err), 0);
	again = opened_at(dir);
	same = key_for(again, "btf");
	assert_int_equal(irqm_known_load(again, &same, &got, &err), 0);
	assert_memory_equal(&got, &e, sizeof(e));
	/* other bytes */
	other = key_for(again, "btg");
	assert_int_equal(irqm_known_load(again, &other, &got, &err), -1);
	assert_string_equal(err.msg, "");
	assert_false(got.layout.apic_chip_data.exists);
	/* nobody else may read or write */
	assert_int_equal(stat(dir, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	entry_path(path, sizeof(path));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(files_in(dir), 2);
	irqm_known_close(k);
	irqm_known_close(again);
	irqm_known_close(NULL);
}

/* Sums that can be worked out by hand. */
static void nh_by_hand(void **state)
{
	static const uint8_t block[] = {
		3, 0, 0, 0,   0,   0,   0,   0,   5,   0,   0,   0, 0,
		0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 2,
	};
	/* 3 * 5 + (2^64 - 1) * 2 is 2^65 + 13 */
	static const uint8_t plain[16] = { 13, 0, 0, 0, 0, 0, 0, 0, 2 };
	/* (3 + 2) * (5 + 3), and 2^64 - 1 + 1 is 0 */
	static const uint8_t keyed[16] = { 40 };
	uint64_t key[IRQM_NH_WORDS] = { 0 };
	uint8_t sum[16];

	(void)state;
	irqm_nh(key, block, sizeof(block), sum);
	assert_memory_equal(sum, plain, 16);
	key[0] = 2;
	key[1] = 3;
	key[2] = 1;
	key[3] = 7;
	irqm_nh(key, block, sizeof(block), sum);
	assert_memory_equal(sum, keyed, 16);
	irqm_nh(key, block, 0, sum);
	assert_memory_equal(sum, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
}

/* Each bit of a long piece changes the key, and so does its length. */
static void long_pieces_count_whole(void **state)
{
	struct irqm_known *k = opened_at(dir);
	struct irqm_known_key a, b;
	uint8_t piece[2500] = { 0 };
	size_t bit, size;

	(void)state;
	irqm_known_key_begin(&a, k, "id", 2);
	irqm_known_key_add(&a, piece, sizeof(piece));
	assert_int_equal(irqm_known_store(k, &a, &e, &err), 0);
	for (bit = 0; bit < sizeof(piece) * 8; bit += 37) {
		piece[bit / 8] ^= 1 << bit % 8;
		irqm_known_key_begin(&b, k, "id", 2);
		irqm_known_key_add(&b, piece, sizeof(piece));
		assert_int_equal(irqm_known_load(k, &b, &got, &err), -1);
		piece[bit / 8] ^= 1 << bit % 8;
	}
	/* zeroes, more and less of them */
	for (size = 0; size <= sizeof(piece); size += 4) {
		irqm_known_key_begin(&b, k, "id", 2);
		irqm_known_key_add(&b, piece, size);
		assert_int_equal(irqm_known_load(k, &b, &got, &err),
				 size == sizeof(piece) ? 0 : -1);
	}
	irqm_known_close(k);
}

static void pieces_are_kept_apart(void **state)
{
	struct irqm_known *k = opened_at(dir);
	struct irqm_known_key a, b, c;

	(void)state;
	irqm_known_key_begin(&a, k, "id", 2);
	irqm_known_key_add(&a, "ab", 2);
	irqm_known_key_add(&a, "c", 1);
	irqm_known_key_begin(&b, k, "id", 2);
	irqm_known_key_add(&b, "a", 1);
	irqm_known_key_add(&b, "bc", 2);
	irqm_known_key_begin(&c, k, "ida", 3);
	irqm_known_key_add(&c, "b", 1);
	irqm_known_key_add(&c, "c", 1);
	assert_int_equal(irqm_known_store(k, &a, &e, &err), 0);
	assert_int_equal(irqm_known_load(k, &b, &got, &err), -1);
	assert_int_equal(irqm_known_load(k, &c, &got, &err), -1);
	assert_int_equal(irqm_known_load(k, &a, &got, &err), 0);
	irqm_known_close(k);
}

#define assert_not_loaded(k, key, what)                                        \
	do {                                                                   \
		memset(&got, 0x5a, sizeof(got));                               \
		assert_int_equal(irqm_known_load(k, key, &got, &err), -1);     \
		assert_non_null(strstr(err.msg, what));                        \
		assert_int_equal(got.layout.apic_chip_data.size, 0);           \
	} while (0)

static uint8_t file[1 << 17];

static void spoiled_files_are_refused(void **state)
{
	struct irqm_known *k = opened_at(dir);
	struct irqm_known_key key = key_for(k, "btf");
	size_t size, i;
	char path[256];

	(void)state;
	assert_int_equal(irqm_known_store(k, &key, &e, &err), 0);
	entry_path(path, sizeof(path));
	size = slurp(path, file, sizeof(file));
	assert_true(size > sizeof(e) && size < sizeof(file));
	for (i = 0; i < size; i += i < 100 || i > size - 20 ? 1 : 61) {
		file[i] ^= 1 << i % 8;
		file_write(path, file, size);
		assert_not_loaded(k, &key, "ignored");
		file[i] ^= 1 << i % 8;
	}
	for (i = 0; i < size; i += 997) {
		file_write(path, file, i);
		assert_not_loaded(k, &key, "the wrong size");
	}
	file_write(path, file, size + 1);
	assert_not_loaded(k, &key, "the wrong size");
	file_write(path, file, size);
	assert_int_equal(irqm_known_load(k, &key, &got, &err), 0);
	irqm_known_close(k);
}

/* By a process that a dump has taken over, which has the secret. */
static void names_end(void **state)
{
	struct irqm_known *k = opened_at(dir);
	struct irqm_known_key key = key_for(k, "btf");
	struct irqm_known_name *n = &e.names[IRQM_KNOWN_NAMES - 1];

	(void)state;
	memset(n->name, 'x', sizeof(n->name));
	assert_int_equal(irqm_known_store(k, &key, &e, &err), 0);
	assert_not_loaded(k, &key, "without the end of a name");
	n->name[sizeof(n->name) - 1] = '\0';
	assert_int_equal(irqm_known_store(k, &key, &e, &err), 0);
	assert_int_equal(irqm_known_load(k, &key, &got, &err), 0);
	irqm_known_close(k);
}

/* A good entry under another key's name, or of another directory. */
static void entries_do_not_move(void **state)
{
	struct irqm_known *k = opened_at(dir), *k2;
	struct irqm_known_key key = key_for(k, "btf"), other = key_for(k, "x");
	char path[256], second[256], dir2[128];
	size_t size;

	(void)state;
	assert_int_equal(irqm_known_store(k, &key, &e, &err), 0);
	entry_path(path, sizeof(path));
	size = slurp(path, file, sizeof(file));
	unlink(path);
	assert_int_equal(irqm_known_store(k, &other, &e, &err), 0);
	entry_path(second, sizeof(second));
	assert_string_not_equal(path, second);
	file_write(second, file, size);
	assert_not_loaded(k, &other, "for another kernel");
	unlink(second);
	/* the same bytes have another key with another secret */
	snprintf(dir2, sizeof(dir2), "%s/b", base);
	k2 = opened_at(dir2);
	key = key_for(k2, "btf");
	assert_int_equal(irqm_known_store(k2, &key, &e, &err), 0);
	strcpy(dir, dir2);
	entry_path(second, sizeof(second));
	assert_string_not_equal(strrchr(path, '/'), strrchr(second, '/'));
	file_write(second, file, size);
	assert_not_loaded(k2, &key, "ignored");
	irqm_known_close(k);
	irqm_known_close(k2);
}

static void other_symbols_are_another_version(void **state)
{
	static const char *const swapped[] = { "irq_desc_tree",
					       "vector_matrix" };
	struct irqm_known *k = opened_at(dir), *k2;
	struct irqm_known_key key = key_for(k, "btf");

	(void)state;
	assert_int_equal(irqm_known_store(k, &key, &e, &err), 0);
	assert_int_equal(irqm_known_open(dir, swapped, 2, &k2, &err), 0);
	assert_not_loaded(k2, &key, "another version");
	irqm_known_close(k2);
	assert_int_equal(irqm_known_open(dir, swapped, 65, &k2, &err), -1);
	irqm_known_close(k);
}

/* By who knows the secret: rows are checked nevertheless. */
static void sign(const char *path, size_t size)
{
	uint8_t secret[16];
	struct irqm_siphash h;
	char at[256];

	snprintf(at, sizeof(at), "%s/secret", dir);
	assert_int_equal(slurp(at, secret, 16), 16);
	irqm_siphash_begin(&h, secret);
	irqm_siphash_add(&h, "file", 5);
	irqm_siphash_add(&h, file, size - 16);
	irqm_siphash_end(&h, file + size - 16);
	file_write(path, file, size);
}

static void rows_are_checked(void **state)
{
	struct irqm_known *k = opened_at(dir);
	struct irqm_known_key key = key_for(k, "btf");
	size_t size, at = 8 + 16 + 16;
	struct irqm_member *m;
	char path[256];

	(void)state;
	assert_int_equal(irqm_known_store(k, &key, &e, &err), 0);
	entry_path(path, sizeof(path));
	size = slurp(path, file, sizeof(file));
	sign(path, size);
	assert_int_equal(irqm_known_load(k, &key, &got, &err), 0);
	m = (struct irqm_member *)(void *)(file + at +
					   offsetof(struct irqm_layout,
						    apic_chip_data.vector));
	assert_int_equal(m->offset, 8);
	m->offset = 61;
	sign(path, size);
	assert_not_loaded(k, &key, "without a layout");
	m->offset = 8;
	memset(&m->exists, 2, 1);
	sign(path, size);
	assert_not_loaded(k, &key, "without a layout");
	/* nor is such a one stored */
	e.layout.apic_chip_data.vector.offset = 61;
	assert_int_equal(irqm_known_store(k, &key, &e, &err), -1);
	irqm_known_close(k);
}

static void what_others_may_write_is_refused(void **state)
{
	struct irqm_known *k = opened_at(dir);
	struct irqm_known_key key = key_for(k, "btf");
	char path[256], moved[256], secret[256];
	struct stat st;

	(void)state;
	assert_int_equal(irqm_known_store(k, &key, &e, &err), 0);
	entry_path(path, sizeof(path));
	chmod(path, 0622);
	assert_not_loaded(k, &key, "others can");
	chmod(path, 0600);
	snprintf(moved, sizeof(moved), "%s/moved", dir);
	assert_int_equal(rename(path, moved), 0);
	assert_int_equal(symlink(moved, path), 0);
	assert_not_loaded(k, &key, "cached kernel");
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_not_loaded(k, &key, "others can");
	unlink(path);
	irqm_known_close(k);

	snprintf(secret, sizeof(secret), "%s/secret", dir);
	chmod(secret, 0640);
	assert_int_equal(irqm_known_open(dir, symbols, 2, &k, &err), -1);
	assert_non_null(strstr(err.msg, "secret"));
	assert_null(k);
	chmod(secret, 0600);
	assert_int_equal(truncate(secret, 15), 0);
	assert_int_equal(irqm_known_open(dir, symbols, 2, &k, &err), -1);
	/* of a loss of power: made anew */
	assert_int_equal(truncate(secret, 0), 0);
	irqm_known_close(opened_at(dir));
	assert_int_equal(stat(secret, &st), 0);
	assert_int_equal(st.st_size, 16);
	assert_int_equal(irqm_known_open("", symbols, 2, &k, &err), -1);
	unlink(secret);
	chmod(dir, 0750);
	assert_int_equal(irqm_known_open(dir, symbols, 2, &k, &err), -1);
	assert_non_null(strstr(err.msg, "chmod 700"));
	chmod(dir, 0700);
	irqm_known_close(opened_at(dir));
}

static void only_so_many_are_kept(void **state)
{
	struct irqm_known *k = opened_at(dir);
	struct irqm_known_key key;
	char data[16];
	int i;

	(void)state;
	for (i = 0; i < IRQM_KNOWN_ENTRIES + 10; i++) {
		snprintf(data, sizeof(data), "%d", i);
		key = key_for(k, data);
		assert_int_equal(irqm_known_store(k, &key, &e, &err), 0);
	}
	assert_int_equal(files_in(dir), IRQM_KNOWN_ENTRIES + 1);
	assert_int_equal(irqm_known_load(k, &key, &got, &err), 0);
	irqm_known_close(k);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(siphash_vectors),
		TEST(what_was_stored_is_found),
		TEST(nh_by_hand),
		TEST(long_pieces_count_whole),
		TEST(pieces_are_kept_apart),
		TEST(spoiled_files_are_refused),
		TEST(names_end),
		TEST(entries_do_not_move),
		TEST(other_symbols_are_another_version),
		TEST(rows_are_checked),
		TEST(what_others_may_write_is_refused),
		TEST(only_so_many_are_kept),
	};

	return RUN(tests);
}
