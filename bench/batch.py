#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a dump costs in `irqmatrix batch`: with one worker and with two, beside single runs, drgn, crash, and the floor.

    bench/batch.py [COUNT] [SAMPLE]

COUNT=1000 dumps are variants of the ones in tests/data/distilled, distilled again by this tool (four kernels; bullseye's is
not one that the cache of known kernels takes): what is packed is the same, the files are not. SAMPLE=3 rounds over the lab's own dumps are what drgn
and crash can open. CPU seconds say more than wall clock where the machine has other work; the load is printed. All files
are in the page cache; dumps and store are on /dev/shm if it has room."""
import os
import pathlib
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
import time

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
SAMPLE = int(sys.argv[2]) if len(sys.argv) > 2 else 3
ROOT = pathlib.Path(__file__).resolve().parent.parent
TOOL = os.environ.get("TOOL", str(ROOT / "build/irqmatrix"))
CACHE = pathlib.Path(os.environ.get("IRQMATRIX_CACHE", pathlib.Path.home() / ".cache/irqmatrix"))
CASES = ("bookworm-plain", "bookworm-cpus80", "bookworm-exhausted", "trixie-plain", "trixie-exhausted", "forky-plain",
         "forky-exhausted", "bullseye-plain")
LAB = ("bookworm/plain", "bookworm/exhausted", "trixie/plain", "trixie/exhausted")
TICK = os.sysconf("SC_CLK_TCK")
SHM = "/dev/shm" if shutil.disk_usage("/dev/shm").free > COUNT * 3e6 + 5e8 else None


class Cost:
    """Of a command: wall clock, CPU seconds of it alone and of its children, its own peak memory."""

    def __init__(self, command, env, out):
        began = time.monotonic()
        p = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.DEVNULL)
        self.kib = 0
        watch = threading.Thread(target=self.memory, args=(p.pid,))
        watch.start()
        # a zombie still tells what was its own and what its children's
        os.waitid(os.P_PID, p.pid, os.WEXITED | os.WNOWAIT)
        self.wall = time.monotonic() - began
        fields = pathlib.Path(f"/proc/{p.pid}/stat").read_text().rpartition(")")[2].split()
        self.own, self.children = [sum(map(int, fields[i:i + 2])) / TICK for i in (11, 13)]
        watch.join()
        self.status = p.wait()

    def memory(self, pid):
        while True:
            lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
            peak = [line.split()[1] for line in lines if line.startswith("VmHWM")]
            if not peak:
                return
            self.kib = int(peak[0])
            time.sleep(0.02)

    @property
    def cpu(self):
        return self.own + self.children


def cost(*command, env=None, good=(0, 1)):
    c = Cost([str(word) for word in command], env, subprocess.DEVNULL)
    if c.status not in good:
        sys.exit(f"batch.py: status {c.status} of {' '.join(map(str, command))}")
    return c


def loop(commands, env=None):
    """(wall, CPU seconds) of a shell that runs them one after the other."""
    script = "\n".join(" ".join(f"'{word}'" for word in command) + " >/dev/null 2>&1" for command in commands)
    c = cost("sh", "-c", script + "\n:", env=env)
    return c.wall, c.cpu


def variant(data, i):
    """Another dump of the same content: a frame that zstd skips, listed in the table of frames at the end of the file
    (lib/memory/input/seek_table.h)."""
    nr, descriptor, magic = struct.unpack("<IBI", data[-9:])
    entries = data[-9 - 8 * nr:-9] + struct.pack("<II", 16, 0)
    return (data[:-9 - 8 * nr - 8] + struct.pack("<IIQ", 0x184d2a50, 8, i) +
            struct.pack("<II", 0x184d2a5e, len(entries) + 9) + entries + struct.pack("<IBI", nr + 1, descriptor, magic))


def make(tree, top, env):
    distilled = []
    for case in CASES:
        distilled.append(top / f"{case}.zst")
        cost(TOOL, "distill", ROOT / f"tests/data/distilled/{case}.zst", distilled[-1], env=env)
    for i in range(COUNT):
        host = tree / f"rack{i % 20}" / f"host{i}"
        host.mkdir(parents=True)
        (host / "vmcore").write_bytes(variant(distilled[i % len(distilled)].read_bytes(), i))


def batches(tree, top, env):
    rows = {}
    for jobs in 1, 2:
        db = top / f"{jobs}.db"
        c = rows[jobs] = cost(TOOL, "batch", "-q", "-j", jobs, "--db", db, tree, env=env)
        store = sqlite3.connect(db)
        done, c.peak = store.execute("SELECT count(*), max(peak_kib) FROM dumps WHERE outcome <> 'failed'").fetchone()
        if done != COUNT:
            sys.exit(f"batch.py: {done} of {COUNT} dumps")
        store.close()
        c.store = db.stat().st_size
    print(f"{'':12s} {'dumps/s':>8s} {'wall s':>8s} {'CPU s':>8s} {'parent':>8s} {'workers':>8s}   peak MB: parent, a worker"
          f"   store MB")
    for jobs, c in rows.items():
        print(f"{f'batch -j {jobs}':12s} {COUNT / c.wall:8.1f} {c.wall:8.1f} {c.cpu:8.1f} {c.own:8.2f} {c.children:8.1f}"
              f"   {c.kib / 1024:15.0f} {c.peak / 1024:9.0f} {c.store / 1e6:10.1f}")
    one, two = rows[1], rows[2]
    print(f"-j 1 to -j 2: {one.wall / two.wall:.2f} times in wall clock; the parent's share of the CPU time is "
          f"{100 * two.own / two.cpu:.1f}%, so the most two CPUs can give is "
          f"{one.cpu / max(two.own + two.children / 2, two.own):.2f} times")
    return one


def ratios(rows):
    """rows: name, wall and CPU seconds of a dump; the first is what the others are compared with."""
    print(f"{'a dump':44s} {'wall ms':>8s} {'CPU ms':>8s} {'wall x':>8s} {'CPU x':>8s}")
    for name, wall, cpu in rows:
        print(f"{name:44s} {wall * 1e3:8.1f} {cpu * 1e3:8.1f} {wall / rows[0][1]:8.2f} {cpu / rows[0][2]:8.2f}")


def distilled(tree, top, env):
    one = batches(tree, top, env)
    files = sorted(tree.rglob("vmcore"))
    size = sum(f.stat().st_size for f in files)
    some = files[:min(COUNT, 200)]
    rows = [("irqmatrix batch -j 1 --db", one.wall / COUNT, one.cpu / COUNT)]
    for name, command in (("irqmatrix --json, one after the other", (TOOL, "--json")),
                          ("zstd -dc, the floor of unpacking", ("zstd", "-dqc")), ("cat, the floor of reading", ("cat",))):
        wall, cpu = loop([(*command, f) for f in some], env)
        rows.append((name, wall / len(some), cpu / len(some)))
    ratios(rows)
    print(f"{size / COUNT / 1e6:.2f} MB are read of a dump, packed")


def crash_command(suite, vmcore, vmlinux, commands):
    return ROOT / "tests/vmcores/crash", suite, "-s", "-i", commands, vmlinux, vmcore


def lab(top, env):
    tree = top / "lab"
    tree.mkdir()
    dumps = [(case.split("/")[0], CACHE / "dumps" / case / "vmcore") for case in LAB]
    dumps = [(suite, dump, CACHE / "kernels" / suite / "vmlinux") for suite, dump in dumps if dump.exists()]
    if not dumps:
        print("no dump of the lab is here: drgn and crash are left out")
        return
    for i, (_, dump, _) in enumerate(dumps):
        (tree / f"vmcore{i}").symlink_to(dump)
    cost(TOOL, "batch", "-q", tree, env=env)
    # each again, SAMPLE times: one batch has them once
    runs = [cost(TOOL, "batch", "-q", "-j", 1, "--redo", "--db", top / "lab.db", tree, env=env) for _ in range(SAMPLE)]
    nr = SAMPLE * len(dumps)
    rows = [("irqmatrix batch -j 1 --db", sum(c.wall for c in runs) / nr, sum(c.cpu for c in runs) / nr)]
    commands = top / "commands"
    commands.write_text("irq -a\nirq -s\nquit\n")
    for name, each in (
            ("irqmatrix --json, one after the other", lambda s, d, v: (TOOL, "--json", d)),
            ("bench/drgn_irqmatrix.py, one after the other", lambda s, d, v: (ROOT / "bench/drgn_irqmatrix.py", d, v)),
            ("crash: irq -a, irq -s, one after the other", lambda s, d, v: crash_command(s, d, v, commands))):
        times = 1 if name.startswith("crash") else SAMPLE
        wall, cpu = loop([each(*dump) for dump in dumps] * times, env)
        rows.append((name, wall / times / len(dumps), cpu / times / len(dumps)))
    print(f"\n{len(dumps)} dumps of the lab, {SAMPLE} times each (crash: once)")
    ratios(rows)


def main():
    top = pathlib.Path(tempfile.mkdtemp(prefix="irqmatrix-bench-", dir=SHM))
    try:
        (top / "tmp").mkdir()
        env = {**os.environ, "XDG_CACHE_HOME": str(top / "cache"), "TMPDIR": str(top / "tmp"), "DEBUGINFOD_URLS": "",
               "IRQMATRIX_CACHE": str(CACHE)}
        make(top / "tree", top, env)
        print(f"{COUNT} dumps, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}")
        # the cache of known kernels is filled, and the page cache
        cost(TOOL, "batch", "-q", *(sorted((top / "tree").rglob("vmcore"))[:16]), env=env)
        distilled(top / "tree", top, env)
        lab(top, env)
        print(f"load {os.getloadavg()[0]:.1f}")
    finally:
        shutil.rmtree(top)


main()
