/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/drivers.h"

#include <errno.h>
#include <string.h>

#include "analysis/analysis.h"

/* A device being probed. Its interrupts are the last ones of the machine. */
struct probe {
	struct irqm_plan_machine *m;
	struct irqm_plan_row *row;
	struct irqm_error *err;
	unsigned int first, nr;
};

/* How an attempt to get vectors ends. TRY_BROKEN: the plan cannot say, and err
 * tells why. */
enum attempt {
	TRY_FITS,
	TRY_FULL,
	TRY_BROKEN
};

/* The arguments of a call of pci_alloc_irq_vectors_affinity(). */
struct wish {
	unsigned int pre, managed;
	unsigned int first_set; /* of the managed; the rest is a second set */
	bool spread;            /* called with a struct irq_affinity */
};

static struct wish wish_of(const struct irqm_plan_step *step)
{
	return (struct wish){ step->pre, step->managed, step->first_set, true };
}

static struct irqm_plan_irq *irq_of(const struct probe *p, unsigned int i)
{
	return &p->m->irqs[p->first + i];
}

/* The row reports the first failure. */
static void note_failure(struct probe *p, int error, unsigned int vector,
			 unsigned int cpu)
{
	if (p->row->error)
		return;
	p->row->error = error;
	p->row->failed_vector = vector;
	p->row->failed_cpu = cpu;
}

/* Frees all interrupts, in the order of the descriptors. */
static void give_back(struct probe *p)
{
	unsigned int i;

	for (i = 0; i < p->nr; i++)
		irqm_plan_release(p->m, irq_of(p, i));
	p->m->nr_irqs = p->first;
	p->nr = 0;
}

static irqm_num node_of_first(const struct irqm_snapshot *s,
			      const struct irqm_bits *mask)
{
	const struct irqm_cpu *c = irqm_find_cpu(s, irqm_bits_next(mask, 0));

	return c && c->node != IRQM_UNKNOWN ? c->node : -1;
}

/* Sets affinity and node of the next interrupt as alloc_descs() does: a mask
 * from the spread also determines the node, by its first CPU. */
static void describe_irq(const struct probe *p, const struct wish *w,
			 const struct irqm_bits *masks,
			 struct irqm_plan_irq *irq)
{
	bool queue = p->nr >= w->pre;

	irq->managed = queue || (masks && p->m->kernel.manages_pre);
	irq->affinity = queue ? masks[p->nr - w->pre] :
				p->m->s->dump.default_affinity;
	irq->node = masks ? node_of_first(p->m->s, &irq->affinity) :
			    p->row->step->node;
}

/* Sets up at most pre + managed vectors. TRY_FULL: only the first nr were set
 * up, and stay allocated. */
static enum attempt set_up_some(struct probe *p, const struct wish *w,
				const struct irqm_bits *masks)
{
	unsigned int failed = IRQM_NO_CPU;
	struct irqm_plan_irq *irq;

	while (p->nr < w->pre + w->managed) {
		irq = irqm_plan_new_irq(p->m);
		if (!irq) {
			irqm_error_memory(p->err);
			return TRY_BROKEN;
		}
		describe_irq(p, w, masks, irq);
		/* as alloc_descs() does; its caller returns ENOSPC */
		if (irq->managed && !irqm_bits_weight(&irq->affinity)) {
			note_failure(p, -EINVAL, p->nr, IRQM_NO_CPU);
			p->m->nr_irqs--;
			return TRY_FULL;
		}
		if (irqm_plan_set_up(p->m, irq, &failed)) {
			note_failure(p, -ENOSPC, p->nr, failed);
			p->m->nr_irqs--;
			return TRY_FULL;
		}
		p->nr++;
	}
	return TRY_FITS;
}

/* The size of the first set if there are fewer queues than the driver asked
 * for: nvme_calc_irq_sets(). */
static unsigned int size_of_first_set(const struct wish *w)
{
	if (w->managed <= 1)
		return w->managed;
	return w->first_set >= w->managed ? w->managed - 1 : w->first_set;
}

/* The masks of all managed vectors, or NULL with err. */
static const struct irqm_bits *masks_of(struct probe *p, const struct wish *w)
{
	unsigned int first = size_of_first_set(w), i;
	const struct irqm_bits *set;
	struct irqm_bits *both;

	if (!w->first_set || first == w->managed)
		return irqm_plan_masks(p->m, w->managed, p->err);
	both = irqm_arena_alloc(p->m->arena, w->managed, sizeof(*both));
	if (!both) {
		irqm_error_memory(p->err);
		return NULL;
	}
	set = irqm_plan_masks(p->m, first, p->err);
	for (i = 0; set && i < first; i++)
		both[i] = set[i];
	if (set)
		set = irqm_plan_masks(p->m, w->managed - first, p->err);
	for (i = first; set && i < w->managed; i++)
		both[i] = set[i - first];
	return set ? both : NULL;
}

/* Tries with fewer and fewer vectors, down to least, unless that is 0.
 * TRY_FULL: no vector stays allocated. */
static enum attempt set_up(struct probe *p, struct wish *w, unsigned int least)
{
	const struct irqm_bits *masks = NULL;
	enum attempt end;
	unsigned int got;

	for (;;) {
		masks = NULL;
		if (w->spread && w->managed) {
			masks = masks_of(p, w);
			if (!masks)
				return TRY_BROKEN;
		}
		end = set_up_some(p, w, masks);
		if (end != TRY_FULL)
			return end;
		got = p->nr;
		give_back(p);
		if (!least || got < least)
			return TRY_FULL;
		w->managed = got > w->pre ? got - w->pre : 0;
		if (got < w->pre)
			w->pre = got;
	}
}

static enum attempt request_all(struct probe *p)
{
	unsigned int i;

	for (i = 0; i < p->nr; i++) {
		if (irqm_plan_request(p->m, irq_of(p, i))) {
			note_failure(p, -ENOSPC, i, IRQM_NO_CPU);
			give_back(p);
			return TRY_FULL;
		}
	}
	return TRY_FITS;
}

static int keep_vectors(struct probe *p, enum irqm_plan_end end)
{
	struct irqm_plan_row *row = p->row;
	unsigned int i;

	row->end = end;
	row->vectors =
		irqm_arena_alloc(p->m->arena, p->nr, sizeof(*row->vectors));
	if (!row->vectors && p->nr) {
		irqm_error_memory(p->err);
		return -1;
	}
	row->nr_vectors = p->nr;
	for (i = 0; i < p->nr; i++) {
		const struct irqm_plan_irq *irq = irq_of(p, i);

		row->vectors[i] = (struct irqm_plan_vector){
			.managed = irq->managed,
			.mask = irq->affinity,
			.vector = irq->vector,
			.cpu = irq->cpu,
		};
	}
	return 0;
}

static enum attempt try_exactly(struct probe *p, struct wish w)
{
	enum attempt end = set_up(p, &w, 0);

	return end == TRY_FITS ? request_all(p) : end;
}

static struct probe begin_probe(struct irqm_plan_machine *m,
				struct irqm_plan_row *row,
				struct irqm_error *err)
{
	return (struct probe){ m, row, err, m->nr_irqs, 0 };
}

/*
 * Since 6.11 the kernel tries once more, with one managed vector less:
 * vp_request_msix_vectors() adds one to pre_vectors each time it is called.
 * These kernels are recognised by their spread.
 */
static enum attempt share_slow(struct probe *p)
{
	const struct irqm_plan_step *step = p->row->step;

	if (p->m->kernel.spread <= IRQM_SPREAD_NODES || !step->managed)
		return TRY_FULL;
	return try_exactly(p, (struct wish){ step->pre + 1, step->managed - 1,
					     0, true });
}

/* vp_find_vqs_intx(): the INTx has a vector already, or gets one now. */
static enum irqm_plan_end try_line(struct irqm_plan_machine *m, int line)
{
	unsigned int i;

	for (i = 0; line >= 0 && i < m->nr_irqs; i++) {
		struct irqm_plan_irq *irq = &m->irqs[i];

		if (irq->irq != (unsigned int)line)
			continue;
		if (irq->started || !irqm_plan_request(m, irq))
			return IRQM_PLAN_LINE;
		return IRQM_PLAN_FAILS;
	}
	return IRQM_PLAN_NO_VECTORS;
}

/* vp_find_vqs(): a vector for each queue; otherwise one for the configuration
 * and one for all queues, which is not managed; otherwise INTx. */
static int probe_virtio(struct irqm_plan_machine *m, struct irqm_plan_row *row,
			struct irqm_error *err)
{
	struct probe p = begin_probe(m, row, err);
	enum attempt end = try_exactly(&p, wish_of(row->step));

	if (end == TRY_FITS)
		return keep_vectors(&p, IRQM_PLAN_FITS);
	if (end == TRY_FULL)
		end = share_slow(&p);
	if (end == TRY_FULL)
		end = try_exactly(&p, (struct wish){ 2, 0, 0, false });
	if (end == TRY_BROKEN)
		return -1;
	return keep_vectors(&p, end == TRY_FULL ? try_line(m, row->step->line) :
						  IRQM_PLAN_SHARED);
}

/* nvme_pci_enable() takes one vector for the admin queue and frees it before
 * nvme_setup_irqs() asks for all, and accepts one. */
static int probe_nvme(struct irqm_plan_machine *m, struct irqm_plan_row *row,
		      struct irqm_error *err)
{
	struct wish all = wish_of(row->step);
	struct probe p = begin_probe(m, row, err);
	enum attempt end = try_exactly(&p, (struct wish){ 1, 0, 0, false });

	if (end == TRY_FITS) {
		give_back(&p);
		end = set_up(&p, &all, 1);
	}
	if (end == TRY_FITS)
		end = request_all(&p);
	if (end == TRY_BROKEN)
		return -1;
	if (end == TRY_FULL)
		return keep_vectors(&p, IRQM_PLAN_FAILS);
	return keep_vectors(&p, all.managed == row->step->managed ?
					IRQM_PLAN_FITS :
					IRQM_PLAN_FEWER);
}

/* One unmanaged vector, else INTx. */
static int try_msi(struct probe *p)
{
	enum attempt end = try_exactly(p, (struct wish){ 1, 0, 0, false });

	if (end == TRY_BROKEN)
		return -1;
	return keep_vectors(p, end == TRY_FITS ?
				       IRQM_PLAN_SHARED :
				       try_line(p->m, p->row->step->line));
}

/* All vectors, or fewer if it accepts them; without any it does what it does
 * then. Of an unknown driver it is assumed that it fails. */
static int probe_all(struct irqm_plan_machine *m, struct irqm_plan_row *row,
		     struct irqm_error *err)
{
	const struct irqm_driver *driver = row->step->known;
	struct wish w = wish_of(row->step);
	struct probe p = begin_probe(m, row, err);
	unsigned int all = w.pre + w.managed;
	enum attempt end = set_up(&p, &w, driver ? driver->least : 0);

	if (end == TRY_FITS)
		end = request_all(&p);
	if (end == TRY_BROKEN)
		return -1;
	if (end == TRY_FITS)
		return keep_vectors(&p, p.nr == all ? IRQM_PLAN_FITS :
						      IRQM_PLAN_FEWER);
	switch (driver ? driver->then : IRQM_THEN_FAILS) {
	case IRQM_THEN_LINE:
		return keep_vectors(&p, try_line(m, row->step->line));
	case IRQM_THEN_MSI:
		return try_msi(&p);
	case IRQM_THEN_FAILS:
		break;
	}
	return keep_vectors(&p, IRQM_PLAN_FAILS);
}

/* Frees what was requested, but not the vectors' reservations. */
static void close_all(struct probe *p)
{
	unsigned int i;

	for (i = 0; i < p->nr; i++)
		irqm_plan_close(p->m, irq_of(p, i));
}

/* The interface could not be brought up with the device's vectors. */
static int fail_at_open(struct probe *p)
{
	const struct irqm_driver *driver = p->row->step->known;

	if (driver->then == IRQM_THEN_MSI) {
		give_back(p);
		if (try_msi(p))
			return -1;
		if (p->row->end == IRQM_PLAN_FAILS)
			p->row->end = IRQM_PLAN_FAILS_AT_OPEN;
		return 0;
	}
	if (driver->probe != IRQM_PROBE_VMXNET3)
		close_all(p);
	return keep_vectors(p, IRQM_PLAN_FAILS_AT_OPEN);
}

/* Reserves at probe, where the driver requests as many as at_probe, and requests
 * all when the interface is brought up. If that fails, it frees them, but for
 * vmxnet3_activate_dev(). */
static int probe_card(struct irqm_plan_machine *m, struct irqm_plan_row *row,
		      unsigned int at_probe, struct irqm_error *err)
{
	struct probe p = begin_probe(m, row, err);
	struct wish w = wish_of(row->step);
	enum attempt end = set_up(&p, &w, 0);
	unsigned int i;

	for (i = 0; end == TRY_FITS && i < p.nr; i++) {
		if (!irqm_plan_request(m, irq_of(&p, i)))
			continue;
		note_failure(&p, -ENOSPC, i, IRQM_NO_CPU);
		if (i >= at_probe)
			return fail_at_open(&p);
		give_back(&p);
		end = TRY_FULL;
	}
	if (end == TRY_BROKEN)
		return -1;
	return keep_vectors(&p,
			    end == TRY_FULL ? IRQM_PLAN_FAILS : IRQM_PLAN_FITS);
}

/*
 * Since 6.8 xhci requests only its first interrupt. A device in the dump shows
 * what its driver does; without one, bitmaps behind pointers (6.11) do.
 */
static bool xhci_requests_first(const struct irqm_snapshot *s)
{
	int last = -1;
	unsigned int i;

	for (i = 0; i < s->nr_irqs; i++) {
		const struct irqm_irq *irq = &s->irqs[i];
		const char *name;

		if (!irq->msi || irq->device < 0)
			continue;
		name = irqm_device_driver(&s->devices[irq->device]);
		if (!name || !irqm_driver_is(name, "xhci_hcd"))
			continue;
		if (irq->device == last)
			return !irq->nr_actions;
		last = irq->device;
	}
	return irqm_is_since_6_11(s);
}

/* Requests only the first vector, and INTx if it does not get it. */
static int probe_first(struct irqm_plan_machine *m, struct irqm_plan_row *row,
		       struct irqm_error *err)
{
	const struct irqm_driver *driver = row->step->known;
	struct probe p = begin_probe(m, row, err);
	struct wish w = wish_of(row->step);

	if (set_up(&p, &w, 0) == TRY_BROKEN)
		return -1;
	if (p.nr && !irqm_plan_request(m, irq_of(&p, 0)))
		return keep_vectors(&p, IRQM_PLAN_FITS);
	note_failure(&p, -ENOSPC, 0, IRQM_NO_CPU);
	give_back(&p);
	return keep_vectors(&p, driver->then == IRQM_THEN_FAILS ?
					IRQM_PLAN_FAILS :
					try_line(m, row->step->line));
}

/*
 * mlx5_irqs_request_vectors(), 5.17 to 6.5: of the queues' interrupts one is
 * enough. Those that were refused stay reserved.
 */
static int probe_mlx5(struct irqm_plan_machine *m, struct irqm_plan_row *row,
		      struct irqm_error *err)
{
	struct probe p = begin_probe(m, row, err);
	struct wish w = wish_of(row->step);
	unsigned int i = 0;

	if (set_up(&p, &w, 0) == TRY_BROKEN)
		return -1;
	while (i < p.nr && !irqm_plan_request(m, irq_of(&p, i)))
		i++;
	if (i == p.nr)
		return keep_vectors(&p, IRQM_PLAN_FITS);
	note_failure(&p, -ENOSPC, i, IRQM_NO_CPU);
	if (i <= row->step->known->pre) {
		give_back(&p);
		return keep_vectors(&p, IRQM_PLAN_FAILS);
	}
	if (keep_vectors(&p, IRQM_PLAN_FEWER))
		return -1;
	row->nr_vectors = i;
	return 0;
}

/* Counts the requested interrupts that had to leave their affinity. */
static void note_outside(const struct irqm_plan_machine *m,
			 struct irqm_plan_row *row)
{
	const struct irqm_bits *affinity = &m->s->dump.default_affinity;
	const struct irqm_plan_vector *v = row->vectors;
	unsigned int i;

	for (i = 0; i < row->nr_vectors; i++)
		row->outside += !v[i].managed && v[i].vector &&
				!irqm_bits_test(affinity, v[i].cpu);
	if (row->outside && row->end == IRQM_PLAN_FITS)
		row->end = IRQM_PLAN_OUTSIDE;
}

static int probe_driver(struct irqm_plan_machine *m, struct irqm_plan_row *row,
			struct irqm_error *err)
{
	const struct irqm_driver *driver = row->step->known;

	switch (driver ? driver->probe : IRQM_PROBE_ALL) {
	case IRQM_PROBE_ALL:
		break;
	case IRQM_PROBE_VIRTIO:
		return probe_virtio(m, row, err);
	case IRQM_PROBE_NVME:
		return probe_nvme(m, row, err);
	case IRQM_PROBE_OPEN:
	case IRQM_PROBE_PORT:
	case IRQM_PROBE_VMXNET3:
		return probe_card(m, row, 0, err);
	case IRQM_PROBE_ADMIN:
		return probe_card(m, row, 1, err);
	case IRQM_PROBE_MLX5:
		/* a maple tree: 6.5 */
		if (m->s->dump.generation.maple_tree)
			return probe_card(m, row, 1, err);
		return probe_mlx5(m, row, err);
	case IRQM_PROBE_FIRST:
		return probe_first(m, row, err);
	case IRQM_PROBE_XHCI:
		if (xhci_requests_first(m->s))
			return probe_first(m, row, err);
		break;
	}
	return probe_all(m, row, err);
}

int irqm_plan_probe(struct irqm_plan_machine *m, struct irqm_plan_row *row,
		    struct irqm_error *err)
{
	if (probe_driver(m, row, err))
		return -1;
	note_outside(m, row);
	return 0;
}
