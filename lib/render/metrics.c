/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `irqmatrix --textfile`: metrics of a machine. The number of series does not
 * grow with CPUs or interrupts, and no two are equal: the collector would
 * refuse the whole file.
 */
#include "render/metrics.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "render/render.h"
#include "render/text.h"

/* The most expensive ones. */
#define MAX_DRIVERS 64

struct driver {
	const struct irqm_driver_cost *cost;
	struct irqm_fit fit;
	char label[128];
};

/* The online CPUs, by their bitmaps. */
struct online {
	irqm_num managed_used, full, least, least_cpu;
};

void irqm_metric_head(FILE *out, const char *name, const char *type,
		      const char *help)
{
	fprintf(out, "# HELP irqmatrix_%s %s\n# TYPE irqmatrix_%s %s\n", name,
		help, name, type);
}

/* The format wants \, " and newlines escaped; irqm_escape() leaves no newline
 * and nothing that is not UTF-8. */
void irqm_metric_label(FILE *out, const char *key, const char *value)
{
	char words[4 * 4096 + 1]; /* a path, escaped; what is longer is cut */
	const char *c;

	fprintf(out, "%s=\"", key);
	for (c = irqm_escape(words, sizeof(words), value); *c; c++) {
		if (*c == '\\' || *c == '"')
			fputc('\\', out);
		fputc(*c, out);
	}
	fputc('"', out);
}

static void put_gauge(FILE *out, const char *name, irqm_num n, const char *help)
{
	irqm_metric_head(out, name, "gauge", help);
	fprintf(out, "irqmatrix_%s %" PRId64 "\n", name, n);
}

void irqm_metric_gauge(FILE *out, const char *name, irqm_num n,
		       const char *help)
{
	char whole[256];

	if (n == IRQM_UNKNOWN)
		return;
	snprintf(whole, sizeof(whole), "%s. Left out if unknown.", help);
	put_gauge(out, name, n, whole);
}

static struct online read_online(const struct irqm_analysis *a)
{
	static const struct online unknown = { IRQM_UNKNOWN, IRQM_UNKNOWN,
					       IRQM_UNKNOWN, IRQM_UNKNOWN };
	struct online o = { 0, 0, IRQM_UNKNOWN, IRQM_UNKNOWN };
	const struct irqm_snapshot *s = a->snapshot;
	unsigned int i;

	if (a->totals.cpus == IRQM_UNKNOWN)
		return unknown;
	for (i = 0; i < s->nr_cpus; i++) {
		irqm_num room = a->cpus[i].available;

		if (s->cpus[i].online != 1)
			continue;
		if (room == IRQM_UNKNOWN)
			return unknown;
		o.managed_used =
			irqm_add(o.managed_used, a->cpus[i].managed_allocated);
		o.full += room <= 0;
		if (o.least == IRQM_UNKNOWN || room < o.least) {
			o.least = room;
			o.least_cpu = s->cpus[i].cpu;
		}
	}
	return o;
}

static void put_vectors(FILE *out, const struct irqm_analysis *a)
{
	const struct irqm_totals *t = &a->totals;
	struct online o = read_online(a);

	irqm_metric_gauge(out, "vectors_capacity", t->capacity,
			  "Vectors of the online CPUs that the allocator can "
			  "give to interrupts");
	irqm_metric_gauge(out, "vectors_available", t->bitmaps_available,
			  "Available vectors of the online CPUs");
	irqm_metric_gauge(out, "vectors_allocated", t->bitmaps_allocated,
			  "Allocated vectors of the online CPUs");
	irqm_metric_gauge(out, "vectors_reserved",
			  a->snapshot->matrix.global_reserved,
			  "Interrupts that need a vector as soon as they are "
			  "in use");
	irqm_metric_gauge(out, "managed_in_use", o.managed_used,
			  "Managed reservations of the online CPUs that carry "
			  "an interrupt");
	irqm_metric_gauge(out, "managed_idle", t->idle,
			  "Managed reservations of the online CPUs that carry "
			  "no interrupt");
	irqm_metric_gauge(out, "cpus_online", t->cpus,
			  "CPUs that take part in the allocation");
	irqm_metric_gauge(out, "cpus_full", o.full,
			  "Online CPUs without an available vector");
	irqm_metric_gauge(out, "cpu_vectors_available_min", o.least,
			  "Available vectors of the online CPU that has the "
			  "fewest");
	irqm_metric_gauge(out, "cpu_with_fewest_vectors", o.least_cpu,
			  "The number of that CPU, the first one of several");
	irqm_metric_gauge(out, "other_vectors", a->accounting.no_device.cost,
			  "Vectors of interrupts that belong to no MSI device");
}

static bool is_labelled(const struct driver *drivers, unsigned int nr,
			const char *label)
{
	while (nr--)
		if (strcmp(drivers[nr].label, label) == 0)
			return true;
	return false;
}

/* Devices without a driver, or with one that is unknown, are left out. Returns
 * the number of drivers, or -1 if out of memory. */
static int read_drivers(const struct irqm_analysis *a, struct driver *drivers)
{
	const struct irqm_accounting *acc = &a->accounting;
	unsigned int i, nr = 0;

	for (i = 0; i < acc->nr_drivers && nr < MAX_DRIVERS; i++) {
		const char *name = acc->drivers[i].driver;
		struct driver *d = &drivers[nr];

		if (!name || !*name)
			continue;
		irqm_escape(d->label, sizeof(d->label), name);
		if (is_labelled(drivers, nr, d->label))
			continue;
		d->cost = &acc->drivers[i];
		if (!irqm_fit_of(a, name, &d->fit))
			return -1;
		nr++;
	}
	return nr;
}

static irqm_num devices_of(const struct driver *d)
{
	return d->cost->devices;
}

static irqm_num vectors_of(const struct driver *d)
{
	return d->cost->sum.cost;
}

static irqm_num room_of(const struct driver *d)
{
	return d->fit.devices;
}

static void put_by_driver(FILE *out, const struct driver *drivers, int nr,
			  const char *name, const char *help,
			  irqm_num (*number)(const struct driver *))
{
	bool any = false;
	int i;

	for (i = 0; i < nr; i++) {
		irqm_num n = number(&drivers[i]);

		if (n == IRQM_UNKNOWN)
			continue;
		if (!any)
			irqm_metric_head(out, name, "gauge", help);
		any = true;
		fprintf(out, "irqmatrix_%s{", name);
		irqm_metric_label(out, "driver", drivers[i].label);
		fprintf(out, "} %" PRId64 "\n", n);
	}
}

static int put_drivers(FILE *out, const struct irqm_analysis *a)
{
	struct driver drivers[MAX_DRIVERS];
	int nr = read_drivers(a, drivers);

	put_by_driver(out, drivers, nr, "driver_devices",
		      "Devices of the 64 drivers with the most vectors. Left "
		      "out if unknown.",
		      devices_of);
	put_by_driver(out, drivers, nr, "driver_vectors",
		      "Vectors that become available without the driver's "
		      "devices, its cost. Left out if unknown.",
		      vectors_of);
	put_by_driver(out, drivers, nr, "driver_room_devices",
		      "How many more devices fit, each like the driver's most "
		      "expensive one. Left out if unknown.",
		      room_of);
	if (nr < 0)
		errno = ENOMEM;
	return nr < 0 ? -1 : 0;
}

static unsigned int count_findings(const struct irqm_analysis *a,
				   const struct irqm_finding_kind *kind,
				   enum irqm_severity severity)
{
	unsigned int i, n = 0;

	for (i = 0; i < a->nr_findings; i++)
		n += a->findings[i].severity == severity &&
		     (!kind || a->findings[i].kind == kind);
	return n;
}

static void put_findings(FILE *out, const struct irqm_analysis *a)
{
	unsigned int severity, kind, n;

	irqm_metric_head(out, "findings_by_severity", "gauge",
			 "Findings of each severity, 0 if there are none.");
	for (severity = 0; severity <= IRQM_CRITICAL; severity++)
		fprintf(out,
			"irqmatrix_findings_by_severity{severity=\"%s\"} %u\n",
			irqm_severity_name(severity),
			count_findings(a, NULL, severity));
	if (!a->nr_findings)
		return;
	irqm_metric_head(out, "findings", "gauge",
			 "Findings of each code and severity that there are.");
	for (kind = 0; kind < IRQM_NR_FINDING_KINDS; kind++)
		for (severity = 0; severity <= IRQM_CRITICAL; severity++) {
			n = count_findings(a, &irqm_finding_kinds[kind],
					   severity);
			if (n)
				fprintf(out,
					"irqmatrix_findings{code=\"%s\",severity=\"%s\"} %u\n",
					irqm_finding_kinds[kind].code,
					irqm_severity_name(severity), n);
		}
}

static void put_origin(FILE *out, const struct irqm_analysis *a,
		       const struct irqm_render_options *options)
{
	const struct irqm_snapshot *s = a->snapshot;

	irqm_metric_head(out, "kernel_info", "gauge",
			 "1; the kernel that the other metrics describe, and "
			 "whether it was running.");
	fputs("irqmatrix_kernel_info{", out);
	irqm_metric_label(out, "release",
			  s->dump.release ? s->dump.release : "");
	fprintf(out, ",live=\"%s\"} 1\n", s->dump.live ? "true" : "false");
	put_gauge(out, "unread_parts",
		  (irqm_num)s->nr_unread + s->unread_dropped,
		  "Parts that could not be read; then other metrics may be "
		  "missing.");
	irqm_metric_gauge(out, "failed_devices",
			  s->log.known ? a->nr_failed : IRQM_UNKNOWN,
			  "Devices without interrupts that the kernel log says "
			  "were short of vectors");
	if (options->now)
		put_gauge(out, "last_run_timestamp_seconds", options->now,
			  "When these metrics were read, seconds since the "
			  "epoch.");
}

int irqm_render_metrics(FILE *out, const struct irqm_analysis *a,
			const struct irqm_render_options *options)
{
	put_vectors(out, a);
	if (put_drivers(out, a))
		return -1;
	put_findings(out, a);
	put_origin(out, a, options);
	return irqm_put_end(out);
}
