/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "target/known.h"

#include "base/nh.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a file is: an entry as it is in memory, between these. */
struct file {
	char magic[8];
	uint8_t form[IRQM_SIPHASH_SIZE];  /* of struct irqm_known_entry */
	uint8_t key[IRQM_SIPHASH_SIZE];
	struct irqm_known_entry entry;
	uint8_t mac[IRQM_SIPHASH_SIZE];   /* of all before it */
};

#define MAGIC "IRQMKN1"
#define NAME_SIZE (2 * IRQM_SIPHASH_SIZE + 1)
#define SECRET "secret"
#define TEMPORARY "tmp-"

struct irqm_known {
	int dir;
	uint8_t secret[IRQM_SIPHASH_KEY];
	uint64_t nh_key[IRQM_NH_WORDS]; /* follows from it */
	uint8_t form[IRQM_SIPHASH_SIZE];
};

static void add_text(struct irqm_siphash *h, const char *s)
{
	irqm_siphash_add(h, s, strlen(s) + 1);
}

static void add_number(struct irqm_siphash *h, uint64_t n)
{
	irqm_siphash_add(h, &n, sizeof(n));
}

/* SipHash in counter mode. */
static void make_nh_key(struct irqm_known *k)
{
	struct irqm_siphash h;
	unsigned int i;

	for (i = 0; i < IRQM_NH_WORDS; i += 2) {
		irqm_siphash_begin(&h, k->secret);
		add_text(&h, "nh");
		add_number(&h, i);
		irqm_siphash_end(&h, (uint8_t *)&k->nh_key[i]);
	}
}

/* Changes with all that the bytes of an entry mean. */
static void form_of(struct irqm_known *k, const char *const symbols[],
		    unsigned int nr)
{
	struct irqm_siphash h;
	unsigned int i;

	irqm_siphash_begin(&h, k->secret);
	add_text(&h, "form");
	add_number(&h, sizeof(struct irqm_known_entry));
	for (i = 0; i < irqm_nr_struct_rows; i++) {
		add_text(&h, irqm_struct_rows[i].name);
		add_number(&h, irqm_struct_rows[i].exists);
		add_number(&h, irqm_struct_rows[i].size);
	}
	for (i = 0; i < irqm_nr_member_rows; i++) {
		add_text(&h, irqm_member_rows[i].path);
		add_number(&h, irqm_member_rows[i].member);
	}
	for (i = 0; i < irqm_nr_enum_rows; i++) {
		add_text(&h, irqm_enum_rows[i].witness);
		add_number(&h, irqm_enum_rows[i].values);
	}
	add_number(&h, nr);
	for (i = 0; i < nr; i++)
		add_text(&h, symbols[i]);
	irqm_siphash_end(&h, k->form);
}

/* The user's own, and nobody else may write it, or with mask 077 read it. */
static bool is_private(int fd, mode_t type, mode_t mask)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (st.st_mode & S_IFMT) == type &&
	       st.st_uid == geteuid() && (st.st_mode & mask) == 0;
}

/* What read() or write() gives at a time, put together. */
static bool transfer(int fd, void *buf, size_t size, bool out)
{
	size_t at = 0;
	ssize_t n;

	while (at < size) {
		char *p = (char *)buf + at;

		n = out ? write(fd, p, size - at) : read(fd, p, size - at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += (size_t)n;
	}
	return true;
}

/* Exactly size bytes, and the file has no more. */
static bool read_all(int fd, void *buf, size_t size)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_size >= 0 &&
	       (uint64_t)st.st_size == size && transfer(fd, buf, size, false);
}

static void hex(const uint8_t *p, size_t size, char *ret)
{
	size_t i;

	for (i = 0; i < size; i++)
		sprintf(ret + 2 * i, "%02x", p[i]);
}

/* A new file of a name that nobody knows; -1 with errno. */
static int write_temporary(const struct irqm_known *k, const void *buf,
			   size_t size, char *name)
{
	uint8_t chance[8];
	bool ok;
	int fd;

	if (getrandom(chance, sizeof(chance), 0) != sizeof(chance))
		return -1;
	strcpy(name, TEMPORARY);
	hex(chance, sizeof(chance), name + strlen(TEMPORARY));
	fd = openat(k->dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		    0600);
	if (fd < 0)
		return -1;
	ok = transfer(fd, (void *)buf, size, true);
	if (close(fd) != 0)
		ok = false;
	if (!ok)
		unlinkat(k->dir, name, 0);
	return ok ? 0 : -1;
}

/* Another process may make one at the same time: the first counts. */
static bool make_secret(const struct irqm_known *k)
{
	uint8_t secret[IRQM_SIPHASH_KEY];
	char name[NAME_SIZE];
	bool ok;

	if (getrandom(secret, sizeof(secret), 0) != sizeof(secret) ||
	    write_temporary(k, secret, sizeof(secret), name) != 0)
		return false;
	ok = linkat(k->dir, name, k->dir, SECRET, 0) == 0 || errno == EEXIST;
	unlinkat(k->dir, name, 0);
	return ok;
}

static int open_file(const struct irqm_known *k, const char *name)
{
	/* O_NONBLOCK: a FIFO there must not hold the program up */
	return openat(k->dir, name,
		      O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

static int take_secret(struct irqm_known *k, struct irqm_error *err)
{
	int fd = open_file(k, SECRET);
	bool ok;

	if (fd < 0 && errno == ENOENT && make_secret(k))
		fd = open_file(k, SECRET);
	if (fd < 0) {
		irqm_error_set(err, "the cache of known kernels has no "
			       "secret: %s", strerror(errno));
		return -1;
	}
	ok = is_private(fd, S_IFREG, 077) &&
	     read_all(fd, k->secret, sizeof(k->secret));
	close(fd);
	if (ok)
		return 0;
	irqm_error_set(err, "the secret of the cache of known kernels is "
		       "damaged, or not yours alone: remove that directory");
	return -1;
}

/* What is wrong shows when it is opened. */
void irqm_make_directories(const char *dir)
{
	char path[PATH_MAX], *at = path;
	int n = snprintf(path, sizeof(path), "%s", dir);

	if (n <= 0 || (size_t)n >= sizeof(path))
		return;
	while ((at = strchr(at + 1, '/'))) {
		*at = '\0';
		mkdir(path, 0700);
		*at = '/';
	}
	mkdir(path, 0700);
}

static int open_directory(const char *dir, struct irqm_error *err)
{
	int fd;

	if (!dir[0] || strlen(dir) >= PATH_MAX) {
		irqm_error_set(err, "the path of the cache of known kernels "
			       "is empty or too long");
		return -1;
	}
	irqm_make_directories(dir);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) {
		irqm_error_set(err, "%.150s: %s", dir, strerror(errno));
		return -1;
	}
	if (!is_private(fd, S_IFDIR, 077)) {
		irqm_error_set(err, "%.150s: not yours alone; chmod 700 it, "
			       "or remove it", dir);
		close(fd);
		return -1;
	}
	return fd;
}

int irqm_known_open(const char *dir, const char *const symbols[],
		    unsigned int nr, struct irqm_known **ret,
		    struct irqm_error *err)
{
	struct irqm_known *k;

	*ret = NULL;
	if (nr > IRQM_KNOWN_SYMBOLS) {
		irqm_error_set(err, "%u symbols are more than an entry holds",
			       nr);
		return -1;
	}
	k = calloc(1, sizeof(*k));
	if (!k) {
		irqm_error_set(err, "out of memory");
		return -1;
	}
	k->dir = open_directory(dir, err);
	if (k->dir < 0 || take_secret(k, err) != 0) {
		irqm_known_close(k);
		return -1;
	}
	make_nh_key(k);
	form_of(k, symbols, nr);
	*ret = k;
	return 0;
}

void irqm_known_close(struct irqm_known *k)
{
	if (!k)
		return;
	if (k->dir >= 0)
		close(k->dir);
	explicit_bzero(k, sizeof(*k));
	free(k);
}

void irqm_known_key_begin(struct irqm_known_key *key,
			  const struct irqm_known *k, const void *build_id,
			  size_t size)
{
	key->known = k;
	irqm_siphash_begin(&key->hash, k->secret);
	/* apart from the other uses of the secret */
	add_text(&key->hash, "key");
	irqm_known_key_add(key, build_id, size);
}

void irqm_known_key_add(struct irqm_known_key *key, const void *data,
			size_t size)
{
	uint8_t sum[IRQM_NH_SIZE];
	const uint8_t *p = data;
	size_t part;

	add_number(&key->hash, size);
	/* what is no longer than a sum is its own */
	if (size <= sizeof(sum)) {
		irqm_siphash_add(&key->hash, data, size);
		return;
	}
	for (; size; size -= part, p += part) {
		part = size < IRQM_NH_BLOCK ? size : IRQM_NH_BLOCK;
		irqm_nh(key->known->nh_key, p, part, sum);
		irqm_siphash_add(&key->hash, sum, sizeof(sum));
	}
}

static void key_of(const struct irqm_known_key *key, uint8_t *ret, char *name)
{
	struct irqm_siphash h = key->hash;

	irqm_siphash_end(&h, ret);
	hex(ret, IRQM_SIPHASH_SIZE, name);
}

static void mac_of(const struct irqm_known *k, const struct file *f,
		   uint8_t *ret)
{
	struct irqm_siphash h;

	irqm_siphash_begin(&h, k->secret);
	add_text(&h, "file");
	irqm_siphash_add(&h, f, offsetof(struct file, mac));
	irqm_siphash_end(&h, ret);
}

/* A bool may hold nothing but 0 and 1. */
static bool is_bool(const bool *b)
{
	unsigned char c;

	memcpy(&c, b, 1);
	return c <= 1;
}

static bool has_bools(struct irqm_layout *l)
{
	unsigned int i;

	for (i = 0; i < irqm_nr_struct_rows; i++) {
		if (!is_bool(irqm_row_exists(l, &irqm_struct_rows[i])))
			return false;
	}
	for (i = 0; i < irqm_nr_member_rows; i++) {
		if (!is_bool(&irqm_row_member(l, &irqm_member_rows[i])
			      ->exists))
			return false;
	}
	return true;
}

/* Would irqm_layout_finish, which every source ends with, change it? */
static bool is_finished(const struct irqm_layout *l)
{
	struct irqm_layout *copy = malloc(sizeof(*copy));
	bool same = false;

	if (copy) {
		memcpy(copy, l, sizeof(*copy));
		if (has_bools(copy)) {
			irqm_layout_finish(copy);
			same = memcmp(copy, l, sizeof(*copy)) == 0;
		}
	}
	free(copy);
	return same;
}

static const char *why_refused(const struct irqm_known *k,
			       const struct file *f, const uint8_t *key)
{
	uint8_t mac[IRQM_SIPHASH_SIZE];

	if (memcmp(f->magic, MAGIC, sizeof(f->magic)) != 0 ||
	    memcmp(f->form, k->form, sizeof(f->form)) != 0)
		return "of another version";
	mac_of(k, f, mac);
	if (memcmp(f->mac, mac, sizeof(mac)) != 0)
		return "damaged, or not written by this program";
	if (memcmp(f->key, key, sizeof(f->key)) != 0)
		return "another kernel's";
	if (!is_finished(&f->entry.layout))
		return "no layout";
	return NULL;
}

static bool load_file(const struct irqm_known *k, const char *name,
		      const uint8_t *key, struct file *f,
		      struct irqm_error *err)
{
	const char *why = NULL;
	int fd = open_file(k, name);

	if (fd < 0) {
		if (errno != ENOENT)
			irqm_error_set(err, "known kernel %s: %s", name,
				       strerror(errno));
		return false;
	}
	if (!is_private(fd, S_IFREG, 022))
		why = "not a file of yours alone";
	else if (!read_all(fd, f, sizeof(*f)))
		why = "of another size";
	else
		why = why_refused(k, f, key);
	close(fd);
	if (why)
		irqm_error_set(err, "known kernel %s is refused: %s", name,
			       why);
	return !why;
}

bool irqm_known_load(const struct irqm_known *k,
		     const struct irqm_known_key *key,
		     struct irqm_known_entry *e, struct irqm_error *err)
{
	struct file *f = malloc(sizeof(*f));
	uint8_t digest[IRQM_SIPHASH_SIZE];
	char name[NAME_SIZE];
	bool ok;

	irqm_error_set(err, "%s", "");
	key_of(key, digest, name);
	ok = f && load_file(k, name, digest, f, err);
	if (ok)
		*e = f->entry;
	else
		memset(e, 0, sizeof(*e));
	free(f);
	return ok;
}

/* Removes the oldest entry where there are too many. */
static void make_room(const struct irqm_known *k)
{
	int fd = openat(k->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char oldest[NAME_SIZE] = "";
	struct timespec when = { 0 };
	unsigned int nr = 0;
	struct dirent *d;
	struct stat st;
	DIR *dir;

	dir = fd >= 0 ? fdopendir(fd) : NULL;
	if (!dir) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((d = readdir(dir))) {
		/* entries, and what a program that was killed left behind */
		if (strlen(d->d_name) >= sizeof(oldest) ||
		    d->d_name[0] == '.' || strcmp(d->d_name, SECRET) == 0 ||
		    fstatat(k->dir, d->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		if (nr++ == 0 || st.st_mtim.tv_sec < when.tv_sec ||
		    (st.st_mtim.tv_sec == when.tv_sec &&
		     st.st_mtim.tv_nsec < when.tv_nsec)) {
			when = st.st_mtim;
			strcpy(oldest, d->d_name);
		}
	}
	closedir(dir);
	if (nr >= IRQM_KNOWN_ENTRIES)
		unlinkat(k->dir, oldest, 0);
}

static bool store_file(const struct irqm_known *k, const char *name,
		       const struct file *f)
{
	char temporary[NAME_SIZE];
	int saved;

	make_room(k);
	if (write_temporary(k, f, sizeof(*f), temporary) != 0)
		return false;
	if (renameat(k->dir, temporary, k->dir, name) == 0)
		return true;
	saved = errno;
	unlinkat(k->dir, temporary, 0);
	errno = saved;
	return false;
}

int irqm_known_store(const struct irqm_known *k,
		     const struct irqm_known_key *key,
		     const struct irqm_known_entry *e,
		     struct irqm_error *err)
{
	struct file *f = calloc(1, sizeof(*f));
	char name[NAME_SIZE];
	int rc = -1;

	if (!f) {
		irqm_error_set(err, "out of memory");
		return -1;
	}
	memcpy(f->magic, MAGIC, sizeof(f->magic));
	memcpy(f->form, k->form, sizeof(f->form));
	memcpy(&f->entry, e, sizeof(f->entry));
	key_of(key, f->key, name);
	mac_of(k, f, f->mac);
	if (!is_finished(&f->entry.layout))
		irqm_error_set(err, "the layout of a known kernel is not one "
			       "that irqm_layout_finish left");
	else if (!store_file(k, name, f))
		irqm_error_set(err, "known kernel %s: %s", name,
			       strerror(errno));
	else
		rc = 0;
	free(f);
	return rc;
}
