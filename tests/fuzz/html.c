/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/html.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/views.h"

static const char *const tags[] = {
	"!doctype", "a",       "article", "b",          "body",   "br",
	"code",     "details", "div",     "figcaption", "figure", "g",
	"h1",       "h2",      "head",    "header",     "html",   "i",
	"li",       "main",    "meta",    "p",          "rect",   "script",
	"section",  "span",    "style",   "summary",    "svg",    "table",
	"tbody",    "td",      "text",    "tfoot",      "th",     "thead",
	"title",    "tr",      "ul",
};

static void die(const char *why, const char *at)
{
	fprintf(stderr, "report: %s: %.200s\n", why, at);
	abort();
}

static bool is_tag(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tags); i++)
		if (strlen(tags[i]) == len &&
		    strncasecmp(tags[i], name, len) == 0)
			return true;
	return false;
}

/* Where the tag that begins here ends. */
static const char *check_tag(const char *start)
{
	const char *at = start + 1 + (start[1] == '/'), *name = at;
	char quote = '\0';

	while (isalnum((unsigned char)*at) || *at == '!')
		at++;
	if (!is_tag(name, at - name))
		die("no tag of ours", start);
	for (; *at && (quote || *at != '>'); at++) {
		if (*at == '<')
			die("a tag in a tag", start);
		if (*at == '"' || *at == '\'')
			quote = !quote ? *at : quote == *at ? '\0' : quote;
	}
	if (!*at)
		die("a tag without an end", start);
	return at + 1;
}

void check_html(const char *text, size_t len)
{
	const char *at = text, *end;

	check_text("report", text, len, false);
	while ((at = strchr(at, '<'))) {
		bool script = strncmp(at, "<script>", 8) == 0;

		at = check_tag(at);
		/* in it < is less than */
		end = script ? strstr(at, "</script>") : NULL;
		if (script && !end)
			die("a script without an end", at);
		at = script ? end : at;
	}
}

json_t *fuzz_document(void)
{
	json_t *document = json_load_file(FUZZ_DOCUMENT, 0, NULL);

	if (!document) {
		fprintf(stderr,
			"%s cannot be read: run it in the project's "
			"folder\n",
			FUZZ_DOCUMENT);
		exit(1);
	}
	return document;
}
