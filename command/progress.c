/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/base.h"
#include "base/terminal.h"

/* Milliseconds until the first line, and between updates. */
#define PATIENCE 1000
#define INTERVAL 100

/* Columns of a line, including the one of the cursor. */
#define WIDTH 80
#define MAX_WIDTH 160

#define CLEAR_LINE "\r\033[K"

static uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

bool irqm_progress_possible(void)
{
	return isatty(STDERR_FILENO) && !irqm_terminal_is_dumb();
}

void irqm_progress_line(const char *line)
{
	unsigned int width = irqm_terminal_columns(STDERR_FILENO);
	char shown[MAX_WIDTH + 1];

	if (!width)
		width = WIDTH;
	if (width > MAX_WIDTH)
		width = MAX_WIDTH;
	fprintf(stderr, CLEAR_LINE "%s", irqm_escape(shown, width, line));
	fflush(stderr);
}

void irqm_progress_wipe(void)
{
	fputs(CLEAR_LINE, stderr);
}

void irqm_progress_start(struct irqm_progress *p)
{
	p->on = irqm_progress_possible();
	p->shown = false;
	p->next = p->on ? now_ms() + PATIENCE : 0;
}

void irqm_progress_show(void *ctx, const char *what, unsigned int percent)
{
	struct irqm_progress *p = ctx;
	char line[80];
	uint64_t t;

	if (!p->on)
		return;
	t = now_ms();
	if (t < p->next)
		return;
	p->next = t + INTERVAL;
	p->shown = true;
	/* the name is cut on the right */
	snprintf(line, sizeof(line), "%.60s %u%%", what, percent);
	irqm_progress_line(line);
}

void irqm_progress_end(struct irqm_progress *p)
{
	if (p->shown)
		irqm_progress_wipe();
	p->shown = false;
}
