# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# Shared by the scripts of this folder: where things are kept, and how packages of any Debian suite are had.

CACHE=${IRQMATRIX_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/irqmatrix}
# forky stands for "the newest 7.x"; sid works too where forky has none.
# shellcheck disable=SC2034
ALL_SUITES="bullseye bookworm trixie forky"
# What kernels/build makes, and the cases small* run on.
# shellcheck disable=SC2034
BUILT_KERNELS="bullseye.split+norelocatable bookworm.small bookworm.rhel+nobtf+zlib+kdump bullseye.rhel+la57 trixie.uek+lto
	forky.rt+randstruct+norelocatable+nokallsyms forky.sles"

# A kernel is named SUITE, which has Debian's cloud-amd64 flavour, or SUITE.FLAVOUR: bookworm.amd64 has what clouds lack.
suite_of() { echo "${1%%.*}"; }
flavour_of() { case $1 in *.*) echo "${1#*.}" ;; *) echo cloud-amd64 ;; esac; }

say() { printf '%s\n' "$*" >&2; }
die() { say "${0##*/}: $*"; exit 1; }

# What a kernel has to trace, from its start, for the checker's replay. Names in full: trace_event= takes no patterns within
# a system.
TRACE_EVENTS='irq_matrix:*'
for event in config update clear reserve_managed reserve alloc alloc_managed activate deactivate teardown setup free_moved; do
	TRACE_EVENTS=$TRACE_EVENTS,irq_vectors:vector_$event
done

# Install what the host lacks: need COMMAND PACKAGE [COMMAND PACKAGE]...
need() {
	missing=
	while [ $# -gt 1 ]; do
		command -v "$1" >/dev/null 2>&1 || [ -e "$1" ] || missing="$missing $2"
		shift 2
	done
	[ -z "$missing" ] && return 0
	[ "$(id -u)" = 0 ] || die "missing packages:$missing"
	# shellcheck disable=SC2086
	{ apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $missing; } >&2
}

# A temporary folder beside the place where its content will go, so that the last step is a rename.
# It is removed however the script ends.
temp_folder() {
	mkdir -p "$1"
	# What a killed run left: older than a day is nobody's.
	find "$1" -maxdepth 1 -name '.tmp.*' -mmin +1440 -exec rm -rf {} +
	TEMP=$(mktemp -d "$1/.tmp.XXXXXXXX")
	trap 'rm -rf "$TEMP"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
}

# Only one process at a time makes what $1 names; the others wait and then find it.
lock() {
	mkdir -p "$CACHE/locks"
	exec 9>"$CACHE/locks/$1"
	flock -w 3600 9 || die "another process has held $1 for an hour"
}

# linux_source SUITE [PATH...]: the newest linux-source of that suite's own kernel into $TEMP, of it only what is named, and
# $source set to where it is. $SOURCE names one that is unpacked already.
linux_source() {
	source=${SOURCE-}
	[ -z "$source" ] || return 0
	mkdir "$TEMP/debs"
	private_apt "$1" "$TEMP/apt"
	shift
	# Versions with ~deb or ~bpo are another suite's kernel; an archive may list what it no longer holds.
	for package in $(apt-cache dumpavail | awk '
		/^Package: / { name = $2 }
		/^Version: / && name ~ /^linux-source-[0-9.]+$/ && $2 !~ /~(deb|bpo)/ { print name "=" $2 }' | sort -u -V -r); do
		(cd "$TEMP/debs" && apt-get download -q "$package" >&2) && break
	done
	dpkg-deb --fsys-tarfile "$TEMP"/debs/*.deb | tar -x -C "$TEMP" --wildcards '*.tar.xz'
	package=${package%%=*}
	source=$TEMP/$package
	tar -xf "$TEMP/usr/src/$package.tar.xz" -C "$TEMP" "${@:-$package}"
	rm -rf "$TEMP/debs" "$TEMP/usr" "$TEMP/apt"
	unset APT_CONFIG
}

# private_apt SUITE FOLDER: an apt that knows only SUITE (with its updates and security), in FOLDER. SUITE may be
# bookworm-backports or another's.
# The archive's address is what the host's own apt uses; the other suites are beside the one in use.
private_apt() {
	base=${1%-backports} root=$2
	keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	mkdir -p "$root/state/lists/partial" "$root/cache/archives/partial"
	: >"$root/status"
	# shellcheck disable=SC2016
	main=$(apt-get indextargets --format '$(ORIGIN) $(LABEL) $(SITE)' 'Created-By: Packages' |
		sed -n 's/^Debian Debian //p' | head -n 1)
	# shellcheck disable=SC2016
	security=$(apt-get indextargets --format '$(ORIGIN) $(LABEL) $(SITE)' 'Created-By: Packages' |
		sed -n 's/^Debian Debian-Security //p' | head -n 1)
	[ -n "$main" ] || die "apt's configuration names no Debian archive"
	{
		# Backports are built with, and need, the rest of their suite.
		[ "$base" = "$1" ] || echo "deb [signed-by=$keyring] $main $1 main"
		echo "deb [signed-by=$keyring] $main $base main"
		if [ "$base" != sid ]; then
			echo "deb [signed-by=$keyring] $main $base-updates main"
			if [ -n "$security" ]; then
				echo "deb [signed-by=$keyring] $security $base-security main"
			fi
		fi
	} >"$root/sources.list"
	# The host's apt.conf.d still holds (proxy, certificates); its sources, preferences and state do not.
	# Signatures are checked, dates are not: a mirror that stands still has as good a kernel.
	cat >"$root/apt.conf" <<CONF
Dir::Etc::sourcelist "$root/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State "$root/state";
Dir::State::status "$root/status";
Dir::Cache "$root/cache";
Acquire::Check-Valid-Until "false";
Acquire::Languages "none";
Acquire::Retries "3";
APT::Architecture "amd64";
APT::Architectures { "amd64"; };
APT::Sandbox::User "root";
CONF
	export APT_CONFIG="$root/apt.conf"
	timeout 300 apt-get update -q -o APT::Update::Error-Mode=any >"$root/update.log" 2>&1 ||
		{ cat "$root/update.log" >&2; die "cannot read the package lists of $1"; }
}

# unpack_closure FOLDER PACKAGE...: the packages and every library they depend on, unpacked, nothing configured.
# Only libraries: perl, debconf and the like are not needed to run the programs themselves.
unpack_closure() {
	into=$1
	shift
	mkdir -p "$into" "$TEMP/debs"
	wanted=$( (
		printf '%s\n' "$@"
		apt-get install -s --no-install-recommends "$@" | sed -n 's/^Inst \([^ ]*\) .*/\1/p' |
			grep -E '^(lib|zlib)' | grep -v perl
	) | sort -u)
	# shellcheck disable=SC2086
	(cd "$TEMP/debs" && timeout 1200 apt-get download -q $wanted >"$TEMP/download.log" 2>&1) ||
		{ cat "$TEMP/download.log" >&2; die "cannot fetch $*"; }
	for deb in "$TEMP"/debs/*.deb; do
		dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$into" --keep-directory-symlink --no-same-owner
		rm -f "$deb"
	done
}

# Of an unpacked tree: its dynamic loader, and the path of its libraries.
loader_of() { find "$1" -type f \( -name 'ld-linux-x86-64.so.2' -o -name 'ld-[0-9]*.so' \) -print | head -n 1; }
libraries_of() {
	find "$1" -name '*.so*' ! -path '*/debug/*' -printf '%h\n' |
		grep -E '/lib(64)?(/x86_64-linux-gnu)?$' | sort -u | paste -sd :
}

# What a guest starts with. Both ask for $kernel (its folder), $release and $tools; initramfs also for what guest-init takes
# from the case: $dump_level, $modules, $crash_append, $guest.
# shellcheck disable=SC2154
modules_of() { # the files of the named modules and of what they depend on
	tree=$kernel/modules/lib/modules/$release
	for module in "$@"; do
		pattern=$(echo "$module" | sed 's/[-_]/[-_]/g')
		sed -n "s|^\([^ ]*/$pattern\.ko\): *\(.*\)|\1 \2|p" "$tree/modules.dep"
	done | tr ' ' '\n' | sed '/^$/d' | sort -u
}
initramfs() { # FOLDER FILE MODULE...
	root=$1 out=$2
	shift 2
	mkdir -p "$root/bin" "$root/proc" "$root/sys" "$root/dev" "$root/tmp" "$root/tools" "$root/lib/modules/$release"
	cp "$(command -v busybox)" "$root/bin/busybox"
	ln -s busybox "$root/bin/sh"
	cp "$here/guest-init" "$root/init"
	cp "$tools"/* "$root/tools/"
	chmod 755 "$root/init" "$root/tools"/*
	modules_of "$@" | (cd "$kernel/modules/lib/modules/$release" && cpio --quiet -pdmL "$root/lib/modules/$release")
	cp "$kernel/modules/lib/modules/$release"/modules.builtin* "$kernel/modules/lib/modules/$release/modules.order" \
		"$root/lib/modules/$release/"
	depmod -b "$root" "$release"
	cat >"$root/case.sh" <<-CASE
		dump_level=$dump_level
		modules="$modules"
		crash_append="$crash_append"
	CASE
	printf '%s\n' "$guest" >"$root/guest.sh"
	(cd "$root" && find . | cpio --quiet -o -H newc) | gzip -1 >"$out"
}

# wait_for_guest PID CONSOLE SECONDS: until QEMU ends. Emulated CPUs that run in parallel hang now and then, mostly while
# they come up: a guest whose console has said nothing for so long is ended. Returns QEMU's status.
wait_for_guest() {
	while sleep 1; kill -0 "$1" 2>/dev/null; do
		silent=$(($(date +%s) - $(stat -c %Y "$2" 2>/dev/null || date +%s)))
		if [ "$silent" -gt "$3" ]; then
			kill "$1"
		fi
	done
	wait "$1"
}
