# SPDX-License-Identifier: GPL-3.0-or-later
"""Machines without a dump: --machine, --libvirt."""
import json
import os
import re
import tempfile
import time

from harness import SHIPPED, TOOL, bad_usage, run, same, test

DOMAIN = """<domain type='kvm'>
  <vcpu current='{current}'>16</vcpu>
  <os><type machine='{machine}'>hvm</type></os>
  <cpu><topology sockets='1' dies='2' cores='4' threads='2'/>
    <numa><cell id='0' cpus='0-11'/><cell id='1' cpus='12-15'/></numa></cpu>
  <devices>
    <disk><target dev='vda' bus='virtio'/></disk>
    <disk><driver queues='4'/><target dev='vdb' bus='virtio'/></disk>
    <disk><driver queues='99'/><target dev='vdc' bus='virtio'/></disk>
    <disk><target dev='sda' bus='sata'/></disk>
    <controller type='pci' model='pcie-root'/>
    <controller type='pci' model='pcie-root-port'/>
    <controller type='pci' model='pcie-root-port'/>
    <controller type='scsi' model='virtio-scsi'/>
    <controller type='sata'/>
    <controller type='usb' model='qemu-xhci'/>
    <controller type='virtio-serial'/>
    <interface type='bridge'><model type='virtio'/><driver queues='8'/></interface>
    <interface type='bridge'><model type='e1000e'/></interface>
    <interface type='hostdev'/>
    <hostdev type='pci'/>
    <memballoon model='virtio'/>
    <rng model='virtio'/>
  </devices>
</domain>
"""


def with_file(text, *args, status, encoding="utf-8", **kwargs):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "file")
        with open(path, "w", encoding=encoding) as file:
            file.write(text)
        return run(*(path if arg == "FILE" else arg for arg in args), status=status, **kwargs)


def steps(text, *args):
    """{what was asked: how many}, and the number of CPUs of each node."""
    p = with_file(text, "plan", "--json", "--libvirt", "FILE", "--machine", "kernel=6.12", *args, status=0)
    asked = {}
    for step in json.loads(p.stdout)["plans"][0]["steps"]:
        asked[step["asked"]] = asked.get(step["asked"], 0) + 1
    return asked


@test
def a_domain_of_libvirt():
    same(steps(DOMAIN.format(current=16, machine="pc-q35-8.2")), {
        "pcieport:0x2": 2, "virtio_blk:16x2": 2, "virtio_blk:4": 1, "virtio_scsi:16": 1, "ahci:0": 1, "xhci_hcd:16": 1,
        "virtio_console:0,vectors=2+0": 1, "virtio_net:8": 1, "e1000e:0": 1, "virtio_rng:0": 1}, "q35")
    # before QEMU 5.2 a disk has one queue unless it says more
    same(steps(DOMAIN.format(current=16, machine="pc-i440fx-5.1"))["virtio_blk:1"], 1, "5.1")
    p = with_file(DOMAIN.format(current=4, machine="q35"), "plan", "--libvirt", "FILE", "--machine", "kernel=6.12", status=0)
    assert "4 CPUs of 16 possible on 2 nodes" in p.stdout, p.stdout
    assert "left out: 2 passed-through devices; state their vectors with --add" in p.stdout, p.stdout


@test
def libxml2_is_missing():
    """A file that is no library keeps the loader from the real one."""
    with tempfile.TemporaryDirectory() as folder:
        name = re.search(r"libxml2\.so\.\d+", open(TOOL, "rb").read().decode("latin-1")).group()
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write("none")
        env = {"LD_LIBRARY_PATH": folder}
        p = with_file("<domain/>", "plan", "--libvirt", "FILE", status=2, env=env)
        same(p.stderr, f"irqmatrix: --libvirt needs libxml2, which cannot be loaded: install {name}\n", "stderr")
        with_file("release 6.1\ncpus 8\n", "plan", "--machine", "FILE", "--add", "nvme:8", status=0, env=env)


@test
def a_domain_that_is_none():
    deep = "<domain>" + "<a>" * 100000
    for text, says in (("<a/>", "first element is not <domain>"), ("root:x:0", "is not XML"), ("", "is not XML"), (deep, "is not XML"),
                       ("<domain/>", "kernel"), ("<domain><vcpu>0</vcpu></domain>", "no number of CPUs"),
                       ("<domain><vcpu>99999999</vcpu></domain>", "no number of CPUs"),
                       ("<domain><vcpu>4</vcpu><cpu><numa><cell cpus='9'/></numa></cpu></domain>", "no list of its CPUs"),
                       ('<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><domain>&b;</domain>', "DOCTYPE"),
                       ('<!DOCTYPE d SYSTEM "file:///etc/passwd"><domain/>', "DOCTYPE")):
        p = with_file(text, "plan", "--libvirt", "FILE", status=2)
        assert says in p.stderr, (text[:80], p.stderr)
        assert len(p.stderr.splitlines()) == 1, p.stderr
    p = with_file("<domain>" + " " * (11 << 20) + "</domain>", "plan", "--libvirt", "FILE", status=2)
    assert "at most 10 MB" in p.stderr, p.stderr
    # in UTF-16 the document has no "<!DOCTYPE" to be found before it is parsed
    head = '<?xml version="1.0" encoding="UTF-16"?>'
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    for text, says in ((f'{head}<!DOCTYPE d [<!ENTITY a0 "{"a" * 100}">{entities}]><domain>&a11;</domain>', "is not XML"),
                       (f'{head}<!DOCTYPE d SYSTEM "file:///etc/passwd"><domain><vcpu>4</vcpu></domain>', "DOCTYPE")):
        p = with_file(text, "plan", "--libvirt", "FILE", encoding="utf-16", status=2)
        assert says in p.stderr and len(p.stderr.splitlines()) == 1, p.stderr
    # just below 10 MB
    for text, says in (("<domain>" + "".join(f"<a{n}/>" for n in range(900000)) + "</domain>", "is not XML"),
                       ("<domain><vcpu>8192</vcpu><cpu><numa>" + "<cell cpus='0-8191'/>" * 400000 + "</numa></cpu></domain>", "NUMA cells"),
                       ("<domain><vcpu>4</vcpu><devices>" + "<disk><target bus='virtio'/></disk>" * 290000 + "</devices></domain>",
                        "too many devices: at most 10000")):
        start = time.monotonic()
        p = with_file(text, "plan", "--libvirt", "FILE", "--machine", "kernel=6.12", status=2)
        assert says in p.stderr and len(p.stderr.splitlines()) == 1, p.stderr
        assert time.monotonic() - start < 30, f"{says}: {time.monotonic() - start} s"
    many = "".join(f"<disk><driver queues='{n}'/><target bus='virtio'/></disk>" for n in range(1, 90))
    p = with_file(f"<domain><vcpu>100</vcpu><devices>{many}</devices></domain>", "plan", "--libvirt", "FILE", status=2)
    assert "too many kinds" in p.stderr, p.stderr


@test
def a_machine_in_words():
    p = run("plan", "--machine", "cpus=16,kernel=6.12", "--max", "pcieport:0 virtio_blk:16", "--add", "virtio_net:16", status=0)
    assert "176 of each fit. With one more of each, virtio_net:16 does not get its vectors" in " ".join(p.stdout.split()), p.stdout
    for args, says in ((("--machine", "cpus=4", "--add", "nvme:1"), "kernel"), (("--machine", "cpu=4"), "no step"),
                       (("--machine", "cpu=4", "--add", "nvme:1"), "do you mean cpus"),
                       (("--machine", "/no/such", "--add", "nvme:1"), "No such file"),
                       (("--machine", "cpus=16,sockets=3,kernel=6.12", "--add", "nvme:1"), "cannot be split into 3 sockets"),
                       (("--machine", "cpus=16,possible=8,kernel=6.12", "--add", "nvme:1"), "possible=8 is less than cpus=16"),
                       (("--machine", "cpus=4,isolated=0-3,kernel=6.12", "--add", "nvme:1"), "leave at least one CPU"),
                       (("--machine", "cpus=1000000000,kernel=6.12", "--add", "nvme:1"), "a number from 1 to 65536"),
                       (("--machine", "cpus=4,kernel=6.12", "--add", "nvme:1x1000000000"), "at most 10000 can be added"),
                       (("--machine", "cpus=4,kernel=6.12", "--max", "made_up:1"), "no driver of that name is known")):
        p = run("plan", *args, status=2)
        assert says in p.stderr, p.stderr
    assert "leave out vmcore" in bad_usage("plan", "--machine", "cpus=4", "--add", "nvme:1", "vmcore")
    assert "exclusive" in bad_usage("plan", "--machine", "cpus=4", "--add", "nvme:1", "--latest")
    assert "describes the machine already" in bad_usage("plan", "--machine", "a", "--libvirt", "b")


@test
def a_machine_in_a_file():
    p = with_file("release 6.1\ncpus 8\nnode 1 4-7\n", "plan", "--machine", "FILE", "--add", "nvme:8", status=0)
    assert "Linux 6.1, 8 CPUs on 2 nodes" in p.stdout, p.stdout
    p = with_file("release 6.1\ncpus 8\nnoise 1\n", "plan", "--machine", "FILE", "--add", "nvme:8", status=2)
    assert ':3: unknown line "noise"' in p.stderr, p.stderr
    p = with_file("release 6.1\ncpus 8\n", "plan", "--machine", "FILE", "--machine", "cpus=4", "--add", "nvme:8", status=2)
    assert "only kernel=" in p.stderr, p.stderr


@test
def advice_for_a_full_machine():
    """What the guests of tests/vmcores/capacity-check confirmed."""
    p = run("advise", "--no-cache", "--json", SHIPPED / "bookworm-exhausted.zst", status=1)
    document = json.loads(p.stdout)
    same({a["change"]: a["devices"] for a in document["advice"]}, {"unplug": 16, "msi-bus": 17, "virtio-scsi": 19, "vectors": 30},
         "devices")
    same([a["change"] for a in document["advice"]], ["msi-bus", "virtio-scsi", "vectors", "unplug"], "all devices are kept first")
    text = " ".join(run("advise", "--no-cache", SHIPPED / "bookworm-exhausted.zst", status=1).stdout.split())
    for words in ("16 virtio_blk devices that failed: virtio161 ... virtio176", "4 changes help, each confirmed by a plan",
                  "num-queues=2,vectors=2", "it leaves 0 vectors, so the next device fails"):
        assert words in text, text
    # what undoes a change is not its next step
    assert text.endswith("for each device that failed: echo virtio161 > /sys/bus/virtio/drivers_probe "
                         "To undo a removal (the devices take their vectors again): echo 1 > /sys/bus/pci/rescan"), text
    p = run("advise", "--no-cache", SHIPPED / "bookworm-plain.zst", status=0)
    assert "Nothing to fit: by the log no device failed for want of vectors. Name devices to add, or one like them with --like: " \
        f"irqmatrix advise --add DRIVER:QUEUES {SHIPPED / 'bookworm-plain.zst'}" in " ".join(p.stdout.split()), p.stdout
    assert "DRIVER:QUEUES" in run("advise", "--add", "x", SHIPPED / "bookworm-plain.zst", status=2).stderr


@test
def advice_for_a_kernel_between_two():
    """6.6 has 202 vectors on a CPU, 6.12 has 201: of 160 disks one is too many on 6.12 only."""
    def advise(kernel, add, status):
        return json.loads(run("advise", "--json", "--machine", f"cpus=4,kernel={kernel}", "--add", add, status=status).stdout)

    disks = "virtio_blk:4x160"
    same([advise(kernel, disks, status)["end"] for kernel, status in (("6.6", 0), ("6.9", 1), ("6.12", 1))], ["fits", "found", "found"], "ends")
    # what is left with the kernel that leaves less
    left = {kernel: {a["change"]: a["available"] for a in advise(kernel, disks, 1)["advice"]} for kernel in ("6.9", "6.12")}
    assert left["6.9"] and left["6.9"] == left["6.12"], left
    text = run("advise", "--machine", "cpus=4,kernel=6.9", "--add", disks, status=1).stdout
    assert "behaves like Linux 6.6" in " ".join(text.split()) and "behaves like Linux 6.12" in " ".join(text.split()), text
    # without a default affinity, both kernels get all CPUs
    wide = run("advise", "--json", "--machine", "cpus=4,kernel=6.9,default-affinity=0", "--add", "virtio_net:30x4", status=1)
    assert "default-affinity" in [a["change"] for a in json.loads(wide.stdout)["advice"]], wide.stdout
    # its queues are managed since 6.11
    p = run("advise", "--machine", "cpus=4,kernel=6.9", "--add", "virtiofs:4", status=2)
    assert "virtiofs differs between Linux 6.6 and 6.12" in p.stderr, p.stderr


def advised(*args, status=1):
    return json.loads(run("advise", "--json", *args, status=status).stdout)


@test
def advice_about_the_cpus():
    """20 cards of one vector and their queues on 4 CPUs of 201, of which the machine itself has 15: 38 queues, not 39."""
    document = advised("--machine", "cpus=64,kernel=6.1,default-affinity=0-3", "--add", "mlx5_core:64x20")
    changes = {(a["change"], a["reboot"]): a for a in document["advice"]}
    assert "nr_cpus=38" in changes["nr-cpus", True]["commands"][0], changes
    assert "0-63" in changes["default-affinity", False]["what"], changes
    same(document["advice"][0]["change"], "default-affinity", "the smallest change first")
    document = advised("--machine", "cpus=8,possible=64,kernel=6.1", "--add", "x:0,vectors=8+0x201")
    same((document["advice"][0]["change"], document["advice"][0]["commands"][0]),
         ("cpus-online", "virsh setvcpus DOMAIN 9 --live --config"), "one CPU more")


@test
def advice_that_moves_interrupts():
    """In this dump CPU 3 alone is the default affinity and full. A disk takes a vector of each CPU, and one more there."""
    document = advised("--no-cache", "--add", "virtio_blk:4", SHIPPED / "bookworm-pool-exhausted.zst")
    first = document["advice"][0]
    same((first["change"], first["reboot"], first["parts"][0]["change"]), ("smp-affinity", False, "smp-affinity"), "the first")
    assert "; do echo 0-2 > /proc/irq/$i/smp_affinity_list; done" in first["commands"][0], first
    same(len(first["commands"][0].split(";")[0].split()) - 3, 2, "interrupts")


@test
def advice_of_two_changes():
    args = ("--machine", "cpus=4,kernel=6.1", "--add", "ice:4x100", "--add", "igb:4x150", "--add", "iavf:4x150", "--add", "x:0,vectors=60+0")
    first = advised(*args)["advice"][0]
    same((first["change"], sorted(p["change"] for p in first["parts"])), ("combined", ["sriov-numvfs", "unplug"]), "parts")
    same(first["devices"], sum(p["devices"] for p in first["parts"]), "devices")
    text = " ".join(run("advise", *args, status=1).stdout.split())
    assert "No single change is enough. 1 combination helps" in text and "1. Together: - " in text, text
    document = advised("--machine", "cpus=1,kernel=6.1", "--add", "ice:1x2", "--add", "x:0,vectors=300+0")
    same((document["end"], document["nearest_missing"]), ("nothing-helps", 1), "nothing helps")
    text = " ".join(run("advise", "--machine", "cpus=1,kernel=6.1", "--add", "ice:1x2", "--add", "x:0,vectors=300+0", status=1).stdout.split())
    assert "No change that is known helps, alone or with others. The nearest: Add 1 ice fewer" in text, text
    assert "1 device still does not fit" in text, text
