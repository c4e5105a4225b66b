/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Prints the cost of each driver, and of vectors without a device, down to the
 * total; then of each device. The most expensive come first, and equal
 * neighbours share a row.
 */
#include "render/render.h"

#include <limits.h>
#include <inttypes.h>
#include <string.h>

#include "render/columns.h"

/* Fewer devices than this are not folded: that would not save lines. */
#define MIN_FOLD 4

/* Limit on the consumer names in a row. */
#define MAX_NAMES 4

struct row {
	/* device: of the first; cost: of all devices of the row */
	struct irqm_fact_row fact;
	irqm_num devices; /* 0: not a row of devices */
	/* in the table of devices: the only device, or the last one of
	 * several */
	const struct irqm_device *last;
	irqm_num each;     /* cost of one device */
	const char *label; /* in the table of drivers */
};

/* Prints the percentage of lost in three columns: 0.4, 17, 100. */
static void fill_share(FILE *out, const void *row)
{
	const struct row *r = row;
	irqm_num lost = r->fact.analysis->accounting.lost;
	irqm_num cost = r->fact.cost->cost;
	double percent;

	if (lost == IRQM_UNKNOWN || cost == IRQM_UNKNOWN) {
		fputc('?', out);
	} else if (lost <= 0) {
		fputc('-', out);
	} else {
		percent = 100.0 * cost / lost;
		fprintf(out, "%.*f", percent > -9.95 && percent < 9.95,
			percent);
	}
}

static void fill_device(FILE *out, const void *row)
{
	const struct row *r = row;

	if (r->devices > 1) {
		fprintf(out, "%" PRId64 "," IRQM_NBSP, r->devices);
		irqm_put_num(out, r->each);
		fputs(IRQM_NBSP "each:\n", out);
		irqm_put_name(out, r->fact.device->name);
		fputs(IRQM_NBSP "..\n", out);
	}
	irqm_put_name(out, r->last->name);
}

static bool same_name(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Prints the drivers of a device's consumers, each once. */
static const char *put_drivers(FILE *out, const struct irqm_device *d)
{
	const char *blank = "";
	unsigned int i, k;

	for (i = 0; i < d->nr_consumers; i++) {
		const char *driver = d->consumers[i].driver;

		for (k = 0; k < i; k++)
			if (same_name(d->consumers[k].driver, driver))
				break;
		if (!driver || k < i)
			continue;
		fputs(blank, out);
		irqm_put_name(out, driver);
		blank = " ";
	}
	return blank;
}

/* False for the services of a PCIe port: their names begin with the port's. */
static bool has_own_name(const struct irqm_device *d,
			 const struct irqm_consumer *c)
{
	return !d->name || !c->name ||
	       strncmp(c->name, d->name, strlen(d->name)) != 0;
}

/* Prints what people call the device: the consumers without a driver (vda,
 * eth0) or, if there are none, all of them (virtio1). */
static void put_names(FILE *out, const struct irqm_device *d, const char *blank)
{
	unsigned int i, nr = 0;
	bool leaf = false;

	for (i = 0; i < d->nr_consumers; i++)
		leaf |= !d->consumers[i].driver;
	for (i = 0; i < d->nr_consumers; i++) {
		const struct irqm_consumer *c = &d->consumers[i];

		if ((leaf && c->driver) || !has_own_name(d, c) ||
		    nr++ >= MAX_NAMES)
			continue;
		fputs(blank, out);
		irqm_put_name(out, c->name);
		blank = " ";
	}
	if (nr > MAX_NAMES)
		fprintf(out, " (+%u)", nr - MAX_NAMES);
}

/* Prints "virtio_blk vda"; for several devices "virtio_blk", "vda .. vdq". */
static void fill_consumer(FILE *out, const void *row)
{
	const struct row *r = row;
	const struct irqm_device *d = r->fact.device;
	const char *blank = put_drivers(out, d);

	if (r->devices > 1) {
		if (*blank)
			blank = "\n";
		put_names(out, d, blank);
		fputs(IRQM_NBSP "..", out);
		put_names(out, r->last, " ");
		return;
	}
	put_names(out, d, blank);
	if (d->consumers_cut)
		fputs(d->nr_consumers ? " ?" : "?", out);
	else if (!d->nr_consumers)
		fputc('-', out);
}

/* Columns that are only shown on request; such a row is one device. */
static void fill_consumers(FILE *out, const void *row)
{
	irqm_put_consumers(out, ((const struct row *)row)->fact.device);
}

/* Prints - for a device that is not PCI. */
static bool put_not_pci(FILE *out, const struct irqm_device *d, irqm_num n)
{
	if (n != IRQM_UNKNOWN)
		return false;
	fputc(d->bus && strcmp(d->bus, "pci") != 0 ? '-' : '?', out);
	return true;
}

static void fill_pci_class(FILE *out, const void *row)
{
	const struct irqm_device *d = ((const struct row *)row)->fact.device;

	if (!put_not_pci(out, d, d->pci_class))
		fprintf(out, "%06" PRIx64, (uint64_t)d->pci_class);
}

static void fill_pci_id(FILE *out, const void *row)
{
	const struct irqm_device *d = ((const struct row *)row)->fact.device;

	if (!put_not_pci(out, d, irqm_add(d->pci_vendor, d->pci_device)))
		fprintf(out, "%04" PRIx64 ":%04" PRIx64,
			(uint64_t)d->pci_vendor, (uint64_t)d->pci_device);
}

static void fill_devices(FILE *out, const void *row)
{
	const struct row *r = row;

	if (r->devices == 0)
		fputc('-', out);
	else
		irqm_put_num(out, r->devices);
}

static void fill_label(FILE *out, const void *row)
{
	const char *label = ((const struct row *)row)->label;

	if (label && !*label)
		fputs("(no driver)", out);
	else
		irqm_put_name(out, label);
}

#define PLAIN(id, ...) IRQM_FILL(irqm_device_facts, IRQM_DEVICE_##id, id)
#include "facts/device.def"

const struct irqm_column irqm_device_columns[] = {
#define PLAIN IRQM_COLUMN
#define CELL IRQM_COLUMN
#include "facts/device.def"
};
const unsigned int irqm_nr_device_columns = ARRAY_SIZE(irqm_device_columns);

/* The cells of the cost are those of a device. */
static const struct irqm_column driver_columns[] = {
#define PLAIN IRQM_COLUMN
#define CELL IRQM_COLUMN
#include "facts/driver.def"
};

/* Returns true if b can share a's row. Unknown values equal nothing. */
static bool are_alike(const struct irqm_snapshot *s, const struct irqm_cost *a,
		      const struct irqm_cost *b)
{
	const struct irqm_device *da = &s->devices[a->device];
	const struct irqm_device *db = &s->devices[b->device];
	const char *driver = irqm_device_driver(da);

	return a->cost != IRQM_UNKNOWN && a->cost == b->cost &&
	       a->irqs == b->irqs && a->allocated == b->allocated &&
	       a->managed_reserved == b->managed_reserved &&
	       a->idle_reserved == b->idle_reserved &&
	       a->reserved == b->reserved && da->name && db->name && driver &&
	       same_name(driver, irqm_device_driver(db)) &&
	       same_name(da->driver, db->driver) &&
	       da->nr_consumers == db->nr_consumers && !da->consumers_cut &&
	       !db->consumers_cut;
}

/* Returns how many devices from costs[0] on are equal. */
static unsigned int count_alike(const struct irqm_snapshot *s,
				const struct irqm_cost *costs, unsigned int nr)
{
	unsigned int n = 1;

	while (n < nr && are_alike(s, &costs[0], &costs[n]))
		n++;
	return n;
}

static struct irqm_cost times_cost(const struct irqm_cost *c, unsigned int n)
{
	struct irqm_cost sum = *c;

	while (--n)
		irqm_cost_add(&sum, c);
	return sum;
}

/* Returns how many of nr devices or drivers to print. */
static unsigned int most_expensive(unsigned int nr,
				   const struct irqm_render_options *options)
{
	return options->top && options->top < nr ? options->top : nr;
}

/* Prints "5 of 161 devices" below a table that --top shortened. */
static int put_foot(FILE *out, unsigned int shown, unsigned int nr,
		    const char *what)
{
	if (shown < nr)
		fprintf(out, "%u of %u %s\n", shown, nr, what);
	return irqm_put_end(out);
}

static int print_devices(FILE *out, const struct irqm_analysis *a,
			 const struct irqm_render_options *options)
{
	const struct irqm_accounting *acc = &a->accounting;
	const struct irqm_device *devices = a->snapshot->devices;
	unsigned int i, n, rows, top = options->top ? options->top : UINT_MAX;
	struct irqm_table t;

	if (irqm_table_init_view(&t, irqm_device_columns,
				 irqm_nr_device_columns, options) < 0)
		return -1;
	/* --top counts rows: equal devices share one */
	for (i = rows = 0; i < acc->nr_devices && rows < top; i += n, rows++) {
		const struct irqm_cost *one = &acc->devices[i];
		struct irqm_cost sum;

		n = count_alike(a->snapshot, one, acc->nr_devices - i);
		if (options->all || irqm_render_raw(options) || n < MIN_FOLD)
			n = 1;
		sum = times_cost(one, n);
		irqm_table_row(
			&t, &(struct row){
				    .fact = { .analysis = a,
					      .cost = &sum,
					      .counts = &sum,
					      .device = &devices[one->device] },
				    .last = &devices[one[n - 1].device],
				    .devices = n,
				    .each = one->cost,
			    });
	}
	if (irqm_table_print(&t, out, options->header) < 0)
		return -1;
	if (irqm_render_raw(options))
		return 0;
	return put_foot(out, i, acc->nr_devices, "devices");
}

/* Prints a row for vectors that do not belong to a driver. */
static void put_label(struct irqm_table *t, const struct irqm_analysis *a,
		      const struct irqm_cost *cost, const char *label,
		      bool cost_only)
{
	struct row row = {
		.fact = { .analysis = a,
			  .cost = cost,
			  .counts = cost_only ? NULL : cost },
		.label = label,
	};

	irqm_table_row(t, &row);
}

static int print_drivers(FILE *out, const struct irqm_analysis *a,
			 const struct irqm_render_options *options)
{
	const struct irqm_accounting *acc = &a->accounting;
	struct irqm_cost unattributed = { .cost = acc->unattributed };
	struct irqm_cost total = { .cost = acc->lost };
	unsigned int i, nr = most_expensive(acc->nr_drivers, options);
	struct irqm_table t;

	if (irqm_table_init(&t, driver_columns, ARRAY_SIZE(driver_columns)) < 0)
		return -1;
	t.bold = options->color;
	t.line = options->width;
	for (i = 0; i < nr; i++) {
		const struct irqm_driver_cost *driver = &acc->drivers[i];
		struct row row = {
			.fact = { .analysis = a,
				  .cost = &driver->sum,
				  .counts = &driver->sum },
			.devices = driver->devices,
			.label = driver->driver,
		};

		irqm_table_row(&t, &row);
	}
	put_label(&t, a, &acc->no_device, "(no MSI device)", false);
	put_label(&t, a, &unattributed, "(unattributed)", true);
	put_label(&t, a, &total, "(all unavailable)", true);
	if (irqm_table_print(&t, out, options->header) < 0)
		return -1;
	return put_foot(out, nr, acc->nr_drivers, "drivers");
}

int irqm_render_devices(FILE *out, const struct irqm_analysis *a,
			const struct irqm_render_options *options)
{
	if (irqm_render_raw(options))
		return print_devices(out, a, options);
	if (print_drivers(out, a, options) < 0)
		return -1;
	if (!a->accounting.nr_devices)
		return 0;
	fputc('\n', out);
	return print_devices(out, a, options);
}
