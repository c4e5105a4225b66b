/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes the report about one dump, beginning with the answer. */
#include "report/dump.h"

#include "render/text.h"
#include "report/parts.h"

int irqm_report_dump(FILE *out, const json_t *document, const json_t *plan,
		     const json_t *advice)
{
	const json_t *dump = json_object_get(document, "dump");
	const char *path = irqm_json_get_string(dump, "path");
	const char *host = irqm_json_get_string(dump, "hostname");

	irqm_report_begin(out, path, false);
	irqm_html(out, "<header><h1>Interrupt vectors of %s</h1>\n",
		  host ? host : path);
	irqm_report_machine(out, dump);
	fputs("</header>\n<main>\n", out);
	if (plan)
		irqm_report_plan(out, document, plan);
	irqm_report_verdict(out, document);
	irqm_report_findings(out, document);
	if (advice)
		irqm_report_advice(out, advice);
	irqm_report_tiles(out, document);
	if (irqm_report_map(out, document))
		return -1;
	irqm_report_drivers(out, document, SIZE_MAX);
	irqm_report_devices(out, document);
	irqm_report_pools(out, document);
	irqm_report_unread(out, document);
	fputs("</main>\n", out);
	irqm_report_end(out);
	return irqm_put_end(out);
}
