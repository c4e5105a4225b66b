/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints the map of CPUs and vectors: a line for each CPU, with a character for
 * each vector or group of vectors. */
#include "render/render.h"

#include <stdlib.h>
#include <string.h>

#include "render/text.h"

/* Vectors below this are exceptions, which are never allocated. */
#define FIRST 32
#define WIDTH (IRQM_NR_VECTORS - FIRST)

/* Columns " FREE USED IDLE". */
#define COUNT_WIDTH 5
#define COUNTS_WIDTH (3 * COUNT_WIDTH)

#define LABEL_MAX 24

/* How a use is drawn. Colours are ECMA-48 SGR codes, 0 for the terminal's own:
 * the eight that are legible on the background of every theme. */
static const struct look {
	const char *words, *ascii, *utf8;
	unsigned char color;
	/* if a cell has as many vectors of two uses, the higher rank is
	 * drawn */
	unsigned char rank;
} looks[IRQM_NR_USES] = {
	[IRQM_USE_UNMANAGED] = { "unmanaged", "#", "█", 94, 6 },
	[IRQM_USE_MANAGED] = { "managed, in use", "m", "▓", 36, 5 },
	[IRQM_USE_MANAGED_IDLE] = { "managed, idle", "i", "░", 33, 4 },
	[IRQM_USE_SYSTEM] = { "system", "s", "=", 90, 3 },
	[IRQM_USE_LEGACY] = { "legacy", "l", "l", 90, 2 },
	[IRQM_USE_FREE] = { "free", ".", "·", 0, 1 },
	[IRQM_USE_OUTSIDE] = { "out of range", " ", " ", 0, 0 },
	/* high ranks: these must not be hidden by others */
	[IRQM_USE_PREVIOUS] = { "previous", "<", "<", 35, 10 },
	[IRQM_USE_UNKNOWN] = { "unknown", "?", "?", 95, 11 },
	[IRQM_USE_NOBODY] = { "NO OWNER", "!", "!", 91, 12 },
};
#define ALWAYS_SHOWN 10

/* In the order of the legend. */
static const unsigned char order[] = {
	IRQM_USE_UNMANAGED, IRQM_USE_MANAGED,  IRQM_USE_MANAGED_IDLE,
	IRQM_USE_FREE,      IRQM_USE_SYSTEM,   IRQM_USE_LEGACY,
	IRQM_USE_OUTSIDE,   IRQM_USE_PREVIOUS, IRQM_USE_UNKNOWN,
	IRQM_USE_NOBODY,
};

/* CPUs from cpus[first] to cpus[last], which are drawn in one line. */
struct row {
	unsigned int first, last;
	unsigned char use[WIDTH];
	unsigned int counts[IRQM_NR_USES];
};

struct map {
	FILE *out;
	const struct irqm_snapshot *s;
	struct row *rows;
	unsigned int nr_rows;
	unsigned int width;       /* width of a line */
	unsigned int label;       /* width of the CPU numbers */
	unsigned int vectors;     /* vectors that a drawn point covers */
	bool utf8, color, halves; /* halves: a character shows two points */
	unsigned int fg, bg;      /* current colours of the pen */
};

static void fill_row(struct row *r, const struct irqm_claims *claims,
		     unsigned int index)
{
	struct irqm_vector_owner owners[IRQM_NR_VECTORS];
	unsigned int v;

	memset(r, 0, sizeof(*r));
	r->first = r->last = index;
	irqm_vector_owners(claims, index, owners);
	for (v = 0; v < WIDTH; v++) {
		r->use[v] = irqm_vector_use(&owners[FIRST + v]);
		r->counts[r->use[v]]++;
	}
}

static void fill_rows(struct map *m, const struct irqm_claims *claims,
		      const struct irqm_render_options *options)
{
	unsigned int i;

	for (i = 0; i < m->s->nr_cpus; i++)
		if (irqm_selected(options->cpus, m->s->cpus[i].cpu))
			fill_row(&m->rows[m->nr_rows++], claims, i);
}

static int make_label(const struct map *m, const struct row *r,
		      char label[LABEL_MAX])
{
	const struct irqm_cpu *first = &m->s->cpus[r->first];

	if (r->first == r->last)
		return snprintf(label, LABEL_MAX, "%u", first->cpu);
	return snprintf(label, LABEL_MAX, "%u-%u", first->cpu,
			m->s->cpus[r->last].cpu);
}

static unsigned int count_cells(const struct map *m)
{
	unsigned int cell = m->vectors * (m->halves ? 2 : 1);

	return (WIDTH + cell - 1) / cell;
}

/* Chooses as many points as fit on the line. */
static void choose_scale(struct map *m, bool fold)
{
	char label[LABEL_MAX];
	struct row widest;

	m->label = strlen("CPU");
	if (m->nr_rows) {
		/* the last numbers are the longest, folded as "78-79" */
		widest = m->rows[m->nr_rows - 1];
		if (fold && m->nr_rows > 1)
			widest.first = m->rows[m->nr_rows - 2].first;
		if (make_label(m, &widest, label) > (int)m->label)
			m->label = strlen(label);
	}
	for (m->vectors = 1; m->vectors < 16; m->vectors *= 2)
		if (m->label + 1 + count_cells(m) + COUNTS_WIDTH <= m->width)
			break;
}

/* Changes the colours if they differ from the current ones. */
static void set_pen(struct map *m, unsigned int fg, unsigned int bg)
{
	if (!m->color || (m->fg == fg && m->bg == bg))
		return;
	/* returning to a default colour resets both */
	fputs("\033[m", m->out);
	if (fg)
		fprintf(m->out, "\033[%um", fg);
	if (bg)
		fprintf(m->out, "\033[%um", bg + 10);
	m->fg = fg;
	m->bg = bg;
}

/* Returns what to draw for the vectors from v on: the use of the majority. */
static unsigned int use_of_point(const struct map *m, const struct row *r,
				 unsigned int v)
{
	unsigned int end = v + m->vectors, best, use;
	unsigned int counts[IRQM_NR_USES] = { 0 };

	best = IRQM_USE_OUTSIDE;
	for (; v < end && v < WIDTH; v++)
		counts[r->use[v]]++;
	for (use = 0; use < IRQM_NR_USES; use++) {
		if (!counts[use])
			continue;
		if (looks[use].rank >= ALWAYS_SHOWN)
			counts[use] += WIDTH;
		if (counts[use] > counts[best] ||
		    (counts[use] == counts[best] &&
		     looks[use].rank > looks[best].rank))
			best = use;
	}
	return best;
}

/* Returns true if both have the same line and the same counts in the legend. */
static bool are_alike(const struct map *m, const struct row *a,
		      const struct row *b)
{
	const struct irqm_cpu *ca = &m->s->cpus[a->last];
	const struct irqm_cpu *cb = &m->s->cpus[b->first];
	unsigned int v;

	if (cb->cpu != ca->cpu + 1 ||
	    strcmp(irqm_cpu_state(m->s, ca), irqm_cpu_state(m->s, cb)) != 0 ||
	    memcmp(a->counts, b->counts, sizeof(a->counts)) != 0)
		return false;
	for (v = 0; v < WIDTH; v += m->vectors)
		if (use_of_point(m, a, v) != use_of_point(m, b, v))
			return false;
	return true;
}

static void fold_rows(struct map *m)
{
	unsigned int i, nr = 0;

	for (i = 0; i < m->nr_rows; i++) {
		if (nr && are_alike(m, &m->rows[nr - 1], &m->rows[i]))
			m->rows[nr - 1].last = m->rows[i].last;
		else
			m->rows[nr++] = m->rows[i];
	}
	m->nr_rows = nr;
}

static void put_glyph(struct map *m, unsigned int use)
{
	set_pen(m, looks[use].color, 0);
	fputs(m->utf8 ? looks[use].utf8 : looks[use].ascii, m->out);
}

/*
 * Prints two points in one character, which has two colours if they differ.
 * Others keep the character of their use: it can be read without colours, on
 * paper, by the colour-blind and where the map is pasted.
 */
static void put_halves(struct map *m, unsigned int left, unsigned int right)
{
	unsigned int l = looks[left].color, r = looks[right].color;

	if (left == right) {
		put_glyph(m, left);
	} else if (!l && !r) {
		put_glyph(m, IRQM_USE_FREE);
	} else if (!l) {
		set_pen(m, r, 0);
		fputs("▐", m->out);
	} else if (l == r) {
		put_glyph(m,
			  looks[left].rank > looks[right].rank ? left : right);
	} else {
		set_pen(m, l, r);
		fputs("▌", m->out);
	}
}

static void put_count(struct map *m, const struct row *r, unsigned int n)
{
	if (r->counts[IRQM_USE_UNKNOWN])
		fprintf(m->out, "%*s", COUNT_WIDTH, "?");
	else
		fprintf(m->out, "%*u", COUNT_WIDTH, n);
}

static void put_counts(struct map *m, const struct row *r)
{
	const struct irqm_cpu *cpu = &m->s->cpus[r->first];
	const unsigned int *n = r->counts;

	/* vectors of an offline CPU cannot be allocated */
	if (cpu->online != 1) {
		fprintf(m->out, "%*s", COUNTS_WIDTH, irqm_cpu_state(m->s, cpu));
		return;
	}
	put_count(m, r, n[IRQM_USE_FREE]);
	put_count(m, r,
		  n[IRQM_USE_UNMANAGED] + n[IRQM_USE_MANAGED] +
			  n[IRQM_USE_PREVIOUS] + n[IRQM_USE_NOBODY]);
	put_count(m, r, n[IRQM_USE_MANAGED_IDLE]);
}

static void put_row(struct map *m, const struct row *r)
{
	char label[LABEL_MAX];
	unsigned int v;

	make_label(m, r, label);
	fprintf(m->out, "%-*s ", (int)m->label, label);
	for (v = 0; v < WIDTH; v += m->vectors) {
		if (m->halves) {
			put_halves(m, use_of_point(m, r, v),
				   use_of_point(m, r, v + m->vectors));
			v += m->vectors;
		} else {
			put_glyph(m, use_of_point(m, r, v));
		}
	}
	set_pen(m, 0, 0);
	put_counts(m, r);
	fputc('\n', m->out);
}

/* Counts over the rows of online CPUs. */
static unsigned int count_all(const struct map *m, unsigned int use)
{
	unsigned int i, n = 0;

	for (i = 0; i < m->nr_rows; i++) {
		const struct row *r = &m->rows[i];

		if (m->s->cpus[r->first].online == 1)
			n += (r->last - r->first + 1) * r->counts[use];
	}
	return n;
}

static bool use_occurs(const struct map *m, unsigned int use)
{
	unsigned int i;

	for (i = 0; i < m->nr_rows; i++)
		if (m->rows[i].counts[use])
			return true;
	return false;
}

/* Prints which uses the map has, and the number of vectors of each on online
 * CPUs. */
static void put_legend(struct map *m)
{
	unsigned int i, use, len, column = 0;
	char text[64];

	for (i = 0; i < sizeof(order); i++) {
		use = order[i];
		if (use == IRQM_USE_OUTSIDE || !use_occurs(m, use))
			continue;
		len = 2 + snprintf(text, sizeof(text), "%s %u",
				   looks[use].words, count_all(m, use));
		if (column && column + 3 + len > m->width) {
			fputc('\n', m->out);
			column = 0;
		}
		if (column) {
			fputs("   ", m->out);
			column += 3;
		}
		put_glyph(m, use);
		set_pen(m, 0, 0);
		fprintf(m->out, " %s", text);
		column += len;
	}
	if (m->halves)
		fputs("\n▌ and ▐ are two uses in their colours; "
		      "--color=never shows one per character",
		      m->out);
	if (m->vectors > 1)
		fprintf(m->out,
			"\n%s is %u vectors, drawn like the majority "
			"of them%s",
			m->halves ? "Half a character" : "A character",
			m->vectors,
			use_occurs(m, IRQM_USE_NOBODY) ?
				"; NO OWNER always shows" :
				"");
	fputs("\n\n", m->out);
}

/* Prints vector numbers above their places. */
static void put_ruler(struct map *m)
{
	unsigned int per_cell = m->vectors * (m->halves ? 2 : 1);
	unsigned int v, at, column = 0;

	fprintf(m->out, "%-*s ", (int)m->label, "CPU");
	for (v = FIRST; v < IRQM_NR_VECTORS; v += 32) {
		at = (v - FIRST) / per_cell;
		/* leave a space between numbers */
		if (column && at < column + 1)
			continue;
		column += fprintf(m->out, "%*s%u", (int)(at - column), "", v);
	}
	fprintf(m->out, "%*s%*s%*s%*s\n", (int)(count_cells(m) - column), "",
		COUNT_WIDTH, "FREE", COUNT_WIDTH, "USED", COUNT_WIDTH, "IDLE");
}

int irqm_render_map(FILE *out, const struct irqm_analysis *a,
		    const struct irqm_render_options *options)
{
	struct map m = {
		.out = out,
		.s = a->snapshot,
		.width = options->width ? options->width : IRQM_LINE_WIDTH,
		.utf8 = options->utf8,
		.color = options->color,
		.halves = options->utf8 && options->color,
	};
	struct irqm_claims claims;
	unsigned int i;

	m.rows = calloc((size_t)m.s->nr_cpus + 1, sizeof(*m.rows));
	if (!m.rows)
		return -1;
	if (irqm_claims_init(&claims, m.s)) {
		free(m.rows);
		return -1;
	}
	fill_rows(&m, &claims, options);
	irqm_claims_deinit(&claims);
	choose_scale(&m, !options->all);
	if (!options->all)
		fold_rows(&m);
	if (m.nr_rows) {
		put_legend(&m);
		put_ruler(&m);
	}
	for (i = 0; i < m.nr_rows; i++)
		put_row(&m, &m.rows[i]);
	free(m.rows);
	return irqm_put_end(out);
}
