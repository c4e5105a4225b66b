/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `irqaff -D`: a device's interrupts, queue by queue. */
#include "analysis/select.h"
#include "analysed.h"
#include "rendered.h"

static char *irqaff_devices(struct irqm_snapshot *s, const char *arg)
{
	struct irqm_analysis *a = analyse(s);
	struct irqm_selection sel;
	struct irqm_error err;
	char *text = NULL;
	size_t size;
	FILE *out;

	assert_int_equal(irqm_selection_init(&sel, s), 0);
	assert_int_equal(irqm_select_devices(&sel, s, arg, &err), 0);
	out = open_memstream(&text, &size);
	assert_int_equal(
		irqm_render_irqaff_devices(
			out, a, sel.indexes, sel.nr,
			&(struct irqm_render_options){ .header = true }),
		0);
	fclose(out);
	irqm_selection_deinit(&sel);
	irqm_analysis_free(a);
	return text;
}

static void set_counts(struct irqm_snapshot *s)
{
	unsigned int i;

	for (i = 0; i < s->nr_irqs; i++)
		s->irqs[i].count = 100 + i;
}

static void queue_by_queue(void **state)
{
	struct irqm_snapshot *s = snap_new(8);
	char *text;

	(void)state;
	snap_five_disks(s);
	set_counts(s);
	/* one of its interrupts is enough to name a device */
	text = irqaff_devices(s, "virtio1-req.1");
	assert_string_equal(
		text,
		"     DEVICE: 0000:00:03.0, driver virtio-pci, node 0\n"
		"   CONSUMER: virtio1 (virtio_blk), vdb\n"
		"\n"
		"IRQ INDEX  ACTION          REQUESTED  MANAGED  CPU VECTOR  EFFECTIVE  COUNT\n"
		" 27     0  virtio1-config  -          no         0     35  0            103\n"
		" 28     1  virtio1-req.0   0-3        yes        0     36  0            104\n"
		" 29     2  virtio1-req.1   4-7        yes        4     34  4            105\n");
	free(text);
	irqm_snapshot_free(s);
}

static void each_device_once(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	const char *second;
	char *text;

	(void)state;
	snap_five_disks(s);
	snap_irq(s, 60, "virtio-noise");
	text = irqaff_devices(s, "virtio*");
	assert_contains(text, "DEVICE: 0000:00:02.0");
	second = strstr(text, "\n\n     DEVICE: 0000:00:03.0");
	assert_non_null(second);
	assert_null(strstr(second + 10, "DEVICE: 0000:00:03.0"));
	assert_contains(text, "DEVICE: 0000:00:06.0");
	assert_null(strstr(text, "noise"));
	free(text);
	irqm_snapshot_free(s);
}

static void chosen(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	struct irqm_selection sel;
	struct irqm_error err;

	(void)state;
	snap_five_disks(s);
	snap_irq(s, 60, "timer");
	assert_int_equal(irqm_selection_init(&sel, s), 0);
	assert_int_equal(irqm_select_devices(&sel, s, "28", &err), 0);
	assert_int_equal(sel.nr, 3);
	assert_int_equal(s->irqs[sel.indexes[0]].irq, 27);
	/* named twice, there once; that is no error */
	assert_int_equal(irqm_select_devices(&sel, s, "vdb", &err), 0);
	assert_int_equal(sel.nr, 3);
	assert_int_equal(irqm_select_devices(&sel, s, "timer", &err), -1);
	assert_string_equal(err.msg, "timer has no MSI device");
	assert_int_equal(irqm_select_devices(&sel, s, "nix", &err), -1);
	assert_contains(err.msg, "nix");
	assert_int_equal(sel.nr, 3);
	irqm_selection_deinit(&sel);
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(queue_by_queue),
		cmocka_unit_test(each_device_once),
		cmocka_unit_test(chosen),
	};

	return RUN(tests);
}
