/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SQLite's own VFS, of which the n-th call that changes a file fails. */
#ifndef FAULT_VFS_H
#define FAULT_VFS_H

#include <sqlite3.h>

/* From now on the default of this process. */
void fault_vfs_install(void);
/* The n-th write, sync, truncation or lock from now on fails with code, and
 * with it all that follow if all; n 0: none does. */
void fault_vfs_arm(unsigned int n, int code, int all);
/* Such calls since then. */
unsigned int fault_vfs_calls(void);

#endif
