# SPDX-License-Identifier: GPL-3.0-or-later
"""Compressed kdumps, to be damaged or written as ELF: what a test needs.

Layout (makedumpfile's IMPLEMENTATION): a header block, sub-header blocks,
two bitmaps (memory that exists, memory that is here), one descriptor per
page that is here, the pages. Only zlib is understood.
"""
import shutil
import struct
import zlib

PAGE = 4096
DESC = struct.Struct("<qIIQ")  # offset, size, flags, page flags
ZLIB = 1


class Kdump:
    def __init__(self, path):
        self.path = path
        with open(path, "rb") as f:
            head = f.read(PAGE)
            if head[:8] != b"KDUMP   ":
                raise ValueError(f"{path}: not a compressed kdump")
            # status, block_size, sub_hdr_size, bitmap_blocks follow the
            # utsname (390 bytes, aligned) and a timeval
            block, sub, bitmaps = struct.unpack_from("<iiI", head, 428)
            if block != PAGE:
                raise ValueError(f"{path}: blocks of {block} bytes")
            f.seek(PAGE)
            self.notes = struct.unpack_from("<qQ", f.read(PAGE), 48)
            f.seek((1 + sub + bitmaps // 2) * PAGE)
            self.bitmap_at = f.tell()
            bitmap = f.read(bitmaps // 2 * PAGE)
            self.table = f.tell()
        self.pfns = [i * 8 + b for i, byte in enumerate(bitmap) if byte
                     for b in range(8) if byte >> b & 1]
        self.index = {pfn: i for i, pfn in enumerate(self.pfns)}

    def desc_at(self, pfn):
        return self.table + self.index[pfn] * DESC.size

    def pages(self):
        with open(self.path, "rb") as f:
            f.seek(self.table)
            table = f.read(len(self.pfns) * DESC.size)
            for pfn, (at, size, flags, _) in zip(self.pfns,
                                                 DESC.iter_unpack(table)):
                f.seek(at)
                data = f.read(size)
                yield pfn, zlib.decompress(data) if flags & ZLIB else data

    def exclude(self, pfn, to):
        """A copy in which the page was left out, as makedumpfile does."""
        shutil.copyfile(self.path, to)
        with open(to, "r+b") as f:
            f.seek(self.bitmap_at + pfn // 8)
            byte = f.read(1)[0]
            f.seek(-1, 1)
            f.write(bytes([byte & ~(1 << pfn % 8)]))
            f.seek(self.desc_at(pfn) + DESC.size)
            rest = f.read((len(self.pfns) - self.index[pfn] - 1) * DESC.size)
            f.seek(self.desc_at(pfn))
            f.write(rest)

    def damage(self, pfn, to, how):
        """A copy in which the page's data is "cut" off or "garbage"."""
        shutil.copyfile(self.path, to)
        with open(to, "r+b") as f:
            f.seek(self.desc_at(pfn))
            at, size, flags, more = DESC.unpack(f.read(DESC.size))
            if how == "garbage":
                f.seek(at)
                f.write(b"\xff" * size)
                return
            f.seek(0, 2)
            end = f.tell()
            f.seek(self.desc_at(pfn))
            f.write(DESC.pack(end, size, flags, more))

    def to_elf(self, to, without=(), last=None):
        """As ELF. Pages in without are only in p_memsz; last ends the file."""
        runs = []
        for pfn in self.pfns:
            here = pfn not in without
            alone = pfn == last
            if (runs and runs[-1][2] is here and not alone and
                    runs[-1][3] is False and
                    runs[-1][0] + runs[-1][1] == pfn):
                runs[-1][1] += 1
            else:
                runs.append([pfn, 1, here, alone])
        loads = [r for r in runs if r[2]]
        for r in runs:  # a hole belongs to the segment that ends before it
            if not r[2]:
                before = [x for x in loads if x[0] + x[1] <= r[0]][-1]
                before.append(r[0] + r[1] - before[0])
        with open(self.path, "rb") as f:
            f.seek(self.notes[0])
            notes = f.read(self.notes[1])
        nr = len(loads) + 1
        notes_at = 64 + 56 * nr
        at = (notes_at + len(notes) + PAGE - 1) // PAGE * PAGE
        where, phdrs = {}, [struct.pack("<IIQQQQQQ", 4, 0, notes_at, 0, 0,
                                        len(notes), len(notes), 0)]
        tail = [r for r in loads if r[3]]
        for r in [r for r in loads if not r[3]] + tail:
            for i in range(r[1]):
                where[r[0] + i] = at + i * PAGE
            r.insert(4, at)
            at += r[1] * PAGE
        for r in loads:
            memsz = (r[5] if len(r) > 5 else r[1]) * PAGE
            phdrs.append(struct.pack("<IIQQQQQQ", 1, 7, r[4], 0, r[0] * PAGE,
                                     r[1] * PAGE, memsz, 0))
        ehdr = struct.pack("<16sHHIQQQIHHHHHH",
                           b"\x7fELF\x02\x01\x01", 4, 62, 1, 0, 64, 0, 0, 64,
                           56, nr, 0, 0, 0)
        with open(to, "wb") as f:
            f.write(ehdr + b"".join(phdrs) + notes)
            for pfn, data in self.pages():
                if pfn in where:
                    f.seek(where[pfn])
                    f.write(data)
