/* SPDX-License-Identifier: GPL-3.0-or-later */
/* irqmatrix distill: writes a small dump of only what the analysis reads. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/confine.h"
#include "command/help.h"
#include "command/say.h"
#include "command/session.h"
#include "distill/distill.h"
#include "distill/output.h"
#include "tool/distill_list.h"
#include "tool/tool.h"

struct distill_options {
	bool with_log, no_host, list;
	const char *path; /* of the output; NULL: write nothing */
	struct irqm_dump_options dump;
};

enum {
	OPT_LIST = IRQM_OPT_OWN,
	OPT_WITH_LOG,
	OPT_NO_HOST,
};

static const struct option long_options[] = {
	{ "list", no_argument, NULL, OPT_LIST },
	{ "with-log", no_argument, NULL, OPT_WITH_LOG },
	{ "no-host", no_argument, NULL, OPT_NO_HOST },
	IRQM_OPTION_VMLINUX,
	IRQM_OPTION_KERNELS,
	IRQM_OPTIONS_SOURCE,
	IRQM_OPTIONS_LIMITS,
	IRQM_OPTIONS_END,
};

static int take_option(void *options, int c)
{
	struct distill_options *o = options;

	switch (c) {
	case OPT_LIST:
		o->list = true;
		return 0;
	case OPT_WITH_LOG:
		o->with_log = true;
		return 0;
	case OPT_NO_HOST:
		o->no_host = true;
		return 0;
	default:
		return irqm_take_dump_option(&o->dump, c);
	}
}

static bool is_new(const char *path)
{
	return access(path, F_OK) && errno == ENOENT;
}

static void set_files(struct distill_options *o,
		      const struct irqm_arguments *rest)
{
	irqm_take_files(&o->dump, rest);
	/* a single name is the output of the running machine's dump, unless it
	 * is a dump whose output was forgotten */
	if (rest->nr > 1 || (rest->nr && (o->dump.latest || o->dump.live ||
					  (!o->list && is_new(rest->arg[0])))))
		o->path = o->dump.files[--o->dump.nr_files];
}

/* Returns true if there is something to do. */
static bool parse_options(struct distill_options *o, int argc, char **argv,
			  int *ret_status)
{
	static const struct irqm_syntax syntax = {
		"hV",
		long_options,
		irqm_help_distill,
		take_option,
	};
	struct irqm_arguments rest;

	memset(o, 0, sizeof(*o));
	if (!irqm_read_options(&syntax, o, argc, argv, &rest, ret_status))
		return false;
	set_files(o, &rest);
	/* what comes from the cache would not be read from the dump, so it
	 * would be missing from the output */
	o->dump.no_cache = true;
	*ret_status = irqm_choose_dump(&o->dump);
	if (!*ret_status && !o->path && !o->list)
		*ret_status =
			irqm_bad_usage("no output file: name the file to "
				       "distill %s into",
				       rest.nr ? rest.arg[0] : "the dump");
	return !*ret_status;
}

static int write_file(const struct irqm_session *s,
		      const struct irqm_distill *d, const char *path,
		      struct irqm_output *out)
{
	struct irqm_distill_size size;
	struct irqm_error err;

	if (irqm_distill_write(d, out, &size, &err)) {
		irqm_say("%s: %s", s->name, err.msg);
		return IRQM_STATUS_TROUBLE;
	}
	irqm_print("%s: %.1f MB, unpacked %.1f MB, of which %.1f MB are from "
		   "the dump",
		   path, size.file / 1e6, size.unpacked / 1e6, size.kept / 1e6);
	return IRQM_STATUS_NOTHING;
}

/* Returns true if the dump contains its types and the symbol table needed to
 * find them. */
static bool is_self_contained(const struct irqm_distill_source *source)
{
	unsigned int i;

	for (i = 0; i < source->nr_tables; i++) {
		if (strcmp(source->tables[i].what, "BTF") == 0)
			return true;
	}
	return false;
}

/* out is NULL if nothing is to be written. Frees out. */
static int distill_dump(struct irqm_session *s, const struct distill_options *o,
			struct irqm_output *out)
{
	struct irqm_dumpfile_table tables[IRQM_DUMPFILE_TABLES];
	struct irqm_distill_source source = {
		.target = irqm_dumpfile_target(s->file),
		.layout = irqm_dumpfile_layout(s->file),
		.pages = irqm_dumpfile_pages(s->file),
		.paging = irqm_dumpfile_paging(s->file),
		.tables = tables,
		.nr_tables = irqm_dumpfile_tables(s->file, tables),
	};
	int status = IRQM_STATUS_NOTHING;
	struct irqm_distill *d;
	struct irqm_error err;

	if (irqm_distill_collect(&source,
				 (o->with_log ? IRQM_DISTILL_LOG : 0) |
					 (o->no_host ? IRQM_DISTILL_NO_HOST :
						       0),
				 &d, &err)) {
		irqm_say("%s: %s", s->name, err.msg);
		irqm_output_drop(out);
		return IRQM_STATUS_TROUBLE;
	}
	irqm_session_keep(s);
	if (!is_self_contained(&source))
		irqm_say("%s: the dump has no type information (BTF), so the "
			 "distilled dump needs --vmlinux or --kernels too",
			 s->name);
	if (o->list)
		irqm_distill_print_list(d);
	if (out)
		status = write_file(s, d, o->path, out);
	irqm_distill_free(d);
	return status;
}

/* Returns true if path is an input file: the output must not replace it. */
static bool is_input(const struct irqm_dump_options *o, const char *path)
{
	struct stat in, out;
	unsigned int i;

	if (stat(path, &out))
		return false;
	for (i = 0; i < o->nr_files; i++)
		if (stat(o->files[i], &in) == 0 && in.st_dev == out.st_dev &&
		    in.st_ino == out.st_ino)
			return true;
	return false;
}

/* Creates the output file before opening the dump: see sandbox.h. */
static int run_distill(const struct distill_options *o)
{
	struct irqm_output *out = NULL;
	struct irqm_session s;
	struct irqm_error err;
	int status;

	if (!irqm_session_prepare(&s, &o->dump))
		return IRQM_STATUS_TROUBLE;
	if (o->path && !(out = irqm_output_new(o->path, &err))) {
		irqm_say("%s", err.msg);
		irqm_session_close(&s);
		return IRQM_STATUS_TROUBLE;
	}
	if (!irqm_session_confine(&s, NULL) || !irqm_session_open_file(&s)) {
		irqm_output_drop(out);
		return IRQM_STATUS_TROUBLE;
	}
	status = distill_dump(&s, o, out);
	irqm_session_close(&s);
	return status;
}

int irqm_tool_distill(int argc, char **argv)
{
	struct distill_options o;
	struct irqm_error err;
	int status;

	if (!parse_options(&o, argc, argv, &status))
		return status;
	status = irqm_find_dump(&o.dump);
	if (status)
		return status;
	if (o.path && is_input(&o.dump, o.path))
		return irqm_bad_usage("%s is the dump itself; name another "
				      "output file",
				      o.path);
	if (o.path && irqm_output_check(o.path, &err)) {
		irqm_say("%s", err.msg);
		return IRQM_STATUS_TROUBLE;
	}
	o.dump.output_dir = o.path ? irqm_directory_of(o.path) : NULL;
	status = run_distill(&o);
	free(o.dump.output_dir);
	return status;
}
