/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes the document "irqmatrix/1". Its keys are a contract: in each function,
 * those before the comment "additions" are the keys of the first version, in
 * their order. More may follow; none is renamed.
 *
 * Writes element by element, so that memory does not grow with the number of
 * IRQs; for a store, the same elements are kept as values.
 */
#include "render/render.h"

#include <errno.h>

#include "render/json/json.h"
#include "render/json/writer.h"

#define SCHEMA "irqmatrix/1"
#define add irqm_json_add

const char *irqm_json_destination(enum irqm_apic_dest dest)
{
	static const char *const names[] = {
		[IRQM_DEST_PHYSICAL] = "physical",
		[IRQM_DEST_FLAT] = "flat",
		[IRQM_DEST_CLUSTER] = "cluster",
	};

	return names[dest];
}

static struct irqm_json_value apic_json(const struct irqm_apic_driver *apic)
{
	struct irqm_json j = irqm_json_object();

	add(&j, "name", irqm_json_name(apic->name));
	add(&j, "destination",
	    irqm_json_name(irqm_json_destination(apic->dest)));
	add(&j, "logical", irqm_json_bool(apic->logical));
	return irqm_json_done(&j);
}

struct irqm_json_value irqm_json_dump(const struct irqm_dump *d)
{
	struct irqm_json j = irqm_json_object();

	add(&j, "path", irqm_json_name(d->path));
	add(&j, "format", irqm_json_name(d->format));
	add(&j, "release", irqm_json_name(d->release));
	add(&j, "build_id", irqm_json_name(d->build_id));
	add(&j, "arch", irqm_json_name(d->arch));
	add(&j, "types", irqm_json_name(d->types));
	add(&j, "crash_time", irqm_json_num(d->crash_time));
	add(&j, "cpus_possible", irqm_json_bits(&d->possible));
	add(&j, "cpus_present", irqm_json_bits(&d->present));
	add(&j, "cpus_online", irqm_json_bits(&d->online));
	/* additions */
	add(&j, "live", irqm_json_boolean(d->live));
	add(&j, "default_affinity", irqm_json_bits(&d->default_affinity));
	add(&j, "housekeeping_managed",
	    irqm_json_bits(&d->housekeeping_managed));
	add(&j, "apic", apic_json(&d->apic));
	add(&j, "vmcoreinfo_from", irqm_json_name(d->vmcoreinfo_from));
	add(&j, "hostname", irqm_json_name(d->hostname));
	add(&j, "hardware", irqm_json_name(d->hardware));
	add(&j, "memory", irqm_json_num(d->memory));
	add(&j, "uptime", irqm_json_num(d->uptime));
	add(&j, "panic", irqm_json_name(d->panic));
	return irqm_json_done(&j);
}

/* Makes {"236": "local_timer", ...}; every kernel has some. */
static struct irqm_json_value system_vectors(const struct irqm_snapshot *s)
{
	struct irqm_json j = irqm_json_object();
	bool known = false;
	char key[16];
	unsigned int v;

	for (v = 0; v < IRQM_NR_VECTORS; v++) {
		if (!s->system_vector[v])
			continue;
		known = true;
		snprintf(key, sizeof(key), "%u", v);
		add(&j, key, irqm_json_name(s->system_vector[v]));
	}
	if (!known) {
		irqm_json_drop(irqm_json_done(&j));
		return irqm_json_null();
	}
	return irqm_json_done(&j);
}

static struct irqm_json_value matrix_json(const struct irqm_snapshot *s)
{
	struct irqm_json j = irqm_json_object();
	const struct irqm_matrix *m = &s->matrix;

	add(&j, "matrix_bits", irqm_json_num(m->matrix_bits));
	add(&j, "alloc_start", irqm_json_num(m->alloc_start));
	add(&j, "alloc_end", irqm_json_num(m->alloc_end));
	add(&j, "alloc_size", irqm_json_num(m->alloc_size));
	add(&j, "global_available", irqm_json_num(m->global_available));
	add(&j, "global_reserved", irqm_json_num(m->global_reserved));
	add(&j, "systembits_inalloc", irqm_json_num(m->systembits_inalloc));
	add(&j, "total_allocated", irqm_json_num(m->total_allocated));
	add(&j, "online_maps", irqm_json_num(m->online_maps));
	add(&j, "system_map", irqm_json_bits(&m->system_map));
	/* additions */
	add(&j, "address", irqm_json_addr(m->addr));
	add(&j, "system_vectors", system_vectors(s));
	return irqm_json_done(&j);
}

/* Returns the vectors whose vector_irq entry is of this kind. */
static struct irqm_json_value slots_json(const struct irqm_cpu *cpu,
					 enum irqm_slot slot)
{
	uint64_t words[IRQM_BITS_WORDS(IRQM_NR_VECTORS)] = { 0 };
	struct irqm_bits b = { words, IRQM_NR_VECTORS };
	unsigned int v;

	if (!cpu->vector_irq)
		return irqm_json_null();
	for (v = 0; v < IRQM_NR_VECTORS; v++)
		if (cpu->vector_irq[v].slot == slot)
			irqm_bits_set(&b, v);
	return irqm_json_bits(&b);
}

/* Makes {"34": 24, ...}: the IRQ that each vector leads to. */
static struct irqm_json_value vector_irq_json(const struct irqm_fact_row *row)
{
	const struct irqm_cpu *cpu = row->cpu;
	struct irqm_json j;
	char key[16];
	unsigned int v;

	if (!cpu->vector_irq)
		return irqm_json_null();
	j = irqm_json_object();
	for (v = 0; v < IRQM_NR_VECTORS; v++) {
		if (cpu->vector_irq[v].slot != IRQM_SLOT_IRQ)
			continue;
		snprintf(key, sizeof(key), "%u", v);
		add(&j, key, irqm_json_integer(cpu->vector_irq[v].irq));
	}
	return irqm_json_done(&j);
}

/* Unknown while an entry may belong to an IRQ that could not be read. */
static struct irqm_json_value strays_json(const struct irqm_fact_row *row)
{
	const struct irqm_cpu *cpu = row->cpu;
	unsigned int v;

	for (v = 0; cpu->vector_irq && v < IRQM_NR_VECTORS; v++)
		if (cpu->vector_irq[v].slot == IRQM_SLOT_UNKNOWN)
			return irqm_json_null();
	return slots_json(cpu, IRQM_SLOT_STRAY);
}

/* Returns the vectors by use; null if the use of all is unknown. */
static struct irqm_json_value owners_json(const struct irqm_fact_row *row)
{
	uint64_t words[IRQM_NR_USES][IRQM_BITS_WORDS(IRQM_NR_VECTORS)] = { 0 };
	struct irqm_vector_owner owners[IRQM_NR_VECTORS];
	struct irqm_bits b = { NULL, IRQM_NR_VECTORS };
	unsigned int v, use, unknown = 0;
	struct irqm_json j;

	irqm_vector_owners(row->claims,
			   row->cpu - row->analysis->snapshot->cpus, owners);
	for (v = 0; v < IRQM_NR_VECTORS; v++) {
		use = irqm_vector_use(&owners[v]);
		b.words = words[use];
		irqm_bits_set(&b, v);
		unknown += use == IRQM_USE_UNKNOWN;
	}
	if (unknown == IRQM_NR_VECTORS)
		return irqm_json_null();
	j = irqm_json_object();
	for (use = 0; use < IRQM_NR_USES; use++) {
		b.words = words[use];
		add(&j, irqm_use_name(use), irqm_json_bits(&b));
	}
	return irqm_json_done(&j);
}

static struct irqm_json_value shutdown_json(const struct irqm_fact_row *row)
{
	return slots_json(row->cpu, IRQM_SLOT_SHUTDOWN);
}

static struct irqm_json_value retriggered_json(const struct irqm_fact_row *row)
{
	return slots_json(row->cpu, IRQM_SLOT_RETRIGGERED);
}

static struct irqm_json_value cpu_json(const struct irqm_analysis *a,
				       const struct irqm_claims *claims,
				       unsigned int index)
{
	static irqm_json_nest *const nest[IRQM_NR_CPU_FACTS] = {
		[IRQM_CPU_vector_irq] = vector_irq_json,
		[IRQM_CPU_vector_shutdown] = shutdown_json,
		[IRQM_CPU_vector_retriggered] = retriggered_json,
		[IRQM_CPU_vector_stray] = strays_json,
		[IRQM_CPU_owners] = owners_json,
	};
	const struct irqm_fact_row row = {
		.analysis = a,
		.claims = claims,
		.cpu = &a->snapshot->cpus[index],
		.check = &a->cpus[index],
	};
	struct irqm_json j = irqm_json_object();

	irqm_json_add_facts(&j, irqm_cpu_facts, IRQM_NR_CPU_FACTS, &row, nest);
	return irqm_json_done(&j);
}

static struct irqm_json_value consumers_json(const struct irqm_fact_row *row)
{
	const struct irqm_device *d = row->device;
	struct irqm_json array = irqm_json_array();
	unsigned int i;

	for (i = 0; i < d->nr_consumers; i++) {
		struct irqm_json j = irqm_json_object();

		add(&j, "name", irqm_json_name(d->consumers[i].name));
		add(&j, "driver", irqm_json_name(d->consumers[i].driver));
		/* additions */
		add(&j, "kind", irqm_json_name(d->consumers[i].kind));
		irqm_json_append(&array, irqm_json_done(&j));
	}
	return irqm_json_cut(&array, d->nr_consumers, d->consumers_cut);
}

static struct irqm_json_value device_json(const struct irqm_snapshot *s,
					  const struct irqm_cost *c)
{
	static irqm_json_nest *const nest[IRQM_NR_DEVICE_FACTS] = {
		[IRQM_DEVICE_consumers] = consumers_json,
	};
	const struct irqm_fact_row row = {
		.device = &s->devices[c->device],
		.cost = c,
		.counts = c,
	};
	struct irqm_json j = irqm_json_object();

	irqm_json_add_facts(&j, irqm_device_facts, IRQM_NR_DEVICE_FACTS, &row,
			    nest);
	return irqm_json_done(&j);
}

static struct irqm_json_value datum_json(const struct irqm_datum *d)
{
	switch (d->type) {
	case IRQM_DATUM_STRING:
		return irqm_json_name(d->string);
	case IRQM_DATUM_SET:
		return irqm_json_bits(&d->set);
	default:
		return irqm_json_num(d->num);
	}
}

static struct irqm_json_value finding_json(const struct irqm_analysis *a,
					   const struct irqm_finding *f)
{
	struct irqm_json data = irqm_json_object(), j = irqm_json_object();
	struct irqm_json commands = irqm_json_array();
	unsigned int i;

	for (i = 0; f->commands[i]; i++)
		irqm_json_append(&commands, irqm_json_name(f->commands[i]));
	for (i = 0; i < f->nr_data; i++)
		add(&data, f->data[i].key, datum_json(&f->data[i]));
	add(&j, "code", irqm_json_name(f->kind->code));
	add(&j, "severity", irqm_json_string(irqm_severity_name(f->severity)));
	add(&j, "text", irqm_json_name(f->text));
	add(&j, "data", irqm_json_done(&data));
	/* additions */
	add(&j, "meaning", irqm_json_string(f->kind->meaning));
	add(&j, "advice", irqm_json_string(f->kind->advice));
	add(&j, "remedy", irqm_json_name(f->remedy));
	add(&j, "commands", irqm_json_done(&commands));
	add(&j, "shown_with",
	    f->shown_with == IRQM_UNKNOWN ?
		    irqm_json_null() :
		    irqm_json_name(a->findings[f->shown_with].kind->code));
	return irqm_json_done(&j);
}

/* Devices are found by their IRQs. */
static struct irqm_json_value driver_json(const struct irqm_driver_cost *d)
{
	const struct irqm_fact_row row = { .driver = d,
					   .cost = &d->sum,
					   .counts = &d->sum };
	struct irqm_json j = irqm_json_object();

	irqm_json_add_facts(&j, irqm_driver_facts, IRQM_NR_DRIVER_FACTS, &row,
			    NULL);
	return irqm_json_done(&j);
}

static struct irqm_json_value pools_json(const struct irqm_analysis *a)
{
	struct irqm_json array = irqm_json_array();
	unsigned int i;

	for (i = 0; i < a->nr_pools; i++)
		irqm_json_append(&array, irqm_json_pool(a, &a->pools[i]));
	return irqm_json_done(&array);
}

static struct irqm_json_value accounting_json(const struct irqm_analysis *a)
{
	const struct irqm_accounting *acc = &a->accounting;
	struct irqm_json rest = irqm_json_object(), j = irqm_json_object();
	struct irqm_json drivers = irqm_json_array();
	unsigned int i;

	for (i = 0; i < acc->nr_drivers; i++)
		irqm_json_append(&drivers, driver_json(&acc->drivers[i]));
	irqm_json_add_cost(&rest, &acc->no_device);
	add(&j, "lost", irqm_json_num(acc->lost));
	add(&j, "unattributed", irqm_json_num(acc->unattributed));
	add(&j, "no_msi_device", irqm_json_done(&rest));
	add(&j, "drivers", irqm_json_done(&drivers));
	add(&j, "pools", pools_json(a));
	return irqm_json_done(&j);
}

static void put_unread(struct irqm_json_writer *w,
		       const struct irqm_snapshot *s)
{
	unsigned int i;

	irqm_json_open_array(w, "unread");
	for (i = 0; i < s->nr_unread && !w->failed; i++)
		irqm_json_put(w, NULL, irqm_json_unread(&s->unread[i]));
	irqm_json_close_array(w);
}

static void put_cpus(struct irqm_json_writer *w, const struct irqm_analysis *a)
{
	struct irqm_claims claims;
	unsigned int i;

	if (irqm_claims_init(&claims, a->snapshot)) {
		errno = ENOMEM;
		w->failed = true;
		return;
	}
	irqm_json_open_array(w, "cpus");
	for (i = 0; i < a->snapshot->nr_cpus && !w->failed; i++)
		irqm_json_put(w, NULL, cpu_json(a, &claims, i));
	irqm_json_close_array(w);
	irqm_claims_deinit(&claims);
}

static void put_irqs(struct irqm_json_writer *w, const struct irqm_snapshot *s)
{
	unsigned int i;

	irqm_json_open_array(w, "irqs");
	for (i = 0; i < s->nr_irqs && !w->failed; i++)
		irqm_json_put(w, NULL, irqm_json_irq(s, &s->irqs[i]));
	irqm_json_close_array(w);
}

static void put_devices(struct irqm_json_writer *w,
			const struct irqm_analysis *a)
{
	const struct irqm_accounting *acc = &a->accounting;
	unsigned int i;

	irqm_json_open_array(w, "devices");
	for (i = 0; i < acc->nr_devices && !w->failed; i++)
		irqm_json_put(w, NULL,
			      device_json(a->snapshot, &acc->devices[i]));
	irqm_json_close_array(w);
}

static void put_findings(struct irqm_json_writer *w,
			 const struct irqm_analysis *a)
{
	unsigned int i;

	irqm_json_open_array(w, "findings");
	for (i = 0; i < a->nr_findings && !w->failed; i++)
		irqm_json_put(w, NULL, finding_json(a, &a->findings[i]));
	irqm_json_close_array(w);
}

/* keys: enum irqm_document_keys, here and below. */
static void put_body(struct irqm_json_writer *w, const struct irqm_analysis *a,
		     unsigned int keys)
{
	if (keys & IRQM_KEY_MATRIX)
		irqm_json_put(w, "matrix", matrix_json(a->snapshot));
	if (keys & IRQM_KEY_CPUS)
		put_cpus(w, a);
	if (keys & IRQM_KEY_IRQS)
		put_irqs(w, a->snapshot);
	if (keys & IRQM_KEY_DEVICES)
		put_devices(w, a);
	if (keys & IRQM_KEY_FINDINGS)
		put_findings(w, a);
}

/* Writes only when the lines begin and end; --log prints the lines. */
static struct irqm_json_value log_json(const struct irqm_log *log)
{
	struct irqm_json j = irqm_json_object();
	const struct irqm_log_line *first = NULL, *last = NULL;

	if (log->nr_lines) {
		first = &log->lines[0];
		last = &log->lines[log->nr_lines - 1];
	}
	irqm_json_add(&j, "lines", irqm_json_integer(log->nr_lines));
	irqm_json_add(&j, "first_ns",
		      first ? irqm_json_u64(first->ns) : irqm_json_null());
	irqm_json_add(&j, "last_ns",
		      last ? irqm_json_u64(last->ns) : irqm_json_null());
	irqm_json_add(&j, "cut", irqm_json_boolean(log->cut));
	return irqm_json_done(&j);
}

static struct irqm_json_value verdict_json(const struct irqm_analysis *a)
{
	static const char *const levels[] = {
		[IRQM_VERDICT_OK] = "ok",
		[IRQM_VERDICT_INCOMPLETE] = "incomplete",
		[IRQM_VERDICT_WARNING] = "warning",
		[IRQM_VERDICT_CRITICAL] = "critical",
	};
	struct irqm_json j = irqm_json_object();

	add(&j, "level", irqm_json_string(levels[a->verdict]));
	add(&j, "text", irqm_json_name(a->verdict_text));
	return irqm_json_done(&j);
}

static struct irqm_json_value remap_table_json(const struct irqm_snapshot *s,
					       const struct irqm_remap_table *t)
{
	const struct irqm_irq *irq = irqm_find_irq(s, t->first_irq);
	const char *device =
		irq && irq->device >= 0 ? s->devices[irq->device].name : NULL;
	struct irqm_json j = irqm_json_object();

	add(&j, "iommu", irqm_json_string(t->amd ? "amd" : "intel"));
	add(&j, "name", irqm_json_name(t->name));
	add(&j, "devid", irqm_json_num(t->devid));
	add(&j, "address", irqm_json_addr(t->addr));
	add(&j, "entries", irqm_json_num(t->entries));
	add(&j, "used", irqm_json_num(t->used));
	add(&j, "irqs",
	    s->remap_irqs_cut ? irqm_json_null() : irqm_json_integer(t->irqs));
	add(&j, "first_irq",
	    s->remap_irqs_cut ? irqm_json_null() :
				irqm_json_integer(t->first_irq));
	add(&j, "first_device",
	    s->remap_irqs_cut ? irqm_json_null() : irqm_json_name(device));
	return irqm_json_done(&j);
}

static void put_remap_tables(struct irqm_json_writer *w,
			     const struct irqm_snapshot *s)
{
	unsigned int i;

	if (s->remap_tables_left_out) {
		irqm_json_put(w, "remapping_tables", irqm_json_null());
		return;
	}
	irqm_json_open_array(w, "remapping_tables");
	for (i = 0; i < s->nr_remap_tables && !w->failed; i++)
		irqm_json_put(w, NULL, remap_table_json(s, s->remap_tables[i]));
	irqm_json_close_array(w);
}

static void begin_document(struct irqm_json_writer *w,
			   const struct irqm_snapshot *s)
{
	irqm_json_begin(w);
	irqm_json_put(w, "schema", irqm_json_string(SCHEMA));
	irqm_json_put(w, "dump", irqm_json_dump(&s->dump));
}

static int end_document(struct irqm_json_writer *w,
			const struct irqm_snapshot *s)
{
	irqm_json_put(w, "unread_dropped",
		      irqm_json_integer(s->unread_dropped));
	return irqm_json_end(w);
}

static void put_additions(struct irqm_json_writer *w,
			  const struct irqm_analysis *a, unsigned int keys)
{
	const struct irqm_snapshot *s = a->snapshot;

	if (keys & IRQM_KEY_IRQS)
		irqm_json_put(w, "irqs_complete",
			      irqm_json_boolean(s->irqs_known));
	if (keys & IRQM_KEY_ACCOUNTING)
		irqm_json_put(w, "accounting", accounting_json(a));
	if (keys & IRQM_KEY_REST) {
		irqm_json_put(w, "log",
			      s->log.known ? log_json(&s->log) :
					     irqm_json_null());
		irqm_json_put(w, "machine", irqm_json_name(a->machine));
		put_remap_tables(w, s);
	}
	if (keys & IRQM_KEY_FINDINGS)
		irqm_json_put(w, "verdict", verdict_json(a));
}

static int put_document(struct irqm_json_writer *w,
			const struct irqm_analysis *a, unsigned int keys)
{
	begin_document(w, a->snapshot);
	put_body(w, a, keys);
	put_unread(w, a->snapshot);
	put_additions(w, a, keys);
	return end_document(w, a->snapshot);
}

int irqm_render_json_keys(FILE *out, const struct irqm_analysis *a,
			  unsigned int keys, bool pretty)
{
	struct irqm_json_writer w = { .out = out, .pretty = pretty };

	return put_document(&w, a, keys);
}

int irqm_render_json(FILE *out, const struct irqm_analysis *a, bool pretty)
{
	return irqm_render_json_keys(out, a, IRQM_KEYS_ALL, pretty);
}

json_t *irqm_json_document(const struct irqm_analysis *a)
{
	struct irqm_json_writer w = { .root = json_object() };

	if (w.root && put_document(&w, a, IRQM_KEYS_ALL) == 0)
		return w.root;
	json_decref(w.root);
	return NULL;
}

int irqm_render_irqaff_json(FILE *out, const struct irqm_analysis *a,
			    const unsigned int *indexes, unsigned int nr,
			    bool pretty)
{
	const struct irqm_snapshot *s = a->snapshot;
	struct irqm_json_writer w = { .out = out, .pretty = pretty };
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (indexes[i] >= s->nr_irqs) {
			errno = EINVAL;
			return -1;
		}
	}
	begin_document(&w, s);
	irqm_json_open_array(&w, "irqs");
	for (i = 0; i < nr && !w.failed; i++)
		irqm_json_put(&w, NULL, irqm_json_irq(s, &s->irqs[indexes[i]]));
	irqm_json_close_array(&w);
	put_unread(&w, s);
	return end_document(&w, s);
}
