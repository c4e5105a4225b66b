/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes the verdict and the findings. */
#include <string.h>

#include "report/parts.h"

/* Limit on the findings among which a finding looks for those that it replaces;
 * there are fewer kinds of findings. */
#define MAX_CODES 100

void irqm_report_verdict(FILE *out, const json_t *document)
{
	const json_t *verdict = json_object_get(document, "verdict");
	const char *level = irqm_json_get_string(verdict, "level");

	if (level)
		irqm_html(out, "<p class=\"verdict %s\"><b>%s:</b> %j</p>\n",
			  irqm_report_severity(level), level,
			  json_object_get(verdict, "text"));
}

void irqm_report_badge(FILE *out, const char *severity)
{
	irqm_html(out, "<span class=\"badge %s\">%s</span>",
		  irqm_report_severity(severity), severity);
}

/* Writes the code, and those of the findings that this one replaces. */
static void put_codes(FILE *out, const json_t *findings, const json_t *f)
{
	const json_t *code = json_object_get(f, "code");
	size_t i;

	irqm_html(out, " <code>%j", code);
	for (i = 0; i < json_array_size(findings) && i < MAX_CODES; i++) {
		const json_t *other = json_array_get(findings, i);

		if (code &&
		    json_equal(json_object_get(other, "shown_with"), code))
			irqm_html(out, ", %j", json_object_get(other, "code"));
	}
	fputs("</code>: ", out);
}

/*
 * The explanation follows <details> instead of being its content, because a
 * browser prints no content of one that is shut.
 */
static void put_explanation(FILE *out, const json_t *f, bool open)
{
	const char *meaning = irqm_json_get_string(f, "meaning");
	const char *advice = irqm_json_get_string(f, "advice");

	if (!meaning && !advice)
		return;
	irqm_html(out, open ? "<details open>" : "<details>");
	fputs("<summary>What it means, what to do</summary></details>"
	      "<div class=\"more\">",
	      out);
	if (meaning)
		irqm_html(out, "<p>%s</p>", meaning);
	if (advice)
		irqm_html(out, "<p>%s</p>", advice);
	fputs("</div>", out);
}

/* The remedy's prose, with each of its commands on a line to copy. */
static void put_remedy(FILE *out, const json_t *f)
{
	const json_t *commands = json_object_get(f, "commands");
	const char *rest = irqm_json_get_string(f, "remedy"), *at;
	size_t i;

	if (!rest)
		return;
	fputs("<p class=\"remedy\">", out);
	for (i = 0; i < json_array_size(commands); i++) {
		const char *command =
			json_string_value(json_array_get(commands, i));
		char *prose;

		at = command && *command ? strstr(rest, command) : NULL;
		prose = at ? strndup(rest, at - rest) : NULL;
		if (!prose)
			break;
		irqm_html(out, "%s<code class=\"command\">%s</code>", prose,
			  command);
		free(prose);
		rest = at + strlen(command);
		rest += strspn(rest, " ,;.");
	}
	irqm_html(out, "%s</p>", rest);
}

static void put_finding(FILE *out, const json_t *findings, const json_t *f)
{
	const char *severity = irqm_json_get_string(f, "severity");
	const char *class = irqm_report_severity(severity);

	irqm_html(out, "<div class=\"finding %s\"><p>", class);
	irqm_report_badge(out, severity);
	put_codes(out, findings, f);
	irqm_html(out, "%j</p>", json_object_get(f, "text"));
	put_remedy(out, f);
	put_explanation(out, f, strcmp(class, "critical") == 0);
	fputs("</div>\n", out);
}

static bool is_from_log(const json_t *f)
{
	const char *code = irqm_json_get_string(f, "code");

	return code && strncmp(code, "log-", 4) == 0;
}

/* Of one severity, writes what happened before what would happen, as the text
 * does: findings from first to end, which say something new. */
static void put_from(FILE *out, const json_t *findings, size_t first,
		     size_t end, bool from_log)
{
	size_t i;

	for (i = first; i < end; i++) {
		const json_t *f = json_array_get(findings, i);

		if (is_from_log(f) == from_log &&
		    !json_is_string(json_object_get(f, "shown_with")))
			put_finding(out, findings, f);
	}
}

void irqm_report_findings(FILE *out, const json_t *document)
{
	const json_t *findings = json_object_get(document, "findings");
	size_t nr = json_array_size(findings), i, end;

	fputs("<section><h2>Findings</h2>\n", out);
	if (!nr)
		fputs("<p>No findings.</p>\n", out);
	for (i = 0; i < nr; i = end) {
		const json_t *severity = json_object_get(
			json_array_get(findings, i), "severity");

		for (end = i + 1; end < nr; end++)
			if (!json_equal(severity,
					json_object_get(json_array_get(findings,
								       end),
							"severity")))
				break;
		put_from(out, findings, i, end, true);
		put_from(out, findings, i, end, false);
	}
	fputs("</section>\n", out);
}
