# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2154 # what the caller sets
# An emulated machine in which a program looks at the kernel that it runs on: what the scripts called live share.
# Sourced after lab.sh; $top is the project.
#
#	live_arguments [-k FOLDER] [SUITE]	into $keep and $suite
#	live_kernel				into $kernel
#	live_root				the tree of its root disk, in $root: what it needs to boot, and /vmlinux.
#						The program to run there, /inside, is the caller's; live-init says when
#	live_program FILE [LIBRARY...]	a program of this machine for $root
#	live_guest				runs it; what was in its /out is in $TEMP/out then

live_arguments() {
	keep=
	[ "${1-}" = -k ] && { keep=$2; shift 2; }
	[ $# -le 1 ] || die "usage: ${0##*/} [-k FOLDER] [SUITE]"
	suite=${1:-bookworm}
}

live_kernel() {
	need qemu-system-x86_64 qemu-system-x86 busybox busybox-static /sbin/mke2fs e2fsprogs python3 python3 \
		flock util-linux
	if ldd "$(command -v busybox)" >/dev/null 2>&1; then
		die "busybox has to be that of busybox-static"
	fi
	kernel=$("$top/tests/vmcores/kernel" "$suite")
}

# Beside the kernels: vmlinux is linked, not copied, into the tree of the disk. $root may be there already, as a whole Debian.
live_root() {
	for folder in bin proc sys dev tmp var/tmp out lib; do
		mkdir -p "$root/$folder"
	done
	cp "$(command -v busybox)" "$root/bin/"
	[ -e "$root/bin/sh" ] || ln -s busybox "$root/bin/sh"
	cp "$top/tests/vmcores/live-init" "$root/init"
	chmod 755 "$root/init"
	cp -r "$kernel/modules/lib/." "$root/lib/"
	ln "$kernel/vmlinux" "$root/vmlinux"
}

# NVMe and ext4 are built into these kernels: no initramfs.
boot_live() {
	rm -f "$TEMP/out.img" "$TEMP/console.log"
	truncate -s "${live_out:-64M}" "$TEMP/out.img"
	timeout -k 5 "${live_limit:-900}" qemu-system-x86_64 -accel tcg,thread=multi -machine pc \
		-cpu max,la57=off,cx16=off -smp 4 -m 2G \
		-nodefaults -no-user-config -display none -no-reboot -serial "file:$TEMP/console.log" \
		-kernel "$kernel/vmlinuz" \
		-append "root=/dev/nvme0n1 rootwait rw init=/init console=ttyS0,115200 panic=-1 trace_clock=global trace_buf_size=1024K trace_event=$TRACE_EVENTS" \
		-drive "file=$TEMP/root.img,format=raw,if=none,id=root,cache=unsafe,snapshot=on" \
		-device nvme,serial=root,drive=root \
		-drive "file=$TEMP/out.img,format=raw,if=none,id=out,cache=unsafe" \
		-device virtio-blk-pci,drive=out,num-queues=2 \
		-netdev user,id=net0 -device virtio-net-pci,netdev=net0 \
		</dev/null >"$TEMP/qemu.log" 2>&1 &
	guest_pid=$!
	wait_for_guest "$guest_pid" "$TEMP/console.log" 90 || :
	guest_pid=
	grep -q '^live: saved' "$TEMP/console.log" 2>/dev/null
}

# live_program FILE [NAME...]: a program of this machine into $root/bin, with its libraries, and those of the given names that it
# loads while it runs. The loader and the libraries are at their own paths.
live_program() {
	cp "$1" "$root/bin/"
	libraries=$(libraries_of "$1")
	shift
	for name; do
		found=$(ldconfig -p | sed -n "s/.*$name .*x86-64.* => //p" | sed 1q)
		[ -z "$found" ] || libraries="$libraries $found $(libraries_of "$found")"
	done
	for path in $libraries; do
		mkdir -p "$root${path%/*}"
		[ -e "$root$path" ] || cp -L "$path" "$root$path"
	done
}
libraries_of() { ldd "$1" | sed -n 's/.*[ \t]\(\/[^ ]*\) (.*/\1/p'; }

live_guest() {
	guest_pid=
	# No guest outlives the script.
	trap '[ -z "$guest_pid" ] || kill "$guest_pid" 2>/dev/null || :; rm -rf "$TEMP"' EXIT
	chmod 755 "$root/inside"
	truncate -s 2G "$TEMP/root.img"
	/sbin/mke2fs -q -t ext4 -m 0 -O ^has_journal -d "$root" "$TEMP/root.img"
	rm -rf "$root"
	try=1
	until boot_live; do
		if [ $try -ge 2 ]; then
			tail -n 5 "$TEMP/qemu.log" >&2
			tail -n 60 "$TEMP/console.log" >&2
			die "the guest saved nothing in $try tries"
		fi
		say "${0##*/}: the guest saved nothing, once more"
		try=$((try + 1))
	done
	sed -n 's/^live: //p' "$TEMP/console.log"
	mkdir "$TEMP/out"
	tar -x --no-same-owner -C "$TEMP/out" -f "$TEMP/out.img"
	[ -z "$keep" ] || { mkdir -p "$keep" && cp -r "$TEMP/out/." "$TEMP/console.log" "$keep/"; }
}
