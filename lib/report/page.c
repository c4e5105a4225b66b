/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The frame of the page, and its style sheet. */
#include "report/parts.h"

/*
 * Colours of the map differ also for readers with red-green colour blindness,
 * and in lightness. Text has a contrast of at least 4.5:1, in both colour
 * schemes.
 */
static const char style[] =
	":root{color-scheme:light dark;--bg:#fff;--fg:#1c2128;--dim:#57606a;"
	"--line:#d0d7de;--box:#f6f8fa;--u:#0072b2;--m:#009e73;--i:#e69f00;"
	"--f:#eceff3;--s:#9aa3ad;--l:#6b7580;--p:#cc79a7;--n:#c22f00;--q:#7b3fb5;"
	"--link:#0a58ad}\n"
	"@media (prefers-color-scheme:dark){:root{--bg:#14171c;--fg:#e4e8ed;"
	"--dim:#a3adb8;--line:#3a424c;--box:#1d2229;--u:#3f9fdc;--m:#22b88a;"
	"--i:#efb030;--f:#2a3038;--s:#6f7985;--l:#8d97a3;--p:#d993ba;--n:#ff6b3d;"
	"--q:#b48cf0;--link:#78b7f5}}\n"
	"*{box-sizing:border-box}"
	"body{margin:0 auto;padding:1rem;max-width:75rem;background:var(--bg);"
	"color:var(--fg);font:16px/1.45 system-ui,sans-serif;overflow-wrap:anywhere}"
	"h1{font-size:1.5rem;margin:.2rem 0}h2{font-size:1.2rem;margin:2rem 0 .5rem;"
	"border-bottom:1px solid var(--line)}h3{font-size:1rem;margin:1.2rem 0 .4rem}"
	"a{color:var(--link)}.note,.sub{color:var(--dim);margin:.2rem 0 .6rem}"
	".scroll{overflow-x:auto;max-width:100%}"
	"table{border-collapse:collapse;font-variant-numeric:tabular-nums;"
	"font-size:.9rem;overflow-wrap:normal}"
	"th,td{padding:.25rem .6rem;border-bottom:1px solid var(--line);"
	"text-align:right;white-space:nowrap;vertical-align:top}"
	"th{color:var(--dim);font-weight:600}"
	".t{text-align:left}td.w{white-space:normal;min-width:14rem}"
	"th button{all:unset;cursor:pointer}"
	"th button:focus-visible,summary:focus-visible{outline:2px solid var(--link)}"
	"th[aria-sort=ascending] button:after{content:\" \\25b2\"}"
	"th[aria-sort=descending] button:after{content:\" \\25bc\"}\n"
	".tiles{display:grid;grid-template-columns:repeat(auto-fit,"
	"minmax(9.5rem,1fr));gap:.6rem;margin:1rem 0;padding:0;list-style:none}"
	".tiles li{background:var(--box);border:1px solid var(--line);"
	"border-radius:.4rem;padding:.5rem .7rem}"
	".tiles b{display:block;font-size:1.5rem}.tiles span{color:var(--dim);"
	"font-size:.85rem;display:block}\n"
	".finding{border:1px solid var(--line);border-left:.35rem solid var(--dim);"
	"border-radius:.3rem;padding:.4rem .7rem;margin:.4rem 0}"
	".finding.critical{border-left-color:var(--n)}"
	".finding.warning{border-left-color:var(--i)}"
	".finding p{margin:.3rem 0}summary{cursor:pointer;color:var(--link)}"
	".badge{font-size:.75rem;font-weight:700;text-transform:uppercase;"
	"border-radius:.2rem;padding:.05rem .4rem;color:#fff;background:#4a5563;"
	"white-space:nowrap}"
	".badge.critical{background:#a4261b}.badge.warning{background:#7a5200}\n"
	".verdict{font-size:1.15rem;border-radius:.3rem;padding:.5rem .7rem;"
	"margin:.6rem 0;border-left:.35rem solid var(--dim);background:var(--box)}"
	".verdict b{text-transform:uppercase}"
	".verdict.critical{border-color:var(--n)}.verdict.critical b{color:var(--n)}"
	".verdict.warning,.verdict.incomplete{border-color:var(--i)}"
	".verdict.ok{border-color:var(--m)}"
	".remedy:before{content:\"\\2192  \"}.remedy{font-weight:600}\n"
	".legend{display:flex;flex-wrap:wrap;gap:.2rem 1rem;padding:0;margin:.4rem 0;"
	"list-style:none;font-size:.9rem}"
	".legend span{display:inline-block;width:.9rem;height:.9rem;"
	"margin-right:.35rem;vertical-align:-.1rem;border:1px solid var(--line)}"
	".map{display:block;width:100%;min-width:42rem;height:auto}"
	".map rect{shape-rendering:crispEdges}"
	".map text{font:10px system-ui,sans-serif;fill:var(--dim)}\n"
	".u{fill:var(--u);background:var(--u)}.m{fill:var(--m);background:var(--m)}"
	".i{fill:var(--i);background:var(--i)}.f{fill:var(--f);background:var(--f)}"
	".s{fill:var(--s);background:var(--s)}.l{fill:var(--l);background:var(--l)}"
	".p{fill:var(--p);background:var(--p)}.n{fill:var(--n);background:var(--n)}"
	".q{fill:var(--q);background:var(--q)}.map rect:hover{opacity:.6}\n"
	".bar{width:12rem;height:.9rem;display:flex;background:var(--f);"
	"margin-top:.2rem}.bar i{display:block;height:100%}\n"
	/* wrap paths: on a phone they would push the other columns off the
	 * screen */
	"@media (max-width:40rem){.sort td:first-child{white-space:normal;"
	"min-width:9rem;overflow-wrap:anywhere}}\n"
	"@media print{body{max-width:none;font-size:11px;padding:0}"
	".scroll{overflow:visible}.map{min-width:0}"
	"*{print-color-adjust:exact;-webkit-print-color-adjust:exact}"
	"section{break-inside:auto}h2,h3{break-after:avoid}tr{break-inside:avoid}}\n";

/* Sorts the tables. Without it they are sorted with the worst first. */
static const char script[] =
	"<script>\n"
	"document.querySelectorAll('table.sort').forEach(function(t){\n"
	"var hs=t.tHead.rows[0].cells;\n"
	"Array.prototype.forEach.call(hs,function(h,n){\n"
	"var b=document.createElement('button');b.textContent=h.textContent;\n"
	"h.textContent='';h.appendChild(b);b.onclick=function(){\n"
	"var up=h.getAttribute('aria-sort')!=='ascending';\n"
	"Array.prototype.forEach.call(hs,function(o){o.removeAttribute('aria-sort')});\n"
	"h.setAttribute('aria-sort',up?'ascending':'descending');\n"
	"function key(r){var c=r.cells[n];return c.dataset.k||c.textContent}\n"
	"var rows=Array.prototype.slice.call(t.tBodies[0].rows);\n"
	"rows.sort(function(x,y){var a=key(x),c=key(y),d=a-c;\n"
	"if(isNaN(d))d=a<c?-1:a>c?1:0;return up?d:-d});\n"
	"rows.forEach(function(r){t.tBodies[0].appendChild(r)})}})});\n"
	"</script>\n";

void irqm_report_begin(FILE *out, const char *title)
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
	fputs(style, out);
	fputs("</style>\n</head>\n<body>\n", out);
}

void irqm_report_end(FILE *out, bool sortable)
{
	if (sortable)
		fputs(script, out);
	fputs("</body>\n</html>\n", out);
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

void irqm_report_bar(FILE *out, irqm_num cost, irqm_num idle, irqm_num whole)
{
	double all = percent_of(cost, whole), kept = percent_of(idle, whole);

	if (kept > all)
		kept = all;
	irqm_html(out,
		  "<td class=\"t\"><div class=\"bar\" role=\"img\" "
		  "aria-label=\"%f percent\"><i class=\"u\" style=\"width:%f%%"
		  "\"></i><i class=\"i\" style=\"width:%f%%\"></i></div></td>",
		  all, all - kept, kept);
}
