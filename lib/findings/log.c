/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Evidence in the kernel log, tied to what the dump says now. The log is read
 * once; of each kind the first lines are kept, and all are counted.
 */
#include "findings/log.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define MAX_KEPT 1024   /* matches of a kind that are looked at */
#define MAX_NAMED 4     /* of them a text names */

#define EBUSY_ 16
#define ENOSPC_ 28

/* What lines of one kind there are. */
struct evidence {
	unsigned int count;
	const struct irqm_log_line *first, *last;
	struct log_match *kept;
	unsigned int nr_kept;
};

struct log {
	struct irqm_analysis *a;
	struct evidence e[NR_LOG_KINDS];
	unsigned int full_cpus; /* online ones without a vector to give */
	bool full_known;
};

static bool keep(struct log *log, const struct irqm_log_line *line,
		 const struct log_match *match)
{
	struct evidence *e = &log->e[match->kind];

	if (!e->count++)
		e->first = line;
	e->last = line;
	if (!e->kept)
		e->kept = irqm_arena_alloc(log->a->arena, MAX_KEPT,
					   sizeof(*e->kept));
	if (!e->kept)
		return false;
	if (e->nr_kept < MAX_KEPT)
		e->kept[e->nr_kept++] = *match;
	return true;
}

/*
 * A probe that fails with another error is no evidence. Nor is one with
 * -EBUSY, which has many reasons, unless another line says that the device
 * was refused an interrupt.
 */
static bool is_evidence(struct log_match *match)
{
	if (match->kind != LOG_PROBE || match->num[0] == -ENOSPC_)
		return true;
	match->kind = LOG_PROBE_BUSY;
	return match->num[0] == -EBUSY_;
}

static bool read_lines(struct log *log)
{
	const struct irqm_log *l = &log->a->snapshot->log;
	struct log_match match;
	unsigned int i;

	for (i = 0; i < l->nr_lines; i++) {
		if (!log_match(l->lines[i].text, &match) ||
		    !is_evidence(&match))
			continue;
		if (!keep(log, &l->lines[i], &match))
			return false;
	}
	return true;
}

static void count_full_cpus(struct log *log)
{
	const struct irqm_snapshot *s = log->a->snapshot;
	unsigned int i;

	log->full_known = s->nr_cpus != 0;
	for (i = 0; i < s->nr_cpus; i++) {
		const struct irqm_cpu *cpu = &s->cpus[i];

		if (cpu->online == IRQM_UNKNOWN ||
		    (cpu->online == 1 && cpu->available == IRQM_UNKNOWN))
			log->full_known = false;
		else if (cpu->online == 1 && cpu->available == 0)
			log->full_cpus++;
	}
}

static void say_state(const struct log *log, struct irqm_text *t)
{
	if (log->full_cpus)
		irqm_text_add(t, "; %u online CPU%s no vector free now",
			      log->full_cpus,
			      log->full_cpus == 1 ? " has" : "s have");
	else if (log->full_known)
		irqm_text_add(t, "; every online CPU has vectors free now");
}

static void say_when(const struct evidence *e, struct irqm_text *t)
{
	irqm_text_add(t, " (log, %" PRIu64 ".%06" PRIu64,
		      e->first->ns / 1000000000,
		      e->first->ns / 1000 % 1000000);
	if (e->count > 1)
		irqm_text_add(t, " to %" PRIu64 ".%06" PRIu64 ", %u lines",
			      e->last->ns / 1000000000,
			      e->last->ns / 1000 % 1000000, e->count);
	irqm_text_add(t, "; \"%.120s\")", e->first->text);
}

static irqm_num ns_num(uint64_t ns)
{
	return ns > INT64_MAX ? IRQM_UNKNOWN : (irqm_num)ns;
}

/* What all of them have: the quotation, and the data. */
static struct irqm_finding *add(struct log *log, enum irqm_finding_name name,
				enum irqm_severity severity,
				const struct evidence *e, struct irqm_text *t)
{
	struct irqm_finding *f;

	say_when(e, t);
	f = irqm_finding_add(log->a, name, severity, t);
	if (!f)
		return NULL;
	irqm_finding_num(f, "lines", e->count);
	irqm_finding_num(f, "first_ns", ns_num(e->first->ns));
	irqm_finding_num(f, "last_ns", ns_num(e->last->ns));
	irqm_finding_string(f, "first_line", e->first->text);
	return f;
}

/* Does a device of that name have interrupts, itself or by its parent? */
static bool has_interrupts(const struct irqm_snapshot *s, const char *name)
{
	unsigned int i, k;

	for (i = 0; i < s->nr_devices; i++) {
		const struct irqm_device *d = &s->devices[i];

		if (d->name && strcmp(d->name, name) == 0)
			return true;
		for (k = 0; k < d->nr_consumers; k++)
			if (d->consumers[k].name &&
			    strcmp(d->consumers[k].name, name) == 0)
				return true;
	}
	return false;
}

static bool seen_before(const struct evidence *e, unsigned int i)
{
	unsigned int k;

	for (k = 0; k < i; k++)
		if (strcmp(e->kept[k].device, e->kept[i].device) == 0)
			return true;
	return false;
}

/* The devices by name, each once; how many, and how many have none now. */
static void say_devices(const struct irqm_snapshot *s,
			const struct evidence *e, struct irqm_text *t,
			unsigned int *ret_nr, unsigned int *ret_without)
{
	unsigned int i, nr = 0, without = 0;

	for (i = 0; i < e->nr_kept; i++) {
		if (seen_before(e, i))
			continue;
		without += !has_interrupts(s, e->kept[i].device);
		if (nr++ < MAX_NAMED)
			irqm_text_add(t, "%s%s", nr > 1 ? ", " : "",
				      e->kept[i].device);
	}
	if (nr > MAX_NAMED)
		irqm_text_add(t, " and %u more", nr - MAX_NAMED);
	*ret_nr = nr;
	*ret_without = without;
}

/* A later probe may have gone well. */
static bool find_probes(struct log *log, const struct evidence *e)
{
	enum irqm_severity severity = IRQM_WARNING;
	struct irqm_text t = { 0 };
	unsigned int nr, without;
	struct irqm_finding *f;

	irqm_text_add(&t, "No interrupts for ");
	say_devices(log->a->snapshot, e, &t, &nr, &without);
	irqm_text_add(&t, ": error -28 (ENOSPC)");
	if (!without)
		severity = IRQM_INFO;
	else if (log->full_cpus)
		severity = IRQM_CRITICAL;
	if (without < nr)
		irqm_text_add(&t, "; %u of %u %s them by now", nr - without, nr,
			      nr - without == 1 ? "has" : "have");
	say_state(log, &t);
	f = add(log, IRQM_LOG_PROBE_FAILED, severity, e, &t);
	if (!f)
		return false;
	irqm_finding_num(f, "devices", nr);
	irqm_finding_num(f, "devices_without", without);
	irqm_finding_string(f, "first_device", e->kept[0].device);
	irqm_finding_string(f, "first_driver", e->kept[0].driver);
	irqm_finding_num(f, "full_cpus",
			 log->full_known ? log->full_cpus : IRQM_UNKNOWN);
	irqm_finding_num(f, "global_available",
			 log->a->snapshot->matrix.global_available);
	return true;
}

/* Devices that were refused an interrupt, and whose probe then failed. */
static unsigned int busy_probes(const struct log *log,
				const struct evidence *refused)
{
	const struct evidence *busy = &log->e[LOG_PROBE_BUSY];
	unsigned int i, k, nr = 0;

	for (i = 0; i < refused->nr_kept; i++)
		for (k = 0; k < busy->nr_kept; k++)
			if (!seen_before(refused, i) &&
			    strcmp(refused->kept[i].device,
				   busy->kept[k].device) == 0) {
				nr++;
				break;
			}
	return nr;
}

static bool find_flags(struct log *log, const struct evidence *e)
{
	unsigned int nr, without, failed = busy_probes(log, e);
	struct irqm_text t = { 0 };
	struct irqm_finding *f;

	irqm_text_add(&t, "IRQ %" PRId64 " of %s was refused (-16, EBUSY) to ",
		      e->kept[0].num[0], e->kept[0].driver);
	say_devices(log->a->snapshot, e, &t, &nr, &without);
	if (failed)
		irqm_text_add(&t, ", and %u probe%s failed", failed,
			      failed == 1 ? "" : "s");
	say_state(log, &t);
	f = add(log, IRQM_LOG_FLAGS_MISMATCH, IRQM_WARNING, e, &t);
	if (!f)
		return false;
	irqm_finding_num(f, "irq", e->kept[0].num[0]);
	irqm_finding_num(f, "devices", nr);
	irqm_finding_num(f, "probes_failed", failed);
	irqm_finding_string(f, "first_device", e->kept[0].device);
	irqm_finding_string(f, "owner", e->kept[0].driver);
	return true;
}

/* The PIC's vectors, ISA_IRQ_VECTOR(0 .. 15). */
#define ISA_FIRST 0x30
#define ISA_LAST 0x3f

/* The IRQ that has the vector now, or unknown. */
static irqm_num irq_of_vector(const struct irqm_snapshot *s, int64_t cpu,
			      int64_t vector)
{
	const struct irqm_cpu *c;

	if (cpu < 0 || cpu > UINT32_MAX || vector < 0 ||
	    vector >= IRQM_NR_VECTORS)
		return IRQM_UNKNOWN;
	c = irqm_find_cpu(s, cpu);
	if (!c || !c->vector_irq || c->vector_irq[vector].slot != IRQM_SLOT_IRQ)
		return IRQM_UNKNOWN;
	return c->vector_irq[vector].irq;
}

/*
 * Firmware leaves the PIC in a state in which CPUs get vector 55 as they come
 * up: noise that harms nothing.
 */
static bool find_no_handler(struct log *log, const struct evidence *e)
{
	enum irqm_severity severity = IRQM_INFO;
	int64_t cpu = e->kept[0].num[0], vector = e->kept[0].num[1];
	struct irqm_text t = { 0 };
	struct irqm_finding *f;
	unsigned int i;
	irqm_num irq;

	for (i = e->nr_kept; i-- > 0;)
		if (e->kept[i].num[1] < ISA_FIRST ||
		    e->kept[i].num[1] > ISA_LAST) {
			severity = IRQM_WARNING;
			cpu = e->kept[i].num[0];
			vector = e->kept[i].num[1];
		}
	irq = irq_of_vector(log->a->snapshot, cpu, vector);
	irqm_text_add(&t, "An interrupt came to vector %" PRId64 " of CPU %"
		      PRId64 ", which nobody had", vector, cpu);
	if (irq != IRQM_UNKNOWN)
		irqm_text_add(&t, "; it is IRQ %" PRId64 "'s now", irq);
	f = add(log, IRQM_LOG_NO_IRQ_HANDLER, severity, e, &t);
	if (!f)
		return false;
	irqm_finding_num(f, "cpu", cpu);
	irqm_finding_num(f, "vector", vector);
	irqm_finding_num(f, "irq_now", irq);
	return true;
}

static const struct irqm_irq *irq_of(const struct irqm_snapshot *s,
				     int64_t irq)
{
	return irq < 0 || irq > UINT32_MAX ? NULL : irqm_find_irq(s, irq);
}

/* Why an affinity was broken, as far as the state now can tell. */
struct broken {
	unsigned int irqs;
	unsigned int full;       /* no CPU of the mask has a vector free */
	unsigned int not_online; /* no CPU of the mask is online */
	unsigned int room;       /* there is a vector free */
	unsigned int still;      /* the vector is outside of the mask */
};

static void look_at_mask(const struct irqm_snapshot *s,
			 const struct irqm_irq *irq, struct broken *b)
{
	bool online = false, room = false;
	unsigned int i;

	b->irqs++;
	if (!irqm_bits_known(&irq->affinity))
		return;
	for (i = 0; i < s->nr_cpus; i++) {
		if (s->cpus[i].online != 1 ||
		    !irqm_bits_test(&irq->affinity, s->cpus[i].cpu))
			continue;
		online = true;
		room |= s->cpus[i].available != 0;
	}
	if (!online)
		b->not_online++;
	else if (room)
		b->room++;
	else
		b->full++;
	b->still += irq->apic && irq->apic->vector &&
		    !irqm_bits_test(&irq->affinity, irq->apic->cpu);
}

static void look_at_masks(const struct irqm_snapshot *s,
			  const struct evidence *e, struct broken *b)
{
	unsigned int i, k;

	for (i = 0; i < e->nr_kept; i++) {
		const struct irqm_irq *irq = irq_of(s, e->kept[i].num[0]);

		for (k = 0; k < i; k++)
			if (e->kept[k].num[0] == e->kept[i].num[0])
				break;
		if (irq && k == i)
			look_at_mask(s, irq, b);
	}
}

/* The message blames the vector space for what also has other reasons. */
static bool find_broken(struct log *log, const struct evidence *e)
{
	struct irqm_text t = { 0 };
	struct broken b = { 0 };
	struct irqm_finding *f;

	look_at_masks(log->a->snapshot, e, &b);
	irqm_text_add(&t, "IRQ %" PRId64 "%s got a vector outside of the mask "
		      "that was asked for", e->kept[0].num[0],
		      b.irqs > 1 ? " and others" : "");
	if (b.full)
		irqm_text_add(&t, "; %u mask%s no vector free now: exhausted",
			      b.full, b.full == 1 ? " has" : "s have");
	if (b.not_online)
		irqm_text_add(&t, "; %u mask%s no CPU online: not exhaustion",
			      b.not_online,
			      b.not_online == 1 ? " has" : "s have");
	if (b.room)
		irqm_text_add(&t, "; %u mask%s vectors free now", b.room,
			      b.room == 1 ? " has" : "s have");
	f = add(log, IRQM_LOG_AFFINITY_BROKEN,
		b.full || (b.room && b.still) ? IRQM_WARNING : IRQM_INFO, e,
		&t);
	if (!f)
		return false;
	irqm_finding_num(f, "irqs", b.irqs);
	irqm_finding_num(f, "exhausted", b.full);
	irqm_finding_num(f, "not_online", b.not_online);
	irqm_finding_num(f, "room", b.room);
	irqm_finding_num(f, "still_outside", b.still);
	return true;
}

static bool find_not_offlined(struct log *log, const struct evidence *e)
{
	const struct log_match *m = &e->kept[e->nr_kept - 1];
	struct irqm_text t = { 0 };
	struct irqm_finding *f;

	irqm_text_add(&t, "CPU %" PRId64 " was not taken offline: %" PRId64
		      " vectors would have had to move, %" PRId64
		      " were free", m->num[0], m->num[1], m->num[2]);
	f = add(log, IRQM_LOG_CPU_NOT_OFFLINED, IRQM_WARNING, e, &t);
	if (!f)
		return false;
	irqm_finding_num(f, "cpu", m->num[0]);
	irqm_finding_num(f, "vectors", m->num[1]);
	irqm_finding_num(f, "available", m->num[2]);
	return true;
}

static bool find_reservation(struct log *log, const struct evidence *e)
{
	const struct irqm_matrix *m = &log->a->snapshot->matrix;
	bool known = m->global_reserved != IRQM_UNKNOWN &&
		     m->global_available != IRQM_UNKNOWN;
	bool over = !known || m->global_reserved > m->global_available;
	struct irqm_text t = { 0 };
	struct irqm_finding *f;

	irqm_text_add(&t, "More vectors were promised than there were");
	if (known)
		irqm_text_add(&t, "; now %" PRId64 " are promised and %" PRId64
			      " free", m->global_reserved,
			      m->global_available);
	f = add(log, IRQM_LOG_RESERVATION, over ? IRQM_WARNING : IRQM_INFO, e,
		&t);
	if (!f)
		return false;
	irqm_finding_num(f, "global_reserved", m->global_reserved);
	irqm_finding_num(f, "global_available", m->global_available);
	return true;
}

/* An IRQ of the kept lines that has no vector now, or NULL. */
static const struct irqm_irq *without_vector(const struct irqm_snapshot *s,
					     const struct evidence *e)
{
	unsigned int i;

	for (i = 0; i < e->nr_kept; i++) {
		const struct irqm_irq *irq = irq_of(s, e->kept[i].num[0]);

		if (irq && irq->apic && !irq->apic->vector)
			return irq;
	}
	return NULL;
}

static bool find_managed(struct log *log, const struct evidence *e)
{
	const struct irqm_irq *irq = without_vector(log->a->snapshot, e);
	struct irqm_text t = { 0 };
	struct irqm_finding *f;

	irqm_text_add(&t, "Managed IRQ %" PRId64 " could not be started",
		      irq ? (int64_t)irq->irq : e->kept[0].num[0]);
	irqm_text_add(&t, irq ? ", and has no vector now" :
				"; each that is left has a vector now");
	f = add(log, IRQM_LOG_MANAGED_STARTUP,
		irq ? IRQM_WARNING : IRQM_INFO, e, &t);
	if (!f)
		return false;
	irqm_finding_num(f, "irq", irq ? (irqm_num)irq->irq :
					 e->kept[0].num[0]);
	return true;
}

static bool find_set_affinity(struct log *log, const struct evidence *e)
{
	const struct log_match *m = &e->kept[0];
	struct irqm_text t = { 0 };
	struct irqm_finding *f;
	unsigned int i;

	for (i = e->nr_kept; i-- > 0;)
		if (e->kept[i].num[1] == -ENOSPC_)
			m = &e->kept[i];
	irqm_text_add(&t, "IRQ %" PRId64 " was not moved off a CPU that went "
		      "offline: error %" PRId64, m->num[0], m->num[1]);
	say_state(log, &t);
	f = add(log, IRQM_LOG_SET_AFFINITY,
		m->num[1] == -ENOSPC_ ? IRQM_WARNING : IRQM_INFO, e, &t);
	if (!f)
		return false;
	irqm_finding_num(f, "irq", m->num[0]);
	irqm_finding_num(f, "error", m->num[1]);
	return true;
}

bool irqm_find_log(struct irqm_analysis *a)
{
	static bool (*const find[NR_LOG_KINDS])(struct log *log,
						const struct evidence *e) = {
		[LOG_PROBE] = find_probes,
		[LOG_FLAGS] = find_flags,
		[LOG_NO_HANDLER] = find_no_handler,
		[LOG_BROKEN] = find_broken,
		[LOG_NOT_OFFLINED] = find_not_offlined,
		[LOG_RESERVATION] = find_reservation,
		[LOG_MANAGED] = find_managed,
		[LOG_SET_AFFINITY] = find_set_affinity,
	};
	struct log log = { .a = a };
	unsigned int i;

	if (!read_lines(&log))
		return false;
	count_full_cpus(&log);
	for (i = 0; i < NR_LOG_KINDS; i++)
		if (log.e[i].count && find[i] && !find[i](&log, &log.e[i]))
			return false;
	return true;
}
