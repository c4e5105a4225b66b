/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts of irqmatrix-machine(5): every line and word, every error, the limits. */
#include "tests/unit/unit.h"

#include "machine/parse.h"
#include "tests/unit/files.h"

#include <glob.h>

static struct irqm_arena *arena;
static struct irqm_machine m;
static struct irqm_error err;

static void make_empty(void)
{
	irqm_arena_free(arena);
	arena = irqm_arena_new(IRQM_ARENA_LIMIT);
	assert_non_null(arena);
	irqm_machine_init(&m, arena);
}

static int parse_bytes(const char *text, size_t len)
{
	make_empty();
	err.msg[0] = '\0';
	return irqm_machine_parse(&m, "m.txt", text, len, NULL, &err);
}

static void parse(const char *text)
{
	if (parse_bytes(text, strlen(text)) != 0)
		fail_msg("%s", err.msg);
}

/* The text is refused, for this reason. */
static void refuse(const char *text, const char *why)
{
	assert_int_equal(parse_bytes(text, strlen(text)), -1);
	assert_string_equal(err.msg, why);
}

static void refuse_irq(const char *words, const char *why)
{
	char text[5000], line[1100];

	snprintf(text, sizeof(text), "cpus 4\nirq 7 %s\n", words);
	snprintf(line, sizeof(line), "m.txt:2: %s", why);
	refuse(text, line);
}

static void test_cpus(void **state)
{
	(void)state;
	parse("cpus 6");
	assert_int_equal(m.nr_cpu_ids, 6);
	assert_string_equal(m.possible, "0-5");
	assert_string_equal(m.present, "0-5");
	assert_string_equal(m.online, "0-5");
	assert_string_equal(m.default_affinity, "0-5");
	assert_null(m.housekeeping);
	assert_string_equal(m.cpus[5].siblings, "5-5");
	assert_string_equal(m.cpus[5].cluster, "5-5");
	assert_int_equal(m.threads, 0);
	assert_int_equal(m.nr_irqs, 0);
	assert_null(m.release);
	assert_null(m.build_id);
	assert_true(m.crash_time == IRQM_UNKNOWN);
	assert_false(m.system_given);

	parse("cpus 7\npossible 0-5\npresent 0-4\ndefault-affinity 0,2\n"
	      "online 0-3\nhousekeeping 1\nthreads 2\ncluster 4\n"
	      "node 1 3-4,6\nnode 2 4");
	assert_string_equal(m.possible, "0-5");
	assert_string_equal(m.present, "0-4");
	assert_string_equal(m.online, "0-3");
	/* though "online" came after it */
	assert_string_equal(m.default_affinity, "0,2");
	assert_string_equal(m.housekeeping, "1");
	assert_int_equal(m.threads, 2);
	assert_int_equal(m.cluster, 4);
	assert_string_equal(m.cpus[1].siblings, "0-1");
	assert_string_equal(m.cpus[6].siblings, "6-6");
	assert_string_equal(m.cpus[3].cluster, "0-3");
	assert_string_equal(m.cpus[4].cluster, "4-6");
	assert_int_equal(m.cpus[2].node, 0);
	assert_int_equal(m.cpus[3].node, 1);
	assert_int_equal(m.cpus[4].node, 2);
	assert_int_equal(m.cpus[6].node, 1);

	parse("cpus 3\nnode 5 all\nhousekeeping none\nonline 0-1\n");
	assert_int_equal(m.cpus[2].node, 5);
	assert_string_equal(m.housekeeping, "");
	assert_string_equal(m.default_affinity, "0-1");
}

static void test_kernel(void **state)
{
	(void)state;
	parse("release 6.12.0\nbuild-id 0123abcd\ncrash-time 1700000000\n"
	      "cpus 1\nsystem 0-19,32,64,255\napic x2physical\n"
	      "remapping amd\namd-short-entries\n"
	      "leak 0 60\nleak 0 61\nentry 0 50 0xffffffffffffffff\n"
	      "drift 0 managed 3\ndrift matrix online_maps -2\n"
	      "log 3 8 DMAR:  handling\tfault # nothing of this");
	assert_string_equal(m.release, "6.12.0");
	assert_string_equal(m.build_id, "0123abcd");
	assert_int_equal(m.crash_time, 1700000000);
	assert_true(m.system_given);
	assert_int_equal(m.system_map[0], 0x1000fffff);
	assert_int_equal(m.system_map[1], 1);
	assert_int_equal(m.system_map[3], 1ULL << 63);
	assert_int_equal(m.apic, IRQM_MACHINE_X2_PHYSICAL);
	assert_int_equal(m.remapping, IRQM_LEVEL_AMD_IR);
	assert_true(m.amd_short);
	assert_int_equal(m.nr_leaks, 2);
	assert_int_equal(m.leaks[1].vector, 61);
	assert_int_equal(m.nr_entries, 1);
	assert_int_equal(m.entries[0].vector, 50);
	assert_true(m.entries[0].value == UINT64_MAX);
	assert_int_equal(m.nr_drifts, 2);
	assert_int_equal(m.drifts[0].cpu, 0);
	assert_string_equal(m.drifts[0].counter, "managed");
	assert_int_equal(m.drifts[0].by, 3);
	assert_int_equal(m.drifts[1].cpu, -1);
	assert_string_equal(m.drifts[1].counter, "online_maps");
	assert_int_equal(m.drifts[1].by, -2);
	assert_int_equal(m.nr_log, 1);
	assert_int_equal(m.log[0].level, 3);
	assert_int_equal(m.log[0].ns, 8000000000);
	assert_string_equal(m.log[0].text, "DMAR: handling fault");

	parse("cpus 1\nremapping intel\napic cluster");
	assert_int_equal(m.remapping, IRQM_LEVEL_IR);
	assert_int_equal(m.apic, IRQM_MACHINE_X2_CLUSTER);
	parse("cpus 1\nremapping none\napic flat");
	assert_int_equal(m.remapping, IRQM_LEVEL_END);
	assert_int_equal(m.apic, IRQM_MACHINE_FLAT);
	parse("cpus 1\napic physical");
	assert_int_equal(m.apic, IRQM_MACHINE_PHYSICAL);
}

static void test_devices(void **state)
{
	const struct irqm_machine_device *d;

	(void)state;
	parse("cpus 1\n"
	      "device 0000:00:05.0 pci virtio-pci node 3 class 0x010000 "
	      "vendor 0x1af4 device 0x1001 msi 3 msix\n"
	      "consumer virtio2 bus virtio virtio_blk\n"
	      "consumer vda class block\n"
	      "device ABCD0001:00 platform -");
	assert_int_equal(m.nr_devices, 2);
	d = m.devices;
	assert_string_equal(d->name, "0000:00:05.0");
	assert_string_equal(d->bus, "pci");
	assert_string_equal(d->driver, "virtio-pci");
	assert_int_equal(d->node, 3);
	assert_int_equal(d->class, 0x010000);
	assert_int_equal(d->vendor, 0x1af4);
	assert_int_equal(d->device, 0x1001);
	assert_int_equal(d->nr_msi_descs, 3);
	assert_true(d->msix);
	assert_string_equal(d->consumers[0].name, "virtio2");
	assert_true(d->consumers[0].on_bus);
	assert_string_equal(d->consumers[0].kind, "virtio");
	assert_string_equal(d->consumers[0].driver, "virtio_blk");
	assert_string_equal(d->consumers[1].name, "vda");
	assert_false(d->consumers[1].on_bus);
	assert_null(d->consumers[1].driver);
	assert_null(d->consumers[2].name);
	d++;
	assert_null(d->driver);
	assert_int_equal(d->node, -1);
	assert_false(d->msix);
}

static void test_irq_defaults(void **state)
{
	const struct irqm_machine_irq *i;

	(void)state;
	parse("cpus 4\nirq 1\nirq 9 vector 0x31 cpu 2\n"
	      "device d pci e\nirq 30 msi 1 managed affinity 1-2\n"
	      "remapping intel\nirq 31 msi 2\nirq 32\nonline 0-2");
	i = m.irqs;
	assert_int_equal(i->irq, 1);
	assert_string_equal(i->flow, "handle_edge_irq");
	assert_string_equal(i->name, "edge");
	assert_string_equal(i->state[2], "IRQD_SINGLE_TARGET");
	assert_null(i->state[3]);
	/* though "online" came after it */
	assert_string_equal(i->affinity, "0-2");
	assert_string_equal(i->effective, "");
	assert_null(i->pending);
	assert_null(i->msi_affinity);
	assert_null(i->hint);
	assert_int_equal(i->node, -1);
	assert_int_equal(i->device, -1);
	assert_int_equal(i->first_irq, 1);
	assert_int_equal(i->nvec, 1);
	assert_true(i->quiet);
	assert_false(i->own_message);
	assert_int_equal(i->chain[0], IRQM_LEVEL_IOAPIC);
	assert_int_equal(i->chain[1], IRQM_LEVEL_VECTOR);
	assert_int_equal(i->chain[2], IRQM_LEVEL_END);
	i++;
	assert_int_equal(i->vector, 49);
	assert_string_equal(i->effective, "2");
	i++;
	assert_int_equal(i->device, 0);
	assert_int_equal(i->index, 1);
	assert_string_equal(i->msi_affinity, "1-2");
	assert_int_equal(i->chain[0], IRQM_LEVEL_PCI_MSI);
	assert_int_equal(i->chain[1], IRQM_LEVEL_VECTOR);
	i++;
	assert_null(i->msi_affinity);
	assert_int_equal(i->chain[0], IRQM_LEVEL_IR_PCI_MSI);
	assert_int_equal(i->chain[1], IRQM_LEVEL_IR);
	assert_int_equal(i->chain[2], IRQM_LEVEL_VECTOR);
	i++;
	assert_int_equal(i->chain[0], IRQM_LEVEL_IOAPIC);
	assert_int_equal(i->chain[1], IRQM_LEVEL_IR);
}

static void test_irq_words(void **state)
{
	const struct irqm_machine_irq *i;

	(void)state;
	parse("cpus 4\ndevice d pci e\n"
	      "irq 40 msi 7 node 2 vector auto cpu 3 prev 0x22 1 managed "
	      "can-reserve reserved moving cleanup no-chip-data affinity 0-1 "
	      "effective 1 pending 2-3 msi-affinity 0 hint 3 first 40 nvec 2 "
	      "chain ir-pci-msi,ir,vector flow handle_fasteoi_irq name - "
	      "state IRQD_LEVEL,IRQD_ACTIVATED count 4294967295 "
	      "message 0xfee01000 0x4021 hw-vector 51 entry-vector 52 "
	      "action a h - action b h2 t2\n"
	      "irq 41 first 40 nvec 2 chain none state - name x\n"
	      "irq 42 chain dmar,xen,amd-ir,vmd\nirq 43 chain pci-msi,ioapic");
	i = m.irqs;
	assert_int_equal(i->index, 7);
	assert_int_equal(i->node, 2);
	assert_true(i->vector == IRQM_MACHINE_AUTO);
	assert_int_equal(i->cpu, 3);
	assert_int_equal(i->prev_vector, 0x22);
	assert_int_equal(i->prev_cpu, 1);
	assert_true(i->managed && i->can_reserve && i->has_reserved);
	assert_true(i->move_in_progress && i->cleanup && i->no_chip_data);
	assert_string_equal(i->affinity, "0-1");
	assert_string_equal(i->effective, "1");
	assert_string_equal(i->pending, "2-3");
	assert_string_equal(i->msi_affinity, "0");
	assert_string_equal(i->hint, "3");
	assert_int_equal(i->nvec, 2);
	assert_int_equal(i->chain[0], IRQM_LEVEL_IR_PCI_MSI);
	assert_int_equal(i->chain[1], IRQM_LEVEL_IR);
	assert_int_equal(i->chain[2], IRQM_LEVEL_VECTOR);
	assert_int_equal(i->chain[3], IRQM_LEVEL_END);
	assert_string_equal(i->flow, "handle_fasteoi_irq");
	assert_null(i->name);
	assert_string_equal(i->state[0], "IRQD_LEVEL");
	assert_string_equal(i->state[1], "IRQD_ACTIVATED");
	assert_null(i->state[2]);
	assert_int_equal(i->count, UINT32_MAX);
	assert_int_equal(i->address, 0xfee01000);
	assert_int_equal(i->data, 0x4021);
	assert_true(i->own_message);
	assert_int_equal(i->hw_vector, 51);
	assert_int_equal(i->entry_vector, 52);
	assert_string_equal(i->actions[0].name, "a");
	assert_string_equal(i->actions[0].handler, "h");
	assert_null(i->actions[0].thread);
	assert_string_equal(i->actions[1].thread, "t2");
	assert_null(i->actions[2].name);
	i++;
	assert_false(i->managed);
	assert_int_equal(i->first_irq, 40);
	assert_int_equal(i->chain[0], IRQM_LEVEL_NO_DOMAIN);
	assert_null(i->state[0]);
	assert_string_equal(i->name, "x");
	i++;
	assert_int_equal(i->chain[0], IRQM_LEVEL_DMAR);
	assert_int_equal(i->chain[1], IRQM_LEVEL_XEN);
	assert_int_equal(i->chain[2], IRQM_LEVEL_AMD_IR);
	assert_int_equal(i->chain[3], IRQM_LEVEL_VMD);
	i++;
	assert_int_equal(i->chain[0], IRQM_LEVEL_PCI_MSI);
	assert_int_equal(i->chain[1], IRQM_LEVEL_IOAPIC);
}

static void test_repeat(void **state)
{
	unsigned int i;

	(void)state;
	parse("cpus 40\n"
	      "  repeat 3   # disks\n"
	      "device {(i+1)*2:4x}:{i:a} pci d\n"
	      "\trepeat 2\r\n"
	      "irq {i*10+j} action {i}-{j} h{7/2%2} -\n"
	      "  end\n"
	      "end # {of it}\n"
	      "repeat 0\ncpus nonsense\nend\n"
	      "repeat 2\nrepeat 2\nrepeat 2\nleak {i} {j*10+k}\nend\nend\nend");
	assert_int_equal(m.nr_devices, 3);
	assert_string_equal(m.devices[0].name, "0002:a");
	assert_string_equal(m.devices[2].name, "0006:c");
	assert_int_equal(m.nr_irqs, 6);
	for (i = 0; i < 6; i++)
		assert_int_equal(m.irqs[i].irq, i / 2 * 10 + i % 2);
	assert_string_equal(m.irqs[5].actions[0].name, "2-1");
	assert_string_equal(m.irqs[5].actions[0].handler, "h1");
	assert_int_equal(m.nr_leaks, 8);
	assert_int_equal(m.leaks[7].cpu, 1);
	assert_int_equal(m.leaks[7].vector, 11);
	assert_int_equal(m.leaks[4].vector, 0);

	parse("cpus 1\ndevice {25:a}{26:a}{701:a}{702:a} {10-1-2} {2+3*4-12/5}");
	assert_string_equal(m.devices[0].name, "zaazzaaa");
	assert_string_equal(m.devices[0].bus, "7");
	assert_string_equal(m.devices[0].driver, "12");
}

static void test_lines_of_dumps(void **state)
{
	unsigned int i;
	char text[100];

	(void)state;
	for (i = 0; irqm_machine_dump_keys[i]; i++) {
		snprintf(text, sizeof(text), "cpus 1\n%s any words\n",
			 irqm_machine_dump_keys[i]);
		parse(text);
	}
	assert_true(i > 20);
}

static void test_bad_lines(void **state)
{
	(void)state;
	refuse("", "m.txt: the line \"cpus N\" is missing");
	refuse("cpus 1\n\nthread 2",
	       "m.txt:3: unknown line \"thread\", do you mean threads?");
	refuse("cpus 1\nquux 2",
	       "m.txt:2: unknown line \"quux\", see irqmatrix-machine(5)");
	refuse("cpus", "m.txt:1: cpus: expected CPUs below 65537, but the "
		       "line ends");
	refuse("cpus 0", "m.txt:1: cpus: expected at least 1 CPU, not \"0\"");
	refuse("cpus 65537",
	       "m.txt:1: cpus: expected CPUs below 65537, not \"65537\"");
	refuse("cpus 4x",
	       "m.txt:1: cpus: expected CPUs below 65537, not \"4x\"");
	refuse("cpus -1",
	       "m.txt:1: cpus: expected CPUs below 65537, not \"-1\"");
	refuse("cpus 0x",
	       "m.txt:1: cpus: expected CPUs below 65537, not \"0x\"");
	refuse("cpus 18446744073709551617",
	       "m.txt:1: cpus: expected CPUs below "
	       "65537, not "
	       "\"18446744073709551617\"");
	refuse("cpus 4 4",
	       "m.txt:1: cpus: expected the end of the line, not \"4\"");
	refuse("cpus 4\ncpus 4", "m.txt:2: cpus: a machine has one such line");
	refuse("online 0", "m.txt:1: online: the line \"cpus N\" has to come "
			   "first");
	refuse("threads 2", "m.txt:1: threads: the line \"cpus N\" has to come "
			    "first");
	refuse("cpus 4\nthreads 2\nthreads 2",
	       "m.txt:3: threads: a machine has one such line");
	refuse("cpus 4\ncluster 0",
	       "m.txt:2: cluster: expected at least 1 CPU, not \"0\"");
	refuse("cpus 4\nonline 0-4",
	       "m.txt:2: online: expected CPUs below 4 like 0-3,5, not "
	       "\"0-4\"");
	refuse("cpus 4\nonline 3-0",
	       "m.txt:2: online: expected CPUs below 4 like 0-3,5, not "
	       "\"3-0\"");
	refuse("cpus 4\nonline 0,",
	       "m.txt:2: online: expected CPUs below 4 like 0-3,5, not \"0,\"");
	refuse("cpus 4\nnode 1024 0",
	       "m.txt:2: node: expected a node below 1024, not \"1024\"");
	refuse("cpus 4\nsystem 256",
	       "m.txt:2: system: expected vectors below 256 like 0-3,5, not "
	       "\"256\"");
	refuse("apic x2", "m.txt:1: apic: expected physical, flat, x2physical "
			  "or cluster, not \"x2\"");
	refuse("remapping", "m.txt:1: remapping: expected none, intel or amd, "
			    "but the line ends");
	refuse("release -", "m.txt:1: release: expected a release like 6.12.0, "
			    "not \"-\"");
	refuse("crash-time x", "m.txt:1: crash-time: expected seconds below "
			       "4611686018427387904, not \"x\"");
	refuse("cpus 1\nonline none", "m.txt: no CPU is online");
	refuse("cpus 2\npresent 0", "m.txt: CPU 1 is online, but not present");
	refuse("cpus 2\nonline 0\npossible 0",
	       "m.txt: CPU 1 is present, but not possible");
	refuse("device", "m.txt:1: device: expected a name, but the line ends");
	refuse("device a - d", "m.txt:1: device: expected a bus, not \"-\"");
	refuse("device a pci d slot 3",
	       "m.txt:1: device: expected node, class, vendor, device, msi or "
	       "msix, not \"slot\"");
	refuse("device a pci d msi 4097",
	       "m.txt:1: msi: expected vectors below 4097, not \"4097\"");
	refuse("consumer a bus b",
	       "m.txt:1: consumer: the device's line has to come first");
	refuse("device a b c\nconsumer a bus b\nconsumer a bus b\n"
	       "consumer a bus b\nconsumer a bus b",
	       "m.txt:5: consumer: a device has at most 3 consumers");
	refuse("device a b c\nconsumer a x b",
	       "m.txt:2: consumer: expected bus or class, not \"x\"");
	refuse("cpus 2\nentry 0 0 18446744073709551616",
	       "m.txt:2: entry: expected a value, not "
	       "\"18446744073709551616\"");
	refuse("cpus 2\nleak 2 30",
	       "m.txt:2: leak: expected a CPU below 2, not \"2\"");
	refuse("cpus 2\nleak 0 256",
	       "m.txt:2: leak: expected a vector below 256, not \"256\"");
	refuse("cpus 2\nentry 0 0 z",
	       "m.txt:2: entry: expected a value, not \"z\"");
	refuse("drift matrix available 1",
	       "m.txt:1: drift: expected global_available, global_reserved, "
	       "total_allocated or online_maps, not \"available\"");
	refuse("cpus 1\ndrift 0 online_maps 1",
	       "m.txt:2: drift: expected available, allocated, managed or "
	       "managed_allocated, not \"online_maps\"");
	refuse("drift matrix online_maps -1000001",
	       "m.txt:1: drift: expected a number from -1000000 to 1000000, "
	       "not \"-1000001\"");
	refuse("log 8 0 x",
	       "m.txt:1: log: expected a level below 8, not \"8\"");
	refuse("log 3 0",
	       "m.txt:1: log: expected a message, but the line ends");
}

static void test_bad_irqs(void **state)
{
	(void)state;
	refuse("irq 1 cpu 0",
	       "m.txt:1: cpu: the line \"cpus N\" has to come first");
	refuse("cpus 1\nirq 16777216",
	       "m.txt:2: irq: expected an IRQ below 16777216, not "
	       "\"16777216\"");
	refuse("cpus 1\nirq 5\nirq 5",
	       "m.txt:3: irq: expected ascending numbers, but 5 follows 5");
	refuse_irq("vectr 3",
		   "irq: unknown word \"vectr\", do you mean vector?");
	refuse_irq("quux", "irq: unknown word \"quux\", see "
			   "irqmatrix-machine(5)");
	refuse_irq("vector 256", "vector: expected auto or a vector below 256, "
				 "not \"256\"");
	refuse_irq("cpu 4", "cpu: expected a CPU below 4, not \"4\"");
	refuse_irq("cpu", "cpu: expected a CPU below 4, but the line ends");
	refuse_irq("prev 3", "prev: expected a CPU below 4, but the line ends");
	refuse_irq("affinity x",
		   "affinity: expected CPUs below 4 like 0-3,5, not \"x\"");
	refuse_irq("chain pci,vector",
		   "chain: expected vector, ioapic, dmar, pci-msi, ir-pci-msi, "
		   "ir, xen, none, amd-ir or vmd, not \"pci\"");
	refuse_irq("chain ir,ir,ir,ir,ir",
		   "chain: expected at most 4 levels, not \"ir\"");
	refuse_irq("state LEVEL",
		   "state: expected a flag IRQD_*, not \"LEVEL\"");
	refuse_irq("state IRQD_1,IRQD_2,IRQD_3,IRQD_4,IRQD_5,IRQD_6,IRQD_7,"
		   "IRQD_8,IRQD_9,IRQD_10",
		   "state: expected at most 9 flags, not \"IRQD_10\"");
	refuse_irq("action a b", "action: expected the thread's function or -, "
				 "but the line ends");
	refuse_irq("action - b -", "action: expected a name, not \"-\"");
	refuse_irq("action a b - action a b - action a b - action a b - "
		   "action a b -",
		   "action: an interrupt has at most 4 actions");
	refuse_irq("msi 0", "msi: the device's line has to come first");
	refuse_irq("count 4294967296",
		   "count: expected a count below 4294967296, not "
		   "\"4294967296\"");
	refuse_irq("message 0 4294967296",
		   "message: expected data below 4294967296, not "
		   "\"4294967296\"");
	refuse_irq("nvec 257", "nvec: expected vectors below 257, not \"257\"");
	refuse_irq("nvec 0", "irq: IRQ 7 is not one of nvec 0 from first 7 on");
	refuse_irq("first 8",
		   "irq: IRQ 7 is not one of nvec 1 from first 8 on");
	refuse_irq("first 6",
		   "irq: IRQ 7 is not one of nvec 1 from first 6 on");
	refuse_irq("first 6 nvec 2", "irq: first 6: the lines before this one "
				     "have to be IRQs 6 to 6");
	refuse("cpus 1\nirq 3\nirq 6\nirq 7 first 5 nvec 4",
	       "m.txt:4: irq: first 5: the lines before this one have to be "
	       "IRQs 5 to 6");
}

static void test_bad_repeats(void **state)
{
	static const char computed[] =
		": write numbers, i, j, k and + - * / % ( ) without blanks; "
		":2x or :a may follow";
	static const char *const expressions[] = {
		"{}",      "{i",     "{i+}",  "{i/0}",  "{i%0}", "{i:x}",
		"{i:17x}", "{i:0x}", "{i:2}", "{(i}",   "{i)}",  "{l}",
		"{-1}",    "{i:b}",  "{:2x}", "{i:2xx", "{i;j}", "{",
	};
	char text[100], why[200];
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(expressions); i++) {
		snprintf(text, sizeof(text), "cpus 1\nlog 1 1 %s",
			 expressions[i]);
		snprintf(why, sizeof(why), "m.txt:2: cannot compute \"%s\"%s",
			 expressions[i], computed);
		refuse(text, why);
	}
	refuse("repeat 2\ncpus 1", "m.txt:1: repeat: no \"end\" after it");
	refuse("cpus 1\nend", "m.txt:2: end: no \"repeat\" before it");
	refuse("repeat 2\nend 2", "m.txt:2: end: expected the end of the line");
	refuse("repeat\nend", "m.txt:1: repeat: expected one number of at most "
			      "4294967295");
	refuse("repeat 4294967296\nend",
	       "m.txt:1: repeat: expected one number of at most 4294967295");
	refuse("repeat {i}\nend", "m.txt:1: repeat: expected one number of at "
				  "most 4294967295");
	refuse("repeat 1 2\nend", "m.txt:1: repeat: expected one number of at "
				  "most 4294967295");
	refuse("repeat 1\nrepeat 1\nrepeat 1\nrepeat 1\n",
	       "m.txt:4: repeat: at most 3 within each other");
	/* a line that is right only the first time */
	refuse("cpus 2\nrepeat 3\nleak {i} 3\nend",
	       "m.txt:3: leak: expected a CPU below 2, not \"2\"");
}

/* A text of a line that is repeated, or one with what is around it. */
static char *made(const char *before, size_t nr, const char *piece,
		  const char *after)
{
	size_t len = strlen(piece), i;
	char *text = malloc(strlen(before) + nr * len + strlen(after) + 1);
	char *at;

	assert_non_null(text);
	at = stpcpy(text, before);
	for (i = 0; i < nr; i++, at += len)
		memcpy(at, piece, len);
	strcpy(at, after);
	return text;
}

static void refuse_made(const char *before, size_t nr, const char *piece,
			const char *after, const char *why)
{
	char *text = made(before, nr, piece, after);

	refuse(text, why);
	free(text);
}

static void test_limits_of_lines(void **state)
{
	char *text;

	(void)state;
	text = made("cpus 1\n# ", 100000, "long ", "\nlog 1 1 ");
	refuse(text, "m.txt:3: log: expected a message, but the line ends");
	free(text);
	text = made("log 1 1 ", 4095 - 8, "x", "\ncpus 1");
	parse(text);
	assert_int_equal(strlen(m.log[0].text), 4095 - 8);
	free(text);
	refuse_made("log 1 1 ", 4095 - 7, "x", "",
		    "m.txt:1: longer than 4095 characters");
	refuse_made("cpus 1\nlog 1 1 ", 1000, "{111}", "",
		    "m.txt:2: longer than 4095 characters");
	refuse_made("log 1 1 ", 300, "{1:16x}", "",
		    "m.txt:1: longer than 4095 characters with the values of "
		    "its {expressions}");
	text = made("cpus 1\nlog 1 1", 61, " x", "");
	parse(text);
	free(text);
	refuse_made("cpus 1\nlog 1 1", 62, " x", "",
		    "m.txt:2: at most 64 words in a line");
	refuse_made("log 1 1 {", 17, "(", "1)))))))))))))))))}",
		    "m.txt:1: cannot compute "
		    "\"{(((((((((((((((((1)))))))))))))))))}\": write numbers, "
		    "i, j, k and + - * / % ( ) without blanks; :2x or :a may "
		    "follow");
	text = made("cpus 1\nlog 1 1 {", 16, "(", "1))))))))))))))))}");
	parse(text);
	free(text);
	/* 8 + 255 * 16 + 7 or 8 */
	text = made("log 1 1 ", 255, "{1:16x}", "xxxxxxx\ncpus 1");
	parse(text);
	free(text);
	refuse_made("log 1 1 ", 255, "{1:16x}", "xxxxxxxx",
		    "m.txt:1: longer than 4095 characters with the values of "
		    "its {expressions}");
	refuse_made("", 3000000, "(", "",
		    "m.txt:1: longer than 4095 characters");
	assert_int_equal(parse_bytes("cpus 1\nlog 1\0 2", 15), -1);
	assert_string_equal(err.msg, "m.txt:2: a NUL byte: not a text");
	refuse_made("", (16 << 20) + 1, "#", "",
		    "m.txt: larger than 16 MiB: not a machine's text");
	refuse_made("", 4194305, "\n", "",
		    "m.txt:4194305: more than 4194304 "
		    "lines");
	/* bytes that a terminal obeys are not printed */
	refuse("\033[2J", "m.txt:1: unknown line \"\\x1b[2J\", see "
			  "irqmatrix-machine(5)");
}

static void test_limits_of_repeat(void **state)
{
	char *text;

	(void)state;
	refuse("cpus 1\nrepeat 1000000000\nend",
	       "m.txt:2: more than 4194304 lines because of \"repeat\"");
	refuse("cpus 1\nrepeat 4000000000\nrepeat 4000000000\n"
	       "repeat 4000000000\nlog 1 1 x\nend\nend\nend",
	       "m.txt:5: log: more than 65536 such lines");
	refuse("cpus 1\nrepeat 9\nrepeat 1000000000\nrepeat 0\nend\nend\nend",
	       "m.txt:3: more than 4194304 lines because of \"repeat\"");
	refuse("cpus 1\nrepeat 1000000000\nirq {i}\nend",
	       "m.txt:3: irq: more than 524544 such lines");
	refuse("cpus 1\nrepeat 1000000000\ndevice {i} pci d\nend",
	       "m.txt:3: device: more than 65536 such lines");
	parse("cpus 1\nrepeat 65536\nleak 0 0\nend");
	refuse("cpus 1\nrepeat 65537\nleak 0 0\nend",
	       "m.txt:3: leak: more than 65536 such lines");
	refuse("cpus 1\nrepeat 1000000000\nentry 0 0 0\nend",
	       "m.txt:3: entry: more than 65536 such lines");
	refuse("cpus 1\nrepeat 1000000000\ndrift 0 managed 0\nend",
	       "m.txt:3: drift: more than 65536 such lines");
	refuse("cpus 65536\nrepeat 1000000000\nnode 1 all\nend",
	       "m.txt:2: \"node\" has named CPUs more than 268435456 times");
	text = made("cpus 65536\nrepeat 1000000000\nhousekeeping 0", 2000, ",1",
		    "\nend");
	refuse(text, "m.txt:2: more than 268435456 characters because of "
		     "\"repeat\"");
	free(text);
}

/* All that the limits let through at once. */
static void test_largest(void **state)
{
	(void)state;
	parse("cpus 65536\nthreads 2\ncluster 16\nrepeat 1024\n"
	      "node {i} {i*64}-{i*64+63}\nend\n"
	      "repeat 524544\nirq {i} affinity {i%65536} action q{i} h -\nend");
	assert_int_equal(m.nr_irqs, 524544);
	assert_int_equal(m.cpus[65535].node, 1023);
	assert_string_equal(m.cpus[65535].siblings, "65534-65535");
	assert_string_equal(m.irqs[524543].affinity, "255");
	assert_int_equal(m.irqs[5].irq, 5);
	assert_string_equal(m.irqs[5].affinity, "5");
}

/* mkdump's machines are readable without mkdump. */
static void test_machines(void **state)
{
	glob_t found;
	size_t i, len;

	(void)state;
	assert_int_equal(glob("tests/mkdump/machines/*.txt", 0, NULL, &found),
			 0);
	assert_int_equal(glob("tests/mkdump/machines/log/*.txt", GLOB_APPEND,
			      NULL, &found),
			 0);
	assert_true(found.gl_pathc > 8);
	for (i = 0; i < found.gl_pathc; i++) {
		char *text = file_bytes(found.gl_pathv[i], &len);

		if (parse_bytes(text, len) != 0)
			fail_msg("%s: %s", found.gl_pathv[i], err.msg);
		assert_true(m.nr_irqs > 0);
		free(text);
	}
	globfree(&found);
}

/* The examples of the manual page, and the message that it quotes. */
static void test_manual(void **state)
{
	char *page = file_bytes("docs/irqmatrix-machine.5", NULL), *s = page;
	char *end;

	(void)state;
	s = strstr(s, ".Bd -literal\n");
	assert_non_null(s);
	s += strlen(".Bd -literal\n");
	end = strstr(s, ".Ed");
	assert_int_equal(parse_bytes(s, end - s), 0);
	assert_int_equal(m.nr_irqs, 5);
	assert_string_equal(m.irqs[4].actions[0].name, "virtio0-req.3");
	s = strstr(end, ".Bd -literal\n") + strlen(".Bd -literal\n");
	end = strstr(s, ".Ed");
	assert_int_equal(parse_bytes(s, end - s), 0);
	assert_int_equal(m.nr_irqs, 0);
	assert_string_equal(m.cpus[31].siblings, "30-31");
	assert_int_equal(m.cpus[16].node, 1);
	s = strstr(end, ".Bd -literal\n") + strlen(".Bd -literal\n");
	end = strstr(s, ".Ed");
	assert_int_equal(parse_bytes(s, end - s), 0);
	assert_int_equal(m.nr_irqs, 24 * 17);
	assert_int_equal(m.nr_devices, 24);
	assert_string_equal(m.devices[23].name, "0000:58:00.0");
	assert_int_equal(m.devices[12].node, 1);
	refuse("cpus 16\n\n\n\n\n\nirq 0 cpu 16",
	       "m.txt:7: cpu: expected a CPU below 16, not \"16\"");
	assert_non_null(strstr(end, err.msg + strlen("m.txt")));
	free(page);
}

struct taken {
	char key[20], word[20];
	unsigned int nr;
};

static void take_other(void *ctx, struct irqm_words *w, const char *key)
{
	struct taken *t = ctx;

	t->nr++;
	snprintf(t->key, sizeof(t->key), "%s", key);
	snprintf(t->word, sizeof(t->word), "%s", irqm_words_next(w, "a word"));
}

static void test_other(void **state)
{
	struct taken t = { .nr = 0 };
	const struct irqm_machine_other other = { take_other, &t };

	(void)state;
	make_empty();
	assert_int_equal(
		irqm_machine_parse_line(&m, "kaslr 7 # a", &other, &err), 0);
	assert_int_equal(t.nr, 1);
	assert_string_equal(t.key, "kaslr");
	assert_string_equal(t.word, "7");
	assert_int_equal(irqm_machine_parse_line(&m, "", &other, &err), 0);
	assert_int_equal(irqm_machine_parse_line(&m, "kaslr", &other, &err),
			 -1);
	assert_string_equal(err.msg,
			    "kaslr: expected a word, but the line ends");
	assert_int_equal(irqm_machine_parse_line(&m, "kaslr 7 8", &other, &err),
			 -1);
	assert_string_equal(err.msg,
			    "kaslr: expected the end of the line, not \"8\"");
	/* keys that the table does not have */
	assert_int_equal(irqm_machine_parse_line(&m, "quux", &other, &err), -1);
	assert_int_equal(t.nr, 3);
	assert_int_equal(irqm_machine_parse_line(&m, "cpus 2", &other, &err),
			 0);
	assert_int_equal(irqm_machine_parse(&m, "n", "levels 4\nonline 1", 17,
					    &other, &err),
			 0);
	assert_string_equal(t.key, "levels");
	assert_int_equal(m.nr_cpu_ids, 2);
	assert_string_equal(m.default_affinity, "1");
}

static int clean_up(void **state)
{
	(void)state;
	irqm_arena_free(arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cpus),
		cmocka_unit_test(test_kernel),
		cmocka_unit_test(test_devices),
		cmocka_unit_test(test_irq_defaults),
		cmocka_unit_test(test_irq_words),
		cmocka_unit_test(test_repeat),
		cmocka_unit_test(test_lines_of_dumps),
		cmocka_unit_test(test_bad_lines),
		cmocka_unit_test(test_bad_irqs),
		cmocka_unit_test(test_bad_repeats),
		cmocka_unit_test(test_limits_of_lines),
		cmocka_unit_test(test_limits_of_repeat),
		cmocka_unit_test(test_largest),
		cmocka_unit_test(test_machines),
		cmocka_unit_test(test_manual),
		cmocka_unit_test(test_other),
	};

	return cmocka_run_group_tests(tests, NULL, clean_up);
}
