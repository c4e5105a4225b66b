/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists the changes that apply to the machine and its devices. */
#include <string.h>

#include "advise/internal.h"
#include "analysis/drivers.h"

/* The vectors of a virtio device whose queues share one. */
#define SHARED_VECTORS 2
/* INTA to INTD: each may be routed to a line of its own. */
#define INTX_LINES 4
/* Queues of the controller that takes the place of disks. */
#define SCSI_QUEUES 4

bool irqm_advise_add_change(struct search *s, const struct change *c)
{
	if (s->nr_changes == s->room_changes) {
		unsigned int room = s->room_changes ? 2 * s->room_changes : 32;
		struct change *all;

		all = irqm_arena_alloc(s->out->arena, room, sizeof(*all));
		if (!all) {
			irqm_error_memory(s->err);
			s->failed = true;
			return false;
		}
		if (s->nr_changes)
			memcpy(all, s->changes, s->nr_changes * sizeof(*all));
		s->changes = all;
		s->room_changes = room;
	}
	s->changes[s->nr_changes] = *c;
	if (c->set)
		c->set(&s->changes[s->nr_changes], c->most);
	s->nr_changes++;
	return true;
}

static void set_devices(struct change *c, unsigned int strength)
{
	c->strength = c->nr = strength;
}

/* c changes at most that many devices. */
static void offer_devices(struct search *s, struct change c, unsigned int most)
{
	c.set = set_devices;
	c.most = most;
	if (most)
		irqm_advise_add_change(s, &c);
}

/* Queues that are not managed: one less for each step of the strength. */
static void set_queues(struct change *c, unsigned int strength)
{
	const struct irqm_driver *d = c->to.known;

	c->strength = strength;
	c->amount = c->most + 1 - strength;
	c->to.pre = d->pre + c->amount * d->per_queue;
}

/* Vectors of a driver that no longer manages them. */
static void set_unmanaged(struct change *c, unsigned int strength)
{
	c->strength = strength;
	c->amount = c->to.pre = c->most + 1 - strength;
}

static unsigned int all_of(const struct target *t)
{
	return t->present + t->wanted;
}

static struct change change_of(const struct search *s, unsigned int target,
			       enum irqm_knob knob, bool reboot)
{
	return (struct change){ .knob = knob,
				.target = target,
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

static void offer_queues(struct search *s, struct change c)
{
	unsigned int queues = plain_queues(s, &s->targets[c.target]);

	if (queues < 2)
		return;
	c.set = set_queues;
	c.most = queues - 1;
	irqm_advise_add_change(s, &c);
}

static void list_ethtool(struct search *s, unsigned int i)
{
	const struct irqm_driver *d = s->targets[i].step.known;

	if (d && d->fewer == IRQM_FEWER_ETHTOOL)
		offer_queues(s, change_of(s, i, IRQM_KNOB_ETHTOOL, false));
}

static void list_virtio_queues(struct search *s, unsigned int i)
{
	const struct target *t = &s->targets[i];
	const struct irqm_driver *d = t->step.known;

	if (d && d->fewer == IRQM_FEWER_VIRTIO)
		offer_queues(s,
			     change_of(s, i, IRQM_KNOB_QUEUES, t->present > 0));
}

/*
 * With a table of two vectors, a virtio device of two or more queues gets one
 * for all of them, which is not managed. One queue would still get a managed
 * one, so such a device needs a second queue for it.
 */
static void list_vectors(struct search *s, unsigned int i)
{
	const struct target *t = &s->targets[i];
	const struct irqm_driver *d = t->step.known;
	struct change c = change_of(s, i, IRQM_KNOB_NEW_VECTORS, false);

	if (!d || d->probe != IRQM_PROBE_VIRTIO ||
	    (!t->step.managed && t->step.pre <= SHARED_VECTORS))
		return;
	c.to.pre = SHARED_VECTORS;
	c.to.managed = c.to.first_set = 0;
	/* as for a device that is not known: all, or it does not fit */
	c.to.known = NULL;
	offer_devices(s, c, t->wanted);
	c.knob = IRQM_KNOB_VECTORS;
	c.reboot = true;
	if (t->present)
		offer_devices(s, c, all_of(t));
}

static void list_fewer(struct search *s, unsigned int i)
{
	const struct target *t = &s->targets[i];
	const struct irqm_driver *d = t->step.known;
	struct change c = change_of(s, i, IRQM_KNOB_UNPLUG, false);

	if (!d || d->fewer == IRQM_FEWER_PORTS)
		return;
	if (d->fewer == IRQM_FEWER_VFS)
		c.knob = IRQM_KNOB_VFS;
	c.gone = c.present_first = true;
	/* at least one of those that are wanted has to fit */
	offer_devices(s, c, t->present ? t->present : t->wanted - 1);
}

/* The lines of devices without MSI may need vectors of their own. */
static void use_lines(struct change *c)
{
	c->gone = c->present_first = c->has_extra = true;
	c->extra = (struct irqm_plan_step){ .driver = "INTx",
					    .text = "INTx",
					    .pre = INTX_LINES,
					    .like = -1,
					    .node = -1,
					    .line = -1 };
}

/*
 * Only drivers that then use INTx, and devices that work now: those that failed
 * tried INTx, too. VFs have none.
 */
static void list_msi_off(struct search *s, unsigned int i)
{
	const struct target *t = &s->targets[i];
	const struct irqm_driver *d = t->step.known;
	struct change c = change_of(s, i, IRQM_KNOB_MSI_OFF, false);

	if (!d || d->fewer == IRQM_FEWER_VFS || d->fewer == IRQM_FEWER_PORTS ||
	    (d->then == IRQM_THEN_FAILS && d->probe != IRQM_PROBE_VIRTIO &&
	     d->probe != IRQM_PROBE_NVME))
		return;
	use_lines(&c);
	offer_devices(s, c, t->present);
}

/* A parameter of a module applies to all devices of its driver. */
static void list_parameter(struct search *s, unsigned int i)
{
	const struct target *t = &s->targets[i];
	struct change c = change_of(s, i, IRQM_KNOB_PARAMETER, true);

	if (!irqm_advise_parameter(t->step.driver))
		return;
	use_lines(&c);
	c.present_first = false;
	irqm_advise_add_change(s, &c);
}

static void list_write_queues(struct search *s, unsigned int i)
{
	const struct target *t = &s->targets[i];
	struct change c = change_of(s, i, IRQM_KNOB_WRITE_QUEUES, true);

	if (!t->step.first_set)
		return;
	c.to.managed = t->step.managed - t->step.first_set;
	c.to.first_set = 0;
	irqm_advise_add_change(s, &c);
}

static void list_ports(struct search *s, unsigned int i)
{
	const struct irqm_driver *d = s->targets[i].step.known;
	struct change c = change_of(s, i, IRQM_KNOB_PORTS, true);

	if (!d || d->fewer != IRQM_FEWER_PORTS)
		return;
	c.gone = true;
	irqm_advise_add_change(s, &c);
}

/* The driver's vectors are not managed any more, and fewer. */
static void list_unmanaged(struct search *s, unsigned int i)
{
	const struct target *t = &s->targets[i];
	const struct irqm_driver *d = t->step.known;
	struct change c = change_of(s, i, IRQM_KNOB_UNMANAGED, true);

	if (!d || d->fewer != IRQM_FEWER_UNMANAGED || !t->step.managed)
		return;
	c.to.managed = c.to.first_set = 0;
	c.set = set_unmanaged;
	c.most = t->step.managed;
	irqm_advise_add_change(s, &c);
}

static void list_scsi(struct search *s, unsigned int i)
{
	const struct target *t = &s->targets[i];
	const struct irqm_driver *d = t->step.known;
	const struct irqm_driver *scsi = irqm_driver_find("virtio_scsi");
	struct change c = change_of(s, i, IRQM_KNOB_SCSI, true);
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
	offer_devices(s, c, all_of(t));
}

/* A newer kernel's driver takes one vector instead of one for each CPU. */
static void list_kernel(struct search *s, unsigned int i)
{
	const struct target *t = &s->targets[i];
	const struct irqm_driver *d = t->step.known;
	struct change c = change_of(s, i, IRQM_KNOB_KERNEL, true);

	if (!d || d->probe != IRQM_PROBE_XHCI || irqm_is_since_6_11(s->s) ||
	    t->step.pre < 2)
		return;
	c.to.pre = 1;
	irqm_advise_add_change(s, &c);
}

static void list_affinity(struct search *s)
{
	struct change c = { .knob = IRQM_KNOB_AFFINITY,
			    .target = NO_TARGET,
			    .wide = true };

	if (irqm_bits_weight_and(&s->s->dump.default_affinity,
				 &s->a->online.yes) ==
	    irqm_bits_weight(&s->a->online.yes))
		return;
	if (!irqm_advise_add_change(s, &c))
		return;
	/* those that are there already move only with a reboot */
	c.reboot = true;
	irqm_advise_add_change(s, &c);
}

void irqm_advise_list_changes(struct search *s)
{
	static void (*const knobs[])(struct search * s, unsigned int target) = {
		list_ethtool, list_vectors,   list_fewer,
		list_msi_off, list_parameter, list_write_queues,
		list_ports,   list_unmanaged, list_virtio_queues,
		list_scsi,    list_kernel,
	};
	unsigned int i, k;

	list_affinity(s);
	irqm_advise_list_moves(s);
	irqm_advise_list_cpus(s);
	for (i = 0; i < s->nr_targets; i++)
		for (k = 0; k < ARRAY_SIZE(knobs) && !s->failed; k++)
			knobs[k](s, i);
}
