/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who costs how many vectors: a row per device, most expensive first, then
 * the same by driver, with what belongs to no device, down to the total.
 */
#include "render/render.h"

#include <inttypes.h>

#include "render/table.h"
#include "render/text.h"

struct row {
	const struct irqm_analysis *a;
	const struct irqm_cost *cost;
	const struct irqm_device *device; /* NULL in the table of drivers */
	irqm_num devices;                 /* in the table of drivers; or 0 */
	const char *label;                /* likewise */
	bool cost_only;                   /* a row that no IRQs belong to */
};

static void fill_cost(FILE *out, const void *row)
{
	irqm_put_num(out, ((const struct row *)row)->cost->cost);
}

/* The percentage of what is lost in three columns: 0.4, 17, 100. */
static void fill_share(FILE *out, const void *row)
{
	const struct row *r = row;
	irqm_num lost = r->a->accounting.lost, cost = r->cost->cost;
	double percent;

	if (lost == IRQM_UNKNOWN || cost == IRQM_UNKNOWN) {
		fputc('?', out);
	} else if (lost <= 0) {
		fputc('-', out);
	} else {
		percent = 100.0 * cost / lost;
		fprintf(out, "%.*f", percent > -9.95 && percent < 9.95, percent);
	}
}

static void put_count(FILE *out, const struct row *r, irqm_num n)
{
	if (r->cost_only)
		fputc('-', out);
	else
		irqm_put_num(out, n);
}

static void fill_irqs(FILE *out, const void *row)
{
	const struct row *r = row;

	put_count(out, r, r->cost->irqs);
}

static void fill_alloc(FILE *out, const void *row)
{
	const struct row *r = row;

	put_count(out, r, r->cost->allocated);
}

static void fill_managed(FILE *out, const void *row)
{
	const struct row *r = row;

	put_count(out, r, r->cost->managed_reserved);
}

static void fill_idle(FILE *out, const void *row)
{
	const struct row *r = row;

	put_count(out, r, r->cost->idle_reserved);
}

static void fill_reserved(FILE *out, const void *row)
{
	const struct row *r = row;

	put_count(out, r, r->cost->reserved);
}

static void fill_device(FILE *out, const void *row)
{
	irqm_put_name(out, ((const struct row *)row)->device->name);
}

static void fill_driver(FILE *out, const void *row)
{
	irqm_put_name(out, ((const struct row *)row)->device->driver);
}

/*
 * What people call the device, in a few letters: the drivers of its
 * consumers, then the names of those without a driver, "virtio_blk vda".
 * Only if there is none of these the others' names: "virtio1
 * virtio_balloon".
 */
static void fill_consumer(FILE *out, const void *row)
{
	const struct irqm_device *d = ((const struct row *)row)->device;
	const char *blank = "";
	bool leaf = false;
	unsigned int i;

	for (i = 0; i < d->nr_consumers; i++)
		leaf |= !d->consumers[i].driver;
	for (i = 0; i < d->nr_consumers; i++) {
		const struct irqm_consumer *c = &d->consumers[i];

		if (!c->driver || !leaf) {
			fputs(blank, out);
			irqm_put_name(out, c->name);
			blank = " ";
		}
		if (c->driver) {
			fputs(blank, out);
			irqm_put_name(out, c->driver);
			blank = " ";
		}
	}
	if (d->consumers_cut)
		fprintf(out, "%s?", blank);
	else if (!*blank)
		fputc('-', out);
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
	fputs(((const struct row *)row)->label, out);
}

#define COST_COLUMNS                                                          \
	{ "COST", "vectors that unplugging it would give back",               \
	  IRQM_COL_RIGHT, 0, fill_cost },                                     \
	{ "%", "share of all vectors that are not available",                 \
	  IRQM_COL_RIGHT, 3, fill_share },                                    \
	{ "IRQS", "interrupts", IRQM_COL_RIGHT, 0, fill_irqs },               \
	{ "ALLOC", "interrupts with a vector", IRQM_COL_RIGHT, 0,             \
	  fill_alloc },                                                       \
	{ "MANAGED", "vectors kept on online CPUs for its managed "           \
	  "interrupts", IRQM_COL_RIGHT, 0, fill_managed },                    \
	{ "IDLE", "those of them that hold no interrupt", IRQM_COL_RIGHT, 0,  \
	  fill_idle },                                                        \
	{ "RESV", "interrupts that were promised a vector", IRQM_COL_RIGHT,   \
	  0, fill_reserved }

static const struct irqm_column device_columns[] = {
	COST_COLUMNS,
	{ "DEVICE", "owner of the MSI descriptors", 0, 0, fill_device },
	{ "DRIVER", "bound to the device", IRQM_COL_WRAP, 0, fill_driver },
	{ "CONSUMER", "what uses it: driver and names", IRQM_COL_WRAP, 0,
	  fill_consumer },
};

static const struct irqm_column driver_columns[] = {
	COST_COLUMNS,
	{ "DEVICES", "how many", IRQM_COL_RIGHT, 0, fill_devices },
	{ "DRIVER", "of the consumer, else of the device", 0, 0, fill_label },
};

#define NR(array) (sizeof(array) / sizeof(*(array)))

static int print_devices(FILE *out, const struct irqm_analysis *a,
			 const struct irqm_render_options *options)
{
	struct irqm_table t;
	unsigned int i;

	if (irqm_table_init(&t, device_columns, NR(device_columns)) < 0)
		return -1;
	for (i = 0; i < a->accounting.nr_devices; i++) {
		const struct irqm_cost *cost = &a->accounting.devices[i];
		struct row row = {
			.a = a, .cost = cost,
			.device = &a->snapshot->devices[cost->device],
		};

		irqm_table_row(&t, &row);
	}
	return irqm_table_print(&t, out, options->header);
}

/* A row that is not the devices' of one driver. */
static void put_label(struct irqm_table *t, const struct irqm_analysis *a,
		      const struct irqm_cost *cost, const char *label,
		      bool cost_only)
{
	struct row row = {
		.a = a, .cost = cost, .label = label, .cost_only = cost_only,
	};

	irqm_table_row(t, &row);
}

static int print_drivers(FILE *out, const struct irqm_analysis *a,
			 const struct irqm_render_options *options)
{
	const struct irqm_accounting *acc = &a->accounting;
	struct irqm_cost unattributed = { .cost = acc->unattributed };
	struct irqm_cost total = { .cost = acc->lost };
	struct irqm_table t;
	unsigned int i;

	if (irqm_table_init(&t, driver_columns, NR(driver_columns)) < 0)
		return -1;
	for (i = 0; i < acc->nr_drivers; i++) {
		const struct irqm_driver_cost *driver = &acc->drivers[i];
		char name[256];
		struct row row = {
			.a = a, .cost = &driver->sum,
			.devices = driver->devices,
			.label = *driver->driver
				 ? irqm_escape(name, sizeof(name),
					       driver->driver)
				 : "(no driver)",
		};

		irqm_table_row(&t, &row);
	}
	put_label(&t, a, &acc->no_device, "(no MSI device)", false);
	put_label(&t, a, &unattributed, "(unattributed)", true);
	put_label(&t, a, &total, "(total not available)", true);
	return irqm_table_print(&t, out, options->header);
}

int irqm_render_devices(FILE *out, const struct irqm_analysis *a,
			const struct irqm_render_options *options)
{
	if (a->accounting.nr_devices) {
		if (print_devices(out, a, options) < 0)
			return -1;
		fputc('\n', out);
	}
	return print_drivers(out, a, options);
}
