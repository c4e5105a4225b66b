# SPDX-License-Identifier: GPL-3.0-or-later
"""Dumps, stores and names of files whose texts are made to be obeyed by a
terminal, to mislead who reads them, or to be run by a spreadsheet. Each has
MARK in it, so that a test knows which of them came out.
"""
import json
import pathlib
import subprocess

MARK = b"EVIL"
CONTROLS = [
    b"\x1b]0;title\x07\x1b[2J",                # ESC, BEL: title, clear
    b"\x9b31m\xc2\x9b31m\x7f\x08\xc2\x85",     # C1 raw and as UTF-8, DEL, BS
    "\u202e\u2066\u061c\u200f\u200e".encode(),     # bidi
    "\u200b\u200d\u2060\u2064\ufeff\u00ad\u180e".encode(),  # show nothing
    "\U000e0041\U000e007f\ufff9\ufffb\ufe0f\U000e0100".encode(),
    "\u2028\u2029\ue000\U000f0000\ufdd0\uffff".encode(),
    b"\xed\xa0\x80\xc0\x9b\xf8\x88\xf4\x90\x80\x80\xe2\x80",  # not UTF-8
    b"\n\t\r\x0b\x00"[:4],
]
FORMULAS = (b"=cmd|'/C'!A0", b"+1+1", b"-2+3", b"@SUM(1)", b"=HYPERLINK(\"x\")",
            "\uff1d1+1".encode(), b"a;=1+1")
# What mkdump would take for the end of a word.
MAX_LOG = 8                         # lines that mkdump takes
BLANKS = bytes.maketrans(b"\n\t\r\x0b ", b"\xfa\xfb\xfc\xfd\xfe")


class Names:
    """Names that are all different; for mkdump with other bytes for blanks."""

    def __init__(self):
        self.made = []

    def new(self, formula=False):
        n = len(self.made)
        text = b"%s%s%d%s" % (FORMULAS[n % len(FORMULAS)] if formula else b"",
                              MARK, n, CONTROLS[n % len(CONTROLS)])
        self.made.append(text)
        return text.translate(BLANKS)

    def patch(self, path):
        data = path.read_bytes()
        for text in self.made:
            data = data.replace(text.translate(BLANKS), text)
        path.write_bytes(data)


def machine(names, build_id):
    """Small, with a hostile name wherever there is one."""
    new = names.new
    lines = [b"release " + new(), b"build-id " + build_id, b"cpus 4",
             b"online 0-2", b"crash-time 1700000000",
             b"irq 0 vector 48 cpu 0 affinity 0 action " + new() +
             b" timer_interrupt -",
             b"irq 5 vector 49 cpu 0 affinity 0 pending 1 state "
             b"IRQD_SETAFFINITY_PENDING action " + new() + b" acpi_irq -"]
    irq = 24
    for nr in range(16):
        driver = new(True)
        lines += [b"device %s pci %s class 0x10000 msi 2 msix" %
                  (new(True), driver),
                  b"consumer %s bus %s %s" % (new(True), b"virtio", new(True)),
                  b"consumer %s class block" % new(True)]
        for msi in range(2):
            lines.append(b"irq %d msi %d vector auto cpu %d managed affinity "
                         b"0-3 action %s %s -" % (irq, msi, irq % 3, new(True),
                                                  b"vring_interrupt"))
            irq += 1
        if nr < MAX_LOG:
            lines.append(b"log 3 %d %s %s: probe with driver %s failed with "
                         b"error -28" % (irq, driver, new(), driver))
    lines += [b"leak 1 200", b"drift 0 allocated 3", b"drift matrix "
              b"global_available 5", b""]
    return b"\n".join(lines)


def make_dumps(build, folder):
    """Paths of dumps and of a vmlinux, by what they are."""
    layout = pathlib.Path(__file__).parents[1] / "data/layouts/debian-6.12.txt"
    made = {}
    for name, build_id, options in (
            ("plain", b"a1" * 20, []), ("other", b"b2" * 20, []),
            ("bare", b"c3" * 20, ["-e", "no-btf", "-e", "no-kallsyms-info"])):
        names, text = Names(), folder / f"{name}.txt"
        text.write_bytes(machine(names, build_id))
        dump, vmlinux = folder / f"{name}.elf", folder / f"{name}.vmlinux"
        subprocess.run([f"{build}/tests/mkdump", "--vmlinux", vmlinux,
                        *options, layout, text, dump], check=True)
        for path in dump, vmlinux:
            names.patch(path)
        made[name], made[name + "-vmlinux"] = dump, vmlinux
    # its build-id is a text in VMCOREINFO
    data = made["bare"].read_bytes()
    bad = MARK + b"\x1b]0;x\x07\x1b[2J\xc2\x9b31m" + "\u202e\u200b".encode()
    bad = bad.ljust(40, b"\x9b")
    assert b"BUILD-ID=" + b"c3" * 20 in data
    made["bad-id"] = folder / "bad-id.elf"
    made["bad-id"].write_bytes(data.replace(b"BUILD-ID=" + b"c3" * 20,
                                            b"BUILD-ID=" + bad))
    made["packed"] = folder / "packed.zst"
    subprocess.run(["zstd", "-q", "-o", made["packed"], made["plain"]],
                   check=True)
    # cut in the middle, and of another machine
    made["cut"] = folder / "cut.elf"
    made["cut"].write_bytes(made["plain"].read_bytes()[:300000])
    arm = bytearray(b"KDUMP   " + (6).to_bytes(4, "little") + bytes(8192))
    at = 12 + 4 * 65
    arm[at:at + 40] = (b"aarch64" + MARK + b"\x1b[2J\x9b\xe2\x80\xae").ljust(
        40, b"\0")
    made["arm"] = folder / "arm.kdump"
    made["arm"].write_bytes(arm)
    return made


def text_of(controls):
    """As a string that JSON can have: also those that are no UTF-8."""
    return controls.decode("utf-8", "replace").replace("\ufffd", "\x9b")


def make_lines(folder, good):
    """NDJSON: a good line with hostile texts, and what is wrong with others."""
    evil = "EVIL" + "".join(text_of(c) for c in CONTROLS)
    shown = "".join(c for c in evil if c >= " ")
    line = next(line for line in map(json.loads, good.splitlines())
                if line["document"] and line["document"]["devices"])
    line["record"]["path"] = "/" + evil.replace("\0", "")
    raw = json.loads(json.dumps(line))
    # what is not escaped makes no row, so formulas are all that can be there
    for doc, text in (line["document"], "=EVIL()"), (raw["document"], evil):
        for key in ("release", "build_id", "path", "format"):
            doc["dump"][key] = text
        for row in (*doc["devices"], *doc["irqs"]):
            for key, value in row.items():
                if isinstance(value, str):
                    row[key] = text
        for finding in doc["findings"]:
            finding["text"] = text
    other = json.loads(json.dumps(line))
    other["record"].update(hash="0" * 31 + "1", outcome="failed", reason=shown,
                           path="/2" + shown)
    other["document"] = None
    contents = {
        "good": [json.dumps(line), json.dumps(other)],
        # jansson quotes what is near, if it is short
        **{f"near{i}": ['{"record": 1 "EVIL%s"}' % shown[i:i + 3]]
           for i in range(20, len(shown), 3)},
        "twice": ['{"EVIL\u202e": 1, "EVIL\u202e": 2}'],
        "control": ['{"record": "EVIL\x1b[2J"}'],
        "no-record": ['{"record": "%s", "document": null}' % "\u202eEVIL"],
        "bad-outcome": [json.dumps({**line, "record": {
            **line["record"], "outcome": evil}})],
        "bad-hash": [json.dumps({**line, "record": {
            **line["record"], "hash": evil}})],
        "raw": [json.dumps(raw)],
        "bad-release": [json.dumps({**line, "document": {
            **line["document"], "dump": {"release": evil}}})],
        "bad-schema": [json.dumps({**line, "document": {"schema": evil}})],
        "bad-type": [json.dumps({**line, "document": {
            **line["document"], "devices": {evil: evil}}})],
    }
    made = {}
    for name, lines in contents.items():
        made[name] = folder / f"{name}.ndjson"
        made[name].write_bytes("\n".join(lines).encode(
            "utf-8", "surrogatepass") + b"\n")
    return made
