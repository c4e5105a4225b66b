/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A machine in a few words, and what a kernel makes of it. */
#include "machine/keys.h"
#include "plan/described.h"
#include "plan/plan.h"
#include "unit.h"

static struct irqm_machine_keys new_keys(void)
{
	struct irqm_machine_keys k = { .arena = irqm_arena_new(1 << 24) };

	assert_non_null(k.arena);
	return k;
}

/* The machine of these words; free its arena. */
static struct irqm_machine machine_of(const char *text)
{
	struct irqm_machine_keys k = new_keys();
	struct irqm_error err = { .msg = "" };
	struct irqm_machine m;

	irqm_machine_take_keys(&k, text, &err);
	assert_string_equal(err.msg, "");
	irqm_machine_of_keys(&k, &m, &err);
	assert_string_equal(err.msg, "");
	return m;
}

static void refuses_keys(const char *text, const char *why)
{
	struct irqm_machine_keys k = new_keys();
	struct irqm_error err = { .msg = "" };
	struct irqm_machine m;

	if (!irqm_machine_take_keys(&k, text, &err))
		assert_int_equal(irqm_machine_of_keys(&k, &m, &err), -1);
	if (!strstr(err.msg, why))
		print_error("%s: %s\n", text, err.msg);
	assert_non_null(strstr(err.msg, why));
	irqm_arena_free(k.arena);
}

static void where_cpus_are(void **state)
{
	struct irqm_machine m = machine_of("cpus=8,threads=2,nodes=2,possible="
					   "10,kernel=6.1");

	(void)state;
	assert_int_equal(m.nr_cpu_ids, 10);
	assert_string_equal(m.possible, "0-9");
	assert_string_equal(m.present, "0-7");
	assert_string_equal(m.default_affinity, "0-9");
	assert_null(m.housekeeping);
	assert_string_equal(m.cpus[3].siblings, "2-3");
	assert_string_equal(m.cpus[3].cluster, "2-3");
	assert_int_equal(m.cpus[3].node, 0);
	assert_int_equal(m.cpus[4].node, 1);
	assert_string_equal(m.cpus[9].siblings, "9");
	irqm_arena_free(m.arena);

	m = machine_of("cpus=8,threads=2,thread-order=split,nodes=2,kernel=6.1,"
		       "cluster=4");
	assert_string_equal(m.cpus[1].siblings, "1,5");
	assert_string_equal(m.cpus[5].siblings, "1,5");
	assert_int_equal(m.cpus[1].node, 0);
	assert_int_equal(m.cpus[5].node, 0);
	assert_int_equal(m.cpus[6].node, 1);
	assert_string_equal(m.cpus[6].cluster, "4-7");
	irqm_arena_free(m.arena);

	m = machine_of("cpus=8,kernel=6.12.0-rt,default-affinity=0-1+4,"
		       "isolated=2-3+5-7,online=0-6,remapping=intel");
	assert_string_equal(m.default_affinity, "0-1,4");
	assert_string_equal(m.housekeeping, "0-1,4");
	assert_string_equal(m.online, "0-6");
	assert_string_equal(m.release, "6.12.0-rt");
	assert_int_equal(m.remapping, IRQM_LEVEL_IR);
	irqm_arena_free(m.arena);
}

static void what_contradicts(void **state)
{
	static const char *const bad[][2] = {
		{ "kernel=6.1", "give the number of CPUs" },
		{ "cpus=4", "give the kernel's version" },
		{ "cpus=0,kernel=6.1", "a number from 1 to 65536" },
		{ "cpus=65537,kernel=6.1", "a number from 1 to 65536" },
		{ "cpus=-4,kernel=6.1", "a number from 1" },
		{ "cpus=4x,kernel=6.1", "a number from 1" },
		{ "nodes=1025", "a number from 1 to 1024" },
		{ "cpus", "is not KEY=VALUE" },
		{ "cpus=", "is not KEY=VALUE" },
		{ "=4", "is not KEY=VALUE" },
		{ "cpus=4,kernel=6.1,online=0,2", "is not KEY=VALUE" },
		{ "cpu=4", "do you mean cpus" },
		{ "cpus=4,kernel=6.1,remapping=on", "none, intel or amd" },
		{ "cpus=4,kernel=6.1,thread-order=x", "adjacent or split" },
		{ "cpus=4,kernel=6.1,possible=3", "possible=3 is less" },
		{ "cpus=4,kernel=6.1,nodes=3", "nodes=3 do not have" },
		{ "cpus=5,kernel=6.1,threads=2", "cannot be split" },
		{ "cpus=8,kernel=6.1,sockets=2,cores=3", "are not cpus=8" },
		{ "cpus=12,kernel=6.1,threads=2,thread-order=split,nodes=4",
		  "cores cannot be split" },
		{ "cpus=4,kernel=6.1,online=4", "out of range" },
		{ "cpus=4,kernel=6.1,online=x", "is not a list" },
		{ "cpus=4,kernel=6.1,default-affinity=4", "out of range" },
		{ "cpus=4,kernel=6.1,isolated=0-3", "leave at least one" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		refuses_keys(bad[i][0], bad[i][1]);
}

/* A later word replaces an earlier one. */
static void words_add_up(void **state)
{
	struct irqm_machine_keys k = new_keys();
	struct irqm_error err = { .msg = "" };
	struct irqm_machine m;

	(void)state;
	assert_int_equal(irqm_machine_take_keys(&k, "cpus=4,kernel=6.1", &err),
			 0);
	assert_int_equal(irqm_machine_take_keys(&k, "cpus=6", &err), 0);
	assert_int_equal(irqm_machine_of_keys(&k, &m, &err), 0);
	assert_int_equal(m.nr_cpu_ids, 6);
	assert_string_equal(m.release, "6.1");
	irqm_arena_free(k.arena);
}

static const char *profiles_of(const char *release)
{
	const struct irqm_profile *p[IRQM_MAX_PROFILES];
	struct irqm_error err = { .msg = "" };
	unsigned int n = irqm_profiles_of(release, p, &err);
	static char text[100];

	if (!n)
		snprintf(text, sizeof(text), "%.90s", err.msg);
	else
		snprintf(text, sizeof(text), "%s%s%s", p[0]->kernel,
			 n > 1 ? " " : "", n > 1 ? p[1]->kernel : "");
	return text;
}

static void which_kernels(void **state)
{
	(void)state;
	assert_string_equal(profiles_of("6.12"), "6.12");
	assert_string_equal(profiles_of("6.12.117+deb13-cloud-amd64"), "6.12");
	assert_string_equal(profiles_of("4.18.0-553.el8.x86_64"), "4.18");
	/* RHEL 9.5 has a commit of 6.6, which the version does not show */
	assert_string_equal(profiles_of("5.14.0-427.42.1.el9_4.x86_64"),
			    "5.14");
	assert_string_equal(profiles_of("5.14.0-503.40.1.el9_5.x86_64"),
			    "5.14.0-503.el9");
	assert_string_equal(profiles_of("5.14"), "5.14 5.14.0-503.el9");
	assert_string_equal(profiles_of("5.14.0-1054-oem"),
			    "5.14 5.14.0-503.el9");
	assert_string_equal(profiles_of("5.14.21-150500.53-default"),
			    "5.14 5.14.0-503.el9");
	assert_string_equal(profiles_of("5.13.19"), "5.10 5.14");
	assert_string_equal(profiles_of("6.8.0-31-generic"), "6.6 6.12");
	assert_string_equal(profiles_of("5.0"), "4.18 5.4");
	assert_string_equal(profiles_of("9.1"), "7.2");
	assert_non_null(strstr(profiles_of("4.17"), "the oldest"));
	assert_non_null(strstr(profiles_of("3.10"), "the oldest"));
	assert_non_null(strstr(profiles_of("six"), "give a version"));
	assert_non_null(strstr(profiles_of("6"), "give a version"));
}

static struct irqm_snapshot *described(const char *text, struct irqm_machine *m)
{
	const struct irqm_profile *p[IRQM_MAX_PROFILES];
	struct irqm_error err = { .msg = "" };
	struct irqm_snapshot *s;

	*m = machine_of(text);
	assert_int_equal(irqm_profiles_of(m->release, p, &err), 1);
	s = irqm_describe(m, p[0], &err);
	assert_string_equal(err.msg, "");
	assert_non_null(s);
	return s;
}

/*
 * The vectors that a CPU has: FIRST_SYSTEM_VECTOR is 236, 235 since 6.10; 128
 * and 50 are the system's, 32 too before 6.6 and RHEL 9.5. Guests of 5.10, 6.1,
 * 6.12 and 7.2 have 201 vectors on each CPU, too.
 */
static void what_a_cpu_has(void **state)
{
	static const struct {
		const char *keys;
		int each;
	} all[] = {
		{ "cpus=4,kernel=5.10", 201 },
		{ "cpus=4,kernel=6.1", 201 },
		{ "cpus=4,kernel=6.6", 202 },
		{ "cpus=4,kernel=6.12", 201 },
		{ "cpus=4,kernel=7.2", 201 },
		{ "cpus=4,kernel=4.18.0-553.el8_10", 201 },
		{ "cpus=4,kernel=5.14.0-427.el9_4", 201 },
		{ "cpus=4,kernel=5.14.0-503.el9_5", 202 },
	};
	struct irqm_snapshot *s;
	struct irqm_machine m;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		s = described(all[i].keys, &m);
		assert_int_equal(s->matrix.alloc_size -
					 s->matrix.systembits_inalloc,
				 all[i].each);
		/* six legacy lines are requested, nine reserved */
		assert_int_equal(s->matrix.total_allocated, 6);
		assert_int_equal(s->matrix.global_reserved, 9);
		assert_int_equal(s->matrix.global_available,
				 4 * all[i].each - 6);
		/* the timer's vector is ISA_IRQ_VECTOR(0) */
		assert_true(irqm_bits_test(&s->cpus[0].alloc_map, 0x30));
		irqm_snapshot_free(s);
		irqm_arena_free(m.arena);
	}
	s = described("cpus=4,kernel=6.1,possible=6,online=0-2", &m);
	assert_int_equal(s->nr_cpus, 6);
	assert_int_equal(s->matrix.online_maps, 3);
	assert_int_equal(s->cpus[3].online, 0);
	irqm_snapshot_free(s);
	irqm_arena_free(m.arena);
}

static struct irqm_plans *plans_for(const char *keys, struct irqm_machine *m,
				    const struct irqm_plan_wish *wishes,
				    unsigned int nr)
{
	struct irqm_error err = { .msg = "" };
	struct irqm_plans *p;

	*m = machine_of(keys);
	p = irqm_plan_described(m, wishes, nr, &err);
	assert_string_equal(err.msg, "");
	assert_non_null(p);
	return p;
}

/* What was found by attaching disks one by one: 177 lose the network card. */
static void disks_and_a_card(void **state)
{
	static const struct irqm_plan_wish wishes[] = {
		{ IRQM_PLAN_MAX, "pcieport:0 virtio_blk:16" },
		{ IRQM_PLAN_ADD, "virtio_net:0,vectors=33+0" },
	};
	const struct irqm_plan *more;
	struct irqm_machine m;
	struct irqm_plans *p = plans_for("cpus=16,kernel=6.12", &m, wishes, 2);

	(void)state;
	assert_int_equal(p->max.fits, 176);
	assert_false(p->max.limited);
	assert_true(irqm_plans_fit(p));
	assert_int_equal(p->match, IRQM_MATCH_EXACT);
	more = &p->max.more->plans[0];
	assert_string_equal(more->rows[more->first].step->driver, "virtio_net");
	assert_int_equal(more->rows[more->first].end, IRQM_PLAN_SHARED);
	irqm_plans_free(p);
	irqm_arena_free(m.arena);
}

static void the_most_that_fit(void **state)
{
	static const struct irqm_plan_wish none[] = {
		{ IRQM_PLAN_MAX, "made_up:0,vectors=2048+0" },
	};
	static const struct irqm_plan_wish one[] = {
		{ IRQM_PLAN_MAX, "made_up:0,vectors=195+0" },
	};
	static const struct irqm_plan_wish many[] = {
		{ IRQM_PLAN_MAX, "made_up:0,vectors=1+0" },
	};
	struct irqm_machine m;
	struct irqm_plans *p = plans_for("cpus=1,kernel=6.1", &m, none, 1);

	(void)state;
	assert_int_equal(p->max.fits, 0);
	assert_false(irqm_plans_fit(p));
	assert_non_null(p->max.more);
	irqm_plans_free(p);
	irqm_arena_free(m.arena);

	/* 201 of a CPU but the six of the PC */
	p = plans_for("cpus=1,kernel=6.1", &m, one, 1);
	assert_int_equal(p->max.fits, 1);
	irqm_plans_free(p);
	irqm_arena_free(m.arena);
	p = plans_for("cpus=1,kernel=6.1", &m, many, 1);
	assert_int_equal(p->max.fits, 195);
	irqm_plans_free(p);
	irqm_arena_free(m.arena);

	p = plans_for("cpus=64,kernel=6.1", &m, many, 1);
	assert_int_equal(p->max.fits, IRQM_PLAN_MAX_DEVICES);
	assert_true(p->max.limited);
	assert_null(p->max.more);
	irqm_plans_free(p);
	irqm_arena_free(m.arena);
}

/* 6.8 is between kernels with 202 and with 201 vectors. */
static void between_two_kernels(void **state)
{
	static const struct irqm_plan_wish same[] = {
		{ IRQM_PLAN_ADD, "made_up:0,vectors=10+0" },
	};
	static const struct irqm_plan_wish differ[] = {
		{ IRQM_PLAN_ADD, "made_up:0,vectors=196+0" },
	};
	struct irqm_machine m;
	struct irqm_plans *p = plans_for("cpus=1,kernel=6.8", &m, same, 1);

	(void)state;
	assert_int_equal(p->match, IRQM_MATCH_AGREE);
	assert_null(p->other);
	/* it leaves one vector less */
	assert_string_equal(p->profile->kernel, "6.12");
	irqm_plans_free(p);
	irqm_arena_free(m.arena);
	p = plans_for("cpus=1,kernel=6.8", &m, differ, 1);
	assert_int_equal(p->match, IRQM_MATCH_DIFFER);
	assert_int_equal(p->plans[0].first, -1);
	/* it fits only with one of them */
	assert_false(irqm_plans_fit(p));
	assert_non_null(p->other);
	assert_string_equal(p->other->profile->kernel, "6.12");
	assert_false(irqm_plans_fit(p->other));
	irqm_plans_free(p);
	irqm_arena_free(m.arena);
}

static void refuses_max(const char *first, const char *second, const char *why)
{
	struct irqm_plan_wish wishes[] = {
		{ IRQM_PLAN_MAX, first },
		{ IRQM_PLAN_MAX, second },
	};
	struct irqm_machine m = machine_of("cpus=4,kernel=6.1");
	struct irqm_error err = { .msg = "" };

	assert_null(irqm_plan_described(&m, wishes, second ? 2 : 1, &err));
	assert_non_null(strstr(err.msg, why));
	irqm_arena_free(m.arena);
}

static void what_max_refuses(void **state)
{
	(void)state;
	refuses_max("nvme:2x3", NULL, "leave out the count");
	refuses_max("nvme:2", "nvme:1", "give one --max");
	refuses_max(" ", NULL, "is not DRIVER:QUEUES");
	refuses_max("nvme:9", NULL, "each of the 4 possible");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(where_cpus_are),
		cmocka_unit_test(what_contradicts),
		cmocka_unit_test(words_add_up),
		cmocka_unit_test(which_kernels),
		cmocka_unit_test(what_a_cpu_has),
		cmocka_unit_test(disks_and_a_card),
		cmocka_unit_test(the_most_that_fit),
		cmocka_unit_test(between_two_kernels),
		cmocka_unit_test(what_max_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
