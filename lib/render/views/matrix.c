/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints how many vectors are free, and a row for each CPU. */
#include "render/render.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "render/columns.h"

/*
 * With more rows than this, CPUs that are no neighbours share one, too; then
 * only the fullest are shown.
 */
#define MANY_ROWS 4

/* CPUs from cpus[first] to cpus[last] with the same figures. */
struct group {
	struct irqm_fact_row fact; /* of the first CPU */
	const struct irqm_analysis *a;
	unsigned int first, last;
	unsigned int others; /* CPUs between them that have other figures */
	bool raw;            /* output for a program: words only, no marks */
	bool some;           /* not all CPUs are shown */
};

/* Prints "; the bitmaps say 12" if a counter differs from them. */
static void put_bitmaps(FILE *out, irqm_num counter, irqm_num bitmaps)
{
	if (irqm_differ(counter, bitmaps))
		fprintf(out, "; the bitmaps say %" PRId64, bitmaps);
}

static void put_available(FILE *out, const struct irqm_matrix *m,
			  const struct irqm_totals *t)
{
	irqm_put_num(out, m->global_available);
	fputs(" of ", out);
	irqm_put_num(out, t->capacity);
	fputs(" vectors", out);
	irqm_put_share(out, m->global_available, t->capacity);
	fputs(", ", out);
	irqm_put_num(out, t->cpus);
	fprintf(out, " %s online, ", irqm_plural(t->cpus, "CPU", "CPUs"));
	irqm_put_num(out, t->each);
	fputs(" each", out);
	put_bitmaps(out, m->global_available, t->bitmaps_available);
}

static void put_allocated(FILE *out, const struct irqm_matrix *m,
			  const struct irqm_totals *t)
{
	irqm_put_num(out, m->total_allocated);
	irqm_put_share(out, m->total_allocated, t->capacity);
	/* the same vectors are "in use" in the next line */
	if (t->managed_allocated != IRQM_UNKNOWN && t->managed_allocated > 0)
		fprintf(out, ", %" PRId64 " of them managed",
			t->managed_allocated);
	put_bitmaps(out, m->total_allocated, t->bitmaps_allocated);
}

static void put_managed(FILE *out, const struct irqm_totals *t)
{
	irqm_put_num(out, t->managed);
	if (t->managed == 0)
		return;
	fputs(" reserved for managed interrupts", out);
	irqm_put_share(out, t->managed, t->capacity);
	fputs(": ", out);
	irqm_put_num(out, t->managed_allocated);
	fputs(" in use, ", out);
	irqm_put_num(out, t->idle);
	fputs(" idle", out);
}

static void put_reserved(FILE *out, const struct irqm_matrix *m)
{
	irqm_put_num(out, m->global_reserved);
	if (m->global_reserved != 0 && m->global_reserved != IRQM_UNKNOWN)
		fprintf(out, " %s not in use yet: %s a vector when %s",
			irqm_plural(m->global_reserved, "interrupt is",
				    "interrupts are"),
			irqm_plural(m->global_reserved, "it needs",
				    "they need"),
			irqm_plural(m->global_reserved, "it is", "they are"));
}

/* Prints the range of the allocator: "32-235 except system vectors 50,128". */
static void put_range(FILE *out, const struct irqm_matrix *m)
{
	uint64_t words[IRQM_BITS_WORDS(IRQM_NR_VECTORS)] = { 0 };
	struct irqm_bits inside = { words, IRQM_NR_VECTORS };
	unsigned int v;

	irqm_put_num(out, m->alloc_start);
	fputc('-', out);
	irqm_put_num(out, irqm_sub(m->alloc_end, 1));
	if (!irqm_bits_known(&m->system_map)) {
		fputs(" except system vectors ?", out);
		return;
	}
	if (m->alloc_start == IRQM_UNKNOWN || m->alloc_end == IRQM_UNKNOWN)
		return;
	irqm_bits_for_each(v, &m->system_map) {
		if (v >= m->alloc_start && v < m->alloc_end)
			irqm_bits_set(&inside, v);
	}
	if (irqm_bits_weight(&inside)) {
		fputs(" except system vectors ", out);
		irqm_put_bits(out, &inside);
	}
}

/* Says if cpu_online_mask differs from the matrix' own online flags, which the
 * sums use. */
static void put_online_note(struct irqm_table *t, const struct irqm_snapshot *s)
{
	const struct irqm_bits *mask = &s->dump.online;
	unsigned int i, in_both = 0;
	bool differ = false;
	FILE *out;

	if (!irqm_bits_known(mask))
		return;
	for (i = 0; i < s->nr_cpus; i++) {
		bool in_mask = irqm_bits_test(mask, s->cpus[i].cpu);

		if (s->cpus[i].online == IRQM_UNKNOWN)
			return;
		differ |= in_mask != (s->cpus[i].online != 0);
		in_both += in_mask;
	}
	if (!differ && in_both == irqm_bits_weight(mask))
		return;
	out = irqm_field(t, "NOTE");
	fputs("online is cpumap.online; cpu_online_mask is ", out);
	irqm_put_bits(out, mask);
}

/* Explains the ! in the column STATE. */
static void put_drift_note(struct irqm_table *t, const struct irqm_analysis *a,
			   const struct irqm_render_options *options)
{
	const struct irqm_snapshot *s = a->snapshot;
	unsigned int i;

	for (i = 0; i < s->nr_cpus; i++)
		if (a->cpus[i].drift &&
		    irqm_selected(options->cpus, s->cpus[i].cpu))
			break;
	if (i < s->nr_cpus)
		fputs("! marks CPUs whose counters differ from their bitmaps",
		      irqm_field(t, "NOTE"));
}

static void put_notes(struct irqm_table *t, const struct irqm_analysis *a,
		      const struct irqm_render_options *options)
{
	const struct irqm_snapshot *s = a->snapshot;
	const struct irqm_totals *sums = &a->totals;
	const struct irqm_matrix *m = &s->matrix;

	put_online_note(t, s);
	if (irqm_differ(m->online_maps, sums->cpus))
		fprintf(irqm_field(t, "NOTE"),
			"online_maps is %" PRId64 ", but %" PRId64
			" cpumaps are online",
			m->online_maps, sums->cpus);
	put_drift_note(t, a, options);
}

static int print_totals(FILE *out, const struct irqm_analysis *a,
			const struct irqm_render_options *options)
{
	const struct irqm_snapshot *s = a->snapshot;
	struct irqm_table t;

	if (irqm_fields_init(&t) < 0)
		return -1;
	t.line = options->width;
	if (!s->matrix.addr) {
		fputs("? (vector_matrix could not be read)",
		      irqm_field(&t, "MATRIX"));
		return irqm_table_print(&t, out, false);
	}
	put_available(irqm_field(&t, "AVAILABLE"), &s->matrix, &a->totals);
	put_allocated(irqm_field(&t, "ALLOCATED"), &s->matrix, &a->totals);
	put_managed(irqm_field(&t, "MANAGED"), &a->totals);
	put_reserved(irqm_field(&t, "RESERVED"), &s->matrix);
	if (options->all)
		put_range(irqm_field(&t, "RANGE"), &s->matrix);
	put_notes(&t, a, options);
	return irqm_table_print(&t, out, false);
}

static const struct irqm_cpu *group_cpu(const struct group *g)
{
	return &g->a->snapshot->cpus[g->first];
}

static bool is_alike(const struct group *g, unsigned int next);

/* No more CPUs than this are listed, if others are between them. */
#define MAX_LISTED 6

static unsigned int count_cpus(const struct group *g)
{
	return g->last - g->first + 1 - g->others;
}

/* Whether fill_cpu() says how many they are, not which. */
static bool is_counted(const struct group *g)
{
	return g->others && (g->some || count_cpus(g) > MAX_LISTED);
}

static void list_cpus(FILE *out, const struct group *g)
{
	const struct irqm_cpu *cpus = g->a->snapshot->cpus;
	const char *comma = "";
	unsigned int i, first;

	for (i = g->first; i <= g->last; i++) {
		if (!is_alike(g, i))
			continue;
		first = i;
		while (i < g->last && is_alike(g, i + 1) &&
		       cpus[i + 1].cpu == cpus[i].cpu + 1)
			i++;
		fputs(comma, out);
		irqm_put_range(out, cpus[first].cpu, cpus[i].cpu);
		comma = ",";
	}
}

static void fill_cpu(FILE *out, const void *row)
{
	const struct group *g = row;

	if (g->others && !is_counted(g)) {
		list_cpus(out, g);
		return;
	}
	if (g->others)
		fprintf(out, "%u of ", count_cpus(g));
	irqm_put_range(out, group_cpu(g)->cpu,
		       g->a->snapshot->cpus[g->last].cpu);
}

static void fill_state(FILE *out, const void *row)
{
	const struct group *g = row;

	fputs(irqm_cpu_state(g->a->snapshot, group_cpu(g)), out);
	if (g->a->cpus[g->first].drift && !g->raw)
		fputc('!', out); /* the finding counter-drift explains it */
}

static void fill_vectors(FILE *out, const void *row)
{
	const struct group *g = row;

	irqm_put_bits(out, &group_cpu(g)->alloc_map);
}

#define PLAIN(id, ...) IRQM_FILL(irqm_cpu_facts, IRQM_CPU_##id, id)
#include "facts/cpu.def"

const struct irqm_column irqm_cpu_columns[] = {
#define PLAIN IRQM_COLUMN
#define CELL IRQM_COLUMN
#include "facts/cpu.def"
};
const unsigned int irqm_nr_cpu_columns = ARRAY_SIZE(irqm_cpu_columns);

/* Returns true if cpus[next] has the figures of the group. */
static bool is_alike(const struct group *g, unsigned int next)
{
	const struct irqm_snapshot *s = g->a->snapshot;
	const struct irqm_cpu *a = &s->cpus[g->first], *b = &s->cpus[next];
	const struct irqm_cpu_check *ca = &g->a->cpus[g->first];
	const struct irqm_cpu_check *cb = &g->a->cpus[next];

	return strcmp(irqm_cpu_state(s, a), irqm_cpu_state(s, b)) == 0 &&
	       a->available == b->available && a->allocated == b->allocated &&
	       a->managed == b->managed &&
	       a->managed_allocated == b->managed_allocated &&
	       ca->available == cb->available &&
	       ca->allocated == cb->allocated && ca->managed == cb->managed &&
	       ca->managed_allocated == cb->managed_allocated &&
	       ca->idle == cb->idle && ca->drift == cb->drift;
}

/* Returns true if cpus[next] can join the group. */
static bool may_join(const struct group *g, unsigned int next)
{
	const struct irqm_cpu *cpus = g->a->snapshot->cpus;

	return cpus[next].cpu == cpus[g->last].cpu + 1 && is_alike(g, next);
}

/* Finds the group that begins with the first selected CPU from *next on, and
 * advances *next. Returns false at the end. */
static bool next_group(struct group *g, unsigned int *next,
		       const struct irqm_render_options *options)
{
	const struct irqm_snapshot *s = g->a->snapshot;
	unsigned int i = *next;

	while (i < s->nr_cpus && !irqm_selected(options->cpus, s->cpus[i].cpu))
		i++;
	if (i >= s->nr_cpus)
		return false;
	g->first = g->last = i;
	g->fact = (struct irqm_fact_row){ .analysis = g->a,
					  .cpu = &s->cpus[i],
					  .check = &g->a->cpus[i] };
	g->others = 0;
	for (i++; i < s->nr_cpus && !options->all && !g->raw; i++) {
		if (!irqm_selected(options->cpus, s->cpus[i].cpu) ||
		    !may_join(g, i))
			break;
		g->last = i;
	}
	*next = i;
	return true;
}

/* Merges groups with the same figures into the first of them. Returns how many
 * groups remain. */
static unsigned int merge_groups(struct group *groups, unsigned int nr)
{
	unsigned int i, k, left = 0;

	for (i = 0; i < nr; i++) {
		const struct group *from = &groups[i];
		struct group *g = groups;

		for (k = 0; k < left; k++, g++)
			if (is_alike(g, from->first))
				break;
		if (k == left) {
			groups[left++] = *from;
			continue;
		}
		g->others += from->first - g->last - 1;
		g->last = from->last;
	}
	return left;
}

/* The fullest first; unknown ones before all. */
static int compare_room(const void *va, const void *vb)
{
	const struct irqm_cpu *a = group_cpu(va), *b = group_cpu(vb);

	if (a->available != b->available)
		return a->available < b->available ? -1 : 1;
	return a->cpu < b->cpu ? -1 : a->cpu > b->cpu;
}

static int print_cpus(FILE *out, const struct irqm_analysis *a,
		      const struct irqm_render_options *options)
{
	struct group g = { .a = a,
			   .raw = irqm_render_raw(options),
			   .some = options->cpus != NULL };
	unsigned int next = 0, nr = 0, more = 0, i;
	bool merged = false;
	struct group *groups;
	struct irqm_table t;
	int rc;

	if (irqm_table_init_view(&t, irqm_cpu_columns, irqm_nr_cpu_columns,
				 options))
		return -1;
	if (!g.raw)
		t.what = "rows";
	groups = calloc((size_t)a->snapshot->nr_cpus + 1, sizeof(*groups));
	while (groups && next_group(&g, &next, options))
		groups[nr++] = g;
	if (nr > MANY_ROWS && !options->all && !g.raw)
		nr = merge_groups(groups, nr);
	/* one row more takes no more room than the line that says so */
	if (nr > MANY_ROWS + 1 && !options->all && !g.raw && !options->cpus) {
		qsort(groups, nr, sizeof(*groups), compare_room);
		more = nr - MANY_ROWS;
		nr = MANY_ROWS;
	}
	for (i = 0; i < nr; i++) {
		irqm_table_row(&t, &groups[i]);
		merged |= is_counted(&groups[i]);
	}
	rc = irqm_table_print(&t, out, options->header);
	if (more)
		fprintf(out,
			"... and %u more rows of CPUs with more available%s\n",
			more, options->no_hints ? "" : "; -a lists each CPU");
	if (merged && !more && !options->no_hints)
		fputs("\"10 of 0-63\" means 10 of the CPUs in that range; -a "
		      "lists each CPU\n",
		      out);
	if (!groups) {
		errno = ENOMEM;
		rc = -1;
	}
	free(groups);
	return rc;
}

int irqm_render_totals(FILE *out, const struct irqm_analysis *a,
		       const struct irqm_render_options *options)
{
	if (print_totals(out, a, options) < 0)
		return -1;
	fputc('\n', out);
	return print_cpus(out, a, options);
}

int irqm_render_matrix(FILE *out, const struct irqm_analysis *a,
		       const struct irqm_render_options *options)
{
	if (irqm_render_raw(options))
		return print_cpus(out, a, options);
	if (irqm_put_verdict(out, a, false, options) < 0)
		return -1;
	if (!a->nr_shown || a->findings[a->shown[0]].severity < IRQM_WARNING)
		fputc('\n', out);
	if (irqm_put_findings(out, a, options) < 0)
		return -1;
	return irqm_render_totals(out, a, options);
}
