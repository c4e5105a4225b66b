/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of a machine's text. */
#include "tests/mkdump/internal.h"
#include "tests/mkdump/mkdump.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_WORDS 64

/* A line's words; what is read of it next. */
struct words {
	const char *word[MAX_WORDS];
	unsigned int nr, at;
	struct mk *mk;
	struct irqm_error *err;
	bool bad;
};

static void bad(struct words *w, const char *what, const char *got)
{
	if (!w->bad)
		irqm_error_set(w->err, "%s, not \"%s\"", what,
			       got ? got : "(nothing)");
	w->bad = true;
}

static const char *next(struct words *w, const char *what)
{
	if (w->at < w->nr)
		return w->word[w->at++];
	bad(w, what, NULL);
	return "";
}

static uint64_t number(struct words *w, const char *what)
{
	const char *s = next(w, what);
	uint64_t value;
	char *end;

	value = strtoull(s, &end, 0);
	if (end == s || *end)
		bad(w, what, s);
	return value;
}

static uint64_t number_below(struct words *w, const char *what, uint64_t limit)
{
	uint64_t n = number(w, what);

	if (n < limit)
		return n;
	bad(w, what, w->word[w->at - 1]);
	return 0;
}

static const char *keep(struct words *w, const char *s)
{
	return must(irqm_arena_strdup(w->mk->arena, s));
}

static const char *string(struct words *w, const char *what)
{
	const char *s = next(w, what);

	return strcmp(s, "-") == 0 ? NULL : keep(w, s);
}

static const char *cpus(struct words *w)
{
	struct irqm_bits b = { .nbits = w->mk->m.nr_cpu_ids };
	const char *list = next(w, "a list of CPUs");
	struct irqm_error err;

	if (w->bad || strcmp(list, "none") == 0)
		return "";
	b.words = must(calloc(IRQM_BITS_WORDS(b.nbits) + 1, 8));
	if (irqm_bits_parse(&b, list, &err) != 0)
		bad(w, "a list of CPUs below those of \"cpus\"", list);
	free(b.words);
	return keep(w, list);
}

static unsigned int choice(struct words *w, const char *what,
			   const char *const names[])
{
	const char *s = next(w, what);
	unsigned int i;

	for (i = 0; names[i]; i++)
		if (strcmp(names[i], s) == 0)
			return i;
	bad(w, what, s);
	return 0;
}

/* One more element; zeroed. */
static void *grow(void *array, unsigned int *nr, unsigned int *room,
		  size_t size)
{
	if (*nr == *room) {
		*room = *room ? *room * 2 : 64;
		*(void **)array = must(realloc(*(void **)array,
					       *room * size));
	}
	memset(*(char **)array + *nr * size, 0, size);
	return *(char **)array + (*nr)++ * size;
}

/* CPUs. */

static char *range(struct words *w, unsigned int from, unsigned int to)
{
	char list[32];

	snprintf(list, sizeof(list), "%u-%u", from, to);
	return (char *)keep(w, list);
}

static void groups(struct words *w, bool threads)
{
	struct fk_machine *m = &w->mk->m;
	unsigned int size = number_below(w, "CPUs in a group", 65537);
	unsigned int cpu, to;
	const char *list = "";

	for (cpu = 0; size && cpu < m->nr_cpu_ids; cpu++) {
		to = cpu + size - 1;
		if (cpu % size == 0)
			list = range(w, cpu, to < m->nr_cpu_ids
						     ? to
						     : m->nr_cpu_ids - 1);
		if (threads)
			m->cpus[cpu].siblings = list;
		else
			m->cpus[cpu].cluster = list;
	}
}

static void line_cpus(struct words *w)
{
	struct fk_machine *m = &w->mk->m;
	unsigned int cpu, nr = number_below(w, "1 to 65536 CPUs", 65537);

	if (w->bad || !nr || m->nr_cpu_ids) {
		bad(w, "\"cpus N\" once, before all that names CPUs", "");
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
	int node = number_below(w, "a node", 1024);
	struct irqm_bits b;
	unsigned int cpu;
	const char *list = cpus(w);

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
	struct fk_device *d = grow(&m->devices, &m->nr_devices,
				   &w->mk->room_devices, sizeof(*d));

	d->node = -1;
	d->name = string(w, "a device's name");
	d->bus = string(w, "its bus");
	d->driver = string(w, "its driver");
	while (!w->bad && w->at < w->nr) {
		const char *key = next(w, "");

		if (strcmp(key, "node") == 0)
			d->node = number_below(w, "a node", 1024);
		else if (strcmp(key, "class") == 0)
			d->class = number(w, "a class");
		else if (strcmp(key, "vendor") == 0)
			d->vendor = number(w, "a vendor");
		else if (strcmp(key, "device") == 0)
			d->device = number(w, "a device");
		else if (strcmp(key, "msi") == 0)
			d->nr_msi_descs = number_below(w, "vectors", 4097);
		else if (strcmp(key, "msix") == 0)
			d->msix = true;
		else
			bad(w, "node, class, vendor, device, msi or msix",
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
		bad(w, "a device before it, of at most 3 consumers", "");
		return;
	}
	d->consumers[i].name = string(w, "a name");
	d->consumers[i].on_bus = choice(w, "bus or class", kinds);
	d->consumers[i].kind = string(w, "which one");
	if (w->at < w->nr)
		d->consumers[i].driver = string(w, "a driver");
}

/* Interrupts. */

static void irq_chain(struct words *w, struct fk_irq *i)
{
	static const char *const names[FK_NR_LEVELS] = {
		"", "vector", "ioapic", "dmar", "pci-msi", "ir-pci-msi", "ir",
		"xen", "none",
	};
	char list[128], *save = NULL, *s;
	unsigned int n = 0, k;

	snprintf(list, sizeof(list), "%s", next(w, "a chain"));
	for (s = strtok_r(list, ",", &save); s;
	     s = strtok_r(NULL, ",", &save)) {
		for (k = 1; k < FK_NR_LEVELS && strcmp(names[k], s) != 0; k++)
			;
		if (k == FK_NR_LEVELS || n == 4)
			bad(w, "levels: vector, ioapic, dmar, pci-msi, "
			    "ir-pci-msi, ir, xen, none", s);
		else
			i->chain[n++] = k;
	}
	i->chain[n] = FK_END;
}

static void irq_state(struct words *w, struct fk_irq *i)
{
	char *list = (char *)keep(w, next(w, "a state")), *save = NULL, *s;
	unsigned int n = 0;

	memset(i->state, 0, sizeof(i->state));
	if (strcmp(list, "-") == 0)
		return;
	for (s = strtok_r(list, ",", &save); s;
	     s = strtok_r(NULL, ",", &save))
		if (n < 9)
			i->state[n++] = s;
		else
			bad(w, "at most 9 states", s);
}

static void irq_action(struct words *w, struct fk_irq *i)
{
	unsigned int n = 0;

	while (n < 4 && i->actions[n].name)
		n++;
	if (n == 4) {
		bad(w, "at most 4 actions", "");
		return;
	}
	i->actions[n].name = keep(w, next(w, "an action's name"));
	i->actions[n].handler = keep(w, next(w, "its handler"));
	i->actions[n].thread = string(w, "its thread function, or -");
}

/* Of the device above; PCI as long as "chain" says nothing else. */
static void irq_msi(struct words *w, struct fk_irq *i)
{
	struct fk_machine *m = &w->mk->m;

	i->index = number_below(w, "an MSI index", 65536);
	i->device = m->nr_devices - 1;
	if (!m->nr_devices)
		bad(w, "a device before it", "");
	if (i->chain[0] == FK_IOAPIC) {
		i->chain[0] = FK_PCI_MSI;
		i->chain[1] = FK_VECTOR;
		i->chain[2] = FK_END;
	}
	i->address = 0xfee00000;
	i->data = 0x4000 + i->index;
}

static const char *number_as_list(struct words *w, unsigned int n)
{
	char list[16];

	snprintf(list, sizeof(list), "%u", n);
	return keep(w, list);
}

static bool irq_place(struct words *w, struct fk_irq *i, const char *key)
{
	unsigned int nr_cpus = w->mk->m.nr_cpu_ids;

	if (strcmp(key, "vector") == 0) {
		if (w->at < w->nr && strcmp(w->word[w->at], "auto") == 0) {
			i->vector = FK_AUTO;
			w->at++;
		} else {
			i->vector = number_below(w, "a vector, or auto", 256);
		}
	} else if (strcmp(key, "cpu") == 0) {
		i->cpu = number_below(w, "a CPU", nr_cpus);
	} else if (strcmp(key, "prev") == 0) {
		i->prev_vector = number_below(w, "a vector", 256);
		i->prev_cpu = number_below(w, "a CPU", nr_cpus);
	} else if (strcmp(key, "affinity") == 0) {
		i->affinity = cpus(w);
	} else if (strcmp(key, "effective") == 0) {
		i->effective = cpus(w);
	} else if (strcmp(key, "pending") == 0) {
		i->pending = cpus(w);
	} else if (strcmp(key, "msi-affinity") == 0) {
		i->msi_affinity = cpus(w);
	} else {
		return false;
	}
	return true;
}

static bool irq_flag(struct fk_irq *i, const char *key)
{
	const struct {
		const char *key;
		bool *flag;
	} flags[] = {
		{ "managed", &i->managed },
		{ "moving", &i->move_in_progress },
		{ "cleanup", &i->cleanup },
		{ "can-reserve", &i->can_reserve },
		{ "reserved", &i->has_reserved },
		{ "no-chip-data", &i->no_chip_data },
	};
	unsigned int n;

	for (n = 0; n < sizeof(flags) / sizeof(flags[0]); n++)
		if (strcmp(flags[n].key, key) == 0)
			return *flags[n].flag = true;
	return false;
}

static void irq_word(struct words *w, struct fk_irq *i, const char *key)
{
	if (irq_place(w, i, key) || irq_flag(i, key))
		return;
	if (strcmp(key, "chain") == 0)
		irq_chain(w, i);
	else if (strcmp(key, "state") == 0)
		irq_state(w, i);
	else if (strcmp(key, "action") == 0)
		irq_action(w, i);
	else if (strcmp(key, "msi") == 0)
		irq_msi(w, i);
	else if (strcmp(key, "first") == 0)
		i->first_irq = number(w, "an interrupt");
	else if (strcmp(key, "nvec") == 0)
		i->nvec = number_below(w, "vectors", 257);
	else if (strcmp(key, "flow") == 0)
		i->flow = keep(w, next(w, "a function"));
	else if (strcmp(key, "name") == 0)
		i->name = string(w, "a name");
	else if (strcmp(key, "count") == 0)
		i->count = number_below(w, "a count", 1ULL << 32);
	else if (strcmp(key, "address") == 0)
		i->address = number(w, "an address");
	else if (strcmp(key, "data") == 0)
		i->data = number(w, "data");
	else
		bad(w, "a word that README.md knows", key);
}

static void line_irq(struct words *w)
{
	struct fk_machine *m = &w->mk->m;
	struct fk_irq *i = grow(&m->irqs, &m->nr_irqs, &w->mk->room_irqs,
				sizeof(*i));

	*i = (struct fk_irq){
		.irq = number_below(w, "an interrupt", 1U << 24),
		.chain = { FK_IOAPIC, FK_VECTOR },
		.flow = "handle_edge_irq",
		.name = "edge",
		.device = -1,
		.nvec = 1,
		.quiet = true,
		.state = { "IRQD_ACTIVATED", "IRQD_IRQ_STARTED",
			   "IRQD_SINGLE_TARGET" },
	};
	i->first_irq = i->irq;
	if (m->nr_irqs > 1 && i->irq <= i[-1].irq)
		bad(w, "interrupts in ascending order", w->word[1]);
	while (!w->bad && w->at < w->nr)
		irq_word(w, i, next(w, ""));
	if (!i->affinity)
		i->affinity = m->online;
	if (!i->effective)
		i->effective = i->vector ? number_as_list(w, i->cpu) : "";
	if (i->managed && !i->msi_affinity && i->device >= 0)
		i->msi_affinity = i->affinity;
	/* of several in one MSI descriptor, those before it must be there */
	if (i->irq < i->first_irq || i->irq - i->first_irq >= i->nvec ||
	    i->irq - i->first_irq >= m->nr_irqs ||
	    i[-(int)(i->irq - i->first_irq)].irq != i->first_irq)
		bad(w, "first and nvec around the interrupt", w->word[1]);
}

static void line_entry(struct words *w)
{
	struct fk_machine *m = &w->mk->m;
	struct fk_entry *e = grow(&m->entries, &m->nr_entries,
				  &w->mk->room_entries, sizeof(*e));

	e->cpu = number_below(w, "a CPU", m->nr_cpu_ids);
	e->vector = number_below(w, "a vector", 256);
	e->value = number(w, "what the slot holds");
}

/* The kernel. */

static void line_system(struct words *w)
{
	struct irqm_bits b;
	struct fk_machine *m = &w->mk->m;

	b = fk_bits(next(w, "vectors"), 256);
	memcpy(m->system_map, b.words, 32);
	free(b.words);
}

static void line_container(struct words *w)
{
	static const char *const names[] = { "radix", "xarray", "maple",
					     "array", NULL };

	w->mk->o.gen.container = choice(w, "radix, xarray, maple or array",
					names);
	w->mk->o.container_given = true;
}

static void line_encoding(struct words *w)
{
	static const char *const names[] = { "default", "absolute",
					     "absolute-percpu", "relative",
					     "place-relative", NULL };

	w->mk->o.encoding = choice(w, "absolute, absolute-percpu, relative or "
				   "place-relative", names);
}

static void line_tables(struct words *w)
{
	static const char *const names[] = { "default", "4.15", "4.20", "6.4",
					     NULL };

	w->mk->o.tables = choice(w, "4.15, 4.20 or 6.4", names);
}

static void line_kaslr(struct words *w)
{
	uint64_t k = number_below(w, "below 0x3e000000", 0x3e000000);

	if (k & 0x1fffff)
		bad(w, "a multiple of 0x200000", w->word[1]);
	w->mk->o.gen.kaslr = k;
}

static void line_vmcoreinfo(struct words *w)
{
	struct mk_options *o = &w->mk->o;

	if (o->nr_vmcoreinfo == 16)
		bad(w, "at most 16 lines", "");
	else
		o->vmcoreinfo[o->nr_vmcoreinfo++] =
			keep(w, next(w, "a line without spaces"));
}

static bool kernel_number(struct words *w, const char *key)
{
	struct mk *mk = w->mk;

	if (strcmp(key, "crash-time") == 0)
		mk->m.crash_time = number(w, "seconds");
	else if (strcmp(key, "fanout") == 0)
		mk->o.gen.maple_fanout = number_below(w, "slots", 17);
	else if (strcmp(key, "page-offset") == 0)
		mk->o.gen.page_offset = number(w, "an address");
	else if (strcmp(key, "levels") == 0)
		mk->o.levels = number_below(w, "4 or 5", 6);
	else if (strcmp(key, "symbols") == 0)
		mk->o.symbols = number_below(w, "below 240000", 240000);
	else if (strcmp(key, "prstatus") == 0)
		mk->o.prstatus = number_below(w, "notes", 65536);
	else
		return false;
	return true;
}

static bool kernel_flag(struct mk *mk, const char *key)
{
	const struct {
		const char *key;
		bool *flag;
	} flags[] = {
		{ "percpu-addresses", &mk->o.gen.percpu_addresses },
		{ "total-nr-irqs", &mk->o.gen.total_nr_irqs },
		{ "constant-cpu-ids", &mk->o.gen.constant_cpu_ids },
		{ "no-note", &mk->o.gen.no_note },
		{ "small-pages", &mk->o.small_pages },
		{ "no-btf", &mk->o.no_btf },
		{ "no-kallsyms-info", &mk->o.no_kallsyms_info },
	};
	unsigned int n;

	for (n = 0; n < sizeof(flags) / sizeof(flags[0]); n++)
		if (strcmp(flags[n].key, key) == 0)
			return *flags[n].flag = true;
	return false;
}

static bool machine_string(struct words *w, const char *key)
{
	struct fk_machine *m = &w->mk->m;

	if (strcmp(key, "release") == 0)
		m->release = string(w, "a release");
	else if (strcmp(key, "build-id") == 0)
		m->build_id = string(w, "a build-id");
	else if (strcmp(key, "possible") == 0)
		m->possible = cpus(w);
	else if (strcmp(key, "present") == 0)
		m->present = cpus(w);
	else if (strcmp(key, "online") == 0)
		m->online = m->default_affinity = cpus(w);
	else if (strcmp(key, "default-affinity") == 0)
		m->default_affinity = cpus(w);
	else if (strcmp(key, "housekeeping") == 0)
		m->housekeeping = cpus(w);
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
		{ "cpus", line_cpus }, { "node", line_node },
		{ "device", line_device }, { "consumer", line_consumer },
		{ "irq", line_irq }, { "entry", line_entry },
		{ "system", line_system }, { "container", line_container },
		{ "encoding", line_encoding }, { "tables", line_tables },
		{ "kaslr", line_kaslr }, { "vmcoreinfo", line_vmcoreinfo },
	};
	unsigned int i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (strcmp(lines[i].key, key) == 0) {
			lines[i].line(w);
			return;
		}
	if (strcmp(key, "threads") == 0 || strcmp(key, "cluster") == 0)
		groups(w, key[0] == 't');
	else if (!kernel_number(w, key) && !kernel_flag(w->mk, key) &&
		 !machine_string(w, key))
		bad(w, "a line that README.md knows", key);
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
			bad(&w, "fewer words", s);
	if (w.nr && !w.bad) {
		one_line(&w, next(&w, ""));
		if (!w.bad && w.at < w.nr)
			bad(&w, "the end of the line", w.word[w.at]);
	}
	free(copy);
	return w.bad ? -1 : 0;
}
