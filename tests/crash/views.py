# SPDX-License-Identifier: GPL-3.0-or-later
"""Every view of a dump, beside what the tool says of it."""
import json
import os
import subprocess

import session
from session import ROOT, check, dump_of

TOOL = os.path.join(ROOT, "build", "irqmatrix")

VIEWS = {
    "matrix": "irqmatrix",
    "matrix-all": "irqmatrix -a",
    "matrix-cpu0": "irqmatrix -a -c 0",
    "devices": "irqmatrix -d",
    "irqs": "irqmatrix -i",
    "vectors": "irqmatrix -v",
    "findings": "irqmatrix -k",
    "pools": "irqmatrix -p",
    "pools-all": "irqmatrix -a -p",
    "map": "irqmatrix -M",
    "debugfs": "irqmatrix -D",
    "json": "irqmatrix -j",
    "irqaff": "irqaff 0-100000",
    "irqaff-json": "irqaff -j 0-100000",
    "irqaff-spread": "irqaff -D *",
    "plan": "irqplan -a virtio_blk:2x200",
    "plan-all": "irqplan -v -a nvme:4x10 -o 1 -a ice:0,vectors=17+0",
    "plan-json": "irqplan -j -a virtio_blk:2 -s",
    "help-irqmatrix": "help irqmatrix",
    "help-irqaff": "help irqaff",
    "help-irqplan": "help irqplan",
}

# The file as it was named, and where types and VMCOREINFO came from: meant to
# differ.
LEFT_OUT = ("path", "types", "vmcoreinfo_from")
# The tool has words for what irqplan has letters for.
PLAN = {"-a": "--add", "-r": "--remove", "-o": "--offline",
        "-s": "--suspend", "-v": "--all"}


COMPLAINTS = ("irqmatrix:", "irqaff:", "irqplan:", "egmentation")


def tool_argv(command, dump):
    """The same question to the tool; None if it does not answer it."""
    name, *words = command.split()
    options = [w for w in words if w.startswith("-")]
    rest = [w for w in words if not w.startswith("-")]
    if name == "help":
        return None
    if name == "irqaff":
        return [TOOL, "aff", "--no-cache", *options, dump, *rest]
    if name == "irqplan":
        words = ["plan", *(PLAN.get(w, w) for w in words)]
    return [TOOL, *words, "--no-cache", dump]


def tool_says(command, dump):
    argv = tool_argv(command, dump)
    # signs of the map: crash's output is no terminal, so it has ASCII's
    return argv and subprocess.run(argv, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True,
                                   env={**os.environ, "LC_ALL": "C"}).stdout


def comparable(name, text):
    if "json" not in name:
        return text
    try:
        doc = json.loads(text)
    except ValueError as e:
        return f"{e}: {text[:300]}"
    for key in LEFT_OUT:
        doc.get("dump", {}).pop(key, None)
    return doc


def first_difference(ours, theirs):
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return [k for k in {**ours, **theirs} if ours.get(k) != theirs.get(k)]
    lines = zip(str(ours).splitlines() + [None],
                str(theirs).splitlines() + [None])
    return next(((a, b) for a, b in lines if a != b), None)


def text_of(folder, view):
    path = os.path.join(folder, view)
    return open(path).read() if os.path.exists(path) else ""


def compare(crash, name, folder):
    """Asks for all views, and for one again once the extension was unloaded
    and loaded; each one's text stays in folder/NAME/VIEW. Says why, if crash
    does not open the dump."""
    dump, folder = dump_of(name), os.path.join(os.path.abspath(folder), name)
    os.makedirs(folder, exist_ok=True)
    out = crash.batch(dump, [
        "sys", *(f"{c} > {folder}/{n}" for n, c in VIEWS.items()),
        f"extend -u {crash.extension}", "irqmatrix",
        f"extend {crash.extension}", f"irqmatrix -j > {folder}/again"])
    if "RELEASE:" not in out:
        return session.complaint(out)
    check(f"{name}: unloaded", "command not found: irqmatrix" in out, out)
    check(f"{name}: loaded again", text_of(folder, "again") ==
          text_of(folder, "json"), out)
    refused = []
    for n, command in VIEWS.items():
        text, tool = text_of(folder, n), tool_says(command, dump)
        refusal = (tool or "").partition(f"irqmatrix: {dump}: ")[2].strip()
        if refusal:
            refused.append(refusal)
            check(f"{name}: {n} is refused as by the tool", "irqplan: " +
                  refusal in out and refusal in (text or refusal), out)
            continue
        if check(f"{name}: {n}", text.strip(), out) and tool is not None:
            ours, theirs = comparable(n, text), comparable(n, tool)
            check(f"{name}: {n} is what the tool says", ours == theirs,
                  first_difference(ours, theirs))
    complaints = [line for line in out.splitlines()
                  if any(w in line for w in COMPLAINTS) and
                  not any(r in line for r in refused)]
    check(f"{name}: nothing to complain of", not complaints, complaints)
    return None
