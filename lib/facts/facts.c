/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/facts.h"

#include <stddef.h>

static struct irqm_fact_value number_value(irqm_num n)
{
	return (struct irqm_fact_value){ .num = n };
}

static struct irqm_fact_value managed_allocated(const struct irqm_fact_row *row)
{
	const struct irqm_analysis *a = row->analysis;

	return number_value(
		irqm_managed_allocated(a, row->cpu - a->snapshot->cpus));
}

static struct irqm_fact_value device_kind(const struct irqm_fact_row *row)
{
	const char *driver = irqm_device_driver(row->device);

	return (struct irqm_fact_value){
		.state = driver ? IRQM_VALUE_KNOWN : IRQM_VALUE_UNKNOWN,
		.name = driver,
	};
}

static struct irqm_fact_value pool_kind(const struct irqm_fact_row *row)
{
	static const char *const kinds[] = {
		[IRQM_POOL_NODE] = "node",
		[IRQM_POOL_DEFAULT] = "default_affinity",
		[IRQM_POOL_MANAGED] = "housekeeping_managed",
	};

	return (struct irqm_fact_value){ .name = kinds[row->pool->kind] };
}

static struct irqm_fact_value bits_value(const struct irqm_bits *b)
{
	return (struct irqm_fact_value){ .bits = b };
}

static struct irqm_fact_value no_value(bool unread)
{
	return (struct irqm_fact_value){ .state = unread ? IRQM_VALUE_UNKNOWN :
							   IRQM_VALUE_NONE };
}

/* Without a vector, the effective affinity is an old one, or the first online
 * CPU by default, so it is not shown. */
static struct irqm_fact_value irq_effective(const struct irqm_fact_row *row)
{
	const struct irqm_irq *irq = row->irq;

	if (irq->apic && !irq->apic->vector)
		return no_value(false);
	if (irqm_has_apic(irq) == IRQM_UNKNOWN)
		return no_value(true);
	return bits_value(&irq->effective_affinity);
}

static struct irqm_fact_value irq_pending(const struct irqm_fact_row *row)
{
	const struct irqm_irq *irq = row->irq;

	if (irq->setaffinity_pending == 1)
		return bits_value(&irq->pending_mask);
	return no_value(irq->setaffinity_pending);
}

static struct irqm_fact_value irq_requested(const struct irqm_fact_row *row)
{
	if (row->msi && row->msi->has_affinity)
		return bits_value(&row->msi->affinity);
	return no_value(row->irq->device_unknown);
}

static struct irqm_fact_value irq_hint(const struct irqm_fact_row *row)
{
	if (row->irq->has_hint == 1)
		return bits_value(&row->irq->affinity_hint);
	return no_value(row->irq->has_hint);
}

#define OBJECT(object) (((struct irqm_fact_row *)NULL)->object)
#define MEMBER(o, m)                                                           \
	.object = offsetof(struct irqm_fact_row, o),                          \
	.member = offsetof(typeof(*OBJECT(o)), m),                            \
	.storage = _Generic(OBJECT(o)->m, irqm_num : IRQM_STORED_NUM,         \
			    unsigned int : IRQM_STORED_UNSIGNED,              \
			    bool : IRQM_STORED_BOOL,                          \
			    uint64_t : IRQM_STORED_U64,                       \
			    const char * : IRQM_STORED_NAME,                  \
			    struct irqm_bits : IRQM_STORED_BITS)
#define CALL(function) .get = function
#define ROW(id, name, what, ...)                                               \
	{ .key = name, .type = IRQM_TYPE_##what, __VA_ARGS__ },

const struct irqm_fact irqm_cpu_facts[] = {
#define EACH ROW
#include "facts/cpu.def"
};

const struct irqm_fact irqm_device_facts[] = {
#define EACH ROW
#include "facts/device.def"
};

const struct irqm_fact irqm_driver_facts[] = {
#define EACH ROW
#include "facts/driver.def"
};

const struct irqm_fact irqm_pool_facts[] = {
#define EACH ROW
#include "facts/pool.def"
};

const struct irqm_fact irqm_irq_facts[] = {
#define EACH ROW
#include "facts/irq.def"
};

const struct irqm_device *irqm_irq_device(const struct irqm_snapshot *s,
					  const struct irqm_irq *irq)
{
	if (irq->device < 0 || (unsigned int)irq->device >= s->nr_devices)
		return NULL;
	return &s->devices[irq->device];
}

struct irqm_fact_row irqm_irq_row(const struct irqm_snapshot *s,
				  const struct irqm_irq *irq)
{
	const struct irqm_apic *apic = irq->apic;
	const struct irqm_msi *msi = irq->msi;

	return (struct irqm_fact_row){
		.snapshot = s,
		.irq = irq,
		.device = irqm_irq_device(s, irq),
		.level = irq->nr_levels ? &irq->chain[0] : NULL,
		.apic = apic,
		.assigned = apic && apic->vector ? apic : NULL,
		.moved = apic && apic->prev_vector ? apic : NULL,
		.msi = msi,
		.message = msi && msi->has_msg ? msi : NULL,
	};
}

/* Returns true if the object is NULL because it could not be read. */
static bool is_unread(const struct irqm_fact *fact,
		      const struct irqm_fact_row *row)
{
	const struct irqm_irq *irq = row->irq;

	if (!irq)
		return false;
	switch (fact->object) {
	case offsetof(struct irqm_fact_row, apic):
	case offsetof(struct irqm_fact_row, assigned):
	case offsetof(struct irqm_fact_row, moved):
		return irqm_has_apic(irq) == IRQM_UNKNOWN;
	case offsetof(struct irqm_fact_row, level):
		return irq->chain_cut;
	case offsetof(struct irqm_fact_row, message):
		return irq->msi || irq->device_unknown;
	default:
		return irq->device_unknown;
	}
}

static struct irqm_fact_value read_member(const struct irqm_fact *fact,
					  const void *object)
{
	const void *at = (const char *)object + fact->member;

	switch (fact->storage) {
	case IRQM_STORED_NUM:
		return number_value(*(const irqm_num *)at);
	case IRQM_STORED_UNSIGNED:
		return number_value(*(const unsigned int *)at);
	case IRQM_STORED_BOOL:
		return number_value(*(const bool *)at);
	case IRQM_STORED_U64:
		return (struct irqm_fact_value){ .address = *(
							 const uint64_t *)at };
	case IRQM_STORED_NAME:
		return (struct irqm_fact_value){
			.name = *(const char *const *)at
		};
	case IRQM_STORED_BITS:
		return (struct irqm_fact_value){ .bits = at };
	}
	return number_value(IRQM_UNKNOWN);
}

static bool is_known(const struct irqm_fact *fact,
		     const struct irqm_fact_value *v)
{
	switch (fact->type) {
	case IRQM_TYPE_NUM:
	case IRQM_TYPE_BOOL:
		return v->num != IRQM_UNKNOWN;
	case IRQM_TYPE_BITS:
		return irqm_bits_known(v->bits);
	case IRQM_TYPE_NAME:
		return v->name;
	case IRQM_TYPE_ADDRESS:
		return v->address;
	default:
		return true;
	}
}

struct irqm_fact_value irqm_fact_get(const struct irqm_fact *fact,
				     const struct irqm_fact_row *row)
{
	const void *object =
		*(const void *const *)((const char *)row + fact->object);
	struct irqm_fact_value v;

	if (fact->get)
		v = fact->get(row);
	else if (object)
		v = read_member(fact, object);
	else
		v = no_value(is_unread(fact, row));
	if (v.state == IRQM_VALUE_KNOWN && !is_known(fact, &v))
		v.state = IRQM_VALUE_UNKNOWN;
	return v;
}

irqm_num irqm_fact_number(const struct irqm_fact *fact,
			  const struct irqm_fact_row *row)
{
	struct irqm_fact_value v = irqm_fact_get(fact, row);

	return v.state == IRQM_VALUE_KNOWN ? v.num : IRQM_UNKNOWN;
}

enum irqm_compared irqm_facts_compare(const struct irqm_fact *facts,
				      unsigned int nr,
				      const struct irqm_fact_row *a,
				      const struct irqm_fact_row *b)
{
	enum irqm_compared ret = IRQM_FACTS_EQUAL;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		irqm_num n = irqm_fact_number(&facts[i], a);
		irqm_num m = irqm_fact_number(&facts[i], b);

		if (irqm_differ(n, m))
			return IRQM_FACTS_DIFFER;
		if (n != m)
			ret = IRQM_FACTS_UNKNOWN;
	}
	return ret;
}
