# SPDX-License-Identifier: GPL-3.0-or-later
"""What needs no dump: usage, help, exit statuses of nothing."""
import json
import os
import re
import tempfile

from harness import COMMANDS, SHIPPED, bad_usage, run, same, test


@test
def help_teaches():
    text = run("--help", status=0).stdout
    for word in ("Usage:\n irqmatrix ", "Exit status:", "Examples:"):
        assert word in text, word
    same(run("-h", status=0).stdout, text, "-h")
    for command in COMMANDS:
        assert re.search(rf"^ irqmatrix {command} .*\S   *[a-z ]+\??$", text,
                         re.M), command
        own = run(command, "--help", status=0).stdout
        assert f"irqmatrix {command}" in own, own
    for line in text.splitlines():
        assert len(line) <= 80, line


@test
def help_of_plan():
    text = run("plan", "--help", status=0).stdout
    assert "irqmatrix plan" in run("--help", status=0).stdout
    for word in ("--add", "--remove", "--offline", "--suspend", "Exit status:"):
        assert word in text, word
    for line in text.splitlines():
        assert len(line) <= 80, line


@test
def a_plan_of_nothing():
    assert "no step" in bad_usage("plan", "vmcore")


@test
def a_question_of_nothing():
    assert "no store" in bad_usage("query")
    assert "no question" in bad_usage("query", "fleet.db", "who")
    assert 'usage: "room DRIVER N ' in bad_usage("query", "fleet.db", "room")
    assert "exclusive" in bad_usage("query", "--json", "--csv", "fleet.db")
    assert "no store to merge into" in bad_usage("merge", "fleet.db")


@test
def a_store_is_asked():
    with tempfile.TemporaryDirectory() as folder:
        store = os.path.join(folder, "fleet.db")
        p = run("query", store, status=2)
        assert p.stderr.startswith(f"irqmatrix: {store}: "), p.stderr
        run("merge", "-o", store, status=0)
        assert "vectors" in run("query", store, status=0).stdout
        same(run("query", "--json", store, "failed", status=0).stdout, "[]\n",
             "no dumps")
        same(run("query", "--csv", "--sql", "SELECT 1.5 AS a, NULL AS b, "
                 "'x,\x1b' AS c, ?1 + 1 AS d", store, "41",
                 status=0).stdout, 'A,B,C,D\r\n1.5,,"x,\\x1b",42\r\n', "CSV")
        same(json.loads(run("query", "--json", "--sql", "SELECT 1.5 AS a, "
                            "NULL AS b", store, status=0).stdout),
             [{"a": 1.5, "b": None}], "JSON")
        # a column of a store that is somebody else's may be called anything
        odd = "SELECT 9e999 AS '\x1b[31ma'"
        same(run("query", "--json", "--sql", odd, store, status=0).stdout,
             '[{"\\\\x1b[31ma":null}]\n', "JSON")
        same(run("query", "--csv", "--sql", odd, store, status=0).stdout,
             '\\x1b[31MA\r\nInf\r\n', "CSV")
        run("query", "--sql", "DELETE FROM dumps", store, status=2)
        # dates and rounded numbers, for people only
        times = ("SELECT 1796049240 AS crash_time, 0 AS first_crash, "
                 "1796049240123456789 AS analysed_ns, 1796049240 AS n, "
                 "-1 AS last_crash, 2.0/3 AS r, 1e300 AS huge, 9e999 AS inf")
        same(run("query", "--sql", times, store, status=0).stdout.split()[8:],
             ["2026-11-30T14:34:00Z", "1970-01-01T00:00:00Z",
              "2026-11-30T14:34:00Z", "1796049240", "-1", "0.7", "1.0e+300",
              "Inf"], "dates")
        same(run("query", "--csv", "--no-header", "--sql", times, store,
                 status=0).stdout.split(",")[:6],
             ["1796049240", "0", "1796049240123456789", "1796049240", "-1",
              "0.666666666666667"], "CSV")
        same(json.loads(run("query", "--json", "--sql", times, store,
                            status=0).stdout)[0]["crash_time"], 1796049240,
             "JSON")
        for late in "300000000000", "999999999999999999":
            same(run("query", "--no-header", "--sql",
                     f"SELECT {late} AS crash_time", store,
                     status=0).stdout.strip(), late, "no year of four digits")
        # what goes wrong after the first row, or before it
        for rows in "(1), (-1 << 63)", "(-1 << 63)":
            for how in ("--csv",), ("--json",), ():
                p = run("query", *how, "--sql", "SELECT abs(column1) FROM "
                        f"(VALUES {rows})", store, status=2)
                same(p.stderr, f"irqmatrix: {store}: integer overflow\n",
                     "the error")
                same(p.stdout, "", "an answer that is none")


@test
def version():
    assert re.fullmatch(r"irqmatrix \d+\.\d+\.\d+\n",
                        run("--version", status=0).stdout)
    run("aff", "-V", status=0)


@test
def no_dump():
    assert "name one or more after --live" in bad_usage("aff")
    assert "no interrupt: name one or more after x" in bad_usage("aff", "x")


@test
def a_slip_is_answered_with_what_was_meant():
    for word, meant in (("plna", '"plan"'), ("dif", '"diff"'),
                        ("distil", '"distill"'), ("devices", "--devices"),
                        ("check", "--check")):
        assert bad_usage(word, "x").endswith(f"{meant}?"), word
    for word in ("vmcore", "x", "30", "incident"):
        assert "No such file" in run(word, status=2).stderr, word
    same(run("help", status=0).stdout, run("--help", status=0).stdout, "help")
    same(run("help", "plan", status=0).stdout,
         run("plan", "--help", status=0).stdout, "help plan")
    assert '"nix"' in bad_usage("help", "nix")
    assert "irqmatrix batch" in run(str(SHIPPED), status=2).stderr
    assert "irqmatrix batch" in run("query", "/nix.db", status=2).stderr
    dump = str(SHIPPED / "bookworm-plain.zst")
    assert bad_usage(dump, "31").endswith(f"irqmatrix aff {dump} 31")
    assert run("aff", dump, "5000", status=2).stderr.endswith(
        "no such IRQ: 5000; the dump has 0-15,24-43\n")


@test
def unknown_options():
    assert "--nix" in bad_usage("--nix", "x")
    assert "'x'" in bad_usage("-x", "x")
    assert "'d'" in bad_usage("aff", "-d", "x", "1")
    assert "--top" in bad_usage("x", "--top")


@test
def exclusive_options_by_name():
    for a, b in (("--devices", "--irqs"), ("--irqs", "--vectors"),
                 ("--vectors", "--debugfs"), ("--debugfs", "--json"),
                 ("--log", "--json"),
                 ("--csv", "--json"), ("--cpus", "--devices"),
                 ("--cpus", "--json"), ("--all", "--irqs"),
                 ("--output", "--json"), ("--top", "--debugfs"),
                 ("--no-header", "--json"), ("--csv", "--debugfs"),
                 ("--list-columns", "--json")):
        args = []
        for name in (a, b):
            args.append(name)
            if name in ("--cpus", "--top", "--output"):
                args.append("1")
        message = bad_usage(*args, "x")
        same(message, f"irqmatrix: {a} and {b} are mutually exclusive", args)
    # the same view twice is no contradiction
    assert "No such file" in run("-d", "--devices", "/nix", status=2).stderr


@test
def bad_values():
    for n in ("0", "", "-1", "3x", "99999999999999999999", " 1"):
        assert "--top" in bad_usage("--top", n, "x")
    assert "--color" in bad_usage("--color=blue", "x")
    for size in ("0", "", "x", "-1", "1P", "1MB", "20000000T", "1.5G"):
        assert "--tmp-limit" in bad_usage("--tmp-limit", size, "x")
    assert '"NIX"' in bad_usage("-o", "CPU,NIX", "x")
    assert '"IRQ"' in bad_usage("-d", "-o", "IRQ", "x")


@test
def files_that_are_no_dumps():
    p = run("/nix/vmcore", status=2)
    assert p.stderr.startswith("irqmatrix: /nix/vmcore: "), p.stderr
    for content in (b"", b"x", b"KDUMP   ", b"\x7fELF", bytes(65536)):
        with tempfile.NamedTemporaryFile() as f:
            f.write(content)
            f.flush()
            p = run(f.name, status=2)
            assert p.stderr.startswith(f"irqmatrix: {f.name}: "), p.stderr
            same(p.stderr.count("\n"), 1, content)
            same(p.stderr.count(f.name), 1, content)
            run("aff", f.name, "1", status=2)
    run("/", status=2)


@test
def columns_are_listed():
    seen = set()
    for view in ((), ("-d",), ("-i",), ("-v",)):
        text = run("--list-columns", *view, status=0).stdout
        assert text.startswith("COLUMN "), text
        seen.add(text)
    same(len(seen), 4, "lists")


@test
def help_to_a_full_disk():
    with open("/dev/full", "w") as full:
        p = run("--help", stdout=full, status=2)
        same(p.stderr, "irqmatrix: standard output: No space left on "
             "device\n", "--help")
        # short enough to be written when the tool ends
        p = run("aff", "--help", stdout=full, status=2)
        same(p.stderr, "irqmatrix: standard output: No space left on "
             "device\n", "aff --help")
        p = run("--list-columns", "-i", stdout=full, status=2)
        same(p.stderr.count("\n"), 1, "--list-columns")
