#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What irqmatrix, irqmatrix --devices and irqmatrix --irqs know of a dump, collected with drgn 0.0.22 as one would write
it for one's own use: structures are read whole, what several interrupts share is read once. For measuring beside the tool;
the last line is for asserting that both have read the same.

    drgn_irqmatrix.py VMCORE VMLINUX
    drgn -q -c VMCORE -s VMLINUX drgn_irqmatrix.py"""
import functools
import struct
import sys

import drgn
from drgn.helpers.linux.cpumask import for_each_possible_cpu
from drgn.helpers.linux.percpu import per_cpu, per_cpu_ptr
from drgn.helpers.linux.radixtree import radix_tree_for_each

MAPLE_LEAF, MAPLE_ARANGE = 1, 3
VECTOR_SHUTDOWN, VECTOR_RETRIGGERED = 2 ** 64 - 1, 2 ** 64 - 2
MATRIX = ("matrix_bits", "alloc_start", "alloc_end", "alloc_size", "global_available", "global_reserved",
          "systembits_inalloc", "total_allocated", "online_maps")
CPUMAP = ("available", "allocated", "managed", "managed_allocated", "initialized", "online")
CLASSES = ("block", "net", "nvme", "scsi_host", "infiniband", "drm", "sound", "tty", "accel")


def text(pointer):
    return pointer.string_().decode(errors="replace") if pointer else None


def name_of(pointer):
    """Name of a bus, driver, chip, domain, class ...; None without one."""
    return text(pointer.name) if pointer else None


def has(obj, name):
    try:
        return obj.member_(name)
    except LookupError:
        return None


class Dump:
    def __init__(self, prog):
        self.prog = prog
        self.mask_bytes = (prog["nr_cpu_ids"].value_() + 63) // 64 * 8
        self.pending_flag = prog["IRQD_SETAFFINITY_PENDING"].value_()
        self.managed_flag = prog["IRQD_AFFINITY_MANAGED"].value_()
        self.vector_domain = prog["x86_vector_domain"].value_()
        self.name_at = functools.lru_cache(None)(self.name_at)
        self.device_at = functools.lru_cache(None)(self.device_at)

    def bits(self, words, length):
        """A bitmap as an integer. It is an array, or a pointer to one."""
        if words.type_.kind == drgn.TypeKind.POINTER:
            address = words.value_()
        else:
            address = words.address_
        return int.from_bytes(self.prog.read(address, length), "little")

    def mask(self, var):
        """A cpumask_var_t: with CONFIG_CPUMASK_OFFSTACK a pointer, else an array of one, which was read already."""
        if var.type_.kind == drgn.TypeKind.POINTER:
            return int.from_bytes(self.prog.read(var.value_(), self.mask_bytes), "little")
        return int.from_bytes(var.to_bytes_(), "little")

    # matrix

    def matrix(self):
        m = self.prog["vector_matrix"][0]
        copy = m.read_()
        facts = {name: copy.member_(name).value_() for name in MATRIX}
        facts["system_map"] = self.bits(m.system_map, 32)
        self.maps = m.maps
        return facts

    def cpu(self, n):
        m = per_cpu_ptr(self.maps, n)[0]
        copy = m.read_()
        facts = {name: has(copy, name) for name in CPUMAP}
        facts = {name: value.value_() for name, value in facts.items() if value is not None}
        facts["alloc_map"], facts["managed_map"] = self.bits(m.alloc_map, 32), self.bits(m.managed_map, 32)
        table = per_cpu(self.prog["vector_irq"], n)
        facts["vector_irq"] = struct.unpack("<256Q", self.prog.read(table.address_, 2048))
        return facts

    # descriptors

    def descriptors(self):
        """(irq, struct irq_desc) from the radix tree or, from 6.5 on, the maple tree, which this drgn does not know."""
        if "irq_desc_tree" in self.prog:
            for n, entry in radix_tree_for_each(self.prog["irq_desc_tree"].address_of_()):
                yield n, drgn.Object(self.prog, "struct irq_desc *", value=entry.value_())
        else:
            desc = self.prog.type("struct irq_desc *")
            for n, entry in self.maple(self.prog["sparse_irqs"].ma_root.value_(), 0, 2 ** 64 - 1):
                yield n, drgn.Object(self.prog, desc, value=entry)

    def maple(self, entry, low, high):
        node = drgn.Object(self.prog, "struct maple_node *", value=entry & ~0xff)
        kind = entry >> 3 & 0xf
        part = (node.ma64 if kind == MAPLE_ARANGE else node.mr64).read_()
        pivots, slots = part.pivot.value_(), part.slot.value_()
        for i, slot in enumerate(slots):
            last = pivots[i] if i < len(pivots) and (pivots[i] or i == 0) else high
            if slot and kind == MAPLE_LEAF:
                yield low, slot
            elif slot:
                yield from self.maple(slot, low, last)
            if last >= high:
                return
            low = last + 1

    def irq(self, pointer):
        desc = pointer[0].read_()
        common = desc.irq_common_data
        state = common.state_use_accessors.value_()
        facts = {"state": state, "managed": bool(state & self.managed_flag), "affinity": self.mask(common.affinity),
                 "effective_affinity": self.mask(common.effective_affinity),
                 "pending_affinity": self.mask(desc.pending_mask) if state & self.pending_flag else None,
                 "actions": self.actions(desc.action), "chain": [], "apic": None, "msi": None, "device": None}
        level = desc.irq_data
        while True:
            domain = level.domain.value_()
            facts["chain"].append((self.name_at("struct irq_domain", domain),
                                   self.name_at("struct irq_chip", level.chip.value_()), level.hwirq.value_()))
            if domain == self.vector_domain and level.chip_data:
                facts["apic"] = self.apic(level.chip_data)
            if not level.parent_data:
                break
            level = level.parent_data[0].read_()
        if common.msi_desc:
            facts["msi"] = self.msi(common.msi_desc[0].read_())
            facts["device"] = facts["msi"]["device"]
        return facts

    def name_at(self, kind, address):
        return name_of(drgn.Object(self.prog, kind + " *", value=address))

    def actions(self, action):
        names = []
        while action:
            copy = action[0].read_()
            names.append(text(copy.name))
            action = copy.next
        return names

    def apic(self, chip_data):
        a = drgn.cast("struct apic_chip_data *", chip_data)[0].read_()
        return {name: a.member_(name).value_() for name in
                ("vector", "cpu", "prev_vector", "prev_cpu", "move_in_progress", "can_reserve", "has_reserved")}

    def msi(self, m):
        index = has(m, "msi_index")
        if index is None:
            index = (has(m, "pci") or m).msi_attrib.entry_nr
        used = m.nvec_used.value_()
        masks = None
        if m.affinity:
            masks = [self.bits(m.affinity[i].mask.bits, self.mask_bytes) for i in range(used)]
        return {"first_irq": m.irq.value_(), "nvec_used": used, "index": index.value_(), "affinity": masks,
                "address": m.msg.address_hi.value_() << 32 | m.msg.address_lo.value_(), "data": m.msg.data.value_(),
                "device": self.device_at(m.dev.value_()) if m.dev else None}

    # devices

    def device_at(self, address):
        dev = drgn.Object(self.prog, "struct device *", value=address)[0].read_()
        facts = self.identity(dev)
        facts["node"] = dev.numa_node.value_()
        facts["consumers"] = list(self.consumers(dev))
        return facts

    def identity(self, dev):
        return {"device": text(dev.init_name) or text(dev.kobj.name), "bus": name_of(dev.bus), "driver": name_of(dev.driver)}

    def consumers(self, dev):
        """What people call it: the children on a bus, and the disks, network interfaces ... below them."""
        if not dev.p:
            return
        head = dev.p.klist_children.k_list.address_of_()
        node = head.next
        while node != head:
            private = drgn.container_of(node, "struct device_private", "knode_parent.n_node")
            child = private.device[0].read_()
            facts = self.identity(child)
            node = node.next
            if facts["bus"] == "pci":
                continue
            kind = name_of(getattr(child, "class"))
            if facts["bus"] and (facts["driver"] or facts["bus"] == "virtio") or not facts["bus"] and kind in CLASSES and \
                    name_of(child.type) != "partition":
                yield facts["device"], facts["driver"]
            yield from self.consumers(child)


def main(prog):
    dump = Dump(prog)
    matrix = dump.matrix()
    cpus = {n: dump.cpu(n) for n in for_each_possible_cpu(prog)}
    by_address, irqs = {}, {}
    for n, desc in dump.descriptors():
        by_address[desc.value_()] = n
        try:
            irqs[n] = dump.irq(desc)
        except drgn.FaultError as error:
            print(f"irq {n}: {error}", file=sys.stderr)
    for cpu in cpus.values():
        cpu["vector_irq"] = {vector: by_address.get(value) for vector, value in enumerate(cpu["vector_irq"])
                             if value and value not in (VECTOR_SHUTDOWN, VECTOR_RETRIGGERED)}
    devices = {irq["device"]["device"]: irq["device"] for irq in irqs.values() if irq["device"]}
    totals = {
        "global_available": matrix["global_available"], "total_allocated": matrix["total_allocated"], "cpus": len(cpus),
        "allocated": sum(bin(cpu["alloc_map"]).count("1") for cpu in cpus.values()),
        "vector_irq": sum(irq is not None for cpu in cpus.values() for irq in cpu["vector_irq"].values()),
        "irqs": len(irqs),
        "actions": sum(len(irq["actions"]) for irq in irqs.values()),
        "vectors": sum(bool(irq["apic"] and irq["apic"]["vector"]) for irq in irqs.values()),
        "msi": sum(irq["msi"] is not None for irq in irqs.values()), "devices": len(devices),
        "consumers": sum(len(device["consumers"]) for device in devices.values()),
    }
    print(" ".join(f"{name}={value}" for name, value in totals.items()))


def open_dump(vmcore, vmlinux):
    program = drgn.Program()
    program.set_core_dump(vmcore)
    program.load_debug_info([vmlinux])
    return program


if __name__ == "__main__":
    # drgn itself hands its scripts a "prog"
    main(globals().get("prog") or open_dump(*sys.argv[1:]))
