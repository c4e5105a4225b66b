# SPDX-License-Identifier: GPL-3.0-or-later
"""What a dump is like, as facts that two dumps of one kernel share."""
import struct
import subprocess

from rawdump import Elf, Memory, PAGE, open_dump, vmcoreinfo_of

START_KERNEL_MAP = 0xffffffff80000000
MODULES = 0xffffffffc0000000
SIGN = 1 << 63
# Values of VMCOREINFO that each boot, or each build, has of its own.
OWN = {"OSRELEASE", "BUILD-ID", "KERNELOFFSET", "CRASHTIME",
       "NUMBER(phys_base)", "NUMBER(VMALLOC_START)"}
ACCESSED_DIRTY = 0x60


def symbols_of(build, path):
    done = subprocess.run([f"{build}/tests/symbols", path], check=True,
                          capture_output=True, text=True)
    return {name: int(value, 16) for name, value in
            (line.split() for line in done.stdout.splitlines())}


def vmcoreinfo(dump):
    lines = vmcoreinfo_of(dump)
    yield "vmcoreinfo order", " ".join(key for key, _ in lines)
    for key, value in lines:
        if key not in OWN and not key.startswith("SYMBOL"):
            yield f"vmcoreinfo {key}", value


def headers(dump):
    if not isinstance(dump, Elf):
        yield "kdump signature", dump.header[:8]
        yield "kdump version", struct.unpack_from("<i", dump.header, 8)[0]
        yield "kdump system, machine, domain", tuple(
            dump.header[12 + 65 * i:][:65].rstrip(b"\0") for i in (0, 4, 5))
        yield "kdump status", dump.status
        yield "kdump block size", dump.block
        yield "kdump sub header's blocks hold the notes, no more", \
            dump.sub_blocks == -(-(104 + dump.sub_header[8]) // PAGE)
        yield "kdump bitmaps are those of max_mapnr", \
            dump.bitmap_blocks == 2 * -(-dump.max_mapnr // (8 * PAGE))
        yield "kdump max_mapnr in both headers", \
            dump.sub_header[13] in (0, dump.max_mapnr)
        yield "kdump RAM blocks, device blocks, written, current CPU", \
            struct.unpack_from("<IIII", dump.header, 444)
        yield "kdump sub header: split, notes at", \
            (dump.sub_header[2], dump.sub_header[7])
        yield "kdump VMCOREINFO is the text of the note", \
            dump.sub_header[5] + (dump.sub_header[6] + 3 & ~3) == \
            dump.sub_header[7] + dump.sub_header[8]
        return
    _, kind, machine, version, entry, _, _, flags, *_ = dump.header
    yield "elf header", (kind, machine, version, entry, flags)
    yield "elf segments' types", tuple(sorted({s[0] for s in dump.segments}))
    yield "elf first segment is the notes", dump.segments[0][0] == 4
    yield "elf load flags", tuple(sorted({s[1] for s in dump.loads}))
    yield "elf load alignment", tuple(sorted({s[7] for s in dump.loads}))
    yield "elf loads are whole", all(s[5] == s[6] for s in dump.loads)
    yield "elf loads are pages", not any((s[2] | s[4] | s[5]) % PAGE
                                         for s in dump.loads)


def notes(dump, online):
    kinds = [(name, kind) for name, kind, _ in dump.notes]
    yield "notes of CPUs for each online", kinds.count(("CORE", 1)) / online
    yield "notes of CPUs, bytes", tuple(sorted(
        {len(d) for name, _, d in dump.notes if name == "CORE"}))
    yield "notes, others", tuple(k for k in kinds if k[0] != "CORE")
    yield "notes, VMCOREINFO is last", kinds[-1] == ("VMCOREINFO", 0)


def shape(memory, vaddr, end):
    """(tables' flags, size, page's flags) of every page from vaddr on."""
    found = set()
    while vaddr < end:
        entries = memory.entries(vaddr)
        size = PAGE << 9 * (memory.levels - len(entries))
        if entries[-1] & memory.PRESENT:
            flags = [e & ~memory.address & ~ACCESSED_DIRTY for e in entries]
            found.add((tuple(map(hex, flags[:-1])), size // 1024,
                       hex(flags[-1])))
        vaddr = (vaddr & -size) + size
    return found


def pages(memory, symbols):
    info = memory.info
    text = int(info["SYMBOL(_stext)"], 16)
    direct = memory.word(symbols["page_offset_base"])
    areas = {"image": shape(memory, text, text + (40 << 20)),
             "direct map": shape(memory, direct, direct + (1 << 30))}
    yield "pages levels", memory.levels
    for area, found in areas.items():
        for tables, size, flags in found:
            yield f"pages of {area}: {size} KiB, {flags}, in tables " \
                + " ".join(tables), True
    yield "pages text begins executable, read-only", \
        hex(memory.entries(text)[-1] & ~memory.address & ~ACCESSED_DIRTY)
    yield "pages user half is empty", \
        not any(memory.page(memory.root)[:PAGE // 2])
    yield "pages direct map begins at whole GiB", direct % (1 << 30)


def area_of(memory, symbols, vaddr):
    direct = memory.word(symbols["page_offset_base"])
    if vaddr >= MODULES:
        return "modules"
    if vaddr >= START_KERNEL_MAP:
        return "image"
    paddr = memory.physical(vaddr)
    if paddr is None:
        return "unmapped"
    return "direct map" if vaddr - direct == paddr else "vmalloc"


def own_copies(memory, symbols):
    """Where the kernel's VMCOREINFO is."""
    note = memory.word(symbols["vmcoreinfo_note"])
    if not note:
        return
    data = memory.word(symbols["vmcoreinfo_data"])
    yield "copy note is in", area_of(memory, symbols, note)
    names, size, kind = struct.unpack("<III", memory.read(note, 12))
    yield "copy note", (names, kind, memory.read(note + 12, 12),
                        memory.read(note + 24, size) ==
                        next(d for n, _, d in memory.dump.notes
                             if n == "VMCOREINFO"))
    yield "copy data is in", area_of(memory, symbols, data)
    yield "copy data is in the dump", memory.word(data) is not None
    yield "copy size is the note's", \
        memory.word(symbols["vmcoreinfo_size"]) == size


def percpu(memory, symbols, nr_cpus):
    offsets = [memory.word(symbols["__per_cpu_offset"] + 8 * cpu)
               for cpu in range(nr_cpus + 1)]
    first = symbols["vector_irq"]
    at = [first + o & (1 << 64) - 1 for o in offsets[:nr_cpus]]
    steps = {b - a for a, b in zip(at, at[1:])}
    yield "percpu areas are in", tuple(sorted(
        {area_of(memory, symbols, a) for a in at}))
    yield "percpu areas follow each other at one distance", len(steps)
    yield "percpu distance is pages", all(s > 0 == s % PAGE for s in steps)
    yield "percpu variables are addresses", first >= START_KERNEL_MAP
    if offsets[nr_cpus] is not None:
        yield "percpu offset of a CPU that is none", \
            "0" if not offsets[nr_cpus] else "of the image"


def modules(memory, symbols):
    if "modules" not in symbols:
        return
    head = symbols["modules"]
    seen, at = [], memory.word(head)
    while at and at != head and len(seen) < 1000:
        seen.append(at)
        at = memory.word(at)
    yield "modules are a ring", at == head
    yield "modules there are", bool(seen)
    yield "modules are in", tuple(sorted(
        {area_of(memory, symbols, m) for m in seen}))
    for m in seen:
        # struct module: state, list, name
        name = (memory.read(m + 16, 8) or b"\0").split(b"\0")[0]
        yield "modules have names", name.isascii() and name != b""
    for m in seen:
        for tables, size, flags in shape(memory, m, m + 1):
            yield f"modules lie in pages: {size} KiB, {flags}, in tables " \
                + " ".join(tables), True


def log(memory, symbols):
    if "prb" in symbols:
        prb = memory.word(symbols["prb"])
        yield "log prb is the static one", \
            prb == int(memory.info["SYMBOL(printk_rb_static)"], 16)
        yield "log prb is in", area_of(memory, symbols, prb)


def facts(build, path):
    """All, as {what: value}; what is yielded twice has the last value."""
    dump = open_dump(path)
    memory, symbols = Memory(dump), symbols_of(build, path)
    nr_cpus, online = (memory.word(symbols[f"__cpu_{what}_mask"]).bit_count()
                       for what in ("possible", "online"))
    found = {}
    for some in (vmcoreinfo(dump), headers(dump), notes(dump, online),
                 pages(memory, symbols), own_copies(memory, symbols),
                 percpu(memory, symbols, nr_cpus), modules(memory, symbols),
                 log(memory, symbols)):
        found.update(some)
    for name in symbols:
        found[f"variable {name}"] = True
    return found
