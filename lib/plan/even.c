/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * irq_build_affinity_masks() before b1a5a73e64e9 (5.4): nodes in ascending
 * order, each with the same number of masks.
 */
#include "plan/spreader.h"

static unsigned int count_nodes(const struct spreader *sp,
				const struct irqm_bits *cpus)
{
	unsigned int i, n = 0;

	for (i = 0; i < sp->nr_nodes; i++)
		n += irqm_bits_weight_and(cpus, &sp->nodes[i]) != 0;
	return n;
}

/*
 * If there are no more masks than nodes, each mask gets whole nodes. With two
 * stages a mask also has the CPUs of the other stage. Until b82592199032 (5.0),
 * nodes after the last mask were omitted, and the second stage overwrote the
 * masks of the first.
 */
static unsigned int deal_whole_nodes(struct spreader *sp,
				     const struct irqm_bits *cpus,
				     unsigned int at)
{
	bool first = sp->how != IRQM_SPREAD_EVEN;
	unsigned int i, done = 0;

	for (i = 0; i < sp->nr_nodes; i++) {
		if (!irqm_bits_weight_and(cpus, &sp->nodes[i]))
			continue;
		if (sp->how == IRQM_SPREAD_EVEN_PRESENT)
			irqm_bits_and(&sp->masks[at], cpus, &sp->nodes[i]);
		else if (first)
			irqm_bits_copy(&sp->masks[at], &sp->nodes[i]);
		else
			irqm_bits_or(&sp->masks[at], &sp->nodes[i]);
		if (++done == sp->nr && first)
			break;
		if (++at == sp->nr)
			at = 0;
	}
	return first ? done : sp->nr;
}

/* Distributes the CPUs in sp->left to at most this number of masks, from
 * masks[*at] on. Returns the number of masks that it filled, or -1 with err. */
static int deal_node(struct spreader *sp, unsigned int masks, unsigned int *at)
{
	unsigned int cpus = irqm_bits_weight(&sp->left), done, extra;

	if (masks > cpus)
		masks = cpus;
	if (!masks) {
		irqm_error_set(sp->err,
			       "cannot predict the masks of %u "
			       "queues: this kernel divides by zero if absent "
			       "CPUs are on more nodes than there are masks "
			       "for them",
			       sp->nr);
		return -1;
	}
	extra = cpus % masks;
	for (done = 0; *at < sp->nr && done < masks; done++, ++*at) {
		if (irqm_spread_deal(sp, &sp->masks[*at],
				     cpus / masks + (done < extra)))
			return -1;
	}
	return (int)done;
}

/* One stage: distributes these CPUs to masks[at] and the following ones.
 * Returns the number of masks that it filled, or -1 with err. */
static int deal_stage(struct spreader *sp, const struct irqm_bits *cpus,
		      unsigned int at)
{
	unsigned int nodes = count_nodes(sp, cpus), i, done = 0;
	int rc;

	if (sp->nr <= nodes)
		return (int)deal_whole_nodes(sp, cpus, at);
	for (i = 0; i < sp->nr_nodes && done < sp->nr; i++) {
		irqm_bits_and(&sp->left, cpus, &sp->nodes[i]);
		irqm_spread_begin(sp);
		if (!irqm_bits_weight(&sp->left))
			continue;
		if (at >= sp->nr)
			at = 0;
		rc = deal_node(sp, (sp->nr - at) / nodes--, &at);
		if (rc < 0)
			return -1;
		done += (unsigned int)rc;
	}
	return (int)done;
}

int irqm_spread_evenly(struct spreader *sp, const struct irqm_bits *others)
{
	const struct irqm_dump *d = &sp->s->dump;
	int first = deal_stage(sp, &d->present, 0), second = 0;
	unsigned int i;

	if (first < 0)
		return -1;
	/* one stage until d3056812e7df (4.17) */
	if (sp->how != IRQM_SPREAD_EVEN_PRESENT)
		second = deal_stage(sp, others,
				    (unsigned int)first < sp->nr ? first : 0);
	if (second < 0)
		return -1;
	/* since 5.0 leftover masks are empty, which alloc_descs() refuses */
	if (d->generation.affinity_desc)
		return 0;
	for (i = (unsigned int)first + (unsigned int)second; i < sp->nr; i++)
		irqm_bits_copy(&sp->masks[i], &d->default_affinity);
	return 0;
}
