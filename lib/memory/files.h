/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The files that reading a dump needs. All of them are opened through struct
 * irqm_files, so that a program can let another process open them, and read the
 * dump in one that opens nothing (command/broker.h). A request says what a file
 * is for, never its path: only the opener knows the paths. Only the other files
 * of a vmlinux's DWARF have names, which are restricted to one directory.
 */
#ifndef IRQM_MEMORY_FILES_H
#define IRQM_MEMORY_FILES_H

#include "base/siphash.h"
#include "memory/known/dir.h"
#include "memory/vmcoreinfo.h"

enum irqm_file_kind {
	IRQM_FILE_DUMP,      /* file number nr of the dump */
	IRQM_FILE_TEMPORARY, /* a new unnamed file */
	IRQM_FILE_VMLINUX,   /* the vmlinux that the user gave */
	/* nr: of the places where a vmlinux may be; opens the first file from
	 * there on */
	IRQM_FILE_PLACE,
	IRQM_FILE_DOWNLOAD, /* a vmlinux from debuginfod */
	IRQM_FILE_DWO,      /* name: below the directory of the vmlinux that
				was opened last, and ends in ".dwo" */
	/* build_id: in the debug directories; otherwise name: below
	 * /usr/lib/debug/.dwz */
	IRQM_FILE_DWZ,
	/* learned kernels. place 0: the given path, others: the usual places;
	 * nr: of the files there */
	IRQM_FILE_KERNELS,
	/* secret of the cache: no file, the reply has it */
	IRQM_FILE_SECRET,
	IRQM_FILE_KNOWN, /* an entry of the cache */
	IRQM_FILE_KEEP,  /* new entry of the cache: no file */
	IRQM_NR_FILE_KINDS,
};

#define IRQM_FILE_NAME_SIZE 256

/* All strings end within their array. */
struct irqm_file_request {
	uint32_t kind, place, nr;
	/* of the dump's kernel, from VMCOREINFO; "": unknown */
	char build_id[IRQM_BUILD_ID_HEX];
	char release[IRQM_RELEASE_SIZE];
	char known[IRQM_KNOWN_NAME_SIZE]; /* name of the entry */
	char name[IRQM_FILE_NAME_SIZE];   /* for IRQM_FILE_DWO, IRQM_FILE_DWZ */
};

enum {
	IRQM_FILE_END = 1 << 0, /* no file with this number or a higher one */
	IRQM_FILE_IN_DIRECTORY = 1 << 1, /* the path is a directory */
	IRQM_FILE_NO_LIBRARY = 1 << 2,   /* libdebuginfod cannot be loaded */
};

struct irqm_file_reply {
	/* errno, if no descriptor is returned */
	int error;
	uint32_t flags;                 /* IRQM_FILE_* */
	uint32_t nr;                    /* number of the file that was opened */
	char name[IRQM_FILE_NAME_SIZE]; /* the end of its path, for messages */
	uint8_t secret[IRQM_SIPHASH_KEY];
	struct irqm_error why; /* of the cache: why it cannot be used */
};

struct irqm_files {
	/* Returns a descriptor to close, or -1; the reply has more. */
	int (*open)(void *ctx, const struct irqm_file_request *request,
		    struct irqm_file_reply *reply);
	/* Answers IRQM_FILE_KEEP; error is 0 if the entry was written. */
	void (*keep)(void *ctx, const struct irqm_file_request *request,
		     const void *data, size_t size,
		     struct irqm_file_reply *reply);
	void *ctx;
};

/* Limit on the bytes of an entry of the cache. */
#define IRQM_FILE_KEEP_MAX (96U << 10)

/* Opens path for reading. Returns what open() does; the reply says why. */
int irqm_files_open_path(const char *path, struct irqm_file_reply *reply);

/* Opens path if files is NULL. Returns what open() does. */
int irqm_files_open(const struct irqm_files *files,
		    const struct irqm_file_request *request, const char *path,
		    struct irqm_file_reply *reply);

#endif
