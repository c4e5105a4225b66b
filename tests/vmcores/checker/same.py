# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents that have to be the same: of irqmatrix and irqaff, and, key by key, the tool's and the extension's."""

from .report import MISSING, Fact, Result, same

# What a list's elements go by, in a message.
IDENTITY = {"document.irqs": "irq", "document.cpus": "cpu", "document.devices": "device"}
# The file as it was named, and where types and VMCOREINFO came from: meant to differ.
LEFT_OUT = {"document.dump.path", "document.dump.types", "document.dump.vmcoreinfo_from"}


def named(path, elements):
    """[(name, element)] of a list."""
    key = IDENTITY.get(path)
    if key and all(isinstance(element, dict) and key in element for element in elements):
        return [(element[key], element) for element in elements]
    return list(enumerate(elements))


def leaves(ours, theirs, path="document"):
    """(path, ours, theirs) of everything that is neither object nor array, wherever one of the two has it."""
    if path in LEFT_OUT:
        return
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in sorted(set(ours) | set(theirs)):
            yield from leaves(ours.get(key, MISSING), theirs.get(key, MISSING), f"{path}.{key}")
    elif isinstance(ours, list) and isinstance(theirs, list):
        mine, others = named(path, ours), named(path, theirs)
        yield f"{path}, order", [name for name, _ in mine], [name for name, _ in others]
        mine, others = dict(mine), dict(others)
        for name in [*mine, *(name for name in others if name not in mine)]:
            yield from leaves(mine.get(name, MISSING), others.get(name, MISSING), f"{path}[{name}]")
    else:
        yield path, ours, theirs


def compare(ours, theirs, explanations):
    """ours: the tool's document; theirs: the extension's."""
    result = Result(Fact("crash", "tool is extension", None))
    for path, mine, other in leaves(ours, theirs):
        result.compared += 1
        if same(mine, other):
            continue
        reason = explanations.reason(f"{result.source}/{result.name}/{path}")
        if reason:
            result.explained.append((path, mine, other, reason))
        else:
            result.different.append((path, mine, other))
    return result


def irqs(whole, single):
    """irqaff -j, and the tool's aff --json, have to be the whole document's own words, interrupt by interrupt."""
    result = Result(Fact("document", "irqaff is the same", None))
    theirs = {irq["irq"]: irq for irq in whole["irqs"]}
    ours = {irq["irq"]: irq for irq in single["irqs"]}
    for n in sorted(set(ours) | set(theirs)):
        result.compared += 1
        if ours.get(n) != theirs.get(n):
            result.different.append((f"irq {n}", ours.get(n), theirs.get(n)))
    return result
