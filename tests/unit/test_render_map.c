/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The map of CPUs and vectors. */
#include "unit.h"
#include "rendered.h"
#include "snap.h"

#define RULER(blanks)                                                          \
	"CPU" blanks                                                           \
	" 32      64      96      128     160     192     224      FREE USED IDLE\n"

static struct irqm_snapshot *disks(unsigned int nr_cpus)
{
	struct irqm_snapshot *s = snap_new(nr_cpus);

	snap_virtio_blk(s, "0000:00:05.0", 24);
	snap_virtio_blk(s, "0000:00:06.0", 27);
	return s;
}

/*
 * Each CPU of 4 has 224 vectors from 32 on: 32, 50, 128 and 236-255 are the
 * system's, so 201 to give. CPU 0 has two configuration interrupts (33, 35)
 * and queues (34, 36); CPU 1 keeps two slots.
 */
static void test_ascii(void **state)
{
	(void)state;
	assert_rendered(
		irqm_render_map, disks(4), NULL,
		"# unmanaged 2   m managed, in use 4   i managed, idle 4   . free 794\n"
		"s system 92\n"
		"A character is 4 vectors, drawn like the majority of them\n"
		"\n" RULER(
			"") "0   #..................................................sssss  197    4    0\n"
			    "1   i..................................................sssss  199    0    2\n"
			    "2   m..................................................sssss  199    2    0\n"
			    "3   i..................................................sssss  199    0    2\n");
}

static void test_wide(void **state)
{
	struct irqm_snapshot *s = disks(4);
	struct irqm_bits first = snap_cpus(s, "0");
	struct irqm_render_options o = { .cpus = &first, .width = 250 };
	struct irqm_analysis *a = irqm_analyse(s);
	char *text = NULL, *line;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_int_equal(irqm_render_map(out, a, &o), 0);
	fclose(out);
	/* one vector is one character, and nothing need be said about it */
	assert_null(strstr(text, "A character"));
	line = strstr(text, "\n0   ");
	assert_non_null(line);
	assert_memory_equal(line + 5, "s#m#m.............s.", 20);
	assert_int_equal(strcspn(line + 1, "\n"), 4 + 224 + 15);
	assert_int_equal(line[5 + 128 - 32], 's');
	assert_int_equal(line[5 + 235 - 32], '.');
	assert_int_equal(line[5 + 236 - 32], 's');
	assert_int_equal(line[5 + 255 - 32], 's');
	free(text);
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
}

static void test_utf8(void **state)
{
	struct irqm_render_options o = { .header = true, .utf8 = true };
	struct irqm_snapshot *s = disks(4);
	char *text = rendered(irqm_render_map, s, &o);

	(void)state;
	assert_contains(text, "\n0   █·····");
	assert_contains(text, "\n1   ░··");
	free(text);
	/* two points in a character: left and right colour */
	o.color = true;
	text = rendered(irqm_render_map, s, &o);
	assert_contains(text, "Half a character is 2 vectors, drawn");
	/* a legend and a map that can be read where colours are lost */
	assert_contains(text, "\033[94m█\033[m unmanaged");
	assert_contains(text, "\033[36m▓\033[m managed, in use");
	assert_contains(text, "\033[33m░\033[m managed, idle");
	assert_contains(text, "\033[90m=\033[m system");
	assert_contains(text, "▌ and ▐ are two uses in their colours");
	/* 32 system and 33 unmanaged; 34 managed and 35 unmanaged; 36 */
	assert_contains(text, "\n0   \033[m\033[94m█");
	/* of two alike in number the one in use shows */
	assert_contains(text, "\033[94m█\033[m\033[36m▌\033[m·");
	free(text);
	/* 36 vectors that cannot be allocated are nine blanks, not free */
	s->matrix.alloc_end = 200;
	text = rendered(irqm_render_map, s, &o);
	assert_contains(text, "·         ");
	free(text);
	irqm_snapshot_free(s);
}

/* What is wrong is seen among however much that is not. */
static void test_leak_shows(void **state)
{
	struct irqm_snapshot *s = disks(4);
	char *text;

	(void)state;
	irqm_bits_set(&s->cpus[1].alloc_map, 233);
	snap_ioapic_irq(s, 30, "eth0");
	snap_alloc(s, 30, 1);
	snap_move(s, 30, 0);
	text = rendered(irqm_render_map, s, NULL);
	assert_contains(text, "! NO OWNER 1");
	assert_contains(text, "< previous 1");
	assert_contains(text, "; NO OWNER always shows\n");
	assert_contains(text, "\n1   <................................."
			      "................!sssss  197    2    2\n");
	free(text);
	irqm_snapshot_free(s);
}

static void test_fold(void **state)
{
	struct irqm_render_options all = { .header = true, .all = true };
	struct irqm_render_options some = { .header = true };
	struct irqm_snapshot *s = snap_new(512);
	struct irqm_bits cpus = snap_cpus(s, "6-8");
	char *text, *line;
	unsigned int n = 0;

	(void)state;
	for (unsigned int i = 256; i < 512; i++)
		snap_absent(s, i);
	snap_ioapic_irq(s, 9, "acpi");
	snap_alloc(s, 9, 7);
	snap_offline(s, 9);
	text = rendered(irqm_render_map, s, NULL);
	/* 255 CPUs online of 201 vectors, less one */
	assert_contains(text, ". free 51254 ");
	assert_contains(text, "\n0-6     ....");
	assert_contains(text, "\n7       ....");
	assert_contains(text, "\n8       ....");
	assert_contains(text, "sssss        offline\n10-255  ....");
	assert_contains(text, "sssss         absent\n");
	free(text);
	some.cpus = &cpus;
	text = rendered(irqm_render_map, s, &some);
	assert_contains(text, "\n6   ....");
	assert_null(strstr(text, "\n9"));
	free(text);
	text = rendered(irqm_render_map, s, &all);
	for (line = strstr(text, "\n0 "); line; line = strchr(line + 1, '\n'))
		n++;
	assert_int_equal(n, 512 + 1);
	free(text);
	irqm_snapshot_free(s);
}

/* The widest label, on the narrowest of usual terminals: fewer points. */
/* What cannot be seen does not keep lines apart, what is counted does. */
static void test_fold_by_what_is_seen(void **state)
{
	struct irqm_snapshot *s = snap_new(5);
	char *text;

	(void)state;
	irqm_bits_set(&s->cpus[0].alloc_map, 100);
	irqm_bits_set(&s->cpus[1].alloc_map, 101);
	irqm_bits_set(&s->cpus[2].alloc_map, 100);
	irqm_bits_set(&s->cpus[2].alloc_map, 101);
	irqm_bits_set(&s->cpus[3].alloc_map, 100);
	irqm_bits_set(&s->cpus[4].alloc_map, 104);
	text = rendered(irqm_render_map, s, NULL);
	assert_contains(text, "\n0-1 ...");
	assert_contains(text, "\n2   ...");
	assert_contains(text, "\n3   ...");
	assert_contains(text, "\n4   ...");
	free(text);
	irqm_snapshot_free(s);
}

static void test_four_digits(void **state)
{
	struct irqm_snapshot *s = snap_new(2048);
	char *text;

	(void)state;
	snap_ioapic_irq(s, 9, "acpi");
	snap_alloc(s, 9, 1000);
	text = rendered(irqm_render_map, s, NULL);
	assert_contains(text, "\n1001-2047 ");
	assert_contains(text, "A character is 8 vectors");
	free(text);
	irqm_snapshot_free(s);
}

static void test_unknown(void **state)
{
	struct irqm_snapshot *s = disks(4);
	char *text;

	(void)state;
	s->cpus[1].alloc_map.words = NULL;
	s->cpus[1].managed_map.words = NULL;
	s->cpus[0].online = IRQM_UNKNOWN;
	text = rendered(irqm_render_map, s, NULL);
	assert_contains(text, "sssss              ?\n");
	assert_contains(text, "\n1   ??????");
	assert_contains(text, "?    ?    ?\n");
	free(text);
	irqm_snapshot_free(s);
	/* nothing at all */
	assert_rendered(irqm_render_map, irqm_snapshot_new(), NULL, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ascii),
		cmocka_unit_test(test_wide),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_leak_shows),
		cmocka_unit_test(test_fold),
		cmocka_unit_test(test_fold_by_what_is_seen),
		cmocka_unit_test(test_four_digits),
		cmocka_unit_test(test_unknown),
	};

	return RUN(tests);
}
