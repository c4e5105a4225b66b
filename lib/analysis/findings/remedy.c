/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What to do about a warning or critical finding: one sentence, with the names
 * of this machine and, where there is one, the command to type.
 */
#include "analysis/drivers.h"
#include "analysis/findings/remedy.h"
#include "analysis/findings/findings.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The first of a set, or IRQM_UNKNOWN. */
static irqm_num first_of(const struct irqm_finding *f, const char *key)
{
	const struct irqm_datum *d = irqm_find_datum(f, key);
	unsigned int n = d ? irqm_bits_next(&d->set, 0) : 0;

	return d && n < d->set.nbits ? (irqm_num)n : IRQM_UNKNOWN;
}

/* Half of the vectors that a CPU has. */
#define BOUND_MIN 100

/* A longer list of CPUs is no command to type. */
#define LIST_MAX 200

/* "0-3,5", to free(); NULL if it is empty, too long, or memory is. */
static char *list_of(const struct irqm_bits *set)
{
	char *list = irqm_bits_list(set);

	if (list && *list && strlen(list) <= LIST_MAX)
		return list;
	free(list);
	return NULL;
}

/* ": echo 0-3 > /proc/irq/24/smp_affinity_list", if both are known. */
static void add_echo_affinity(struct irqm_text *t, const struct irqm_bits *cpus,
			      irqm_num irq)
{
	char *list = list_of(cpus);

	if (list && irq != IRQM_UNKNOWN) {
		irqm_text_add(t, ": ");
		irqm_text_command(t,
				  "echo %s > /proc/irq/%" PRId64
				  "/smp_affinity_list",
				  list, irq);
	}
	free(list);
}

/* The first consumer of kind "net" of the driver's devices. */
static const char *interface_of(const struct irqm_analysis *a,
				const char *driver)
{
	const struct irqm_accounting *acc = &a->accounting;
	unsigned int i, k;

	for (i = 0; i < acc->nr_devices; i++) {
		const struct irqm_device *d =
			&a->snapshot->devices[acc->devices[i].device];
		const char *name = irqm_device_driver(d);

		if (!name || strcmp(name, driver) != 0)
			continue;
		for (k = 0; k < d->nr_consumers; k++)
			if (d->consumers[k].kind &&
			    strcmp(d->consumers[k].kind, "net") == 0 &&
			    is_plain(d->consumers[k].name))
				return d->consumers[k].name;
	}
	return NULL;
}

static const struct irqm_driver_cost *driver_of(const struct irqm_analysis *a,
						const char *name)
{
	unsigned int i;

	for (i = 0; name && i < a->accounting.nr_drivers; i++)
		if (a->accounting.drivers[i].driver &&
		    strcmp(a->accounting.drivers[i].driver, name) == 0)
			return &a->accounting.drivers[i];
	return NULL;
}

static void add_ethtool(const struct irqm_analysis *a, const char *driver,
			struct irqm_text *t)
{
	const char *interface = interface_of(a, driver);

	irqm_text_add(t, "Give the %s devices fewer queues", driver);
	if (!interface)
		return;
	irqm_text_add(t, ": ");
	irqm_text_command(t, "ethtool -L %s combined N", interface);
	irqm_text_add(t, ", or rx N tx N (ethtool -l shows which; traffic may "
			 "stop for a moment)");
}

/* What makes a driver take fewer vectors, after "Remove devices". */
static void add_fewer(const struct irqm_driver *d, bool managed,
		      struct irqm_text *t)
{
	switch (d ? d->fewer : IRQM_FEWER_DEVICES) {
	case IRQM_FEWER_VIRTIO:
		if (!managed)
			irqm_text_add(t, ", or give each fewer: vectors= of "
					 "the device in QEMU");
		else if (irqm_driver_is(d->name, "virtio_blk"))
			/* one queue would still get a managed vector */
			irqm_text_add(t, ", or give each num-queues=2,"
					 "vectors=2 (QEMU: -device "
					 "virtio-blk-pci; restart the guest), "
					 "which costs 2");
		else
			irqm_text_add(t, ", or give each vectors=2 in QEMU "
					 "(restart the guest), which costs 2");
		break;
	case IRQM_FEWER_UNMANAGED:
		irqm_text_add(t,
			      ", or boot with %s.smp_affinity_enable=0 and "
			      "%s.%s=N, so that each takes N",
			      d->name, d->name,
			      irqm_driver_is(d->name, "mpt3sas") ?
				      "max_msix_vectors" :
				      "msix_vectors");
		break;
	default:
		if (managed)
			irqm_text_add(t, "; fewer queues do not help");
	}
}

/*
 * A managed interrupt costs a vector on each CPU of its mask, and the masks of
 * all queues cover all CPUs: fewer devices help. Of others fewer queues do, if
 * the driver can be told.
 */
static void add_room(const struct irqm_analysis *a, const char *driver,
		     struct irqm_text *t)
{
	const struct irqm_driver_cost *d = driver_of(a, driver);
	const struct irqm_cost *most = driver ? irqm_most_expensive(a, driver) :
						NULL;
	const struct irqm_driver *known = irqm_driver_find(driver);
	bool managed;

	if (!d || d->sum.cost == IRQM_UNKNOWN || d->devices <= 0 ||
	    d->sum.managed_reserved == IRQM_UNKNOWN || !is_plain(driver) ||
	    !most || most->cost == IRQM_UNKNOWN) {
		irqm_text_add(t, "Make room: -d shows what each device costs");
		return;
	}
	managed = 2 * d->sum.managed_reserved >= d->sum.cost;
	if (!managed && known && known->fewer == IRQM_FEWER_PORTS) {
		irqm_text_add(t, "Boot with pcie_ports=compat (a crash kernel: "
				 "on its own command line): then PCIe ports "
				 "take no vectors, and PCIe hotplug, AER and "
				 "PME do not work");
		return;
	}
	if (!managed && known && known->fewer == IRQM_FEWER_VFS) {
		irqm_text_add(t, "Create fewer VFs (%" PRId64 " %s each): ",
			      most->cost,
			      irqm_plural(most->cost, "vector", "vectors"));
		irqm_text_command(t, "echo N > "
				     "/sys/bus/pci/devices/PF/sriov_numvfs");
		return;
	}
	if (!managed && (!known || known->fewer == IRQM_FEWER_ETHTOOL)) {
		add_ethtool(a, driver, t);
		return;
	}
	irqm_text_add(t, "Remove %s devices (%s%" PRId64 " %s each)", driver,
		      most->cost * d->devices == d->sum.cost ? "" : "up to ",
		      most->cost, irqm_plural(most->cost, "vector", "vectors"));
	add_fewer(known, managed, t);
}

/* Whether the CPUs without vectors are those of the default affinity, which
 * leaves others out. */
static bool is_default_affinity(const struct irqm_analysis *a,
				const struct irqm_finding *f)
{
	const struct irqm_bits *mask = &a->snapshot->dump.default_affinity;
	const struct irqm_datum *full = irqm_find_datum(f, "cpus");
	unsigned int here = irqm_bits_weight_and(mask, &a->online.yes);

	return full && here && here < irqm_bits_weight(&a->online.yes) &&
	       irqm_bits_weight_and(mask, &full->set) == here;
}

/* A mask as /proc/irq/default_smp_affinity takes it. */
static struct irqm_text mask_of(const struct irqm_bits *cpus)
{
	unsigned int group = (cpus->nbits + 31) / 32, cpu;
	struct irqm_text t = { 0 };
	uint32_t word;

	while (group-- > 0) {
		word = 0;
		for (cpu = 0; cpu < 32; cpu++)
			if (irqm_bits_test(cpus, group * 32 + cpu))
				word |= 1U << cpu;
		if (!t.used && !word && group)
			continue;
		irqm_text_add(&t, t.used ? ",%08x" : "%x", word);
	}
	return t;
}

/*
 * The devices' interrupts that are on these full CPUs, and may be on no other;
 * those of one driver, if any.
 */
static unsigned int count_bound(const struct irqm_analysis *a,
				const char *driver,
				const struct irqm_bits *full, irqm_num *ret_irq)
{
	const struct irqm_snapshot *s = a->snapshot;
	unsigned int i, nr = 0;

	for (i = 0; i < s->nr_irqs; i++) {
		const struct irqm_irq *irq = &s->irqs[i];
		const char *name =
			irq->device < 0 ?
				NULL :
				irqm_device_driver(&s->devices[irq->device]);

		if (irq->device < 0 || irq->managed != 0 || !irq->apic ||
		    (driver && (!name || strcmp(name, driver) != 0)) ||
		    !irq->apic->vector ||
		    !irqm_bits_test(full, irq->apic->cpu) ||
		    !irqm_bits_known(&irq->affinity) ||
		    irqm_bits_weight_and(&irq->affinity, full) !=
			    irqm_bits_weight(&irq->affinity))
			continue;
		if (!nr++)
			*ret_irq = irq->irq;
	}
	return nr;
}

/* The online CPUs that are not in the set; unknown if out of memory. */
static struct irqm_bits other_cpus(const struct irqm_analysis *a,
				   const struct irqm_bits *set)
{
	struct irqm_bits others = irqm_cpu_set(a);
	unsigned int cpu;

	irqm_bits_for_each(cpu, &a->online.yes)
		if (!irqm_bits_test(set, cpu))
			irqm_bits_set(&others, cpu);
	return others;
}

/*
 * Whether other CPUs have room, and what fills these is only bound to them. The
 * new affinity must leave them out: an interrupt stays where it is as long as
 * its affinity allows that, see assign_vector_locked().
 */
static bool spread_bound(const struct irqm_analysis *a,
			 const struct irqm_bits *full, const char *driver,
			 struct irqm_text *t)
{
	struct irqm_bits others = other_cpus(a, full);
	irqm_num irq = IRQM_UNKNOWN;
	unsigned int nr;

	if (!driver || !irqm_bits_weight(&others))
		return false;
	nr = count_bound(a, driver, full, &irq);
	/* less than half of what a CPU has is not what fills them */
	if (nr < BOUND_MIN * irqm_bits_weight(full))
		return false;
	irqm_text_add(t,
		      "Move as many of the %u interrupts of %s that are bound "
		      "to ",
		      nr, is_plain(driver) ? driver : "the driver");
	irqm_text_cpus(t, full);
	irqm_text_add(t, " as vectors are needed there");
	add_echo_affinity(t, &others, irq);
	return true;
}

static void widen_default(const struct irqm_analysis *a,
			  const struct irqm_bits *full, struct irqm_text *t)
{
	struct irqm_bits others = other_cpus(a, full);
	irqm_num irq = IRQM_UNKNOWN;
	unsigned int nr = count_bound(a, NULL, full, &irq);
	struct irqm_text mask;

	irqm_text_add(t, "Widen the default affinity, and irqaffinity= if it "
			 "is on the command line: ");
	mask = mask_of(&a->online.yes);
	irqm_text_command(t, "echo %s > /proc/irq/default_smp_affinity",
			  mask.s);
	if (!nr)
		return;
	irqm_text_add(t,
		      "; then move as many of the %u device interrupts from "
		      "there as vectors are needed",
		      nr);
	add_echo_affinity(t, &others, irq);
}

static void make_room(const struct irqm_analysis *a,
		      const struct irqm_finding *f, struct irqm_text *t)
{
	const struct irqm_datum *full = irqm_find_datum(f, "cpus");
	const struct irqm_datum *driver = irqm_find_datum(f, "holder");

	if (!driver || !driver->string)
		driver = irqm_find_datum(f, "driver");
	if (full && is_default_affinity(a, f)) {
		widen_default(a, &full->set, t);
		return;
	}
	if (full &&
	    spread_bound(a, &full->set, driver ? driver->string : NULL, t))
		return;
	add_room(a, driver ? driver->string : NULL, t);
	if (a->snapshot->nr_cpus == 1)
		irqm_text_add(t,
			      "; or boot with more CPUs, which have %" PRId64
			      " vectors each: nr_cpus=2",
			      a->totals.each);
}

/* For devices that failed, a search over plans finds how much is enough. */
static void make_room_or_ask(const struct irqm_analysis *a,
			     const struct irqm_finding *f, struct irqm_text *t)
{
	make_room(a, f, t);
	if (a->nr_failed) {
		irqm_text_add(t, "; what is enough (in crash: irqplan -A): ");
		irqm_text_command(t, "irqmatrix advise " IRQM_COMMAND_DUMP);
	}
}

/* The driver that holds most vectors where the next device lacks them. */
static const char *holder_of(const struct irqm_analysis *a, irqm_num cpu)
{
	struct irqm_bits cpus = irqm_cpu_set(a);
	struct irqm_accounting acc;

	if (cpu == IRQM_UNKNOWN)
		return a->accounting.nr_drivers ?
			       a->accounting.drivers[0].driver :
			       NULL;
	irqm_bits_set(&cpus, cpu);
	return irqm_account_cpus(a, a->arena, &cpus, &acc) && acc.nr_drivers ?
		       acc.drivers[0].driver :
		       NULL;
}

/* The finding's driver is the one whose devices do not fit. */
static void make_room_for(const struct irqm_analysis *a,
			  const struct irqm_finding *f, struct irqm_text *t)
{
	const struct irqm_finding *full =
		irqm_find_kind(a, IRQM_VECTORS_EXHAUSTED);

	if (full)
		make_room(a, full, t);
	else
		add_room(a, holder_of(a, num_of(f, "limit_cpu")), t);
}

/* What one more device of the driver costs. */
static irqm_num needed_by(const struct irqm_analysis *a, const char *driver,
			  bool *ret_everywhere)
{
	const struct irqm_cost *most =
		driver && *driver ? irqm_most_expensive(a, driver) : NULL;

	*ret_everywhere = false;
	if (!most || most->cost == IRQM_UNKNOWN || most->cost <= 0)
		return IRQM_UNKNOWN;
	*ret_everywhere = most->managed_reserved ==
				  irqm_bits_weight(&a->online.yes) &&
			  most->managed_reserved > 1;
	return most->cost;
}

void irqm_remedy_say_room(const struct irqm_analysis *a, const char *driver,
			  bool several, struct irqm_text *t)
{
	bool everywhere;
	irqm_num needed = needed_by(a, driver, &everywhere);
	struct irqm_bits full = irqm_full_cpus(a);

	if (needed == IRQM_UNKNOWN) {
		irqm_text_add(t, "Free vectors");
		if (irqm_bits_weight(&full)) {
			irqm_text_add(t, " on ");
			irqm_text_cpus(t, &full);
		}
		irqm_text_add(t, ", as many as the device asks for");
		return;
	}
	irqm_text_add(t, "Free %" PRId64 " %s%s%s", needed,
		      irqm_plural(needed, "vector", "vectors"),
		      several ? " for each" : "",
		      everywhere ? ", one of them on every CPU" : "");
}

/*
 * "Bring CPU 1 online, which has 60 vectors free: echo 1 > .../online, or "; the
 * CPUs that are online lack that many.
 */
static void add_offline_cpu(const struct irqm_analysis *a, irqm_num lacking,
			    struct irqm_text *t)
{
	const struct irqm_snapshot *s = a->snapshot;
	unsigned int i;

	for (i = 0; i < s->nr_cpus && lacking != IRQM_UNKNOWN; i++) {
		const struct irqm_cpu *cpu = &s->cpus[i];

		if (cpu->online != 0 || cpu->available < lacking ||
		    !irqm_bits_test(&s->dump.present, cpu->cpu))
			continue;
		irqm_text_add(t,
			      "Bring CPU %u online, which has %" PRId64
			      " vectors free: ",
			      cpu->cpu, cpu->available);
		irqm_text_command(t,
				  "echo 1 > "
				  "/sys/devices/system/cpu/cpu%u/online",
				  cpu->cpu);
		irqm_text_add(t, "; or ");
		return;
	}
}

static void free_vectors_elsewhere(const struct irqm_analysis *a,
				   const struct irqm_finding *f,
				   struct irqm_text *t)
{
	irqm_num cpu = num_of(f, "first_cpu");
	irqm_num lacking =
		irqm_sub(num_of(f, "vectors"), num_of(f, "available"));
	struct irqm_bits this = irqm_cpu_set(a), others;
	size_t begin;

	if (irqm_underflowed(num_of(f, "vectors"))) {
		irqm_text_add(t, "Install a kernel with the fix, or reboot "
				 "before taking the CPU offline");
		return;
	}
	if (cpu == IRQM_UNKNOWN)
		cpu = num_of(f, "cpu");
	if (cpu != IRQM_UNKNOWN)
		irqm_bits_set(&this, cpu);
	others = other_cpus(a, &this);
	add_offline_cpu(a, lacking, t);
	irqm_text_add(t, t->used ? "free " : "Free ");
	if (lacking != IRQM_UNKNOWN && lacking > 0)
		irqm_text_add(t, "%" PRId64 " ", lacking);
	irqm_text_add(t, "%s on ", irqm_plural(lacking, "vector", "vectors"));
	irqm_text_cpus(t, &others);
	begin = t->used;
	irqm_text_add(t, ", where ");
	if (!irqm_text_holder(a, &others, t)) {
		t->used = begin;
		t->s[begin] = '\0';
	}
}

static void update_for_leak(const struct irqm_analysis *a,
			    const struct irqm_finding *f, struct irqm_text *t)
{
	(void)a;
	(void)f;
	irqm_text_add(t, "Install a kernel with a6c11c0a5235 (6.10, or stable "
			 "from 5.4 on) and reboot");
}

static void examine_irq(const struct irqm_analysis *a,
			const struct irqm_finding *f, struct irqm_text *t)
{
	irqm_num irq = first_of(f, "missing_irqs");

	(void)a;
	if (irq == IRQM_UNKNOWN)
		irq = first_of(f, "stale_irqs");
	irqm_text_add(t, "Report the kernel and this dump");
	if (irq == IRQM_UNKNOWN)
		return;
	irqm_text_add(t, "; the interrupt's side of it");
	irqm_remedy_show_irq(t, irq);
}

static void program_again(const struct irqm_analysis *a,
			  const struct irqm_finding *f, struct irqm_text *t)
{
	irqm_num n = first_of(f, "irqs");
	const struct irqm_irq *irq = irq_of(a, n);

	irqm_text_add(t, "Write the affinity, which programs the hardware "
			 "again");
	if (irq)
		add_echo_affinity(t, &irq->affinity, n);
}

/* Whether an online CPU of the affinity has a free vector, for certain. */
static bool has_room(const struct irqm_analysis *a, const struct irqm_irq *irq)
{
	const struct irqm_snapshot *s = a->snapshot;
	unsigned int i;

	for (i = 0; i < s->nr_cpus; i++)
		if (s->cpus[i].online == 1 && s->cpus[i].available > 0 &&
		    irqm_bits_test(&irq->affinity, s->cpus[i].cpu))
			return true;
	return false;
}

/* "Free 10 vectors on CPU 3; then write the affinity again" */
static void add_lacking(const struct irqm_analysis *a,
			const struct irqm_finding *broken, struct irqm_text *t)
{
	const struct irqm_datum *irqs =
		broken ? irqm_find_datum(broken, "irqs") : NULL;
	struct irqm_bits cpus = irqm_cpu_set(a);
	unsigned int n, cpu, nr = 0;

	irqm_bits_for_each(n, irqs ? &irqs->set : &(struct irqm_bits){ 0 }) {
		const struct irqm_irq *irq = irq_of(a, n);

		if (!irq || has_room(a, irq))
			continue;
		nr++;
		irqm_bits_for_each(cpu, &irq->affinity)
			if (irqm_bits_test(&a->online.yes, cpu))
				irqm_bits_set(&cpus, cpu);
	}
	if (nr) {
		irqm_text_add(t, "Free %u %s on ", nr,
			      irqm_plural(nr, "vector", "vectors"));
		irqm_text_cpus(t, &cpus);
	} else {
		irqm_text_add(t, "Free vectors on the CPUs of the affinity");
	}
	if (irqm_find_kind(a, IRQM_VECTORS_EXHAUSTED))
		irqm_text_add(t, " (see vectors-exhausted)");
	irqm_text_add(t, "; then write the affinity again");
}

/* "; IRQ 230 can return at once: echo 3 > /proc/irq/230/smp_affinity_list" */
static void add_roomy(const struct irqm_analysis *a,
		      const struct irqm_finding *broken, struct irqm_text *t)
{
	const struct irqm_datum *irqs =
		broken ? irqm_find_datum(broken, "irqs") : NULL;
	unsigned int n;

	irqm_bits_for_each(n, irqs ? &irqs->set : &(struct irqm_bits){ 0 }) {
		const struct irqm_irq *irq = irq_of(a, n);

		if (!irq || !has_room(a, irq))
			continue;
		irqm_text_add(t, "; IRQ %u can return at once", n);
		add_echo_affinity(t, &irq->affinity, n);
		return;
	}
}

/*
 * An affinity that has room again can be written again; one that has not must
 * be widened. What the log says is about interrupts that affinity-broken has.
 */
static void affinity_again(const struct irqm_analysis *a,
			   const struct irqm_finding *f, struct irqm_text *t)
{
	const struct irqm_finding *broken =
		irqm_find_kind(a, IRQM_AFFINITY_BROKEN);
	irqm_num n = broken ? first_of(broken, "irqs") : IRQM_UNKNOWN;
	const struct irqm_irq *irq = irq_of(a, n);

	(void)f;
	if (irq && has_room(a, irq)) {
		irqm_text_add(t, "Write the affinity again");
		add_echo_affinity(t, &irq->affinity, n);
		return;
	}
	add_lacking(a, broken, t);
	if (irq)
		add_echo_affinity(t, &irq->affinity, n);
	add_roomy(a, broken, t);
}

static void online_affinity(const struct irqm_analysis *a,
			    const struct irqm_finding *f, struct irqm_text *t)
{
	static const char *const keys[] = { "dead_irqs", "lost_irqs" };
	irqm_num irq = num_of(f, "irq");
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys) && irq == IRQM_UNKNOWN; i++)
		irq = first_of(f, keys[i]);
	irqm_text_add(t, "Give it CPUs that are online and have free vectors");
	add_echo_affinity(t, &a->online.yes, irq);
}

/* An interrupt that was lost while it moved, or those of a device. */
static void move_again(const struct irqm_analysis *a,
		       const struct irqm_finding *f, struct irqm_text *t)
{
	irqm_num n = num_of(f, "irq");
	const struct irqm_irq *irq = irq_of(a, n);

	irqm_text_add(t, "Write the affinity of the interrupt again");
	if (irq)
		add_echo_affinity(t, &irq->affinity, n);
	else
		irqm_text_add(t, "; irqaff shows which are the device's");
}

/* An online CPU of the interrupt's affinity, offline and online again. */
static void cycle_cpu(const struct irqm_analysis *a,
		      const struct irqm_finding *f, struct irqm_text *t)
{
	irqm_num n = first_of(f, "stuck_irqs");
	const struct irqm_irq *irq;
	unsigned int cpu;

	if (n == IRQM_UNKNOWN)
		n = num_of(f, "irq");
	irq = irq_of(a, n);
	irqm_text_add(t, "Take a CPU of its affinity offline and online again");
	if (!irq)
		return;
	irqm_bits_for_each(cpu, &irq->affinity) {
		if (!cpu || !irqm_bits_test(&a->online.yes, cpu))
			continue;
		irqm_text_add(t, ": ");
		irqm_text_command(t,
				  "for n in 0 1; do echo $n > "
				  "/sys/devices/system/cpu/cpu%u/online; done",
				  cpu);
		return;
	}
}

static void fewer_possible_cpus(const struct irqm_analysis *a,
				const struct irqm_finding *f,
				struct irqm_text *t)
{
	(void)f;
	irqm_text_add(t, "Boot with possible_cpus=%u",
		      irqm_bits_weight(&a->snapshot->dump.present));
}

static void compare_messages(const struct irqm_analysis *a,
			     const struct irqm_finding *f, struct irqm_text *t)
{
	irqm_num cpu = num_of(f, "cpu");

	(void)a;
	irqm_text_add(t, "Find the device that sends there by an old message");
	if (cpu == IRQM_UNKNOWN)
		return;
	irqm_text_add(t, ". What may fire on that CPU: ");
	irqm_text_command(t, "irqmatrix -i -c %" PRId64 " " IRQM_COMMAND_DUMP,
			  cpu);
}

static void watch_reservations(const struct irqm_analysis *a,
			       const struct irqm_finding *f,
			       struct irqm_text *t)
{
	(void)a;
	(void)f;
	irqm_text_add(t, "Free vectors before these interrupts are requested: "
			 "-d, column RESV, shows whose they are");
}

static void reboot_for_counters(const struct irqm_analysis *a,
				const struct irqm_finding *f,
				struct irqm_text *t)
{
	irqm_num drift = num_of(f, "allocated_drift");

	if (drift != IRQM_UNKNOWN && drift > INT32_MAX / 2) {
		irqm_text_add(t, "Install a kernel with the fix, or reboot "
				 "before taking the CPU offline");
		return;
	}
	irqm_text_add(t, irqm_find_kind(a, IRQM_LOG_KERNEL_WARNING) ?
				 "The warning in the log shows how it began "
				 "(log-kernel-warning)" :
				 "Look for warnings from kernel/irq/matrix.c "
				 "in the log (--log)");
	irqm_text_add(t, "; only a reboot corrects the counters");
}

static void compare_views(const struct irqm_analysis *a,
			  const struct irqm_finding *f, struct irqm_text *t)
{
	(void)a;
	(void)f;
	irqm_text_add(t, "Compare -v, which marks vectors without an owner, "
			 "with -d");
}

static void free_old_vectors(const struct irqm_analysis *a,
			     const struct irqm_finding *f, struct irqm_text *t)
{
	(void)a;
	irqm_text_add(t,
		      num_of(f, "offline") > 0 ?
			      "Bring the CPU of the old vector online, then "
			      "move the interrupt again" :
			      "Move the interrupt again, which frees its old "
			      "vector");
}

static void better_dump(const struct irqm_analysis *a,
			const struct irqm_finding *f, struct irqm_text *t)
{
	(void)a;
	irqm_text_add(t, num_of(f, "truncated") > 0 ?
				 "Copy the dump again, or write it to a file "
				 "system with more space" :
				 "Write dumps with a makedumpfile as new as "
				 "the kernel, or with -d 1");
}

static irqm_remedy *const remedies[IRQM_NR_FINDING_KINDS] = {
	[IRQM_VECTORS_EXHAUSTED] = make_room_or_ask,
	[IRQM_VECTORS_LOW] = make_room_for,
	[IRQM_MANAGED_IDLE] = make_room,
	[IRQM_MANAGED_ABSENT] = fewer_possible_cpus,
	[IRQM_CPU_OFFLINE_BLOCKED] = free_vectors_elsewhere,
	[IRQM_SUSPEND_BLOCKED] = free_vectors_elsewhere,
	[IRQM_AFFINITY_PENDING] = online_affinity,
	[IRQM_AFFINITY_OFFLINE] = online_affinity,
	[IRQM_AFFINITY_BROKEN] = affinity_again,
	[IRQM_MANAGED_SHUTDOWN] = cycle_cpu,
	[IRQM_VECTOR_LEAK] = update_for_leak,
	[IRQM_VECTOR_IRQ_MISMATCH] = examine_irq,
	[IRQM_MSI_MESSAGE_STALE] = program_again,
	[IRQM_CLEANUP_STUCK] = free_old_vectors,
	[IRQM_COUNTER_DRIFT] = reboot_for_counters,
	[IRQM_UNATTRIBUTED] = compare_views,
	[IRQM_LOG_PROBE_FAILED] = irqm_remedy_probe_again,
	[IRQM_LOG_FLAGS_MISMATCH] = irqm_remedy_who_owns_irq,
	[IRQM_LOG_NO_IRQ_HANDLER] = compare_messages,
	[IRQM_LOG_AFFINITY_BROKEN] = affinity_again,
	[IRQM_LOG_CPU_NOT_OFFLINED] = free_vectors_elsewhere,
	[IRQM_LOG_RESERVATION] = watch_reservations,
	[IRQM_LOG_MANAGED_STARTUP] = cycle_cpu,
	[IRQM_LOG_SET_AFFINITY] = online_affinity,
	[IRQM_LOG_INTERRUPT_REFUSED] = irqm_remedy_request_again,
	[IRQM_LOG_FEWER_VECTORS] = make_room,
	[IRQM_LOG_REMAPPING_FULL] = irqm_remedy_fewer_entries,
	[IRQM_LOG_INTERRUPT_BLOCKED] = irqm_remedy_send_again,
	[IRQM_LOG_HYPERVISOR_REFUSED] = irqm_remedy_ask_hypervisor,
	[IRQM_LOG_INTERRUPT_MISSED] = move_again,
	[IRQM_LOG_IRQ_DISABLED] = irqm_remedy_examine_disabled,
	[IRQM_LOG_KERNEL_WARNING] = irqm_remedy_read_trace,
	[IRQM_LEGACY_FALLBACK] = irqm_remedy_bind_again,
	[IRQM_REMAPPING_BYPASSED] = irqm_remedy_remap_again,
	[IRQM_REMAP_TABLE_FULL] = irqm_remedy_fewer_interrupts,
	[IRQM_FEWER_QUEUES] = irqm_remedy_more_queues,
	[IRQM_UNREAD_PAGES] = better_dump,
};

/* What can be mended, or is about a device, although it is only info. */
static bool is_kind_with_remedy(const struct irqm_finding *f)
{
	return f->kind == &irqm_finding_kinds[IRQM_FEWER_QUEUES] ||
	       f->kind == &irqm_finding_kinds[IRQM_REMAP_TABLE_FULL] ||
	       (f->kind == &irqm_finding_kinds[IRQM_LOG_PROBE_FAILED] &&
		f->brief);
}

static bool keep_commands(struct irqm_analysis *a, struct irqm_finding *f,
			  struct irqm_text *t)
{
	unsigned int i;

	for (i = 0; i < t->nr_commands; i++) {
		t->s[t->commands[i].end] = '\0';
		f->commands[i] = irqm_arena_strdup(a->arena,
						   t->s + t->commands[i].begin);
		if (!f->commands[i])
			return false;
	}
	return true;
}

bool irqm_find_remedies(struct irqm_analysis *a)
{
	unsigned int i;

	for (i = 0; i < a->nr_findings; i++) {
		struct irqm_finding *f = &a->findings[i];
		struct irqm_text t = { 0 };

		if (f->severity < IRQM_WARNING && !is_kind_with_remedy(f))
			continue;
		remedies[f->kind - irqm_finding_kinds](a, f, &t);
		f->remedy = irqm_arena_strdup(a->arena, t.s);
		if (!f->remedy || !keep_commands(a, f, &t))
			return false;
	}
	return true;
}
