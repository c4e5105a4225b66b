# SPDX-License-Identifier: GPL-3.0-or-later
"""The document of a dump as the tool prints it: from the dump alone, wherever the kernel makes that possible."""
import json
import os
import re
import subprocess
import tempfile

from . import report, same
from .crash import ROOT
from .truth import dump_folder, read, vmlinux

LIMIT = 120
OK, NOTABLE, IN_PART = 0, 1, 2


def program():
    """Path of the tool: $IRQMATRIX, or ours, built anew if need be."""
    if "IRQMATRIX" in os.environ:
        return os.environ["IRQMATRIX"]
    subprocess.run(["make", "-s", "-C", ROOT, "build/irqmatrix"], check=True, stdout=subprocess.DEVNULL)
    return os.path.join(ROOT, "build", "irqmatrix")


def may_need_vmlinux(release):
    """From 6.0 on VMCOREINFO says where kallsyms is, and Debian's kernels have BTF."""
    return int(release.partition(".")[0]) < 6


def lacks(suite):
    """What a kernel that the lab configured itself lacks for its dumps to be read without a vmlinux."""
    config = os.path.join(os.path.dirname(vmlinux(suite)), "config")
    if not os.path.exists(config):
        return []
    return [name for name in ("CONFIG_KALLSYMS_ALL", "CONFIG_DEBUG_INFO_BTF") if f"{name}=y" not in read(config).splitlines()]


def start(arguments, cache):
    """The process when it has ended. Nothing that the user has set helps the tool on."""
    environment = {k: v for k, v in os.environ.items() if k not in ("DEBUGINFOD_URLS", "DEBUGINFOD_CACHE_PATH")}
    environment["XDG_CACHE_HOME"] = cache
    return subprocess.run([program(), *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, errors="replace", timeout=LIMIT, env=environment)


def run(arguments, cache):
    """(exit status, document or None, last line of the errors)"""
    done = start(arguments, cache)
    try:
        data = json.loads(done.stdout)
    except ValueError:
        data = None
    return done.returncode, data, (done.stderr.strip().splitlines() or ["no word of why"])[-1]


def right_status(data):
    """What the exit status has to be, by the words of the design."""
    if data["unread"]:
        return IN_PART
    return NOTABLE if any(f["severity"] in ("warning", "critical") for f in data["findings"]) else OK


def result_of(name, what, ours, theirs):
    result = report.Result(report.Fact("document", name, None))
    result.compared = 1
    if not report.same(ours, theirs):
        result.different.append((what, ours, theirs))
    return result


def log_result(vmcore, options, cache):
    """The kernel log is the guest's dmesg, and goes on behind it."""
    done = start([*options, "--no-cache", "--log", vmcore], cache)
    if done.returncode != OK:
        raise RuntimeError(f"the tool's log: status {done.returncode}: {done.stderr}")
    ours = done.stdout.split("\n")
    guest = os.path.join(os.path.dirname(vmcore), "guest.txt")
    with open(guest, encoding="utf-8", errors="replace") as file:
        said = file.read()
    theirs = said.partition("\n@ dmesg\n")[2].partition("\n@ ")[0].split("\n")
    result = report.Result(report.Fact("guest", "kernel log", None))
    if not theirs[0]:
        result.skipped = "the guest has no dmesg"
        return result
    # Without CONFIG_PRINTK_TIME the guest leaves out the times, which the log has all the same.
    if not theirs[0].startswith("["):
        ours = [re.sub(r"^\[ *\d+\.\d+\] ", "", line) for line in ours]
    result.compared = len(theirs)
    for number, line in enumerate(theirs):
        mine = ours[number] if number < len(ours) else report.MISSING
        if mine != line:
            result.different.append((f"line {number + 1}", mine, line))
    return result


def read_dump(vmcore, options, cache):
    """(document, results): it has to come out the same cold, while the cache is written, and from the cache."""
    status, data, error = run([*options, "--no-cache", "--json", vmcore], cache)
    # A dump that could not be analysed at all may still leave a document, of its name.
    if data is None or not data.get("irqs"):
        raise RuntimeError(f"the tool: status {status}: {error}")
    results = [result_of("exit status", "status", status, right_status(data))]
    for name in ("first use of the cache", "from the cache"):
        again = run([*options, "--json", vmcore], cache)
        results.append(result_of(name, "document", again[:2] == (status, data), True))
        if not os.listdir(cache):
            results[-1].skipped = "nothing was kept there"
    status, single, error = run(["aff", *options, "--no-cache", "--json", vmcore, "0-65535"], cache)
    if single is None:
        raise RuntimeError(f"the tool's aff: status {status}: {error}")
    results.append(same.irqs(data, single))
    results.append(log_result(vmcore, options, cache))
    return data, results


def document(suite, case):
    """(document, results of comparing the tool with itself, what was used)"""
    folder = dump_folder(suite, case)
    vmcore = os.path.join(folder, "vmcore")
    with tempfile.TemporaryDirectory() as cache:
        try:
            return *read_dump(vmcore, [], cache), "tool"
        except RuntimeError as error:
            if not may_need_vmlinux(read(os.path.join(folder, "release"))) and not lacks(suite):
                raise
            print(f"  without vmlinux: {error}")
        return *read_dump(vmcore, ["--vmlinux", vmlinux(suite)], cache), "tool with vmlinux"
