/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fault_vfs.h"

#include <stdbool.h>
#include <string.h>

struct file {
	sqlite3_file base;
	sqlite3_file real[]; /* what the VFS below has */
};

static sqlite3_vfs vfs, *below;
static unsigned int calls, fails_at;
static int fails_with, fail_all;

void fault_vfs_arm(unsigned int n, int code, int all)
{
	calls = 0;
	fails_at = n;
	fails_with = code;
	fail_all = all;
}

unsigned int fault_vfs_calls(void)
{
	return calls;
}

/* A write is never busy, and a lock never full. */
static int fault(bool is_lock)
{
	if (is_lock !=
	    (fails_with == SQLITE_BUSY || fails_with == SQLITE_IOERR_LOCK))
		return SQLITE_OK;
	calls++;
	if (fails_at && (calls == fails_at || (fail_all && calls > fails_at)))
		return fails_with;
	return SQLITE_OK;
}

#define REAL(f) (((struct file *)(f))->real)
#define PASS(name, args, ...)                                                  \
	static int name##_ args                                                \
	{                                                                      \
		return REAL(f)->pMethods->name(REAL(f), ##__VA_ARGS__);        \
	}
#define FAIL(is_lock, name, args, ...)                                         \
	static int name##_ args                                                \
	{                                                                      \
		int rc = fault(is_lock);                                       \
                                                                               \
		return rc ? rc :                                               \
			    REAL(f)->pMethods->name(REAL(f), ##__VA_ARGS__);   \
	}

PASS(xClose, (sqlite3_file * f))
PASS(xRead, (sqlite3_file * f, void *p, int n, sqlite3_int64 at), p, n, at)
FAIL(false, xWrite, (sqlite3_file * f, const void *p, int n, sqlite3_int64 at),
     p, n, at)
FAIL(false, xTruncate, (sqlite3_file * f, sqlite3_int64 size), size)
/* No power is lost here, so nothing has to reach the disk. */
static int xSync_(sqlite3_file *f, int flags)
{
	(void)f, (void)flags;
	return fault(false);
}
PASS(xFileSize, (sqlite3_file * f, sqlite3_int64 *ret), ret)
FAIL(true, xLock, (sqlite3_file * f, int lock), lock)
PASS(xUnlock, (sqlite3_file * f, int lock), lock)
PASS(xCheckReservedLock, (sqlite3_file * f, int *ret), ret)
PASS(xFileControl, (sqlite3_file * f, int op, void *arg), op, arg)
PASS(xSectorSize, (sqlite3_file * f))
PASS(xDeviceCharacteristics, (sqlite3_file * f))
PASS(xShmMap,
     (sqlite3_file * f, int page, int size, int extend, void volatile **ret),
     page, size, extend, ret)
static int xShmLock_(sqlite3_file *f, int at, int n, int flags)
{
	/* an unlock does not fail */
	int rc = flags & SQLITE_SHM_UNLOCK ? SQLITE_OK : fault(true);

	return rc ? rc : REAL(f)->pMethods->xShmLock(REAL(f), at, n, flags);
}
static void xShmBarrier_(sqlite3_file *f)
{
	REAL(f)->pMethods->xShmBarrier(REAL(f));
}
PASS(xShmUnmap, (sqlite3_file * f, int remove), remove)

static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = xClose_,
	.xRead = xRead_,
	.xWrite = xWrite_,
	.xTruncate = xTruncate_,
	.xSync = xSync_,
	.xFileSize = xFileSize_,
	.xLock = xLock_,
	.xUnlock = xUnlock_,
	.xCheckReservedLock = xCheckReservedLock_,
	.xFileControl = xFileControl_,
	.xSectorSize = xSectorSize_,
	.xDeviceCharacteristics = xDeviceCharacteristics_,
	.xShmMap = xShmMap_,
	.xShmLock = xShmLock_,
	.xShmBarrier = xShmBarrier_,
	.xShmUnmap = xShmUnmap_,
};

static int open_file(sqlite3_vfs *v, const char *name, sqlite3_file *f,
		     int flags, int *ret_flags)
{
	int rc;

	(void)v;
	memset(f, 0, sizeof(struct file));
	rc = below->xOpen(below, name, REAL(f), flags, ret_flags);
	/* what was not opened is not closed */
	f->pMethods = REAL(f)->pMethods ? &methods : NULL;
	return rc;
}

/* A minute's wait for a lock is over at once. */
static int no_sleep(sqlite3_vfs *v, int us)
{
	(void)v;
	return us;
}

void fault_vfs_install(void)
{
	if (below)
		return;
	below = sqlite3_vfs_find(NULL);
	vfs = *below;
	vfs.zName = "faults";
	vfs.szOsFile = sizeof(struct file) + below->szOsFile;
	vfs.xOpen = open_file;
	vfs.xSleep = no_sleep;
	vfs.pNext = NULL;
	sqlite3_vfs_register(&vfs, 1);
}
