#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# dracut's module for the guest: what kdump-utils puts into a crash initramfs,
# as far as kdump.sh needs it. $moddir has it.

check() {
	return 255
}

install() {
	inst_multiple awk chmod cut date dd dmesg dirname findmnt grep head ls \
		makedumpfile mkdir mount mv nproc reboot sed sleep stat sync tail tr
	inst_multiple -o id journalctl logger mkfifo systemd-cat vmcore-dmesg
	# as kdump-utils' own module has it
	# shellcheck disable=SC2154 # dracut's
	mkdir -p "$initdir/etc/systemd/journald.conf.d"
	printf '[Journal]\nStorage=volatile\nReadKMsg=no\nForwardToConsole=yes\n' \
		>"$initdir/etc/systemd/journald.conf.d/99-kdump.conf"
	# shellcheck disable=SC2154 # dracut's
	inst_simple "$moddir/kdump.conf" /etc/kdump.conf
	inst_script "$moddir/lab-case" /etc/kdump/pre.d/00lab
	inst_script "$moddir/kdump.sh" /usr/bin/kdump.sh
	for file in kdump-lib-initramfs.sh kdump-logger.sh; do
		[ ! -e "$moddir/$file" ] || inst_simple "$moddir/$file" "/lib/$file"
	done
	# shellcheck disable=SC2154 # dracut's
	inst_simple "$moddir/kdump-capture.service" \
		"$systemdsystemunitdir/kdump-capture.service"
	# This runs after a dump that failed, as kdump-utils' module has it. The
	# stand-in boots again itself.
	if [ -e "$moddir/kdump-emergency.service" ]; then
		cp "$moddir/kdump-emergency.service" \
			"$initdir/$systemdsystemunitdir/emergency.service"
		ln_r "$systemdsystemunitdir/emergency.service" \
			"$systemdsystemunitdir/dracut-emergency.service"
	fi
	systemctl -q --root "$initdir" add-wants initrd.target \
		kdump-capture.service
}
