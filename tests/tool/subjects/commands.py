# SPDX-License-Identifier: GPL-3.0-or-later
"""irqmatrix aff and irqmatrix plan, on the dump."""
import json

from harness import CSI, DOC, DUMP, STATUS, bad_usage, dump_test, on_dump, run, same, test


@dump_test
def single_interrupts():
    number = DOC["irqs"][0]["irq"]
    p = on_dump("aff", "--", str(number), status=STATUS)
    assert f" IRQ: {number}" in p.stdout, p.stdout
    doc = json.loads(on_dump("aff", "-j", "--", str(number)).stdout)
    same(doc["irqs"], DOC["irqs"][:1], "aff -j")
    device = DOC["devices"][0]["device"]
    doc = json.loads(on_dump("aff", "--json", "--", device).stdout)
    same([i["irq"] for i in doc["irqs"]],
         [i["irq"] for i in DOC["irqs"] if i["device"] == device], device)
    same(json.loads(on_dump("aff", "-D", "-j", "--", device).stdout), doc,
         "aff -D -j")
    p = on_dump("aff", "-D", "--", device, device, status=STATUS)
    rows = [line.split() for line in p.stdout.splitlines()[4:]]
    rows = [row[0] for row in rows if row and row[0].isdigit()]
    same([int(n) for n in rows], [i["irq"] for i in doc["irqs"]], "aff -D")
    on_dump("aff", "--device", "--", "nix", status=2)
    p = on_dump("aff", "--", "nix", str(number), status=2)
    assert p.stderr.startswith(f"irqmatrix: {DUMP}: "), p.stderr
    assert f" IRQ: {number}" in p.stdout, p.stdout


@dump_test
def aff_as_the_kernels_debugfs():
    irqs = [irq for irq in DOC["irqs"] if irq["vector"]][:2]
    numbers = [str(irq["irq"]) for irq in irqs]
    p = on_dump("aff", "-f", "--", *numbers, status=STATUS)
    same(p.stdout, "".join(on_dump("aff", "--debugfs", "--", n,
                                   status=STATUS).stdout for n in numbers),
         "aff -f")
    same(p.stdout.count("handler:  "), 2, "interrupts")
    for irq in irqs:
        assert f"Vector: {irq['vector']:5}\n" in p.stdout, irq["irq"]
    for other in "--device", "--json":
        message = bad_usage("aff", "--debugfs", other, "x", "1")
        assert "mutually exclusive" in message, other


@dump_test
def the_machine_is_above_each_view():
    """Not where a program reads on."""
    first = on_dump(status=STATUS).stdout.splitlines()[0]
    number = str(DOC["irqs"][0]["irq"])
    for args in (("-d",), ("-i",), ("-k",), ("-p",), ("-v", "-c0"), ("-M",),
                 ("aff", "--", number),
                 ("aff", "-D", "--", DOC["devices"][0]["device"]),
                 ("plan", "--add", "virtio_blk:1")):
        for option in (), ("--no-header",):
            if option and args[0] in ("-k", "-M") or args[:2] == ("aff", "--"):
                continue
            p = on_dump(args[0], *option, *args[1:])
            same(first in p.stdout.splitlines(), not option, (args, option))
    p = on_dump("aff", "--debugfs", "--", number)
    assert first not in p.stdout.splitlines(), p.stdout


@dump_test
def tables_of_commands():
    for args, column in ((("aff", "-D", "--", DOC["devices"][0]["device"]),
                          "REQUESTED"),
                         (("plan", "--add", "virtio_blk:2x2"), "ALLOC")):
        options = {o: on_dump(args[0], o, *args[1:]).stdout
                   for o in ("--no-header", "--color", "--color=never")}
        full = options["--color=never"]
        same(full, on_dump(*args).stdout, args)
        same(CSI.sub("", options["--color"]), full, args)
        # below the machine
        lines = full.split("\n\n", 1)[1].splitlines()
        names = [line for line in lines if column in line.split()]
        assert names, full
        for line in names:
            assert f"\x1b[1m{line}" in options["--color"], line
        # the line that explains the columns goes with their names
        names += [line for line in lines if line.startswith(("VECTORS: unmanaged", "reserves a vector on all"))]
        # without the names widths are other ones, and so is what wraps
        same("".join(options["--no-header"].split()),
             "".join("".join(line.split()) for line in lines
                     if line not in names), args)
        same(on_dump(args[0], "--no-header", "-j", *args[1:], status=2).stdout,
             "", args)
    assert "--device" in bad_usage("aff", "--no-header", "x", "1")


def on_plan(*args, status):
    return on_dump("plan", *args, status=2 if STATUS == 2 else status)


def plan(*args, status):
    document = json.loads(on_plan("--json", *args, status=status).stdout)
    same(document["schema"], "irqmatrix-plan/1", args)
    return document["plans"][0]


@dump_test
def removal_gives_back_the_cost():
    document = DOC
    before = document["matrix"]["global_available"]
    costs = {d["device"]: d["cost"] for d in document["devices"]}
    if None in (before, *costs.values()):
        return  # a plan from less than all is refused
    for device in document["devices"][:3] + document["devices"][-3:]:
        got = plan("--remove", device["device"], status=0)
        same(got["after"]["global_available"], before + device["cost"],
             device["device"])
        same(got["steps"][0]["device"], device["device"], "removed")
    got = plan("--remove", "*:*", status=0)
    same(got["after"]["global_available"], before + sum(costs.values()),
         "all devices")


@dump_test
def plans_end_where_they_say():
    p = on_plan("--add", "virtio_blk:1x2000", status=1)
    words = " ".join(p.stdout.split())
    assert "is the first device that does not get its vectors" in words or \
        "not even the first of 2000 gets its vectors" in words, p.stdout
    for line in p.stdout.splitlines():
        assert len(line) <= 80, line
    for bad in ("virtio_blk", "virtio_blk:2x", "nvme:4,what=1"):
        p = on_dump("plan", "--add", bad, status=2)
        assert "DRIVER:QUEUES" in p.stderr, p.stderr
    for args in (("--remove", "nothing"), ("--offline", "x"),
                 ("--offline", "1-99999"),
                 ("--remove", "*", "--remove", "*")):
        on_dump("plan", *args, status=2)


@dump_test
def a_cost_is_what_the_plan_gives_back():
    """The number that remedies and -d name, for one device of each kind."""
    costs = {d["kind"]: d for d in reversed(DOC["devices"]) if d["cost"] is not None}
    for device in costs.values():
        p = on_dump("plan", "--json", "--remove", device["device"])
        if not p.stdout:
            continue  # it cannot be predicted
        after = json.loads(p.stdout)["plans"][0]["after"]
        same(after["global_available"] - DOC["matrix"]["global_available"], device["cost"], device["device"])


@dump_test
def a_plan_of_a_device_that_came_back():
    """Out and in again is for nothing, whatever the order of the steps."""
    disks = [d for d in DOC["devices"] if "virtio_blk" in
             [c and c["driver"] for c in d["consumers"] or ()]]
    if not disks:
        return
    disk = disks[0]
    kind = f"virtio_blk:{disk['irqs'] - 1}"
    got = plan("--remove", disk["device"], "--add", kind, status=0)
    same([s["step"] for s in got["steps"]], ["remove", "add"], "order")
    same(got["after"]["global_available"],
         DOC["matrix"]["global_available"], "for nothing")


@test
def plan_lists_its_drivers():
    lines = run("plan", "--list-drivers", status=0).stdout.splitlines()
    names = [line.split()[0] for line in lines[1:]]
    assert {"virtio_blk", "nvme", "mlx5_core", "mpt3sas"} <= set(names), names
    for line in lines:
        assert len(line) <= 80, line
    bare = run("plan", "--list-drivers", "--no-header", status=0).stdout
    same(len(bare.splitlines()), len(names), "--no-header")


@dump_test
def plans_of_unknown_drivers():
    p = on_dump("plan", "--add", "nosuchdriver:4", status=2)
    same(p.stdout, "", "no plan")
    assert "vectors=PRE+QUEUES" in p.stderr, p.stderr
    for basis, wish in ("source", "ixgbe:1"), ("guest", "virtio_blk:1"), \
            ("stated", "nosuchdriver:0,vectors=1+0"):
        p = on_dump("plan", "--json", "--add", wish)
        step = json.loads(p.stdout)["plans"][0]["steps"][0]
        same(step["basis"], basis, wish)
    text = on_dump("plan", "--add", "ixgbe:1").stdout.split("\n\n", 1)[1]
    assert text.startswith("What ixgbe does is taken from its source"), \
        text
