# SPDX-License-Identifier: GPL-3.0-or-later
"""drgn's reading of what lies between a device and the vector domain, by the kernel's own bit fields."""
import drgn
from drgn.helpers.linux.list import list_for_each_entry

DELIVERY = ["fixed", "lowest-priority", "SMI", "reserved", "NMI", "INIT", "reserved", "ExtINT"]


def member(obj, *names):
    """Value of the first of these members that the structure has."""
    for name in names:
        try:
            return getattr(obj, name).value_()
        except AttributeError:
            pass
    return None


def irte(prog, e):
    facts = {"present": bool(e.present), "posted": bool(e.pst), "vector": e.vector.value_()}
    if e.pst:
        return facts
    dest = e.dest_id.value_()
    facts["destination"] = dest if prog["eim_mode"].value_() else dest >> 8 & 0xff
    facts.update(logical=bool(e.dst_mode), redirect_hint=bool(e.redir_hint),
                 delivery_mode=DELIVERY[e.dlvry_mode.value_()])
    return facts


def remapping(prog, chip_data):
    data = drgn.cast("struct intel_ir_data *", chip_data)
    index = data.irq_2_iommu.irte_index.value_() + data.irq_2_iommu.sub_handle.value_()
    return {"iommu": "intel", "index": index, "entry": irte(prog, data.irte_entry),
            "table": irte(prog, data.irq_2_iommu.iommu.ir_table.base[index])}


def amd_irte(ga, e):
    """union irte or struct irte_ga, the latter as long as it is not a guest's."""
    low = e.lo.fields_remap if ga else e.fields
    facts = {"present": bool(low.valid), "posted": bool(ga and low.guest_mode),
             "vector": (e.hi.fields.vector if ga else low.vector).value_()}
    if not facts["posted"]:
        high = e.hi.fields.destination.value_() << 24 if ga else 0
        facts.update(destination=high | low.destination.value_(), logical=bool(low.dm), redirect_hint=False,
                     delivery_mode=DELIVERY[low.int_type.value_()])
    return facts


def amd_remapping(prog, chip_data):
    data = drgn.cast("struct amd_ir_data *", chip_data)
    where = data.irq_2_irte
    ga = prog["amd_iommu_guest_ir"].value_() != 0
    kind = "struct irte_ga *" if ga else "union irte *"
    try:
        tables = data.iommu.pci_seg.irq_lookup_table
    except AttributeError:  # before 6.0
        tables = prog["irq_lookup_table"]
    table = drgn.cast(kind, tables[where.devid].table)
    return {"iommu": "amd", "devid": where.devid.value_(), "index": where.index.value_(),
            "entry": amd_irte(ga, drgn.cast(kind, data.entry)[0]), "table": amd_irte(ga, table[where.index])}


def ioapic(chip_data):
    data = drgn.cast("struct mp_chip_data *", chip_data)
    entry = data.entry
    pins = list(list_for_each_entry("struct irq_pin_list", data.irq_2_pin.address_of_(), "list"))
    facts = {"pins": len(pins), "isa_irq": bool(data.isa_irq),
             "masked": bool(member(entry, "masked", "mask")), "level": bool(member(entry, "is_level", "trigger")),
             "active_low": bool(member(entry, "active_low", "polarity"))}
    if pins:
        facts.update(apic=pins[0].apic.value_(), pin=pins[0].pin.value_())
    return facts


def read_levels(prog, levels, facts):
    for level in levels:
        chip = level.chip.name.string_().decode() if level.chip and level.chip.name else ""
        if not level.chip_data:
            continue
        if chip.startswith("INTEL-IR"):
            facts["remapping"] = remapping(prog, level.chip_data)
        elif chip.startswith("AMD-IR"):
            facts["remapping"] = amd_remapping(prog, level.chip_data)
        elif chip in ("IO-APIC", "IR-IO-APIC"):
            facts["ioapic"] = ioapic(level.chip_data)


def read_wiring(prog, desc, levels):
    """What the document has under "remapping" and "ioapic", as far as the kernel's own fields say it."""
    facts = {"remapping": {}, "ioapic": {}, "has_affinity_hint": bool(desc.affinity_hint)}
    try:
        read_levels(prog, levels, facts)
    except drgn.FaultError:
        pass  # what could be read up to there is known all the same
    return facts
