#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Adds irqmatrix to the crash initramfs of kdump-utils (docs/kdump.md).

# Only if it is asked for.
check() {
	require_binaries irqmatrix || return 1
	return 255
}

depends() {
	return 0
}

install() {
	inst_multiple irqmatrix sh cat date mkdir mount mv rm rmdir sleep sync tail
	inst_multiple -o /etc/irqmatrix-kdump.conf
	inst_script /usr/libexec/irqmatrix/kdump-hook /etc/kdump/pre.d/irqmatrix
	inst_script /usr/libexec/irqmatrix/kdump-hook /etc/kdump/post.d/irqmatrix
}
