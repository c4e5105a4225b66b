# SPDX-License-Identifier: GPL-3.0-or-later
"""The running machine, in a mount namespace whose /proc has a dump as its kcore. tests/vmcores/live-check has real ones."""
import fcntl
import json
import os
import pathlib
import pty
import re
import select
import signal
import struct
import subprocess
import tempfile
import termios
import time

from harness import TOOL, bad_usage, run, same, test, unpacked

TOP = pathlib.Path(__file__).resolve().parents[3]
NAMESPACE = "unshare", "--map-root-user", "--mount"
# $1: the dump, or what is done to have none
PROC = """mount -t tmpfs none /proc || exit 77
case $1 in
none) mkdir /proc/self ;;
unmounted) ;;
empty) mkdir /proc/self && : > /proc/kcore ;;
hidden) mkdir /proc/self && : > /proc/kcore && mount --bind /dev/null /proc/kcore ;;
*) mkdir /proc/self && cp "$1" /proc/kcore ;;
esac
shift
exec "$@"
"""
COMMANDS = ((), ("-k",), ("-d",), ("-p",), ("-i",), ("-v",), ("-D",), ("-M",), ("-j",), ("--log",), ("aff", "25"),
            ("aff", "0000:00:03.0"), ("aff", "virtio*"), ("plan", "--suspend"), ("advise",), ("report",),
            ("distill", "--list"), ("distill", "OUT"))
CANNOT = "irqmatrix: cannot read the running kernel: "
NOTE = "read from a running machine; figures may disagree"


def can_have_namespaces():
    return subprocess.run([*NAMESPACE, "sh", "-c", "mount -t tmpfs none /proc"], capture_output=True).returncode == 0


def with_proc(proc, *args):
    return subprocess.run([*NAMESPACE, "sh", "-c", PROC, "sh", proc, os.path.abspath(TOOL), *args], capture_output=True,
                          text=True, stdin=subprocess.DEVNULL)


def no_command_has_a_machine():
    for proc, says in (("none", "there is no /proc/kcore"), ("unmounted", "/proc is not mounted"),
                       ("hidden", "this container or service hides /proc/kcore"),
                       ("empty", "this container or service hides /proc/kcore")):
        for args in (*COMMANDS, ("--live",), ("aff", "--live", "vda")):
            p = with_proc(proc, *(a.replace("OUT", "/nix") for a in args))
            same((p.returncode, p.stdout), (2, ""), args)
            assert p.stderr.startswith(CANNOT + says) and p.stderr.endswith("name a vmcore\n"), p.stderr
            same(p.stderr.count("\n"), 1, (args, p.stderr))


def all_commands_read_it():
    with tempfile.TemporaryDirectory(prefix="irqmatrix-live-") as d:
        dump, out = pathlib.Path(d, "dump"), pathlib.Path(d, "out")
        dump.write_bytes(unpacked("bookworm-plain"))
        for args in COMMANDS:
            args = [a.replace("OUT", str(out)) for a in args]
            p = with_proc(dump, *args)
            assert p.returncode in (0, 1) and p.stdout and not p.stderr, (args, p.returncode, p.stderr)
            if not args or args[0] in ("-k", "-d", "-p", "-i", "-v", "aff", "plan"):
                assert NOTE in p.stdout, (args, p.stdout)
        for args in ("--live", "-j"), ("-j",), ("-j", "/proc/kcore"), ("-j", "/proc/../proc/kcore"):
            about = json.loads(with_proc(dump, *args).stdout)["dump"]
            same((about["live"], about["format"], about["path"]), (True, "live", "/proc/kcore"), args)
        # as they are of the dump, but for the notes on a running machine
        same(json.loads(with_proc(dump, "-j").stdout)["irqs"], json.loads(run("-j", dump).stdout)["irqs"], "irqs")
        about = json.loads(run("-j", out).stdout)["dump"]
        same((about["live"], about["format"]), (True, "elf"), "distilled")
        assert NOTE in run(out).stdout
        # named, it is a dump, and the output is missing
        same(with_proc(dump, "distill", dump).returncode, 2, "no output")


def over_time():
    """At rest, as this machine is: the figures are those of the dump."""
    required = set(json.loads((TOP / "docs/schema/irqmatrix-rates-1.json").read_text())["required"])
    with tempfile.TemporaryDirectory(prefix="irqmatrix-live-") as d:
        dump = pathlib.Path(d, "dump")
        dump.write_bytes(unpacked("bookworm-plain"))
        matrix = json.loads(run("-j", dump).stdout)["matrix"]
        p = with_proc(dump, "--interval", "1", "--count", "2", "--json")
        same((p.returncode, p.stderr), (0, ""), "NDJSON")
        lines = [json.loads(line) for line in p.stdout.splitlines()]
        same([set(line) for line in lines], 2 * [required], "keys")
        for line in lines:
            assert 0.5 < line["seconds"] < 20, line["seconds"]
            same({key: matrix[key] for key in line["matrix"]}, line["matrix"], "matrix")
            same((line["irqs"], line["unread"], line["moved"]), ([], 0, 0), "at rest")
        for option in "--interval", "--in", "--interval=1":
            p = with_proc(dump, *([option] if "=" in option else [option, "1"]), "--count", "1")
            same((p.returncode, p.stderr), (0, ""), option)
            same(p.stdout.count("\nAVAILABLE "), 1, p.stdout)
            assert "0 vectors allocated, 0 freed, 0 moved; 0.0 interrupts/s" in p.stdout, p.stdout
        p = with_proc(dump, "diff", "--live", dump)
        assert p.returncode in (0, 1) and NOTE in p.stdout, p.stderr
        p = with_proc("none", "diff", "--live", dump)
        assert p.returncode == 2 and p.stderr.startswith(CANNOT), p.stderr
        p = with_proc("none", "--interval", "1")
        assert p.returncode == 2 and p.stderr.startswith(CANNOT), p.stderr


class Screen:
    """The tool on a terminal of its own."""

    def __init__(self, dump, rows, columns, *args):
        self.master, self.slave = pty.openpty()
        self.before = termios.tcgetattr(self.slave)
        self.resize(rows, columns)
        self.p = subprocess.Popen([*NAMESPACE, "sh", "-c", PROC, "sh", dump, os.path.abspath(TOOL), *args],
                                  stdin=self.slave, stdout=self.slave, stderr=subprocess.PIPE,
                                  env={**os.environ, "TERM": "xterm", "PAGER": "false"})

    def resize(self, rows, columns):
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def until(self, text, seconds=30):
        """What it has drawn by the time that text is there."""
        got, end = b"", time.monotonic() + seconds
        while text not in got and time.monotonic() < end:
            if select.select([self.master], [], [], 0.1)[0]:
                got += os.read(self.master, 65536)
        assert text in got, got
        return got.decode()

    def end(self, status):
        same(self.p.wait(30), status, "status")
        same(termios.tcgetattr(self.slave), self.before, "mode of the terminal")
        same(self.p.stderr.read(), b"", "errors")
        self.p.stderr.close()
        os.close(self.slave)
        os.close(self.master)


def frames(drawn):
    """The lines of each frame, without the sequences."""
    return [re.sub("\033\\[[0-9?;]*[A-Za-z]", "", frame).split("\r\n") for frame in drawn.split("\033[H")[1:]]


def a_screen():
    with tempfile.TemporaryDirectory(prefix="irqmatrix-live-") as d:
        dump = pathlib.Path(d, "dump")
        dump.write_bytes(unpacked("bookworm-plain"))
        s = Screen(dump, 24, 80, "--interval", "1")
        drawn = s.until(b"interrupts/s")
        assert drawn.startswith("\033[?1049h\033[?25l"), drawn
        assert "until the first figures; q ends" in drawn, drawn
        drawn += s.until(b"\033[J")
        for frame in frames(drawn):
            assert len(frame) <= 24 and max(map(len, frame)) <= 80, frame
        s.resize(5, 40)
        s.p.send_signal(signal.SIGWINCH)
        s.until(b"\033[J")
        small = frames(s.until(b"\033[J") + s.until(b"\033[J"))
        assert small and all(len(f) <= 5 and max(map(len, f)) <= 40 for f in small), small
        os.write(s.master, b"xq")
        assert s.until(b"\033[?1049l").endswith("\033[?25h\033[?1049l")
        s.end(0)
        for name in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
            s = Screen(dump, 24, 80, "--interval", "60")
            s.until(b"q ends")
            s.p.send_signal(name)
            s.until(b"\033[?1049l")
            s.end(128 + name)


@test
def intervals_that_are_none():
    for args, says in ((("--count", "2"), "--count needs --interval"), (("--interval", "0"), "not a number from 1"),
                       (("--interval", "1", "--count", "0"), "not a number from 1"),
                       (("--interval", "1", "-k"), "--interval and --check"),
                       (("--interval", "1", "-a"), "--interval and --all"),
                       (("--interval", "1", "-c", "1"), "--interval and --cpus"),
                       (("--interval", "1", "--csv"), "--interval and --csv"),
                       (("--interval", "1", "-o", "CPU"), "--interval and --output"),
                       (("--interval", "1", "--latest"), "--interval and --latest"),
                       (("--interval", "1", "vmcore"), "leave out vmcore")):
        assert says in bad_usage(*args), args


if can_have_namespaces():
    test(no_command_has_a_machine)
    test(over_time)
    test(a_screen)
    test(all_commands_read_it)
else:
    print("--live is not tried: no mount namespaces here")
