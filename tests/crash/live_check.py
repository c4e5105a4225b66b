#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""live_check.py FOLDER: what crash printed inside the guest of tests/crash/live against what the guest said.

FOLDER/1, 2 and 3 are the rounds that live-init describes: at first, after interrupts were moved, and after the extension
was unloaded, loaded again and a CPU taken off. FOLDER/storm is what was read while all changed. Ends with "N passed, N failed"."""
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "vmcores"))
from checker import cpulist, report, truth  # noqa: E402
from checker import document, facts  # noqa: E402,F401

NOTE = "read from a running machine; figures may disagree"
TEXTS = ("matrix", "devices", "irqs", "vectors", "irqaff")
KERNELS = "/sys/kernel/debug/irq/domains/VECTOR"
# counts_between stands for the counts, there is no time of a crash, and the guest tells less of itself than in the lab.
LEFT_OUT = {"counts per CPU", "release and time", "MSI or MSI-X", "device's driver", "device's node and class",
            "consumers", "CPU topology"}

# What a moment later differs, or depends on who reads.
GOES_ON = {"uptime", "path", "types", "vmcoreinfo_from"}
# of state: an interrupt's handler runs just now
INPROGRESS = 1 << 18, "IRQD_IRQ_INPROGRESS"

passed = failed = 0


def check(name, good, detail=""):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print(f"FAILED {name}: {str(detail).strip()[-600:]}")


class Round:
    def __init__(self, folder, texts=TEXTS, documents=("irqmatrix", "irqaff")):
        self.name = f"round {os.path.basename(folder)}"
        self.texts = {name: truth.read(os.path.join(folder, name)) for name in texts}
        self.debugfs = truth.read(os.path.join(folder, "debugfs"))
        self.truth = truth.Truth(truth.read(os.path.join(folder, "guest.txt")))
        self.guest = self.truth.guest
        self.docs = {name: document.Document(json.loads(truth.read(os.path.join(folder, f"{name}.json"))))
                     for name in documents}
        self.doc = self.docs["irqmatrix"]

    def moved(self):
        """{irq: CPU} that the guest asked for."""
        return {int(n): int(cpu) for n, cpu in (line.split() for line in self.guest.files["moved"])}


def says_live(r):
    for name, text in r.texts.items():
        check(f"{r.name}: {name} says it once", text.count(NOTE) == 1, text)
    check(f"{r.name}: debugfs is the kernel's format only", "Online bitmaps" in r.debugfs and NOTE not in r.debugfs,
          r.debugfs)
    for name, doc in r.docs.items():
        dump = doc.dump
        check(f"{r.name}: {name} is live", dump["live"] is True and dump["format"] == "live" and
              dump["crash_time"] is None, dump)
        check(f"{r.name}: {name} has read all", doc.data["unread"] == [], doc.data["unread"])
    release = r.guest.line("/proc/version").split()[2]
    check(f"{r.name}: release", r.doc.dump["release"] == release, r.doc.dump)


def equals_guest(r):
    """The checker's facts. A fact is passed if all that it compares agrees."""
    compared = 0
    for result in report.run_all(r.doc, r.truth, report.Explanations(),
                                 [f for f in report.FACTS if f.source != "drgn" and f.name not in LEFT_OUT]):
        compared += result.compared
        name = f"{r.name}: {result.source}, {result.name}"
        if result.skipped:
            print(f"left out: {name}: {result.skipped}")
        else:
            # There may be nothing at all to say of findings and of what could not be read.
            check(name, not result.different and (result.compared or result.source == "document"), result.different)
    print(f"{r.name}: {compared} values compared")


def counts_between(r):
    """Each count lies between the guest's reading before and the one after."""
    first, last, cpus = r.guest.first_counts(), r.guest.last_counts(), sorted(r.doc.cpus)
    for name, doc in r.docs.items():
        wrong, compared = [], 0
        for n, irq in doc.irqs.items():
            for cpu, least in first.get(n, {}).items():
                ours = irq["per_cpu_counts"][cpus.index(cpu)]
                compared += 1
                if not least <= ours <= last[n][cpu]:
                    wrong.append((n, cpu, least, ours, last[n][cpu]))
        check(f"{r.name}: counts of {name}", compared and not wrong, wrong)


def kernels_own(r):
    theirs = r.guest.files.get(KERNELS)
    if theirs:
        check(f"{r.name}: the kernel's own debugfs file", r.debugfs.splitlines() == theirs, (r.debugfs, theirs))
    else:
        print(f"left out: {r.name}: this kernel has no {KERNELS}")


def still(irq):
    """Without what goes on."""
    return {k: v & ~INPROGRESS[0] if k == "state" and v else
            [flag for flag in v if flag != INPROGRESS[1]] if k == "state_flags" and v else v
            for k, v in irq.items() if "count" not in k and k != "unhandled"}


def same_in_both(r):
    """irqaff says what irqmatrix says, but for what goes on."""
    wanted = {n for n, irq in r.doc.irqs.items() if irq["actions"] and
              (irq["actions"][0] or "").startswith(("nvme0q", "virtio"))}
    check(f"{r.name}: irqaff has all of them", set(r.docs["irqaff"].irqs) == wanted and len(wanted) >= 8, wanted)
    wrong = [n for n in wanted if still(r.docs["irqaff"].irqs[n]) != still(r.doc.irqs[n])]
    check(f"{r.name}: irqaff -j and irqmatrix -j", not wrong, wrong)


def leaves(value, path=()):
    if isinstance(value, (dict, list)) and value:
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, key))
    else:
        yield path, value


def equals_tool(r, folder):
    """irqmatrix -j of the same moment: every value but those that go on, and where it was read from."""
    ours, tools = (dict(leaves({**data, "irqs": [still(irq) for irq in data["irqs"]]})) for data in
                   (r.doc.data, json.loads(truth.read(os.path.join(folder, "tool.json")))))
    different = [(path, ours.get(path), tools.get(path)) for path in sorted(ours.keys() | tools.keys(), key=str)
                 if ours.get(path, path) != tools.get(path, path) and not set(path) & GOES_ON]
    check(f"{r.name}: the document of irqmatrix -j", len(tools) > 500 and not different, different)
    print(f"{r.name}: {len(ours)} values of the document, {len(different)} differ from irqmatrix -j")


def blocks(text):
    """{irq: its block} of irqaff's text."""
    found = {}
    for block in text.split("\n\n"):
        head, _, rest = block.strip().partition("IRQ: ")
        if not head and rest:
            found[int(rest.split(",")[0].split()[0])] = block
    return found


def moved(before, after):
    """What the guest moved between two rounds is elsewhere in the second one: nothing was kept from the first."""
    asked = after.moved()
    check("some are moved", len(asked) >= 3, asked)
    text = blocks(after.texts["irqaff"]) if "irqaff" in after.texts else None
    arrived = 0
    for n, cpu in asked.items():
        old, new = before.doc.irqs[n], after.doc.irqs[n]
        wish = new["affinity"] if new["pending_affinity"] is None else new["pending_affinity"]
        check(f"irq {n} is asked to CPU {cpu}", wish == str(cpu) != old["affinity"], (old, new))
        if new["pending_affinity"] is None:
            arrived += 1
            check(f"irq {n} is on CPU {cpu}", new["cpu"] == cpu != old["cpu"] and
                  new["effective_affinity"] == str(cpu), (old, new))
            if text is not None:
                check(f"irq {n} is there in text", f" on CPU {cpu}\n" in text.get(n, ""), text.get(n))
    check("some have arrived", arrived >= 1, asked)


def counted_on(before, after):
    def count(r, prefix):
        return sum(irq["count"] for irq in r.doc.irqs.values() if (irq["actions"] or [""])[0].startswith(prefix))
    for prefix in ("nvme0q", "virtio"):
        old, new = count(before, prefix), count(after, prefix)
        check(f"{prefix}: interrupts went on", new > old, (old, new))


def one_cpu_less(before, after):
    gone = before.doc.online() - after.doc.online()
    check("a CPU is off", gone == {3}, gone)
    check("and has no place in the total", after.doc.matrix["online_maps"] == before.doc.matrix["online_maps"] - 1)


def storm(folder):
    """Descriptors come and go while they are read: a document may have holes, and has to be one all the same."""
    shaken, seen = 0, set()
    for i in range(1, 41):
        doc = document.Document(json.loads(truth.read(os.path.join(folder, f"{i}.json"))))
        found = list(document.breaches(doc.data, document.CONTRACT, "document"))
        check(f"storm {i}: the document's contract", not found, found)
        text = truth.read(os.path.join(folder, f"{i}.irqaff"))
        # The tree of descriptors may be replaced while it is walked: then that is said.
        check(f"storm {i}: irqaff", (len(blocks(text)) >= 8 or "could not read: " in text) and text.count(NOTE) == 1, text)
        shaken += bool(doc.data["unread"] or doc.data["findings"])
        seen.add((len(doc.irqs), str([(irq["vector"], irq["affinity"]) for irq in doc.irqs.values()])))
    check("it was one", len(seen) >= 10 and len({irqs for irqs, _ in seen}) > 1, len(seen))
    print(f"storm: {len(seen)} different states in 40 documents, {shaken} with something unread or a finding")
    after_storm(folder)


def after_storm(folder):
    """A CPU is offline, and interrupts that did not fire wait for their new one: neither is a warning."""
    data = json.loads(truth.read(os.path.join(folder, "after.json")))
    found = [f["code"] for f in data["findings"] if f["severity"] != "info"]
    check("after the storm all is read", data["unread"] == [] and not found, (data["unread"], found))


def session(folder):
    text = truth.read(os.path.join(folder, "session"))
    check("unloaded", "shared object unloaded" in text, text)
    check("gone", "command not found: irqmatrix" in text, text)
    check("loaded again", text.count("shared object loaded") == 2, text)
    check("crash itself looks at a live system", "/proc/kcore" in text or "/dev/mem" in text, text)
    check("no complaint", "irqmatrix:" not in text.replace("command not found: irqmatrix", "") and
          "irqaff:" not in text, text)


def main(folder):
    session(folder)
    if failed:
        print(truth.read(os.path.join(folder, "session")))
    rounds = [Round(os.path.join(folder, name)) for name in "123"]
    for r in rounds:
        says_live(r)
        equals_guest(r)
        counts_between(r)
        same_in_both(r)
        equals_tool(r, os.path.join(folder, r.name.split()[-1]))
    moved(*rounds[:2])
    counted_on(*rounds[:2])
    counted_on(*rounds[1:])
    one_cpu_less(*rounds[1:])
    storm(os.path.join(folder, "storm"))
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
