/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The style sheet of the page. */
#include "report/parts.h"

/*
 * Each colour has one meaning. Those of the map and the bars differ also for
 * readers with red-green colour blindness, and in lightness; no severity has
 * one of them. Text has a contrast of at least 4.5:1, in both colour schemes.
 */
#define LIGHT                                                                  \
	"--bg:#fff;--fg:#1c2128;--dim:#57606a;--line:#d0d7de;--box:#f6f8fa;"   \
	"--link:#0a58ad;"                                                      \
	"--u:#0072b2;--m:#009e73;--i:#e69f00;--f:#eceff3;--s:#a7afb8;"         \
	"--l:#6b7580;--p:#cc79a7;--n:#000;--q:#7b3fb5;"                        \
	"--critical:#a4261b;--critical-box:#fdecea;"                           \
	"--warning:#6f4b00;--warning-box:#fbf3dc;"                             \
	"--ok:#1a6b34;--ok-box:#e8f5ec;"                                       \
	"--info:#4a5563;--info-box:#eef1f4"
#define DARK                                                                   \
	"--bg:#14171c;--fg:#e4e8ed;--dim:#a3adb8;--line:#3a424c;"              \
	"--box:#1d2229;--link:#78b7f5;"                                        \
	"--u:#3f9fdc;--m:#22b88a;--i:#efb030;--f:#2a3038;--s:#6f7985;"         \
	"--l:#98a2ae;--p:#d993ba;--n:#fff;--q:#b48cf0;"                        \
	"--critical:#ffa195;--critical-box:#43160f;"                           \
	"--warning:#ecd49a;--warning-box:#36290d;"                             \
	"--ok:#8ddba6;--ok-box:#12301d;"                                       \
	"--info:#b8c2cd;--info-box:#262c34"

#define SEVERITY(name)                                                         \
	".verdict." name ",.finding." name "{border-left-color:var(--" name    \
	")}"                                                                   \
	".verdict." name "{color:var(--" name ");background:var(--" name       \
	"-box)}"                                                               \
	".badge." name "{color:var(--bg);background:var(--" name ")}"
/* A use of a vector, in the map, its legend, and the bars. */
#define USE(class)                                                             \
	"." class "{fill:var(--" class ");background:var(--" class ")}"

const char irqm_report_style[] =
	":root{color-scheme:light dark;" LIGHT "}\n"
	"@media screen and (prefers-color-scheme:dark){:root{" DARK "}}\n"
	"*{box-sizing:border-box}"
	"body{margin:0 auto;padding:1rem;max-width:80rem;background:var(--bg);"
	"color:var(--fg);font:16px/1.45 system-ui,sans-serif;"
	"overflow-wrap:anywhere}body.wide{max-width:100rem}"
	"h1{font-size:1.5rem;margin:.2rem 0}"
	"h2{font-size:1.2rem;margin:1.6rem 0 .5rem;"
	"border-bottom:1px solid var(--line)}"
	"article{margin-top:3rem;border-top:.2rem solid var(--line)}"
	"article section h2{font-size:1.05rem}"
	"a{color:var(--link)}.note,.sub{color:var(--dim);margin:.2rem 0 .6rem}"
	"code{font-size:.9em}.scroll{overflow-x:auto;max-width:100%}\n"
	"table{border-collapse:collapse;font-variant-numeric:tabular-nums;"
	"font-size:.9rem;overflow-wrap:normal}"
	"th,td{padding:.25rem .5rem;border-bottom:1px solid var(--line);"
	"text-align:right;white-space:nowrap;vertical-align:top}"
	"th{color:var(--dim);font-weight:600;white-space:normal;"
	"vertical-align:bottom}"
	"tfoot td{color:var(--dim)}"
	".t{text-align:left}td.w{white-space:normal;overflow-wrap:anywhere;"
	"min-width:8rem}"
	".advice td p{margin:.1rem 0 .3rem}.advice td code{white-space:pre-wrap}"
	"th button{all:unset;cursor:pointer;text-decoration:underline dotted;"
	"text-underline-offset:.2em}"
	"th button:focus-visible,summary:focus-visible{outline:2px solid "
	"var(--link)}"
	"th[aria-sort=ascending] button:after{content:\" \\25b2\"}"
	"th[aria-sort=descending] button:after{content:\" \\25bc\"}"
	".search{margin:.4rem 0}.search input{font:inherit;color:inherit;"
	"background:var(--bg);border:1px solid var(--dim);border-radius:.3rem;"
	"padding:.2rem .5rem;width:min(20rem,100%)}\n"
	".tiles{display:grid;grid-template-columns:repeat(auto-fit,"
	"minmax(9.5rem,1fr));gap:.6rem;margin:1rem 0;padding:0;list-style:none}"
	".tiles li{background:var(--box);border:1px solid var(--line);"
	"border-radius:.4rem;padding:.5rem .7rem}"
	".tiles b{display:block;font-size:1.5rem}.tiles span{color:var(--dim);"
	"font-size:.85rem;display:block}\n"
	".verdict{font-size:1.15rem;border-radius:.3rem;padding:.6rem .8rem;"
	"margin:.6rem 0;border-left:.4rem solid var(--line)}"
	".verdict b{text-transform:uppercase}"
	".finding{border:1px solid var(--line);border-left-width:.4rem;"
	"border-radius:.3rem;padding:.4rem .7rem;margin:.4rem 0}"
	".finding p{margin:.3rem 0}summary{cursor:pointer;color:var(--link)}"
	".badge{font-size:.75rem;font-weight:700;text-transform:uppercase;"
	"border-radius:.2rem;padding:.05rem .4rem;white-space:nowrap}" SEVERITY(
		"critical") SEVERITY("warning") SEVERITY("ok")
		SEVERITY(
			"info") ".remedy{font-weight:600}"
				".command{display:block;margin:.3em 0 .3em 1.5em;font-weight:400;"
				"overflow-wrap:anywhere}"
				".remedy:before{content:\"\\2192  \"}"
				/* not inside <details>, so that it can be printed when that is shut */
				"details:not([open])+.more{display:none}.more{color:var(--dim)}\n"
				".legend{display:flex;flex-wrap:wrap;gap:.2rem 1rem;padding:0;"
				"margin:.4rem 0;list-style:none;font-size:.9rem}"
				".legend span{display:inline-block;width:.9rem;height:.9rem;"
				"margin-right:.35rem;vertical-align:-.1rem;border:1px solid var(--line)}"
				".map{display:block;width:100%;min-width:42rem;height:auto}"
				".map rect{shape-rendering:crispEdges}"
				".map text{font:10px system-ui,sans-serif;fill:var(--dim)}"
				".pair{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,"
				"minmax(min(100%,26rem),1fr))}.pair figure{margin:0}"
				"figcaption{font-weight:600}"
				".pair .map{min-width:0}.pair .map text{font-size:20px}\n"
				".side{display:flex;flex-wrap:wrap;gap:.8rem 2.5rem;margin-top:.8rem}"
				".thirds{display:grid;gap:0 2rem;grid-template-columns:"
				"repeat(auto-fit,minmax(min(100%,26rem),1fr))}"
				".thirds th,.thirds td{padding:.25rem .35rem}\n" USE(
					"u") USE("m") USE("i") USE("f") USE("s")
					USE("l") USE("p") USE("n") USE(
						"q") ".map rect:hover{opacity:.6}\n"
						     ".bar{width:9rem;height:.9rem;display:flex;background:var(--f);"
						     "margin-top:.2rem}.bar i{display:block;height:100%;min-width:1px}\n"
						     "@media (max-width:40rem){.bar{width:6rem}td.t{white-space:normal}"
						     "th,td{padding:.25rem .4rem}}\n"
						     "@page wide{size:landscape}"
						     "@media print{html{font-size:10.5px}"
						     "body{max-width:none;font-size:1rem;padding:0}"
						     "body.wide{page:wide;max-width:none}"
						     ".scroll{overflow:visible}.map{min-width:0}.screen,.search"
						     ",section>details:not([open]){display:none}th button{text-decoration:none}"
						     "th,td{padding:.15rem .3rem}td.w,td.t{white-space:normal;min-width:0}"
						     ".bar{width:7rem}"
						     "details:not([open])+.more{display:block}"
						     ".finding summary{list-style:none;color:inherit}"
						     "*{print-color-adjust:exact;-webkit-print-color-adjust:exact}"
						     ".finding,.tiles,figure,tr{break-inside:avoid}"
						     "h2{break-after:avoid}}\n";
