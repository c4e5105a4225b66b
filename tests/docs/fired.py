# SPDX-License-Identifier: GPL-3.0-or-later
"""Which finding fires on which real kernel: the table in docs/findings.md.

It is made from what the tool said of each dump in tests/data/distilled; check-distilled checks that the tool still says it. Each
finding that does not fire is in the list below the table, with the reason."""
import json
import lzma
import pathlib
import re

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
BEGIN, END = "<!-- fired -->", "<!-- end -->"
SEVERITIES = ("critical", "warning", "info")


def documents():
    """(case, kernel version, document) of each dump. Its file is SUITE-CASE.json."""
    folder = TOP / "tests/data/distilled"
    for path in sorted(folder.rglob("*.json")) + sorted(folder.rglob("*.json.xz")):
        opened = lzma.open if path.suffix == ".xz" else open
        with opened(path, "rt") as file:
            document = json.load(file)
        yield path.name.split(".json")[0].partition("-")[2], ".".join(document["dump"]["release"].split(".")[:2]), document


def in_order(versions):
    return ", ".join(sorted(versions, key=lambda v: [int(part) for part in v.split(".")]))


def cell(fired):
    """{(severity, case): kernels} as "critical: exhausted (5.10, 6.1); ..."."""
    said = []
    for severity in SEVERITIES:
        cases = [f"{case} ({in_order(kernels)})" for (how, case), kernels in sorted(fired.items()) if how == severity]
        if cases:
            said.append(f"{severity}: {', '.join(cases)}")
    return "; ".join(said)


def fired():
    """{code: {(severity, case): kernels}}, and the first line of the table."""
    found, dumps, cases, kernels = {}, 0, set(), set()
    for case, kernel, document in documents():
        dumps += 1
        cases.add(case)
        kernels.add(kernel)
        for finding in document["findings"]:
            where = found.setdefault(finding["code"], {})
            where.setdefault((finding["severity"], case), set()).add(kernel)
    return found, f"{dumps} dumps of {len(cases)} cases, from {in_order(kernels)}:"


def codes():
    return re.findall(r'^KIND\(\w+, "([^"]+)"', (TOP / "lib/analysis/kinds.def").read_text(), re.M)


def reasons(lines):
    """The codes in the list of those that do not fire: "- code, code: reason"."""
    for line in lines:
        named = re.match("- ([a-z, -]+):", line)
        yield from named[1].split(", ") if named else ()


def renewed(lines):
    """The document's lines with the table as it is now, and what is wrong with the list below it."""
    begin = lines.index(BEGIN)
    end = lines.index(END, begin)
    found, summary = fired()
    rows = [f"| {code} | {cell(found[code])} |" for code in codes() if code in found]
    wrong = sorted(set(reasons(lines[end:])) ^ (set(codes()) - set(found)))
    return [*lines[:begin + 1], summary, "", "| finding | fires in |", "| --- | --- |", *rows, *lines[end:]], wrong
