/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints a comparison of two dumps: a summary in sentences, then tables. */
#include "render/diff/diff.h"

#include <inttypes.h>

#include "render/diff/tables.h"
#include "render/render.h"
#include "render/text.h"

/* Prints "3 devices" or "1 device". */
static void put_count(FILE *out, unsigned int n, const char *one,
		      const char *many)
{
	fprintf(out, "%u %s", n, irqm_plural(n, one, many));
}

static unsigned int count_devices(const struct irqm_diff *d,
				  enum irqm_change change)
{
	unsigned int i, n = 0;

	for (i = 0; i < d->nr_devices; i++)
		n += d->devices[i].change == change;
	return n;
}

/* Prints "12 more vectors" or "1 fewer vector". */
static void put_more(FILE *out, irqm_num n)
{
	uint64_t size = n < 0 ? -(uint64_t)n : (uint64_t)n;

	if (n == IRQM_UNKNOWN)
		fputs("? more vectors", out);
	else
		fprintf(out, "%" PRIu64 " %s %s", size,
			n < 0 ? "fewer" : "more",
			irqm_plural(size, "vector", "vectors"));
}

static void put_came(FILE *out, const struct irqm_diff *d)
{
	unsigned int n = count_devices(d, IRQM_CAME);

	if (!n)
		return;
	put_count(out, n, "added device costs", "added devices cost");
	fputc(' ', out);
	irqm_put_num(out, d->sums.came);
	fprintf(out, " %s; ", irqm_plural(d->sums.came, "vector", "vectors"));
}

static void put_went(FILE *out, const struct irqm_diff *d)
{
	unsigned int n = count_devices(d, IRQM_WENT);
	irqm_num back = irqm_sub(0, d->sums.went);

	if (!n)
		return;
	put_count(out, n, "removed device gives", "removed devices give");
	fputs(" back ", out);
	irqm_put_num(out, back);
	fprintf(out, " %s; ", irqm_plural(back, "vector", "vectors"));
}

static void put_changed(FILE *out, const struct irqm_diff *d)
{
	if (d->sums.changed == 0)
		return;
	fputs("devices that are in both dumps cost ", out);
	put_more(out, d->sums.changed);
	fputs("; ", out);
}

static void put_rest(FILE *out, const struct irqm_diff *d)
{
	if (d->sums.no_device != 0) {
		fputs("interrupts without an MSI device hold ", out);
		put_more(out, d->sums.no_device);
		fputs("; ", out);
	}
	if (d->sums.unattributed != 0) {
		put_more(out, d->sums.unattributed);
		fputs(" cannot be attributed; ", out);
	}
}

/* Prints "CPU 2,3 are offline now; " and the consequence. */
static void put_capacity(FILE *out, const struct irqm_diff *d)
{
	static const char *const said[2] = {
		"offline now",
		"online now",
	};
	unsigned int i, up, nr;

	for (up = 0; up < 2; up++) {
		for (i = nr = 0; i < d->nr_cpus; i++)
			if (irqm_cpu_went(&d->cpus[i], up))
				fprintf(out, "%s%u", nr++ ? "," : "CPU ",
					d->cpus[i].after->cpu);
		if (nr)
			fprintf(out, " %s %s; ", irqm_plural(nr, "is", "are"),
				said[up]);
	}
	if (d->sums.capacity == 0)
		return;
	fputs("the online CPUs have ", out);
	put_more(out, d->sums.capacity);
	fputs("; ", out);
}

static void put_available(FILE *out, const struct irqm_diff *d)
{
	irqm_num a = d->before->snapshot->matrix.global_available;
	irqm_num b = d->after->snapshot->matrix.global_available;

	if (a != IRQM_UNKNOWN && a == b) {
		fprintf(out, "global_available is %" PRId64 ", as before", b);
		return;
	}
	fprintf(out, "global_available %s from ",
		a == IRQM_UNKNOWN || b == IRQM_UNKNOWN ? "went" :
		b < a                                  ? "fell" :
							 "rose");
	irqm_put_num(out, a);
	fputs(" to ", out);
	irqm_put_num(out, b);
}

static int put_answer(FILE *out, const struct irqm_diff *d)
{
	struct irqm_table t;
	FILE *cell;

	if (irqm_table_init(&t, irqm_diff_line, 1))
		return -1;
	cell = irqm_table_cell(&t);
	if (d->differs) {
		put_came(cell, d);
		put_went(cell, d);
		put_changed(cell, d);
		put_rest(cell, d);
		put_capacity(cell, d);
	} else {
		fputs("no differences: ", cell);
		put_count(cell, d->nr_devices, "device", "devices");
		fputs(", ", cell);
		put_count(cell, d->nr_irqs, "interrupt", "interrupts");
		fputs("; ", cell);
	}
	put_available(cell, d);
	return irqm_table_print(&t, out, false);
}

static void put_pair(FILE *out, const char *what, const char *before,
		     const char *after)
{
	fprintf(out, "%s ", what);
	irqm_put_name(out, before);
	fputs(" before, ", out);
	irqm_put_name(out, after);
	fputs(" after", out);
}

static void put_kernels(struct irqm_table *t, const struct irqm_diff *d)
{
	const struct irqm_dump *a = &d->before->snapshot->dump;
	const struct irqm_dump *b = &d->after->snapshot->dump;

	if (!d->other_kernel)
		return;
	put_pair(irqm_field(t, "NOTE"), "different kernels:", a->release,
		 b->release);
	if (a->build_id && b->build_id)
		put_pair(irqm_field(t, "NOTE"), "build ID", a->build_id,
			 b->build_id);
}

static void put_sets(struct irqm_table *t, const char *what,
		     const struct irqm_bits *before,
		     const struct irqm_bits *after)
{
	FILE *out = irqm_field(t, "NOTE");

	fprintf(out, "CPUs %s: ", what);
	irqm_put_bits(out, before);
	fputs(" before, ", out);
	irqm_put_bits(out, after);
	fputs(" after", out);
}

static bool in_part(const struct irqm_analysis *a)
{
	return a->snapshot->nr_unread || a->snapshot->unread_dropped;
}

static int put_notes(FILE *out, const struct irqm_diff *d,
		     const struct irqm_render_options *options)
{
	const struct irqm_dump *a = &d->before->snapshot->dump;
	const struct irqm_dump *b = &d->after->snapshot->dump;
	struct irqm_table t;

	if (irqm_fields_init(&t))
		return -1;
	if (options->header) {
		irqm_put_identity(irqm_field(&t, "BEFORE"), d->before);
		irqm_put_identity(irqm_field(&t, "AFTER"), d->after);
	}
	if (d->other_machine)
		fprintf(irqm_field(&t, "NOTE"),
			"these look like two machines: "
			"only %u of %u %s at the same address in both dumps",
			d->same_places, d->places,
			irqm_plural(d->places, "device is", "devices are"));
	put_kernels(&t, d);
	if (d->other_cpus) {
		put_sets(&t, "possible", &a->possible, &b->possible);
		put_sets(&t, "present", &a->present, &b->present);
	}
	if (d->after_is_older)
		fputs("the second dump is older than the first: are they "
		      "in the right order?",
		      irqm_field(&t, "NOTE"));
	if (in_part(d->before) || in_part(d->after))
		fprintf(irqm_field(&t, "NOTE"),
			"%s could be read only in "
			"part: devices and interrupts that seem to have come "
			"or gone may be in both",
			!in_part(d->after)  ? "the first dump" :
			!in_part(d->before) ? "the second dump" :
					      "both dumps");
	if (irqm_table_print(&t, out, false))
		return -1;
	if (options->header)
		fputc('\n', out);
	return 0;
}

int irqm_render_diff(FILE *out, const struct irqm_diff *d,
		     const struct irqm_render_options *options)
{
	if (put_notes(out, d, options) || put_answer(out, d))
		return -1;
	if (!d->differs)
		return 0;
	if (irqm_render_diff_drivers(out, d, options) ||
	    irqm_render_diff_devices(out, d, options) ||
	    irqm_render_diff_cpus(out, d, options) ||
	    irqm_render_diff_irqs(out, d, options) ||
	    irqm_render_diff_findings(out, d, options))
		return -1;
	return irqm_put_end(out);
}
