# SPDX-License-Identifier: GPL-3.0-or-later
"""What the guest said about itself before it crashed: guest.txt, cut into plain facts. "@ PATH" starts a file's lines."""
import re

from . import cpulist

# The lab's own disk. guest.txt goes onto it after the last reading of the counters.
LAB_DISK = "0000:00:02.0"


def sections(lines):
    """{path: [line]}; a path that occurs twice keeps its first lines."""
    found, lines_of = {}, None
    for line in lines:
        line = line.rstrip("\n")
        if line.startswith("@ "):
            lines_of = []
            found.setdefault(line[2:], lines_of)
        elif lines_of is not None:
            lines_of.append(line)
    return found


def interrupts(lines):
    """/proc/interrupts as {irq: {cpu: count}}, the numbered lines only."""
    cpus = [int(name[3:]) for name in lines[0].split()]
    table = {}
    for line in lines[1:]:
        number, _, rest = line.partition(":")
        if number.strip().isdigit():
            counts = rest.split()[:len(cpus)]
            table[int(number)] = dict(zip(cpus, map(int, counts)))
    return table


class Guest:
    """The facts of one guest.txt. Dictionaries are by IRQ, CPU or PCI address."""

    def __init__(self, text):
        self.files = sections(text.splitlines())

    def line(self, path):
        """First line of a file; "" if it was empty, None if it was not there."""
        lines = self.files.get(path)
        return None if lines is None else (lines[0] if lines else "")

    def by_number(self, pattern):
        """{n: first line} of the files whose path matches with one number."""
        match = re.compile(pattern + "$").match
        return {int(m.group(1)): self.line(m.string) for m in map(match, self.files) if m}

    def irq_proc(self, name):
        return self.by_number(rf"/proc/irq/(\d+)/{name}")

    def irq_sysfs(self, name):
        return self.by_number(rf"/sys/kernel/irq/(\d+)/{name}")

    def irqs(self):
        return set(self.irq_sysfs("type"))

    def cpus(self, which):
        """possible, present, online, offline or isolated."""
        return cpulist.parse(self.line(f"/sys/devices/system/cpu/{which}"))

    def topology(self, name):
        """Of the CPUs that are online: an offline one has no topology."""
        return self.by_number(rf"/sys/devices/system/cpu/cpu(\d+)/topology/{name}")

    def node_of_cpus(self):
        nodes = self.by_number(r"/sys/devices/system/node/node(\d+)/cpulist")
        return {cpu: node for node, cpus in nodes.items() for cpu in cpulist.parse(cpus)}

    def default_affinity(self):
        return cpulist.parse_mask(self.line("/proc/irq/default_smp_affinity"))

    def first_counts(self):
        return interrupts(self.files["/proc/interrupts#1"])

    def last_counts(self):
        return interrupts(self.files["/proc/interrupts#2"])

    def trace(self):
        return self.files.get("/sys/kernel/tracing/trace", [])

    # PCI devices

    def pci(self, name):
        """{address: first line of that attribute}."""
        match = re.compile(rf"/sys/bus/pci/devices/([^/]+)/{name}$").match
        return {m.group(1): self.line(m.string) for m in map(match, self.files) if m}

    def msi_irqs(self):
        """{address: {irq: "msi" or "msix"}} of the devices that have any."""
        match = re.compile(r"/sys/bus/pci/devices/([^/]+)/msi_irqs/(\d+)$").match
        devices = {}
        for m in filter(None, map(match, self.files)):
            devices.setdefault(m.group(1), {})[int(m.group(2))] = self.line(m.string)
        return devices

    def restless_irqs(self):
        """Interrupts that may fire after the last reading: the lab disk's, and those of network cards, to which a packet
        comes when it comes."""
        cards = {address for address, value in self.pci("class").items() if value.startswith("0x02")}
        return {n for address, irqs in self.msi_irqs().items() if address == LAB_DISK or address in cards for n in irqs}

    def link(self, path):
        """Last component of what a symbolic link points at; None without one."""
        line = self.line(path)
        return line.rsplit("/", 1)[-1] if line and line.startswith("-> ") else None

    def folder(self, address):
        """The device's folder in /sys/devices."""
        line = self.line(f"/sys/bus/pci/devices/{address}")
        return "/sys/" + re.sub(r"^-> (\.\./)*", "", line) if line else None

    def driver(self, address):
        return self.link(f"{self.folder(address)}/driver") or ""

    def children(self, address):
        """{name: (subsystem, driver or None)} of all below a device, not of other PCI devices behind it."""
        top, found = self.folder(address), {}
        for path in self.files:
            if not path.startswith(f"{top}/") or not path.endswith("/subsystem"):
                continue
            child = path[:-len("/subsystem")]
            if child == top or self.behind_bridge(child, top):
                continue
            found[child.rsplit("/", 1)[-1]] = (self.link(path), self.link(f"{child}/driver"))
        return found

    def behind_bridge(self, child, top):
        """A PCI device lies between the two, or the child is one."""
        while child != top:
            if self.line(f"{child}/subsystem") and self.line(f"{child}/subsystem").endswith("bus/pci"):
                return True
            child = child.rsplit("/", 1)[0]
        return False
