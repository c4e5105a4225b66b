# SPDX-License-Identifier: GPL-3.0-or-later
"""The document "irqmatrix/1": its contract as a table, and what has to hold within it."""
from . import cpulist
from .report import MISSING, fact

# A type is a Python type, a tuple of them (None for null), [type of the elements] or {key: type}.
NUM = (int, None)
BOOL = (bool, None)
TEXT = (str, None)
LIST = ("cpulist", None)
HEX = ("hex", None)

CONTRACT = {
    "schema": str,
    "dump": {"path": str, "format": str, "release": TEXT, "build_id": TEXT, "arch": str, "types": str, "crash_time": NUM,
             "cpus_possible": LIST, "cpus_present": LIST, "cpus_online": LIST},
    "matrix": {"matrix_bits": NUM, "alloc_start": NUM, "alloc_end": NUM, "alloc_size": NUM, "global_available": NUM,
               "global_reserved": NUM, "systembits_inalloc": NUM, "total_allocated": NUM, "online_maps": NUM,
               "system_map": LIST},
    "cpus": [{"cpu": int, "online": BOOL, "initialized": BOOL, "available": NUM, "allocated": NUM, "managed": NUM,
              "managed_allocated": NUM, "alloc_map": LIST, "managed_map": LIST}],
    "irqs": [{"irq": int, "actions": ("list of names", None), "chain": ("chain", None), "affinity": LIST,
              "effective_affinity": LIST, "pending_affinity": LIST, "managed": BOOL, "state": NUM,
              "state_flags": ("names", None), "vector": NUM, "cpu": NUM, "prev_vector": NUM, "prev_cpu": NUM,
              "move_in_progress": BOOL, "can_reserve": BOOL, "has_reserved": BOOL, "device": TEXT, "driver": TEXT,
              "count": NUM, "per_cpu_counts": ("numbers", None), "msi": ("msi", None)}],
    "devices": [{"device": TEXT, "bus": TEXT, "driver": TEXT, "consumers": ("consumers", None), "node": NUM,
                 "irqs": NUM, "allocated": NUM, "managed_reserved": NUM, "managed_reserved_offline": NUM,
                 "idle_reserved": NUM, "reserved": NUM, "cost": NUM}],
    "findings": [{"code": str, "severity": str, "text": str, "data": dict}],
    "unread": [{"what": str, "address": HEX, "why": str}],
}
CONSUMER = [{"name": TEXT, "driver": TEXT}]
LEVEL = [{"domain": TEXT, "chip": TEXT, "hwirq": NUM}]
MSI = {"index": NUM, "address": HEX, "data": NUM, "affinity": LIST}
SEVERITIES = {"critical", "warning", "info"}
REASONS = {"excluded", "truncated", "unmapped", "bad-pointer", "invalid", "unstable"}


def is_cpulist(value):
    try:
        return isinstance(value, str) and cpulist.write(cpulist.parse(value)) == value
    except ValueError:
        return False


def is_hex(value):
    try:
        return isinstance(value, str) and hex(int(value, 16)) == value
    except ValueError:
        return False


NAMED = {
    "cpulist": is_cpulist,
    "hex": is_hex,
    "names": lambda v: isinstance(v, list) and all(isinstance(e, str) for e in v),
    "list of names": lambda v: isinstance(v, list) and all(isinstance(e, (str, type(None))) for e in v),
    # the last one is null if there may be more
    "consumers": lambda v: not list(breaches(v[:-1] if v and v[-1] is None else v, CONSUMER, "consumers")),
    "chain": lambda v: not list(breaches(v, LEVEL, "chain")),
    "numbers": lambda v: isinstance(v, list) and all(type(e) is int for e in v),
    "msi": lambda v: isinstance(v, dict) and not list(breaches(v, MSI, "msi")),
}


def fits(value, wanted):
    if wanted is None or isinstance(wanted, str):
        return value is None if wanted is None else NAMED[wanted](value)
    return type(value) is wanted


def breaches(value, wanted, path):
    """(path, what is there, what the contract wants) of each departure from it."""
    if isinstance(wanted, dict):
        if not isinstance(value, dict):
            yield path, type(value).__name__, "object"
            return
        for key, inner in wanted.items():
            if key not in value:
                yield f"{path}.{key}", MISSING, "key"
            else:
                yield from breaches(value[key], inner, f"{path}.{key}")
    elif isinstance(wanted, list):
        if not isinstance(value, list):
            yield path, type(value).__name__, "array"
            return
        for i, element in enumerate(value):
            yield from breaches(element, wanted[0], f"{path}[{i}]")
    elif not any(fits(value, w) for w in (wanted if isinstance(wanted, tuple) else (wanted,))):
        yield path, repr(value)[:60], str(wanted)


class Document:
    def __init__(self, data):
        self.data = data
        self.dump, self.matrix = data.get("dump", {}), data.get("matrix", {})
        self.irqs = {irq["irq"]: irq for irq in data.get("irqs", [])}
        self.cpus = {cpu["cpu"]: cpu for cpu in data.get("cpus", [])}
        self.devices = {device["device"]: device for device in data.get("devices", [])}
        self.accounting = data.get("accounting", {})

    def irq(self, n, key):
        """A key of an interrupt; a dot leads into an object."""
        value = self.irqs.get(n)
        if value is None:
            return None if not self.data.get("irqs_complete", True) else MISSING
        for part in key.split("."):
            if value is None:
                return None
            value = value.get(part, MISSING)
        return value

    def cpu(self, n, key):
        return self.cpus.get(n, {}).get(key, MISSING)

    def device(self, name, key):
        return self.devices.get(name, {}).get(key, MISSING)

    def online(self):
        return {n for n, cpu in self.cpus.items() if cpu["online"]}

    def drifted(self, kind):
        return any(f["code"] == kind for f in self.data["findings"])


@fact("document", "contract")
def contract(doc, truth):
    found = list(breaches(doc.data, CONTRACT, "document"))
    yield from found or [("document", "fits", "fits")]
    yield "schema", doc.data.get("schema"), "irqmatrix/1"


@fact("document", "words")
def words(doc, truth):
    for i, finding in enumerate(doc.data["findings"]):
        yield f"findings[{i}].severity", finding["severity"] in SEVERITIES, True
    for i, unread in enumerate(doc.data["unread"]):
        yield f"unread[{i}].why", unread["why"] in REASONS, True


@fact("document", "order")
def order(doc, truth):
    for name, key in (("irqs", "irq"), ("cpus", "cpu")):
        numbers = [entry[key] for entry in doc.data[name]]
        yield name, numbers == sorted(set(numbers)), True
    by_cost = [(-(d["cost"] or 0), d["device"] or "") for d in doc.data["devices"]]
    yield "devices", by_cost == sorted(by_cost), True


@fact("document", "unread")
def unread(doc, truth):
    """Nothing is unread in a whole dump; in a damaged one something is, and the guest's side shows that none of it is 0."""
    yield "something is unread", bool(doc.data["unread"]), truth.damaged
    if not truth.damaged:
        yield "irqs_complete", doc.data.get("irqs_complete", MISSING), True


@fact("document", "possible CPUs")
def possible_cpus(doc, truth):
    yield "cpus[]", cpulist.write(doc.cpus), doc.dump["cpus_possible"]


@fact("document", "counts add up")
def count_sums(doc, truth):
    for n, irq in doc.irqs.items():
        counts = irq["per_cpu_counts"]
        if counts is not None:
            yield f"irq {n}", irq["count"], sum(counts)
            yield f"irq {n} per CPU", len(counts), len(doc.cpus)


@fact("document", "vector and CPU")
def vector_and_cpu(doc, truth):
    """A CPU is named where there is a vector, and only there."""
    for n, irq in doc.irqs.items():
        yield f"irq {n}", irq["cpu"] is None, not irq["vector"]
        yield f"irq {n} previous", irq["prev_cpu"] is None, not irq["prev_vector"]


@fact("document", "vector in alloc_map")
def vector_in_map(doc, truth):
    for n, irq in doc.irqs.items():
        for cpu, vector in ((irq["cpu"], irq["vector"]), (irq["prev_cpu"], irq["prev_vector"])):
            if vector and cpu in doc.cpus:
                allocated = doc.cpus[cpu]["alloc_map"]
                if allocated is not None:
                    yield f"irq {n} vector {vector} cpu {cpu}", vector in cpulist.parse(allocated), True


def counter_drift(doc):
    """Do a CPU's counters differ from its maps, by the kernel's own rule?"""
    m, found = doc.matrix, set()
    for n, cpu in doc.cpus.items():
        if None in (cpu["alloc_map"], cpu["managed_map"]) or not cpu["initialized"]:
            continue
        allocated, managed = cpulist.parse(cpu["alloc_map"]), cpulist.parse(cpu["managed_map"])
        available = m["alloc_size"] - m["systembits_inalloc"] - len(managed | allocated)
        both = cpu["managed_allocated"]
        if (cpu["available"], cpu["allocated"], cpu["managed"]) != (available, len(allocated), len(managed)) or \
                both not in (None, len(allocated & managed)):
            found.add(n)
    return found


@fact("document", "drift is found")
def drift_found(doc, truth):
    yield "finding counter-drift", doc.drifted("counter-drift"), bool(counter_drift(doc))


@fact("document", "global_available")
def global_available(doc, truth):
    yield "sum over online CPUs", doc.matrix["global_available"], sum(doc.cpus[n]["available"] for n in doc.online())


def cost_of(irqs, online):
    """The figures of a device, from its interrupts alone, by the words of the design."""
    chip = [i for i in irqs if i["vector"] is not None]
    managed = [i for i in chip if i["managed"]]
    masks = [cpulist.parse(i["affinity"]) for i in managed]
    reserved = sum(len(mask & online) for mask in masks)
    others = sum(1 for i in chip if not i["managed"]
                 for vector, cpu in ((i["vector"], i["cpu"]), (i["prev_vector"], i["prev_cpu"])) if vector and cpu in online)
    return {"irqs": len(irqs), "allocated": sum(1 for i in chip if i["vector"]), "managed_reserved": reserved,
            "managed_reserved_offline": sum(len(mask - online) for mask in masks),
            "idle_reserved": reserved - sum(1 for i in managed if i["vector"] and i["cpu"] in online),
            "reserved": sum(1 for i in chip if i["has_reserved"]), "cost": reserved + others}


def all_read(doc, truth, name):
    """The document has all interrupts that the guest knows of the device, and the vector of each."""
    theirs = truth.guest.msi_irqs().get(name, {})
    return all(n in doc.irqs and doc.irqs[n]["device"] == name and doc.irqs[n]["vector"] is not None for n in theirs)


@fact("document", "cost of each device")
def device_costs(doc, truth):
    for name, device in doc.devices.items():
        if truth.damaged and not all_read(doc, truth, name):
            yield f"{name} cost", device["cost"], None
            continue
        figures = cost_of([i for i in doc.irqs.values() if i["device"] == name], doc.online())
        for key, value in figures.items():
            yield f"{name} {key}", device[key], value


@fact("document", "accounting")
def accounting(doc, truth):
    """lost = costs of all devices + of the interrupts without one + unattributed."""
    m, a = doc.matrix, doc.accounting
    lost = len(doc.online()) * (m["alloc_size"] - m["systembits_inalloc"]) - m["global_available"]
    yield "lost", a.get("lost", MISSING), lost
    if truth.damaged:
        return
    rest = cost_of([i for i in doc.irqs.values() if i["device"] is None], doc.online())
    for key, value in rest.items():
        yield f"no MSI device {key}", a["no_msi_device"][key], value
    yield "unattributed", a["unattributed"], lost - rest["cost"] - sum(d["cost"] for d in doc.devices.values())
    # Drift of the counters is the one thing that may be left over.
    if not counter_drift(doc):
        yield "nothing unattributed", a["unattributed"], 0
    drivers = a["drivers"]
    yield "devices of all drivers", sum(d["devices"] for d in drivers), len(doc.devices)
    yield "cost of all drivers", sum(d["cost"] for d in drivers), sum(d["cost"] for d in doc.devices.values())
