/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints documents and text. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/select.h"
#include "api/handle.h"
#include "diff/diff.h"
#include "render/diff/diff.h"
#include "render/render.h"

static int written_status(struct irqmatrix *m, int rc)
{
	return rc ? irqm_api_fail(m, IRQM_ERROR_FILE, "cannot write: %s",
				  errno == ENOMEM ? "out of memory" :
						    "the stream has an error") :
		    0;
}

char *irqmatrix_json(struct irqmatrix *m, bool pretty)
{
	char *text = NULL;
	size_t size;
	FILE *out;
	int rc;

	if (!irqm_api_has_read(m))
		return NULL;
	out = open_memstream(&text, &size);
	rc = out ? irqm_render_json(out, m->analysis, pretty) : -1;
	if (out && fclose(out))
		rc = -1;
	if (rc == 0)
		return text;
	free(text);
	irqm_api_no_memory(m);
	return NULL;
}

static const enum irqm_view views[] = {
	[IRQMATRIX_VIEW_MATRIX] = IRQM_VIEW_CPUS,
	[IRQMATRIX_VIEW_FINDINGS] = IRQM_VIEW_FINDINGS,
	[IRQMATRIX_VIEW_DEVICES] = IRQM_VIEW_DEVICES,
	[IRQMATRIX_VIEW_POOLS] = IRQM_VIEW_POOLS,
	[IRQMATRIX_VIEW_IRQS] = IRQM_VIEW_IRQS,
	[IRQMATRIX_VIEW_VECTORS] = IRQM_VIEW_VECTORS,
	[IRQMATRIX_VIEW_DEBUGFS] = IRQM_VIEW_DEBUGFS,
	[IRQMATRIX_VIEW_LOG] = IRQM_VIEW_LOG,
	[IRQMATRIX_VIEW_MAP] = IRQM_VIEW_MAP,
};
#define NR_VIEWS ARRAY_SIZE(views)

/* Returns 0, or -1 with the error. *cpus is in the arena. */
static int parse_options(struct irqmatrix *m, enum irqm_view view,
			 const struct irqmatrix_render_options *o,
			 struct irqm_arena *arena, struct irqm_bits *cpus,
			 struct irqm_render_options *ret)
{
	*ret = (struct irqm_render_options){
		.all = o->all,
		.header = !o->no_header,
		/* hints name options of the command line tool */
		.no_hints = true,
		.columns = o->columns,
		.top = o->top,
		.csv = o->csv_raw ? IRQM_CSV_RAW :
		       o->csv     ? IRQM_CSV_DEFUSED :
				    IRQM_CSV_NONE,
		.color = o->color,
		.width = o->width,
		.utf8 = o->utf8,
	};
	if ((o->columns || ret->csv) && !irqm_views[view].table)
		return irqm_api_fail(m, IRQM_ERROR_USAGE,
				     "this view is not a table");
	if (o->columns && irqm_columns_check(view, o->columns, &m->err))
		return -1;
	if (!o->cpus)
		return 0;
	*cpus = irqm_bits_new(arena, m->snapshot->dump.nr_cpu_ids);
	if (!cpus->words && cpus->nbits)
		return irqm_api_no_memory(m);
	if (irqm_bits_parse(cpus, o->cpus, &m->err))
		return -1;
	ret->cpus = cpus;
	return 0;
}

int irqmatrix_render(struct irqmatrix *m, FILE *out, enum irqmatrix_view view,
		     const struct irqmatrix_render_options *options,
		     size_t size)
{
	struct irqmatrix_render_options copy = { 0 };
	struct irqm_render_options o;
	struct irqm_arena *arena;
	struct irqm_bits cpus;
	int rc;

	if (!irqm_api_has_read(m))
		return -1;
	if (size > sizeof(copy) || (size_t)view >= NR_VIEWS)
		return irqm_api_fail(m, IRQM_ERROR_USAGE,
				     "the program needs a later "
				     "libirqmatrix than " IRQMATRIX_VERSION);
	if (options)
		memcpy(&copy, options, size);
	arena = irqm_arena_new(IRQM_ARENA_LIMIT);
	if (!arena)
		return irqm_api_no_memory(m);
	rc = parse_options(m, views[view], &copy, arena, &cpus, &o);
	if (rc)
		irqm_error_is(&m->err, IRQM_ERROR_USAGE);
	else
		rc = written_status(m, irqm_render_view(out, m->analysis,
							views[view], &o));
	irqm_arena_free(arena);
	return rc;
}

int irqmatrix_render_irqs(struct irqmatrix *m, FILE *out, const char *which)
{
	struct irqm_selection sel;
	unsigned int i;
	int rc;

	if (!irqm_api_has_read(m))
		return -1;
	if (irqm_selection_init(&sel, m->snapshot))
		return irqm_api_no_memory(m);
	rc = irqm_select(&sel, m->snapshot, which, &m->err);
	if (rc)
		irqm_error_is(&m->err, IRQM_ERROR_USAGE);
	for (i = 0; i < sel.nr; i++) {
		if (i)
			fputc('\n', out);
		if (irqm_render_irqaff(out, m->analysis, sel.indexes[i])) {
			rc = written_status(m, -1);
			break;
		}
	}
	irqm_selection_deinit(&sel);
	return rc;
}

int irqmatrix_diff(struct irqmatrix *before, struct irqmatrix *after, FILE *out,
		   bool json)
{
	struct irqm_render_options o = { .header = true };
	struct irqm_diff *d;
	int rc;

	if (!irqm_api_has_read(before))
		return -1;
	if (!after->analysis)
		return irqm_api_fail(before, IRQM_ERROR_USAGE,
				     "nothing was read into the second "
				     "handle: call irqmatrix_read_dump() "
				     "first");
	d = irqm_diff(before->analysis, after->analysis);
	if (!d)
		return irqm_api_no_memory(before);
	rc = written_status(before,
			    json ? irqm_render_diff_json(out, d, false) :
				   irqm_render_diff(out, d, &o));
	if (rc == 0)
		rc = d->differs;
	irqm_diff_free(d);
	return rc;
}
