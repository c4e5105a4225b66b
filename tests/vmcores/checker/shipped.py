# SPDX-License-Identifier: GPL-3.0-or-later
"""The distilled dumps that ship with the project."""
import functools
import lzma
import pathlib
import tarfile
import tempfile

DISTILLED = pathlib.Path(__file__).resolve().parent.parent.parent / "data/distilled"


def document(dump):
    """What the tool said of the whole dump: the JSON text, which is packed for most."""
    text = dump.with_suffix(".json")
    if text.exists():
        return text.read_text()
    return lzma.open(f"{text}.xz", "rt").read()


@functools.cache
def unpacked(archive):
    """A folder with the vmlinux and the .dwo files of a kernel with split DWARF, until the program ends."""
    folder = tempfile.TemporaryDirectory()
    with tarfile.open(archive) as files:
        files.extractall(folder.name)
    return folder


def vmlinux(dump):
    """The options for a dump that needs the vmlinux beside it."""
    if (dump.parent / "vmlinux.tar.xz").exists():
        return ["--vmlinux", unpacked(dump.parent / "vmlinux.tar.xz").name + "/vmlinux"]
    beside = dump.parent / "vmlinux.xz"
    return ["--vmlinux", str(beside)] if beside.exists() else []
