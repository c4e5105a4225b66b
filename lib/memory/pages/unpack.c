/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/pages/unpack.h"

#include <dlfcn.h>
#include <libdeflate.h>
#include <lzo/lzo1x.h>
#include <pthread.h>
#include <snappy-c.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#define WINDOW 32768
/* Pages that a thread takes at a time. */
#define CHUNK 8
/* Bytes to read in vain rather than read twice: from the page cache, and from
 * a disk or over a network. */
#define GAP 4096
#define FAR_GAP 65536
#define THREADS_MAX 4

struct irqm_unpacker {
	struct libdeflate_decompressor *inflate;
	ZSTD_DCtx *zstd;      /* created when needed */
	void *snappy_library; /* also created when needed */
	__typeof__(snappy_uncompress) *unsnappy;
	/* the part of a file that was read last */
	const struct irqm_input *in;
	uint64_t offset;
	size_t len;
	unsigned char data[WINDOW];
};

struct irqm_unpacker *irqm_unpacker_new(void)
{
	struct irqm_unpacker *u = malloc(sizeof(*u));

	if (!u)
		return NULL;
	memset(u, 0, offsetof(struct irqm_unpacker, data));
	u->inflate = libdeflate_alloc_decompressor();
	if (u->inflate)
		return u;
	irqm_unpacker_free(u);
	return NULL;
}

void irqm_unpacker_free(struct irqm_unpacker *u)
{
	if (!u)
		return;
	if (u->inflate)
		libdeflate_free_decompressor(u->inflate);
	ZSTD_freeDCtx(u->zstd);
	if (u->snappy_library)
		dlclose(u->snappy_library);
	free(u);
}

/* Other threads use it later in the sandbox, where it can only be used if it
 * was loaded before. */
static bool load_snappy(struct irqm_unpacker *u)
{
	if (!u->snappy_library)
		u->snappy_library =
			dlopen(IRQM_LIBSNAPPY, RTLD_NOW | RTLD_LOCAL);
	if (u->snappy_library && !u->unsnappy)
		u->unsnappy = (__typeof__(u->unsnappy))dlsym(
			u->snappy_library, "snappy_uncompress");
	return u->unsnappy;
}

void irqm_unpack_preload(void)
{
	/* never closed: unpackers use it */
	dlopen(IRQM_LIBSNAPPY, RTLD_NOW | RTLD_LOCAL);
}

int irqm_unpacker_load(struct irqm_unpacker *u, uint32_t packing,
		       struct irqm_error *err)
{
	if (!(packing & IRQM_PACKED_SNAPPY) || load_snappy(u))
		return 0;
	irqm_error_set(err,
		       "this dump needs libsnappy, which cannot be "
		       "loaded: install %s",
		       IRQM_LIBSNAPPY);
	return -1;
}

const void *irqm_unpack_look(struct irqm_unpacker *u,
			     const struct irqm_stored_page *p, uint64_t ahead)
{
	const struct irqm_input *in = p->in;

	if (u->in == in && p->offset >= u->offset &&
	    p->offset - u->offset <= u->len &&
	    p->size <= u->len - (p->offset - u->offset))
		return u->data + (p->offset - u->offset);
	u->in = NULL;
	if (p->offset > in->size || p->size > in->size - p->offset)
		return NULL;
	if (ahead < p->size)
		ahead = p->size;
	if (ahead > WINDOW)
		ahead = WINDOW;
	if (ahead > in->size - p->offset)
		ahead = in->size - p->offset;
	if (irqm_input_read(in, p->offset, u->data, ahead))
		return NULL;
	u->in = in;
	u->offset = p->offset;
	u->len = ahead;
	return u->data;
}

static enum irqm_why copy_plain(const void *raw, size_t size, void *page)
{
	if (size != IRQM_PAGE_SIZE)
		return IRQM_INVALID;
	memcpy(page, raw, IRQM_PAGE_SIZE);
	return IRQM_OK;
}

static enum irqm_why unpack_zlib(struct irqm_unpacker *u, const void *raw,
				 size_t size, void *page)
{
	if (libdeflate_zlib_decompress(u->inflate, raw, size, page,
				       IRQM_PAGE_SIZE,
				       NULL) == LIBDEFLATE_SUCCESS)
		return IRQM_OK;
	return IRQM_INVALID;
}

static enum irqm_why unpack_lzo(const void *raw, size_t size, void *page)
{
	lzo_uint len = IRQM_PAGE_SIZE;

	if (lzo1x_decompress_safe(raw, size, page, &len, NULL) == LZO_E_OK &&
	    len == IRQM_PAGE_SIZE)
		return IRQM_OK;
	return IRQM_INVALID;
}

static enum irqm_why unpack_snappy(struct irqm_unpacker *u, const void *raw,
				   size_t size, void *page)
{
	size_t len = IRQM_PAGE_SIZE;

	if (load_snappy(u) && u->unsnappy(raw, size, page, &len) == SNAPPY_OK &&
	    len == IRQM_PAGE_SIZE)
		return IRQM_OK;
	return IRQM_INVALID;
}

static enum irqm_why unpack_zstd(struct irqm_unpacker *u, const void *raw,
				 size_t size, void *page)
{
	if (!u->zstd)
		u->zstd = ZSTD_createDCtx();
	if (!u->zstd)
		return IRQM_INVALID;
	if (ZSTD_decompressDCtx(u->zstd, page, IRQM_PAGE_SIZE, raw, size) ==
	    IRQM_PAGE_SIZE)
		return IRQM_OK;
	return IRQM_INVALID;
}

enum irqm_why irqm_unpack(struct irqm_unpacker *u,
			  const struct irqm_stored_page *p, uint64_t ahead,
			  void *page)
{
	const void *raw = irqm_unpack_look(u, p, ahead);

	if (!raw)
		return IRQM_TRUNCATED;
	switch (p->packing) {
	case 0:
		return copy_plain(raw, p->size, page);
	case IRQM_PACKED_ZLIB:
		return unpack_zlib(u, raw, p->size, page);
	case IRQM_PACKED_LZO:
		return unpack_lzo(raw, p->size, page);
	case IRQM_PACKED_SNAPPY:
		return unpack_snappy(u, raw, p->size, page);
	case IRQM_PACKED_ZSTD:
		return unpack_zstd(u, raw, p->size, page);
	}
	return IRQM_INVALID;
}

/* What the threads share. */
struct job {
	struct irqm_stored_page *pages;
	size_t nr;
	atomic_size_t next; /* next page to take */
};

struct worker {
	struct job *job;
	struct irqm_unpacker *unpacker;
	pthread_t thread;
};

/* Returns the bytes from the first page to the end of the last one that follows
 * without a gap larger than this. *ret_nr: how many pages. */
static uint64_t run_of(const struct irqm_stored_page *pages, size_t nr,
		       uint64_t gap, size_t *ret_nr)
{
	const struct irqm_stored_page *p = pages;
	uint64_t end = p->offset + p->size;

	for (p++; p < pages + nr; p++) {
		if (p->in != pages->in || p->offset < end ||
		    p->offset - end > gap)
			break;
		end = p->offset + p->size;
	}
	*ret_nr = p - pages;
	return end - pages->offset;
}

void irqm_unpack_expect(const struct irqm_stored_page pages[], size_t nr)
{
	uint64_t len;
	size_t run;

	for (; nr; pages += run, nr -= run) {
		len = run_of(pages, nr, FAR_GAP, &run);
		irqm_input_expect(pages->in, pages->offset, len);
	}
}

static void *work_on_chunks(void *arg)
{
	struct worker *w = arg;
	struct job *j = w->job;
	struct irqm_stored_page *p;
	uint64_t ahead;
	size_t i, end, run;

	for (;;) {
		i = atomic_fetch_add(&j->next, CHUNK);
		if (i >= j->nr)
			return NULL;
		end = j->nr - i < CHUNK ? j->nr : i + CHUNK;
		for (; i < end; i++) {
			p = &j->pages[i];
			ahead = run_of(p, end - i, GAP, &run);
			p->why = irqm_unpack(w->unpacker, p, ahead, p->page);
		}
	}
}

static bool start_worker(struct worker *w, struct job *j)
{
	w->job = j;
	w->unpacker = irqm_unpacker_new();
	if (w->unpacker &&
	    pthread_create(&w->thread, NULL, work_on_chunks, w) == 0)
		return true;
	irqm_unpacker_free(w->unpacker);
	return false;
}

void irqm_unpack_many(struct irqm_unpacker *u, unsigned int threads,
		      struct irqm_stored_page pages[], size_t nr)
{
	struct job job = { .pages = pages, .nr = nr };
	struct worker workers[THREADS_MAX] = { { .job = &job, .unpacker = u } };
	unsigned int i, running = 1;

	if (threads > THREADS_MAX)
		threads = THREADS_MAX;
	if (nr < IRQM_UNPACK_MANY)
		threads = 1;
	irqm_unpack_expect(pages, nr);
	/* if a thread cannot be started, use fewer */
	while (running < threads && start_worker(&workers[running], &job))
		running++;
	work_on_chunks(&workers[0]);
	for (i = 1; i < running; i++) {
		pthread_join(workers[i].thread, NULL);
		irqm_unpacker_free(workers[i].unpacker);
	}
}
