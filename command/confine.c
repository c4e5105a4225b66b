/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/confine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/sandbox.h"
#include "memory/input/tempfile.h"
#include "memory/known/dir.h"

/* Where libdebuginfod stores downloads: see debuginfod_find_debuginfo(3). */
struct debuginfod_dirs {
	char *given, *cache, *old;
};

static char *path_below(const char *base, const char *name)
{
	char *path;

	if (!base || base[0] != '/' || asprintf(&path, "%s/%s", base, name) < 0)
		return NULL;
	return path;
}

static void find_dirs(struct debuginfod_dirs *d)
{
	const char *home = getenv("HOME");

	d->given = path_below(getenv("DEBUGINFOD_CACHE_PATH"), "");
	d->cache = path_below(getenv("XDG_CACHE_HOME"), "debuginfod_client");
	if (!d->cache)
		d->cache = path_below(home, ".cache/debuginfod_client");
	d->old = path_below(home, ".debuginfod_client_cache");
	/* the sandbox would not allow creating it later */
	if (d->given)
		irqm_make_directories(d->given);
	else if (d->cache)
		irqm_make_directories(d->cache);
}

static void free_dirs(struct debuginfod_dirs *d)
{
	free(d->given);
	free(d->cache);
	free(d->old);
}

/*
 * Whether a vmlinux is needed is known only after the dump was opened. So if
 * DEBUGINFOD_URLS is set and no vmlinux was given, the network is allowed until
 * the search for one is over.
 */
static bool may_download(const struct irqm_files_local *l)
{
	const char *urls = getenv("DEBUGINFOD_URLS");

	return !l->vmlinux && urls && urls[0];
}

struct opening {
	const char *cache_dir;
	bool network;
};

/* Confines the process that opens files. */
static bool confine_opening(const void *ctx, int socket)
{
	const struct opening *o = ctx;
	struct debuginfod_dirs d = { 0 };
	struct irqm_sandbox_needs needs = {
		.network = o->network,
		.sockets = { socket },
	};
	int rc;

	if (o->cache_dir)
		irqm_make_directories(o->cache_dir);
	if (o->network)
		find_dirs(&d);
	needs.writable[0] = o->cache_dir;
	needs.writable[1] = irqm_tempfile_directory();
	needs.writable[2] = d.given;
	needs.writable[3] = d.cache;
	needs.writable[4] = d.old;
	rc = irqm_sandbox_enter(IRQM_SANDBOX_OPENING, &needs);
	free_dirs(&d);
	return rc >= 0;
}

int irqm_confine_broker(struct irqm_broker *b,
			const struct irqm_files_local *local)
{
	const struct opening o = {
		.cache_dir = local->cache_dir,
		.network = may_download(local),
	};

	return irqm_broker_start(b, local, confine_opening, &o);
}

bool irqm_confine_learning(const char *output_dir)
{
	return irqm_sandbox_enter(
		       IRQM_SANDBOX_LEARNING,
		       &(struct irqm_sandbox_needs){
			       .writable = { irqm_tempfile_directory(),
					     output_dir } }) >= 0;
}

bool irqm_confine_reading(const char *output_dir, int socket, int other)
{
	return irqm_sandbox_enter(IRQM_SANDBOX_READING,
				  &(struct irqm_sandbox_needs){
					  .finish_in = output_dir,
					  .sockets = { socket, other } }) >= 0;
}

bool irqm_confine_watching(int socket)
{
	return irqm_sandbox_enter(IRQM_SANDBOX_READING,
				  &(struct irqm_sandbox_needs){
					  .waits = true,
					  .sockets = { socket } }) >= 0;
}

/* Adds a directory to create files in, if it is not in the list. */
static void add_writable(struct irqm_sandbox_needs *needs, const char *dir)
{
	unsigned int i;

	for (i = 0; dir && i < IRQM_SANDBOX_PLACES; i++) {
		if (!needs->writable[i])
			needs->writable[i] = dir;
		if (strcmp(needs->writable[i], dir) == 0)
			return;
	}
}

/* SQLite makes its journals in a store's directory, even to read the store. */
bool irqm_confine_store(const char *const files[], unsigned int nr,
			const char *output)
{
	const char **readable = calloc(2 * nr + 2, sizeof(*readable));
	char *out_dir = output ? irqm_directory_of(output) : NULL;
	struct irqm_sandbox_needs needs = {
		.writable = { irqm_tempfile_directory(), out_dir },
		.readable = readable,
	};
	unsigned int i;
	int rc = -1;

	for (i = 0; readable && i < nr; i++) {
		readable[2 * i] = files[i];
		readable[2 * i + 1] = irqm_directory_of(files[i]);
		add_writable(&needs, readable[2 * i + 1]);
	}
	if (readable) {
		readable[2 * nr] = "/dev/urandom";
		readable[2 * nr + 1] = "/etc/localtime";
		needs.nr_readable = 2 * nr + 2;
		rc = irqm_sandbox_enter(IRQM_SANDBOX_STORE, &needs);
	}
	for (i = 0; readable && i < nr; i++)
		free((char *)readable[2 * i + 1]);
	free(readable);
	free(out_dir);
	return rc >= 0;
}

bool irqm_confine_finding(void)
{
	return irqm_sandbox_enter(IRQM_SANDBOX_FINDING, NULL) >= 0;
}

/*
 * Memory that the program needs before it reads anything, and for each byte
 * that it reads: a parsed document is larger than its text, which is compressed
 * in a store.
 */
#define LEAST_MEMORY (192ULL << 20)
#define MEMORY_PER_BYTE 64

void irqm_limit_memory(const char *const files[], unsigned int nr)
{
	uint64_t most = LEAST_MEMORY;
	struct rlimit now;
	struct stat st;
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (stat(files[i], &st) == 0 && st.st_size > 0 &&
		    __builtin_add_overflow(
			    most, (uint64_t)st.st_size * MEMORY_PER_BYTE,
			    &most))
			return;
	if (getrlimit(RLIMIT_DATA, &now) == 0 && most < now.rlim_cur)
		setrlimit(RLIMIT_DATA, &(struct rlimit){ most, now.rlim_max });
}

char *irqm_directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return strdup(".");
	return slash == path ? strdup("/") : strndup(path, slash - path);
}
