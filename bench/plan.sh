#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# plan.sh [IRQMATRIX]: how plans and advice grow with the devices, on a machine of 1,024 CPUs that is only described. Each line
# has seconds of processor time and the growth against the line above, where twice as many devices cost about 2.
set -eu
cd "$(dirname "$0")/.."
tool=${1:-build/irqmatrix}
machine=cpus=1024,nodes=8,threads=2,kernel=6.12

measure() { # what, steps
	what=$1
	shift
	last=
	for n in 250 500 1000 2000 4000; do
		steps=$(echo "$*" | sed "s/N/$n/g")
		# shellcheck disable=SC2086
		seconds=$(python3 -c '
import os, subprocess, sys
best = None
for _ in range(3):
    before = os.times()
    subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    best = used if best is None else min(best, used)
print(f"{best:.3f}")' "$tool" $what --machine $machine $steps)
		echo "$what $n devices: $seconds s${last:+, $(python3 -c "print(f'{$seconds / $last:.1f}')") times}"
		last=$seconds
	done
}

measure plan --add x:0,vectors=2+0xN --add virtio_blk:2xN
measure advise --add x:0,vectors=8+0xN --add ice:64xN
