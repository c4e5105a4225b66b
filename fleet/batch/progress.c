/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "command/progress.h"
#include "fleet/batch/batch.h"

/* Seconds between updates on a terminal, and in a log. */
#define ON_TERMINAL 0.2
#define IN_LOG 30.0

double irqm_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

void irqm_batch_progress_start(struct irqm_batch_progress *p)
{
	p->terminal = irqm_progress_possible();
	p->shown = false;
	p->began = irqm_now();
	p->next = p->began + (p->terminal ? ON_TERMINAL : IN_LOG);
}

/* Formats "7 of 40 dumps, 0 failed, 1.2/s, 28 s left". */
static void describe_progress(char *line, size_t size,
			      const struct irqm_sink *s, uint64_t waiting,
			      bool more, double seconds)
{
	uint64_t done = irqm_sink_done(s) + s->skipped;
	double rate = done / seconds, left = waiting / rate;
	size_t len;

	snprintf(line, size, "%llu of %llu%s dumps, %llu failed, %.3g/s",
		 (unsigned long long)done, (unsigned long long)(done + waiting),
		 more ? " or more" : "", (unsigned long long)s->failed, rate);
	len = strlen(line);
	if (!done || !waiting || more)
		return;
	if (left < 120)
		snprintf(line + len, size - len, ", %.0f s left", left);
	else
		snprintf(line + len, size - len, ", %.0f min left", left / 60);
}

void irqm_batch_progress_show(struct irqm_batch_progress *p,
			      const struct irqm_sink *s, uint64_t waiting,
			      bool more)
{
	double now = irqm_now();
	char line[160];

	if (now < p->next)
		return;
	p->next = now + (p->terminal ? ON_TERMINAL : IN_LOG);
	describe_progress(line, sizeof(line), s, waiting, more, now - p->began);
	if (p->terminal)
		irqm_progress_line(line);
	else
		fprintf(stderr, "irqmatrix: %s\n", line);
	p->shown = p->terminal;
}

void irqm_batch_progress_clear(struct irqm_batch_progress *p)
{
	if (p->shown)
		irqm_progress_wipe();
	p->shown = false;
}
