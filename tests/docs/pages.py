# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of the manual pages that are written from another source, so that each fact is in one place.

| page | part | source |
| --- | --- | --- |
| irqmatrix.1 | COLUMNS | --list-columns |
| irqmatrix.1 | SHORT OPTIONS | the help of each command, and of crash's |
| irqmatrix-plan.1, irqmatrix-diff.1 | COLUMNS | the tables in lib/render/ |
| irqmatrix-query.1 | QUESTIONS | fleet/store/queries.c, docs/store.md |
| irqmatrix-findings.7 | DESCRIPTION, FINDINGS | docs/findings.md, which a unit test compares with lib/analysis/kinds.def |
"""
import pathlib
import re
import subprocess

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
# Where a package has the documents; `make install` puts its own folder there.
INSTALLED = "/usr/share/doc/irqmatrix"


# Markdown to mdoc

def escaped(text):
    """Text of a line: no request, no escape, and a minus that can be copied."""
    text = re.sub(r"(?<![\w-])-(?=\w)", r"\\-", text.replace("\\", r"\e"))
    return r"\&" + text if text[:1] in (".", "'") else text


def sentences(text):
    """Each on a line of its own, as mandoc wants them."""
    return [escaped(line) for line in re.sub(r"([.!?]\)?) (?=[A-Z(])", r"\1\n", text.strip()).split("\n") if line]


def marked(before, code, target, after):
    """A line for `code` or a link between the delimiters before and after."""
    if code:
        code = escaped(code)
        what = ["Ql", *before, f'"{code}"' if " " in code else code]
    elif target == "findings.md":
        what = ["Xr", *before, "irqmatrix-findings", "7"]
    else:
        what = ["Pa", *before, f"{INSTALLED}/{target}"]
    return " ".join(["." + what[0], *what[1:], *after])


def paragraph(text):
    """The lines of one paragraph; `code` and links have lines of their own."""
    lines, end, text = [], 0, " ".join(text.split())
    for found in re.finditer(r"(\(?)(?:`([^`]+)`|\[[^]]+\]\(([^)]+)\))([).,:;]*)(?= |$)", text):
        lines += [*sentences(text[end:found.start()]), marked(*found.groups())]
        end = found.end()
    lines += sentences(text[end:])
    assert not [line for line in lines if "`" in line], f"a mark in the middle of a word: {text}"
    return lines


def joined(parts):
    return [line for n, part in enumerate(parts) for line in [".Pp"] * bool(n) + part]


# Options

LETTER = re.compile(r"^ -(\w), --([a-z-]+)(?: <(\w+)>)?", re.M)
CRASH_LETTER = re.compile(r'^"    -(\w), --([a-z-]+)(?: ([\w.]+))?  ', re.M)


def help_of(tool, command):
    return subprocess.run([tool, *command.split(), "--help"], capture_output=True, text=True).stdout


def commands(tool):
    """Those that the help's first lines name."""
    usage = help_of(tool, "").split("\n\n")[0]
    return [""] + re.findall(r"(?m)^ irqmatrix ([a-z]+) ", usage)


def help_in_crash():
    """[(command, the C strings of its help)]"""
    return re.findall(r"irqm_help_(\w+)\[\] = \{(.*?)NULL", (TOP / "extension/help.c").read_text(), re.S)


def letters_of_help(tool):
    """{command: [(letter, long option, what it wants)]}, of the tool and, as "crash: irqaff", of the extension."""
    found = {f"irqmatrix {command}".strip(): LETTER.findall(help_of(tool, command)) for command in commands(tool)}
    for name, text in help_in_crash():
        found[f"crash: {name}"] = CRASH_LETTER.findall(text)
    return found


def short_options(tool):
    """A line for each meaning of a letter, with the commands of the tool and of crash."""
    meanings = {}
    for command, options in letters_of_help(tool).items():
        column, name = ("crash", command.removeprefix("crash: ")) if ":" in command else ("tool", command.removeprefix("irqmatrix "))
        for letter, long, wants in options:
            # --output alone wants one thing here and another there
            row = meanings.setdefault((letter, f"{long} Ar {wants}" if long == "output" else long), {"tool": [], "crash": []})
            row[column].append(name)
    lines = ['.Bl -column "-x" "--output store" "irqmatrix, aff, diff, plan, query" "irqmatrix"',
             ".It Sy \\& Ta Sy long Ta Sy irqmatrix(1) and its commands Ta Sy in crash"]
    for (letter, long), row in sorted(meanings.items(), key=lambda m: (m[0][0].lower(), m[0][0].isupper(), m[0][1])):
        cells = ["all of them" if len(row["tool"]) == len(commands(tool)) else ", ".join(row["tool"]),
                 "all three" if len(row["crash"]) == len(help_in_crash()) else ", ".join(row["crash"])]
        lines.append(f".It Fl {letter} Ta Fl -{long}" + "".join(f" Ta {cell or '-'}" for cell in cells))
    return lines + [".El"]


# Columns

def listed(title, rows):
    """A list of columns, or of anything that has a name."""
    width = max(len(name) for name, _ in rows) + 1
    return [f".Ss {title}"] * bool(title) + [f".Bl -tag -width {'X' * width} -compact"] + [
        line for name, meaning in rows for line in (f".It {name}", escaped(meaning))] + [".El"]


def columns(tool):
    """What --list-columns prints of each view."""
    lines = []
    for title, *option in ("CPUs",), ("Devices", "-d"), ("Interrupts", "-i"), ("Vectors", "-v"), ("Pools", "--pools"):
        text = subprocess.run([tool, "--list-columns", *option], capture_output=True, text=True).stdout
        lines += [f".Ss {title}", ".Bl -tag -width MAN-VECTORS* -compact"]
        for name, default, meaning in re.findall(r"(?m)^(\S+) +(\*?) *(.*)$", re.sub(r"\n +", " ", text))[1:]:
            lines += [f".It {name}{default}", escaped(meaning)]
        lines.append(".El")
    # -o chooses none of these
    lines += listed("Drivers, above the devices", facts_in("lib/facts/driver.def"))
    lines += listed("Owners, below the pools", table_in("lib/render/views/pools.c", "cost_columns"))
    return lines


def text_of(literals):
    """Of C: "a" "b" is ab."""
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', literals))


def table_in(path, name=r"\w*columns"):
    """[(title, meaning)] of a table of struct irqm_column; rows of cpumap.def where it is included."""
    body = re.search(rf"struct irqm_column {name}\[\] = \{{\n(.*?)\n\}};", (TOP / path).read_text(), re.S)[1]
    rows = [(title, text_of(meaning)) for title, meaning in re.findall(r'\{ "([^"]+)",\s*((?:"[^"]*"\s*)+),', body)]
    return rows + (facts_in("lib/facts/cpumap.def", "FACT|COLUMN") if "cpumap.def" in body else [])


def facts_in(path, kinds="FACT|COLUMN|CELL"):
    """[(title, meaning)] of the columns in lib/facts/, in their order."""
    rows = []
    text = re.sub(r'#include "(facts/(?!begin|end).*)"', lambda m: (TOP / "lib" / m[1]).read_text(), (TOP / path).read_text())
    for place, title, meaning in re.findall(rf'(?:{kinds})\([^"]*?(\d+), "([^"]+)",\s*\w+,\s*((?:"[^"]*"\s*)+)\)', text):
        rows.append((int(place), title, text_of(meaning)))
    return [row[1:] for row in sorted(rows)]


def plan_columns(_):
    return listed("", table_in("lib/render/views/plan.c"))


def diff_columns(_):
    tables, irqs = "lib/render/diff/tables.c", "lib/render/diff/irqs.c"
    return [*listed("Drivers", table_in(tables, "sum_columns")), *listed("Devices", table_in(irqs, r"device\w*")),
            *listed("CPUs", table_in(tables, "cpu_columns")), *listed("Interrupts", table_in(irqs, r"irq\w*")),
            *listed("Findings", table_in(tables, "finding_columns"))]


# Questions of irqmatrix query

def questions(_):
    """Each with its arguments, what the tool says of it, and what docs/store.md adds."""
    lines = [".Bl -tag -width Ds"]
    document = (TOP / "docs/store.md").read_text()
    source = (TOP / "fleet/store/queries.c").read_text()
    for name, args, meaning in re.findall(r'\{ "(\w+)", "([^"]*)", \d, \d,\s*((?:"[^"]*"\s*)+),', source):
        text = re.search(rf"(?ms)^### {re.escape(f'{name} {args}'.strip())}\n\n(.*?)\n```sql", document)[1]
        first = text_of(meaning)[0].upper() + text_of(meaning)[1:] + "."
        assert text.startswith(f"{first}\n"), f"docs/store.md on {name} does not begin with: {first}"
        asked = "".join({"[": " Oo", "]": " Oc"}.get(word, f" Ar {word}") for word in re.findall(r"\w+|[][]", args))
        # what begins with a test's name is for those who have the sources
        parts = [paragraph(part) for part in text.strip().split("\n\n") if not part.startswith("`tests/")]
        lines += [f".It Cm {name}{asked}", *joined(parts)]
    return lines + [".El"]


# Findings

def finding_parts():
    """The introduction, and [(code, text)], of docs/findings.md."""
    sections = re.split(r"(?m)^## (.*)\n", (TOP / "docs/findings.md").read_text())
    return sections[0], [(code, text) for code, text in zip(sections[1::2], sections[2::2]) if re.fullmatch(r"[a-z0-9-]+", code)]


def finding_rules(_):
    """What findings are; up to what is said of this document."""
    text = finding_parts()[0].split("# Findings\n")[1].split('\n"Data" lists')[0]
    parts = [part for part in re.split(r"\n\n", text) if part.strip()]
    lines = []
    for part in parts:
        items = re.findall(r"(?s)- (\w+): (.*?)(?=\n- |\Z)", part.strip() if part.lstrip().startswith("- ") else "")
        if items:
            lines += [".Bl -tag -width critical"] + [line for name, meaning in items for line in (f".It {name}", *paragraph(meaning))] + [".El"]
        else:
            lines += [".Pp"] * bool(lines) + paragraph(part)
    return lines


def findings(_):
    """Each finding: what it means, what to do, and what decides its severity."""
    lines = []
    for code, text in finding_parts()[1]:
        lines.append(f".Ss {code}")
        for n, part in enumerate(text.strip().split("\n\n")):
            label = re.match(r"(What to do|Severity|Data): ", part)
            if label and label[1] == "Data":
                continue  # keys of the document, for programs
            lines += [".Pp"] * bool(n)
            if label:
                lines += [f".Em {label[1]} :"] + paragraph(part[label.end():])
            else:
                lines += paragraph(part)
    return lines


# Lists that are written by hand, of names that the sources have

def fields(folder):
    """Lines "NAME: ..." of the files there."""
    calls = "".join(arguments for path in sorted(TOP.glob(folder)) for arguments in re.findall(r"irqm_field\(([^)]*)\)", path.read_text()))
    return set(re.findall(r'"(\w+)"', calls))


def array(path, name):
    """The strings of an array, or the first ones of its rows."""
    body = re.search(rf"\b{name}\[[^]]*\] = \{{\n(.*?)\n\s*\}};", (TOP / path).read_text(), re.S)[1]
    return set(re.findall(r'\] = (?:\{ )?"([^"]+)"', body))


def plan_ends():
    """Those of the library, and what the table has instead of "fits"."""
    both = re.search(r'irqm_plan_is_cpu\(r\) \? "(\w+)" : "(\w+)"', (TOP / "lib/render/views/plan.c").read_text())
    return array("lib/plan/plans.c", "names") | set(both.groups())


def reasons():
    return set(re.findall(r'return "([\w-]+)";', re.search(r"\*irqm_why_name\(.*?\n\}", (TOP / "lib/base/error.c").read_text(), re.S)[0])) - {"ok"}


def batch_words():
    """The severities, "ok", and the outcomes of dumps that were not read whole."""
    severities = re.search(r"\*irqm_severity_name\(.*?\n\}", (TOP / "lib/analysis/findings/finding.c").read_text(), re.S)[0]
    verdict = re.search(r"\*verdict_of\(.*?\n\}", (TOP / "fleet/batch/sink.c").read_text(), re.S)[0]
    told = set(re.findall(r"IRQM_OUTCOME_(\w+)", verdict))
    outcomes = dict(re.findall(r'\[IRQM_OUTCOME_(\w+)\] = "(\w+)"', (TOP / "fleet/store/outcome.c").read_text()))
    return set(re.findall(r'"(\w+)"', severities + verdict)) | {outcomes[name] for name in told}


def machine_words(path, pattern):
    """What the parser of machines knows."""
    return set(re.findall(pattern, (TOP / "lib/machine" / path).read_text()))


def machine_dump_keys():
    return set(re.findall('"(.*?)"', re.search(r"irqm_machine_dump_keys\[\] = \{(.*?)\}", (TOP / "lib/machine/line.c").read_text(), re.S)[1]))


# page, section or part of one, the names that its list must have
LISTS = (
    ("irqmatrix.1", "The verdict", lambda: array("lib/render/views/findings.c", "verdicts")),
    ("irqmatrix.1", "The totals", lambda: fields("lib/render/views/matrix.c")),
    ("irqmatrix.1", "The map", lambda: array("lib/render/views/map.c", r"looks")),
    ("irqmatrix.1", "What could not be read", reasons),
    ("irqmatrix-aff.1", "OUTPUT", lambda: fields("lib/render/irqaff/*.c")),
    ("irqmatrix-batch.1", "OUTPUT", batch_words),
    ("irqmatrix-plan.1", "END", plan_ends),
    ("irqmatrix-machine.5", "LINES", lambda: machine_words("line.c", r'\{ "([a-z-]+)", (?:take|irqm)_')),
    ("irqmatrix-machine.5", "INTERRUPTS", lambda: machine_words("line_irq.c", r'\{ "([a-z-]+)", [A-Z]+, ')),
    ("irqmatrix-machine.5", "LINES ABOUT A DUMP", machine_dump_keys),
)

# page, section, how the written part begins (before it, the section has words of its own), what writes it
PARTS = (
    ("irqmatrix.1", "COLUMNS", r"\.Ss ", columns),
    ("irqmatrix.1", "SHORT OPTIONS", r"\.Bl ", short_options),
    ("irqmatrix-plan.1", "COLUMNS", r"\.Bl ", plan_columns),
    ("irqmatrix-diff.1", "COLUMNS", r"\.Ss ", diff_columns),
    ("irqmatrix-query.1", "QUESTIONS", r"\.Bl ", questions),
    ("irqmatrix-findings.7", "DESCRIPTION", "", finding_rules),
    ("irqmatrix-findings.7", "FINDINGS", "", findings),
)
