/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/known/known.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/nh.h"
#include "memory/files_local.h"
#include "memory/known/dir.h"

/* The content of a file: an entry as it is in memory, with these before and
 * after it. */
struct file {
	char magic[8];
	/* identifies struct irqm_known_entry */
	uint8_t form[IRQM_SIPHASH_SIZE];
	uint8_t key[IRQM_SIPHASH_SIZE];
	struct irqm_known_entry entry;
	uint8_t mac[IRQM_SIPHASH_SIZE]; /* over all bytes before it */
};

#define MAGIC "IRQMKN1"

struct irqm_known {
	const struct irqm_files *files;
	struct irqm_files_local own; /* used if the caller gave none */
	uint8_t secret[IRQM_SIPHASH_KEY];
	uint64_t nh_key[IRQM_NH_WORDS]; /* derived from the secret */
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

/* Computes a number that changes whenever the meaning of an entry's bytes
 * does. */
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

static int get_secret(struct irqm_known *k, struct irqm_error *err)
{
	const struct irqm_file_request r = { .kind = IRQM_FILE_SECRET };
	struct irqm_file_reply reply;

	k->files->open(k->files->ctx, &r, &reply);
	if (reply.error) {
		irqm_error_set(err, "%s", reply.why.msg);
		return -1;
	}
	memcpy(k->secret, reply.secret, sizeof(k->secret));
	explicit_bzero(&reply, sizeof(reply));
	return 0;
}

/* Either files or dir is NULL. */
static int open_known(const struct irqm_files *files, const char *dir,
		      const char *const symbols[], unsigned int nr,
		      struct irqm_known **ret, struct irqm_error *err)
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
		irqm_error_memory(err);
		return -1;
	}
	k->own.cache_dir = dir;
	k->files = irqm_files_local_init(&k->own);
	if (files)
		k->files = files;
	if (get_secret(k, err) != 0) {
		irqm_known_close(k);
		return -1;
	}
	make_nh_key(k);
	form_of(k, symbols, nr);
	*ret = k;
	return 0;
}

int irqm_known_open(const char *dir, const char *const symbols[],
		    unsigned int nr, struct irqm_known **ret,
		    struct irqm_error *err)
{
	return open_known(NULL, dir, symbols, nr, ret, err);
}

int irqm_known_open_files(const struct irqm_files *files,
			  const char *const symbols[], unsigned int nr,
			  struct irqm_known **ret, struct irqm_error *err)
{
	return open_known(files, NULL, symbols, nr, ret, err);
}

void irqm_known_close(struct irqm_known *k)
{
	if (!k)
		return;
	irqm_files_local_deinit(&k->own);
	explicit_bzero(k, sizeof(*k));
	free(k);
}

void irqm_known_key_begin(struct irqm_known_key *key,
			  const struct irqm_known *k, const void *build_id,
			  size_t size)
{
	key->known = k;
	irqm_siphash_begin(&key->hash, k->secret);
	/* separates this from the other uses of the secret */
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
	/* a short text is used as it is, without hashing */
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
	irqm_hex(ret, IRQM_SIPHASH_SIZE, name);
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

static bool names_end(const struct irqm_known_entry *e)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(e->names); i++)
		if (!memchr(e->names[i].name, '\0', sizeof(e->names[i].name)))
			return false;
	return true;
}

static const char *why_refused(const struct irqm_known *k, const struct file *f,
			       const uint8_t *key)
{
	uint8_t mac[IRQM_SIPHASH_SIZE];

	if (memcmp(f->magic, MAGIC, sizeof(f->magic)) != 0 ||
	    memcmp(f->form, k->form, sizeof(f->form)) != 0)
		return "from another version of irqmatrix";
	mac_of(k, f, mac);
	if (memcmp(f->mac, mac, sizeof(mac)) != 0)
		return "damaged, or not written by this program";
	if (memcmp(f->key, key, sizeof(f->key)) != 0)
		return "for another kernel";
	if (!irqm_layout_is_finished(&f->entry.layout))
		return "without a layout";
	if (!names_end(&f->entry))
		return "without the end of a name";
	return NULL;
}

static int load_file(const struct irqm_known *k, const char *name,
		     const uint8_t *key, struct file *f, struct irqm_error *err)
{
	struct irqm_file_request r = { .kind = IRQM_FILE_KNOWN };
	struct irqm_file_reply reply;
	const char *why;
	int fd;

	snprintf(r.known, sizeof(r.known), "%s", name);
	fd = k->files->open(k->files->ctx, &r, &reply);
	if (fd < 0) {
		irqm_error_set(err, "%s", reply.why.msg);
		return -1;
	}
	why = irqm_known_dir_read(fd, f, sizeof(*f)) ? why_refused(k, f, key) :
						       "of the wrong size";
	close(fd);
	if (why)
		irqm_error_set(err, "cached kernel %s ignored: it is %s", name,
			       why);
	return why ? -1 : 0;
}

int irqm_known_load(const struct irqm_known *k,
		    const struct irqm_known_key *key,
		    struct irqm_known_entry *e, struct irqm_error *err)
{
	struct file *f = malloc(sizeof(*f));
	uint8_t digest[IRQM_SIPHASH_SIZE];
	char name[IRQM_KNOWN_NAME_SIZE];
	int rc = -1;

	irqm_error_set(err, "%s", "");
	key_of(key, digest, name);
	if (f)
		rc = load_file(k, name, digest, f, err);
	if (rc == 0)
		*e = f->entry;
	else
		memset(e, 0, sizeof(*e));
	free(f);
	return rc;
}

/* Reverses irqm_hex(). */
static bool parse_name(const char *name, uint8_t key[IRQM_SIPHASH_SIZE])
{
	char again[IRQM_KNOWN_NAME_SIZE];
	unsigned int i, byte;

	for (i = 0; i < IRQM_SIPHASH_SIZE; i++) {
		if (sscanf(name + 2 * i, "%2x", &byte) != 1)
			return false;
		key[i] = byte;
	}
	irqm_hex(key, IRQM_SIPHASH_SIZE, again);
	return strcmp(name, again) == 0;
}

bool irqm_known_has(const struct irqm_known *k, const char *name)
{
	struct file *f = malloc(sizeof(*f));
	uint8_t key[IRQM_SIPHASH_SIZE];
	struct irqm_error why;
	bool ret;

	ret = f && strlen(name) == IRQM_KNOWN_NAME_SIZE - 1 &&
	      parse_name(name, key) && load_file(k, name, key, f, &why) == 0;
	free(f);
	return ret;
}

static int keep_file(const struct irqm_known *k, const char *name,
		     const struct file *f)
{
	struct irqm_file_request r = { .kind = IRQM_FILE_KEEP };
	struct irqm_file_reply reply;

	_Static_assert(sizeof(*f) <= IRQM_FILE_KEEP_MAX, "an entry fits");
	snprintf(r.known, sizeof(r.known), "%s", name);
	k->files->keep(k->files->ctx, &r, f, sizeof(*f), &reply);
	return reply.error;
}

int irqm_known_store(const struct irqm_known *k,
		     const struct irqm_known_key *key,
		     const struct irqm_known_entry *e, struct irqm_error *err)
{
	struct file *f = calloc(1, sizeof(*f));
	char name[IRQM_KNOWN_NAME_SIZE];
	int rc = -1, error;

	if (!f) {
		irqm_error_memory(err);
		return -1;
	}
	memcpy(f->magic, MAGIC, sizeof(f->magic));
	memcpy(f->form, k->form, sizeof(f->form));
	memcpy(&f->entry, e, sizeof(f->entry));
	key_of(key, f->key, name);
	mac_of(k, f, f->mac);
	if (!irqm_layout_is_finished(&f->entry.layout))
		irqm_error_set(err, "the layout of the kernel was not finished "
				    "by irqm_layout_finish()");
	else if ((error = keep_file(k, name, f)) != 0)
		irqm_error_set(err, "cached kernel %s: %s", name,
			       strerror(error));
	else
		rc = 0;
	free(f);
	return rc;
}
