# SPDX-License-Identifier: GPL-3.0-or-later
"""crash on a terminal, for what a batch cannot show: ^C, a pager, repeat.

What it has printed says little of what it is doing: echoes come twice if a
line is typed too early, and a ^C that is typed makes the terminal forget what
was printed just then, a prompt too. So only its first prompt is waited for;
later it is asked to echo something, again if need be.
"""
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

from faults import fault_so
from session import check

PATIENCE = 180


class NoAnswer(Exception):
    """crash has ended, or does not answer."""


class Terminal:
    def __init__(self, crash, dump):
        self.buf = b""
        self.marks = 0
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "xterm" # less complains of dumb
            argv = crash.argv(dump)
            os.execvp(argv[0], argv)
        self.resize(80)

    def resize(self, columns):
        size = struct.pack("HHHH", 24, columns, 0, 0)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, size)

    def close(self):
        if not self.killed():
            self.write(b"\x15quit\n")
        end = time.monotonic() + 20
        while os.waitpid(self.pid, os.WNOHANG) == (0, 0):
            self.more(0.1)
            if time.monotonic() > end:
                os.kill(self.pid, signal.SIGKILL)
        os.close(self.fd)

    def killed(self):
        return self.stat()[0] in "ZX"

    def write(self, keys):
        os.write(self.fd, keys)

    def more(self, seconds):
        """What comes within that time is in buf; whether anything did."""
        if not select.select([self.fd], [], [], max(0, seconds))[0]:
            return False
        try:
            self.buf += os.read(self.fd, 65536)
        except OSError: # the other end is closed
            time.sleep(seconds)
            return False
        return True

    def take(self, what):
        """All up to and with it, if it is there."""
        if what not in self.buf:
            return None
        at = self.buf.index(what) + len(what)
        got, self.buf = self.buf[:at], self.buf[at:]
        return got.decode(errors="replace")

    def until(self, what, seconds=PATIENCE):
        end = time.monotonic() + seconds
        while (got := self.take(what)) is None:
            left = end - time.monotonic()
            if left < 0 or not self.more(min(left, 1)) and self.killed():
                raise NoAnswer(f"no {what} after {self.buf[-300:]}")
        return got

    def answer(self):
        """Waits until crash does what it is told; what came until then."""
        self.marks += 1
        # ^U: without what was typed before. The echo of the line itself has
        # the quotes.
        ask = b"\x15!echo '=='%d=\n" % self.marks
        end = time.monotonic() + PATIENCE
        pause = 5
        while True:
            self.write(ask)
            try:
                return self.until(b"==%d=" % self.marks, pause)
            except NoAnswer:
                if time.monotonic() > end or self.killed():
                    raise
            pause *= 2

    def command(self, line):
        self.write(line.encode() + b"\n")
        return self.answer()

    def stat(self):
        """Of /proc, from the state on."""
        with open(f"/proc/{self.pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()

    def milliseconds(self, line):
        """What the command takes of CPU time; to a hundredth of a second."""
        before = sum(map(int, self.stat()[11:13]))
        self.command(line)
        return 10 * (sum(map(int, self.stat()[11:13])) - before)

    def children(self):
        """Who they are, but for those that have ended."""
        names = []
        for d in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{d}/stat") as f:
                    name, rest = f.read().split(" ", 1)[1].rsplit(")", 1)
            except OSError:
                continue
            state, parent = rest.split()[:2]
            if int(parent) == self.pid and state not in "ZX":
                names.append(name.lstrip("("))
        return names

    def leave_pager(self):
        """q, again if it was not heard; then what crash says."""
        end = time.monotonic() + PATIENCE
        while self.children():
            if time.monotonic() > end:
                raise NoAnswer(f"{self.children()} stays")
            self.write(b"q")
            pause = time.monotonic() + 2
            while self.children() and time.monotonic() < pause:
                self.more(0.05)
        return self.answer()


def scroll(t, how):
    """Its answer not by the pager, which might stop."""
    t.command(f"set scroll {how} > /dev/null")


def goes_on(t, after):
    scroll(t, "off")
    got = t.command("irqmatrix -c 0")
    check(f"{after}: crash goes on", "AVAILABLE" in got, got)


ATTEMPTS = 12


def interrupts(t, extension):
    """^C from the search for types, which a fresh load has ahead of it, to
    the end of the analysis. It does not come from here: that could be too
    early, out of whose own allocations crash's handler jumps, or too late."""
    line = "irqmatrix -v"

    def reload():
        t.command(f"extend -u {extension}")
        t.command(f"extend {extension}")

    whole = t.milliseconds(line)
    reload()
    whole = min(whole, t.milliseconds(line))
    told = []
    for i in range(ATTEMPTS):
        reload()
        # not at its very end, where it is crash's again
        after = 20 + i * whole * 2 // (3 * ATTEMPTS)
        t.write(f"interrupt {after}\n".encode())
        told.append("irqmatrix: interrupted" in t.command(line))
        # or it would come out of the next dlopen()
        t.command("interrupt 0")
    check("^C ends the command", sum(told) >= ATTEMPTS - 3, told)
    goes_on(t, "^C")


PAGERS = {"less": b"-- MORE --", "more": b"More--"}


def pagers(t):
    """On a screen of 24 lines: a page, the next, left by q; and by ^C."""
    for name, more in PAGERS.items():
        scroll(t, "on") # -s has turned it off
        scroll(t, name)
        t.write(b"irqmatrix -a -v\n")
        t.until(b"VECTOR")
        page = t.until(more)
        check(f"{name}: a page", 10 < page.count("\n") < 24, page)
        t.write(b" ")
        check(f"{name}: the next", t.until(more).count("\n") > 10)
        got = t.leave_pager()
        check(f"{name}: left", "irqmatrix:" not in got, got)
        goes_on(t, name)

        scroll(t, "on")
        t.write(b"irqmatrix -a -v\n")
        t.until(b"VECTOR")
        t.until(more)
        t.write(b"\x03")
        t.leave_pager()
        goes_on(t, f"{name}, ^C")


def repeated(t):
    """crash's own loop around a command ends on ^C."""
    t.write(b"repeat -1 irqmatrix -c 0\n")
    for _ in range(2):
        t.until(b"AVAILABLE")
    # in the second between two, not in the little that crash does then
    time.sleep(0.3)
    t.write(b"\x03")
    t.answer()
    goes_on(t, "repeat")


def resized(t):
    """The map is as wide as the terminal is now, not as it was at first."""
    for columns in 80, 200, 100:
        t.resize(columns)
        lines = t.command("irqmatrix -M").split("\r\n")
        # a newer readline says "end of pasting" before the first
        widest = max(len(line.rpartition("\r")[2]) for line in lines)
        check(f"{columns} columns: {widest}", columns / 2 < widest <= columns)


def all_of_them(crash, dump):
    t = Terminal(crash, dump)
    try:
        t.until(b"crash> ")
        scroll(t, "off")
        t.command(f"extend {crash.extension}")
        t.command(f"extend {fault_so(crash)}")
        interrupts(t, crash.extension)
        pagers(t)
        repeated(t)
        resized(t)
    except NoAnswer as e:
        check("crash answers on a terminal", False, e)
    finally:
        t.close()
