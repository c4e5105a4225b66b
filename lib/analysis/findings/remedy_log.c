/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What to do about devices that the log says something of. */
#include "analysis/findings/remedy.h"

#include <ctype.h>
#include <inttypes.h>

void irqm_remedy_show_irq(struct irqm_text *t, irqm_num irq)
{
	irqm_text_add(t, " (in crash: irqaff %" PRId64 "): ", irq);
	irqm_text_command(t, "irqmatrix aff " IRQM_COMMAND_DUMP " %" PRId64,
			  irq);
}

/* Whether the log says that the IOMMU's table was full, and no CPU is. */
static bool is_remapping_full(const struct irqm_analysis *a, irqm_num full_cpus)
{
	return full_cpus == 0 && irqm_find_kind(a, IRQM_LOG_REMAPPING_FULL);
}

/* "Free 5 vectors, then probe again", or only "Probe again" */
static void say_first_step(const struct irqm_analysis *a,
			   const struct irqm_finding *f, const char *driver,
			   const char *again, struct irqm_text *t)
{
	irqm_num full = num_of(f, "full_cpus");

	if (is_remapping_full(a, full)) {
		irqm_remedy_fewer_entries(
			a, irqm_find_kind(a, IRQM_LOG_REMAPPING_FULL), t);
		irqm_text_add(t, "; then %s", again);
	} else if (full == 0) {
		irqm_text_add(t, "%c%s", toupper((unsigned char)*again),
			      again + 1);
	} else {
		irqm_remedy_say_room(a, driver, num_of(f, "devices") > 1, t);
		irqm_text_add(t, "; then %s", again);
	}
}

/* Where the log names a drive only by its number, nothing knows its address. */
static bool is_drive(const char *name)
{
	return strncmp(name, "nvme", 4) == 0 && name[4] &&
	       !name[4 + strspn(name + 4, "0123456789")];
}

static void say_probe(const struct irqm_analysis *a,
		      const struct irqm_finding *f, const char *name,
		      struct irqm_text *t)
{
	const struct irqm_datum *driver = irqm_find_datum(f, "first_driver");
	bool is_pci = irqm_is_pci_address(name);

	say_first_step(a, f,
		       is_drive(name) ? "nvme" :
		       driver         ? driver->string :
					NULL,
		       "probe again", t);
	irqm_text_add(t, ": ");
	if (is_pci || (strncmp(name, "virtio", 6) == 0 && is_plain(name))) {
		irqm_text_command(t, "echo %s > /sys/bus/%s/drivers_probe",
				  name, is_pci ? "pci" : "virtio");
	} else if (is_drive(name)) {
		irqm_text_command(t, "echo ADDRESS > "
				     "/sys/bus/pci/drivers_probe");
		irqm_text_add(t,
			      ". The log does not have the address of %s: it "
			      "is the drive without a driver in ",
			      name);
		irqm_text_command(t, "lspci -Dkd ::0108");
	} else {
		irqm_text_add(t, "bind %s to its driver", name);
	}
}

void irqm_remedy_probe_again(const struct irqm_analysis *a,
			     const struct irqm_finding *f, struct irqm_text *t)
{
	const struct irqm_datum *device = irqm_find_datum(f, "first_lacking");

	if (device && device->string)
		say_probe(a, f, device->string, t);
	else {
		irqm_text_add(t, "Free vectors do not help. The driver's own "
				 "messages before that line say what it "
				 "lacked: ");
		irqm_text_command(t, "irqmatrix --log " IRQM_COMMAND_DUMP);
	}
}

/* The device of that name, if it has interrupts. */
static const struct irqm_device *find_device(const struct irqm_analysis *a,
					     const char *name)
{
	unsigned int i;

	for (i = 0; name && i < a->snapshot->nr_devices; i++)
		if (a->snapshot->devices[i].name &&
		    strcmp(a->snapshot->devices[i].name, name) == 0)
			return &a->snapshot->devices[i];
	return NULL;
}

/* The device's network interface. */
static const char *net_of(const struct irqm_device *d)
{
	unsigned int i;

	for (i = 0; d && i < d->nr_consumers; i++)
		if (d->consumers[i].kind &&
		    strcmp(d->consumers[i].kind, "net") == 0 &&
		    is_plain(d->consumers[i].name))
			return d->consumers[i].name;
	return NULL;
}

/* ", if nothing uses it: echo 0000:5e:00.0 | tee .../{unbind,bind}" */
static void add_bind_again(const struct irqm_device *d, struct irqm_text *t)
{
	const char *driver = d ? d->driver : NULL;

	if (!d || !irqm_is_pci_address(d->name) || !is_plain(driver))
		return;
	irqm_text_add(t, ", if nothing uses it: ");
	irqm_text_command(t, IRQM_BIND_AGAIN, d->name, driver);
}

/* A virtio device with fewer vectors than it asked for. */
void irqm_remedy_bind_again(const struct irqm_analysis *a,
			    const struct irqm_finding *f, struct irqm_text *t)
{
	const struct irqm_datum *shared = irqm_find_datum(f, "first_shared");
	const struct irqm_datum *line = irqm_find_datum(f, "first_line");
	const char *name = shared && shared->string ? shared->string :
			   line                     ? line->string :
						      NULL;
	const struct irqm_device *d = find_device(a, name);
	struct irqm_bits full = irqm_full_cpus(a);

	if (irqm_bits_weight(&full)) {
		irqm_remedy_say_room(a, d ? irqm_device_driver(d) : NULL,
				     irqm_add(num_of(f, "shared"),
					      num_of(f, "lines")) > 1,
				     t);
		irqm_text_add(t, "; then bind again");
	} else {
		irqm_text_add(t, "Bind again");
	}
	if (is_plain(name)) {
		irqm_text_add(t, ", if nothing uses it: ");
		irqm_text_command(t, IRQM_BIND_AGAIN, name, "virtio-pci");
	}
}

/* Bring the interface up, bind the device again, or let it be probed. */
void irqm_remedy_request_again(const struct irqm_analysis *a,
			       const struct irqm_finding *f,
			       struct irqm_text *t)
{
	const struct irqm_datum *lacking = irqm_find_datum(f, "first_lacking");
	const char *name = lacking ? lacking->string : NULL;
	const struct irqm_device *d = find_device(a, name);
	const char *driver = d ? irqm_device_driver(d) : NULL;

	if (net_of(d)) {
		say_first_step(a, f, driver, "bring the interface up again", t);
		irqm_text_add(t, ": ");
		irqm_text_command(t, "ip link set %s up", net_of(d));
	} else if (d) {
		say_first_step(a, f, driver, "bind the device again", t);
		add_bind_again(d, t);
	} else if (name && irqm_is_pci_address(name)) {
		say_probe(a, f, name, t);
	} else {
		say_first_step(a, f, NULL, "load the driver again", t);
		if (is_plain(name)) {
			irqm_text_add(t, ", see ");
			irqm_text_command(t, "dmesg | grep -w %s", name);
		}
	}
}

static bool has_amd_tables(const struct irqm_snapshot *s)
{
	unsigned int i;

	for (i = 0; i < s->nr_irqs; i++)
		if (s->irqs[i].remap && s->irqs[i].remap->amd)
			return true;
	return false;
}

void irqm_remedy_fewer_entries(const struct irqm_analysis *a,
			       const struct irqm_finding *f,
			       struct irqm_text *t)
{
	const struct irqm_finding *table =
		irqm_find_kind(a, IRQM_REMAP_TABLE_FULL);
	const struct irqm_datum *first = irqm_find_datum(f, "first_device");
	const char *name = first ? first->string : NULL;

	/* the log names no device, but one has a table that is nearly full */
	if (!name && table) {
		irqm_remedy_fewer_interrupts(a, table, t);
		return;
	}
	/* AMD has a table for each device, also for each virtual function */
	if (has_amd_tables(a->snapshot)) {
		irqm_text_add(t,
			      "Give %s fewer queues, by a parameter of its "
			      "driver, or use a newer kernel: the table has "
			      "256 entries before 5.10, then 512, and 2048 if "
			      "a later kernel and the IOMMU can",
			      name && irqm_is_pci_address(name) ? name :
								  "the device");
		return;
	}
	irqm_text_add(t,
		      "Give the device fewer queues, by a parameter of its "
		      "driver, or fewer virtual functions: echo 0 > and then "
		      "echo N > /sys/bus/pci/devices/%s/sriov_numvfs, if no "
		      "guest uses them",
		      name && irqm_is_pci_address(name) ? name : "ADDRESS");
}

/* Intel's reasons for a message that is not what remapping expects. */
#define REASON_FORMAT 0x25

void irqm_remedy_send_again(const struct irqm_analysis *a,
			    const struct irqm_finding *f, struct irqm_text *t)
{
	const struct irqm_datum *first = irqm_find_datum(f, "first_device");
	const struct irqm_device *d =
		find_device(a, first ? first->string : NULL);
	const struct irqm_finding *bypassed =
		irqm_find_kind(a, IRQM_REMAPPING_BYPASSED);

	if (bypassed) {
		irqm_remedy_remap_again(a, bypassed, t);
		return;
	}
	if (num_of(f, "reason") == REASON_FORMAT) {
		irqm_text_add(t, "Ignore one fault at boot. If there are more, "
				 "or the device hangs, update kernel and "
				 "firmware; intremap=off is the last resort");
		return;
	}
	irqm_text_add(t, "Bind the device again, which writes its messages "
			 "again");
	add_bind_again(d, t);
}

void irqm_remedy_ask_hypervisor(const struct irqm_analysis *a,
				const struct irqm_finding *f,
				struct irqm_text *t)
{
	const struct irqm_datum *driver = irqm_find_datum(f, "first_driver");

	(void)a;
	irqm_text_add(t, "Give the devices fewer queues");
	if (driver && driver->string && strcmp(driver->string, "hv_pci") == 0)
		return;
	irqm_text_add(t, ", or boot Xen with a larger extra_guest_irqs=");
}

void irqm_remedy_examine_disabled(const struct irqm_analysis *a,
				  const struct irqm_finding *f,
				  struct irqm_text *t)
{
	irqm_num irq = num_of(f, "irq");

	(void)a;
	irqm_text_add(t, "Load the drivers of all devices on it, or boot with "
			 "irqpoll");
	if (irq != IRQM_UNKNOWN) {
		irqm_text_add(t, ". Its handlers");
		irqm_remedy_show_irq(t, irq);
	}
}

void irqm_remedy_read_trace(const struct irqm_analysis *a,
			    const struct irqm_finding *f, struct irqm_text *t)
{
	(void)a;
	(void)f;
	irqm_text_add(t, "Update the kernel, and read the call trace: ");
	irqm_text_command(t, "irqmatrix --log " IRQM_COMMAND_DUMP
			     " | grep -A 40 WARNING:");
}

void irqm_remedy_who_owns_irq(const struct irqm_analysis *a,
			      const struct irqm_finding *f, struct irqm_text *t)
{
	const struct irqm_datum *device = irqm_find_datum(f, "first_device");
	irqm_num irq = num_of(f, "irq");

	if (device && device->string &&
	    strncmp(device->string, "virtio", 6) == 0) {
		say_probe(a, f, device->string, t);
		return;
	}
	irqm_text_add(t, "Load the two drivers' devices on different "
			 "interrupts");
	if (irq != IRQM_UNKNOWN) {
		irqm_text_add(t, ". Its owner");
		irqm_remedy_show_irq(t, irq);
	}
}

/* Whether it is behind a VMD bridge: such segments begin at 0x10000. */
static bool is_behind_vmd(const char *name)
{
	return name && irqm_is_pci_address(name) && name[4] != ':';
}

void irqm_remedy_remap_again(const struct irqm_analysis *a,
			     const struct irqm_finding *f, struct irqm_text *t)
{
	const struct irqm_datum *first = irqm_find_datum(f, "first_device");
	irqm_num irq = IRQM_UNKNOWN;
	const struct irqm_datum *irqs = irqm_find_datum(f, "irqs");

	(void)a;
	if (first && is_behind_vmd(first->string))
		irqm_text_add(t, "Install a kernel with 886e67100b90 (5.19, or "
				 "stable), or switch VMD off in the firmware; "
				 "until then, boot with intremap=off (reboot)");
	else
		irqm_text_add(t, "Update kernel and firmware; until then, boot "
				 "with intremap=off (reboot)");
	if (irqs)
		irq = irqm_bits_next(&irqs->set, 0);
	if (irqs && irq < irqs->set.nbits) {
		irqm_text_add(t, ". Its message");
		irqm_remedy_show_irq(t, irq);
	}
}

/* For the device whose table is full, or for those of an Intel IOMMU. */
void irqm_remedy_fewer_interrupts(const struct irqm_analysis *a,
				  const struct irqm_finding *f,
				  struct irqm_text *t)
{
	const struct irqm_datum *first = irqm_find_datum(f, "first_device");
	const struct irqm_datum *iommu = irqm_find_datum(f, "iommu");
	const struct irqm_device *d =
		find_device(a, first ? first->string : NULL);

	if (!d || !iommu || strcmp(iommu->string, "amd") != 0) {
		irqm_text_add(t, "Give devices fewer queues: -d shows which "
				 "have most interrupts");
		return;
	}
	irqm_text_add(t, "Give %s fewer queues",
		      irqm_is_pci_address(d->name) ? d->name : "the device");
	if (is_plain(d->driver) && strcmp(d->driver, "virtio-pci") == 0)
		irqm_text_add(t, " in its hypervisor (QEMU: vectors= of the "
				 "device; restart the guest)");
	else if (net_of(d)) {
		irqm_text_add(t, ": ");
		irqm_text_command(t, "ethtool -L %s combined N", net_of(d));
	} else if (is_plain(d->driver)) {
		irqm_text_add(t, ", if its driver has a parameter for that: ");
		irqm_text_command(t, "modinfo -p %s", d->driver);
	}
	irqm_text_add(t, ", or install a newer kernel, whose table may be "
			 "larger");
}

void irqm_remedy_more_queues(const struct irqm_analysis *a,
			     const struct irqm_finding *f, struct irqm_text *t)
{
	const struct irqm_datum *first = irqm_find_datum(f, "first_device");
	const struct irqm_datum *full = irqm_find_datum(f, "full_cpus");

	if (full && irqm_bits_weight(&full->set)) {
		irqm_text_add(t, "Make room on ");
		irqm_text_cpus(t, &full->set);
		irqm_text_add(t, ", then bind the device again");
	} else {
		irqm_text_add(t, "Bind the device again");
	}
	add_bind_again(find_device(a, first ? first->string : NULL), t);
}
