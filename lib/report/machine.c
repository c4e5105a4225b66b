/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes which machine it is, and why there is a dump of it. */
#include <string.h>
#include <time.h>

#include "render/text.h"
#include "report/parts.h"

static void put_time(FILE *out, irqm_num seconds)
{
	time_t t = seconds;
	struct tm tm;
	char buf[64];

	if (seconds == IRQM_UNKNOWN || !gmtime_r(&t, &tm) ||
	    !strftime(buf, sizeof(buf), "%Y-%m-%d %H:%M:%S UTC", &tm))
		return;
	irqm_html(out, " %s", buf);
}

static void put_cpus(FILE *out, const json_t *dump)
{
	const json_t *online = json_object_get(dump, "cpus_online");
	const json_t *possible = json_object_get(dump, "cpus_possible");

	irqm_html(out, ", CPUs %j online", online);
	if (!online || !json_equal(online, possible))
		irqm_html(out, " of %j", possible);
}

/* "Crashed 2026-11-30 14:34:00 UTC after 1 min: sysrq triggered crash" */
static void put_state(FILE *out, const json_t *dump)
{
	const json_t *panic = json_object_get(dump, "panic");
	irqm_num crash = irqm_json_get_num(dump, "crash_time");
	irqm_num uptime = irqm_json_get_num(dump, "uptime");

	if (irqm_json_get_bool(dump, "live") == 1)
		fputs("Running, up", out);
	else if (crash != IRQM_UNKNOWN || json_is_string(panic))
		fputs("Crashed", out);
	else
		fputs("Dumped", out);
	put_time(out, crash);
	if (uptime != IRQM_UNKNOWN) {
		fputs(irqm_json_get_bool(dump, "live") == 1 ? " " : " after ",
		      out);
		irqm_put_duration(out, uptime);
	}
	if (json_is_string(panic))
		irqm_html(out, ": %j", panic);
}

void irqm_report_machine(FILE *out, const json_t *dump)
{
	irqm_num memory = irqm_json_get_num(dump, "memory");
	const json_t *hardware = json_object_get(dump, "hardware");

	irqm_html(out, "<p class=\"sub\">%j: Linux %j",
		  json_object_get(dump, "path"),
		  json_object_get(dump, "release"));
	put_cpus(out, dump);
	if (memory != IRQM_UNKNOWN)
		fprintf(out, ", %.1f GiB", memory / 1073741824.0);
	if (json_is_string(hardware))
		irqm_html(out, ", %j", hardware);
	fputs("<br>\n", out);
	put_state(out, dump);
	fputs("</p>\n", out);
}
