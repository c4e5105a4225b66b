/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a machine did between two readings. */
#include "unit.h"

#include "diff/rates.h"
#include "render/diff/rates.h"
#include "tests/unit/snap.h"

static struct irqm_snapshot *before, *now;
static struct irqm_rates *rates;

/* Two readings of a machine with two CPUs and four interrupts. */
static struct irqm_snapshot *machine(void)
{
	struct irqm_snapshot *s = snap_new(2);
	int card = snap_device(s, "0000:00:05.0", "nic");
	unsigned int irq;

	for (irq = 24; irq < 28; irq++)
		snap_msi_irq(s, irq, card, "eth0");
	snap_alloc(s, 24, 0);
	snap_alloc(s, 25, 1);
	snap_alloc(s, 26, 0);
	return s;
}

static struct irqm_irq *irq_of(struct irqm_snapshot *s, unsigned int irq)
{
	return (struct irqm_irq *)irqm_find_irq(s, irq);
}

static void counts(struct irqm_snapshot *s, unsigned int irq, uint32_t on_0,
		   uint32_t on_1)
{
	struct irqm_irq *i = irq_of(s, irq);

	i->cpu_counts = irqm_arena_alloc(s->arena, 2, sizeof(*i->cpu_counts));
	assert_non_null(i->cpu_counts);
	i->nr_cpu_counts = 0;
	i->count = (irqm_num)on_0 + on_1;
	if (on_0)
		i->cpu_counts[i->nr_cpu_counts++] =
			(struct irqm_cpu_count){ 0, on_0 };
	if (on_1)
		i->cpu_counts[i->nr_cpu_counts++] =
			(struct irqm_cpu_count){ 1, on_1 };
}

static int setup(void **state)
{
	unsigned int irq;

	(void)state;
	before = machine();
	now = machine();
	for (irq = 24; irq < 28; irq++) {
		counts(before, irq, 10, 10);
		counts(now, irq, 10, 10);
	}
	rates = NULL;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	irqm_rates_free(rates);
	irqm_snapshot_free(before);
	irqm_snapshot_free(now);
	return 0;
}

static const struct irqm_rate *rate_of(unsigned int irq)
{
	unsigned int i;

	for (i = 0; i < rates->nr_irqs; i++)
		if ((rates->irqs[i].now ? rates->irqs[i].now :
					  rates->irqs[i].before)
			    ->irq == irq)
			return &rates->irqs[i];
	fail_msg("no IRQ %u", irq);
	return NULL;
}

static void compare(void)
{
	rates = irqm_rates(before, now);
	assert_non_null(rates);
}

static void test_at_rest(void **state)
{
	(void)state;
	compare();
	assert_int_equal(rates->nr_irqs, 4);
	assert_int_equal(rates->nr_active, 0);
	assert_int_equal(rates->fired, 0);
	assert_int_equal(rates->changes[IRQM_VECTOR_KEPT], 4);
	assert_int_equal(rate_of(24)->cpu, IRQM_UNKNOWN);
	assert_int_equal(rates->cpus[0].now->cpu, 0);
}

static void test_fired(void **state)
{
	(void)state;
	counts(now, 25, 13, 17);
	counts(now, 26, 10, 40);
	/* the kernel's counter has 32 bits */
	counts(before, 27, 0, 0xfffffff0);
	counts(now, 27, 0, 0x10);
	compare();
	assert_int_equal(rates->nr_active, 3);
	assert_int_equal(rates->nr_changed, 0);
	assert_int_equal(rate_of(25)->fired, 10);
	assert_int_equal(rate_of(25)->cpu, 1);
	assert_int_equal(rate_of(25)->fired_there, 7);
	assert_int_equal(rate_of(27)->fired, 32);
	assert_int_equal(rates->fired, 72);
	/* the one that fired most is first */
	assert_int_equal(rates->irqs[0].now->irq, 27);
	assert_int_equal(rates->irqs[1].now->irq, 26);
	assert_int_equal(rates->cpus[0].fired, 3);
	assert_int_equal(rates->cpus[1].fired, 69);
}

static void test_vectors(void **state)
{
	(void)state;
	snap_alloc(now, 27, 1);
	irq_of(now, 24)->apic->cpu = 1;
	irq_of(now, 25)->apic->vector = 0;
	irq_of(now, 26)->apic->vector++;
	counts(now, 25, 10, 99);
	compare();
	assert_int_equal(rate_of(24)->change, IRQM_VECTOR_MOVED);
	assert_int_equal(rate_of(25)->change, IRQM_VECTOR_FREED);
	assert_int_equal(rate_of(26)->change, IRQM_VECTOR_MOVED);
	assert_int_equal(rate_of(27)->change, IRQM_VECTOR_ALLOCATED);
	assert_int_equal(rates->changes[IRQM_VECTOR_MOVED], 2);
	assert_int_equal(rates->nr_changed, 4);
	/* moved, allocated, freed */
	assert_int_equal(rates->irqs[0].now->irq, 24);
	assert_int_equal(rates->irqs[1].now->irq, 26);
	assert_int_equal(rates->irqs[2].now->irq, 27);
	assert_int_equal(rates->irqs[3].now->irq, 25);
	/* CPU 1 has one vector less, and is first */
	assert_int_equal(rates->cpus[0].now->cpu, 1);
	assert_int_equal(rates->cpus[0].available, -1);
}

/* The same number, but another descriptor. */
static void test_made_anew(void **state)
{
	(void)state;
	irq_of(now, 24)->desc += 0x1000;
	counts(now, 24, 15, 25);
	/* at the same address, but with a count that went back */
	counts(now, 26, 1, 10);
	compare();
	assert_int_equal(rates->nr_irqs, 6);
	assert_int_equal(rates->changes[IRQM_VECTOR_ALLOCATED], 2);
	assert_int_equal(rates->changes[IRQM_VECTOR_FREED], 2);
	/* all of its count is new */
	assert_int_equal(rates->irqs[0].fired, 40);
	assert_null(rates->irqs[0].before);
	assert_int_equal(rates->irqs[1].fired, 11);
	assert_null(rates->irqs[1].before);
}

static void test_came_and_went(void **state)
{
	(void)state;
	now->nr_irqs--;
	before->irqs++;
	before->nr_irqs--;
	compare();
	assert_int_equal(rate_of(24)->change, IRQM_VECTOR_ALLOCATED);
	assert_int_equal(rate_of(24)->fired, 20);
	/* it had no vector */
	assert_int_equal(rate_of(27)->change, IRQM_VECTOR_KEPT);
	assert_int_equal(rate_of(27)->fired, IRQM_UNKNOWN);
}

static void test_unknown(void **state)
{
	(void)state;
	irq_of(now, 24)->apic = NULL;
	irq_of(before, 25)->count = IRQM_UNKNOWN;
	now->cpus[1].available = IRQM_UNKNOWN;
	compare();
	assert_int_equal(rate_of(24)->change, IRQM_VECTOR_KEPT);
	assert_int_equal(rate_of(25)->fired, IRQM_UNKNOWN);
	assert_int_equal(rates->cpus[1].available, IRQM_UNKNOWN);
}

static char *printed(bool json)
{
	static const struct irqm_rates_time when = { 86400, 2.0 };
	static const struct irqm_render_options options = { .header = true,
							    .top = 2,
							    .width = 80 };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	compare();
	assert_int_equal(json ? irqm_render_rates_json(out, rates, &when) :
				irqm_render_rates(out, rates, &when, 1,
						  &options),
			 0);
	fclose(out);
	return text;
}

static void check_has(const char *text, const char *what)
{
	if (!strstr(text, what))
		fail_msg("no \"%s\" in\n%s", what, text);
}

static void test_text(void **state)
{
	char *text;

	(void)state;
	snap_alloc(now, 27, 1);
	irq_of(now, 24)->apic->cpu = 1;
	counts(now, 25, 13, 17);
	text = printed(false);
	check_has(text, "1970-01-02 00:00:00 UTC");
	check_has(text, "last 2.0 s\n");
	check_has(text, "1 vector allocated, 0 freed, 1 moved; 5.0 "
			"interrupts/s\n");
	check_has(text, "ALLOCATED 4 (+1)");
	check_has(text, "1 of 2 CPUs\n");
	check_has(text, " 24  moved      0->1 ");
	check_has(text, "2 of 3 interrupts\n");
	free(text);
}

static void test_json(void **state)
{
	char *text;

	(void)state;
	irq_of(now, 24)->apic->cpu = 1;
	counts(now, 25, 13, 17);
	text = printed(true);
	check_has(text, "{\"schema\":\"irqmatrix-rates/1\",\"time\":86400,"
			"\"seconds\":2.0,");
	check_has(text, "\"moved\":1,");
	check_has(text, "{\"irq\":25,\"change\":\"kept\",");
	check_has(text, "\"fired\":10,\"rate\":5.0,\"most_on\":1,"
			"\"device\":\"0000:00:05.0\",\"actions\":[\"eth0\"]}");
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
	assert_null(strstr(text, "\"irq\":26"));
	free(text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_at_rest),       TEST(test_fired),
		TEST(test_vectors),       TEST(test_made_anew),
		TEST(test_came_and_went), TEST(test_unknown),
		TEST(test_text),          TEST(test_json),
	};

	return RUN(tests);
}
