#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# How long a dump takes: the tool, drgn, and crash with the extension, from the
# start of the process to its end, with all files in the page cache.
#
#	bench/tool.sh [SUITE/CASE[:dwarf] ...]
#
# The tool gets the dump and nothing else; with :dwarf, or where the dump does
# not do, it takes symbols and types from the vmlinux as drgn and crash do.
# RUNS=10 and CRASH_RUNS=3 runs each, medians; CRASH_RUNS=0 leaves crash out.
# Before that the tool and drgn have to agree on how much there is in the dump.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=${here%/*}
tool=${TOOL:-$root/build/irqmatrix}
runs=${RUNS:-10} crash_runs=${CRASH_RUNS:-3}
cache=${IRQMATRIX_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/irqmatrix}
[ $# -gt 0 ] || set -- bookworm/plain bookworm/cpus80 bookworm/exhausted \
	trixie/plain trixie/cpus80 trixie/exhausted forky/plain \
	forky/exhausted bullseye/plain bullseye/exhausted \
	bullseye/plain:dwarf bullseye/exhausted:dwarf
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

# Its cache is empty at first; that of the lab stays where it is.
export IRQMATRIX_CACHE="$cache"
tool() { XDG_CACHE_HOME=$temp/cache "$tool" "$@"; }
say() { echo "tool.sh: $*" >&2; }

# The tool's options for a dump: none, or the vmlinux if it needs one or is to
# have one. Status 1 is a finding.
options_for() {
	for options in "" "--vmlinux $vmlinux"; do
		[ -z "$dwarf" ] || [ -n "$options" ] || continue
		# shellcheck disable=SC2086 # a list
		tool --no-cache --json $options "$vmcore" >"$temp/json" \
			2>"$temp/error" || [ $? -eq 1 ] || continue
		[ -s "$temp/json" ] || continue
		"$here/totals.py" <"$temp/json" >"$temp/ours" || continue
		cmp -s "$temp/ours" "$temp/drgn" && return
		say "$dump: the tool and drgn differ"
		cat "$temp/ours" "$temp/drgn" >&2
		return 1
	done
	say "$dump: $(tail -n 1 "$temp/error")"
	return 1
}

# crash has to be told by a file what to do; see tests/vmcores/README.md on
# 7.x and modules.
measure_crash() {
	[ "$crash_runs" -gt 0 ] || { echo "- - - -" && return; }
	home=$("$root/tests/vmcores/crash" "$suite" --home)
	build=build-crash-${home##*/}
	make -s -C "$root" O="$build" CRASH_INCLUDE="$home/include/crash" \
		"$build/irqmatrix.so" >&2
	printf '%s\n' "extend $root/$build/irqmatrix.so" \
		"irqmatrix > $temp/crash.out" quit >"$temp/commands"
	for modules in "" --no_modules; do
		rm -f "$temp/crash.out"
		# shellcheck disable=SC2086 # none or one
		set -- "$root/tests/vmcores/crash" "$suite" $modules -s \
			-i "$temp/commands" "$vmlinux" "$vmcore"
		"$@" >/dev/null 2>&1 </dev/null || :
		[ -s "$temp/crash.out" ] || continue
		"$here/measure.py" -w 0 -n "$crash_runs" "$@"
		return
	done
	say "$dump: no crash opens it"
	echo "- - - -"
}

for dump; do
	rm -rf "$temp/cache"
	dwarf=${dump#"${dump%:dwarf}"}
	dump=${dump%:dwarf}
	suite=${dump%%/*}
	vmlinux=$cache/kernels/$suite/vmlinux vmcore=$cache/dumps/$dump/vmcore
	"$here/drgn_irqmatrix.py" "$vmcore" "$vmlinux" >"$temp/drgn"
	options_for
	mark=
	[ -z "$options" ] || mark="*"
	# shellcheck disable=SC2086 # a list
	XDG_CACHE_HOME=$temp/cache "$here/measure.py" -n "$runs" -s 0,1 \
		"$tool" --no-cache $options "$vmcore" ::: \
		"$tool" $options "$vmcore" ::: \
		"$here/drgn_irqmatrix.py" "$vmcore" "$vmlinux" >"$temp/three"
	# without a file in its cache the second was no cached one
	[ -n "$(find "$temp/cache" -type f 2>/dev/null)" ] ||
		sed -i '2s/.*/- - - -/' "$temp/three"
	crash=$(measure_crash)
	# shellcheck disable=SC2046 # its lines in one
	echo "$dump$mark" $(cat "$temp/three") "$crash"
done >"$temp/figures"

echo "$(nproc) CPUs, $runs runs ($crash_runs of crash), medians, ms;" \
	"how many times as long as the tool's first look and as its second;" \
	"peak RSS, MB"
awk '
function times(a, b) {
	return a == "-" || b == "-" ? "-" : sprintf("%.1f", a / b)
}
function mb(kib) { return kib == "-" ? "-" : sprintf("%.0f", kib / 1024) }
BEGIN {
	form = "%-19s %7s %7s %7s %8s  %6s %6s  %6s %6s  %5s %5s %5s\n"
	printf form, "", "tool", "tool", "", "", "drgn:", "drgn:", "crash:",
		"crash:", "RSS", "RSS", "RSS"
	printf form, "dump", "first", "cached", "drgn", "crash", "first",
		"cached", "first", "cached", "tool", "drgn", "crash"
}
{
	printf form, $1, $2, $6, $10, $14, times($10, $2), times($10, $6),
		times($14, $2), times($14, $6), mb($5), mb($13), mb($17)
}
/^[^ ]*\*/ { starred = 1 }
END { if (starred) print "* the tool with --vmlinux, which has DWARF" }
' "$temp/figures"
