/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line "irq N WORDS..." of a machine's text. */
#include "machine/line_irq.h"

#include "base/nearest.h"

#include <string.h>

#define MAX_IRQ (1U << 24)
#define NR_VECTORS 256

static enum irqm_machine_level level_of(struct irqm_words *w, const char *name)
{
	static const char *const names[IRQM_NR_LEVELS] = {
		"",   "vector", "ioapic", "dmar",   "pci-msi", "ir-pci-msi",
		"ir", "xen",    "none",   "amd-ir", "vmd",
	};
	unsigned int k;

	for (k = 1; k < IRQM_NR_LEVELS; k++)
		if (strcmp(names[k], name) == 0)
			return k;
	irqm_words_bad(w,
		       "vector, ioapic, dmar, pci-msi, ir-pci-msi, ir, xen, "
		       "none, amd-ir or vmd",
		       name);
	return IRQM_LEVEL_END;
}

static void take_chain(struct irqm_words *w, struct irqm_machine_irq *i)
{
	char *list = (char *)irqm_words_next(w, "levels like pci-msi,vector");
	unsigned int n = 0;
	char *name;

	memset(i->chain, 0, sizeof(i->chain));
	while (!w->bad && (name = strsep(&list, ",")))
		if (n < ARRAY_SIZE(i->chain) - 1)
			i->chain[n++] = level_of(w, name);
		else
			irqm_words_bad(w, "at most 4 levels", name);
}

static void take_state(struct irqm_words *w, struct irqm_machine_irq *i)
{
	char *list = (char *)irqm_words_string_or_none(
		w, "flags like IRQD_LEVEL,IRQD_ACTIVATED");
	unsigned int n = 0;
	char *name;

	memset(i->state, 0, sizeof(i->state));
	while (!w->bad && (name = strsep(&list, ",")))
		if (strncmp(name, "IRQD_", 5) != 0)
			irqm_words_bad(w, "a flag IRQD_*", name);
		else if (n < ARRAY_SIZE(i->state) - 1)
			i->state[n++] = name;
		else
			irqm_words_bad(w, "at most 9 flags", name);
}

static void take_action(struct irqm_words *w, struct irqm_machine_irq *i)
{
	struct irqm_machine_action *a = i->actions;

	while (a < i->actions + ARRAY_SIZE(i->actions) && a->name)
		a++;
	if (a == i->actions + ARRAY_SIZE(i->actions)) {
		irqm_words_fail(w, "an interrupt has at most 4 actions");
		return;
	}
	a->name = irqm_words_string(w, "a name");
	a->handler = irqm_words_string(w, "the handler's function");
	a->thread = irqm_words_string_or_none(w, "the thread's function or -");
}

static void set_default_chain(const struct irqm_machine *m,
			      struct irqm_machine_irq *i)
{
	unsigned int n = 0;

	i->chain[n++] = i->device < 0 ? IRQM_LEVEL_IOAPIC :
			m->remapping  ? IRQM_LEVEL_IR_PCI_MSI :
					IRQM_LEVEL_PCI_MSI;
	if (m->remapping)
		i->chain[n++] = m->remapping;
	i->chain[n] = IRQM_LEVEL_VECTOR;
}

static void take_msi(struct irqm_words *w, struct irqm_machine_irq *i)
{
	i->index = irqm_words_below(w, "an MSI index", 65536);
	i->device = w->m->nr_devices - 1;
	if (!w->m->nr_devices)
		irqm_words_fail(w, "the device's line has to come first");
}

static void take_vector(struct irqm_words *w, struct irqm_machine_irq *i)
{
	i->vector = irqm_words_skip(w, "auto") ?
			    IRQM_MACHINE_AUTO :
			    irqm_words_below(w, "auto or a vector", NR_VECTORS);
}

static void take_prev(struct irqm_words *w, struct irqm_machine_irq *i)
{
	i->prev_vector = irqm_words_below(w, "a vector", NR_VECTORS);
	i->prev_cpu = irqm_words_cpu(w);
}

static void take_node(struct irqm_words *w, struct irqm_machine_irq *i)
{
	i->node = irqm_words_node(w);
}

static void take_message(struct irqm_words *w, struct irqm_machine_irq *i)
{
	i->address = irqm_words_number(w, "an address");
	i->data = irqm_words_below(w, "data", 1ULL << 32);
	i->own_message = true;
}

static void take_name(struct irqm_words *w, struct irqm_machine_irq *i)
{
	i->name = irqm_words_string_or_none(w, "a name or -");
}

enum kind {
	FLAG,
	VECTOR,
	CPU,
	CPUS,
	IRQ,
	NVEC,
	COUNT,
	STRING,
	CALL
};

struct irq_word {
	const char *key;
	enum kind kind;
	size_t offset;
	void (*call)(struct irqm_words *w, struct irqm_machine_irq *i);
};

#define MEMBER(member) offsetof(struct irqm_machine_irq, member), NULL

static const struct irq_word irq_words[] = {
	{ "node", CALL, 0, take_node },
	{ "vector", CALL, 0, take_vector },
	{ "cpu", CPU, MEMBER(cpu) },
	{ "prev", CALL, 0, take_prev },
	{ "managed", FLAG, MEMBER(managed) },
	{ "can-reserve", FLAG, MEMBER(can_reserve) },
	{ "reserved", FLAG, MEMBER(has_reserved) },
	{ "moving", FLAG, MEMBER(move_in_progress) },
	{ "cleanup", FLAG, MEMBER(cleanup) },
	{ "no-chip-data", FLAG, MEMBER(no_chip_data) },
	{ "affinity", CPUS, MEMBER(affinity) },
	{ "effective", CPUS, MEMBER(effective) },
	{ "pending", CPUS, MEMBER(pending) },
	{ "msi-affinity", CPUS, MEMBER(msi_affinity) },
	{ "hint", CPUS, MEMBER(hint) },
	{ "msi", CALL, 0, take_msi },
	{ "first", IRQ, MEMBER(first_irq) },
	{ "nvec", NVEC, MEMBER(nvec) },
	{ "chain", CALL, 0, take_chain },
	{ "action", CALL, 0, take_action },
	{ "flow", STRING, MEMBER(flow) },
	{ "name", CALL, 0, take_name },
	{ "state", CALL, 0, take_state },
	{ "count", COUNT, MEMBER(count) },
	{ "message", CALL, 0, take_message },
	{ "hw-vector", VECTOR, MEMBER(hw_vector) },
	{ "entry-vector", VECTOR, MEMBER(entry_vector) },
};

static void take_member(struct irqm_words *w, const struct irq_word *word,
			struct irqm_machine_irq *i)
{
	void *p = (char *)i + word->offset;

	switch (word->kind) {
	case FLAG:
		*(bool *)p = true;
		break;
	case VECTOR:
		*(unsigned int *)p =
			irqm_words_below(w, "a vector", NR_VECTORS);
		break;
	case CPU:
		*(unsigned int *)p = irqm_words_cpu(w);
		break;
	case CPUS:
		*(const char **)p = irqm_words_cpus(w);
		break;
	case IRQ:
		*(unsigned int *)p = irqm_words_below(w, "an IRQ", MAX_IRQ);
		break;
	case NVEC:
		*(unsigned int *)p = irqm_words_below(w, "vectors", 257);
		break;
	case COUNT:
		*(uint32_t *)p = irqm_words_below(w, "a count", 1ULL << 32);
		break;
	case STRING:
		*(const char **)p = irqm_words_string(w, "a function");
		break;
	case CALL:
		word->call(w, i);
		break;
	}
}

static void fail_unknown(struct irqm_words *w, const char *key)
{
	char hint[IRQM_NEAREST_HINT];
	struct irqm_nearest near;
	unsigned int n;

	irqm_nearest_begin(&near, key, strlen(key));
	for (n = 0; n < ARRAY_SIZE(irq_words); n++)
		irqm_nearest_offer(&near, irq_words[n].key);
	w->key = "irq";
	irqm_words_fail(w, "unknown word \"%.40s\", %s", key,
			irqm_nearest_hint(&near, "", "see irqmatrix-machine(5)",
					  hint));
}

static void take_irq_word(struct irqm_words *w, struct irqm_machine_irq *i)
{
	const char *key = irqm_words_key(w, "");
	unsigned int n;

	for (n = 0; n < ARRAY_SIZE(irq_words); n++)
		if (strcmp(irq_words[n].key, key) == 0) {
			take_member(w, &irq_words[n], i);
			return;
		}
	fail_unknown(w, key);
}

static const char *cpu_as_list(struct irqm_words *w, unsigned int cpu)
{
	char list[IRQM_RANGE_SIZE];

	return irqm_words_keep(w, irqm_range_text(list, cpu, cpu));
}

/* The interrupts of one MSI descriptor before this one must be there. */
static void check_block(struct irqm_words *w, const struct irqm_machine_irq *i)
{
	unsigned int before = i->irq - i->first_irq;

	w->key = "irq";
	if (before >= i->nvec) /* or first is above irq */
		irqm_words_fail(w,
				"IRQ %u is not one of nvec %u from first "
				"%u on",
				i->irq, i->nvec, i->first_irq);
	else if (before >= w->m->nr_irqs || i[-(int)before].irq != i->first_irq)
		irqm_words_fail(w,
				"first %u: the lines before this one have "
				"to be IRQs %u to %u",
				i->first_irq, i->first_irq, i->irq - 1);
}

void irqm_machine_line_irq(struct irqm_words *w)
{
	struct irqm_machine *m = w->m;
	struct irqm_machine_irq *i = irqm_words_add(
		w, &m->irqs, &m->nr_irqs, sizeof(*i), IRQM_MACHINE_MAX_IRQS);

	if (!i)
		return;
	*i = (struct irqm_machine_irq){
		.irq = irqm_words_below(w, "an IRQ", MAX_IRQ),
		.flow = "handle_edge_irq",
		.name = "edge",
		.node = -1,
		.device = -1,
		.nvec = 1,
		.quiet = true,
		.state = { "IRQD_ACTIVATED", "IRQD_IRQ_STARTED",
			   "IRQD_SINGLE_TARGET" },
	};
	i->first_irq = i->irq;
	if (m->nr_irqs > 1 && i->irq <= i[-1].irq)
		irqm_words_fail(w,
				"expected ascending numbers, but %u follows "
				"%u",
				i->irq, i[-1].irq);
	while (irqm_words_left(w))
		take_irq_word(w, i);
	if (!i->chain[0])
		set_default_chain(m, i);
	if (!i->effective)
		i->effective = i->vector ? cpu_as_list(w, i->cpu) : "";
	check_block(w, i);
}
