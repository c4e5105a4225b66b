# SPDX-License-Identifier: GPL-3.0-or-later
"""crash on a terminal, for what a batch cannot show: ^C, a pager, repeat."""
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

from session import check


class Terminal:
    """crash on a terminal, for what a batch cannot show: ^C."""

    def __init__(self, crash, dump, term="dumb"):
        self.buf = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = term
            argv = crash.argv(dump)
            os.execvp(argv[0], argv)
        size = struct.pack("HHHH", 24, 80, 0, 0)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, size)
        self.until(b"crash> ")

    def until(self, what):
        end = time.monotonic() + 120
        while what not in self.buf:
            left = max(0, end - time.monotonic())
            if not select.select([self.fd], [], [], left)[0]:
                raise TimeoutError(self.buf[-300:])
            self.buf += os.read(self.fd, 65536)
        at = self.buf.index(what) + len(what)
        got, self.buf = self.buf[:at], self.buf[at:]
        return got.decode(errors="replace")

    def type(self, line):
        os.write(self.fd, line.encode() + b"\n")
        self.until(line.encode())

    def press(self, key, what=b"crash> "):
        os.write(self.fd, key)
        return self.until(what)

    def ticks(self):
        """Of CPU time that crash has had, a hundredth of a second each."""
        with open(f"/proc/{self.pid}/stat") as stat:
            return sum(map(int, stat.read().rsplit(")", 1)[1].split()[11:13]))

    def command(self, line, interrupt_after=None):
        """^C after so many ticks: by the clock it could come before crash has
        begun, out of whose own allocations its handler jumps."""
        before = self.ticks()
        self.type(line)
        if interrupt_after is not None:
            while self.ticks() < before + interrupt_after and not \
                    select.select([self.fd], [], [], 0.001)[0]:
                pass
            os.kill(self.pid, signal.SIGINT)
        return self.until(b"crash> ")

    def close(self):
        os.write(self.fd, b"quit\n")
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def interrupts(crash, dump):
    t = Terminal(crash, dump)
    t.command("set scroll off")
    told = 0
    for i in range(12):
        t.command(f"extend {crash.extension}")
        # from the search for types to the end of the analysis
        got = t.command("irqmatrix -v", interrupt_after=1 + i // 2)
        told += "irqmatrix: interrupted" in got
        t.command(f"extend -u {crash.extension}")
    check("^C ends the command", told >= 3, told)
    t.command(f"extend {crash.extension}")
    check("and crash goes on", "AVAILABLE" in t.command("irqmatrix"))
    t.close()


PAGERS = [("less", b"-- MORE --"), ("more", b"More--")]


def pager(crash, dump):
    """On a screen of 24 lines: a page, the next, and left by q."""
    t = Terminal(crash, dump, "xterm")
    t.command(f"extend {crash.extension}")
    t.command("set scroll on") # -s has turned it off
    for name, more in PAGERS:
        t.command(f"set scroll {name}")
        t.type("irqmatrix -a -v")
        first = t.until(more)
        check(f"{name}: a page", "VECTOR" in first and
              first.count("\n") <= 24, first)
        t.press(b" ", more)
        got = t.press(b"q")
        check(f"{name}: left", "irqmatrix:" not in got, got)
        short = t.command("irqmatrix -c 0 | grep AVAILABLE")
        check(f"{name}: and crash goes on", "AVAILABLE" in short, short)
    repeated(t)
    t.close()


def repeated(t):
    """crash's own loop around a command ends on ^C."""
    t.command("set scroll off")
    t.type("repeat -1 irqmatrix -c 0")
    t.until(b"AVAILABLE")
    t.until(b"AVAILABLE")
    check("repeat ends on ^C", t.press(b"\x03"))
    check("and crash goes on", "AVAILABLE" in t.command("irqmatrix"))
