/* SPDX-License-Identifier: GPL-3.0-or-later */
/* irqmatrix distill: a small dump of only what the analysis reads. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "distill/distill.h"
#include "distill/output.h"
#include "tool/confine.h"
#include "tool/distill_list.h"
#include "tool/session.h"
#include "tool/tool.h"

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
	printf("%s: %.1f MB, unpacked %.1f MB, of which %.1f MB are the "
	       "dump's\n", path, size.file / 1e6, size.unpacked / 1e6,
	       size.kept / 1e6);
	return IRQM_STATUS_NOTHING;
}

/* out: NULL if nothing is to be written; freed in any case. */
static int distill(const struct irqm_session *s, const struct irqm_options *o,
		   const char *path, struct irqm_output *out)
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

	if (irqm_distill_collect(&source, o->with_log ? IRQM_DISTILL_LOG : 0,
				 &d, &err)) {
		irqm_say("%s: %s", s->name, err.msg);
		irqm_output_drop(out);
		return IRQM_STATUS_TROUBLE;
	}
	if (!source.nr_tables)
		irqm_say("%s: no symbol table or types are in it: what is "
			 "distilled needs --vmlinux too", s->name);
	if (o->list)
		irqm_distill_print_list(d);
	if (out)
		status = write_file(s, d, path, out);
	irqm_distill_free(d);
	return status;
}

/* What is read must not be replaced, even if it would work. */
static bool is_input(const struct irqm_options *o, unsigned int nr_files,
		     const char *path)
{
	struct stat in, out;
	unsigned int i;

	if (stat(path, &out))
		return false;
	for (i = 0; i < nr_files; i++)
		if (stat(o->files[i], &in) == 0 && in.st_dev == out.st_dev &&
		    in.st_ino == out.st_ino)
			return true;
	return false;
}

/* The file to write is made before the dump is read: see sandbox.h. */
static int run(const struct irqm_session *s, const struct irqm_options *o,
	       const char *path)
{
	struct irqm_output *out = NULL;
	struct irqm_error err;

	if (path && !(out = irqm_output_new(path, &err))) {
		irqm_say("%s", err.msg);
		return IRQM_STATUS_TROUBLE;
	}
	if (!irqm_confine_reading(o->output_dir)) {
		irqm_output_drop(out);
		return IRQM_STATUS_TROUBLE;
	}
	return distill(s, o, path, out);
}

int irqm_tool_distill(int argc, char **argv)
{
	struct irqm_session s;
	struct irqm_options o;
	struct irqm_error err;
	unsigned int nr_files;
	const char *path;
	int status;

	if (!irqm_options_parse_distill(&o, argc, argv, &status))
		return status;
	nr_files = o.nr_files > 1 ? o.nr_files - 1 : 1;
	path = o.nr_files > 1 ? o.files[nr_files] : NULL;
	if (path && is_input(&o, nr_files, path))
		return irqm_bad_usage("%s is the dump itself", path);
	if (path && irqm_output_check(path, &err)) {
		irqm_say("%s", err.msg);
		return IRQM_STATUS_TROUBLE;
	}
	o.output_dir = path ? irqm_directory_of(path) : NULL;
	status = IRQM_STATUS_TROUBLE;
	if (irqm_session_open_file(&s, &o, nr_files)) {
		status = run(&s, &o, path);
		irqm_session_close(&s);
	}
	free(o.output_dir);
	return status;
}
