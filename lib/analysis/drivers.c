/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/drivers.h"

#define GUEST true
#define SOURCE false
#define DRIVER(name, pre, per_queue, queues, probe, least, then, fewer, seen,  \
	       source)                                                         \
	{ #name,                                                               \
	  pre,                                                                 \
	  per_queue,                                                           \
	  IRQM_QUEUES_##queues,                                                \
	  IRQM_PROBE_##probe,                                                  \
	  least,                                                               \
	  IRQM_THEN_##then,                                                    \
	  IRQM_FEWER_##fewer,                                                  \
	  seen,                                                                \
	  source },

const struct irqm_driver irqm_drivers[] = {
#include "analysis/drivers.def"
};
const unsigned int irqm_nr_drivers = ARRAY_SIZE(irqm_drivers);

bool irqm_driver_is(const char *a, const char *b)
{
	for (; *a && *b; a++, b++) {
		char x = *a == '-' ? '_' : *a, y = *b == '-' ? '_' : *b;

		if (x != y)
			return false;
	}
	return *a == *b;
}

const struct irqm_driver *irqm_driver_find(const char *name)
{
	unsigned int i;

	for (i = 0; name && i < irqm_nr_drivers; i++)
		if (irqm_driver_is(name, irqm_drivers[i].name))
			return &irqm_drivers[i];
	return NULL;
}

/* It put the matrix's bitmaps behind pointers. */
bool irqm_is_since_6_11(const struct irqm_snapshot *s)
{
	return s->dump.generation.map_pointers;
}

bool irqm_driver_manages(const struct irqm_driver *d,
			 const struct irqm_snapshot *s)
{
	return d->queues == IRQM_QUEUES_MANAGED ||
	       (d->queues == IRQM_QUEUES_MANAGED_6_11 && irqm_is_since_6_11(s));
}

const char *irqm_driver_short(const struct irqm_driver *d)
{
	static const char *const all[] = {
		[IRQM_THEN_FAILS] = "fails",
		[IRQM_THEN_LINE] = "INTx",
		[IRQM_THEN_MSI] = "1 MSI, then INTx",
	};
	static const char *const fewer[] = {
		[IRQM_THEN_FAILS] = "fewer, then fails",
		[IRQM_THEN_LINE] = "fewer, then INTx",
		[IRQM_THEN_MSI] = "fewer, then MSI, INTx",
	};

	switch (d->probe) {
	case IRQM_PROBE_VIRTIO:
		return "shared, then INTx";
	case IRQM_PROBE_OPEN:
		if (d->then == IRQM_THEN_MSI)
			return "at open MSI, then INTx";
		/* fall through */
	case IRQM_PROBE_VMXNET3:
		return "fails at open";
	case IRQM_PROBE_ADMIN:
	case IRQM_PROBE_MLX5:
		return "fails, or at open";
	case IRQM_PROBE_PORT:
		return "works, without services";
	case IRQM_PROBE_ALL:
		if (!d->pre && !d->per_queue)
			return "-";
		/* fall through */
	default:
		return d->least ? fewer[d->then] : all[d->then];
	}
}
