/* SPDX-License-Identifier: GPL-3.0-or-later */
/* irqmatrix merge: several stores into one. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>

#include "irqmatrix.h"
#include "store/store.h"
#include "tool/help.h"
#include "tool/tool.h"

static const struct option options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ 0 },
};

/* True if there is something to do. */
static bool parse(int argc, char **argv, const char **ret_output,
		  int *ret_status)
{
	char name[] = "irqmatrix";
	int c;

	argv[0] = name;
	*ret_output = NULL;
	*ret_status = IRQM_STATUS_NOTHING;
	while ((c = getopt_long(argc, argv, "o:hV", options, NULL)) != -1) {
		if (c == 'o') {
			*ret_output = optarg;
			continue;
		}
		if (c == 'h')
			irqm_help_merge(stdout);
		else if (c == 'V')
			puts("irqmatrix " IRQMATRIX_VERSION);
		else
			*ret_status = irqm_try_help();
		return false;
	}
	if (!*ret_output)
		*ret_status = irqm_bad_usage("into which store? Say it with "
					     "-o");
	return *ret_output;
}

static int merge(struct irqm_store *s, const char *path,
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
		irqm_say("%s: the last line is not complete and was left out: "
			 "its writer was stopped", path);
	return rc ? IRQM_STATUS_TROUBLE : IRQM_STATUS_NOTHING;
}

int irqm_tool_merge(int argc, char **argv)
{
	struct irqm_merged sum = { 0 };
	struct irqm_store *s;
	struct irqm_error err;
	const char *output;
	int status, i;

	if (!parse(argc, argv, &output, &status))
		return status;
	if (irqm_store_open(output, IRQM_STORE_CREATE, &s, &err)) {
		irqm_say("%s: %s", output, err.msg);
		return IRQM_STATUS_TROUBLE;
	}
	/* a file that cannot be read does not keep the others out */
	for (i = optind; i < argc; i++)
		status |= merge(s, argv[i], &sum);
	if (irqm_store_prune(s, &err)) {
		irqm_say("%s: %s", output, err.msg);
		status = IRQM_STATUS_TROUBLE;
	}
	irqm_store_close(s);
	printf("%s: %" PRIu64 " added, %" PRIu64 " replaced by better, %"
	       PRIu64 " already there\n", output, sum.added, sum.replaced,
	       sum.same);
	return status;
}
