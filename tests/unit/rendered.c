/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rendered.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

const struct irqm_render_options defaults = { .header = true };

/* Colours take none. */
static size_t columns(const char *line, size_t len)
{
	bool escape = false;
	size_t n = 0;

	for (; len--; line++) {
		escape |= *line == '\033';
		n += !escape && (*line & 0xc0) != 0x80;
		escape &= *line != 'm';
	}
	return n;
}

/* The kernel's own blanks at the ends of debugfs lines are let through. */
static void check_lines(const char *text, bool blanks_allowed)
{
	const char *line, *end;

	for (line = text; *line; line = end + 1) {
		end = strchr(line, '\n');
		assert_non_null(end);
		if (columns(line, end - line) > 80)
			fail_msg("too long: %.*s", (int)(end - line), line);
		if (!blanks_allowed && end > line && end[-1] == ' ')
			fail_msg("blanks after: %.*s", (int)(end - line), line);
	}
}

char *rendered(view_fn view, const struct irqm_snapshot *s,
	       const struct irqm_render_options *options)
{
	struct irqm_analysis *a = irqm_analyse(s);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(a);
	assert_non_null(out);
	assert_int_equal(view(out, a, options ? options : &defaults), 0);
	assert_int_equal(fclose(out), 0);
	irqm_analysis_free(a);
	check_lines(text, view == irqm_render_debugfs);
	return text;
}

void assert_rendered(view_fn view, struct irqm_snapshot *s,
		     const struct irqm_render_options *options,
		     const char *expected)
{
	char *text = rendered(view, s, options);

	assert_string_equal(text, expected);
	free(text);
	irqm_snapshot_free(s);
}

void assert_contains(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no \"%s\" in:\n%s", part, text);
}

/* Which IRQ irqaff() is about: a view has no room for it. */
static unsigned int irqaff_index;

static int irqaff(FILE *out, const struct irqm_analysis *a,
		  const struct irqm_render_options *options)
{
	(void)options;
	return irqm_render_irqaff(out, a, irqaff_index);
}

char *rendered_irqaff(const struct irqm_snapshot *s, unsigned int irq)
{
	const struct irqm_irq *i = irqm_find_irq(s, irq);

	assert_non_null(i);
	irqaff_index = i - s->irqs;
	return rendered(irqaff, s, NULL);
}
