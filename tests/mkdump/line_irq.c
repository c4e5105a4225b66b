/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line "irq N WORDS..." of a machine's text. */
#include "tests/mkdump/words.h"
#include "tests/mkdump/internal.h"

#include <stdio.h>
#include <string.h>

static void irq_chain(struct words *w, struct fk_irq *i)
{
	static const char *const names[FK_NR_LEVELS] = {
		"",   "vector", "ioapic", "dmar",   "pci-msi", "ir-pci-msi",
		"ir", "xen",    "none",   "amd-ir", "vmd",
	};
	char list[128], *save = NULL, *s;
	unsigned int n = 0, k;

	snprintf(list, sizeof(list), "%s", word_next(w, "a chain"));
	for (s = strtok_r(list, ",", &save); s;
	     s = strtok_r(NULL, ",", &save)) {
		for (k = 1; k < FK_NR_LEVELS && strcmp(names[k], s) != 0; k++)
			;
		if (k == FK_NR_LEVELS || n == 4)
			word_bad(w,
				 "levels: vector, ioapic, dmar, pci-msi, "
				 "ir-pci-msi, ir, xen, none, amd-ir, vmd",
				 s);
		else
			i->chain[n++] = k;
	}
	i->chain[n] = FK_END;
}

static void irq_state(struct words *w, struct fk_irq *i)
{
	char *list = (char *)word_keep(w, word_next(w, "a state"));
	char *save = NULL, *s;
	unsigned int n = 0;

	memset(i->state, 0, sizeof(i->state));
	if (strcmp(list, "-") == 0)
		return;
	for (s = strtok_r(list, ",", &save); s; s = strtok_r(NULL, ",", &save))
		if (n < 9)
			i->state[n++] = s;
		else
			word_bad(w, "at most 9 states", s);
}

static void irq_action(struct words *w, struct fk_irq *i)
{
	unsigned int n = 0;

	while (n < 4 && i->actions[n].name)
		n++;
	if (n == 4) {
		word_bad(w, "at most 4 actions", "");
		return;
	}
	i->actions[n].name = word_keep(w, word_next(w, "an action's name"));
	i->actions[n].handler = word_keep(w, word_next(w, "its handler"));
	i->actions[n].thread = word_string(w, "its thread function, or -");
}

static void default_chain(struct words *w, struct fk_irq *i,
			  enum fk_level first)
{
	unsigned int n = 0;

	i->chain[n++] = first;
	if (w->mk->o.remapping)
		i->chain[n++] = w->mk->o.remapping;
	i->chain[n++] = FK_VECTOR;
	i->chain[n] = FK_END;
}

/* Of the device above; PCI as long as "chain" says nothing else. */
static void irq_msi(struct words *w, struct fk_irq *i)
{
	struct fk_machine *m = &w->mk->m;

	i->index = word_below(w, "an MSI index", 65536);
	i->device = m->nr_devices - 1;
	if (!m->nr_devices)
		word_bad(w, "a device before it", "");
	if (i->chain[0] == FK_IOAPIC)
		default_chain(w, i,
			      w->mk->o.remapping ? FK_IR_PCI_MSI : FK_PCI_MSI);
}

static const char *number_as_list(struct words *w, unsigned int n)
{
	char list[16];

	snprintf(list, sizeof(list), "%u", n);
	return word_keep(w, list);
}

static bool irq_place(struct words *w, struct fk_irq *i, const char *key)
{
	unsigned int nr_cpus = w->mk->m.nr_cpu_ids;

	if (strcmp(key, "vector") == 0) {
		if (w->at < w->nr && strcmp(w->word[w->at], "auto") == 0) {
			i->vector = FK_AUTO;
			w->at++;
		} else {
			i->vector = word_below(w, "a vector, or auto", 256);
		}
	} else if (strcmp(key, "cpu") == 0) {
		i->cpu = word_below(w, "a CPU", nr_cpus);
	} else if (strcmp(key, "prev") == 0) {
		i->prev_vector = word_below(w, "a vector", 256);
		i->prev_cpu = word_below(w, "a CPU", nr_cpus);
	} else if (strcmp(key, "hw-vector") == 0) {
		i->hw_vector = word_below(w, "a vector", 256);
	} else if (strcmp(key, "entry-vector") == 0) {
		i->entry_vector = word_below(w, "a vector", 256);
	} else if (strcmp(key, "node") == 0) {
		i->node = word_below(w, "a node", 1024);
	} else if (strcmp(key, "affinity") == 0) {
		i->affinity = word_cpus(w);
	} else if (strcmp(key, "effective") == 0) {
		i->effective = word_cpus(w);
	} else if (strcmp(key, "pending") == 0) {
		i->pending = word_cpus(w);
	} else if (strcmp(key, "msi-affinity") == 0) {
		i->msi_affinity = word_cpus(w);
	} else {
		return false;
	}
	return true;
}

static bool irq_flag(struct fk_irq *i, const char *key)
{
	const struct word_flag flags[] = {
		{ "managed", &i->managed },
		{ "moving", &i->move_in_progress },
		{ "cleanup", &i->cleanup },
		{ "can-reserve", &i->can_reserve },
		{ "reserved", &i->has_reserved },
		{ "no-chip-data", &i->no_chip_data },
	};

	return word_flag(flags, ARRAY_SIZE(flags), key);
}

static void irq_message(struct words *w, struct fk_irq *i)
{
	i->address = word_number(w, "an address");
	i->data = word_number(w, "data");
	i->own_message = true;
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
		i->first_irq = word_number(w, "an interrupt");
	else if (strcmp(key, "nvec") == 0)
		i->nvec = word_below(w, "vectors", 257);
	else if (strcmp(key, "flow") == 0)
		i->flow = word_keep(w, word_next(w, "a function"));
	else if (strcmp(key, "name") == 0)
		i->name = word_string(w, "a name");
	else if (strcmp(key, "count") == 0)
		i->count = word_below(w, "a count", 1ULL << 32);
	else if (strcmp(key, "message") == 0)
		irq_message(w, i);
	else if (strcmp(key, "hint") == 0)
		i->hint = word_cpus(w);
	else
		word_bad(w, "a word that README.md knows", key);
}

void line_irq(struct words *w)
{
	struct fk_machine *m = &w->mk->m;
	struct fk_irq *i = grow_array(&m->irqs, &m->nr_irqs, &w->mk->room_irqs,
				      sizeof(*i));

	*i = (struct fk_irq){
		.irq = word_below(w, "an interrupt", 1U << 24),
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
	default_chain(w, i, FK_IOAPIC);
	if (m->nr_irqs > 1 && i->irq <= i[-1].irq)
		word_bad(w, "interrupts in ascending order", w->word[1]);
	while (!w->bad && w->at < w->nr)
		irq_word(w, i, word_next(w, ""));
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
		word_bad(w, "first and nvec around the interrupt", w->word[1]);
}
