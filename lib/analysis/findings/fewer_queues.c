/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fewer-queues: a device with fewer vectors than another of the same model, or
 * with none for its queues. Only of drivers that take what they get of the
 * managed vectors that they ask for, one for each queue: those of network cards
 * have as many as somebody configured, and virtio devices what their hypervisor
 * gives them.
 */
#include "analysis/drivers.h"
#include "analysis/findings/finding.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct model {
	const struct irqm_driver *driver;
	uint32_t id; /* PCI vendor and device */
	irqm_num vectors;
	const struct irqm_device *device;
};

static int by_model(const void *one, const void *other)
{
	const struct model *a = one, *b = other;

	if (a->driver != b->driver)
		return a->driver < b->driver ? -1 : 1;
	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	if (a->vectors != b->vectors)
		return a->vectors > b->vectors ? -1 : 1;
	return a->device < b->device ? -1 : a->device > b->device;
}

/* Those that accept fewer manage them, and are neither virtio's nor network
 * cards'. */
static bool takes_fewer(const struct irqm_driver *d)
{
	return d && d->least > 0;
}

static unsigned int list_models(const struct irqm_analysis *a,
				struct model *models)
{
	const struct irqm_accounting *acc = &a->accounting;
	unsigned int i, nr = 0;

	for (i = 0; i < acc->nr_devices; i++) {
		const struct irqm_device *d =
			&a->snapshot->devices[acc->devices[i].device];
		const struct irqm_driver *driver =
			irqm_driver_find(irqm_device_driver(d));

		if (!takes_fewer(driver) || acc->devices[i].irqs <= 0 ||
		    d->pci_vendor == IRQM_UNKNOWN ||
		    d->pci_device == IRQM_UNKNOWN)
			continue;
		models[nr++] = (struct model){
			.driver = driver,
			.id = (uint32_t)d->pci_vendor << 16 |
			      (d->pci_device & 0xffff),
			.vectors = acc->devices[i].irqs,
			.device = d,
		};
	}
	qsort(models, nr, sizeof(*models), by_model);
	return nr;
}

struct fewer {
	unsigned int nr;
	const struct model *first, *sister; /* NULL: it has none */
};

static bool is_same_model(const struct model *a, const struct model *b)
{
	return a->driver == b->driver && a->id == b->id;
}

/* models[] has those of a model in a row, the one with most vectors first. */
static struct fewer find_fewer(const struct irqm_analysis *a,
			       const struct model *models, unsigned int nr)
{
	bool is_short = irqm_was_short(a);
	const struct model *most = models;
	struct fewer f = { 0 };
	unsigned int i;

	for (i = 0; i < nr; i++) {
		const struct model *m = &models[i];
		bool alone;

		if (!is_same_model(most, m))
			most = m;
		alone = m == most && is_short && m->driver->pre > 0 &&
			m->vectors <= m->driver->pre &&
			irqm_bits_weight(&a->online.yes) > 1;
		if (m->vectors == most->vectors && !alone)
			continue;
		if (f.nr++ == 0) {
			f.first = m;
			f.sister = m == most ? NULL : most;
		}
	}
	return f;
}

static const char *name_of(const struct irqm_device *d)
{
	const char *consumer = irqm_device_consumer(d);

	return consumer ? consumer : d->name ? d->name : "?";
}

static void say_fewer(const struct irqm_analysis *a, const struct fewer *f,
		      const struct irqm_bits *full, struct irqm_text *t)
{
	irqm_text_add(t,
		      "Unless its firmware or its configuration limits it, ");
	irqm_text_device(t, f->first->device);
	if (f->nr > 1)
		irqm_text_add(t, " and %u more", f->nr - 1);
	irqm_text_add(t, " got fewer vectors than %s asks for: %" PRId64,
		      f->first->driver->name, f->first->vectors);
	if (f->sister) {
		irqm_text_add(t, ", where ");
		irqm_text_device(t, f->sister->device);
		irqm_text_add(t, " of the same model has %" PRId64,
			      f->sister->vectors);
	}
	irqm_text_add(t, ". ");
	if (irqm_bits_weight(full)) {
		irqm_text_cpus(t, full);
		irqm_text_add(t,
			      " %s out of vectors: a managed interrupt needs "
			      "one on each CPU of its affinity",
			      irqm_plural(irqm_bits_weight(full), "is", "are"));
	} else if (irqm_was_short(a)) {
		irqm_text_add(t, "Vectors were short, by the log; all online "
				 "CPUs have free ones now");
	} else {
		irqm_text_add(t, "All online CPUs have free vectors now, and "
				 "the log does not say why");
	}
}

/* "nvme1 has 1 vector, nvme0 of the same model 9, probably because CPU 3 is full"
 */
static const char *say_brief(const struct irqm_analysis *a,
			     const struct fewer *f,
			     const struct irqm_bits *full)
{
	struct irqm_text t = { 0 };

	irqm_text_add(&t, "%s has %" PRId64 " %s", name_of(f->first->device),
		      f->first->vectors,
		      irqm_plural(f->first->vectors, "vector", "vectors"));
	if (f->sister)
		irqm_text_add(&t, ", %s of the same model %" PRId64,
			      name_of(f->sister->device), f->sister->vectors);
	else
		irqm_text_add(&t, ", none for its queues");
	if (irqm_bits_weight(full)) {
		irqm_text_add(&t, ", probably because ");
		irqm_text_cpus(&t, full);
		irqm_text_add(&t, " %s full",
			      irqm_plural(irqm_bits_weight(full), "is", "are"));
	}
	if (f->nr > 1)
		irqm_text_add(&t, "; %u more like it", f->nr - 1);
	return irqm_arena_strdup(a->arena, t.s);
}

static bool report_fewer(struct irqm_analysis *a, const struct fewer *fewer)
{
	const struct irqm_device *d = fewer->first->device;
	struct irqm_bits full = irqm_full_cpus(a);
	struct irqm_text t = { 0 };
	struct irqm_finding *f;

	if (!irqm_bits_known(&full))
		return false;
	say_fewer(a, fewer, &full, &t);
	f = irqm_finding_add(a, IRQM_FEWER_QUEUES, IRQM_INFO, &t);
	if (!f)
		return false;
	f->brief = say_brief(a, fewer, &full);
	irqm_finding_num(f, "devices", fewer->nr);
	irqm_finding_string(f, "first_device", d->name);
	irqm_finding_string(f, "first_driver", d->driver);
	irqm_finding_num(f, "vectors", fewer->first->vectors);
	irqm_finding_string(f, "sister",
			    fewer->sister ? fewer->sister->device->name : NULL);
	irqm_finding_num(f, "sister_vectors",
			 fewer->sister ? fewer->sister->vectors : IRQM_UNKNOWN);
	irqm_finding_set(f, "full_cpus", full);
	return true;
}

/* Must run after irqm_find_log(), because irqm_was_short() uses its findings. */
bool irqm_find_fewer_queues(struct irqm_analysis *a)
{
	unsigned int nr = a->accounting.nr_devices;
	struct model *models;
	struct fewer f;

	if (!nr)
		return true;
	models = irqm_arena_alloc(a->arena, nr, sizeof(*models));
	if (!models)
		return false;
	nr = list_models(a, models);
	f = find_fewer(a, models, nr);
	return f.nr ? report_fewer(a, &f) : true;
}
