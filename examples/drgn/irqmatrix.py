#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""irqmatrix for users of drgn: libirqmatrix reads what drgn reads, so also a
running kernel (/proc/kcore), and dumps that only drgn opens.

    drgn [-c VMCORE] [-s VMLINUX] irqmatrix.py [--json | VIEW [CPUS]]

or from a drgn session:

    >>> from irqmatrix import Irqmatrix
    >>> m = Irqmatrix(prog)
    >>> m.show("devices")
    >>> m.document["matrix"]["global_available"]

VIEW is matrix (the default), findings, devices, pools, irqs, vectors, debugfs,
log or map. Structures are laid out as the kernel's BTF says; where it has none,
name a file with debug information: Irqmatrix(prog, vmlinux=FILE).
"""
import ctypes
import json
import sys

import drgn

OK, EXCLUDED, UNMAPPED, INVALID = 0, 1, 3, 5  # enum irqmatrix_why
VIEWS = "matrix", "findings", "devices", "pools", "irqs", "vectors", "debugfs", "log", "map"

READ = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_uint64, ctypes.c_void_p, ctypes.c_size_t)
SYMBOL = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, ctypes.c_char_p, ctypes.POINTER(ctypes.c_uint64))
SYMBOL_AT = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, ctypes.c_uint64, ctypes.c_void_p, ctypes.c_size_t,
                             ctypes.POINTER(ctypes.c_uint64))


class Target(ctypes.Structure):
    """struct irqmatrix_target"""
    _fields_ = [("ctx", ctypes.c_void_p), ("read", READ), ("symbol", SYMBOL), ("symbol_at", SYMBOL_AT),
                ("path", ctypes.c_char_p), ("format", ctypes.c_char_p), ("vmlinux", ctypes.c_char_p),
                ("btf", ctypes.c_void_p), ("btf_size", ctypes.c_size_t), ("live", ctypes.c_bool)]


class RenderOptions(ctypes.Structure):
    """struct irqmatrix_render_options"""
    _fields_ = [("cpus", ctypes.c_char_p), ("columns", ctypes.c_char_p), ("top", ctypes.c_uint),
                ("all", ctypes.c_bool), ("csv", ctypes.c_bool), ("no_header", ctypes.c_bool), ("color", ctypes.c_bool)]


def load(path="libirqmatrix.so.0"):
    lib = ctypes.CDLL(path)
    pointer, text = ctypes.c_void_p, ctypes.c_char_p
    for name, result, *arguments in (
            ("irqmatrix_new", pointer), ("irqmatrix_free", None, pointer), ("irqmatrix_error", text, pointer),
            ("irqmatrix_read_target", ctypes.c_int, pointer, ctypes.POINTER(Target), ctypes.c_size_t),
            ("irqmatrix_json", pointer, pointer, ctypes.c_bool),
            ("irqmatrix_render", ctypes.c_int, pointer, pointer, ctypes.c_int, ctypes.POINTER(RenderOptions),
             ctypes.c_size_t),
            # of the C library, which this one is linked with
            ("free", None, pointer), ("fclose", ctypes.c_int, pointer),
            ("open_memstream", pointer, ctypes.POINTER(pointer), ctypes.POINTER(ctypes.c_size_t))):
        function = getattr(lib, name)
        function.restype, function.argtypes = result, arguments
    return lib


class Irqmatrix:
    """What libirqmatrix knows of a drgn.Program's kernel, read once, when this is made."""

    def __init__(self, prog, path=None, vmlinux=None, lib=None):
        self.prog, self.raised = prog, None
        self.lib = lib or load()
        self.handle = self.lib.irqmatrix_new()
        live = bool(prog.flags & drgn.ProgramFlags.IS_LIVE)
        target = Target(read=READ(self.guarded(self.read, INVALID)), symbol=SYMBOL(self.guarded(self.symbol, False)),
                        symbol_at=SYMBOL_AT(self.guarded(self.symbol_at, False)), live=live,
                        path=("/proc/kcore" if live else path or "drgn").encode(), format=b"live" if live else b"drgn",
                        vmlinux=vmlinux.encode() if vmlinux else None)
        self.missing = UNMAPPED if live else EXCLUDED  # drgn does not say which
        status = self.lib.irqmatrix_read_target(self.handle, target, ctypes.sizeof(target))
        if self.raised:
            raise self.raised
        self.check(status)

    def __del__(self):
        if getattr(self, "handle", None):
            self.lib.irqmatrix_free(self.handle)

    # What the library asks for. No exception can pass through it: it is kept, and nothing more is read.

    def guarded(self, function, otherwise):
        def call(_, *arguments):
            if self.raised:
                return otherwise
            try:
                return function(*arguments)
            except BaseException as error:  # also of an interrupt
                self.raised = error
                return otherwise
        return call

    def read(self, address, to, length):
        try:
            ctypes.memmove(to, self.prog.read(address, length), length)
        except drgn.FaultError:
            return self.missing
        return OK

    def symbol(self, name, value):
        """Variables by their own address: drgn's symbols know nothing of per-CPU ones."""
        name = name.decode()
        try:
            value[0] = self.prog[name].address_
            return True
        except (KeyError, TypeError):
            pass
        try:
            value[0] = self.prog.symbol(name).address
        except LookupError:
            return False
        return True

    def symbol_at(self, address, name, size, offset):
        try:
            symbol = self.prog.symbol(address)
        except LookupError:
            return False
        text = symbol.name.encode()[:size - 1] + b"\0"
        ctypes.memmove(name, text, len(text))
        offset[0] = address - symbol.address
        return True

    # What one asks the library for

    def check(self, status):
        if status:
            raise RuntimeError(self.lib.irqmatrix_error(self.handle).decode())

    def taken(self, pointer):
        """A string that the library made for us."""
        if not pointer:
            raise RuntimeError(self.lib.irqmatrix_error(self.handle).decode())
        text = ctypes.string_at(pointer).decode()
        self.lib.free(pointer)
        return text

    @property
    def document(self):
        """The document "irqmatrix/1", parsed."""
        return json.loads(self.taken(self.lib.irqmatrix_json(self.handle, False)))

    def text(self, view="matrix", cpus=None, **options):
        """A view as the command prints it; options are those of struct irqmatrix_render_options."""
        options = RenderOptions(cpus=cpus.encode() if cpus else None, **options)
        buffer, size = ctypes.c_void_p(), ctypes.c_size_t()
        stream = self.lib.open_memstream(buffer, size)
        status = self.lib.irqmatrix_render(self.handle, stream, VIEWS.index(view), options, ctypes.sizeof(options))
        self.lib.fclose(stream)
        text = self.taken(buffer.value)
        self.check(status)
        return text

    def show(self, view="matrix", cpus=None, **options):
        print(self.text(view, cpus, **options), end="")


def main(prog, arguments):
    m = Irqmatrix(prog)
    if arguments[:1] == ["--json"]:
        print(json.dumps(m.document))
    else:
        m.show(*arguments)


if __name__ == "__main__":
    # drgn hands its scripts a "prog"
    main(globals()["prog"], sys.argv[1:])
