# SPDX-License-Identifier: GPL-3.0-or-later
"""Every view says of the dump what the document says."""
from harness import DOC, DUMP, STATUS, cell, dump_test, joined, on_dump, same, table


def says_remedy(text, finding, after=""):
    """Whether the text has the remedy's prose, and each command unbroken on a line of its own."""
    words = " ".join(text.split())
    rest = finding["remedy"]
    for command in finding["commands"]:
        prose, rest = rest.split(command, 1)
        rest = rest.lstrip(" ,;.")
        assert f"{after}{prose.strip()}" in words, prose
        after = ""
        lines = [line.strip() for line in text.splitlines()]
        assert command.replace("VMCORE", str(DUMP)) in lines or command in lines, command
    assert f"{after}{rest}" in words, rest


@dump_test
def exit_status_is_what_the_document_says():
    same(STATUS, 2 if DOC["unread"] else
         1 if any(f["severity"] != "info" for f in DOC["findings"]) else 0,
         "status")


@dump_test
def cpus_as_in_the_document():
    rows = table("-o", "+MAN-VECTORS,DRIFT,NODE")
    same(len(rows), len(DOC["cpus"]), "rows")
    for row, cpu in zip(rows, DOC["cpus"]):
        for name, key in (("CPU", "cpu"), ("AVAIL", "available"),
                          ("ALLOC", "allocated"), ("MANAGED", "managed"),
                          ("IDLE", "idle"), ("VECTORS", "alloc_map"),
                          ("MAN-VECTORS", "managed_map"), ("NODE", "node")):
            same(row[name], cell(cpu[key]), (row, name))
        assert row["STATE"] in ("online", "offline", "absent", "?"), row
        if cpu["online"] is not None:
            same(row["STATE"] == "online", cpu["online"], row)


@dump_test
def findings_as_in_the_document():
    text = on_dump("--check").stdout
    words = " ".join(text.split())
    verdict = f"{DOC['verdict']['level'].upper()}: {DOC['verdict']['text']}"
    assert verdict in words, verdict
    for f in DOC["findings"]:
        if f["remedy"]:
            says_remedy(text, f, "What to do: ")
        general = f"{'In general' if f['remedy'] else 'What to do'}: {f['advice']}"
        for part in (f"{f['severity'].upper()}: {f['code']} ", f["text"],
                     f["meaning"], general):
            assert part in words, part


@dump_test
def what_leads():
    """The verdict, then each warning once: its code, the first sentence, what to do."""
    lead = on_dump().stdout.split("\n\nCPU ")[0]
    assert len(lead.splitlines()) <= 24, lead
    words = " ".join(lead.split())
    assert f"{DOC['verdict']['level'].upper()}: {DOC['verdict']['text']}" in words, DOC["verdict"]
    at = 0
    for severity in "critical", "warning":
        shown = [f for f in DOC["findings"] if f["severity"] == severity and f["shown_with"] is None]
        for f in sorted(shown, key=lambda f: not f["code"].startswith("log-")):
            also = [o["code"] for o in DOC["findings"] if o["shown_with"] == f["code"]]
            start = f"{severity.upper()} [{', '.join([f['code'], *also])}]: {f['text'].split('. ')[0].split(' (log,')[0]}"
            assert words.find(start, at) > 0, (start, words)
            at = words.find(start, at)
            says_remedy(lead, f, "-> ")
    same(words.count(" -> "), words.count("WARNING [") + words.count("CRITICAL ["), "what to do")


@dump_test
def pools_as_in_the_document():
    rows, pools = table("-p"), DOC["accounting"]["pools"]
    same(len(rows), len(pools), "rows")
    for row, pool in zip(rows, pools):
        for name, key in (("CPUS", "cpus"), ("ONLINE", "online"),
                          ("TOTAL", "capacity"), ("AVAIL", "available"),
                          ("ALLOC", "allocated"), ("MANAGED", "managed"),
                          ("IDLE", "idle")):
            same(row[name], cell(pool[key]), (row, name))
    nodes = [pool for pool in pools if pool["pool"] == "node"]
    if None not in [pool["available"] for pool in nodes]:
        same(sum(pool["available"] for pool in nodes),
             sum(cpu["available"] for cpu in DOC["cpus"] if cpu["online"]),
             "the nodes' sum")


@dump_test
def irqs_as_in_the_document():
    rows = table("-i", "-o", "+COUNT,MANAGED,DRIVER,PENDING,STATE-FLAGS,CHIP,"
                 "DOMAIN,HWIRQ,DEPTH,INDEX,MSI-ADDRESS,STATE")
    same(len(rows), len(DOC["irqs"]), "rows")
    for row, irq in zip(rows, DOC["irqs"]):
        same(row["IRQ"], str(irq["irq"]), row)
        same(row["ACTION"], joined(irq["actions"]), row)
        same(row["AFFINITY"], cell(irq["affinity"]), row)
        same(row["COUNT"], cell(irq["count"]), row)
        same(row["DEPTH"], cell(irq["depth"]), row)
        same(row["STATE-FLAGS"], joined(irq["state_flags"]), row)
        same(row["MANAGED"], {True: "yes", False: "no", None: "?"}
             [irq["managed"]], row)
        same(row["STATE"], "?" if irq["state"] is None else
             f"{irq['state']:#010x}", row)
        if irq["vector"]:
            same(row["VECTOR"], str(irq["vector"]), row)
            same(row["CPU"], str(irq["cpu"]), row)
        else:
            assert row["VECTOR"] in ("", "?"), row
        if irq["device"]:
            same(row["DEVICE"], irq["device"], row)
            same(row["DRIVER"], irq["driver"] or "", row)
        else:
            assert row["DEVICE"] in ("", "?"), row
        if irq["chain"]:
            domain = irq["chain"][0]["domain"]
            # null is an unknown name, or no domain at all
            assert row["DOMAIN"] == domain or \
                domain is None and row["DOMAIN"] in ("", "?"), row
            same(row["CHIP"], cell(irq["chain"][0]["chip"]), row)
        if irq["pending_affinity"] is not None:
            same(row["PENDING"], irq["pending_affinity"], row)
        if irq["msi"]:
            same(row["INDEX"], cell(irq["msi"]["index"]), row)
            same(int(row["MSI-ADDRESS"], 0), int(irq["msi"]["address"], 0),
                 row)


@dump_test
def devices_as_in_the_document():
    rows = table("-d", "-o", "+CONSUMERS,BUS,OFFLINE,NODE")
    same(len(rows), len(DOC["devices"]), "rows")
    for row, device in zip(rows, DOC["devices"]):
        for name, key in (("DEVICE", "device"), ("COST", "cost"),
                          ("IRQS", "irqs"), ("ALLOC", "allocated"),
                          ("MANAGED", "managed_reserved"),
                          ("IDLE", "idle_reserved"), ("RESV", "reserved"),
                          ("OFFLINE", "managed_reserved_offline"),
                          ("BUS", "bus"), ("NODE", "node"),
                          ("DRIVER", "driver")):
            same(row[name], cell(device[key]), (row, name))
        consumers = device["consumers"]
        same(row["CONSUMERS"], joined(consumers and
                                      [c and c["name"] for c in consumers]),
             row)


@dump_test
def vectors_as_in_the_document():
    rows = table("-v", "-o", "+SLOT")
    same(len(rows), 256 * len(DOC["cpus"]), "rows")
    held = {(i["cpu"], i["vector"]): i["irq"] for i in DOC["irqs"]
            if i["vector"]}
    for n, row in enumerate(rows):
        cpu = DOC["cpus"][n // 256]
        same((row["CPU"], row["VECTOR"]), (str(cpu["cpu"]), str(n % 256)), n)
        if row["OWNER"] == "IRQ":
            same(int(row["IRQ"]), held.pop((cpu["cpu"], n % 256)), row)
        slot = (cpu["vector_irq"] or {}).get(str(n % 256))
        if slot is not None:
            same(row["SLOT"], str(slot), row)
    same(held, {}, "IRQs with a vector that is not theirs")


def vectors_of(cpulist):
    parts = [p.split("-") for p in cpulist.split(",") if p]
    return [v for p in parts for v in range(int(p[0]), int(p[-1]) + 1)]


@dump_test
def map_as_in_the_document():
    lines = on_dump("-M", "--all", status=STATUS).stdout.split("\n")
    first = [n for n, line in enumerate(lines) if line.startswith("CPU ")][0]
    for n, cpu in enumerate(DOC["cpus"]):
        sets = {k: vectors_of(v) for k, v in cpu["owners"].items()}
        same(sorted(sum(sets.values(), [])), list(range(256)), cpu["cpu"])
        used = sum(len(sets[k]) for k in ("unmanaged", "managed_in_use",
                                          "previous", "nobody"))
        if cpu["online"] and not sets["unknown"]:
            same(lines[first + 1 + n].split()[-3:],
                 [str(len(sets["free"])), str(used),
                  str(len(sets["managed_idle"]))], cpu["cpu"])
