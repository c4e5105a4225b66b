#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""live_check_tool.py FOLDER: what irqmatrix printed inside the guest of tests/vmcores/live-check against what the guest said, as
tests/crash/live_check.py does it of crash: the rounds are the same. The documents of the storms are compared with the kernel's
trace: each place of an interrupt, and each figure of a CPU, must have been true between the start and the end of that run.
Ends with "N passed, N failed"."""
import collections
import gzip
import json
import os
import re
import statistics
import sys

import jsonschema

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "crash"))
import live_check as live  # noqa: E402
from live_check import check, document, truth  # noqa: E402
from checker import trace  # noqa: E402

TEXTS = ("matrix", "devices", "irqs", "vectors", "irqaff")
STORMS = ("affinity", "hotplug", "bind")
STARVED = "starved"     # affinity, and the tool hardly runs: on most machines some of ten documents say "unstable"
OFTEN_OFF = {2, 3}      # CPUs of the storm "hotplug": the trace is silent on a CPU that is on its way out
FIGURES = "available", "allocated", "managed"
STAMP = re.compile(r"\s(\d+\.\d+): ")
MARK = re.compile(r"tracing_mark_write: live-check (begin|end) (\w+) (\w+)")
RATES = 10      # lines of --interval in each storm


def statuses(folder):
    """No run ends with a signal or a time-out, and one that ends with 2 says why."""
    counts = collections.Counter()
    for line in truth.read(os.path.join(folder, "status")).splitlines():
        name, status = line.split()
        if name.startswith("refused/"):
            check(f"{name}: status", status == "2", status)
            continue
        kind = name.split("/")[1] if name.startswith("storm/") else "at rest"
        counts[kind, status] += 1
        said = os.path.join(folder, name + ".err")
        said = truth.read(said) if os.path.exists(said) else ""
        if kind == "at rest" or "/after" in name:
            check(f"{name}: status", status in ("0", "1") and not said, (status, said))
        else:
            check(f"{name}: status", status in ("0", "1", "2") and not said, (status, said))
    for (kind, status), n in sorted(counts.items()):
        print(f"{kind}: {n} runs with status {status}")


def others(folder):
    def text(name):
        return truth.read(os.path.join(folder, "others", name))
    for name in "check", "pools", "plan", "number":
        check(f"{name} says that it is live", live.NOTE in text(name), text(name))
    check("the report says that it runs", "Running, up" in text("report"), text("report")[:2000])
    check("the log", "Linux version" in text("log") or "Command line" in text("log"), text("log")[:300])
    dumps = {name: json.loads(text(name))["dump"] for name in ("distilled.json", "named", "linked", "uncached.json")}
    for name, dump in dumps.items():
        check(f"{name}: live", dump["live"] is True and dump["format"] == ("elf" if name == "distilled.json" else "live"),
              dump)
        check(f"{name}: path", dump["path"] == ("/tmp/small" if name == "distilled.json" else "/proc/kcore"), dump)


def speed(folder):
    took = collections.defaultdict(list)
    for line in truth.read(os.path.join(folder, "speed")).splitlines():
        what, begin, end = line.split()
        took[what].append(float(end) - float(begin))
    for what, times in took.items():
        print(f"{what}: {statistics.median(times):.2f} s, the median of {len(times)} runs")


def counts(text):
    """{irq: sum} of /proc/interrupts."""
    lines = text.splitlines()
    cpus = len(lines[0].split())
    fields = [line.split() for line in lines[1:]]
    return {int(f[0][:-1]): sum(map(int, f[1:1 + cpus])) for f in fields if f[0][:-1].isdigit()}


def over_time(folder):
    folder = os.path.join(folder, "over")
    readings = [json.loads(line) for line in truth.read(os.path.join(folder, "rates.json")).splitlines()]
    check("over time: four readings", [r["schema"] for r in readings] == 4 * ["irqmatrix-rates/1"], readings)
    first, last = (counts(truth.read(os.path.join(folder, name))) for name in ("first", "last"))
    fired, changes = collections.Counter(), collections.Counter()
    for r in readings:
        check("over time: what is unread", r["unread"] == 0, r["unread"])
        check("over time: about three seconds", 2.5 < r["seconds"] < 30, r["seconds"])
        for irq in r["irqs"]:
            fired[irq["irq"]] += irq["fired"] or 0
            changes[irq["change"]] += 1
        for change in "allocated", "freed", "moved":
            check(f"over time: {change}", r[change] == sum(irq["change"] == change for irq in r["irqs"]), r)
    for n, total in fired.items():
        if n in first and n in last:
            check(f"over time: irq {n} fired", total <= last[n] - first[n], (total, first[n], last[n]))
    check("over time: interrupts fired", sum(fired.values()) > 20, fired)
    check("over time: some moved", changes["moved"] >= 1, changes)
    check("over time: those of the card were freed", changes["freed"] >= 3, changes)
    text = truth.read(os.path.join(folder, "text"))
    check("over time: text", text.count("AVAILABLE ") == 4 and text.count("RATE/S") >= 3, text)
    text = truth.read(os.path.join(folder, "diff"))
    check("over time: diff", "virtio_net" in text and live.NOTE in text, text)


REFUSED = {
    "user": "only root may, with CAP_SYS_RAWIO; run irqmatrix as root",
    "plan": "only root may, with CAP_SYS_RAWIO; run irqmatrix as root",
    "namespace": "this container or service has no CAP_SYS_RAWIO",
    "hidden": "this container or service hides /proc/kcore",
    "unmounted": "/proc is not mounted",
    "locked": "lockdown=confidentiality",
}


def refusals(folder):
    for name, why in REFUSED.items():
        path = os.path.join(folder, "refused", name)
        if not os.path.exists(path):
            print(f"left out: refused: {name}")
            continue
        said = truth.read(path)
        check(f"refused: {name}", said.startswith("irqmatrix: cannot read the running kernel: ") and why in said and
              said.endswith(" name a vmcore\n") and said.count("\n") == 1, said)


def place(irq):
    return irq.vector, irq.cpu


class Seen:
    """What was true at some time since a run began. What it was at first has to be known."""

    def __init__(self, replay):
        self.irqs = {n: {place(irq)} for n, irq in replay.irqs.items()}
        self.cpus = {n: {counters(cpu)} for n, cpu in replay.cpus.items() if cpu.counters}
        self.events = 0

    def irq(self, replay, n):
        irq = replay.irqs.get(n)
        if n in self.irqs:
            self.irqs[n].add(place(irq) if irq else None)

    def cpu(self, replay, n):
        if n in self.cpus:
            self.cpus[n].add(counters(replay.cpus[n]))


def forget(replay):
    """What a storm or a CPU that went off before has left is not in the trace: see Replay.was_off()."""
    replay.irqs.clear()
    for cpu in replay.cpus.values():
        cpu.counters = None


def counters(cpu):
    return tuple(cpu.counters[key] for key in FIGURES)


def runs(lines):
    """(kind, name, Seen) of each run whose trace is whole. Runs may overlap."""
    replay, open_runs, storm = trace.Replay([]), {}, None
    for line in lines:
        mark = MARK.search(line)
        if mark and mark.group(2) != storm:
            forget(replay)
            open_runs.clear()
            storm = mark.group(2)
        if mark and mark.group(1) == "begin":
            open_runs[mark.group(3)] = Seen(replay)
        elif mark and mark.group(3) in open_runs:
            yield storm, mark.group(3), open_runs.pop(mark.group(3))
        elif "LOST" in line:
            open_runs.clear()
        for runner, name, f in trace.events([line]):
            handler = getattr(replay, name, None)
            if handler:
                handler(f, runner)
            if name.startswith("irq_matrix_"):
                replay.keep_counters(f)
            for seen in open_runs.values():
                seen.events += 1
                if "irq" in f:
                    seen.irq(replay, f["irq"])
                if "avl" in f:
                    seen.cpu(replay, f["cpu"])


def traced(lines):
    """The lines in the order of their time. trace_pipe empties one CPU's buffer after the other."""
    stamped, last = [], 0.0
    for line in lines:
        found = STAMP.search(line)
        last = float(found.group(1)) if found else last
        stamped.append((last, line))
    stamped.sort(key=lambda entry: entry[0])
    return [line for _, line in stamped]


def compare_run(doc, seen, skip, wrong):
    """Number of values compared; what was never true is added to wrong."""
    compared = 0
    unstable = {u["what"] for u in doc.data["unread"]}
    for n, irq in doc.irqs.items():
        if irq["vector"] is None or n not in seen.irqs or irq["cpu"] in skip or \
                any(p and p[1] in skip for p in seen.irqs[n]):
            continue
        compared += 1
        ours = (irq["vector"], irq["cpu"]) if irq["vector"] else None
        if ours not in seen.irqs[n] and (ours or all(p and p[0] for p in seen.irqs[n])):
            wrong.append((f"irq {n}", ours, sorted(p for p in seen.irqs[n] if p)))
    for n, cpu in doc.cpus.items():
        if skip or f"vectors of CPU {n}" in unstable or n not in seen.cpus:
            continue
        compared += 1
        ours = tuple(cpu[key] for key in FIGURES)
        if ours not in seen.cpus[n]:
            wrong.append((f"CPU {n}", ours, sorted(seen.cpus[n])[:8]))
    return compared


def check_reading(name, r, schema):
    """What holds within each line of --interval -j."""
    errors = [f"{e.json_path}: {e.message[:200]}" for e in schema.iter_errors(r)]
    check(f"{name}: the schema", not errors, errors)
    # a reading that begins late does not delay the next
    check(f"{name}: about a second", 0 < r["seconds"] < 60, r["seconds"])
    for change in "allocated", "freed", "moved":
        check(f"{name}: {change}", r[change] == sum(irq["change"] == change for irq in r["irqs"]), r)
    wrong = [irq for irq in r["irqs"] if not {
        "allocated": not irq["before"] and irq["now"], "freed": irq["before"] and not irq["now"],
        "moved": irq["before"] and irq["now"] and irq["before"] != irq["now"],
        "kept": irq["before"] == irq["now"]}[irq["change"]]]
    check(f"{name}: before and now", not wrong, wrong)
    check(f"{name}: fired", all((irq["fired"] or 0) >= 0 for irq in r["irqs"]), r["irqs"])


def compare_reading(r, seen, skip, wrong):
    """As compare_run() does it, of a line of --interval -j. It does not name what is unstable."""
    compared = 0
    for irq in r["irqs"]:
        ours, theirs = irq["now"], seen.irqs.get(irq["irq"])
        if not ours or theirs is None or ours["cpu"] in skip or any(p and p[1] in skip for p in theirs):
            continue
        compared += 1
        if (ours["vector"], ours["cpu"]) not in theirs:
            wrong.append((f"irq {irq['irq']}", ours, sorted(p for p in theirs if p)))
    for cpu in r["cpus"]:
        if skip or r["unread"] or cpu["cpu"] not in seen.cpus:
            continue
        compared += 1
        if tuple(cpu[key] for key in FIGURES) not in seen.cpus[cpu["cpu"]]:
            wrong.append((f"CPU {cpu['cpu']}", cpu, sorted(seen.cpus[cpu["cpu"]])[:8]))
    return compared


def rates(folder, seen):
    """--interval under the storms. seen: {(kind, name): Seen}."""
    with open(os.path.join(TOP, "docs/schema/irqmatrix-rates-1.json")) as file:
        schema = jsonschema.Draft202012Validator(json.load(file))
    for kind in STORMS:
        readings = [json.loads(line) for line in
                    truth.read(os.path.join(folder, "storm", kind, "rates.json")).splitlines()]
        check(f"{kind}: the readings", len(readings) == RATES, len(readings))
        compared = traced_lines = 0
        for n, r in enumerate(readings, 1):
            name = f"{kind} rates{n}"
            check_reading(name, r, schema)
            if (kind, f"rates{n}") not in seen:
                continue
            wrong = []
            traced_lines += 1
            compared += compare_reading(r, seen[kind, f"rates{n}"], OFTEN_OFF if kind == "hotplug" else set(), wrong)
            check(f"{name}: true while it was read", not wrong, wrong)
        changes = sum(r[change] for r in readings for change in ("allocated", "freed", "moved"))
        unread = sum(r["unread"] > 0 for r in readings)
        print(f"{kind}: {len(readings)} readings of --interval, {traced_lines} with a whole trace, {compared} values compared, "
              f"{changes} changes, {unread} with something unread")
        check(f"{kind}: changes were seen", changes > 0, readings)
        text = truth.read(os.path.join(folder, "storm", kind, "rates.text"))
        check(f"{kind}: the text of --interval", text.count("AVAILABLE ") == 6 and text.count("RATE/S") >= 3, text)


def storms(folder):
    with gzip.open(os.path.join(folder, "trace.gz"), "rt", errors="replace") as file:
        lines = traced(file)
    stable = collections.Counter()
    compared = collections.Counter()
    states = collections.defaultdict(set)
    events = collections.Counter()
    over = {}
    for kind, number, seen in runs(lines):
        if number.startswith("rates"):
            over[kind, number] = seen
            continue
        with gzip.open(os.path.join(folder, "storm", kind, f"{number}.json.gz")) as file:
            text = file.read()
        doc = document.Document(json.loads(text)) if text else None
        check(f"{kind} {number}: a document", doc is not None)
        if not doc:
            continue
        found = list(document.breaches(doc.data, document.CONTRACT, "document"))
        check(f"{kind} {number}: the document's contract", not found, found)
        stable[kind, "unstable" in {u["why"] for u in doc.data["unread"]}] += 1
        wrong = []
        compared[kind] += compare_run(doc, seen, OFTEN_OFF if kind == "hotplug" else set(), wrong)
        check(f"{kind} {number}: true while it was read", not wrong, wrong)
        events[kind] += seen.events
        states[kind].add(str([(irq["vector"], irq["cpu"], irq["affinity"]) for irq in doc.irqs.values()]))
    rates(folder, over)
    for kind in (*STORMS, STARVED):
        print(f"{kind}: {len(states[kind])} different states in {stable[kind, False] + stable[kind, True]} documents with a "
              f"whole trace, {events[kind]} events of the kernel meanwhile, {compared[kind]} values compared, {stable[kind, True]} documents say that vectors changed")
        check(f"{kind}: it was a storm", events[kind] > 10 and compared[kind] > 10, (events[kind], compared[kind]))
        data = json.loads(truth.read(os.path.join(folder, "storm", kind, "after.json")))
        worse = [f["code"] for f in data["findings"] if f["severity"] != "info"]
        check(f"{kind}: after it all is read", data["unread"] == [] and not worse, (data["unread"], worse))


def main(folder):
    session = truth.read(os.path.join(folder, "session"))
    check("the session", "no end before this" in session, session)
    rounds = [live.Round(os.path.join(folder, name), TEXTS) for name in "123"]
    for r in rounds:
        live.says_live(r)
        live.equals_guest(r)
        live.counts_between(r)
        live.same_in_both(r)
        live.kernels_own(r)
    live.moved(*rounds[:2])
    live.counted_on(*rounds[:2])
    live.counted_on(*rounds[1:])
    live.one_cpu_less(*rounds[1:])
    statuses(folder)
    others(folder)
    speed(folder)
    over_time(folder)
    refusals(folder)
    storms(folder)
    print(f"{live.passed} passed, {live.failed} failed")
    return live.failed != 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
