/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The answer, the steps and the document of a plan. */
#include "unit.h"

#include <jansson.h>

#include "plan/plan.h"
#include "render/render.h"
#include "snap.h"

struct asked {
	enum irqm_plan_kind kind;
	const char *arg;
};

static char *text_of(struct irqm_snapshot *s, const struct asked *asked,
		     unsigned int nr, bool json, bool all)
{
	struct irqm_plan_request r = { 0 };
	struct irqm_error err;
	struct irqm_plans *p;
	char *text = NULL;
	unsigned int i;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (i = 0; i < nr; i++)
		assert_int_equal(irqm_plan_ask(&r, s, asked[i].kind,
					       asked[i].arg, &err),
				 0);
	p = irqm_plan(s, &r, &err);
	assert_non_null(p);
	if (json)
		assert_int_equal(irqm_render_plan_json(out, p, false), 0);
	else
		assert_int_equal(
			irqm_render_plan(out, p,
					 &(struct irqm_render_options){
						 .all = all, .header = true }),
			0);
	fclose(out);
	irqm_plans_free(p);
	return text;
}

/* The text up to the matrix, which has tests of its own. */
static void assert_plan(struct irqm_snapshot *s, const struct asked *asked,
			unsigned int nr, bool all, const char *expected)
{
	char *text = text_of(s, asked, nr, false, all);
	char *end = strstr(text, "\nAfterwards:\n");

	assert_non_null(end);
	*end = '\0';
	assert_string_equal(text, expected);
	free(text);
}

static void fill_cpu(struct irqm_snapshot *s, unsigned int cpu,
		     unsigned int vectors)
{
	unsigned int irq;

	for (irq = 24; vectors--; irq++) {
		snap_ioapic_irq(s, irq, "filler");
		snap_alloc(s, irq, cpu);
	}
}

/* Below a table with devices that are added. */
#define LEGEND                                                                 \
	"VECTORS: unmanaged+managed. MASKS: the CPUs of each managed "         \
	"interrupt, which\n"                                                   \
	"reserves a vector on all of them.\n"

static void all_fits(void **state)
{
	static const struct asked asked[] = {
		{ IRQM_PLAN_ADD, "virtio_blk:2x20" },
		{ IRQM_PLAN_ADD, "nvme:4" },
		{ IRQM_PLAN_REMOVE, "00:05.0" },
		{ IRQM_PLAN_OFFLINE, "3" },
	};
	struct irqm_snapshot *s = snap_new(4);
	unsigned int i;

	(void)state;
	for (i = 0; i < 4; i++)
		s->cpus[i].cluster = (struct irqm_bits){ 0 };
	snap_virtio_blk(s, "0000:00:05.0", 24);
	assert_plan(
		s, asked, 4, false,
		"Everything fits: 519 vectors are still available.\n"
		"21 of 21 new devices fit.\n"
		"\n"
		"STEP         NO    END      VECTORS      AVAIL   ALLOC RESV  MASKS\n"
		"+virtio_blk  1-20  fits         1+2 794 .. 699 6 .. 63    0  0-1 2-3\n"
		"+nvme        1     fits         1+4        694      68    0  0 1 2 3\n"
		"-00:05.0     -     gone           -        699      65    0  -\n"
		"CPU 3        -     offline        -        519      64    0  16 moved, 1 shut\n"
		"                                                             down\n" LEGEND);
	irqm_snapshot_free(s);
}

static void the_first_that_does_not_fit(void **state)
{
	static const struct asked asked[] = {
		{ IRQM_PLAN_ADD, "virtio_blk:1x5" },
	};
	struct irqm_snapshot *s = snap_new(2);

	(void)state;
	fill_cpu(s, 1, 198);
	assert_plan(
		s, asked, 1, false,
		"virtio_blk:1x5: the 4th of 5 is the first device that does not get its vectors:\n"
		"CPU 1 has no free vector for its managed interrupt 1 (-28, ENOSPC). It works\n"
		"with 2 unmanaged vectors.\n"
		"3 of 5 new devices fit; the others: 2 shared.\n"
		"\n"
		"STEP         NO  END     VECTORS AVAIL ALLOC RESV  MASKS\n"
		"+virtio_blk  1   fits        1+1   201   200    0  0-1\n"
		"+virtio_blk  2   fits        1+1   198   202    0  0-1\n"
		"+virtio_blk  3   fits        1+1   195   204    0  0-1\n"
		"+virtio_blk  4   shared      2+0   193   206    0  -\n"
		"+virtio_blk  5   shared      2+0   191   208    0  -\n" LEGEND);
	irqm_snapshot_free(s);
}

static void none_is_left_for_the_line(void **state)
{
	static const struct asked asked[] = {
		{ IRQM_PLAN_ADD, "virtio_blk:1" },
	};
	struct irqm_snapshot *s = snap_new(1);

	(void)state;
	fill_cpu(s, 0, 201);
	assert_plan(
		s, asked, 1, false,
		"virtio_blk:1 does not get its vectors: CPU 0 has no free vector for its managed\n"
		"interrupt 1 (-28, ENOSPC). It falls back to INTx, which works only if that line\n"
		"(see line=) has a vector already; else its probe fails with -28.\n"
		"\n"
		"STEP         NO  END         VECTORS AVAIL ALLOC RESV  MASKS\n"
		"+virtio_blk  1   no-vectors      0+0     0   201    0  -\n" LEGEND);
	irqm_snapshot_free(s);
}

/* Of 402 vectors two are left, and not the same on each: other views have
 * options for that. */
static void no_other_views_options(void **state)
{
	static const struct asked asked[] = {
		{ IRQM_PLAN_ADD, "other:0,vectors=2+0" },
	};
	struct irqm_snapshot *s = snap_new(2);
	unsigned int v;
	char *text;

	(void)state;
	fill_cpu(s, 0, 199);
	irqm_bits_for_each(v, &s->cpus[0].alloc_map)
		irqm_bits_set(&s->cpus[1].alloc_map, v == 33 ? 235 : v);
	s->cpus[1].allocated = s->cpus[0].allocated;
	s->cpus[1].available = s->cpus[0].available;
	s->matrix.global_available = 4;
	s->matrix.total_allocated = 2 * 199;
	text = text_of(s, asked, 1, false, false);
	assert_non_null(strstr(text, "AVAILABLE: 2 of 402 vectors (0.5%)"));
	assert_null(strstr(text, "->"));
	assert_null(strstr(text, "see -"));
	free(text);
	irqm_snapshot_free(s);
}

static void a_cpu_that_stays(void **state)
{
	static const struct asked asked[] = { { IRQM_PLAN_SUSPEND, NULL } };
	struct irqm_snapshot *s = snap_new(2);
	unsigned int irq;

	(void)state;
	fill_cpu(s, 1, 150);
	for (irq = 174; irq < 274; irq++) {
		if (irq < SNAP_MAX_IRQS) {
			snap_ioapic_irq(s, irq, "filler");
			snap_alloc(s, irq, 0);
		}
	}
	assert_plan(
		s, asked, 1, false,
		"Suspend fails: CPU 1 stays online: 150 vectors to move, 119 available elsewhere\n"
		"(-28, ENOSPC).\n"
		"\n"
		"STEP   NO  END      VECTORS AVAIL ALLOC RESV  MASKS\n"
		"CPU 1  -   blocked        -   170   232    0  -\n");
	irqm_snapshot_free(s);
}

static void two_kernels(void **state)
{
	static const struct asked asked[] = {
		{ IRQM_PLAN_ADD, "nvme:4" },
	};
	struct irqm_snapshot *s = snap_new(4);
	unsigned int i;
	char *text;

	(void)state;
	for (i = 0; i < 4; i++) {
		s->cpus[i].cluster = snap_cpus(s, "");
		irqm_bits_set(&s->cpus[i].cluster, i);
	}
	text = text_of(s, asked, 1, false, false);
	assert_non_null(strstr(
		text,
		"If this kernel spreads masks like 6.1 or 6.12 (the dump does not say which):\n"
		"Everything fits"));
	assert_non_null(strstr(
		text,
		"If this kernel spreads masks like 7.2 (the dump does not say which): Everything\n"
		"fits"));
	assert_non_null(strstr(text, "0 1 2 3\n"));
	assert_non_null(strstr(text, "1 3 2 0\n"));
	free(text);
	irqm_snapshot_free(s);
}

/* What plans differ in is said before each. */
static void conditions(void **state)
{
	static const struct asked add[] = { { IRQM_PLAN_ADD,
					      "other:0,vectors=0+1" } };
	static const struct asked offline[] = { { IRQM_PLAN_OFFLINE, "1" } };
	struct irqm_snapshot *s = snap_new(2);
	int disk = snap_device(s, "0000:00:05.0", "nvme");
	unsigned int i;
	char *text;

	(void)state;
	s->dump.generation = (struct irqm_generation){ .affinity_desc = true };
	for (i = 0; i < 2; i++)
		s->cpus[i].managed_allocated = IRQM_UNKNOWN;
	fill_cpu(s, 0, 180);
	text = text_of(s, add, 1, false, false);
	assert_non_null(strstr(
		text,
		"If this kernel gives a managed interrupt the CPU with the most vectors\n"
		"available, as 4.20 does (the dump does not say which): other is not a known\n"
		"driver: it is assumed to need all its vectors. Everything fits"));
	free(text);

	snap_msi_irq(s, 300, disk, "queue");
	snap_managed(s, 300, "1");
	snap_start(s, 300, 1);
	s->irqs[s->nr_irqs - 1].msi->has_affinity = false;
	s->cpus[0].managed_allocated = s->cpus[1].managed_allocated = 1;
	s->cpus[0].available = s->matrix.global_available = 0;
	s->matrix.global_available = s->cpus[1].available;
	text = text_of(s, offline, 1, false, false);
	assert_non_null(strstr(
		text,
		"If this kernel does not count managed vectors when a CPU goes offline, as\n"
		"kernels since 6.7 do (the dump does not say which): Everything fits"));
	assert_non_null(strstr(
		text,
		"If this kernel counts managed vectors when a CPU goes offline, as kernels before\n"
		"6.7 do (the dump does not say which): CPU 1 stays online: 1 vector to move, 0\n"
		"available elsewhere (-28, ENOSPC)."));
	free(text);
	irqm_snapshot_free(s);
}

/* The older spread leaves the last queue without a CPU. */
static void a_queue_without_a_cpu(void **state)
{
	static const struct asked asked[] = {
		{ IRQM_PLAN_ADD, "virtio_blk:6" },
	};
	struct irqm_snapshot *s = snap_new(6);
	char *text;

	(void)state;
	s->cpus[4].node = s->cpus[5].node = 1;
	s->dump.generation = (struct irqm_generation){ .affinity_desc = true };
	text = text_of(s, asked, 1, false, false);
	assert_non_null(strstr(
		text,
		"If this kernel spreads masks like 5.0 (the dump does not say which):\n"
		"virtio_blk:6 does not get its vectors: the kernel gives its managed interrupt 6\n"
		"an empty mask (-22, EINVAL). It works with 2 unmanaged vectors.\n"));
	assert_non_null(strstr(
		text,
		"If this kernel spreads masks like 6.1 (the dump does not say which): Everything\n"
		"fits"));
	free(text);
	irqm_snapshot_free(s);
}

static json_t *get(json_t *from, const char *key)
{
	json_t *value = json_object_get(from, key);

	assert_non_null(value);
	return value;
}

static void the_document(void **state)
{
	static const struct asked asked[] = {
		{ IRQM_PLAN_ADD, "virtio_blk:2" },
		{ IRQM_PLAN_ADD, "other:0,vectors=0+1" },
	};
	struct irqm_snapshot *s = snap_new(4);
	json_t *doc, *plan, *step, *failure;
	const char *key;
	json_t *value;
	char *text;

	(void)state;
	fill_cpu(s, 2, 200);
	text = text_of(s, asked, 2, true, false);
	doc = json_loads(text, 0, NULL);
	assert_string_equal(json_string_value(get(doc, "schema")),
			    "irqmatrix-plan/1");
	json_object_foreach(get(doc, "evidence"), key, value)
		assert_int_equal(strspn(key, "abcdefghijklmnopqrstuvwxyz"
					     "0123456789_"),
				 strlen(key));
	plan = json_array_get(get(doc, "plans"), 0);
	assert_true(json_is_false(get(plan, "fits")));
	assert_int_equal(json_integer_value(get(plan, "first")), 1);
	step = json_array_get(get(plan, "steps"), 0);
	assert_string_equal(json_string_value(get(step, "end")), "fits");
	assert_true(json_is_null(get(step, "failure")));
	assert_int_equal(json_array_size(get(step, "vectors")), 3);
	assert_string_equal(
		json_string_value(get(json_array_get(get(step, "vectors"), 2),
				      "affinity")),
		"2-3");
	assert_int_equal(json_integer_value(get(step, "global_available")),
			 4 * 201 - 200 - 5);
	step = json_array_get(get(plan, "steps"), 1);
	failure = get(step, "failure");
	assert_int_equal(json_integer_value(get(failure, "error")), -28);
	assert_int_equal(json_integer_value(get(failure, "vector")), 0);
	assert_int_equal(json_integer_value(get(failure, "cpu")), 2);
	assert_int_equal(json_array_size(get(get(plan, "after"), "cpus")), 4);
	json_decref(doc);
	free(text);
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_fits),
		cmocka_unit_test(the_first_that_does_not_fit),
		cmocka_unit_test(none_is_left_for_the_line),
		cmocka_unit_test(no_other_views_options),
		cmocka_unit_test(a_cpu_that_stays),
		cmocka_unit_test(two_kernels),
		cmocka_unit_test(conditions),
		cmocka_unit_test(a_queue_without_a_cpu),
		cmocka_unit_test(the_document),
	};

	return RUN(tests);
}
