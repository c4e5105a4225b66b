# SPDX-License-Identifier: GPL-3.0-or-later
"""What the commands refuse, and what they say of files that they cannot use."""
import json
import os
import pathlib
import pty
import sqlite3
import subprocess
import tempfile

from harness import TOOL, bad_usage, run, same, shipped, test

PLAIN = shipped("bookworm-plain")


def folder():
    return tempfile.TemporaryDirectory(prefix="irqmatrix-refusals-")


def refused(*args, says):
    """Nothing was written; what is wrong is one line, whose end is this."""
    p = run(*args, status=2)
    same(p.stdout, "", args)
    line = p.stderr.splitlines()[0]
    assert line.startswith("irqmatrix: ") and says in line, p.stderr
    return p.stderr


def fleet(path):
    run("batch", "--db", path, PLAIN, status=0)


@test
def versions_of_all_commands():
    first = run("--version", status=0).stdout
    for command in ("aff", "batch", "diff", "distill", "plan", "query",
                    "merge", "report"):
        same(run(command, "--version", status=0).stdout, first, command)
        p = run(command, "--no-such-option", status=2)
        assert f"'irqmatrix {command} --help'" in p.stderr, p.stderr
        text = run(command, "--help", status=0).stdout
        assert f"irqmatrix {command} " in text and "--help" in text, text


@test
def logs():
    text = run("--log", PLAIN, status=0).stdout
    assert text.startswith("[    0.000000] Linux version 6.1"), text[:80]
    with folder() as d:
        out = f"{d}/without.zst"
        run("distill", PLAIN, out, status=0)
        p = run("--log", out, status=2)
        same(p.stdout, "", "the log")
        same(p.stderr, f"irqmatrix: {out}: distilled without the kernel log\n",
             "of it")


@test
def pools_and_columns():
    p = run("--pools", "-o", "POOL,CPUS", PLAIN)
    assert p.stdout.startswith("POOL     CPUS\nnode 0   "), p.stdout
    same(run("--pools", "-o", "NODE", PLAIN, status=2).stdout, "",
         "no such column")
    same(run("--pools", "--columns", "POOL,CPUS", PLAIN).stdout, p.stdout,
         "--columns")
    assert "'--columns' requires" in bad_usage("--columns"), "without any"


@test
def more_steps_than_there_may_be():
    steps = ["--add", "nvme:1"] * 65
    for command in ("plan",), ("report", "-o", "/dev/null"):
        refused(*command, *steps, PLAIN, says="too many steps: at most 64")
    p = run("plan", "--json", *steps[2:], PLAIN)
    assert p.returncode in (0, 1), p.stderr
    same(len(json.loads(p.stdout)["plans"][0]["steps"]), 64, "64 steps")


@test
def reports_that_cannot_be_made():
    with folder() as d:
        out, db = f"{d}/report.html", f"{d}/fleet.db"
        fleet(db)
        refused("report", "-o", out, f"{d}/nix", says="No such file")
        refused("report", "-o", f"{d}/no/report.html", PLAIN,
                says="No such file")
        refused("report", "-o", out, "--suspend", db, says="is a store")
        refused("report", "-o", out, db, PLAIN, says="is a store")
        refused("report", "-o", out, "--offline", "x", PLAIN, says="CPUs x")
        refused("report", "-o", out, "--remove", "nix", PLAIN,
                says="no device with MSI, nor its driver, is called")
        refused("report", "-o", out, "--vmlinux", "/dev/null", PLAIN,
                says="/dev/null")
        # a store that is not whole
        broken = sqlite3.connect(db)
        broken.execute("DROP TABLE drivers")
        broken.commit()
        broken.close()
        refused("report", "-o", out, db, says="no such table")
        same([n for n in os.listdir(d) if not n.startswith("fleet.db")], [],
             "what is left")
        run("report", "-o", out, "--offline", "1", "--suspend", PLAIN,
            status=0)
        html = pathlib.Path(out).read_text()
        assert "<h2>What would happen: offline 1, suspend" in html
        refused("report", "-o", "/dev/full", PLAIN, says="No space left")


@test
def what_people_name_instead():
    refused("aff", "25", PLAIN, says=f"25: no such file; name the dump first: irqmatrix aff {PLAIN} 25")
    refused("-", says="not from standard input")
    refused("https://host/vmcore", says="download it first")
    with folder() as d:
        for content, says in ((b"PK\x03\x04", "unzip"), (b"[    0.000000] Linux", "kernel log"),
                              (b"\0" * 257 + b"ustar", "tar xf")):
            path = pathlib.Path(d, "vmcore")
            path.write_bytes(content + bytes(8192))
            refused(path, says=says)


@test
def did_you_mean():
    many = shipped("bookworm-exhausted")
    with folder() as d:
        db = f"{d}/fleet.db"
        run("batch", "--db", db, PLAIN, many)
        for args, meant in (
                (("--devcies", PLAIN), "--devices?"),
                (("--jsno=x", PLAIN), "--json?"),
                (("plan", "--ofline", "1", PLAIN), "--offline?"),
                (("paln", PLAIN), 'the command "plan"?'),
                (("help", "distil"), "irqmatrix help distill?"),
                (("-i", "-o", "IRQ,ACTOIN", PLAIN), "ACTION?"),
                (("-i", "-o", "+cuont", PLAIN), "COUNT?"),
                (("query", db, "findigs"), "findings?"),
                (("query", db, "room", "virtio-blc", "9"), "virtio_blk?"),
                (("aff", many, "virtoi1-req.0"), "virtio1-req.0?"),
                (("aff", many, "vdzz"), "vdz?"),
                (("aff", "-D", many, "0000:00:02,0"), "0000:00:02.0?"),
                (("plan", "--remove", "virtio999", many), "virtio99?"),
                (("report", "-o", f"{d}/r", "--remove", "virtio999", many),
                 "virtio99?"),
                (("plan", "--add", "virtoi_blk:2x3", PLAIN),
                 "virtio_blk?"),
                # one that this dump does not have
                (("plan", "--add", "mpt3sa:2", PLAIN), "mpt3sas?"),
                (("plan", "--like", "virtio_bkl", PLAIN), "virtio_blk?")):
            refused(*args, says=f"do you mean {meant}")
        # a driver that exists, although one that is known is near
        run("plan", "--add", "nvmet:3,vectors=1+2", PLAIN, status=0)
        refused("query", db, "room", "ice", "20", says="room ice 20 QUEUES")
        run("query", db, "room", "ice", "20", "4", status=0)


@test
def html_is_not_for_a_terminal():
    master, slave = pty.openpty()
    p = subprocess.Popen([TOOL, "report", PLAIN], stdout=slave,
                         stderr=subprocess.PIPE)
    os.close(slave)
    _, said = p.communicate(timeout=60)
    os.close(master)
    assert b"standard output is a terminal" in said, said
    same(p.returncode, 2, "exit status")


@test
def merges_of_what_is_no_store():
    with folder() as d:
        into, lines = f"{d}/into.db", f"{d}/lines.ndjson"
        run("batch", "--ndjson", lines, PLAIN, status=0)
        text = pathlib.Path(lines).read_text()
        run("merge", "-o", into, lines, status=0)
        # the writer was killed
        pathlib.Path(lines).write_text(text + text[:100])
        p = run("merge", "-o", into, lines, status=0)
        assert "the last line is incomplete" in p.stderr, p.stderr
        pathlib.Path(lines).write_text(text.replace('"hash":"', '"hash":"x'))
        p = run("merge", "-o", into, lines, status=2)
        assert f"{lines}: line 1: not a record" in p.stderr, p.stderr
        p = run("merge", "-o", into, f"{d}/nix", status=2)
        assert f"{d}/nix: No such file" in p.stderr, p.stderr
        p = run("merge", "-o", f"{d}/no/into.db", status=2)
        assert f"{d}/no/into.db: unable to open" in p.stderr, p.stderr
        same(run("query", "--csv", "--no-header", "--sql",
                 "SELECT count(*) FROM dumps", into, status=0).stdout,
             "1\r\n", "the one dump")


@test
def batches_that_cannot_begin():
    with folder() as d:
        lines = f"{d}/lines.ndjson"
        pathlib.Path(lines).write_text("somebody else's\n")
        p = run("batch", "--ndjson", lines, PLAIN, status=2)
        assert "not written by irqmatrix batch" in p.stderr, p.stderr
        same(pathlib.Path(lines).read_text(), "somebody else's\n", "the file")
        p = run("batch", "--ndjson", f"{d}/no/lines", PLAIN, status=2)
        assert f"{d}/no/lines: No such file" in p.stderr, p.stderr
        p = run("batch", "--db", f"{d}/no/fleet.db", PLAIN, status=2)
        assert f"{d}/no/fleet.db: unable to open" in p.stderr, p.stderr
        # two at once: the second finds the file locked
        os.remove(lines)
        with open(lines, "a", encoding="ascii") as held:
            import fcntl
            fcntl.flock(held, fcntl.LOCK_EX)
            p = run("batch", "--ndjson", lines, PLAIN, status=2)
        assert "another batch writes to it" in p.stderr, p.stderr


@test
def files_of_a_batch_that_are_none():
    with folder() as d:
        db, zeros = f"{d}/fleet.db", f"{d}/zeros"
        pathlib.Path(zeros).write_bytes(bytes(100000))
        p = run("batch", "--db", db, zeros, status=2)
        assert "begins with zeroes" in p.stdout, p.stdout
        rows = json.loads(run("query", "--json", "--sql", "SELECT outcome, "
                              "reason FROM dumps ORDER BY path", db,
                              status=0).stdout)
        same({r["outcome"] for r in rows}, {"failed"}, "outcomes")
        # all anew, though it is known
        fleet(db)
        before = run("query", "--csv", "--sql", "SELECT analysed_ns FROM dumps "
                     "WHERE outcome <> 'failed'", db).stdout
        run("batch", "--redo=all", "--db", db, PLAIN, status=0)
        after = run("query", "--csv", "--sql", "SELECT analysed_ns FROM dumps "
                    "WHERE outcome <> 'failed'", db).stdout
        assert before != after and after.count("\n") == 2, (before, after)


@test
def several_interrupts():
    doc = json.loads(run("--json", PLAIN).stdout)
    numbers = [str(i["irq"]) for i in doc["irqs"][:3]]
    text = run("aff", PLAIN, *numbers).stdout
    blocks = text.split("\n\n")[1:]  # the machine is first
    same([b.split(",")[0].split()[-1] for b in blocks[:3]], numbers, "blocks")
