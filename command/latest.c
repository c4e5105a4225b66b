/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/latest.h"

#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "memory/recognise.h"

/* Limits. kdump writes HOST-DATE/vmcore; a server that collects the dumps of
 * many hosts has a directory for each host above that. */
#define DEPTH_MAX 4
#define FILES_MAX 100000
#define LINES_MAX 2000
#define PLACE_MAX 256

/* What the configuration of kdump says. */
struct kdump_config {
	char directory[PLACE_MAX]; /* "": not set */
	char elsewhere[PLACE_MAX]; /* another machine or disk; "": none */
};

/* A configuration file, and its settings. */
struct kdump_syntax {
	const char *path;
	const char *separator; /* between the name and the value */
	const char *directory;
	const char *elsewhere[12]; /* names, up to a NULL */
};

/* clang-format off */
static const struct kdump_syntax syntaxes[] = {
	{ "/etc/kdump.conf", " \t", "path",
	  { "nfs", "ssh", "raw", "ext2", "ext3", "ext4", "xfs", "btrfs",
	    "minix", "virtiofs" } },
	{ "/etc/default/kdump-tools", "=", "KDUMP_COREDIR", { "NFS", "SSH" } },
	{ "/etc/sysconfig/kdump", "=", "KDUMP_SAVEDIR", { NULL } },
};
/* clang-format on */

/* Returns the value if the line sets name, without quotes; it ends there. */
static char *value_of(char *line, const char *name, const char *separator)
{
	size_t len = strlen(name);
	char *value, quote;

	line += strspn(line, " \t");
	if (strncmp(line, name, len) != 0 || !line[len] ||
	    !strchr(separator, line[len]))
		return NULL;
	value = line + len + 1;
	value += strspn(value, " \t");
	quote = *value;
	if (quote == '"' || quote == '\'')
		value[1 + strcspn(value + 1, (char[]){ quote, '\0' })] = '\0';
	else
		value[strcspn(value, " \t\r\n#")] = '\0';
	return value + (quote == '"' || quote == '\'');
}

static void keep_value(char ret[PLACE_MAX], const char *value)
{
	if (strlen(value) < PLACE_MAX)
		strcpy(ret, value);
}

/* SUSE's setting is a directory or a URL: file:///var/crash, nfs://... */
static void keep_directory(struct kdump_config *c, const char *value)
{
	if (strncmp(value, "file://", 7) == 0)
		value += 7;
	if (*value == '/')
		keep_value(c->directory, value);
	else if (strstr(value, "://"))
		keep_value(c->elsewhere, value);
}

static void read_line(struct kdump_config *c, const struct kdump_syntax *s,
		      char *line)
{
	char *value = value_of(line, s->directory, s->separator);
	unsigned int i;

	if (value)
		keep_directory(c, value);
	for (i = 0; s->elsewhere[i] && !value; i++) {
		value = value_of(line, s->elsewhere[i], s->separator);
		if (value && *value)
			keep_value(c->elsewhere, value);
	}
}

/* As in the shell, the last setting counts. */
static void read_config(const char *root, const struct kdump_syntax *s,
			struct kdump_config *ret)
{
	char path[PATH_MAX], line[1024];
	unsigned int nr = 0;
	FILE *in;

	*ret = (struct kdump_config){ 0 };
	snprintf(path, sizeof(path), "%s%s", root, s->path);
	in = fopen(path, "re");
	if (!in)
		return;
	while (nr++ < LINES_MAX && fgets(line, sizeof(line), in))
		read_line(ret, s, line);
	fclose(in);
}

/* The search. */
struct latest_search {
	struct irqm_latest *ret;
	struct timespec newest;
	int error; /* of a directory that cannot be read */
	char denied[PLACE_MAX];
};

static bool is_newer(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec != b->tv_sec ? a->tv_sec > b->tv_sec :
					a->tv_nsec > b->tv_nsec;
}

static void look_at(struct latest_search *s, const FTSENT *e)
{
	if (e->fts_info == FTS_DNR ||
	    (e->fts_info == FTS_ERR && e->fts_errno != ENOENT)) {
		s->error = e->fts_errno;
		snprintf(s->denied, sizeof(s->denied), "%.*s", PLACE_MAX - 1,
			 e->fts_path);
	}
	if (e->fts_info != FTS_F || !S_ISREG(e->fts_statp->st_mode) ||
	    !irqm_is_dump_name(e->fts_name) ||
	    strlen(e->fts_path) >= sizeof(s->ret->path) ||
	    (s->ret->path[0] && !is_newer(&e->fts_statp->st_mtim, &s->newest)))
		return;
	strcpy(s->ret->path, e->fts_path);
	s->newest = e->fts_statp->st_mtim;
	s->ret->modified = s->newest.tv_sec;
}

static void look_below(struct latest_search *s, const char *root,
		       const char *directory)
{
	char path[PATH_MAX];
	char *const paths[] = { path, NULL };
	unsigned int nr = 0;
	FTSENT *e;
	FTS *fts;

	snprintf(path, sizeof(path), "%s%s", root, directory);
	fts = fts_open(paths, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, NULL);
	if (!fts)
		return;
	while (nr++ < FILES_MAX && (e = fts_read(fts))) {
		look_at(s, e);
		if (e->fts_level >= DEPTH_MAX)
			fts_set(fts, e, FTS_SKIP);
	}
	fts_close(fts);
}

static void say_nothing_found(const struct latest_search *s, const char *places,
			      const char *elsewhere, struct irqm_error *err)
{
	if (s->error)
		irqm_error_set(err,
			       "cannot look for dumps in %s: %s; try it as "
			       "root, or name the file",
			       s->denied, strerror(s->error));
	else if (*elsewhere)
		irqm_error_set(err,
			       "no dump below %s; kdump is set to write to %s: "
			       "name a file from there",
			       places, elsewhere);
	else
		irqm_error_set(
			err,
			"no dump below %s; name the file, or check with "
			"\"systemctl status kdump\" (Debian: "
			"\"kdump-config status\") whether kdump is ready",
			places);
}

int irqm_latest_find(const char *root, struct irqm_latest *ret,
		     struct irqm_error *err)
{
	struct latest_search s = { .ret = ret };
	char places[4 * PLACE_MAX] = "/var/crash";
	char elsewhere[PLACE_MAX] = "";
	struct kdump_config c;
	size_t i, len;

	*ret = (struct irqm_latest){ 0 };
	look_below(&s, root, "/var/crash");
	for (i = 0; i < ARRAY_SIZE(syntaxes); i++) {
		read_config(root, &syntaxes[i], &c);
		if (c.elsewhere[0])
			strcpy(elsewhere, c.elsewhere);
		if (!c.directory[0] || strcmp(c.directory, "/var/crash") == 0)
			continue;
		look_below(&s, root, c.directory);
		len = strlen(places);
		snprintf(places + len, sizeof(places) - len, " and %s (%s)",
			 c.directory, syntaxes[i].path);
	}
	if (ret->path[0])
		return 0;
	say_nothing_found(&s, places, elsewhere, err);
	return -1;
}
