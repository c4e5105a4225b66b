/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernel log. Both generations: the ring (5.10) with the fuzzer's bytes
 * over a sound one, and log_buf (before) out of them alone.
 */
#include "snapshot/log_lines.h"
#include "snapshot/stages.h"
#include "tests/mkdump/memory_target.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/views.h"
#include "tests/unit/fake_generations.h"
#include "tests/unit/fake_log.h"

#include <stdlib.h>
#include <string.h>

#define PRB 0xffff888000200000ULL
#define VARIABLES 0xffffffff82000000ULL
#define BUF 0xffff888000300000ULL

static struct irqm_memory *memory;
static struct fuzz_bytes bytes;

/* A piece of the sound one, with changes: where, and to what. */
static void put(void *ctx, uint64_t addr, const void *data, size_t len)
{
	unsigned char *copy = malloc(len);
	unsigned int nr = fuzz_take(&bytes, 1) % 16;
	size_t at;

	(void)ctx;
	if (!copy)
		abort();
	memcpy(copy, data, len);
	while (nr-- && len) {
		at = fuzz_take(&bytes, 2) % len;
		copy[at] = fuzz_take(&bytes, 1);
	}
	if (irqm_memory_write(memory, addr, copy, len))
		abort();
	free(copy);
}

static void make_ring(struct irqm_layout *l)
{
	static struct fake_log log;
	unsigned int i, nr = fuzz_take(&bytes, 1);
	uint64_t prb = PRB;

	fake_log_layout(l);
	fake_log_init(&log, PRB, 3 + nr % 4, 8 + nr % 3);
	log.exact_end = nr & 1;
	for (i = 0; i < nr; i++)
		fake_log_add(&log, i * 1000000ULL, i % 8,
			     i % 5 ? "nvme nvme0: a line of the log" :
				     "two\nlines \033[1m");
	fake_log_write(&log, put, NULL);
	irqm_memory_symbol(memory, "prb", VARIABLES);
	put(NULL, VARIABLES, &prb, 8);
}

static void number(uint64_t addr, const char *name, uint64_t value, size_t len)
{
	irqm_memory_symbol(memory, name, addr);
	if (irqm_memory_write(memory, addr, &value, len))
		abort();
}

static void make_buf(struct irqm_layout *l)
{
	uint64_t size = fuzz_take(&bytes, 4);

	*l = fk_load("alibaba-4.19.91");
	number(VARIABLES, "log_buf", BUF, 8);
	number(VARIABLES + 8, "log_buf_len", size, 4);
	number(VARIABLES + 16, "log_first_idx", fuzz_take(&bytes, 4), 4);
	number(VARIABLES + 24, "log_next_idx", fuzz_take(&bytes, 4), 4);
	number(VARIABLES + 32, "log_first_seq", fuzz_take(&bytes, 4), 8);
	number(VARIABLES + 40, "log_next_seq", fuzz_take(&bytes, 4), 8);
	number(VARIABLES + 48, "clear_seq", 0, 8);
	if (irqm_memory_write(memory, BUF, bytes.data, bytes.left))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct irqm_layout l;
	struct reader r = { .layout = &l, .flags = IRQM_READ_LOG };
	struct irqm_target t;

	bytes = (struct fuzz_bytes){ data, size };
	memory = irqm_memory_new();
	r.s = irqm_snapshot_new();
	if (!memory || !r.s)
		abort();
	memset(&l, 0, sizeof(l));
	if (fuzz_take(&bytes, 1) & 1)
		make_ring(&l);
	else
		make_buf(&l);
	t = irqm_memory_target(memory);
	r.target = &t;
	r.arena = r.s->arena;
	irqm_read_log(&r);
	render_views(r.s, VIEW_TEXT | VIEW_JSON, false);
	irqm_snapshot_free(r.s);
	irqm_memory_free(memory);
	return 0;
}
