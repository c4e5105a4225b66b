# SPDX-License-Identifier: GPL-3.0-or-later
"""One function for each fact that the document and the dump's own side both know."""
import re

from . import cpulist
from .report import MISSING, AtLeast, OneOf, Skip, fact

IRQD_LEVEL = 1 << 13


def canonical(text):
    return cpulist.write(cpulist.parse(text))


# ---- the guest's own words

@fact("guest", "IRQ numbers")
def irq_numbers(doc, truth):
    for n in sorted(truth.guest.irqs() | set(doc.irqs)):
        there = n in doc.irqs
        yield f"irq {n}", None if truth.damaged and not there else there, n in truth.guest.irqs()


@fact("guest", "affinity")
def affinity(doc, truth):
    """smp_affinity_list shows the mask that is waited for, as long as one is."""
    for n, theirs in truth.guest.irq_proc("smp_affinity_list").items():
        pending = doc.irq(n, "pending_affinity")
        yield f"irq {n}", doc.irq(n, "affinity") if pending is None else pending, canonical(theirs)


@fact("guest", "effective affinity")
def effective_affinity(doc, truth):
    for n, theirs in truth.guest.irq_proc("effective_affinity_list").items():
        yield f"irq {n}", doc.irq(n, "effective_affinity"), canonical(theirs)


@fact("guest", "CPU that the hardware was told")
def programmed_cpu(doc, truth):
    """By the message, the IO-APIC's entry or the remapping entry behind them, as far as the interrupt is activated."""
    for n, theirs in truth.guest.irq_proc("effective_affinity_list").items():
        if not doc.irq(n, "vector") or "IRQD_ACTIVATED" not in (doc.irq(n, "state_flags") or ()):
            continue
        for level in ("remapping.table", "ioapic", "msi"):
            irq = doc.irqs[n]
            there = irq.get(level.split(".")[0])
            if there and not there.get("remapped"):
                yield f"irq {n} {level}", doc.irq(n, f"{level}.cpu"), int(theirs)


def first_level(doc, n, key):
    chain = doc.irq(n, "chain")
    return chain[0].get(key, MISSING) if isinstance(chain, list) and chain else None


@fact("guest", "chip name")
def chip_name(doc, truth):
    for n, theirs in truth.guest.irq_sysfs("chip_name").items():
        yield f"irq {n}", first_level(doc, n, "chip"), theirs


@fact("guest", "hwirq")
def hwirq(doc, truth):
    """The kernel shows none for an interrupt without domain."""
    for n, theirs in truth.guest.irq_sysfs("hwirq").items():
        if theirs:
            yield f"irq {n}", first_level(doc, n, "hwirq"), int(theirs)
        elif n in doc.irqs:
            yield f"irq {n} domain", first_level(doc, n, "domain") or "none", "none"


@fact("guest", "type")
def trigger_type(doc, truth):
    for n, theirs in truth.guest.irq_sysfs("type").items():
        state = doc.irq(n, "state")
        ours = state if not isinstance(state, int) else "level" if state & IRQD_LEVEL else "edge"
        yield f"irq {n}", ours, theirs


@fact("guest", "name of the flow")
def flow_name(doc, truth):
    for n, theirs in truth.guest.irq_sysfs("name").items():
        ours = doc.irq(n, "name")
        # No name at all is an empty file.
        yield f"irq {n}", "" if ours is None and not theirs and n in doc.irqs else ours, theirs


@fact("guest", "actions")
def actions(doc, truth):
    for n, theirs in truth.guest.irq_sysfs("actions").items():
        ours = doc.irq(n, "actions")
        if isinstance(ours, list):
            ours = None if None in ours else ",".join(ours)
        yield f"irq {n}", ours, theirs


@fact("guest", "IRQ's node")
def irq_node(doc, truth):
    for n, theirs in truth.guest.irq_proc("node").items():
        yield f"irq {n}", doc.irq(n, "node"), int(theirs)


@fact("guest", "counts per CPU")
def counts(doc, truth):
    """A count never goes down, so the dump's is the guest's last one or more. Where the guest's two readings agree the
    interrupt was idle, and the count has to be the same. Excepted are the disk that guest.txt is written to after the last
    reading, and network cards: the outside may send a packet at any time."""
    first, last = truth.guest.first_counts(), truth.guest.last_counts()
    order, restless = sorted(doc.cpus), truth.guest.restless_irqs()
    for n, by_cpu in last.items():
        ours = doc.irq(n, "per_cpu_counts")
        for cpu, count in by_cpu.items():
            busy = first.get(n, {}).get(cpu) != count or n in restless
            yield (f"irq {n} cpu {cpu}", ours[order.index(cpu)] if isinstance(ours, list) and cpu in order else ours,
                   AtLeast(count) if busy else count)


@fact("guest", "MSI IRQs of PCI devices")
def msi_irqs(doc, truth):
    ours = {}
    for n, irq in doc.irqs.items():
        if irq["device"] and doc.device(irq["device"], "bus") == "pci":
            ours.setdefault(irq["device"], set()).add(n)
    theirs = truth.guest.msi_irqs()
    for address in sorted(set(ours) | set(theirs)):
        for n in sorted(ours.get(address, set()) | set(theirs.get(address, ()))):
            there = n in ours.get(address, ())
            yield f"{address} irq {n}", None if truth.damaged and not there else there, n in theirs.get(address, ())


@fact("guest", "MSI or MSI-X")
def msi_mode(doc, truth):
    for irqs in truth.guest.msi_irqs().values():
        for n, mode in irqs.items():
            ours = doc.irq(n, "msi.msix")
            yield f"irq {n}", {True: "msix", False: "msi"}.get(ours, ours), mode


@fact("guest", "device's driver")
def device_driver(doc, truth):
    for address, irqs in truth.guest.msi_irqs().items():
        if not truth.damaged or address in doc.devices:
            yield address, doc.device(address, "driver"), truth.guest.driver(address)
        for n in irqs:
            yield f"irq {n}", doc.irq(n, "driver"), truth.guest.driver(address)


@fact("guest", "device's node and class")
def device_identity(doc, truth):
    names = {"numa_node": "node", "class": "pci_class", "vendor": "pci_vendor", "device": "pci_device"}
    for address in truth.guest.msi_irqs():
        if truth.damaged and address not in doc.devices:
            continue
        for name, key in names.items():
            theirs = truth.guest.pci(name)[address]
            # a kernel without CONFIG_NUMA has no such file, and its devices have no node
            yield f"{address} {name}", doc.device(address, key), -1 if (name, theirs) == ("numa_node", "") else int(theirs, 0)


@fact("guest", "consumers")
def consumers(doc, truth):
    """Below a device: the children on a bus that have a driver, and the block and net devices; each by name and driver.
    Other class devices (nvme0, host0) may be among ours, if the guest knows them."""
    for address in truth.guest.msi_irqs():
        if truth.damaged and address not in doc.devices:
            continue
        listed = doc.device(address, "consumers")
        cut = listed is None or None in listed
        ours = {c["name"]: c["driver"] for c in listed or [] if c}
        theirs = truth.guest.children(address)
        for name, (subsystem, driver) in theirs.items():
            if driver or subsystem in ("block", "net") and "/" not in name:
                # Behind a child's page that is gone nobody can name what hangs below it; a null says so.
                if cut and name not in ours:
                    yield f"{address} {name}", None, True
                else:
                    yield f"{address} {name}", ours.get(name, MISSING), driver
        for name in ours:
            yield f"{address} {name} is there", name in theirs, True


@fact("guest", "CPU masks")
def cpu_masks(doc, truth):
    for name in ("possible", "present", "online"):
        yield name, doc.dump[f"cpus_{name}"], cpulist.write(truth.guest.cpus(name))
    for n in truth.guest.cpus("possible"):
        yield f"cpu {n} online", doc.cpu(n, "online"), n in truth.guest.cpus("online")


@fact("guest", "CPU topology")
def topology(doc, truth):
    """Kernels before 5.16 have no clusters, and then nothing to compare."""
    for name, key in (("thread_siblings_list", "siblings"), ("cluster_cpus_list", "cluster")):
        for n, theirs in truth.guest.topology(name).items():
            yield f"cpu {n} {key}", doc.cpu(n, key), canonical(theirs)
    for n, theirs in truth.guest.node_of_cpus().items():
        yield f"cpu {n} node", doc.cpu(n, "node"), theirs


@fact("guest", "default affinity")
def default_affinity(doc, truth):
    yield "irq_default_affinity", doc.dump.get("default_affinity", MISSING), cpulist.write(truth.guest.default_affinity())


@fact("guest", "housekeeping CPUs")
def housekeeping(doc, truth):
    """isolcpus=managed_irq,LIST leaves the rest of the possible CPUs for managed interrupts."""
    m = re.search(r"isolcpus=managed_irq,(\d\S*)", truth.guest.line("/proc/cmdline"))
    theirs = cpulist.write(truth.guest.cpus("possible") - cpulist.parse(m.group(1))) if m else None
    yield "housekeeping_managed", doc.dump.get("housekeeping_managed", MISSING), theirs


@fact("guest", "release and time")
def release(doc, truth):
    yield "release", doc.dump["release"], truth.guest.line("/proc/version").split()[2]
    start = int(truth.guest.line("date"))
    # It wrote some hundred files in between, under emulation.
    yield "crash_time", doc.dump["crash_time"], OneOf(range(start, start + 601))


@fact("guest", "which machine")
def which_machine(doc, truth):
    total = re.match(r"MemTotal: +(\d+) kB", truth.guest.line("/proc/meminfo"))
    yield "hostname", doc.dump["hostname"], truth.guest.line("/proc/sys/kernel/hostname")
    yield "memory", doc.dump["memory"], int(total.group(1)) * 1024
    up = int(float(truth.guest.line("/proc/uptime").split()[0]))
    yield "uptime", doc.dump["uptime"], OneOf(range(up, up + 601))
    # a dump of a guest that runs on has no CRASHTIME
    crashed = doc.dump["crash_time"] is not None
    yield "panic", doc.dump["panic"], OneOf(["sysrq triggered crash", "NMI: Not continuing"]) if crashed else None
    name = " ".join(truth.guest.line(f"/sys/class/dmi/id/{key}") for key in ("sys_vendor", "product_name"))
    yield "hardware", (doc.dump["hardware"] or "")[:len(name)], name


# ---- the kernel's trace events

def whole(truth):
    if not truth.trace_whole:
        raise Skip("the ring buffer has lost events")


def placed(doc, truth):
    """(irq, replayed state) of all whose last move the events could see."""
    whole(truth)
    online = truth.guest.cpus("online")
    return [(n, irq) for n, irq in sorted(truth.replay.irqs.items()) if truth.replay.certain(irq, online)]


@fact("trace", "has apic_chip_data")
def has_chip_data(doc, truth):
    whole(truth)
    for n in sorted(set(doc.irqs) | set(truth.replay.irqs)):
        ours = doc.irq(n, "vector")
        yield f"irq {n}", None if truth.damaged and ours is None else isinstance(ours, int), n in truth.replay.irqs


@fact("trace", "vector and CPU")
def trace_vector(doc, truth):
    for n, irq in placed(doc, truth):
        yield f"irq {n} vector", doc.irq(n, "vector"), irq.vector
        if irq.vector:
            yield f"irq {n} cpu", doc.irq(n, "cpu"), irq.cpu


@fact("trace", "previous vector and CPU")
def trace_previous(doc, truth):
    for n, irq in placed(doc, truth):
        yield f"irq {n} prev_vector", doc.irq(n, "prev_vector"), irq.prev_vector
        if irq.prev_vector:
            yield f"irq {n} prev_cpu", doc.irq(n, "prev_cpu"), irq.prev_cpu


@fact("trace", "programmed vector and APIC")
def trace_programmed(doc, truth):
    """Managed interrupts that were never activated have no vector_config, and nothing to compare."""
    for n, irq in placed(doc, truth):
        if irq.hw_vector is not None:
            yield f"irq {n} hw_vector", doc.irq(n, "hw_vector"), irq.hw_vector
            yield f"irq {n} hw_dest_apicid", doc.irq(n, "hw_dest_apicid"), irq.apicid


@fact("trace", "managed and reserved")
def trace_reserved(doc, truth):
    for n, irq in placed(doc, truth):
        yield f"irq {n} has_reserved", doc.irq(n, "has_reserved"), irq.has_reserved
        yield f"irq {n} managed", doc.irq(n, "managed"), irq.managed


@fact("trace", "matrix totals")
def trace_totals(doc, truth):
    """Of the last event; if a CPU has gone down since, silently, the number of maps tells."""
    totals = truth.replay.totals
    if not totals or totals["online_maps"] != len(truth.guest.cpus("online")):
        raise Skip("a CPU went down after the last event")
    for key, theirs in totals.items():
        yield key, doc.matrix[key], theirs


@fact("trace", "system_map")
def trace_system(doc, truth):
    whole(truth)
    yield "system_map", doc.matrix["system_map"], cpulist.write(truth.replay.system)


def never_off(truth):
    whole(truth)
    if truth.replay.was_off(truth.guest.cpus("online")):
        raise Skip("a CPU was off, and what it frees on its way out is not traced")


@fact("trace", "CPU maps")
def trace_maps(doc, truth):
    never_off(truth)
    for n in sorted(doc.cpus):
        cpu = truth.replay.cpus.get(n)
        yield f"cpu {n} alloc_map", doc.cpu(n, "alloc_map"), cpulist.write(cpu.alloc if cpu else ())
        yield f"cpu {n} managed_map", doc.cpu(n, "managed_map"), cpulist.write(cpu.managed if cpu else ())


@fact("trace", "CPU counters")
def trace_counters(doc, truth):
    never_off(truth)
    for n, cpu in sorted(truth.replay.cpus.items()):
        for key, theirs in (cpu.counters or {}).items():
            # Before a CPU is started for the first time its count of what is available has no meaning.
            if cpu.online_at or key != "available":
                yield f"cpu {n} {key}", doc.cpu(n, key), theirs


# ---- drgn

def kernel_of(truth):
    if truth.kernel is None:
        raise Skip("no dump was given")
    return truth.kernel


@fact("drgn", "matrix")
def drgn_matrix(doc, truth):
    kernel = kernel_of(truth)
    for key, theirs in kernel.matrix.items():
        yield key, doc.matrix[key], theirs
    yield "system_map", doc.matrix["system_map"], kernel.system_map


@fact("drgn", "CPU maps and counters")
def drgn_cpus(doc, truth):
    for n, cpu in kernel_of(truth).cpus.items():
        for key, theirs in cpu.items():
            if not key.startswith("vector_"):
                yield f"cpu {n} {key}", doc.cpu(n, key), theirs


@fact("drgn", "vector_irq")
def drgn_vector_irq(doc, truth):
    for n, cpu in kernel_of(truth).cpus.items():
        for key in ("vector_shutdown", "vector_retriggered", "vector_stray"):
            yield f"cpu {n} {key}", doc.cpu(n, key), cpu[key]
        ours = doc.cpu(n, "vector_irq")
        ours = ours if isinstance(ours, dict) else {}
        for vector in sorted(set(ours) | set(cpu["vector_irq"]), key=int):
            yield f"cpu {n} vector {vector}", ours.get(vector), cpu["vector_irq"].get(vector)


@fact("drgn", "IRQ descriptors")
def drgn_descriptors(doc, truth):
    kernel = kernel_of(truth)
    for n in sorted(set(kernel.irqs) | set(doc.irqs)):
        yield f"irq {n}", doc.irq(n, "address"), kernel.irqs.get(n, {}).get("address")


def irq_facts(doc, truth, keys):
    for n, theirs in sorted(kernel_of(truth).irqs.items()):
        for key in keys:
            yield f"irq {n} {key}", doc.irq(n, key), theirs.get(key)


@fact("drgn", "IRQ state and masks")
def drgn_state(doc, truth):
    yield from irq_facts(doc, truth, ("state", "affinity", "effective_affinity", "pending_affinity"))
    for n, theirs in sorted(kernel_of(truth).irqs.items()):
        ours = doc.irq(n, "state_flags")
        yield f"irq {n} state_flags", sorted(ours) if isinstance(ours, list) else ours, theirs.get("state_flags")


@fact("drgn", "chain of domains")
def drgn_chain(doc, truth):
    for n, theirs in sorted(kernel_of(truth).irqs.items()):
        ours = doc.irq(n, "chain")
        if theirs.get("chain") is None:
            continue
        levels = [{key: level.get(key, MISSING) for key in ("domain", "chip", "hwirq")} for level in ours or []]
        yield f"irq {n}", levels, theirs["chain"]


@fact("drgn", "counts")
def drgn_counts(doc, truth):
    for n, theirs in sorted(kernel_of(truth).irqs.items()):
        yield f"irq {n}", doc.irq(n, "per_cpu_counts"), theirs.get("counts")


@fact("drgn", "apic_chip_data")
def drgn_apic(doc, truth):
    keys = ("vector", "cpu", "prev_vector", "prev_cpu", "move_in_progress", "can_reserve", "has_reserved",
            "cleanup_pending", "hw_vector", "hw_dest_apicid")
    for n, theirs in sorted(kernel_of(truth).irqs.items()):
        for key in keys:
            yield f"irq {n} {key}", doc.irq(n, key), (theirs.get("apic") or {}).get(key)


@fact("drgn", "MSI descriptors")
def drgn_msi(doc, truth):
    for n, theirs in sorted(kernel_of(truth).irqs.items()):
        for key in ("desc", "first_irq", "nvec_used", "address", "data", "affinity", "index", "msix"):
            yield f"irq {n} {key}", doc.irq(n, f"msi.{key}"), (theirs.get("msi") or {}).get(key)
        yield f"irq {n} device", doc.irq(n, "device"), (theirs.get("msi") or {}).get("device")


@fact("drgn", "remapping entries, pins, hints")
def drgn_wiring(doc, truth):
    for n, theirs in sorted(kernel_of(truth).irqs.items()):
        wiring = theirs.get("wiring") or {}
        yield f"irq {n} hint", doc.irq(n, "has_affinity_hint"), wiring.get("has_affinity_hint")
        for part in ("remapping", "ioapic"):
            for key, value in (wiring.get(part) or {}).items():
                if not isinstance(value, dict):
                    yield f"irq {n} {part}.{key}", doc.irq(n, f"{part}.{key}"), value
                    continue
                for field, number in value.items():
                    yield f"irq {n} {part}.{key}.{field}", doc.irq(n, f"{part}.{key}.{field}"), number
