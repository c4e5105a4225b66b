/* SPDX-License-Identifier: GPL-3.0-or-later */
/* remapping-bypassed, remap-table-full and fewer-queues, and machines that
 * almost have them. */
#include "log_findings.h"
#include "unit.h"

static struct irqm_snapshot *s;
static struct irqm_remap_table table;
static struct irqm_remap_table *tables[] = { &table };

static const struct irqm_finding *found(const char *code)
{
	log_analysis = irqm_analyse(s);
	assert_non_null(log_analysis);
	return find_finding(log_analysis, code);
}

static const char *verdict(void)
{
	static char text[512];

	log_analysis = irqm_analyse(s);
	assert_non_null(log_analysis);
	snprintf(text, sizeof(text), "%s", log_analysis->verdict_text);
	irqm_analysis_free(log_analysis);
	log_analysis = NULL;
	return text;
}

static int pci_device(const char *name, const char *driver, int64_t pci_class)
{
	int device = snap_device(s, name, driver);

	s->devices[device].bus = "pci";
	s->devices[device].pci_class = pci_class;
	return device;
}

/* What is between the device and the vector; NULL: nothing. */
static void set_chain(unsigned int irq, const char *chip, const char *remap)
{
	static struct irqm_level levels[SNAP_MAX_IRQS][3];
	struct irqm_level *chain = levels[irq];
	unsigned int n = 0;

	memset(chain, 0, sizeof(levels[irq]));
	chain[n++].chip = chip;
	if (remap)
		chain[n++].chip = remap;
	chain[n].chip = "APIC";
	chain[n++].vector_domain = true;
	snap_get(s, irq)->chain = chain;
	snap_get(s, irq)->nr_levels = n;
}

/* A remapped device, and one that bypasses it. */
static void new_machine(const char *remap, const char *name)
{
	s = snap_new(2);
	snap_msi_irq(s, 24, pci_device("0000:03:00.0", "nvme", 0x010802), "a");
	snap_alloc(s, 24, 0);
	set_chain(24, "IR-PCI-MSI", remap);
	snap_msi_irq(s, 25, pci_device(name, "nvme", 0x010802), "b");
	snap_alloc(s, 25, 0);
	set_chain(25, "PCI-MSI", NULL);
}

static const char *iommu = "intel";

static void check_bypass(const char *severity)
{
	const struct irqm_finding *f = found("remapping-bypassed");

	if (severity) {
		assert_non_null(f);
		assert_string_equal(irqm_severity_name(f->severity), severity);
		NUM(f, "devices", 1);
		check_datum_set(f, "irqs", "25");
		STRING(f, "first_device", s->devices[1].name);
		STRING(f, "iommu", iommu);
	} else {
		assert_null(f);
	}
	irqm_analysis_free(log_analysis);
	log_analysis = NULL;
}

static void bypassed(void **state)
{
	(void)state;
	/* the log is not there, so that it says nothing against it */
	new_machine("INTEL-IR", "0000:05:00.0");
	check_bypass("warning");
	assert_string_equal(verdict(), "the IOMMU blocks the interrupts of "
				       "0000:05:00.0");
	s->log.known = true;
	check_bypass("info");
	s->log.cut = true;
	check_bypass("warning");
	s->devices[1].name = "0001:05:00.0"; /* of a segment with no IOMMU? */
	check_bypass("info");
	s->log.cut = false;
	s->devices[1].name = "10000:05:00.0"; /* VMD */
	check_bypass("warning");
	irqm_snapshot_free(s);

	new_machine("AMD-IR", "0000:05:00.0");
	iommu = "amd";
	check_bypass("info");
	log_say(s, 1,
		"DMAR: [INTR-REMAP] Request device [05:00.0] fault "
		"index 0x4f [fault reason 0x22] Present field is clear");
	check_bypass("info");
	log_say(s, 1,
		"DMAR: [INTR-REMAP] Request device [05:00.0] fault "
		"index 0x4f [fault reason 0x25] Blocked");
	check_bypass("warning");
	iommu = "intel";
	log_done(s);
}

static void not_bypassed(void **state)
{
	(void)state;
	new_machine("NO-IR", "0000:05:00.0"); /* remapping is off */
	check_bypass(NULL);
	set_chain(24, "IR-PCI-MSI", "INTEL-IR");
	s->devices[1].driver = ""; /* nobody uses it, as AMD's IOMMU */
	check_bypass(NULL);
	s->devices[1].driver = "nvme";
	s->devices[1].pci_class = 0x080600;
	check_bypass(NULL);
	s->devices[1].pci_class = 0x010802;
	s->devices[1].bus = "hpet";
	check_bypass(NULL);
	s->devices[1].bus = "pci";
	set_chain(25, "Hyper-V PCIe MSI", NULL);
	check_bypass(NULL);
	set_chain(25, "HV-PCI-MSI", NULL);
	check_bypass(NULL);
	set_chain(25, "IR-PCI-MSI", "INTEL-IR");
	check_bypass(NULL);
	set_chain(25, "PCI-MSIX-0000:05:00.0", NULL);
	check_bypass("warning");
	snap_get(s, 25)->nr_actions = 0; /* not requested */
	check_bypass(NULL);
	irqm_snapshot_free(s);
}

static void check_table(irqm_num entries, irqm_num used, const char *severity,
			const char *text)
{
	const struct irqm_finding *f;

	table.entries = entries;
	table.used = used;
	f = found("remap-table-full");
	if (severity) {
		assert_non_null(f);
		assert_string_equal(irqm_severity_name(f->severity), severity);
		assert_non_null(strstr(f->text, text));
		NUM(f, "entries", entries);
		NUM(f, "used", used);
	} else {
		assert_null(f);
	}
	irqm_analysis_free(log_analysis);
	log_analysis = NULL;
}

static void table_full(void **state)
{
	(void)state;
	new_machine("AMD-IR", "0000:05:00.0");
	table = (struct irqm_remap_table){ .amd = true, .first_irq = 24 };
	s->remap_tables = tables;
	s->nr_remap_tables = 1;
	check_table(512, 512, "warning", "of 0000:03:00.0 is full: all 512");
	check_table(512, 461, "info", "is nearly full: 461 of 512");
	check_table(512, 460, NULL, NULL);
	check_table(512, IRQM_UNKNOWN, NULL, NULL);
	check_table(IRQM_UNKNOWN, IRQM_UNKNOWN, NULL, NULL);
	table.amd = false;
	table.name = "dmar3";
	check_table(65536, 65536, "warning", "of dmar3 is full: all 65536");
	irqm_snapshot_free(s);
}

/* The log does not name the device; the tables show whose is nearly full. */
static void table_refused(void **state)
{
	const struct irqm_finding *f;

	(void)state;
	new_machine("AMD-IR", "0000:05:00.0");
	set_chain(25, "IR-PCI-MSI", "AMD-IR");
	snap_consumer(s, 0, "eth7", NULL, "net");
	table = (struct irqm_remap_table){
		.amd = true, .first_irq = 24, .entries = 512, .used = 510
	};
	s->remap_tables = tables;
	s->nr_remap_tables = 1;
	assert_string_equal(verdict(), "no warnings; the remapping table of "
				       "0000:03:00.0 (eth7) is nearly full; 1 "
				       "info finding (remap-table-full)");
	log_say(s, 1, "AMD-Vi: Failed to allocate IRTE");
	f = found("log-remapping-full");
	assert_non_null(strstr(f->text, "Now the remapping table of "
					"0000:03:00.0 (eth7) is nearly full: "
					"510 of 512 entries"));
	assert_non_null(strstr(f->remedy, "Give 0000:03:00.0 fewer queues: "
					  "ethtool -L eth7"));
	assert_string_equal(log_analysis->verdict_text,
			    "the remapping table was full");
	irqm_analysis_free(log_analysis);
	/* one that is full now has a remedy of its own */
	table.used = 512;
	assert_string_equal(verdict(), "the remapping table was full; the "
				       "remapping table of 0000:03:00.0 (eth7) "
				       "is full");
	log_analysis = NULL;
	irqm_snapshot_free(s);
}

/* Device n, with nr interrupts from that one on. */
static int drive(const char *name, unsigned int irq, unsigned int nr)
{
	int device = pci_device(name, "nvme", 0x010802);
	unsigned int i;

	s->devices[device].pci_vendor = 0x144d;
	s->devices[device].pci_device = 0xa808;
	for (i = 0; i < nr; i++)
		snap_msi_irq(s, irq + i, device, "nvme");
	return device;
}

static void check_fewer(const char *device, irqm_num devices)
{
	const struct irqm_finding *f = found("fewer-queues");

	if (device) {
		assert_non_null(f);
		assert_int_equal(f->severity, IRQM_INFO);
		assert_non_null(f->remedy);
		STRING(f, "first_device", device);
		NUM(f, "devices", devices);
	} else {
		assert_null(f);
	}
	irqm_analysis_free(log_analysis);
	log_analysis = NULL;
}

static void fewer(void **state)
{
	int i;

	(void)state;
	s = snap_new(2);
	drive("0000:03:00.0", 24, 2);
	drive("0000:04:00.0", 26, 3);
	drive("0000:05:00.0", 29, 3);
	check_fewer("0000:03:00.0", 1);
	snap_consumer(s, 0, "nvme7", NULL, "nvme");
	assert_string_equal(verdict(),
			    "no warnings; nvme7 has 2 vectors, "
			    "0000:04:00.0 of the same model 3; 1 info "
			    "finding (fewer-queues)");
	s->devices[0].pci_device = 0xa809; /* another model */
	check_fewer(NULL, 0);
	s->devices[0].pci_device = 0xa808;
	s->devices[0].pci_vendor = 0x144e;
	check_fewer(NULL, 0);
	for (i = 0; i < 3; i++)
		s->devices[i].pci_vendor = IRQM_UNKNOWN;
	check_fewer(NULL, 0);
	for (i = 0; i < 3; i++)
		s->devices[i].pci_vendor = 0x144d;
	for (i = 0; i < 3; i++)
		s->devices[i].driver = "i40e"; /* ethtool -L */
	check_fewer(NULL, 0);
	for (i = 0; i < 3; i++)
		s->devices[i].driver = "virtio_blk";
	check_fewer(NULL, 0);
	for (i = 0; i < 3; i++)
		s->devices[i].driver = "megaraid_sas";
	check_fewer("0000:03:00.0", 1);
	s->devices[1].driver = "nvme"; /* the other two are of one driver */
	s->devices[2].driver = "nvme";
	check_fewer(NULL, 0);
	irqm_snapshot_free(s);
}

/* Only the interrupt that is not for queues. */
static void alone(void **state)
{
	(void)state;
	s = snap_new(2);
	drive("0000:03:00.0", 24, 1);
	check_fewer(NULL, 0);
	s->cpus[1].available = 0;
	check_fewer("0000:03:00.0", 1);
	assert_non_null(strstr(verdict(), "0000:03:00.0 has 1 vector, none for "
					  "its queues, probably because CPU 1 "
					  "is full"));
	snap_msi_irq(s, 25, 0, "nvme");
	check_fewer(NULL, 0);
	irqm_snapshot_free(s);

	s = snap_new(1); /* one CPU, one vector */
	drive("0000:03:00.0", 24, 1);
	s->cpus[0].available = 0;
	check_fewer(NULL, 0);
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bypassed),   cmocka_unit_test(not_bypassed),
		cmocka_unit_test(table_full), cmocka_unit_test(fewer),
		cmocka_unit_test(alone),      cmocka_unit_test(table_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
