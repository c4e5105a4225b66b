# SPDX-License-Identifier: GPL-3.0-or-later
"""Dumps of three formats, made of an ELF dump, and what may befall them.

case(n, sources) makes the same damaged dump of the same number and sources.
Damage to the memory knows where page tables, kallsyms, BTF, pointers, counts
and names are; damage to the file where its headers, bitmaps and descriptors
are. It is done one to three times.
"""
import array
import pathlib
import random
import re
import struct
import subprocess
import zlib

PAGE = 4096
MAP = 0xffffffff80000000
EXTREME = (0, 1, 2, 0x7f, 0xff, 0xfff, 0x1000, 0xffff, 0x10000, 0x7fffffff,
           0x80000000, 0xfffffffe, 0xffffffff, 0x100000000,
           0xfffffffffff, 0x7fffffffffffffff, 0x8000000000000000,
           0xffff800000000000, 0xfffffffffffff000, 0xffffffffffffffff)
NAMES = (b"A" * 4096, b"\x1b[31m", b"\x1b]0;x\x07", b"\xc2\x9b2J", b"\x9b2J",
         b"\r\n", b'"\\', b"\xff\xfe", b"\xed\xa0\x80", b"%s%n", b"\x00")
# Runs of objects are short; the kernel's image, with its tables, is not.
OBJECTS_RUN = 32 * PAGE


class Segment:
    def __init__(self, header, offset, vaddr, paddr, size):
        self.header, self.offset, self.size = header, offset, size
        self.vaddr, self.paddr = vaddr, paddr


class Source:
    """A sound ELF dump, and where things are in the file."""

    def __init__(self, path):
        self.name = pathlib.Path(path).name
        self.elf = pathlib.Path(path).read_bytes()
        if self.name.endswith(".zst"):
            self.elf = subprocess.run(["zstd", "-dcq", path], check=True,
                                      stdout=subprocess.PIPE).stdout
        self.read_headers()
        self.read_tables()
        self.read_objects()
        self.packed = {}

    def read_headers(self):
        self.phoff, = struct.unpack_from("<Q", self.elf, 32)
        count, = struct.unpack_from("<H", self.elf, 56)
        self.segments, self.at = [], {}
        self.headers = [(0, 64), (self.phoff, 56 * count)]
        for i in range(count):
            header = self.phoff + 56 * i
            kind, _, offset, vaddr, paddr, size = struct.unpack_from(
                "<IIQQQQ", self.elf, header)
            if kind == 4:
                self.headers.append((offset, size))
                note = self.elf[offset:offset + size]
                at = note.index(b"VMCOREINFO\0") + 12
                self.vmcoreinfo = note[at:].split(b"\0")[0]
            elif kind == 1:
                s = Segment(header, offset, vaddr, paddr, size)
                self.segments.append(s)
                for n in range(0, size, PAGE):
                    self.at.setdefault(paddr + n, offset + n)

    def value(self, key, base, default=0):
        m = re.search(rb"^%s=(\w+)$" % re.escape(key), self.vmcoreinfo, re.M)
        return int(m.group(1), base) if m else default

    def read_tables(self):
        """Offsets of page table entries, and of kallsyms and BTF."""
        root = self.value(b"SYMBOL(init_top_pgt)", 16) or \
            self.value(b"SYMBOL(swapper_pg_dir)", 16)
        levels = 4 + self.value(b"NUMBER(pgtable_l5_enabled)", 10)
        self.entries, self.leaves = [], []
        self.walk(root - MAP + self.value(b"NUMBER(phys_base)", 10), levels,
                  0, set())
        self.tables = []
        for name in (b"names", b"num_syms", b"token_table", b"token_index",
                     b"offsets", b"relative_base"):
            at = self.offset(self.value(b"SYMBOL(kallsyms_%s)" % name, 16))
            if at:
                self.tables.append((at, min(PAGE * 16, len(self.elf) - at)))
        at = self.elf.find(b"\x9f\xeb\x01\x00\x18\x00\x00\x00")
        if at >= 0:
            header = struct.unpack_from("<4I", self.elf, at + 8)
            self.tables += [(at, 24), (at + 24, header[1]),
                            (at + 24 + header[2], header[3])]

    def walk(self, table, level, vaddr, seen):
        at = self.at.get(table & ~(PAGE - 1))
        if at is None or table in seen:
            return
        seen.add(table)
        for i, entry in enumerate(struct.unpack_from("<512Q", self.elf, at)):
            if not entry & 1:
                continue
            addr = vaddr | i << 3 + 9 * level
            self.entries.append(at + 8 * i)
            if level == 1 or entry & 0x80:
                self.leaves.append((addr & (1 << 48) - 1, 1 << 3 + 9 * level,
                                    entry & 0xffffffffff000))
            else:
                self.walk(entry & 0xffffffffff000, level - 1, addr, seen)

    def offset(self, vaddr):
        """Where in the file a kernel's address is, or None."""
        vaddr &= (1 << 48) - 1
        for start, size, paddr in self.leaves:
            if vaddr - start in range(size):
                paddr = (paddr & -size) + vaddr - start
                page = self.at.get(paddr & -PAGE)
                return page and page + paddr % PAGE
        return None

    def read_objects(self):
        self.pointers, self.counts, self.names = [], [], []
        tables = {at & -PAGE for at in self.entries}
        for s in self.segments:
            if s.size > OBJECTS_RUN:
                continue
            for page in range(s.offset, s.offset + s.size, PAGE):
                if page not in tables:
                    self.read_page(page)

    def read_page(self, page):
        data = self.elf[page:page + PAGE]
        for i, word in enumerate(array.array("Q", data)):
            if 0xff00 << 48 < word < 0xfffffffffffff000:
                self.pointers.append(page + 8 * i)
        for i, word in enumerate(array.array("I", data)):
            if 0 < word < 0x10000:
                self.counts.append(page + 4 * i)
        for m in re.finditer(rb"[ -~]{4,}\0", data):
            self.names.append((page + m.start(), page + m.end()))

    def address(self, at):
        """A kernel's address of what is in the file there."""
        for s in self.segments:
            if at - s.offset in range(s.size):
                return s.vaddr + at - s.offset
        return 0


# Damage to the memory: each gets the source, the bytes and a random.Random.


def put(data, at, value, size=8):
    data[at:at + size] = (value & (1 << 8 * size) - 1).to_bytes(size,
                                                                "little")


def get(data, at, size=8):
    return int.from_bytes(data[at:at + size], "little")


def wrong_number(r, old):
    return r.choice((r.choice(EXTREME), old + r.choice((-1, 1, 2, 8)),
                     old ^ 1 << r.randrange(64), old << r.randrange(1, 32)))


def some(r, places):
    return r.choice(places) if places else 0


def swap_pointer(source, data, r):
    put(data, some(r, source.pointers), get(data, some(r, source.pointers)))


def circle(source, data, r):
    at = some(r, source.pointers)
    put(data, at, source.address(at) - r.choice((0, 0, 8, 16, 64, 256)))


def shift_pointer(source, data, r):
    at = some(r, source.pointers)
    put(data, at, get(data, at) + r.choice((-8, -1, 1, 2, 3, 8, 4095)))


def wild_pointer(source, data, r):
    at = some(r, source.pointers)
    put(data, at, wrong_number(r, get(data, at)))


def wild_count(source, data, r):
    at, size = some(r, source.counts), r.choice((1, 2, 4, 4, 8))
    put(data, at, wrong_number(r, get(data, at, size)), size)


def wild_name(source, data, r):
    start, end = some(r, source.names) or (0, 1)
    name = r.choice(NAMES)
    at = r.randrange(start, end)
    data[at:at + len(name)] = name[:len(data) - at]


def page_table(source, data, r):
    at = some(r, source.entries)
    entry = get(data, at)
    put(data, at, r.choice((0, entry ^ 1 << r.randrange(64), entry | 0x80,
                            get(data, some(r, source.entries)),
                            entry + PAGE, entry & ~PAGE | 0xfffff << 40)))


def table_byte(source, data, r):
    start, size = some(r, source.tables) or (0, 64)
    for _ in range(r.choice((1, 1, 8, 100))):
        data[start + r.randrange(min(size, r.choice((8, 64, size))))] = \
            r.choice((0, 0xff, r.randrange(256)))


def table_number(source, data, r):
    start, size = some(r, source.tables) or (0, 64)
    at = start + r.randrange(0, max(size - 8, 1), 4)
    put(data, at, wrong_number(r, get(data, at, 4)), 4)


def whole_page(source, data, r):
    pages = sorted(source.at.values())
    at, other = r.choice(pages), r.choice(pages)
    data[at:at + PAGE] = r.choice((bytes(PAGE), b"\xff" * PAGE,
                                   data[other:other + PAGE],
                                   r.randbytes(PAGE)))


def vmcoreinfo(source, data, r):
    start = data.find(source.vmcoreinfo)
    lines = source.vmcoreinfo.split(b"\n")
    i = r.randrange(len(lines))
    key = lines[i].split(b"=")[0]
    lines[i] = r.choice((b"", key, key + b"=", key + b"=-1", key + b"=0",
                         key + b"=ffffffffffffffff", key + b"=1f" * 99,
                         key + b"=99999999999999999999", b"=" * 9,
                         lines[r.randrange(len(lines))], key + b"=\x1b[31m",
                         key + b"=" + source.vmcoreinfo[:r.randrange(200)]))
    text = b"\n".join(lines)[:len(source.vmcoreinfo)]
    data[start:start + len(text)] = text


MEMORY = (swap_pointer, swap_pointer, circle, circle, shift_pointer,
          wild_pointer, wild_count, wild_count, wild_name, page_table,
          table_byte, table_number, whole_page, vmcoreinfo)


# Formats: (bytes, [(offset, size)] of what tells where the pages are)


def as_elf(source, elf):
    return elf, source.headers


def blocks(n):
    return -(-n // PAGE)


def packed_page(source, elf, at):
    page = bytes(elf[at:at + PAGE])
    if page != source.elf[at:at + PAGE]:
        return zlib.compress(page, 1)
    if at not in source.packed:
        source.packed[at] = zlib.compress(page, 1)
    return source.packed[at]


def as_kdump(source, elf):
    """What makedumpfile -c writes, header version 6."""
    pfns = sorted(paddr // PAGE for paddr in source.at)
    bits = bytearray(blocks(pfns[-1] // 8 + 1) * PAGE)
    for pfn in pfns:
        bits[pfn // 8] |= 1 << pfn % 8
    note = elf[elf.find(source.vmcoreinfo[:16]):][:len(source.vmcoreinfo)]
    sub_blocks = 1 + blocks(len(note))
    out = bytearray((1 + sub_blocks) * PAGE)
    struct.pack_into("<8si", out, 0, b"KDUMP   ", 6)
    out[272:278] = b"x86_64"
    struct.pack_into("<5I", out, 428, PAGE, sub_blocks,
                     2 * len(bits) // PAGE, pfns[-1] + 1, 0)
    struct.pack_into("<QiiQQQQQQQQQQQ", out, PAGE, 0, 31, 0, 0, 0, 2 * PAGE,
                     len(note), 0, 0, 0, 0, 0, 0, pfns[-1] + 1)
    out[2 * PAGE:2 * PAGE + len(note)] = note
    parts = [(0, 8), (428, 20), (PAGE, 104), (len(out), len(bits)),
             (len(out) + len(bits), len(bits)),
             (len(out) + 2 * len(bits), 24 * len(pfns))]
    pages = [packed_page(source, elf, source.at[pfn * PAGE]) for pfn in pfns]
    at = len(out) + 2 * len(bits) + 24 * len(pfns)
    parts.append((at, sum(map(len, pages))))
    out += bits + bits
    for page in pages:
        out += struct.pack("<QIIQ", at, len(page), 1, 0)
        at += len(page)
    return out + b"".join(pages), parts


def as_flattened(source, elf):
    """The same, as makedumpfile -F writes it to a pipe."""
    kdump, _ = as_kdump(source, elf)
    out = bytearray(PAGE)
    struct.pack_into(">16sQQ", out, 0, b"makedumpfile", 1, 1)
    parts = [(0, 32)]
    for at in range(0, len(kdump), 1 << 18):
        part = kdump[at:at + (1 << 18)]
        parts.append((len(out), 16))
        out += struct.pack(">QQ", at, len(part)) + part
    parts.append((len(out), 16))
    return out + struct.pack(">qq", -1, -1), parts


# Damage to the file: each gets its bytes, the parts and a random.Random.


def cut(data, parts, r):
    start, size = r.choice(parts)
    at = r.choice((start, start + size, start + r.randrange(size + 1),
                   r.randrange(len(data))))
    del data[max(0, at + r.choice((-1, 0, 0, 1, 8))):]


def flip(data, parts, r):
    start, size = r.choice(parts)
    for _ in range(r.choice((1, 1, 2, 8))):
        data[min(start + r.randrange(size), len(data) - 1)] ^= \
            1 << r.randrange(8)


def number(data, parts, r, order="little"):
    start, size = r.choice(parts)
    width = r.choice((2, 4, 4, 8, 8))
    at = start + r.randrange(0, max(size - width, 1), min(width, 4))
    old = int.from_bytes(data[at:at + width], order)
    new = wrong_number(r, old) & (1 << 8 * width) - 1
    data[at:at + width] = new.to_bytes(width, order)


def number_big_endian(data, parts, r):
    number(data, parts, r, "big")


def repeat(data, parts, r):
    """A part of the headers stands where another should."""
    start, size = r.choice(parts)
    n = min(size, r.choice((8, 24, 56, 64, PAGE)))
    a, b = (start + r.randrange(max(size - n, 0) + 1) for _ in "ab")
    data[a:a + n] = data[b:b + n]


FILE = (cut, flip, number, number, repeat)


def case(n, sources):
    """(bytes, what was done, random.Random to choose what to run)"""
    r = random.Random(n)
    source = r.choice(sources)
    form = r.choice((as_elf, as_elf, as_kdump, as_flattened))
    # what is in the memory does not depend on the format
    in_file = r.random() < (0.3 if form is as_elf else 0.7)
    elf, done = bytearray(source.elf), []
    if not in_file or r.random() < 0.2:
        for _ in range(r.choice((1, 1, 2, 3))):
            done.append(r.choice(MEMORY))
            done[-1](source, elf, r)
            del elf[len(source.elf):]
    data, parts = form(source, elf)
    if in_file:
        kinds = FILE + (number_big_endian,) * (form is as_flattened)
        for _ in range(r.choice((1, 1, 2, 3))):
            done.append(r.choice(kinds))
            done[-1](data, parts, r)
            if not data:
                break
    names = ", ".join(f.__name__ for f in done)
    return bytes(data), f"{source.name} {form.__name__}: {names}", r
