#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last line of drgn_irqmatrix.py, from the tool's JSON document on standard input."""
import json
import sys


def bits(cpulist):
    ends = (part.partition("-") for part in cpulist.split(",") if part)
    return sum(int(last or first) - int(first) + 1 for first, _, last in ends)


data = json.load(sys.stdin)
cpus, irqs, devices = data["cpus"], data["irqs"], data["devices"]
totals = {
    "global_available": data["matrix"]["global_available"], "total_allocated": data["matrix"]["total_allocated"],
    "cpus": len(cpus), "allocated": sum(bits(cpu["alloc_map"] or "") for cpu in cpus),
    "vector_irq": sum(len(cpu["vector_irq"] or {}) for cpu in cpus), "irqs": len(irqs),
    "actions": sum(len(irq["actions"] or ()) for irq in irqs), "vectors": sum(bool(irq["vector"]) for irq in irqs),
    "msi": sum(irq["msi"] is not None for irq in irqs), "devices": len(devices),
    "consumers": sum(len(device["consumers"] or ()) for device in devices),
}
print(" ".join(f"{name}={value}" for name, value in totals.items()))
