/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The files that reading a dump takes. All of them are opened through struct
 * irqm_files, so that a program can let another process open them, and read
 * the dump in one that opens nothing (command/broker.h). A request says what a
 * file is for, never which path: the paths are known to who opens it. Only the
 * other files of a vmlinux's DWARF have names, which are looked for below one
 * directory.
 */
#ifndef IRQM_MEMORY_FILES_H
#define IRQM_MEMORY_FILES_H

#include "base/siphash.h"
#include "memory/known/dir.h"
#include "memory/vmcoreinfo.h"

enum irqm_file_kind {
	IRQM_FILE_DUMP,      /* nr: of the files of the dump */
	IRQM_FILE_TEMPORARY, /* a new one, without a name */
	IRQM_FILE_VMLINUX,   /* the given one */
	IRQM_FILE_PLACE,     /* nr: of the places where a vmlinux may be; the
				first file from there on */
	IRQM_FILE_DOWNLOAD,  /* a vmlinux from debuginfod */
	IRQM_FILE_DWO,       /* name: below the directory of the vmlinux that
				was opened last, and ends in ".dwo" */
	IRQM_FILE_DWZ,       /* build_id: in the debug directories; else name:
				below /usr/lib/debug/.dwz */
	IRQM_FILE_KERNELS,   /* learned ones. place 0: the given path, others:
				the usual places; nr: of the files there */
	IRQM_FILE_SECRET,    /* of the cache: no file, the reply has it */
	IRQM_FILE_KNOWN,     /* an entry of the cache */
	IRQM_FILE_KEEP,      /* a new entry of the cache: no file */
	IRQM_NR_FILE_KINDS,
};

#define IRQM_FILE_NAME_SIZE 256

/* All texts end within their array. */
struct irqm_file_request {
	uint32_t kind, place, nr;
	/* of the dump's kernel, as VMCOREINFO has them; "": not known */
	char build_id[IRQM_BUILD_ID_HEX];
	char release[IRQM_RELEASE_SIZE];
	char known[IRQM_KNOWN_NAME_SIZE]; /* the entry's name */
	char name[IRQM_FILE_NAME_SIZE];   /* of IRQM_FILE_DWO, IRQM_FILE_DWZ */
};

enum {
	IRQM_FILE_END = 1 << 0, /* no file with this number, nor behind */
	IRQM_FILE_IN_DIRECTORY = 1 << 1, /* the path is a directory */
	IRQM_FILE_NO_LIBRARY = 1 << 2,   /* libdebuginfod cannot be loaded */
};

struct irqm_file_reply {
	int error;                      /* errno, if there is no descriptor */
	uint32_t flags;                 /* IRQM_FILE_* */
	uint32_t nr;                    /* of the file that was opened */
	char name[IRQM_FILE_NAME_SIZE]; /* the end of its path, for messages */
	uint8_t secret[IRQM_SIPHASH_KEY];
	struct irqm_error why; /* of the cache */
};

struct irqm_files {
	/* Returns a descriptor to close, or -1: the reply has the rest. */
	int (*open)(void *ctx, const struct irqm_file_request *request,
		    struct irqm_file_reply *reply);
	/* Answers IRQM_FILE_KEEP; error is 0 if the entry was written. */
	void (*keep)(void *ctx, const struct irqm_file_request *request,
		     const void *data, size_t size,
		     struct irqm_file_reply *reply);
	void *ctx;
};

/* Bytes of an entry of the cache, at most. */
#define IRQM_FILE_KEEP_MAX (96U << 10)

/* Opens path to read. Returns as open() does; the reply says why. */
int irqm_files_open_path(const char *path, struct irqm_file_reply *reply);

/* Where there are none to ask (NULL), opens path. Returns as open() does. */
int irqm_files_open(const struct irqm_files *files,
		    const struct irqm_file_request *request, const char *path,
		    struct irqm_file_reply *reply);

#endif
