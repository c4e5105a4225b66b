#!/usr/bin/python3 -IS
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a command several times: median, least and most wall-clock milliseconds, and the peak RSS in KiB.

A child begins as this process, so that no RSS below this one's own (some 10 MB) can be told; hence -IS, and few imports."""
import argparse
import os
import sys
import time


def run(command):
    """(milliseconds, KiB, exit status)"""
    null = os.open(os.devnull, os.O_RDWR)
    actions = [(os.POSIX_SPAWN_DUP2, null, fd) for fd in range(3)]
    began = time.monotonic()
    pid = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    _, status, usage = os.wait4(pid, 0)
    took = time.monotonic() - began
    os.close(null)
    return took * 1000, usage.ru_maxrss, os.waitstatus_to_exitcode(status)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=10, help="runs that count")
    parser.add_argument("-w", type=int, default=1, help="runs before them, for the page cache")
    parser.add_argument("-s", default="0", help="exit statuses that are no failure, with commas between them")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    good = {int(status) for status in options.s.split(",")}
    runs = [run(options.command) for _ in range(options.w + options.n)]
    bad = [status for _, _, status in runs if status not in good]
    if bad:
        sys.exit(f"measure.py: status {bad[0]} of {' '.join(options.command)}")
    times = sorted(took for took, _, _ in runs[options.w:])
    middle = len(times) // 2
    median = times[middle] if len(times) % 2 else (times[middle - 1] + times[middle]) / 2
    print(f"{median:.1f} {times[0]:.1f} {times[-1]:.1f} {max(kib for _, kib, _ in runs)}")


main()
