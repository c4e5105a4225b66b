/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The views, for crash, the tool and the library. */
#include "render/columns.h"

static int render_log(FILE *out, const struct irqm_analysis *a,
		      const struct irqm_render_options *options)
{
	(void)options;
	return irqm_render_log(out, a);
}

static int render_json(FILE *out, const struct irqm_analysis *a,
		       const struct irqm_render_options *options)
{
	return irqm_render_json(out, a, options->indent);
}

const struct irqm_view_rules irqm_views[IRQM_NR_VIEWS] = {
	[IRQM_VIEW_CPUS] = { 0, "", irqm_render_matrix, .cpus = true,
			     .all = true, .table = true },
	[IRQM_VIEW_DEVICES] = { 'd', "--devices", irqm_render_devices,
				.all = true, .table = true,
				.keys = IRQM_KEY_DEVICES |
					IRQM_KEY_ACCOUNTING },
	[IRQM_VIEW_IRQS] = { 'i', "--irqs", irqm_render_irqs, .cpus = true,
			     .table = true, .keys = IRQM_KEY_IRQS },
	[IRQM_VIEW_VECTORS] = { 'v', "--vectors", irqm_render_vectors,
				.cpus = true, .all = true, .table = true,
				.keys = IRQM_KEY_MATRIX | IRQM_KEY_CPUS |
					IRQM_KEY_IRQS },
	[IRQM_VIEW_POOLS] = { 'p', "--pools", irqm_render_pools, .cpus = true,
			      .all = true, .table = true,
			      .keys = IRQM_KEY_ACCOUNTING },
	[IRQM_VIEW_FINDINGS] = { 'k', "--check", irqm_render_findings,
				 .keys = IRQM_KEY_FINDINGS },
	[IRQM_VIEW_MAP] = { 'M', "--map", irqm_render_map, .cpus = true,
			    .all = true,
			    .keys = IRQM_KEY_MATRIX | IRQM_KEY_CPUS },
	[IRQM_VIEW_DEBUGFS] = { 'D', "--debugfs", irqm_render_debugfs,
				.cpus = true, .complete = true },
	[IRQM_VIEW_LOG] = { 0, "--log", render_log, .complete = true },
	[IRQM_VIEW_JSON] = { 'j', "--json", render_json, .complete = true,
			     .keys = IRQM_KEYS_ALL },
	[IRQM_VIEW_METRICS] = { 0, "--textfile", irqm_render_metrics,
				.complete = true },
};

/* Above the views that people read. Without header lines a program reads it. */
static int put_top(FILE *out, const struct irqm_analysis *a,
		   enum irqm_view view,
		   const struct irqm_render_options *options)
{
	if (irqm_views[view].table && !options->header)
		return 0;
	if (irqm_render_identity(out, a, options))
		return -1;
	/* in these two the verdict is next */
	if (view != IRQM_VIEW_CPUS && view != IRQM_VIEW_FINDINGS)
		fputc('\n', out);
	return 0;
}

int irqm_render_view(FILE *out, const struct irqm_analysis *a,
		     enum irqm_view view,
		     const struct irqm_render_options *options)
{
	bool complete = irqm_views[view].complete || irqm_render_raw(options);

	if (options->json)
		return irqm_render_json_keys(out, a, irqm_views[view].keys,
					     options->indent);
	if (!complete && put_top(out, a, view, options))
		return -1;
	if (irqm_views[view].render(out, a, options))
		return -1;
	if (complete)
		return 0;
	if (irqm_render_live(out, a))
		return -1;
	if (view == IRQM_VIEW_FINDINGS)
		return 0; /* the findings include unread-pages */
	return irqm_render_unread(out, a);
}
