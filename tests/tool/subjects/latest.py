# SPDX-License-Identifier: GPL-3.0-or-later
"""--latest, in a mount namespace with a /var of its own."""
import json
import pathlib
import subprocess
import tempfile

from harness import TOOL, bad_usage, run, same, shipped, test

PLAIN = shipped("bookworm-plain")
NAMESPACE = "unshare", "--map-root-user", "--mount"
VAR = """mount -t tmpfs none /var || exit 77
mkdir -p /var/tmp /var/crash/host-1 /var/crash/host-2
touch -d @5 /var/crash/host-1/vmcore
echo lines > /var/crash/host-2/vmcore-dmesg.txt
[ -z "$1" ] || { cp "$1" /var/crash/host-2/vmcore; touch -d @86400 /var/crash/host-2/vmcore; }
shift
exec "$@"
"""
TAKEN = "irqmatrix: --latest: /var/crash/host-2/vmcore (1970-01-02 00:00:00 UTC)\n"


def can_have_namespaces():
    return subprocess.run([*NAMESPACE, "sh", "-c", "mount -t tmpfs none /mnt"], capture_output=True).returncode == 0


def with_dumps(*args, newest=PLAIN):
    return subprocess.run([*NAMESPACE, "sh", "-c", VAR, "sh", newest, TOOL, *args], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL)


def commands_read_the_newest():
    with tempfile.TemporaryDirectory(prefix="irqmatrix-latest-") as d:
        for before, after in (((), ()), (("--devices",), ()), (("aff",), ("25",)), (("plan", "--suspend"), ()),
                              (("report", "-o", f"{d}/of-file"), ()), (("distill",), (f"{d}/small",))):
            expected = run(*before, PLAIN, *after)
            pathlib.Path(d, "small").unlink(missing_ok=True)
            got = with_dumps(*before, "--latest", *after)
            same(got.stderr.replace(str(PLAIN), "/var/crash/host-2/vmcore"), TAKEN + expected.stderr, before)
            same((got.stdout, got.returncode), (expected.stdout, expected.returncode), before)
        text = pathlib.Path(d, "of-file").read_text()
        assert "/var/crash/host-2/vmcore" in text, text[:300]
    same(json.loads(with_dumps("--latest", "--json").stdout)["dump"]["path"], "/var/crash/host-2/vmcore", "path")


def the_newest_may_be_broken():
    p = with_dumps("--latest", newest="")
    same(p.returncode, 2, "status")
    assert p.stderr.splitlines()[1].startswith("irqmatrix: /var/crash/host-1/vmcore: "), p.stderr


if can_have_namespaces():
    test(commands_read_the_newest)
    test(the_newest_may_be_broken)
else:
    print("--latest is only tried without dumps: no mount namespaces here")


@test
def latest_and_a_name():
    for args in (), ("plan", "--suspend"), ("report", "-o", "/dev/null"):
        p = run(*args[:1], "--latest", "vmcore", *args[1:], status=2)
        same(p.stderr.splitlines()[0], "irqmatrix: --latest takes the place "
             "of the dump's name: leave out vmcore or --latest", args)
    assert "leave out a " in bad_usage("distill", "--latest", "a", "out")
    assert "leave out a " in bad_usage("aff", "--latest", "a", "--", "25")
    assert "after --latest" in bad_usage("aff", "--latest")
    assert "no output file" in bad_usage("distill", "--latest")
