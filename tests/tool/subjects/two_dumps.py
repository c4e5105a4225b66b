# SPDX-License-Identifier: GPL-3.0-or-later
"""irqmatrix diff, on dumps that ship with the project."""
import json
import pathlib
import random
import tempfile

from harness import CSI, SHIPPED, bad_usage, run, same, shipped, test, unpacked


def changed(a, b):
    """The document of what differs, checked against those of both."""
    docs = [json.loads(run("-j", d).stdout) for d in (a, b)]
    doc = json.loads(run("diff", "-j", a, b, status=1).stdout)
    before, after = ({d["device"]: d["cost"] for d in x["devices"]}
                     for x in docs)
    listed = {(d["device"], d["change"]): d for d in doc["devices"]}
    same({n for n, c in listed if c != "went"} | set(before) - set(after),
         {n for n, _ in listed}, "went")
    for name in before.keys() - after.keys():
        assert (name, "went") in listed, name
    for name in after.keys() - before.keys():
        assert (name, "came") in listed, name
    came, went, now = (sum(d["cost_change"] for (_, c), d in listed.items()
                           if c == which)
                       for which in ("came", "went", "changed"))
    sums = doc["change"]
    same((sums["devices_came"], sums["devices_went"],
          sums["devices_changed"]), (came, went, now), "sums")
    same(came + went + now, sum(after.values()) - sum(before.values()),
         "costs of all devices")
    gone = [d["matrix"]["global_available"] for d in docs]
    same(sums["global_available"], gone[1] - gone[0], "global_available")
    same(sums["global_available"], sums["capacity"] - came - went - now -
         sums["no_msi_device"] - sums["unattributed"], "to the last vector")
    for cpu in doc["cpus"]:
        for side, d in (("before", docs[0]), ("after", docs[1])):
            here = [c for c in d["cpus"] if c["cpu"] == cpu["cpu"]]
            same(cpu[side], {k: here[0][k] for k in cpu[side]} if here
                 else None, cpu)
    return doc


@test
def two_dumps():
    assert "diff needs two dumps" in bad_usage("diff")
    assert "only one" in bad_usage("diff", "x")
    assert "--" in bad_usage("diff", "x", "y", "z")
    assert "'d'" in bad_usage("diff", "-d", "x", "y")
    same(bad_usage("diff", "-a", "-j", "x", "y"), "irqmatrix: --all and "
         "--json are mutually exclusive", "-a -j")
    for line in run("diff", "--help", status=0).stdout.splitlines():
        assert len(line) <= 80, line
    plain, more = shipped("bookworm-plain"), shipped("bookworm-exhausted")
    for a, b in ((plain, "/nix"), ("/nix", plain)):
        p = run("diff", a, b, status=2)
        assert p.stderr.startswith("irqmatrix: /nix: "), p.stderr
    p = run("diff", plain, plain, status=0)
    for line in "     BEFORE: lab: Linux ", "      AFTER: lab: Linux ":
        assert line in p.stdout, p.stdout
    assert "\n\nno differences: 5 devices, " in p.stdout, p.stdout
    same(run("diff", plain, "--", plain, status=0).stdout, p.stdout, "--")
    p = run("diff", "--color", "-a", plain, more, status=1)
    same(CSI.sub("", p.stdout), run("diff", "-a", plain, more).stdout, "-a")
    assert "DEVICE" in p.stdout, p.stdout
    bare = run("diff", "--no-header", plain, more).stdout
    assert "DEVICE" not in bare and "BEFORE" not in bare, bare
    for line in run("diff", plain, more).stdout.splitlines():
        assert len(line) <= 80, line
    with open("/dev/full", "w") as full:
        p = run("diff", plain, more, stdout=full, status=2)
    assert "standard output: No space left" in p.stderr, p.stderr


@test
def two_dumps_add_up():
    doc = changed(shipped("bookworm-plain"), shipped("bookworm-exhausted"))
    same(doc["other_kernel"], False, "release")
    doc = changed(shipped("bookworm-plain"), shipped("bookworm-offline"))
    same([c["cpu"] for c in doc["cpus"]
          if c["before"]["online"] != c["after"]["online"]], [2], "offline")
    assert ("counter-drift", "came") in {(f["code"], f["change"])
                                         for f in doc["findings"]}, doc
    doc = changed(shipped("bookworm-topology"), shipped("bookworm-cpus80"))
    same(doc["other_cpus"], True, "80 CPUs")
    for suite in "bullseye", "trixie", "forky":
        changed(shipped("bookworm-plain"), shipped(f"{suite}-exhausted"))
    doc = json.loads(run("diff", "-j", shipped("bullseye-plain"),
                         shipped("bookworm-plain"), status=1).stdout)
    same(doc["other_kernel"], True, "kernel")
    for key in "devices", "drivers", "cpus":
        same(doc[key], [], key)
    # each boot: a change still waits for its interrupt, two took turns
    assert {w for i in doc["irqs"] for w in i["what"]} <= {"pending_affinity", "vector"}, doc["irqs"]


@test
def two_dumps_one_in_part():
    plain = shipped("bookworm-plain")
    with tempfile.NamedTemporaryFile() as cut:
        cut.write(unpacked("bookworm-plain"))
        cut.truncate(cut.tell() - 4096 * 4)
        for pair in (plain, cut.name), (cut.name, plain):
            p = run("diff", *pair, status=2)
            assert "could be read only in part" in \
                " ".join(p.stdout.split()), p.stdout
            which = "before" if pair[0] == cut.name else "after"
            listed = p.stdout.split("could not read: ", 1)
            same(listed[0].splitlines()[-2:], ["", f"{which}, {cut.name}:"],
                 "whose list")
            same(len(listed), 2, "lists")
            doc = json.loads(run("diff", "-j", *pair, status=2).stdout)
            same([bool(doc["unread"][k]) for k in ("before", "after")],
                 [d == cut.name for d in pair], "unread")


@test
def a_saved_document():
    """It stands for its dump: no difference to it, and the same difference to another."""
    other = shipped("bookworm-exhausted")
    with tempfile.TemporaryDirectory() as folder:
        saved = pathlib.Path(folder, "saved.json")
        for dump in sorted(SHIPPED.glob("*.zst")):
            document = run("-j", dump).stdout
            saved.write_text(document)
            alone = run("diff", dump, dump)
            p = run("diff", saved, dump, status=alone.returncode)
            # it cannot name the reasons of what is unread otherwise than the dump does
            if alone.returncode == 0:
                same(p.stdout, alone.stdout, dump)
        saved.write_text(run("-j", shipped("bookworm-plain")).stdout)
        for options in (), ("-a",), ("-j",):
            p = run("diff", *options, saved, other, status=1)
            same(p.stdout, run("diff", *options, shipped("bookworm-plain"), other, status=1).stdout, options)
            p = run("diff", *options, other, saved, status=1)
            same(p.stdout, run("diff", *options, other, shipped("bookworm-plain"), status=1).stdout, options)
        for text, says in (('{"schema": "x"}', "not of irqmatrix -j"), ("{", "not a JSON document"),
                           (run("-j", "-d", other).stdout, "the document of one view"),
                           ('{"schema": "irqmatrix/1", "schema": 1}', "not a JSON document")):
            saved.write_text(text)
            p = run("diff", saved, other, status=2)
            assert p.stderr.startswith(f"irqmatrix: {saved}: ") and says in p.stderr, p.stderr


def places(value, path=()):
    """Each value of a document, by where it is."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield *path, key
        yield from places(inner, (*path, key))


@test
def a_spoilt_document():
    """Any value in place of another is refused, or is a difference."""
    values = None, True, -1, 0, 1 << 40, 2.5, "", "x", "0-70000", "3-1", [], {}, [None], "\x1b[2J"
    dump = shipped("bookworm-plain")
    text = run("-j", dump).stdout
    chosen = random.Random(1).sample(sorted(places(json.loads(text)), key=str), 80)
    with tempfile.TemporaryDirectory() as folder:
        saved = pathlib.Path(folder, "saved.json")
        for i, path in enumerate(chosen):
            document = json.loads(text)
            inner = document
            for key in path[:-1]:
                inner = inner[key]
            inner[path[-1]] = values[i % len(values)]
            saved.write_text(json.dumps(document))
            p = run("diff", saved, dump)
            assert p.returncode in (0, 1, 2) and "\x1b" not in p.stdout + p.stderr, (path, p.returncode, p.stderr)
