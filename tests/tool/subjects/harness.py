# SPDX-License-Identifier: GPL-3.0-or-later
"""How the tests of the tool run it, and what they say of its answers.

The command line is that of `run`: IRQMATRIX [VMCORE [VMLINUX]]. DOC and STATUS
are the document of that dump and the exit status that goes with it.
"""
import csv
import errno
import io
import json
import os
import pathlib
import pty
import re
import subprocess
import sys

TOOL, DUMP, VMLINUX = (sys.argv[1:] + [None] * 3)[:3]
LINK = re.compile("\x1b\\]8;[^\x1b]*\x1b\\\\")
CSI = re.compile(f"\x1b\\[[0-9;]*m|{LINK.pattern}")
TESTS = []
COMMANDS = "advise", "aff", "batch", "diff", "distill", "plan", "query", "merge"
SHIPPED = pathlib.Path(__file__).resolve().parents[2] / "data/distilled"
VIEWS = ((), ("-k",), ("-d",), ("-p",), ("-i",), ("-v",), ("-D",), ("-j",))
TABLES = ((), ("-d",), ("-p",), ("-i",), ("-v",))


def test(function):
    TESTS.append(function)
    return function


def dump_test(function):
    if DUMP:
        TESTS.append(function)
    return function


def run(*args, status=None, **kwargs):
    env = {**os.environ, **kwargs.pop("env", {})}
    kwargs.setdefault("stdout", subprocess.PIPE)
    p = subprocess.run([TOOL, *args], stderr=subprocess.PIPE, env=env,
                       stdin=subprocess.DEVNULL, **kwargs)
    p.stderr = p.stderr.decode()
    p.stdout = p.stdout.decode() if p.stdout is not None else ""
    if status is not None:
        assert p.returncode == status, \
            f"{args}: {p.returncode}, not {status}: {p.stderr}"
    return p


def on_dump(*args, **kwargs):
    """Options of the view; the dump's path is added."""
    more = ["--vmlinux", VMLINUX] if VMLINUX else []
    command = list(args[:1]) if args[:1] in (("aff",), ("plan",)) else []
    rest = args[len(command):]
    names = rest[rest.index("--") + 1:] if "--" in rest else ()
    rest = rest[:rest.index("--")] if "--" in rest else rest
    return run(*command, *more, *rest, DUMP, *names, **kwargs)


def on_terminal(*args, env=None):
    """What the view writes if standard output is a terminal."""
    master, slave = pty.openpty()
    more = ["--vmlinux", VMLINUX] if VMLINUX else []
    full = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    full.update({"TERM": "xterm", "PAGER": "cat", **(env or {})})
    p = subprocess.Popen([TOOL, *more, *args, DUMP], stdout=slave, env=full)
    os.close(slave)
    parts = []
    while True:
        try:
            part = os.read(master, 65536)
        except OSError as e:
            assert e.errno == errno.EIO, e
            break
        if not part:
            break
        parts.append(part)
    same(p.wait(), STATUS, "status")
    os.close(master)
    return b"".join(parts).decode().replace("\r\n", "\n")


def table(*args):
    p = on_dump("--csv", *args, status=STATUS)
    assert p.stdout.endswith("\r\n"), p.stdout[-9:]
    return list(csv.DictReader(io.StringIO(p.stdout, newline=""),
                               strict=True))


def cell(value):
    """A value of the document as a cell has it."""
    if value is None:
        return "?"
    return str(value)


def joined(values):
    """A list of names; it closes with a null where it was cut."""
    return "?" if values is None else ",".join(cell(v) for v in values)


def same(got, expected, what):
    assert got == expected, f"{what}: {got!r}, not {expected!r}"


def unpacked(name):
    """A distilled dump that ships with the project."""
    return subprocess.run(["zstd", "-dcq", SHIPPED / f"{name}.zst"],
                          check=True, stdout=subprocess.PIPE).stdout


def shipped(name):
    return SHIPPED / f"{name}.zst"


def bad_usage(*args):
    p = run(*args, status=2)
    same(p.stdout, "", args)
    lines = p.stderr.splitlines()
    assert lines and lines[0].startswith("irqmatrix: "), p.stderr
    same(lines[-1], "Try 'irqmatrix" + "".join(
        f" {c}" for c in COMMANDS if args[:1] == (c,)) +
        " --help' for more information.", args)
    return lines[0]


DOC, STATUS = None, 0
if DUMP:
    _p = on_dump("--json")
    DOC, STATUS = json.loads(_p.stdout), _p.returncode
