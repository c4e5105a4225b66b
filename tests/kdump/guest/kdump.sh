#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Stands in for kdump-utils' kdump.sh: the same calls of the hooks, and no dump
# if one in kdump_pre's place failed.
folder=/kdumproot/crash/127.0.0.1-$(date +%Y-%m-%d-%T)

for hook in /etc/kdump/pre.d/*; do
	"$hook" || { echo "$hook failed"; reboot -f; }
done
mkdir -p "$folder"
echo "saving vmcore"
status=0
if makedumpfile -l --message-level 1 -d 31 /proc/vmcore \
	"$folder/vmcore-incomplete"; then
	mv "$folder/vmcore-incomplete" "$folder/vmcore"
	echo "saving vmcore complete"
else
	status=1
	echo "saving vmcore failed"
fi
for hook in /etc/kdump/post.d/*; do
	"$hook" $status
done
sync
reboot -f
