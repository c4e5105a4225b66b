/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "command/limits.h"
#include "command/say.h"
#include "command/session.h"
#include "render/diff/rates.h"
#include "tool/screen.h"

/* Rows of a screen above the interrupts: four lines of the machine with an
 * empty one, the names of the columns, the CPUs, and an empty line. */
#define CPU_ROWS(rows) ((rows) / 5)

struct watcher {
	const struct irqm_watch *options;
	struct irqm_session s;
	bool screen;
	struct irqm_snapshot *before, *now;
	struct irqm_rates *rates;
	double began, seconds; /* of the reading, and since the one before */
};

static double monotonic_time(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static int read_machine(struct watcher *w, struct irqm_error *err)
{
	double now = monotonic_time();

	irqm_snapshot_free(w->before);
	w->before = w->now;
	w->now = NULL;
	w->seconds = now - w->began;
	w->began = now;
	if (irqm_snapshot_read(irqm_dumpfile_target(w->s.file),
			       irqm_dumpfile_layout(w->s.file),
			       IRQM_READ_COUNTS, &w->now, err))
		return -1;
	irqm_session_keep(&w->s);
	return 0;
}

static int compare_readings(struct watcher *w, struct irqm_error *err)
{
	irqm_rates_free(w->rates);
	w->rates = irqm_rates(w->before, w->now);
	if (w->rates)
		return 0;
	irqm_error_memory(err);
	return -1;
}

static int render_text(FILE *out, const struct watcher *w,
		       const struct irqm_rates_time *when)
{
	struct irqm_render_options ro =
		irqm_render_options_of(&w->options->table);
	unsigned int rows = 0, cpus = 0;

	ro.top = w->options->top;
	if (w->screen) {
		irqm_screen_size(&rows, &ro.width);
		cpus = CPU_ROWS(rows);
		ro.color = false;
		if (!ro.top || ro.top > rows)
			ro.top = rows;
	}
	return irqm_render_rates(out, w->rates, when, cpus, &ro);
}

static int draw_screen(const struct watcher *w,
		       const struct irqm_rates_time *when)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	int rc;

	if (!out)
		return -1;
	rc = w->rates ? render_text(out, w, when) :
			fprintf(out, "%u s until the first figures; q ends\n",
				w->options->interval) < 0;
	if (fclose(out) || rc)
		rc = -1;
	else
		rc = irqm_screen_draw(text, len);
	free(text);
	return rc;
}

static int show_rates(const struct watcher *w)
{
	const struct irqm_rates_time when = { time(NULL), w->seconds };

	if (w->screen)
		return draw_screen(w, &when);
	if (w->options->json) {
		if (irqm_render_rates_json(stdout, w->rates, &when))
			return -1;
	} else if (render_text(stdout, w, &when) || fputc('\n', stdout) < 0) {
		return -1;
	}
	return fflush(stdout) ? -1 : 0;
}

/* Waits for the next reading. Returns false if there is none. */
static bool wait_until(const struct watcher *w, double next)
{
	enum irqm_screen_event event;
	double left;

	while ((left = next - monotonic_time()) > 0) {
		event = irqm_screen_wait((int)(left * 1000) + 1);
		if (event == IRQM_SCREEN_QUIT)
			return false;
		if (event == IRQM_SCREEN_DRAW && show_rates(w))
			return false;
	}
	return true;
}

static int watch_machine(struct watcher *w)
{
	struct irqm_error err = { .msg = "cannot be read" };
	double next = monotonic_time();
	uint64_t shown = 0;

	if (read_machine(w, &err))
		goto fail;
	if (w->screen && show_rates(w))
		return irqm_render_failed(w->s.name);
	while (!w->options->count || shown++ < w->options->count) {
		next += w->options->interval;
		if (!wait_until(w, next))
			break;
		if (read_machine(w, &err) || compare_readings(w, &err))
			goto fail;
		if (show_rates(w))
			return irqm_render_failed(w->s.name);
		/* a slow reading must not make the next one follow at once */
		if (next + w->options->interval < monotonic_time())
			next = monotonic_time();
	}
	return irqm_screen_signal() ? 128 + irqm_screen_signal() :
				      IRQM_STATUS_NOTHING;
fail:
	irqm_screen_end();
	irqm_limits_explain(&err);
	irqm_say("%s: %s", w->s.name, err.msg);
	return IRQM_STATUS_TROUBLE;
}

int irqm_tool_watch(const struct irqm_watch *options,
		    struct irqm_dump_options *o)
{
	struct watcher w = {
		.options = options,
		.screen = !options->json && irqm_screen_possible(),
	};
	int status = irqm_find_dump(o);

	if (status)
		return status;
	o->lasts = true;
	if (!irqm_session_prepare(&w.s, o))
		return IRQM_STATUS_TROUBLE;
	if (w.screen)
		irqm_screen_begin();
	status = IRQM_STATUS_TROUBLE;
	if (irqm_session_confine(&w.s, NULL) && irqm_session_open_file(&w.s))
		status = watch_machine(&w);
	irqm_screen_end();
	irqm_rates_free(w.rates);
	irqm_snapshot_free(w.before);
	irqm_snapshot_free(w.now);
	irqm_session_close(&w.s);
	return status;
}
