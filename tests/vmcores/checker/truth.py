# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that a document is compared with, and where the lab keeps it."""
import os

from . import trace
from .guest import Guest

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def cache():
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.environ.get("IRQMATRIX_CACHE") or os.path.join(base, "irqmatrix")


def dump_folder(suite, case):
    return os.path.join(cache(), "dumps", suite, case)


def vmlinux(suite):
    return os.path.join(cache(), "kernels", suite, "vmlinux")


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


class Truth:
    """damaged: a dump whose case gave it to another suite's makedumpfile, which dropped pages that matter."""

    def __init__(self, guest_text, kernel=None, damaged=False, case=None):
        self.guest = Guest(guest_text)
        self.trace_whole = trace.whole(self.guest.trace())
        self.replay = trace.Replay(self.guest.trace())
        self.kernel = kernel
        self.damaged = damaged
        self.case = case


def of_dump(suite, case, use_drgn=True):
    folder = dump_folder(suite, case)
    kernel = None
    if use_drgn:
        from .kernel import Kernel
        kernel = Kernel(os.path.join(folder, "vmcore"), vmlinux(suite))
    said = read(os.path.join(folder, "case"))
    damaged = "\nmakedumpfile_of=" in said and "\ndumped_by=" not in said
    return Truth(read(os.path.join(folder, "guest.txt")), kernel, damaged, case)
