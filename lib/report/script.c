/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page's script. It sorts tables and searches in them; without it they are
 * complete, with the worst first. */
#include "report/parts.h"

/*
 * The title of each column becomes a button. Numbers are sorted as numbers, the
 * highest first; cells without a value stay below. data-k is what to sort a
 * cell by if that is not its text.
 */
#define SORT                                                                   \
	"function key(row,n){var c=row.cells[n];\n"                            \
	"return c?(c.dataset.k||c.textContent).trim():''}\n"                   \
	"function compare(a,b){var d=a-b;\n"                                   \
	"return isNaN(d)?a.localeCompare(b,'en',{numeric:true}):d}\n"          \
	"function sort(table,n,up){var body=table.tBodies[0];\n"               \
	"function none(k){return/^[?-]?$/.test(k)}\n"                          \
	"Array.from(body.rows).sort(function(x,y){\n"                          \
	"var a=key(x,n),b=key(y,n);\n"                                         \
	"if(none(a)||none(b))return none(a)-none(b);\n"                        \
	"return up?compare(a,b):compare(b,a)}).forEach(function(r){\n"         \
	"body.appendChild(r)})}\n"                                             \
	"document.querySelectorAll('table').forEach(function(table){\n"        \
	"var heads=Array.from(table.tHead.rows[0].cells);\n"                   \
	"heads.forEach(function(h,n){\n"                                       \
	"var b=document.createElement('button');b.type='button';\n"            \
	"b.textContent=h.textContent;h.textContent='';h.appendChild(b);\n"     \
	"b.onclick=function(){var now=h.getAttribute('aria-sort');\n"          \
	"var up=now?now!=='ascending':h.classList.contains('t');\n"            \
	"heads.forEach(function(o){o.removeAttribute('aria-sort')});\n"        \
	"h.setAttribute('aria-sort',up?'ascending':'descending');\n"           \
	"sort(table,n,up)}})});\n"

/* A box that hides the rows without a text, and opens the folded ones. */
#define SEARCH                                                                   \
	"document.querySelectorAll('section.find').forEach(function(s){\n"       \
	"if(!s.querySelector('.scroll'))return;\n"                               \
	"var p=document.createElement('p'),i=document.createElement('input'),\n" \
	"o=document.createElement('output');\n"                                  \
	"p.className='search';i.type='search';\n"                                \
	"i.placeholder='Search these tables';\n"                                 \
	"i.setAttribute('aria-label',i.placeholder);\n"                          \
	"p.append(i,' ',o);s.querySelector('.scroll').before(p);\n"              \
	"i.oninput=function(){var what=i.value.trim().toLowerCase(),n=0;\n"      \
	"s.querySelectorAll('tbody tr').forEach(function(r){\n"                  \
	"r.hidden=r.textContent.toLowerCase().indexOf(what)<0;n+=!r.hidden});\n" \
	"s.querySelectorAll('details').forEach(function(d){\n"                   \
	"d.open=what!==''});\n"                                                  \
	"o.textContent=what?n+(n===1?' row':' rows'):''}});\n"

const char irqm_report_script[] = "<script>\n'use strict';\n" SORT SEARCH
				  "</script>\n";
