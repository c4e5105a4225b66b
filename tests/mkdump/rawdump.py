# SPDX-License-Identifier: GPL-3.0-or-later
"""ELF and kdump files, read by nothing of ours: pages, notes, headers."""
import struct
import zlib

PAGE = 4096
PT_LOAD, PT_NOTE = 1, 4


def notes_of(data):
    """(name, type, description) of each note."""
    at = 0
    while at + 12 <= len(data):
        names, descs, kind = struct.unpack_from("<III", data, at)
        name = data[at + 12:at + 12 + names].rstrip(b"\0").decode()
        at += 12 + (names + 3 & ~3)
        yield name, kind, data[at:at + descs]
        at += descs + 3 & ~3


class Elf:
    def __init__(self, f):
        self.f = f
        f.seek(0)
        self.header = struct.unpack("<16sHHIQQQIHHHHHH", f.read(64))
        phoff, phnum = self.header[5], self.header[10]
        f.seek(phoff)
        self.segments = [struct.unpack("<IIQQQQQQ", f.read(56))
                         for _ in range(phnum)]
        self.loads = [s for s in self.segments if s[0] == PT_LOAD]
        self.notes = []
        for kind, _, offset, _, _, size, *_ in self.segments:
            if kind == PT_NOTE:
                f.seek(offset)
                self.notes += notes_of(f.read(size))

    def page(self, paddr):
        for _, _, offset, _, start, size, _, _ in self.loads:
            if start <= paddr < start + size:
                self.f.seek(offset + paddr - start)
                return self.f.read(PAGE)
        return None


class Kdump:
    """As makedumpfile -c writes it, or without packing."""

    def __init__(self, f):
        self.f = f
        f.seek(0)
        self.header = f.read(PAGE)
        (self.status, self.block, self.sub_blocks, self.bitmap_blocks,
         self.max_mapnr) = struct.unpack_from("<IIIII", self.header, 424)
        self.sub_header = struct.unpack("<QiiQQQQQQQQQQQ", f.read(104))
        f.seek(self.sub_header[7])
        self.notes = list(notes_of(f.read(self.sub_header[8])))
        at = (1 + self.sub_blocks) * PAGE
        half = self.bitmap_blocks * PAGE // 2
        f.seek(at + half)
        bits = f.read(half)
        self.first = at + 2 * half
        self.bits = bits
        # how many pages are before each byte of the bitmap
        self.before, n = [], 0
        for byte in bits:
            self.before.append(n)
            n += byte.bit_count()

    def page(self, paddr):
        byte, bit = divmod(paddr // PAGE, 8)
        if byte >= len(self.bits) or not self.bits[byte] >> bit & 1:
            return None
        n = self.before[byte] + (self.bits[byte] & (1 << bit) - 1).bit_count()
        self.f.seek(self.first + 24 * n)
        offset, size, flags, _ = struct.unpack("<QIIQ", self.f.read(24))
        self.f.seek(offset)
        data = self.f.read(size)
        return zlib.decompress(data) if flags & 1 else data


def open_dump(path):
    f = open(path, "rb")
    return Elf(f) if f.read(4) == b"\x7fELF" else Kdump(f)


def vmcoreinfo_of(dump):
    """Its lines, as (key, value)."""
    text = next(d for name, _, d in dump.notes if name == "VMCOREINFO")
    return [line.split("=", 1) for line in text.decode().splitlines()]


class Memory:
    """What page tables say, and memory by virtual address."""
    ADDRESS = 0xffffffffff000
    LARGE, PRESENT = 0x80, 1

    def __init__(self, dump):
        info = dict(vmcoreinfo_of(dump))
        self.dump, self.info, self.pages = dump, info, {}
        self.levels = 4 + int(info.get("NUMBER(pgtable_l5_enabled)", 0))
        mask = int(info.get("NUMBER(sme_mask)", 0)) & (1 << 64) - 1
        self.address = self.ADDRESS & ~mask
        self.root = int(info["SYMBOL(swapper_pg_dir)"], 16) - \
            0xffffffff80000000 + int(info["NUMBER(phys_base)"])

    def page(self, paddr):
        if paddr not in self.pages:
            self.pages[paddr] = self.dump.page(paddr)
        return self.pages[paddr]

    def entries(self, vaddr):
        """Those on the way to vaddr, the last one is not 0 if it is mapped."""
        table, found = self.root, []
        for level in range(self.levels, 0, -1):
            page = self.page(table)
            if page is None:
                return found + [0]
            index = vaddr >> 3 + 9 * level & 511
            entry, = struct.unpack_from("<Q", page, index * 8)
            found.append(entry)
            if not entry & self.PRESENT or level == 1 or \
                    (entry & self.LARGE and level < 4):
                break
            table = entry & self.address
        return found

    def physical(self, vaddr):
        found = self.entries(vaddr)
        size = PAGE << 9 * (self.levels - len(found))
        if not found[-1] & self.PRESENT:
            return None
        return (found[-1] & self.address & -size) + vaddr % size

    def read(self, vaddr, size):
        data = b""
        while len(data) < size:
            at = vaddr + len(data)
            paddr = self.physical(at)
            page = paddr is not None and self.page(paddr & -PAGE)
            if not page:
                return None
            data += page[at % PAGE:][:size - len(data)]
        return data

    def word(self, vaddr, size=8):
        data = self.read(vaddr, size)
        return None if data is None else int.from_bytes(data, "little")
