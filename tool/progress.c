/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/terminal.h"

/* Milliseconds until the first line, and from one to the next. */
#define PATIENCE 1000
#define INTERVAL 100

#define CLEAR_LINE "\r\033[K"

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void irqm_progress_start(struct irqm_progress *p)
{
	p->on = isatty(STDERR_FILENO) && !irqm_terminal_is_dumb();
	p->shown = false;
	p->next = p->on ? now() + PATIENCE : 0;
}

void irqm_progress_show(void *ctx, const char *what, unsigned int percent)
{
	struct irqm_progress *p = ctx;
	uint64_t t;

	if (!p->on)
		return;
	t = now();
	if (t < p->next)
		return;
	p->next = t + INTERVAL;
	p->shown = true;
	/* what ends in a file's name at most: no longer than a line */
	fprintf(stderr, CLEAR_LINE "%.60s %u%%", what, percent);
	fflush(stderr);
}

void irqm_progress_end(struct irqm_progress *p)
{
	if (p->shown)
		fputs(CLEAR_LINE, stderr);
	p->shown = false;
}
