# SPDX-License-Identifier: GPL-3.0-or-later
"""What is left behind: of memory by many calls, of a read that crash leaves by a long jump (tests/crash/crash_fault.c)."""
import json
import os
import re

from session import check

CALLS = ["irqmatrix", "irqmatrix -j", "irqaff 0-100", "irqmatrix -v",
         "irqmatrix -d", "irqmatrix -k", "irqaff nosuch", "irqplan -s",
         "irqmatrix -c x", "irqaff -j *"]


def figures(word, text):
    return [int(n) for n in re.findall(rf"{word}:\s+(\d+)", text)]


# What malloc() keeps per thread counts as given out; without, not a byte
# may be more after than before.
COUNTED = {"GLIBC_TUNABLES": "glibc.malloc.tcache_count=0"}


def stays(bytes_):
    return len(bytes_) == 2 and bytes_[0] == bytes_[1]


def fault_so(crash):
    """Beside the extension, and built as it was."""
    return os.path.join(os.path.dirname(crash.extension), "tests",
                        "crash_fault.so")


def memory(crash, dump, count=1000):
    """That many calls. VmRSS may go by what malloc() keeps; what it has given
    out may not."""
    look = ["!grep VmRSS /proc/$PPID/status", "allocated"]
    calls = [f"{c} > /dev/null" for c in CALLS]
    got = crash.batch(dump, [f"extend {fault_so(crash)}", *calls * 4, *look,
                             *calls * (count // len(CALLS)), *look], **COUNTED)
    kb, bytes_ = figures("VmRSS", got), figures("allocated", got)
    check(f"{count} calls leave no memory behind", len(kb) == 2 and
          abs(kb[1] - kb[0]) <= 64, kb)
    check("nor any allocation", stays(bytes_), bytes_ or got)
    print(f"before and after {count} calls: resident {kb} kB, "
          f"allocated {bytes_} bytes")


def reads(crash, dump, folder, stride=1):
    """Each read in turn, or every stride-th, is an error(FATAL)."""
    so, j = fault_so(crash), os.path.join(folder, "j")
    command = f"irqmatrix -j > {j}"
    got = crash.batch(dump, [f"extend {so}", f"{command}.0", "fault",
                             f"{command}.0", "fault"])
    total = figures("reads", got)[-1]
    each = range(1, total + 1, stride)
    # one beforehand: what crash drops errors into gets its buffer
    lines = [f"{command}.0", f"fault {total} > /dev/null",
             f"{command}.{total}", "allocated"]
    for k in each:
        lines += [f"fault {k} > /dev/null", f"{command}.{k}"]
    lines += ["fault 0", f"{command}.last", "allocated", "sys"]
    got = crash.batch(dump, [f"extend {so}", *lines], **COUNTED)
    check(f"{total} reads were counted", total > 100, got)
    check("crash goes on after each", "RELEASE:" in got, got)
    check("nothing is broken", same(j + ".0", j + ".last"), got)
    bytes_ = figures("allocated", got)
    check("nothing is leaked", stays(bytes_), bytes_)
    # the log's pages are read one by one where they could not be at once
    whole = {k for k in each if same(f"{j}.{k}", f"{j}.0")}
    told = sum(is_told(f"{j}.{k}") for k in each if k not in whole)
    refused = got.count("irqmatrix: ")
    check("what was not read is said", len(whole) < len(each) / 10 and
          told + refused + len(whole) == len(each),
          (told, refused, len(whole), len(each)))
    print(f"{len(each)} of {total} reads failed in turn: {told} documents say what is "
          f"missing, {refused} refusals, {len(whole)} miss nothing")


def same(one, other):
    try:
        return open(one).read() == open(other).read() != ""
    except OSError:
        return False


def is_told(path):
    try:
        doc = json.load(open(path))
    except (OSError, ValueError):
        return False
    os.remove(path)
    return bool(doc["unread"])
