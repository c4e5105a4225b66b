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
        end = time.monotonic() + 300
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

    def command(self, line, interrupt_after=None):
        self.type(line)
        if interrupt_after is not None:
            time.sleep(interrupt_after)
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
        got = t.command("irqmatrix -v", interrupt_after=i * 0.004)
        told += "irqmatrix: interrupted" in got
        t.command(f"extend -u {crash.extension}")
    check("^C ends the command", told >= 3, told)
    t.command(f"extend {crash.extension}")
    check("and crash goes on", "AVAILABLE" in t.command("irqmatrix"))
    t.close()


PAGERS = [("less", b"-- MORE --"), ("more", b"More--")]


def pager(crash, dump):
    """On a screen of 24 lines: a page, the next, and left by q and by ^C."""
    t = Terminal(crash, dump, "xterm")
    t.command(f"extend {crash.extension}")
    t.command("set scroll on") # -s has turned it off
    for name, more in PAGERS:
        t.command(f"set scroll {name}")
        for key in (b"q", b"\x03"):
            t.type("irqmatrix -a -v")
            first = t.until(more)
            check(f"{name}: a page", "VECTOR" in first and
                  first.count("\n") <= 24, first)
            t.press(b" ", more)
            if key != b"q": # less stays on ^C, and drops what was typed
                os.write(t.fd, key)
                time.sleep(2)
            got = t.press(b"q")
            check(f"{name}: left by {key}", "irqmatrix:" not in
                  got.replace("irqmatrix: interrupted", ""), got)
            t.command("")
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
