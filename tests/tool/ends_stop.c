/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Preloaded into the tool: stops the process (SIGSTOP) that has just mapped a
 * vmlinux (STOP=elf), or is about to unpack a dump (STOP=zstd), once.
 */
#include <dlfcn.h>
#include <gelf.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

static __typeof__(elf_begin) *begin;
static __typeof__(ZSTD_decompressStream) *decompress;
static const char *where;

/* Looked up now: the sandbox forbids it later. */
__attribute__((constructor)) static void look_up(void)
{
	begin = (__typeof__(begin))dlsym(RTLD_NEXT, "elf_begin");
	decompress = (__typeof__(decompress))dlsym(RTLD_NEXT,
						   "ZSTD_decompressStream");
	where = getenv("STOP");
}

static void stop(const char *here)
{
	if (!where || strcmp(where, here) != 0)
		return;
	where = NULL;
	raise(SIGSTOP);
}

Elf *elf_begin(int fd, Elf_Cmd cmd, Elf *ref)
{
	Elf *elf = begin(fd, cmd, ref);

	stop("elf");
	return elf;
}

size_t ZSTD_decompressStream(ZSTD_DStream *s, ZSTD_outBuffer *out,
			     ZSTD_inBuffer *in)
{
	stop("zstd");
	return decompress(s, out, in);
}
