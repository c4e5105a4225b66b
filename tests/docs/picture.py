# SPDX-License-Identifier: GPL-3.0-or-later
"""The map of a dump as an SVG picture, from what `irqmatrix --map` prints: tests/docs/check renews docs/map.svg with it."""
import os
import re
import subprocess
from collections import Counter

LEFT, TOP, CELL, ROW, FIRST = 40, 62, 3, 5, 32
# the map's characters in ASCII, in the order of the legend
CLASSES = {"#": "u", "m": "m", "i": "i", ".": "f", "s": "s", "l": "s", "<": "p", "?": "p", "!": "n"}
STYLE = """text{font:13px sans-serif;fill:#1f2328}.t{font-weight:bold}.c{font-size:11px}
.u{stroke:#0969da;fill:#0969da}.m{stroke:#bc4c00;fill:#bc4c00}.i{stroke:#ffd8b5;fill:#ffd8b5}.s{stroke:#8c959f;fill:#8c959f}
.f{stroke:#dafbe1;fill:#dafbe1}.p{stroke:#8250df;fill:#8250df}.n{stroke:#cf222e;fill:#cf222e}.o{stroke:#fff}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.i{stroke:#5a2c0c;fill:#5a2c0c}.f{stroke:#033a16;fill:#033a16}.o{stroke:#0d1117}}"""


def runs(line):
    """[(first, length, character)]"""
    return [(m.start(), len(m[0]), m[0][0]) for m in re.finditer(r"(.)\1*", line)]


def svg(title, text):
    """text is what --map prints in ASCII, a character for each vector, a line for each CPU."""
    legend, table = re.search(r"(?s)\n\n(.*?)\n\nCPU (.*)", text).groups()
    kinds = re.findall(r"(\S) ([a-zA-Z, ]+?) (\d+)(?=\s|$)", legend)
    lines = [line for line in table.splitlines()[1:] if re.match(r"\d+ ", line)]
    begin = re.match(r"\d+ +", lines[0]).end()
    rows = [(line.split()[0], line[begin:begin + 256 - FIRST]) for line in lines]
    width, height = LEFT + (256 - FIRST) * CELL + 10, TOP + ROW * len(rows) + 10
    out = ["<!-- SPDX-License-Identifier: GPL-3.0-or-later -->",
           f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{title}">',
           f"<style>\n{STYLE}\n</style>", f'<text class="t" x="{LEFT}" y="16">{title}</text>']
    at = LEFT
    for mark, name, count in kinds:
        out.append(f'<rect class="{CLASSES[mark]}" x="{at}" y="27" width="10" height="10"/>'
                   f'<text class="c" x="{at + 15}" y="36">{name} {int(count):,}</text>')
        at += 40 + 6 * len(f"{name} {count}")
    for vector in range(FIRST, 256, 32):
        out.append(f'<text class="c" x="{LEFT + (vector - FIRST) * CELL}" y="{TOP - 5}">{vector}</text>')
    for n, (label, _) in enumerate(rows):
        if len(rows) <= 8 or n % 10 == 0:
            out.append(f'<text class="c" x="{LEFT - 6}" y="{TOP + ROW * n + 6}" text-anchor="end">{label}</text>')
    # the most frequent one is drawn below the others, over the whole line
    most = Counter("".join(cells for _, cells in rows)).most_common(1)[0][0]
    paths = {CLASSES[most]: [f"M0 {n}h{256 - FIRST}" for n in range(len(rows))]}
    for n, (_, cells) in enumerate(rows):
        for first, length, mark in runs(cells):
            if mark != most:
                paths.setdefault(CLASSES.get(mark, "o"), []).append(f"M{first} {n}h{length}")
    out.append(f'<g transform="translate({LEFT},{TOP + ROW / 2}) scale({CELL},{ROW})" stroke-width=".8">')
    out += [f'<path class="{name}" d="{"".join(path)}"/>' for name, path in paths.items()]
    out.append("</g>")
    return "\n".join([*out, "</svg>"]) + "\n"


def of_dump(title, tool, dump, folder):
    env = {**os.environ, "LC_ALL": "C", "COLUMNS": "300", "XDG_CACHE_HOME": str(folder / "cache")}
    text = subprocess.run([tool, "--map", "--color=never", dump], env=env, text=True, capture_output=True).stdout
    return svg(title, text)
