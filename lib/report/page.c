/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The frame of the page, and what all its parts use. */
#include "report/parts.h"

#include <string.h>

void irqm_report_begin(FILE *out, const char *title, bool wide)
{
	irqm_html(out,
		  "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
		  "<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
		  "content=\"width=device-width, initial-scale=1\">\n"
		  /* even if a name contained markup, the page would not run or
		   * fetch anything */
		  "<meta http-equiv=\"Content-Security-Policy\" content=\""
		  "default-src 'none'; style-src 'unsafe-inline'; script-src "
		  "'unsafe-inline'\">\n"
		  "<title>%s</title>\n<style>\n",
		  title);
	fputs(irqm_report_style, out);
	fputs(wide ? "</style>\n</head>\n<body class=\"wide\">\n" :
		     "</style>\n</head>\n<body>\n",
	      out);
}

void irqm_report_end(FILE *out)
{
	fputs(irqm_report_script, out);
	fputs("</body>\n</html>\n", out);
}

const char *irqm_report_severity(const char *severity)
{
	if (severity && strcmp(severity, "critical") == 0)
		return "critical";
	if (severity && (strcmp(severity, "warning") == 0 ||
			 strcmp(severity, "incomplete") == 0))
		return "warning";
	if (severity && strcmp(severity, "ok") == 0)
		return "ok";
	return "info";
}

void irqm_report_tile(FILE *out, const char *what, irqm_num n, const char *more)
{
	irqm_html(out, "<li><span>%s</span><b>%n</b><span>%s</span></li>\n",
		  what, n, more);
}

static double percent_of(irqm_num part, irqm_num whole)
{
	if (part <= 0 || whole <= 0)
		return 0;
	return part >= whole ? 100.0 : 100.0 * part / whole;
}

static double at_most(double n, double most)
{
	return n < most ? n : most;
}

static void put_part(FILE *out, const char *class, double percent)
{
	if (percent > 0)
		irqm_html(out, "<i class=\"%s\" style=\"width:%f%%\"></i>",
			  class, percent);
}

void irqm_report_bar(FILE *out, irqm_num cost, irqm_num managed, irqm_num idle,
		     irqm_num whole)
{
	double all = percent_of(cost, whole);
	double with = at_most(percent_of(managed, whole), all);
	double kept = at_most(percent_of(idle, whole), with);

	irqm_html(out,
		  "<td class=\"t\" data-k=\"%n\"><div class=\"bar\" "
		  "role=\"img\" aria-label=\"%f percent\">",
		  cost, all);
	put_part(out, managed == IRQM_UNKNOWN ? "q" : "u", all - with);
	put_part(out, "m", with - kept);
	put_part(out, "i", kept);
	fputs("</div></td>", out);
}
