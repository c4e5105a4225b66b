# SPDX-License-Identifier: GPL-3.0-or-later
"""Columns, headers, colour, and where the output goes."""
import json
import os
import pathlib
import signal
import subprocess
import tempfile

from harness import (CSI, DOC, DUMP, LINK, STATUS, TABLES, TOOL, VIEWS, VMLINUX,
                     dump_test, on_dump, on_terminal, run, same, shipped,
                     table, test)


@dump_test
def all_views():
    for view in VIEWS:
        p = on_dump(*view, status=STATUS)
        assert p.stdout, view
        same(p.stderr, "", view)
        assert "\x1b" not in p.stdout, view
    for short, long in (("-d", "--devices"), ("-i", "--irqs"),
                        ("-v", "--vectors"), ("-D", "--debugfs"),
                        ("-M", "--map"),
                        ("-k", "--check"), ("-p", "--pools"),
                        ("-j", "--json"), ("-a", "--all")):
        same(on_dump(short).stdout, on_dump(long).stdout, long)


@dump_test
def columns_in_the_order_asked_for():
    for view, names in (((), "VECTORS,CPU,STATE"), (("-d",), "DRIVER,COST"),
                        (("-i",), "ACTION,IRQ,IRQ"),
                        (("-v",), "IRQ,OWNER,CPU")):
        text = on_dump(*view, "-o", names.lower(), status=STATUS).stdout
        same(text.split("\n")[0].split(), names.split(","), view)
        text = on_dump(*view, "--csv", "-o", names).stdout
        same(text.split("\r\n")[0], names, view)


@dump_test
def top_and_no_header():
    for view in TABLES:
        full = on_dump(*view, "--csv").stdout.split("\r\n")[:-1]
        same(on_dump(*view, "--csv", "--no-header").stdout.split("\r\n")[:-1],
             full[1:], view)
        same(on_dump(*view, "--csv", "--top", "2").stdout.split("\r\n")[:-1],
             full[:3], view)
    lines = on_dump("--no-header").stdout
    assert "AVAIL ALLOC" not in lines and "AVAILABLE" in lines, lines


@dump_test
def only_some_cpus():
    for spelling in (("-c", "0"), ("--cpus", "0"), ("--cpus=0",)):
        same([r["CPU"] for r in table(*spelling)], ["0"], spelling)
    same({r["CPU"] for r in table("-v", "-c", "0")}, {"0"}, "-v")
    p = on_dump("-c", "70000", status=2)
    assert p.stderr.startswith(f"irqmatrix: {DUMP}: --cpus 70000: "), p.stderr
    same(p.stdout, "", "-c 70000")


@dump_test
def color_changes_nothing_else():
    for view in VIEWS:
        plain = on_dump(*view).stdout
        bold = on_dump(*view, "--color").stdout
        same(CSI.sub("", bold), plain, view)
        if view != ("-k",) or DOC["findings"]:
            same("\x1b" in bold, view not in (("-D",), ("-j",)), view)
    same(on_dump("--color", "--csv").stdout, on_dump("--csv").stdout, "--csv")


@dump_test
def through_a_pager():
    plain = on_terminal()
    with tempfile.TemporaryDirectory() as d:
        page = pathlib.Path(d, "page")
        for pager in f"cat >{page}", f"echo $LESS >{page}; cat >>{page}":
            same(on_terminal(env={"PAGER": pager}), "", "not through the pager")
        # a pager gets no links
        same(page.read_text(), "FRX\n" + LINK.sub("", plain), "through the pager")
        page.unlink()
        for args, env in (((), {"PAGER": ""}), ((), {"TERM": "dumb"}), (("--no-pager",), {})):
            text = on_terminal(*args, env={"PAGER": f"cat >{page}", **env})
            same(CSI.sub("", text), CSI.sub("", plain), (args, env))
            assert not page.exists(), (args, env)
    # one that does not exist, or does not read
    same(on_terminal(env={"PAGER": "true"}), "", "a pager that ends at once")
    # more than a pipe holds
    same(on_terminal("-j", env={"PAGER": "true"}), "", "a pager that does not read")
    same(on_terminal(env={"PAGER": "no-such-pager 2>&-"}), LINK.sub("", plain),
         "no pager can be started")
    run("--no-pager", "--version", status=0)
    assert "no such file" in run("--", "--no-pager", status=2).stderr.lower()


@dump_test
def links_on_a_terminal():
    link = "\x1b]8;;man:irqmatrix-findings(7)\x1b\\"
    findings = [f for f in DOC["findings"]]
    for args in ("-k",), ("-k", "--color"):
        text = on_terminal(*args)
        same(text.count(link), len(findings), args)
        same(CSI.sub("", text), on_dump("-k").stdout, args)
    for env in {"TERM": "dumb"}, {"TERM": "linux"}, {"NO_COLOR": "1"}:
        assert "\x1b]8" not in on_terminal("-k", env=env), env
    assert "\x1b]8" not in on_terminal("-k", "--color=never")
    assert "\x1b]8" not in on_dump("-k", "--color").stdout
    with tempfile.TemporaryDirectory() as d:
        page = pathlib.Path(d, "page")
        on_terminal("-k", env={"PAGER": f"cat >{page}"})
        assert "\x1b]8" not in page.read_text(), "through a pager"


@dump_test
def color_on_a_terminal():
    plain = on_dump("-i").stdout
    bold = on_terminal("-i")
    assert "\x1b[1m" in bold, bold[:99]
    same(CSI.sub("", bold), plain, "terminal")
    same(on_terminal("-i", env={"NO_COLOR": "1"}), plain, "NO_COLOR")
    assert "\x1b" in on_terminal("-i", env={"NO_COLOR": ""})
    same(on_terminal("-i", env={"TERM": "dumb"}), plain, "dumb")
    same(on_terminal("-i", "--color=never"), plain, "never")
    assert "\x1b" in on_terminal("-i", "--color", env={"NO_COLOR": "1"})
    # people get it indented, and it is the same document
    text = on_terminal("-j")
    assert text.startswith("{\n"), text[:9]
    same(json.loads(text), DOC, "-j")


@test
def map_in_the_characters_of_the_locale():
    letters = str.maketrans("█▓░=·", "#mis.")
    plain, drawn = (run("-M", shipped("bookworm-exhausted"),
                        env={"LC_ALL": name}).stdout
                    for name in ("C", "C.UTF-8"))
    assert plain.isascii() and "\n1   #mmm" in plain, plain
    assert "\n1   █▓▓▓" in drawn, drawn
    same(drawn.translate(letters), plain, "C.UTF-8")


@dump_test
def full_disk():
    for args in (*VIEWS, ("--csv", "-v"), ("aff", "--", "0-99")):
        with open("/dev/full", "w") as full:
            p = on_dump(*args, stdout=full, status=2)
        assert "irqmatrix: standard output: No space left on device\n" \
            in p.stderr, (args, p.stderr)


@dump_test
def pager_that_was_left():
    for ignored in (False, True):
        for view in VIEWS:
            r, w = os.pipe()
            os.close(r)
            p = on_dump(*view, stdout=w, restore_signals=not ignored)
            os.close(w)
            same(p.stderr, "", view)
            same(p.returncode, 2 if ignored else -signal.SIGPIPE, view)


@dump_test
def closed_output():
    p = subprocess.run(["sh", "-c", 'exec "$@" >&-', "sh", TOOL,
                        *(["--vmlinux", VMLINUX] if VMLINUX else []), DUMP],
                       stderr=subprocess.PIPE)
    same(p.returncode, 2, p.stderr)
