#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""drgn_live_check.py FOLDER: what libirqmatrix said over drgn inside the guest of tests/install/drgn-live against what the
guest said, as tests/crash/live_check.py does it of crash: the rounds and the storm are the same. Ends with "N passed, N
failed"."""
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "crash"))
import live_check as live  # noqa: E402
from live_check import check, document, truth  # noqa: E402

TEXTS = ("matrix", "devices", "irqs", "vectors")


def called(folder, r):
    """The example as a command says the same, a moment later."""
    ours, theirs = ([line for line in text.splitlines() if not line.startswith("running, up ")] for text in
                    (truth.read(os.path.join(folder, "calleddevices")), r.texts["devices"]))
    check("called: devices", ours == theirs, (ours, theirs))
    doc = document.Document(json.loads(truth.read(os.path.join(folder, "called--json"))))
    check("called: --json", doc.matrix == r.doc.matrix and set(doc.irqs) == set(r.doc.irqs), doc.matrix)


def storm(folder):
    seen = set()
    for i in range(1, 13):
        doc = document.Document(json.loads(truth.read(os.path.join(folder, f"{i}.json"))))
        found = list(document.breaches(doc.data, document.CONTRACT, "document"))
        check(f"storm {i}: the document's contract", not found, found)
        seen.add(str([(n, irq["vector"], irq["affinity"]) for n, irq in doc.irqs.items()]))
    check("it was one", len(seen) >= 4, len(seen))
    live.after_storm(folder)


def main(folder):
    session = truth.read(os.path.join(folder, "session"))
    check("the session", "no exception" in session, session)
    rounds = [live.Round(os.path.join(folder, name), TEXTS, ("irqmatrix",)) for name in "123"]
    for r in rounds:
        live.says_live(r)
        live.equals_guest(r)
        live.counts_between(r)
        live.kernels_own(r)
        live.equals_tool(r, os.path.join(folder, r.name.split()[-1]))
    called(folder, rounds[0])
    live.moved(*rounds[:2])
    live.counted_on(*rounds[:2])
    live.counted_on(*rounds[1:])
    live.one_cpu_less(*rounds[1:])
    storm(os.path.join(folder, "storm"))
    print(f"{live.passed} passed, {live.failed} failed")
    return live.failed != 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
