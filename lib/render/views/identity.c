/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Above every view: which machine it is, and why there is a dump of it. */
#include "render/render.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "render/prose.h"
#include "render/text.h"

/* "4 CPUs", or "3 of 4 CPUs online". */
static void put_cpus(FILE *out, const struct irqm_analysis *a)
{
	const struct irqm_bits *present = &a->snapshot->dump.present;
	irqm_num online = a->totals.cpus, all = IRQM_UNKNOWN;

	if (irqm_bits_known(present))
		all = irqm_bits_weight(present);
	if (all == IRQM_UNKNOWN)
		all = online;
	if (irqm_differ(all, online))
		fprintf(out, "%" PRId64 " of ", online);
	irqm_put_num(out, all);
	fprintf(out, " %s", irqm_plural(all, "CPU", "CPUs"));
	if (irqm_differ(all, online))
		fputs(" online", out);
}

static void put_memory(FILE *out, irqm_num bytes)
{
	double gib = bytes / 1073741824.0;

	if (bytes == IRQM_UNKNOWN)
		fputs("memory ?", out);
	else
		fprintf(out, gib < 10 ? "%.1f GiB" : "%.0f GiB", gib);
}

/* Without ", BIOS ..." and what follows. */
static void put_hardware(FILE *out, const char *hardware)
{
	const char *end = hardware ? strstr(hardware, ", BIOS ") : NULL;
	char *name = end ? strndup(hardware, end - hardware) : NULL;

	if (!hardware)
		fputs("hardware ", out);
	irqm_put_name(out, name ? name : hardware);
	free(name);
}

static void put_time(FILE *out, irqm_num epoch)
{
	time_t seconds = epoch;
	char text[40];
	struct tm tm;

	if (epoch != IRQM_UNKNOWN && gmtime_r(&seconds, &tm) &&
	    strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &tm))
		fputs(text, out);
	else
		fputc('?', out);
}

static void put_state(FILE *out, const struct irqm_dump *d)
{
	if (d->live) {
		fputs("running, up ", out);
		irqm_put_duration(out, d->uptime);
	} else {
		/* a dump of a running guest has no CRASHTIME and no panic */
		bool crashed = d->panic || d->crash_time != IRQM_UNKNOWN;

		fputs(crashed ? "crashed" : "dumped", out);
		if (d->crash_time != IRQM_UNKNOWN) {
			fputc(' ', out);
			put_time(out, d->crash_time);
		}
		if (d->uptime != IRQM_UNKNOWN) {
			fputs(" after ", out);
			irqm_put_duration(out, d->uptime);
		}
	}
	if (d->panic) {
		fputs(": ", out);
		irqm_put_name(out, d->panic);
	}
}

/* The host, or else the file's name: several dumps need to be told apart. */
static void put_host(FILE *out, const struct irqm_dump *d)
{
	const char *slash = d->path ? strrchr(d->path, '/') : NULL;

	if (d->hostname || !d->path)
		irqm_put_name(out, d->hostname);
	else
		irqm_put_name(out, slash && slash[1] ? slash + 1 : d->path);
	fputs(": ", out);
}

static void put_machine(FILE *out, const struct irqm_analysis *a)
{
	const struct irqm_dump *d = &a->snapshot->dump;
	bool nothing = !d->hostname && !d->hardware &&
		       d->memory == IRQM_UNKNOWN;

	if (!nothing || d->path)
		put_host(out, d);
	fputs("Linux ", out);
	irqm_put_name(out, d->release);
	fputs(", ", out);
	put_cpus(out, a);
	if (nothing) {
		fputs("; host name, memory and hardware are unknown", out);
		return;
	}
	fputs(", ", out);
	put_memory(out, d->memory);
	fputs(", ", out);
	put_hardware(out, d->hardware);
}

void irqm_put_identity(FILE *out, const struct irqm_analysis *a)
{
	put_machine(out, a);
	fputs("; ", out);
	put_state(out, &a->snapshot->dump);
}

static int put_wrapped_line(FILE *out, const struct irqm_analysis *a,
			    bool machine, unsigned int width)
{
	char *text = NULL;
	size_t size;
	FILE *line = open_memstream(&text, &size);
	int rc;

	if (!line)
		return -1;
	if (machine)
		put_machine(line, a);
	else
		put_state(line, &a->snapshot->dump);
	rc = fclose(line);
	if (!rc)
		irqm_put_paragraph(out, text, width, 0);
	free(text);
	return rc;
}

int irqm_render_identity(FILE *out, const struct irqm_analysis *a,
			 const struct irqm_render_options *options)
{
	unsigned int width = irqm_prose_width(options);

	if (put_wrapped_line(out, a, true, width) ||
	    put_wrapped_line(out, a, false, width))
		return -1;
	return irqm_put_end(out);
}
