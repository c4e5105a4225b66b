/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of a machine's text, but for those of interrupts. */
#include "tests/mkdump/words.h"
#include "tests/mkdump/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* CPUs. */

static char *range(struct words *w, unsigned int from, unsigned int to)
{
	char list[32];

	snprintf(list, sizeof(list), "%u-%u", from, to);
	return (char *)word_keep(w, list);
}

static void groups(struct words *w, bool threads)
{
	struct fk_machine *m = &w->mk->m;
	unsigned int size = word_below(w, "CPUs in a group", 65537);
	unsigned int cpu, to;
	const char *list = "";

	for (cpu = 0; size && cpu < m->nr_cpu_ids; cpu++) {
		to = cpu + size - 1;
		if (cpu % size == 0)
			list = range(w, cpu,
				     to < m->nr_cpu_ids ? to :
							  m->nr_cpu_ids - 1);
		if (threads)
			m->cpus[cpu].siblings = list;
		else
			m->cpus[cpu].cluster = list;
	}
}

static void line_cpus(struct words *w)
{
	struct fk_machine *m = &w->mk->m;
	unsigned int cpu, nr = word_below(w, "1 to 65536 CPUs", 65537);

	if (w->bad || !nr || m->nr_cpu_ids) {
		word_bad(w, "\"cpus N\" once, before all that names CPUs", "");
		return;
	}
	m->nr_cpu_ids = nr;
	m->cpus = must(calloc(nr, sizeof(*m->cpus)));
	m->possible = m->present = m->online = range(w, 0, nr - 1);
	m->default_affinity = m->online;
	for (cpu = 0; cpu < nr; cpu++)
		m->cpus[cpu].siblings = m->cpus[cpu].cluster =
			range(w, cpu, cpu);
}

static void line_node(struct words *w)
{
	struct fk_machine *m = &w->mk->m;
	int node = word_below(w, "a node", 1024);
	struct irqm_bits b;
	unsigned int cpu;
	const char *list = word_cpus(w);

	if (w->bad)
		return;
	b = fk_bits(list, m->nr_cpu_ids);
	irqm_bits_for_each(cpu, &b)
		m->cpus[cpu].node = node;
	free(b.words);
}

/* Devices. */

static void line_device(struct words *w)
{
	struct fk_machine *m = &w->mk->m;
	struct fk_device *d = grow_array(&m->devices, &m->nr_devices,
					 &w->mk->room_devices, sizeof(*d));

	d->node = -1;
	d->name = word_string(w, "a device's name");
	d->bus = word_string(w, "its bus");
	d->driver = word_string(w, "its driver");
	while (!w->bad && w->at < w->nr) {
		const char *key = word_next(w, "");

		if (strcmp(key, "node") == 0)
			d->node = word_below(w, "a node", 1024);
		else if (strcmp(key, "class") == 0)
			d->class = word_number(w, "a class");
		else if (strcmp(key, "vendor") == 0)
			d->vendor = word_number(w, "a vendor");
		else if (strcmp(key, "device") == 0)
			d->device = word_number(w, "a device");
		else if (strcmp(key, "msi") == 0)
			d->nr_msi_descs = word_below(w, "vectors", 4097);
		else if (strcmp(key, "msix") == 0)
			d->msix = true;
		else
			word_bad(w, "node, class, vendor, device, msi or msix",
				 key);
	}
}

static void line_consumer(struct words *w)
{
	static const char *const kinds[] = { "class", "bus", NULL };
	struct fk_machine *m = &w->mk->m;
	struct fk_device *d = &m->devices[m->nr_devices - 1];
	unsigned int i = 0;

	while (m->nr_devices && i < 3 && d->consumers[i].name)
		i++;
	if (!m->nr_devices || i == 3) {
		word_bad(w, "a device before it, of at most 3 consumers", "");
		return;
	}
	d->consumers[i].name = word_string(w, "a name");
	d->consumers[i].on_bus = word_choice(w, "bus or class", kinds);
	d->consumers[i].kind = word_string(w, "which one");
	if (w->at < w->nr)
		d->consumers[i].driver = word_string(w, "a driver");
}

static void line_entry(struct words *w)
{
	struct fk_machine *m = &w->mk->m;
	struct fk_entry *e = grow_array(&m->entries, &m->nr_entries,
					&w->mk->room_entries, sizeof(*e));

	e->cpu = word_below(w, "a CPU", m->nr_cpu_ids);
	e->vector = word_below(w, "a vector", 256);
	e->value = word_number(w, "what the slot holds");
}

static void line_leak(struct words *w)
{
	struct fk_machine *m = &w->mk->m;
	struct fk_leak *l = &m->leaks[m->nr_leaks];

	if (m->nr_leaks == FK_MAX_FAULTS) {
		word_bad(w, "fewer leaks", "");
		return;
	}
	m->nr_leaks++;
	l->cpu = word_below(w, "a CPU", m->nr_cpu_ids);
	l->vector = word_below(w, "a vector", 256);
}

/* "drift CPU|matrix COUNTER BY" */
static void line_drift(struct words *w)
{
	struct fk_machine *m = &w->mk->m;
	struct fk_drift *d = &m->drifts[m->nr_drifts];

	if (m->nr_drifts == FK_MAX_FAULTS) {
		word_bad(w, "less drift", "");
		return;
	}
	m->nr_drifts++;
	d->cpu = -1;
	if (w->at < w->nr && strcmp(w->word[w->at], "matrix") == 0)
		w->at++;
	else
		d->cpu = word_below(w, "a CPU, or matrix", m->nr_cpu_ids);
	d->counter = word_keep(w, word_next(w, "a counter"));
	d->by = (int)word_number(w, "by how much");
}

/* "log LEVEL SECONDS TEXT" */
static void line_log(struct words *w)
{
	struct fk_machine *m = &w->mk->m;
	struct fk_log *l = &m->log[m->nr_log];
	char text[256] = "";

	if (m->nr_log == FK_MAX_FAULTS) {
		word_bad(w, "fewer lines of the log", "");
		return;
	}
	m->nr_log++;
	l->level = word_below(w, "a level", 8);
	l->ns = word_below(w, "seconds", 1 << 30) * 1000000000;
	while (w->at < w->nr)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 "%s%s", text[0] ? " " : "", word_next(w, ""));
	l->text = word_keep(w, text);
}

/* The kernel. */

static void line_remapping(struct words *w)
{
	static const char *const names[] = { "none", "intel", "amd", NULL };
	static const enum fk_level levels[] = { FK_END, FK_IR, FK_AMD_IR };

	w->mk->o.remapping =
		levels[word_choice(w, "none, intel or amd", names)];
}

static void line_apic(struct words *w)
{
	static const char *const names[] = { "physical", "flat", "x2physical",
					     "cluster", NULL };

	w->mk->m.apic =
		word_choice(w, "physical, flat, x2physical or cluster", names);
}

static void line_system(struct words *w)
{
	struct irqm_bits b;
	struct fk_machine *m = &w->mk->m;

	b = fk_bits(word_next(w, "vectors"), 256);
	memcpy(m->system_map, b.words, 32);
	free(b.words);
}

static void line_container(struct words *w)
{
	static const char *const names[] = { "radix", "xarray", "maple",
					     "array", NULL };

	w->mk->o.gen.container =
		word_choice(w, "radix, xarray, maple or array", names);
	w->mk->o.container_given = true;
}

static void line_encoding(struct words *w)
{
	static const char *const names[] = { "default",         "absolute",
					     "absolute-percpu", "relative",
					     "place-relative",  NULL };

	w->mk->o.encoding =
		word_choice(w,
			    "absolute, absolute-percpu, relative or "
			    "place-relative",
			    names);
}

static void line_tables(struct words *w)
{
	static const char *const names[] = { "default", "4.15", "4.20", "6.4",
					     NULL };

	w->mk->o.tables = word_choice(w, "4.15, 4.20 or 6.4", names);
}

static void line_generation(struct words *w)
{
	w->mk->o.generation =
		word_choice(w, "a column of vmcoreinfo.def", mk_generations);
	w->mk->o.generation_given = true;
}

static void line_kaslr(struct words *w)
{
	uint64_t k = word_below(w, "below 0x3e000000", 0x3e000000);

	if (k & 0x1fffff)
		word_bad(w, "a multiple of 0x200000", w->word[1]);
	w->mk->o.gen.kaslr = k;
}

static void line_vmcoreinfo(struct words *w)
{
	struct mk_options *o = &w->mk->o;

	if (o->nr_vmcoreinfo == 16)
		word_bad(w, "at most 16 lines", "");
	else
		o->vmcoreinfo[o->nr_vmcoreinfo++] =
			word_keep(w, word_next(w, "a line without spaces"));
}

static bool kernel_number(struct words *w, const char *key)
{
	struct mk *mk = w->mk;

	if (strcmp(key, "crash-time") == 0)
		mk->m.crash_time = word_number(w, "seconds");
	else if (strcmp(key, "fanout") == 0)
		mk->o.gen.maple_fanout = word_below(w, "slots", 17);
	else if (strcmp(key, "page-offset") == 0)
		mk->o.gen.page_offset = word_number(w, "an address");
	else if (strcmp(key, "levels") == 0)
		mk->o.levels = word_below(w, "4 or 5", 6);
	else if (strcmp(key, "encryption-bit") == 0)
		mk->o.sme_mask = 1ULL << word_below(w, "below 52", 52);
	else if (strcmp(key, "table-entries") == 0)
		mk->m.table_entries = word_below(w, "below 32769", 32769);
	else if (strcmp(key, "table-used") == 0)
		mk->m.table_used = word_below(w, "below 65537", 65537);
	else if (strcmp(key, "symbols") == 0)
		mk->o.symbols = word_below(w, "below 240000", 240000);
	else if (strcmp(key, "other-pages") == 0)
		mk->o.other_pages = word_below(w, "pages", 65536);
	else if (strcmp(key, "prstatus") == 0)
		mk->o.prstatus = word_below(w, "notes", 65536);
	else
		return false;
	return true;
}

static bool kernel_flag(struct mk *mk, const char *key)
{
	const struct word_flag flags[] = {
		{ "percpu-addresses", &mk->o.gen.percpu_addresses },
		{ "total-nr-irqs", &mk->o.gen.total_nr_irqs },
		{ "constant-cpu-ids", &mk->o.gen.constant_cpu_ids },
		{ "no-note", &mk->o.gen.no_note },
		{ "amd-short-entries", &mk->m.amd_short },
		{ "small-pages", &mk->o.small_pages },
		{ "huge-pages", &mk->o.huge_pages },
		{ "no-btf", &mk->o.no_btf },
		{ "no-kallsyms-info", &mk->o.no_kallsyms_info },
		{ "no-header-note", &mk->o.no_header_note },
		{ "vmcoreinfo-3.10", &mk->o.vmcoreinfo_3_10 },
	};

	return word_flag(flags, ARRAY_SIZE(flags), key);
}

static bool machine_string(struct words *w, const char *key)
{
	struct fk_machine *m = &w->mk->m;

	if (strcmp(key, "release") == 0)
		m->release = word_string(w, "a release");
	else if (strcmp(key, "build-id") == 0)
		m->build_id = word_string(w, "a build-id");
	else if (strcmp(key, "possible") == 0)
		m->possible = word_cpus(w);
	else if (strcmp(key, "present") == 0)
		m->present = word_cpus(w);
	else if (strcmp(key, "online") == 0)
		m->online = m->default_affinity = word_cpus(w);
	else if (strcmp(key, "default-affinity") == 0)
		m->default_affinity = word_cpus(w);
	else if (strcmp(key, "housekeeping") == 0)
		m->housekeeping = word_cpus(w);
	else
		return false;
	return true;
}

static void one_line(struct words *w, const char *key)
{
	static const struct {
		const char *key;
		void (*line)(struct words *w);
	} lines[] = {
		{ "cpus", line_cpus },
		{ "node", line_node },
		{ "device", line_device },
		{ "consumer", line_consumer },
		{ "irq", line_irq },
		{ "entry", line_entry },
		{ "system", line_system },
		{ "container", line_container },
		{ "encoding", line_encoding },
		{ "tables", line_tables },
		{ "kaslr", line_kaslr },
		{ "vmcoreinfo", line_vmcoreinfo },
		{ "kdump", line_kdump },
		{ "generation", line_generation },
		{ "apic", line_apic },
		{ "remapping", line_remapping },
		{ "leak", line_leak },
		{ "log", line_log },
		{ "drift", line_drift },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lines); i++)
		if (strcmp(lines[i].key, key) == 0) {
			lines[i].line(w);
			return;
		}
	if (strcmp(key, "threads") == 0 || strcmp(key, "cluster") == 0)
		groups(w, key[0] == 't');
	else if (!kernel_number(w, key) && !kernel_flag(w->mk, key) &&
		 !machine_string(w, key))
		word_bad(w, "a line that README.md knows", key);
}

int mk_line(struct mk *mk, const char *line, struct irqm_error *err)
{
	struct words w = { .mk = mk, .err = err };
	char *copy = must(strdup(line)), *save = NULL, *s;

	copy[strcspn(copy, "#")] = '\0';
	for (s = strtok_r(copy, " \t", &save); s;
	     s = strtok_r(NULL, " \t", &save))
		if (w.nr < MAX_WORDS)
			w.word[w.nr++] = s;
		else
			word_bad(&w, "fewer words", s);
	if (w.nr && !w.bad) {
		one_line(&w, word_next(&w, ""));
		if (!w.bad && w.at < w.nr)
			word_bad(&w, "the end of the line", w.word[w.at]);
	}
	free(copy);
	return w.bad ? -1 : 0;
}
