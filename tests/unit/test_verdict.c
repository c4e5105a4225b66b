/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is shown of the findings, in which order, and what to do about each. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/findings.h"
#include "tests/unit/log_findings.h"
#include "tests/unit/unit.h"

static struct irqm_analysis *analyse(const struct irqm_snapshot *s)
{
	struct irqm_analysis *a = irqm_analyse(s);

	assert_non_null(a);
	return a;
}

/* The codes that are shown, separated by blanks. */
static void assert_shown(const struct irqm_snapshot *s,
			 enum irqm_verdict verdict, const char *verdict_text,
			 const char *codes)
{
	struct irqm_analysis *a = analyse(s);
	char all[512] = "";
	unsigned int i;

	for (i = 0; i < a->nr_shown; i++) {
		strcat(all, i ? " " : "");
		strcat(all, a->findings[a->shown[i]].kind->code);
	}
	assert_string_equal(a->verdict_text, verdict_text);
	assert_int_equal(a->verdict, verdict);
	assert_string_equal(all, codes);
	irqm_analysis_free(a);
}

/* Without the quotation of the log. */
static void check_text(const struct irqm_snapshot *s, const char *code,
		       const char *expected)
{
	struct irqm_analysis *a = analyse(s);
	const struct irqm_finding *f = find_finding(a, code);
	char text[1024];

	assert_non_null(f);
	snprintf(text, sizeof(text), "%.*s", (int)f->evidence, f->text);
	assert_string_equal(text, expected);
	irqm_analysis_free(a);
}

static void assert_remedy(const struct irqm_snapshot *s, const char *code,
			  const char *expected)
{
	struct irqm_analysis *a = analyse(s);
	const struct irqm_finding *f = find_finding(a, code);

	assert_non_null(f);
	assert_string_equal(f->remedy ? f->remedy : "(none)", expected);
	irqm_analysis_free(a);
}

static void test_nothing(void **state)
{
	struct irqm_snapshot *s = snap_new(4);

	(void)state;
	assert_shown(s, IRQM_VERDICT_OK, "no warnings", "");
	snap_offline(s, 3);
	s->cpus[3].available--;
	assert_shown(s, IRQM_VERDICT_OK,
		     "no warnings; 1 info finding (counter-drift)",
		     "counter-drift");
	assert_remedy(s, "counter-drift", "(none)");
	irqm_snapshot_free(s);

	/* what could not be read is not well */
	s = snap_new(4);
	snap_unread(s, "irqaction of IRQ 5", 0xffff888000001000, IRQM_EXCLUDED);
	assert_shown(s, IRQM_VERDICT_INCOMPLETE,
		     "no warnings in what could be read; 1 info finding "
		     "(unread-pages)",
		     "unread-pages");
	irqm_snapshot_free(s);
}

/* The reader of the verdict has to know, although it is no warning. */
static void test_queues_of_an_offline_cpu(void **state)
{
	struct irqm_snapshot *s = snap_new(4);

	(void)state;
	snap_ioapic_irq(s, 24, "nvme0q3");
	snap_managed(s, 24, "2");
	set_state_flag(snap_get(s, 24), flag_shut_down);
	snap_offline(s, 2);
	assert_shown(s, IRQM_VERDICT_OK,
		     "no warnings; 1 managed interrupt is shut down with its "
		     "CPUs, as it should be; 1 info finding "
		     "(managed-shutdown)",
		     "managed-shutdown");
	irqm_snapshot_free(s);
}

/* With more CPUs than two, half of the managed reservations are idle. */
static struct irqm_snapshot *full_of_disks(unsigned int nr_cpus)
{
	struct irqm_snapshot *s = snap_new_sized(nr_cpus, 2048, 256);
	char name[32];
	unsigned int i;

	for (i = 0; s->cpus[0].available > 1 && s->cpus[1].available > 1; i++) {
		snprintf(name, sizeof(name), "0000:%02x:00.0", i);
		snap_virtio_blk(s, name, 24 + 3 * i);
	}
	for (i = 0; i < nr_cpus; i++) {
		unsigned int irq = 900;

		while (s->cpus[i].available > 0)
			add_started_irq(s, irq++ + 210 * i, i);
	}
	return s;
}

/* managed-idle is found, too, but says nothing new. */
static void test_repetition(void **state)
{
	struct irqm_snapshot *s = full_of_disks(4);
	const struct irqm_finding *idle;
	struct irqm_analysis *a;

	(void)state;
	assert_shown(s, IRQM_VERDICT_CRITICAL, "out of vectors; 1 info",
		     "vectors-exhausted suspend-blocked");
	a = analyse(s);
	idle = find_finding(a, "managed-idle");
	assert_non_null(idle);
	assert_string_equal(a->findings[idle->shown_with].kind->code,
			    "vectors-exhausted");
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
}

/* The log goes first. */
static void test_exhausted(void **state)
{
	struct irqm_snapshot *s = full_of_disks(2);
	struct irqm_analysis *a;
	unsigned int i;

	(void)state;
	log_say(s, 5000000000,
		"virtio_blk: probe of virtio161 failed with error -28");
	assert_shown(s, IRQM_VERDICT_CRITICAL,
		     "devices failed to probe; out of vectors; 1 info",
		     "log-probe-failed vectors-exhausted suspend-blocked");
	assert_remedy(s, "log-probe-failed",
		      "Free 3 vectors, one of them on every CPU; then probe "
		      "again: echo virtio161 > /sys/bus/virtio/drivers_probe");
	a = analyse(s);
	assert_int_equal(a->nr_failed, 1);
	assert_string_equal(a->failed[0].name, "virtio161");
	assert_string_equal(a->failed[0].driver, "virtio_blk");
	assert_non_null(strstr(find_finding(a, "vectors-exhausted")->remedy,
			       "; what is enough (in crash: irqplan -A): "
			       "irqmatrix advise VMCORE"));
	for (i = 0; i < a->nr_findings; i++)
		if (a->findings[i].severity >= IRQM_WARNING)
			assert_non_null(a->findings[i].remedy);
	/* a short text ends before what vectors-exhausted says, too */
	i = find_finding(a, "log-probe-failed")->evidence;
	assert_int_equal(strncmp(find_finding(a, "log-probe-failed")->text + i,
				 ". All 2 online CPUs are full now", 32),
			 0);
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
}

/* What can be typed depends on what the device is, and is only for names that
 * a shell takes as they are. */
static void test_probe_again(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	unsigned int device;

	(void)state;
	log_say(s, 5, "mlx5_core: probe of 0000:3b:00.1 failed with error -28");
	assert_remedy(s, "log-probe-failed",
		      "Probe again: echo 0000:3b:00.1 > "
		      "/sys/bus/pci/drivers_probe");
	irqm_snapshot_free(s);

	s = snap_new(2);
	log_say(s, 5, "x: probe of virtio1;reboot failed with error -28");
	log_say(s, 6, "x: probe of virtio2 failed with error -28");
	assert_remedy(s, "log-probe-failed",
		      "Probe again: echo virtio2 > "
		      "/sys/bus/virtio/drivers_probe");
	irqm_snapshot_free(s);

	/* virtio5 has interrupts now, so it was probed again */
	s = snap_new(2);
	device = snap_device(s, "0000:00:05.0", "virtio-pci");
	snap_consumer(s, device, "virtio5", "virtio_blk", "virtio");
	snap_msi_irq(s, 24, device, "virtio5-config");
	log_say(s, 5, "virtio_blk: probe of virtio5 failed with error -28");
	log_say(s, 6, "virtio_blk: probe of virtio6 failed with error -28");
	assert_remedy(s, "log-probe-failed",
		      "Probe again: echo virtio6 > "
		      "/sys/bus/virtio/drivers_probe");
	irqm_snapshot_free(s);
}

/* The log has only a number of the drive, and its address is to be found. */
static void test_drive_without_address(void **state)
{
	struct irqm_snapshot *s = full_of_disks(1);
	int device = snap_device(s, "0000:3b:00.0", "nvme");

	(void)state;
	snap_msi_irq(s, 1900, device, "nvme0q0");
	log_say(s, 5, "nvme nvme40: Removing after probe failure status: -28");
	assert_remedy(s, "log-probe-failed",
		      "Free vectors on CPU 0, as many as the device asks for; "
		      "then probe again: echo ADDRESS > "
		      "/sys/bus/pci/drivers_probe. The log does not have the "
		      "address of nvme40: it is the drive without a driver in "
		      "lspci -Dkd ::0108");
	irqm_snapshot_free(s);
}

static void test_whose_vectors(void **state)
{
	struct irqm_snapshot *s = full_of_disks(2);

	(void)state;
	assert_remedy(s, "vectors-exhausted",
		      "Remove virtio_blk devices (3 vectors each), or give "
		      "each num-queues=2,vectors=2 (QEMU: -device "
		      "virtio-blk-pci; restart the guest), which costs 2");
	irqm_snapshot_free(s);
}

/* Two CPUs, full of the vectors of one device. */
static struct irqm_snapshot *full_of_one(const char *driver, bool managed)
{
	struct irqm_snapshot *s = snap_new_sized(2, 1024, 4);
	int device = snap_device(s, "0000:3b:00.0", driver);
	unsigned int i, irq = 1000;

	snap_consumer(s, device, "e;reboot", NULL, "net");
	snap_consumer(s, device, "eth4", NULL, "net");
	for (i = 0; i < 402; i++, irq++) {
		snap_msi_irq(s, irq, device, "queue");
		if (managed) {
			snap_managed(s, irq, i % 2 ? "1" : "0");
			snap_start(s, irq, i % 2);
		} else {
			snap_alloc(s, irq, i % 2);
		}
	}
	return s;
}

/* A network card's are all bound to one CPU; the others have room. */
static void test_bound_to_one(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(4, 1024, 4);
	int device = snap_device(s, "0000:3b:00.0", "i40e");
	unsigned int i;

	(void)state;
	for (i = 0; i < 201; i++) {
		snap_msi_irq(s, 1000 + i, device, "queue")->affinity =
			snap_cpus(s, i < 120 ? "3" : "0-3");
		snap_alloc(s, 1000 + i, 3);
	}
	/* this one is elsewhere: moving it frees nothing there */
	snap_msi_irq(s, 1300, device, "queue")->affinity = snap_cpus(s, "3");
	snap_alloc(s, 1300, 0);
	assert_remedy(s, "vectors-exhausted",
		      "Move as many of the 120 interrupts of i40e that are "
		      "bound to CPU 3 as vectors are needed there: echo 0-2 > "
		      "/proc/irq/1000/smp_affinity_list");
	for (i = 99; i < 120; i++)
		snap_get(s, 1000 + i)->affinity = snap_cpus(s, "0-3");
	assert_remedy(s, "vectors-exhausted",
		      "Give the i40e devices fewer queues");
	irqm_snapshot_free(s);
}

/* The driver of the devices that do not fit need not hold the vectors. */
static void test_who_is_named(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(4, 1024, 4);
	int card = snap_device(s, "0000:10:00.0", "i40e");
	int drive = snap_device(s, "0000:03:00.0", "nvme");
	struct irqm_analysis *a;
	unsigned int i;

	(void)state;
	for (i = 0; i < 4; i++) {
		char cpu[2] = { '0' + i, 0 };

		snap_msi_irq(s, 30 + i, drive, "nvme0q1");
		snap_managed(s, 30 + i, cpu);
		snap_start(s, 30 + i, i);
	}
	for (i = 0; i < 200; i++) {
		snap_msi_irq(s, 801 + i, card, "eno1")->affinity =
			snap_cpus(s, "3");
		snap_alloc(s, 801 + i, 3);
	}
	check_finding(
		s, "vectors-exhausted", IRQM_WARNING,
		"CPU 3 is out of vectors: new devices whose managed interrupts "
		"cover all CPUs get fewer vectors, or fail to probe with -28 (ENOSPC). 1 "
		"i40e device (0000:10:00.0) holds 200 of 201 vectors there (99.5%)");
	assert_remedy(s, "vectors-low",
		      "Move as many of the 200 interrupts of i40e that are "
		      "bound to CPU 3 as vectors are needed there: echo 0-2 > "
		      "/proc/irq/801/smp_affinity_list");
	/* many are free, and few is not what the verdict says */
	a = analyse(s);
	assert_string_equal(find_finding(a, "vectors-low")->brief,
			    "no room for one more nvme device");
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
}

/* It depends on what the driver's vectors are, and what it can be told. */
static void test_what_helps(void **state)
{
	static const struct {
		const char *driver;
		bool managed;
		const char *remedy;
	} cases[] = {
		{ "mlx5_core", false,
		  "Give the mlx5_core devices fewer queues: ethtool -L eth4 "
		  "combined N, or rx N tx N (ethtool -l shows which; "
		  "traffic may stop for a moment)" },
		{ "some_card", false,
		  "Give the some_card devices fewer queues: ethtool -L eth4 "
		  "combined N, or rx N tx N (ethtool -l shows which; "
		  "traffic may stop for a moment)" },
		{ "igbvf", false,
		  "Create fewer VFs (402 vectors each): echo N > "
		  "/sys/bus/pci/devices/PF/sriov_numvfs" },
		{ "pcieport", false,
		  "Boot with pcie_ports=compat (a crash kernel: on its own "
		  "command line): then PCIe ports take no vectors, and PCIe hotplug, AER and PME do not work" },
		{ "virtio_net", false,
		  "Remove virtio_net devices (402 vectors each), or give each "
		  "fewer: vectors= of the device in QEMU" },
		{ "ioatdma", false,
		  "Remove ioatdma devices (402 vectors each)" },
		{ "virtio-scsi", true,
		  "Remove virtio-scsi devices (402 vectors each), or give each "
		  "vectors=2 in QEMU (restart the guest), which costs 2" },
		{ "mpt3sas", true,
		  "Remove mpt3sas devices (402 vectors each), or boot with "
		  "mpt3sas.smp_affinity_enable=0 and "
		  "mpt3sas.max_msix_vectors=N, so that each takes N" },
		{ "megaraid_sas", true,
		  "Remove megaraid_sas devices (402 vectors each), or boot "
		  "with megaraid_sas.smp_affinity_enable=0 and "
		  "megaraid_sas.msix_vectors=N, so that each takes N" },
		{ "nvme", true,
		  "Remove nvme devices (402 vectors each); fewer queues do "
		  "not help" },
	};
	struct irqm_snapshot *s;
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		s = full_of_one(cases[i].driver, cases[i].managed);
		assert_remedy(s, "vectors-exhausted", cases[i].remedy);
		irqm_snapshot_free(s);
	}
}

/* The CPU is full because all interrupts are bound to it. */
static void test_default_affinity(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(40, 1024, 4);
	unsigned int cpu;

	(void)state;
	for (cpu = 28; cpu < 32; cpu++)
		snap_offline(s, cpu);
	s->dump.default_affinity = snap_cpus(s, "3");
	add_started_irqs(s, 100, 201, 3);
	assert_remedy(
		s, "vectors-exhausted",
		"Widen the default affinity, and irqaffinity= if it is on "
		"the command line: echo "
		"ff,0fffffff > /proc/irq/default_smp_affinity");
	check_finding(
		s, "vectors-exhausted", IRQM_WARNING,
		"CPU 3 is out of vectors: new devices whose managed "
		"interrupts cover all CPUs get fewer vectors, or fail to "
		"probe with -28 (ENOSPC). The default affinity is CPU 3 "
		"alone (irqaffinity= at boot, or set since): interrupts that are not managed "
		"hold 201 of the 201 vectors there, managed reservations "
		"0");
	irqm_snapshot_free(s);
}

static void test_offline(void **state)
{
	struct irqm_snapshot *s = machine_nearly_full(5);

	(void)state;
	assert_remedy(s, "cpu-offline-blocked", "Free 191 vectors on CPU 0");
	/* what happened is shown, and has to say who else cannot go */
	log_say(s, 5, "CPU 1 has 196 vectors, 5 available. Cannot disable CPU");
	check_text(s, "log-cpu-not-offlined",
		   "The kernel refused to take CPU 1 offline: 196 vectors had "
		   "to move, but only 5 were free. CPU 1 cannot go offline "
		   "now");
	irqm_snapshot_free(s);

	/* by the counter it has 4 billion vectors; none has to move */
	s = snap_new(4);
	s->cpus[1].allocated = 4294967295;
	log_say(s, 5,
		"CPU 1 has 4294967295 vectors, 600 available. Cannot disable "
		"CPU");
	check_no_finding(s, "cpu-offline-blocked");
	assert_remedy(s, "log-cpu-not-offlined",
		      "Install a kernel with the fix, or reboot before taking "
		      "the CPU offline");
	assert_remedy(s, "counter-drift",
		      "Install a kernel with the fix, or reboot before taking "
		      "the CPU offline");
	irqm_snapshot_free(s);
}

static void test_affinities(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(4, 512, 4);
	struct irqm_irq *irq;

	(void)state;
	irq = add_started_irq(s, 30, 0);
	irq->affinity = snap_cpus(s, "2-3");
	assert_remedy(s, "affinity-broken",
		      "Write the affinity again: echo 2-3 > "
		      "/proc/irq/30/smp_affinity_list");
	/* full: it has to be wider */
	s->cpus[2].available = s->cpus[3].available = 0;
	assert_remedy(s, "affinity-broken",
		      "Free 1 vector on CPUs 2-3; then write the affinity "
		      "again: echo 2-3 > /proc/irq/30/smp_affinity_list");
	/* what is not known is no room */
	s->cpus[2].available = s->cpus[3].available = IRQM_UNKNOWN;
	assert_remedy(s, "affinity-broken",
		      "Free 1 vector on CPUs 2-3; then write the affinity "
		      "again: echo 2-3 > /proc/irq/30/smp_affinity_list");
	s->cpus[2].available = s->cpus[3].available = 201;
	irq->affinity = snap_cpus(s, "0");
	irq->setaffinity_pending = 1;
	snap_offline(s, 2);
	irq->pending_mask = snap_cpus(s, "2");
	assert_remedy(s, "affinity-pending",
		      "Give it CPUs that are online and have free vectors: "
		      "echo 0-1,3 > /proc/irq/30/smp_affinity_list");
	irqm_snapshot_free(s);
}

/* Half a list of CPUs would be a wrong command. */
static void test_long_list(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(256, 512, 4);
	struct irqm_irq *irq;
	unsigned int cpu;

	(void)state;
	irq = add_started_irq(s, 30, 0);
	irq->affinity = irqm_bits_new(s->arena, 256);
	for (cpu = 1; cpu < 256; cpu += 2)
		irqm_bits_set(&irq->affinity, cpu);
	assert_remedy(s, "affinity-broken", "Write the affinity again");
	irqm_snapshot_free(s);
}

static void test_offline_cpu_has_room(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(3, 1024, 4);

	(void)state;
	snap_offline(s, 2);
	add_started_irqs(s, 100, 190, 0);
	add_started_irqs(s, 400, 100, 1);
	assert_remedy(s, "cpu-offline-blocked",
		      "Bring CPU 2 online, which has 201 vectors free: echo 1 >"
		      " /sys/devices/system/cpu/cpu2/online; or free 89 vectors"
		      " on CPU 0");
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_queues_of_an_offline_cpu),
		cmocka_unit_test(test_repetition),
		cmocka_unit_test(test_exhausted),
		cmocka_unit_test(test_probe_again),
		cmocka_unit_test(test_drive_without_address),
		cmocka_unit_test(test_whose_vectors),
		cmocka_unit_test(test_bound_to_one),
		cmocka_unit_test(test_who_is_named),
		cmocka_unit_test(test_what_helps),
		cmocka_unit_test(test_default_affinity),
		cmocka_unit_test(test_offline),
		cmocka_unit_test(test_affinities),
		cmocka_unit_test(test_long_list),
		cmocka_unit_test(test_offline_cpu_has_room),
	};

	return RUN(tests);
}
