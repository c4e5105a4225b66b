/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/spreader.h"

#include <limits.h>

const char *irqm_spread_name(enum irqm_spread how)
{
	static const char *const names[] = {
		[IRQM_SPREAD_EVEN_PRESENT] = "even_present",
		[IRQM_SPREAD_EVEN_FIRST] = "even_first",
		[IRQM_SPREAD_EVEN] = "even",
		[IRQM_SPREAD_NODES] = "nodes",
		[IRQM_SPREAD_NODES_POP2] = "nodes_pop2",
		[IRQM_SPREAD_CLUSTERS] = "clusters",
	};

	return names[how];
}

static int set_lacking(struct spreader *sp, const char *what, unsigned int cpu)
{
	irqm_error_set(sp->err,
		       "cannot predict masks: the %s of CPU %u could "
		       "not be read",
		       what, cpu);
	return -1;
}

static bool is_gone(const struct spreader *sp, unsigned int cpu)
{
	return sp->gone && irqm_bits_test(sp->gone, cpu);
}

/* Returns a number greater than that of any CPU in the mask, by at most 64. */
static unsigned int end_of(const struct irqm_bits *b)
{
	unsigned int words = IRQM_BITS_WORDS(b->nbits);

	while (words && !b->words[words - 1])
		words--;
	return words * 64 < b->nbits ? words * 64 : b->nbits;
}

void irqm_spread_begin(struct spreader *sp)
{
	sp->lowest = 0;
	sp->end = end_of(&sp->left);
}

int irqm_spread_deal(struct spreader *sp, struct irqm_bits *mask,
		     unsigned int nr_cpus)
{
	while (nr_cpus) {
		unsigned int cpu = irqm_bits_next(&sp->left, sp->lowest);
		struct irqm_bits siblings;
		const struct irqm_cpu *c;
		unsigned int sibling;

		sp->lowest = cpu;
		if (cpu >= sp->left.nbits)
			return 0;
		irqm_bits_clear(&sp->left, cpu);
		irqm_bits_set(mask, cpu);
		if (!--nr_cpus)
			return 0;
		if (is_gone(sp, cpu))
			continue;
		c = irqm_find_cpu(sp->s, cpu);
		if (!c || !irqm_bits_known(&c->siblings))
			return set_lacking(sp, "thread siblings", cpu);
		siblings = c->siblings;
		if (siblings.nbits > sp->end)
			siblings.nbits = sp->end;
		for (sibling = irqm_bits_next(&siblings, cpu);
		     sibling < siblings.nbits;
		     sibling = irqm_bits_next(&siblings, sibling + 1)) {
			if (!nr_cpus)
				return 0;
			if (!irqm_bits_test(&sp->left, sibling) ||
			    is_gone(sp, sibling))
				continue;
			irqm_bits_clear(&sp->left, sibling);
			irqm_bits_set(mask, sibling);
			nr_cpus--;
		}
	}
	return 0;
}

/* Distributes the CPUs in sp->left to this number of masks, from
 * masks[*at] on. */
static int deal_all(struct spreader *sp, unsigned int masks, unsigned int *at)
{
	unsigned int cpus = irqm_bits_weight(&sp->left);
	unsigned int extra = cpus % masks, each = cpus / masks, i;

	irqm_spread_begin(sp);
	for (i = 0; i < masks; i++, ++*at) {
		if (*at >= sp->nr)
			*at = 0;
		if (irqm_spread_deal(sp, &sp->masks[*at], each + (i < extra)))
			return -1;
	}
	return 0;
}

/* Returns the cluster of the lowest CPU in sp->seen and removes it from there.
 * Returns NULL with err. */
static const struct irqm_bits *next_cluster(struct spreader *sp)
{
	unsigned int cpu = irqm_bits_next(&sp->seen, 0), n;
	const struct irqm_cpu *c = irqm_find_cpu(sp->s, cpu);

	if (!c || !irqm_bits_known(&c->cluster)) {
		set_lacking(sp, "cluster", cpu);
		return NULL;
	}
	irqm_bits_for_each(n, &c->cluster)
		irqm_bits_clear(&sp->seen, n);
	return &c->cluster;
}

/*
 * Finds the CPUs of each cluster of the node, by the id of its first CPU.
 * Returns 0 if the kernel does not use clusters: a CPU that was never present
 * has no cluster, and there may not be more clusters than masks. Returns -1
 * with err.
 */
static int count_clusters(struct spreader *sp, const struct irqm_bits *node,
			  struct share *clusters, unsigned int masks)
{
	unsigned int cpus = 0, nr = 0, cpu;
	const struct irqm_bits *cluster;

	irqm_bits_copy(&sp->seen, node);
	while ((cpu = irqm_bits_next(&sp->seen, 0)) < sp->seen.nbits) {
		cluster = next_cluster(sp);
		if (!cluster)
			return -1;
		if (!irqm_bits_weight(cluster))
			return 0;
		clusters[nr].id = cpu;
		clusters[nr].n = irqm_bits_weight_and(cluster, node);
		cpus += clusters[nr++].n;
		if (!irqm_bits_test(cluster, cpu) ||
		    cpus > irqm_bits_weight(node)) {
			irqm_error_set(sp->err,
				       "cannot predict masks: the "
				       "clusters of CPU %u and others "
				       "contradict each other",
				       cpu);
			return -1;
		}
	}
	return nr <= masks ? (int)nr : 0;
}

/* __try_group_cluster_cpus(): returns 1 if it distributed the node, 0 if not,
 * or -1. */
static int deal_clusters(struct spreader *sp, const struct irqm_bits *node,
			 unsigned int masks, unsigned int *at)
{
	struct share *clusters = sp->shares + sp->nr_nodes;
	int i, nr;

	if (sp->how != IRQM_SPREAD_CLUSTERS)
		return 0;
	/* an unplugged CPU has no cluster, either */
	if (sp->gone && irqm_bits_weight_and(sp->gone, node))
		return 0;
	nr = count_clusters(sp, node, clusters, masks);
	if (nr <= 0)
		return nr;
	irqm_spread_apportion(clusters, nr, masks, irqm_bits_weight(node),
			      true);
	for (i = 0; i < nr; i++) {
		const struct irqm_cpu *c = irqm_find_cpu(sp->s, clusters[i].id);

		irqm_bits_and(&sp->left, node, &c->cluster);
		if (deal_all(sp, clusters[i].n, at))
			return -1;
	}
	return 1;
}

/* If there are fewer masks than nodes, nodes are not split. */
static void whole_nodes(struct spreader *sp, const struct irqm_bits *cpus,
			unsigned int at)
{
	unsigned int i;

	for (i = 0; i < sp->nr_nodes; i++) {
		irqm_bits_and(&sp->left, cpus, &sp->nodes[i]);
		/* advance only if the node has CPUs in this stage */
		if (!irqm_bits_weight(&sp->left))
			continue;
		irqm_bits_or(&sp->masks[at], &sp->left);
		if (++at == sp->nr)
			at = 0;
	}
}

static unsigned int count_nodes(struct spreader *sp,
				const struct irqm_bits *cpus)
{
	unsigned int i, n = 0;

	for (i = 0; i < sp->nr_nodes; i++) {
		unsigned int weight = irqm_bits_weight_and(cpus, &sp->nodes[i]);

		sp->shares[i] = (struct share){ i, weight ? weight : UINT_MAX };
		n += weight != 0;
	}
	return n;
}

static int deal_node(struct spreader *sp, const struct irqm_bits *cpus,
		     const struct share *share, struct irqm_bits *node,
		     unsigned int *at)
{
	int rc;

	irqm_bits_and(node, cpus, &sp->nodes[share->id]);
	rc = deal_clusters(sp, node, share->n, at);
	if (rc)
		return rc > 0 ? 0 : -1;
	irqm_bits_copy(&sp->left, node);
	return deal_all(sp, share->n, at);
}

/* One stage: distributes these CPUs, from masks[at] on. Returns the number of
 * masks that it filled, or -1 with err. */
static int deal_stage(struct spreader *sp, const struct irqm_bits *cpus,
		      unsigned int at)
{
	unsigned int nr_cpus = irqm_bits_weight(cpus), i, done = 0;
	struct irqm_bits node;

	if (!nr_cpus)
		return 0;
	if (sp->nr <= count_nodes(sp, cpus)) {
		whole_nodes(sp, cpus, at);
		return sp->nr;
	}
	node = irqm_bits_new(sp->arena, cpus->nbits);
	if (!node.words) {
		irqm_error_memory(sp->err);
		return -1;
	}
	irqm_spread_apportion(sp->shares, sp->nr_nodes,
			      sp->nr < nr_cpus ? sp->nr : nr_cpus, nr_cpus,
			      sp->how > IRQM_SPREAD_NODES);
	for (i = 0; i < sp->nr_nodes; i++) {
		if (sp->shares[i].n == UINT_MAX)
			continue;
		if (deal_node(sp, cpus, &sp->shares[i], &node, &at))
			return -1;
		done += sp->shares[i].n;
	}
	return done;
}

/* A CPU without a node number is put on node 0. */
static int node_of(const struct irqm_cpu *c)
{
	return c->node >= 0 && c->node < INT_MAX ? (int)c->node : 0;
}

/* MAX_NUMNODES is at most 1024. */
#define MAX_NODES 1024

static int find_nodes(struct spreader *sp)
{
	const struct irqm_snapshot *s = sp->s;
	unsigned int i;

	for (i = 0; i < s->nr_cpus; i++) {
		const struct irqm_cpu *c = &s->cpus[i];

		if (c->node == IRQM_UNKNOWN || c->node >= MAX_NODES)
			return set_lacking(sp, "NUMA node", c->cpu);
		if ((unsigned int)node_of(c) >= sp->nr_nodes)
			sp->nr_nodes = node_of(c) + 1;
	}
	sp->nodes =
		irqm_arena_alloc(sp->arena, sp->nr_nodes, sizeof(*sp->nodes));
	for (i = 0; sp->nodes && i < sp->nr_nodes; i++) {
		sp->nodes[i] = irqm_bits_new(sp->arena, s->dump.nr_cpu_ids);
		if (!sp->nodes[i].words)
			sp->nodes = NULL;
	}
	for (i = 0; sp->nodes && i < s->nr_cpus; i++)
		irqm_bits_set(&sp->nodes[node_of(&s->cpus[i])], s->cpus[i].cpu);
	if (!sp->nodes)
		irqm_error_memory(sp->err);
	return sp->nodes ? 0 : -1;
}

static int make_room(struct spreader *sp)
{
	unsigned int nbits = sp->s->dump.nr_cpu_ids, i;

	sp->left = irqm_bits_new(sp->arena, nbits);
	sp->seen = irqm_bits_new(sp->arena, nbits);
	sp->shares = irqm_arena_alloc(sp->arena,
				      (size_t)sp->nr_nodes + sp->s->nr_cpus,
				      sizeof(*sp->shares));
	sp->masks = irqm_arena_alloc(sp->arena, sp->nr, sizeof(*sp->masks));
	for (i = 0; sp->masks && i < sp->nr; i++) {
		sp->masks[i] = irqm_bits_new(sp->arena, nbits);
		if (!sp->masks[i].words)
			sp->masks = NULL;
	}
	if (sp->left.words && sp->seen.words && sp->shares && sp->masks)
		return 0;
	irqm_error_memory(sp->err);
	return -1;
}

/* Runs both stages. */
static int spread_by_nodes(struct spreader *sp, const struct irqm_bits *others)
{
	int done = deal_stage(sp, &sp->s->dump.present, 0);

	if (done < 0)
		return -1;
	if ((unsigned int)done >= sp->nr)
		done = 0;
	return deal_stage(sp, others, done) < 0 ? -1 : 0;
}

/* Returns the possible CPUs that are not present; without words if out of
 * memory. */
static struct irqm_bits absent_cpus(struct irqm_arena *arena,
				    const struct irqm_dump *d)
{
	struct irqm_bits absent = irqm_bits_new(arena, d->nr_cpu_ids);
	unsigned int cpu;

	if (!absent.words)
		return absent;
	irqm_bits_for_each(cpu, &d->possible) {
		if (!irqm_bits_test(&d->present, cpu))
			irqm_bits_set(&absent, cpu);
	}
	return absent;
}

int irqm_spread_masks(struct irqm_arena *arena, const struct irqm_snapshot *s,
		      enum irqm_spread how, const struct irqm_bits *gone,
		      unsigned int nr, struct irqm_bits **ret,
		      struct irqm_error *err)
{
	struct spreader sp = { .arena = arena,
			       .s = s,
			       .how = how,
			       .gone = gone,
			       .nr = nr,
			       .err = err };
	struct irqm_bits absent;

	if (!irqm_bits_known(&s->dump.present) ||
	    !irqm_bits_known(&s->dump.possible)) {
		irqm_error_set(err, "cannot predict masks: the possible or "
				    "present CPUs could not be read");
		return -1;
	}
	if (find_nodes(&sp) || make_room(&sp))
		return -1;
	absent = absent_cpus(arena, &s->dump);
	if (!absent.words) {
		irqm_error_memory(err);
		return -1;
	}
	if (how <= IRQM_SPREAD_EVEN ? irqm_spread_evenly(&sp, &absent) :
				      spread_by_nodes(&sp, &absent))
		return -1;
	*ret = sp.masks;
	return 0;
}
