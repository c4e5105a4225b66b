# SPDX-License-Identifier: GPL-3.0-or-later
"""Has crash print the document of a dump, with the extension compiled for that crash."""
import json
import os
import subprocess
import tempfile

from .truth import HERE, dump_folder, vmlinux

ROOT = os.path.dirname(os.path.dirname(HERE))
CRASH = os.path.join(HERE, "crash")
LIMIT = 600


class NotOpened(Exception):
    """No crash opens this kernel; the text is its own last word."""


def extension(suite):
    """Path of the extension, built beside the one for other crashes."""
    home = subprocess.run([CRASH, suite, "--home"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    build = f"build-crash-{os.path.basename(home)}"
    target = f"{build}/irqmatrix.so"
    subprocess.run(["make", "-s", "-C", ROOT, f"O={build}", f"CRASH_INCLUDE={home}/include/crash", target],
                   check=True, stdout=subprocess.DEVNULL)
    return os.path.join(ROOT, target)


def last_word(output):
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return next((line for line in lines if line.startswith("crash:")), lines[-1] if lines else "no output")


def run_with(options, suite, vmcore, commands):
    """crash's output on these commands. Raises NotOpened if it ended before it came to the first of them."""
    with tempfile.NamedTemporaryFile("w", suffix=".commands") as script:
        script.write("\n".join(commands + ["quit", ""]))
        script.flush()
        done = subprocess.run([CRASH, suite, *options, "-s", "-i", script.name, vmlinux(suite), vmcore], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", timeout=LIMIT)
    if "shared object loaded" not in done.stdout and "extend:" not in done.stdout:
        raise NotOpened(last_word(done.stdout))
    return done.stdout


def run(suite, vmcore, commands):
    """The same. crash 9.0.2 gives up on a 7.2 kernel's modules, and does without them if it is told to."""
    try:
        return run_with([], suite, vmcore, commands)
    except NotOpened as first:
        try:
            return run_with(["--no_modules"], suite, vmcore, commands)
        except NotOpened:
            raise first from None


def documents(suite, case):
    """(document of irqmatrix -j, document of irqaff -j for all interrupts) of a dump."""
    vmcore = os.path.join(dump_folder(suite, case), "vmcore")
    so = extension(suite)
    with tempfile.TemporaryDirectory() as folder:
        whole, irqs = os.path.join(folder, "irqmatrix.json"), os.path.join(folder, "irqaff.json")
        output = run(suite, vmcore, [f"extend {so}", f"irqmatrix -j > {whole}", f"irqaff -j 0-65535 > {irqs}"])
        try:
            with open(whole, encoding="utf-8") as one, open(irqs, encoding="utf-8") as other:
                return json.load(one), json.load(other)
        except (OSError, ValueError) as error:
            raise RuntimeError(f"no document: {error}\n{output}") from error
