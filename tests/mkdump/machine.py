# SPDX-License-Identifier: GPL-3.0-or-later
"""A machine's text, read once more, and the tool's document against it."""
import re

SYSTEM = {32, 50, 128}
ALLOC = range(32, 236)
OPTIONS = {"node": 1, "vector": 1, "cpu": 1, "prev": 2, "affinity": 1, "effective": 1,
           "pending": 1, "msi-affinity": 1, "chain": 1, "state": 1,
           "action": 3, "msi": 1, "first": 1, "nvec": 1, "flow": 1,
           "name": 1, "count": 1, "message": 2, "hint": 1,
           "hw-vector": 1, "entry-vector": 1}
# What the made-up kernel calls its domains; None: it has none.
LEVELS = {"vector": "VECTOR", "ioapic": "IO-APIC-IR-0", "dmar": "DMAR-MSI",
          "pci-msi": "PCI-MSIX-0000:00:05.0-12", "xen": "xen-evtchn",
          "ir-pci-msi": "IR-PCI-MSIX-0000:03:00.0-12", "ir": "INTEL-IR-0",
          "none": None, "amd-ir": "AMD-IR-0", "vmd": "VMD-MSI-65536"}
REMAPPING = {"none": [], "intel": ["ir"], "amd": ["amd-ir"]}


def letters(n):
    return (letters(n // 26 - 1) if n > 25 else "") + chr(97 + n % 26)


def expand(line, counters):
    def value(m):
        expr, _, fmt = m.group(1).partition(":")
        n = eval(expr.replace("/", "//"), {}, counters)
        if fmt == "a":
            return letters(n)
        return f"{n:0{fmt[:-1]}x}" if fmt else str(n)
    return re.sub(r"\{([^}]*)\}", value, line)


def lines_of(lines, counters):
    i = 0
    while i < len(lines):
        words = lines[i].split()
        i += 1
        if not words or words[0] != "repeat":
            yield expand(lines[i - 1], counters)
            continue
        start, depth = i, 1
        while depth:
            words_i = lines[i].split()
            depth += (words_i[:1] == ["repeat"]) - (words_i[:1] == ["end"])
            i += 1
        for n in range(int(words[1])):
            yield from lines_of(lines[start:i - 1],
                                {**counters, "ijk"[len(counters)]: n})


def cpus_of(text):
    cpus = set()
    for part in filter(None, (text or "").split(",")):
        first, _, last = part.partition("-")
        cpus |= set(range(int(first), int(last or first) + 1))
    return cpus


def default_chain(irq, remapping):
    if not irq["device"]:
        return ["ioapic", *remapping, "vector"]
    return ["ir-pci-msi" if remapping else "pci-msi", *remapping, "vector"]


def parse_irq(words, devices, online, remapping):
    irq = {"irq": int(words[0]), "actions": [], "handlers": [],
           "affinity": online, "vector": None, "device": None, "count": 0, "prev": None}
    i = 1
    while i < len(words):
        key, n = words[i], OPTIONS.get(words[i], 0)
        args = words[i + 1:i + 1 + n]
        i += 1 + n
        if key == "action":
            irq["actions"].append(args[0])
            irq["handlers"].append(tuple(a if a != "-" else None
                                         for a in args[1:]))
        elif key == "prev":
            irq["prev"] = (int(args[0]), int(args[1]))
        elif key == "affinity":
            irq[key] = cpus_of(args[0])
        elif key in ("effective", "pending"):
            irq[key] = cpus_of(args[0])
        elif key in ("cpu", "count", "first", "nvec"):
            irq[key] = int(args[0])
        elif key == "message":
            irq[key] = (int(args[0], 0), int(args[1], 0))
        elif key == "chain":
            irq[key] = args[0].split(",")
        elif key == "msi":
            irq["device"], irq["msi"] = devices[-1], int(args[0])
        else:
            irq[key] = args[0] if n else True
    irq.setdefault("chain", default_chain(irq, remapping))
    return irq


def read_machine(path):
    with open(path) as f:
        return parse_machine(f.read())


def parse_machine(text):
    m = {"irqs": {}, "devices": {}, "node": {}, "expected": {},
         "leaks": {}, "drift": {}, "missing": {}, "log": 0}
    names, remapping = [], []
    lines = text.splitlines()
    for line in lines:
        if line.startswith("#="):
            key, value = line[2:].split()
            m["expected"][key] = int(value)
    lines = [line.split("#")[0] for line in lines]
    for line in lines_of(lines, {}):
        words = line.split()
        if not words:
            continue
        key, rest = words[0], words[1:]
        if key == "cpus":
            m["possible"] = m["online"] = set(range(int(rest[0])))
        elif key in ("online", "present", "possible"):
            m[key] = cpus_of(rest[0])
        elif key == "node":
            m["node"].update((c, int(rest[0])) for c in cpus_of(rest[1]))
        elif key == "device":
            names.append(rest[0])
            # "msi N" behind the name, bus and driver: descriptors it has
            more = rest[3:]
            descs = int(more[more.index("msi") + 1]) if "msi" in more else 0
            m["devices"][rest[0]] = {"driver": rest[2], "consumers": [],
                                     "descs": descs}
        elif key == "consumer":
            m["devices"][names[-1]]["consumers"].append(rest[0])
        elif key == "remapping":
            remapping = REMAPPING[rest[0]]
        elif key == "leak":
            m["leaks"].setdefault(int(rest[0]), set()).add(int(rest[1]))
        elif key == "entry" and int(rest[2], 0) == 0:
            m["missing"].setdefault(int(rest[0]), set()).add(int(rest[1]))
        elif key == "log":
            m["log"] += 1
        elif key == "drift":
            m["drift"][rest[0], rest[1]] = int(rest[2])
        elif key == "irq":
            irq = parse_irq(rest, names, m["online"], remapping)
            m["irqs"][irq["irq"]] = irq
        elif key == "release":
            m["release"] = rest[0]
    return m


class Differences(list):
    def same(self, what, got, want):
        if got != want:
            self.append(f"{what}: {got!r}, not {want!r}")


def compare_msi(d, got, want, machine):
    what, msi = f"IRQ {want['irq']}", got["msi"]
    if not want["device"]:
        d.same(f"{what} MSI", msi, None)
        return
    d.same(f"{what} driver", got["driver"],
           machine["devices"][want["device"]]["driver"])
    first = want.get("first", want["irq"])
    d.same(f"{what} MSI descriptor",
           (msi["index"], msi["first_irq"], msi["nvec_used"]),
           (want["msi"], first, want.get("nvec", 1)))
    if "message" in want:
        d.same(f"{what} message", (int(msi["address"], 16), msi["data"]),
               want["message"])
    mask = want.get("msi-affinity")
    mask = cpus_of(mask) if mask else want["affinity"] \
        if "managed" in want else None
    d.same(f"{what} MSI affinity", msi["affinity"] and
           cpus_of(msi["affinity"]), mask)


def compare_entry(d, got, want):
    """The remapping entry, where the layout has the structure."""
    remap = got["remapping"]
    if not remap or not want["vector"] or not got["vector"]:
        return
    what, entry = f"IRQ {want['irq']}", remap["entry"]
    d.same(f"{what} IOMMU", remap["iommu"],
           "amd" if "amd-ir" in want["chain"] else "intel")
    d.same(f"{what} index", remap["index"], want["irq"] % 256)
    vector = int(want.get("entry-vector", got["vector"]))
    if entry:
        d.same(f"{what} entry", (entry["present"], entry["vector"]),
               (True, vector))
        d.same(f"{what} entry's CPU", entry["cpu"],
               None if entry["cpu"] is None else want.get("cpu", 0))


def compare_irq(d, got, want, machine):
    what = f"IRQ {want['irq']}"
    d.same(f"{what} chain", [level["domain"] for level in got["chain"]],
           [LEVELS[level] for level in want["chain"]])
    compare_msi(d, got, want, machine)
    compare_entry(d, got, want)
    d.same(f"{what} actions", got["actions"], want["actions"])
    d.same(f"{what} handlers", [(a["handler"], a["thread"])
                                for a in got["action_details"]],
           want["handlers"])
    d.same(f"{what} affinity", cpus_of(got["affinity"]), want["affinity"])
    d.same(f"{what} managed", got["managed"], "managed" in want)
    d.same(f"{what} device", got["device"], want["device"])
    d.same(f"{what} pending", got["pending_affinity"] and
           cpus_of(got["pending_affinity"]), want.get("pending"))
    if "hint" in want:
        d.same(f"{what} hint", cpus_of(got["affinity_hint"]),
               cpus_of(want["hint"]))
    d.same(f"{what} count", got["count"], want["count"])
    if "no-chip-data" in want or "vector" not in want["chain"]:
        d.same(f"{what} vector", got["vector"], None)
        return
    d.same(f"{what} effective affinity", cpus_of(got["effective_affinity"]),
           want.get("effective", {want.get("cpu", 0)} if want["vector"]
                    else set()))
    d.same(f"{what} moving", got["move_in_progress"], "moving" in want)
    if want["vector"] == "auto":
        if not got["vector"]:
            d.append(f"{what} has no vector")
    else:
        d.same(f"{what} vector", got["vector"] or 0,
               int(want["vector"] or 0))
    if want["vector"]:
        d.same(f"{what} CPU", got["cpu"], want.get("cpu", 0))
    d.same(f"{what} reserved", got["has_reserved"], "reserved" in want)
    if want["prev"]:
        d.same(f"{what} previous", (got["prev_vector"], got["prev_cpu"]),
               want["prev"])
    d.same(f"{what} cleanup", got["cleanup_pending"], "cleanup" in want)


def compare_cpus(d, doc, machine):
    """The bitmaps against the interrupts, the counters against both."""
    taken, managed = {}, {}
    for irq in doc["irqs"]:
        for v, c in (("vector", "cpu"), ("prev_vector", "prev_cpu")):
            if irq[v]:
                taken.setdefault(irq[c], set()).add(irq[v])
    for irq in machine["irqs"].values():
        for cpu in irq["affinity"] if "managed" in irq else ():
            managed[cpu] = managed.get(cpu, 0) + 1
    for c in doc["cpus"]:
        what = f"CPU {c['cpu']}"
        alloc, kept = cpus_of(c["alloc_map"]), cpus_of(c["managed_map"])
        d.same(f"{what} online", c["online"], c["cpu"] in machine["online"])
        d.same(f"{what} node", c["node"], machine["node"].get(c["cpu"], 0))
        owned = taken.get(c["cpu"], set())
        d.same(f"{what} alloc_map", alloc,
               owned | machine["leaks"].get(c["cpu"], set()))
        d.same(f"{what} managed_map", len(kept), managed.get(c["cpu"], 0))
        d.same(f"{what} system vectors", (alloc | kept) & SYSTEM, set())
        drift = {counter: n for (cpu, counter), n in machine["drift"].items()
                 if cpu == str(c["cpu"])}
        d.same(f"{what} allocated", c["allocated"],
               len(alloc) + drift.get("allocated", 0))
        d.same(f"{what} managed", c["managed"],
               len(kept) + drift.get("managed", 0))
        d.same(f"{what} available", c["available"],
               len(set(ALLOC) - SYSTEM - alloc - kept) +
               drift.get("available", 0))
        # null where the kernel does not count them
        if c["managed_allocated"] is not None:
            d.same(f"{what} managed_allocated", c["managed_allocated"],
                   len(alloc & kept))
        slots = {int(v) for v in c["vector_irq"]} - SYSTEM
        d.same(f"{what} vector_irq", slots,
               owned - machine["missing"].get(c["cpu"], set()))
    online = [c for c in doc["cpus"] if c["online"]]
    matrix = {counter: n for (cpu, counter), n in machine["drift"].items()
              if cpu == "matrix"}
    moved = sum(n for (cpu, counter), n in machine["drift"].items()
                if cpu != "matrix" and counter == "available")
    d.same("global_available", doc["matrix"]["global_available"],
           sum(c["available"] for c in online) - moved +
           matrix.get("global_available", 0))
    d.same("total_allocated", doc["matrix"]["total_allocated"],
           sum(len(cpus_of(c["alloc_map"])) for c in doc["cpus"]) +
           matrix.get("total_allocated", 0))


def compare(doc, machine):
    d = Differences()
    d.same("release", doc["dump"]["release"], machine["release"])
    d.same("possible", cpus_of(doc["dump"]["cpus_possible"]),
           machine["possible"])
    d.same("online", cpus_of(doc["dump"]["cpus_online"]), machine["online"])
    d.same("unread", doc["unread"], [])
    d.same("IRQs", [i["irq"] for i in doc["irqs"]], list(machine["irqs"]))
    for got in doc["irqs"]:
        if got["irq"] in machine["irqs"]:
            compare_irq(d, got, machine["irqs"][got["irq"]], machine)
    got = {dev["device"]: {"driver": dev["driver"], "consumers":
                           [c["name"] for c in dev["consumers"]],
                           "descs": dev["msi_descs"]}
           for dev in doc["devices"]}
    d.same("devices", got, machine["devices"])
    if machine["log"]:
        d.same("lines of the log", doc["log"]["lines"], machine["log"])
    compare_cpus(d, doc, machine)
    for key, value in machine["expected"].items():
        d.same(f"matrix {key}", doc["matrix"][key], value)
    return d
