# SPDX-License-Identifier: GPL-3.0-or-later
"""The tool's document and the extension's, key by key."""
import re

from .report import MISSING, Fact, Result, same

# What a list's elements go by, in a message.
IDENTITY = {"document.irqs": "irq", "document.cpus": "cpu", "document.devices": "device"}
# The file as it was named, and where the types came from: meant to differ.
LEFT_OUT = {"document.dump.path", "document.dump.types"}
# crash names a function of a module only if it has loaded the modules' symbols, which 9.0.2 cannot do of 7.x.
FUNCTION = re.compile(r"document\.irqs\[\d+\]\.action_details\[\d+\]\.(handler|thread)$")


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


def blind(path, ours, theirs):
    """Why crash does not know it; None if it should."""
    if FUNCTION.match(path) and isinstance(ours, str) and theirs is None:
        return "crash has no symbols of modules here"
    return None


def compare(ours, theirs, explanations):
    """ours: the tool's document; theirs: the extension's."""
    result = Result(Fact("crash", "tool is extension", None))
    for path, mine, other in leaves(ours, theirs):
        result.compared += 1
        if same(mine, other):
            continue
        reason = blind(path, mine, other) or explanations.reason(f"{result.source}/{result.name}/{path}")
        if reason:
            result.explained.append((path, mine, other, reason))
        else:
            result.different.append((path, mine, other))
    return result
