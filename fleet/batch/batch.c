/* SPDX-License-Identifier: GPL-3.0-or-later */
/* irqmatrix batch: the command. */
#include "fleet/batch/batch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command/say.h"
#include "fleet/fleet.h"

/* A path that does not exist is wrong usage, not a dump that failed. */
static bool drop_missing(struct irqm_batch_options *o)
{
	unsigned int i, kept = 0;
	bool missing;
	struct stat st;

	for (i = 0; i < o->nr_paths; i++) {
		if (lstat(o->paths[i], &st) == 0 || errno != ENOENT)
			o->paths[kept++] = o->paths[i];
		else
			irqm_say("%s: %s", o->paths[i], strerror(errno));
	}
	missing = kept < o->nr_paths;
	o->nr_paths = kept;
	return missing;
}

int irqm_fleet_batch(int argc, char **argv)
{
	struct irqm_batch_options o;
	struct irqm_sink sink;
	bool missing = false;
	int status;

	if (irqm_batch_options_parse(&o, argc, argv, &status)) {
		missing = drop_missing(&o);
		status = IRQM_STATUS_TROUBLE;
		if (o.nr_paths && irqm_sink_open(&sink, &o)) {
			status = irqm_batch_run(&o, &sink);
			irqm_sink_close(&sink);
		}
	}
	free(o.paths);
	return missing && status < IRQM_STATUS_TROUBLE ? IRQM_STATUS_TROUBLE :
							 status;
}
