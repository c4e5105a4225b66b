#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the cost grows with the CPUs, the interrupts and the RAM of a machine.

usage: bench/growth.py [BUILD] [cpus] [irqs] [ram]

The machines are made up and their dumps kdumps with zlib: machines/large.txt with
more CPUs or more interrupts, and machines/small.txt with the kernel's image
behind that much of nothing. For each the processor time and the peak memory with
the kernel known, the bytes and the number of reads, and the pages inflated. The
file needs 1 GB in the folder for temporary files, and holes.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
MACHINES = HERE.parent / "tests/mkdump/machines"
LAYOUTS = HERE.parent / "tests/data/layouts"
COMMANDS = {
    "irqmatrix": [],
    "--json": ["--json"],
    "-d": ["-d"],
    "aff 0-1000": ["aff", "{}", "0-1000"],
    "plan": ["plan", "--add", "nvme:64x10"],
    "report": ["report"],
}


def large(cpus, managed=150, others=16):
    """machines/large.txt with cpus CPUs, a multiple of 1,024, and so many devices: those with managed interrupts have 64, which
    reserve a vector on each CPU, the others have 649."""
    text = (MACHINES / "large.txt").read_text()
    k = cpus // 1024
    changes = {"cpus 1024": f"cpus {cpus}", "prstatus 1024": f"prstatus {cpus}", "%1024}": f"%{cpus}}}",
               "{j*16+i%16}": f"{{j*{16 * k}+i%{16 * k}}}", "{j*16}-{j*16+15}": f"{{j*{16 * k}}}-{{j*{16 * k}+{16 * k - 1}}}",
               "repeat 150": f"repeat {managed}", "\nrepeat 16\ndevice": f"\nrepeat {others}\ndevice",
               "i*649+j+9616": f"i*649+j+{64 * managed + 16}",
               "0000:{i/4+1:2x}:{i%4:2x}.0": "{i/400:4x}:{i/4%100+1:2x}:{i%4:2x}.0",
               "0000:f0:{i:2x}.0": "0000:{i/16+160:2x}:{i%16:2x}.0"}
    for n in range(4):
        changes[f"node {n} {n * 256}-{n * 256 + 255}"] = f"node {n} {n * 256 * k}-{(n + 1) * 256 * k - 1}"
    for old, new in changes.items():
        if old not in text:
            sys.exit(f"growth.py: large.txt has no {old!r}")
        text = text.replace(old, new)
    return text


class Bench:
    def __init__(self, build, folder):
        self.build, self.folder = build, folder
        os.environ["XDG_CACHE_HOME"] = str(folder)
        self.counts = folder / "counts.so"
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", self.counts, HERE / "counts.c", "-ldl"], check=True)

    def dump(self, layout, text, *lines):
        path = self.folder / "vmcore"
        path.unlink(missing_ok=True)
        machine = self.folder / "machine.txt"
        machine.write_text(text)
        options = [word for line in ("kdump zlib level 31", *lines) for word in ("-e", line)]
        subprocess.run([self.build / "tests/mkdump", *options, LAYOUTS / layout, machine, path], check=True)
        return path

    def run(self, words, dump, counted=False):
        """Seconds and MB, or with counted reads, bytes and pages."""
        words = [str(dump) if word == "{}" else word for word in words]
        words = [self.build / "irqmatrix", *words, *([] if str(dump) in words else [dump])]
        log = self.folder / "counts"
        log.unlink(missing_ok=True)
        environment = dict(os.environ, **({"LD_PRELOAD": str(self.counts), "COUNTS": str(log)} if counted else {}))
        child = subprocess.Popen(words, stdout=subprocess.DEVNULL, env=environment)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in (0, 1):
            sys.exit(f"growth.py: {words}: status {child.returncode}")
        if counted:
            return [sum(column) for column in zip(*(map(int, line.split()) for line in log.read_text().splitlines()))]
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024

    def row(self, name, words, dump):
        self.run(words, dump)   # the cache, and the file's pages
        best = min(self.run(words, dump) for _ in range(3))
        reads, size, pages = self.run(words, dump, counted=True)
        print(f"    {name:<16}{best[0]:8.2f} s {best[1]:6.0f} MB {size / 1e6:8.1f} MB read {reads:7} reads {pages:7} pages",
              flush=True)

    def table(self, title, dump, commands=COMMANDS):
        print(title)
        for name in commands:
            self.row(name, COMMANDS[name], dump)


def main():
    words = sys.argv[1:]
    build = pathlib.Path(words.pop(0) if words and "/" in words[0] or words[:1] == ["build"] else "build").resolve()
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(build, pathlib.Path(name))
        if not words or "cpus" in words:
            for cpus in 1024, 2048, 4096, 8192:
                bench.table(f"{cpus} CPUs, 20,000 interrupts", bench.dump("debian-6.12.txt", large(cpus)))
        if not words or "irqs" in words:
            for number, others in ("20,000", 28), ("200,000", 305):
                bench.table(f"2048 CPUs, {number} interrupts", bench.dump("debian-6.12.txt", large(2048, 30, others)),
                            ["irqmatrix", "--json", "-d", "plan"])
        if not words or "ram" in words:
            for tib in 0, 1, 4, 16, 32:
                bench.table(f"RAM at {tib} TiB", bench.dump("debian-6.1.txt", (MACHINES / "small.txt").read_text(), f"ram-gap {hex(tib << 40)}"),
                            ["irqmatrix", "--json"])


main()
