# SPDX-License-Identifier: GPL-3.0-or-later
"""The kernel's own account of each vector: the events irq_matrix:* and irq_vectors:vector_*, played from the boot on.

An event's text differs between kernels only in what stands before the event's name, so that is not looked at, but for
the number of the CPU in brackets.

Which event says what:
  vector_setup            the interrupt has apic_chip_data
  vector_update           it gets a vector; what it had before stays as prev_vector until it is released
  vector_config           what the chip was programmed with. Vector 0xef stands for "shut down or only reserved"; any
                          other one is in effect (IRQ 0 gets its vector by this event alone)
  vector_clear            it has no vector any more, nor a previous one
  vector_free_moved       the previous vector is given back
  irq_matrix_free         of a previous vector: given back at once, since its CPU is off
  vector_teardown         its apic_chip_data is freed; the number may be set up anew
  vector_reserve, vector_alloc (reserved=1, ret=0)     has_reserved comes and goes
  vector_reserve_managed  the interrupt is managed
  irq_matrix_*            the maps, bit by bit, and the counters after each step
"""
import re

EVENT = re.compile(r"\[(\d+)\].*?\d: ((?:vector|irq_matrix)_\w+): (.*)")
FIELD = re.compile(r"(\w+)=(-?(?:0x)?[0-9a-fA-F]+)")
SHUTDOWN_VECTOR = 0xEF


def number(text):
    return int(text, 16) if "0x" in text else int(text)


def events(lines):
    """(CPU that ran it, name, {field: number})"""
    for line in lines:
        m = EVENT.search(line)
        if m:
            yield int(m.group(1)), m.group(2), {k: number(v) for k, v in FIELD.findall(m.group(3))}


def whole(lines):
    """True if the ring buffer has lost nothing."""
    for line in lines:
        m = re.search(r"entries-in-buffer/entries-written: (\d+)/(\d+)", line)
        if m:
            return m.group(1) == m.group(2)
    return False


class Irq:
    """An interrupt's apic_chip_data as far as the events tell it."""

    def __init__(self):
        self.vector = self.cpu = self.prev_vector = self.prev_cpu = 0
        self.managed = self.has_reserved = False
        self.hw_vector = self.apicid = None
        self.placed = 0     # number of the event that put it where it is


class Cpu:
    def __init__(self):
        self.alloc, self.managed = set(), set()
        self.counters = None    # after its last event: available, allocated, managed
        self.online_at = []     # numbers of its irq_matrix_online events


class Replay:
    """The state after the last event."""

    def __init__(self, lines):
        self.irqs, self.cpus = {}, {}
        self.system = set()
        self.totals = {}
        self.count = 0
        for runner, name, f in events(lines):
            self.count += 1
            handler = getattr(self, name, None)
            if handler:
                handler(f, runner)
            if name.startswith("irq_matrix_"):
                self.keep_counters(f)

    def irq(self, f):
        return self.irqs.setdefault(f["irq"], Irq())

    def cpu(self, n):
        return self.cpus.setdefault(n, Cpu())

    def keep_counters(self, f):
        self.totals = {"online_maps": f["online_maps"], "global_available": f["global_avl"],
                       "global_reserved": f["global_rsvd"], "total_allocated": f["total_alloc"]}
        if "avl" in f:
            self.cpu(f["cpu"]).counters = {"available": f["avl"], "allocated": f["alloc"], "managed": f["managed"]}

    # irq_vectors

    def vector_setup(self, f, _):
        # When it fails the interrupt is freed without a teardown, and its number is used again.
        if f["ret"] == 0:
            self.irq(f)
        else:
            self.irqs.pop(f["irq"], None)

    def vector_update(self, f, _):
        irq = self.irq(f)
        # The event names what the interrupt had, so that a silent vector_clear before it does no harm.
        if f["prev_vector"] not in (0, SHUTDOWN_VECTOR):
            irq.prev_vector, irq.prev_cpu = f["prev_vector"], f["prev_cpu"]
        irq.vector, irq.cpu, irq.placed = f["vector"], f["cpu"], self.count

    def vector_config(self, f, _):
        irq = self.irq(f)
        irq.hw_vector, irq.apicid = f["vector"], f["apicdest"]
        if f["vector"] != SHUTDOWN_VECTOR:
            irq.vector, irq.cpu, irq.placed = f["vector"], f["cpu"], self.count

    def vector_clear(self, f, _):
        irq = self.irq(f)
        irq.vector = irq.prev_vector = 0

    def vector_free_moved(self, f, _):
        self.irq(f).prev_vector = 0

    def vector_teardown(self, f, _):
        self.irqs.pop(f["irq"], None)

    def vector_reserve(self, f, _):
        self.irq(f).has_reserved = True

    def vector_alloc(self, f, _):
        if f["reserved"] and f["ret"] == 0:
            self.irq(f).has_reserved = False

    def vector_reserve_managed(self, f, _):
        if f["ret"] == 0:
            self.irq(f).managed = True

    # irq_matrix

    def irq_matrix_online(self, _, runner):
        self.cpu(runner).online_at.append(self.count)

    def irq_matrix_assign_system(self, f, _):
        self.system.add(f["bit"])

    def irq_matrix_assign(self, f, _):
        self.cpu(f["cpu"]).alloc.add(f["bit"])

    irq_matrix_alloc = irq_matrix_alloc_managed = irq_matrix_assign

    def irq_matrix_free(self, f, _):
        self.cpu(f["cpu"]).alloc.discard(f["bit"])
        for irq in self.irqs.values():
            if (irq.prev_cpu, irq.prev_vector) == (f["cpu"], f["bit"]):
                irq.prev_vector = 0

    def irq_matrix_reserve_managed(self, f, _):
        self.cpu(f["cpu"]).managed.add(f["bit"])

    def irq_matrix_remove_managed(self, f, _):
        self.cpu(f["cpu"]).managed.discard(f["bit"])

    # What the events cannot tell: tracepoints are silent on a CPU that is on its way out, where its interrupts are moved.

    def was_off(self, online):
        """CPUs that were off at some time after their first start, given those that are online now."""
        return {n for n, cpu in self.cpus.items() if len(cpu.online_at) > 1 or cpu.online_at and n not in online}

    def certain(self, irq, online):
        """No CPU that the interrupt is said to be on has been taken down since."""
        for n in {irq.cpu} | ({irq.prev_cpu} if irq.prev_vector else set()):
            if irq.vector and n in self.was_off(online) and not (n in online and irq.placed > self.cpus[n].online_at[-1]):
                return False
        return True
