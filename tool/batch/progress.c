/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/terminal.h"
#include "tool/batch/batch.h"

/* Seconds from one line to the next: on a terminal, and in a log. */
#define ON_TERMINAL 0.2
#define IN_LOG 30.0

#define CLEAR_LINE "\r\033[K"

double irqm_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

void irqm_batch_progress_start(struct irqm_batch_progress *p)
{
	p->terminal = isatty(STDERR_FILENO) && !irqm_terminal_is_dumb();
	p->shown = false;
	p->began = irqm_now();
	p->next = p->began + (p->terminal ? ON_TERMINAL : IN_LOG);
}

static void print_left(double seconds)
{
	if (seconds < 120)
		fprintf(stderr, ", %.0f s left", seconds);
	else
		fprintf(stderr, ", %.0f min left", seconds / 60);
}

void irqm_batch_progress_show(struct irqm_batch_progress *p,
			      const struct irqm_sink *s, uint64_t waiting,
			      bool more)
{
	uint64_t done = irqm_sink_done(s) + s->skipped;
	double now = irqm_now(), rate = done / (now - p->began);

	if (now < p->next)
		return;
	p->next = now + (p->terminal ? ON_TERMINAL : IN_LOG);
	fprintf(stderr, "%s%llu of %llu%s dumps, %llu failed, %.3g/s",
		p->terminal ? CLEAR_LINE : "irqmatrix: ",
		(unsigned long long)done, (unsigned long long)(done + waiting),
		more ? " or more" : "", (unsigned long long)s->failed, rate);
	if (done && waiting && !more)
		print_left(waiting / rate);
	if (!p->terminal)
		fputc('\n', stderr);
	fflush(stderr);
	p->shown = p->terminal;
}

void irqm_batch_progress_clear(struct irqm_batch_progress *p)
{
	if (p->shown)
		fputs(CLEAR_LINE, stderr);
	p->shown = false;
}
