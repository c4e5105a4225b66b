/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What several lines of the log say together of devices, and beside what the
 * devices have now. */
#include "log_findings.h"
#include "unit.h"

#define SECONDS 1000000000ULL

static void assert_remedy(const struct irqm_finding *f, const char *expected)
{
	assert_string_equal(f->remedy ? f->remedy : "(none)", expected);
}

static void assert_text(const struct irqm_finding *f, const char *part)
{
	if (!strstr(f->text, part))
		fail_msg("not in \"%s\": %s", f->text, part);
}

/* The finding of a kind among others; to be freed with log_done(). */
static const struct irqm_finding *one_finding(struct irqm_snapshot *s,
					      const char *code)
{
	const struct irqm_finding *f;

	log_analysis = irqm_analyse(s);
	assert_non_null(log_analysis);
	f = find_finding(log_analysis, code);
	if (!f)
		fail_msg("no %s", code);
	return f;
}

/* Each drive that fails gives its name back to the next one. */
static void test_name_used_again(void **state)
{
	struct irqm_snapshot *s = snap_new(1);
	const struct irqm_finding *f;
	int device;

	(void)state;
	take_all_vectors(s, 0);
	/* a program cannot say which function it is */
	log_say(s, 1, "nvme nvme1: pci function 0000:00:09.0");
	log_say(s, 1, "nvme nvme1: pci function 0000:00:04.1");
	log_say(s, 1, "nvme nvme1: pci function 0000:00:09.0");
	s->log.lines[2].facility = 1;
	log_say(s, 2, "nvme nvme1: Removing after probe failure status: -28");
	log_say(s, 3, "nvme nvme1: pci function 0000:00:04.2");
	log_say(s, 4, "nvme nvme1: Removing after probe failure status: -28");
	log_say(s, 4, "nvme nvme1: pci function 0000:00:04.3");
	log_say(s, 5, "nvme nvme1: Disabling device after reset failure: -28");
	log_say(s, 5, "nvme: probe of 0000:00:04.3 failed with error -28");
	log_say(s, 6, "nvme nvme2: pci function 0000:00:05.0");
	log_say(s, 6, "nvme nvme1: pci function 0000:00:06.0");
	/* the name belongs to a drive that works */
	device = snap_device(s, "0000:00:06.0", "nvme");
	snap_consumer(s, device, "nvme1", "", "nvme");
	snap_msi_irq(s, 24, device, "nvme1q0");
	f = log_only_finding(s, "log-probe-failed");
	assert_int_equal(f->severity, IRQM_CRITICAL);
	NUM(f, "devices", 3);
	NUM(f, "devices_without", 3);
	NUM(f, "lines", 4);
	STRING(f, "first_device", "0000:00:04.1");
	STRING(f, "first_driver", "nvme");
	assert_text(f, ": 0000:00:04.1, 0000:00:04.2, 0000:00:04.3. The only");
	assert_remedy(f,
		      "Free vectors on CPU 0, as many as the device asks for; "
		      "then probe again: echo 0000:00:04.1 > "
		      "/sys/bus/pci/drivers_probe");
	log_done(s);

	/* a name that is out of range, or no name, or no address */
	s = snap_new(1);
	log_say(s, 1, "nvme nvme1024: pci function 0000:00:04.1");
	log_say(s, 1, "nvme nvme12345678901: pci function 0000:00:04.1");
	log_say(s, 1, "nvme nvme: pci function 0000:00:04.1");
	log_say(s, 1, "nvme nvme3: pci function somewhere");
	log_say(s, 2,
		"nvme nvme1024: Removing after probe failure status: -28");
	log_say(s, 2, "nvme nvme3: Removing after probe failure status: -28");
	f = log_only_finding(s, "log-probe-failed");
	NUM(f, "devices", 2);
	STRING(f, "first_device", "nvme1024");
	log_done(s);
}

/* nr vectors of each of two CPUs are in use. */
static struct irqm_snapshot *machine_with(unsigned int nr)
{
	struct irqm_snapshot *s = snap_new_sized(2, 1024, 8);
	unsigned int i;

	add_started_irqs(s, 100, nr, 0);
	add_started_irqs(s, 500, nr, 1);
	for (i = 0; i < 2; i++)
		assert_true(s->cpus[i].available > 0);
	return s;
}

/* -28 of a driver that is not known proves nothing where vectors are free. */
static void test_unknown_driver(void **state)
{
	static const char probe[] =
		"xsc_core: probe of 0000:41:00.0 failed with error -28";
	struct irqm_snapshot *s = machine_with(20);
	const struct irqm_finding *f;

	(void)state;
	log_say(s, 21 * SECONDS, probe);
	f = log_only_finding(s, "log-probe-failed");
	assert_int_equal(f->severity, IRQM_INFO);
	assert_text(f, "All online CPUs have free vectors now");
	NUM(f, "devices_without", 1);
	irqm_analysis_free(log_analysis);
	/* ... unless the device was refused interrupts; that is said once */
	log_say(s, 21 * SECONDS, "xsc_core 0000:41:00.0: no irq: -28");
	f = log_only_finding(s, "log-probe-failed");
	assert_int_equal(f->severity, IRQM_WARNING);
	assert_remedy(f, "Probe again: echo 0000:41:00.0 > "
			 "/sys/bus/pci/drivers_probe");
	log_done(s);

	/* few are free: 204 are all that a CPU has */
	s = machine_with(180);
	log_say(s, 21 * SECONDS, probe);
	assert_int_equal(log_only_finding(s, "log-probe-failed")->severity,
			 IRQM_WARNING);
	log_done(s);

	/* another driver was short of them */
	s = machine_with(20);
	log_say(s, 21 * SECONDS, probe);
	log_say(s, 22 * SECONDS,
		"virtio_blk: probe of virtio5 failed with error -28");
	f = log_only_finding(s, "log-probe-failed");
	assert_int_equal(f->severity, IRQM_WARNING);
	STRING(f, "first_lacking", "0000:41:00.0");
	log_done(s);

	/* nouveau means something else, also where CPUs are full */
	s = machine_with(20);
	take_all_vectors(s, 0);
	take_all_vectors(s, 1);
	log_say(s, 5, "nouveau: probe of 0000:01:00.0 failed with error -28");
	f = log_only_finding(s, "log-probe-failed");
	assert_int_equal(f->severity, IRQM_INFO);
	assert_text(f, "nouveau returns -28 for other reasons than vectors");
	assert_string_equal(f->brief,
			    "0000:01:00.0 failed to probe with -28 (ENOSPC), "
			    "which nouveau returns for other reasons than "
			    "vectors");
	assert_non_null(strstr(f->remedy, "Free vectors do not help"));
	irqm_analysis_free(log_analysis);
	/* a drive beside it is not excused */
	log_say(s, 6, "nvme: probe of 0000:02:00.0 failed with error -28");
	f = log_only_finding(s, "log-probe-failed");
	assert_int_equal(f->severity, IRQM_CRITICAL);
	STRING(f, "first_lacking", "0000:02:00.0");
	log_done(s);

	/* ... nor is a graphics card that was refused interrupts */
	s = machine_with(20);
	log_say(s, 5, "amdgpu 0000:03:00.0: Failed to alloc msi vectors");
	log_say(s, 5, "amdgpu: probe of 0000:03:00.0 failed with error -28");
	f = log_only_finding(s, "log-probe-failed");
	assert_int_equal(f->severity, IRQM_WARNING);
	log_done(s);
}

/* ice has another error for it, which counts only beside another sign. */
static void test_other_error(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	const struct irqm_finding *f;

	(void)state;
	log_say(s, 2, "ice: probe of 0000:98:00.0 failed with error -5");
	log_say(s, 2, "igc: probe of 0000:99:00.0 failed with error -5");
	log_only_finding(s, NULL);
	irqm_analysis_free(log_analysis);
	log_say(s, 1, "ice 0000:98:00.0: unable to reserve MSI-X vectors");
	f = log_only_finding(s, "log-probe-failed");
	assert_int_equal(f->severity, IRQM_WARNING);
	NUM(f, "devices", 1);
	assert_text(f, "with -28 (ENOSPC), or what the driver returns for it");
	irqm_analysis_free(log_analysis);
	/* by that error alone it is not critical */
	take_all_vectors(s, 1);
	assert_int_equal(log_only_finding(s, "log-probe-failed")->severity,
			 IRQM_WARNING);
	log_done(s);
}

static void test_remapping_full(void **state)
{
	struct irqm_snapshot *s = machine_with(20);
	const struct irqm_finding *f;

	(void)state;
	log_say(s, 19 * SECONDS, "foo 0000:40:00.0: no vectors: -28");
	log_say(s, 21 * SECONDS, "AMD-Vi: Failed to allocate IRTE");
	log_say(s, 21 * SECONDS, "AMD-Vi: Failed to allocate IRTE");
	log_say(s, 21 * SECONDS,
		"xsc_core: probe of 0000:41:00.0 failed with error -28");
	log_say(s, 21 * SECONDS, "foo 0000:42:00.0: no vectors: -28");
	f = one_finding(s, "log-remapping-full");
	assert_int_equal(f->severity, IRQM_WARNING);
	STRING(f, "first_device", "0000:41:00.0");
	assert_text(f, "table of 0000:41:00.0. All online CPUs have free");
	assert_non_null(strstr(f->remedy, "/0000:41:00.0/sriov_numvfs"));
	f = find_finding(log_analysis, "log-probe-failed");
	assert_int_equal(f->severity, IRQM_WARNING);
	assert_text(f, "The remapping table of the IOMMU was full, not the");
	assert_remedy(f,
		      "Give the device fewer queues, by a parameter of its "
		      "driver, or fewer virtual functions: echo 0 > and then "
		      "echo N > /sys/bus/pci/devices/0000:41:00.0/"
		      "sriov_numvfs, if no guest uses them; then probe again: "
		      "echo 0000:41:00.0 > /sys/bus/pci/drivers_probe");
	assert_string_equal(f->commands[0],
			    "echo 0000:41:00.0 > /sys/bus/pci/drivers_probe");
	assert_null(f->commands[1]);
	log_done(s);

	/* who it was is not known */
	s = machine_with(20);
	log_say(s, 19 * SECONDS, "foo 0000:40:00.0: no vectors: -28");
	log_say(s, 21 * SECONDS, "AMD-Vi: Failed to allocate IRTE");
	log_say(s, 23 * SECONDS, "foo 0000:42:00.0: no vectors: -28");
	f = one_finding(s, "log-remapping-full");
	assert_text(f, "table of a device. All");
	assert_null(finding_datum(f, "first_device")->string);
	log_done(s);
}

/* A network card with two interrupts, and a line that its second one was
 * refused. */
static struct irqm_snapshot *card_refused(const char *line)
{
	struct irqm_snapshot *s = snap_new(2);
	int device = snap_device(s, "0000:18:00.0", "i40e");

	snap_consumer(s, device, "eno1", "", "net");
	snap_msi_irq(s, 24, device, "i40e-misc");
	snap_msi_irq(s, 25, device, "i40e-eno1-TxRx-0");
	snap_get(s, 25)->nr_actions = 0;
	log_say(s, 7, line);
	return s;
}

static void test_refused(void **state)
{
	static const char line[] =
		"i40e 0000:18:00.0 eno1: MSIX request_irq failed, error: -28";
	struct irqm_snapshot *s = card_refused(line);
	const struct irqm_finding *f;

	(void)state;
	f = log_only_finding(s, "log-interrupt-refused");
	assert_int_equal(f->severity, IRQM_WARNING);
	NUM(f, "devices", 1);
	NUM(f, "devices_lacking", 1);
	STRING(f, "first_driver", "i40e");
	assert_remedy(f, "Bring the interface up again: ip link set eno1 up");
	irqm_analysis_free(log_analysis);
	take_all_vectors(s, 1);
	f = log_only_finding(s, "log-interrupt-refused");
	assert_int_equal(f->severity, IRQM_CRITICAL);
	NUM(f, "full_cpus", 1);
	assert_remedy(f,
		      "Free vectors on CPU 1, as many as the device asks for; "
		      "then bring the interface up again: ip link set eno1 up");
	irqm_analysis_free(log_analysis);
	/* it was brought up again */
	snap_get(s, 25)->nr_actions = 1;
	f = log_only_finding(s, "log-interrupt-refused");
	assert_int_equal(f->severity, IRQM_INFO);
	NUM(f, "devices_lacking", 0);
	assert_text(f, "1 of 1 has all interrupts now");
	irqm_analysis_free(log_analysis);
	/* its sister was not, and has none */
	log_say(s, 8, "i40e 0000:18:00.1: setup of misc vector failed: -28");
	f = log_only_finding(s, "log-interrupt-refused");
	assert_int_equal(f->severity, IRQM_CRITICAL);
	STRING(f, "first_device", "0000:18:00.0");
	STRING(f, "first_lacking", "0000:18:00.1");
	assert_remedy(f,
		      "Free vectors on CPU 1, as many as the device asks for; "
		      "then probe again: echo 0000:18:00.1 > "
		      "/sys/bus/pci/drivers_probe");
	log_done(s);

	/* no network card: bind it; a driver's own name: load it */
	s = card_refused(line);
	s->devices[0].nr_consumers = 0;
	f = log_only_finding(s, "log-interrupt-refused");
	assert_remedy(f, "Bind the device again, if nothing uses it: echo "
			 "0000:18:00.0 | tee /sys/bus/pci/drivers/i40e/"
			 "{unbind,bind}");
	log_done(s);
	s = snap_new(1);
	log_say(s, 1, "mpt3sas_cm0: pci_alloc_irq_vectors failed (r=-28) !!!");
	f = log_only_finding(s, "log-interrupt-refused");
	assert_remedy(f,
		      "Load the driver again, see dmesg | grep -w mpt3sas_cm0");
	log_done(s);
	/* no name for a shell */
	s = snap_new(1);
	log_say(s, 1, "x;reboot;: pci_alloc_irq_vectors failed (r=-28) !!!");
	f = log_only_finding(s, "log-interrupt-refused");
	assert_remedy(f, "Load the driver again");
	log_done(s);
	/* no name at all */
	s = snap_new(1);
	take_all_vectors(s, 0);
	log_say(s, 1, "Failed to alloc IRQs");
	f = log_only_finding(s, "log-interrupt-refused");
	assert_int_equal(f->severity, IRQM_CRITICAL);
	assert_text(f, "1 device was refused interrupts: ?. The only");
	assert_null(finding_datum(f, "first_device")->string);
	assert_remedy(f,
		      "Free vectors on CPU 0, as many as the device asks for; "
		      "then load the driver again");
	log_done(s);
}

/* Messages with other causes count beside one that has none. */
static void test_uncertain(void **state)
{
	static const char line[] =
		"snd_hda_intel 0000:00:1f.3: unable to grab IRQ 145, disabling "
		"device";
	struct irqm_snapshot *s = snap_new(2);
	const struct irqm_finding *f;

	(void)state;
	log_say(s, 1, line);
	f = log_only_finding(s, "log-interrupt-refused");
	assert_int_equal(f->severity, IRQM_INFO);
	NUM(f, "devices_lacking", 0);
	irqm_analysis_free(log_analysis);
	log_say(s, 2, "ice 0000:98:00.0: unable to reserve MSI-X vectors");
	f = log_only_finding(s, "log-interrupt-refused");
	assert_int_equal(f->severity, IRQM_WARNING);
	NUM(f, "devices_lacking", 2);
	log_done(s);

	s = snap_new(2);
	take_all_vectors(s, 0);
	log_say(s, 1, line);
	assert_int_equal(log_only_finding(s, "log-interrupt-refused")->severity,
			 IRQM_WARNING);
	log_done(s);
}

static void test_fewer(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	const struct irqm_finding *f;

	(void)state;
	/* drives differ, and nothing was short */
	log_say(s, 1, "nvme nvme0: 4/0/0 default/read/poll queues");
	log_say(s, 2, "nvme nvme1: 1/0/0 default/read/poll queues");
	log_say(s, 3, "nvme nvme2: 2/2/0 default/read/poll queues");
	log_only_finding(s, NULL);
	irqm_analysis_free(log_analysis);
	take_all_vectors(s, 3);
	f = log_only_finding(s, "log-fewer-vectors");
	assert_int_equal(f->severity, IRQM_INFO);
	NUM(f, "devices", 1);
	STRING(f, "first_device", "nvme1");
	NUM(f, "asked", IRQM_UNKNOWN);
	log_done(s);

	/* what the drivers say */
	s = snap_new(4);
	log_say(s, 1,
		"ice 0000:98:00.0: not enough OS MSI-X vectors. requested = "
		"133, obtained = 40");
	log_say(s, 2,
		"ena 0000:00:05.0: Enable only 5 MSI-X (out of 33), reduce the "
		"number of queues");
	f = log_only_finding(s, "log-fewer-vectors");
	NUM(f, "devices", 2);
	NUM(f, "asked", 133);
	NUM(f, "got", 40);
	assert_text(f, ": 0000:98:00.0 (40 of 133), 0000:00:05.0 (5 of 33) (");
	log_done(s);
}

static void test_blocked(void **state)
{
	static const char first[] =
		"DMAR: INTR-REMAP: Request device [[5e:00.0] fault index 4f";
	static const char second[] =
		"INTR-REMAP:[fault reason 37] Blocked a compatibility format "
		"interrupt request";
	struct irqm_snapshot *s = snap_new(2);
	const struct irqm_finding *f;

	(void)state;
	/* the firmware's HPET, once at boot */
	log_say(s, 57000000, first);
	log_say(s, 57000000, second);
	f = log_only_finding(s, "log-interrupt-blocked");
	assert_int_equal(f->severity, IRQM_INFO);
	STRING(f, "first_device", "5e:00.0");
	NUM(f, "reason", 0x25);
	NUM(f, "devices", 1);
	irqm_analysis_free(log_analysis);
	/* again and again */
	log_say(s, 58000000, first);
	log_say(s, 58000000, second);
	f = log_only_finding(s, "log-interrupt-blocked");
	assert_int_equal(f->severity, IRQM_WARNING);
	assert_text(f, "its message is not in the format for remapping");
	assert_remedy(f, "Ignore one fault at boot. If there are more, or the "
			 "device hangs, update kernel and firmware; "
			 "intremap=off is the last resort");
	log_done(s);

	/* a device that has interrupts now, in a domain of its own */
	s = snap_new(2);
	snap_msi_irq(s, 24, snap_device(s, "10000:5e:00.0", "nvme"), "nvme0q0");
	log_say(s, 57000000,
		"DMAR: [INTR-REMAP] Request device [5e:00.0] fault index 0x4f "
		"[fault reason 0x22] Present field in the IRTE entry is clear");
	f = log_only_finding(s, "log-interrupt-blocked");
	assert_int_equal(f->severity, IRQM_WARNING);
	STRING(f, "first_device", "10000:5e:00.0");
	assert_text(f, "of 10000:5e:00.0: the table entry is not present "
		       "(reason 0x22)");
	assert_remedy(f, "Bind the device again, which writes its messages "
			 "again, if nothing uses it: echo 10000:5e:00.0 | tee "
			 "/sys/bus/pci/drivers/nvme/{unbind,bind}");
	irqm_analysis_free(log_analysis);
	/* which of two it is cannot be told */
	snap_msi_irq(s, 25, snap_device(s, "0000:5e:00.0", "nvme"), "nvme1q0");
	STRING(log_only_finding(s, "log-interrupt-blocked"), "first_device",
	       "5e:00.0");
	log_done(s);

	/* no reason of interrupt remapping */
	s = snap_new(2);
	log_say(s, 57000000,
		"DMAR: [INTR-REMAP] Request device [5e:00.0] fault index 0x4f "
		"[fault reason 0x1f] x");
	log_only_finding(s, NULL);
	log_done(s);

	/* AMD's, of a device that has interrupts */
	s = snap_new(2);
	snap_msi_irq(s, 24, snap_device(s, "0000:02:00.0", "nvme"), "nvme0q0");
	log_say(s, 30 * SECONDS,
		"AMD-Vi: Event logged [INVALID_DEVICE_REQUEST device=0000:02:"
		"00.0 pasid=0x00000 address=0xfffffffdf8000000 flags=0x0a00]");
	f = log_only_finding(s, "log-interrupt-blocked");
	assert_int_equal(f->severity, IRQM_WARNING);
	NUM(f, "reason", IRQM_UNKNOWN);
	log_done(s);
}

/* The log shows how the counters became wrong. */
static void test_kernel_warning(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	const struct irqm_finding *f;

	(void)state;
	s->cpus[1].allocated += 3;
	f = one_finding(s, "counter-drift");
	assert_non_null(strstr(f->remedy, "Look for warnings from kernel"));
	irqm_analysis_free(log_analysis);
	log_say(s, 9 * SECONDS,
		"WARNING: CPU: 3 PID: 17 at kernel/irq/matrix.c:371 "
		"irq_matrix_free+0x6e/0xf0");
	f = one_finding(s, "log-kernel-warning");
	NUM(f, "source_line", 371);
	assert_remedy(f,
		      "Update the kernel, and read the call trace: irqmatrix "
		      "--log VMCORE | grep -A 40 WARNING:");
	f = find_finding(log_analysis, "counter-drift");
	assert_remedy(f, "The warning in the log shows how it began "
			 "(log-kernel-warning); only a reboot corrects the "
			 "counters");
	log_done(s);
}

static void test_hypervisor(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	const struct irqm_finding *f;

	(void)state;
	log_say(s, 1,
		"xen:events: xen map irq failed gsi=16 irq=16 pirq=16 rc=-28");
	log_say(s, 2,
		"nvme 0000:04:00.0: xen map irq failed -28 for 32752 domain");
	f = log_only_finding(s, "log-hypervisor-refused");
	assert_int_equal(f->severity, IRQM_WARNING);
	STRING(f, "first_device", "0000:04:00.0");
	assert_remedy(f, "Give the devices fewer queues, or boot Xen with a "
			 "larger extra_guest_irqs=");
	log_done(s);

	s = snap_new(2);
	log_say(s, 1,
		"hv_pci 0000-1: Request for interrupt failed: 0xc000009a");
	f = log_only_finding(s, "log-hypervisor-refused");
	assert_remedy(f, "Give the devices fewer queues");
	log_done(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_name_used_again),
		cmocka_unit_test(test_unknown_driver),
		cmocka_unit_test(test_other_error),
		cmocka_unit_test(test_remapping_full),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_uncertain),
		cmocka_unit_test(test_fewer),
		cmocka_unit_test(test_blocked),
		cmocka_unit_test(test_hypervisor),
		cmocka_unit_test(test_kernel_warning),
	};

	return RUN(tests);
}
