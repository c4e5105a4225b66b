/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/json/saved.h"

#include <limits.h>
#include <string.h>

#include "render/json/json.h"

#define SCHEMA "irqmatrix/1"
/* Limits, as those of what is read from a dump. */
#define MAX_CPUS 65536
#define MAX_IRQS 524288
#define MAX_BITS 4096

struct saved {
	struct irqm_snapshot *s;
	unsigned int nr_cpus; /* possible CPU numbers */
	bool bad;             /* a value that no version writes */
};

static const json_t *get_member(const json_t *object, const char *key)
{
	return json_object_get(object, key);
}

/* Copies a string; NULL if there is none. */
static const char *text_of(struct saved *v, const json_t *object,
			   const char *key)
{
	const char *text = irqm_json_get_string(object, key);

	return text ? irqm_arena_strdup(v->s->arena, text) : NULL;
}

/* Returns a number from 0 to most, or otherwise. */
static unsigned int small_num(const json_t *object, const char *key,
			      unsigned int most, unsigned int otherwise)
{
	irqm_num n = irqm_json_get_num(object, key);

	return n < 0 || n > most ? otherwise : (unsigned int)n;
}

static struct irqm_bits set_of(struct saved *v, const json_t *object,
			       const char *key, unsigned int nbits)
{
	const char *list = irqm_json_get_string(object, key);
	struct irqm_bits bits = { .nbits = nbits };
	struct irqm_error err;

	if (!list)
		return bits;
	bits = irqm_bits_new(v->s->arena, nbits);
	if (bits.words && *list && irqm_bits_parse(&bits, list, &err))
		v->bad = true;
	return bits;
}

static struct irqm_bits cpus_of(struct saved *v, const json_t *object,
				const char *key)
{
	return set_of(v, object, key, v->nr_cpus);
}

/* The array's elements, or 0 if it is none or longer than most. */
static unsigned int length_of(struct saved *v, const json_t *array,
			      unsigned int most)
{
	size_t nr = json_array_size(array);

	v->bad |= nr > most;
	return nr > most ? 0 : nr;
}

static void read_apic_driver(struct saved *v, const json_t *from)
{
	static const enum irqm_apic_dest dests[] = {
		IRQM_DEST_PHYSICAL,
		IRQM_DEST_FLAT,
		IRQM_DEST_CLUSTER,
	};
	const char *dest = irqm_json_get_string(from, "destination");
	struct irqm_apic_driver *a = &v->s->dump.apic;
	unsigned int i;

	a->name = text_of(v, from, "name");
	a->logical = irqm_json_get_bool(from, "logical");
	for (i = 0; dest && i < ARRAY_SIZE(dests); i++)
		if (strcmp(irqm_json_destination(dests[i]), dest) == 0)
			a->dest = dests[i];
}

static void read_dump(struct saved *v, const json_t *doc)
{
	const json_t *from = get_member(doc, "dump");
	struct irqm_dump *d = &v->s->dump;

	d->path = text_of(v, from, "path");
	d->format = text_of(v, from, "format");
	d->release = text_of(v, from, "release");
	d->build_id = text_of(v, from, "build_id");
	d->arch = text_of(v, from, "arch");
	d->types = text_of(v, from, "types");
	d->vmcoreinfo_from = text_of(v, from, "vmcoreinfo_from");
	d->hostname = text_of(v, from, "hostname");
	d->hardware = text_of(v, from, "hardware");
	d->panic = text_of(v, from, "panic");
	d->crash_time = irqm_json_get_num(from, "crash_time");
	d->uptime = irqm_json_get_num(from, "uptime");
	d->memory = irqm_json_get_num(from, "memory");
	d->live = irqm_json_get_bool(from, "live") == 1;
	d->nr_cpu_ids = v->nr_cpus;
	read_apic_driver(v, get_member(from, "apic"));
	d->possible = cpus_of(v, from, "cpus_possible");
	d->present = cpus_of(v, from, "cpus_present");
	d->online = cpus_of(v, from, "cpus_online");
	d->default_affinity = cpus_of(v, from, "default_affinity");
	d->housekeeping_managed = cpus_of(v, from, "housekeeping_managed");
}

static void read_matrix(struct saved *v, const json_t *doc)
{
	const json_t *from = get_member(doc, "matrix");
	struct irqm_matrix *m = &v->s->matrix;

	m->addr = json_is_string(get_member(from, "address"));
	m->matrix_bits = irqm_json_get_num(from, "matrix_bits");
	if (m->matrix_bits < 0 || m->matrix_bits > MAX_BITS)
		m->matrix_bits = IRQM_UNKNOWN;
	m->alloc_start = irqm_json_get_num(from, "alloc_start");
	m->alloc_end = irqm_json_get_num(from, "alloc_end");
	m->alloc_size = irqm_json_get_num(from, "alloc_size");
	m->global_available = irqm_json_get_num(from, "global_available");
	m->global_reserved = irqm_json_get_num(from, "global_reserved");
	m->systembits_inalloc = irqm_json_get_num(from, "systembits_inalloc");
	m->total_allocated = irqm_json_get_num(from, "total_allocated");
	m->online_maps = irqm_json_get_num(from, "online_maps");
	if (m->matrix_bits != IRQM_UNKNOWN)
		m->system_map = set_of(v, from, "system_map", m->matrix_bits);
}

static void read_cpu(struct saved *v, const json_t *from, struct irqm_cpu *c)
{
	unsigned int bits = v->s->matrix.matrix_bits == IRQM_UNKNOWN ?
				    0 :
				    v->s->matrix.matrix_bits;

	*c = (struct irqm_cpu){
		.cpu = small_num(from, "cpu", v->nr_cpus, UINT_MAX),
		.online = irqm_json_get_bool(from, "online"),
		.initialized = irqm_json_get_bool(from, "initialized"),
		.available = irqm_json_get_num(from, "available"),
		.allocated = irqm_json_get_num(from, "allocated"),
		.managed = irqm_json_get_num(from, "managed"),
		.managed_allocated =
			irqm_json_get_num(from, "managed_allocated"),
		.node = irqm_json_get_num(from, "node"),
		.apicid = irqm_json_get_num(from, "apicid"),
		.logical_apicid = irqm_json_get_num(from, "logical_apicid"),
	};
	v->bad |= c->cpu == UINT_MAX;
	if (!bits)
		return;
	c->alloc_map = set_of(v, from, "alloc_map", bits);
	c->managed_map = set_of(v, from, "managed_map", bits);
}

static void read_cpus(struct saved *v, const json_t *doc)
{
	const json_t *array = get_member(doc, "cpus");
	unsigned int i, nr = length_of(v, array, v->nr_cpus);

	v->s->cpus = irqm_arena_alloc(v->s->arena, nr, sizeof(*v->s->cpus));
	if (!v->s->cpus)
		return;
	for (i = 0; i < nr; i++) {
		read_cpu(v, json_array_get(array, i), &v->s->cpus[i]);
		v->bad |= i && v->s->cpus[i].cpu <= v->s->cpus[i - 1].cpu;
	}
	v->s->nr_cpus = nr;
}

static void read_consumers(struct saved *v, const json_t *array,
			   struct irqm_device *d)
{
	unsigned int i, nr = length_of(v, array, MAX_IRQS);

	d->consumers = irqm_arena_alloc(v->s->arena, nr, sizeof(*d->consumers));
	d->consumers_cut = !json_is_array(array);
	for (i = 0; d->consumers && i < nr; i++) {
		const json_t *from = json_array_get(array, i);

		if (json_is_null(from)) {
			d->consumers_cut = true;
			continue;
		}
		d->consumers[d->nr_consumers++] = (struct irqm_consumer){
			.name = text_of(v, from, "name"),
			.driver = text_of(v, from, "driver"),
			.kind = text_of(v, from, "kind"),
		};
	}
}

static void read_devices(struct saved *v, const json_t *doc)
{
	const json_t *array = get_member(doc, "devices");
	unsigned int i, nr = length_of(v, array, MAX_IRQS);
	struct irqm_device *d = irqm_arena_alloc(v->s->arena, nr, sizeof(*d));

	for (i = 0; d && i < nr; i++) {
		const json_t *from = json_array_get(array, i);

		d[i].name = text_of(v, from, "device");
		d[i].bus = text_of(v, from, "bus");
		d[i].driver = text_of(v, from, "driver");
		d[i].node = irqm_json_get_num(from, "node");
		d[i].pci_class = irqm_json_get_num(from, "pci_class");
		d[i].pci_vendor = irqm_json_get_num(from, "pci_vendor");
		d[i].pci_device = irqm_json_get_num(from, "pci_device");
		d[i].nr_msi_descs = irqm_json_get_num(from, "msi_descs");
		read_consumers(v, get_member(from, "consumers"), &d[i]);
	}
	v->s->devices = d;
	v->s->nr_devices = d ? nr : 0;
}

static void read_actions(struct saved *v, const json_t *array,
			 struct irqm_irq *irq)
{
	unsigned int i, nr = length_of(v, array, MAX_IRQS);
	const char *name;

	irq->actions = irqm_arena_alloc(v->s->arena, nr, sizeof(*irq->actions));
	irq->actions_cut = !json_is_array(array);
	for (i = 0; irq->actions && i < nr; i++) {
		name = json_string_value(json_array_get(array, i));
		/* null at the end: there are more */
		if (!name && i + 1 == nr)
			irq->actions_cut = true;
		else
			irq->actions[irq->nr_actions++].name =
				name ? irqm_arena_strdup(v->s->arena, name) :
				       NULL;
	}
}

/* hwirq is null beyond 2^63 - 1. */
static void read_chain(struct saved *v, const json_t *array,
		       struct irqm_irq *irq)
{
	unsigned int i, nr = length_of(v, array, 16);
	struct irqm_level *level;

	irq->chain = irqm_arena_alloc(v->s->arena, nr, sizeof(*irq->chain));
	for (i = 0; irq->chain && i < nr; i++) {
		const json_t *from = json_array_get(array, i);

		if (json_is_null(from)) {
			irq->chain_cut = true;
			continue;
		}
		level = &irq->chain[irq->nr_levels++];
		level->domain = text_of(v, from, "domain");
		level->chip = text_of(v, from, "chip");
		level->hwirq = irqm_json_get_num(from, "hwirq");
		level->vector_domain = level->domain &&
				       strcmp(level->domain, "VECTOR") == 0;
		irq->in_vector_domain |= level->vector_domain;
	}
}

static void read_apic(struct saved *v, const json_t *from, struct irqm_irq *irq)
{
	struct irqm_apic *a;
	unsigned int i;

	if (!json_is_integer(get_member(from, "vector"))) {
		/* one that could not be read, or none */
		for (i = 0; i < irq->nr_levels; i++)
			irq->chain[i].chip_data = irq->chain[i].vector_domain;
		return;
	}
	a = irq->apic = irqm_arena_alloc(v->s->arena, 1, sizeof(*a));
	if (!a)
		return;
	a->vector = small_num(from, "vector", MAX_BITS, 0);
	a->cpu = small_num(from, "cpu", v->nr_cpus, 0);
	a->prev_vector = small_num(from, "prev_vector", MAX_BITS, 0);
	a->prev_cpu = small_num(from, "prev_cpu", v->nr_cpus, 0);
	a->move_in_progress = irqm_json_get_bool(from, "move_in_progress") == 1;
	a->can_reserve = irqm_json_get_bool(from, "can_reserve") == 1;
	a->has_reserved = irqm_json_get_bool(from, "has_reserved") == 1;
	a->is_managed = irqm_json_get_bool(from, "managed");
	a->cleanup_pending = irqm_json_get_bool(from, "cleanup_pending");
	a->hw_vector = irqm_json_get_num(from, "hw_vector");
	a->hw_dest_apicid = irqm_json_get_num(from, "hw_dest_apicid");
}

static void read_msi(struct saved *v, const json_t *from, struct irqm_irq *irq)
{
	struct irqm_msi *m;

	if (!json_is_object(from))
		return;
	m = irq->msi = irqm_arena_alloc(v->s->arena, 1, sizeof(*m));
	if (!m)
		return;
	m->index = irqm_json_get_num(from, "index");
	m->msix = irqm_json_get_bool(from, "msix");
	m->first_irq = small_num(from, "first_irq", INT_MAX, irq->irq);
	m->nvec_used = small_num(from, "nvec_used", INT_MAX, 1);
	m->has_affinity = irqm_json_get_bool(from, "has_affinity") == 1;
	m->affinity = cpus_of(v, from, "affinity");
	m->is_managed = irqm_json_get_bool(from, "is_managed");
}

static int device_named(const struct irqm_snapshot *s, const char *name)
{
	unsigned int i;

	for (i = 0; name && i < s->nr_devices; i++)
		if (s->devices[i].name && strcmp(s->devices[i].name, name) == 0)
			return i;
	return -1;
}

static void read_irq(struct saved *v, const json_t *from, struct irqm_irq *irq)
{
	*irq = (struct irqm_irq){
		.irq = small_num(from, "irq", INT_MAX, UINT_MAX),
		.managed = irqm_json_get_bool(from, "managed"),
		.state = irqm_json_get_num(from, "state"),
		.status = irqm_json_get_num(from, "status"),
		.istate = irqm_json_get_num(from, "istate"),
		.depth = irqm_json_get_num(from, "depth"),
		.wake_depth = irqm_json_get_num(from, "wake_depth"),
		.irqs_unhandled = irqm_json_get_num(from, "unhandled"),
		.node = irqm_json_get_num(from, "node"),
		.has_hint = irqm_json_get_bool(from, "has_affinity_hint"),
		.count = irqm_json_get_num(from, "count"),
		.setaffinity_pending =
			json_is_string(get_member(from, "pending_affinity")),
		.device = device_named(v->s,
				       irqm_json_get_string(from, "device")),
	};
	v->bad |= irq->irq == UINT_MAX;
	irq->affinity = cpus_of(v, from, "affinity");
	irq->effective_affinity = cpus_of(v, from, "effective_affinity");
	irq->pending_mask = cpus_of(v, from, "pending_affinity");
	read_actions(v, get_member(from, "actions"), irq);
	read_chain(v, get_member(from, "chain"), irq);
	read_apic(v, from, irq);
	read_msi(v, get_member(from, "msi"), irq);
}

static void read_irqs(struct saved *v, const json_t *doc)
{
	const json_t *array = get_member(doc, "irqs");
	unsigned int i, nr = length_of(v, array, MAX_IRQS);

	v->s->irqs = irqm_arena_alloc(v->s->arena, nr, sizeof(*v->s->irqs));
	if (!v->s->irqs)
		return;
	for (i = 0; i < nr; i++) {
		read_irq(v, json_array_get(array, i), &v->s->irqs[i]);
		v->bad |= i && v->s->irqs[i].irq <= v->s->irqs[i - 1].irq;
	}
	v->s->nr_irqs = nr;
	v->s->irqs_known = irqm_json_get_bool(doc, "irqs_complete") == 1;
}

static void read_unread(struct saved *v, const json_t *doc)
{
	const json_t *array = get_member(doc, "unread");
	unsigned int i, nr = length_of(v, array, IRQM_MAX_UNREAD);

	v->s->unread = irqm_arena_alloc(v->s->arena, nr, sizeof(*v->s->unread));
	for (i = 0; v->s->unread && i < nr; i++)
		v->s->unread[i] = (struct irqm_unread){
			.what = text_of(v, json_array_get(array, i), "what"),
			.why = IRQM_INVALID,
		};
	v->s->nr_unread = v->s->unread ? nr : 0;
}

static bool take_finding(struct irqm_analysis *a, const json_t *from,
			 struct irqm_finding *f)
{
	static const char *const severities[] = {
		[IRQM_INFO] = "info",
		[IRQM_WARNING] = "warning",
		[IRQM_CRITICAL] = "critical",
	};
	const char *code = irqm_json_get_string(from, "code");
	const char *severity = irqm_json_get_string(from, "severity");
	const char *text = irqm_json_get_string(from, "text");
	unsigned int i;

	memset(f, 0, sizeof(*f));
	for (i = 0; code && i < IRQM_NR_FINDING_KINDS; i++)
		if (strcmp(irqm_finding_kinds[i].code, code) == 0)
			f->kind = &irqm_finding_kinds[i];
	for (i = 0; severity && i < ARRAY_SIZE(severities); i++)
		if (strcmp(severities[i], severity) == 0)
			f->severity = (enum irqm_severity)i;
	f->text = irqm_arena_strdup(a->arena, text ? text : "");
	f->evidence = f->text ? strlen(f->text) : 0;
	f->shown_with = IRQM_UNKNOWN;
	return f->kind && f->text;
}

/* The document's findings in place of those of the analysis, which lacks the
 * log. A code that this version does not have is left out. */
static void take_findings(struct saved *v, const json_t *doc,
			  struct irqm_analysis *a)
{
	const json_t *array = get_member(doc, "findings");
	unsigned int i, nr = length_of(v, array, MAX_IRQS);
	struct irqm_finding *f = irqm_arena_alloc(a->arena, nr, sizeof(*f));

	a->findings = f;
	a->nr_findings = 0;
	for (i = 0; f && i < nr; i++)
		a->nr_findings += take_finding(a, json_array_get(array, i),
					       &f[a->nr_findings]);
}

static unsigned int count_cpus(const json_t *doc)
{
	const json_t *cpus = get_member(doc, "cpus");
	const json_t *last = json_array_get(
		cpus, json_array_size(cpus) ? json_array_size(cpus) - 1 : 0);

	return small_num(last, "cpu", MAX_CPUS - 1, 0) + 1;
}

static int refuse_document(struct irqm_error *err, const char *why)
{
	irqm_error_set(err, "%s", why);
	irqm_error_is(err, IRQM_ERROR_FORMAT);
	return -1;
}

int irqm_json_saved(const json_t *doc, struct irqm_snapshot **ret_snapshot,
		    struct irqm_analysis **ret_analysis, struct irqm_error *err)
{
	const char *schema = irqm_json_get_string(doc, "schema");
	struct saved v = { .nr_cpus = count_cpus(doc) };

	if (!schema || strcmp(schema, SCHEMA) != 0)
		return refuse_document(err, "a JSON document, but not of "
					    "irqmatrix -j");
	if (!json_is_array(get_member(doc, "irqs")) ||
	    !json_is_array(get_member(doc, "cpus")) ||
	    !json_is_array(get_member(doc, "devices")))
		return refuse_document(err, "the document of one view; save "
					    "that of irqmatrix -j alone");
	v.s = irqm_snapshot_new();
	if (!v.s) {
		irqm_error_memory(err);
		return -1;
	}
	read_dump(&v, doc);
	read_matrix(&v, doc);
	read_cpus(&v, doc);
	read_devices(&v, doc);
	read_irqs(&v, doc);
	read_unread(&v, doc);
	*ret_analysis = v.bad || irqm_arena_exhausted(v.s->arena) ?
				NULL :
				irqm_analyse(v.s);
	if (*ret_analysis)
		take_findings(&v, doc, *ret_analysis);
	if (*ret_analysis && !irqm_arena_exhausted((*ret_analysis)->arena)) {
		*ret_snapshot = v.s;
		return 0;
	}
	irqm_analysis_free(*ret_analysis);
	*ret_analysis = NULL;
	irqm_snapshot_free(v.s);
	if (v.bad)
		return refuse_document(err, "a document that irqmatrix -j "
					    "does not write");
	irqm_error_memory(err);
	return -1;
}
