/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Views of facts that are rare: what is seldom set, unknown, or cut off. */
#include "unit.h"
#include "rendered.h"
#include "json_doc.h"

#define U IRQM_UNKNOWN

static int render_log(FILE *out, const struct irqm_analysis *a,
		      const struct irqm_render_options *options)
{
	(void)options;
	return irqm_render_log(out, a);
}

/* Lines of the log, in the order of the texts; no longer than 255 bytes. */
static void test_log(void **state)
{
	struct irqm_snapshot *s = snap_new(1);
	struct irqm_log_line lines[] = {
		{ 0, 6, 0, "Linux\tversion \x1b[31m" },
		{ 1234567890123, 4, 0, "" },
	};
	char *text;

	(void)state;
	text = rendered(render_log, s, NULL);
	assert_string_equal(text, "");
	free(text);
	s->log = (struct irqm_log){ .known = true,
				    .lines = lines,
				    .nr_lines = 1 };
	text = rendered(render_log, s, NULL);
	assert_string_equal(text, "[    0.000000] Linux\tversion \\x1b[31m\n");
	free(text);
	lines[0].text = "x";
	lines[0].ns = 1234567890123;
	text = rendered(render_log, s, NULL);
	assert_string_equal(text, "[ 1234.567890] x\n");
	free(text);
	irqm_snapshot_free(s);
}

/* However long the line, no character is torn. */
static void test_long_log_lines(void **state)
{
	struct irqm_snapshot *s = snap_new(1);
	struct irqm_analysis *a = irqm_analyse(s);
	char line[600], *text;
	struct irqm_log_line l = { 0, 6, 0, line };
	unsigned int at;
	size_t size;
	FILE *out;

	(void)state;
	s->log = (struct irqm_log){ .known = true, .lines = &l, .nr_lines = 1 };
	for (at = 250; at < 258; at++) {
		memset(line, 'a', sizeof(line) - 1);
		line[sizeof(line) - 1] = '\0';
		memcpy(line + at, "\xf0\x9f\x90\xa7", 4);
		memcpy(line + at + 4, "\xc3\xa9", 2);
		out = open_memstream(&text, &size);
		assert_int_equal(irqm_render_log(out, a), 0);
		fclose(out);
		assert_int_equal(size, 15 + 599 + 1);
		assert_memory_equal(text + 15, line, 599);
		free(text);
	}
	/* what is no UTF-8 ends all the same, and is escaped */
	memset(line, 0x80, sizeof(line) - 1);
	out = open_memstream(&text, &size);
	assert_int_equal(irqm_render_log(out, a), 0);
	fclose(out);
	assert_int_equal(size, 15 + 4 * 599 + 1);
	free(text);
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
}

static void test_log_document(void **state)
{
	struct irqm_snapshot *s = snap_new(1);
	struct irqm_log_line lines[] = {
		{ 5, 6, 0, "a" },
		{ 9000000000, 4, 0, "b" },
	};
	json_t *doc;

	(void)state;
	s->log.known = true;
	doc = json_document(s);
	assert_at(doc, "log",
		  "{\"lines\":0,\"first_ns\":null,\"last_ns\":"
		  "null,\"cut\":false}");
	json_decref(doc);
	s->log = (struct irqm_log){
		.known = true, .cut = true, .lines = lines, .nr_lines = 2
	};
	doc = json_document(s);
	assert_at(doc, "log",
		  "{\"lines\":2,\"first_ns\":5,\"last_ns\":"
		  "9000000000,\"cut\":true}");
	json_decref(doc);
	irqm_snapshot_free(s);
}

static void test_threads(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	struct irqm_irq *irq = snap_ioapic_irq(s, 9, "acpi");
	struct irqm_action *a = irq->actions;
	char *text;

	(void)state;
	a->thread = "acpi_ev_thread";
	a->comm = "irq/9-acpi\x1b";
	a->pid = 77;
	irq->wake_depth = 1;
	irq->depth = 1;
	irq->count = 5;
	irq->irqs_unhandled = 3;
	text = rendered_irqaff(s, 9);
	assert_contains(text, "     ACTION: acpi, vring_interrupt, thread "
			      "acpi_ev_thread (irq/9-acpi\\x1b, pid\n"
			      "             77)\n");
	assert_contains(text, "DEPTH: 1 (disabled), wake depth 1\n");
	assert_contains(text, "COUNT: 5\n");
	assert_contains(text, "UNHANDLED: 3\n");
	free(text);
	a->pid = U;
	irq->depth = irq->wake_depth = irq->irqs_unhandled = U;
	text = rendered_irqaff(s, 9);
	assert_contains(text, "(irq/9-acpi\\x1b, pid\n             ?)\n");
	assert_contains(text, "DEPTH: ?\n");
	assert_null(strstr(text, "UNHANDLED"));
	free(text);
	irqm_snapshot_free(s);
}

/* What a driver asked for without its interrupt being managed. */
static void test_requested(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	struct irqm_irq *irq =
		snap_msi_irq(s, 24, snap_device(s, "a", "b"), "x");
	char *text;

	(void)state;
	irq->msi->has_affinity = true;
	irq->msi->affinity = snap_cpus(s, "2-3");
	text = rendered_irqaff(s, 24);
	assert_contains(text, "REQUESTED: 2-3, not managed\n");
	free(text);
	s->dump.default_affinity = snap_cpus(s, "2-3");
	text = rendered_irqaff(s, 24);
	assert_contains(text, "REQUESTED: 2-3, the default affinity, not "
			      "managed\n");
	free(text);
	irq->msi->is_managed = U;
	text = rendered_irqaff(s, 24);
	assert_contains(text, "REQUESTED: 2-3\n");
	free(text);
	/* level triggered: trigger mode, bit 15, and its level, bit 14 */
	snap_alloc(s, 24, 1);
	irq->msi->data |= 0x8000;
	text = rendered_irqaff(s, 24);
	assert_contains(text, "fixed, level, deasserted");
	free(text);
	irq->msi->data |= 0x4000;
	text = rendered_irqaff(s, 24);
	assert_contains(text, "fixed, level, asserted");
	free(text);
	/* not one of the kernel's prefixes */
	irq->state_flags = (const char *[]){ "IRQD_LEVEL", "OTHER\x1b" };
	irq->nr_state_flags = 2;
	text = rendered_irqaff(s, 24);
	assert_contains(text, " LEVEL OTHER\\x1b\n");
	free(text);
	irqm_snapshot_free(s);
}

static void assert_columns(view_fn view, const struct irqm_snapshot *s,
			   const char *columns, const char *expected)
{
	const struct irqm_render_options o = { .columns = columns };
	char *text = rendered(view, s, &o);

	assert_string_equal(text, expected);
	free(text);
}

/* Columns that are shown only if they are asked for. */
static void test_extra_columns(void **state)
{
	static const char *flags[] = { "IRQD_LEVEL", "IRQD_ACTIVATED" };
	struct irqm_snapshot *s = snap_new(4);
	struct irqm_irq *irq;
	int disk = snap_device(s, "0000:00:05.0", "virtio-pci");

	(void)state;
	snap_consumer(s, disk, "virtio0", "virtio_blk", "virtio");
	snap_consumer(s, disk, "vda\x1b", NULL, "block");
	irq = snap_msi_irq(s, 24, disk, "x");
	irq->state = 0x202;
	irq->state_flags = flags;
	irq->nr_state_flags = 2;
	irq->setaffinity_pending = 1;
	irq->pending_mask = snap_cpus(s, "1,3");
	assert_columns(irqm_render_irqs, s, "STATE,STATE-FLAGS,PENDING",
		       "0x00000202  IRQD_LEVEL,IRQD_ACTIVATED  1,3\n");
	assert_columns(irqm_render_irqs, s, "DRIVER,CONSUMERS,HANDLER",
		       "virtio-pci  virtio0,vda\\x1b  vring_interrupt\n");
	/* what is unknown is not none */
	irq->state = irq->setaffinity_pending = U;
	irq->nr_state_flags = irq->nr_actions = 0;
	irq->actions_cut = true;
	s->devices[disk].driver = NULL;
	s->devices[disk].nr_consumers = 0;
	s->devices[disk].consumers_cut = true;
	irq->nr_levels = 0;
	irq->chain_cut = true;
	irq->msi->has_msg = false;
	assert_columns(irqm_render_irqs, s,
		       "STATE,STATE-FLAGS,PENDING,DRIVER,"
		       "CONSUMERS,HANDLER,ACTION,DOMAIN,CHIP,HWIRQ,CHAIN,"
		       "MSI-ADDRESS,MSI-DATA",
		       "?  ?  ?  ?  ?  ?  ?  ?  ?  ?  ?  ? ?\n");
	irq->device = -1;
	irq->device_unknown = true;
	irq->msi = NULL;
	assert_columns(irqm_render_irqs, s,
		       "DEVICE,DRIVER,CONSUMERS,REQUESTED,"
		       "INDEX,MSI-ADDRESS",
		       "?  ?  ?  ?  ? ?\n");
	/* and none is none */
	irq->device_unknown = irq->chain_cut = irq->actions_cut = false;
	irq->state = irq->setaffinity_pending = 0;
	assert_columns(irqm_render_irqs, s,
		       "STATE-FLAGS,PENDING,DEVICE,DRIVER,"
		       "CONSUMERS,HANDLER,ACTION,DOMAIN,CHAIN,INDEX",
		       "-  -  -  -  -  -  -  -  -  -\n");
	irqm_snapshot_free(s);
}

static void test_device_columns(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	int d = snap_device(s, "a", "b");

	(void)state;
	snap_msi_irq(s, 24, d, "x");
	s->devices[d].consumers_cut = true;
	assert_columns(irqm_render_devices, s,
		       "DEVICE,CONSUMER,CONSUMERS,BUS,"
		       "NODE,PCI-CLASS,PCI-ID,MSI-DESCS",
		       "a  ?  ?  pci  0  010000  1af4:1042  1\n");
	snap_consumer(s, d, "c", NULL, "net");
	s->devices[d].pci_class = s->devices[d].pci_vendor = U;
	s->devices[d].node = s->devices[d].nr_msi_descs = U;
	assert_columns(irqm_render_devices, s,
		       "DEVICE,CONSUMER,CONSUMERS,BUS,"
		       "NODE,PCI-CLASS,PCI-ID,MSI-DESCS",
		       "a  c ?  c,?  pci  ?  ?  ?  ?\n");
	/* what is on another bus has no such numbers */
	s->devices[d].bus = "platform";
	assert_columns(irqm_render_devices, s, "BUS,PCI-CLASS,PCI-ID",
		       "platform  -  -\n");
	s->devices[d].bus = NULL;
	assert_columns(irqm_render_devices, s, "BUS,PCI-CLASS,PCI-ID",
		       "?  ?  ?\n");
	irqm_snapshot_free(s);
}

/* Who has what of the CPUs that isolcpus=managed_irq leaves, device by device,
 * and all that is left out in one row. */
static void test_pools(void **state)
{
	struct irqm_render_options o = { .header = true,
					 .all = true,
					 .top = 1 };
	struct irqm_snapshot *s = snap_new(4);
	char *text;

	(void)state;
	snap_virtio_blk(s, "0000:00:05.0", 24);
	snap_virtio_blk(s, "0000:00:06.0", 30);
	snap_virtio_blk(s, "0000:00:07.0", 40);
	s->dump.housekeeping_managed = snap_cpus(s, "0");
	s->matrix.global_available--;
	o.top = 2;
	text = rendered(irqm_render_pools, s, &o);
	assert_contains(text,
			"\nmanaged     2 33.3       1    0  0000:00:05.0");
	assert_contains(text, "0000:00:05.0 virtio_blk\n");
	assert_contains(text, "(1 more device)\n");
	free(text);
	o.top = 1;
	text = rendered(irqm_render_pools, s, &o);
	assert_contains(text, "(2 more devices)\n");
	assert_contains(text, "1 of 3 pools\n");
	free(text);
	/* what it all comes to is unknown, and so is each one's share */
	s->cpus[0].available = U;
	text = rendered(irqm_render_pools, s, &defaults);
	assert_contains(text, "(unattributed)\n");
	assert_contains(text, "    ?  ");
	free(text);
	irqm_snapshot_free(s);
}

/* Names of any length and bytes, at any width: no line is longer than it has
 * to be, none ends in a blank (rendered() looks), nothing is lost. */
static void test_widths(void **state)
{
	static const view_fn views[] = {
		irqm_render_matrix,  irqm_render_devices,  irqm_render_irqs,
		irqm_render_vectors, irqm_render_findings, irqm_render_pools,
	};
	struct irqm_render_options o = { .header = true };
	struct irqm_snapshot *s = snap_new(4);
	struct irqm_analysis *a;
	unsigned int i, width;
	char name[200], *text;
	size_t size;
	FILE *out;

	(void)state;
	memset(name, 0, sizeof(name));
	for (i = 0; i + 3 < sizeof(name) - 1; i += 3)
		memcpy(name + i, "\xe2\x82\xac", 3);
	snap_virtio_blk(s, "0000:00:05.0", 24);
	snap_msi_irq(s, 30, snap_device(s, "0000:00:06.0", "x\x1b]0;y\x07"),
		     name);
	snap_alloc(s, 30, 3);
	s->cpus[1].available -= 50;
	a = irqm_analyse(s);
	for (width = 40; width <= 200; width += 7) {
		o.width = width;
		for (i = 0; i < ARRAY_SIZE(views); i++) {
			out = open_memstream(&text, &size);
			assert_int_equal(views[i](out, a, &o), 0);
			fclose(out);
			assert_null(strchr(text, '\x1b'));
			assert_null(strchr(text, '\x07'));
			assert_null(strstr(text, " \n"));
			assert_null(strstr(text, "\\xe2"));
			free(text);
		}
	}
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
}

/* Every view says that it could not write. */
static void test_full_disk(void **state)
{
	static const view_fn views[] = {
		irqm_render_matrix,  irqm_render_devices,  irqm_render_irqs,
		irqm_render_vectors, irqm_render_findings, irqm_render_pools,
		irqm_render_debugfs, irqm_render_map,      render_log,
	};
	struct irqm_log_line line = { 0, 6, 0, "x" };
	struct irqm_snapshot *s = json_example();
	struct irqm_analysis *a;
	unsigned int i;
	FILE *out;

	(void)state;
	s->log = (struct irqm_log){ .known = true,
				    .lines = &line,
				    .nr_lines = 1 };
	a = irqm_analyse(s);
	for (i = 0; i < ARRAY_SIZE(views); i++) {
		out = fopen("/dev/full", "w");
		if (views[i](out, a, &defaults) != -1)
			fail_msg("view %u", i);
		fclose(out);
	}
	for (i = 0; i < 5; i++) {
		int rc = 0;

		out = fopen("/dev/full", "w");
		switch (i) {
		case 0:
			rc = irqm_render_json(out, a, true);
			break;
		case 1:
			rc = irqm_render_irqaff(out, a, 1);
			break;
		case 2:
			rc = irqm_render_debugfs_irq(out, a, 1);
			break;
		case 3:
			rc = irqm_render_unread(out, a);
			break;
		case 4:
			rc = irqm_render_columns(out, IRQM_VIEW_POOLS);
			break;
		}
		fclose(out);
		if (rc != -1)
			fail_msg("%u", i);
	}
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_log),
		cmocka_unit_test(test_long_log_lines),
		cmocka_unit_test(test_log_document),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_requested),
		cmocka_unit_test(test_extra_columns),
		cmocka_unit_test(test_device_columns),
		cmocka_unit_test(test_pools),
		cmocka_unit_test(test_widths),
		cmocka_unit_test(test_full_disk),
	};

	return RUN(tests);
}
