#!/usr/bin/python3 -IS
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs commands in turn, several times: a line for each, with its median, least and most wall-clock milliseconds and its
peak RSS in KiB. In turn, so that what else the machine does meets all of them. A ":::" stands between two commands.

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


def split(words):
    commands = [[]]
    for word in words:
        if word == ":::":
            commands.append([])
        else:
            commands[-1].append(word)
    return commands


def median(values):
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=10, help="runs that count")
    parser.add_argument("-w", type=int, default=1, help="runs before them, for the page cache")
    parser.add_argument("-s", default="0", help="exit statuses that are no failure, with commas between them")
    parser.add_argument("commands", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    good = {int(status) for status in options.s.split(",")}
    commands = split(options.commands)
    runs = [[] for _ in commands]
    for _ in range(options.w + options.n):
        for command, results in zip(commands, runs):
            took, kib, status = run(command)
            if status not in good:
                sys.exit(f"measure.py: status {status} of {' '.join(command)}")
            results.append((took, kib))
    for results in runs:
        times = sorted(took for took, _ in results[options.w:])
        print(f"{median(times):.1f} {times[0]:.1f} {times[-1]:.1f} {max(kib for _, kib in results)}")


main()
