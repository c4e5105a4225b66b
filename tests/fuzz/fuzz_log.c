/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernel log. Both generations: the ring (5.10) with the fuzzer's bytes
 * over a sound one, and log_buf (before) out of them alone. An input that
 * begins with LINES is the text of the log, on a machine with some devices.
 */
#include "snapshot/log_lines.h"
#include "snapshot/stages.h"
#include "tests/mkdump/memory_target.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/views.h"
#include "tests/unit/fake_generations.h"
#include "tests/unit/fake_log.h"
#include "tests/unit/snap.h"

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

#define LINES 'L'
#define MAX_LINES 4096

/* A CPU that is full if full is odd, and a network card and a drive. */
static struct irqm_snapshot *make_machine(unsigned int full)
{
	struct irqm_snapshot *s = snap_new(2);
	int device = snap_device(s, "0000:18:00.0", "i40e");

	snap_consumer(s, device, "eno1", "", "net");
	snap_msi_irq(s, 24, device, "i40e-misc");
	snap_alloc(s, 24, 0);
	snap_msi_irq(s, 25, device, "i40e-eno1-TxRx-0");
	snap_get(s, 25)->nr_actions = 0;
	device = snap_device(s, "10000:5e:00.0", "nvme");
	snap_consumer(s, device, "nvme0", "nvme", "nvme");
	snap_msi_irq(s, 26, device, "nvme0q0");
	if (full & 1)
		s->cpus[1].available = 0;
	if (full & 2)
		s->cpus[1].online = 0;
	return s;
}

/* The text, line by line: without a byte 0, as the reader makes them. */
static void fuzz_lines(void)
{
	struct irqm_snapshot *s = make_machine(fuzz_take(&bytes, 1));
	char *text = irqm_arena_alloc(s->arena, bytes.left + 1, 1), *rest,
	     *line;
	struct irqm_log *log = &s->log;

	log->lines = irqm_arena_alloc(s->arena, MAX_LINES, sizeof(*log->lines));
	if (!text || !log->lines)
		abort();
	memcpy(text, bytes.data, bytes.left);
	text[strnlen(text, bytes.left)] = '\0';
	log->known = true;
	for (rest = text; (line = strsep(&rest, "\n")) != NULL;) {
		if (log->nr_lines == MAX_LINES)
			break;
		log->lines[log->nr_lines].ns = log->nr_lines * 1000000000ULL;
		log->lines[log->nr_lines++].text = line;
	}
	render_views(s, VIEW_TEXT | VIEW_JSON, false);
	irqm_snapshot_free(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct irqm_layout l;
	struct reader r = { .layout = &l, .flags = IRQM_READ_LOG };
	struct irqm_target t;

	bytes = (struct fuzz_bytes){ data, size };
	if (size && data[0] == LINES) {
		fuzz_take(&bytes, 1);
		fuzz_lines();
		return 0;
	}
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
