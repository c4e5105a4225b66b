/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Stage 5, renderers: functions of a snapshot and its analyses that write to
 * a stream. crash and the command line tool use the same functions.
 *
 * All return 0, or -1 with errno (out of memory, write error). They escape
 * names from the dump, and keep lines within 80 columns if the content allows.
 */
#ifndef IRQM_RENDER_H
#define IRQM_RENDER_H

#include <stdio.h>

#include "advise/advise.h"
#include "analysis/analysis.h"
#include "plan/plan.h"
#include "render/csv.h"

struct irqm_render_options {
	const struct irqm_bits *cpus; /* only these; NULL: all */
	bool all;      /* do not fold neighbours that are equal */
	bool header;   /* print header lines */
	bool no_hints; /* irqm_render_matrix(): do not name options that show
			   more */

	/*
	 * The following are for the tables of CPUs, devices, IRQs and vectors;
	 * irqm_render_debugfs() ignores them. With columns or csv, only the
	 * view's table is printed, with a row for each CPU, device, IRQ or
	 * vector: nothing is folded, and no column is omitted.
	 */
	const char *columns; /* "IRQ,DEVICE"; "+COUNT": the default columns and
				this one; NULL: the default columns. See
				irqm_columns_check() */
	/* limit on the rows of a table, for devices and drivers the most
	 * expensive ones; a line below has the total. 0: all */
	unsigned int top;
	enum irqm_csv csv; /* "" means none, "?" unknown */
	bool color;        /* escape sequences: column names in bold,
				severities in colour */
	const char *dump;  /* in commands, see irqm_dump_in_commands(); NULL:
				IRQM_COMMAND_DUMP */
	bool links; /* a finding's severity is a link (OSC 8) to the manual */
	unsigned int width; /* columns of a line, for the map and for tables
				that wrap; 0: 80 */
	bool utf8;          /* the map may use Unicode, not only ASCII */
	bool indent;        /* JSON for people */
	/* the view's part of the JSON document instead of text, see
	 * irqm_views[].keys; only indent applies then */
	bool json;
	/* for irqm_render_metrics(), seconds since the epoch; 0: left out */
	irqm_num now;
};

/* Returns what a command has for the dump: its name; "" for the running machine,
 * which needs none; NULL if a shell would not take the name as it is. */
const char *irqm_dump_in_commands(const struct irqm_dump *d, const char *name);

/* Keys of the document "irqmatrix/1". Each document has "schema", "dump" and
 * what could not be read. */
enum irqm_document_keys {
	IRQM_KEY_MATRIX = 1 << 0,
	IRQM_KEY_CPUS = 1 << 1,
	IRQM_KEY_IRQS = 1 << 2, /* and "irqs_complete" */
	IRQM_KEY_DEVICES = 1 << 3,
	IRQM_KEY_FINDINGS = 1 << 4, /* and "verdict" */
	IRQM_KEY_ACCOUNTING = 1 << 5,
	IRQM_KEY_REST = 1 << 6, /* "log", "machine" */
	IRQM_KEYS_ALL = (1 << 7) - 1,
};

/* The views of a dump. */
enum irqm_view {
	/* tables with columns to choose from */
	IRQM_VIEW_CPUS, /* irqm_render_matrix(), the default view */
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
	IRQM_VIEW_METRICS,
	IRQM_NR_VIEWS
};

/* The name of a view, and the options that apply to it. */
struct irqm_view_rules {
	char letter;      /* its short option; 0: none */
	const char *name; /* its long option; "" if it has none */
	int (*render)(FILE *out, const struct irqm_analysis *a,
		      const struct irqm_render_options *options);
	bool cpus, all; /* options->cpus, options->all */
	bool table;     /* columns, csv, top, header */
	bool complete;  /* nothing is printed below it: another program's
				format, or it contains what others have below */
	/* enum irqm_document_keys: what the view shows; 0: it has no JSON */
	unsigned int keys;
};

extern const struct irqm_view_rules irqm_views[IRQM_NR_VIEWS];

/*
 * Renders a view, with irqm_render_identity() above it, irqm_render_live() and
 * irqm_render_unread() below it unless it is complete, or options have columns
 * or csv.
 */
int irqm_render_view(FILE *out, const struct irqm_analysis *a,
		     enum irqm_view view,
		     const struct irqm_render_options *options);

/* Returns 0, or -1 with err if list, as in options->columns, names a column
 * that the view does not have. The view must be a table. Case does not
 * matter. */
int irqm_columns_check(enum irqm_view view, const char *list,
		       struct irqm_error *err);
/* Returns true if name is one of the columns of the list. */
bool irqm_columns_have(enum irqm_view view, const char *list, const char *name);
/* Lists the columns of a view with their meaning. */
int irqm_render_columns(FILE *out, enum irqm_view view);

/*
 * Two paragraphs: host name, kernel, CPUs, memory, hardware;
 * when and why it crashed, and how long after it booted.
 */
int irqm_render_identity(FILE *out, const struct irqm_analysis *a,
			 const struct irqm_render_options *options);
/* The same in one line without its end. */
void irqm_put_identity(FILE *out, const struct irqm_analysis *a);

/*
 * `irqmatrix`: the verdict; the warnings and critical findings, each with what
 * to do; the totals; and a row for each CPU: state, available, allocated, managed,
 * managed allocated, idle, with options->all also the vectors. CPUs that are
 * offline or absent, or whose counters have drifted, are marked. Unless
 * options->all, CPUs with equal figures share a row, and without options->cpus
 * only the four fullest rows are shown.
 */
int irqm_render_matrix(FILE *out, const struct irqm_analysis *a,
		       const struct irqm_render_options *options);
/* The last two parts of it. */
int irqm_render_totals(FILE *out, const struct irqm_analysis *a,
		       const struct irqm_render_options *options);

/*
 * `irqmatrix -k`: all findings, most severe first, with their meaning and what
 * to do; below the verdict.
 */
int irqm_render_findings(FILE *out, const struct irqm_analysis *a,
			 const struct irqm_render_options *options);

/*
 * The exact content of the kernel's debugfs file irq/domains/VECTOR, without
 * "mac" if the kernel has no managed_allocated.
 */
int irqm_render_debugfs(FILE *out, const struct irqm_analysis *a,
			const struct irqm_render_options *options);

/*
 * `irqmatrix -d`: the cost of each driver, adding up to lost, then of each
 * device. Equal devices are folded unless options->all.
 */
int irqm_render_devices(FILE *out, const struct irqm_analysis *a,
			const struct irqm_render_options *options);

/*
 * `irqmatrix -p`: a row for each pool of CPUs, or one for options->cpus; then
 * the cost of each driver within it, with options->all of each device.
 */
int irqm_render_pools(FILE *out, const struct irqm_analysis *a,
		      const struct irqm_render_options *options);

/* `irqmatrix -i`: a line for each IRQ; with options->cpus only IRQs whose
 * vector or affinity is on one of these CPUs. */
int irqm_render_irqs(FILE *out, const struct irqm_analysis *a,
		     const struct irqm_render_options *options);

/* `irqmatrix -v`: the owner of each vector, CPU by CPU. */
int irqm_render_vectors(FILE *out, const struct irqm_analysis *a,
			const struct irqm_render_options *options);

/*
 * `irqmatrix --map`: a line for each CPU with its vectors from 32 on, drawn by
 * use, and the numbers of free, used and idle ones. Lines have options->width
 * columns, or more if that is too narrow; CPUs with equal lines are folded
 * unless options->all.
 */
int irqm_render_map(FILE *out, const struct irqm_analysis *a,
		    const struct irqm_render_options *options);

/* `irqaff IRQ`: everything that the snapshot has about irqs[index]. */
int irqm_render_irqaff(FILE *out, const struct irqm_analysis *a,
		       unsigned int index);

/* The exact content of the kernel's debugfs file irq/irqs/N for irqs[index]. */
int irqm_render_debugfs_irq(FILE *out, const struct irqm_analysis *a,
			    unsigned int index);

/* The kernel log as dmesg(1) prints it; nothing if it is unknown. */
int irqm_render_log(FILE *out, const struct irqm_analysis *a);

/*
 * `irqaff -D`: all IRQs of each device that has one of the nr IRQs, with a row
 * for each: what the driver requested and what it got. IRQs without a device
 * are left out. Uses the options header and color only.
 */
int irqm_render_irqaff_devices(FILE *out, const struct irqm_analysis *a,
			       const unsigned int *indexes, unsigned int nr,
			       const struct irqm_render_options *options);

/*
 * Prints a note if the figures may not fit together or may be incomplete: read
 * from a running system, or no VMCOREINFO in the file.
 */
int irqm_render_live(FILE *out, const struct irqm_analysis *a);

/* Lists what could not be read, with one line for neighbours that differ only
 * in numbers; prints nothing if everything was read. */
int irqm_render_unread(FILE *out, const struct irqm_analysis *a);

/* `irqmatrix --textfile`: metrics in Prometheus' text format, without those that
 * are unknown; docs/metrics.md lists them. */
int irqm_render_metrics(FILE *out, const struct irqm_analysis *a,
			const struct irqm_render_options *options);

/* The document "irqmatrix/1", compact or indented. */
int irqm_render_json(FILE *out, const struct irqm_analysis *a, bool pretty);
/* The same document with only these keys (enum irqm_document_keys). */
int irqm_render_json_keys(FILE *out, const struct irqm_analysis *a,
			  unsigned int keys, bool pretty);

/*
 * `irqaff -j`: the same document with only "schema", "dump", "irqs" (those
 * of the nr indexes) and "unread".
 */
int irqm_render_irqaff_json(FILE *out, const struct irqm_analysis *a,
			    const unsigned int *indexes, unsigned int nr,
			    bool pretty);

/* The line above a plan for a machine without a dump: kernel, CPUs, nodes,
 * vectors. */
int irqm_render_described(FILE *out, const struct irqm_plans *p);
/*
 * `irqmatrix plan`: for each plan the answer in a sentence, a row for each
 * device or CPU (equal ones folded unless options->all), and the matrix
 * afterwards.
 */
int irqm_render_plan(FILE *out, const struct irqm_plans *p,
		     const struct irqm_render_options *options);
/* The same as a JSON document, schema "irqmatrix-plan/1". */
/* Lists the drivers that plans know, what they take, and what they do then. */
int irqm_render_plan_drivers(FILE *out,
			     const struct irqm_render_options *options);
int irqm_render_plan_json(FILE *out, const struct irqm_plans *p, bool indent);

/* `irqmatrix advise`: what is to fit, what the plan says without a change, and
 * the changes, best first. */
int irqm_render_advice(FILE *out, const struct irqm_advices *a,
		       const struct irqm_render_options *options);
/* Says what the search came to. To be freed; NULL: out of memory. */
char *irqm_advice_text(const struct irqm_advices *a);
/* The same as a JSON document, schema "irqmatrix-advice/1". */
int irqm_render_advice_json(FILE *out, const struct irqm_advices *a,
			    const struct irqm_dump *dump, bool indent);

#endif
