/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * replay VMCORE GUEST.TXT [VMLINUX]: the kernel's events irq_matrix:*, from its boot on,
 * each done again by lib/plan/matrix.c: the same vector, the same CPU, the
 * same counters after it? Of an ordinary interrupt the events do not tell its
 * affinity: its CPU is the one with most available, or it is counted as
 * elsewhere. Prints "N events, N elsewhere, N differ"; exit status 1 if any
 * differs.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "irqmatrix.h"
#include "plan/matrix.h"
#include "memory/dumpfile.h"

#define MAX_IRQS 4096

struct event {
	unsigned int runner; /* CPU that did it */
	char name[40];
	char args[256];
};

static struct irqm_plan_matrix m;
static struct irqm_arena *arena;
static unsigned int alloc_size, systembits, nr_cpu_ids;
static bool initialized[8192];
static struct irqm_bits masks[MAX_IRQS]; /* of managed interrupts */
static struct irqm_bits reserving;       /* for the one being set up */
static struct event *events;
static size_t nr_events;
static unsigned long differ, elsewhere, done;

static long field(const struct event *e, const char *name)
{
	char key[32];
	const char *p;

	snprintf(key, sizeof(key), "%s=", name);
	for (p = strstr(e->args, key); p; p = strstr(p + 1, key)) {
		if (p == e->args || p[-1] == ' ')
			return strtol(p + strlen(key), NULL, 10);
	}
	return -1;
}

static void expect(const struct event *e, const char *what, long got,
		   long kernel)
{
	if (got == kernel)
		return;
	if (differ++ < 20)
		printf("event %lu, %s %s: %s is %ld\n", done, e->name, e->args,
		       what, got);
}

static struct irqm_bits only(unsigned int cpu)
{
	struct irqm_bits b = irqm_bits_new(arena, nr_cpu_ids);

	irqm_bits_set(&b, cpu);
	return b;
}

static void check_counters(const struct event *e)
{
	struct irqm_plan_cpu *c;

	expect(e, "global_available", m.global_available,
	       field(e, "global_avl"));
	expect(e, "global_reserved", m.global_reserved,
	       field(e, "global_rsvd"));
	expect(e, "total_allocated", m.total_allocated,
	       field(e, "total_alloc"));
	expect(e, "online_maps", m.online_maps, field(e, "online_maps"));
	if (field(e, "avl") < 0)
		return;
	c = irqm_plan_find_cpu(&m, (unsigned int)field(e, "cpu"));
	expect(e, "available", c->available, field(e, "avl"));
	expect(e, "allocated", c->allocated, field(e, "alloc"));
	expect(e, "managed", c->managed, field(e, "managed"));
}

/* A CPU's start is no part of a plan, nor are the vectors given at boot. */
static void do_online(const struct event *e)
{
	struct irqm_plan_cpu *c = irqm_plan_find_cpu(&m, e->runner);

	if (!initialized[e->runner])
		c->available = alloc_size - c->managed - systembits;
	initialized[e->runner] = true;
	m.global_available += c->available;
	m.online_maps++;
	c->online = true;
}

static void do_assign_system(const struct event *e)
{
	unsigned int v = (unsigned int)field(e, "bit");

	irqm_bits_set(&m.system_map, v);
	systembits += v >= m.start && v < m.end;
}

static void do_assign(const struct event *e)
{
	struct irqm_plan_cpu *c = irqm_plan_find_cpu(&m, e->runner);

	irqm_bits_set(&c->alloc_map, (unsigned int)field(e, "bit"));
	c->allocated++;
	c->available--;
	m.total_allocated++;
	m.global_available--;
}

static void do_reserve_managed(const struct event *e)
{
	unsigned int cpu = (unsigned int)field(e, "cpu"), failed;
	struct irqm_plan_cpu *c = irqm_plan_find_cpu(&m, cpu);
	struct irqm_bits mask = only(cpu), before = c->managed_map;
	uint64_t words[IRQM_BITS_WORDS(IRQM_NR_VECTORS)];

	memcpy(words, before.words, sizeof(words));
	irqm_plan_reserve_managed(&m, &mask, &failed);
	expect(e, "a free vector",
	       !(words[field(e, "bit") / 64] >> (field(e, "bit") % 64) & 1), 1);
	expect(e, "the kernel's vector taken",
	       irqm_bits_test(&c->managed_map, (unsigned int)field(e, "bit")),
	       1);
	irqm_bits_set(&reserving, cpu);
}

static void do_remove_managed(const struct event *e)
{
	unsigned int cpu = (unsigned int)field(e, "cpu");
	struct irqm_bits mask = only(cpu);

	irqm_plan_remove_managed(&m, &mask);
	expect(e, "the kernel's vector kept",
	       irqm_bits_test(&irqm_plan_find_cpu(&m, cpu)->managed_map,
			      (unsigned int)field(e, "bit")),
	       0);
}

static void do_alloc(const struct event *e)
{
	bool reserved = field(e, "global_rsvd") != (long)m.global_reserved;
	unsigned int cpu = (unsigned int)field(e, "cpu"), i, best;
	struct irqm_bits mask = irqm_bits_new(arena, nr_cpu_ids);
	uint32_t most = 0;

	for (i = best = 0; i < m.nr_cpus; i++) {
		if (m.cpus[i].online && m.cpus[i].available > most) {
			most = m.cpus[i].available;
			best = m.cpus[i].cpu;
		}
	}
	if (best == cpu) {
		for (i = 0; i < m.nr_cpus; i++)
			irqm_bits_set(&mask, m.cpus[i].cpu);
	} else {
		elsewhere++;
		irqm_bits_set(&mask, cpu);
	}
	expect(e, "the vector", irqm_plan_alloc(&m, &mask, reserved, &best),
	       field(e, "bit"));
	expect(e, "its CPU", best, cpu);
}

/* The event that says for which interrupt it was comes next. */
static long next_irq(const struct event *e, const char *name)
{
	const struct event *p;

	for (p = e + 1; p < events + nr_events && p < e + 16; p++) {
		if (p->runner == e->runner)
			return strcmp(p->name, name) == 0 ? field(p, "irq") :
							    -1;
	}
	return -1;
}

static void do_alloc_managed(const struct event *e,
			     const struct irqm_bits *housekeeping)
{
	unsigned int cpu = (unsigned int)field(e, "cpu"), got = ~0U, n;
	long irq = next_irq(e, "vector_alloc_managed");
	struct irqm_bits mask = only(cpu);
	struct irqm_plan_cpu *c = irqm_plan_find_cpu(&m, cpu);

	if (irq >= 0 && irq < MAX_IRQS && masks[irq].words) {
		irqm_bits_for_each(n, &masks[irq]) {
			/* one that is moved off an isolated CPU */
			if (irqm_bits_known(housekeeping) &&
			    !irqm_bits_test(housekeeping, n) &&
			    irqm_bits_test(housekeeping, cpu) &&
			    irqm_plan_find_cpu(&m, n)->managed_allocated >
				    c->managed_allocated)
				continue;
			irqm_bits_set(&mask, n);
		}
	} else {
		elsewhere++;
	}
	expect(e, "the vector",
	       irqm_plan_alloc_managed(&m, &mask, IRQM_MANAGED_FEWEST, &got),
	       field(e, "bit"));
	expect(e, "its CPU", got, cpu);
}

static void do_free(const struct event *e)
{
	unsigned int cpu = (unsigned int)field(e, "cpu");
	unsigned int bit = (unsigned int)field(e, "bit");
	struct irqm_plan_cpu *c = irqm_plan_find_cpu(&m, cpu);

	expect(e, "allocated", irqm_bits_test(&c->alloc_map, bit), 1);
	irqm_plan_free(&m, cpu, bit, irqm_bits_test(&c->managed_map, bit));
}

static bool replay_matrix(const struct event *e, const struct irqm_snapshot *s)
{
	const char *what = e->name + strlen("irq_matrix_");

	if (strcmp(what, "online") == 0)
		do_online(e);
	else if (strcmp(what, "assign_system") == 0)
		do_assign_system(e);
	else if (strcmp(what, "assign") == 0)
		do_assign(e);
	else if (strcmp(what, "reserve") == 0)
		m.global_reserved++;
	else if (strcmp(what, "remove_reserved") == 0)
		m.global_reserved--;
	else if (strcmp(what, "reserve_managed") == 0)
		do_reserve_managed(e);
	else if (strcmp(what, "remove_managed") == 0)
		do_remove_managed(e);
	else if (strcmp(what, "alloc") == 0)
		do_alloc(e);
	else if (strcmp(what, "alloc_managed") == 0)
		do_alloc_managed(e, &s->dump.housekeeping_managed);
	else if (strcmp(what, "free") == 0)
		do_free(e);
	else
		return false;
	return true;
}

static void replay(const struct irqm_snapshot *s)
{
	const struct event *e;
	long irq;

	for (e = events; e < events + nr_events; e++) {
		if (strncmp(e->name, "irq_matrix_", 11) == 0) {
			done++;
			if (replay_matrix(e, s))
				check_counters(e);
		} else if (strcmp(e->name, "vector_reserve_managed") == 0) {
			irq = field(e, "irq");
			if (irq >= 0 && irq < MAX_IRQS)
				masks[irq] = reserving;
			reserving = irqm_bits_new(arena, nr_cpu_ids);
		}
	}
}

/* CPUs that start at the same time have clocks that differ a little. */
static void sort_in_online(void)
{
	struct event *e = &events[nr_events - 1], t;

	for (; e > events && strcmp(e->name, "irq_matrix_online") == 0 &&
	       strcmp(e[-1].name, e->name) == 0 &&
	       field(&e[-1], "online_maps") > field(e, "online_maps");
	     e--) {
		t = e[-1];
		e[-1] = *e;
		*e = t;
	}
}

static void add_event(const char *line)
{
	const char *bracket = strchr(line, '['), *name, *args;
	struct event *e;

	name = strstr(line, ": irq_matrix_");
	if (!name)
		name = strstr(line, ": vector_");
	if (!bracket || !name || !(args = strstr(name + 2, ": ")))
		return;
	if (nr_events % 1024 == 0)
		events = realloc(events, (nr_events + 1024) * sizeof(*events));
	if (!events)
		exit(2);
	e = &events[nr_events++];
	e->runner = (unsigned int)strtoul(bracket + 1, NULL, 10);
	snprintf(e->name, sizeof(e->name), "%.*s", (int)(args - name - 2),
		 name + 2);
	snprintf(e->args, sizeof(e->args), "%.*s", (int)strcspn(args + 2, "\n"),
		 args + 2);
	sort_in_online();
}

static int read_events(const char *path)
{
	FILE *f = fopen(path, "r");
	bool inside = false;
	char line[4096];

	if (!f)
		return -1;
	while (fgets(line, sizeof(line), f)) {
		if (line[0] == '@')
			inside = strstr(line, "/trace\n") != NULL;
		else if (inside)
			add_event(line);
	}
	fclose(f);
	return nr_events ? 0 : -1;
}

/* The matrix of the dump before anything was in it. */
static int empty(const struct irqm_snapshot *s, struct irqm_error *err)
{
	unsigned int i;

	nr_cpu_ids = s->dump.nr_cpu_ids;
	arena = irqm_arena_new(256U << 20);
	if (!arena || irqm_plan_matrix_copy(&m, arena, s, err))
		return -1;
	alloc_size = m.end - m.start;
	m.global_available = m.global_reserved = 0;
	m.total_allocated = m.online_maps = 0;
	memset(m.system_map.words, 0,
	       IRQM_BITS_WORDS(m.system_map.nbits) * sizeof(uint64_t));
	for (i = 0; i < m.nr_cpus; i++) {
		struct irqm_plan_cpu *c = &m.cpus[i];

		*c = (struct irqm_plan_cpu){
			.cpu = c->cpu,
			.alloc_map = irqm_bits_new(arena, IRQM_NR_VECTORS),
			.managed_map = irqm_bits_new(arena, IRQM_NR_VECTORS),
		};
	}
	reserving = irqm_bits_new(arena, nr_cpu_ids);
	return 0;
}

int main(int argc, char **argv)
{
	struct irqm_dumpfile *file = NULL;
	struct irqm_snapshot *s = NULL;
	struct irqm_error err = { .msg = "no events" };
	const char *path = argv[1];
	struct irqm_dumpfile_options o = { 0 };

	if (argc == 4)
		o.vmlinux = argv[3];
	if ((argc != 3 && argc != 4) ||
	    irqm_dumpfile_open(&path, 1, &o, &file, &err) ||
	    irqm_snapshot_read(irqm_dumpfile_target(file),
			       irqm_dumpfile_layout(file), 0, &s, &err) ||
	    empty(s, &err) || read_events(argv[2])) {
		fprintf(stderr, "replay: %s\n", err.msg);
		return 2;
	}
	replay(s);
	printf("%-60s %5lu events, %lu elsewhere, %lu differ\n", path, done,
	       elsewhere, differ);
	return differ != 0;
}
