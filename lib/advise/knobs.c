/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tries each kind of change, and finds the smallest one that fits. */
#include <string.h>

#include "advise/internal.h"
#include "analysis/drivers.h"

/* The vectors of a virtio device whose queues share one. */
#define SHARED_VECTORS 2
/* INTA to INTD: each may be routed to a line of its own. */
#define INTX_LINES 4
/* Queues of the controller that takes the place of disks. */
#define SCSI_QUEUES 4

/* Whether devices of the driver that changes are to fit. */
static bool is_wanted(const struct search *s, const struct change *c)
{
	unsigned int i;

	for (i = 0; i < s->nr_targets; i++)
		if (s->targets[i].wanted &&
		    irqm_driver_is(s->targets[i].step.driver,
				   s->targets[c->target].step.driver))
			return true;
	return false;
}

static bool add_advice(struct search *s, enum irqm_knob knob,
		       const struct change *c, unsigned int amount,
		       irqm_num available)
{
	struct irqm_advice *a = &s->out->list[s->out->nr];

	*a = (struct irqm_advice){ .knob = knob,
				   .reboot = c->reboot,
				   .other_driver = !is_wanted(s, c),
				   .devices = c->nr,
				   .available = available };
	if (!irqm_advise_describe(s, c, amount, a)) {
		irqm_error_memory(s->err);
		s->failed = true;
		return false;
	}
	s->out->nr++;
	return true;
}

/*
 * Finds the smallest number of devices, at most most, with which the change
 * fits. More of them leave more vectors, so a binary search will do.
 */
static void try_devices(struct search *s, enum irqm_knob knob, struct change c,
			unsigned int most)
{
	unsigned int low = 0, high = most;
	irqm_num available = 0, best = 0;

	c.nr = most;
	if (!most || !irqm_advise_fits(s, &c, &best))
		return;
	while (high - low > 1 && !s->failed) {
		c.nr = low + (high - low) / 2;
		if (irqm_advise_fits(s, &c, &available)) {
			high = c.nr;
			best = available;
		} else {
			low = c.nr;
		}
	}
	c.nr = high;
	if (!s->failed)
		add_advice(s, knob, &c, high, best);
}

/* Finds the largest number of queues below the present one with which all
 * devices of the target fit. pre: the queues are not managed. */
static void try_queues(struct search *s, enum irqm_knob knob, struct change c,
		       const struct irqm_driver *d, unsigned int queues)
{
	unsigned int low = 0, high = queues;
	irqm_num available = 0, best = 0;

	while (high - low > 1 && !s->failed) {
		unsigned int q = low + (high - low) / 2;

		c.to.pre = d->pre + q * d->per_queue;
		if (irqm_advise_fits(s, &c, &available)) {
			low = q;
			best = available;
		} else {
			high = q;
		}
	}
	if (!low || s->failed)
		return;
	add_advice(s, knob, &c, low, best);
}

static unsigned int all_of(const struct target *t)
{
	return t->present + t->wanted;
}

static struct change change_of(const struct search *s, unsigned int target,
			       bool reboot)
{
	return (struct change){ .target = target,
				.reboot = reboot,
				.nr = all_of(&s->targets[target]),
				.to = s->targets[target].step };
}

/* Queues of a driver that does not manage them, or 0. */
static unsigned int plain_queues(const struct search *s, const struct target *t)
{
	const struct irqm_driver *d = t->step.known;

	if (!d || !d->per_queue || irqm_driver_manages(d, s->s) ||
	    t->step.pre <= d->pre)
		return 0;
	return (t->step.pre - d->pre) / d->per_queue;
}

static void try_ethtool(struct search *s, unsigned int i)
{
	const struct target *t = &s->targets[i];
	const struct irqm_driver *d = t->step.known;
	struct change c = change_of(s, i, false);

	if (d && d->fewer == IRQM_FEWER_ETHTOOL)
		try_queues(s, IRQM_KNOB_ETHTOOL, c, d, plain_queues(s, t));
}

static void try_virtio_queues(struct search *s, unsigned int i)
{
	const struct target *t = &s->targets[i];
	const struct irqm_driver *d = t->step.known;
	struct change c = change_of(s, i, t->present > 0);

	if (d && d->fewer == IRQM_FEWER_VIRTIO)
		try_queues(s, IRQM_KNOB_QUEUES, c, d, plain_queues(s, t));
}

/*
 * With a table of two vectors, a virtio device of two or more queues gets one
 * for all of them, which is not managed. One queue would still get a managed
 * one, so such a device needs a second queue for it.
 */
static void try_vectors(struct search *s, unsigned int i)
{
	const struct target *t = &s->targets[i];
	const struct irqm_driver *d = t->step.known;
	struct change c = change_of(s, i, false);

	if (!d || d->probe != IRQM_PROBE_VIRTIO ||
	    (!t->step.managed && t->step.pre <= SHARED_VECTORS))
		return;
	c.to.pre = SHARED_VECTORS;
	c.to.managed = c.to.first_set = 0;
	/* as for a device that is not known: all, or it does not fit */
	c.to.known = NULL;
	try_devices(s, IRQM_KNOB_NEW_VECTORS, c, t->wanted);
	c.reboot = true;
	if (t->present)
		try_devices(s, IRQM_KNOB_VECTORS, c, all_of(t));
}

static void try_fewer(struct search *s, unsigned int i)
{
	const struct target *t = &s->targets[i];
	const struct irqm_driver *d = t->step.known;
	struct change c = change_of(s, i, false);

	if (!d)
		return;
	c.gone = c.present_first = true;
	/* at least one of those that are wanted has to fit */
	if (d->fewer != IRQM_FEWER_PORTS)
		try_devices(s,
			    d->fewer == IRQM_FEWER_VFS ? IRQM_KNOB_VFS :
							 IRQM_KNOB_UNPLUG,
			    c, t->present ? t->present : t->wanted - 1);
}

/*
 * Only drivers that then use INTx, and devices that work now: those that failed
 * tried INTx, too. VFs have none. The lines may need vectors of their own.
 */
static void try_msi_off(struct search *s, unsigned int i)
{
	const struct target *t = &s->targets[i];
	const struct irqm_driver *d = t->step.known;
	struct change c = change_of(s, i, false);

	if (!d || d->fewer == IRQM_FEWER_VFS || d->fewer == IRQM_FEWER_PORTS ||
	    (d->then == IRQM_THEN_FAILS && d->probe != IRQM_PROBE_VIRTIO &&
	     d->probe != IRQM_PROBE_NVME))
		return;
	c.gone = c.present_first = c.has_extra = true;
	c.extra = (struct irqm_plan_step){ .driver = "INTx",
					   .text = "INTx",
					   .pre = INTX_LINES,
					   .like = -1,
					   .node = -1,
					   .line = -1 };
	try_devices(s, IRQM_KNOB_MSI_OFF, c, t->present);
}

static void try_write_queues(struct search *s, unsigned int i)
{
	const struct target *t = &s->targets[i];
	struct change c = change_of(s, i, true);
	irqm_num available = 0;

	if (!t->step.first_set)
		return;
	c.to.managed = t->step.managed - t->step.first_set;
	c.to.first_set = 0;
	if (irqm_advise_fits(s, &c, &available))
		add_advice(s, IRQM_KNOB_WRITE_QUEUES, &c, 0, available);
}

static void try_ports(struct search *s, unsigned int i)
{
	const struct target *t = &s->targets[i];
	const struct irqm_driver *d = t->step.known;
	struct change c = change_of(s, i, true);
	irqm_num available = 0;

	if (!d || d->fewer != IRQM_FEWER_PORTS)
		return;
	c.gone = true;
	if (irqm_advise_fits(s, &c, &available))
		add_advice(s, IRQM_KNOB_PORTS, &c, 0, available);
}

/* The driver's vectors are not managed any more, and fewer. */
static void try_unmanaged(struct search *s, unsigned int i)
{
	const struct target *t = &s->targets[i];
	const struct irqm_driver *d = t->step.known;
	struct change c = change_of(s, i, true);
	unsigned int low = 0, high = t->step.managed + 1;
	irqm_num available = 0, best = 0;

	if (!d || d->fewer != IRQM_FEWER_UNMANAGED || !t->step.managed)
		return;
	c.to.managed = c.to.first_set = 0;
	while (high - low > 1 && !s->failed) {
		unsigned int n = low + (high - low) / 2;

		c.to.pre = n;
		if (irqm_advise_fits(s, &c, &available)) {
			low = n;
			best = available;
		} else {
			high = n;
		}
	}
	if (!low || s->failed)
		return;
	add_advice(s, IRQM_KNOB_UNMANAGED, &c, low, best);
}

static void try_scsi(struct search *s, unsigned int i)
{
	const struct target *t = &s->targets[i];
	const struct irqm_driver *d = t->step.known;
	const struct irqm_driver *scsi = irqm_driver_find("virtio_scsi");
	struct change c = change_of(s, i, true);
	unsigned int queues = SCSI_QUEUES;

	if (!d || !irqm_driver_is(d->name, "virtio_blk") || all_of(t) < 2)
		return;
	if (queues > s->s->nr_cpus)
		queues = s->s->nr_cpus;
	c.gone = true;
	c.has_extra = true;
	c.extra = (struct irqm_plan_step){
		.driver = scsi->name,
		.text = scsi->name,
		.known = scsi,
		.pre = scsi->pre,
		.managed = queues,
		.like = -1,
		.node = -1,
		.line = -1,
	};
	try_devices(s, IRQM_KNOB_SCSI, c, all_of(t));
}

/* A newer kernel's driver takes one vector instead of one for each CPU. */
static void try_kernel(struct search *s, unsigned int i)
{
	const struct target *t = &s->targets[i];
	const struct irqm_driver *d = t->step.known;
	struct change c = change_of(s, i, true);
	irqm_num available = 0;

	if (!d || d->probe != IRQM_PROBE_XHCI || irqm_is_since_6_11(s->s) ||
	    t->step.pre < 2)
		return;
	c.to.pre = 1;
	if (irqm_advise_fits(s, &c, &available))
		add_advice(s, IRQM_KNOB_KERNEL, &c, 0, available);
}

static void try_affinity(struct search *s)
{
	struct change c = { .wide = true };
	irqm_num available = 0;

	if (irqm_bits_weight_and(&s->s->dump.default_affinity,
				 &s->a->online.yes) ==
	    irqm_bits_weight(&s->a->online.yes))
		return;
	if (irqm_advise_fits(s, &c, &available))
		add_advice(s, IRQM_KNOB_AFFINITY, &c, 0, available);
}

static void try_no_msi(struct search *s)
{
	struct change c = { .reboot = true };

	add_advice(s, IRQM_KNOB_NO_MSI, &c, 0, IRQM_UNKNOWN);
}

void irqm_advise_try_knobs(struct search *s)
{
	static void (*const knobs[])(struct search * s, unsigned int target) = {
		try_ethtool,      try_vectors, try_fewer,     try_msi_off,
		try_write_queues, try_ports,   try_unmanaged, try_virtio_queues,
		try_scsi,         try_kernel,
	};
	unsigned int i, k;

	try_affinity(s);
	for (i = 0; i < s->nr_targets; i++)
		for (k = 0; k < ARRAY_SIZE(knobs) && !s->failed; k++)
			knobs[k](s, i);
	if (!s->failed && !s->out->nr && s->s->nr_devices)
		try_no_msi(s);
}
