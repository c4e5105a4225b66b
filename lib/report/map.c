/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes the map of CPUs and vectors as SVG: a rectangle for each run of
 * vectors with one use. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/analysis.h"
#include "report/parts.h"

/* Vectors below this are exceptions. */
#define FIRST 32
#define WIDTH (IRQM_NR_VECTORS - FIRST)

/* Pixels: the left margin, the width of a vector, the height of the scale. */
#define LEFT 44
#define CELL 4
#define TOP 22
/* For one of two maps side by side, which is shown at half the size. */
#define HALF_TOP 32

/* The name of each use, and its class in the style sheet. */
static const struct {
	const char *words, *class;
} uses[IRQM_NR_USES] = {
	[IRQM_USE_UNMANAGED] = { "unmanaged", "u" },
	[IRQM_USE_MANAGED] = { "managed, in use", "m" },
	[IRQM_USE_MANAGED_IDLE] = { "managed, idle", "i" },
	[IRQM_USE_FREE] = { "free", "f" },
	[IRQM_USE_SYSTEM] = { "system", "s" },
	[IRQM_USE_LEGACY] = { "legacy", "l" },
	[IRQM_USE_PREVIOUS] = { "previous", "p" },
	[IRQM_USE_NOBODY] = { "no owner: leaked", "n" },
	[IRQM_USE_UNKNOWN] = { "unknown", "q" },
	[IRQM_USE_OUTSIDE] = { "out of range", "o" },
};

static const unsigned char order[] = {
	IRQM_USE_UNMANAGED, IRQM_USE_MANAGED, IRQM_USE_MANAGED_IDLE,
	IRQM_USE_FREE,      IRQM_USE_SYSTEM,  IRQM_USE_LEGACY,
	IRQM_USE_PREVIOUS,  IRQM_USE_NOBODY,  IRQM_USE_UNKNOWN,
};

/* A vector that an IRQ has, or has as previous vector. */
struct held {
	irqm_num cpu, vector;
	const json_t *irq;
};

struct map {
	FILE *out;
	const char *what;
	const json_t *cpus;
	/* the document's cpus[] if cpus is a plan's, else NULL */
	const json_t *before;
	bool half;         /* shown at half the size */
	struct held *held; /* sorted by CPU, then vector; NULL: no owners */
	size_t nr_held;
};

/* Parses a set of the document. Returns false if it is invalid. */
static bool read_set(const json_t *object, const char *key,
		     uint64_t words[IRQM_BITS_WORDS(IRQM_NR_VECTORS)])
{
	const char *list = irqm_json_get_string(object, key);
	struct irqm_bits b = { words, IRQM_NR_VECTORS };
	struct irqm_error err;

	memset(words, 0, IRQM_NR_VECTORS / 8);
	return list && (!*list || irqm_bits_parse(&b, list, &err) == 0);
}

/* Gets the use of each vector of a CPU. */
static void read_uses(const json_t *cpu, unsigned char use[WIDTH])
{
	const json_t *owners = json_object_get(cpu, "owners");
	uint64_t words[IRQM_BITS_WORDS(IRQM_NR_VECTORS)];
	struct irqm_bits b = { words, IRQM_NR_VECTORS };
	unsigned int u, v;

	memset(use, IRQM_USE_UNKNOWN, WIDTH);
	for (u = 0; u < IRQM_NR_USES; u++) {
		if (!read_set(owners, irqm_use_name(u), words))
			continue;
		for (v = 0; v < WIDTH; v++)
			if (irqm_bits_test(&b, FIRST + v))
				use[v] = u;
	}
}

/* The same for a CPU of a plan; its system vectors are those of the dump. */
static void read_plan_uses(const json_t *cpu, const json_t *before,
			   unsigned char use[WIDTH])
{
	uint64_t alloc[IRQM_BITS_WORDS(IRQM_NR_VECTORS)];
	uint64_t managed[IRQM_BITS_WORDS(IRQM_NR_VECTORS)];
	struct irqm_bits a = { alloc, IRQM_NR_VECTORS };
	struct irqm_bits m = { managed, IRQM_NR_VECTORS };
	unsigned int v;

	read_uses(before, use);
	if (!read_set(cpu, "alloc_map", alloc) ||
	    !read_set(cpu, "managed_map", managed)) {
		memset(use, IRQM_USE_UNKNOWN, WIDTH);
		return;
	}
	for (v = 0; v < WIDTH; v++) {
		bool is_alloc = irqm_bits_test(&a, FIRST + v);
		bool is_managed = irqm_bits_test(&m, FIRST + v);

		if (use[v] == IRQM_USE_SYSTEM || use[v] == IRQM_USE_OUTSIDE ||
		    use[v] == IRQM_USE_LEGACY ||
		    (is_alloc && use[v] == IRQM_USE_NOBODY))
			continue;
		if (is_alloc)
			use[v] = is_managed ? IRQM_USE_MANAGED :
					      IRQM_USE_UNMANAGED;
		else
			use[v] = is_managed ? IRQM_USE_MANAGED_IDLE :
					      IRQM_USE_FREE;
	}
}

/* Gets the uses of the CPU with this index. */
static void read_map_uses(const struct map *m, size_t index,
			  unsigned char use[WIDTH])
{
	const json_t *cpu = json_array_get(m->cpus, index);

	if (m->before)
		read_plan_uses(cpu, json_array_get(m->before, index), use);
	else
		read_uses(cpu, use);
}

static int compare_held(const void *a_, const void *b_)
{
	const struct held *a = a_, *b = b_;

	if (a->cpu != b->cpu)
		return a->cpu < b->cpu ? -1 : 1;
	return a->vector < b->vector ? -1 : a->vector > b->vector;
}

static void hold_vector(struct map *m, const json_t *irq, const char *vector,
			const char *cpu)
{
	struct held *h = &m->held[m->nr_held];

	h->cpu = irqm_json_get_num(irq, cpu);
	h->vector = irqm_json_get_num(irq, vector);
	h->irq = irq;
	if (h->vector > 0 && h->cpu >= 0)
		m->nr_held++;
}

static int read_held(struct map *m, const json_t *irqs)
{
	size_t i, nr = json_array_size(irqs);

	m->held = calloc(nr + 1, 2 * sizeof(*m->held));
	if (!m->held)
		return -1;
	for (i = 0; i < nr; i++) {
		const json_t *irq = json_array_get(irqs, i);

		hold_vector(m, irq, "vector", "cpu");
		hold_vector(m, irq, "prev_vector", "prev_cpu");
	}
	qsort(m->held, m->nr_held, sizeof(*m->held), compare_held);
	return 0;
}

/* Writes the owner, as the title of a rectangle. */
static void put_irq(FILE *out, const json_t *irq)
{
	const json_t *actions = json_object_get(irq, "actions");
	const char *device = irqm_json_get_string(irq, "device");
	size_t i;

	irqm_html(out, "IRQ %j", json_object_get(irq, "irq"));
	for (i = 0; i < json_array_size(actions) && i < 4; i++)
		irqm_html(out, i ? ",%j" : " %j", json_array_get(actions, i));
	if (device)
		irqm_html(out, ", %s (%j)", device,
			  json_object_get(irq, "driver"));
}

static bool has_name(unsigned int use)
{
	return use == IRQM_USE_UNMANAGED || use == IRQM_USE_MANAGED ||
	       use == IRQM_USE_PREVIOUS;
}

static void put_title(const struct map *m, irqm_num cpu, unsigned int use,
		      unsigned int v, unsigned int end)
{
	struct held key = { cpu, v, NULL }, *h = NULL;

	irqm_html(m->out, "<title>CPU %n, %u", cpu, v);
	if (end - v > 1)
		irqm_html(m->out, "-%u", end - 1);
	irqm_html(m->out, ": %s", uses[use].words);
	if (has_name(use) && m->nr_held)
		h = bsearch(&key, m->held, m->nr_held, sizeof(*m->held),
			    compare_held);
	if (h) {
		fputs(", ", m->out);
		put_irq(m->out, h->irq);
	}
	fputs("</title>", m->out);
}

/* Writes the rectangles of a CPU. With owners, each IRQ has its own. */
static void put_row(const struct map *m, irqm_num cpu,
		    const unsigned char use[WIDTH])
{
	unsigned int v, end;

	for (v = 0; v < WIDTH; v = end) {
		end = v + 1;
		while (end < WIDTH && use[end] == use[v] &&
		       !(m->held && has_name(use[v])))
			end++;
		if (use[v] == IRQM_USE_OUTSIDE)
			continue;
		irqm_html(m->out,
			  "<rect class=\"%s\" x=\"%u\" width=\"%u\" "
			  "height=\"1\"",
			  uses[use[v]].class, v, end - v);
		if (m->held) {
			fputc('>', m->out);
			put_title(m, cpu, use[v], FIRST + v, FIRST + end);
			fputs("</rect>", m->out);
		} else {
			fputs("/>", m->out);
		}
	}
}

/* Returns the height of a CPU's row in pixels. */
static unsigned int row_height(const struct map *m)
{
	size_t nr_cpus = json_array_size(m->cpus);
	unsigned int height = nr_cpus <= 8   ? 18 :
			      nr_cpus <= 32  ? 12 :
			      nr_cpus <= 128 ? 7 :
			      nr_cpus <= 600 ? 3 :
					       2;

	return m->half ? 2 * height : height;
}

static unsigned int scale_height(const struct map *m)
{
	return m->half ? HALF_TOP : TOP;
}

static void put_scale(const struct map *m)
{
	unsigned int v, y = scale_height(m) - 10;

	for (v = FIRST; v < IRQM_NR_VECTORS; v += 32)
		irqm_html(m->out, "<text x=\"%u\" y=\"%u\">%u</text>",
			  LEFT + (v - FIRST) * CELL, y, v);
	if (!m->half)
		irqm_html(m->out, "<text x=\"0\" y=\"%u\">CPU</text>", y);
}

/* Returns the step between labelled CPUs, so that labels do not overlap. */
static unsigned int label_step(const struct map *m)
{
	unsigned int step = 1;

	while (step * row_height(m) < (m->half ? 24 : 14))
		step *= 2;
	return step;
}

static void begin_svg(const struct map *m)
{
	size_t nr = json_array_size(m->cpus);

	irqm_html(m->out,
		  "<div class=\"scroll\"><svg class=\"map\" role=\"img\" "
		  "aria-label=\"%s: %u %s, each with its vectors from 32 to "
		  "255\" viewBox=\"0 0 %u %u\">",
		  m->what, (unsigned int)nr, irqm_plural(nr, "CPU", "CPUs"),
		  LEFT + WIDTH * CELL,
		  (unsigned int)(scale_height(m) + nr * row_height(m)));
	put_scale(m);
}

static void put_label(const struct map *m, const json_t *cpu, unsigned int y)
{
	unsigned int height = row_height(m);
	unsigned int letter = m->half ? 20 : 10, base = letter * 7 / 10;

	irqm_html(m->out, "<text x=\"0\" y=\"%u\">%j</text>",
		  y + (height > letter ? (height + base) / 2 : base),
		  json_object_get(cpu, "cpu"));
}

static void put_svg(const struct map *m)
{
	unsigned int height = row_height(m), step = label_step(m);
	unsigned char use[WIDTH];
	size_t i;

	begin_svg(m);
	for (i = 0; i < json_array_size(m->cpus); i++) {
		const json_t *cpu = json_array_get(m->cpus, i);
		unsigned int y = scale_height(m) + i * height;

		if (i % step == 0)
			put_label(m, cpu, y);
		read_map_uses(m, i, use);
		irqm_html(m->out,
			  "<g%s transform=\"translate(%u %u) "
			  "scale(%u %u)\">",
			  irqm_json_get_bool(cpu, "online") == 1 ?
				  "" :
				  " opacity=.35",
			  LEFT, y, CELL, height);
		put_row(m, irqm_json_get_num(cpu, "cpu"), use);
		fputs("</g>\n", m->out);
	}
	fputs("</svg></div>\n", m->out);
}

static void count_uses(const struct map *m, size_t index,
		       unsigned int counts[IRQM_NR_USES])
{
	unsigned char use[WIDTH];
	unsigned int v;

	memset(counts, 0, IRQM_NR_USES * sizeof(*counts));
	read_map_uses(m, index, use);
	for (v = 0; v < WIDTH; v++)
		counts[use[v]]++;
}

static void put_legend(const struct map *m)
{
	unsigned int sums[IRQM_NR_USES] = { 0 }, counts[IRQM_NR_USES], u;
	size_t i;

	for (i = 0; i < json_array_size(m->cpus); i++) {
		if (irqm_json_get_bool(json_array_get(m->cpus, i), "online") !=
		    1)
			continue;
		count_uses(m, i, counts);
		for (u = 0; u < IRQM_NR_USES; u++)
			sums[u] += counts[u];
	}
	fputs("<ul class=\"legend\">", m->out);
	for (i = 0; i < sizeof(order); i++) {
		u = order[i];
		if (sums[u])
			irqm_html(m->out,
				  "<li><span class=\"%s\"></span>%s "
				  "<b>%u</b></li>",
				  uses[u].class, uses[u].words, sums[u]);
	}
	fputs("</ul>\n", m->out);
}

/* Writes the figures of the picture as a table, for readers who cannot
 * see it. */
static void put_table(const struct map *m)
{
	unsigned int counts[IRQM_NR_USES];
	FILE *out = m->out;
	size_t i, k;

	fputs("<details><summary>The map in figures</summary>"
	      "<div class=\"scroll\"><table><thead><tr><th>CPU</th>"
	      "<th>online</th><th>available</th>",
	      out);
	for (k = 0; k < sizeof(order); k++)
		irqm_html(out, "<th>%s</th>", uses[order[k]].words);
	fputs("</tr></thead><tbody>\n", out);
	for (i = 0; i < json_array_size(m->cpus); i++) {
		const json_t *cpu = json_array_get(m->cpus, i);

		count_uses(m, i, counts);
		irqm_html(out, "<tr><td>%j</td><td>%j</td><td>%j</td>",
			  json_object_get(cpu, "cpu"),
			  json_object_get(cpu, "online"),
			  json_object_get(cpu, "available"));
		for (k = 0; k < sizeof(order); k++)
			irqm_html(out, "<td>%u</td>", counts[order[k]]);
		fputs("</tr>\n", out);
	}
	fputs("</tbody></table></div></details>\n", out);
}

int irqm_report_map(FILE *out, const json_t *document)
{
	struct map m = {
		.out = out,
		.what = "Map of interrupt vectors",
		.cpus = json_object_get(document, "cpus"),
	};

	if (read_held(&m, json_object_get(document, "irqs"))) {
		errno = ENOMEM;
		return -1;
	}
	fputs("<section><h2>CPUs and vectors</h2>\n<p class=\"note\">A row is "
	      "a CPU, a column a vector.<span class=\"screen\"> Point at a "
	      "vector to see its owner.</span></p>\n",
	      out);
	put_legend(&m);
	put_svg(&m);
	put_table(&m);
	fputs("</section>\n", out);
	free(m.held);
	return 0;
}

void irqm_report_small_map(FILE *out, const json_t *document)
{
	struct map m = {
		.out = out,
		.what = "Map of interrupt vectors",
		.cpus = json_object_get(document, "cpus"),
	};

	put_legend(&m);
	put_svg(&m);
}

void irqm_report_two_maps(FILE *out, const json_t *document,
			  const json_t *after)
{
	const struct map before = {
		.out = out,
		.what = "Map of interrupt vectors before",
		.cpus = json_object_get(document, "cpus"),
		.half = true,
	};
	const struct map then = {
		.out = out,
		.what = "Map of interrupt vectors afterwards",
		.cpus = after,
		.before = before.cpus,
		.half = true,
	};

	fputs("<div class=\"pair\">\n<figure><figcaption>Before</figcaption>\n",
	      out);
	put_legend(&before);
	put_svg(&before);
	fputs("</figure>\n<figure><figcaption>After</figcaption>\n", out);
	put_legend(&then);
	put_svg(&then);
	fputs("</figure>\n</div>\n", out);
}
