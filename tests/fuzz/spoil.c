/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/spoil.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An instruction as the fuzzer's bytes have it. */
struct instruction {
	uint8_t op, byte; /* offset in the place */
	uint16_t a, b;    /* which place, which other one */
	uint16_t value;
};

enum {
	FLIP_BYTE,
	SET_8,
	SET_16,
	SET_32,
	SET_64,       /* to an odd number */
	COPY_POINTER, /* from another object: cycles and wrong types */
	POINT_AT_SELF,
	POINT_NEAR,
	POINT_INTO,
	FILL,       /* a string without an end */
	ESCAPES,    /* a name that talks to the terminal */
	COPY_BYTES, /* of another place */
	DENY,
	SWAP_POINTERS,
	NR_OPS,
};

static const uint64_t odd[] = {
	0,
	1,
	2,
	0x7f,
	0x80,
	0xff,
	0x100,
	0x7fff,
	0x8000,
	0xffff,
	0x10000,
	0x7fffffff,
	0x80000000,
	0xfffffffe,
	0xffffffff,
	0x100000000,
	0x7fffffffffffffff,
	0x8000000000000000,
	0xfffffffffffffffe,
	0xffffffffffffffff,
	0xffff888000000000,
	0xffffffff81000000,
	0xfffffffffffff001,
	0xffff800000000000,
	64,
	255,
	256,
	512,
	8192,
	0x00007fffffffffff,
	3,
	0xdead000000000100,
};

static void add(struct spoil_place **list, size_t *nr, size_t *room,
		uint64_t addr, size_t len)
{
	if (*nr == *room) {
		*room = *room ? *room * 2 : 4096;
		*list = realloc(*list, *room * sizeof(**list));
		if (!*list)
			abort();
	}
	(*list)[(*nr)++] = (struct spoil_place){ addr, len };
}

static void record(struct spoil *s, uint64_t addr, const void *buf, size_t len)
{
	uint64_t value;
	size_t i;

	add(&s->reads, &s->nr_reads, &s->room_reads, addr, len);
	for (i = -addr & 7; i + 8 <= len; i += 8) {
		memcpy(&value, (const char *)buf + i, 8);
		if (irqm_kernel_address(value))
			add(&s->pointers, &s->nr_pointers, &s->room_pointers,
			    addr + i, 8);
	}
}

static enum irqm_why patch(const struct spoil_patch *p, uint64_t addr,
			   unsigned char *buf, size_t len)
{
	uint64_t i;

	if (p->addr - addr >= len && addr - p->addr >= p->len)
		return IRQM_OK;
	if (p->why != IRQM_OK)
		return p->why;
	for (i = 0; i < p->len; i++)
		if (p->addr + i - addr < len)
			buf[p->addr + i - addr] = p->data[i];
	return IRQM_OK;
}

static int by_address(const void *a, const void *b)
{
	const struct spoil_place *l = a, *r = b;

	if (l->addr != r->addr)
		return l->addr < r->addr ? -1 : 1;
	return l->len < r->len ? -1 : l->len > r->len;
}

static enum irqm_why base_read(const struct spoil *s, uint64_t addr, void *buf,
			       size_t len)
{
	struct spoil_place key = { addr, len }, *place = NULL;

	if (s->bytes && len <= UINT32_MAX)
		place = bsearch(&key, s->reads, s->nr_reads, sizeof(key),
				by_address);
	if (!place)
		return s->base.read(s->base.ctx, addr, buf, len);
	memcpy(buf, s->bytes + s->bytes_at[place - s->reads], len);
	return IRQM_OK;
}

static enum irqm_why spoiled_read(void *ctx, uint64_t addr, void *buf,
				  size_t len)
{
	struct spoil *s = ctx;
	enum irqm_why why;
	unsigned int i;

	if (++s->count == s->fail_at)
		return s->fail_why;
	why = base_read(s, addr, buf, len);
	if (why == IRQM_OK && s->recording)
		record(s, addr, buf, len);
	for (i = 0; why == IRQM_OK && i < s->nr_patches; i++)
		why = patch(&s->patches[i], addr, buf, len);
	return why;
}

static bool base_symbol(void *ctx, const char *name, uint64_t *ret)
{
	struct spoil *s = ctx;

	return s->base.symbol(s->base.ctx, name, ret);
}

static bool base_symbol_at(void *ctx, uint64_t addr, char *name, size_t size,
			   uint64_t *ret_offset)
{
	struct spoil *s = ctx;
	struct spoil_name *n = s->names ? &s->names[addr % SPOIL_NAMES] : NULL;

	if (!n || size > sizeof(n->name))
		return s->base.symbol_at(s->base.ctx, addr, name, size,
					 ret_offset);
	if (n->addr != addr || n->size != size) {
		n->addr = addr;
		n->size = size;
		n->found = s->base.symbol_at(s->base.ctx, addr, n->name, size,
					     &n->offset);
	}
	if (n->found) {
		memcpy(name, n->name, size);
		*ret_offset = n->offset;
	}
	return n->found;
}

static void base_forget(void *ctx)
{
	struct spoil *s = ctx;

	s->base.forget(s->base.ctx);
}

struct irqm_target spoil_target(struct spoil *s)
{
	struct irqm_target t = s->base;

	t.ctx = s;
	t.read = spoiled_read;
	t.expect = NULL;
	t.symbol = base_symbol;
	t.symbol_at = s->base.symbol_at ? base_symbol_at : NULL;
	t.forget = s->base.forget ? base_forget : NULL;
	t.used = NULL;
	s->count = 0;
	return t;
}

void spoil_init(struct spoil *s, const struct irqm_target *base)
{
	memset(s, 0, sizeof(*s));
	s->base = *base;
	s->fail_why = IRQM_EXCLUDED;
}

void spoil_free(struct spoil *s)
{
	free(s->reads);
	free(s->pointers);
	free(s->bytes);
	free(s->bytes_at);
	free(s->names);
}

static void sort(struct spoil_place *list, size_t *nr)
{
	size_t i, n = 0;

	qsort(list, *nr, sizeof(*list), by_address);
	for (i = 0; i < *nr; i++)
		if (!n || by_address(&list[n - 1], &list[i]))
			list[n++] = list[i];
	*nr = n;
}

static void keep_bytes(struct spoil *s)
{
	size_t i, len = 0;

	for (i = 0; i < s->nr_reads; i++)
		len += s->reads[i].len;
	s->bytes = malloc(len + 1);
	s->bytes_at = calloc(s->nr_reads, sizeof(*s->bytes_at));
	s->names = calloc(SPOIL_NAMES, sizeof(*s->names));
	if (!s->bytes || !s->bytes_at || !s->names)
		abort();
	for (len = i = 0; i < s->nr_reads; len += s->reads[i++].len) {
		s->bytes_at[i] = len;
		if (s->base.read(s->base.ctx, s->reads[i].addr, s->bytes + len,
				 s->reads[i].len) != IRQM_OK)
			abort();
	}
}

void spoil_record(struct spoil *s, const struct irqm_layout *layout,
		  unsigned int flags)
{
	struct irqm_target t = spoil_target(s);
	struct irqm_snapshot *snapshot;
	struct irqm_error err;

	s->recording = true;
	s->nr_reads = s->nr_pointers = 0;
	if (irqm_snapshot_read(&t, layout, flags, &snapshot, &err)) {
		fprintf(stderr, "not a dump to spoil: %s\n", err.msg);
		abort();
	}
	irqm_snapshot_free(snapshot);
	s->recording = false;
	sort(s->reads, &s->nr_reads);
	sort(s->pointers, &s->nr_pointers);
	if (!s->nr_reads || !s->nr_pointers)
		abort();
	keep_bytes(s);
}

static uint64_t value_at(struct spoil *s, uint64_t addr)
{
	uint64_t value = 0;

	if (s->base.read(s->base.ctx, addr, &value, 8) != IRQM_OK)
		value = 0;
	return value;
}

static struct spoil_patch *new_patch(struct spoil *s, uint64_t addr,
				     uint32_t len)
{
	static struct spoil_patch none;
	struct spoil_patch *p = &none;

	if (s->nr_patches < SPOIL_MAX)
		p = &s->patches[s->nr_patches++];
	memset(p, 0, sizeof(*p));
	p->addr = addr;
	p->len = len;
	return p;
}

static void set(struct spoil *s, uint64_t addr, uint64_t value, uint32_t len)
{
	memcpy(new_patch(s, addr, len)->data, &value, len);
}

/* A value that is small, odd, or odd and a little more or less. */
static uint64_t value_of(const struct instruction *in)
{
	if (in->b & 1)
		return in->value;
	return odd[in->value % (ARRAY_SIZE(odd))] + (int8_t)(in->b >> 8);
}

static uint64_t place(const struct spoil *s, uint16_t nr, uint8_t byte,
		      uint32_t align)
{
	const struct spoil_place *p = &s->reads[nr % s->nr_reads];
	uint64_t at = p->len ? byte % p->len : 0;

	/* large structures have more than 256 bytes */
	if (p->len > 256)
		at = (uint64_t)byte * (p->len / 256);
	return (p->addr + at) & ~(uint64_t)(align - 1);
}

static void swap(struct spoil *s, uint64_t a, uint64_t b)
{
	uint64_t at_a = value_at(s, a);

	set(s, a, value_at(s, b), 8);
	set(s, b, at_a, 8);
}

static void set_text(struct spoil *s, const struct instruction *in)
{
	static const char escapes[] =
		"\033]0;x\007\033[31m\n\r\t\x9b\x80\xc2\x9b\"\\,;'";
	uint64_t addr = s->reads[in->a % s->nr_reads].addr;
	struct spoil_patch *p = new_patch(s, addr, SPOIL_BYTES);
	uint32_t i;

	if (in->op % NR_OPS == FILL)
		memset(p->data, in->value, SPOIL_BYTES);
	else
		for (i = 0; i < SPOIL_BYTES; i++)
			p->data[i] =
				escapes[(i + in->byte) % (sizeof(escapes) - 1)];
	if (in->b % SPOIL_BYTES)
		p->len = in->b % SPOIL_BYTES;
}

static void copy(struct spoil *s, const struct instruction *in)
{
	const struct spoil_place *from = &s->reads[in->b % s->nr_reads];
	unsigned char data[SPOIL_BYTES];
	uint32_t len = from->len < SPOIL_BYTES ? from->len : SPOIL_BYTES;

	if (s->base.read(s->base.ctx, from->addr, data, len) != IRQM_OK)
		return;
	memcpy(new_patch(s, place(s, in->a, in->byte, 8), len)->data, data,
	       len);
}

static void run(struct spoil *s, const struct instruction *in)
{
	uint64_t p = s->pointers[in->a % s->nr_pointers].addr;
	uint64_t q = s->pointers[in->b % s->nr_pointers].addr;
	uint64_t at = place(s, in->a, in->byte, 1);

	switch (in->op % NR_OPS) {
	case FLIP_BYTE:
		set(s, at, value_at(s, at) ^ (in->value ? in->value : 1), 1);
		break;
	case SET_8:
		set(s, at, value_of(in), 1);
		break;
	case SET_16:
		set(s, at & ~1ULL, value_of(in), 2);
		break;
	case SET_32:
		set(s, at & ~3ULL, value_of(in), 4);
		break;
	case SET_64:
		set(s, at & ~7ULL, value_of(in), 8);
		break;
	case COPY_POINTER:
		set(s, p, value_at(s, q), 8);
		break;
	case POINT_AT_SELF:
		set(s, p, p - in->byte % 64 * 8, 8);
		break;
	case POINT_NEAR:
		set(s, p, value_at(s, p) + (int16_t)in->value, 8);
		break;
	case POINT_INTO:
		set(s, p, place(s, in->b, in->byte, 8), 8);
		break;
	case FILL:
	case ESCAPES:
		set_text(s, in);
		break;
	case COPY_BYTES:
		copy(s, in);
		break;
	case DENY:
		new_patch(s, at & ~4095ULL, 4096)->why =
			IRQM_EXCLUDED + in->value % 5;
		break;
	case SWAP_POINTERS:
		swap(s, p, q);
		break;
	}
}

void spoil_apply(struct spoil *s, const uint8_t *data, size_t len)
{
	struct instruction in;

	s->nr_patches = 0;
	for (; len >= sizeof(in); data += sizeof(in), len -= sizeof(in)) {
		memcpy(&in, data, sizeof(in));
		run(s, &in);
	}
}

static uint32_t next_random(uint64_t *state)
{
	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	return *state >> 33;
}

static struct instruction make(uint64_t *state)
{
	struct instruction in = {
		.op = next_random(state) % NR_OPS,
		.byte = next_random(state),
		.a = next_random(state),
		.b = next_random(state),
		.value = next_random(state),
	};

	return in;
}

size_t spoil_mutate(uint8_t *data, size_t size, size_t max, size_t head,
		    unsigned int seed)
{
	uint64_t state = seed * 2654435761ULL + 1;
	struct instruction in = make(&state);
	size_t nr, at;

	if (max < head + sizeof(in))
		return size;
	for (; size < head; size++)
		data[size] = next_random(&state);
	if (next_random(&state) % 8 == 0 && head)
		data[next_random(&state) % head] = next_random(&state);
	nr = (size - head) / sizeof(in);
	at = nr ? next_random(&state) % nr : 0;
	data += head;
	switch (nr ? next_random(&state) % 6 : 0) {
	case 0:
	case 1: /* one more */
		at = nr;
		if (head + (nr + 1) * sizeof(in) > max || nr >= SPOIL_MAX)
			at = nr - 1;
		else
			nr++;
		break;
	case 2: /* one less */
		memmove(data + at * sizeof(in), data + (nr - 1) * sizeof(in),
			sizeof(in));
		return head + (nr - 1) * sizeof(in);
	case 3: /* the same, elsewhere */
		memcpy(&in, data + at * sizeof(in), sizeof(in));
		in.a += next_random(&state) % 17 - 8;
		break;
	case 4: /* the same place, another way */
		in.a = data[at * sizeof(in) + 2] | data[at * sizeof(in) + 3]
							   << 8;
		break;
	}
	memcpy(data + at * sizeof(in), &in, sizeof(in));
	return head + nr * sizeof(in);
}
