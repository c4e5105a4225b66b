/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Stage 5, renderers: functions of a snapshot and its analyses that write to
 * a stream. Text in crash and text on a terminal are the same functions.
 *
 * All return 0, or -1 with errno set (no memory, write error). Names from
 * the dump are escaped. Lines fit in 80 columns where the content allows.
 */
#ifndef IRQM_RENDER_H
#define IRQM_RENDER_H

#include <stdio.h>

#include "analysis/analysis.h"
#include "plan/plan.h"
#include "render/csv.h"

struct irqm_render_options {
	const struct irqm_bits *cpus; /* only these; NULL: all */
	bool all;       /* do not fold neighbours that are alike */
	bool header;    /* print header lines */
	bool no_hints;  /* irqm_render_matrix(): do not name options that show
			   more */

	/*
	 * What follows is for the tables of CPUs, devices, IRQs and vectors;
	 * irqm_render_debugfs() knows none of it. With columns or csv there is
	 * the view's table and nothing besides, a row for each CPU, device,
	 * IRQ or vector: nothing is folded, no column is left out.
	 */
	const char *columns; /* "IRQ,DEVICE"; "+COUNT": besides the usual ones;
				NULL: those. See irqm_columns_check() */
	unsigned int top;    /* no more rows in a table; of devices and drivers
				the most expensive, and how many there are is
				said below; 0: all */
	enum irqm_csv csv;   /* RFC 4180; "" is none, "?" unknown */
	bool color;          /* column names in bold, severities in colour:
				escape sequences */

	unsigned int width;  /* columns of a line, of the map and where tables
				wrap; 0: 80 */
	bool utf8;           /* of the map: what reads it knows Unicode; else
				ASCII */
	bool indent;         /* of JSON: for people */
};

/* What `irqmatrix` shows of a dump as a whole. */
enum irqm_view {
	/* the tables whose columns can be chosen */
	IRQM_VIEW_CPUS,      /* irqm_render_matrix(): without an option */
	IRQM_VIEW_DEVICES,
	IRQM_VIEW_IRQS,
	IRQM_VIEW_VECTORS,
	IRQM_VIEW_POOLS,
	/* other text */
	IRQM_VIEW_FINDINGS,
	IRQM_VIEW_MAP,
	IRQM_VIEW_DEBUGFS,
	IRQM_VIEW_LOG,
	IRQM_VIEW_JSON,
	IRQM_NR_VIEWS
};

/* How a view is asked for, and which options say something about it. */
struct irqm_view_rules {
	char letter;         /* in crash and of the tool; 0: none */
	const char *name;    /* of the tool; "" without one */
	int (*render)(FILE *out, const struct irqm_analysis *a,
		      const struct irqm_render_options *options);
	bool cpus, all;      /* options->cpus, options->all */
	bool table;          /* columns, csv, top, header */
	bool complete;       /* another program's format, or it has inside what
				others have below */
};

extern const struct irqm_view_rules irqm_views[IRQM_NR_VIEWS];

/* A view, and below it what irqm_render_live() and irqm_render_unread() say;
 * not of one that is complete, nor with columns or csv. */
int irqm_render_view(FILE *out, const struct irqm_analysis *a,
		     enum irqm_view view,
		     const struct irqm_render_options *options);

/* 0, or -1 with err if list, as in options, names a column that is not the
 * view's, which is a table. Capital or small letters are the same. */
int irqm_columns_check(enum irqm_view view, const char *list,
		       struct irqm_error *err);
/* Is name one of the columns of the list? */
bool irqm_columns_have(enum irqm_view view, const char *list,
		       const char *name);
/* The columns of a view and what they mean. */
int irqm_render_columns(FILE *out, enum irqm_view view);

/*
 * `irqmatrix`: findings that are a warning or worse, the totals, then a row
 * per CPU: state, available, allocated, managed, managed allocated, idle,
 * vectors. CPUs that are offline, absent, or whose counters have drifted are
 * marked. Runs of CPUs with the same figures are folded unless options->all.
 */
int irqm_render_matrix(FILE *out, const struct irqm_analysis *a,
		       const struct irqm_render_options *options);

/*
 * `irqmatrix -k`: every finding with what it means and what to do, the most
 * severe first; "no findings" if there is none.
 */
int irqm_render_findings(FILE *out, const struct irqm_analysis *a,
			 const struct irqm_render_options *options);

/*
 * The kernel's debugfs file irq/domains/VECTOR to the letter. "mac" is left
 * out where the kernel has no managed_allocated.
 */
int irqm_render_debugfs(FILE *out, const struct irqm_analysis *a,
			const struct irqm_render_options *options);

/*
 * `irqmatrix -d`: cost per driver down to the total that is lost, then per
 * device. Devices that are alike are folded unless options->all.
 */
int irqm_render_devices(FILE *out, const struct irqm_analysis *a,
			const struct irqm_render_options *options);

/*
 * `irqmatrix -p`: a row per pool of CPUs, or for options->cpus alone; then
 * what each driver would give back within it, with options->all each device.
 */
int irqm_render_pools(FILE *out, const struct irqm_analysis *a,
		      const struct irqm_render_options *options);

/* `irqmatrix -i`: a line per IRQ. options->cpus keeps those whose vector or
 * affinity is on one of them. */
int irqm_render_irqs(FILE *out, const struct irqm_analysis *a,
		     const struct irqm_render_options *options);

/* `irqmatrix -v`: who owns each vector, CPU by CPU. */
int irqm_render_vectors(FILE *out, const struct irqm_analysis *a,
			const struct irqm_render_options *options);

/*
 * `irqmatrix --map`: a line per CPU, its vectors from 32 on drawn by what they
 * are used for, and how many are free, used and idle. Lines have
 * options->width columns, if those are not too few for the least that there
 * is; CPUs that would be drawn alike are folded unless options->all.
 */
int irqm_render_map(FILE *out, const struct irqm_analysis *a,
		    const struct irqm_render_options *options);

/* `irqaff IRQ`: all that the snapshot knows about irqs[index]. */
int irqm_render_irqaff(FILE *out, const struct irqm_analysis *a,
		       unsigned int index);

/* irqs[index] as the kernel's debugfs file irq/irqs/N has it, to the letter. */
int irqm_render_debugfs_irq(FILE *out, const struct irqm_analysis *a,
			    unsigned int index);

/* The kernel log, as dmesg(1) prints it; nothing if it is not known. */
int irqm_render_log(FILE *out, const struct irqm_analysis *a);

/*
 * `irqaff -D`: of each device that has one of the nr IRQs, all its IRQs, a row
 * each: what the driver asked for and what it got. Nothing of IRQs that have
 * no device. Of the options it takes header and color.
 */
int irqm_render_irqaff_devices(FILE *out, const struct irqm_analysis *a,
			       const unsigned int *indexes, unsigned int nr,
			       const struct irqm_render_options *options);

/*
 * How the dump came about, where that limits what it can say: read from a
 * running system, or without VMCOREINFO in the file. Below each text.
 */
int irqm_render_live(FILE *out, const struct irqm_analysis *a);

/* What could not be read, a line for neighbours that differ in numbers only;
 * nothing if all was read. */
int irqm_render_unread(FILE *out, const struct irqm_analysis *a);

/* The document "irqmatrix/1", compact or indented. */
int irqm_render_json(FILE *out, const struct irqm_analysis *a, bool pretty);

/*
 * `irqaff -j`: the same document with only "schema", "dump", "irqs" (those
 * of the nr indexes) and "unread".
 */
int irqm_render_irqaff_json(FILE *out, const struct irqm_analysis *a,
			    const unsigned int *indexes, unsigned int nr,
			    bool pretty);

/*
 * `irqmatrix plan`: the answer in a sentence, a row for each device or CPU
 * (alike ones folded unless options->all), and the matrix afterwards; all
 * that for each of the plans.
 */
int irqm_render_plan(FILE *out, const struct irqm_plans *p,
		     const struct irqm_render_options *options);
/* The same as a document of its own, schema "irqmatrix-plan/1". */
int irqm_render_plan_json(FILE *out, const struct irqm_plans *p, bool indent);

#endif
