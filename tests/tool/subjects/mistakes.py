# SPDX-License-Identifier: GPL-3.0-or-later
"""Mistakes of a new user: each gets exit status 2 and an answer that says what is wrong and what to do next."""
import bz2
import lzma
import os
import pathlib
import subprocess
import tempfile

from harness import TOOL, same, shipped, test, unpacked

# What is typed after "irqmatrix", in a folder that has the files of make_files(), and what the first line of the answer says: first
# what is wrong, then what to do.
MISTAKES = (
    # no dump, or something else in its place
    ("--live vmcore", "takes the place of the dump's name", "leave out vmcore or --live"),
    ("--live --latest", "--latest and --live", "mutually exclusive"),
    ("--latest vmcore", "takes the place of the dump's name", "leave out vmcore or --latest"),
    ("-", "not from standard input", "save it first"),
    ("/dev/stdin", "not a regular file", "save the dump to one first"),
    ("https://host/vmcore", "cannot open it", "download it first"),
    ("host:/var/crash/vmcore", "cannot open it", "scp"),
    ("dir", "a directory", "use irqmatrix batch"),
    ("empty", "an empty file", "was not written"),
    ("zeros", "begins with zeros", "disk was full"),
    ("vmlinuz", "a kernel (bzImage), not a dump", "name the vmcore"),
    ("vmlinux", "an ELF program or object, not a dump", "name the vmcore"),
    ("/etc/passwd", "not a kernel dump", "name an ELF or kdump vmcore"),
    ("vmcore.tar", "a tar archive", "unpack it with tar xf"),
    ("vmcore.zip", "a zip archive", "unpack it with unzip"),
    ("vmcore.bz2", "packed with bzip2", "bunzip2"),
    ("vmcore.lz4", "packed with lz4", "lz4 -d"),
    ("twice.xz.xz", "packed twice", "unpack it first"),
    ("page", "a web page", "login"),
    ("dmesg.txt", "the text of a kernel log", "the dump may be beside it"),
    ("fleet.db", "an SQLite database", "irqmatrix query or report"),
    # the habits of crash, and the wrong order
    ("vmlinux vmcore", "not a dump", "give the kernel's vmlinux with --vmlinux"),
    ("vmcore vmcore2", "not part of a split kdump", "irqmatrix diff"),
    ("--vmlinux vmcore vmcore", "a dump", "give the kernel's vmlinux"),
    ("--kernels vmcore vmcore", "not a file of learned kernels", "irqmatrix learn makes one"),
    ("aff 25 vmcore", "25: no such file", "name the dump first: irqmatrix aff vmcore 25"),
    ("aff vda vmcore", "vda: no such file", "name the dump first: irqmatrix aff vmcore vda"),
    ("aff vda", "no interrupt", "after vda"),
    ("aff vda eth0", "vda: no such file", "use irqmatrix aff --live vda"),
    ("aff", "no interrupt", "irqmatrix -i --live lists them"),
    ("aff vmcore", "no interrupt", "irqmatrix -i vmcore lists them"),
    ("aff vmcore 9999", "no such IRQ: 9999", "the dump has 0-15,24-43"),
    ("aff vmcore virtoi0-config", "no IRQ has an action", "do you mean virtio0-config?"),
    ("vmcore 25", "25: no such file", "use irqmatrix aff vmcore 25"),
    # misspelled, or an option that does not apply
    ("plna vmcore", "no such file", 'do you mean the command "plan"?'),
    ("devices vmcore", "no such file", "do you mean --devices?"),
    ("--devcies vmcore", "unrecognized option", "do you mean --devices?"),
    ("-i -o ACTOIN vmcore", "no column is called", "do you mean ACTION?"),
    ("-o NIX vmcore", "no column is called", "--list-columns lists"),
    ("-c x vmcore", '"x" is not a list', "like 0-3,5"),
    ("-c 99 vmcore", "99 is out of range", "the highest is 3"),
    ("--color=blue vmcore", "--color=blue", "use auto, always or never"),
    ("-i -v vmcore", "--irqs and --vectors", "mutually exclusive"),
    # steps of a plan
    ("plan vmcore", "no step", "--add, --like, --remove, --offline, --suspend"),
    ("plan --add 20 vmcore", "is not DRIVER:QUEUES", "as in virtio_blk:2x20"),
    ("plan --add virtio_blc:2 vmcore", "virtio_blc", "do you mean virtio_blk?"),
    ("plan --remove nosuch vmcore", "no device with MSI, nor its driver, is called", "irqmatrix -d lists them"),
    ("plan --offline 99 vmcore", "99 is out of range", "the highest is 3"),
    # two dumps, outputs, stores
    ("diff vmcore", "needs two dumps", "only one was given"),
    ("distill vmcore", "no output file", "name the file to distill vmcore into"),
    ("distill vmcore vmcore", "is the dump itself", "name another output file"),
    ("batch", "no dumps", "name a file or directory"),
    ("learn -o kernels vmcore", "a dump", "give the kernel's vmlinux"),
    ("merge fleet.db", "no store to merge into", "name it with -o"),
    ("query", "no store", "irqmatrix batch --db"),
    ("query vmcore findings", "not a store", "irqmatrix batch --db makes one"),
    ("query nix.db", "no such file", "irqmatrix batch --db makes a store"),
    ("query fleet.db findigs", "no question is called", "do you mean findings?"),
    ("query fleet.db room", "wrong number of arguments", "room DRIVER N"),
)


def make_files(folder):
    plain = unpacked("bookworm-plain")
    files = {
        "vmcore": plain, "vmcore2": plain, "empty": b"", "zeros": bytes(9999),
        "vmlinuz": b"MZ" + bytes(0x200) + b"HdrS" + bytes(9999),
        "vmlinux": pathlib.Path(TOOL).read_bytes(),
        "vmcore.tar": bytes(257) + b"ustar" + bytes(9999), "vmcore.zip": b"PK\x03\x04" + bytes(99),
        "vmcore.bz2": bz2.compress(plain[:9999]), "vmcore.lz4": b"\x04\x22\x4d\x18" + bytes(99),
        "twice.xz.xz": lzma.compress(lzma.compress(plain[:9999])), "page": b"<!DOCTYPE html>" + b" " * 99,
        "dmesg.txt": b"[    0.000000] Linux version 6.1\n",
    }
    for name, content in files.items():
        pathlib.Path(folder, name).write_bytes(content)
    os.mkdir(f"{folder}/dir")
    subprocess.run([TOOL, "batch", "-q", "--db", f"{folder}/fleet.db", shipped("bookworm-plain")], check=True,
                   stdout=subprocess.DEVNULL)


@test
def mistakes_are_answered():
    wrong = []
    with tempfile.TemporaryDirectory(prefix="irqmatrix-mistakes-") as folder:
        make_files(folder)
        before = sorted(os.listdir(folder))
        for typed, *says in MISTAKES:
            p = subprocess.run([os.path.abspath(TOOL), *typed.split()], cwd=folder, capture_output=True, text=True,
                               stdin=subprocess.DEVNULL)
            line = p.stderr.split("\n")[0]
            at = [line.find(text) for text in says]
            if p.returncode != 2 or p.stdout or not line.startswith("irqmatrix: ") or -1 in at or at != sorted(at):
                wrong.append(f"irqmatrix {typed}: status {p.returncode}, {line!r} does not say {says}")
        same(sorted(os.listdir(folder)), before, "files")
    assert len(MISTAKES) >= 40 and not wrong, "\n".join(["", *wrong])
