#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# How long the commands take inside crash, beside crash's own irq commands.
#
#	bench/crash.sh [SUITE/CASE] [REPEATS]
#
# Wall-clock milliseconds from one line to the next on crash's input, so each
# figure has the fork of a "date" in it, which is measured as well.
set -eu
dump=${1:-bookworm/plain} repeats=${2:-5}
cache=${IRQMATRIX_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/irqmatrix}
vmlinux=$cache/kernels/${dump%%/*}/vmlinux vmcore=$cache/dumps/$dump/vmcore
extension=${EXTENSION:-$(cd "$(dirname "$0")/.." && pwd)/build/irqmatrix.so}
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

# The first line is the first call of the session: it looks for the types.
cat >"$temp/list" <<END
irqmatrix
irqmatrix
irqmatrix -d
irqmatrix -v
irqmatrix -j
irqaff 0-100000
irq -a
irq -s
irq
sys
END

stamp() { echo "!echo $1 \$(date +%s%N) >> $temp/stamps"; }
for i in $(seq "$repeats"); do
	{
		echo "extend $extension"
		n=0
		while read -r command; do
			n=$((n + 1))
			stamp "$n"
			echo "$command > /dev/null"
			stamp "$n"
		done <"$temp/list"
		stamp 0
		stamp 0
		echo quit
	} >"$temp/commands"
	"${CRASH:-crash}" -s "$vmlinux" "$vmcore" <"$temp/commands" \
		>/dev/null 2>&1 || exit 1
done

echo "crash $("${CRASH:-crash}" --version | sed -n 's/^crash //p'), $dump," \
	"$(nproc) CPUs, $repeats sessions; milliseconds"
awk -v list="$temp/list" '
function report(n, name,    i, j, t, a) {
	for (i = 1; i <= count[n]; i++) {
		a[i] = took[n, i]
		for (j = i; j > 1 && a[j] < a[j - 1]; j--) {
			t = a[j]; a[j] = a[j - 1]; a[j - 1] = t
		}
	}
	printf "%-28s %8.1f %8.1f %8.1f\n", name, a[1],
		a[int((count[n] + 1) / 2)], a[count[n]]
}
{
	if ($1 in start) {
		took[$1, ++count[$1]] = ($2 - start[$1]) / 1e6
		delete start[$1]
	} else
		start[$1] = $2
}
END {
	printf "%-28s %8s %8s %8s\n", "command", "least", "median", "most"
	report(0, "(nothing)")
	for (n = 1; (getline line < list) > 0; n++)
		report(n, n == 1 ? line ", first call" : line)
}' "$temp/stamps"
