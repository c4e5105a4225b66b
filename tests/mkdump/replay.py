# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the kernel would have put the interrupts of a machine's text where
the text says they are, if they came in the order of their numbers.

The rules are those of kernel/irq/matrix.c and arch/x86/kernel/apic/vector.c:

- a managed interrupt reserves a vector on each CPU of its mask, and fails if
  one of them has none left (irq_matrix_reserve_managed);
- its own vector is on the CPU of the mask with the fewest such vectors, the
  last of several (matrix_find_best_cpu_managed);
- any other goes to the CPU with most available, the first of several
  (matrix_find_best_cpu): of its node, and of all CPUs if that one is full
  (assign_irq_vector_any_locked).
"""


class Allocator:
    def __init__(self, machine, vectors):
        self.node = machine["node"]
        self.online = sorted(machine["online"])
        self.available = {cpu: vectors for cpu in self.online}
        self.managed_allocated = dict.fromkeys(self.online, 0)

    def full(self):
        return not all(self.available.values())

    def reserve(self, mask):
        room = all(self.available[cpu] for cpu in mask)
        for cpu in mask:
            self.available[cpu] -= 1
        return room

    def managed(self, mask):
        cpu = min(sorted(mask, reverse=True), key=self.managed_allocated.get)
        self.managed_allocated[cpu] += 1
        return cpu

    def regular(self, node):
        near = [cpu for cpu in self.online if self.node.get(cpu, 0) == node]
        for cpus in near, self.online:
            cpu = max(cpus, key=self.available.get, default=None)
            if cpu is not None and self.available[cpu]:
                self.available[cpu] -= 1
                return cpu
        return None


def differences(machine, vectors):
    """Lines, one for each interrupt that is elsewhere, and for a virtio disk
    that shares one vector among its queues although no CPU was full."""
    a, wrong = Allocator(machine, vectors), []
    for irq in machine["irqs"].values():
        if irq["vector"] is None:
            continue
        what = f"IRQ {irq['irq']}"
        if irq["actions"][0].endswith("-virtqueues") and not a.full():
            wrong.append(f"{what}: no CPU is full")
        if "managed" in irq:
            if not a.reserve(irq["affinity"]):
                wrong.append(f"{what}: a CPU of its mask is full")
            cpu = a.managed(irq["affinity"])
        else:
            cpu = a.regular(int(irq.get("node", -1)))
        if cpu != irq.get("cpu", 0):
            wrong.append(f"{what}: on CPU {irq.get('cpu', 0)}, by the "
                         f"kernel's rules on {cpu}")
    return wrong
