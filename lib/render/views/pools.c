/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints how many vectors each pool of CPUs has, and which drivers have how
 * many of them. */
#include "render/render.h"

#include <errno.h>
#include <inttypes.h>

#include "render/columns.h"

struct row {
	struct irqm_fact_row fact;
	/* the CPUs that the user gave; then there is no pool */
	const struct irqm_bits *cpus;
};

static void put_pool(FILE *out, const struct row *r)
{
	if (!r->fact.pool) {
		fputs("these CPUs", out);
		return;
	}
	switch (r->fact.pool->kind) {
	case IRQM_POOL_NODE:
		fputs("node ", out);
		irqm_put_num(out, r->fact.pool->node);
		return;
	case IRQM_POOL_DEFAULT:
		fputs("default", out);
		return;
	case IRQM_POOL_MANAGED:
		fputs("managed", out);
		return;
	}
}

static void fill_pool(FILE *out, const void *row)
{
	put_pool(out, row);
}

static void fill_cpus(FILE *out, const void *row)
{
	irqm_put_bits(out, ((const struct row *)row)->cpus);
}

#define PLAIN(id, ...) IRQM_FILL(irqm_pool_facts, IRQM_POOL_FACT_##id, id)
#include "facts/pool.def"

const struct irqm_column irqm_pool_columns[] = {
#define PLAIN IRQM_COLUMN
#define CELL IRQM_COLUMN
#include "facts/pool.def"
};
const unsigned int irqm_nr_pool_columns = ARRAY_SIZE(irqm_pool_columns);

/* The rows: the pools, or only the CPUs that the user gave. */
struct rows {
	const struct irqm_analysis *a;
	const struct irqm_bits *cpus;
	struct irqm_totals totals; /* of cpus */
};

static bool get_row(struct rows *rows, unsigned int i, struct row *r)
{
	const struct irqm_pool *pool = &rows->a->pools[i];

	if (rows->cpus) {
		*r = (struct row){ { .totals = &rows->totals }, rows->cpus };
		return i == 0;
	}
	if (i >= rows->a->nr_pools)
		return false;
	*r = (struct row){ { .pool = pool, .totals = &pool->totals },
			   &pool->cpus };
	return true;
}

static int print_pools(FILE *out, struct rows *rows,
		       const struct irqm_render_options *options)
{
	struct irqm_table t;
	struct row r;
	unsigned int i;

	if (irqm_table_init_view(&t, irqm_pool_columns, irqm_nr_pool_columns,
				 options))
		return -1;
	if (!irqm_render_raw(options))
		t.what = "pools";
	for (i = 0; get_row(rows, i, &r); i++)
		irqm_table_row(&t, &r);
	return irqm_table_print(&t, out, options->header);
}

/* The second table, whose cells are written one by one. */
static const struct irqm_column cost_columns[] = {
	{ "POOL", "as above", 0, 0, NULL },
	{ "COST", "vectors that become available there if it is unplugged",
	  IRQM_COL_RIGHT, 0, NULL },
	{ "%", "share of the pool's vectors that are not available",
	  IRQM_COL_RIGHT, 0, NULL },
	{ "MANAGED", "managed reservations", IRQM_COL_RIGHT, 0, NULL },
	{ "IDLE", "idle managed reservations", IRQM_COL_RIGHT, 0, NULL },
	{ "WHO", "driver or device", IRQM_COL_WRAP, 0, NULL },
};

static void put_share(FILE *out, irqm_num cost, irqm_num lost)
{
	if (cost == IRQM_UNKNOWN || lost == IRQM_UNKNOWN)
		fputc('?', out);
	else if (lost <= 0)
		fputc('-', out);
	else
		fprintf(out, "%.1f", 100.0 * cost / lost);
}

/* Prints the first cells of a row. Returns the stream of the cell for the
 * owner. */
static FILE *put_cost(struct irqm_table *t, const struct row *r,
		      const struct irqm_cost *c)
{
	put_pool(irqm_table_cell(t), r);
	irqm_put_num(irqm_table_cell(t), c->cost);
	put_share(irqm_table_cell(t), c->cost, r->fact.accounting->lost);
	irqm_put_num(irqm_table_cell(t), c->managed_reserved);
	irqm_put_num(irqm_table_cell(t), c->idle_reserved);
	return irqm_table_cell(t);
}

/* The sum of the rows that --top omits, so that the rows add up to the
 * total. */
struct left_out {
	struct irqm_cost sum;
	unsigned int nr;
};

static void leave_out(struct left_out *rest, const struct irqm_cost *c)
{
	irqm_cost_add(&rest->sum, c);
	rest->nr++;
}

static void put_left_out(struct irqm_table *t, const struct row *r,
			 const struct left_out *rest, const char *one,
			 const char *many)
{
	if (rest->nr)
		fprintf(put_cost(t, r, &rest->sum), "(%u more %s)", rest->nr,
			irqm_plural(rest->nr, one, many));
}

static void put_devices(struct irqm_table *t, const struct irqm_snapshot *s,
			const struct row *r, unsigned int top)
{
	struct left_out rest = { 0 };
	unsigned int i;

	for (i = 0; i < r->fact.accounting->nr_devices; i++) {
		const struct irqm_cost *c = &r->fact.accounting->devices[i];
		const struct irqm_device *d = &s->devices[c->device];
		FILE *cell;

		if (c->cost == 0)
			continue;
		if (top && i >= top) {
			leave_out(&rest, c);
			continue;
		}
		cell = put_cost(t, r, c);
		irqm_put_name(cell, d->name);
		fputc(' ', cell);
		irqm_put_name(cell, irqm_device_driver(d));
	}
	put_left_out(t, r, &rest, "device", "devices");
}

static void put_drivers(struct irqm_table *t, const struct row *r,
			unsigned int top)
{
	struct left_out rest = { 0 };
	unsigned int i;

	for (i = 0; i < r->fact.accounting->nr_drivers; i++) {
		const struct irqm_driver_cost *d =
			&r->fact.accounting->drivers[i];

		if (d->sum.cost == 0)
			continue;
		if (top && i >= top)
			leave_out(&rest, &d->sum);
		else
			irqm_put_name(put_cost(t, r, &d->sum), d->driver);
	}
	put_left_out(t, r, &rest, "driver", "drivers");
}

static void put_rest(struct irqm_table *t, const struct row *r)
{
	struct irqm_cost rest = { .cost = r->fact.accounting->unattributed };

	if (r->fact.accounting->no_device.cost != 0)
		fputs("(no MSI device)",
		      put_cost(t, r, &r->fact.accounting->no_device));
	if (rest.cost != 0)
		fputs("(unattributed)", put_cost(t, r, &rest));
}

static int put_pool_costs(struct irqm_table *t, const struct irqm_analysis *a,
			  struct row *r,
			  const struct irqm_render_options *options)
{
	struct irqm_arena *arena = irqm_arena_new(IRQM_ARENA_LIMIT);
	struct irqm_accounting acc;
	bool ok = arena && irqm_account_cpus(a, arena, r->cpus, &acc);

	if (ok) {
		r->fact.accounting = &acc;
		if (options->all)
			put_devices(t, a->snapshot, r, options->top);
		else
			put_drivers(t, r, options->top);
		put_rest(t, r);
		r->fact.accounting = NULL;
	}
	irqm_arena_free(arena);
	return ok ? 0 : -1;
}

/* Refers to an earlier pool with the same CPUs, as on a machine with one
 * node. */
static bool put_as_above(struct irqm_table *t, struct rows *rows,
			 const struct row *r, unsigned int i)
{
	struct row above;
	unsigned int k;
	FILE *who;

	for (k = 0; k < i; k++) {
		get_row(rows, k, &above);
		if (irqm_bits_known(r->cpus) &&
		    irqm_bits_equal(r->cpus, above.cpus))
			break;
	}
	if (k == i)
		return false;
	put_pool(irqm_table_cell(t), r);
	for (k = 1; k < ARRAY_SIZE(cost_columns) - 1; k++)
		fputc('-', irqm_table_cell(t));
	who = irqm_table_cell(t);
	fputs("the same as ", who);
	put_pool(who, &above);
	return true;
}

static int print_costs(FILE *out, struct rows *rows,
		       const struct irqm_render_options *options)
{
	struct irqm_table t;
	struct row r;
	unsigned int i;
	int rc = 0;

	if (irqm_table_init(&t, cost_columns, ARRAY_SIZE(cost_columns)))
		return -1;
	t.bold = options->color;
	t.line = options->width;
	for (i = 0; rc == 0 && get_row(rows, i, &r); i++)
		if (!put_as_above(&t, rows, &r, i))
			rc = put_pool_costs(&t, rows->a, &r, options);
	if (irqm_table_print(&t, out, options->header))
		return -1;
	if (rc)
		errno = ENOMEM;
	return rc;
}

int irqm_render_pools(FILE *out, const struct irqm_analysis *a,
		      const struct irqm_render_options *options)
{
	struct rows rows = { .a = a, .cpus = options->cpus };

	if (options->cpus)
		rows.totals = irqm_totals_of(a, options->cpus);
	if (print_pools(out, &rows, options))
		return -1;
	if (irqm_render_raw(options))
		return 0;
	fputc('\n', out);
	return print_costs(out, &rows, options);
}
