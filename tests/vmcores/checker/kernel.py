# SPDX-License-Identifier: GPL-3.0-or-later
"""drgn's reading of the dump, as plain dictionaries. What cannot be read is None."""
import functools
import shutil
import tempfile

import drgn
from drgn.helpers.linux.percpu import per_cpu, per_cpu_ptr
from drgn.helpers.linux.radixtree import radix_tree_for_each

from . import cpulist
from .wiring import read_wiring

VECTORS = 256
MAX_NODES = 100000
MAPLE_DENSE, MAPLE_LEAF, MAPLE_RANGE, MAPLE_ARANGE = range(4)
MATRIX_COUNTERS = ("matrix_bits", "alloc_start", "alloc_end", "alloc_size", "global_available", "global_reserved",
                   "systembits_inalloc", "total_allocated", "online_maps")
CPU_COUNTERS = ("available", "allocated", "managed", "managed_allocated")
APIC_FLAGS = ("move_in_progress", "can_reserve", "has_reserved")


def or_none(function, *args):
    """What the function returns; None if it meets a page that the dump does not have."""
    try:
        return function(*args)
    except drgn.FaultError:
        return None


def text(pointer):
    return pointer.string_().decode(errors="replace") if pointer else None


def bits(words, count):
    return {n for n in range(count) if words[n // 64].value_() >> n % 64 & 1}


def first_member(obj, *paths):
    """Value of the first of these members that this kernel has; None if it has none of them."""
    for path in paths:
        try:
            return functools.reduce(getattr, path.split("."), obj).value_()
        except AttributeError:
            pass
    return None


# struct disk_dump_header: what is in front of its new_utsname, and how long each of the names is.
UTSNAME, NAME = 12, 65


def open_core_dump(prog, vmcore):
    """QEMU's dumps have the name of a machine and of no system, which libkdumpfile 0.5 takes for no names: drgn gets a copy."""
    with open(vmcore, "rb") as file:
        head = file.read(UTSNAME + 5 * NAME)
        if not head.startswith(b"KDUMP   ") or head[UTSNAME] or not head[UTSNAME + 4 * NAME]:
            prog.set_core_dump(vmcore)
            return
        with tempfile.NamedTemporaryFile() as copy:
            names = b"".join(name.ljust(NAME, b"\0") for name in (b"Linux", b"?", b"?", b"?"))
            copy.write(head[:UTSNAME] + names + head[UTSNAME + len(names):])
            shutil.copyfileobj(file, copy)
            copy.flush()
            prog.set_core_dump(copy.name)


class Kernel:
    def __init__(self, vmcore, vmlinux):
        self.prog = drgn.Program()
        open_core_dump(self.prog, vmcore)
        self.prog.load_debug_info([vmlinux])
        self.cpu_ids = self.prog["nr_cpu_ids"].value_()
        self.possible = self.mask("__cpu_possible_mask")
        self.descriptors = dict(self.walk_descriptors())
        self.matrix, self.system_map = self.read_matrix()
        self.cpus = {n: self.read_cpu(n) for n in sorted(self.possible)}
        self.irqs = {n: self.read_irq(desc) for n, desc in self.descriptors.items()}

    # masks

    def mask(self, symbol):
        return bits(self.prog[symbol].bits, self.cpu_ids)

    def cpumask_var(self, value):
        """The cpulist of a cpumask_var_t: a pointer, or an array of one. Both are indexed alike."""
        return or_none(lambda: cpulist.write(bits(value[0].bits, self.cpu_ids)))

    # matrix

    def read_matrix(self):
        m = self.prog["vector_matrix"]
        return ({name: or_none(lambda: getattr(m, name).value_()) for name in MATRIX_COUNTERS},
                cpulist.write(bits(m.system_map, VECTORS)))

    def read_cpu(self, n):
        m = per_cpu_ptr(self.prog["vector_matrix"].maps, n)
        cpu = {name: or_none(first_member, m, name) for name in CPU_COUNTERS}
        cpu["online"] = bool(m.online)
        cpu["initialized"] = bool(m.initialized)
        for name in ("alloc_map", "managed_map"):
            cpu[name] = or_none(lambda: cpulist.write(bits(getattr(m, name), VECTORS)))
        cpu.update(self.read_vector_irq(n))
        return cpu

    def read_vector_irq(self, n):
        """The four kinds of entries: an interrupt's descriptor, -1 for shut down, -2 for retriggered, anything else."""
        by_address = {desc.value_(): irq for irq, desc in self.descriptors.items()}
        table = per_cpu(self.prog["vector_irq"], n)
        irqs, shutdown, retriggered, stray = {}, set(), set(), set()
        for vector in range(VECTORS):
            value = table[vector].value_()
            if value in by_address:
                irqs[str(vector)] = by_address[value]
            elif value == 2 ** 64 - 1:
                shutdown.add(vector)
            elif value == 2 ** 64 - 2:
                retriggered.add(vector)
            elif value:
                stray.add(vector)
        return {"vector_irq": irqs, "vector_shutdown": cpulist.write(shutdown),
                "vector_retriggered": cpulist.write(retriggered), "vector_stray": cpulist.write(stray)}

    # descriptors

    def walk_descriptors(self):
        """(irq, struct irq_desc *) from the radix tree or, from 6.5 on, the maple tree."""
        try:
            root = self.prog["irq_desc_tree"].address_of_()
        except KeyError:
            entries = self.maple_entries(self.prog["sparse_irqs"].ma_root.value_(), 0, 2 ** 64 - 1)
        else:
            entries = ((index, entry.value_()) for index, entry in radix_tree_for_each(root))
        try:
            for index, entry in entries:
                yield index, drgn.Object(self.prog, "struct irq_desc *", value=entry)
        except drgn.FaultError:
            return

    def maple_entries(self, root, low, high):
        """(index, entry) of a maple tree. A node's slot i holds what lies between pivots i - 1 and i."""
        pending, nodes = [(root, low, high)], 0
        while pending and nodes < MAX_NODES:
            entry, low, high = pending.pop()
            nodes += 1
            kind = entry >> 3 & 0xF
            node = drgn.Object(self.prog, "struct maple_node *", value=entry & ~0xFF)
            part = node.ma64 if kind == MAPLE_ARANGE else node.mr64
            try:
                pivots, slots = [p.value_() for p in part.pivot], [s.value_() for s in part.slot]
            except drgn.FaultError:
                continue
            start = low
            for i, slot in enumerate(slots):
                # The last pivots in use may be missing: 0, or no room for one.
                end = pivots[i] if i < len(pivots) and (pivots[i] or i == 0) else high
                if slot and kind == MAPLE_LEAF:
                    yield start, slot
                elif slot:
                    pending.append((slot, start, end))
                if end >= high:
                    break
                start = end + 1

    def read_irq(self, desc):
        irq = {"address": hex(desc.value_())}
        common = desc.irq_common_data
        state = or_none(lambda: common.state_use_accessors.value_())
        irq["state"] = state
        irq["state_flags"] = self.flags_of(state)
        if state is None:
            return irq
        irq["affinity"] = self.cpumask_var(common.affinity)
        irq["effective_affinity"] = self.cpumask_var(common.effective_affinity)
        pending = state & self.prog["IRQD_SETAFFINITY_PENDING"].value_()
        irq["pending_affinity"] = self.cpumask_var(desc.pending_mask) if pending else None
        irq["counts"] = or_none(self.read_counts, desc)
        irq["chain"] = or_none(self.read_chain, desc)
        irq["apic"] = or_none(self.read_apic, desc)
        irq["msi"] = or_none(self.read_msi, desc)
        irq["wiring"] = or_none(lambda: read_wiring(self.prog, desc, self.levels(desc)))
        return irq

    def flags_of(self, state):
        """Names of the bits: IRQD_*, and of IRQD_TRIGGER_MASK's bits IRQ_TYPE_*. Names of several bits are left out."""
        if state is None:
            return None
        trigger = self.prog["IRQD_TRIGGER_MASK"].value_()
        enumerators = [(name, value) for name, value in self.prog["IRQ_TYPE_NONE"].type_.enumerators if value & trigger == value]
        enumerators += self.prog["IRQD_LEVEL"].type_.enumerators
        return sorted(name for name, value in enumerators if value & state and not value & (value - 1))

    def read_counts(self, desc):
        counts = []
        for n in sorted(self.possible):
            entry = per_cpu_ptr(desc.kstat_irqs, n)
            # struct irqstat from 6.10 on, before it a plain number
            counts.append((entry.cnt if entry.type_.type.kind == drgn.TypeKind.STRUCT else entry[0]).value_())
        return counts

    def levels(self, desc):
        level = desc.irq_data.address_of_()
        while level:
            yield level
            level = level.parent_data

    def read_chain(self, desc):
        return [{"domain": text(level.domain.name) if level.domain else None, "chip": text(level.chip.name),
                 "hwirq": level.hwirq.value_()} for level in self.levels(desc)]

    def read_apic(self, desc):
        """apic_chip_data as the document shows it; {} for an interrupt that has none."""
        domain = self.prog["x86_vector_domain"].value_()
        for level in self.levels(desc):
            if level.domain.value_() == domain and level.chip_data:
                return self.apic_facts(drgn.cast("struct apic_chip_data *", level.chip_data))
        return {}

    def apic_facts(self, a):
        facts = {name: bool(getattr(a, name)) for name in APIC_FLAGS}
        facts["vector"], facts["prev_vector"] = a.vector.value_(), a.prev_vector.value_()
        facts["cpu"] = a.cpu.value_() if a.vector else None
        facts["prev_cpu"] = a.prev_cpu.value_() if a.prev_vector else None
        facts["cleanup_pending"] = bool(a.clist.pprev)
        facts["hw_vector"] = a.hw_irq_cfg.vector.value_()
        facts["hw_dest_apicid"] = a.hw_irq_cfg.dest_apicid.value_()
        return facts

    def read_msi(self, desc):
        """The msi_desc's facts; {} without one."""
        m = desc.irq_common_data.msi_desc
        if not m:
            return {}
        nth = desc.irq_data.irq.value_() - m.irq.value_()
        facts = {"desc": hex(m.value_()), "first_irq": m.irq.value_(), "nvec_used": m.nvec_used.value_(),
                 "address": hex(m.msg.address_hi.value_() << 32 | m.msg.address_lo.value_()),
                 "data": m.msg.data.value_() + nth,
                 "affinity": None, "device": or_none(lambda: text(m.dev.kobj.name))}
        facts["index"] = first_member(m, "msi_index", "pci.msi_attrib.entry_nr", "msi_attrib.entry_nr")
        msix = first_member(m, "pci.msi_attrib.is_msix", "msi_attrib.is_msix")
        facts["msix"] = bool(msix) if or_none(lambda: text(m.dev.bus.name)) == "pci" else None
        if m.affinity:
            mask = m.affinity[nth]
            # Before 5.0 these are cpumasks, not irq_affinity_descs.
            mask = mask.mask if hasattr(mask, "mask") else mask
            facts["affinity"] = or_none(lambda: cpulist.write(bits(mask.bits, self.cpu_ids)))
        return facts
