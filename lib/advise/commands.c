/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Says what to do: a sentence, what to type, and what it costs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advise/internal.h"
#include "analysis/drivers.h"
#include "analysis/findings/finding.h"

struct description {
	struct search *s;
	const struct change *c;
	const struct target *t; /* NULL if no target changes */
	struct irqm_advice_part *a;
};

const char *irqm_advise_parameter(const char *driver)
{
	static const struct {
		const char *driver, *parameters;
	} all[] = {
#define PARAMETER(driver, parameters, source) { #driver, parameters },
#include "advise/parameters.def"
#undef PARAMETER
	};
	unsigned int i;

	for (i = 0; driver && i < ARRAY_SIZE(all); i++)
		if (irqm_driver_is(driver, all[i].driver))
			return all[i].parameters;
	return NULL;
}

static void add_command(struct description *d, struct irqm_text *t)
{
	if (d->a->nr_commands < IRQM_MAX_COMMANDS)
		d->a->commands[d->a->nr_commands++] =
			irqm_arena_strdup(d->s->out->arena, t->s);
}

#define command(d, ...)                                                        \
	do {                                                                   \
		struct irqm_text text_ = { 0 };                                \
                                                                               \
		irqm_text_add(&text_, __VA_ARGS__);                            \
		add_command(d, &text_);                                        \
	} while (0)

static void set_what(struct description *d, struct irqm_text *t)
{
	d->a->what = irqm_arena_strdup(d->s->out->arena, t->s);
}

#define what(d, ...)                                                           \
	do {                                                                   \
		struct irqm_text text_ = { 0 };                                \
                                                                               \
		irqm_text_add(&text_, __VA_ARGS__);                            \
		set_what(d, &text_);                                           \
	} while (0)

/* The last devices of the target, which are the ones that change. */
static const struct irqm_device *last_device(const struct description *d)
{
	const struct irqm_snapshot *s = d->s->s;
	unsigned int i;

	for (i = s->nr_devices; d->t->group && i--;)
		if (irqm_bits_test(&d->t->group->devices, i))
			return &s->devices[i];
	return NULL;
}

/* A consumer of this kind, such as "net"; NULL: none. */
static const char *consumer_of(const struct irqm_device *dev, const char *kind)
{
	unsigned int i;

	for (i = 0; dev && i < dev->nr_consumers; i++)
		if (dev->consumers[i].kind &&
		    strcmp(dev->consumers[i].kind, kind) == 0)
			return dev->consumers[i].name;
	return NULL;
}

/* Names go into commands, so only those without special characters. */
static const char *plain_name(const char *name, const char *otherwise)
{
	const char *all = "abcdefghijklmnopqrstuvwxyz"
			  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:-";

	return name && *name && !name[strspn(name, all)] ? name : otherwise;
}

/* Behind a command, which may be pasted with it. */
static const char *on_each(const struct description *d)
{
	return d->c->nr > 1 ? "  # on each" : "";
}

/* "20 of 176 virtio_blk devices", "all 3 ice devices" */
static void add_some(struct irqm_text *t, const struct description *d)
{
	unsigned int all =
		d->t->present + (d->c->present_first ? 0 : d->t->wanted);

	if (d->c->nr == all && all > 1)
		irqm_text_add(t, "all %u %s devices", all, d->t->step.driver);
	else if (all == 1)
		irqm_text_add(t, "the %s device", d->t->step.driver);
	else
		irqm_text_add(t, "%u of %u %s devices", d->c->nr, all,
			      d->t->step.driver);
}

static void add_new(struct irqm_text *t, const struct description *d)
{
	if (d->t->wanted == 1)
		irqm_text_add(t, "the new %s device", d->t->step.driver);
	else if (d->c->nr == d->t->wanted)
		irqm_text_add(t, "all %u new %s devices", d->t->wanted,
			      d->t->step.driver);
	else
		irqm_text_add(t, "%u of the %u new %s devices", d->c->nr,
			      d->t->wanted, d->t->step.driver);
}

static void commands_of_vectors(struct description *d)
{
	const char *queues = d->t->step.managed == 1 ? ",num-queues=2" : "";

	command(d, "QEMU: -device %s-pci,...%s,vectors=2",
		irqm_driver_is(d->t->step.driver, "virtio_blk") ? "virtio-blk" :
								  "virtio-...",
		queues);
	if (*queues)
		command(d, "libvirt: <driver ... queues='2'/>");
	command(d, "libvirt: <qemu:override><qemu:device alias='...'>"
		   "<qemu:frontend><qemu:property name='vectors' "
		   "type='unsigned' value='2'/></qemu:frontend>"
		   "</qemu:device></qemu:override>");
	d->a->cost = "All queues of such a device share one interrupt, on one "
		     "CPU.";
}

/* As the file wants it: "f,ffffffff". */
static void add_mask(struct irqm_text *t, const struct irqm_bits *cpus)
{
	unsigned int i = (cpus->nbits + 31) / 32;
	bool first = true;

	while (i--) {
		uint32_t word = (uint32_t)(cpus->words[i / 2] >> i % 2 * 32);

		if (first && !word && i)
			continue;
		irqm_text_add(t, first ? "%x" : ",%08x", word);
		first = false;
	}
}

static void describe_affinity(struct description *d)
{
	struct irqm_text t = { 0 };

	irqm_text_add(&t, d->c->reboot ? "Boot with all online CPUs, " :
					 "Let new interrupts go to all online "
					 "CPUs, ");
	irqm_text_cpus(&t, &d->s->a->online.yes);
	irqm_text_add(&t, d->c->reboot ? ", in the default affinity" :
					 ", before the devices are added");
	set_what(d, &t);
	if (!d->c->reboot) {
		t = (struct irqm_text){ 0 };
		irqm_text_add(&t, "echo ");
		add_mask(&t, &d->s->a->online.yes);
		irqm_text_add(&t, " > /proc/irq/default_smp_affinity");
		add_command(d, &t);
	}
	command(d, "kernel command line: remove irqaffinity=");
	d->a->cost = "Interrupts also run on CPUs that were kept free of them.";
}

/* Writes a cpulist that is to be typed. */
static void add_cpulist(struct irqm_text *t, const struct irqm_bits *cpus)
{
	char *list = irqm_bits_list(cpus);

	irqm_text_add(t, "%s", list && strlen(list) < 300 ? list : "CPUS");
	free(list);
}

static unsigned int irq_of_move(const struct description *d, unsigned int i)
{
	return d->s->s->irqs[d->s->moves.irqs[i]].irq;
}

static void command_moves(struct description *d, unsigned int from)
{
	unsigned int end =
		irqm_lesser_of(from + IRQM_MOVES_PER_COMMAND, d->c->moved);
	struct irqm_text t = { 0 };
	unsigned int i;

	irqm_text_add(&t, "for i in");
	for (i = from; i < end; i++)
		irqm_text_add(&t, " %u", irq_of_move(d, i));
	irqm_text_add(&t, "; do echo ");
	add_cpulist(&t, &d->s->moves.to);
	irqm_text_add(&t, " > /proc/irq/$i/smp_affinity_list; done");
	add_command(d, &t);
}

static void describe_move(struct description *d)
{
	struct irqm_text t = { 0 };
	unsigned int i;

	irqm_text_add(&t, "Move %u %s to ", d->c->moved,
		      irqm_plural(d->c->moved, "interrupt", "interrupts"));
	irqm_text_cpus(&t, &d->s->moves.to);
	irqm_text_add(&t, ", which %s room",
		      irqm_plural(irqm_bits_weight(&d->s->moves.to), "has",
				  "have"));
	set_what(d, &t);
	for (i = 0; i < d->c->moved; i += IRQM_MOVES_PER_COMMAND)
		command_moves(d, i);
	d->a->cost =
		"These CPUs do the work of the interrupts. Stop irqbalance "
		"first, or it may move them back.";
}

/* CPUs that a command names. */
#define SOME_CPUS 100

static void describe_online(struct description *d)
{
	const struct irqm_bits *present = &d->s->s->dump.present;
	unsigned int i, nr = d->c->online, absent = 0;
	struct irqm_text t = { 0 };

	what(d, "Bring %u more %s online", nr, irqm_plural(nr, "CPU", "CPUs"));
	for (i = 0; i < nr; i++)
		absent += !irqm_bits_test(present, d->s->offline[i]);
	if (absent) {
		command(d, "virsh setvcpus DOMAIN %u --live --config",
			irqm_bits_weight(present) + absent);
		command(d, "libvirt: <vcpu current='%u'>%u</vcpu>",
			irqm_bits_weight(present) + absent, d->s->s->nr_cpus);
	}
	irqm_text_add(&t, "for i in");
	for (i = 0; i < irqm_lesser_of(nr, SOME_CPUS); i++)
		irqm_text_add(&t, " %u", d->s->offline[i]);
	irqm_text_add(&t, nr > SOME_CPUS ? " ..." : "");
	irqm_text_add(&t, "; do echo 1 > /sys/devices/system/cpu/cpu$i/online; "
			  "done");
	add_command(d, &t);
	d->a->cost = "None, if the CPUs work and the workload may use them.";
}

static void describe_reboot(struct description *d)
{
	what(d, "Reboot, and change nothing else");
	d->a->cost = "The devices are set up anew.";
}

/* Adds parameters with a blank between them. before: in front of each. */
static void add_parameters(struct irqm_text *t, const char *before,
			   const char *all, unsigned int devices)
{
	const char *value = strchr(all, '=') + 1;

	irqm_text_add(t, " %s", before);
	for (; *all; all++) {
		if (*all == ' ')
			irqm_text_add(t, " %s", before);
		else if (*all != ',')
			irqm_text_add(t, "%c", *all);
	}
	while (all[-1] == ',' && --devices)
		irqm_text_add(t, ",%c", *value);
}

static void describe_parameter(struct description *d)
{
	const char *driver = plain_name(d->t->step.driver, "DRIVER");
	const char *all = irqm_advise_parameter(d->t->step.driver);
	struct irqm_text t = { 0 };
	char before[80];

	irqm_text_add(&t, "Turn MSI off for ");
	add_some(&t, d);
	irqm_text_add(&t, " by their driver's parameter");
	set_what(d, &t);
	snprintf(before, sizeof(before), "%s.", driver);
	t = (struct irqm_text){ 0 };
	irqm_text_add(&t, "kernel command line:");
	add_parameters(&t, before, all, d->c->nr);
	add_command(d, &t);
	t = (struct irqm_text){ 0 };
	irqm_text_add(&t, "/etc/modprobe.d/%s.conf: options %s", driver,
		      driver);
	add_parameters(&t, "", all, d->c->nr);
	add_command(d, &t);
	d->a->cost =
		"Such a device uses INTx: one interrupt, often shared with "
		"others.";
}

static void describe_nr_cpus(struct description *d)
{
	unsigned int nr = d->c->boot;

	what(d, "Boot with %u %s, not %u", nr, irqm_plural(nr, "CPU", "CPUs"),
	     d->s->s->nr_cpus);
	command(d, "kernel command line: nr_cpus=%u", nr);
	if (nr >= irqm_bits_weight(&d->s->s->dump.present)) {
		command(d, "kernel command line: possible_cpus=%u", nr);
		d->a->cost = "CPUs that are not plugged in cannot be added.";
	} else {
		d->a->cost = "The other CPUs are not used at all.";
	}
}

static void describe_ethtool(struct description *d)
{
	const char *name = consumer_of(last_device(d), "net");
	struct irqm_text t = { 0 };

	irqm_text_add(&t, "Give ");
	add_some(&t, d);
	irqm_text_add(&t, " %u %s each, not %u", d->c->amount,
		      irqm_plural(d->c->amount, "queue", "queues"),
		      (d->t->step.pre - d->t->step.known->pre) /
			      d->t->step.known->per_queue);
	set_what(d, &t);
	command(d, "ethtool -L %s combined %u%s", plain_name(name, "IFACE"),
		d->c->amount, on_each(d));
	d->a->cost = "The card spreads its traffic over fewer CPUs, and its "
		     "link is down for a moment.";
}

static void describe_new_vectors(struct description *d)
{
	struct irqm_text t = { 0 };

	irqm_text_add(&t, "Plug in ");
	add_new(&t, d);
	irqm_text_add(&t, " with vectors=2");
	set_what(d, &t);
	commands_of_vectors(d);
}

static void describe_vectors(struct description *d)
{
	struct irqm_text t = { 0 };

	irqm_text_add(&t, "Give ");
	add_some(&t, d);
	irqm_text_add(&t, " two vectors (vectors=2) and restart the guest");
	set_what(d, &t);
	commands_of_vectors(d);
}

static void describe_vfs(struct description *d)
{
	unsigned int all = d->t->present + d->t->wanted;

	what(d, "Have %u %s fewer: %u, not %u", d->c->nr,
	     irqm_plural(d->c->nr, "VF", "VFs"), all - d->c->nr, all);
	command(d, "echo 0 > /sys/bus/pci/devices/PF/sriov_numvfs; echo N > "
		   "/sys/bus/pci/devices/PF/sriov_numvfs");
	d->a->cost = "As many guests or containers have no VF.";
}

static void describe_unplug(struct description *d)
{
	const struct irqm_device *dev = last_device(d);
	struct irqm_text t = { 0 };

	if (!d->t->present) {
		irqm_text_add(&t, "Add %u %s fewer: %u, not %u", d->c->nr,
			      d->t->step.driver, d->t->wanted - d->c->nr,
			      d->t->wanted);
		set_what(d, &t);
		return;
	}
	irqm_text_add(&t, "Remove ");
	add_some(&t, d);
	set_what(d, &t);
	command(d, "echo 1 > /sys/bus/pci/devices/%s/remove%s",
		plain_name(dev ? dev->name : NULL, "ADDRESS"), on_each(d));
	d->a->undo = "echo 1 > /sys/bus/pci/rescan";
	d->a->cost = "These devices are gone: unmount or stop what uses them "
		     "first, and choose those that are not needed.";
}

static void describe_msi_off(struct description *d)
{
	const struct irqm_device *dev = last_device(d);
	const char *name = plain_name(dev ? dev->name : NULL, "ADDRESS");
	const char *driver = plain_name(dev ? dev->driver : NULL, "DRIVER");
	struct irqm_text t = { 0 };

	irqm_text_add(&t, "Turn MSI off for ");
	add_some(&t, d);
	set_what(d, &t);
	command(d, "echo 0 > /sys/bus/pci/devices/%s/msi_bus%s", name,
		on_each(d));
	command(d, IRQM_BIND_AGAIN "%s", name, driver, on_each(d));
	d->a->cost =
		"Such a device uses INTx: one interrupt, often shared with "
		"others; some functions have no INTx. Stop what uses the "
		"device first.";
}

static void describe_write_queues(struct description *d)
{
	what(d, "Turn off separate queues for writing in all NVMe drives");
	command(d, "kernel command line: nvme.write_queues=0");
	command(d, "/etc/modprobe.d/nvme.conf: options nvme write_queues=0");
	d->a->cost = "Reads and writes share the queues.";
}

static void describe_ports(struct description *d)
{
	what(d, "Turn off the services of the %u PCIe ports", d->c->nr);
	command(d, "kernel command line: pcie_ports=compat");
	d->a->cost =
		"No PCIe hot-plug, no AER, DPC and PME through them. For a "
		"crash kernel, only on its own command line.";
}

static void describe_unmanaged(struct description *d)
{
	bool mega = irqm_driver_is(d->t->step.driver, "megaraid_sas");
	const char *vectors = mega ? "msix_vectors" : "max_msix_vectors";
	const char *driver = d->t->step.driver;
	struct irqm_text t = { 0 };

	irqm_text_add(&t, "Give ");
	add_some(&t, d);
	irqm_text_add(&t, " %u %s that %s not managed", d->c->amount,
		      irqm_plural(d->c->amount, "vector", "vectors"),
		      irqm_plural(d->c->amount, "is", "are"));
	set_what(d, &t);
	command(d, "kernel command line: %s.smp_affinity_enable=0 %s.%s=%u",
		driver, driver, vectors, d->c->amount);
	command(d,
		"/etc/modprobe.d/%s.conf: options %s smp_affinity_enable=0 "
		"%s=%u",
		driver, driver, vectors, d->c->amount);
	d->a->cost = "Queues share vectors, and irqbalance may move them.";
}

static void describe_queues(struct description *d)
{
	struct irqm_text t = { 0 };

	irqm_text_add(&t, "Give ");
	add_some(&t, d);
	irqm_text_add(&t, " %u %s each", d->c->amount,
		      irqm_plural(d->c->amount, "queue pair", "queue pairs"));
	set_what(d, &t);
	command(d, "libvirt: <driver name='vhost' queues='%u'/>", d->c->amount);
	command(d,
		"QEMU: -netdev ...,queues=%u -device virtio-net-pci,mq=on,"
		"vectors=%u",
		d->c->amount, 2 * d->c->amount + 2);
	d->a->cost = "The card spreads its traffic over fewer CPUs.";
}

static void describe_scsi(struct description *d)
{
	struct irqm_text t = { 0 };

	irqm_text_add(&t, "Put ");
	add_some(&t, d);
	irqm_text_add(&t, " behind one virtio-scsi controller with %u %s",
		      d->c->extra.managed,
		      irqm_plural(d->c->extra.managed, "queue", "queues"));
	set_what(d, &t);
	command(d,
		"libvirt: <controller type='scsi' model='virtio-scsi'>"
		"<driver queues='%u'/></controller>",
		d->c->extra.managed);
	command(d, "libvirt: <target dev='sdX' bus='scsi'/>");
	d->a->cost = "Each of these disks gets that target, changes its name "
		     "(vdX to sdX), and shares the controller's queues.";
}

static void describe_kernel(struct description *d)
{
	struct irqm_text t = { 0 };

	irqm_text_add(&t, "Run Linux 6.8 or newer, where ");
	add_some(&t, d);
	irqm_text_add(&t, " %s 1 vector",
		      irqm_plural(d->c->nr, "takes", "take"));
	set_what(d, &t);
	d->a->cost = "Another kernel.";
}

static void describe_no_msi(struct description *d)
{
	what(d, "As the last resort, turn MSI off for the whole machine");
	command(d, "kernel command line: pci=nomsi");
	d->a->cost = "All devices share the few INTx lines. VFs and devices "
		     "without INTx do not work at all. No plan confirms that "
		     "the rest does.";
}

bool irqm_advise_describe(struct search *s, const struct change *c,
			  struct irqm_advice_part *ret)
{
	static void (*const describe[IRQM_NR_KNOBS])(struct description * d) = {
		[IRQM_KNOB_AFFINITY] = describe_affinity,
		[IRQM_KNOB_MOVE] = describe_move,
		[IRQM_KNOB_ONLINE] = describe_online,
		[IRQM_KNOB_ETHTOOL] = describe_ethtool,
		[IRQM_KNOB_NEW_VECTORS] = describe_new_vectors,
		[IRQM_KNOB_VFS] = describe_vfs,
		[IRQM_KNOB_MSI_OFF] = describe_msi_off,
		[IRQM_KNOB_UNPLUG] = describe_unplug,
		[IRQM_KNOB_REBOOT] = describe_reboot,
		[IRQM_KNOB_WRITE_QUEUES] = describe_write_queues,
		[IRQM_KNOB_PORTS] = describe_ports,
		[IRQM_KNOB_UNMANAGED] = describe_unmanaged,
		[IRQM_KNOB_QUEUES] = describe_queues,
		[IRQM_KNOB_VECTORS] = describe_vectors,
		[IRQM_KNOB_SCSI] = describe_scsi,
		[IRQM_KNOB_PARAMETER] = describe_parameter,
		[IRQM_KNOB_KERNEL] = describe_kernel,
		[IRQM_KNOB_NR_CPUS] = describe_nr_cpus,
		[IRQM_KNOB_NO_MSI] = describe_no_msi,
	};
	struct description d = {
		.s = s,
		.c = c,
		.t = c->target == NO_TARGET ? NULL : &s->targets[c->target],
		.a = ret,
	};

	describe[c->knob](&d);
	return ret->what && !irqm_arena_exhausted(s->out->arena);
}
