/* SPDX-License-Identifier: GPL-3.0-or-later */
/* irqmatrix report: one HTML file, of a dump or of a store. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "irqmatrix.h"
#include "plan/plan.h"
#include "render/render.h"
#include "report/report.h"
#include "tool/help.h"
#include "tool/confine.h"
#include "tool/session.h"
#include "tool/tool.h"

enum {
	OPT_ADD = UCHAR_MAX + 1,
	OPT_REMOVE,
	OPT_OFFLINE,
	OPT_SUSPEND,
	OPT_VMLINUX,
	OPT_NO_CACHE,
};

static const struct option options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "all", no_argument, NULL, 'a' },
	{ "add", required_argument, NULL, OPT_ADD },
	{ "remove", required_argument, NULL, OPT_REMOVE },
	{ "offline", required_argument, NULL, OPT_OFFLINE },
	{ "suspend", no_argument, NULL, OPT_SUSPEND },
	{ "vmlinux", required_argument, NULL, OPT_VMLINUX },
	{ "no-cache", no_argument, NULL, OPT_NO_CACHE },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ 0 },
};

static int want(struct irqm_options *o, enum irqm_plan_kind kind)
{
	if (o->nr_steps == IRQM_PLAN_MAX_STEPS)
		return irqm_bad_usage("more than %u steps",
				      IRQM_PLAN_MAX_STEPS);
	o->steps[o->nr_steps++] = (struct irqm_plan_wish){ kind, optarg };
	return 0;
}

static int take(struct irqm_options *o, const char **ret_output, int c)
{
	switch (c) {
	case 'o':
		*ret_output = optarg;
		return 0;
	case 'a':
		o->all = true;
		return 0;
	case OPT_ADD:
		return want(o, IRQM_PLAN_ADD);
	case OPT_REMOVE:
		return want(o, IRQM_PLAN_REMOVE);
	case OPT_OFFLINE:
		return want(o, IRQM_PLAN_OFFLINE);
	case OPT_SUSPEND:
		return want(o, IRQM_PLAN_SUSPEND);
	case OPT_VMLINUX:
		o->vmlinux = optarg;
		return 0;
	case OPT_NO_CACHE:
		o->no_cache = true;
		return 0;
	default: /* getopt_long() has said what is wrong */
		return irqm_try_help();
	}
}

static bool parse(struct irqm_options *o, const char **ret_output, int argc,
		  char **argv, int *ret_status)
{
	static char name[] = "irqmatrix"; /* how getopt_long() shall say it */
	int c;

	*ret_status = IRQM_STATUS_NOTHING;
	argv[0] = name;
	while ((c = getopt_long(argc, argv, "o:ahV", options, NULL)) != -1) {
		if (c == 'h') {
			irqm_help_report(stdout);
			return false;
		}
		if (c == 'V') {
			puts("irqmatrix " IRQMATRIX_VERSION);
			return false;
		}
		*ret_status = take(o, ret_output, c);
		if (*ret_status)
			return false;
	}
	o->files = argv + optind;
	o->nr_files = argc - optind;
	if (!o->nr_files)
		*ret_status = irqm_bad_usage("of which dump or store? No file "
					     "was given");
	else if (!*ret_output && isatty(STDOUT_FILENO))
		*ret_status = irqm_bad_usage("HTML on a terminal: write it "
					     "to a file, -o report.html");
	return !*ret_status;
}

static bool is_store(const char *path)
{
	static const char magic[] = "SQLite format 3";
	char head[sizeof(magic)] = "";
	FILE *f = fopen(path, "re");
	bool is;

	if (!f)
		return false;
	is = fread(head, sizeof(head), 1, f) == 1 &&
	     memcmp(head, magic, sizeof(magic)) == 0;
	fclose(f);
	return is;
}

/* What a renderer writes, read as JSON; NULL if that fails. */
static json_t *read_back(char *text, size_t size)
{
	json_t *document = text ? json_loadb(text, size, 0, NULL) : NULL;

	free(text);
	return document;
}

static json_t *document_of(const struct irqm_session *s)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	if (irqm_render_json(out, s->analysis, false) | fclose(out)) {
		free(text);
		return NULL;
	}
	return read_back(text, size);
}

static json_t *plan_of(const struct irqm_session *s,
		       const struct irqm_options *o, struct irqm_error *err)
{
	struct irqm_plan_request r = { 0 };
	struct irqm_plans *p;
	char *text = NULL;
	unsigned int i;
	size_t size;
	FILE *out;
	int rc;

	for (i = 0; i < o->nr_steps; i++)
		if (irqm_plan_ask(&r, s->snapshot, o->steps[i].kind,
				  o->steps[i].arg, err))
			return NULL;
	p = irqm_plan(s->snapshot, &r, err);
	if (!p)
		return NULL;
	irqm_error_set(err, "not enough memory");
	out = open_memstream(&text, &size);
	rc = out ? irqm_render_plan_json(out, p, false) | fclose(out) : -1;
	irqm_plans_free(p);
	if (rc) {
		free(text);
		return NULL;
	}
	return read_back(text, size);
}

/* 0, 2 if parts could not be read, or -1: it has been said why. */
static int report_dump(FILE *out, const struct irqm_options *o)
{
	json_t *document = NULL, *plan = NULL;
	struct irqm_error err = { .msg = "not enough memory" };
	struct irqm_session s;
	int status = -1;

	/* without the counts per CPU, which no report shows */
	if (!irqm_session_open(&s, o, o->nr_files, 0))
		return -1;
	document = document_of(&s);
	if (document && o->nr_steps)
		plan = plan_of(&s, o, &err);
	if (!document || (o->nr_steps && !plan)) {
		irqm_say("%s: %s", s.name, err.msg);
	} else if (irqm_report_dump(out, document, plan)) {
		irqm_say("%s: %s", s.name, strerror(errno));
	} else {
		status = irqm_session_status(&s) == IRQM_STATUS_TROUBLE
				 ? IRQM_STATUS_TROUBLE : IRQM_STATUS_NOTHING;
	}
	json_decref(document);
	json_decref(plan);
	irqm_session_close(&s);
	return status;
}

static int report_store(FILE *out, const struct irqm_options *o)
{
	const char *path = o->files[0];
	struct irqm_store *s;
	struct irqm_error err;
	int rc;

	if (o->nr_files > 1 || o->nr_steps) {
		irqm_bad_usage("%s is a store: alone, and without a plan",
			       path);
		return -1;
	}
	if (irqm_store_open(path, IRQM_STORE_READ, &s, &err)) {
		irqm_say("%s: %s", path, err.msg);
		return -1;
	}
	rc = irqm_report_store(out, s, o->all, &err);
	if (rc)
		irqm_say("%s: %s", path, err.msg);
	irqm_store_close(s);
	return rc;
}

static int report(FILE *out, const struct irqm_options *o)
{
	return is_store(o->files[0]) ? report_store(out, o)
				     : report_dump(out, o);
}

/* Is something there that must not be replaced: a device, a pipe? */
static bool is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

static int write_file(const char *path, const struct irqm_options *o)
{
	FILE *out = fopen(path, "we");
	int status;

	if (!out) {
		irqm_say("%s: %s", path, strerror(errno));
		return -1;
	}
	status = report(out, o);
	if (fclose(out) && status >= 0) {
		irqm_say("%s: %s", path, strerror(errno));
		status = -1;
	}
	return status;
}

/* To another name first: what is there stays until the new one is complete. */
static int report_to(const char *path, const struct irqm_options *o)
{
	char *part = NULL;
	int status;

	if (is_special(path))
		return write_file(path, o);
	if (asprintf(&part, "%s.part", path) < 0)
		return -1;
	status = write_file(part, o);
	if (status >= 0 && rename(part, path)) {
		irqm_say("%s: %s", path, strerror(errno));
		status = -1;
	}
	if (status < 0)
		remove(part);
	free(part);
	return status;
}

int irqm_tool_report(int argc, char **argv)
{
	struct irqm_options o = { 0 };
	const char *output = NULL;
	int status;

	if (!parse(&o, &output, argc, argv, &status))
		return status;
	o.output_dir = output ? irqm_directory_of(output) : NULL;
	status = output ? report_to(output, &o) : report(stdout, &o);
	free(o.output_dir);
	return status < 0 ? IRQM_STATUS_TROUBLE : status;
}
