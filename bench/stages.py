#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""In which stage the tool's instructions are: millions, for each folder of lib/ and each library.

    bench/stages.py DUMP [OPTION ...]

The tool runs under valgrind --tool=callgrind, first with an empty cache of known kernels, then with a filled one. Instructions
count where they are executed: what a stage calls in another folder or library counts there. All threads count; other work on
the machine does not matter."""
import collections
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOOL = os.environ.get("TOOL", str(ROOT / "build/irqmatrix"))
# of a source file, the first that fits; else of the object
FOLDERS = (
    ("lib/memory/known/", "key of the kernel, cache"),
    ("lib/base/nh.c", "key of the kernel, cache"),
    ("lib/base/siphash.c", "key of the kernel, cache"),
    ("lib/memory/kallsyms/", "symbols"),
    ("lib/memory/vmlinux/", "symbols"),
    ("lib/memory/", "memory: files, pages, page tables"),
    ("lib/layout/", "layout"),
    ("lib/snapshot/", "snapshot"),
    ("lib/analysis/", "analyses"),
    ("lib/render/", "output"),
    ("lib/facts/", "output"),
)
OBJECTS = (
    ("ld-linux", "start: libraries"),
    ("libdeflate", "inflating"),
    ("liblzo", "inflating"),
    ("libzstd", "inflating"),
    ("libz.", "inflating"),
    ("libc.", "libc"),
)
NAME = re.compile(r"(ob|fl|fi|fe|fn|cob|cfi|cfl|cfn)=\((\d+)\)(?: (.*))?$")


def stage_of(path, name):
    for part, stage in FOLDERS:
        if part in path:
            return stage
    for part, stage in OBJECTS:
        if part in name:
            return stage
    return "the rest"


def instructions(path):
    """{stage: instructions} of a file of callgrind."""
    names = collections.defaultdict(dict)
    stages = collections.Counter()
    source = name = ""
    of_callee = False
    for line in path.read_text(errors="replace").splitlines():
        found = NAME.match(line)
        if found:
            kind, number, text = found.groups()
            table = names["ob" if "ob" in kind else "fn" if "fn" in kind else "fl"]
            if text:
                table[number] = text
            if kind == "ob":
                name = table[number]
            elif kind in ("fl", "fi", "fe"):
                source = table[number]
        elif line.startswith("calls="):
            of_callee = True
        elif line[:1] in "0123456789+-*" and line:
            if not of_callee:
                stages[stage_of(source, name)] += int(line.split()[1])
            of_callee = False
    return stages


def main(dump, *options):
    with tempfile.TemporaryDirectory() as home:
        home = pathlib.Path(home)
        runs = []
        for _ in range(2):
            out = home / "callgrind"
            out.unlink(missing_ok=True)
            # status 1 is a finding
            done = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", TOOL, *options, dump],
                                  env={**os.environ, "XDG_CACHE_HOME": str(home / "cache")}, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.PIPE, text=True, check=False)
            if done.returncode not in (0, 1):
                sys.exit(f"stages.py: {done.stderr}")
            runs.append(instructions(out))
    print(f"{'stage':<36}{'at first':>10}{'known':>10}")
    for stage in sorted(runs[0] | runs[1], key=lambda s: -runs[1][s]):
        print(f"{stage:<36}" + "".join(f"{run[stage] / 1e6:10.1f}" for run in runs))
    print(f"{'all':<36}" + "".join(f"{sum(run.values()) / 1e6:10.1f}" for run in runs))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
