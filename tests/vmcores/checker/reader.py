# SPDX-License-Identifier: GPL-3.0-or-later
"""The document of a dump that no crash opens: our library reads it, with drgn for its eyes. See document.c."""
import json
import os
import subprocess
import tempfile

from .crash import ROOT
from .truth import dump_folder, vmlinux

BUILD = "build-crash-none"


def program():
    subprocess.run(["make", "-s", "-C", ROOT, f"O={BUILD}", f"{BUILD}/document"], check=True, stdout=subprocess.DEVNULL)
    return os.path.join(ROOT, BUILD, "document")


def memory(prog, address, length):
    import drgn
    try:
        return b"+" + prog.read(int(address, 16), int(length))
    except drgn.FaultError:
        return b"-"


def symbol(prog, name):
    """Variables come by their own address: drgn's symbols know nothing of per-CPU ones."""
    try:
        return b"%x\n" % prog[name].address_
    except (KeyError, TypeError):
        pass
    try:
        return b"%x\n" % prog.symbol(name).address
    except LookupError:
        return b"\n"


def name_at(prog, address):
    try:
        found = prog.symbol(int(address, 16))
    except LookupError:
        return b"\n"
    return f"{int(address, 16) - found.address:x} {found.name}\n".encode()


ANSWERS = {"read": memory, "symbol": symbol, "name": name_at}


def document(prog, suite, case):
    vmcore = os.path.join(dump_folder(suite, case), "vmcore")
    with tempfile.NamedTemporaryFile("r", suffix=".json") as out:
        with subprocess.Popen([program(), vmlinux(suite), vmcore, out.name], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE) as asker:
            for line in asker.stdout:
                request, *words = line.decode().split()
                asker.stdin.write(ANSWERS[request](prog, *words))
                asker.stdin.flush()
        if asker.returncode:
            raise RuntimeError(f"document: status {asker.returncode}")
        return json.load(out)
