# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions of crash, fed with commands, and the count of what was right."""
import os
import re
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CACHE = os.environ.get("IRQMATRIX_CACHE") or os.path.join(
    os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"),
    "irqmatrix")


def dump_of(name):
    return os.path.join(CACHE, "dumps", name, "vmcore")


def vmlinux_of(name):
    return os.path.join(CACHE, "kernels", name.split("/")[0], "vmlinux")


passed = failed = 0


def check(name, ok, detail=""):
    global passed, failed
    if ok:
        passed += 1
    else:
        failed += 1
        print(f"FAILED {name}: {str(detail).strip()[-600:]}", flush=True)
    return ok


def count(more_passed, more_failed):
    global passed, failed
    passed += more_passed
    failed += more_failed


def summary():
    """The last line; what to exit with."""
    print(f"{passed} passed, {failed} failed")
    return failed != 0 or passed == 0


def complaint(text):
    """Why crash did not start."""
    lines = [s.strip() for s in text.splitlines() if s.startswith("crash: ")]
    return "; ".join(lines[:3]) or "crash says nothing"


class Crash:
    """crash on one kernel, fed with commands; program is a list."""

    def __init__(self, program, extension, *namelists):
        self.program = program
        self.extension = extension
        self.vmlinux = namelists[0]
        self.namelists = namelists

    def argv(self, dump):
        return [*self.program, "-s", *self.namelists, dump]

    def batch(self, dump, commands, **environment):
        """stdout and stderr of a session that runs all commands."""
        lines = [f"extend {self.extension}", *commands, "quit", ""]
        r = subprocess.run(self.argv(dump), input="\n".join(lines),
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                           text=True, errors="replace", timeout=1500,
                           env={**os.environ, **environment})
        return r.stdout

    def answers(self, dump, commands):
        """The same, cut up by command."""
        marked = []
        for i, c in enumerate(commands):
            marked += [f"!echo =={i}==", c]
        text = self.batch(dump, marked + [f"!echo =={len(commands)}=="])
        parts = re.split(r"==\d+==\n", text)
        return parts[1:-1] + [""] * (len(commands) + 2 - len(parts))
