# SPDX-License-Identifier: GPL-3.0-or-later
"""The findings against what the kernel itself said and did in the guest."""
import re

from . import cpulist
from .report import MISSING, Skip, fact

# Nothing is wrong in these; see their files.
HEALTHY = {"absent", "amd-remapping", "amd-remapping-32", "cpus80", "isolated", "la57", "managed-spread", "pending", "plain", "remapping", "topology"}


def found(doc, code):
    return next((f for f in doc.data["findings"] if f["code"] == code), None)


def members(doc, code, *keys):
    """The set of numbers in the finding's data; empty without the finding."""
    f = found(doc, code)
    return set().union(*(cpulist.parse(f["data"].get(key) or "") for key in keys)) if f else set()


def dmesg(truth, pattern):
    return [m for m in map(re.compile(pattern).search, truth.guest.files.get("dmesg", [])) if m]


def in_use(truth):
    """{irq: the mask that it may go to, or waits for} of those that somebody has requested."""
    actions = truth.guest.irq_sysfs("actions")
    return {n: cpulist.parse(mask) for n, mask in truth.guest.irq_proc("smp_affinity_list").items() if actions.get(n)}


@fact("guest", "nothing is wrong")
def healthy(doc, truth):
    if truth.case not in HEALTHY:
        raise Skip("something is")
    yield "warnings", [f["code"] for f in doc.data["findings"] if f["severity"] != "info"], []


@fact("guest", "no vector left")
def exhausted(doc, truth):
    """Probes fail with -28, or an interrupt is started where it should not be. (The second is also said when there was
    none: in no case so far.)"""
    failed = dmesg(truth, r"failed with error -28|Affinity broken due to vector space exhaustion")
    yield "vectors-exhausted", found(doc, "vectors-exhausted") is not None, bool(failed)


@fact("guest", "CPUs that cannot go")
def blocked(doc, truth):
    """The kernel's own words, in the cases whose last act was to try; and the CPUs that are online still."""
    said = {int(m.group(1)): (int(m.group(2)), int(m.group(3)))
            for m in dmesg(truth, r"CPU (\d+) has (\d+) vectors, (\d+) available\. Cannot disable CPU")}
    if not said:
        raise Skip("the guest did not try in vain")
    ours = members(doc, "cpu-offline-blocked", "cpus")
    for n in sorted(ours | set(said)):
        yield f"cpu {n}", n in ours, n in said
    data = (found(doc, "cpu-offline-blocked") or {"data": {}})["data"]
    first = min(said)
    for key, theirs in zip(("first_cpu", "vectors", "available"), (first, *said[first])):
        yield key, data.get(key, MISSING), theirs


@fact("guest", "interrupts elsewhere")
def elsewhere(doc, truth):
    """An interrupt in use is on a CPU of its mask, or there is a finding: it waits to move, or its affinity is broken."""
    pending = members(doc, "affinity-pending", "waiting_irqs", "lost_irqs")
    broken = members(doc, "affinity-broken", "irqs")
    online, masks = truth.guest.cpus("online"), in_use(truth)
    on = {n: cpulist.parse(cpus) for n, cpus in truth.guest.irq_proc("effective_affinity_list").items() if cpus}
    for n in sorted(masks):
        if masks[n] & online and n in on and not (truth.damaged and doc.irq(n, "vector") is None):
            outside = not on[n] <= masks[n]
            if outside or n in broken:
                yield f"irq {n}", n in pending | broken, outside
    for n in sorted(broken):
        yield f"irq {n} does not wait", n in pending, False


@fact("guest", "managed interrupts at rest")
def at_rest(doc, truth):
    """Only a managed one keeps a mask in which no CPU is online. Those of CPUs that were never there are not said."""
    online, present = truth.guest.cpus("online"), truth.guest.cpus("present")
    theirs = {n for n, mask in in_use(truth).items() if not mask & online and mask & present}
    ours = members(doc, "managed-shutdown", "irqs")
    for n in sorted(ours | theirs):
        yield f"irq {n}", n in ours, n in theirs


@fact("trace", "slots on absent CPUs")
def absent(doc, truth):
    if not truth.trace_whole:
        raise Skip("the ring buffer has lost events")
    cpus = truth.guest.cpus("possible") - truth.guest.cpus("present")
    slots = sum(len(truth.replay.cpus[n].managed) for n in cpus if n in truth.replay.cpus)
    f = found(doc, "managed-absent-cpus")
    yield "slots", f["data"].get("slots", MISSING) if f else 0, slots
