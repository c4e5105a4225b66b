#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# How long a dump takes where each read of the file takes 10 ms, as on a network
# file system or object storage: the tool and drgn, and how much each reads.
#
#	bench/slow.sh [SUITE/CASE ...]
#
# slow_folder.c is the file system, through FUSE: as root, or where fusermount3
# may mount. DELAY=10 milliseconds for each read. The vmlinux for drgn is not
# slow. Each program begins with an empty page cache of the file.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=${here%/*}
tool=${TOOL:-$root/build/irqmatrix}
delay=${DELAY:-10}
cache=${IRQMATRIX_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/irqmatrix}
[ $# -gt 0 ] || set -- bookworm/plain bookworm/cpus80 bookworm/exhausted \
	trixie/plain trixie/exhausted

pkg-config --exists fuse3 || {
	echo "slow.sh: needs libfuse3-dev and fuse3: apt install them" >&2
	exit 2
}
temp=$(mktemp -d)
finish() {
	fusermount3 -q -u "$temp/slow" || :
	rm -rf "$temp"
}
trap finish EXIT
mkdir "$temp/slow"
# shellcheck disable=SC2046 # a list
cc -O2 -o "$temp/slow_folder" "$here/slow_folder.c" \
	$(pkg-config --cflags --libs fuse3)

# Status 1 is a finding.
run() {
	"$temp/slow_folder" "$cache/dumps/$dump" "$delay" "$temp/slow" \
		>"$temp/reads" 2>/dev/null &
	until mountpoint -q "$temp/slow"; do sleep 0.1; done
	began=$(date +%s%N)
	"$@" >"$temp/out" || [ $? -eq 1 ]
	ended=$(date +%s%N)
	fusermount3 -u "$temp/slow"
	wait
	awk -v ns=$((ended - began)) -v program="$program" -v dump="$dump" '{
		printf "%-20s %-14s %6.2f s %5d reads %6.1f MB\n", dump,
			program, ns / 1e9, $1, $3 / 1e6
	}' "$temp/reads"
}

echo "each read takes $delay ms longer"
for dump; do
	export XDG_CACHE_HOME="$temp/cache"
	rm -rf "$temp/cache"
	program="tool, first" run "$tool" "$temp/slow/vmcore"
	program="tool, cached" run "$tool" "$temp/slow/vmcore"
	program=drgn run "$here/drgn_irqmatrix.py" "$temp/slow/vmcore" \
		"$cache/kernels/${dump%%/*}/vmlinux"
done
