#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does the checker notice? A small machine is written down as a document and as its three truths; nothing may differ.
Then one figure of the document is changed at a time, and the fact that it belongs to has to report it."""
import copy
import json
import os
import sys
import tempfile
import unittest
from types import SimpleNamespace
from unittest import mock

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import live_check_tool  # noqa: E402
from checker import cpulist, document, facts, findings, guest, report, same, tool, truth  # noqa: E402,F401

# Two CPUs. IRQ 0 is on the IO-APIC; 5 is reserved only; 24 is on its way from CPU 0 to CPU 1, and asked for CPU 1 alone;
# 25 is managed, may be on either CPU and is on CPU 0. A network card counts on, the others are idle.
TRACE = """# entries-in-buffer/entries-written: 19/19   #P:2
 <idle>-0 [000] d... 0.1: irq_matrix_assign_system: bit=128 online_maps=0 global_avl=0, global_rsvd=0, total_alloc=0
 <idle>-0 [000] d... 0.1: irq_matrix_assign_system: bit=236 online_maps=0 global_avl=0, global_rsvd=0, total_alloc=0
 <idle>-0 [000] d... 0.1: irq_matrix_online: online_maps=1 global_avl=203, global_rsvd=0, total_alloc=0
 <idle>-0 [000] d..1. 0.1: irq_matrix_assign: bit=48 cpu=0 online=1 avl=202 alloc=1 managed=0 online_maps=1 global_avl=202, \
global_rsvd=0, total_alloc=1
 <idle>-0 [000] d..1. 0.2: vector_config: irq=0 vector=48 cpu=0 apicdest=0x00000001
 <idle>-0 [001] d..1. 0.2: irq_matrix_online: online_maps=2 global_avl=405, global_rsvd=0, total_alloc=1
 <idle>-0 [000] d..1. 0.2: vector_reserve: irq=5 ret=0
 <idle>-0 [000] d..1. 0.2: vector_config: irq=5 vector=239 cpu=0 apicdest=0x00000001
 <idle>-0 [000] d..1. 0.2: vector_setup: irq=5 is_legacy=0 ret=0
 init-1 [000] d..1. 0.3: irq_matrix_alloc: bit=33 cpu=0 online=1 avl=201 alloc=2 managed=0 online_maps=2 global_avl=404, \
global_rsvd=1, total_alloc=2
 init-1 [000] d..1. 0.3: vector_update: irq=24 vector=33 cpu=0 prev_vector=0 prev_cpu=0
 init-1 [000] d..1. 0.4: irq_matrix_reserve_managed: bit=34 cpu=0 online=1 avl=200 alloc=2 managed=1 online_maps=2 \
global_avl=403, global_rsvd=1, total_alloc=2
 init-1 [000] d..1. 0.4: irq_matrix_reserve_managed: bit=33 cpu=1 online=1 avl=202 alloc=0 managed=1 online_maps=2 \
global_avl=402, global_rsvd=1, total_alloc=2
 init-1 [000] d..1. 0.4: vector_reserve_managed: irq=25 ret=0
 init-1 [000] d..1. 0.5: irq_matrix_alloc_managed: bit=34 cpu=0 online=1 avl=200 alloc=3 managed=1 online_maps=2 \
global_avl=402, global_rsvd=1, total_alloc=3
 init-1 [000] d..1. 0.5: vector_update: irq=25 vector=34 cpu=0 prev_vector=0 prev_cpu=0
 init-1 [000] d..1. 0.5: vector_config: irq=25 vector=34 cpu=0 apicdest=0x00000001
 init-1 [000] d..1. 0.6: irq_matrix_alloc: bit=35 cpu=1 online=1 avl=201 alloc=1 managed=1 online_maps=2 global_avl=401, \
global_rsvd=1, total_alloc=4
 init-1 [000] d..1. 0.6: vector_update: irq=24 vector=35 cpu=1 prev_vector=33 prev_cpu=0
 init-1 [000] d..1. 0.6: vector_config: irq=24 vector=35 cpu=1 apicdest=0x00000002"""

PCI = "/sys/bus/pci/devices/0000:00:03.0"
FOLDER = "/sys/devices/pci0000:00/0000:00:03.0"
CPU = "/sys/devices/system/cpu"
FILES = {
    "/proc/sys/kernel/hostname": "lab", "/proc/uptime": "14.20 50.00", "/proc/meminfo": "MemTotal:  1000 kB\nMemFree: 1 kB",
    "/sys/class/dmi/id/sys_vendor": "QEMU", "/sys/class/dmi/id/product_name": "Standard PC",
    "date": "1000", "/proc/version": "Linux version 6.1.0-test (me)", "/proc/cmdline": "quiet isolcpus=managed_irq,1",
    "/proc/interrupts#1": "  CPU0 CPU1\n 0: 7 0 IO-APIC 2-edge timer\n 24: 0 0 PCI-MSI 0-edge a\n 25: 3 1 PCI-MSI 1-edge b\nNMI: 0 0 x",
    "/proc/interrupts#2": "  CPU0 CPU1\n 0: 7 0 IO-APIC 2-edge timer\n 24: 0 0 PCI-MSI 0-edge a\n 25: 4 1 PCI-MSI 1-edge b\nNMI: 0 0 x",
    "/proc/irq/default_smp_affinity": "3", f"{CPU}/possible": "0-1", f"{CPU}/present": "0-1", f"{CPU}/online": "0-1",
    "/sys/devices/system/node/node0/cpulist": "0-1",
    f"{PCI}/msi_irqs/24": "msix", f"{PCI}/msi_irqs/25": "msix", f"{PCI}/class": "0x010000", f"{PCI}/vendor": "0x1af4",
    f"{PCI}/device": "0x1001", f"{PCI}/numa_node": "-1", PCI: "-> ../../../devices/pci0000:00/0000:00:03.0",
    f"{FOLDER}/driver": "-> ../../../bus/pci/drivers/virtio-pci", f"{FOLDER}/subsystem": "-> ../../../bus/pci",
    f"{FOLDER}/virtio1/driver": "-> ../../../../bus/virtio/drivers/virtio_blk",
    f"{FOLDER}/virtio1/subsystem": "-> ../../../../bus/virtio",
    f"{FOLDER}/virtio1/block/vdb/subsystem": "-> ../../../../../../class/block",
    "/sys/kernel/tracing/trace": TRACE,
}
for _cpu in (0, 1):
    FILES[f"{CPU}/cpu{_cpu}/topology/thread_siblings_list"] = "0-1"
    FILES[f"{CPU}/cpu{_cpu}/topology/cluster_cpus_list"] = "0-1"
for _irq, _affinity, _effective, _chip, _hwirq, _actions in (
        (0, "0-1", "0", "IO-APIC", "2", "timer"), (5, "0-1", "0", "IO-APIC", "5", ""),
        (24, "1", "1", "PCI-MSI", "49152", "virtio1-config"), (25, "0-1", "0", "PCI-MSI", "49153", "virtio1-req.0,other")):
    FILES[f"/proc/irq/{_irq}/smp_affinity_list"] = _affinity
    FILES[f"/proc/irq/{_irq}/effective_affinity_list"] = _effective
    FILES[f"/proc/irq/{_irq}/node"] = "0"
    for _name, _value in (("chip_name", _chip), ("hwirq", _hwirq), ("type", "level" if _irq == 5 else "edge"),
                          ("name", "fasteoi" if _irq == 5 else "edge"), ("actions", _actions)):
        FILES[f"/sys/kernel/irq/{_irq}/{_name}"] = _value


def guest_text(files):
    return "\n".join(f"@ {path}\n{text}" for path, text in files.items())


def cpu(n, available, alloc, managed, both, slots):
    return {"cpu": n, "online": True, "initialized": True, "available": available, "allocated": len(cpulist.parse(alloc)),
            "managed": len(cpulist.parse(managed)), "managed_allocated": both, "alloc_map": alloc, "managed_map": managed,
            "node": 0, "siblings": "0-1", "cluster": "0-1", "vector_irq": slots, "vector_shutdown": "49",
            "vector_retriggered": "", "vector_stray": ""}


def irq(n, chip, hwirq, **other):
    entry = {"irq": n, "actions": [], "chain": [{"domain": "d", "chip": chip, "hwirq": hwirq},
                                                {"domain": "VECTOR", "chip": "APIC", "hwirq": n}],
             "affinity": "0-1", "effective_affinity": "0", "pending_affinity": None, "managed": False, "state": 0,
             "state_flags": [], "vector": 0, "cpu": None, "prev_vector": 0, "prev_cpu": None, "move_in_progress": False,
             "can_reserve": False, "has_reserved": False, "device": None, "driver": None, "count": 0,
             "per_cpu_counts": [0, 0], "msi": None, "name": "edge", "node": 0, "address": hex(0xffff0000 + n),
             "action_details": [{"name": "a", "handler": "f", "thread": "t", "flags": 0, "dev_id": "0x0"}],
             "cleanup_pending": False, "hw_vector": other.get("vector", 239), "hw_dest_apicid": 1,
             "has_affinity_hint": False, "remapping": None, "ioapic": None}
    entry.update(other)
    entry["count"] = sum(entry["per_cpu_counts"])
    return entry


def msi(n, index, affinity):
    return {"index": index, "address": "0xfee01000", "data": 33, "affinity": affinity, "msix": True,
            "desc": hex(0xffff1000 + n), "first_irq": n, "nvec_used": 1, "remapped": False, "cpu": 0}


def costs(irqs, allocated, managed, idle, reserved, cost):
    return {"irqs": irqs, "allocated": allocated, "managed_reserved": managed, "managed_reserved_offline": 0,
            "idle_reserved": idle, "reserved": reserved, "cost": cost}


def good():
    device = {"device": "0000:00:03.0", "driver": "virtio-pci"}
    return {
        "schema": "irqmatrix/1",
        "dump": {"path": "vmcore", "format": "kdump", "release": "6.1.0-test", "build_id": "00", "arch": "x86_64",
                 "types": "dwarf", "crash_time": 1010, "cpus_possible": "0-1", "cpus_present": "0-1", "cpus_online": "0-1",
                 "default_affinity": "0-1", "housekeeping_managed": "0", "hostname": "lab", "uptime": 15,
                 "hardware": "QEMU Standard PC, BIOS 1", "memory": 1024000, "panic": "sysrq triggered crash"},
        "matrix": {"matrix_bits": 256, "alloc_start": 32, "alloc_end": 236, "alloc_size": 204, "global_available": 401,
                   "global_reserved": 1, "systembits_inalloc": 1, "total_allocated": 4, "online_maps": 2,
                   "system_map": "128,236"},
        "cpus": [cpu(0, 200, "33-34,48", "34", 1, {"33": 24, "34": 25, "48": 0}), cpu(1, 201, "35", "33", 0, {"35": 24})],
        "irqs": [irq(0, "IO-APIC", 2, vector=48, cpu=0, actions=["timer"], per_cpu_counts=[7, 0], state=1 << 9,
                     state_flags=["IRQD_ACTIVATED"], ioapic={"apic": 0, "pin": 2, "remapped": False, "cpu": 0}),
                 irq(5, "IO-APIC", 5, has_reserved=True, can_reserve=True, state=1 << 13, state_flags=["IRQD_LEVEL"],
                     name="fasteoi"),
                 irq(24, "PCI-MSI", 49152, vector=35, cpu=1, prev_vector=33, prev_cpu=0, move_in_progress=True,
                     hw_dest_apicid=2, effective_affinity="1", pending_affinity="1", msi=msi(24, 0, None),
                     actions=["virtio1-config"], state=1 << 8, state_flags=["IRQD_SETAFFINITY_PENDING"], **device),
                 irq(25, "PCI-MSI", 49153, vector=34, cpu=0, managed=True, msi=msi(25, 1, "0-1"), per_cpu_counts=[4, 1],
                     actions=["virtio1-req.0", "other"], state=1 << 9, state_flags=["IRQD_ACTIVATED"],
                     remapping={"iommu": "intel", "index": 1, "table": {"vector": 34, "cpu": 0}}, **device)],
        "devices": [{"bus": "pci", "node": -1, **device, **costs(2, 2, 2, 1, 0, 4), "pci_class": 0x10000,
                     "pci_vendor": 0x1af4, "pci_device": 0x1001,
                     "consumers": [{"name": "virtio1", "driver": "virtio_blk"}, {"name": "vdb", "driver": None}]}],
        "findings": [{"code": "x", "severity": "info", "text": "t", "data": {}}],
        "unread": [], "irqs_complete": True,
        "accounting": {"lost": 5, "unattributed": 0, "no_msi_device": costs(2, 1, 0, 0, 1, 1),
                       "drivers": [{"driver": "virtio_blk", "devices": 1, **costs(2, 2, 2, 1, 0, 4)}]},
    }


def kernel_of(data):
    """drgn's side of the same machine."""
    data = copy.deepcopy(data)
    cpus = {c["cpu"]: {k: v for k, v in c.items() if k not in ("cpu", "node", "siblings", "cluster")} for c in data["cpus"]}
    irqs = {}
    for i in data["irqs"]:
        msi_facts = dict(i["msi"], device=i["device"]) if i["msi"] else {}
        irqs[i["irq"]] = dict(i, counts=i["per_cpu_counts"], apic=i, msi=msi_facts, wiring=i)
    matrix = {k: v for k, v in data["matrix"].items() if k != "system_map"}
    return SimpleNamespace(matrix=matrix, system_map=data["matrix"]["system_map"], cpus=cpus, irqs=irqs)


def differences(data, known, rules=report.Explanations()):
    results = report.run_all(document.Document(data), known, rules)
    return {f"{r.source}/{r.name}" for r in results if r.different}


# fact: the places in the document where a changed figure has to be noticed by it
CHANGES = {
    "document/contract": [(("dump", "crash_time"), "1010"), (("irqs", 0, "affinity"), "1-0"), (("schema",), "irqmatrix/2"),
                          (("irqs", 2, "msi", "address"), "0x00fee01000"), (("cpus", 0, "available"), True)],
    "document/words": [(("findings", 0, "severity"), "grave"), (("unread",), [{"what": "x", "address": None, "why": "lost"}])],
    "document/order": [(("cpus", 0, "cpu"), 2)],
    "document/unread": [(("unread",), [{"what": "x", "address": None, "why": "excluded"}]), (("irqs_complete",), False)],
    "document/possible CPUs": [(("dump", "cpus_possible"), "0-2")],
    "document/counts add up": [(("irqs", 0, "count"), 8), (("irqs", 3, "per_cpu_counts"), [5])],
    "document/vector and CPU": [(("irqs", 1, "cpu"), 0), (("irqs", 2, "prev_vector"), 0)],
    "document/vector in alloc_map": [(("cpus", 0, "alloc_map"), "34,48"), (("irqs", 3, "vector"), 40)],
    "document/drift is found": [(("cpus", 0, "available"), 199), (("cpus", 1, "managed_allocated"), 1)],
    "document/global_available": [(("matrix", "global_available"), 400)],
    "document/cost of each device": [(("devices", 0, key), 9) for key in costs(0, 0, 0, 0, 0, 0)],
    "document/accounting": [(("accounting", "lost"), 6), (("accounting", "unattributed"), 1),
                            (("accounting", "no_msi_device", "reserved"), 2), (("accounting", "drivers"), [])],
    "guest/IRQ numbers": [(("irqs", 0, "irq"), 1)],
    "guest/affinity": [(("irqs", 0, "affinity"), "0"), (("irqs", 2, "pending_affinity"), "0"),
                       (("irqs", 2, "pending_affinity"), None)],
    "guest/effective affinity": [(("irqs", 3, "effective_affinity"), "1"), (("irqs", 3, "effective_affinity"), None)],
    "guest/CPU that the hardware was told": [(("irqs", 0, "ioapic", "cpu"), 1), (("irqs", 3, "msi", "cpu"), None),
                                             (("irqs", 3, "remapping", "table", "cpu"), 1)],
    "guest/chip name": [(("irqs", 0, "chain", 0, "chip"), "APIC")],
    "guest/hwirq": [(("irqs", 0, "chain", 0, "hwirq"), 3)],
    "guest/type": [(("irqs", 1, "state"), 0)],
    "guest/name of the flow": [(("irqs", 1, "name"), "edge"), (("irqs", 1, "name"), None)],
    "guest/actions": [(("irqs", 3, "actions"), ["virtio1-req.0"]), (("irqs", 0, "actions"), [])],
    "guest/IRQ's node": [(("irqs", 0, "node"), 1)],
    "guest/counts per CPU": [(("irqs", 0, "per_cpu_counts"), [8, 0]), (("irqs", 3, "per_cpu_counts"), [3, 1])],
    "guest/MSI IRQs of PCI devices": [(("irqs", 2, "device"), None), (("devices", 0, "bus"), "usb")],
    "guest/MSI or MSI-X": [(("irqs", 2, "msi", "msix"), False)],
    "guest/device's driver": [(("devices", 0, "driver"), ""), (("irqs", 2, "driver"), "nvme")],
    "guest/device's node and class": [(("devices", 0, "node"), 0), (("devices", 0, "pci_class"), 0x20000),
                                      (("devices", 0, "pci_vendor"), 1), (("devices", 0, "pci_device"), 1)],
    "guest/consumers": [(("devices", 0, "consumers", 0, "driver"), None), (("devices", 0, "consumers", 1, "name"), "vdc"),
                        (("devices", 0, "consumers"), [])],
    "guest/CPU masks": [(("dump", "cpus_present"), "0"), (("dump", "cpus_online"), "0"), (("cpus", 1, "online"), False)],
    "guest/CPU topology": [(("cpus", 0, "siblings"), "0"), (("cpus", 0, "cluster"), "0"), (("cpus", 0, "node"), 1)],
    "guest/default affinity": [(("dump", "default_affinity"), "0")],
    "guest/housekeeping CPUs": [(("dump", "housekeeping_managed"), None)],
    "guest/release and time": [(("dump", "release"), "6.1.0"), (("dump", "crash_time"), 999), (("dump", "crash_time"), 1601)],
    "guest/which machine": [(("dump", "hostname"), "lib"), (("dump", "memory"), 1024001), (("dump", "uptime"), 13),
                            (("dump", "panic"), None), (("dump", "hardware"), None)],
    "trace/has apic_chip_data": [(("irqs", 1, "vector"), None)],
    "trace/vector and CPU": [(("irqs", 0, "vector"), 49), (("irqs", 3, "cpu"), 1), (("irqs", 1, "vector"), 239)],
    "trace/previous vector and CPU": [(("irqs", 2, "prev_vector"), 34), (("irqs", 2, "prev_cpu"), 1),
                                      (("irqs", 3, "prev_vector"), 33)],
    "trace/programmed vector and APIC": [(("irqs", 1, "hw_vector"), 0), (("irqs", 2, "hw_dest_apicid"), 1)],
    "trace/managed and reserved": [(("irqs", 1, "has_reserved"), False), (("irqs", 3, "managed"), False)],
    "trace/matrix totals": [(("matrix", key), 99) for key in
                            ("global_available", "global_reserved", "total_allocated", "online_maps")],
    "trace/system_map": [(("matrix", "system_map"), "128")],
    "trace/CPU maps": [(("cpus", 0, "alloc_map"), "33-34"), (("cpus", 1, "managed_map"), "")],
    "trace/CPU counters": [(("cpus", 0, key), 77) for key in ("available", "allocated", "managed")],
    "drgn/matrix": [(("matrix", "alloc_size"), 203), (("matrix", "system_map"), None), (("matrix", "alloc_end"), None)],
    "drgn/CPU maps and counters": [(("cpus", 0, "managed_allocated"), None), (("cpus", 1, "alloc_map"), ""),
                                   (("cpus", 1, "managed_map"), None), (("cpus", 1, "initialized"), False)],
    "drgn/vector_irq": [(("cpus", 0, "vector_irq", "33"), 25), (("cpus", 0, "vector_irq"), None),
                        (("cpus", 1, "vector_shutdown"), ""), (("cpus", 1, "vector_stray"), "40")],
    "drgn/IRQ descriptors": [(("irqs", 0, "address"), "0x1"), (("irqs", 0, "irq"), 1)],
    "drgn/IRQ state and masks": [(("irqs", 3, "state"), 1), (("irqs", 3, "affinity"), "0"),
                                 (("irqs", 3, "pending_affinity"), "0"), (("irqs", 1, "state_flags"), [])],
    "drgn/chain of domains": [(("irqs", 0, "chain", 1, "domain"), None), (("irqs", 0, "chain"), [])],
    "drgn/counts": [(("irqs", 3, "per_cpu_counts"), [5, 1])],
    "drgn/apic_chip_data": [(("irqs", 2, key), None) for key in
                            ("vector", "cpu", "prev_vector", "prev_cpu", "move_in_progress", "can_reserve", "has_reserved",
                             "cleanup_pending", "hw_vector", "hw_dest_apicid")],
    "drgn/MSI descriptors": [(("irqs", 3, "msi", key), None) for key in
                             ("desc", "first_irq", "nvec_used", "address", "data", "affinity", "index", "msix")] +
                            [(("irqs", 3, "msi"), None), (("irqs", 3, "device"), None)],
    "drgn/remapping entries, pins, hints": [(("irqs", 0, "has_affinity_hint"), True), (("irqs", 0, "ioapic", "pin"), 3),
                                            (("irqs", 0, "ioapic"), None), (("irqs", 3, "remapping", "index"), 2),
                                            (("irqs", 3, "remapping", "table", "vector"), 35)],
}


# What the guest is like, its case, and the only findings that go with that.
FOUND = {
    "guest/nothing is wrong": ({}, "plain", []),
    "guest/no vector left": ({"dmesg": "[ 1.0] virtio_blk virtio9: probe failed with error -28"}, "x",
                             [("vectors-exhausted", {"cpus": "0-1"})]),
    "guest/CPUs that cannot go": ({"dmesg": "[ 1.0] CPU 1 has 49 vectors, 22 available. Cannot disable CPU"}, "x",
                                  [("cpu-offline-blocked", {"cpus": "1", "first_cpu": 1, "vectors": 49, "available": 22})]),
    "guest/interrupts elsewhere": ({"/proc/irq/24/smp_affinity_list": "0"}, "x",
                                   [("affinity-pending", {"waiting_irqs": "24", "lost_irqs": ""})]),
    "guest/managed interrupts at rest": ({f"{CPU}/online": "0"}, "x", [("managed-shutdown", {"irqs": "24"})]),
    "trace/slots on absent CPUs": ({f"{CPU}/present": "0"}, "x", [("managed-absent-cpus", {"slots": 1})]),
}


def of_findings(fact):
    return fact.compare.__module__ == findings.__name__


def put(data, path, value):
    for part in path[:-1]:
        data = data[part]
    data[path[-1]] = value


class Checker(unittest.TestCase):
    def setUp(self):
        self.truth = truth.Truth(guest_text(FILES), kernel_of(good()))

    def test_nothing_differs(self):
        results = report.run_all(document.Document(good()), self.truth, report.Explanations())
        self.assertEqual([(r.name, r.different) for r in results if r.different], [])
        theirs = {f.name for f in report.FACTS if of_findings(f)}
        self.assertEqual([r.name for r in results if r.name not in theirs and
                          (not r.compared and r.name != "words" or r.skipped)], [])

    def test_findings(self):
        """Each agrees with the guest that has it, and is missed, or not believed, where it is not so."""
        for name, (files, case, found) in FOUND.items():
            known = truth.Truth(guest_text(dict(FILES, **files)), case=case)
            fact = [f for f in report.FACTS if f"{f.source}/{f.name}" == name][0]
            right = [{"code": code, "severity": "warning", "text": "", "data": data} for code, data in found]
            wrong = [dict(right[0], code="other")] if right else [{"code": "x", "severity": "warning", "data": {}}]
            with self.subTest(fact=name):
                for these, differ in ((right, False), (wrong, True)):
                    result = report.run(fact, document.Document(dict(good(), findings=these)), known, report.Explanations())
                    self.assertEqual((bool(result.compared), bool(result.different)), (True, differ))

    def test_every_fact_notices(self):
        for name, changes in CHANGES.items():
            for path, value in changes:
                with self.subTest(fact=name, path=path, value=value):
                    data = good()
                    put(data, path, value)
                    only = [f for f in report.FACTS if f"{f.source}/{f.name}" == name]
                    result = report.run(only[0], document.Document(data), self.truth, report.Explanations())
                    self.assertTrue(result.different)

    def test_every_fact_is_tested(self):
        names = {f"{f.source}/{f.name}" for f in report.FACTS if not of_findings(f)}
        self.assertEqual(names, set(CHANGES))
        self.assertEqual({f"{f.source}/{f.name}" for f in report.FACTS if of_findings(f)}, set(FOUND))

    def test_every_key_is_needed(self):
        """Without any one key of the contract the contract is broken."""
        def leaves(wanted, path=()):
            for key, inner in (wanted.items() if isinstance(wanted, dict) else [(0, wanted[0])]):
                yield path + (key,)
                if isinstance(inner, (dict, list)):
                    yield from leaves(inner, path + (key,))
        for path in leaves(document.CONTRACT):
            if isinstance(path[-1], str) and path[0] != "unread":
                data = good()
                holder = data
                for part in path[:-1]:
                    holder = holder[part]
                del holder[path[-1]]
                self.assertTrue(list(document.breaches(data, document.CONTRACT, "")), path)

    def test_explained(self):
        data = good()
        data["matrix"]["system_map"] = "128"
        lines = ["# a comment", "bookworm trixie | */system_map* | it is so", "all | drgn/matrix/system_map | and so"]
        self.assertEqual(differences(data, self.truth, report.Explanations(lines, "trixie")), set())
        self.assertEqual(differences(data, self.truth, report.Explanations(lines, "forky")), {"trace/system_map"})

    def test_damaged_dump(self):
        """There null may stand for what the guest knows, and 0 may not; and something has to be unread."""
        known = truth.Truth(guest_text(FILES), None, damaged=True)
        data = good()
        self.assertEqual(differences(data, known), {"document/unread"})
        data["unread"] = [{"what": "x", "address": "0x10", "why": "excluded"}]
        data["irqs"][3].update(effective_affinity=None, per_cpu_counts=None)
        self.assertEqual(differences(data, known), set())
        data["irqs"][3].update(per_cpu_counts=[0, 0], count=0)
        self.assertEqual(differences(data, known), {"guest/counts per CPU"})

    def test_lost_events(self):
        files = dict(FILES, **{"/sys/kernel/tracing/trace": TRACE.replace("19/19", "19/25")})
        data = good()
        data["irqs"][0]["hw_vector"] = 1
        self.assertEqual(differences(data, truth.Truth(guest_text(files))), set())

    def test_cpu_that_was_off(self):
        """What is moved off a dying CPU is not traced: IRQ 25 was on CPU 0, so nothing is said of it."""
        again = "\n x [000] d..1. 0.7: irq_matrix_online: online_maps=2 global_avl=401, global_rsvd=1, total_alloc=4"
        known = truth.Truth(guest_text(dict(FILES, **{"/sys/kernel/tracing/trace": TRACE + again})))
        self.assertEqual({n for n, irq_ in known.replay.irqs.items() if known.replay.certain(irq_, {0, 1})}, {5})

    def test_failed_setup(self):
        """-28: the interrupt never came to be, and nothing of it sticks to the next one of its number."""
        failed = "\n x [1] d..1. 0.7: vector_reserve_managed: irq=9 ret=-28\n x [1] d..1. 0.7: vector_setup: irq=9 is_legacy=0 ret=-28"
        known = truth.Truth(guest_text(dict(FILES, **{"/sys/kernel/tracing/trace": TRACE + failed})))
        self.assertNotIn(9, known.replay.irqs)

    def test_tool_is_extension(self):
        """Every single value of the document is compared, whichever side it is on, but the two that are meant to differ."""
        def compare(ours, theirs):
            result = same.compare(ours, theirs, report.Explanations())
            return [what for what, *_ in result.different], [what for what, *_ in result.explained], result.compared

        def places(value, path=()):
            if isinstance(value, (dict, list)) and value:
                for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
                    yield from places(inner, path + (key,))
            else:
                yield path
        self.assertEqual(compare(good(), good())[:2], ([], []))
        self.assertGreater(compare(good(), good())[2], len(list(places(good()))) - 3)
        for path in places(good()):
            data = good()
            put(data, path, "another")
            with self.subTest(path=path):
                meant = path in (("dump", "path"), ("dump", "types"))
                self.assertEqual(bool(compare(data, good())[0]), not meant)
                self.assertEqual(bool(compare(good(), data)[0]), not meant)

    def test_tool_has_more_or_less(self):
        for path in (("irqs", 1), ("cpus", 0), ("devices", 0), ("findings", 0), ("irqs", 2, "msi", "index"), ("accounting",)):
            data, holder = good(), None
            for part in path:
                holder, rest = (data if holder is None else rest), (data if holder is None else rest)[part]
            del holder[path[-1]]
            less, more = (same.compare(*pair, report.Explanations()).different for pair in ((data, good()), (good(), data)))
            with self.subTest(path=path):
                self.assertTrue(less)
                self.assertEqual([what for what, *_ in less], [what for what, *_ in more])
        data = good()
        data["irqs"].reverse()
        self.assertEqual([what for what, *_ in same.compare(data, good(), report.Explanations()).different],
                         ["document.irqs, order"])

    def test_true_is_not_one(self):
        data = good()
        data["cpus"][0]["online"] = 1
        self.assertTrue(same.compare(good(), data, report.Explanations()).different)

    def test_status_of_the_tool(self):
        data = good()
        self.assertEqual(tool.right_status(data), tool.OK)
        data["findings"][0]["severity"] = "warning"
        self.assertEqual(tool.right_status(data), tool.NOTABLE)
        data["unread"] = [{"what": "x", "address": "0x10", "why": "excluded"}]
        self.assertEqual(tool.right_status(data), tool.IN_PART)

    def test_who_may_need_vmlinux(self):
        self.assertTrue(tool.may_need_vmlinux("5.10.0-33-cloud-amd64"))
        self.assertFalse(tool.may_need_vmlinux("6.0.0"))
        self.assertFalse(tool.may_need_vmlinux("7.2+deb-amd64"))

    def test_irqaff_is_the_same(self):
        def different(whole, single):
            return [what for what, *_ in same.irqs(whole, single).different]
        one = {"irqs": good()["irqs"]}
        self.assertEqual(different(good(), one), [])
        self.assertEqual(same.irqs(good(), one).compared, 4)
        for n, entry in enumerate(good()["irqs"]):
            less, other = {"irqs": good()["irqs"]}, {"irqs": good()["irqs"]}
            del less["irqs"][n]
            other["irqs"][n]["count"] = 99
            for single in (less, other):
                self.assertEqual(different(good(), single), [f"irq {entry['irq']}"])
        more = {"irqs": good()["irqs"] + [irq(99, "c", 1)]}
        self.assertEqual(different(good(), more), ["irq 99"])

    def test_tool_with_itself(self):
        """A tool that answers otherwise in one of its four runs, as text of a program that stands in for it."""
        def tell(which, data, status=0, cached=True):
            return (f"if '--log' not in here and ({which}):\n    print({json.dumps(data)!r})\n" +
                    ("    cold or open(os.environ['XDG_CACHE_HOME'] + '/known', 'w').close()\n" if cached else "") +
                    f"    sys.exit({status})\n")

        def read(*answers):
            with tempfile.TemporaryDirectory() as folder:
                path, cache = os.path.join(folder, "tool"), os.path.join(folder, "cache")
                os.mkdir(cache)
                with open(os.path.join(folder, "guest.txt"), "w", encoding="utf-8") as f:
                    f.write("@ a\n\n@ dmesg\n[ 1.0] one\n[ 2.0] two\n@ errors\n")
                with open(path, "w", encoding="utf-8") as f:
                    f.write("#!/usr/bin/python3\nimport os, sys\nhere, cold = sys.argv[1:], '--no-cache' in sys.argv\n" +
                            "assert not os.environ.get('DEBUGINFOD_URLS'), 'helped'\n" +
                            "known = os.path.exists(os.environ['XDG_CACHE_HOME'] + '/known')\n" + "".join(answers) +
                            "if '--log' in here:\n    print('[ 1.0] one\\n[ 2.0] two\\n[ 3.0] panic')\n    sys.exit(0)\n" +
                            tell("True", good()))
                os.chmod(path, 0o700)
                with mock.patch.dict(os.environ, IRQMATRIX=path, DEBUGINFOD_URLS="http://nowhere"):
                    results = tool.read_dump(os.path.join(folder, "vmcore"), [], cache)[1]
            return [r.name for r in results if r.different], [r.name for r in results if r.skipped]
        other = good()
        other["irqs"][0]["count"] = 99
        self.assertEqual(read(), ([], []))
        self.assertEqual(read(tell("True", good(), 1)), (["exit status"], []))
        self.assertEqual(read(tell("not cold and not known", other)), (["first use of the cache"], []))
        self.assertEqual(read(tell("not cold and known", other)), (["from the cache"], []))
        self.assertEqual(read(tell("not cold and known", good(), 1)), (["from the cache"], []))
        self.assertEqual(read(tell("here[0] == 'aff'", other)), (["irqaff is the same"], []))
        for log in "[ 1.0] one", "[ 1.0] one\\n[ 2.0] too", "[ 0.0] zero\\n[ 1.0] one\\n[ 2.0] two":
            self.assertEqual(read(f"if '--log' in here:\n    print('{log}')\n    sys.exit(0)\n"), (["kernel log"], []))
        self.assertEqual(read(tell("True", good(), cached=False)), ([], ["first use of the cache", "from the cache"]))
        for nothing in ("print('{')\n", "sys.exit(2)\n", tell("True", dict(good(), irqs=[]), 2),
                        "if here[0] == 'aff': sys.exit(2)\n"):
            with self.assertRaises(RuntimeError):
                read(nothing)

    def test_readings_over_time(self):
        """Runs overlap, and each is compared with what happened between its own two marks."""
        def lines(*texts):
            return [f" sh-1 [000] d..1. 1.{i}: {text}" for i, text in enumerate(texts)]
        alloc = "online=1 avl=201 alloc=2 managed=0 online_maps=1 global_avl=201, global_rsvd=0, total_alloc=2"
        trace = lines("tracing_mark_write: live-check begin affinity rates1",
                      f"irq_matrix_alloc: bit=33 cpu=0 {alloc}",
                      "vector_update: irq=24 vector=33 cpu=0 prev_vector=0 prev_cpu=0",
                      "tracing_mark_write: live-check begin affinity rates2",
                      "vector_update: irq=24 vector=34 cpu=1 prev_vector=33 prev_cpu=0",
                      "tracing_mark_write: live-check end affinity rates1",
                      "vector_update: irq=24 vector=35 cpu=1 prev_vector=34 prev_cpu=1",
                      "tracing_mark_write: live-check end affinity rates2",
                      "vector_update: irq=24 vector=36 cpu=1 prev_vector=35 prev_cpu=1")
        seen = {name: seen for _, name, seen in live_check_tool.runs(trace)}
        self.assertEqual(seen["rates1"].irqs, {}, "where it was at first is not known")
        self.assertEqual(seen["rates2"].irqs, {24: {(33, 0), (34, 1), (35, 1)}})
        lost = trace[:4] + ["CPU:0 [LOST 7 EVENTS]"] + trace[4:]
        self.assertEqual(list(live_check_tool.runs(lost)), [])

        def compare(vector=33, available=201, unread=0, skip=()):
            wrong = []
            reading = {"irqs": [{"irq": 24, "now": {"vector": vector, "cpu": 0 if vector == 33 else 1}}], "unread": unread,
                       "cpus": [{"cpu": 0, "available": available, "allocated": 2, "managed": 0}]}
            return live_check_tool.compare_reading(reading, seen["rates2"], set(skip), wrong), len(wrong)
        self.assertEqual(compare(), (2, 0))
        self.assertEqual(compare(vector=35), (2, 0))
        self.assertEqual(compare(vector=36), (2, 1))
        self.assertEqual(compare(available=200), (2, 1))
        self.assertEqual(compare(available=200, unread=1), (1, 0))
        self.assertEqual(compare(vector=36, skip={1}), (0, 0))

    def test_sections(self):
        files = guest.sections(["@ a", "1", "", "@ b", "@ a", "2"])
        self.assertEqual(files, {"a": ["1", ""], "b": []})

    def test_cpulist(self):
        self.assertEqual(cpulist.write(cpulist.parse("0-2,5,7-8")), "0-2,5,7-8")
        self.assertEqual(cpulist.write(cpulist.parse("")), "")
        self.assertEqual(cpulist.parse_mask("1,00000003"), {0, 1, 32})


if __name__ == "__main__":
    unittest.main()
