#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# plan.sh [IRQMATRIX]: how plans and advice grow with the devices, on machines that are only described: 1,024 CPUs, on which
# all devices of a plan fit, and 64 CPUs, on which none of the numbers fits, so that advice has to search. Each line has seconds of
# processor time and the growth against the line above, where twice as many devices cost about 2. The last lines are advice for 2,000
# devices on 1,024 CPUs: one change is enough, two are, nothing helps.
set -eu
cd "$(dirname "$0")/.."
tool=${1:-build/irqmatrix}

measure() { # what, CPUs, steps
	what=$1
	machine=cpus=$2,nodes=8,threads=2,kernel=6.12
	shift 2
	last=
	for n in 250 500 1000 2000 4000; do
		steps=$(echo "$*" | sed "s/N/$n/g")
		# shellcheck disable=SC2086
		seconds=$(python3 -c '
import resource, subprocess, sys
def used():
    r = resource.getrusage(resource.RUSAGE_CHILDREN)
    return r.ru_utime + r.ru_stime
best = None
for _ in range(3):
    before = used()
    subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
    best = min(best or 1e9, used() - before)
print(f"{best:.3f}")' "$tool" $what --machine $machine $steps)
		echo "$what $n devices: $seconds s${last:+, $(python3 -c "print(f'{$seconds / $last:.1f}')") times}"
		last=$seconds
	done
}

measure plan 1024 --add x:0,vectors=8+0xN --add ice:32xN
measure advise 64 --add x:0,vectors=8+0xN --add ice:64xN

kinds=
for driver in ice:64 igb:8 ixgbe:63 i40e:64 mlx5_core:64 qede:64 nvme:128 virtio_blk:64 megaraid_sas:128 mpt3sas:128; do
	kinds="$kinds --add ${driver}x200"
done
for steps in "--add virtio_blk:64x1000 --add ice:64x1000" "--add ice:128x1000 --add nvme:200x500 --add virtio_blk:64x500" "$kinds"; do
	# shellcheck disable=SC2086
	python3 -c '
import json, resource, subprocess, sys
p = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE)
r = resource.getrusage(resource.RUSAGE_CHILDREN)
d = json.loads(p.stdout)
print(f"advise on 1024 CPUs: {r.ru_utime + r.ru_stime:.1f} s,", d["plans"], "plans,", d["end"], "cut short:", d["limited"])' \
		"$tool" advise --json --machine cpus=1024,nodes=8,threads=2,kernel=6.12 $steps
done
