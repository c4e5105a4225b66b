/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/line.h"

#include "base/nearest.h"
#include "machine/line_irq.h"

#include <string.h>

#define NR_VECTORS 256

const char *const irqm_machine_dump_keys[] = { "constant-cpu-ids",
					       "container",
					       "encoding",
					       "encryption-bit",
					       "fanout",
					       "generation",
					       "huge-pages",
					       "kaslr",
					       "kdump",
					       "layout",
					       "levels",
					       "no-btf",
					       "no-header-note",
					       "no-kallsyms-info",
					       "no-note",
					       "other-pages",
					       "page-offset",
					       "percpu-addresses",
					       "prstatus",
					       "ram-gap",
					       "small-pages",
					       "symbols",
					       "table-entries",
					       "table-used",
					       "tables",
					       "total-nr-irqs",
					       "vmcoreinfo",
					       "vmcoreinfo-3.10",
					       NULL };

/* CPUs. */

static const char *keep_range(struct irqm_words *w, unsigned int first,
			      unsigned int last)
{
	char list[IRQM_RANGE_SIZE];

	snprintf(list, sizeof(list), "%u-%u", first, last);
	return irqm_words_keep(w, list);
}

static void take_cpus(struct irqm_words *w)
{
	struct irqm_machine *m = w->m;
	unsigned int cpu, nr;

	nr = irqm_words_below(w, "CPUs", IRQM_MACHINE_MAX_CPUS + 1);
	if (!w->bad && !nr)
		irqm_words_bad(w, "at least 1 CPU", "0");
	if (m->nr_cpu_ids)
		irqm_words_fail(w, "a machine has one such line");
	if (w->bad)
		return;
	m->cpus = irqm_arena_alloc(m->arena, nr, sizeof(*m->cpus));
	if (!m->cpus)
		return;
	m->nr_cpu_ids = nr;
	m->possible = m->present = m->online = keep_range(w, 0, nr - 1);
	for (cpu = 0; cpu < nr; cpu++)
		m->cpus[cpu].siblings = m->cpus[cpu].cluster =
			keep_range(w, cpu, cpu);
}

/* Returns the CPUs in a row, 0 if the line is bad. */
static unsigned int take_group_size(struct irqm_words *w, unsigned int *given)
{
	if (!w->m->nr_cpu_ids)
		irqm_words_fail(w, "the line \"cpus N\" has to come first");
	if (*given)
		irqm_words_fail(w, "a machine has one such line");
	*given = irqm_words_below(w, "CPUs", IRQM_MACHINE_MAX_CPUS + 1);
	if (!w->bad && !*given)
		irqm_words_bad(w, "at least 1 CPU", "0");
	return w->bad ? 0 : *given;
}

static void set_groups(struct irqm_words *w, unsigned int size, bool threads)
{
	struct irqm_machine *m = w->m;
	unsigned int cpu, last;
	const char *list = "";

	for (cpu = 0; size && cpu < m->nr_cpu_ids; cpu++) {
		if (cpu % size == 0) {
			last = cpu + size - 1;
			if (last >= m->nr_cpu_ids)
				last = m->nr_cpu_ids - 1;
			list = keep_range(w, cpu, last);
		}
		if (threads)
			m->cpus[cpu].siblings = list;
		else
			m->cpus[cpu].cluster = list;
	}
}

static void take_threads(struct irqm_words *w)
{
	set_groups(w, take_group_size(w, &w->m->threads), true);
}

static void take_cluster(struct irqm_words *w)
{
	set_groups(w, take_group_size(w, &w->m->cluster), false);
}

/* Takes the next range of a list that was checked; false at its end. */
static bool next_range(const char **list, unsigned int limit,
		       unsigned long *ret_first, unsigned long *ret_last)
{
	if (!**list)
		return false;
	if (strcmp(*list, "all") == 0) {
		*ret_first = 0;
		*ret_last = limit - 1;
		*list = "";
		return true;
	}
	irqm_range_parse(list, ret_first, ret_last);
	*list += **list == ',';
	return true;
}

static void take_node(struct irqm_words *w)
{
	struct irqm_machine *m = w->m;
	unsigned long cpu, last;
	int node = irqm_words_node(w);
	const char *list = irqm_words_cpus(w);

	while (!w->bad && next_range(&list, m->nr_cpu_ids, &cpu, &last)) {
		w->placed += last - cpu + 1;
		for (; cpu <= last; cpu++)
			m->cpus[cpu].node = node;
	}
}

static void take_possible(struct irqm_words *w)
{
	w->m->possible = irqm_words_cpus(w);
}

static void take_present(struct irqm_words *w)
{
	w->m->present = irqm_words_cpus(w);
}

static void take_online(struct irqm_words *w)
{
	w->m->online = irqm_words_cpus(w);
}

static void take_default_affinity(struct irqm_words *w)
{
	w->m->default_affinity = irqm_words_cpus(w);
}

static void take_housekeeping(struct irqm_words *w)
{
	w->m->housekeeping = irqm_words_cpus(w);
}

/* Devices. */

static void take_device_word(struct irqm_words *w,
			     struct irqm_machine_device *d)
{
	const char *key = irqm_words_key(w, "");

	if (strcmp(key, "node") == 0)
		d->node = irqm_words_node(w);
	else if (strcmp(key, "class") == 0)
		d->class = irqm_words_below(w, "a class", 1 << 24);
	else if (strcmp(key, "vendor") == 0)
		d->vendor = irqm_words_below(w, "a vendor", 1 << 16);
	else if (strcmp(key, "device") == 0)
		d->device = irqm_words_below(w, "a device", 1 << 16);
	else if (strcmp(key, "msi") == 0)
		d->nr_msi_descs = irqm_words_below(w, "vectors", 4097);
	else if (strcmp(key, "msix") == 0)
		d->msix = true;
	else {
		w->key = "device";
		irqm_words_bad(w, "node, class, vendor, device, msi or msix",
			       key);
	}
}

static void take_device(struct irqm_words *w)
{
	struct irqm_machine *m = w->m;
	struct irqm_machine_device *d =
		irqm_words_add(w, &m->devices, &m->nr_devices, sizeof(*d),
			       IRQM_MACHINE_MAX_DEVICES);

	if (!d)
		return;
	d->node = -1;
	d->name = irqm_words_string(w, "a name");
	d->bus = irqm_words_string(w, "a bus");
	d->driver = irqm_words_string_or_none(w, "a driver or -");
	while (irqm_words_left(w))
		take_device_word(w, d);
}

static void take_consumer(struct irqm_words *w)
{
	static const char *const kinds[] = { "class", "bus", NULL };
	struct irqm_machine *m = w->m;
	struct irqm_machine_device *d;
	unsigned int i = 0;

	if (!m->nr_devices) {
		irqm_words_fail(w, "the device's line has to come first");
		return;
	}
	d = &m->devices[m->nr_devices - 1];
	while (i < ARRAY_SIZE(d->consumers) && d->consumers[i].name)
		i++;
	if (i == ARRAY_SIZE(d->consumers)) {
		irqm_words_fail(w, "a device has at most 3 consumers");
		return;
	}
	d->consumers[i].name = irqm_words_string(w, "a name");
	d->consumers[i].on_bus = irqm_words_choice(w, "bus or class", kinds);
	d->consumers[i].kind = irqm_words_string(w, "the bus or class");
	if (irqm_words_left(w))
		d->consumers[i].driver = irqm_words_string(w, "a driver");
}

/* The allocator where the interrupts do not say it. */

static void take_system(struct irqm_words *w)
{
	struct irqm_machine *m = w->m;
	unsigned long v, last;
	const char *list = irqm_words_list(w, "vectors", NR_VECTORS);

	memset(m->system_map, 0, sizeof(m->system_map));
	while (!w->bad && next_range(&list, NR_VECTORS, &v, &last))
		for (; v <= last; v++)
			m->system_map[v / 64] |= 1ULL << v % 64;
	m->system_given = true;
}

static void take_entry(struct irqm_words *w)
{
	struct irqm_machine *m = w->m;
	struct irqm_machine_entry *e =
		irqm_words_add(w, &m->entries, &m->nr_entries, sizeof(*e),
			       IRQM_MACHINE_MAX_OTHERS);

	if (!e)
		return;
	e->cpu = irqm_words_cpu(w);
	e->vector = irqm_words_below(w, "a vector", NR_VECTORS);
	e->value = irqm_words_number(w, "a value");
}

static void take_leak(struct irqm_words *w)
{
	struct irqm_machine *m = w->m;
	struct irqm_machine_leak *l = irqm_words_add(w, &m->leaks, &m->nr_leaks,
						     sizeof(*l),
						     IRQM_MACHINE_MAX_OTHERS);

	if (!l)
		return;
	l->cpu = irqm_words_cpu(w);
	l->vector = irqm_words_below(w, "a vector", NR_VECTORS);
}

/* "drift CPU|matrix COUNTER BY" */
static void take_drift(struct irqm_words *w)
{
	static const char *const of_matrix[] = { "global_available",
						 "global_reserved",
						 "total_allocated",
						 "online_maps", NULL };
	static const char *const of_cpu[] = { "available", "allocated",
					      "managed", "managed_allocated",
					      NULL };
	struct irqm_machine *m = w->m;
	struct irqm_machine_drift *d = irqm_words_add(w, &m->drifts,
						      &m->nr_drifts, sizeof(*d),
						      IRQM_MACHINE_MAX_OTHERS);

	if (!d)
		return;
	if (irqm_words_skip(w, "matrix")) {
		d->cpu = -1;
		d->counter = of_matrix[irqm_words_choice(
			w,
			"global_available, global_reserved, total_allocated "
			"or online_maps",
			of_matrix)];
	} else {
		d->cpu = irqm_words_cpu(w);
		d->counter = of_cpu[irqm_words_choice(
			w, "available, allocated, managed or managed_allocated",
			of_cpu)];
	}
	d->by = irqm_words_signed(w, "a number", 1000000);
}

/* "log LEVEL SECONDS TEXT" */
static void take_log(struct irqm_words *w)
{
	struct irqm_machine *m = w->m;
	struct irqm_machine_log *l = irqm_words_add(
		w, &m->log, &m->nr_log, sizeof(*l), IRQM_MACHINE_MAX_OTHERS);
	char text[IRQM_LINE_MAX + 1] = "";
	size_t len = 0;

	if (!l)
		return;
	l->level = irqm_words_below(w, "a level", 8);
	l->ns = irqm_words_below(w, "seconds", 1 << 30) * 1000000000;
	if (!irqm_words_left(w))
		irqm_words_bad(w, "a message", NULL);
	while (irqm_words_left(w))
		len += snprintf(text + len, sizeof(text) - len, "%s%s",
				len ? " " : "", irqm_words_next(w, ""));
	l->text = irqm_words_keep(w, text);
}

/* The kernel. */

static void take_release(struct irqm_words *w)
{
	w->m->release = irqm_words_string(w, "a release like 6.12.0");
}

static void take_build_id(struct irqm_words *w)
{
	w->m->build_id = irqm_words_string(w, "a build-id");
}

static void take_crash_time(struct irqm_words *w)
{
	w->m->crash_time = irqm_words_below(w, "seconds", 1ULL << 62);
}

static void take_remapping(struct irqm_words *w)
{
	static const char *const names[] = { "none", "intel", "amd", NULL };
	static const enum irqm_machine_level levels[] = { IRQM_LEVEL_END,
							  IRQM_LEVEL_IR,
							  IRQM_LEVEL_AMD_IR };

	w->m->remapping =
		levels[irqm_words_choice(w, "none, intel or amd", names)];
}

static void take_amd_short(struct irqm_words *w)
{
	w->m->amd_short = true;
}

static void take_apic(struct irqm_words *w)
{
	static const char *const names[] = { "physical", "flat", "x2physical",
					     "cluster", NULL };

	w->m->apic = irqm_words_choice(
		w, "physical, flat, x2physical or cluster", names);
}

static const struct {
	const char *key;
	void (*take)(struct irqm_words *w);
} lines[] = {
	{ "release", take_release },
	{ "build-id", take_build_id },
	{ "crash-time", take_crash_time },
	{ "cpus", take_cpus },
	{ "possible", take_possible },
	{ "present", take_present },
	{ "online", take_online },
	{ "default-affinity", take_default_affinity },
	{ "housekeeping", take_housekeeping },
	{ "node", take_node },
	{ "threads", take_threads },
	{ "cluster", take_cluster },
	{ "system", take_system },
	{ "apic", take_apic },
	{ "remapping", take_remapping },
	{ "amd-short-entries", take_amd_short },
	{ "device", take_device },
	{ "consumer", take_consumer },
	{ "irq", irqm_machine_line_irq },
	{ "entry", take_entry },
	{ "leak", take_leak },
	{ "drift", take_drift },
	{ "log", take_log },
};

static bool is_dump_key(const char *key)
{
	unsigned int i;

	for (i = 0; irqm_machine_dump_keys[i]; i++)
		if (strcmp(irqm_machine_dump_keys[i], key) == 0)
			return true;
	return false;
}

static void fail_unknown(struct irqm_words *w, const char *key)
{
	char hint[IRQM_NEAREST_HINT];
	struct irqm_nearest near;
	unsigned int i;

	irqm_nearest_begin(&near, key, strlen(key));
	for (i = 0; i < ARRAY_SIZE(lines); i++)
		irqm_nearest_offer(&near, lines[i].key);
	w->key = NULL;
	irqm_words_fail(w, "unknown line \"%.40s\", %s", key,
			irqm_nearest_hint(&near, "", "see irqmatrix-machine(5)",
					  hint));
}

static void take_other(struct irqm_words *w,
		       const struct irqm_machine_other *other, const char *key)
{
	if (!is_dump_key(key))
		fail_unknown(w, key);
	else if (other)
		other->line(other->ctx, w, key);
	else
		w->at = w->nr;
}

void irqm_machine_line(struct irqm_words *w,
		       const struct irqm_machine_other *other)
{
	const char *key = irqm_words_key(w, "");
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lines); i++)
		if (strcmp(lines[i].key, key) == 0)
			break;
	if (i < ARRAY_SIZE(lines))
		lines[i].take(w);
	else
		take_other(w, other, key);
	w->key = key;
	if (irqm_words_left(w))
		irqm_words_bad(w, "the end of the line", w->word[w->at]);
	if (!w->bad && irqm_arena_exhausted(w->m->arena)) {
		w->bad = true;
		irqm_error_memory(w->err);
	}
}
