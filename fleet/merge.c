/* SPDX-License-Identifier: GPL-3.0-or-later */
/* irqmatrix merge: merges several stores into one. */
#include <inttypes.h>
#include <stdio.h>

#include "command/confine.h"
#include "command/help.h"
#include "command/options.h"
#include "command/say.h"
#include "fleet/fleet.h"
#include "fleet/store/store.h"

struct merge_options {
	const char *output;
	char **files;
	unsigned int nr_files;
};

static const struct option long_options[] = {
	{ "output", required_argument, NULL, 'o' },
	IRQM_OPTIONS_END,
};

static int take_option(void *options, int c)
{
	struct merge_options *o = options;

	if (c != 'o')
		return irqm_try_help();
	o->output = optarg;
	return 0;
}

/* Returns true if there is something to do. */
static bool parse_options(struct merge_options *o, int argc, char **argv,
			  int *ret_status)
{
	static const struct irqm_syntax syntax = {
		"o:hV",
		long_options,
		irqm_help_merge,
		take_option,
	};
	struct irqm_arguments rest;

	o->output = NULL;
	if (!irqm_read_options(&syntax, o, argc, argv, &rest, ret_status))
		return false;
	o->files = rest.arg;
	o->nr_files = rest.nr;
	if (!o->output)
		*ret_status = irqm_bad_usage("no store to merge into: name it "
					     "with -o");
	return !*ret_status;
}

static int merge_file(struct irqm_store *s, const char *path,
		      struct irqm_merged *sum)
{
	struct irqm_merged m = { 0 };
	struct irqm_error err;
	int rc = irqm_store_merge(s, path, &m, &err);

	sum->added += m.added;
	sum->replaced += m.replaced;
	sum->same += m.same;
	if (rc)
		irqm_say("%s: %s", path, err.msg);
	else if (m.cut)
		irqm_say("%s: the last line is incomplete and was left out: "
			 "its writer was stopped",
			 path);
	return rc ? IRQM_STATUS_TROUBLE : IRQM_STATUS_NOTHING;
}

int irqm_fleet_merge(int argc, char **argv)
{
	struct irqm_merged sum = { 0 };
	struct irqm_store *s;
	struct irqm_error err;
	struct merge_options o;
	unsigned int i;
	int status;

	if (!parse_options(&o, argc, argv, &status))
		return status;
	irqm_limit_memory((const char *const *)o.files, o.nr_files);
	if (!irqm_confine_store((const char *const *)o.files, o.nr_files,
				o.output))
		return IRQM_STATUS_TROUBLE;
	if (irqm_store_open(o.output, IRQM_STORE_CREATE, &s, &err)) {
		irqm_say("%s: %s", o.output, err.msg);
		return IRQM_STATUS_TROUBLE;
	}
	/* merge the other files if one cannot be read */
	for (i = 0; i < o.nr_files; i++)
		status |= merge_file(s, o.files[i], &sum);
	if (irqm_store_prune(s, &err)) {
		irqm_say("%s: %s", o.output, err.msg);
		status = IRQM_STATUS_TROUBLE;
	}
	irqm_store_close(s);
	irqm_print("%s: %" PRIu64 " added, %" PRIu64
		   " replaced by better, %" PRIu64 " already there",
		   o.output, sum.added, sum.replaced, sum.same);
	return status;
}
