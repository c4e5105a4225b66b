# SPDX-License-Identifier: GPL-3.0-or-later
"""What the dumps that ship with the project are enough for."""
import json
import os
import pathlib
import tempfile

from harness import SHIPPED, TOOL, bad_usage, run, same, test, unpacked


@test
def exit_statuses():
    """A machine with nothing wrong, one without a vector left, and the
    second cut short: what could not be read goes before what was found."""
    with tempfile.NamedTemporaryFile() as cut:
        cut.write(unpacked("bookworm-exhausted"))
        cut.truncate(cut.tell() - 4096 * 4)
        for status, dump in ((0, SHIPPED / "bookworm-plain.zst"),
                             (1, SHIPPED / "bookworm-exhausted.zst"),
                             (2, cut.name)):
            for args in ((), ("-d",), ("-i", "--csv"), ("-D",)):
                run(*args, dump, status=status)
            doc = json.loads(run("-j", dump, status=status).stdout)
            same(bool(doc["unread"]), status == 2, dump)
            unplug = ("--remove", doc["devices"][0]["device"])
            fits = 2 if status == 2 else 0
            p = run("plan", *unplug, dump, status=fits)
            assert "\n\nEverything fits" in p.stdout, p.stdout
            same("could not read: " in p.stdout, status == 2, dump)
            p = run("plan", "-j", *unplug, dump, status=fits)
            same(json.loads(p.stdout)["unread"],
                 [u for u in doc["unread"] if "counts" not in u["what"]],
                 dump)
            run("plan", "--add", "nvme:1x10000", dump, status=fits or 1)
            same(any(f["severity"] == "warning" for f in doc["findings"]),
                 status > 0, dump)
            irq = str(doc["irqs"][0]["irq"])
            run("aff", dump, irq, status=status)
            run("aff", dump, irq, "nix", status=2)


@test
def distilled_or_not():
    dump = SHIPPED / "bookworm-plain.zst"
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder, "out")
        assert "no output file" in bad_usage("distill")
        assert "no output file" in bad_usage("distill", dump)
        text = run("distill", "--list", dump, status=0).stdout
        assert text.split()[:4] == ["BYTES", "READS", "WHAT", "WHY"], text[:99]
        rows = [line.split() for line in text.splitlines()[1:]]
        same([rows[-1][0], rows[-1][1]],
             [str(sum(int(r[n]) for r in rows[:-1])) for n in (0, 1)], "sums")
        assert not [r for r in rows if r[-1] == "-"], "no reason: " + text
        p = run("distill", "/nix/vmcore", out, status=2)
        assert "No such file" in p.stderr, p.stderr
        p = run("distill", dump, "/nix/out", status=2)
        assert "No such file" in p.stderr, p.stderr
        same(os.listdir(folder), [], "left behind")
        said = run("distill", "--with-log", dump, out, status=0).stdout
        assert said.startswith(f"{out}: "), said
        same(out.read_bytes(), unpacked("bookworm-plain"), "distilled again")
        assert "is the dump itself" in bad_usage("distill", out, out)
        same(out.read_bytes(), unpacked("bookworm-plain"), "onto itself")
        # OUT was forgotten: the last dump is not it
        p = run("distill", dump, out, status=2)
        same(p.stderr, f"irqmatrix: {out}: exists already; remove it, or name "
             "another file\n", "onto another")
        same(out.read_bytes(), unpacked("bookworm-plain"), "onto another")
        small, none = pathlib.Path(folder, "small"), pathlib.Path(folder, "none")
        run("distill", out, small, status=0)
        p = run("distill", "--with-log", small, none, status=2)
        assert "kernel log" in p.stderr, p.stderr
        same(none.exists(), False, "left behind")


@test
def a_vmlinux_that_is_none():
    dump = SHIPPED / "bookworm-plain.zst"
    for path, reason in (("/nix/vmlinux", "cannot be opened: No such file or "
                          "directory"), (TOOL, "has no symbol")):
        p = run("--vmlinux", path, dump, status=2)
        assert p.stderr.startswith(f"irqmatrix: {dump}: vmlinux {path}: "
                                   f"{reason}"), p.stderr


@test
def where_the_cache_is():
    with tempfile.TemporaryDirectory() as folder:
        places = (({"XDG_CACHE_HOME": folder, "HOME": "/nix"}, "irqmatrix"),
                  ({"XDG_CACHE_HOME": "relative", "HOME": folder},
                   ".cache/irqmatrix"))
        for env, place in places:
            run(SHIPPED / "bookworm-plain.zst", env=env, status=0)
            known = pathlib.Path(folder, place, "known")
            assert (known / "secret").exists(), env
            same(len(list(known.iterdir())), 3, f"{env}: secret and entries")
        run(SHIPPED / "bookworm-plain.zst", status=0,
            env={"XDG_CACHE_HOME": "", "HOME": ""})
