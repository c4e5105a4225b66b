/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns that were chosen, the number of rows, bold names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rendered.h"
#include "snap.h"

static struct irqm_snapshot *two_disks(void)
{
	struct irqm_snapshot *s = snap_new(4);

	snap_ioapic_irq(s, 9, "acpi");
	snap_alloc(s, 9, 1);
	snap_consumer(s, snap_virtio_blk(s, "0000:00:05.0", 24), "vda", NULL,
		      "block");
	snap_consumer(s, snap_virtio_blk(s, "0000:00:06.0", 27), "vdb", NULL,
		      "block");
	return s;
}

static void in_the_order_asked_for(void **state)
{
	struct irqm_render_options o = {
		.header = true,
		.columns = "DRIVER,irq,Consumers,IRQ",
	};

	(void)state;
	/* no legend below: there is the table and nothing besides */
	assert_rendered(irqm_render_irqs, two_disks(), &o,
			"DRIVER      IRQ  CONSUMERS    IRQ\n"
			"-             9  -              9\n"
			"virtio-pci   24  virtio0,vda   24\n"
			"virtio-pci   25  virtio0,vda   25\n"
			"virtio-pci   26  virtio0,vda   26\n"
			"virtio-pci   27  virtio1,vdb   27\n"
			"virtio-pci   28  virtio1,vdb   28\n"
			"virtio-pci   29  virtio1,vdb   29\n");
}

static void besides_the_usual_ones(void **state)
{
	struct irqm_render_options o = {
		.header = true,
		.columns = "+NODE",
		.top = 1,
	};

	(void)state;
	/* PREV, which nobody has, is there: a program relies on columns */
	assert_rendered(
		irqm_render_irqs, two_disks(), &o,
		"IRQ  DEVICE  ACTION  CPU VECTOR PREV  AFFINITY  EFFECTIVE  FLAGS  NODE\n"
		"  9  -       acpi      1     33    -  0-3       1          -         0\n");
}

static void what_a_view_does_not_have(void **state)
{
	static const char *const bad[] = {
		"",     "+",       ",",     "IRQ,",     "IRQ,,CPU", "IR",
		"IRQQ", "IRQ CPU", "++IRQ", "IRQ,+CPU", "COST",
	};
	struct irqm_render_options o = { .header = true };
	struct irqm_snapshot *s = two_disks();
	struct irqm_analysis *a = irqm_analyse(s);
	FILE *out = fopen("/dev/null", "w");
	struct irqm_error err;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		err.msg[0] = '\0';
		assert_int_equal(
			irqm_columns_check(IRQM_VIEW_IRQS, bad[i], &err), -1);
		assert_contains(err.msg, "no column is called");
		o.columns = bad[i];
		assert_int_equal(irqm_render_irqs(out, a, &o), -1);
		assert_int_equal(errno, EINVAL);
	}
	assert_int_equal(irqm_columns_check(IRQM_VIEW_IRQS, "IRQ,+CPU", &err),
			 -1);
	assert_contains(err.msg, "\"+CPU\"");
	assert_int_equal(irqm_columns_check(IRQM_VIEW_DEVICES, "COST", &err),
			 0);
	fclose(out);
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
}

static void is_a_column_among_them(void **state)
{
	(void)state;
	assert_true(irqm_columns_have(IRQM_VIEW_IRQS, "irq,count", "COUNT"));
	assert_true(irqm_columns_have(IRQM_VIEW_IRQS, "+count", "IRQ"));
	assert_true(irqm_columns_have(IRQM_VIEW_VECTORS, NULL, "CPU"));
	assert_false(irqm_columns_have(IRQM_VIEW_IRQS, NULL, "COUNT"));
	assert_false(irqm_columns_have(IRQM_VIEW_IRQS, "nix", "COUNT"));
}

static void what_is_alike_is_not_folded(void **state)
{
	struct irqm_render_options o = {
		.header = false,
		.columns = "CPU,AVAIL,STATE",
	};

	(void)state;
	assert_rendered(irqm_render_matrix, snap_new(4), &o,
			"0  201  online\n"
			"1  201  online\n"
			"2  201  online\n"
			"3  201  online\n");
}

/* The mark of drift leads to a line that is not there then. */
static void state_is_a_word(void **state)
{
	struct irqm_render_options o = {
		.header = false,
		.columns = "STATE,DRIFT",
		.top = 2,
	};
	struct irqm_snapshot *s = snap_new(4);

	(void)state;
	s->cpus[1].available--;
	assert_rendered(irqm_render_matrix, s, &o,
			"online  no\n"
			"online  yes\n");
}

static void vectors_are_one_table(void **state)
{
	struct irqm_render_options o = {
		.header = true,
		.columns = "+SLOT",
	};
	struct irqm_snapshot *s = two_disks();
	struct irqm_bits cpus = snap_cpus(s, "1,3");
	char *text, *p;
	unsigned int lines = 0;

	(void)state;
	o.cpus = &cpus;
	text = rendered(irqm_render_vectors, s, &o);
	for (p = text; (p = strchr(p, '\n')); p++)
		lines++;
	assert_int_equal(lines, 1 + 2 * 256);
	assert_memory_equal(text, "CPU  VECTOR    OWNER", 20);
	assert_contains(text, "\n  1  33        IRQ              9  "
			      "-             acpi");
	/* whose it is, without how many: the row is one vector */
	assert_contains(text, "idle managed     -  -             for IRQ");
	free(text);
	irqm_snapshot_free(s);
}

static void the_most_expensive(void **state)
{
	struct irqm_render_options o = { .header = true, .top = 1 };
	struct irqm_render_options csv = {
		.csv = IRQM_CSV_DEFUSED,
		.columns = "DEVICE,COST",
		.top = 1,
	};
	struct irqm_snapshot *s = two_disks();
	int net = snap_device(s, "0000:04:00.0", "ixgbe");
	char *text;

	(void)state;
	snap_msi_irq(s, 40, net, "eth0-TxRx-0");
	snap_alloc(s, 40, 2);
	/* alone: nothing below it */
	text = rendered(irqm_render_devices, s, &csv);
	assert_string_equal(text, "0000:00:05.0,5\r\n");
	free(text);
	/* the rows that are no driver's stay: the last one is the total */
	assert_rendered(
		irqm_render_devices, s, &o,
		"COST   % IRQS ALLOC MANAGED IDLE RESV DEVICES  DRIVER\n"
		"  10  83    6     6       8    4    0       2  virtio_blk\n"
		"   1 8.3    1     1       0    0    0       -  (no MSI device)\n"
		"   0 0.0    -     -       -    -    -       -  (unattributed)\n"
		"  12 100    -     -       -    -    -       -  (all unavailable)\n"
		"1 of 2 drivers\n"
		"\n"
		"COST   % IRQS ALLOC MANAGED IDLE RESV  DEVICE        DRIVER      CONSUMER\n"
		"   5  42    3     3       4    2    0  0000:00:05.0  virtio-pci  virtio_blk vda\n"
		"1 of 3 devices\n");
}

/* With the escape sequences taken out nothing is different. */
static void assert_bold(view_fn view, unsigned int names)
{
	struct irqm_render_options o = { .header = true };
	struct irqm_snapshot *s = two_disks();
	size_t size;
	struct irqm_analysis *a = irqm_analyse(s);
	char *plain = rendered(view, s, &o), *bold, *p, *end;
	FILE *out = open_memstream(&bold, &size);
	unsigned int nr = 0;

	o.color = true;
	assert_int_equal(view(out, a, &o), 0);
	fclose(out);
	irqm_analysis_free(a);
	while ((p = strstr(bold, "\033["))) {
		end = strchr(p, 'm') + 1;
		memmove(p, end, strlen(end) + 1);
		nr++;
	}
	assert_int_equal(nr, 2 * names);
	assert_string_equal(bold, plain);
	free(bold);
	free(plain);
	irqm_snapshot_free(s);
}

static void bold_names(void **state)
{
	(void)state;
	assert_bold(irqm_render_matrix, 2); /* with the verdict */
	assert_bold(irqm_render_devices, 2);
	assert_bold(irqm_render_irqs, 1);
	assert_bold(irqm_render_debugfs, 0);
}

/* Every column of every view can be shown, and says what it is. */
static void all_columns(void **state)
{
	static const struct {
		enum irqm_view view;
		view_fn render;
	} views[] = {
		{ IRQM_VIEW_CPUS, irqm_render_matrix },
		{ IRQM_VIEW_DEVICES, irqm_render_devices },
		{ IRQM_VIEW_IRQS, irqm_render_irqs },
		{ IRQM_VIEW_VECTORS, irqm_render_vectors },
	};
	struct irqm_snapshot *s = two_disks();
	struct irqm_render_options o = { .header = true,
					 .csv = IRQM_CSV_DEFUSED };
	struct irqm_analysis *a;
	char *list, *text, *line, name[64], row[256];
	size_t size;
	FILE *out;

	(void)state;
	/* an IRQ of which nothing could be read */
	s->irqs[s->nr_irqs++] = (struct irqm_irq){
		.irq = 99,
		.state = IRQM_UNKNOWN,
		.managed = IRQM_UNKNOWN,
		.setaffinity_pending = IRQM_UNKNOWN,
		.node = IRQM_UNKNOWN,
		.depth = IRQM_UNKNOWN,
		.count = IRQM_UNKNOWN,
		.device = -1,
		.irqs_unhandled = IRQM_UNKNOWN,
		.device_unknown = true,
		.chain_cut = true,
		.actions_cut = true,
	};
	a = irqm_analyse(s);
	assert_non_null(a);
	for (size_t i = 0; i < ARRAY_SIZE(views); i++) {
		out = open_memstream(&list, &size);
		assert_int_equal(irqm_render_columns(out, views[i].view), 0);
		fclose(out);
		line = strchr(list, '\n') + 1;
		for (; *line; line = strchr(line, '\n') + 1) {
			if (*line == ' ')
				continue; /* the meaning goes on */
			assert_int_equal(sscanf(line, "%63s", name), 1);
			o.columns = name;
			out = open_memstream(&text, &size);
			assert_int_equal(views[i].render(out, a, &o), 0);
			fclose(out);
			snprintf(row, sizeof(row), "%s\r\n", name);
			assert_memory_equal(text, row, strlen(row));
			/* of the IRQ only its number is known */
			if (views[i].view == IRQM_VIEW_IRQS &&
			    strcmp(name, "IRQ") != 0)
				assert_string_equal(text + size - 4, "\n?\r\n");
			free(text);
		}
		free(list);
	}
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_the_order_asked_for),
		cmocka_unit_test(besides_the_usual_ones),
		cmocka_unit_test(what_a_view_does_not_have),
		cmocka_unit_test(is_a_column_among_them),
		cmocka_unit_test(what_is_alike_is_not_folded),
		cmocka_unit_test(state_is_a_word),
		cmocka_unit_test(vectors_are_one_table),
		cmocka_unit_test(the_most_expensive),
		cmocka_unit_test(bold_names),
		cmocka_unit_test(all_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
