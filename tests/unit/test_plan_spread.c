/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Masks that real kernels gave to disks under QEMU (tests/vmcores): 6.1, 6.12
 * and 7.2, as their /proc/irq/N/smp_affinity_list said.
 */
#include "unit.h"

#include "plan/spread.h"
#include "snap.h"

/* "0-3 4-7": masks separated by blanks. */
static void assert_masks(struct irqm_snapshot *s, enum irqm_spread how,
			 const struct irqm_bits *gone, const char *expected)
{
	char got[512] = "", *list;
	struct irqm_error err = { .msg = "" };
	struct irqm_bits *masks;
	unsigned int i, nr = 1;
	const char *p;

	for (p = expected; *p; p++)
		nr += *p == ' ';
	if (irqm_spread_masks(s->arena, s, how, gone, nr, &masks, &err))
		fail_msg("%s", err.msg);
	for (i = 0; i < nr; i++) {
		list = irqm_bits_list(&masks[i]);
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%s",
			 i ? " " : "", list);
		free(list);
	}
	assert_string_equal(got, expected);
}

static void place(struct irqm_snapshot *s, unsigned int cpu, unsigned int node,
		  const char *core)
{
	s->cpus[cpu].node = node;
	s->cpus[cpu].siblings = snap_cpus(s, core);
	s->cpus[cpu].cluster = snap_cpus(s, core);
}

/* Two nodes of two cores of two threads; a core is a cluster. */
static struct irqm_snapshot *threads(void)
{
	static const char *const cores[] = { "0-1", "2-3", "4-5", "6-7" };
	struct irqm_snapshot *s = snap_new(8);
	unsigned int i;

	for (i = 0; i < 8; i++)
		place(s, i, i / 4, cores[i / 2]);
	return s;
}

/* So many CPUs, a core each, on nodes of per_node; the first are present. */
static struct irqm_snapshot *cores(unsigned int nr, unsigned int per_node,
				   unsigned int present)
{
	struct irqm_snapshot *s = snap_new(nr);
	char list[16];
	unsigned int i;

	for (i = 0; i < nr; i++) {
		snprintf(list, sizeof(list), "%u", i);
		place(s, i, i / per_node, i < present ? list : "");
	}
	snprintf(list, sizeof(list), "0-%u", present - 1);
	s->dump.present = snap_cpus(s, list);
	return s;
}

static void nodes_and_threads_6_12(void **state)
{
	struct irqm_snapshot *s = threads();
	enum irqm_spread how = IRQM_SPREAD_NODES_POP2;

	(void)state;
	assert_masks(s, how, NULL, "0-7");
	assert_masks(s, how, NULL, "0-3 4-7");
	assert_masks(s, how, NULL, "4-7 0-1 2-3");
	assert_masks(s, how, NULL, "4-5 6-7 0-1 2 3");
	assert_masks(s, how, NULL, "4-5 6 7 0 1 2 3");
	assert_masks(s, how, NULL, "4 5 6 7 0 1 2 3");
	irqm_snapshot_free(s);
}

static void nodes_and_threads_7_2(void **state)
{
	struct irqm_snapshot *s = threads();
	enum irqm_spread how = IRQM_SPREAD_CLUSTERS;

	(void)state;
	assert_masks(s, how, NULL, "0-7");
	assert_masks(s, how, NULL, "0-3 4-7");
	assert_masks(s, how, NULL, "4-7 2-3 0-1");
	assert_masks(s, how, NULL, "6-7 4-5 2-3 0 1");
	assert_masks(s, how, NULL, "6-7 4 5 2 3 0 1");
	assert_masks(s, how, NULL, "6 7 4 5 2 3 0 1");
	irqm_snapshot_free(s);
}

/* Four nodes of three: what comes first of equals is sort()'s doing, and it
 * was written anew between 6.1 and 6.12. */
static void equal_nodes(void **state)
{
	struct irqm_snapshot *s = cores(12, 3, 12);

	(void)state;
	assert_masks(s, IRQM_SPREAD_NODES, NULL, "3-5 6-8 9-11 0-1 2");
	assert_masks(s, IRQM_SPREAD_NODES, NULL, "3-4 5 6-7 8 9-10 11 0 1 2");
	assert_masks(s, IRQM_SPREAD_NODES_POP2, NULL, "3-5 9-11 6-8 0-1 2");
	assert_masks(s, IRQM_SPREAD_NODES_POP2, NULL,
		     "3-4 5 9-10 11 6-7 8 0 1 2");
	assert_masks(s, IRQM_SPREAD_NODES_POP2, NULL, "0-2,9-11 3-5 6-8");
	irqm_snapshot_free(s);
}

/* A node is never without a mask, however few CPUs it has. */
static void a_small_node(void **state)
{
	struct irqm_snapshot *s = cores(8, 8, 8);

	(void)state;
	s->cpus[7].node = 1;
	assert_masks(s, IRQM_SPREAD_NODES_POP2, NULL, "7 0-3 4-6");
	irqm_snapshot_free(s);
}

/* Four of twelve possible CPUs are there; the others are dealt out after. */
static void absent_cpus(void **state)
{
	struct irqm_snapshot *s = cores(12, 12, 4);

	(void)state;
	assert_masks(s, IRQM_SPREAD_NODES, NULL, "0,4-5 1,6-7 2,8-9 3,10-11");
	assert_masks(s, IRQM_SPREAD_NODES, NULL, "0 1 2 3 4 5 6 7 8 9 10 11");
	assert_masks(s, IRQM_SPREAD_CLUSTERS, NULL,
		     "1,4-5 3,6-7 2,8-9 0,10-11");
	assert_masks(s, IRQM_SPREAD_CLUSTERS, NULL,
		     "1 3 2 0 4 5 6 7 8 9 10 11");
	irqm_snapshot_free(s);
}

/* Nodes of 4 and 2 CPUs: masks that RHEL 8.1 and 4.19 gave. What 4.19 has left
 * over gets the default affinity. */
static void uneven_nodes_before_5_4(void **state)
{
	struct irqm_snapshot *s = cores(6, 4, 6);

	(void)state;
	assert_masks(s, IRQM_SPREAD_EVEN, NULL, "0-5");
	assert_masks(s, IRQM_SPREAD_EVEN, NULL, "0-3 4 5");
	assert_masks(s, IRQM_SPREAD_EVEN, NULL, "0-1 2-3 4 5");
	assert_masks(s, IRQM_SPREAD_EVEN, NULL, "0-1 2 3 4 5 ");
	s->dump.generation.affinity_desc = false;
	assert_masks(s, IRQM_SPREAD_EVEN_FIRST, NULL, "0-3");
	assert_masks(s, IRQM_SPREAD_EVEN_FIRST, NULL, "0-3 4 5");
	assert_masks(s, IRQM_SPREAD_EVEN_FIRST, NULL, "0-1 2-3 4 5");
	assert_masks(s, IRQM_SPREAD_EVEN_FIRST, NULL, "0-1 2 3 4 5 0-5");
	irqm_snapshot_free(s);
}

/* Four nodes of three: masks that RHEL 8.1 gave, node 0 first. */
static void equal_nodes_before_5_4(void **state)
{
	struct irqm_snapshot *s = cores(12, 3, 12);

	(void)state;
	assert_masks(s, IRQM_SPREAD_EVEN, NULL, "0-2,6-8 3-5,9-11");
	assert_masks(s, IRQM_SPREAD_EVEN, NULL, "0-2,9-11 3-5 6-8");
	assert_masks(s, IRQM_SPREAD_EVEN, NULL, "0-2 3-5 6-7 8 9-10 11");
	assert_masks(s, IRQM_SPREAD_EVEN, NULL, "0-2 3-4 5 6-7 8 9-10 11");
	assert_masks(s, IRQM_SPREAD_EVEN, NULL, "0-1 2 3-4 5 6-7 8 9 10 11");
	assert_masks(s, IRQM_SPREAD_EVEN, NULL, "0 1 2 3 4 5 6 7 8 9 10 11");
	irqm_snapshot_free(s);
}

/* The kernel divides by zero where two nodes of absent CPUs share one mask. */
static void absent_nodes_before_5_4(void **state)
{
	struct irqm_snapshot *s = cores(8, 4, 4);
	struct irqm_error err = { .msg = "" };
	struct irqm_bits *masks;

	(void)state;
	assert_masks(s, IRQM_SPREAD_EVEN, NULL, "0-1,4-5 2-3,6-7");
	assert_masks(s, IRQM_SPREAD_EVEN, NULL, "0 1 2 3 4-7");
	assert_masks(s, IRQM_SPREAD_EVEN_FIRST, NULL, "4-7");
	/* 4.15 left absent CPUs out, and had the default affinity for rest */
	s->dump.generation.affinity_desc = false;
	assert_masks(s, IRQM_SPREAD_EVEN_PRESENT, NULL, "0-3");
	assert_masks(s, IRQM_SPREAD_EVEN_PRESENT, NULL, "0-1 2-3");
	assert_masks(s, IRQM_SPREAD_EVEN_PRESENT, NULL, "0 1 2 3 0-7");
	s->cpus[6].node = s->cpus[7].node = 2;
	assert_int_equal(irqm_spread_masks(s->arena, s, IRQM_SPREAD_EVEN, NULL,
					   5, &masks, &err),
			 -1);
	assert_non_null(strstr(err.msg, "divides by zero"));
	irqm_snapshot_free(s);
}

/* CPUs that go offline lose siblings and cluster, and so does their node. */
static void gone_cpus(void **state)
{
	struct irqm_snapshot *s = threads();
	struct irqm_bits gone = snap_cpus(s, "1");

	(void)state;
	assert_masks(s, IRQM_SPREAD_CLUSTERS, &gone, "6-7 4-5 0-1 2 3");
	gone = snap_cpus(s, "1,6");
	assert_masks(s, IRQM_SPREAD_CLUSTERS, &gone, "4 5 6 7 0 1 2 3");
	irqm_snapshot_free(s);
}

/* What a dump says cannot make it loop, or divide by nothing. */
static void hostile_topology(void **state)
{
	struct irqm_snapshot *s = threads();
	struct irqm_error err = { .msg = "" };
	struct irqm_bits *masks;

	(void)state;
	s->cpus[2].cluster = snap_cpus(s, "5");
	assert_int_equal(irqm_spread_masks(s->arena, s, IRQM_SPREAD_CLUSTERS,
					   NULL, 4, &masks, &err),
			 -1);
	assert_non_null(strstr(err.msg, "contradict"));
	s->cpus[2].cluster = snap_cpus(s, "0-3");
	assert_int_equal(irqm_spread_masks(s->arena, s, IRQM_SPREAD_CLUSTERS,
					   NULL, 4, &masks, &err),
			 -1);
	s->cpus[2].cluster = (struct irqm_bits){ 0 };
	assert_int_equal(irqm_spread_masks(s->arena, s, IRQM_SPREAD_CLUSTERS,
					   NULL, 4, &masks, &err),
			 -1);
	assert_non_null(strstr(err.msg, "cluster of CPU 2"));
	s->cpus[3].node = 1 << 30;
	assert_int_equal(irqm_spread_masks(s->arena, s, IRQM_SPREAD_NODES, NULL,
					   4, &masks, &err),
			 -1);
	assert_non_null(strstr(err.msg, "node of CPU 3"));
	/* an empty node, and CPUs without one, which are on node 0 */
	s->cpus[3].node = -1;
	s->cpus[7].node = 900;
	assert_int_equal(irqm_spread_masks(s->arena, s, IRQM_SPREAD_NODES, NULL,
					   8, &masks, &err),
			 0);
	s->dump.present = (struct irqm_bits){ 0 };
	assert_int_equal(irqm_spread_masks(s->arena, s, IRQM_SPREAD_NODES, NULL,
					   4, &masks, &err),
			 -1);
	irqm_snapshot_free(s);
}

/* Sets may be shorter or longer than nr_cpu_ids says. */
static void sets_of_other_lengths(void **state)
{
	struct irqm_snapshot *s = threads();
	struct irqm_error err;
	struct irqm_bits *masks;

	(void)state;
	s->dump.possible = snap_bits(s, 64, "0-7");
	s->dump.present = snap_bits(s, 4, "0-3");
	s->cpus[0].siblings = snap_bits(s, 256, "0-1,200");
	s->cpus[0].cluster = snap_bits(s, 256, "0-1,200");
	assert_int_equal(irqm_spread_masks(s->arena, s, IRQM_SPREAD_CLUSTERS,
					   NULL, 3, &masks, &err),
			 0);
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nodes_and_threads_6_12),
		cmocka_unit_test(nodes_and_threads_7_2),
		cmocka_unit_test(equal_nodes),
		cmocka_unit_test(a_small_node),
		cmocka_unit_test(absent_cpus),
		cmocka_unit_test(uneven_nodes_before_5_4),
		cmocka_unit_test(equal_nodes_before_5_4),
		cmocka_unit_test(absent_nodes_before_5_4),
		cmocka_unit_test(gone_cpus),
		cmocka_unit_test(hostile_topology),
		cmocka_unit_test(sets_of_other_lengths),
	};

	return RUN(tests);
}
